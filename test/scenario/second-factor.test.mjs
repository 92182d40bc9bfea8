// Two steps at the log-in: setting up, both ways in, replay, codes on paper, posts that want it, and
// the administrator who helps whoever lost his phone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { Client, errors_at, login, nobody, PASSWORD, refused } from "../lib/client.mjs";
import { html_text } from "../lib/html.mjs";
import { start } from "../lib/server.mjs";
import { totp, totp_step } from "../lib/totp.mjs";

let server;
let admin;

before(async () => {
    server = await start();
    admin = await login(server, "admin");
});
after(() => server?.stop());

/** Sets up a second factor; the code of the step before now proves it, so that two are left. */
async function guarded(name) {
    const who = await login(server, name);
    const begun = await who.post("/me/totp", { password: PASSWORD });
    assert.equal(begun.status, 200, begun.text);
    const { secret } = begun.body;
    const step = totp_step();
    const done = await who.post("/me/totp/confirm", { code: totp(secret, step) });
    assert.equal(done.status, 200, done.text);
    return { who, secret, step, codes: done.body.recovery_codes };
}

const enter = (name, more) => nobody(server).post("/session", { login: name, password: PASSWORD, ...more });

describe("setting up", () => {
    test("wants the password, and a first right code", async () => {
        const who = await login(server, "citizen-20");
        const wrong = await who.post("/me/totp", { password: "not-mine" });
        refused(wrong, 422);
        assert.equal(errors_at(wrong, "password").length, 1);
        const begun = await who.post("/me/totp", { password: PASSWORD });
        assert.match(begun.body.secret, /^[A-Z2-7]{32}$/);
        assert.match(begun.body.address, /^otpauth:\/\/totp\/%E9%80%9A%E8%AF%89:citizen-20\?secret=/);
        assert.equal(begun.body.enabled, false);
        assert.equal((await enter("citizen-20")).status, 200, "not in force yet");
        refused(await who.post("/me/totp/confirm", { code: "000000" }), 422);
        const done = await who.post("/me/totp/confirm", { code: totp(begun.body.secret) });
        assert.equal(done.body.enabled, true, done.text);
        assert.equal(new Set(done.body.recovery_codes).size, 10);
        const shown = await who.get("/me/totp");
        assert.deepEqual([shown.body.enabled, shown.body.codes_left, shown.body.secret, shown.body.recovery_codes], [true, 10, undefined, undefined]);
        refused(await who.post("/me/totp", { password: PASSWORD }), 409, "totp-on");
        refused(await who.post("/me/totp/confirm", { code: "1" }), 409, "totp-on");
    });

    test("ends the sessions that came in by one step", async () => {
        const before_it = await login(server, "citizen-21");
        await guarded("citizen-21");
        refused(await before_it.get("/me"), 401);
    });

    test("nothing of it works without a beginning", async () => {
        const who = await login(server, "citizen-22");
        for (const path of ["/me/totp/confirm", "/me/totp/codes", "/me/totp/end"]) {
            refused(await who.post(path, { code: "123456", password: PASSWORD }), 409, "totp-off");
        }
        refused(await nobody(server).get("/me/totp"), 401);
    });
});

describe("logging in", () => {
    test("asks for the code, takes it once, and none that is older", async () => {
        const { secret, step, codes } = await guarded("citizen-23");
        refused(await enter("citizen-23"), 401, "totp-needed");
        refused(await enter("citizen-23", { totp: "12" }), 401, "totp-failed");
        refused(await enter("citizen-23", { totp: totp(secret, step) }), 401, "totp-failed");
        const next = totp(secret, step + 1);
        assert.equal((await enter("citizen-23", { totp: next })).status, 200);
        refused(await enter("citizen-23", { totp: next }), 401, "totp-failed");
        refused(await enter("citizen-23", { totp: totp(secret, step) }), 401, "totp-failed");
        assert.equal((await enter("citizen-23", { totp: codes[0] })).status, 200);
        refused(await enter("citizen-23", { totp: codes[0] }), 401, "totp-failed");
        refused(await nobody(server).post("/session", { login: "citizen-23", password: "wrong", totp: codes[1] }), 401, "login-failed");
        assert.equal((await enter("citizen-23", { totp: codes[1] })).status, 200, "a wrong password has not used it up");
    });

    test("two at the same moment with one code: one gets in", async () => {
        const { secret, step } = await guarded("citizen-24");
        const code = totp(secret, step + 1);
        const answers = await Promise.all(Array.from({ length: 4 }, () => enter("citizen-24", { totp: code })));
        assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 401, 401, 401]);
    });

    test("a code to the phone does not go round it", async () => {
        const { codes } = await guarded("citizen-25");
        refused(await nobody(server).post("/session", { login: "citizen-25", code: "000000" }), 401, "totp-needed");
        assert.equal((await nobody(server).post("/session", { login: "citizen-25", code: "000000", totp: codes[0] })).status, 200);
    });

    test("wrong codes lock for a while, a code on paper still opens", async () => {
        const { secret, step, codes } = await guarded("citizen-26");
        for (let n = 0; n < 5; n++) {
            refused(await enter("citizen-26", { totp: "1" }), 401, "totp-failed");
        }
        const locked = refused(await enter("citizen-26", { totp: totp(secret, step + 1) }), 429, "totp-locked");
        assert.match(locked.detail, /请过1分钟/);
        assert.equal((await enter("citizen-26", { totp: codes[0] })).status, 200);
    });

    test("the page asks in a second step, and keeps where to go", async () => {
        const { codes } = await guarded("citizen-27");
        const who = await visitor(server);
        const page = await who.open("/login?back=/inbox");
        const first = page.forms.find((one) => one.fields.some((field) => field.name === "password"));
        const asked = await who.send(page, first, { login: "citizen-27", password: PASSWORD });
        assert.equal(asked.status, 401);
        assert.ok(!asked.html.includes(PASSWORD) || /演示账号/.test(asked.html));
        const second = asked.forms.find((one) => one.fields.some((field) => field.name === "totp"));
        assert.ok(second, asked.html);
        const wrong = await who.send(asked, second, { totp: "000000" });
        assert.equal(wrong.status, 401);
        assert.match(html_text(wrong.html), /动态码不对/);
        const again = wrong.forms.find((one) => one.fields.some((field) => field.name === "totp"));
        const done = await who.send(wrong, again, { totp: codes[0] });
        assert.equal(done.status, 303, done.html);
        assert.equal(done.headers.get("location"), "/inbox");
    });

    test("a ticket of the first step is nobody else's, and none can be made", async () => {
        const { codes } = await guarded("citizen-28");
        const other = await guarded("citizen-29");
        const who = await visitor(server);
        const page = await who.open("/login");
        const first = page.forms.find((one) => one.fields.some((field) => field.name === "password"));
        const asked = await who.send(page, first, { login: "citizen-28", password: PASSWORD });
        const ticket = asked.forms.flatMap((form) => form.fields).find((field) => field.name === "ticket").value;
        const send = (name, mark, code) => nobody(server).post("/session", { login: name, ticket: mark, totp: code });
        refused(await send("citizen-29", ticket, other.codes[0]), 401, "step-expired");
        refused(await send("citizen-28", `${ticket.slice(0, -1)}x`, codes[0]), 401, "step-expired");
        refused(await send("citizen-28", ticket.replace(/\.\d+\./, (made) => `.${Number(made.slice(1, -1)) + 1}.`), codes[0]), 401, "step-expired");
        refused(await send("nobody-at-all", ticket, codes[0]), 401, "step-expired");
        refused(await send("citizen-28", ticket, ""), 401, "totp-needed");
        assert.equal((await send("citizen-28", ticket, codes[0])).status, 200);
    });
});

describe("afterwards", () => {
    test("codes on paper are renewed, and the old ones fall", async () => {
        const { who, secret, step, codes } = await guarded("citizen-30");
        const renewed = await who.post("/me/totp/codes", { code: totp(secret, step + 1) });
        assert.equal(renewed.body.recovery_codes?.length, 10, renewed.text);
        refused(await enter("citizen-30", { totp: codes[0] }), 401, "totp-failed");
        assert.equal((await enter("citizen-30", { totp: renewed.body.recovery_codes[0] })).status, 200);
    });

    test("it ends by password and code together", async () => {
        const { who, codes } = await guarded("citizen-31");
        refused(await who.post("/me/totp/end", { code: codes[0], password: "wrong" }), 422);
        refused(await who.post("/me/totp/end", { code: "1", password: PASSWORD }), 422);
        const ended = await who.post("/me/totp/end", { code: codes[0], password: PASSWORD });
        assert.equal(ended.body.enabled, false, ended.text);
        assert.equal((await enter("citizen-31")).status, 200);
    });
});

describe("posts that want it", () => {
    after(async () => {
        await admin.post("/admin/totp", { posts: [] });
    });

    test("sends their holders home until they have set it up", async () => {
        const judge = await login(server, "judge@京0105");
        const clerk = await login(server, "clerk@京0105");
        refused(await admin.post("/admin/totp", { posts: ["emperor"] }), 422);
        refused(await admin.post("/admin/totp", { posts: ["admin"] }), 422);
        const set = await admin.post("/admin/totp", { posts: ["judge", "leader", "judge"] });
        assert.deepEqual(set.body.posts, ["judge", "leader"], set.text);
        refused(await judge.get("/matters?box=todo"), 401);
        assert.equal((await clerk.get("/matters?box=todo")).status, 200, "others go on");

        refused(await enter("judge@京0105", { post: "judge" }), 403, "totp-required");
        const without = await enter("judge@京0105");
        assert.equal(without.body.totp_needed, true, without.text);
        const who = new Client(server, "judge@京0105");
        who.token = without.body.token;
        const under = async () => (await who.get("/me")).body.posts.filter((post) => post.now).map((post) => post.post);
        assert.deepEqual(await under(), []);
        refused(await who.post("/session/post", { post: "judge" }), 403, "totp-required");
        const begun = await who.post("/me/totp", { password: PASSWORD });
        const { secret } = begun.body;
        const step = totp_step();
        const done = await who.post("/me/totp/confirm", { code: totp(secret, step) });
        assert.equal(done.body.required, true, done.text);
        assert.equal((await who.post("/session/post", { post: "judge" })).status, 200);
        assert.deepEqual(await under(), ["judge"]);
        refused(await who.post("/me/totp/end", { code: done.body.recovery_codes[0], password: PASSWORD }), 409, "totp-kept");
        assert.equal((await enter("judge@京0105", { post: "judge", totp: totp(secret, step + 1) })).status, 200);
    });

    test("the page of the log-in leads to the setting up", async () => {
        await admin.post("/admin/totp", { posts: ["leader"] });
        const who = await visitor(server);
        const page = await who.open("/login?back=/matters");
        const first = page.forms.find((one) => one.fields.some((field) => field.name === "password"));
        const done = await who.send(page, first, { login: "leader@京0105", password: PASSWORD });
        assert.equal(done.headers.get("location"), "/me/totp?needed=1");
        const setup = await who.open("/me/totp?needed=1");
        assert.match(html_text(setup.html), /您的岗位要求两步登录/);
        const shown = await who.send(setup, setup.forms.find((one) => one.action === "/me/totp"), { password: PASSWORD });
        assert.match(shown.html, /<svg/);
        const secret = shown.html.match(/<code class="secret">([A-Z2-7]{32})</)[1];
        const confirm = shown.forms.find((one) => one.action === "/me/totp/confirm");
        const wrong = await who.send(shown, confirm, { code: "1" });
        assert.equal(wrong.status, 422);
        assert.ok(wrong.html.includes(secret), "the same secret is shown again");
        const codes = await who.send(wrong, wrong.forms.find((one) => one.action === "/me/totp/confirm"), { code: totp(secret) });
        assert.equal(codes.status, 200);
        assert.equal(codes.html.match(/<li><code>[0-9A-Z]{5}-[0-9A-Z]{5}</g).length, 10);
        assert.ok(!(await who.open("/me/totp")).html.includes(secret));
    });

    test("the administrator helps whoever lost his phone, and it is kept", async () => {
        const { who } = await guarded("clerk@京0106");
        const id = who.person.id;
        refused(await (await login(server, "leader@京0106")).post(`/admin/people/${id}/totp/end`, {}), 404);
        refused(await admin.post("/admin/people/1/totp/end", {}), 404);
        assert.equal((await admin.post(`/admin/people/${id}/totp/end`, {})).status, 204);
        refused(await who.get("/me"), 401);
        assert.equal((await enter("clerk@京0106")).status, 200);
        const audit = (await admin.get("/admin/audit?limit=20")).body.audit;
        const row = audit.find((one) => one.what === "reset-totp");
        assert.equal(row.subject, `person:${id}`);
        for (const what of ["enable-totp", "require-totp"]) {
            assert.ok(audit.some((one) => one.what === what), what);
        }
        assert.ok(!JSON.stringify(audit).match(/[A-Z2-7]{32}/), "no secret in the audit");
    });
});
