// Logging in at a desk by a phone that already is: what the phone is told, what each side must hold,
// and what does not get in: a link sent on, a replay, a guess, somebody too late.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, login, nobody, refused } from "../lib/client.mjs";
import { html_text } from "../lib/html.mjs";
import { start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

let server;
const EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";

before(async () => {
    server = await start();
});
after(() => server?.stop());

/** A desk that asks: its cookie, the path in its QR code, the digits on its screen. */
async function desk() {
    const answer = await nobody(server).post("/login/scan", {}, { headers: { "user-agent": EDGE } });
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.body.number, /^\d\d$/);
    const [line] = answer.headers.getSetCookie();
    assert.match(line, /^scan=[\w-]{43}; Path=\/login\/scan; HttpOnly; SameSite=Lax; Max-Age=/);
    const cookie = line.split(";")[0];
    const asks = (method, path) => nobody(server).api(method, path, { body: method === "POST" ? {} : undefined, headers: { cookie } });
    return {
        cookie,
        path: new URL(answer.body.address).pathname,
        number: answer.body.number,
        answer,
        state: async () => (await asks("GET", "/login/scan")).body.state,
        enter: () => asks("POST", "/login/scan/enter"),
    };
}

const confirm = (who, at, number = at.number) => who.post(at.path, { decision: "confirm", number });

describe("a desk and a phone", () => {
    test("the phone is told who asks, confirms by the digits, and the desk is in: once", async () => {
        const phone = await login(server, "citizen-40");
        const at = await desk();
        assert.equal(await at.state(), "waiting");
        refused(await at.enter(), 409, "scan-waits");
        const told = await phone.get(at.path);
        assert.equal(told.body.device, "Windows电脑，Edge浏览器");
        assert.equal(told.body.client, "127.0.0.1");
        assert.equal(told.body.same_network, true);
        assert.ok(!told.text.includes(`"${at.number}"`), "the digits are on the desk alone");
        assert.equal(await at.state(), "waiting", "looking confirms nothing");
        const done = await confirm(phone, at);
        assert.equal(done.body.state, "confirmed", done.text);
        assert.equal(await at.state(), "confirmed");
        const entered = await at.enter();
        assert.equal(entered.status, 200, entered.text);
        assert.equal(entered.body.person.id, phone.person.id);
        assert.equal((await nobody(server).get("/me", { token: entered.body.token })).status, 200);
        refused(await at.enter(), 409);
        assert.equal(await at.state(), "used");
        refused(await confirm(phone, at), 409, "scan-over");
    });

    test("staff come in under the post that the phone is under", async () => {
        const phone = await login(server, "clerk@京0105");
        const at = await desk();
        await confirm(phone, at);
        const { token } = (await at.enter()).body;
        const own = (await nobody(server).get("/me", { token })).body;
        assert.deepEqual(own.posts.filter((post) => post.now).map((post) => post.value), ["clerk@京0105"]);
    });

    test("a link that was sent on gains its sender nothing", async () => {
        const victim = await login(server, "citizen-41");
        const thief = await desk();
        // Whoever opens the link sees who asks; without the digits of a screen before him he cannot
        // confirm, and three guesses end it.
        for (const guess of ["", "1", `${(Number(thief.number) + 1) % 100}`.padStart(2, "0")].slice(0, 2)) {
            const wrong = await confirm(victim, thief, guess);
            refused(wrong, 422);
            assert.equal(errors_at(wrong, "number").length, 1);
        }
        refused(await confirm(victim, thief, "xx"), 409, "scan-over");
        refused(await confirm(victim, thief), 409, "scan-over");
        assert.equal(await thief.state(), "refused");
        refused(await thief.enter(), 409);
    });

    test("whoever has the code but not the desk's cookie does not come in", async () => {
        const phone = await login(server, "citizen-42");
        const at = await desk();
        await confirm(phone, at);
        refused(await nobody(server).post("/login/scan/enter", {}), 409, "scan-over");
        const other = await desk();
        refused(await other.enter(), 409, "scan-waits");
        refused(await nobody(server).post("/login/scan/enter", {}, { headers: { cookie: `scan=${at.path.split("/").at(-1)}` } }), 409, "scan-waits");
        assert.equal((await at.enter()).status, 200);
    });

    test("it is refused by a press, and only somebody logged in decides", async () => {
        const at = await desk();
        refused(await nobody(server).get(at.path), 401);
        refused(await nobody(server).post(at.path, { decision: "confirm", number: at.number }), 401);
        const phone = await login(server, "citizen-43");
        refused(await phone.post(at.path, { number: at.number }), 422);
        assert.equal((await phone.post(at.path, { decision: "refuse" })).body.state, "refused");
        refused(await confirm(phone, at), 409, "scan-over");
        refused(await phone.get("/scan/nothing-of-the-kind"), 404);
        refused(await phone.get(`/scan/${"x".repeat(500)}`), 404);
    });

    test("four desks at once with one confirmation: each its own", async () => {
        const phone = await login(server, "citizen-44");
        const at = await desk();
        await confirm(phone, at);
        const answers = await Promise.all(Array.from({ length: 4 }, () => at.enter()));
        assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409, 409, 409]);
    });

    test("is over after two minutes", async () => {
        const phone = await login(server, "citizen-45");
        const at = await desk();
        await sql(server.database, "update desk_login set made = made - 120001 where state = 'waiting'");
        assert.equal(await at.state(), "expired");
        assert.equal((await phone.get(at.path)).body.state, "expired");
        refused(await confirm(phone, at), 409, "scan-over");
        const late = await desk();
        await confirm(phone, late);
        await sql(server.database, "update desk_login set decided = decided - 60001 where state = 'confirmed'");
        refused(await late.enter(), 409, "scan-waits");
    });

    test("what was done is in the audit of the phone's owner", async () => {
        const phone = await login(server, "citizen-46");
        const at = await desk();
        await confirm(phone, at);
        await at.enter();
        const admin = await login(server, "admin");
        const rows = (await admin.get("/admin/audit?limit=10")).body.audit.filter((row) => row.subject === `person:${phone.person.id}`);
        assert.deepEqual(rows.map((row) => row.what).sort(), ["scan-confirm", "scan-log-in"]);
    });
});

describe("its pages", () => {
    test("work without scripts, on both sides", async () => {
        const at = await visitor(server);
        const page = await at.open("/login?back=/inbox");
        const begin = page.forms.find((one) => one.action === "/login/scan");
        const shown = await at.send(page, begin);
        assert.equal(shown.status, 200);
        assert.match(shown.html, /<svg/);
        const form = shown.forms.find((one) => one.action === "/login/scan/enter");
        const code = form.fields.find((field) => field.name === "code").value;
        const number = form.fields.find((field) => field.name === "number").value;

        const phone = await visitor(server);
        const asked = await phone.open(`/scan/${code}`);
        assert.match(asked.url, /\/login\?back=/, "a phone that is not logged in is sent there first");
        await phone.login("citizen-47");
        const question = await phone.open(`/scan/${code}`);
        assert.match(html_text(question.html), /有一台电脑要用您的账户登录/);
        const decide = question.forms.find((one) => one.action.startsWith("/scan/"));

        const early = await at.send(shown, form);
        assert.equal(early.status, 409);
        assert.match(early.html, /<svg/, "the code is still shown");
        const wrong = await phone.send(question, decide, { number: "x" }, { name: "decision", value: "confirm" });
        assert.equal(wrong.status, 422);
        const done = await phone.send(question, decide, { number }, { name: "decision", value: "confirm" });
        assert.match(html_text(done.html), /已确认/);
        const again = early.forms.find((one) => one.action === "/login/scan/enter");
        const inside = await at.send(early, again);
        assert.equal(inside.status, 303, inside.html);
        assert.equal(inside.headers.get("location"), "/inbox");
        assert.equal((await at.open("/me")).status, 200);
    });

    test("a form of another site decides nothing", async () => {
        refused(await nobody(server).post("/login/scan", {}, { headers: { "sec-fetch-site": "cross-site" } }), 403, "csrf");
        const phone = await visitor(server, "citizen-48");
        const at = await desk();
        const answer = await phone.request("POST", at.path, {
            body: `decision=confirm&number=${at.number}`,
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        assert.equal(answer.status, 403);
        assert.equal(await at.state(), "waiting");
    });
});
