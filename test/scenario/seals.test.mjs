// Papers of a court are sealed by the post that keeps its seal, and programs that know nothing of
// this one say the same of the signatures: pdfsig (NSS) and openssl.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { archive_faults } from "../lib/archive.mjs";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { binary, start, until } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

let server;
let citizen;
let reviewer;
let sealer;
let dir;

before(async () => {
    dir = mkdtempSync(join(tmpdir(), "tongsu-test-seals-"));
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
    sealer = await login(server, "sealer@京0105");
});
after(() => {
    rmSync(dir, { recursive: true, force: true });
    return server?.stop();
});

const file = (bytes, name = "paper.pdf") => {
    writeFileSync(join(dir, name), bytes);
    return join(dir, name);
};
const said = (program, ...words) => {
    const ran = spawnSync(program, words, { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8", TZ: "Asia/Shanghai" } });
    return { code: ran.status, text: ran.stdout + ran.stderr };
};
const bytes_of = async (who, url) => {
    const answer = await who.get(url, { headers: { accept: "application/pdf" } });
    assert.equal(answer.status, 200, answer.text?.slice(0, 300));
    return Buffer.from(answer.bytes ?? answer.text, "latin1");
};

async function docketed() {
    const draft = await filed(citizen);
    return reviewer.taken(draft.id, "docket");
}
const wanting = (matter) => matter.papers.filter((paper) => paper.seal && !paper.sealed);
const seal = (who, papers) => who.post("/seals", { papers });
const asked = (matter) => wanting(matter).map(({ n }) => ({ matter: matter.id, n }));

describe("sealing", () => {
    test("papers wait for the seal of their court, and say so", async () => {
        const matter = await docketed();
        assert.ok(wanting(matter).length >= 2, "acceptance and fee want a seal");
        assert.ok(wanting(matter).every((paper) => paper.seal === "京0105"));
        const { body } = await sealer.get("/seals?limit=200");
        for (const paper of wanting(matter)) {
            assert.ok(body.waiting.some((row) => row.matter === matter.id && row.n === paper.n));
        }
        const plain = await bytes_of(citizen, wanting(matter)[0].url);
        assert.match(said("pdftotext", file(plain), "-").text, /尚未加盖电子印章/);
        assert.match(said("pdfsig", file(plain)).text, /does not contain any signatures/);
    });

    test("only the keeper of that court's seal puts it on", async () => {
        const matter = await docketed();
        for (const who of [citizen, reviewer, await login(server, "leader@京0105")]) {
            refused(await seal(who, asked(matter)), 403);
        }
        const other = await login(server, "sealer@京0108");
        const { body } = await seal(other, asked(matter));
        assert.equal(body.sealed, 0);
        assert.equal(body.results[0].refused.code, "not-found", "a stranger does not learn of it");
    });

    test("its keeper is shown the papers for his seal, and nothing else of the matter", async () => {
        const matter = await docketed();
        const [paper] = wanting(matter);
        const without = matter.papers.find((one) => !one.seal);
        assert.equal((await sealer.get(paper.url, { accept: "application/pdf" })).status, 200);
        if (without) {
            refused(await sealer.get(without.url), 404);
        }
        const paths = ["", "/events", "/materials", "/materials/1", "/evidence", "/evidence/pdf", "/alignment", "/related", "/reviewer", "/papers", "/papers/all", "/receipt?event=1", "/joinings", "/agents", `/papers/${paper.n}/docx`];
        const statuses = await Promise.all(paths.map(async (path) => [path, (await sealer.get(`/matters/${matter.id}${path}`)).status]));
        assert.deepEqual(statuses.filter(([, status]) => status !== 404 && status !== 403), []);
        const opened = matter.links.find((link) => link.rel === "opened").id;
        refused(await sealer.get(`/matters/${opened}`), 404);
        for (const box of ["court", "todo"]) {
            assert.deepEqual((await sealer.get(`/matters?box=${box}`)).body.matters, [], box);
        }
        assert.equal((await seal(sealer, asked(matter))).body.sealed, asked(matter).length, "and seals them");
        assert.equal((await sealer.get(paper.url, { accept: "application/pdf" })).status, 200, "sealed, he may look at it again");
        refused(await (await login(server, "sealer@京0108")).get(paper.url), 404);
    });

    test("an act seals many, each matter has an event, and pdfsig finds the signature valid", async () => {
        const matters = [await docketed(), await docketed(), await docketed()];
        const papers = matters.flatMap(asked);
        const { status, body } = await seal(sealer, papers);
        assert.equal(status, 200);
        assert.equal(body.sealed, papers.length);
        for (const { id } of matters) {
            const matter = await citizen.matter(id);
            assert.equal(wanting(matter).length, 0);
            const event = (await citizen.events(id)).at(-1);
            assert.equal(event.act, "seal");
            const news = (await citizen.get("/inbox?limit=200")).body.notices.filter((one) => one.matter === id && one.kind === "seal");
            assert.equal(news.length, 1, "who filed learns of it, once");
            assert.match(news[0].title, /已加盖法院电子印章/);
            for (const paper of matter.papers.filter((one) => one.sealed)) {
                const bytes = await bytes_of(citizen, paper.url);
                const pdf = file(bytes);
                assert.deepEqual(archive_faults(bytes), [], "for the archive, with both signatures");
                assert.doesNotMatch(said("pdftotext", pdf, "-").text, /尚未加盖/);
                const told = said("pdfsig", pdf).text;
                assert.match(told, /Signature #2:[^]*Total document signed[^]*Signature is Valid/);
                assert.match(told, /Signer Certificate Common Name: 北京市朝阳区人民法院/);
                assert.match(told, /Signature Type: ETSI.CAdES.detached/);
                assert.match(said("pdfinfo", pdf).text, /PDF version: +1.4/);
                assert.equal(said("pdffonts", pdf).code, 0);
            }
        }
        const again = await seal(sealer, papers);
        assert.equal(again.body.sealed, 0);
        assert.equal(again.body.results[0].refused.code, "sealed-already");
    });

    test("what an archive does not take is found by its clause", async () => {
        const matter = await docketed();
        await seal(sealer, asked(matter));
        const paper = (await citizen.matter(matter.id)).papers.find((one) => one.sealed);
        const good = (await bytes_of(citizen, paper.url)).toString("latin1");
        const clauses = (from, to) => {
            const bad = typeof from === "string" ? good.replaceAll(from, to) : good.replace(from, to); // each revision says it anew
            assert.notEqual(bad, good, `${from} is in the paper`);
            return new Set(archive_faults(Buffer.from(bad, "latin1")).map((fault) => fault.split(":")[0]));
        };
        const changes = [
            ["%PDF-1.4\n%", "%PDF-1.7\n%", "6.1.2"],
            ["/ID [", "/Ib [", "6.1.3"],
            ["endstream", "endstreim", "6.1.7"],
            [/0 obj\n(?=<<\n\/Type \/FontDescriptor)/, "0 obj ", "6.1.8"],
            ["/Reason <FEFF", "/Reason <FEF ", "6.1.6"],
            ["/GTS_PDFA1", "/GTS_PDFX3", "6.2.2"],
            ["FontFile3", "FontFile9", "6.3.4"],
            [/(\/W \[ ?0 \[ )\d/, (_, head) => `${head}9`, "6.3.6"],
            ["/Info (sRGB IEC61966-2-1)", "/SMask 1".padEnd(25), "6.4"],
            ["/F 132", "/F 128", "6.5.3"],
            ["/SigFlags 3", "/JS (a())  ", "6.6.1"],
            ["/CreationDate (D:20", "/CreationDate (D:19", "6.7.3"],
            ["<pdfaid:part>1", "<pdfaid:part>2", "6.7.11"],
        ];
        for (const [from, to, clause] of changes) {
            assert.ok(clauses(from, to).has(clause), `${clause} by ${from}: ${[...clauses(from, to)]}`);
        }
    });

    test("openssl verifies both signatures against the roots", async () => {
        const matter = await docketed();
        await seal(sealer, asked(matter));
        const pdf = await bytes_of(citizen, wanting(matter)[0].url);
        const found = signatures(pdf);
        assert.equal(found.length, 2);
        for (const [n, { cms, content }] of found.entries()) {
            const scheme = ["sm2", "p256"][n];
            const root = join(server.keys, "ca", `${scheme}.crt`);
            const at = file(cms, "cms.der");
            const cert = file(cert_of(cms), "cert.der");
            execFileSync("openssl", ["x509", "-inform", "DER", "-in", cert, "-out", join(dir, "cert.pem")]);
            const id = scheme === "sm2" ? ["-vfyopt", "distid:1234567812345678"] : [];
            assert.equal(said("openssl", "verify", ...id, "-CAfile", root, join(dir, "cert.pem")).code, 0);
            assert.equal(said("openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", at).code, 0);
            if (scheme === "p256") {
                const words = ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", at, "-content", file(content, "content"), "-CAfile", root];
                assert.equal(said("openssl", ...words).code, 0);
            } else {
                // `openssl cms` cannot be told the signer's ID, so its parts are checked one by one.
                const { attributes, signature, digest } = sm2_parts(cms);
                const key = execFileSync("openssl", ["x509", "-in", join(dir, "cert.pem"), "-pubkey", "-noout"]);
                const words = ["dgst", "-sm3", "-verify", file(key, "key.pem"), "-sigopt", "distid:1234567812345678", "-signature", file(signature, "sig")];
                assert.match(said("openssl", ...words, file(attributes, "attributes")).text, /Verified OK/);
                assert.equal(said("openssl", "dgst", "-sm3", "-r", file(content, "content")).text.slice(0, 64), digest);
            }
        }
    });
});

describe("checking a paper", () => {
    let good;
    const check = (bytes) => nobody(server).api("POST", "/verify/paper", { body: form_of(bytes), headers: { "content-type": "multipart/form-data; boundary=XyZ" } });
    const form_of = (bytes) =>
        Buffer.concat([
            Buffer.from('--XyZ\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'),
            bytes,
            Buffer.from("\r\n--XyZ--\r\n"),
        ]);
    test("keeps few unfinished files in memory, and two of one sender", async () => {
        const open = [];
        const head = (client) => `POST /verify/paper HTTP/1.1\r\nHost: t\r\nAccept: application/json\r\nX-Forwarded-For: ${client}\r\nContent-Type: application/pdf\r\nX-Filename: a.pdf\r\nContent-Length: 20000000\r\nExpect: 100-continue\r\n\r\n`;
        const goes_on = (client) =>
            new Promise((done) => {
                const socket = connect(server.port, "127.0.0.1", () => socket.write(head(client)));
                socket.on("error", () => {});
                socket.on("close", () => done(false));
                socket.once("data", (bytes) => {
                    const taken = bytes.toString("latin1").startsWith("HTTP/1.1 100");
                    if (taken) {
                        socket.write("%PDF-1.4\n");
                    } else {
                        socket.destroy();
                    }
                    done(taken);
                });
                open.push(socket);
            });
        // The place of one who was answered is free a moment after his answer has come.
        const begin = (client) => until("a file is begun", () => goes_on(client));
        const ask = async (client) => (await nobody(server).api("POST", "/verify/paper", { body: form_of(Buffer.from("%PDF-1.4\n")), headers: { "content-type": "multipart/form-data; boundary=XyZ", "x-forwarded-for": client } })).status;
        try {
            await begin("198.51.100.1");
            await begin("198.51.100.1");
            await until("a sender's third waits", async () => (await ask("198.51.100.1")) === 503);
            assert.equal(await ask("198.51.100.2"), 422, "others are not held up by him");
            for (let client = 2; client <= 7; client++) {
                await begin(`198.51.100.${client}`);
            }
            await until("no more are taken than there is room for", async () => (await ask("198.51.100.9")) === 503);
        } finally {
            open.forEach((socket) => socket.destroy());
        }
        await until("who has gone holds no place", async () => (await ask("198.51.100.9")) === 422);
    });

    const verdict = async (bytes) => {
        const { status, body, text } = await check(bytes);
        assert.equal(status, 200, text.slice(0, 300));
        const offline = said(binary, "verify-paper", file(bytes), "--keys", server.keys);
        const alone = body.verdict === "sealed" ? "unproved" : body.verdict; // nobody looks up what was revoked
        assert.equal(JSON.parse(offline.text).verdict, alone, "the command says the same");
        assert.equal(offline.code, 1);
        return body;
    };
    const wrong = (body) => [...body.findings, ...body.signatures.flatMap((one) => one.findings)].filter((f) => !f.ok).map((f) => f.what);

    test("a sealed one is right in every respect", async () => {
        const matter = await docketed();
        await seal(sealer, asked(matter));
        good = await bytes_of(citizen, wanting(matter)[0].url);
        const first = await verdict(good);
        assert.equal(first.verdict, "sealed");
        const proof = await until("a checkpoint covers the paper", async () => {
            const answer = await nobody(server).get(`/log/proof?leaf=${first.leaf}`);
            return answer.body.checkpoint && answer.text;
        });
        const body = await verdict(good);
        assert.equal(body.verdict, "sealed");
        assert.deepEqual(wrong(body), [], "its time, too, once the log has it");
        const proved = said(binary, "verify-paper", file(good), file(proof, "proof.json"), "--keys", server.keys);
        assert.equal(JSON.parse(proved.text).verdict, "sealed", "with the log's proof it is right offline too");
        assert.equal(proved.code, 0);
        assert.deepEqual(body.signatures.map((one) => [one.who, one.holder, one.scheme]), [
            ["北京市朝阳区人民法院", "court:京0105", "SM2"],
            ["北京市朝阳区人民法院", "court:京0105", "P-256"],
        ]);
        const plain = await docketed();
        const before = await bytes_of(citizen, wanting(plain)[0].url);
        assert.equal((await verdict(before)).verdict, "unsigned");
        await seal(sealer, asked(plain));
        assert.deepEqual(wrong(await verdict(before)), ["kept"], "an old copy is known as that");
    });

    test("what was changed is named", async () => {
        for (const at of [20, good.length >> 1, good.length - 3000, good.length - 20]) {
            const bytes = Buffer.from(good);
            bytes[at] ^= 1;
            const { status, body } = await check(bytes);
            assert.ok(status !== 200 || body.verdict === "changed", `byte ${at}: ${body?.verdict}`);
        }
        const more = Buffer.concat([good, Buffer.from("% more\n")]);
        const longer = await verdict(more);
        assert.deepEqual([longer.verdict, longer.title], ["changed", "签名之后又添加了内容，不要相信"]);
        assert.ok(longer.signatures.every((one) => one.findings.find((f) => f.what === "bytes").ok), "what was signed is as it was");
        assert.deepEqual(wrong(longer).sort(), ["added", "kept", "time"]);
        assert.match(longer.findings.find((f) => f.what === "kept").title, /没有后来添加的内容/, "and the paper without it is known");
        const text = good.toString("latin1");
        const ranges = [...text.matchAll(/ByteRange \[0 (\d+ \d+ \d+)\]/g)].map((m) => m[1]);
        let n = 0;
        const swapped = Buffer.from(text.replace(/(ByteRange \[0 )\d+ \d+ \d+/g, (_, head) => head + ranges[1 - n++]), "latin1");
        assert.equal((await verdict(swapped)).verdict, "changed");
        const cut = text.lastIndexOf("%%EOF", good.length - 10) + 6;
        const first_only = await verdict(good.subarray(0, cut));
        assert.equal(first_only.signatures.length, 1, "the second signature cut off");
        assert.deepEqual([first_only.verdict, first_only.title], ["changed", "签名被去掉了一个，不要相信"]);
        assert.deepEqual(wrong(first_only).sort(), ["kept", "pair", "time"], "the signature that is left holds");
        const bare = await verdict(good.subarray(0, text.lastIndexOf("%%EOF", cut - 10) + 6));
        assert.equal(bare.verdict, "unsigned", "both cut off");
        assert.deepEqual(wrong(bare), ["kept"]);
        for (const bytes of [good.subarray(0, good.length - 900), Buffer.from("no pdf"), Buffer.from(text.replace(/\/Prev (\d+)\n>>(?=\nstartxref\n\d+\n%%EOF\n$)/, "/Prev $1 /Encrypt 1 0 R >>"), "latin1")]) {
            const { status, body } = await check(bytes);
            assert.ok(status === 422 || body.verdict !== "sealed", `${status}`);
        }
        refused(await check(Buffer.alloc(50 << 20, 32)), 413, "paper-too-large");
        refused(await check(Buffer.alloc(0)), 422, "pdf-empty");
    });

    test("what is made to be read for minutes is answered at once", async () => {
        const fields = Array.from({ length: 64 }, () => "2 0 R").join(" ");
        const parts = ["%PDF-1.4\n", `1 0 obj\n<< /Type /Catalog /AcroForm << /Fields [ ${fields} ] >> >>\nendobj\n`, `2 0 obj\n<< ${"/A 1 ".repeat(4 << 20)} >>\nendobj\n`];
        const [one, two, xref] = parts.map((_, n) => parts.slice(0, n + 1).join("").length).map((at) => String(at).padStart(10, "0"));
        const bytes = Buffer.from(`${parts.join("")}xref\n0 3\n0000000000 65535 f \n${one} 00000 n \n${two} 00000 n \ntrailer\n<< /Root 1 0 R >>\nstartxref\n${+xref}\n%%EOF\n`);
        const from = process.hrtime.bigint();
        const { status, body } = await check(bytes);
        assert.equal(status, 200);
        assert.equal(body.verdict, "unsigned");
        assert.ok(process.hrtime.bigint() - from < 20_000_000_000n, "it took 57 seconds of a processor when each field read it anew");
        const again = Buffer.from(`%PDF-1.4\nxref\n0 1\n0000000000 65535 f \n% ${"x".repeat(20 << 20)}\ntrailer\n<< /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF\n`);
        refused(await check(again), 422, "pdf-broken");
    });

    const page_of = async (bytes) => nobody(server).api("POST", "/verify/paper", { body: form_of(bytes), headers: { "content-type": "multipart/form-data; boundary=XyZ", accept: "text/html" } });

    test("a file that cannot be checked is refused on the page itself, in words for everybody", async () => {
        const text = good.toString("latin1");
        const at = text.lastIndexOf("trailer\n<<") + 10;
        const encrypted = Buffer.from(`${text.slice(0, at)} /Encrypt 1 0 R${text.slice(at)}`, "latin1");
        for (const [bytes, title] of [
            [Buffer.alloc(0), "这份文件是空的"],
            [Buffer.from("你好"), "这份文件打不开，不是完整的PDF"],
            [good.subarray(0, good.length - 900), "这份文件打不开，不是完整的PDF"],
            [encrypted, "这份PDF加了密码"],
        ]) {
            const { status, text: page } = await page_of(bytes);
            assert.equal(status, 422, title);
            assert.match(page, new RegExp(`role="alert"[^>]*>\\s*<h2>${title}</h2>`));
            assert.match(page, /action="\/verify\/paper"/, "and the form is there to choose another");
        }
        const large = await page_of(Buffer.alloc(50 << 20, 32));
        assert.equal(large.status, 413);
        assert.match(large.text, /文件太大，不能核对/);
        const changed = await page_of(Buffer.concat([good, Buffer.from("% more\n")]));
        assert.match(changed.text, /<h2>签名之后又添加了内容，不要相信<\/h2>/);
        assert.match(changed.text, /<dt>不符<\/dt>\s*<dd>签名之后又添加了内容/);
        assert.match(changed.text, /<dt>没有凭据<\/dt>\s*<dd>本平台保存的文书里没有后来添加的内容/);
    });

    test("a code says whether the paper was issued, waits for its seal, or is a party's", async () => {
        const matter = await docketed();
        const [paper] = wanting(matter);
        const code_of = (one) => sql(server.database, `SELECT code FROM paper WHERE matter = ${matter.id} AND n = ${one.n}`);
        const look = async (code) => (await nobody(server).get(`/verify?code=${code}`)).body.result;
        const code = await code_of(paper);
        const before = await look(code);
        assert.equal(before.verdict, "unsealed");
        await seal(sealer, asked(matter));
        const after_it = await look(code.toLowerCase());
        assert.equal(after_it.verdict, "issued");
        const party = await look(await sql(server.database, "SELECT code FROM paper WHERE kind IN ('complaint', 'service-address') ORDER BY matter LIMIT 1"));
        assert.equal(party.verdict, "filed");
        const none = await look("AAAAAAAAAAAA");
        assert.equal(none.verdict, "unknown");
        const { text } = await nobody(server).get(`/verify?code=${code}`, { accept: "text/html" });
        assert.match(text, new RegExp(`<input [^>]*name="code" value="${code}"`));
        assert.match(text, /这份文书由下面的法院签发/);
        const asking = (await nobody(server).get("/verify", { accept: "text/html" })).text;
        assert.match(asking, /<form[^>]* method="get" action="\/verify">[^]*name="code"/, "who holds the printed paper can type it");
    });

    test("a paper of another installation is by a stranger, whatever court it names", async () => {
        const other = await start();
        try {
            const draft = await filed(await login(other, "citizen-1"));
            const matter = await (await login(other, "reviewer@京0105")).taken(draft.id, "docket");
            assert.equal((await seal(await login(other, "sealer@京0105"), asked(matter))).status, 200);
            const theirs = await bytes_of(await login(other, "citizen-1"), wanting(matter)[0].url);
            const body = await verdict(theirs);
            assert.equal(body.verdict, "untrusted");
            assert.deepEqual([...new Set(wrong(body))].sort(), ["certificate", "kept", "time", "unknown"], "its bytes are whole");
            const { text } = await page_of(theirs);
            assert.match(text, /自称“北京市朝阳区人民法院”（没有得到证明）/);
            assert.match(text, /证书不是本平台信任的机构签发的/);
        } finally {
            await other.stop();
        }
    });

    test("a revoked certificate and an unknown root are named", async () => {
        await sql(server.database, "UPDATE certificate SET revoked = 1, reason = 'test'");
        const { body } = await check(good);
        assert.equal(body.verdict, "untrusted");
        assert.ok(wrong(body).includes("revoked"));
        await sql(server.database, "UPDATE certificate SET revoked = NULL");
        const offline = said(binary, "verify-paper", file(good), "--keys", join(dir, "none"));
        assert.equal(JSON.parse(offline.text).verdict, "untrusted");
    });
});

/** The signatures of a PDF in their order: the CMS and the bytes that it covers. */
function signatures(pdf) {
    const text = pdf.toString("latin1");
    return [...text.matchAll(/\/ByteRange \[0 (\d+) (\d+) (\d+)\]\s+\/Contents <([0-9a-f]+)>/g)].map(([, a, b, c, hex]) => {
        const raw = Buffer.from(hex, "hex");
        const cms = raw.subarray(0, raw.readUInt16BE(2) + 4);
        return { cms, content: Buffer.concat([pdf.subarray(0, +a), pdf.subarray(+b, +b + +c)]) };
    });
}

/** Tag, content and whole of each element in a DER text. */
function elements(der) {
    const list = [];
    for (let at = 0; at < der.length;) {
        const long = der[at + 1] > 0x80 ? der[at + 1] - 0x80 : 0;
        const size = long ? der.readUIntBE(at + 2, long) : der[at + 1];
        const from = at + 2 + long;
        list.push({ tag: der[at], inside: der.subarray(from, from + size), whole: der.subarray(at, from + size) });
        at = from + size;
    }
    return list;
}
const data_of = (cms) => elements(elements(elements(elements(cms)[0].inside)[1].inside)[0].inside);
const cert_of = (cms) => data_of(cms)[3].inside;
function sm2_parts(cms) {
    const signer = elements(elements(data_of(cms)[4].inside)[0].inside);
    const attributes = Buffer.from(signer[3].whole);
    attributes[0] = 0x31; // what is signed is the set itself
    const digest = elements(elements(elements(elements(signer[3].inside)[1].inside)[1].inside)[0].whole)[0].inside.toString("hex");
    return { attributes, signature: signer[5].inside, digest };
}
