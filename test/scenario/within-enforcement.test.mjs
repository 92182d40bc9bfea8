// Objection, reconsideration, supervision and non-enforcement: from the official form to the ruling, linked to the
// enforcement case that the application names.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { COURT, login, nobody, refused } from "../lib/client.mjs";
import { form_fill, form_walk, form_with } from "../lib/form.mjs";
import { beijing_date, day_end, period_days } from "../lib/law.mjs";
import { start } from "../lib/server.mjs";

const ABOVE = "京03"; // the court above 京0105
const NO_CASE = { "docketing-enforcement-review": { case: undefined } }; // the reviewer enters none
const REVIEW = "enforcement-review-filing";

let server;
let people;
let enforcement; // a case that is being enforced, by citizen-2

before(async () => {
    server = await start();
    people = { citizen: await login(server, "citizen-1"), creditor: await login(server, "citizen-2") };
    for (const post of ["reviewer", "judge", "leader", "clerk", "enforcement"]) {
        people[post] = await login(server, `${post}@${COURT}`);
        people[`${post} above`] = await login(server, `${post}@${ABOVE}`);
    }
    enforcement = await enforced();
});
after(() => server?.stop());

/** An enforcement case of somebody else's, docketed. */
async function enforced() {
    const draft = await people.creditor.begin("enforcement-filing");
    const filing = await people.creditor.taken(draft.id, "submit");
    const docketed = await people.reviewer.taken(filing.id, "docket");
    return people.enforcement.matter(docketed.links.find((one) => one.rel === "opened").id);
}

const clock_of = (matter, name) => matter.clocks.filter((clock) => clock.name === name).at(-1);

async function paper_text(who, matter, kind) {
    const paper = matter.papers.find((one) => one.kind === kind);
    assert.ok(paper, `${kind} among ${matter.papers.map((one) => one.kind)}`);
    const sent = await who.get(`/matters/${matter.id}/papers/${paper.n}`);
    assert.equal(sent.status, 200, sent.text.slice(0, 300));
    return spawnSync("pdftotext", ["-", "-"], { input: sent.bytes, encoding: "utf8" }).stdout.replaceAll(/\s/g, "");
}

/** A draft that asks the form of that number. */
async function begun(number, court = COURT, procedure = REVIEW, choice = "form-enforcement-review") {
    const draft = await people.citizen.begin(procedure, court);
    const saved = await people.citizen.save(draft.id, { [choice]: number });
    assert.equal(saved.status, 200, saved.text);
    return saved.body;
}

async function sent(number, values = {}, court = COURT) {
    const draft = await begun(number, court);
    return people.citizen.taken(draft.id, "submit", values);
}

/** The case that docketing opened, as its judge sees it. */
async function reviewed(number, values = {}, docketing = {}, court = COURT) {
    const there = court === COURT ? "" : " above";
    const filing = await sent(number, values, court);
    const docketed = await people[`reviewer${there}`].taken(filing.id, "docket", docketing);
    return people[`judge${there}`].matter(docketed.links.find((one) => one.rel === "opened").id);
}

/** The warnings that handing in meets: codes. */
async function warned(number, values, court = COURT) {
    const draft = await begun(number, court);
    const { matter, act } = await people.citizen.offered(draft.id, "submit");
    await people.citizen.upload_required(matter, act);
    const answer = await people.citizen.act(draft.id, "submit", form_fill(act.form, values), { accept_warnings: false, revision: matter.revision });
    return answer.status === 200 ? [] : refused(answer, 428, "warnings").warnings.map((one) => one.code);
}

const today_less = async (days) => beijing_date(new Date(Date.parse((await people.citizen.advance("1s"))) - days * 86_400_000).toISOString());

describe("each form of a review", () => {
    const CASES = [
        ["65", COURT, { "objection-kind": "conduct" }, "执异", 15, "civil-procedure-law@2023 236"],
        ["65", COURT, { "objection-kind": "claim" }, "执异", 15, "civil-procedure-law@2023 238"],
        ["66", ABOVE, {}, "执复", 30, "enforcement-interpretation@2020 8"],
        ["68", COURT, { "non-enforcement-kind": "notarised" }, "执异", 60, "notarised-enforcement-rules@2018 17"],
    ];
    for (const [number, court, docketing, type, days, law] of CASES) {
        test(`${number} docketed ${JSON.stringify(docketing)} is a case of the type ${type}, to be decided within ${days} days`, async () => {
            const matter = await reviewed(number, {}, docketing, court);
            assert.equal(matter.procedure, "enforcement-review");
            assert.match(matter.case_number, new RegExp(`^（\\d{4}）${court}${type}[1-9]\\d*号$`));
            const trial = clock_of(matter, "trial");
            assert.equal(trial.due, day_end(period_days(beijing_date(trial.started), days)));
            assert.equal(trial.law, law);
            assert.equal(matter.ledger.length, 0, "an objection costs nothing");
        });
    }

    test("67 is a case of the type 执监; 68 of an award has two months", async () => {
        assert.match((await reviewed("67", {}, {}, ABOVE)).case_number, /京03执监[1-9]\d*号$/);
        const award = await reviewed("68");
        const trial = clock_of(award, "trial");
        assert.equal(trial.law, "award-enforcement-rules@2018 12");
        const months = (Date.parse(trial.due) - Date.parse(trial.started)) / 86_400_000;
        assert.ok(months > 58 && months < 75, `${trial.started} to ${trial.due}`);
    });

    test("asks for each required field of the official table, and for nothing that the parties say", async () => {
        for (const form of (await nobody(server).get("/forms")).body.forms.filter((one) => one.kind === "enforcement-review")) {
            const draft = await begun(form.number);
            const { matter, act } = await people.citizen.offered(draft.id, "submit");
            await people.citizen.upload_required(matter, act);
            const whole = form_fill(act.form);
            const sections = act.form.filter((group) => group.type === "group" && /^(parties|objection|review|supervision|non-enforcement)-/.test(group.name));
            assert.ok(sections.length >= 2, form.number);
            for (const { path, field, value } of form_walk(sections, whole)) {
                if (field.required && value !== undefined && path.split(".").length === 2) {
                    const answer = await people.citizen.act(draft.id, "submit", form_with(whole, path, undefined), { accept_warnings: true, revision: matter.revision });
                    assert.deepEqual(refused(answer, 422, "fields").errors.map((error) => error.field), [path], form.number);
                }
            }
        }
    });

    test("is taken with a name of rare characters, and printed with it", async () => {
        const draft = await begun("65");
        const { act } = await people.citizen.offered(draft.id, "submit");
        const [plaintiff, defendant] = form_fill(act.form).parties;
        const parties = [plaintiff, { ...defendant, name: "𠮷𡈽·买买提·吐尔逊" }];
        const matter = await people.citizen.taken(draft.id, "submit", { parties });
        assert.ok((await paper_text(people.citizen, matter, "element-application")).includes("𠮷𡈽·买买提·吐尔逊"));
    });
});

describe("who may", () => {
    test("a basic court opens no reconsideration, and says where to go; the reviewer alone dockets", async () => {
        const filing = await sent("66");
        const problem = refused(await people.reviewer.take(filing.id, "docket"), 422, "fields");
        assert.match(JSON.stringify(problem.errors), /court-opens-kind/);
        refused(await people.citizen.act(filing.id, "docket", {}, { revision: filing.revision }), 403);
        refused(await people.creditor.get(`/matters/${filing.id}`), 404, "not-found");
    });

    test("what somebody wrote himself is docketed as what he said it is", async () => {
        const draft = await begun("free", ABOVE);
        const filing = await people.citizen.taken(draft.id, "submit", { "claim-enforcement-review": { review: "reconsideration" } });
        const { matter, act } = await people["reviewer above"].offered(filing.id, "docket");
        const wrong = await people["reviewer above"].act(filing.id, "docket", form_fill(act.form, { "review-kind": "conduct" }), { revision: matter.revision });
        assert.deepEqual(refused(wrong, 422, "fields").errors.map((one) => one.code), ["review-of-this-kind"]);
        const docketed = await people["reviewer above"].taken(filing.id, "docket", { "review-kind": "reconsideration" });
        assert.match(docketed.case_number, /执复[1-9]\d*号$/);
    });
});

describe("in time, at the right court", () => {
    test("a reconsideration after ten days, a supervision after six months, an award after fifteen days are taken with a warning", async () => {
        const late = { "parties-review": { "served-on": await today_less(40) } };
        assert.ok((await warned("66", late, ABOVE)).includes("asked-in-time"));
        assert.ok(!(await warned("67", late, ABOVE)).includes("asked-in-time"));
        assert.ok((await warned("67", { "parties-review": { "served-on": await today_less(250) } }, ABOVE)).includes("asked-in-time"));
        assert.ok((await warned("68", { "non-enforcement-document": { "served-on": await today_less(40) } })).includes("asked-in-time"));
        const fresh = { "parties-review": { "served-on": await today_less(3) } };
        assert.ok(!(await warned("66", fresh, ABOVE)).includes("asked-in-time"));
    });

    test("one that is late can be docketed, or refused with its ground", async () => {
        const late = { "parties-review": { "served-on": await today_less(40) } };
        assert.equal((await reviewed("66", late, {}, ABOVE)).state, "pending");
        const filing = await sent("66", late, ABOVE);
        await people["reviewer above"].taken(filing.id, "ask-correction", { "filing-correction": { items: [{ item: "parties", reason: "请写明住址" }], days: 3 } });
        await people.citizen.taken(filing.id, "insist");
        await people["judge above"].taken(filing.id, "refuse", { "refusal-enforcement-review": { ground: "late" } });
        const text = await paper_text(people.citizen, await people.citizen.matter(filing.id), "ruling-no-review");
        assert.ok(text.includes("执行复议申请") && text.includes("不予受理") && text.includes("本裁定送达后即发生法律效力"), text);
    });

    test("an objection at another court than the enforcing one, a reconsideration at the court that ruled are warned of", async () => {
        assert.ok((await warned("65", { "parties-objection": { "case-number": "（2026）京0108执1号" } })).includes("asked-at-right-court"));
        assert.ok(!(await warned("65", {})).includes("asked-at-right-court"));
        assert.ok((await warned("66", {})).includes("asked-at-right-court"));
        assert.ok(!(await warned("66", {}, ABOVE)).includes("asked-at-right-court"));
    });
});

describe("the enforcement case", () => {
    const entered = () => ({ "docketing-enforcement-review": { case: enforcement.case_number } });
    const naming = () => ({ "parties-objection": { "case-number": enforcement.case_number.replaceAll("（", "(").replaceAll("）", ")") } });

    test("hears of an objection when it is docketed, not when somebody names a number; both know of each other", async () => {
        const raised = (matter) => matter.links.filter((one) => one.rel === "raised");
        const before = raised(await people.enforcement.matter(enforcement.id));
        const filing = await sent("65", naming());
        assert.deepEqual(raised(await people.enforcement.matter(enforcement.id)), before);
        const docketed = await people.reviewer.taken(filing.id, "docket", entered());
        const opened = await people.judge.matter(docketed.links.find((one) => one.rel === "opened").id);
        const link = opened.links.find((one) => one.rel === "within");
        assert.equal(link.id, enforcement.id);
        assert.equal(link.case_number, enforcement.case_number);
        const heard = await people.enforcement.matter(enforcement.id);
        assert.equal(heard.case_number, enforcement.case_number, "it keeps its own number");
        assert.deepEqual(raised(heard).map((one) => one.case_number), [...before.map((one) => one.case_number), opened.case_number]);
        assert.equal((await people.enforcement.events(enforcement.id)).at(-1).title, "收到执行异议申请");
        for (const who of [people.enforcement, people.creditor]) {
            assert.ok(JSON.stringify((await who.get("/inbox")).body).includes(enforcement.id), `${who.name} is told`);
        }
        // Who objects is not let into the enforcement case by that, and is shown nothing of it; nor who follows it.
        refused(await people.citizen.get(`/matters/${enforcement.id}`), 404, "not-found");
        for (const id of [filing.id, opened.id]) {
            const shown = await people.citizen.matter(id);
            assert.ok(!shown.links.some((one) => one.id === enforcement.id), `${id}: ${JSON.stringify(shown.links)}`);
            const page = (await people.citizen.get(`/matters/${id}`, { accept: "text/html" })).text;
            assert.ok(!page.includes(enforcement.title) && !page.includes(enforcement.id), "nor on the page");
        }
        assert.deepEqual((await people.citizen.matter(filing.id)).links.map((one) => one.id), [opened.id], "his own case is shown");
        assert.ok((await people.creditor.matter(enforcement.id)).links.every((one) => one.id !== opened.id), "nor is who objects to the other side");
        assert.ok((await people.judge.get(`/matters/${opened.id}`, { accept: "text/html" })).text.includes(enforcement.case_number));
    });

    test("is not linked by the number that the applicant wrote when the court enters none", async () => {
        const before = (await people.enforcement.matter(enforcement.id)).revision;
        const matter = await reviewed("65", naming(), NO_CASE);
        assert.deepEqual(matter.links.filter((one) => one.rel === "within"), []);
        assert.equal((await people.enforcement.matter(enforcement.id)).revision, before);
        await people.judge.taken(matter.id, "enter-enforcement", { "enforcement-entered": { case: enforcement.case_number } });
        assert.ok(!(await people.citizen.matter(matter.id)).links.some((one) => one.id === enforcement.id));
    });

    test("hears how it ended, and the ruling says what can be done against it", async () => {
        const matter = await reviewed("65", naming(), { ...entered(), "objection-kind": "claim" });
        const ruled = await people.judge.taken(matter.id, "rule");
        assert.equal(ruled.state, "closed");
        const text = await paper_text(people.citizen, await people.citizen.matter(matter.id), "ruling-on-review");
        for (const part of ["执行裁定书", matter.case_number, "林晓舟提出的对执行标的的异议", "第二百三十八条", "十五日内向本院提起诉讼", "周某"]) {
            assert.ok(text.includes(part), `${part} in ${text}`);
        }
        assert.equal((await people.enforcement.events(enforcement.id)).at(-1).title, "对执行标的的异议：作出裁定");
        refused(await people.judge.act(matter.id, "rule", {}, { revision: ruled.revision }), 409, "state");
    });

    test("that is not here links nothing; the judge links it later", async () => {
        const matter = await reviewed("65", { "parties-objection": { "case-number": "（2026）京0105执999999号" } }, NO_CASE);
        assert.ok(!matter.links.some((one) => one.rel === "within"));
        const linked = await people.judge.taken(matter.id, "enter-enforcement", { "enforcement-entered": { case: enforcement.case_number } });
        assert.equal(linked.links.find((one) => one.rel === "within").id, enforcement.id);
        const again = await people.judge.taken(matter.id, "enter-enforcement", { "enforcement-entered": { case: enforcement.case_number } });
        assert.equal(again.links.filter((one) => one.rel === "within").length, 1);
    });
});

describe("the review", () => {
    test("tells a conduct objection's parties of reconsideration within ten days at the court above", async () => {
        const matter = await reviewed("65");
        await people.judge.taken(matter.id, "rule", { "review-ruling": { result: "upheld" } });
        const text = await paper_text(people.citizen, await people.citizen.matter(matter.id), "ruling-on-review");
        assert.ok(text.includes("第二百三十六条") && text.includes("十日内，向北京市第三中级人民法院申请复议"), text);
    });

    test("is converted by its judge and counted anew from docketing; sending back is for reconsideration alone", async () => {
        const matter = await reviewed("65");
        const before = clock_of(matter, "trial");
        const { act } = await people.judge.offered(matter.id, "convert");
        const longer = await people.judge.act(matter.id, "convert", form_fill(act.form, { "review-limit": { term: "reconsideration-longer" } }), { revision: matter.revision });
        assert.deepEqual(refused(longer, 422, "fields").errors.map((one) => one.code), ["review-converted"]);
        const converted = await people.judge.taken(matter.id, "convert", { "review-limit": { term: "claim" } });
        assert.equal(clock_of(converted, "trial").started, before.started);
        assert.equal(clock_of(converted, "trial").law, "civil-procedure-law@2023 238");
        const { act: rule } = await people.judge.offered(matter.id, "rule");
        const back = await people.judge.act(matter.id, "rule", form_fill(rule.form, { "review-ruling": { result: "remanded" } }), { revision: converted.revision });
        assert.deepEqual(refused(back, 422, "fields").errors.map((one) => one.code), ["result-of-this-kind"]);
    });

    test("is extended by the leader; an objection only against a warning", async () => {
        const again = await reviewed("66", {}, {}, ABOVE);
        const extended = await people["leader above"].taken(again.id, "extend", { "review-limit": { term: "reconsideration-longer" } });
        const trial = clock_of(extended, "trial");
        assert.equal(trial.due, day_end(period_days(beijing_date(trial.started), 60)));
        const objection = await reviewed("65");
        const { act } = await people.leader.offered(objection.id, "extend");
        const answer = await people.leader.act(objection.id, "extend", form_fill(act.form), { accept_warnings: false, revision: objection.revision });
        assert.deepEqual(refused(answer, 428, "warnings").warnings.map((one) => one.code), ["review-extended"]);
    });

    test("not decided in time, the leader, the judge and the applicant are told", async () => {
        const matter = await reviewed("65");
        await people.citizen.advance("27d");
        assert.notEqual(clock_of(await people.judge.matter(matter.id), "trial").breached, null);
        for (const who of [people.leader, people.judge, people.citizen]) {
            assert.ok(JSON.stringify((await who.get("/inbox")).body).includes(matter.id), who.name);
        }
    });
});

describe("a request within enforcement", () => {
    const REQUESTS = ["61", "62", "63", "64"];
    const asked = (number) => begun(number, COURT, "enforcement-request", "form-enforcement-request");
    const requested = async (number, values = {}) => people.citizen.taken((await asked(number)).id, "submit", values);
    const entered = () => ({ "enforcement-entered": { case: enforcement.case_number } });

    test("asks for each required field of its official table", async () => {
        for (const number of REQUESTS) {
            const draft = await asked(number);
            const { matter, act } = await people.citizen.offered(draft.id, "submit");
            await people.citizen.upload_required(matter, act);
            const whole = form_fill(act.form);
            const sections = act.form.filter((group) => group.type === "group" && /^(parties|travel|distribution|guarantee|preemption|enforcement)-/.test(group.name));
            let required = 0;
            for (const { path, field, value } of form_walk(sections, whole)) {
                if (field.required && value !== undefined && path.split(".").length === 2) {
                    required += 1;
                    const answer = await people.citizen.act(draft.id, "submit", form_with(whole, path, undefined), { accept_warnings: true, revision: matter.revision });
                    assert.deepEqual(refused(answer, 422, "fields").errors.map((error) => error.field), [path], number);
                }
            }
            assert.ok(required >= 3, `${number}: ${required}`);
        }
    });

    for (const number of REQUESTS) {
        test(`${number} is printed, received by the enforcement judge alone, granted, told both ways`, async () => {
            const matter = await requested(number);
            assert.equal(matter.state, "submitted");
            const text = await paper_text(people.citizen, matter, "element-application");
            assert.ok(text.includes("林晓舟"), text.slice(0, 400));
            refused(await people.creditor.get(`/matters/${matter.id}`), 404, "not-found");
            refused(await people.citizen.act(matter.id, "receive", {}, { revision: matter.revision }), 403);
            refused(await people.reviewer.act(matter.id, "receive", {}, { revision: matter.revision }), 403);
            assert.ok(JSON.stringify((await people.enforcement.get("/inbox")).body).includes(matter.id), "the judge is told");
            assert.ok(!matter.acts.some((act) => act.name === "grant"));
            const received = await people.enforcement.taken(matter.id, "receive", entered());
            assert.equal(received.links.find((one) => one.rel === "within").id, enforcement.id);
            const granted = await people.enforcement.taken(matter.id, "grant");
            assert.equal(granted.state, "granted");
            refused(await people.enforcement.act(matter.id, "grant", {}, { revision: granted.revision }), 409, "state");
            const decision = await paper_text(people.citizen, await people.citizen.matter(matter.id), "decision-request-granted");
            for (const part of ["执行决定书", "林晓舟", enforcement.case_number, "准许申请人的申请", "第二百三十六条", "郑某"]) {
                assert.ok(decision.includes(part), `${part} in ${decision}`);
            }
            const heard = (await people.enforcement.events(enforcement.id)).at(-1);
            assert.match(heard.title, /：准许$/);
            assert.ok(JSON.stringify((await people.creditor.get("/inbox")).body).includes(enforcement.id), "the creditor is told");
        });
    }

    test("of a trip lets nobody into the case; a share of the proceeds does, once", async () => {
        const other = await enforced();
        const only = { "enforcement-entered": { case: other.case_number } };
        const trip = await requested("61");
        await people.enforcement.taken(trip.id, "receive", only);
        await people.enforcement.taken(trip.id, "grant");
        refused(await people.citizen.get(`/matters/${other.id}`), 404, "not-found");
        for (let twice = 0; twice < 2; twice++) {
            const share = await requested("62");
            await people.enforcement.taken(share.id, "receive", only);
            await people.enforcement.taken(share.id, "grant");
        }
        const seen = await people.citizen.matter(other.id);
        assert.deepEqual(seen.parties.map((party) => [party.n, party.role, party.name]), [...other.parties.map((party) => [party.n, party.role, party.name]), [other.parties.length + 1, "third-party", "林晓舟"]]);
        assert.deepEqual(seen.acts.map((act) => act.name), [], "he reads, and acts for nobody");
    });

    test("handed in at another court: that one lets nobody into the case", async () => {
        const other = await login(server, "enforcement@京0108");
        const draft = await begun("62", "京0108", "enforcement-request", "form-enforcement-request");
        const matter = await people.citizen.taken(draft.id, "submit");
        const before = (await people.enforcement.matter(enforcement.id)).revision;
        const problem = refused(await other.take(matter.id, "receive", entered()), 422, "fields");
        assert.deepEqual(problem.errors.map((one) => [one.field, one.code]), [["enforcement-entered.case", "entered-is-of-court"]]);
        assert.deepEqual((await people.citizen.matter(matter.id)).links, []);
        assert.equal((await people.enforcement.matter(enforcement.id)).revision, before);
        assert.equal((await other.taken(matter.id, "refuse")).state, "refused");
    });

    test("refused says why, with the law and what can be done; withdrawn is told too", async () => {
        const matter = await requested("62");
        await people.enforcement.taken(matter.id, "receive", entered());
        const refusal = await people.enforcement.taken(matter.id, "refuse");
        assert.equal(refusal.state, "refused");
        const text = await paper_text(people.citizen, await people.citizen.matter(matter.id), "decision-request-refused");
        for (const part of ["参与分配申请，不予准许", "第五百零六条", "没有提交执行依据", "书面异议"]) {
            assert.ok(text.includes(part), `${part} in ${text}`);
        }
        assert.equal((await people.enforcement.events(enforcement.id)).at(-1).title, "参与分配：不予准许");
        const other = await requested("64");
        await people.enforcement.taken(other.id, "receive", entered());
        assert.equal((await people.citizen.taken(other.id, "withdraw")).state, "withdrawn");
        assert.equal((await people.enforcement.events(enforcement.id)).at(-1).title, "确认优先购买权：撤回申请");
    });

    test("of a case that is not here is decided all the same", async () => {
        const matter = await requested("64");
        const received = await people.enforcement.taken(matter.id, "receive", { "enforcement-entered": { case: "（2025）京0105执88888号" } });
        assert.deepEqual(received.links, []);
        assert.equal((await people.enforcement.taken(matter.id, "grant")).state, "granted");
    });

    test("more than a month of trips, a year of delay, a share without a title are warned of; the first two are not granted", async () => {
        const cases = [
            ["61", { "travel-request": { "relief-from": "2026-03-10", "relief-to": "2026-05-01" } }],
            ["63", { "guarantee-facts": { "stay-from": "2026-03-10", "stay-to": "2027-06-01" } }],
            ["62", { "distribution-request": { titled: false, priority: false } }],
        ];
        for (const [number, values] of cases) {
            const draft = await asked(number);
            const { matter, act } = await people.citizen.offered(draft.id, "submit");
            await people.citizen.upload_required(matter, act);
            const warnings = async (said) => {
                const answer = await people.citizen.act(draft.id, "submit", form_fill(act.form, said), { accept_warnings: false, revision: matter.revision });
                return answer.status === 428 ? answer.body.warnings.map((one) => one.code) : [];
            };
            assert.ok((await warnings(values)).includes("request-within-law"), number);
        }
        const longer = { "request-grant": { from: "2026-03-10", to: "2026-04-11" } };
        const granted = async (number, values, grant) => {
            const matter = await requested(number, values);
            const received = await people.enforcement.taken(matter.id, "receive", entered());
            const { act } = await people.enforcement.offered(matter.id, "grant");
            return people.enforcement.act(matter.id, "grant", form_fill(act.form, grant), { revision: received.revision });
        };
        const fields = (answer) => refused(answer, 422, "fields").errors.map((one) => one.field);
        assert.deepEqual(fields(await granted("61", {}, longer)), ["request-grant.to"]);
        assert.equal((await granted("61", { "travel-request": { reason: "work" } }, longer)).status, 200);
        assert.deepEqual(fields(await granted("63", {}, { "request-grant": { from: "2026-03-10", to: "2027-03-11" } })), ["request-grant.to"]);
        assert.deepEqual(fields(await granted("63", {}, { "request-grant": { consent: false } })), ["request-grant.consent"]);
        assert.deepEqual(fields(await granted("63", {}, { "request-grant": { from: undefined } })), ["request-grant.from"]);
    });

    test("incomplete is asked to be corrected; left alone it comes back to the judge", async () => {
        const matter = await requested("63");
        const { act } = await people.enforcement.offered(matter.id, "ask-correction");
        const offered = act.form[0].fields.find((field) => field.name === "items").fields.find((field) => field.name === "item").options.map((one) => one.value);
        assert.ok(offered.includes("claim") && offered.includes("materials.guarantee-letter") && !offered.includes("claim-enforcement"), offered.join());
        const items = { "filing-correction": { items: [{ item: "materials.guarantee-letter", reason: "担保书没有签名" }], days: 5 } };
        assert.equal((await people.enforcement.taken(matter.id, "ask-correction", items)).state, "correction");
        assert.ok((await paper_text(people.citizen, await people.citizen.matter(matter.id), "filing-correction-notice")).includes("担保书没有签名"));
        await people.citizen.advance("20d");
        assert.equal((await people.citizen.matter(matter.id)).state, "submitted");
    });
});
