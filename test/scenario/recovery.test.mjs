// A forgotten password and another phone, with the codes that a gateway really got.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { Client, errors_at, nobody, refused } from "../lib/client.mjs";
import { html_text } from "../lib/html.mjs";
import { start, until } from "../lib/server.mjs";
import { simulator } from "../lib/sim.mjs";

const PHRASE = "correct-horse";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function resident_id(n) {
    const head = `32031119760307${String(n).padStart(3, "0")}`;
    const sum = WEIGHTS.reduce((all, weight, i) => all + weight * Number(head[i]), 0);
    return head + "10X98765432"[sum % 11];
}

let server;
let gateway;
let register;
let made = 0;

before(async () => {
    gateway = await simulator("sms");
    register = await simulator("identity");
    // Not the demo: a code is right only when it was sent.
    server = await start({ demo: false, args: ["--messages", gateway.url, "--identity", register.url] });
});
after(async () => {
    await server?.stop();
    await gateway?.stop();
    await register?.stop();
});

const phone = () => `139000003${String((made += 1)).padStart(2, "0")}`;

async function registered() {
    const said = { name: "陈望舒", identity: resident_id(100 + made), phone: phone(), password: PHRASE };
    const answer = await nobody(server).post("/register", said);
    assert.equal(answer.status, 201, answer.text);
    const client = new Client(server, said.phone);
    client.token = answer.body.token;
    client.person = answer.body.person;
    return { client, said };
}

const outbox = async (to, by = gateway) => (await (await fetch(`${by.url}/outbox?to=${to}`)).json()).messages;
const sent_to = (to, count, by = gateway) => until(`${count} messages to ${to}`, async () => ((await outbox(to, by)).length >= count ? outbox(to, by) : null), 20_000);
const code_in = (message) => message.text.match(/验证码(\d{6})/)[1];
const ask = (login, from = "127.0.0.1") => nobody(server).post("/session/recover", { login }, { headers: { "x-forwarded-for": from } });
const set = (body) => nobody(server).post("/session/recover/password", body);
const enter = (login, password) => nobody(server).post("/session", { login, password });

describe("a log-in by code", () => {
    const ask_code = (login, headers = {}) => nobody(server).post("/session/code", { login }, { headers });
    const come_in = (login, code, code_ticket) => nobody(server).post("/session", { login, code, code_ticket });

    test("is of the browser that asked: strangers neither replace nor spoil it", async () => {
        const { said } = await registered();
        const mine = await ask_code(said.phone);
        assert.deepEqual(Object.keys(mine.body).sort(), ["code_ticket", "sent"]);
        const code = code_in((await sent_to(said.phone, 1)).at(-1));
        const theirs = await ask_code(said.phone, { "x-forwarded-for": "198.51.100.9" });
        const newer = code_in((await sent_to(said.phone, 2)).at(-1));
        await nobody(server).post("/codes", { purpose: "login", login: said.phone }, { headers: { "x-forwarded-for": "198.51.100.9" } });
        for (let n = 0; n < 7; n++) {
            refused(await come_in(said.phone, String(100000 + n), theirs.body.code_ticket), 401, "code-failed");
        }
        refused(await come_in(said.phone, newer, theirs.body.code_ticket), 401, "code-failed");
        refused(await come_in(said.phone, code, theirs.body.code_ticket), 401, "code-failed");
        refused(await come_in(said.phone, code), 401, "code-failed");
        assert.equal((await come_in(said.phone, code, mine.body.code_ticket)).status, 200);
        refused(await come_in(said.phone, code, mine.body.code_ticket), 401, "code-failed");
    });

    test("a stranger who asks all day does not use up what the owner's device may ask", async () => {
        const { said } = await registered();
        const first = await enter(said.phone, PHRASE);
        const device = first.headers.getSetCookie().map((line) => line.split(";")[0]).find((pair) => pair.startsWith("device="));
        let last;
        for (let n = 0; n < 8; n++) {
            last = await ask_code(said.phone, { "x-forwarded-for": "198.51.100.10" });
        }
        refused(last, 429, "rate");
        const got = (await outbox(said.phone)).length;
        const mine = await ask_code(said.phone, { cookie: device });
        assert.equal(mine.status, 200, mine.text);
        const code = code_in((await sent_to(said.phone, got + 1)).at(-1));
        assert.equal((await come_in(said.phone, code, mine.body.code_ticket)).status, 200);
    });

    test("a ticket for the one is none for the other, nor for another account", async () => {
        const { said } = await registered();
        const other = (await registered()).said;
        const mine = await ask_code(said.phone);
        const code = code_in((await sent_to(said.phone, 1)).at(-1));
        refused(await set({ ticket: mine.body.code_ticket, code, password: "another-horse" }), 422);
        refused(await come_in(other.phone, code, mine.body.code_ticket), 401, "code-failed");
    });

    test("tells nothing of accounts", async () => {
        const answer = await ask_code("nobody-at-all", { "x-forwarded-for": "198.51.100.11" });
        assert.deepEqual([answer.status, Object.keys(answer.body).sort()], [200, ["code_ticket", "sent"]]);
        refused(await come_in("nobody-at-all", "123456", answer.body.code_ticket), 401, "code-failed");
    });

    test("counts a guess whoever is named: for nobody the same is done", async () => {
        const { said } = await registered();
        const mine = await ask_code(said.phone, { "x-forwarded-for": "198.51.100.13" });
        const code = code_in((await sent_to(said.phone, 1)).at(-1));
        for (let n = 0; n < 5; n++) {
            refused(await come_in("nobody-at-all", String(100000 + n), mine.body.code_ticket), 401, "code-failed");
        }
        refused(await come_in(said.phone, code, mine.body.code_ticket), 401, "code-failed");
    });

    test("by the page alone: the browser keeps the ticket", async () => {
        const { said } = await registered();
        const who = await visitor(server);
        const page = await who.open("/login?back=/me");
        const asking = page.forms.find((one) => one.action === "/session/code");
        const again = await who.send(page, asking, { login: said.phone });
        assert.equal(again.status, 200);
        assert.match(html_text(again.html), /验证码已经发出/);
        await ask_code(said.phone, { "x-forwarded-for": "198.51.100.12" });
        const code = code_in((await sent_to(said.phone, 1))[0]);
        const form = again.forms.find((one) => one.fields.some((field) => field.name === "code"));
        const done = await who.send(again, form, { code });
        assert.equal(done.status, 303, html_text(done.html).slice(0, 300));
        assert.equal(done.headers.get("location"), "/me");
    });
});

describe("a forgotten password", () => {
    test("is set anew by the code that the phone got, once", async () => {
        const { client, said } = await registered();
        const asked = await ask(said.phone);
        assert.equal(asked.body.sent, true, asked.text);
        const code = code_in((await sent_to(said.phone, 1)).at(-1));
        assert.equal((await enter(said.phone, PHRASE)).status, 200, "until then the old one holds");
        const wrong = await set({ ticket: asked.body.ticket, code: code === "111111" ? "222222" : "111111", password: "another-horse" });
        refused(wrong, 422);
        assert.equal(errors_at(wrong, "code").length, 1);
        const weak = await set({ ticket: asked.body.ticket, code, password: said.phone });
        refused(weak, 422);
        assert.equal(errors_at(weak, "password").length, 1, "and the code is still good");
        const done = await set({ ticket: asked.body.ticket, code, password: "another-horse" });
        assert.deepEqual([done.status, done.body], [200, { changed: true }], done.text);
        refused(await client.get("/me"), 401);
        refused(await enter(said.phone, PHRASE), 401, "login-failed");
        assert.equal((await enter(said.phone, "another-horse")).status, 200);
        refused(await set({ ticket: asked.body.ticket, code, password: "third-horse" }), 422);
        const told = await sent_to(said.phone, 2);
        assert.match(told.at(-1).text, /密码已重设/);
    });

    // That the same work is done for both is shown in src/record/recovery_test.c.
    test("tells nothing of accounts", async () => {
        const { said } = await registered();
        const known = [];
        const unknown = [];
        for (let n = 0; n < 4; n++) {
            known.push(await ask(said.phone, "198.51.100.7")); // whose asking is counted apart from the others'
            unknown.push(await ask(n % 2 === 0 ? "13900009999" : "nobody-at-all", "198.51.100.7"));
        }
        for (const answer of [...known, ...unknown]) {
            assert.equal(answer.status, 200, answer.text);
            assert.deepEqual(Object.keys(answer.body).sort(), ["sent", "ticket"]);
            assert.equal(answer.body.ticket.length, 43);
        }
        const a = await set({ ticket: unknown[0].body.ticket, code: "123456", password: "another-horse" });
        const b = await set({ ticket: known[0].body.ticket, code: "123456", password: "another-horse" });
        assert.deepEqual([a.status, a.body.errors], [b.status, b.body.errors]);
        assert.deepEqual(await outbox("13900009999"), []);
    });

    test("others neither spoil the owner's code nor lock him out", async () => {
        const { said } = await registered();
        const mine = await ask(said.phone);
        const code = code_in((await sent_to(said.phone, 1)).at(-1));
        // A stranger asks as well, and guesses until nothing is taken from him any more.
        const theirs = await ask(said.phone);
        for (let n = 0; n < 7; n++) {
            refused(await set({ ticket: theirs.body.ticket, code: String(100000 + n), password: "another-horse" }), 422);
        }
        const right = code_in((await sent_to(said.phone, 2)).at(-1));
        refused(await set({ ticket: theirs.body.ticket, code: right, password: "another-horse" }), 422);
        refused(await set({ ticket: theirs.body.ticket, code, password: "another-horse" }), 422);
        assert.equal((await set({ ticket: mine.body.ticket, code, password: "another-horse" })).status, 200);
    });

    test("is paced by login, but not for a device that was here before", async () => {
        const { said } = await registered();
        const first = await enter(said.phone, PHRASE);
        const device = first.headers.getSetCookie().map((line) => line.split(";")[0]).find((pair) => pair.startsWith("device="));
        const statuses = [];
        for (let n = 0; n < 7; n++) {
            statuses.push((await ask(said.phone)).status);
        }
        assert.ok(statuses.includes(429), `${statuses}`);
        const own = await nobody(server).post("/session/recover", { login: said.phone }, { headers: { cookie: device } });
        assert.equal(own.status, 200, own.text);
        const forged = await nobody(server).post("/session/recover", { login: said.phone }, { headers: { cookie: `${device}0` } });
        assert.equal(forged.status, 429);
    });

    test("a million codes cannot be tried: they grow, and the owner is not locked out", async () => {
        const line = await simulator("sms"); // messages are told apart by the ids of one program
        const own = await start({ demo: false, args: ["--messages", line.url, "--identity", register.url] });
        try {
            const said = { name: "陈望舒", identity: resident_id(100 + made), phone: phone(), password: PHRASE };
            assert.equal((await nobody(own).post("/register", said)).status, 201);
            // The n-th that has a code: what else is sent at the same time may come before or after it.
            const codes = async () => (await outbox(said.phone, line)).map((one) => one.text.match(/验证码(\d+)/)?.[1]).filter(Boolean);
            const code_of = (n) => until(`code ${n}`, async () => (await codes())[n - 1], 20_000);
            for (let n = 1; n <= 4; n++) {
                const { ticket } = (await nobody(own).post("/session/recover", { login: said.phone })).body;
                const code = await code_of(n);
                assert.equal(code.length, 6);
                for (let tries = 0; tries < 5; tries++) {
                    const guess = `${(Number(code) + 1 + tries) % 1000000}`.padStart(6, "0");
                    refused(await nobody(own).post("/session/recover/password", { ticket, code: guess, password: "another-horse" }), 422);
                }
            }
            const { ticket } = (await nobody(own).post("/session/recover", { login: said.phone })).body;
            const code = await code_of(5);
            assert.equal(code.length, 10, "no more codes of six digits today");
            assert.equal((await nobody(own).post("/codes", { purpose: "login", login: said.phone })).status, 200);
            assert.equal((await code_of(6)).length, 10, "nor to log in by");
            assert.equal((await nobody(own).post("/session/recover/password", { ticket, code, password: "another-horse" })).status, 200);
            await nobody(own).post("/codes", { purpose: "login", login: said.phone });
            const six = await code_of(7);
            assert.equal(six.length, 6, "who has shown that he is the owner gets short ones again");
            assert.equal((await nobody(own).post("/session", { login: said.phone, code: six })).status, 200);
        } finally {
            await own.stop();
            await line.stop();
        }
    });

    test("opens a login that wrong passwords have locked", async () => {
        const { said } = await registered();
        for (let n = 0; n < 6; n++) {
            await enter(said.phone, `wrong-${n}`);
        }
        refused(await enter(said.phone, PHRASE), 429, "login-locked");
        const asked = await ask(said.phone);
        const code = code_in((await sent_to(said.phone, 1)).at(-1));
        assert.equal((await set({ ticket: asked.body.ticket, code, password: "another-horse" })).status, 200);
        assert.equal((await enter(said.phone, "another-horse")).status, 200);
    });

    test("what is missing or too much is said at its field", async () => {
        for (const [field, body] of [
            ["ticket", { code: "123456", password: PHRASE }],
            ["ticket", { ticket: "x".repeat(2000), code: "123456", password: PHRASE }],
            ["password", { ticket: "x", code: "123456", password: "short" }],
            ["code", { ticket: "x", password: PHRASE }],
            ["code", { ticket: "'; DROP TABLE recovery; --", code: "<b>", password: PHRASE }],
        ]) {
            const answer = await set(body);
            refused(answer, 422);
            assert.equal(errors_at(answer, field).length, 1, `${field}: ${answer.text}`);
        }
        for (const login of ["", " ", "x".repeat(300)]) {
            refused(await ask(login), 422);
        }
        refused(await nobody(server).post("/session/recover", { login: "x" }, { headers: { "sec-fetch-site": "cross-site" } }), 403, "csrf");
    });

    test("the pages do the same without scripts", async () => {
        const { said } = await registered();
        const who = await visitor(server);
        const login_page = await who.open("/login");
        assert.match(login_page.html, /href="\/session\/recover\?login=/);
        const page = await who.open(`/session/recover?login=${said.phone}`);
        const form = page.forms.find((one) => one.action === "/session/recover");
        assert.equal(form.fields.find((field) => field.name === "login").value, said.phone);
        const sent = await who.send(page, form);
        assert.match(html_text(sent.html), /有登记手机的，验证码已经发出/);
        const code = code_in((await sent_to(said.phone, 1)).at(-1));
        const second = sent.forms.find((one) => one.action === "/session/recover/password");
        const wrong = await who.send(sent, second, { code, password: "short" });
        assert.equal(wrong.status, 422);
        const again = wrong.forms.find((one) => one.action === "/session/recover/password");
        assert.equal(again.fields.find((field) => field.name === "code").value, code, "the code is not typed twice");
        const done = await who.send(wrong, again, { password: "another-horse" });
        assert.equal(done.status, 303, done.html);
        assert.match(html_text((await who.open(done.headers.get("location"))).html), /密码已改好/);
        await who.login(said.phone, "another-horse");
    });
});

describe("another phone", () => {
    test("counts once its code has come back; the old one is told", async () => {
        const { client, said } = await registered();
        const fresh = phone();
        refused(await client.post("/me", { phone: fresh, password: "wrong-one" }), 422);
        const asked = await client.post("/me", { phone: fresh, password: PHRASE });
        assert.equal(asked.status, 200, asked.text);
        assert.match(asked.body.person.phone_waiting, /^139\*+/);
        const code = code_in((await sent_to(fresh, 1)).at(-1));
        assert.match((await client.get("/me")).body.person.phone, new RegExp(`${said.phone.slice(-4)}$`), "until then the old one");
        const wrong = await client.post("/me/phone", { code: code === "111111" ? "222222" : "111111" });
        refused(wrong, 422);
        assert.equal(errors_at(wrong, "code").length, 1);
        const done = await client.post("/me/phone", { code });
        assert.equal(done.status, 200, done.text);
        assert.match(done.body.person.phone, new RegExp(`${fresh.slice(-4)}$`));
        assert.equal(done.body.person.phone_waiting, null);
        assert.match((await sent_to(said.phone, 1)).at(-1).text, /手机号已被更换/);
        refused(await client.post("/me/phone", { code }), 422);
    });

    test("five wrong codes end it, and nobody else's code fits", async () => {
        const { client } = await registered();
        const other = await registered();
        const fresh = phone();
        await client.post("/me", { phone: fresh, password: PHRASE });
        const code = code_in((await sent_to(fresh, 1)).at(-1));
        refused(await other.client.post("/me/phone", { code }), 422);
        for (let n = 0; n < 5; n++) {
            refused(await client.post("/me/phone", { code: `${n}` }), 422);
        }
        refused(await client.post("/me/phone", { code }), 422);
    });

    test("the page has a form for the code", async () => {
        const { said } = await registered();
        const who = await visitor(server);
        await who.login(said.phone, PHRASE);
        const fresh = phone();
        const page = await who.open("/me");
        const change = page.forms.find((one) => one.action === "/me");
        await who.send(page, change, { phone: fresh, password: PHRASE });
        const waiting = await who.open("/me");
        const form = waiting.forms.find((one) => one.action === "/me/phone");
        assert.ok(form, "a form for the code");
        const code = code_in((await sent_to(fresh, 1)).at(-1));
        const refused_page = await who.send(waiting, form, { code: "1" });
        assert.equal(refused_page.status, 422);
        assert.match(refused_page.html, /id="e-code"/);
        assert.equal((await who.send(waiting, form, { code })).status, 303);
    });
});
