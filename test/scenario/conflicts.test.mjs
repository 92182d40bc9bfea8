// Two at once: the same act twice, two deciders, two editors.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { filed, login, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { sleep, start } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";

let server;
let citizen;
let reviewer;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
});
after(() => server?.stop());

async function ready_to_submit() {
    const draft = await citizen.begin();
    await citizen.upload_required(draft, draft.acts[0]);
    return { id: draft.id, body: { values: form_fill(draft.acts[0].form), accept_warnings: true } };
}

const events_of = async (id, act) => (await citizen.events(id)).filter((event) => event.act === act);

test("one submission sent ten times at once is one event, and all ten are answered", async () => {
    const { id, body } = await ready_to_submit();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => citizen.post(`/matters/${id}/acts/submit`, body, { key })));
    assert.deepEqual(answers.map((answer) => answer.status), Array(10).fill(200), answers.map((answer) => answer.text.slice(0, 80)).join("\n"));
    assert.equal(answers.filter((answer) => answer.headers.get("idempotent-replayed") === null).length, 1, "one first, nine replays");
    assert.equal((await events_of(id, "submit")).length, 1);
    const matter = await citizen.matter(id);
    assert.equal(matter.papers.filter((paper) => paper.kind === "receipt-of-filing").length, 1);
});

test("two submissions under two keys at once: one is taken, the other hears that it was", async () => {
    const { id, body } = await ready_to_submit();
    const answers = await Promise.all([1, 2].map(() => citizen.post(`/matters/${id}/acts/submit`, body, { key: randomUUID() })));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409]);
    assert.equal((await events_of(id, "submit")).length, 1);
});

test("two begins under one key are one draft", async () => {
    const key = randomUUID();
    const body = { procedure: "civil-first-instance-filing", court: "京0105", values: {} };
    const answers = await Promise.all([1, 2].map(() => citizen.post("/matters", body, { key })));
    assert.deepEqual(answers.map((answer) => answer.status), [201, 201], answers.map((answer) => answer.text).join("\n"));
    assert.equal(answers[0].body.id, answers[1].body.id);
});

test("two reviewers decide at once: one decision, one case number", async () => {
    for (let round = 0; round < 5; round++) {
        const matter = await filed(citizen);
        const other = await login(server, "reviewer@京0105");
        const seen = await reviewer.offered(matter.id, "docket");
        const returning = await other.offered(matter.id, "return");
        const revision = seen.matter.revision;
        const [docketed, returned] = await Promise.all([
            reviewer.act(matter.id, "docket", form_fill(seen.act.form), { revision, accept_warnings: true }),
            other.act(matter.id, "return", form_fill(returning.act.form), { revision, accept_warnings: true }),
        ]);
        assert.deepEqual([docketed.status, returned.status].sort(), [200, 409], `${docketed.text}\n${returned.text}`);
        const decisions = (await citizen.events(matter.id)).filter((event) => event.act !== "submit");
        assert.equal(decisions.length, 1);
    }
});

test("forty filings docketed at once have forty numbers without a gap", async () => {
    const at = "京0107";
    const officer = await login(server, `reviewer@${at}`);
    const filings = await Promise.all(Array.from({ length: 40 }, () => filed(citizen, { court: at })));
    const docketed = await Promise.all(filings.map((matter) => officer.take(matter.id, "docket")));
    assert.ok(docketed.every((answer) => answer.status === 200), docketed.find((answer) => answer.status !== 200)?.text);
    const serials = docketed.map((answer) => Number(answer.body.case_number.match(/民初(\d+)号/)[1])).sort((a, b) => a - b);
    assert.deepEqual(serials, Array.from({ length: 40 }, (_, n) => n + 1));
});

test("stale editors of one field: 409 with both values, and who and when", async () => {
    const draft = await citizen.begin();
    const first = await citizen.save(draft.id, { claim: { amount: 6000000 } }, { revision: draft.revision });
    assert.equal(first.status, 200, first.text);
    const second = await citizen.save(draft.id, { claim: { amount: 5000000 } }, { revision: draft.revision });
    const problem = refused(second, 409, "conflict");
    assert.equal(problem.title, "您打开后内容已有变化");
    const conflict = problem.conflicts.find((one) => one.field === "claim.amount");
    shape.check(shape.exact({ field: shape.words, yours: shape.integer, theirs: shape.integer, by: shape.words, at: shape.instant }), conflict);
    assert.deepEqual([conflict.yours, conflict.theirs], [5000000, 6000000]);
    assert.equal((await citizen.matter(draft.id)).values.claim.amount, 6000000, "nothing was overwritten");
});

test("stale editors of different groups do not disturb one another", async () => {
    const draft = await citizen.begin();
    assert.equal((await citizen.save(draft.id, { claim: { amount: 6000000 } }, { revision: draft.revision })).status, 200);
    const other = await citizen.save(draft.id, { cause: "民间借贷纠纷" }, { revision: draft.revision });
    assert.equal(other.status, 200, other.text);
    assert.equal(other.body.values.claim.amount, 6000000);
});

test("a decision on a filing that was corrected since is a conflict that shows what changed", async () => {
    const matter = await filed(citizen);
    const seen = await reviewer.matter(matter.id);
    await reviewer.taken(matter.id, "ask-correction");
    await citizen.taken(matter.id, "submit");
    const now = await reviewer.offered(matter.id, "docket");
    const late = await reviewer.act(matter.id, "docket", form_fill(now.act.form), { revision: seen.revision, accept_warnings: true });
    const problem = refused(late, 409, "conflict");
    assert.ok(Array.isArray(problem.conflicts));
    const fresh = await reviewer.act(matter.id, "docket", form_fill(now.act.form), { revision: now.matter.revision, accept_warnings: true });
    assert.equal(fresh.status, 200, fresh.text);
});

test("a hundred saves at once lose none of their fields", async () => {
    const draft = await citizen.begin();
    const values = { cause: "民间借贷纠纷" };
    const patient = async (what) => {
        let answer = await citizen.save(draft.id, what);
        for (let tries = 0; answer.status === 503 && tries < 50; tries++) {
            await sleep(20 + Math.random() * 50); // "come again", said to some of a hundred
            answer = await citizen.save(draft.id, what);
        }
        return answer;
    };
    const answers = await Promise.all([
        ...Array.from({ length: 50 }, (_, n) => patient({ claim: { amount: n } })),
        ...Array.from({ length: 50 }, () => patient(values)),
    ]);
    assert.ok(answers.every((answer) => answer.status === 200), answers.find((answer) => answer.status !== 200)?.text);
    const after_all = await citizen.matter(draft.id);
    assert.ok(after_all.values.claim.amount >= 0 && after_all.values.cause);
    assert.ok(after_all.revision > draft.revision);
});
