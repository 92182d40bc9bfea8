// Hand-overs in time: what the program does on its own, the clocks of the deciding court, what they
// write when they run out. Days are those of the worked examples, on the same days of the week in a
// week to come, with the holidays of the example loaded as a table.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { login, refused } from "../lib/client.mjs";
import { root, start, until } from "../lib/server.mjs";

const FILING = "cross-domain-filing";
const NEAR = "京0105";
const FAR = "粤0307"; // 深圳市龙岗区
const DAY_MS = 86_400_000;

let server;
let people;
let monday; // of the week the examples are laid into, "YYYY-MM-DD"

const day = (offset) => new Date(Date.parse(monday) + offset * DAY_MS).toISOString().slice(0, 10);
const at = (offset, time) => Date.parse(`${day(offset)}T${time}:00+08:00`);
const holidays = () => readFileSync(join(root, "data/tables/holidays.csv"), "utf8").trimEnd().split("\n");

/** A row of the table of hours: mornings are half an hour, afternoons begin at two. */
function hours_row(text) {
    const said = { court: FAR, am_start: "09:00", am_end: "09:30", pm_start: "14:00", pm_end: "17:30" };
    return text.split("\n")[0].split(",").map((column) => said[column.trim()] ?? "").join(",");
}

async function now() {
    return Date.parse(await people.window.advance("1s"));
}

/** Moves the program's clock to an instant that is still to come. */
async function go(instant) {
    const ms = instant - (await now());
    assert.ok(ms > 0, `${new Date(instant).toISOString()} is past`);
    const seconds = Math.round(ms / 1000);
    if (seconds >= 60) {
        await people.window.advance(`${Math.floor(seconds / 60)}m`);
    }
    if (seconds % 60 > 0) {
        await people.window.advance(`${seconds % 60}s`);
    }
}

async function sent(values = {}) {
    const draft = await people.window.begin(FILING, FAR);
    return people.window.taken(draft.id, "submit", values);
}

const clock_of = (matter, name) => matter.clocks.findLast((clock) => clock.name === name);
const is_near = (shown, instant, what) =>
    assert.ok(Math.abs(Date.parse(shown) - instant) < 30_000, `${what}: ${shown}, not ${new Date(instant + 8 * 3600_000).toISOString()}`);

async function events_of(id, act) {
    return (await people.window.events(id)).filter((event) => event.act === act);
}

async function told(who, id) {
    const { body } = await who.get("/inbox?limit=200");
    return body.notices.filter((notice) => notice.matter === id).map((notice) => notice.kind);
}

before(async () => {
    server = await start();
    people = {
        window: await login(server, `window@${NEAR}`),
        reviewer: await login(server, `reviewer@${FAR}`),
        judge: await login(server, `judge@${FAR}`),
        leader: await login(server, `leader@${FAR}`),
        province: await login(server, "supervisor@粤"),
        admin: await login(server, `admin@${NEAR}`),
    };
    const today = new Date((await now()) + 8 * 3600_000);
    const ahead = ((8 - today.getUTCDay()) % 7 || 7) + 7;
    monday = new Date(today.getTime() + ahead * DAY_MS).toISOString().slice(0, 10);
    // Friday 4, a working Saturday 5; Thursday 10 is the example's 12 February: a working Saturday 12,
    // nine days of Spring Festival from Sunday 13, a working Saturday 26.
    const rows = holidays().filter((row) => !(row >= day(0) && row < day(40)));
    const header = rows.shift();
    rows.push(`${day(5)},workday,调休`, `${day(12)},workday,春节`, `${day(26)},workday,春节`);
    for (let n = 13; n < 22; n++) {
        rows.push(`${day(n)},holiday,春节`);
    }
    const loaded = await people.admin.post("/admin/tables", { kind: "holidays", text: [header, ...rows.sort()].join("\n") + "\n" });
    assert.ok([200, 201, 303].includes(loaded.status), loaded.text);
});
after(() => server?.stop());

describe("what the program does on its own", () => {
    test("relayed behind the commit, received when first listed, opened when first looked at, each once", async () => {
        const matter = await sent();
        const relay = await until("relayed", async () => (await events_of(matter.id, "relay"))[0]);
        assert.equal(relay.actor.kind, "system");
        await people.window.matter(matter.id);
        await people.window.get("/matters?box=court");
        assert.equal((await events_of(matter.id, "receive")).length, 0, "the court that handed it over has not received it");
        await Promise.all([people.reviewer, people.judge, people.leader].map((who) => who.get("/matters?box=court&limit=200")));
        const received = await until("received", async () => (await events_of(matter.id, "receive"))[0]);
        assert.equal(received.seen_by.court, FAR);
        assert.equal((await events_of(matter.id, "open")).length, 0);
        const readers = [people.reviewer, people.judge, people.leader, people.reviewer, people.judge, people.leader];
        for (const seen of await Promise.all(readers.map((who) => who.matter(matter.id)))) {
            assert.ok(!seen.acts.some((act) => ["relay", "receive", "open"].includes(act.name)));
        }
        await until("opened", async () => (await events_of(matter.id, "open"))[0]);
        await people.reviewer.matter(matter.id);
        await people.reviewer.get("/matters?box=todo&limit=200");
        await new Promise((done) => setTimeout(done, 300));
        const acts = (await people.window.events(matter.id)).map((event) => event.act);
        assert.deepEqual(acts, ["submit", "relay", "receive", "open"]);
        const seen = await people.window.matter(matter.id);
        assert.deepEqual(seen.ladder.filter((rung) => rung.at).map((rung) => rung.rung), ["submitted", "relayed", "received", "opened"]);
        assert.equal(clock_of(seen, "response").stopped, null, "looking stops nothing");
        for (const act of ["relay", "receive", "open"]) {
            refused(await people.reviewer.act(matter.id, act, {}, { revision: seen.revision }), 403);
        }
        await people.reviewer.taken(matter.id, "respond");
    });

    test("nobody is entered to be called: the leader and the window are told; with a mobile a message goes out", async () => {
        const court = "京0107"; // the demo enters nobody there
        const leader = await login(server, `leader@${court}`);
        const relayed = async () => {
            const draft = await people.window.begin(FILING, court);
            const matter = await people.window.taken(draft.id, "submit");
            const relay = await until("relayed", async () => (await events_of(matter.id, "relay"))[0]);
            return { id: matter.id, title: relay.title };
        };
        const bare = await relayed();
        assert.match(bare.title, /没有登记联络人/);
        assert.ok((await told(leader, bare.id)).includes("relay"));
        assert.ok((await told(people.window, bare.id)).includes("relay"));
        const entry = { officer: "林知远", mobile: "13800138000", backup: "苏若溪", backup_mobile: "13800138001", office_phone: "", room: "诉讼服务中心" };
        const entered = await leader.post(`/contacts/${court}`, entry);
        assert.equal(entered.status, 200, entered.text);
        assert.equal((await relayed()).title, "送到管辖法院");
    });
});

describe("thirty working minutes of the deciding court", () => {
    test("sent 11:50 on a Monday: due 13:50; reminder after twenty; late by the system at that instant", async () => {
        await go(at(0, "11:50"));
        const matter = await sent();
        is_near(clock_of(matter, "response").due, at(0, "13:50"), "response");
        is_near(clock_of(matter, "response-province").due, at(0, "15:20"), "province");
        await go(at(0, "12:30"));
        const noon = await sent();
        is_near(clock_of(noon, "response").due, at(0, "14:00"), "sent 12:30");
        await people.reviewer.taken(noon.id, "respond");
        await go(at(0, "13:39"));
        assert.ok(!(await told(people.reviewer, matter.id)).includes("remind"));
        await go(at(0, "13:41"));
        assert.ok((await told(people.reviewer, matter.id)).includes("remind"), "after twenty minutes the officer is reminded");
        assert.equal((await events_of(matter.id, "response-late")).length, 0);
        await go(at(0, "13:52"));
        const [late] = await events_of(matter.id, "response-late");
        assert.equal(late.actor.kind, "system");
        assert.equal(late.at, clock_of(matter, "response").due);
        assert.ok((await told(people.leader, matter.id)).includes("response-late"));
        assert.ok(!(await told(people.province, matter.id)).includes("response-late-province"));
        await go(at(0, "15:22"));
        assert.ok((await told(people.province, matter.id)).includes("response-late-province"));
        const after = await people.reviewer.taken(matter.id, "respond");
        const rungs = Object.fromEntries(after.ladder.map((rung) => [rung.rung, rung]));
        assert.ok(rungs["late-response"].negative && rungs["late-province"].at);
        assert.equal(rungs["late-feedback"], undefined);
    });

    test("sent 18:00 on a Tuesday: due 09:30 on Wednesday", async () => {
        await go(at(1, "18:00"));
        const matter = await sent();
        is_near(clock_of(matter, "response").due, at(2, "09:30"), "response");
        await people.reviewer.taken(matter.id, "respond");
    });

    test("hours of the court changed while the clock runs: the end follows, recorded with old and new", async () => {
        await go(at(2, "09:10"));
        const matter = await sent();
        const old = clock_of(matter, "response").due;
        is_near(old, at(2, "09:40"), "response");
        const { text } = await people.admin.get("/admin/tables/hours");
        const loaded = await people.admin.post("/admin/tables", { kind: "hours", text: `${text.trimEnd()}\n${hours_row(text)}\n` });
        assert.ok([200, 201, 303].includes(loaded.status), loaded.text);
        await people.window.advance("1s");
        const moved = await people.window.matter(matter.id);
        is_near(clock_of(moved, "response").due, at(2, "14:10"), "recounted");
        assert.equal((await events_of(matter.id, "recount-clocks")).length, 1);
        await go(at(2, "13:59"));
        assert.equal((await events_of(matter.id, "response-late")).length, 0);
        await people.reviewer.taken(matter.id, "respond");
        const back = await people.admin.post("/admin/tables", { kind: "hours", text });
        assert.ok([200, 201, 303].includes(back.status), back.text);
        await people.window.advance("1s");
    });

    test("sent 17:20 on the Friday before a working Saturday: due 09:20 on Saturday", async () => {
        await go(at(4, "17:20"));
        const matter = await sent();
        is_near(clock_of(matter, "response").due, at(5, "09:20"), "response");
        await people.reviewer.taken(matter.id, "respond");
    });
});

describe("twenty-four hours, seven working days, the statutory days", () => {
    test("sent Saturday 10:20: feedback is late on Sunday 10:20, rest day or not", async () => {
        await go(at(5, "10:20"));
        const matter = await sent();
        is_near(clock_of(matter, "feedback").due, at(6, "10:20"), "feedback");
        await go(at(6, "10:22"));
        const [late] = await events_of(matter.id, "feedback-late");
        assert.equal(late.at, clock_of(matter, "feedback").due);
        await people.reviewer.taken(matter.id, "respond");
        const { ladder } = await people.window.matter(matter.id);
        assert.ok(ladder.find((rung) => rung.rung === "late-feedback").at);
    });

    test("sent Thursday before Spring Festival: seven days by law roll over it, seven working days end after", async () => {
        await go(at(10, "10:00"));
        const matter = await sent();
        is_near(clock_of(matter, "review").due, at(22, "23:59") + 59_000, "review");
        is_near(clock_of(matter, "decision").due, at(26, "23:59") + 59_000, "decision");
        await people.reviewer.taken(matter.id, "respond");
        await go(at(23, "00:01"));
        assert.equal((await events_of(matter.id, "review-overdue")).length, 1, "the statutory alarm comes first");
        assert.equal((await events_of(matter.id, "decision-late")).length, 0);
        await go(at(27, "00:01"));
        assert.equal((await events_of(matter.id, "decision-late")).length, 1);
        const after = await people.reviewer.taken(matter.id, "redirect");
        assert.deepEqual(after.clocks.filter((clock) => !clock.stopped), []);
    });

    test("a holiday loaded in the middle moves what runs", async () => {
        await go(at(28, "10:00"));
        const matter = await sent({});
        const due = clock_of(matter, "decision").due;
        const rows = (await people.admin.get("/admin/tables/holidays")).text.trimEnd().split("\n");
        const header = rows.shift();
        rows.push(`${day(30)},holiday,临时放假`);
        const loaded = await people.admin.post("/admin/tables", { kind: "holidays", text: [header, ...rows.sort()].join("\n") + "\n" });
        assert.ok([200, 201, 303].includes(loaded.status), loaded.text);
        await people.window.advance("1s");
        const moved = clock_of(await people.window.matter(matter.id), "decision").due;
        assert.ok(Date.parse(moved) > Date.parse(due), `${due} → ${moved}`);
        await people.reviewer.taken(matter.id, "respond");
    });
});

test("killed in the middle: what was handed over is relayed and runs out after the restart, once", async () => {
    const matter = await sent();
    await server.kill();
    server = await server.again();
    for (const who of Object.values(people)) {
        who.server = server;
    }
    // On PostgreSQL a job taken up by the program that died is free again when its lease has run out.
    await until("relayed", async () => (await events_of(matter.id, "relay")).length === 1, 180_000, 500);
    await people.window.advance("7d");
    for (const act of ["submit", "relay", "response-late", "response-late-province", "feedback-late"]) {
        assert.equal((await events_of(matter.id, act)).length, 1, act);
    }
});
