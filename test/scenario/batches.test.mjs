// Filing by spreadsheet: good rows are filed as they would be by the API, bad ones are named by row, column and
// reason; nothing is filed twice, whatever is uploaded again or dies in the middle.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { docx, executable, pdf } from "../lib/files.mjs";
import { start, until } from "../lib/server.mjs";
import { claim, csv, csv_cells, xlsx } from "../lib/sheet.mjs";
import { sql } from "../lib/sql.mjs";

const SIGNED = { undertakings: { truth: true, "not-elsewhere": true }, signature: { method: "typed", name: "韩律师", code: "000000" } };

const bytes_of = (name) => ({ "x-filename": encodeURIComponent(name), "content-type": "application/octet-stream" });

const upload = (who, bytes, name = "物业费.csv") => who.api("POST", "/batches", { body: bytes, headers: bytes_of(name) });

const material = (who, id, kind, bytes = pdf(`批量 ${kind}`), name = `${kind || "file"}.pdf`) =>
    who.api("POST", `/batches/${id}/materials?kind=${kind}`, { body: bytes, headers: bytes_of(name) });

const begin = (who, id, more = {}) =>
    who.post(`/batches/${id}/start`, { values: SIGNED, accept_warnings: true, ...more }, { key: randomUUID() });

/** A batch with what all claims need, not yet started. */
async function ready(who, rows, options) {
    const made = await upload(who, csv(rows, options));
    assert.equal(made.status, 201, made.text);
    await material(who, made.body.id, "identity");
    const last = await material(who, made.body.id, "authority");
    assert.equal(last.status, 201, last.text);
    return last.body;
}

const ended = (who, id, limit_ms = 120_000) =>
    until("the batch is done", async () => {
        const { body } = await who.get(`/batches/${id}`);
        return body.state === "done" ? body : null;
    }, limit_ms, 100);

async function results(who, id, state = "") {
    const all = [];
    for (let path = `/batches/${id}/results?state=${state}&limit=200`; path;) {
        const { body } = await who.get(path);
        all.push(...body.results);
        path = body.next;
    }
    return all;
}

const problems_at = (batch, row) => batch.problems.filter((one) => one.row === row).map(({ column, code }) => ({ column, code }));

describe("a batch", { timeout: 300_000 }, () => {
    let server;
    let lawyer;

    before(async () => {
        server = await start();
        lawyer = await login(server, "lawyer-1");
        SIGNED.signature.name = lawyer.person.name;
    });
    after(() => server?.stop());

    test("of 100 claims with 3 bad rows files 97 and names 3; a second run and a second upload make no doubles", async () => {
        const rows = Array.from({ length: 100 }, (_, n) => claim(n + 1));
        rows[4].被告姓名或者名称 = "";
        rows[30].标的额 = "五千元";
        rows[98].被告证件号码 = "110105195001010000";
        const batch = await ready(lawyer, rows);
        assert.deepEqual(batch.counts, { rows: 100, ready: 97, bad: 3, double: 0, filed: 0, failed: 0 }, JSON.stringify(batch.problems));
        assert.deepEqual(batch.problems.map((one) => [one.row, one.column]), [[6, "被告姓名或者名称"], [32, "标的额"], [100, "被告证件号码"]]);
        batch.problems.forEach((one) => assert.match(one.title, /[\u4e00-\u9fff]/));
        assert.equal((await lawyer.get("/matters?box=mine")).body.matters.length, 0, "nothing is filed by an upload");

        const started = await begin(lawyer, batch.id);
        assert.equal(started.status, 200, started.text);
        const again = await begin(lawyer, batch.id);
        assert.equal(again.status, 200, again.text);
        assert.equal(again.headers.get("idempotent-replayed"), "true");
        const done = await ended(lawyer, batch.id);
        assert.deepEqual(done.counts, { rows: 100, ready: 0, bad: 3, double: 0, filed: 97, failed: 0 }, JSON.stringify(done.problems));
        const filed = await results(lawyer, batch.id, "filed");
        assert.equal(new Set(filed.map((one) => one.matter)).size, 97);
        assert.equal(Number(await sql(server.database, "SELECT count(*) FROM matter")), 97, "and no draft is left over");

        const own = (await lawyer.get("/inbox")).body.notices;
        assert.deepEqual(own.map((one) => one.title), ["批量立案已办完"], "one word about them all");
        assert.match(own[0].text, /提交97件，3件没有提交/);
        const reviewer = await login(server, "reviewer@京0105");
        const told = (await reviewer.get("/inbox")).body.notices;
        assert.deepEqual(told.map((one) => one.title), ["批量立案：收到97件"]);
        assert.match(told[0].text, new RegExp(`^${lawyer.person.name}提交：.+等$`));
        const leads = async (who, id) => (await who.get(`/inbox/${id}`)).headers.get("location");
        assert.equal(await leads(lawyer, own[0].id), `/batches/${batch.id}`);
        assert.equal(await leads(reviewer, told[0].id), "/matters?box=todo");
        assert.equal((await reviewer.get("/matters?box=todo&limit=200")).body.matters.length, 97, "where all of them wait");

        const twice = await upload(lawyer, csv(rows), "again.csv");
        const second = twice.status === 201 ? await ready_again(twice.body.id) : twice.body;
        assert.equal(second.counts.double, 97, twice.text);
        const nothing = await begin(lawyer, second.id);
        refused(nothing, 409, "batch-nothing");

        const sheet = csv_cells((await lawyer.get(`/batches/${batch.id}/wrong.csv`)).text);
        assert.equal(sheet.length, 4);
        assert.equal(sheet[0].at(-1), "原因");
        assert.match(sheet[1].at(-1), /被告姓名或者名称/);
        assert.equal(Number(await sql(server.database, "SELECT count(*) FROM matter")), 97);

        async function ready_again(id) {
            await material(lawyer, id, "identity");
            return (await material(lawyer, id, "authority")).body;
        }
    });

    test("is a real filing for the court, with one signature over all, written in each", async () => {
        const batch = await ready(lawyer, [claim(201, { 编号: "甲-201", 被告姓名或者名称: "𠮷㼆" }), claim(202, { 编号: "甲-202", 受理法院: "京0106", 被告住所地: "北京市丰台区丰台路1号" })]);
        assert.equal(batch.counts.ready, 2, JSON.stringify(batch.problems));
        await begin(lawyer, batch.id);
        const done = await ended(lawyer, batch.id);
        assert.equal(done.counts.filed, 2, JSON.stringify(done.problems));
        const [first, second] = await results(lawyer, batch.id);
        assert.equal(second.court.code, "京0106");
        const matter = await lawyer.matter(first.matter);
        assert.equal(matter.state, "under-review");
        assert.match(matter.title, /北京示例物业服务有限公司 诉 𠮷㼆/u);
        assert.equal(matter.values.claim.amount, 520100);
        assert.equal(matter.values.claim.requests.length, 2);
        assert.deepEqual(matter.materials.map((one) => one.kind).sort(), ["authority", "identity"]);
        assert.equal(matter.values.signature.signed, first.signed, "the digest that was signed is that of this filing");
        assert.deepEqual(matter.values.signature.batch, { id: batch.id, signed: batch.digest, at: done.signature.at });
        assert.ok(!("code" in matter.values.signature));
        const reviewer = await login(server, "reviewer@京0105");
        assert.equal((await reviewer.matter(first.matter)).title, matter.title);
        const [event] = await lawyer.events(first.matter);
        assert.equal(event.at, done.started, "all of them arrived when they were signed");
        assert.equal(event.act, "submit");
        assert.equal(event.actor.name, lawyer.person.name);
        assert.equal(event.actor.for, "北京示例物业服务有限公司");
    });

    test("mends: failed rows are downloaded with reasons, mended, uploaded, and only they are filed", async () => {
        const rows = [claim(301), claim(302, { 案由: "没有这种案由" }), claim(303, { 受理法院: "不存在的法院" })];
        const batch = await ready(lawyer, rows);
        assert.deepEqual(problems_at(batch, 3).map((one) => one.column), ["案由"]);
        assert.deepEqual(problems_at(batch, 4).map((one) => one.column), ["受理法院"]);
        await begin(lawyer, batch.id);
        assert.equal((await ended(lawyer, batch.id)).counts.filed, 1);
        const text = (await lawyer.get(`/batches/${batch.id}/wrong.csv`)).text;
        const mended = await upload(lawyer, Buffer.from(text.replace("没有这种案由", "物业服务合同纠纷").replace("不存在的法院", "京0105")), "mended.csv");
        assert.equal(mended.status, 201, mended.text);
        assert.deepEqual(mended.body.found.unknown, [], "the column of reasons is ours");
        await material(lawyer, mended.body.id, "identity");
        const whole = (await material(lawyer, mended.body.id, "authority")).body;
        assert.equal(whole.counts.ready, 2, JSON.stringify(whole.problems));
        await begin(lawyer, whole.id);
        assert.equal((await ended(lawyer, whole.id)).counts.filed, 2);
    });

    test("refuses what cannot be told apart: keys twice, rows twice, a key used for something else", async () => {
        const batch = await ready(lawyer, [
            claim(401),
            claim(402, { 编号: "HT-401" }),
            claim(401, { 编号: "HT-403" }),
            claim(301, { 标的额: "9999.00" }),
            claim(302, { 编号: "HT-302" }),
        ]);
        assert.deepEqual(problems_at(batch, 3), [{ column: "编号", code: "key-twice" }]);
        assert.deepEqual(problems_at(batch, 4), [{ column: "", code: "row-twice" }]);
        assert.deepEqual(problems_at(batch, 5), [{ column: "编号", code: "key-used" }]);
        assert.equal(batch.counts.double, 1, "and HT-302 was filed as it stands");
    });

    test("tells what a spreadsheet did to numbers, and what is of no use", async () => {
        const batch = await ready(lawyer, [
            claim(501, { 被告证件号码: "1.10105E+17" }),
            claim(502, { 被告类型: "法人" }),
            claim(503, { 被告类型: "公司" }),
            claim(504, { 标的额: "-1" }),
            claim(505, { 被告二电话: "19912345678" }),
            claim(506, { 被告姓名或者名称: "<script>alert(1)</script>'; DROP TABLE matter; --" }),
        ]);
        assert.deepEqual(problems_at(batch, 2), [{ column: "被告证件号码", code: "rounded" }]);
        assert.deepEqual(problems_at(batch, 3).map((one) => one.column), ["被告证件号码"], "a company has another number");
        assert.deepEqual(problems_at(batch, 4)[0], { column: "被告类型", code: "choice" });
        assert.deepEqual(problems_at(batch, 5).map((one) => one.column), ["标的额"]);
        assert.deepEqual(problems_at(batch, 6).map((one) => one.column), ["被告二姓名或者名称"]);
        assert.deepEqual(problems_at(batch, 7), []);
        const page = await lawyer.get(`/batches/${batch.id}/results`, { accept: "text/html" });
        assert.ok(!page.text.includes("<script>alert"), "and nothing runs on a page");
    });

    test("carries down what is the same, leaves out the sample, empty rows and unknown columns", async () => {
        const bare = { 编号: "", 被告姓名或者名称: "", 标的额: "", 诉讼请求: "", 事实与理由: "" };
        const few = (n) => ({ ...bare, 编号: `乙-${n}`, 被告姓名或者名称: `周某${n}`, 标的额: "12,000", 诉讼请求: "判令被告还款", 事实与理由: `第${n}笔`, 备注: "内部" });
        const rows = [claim(601, { 编号: "示例，请删除本行", 备注: "" }), claim(602, { 备注: "内部" }), {}, few(603), few(604)];
        const batch = await ready(lawyer, rows, { titles: [...Object.keys(claim(1)), "备注"], mark: false, end: "\n" });
        assert.deepEqual(batch.counts, { rows: 3, ready: 3, bad: 0, double: 0, filed: 0, failed: 0 }, JSON.stringify(batch.problems));
        assert.deepEqual(batch.found.unknown, ["备注"]);
        assert.deepEqual(batch.found.samples, [2]);
        const rows_read = await results(lawyer, batch.id);
        assert.deepEqual(rows_read.map((one) => [one.row, one.key, one.amount]), [[3, "HT-602", 560200], [5, "乙-603", 1200000], [6, "乙-604", 1200000]]);
    });

    test("takes files by the names that rows give, and asks for a complaint where none can be made", async () => {
        const rows = [claim(701, { 证据文件: "借条一.pdf；对账单", 起诉状文件: "" }), claim(702, { 案由: "人格权纠纷", 起诉状文件: "诉状702.pdf", 证据文件: "没有这个.pdf" })];
        const made = await ready(lawyer, rows);
        assert.deepEqual(problems_at(made, 2).map((one) => one.column), ["证据文件"]);
        assert.equal(problems_at(made, 3).length, 2);
        await material(lawyer, made.id, "", pdf("借条"), "借条一.pdf");
        await material(lawyer, made.id, "", pdf("对账"), "对账单.pdf");
        const { body } = await material(lawyer, made.id, "", pdf("诉状"), "诉状702.pdf");
        assert.equal(body.counts.ready, 1, JSON.stringify(body.problems));
        refused(await material(lawyer, made.id, "", executable(), "bad.exe"), 415, "file-type");
        refused(await material(lawyer, made.id, "unheard-of"), 422, "fields");
        await begin(lawyer, made.id);
        await ended(lawyer, made.id);
        const [filed] = await results(lawyer, made.id, "filed");
        const matter = await lawyer.matter(filed.matter);
        assert.deepEqual(matter.materials.filter((one) => one.kind === "evidence").map((one) => one.name), ["借条一.pdf", "对账单.pdf"]);
        refused(await material(lawyer, made.id, "evidence"), 409, "batch-started");
        refused(await lawyer.api("DELETE", `/batches/${made.id}`), 409, "batch-started");
    });

    test("asks for warnings to be accepted and for a signature that holds", async () => {
        const far = "广东省深圳市福田区莲花路1号";
        const batch = await ready(lawyer, [claim(801, { 被告住所地: far, 合同履行地: far })]);
        assert.equal(batch.warnings[0].code, "venue-plausible", JSON.stringify(batch));
        refused(await begin(lawyer, batch.id, { accept_warnings: false }), 428, "warnings");
        refused(await begin(lawyer, batch.id, { values: { ...SIGNED, signature: { method: "typed", name: "x", code: "123456" } } }), 422, "fields");
        refused(await begin(lawyer, batch.id, { values: { ...SIGNED, undertakings: { truth: true, "not-elsewhere": false } } }), 422, "fields");
        refused(await begin(lawyer, batch.id, { values: {} }), 422, "fields");
        const another = await begin(lawyer, batch.id, { values: { ...SIGNED, signature: { method: "typed", name: "别人", code: "000000" } } });
        assert.equal(refused(another, 422, "fields").errors[0].field, "signature.name");
        const broken = await begin(lawyer, batch.id, { values: { ...SIGNED, signature: { method: "drawn", png: "iVBORw0KGgo=" } } });
        assert.equal(refused(broken, 422, "fields").errors[0].field, "signature");
        refused(await begin(lawyer, batch.id, { revision: 1 }), 409, "batch-changed");
        assert.equal((await begin(lawyer, batch.id, { accept_warnings: ["venue-plausible"], revision: batch.revision })).status, 200);
        assert.equal((await ended(lawyer, batch.id)).counts.filed, 1);
    });

    test("reads GB18030, UTF-16, semicolons and tabs; refuses what is no table in plain words", async () => {
        const plain = csv([claim(901)], { mark: false }).toString();
        const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(plain.replaceAll(",", "\t"), "utf16le")]);
        const read = await upload(lawyer, wide, "unicode.txt");
        assert.equal(read.status, 201, read.text);
        assert.equal(read.body.counts.rows, 1);
        const gb = await upload(lawyer, Buffer.from("b1e0bac52ccadcc0edb7a8d4ba2cb0b8d3c90d0a", "hex"), "gb.csv");
        const problem = refused(gb, 422, "sheet-header");
        assert.ok(problem.errors.some((one) => /被告姓名或者名称/.test(one.title)), "the titles were understood, others are missing");
        refused(await upload(lawyer, Buffer.from([0xff, 0xc0, 0x80, 0x2c, 0x00])), 422, "sheet-encoding");
        refused(await upload(lawyer, Buffer.from("")), 422, "fields");
        refused(await upload(lawyer, Buffer.from("\ufeff")), 422, "sheet-empty");
        refused(await upload(lawyer, csv([], { titles: Object.keys(claim(1)) })), 422, "sheet-empty");
        refused(await upload(lawyer, Buffer.from("甲,乙\n1,2\n")), 422, "sheet-header");
        refused(await upload(lawyer, Buffer.from(`${plain.split("\r\n")[0]}\r\n"never closed,\r\n`)), 422, "sheet-quote");
        refused(await upload(lawyer, Buffer.from(plain.split("\r\n")[0].concat("\r\n", "x,y\r\n".repeat(100_000)))), 422, "sheet-too-long");
        refused(await upload(lawyer, Buffer.from(`${",".repeat(5000)}x\n`)), 422, "sheet-too-wide");
        refused(await upload(lawyer, Buffer.alloc(11 << 20, 0x61)), 413, "sheet-too-large");
        refused(await upload(lawyer, pdf("x"), "x.pdf"), 422, "sheet-old");
        refused(await lawyer.post("/batches", {}), 422, "fields");
    });

    test("comes as XLSX: numbers, formulas, merged cells, hidden sheets, rare characters", async () => {
        const same = { 受理法院: "", 案由: "", 原告名称: "" };
        const rows = [
            claim(951, { 标的额: 5200.1, 被告姓名或者名称: "𠮷㼆" }),
            claim(952, { ...same, 被告证件号码: 110105195001010000 }),
            claim(953, { ...same, 标的额: { xml: '<c r="R"><f>SUM(1,2)</f><v>3000</v></c>' } }),
            claim(954, { ...same, 标的额: { xml: '<c r="R"><f>WEBSERVICE("http://localhost/")</f></c>' } }),
            claim(955, { ...same, 标的额: { xml: '<c r="R" t="e"><v>#REF!</v></c>' } }),
        ];
        const made = await upload(lawyer, xlsx(rows, { merges: ["D2:D6"], hidden_first: true }), "物业费.xlsx");
        assert.equal(made.status, 201, made.text);
        await material(lawyer, made.body.id, "identity");
        const batch = (await material(lawyer, made.body.id, "authority")).body;
        assert.equal(batch.found.sheets_left_out, 1);
        assert.deepEqual(batch.problems.map(({ row, column, code }) => [row, column, code]), [
            [3, "被告证件号码", "rounded"],
            [5, "标的额", "formula"],
            [6, "标的额", "formula-error"],
        ]);
        const read = await results(lawyer, batch.id, "ready");
        assert.deepEqual(read.map((one) => [one.row, one.title, one.amount]), [[2, "𠮷㼆", 520010], [4, "王某953", 300000]]);
        const wrong = await lawyer.get(`/batches/${batch.id}/wrong.xlsx`);
        assert.equal(wrong.headers.get("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        const again = await upload(lawyer, wrong.bytes, "wrong.xlsx");
        assert.equal(again.status, 201, again.text);
        assert.deepEqual(again.body.found.unknown, []);
        assert.deepEqual(again.body.problems.filter((one) => one.column === "被告证件号码").map((one) => [one.key, one.code]), [["HT-952", "rounded"]]);
        const template = await nobody(server).get("/batches/template.xlsx");
        refused(await upload(lawyer, template.bytes, "template.xlsx"), 422, "sheet-empty");
    });

    test("refuses XLSX that wants more than a table, and lives", async () => {
        const entity = '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
        refused(await upload(lawyer, xlsx([claim(961)], { head: entity }), "x.xlsx"), 422, "sheet-unreadable");
        refused(await upload(lawyer, docx(), "letter.docx"), 422, "sheet-unreadable");
        refused(await upload(lawyer, xlsx([claim(962)]).subarray(0, 900), "cut.xlsx"), 422, "sheet-unreadable");
        const many = Array.from({ length: 20_000 }, (_, n) => ({ 编号: n, 受理法院: "京0105" }));
        const problem = refused(await upload(lawyer, xlsx(many), "many.xlsx"), 422, "sheet-too-long");
        assert.match(problem.title, /20000行.*5000行/);
        refused(await upload(lawyer, Buffer.from("d0cf11e0a1b11ae1", "hex"), "old.xls"), 422, "sheet-old");
        assert.equal((await lawyer.get("/batches")).status, 200);
    });

    test("is prepared by an assistant, and signed by the lawyer alone", async () => {
        const helper = await login(server, "citizen-7");
        await lawyer.names_assistant(helper);
        const prepare = (who, n) => who.api("POST", `/batches?for=${lawyer.person.id}`, { body: csv([claim(n)]), headers: bytes_of("a.csv") });
        refused(await prepare(await login(server, "citizen-9"), 971), 403, "assist-denied");
        const made = await prepare(helper, 972);
        assert.equal(made.status, 201, made.text);
        assert.equal(made.body.mine, false);
        await material(helper, made.body.id, "identity");
        const batch = (await material(helper, made.body.id, "authority")).body;
        assert.equal(batch.counts.ready, 1, JSON.stringify(batch.problems));
        refused(await begin(helper, batch.id), 403, "draft-of-another");
        refused(await helper.api("DELETE", `/batches/${batch.id}`), 403, "draft-of-another");
        assert.ok((await helper.get("/batches")).body.batches.some((one) => one.id === batch.id));
        assert.equal((await begin(lawyer, batch.id)).status, 200);
        assert.equal((await ended(lawyer, batch.id)).counts.filed, 1);
        const [row] = await results(lawyer, batch.id);
        assert.equal((await lawyer.events(row.matter))[0].actor.name, lawyer.person.name);
        refused(await helper.get(`/matters/${row.matter}`), 404, "not-found");
    });

    test("tells an assistant that a claim was filed before, and not what became of it", async () => {
        const helper = await login(server, "citizen-7");
        const own = await ready(lawyer, [claim(974)]);
        await begin(lawyer, own.id);
        assert.equal((await ended(lawyer, own.id)).counts.filed, 1);
        const made = await helper.api("POST", `/batches?for=${lawyer.person.id}`, { body: csv([claim(974)]), headers: bytes_of("b.csv") });
        assert.equal(made.status, 201, made.text);
        await material(helper, made.body.id, "identity");
        assert.equal((await material(helper, made.body.id, "authority")).body.counts.double, 1);
        const [told] = await results(helper, made.body.id);
        assert.deepEqual([told.state, told.matter ?? null, told.matter_title ?? null, told.case_number ?? null], ["double", null, null, null]);
        const [whole] = await results(lawyer, made.body.id);
        const [filed] = await results(lawyer, own.id);
        assert.equal(whole.matter, filed.matter);
    });

    test("leaves a hand free for others: one files at a time", async () => {
        const other = await login(server, "lawyer-3");
        const rows = (from) => Array.from({ length: 15 }, (_, n) => claim(from + n));
        const [one, two] = [await ready(lawyer, rows(2001)), await ready(other, rows(2101))];
        const signed = { ...SIGNED, signature: { ...SIGNED.signature, name: other.person.name } };
        await Promise.all([begin(lawyer, one.id), begin(other, two.id, { values: signed })]);
        await until("both are done", async () => {
            const of_state = (state) => `(SELECT count(*) FROM batch_row r WHERE r.batch = b.id AND r.state = '${state}') > 0`;
            const amid = `SELECT count(*) FROM batch b WHERE b.state = 'running' AND ${of_state("filed")} AND ${of_state("ready")}`;
            assert.ok(Number(await sql(server.database, amid)) <= 1, "two are being filed");
            return Number(await sql(server.database, "SELECT count(*) FROM batch WHERE state = 'running'")) === 0;
        }, 120_000, 20);
        assert.equal((await lawyer.get(`/batches/${one.id}`)).body.counts.filed, 15);
        assert.equal((await other.get(`/batches/${two.id}`)).body.counts.filed, 15);
    });

    test("of 5,000 rows wrong in every column, leaning on one long cell, harms nobody else", async () => {
        const titles = Object.keys(claim(1));
        const leaning = (length, text) => Array.from({ length }, (_, n) => ({ 编号: `长-${n}`, 原告住所地: n === 0 ? text : "" }));
        const made = await upload(lawyer, csv(leaning(850, "路".repeat(26_000)), { titles }), "long.csv");
        assert.equal(made.status, 201, made.text.slice(0, 500));
        assert.equal(made.body.counts.bad, 850);
        refused(await lawyer.get(`/batches/${made.body.id}/wrong.csv`), 413, "sheet-too-large");
        const problem = refused(await upload(lawyer, csv(leaning(1, "路".repeat(27_000)), { titles })), 422, "sheet-cell-too-long");
        assert.match(problem.title, /第2行/);
        const short = await upload(lawyer, csv(leaning(5000, "北京市朝阳区建国路1号"), { titles }), "short.csv");
        assert.equal(short.status, 201, short.text.slice(0, 500));
        const wrong = await lawyer.get(`/batches/${short.body.id}/wrong.csv`);
        assert.equal(csv_cells(wrong.text).length, 5001);
        assert.equal((await lawyer.api("DELETE", `/batches/${made.body.id}`)).status, 204);
    });

    test("is its filer's alone", async () => {
        const batch = await ready(lawyer, [claim(1001)]);
        const reads = [`/batches/${batch.id}`, `/batches/${batch.id}/results`, `/batches/${batch.id}/wrong.csv`];
        for (const name of ["citizen-1", "lawyer-2"]) {
            const other = await login(server, name);
            for (const path of reads) {
                refused(await other.get(path), 404, "not-found");
            }
            refused(await begin(other, batch.id), 404, "not-found");
            refused(await material(other, batch.id, "evidence"), 404, "not-found");
            refused(await other.api("DELETE", `/batches/${batch.id}`), 404, "not-found");
            assert.deepEqual((await other.get("/batches")).body.batches, []);
        }
        const staff = await login(server, "reviewer@京0105");
        for (const path of ["/batches", ...reads]) {
            refused(await staff.get(path), 403, "batch-denied");
        }
        refused(await upload(staff, csv([claim(1002)])), 403, "batch-denied");
        const stranger = nobody(server);
        for (const path of ["/batches", ...reads]) {
            refused(await stranger.get(path), 401);
        }
        refused(await upload(stranger, csv([claim(1002)])), 401);
        assert.equal((await lawyer.api("DELETE", `/batches/${batch.id}`)).status, 204);
        refused(await lawyer.get(`/batches/${batch.id}`), 404, "not-found");
    });

    test("is described to programs, and its template fits", async () => {
        const { body } = await nobody(server).get("/openapi.json");
        for (const path of ["/batches", "/batches/{id}", "/batches/{id}/start", "/batches/{id}/results"]) {
            assert.ok(body.paths[path], path);
        }
        const template = (await nobody(server).get("/batches/template.csv")).text;
        const [titles, sample] = csv_cells(template);
        assert.match(sample[0], /^示例/);
        const filled = template.replace(sample[0], "模板-1");
        const made = await upload(lawyer, Buffer.from(filled), "template.csv");
        await material(lawyer, made.body.id, "identity");
        const whole = (await material(lawyer, made.body.id, "authority")).body;
        assert.equal(whole.counts.ready, 1, JSON.stringify(whole.problems));
        assert.equal(whole.found.columns.length, titles.length);
    });
});

describe("a batch and a program that dies", { timeout: 300_000 }, () => {
    test("goes on where it was, nothing twice", async () => {
        const rows = 240; // more than are filed while the count below is asked for
        let server = await start();
        try {
            const lawyer = await login(server, "lawyer-1");
            SIGNED.signature.name = lawyer.person.name;
            const batch = await ready(lawyer, Array.from({ length: rows }, (_, n) => claim(n + 1)));
            await begin(lawyer, batch.id);
            await until("some are filed", async () => Number(await sql(server.database, "SELECT count(*) FROM batch_row WHERE state = 'filed'").catch(() => 0)) >= 10, 60_000, 5);
            await server.kill();
            const early = Number(await sql(server.database, "SELECT count(*) FROM batch_row WHERE state = 'filed'"));
            assert.ok(early < rows, `it died in the middle, at ${early}`);
            server = await server.again();
            const again = await login(server, "lawyer-1");
            const done = await ended(again, batch.id, 200_000);
            assert.equal(done.counts.filed, rows, JSON.stringify(done.problems));
            assert.equal(Number(await sql(server.database, "SELECT count(*) FROM matter")), rows);
            assert.equal(Number(await sql(server.database, "SELECT count(*) FROM event WHERE act = 'submit'")), rows);
            assert.equal(Number(await sql(server.database, "SELECT count(*) FROM notice")), 2, "and people are told once");
            assert.equal(Number(await sql(server.database, "SELECT count(*) FROM material")), 2 * rows);
        } finally {
            await server.stop();
        }
    });
});
