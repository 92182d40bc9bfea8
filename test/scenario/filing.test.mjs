// A filing through all its ends: accepted, corrected, returned, insisted upon, refused, withdrawn;
// and what its clocks do when nobody acts.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { COURT, errors_at, filed, FILING, login, nobody, refused } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { form_far, form_fill } from "../lib/form.mjs";
import { beijing_date, date_add, day_end, period_days } from "../lib/law.mjs";
import { start } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";

let server;
let citizen;
let reviewer;
let judge;
let leader;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
    judge = await login(server, "judge@京0105");
    leader = await login(server, "leader@京0105");
});
after(() => server?.stop());

const clock_of = (matter, name) => matter.clocks.filter((clock) => clock.name === name).at(-1);
const names = (matter) => matter.acts.map((act) => act.name).sort();

describe("submitting", () => {
    test("an empty draft names every required field and material", async () => {
        const draft = await citizen.begin();
        const answer = await citizen.act(draft.id, "submit", {}, { accept_warnings: true });
        const problem = refused(answer, 422, "fields");
        const fields = new Set(problem.errors.map((error) => error.field.split(".")[0]));
        for (const group of draft.acts[0].form.filter((field) => field.required)) {
            assert.ok(fields.has(group.name), `${group.name} is missed`);
        }
        for (const need of draft.acts[0].materials.filter((one) => one.min > 0)) {
            assert.equal(errors_at(answer, `materials.${need.kind}`).length, 1, need.kind);
        }
        assert.equal((await citizen.matter(draft.id)).state, "draft");
    });

    test("a draft offers no act to others and leaves no event", async () => {
        const draft = await citizen.begin();
        refused(await reviewer.get(`/matters/${draft.id}`), 404, "not-found");
        assert.deepEqual(await citizen.events(draft.id), []);
    });

    test("warnings are accepted by name or all at once, and a wrong name accepts nothing", async () => {
        const draft = await citizen.begin();
        await citizen.upload_required(draft, draft.acts[0]);
        const values = form_far(draft.acts[0].form);
        const submit = (accept_warnings) => citizen.act(draft.id, "submit", values, { accept_warnings });
        const warned = refused(await submit(false), 428, "warnings");
        assert.ok(warned.warnings.some((warning) => warning.code === "venue-plausible"));
        refused(await submit(["agent-authorised-not"]), 428, "warnings");
        refused(await submit([]), 428, "warnings");
        const taken = await submit(true);
        assert.equal(taken.status, 200, taken.text);
    });

    test("what a submission changed is told once each, in words", async () => {
        const [submit] = await citizen.events((await filed(citizen)).id);
        const fields = submit.changes.map((change) => change.field);
        assert.ok(fields.includes("parties") && fields.includes("people"), `${fields}`);
        assert.equal(new Set(fields).size, fields.length, `${fields}`);
        submit.changes.forEach((change) => assert.match(change.title, /[\u4e00-\u9fff]/));
    });

    test("a key is needed over JSON", async () => {
        const draft = await citizen.begin();
        const answer = await citizen.post(`/matters/${draft.id}/acts/submit`, { values: {} });
        assert.ok([400, 422].includes(answer.status), `a missing Idempotency-Key: ${answer.text}`);
        assert.match(answer.body.type, /key/);
    });

    test("the replay of an act shows the matter as it is now", async () => {
        const key = randomUUID();
        const draft = await citizen.begin();
        await citizen.upload_required(draft, draft.acts[0]);
        const body = { values: form_fill(draft.acts[0].form), accept_warnings: true };
        const first = await citizen.post(`/matters/${draft.id}/acts/submit`, body, { key });
        assert.equal(first.status, 200, first.text);
        assert.equal(first.headers.get("idempotent-replayed"), null);
        await reviewer.taken(draft.id, "docket");
        const again = await citizen.post(`/matters/${draft.id}/acts/submit`, body, { key });
        assert.equal(again.status, 200, again.text);
        assert.equal(again.headers.get("idempotent-replayed"), "true");
        assert.equal(again.body.state, "docketed");
        assert.equal((await citizen.events(draft.id)).filter((event) => event.act === "submit").length, 1);
    });

    test("a refusal is not stored: the mended body passes under the same key", async () => {
        const key = randomUUID();
        const draft = await citizen.begin();
        const values = form_fill(draft.acts[0].form);
        await citizen.upload_required(draft, draft.acts[0]);
        const gap = structuredClone(values);
        delete gap.claim.facts;
        refused(await citizen.act(draft.id, "submit", gap, { key, accept_warnings: true }), 422, "fields");
        const taken = await citizen.act(draft.id, "submit", values, { key, accept_warnings: true });
        assert.equal(taken.status, 200, taken.text);
        assert.equal(taken.headers.get("idempotent-replayed"), null);
    });

    test("the key of one person is nothing to another", async () => {
        const key = randomUUID();
        const other = await login(server, "citizen-2");
        const mine = await citizen.begin();
        await citizen.upload_required(mine, mine.acts[0]);
        const body = { values: form_fill(mine.acts[0].form), accept_warnings: true };
        assert.equal((await citizen.post(`/matters/${mine.id}/acts/submit`, body, { key })).status, 200);
        refused(await other.post(`/matters/${mine.id}/acts/submit`, body, { key }), 404, "not-found");
    });

    test("what you filed is in the list you see next, and in the reviewer's", async () => {
        const matter = await filed(citizen);
        const mine = (await citizen.get("/matters?box=mine")).body.matters;
        assert.equal(mine[0].id, matter.id, "mine is ordered by last change");
        const todo = (await reviewer.get("/matters?box=todo&limit=200")).body.matters;
        assert.ok(todo.some((row) => row.id === matter.id));
        const dues = todo.filter((row) => row.due).map((row) => row.due);
        assert.deepEqual(dues, [...dues].sort(), "todo is ordered by nearest due");
        const court = (await leader.get("/matters?box=court&limit=200")).body.matters;
        assert.ok(court.some((row) => row.id === matter.id), "the court's list holds it");
    });

    test("the owner reads the values whole; the court sees masked identity numbers", async () => {
        const matter = await filed(citizen);
        const number = JSON.stringify((await citizen.matter(matter.id)).values.parties[0].identity);
        const seen = JSON.stringify((await reviewer.matter(matter.id)).values.parties[0].identity);
        assert.notEqual(number, undefined);
        assert.doesNotMatch(seen, /\d{17}[\dX]/, "no whole identity number to others unasked");
    });

    test("the receipt is a PDF", async () => {
        const matter = await filed(citizen);
        const paper = matter.papers.find((one) => one.kind === "receipt-of-filing");
        const answer = await citizen.get(paper.url, { accept: "application/pdf" });
        assert.equal(answer.status, 200, answer.text.slice(0, 200));
        assert.equal(answer.headers.get("content-type"), "application/pdf");
        assert.equal(answer.bytes.subarray(0, 5).toString(), "%PDF-");
    });
});

describe("deciding", () => {
    test("case numbers of a court follow one another without a gap", async () => {
        const at = "京0106"; // a court of its own, so that the counter is this test's
        const officer = await login(server, `reviewer@${at}`);
        const numbers = [];
        for (let n = 0; n < 3; n++) {
            const matter = await filed(citizen, { court: at });
            const year = beijing_date(matter.updated).slice(0, 4);
            const docketed = await officer.taken(matter.id, "docket");
            numbers.push(docketed.case_number);
            assert.equal(docketed.case_number, `（${year}）京0106民初${n + 1}号`);
        }
        assert.equal(new Set(numbers).size, 3);
    });

    test("docketing opens the case for the parties, with the fee told", async () => {
        const matter = await filed(citizen);
        const docketed = await reviewer.taken(matter.id, "docket");
        const link = docketed.links.find((one) => one.rel === "opened");
        const opened = await citizen.matter(link.id);
        assert.equal(opened.procedure, "civil-first-instance");
        assert.equal(opened.case_number, docketed.case_number);
        assert.ok(opened.links.some((back) => back.id === matter.id), "linked both ways");
        const kinds = docketed.papers.map((paper) => paper.kind);
        for (const kind of ["notice-of-acceptance", "fee-notice", "evidence-notice", "rights-and-duties"]) {
            assert.ok(kinds.includes(kind), `${kind} among ${kinds}`);
        }
        assert.equal(docketed.clocks.every((clock) => clock.stopped || clock.breached), true, "no clock runs on");
        const list = (await citizen.get("/matters?box=mine&q=" + encodeURIComponent(docketed.case_number))).body.matters;
        assert.ok(list.some((row) => row.id === link.id || row.id === matter.id), "found by case number");
    });

    test("deciding needs the revision that was seen", async () => {
        const matter = await filed(citizen);
        const { act } = await reviewer.offered(matter.id, "docket");
        const answer = await reviewer.act(matter.id, "docket", form_fill(act.form));
        assert.ok([400, 422].includes(answer.status), answer.text);
    });

    test("correction asked: a clock for the party, the court's own stands still", async () => {
        const matter = await filed(citizen);
        const asked = await reviewer.taken(matter.id, "ask-correction");
        assert.equal(asked.state, "correction");
        assert.equal(asked.state_title, "待补正");
        assert.ok(asked.papers.some((paper) => paper.kind === "notice-of-correction"));
        assert.notEqual(clock_of(asked, "review").stopped, null);
        const correct = clock_of(asked, "correct");
        assert.equal(correct.stopped, null);
        const days = JSON.stringify(asked.values.correction).match(/"days":(\d+)/);
        assert.ok(days, "the number of days is a value of the correction");
        assert.equal(correct.due, day_end(period_days(beijing_date(correct.started), Number(days[1]))));
        const mine = await citizen.matter(matter.id);
        assert.deepEqual(names(mine), ["insist", "submit", "withdraw"]);
    });

    test("corrected and handed in again: seven days from the next day, anew", async () => {
        const matter = await filed(citizen);
        await reviewer.taken(matter.id, "ask-correction");
        await nobody(server).advance("1d");
        const again = await citizen.taken(matter.id, "submit");
        assert.equal(again.state, "under-review");
        const review = clock_of(again, "review");
        assert.equal(review.due, day_end(period_days(beijing_date(review.started), 7)));
        assert.notEqual(review.started, clock_of(matter, "review").started);
        assert.notEqual(clock_of(again, "correct").stopped, null);
    });

    test("a correction asks only for what was faulted", async () => {
        const matter = await filed(citizen);
        const before = (await citizen.matter(matter.id)).values;
        await reviewer.taken(matter.id, "ask-correction");
        const { act } = await citizen.offered(matter.id, "submit");
        // Our reading: all groups but the faulted ones keep their values without being sent again.
        const faulted = act.form.filter((field) => field.required).map((field) => field.name);
        const values = form_fill(act.form.filter((field) => faulted.includes(field.name)));
        const answer = await citizen.act(matter.id, "submit", values, { accept_warnings: true, revision: (await citizen.matter(matter.id)).revision });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body.values.claim.requests, before.claim.requests);
        const fresh = (await citizen.begin()).acts[0];
        assert.ok(act.form.length < fresh.form.length, `${act.form.map((field) => field.name)} is less than the whole form`);
    });

    test("what is typed towards a later act is kept for its writer, and shown to nobody else", async () => {
        const matter = await filed(citizen);
        await reviewer.taken(matter.id, "ask-correction");
        const before = await citizen.matter(matter.id);
        const saved = await citizen.save(matter.id, { parties: [{ role: "plaintiff", name: "只是草稿" }] }, { act: "submit" });
        assert.equal(saved.status, 200, saved.text);
        assert.equal(saved.body.state, "correction");
        assert.ok(JSON.stringify((await citizen.matter(matter.id))).includes("只是草稿"), "the writer finds it again");
        assert.ok(!JSON.stringify(await reviewer.matter(matter.id)).includes("只是草稿"), "the court does not see it");
        assert.deepEqual((await citizen.events(matter.id)).length, 2);
        assert.equal(before.state, "correction");
    });

    test("a decision is typed in pieces, too, and a stranger field in it is told", async () => {
        const matter = await filed(citizen);
        const saved = await reviewer.save(matter.id, { "return-reason": {} }, { act: "return" });
        assert.ok([200, 422].includes(saved.status), saved.text);
        const strange = await judge.save(matter.id, { claim: { amount: 1 } });
        assert.ok([403, 409, 422].includes(strange.status), strange.text);
        assert.equal((await citizen.matter(matter.id)).values.claim.amount, matter.values.claim.amount);
    });

    test("returned, with a reason; mended and submitted again", async () => {
        const matter = await filed(citizen);
        const returned = await reviewer.taken(matter.id, "return");
        assert.equal(returned.state, "returned");
        assert.equal(returned.state_title, "已退回，未立案");
        assert.ok(returned.papers.some((paper) => paper.kind === "notice-of-return"));
        assert.deepEqual(names(await citizen.matter(matter.id)), ["insist", "submit", "withdraw"]);
        const again = await citizen.taken(matter.id, "submit");
        assert.equal(again.state, "under-review");
    });

    test("insisted upon: the judge rules, and the refusal ends it", async () => {
        const matter = await filed(citizen);
        await reviewer.taken(matter.id, "return");
        const insisted = await citizen.taken(matter.id, "insist");
        assert.equal(insisted.state, "insisted");
        assert.equal(insisted.state_title, "坚持起诉，待裁定");
        const todo = (await judge.get("/matters?box=todo&limit=200")).body.matters;
        assert.ok(todo.some((row) => row.id === matter.id), "the judge finds it to do");
        const refusal = await judge.taken(matter.id, "refuse");
        assert.equal(refusal.state, "refused");
        assert.equal(refusal.state_title, "裁定不予受理");
        const ruling = refusal.papers.find((paper) => paper.kind === "ruling-not-accept");
        assert.ok(ruling);
        const mine = await citizen.matter(matter.id);
        assert.ok(mine.acts.every((act) => !["submit", "withdraw", "insist"].includes(act.name)));
        const page = (await citizen.api("GET", `/matters/${matter.id}`, { accept: "text/html" })).text;
        const { body: period } = await citizen.get(`/tools/period?start=${ruling.at.slice(0, 10)}&length=10&unit=day`);
        const [year, month, day] = period.due.split("-").map(Number);
        const last = `${year === Number(ruling.at.slice(0, 4)) ? "" : `${year}年`}${month}月${day}日`;
        assert.ok(page.includes(`自裁定书送达之日起10日内（${last}前）上诉`), page);
        assert.match(page, new RegExp(`<a class="btn" href="${ruling.url}">查看裁定书</a>`));
    });

    test("a refusal cannot be taken by a reviewer, nor a docketing by the party", async () => {
        const matter = await filed(citizen);
        const revision = matter.revision;
        const by_reviewer = await reviewer.act(matter.id, "refuse", {}, { revision });
        refused(by_reviewer, 403);
        const by_party = await citizen.act(matter.id, "docket", {}, { revision });
        refused(by_party, 403);
        refused(await citizen.act(matter.id, "no-such-act", {}, { revision }), 404);
        refused(await citizen.act(matter.id, "review-overdue", {}, { revision }), 403);
        assert.equal((await citizen.events(matter.id)).length, 1);
    });

    test("withdrawn, and then nothing more", async () => {
        const matter = await filed(citizen);
        const withdrawn = await citizen.taken(matter.id, "withdraw");
        assert.equal(withdrawn.state, "withdrawn");
        assert.equal(withdrawn.state_title, "已撤回");
        assert.equal(clock_of(withdrawn, "review").stopped !== null, true);
        const late = await reviewer.act(matter.id, "docket", {}, { revision: withdrawn.revision });
        refused(late, 409);
        const todo = (await reviewer.get("/matters?box=todo&limit=200")).body.matters;
        assert.ok(!todo.some((row) => row.id === matter.id), "it has left the reviewer's list");
    });

    test("an act out of its state is a conflict with the state, in words", async () => {
        const matter = await filed(citizen);
        await reviewer.taken(matter.id, "docket");
        const late = await citizen.act(matter.id, "withdraw", {});
        const problem = refused(late, 409);
        shape.check(shape.problem, problem);
    });

    test("those told find it in their inbox", async () => {
        const matter = await filed(citizen);
        await reviewer.taken(matter.id, "return");
        const answer = await citizen.get("/inbox");
        assert.equal(answer.status, 200, answer.text);
        shape.check(shape.listing("notices", shape.open({})), answer.body);
        assert.ok(JSON.stringify(answer.body.notices).includes(matter.id), "the return is among them");
    });
});

describe("a draft", () => {
    test("is deleted by its owner only, and is then gone", async () => {
        const draft = await citizen.begin();
        const other = await login(server, "citizen-2");
        refused(await other.api("DELETE", `/matters/${draft.id}`), 404, "not-found");
        const gone = await citizen.api("DELETE", `/matters/${draft.id}`);
        assert.ok([200, 204].includes(gone.status), gone.text);
        refused(await citizen.get(`/matters/${draft.id}`), 404, "not-found");
    });

    test("is no longer deleted once it is submitted", async () => {
        const matter = await filed(citizen);
        refused(await citizen.api("DELETE", `/matters/${matter.id}`), 409);
        assert.equal((await citizen.matter(matter.id)).state, "under-review");
    });

    test("groups are merged by field, lists replaced whole, the court may change", async () => {
        const draft = await citizen.begin();
        await citizen.save(draft.id, { claim: { amount: 100 }, parties: [{ role: "plaintiff", name: "甲" }, { role: "defendant", name: "乙" }] });
        const saved = await citizen.save(draft.id, { claim: { facts: "借款未还。" }, parties: [{ role: "plaintiff", name: "丙" }] }, { court: "京0106" });
        assert.equal(saved.status, 200, saved.text);
        assert.equal(saved.body.values.claim.amount, 100);
        assert.equal(saved.body.values.claim.facts, "借款未还。");
        assert.deepEqual(saved.body.values.parties.map((party) => party.name), ["丙"]);
        assert.equal(saved.body.court.code, "京0106");
    });

    test("lapses after 180 days untouched", async () => {
        const own = await start();
        try {
            const person = await login(own, "citizen-1");
            const draft = await person.begin();
            await person.advance("179d");
            assert.equal((await person.get(`/matters/${draft.id}`)).status, 200);
            await person.advance("2d");
            refused(await person.get(`/matters/${draft.id}`), 404, "not-found");
        } finally {
            await own.stop();
        }
    });
});

describe("clocks", () => {
    test("nobody reviews: the law's last day passes and the system writes it down at that instant", async () => {
        const matter = await filed(citizen);
        const due = clock_of(matter, "review").due;
        await nobody(server).advance("14d");
        const events = await citizen.events(matter.id);
        const overdue = events.find((event) => event.act === "review-overdue");
        assert.ok(overdue, `review-overdue among ${events.map((event) => event.act)}`);
        assert.deepEqual(overdue.actor, { kind: "system", name: "系统", post: null, for: null });
        const late_ms = Date.parse(overdue.at) - Date.parse(due);
        assert.ok(late_ms >= 0 && late_ms <= 1000, `${overdue.at} is the instant of ${due}`);
        const now = await reviewer.matter(matter.id);
        assert.equal(now.state, "under-review", "the court may still decide");
        assert.equal(Date.parse(clock_of(now, "review").breached) - Date.parse(due) <= 1000, true);
        for (const told of [leader, citizen]) {
            const inbox = (await told.get("/inbox?limit=200")).body;
            assert.ok(JSON.stringify(inbox.notices).includes(matter.id), `${told.name} is told`);
        }
        const decided = await reviewer.taken(matter.id, "docket");
        assert.equal(decided.state, "docketed");
        assert.notEqual(clock_of(decided, "review").breached, null, "the breach stays on record");
    });

    test("not corrected in time: returned by the system, with its paper", async () => {
        const matter = await filed(citizen);
        const asked = await reviewer.taken(matter.id, "ask-correction");
        const due = clock_of(asked, "correct").due;
        await nobody(server).advance("60d");
        const now = await citizen.matter(matter.id);
        assert.equal(now.state, "returned");
        const event = (await citizen.events(matter.id)).find((one) => one.act === "correction-lapsed");
        assert.equal(event.actor.name, "系统");
        assert.ok(Math.abs(Date.parse(event.at) - Date.parse(due)) <= 1000, `${event.at} is the instant of ${due}`);
        assert.ok(now.papers.some((paper) => paper.kind === "notice-of-return"));
    });

    test("a day before the end nothing has lapsed", async () => {
        const matter = await filed(citizen);
        const due = clock_of(matter, "review").due;
        const left_h = Math.floor((Date.parse(due) - Date.parse(matter.updated)) / 3_600_000) - 1;
        await nobody(server).advance(`${left_h}h`);
        const events = await citizen.events(matter.id);
        assert.deepEqual(events.map((event) => event.act), ["submit"]);
        await nobody(server).advance("2h");
        assert.ok((await citizen.events(matter.id)).some((event) => event.act === "review-overdue"));
    });

    test("insisting does not stop the court's clock: it begins again with the state", async () => {
        const matter = await filed(citizen);
        await reviewer.taken(matter.id, "return");
        const insisted = await citizen.taken(matter.id, "insist");
        const review = clock_of(insisted, "review");
        assert.equal(review.stopped, null);
        assert.equal(review.due, day_end(period_days(beijing_date(review.started), 7)));
        assert.ok(beijing_date(review.due) >= date_add(beijing_date(review.started), 7));
    });
});

describe("several parties and special contents", () => {
    test("fifty defendants are filed and shown", async () => {
        const draft = await citizen.begin(FILING, COURT);
        const values = form_fill(draft.acts[0].form);
        const model = values.parties.find((party) => party.role === "defendant");
        const plaintiff = values.parties.find((party) => party.role === "plaintiff");
        values.parties = [plaintiff, ...Array.from({ length: 50 }, (_, n) => ({ ...structuredClone(model), name: `被告${n + 1}` }))];
        await citizen.upload_required(draft, draft.acts[0]);
        const answer = await citizen.act(draft.id, "submit", values, { accept_warnings: true });
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.body.values.parties.length, 51);
        assert.match(answer.body.title, /被告1/);
    });

    test("a material may be taken back in a draft, and the numbers of the others stay", async () => {
        const draft = await citizen.begin();
        for (const words of ["一", "二", "三"]) {
            assert.equal((await citizen.upload(draft.id, "evidence", pdf(words), `${words}.pdf`)).status, 201);
        }
        const gone = await citizen.api("DELETE", `/matters/${draft.id}/materials/2`);
        assert.ok([200, 204].includes(gone.status), gone.text);
        const left = (await citizen.matter(draft.id)).materials;
        assert.deepEqual(left.map((material) => material.n), [1, 3]);
    });
});
