// The defendant's side of a case: papers with a code for each defendant, an answer to each row of the
// claim, and the table in which both stand side by side.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { inflateRawSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { docketed as case_docketed, joins as case_joins } from "../lib/answer.mjs";
import { errors_at, login, nobody, refused } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { command, start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

let server;
let plaintiff;
let defendant;
let second;
let lawyer;
let reviewer;
let clerk;
let judge;
let stranger;

before(async () => {
    server = await start();
    plaintiff = await login(server, "citizen-1");
    defendant = await login(server, "citizen-4");
    second = await login(server, "citizen-5");
    stranger = await login(server, "citizen-3");
    lawyer = await login(server, "lawyer-1");
    reviewer = await login(server, "reviewer@京0105");
    clerk = await login(server, "clerk@京0105");
    judge = await login(server, "judge@京0105");
});
after(() => server?.stop());

/** The words of a PDF, as a reader without eyes has them. */
function pdf_text(bytes) {
    const made = spawnSync("pdftotext", ["-", "-"], { input: bytes, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    return made.stdout;
}

/** The text of a DOCX as it lies in its archive. */
function docx_text(bytes) {
    const entry = bytes.lastIndexOf(Buffer.from("word/document.xml")) - 46; // of the central directory
    assert.equal(bytes.readUInt32LE(entry), 0x02014b50);
    const at = bytes.readUInt32LE(entry + 42);
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(entry + 20));
    return (bytes.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed)).toString("utf8");
}

const flat = (text) => text.replace(/\s+/g, "");

/** A paper, once it is printed. */
async function settled(who, path) {
    for (let n = 0; n < 100; n++) {
        const paper = await who.get(path, { accept: "application/pdf" });
        if (paper.status === 200) {
            return paper;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return assert.fail(`${path} is not printed`);
}

const SIGNED = { method: "typed", name: "某人", code: "000000" };
const alignment = async (who, id) => {
    const seen = await who.get(`/matters/${id}/alignment`);
    assert.equal(seen.status, 200, seen.text);
    return seen.body;
};
const row_of = (table, name) => table.rows.find((row) => row.row === name);

const docketed = (more) => case_docketed({ plaintiff, reviewer }, more);
const joins = (id, who, party) => case_joins(server, clerk, id, who, party);
const answers = (who, id, answer, more = {}) => who.act(id, "answer", { answer, signature: SIGNED }, { accept_warnings: true, ...more });
async function answered(who, id, answer, more) {
    const done = await answers(who, id, answer, more);
    assert.equal(done.status, 200, done.text);
    return done.body;
}

describe("one defendant and a claim in elements", () => {
    let id;

    test("learns nothing before the papers are served, and joins by the code on them", async () => {
        id = await docketed();
        refused(await defendant.get(`/matters/${id}`), 404);
        refused(await defendant.get(`/matters/${id}/alignment`), 404);
        refused(await answers(defendant, id, { opinion: "没有借款" }), 404);
        await joins(id, defendant, 2);
        const seen = await defendant.matter(id);
        assert.ok(seen.acts.some((act) => act.name === "answer"));
        assert.ok(!seen.acts.some((act) => ["change-claim", "withdraw-action", "serve"].includes(act.name)));
        assert.deepEqual(seen.materials.filter((one) => !["complaint", "evidence"].includes(one.kind)), [], "no papers of identity");
    });

    test("sees each element of the claim, and answers it", async () => {
        const before = await alignment(defendant, id);
        assert.ok(before.rows.length > 5, `${before.rows.length} rows`);
        assert.equal(before.counts.open, before.rows.length);
        const principal = row_of(before, "claim.principal");
        assert.equal(principal.label, "对本金有无异议");
        assert.match(principal.claim, /尚欠本金50,?000/);
        const upload = await defendant.upload(id, "evidence", pdf("还款记录"), "还款记录.pdf");
        assert.equal(upload.status, 201, upload.text);
        const material = upload.body.n ?? upload.body.material?.n ?? (await defendant.matter(id)).materials.at(-1).n;
        const rows = before.rows.map((row) => ({ row: row.row, stance: "admit" }));
        const of = (name) => rows.find((row) => row.row === name);
        Object.assign(of("claim.principal"), { stance: "partly", reason: "已归还20000元", evidence: [{ material, page: "2" }] });
        Object.assign(of("claim.interest"), { stance: "deny", reason: "没有约定利息 <b>𠮷㼆𬭩</b>" });
        Object.assign(of("facts.contract"), { stance: "unknown" });
        rows.push({ row: "facts.basis", reason: "《中华人民共和国民法典》第六百八十条" });
        const said = { opinion: "借款属实，数额不对。", rows, respondent: { phone: "19912345678", sex: "male" } };
        const done = await defendant.act(id, "answer", { answer: said, "mediation-wish": "agree", signature: SIGNED }, { accept_warnings: true });
        assert.equal(done.status, 200, done.text);
        assert.equal((await alignment(judge, id)).defendants[0].wish, "agree");
        for (const who of [defendant, plaintiff, judge]) {
            const table = await alignment(who, id);
            assert.equal(row_of(table, "claim.principal").status, "disputed");
            assert.deepEqual(row_of(table, "claim.principal").answers[0].evidence, [{ material, page: "2", name: "还款记录.pdf" }]);
            assert.equal(row_of(table, "claim.interest").answers[0].reason, "没有约定利息 <b>𠮷㼆𬭩</b>");
            assert.equal(row_of(table, "facts.contract").status, "asked");
            assert.equal(table.counts.disputed, 2);
            assert.equal(table.counts.asked, 1);
            assert.equal(table.counts.open, 0);
            assert.equal(table.counts.undisputed, before.rows.length - 3);
            assert.equal(table.own.length, 1);
        }
    });

    test("prints the answer in the official table, as PDF and DOCX", async () => {
        const { papers } = await defendant.matter(id);
        const paper = papers.find((one) => one.kind === "civil-answer");
        assert.equal(paper.title, "民事答辩状");
        const text = flat(pdf_text((await settled(defendant, `/matters/${id}/papers/${paper.n}`)).bytes));
        const docx = flat(docx_text((await defendant.get(`/matters/${id}/papers/${paper.n}/docx`)).bytes).replace(/<[^>]*>/g, ""));
        for (const words of [
            "民事答辩状", "（民间借贷纠纷）", "答辩事项", "（对原告诉讼请求的确认或者异议）", "1．对本金有无异议", "部分有异议。已归还20000元", "证据：还款记录.pdf",
            "第2页", "没有约定利息<b>", "对纠纷解决方式的意愿", "是否考虑先行调解", "想要了解更多内容□", "（对案件事实的确认或者异议）", "19．答辩依据", "第六百八十条", "20．证据清单（可另附页）", "19912345678", "答辩人",
        ]) {
            assert.ok(text.includes(words), `PDF: ${words}`);
            assert.ok(docx.includes(words.replace(/</g, "&lt;").replace(/>/g, "&gt;")), `DOCX: ${words}`);
        }
        for (const rare of ["𠮷", "㼆", "𬭩"]) {
            assert.ok(docx.includes(rare), rare);
        }
        assert.ok(text.includes("无☑"), "a row without objection is ticked");
        assert.ok(docx.includes("是☑否□"), "his own wish for mediation stands in the last part");
        const kept = (await sql(server.database, `select field_values from matter where id = ${id}`)).toString();
        assert.ok(!kept.includes("19912345678"), "what he says of himself is printed, and kept nowhere else");
    });

    test("supplements it: the last one counts, each stays in its event", async () => {
        const before = await alignment(defendant, id);
        const rows = before.rows.map((row) => ({ row: row.row, stance: "admit" }));
        await answered(defendant, id, { rows });
        const after = await alignment(judge, id);
        assert.equal(after.counts.undisputed, after.rows.length);
        assert.equal(after.defendants[0].version, 2);
        assert.equal((await judge.events(id)).filter((event) => event.act === "answer").length, 2);
        assert.equal(after.own.length, 0, "what was not said again is gone");
    });

    test("is asked again about what the plaintiff changes", async () => {
        const before = await alignment(plaintiff, id);
        const values = (await plaintiff.matter(id)).values;
        const section = { ...values["private-lending-claim"], principal: 3000000 };
        refused(await defendant.act(id, "change-claim", { "private-lending-claim": section, "claim-change": { reason: "已还一部分" } }), 403);
        refused(await plaintiff.act(id, "change-claim", { "private-lending-claim": section }), 422);
        const done = await plaintiff.act(id, "change-claim", { "private-lending-claim": section, "claim-change": { reason: "已还一部分" } }, { accept_warnings: true });
        assert.equal(done.status, 200, done.text);
        const table = await alignment(defendant, id);
        const row = row_of(table, "claim.principal");
        assert.match(row.claim, /尚欠本金30,?000/);
        assert.equal(row.answers[0].changed, true);
        assert.equal(row.status, "open");
        assert.ok(table.counts.undisputed >= before.rows.length - 3, "the other rows stand");
        const notices = (await defendant.get("/inbox")).body.notices;
        assert.ok(notices.some((one) => one.kind === "change-claim"), "he is told");
        const event = (await judge.events(id)).findLast((one) => one.act === "change-claim");
        assert.equal(event.reason, "已还一部分");
        const rows = table.rows.map((one) => ({ row: one.row, stance: one.row === "claim.principal" ? "deny" : "admit", reason: "已全部归还" }));
        await answered(defendant, id, { rows });
        assert.equal(row_of(await alignment(judge, id), "claim.principal").status, "disputed");
    });

    test("gives the judge an outline of what is still in dispute", async () => {
        refused(await defendant.act(id, "outline"), 403);
        refused(await plaintiff.act(id, "outline"), 403);
        const done = await judge.act(id, "outline", {}, { revision: (await judge.matter(id)).revision });
        assert.equal(done.status, 200, done.text);
        const paper = done.body.papers.find((one) => one.kind === "hearing-outline");
        const text = flat(pdf_text((await settled(judge, `/matters/${id}/papers/${paper.n}`)).bytes));
        for (const words of ["庭审提纲", "有争议，当庭审理", "已全部归还", "双方没有争议，当庭确认", "对借款利率有", "王某：无异议"]) {
            assert.ok(text.includes(words), words);
        }
        assert.ok(text.indexOf("已全部归还") < text.indexOf("双方没有争议"), "what is disputed comes first");
    });
});

describe("the fee after the claim is changed", () => {
    const changes = async (id, amount) => {
        const done = await plaintiff.act(id, "change-claim", { claim: { requests: [{ text: `判令被告偿还${amount / 100}元` }], amount, facts: "借款" }, "claim-change": { reason: "变更数额" } }, { accept_warnings: true });
        assert.equal(done.status, 200, done.text);
        return done.body;
    };

    test("is counted anew: what is raised is paid, what is lowered is given back, each with its working", async () => {
        const id = await docketed({ style: "free", claim: { amount: 5_000_000 } });
        const half = (await judge.matter(id)).values.trial.procedure === "ordinary" ? 1 : 2;
        assert.deepEqual((await judge.matter(id)).ledger, []);
        await changes(id, 15_000_000); // 1,050 becomes 3,300
        let { ledger } = await judge.matter(id);
        assert.deepEqual(ledger.map((row) => [row.kind, row.amount]), [["acceptance-fee-more-due", 225_000 / half]]);
        const amounts = ledger[0].working.map((line) => line.amount);
        assert.ok(amounts.includes(105_000 / half) && amounts.includes(330_000 / half), JSON.stringify(ledger[0].working));
        assert.ok(ledger[0].working.some((line) => line.law === "litigation-fee-measures@2007 21"));
        await changes(id, 8_000_000); // 3,300 becomes 1,800
        ({ ledger } = await judge.matter(id));
        assert.deepEqual(ledger.map((row) => [row.kind, row.amount]).at(-1), ["acceptance-fee-back", 150_000 / half]);
        assert.ok(ledger.at(-1).working.some((line) => line.law === "litigation-fee-measures@2007 35"), "too late it is not given back");
        const event = (await judge.events(id)).findLast((one) => one.act === "change-claim");
        assert.deepEqual([event.fee.was, event.fee.becomes, event.fee.difference, event.fee["amount-was"], event.fee.amount], [330_000 / half, 180_000 / half, -150_000 / half, 15_000_000, 8_000_000]);
        const page = await plaintiff.api("GET", `/matters/${id}`, { accept: "text/html" });
        assert.match(page.text, /补交案件受理费/);
        assert.match(page.text, /应退/);
    });

    test("stays where it was when the amount does, and falls to the flat fee with it", async () => {
        const id = await docketed({ style: "free", claim: { amount: 5_000_000 } });
        await changes(id, 5_000_000);
        assert.deepEqual((await judge.matter(id)).ledger, []);
        const event = (await judge.events(id)).findLast((one) => one.act === "change-claim");
        assert.equal(event.fee.difference, 0);
        assert.equal(event.fee.was, event.fee.becomes);
        const page = await plaintiff.api("GET", `/matters/${id}`, { accept: "text/html" });
        assert.match(page.text, /理由：变更数额。案件受理费不变，仍为[\d,.]+元/);
        await changes(id, 0);
        const [row] = (await judge.matter(id)).ledger;
        assert.equal(row.kind, "acceptance-fee-back");
        assert.ok(row.amount > 0 && row.amount < 105_000);
    });
});

test("of three equal changes of a claim at once one is made", async () => {
    const id = await docketed({ style: "free", claim: { amount: 5_000_000 } });
    const change = () => plaintiff.act(id, "change-claim", { claim: { requests: [{ text: "判令被告偿还60000元" }], amount: 6_000_000, facts: "借款" }, "claim-change": { reason: "漏算" } }, { accept_warnings: true });
    const done = await Promise.all([change(), change(), change()]);
    assert.deepEqual(done.map((one) => one.status).sort(), [200, 422, 422], done.map((one) => one.text).join());
    for (const one of done.filter((answer) => answer.status === 422)) {
        assert.equal(errors_at(one, "claim-change")[0].code, "change-is-new");
    }
    assert.equal((await judge.events(id)).filter((one) => one.act === "change-claim").length, 1);
    assert.equal((await judge.matter(id)).ledger.length, 1);
});

describe("who may answer, and when", () => {
    test("strangers, the plaintiff and unverified codes are refused", async () => {
        const id = await docketed({ style: "free" });
        await joins(id, defendant, 2);
        refused(await stranger.get(`/matters/${id}/alignment`), 404);
        refused(await nobody(server).get(`/matters/${id}/alignment`), 401);
        refused(await answers(stranger, id, { opinion: "我来答" }), 404);
        refused(await answers(plaintiff, id, { opinion: "我替被告答" }), 403);
        refused(await answers(judge, id, { opinion: "法院答" }), 403);
        refused(await stranger.post("/join", { code: "ABCDEFGHJKLM" }), 422);
        const code = (await sql(server.database, `select code from paper where matter = ${id} and kind = 'notice-to-respond'`)).trim();
        const again = await second.post("/join", { code });
        refused(again, 422);
        assert.equal(errors_at(again, "code")[0].code, "code-used");
        refused(await clerk.act(id, "serve", { service: { party: 1 } }), 422, "fields");
        refused(await clerk.act(id, "serve", { service: { party: 9 } }), 422, "fields");
        refused(await plaintiff.act(id, "serve", { service: { party: 2 } }), 403);
        refused(await reviewer.get(`/matters/${(await plaintiff.begin()).id}/alignment`), 404);
        const draft = await plaintiff.begin();
        refused(await plaintiff.get(`/matters/${draft.id}/alignment`), 404);
    });

    test("what does not hold is told at its row", async () => {
        const id = await docketed({ style: "free", claim: { facts: "第一段。\n\n第二段𠮷。" } });
        await joins(id, defendant, 2);
        const { rows } = await alignment(defendant, id);
        assert.deepEqual(rows.filter((row) => row.part === "facts").map((row) => row.label), ["对事实与理由第1段有无异议", "对事实与理由第2段有无异议"]);
        const wrong = async (answer, path, code) => {
            const said = await answers(defendant, id, answer);
            refused(said, 422, "fields");
            assert.ok(errors_at(said, path).length > 0, `${path}: ${said.text}`);
            if (code) {
                assert.equal(errors_at(said, path)[0].code, code);
            }
        };
        await wrong({}, "answer.rows", "answer-holds");
        await wrong({ rows: [] }, "answer.rows");
        await wrong({ rows: [{ row: "claim.99", stance: "admit" }] }, "answer.rows.0.row");
        await wrong({ rows: [{ row: "claim.1", stance: "admit" }, { row: "claim.1", stance: "deny", reason: "不" }] }, "answer.rows.1.row");
        await wrong({ rows: [{ row: "claim.1", stance: "deny" }] }, "answer.rows.0.reason");
        await wrong({ rows: [{ row: "claim.1", stance: "partly" }] }, "answer.rows.0.reason");
        await wrong({ rows: [{ row: "claim.1", reason: "只写理由" }] }, "answer.rows.0.stance");
        await wrong({ rows: [{ row: "claim.1", stance: "maybe" }] }, "answer.rows.0.stance");
        await wrong({ rows: [{ row: "claim.1", stance: "admit", evidence: [{ material: 999, page: "1" }] }] }, "answer.rows.0.evidence.0.material");
        await wrong({ rows: [{ row: "claim.1", stance: "deny", reason: "字".repeat(5001) }] }, "answer.rows.0.reason");
        await wrong({ rows: Array.from({ length: 201 }, () => ({ row: "claim.1", stance: "admit" })) }, "answer.rows");
        const many = await answers(defendant, id, { rows: Array.from({ length: 200 }, (_, n) => ({ row: `claim.${n + 100}`, stance: "admit" })) });
        refused(many, 422, "fields");
        assert.equal(many.body.errors.filter((error) => /^answer\.rows\.\d+\.row$/.test(error.field)).length, 200, "each row is told");
        const silent = await answers(defendant, id, { rows: [{ row: "claim.1", stance: "unknown" }] }, { accept_warnings: false });
        refused(silent, 428);
        assert.match(silent.text, /视为承认/, "what silence means");
        assert.equal((await alignment(defendant, id)).counts.open, rows.length, "nothing was kept");
    });

    test("odd evidence in a draft of an answer is told while it is typed, and refused", async () => {
        const id = await docketed({ style: "free" });
        await joins(id, defendant, 2);
        const upload = await defendant.upload(id, "evidence", pdf("还款记录"), "还款记录.pdf");
        assert.equal(upload.status, 201, upload.text);
        const { n } = (await defendant.matter(id)).materials.at(-1);
        const odd = [
            [[{ material: 999, page: "1" }], "0.material"],
            [[{ material: n, page: "9-2" }], "0.page"],
            [[{ material: n, page: "9—2" }], "0.page"],
            [[{ material: n, page: "12至3" }], "0.page"],
            [[{ material: n, page: "2" }, { material: n, page: "2" }], "1.material"],
        ];
        for (const [evidence, path] of odd) {
            const answer = { rows: [{ row: "claim.1", stance: "deny", reason: "已归还", evidence }] };
            const field = `answer.rows.0.evidence.${path}`;
            const draft = await defendant.save(id, { answer }, { act: "answer" });
            assert.equal(draft.status, 200, draft.text);
            assert.equal(errors_at(draft, field).length, 1, `${field}: ${JSON.stringify(draft.body.errors)}`);
            const said = await answers(defendant, id, answer);
            refused(said, 422, "fields");
            assert.equal(errors_at(said, field).length, 1, said.text);
        }
        const empty = await defendant.save(id, { answer: { rows: [] } }, { act: "answer" });
        assert.deepEqual(empty.body.errors.filter((one) => one.field.startsWith("answer")), [], "what is only begun is not blamed");
        await answered(defendant, id, { rows: [{ row: "claim.1", stance: "deny", reason: "已归还", evidence: [{ material: n, page: "2—3" }, { material: n, page: "背面" }] }] });
    });

    test("two answers at the same time are both kept, a repeated one once", async () => {
        const id = await docketed({ style: "free", names: ["王某", "李某"] });
        await joins(id, defendant, 2);
        await joins(id, second, 3);
        const one = { rows: [{ row: "claim.1", stance: "admit" }] };
        const other = { rows: [{ row: "claim.1", stance: "deny", reason: "与我无关" }] };
        const made = await Promise.all([answers(defendant, id, one), answers(second, id, other), answers(defendant, id, one, { key: "same-key-answer-1" }), answers(defendant, id, one, { key: "same-key-answer-1" })]);
        assert.deepEqual(made.map((answer) => answer.status), [200, 200, 200, 200]);
        const table = await alignment(judge, id);
        const row = row_of(table, "claim.1");
        assert.deepEqual(row.answers.map((answer) => [answer.name, answer.stance]), [["王某", "admit"], ["李某", "deny"]]);
        assert.equal(row.status, "disputed");
        assert.deepEqual(table.defendants.map((person) => person.version), [2, 1]);
        await answered(second, id, one);
        assert.equal(row_of(await alignment(judge, id), "claim.1").status, "undisputed", "both confirm");
    });

    test("a defendant who names another party is refused: it is neither taken for him nor for the other", async () => {
        const id = await docketed({ style: "free", names: ["王某", "李某"] });
        await joins(id, defendant, 2);
        await joins(id, second, 3);
        for (const party of [1, 3, 9, 200]) {
            const said = await answers(defendant, id, { party, rows: [{ row: "claim.1", stance: "admit" }] });
            refused(said, 422, "fields");
            assert.equal(errors_at(said, "answer.party")[0]?.code, "answers-as-defendant", said.text);
        }
        const draft = await defendant.save(id, { answer: { party: 3, opinion: "替李某承认" } }, { act: "answer" });
        assert.equal(draft.status, 200, draft.text);
        assert.equal(errors_at(draft, "answer.party")[0]?.code, "answers-as-defendant", "told while it is typed");
        refused(await answers(defendant, id, { party: 3, opinion: "替李某承认" }), 422, "fields");
        const table = await alignment(judge, id);
        assert.deepEqual(table.defendants.map((person) => person.version ?? 0), [0, 0], "nobody has answered");
        await answered(defendant, id, { party: 2, rows: [{ row: "claim.1", stance: "deny", reason: "与我无关" }] });
        assert.deepEqual(row_of(await alignment(judge, id), "claim.1").answers.map((one) => one.stance), ["deny", ""]);
    });

    test("counsel answers for his party, and admits claims only with special authority", async () => {
        const id = await docketed({ style: "free", names: ["王某", "李某"] });
        await joins(id, defendant, 2);
        await joins(id, second, 3);
        assert.equal((await defendant.post(`/matters/${id}/agents`, { login: "lawyer-1", name: lawyer.person.name, authority: "general" })).status, 200);
        assert.ok(!(await lawyer.matter(id)).acts.some((act) => ["withdraw-action", "change-claim"].includes(act.name)), "the plaintiff's acts are not his");
        refused(await lawyer.act(id, "withdraw-action", { "withdrawal-reason": { reason: "替原告撤诉" } }), 403);
        const admits = await answers(lawyer, id, { rows: [{ row: "claim.1", stance: "admit" }] });
        refused(admits, 422, "fields");
        assert.match(errors_at(admits, "answer.rows.0.stance")[0].title, /特别授权/);
        await answered(lawyer, id, { rows: [{ row: "claim.1", stance: "deny", reason: "已归还" }, { row: "facts.1", stance: "admit" }] });
        const seen = (await alignment(judge, id)).defendants.find((person) => person.party === 2);
        assert.equal(seen.by, lawyer.person.name);
        assert.equal((await second.post(`/matters/${id}/agents`, { login: "lawyer-1", name: lawyer.person.name, authority: "special" })).status, 200);
        const whose = await answers(lawyer, id, { opinion: "同意" });
        refused(whose, 422, "fields");
        assert.equal(errors_at(whose, "answer.party").length, 1, "of two clients he says which");
        await answered(lawyer, id, { party: 3, rows: [{ row: "claim.1", stance: "admit" }] });
        const row = row_of(await alignment(judge, id), "claim.1");
        assert.deepEqual(row.answers.map((answer) => answer.stance), ["deny", "admit"]);
        const against = await login(server, "lawyer-3");
        const appointed = await plaintiff.post(`/matters/${id}/agents`, { login: "lawyer-3", name: against.person.name, authority: "special" });
        assert.equal(appointed.status, 200, appointed.text);
        refused(await answers(against, id, { opinion: "替被告答" }), 403);
        assert.ok((await against.matter(id)).acts.some((act) => act.name === "withdraw-action"));
    });

    test("the period to answer is told with its working, reminded of, and when it is over nothing is taken as admitted", async () => {
        const id = await docketed({ style: "free", names: ["王某", "李某"] });
        await joins(id, defendant, 2);
        await joins(id, second, 3);
        const today = (await judge.matter(id)).updated.slice(0, 10);
        const seen = async (who, more = "") => (await who.api("GET", `/matters/${id}${more}`, { accept: "text/html" })).text;
        for (const more of ["", "/acts/answer"]) {
            assert.match(await seen(defendant, more), /收到起诉状副本之日起15日内答辩（民事诉讼法第一百二十八条）/, "not served yet");
        }
        assert.doesNotMatch(await seen(plaintiff), /日内答辩|答辩期限/, "he is not the one to answer");
        const record = (party, more = {}) => clerk.act(id, "record-service", { "service-record": { party, way: "direct", day: today, ...more } }, { accept_warnings: true });
        assert.equal((await record(2)).status, 200);
        const abroad = await record(3, { abroad: true });
        assert.equal(abroad.status, 200, abroad.text);
        const [here, there] = (await alignment(defendant, id)).defendants;
        assert.deepEqual([here.days, here.law, here.over], [15, "civil-procedure-law@2023 128", false]);
        assert.deepEqual([there.days, there.law], [30, "civil-procedure-law@2023 285"]);
        for (const [one, length] of [[here, 15], [there, 30]]) {
            const period = (await defendant.get(`/tools/period?start=${today}&length=${length}&unit=day`)).body;
            assert.equal(one.due, period.due, "anybody counts the same");
            assert.ok(one.working.length > 0);
        }
        const page = await defendant.api("GET", `/matters/${id}/alignment`, { accept: "text/html" });
        assert.match(page.text, /怎么算的/);
        assert.match(page.text, /第128条/);
        const last = here.due.replace(/^\d+-0?(\d+)-0?(\d+)$/, "$1月$2日");
        for (const more of ["", "/acts/answer"]) {
            const text = await seen(defendant, more);
            assert.match(text, new RegExp(`您应在(?:\\d+年)?${last}前答辩`));
            assert.doesNotMatch(text, /日内答辩/, "the day is known now");
        }
        assert.match(await seen(defendant), new RegExp(`<dt>答辩期限</dt>[^]*?${last}[^]*?怎么算的[^]*?</dd>`));
        assert.doesNotMatch(await seen(plaintiff), /答辩期限|前答辩/);

        const told = async (who) => (await who.get("/inbox?limit=200")).body.notices.filter((one) => one.kind === "remind" && String(one.matter) === id && /答辩期/.test(one.title)).map((one) => one.title);
        const days = (Date.parse(here.due) - Date.parse(today)) / 86_400_000;
        await judge.advance(`${days - 4}d`);
        assert.deepEqual(await told(await login(server, "citizen-4")), [], "not yet");
        await judge.advance("1d");
        let mine = await told(await login(server, "citizen-4"));
        assert.equal(mine.length, 1);
        assert.match(mine[0], /答辩期还有\d日届满/);
        await judge.advance("2d");
        mine = await told(await login(server, "citizen-4"));
        assert.equal(mine.length, 2);
        await judge.advance("2d");
        mine = await told(await login(server, "citizen-4"));
        assert.equal(mine.length, 3);
        assert.ok(mine.some((title) => /届满，还没有收到您的答辩状.*不等于承认/.test(title)), mine.join());
        const after_it = await seen(await login(server, "citizen-4"));
        assert.match(after_it, /已结束的期限[^]*答辩期限[^]*仍可以提交答辩状/);
        assert.doesNotMatch(after_it, /前答辩|日内答辩/);
        const judges = await told(await login(server, "judge@京0105"));
        assert.ok(judges.some((title) => /王某的答辩期已于.*不影响审理/.test(title)), judges.join());
        const table = await alignment(await login(server, "judge@京0105"), id);
        assert.equal(table.defendants[0].over, true);
        assert.equal(row_of(table, "claim.1").status, "open", "silence is no admission");
        await judge.advance("3d");
        assert.equal((await told(await login(server, "citizen-4"))).length, 3, "told once");

        assert.deepEqual(await told(await login(server, "citizen-5")), [], "his period runs on");
        await answered(await login(server, "citizen-5"), id, { rows: [{ row: "claim.1", stance: "deny", reason: "与我无关" }] });
        await judge.advance("20d");
        assert.deepEqual(await told(await login(server, "citizen-5")), [], "who has answered is not reminded");
    });

    test("no period to answer ends on a day on which filing did not work; the end of the case ends it", async () => {
        const id = await docketed({ style: "free", names: ["王某", "李某"] });
        await joins(id, defendant, 2);
        await joins(id, second, 3);
        const served = (await judge.matter(id)).updated.slice(0, 10);
        for (const [party, more] of [[2, {}], [3, { abroad: true }]]) {
            const said = await clerk.act(id, "record-service", { "service-record": { party, way: "direct", day: served, ...more } }, { accept_warnings: true });
            assert.equal(said.status, 200, said.text);
        }
        const due = (await alignment(judge, id)).defendants[0].due;
        const rows = () => sql(server.database, `select party from answer_day where matter = ${id} order by party`);
        assert.deepEqual((await rows()).split("\n"), ["2", "3"]);

        const admin = await login(server, "admin@京0105", "admin");
        const said = await admin.post("/admin/outages", { function: "filing", since: `${due}T10:00:00+08:00`, until: `${due}T10:05:00+08:00`, text: "升级数据库" });
        assert.equal(said.status, 200, said.text);
        const of_him = async () => (await (await login(server, "citizen-4")).get("/inbox?limit=200")).body.notices.filter((one) => String(one.matter) === id);
        const left_h = Math.ceil((Date.parse(`${due}T23:59:00+08:00`) - Date.parse((await nobody(server).get("/outages")).body.now)) / 3600_000) + 10;
        await judge.advance(`${left_h}h`);
        const now = await login(server, "judge@京0105");
        const [moved, other] = (await alignment(now, id)).defendants;
        assert.ok(moved.due > due, `${due} ${moved.due}`);
        assert.equal(moved.over, false);
        assert.ok(moved.working.some((step) => step.law === "platform@2026 outage"), JSON.stringify(moved.working));
        assert.ok(!other.working.some((step) => step.law === "platform@2026 outage"), "his period ends on another day");
        const [event] = (await now.events(id)).filter((one) => one.act === "prolong-periods");
        assert.equal(event.actor.kind, "system");
        const notices = await of_him();
        assert.equal(notices.filter((one) => one.kind === "prolong-periods").length, 1, JSON.stringify(notices));
        assert.ok(!notices.some((one) => /答辩期已于/.test(one.title)), "nobody says it is over");

        const withdraws = await (await login(server, "citizen-1")).act(id, "withdraw-action", { "withdrawal-reason": "已经还清" }, {});
        assert.equal(withdraws.status, 200, withdraws.text);
        assert.deepEqual((await rows()).split("\n"), ["2", "3"], "the case goes on until the court allows it");
        await now.taken(id, "allow-withdrawal");
        assert.equal(await rows(), "");
    });

    test("an answer after fifteen days is taken, and marked", async () => {
        const id = await docketed({ style: "free", names: ["王某", "李某"] });
        await joins(id, defendant, 2);
        await joins(id, second, 3);
        const today = (await judge.matter(id)).updated.slice(0, 10);
        const record = (party, day, more = { accept_warnings: true }) => clerk.act(id, "record-service", { "service-record": { party, way: "mail", day } }, more);
        refused(await record(2, "2099-01-01"), 422, "fields");
        refused(await record(1, today), 422, "fields");
        refused(await record(2, "2020-01-01", {}), 428);
        refused(await defendant.act(id, "record-service", { "service-record": { party: 2, way: "mail", day: today } }), 403);
        assert.equal((await record(2, today)).status, 200);
        const due = (await alignment(defendant, id)).defendants[0].due;
        assert.ok(Date.parse(due) - Date.parse(today) >= 15 * 86400000, `${today} ${due}`);
        assert.ok(Date.parse(due) - Date.parse(today) <= 25 * 86400000, "longer only over a rest day");
        await answered(defendant, id, { rows: [{ row: "claim.1", stance: "admit" }] });
        assert.equal((await alignment(judge, id)).defendants[0].late, false);
        assert.equal((await record(3, today)).status, 200);
        await judge.advance("30d");
        const late = await login(server, "citizen-5");
        await answered(late, id, { rows: [{ row: "claim.1", stance: "admit" }] });
        const table = await alignment(await login(server, "judge@京0105"), id);
        assert.equal(table.defendants[1].late, true);
        assert.equal(row_of(table, "claim.1").answers[1].late, true);
        assert.equal(row_of(table, "claim.1").status, "undisputed", "late, and counted all the same");
    });
});

test("everything that was done here is proved by its events", async () => {
    const made = await command(["verify", ...server.flags]);
    assert.equal(made.code, 0, made.stdout.slice(-2000) + made.stderr);
});
