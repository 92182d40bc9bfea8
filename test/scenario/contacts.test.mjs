// The directory of contacts: who sees, changes, verifies and reports what; tables; hours of a court.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { login, nobody, refused } from "../lib/client.mjs";
import { command, scratch, start } from "../lib/server.mjs";

const COURT = "京0107"; // none of those that the demo fills
const TRIBUNAL = `${COURT}-01`;
const ENTRY = { officer: "林知远", mobile: "13800138000", backup: "苏若溪", backup_mobile: "", office_phone: "010-00000000", phone_public: false, room: "诉讼服务中心" };

let server;
const people = new Map();
const who = async (name) => {
    if (!people.has(name)) {
        people.set(name, await login(server, name));
    }
    return people.get(name);
};

before(async () => {
    server = await start();
});
after(() => server?.stop());

const contact = async (name, court = COURT) => {
    const answer = await (name ? await who(name) : nobody(server)).get(`/contacts/${court}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
};

describe("a contact", () => {
    test("is empty until its court enters one, and is not made up", async () => {
        const seen = await contact("leader@京0107");
        assert.equal(seen.officer, null);
        assert.equal(seen.office_phone, null);
        assert.deepEqual(seen.may, { edit: true, verify: false, report: false });
        refused(await (await who("leader@京0107")).post(`/contacts/${COURT}/verify`, {}), 409, "contact-missing");
        refused(await (await who("reviewer@京0108")).post(`/contacts/${COURT}/report`, {}), 409, "contact-missing");
    });

    // Who may change it, verify it, say that nobody was reached: 200, or the refusal.
    const ROLES = {
        "": [401, 401, 401],
        "citizen-1": [403, 403, 403],
        "lawyer-1": [403, 403, 403],
        "leader@京0107": [200, 200, 403],
        "supervisor@京0107": [200, 200, 403],
        "reviewer@京0107": [403, 403, 403],
        "window@京0107": [403, 403, 403],
        "judge@京0107": [403, 403, 403],
        [`leader@${TRIBUNAL}`]: [403, 403, 200],
        "admin@京0107": [200, 403, 403],
        "leader@京0108": [403, 403, 200],
        "supervisor@京": [403, 403, 200],
        "window@京0108": [403, 403, 200],
        "mediator@沪0115": [403, 403, 200],
    };
    for (const [name, [change, verify, report]] of Object.entries(ROLES)) {
        test(`is changed, verified, reported by ${name || "nobody"}: ${change}, ${verify}, ${report}`, async () => {
            await (await who("leader@京0107")).post(`/contacts/${COURT}`, ENTRY);
            const actor = name ? await who(name) : nobody(server);
            const statuses = [];
            for (const [path, body] of [["", ENTRY], ["/verify", {}], ["/report", {}]]) {
                const answer = await actor.post(`/contacts/${COURT}${path}`, body);
                statuses.push(answer.status);
                if (answer.status !== 200) {
                    refused(answer, answer.status);
                }
            }
            assert.deepEqual(statuses, [change, verify, report]);
        });
    }

    test("is for staff; everybody else sees court and hours, and the phone only if the court shows it", async () => {
        const leader = await who("leader@京0107");
        await leader.post(`/contacts/${COURT}`, { ...ENTRY, phone_public: false });
        for (const name of ["", "citizen-1", "lawyer-1"]) {
            const seen = await contact(name);
            assert.deepEqual(Object.keys(seen).sort(), ["court", "demo", "hours", "level", "office_phone"]);
            assert.equal(seen.office_phone, null);
            assert.equal(typeof seen.hours.open, "boolean");
            const listed = (await (name ? await who(name) : nobody(server)).get(`/contacts?q=${COURT}`)).text;
            assert.ok(!/林知远|13800138000|010-0000/.test(listed), listed);
            const page = await (name ? await who(name) : nobody(server)).get(`/contacts/${COURT}`, { accept: "text/html" });
            assert.ok(!/林知远|13800138000|010-0000/.test(page.text));
        }
        await leader.post(`/contacts/${COURT}`, { ...ENTRY, phone_public: true });
        assert.equal((await contact("")).office_phone, "010-00000000");
        const page = await nobody(server).get(`/courts/${COURT}`, { accept: "text/html" });
        assert.match(page.text, /010-00000000/);
        for (const name of ["reviewer@京0107", "window@沪0115", "admin@京0107"]) {
            const seen = await contact(name);
            assert.equal(seen.officer, "林知远");
            assert.equal(seen.mobile, "13800138000");
        }
    });

    test("of a tribunal is kept by the court it belongs to", async () => {
        const answer = await (await who("leader@京0107")).post(`/contacts/${TRIBUNAL}`, ENTRY);
        assert.equal(answer.status, 200, answer.text);
        refused(await (await who("leader@京0108")).post(`/contacts/${TRIBUNAL}`, ENTRY), 403, "denied");
        assert.equal((await (await who(`leader@${TRIBUNAL}`)).post(`/contacts/${TRIBUNAL}`, ENTRY)).status, 200);
    });

    test("remembers every change with who, before and after; the mobile is not in the audit", async () => {
        const leader = await who("leader@京0107");
        await leader.post(`/contacts/${COURT}`, ENTRY);
        await leader.post(`/contacts/${COURT}`, { ...ENTRY, officer: "陆明轩", mobile: "13900139000" });
        const { changes } = await contact("leader@京0107");
        const officer = changes.find((change) => change.field === "officer");
        assert.deepEqual([officer.was, officer.becomes, officer.by], ["林知远", "陆明轩", leader.person.name]);
        const mobile = changes.find((change) => change.field === "mobile");
        assert.deepEqual([mobile.was, mobile.becomes], ["13800138000", "13900139000"]);
        assert.equal((await contact("reviewer@京0107")).changes, undefined);
        const audit = (await (await who("admin@京0107")).get("/admin/audit")).body.audit;
        const row = audit.find((one) => one.what === "change-contact");
        assert.equal(row.subject, `court:${COURT}`);
        assert.ok(!audit.some((one) => /139001/.test(one.detail)));
    });

    test("two people of other courts make it unreachable, the same one twice does not; verifying clears it", async () => {
        const leader = await who("leader@京0107");
        await leader.post(`/contacts/${COURT}`, ENTRY);
        const first = await who("window@京0108");
        await first.post(`/contacts/${COURT}/report`, {});
        await Promise.all([first.post(`/contacts/${COURT}/report`, {}), first.post(`/contacts/${COURT}/report`, {})]);
        let seen = await contact("reviewer@京0107");
        assert.deepEqual([seen.unreachable, seen.reports], [false, 1]);
        await (await who("reviewer@沪0115")).post(`/contacts/${COURT}/report`, {});
        seen = await contact("reviewer@京0107");
        assert.deepEqual([seen.unreachable, seen.reports], [true, 2]);
        const desk = await leader.get("/matters?box=todo", { accept: "text/html" });
        assert.match(desk.text, /联系不上本院联络人/);
        await leader.post(`/contacts/${COURT}/verify`, {});
        seen = await contact("reviewer@京0107");
        assert.deepEqual([seen.unreachable, seen.reports], [false, 0]);
    });

    test("is a task of the leader after 31 days, with the date of the last verification, until verified", async () => {
        const leader = await who("leader@京0107");
        await leader.post(`/contacts/${COURT}`, ENTRY);
        const desk = async (client) => (await client.get("/", { accept: "text/html" })).text;
        assert.doesNotMatch(await desk(leader), /超过31日没有核对/);
        await leader.advance("32d");
        await leader.login("leader@京0107");
        assert.match(await desk(leader), /超过31日没有核对/);
        assert.match(await desk(leader), /上次核对/);
        assert.doesNotMatch(await desk(await login(server, "reviewer@京0107")), /超过31日没有核对/);
        assert.equal((await contact("reviewer@京0107")).stale, true);
        await leader.post(`/contacts/${COURT}/verify`, {});
        assert.doesNotMatch(await desk(leader), /超过31日没有核对/);
        assert.equal((await contact("reviewer@京0107")).stale, false);
    });

    test("entries that cannot be right are refused at their field and change nothing", async () => {
        const leader = await who("leader@京0107");
        await leader.post(`/contacts/${COURT}`, ENTRY);
        for (const [field, value] of [
            ["officer", ""],
            ["officer", "林".repeat(101)],
            ["officer", "林\n远"],
            ["mobile", "12345"],
            ["mobile", "<script>alert(1)</script>"],
            ["office_phone", "随便"],
            ["room", "x".repeat(100_000)],
        ]) {
            const answer = await leader.post(`/contacts/${COURT}`, { ...ENTRY, [field]: value });
            refused(answer, 422, "fields");
            assert.equal(answer.body.errors[0].field, field);
        }
        assert.equal((await contact("reviewer@京0107")).officer, "林知远");
        refused(await leader.post("/contacts/京9999", ENTRY), 404, "not-found");
        assert.equal((await leader.get("/contacts/%00")).status, 400);
        const page = await leader.api("POST", `/contacts/${COURT}`, {
            accept: "text/html",
            body: new URLSearchParams({ ...ENTRY, officer: "", room: "<b>2号</b>" }).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        assert.equal(page.status, 422);
        assert.match(page.text, /请填写联络人姓名/);
        assert.match(page.text, /&lt;b&gt;2号/);
        assert.ok(!page.text.includes("<b>2号"));
    });

    test("what is hostile is text on the page", async () => {
        const leader = await who("leader@京0107");
        await leader.post(`/contacts/${COURT}`, { ...ENTRY, officer: '"><img src=x onerror=alert(1)>' });
        for (const path of [`/contacts/${COURT}`, `/contacts?q=${COURT}`]) {
            const page = await leader.get(path, { accept: "text/html" });
            assert.ok(!page.text.includes("<img src=x"), path);
        }
    });

    test("changed by two at once: one of them is told, or both wrote one after the other", async () => {
        const leader = await who("leader@京0107");
        await leader.post(`/contacts/${COURT}`, ENTRY);
        const { revision } = await contact("leader@京0107");
        const answers = await Promise.all(["甲", "乙", "丙"].map((officer) => leader.post(`/contacts/${COURT}`, { ...ENTRY, officer, revision })));
        assert.equal(answers.filter((answer) => answer.status === 200).length, 1, answers.map((answer) => answer.text).join("\n"));
        answers.filter((answer) => answer.status !== 200).forEach((answer) => refused(answer, 409));
        refused(await leader.post(`/contacts/${COURT}`, { ...ENTRY, officer: "丁", revision }), 409, "conflict");
    });
});

describe("the directory", () => {
    test("is found by name, part, initials, code and place", async () => {
        for (const q of ["北京市石景山区人民法院", "石景山", "bjssjs", "京0107", "石景山法院"]) {
            const answer = await nobody(server).get(`/contacts?q=${encodeURIComponent(q)}`);
            assert.equal(answer.status, 200);
            assert.ok(answer.body.contacts.some((row) => row.court.code === COURT), `${q}: ${answer.text.slice(0, 300)}`);
        }
        assert.deepEqual((await nobody(server).get("/contacts?q=没有这个地方的法院")).body.contacts, []);
        const below = await nobody(server).get("/contacts?parent=京01&limit=2");
        assert.equal(below.body.contacts.length, 2);
        assert.ok(below.body.next);
        const huge = await nobody(server).get(`/contacts?q=${"法".repeat(2000)}`);
        assert.ok([200, 400, 414].includes(huge.status), `${huge.status}`);
    });

    test("leads from the first page to a place, in the order of the division codes", async () => {
        const home = await nobody(server).get("/", { accept: "text/html" });
        assert.match(home.text, /href="\/contacts"/);
        const page = await nobody(server).get("/contacts", { accept: "text/html" });
        const places = [...page.text.matchAll(/href="\/contacts\?parent=[^"]+"[^>]*>\s*([^<]+?)\s*</g)].map((one) => one[1]);
        assert.deepEqual(places.slice(0, 4), ["北京市", "天津市", "河北省", "山西省"]);
        assert.ok(places.length >= 33, places.join());
    });

    test("has invented contacts of a few courts in a demo, marked so, and none without", async () => {
        const seen = await contact("reviewer@沪0115", "京0105");
        assert.equal(seen.demo, true);
        assert.ok(seen.officer);
        const page = await (await who("reviewer@沪0115")).get("/contacts/京0105", { accept: "text/html" });
        assert.match(page.text, /虚构/);
        const plain = await start({ demo: false });
        try {
            const answer = await nobody(plain).get("/contacts/京0105");
            assert.deepEqual([answer.body.demo, answer.body.office_phone], [false, null]);
        } finally {
            await plain.stop();
        }
    });
});

describe("a table of contacts", () => {
    const GOOD = "court,officer,office_phone,phone_public\n京0109,程思源,010-00000000,yes\n北京市房山区人民法院,沈静怡,12368,\n";

    test("is loaded by an administrator, all rows or none, and verifies nothing", async () => {
        const admin = await who("admin@京0107");
        const bad = await admin.post("/admin/contacts", { text: `${GOOD}京9999,无,12368,\n京0112,,12368,\n京0113,甲,电话,\n京0109,乙,12368,\n` });
        const problem = refused(bad, 422, "contacts-faulty");
        assert.deepEqual(problem.errors.map((error) => error.field), ["line 4", "line 5", "line 6", "line 7"]);
        assert.equal((await contact("reviewer@京0107", "京0109")).officer, null);
        const good = await admin.post("/admin/contacts", { text: GOOD });
        assert.deepEqual([good.status, good.body], [200, { made: 2, changed: 0, same: 0 }]);
        const again = await admin.post("/admin/contacts", { text: GOOD });
        assert.deepEqual(again.body, { made: 0, changed: 0, same: 2 });
        const seen = await contact("reviewer@京0107", "京0109");
        assert.deepEqual([seen.officer, seen.verified, seen.stale], ["程思源", null, true]);
        assert.equal((await contact("", "京0109")).office_phone, "010-00000000");
    });

    test("is refused when it is no table, empty, or comes from somebody else", async () => {
        const admin = await who("admin@京0107");
        refused(await admin.post("/admin/contacts", { text: "" }), 422, "fields");
        refused(await admin.post("/admin/contacts", { text: "a,b\n1,2\n" }), 422, "contacts-faulty");
        assert.ok((await admin.post("/admin/contacts", { text: 'court,officer\n"京0109,x\n' })).status >= 400);
        refused(await (await who("leader@京0107")).post("/admin/contacts", { text: GOOD }), 404);
        refused(await nobody(server).post("/admin/contacts", { text: GOOD }), 401);
        const page = await admin.api("POST", "/admin/contacts", {
            accept: "text/html",
            body: new URLSearchParams({ text: "court,officer\n京9999,<i>无</i>\n" }).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        assert.equal(page.status, 422);
        assert.match(page.text, /第2行/);
        assert.ok(!page.text.includes("<i>无"));
    });

    test("of some columns leaves the others as they stand; an empty cell clears", async () => {
        const admin = await who("admin@京0107");
        const whole = "court,officer,backup,office_phone,mobile,backup_mobile,room,phone_public\n京0114,程思源,沈静怡,010-00000001,13800138000,13800138001,二层,yes\n";
        assert.equal((await admin.post("/admin/contacts", { text: whole })).status, 200);
        const partly = await admin.post("/admin/contacts", { text: "court,officer,office_phone\n京0114,韩文博,010-00000001\n" });
        assert.deepEqual(partly.body, { made: 0, changed: 1, same: 0 });
        const seen = await contact("reviewer@京0107", "京0114");
        assert.deepEqual([seen.officer, seen.backup, seen.office_phone, seen.mobile, seen.backup_mobile, seen.room, seen.phone_public],
            ["韩文博", "沈静怡", "010-00000001", "13800138000", "13800138001", "二层", true]);
        await admin.post("/admin/contacts", { text: "court,officer,office_phone,room,backup_mobile\n京0114,韩文博,010-00000001,,\n" });
        const cleared = await contact("reviewer@京0107", "京0114");
        assert.deepEqual([cleared.room, cleared.backup_mobile, cleared.mobile], [null, null, "13800138000"]);
    });

    test("hostile or odd is text, or refused whole", async () => {
        const admin = await who("admin@京0107");
        const odd = '\ufeffcourt,officer,office_phone,room\r\n京0115,"𠮷㼆",12368,"<script>alert(1)</script>, =cmd()|x; DROP TABLE contact;--"\r\n';
        const loaded = await admin.post("/admin/contacts", { text: odd });
        assert.equal(loaded.status, 200, loaded.text);
        const seen = await contact("reviewer@京0107", "京0115");
        assert.deepEqual([seen.officer, seen.room], ["𠮷㼆", "<script>alert(1)</script>, =cmd()|x; DROP TABLE contact;--"]);
        const page = await (await who("reviewer@京0107")).get("/contacts/京0115", { accept: "text/html" });
        assert.ok(!page.text.includes("<script>alert(1)"));
        for (const text of ["court,officer,office_phone\n京0115\u0000,x,12368\n", `court,officer,office_phone\n京0115,${"长".repeat(5000)},12368\n`, "court,officer,mobile\n京0115,甲,13800138\n",
            "court,officer\n京0115,甲\n", "court,officer,office_phone\n京0115,甲,12368,多\n", "court,officer,office_phone\n../../etc/passwd,甲,12368\n"]) {
            const answer = await admin.post("/admin/contacts", { text });
            assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(text.slice(0, 40))}: ${answer.status} ${answer.text.slice(0, 200)}`);
        }
        assert.equal((await contact("reviewer@京0107", "京0115")).officer, "𠮷㼆", "nothing of them was written");
    });

    test("is imported by command", async () => {
        const other = await start();
        await other.stop({ keep: true });
        const file = join(other.data, "contacts.csv");
        writeFileSync(file, GOOD);
        const done = await command(["contacts", "import", file, ...other.flags]);
        assert.equal(done.code, 0, done.stderr);
        assert.deepEqual(JSON.parse(done.stdout), { made: 2, changed: 0, same: 0 });
        writeFileSync(file, `${GOOD}京9999,无,12368,\n`);
        const refused_one = await command(["contacts", "import", file, ...other.flags]);
        assert.equal(refused_one.code, 2);
        assert.match(refused_one.stderr, /line 4: 第4行：没有找到这个法院/);
        other.remove();
    });
});

// A procedure of the test's own, with a clock in the working minutes of its court.
const SHARE = {
    "data/procedures/hours-trial/1.yaml": `procedure: hours-trial
title: 办公时间试验
about: 只供试验。
begin: {by: [person, lawyer]}
parties: {plaintiff: 申请人}
states:
  draft:    {title: 草稿，尚未提交}
  waiting:  {title: 待法院答复, waits: [court.clerk]}
  answered: {title: 已答复, end: true}
clocks:
  answer: {title: 答复期限, starts: [waiting], stops: [answered], limit: 30 working-minutes, on_breach: answer-late}
acts:
  submit:      {title: 提交申请, by: [party.plaintiff], from: [draft], to: waiting, form: [hours-trial-text]}
  answer:      {title: 答复, by: [court.clerk], from: [waiting], to: answered}
  answer-late: {title: 超期未答复, by: [system], from: [waiting], tells: [court.leader]}
`,
    "data/elements/hours-trial-text.yaml": `element: hours-trial-text
title: 内容
type: long-text
required: true
max_length: 200
example: 试验
`,
};

describe("the hours of a court", () => {
    const HOURS = "/courts/京0105/hours";
    let share;
    let place;
    let leader;
    let citizen;

    const shown = (instant) => new Date(Date.parse(instant) + 8 * 3600_000).toISOString().slice(0, 16);
    const day_after = (date, days) => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86400_000).toISOString().slice(0, 10);
    const now = async () => (await citizen.post("/demo/clock", { advance: "1s" })).body.now;

    // To the next working day at a time of Beijing.
    const go_to_open = async () => {
        const { hours } = (await citizen.get("/courts/京0105")).body;
        if (!hours.open) {
            const wait = Math.ceil((Date.parse(hours.opens_at) - Date.parse(await now())) / 1000) + 1;
            await citizen.advance(`${wait}s`);
            await citizen.login();
            await leader.login();
        }
    };
    const filed_trial = async () => {
        const draft = await citizen.begin("hours-trial", "京0105");
        return citizen.taken(draft.id, "submit", { "hours-trial-text": "试验" });
    };

    before(async () => {
        share = scratch("share");
        for (const [path, text] of Object.entries(SHARE)) {
            mkdirSync(join(share, path, ".."), { recursive: true });
            writeFileSync(join(share, path), text);
        }
        place = await start({ args: ["--share", share] });
        citizen = await login(place, "citizen-1");
        leader = await login(place, "leader@京0105");
    });
    after(async () => {
        await place?.stop();
        rmSync(share, { recursive: true, force: true });
    });

    test("are changed by its own leader or supervisor alone", async () => {
        const body = { weekday: "5", am_start: "09:00", am_end: "12:00", preview: true };
        for (const [name, status] of [["citizen-1", 403], ["reviewer@京0105", 403], ["window@京0105", 403], ["leader@京0106", 403], ["admin", 403], ["supervisor@京", 403], ["leader@京0105", 200], ["supervisor@京0105", 200]]) {
            assert.equal((await (await login(place, name)).post(HOURS, body)).status, status, name);
        }
        refused(await nobody(place).post(HOURS, body), 401);
        const seen = await nobody(place).get(HOURS);
        assert.deepEqual([seen.status, seen.body.may.edit, seen.body.rows], [200, false, []]);
        refused(await leader.post("/courts/京9999/hours", body), 404, "not-found");
    });

    test("that cannot be right are refused at their field, and nothing changes", async () => {
        const today = (await now()).slice(0, 10);
        const good = { valid_from: today, am_start: "09:00", am_end: "12:00", pm_start: "13:30", pm_end: "17:30" };
        for (const [field, more] of [
            ["valid_from", { valid_from: day_after(today, -1) }],
            ["valid_from", { valid_from: day_after(today, 500) }],
            ["valid_from", { valid_from: "明天" }],
            ["weekday", { weekday: "8" }],
            ["am_start", { am_start: "九点" }],
            ["am_start", { am_start: "25:00" }],
            ["am_end", { am_end: "08:00" }],
            ["am_end", { am_end: "" }],
            ["pm_start", { pm_start: "11:00" }],
            ["am_start", { am_start: "", am_end: "", pm_start: "", pm_end: "" }],
            ["pm_end", { pm_end: "<b>".repeat(1000) }],
        ]) {
            const answer = await leader.post(HOURS, { ...good, ...more });
            refused(answer, 422, "fields");
            assert.equal(answer.body.errors[0].field, field, answer.text);
        }
        assert.deepEqual((await leader.get(HOURS)).body.rows, []);
    });

    test("changed while clocks run: the preview counts what moves, and then that moves by an act of the system", async () => {
        await go_to_open();
        const matter = await filed_trial();
        const old_due = matter.clocks[0].due;
        const today = (await now()).slice(0, 10);
        const closed = { valid_from: today, weekday: "day" };
        const preview = await leader.post(HOURS, { ...closed, preview: true });
        assert.deepEqual([preview.status, preview.body.preview.running, preview.body.preview.moved], [200, 1, 1], preview.text);
        assert.deepEqual((await leader.get(HOURS)).body.rows, []);
        assert.equal((await citizen.matter(matter.id)).clocks[0].due, old_due);
        const done = await leader.post(HOURS, closed);
        assert.equal(done.status, 200, done.text);
        assert.equal(done.body.done.moved, 1);
        assert.equal(done.body.hours.open, false);
        await citizen.advance("1s");
        const moved = (await citizen.matter(matter.id)).clocks[0];
        assert.notEqual(shown(moved.due).slice(0, 10), today);
        assert.ok((await citizen.events(matter.id)).some((event) => event.act === "recount-clocks"));
        const audit = (await (await login(place, "admin")).get("/admin/audit")).body.audit;
        assert.equal(audit.find((one) => one.what === "change-hours").subject, "court:京0105");
    });

    test("of several courts changed at once are all kept", async () => {
        const today = (await now()).slice(0, 10);
        const courts = ["京0106", "京0107", "京0108", "京0109"];
        const leaders = await Promise.all(courts.map((court) => login(place, `leader@${court}`)));
        const answers = await Promise.all(leaders.map((one, i) => one.post(`/courts/${courts[i]}/hours`, { valid_from: today, am_start: "08:00", am_end: "11:00", pm_start: "14:00", pm_end: "17:00" })));
        answers.forEach((answer) => assert.equal(answer.status, 200, answer.text));
        for (const court of courts) {
            const seen = (await nobody(place).get(`/courts/${court}`)).body;
            assert.equal(seen.hours.text.split("；")[0], "周一至周五 08:00–11:00 14:00–17:00", court);
        }
        assert.match((await nobody(place).get("/courts/沪0115")).body.hours.text, /^周一至周五 09:00–12:00 13:30–17:30/);
    });

    test("of one weekday are said so; the page asks before it changes", async () => {
        const today = (await now()).slice(0, 10);
        const form = (more) => ({
            accept: "text/html",
            body: new URLSearchParams({ valid_from: day_after(today, 1), weekday: "5", am_start: "9:00", am_end: "12:00", pm_start: "", pm_end: "", ...more }).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        const asked = await leader.api("POST", HOURS, form());
        assert.equal(asked.status, 200);
        assert.match(asked.text, /请核对后确认/);
        assert.match(asked.text, /每周五：09:00–12:00/);
        const done = await leader.api("POST", HOURS, form({ _do: "yes" }));
        assert.equal(done.status, 303, done.text);
        await citizen.advance("3d");
        const text = (await nobody(place).get("/courts/京0105")).body.hours.text;
        assert.match(text, /周一至周四 09:00–12:00 13:30–17:30，周五 09:00–12:00/);
    });
});
