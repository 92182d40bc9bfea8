// What was once a way in, or a way to make the program fall: each stays shut.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { sleep, start, until } from "../lib/server.mjs";

let server;
let owner;
let judge;

before(async () => {
    server = await start();
    owner = await login(server, "citizen-1");
    judge = await login(server, "judge@京0105");
});
after(() => server?.stop());

/** The worker has not died: the supervisor would say so, and the sessions' process is the same. */
const unhurt = () => assert.ok(!server.log.some((line) => /worker-died|runtime error|AddressSanitizer/.test(line)), server.tail());

describe("what is typed towards a later act", () => {
    test("is kept for the judge who types it, and moves the matter not at all", async () => {
        const matter = await filed(owner);
        const act = (await judge.matter(matter.id)).acts.find((one) => one.form.length > 0);
        const answer = await judge.api("PATCH", `/matters/${matter.id}`, { body: { values: {}, act: act.name } });
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.body.id, matter.id);
        assert.equal(answer.body.revision, matter.revision);
        const unnamed = await judge.api("PATCH", `/matters/${matter.id}`, { body: { values: { claim: { amount: 1 } } } });
        assert.ok([200, 403, 409, 422].includes(unnamed.status), unnamed.text);
        const form = await judge.api("PATCH", `/matters/${matter.id}`, {
            body: `_act=${act.name}`,
            headers: { "content-type": "application/x-www-form-urlencoded" },
            accept: "text/html",
        });
        assert.equal(form.status, 303, form.text);
        assert.equal(form.headers.get("location"), `/matters/${matter.id}`);
        unhurt();
    });
});

describe("an id", () => {
    test("has one spelling", async () => {
        const { id } = await owner.begin();
        for (const other of [`0${id}`, `+${id}`, `${id}.0`, `${id}e0`, `%20${id}`, `0x${BigInt(id).toString(16)}`]) {
            refused(await owner.get(`/matters/${other}`), 404, "not-found");
        }
        assert.equal((await nobody(server).get("/healthz")).status, 200);
    });
});

describe("many at once", () => {
    test("save into one draft, and none is turned away", async () => {
        const { id } = await owner.begin();
        const saves = Array.from({ length: 24 }, (_, n) => owner.save(id, { claim: { amount: n + 1 } }));
        const statuses = (await Promise.all(saves)).map((answer) => answer.status);
        assert.deepEqual([...new Set(statuses)], [200], `${statuses}`);
        assert.equal((await owner.matter(id)).revision, 25);
    });

    test("submit, delete, save and upload: the draft is gone or submitted, never half", async () => {
        for (let round = 0; round < 4; round++) {
            const draft = await owner.begin();
            const { act } = await owner.offered(draft.id, "submit");
            await owner.upload_required(draft, act);
            const answers = await Promise.all([
                owner.act(draft.id, "submit", form_fill(act.form), { accept_warnings: true }),
                owner.api("DELETE", `/matters/${draft.id}`),
                owner.upload(draft.id, "evidence"),
                owner.save(draft.id, { claim: { amount: 1 } }),
            ]);
            const now = await owner.get(`/matters/${draft.id}`);
            const said = answers.map((answer) => answer.status);
            assert.ok(said.every((status) => status < 500), `${said}`);
            assert.equal(said[1] === 204, now.status === 404, `${said}, then ${now.status}`);
            assert.equal(said[0] === 200, now.status === 200 && now.body.state !== "draft", `${said}, then ${now.text.slice(0, 100)}`);
        }
        unhurt();
    });
});

describe("codes of papers", () => {
    test("cannot be guessed one after the other", async () => {
        const guesses = await Promise.all(Array.from({ length: 90 }, (_, n) => nobody(server).get(`/verify?code=ABCDEFGHJ${100 + n}`)));
        const shut = guesses.filter((answer) => answer.status === 429);
        assert.ok(shut.length >= 10, `${shut.length} of 90 refused`);
        assert.ok(Number(shut[0].headers.get("retry-after")) > 0);
        assert.equal((await nobody(server).get("/verify")).status, 200, "the page itself stays open");
        unhurt();
    });
});

describe("JSON", () => {
    test("that is nested too deeply is told so", async () => {
        for (const depth of [40, 5000]) {
            const answer = await owner.api("POST", "/matters", { body: "[".repeat(depth) + "]".repeat(depth), headers: { "content-type": "application/json" } });
            refused(answer, 400, "json-too-deep");
        }
        refused(await owner.api("POST", "/matters", { body: "{", headers: { "content-type": "application/json" } }), 400, "json-unreadable");
    });
});

describe("event streams of one person", () => {
    test("are bounded, and others still get theirs", async () => {
        const open = (who) => {
            const socket = connect(server.port, "127.0.0.1");
            socket.on("error", () => {});
            socket.on("data", (part) => (socket.status ??= Number(part.toString().slice(9, 12))));
            socket.write(`GET /notices/stream HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${who.token}\r\nAccept: application/json\r\n\r\n`);
            return socket;
        };
        const flood = Array.from({ length: 200 }, () => open(owner));
        await until("every stream is answered", () => flood.every((socket) => socket.status), 10_000);
        const shut = flood.filter((socket) => socket.status === 429).length;
        assert.ok(shut >= 80 && shut <= 100, `${shut} of 200 refused`);
        const other = open(judge);
        await until("the judge's stream is answered", () => other.status, 5_000);
        assert.equal(other.status, 200);
        [...flood, other].forEach((socket) => socket.destroy());
        await sleep(100);
        unhurt();
    });
});
