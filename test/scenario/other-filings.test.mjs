// Filings at the court itself that are no civil suits: administrative, private prosecution, state compensation,
// enforcement, review within enforcement; in words and in the element forms of their kind, from the draft to the case or the refusal.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { COURT, login, nobody, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { beijing_date, day_end, period_days } from "../lib/law.mjs";
import { start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

// Kind: its procedure, days to decide, the case it opens, type of the number, fee in fen (null: none), which materials the case has for the
// other side to read (besides evidence), the act and paper that refuse it, what the paper says of law and of what can be done against it.
const KINDS = {
    administrative: {
        procedure: "administrative-first-instance-filing", days: 7, opens: "administrative-first-instance", awaits: /法院应在(?:\d+年)?\d+月\d+日前发送起诉状副本。法院应在(?:\d+年)?\d+月\d+日前审结。/, type: "行初", fee: 5000, served: ["administrative-complaint", "challenged-act"],
        paper: "ruling-not-docket", says: ["行政裁定书", "《中华人民共和国行政诉讼法》第四十六条、第五十一条第二款", "不予立案", "十日内", "上诉"],
    },
    "private-prosecution": {
        procedure: "private-prosecution-filing", days: 15, opens: "private-prosecution", awaits: /法院应在(?:\d+年)?\d+月\d+日前审结。/, type: "刑初", fee: null, served: ["private-complaint"],
        paper: "ruling-no-prosecution", says: ["刑事裁定书", "第三百二十条第二款第二项", "不予受理", "第二日起五日内", "上诉"],
    },
    "state-compensation": {
        procedure: "state-compensation-filing", days: 7, opens: "state-compensation", awaits: /法院应在(?:\d+年)?\d+月\d+日前送达申请书副本。法院应在(?:\d+年)?\d+月\d+日前作出决定。/, type: "法赔", fee: null, served: ["compensation-application"],
        paper: "decision-not-accept", says: ["不予受理案件决定书", "国家赔偿案件立案工作的规定", "不予受理", "赔偿委员会"],
    },
    enforcement: {
        procedure: "enforcement-filing", days: 7, opens: "enforcement", awaits: /法院应在(?:\d+年)?\d+月\d+日前发出执行通知。法院的执行期限到(?:\d+年)?\d+月\d+日。/, type: "执", fee: null, served: ["effective-document"],
        paper: "ruling-no-enforcement", says: ["执行裁定书", "第十六条第一款第三项、第二款", "不予受理", "十日内", "申请复议"],
    },
    "enforcement-review": {
        procedure: "enforcement-review-filing", days: 3, opens: "enforcement-review", awaits: /法院应在(?:\d+年)?\d+月\d+日前通知其他当事人。法院应在(?:\d+年)?\d+月\d+日前作出裁定。/, type: "执异", fee: null, served: ["review-application"],
        paper: "ruling-no-review", says: ["执行裁定书", "执行异议和复议案件若干问题的规定》第二条", "执行异议申请", "不予受理", "十日内", "申请复议"],
    },
};

let server;
let people;
let forms; // of these kinds: as GET /forms/NUMBER has them

before(async () => {
    server = await start();
    people = { citizen: await login(server, "citizen-1"), stranger: await login(server, "citizen-2") };
    for (const post of ["reviewer", "judge", "leader", "clerk"]) {
        people[post] = await login(server, `${post}@${COURT}`);
    }
    const guest = nobody(server);
    const list = (await guest.get("/forms")).body.forms.filter((form) => form.kind in KINDS);
    forms = await Promise.all(list.map(async (form) => (await guest.get(`/forms/${form.number}`)).body));
});
after(() => server?.stop());

const clock_of = (matter, name) => matter.clocks.filter((clock) => clock.name === name).at(-1);
const submit_form = (matter) => matter.acts.find((act) => act.name === "submit").form;

/** The words of a paper, once it is printed. */
async function paper_text(who, matter, kind) {
    const paper = matter.papers.find((one) => one.kind === kind);
    assert.ok(paper, `${kind} among ${matter.papers.map((one) => one.kind)}`);
    const sent = await who.get(`/matters/${matter.id}/papers/${paper.n}`);
    assert.equal(sent.status, 200, sent.text.slice(0, 300));
    const made = spawnSync("pdftotext", ["-", "-"], { input: sent.bytes, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    return made.stdout.replaceAll(/\s/g, "");
}

/** A draft that asks the form of that number, or `free`. */
async function begun(kind, number = "free") {
    const draft = await people.citizen.begin(KINDS[kind].procedure);
    const saved = await people.citizen.save(draft.id, { [`form-${kind}`]: number });
    assert.equal(saved.status, 200, saved.text);
    return saved.body;
}

async function filed(kind, number, values = {}) {
    const draft = await begun(kind, number);
    return people.citizen.taken(draft.id, "submit", values);
}

for (const [kind, told] of Object.entries(KINDS)) {
    describe(kind, () => {
        test("filed in words is received, and has the days of its own law to be decided in", async () => {
            const matter = await filed(kind);
            assert.equal(matter.state, "under-review");
            const review = clock_of(matter, "review");
            assert.equal(review.due, day_end(period_days(beijing_date(review.started), told.days)));
            assert.notEqual(review.law, "");
            const receipt = await paper_text(people.citizen, matter, "filing-receipt");
            assert.ok(receipt.includes("收到不等于立案"), receipt);
            assert.ok(!matter.papers.some((paper) => paper.kind === "element-application"));
            refused(await people.stranger.get(`/matters/${matter.id}`), 404, "not-found");
        });

        test("not decided in time, the court's leader and the party are told", async () => {
            const matter = await filed(kind);
            await people.citizen.advance(`${told.days + 12}d`);
            const late = await people.citizen.matter(matter.id);
            assert.notEqual(clock_of(late, "review").breached, null);
            assert.ok((await people.citizen.events(matter.id)).some((event) => event.act === "review-overdue"));
            const inbox = (await people.leader.get("/inbox")).body;
            assert.ok(JSON.stringify(inbox).includes(matter.id), "the leader is told");
        });

        test("docketed opens its case with a number of its type and says what is to be paid, or why nothing is", async () => {
            const matter = await filed(kind);
            const desk = (await people.reviewer.get(`/matters/${matter.id}/acts/docket`, { accept: "text/html" })).text;
            assert.match(desk, /<main[^]*<dt>/);
            assert.doesNotMatch(desk, /<h2>提交的内容/, "what is decided on lies open");
            const docketed = await people.reviewer.taken(matter.id, "docket");
            assert.equal(docketed.state, "docketed");
            const link = docketed.links.find((one) => one.rel === "opened");
            assert.equal(link.procedure, told.opens);
            assert.match(docketed.case_number, new RegExp(`^（\\d{4}）${COURT}${told.type}[1-9]\\d*号$`));
            const opened = await people.citizen.matter(link.id);
            assert.deepEqual([...new Set(opened.materials.map((one) => one.kind))].filter((one) => one !== "evidence").sort(), told.served);
            const page = (await people.citizen.get(`/matters/${link.id}`, { accept: "text/html" })).text;
            assert.match(page, told.awaits, "whose period it is, and for what");
            assert.doesNotMatch(page, /最近的期限|。期限到/);
            const read = await people.citizen.get(`/matters/${link.id}/materials/${opened.materials[0].n}`);
            assert.equal(read.status, 200, read.text.slice(0, 200));
            const [row] = docketed.ledger;
            assert.equal(row.kind, told.fee === null ? "no-fee" : "acceptance-fee-due");
            assert.equal(row.amount, told.fee ?? 0);
            const notice = await paper_text(people.citizen, await people.citizen.matter(matter.id), "docketing-notice");
            for (const part of ["受理案件通知书", docketed.case_number, told.fee === null ? "费用：" : "应当预交案件受理费"]) {
                assert.ok(notice.includes(part), `${part} in ${notice}`);
            }
        });

        test("asked to be corrected, only what was named is asked again, and the days begin anew", async () => {
            const matter = await filed(kind);
            const { act } = await people.reviewer.offered(matter.id, "ask-correction");
            const items = act.form[0].fields.find((field) => field.name === "items");
            const offered = items.fields.find((field) => field.name === "item").options.map((option) => option.value);
            assert.ok(offered.includes(`claim-${kind}`) && offered.includes("materials.identity"), offered.join());
            assert.ok(!offered.includes("claim") && Object.keys(KINDS).every((one) => one === kind || !offered.includes(`claim-${one}`)), offered.join());
            const asked = await people.reviewer.taken(matter.id, "ask-correction", {
                "filing-correction": { items: [{ item: "parties", reason: "请写明对方的住址" }], days: 10 },
            });
            assert.equal(asked.state, "correction");
            const notice = await paper_text(people.citizen, await people.citizen.matter(matter.id), "filing-correction-notice");
            assert.ok(notice.includes("请写明对方的住址") && notice.includes("当事人"), notice);
            const form = submit_form(await people.citizen.matter(matter.id)).map((field) => field.name);
            assert.deepEqual(form.filter((name) => name !== "signature"), ["parties"]);
            await people.citizen.advance("3d");
            const again = await people.citizen.taken(matter.id, "submit");
            const review = clock_of(again, "review");
            assert.equal(review.due, day_end(period_days(beijing_date(review.started), told.days)));
        });

        test("not corrected in time it is returned, insisted on, and refused with the law and the remedy of its kind", async () => {
            const matter = await filed(kind);
            await people.reviewer.taken(matter.id, "ask-correction", { "filing-correction": { items: [{ item: "parties", reason: "请写明住址" }], days: 5 } });
            await people.citizen.advance("20d");
            const returned = await people.citizen.matter(matter.id);
            assert.equal(returned.state, "returned");
            assert.ok((await paper_text(people.citizen, returned, "filing-return-notice")).includes("补正期限届满"));
            const insisted = await people.citizen.taken(matter.id, "insist");
            assert.equal(insisted.state, "insisted");
            refused(await people.reviewer.act(matter.id, "refuse", {}, { revision: insisted.revision }), 403);
            const ruled = await people.judge.taken(matter.id, "refuse");
            assert.equal(ruled.state, "refused");
            const text = await paper_text(people.citizen, await people.citizen.matter(matter.id), told.paper);
            for (const part of told.says) {
                assert.ok(text.includes(part), `${part} in ${text}`);
            }
        });

        test("is withdrawn while nothing is decided", async () => {
            const matter = await filed(kind);
            assert.equal((await people.citizen.taken(matter.id, "withdraw")).state, "withdrawn");
        });

        test("each of its element forms is filed element by element and printed as the official table", async () => {
            const own = forms.filter((form) => form.kind === kind);
            assert.ok(own.length > 0);
            for (const form of own) {
                const draft = await begun(kind, form.number);
                const asked = submit_form(draft).map((field) => field.name);
                assert.ok(!asked.includes(`claim-${kind}`), `${form.caption} asks nothing twice: ${asked}`);
                const matter = await people.citizen.taken(draft.id, "submit");
                const text = await paper_text(people.citizen, matter, "element-application");
                assert.ok(text.startsWith(form.document), `${form.caption}: ${text.slice(0, 60)}`);
                // What the parties say stands where the official table has it.
                for (const part of ["林晓舟", "王某", "建国路1号", form.caption]) {
                    assert.ok(text.includes(part.replaceAll(/\s/g, "")), `${part} in ${form.caption}: ${text.slice(0, 800)}`);
                }
                assert.ok(!matter.papers.some((paper) => /complaint$/.test(paper.kind)), "no written complaint is asked for");
                assert.equal(matter.values.claim.form, form.number);
                assert.ok(matter.values.claim.requests.length > 0, form.title);
            }
        });
    });
}

describe("private prosecution", () => {
    test("is refused only after the prosecutor was advised to withdraw and insisted", async () => {
        const matter = await filed("private-prosecution");
        refused(await people.judge.act(matter.id, "refuse", {}, { revision: matter.revision }), 409, "state");
        const advised = await people.judge.taken(matter.id, "advise");
        assert.equal(advised.state, "advised");
        assert.equal(clock_of(advised, "review").stopped, null, "the fifteen days run on");
        refused(await people.judge.act(matter.id, "refuse", {}, { revision: advised.revision }), 409, "state");
        assert.equal((await people.citizen.taken(matter.id, "insist")).state, "insisted");
        assert.equal((await people.judge.taken(matter.id, "refuse")).state, "refused");
    });
});

describe("parties of a form that has a place for one", () => {
    test("all stand in the table: a second plaintiff, an organisation beside a person, an agent", async () => {
        const draft = await begun("administrative", "44");
        const filled = form_fill(submit_form(draft));
        const [plaintiff, defendant] = filled.parties;
        const parties = [
            { ...plaintiff, agents: [{ name: "李律师", kind: "lawyer", firm: "北京示例律师事务所", authority: "special", powers: ["settle"] }] },
            { role: "plaintiff", kind: "legal-person", name: "北京示例商贸有限公司", officer: "赵某" },
            { ...defendant, kind: "organisation", name: "北京市朝阳区示例局", identity: undefined },
            { role: "third-party", kind: "natural-person", name: "𠮷某·买买提" },
        ];
        const matter = await people.citizen.taken(draft.id, "submit", { parties });
        const text = await paper_text(people.citizen, matter, "element-application");
        for (const part of ["姓名：林晓舟", "名称：北京示例商贸有限公司", "法定代表人／负责人：赵某", "姓名：李律师", "特别授权☑", "名称：北京市朝阳区示例局", "姓名：𠮷某·买买提"]) {
            assert.ok(text.includes(part), `${part} in ${text.slice(0, 1500)}`);
        }
        assert.ok(text.includes("11010519491231002X"), "the identity number of the party, on his own paper");
    });

    test("nothing that identifies a person lies open in what is stored", async () => {
        const matter = await filed("enforcement", "60");
        const seen = JSON.stringify((await people.reviewer.matter(matter.id)).values);
        const kept = await sql(server.database, `SELECT field_values FROM matter WHERE id = ${matter.id}`);
        assert.ok(kept.includes("林晓舟"), "these are the values");
        for (const secret of ["11010519491231002X", "13800138000", "6222021234567890128"]) {
            assert.ok(!seen.includes(secret), `${secret} is masked for the court`);
            assert.ok(!kept.includes(secret), `${secret} is sealed`);
        }
    });
});

describe("in time", () => {
    const codes = (problem) => problem.warnings.map((one) => `${one.code} ${one.field} ${one.law ?? ""}`).join("\n");
    const warned = async (kind, values) => {
        const draft = await begun(kind);
        const { matter, act } = await people.citizen.offered(draft.id, "submit");
        await people.citizen.upload_required(matter, act);
        return codes(refused(await people.citizen.act(draft.id, "submit", form_fill(act.form, values), { accept_warnings: false }), 428, "warnings"));
    };
    test("an administrative suit six months after knowing, or fifteen days after reconsideration, is taken with a warning", async () => {
        assert.match(await warned("administrative", { "claim-administrative": { "known-on": "2024-01-05", reconsidered: false } }), /asked-in-time claim-administrative\.known-on/);
        assert.match(await warned("administrative", { "claim-administrative": { reconsidered: true, "decision-on": "2024-01-05" } }), /asked-in-time claim-administrative\.decision-on/);
    });
    test("who waits in vain for a decision on reconsideration files without its date", async () => {
        const draft = await begun("administrative");
        const { matter, act } = await people.citizen.offered(draft.id, "submit");
        await people.citizen.upload_required(matter, act);
        const values = form_fill(act.form, { "claim-administrative": { reconsidered: true } });
        delete values["claim-administrative"]["decision-on"];
        assert.equal((await people.citizen.save(draft.id, { "claim-administrative": values["claim-administrative"] })).status, 200);
        assert.equal((await people.citizen.get(`/matters/${draft.id}/last-day`)).body.derived, null, "not six months from knowing");
        const done = await people.citizen.act(draft.id, "submit", values, { accept_warnings: true });
        assert.equal(done.status, 200, done.text);
    });
    test("so is an application for compensation thirty days after a court decided, or after the decision on review was received", async () => {
        const said = (values) => warned("state-compensation", { "claim-state-compensation": values });
        const late = { "decided-on": "2024-01-05", "review-received-on": "" };
        assert.match(await said({ "organ-is-court": true, ...late }), /asked-in-time claim-state-compensation\.decided-on/);
        const reviewed = await said({ "organ-is-court": false, "decided-on": "2023-01-05", "review-received-on": "2024-01-05" });
        assert.match(reviewed, /asked-in-time claim-state-compensation\.review-received-on/);
        assert.doesNotMatch(reviewed, /decided-on/, "the day when it was made is not the day when it was received");
        const draft = await begun("state-compensation");
        const last = async (values) => {
            assert.equal((await people.citizen.save(draft.id, { "claim-state-compensation": values })).status, 200);
            return (await people.citizen.get(`/matters/${draft.id}/last-day`)).body.derived;
        };
        assert.equal(await last({ "organ-is-court": false, "decided-on": "2026-01-05" }), null, "that of an organ which is no court goes to review first");
        assert.equal(await last({ "organ-is-court": true, "decided-on": "2026-01-05" }), "2026-02-04");
        assert.equal(await last({ "organ-is-court": false, "decided-on": "2026-01-05", "review-received-on": "2026-03-02" }), "2026-04-01");
    });
    test("so is an enforcement two years after the last day of performance", async () => {
        assert.match(await warned("enforcement", { "claim-enforcement": { "perform-by": "2020-01-05" } }), /asked-in-time claim-enforcement\.perform-by/);
    });
});

describe("what is asked besides the parties", () => {
    test("of an enforcement is called by what it is: the account, not the parties once more", async () => {
        const form = submit_form(await begun("enforcement", "60"));
        const titles = form.map((field) => field.title);
        assert.ok(titles.includes("收款账户"), titles.join());
        assert.equal(titles.filter((title) => title.startsWith("当事人")).length, 1, titles.join());
    });

    test("promises nothing of an arbitration agreement where an award may be what is enforced", async () => {
        const form = submit_form(await begun("enforcement", "60"));
        const promise = form.find((field) => field.name === "undertakings").fields.find((field) => field.name === "not-elsewhere");
        assert.match(promise.title, /提起民事诉讼的，双方没有仲裁协议/);
    });
});

describe("fees", () => {
    test("of an administrative case stand on its page with the last day; where nothing is paid, no sum and no day", async () => {
        const page = async (number, values) => {
            const matter = await filed("administrative", number);
            await people.reviewer.taken(matter.id, "docket", { "docketing-administrative": values });
            return (await people.citizen.get(`/matters/${matter.id}`, { accept: "text/html" })).text;
        };
        const due = await page("44", {});
        assert.match(due, /应交案件受理费50(\.00)?元，请在\d+月\d+日前交纳/);
        assert.match(due, /交费期限<\/dt>\s*<dd>\s*<span>\d+月\d+日前（还有7日）/);
        const none = await page("53", { compensation: true });
        assert.doesNotMatch(none, /应交案件受理费|撤诉处理|交费期限|0\.00 元/);
        assert.match(none, /不用交/);
    });

    test("administrative compensation alone pays nothing, trademark and patent cases 100 yuan", async () => {
        const free = await filed("administrative", "53");
        const [none] = (await people.reviewer.taken(free.id, "docket", { "docketing-administrative": { compensation: true } })).ledger;
        assert.deepEqual([none.kind, none.amount], ["no-fee", 0]);
        assert.match(none.working[0].law, /^litigation-fee-measures@2007 8/);
        const mark = await filed("administrative", "31");
        const done = await people.reviewer.taken(mark.id, "docket", { "docketing-administrative": { ip: true } });
        assert.equal(done.ledger[0].amount, 10000);
        const notice = await paper_text(people.citizen, done, "docketing-notice");
        assert.match(notice, /案件受理费100\.00元（大写：人民币壹佰元整）/);
        assert.match(notice, /《诉讼费用交纳办法》/);
        assert.doesNotMatch(notice, /所用数据表/, "what the program counted with is no line of a notice");
    });
});

/** The case of a filing in the form of that number. */
async function opened(number, kind = "administrative") {
    const filing = await filed(kind, number);
    const docketed = await people.reviewer.taken(filing.id, "docket");
    return people.judge.matter(docketed.links.find((one) => one.rel === "opened").id);
}

describe("the official answer of a case that is not civil", () => {
    const SIGNED = { method: "typed", name: "某人", code: "000000" };
    const answering = async (number, kind) => {
        const matter = await opened(number, kind);
        await people.judge.taken(matter.id, "enter-defendant", { appearance: { login: "citizen-2" } });
        return people.stranger.matter(matter.id);
    };
    const answers = (matter, answer) => people.stranger.act(matter.id, "answer", { answer, signature: SIGNED }, { accept_warnings: true });
    const official = (number) => forms.find((form) => form.number === number).answer.filter((row) => !row.ours);

    test("of a private prosecution is words and wishes, row by row, signed and printed as the official table", async () => {
        for (const number of ["01", "02", "03", "04"]) {
            const matter = await answering(number, "private-prosecution");
            const page = await people.stranger.get(`/matters/${matter.id}/acts/answer`, { accept: "text/html" });
            assert.ok(page.text.includes("对自诉人起诉的事实、是否构成犯罪等的意见"), page.text.slice(0, 300));
            assert.equal(page.text.includes("附带民事部分"), number !== "04", "of refusing to obey a judgment nothing is mediated");
            assert.ok(!page.text.includes("视为承认"), "silence admits nothing in a criminal case");
            const rows = [{ row: "claim.charge", reason: "𠮷某没有发布过<b>视频</b>。" }, { row: "claim.evidence-other", reason: "聊天记录" }];
            const wish = { row: "claim.self-mediation", choice: "不同意" };
            if (number !== "04") {
                const wrong = await answers(matter, { rows: [...rows, { ...wish, choice: "也许" }] });
                assert.deepEqual(refused(wrong, 422, "fields").errors.map((error) => error.field), ["answer.rows.2.choice"]);
                rows.push(wish);
            }
            const chosen = await answers(matter, { rows: [{ row: "claim.charge", choice: "同意" }] });
            assert.deepEqual(refused(chosen, 422, "fields").errors.map((error) => error.field), ["answer.rows.0.choice"], "where nothing is to be chosen");
            assert.ok((await answers(matter, { rows: [] })).status === 422, "an answer says something");
            const done = await answers(matter, { rows, respondent: { sex: "female" } });
            assert.equal(done.status, 200, done.text);
            const text = await paper_text(people.stranger, done.body, "element-answer");
            for (const part of ["刑事（附带民事）自诉答辩状", "性别：男□女☑", "答辩意见", "1．对自诉人起诉的事实", "𠮷某没有发布过<b>视频</b>。", "2．（自诉人提起附带民事诉讼的）对是否", "3．（其他意见）", "证据清单（证据材料另附）", "3．其他证据材料聊天记录"]) {
                assert.ok(text.includes(part), `${part} in ${text}`);
            }
            assert.equal(text.includes("自诉部分同意□不同意☑暂不确定□"), number !== "04", text);
            assert.equal(text.includes("答辩人（签字、盖章）"), number === "04");
            const kept = (await people.citizen.get(`/matters/${matter.id}/alignment`)).body;
            assert.deepEqual(kept.own.map((row) => row.text).slice(0, 2), ["𠮷某没有发布过<b>视频</b>。", "聊天记录"]);
            assert.equal(kept.own[2]?.text, number === "04" ? undefined : "不同意");
        }
    });

    test("of an administrative case prints every row of its official answer, ticked where something is said", async () => {
        for (const [number, said, parts] of [
            ["31", { row: "claim.cited-change", choice: "有此种情况", reason: "引证商标已被撤销" }, ["（商标申请驳回复审纠纷）", "无此种情况□有此种情况☑", "引证商标已被撤销", "附件被告证据清单", "2．商标驳回通知书"]],
            ["35", { row: "claim.law", reason: "专利法第二十二条" }, ["3．☑行政行为具有法", "专利法第二十二条", "1．□具有作出行政行为"]],
            ["44", { row: "claim.power", reason: "行政处罚法第十七条" }, ["1．☑具有作出行政行为", "行政处罚法第十七条", "2．□行政行为具有事实", "具体理由："]],
        ]) {
            const matter = await answering(number, "administrative");
            const done = await answers(matter, { rows: [said], opinion: "请求驳回原告的诉讼请求" });
            assert.equal(done.status, 200, done.text);
            const text = await paper_text(people.stranger, done.body, "element-answer");
            const labels = official(number).map((row) => row.label.slice(0, 6)); // two columns break what is longer
            for (const part of ["行政答辩状", "答辩事项（对原告诉讼请求的确认或者异议）请求驳回原告的诉讼请求", ...labels, ...parts]) {
                assert.ok(text.includes(part), `${number}: ${part} in ${text}`);
            }
            assert.notEqual(clock_of(await people.judge.matter(matter.id), "answer")?.stopped, null, "the days to answer end");
        }
    });

    test("that came on paper is entered by the clerk, for the defendant that it is of", async () => {
        const matter = await opened("44");
        const rows = [{ row: "claim.facts", reason: "现场笔录" }];
        const wrong = await people.clerk.act(matter.id, "enter-answer", { answer: { rows, party: 1 } }, { accept_warnings: true });
        assert.deepEqual(refused(wrong, 422, "fields").errors.map((error) => error.field), ["answer.party"], "the plaintiff answers nothing");
        const done = await people.clerk.act(matter.id, "enter-answer", { answer: { rows } }, { accept_warnings: true });
        assert.equal(done.status, 200, done.text);
        const kept = (await people.citizen.get(`/matters/${matter.id}/alignment`)).body;
        assert.deepEqual(kept.own.map((row) => [row.row, row.text]), [["claim.facts", "现场笔录"]]);
        assert.ok(!done.body.papers.some((paper) => paper.kind === "element-answer"), "nobody signed it here");
    });

    test("of a state compensation is called by its own name", async () => {
        const matter = await answering("57", "state-compensation");
        const done = await answers(matter, { rows: [{ row: "claim.remarks", reason: "已自行赔偿" }] });
        assert.equal(done.status, 200, done.text);
        const text = await paper_text(people.stranger, done.body, "element-answer");
        for (const part of ["国家赔偿答辩状", "已自行赔偿", ...official("57").map((row) => row.label.slice(0, 6))]) {
            assert.ok(text.includes(part), `${part} in ${text}`);
        }
    });
});

describe("a third party of an administrative case", () => {

    test("entered by the court states his opinion, which is signed, printed, and told to the others", async () => {
        for (const number of ["32", "33", "35"]) {
            const matter = await opened(number);
            refused(await people.stranger.get(`/matters/${matter.id}`), 404, "not-found");
            const entered = await people.judge.taken(matter.id, "enter-third-party", { "third-party-entered": { name: "𠮷某·买买提" } });
            const again = entered.parties.filter((party) => party.role === "third-party" && party.name === "𠮷某·买买提");
            assert.equal(again.length, 1);
            assert.ok(!(await people.citizen.matter(matter.id)).acts.some((act) => act.name === "third-statement"), "the plaintiff states nothing here");
            const { act } = await people.stranger.offered(matter.id, "third-statement");
            const { revision } = await people.stranger.matter(matter.id);
            for (const field of ["stance", "opinion", "facts"]) {
                const answer = await people.stranger.act(matter.id, "third-statement", form_fill(act.form, { "third-statement": { [field]: undefined } }), { accept_warnings: true, revision });
                assert.deepEqual(refused(answer, 422, "fields").errors.map((error) => error.field), [`third-statement.${field}`]);
            }
            const stated = await people.stranger.taken(matter.id, "third-statement");
            const text = await paper_text(people.stranger, stated, "third-statement");
            for (const part of ["第三人意见陈述书", stated.case_number, "林晓舟", "同意被诉决定", "诉争商标在三年内没有", "商标档案", "1．对原告资格是否", "无□有☑", "原告不是被诉决定", "9．其他需要说明的"]) {
                assert.ok(text.includes(part), `${part} in ${text}`);
            }
            assert.ok(JSON.stringify((await people.citizen.get("/inbox")).body).includes(matter.id), "the plaintiff is told");
        }
    });

    test("is nobody without an account that was verified", async () => {
        const matter = await opened("44");
        const { act } = await people.judge.offered(matter.id, "enter-third-party");
        const answer = await people.judge.act(matter.id, "enter-third-party", form_fill(act.form, { "third-party-entered": { login: "nobody-of-that-name" } }), { revision: matter.revision });
        assert.deepEqual(refused(answer, 422, "fields").errors.map((error) => error.field), ["third-party-entered.login"]);
    });

    test("nor any party is staff of a court", async () => {
        const matter = await opened("44");
        for (const [name, element] of [["enter-third-party", "third-party-entered"], ["enter-defendant", "appearance"]]) {
            const { act } = await people.judge.offered(matter.id, name);
            const answer = await people.judge.act(matter.id, name, form_fill(act.form, { [element]: { login: `reviewer@${COURT}` } }), { revision: matter.revision });
            const { errors } = refused(answer, 422, "fields");
            assert.deepEqual(errors.map((error) => [error.field, error.code]), [[`${element}.login`, "staff-account"]]);
            assert.match(errors[0].title, /工作人员/);
        }
        assert.equal((await people.judge.matter(matter.id)).revision, matter.revision);
    });

    test("is of the kind that his account says: a person, or the organisation he acts for", async () => {
        const matter = await opened("44");
        const { id } = (await people.stranger.get("/me")).body.person;
        const organisation = { name: "某公司", code: "91350100M000100Y43", capacity: "authorised" };
        const authorised = await (await login(server, `window@${COURT}`)).post(`/window/people/${id}/authorise`, { organisation });
        assert.equal(authorised.status, 200, authorised.text);
        for (const [name, kind] of [["某公司", "legal-person"], ["周某某", "natural-person"]]) {
            const entered = await people.judge.taken(matter.id, "enter-third-party", { "third-party-entered": { name } });
            assert.equal(entered.parties.find((party) => party.name === name).kind, kind);
        }
    });
});
