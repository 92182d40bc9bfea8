// What a filing across domains becomes: by its kind a case of its own procedure, a number of its type,
// and what is to be paid or why nothing is; and what the case can do.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { login, refused } from "../lib/client.mjs";
import { beijing_date, day_end, period_days } from "../lib/law.mjs";
import { command, start } from "../lib/server.mjs";

const NEAR = "藏0630";
const FAR = "粤0307";

// Kind: procedure of the case, type of its number, fee in fen (null: nothing is due), end of its limit.
const KINDS = {
    civil: ["civil-first-instance", "民初", 52500],
    administrative: ["administrative-first-instance", "行初", 5000],
    "private-prosecution": ["private-prosecution", "刑初", null],
    "state-compensation": ["state-compensation", "法赔", null],
    enforcement: ["enforcement", "执", null],
    "civil-retrial": ["civil-retrial-review", "民申", null],
};

let server;
let people;

before(async () => {
    server = await start();
    people = { window: await login(server, `window@${NEAR}`), defendant: await login(server, "citizen-2") };
    for (const post of ["reviewer", "judge", "clerk", "leader", "enforcement"]) {
        people[post] = await login(server, `${post}@${FAR}`);
    }
});
after(() => server?.stop());

const clock_of = (matter, name) => matter.clocks.filter((clock) => clock.name === name).at(-1);

async function sent(kind, court = FAR) {
    const draft = await people.window.begin("cross-domain-filing", court, { "filing-kind": kind });
    return people.window.taken(draft.id, "submit", { "filing-kind": kind });
}

/** The filing after docketing, and its case as its judges see it. */
async function opened(kind, values = {}) {
    const filing = await sent(kind);
    const docketed = await people.reviewer.taken(filing.id, "docket", values);
    const link = docketed.links.find((one) => one.rel === "opened");
    return { filing: docketed, case: await people.judge.matter(link.id) };
}

for (const [kind, [procedure, type, fee]] of Object.entries(KINDS)) {
    describe(kind, () => {
        test("opens its case with a number of its type, both know of each other", async () => {
            const { filing, case: matter } = await opened(kind);
            assert.equal(filing.state, "docketed");
            assert.equal(matter.procedure, procedure);
            assert.match(matter.case_number, new RegExp(`^（\\d{4}）${FAR}${type}[1-9]\\d*号$`));
            assert.equal(filing.case_number, matter.case_number);
            assert.ok(matter.links.some((link) => link.rel === "opened-by" && link.id === filing.id));
            assert.deepEqual(matter.parties.map((party) => party.name), filing.parties.map((party) => party.name));
            const again = await opened(kind);
            const serial = (number) => Number(number.match(/(\d+)号$/)[1]);
            assert.equal(serial(again.case.case_number), serial(matter.case_number) + 1, "no gap");
        });

        test("says what is to be paid with its working, or why nothing is", async () => {
            const { filing } = await opened(kind);
            const [row] = filing.ledger;
            assert.equal(row.kind, fee === null ? "no-fee" : "acceptance-fee-due");
            assert.equal(row.amount, fee ?? 0);
            assert.ok(row.working.length > 0 && row.working.every((line) => line.rule), JSON.stringify(row));
            if (fee === null) {
                assert.notEqual(row.working[0].law, "");
            }
            const papers = filing.papers.map((paper) => paper.kind);
            assert.equal(papers.includes("notice-of-docketing"), kind !== "civil");
            assert.equal(papers.includes("notice-of-acceptance"), kind === "civil");
        });

        test("the case is closed with its result, and nothing can be done in it afterwards", async () => {
            const { case: matter } = await opened(kind);
            if (kind === "civil") {
                return; // its end belongs to the hearing
            }
            const who = kind === "enforcement" ? people.enforcement : people.judge;
            const closed = await who.taken(matter.id, "close");
            assert.equal(closed.state, "closed");
            assert.deepEqual(closed.clocks.filter((clock) => !clock.stopped), []);
            refused(await who.act(matter.id, "close", {}, { revision: closed.revision }), 409, "state");
        });
    });
}

describe("by the level of the court", () => {
    test("no private prosecution at a high court, no committee at a basic one", async () => {
        const draft = await people.window.begin("cross-domain-filing", "粤", { "filing-kind": "private-prosecution" });
        const far = refused(await people.window.take(draft.id, "submit", { "filing-kind": "private-prosecution" }), 422);
        assert.ok(far.errors.some((error) => error.code === "within-reach"));
        const filing = await sent("state-compensation");
        const basic = refused(await people.reviewer.take(filing.id, "docket", { "docketing-compensation": { body: "committee" } }), 422);
        assert.equal(basic.errors[0].code, "court-opens-kind");
        const middle = await sent("state-compensation", "粤03");
        const reviewer = await login(server, "reviewer@粤03");
        const docketed = await reviewer.taken(middle.id, "docket", { "docketing-compensation": { body: "committee" } });
        assert.match(docketed.case_number, /粤03委赔[1-9]\d*号$/);
    });

    test("trademark and patent cases pay 100 yuan, summary ones half", async () => {
        const ip = await opened("administrative", { "docketing-administrative": { ip: true } });
        assert.equal(ip.filing.ledger[0].amount, 10000);
        const short = await opened("administrative", { "docketing-administrative": { ip: false, "trial-procedure": "summary" } });
        assert.equal(short.filing.ledger[0].amount, 2500);
        const trial = clock_of(short.case, "trial");
        assert.equal(trial.due, day_end(period_days(beijing_date(trial.started), 45)));
        assert.match(trial.law, /83$/);
        const longer = await people.judge.taken(short.case.id, "convert-procedure", { "administrative-trial": { procedure: "ordinary" } });
        const after = clock_of(longer, "trial");
        assert.equal(after.started, trial.started, "the limit runs from docketing");
        assert.equal(after.unit, "months");
        assert.match(after.law, /81$/);
    });
});

describe("limits in the case", () => {
    test("the organ answers within 15 days of receiving the copy; silence is an event", async () => {
        const { case: matter } = await opened("administrative");
        assert.ok(clock_of(matter, "copy"));
        await people.clerk.taken(matter.id, "send-copy");
        const sent_copy = await people.judge.matter(matter.id);
        const answer = clock_of(sent_copy, "answer");
        assert.equal(answer.due, day_end(period_days(beijing_date(answer.started), 15)));
        assert.ok(clock_of(sent_copy, "copy").stopped);
        await people.judge.advance("40d");
        const events = await people.judge.events(matter.id);
        assert.ok(events.some((event) => event.act === "answer-lapsed" && event.at === answer.due));
    });

    test("an outage on the last day to answer prolongs it, and the organ is told, not only the judge", async () => {
        const { case: matter } = await opened("administrative");
        await people.clerk.taken(matter.id, "enter-defendant");
        await people.clerk.taken(matter.id, "send-copy");
        const due = Date.parse(clock_of(await people.judge.matter(matter.id), "answer").due);
        const beijing = (ms) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 19) + "+08:00";
        const admin = await login(server, "admin@京0105", "admin");
        const said = await admin.post("/admin/outages", { function: "filing", since: beijing(due - 3 * 3600_000), until: beijing(due - 2 * 3600_000), text: "升级数据库" });
        assert.equal(said.status, 200, said.text);
        const now = Date.parse((await admin.get("/outages")).body.now);
        await people.judge.advance(`${Math.ceil((due + 3600_000 - now) / 3600_000)}h`);
        assert.ok(Date.parse(clock_of(await people.judge.matter(matter.id), "answer").due) > due);
        const told = async (who) => (await who.get("/inbox?limit=200")).body.notices.filter((one) => one.kind === "prolong-periods" && one.matter === matter.id).length;
        assert.equal(await told(people.defendant), 1);
        assert.equal(await told(people.judge), 1);
    });

    test("who is entered as the other side can answer", async () => {
        for (const kind of ["administrative", "private-prosecution", "state-compensation", "civil-retrial", "enforcement"]) {
            const { case: matter } = await opened(kind);
            refused(await people.defendant.get(`/matters/${matter.id}`), 404);
            const who = kind === "enforcement" ? people.enforcement : people.clerk;
            await who.taken(matter.id, "enter-defendant");
            const taken = await people.defendant.taken(matter.id, "answer");
            assert.equal(taken.state, "pending", kind);
        }
    });

    test("the detained wait three months, others six; an extension is counted from docketing", async () => {
        const free = await opened("private-prosecution");
        const held = await opened("private-prosecution", { "docketing-prosecution": { detained: true } });
        assert.equal(clock_of(free.case, "trial").length, 6);
        assert.equal(clock_of(held.case, "trial").length, 3);
        const before = clock_of(held.case, "trial");
        const longer = clock_of(await people.leader.taken(held.case.id, "extend", { "time-limit": { months: 5, reason: "案情复杂" } }), "trial");
        assert.equal(longer.length, 5);
        assert.equal(longer.started, before.started);
        assert.ok(longer.due > before.due);
    });

    test("enforcement: the fee is of what was enforced, and no case is put aside too soon", async () => {
        const { case: matter } = await opened("enforcement");
        const soon = await people.enforcement.take(matter.id, "close", { "enforcement-closing": { way: "set-aside", enforced: 0 } });
        assert.equal(refused(soon, 422).errors[0].code, "set-aside-in-time");
        const closed = await people.enforcement.taken(matter.id, "close", { "enforcement-closing": { way: "completed", enforced: 30000000 } });
        const fee = closed.ledger.find((row) => row.kind === "enforcement-fee-due");
        assert.equal(fee.amount, 440000);
        assert.ok(fee.working.length > 1);
    });
});

test("rows of the cases are what their events add up to", async () => {
    await server.stop({ keep: true });
    const { code, stdout, stderr } = await command(["verify", ...server.flags]);
    assert.equal(code, 0, stdout + stderr);
    server = await server.again();
});
