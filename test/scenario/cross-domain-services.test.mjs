// The five services about a case that there is: from the window of one court to the court that has
// the case, and back. What cannot be known at the window warns; the court confirms, grants or denies.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { beijing_date, date_add, day_end, is_rest, period_days } from "../lib/law.mjs";
import { command, start, until } from "../lib/server.mjs";

const NEAR = "藏0630"; // 双湖县
const FAR = "粤0307"; // 深圳龙岗
const UNKNOWN = `（2025）${FAR}民初98765号`; // of that court, not in this database

// Who grants, what is asked, its limit, the paper of a grant.
const SERVICES = {
    "cross-domain-reading": { by: "judge", limit: "3 working-days", paper: "reading-notice" },
    "cross-domain-relay": { by: "clerk", limit: "1 working-days", paper: null },
    "cross-domain-pickup": { by: "clerk", limit: "0 working-days", paper: null },
    "cross-domain-evidence": { by: "judge", limit: "5 days", paper: "evidence-permit" },
    "cross-domain-adjournment": { by: "judge", limit: "3 days", paper: "adjournment-notice" },
};

let server;
let people;

before(async () => {
    server = await start();
    people = {};
    for (const post of ["clerk", "judge", "reviewer", "leader"]) {
        people[post] = await login(server, `${post}@${FAR}`);
    }
    people.window = await login(server, `window@${NEAR}`);
    people.citizen = await login(server, "citizen-1"); // whom the examples of the forms are about
    people.stranger = await login(server, "citizen-2");
});
after(() => server?.stop());

const names = (matter) => matter.acts.map((act) => act.name).sort();
const clock_of = (matter, name) => matter.clocks.filter((clock) => clock.name === name).at(-1);
const kinds = (matter) => matter.papers.map((paper) => paper.kind);

/** The last of so many working days; of none the day itself, or the next on which the court opens. */
function working_days(from, count, closed) {
    let day = from;
    for (let left = count; left > 0 || is_rest(day) || (count === 0 && day === from && closed); ) {
        day = date_add(day, 1);
        left -= is_rest(day) ? 0 : 1;
    }
    return day;
}

async function draft_of(procedure) {
    return people.window.begin(procedure, FAR);
}

async function sent(procedure, number = UNKNOWN, values = {}) {
    const draft = await draft_of(procedure);
    return people.window.taken(draft.id, "submit", { case: { number }, ...values });
}

async function confirmed(procedure, number) {
    const matter = await sent(procedure, number);
    return people.clerk.taken(matter.id, "confirm-standing");
}

async function paper_text(who, matter, kind) {
    const paper = matter.papers.find((one) => one.kind === kind);
    assert.ok(paper, `${kind} among ${kinds(matter)}`);
    for (let tries = 0; tries < 100; tries++) {
        const answer = await who.get(paper.url, { accept: "application/pdf" });
        if (answer.status === 200) {
            assert.equal(answer.bytes.subarray(0, 5).toString(), "%PDF-");
            return answer.bytes;
        }
        await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`${kind} is not drawn`);
}

for (const [procedure, service] of Object.entries(SERVICES)) {
    describe(procedure, () => {
        test("goes from the window to the court and back", async () => {
            const request = await sent(procedure);
            assert.equal(request.state, "sent");
            assert.equal(request.collaborator.code, NEAR);
            assert.equal(request.court.code, FAR);
            assert.match(request.title, new RegExp(`98765号$`));
            assert.ok(kinds(request).includes("request-receipt"));
            await until("the officer has been told", async () =>
                (await people.window.events(request.id)).some((event) => event.act === "relay"));
            const standing = await people.clerk.taken(request.id, "confirm-standing");
            assert.equal(standing.state, "confirmed");
            assert.deepEqual(standing.links, [], "a case that is not here has no link");
            assert.equal(standing.values.standing.with.length > 0, true);
            const granted = await people[service.by].taken(request.id, "grant");
            assert.equal(granted.state, "granted");
            assert.ok(clock_of(granted, "decision").stopped);
            if (service.paper) {
                await paper_text(people.window, granted, service.paper);
            }
            const delivered = await people.window.taken(request.id, "deliver");
            assert.equal(delivered.state, "delivered");
            const closed = await people.window.taken(request.id, "rate");
            assert.equal(closed.state, "closed");
            const reached = closed.ladder.filter((rung) => rung.at && !rung.negative).map((rung) => rung.rung);
            assert.deepEqual(reached, ["submitted", "relayed", "received", "opened", "responded", "decided", "delivered"]);
            const acts = (await people.clerk.events(request.id)).map((event) => event.act);
            for (const act of ["submit", "confirm-standing", "grant", "deliver", "rate"]) {
                assert.equal(acts.filter((one) => one === act).length, 1, `${act} in ${acts}`);
            }
        });

        test("is denied with a reason, on paper", async () => {
            const request = await sent(procedure);
            const denied = await people.clerk.taken(request.id, "deny", { denial: { ground: "no-standing", reason: "案卷中没有这名当事人。" } });
            assert.equal(denied.state, "denied");
            assert.equal(denied.values.denial.ground, "no-standing");
            await paper_text(people.window, denied, "denial-notice");
            const delivered = await people.window.taken(request.id, "deliver");
            assert.equal(delivered.state, "delivered");
            assert.ok(!kinds(delivered).includes("service-return"));
        });

        test("is withdrawn by whoever asked, and answered no more", async () => {
            const request = await confirmed(procedure);
            const withdrawn = await people.window.taken(request.id, "withdraw");
            assert.equal(withdrawn.state, "withdrawn");
            assert.deepEqual(withdrawn.clocks.filter((clock) => !clock.stopped), []);
            const late = await people[service.by].act(request.id, "grant", {}, { revision: withdrawn.revision });
            refused(late, 409, "state");
        });

        test("is nobody's but theirs", async () => {
            const request = await sent(procedure);
            refused(await people.stranger.get(`/matters/${request.id}`), 404);
            const other = await login(server, "clerk@粤0304");
            refused(await other.get(`/matters/${request.id}`), 404);
            const window = await login(server, "window@藏06");
            refused(await window.get(`/matters/${request.id}`), 404);
            refused(await people.window.act(request.id, "confirm-standing", {}, { revision: request.revision }), 403);
            refused(await people.leader.act(request.id, "deny", {}, { revision: request.revision }), 403);
            assert.deepEqual(names(await people.leader.matter(request.id)), []);
            refused(await people.citizen.post("/matters", { procedure, court: FAR, values: {} }), 403);
            refused(await people.window.post("/matters", { procedure, court: NEAR, values: {} }), 422);
            const to_tribunal = await people.window.post("/matters", { procedure, court: `${FAR}-01`, values: {} });
            refused(to_tribunal, 422);
        });

        test("cannot be granted before the standing is confirmed", async () => {
            const request = await sent(procedure);
            const offered = names(await people.clerk.matter(request.id));
            assert.deepEqual(offered.filter((name) => name !== "message"), ["confirm-standing", "deny"]);
            refused(await people[service.by].act(request.id, "grant", {}, { revision: request.revision }), 409, "state");
        });

        test("the number of another court warns, and the court is told of it", async () => {
            const draft = await draft_of(procedure);
            const moved = { case: { number: "（2025）京0105民初1号" } };
            const doubted = refused(await people.window.take(draft.id, "submit", moved, { accept_warnings: false }), 428, "warnings");
            const warning = doubted.warnings.find((one) => one.code === "case-of-court");
            assert.equal(warning.field, "case.number");
            assert.match(warning.title, /北京市朝阳区人民法院/);
            await people.window.taken(draft.id, "submit", moved, { accept_warnings: true });
            const right = await draft_of(procedure);
            const taken = await people.window.take(right.id, "submit", { case: { number: ` (2025) ${FAR}民初 98765 号` } }, { accept_warnings: ["in-evidence-period", "hearing-ahead"] });
            assert.equal(taken.status, 200, taken.text);
            assert.equal(taken.body.values.case.number, UNKNOWN, "kept in its normal form");
        });

        test("what is no case number is refused at its field", async () => {
            const draft = await draft_of(procedure);
            const bad = refused(await people.window.take(draft.id, "submit", { case: { number: "2025年第5号" } }), 422, "fields");
            assert.ok(bad.errors.some((error) => error.field === "case.number"));
        });
    });
}

describe("the person who came", () => {
    const mine = async (who) => (await who.get("/matters?box=mine&limit=200")).body.matters.map((row) => row.id);
    const visitor_of = (values) => ({ visitor: values });

    for (const procedure of Object.keys(SERVICES)) {
        test(`${procedure} is among the matters of the account he has`, async () => {
            const request = await sent(procedure);
            assert.ok((await mine(people.citizen)).includes(request.id));
            const seen = await people.citizen.matter(request.id);
            assert.deepEqual(names(seen), ["withdraw"]);
            assert.ok(!JSON.stringify(seen).includes("11010519491231002X"), "a number is shown to nobody whole");
            assert.ok(!(await mine(people.stranger)).includes(request.id));
        });
    }

    test("a filing is his, too, and so is the case it opens", async () => {
        const draft = await people.window.begin("cross-domain-filing", FAR, { "filing-kind": "civil" });
        const filing = await people.window.taken(draft.id, "submit", { "filing-kind": "civil" });
        assert.ok((await mine(people.citizen)).includes(filing.id));
        const docketed = await people.reviewer.taken(filing.id, "docket");
        assert.ok((await mine(people.citizen)).includes(docketed.links[0].id));
    });

    test("no number that somebody types opens anything: another name, an original nobody compared", async () => {
        const other_name = await sent("cross-domain-relay", UNKNOWN, visitor_of({ name: "王某" }));
        refused(await people.citizen.get(`/matters/${other_name.id}`), 404);
        const draft = await draft_of("cross-domain-relay");
        refused(await people.window.take(draft.id, "submit", visitor_of({ "same-person": false })), 422);
        refused(await people.citizen.get(`/matters/${draft.id}`), 404);
    });

    test("an account opens nothing before somebody has verified it", async () => {
        const identity = { type: "passport", number: "G87654321" }; // no register knows it
        const registering = { name: "张查无", identity, phone: "13900000877", password: "a-long-phrase-of-words" };
        const registered = await nobody(server).post("/register", registering);
        assert.equal(registered.status, 201, registered.text);
        assert.equal(registered.body.person.verified, false);
        const person = nobody(server);
        person.token = registered.body.token;
        const early = await sent("cross-domain-relay", UNKNOWN, visitor_of({ name: "张查无", document: "passport", identity }));
        refused(await person.get(`/matters/${early.id}`), 404);
        const verified = await people.window.post(`/window/people/${registered.body.person.id}/verify`, { identity });
        assert.equal(verified.status, 200, verified.text);
        const request = await sent("cross-domain-relay", UNKNOWN, visitor_of({ name: "张查无", document: "passport", identity }));
        assert.equal((await person.get(`/matters/${request.id}`)).status, 200);
        refused(await person.get(`/matters/${early.id}`), 404);
    });
});

describe("limits", () => {
    test("each service has its own, and a breach of each is an act by the system", async () => {
        const waiting = [];
        for (const [procedure, service] of Object.entries(SERVICES)) {
            const request = await sent(procedure);
            const clock = clock_of(request, "decision");
            const [length, unit] = service.limit.split(" ");
            assert.equal(clock.unit, unit, procedure);
            const from = beijing_date(clock.started);
            const closed = clock.started.slice(11, 16) >= "17:30";
            const due = unit === "days" ? period_days(from, Number(length)) : working_days(from, Number(length), closed);
            assert.equal(clock.due, day_end(due), procedure);
            waiting.push([procedure, request.id, clock.due]);
        }
        const now = Date.parse(await people.citizen.advance("1s"));
        const last = Math.max(...waiting.map(([, , due]) => Date.parse(due)));
        await people.citizen.advance(`${Math.ceil((last - now) / 1000) + 2}s`);
        for (const [procedure, id, due] of waiting) {
            const events = await people.clerk.events(id);
            const late = events.find((event) => event.act === "decision-late");
            assert.ok(late, `${procedure}: ${events.map((event) => event.act)}`);
            assert.equal(late.at, due, "at its own instant");
            assert.equal(late.actor.kind, "system");
            assert.ok(events.some((event) => event.act === "response-late"), procedure);
            const matter = await people.clerk.matter(id);
            assert.equal(matter.state, "sent", "a breach decides nothing");
        }
    });
});

describe("a case that is in this database", () => {
    /** A case at the far court, opened by a filing. */
    async function case_there() {
        const reviewer = people.reviewer;
        const draft = await people.citizen.begin("civil-first-instance-filing", FAR);
        const filing = await people.citizen.taken(draft.id, "submit");
        const docketed = await reviewer.taken(filing.id, "docket");
        return docketed.links[0];
    }

    for (const procedure of Object.keys(SERVICES)) {
        test(`${procedure} and the case know of each other once the standing is confirmed`, async () => {
            const link = await case_there();
            const request = await sent(procedure, link.case_number);
            assert.deepEqual(request.links, [], "handing in a number tells nothing");
            const standing = await people.clerk.taken(request.id, "confirm-standing");
            assert.equal(standing.links.length, 1);
            assert.equal(standing.links[0].rel, "about");
            assert.equal(standing.links[0].id, link.id);
            const there = await people.judge.matter(link.id);
            const back = there.links.find((one) => one.id === request.id);
            assert.equal(back?.rel, "request");
            assert.equal((await people.judge.events(link.id)).at(-1).act, "request");
        });
    }

    test("a case of another court is left alone", async () => {
        const filing = await (async () => {
            const draft = await people.citizen.begin();
            return people.citizen.taken(draft.id, "submit");
        })();
        const reviewer = await login(server, "reviewer@京0105");
        const docketed = await reviewer.taken(filing.id, "docket");
        const request = await sent("cross-domain-relay", docketed.case_number);
        const standing = await people.clerk.taken(request.id, "confirm-standing");
        assert.deepEqual(standing.links, []);
    });
});

describe("what each service has of its own", () => {
    test("reading: by the hour, ended by the clock, never the second file, copies by the page", async () => {
        const request = await confirmed("cross-domain-reading");
        const second = await people.judge.take(request.id, "grant", { "reading-grant": { "main-file-only": false } });
        refused(second, 422);
        assert.equal(second.body.errors[0].code, "main-file-only");
        await people.judge.taken(request.id, "grant", { "reading-grant": { hours: 2, copies: false } });
        const reading = await people.window.taken(request.id, "start-reading");
        assert.equal(reading.state, "reading");
        await people.window.advance("121m");
        const ended = await people.window.matter(request.id);
        assert.equal(ended.state, "granted");
        assert.equal((await people.window.events(request.id)).at(-1).act, "session-ended");
        await people.window.taken(request.id, "start-reading");
        const copied = await people.window.take(request.id, "end-reading", { "reading-record": { pages: 3, "page-price": 50 } });
        refused(copied, 422);
        assert.equal(copied.body.errors[0].code, "copies-allowed");
        await people.window.taken(request.id, "end-reading", { "reading-record": { pages: 0, "page-price": 0 } });

        const other = await confirmed("cross-domain-reading");
        await people.judge.taken(other.id, "grant", { "reading-grant": { copies: true } });
        await people.window.taken(other.id, "start-reading");
        const paid = await people.window.taken(other.id, "end-reading", { "reading-record": { pages: 12, "page-price": 50 } });
        const fee = paid.ledger.find((row) => row.kind === "copy-fee-due");
        assert.equal(fee.amount, 600);
        assert.ok(fee.working.length > 0);
    });

    test("relay: a list for the person, a tracking number for the original", async () => {
        const request = await sent("cross-domain-relay", UNKNOWN, {
            "relay-list": [{ name: "借条", pages: 1, original: "original" }, { name: "转账记录", pages: 4, original: "copy" }],
        });
        await paper_text(people.window, request, "relay-receipt");
        const on_its_way = await people.window.taken(request.id, "dispatch", { "relay-dispatch": { tracking: "EX987654321CN" } });
        assert.equal(on_its_way.state, "sent", "sending it decides nothing");
        assert.equal(on_its_way.values["relay-dispatch"].tracking, "EX987654321CN");
        await people.clerk.taken(request.id, "confirm-standing");
        const filed = await people.clerk.taken(request.id, "grant", { "relay-acceptance": { originals: "awaited" } });
        assert.equal(filed.values["relay-acceptance"].originals, "awaited");
    });

    test("pickup: no paper without the person, a signed return of service with him", async () => {
        const request = await confirmed("cross-domain-pickup");
        const { matter, act } = await people.clerk.offered(request.id, "grant");
        assert.ok(act.materials.some((need) => need.kind === "served" && need.min === 1));
        const bare = await people.clerk.act(request.id, "grant", { "pickup-release": act.form[0].example ?? {} }, { revision: matter.revision });
        refused(bare, 422);
        await people.clerk.upload(request.id, "served", pdf("民事判决书"), "判决书.pdf");
        await people.clerk.taken(request.id, "grant");
        const stranger = await people.window.take(request.id, "deliver", { "pickup-identity": { "same-person": false } });
        refused(stranger, 422);
        assert.ok(stranger.body.errors.some((error) => error.code === "receiver-identified"));
        const delivered = await people.window.taken(request.id, "deliver");
        await paper_text(people.window, delivered, "service-return");
    });

    test("evidence and adjournment: too late is told, and left to the court", async () => {
        const evidence = await draft_of("cross-domain-evidence");
        const late = refused(
            await people.window.take(evidence.id, "submit", { "evidence-request": { "period-ends": "2020-03-02" } }, { accept_warnings: ["case-of-court"] }),
            428,
        );
        assert.deepEqual(late.warnings.map((warning) => warning.code), ["in-evidence-period"]);
        const hearing = await draft_of("cross-domain-adjournment");
        const past = refused(
            await people.window.take(hearing.id, "submit", { "adjournment-request": { hearing: "2020-03-02T09:30:00+08:00" } }, { accept_warnings: ["case-of-court"] }),
            428,
        );
        assert.deepEqual(past.warnings.map((warning) => warning.code), ["hearing-ahead"]);
    });

    test("an agent without authority is told that he will not be confirmed", async () => {
        const draft = await draft_of("cross-domain-relay");
        const agent = { visitor: { capacity: "agent" }, applicant: { authority: "general" }, case: { number: UNKNOWN } };
        const bare = refused(await people.window.take(draft.id, "submit", agent, { accept_warnings: false }), 428);
        assert.deepEqual(bare.warnings.map((warning) => warning.code), ["applicant-authorised"]);
        await people.window.upload(draft.id, "authority");
        const taken = await people.window.take(draft.id, "submit", agent, { accept_warnings: false });
        assert.equal(taken.status, 200, taken.text);
    });
});

test("rows of requests and of the cases they are linked to are what their events add up to", async () => {
    await server.stop({ keep: true });
    const { code, stdout, stderr } = await command(["verify", ...server.flags]);
    assert.equal(code, 0, stdout + stderr);
    server = await server.again();
});
