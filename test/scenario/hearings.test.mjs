// A hearing is fixed and changed, everybody is called by a paper of his own; an action is dismissed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { docketed as case_docketed, joins } from "../lib/answer.mjs";
import { visitor } from "../lib/browser.mjs";
import { errors_at, login, nobody, refused } from "../lib/client.mjs";
import { pdf_text, printed } from "../lib/paper.mjs";
import { start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

let server;
let plaintiff;
let defendant;
let lawyer;
let reviewer;
let clerk;
let judge;

before(async () => {
    server = await start();
    plaintiff = await login(server, "citizen-1");
    defendant = await login(server, "citizen-4");
    lawyer = await login(server, "lawyer-1");
    reviewer = await login(server, "reviewer@京0105");
    clerk = await login(server, "clerk@京0105");
    judge = await login(server, "judge@京0105");
});
after(() => server?.stop());

const docketed = (more) => case_docketed({ plaintiff, reviewer }, more);
const flat = (text) => text.replace(/\s+/g, "");
const kinds = (matter, kind) => matter.papers.filter((paper) => paper.kind === kind);
const words = async (who, paper) => flat(pdf_text(await printed(who, paper.url)));

/** Half past nine, so many days from the program's today, `+08:00`. */
async function morning(days) {
    const now = (await nobody(server).get("/outages")).body.now;
    const day = new Date(Date.parse(`${now.slice(0, 10)}T00:00:00Z`) + days * 86_400_000);
    return `${day.toISOString().slice(0, 10)}T09:30:00+08:00`;
}

const hearing = (at, more = {}) => ({ at, mode: "court", place: "第三法庭", public: true, bench: "sole", judge: "周某", clerk: "吴某", ...more });
/** Decides, having seen the case as it stands. */
async function decides(who, id, act, values, more = {}) {
    const { revision } = await who.matter(id);
    return who.act(id, act, values, { accept_warnings: true, revision, ...more });
}
const fixes = (who, id, said, more = {}) => decides(who, id, "fix-hearing", { hearing: said }, more);
const panel = { bench: "panel", members: [{ name: "李某", role: "judge" }, { name: "买买提·阿不都热合曼", role: "assessor" }] };

async function ordinary(id) {
    await judge.taken(id, "convert-procedure", { trial: { procedure: "ordinary", months: 6 } });
}

describe("a hearing", () => {
    let id;

    test("three days before, where the way is the ordinary one, by whom the court may sit", async () => {
        id = await docketed({ names: ["王𠮷", "北京某某有限公司"] });
        const desk = (await clerk.get(`/matters/${id}/acts/fix-hearing`, { accept: "text/html" })).text;
        assert.match(desk, /<\/form>[^]*<details class="card fold"><summary><h2>提交的内容<\/h2>/, "the complaint is folded below the form");
        const near = await fixes(clerk, id, hearing(await morning(2)), { accept_warnings: false });
        refused(near, 428);
        assert.ok(near.body.warnings.some((one) => /不到三日/.test(one.title)), near.text);
        assert.ok(near.body.warnings.some((one) => /王𠮷收到应诉材料/.test(one.title)), near.text);
        assert.ok(errors_at(await fixes(clerk, id, hearing(await morning(20), panel)), "hearing.bench").length > 0, "a panel in the summary way");
        await ordinary(id);
        const refused_at = async (said, field) => {
            const answer = await fixes(clerk, id, said);
            refused(answer, 422);
            assert.ok(errors_at(answer, field).length > 0, answer.text);
            return answer;
        };
        const early = await refused_at(hearing(await morning(2)), "hearing.at");
        assert.equal(early.body.errors[0].law, "civil-procedure-law@2023 139");
        await refused_at(hearing(await morning(-1)), "hearing.at");
        await refused_at(hearing(await morning(20), { ...panel, members: [...panel.members, { name: "赵某", role: "judge" }] }), "hearing.members");
        await refused_at(hearing(await morning(20), { mode: "online", agreed: false }), "hearing.agreed");
        await refused_at(hearing(await morning(20), { place: "" }), "hearing.place");
        refused(await fixes(plaintiff, id, hearing(await morning(20))), 403);
    });

    test("calls each party by a summons, agents and witnesses by a notice, and the public", async () => {
        await joins(server, clerk, id, defendant, 2);
        const sent = await plaintiff.post(`/matters/${id}/agents`, { login: "lawyer-1", name: lawyer.person.name, authority: "general" });
        assert.equal(sent.status < 300, true, sent.text);
        const at = await morning(3);
        const done = await fixes(clerk, id, hearing(at, { ...panel, others: [{ name: "赵𬭩", role: "witness" }] }));
        assert.equal(done.status, 200, done.text);
        assert.equal(done.body.state, "scheduled");
        assert.deepEqual(kinds(done.body, "summons").map((paper) => paper.title), ["传票（林晓舟）", "传票（王𠮷）", "传票（北京某某有限公司）"]);
        assert.equal(kinds(done.body, "hearing-notice").length, 2);
        assert.equal(kinds(done.body, "hearing-announcement").length, 1);
        assert.ok(kinds(done.body, "summons").every((paper) => paper.seal === "京0105" && paper.number === done.body.case_number));
        const [first, second] = kinds(done.body, "summons");
        assert.match(await words(clerk, first), /林晓舟（原告）.*第三法庭.*可以按撤诉处理/);
        assert.match(await words(clerk, second), /王𠮷（被告）.*可以缺席判决/);
        const notices = await Promise.all(kinds(done.body, "hearing-notice").map((paper) => words(clerk, paper)));
        assert.match(notices[0], /原告林晓舟的委托诉讼代理人.*代理诉讼/);
        assert.match(notices[1], /赵𬭩（证人）.*作证/);
        assert.match(await words(clerk, kinds(done.body, "hearing-announcement")[0]), /公开开庭审理.*审判长周某.*人民陪审员买买提·阿不都热合曼/);
    });

    test("stands in the case, the calendar, its feed and the notices of everybody in it", async () => {
        const at = (await clerk.matter(id)).values.hearing.at;
        for (const [who, name] of [[plaintiff, "citizen-1"], [defendant, "citizen-4"], [lawyer, "lawyer-1"]]) {
            assert.equal((await who.matter(id)).values.hearing.at, at);
            const entry = (await who.get("/calendar?view=list")).body.entries.find((one) => one.matter.id === id && one.kind === "date");
            assert.equal(entry.at, at, name);
            const notice = (await who.get("/inbox")).body.notices.find((one) => one.title === "确定开庭时间");
            assert.match(notice.text, /9:30开庭，第三法庭/, name);
            assert.match((await (await visitor(server, name)).open(`/matters/${id}`)).html, /<h2>开庭<\/h2>/);
        }
        const feed = await defendant.post("/calendar/feed", {});
        const ics = (await nobody(server).get(new URL(feed.body.feed.url).pathname, { accept: "*/*" })).text;
        assert.ok(ics.includes(`DTSTART;TZID=Asia/Shanghai:${at.slice(0, 19).replace(/[-:]/g, "")}`), ics);
    });

    test("is changed: papers anew, which say what it was and why", async () => {
        const before = (await clerk.matter(id)).values.hearing.at;
        const at = await morning(30);
        refused(await fixes(clerk, id, hearing(at)), 409);
        const said = { hearing: { at, mode: "online", agreed: true, place: "通诉在线法庭" }, "hearing-change": { ground: "absent", reason: "被告因病住院" } };
        const done = await decides(judge, id, "change-hearing", said);
        assert.equal(done.status, 200, done.text);
        assert.equal(done.body.values.hearings.length, 1);
        assert.equal(done.body.values.hearings[0].at, before);
        const text = await words(judge, kinds(done.body, "summons").at(-2));
        assert.match(text, /在线开庭：通诉在线法庭/);
        assert.match(text, /\d{4}年\d+月\d+日09:30。变更的理由：被告因病住院/);
        const entry = (await defendant.get("/calendar?view=list")).body.entries.filter((one) => one.matter.id === id && one.kind === "date");
        assert.deepEqual(entry.map((one) => one.at), [at]);
    });

    test("is none any more when the action is dismissed, which says how to appeal", async () => {
        const dismissal = { ground: "judged", facts: "原告的请求已由生效判决处理。", reasons: "原告应当申请再审，起诉应予驳回。", judge: "周某", clerk: "吴某", members: panel.members };
        refused(await decides(clerk, id, "dismiss", { dismissal }), 403);
        const done = await decides(judge, id, "dismiss", { dismissal });
        assert.equal(done.status, 200, done.text);
        assert.equal(done.body.state, "dismissed");
        assert.ok(done.body.clocks.every((clock) => clock.stopped !== null), "nothing runs");
        const text = await words(judge, kinds(done.body, "ruling-dismiss-action")[0]);
        for (const part of [/第一百二十七条第五项、第一百五十七条第一款第三项/, /驳回林晓舟的起诉。/, /十日内.*上诉于北京市第三中级人民法院/, /审判长周某审判员李某人民陪审员买买提·阿不都热合曼/, /诉讼费用交纳办法》第二十七条退还/]) {
            assert.match(text, part);
        }
        assert.deepEqual((await defendant.get("/calendar?view=list")).body.entries.filter((one) => one.matter.id === id && one.kind === "date"), []);
        assert.match((await (await visitor(server, "citizen-1")).open(`/matters/${id}`)).html, /10日内（(\d+年)?\d+月\d+日前）上诉/);
        refused(await fixes(judge, id, hearing(await morning(20))), 409);
    });
});

test("what was issued is printed again from its inputs to the same bytes", async () => {
    for (const [kind, who] of [["complaint", plaintiff], ["hearing-notice", judge], ["summons", judge]]) {
        const [matter, n] = (await sql(server.database, `select matter, n from paper where kind = '${kind}' and signer = '' order by at limit 1`)).split("|");
        const before = await printed(who, `/matters/${matter}/papers/${n}`);
        await sql(server.database, `update paper set sm3 = null where matter = ${matter} and n = ${n}`); // as if it had never been printed
        assert.ok(before.equals(await printed(who, `/matters/${matter}/papers/${n}`)), kind);
    }
});

test("thirty defendants: thirty-one summonses in one act", async () => {
    const id = await docketed({ names: Array.from({ length: 30 }, (_, i) => `被告${i + 1}`) });
    const done = await fixes(judge, id, hearing(await morning(20)));
    assert.equal(done.status, 200, done.text);
    assert.equal(kinds(done.body, "summons").length, 31);
    assert.match(await words(judge, kinds(done.body, "summons").at(-1)), /被告30（被告）/);
});
