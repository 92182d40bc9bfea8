// Accounts: registering by real name, verification by the register and at the window, one's own
// account, codes, joining a matter by a paper's code, following one, and the administrator.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { Client, COURT, errors_at, filed, FILING, login, nobody, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";
import { simulator } from "../lib/sim.mjs";
import { sql } from "../lib/sql.mjs";

const PHRASE = "correct-horse";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A resident id that can exist. */
function resident_id(n, born = "19760307", district = "320311") {
    const head = `${district}${born}${String(n).padStart(3, "0")}`;
    const sum = WEIGHTS.reduce((all, weight, i) => all + weight * Number(head[i]), 0);
    return head + "10X98765432"[sum % 11];
}

let server;
let register;
let phones = 13900000100;

before(async () => {
    register = await simulator("identity");
    server = await start({ args: ["--identity", register.url] });
});
after(async () => {
    await server?.stop();
    await register?.stop();
});

const phone = () => String((phones += 1));
const person = (more = {}) => ({ name: "陈望舒", identity: resident_id(Math.floor(Math.random() * 900)), phone: phone(), password: PHRASE, ...more });

/** Registers somebody; answers a client with his session. */
async function registered(more = {}) {
    const said = person(more);
    const answer = await nobody(server).post("/register", said);
    assert.equal(answer.status, 201, answer.text);
    const client = new Client(server, said.login ?? said.phone);
    client.token = answer.body.token;
    client.person = answer.body.person;
    return { client, said, answer: answer.body };
}

const me = async (client) => (await client.get("/me")).body;

describe("registering", () => {
    test("a match of name and number verifies; the phone logs in", async () => {
        const { client, said, answer } = await registered();
        assert.equal(answer.verification, "match");
        assert.equal(answer.person.verified, true);
        const own = await me(client);
        assert.equal(own.person.verified_by, "registry");
        assert.equal((await nobody(server).post("/session", { login: said.phone, password: PHRASE })).status, 200);
    });

    test("a number of somebody else is refused, an unknown one waits for a window", async () => {
        const other = await nobody(server).post("/register", person({ name: "张不符" }));
        refused(other, 422);
        assert.equal(errors_at(other, "identity").length, 1);
        const { client, answer } = await registered({ name: "张查无" });
        assert.equal(answer.verification, "unknown");
        assert.equal(answer.person.verified, false);
        const draft = await client.begin();
        await client.upload_required(draft, draft.acts[0]);
        const submit = await client.act(draft.id, "submit", form_fill(draft.acts[0].form, {}), { accept_warnings: true });
        refused(submit, 422);
        assert.ok(submit.body.errors.some((error) => error.code === "filer-verified"), submit.text);
    });

    test("a silent register leaves the account unverified; asked again it answers", async () => {
        await register.order({ status: 503 });
        const { client, answer } = await registered();
        assert.equal(answer.verification, "silent");
        assert.equal(answer.person.verified, false);
        const again = await client.post("/account/verify", {});
        assert.deepEqual(again.body, { verified: true, verification: "match" });
        assert.equal((await me(client)).person.verified, true);
    });

    test("every field is checked and named", async () => {
        const empty = refused(await nobody(server).post("/register", {}), 422, "fields");
        assert.deepEqual(empty.errors.map((error) => error.field).sort(), ["identity", "name", "password", "phone"]);
        for (const [field, more] of [
            ["identity", { identity: "110105194912310021" }],
            ["phone", { phone: "12345" }],
            ["password", { password: "short" }],
            ["password", { login: "same-as-it", password: "same-as-it" }],
            ["login", { login: "judge@京0105" }],
            ["login", { login: "citizen-4711" }],
            ["kind", { kind: "staff" }],
            ["licence", { kind: "lawyer", firm: "某律师事务所", licence: "123" }],
            ["organisation.code", { kind: "organisation", organisation: { name: "某公司", code: "91350100M000100Y34", capacity: "authorised" } }],
        ]) {
            const answer = await nobody(server).post("/register", person(more));
            refused(answer, 422);
            assert.equal(errors_at(answer, field).length, 1, `${field}: ${answer.text}`);
        }
    });

    test("a login is given once", async () => {
        const { said } = await registered({ login: `wang-${randomUUID().slice(0, 8)}` });
        const again = await nobody(server).post("/register", person({ login: said.login }));
        refused(again, 422);
        assert.equal(errors_at(again, "login").length, 1);
    });

    test("other papers are kept for a window", async () => {
        const { answer } = await registered({ identity: { type: "passport", number: "E12345678" } });
        assert.equal(answer.verification, "window");
        assert.equal(answer.person.verified, false);
    });

    test("the page does the same, keeps what was typed and forgets the password", async () => {
        const who = await visitor(server);
        const page = await who.open("/register");
        const form = page.forms.find((one) => one.fields.some((field) => field.name === "password"));
        const typed = { name: "周雨桐", "identity.type": "resident-id", "identity.number": resident_id(901), phone: phone(), password: "x-secret" };
        const refused_page = await who.send(page, form, { ...typed, phone: "1" });
        assert.equal(refused_page.status, 422);
        assert.ok(refused_page.html.includes("周雨桐") && !refused_page.html.includes("x-secret"));
        assert.match(refused_page.html, /href="#f-phone"/);
        const done = await who.send(page, form, { ...typed, password: PHRASE });
        assert.equal(done.status, 303, done.html);
        assert.match((await who.open("/me")).html, /周雨桐/);
    });
});

describe("one's own account", () => {
    test("shows masks only", async () => {
        const { client, said } = await registered({ login: `mask-${randomUUID().slice(0, 8)}` });
        const own = await client.get("/me");
        assert.ok(!own.text.includes(said.identity) && !own.text.includes(said.phone));
        assert.match(own.body.person.identity, /^320311\*+/);
    });

    test("a new password ends the other sessions, and the old password", async () => {
        const { client, said } = await registered();
        const other = await nobody(server).login(said.phone, PHRASE);
        refused(await client.post("/me", { password: "wrong", new_password: "another-horse" }), 422);
        const answer = await client.post("/me", { password: PHRASE, new_password: "another-horse" });
        assert.equal(answer.status, 200, answer.text);
        refused(await other.get("/me"), 401);
        assert.equal((await client.get("/me")).status, 200);
        refused(await nobody(server).post("/session", { login: said.phone, password: PHRASE }), 401, "login-failed");
        assert.equal((await nobody(server).post("/session", { login: said.phone, password: "another-horse" })).status, 200);
    });

    test("a session can be ended from another device, nobody else's can", async () => {
        const { client, said } = await registered();
        const other = await nobody(server).login(said.phone, PHRASE);
        const stranger = (await registered()).client;
        const there = (await me(client)).sessions.find((session) => !session.here);
        await stranger.api("DELETE", `/me/sessions/${there.id}`);
        assert.equal((await other.get("/me")).status, 200);
        await client.api("DELETE", `/me/sessions/${there.id}`);
        refused(await other.get("/me"), 401);
    });

    test("a code to the phone logs in where a password is locked", async () => {
        const { said } = await registered();
        const statuses = [];
        for (let n = 0; n < 6; n++) {
            statuses.push((await nobody(server).post("/session", { login: said.phone, password: `wrong-${n}` })).status);
        }
        assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
        refused(await nobody(server).post("/session", { login: said.phone, password: PHRASE }), 429, "login-locked");
        const sent = await nobody(server).post("/codes", { purpose: "login", login: said.phone });
        assert.deepEqual(sent.body, { sent: true });
        refused(await nobody(server).post("/session", { login: said.phone, code: "999999" }), 401, "code-failed");
        assert.equal((await nobody(server).post("/session", { login: said.phone, code: "000000" })).status, 200);
        assert.equal((await nobody(server).post("/session", { login: said.phone, password: PHRASE })).status, 200, "and clears the lock");
    });

    test("a device that was here before is not locked out by others", async () => {
        const { said } = await registered();
        const first = await nobody(server).post("/session", { login: said.phone, password: PHRASE });
        const device = first.headers.getSetCookie().map((line) => line.split(";")[0]).find((pair) => pair.startsWith("device="));
        for (let n = 0; n < 6; n++) {
            await nobody(server).post("/session", { login: said.phone, password: `wrong-${n}` });
        }
        refused(await nobody(server).post("/session", { login: said.phone, password: PHRASE }), 429);
        const mine = await nobody(server).post("/session", { login: said.phone, password: PHRASE }, { headers: { cookie: device } });
        assert.equal(mine.status, 200, mine.text);
        const forged = await nobody(server).post("/session", { login: said.phone, password: "x" }, { headers: { cookie: `${device}0` } });
        assert.equal(forged.status, 401, "counted anew after the right password");
    });

    test("asking for a code tells nothing of accounts", async () => {
        const known = await nobody(server).post("/codes", { purpose: "login", login: "citizen-1" });
        const unknown = await nobody(server).post("/codes", { purpose: "login", login: "nobody-at-all" });
        assert.deepEqual([known.status, known.body], [unknown.status, unknown.body]);
        refused(await nobody(server).post("/codes", { purpose: "sign" }), 401);
        refused(await nobody(server).post("/codes", { purpose: "theft" }), 422);
    });

    test("large type is remembered, and leads nowhere else", async () => {
        const answer = await nobody(server).get("/large?on=1&back=//evil.example/", { accept: "text/html" });
        assert.equal(answer.status, 303);
        assert.equal(answer.headers.get("location"), "/");
        assert.match(answer.headers.getSetCookie()[0], /^large=1;/);
    });

    test("a form of another site is turned away", async () => {
        for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
            refused(await nobody(server).post("/session", { login: "citizen-1", password: "tongsu-demo" }, { headers }), 403, "csrf");
            refused(await nobody(server).post("/register", person(), { headers }), 403, "csrf");
        }
        const own = await nobody(server).post("/session", { login: "citizen-1", password: "tongsu-demo" }, { headers: { origin: server.url } });
        assert.equal(own.status, 200);
    });
});

describe("the window", () => {
    let window;
    before(async () => {
        window = await login(server, `window@${COURT}`);
    });

    test("finds by the exact number alone, and only the window does", async () => {
        const { client, said } = await registered();
        const found = await window.post("/window/people/find", { identity: said.identity });
        assert.deepEqual(found.body.people.map((one) => one.id), [client.person.id]);
        assert.ok(!found.text.includes(said.identity) && !found.text.includes(said.phone));
        assert.deepEqual((await window.post("/window/people/find", { identity: resident_id(999, "19500101") })).body.people, []);
        refused(await window.post("/window/people/find", { identity: said.name }), 422);
        refused(await client.get("/window/people"), 403);
        refused(await (await login(server, `judge@${COURT}`)).get("/window/people"), 403);
    });

    test("verifies papers it has seen when their number is the recorded one", async () => {
        const { client, said } = await registered({ identity: { type: "passport", number: "G87654321" } });
        const path = `/window/people/${client.person.id}/verify`;
        const wrong = await window.post(path, { identity: { type: "passport", number: "G87654322" } });
        assert.equal(errors_at(wrong, "identity").length, 1, wrong.text);
        assert.equal((await window.post(path, { identity: said.identity })).status, 200);
        const own = (await me(client)).person;
        assert.deepEqual([own.verified, own.verified_by], [true, "window"]);
    });

    test("enters somebody without an account, who comes in by a code and sets a password", async () => {
        const said = { name: "李阿婆", identity: resident_id(902, "19400101"), phone: phone() };
        const entered = await window.post("/window/people", said);
        assert.equal(entered.status, 201, entered.text);
        const login_name = entered.body.person.login;
        refused(await nobody(server).post("/session", { login: login_name, password: "" }), 401);
        refused(await nobody(server).post("/session", { login: login_name, password: PHRASE }), 401);
        const client = nobody(server);
        client.token = (await client.post("/session", { login: login_name, code: "000000" })).body.token;
        assert.equal((await me(client)).person.verified_by, "window");
        const name = `apo-${randomUUID().slice(0, 8)}`;
        assert.equal((await client.post("/me", { login: name, new_password: PHRASE })).status, 200);
        assert.equal((await nobody(server).post("/session", { login: name, password: PHRASE })).status, 200);
        refused(await window.post("/window/people", said), 422);
    });

    describe("whoever is known is there by the number of his papers", () => {
        const FAR = "粤0307";
        const with_field = (page, name) => page.forms.find((one) => one.fields.some((field) => field.name === name));
        const looked_up = async () => Number((await sql(server.database, "SELECT count(*) FROM audit WHERE what = 'look-up-identity'")).trim());
        const said = { name: "陈望舒", identity: resident_id(904, "19400101"), phone: phone() };
        let clerk;
        before(async () => {
            assert.equal((await window.post("/window/people", said)).status, 201);
            clerk = await visitor(server, `window@${COURT}`);
        });

        for (const path of ["/", `/begin/cross-domain-filing?court=${FAR}`]) {
            test(`on the way, at ${path}`, async () => {
                clerk.cookies.delete("visitor");
                const page = await clerk.open(path);
                const rows = await looked_up();
                const none = await clerk.send(page, with_field(page, "find.number"), { "find.number": resident_id(998, "19500101") });
                assert.match(none.html, /没有这个证件的账户/);
                const answer = await clerk.send(page, with_field(page, "find.number"), { "find.number": said.identity });
                assert.equal(answer.status, 303, answer.html.slice(0, 300));
                assert.equal(await looked_up(), rows + 2, "both are in the audit");
                const again = await clerk.open(new URL(answer.headers.get("location"), server.url).href);
                assert.ok(again.url.endsWith(encodeURI(path)), again.url);
                assert.match(again.html, /来人：陈望舒/);
                assert.ok(!again.html.includes(said.identity) && !again.html.includes(said.phone), "masked");
            });
        }

        test("in a draft that is being written: what else it says stays", async () => {
            const draft = await window.begin("cross-domain-filing", FAR, { visitor: { name: "写错了", capacity: "agent" } });
            const path = `/matters/${draft.id}/edit/visitor`;
            const page = await clerk.open(path);
            const rows = await looked_up();
            const ask = async (number) => {
                const answer = await clerk.send(page, with_field(page, "_known"), { _known: number });
                assert.equal(answer.status, 303, answer.html.slice(0, 300));
                return clerk.open(answer.headers.get("location"));
            };
            assert.match((await ask(resident_id(997, "19500101"))).html, /没有这个证件的登记/);
            assert.match((await ask(said.identity.slice(0, 17))).html, /证件号码不对/);
            assert.deepEqual((await window.matter(draft.id)).values.visitor, { name: "写错了", capacity: "agent" });
            assert.match((await ask(said.identity)).html, /已带入登记的信息/);
            const { visitor: now } = (await window.matter(draft.id)).values;
            assert.deepEqual([now.name, now.identity.number, now.document, now.capacity], ["陈望舒", said.identity, "resident-id-card", "agent"]);
            assert.equal(now["same-person"], undefined, "that is for the clerk to say");
            assert.equal(await looked_up(), rows + 2, "found or not, it is in the audit");
        });

        test("nobody else's form fills in anybody", async () => {
            const citizen = await visitor(server, "citizen-1");
            const own = await (await login(server, "citizen-1")).begin();
            const page = await citizen.open(`/matters/${own.id}/edit/claim`);
            assert.equal(with_field(page, "_known"), undefined);
            const rows = await looked_up();
            await citizen.send(page, with_field(page, "claim.facts"), { _known: "11010519491231002X" });
            assert.equal(await looked_up(), rows);
        });
    });

    test("whoever registers with a number that a window entered learns nothing of that", async () => {
        const said = { name: "周阿公", identity: resident_id(903, "19400101") };
        const entered = await window.post("/window/people", said);
        const { client } = await registered(said);
        assert.notEqual(client.person.id, entered.body.person.id);
    });
});

describe("joining a matter", () => {
    const defendant_number = "11010519600103900"; // of citizen-2, but for its check digit
    let owner;
    let reviewer;

    before(async () => {
        owner = await login(server, "citizen-1");
        reviewer = await login(server, `reviewer@${COURT}`);
    });

    const check = (head) => head + "10X98765432"[WEIGHTS.reduce((all, weight, i) => all + weight * Number(head[i]), 0) % 11];
    const code_of = async (matter) => (await sql(server.database, `select code from paper where matter = ${matter.id} and code <> '' order by n limit 1`)).trim();

    /** A filing against somebody whose papers are known, or not. */
    async function filing(identity) {
        const draft = await owner.begin(FILING, COURT);
        const values = form_fill(draft.acts[0].form, {});
        const defendant = values.parties.find((party) => party.role === "defendant");
        if (identity) {
            defendant.identity = { type: "resident-id", number: identity };
        } else {
            delete defendant.identity;
        }
        return filed(owner, { values });
    }

    test("the party whose papers are recorded joins at once, by the code, once", async () => {
        const matter = await filing(check(defendant_number));
        const code = await code_of(matter);
        const defendant = await login(server, "citizen-2");
        refused(await defendant.get(`/matters/${matter.id}`), 404);
        const answer = await defendant.post("/join", { code: `${code.slice(0, 4)}-${code.slice(4).toLowerCase()}` });
        assert.deepEqual(answer.body, { state: "joined", matter: matter.id }, answer.text);
        assert.equal((await defendant.get(`/matters/${matter.id}`)).status, 200);
        const again = await defendant.post("/join", { code });
        assert.equal(again.body.matter, matter.id);
        const other = await (await login(server, "citizen-3")).post("/join", { code });
        assert.equal(errors_at(other, "code").length, 1, other.text);
        const events = await owner.events(matter.id);
        assert.equal(events.at(-1).act, "join");
        const listed = await defendant.get("/matters?box=mine");
        assert.ok(listed.body.matters.some((row) => row.id === matter.id));
    });

    test("a stranger whose papers are nobody's is turned away", async () => {
        const matter = await filing(check(defendant_number));
        const stranger = await login(server, "citizen-3");
        const answer = await stranger.post("/join", { code: await code_of(matter) });
        refused(answer, 422);
        refused(await stranger.get(`/matters/${matter.id}`), 404);
    });

    test("where no papers are recorded the court looks first", async () => {
        const matter = await filing(null);
        const code = await code_of(matter);
        const stranger = await login(server, "citizen-4");
        const asked = await stranger.post("/join", { code });
        assert.deepEqual(asked.body, { state: "waiting", matter: null });
        refused(await stranger.get(`/matters/${matter.id}`), 404);
        refused(await owner.get(`/matters/${matter.id}/joinings`), 403);
        const waiting = (await reviewer.get(`/matters/${matter.id}/joinings`)).body.joinings;
        assert.equal(waiting[0].state, "waiting");
        const path = `/matters/${matter.id}/joinings/${waiting[0].paper}`;
        refused(await (await login(server, `reviewer@京0106`)).post(path, { decision: "confirm", party: 2 }), 404);
        refused(await reviewer.post(path, { decision: "confirm", party: 9 }), 422);
        const done = await reviewer.post(path, { decision: "confirm", party: 2 });
        assert.equal(done.status, 200, done.text);
        assert.equal((await stranger.get(`/matters/${matter.id}`)).status, 200);
        refused(await reviewer.post(path, { decision: "refuse" }), 409);
    });

    test("a lawyer asks to be an agent; the court says for whom and how far", async () => {
        const matter = await filing(check(defendant_number));
        const lawyer = await login(server, "lawyer-7");
        const asked = await lawyer.post("/join", { code: await code_of(matter), role: "litigation-agent" });
        assert.equal(asked.body.state, "waiting", asked.text);
        const [waiting] = (await reviewer.get(`/matters/${matter.id}/joinings`)).body.joinings;
        const path = `/matters/${matter.id}/joinings/${waiting.paper}`;
        refused(await reviewer.post(path, { decision: "confirm", party: 2 }), 422);
        const desk = await visitor(server, `reviewer@${COURT}`);
        const page = await desk.open(`/matters/${matter.id}/joinings`);
        const form = page.forms.find((one) => one.action.includes("/joinings/"));
        const missing = await desk.send(page, form, {}, { name: "decision", value: "confirm" });
        assert.equal(missing.status, 422);
        assert.match(missing.html, /请选择是哪一名当事人/);
        const done = await desk.send(page, form, { party: "2", authority: "special" }, { name: "decision", value: "confirm" });
        assert.equal(done.status, 303, done.html);
        assert.match((await desk.open(`/matters/${matter.id}/joinings`)).html, /已关联/);
        assert.equal((await lawyer.get(`/matters/${matter.id}`)).status, 200);
    });

    test("an unverified person is sent to be verified", async () => {
        const { client } = await registered({ identity: { type: "passport", number: "E11111111" } });
        refused(await client.post("/join", { code: "ABCDEFGHJKLM" }), 403, "verify-needed");
    });

    test("guessing codes is slow", async () => {
        const { client } = await registered();
        const statuses = [];
        for (let n = 0; n < 15; n++) {
            statuses.push((await client.post("/join", { code: `ABCDEFGHJK${n + 10}` })).status);
        }
        assert.ok(statuses.includes(422) && statuses.at(-1) === 429, `${statuses}`);
    });

    test("a follow code shows how far it is and whom to call, and nothing else", async () => {
        const matter = await filing(null);
        const { follow_code } = await owner.matter(matter.id);
        const answer = await nobody(server).get(`/follow?code=${follow_code}`);
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(Object.keys(answer.body).sort(), ["at", "calls", "clocks", "court", "may", "state", "state_title", "text", "title"]);
        assert.ok(!answer.text.includes("林晓舟") && !answer.text.includes(matter.id));
        refused(await reviewer.post(`/matters/${matter.id}/follow/new`, {}), 403);
        const fresh = await owner.post(`/matters/${matter.id}/follow/new`, {});
        assert.notEqual(fresh.body.follow_code, follow_code);
        refused(await nobody(server).get(`/follow?code=${follow_code}`), 404);
        assert.equal((await nobody(server).get(`/follow/${fresh.body.follow_code}`)).status, 200);
    });
});

describe("the administrator", () => {
    let admin;
    before(async () => {
        admin = await login(server, "admin");
    });

    test("adds people, gives and ends posts, and all is in the audit", async () => {
        const name = `zhang-${randomUUID().slice(0, 8)}`;
        const added = await admin.post("/admin/people", { name: "张明", login: name, post: "reviewer", court: COURT });
        assert.equal(added.status, 201, added.text);
        const staff = await nobody(server).login(name, added.body.first_password);
        assert.deepEqual(staff.person.posts.map((post) => post.post), ["reviewer"]);
        assert.equal((await admin.post("/admin/posts", { login: name, post: "judge", court: "北京市朝阳区人民法院" })).status, 200);
        const held = (await admin.get(`/admin/posts?q=${name}`)).body.posts;
        assert.deepEqual(held.map((post) => post.post).sort(), ["judge", "reviewer"]);
        assert.equal((await nobody(server).post("/session", { login: name, password: added.body.first_password, post: "judge" })).status, 200);
        const ended = await admin.post(`/admin/posts/${encodeURIComponent(held.find((post) => post.post === "reviewer").id)}/end`, {});
        assert.equal(ended.status, 200, ended.text);
        refused(await staff.get("/matters?box=todo"), 401);
        assert.equal((await admin.post(`/admin/people/${added.body.id}/lock`, { locked: "yes" })).status, 200);
        refused(await nobody(server).post("/session", { login: name, password: added.body.first_password }), 401, "login-failed");
        const audit = (await admin.get("/admin/audit?limit=10")).body.audit.map((row) => row.what);
        for (const what of ["add-person", "give-post", "end-post", "disable-person"]) {
            assert.ok(audit.includes(what), `${what} in ${audit}`);
        }
    });

    test("gives himself no post; who gives one, or a password, is seen by the court's leader and by all administrators", async () => {
        const give = (who, body) => who.post("/admin/posts", body);
        for (const body of [{ login: "admin", post: "judge", court: COURT }, { login: "admin", post: "admin" }]) {
            const answer = await give(admin, body);
            refused(answer, 422);
            assert.equal(errors_at(answer, "login")[0].code, "own-account");
        }
        const name = `wang-${randomUUID().slice(0, 8)}`;
        const added = await admin.post("/admin/people", { name: "王明", login: name, post: "judge", court: COURT });
        assert.equal(added.status, 201, added.text);
        assert.equal((await give(admin, { login: name, post: "sealer", court: COURT })).status, 200);
        assert.equal((await give(admin, { login: name, post: "admin" })).status, 200);
        assert.equal((await admin.post(`/admin/people/${added.body.id}/password`, {})).status, 201);
        const told = async (login_name) => (await (await login(server, login_name)).get("/inbox")).body.notices.filter((one) => one.text.includes("王明"));
        const leader = await told(`leader@${COURT}`);
        assert.deepEqual(leader.map((one) => one.kind).sort(), ["give-post", "give-post", "reset-password", "reset-password"]);
        assert.ok(leader.some((one) => /用印/.test(one.text)) && leader.every((one) => !/系统管理，/.test(one.text)));
        const admins = await told("admin@second");
        assert.deepEqual(admins.map((one) => one.kind).sort(), ["give-post", "give-post", "give-post", "reset-password", "reset-password", "reset-password"]);
        assert.deepEqual(await told("leader@京0108"), []);
        const page = await visitor(server, `leader@${COURT}`);
        const inbox = await page.open("/inbox");
        assert.match(inbox.html, /管理员添加了岗位/);
        assert.equal((await page.open(`/inbox/${leader[0].id}`)).status, 200, "there is no matter to open");
    });

    test("is refused unknown posts, courts, people, and taken logins", async () => {
        const add = (more) => admin.post("/admin/people", { name: "张明", login: `x-${randomUUID().slice(0, 8)}`, ...more });
        assert.equal(errors_at(await add({ post: "emperor", court: COURT }), "post").length, 1);
        assert.equal(errors_at(await add({ post: "judge", court: "京9999" }), "court").length, 1);
        assert.equal(errors_at(await add({ login: "admin" }), "login").length, 1);
        assert.equal(errors_at(await admin.post("/admin/posts", { login: "citizen-1", post: "judge", court: COURT }), "login").length, 1);
        refused(await admin.post("/admin/people/1/lock", { locked: "yes" }), 404);
        const self = admin.person.id;
        refused(await admin.post(`/admin/people/${self}/lock`, { locked: "yes" }), 422);
    });

    test("loads a table that fits and keeps the old one when it does not", async () => {
        const hours = await admin.get("/admin/tables/hours");
        assert.match(hours.headers.get("content-type"), /^text\/csv/);
        refused(await admin.post("/admin/tables", { kind: "hours", text: "x\n1\n" }), 422, "table-faulty");
        const loaded = await admin.post("/admin/tables", { kind: "hours", text: `${hours.text}\n` });
        assert.equal(loaded.status, 200, loaded.text);
        const rows = (await admin.get("/admin/tables")).body.tables.filter((row) => row.kind === "hours");
        assert.equal(rows[0].version, loaded.body.version);
        assert.equal(rows[0].loaded_by, admin.person.id);
        refused(await admin.post("/admin/tables", { kind: "emperors", text: "x" }), 422, "fields");
    });

    test("sees parked work, and nobody else sees any of it", async () => {
        assert.deepEqual((await admin.get("/admin/jobs")).body.jobs, []);
        const others = [nobody(server), await login(server, "citizen-1"), await login(server, `leader@${COURT}`)];
        for (const path of ["/admin", "/admin/people", "/admin/posts", "/admin/totp", "/admin/tables", "/admin/options", "/admin/jobs", "/admin/audit"]) {
            for (const other of others) {
                assert.ok([401, 404].includes((await other.get(path)).status), path);
            }
        }
    });

    test("has pages for all of it", async () => {
        const who = await visitor(server, "admin");
        for (const path of ["/admin/people", "/admin/posts", "/admin/totp", "/admin/tables", "/admin/options", "/admin/jobs", "/admin/audit"]) {
            const page = await who.open(path);
            assert.equal(page.status, 200, path);
            assert.match(page.html, /^<!doctype html>/, `${path} is a page`);
        }
    });
});
