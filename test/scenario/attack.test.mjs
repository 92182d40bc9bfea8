// What was once a way in, or a way to make the program fall: each stays shut.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { start } from "../lib/server.mjs";

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
        assert.ok([200, 403, 409].includes(unnamed.status), unnamed.text);
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
