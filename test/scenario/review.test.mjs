// The work of the court's reviewers through the API: phrases, related matters, corrections of what
// was entered, who reviews what.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { randomUUID } from "node:crypto";
import { visitor } from "../lib/browser.mjs";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { resident_id } from "../lib/files.mjs";
import { start } from "../lib/server.mjs";

const HERE = "京0105";
const THERE = "京0108";

let server;
let people;

before(async () => {
    server = await start();
    people = {
        citizen: await login(server, "citizen-1"),
        reviewer: await login(server, `reviewer@${HERE}`),
        judge: await login(server, `judge@${HERE}`),
        leader: await login(server, `leader@${HERE}`),
        there: await login(server, `reviewer@${THERE}`),
    };
});
after(() => server?.stop());

describe("saved phrases", () => {
    const texts = async (who, act = "") => (await who.get(`/phrases?act=${act}`)).body.phrases.map((phrase) => phrase.text);

    test("are one's own, or the court's by its leader, and of no other court", async () => {
        const own = await people.reviewer.post("/phrases", { act: "ask-correction", item: "parties", text: "请提供被告的住址" });
        assert.equal(own.status, 201, own.text);
        refused(await people.reviewer.post("/phrases", { act: "return", text: "本院没有管辖权", scope: "court" }), 403, "denied");
        assert.equal((await people.leader.post("/phrases", { act: "return", text: "本院没有管辖权", scope: "court" })).status, 201);
        assert.deepEqual(await texts(people.reviewer), ["请提供被告的住址", "本院没有管辖权"]);
        assert.deepEqual(await texts(people.judge), ["本院没有管辖权"]);
        assert.deepEqual(await texts(people.there), []);
        refused(await people.citizen.get("/phrases"), 403);
    });

    test("serve every filing: in one that was handed over, too, and only what it asks for is chosen", async () => {
        const far = "粤0307";
        const reviewer = await login(server, `reviewer@${far}`);
        const window = await login(server, "window@藏0630");
        const phrase_of = async (said) => (await reviewer.post("/phrases", said)).body.phrase?.id ?? (await reviewer.get("/phrases")).body.phrases.find((one) => one.text === said.text).id;
        const fits = await phrase_of({ act: "ask-correction", item: "parties", text: "请提供对方的住址" });
        const other = await phrase_of({ act: "ask-correction", item: "fee-relief", text: "请说明困难" });
        const away = await phrase_of({ act: "redirect", text: "本院没有管辖权" });
        const draft = await window.begin("cross-domain-filing", far, { "filing-kind": "civil" });
        const matter = await window.taken(draft.id, "submit", { "filing-kind": "civil" });
        const who = await visitor(server, `reviewer@${far}`);
        const use = async (act, id) => {
            const page = await who.open(`/matters/${matter.id}/acts/${act}`);
            const form = page.forms.find((one) => one.action.endsWith(`/acts/${act}`));
            const answer = await who.send(page, form, {}, { name: "_phrase", value: id });
            assert.equal(answer.status, 303, answer.html.slice(0, 300));
            return who.open(answer.headers.get("location"));
        };
        const values = (page, name) => page.forms.flatMap((form) => form.fields).filter((field) => field.name === name).map((field) => field.value);
        await use("ask-correction", fits);
        const page = await use("ask-correction", other);
        assert.deepEqual([values(page, "handover-correction.items.0.item"), values(page, "handover-correction.items.0.reason")], [["parties"], ["请提供对方的住址"]]);
        assert.deepEqual([values(page, "handover-correction.items.1.item"), values(page, "handover-correction.items.1.reason")], [[""], ["请说明困难"]], "nobody can be asked for that here");
        assert.deepEqual(values(await use("redirect", away), "redirection.reason"), ["本院没有管辖权"]);
    });

    test("the same one twice is one; what is none is refused in words", async () => {
        const before_all = (await texts(people.reviewer)).length;
        await people.reviewer.post("/phrases", { act: "ask-correction", item: "parties", text: "请提供被告的住址" });
        assert.equal((await texts(people.reviewer)).length, before_all);
        for (const [said, field] of [
            [{ act: "ask-correction", text: "" }, "text"],
            [{ act: "ask-correction", text: "字".repeat(501) }, "text"],
            [{ act: "ask-correction", text: "看不见\u0007的" }, "text"],
            [{ act: "docket", text: "立案没有常用语" }, "act"],
            [{ act: "ask-correction", item: "nothing", text: "没有这一项" }, "item"],
            [{ act: "return", text: "给谁用", scope: "all" }, "scope"],
        ]) {
            const problem = refused(await people.reviewer.post("/phrases", said), 422, "fields");
            assert.equal(problem.errors[0].field, field, JSON.stringify(said));
        }
        const odd = "𠮷㼆<script>alert(1)</script>' OR 1=1 --";
        assert.equal((await people.reviewer.post("/phrases", { act: "return", text: odd })).status, 201);
        assert.ok((await texts(people.reviewer, "return")).includes(odd));
    });

    test("are counted by acts that say them, and the most used stand first", async () => {
        for (const text of ["甲类常用语", "乙类常用语"]) {
            await people.reviewer.post("/phrases", { act: "ask-correction", text });
        }
        for (let n = 0; n < 2; n++) {
            const { id } = await filed(people.citizen);
            await people.reviewer.taken(id, "ask-correction", { correction: { items: [{ item: "parties", reason: "其一。乙类常用语。" }], days: 10 } });
        }
        const { phrases } = (await people.reviewer.get("/phrases?act=ask-correction")).body;
        assert.equal(phrases[0].text, "乙类常用语");
        assert.equal(phrases[0].used, 2);
        assert.equal(phrases.find((phrase) => phrase.text === "甲类常用语").used, 0);
    });

    test("are taken away by whose they are", async () => {
        const { phrases } = (await people.leader.get("/phrases")).body;
        const of_court = phrases.find((phrase) => phrase.scope === "court");
        const { phrases: own } = (await people.reviewer.get("/phrases?act=ask-correction")).body;
        const mine = own.find((phrase) => phrase.text === "请提供被告的住址");
        refused(await people.reviewer.api("DELETE", `/phrases/${of_court.id}`), 403, "denied");
        refused(await people.judge.api("DELETE", `/phrases/${mine.id}`), 404, "not-found");
        refused(await people.there.api("DELETE", `/phrases/${of_court.id}`), 404, "not-found");
        refused(await people.reviewer.api("DELETE", "/phrases/x"), 404, "not-found");
        assert.equal((await people.reviewer.api("DELETE", `/phrases/${mine.id}`)).status, 200);
        assert.ok(!(await texts(people.reviewer)).includes("请提供被告的住址"));
        assert.equal((await people.leader.api("DELETE", `/phrases/${of_court.id}`)).status, 200);
    });
});

// Invented numbers: a birthday in 1990 at 110101, sequences that nobody here uses twice.
let sequence = 100;
const someone = (name) => ({ name, number: resident_id(`11010119900307${String(sequence++).padStart(3, "0")}`) });
const party = (role, { name, number }) => ({
    role,
    kind: "natural-person",
    name,
    phone: "13800138000",
    address: { division: "110105", detail: "建国路1号" },
    ...(number ? { identity: { type: "resident-id", number } } : {}),
});
const suit = (plaintiff, defendant, { court = HERE, ...values } = {}) =>
    filed(people.citizen, { court, values: { parties: [party("plaintiff", plaintiff), party("defendant", defendant)], ...values } });
const related = async (who, id) => {
    const answer = await who.get(`/matters/${id}/related`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
};

/** A new reviewer at the court, logged in. */
async function colleague(name, court = HERE) {
    const admin = await login(server, "admin");
    const login_name = `r-${randomUUID().slice(0, 8)}`;
    const added = await admin.post("/admin/people", { name, login: login_name, post: "reviewer", court });
    assert.equal(added.status, 201, added.text);
    const who = await nobody(server).login(login_name, added.body.first_password);
    who.login_name = login_name;
    return who;
}

describe("related matters", () => {
    test("of the same two parties and cause are pointed out as doubles; ended ones are not", async () => {
        const [a, b] = [someone("甲某"), someone("乙某")];
        const first = await suit(a, b);
        const second = await suit(a, b);
        const { related: rows } = await related(people.reviewer, second.id);
        assert.equal(rows.length, 1);
        assert.deepEqual([rows[0].kind, rows[0].id, rows[0].state_title, rows[0].same_amount, rows[0].by_name], ["duplicate", first.id, "待法院审核", true, false]);
        assert.equal(rows[0].title, first.title);
        await people.citizen.taken(first.id, "withdraw");
        assert.equal((await related(people.reviewer, second.id)).related[0].kind, "same-parties");
    });

    test("a filing and the case it became are one, shown with the number and state of the case", async () => {
        const [a, b] = [someone("丙某"), someone("丁某")];
        const first = await suit(a, b);
        const docketed = await people.reviewer.taken(first.id, "docket");
        const opened = docketed.links.find((link) => link.rel === "opened");
        const second = await suit(a, b);
        const { related: rows } = await related(people.reviewer, second.id);
        assert.deepEqual(rows.map((row) => [row.id, row.case_number, row.state_title, row.kind]), [[opened.id, docketed.case_number, opened.state_title, "duplicate"]]);
        assert.deepEqual((await related(people.reviewer, docketed.id)).related.map((row) => row.id), [second.id], "and is not related to itself");
    });

    test("with changed sides, of one party only, and a defendant known by name only", async () => {
        const [a, b, c] = [someone("戊某"), someone("己某"), someone("庚某")];
        await suit(b, a);
        await suit(c, b);
        const base = await suit(a, b);
        assert.deepEqual((await related(people.reviewer, base.id)).related.map((row) => row.kind), ["crossed", "party"]);
        const nameless = { name: "𠮷某" };
        await suit(c, nameless);
        const again = await suit(c, nameless);
        const rows = (await related(people.reviewer, again.id)).related;
        assert.deepEqual([rows[0].kind, rows[0].by_name], ["duplicate", true]);
        const other = await suit(a, nameless);
        assert.ok((await related(people.reviewer, other.id)).related.every((row) => row.kind !== "duplicate"), "a name alone says nothing of another's matters");
    });

    test("at another court shows number, court, cause and state, and nothing else", async () => {
        const [a, b, stranger] = [someone("辛某"), someone("壬某"), someone("外人某某")];
        const far = await suit(stranger, b, { court: THERE });
        const docketed = await people.there.taken(far.id, "docket");
        const near = await suit(a, b);
        const answer = await people.reviewer.get(`/matters/${near.id}/related`);
        const [row] = answer.body.related;
        assert.deepEqual([row.court.code, row.case_number, row.cause, row.kind, row.id, row.title, row.at], [THERE, docketed.case_number, "民间借贷纠纷", "party", null, null, null]);
        assert.ok(row.state_title.length > 0);
        assert.ok(!answer.text.includes(stranger.name), "nobody else is named");
        assert.ok(!answer.text.includes(far.id));
        const page = await people.reviewer.get(`/matters/${near.id}`, { headers: { accept: "text/html" } });
        assert.ok(page.text.includes(docketed.case_number) && !page.text.includes(stranger.name) && !page.text.includes(far.id));
        refused(await people.reviewer.get(`/matters/${far.id}`), 404, "not-found");
    });

    test("a claimant with many filings is counted across courts", async () => {
        const a = someone("连某");
        let last;
        for (let n = 0; n < 11; n++) {
            last = await suit(a, someone(`被告${n}`), { court: n % 2 ? THERE : HERE });
        }
        const { claimants } = await related(people.reviewer, last.id);
        assert.deepEqual(claimants.map((one) => [one.name, one.filings, one.serial, one.more]), [["连某", 10, true, false]]);
    });

    test("are for those who decide at its court alone", async () => {
        const { id } = await suit(someone("癸某"), someone("子某"));
        for (const who of [people.judge, people.leader, people.reviewer]) {
            await related(who, id);
        }
        const window = await login(server, `window@${HERE}`);
        refused(await window.get(`/matters/${id}/related`), 403, "denied");
        refused(await people.there.get(`/matters/${id}/related`), 404, "not-found");
        refused(await people.citizen.get(`/matters/${id}/related`), 403);
    });
});

describe("a correction of what was entered", () => {
    const amended = (events) => events.find((event) => event.act === "amend");

    test("keeps both values, counts fee and jurisdiction anew, and tells the filer", async () => {
        const { id } = await filed(people.citizen);
        const before_all = await people.reviewer.matter(id);
        const was = before_all.values.claim.amount;
        const answer = await people.reviewer.act(id, "amend", {
            amendment: { cause: "买卖合同纠纷", amount: was + 4_000_000, "trial-procedure": "ordinary", reason: "借条实为货款欠条" },
        }, { accept_warnings: true });
        assert.equal(answer.status, 200, answer.text);
        const after_all = answer.body;
        assert.equal(after_all.state, "under-review");
        assert.equal(after_all.values.claim.amount, was + 4_000_000);
        assert.match(after_all.title, /买卖合同纠纷$/);
        assert.equal(after_all.values.amendment, undefined, "the correction stands in the event, not among what the party said");
        assert.deepEqual(after_all.clocks.map((clock) => clock.due), before_all.clocks.map((clock) => clock.due), "the time for review runs on");
        const event = amended(await people.citizen.events(id));
        assert.equal(event.reason, "借条实为货款欠条");
        const rows = Object.fromEntries(event.amended.map((row) => [row.field, [row.was, row.becomes]]));
        assert.deepEqual(rows.cause, ["民间借贷纠纷", "买卖合同纠纷"]);
        assert.deepEqual(rows["claim.amount"], ["50,000.00元", "90,000.00元"]);
        assert.deepEqual(rows["docketing.trial-procedure"], ["还没有选", "普通程序"]);
        // LAW: litigation-fee-measures@2007 13: 50,000 -> 1,050; 90,000 -> 2,050
        assert.deepEqual(rows.fee, ["1,050.00元", "2,050.00元"]);
        const mine = await people.citizen.matter(id);
        assert.ok(mine.papers.some((paper) => paper.kind === "notice-of-amendment"));
        const { notices } = (await people.citizen.get("/inbox")).body;
        assert.ok(notices.some((notice) => notice.matter === id && notice.kind === "amend"));
        const docketed = await people.reviewer.taken(id, "docket", { docketing: { "trial-procedure": "ordinary" } });
        const notice = await people.citizen.get(`/matters/${id}`, { headers: { accept: "text/html" } });
        assert.match(notice.text, /民间借贷纠纷 → 买卖合同纠纷/);
        assert.equal(docketed.state, "docketed");
    });

    test("of roles changes title, rows and related matters", async () => {
        const [a, b] = [someone("丑某"), someone("寅某")];
        const { id } = await suit(a, b);
        const answer = await people.reviewer.act(id, "amend", {
            amendment: { roles: [{ party: 1, role: "defendant" }, { party: 2, role: "plaintiff" }], reason: "原被告填反了" },
        }, { accept_warnings: true });
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.body.title, /^寅某 诉 丑某/);
        assert.deepEqual(answer.body.parties.map((one) => one.role), ["defendant", "plaintiff"]);
        const twin = await suit(b, a);
        assert.equal((await related(people.reviewer, twin.id)).related[0].kind, "duplicate");
    });

    test("of nothing, of a party who is not there, or that leaves one side empty is refused", async () => {
        const { id } = await filed(people.citizen);
        const amend = (amendment) => people.reviewer.act(id, "amend", { amendment: { reason: "核对", ...amendment } }, { accept_warnings: true });
        const { values } = await people.reviewer.matter(id);
        for (const [said, code] of [
            [{}, "amendment-holds"],
            [{ amount: values.claim.amount }, "amendment-holds"],
            [{ roles: [{ party: 9, role: "defendant" }] }, "amendment-holds"],
            [{ roles: [{ party: 2, role: "plaintiff" }] }, "amendment-holds"],
            [{ cause: "没有这种纠纷" }, null],
            [{ amount: -1 }, null],
            [{ facts: "法院不改事实" }, null],
            [{ reason: "" }, "missing"],
        ]) {
            const problem = refused(await amend(said), 422, "fields");
            assert.ok(problem.errors.every((error) => error.field.startsWith("amendment")), JSON.stringify(problem.errors));
            if (code) {
                assert.equal(problem.errors[0].code, code, JSON.stringify(said));
            }
        }
        assert.ok(!(await people.reviewer.events(id)).some((event) => event.act === "amend"));
        for (const [who, status] of [[people.citizen, 403], [people.judge, 403], [people.there, 404]]) {
            refused(await who.act(id, "amend", { amendment: { amount: 1, reason: "x" } }), status);
        }
    });

    test("by two reviewers at once: the second sees what the first has done", async () => {
        const { id, revision } = await people.reviewer.matter((await filed(people.citizen)).id);
        const one = await people.reviewer.act(id, "amend", { amendment: { amount: 6_000_000, reason: "一" } }, { revision, accept_warnings: true });
        assert.equal(one.status, 200, one.text);
        const two = await people.reviewer.act(id, "docket", { docketing: { "trial-procedure": "summary" } }, { revision });
        const problem = refused(two, 409, "conflict");
        assert.ok(problem.conflicts.some((conflict) => conflict.field === "claim.amount" && conflict.theirs === 6_000_000), two.text);
    });
});

describe("divided work", () => {
    const AT = "京0106"; // a court whose work nobody else here touches
    let one;
    let two;
    let three;
    let leader;

    before(async () => {
        one = await colleague("审核一", AT);
        two = await colleague("审核二", AT);
        three = await colleague("审核三", AT);
        leader = await login(server, `leader@${AT}`);
    });

    const mine = async (who) => (await who.get("/matters?box=todo&reviewer=me&limit=200")).body.matters.map((row) => row.id);
    const here = () => filed(people.citizen, { court: AT });
    const give = (who, id, to, more = {}) => who.post(`/matters/${id}/reviewer`, { person: to, ...more });
    const load = async () => (await leader.get("/review/load")).body;

    test("a matter is taken, passed on, and taken from whom it no longer concerns by the leader alone", async () => {
        const { id } = await here();
        assert.deepEqual(await mine(one), []);
        assert.equal((await one.get(`/matters/${id}/reviewer`)).body.reviewer, null);
        assert.equal((await give(one, id, "me")).status, 200);
        assert.deepEqual(await mine(one), [id]);
        refused(await give(two, id, "me"), 403, "not-your-review");
        assert.equal((await give(one, id, two.login_name)).status, 200);
        assert.deepEqual([await mine(one), await mine(two)], [[], [id]]);
        assert.equal((await give(leader, id, three.person.id)).body.reviewer.name, "审核三");
        assert.ok((await three.get("/inbox")).body.notices.some((notice) => notice.matter === id && notice.kind === "assigned"));
        const audit = (await (await login(server, "admin")).get("/admin/audit?limit=20")).body.audit;
        assert.ok(audit.filter((row) => row.what === "assign-review" && row.subject === `matter:${id}`).length >= 3, "each time is in the audit");
        refused(await give(one, id, "citizen-1"), 403);
        assert.equal(refused(await give(leader, id, "citizen-1"), 422, "fields").errors[0].field, "person");
        refused(await people.reviewer.post(`/matters/${id}/reviewer`, { person: "me" }), 404, "not-found");
        refused(await people.citizen.post(`/matters/${id}/reviewer`, { person: "me" }), 403);
    });

    test("reassigned while it is open: deciding asks, passing on says who has it now", async () => {
        const { id } = await here();
        const seen = await one.matter(id);
        assert.equal((await give(one, id, "me")).status, 200);
        assert.equal((await give(leader, id, two.login_name)).status, 200);
        const late = refused(await give(leader, id, three.login_name, { from: one.person.id }), 409, "reassigned");
        assert.match(late.detail, /审核二/);
        const asked = refused(await one.act(id, "docket", { docketing: { "trial-procedure": "summary" } }, { revision: seen.revision }), 428, "warnings");
        assert.deepEqual(asked.warnings.map((warning) => warning.code), ["assigned-to-other"]);
        const done = await one.act(id, "docket", { docketing: { "trial-procedure": "summary" } }, { revision: seen.revision, accept_warnings: ["assigned-to-other"] });
        assert.equal(done.status, 200, done.text);
        const gone = refused(await two.act(id, "docket", { docketing: { "trial-procedure": "summary" } }, { revision: seen.revision }), 409, "state");
        assert.match(gone.detail, /审核一已于.*办理“登记立案”.*已立案/s, "who has decided it meanwhile, and when");
    });

    test("two who look at it at once are told of each other", async () => {
        const { id } = await here();
        await one.matter(id);
        await two.matter(id);
        assert.deepEqual((await two.get(`/matters/${id}/reviewer`)).body.also_here.map((other) => other.name), ["审核一"]);
        await two.taken(id, "docket");
    });

    test("while one is away it is the substitute's, and his own again afterwards", async () => {
        const { id } = await here();
        await give(one, id, "me");
        const today = new Date(Date.parse((await people.citizen.advance("1s")))).toLocaleDateString("sv", { timeZone: "Asia/Shanghai" });
        const away = (who, said) => who.post("/review/absences", { from: today, to: today, ...said });
        for (const [said, field] of [
            [{ substitute: one.login_name }, "substitute"],
            [{ substitute: "nobody" }, "substitute"],
            [{ substitute: two.login_name, from: "昨天" }, "from"],
            [{ substitute: two.login_name, to: "2020-01-01" }, "to"],
        ]) {
            assert.equal(refused(await away(one, said), 422, "fields").errors[0].field, field, JSON.stringify(said));
        }
        refused(await away(one, { person: two.login_name, substitute: three.login_name }), 403, "denied");
        assert.equal((await away(one, { substitute: two.login_name })).status, 200);
        assert.ok((await mine(two)).includes(id));
        assert.equal(refused(await away(one, { substitute: three.login_name }), 422).errors[0].field, "from", "the same days twice");
        assert.equal(refused(await away(two, { substitute: one.login_name }), 422).errors[0].field, "substitute", "not in a circle");
        assert.equal((await away(leader, { person: two.login_name, substitute: three.login_name })).status, 200);
        assert.ok((await mine(three)).includes(id), "the substitute's substitute");
        assert.equal((await two.act(id, "docket", { docketing: { "trial-procedure": "summary" } }, { revision: (await two.matter(id)).revision })).status, 200, "whoever stands in is not asked");
        const { absences } = await load();
        assert.equal(absences.length, 2);
        refused(await three.api("DELETE", `/review/absences/${absences[0].id}`), 403, "denied");
        for (const absence of absences) {
            assert.equal((await leader.api("DELETE", `/review/absences/${absence.id}`)).status, 200);
        }
        assert.deepEqual((await load()).absences, []);
    });

    test("automatic: each new one goes to whoever has least and is there, with a reason in the audit", async () => {
        refused(await one.post("/review/settings", { automatic: true }), 403, "denied");
        const waiting = new Map((await load()).reviewers.map((row) => [row.person.name, row.waiting]));
        assert.equal((await leader.post("/review/settings", { automatic: true })).status, 200);
        for (let n = 0; n < 6; n++) {
            await here();
        }
        const after_all = await load();
        assert.equal(after_all.automatic, true);
        const counts = after_all.reviewers.map((row) => row.waiting);
        assert.ok(Math.max(...counts) - Math.min(...counts) <= Math.max(1, Math.max(...waiting.values()) - Math.min(...waiting.values())), `${counts}`);
        assert.equal(counts.reduce((sum, count) => sum + count, 0) - [...waiting.values()].reduce((sum, count) => sum + count, 0), 6);
        const row = after_all.reviewers[0];
        assert.equal(row.ages.reduce((sum, count) => sum + count, 0), row.waiting, "by age is all of it");
        const { rows } = { rows: (await (await login(server, "admin")).get("/admin/audit?limit=50")).body.audit };
        assert.ok(rows.some((one_row) => one_row.what === "review-automatic"));
        assert.ok(rows.filter((one_row) => one_row.what === "assign-review").length >= 6);
        assert.equal((await leader.post("/review/settings", { automatic: false })).status, 200);
        const { id } = await here();
        assert.equal((await one.get(`/matters/${id}/reviewer`)).body.reviewer, null);
    });

    test("all of one's goes to another, or is spread over the rest", async () => {
        const before_all = await load();
        const of = (all, who) => all.reviewers.find((row) => row.person.id === who.person.id).waiting;
        assert.ok(of(before_all, one) > 0);
        refused(await one.post("/review/pass", { from: one.login_name, to: two.login_name }), 403, "denied");
        assert.equal((await leader.post("/review/pass", { from: one.login_name, to: two.login_name })).status, 200);
        const passed = await load();
        assert.deepEqual([of(passed, one), of(passed, two)], [0, of(before_all, one) + of(before_all, two)]);
        assert.equal((await leader.post("/review/pass", { from: two.login_name, to: "" })).status, 200);
        const spread = await load();
        assert.equal(of(spread, two), 0, "none goes back to whom it is taken from");
        assert.ok(Math.abs(of(spread, one) - of(spread, three)) <= 1 + of(before_all, three));
    });
});

describe("docketing in one go", () => {
    const AT = "京0107";
    const bulk = (who, matters, key = randomUUID()) => who.post("/review/docket", { matters, values: { docketing: { "trial-procedure": "summary" } } }, { key });

    test("takes what was looked at and raises no doubt, and names the rest with its reason", async () => {
        const who = await login(server, `reviewer@${AT}`);
        const clean = [];
        for (let n = 0; n < 3; n++) {
            clean.push((await filed(people.citizen, { court: AT, values: { parties: [party("plaintiff", { name: "林晓舟", number: "11010519491231002X" }), { ...party("defendant", someone("被告某")), address: { division: "110107", detail: "石景山路1号" } }] } })).id);
        }
        const doubtful = (await filed(people.citizen, { court: AT, values: { parties: [party("plaintiff", { name: "林晓舟", number: "11010519491231002X" }), { role: "defendant", kind: "natural-person", name: "找不到的人" }] } })).id;
        const far = (await filed(people.citizen)).id;
        const unseen = clean.pop();
        const revisions = new Map();
        for (const id of [...clean, doubtful]) {
            revisions.set(id, (await who.matter(id)).revision);
        }
        revisions.set(unseen, (await people.citizen.matter(unseen)).revision);
        const rows = (await who.get("/matters?box=todo")).body.matters;
        assert.deepEqual(rows.filter((row) => row.looked).map((row) => row.id).sort(), [...clean, doubtful].sort());
        const asked = [...clean, doubtful, unseen, far].map((id) => ({ id, revision: revisions.get(id) ?? 1 }));
        const key = randomUUID();
        const answer = await bulk(who, asked, key);
        assert.equal(answer.status, 200, answer.text);
        const result = new Map(answer.body.results.map((row) => [row.id, row]));
        for (const id of clean) {
            assert.match(result.get(id).case_number, /京0107民初\d+号$/, JSON.stringify(result.get(id)));
            assert.equal((await who.matter(id)).state, "docketed");
        }
        assert.equal(result.get(doubtful).refused.code, "not-clean");
        assert.equal(result.get(unseen).refused.code, "not-looked-at");
        assert.deepEqual([result.get(far).refused.code, result.get(far).title], ["not-found", null]);
        assert.deepEqual([answer.body.docketed, answer.body.refused], [2, 3]);
        const again = await bulk(who, asked, key);
        assert.equal(again.status, 200, again.text);
        assert.deepEqual(again.body.results.slice(0, 2).map((row) => row.case_number), clean.map((id) => result.get(id).case_number), "the same key again does nothing twice");
        const events = (await who.events(clean[0])).filter((event) => event.act === "docket");
        assert.equal(events.length, 1);
    });

    test("is refused for nothing, for too many, for others, without a key", async () => {
        const who = await login(server, `reviewer@${AT}`);
        assert.equal(refused(await bulk(who, []), 422, "fields").errors[0].code, "missing");
        assert.equal(refused(await bulk(who, ["x"]), 422, "fields").errors[0].code, "ill-typed");
        assert.equal(refused(await bulk(who, Array.from({ length: 51 }, (_, n) => ({ id: `${n + 1}`, revision: 1 }))), 422, "fields").errors[0].code, "too-many");
        refused(await bulk(people.citizen, [{ id: "1", revision: 1 }]), 403);
        refused(await bulk(people.leader, [{ id: "1", revision: 1 }]), 403, "denied");
        refused(await who.post("/review/docket", { matters: [{ id: "1", revision: 1 }], values: {} }), 422);
    });
});
