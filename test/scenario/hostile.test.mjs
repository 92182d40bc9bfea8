// What an attacker sends: broken framing, smuggled requests, and every text field full of other
// people's languages.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { filed, login, nobody } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { form_fill, form_own, form_walk, form_with } from "../lib/form.mjs";
import { html_inline } from "../lib/html.mjs";
import { raw_send } from "../lib/raw.mjs";
import { start } from "../lib/server.mjs";

let server;
let citizen;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
});
after(() => server?.stop());

const host = () => `Host: 127.0.0.1:${server.port}`;
const alive = async () => assert.equal((await nobody(server).get("/healthz")).status, 200, "it still lives");

describe("framing", () => {
    /** The bytes must be answered 400 (or another refusal given), once, and the line closed. */
    const REFUSED = () => ({
        "length and chunks": `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n${host()}\r\n\r\n`,
        "two lengths": `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}GET /healthz HTTP/1.1\r\n${host()}\r\n\r\n`,
        "the same length twice": `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
        "a signed length": `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: +2\r\n\r\n{}`,
        "a hexadecimal length": `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 0x2\r\n\r\n{}`,
        "a negative length": `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: -2\r\n\r\n{}`,
        "a list of lengths": `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 2, 2\r\n\r\n{}`,
        "an encoding unknown": `POST /session HTTP/1.1\r\n${host()}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
        "an encoding twice": `POST /session HTTP/1.1\r\n${host()}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
        "a blank before the colon": `POST /session HTTP/1.1\r\n${host()}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
        "no host": `GET /healthz HTTP/1.1\r\n\r\n`,
        "two hosts": `GET /healthz HTTP/1.1\r\n${host()}\r\nHost: evil.example\r\n\r\n`,
        "a control byte in the path": `GET /health\x01z HTTP/1.1\r\n${host()}\r\n\r\n`,
        "a name that is no token": `GET /healthz HTTP/1.1\r\n${host()}\r\nBad Name: 1\r\n\r\n`,
        "a chunk size past all bounds": `POST /session HTTP/1.1\r\n${host()}\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n`,
        "a negative chunk": `POST /session HTTP/1.1\r\n${host()}\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx\r\n0\r\n\r\n`,
        "a target of another host": `GET http://evil.example/healthz HTTP/1.1\r\n${host()}\r\n\r\n`,
        "an asterisk": `GET * HTTP/1.1\r\n${host()}\r\n\r\n`,
        "a CONNECT": `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n`,
        "a method in small letters with blanks": `ge t /healthz HTTP/1.1\r\n${host()}\r\n\r\n`,
        "no protocol at all": `hello\r\n\r\n`,
        "a TLS greeting": Buffer.from("16030100a5010000a10303690d0a0d0a", "hex"),
    });

    test("that two readers could read in two ways is refused, once, and the line closed", async () => {
        for (const [what, bytes] of Object.entries(REFUSED())) {
            const answer = await raw_send(server, bytes, { wait_ms: 800 });
            // libmicrohttpd writes the head of some of its own refusals twice, and closes.
            const kinds = [...new Set(answer.statuses)];
            assert.ok(kinds.length <= 1, `${what}: answered ${answer.statuses}`);
            assert.ok(answer.statuses.length <= 1 || answer.closed, `${what}: answered ${answer.statuses} and went on`);
            if (kinds.length === 1) {
                assert.ok([400, 404, 405, 411, 413, 414, 431, 501].includes(kinds[0]), `${what}: ${answer.statuses}`);
            } else {
                assert.ok(answer.closed, `${what}: neither answered nor closed`);
            }
        }
        await alive();
    });

    test("a body is never read as a second request", async () => {
        const inner = `GET /healthz HTTP/1.1\r\n${host()}\r\n\r\n`;
        const bytes = `POST /no/such HTTP/1.1\r\n${host()}\r\nContent-Type: application/json\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`;
        const answer = await raw_send(server, bytes, { wait_ms: 800 });
        assert.equal(answer.statuses.length, 1, answer.text.slice(0, 300));
    });

    test("requests in a row on one line are answered in order", async () => {
        const one = `GET /healthz HTTP/1.1\r\n${host()}\r\n\r\n`;
        const answer = await raw_send(server, one + one + `GET /no/such HTTP/1.1\r\n${host()}\r\n\r\n`, { wait_ms: 800 });
        assert.deepEqual(answer.statuses, [200, 200, 404]);
    });

    test("heads without end, lines without end, slow senders: closed or refused, others served", async () => {
        const long = await raw_send(server, `GET /${"a".repeat(100_000)} HTTP/1.1\r\n${host()}\r\n\r\n`, { wait_ms: 800 });
        assert.ok(long.closed || [400, 414, 431].includes(long.statuses[0]), `${long.statuses}`);
        const many = Array.from({ length: 5000 }, (_, n) => `X-${n}: ${n}`).join("\r\n");
        const wide = await raw_send(server, `GET /healthz HTTP/1.1\r\n${host()}\r\n${many}\r\n\r\n`, { wait_ms: 800 });
        assert.ok(wide.closed || [400, 413, 431].includes(wide.statuses[0]), `${wide.statuses}`);
        const slow = Array.from({ length: 200 }, () => connect(server.port, "127.0.0.1"));
        slow.forEach((socket) => {
            socket.on("error", () => {});
            socket.write("GET / HTT");
        });
        let closed = 0;
        slow.forEach((socket) => socket.on("close", () => (closed += 1)));
        await alive();
        assert.equal(closed, 0, "others wait for the slow ones");
        slow.forEach((socket) => socket.destroy());
    });
});

describe("paths", () => {
    test("lead nowhere outside", async () => {
        const paths = [
            "/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fetc/passwd", "/static/%252e%252e/etc/passwd",
            "/..\\..\\etc\\passwd", "//etc/passwd", "/static//etc/passwd", "/static/%00", "/%ff%fe", "/matters/%2e%2e/session", "/static/./css/../../t.db",
        ];
        for (const path of paths) {
            const { statuses, text } = await raw_send(server, `GET ${path} HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`, { wait_ms: 800 });
            assert.ok(statuses.length === 1 && [301, 303, 308, 400, 404].includes(statuses[0]), `${path}: ${statuses}`);
            assert.doesNotMatch(text, /root:x:0/);
        }
    });
});

describe("header injection", () => {
    test("nothing that comes in by a query or a name goes out as a header", async () => {
        for (const path of ["/session?next=%0d%0aSet-Cookie:%20a=b", "/matters?box=mine%0d%0aX-Injected:%201", "/courts?q=%0d%0aX-Injected:%201"]) {
            const { text } = await raw_send(server, `GET ${path} HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`, { wait_ms: 800 });
            const head = text.split("\r\n\r\n")[0];
            assert.doesNotMatch(head, /^X-Injected|^Set-Cookie: a=b/m, path);
        }
    });

    test("a log-in leads back only to this site", async () => {
        for (const next of ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
            const answer = await nobody(server).api("POST", `/session?next=${encodeURIComponent(next)}`, {
                body: `login=citizen-1&password=tongsu-demo&next=${encodeURIComponent(next)}`,
                headers: { "content-type": "application/x-www-form-urlencoded" },
                accept: "text/html",
            });
            const location = answer.headers.get("location") ?? "/";
            assert.ok(/^\/(?![/\\])/.test(location) || location.startsWith(server.url), `${next}: ${location}`);
        }
    });
});

const PHRASES = [
    "'; DROP TABLE matter; --",
    "' OR '1'='1",
    "\" OR 1=1 /*",
    "${7*7} #{7*7} {{7*7}} {{{x}}} {{>layout}} <%= 7*7 %>",
    "<script>alert(1)</script>",
    "</textarea></title><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "../../../../etc/passwd",
    "%2e%2e%2f%00%0d%0a",
    "=HYPERLINK(\"http://evil.example\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\\u003cscript\\u003e",
    "a".repeat(95),
    "𠮷𡈽𪚥 ☃ ️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ﷽",
    "text then\u2028line\u2029end",
];

describe("every text field", () => {
    test("takes what people may write, keeps it, and no page or paper runs it", async () => {
        const reviewer = await login(server, "reviewer@京0105");
        for (const phrase of PHRASES) {
            const draft = await citizen.begin();
            const form = draft.acts[0].form;
            let values = form_fill(form);
            const paths = form_walk(form, values)
                .filter(({ field, value }) => /^(text|long-text)$/.test(field.type) && typeof value === "string")
                .filter(({ path }) => !/^parties\.0\.|^filer|signature/.test(path))
                .map(({ path }) => path);
            for (const path of paths) {
                values = form_with(values, path, phrase);
            }
            await citizen.upload_required(draft, draft.acts[0]);
            const answer = await citizen.act(draft.id, "submit", values, { accept_warnings: true });
            assert.ok([200, 422].includes(answer.status), `${phrase}: ${answer.text.slice(0, 300)}`);
            if (answer.status === 422) {
                assert.ok(answer.body.errors.every((error) => paths.some((path) => error.field?.startsWith(path))), answer.text);
                continue;
            }
            const seen = await reviewer.matter(draft.id);
            assert.ok(JSON.stringify(seen.values).includes(JSON.stringify(phrase.normalize("NFC")).slice(1, -1)), `${phrase} is kept`);
            for (const path of [`/matters/${draft.id}`, `/matters/${draft.id}/events`, "/matters?box=court"]) {
                const page = await reviewer.get(path, { accept: "text/html" });
                assert.equal(page.status, 200, page.text.slice(0, 200));
                assert.deepEqual(html_inline(page.text), [], `${phrase} on ${path}`);
                assert.ok(!page.text.includes("<script>alert(1)") && !page.text.includes("<svg/onload") && !page.text.includes("<img src=x"), phrase);
            }
            const paper = await reviewer.get(answer.body.papers[0].url);
            assert.equal(paper.status, 200, phrase);
        }
        const { body } = await reviewer.get("/matters?box=court&limit=200");
        assert.ok(body.matters.length >= 1, "no table was dropped");
    });
});

describe("queries", () => {
    test("of every list take every phrase", async () => {
        await filed(citizen);
        for (const phrase of PHRASES) {
            const q = encodeURIComponent(phrase);
            for (const path of [`/courts?q=${q}`, `/courts?level=${q}`, `/courts?parent=${q}`, `/courts/${q}`, `/causes?q=${q}`, `/divisions?q=${q}`,
                `/matters?box=mine&q=${q}`, `/matters?box=${q}`, `/matters?box=mine&state=${q}`, `/matters?box=mine&procedure=${q}`, `/matters/${q}`,
                `/procedures/${q}`, `/inbox?after=${q}`, `/courts?page=${q}`, `/courts?limit=${q}`]) {
                const answer = await citizen.get(path);
                assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
            }
        }
        await alive();
    });

    test("a search finds by words and not by wildcards", async () => {
        const matter = await filed(citizen);
        const hit = async (q) => (await citizen.get(`/matters?box=mine&limit=200&q=${encodeURIComponent(q)}`)).body.matters.some((row) => row.id === matter.id);
        assert.equal(await hit("林晓"), true, "two characters of a name");
        assert.equal(await hit("民间借贷"), true);
        for (const q of ["林%舟", "林_舟", "林*舟", "林.舟", "不相干的字"]) {
            assert.equal(await hit(q), false, q);
        }
    });
});

describe("event streams", () => {
    test("are limited, stay open, and do not starve others", async () => {
        const sockets = Array.from({ length: 50 }, () => {
            const socket = connect(server.port, "127.0.0.1");
            socket.on("error", () => {});
            socket.write(`GET /notices/stream HTTP/1.1\r\n${host()}\r\nAuthorization: Bearer ${citizen.token}\r\nAccept: text/event-stream\r\n\r\n`);
            return socket;
        });
        const first = await new Promise((done) => sockets[0].once("data", (part) => done(part.toString())));
        assert.match(first, /^HTTP\/1\.1 200/);
        assert.match(first, /content-type: text\/event-stream/i);
        await alive();
        sockets.forEach((socket) => socket.destroy());
        await alive();
    });

    test("tell a notice when it happens", async () => {
        const who = await login(server, "citizen-2");
        const reviewer = await login(server, "reviewer@京0105");
        const draft = await who.begin();
        const values = form_own(draft.acts[0].form, who);
        await who.upload_required(draft, draft.acts[0]);
        const submitted = await who.act(draft.id, "submit", values, { accept_warnings: true });
        assert.equal(submitted.status, 200, submitted.text);
        const socket = connect(server.port, "127.0.0.1");
        let text = "";
        socket.on("data", (part) => (text += part));
        socket.write(`GET /notices/stream HTTP/1.1\r\n${host()}\r\nAuthorization: Bearer ${who.token}\r\nAccept: text/event-stream\r\n\r\n`);
        await new Promise((done) => setTimeout(done, 300));
        await reviewer.taken(draft.id, "return");
        for (let tries = 0; tries < 60 && !/^data:/m.test(text); tries++) {
            await new Promise((done) => setTimeout(done, 50));
        }
        socket.destroy();
        assert.match(text, /^data:/m, "the return is told at once");
    });
});

describe("uploads", () => {
    test("with broken multipart are refused and leave nothing", async () => {
        const draft = await citizen.begin();
        const bodies = [
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4",
            "--y\r\n\r\n--y--",
            "--x--",
            "",
            `--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n${pdf("x").toString("latin1")}\r\n--x`,
            "--x\r\n" + "A: b\r\n".repeat(10_000) + "\r\n\r\n--x--",
        ];
        for (const body of bodies) {
            const answer = await citizen.api("POST", `/matters/${draft.id}/materials?kind=evidence`, {
                body: Buffer.from(body, "latin1"),
                headers: { "content-type": "multipart/form-data; boundary=x" },
            });
            assert.ok([400, 413, 415, 422].includes(answer.status), `${body.slice(0, 40)}: ${answer.status}`);
        }
        for (const type of ["multipart/form-data", "multipart/form-data; boundary=", `multipart/form-data; boundary=${"b".repeat(300)}`]) {
            const answer = await citizen.api("POST", `/matters/${draft.id}/materials?kind=evidence`, { body: Buffer.from("--x--"), headers: { "content-type": type } });
            assert.ok([400, 415, 422].includes(answer.status), `${type.slice(0, 40)}: ${answer.status}`);
        }
        assert.deepEqual((await citizen.matter(draft.id)).materials, []);
    });

    test("cut off in the middle leave nothing", async () => {
        const draft = await citizen.begin();
        const head = [
            `POST /matters/${draft.id}/materials?kind=evidence HTTP/1.1`, host(), `Authorization: Bearer ${citizen.token}`,
            "X-Filename: a.pdf", "Content-Type: application/octet-stream", "Content-Length: 1000000",
        ].join("\r\n");
        await raw_send(server, `${head}\r\n\r\n%PDF-1.4 only the beginning`, { wait_ms: 300, end: true });
        assert.deepEqual((await citizen.matter(draft.id)).materials, []);
        await alive();
    });
});
