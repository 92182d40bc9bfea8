// Element forms: the official tables as data, asked in the filing, computed, printed and rehearsed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync, inflateRawSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { form_faults, form_fill, form_walk, form_with } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";

/** The words of a PDF, as a reader without eyes has them. */
function pdf_text(bytes) {
    const made = spawnSync("pdftotext", ["-", "-"], { input: bytes, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    return made.stdout;
}

/** The text of a DOCX as it lies in its archive: one part, found by its name in the directory. */
function docx_text(bytes) {
    const name = Buffer.from("word/document.xml");
    const entry = bytes.lastIndexOf(name) - 46; // of the central directory
    assert.equal(bytes.readUInt32LE(entry), 0x02014b50);
    const at = bytes.readUInt32LE(entry + 42);
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(entry + 20));
    return (bytes.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed)).toString("utf8");
}

/** What the official forms have, as written down by hand; what a line was compared with stands before it. */
function table(name) {
    const text = readFileSync(new URL(`../data/${name}.tsv`, import.meta.url), "utf8");
    return text.replace(/\n$/, "").split("\n").filter((line) => !line.startsWith("#"));
}

/** The rows of the tables of a DOCX: cells, the paragraphs of one with ⏎ between. */
function docx_rows(xml) {
    const words = (part) => [...part.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map((m) => m[1]).join("");
    const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
    return [...xml.matchAll(/<w:tr[ >].*?<\/w:tr>/gs)].map(([row]) =>
        [...row.matchAll(/<w:tc[ >].*?<\/w:tc>/gs)].map(([cell]) => plain([...cell.matchAll(/<w:p[ >].*?<\/w:p>/gs)].map(([p]) => words(p)).join("⏎"))));
}

let server;
let citizen;
let reviewer;
let guest;
let forms; // all that can be filled in online

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
    guest = nobody(server);
    const list = (await guest.get("/forms")).body.forms.filter((form) => form.online);
    forms = await Promise.all(list.map(async (form) => (await guest.get(`/forms/${form.number}`)).body));
});
after(() => server?.stop());

/** A draft in elements; answers the matter as its form then is. */
async function begun(cause = "民间借贷纠纷", who = citizen) {
    const draft = await who.begin();
    const saved = await who.save(draft.id, { cause, style: "element" });
    assert.equal(saved.status, 200, saved.text);
    return saved.body;
}

/** Everybody tries a form of their own: so many at once from one place are slowed down. */
const visitor = (form) => ({ "x-forwarded-for": `203.0.113.${Number(form.number)}` });
const rehearse = (form, values) => guest.api("POST", `/forms/${form.number}`, { body: { values }, headers: visitor(form) });

/** The sample of a form without what it borrows of other groups. */
const own = (form) => pick(form, form.sample);
const submit_form = (matter) => matter.acts.find((act) => act.name === "submit").form;

describe("what the official form asks", () => {
    const [head, ...lines] = table("element-form-fields");
    const columns = head.split("\t");
    const official = lines.map((line) => Object.fromEntries(line.split("\t").map((cell, n) => [columns[n], cell])));

    test("stands in each form, field by field, in the official order", () => {
        const known = [...new Set(official.map((row) => row.form_no))].filter((number) => number !== "common");
        assert.ok(forms.length >= 2);
        for (const form of forms) {
            assert.ok(known.includes(form.number), `the fields of form ${form.number} are written down`);
        }
        for (const form of forms) {
            const section = (name) => official.filter((row) => row.form_no === form.number && row.section === name).map((row) => row.label);
            for (const name of new Set(official.filter((row) => row.form_no === form.number).map((row) => row.section))) {
                const asked = form.official.filter((field) => field.section === name).map((field) => field.official);
                assert.deepEqual(asked, section(name), `${form.title} ${name}`);
            }
        }
    });

    test("stands in the official answers, row by row, with the boxes they have", () => {
        const [, ...rows] = table("answer-form-fields");
        const answers = rows.map((line) => line.split("\t"));
        const known = [...new Set(answers.map(([number]) => number))];
        const answered = (form) => form.kind.replace(/-(request|review)$/, "") !== "enforcement";
        assert.deepEqual(known, forms.filter(answered).map((form) => form.number), "every form that somebody answers has its answer");
        for (const number of known) {
            const form = forms.find((one) => one.number === number);
            const asked = form.answer.filter((row) => !row.ours).map((row) => [number, row.section, row.label.replaceAll("／", "/"), row.type]);
            assert.deepEqual(asked, answers.filter((row) => row[0] === number).map(([no, section, , label, type]) => [no, section, label, type]), form.title);
        }
    });

    test("has an answer in every complaint: each row of it is answered somewhere", () => {
        const whole = ["01", "02", "03", "04", "31"]; // their official answer is words on the whole
        for (const form of forms.filter((one) => one.document.endsWith("诉状"))) { // nobody answers an application
            assert.ok(!whole.includes(form.number) || !form.answer.some((row) => row.ours || row.type === "dispute"), form.title);
            assert.ok(whole.includes(form.number) || form.answer.filter((row) => ["dispute", "confirm"].includes(row.type)).length > 3, form.title);
            assert.equal(new Set(form.answer.map((row) => row.row)).size, form.answer.length, `${form.title}: rows have names of their own`);
        }
    });

    test("of agreed court, preservation and mediation stands in those that have these parts", () => {
        for (const form of forms) {
            for (const name of ["约定管辖和诉前保全", "对纠纷解决方式的意愿"]) {
                const asked = form.official.filter((field) => field.section === name).map((field) => field.official);
                if (asked.length > 0) {
                    const wanted = official.filter((row) => row.form_no === "common" && row.section === name).map((row) => row.label);
                    // The last question is the wish for mediation, which the filing asks already.
                    assert.deepEqual(asked, wanted.filter((label) => label !== "是否考虑先行调解"), `${form.title} ${name}`);
                }
            }
        }
    });

    test("of people and organisations stands in the parties", async () => {
        const { form } = (await begun()).acts[0];
        const parties = form.find((field) => field.name === "parties").fields;
        const said = parties.flatMap((field) => [field.title, ...(field.options ?? []).map((option) => option.title)]).join(" ");
        const agent = parties.find((field) => field.name === "agents").fields.map((field) => field.title).join(" ");
        for (const word of ["性别", "出生日期", "民族", "工作单位", "职务", "联系电话", "住所地", "经常居住地", "统一社会信用代码", "所有制性质"]) {
            assert.ok(said.includes(word), word);
        }
        for (const row of official.filter((one) => one.label === "类型" || one.label === "所有制性质")) {
            for (const option of row.options.split("|")) {
                assert.ok(said.includes(option), option);
            }
        }
        for (const word of ["姓名", "单位", "职务", "联系电话", "代理权限"]) {
            assert.ok(agent.includes(word), word);
        }
    });

    test("offers the official choices", () => {
        for (const row of official.filter((one) => one.options !== undefined && one.options !== "" && one.form_no !== "common")) {
            const form = forms.find((one) => one.number === row.form_no);
            if (!form || row.type !== "choice") {
                continue;
            }
            const entry = form.official.find((field) => field.section === row.section && field.official === row.label);
            const [section, ...path] = entry.field.split(".");
            let field = form.form.find((one) => one.name === section);
            for (const name of path) {
                field = field.fields.find((one) => one.name === name);
            }
            assert.deepEqual(field.options.map((option) => option.title), row.options.split("|"), `${form.title} ${row.label}`);
        }
    });
});

describe("a form", () => {
    test("of every kind of the official table is here, each with all its parts", async () => {
        const list = (await guest.get("/forms")).body;
        const wanting = list.forms.filter((row) => !row.online && row.document !== "行政答辩状"); // an answer has no complaint of its own
        assert.deepEqual(wanting.map((row) => row.number), []);
    });

    test("is said to be filed here only where a filing asks it", async () => {
        const list = (await guest.get("/forms")).body.forms.filter((row) => row.online);
        const filed = ["civil", "administrative", "private-prosecution", "state-compensation", "enforcement", "enforcement-review", "enforcement-request"];
        assert.deepEqual(list.filter((row) => row.filed !== filed.includes(row.kind)), []);
        assert.deepEqual(list.filter((row) => !row.filed).map((row) => row.number), []);
        for (const row of list) {
            const { filing } = (await guest.get(`/forms/${row.number}`)).body;
            assert.equal(Boolean(filing), row.filed);
            assert.equal((await rehearse(row, {})).body.procedure ?? null, filing ?? null);
        }
    });

    test("is found by a few characters or by its number, also without script", async () => {
        const found = async (q) => (await guest.get(`/forms?q=${encodeURIComponent(q)}`)).body.forms;
        const all = (await guest.get("/forms")).body.forms;
        const lending = await found("借贷");
        assert.ok(lending.some((row) => row.cause === "民间借贷纠纷") && lending.length < all.length / 4);
        for (const row of lending) {
            assert.match(`${row.cause}${row.document}${row.about ?? ""}`, /借贷/);
        }
        assert.deepEqual((await found("09")).map((row) => row.number), ["09"]);
        assert.deepEqual(await found("没有的"), []);
        assert.equal((await found("  ")).length, all.length);
        const page = async (q) => (await guest.get(`/forms?q=${encodeURIComponent(q)}`, { accept: "text/html" })).text;
        assert.match(await page("借贷"), /<details class="card fold" open><summary><h2>民事起诉状/);
        assert.match(await page(""), /<details class="card fold"><summary><h2>民事起诉状<\/h2><span class="muted">\d+种/);
        assert.match(await page("<b>"), /没有找到“&lt;b&gt;”/);
    });

    test("says of every field what it is and how it is filled", () => {
        for (const form of forms) {
            assert.deepEqual(form_faults(form.form), [], form.title);
            for (const { path, field } of form_walk(form.form, form.sample)) {
                assert.ok(field.type === "group" || field.help, `${form.title}: ${path} without help`);
            }
        }
    });

    test("can be filled from its own examples, for every form", async () => {
        for (const form of forms.filter((one) => one.kind !== "civil")) {
            assert.equal(form.cause ?? null, null, "what hangs on no cause is asked by no filing");
            const rehearsed = (await rehearse(form, own(form))).body;
            assert.deepEqual(rehearsed.errors, [], form.title);
            assert.equal(rehearsed.fee ?? null, null);
            assert.ok(rehearsed.claim.requests.length > 0, `${form.title} asks for something`);
        }
        for (const form of forms.filter((one) => one.kind === "civil")) {
            const matter = await begun(form.cause);
            const names = submit_form(matter).map((field) => field.name);
            assert.ok(!names.includes("claim"), "the common claim is not asked beside it");
            const answer = await citizen.take(matter.id, "submit");
            assert.equal(answer.status, 200, `${form.title}: ${answer.text}`);
            assert.ok(answer.body.values.claim.amount >= 0);
            assert.equal(answer.body.values.claim.form, form.number);
            assert.ok(answer.body.values.claim.requests.length > 0);
            assert.ok(answer.body.values.claim.facts.length > 0);
            assert.ok(answer.body.papers.some((paper) => paper.kind === "complaint"));
        }
    });

    test("names each required field that is missing, and nothing else", async () => {
        for (const form of forms) {
            const fields = form.kind === "civil" ? submit_form(await begun(form.cause)) : form.form;
            const whole = form.kind === "civil" ? form_fill(fields) : own(form);
            for (const { path, field, value } of form_walk(fields, whole)) {
                if (!field.required || value === undefined || !form.form.some((group) => path.startsWith(`${group.name}.`))) {
                    continue;
                }
                const parts = path.split(".");
                if (parts.length > 2) {
                    continue;
                }
                const rehearsed = (await rehearse(form, form_with(pick(form, whole), path, undefined))).body;
                assert.deepEqual(rehearsed.errors.map((error) => error.field), [path], `${form.title} without ${path}`);
            }
        }
    });

    test("complains of every wrong type and size, and fails of none", async () => {
        for (const form of forms) {
            for (const wrong of [{ a: [1] }, [["x"]], 1.5, "𠮷".repeat(2_001)]) {
                const values = Object.fromEntries(form.form.map((group) => [group.name, Object.fromEntries(group.fields.map((field) => [field.name, wrong]))]));
                const answer = await rehearse(form, values);
                assert.equal(answer.status, 200, `${form.title}: ${answer.text.slice(0, 200)}`);
                const told = answer.body.errors.map((error) => error.field);
                for (const group of form.form) {
                    // What hangs on another answer is not asked when that answer is wrong.
                    for (const field of group.fields.filter((one) => !one.when && !(one.type === "address" && typeof wrong === "object") && !(typeof wrong === "string" && one.max_length > 2_001))) {
                        const path = `${group.name}.${field.name}`;
                        assert.ok(told.some((one) => one === path || one.startsWith(`${path}.`)), `${form.title} ${path} with ${JSON.stringify(wrong).slice(0, 20)}`);
                    }
                }
            }
        }
        for (const body of [{ values: 5 }, { values: [] }, [], "x"]) {
            const answer = await guest.post("/forms/09", body);
            assert.ok([400, 415, 422].includes(answer.status), `${JSON.stringify(body)}: ${answer.text}`);
        }
    });
});

/** Of values of a filing, those that a form's own sections ask. */
function pick(form, values) {
    return Object.fromEntries(form.form.map((group) => [group.name, values[group.name]]));
}

describe("the claim that follows from a form", () => {
    const facts = (values) => ({ ...values, "private-lending-claim": { ...values["private-lending-claim"] } });

    test("has the interest computed to the fen, line by line, within the caps before and after 2020-08-20", async () => {
        const matter = await begun();
        const values = facts(form_fill(submit_form(matter)));
        Object.assign(values["private-lending-claim"], {
            principal: 10000000,
            "interest-rate": "30",
            "interest-contract": "2020-01-01",
            "interest-to": "2020-12-31",
            "interest-periods": [{ principal: 10000000, from: "2020-01-01" }],
        });
        delete values["private-lending-claim"].interest;
        delete values["private-lending-claim"].total;
        delete values["private-lending-claim"]["interest-method"];
        const saved = await citizen.save(matter.id, values);
        assert.equal(saved.status, 200, saved.text);
        const { claim } = saved.body.values;
        // 100,000 x 24 % x 232/365 = 15,254.79; from 2020-08-20 four times the LPR at suing.
        assert.deepEqual(
            claim.sheet.slice(0, 1).map((row) => [row.from, row.to, row.rate, row.days, row.amount, row.sum]),
            [["2020-01-01", "2020-08-19", "24.00", 232, 1525479, 1525479]],
        );
        const capped = claim.sheet[1];
        assert.deepEqual([capped.from, capped.to, capped.days], ["2020-08-20", "2020-12-31", 134]);
        const exact = 10000000 * Number(capped.rate) * 134 / 36500 + 1525479.452;
        assert.equal(claim.interest, Math.round(exact));
        assert.equal(claim.amount, 10000000 + claim.interest);
        assert.match(claim.requests[1].text, new RegExp(`利息.*${(claim.interest / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",")}元`));
    });

    test("can be run again by the other side, line by line", async () => {
        const { claim } = (await guest.post("/forms/09", { values: own(forms.find((form) => form.number === "09")) })).body;
        for (const row of claim.sheet) {
            const end = new Date(Date.parse(row.to) + 86_400_000).toISOString().slice(0, 10);
            const again = await guest.get(`/tools/interest?kind=agreed&principal=${row.principal}&rate=${row.rate}&start=${row.from}&end=${end}&year_days=${row.year_days}`);
            assert.deepEqual([again.body.interest, again.body.days], [row.amount, row.days]);
        }
    });

    test("is rounded once: two stretches of half a fen are one fen", async () => {
        const matter = await begun();
        const values = facts(form_fill(submit_form(matter)));
        Object.assign(values["private-lending-claim"], {
            "interest-rate": "3",
            "interest-contract": "2024-12-31",
            "interest-periods": [
                { principal: 100, from: "2025-01-01", to: "2025-03-02" },
                { principal: 100, from: "2025-03-03", to: "2025-05-02" },
            ],
        });
        const { claim } = (await citizen.save(matter.id, values)).body.values;
        assert.deepEqual(claim.sheet.map((row) => row.amount), [1, 0]);
        assert.equal(claim.interest, 1);
    });

    test("warns when the amount or the interest is other than what follows, and when nothing can be computed", async () => {
        const matter = await begun();
        const values = facts(form_fill(submit_form(matter)));
        values["private-lending-claim"].total = 1;
        values["private-lending-claim"].interest = 9999999;
        await citizen.upload_required(matter, matter.acts[0]);
        let problem = refused(await citizen.act(matter.id, "submit", values, { accept_warnings: false }), 428, "warnings");
        assert.deepEqual(problem.warnings.filter((one) => one.field?.startsWith("private-lending-claim")).map((one) => one.code), ["amount-agrees", "interest-computed"]);
        values["private-lending-claim"]["interest-periods"] = [{ principal: 100, from: "2026-03-02", to: "2026-03-01" }, { principal: 100, from: "2025-01-01", to: "2025-02-01" }];
        problem = refused(await citizen.act(matter.id, "submit", values, { accept_warnings: false }), 428, "warnings");
        assert.ok(problem.warnings.some((one) => one.code === "interest-computed" && one.field.endsWith("interest-periods")));
    });

    test("makes fee and level of court, at docketing as in the rehearsal", async () => {
        const matter = await begun();
        const answer = await citizen.take(matter.id, "submit");
        assert.equal(answer.status, 200, answer.text);
        const amount = answer.body.values.claim.amount;
        const rehearsed = (await guest.post("/forms/09", { values: own(forms.find((form) => form.number === "09")), defendant: "北京市朝阳区" })).body;
        assert.equal(rehearsed.claim.amount, amount);
        const fee = await guest.get(`/tools/fee?kind=property&amount=${amount}`);
        assert.equal(rehearsed.fee.fee, fee.body.fee);
        assert.ok(rehearsed.courts.some((court) => court.code === "京0105"));
        const docketed = await reviewer.taken(matter.id, "docket", { docketing: { "trial-procedure": "ordinary" } });
        assert.equal(docketed.state, "docketed");
        const seen = await citizen.matter(matter.id);
        const notice = seen.papers.find((paper) => paper.kind === "fee-notice");
        const text = pdf_text((await citizen.get(`/matters/${matter.id}/papers/${notice.n}`)).bytes);
        assert.ok(text.replaceAll(/\s/g, "").includes((fee.body.fee / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ",")), text);
    });

    test("stays as it was made when the court decides later", async () => {
        const matter = await begun();
        const submitted = await citizen.take(matter.id, "submit");
        const before_it = submitted.body.values.claim;
        await server_advance("2d");
        await reviewer.taken(matter.id, "ask-correction", { correction: { items: [{ item: "claim", reason: "请写明利息" }], days: 10 } });
        assert.deepEqual((await citizen.matter(matter.id)).values.claim, before_it);
        const form = submit_form(await citizen.matter(matter.id)).map((field) => field.name);
        assert.ok(form.includes("private-lending-claim") && form.includes("private-lending-facts"), form.join());
        assert.ok(!form.includes("parties"), "only what was found wanting");
        const again = await citizen.take(matter.id, "submit");
        assert.equal(again.status, 200, again.text);
    });

    const server_advance = (by) => citizen.advance(by);
});

describe("beside the common claim", () => {
    test("a program that states it in full and asks no element is taken at its word", async () => {
        const draft = await citizen.begin();
        const common = form_fill(submit_form(draft));
        const matter = (await citizen.save(draft.id, { cause: "民间借贷纠纷", style: "element", claim: common.claim })).body;
        const fields = submit_form(matter);
        assert.ok(fields.some((field) => field.name === "claim"));
        assert.ok(fields.filter((field) => field.name.startsWith("private-lending")).every((field) => field.required === false));
        await citizen.upload_required(matter, matter.acts[0]);
        const answer = await citizen.act(draft.id, "submit", { ...common, cause: "民间借贷纠纷", style: "element" }, { accept_warnings: true });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body.values.claim, common.claim);
        assert.ok(answer.body.papers.some((paper) => paper.kind === "complaint"));
    });

    test("what followed from the form is a beginning when the filer turns to the free style", async () => {
        const matter = await begun();
        const saved = (await citizen.save(matter.id, form_fill(submit_form(matter)))).body;
        const free = (await citizen.save(matter.id, { style: "free" })).body;
        assert.deepEqual(free.values.claim.requests, saved.values.claim.requests);
        assert.equal(free.values.claim.form, undefined);
        assert.ok(submit_form(free).some((field) => field.name === "claim"));
        assert.ok(!submit_form(free).some((field) => field.name.startsWith("private-lending")));
        assert.ok(!free.errors.some((error) => error.code === "unknown"), JSON.stringify(free.errors));
    });

    test("a cause without a form keeps it", async () => {
        const matter = await begun("名誉权纠纷");
        assert.ok(submit_form(matter).some((field) => field.name === "claim"));
    });
});

describe("on paper", () => {
    test("the complaint is the official table, with rare characters, hostile text and the interest's sheet", async () => {
        const matter = await begun();
        const values = form_fill(submit_form(matter));
        values["private-lending-facts"].borrower = "𠮷㼆𬭩·买买提";
        values["private-lending-facts"].remarks = "<b>{principal}</b>[无]{{x}}";
        const answer = await citizen.take(matter.id, "submit", values);
        assert.equal(answer.status, 200, answer.text);
        const paper = answer.body.papers.find((one) => one.kind === "complaint");
        const sent = await citizen.get(`/matters/${matter.id}/papers/${paper.n}`);
        const text = pdf_text(sent.bytes).replaceAll(/\s/g, "");
        for (const part of ["民事起诉状", "（民间借贷纠纷）", "当事人信息", "诉讼请求", "事实与理由", "约定管辖和诉前保全", "对纠纷解决方式的意愿", "利息计算表", "𠮷㼆𬭩·买买提", "<b>{principal}</b>[无]{{x}}"]) {
            assert.ok(text.includes(part), `${part} in ${text.slice(0, 400)}`);
        }
        assert.match(text, /性别：男[□☑]女[□☑]出生日期：\d+年\d+月\d+日/, "as the resident's number says");
        for (const label of ["本金", "利息", "其他请求", "标的总额", "借款金额", "还款情况", "请求依据", "证据清单"]) {
            assert.match(text, new RegExp(`\\d+．${label}`), label);
        }
    });

    test("the complaint is to be had as DOCX to go on writing, by who may see it; papers of the court are not", async () => {
        const matter = await begun();
        const values = form_fill(submit_form(matter));
        values["private-lending-facts"].borrower = "𠮷㼆𬭩 & <王某>";
        const answer = await citizen.take(matter.id, "submit", values);
        const paper = (kind) => answer.body.papers.find((one) => one.kind === kind);
        const path = `/matters/${matter.id}/papers/${paper("complaint").n}/docx`;
        const sent = await citizen.get(path);
        assert.equal(sent.status, 200, sent.text.slice(0, 200));
        assert.equal(sent.headers.get("content-type"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        const xml = docx_text(sent.bytes);
        for (const part of ["民事起诉状", "1．本金", "利息计算表", "𠮷㼆𬭩 &amp; &lt;王某&gt;"]) {
            assert.ok(xml.includes(part), part);
        }
        assert.ok(xml.startsWith("<?xml") && xml.endsWith("</w:document>"));
        assert.deepEqual((await citizen.get(path)).bytes, sent.bytes, "the same bytes again");
        refused(await citizen.get(`/matters/${matter.id}/papers/${paper("receipt-of-filing").n}/docx`), 404, "not-found");
        refused(await citizen.get(`/matters/${matter.id}/papers/99/docx`), 404, "not-found");
        refused(await (await login(server, "citizen-2")).get(path), 404, "not-found");
        refused(await guest.get(path), 401);
        for (const kind of ["blank", "sample"]) {
            assert.ok(docx_text((await guest.get(`/forms/10/${kind}.docx`)).bytes).includes("信用卡纠纷"));
        }
    });

    test("a sample adds up, and sues whom the official table has room for", async () => {
        for (const form of forms.filter((one) => one.kind === "civil")) {
            const values = own(form);
            const claim = Object.values(values).find((group) => group && "total" in group);
            if (claim) {
                const { total } = claim;
                delete claim.total;
                assert.equal((await rehearse(form, values)).body.claim.amount, total, form.title);
                claim.total = total;
            }
        }
        const parties = async (number) => docx_rows(docx_text((await guest.api("GET", `/forms/${number}/sample.docx`, { headers: visitor({ number }) })).bytes)).filter((row) => /^(原告|被告)/.test(row[0]));
        const [plaintiff] = await parties("09");
        assert.match(plaintiff[1], /性别：男□　女☑⏎出生日期：1949年12月31日/, "as the resident's number says");
        assert.deepEqual((await parties("05")).map((row) => row[0]), ["原告", "被告"]);
        assert.deepEqual((await parties("14")).map((row) => row[0]), ["原告（法人、非法人组织）", "被告（自然人）"]);
        assert.deepEqual((await parties("15")).map((row) => row[0]), ["原告（自然人）", "被告（法人、非法人组织）"]);
    });

    test("each form is to be had blank and as a filled sample, by anybody", async () => {
        for (const form of forms) {
            await Promise.all(["blank", "sample"].map(async (kind) => {
                const sent = await guest.api("GET", `/forms/${form.number}/${kind}.pdf`, { headers: visitor(form) });
                assert.equal(sent.status, 200, sent.text.slice(0, 300));
                assert.equal(sent.headers.get("content-type"), "application/pdf");
                const text = pdf_text(sent.bytes).replaceAll(/\s/g, "");
                assert.ok(text.includes(`（${form.caption}）`.replaceAll(/\s/g, "")), form.caption);
                assert.ok(text.startsWith(form.document), `${form.document}: ${text.slice(0, 40)}`);
                assert.equal(text.includes("（示例"), kind === "sample");
                assert.equal(text.includes("☑"), kind === "sample", `${form.title} ${kind}`);
            }));
        }
        refused(await guest.get("/forms/99"), 404, "not-found");
        refused(await guest.get("/forms/99/blank.pdf"), 404, "not-found");
    });
});

describe("the blank table", () => {
    test("prints each cell as the official form has it: label, options, boxes, prompts", async () => {
        const [, ...lines] = table("blank-form-cells");
        const wanted = {};
        for (const line of lines) {
            const [number, ...cells] = line.split("\t");
            const [first, nth] = cells[0].startsWith("=") ? cells[0].slice(1).split("/") : [];
            (wanted[number] ??= []).push(nth === undefined ? cells : wanted[first][nth - 1]);
        }
        assert.equal(Object.keys(wanted).length, 36);
        for (const [number, rows] of Object.entries(wanted)) {
            const sent = await guest.api("GET", `/forms/${number}/blank.docx`, { headers: visitor({ number }) });
            assert.equal(sent.status, 200, number);
            assert.deepEqual(docx_rows(docx_text(sent.bytes)), rows, `form ${number}`);
        }
    });
});

describe("the pages", () => {
    test("say what is missing, what it costs and what comes next, without an account, in less than 40 KB", async () => {
        for (const form of forms) {
            const page = await guest.get(`/forms/${form.number}`, { accept: "text/html" });
            assert.equal(page.status, 200);
            assert.ok(gzipSync(page.bytes).length < 40_000, `${form.title} weighs ${gzipSync(page.bytes).length}`);
        }
        const sent = await guest.api("POST", "/forms/09", {
            accept: "text/html",
            body: new URLSearchParams({ "private-lending-claim.principal": "50,000", defendant: "北京市朝阳区" }).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        assert.equal(sent.status, 200, sent.text.slice(0, 300));
        assert.match(sent.text, /还有\d+处要填/);
        assert.match(sent.text, /1,050\.00元/); // 50,000: 0.025 x 50,000 - 200
        assert.match(sent.text, /北京市朝阳区人民法院/);
        assert.match(sent.text, /href="#f-private-lending-claim\.principal-to"/);
        assert.match(sent.text, /value="50,000\.00"/, "what was typed stands there");
    });

    test("are called as people call the paper, no word twice", async () => {
        const heading = async (number) => (await guest.get(`/forms/${number}`, { accept: "text/html" })).text.match(/<h1>(.*)<\/h1>/)[1];
        assert.equal(await heading("05"), "离婚纠纷民事起诉状（要素式）");
        assert.equal(await heading("44"), "行政起诉状（行政处罚，要素式）");
        assert.equal(await heading("60"), "强制执行申请书（要素式）");
        assert.equal(await heading("61"), "暂时解除乘坐飞机、高铁限制措施申请书（要素式）");
    });

    test("price nothing and name no court for what is no civil suit", async () => {
        const sent = await guest.api("POST", "/forms/44", {
            accept: "text/html",
            body: new URLSearchParams({ defendant: "北京市朝阳区" }).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        assert.equal(sent.status, 200, sent.text.slice(0, 300));
        assert.match(sent.text, /还有\d+处要填/);
        assert.doesNotMatch(sent.text, /标的总额|案件受理费|可以去的法院/);
    });

    test("of a draft's claim show the sheet, and weigh less than 40 KB", async () => {
        const matter = await begun();
        await citizen.save(matter.id, form_fill(submit_form(matter)));
        for (const group of ["private-lending-claim", "private-lending-facts", "venue", "mediation"]) {
            const page = await citizen.get(`/matters/${matter.id}/edit/${group}`, { accept: "text/html" });
            assert.equal(page.status, 200, group);
            assert.ok(gzipSync(page.bytes).length < 40_000, group);
            assert.equal(page.text.includes("利息计算表"), group === "private-lending-claim");
        }
    });
});

describe("an accident on the road", () => {
    const counted = {
        "injury-way": "count", "injury-harmed": "2025-12-01", "injury-court": { division: "320623", detail: "示例路1号" },
        "injury-nursing-day": 20000, "nursing-days": 19, "injury-stay": 19, "injury-meal-day": 10000,
        "injury-lost": "average", "injury-income": 30000000, "lost-from": "2026-01-01", "lost-to": "2026-03-14",
        "injury-outcome": "disabled", "injury-born": "1986-06-10", "injury-fixed": "2026-06-10", "injury-grade": 10,
        "injury-dependants": [{ born: "2016-06-10", supporters: 2 }], medical: 1000000, mental: 500000,
    };
    const blank = ["nursing", "nutrition", "meals", "lost-work", "disability", "dependants", "death", "funeral", "total", "transport", "vehicle", "nursing-lost", "nursing-short", "aids", "idle", "other-loss", "injury-home"];
    const traffic = (values, more = {}) => {
        const claim = { ...values["traffic-claim"], ...counted, ...more };
        for (const name of blank.filter((one) => !(one in more))) {
            delete claim[name];
        }
        return { ...values, "traffic-claim": claim };
    };
    const sample = () => own(forms.find((form) => form.number === "21"));
    const rehearsed = async (values) => {
        const answer = await rehearse({ number: "21" }, values);
        assert.equal(answer.status, 200, answer.text);
        return answer.body.claim;
    };

    test("without the table of the place only what needs none is filled in, and it is said what is missing", async () => {
        const claim = await rehearsed(traffic(sample()));
        assert.deepEqual(claim.injury.filled, { nursing: 380000, meals: 190000, "lost-work": 2000000 });
        assert.deepEqual(claim.injury.missing.map((row) => row.figure), ["income_year", "spending_year"]);
        assert.match(claim.injury.notices.join(), /没有计算残疾赔偿金/);
        assert.equal(claim.amount, 380000 + 190000 + 2000000 + 1000000 + 500000);
    });

    test("with it every head is filled in, asked for, printed with its sheet, and computed again by anybody", async () => {
        const { year } = (await rehearsed(traffic(sample()))).injury;
        const admin = await login(server, "admin");
        const text = `place,year,wage_month,income_year,spending_year,source\n320000,${year},9000,60000,36000,例\n`;
        assert.ok([200, 201].includes((await admin.post("/admin/tables", { kind: "regional", text })).status));
        const matter = await begun("机动车交通事故责任纠纷");
        const values = traffic(form_fill(submit_form(matter)));
        const saved = await citizen.save(matter.id, values);
        assert.equal(saved.status, 200, saved.text);
        const { claim } = saved.body.values;
        // 60,000 × 20 × 10 %; 36,000 × 10 % × 8 ÷ 2; a fifth of 100,000.
        assert.deepEqual(claim.injury.filled, { nursing: 380000, meals: 190000, "lost-work": 2000000, disability: 12000000, dependants: 1440000 });
        assert.equal(claim.amount, 380000 + 190000 + 2000000 + 12000000 + 1440000 + 1000000 + 500000);
        assert.ok(claim.requests.some((one) => /残疾赔偿金120,?000(\.00)?元/.test(one.text)), JSON.stringify(claim.requests));
        const again = await guest.get(claim.injury.again);
        assert.equal(again.status, 200, again.text);
        assert.deepEqual(again.body.parts, claim.injury.parts, "the other side has the same sheet");
        const page = await guest.api("GET", claim.injury.again, { accept: "text/html" });
        assert.equal(page.status, 200);
        await citizen.upload_required(matter, { materials: matter.acts[0].materials });
        const done = await citizen.act(matter.id, "submit", values, { accept_warnings: true });
        assert.equal(done.status, 200, done.text);
        const complaint = done.body.papers.find((paper) => paper.kind === "complaint");
        const printed = pdf_text((await citizen.get(`/matters/${matter.id}/papers/${complaint.n}`)).bytes).replaceAll(/\s/g, "");
        assert.match(printed, /残疾赔偿金120,?000(\.00)?元/);
        assert.match(printed, /附表人身损害赔偿计算表/);
        const sheet = docx_rows(docx_text((await citizen.get(`/matters/${matter.id}/papers/${complaint.n}/docx`)).bytes)).flat().join("").replaceAll(/\s/g, "");
        assert.match(sheet, /残疾赔偿金：定残时40周岁，计算20年：每年60,000\.00元×20年×10%/, "each head is called by its name");
    });

    test("what is typed stands; what cannot be computed is told and fills nothing", async () => {
        const typed = await rehearsed(traffic(sample(), { disability: 100, "lost-work": 5 }));
        assert.equal("disability" in typed.injury.filled, false);
        assert.equal("lost-work" in typed.injury.filled, false);
        for (const wrong of [{ "injury-grade": 11 }, { "injury-born": "2026-01-01" }, { "injury-fixed": "2020-01-01" }, { "injury-dependants": [{ born: "2027-01-01", supporters: 2 }] }]) {
            const claim = await rehearsed(traffic(sample(), wrong));
            assert.equal(claim.injury.filled, undefined, JSON.stringify(wrong));
            assert.match(claim.injury.notices.join(), /算不出来/);
            assert.equal(claim.amount, 1500000);
        }
        assert.equal((await rehearsed(traffic(sample(), { "injury-way": "own" }))).injury, undefined);
    });
});
