// Ways around a changed password, and ways to learn or to trouble people by their accounts: each stays
// shut.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client, errors_at, filed, login, nobody, refused } from "../lib/client.mjs";
import { resident_id } from "../lib/files.mjs";
import { start, until } from "../lib/server.mjs";
import { simulator } from "../lib/sim.mjs";

const PHRASE = "correct-horse";
let server;
let gateway;
let made = 0;

before(async () => {
    gateway = await simulator("sms");
    server = await start({ args: ["--messages", gateway.url] });
});
after(async () => {
    await server?.stop();
    await gateway?.stop();
});

async function registered() {
    made += 1;
    const two = String(made).padStart(2, "0");
    const said = { name: "陈望舒", identity: resident_id(`320311197604070${two}`), phone: `139000006${two}`, password: PHRASE };
    const answer = await nobody(server).post("/register", said);
    assert.equal(answer.status, 201, answer.text);
    return new Client(server, said.phone).login(said.phone, PHRASE);
}

/** A desk that this person's phone has confirmed; enter() brings it in. */
async function desk(phone) {
    const answer = await nobody(server).post("/login/scan", {});
    assert.equal(answer.status, 200, answer.text);
    const cookie = answer.headers.getSetCookie()[0].split(";")[0];
    const confirmed = await phone.post(new URL(answer.body.address).pathname, { decision: "confirm", number: answer.body.number });
    assert.equal(confirmed.status, 200, confirmed.text);
    return { enter: () => nobody(server).post("/login/scan/enter", {}, { headers: { cookie } }) };
}

async function recovered(who) {
    const { ticket } = (await nobody(server).post("/session/recover", { login: who.name })).body;
    const answer = await nobody(server).post("/session/recover/password", { ticket, code: "000000", password: "another-horse" });
    assert.equal(answer.status, 200, answer.text);
}

const WAYS = {
    "another password": (who) => who.post("/me", { password: PHRASE, new_password: "another-horse" }),
    "a recovery by the phone": recovered,
    "ending all other sessions": (who) => who.post("/me/sessions/end", {}),
    "the administrator's reset": async (who) => (await login(server, "admin@京0105")).post(`/admin/people/${who.person.id}/password`, {}),
};

describe("what ends other sessions", () => {
    for (const [what, end] of Object.entries(WAYS)) {
        test(`${what}: also those made by scanning, and a desk that was confirmed and waits`, async () => {
            const who = await registered();
            const in_already = await (await desk(who)).enter();
            assert.equal(in_already.status, 200, in_already.text);
            const stolen = in_already.body.token;
            assert.equal((await who.get("/me", { token: stolen })).status, 200);
            const waiting = await desk(who);
            const answer = await end(who);
            assert.ok(answer === undefined || answer.status < 400, answer?.text);
            refused(await who.get("/me", { token: stolen }), 401);
            refused(await waiting.enter(), 409);
        });
    }

    test("no log-in whose password was being looked at meanwhile outlives the change", async () => {
        const who = await registered();
        let old = PHRASE;
        for (let round = 0; round < 4; round++) {
            const fresh = `another-horse-${round}`;
            const racing = Array.from({ length: 6 }, () => nobody(server).post("/session", { login: who.name, password: old }));
            const changed = await who.post("/me", { password: old, new_password: fresh });
            assert.equal(changed.status, 200, changed.text);
            for (const answer of await Promise.all(racing)) {
                if (answer.status === 200) {
                    refused(await who.get("/me", { token: answer.body.token }), 401);
                }
            }
            assert.equal((await who.get("/me")).status, 200, "his own goes on");
            old = fresh;
        }
    });
});

describe("an open stream of notices", () => {
    test("ends with the session and with the post, and tells nothing more", async () => {
        const admin = await login(server, "admin@京0105");
        const citizen = await login(server, "citizen-1");
        const opened = async (who) => {
            const stream = new AbortController();
            const answer = await fetch(`${server.url}/notices/stream`, { headers: { authorization: `Bearer ${who.token}`, accept: "text/event-stream" }, signal: stream.signal });
            assert.equal(answer.status, 200);
            const heard = { text: "", ended: false, stop: () => stream.abort() };
            (async () => {
                for await (const part of answer.body) {
                    heard.text += Buffer.from(part).toString();
                }
                heard.ended = true;
            })().catch(() => {});
            await until("it has begun", () => heard.text.includes("retry:"));
            return heard;
        };
        const reviewer = await login(server, "reviewer@京0105");
        const other = await login(server, "reviewer@京0105");
        const [kept, gone] = [await opened(reviewer), await opened(other)];
        assert.equal((await other.api("DELETE", "/session")).status, 204);
        await filed(citizen);
        await until("the one that goes on tells it", () => /林晓舟/.test(kept.text));
        await until("the stream of the session that ended, ends", () => gone.ended);
        assert.doesNotMatch(gone.text, /林晓舟/);
        const told = kept.text.match(/event: notice/g).length;
        const held = (await admin.get("/admin/posts?q=reviewer@京0105")).body.posts.find((one) => one.login === "reviewer@京0105" && one.post === "reviewer");
        assert.equal((await admin.post(`/admin/posts/${encodeURIComponent(held.id)}/end`, {})).status, 200);
        await filed(citizen);
        await until("the stream of a post that is held no more, ends", () => kept.ended);
        assert.equal(kept.text.match(/event: notice/g).length, told, "nothing more was told");
        kept.stop();
        gone.stop();
    });
});

describe("messages to phones", () => {
    test("tell the owner that an administrator has set his password anew", async () => {
        const who = await registered();
        const admin = await login(server, "admin@京0105");
        const reset = await admin.post(`/admin/people/${who.person.id}/password`, {});
        assert.equal(reset.status, 201, reset.text);
        const outbox = async () => (await (await fetch(`${gateway.url}/outbox?to=${who.name}`)).json()).messages;
        const [told] = await until("he is told", async () => ((await outbox()).length > 0 ? outbox() : null));
        assert.match(told.text, /密码已由管理员重置/);
        assert.ok(!told.text.includes(reset.body.first_password));
    });

    test("that somebody says are his own are few", async () => {
        const who = await registered();
        const statuses = [];
        for (let n = 0; n < 8; n++) {
            statuses.push((await who.post("/me", { phone: `1390000770${n}`, password: PHRASE })).status);
        }
        assert.deepEqual(statuses.slice(0, 5), [200, 200, 200, 200, 200]);
        assert.ok(statuses.slice(5).includes(429), `${statuses}`);
    });
});

describe("names and accounts", () => {
    test("hold nothing unseen, by which one would look like another", async () => {
        const clerk = await login(server, "window@沪0115");
        const admin = await login(server, "admin@京0105");
        for (const name of ["陈\u200b望舒", "陈望舒\u2060", "\u202e舒望陈", "陈\u2028望舒"]) {
            const said = { name, identity: resident_id("32031119760408150"), phone: "13900000750", password: PHRASE };
            for (const answer of [await nobody(server).post("/register", said), await clerk.post("/window/people", said), await admin.post("/admin/people", { login: "chen", kind: "staff", name })]) {
                refused(answer, 422, "fields");
                assert.ok(errors_at(answer, "name").length > 0, answer.text);
            }
        }
        const added = await admin.post("/admin/people", { login: "a\u202eb", kind: "staff", name: "陈望舒" });
        refused(added, 422, "fields");
        assert.equal(errors_at(added, "login").length, 1);
        const who = await registered();
        const mailed = await who.post("/me", { email: "a\u202eb@example.com" });
        refused(mailed, 422, "fields");
        assert.equal(errors_at(mailed, "email").length, 1);
    });
});
