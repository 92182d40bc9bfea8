// Calculators inside the element forms: filed with the calculator chosen, printed, and asked again by a stranger.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { inflateRawSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";

let server;
let citizen;
let guest;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    guest = nobody(server);
});
after(() => server?.stop());

const submit_form = (matter) => matter.acts.find((act) => act.name === "submit").form;
const fen = (yuan) => Number(yuan.replaceAll(",", "").replace(".", ""));

async function begun(cause) {
    const draft = await citizen.begin();
    const saved = await citizen.save(draft.id, { cause, style: "element" });
    assert.equal(saved.status, 200, saved.text);
    return saved.body;
}

/** The examples with a claim that is changed: null takes an answer away. */
function changed(values, section, claim) {
    const answers = { ...values[section], ...claim };
    return { ...values, [section]: Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null)) };
}

let rehearsals = 0;

/** What a form says of a claim without an account; from a place of its own each time. */
async function rehearsed(number, section, claim) {
    const form = (await guest.get(`/forms/${number}`)).body;
    const values = Object.fromEntries(form.form.map((group) => [group.name, form.sample[group.name]]).filter(([, value]) => value !== undefined));
    const answer = await guest.api("POST", `/forms/${number}`, {
        body: { values: changed(values, section, claim) },
        headers: { "x-forwarded-for": `203.0.113.${++rehearsals}` },
    });
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
}

/** A stranger asks the same and has the same sum, part by part. */
async function same_again(sheet) {
    const again = await guest.get(sheet.again);
    assert.equal(again.status, 200, `${sheet.again} ${again.text.slice(0, 300)}`);
    assert.equal(again.body.total, sheet.total);
    assert.deepEqual(again.body.parts, sheet.parts);
    const page = await guest.api("GET", sheet.again, { accept: "text/html" });
    assert.equal(page.status, 200);
}

async function papers_of(matter) {
    const paper = matter.papers.find((one) => ["complaint", "element-application"].includes(one.kind));
    const pdf = await citizen.get(`/matters/${matter.id}/papers/${paper.n}`);
    const made = spawnSync("pdftotext", ["-", "-"], { input: pdf.bytes, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    const docx = await citizen.get(`/matters/${matter.id}/papers/${paper.n}/docx`);
    return { pdf: made.stdout.replaceAll(/\s/g, ""), docx: docx_text(docx.bytes).replaceAll(/\s/g, "").replaceAll("&amp;", "&") };
}

/** The text of a DOCX as it lies in its archive: one part, found by its name in the directory. */
function docx_text(bytes) {
    const entry = bytes.lastIndexOf(Buffer.from("word/document.xml")) - 46;
    assert.equal(bytes.readUInt32LE(entry), 0x02014b50);
    const at = bytes.readUInt32LE(entry + 42);
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(entry + 20));
    return (bytes.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed)).toString("utf8").replaceAll(/<[^>]*>/g, "");
}

async function filed(matter, values) {
    await citizen.upload_required(matter, { materials: matter.acts.find((act) => act.name === "submit").materials });
    const done = await citizen.act(matter.id, "submit", values, { accept_warnings: true });
    assert.equal(done.status, 200, done.text);
    return done.body;
}

const LABOUR = {
    "labour-counted": "count", "labour-start": "2020-11-01", "labour-end": "2025-12-31", "labour-wage": fen("8,000.00"),
    "labour-local-wage": fen("11,000.00"), "labour-employer": null, "labour-written": "2021-03-01",
    "labour-months": [{ month: "2025-10", due: fen("8,000.00"), paid: 0 }, { month: "2025-11", due: fen("8,000.00"), paid: fen("3,000.00") }, { month: "2025-12", due: fen("8,000.00") }],
    "labour-overtime-wage": fen("8,700.00"), "labour-workday": "10", "labour-restday": "8", "labour-holiday": "2.5", "labour-overtime-paid": null,
    "labour-leave-days": 5, "labour-leave-wage": fen("8,700.00"),
    wages: true, "wages-detail": null, "wages-amount": null, double: true, "double-detail": null, "double-amount": null,
    overtime: true, "overtime-detail": null, "overtime-amount": null, leave: true, "leave-detail": null, "leave-amount": null,
    insurance: false, severance: false, dismissal: true, "dismissal-detail": null, "dismissal-amount": null, total: null,
};
// By hand. Wages 8,000 + 5,000 + 8,000. Overtime: 8,700 ÷ 174 = 50 an hour; 10 × 75 + 8 × 100 + 2.5 × 150. Leave: 400 a day × 5 × 200 %.
// Second wage: 2020-12-01 to 2021-02-28. Damages: 5 years 2 months are 5.5 months' wages, twice.
const LABOUR_DUE = { "wages-amount": fen("21,000.00"), "overtime-amount": fen("1,925.00"), "leave-amount": fen("4,000.00"), "double-amount": fen("24,000.00"), "dismissal-amount": fen("88,000.00") };
const labour_sum = Object.values(LABOUR_DUE).reduce((sum, one) => sum + one);

const amounts = (...sheets) => Object.fromEntries(sheets.flatMap((sheet) => Object.entries(sheet.filled)).filter(([, value]) => typeof value === "number"));

describe("a worker's claims", () => {
    test("are computed one by one, filed without a figure of his own, and printed with their sheets", async () => {
        const matter = await begun("劳动争议");
        const values = changed(form_fill(submit_form(matter)), "labour-claim", LABOUR);
        const saved = await citizen.save(matter.id, values);
        assert.equal(saved.status, 200, saved.text);
        const { claim } = saved.body.values;
        assert.deepEqual(amounts(claim.wages, claim.double, claim.dismissal), LABOUR_DUE);
        assert.equal(claim.severance, undefined, "what is not claimed is not computed");
        assert.equal(claim.amount, labour_sum);
        assert.match(claim.wages.filled["wages-detail"], /2025年10月8,000\.00元、2025年11月5,000\.00元、2025年12月8,000\.00元/);
        assert.ok(claim.requests.some((one) => one.text === "判令被告支付赔偿金88,000.00元"), JSON.stringify(claim.requests));
        for (const sheet of [claim.wages, claim.double, claim.dismissal]) {
            await same_again(sheet);
        }
        const page = (await citizen.get(`/matters/${matter.id}/edit/labour-claim`, { accept: "text/html" })).text;
        for (const title of ["工资、加班费、年休假计算表", "二倍工资计算表", "赔偿金计算表"]) {
            assert.ok(page.includes(title), title);
        }
        const done = await filed(matter, values);
        const { pdf, docx } = await papers_of(done);
        for (const text of [pdf, docx]) {
            assert.match(text, /附表工资、加班费、年休假计算表/);
            assert.match(text, /2025年11月：应发8,000\.00元，已发3,000\.00元/);
            assert.match(text, /附表赔偿金计算表/);
            assert.ok(text.includes("/tools/severance?kind=damages"), "the address stands on paper");
            assert.match(text, /违法解除、终止的赔偿金|8,000\.00元×5\.5个月×2/);
        }
    });

    test("of compensation go by the cap that was loaded, or say that it was not judged", async () => {
        const told = (more) => rehearsed("15", "labour-claim", { ...LABOUR, dismissal: false, severance: true, "severance-detail": null, "severance-amount": null, ...more });
        assert.equal((await told({})).claim.severance.filled["severance-amount"], fen("44,000.00"));
        const capped = (await told({ "labour-wage": fen("30,000.00"), "labour-local-wage": fen("8,000.00") })).claim.severance;
        assert.equal(capped.total, fen("132,000.00")); // 24,000 × 5.5
        await same_again(capped);
        const open = (await told({ "labour-local-wage": null, "labour-employer": { division: "110105", detail: "建国路1号" } })).claim.severance;
        assert.match(open.notices.join(), /没有判断是否封顶/);
        await same_again(open);
    });

    test("that are typed stand, with a warning where more than what follows", async () => {
        const matter = await begun("劳动争议");
        const values = changed(form_fill(submit_form(matter)), "labour-claim", { ...LABOUR, "wages-amount": fen("21,000.01"), "leave-amount": 100 });
        await citizen.upload_required(matter, { materials: matter.acts[0].materials });
        const problem = refused(await citizen.act(matter.id, "submit", values, { accept_warnings: false }), 428, "warnings");
        const told = problem.warnings.filter((one) => one.code === "claim-counted");
        assert.deepEqual(told.map((one) => one.field), ["labour-claim.wages-amount"]);
        assert.match(told[0].title, /21,000\.00元/);
        const { claim } = (await citizen.save(matter.id, values)).body.values;
        assert.equal(claim.amount, labour_sum + 1 - fen("4,000.00") + 100);
    });

    test("that cannot be computed are told, fill nothing, and are missing where they are due", async () => {
        for (const [more, sheet, missing] of [
            [{ "labour-end": "2020-10-31" }, "dismissal", "dismissal-amount"],
            [{ "labour-start": null }, "double", "double-amount"],
            [{ "labour-months": [{ month: "2025-13", due: 1, paid: 0 }] }, "wages", "wages-amount"],
            [{ "labour-months": [{ month: "2025-11", due: 1, paid: 0 }, { month: "2025-10", due: 1, paid: 0 }] }, "wages", "wages-amount"],
            [{ "labour-months": [{ month: "2025-11", due: 1, paid: 2 }] }, "wages", "wages-amount"],
            [{ "labour-leave-wage": null }, "wages", "leave-amount"],
        ]) {
            const told = await rehearsed("15", "labour-claim", { ...LABOUR, ...more });
            assert.equal(told.claim[sheet].total, undefined, JSON.stringify(more));
            assert.match(told.claim[sheet].notices.join(), /算不出来/);
            assert.ok(told.errors.some((one) => one.field === `labour-claim.${missing}` && one.code === "missing"), JSON.stringify([more, told.errors]));
        }
        const none = await rehearsed("15", "labour-claim", { ...LABOUR, "labour-months": [] });
        assert.ok(none.errors.some((one) => one.field === "labour-claim.wages-amount"), "no month, no wage");
        assert.equal(none.claim.wages.filled["leave-amount"], fen("4,000.00"), "the others are counted");
        assert.equal((await rehearsed("15", "labour-claim", LABOUR)).errors.filter((one) => one.field.startsWith("labour-claim")).length, 0);
        assert.equal((await rehearsed("15", "labour-claim", { ...LABOUR, "labour-counted": "own" })).claim.wages, undefined);
    });

    test("of 200 months are added up and asked again; 201 are refused; amounts at the limit are told", async () => {
        const months = (count, due) => Array.from({ length: count }, (_, n) => ({ month: `${2005 + Math.floor(n / 12)}-${String(n % 12 + 1).padStart(2, "0")}`, due, paid: 0 }));
        const { claim } = await rehearsed("15", "labour-claim", { ...LABOUR, "labour-months": months(200, fen("8,000.00")) });
        assert.equal(claim.wages.filled["wages-amount"], fen("1,600,000.00"));
        await same_again(claim.wages);
        const many = await rehearsed("15", "labour-claim", { ...LABOUR, "labour-months": months(201, 100) });
        assert.ok(many.errors.some((one) => one.field === "labour-claim.labour-months"), JSON.stringify(many.errors));
        const most = 100_000_000_000_000;
        const full = await rehearsed("15", "labour-claim", { ...LABOUR, "labour-months": months(2, most) });
        assert.match(full.claim.wages.notices.join(), /超出可以填写的范围/);
        assert.ok(full.errors.some((one) => one.field === "labour-claim.wages-amount" && one.code === "missing"));
        const wide = (await rehearsed("15", "labour-claim", { ...LABOUR, overtime: false, leave: false, "labour-months": months(200, most / 200) })).claim.wages;
        assert.equal(wide.total, most);
    });
});

describe("a penalty", () => {
    const counted = { "penalty-counted": "daily", "penalty-base": fen("6,408.00"), "penalty-rate": "0.02", "penalty-from": "2025-05-04", "penalty-end": "2026-02-27", "penalty-loss": fen("100.00"), penalty: null, total: null };

    test("of property management is filed and printed; the hint says that it is over 130 % of the loss", async () => {
        const matter = await begun("物业服务合同纠纷");
        const values = changed(form_fill(submit_form(matter)), "property-service-claim", counted);
        const { claim } = (await citizen.save(matter.id, values)).body.values;
        assert.deepEqual(claim.penalty.filled, { penalty: fen("384.48") }); // 6,408 × 0.0002 × 300 days
        assert.match(claim.penalty.notices.join(), /过分高于损失/);
        await same_again(claim.penalty);
        const { pdf, docx } = await papers_of(await filed(matter, values));
        for (const text of [pdf, docx]) {
            assert.match(text, /违约金384\.48元/);
            assert.match(text, /附表违约金计算表/);
            assert.match(text, /损失的百分之一百三十/);
            assert.ok(text.includes("/tools/penalty?way=daily"));
        }
    });

    // Form, section, field, and what else must be said for the row to be there.
    for (const [number, section, field, more] of [
        ["06", "sale-claim", "late-penalty", {}], ["07", "house-sale-claim", "late-amount", {}], ["11", "house-lease-claim", "penalty", {}],
        ["12", "finance-lease-claim", "penalty", {}], ["13", "construction-claim", "penalty", {}], ["28", "technology-contract-claim", "penalty", { late: "with" }],
    ]) {
        test(`is counted in form ${number}: by the day, by share, fixed; typed ones stand`, async () => {
            const told = async (claim) => (await rehearsed(number, section, { ...counted, [field]: null, ...more, ...claim })).claim.penalty;
            assert.deepEqual((await told({})).filled, { [field]: fen("384.48") });
            const share = await told({ "penalty-counted": "share", "penalty-rate": "20", "penalty-from": null, "penalty-end": null });
            assert.deepEqual(share.filled, { [field]: fen("1,281.60") });
            await same_again(share);
            const fixed = await told({ "penalty-counted": "fixed", "penalty-rate": null, "penalty-loss": null });
            assert.deepEqual(fixed.filled, { [field]: fen("6,408.00") });
            assert.match(fixed.notices.join(), /没有判断/);
            const typed = await told({ [field]: fen("384.49") });
            assert.deepEqual([typed.filled, typed.more], [{}, [{ field, counted: fen("384.48") }]]);
            assert.equal(await told({ "penalty-counted": "own" }), undefined);
        });
    }

    test("at the limits is counted or told", async () => {
        const told = async (claim) => (await rehearsed("14", "property-service-claim", { ...counted, ...claim })).claim.penalty;
        const none = await told({ "penalty-rate": "0" });
        assert.equal(none.total, 0);
        await same_again(none);
        assert.equal((await told({ "penalty-from": "2026-02-27" })).total, fen("1.28")); // one day
        const most = await told({ "penalty-counted": "fixed", "penalty-base": 100_000_000_000_000 });
        assert.equal(most.total, 100_000_000_000_000);
        await same_again(most);
        for (const wrong of [{ "penalty-rate": "100.0001" }, { "penalty-rate": "-1" }, { "penalty-rate": "" }, { "penalty-from": "2026-02-28" }, { "penalty-from": "2026-02-30" }, { "penalty-base": -5 }, { "penalty-base": null }]) {
            const { total, notices } = await told(wrong);
            assert.equal(total, undefined, JSON.stringify(wrong));
            assert.match(notices.join(), /违约金算不出来/);
        }
    });
});

describe("support of a child", () => {
    const counted = { "support-counted": "count", "support-income": fen("10,000.00"), "support-children": 1, "support-percent": 25, "support-born": "2018-06-01", "support-from": "2026-06-01", "support-amount": null };

    test("stands in the row in words, filed and printed with its months to eighteen", async () => {
        const matter = await begun("离婚纠纷");
        const values = changed(form_fill(submit_form(matter)), "divorce-claim", counted);
        const { claim } = (await citizen.save(matter.id, values)).body.values;
        assert.deepEqual(claim.support.filled, { "support-amount": "自2026年6月1日起，每月2,500.00元，至子女年满十八周岁" });
        assert.ok(claim.requests.some((one) => one.text.startsWith("判令支付子女抚养费：自2026年6月1日起，每月2,500.00元")));
        await same_again(claim.support);
        const { pdf, docx } = await papers_of(await filed(matter, values));
        for (const text of [pdf, docx]) {
            assert.match(text, /每月2,500\.00元/);
            assert.match(text, /附表抚养费计算表/);
            assert.match(text, /共120期/); // ten years
            assert.match(text, /300,000\.00元/);
        }
    });

    test("of several is for all together; a grown child and a share that cannot be are told; what is typed stands", async () => {
        const told = async (claim) => (await rehearsed("05", "divorce-claim", { ...counted, ...claim })).claim.support;
        const two = await told({ "support-children": 2, "support-percent": 45, "support-born": null, "support-from": null });
        assert.equal(two.filled["support-amount"], "每月4,500.00元（2个子女合计），至子女年满十八周岁");
        await same_again(two);
        assert.match((await told({ "support-percent": 35 })).notices.join(), /不在一般范围内/);
        for (const wrong of [{ "support-born": "2008-06-01" }, { "support-percent": 0 }, { "support-children": 21 }, { "support-income": null }]) {
            assert.match((await told(wrong)).notices.join(), /抚养费算不出来/, JSON.stringify(wrong));
        }
        assert.deepEqual((await told({ "support-amount": "每月9000元" })).filled, {});
        assert.equal(await told({ "has-support": "without" }), undefined);
    });
});

describe("interest of a credit card", () => {
    test("fills the row of all charges, by the day to which they run", async () => {
        const { claim } = await rehearsed("10", "credit-card-claim", {
            charges: null, "charges-detail": null, "charges-to": "2026-03-01", "interest-way": "agreed", "interest-rate": "18.25", "interest-days": "d365", "interest-paid": null,
            "interest-periods": [{ principal: fen("10,000.00"), from: "2026-02-20" }],
        });
        assert.deepEqual(claim.filled.charges, fen("50.00")); // 10,000 × 0.05 % × 10 days
        assert.match(claim.filled["charges-detail"], /年利率18\.25%.*附表/);
        assert.equal(claim.sheet.at(-1).sum, fen("50.00"));
    });
});

describe("what is owed under a judgment", () => {
    const counted = {
        matters: ["money"], money: null, principal: null, "interest-due": null, "delay-interest": null,
        "debt-counted": "count", "debt-principal": fen("50,000.00"), "debt-due": "2025-10-11", "debt-end": "2026-03-01",
        "debt-general": "agreed", "debt-start": "2025-03-14", "debt-rate": "12", "debt-days": "d365", "debt-times": null,
        "debt-payments": [{ date: "2026-01-05", amount: fen("5,000.00") }], "debt-pauses": null,
    };

    // By hand: 50,000 × 0.0175 % × 86 days + 45,000 × 0.0175 % × 55; 50,000 × 12 % × 297 ÷ 365 + 45,000 × 12 % × 55 ÷ 365.
    test("is filed with general and doubled interest side by side and the payment in between", async () => {
        const draft = await citizen.begin("enforcement-filing");
        const { body: matter } = await citizen.save(draft.id, { "form-enforcement": "60" });
        const values = changed(form_fill(submit_form(matter)), "enforcement-request", counted);
        const saved = await citizen.save(matter.id, values);
        assert.equal(saved.status, 200, saved.text);
        const { claim } = saved.body.values;
        const { "delay-interest": words, ...figures } = claim.debt.filled;
        assert.deepEqual(figures, { principal: fen("45,000.00"), "interest-due": fen("5,695.89"), money: fen("51,881.52") });
        assert.match(words, /^截至2026年3月1日，加倍部分债务利息1,185\.63元；此后以尚未清偿的45,000\.00元为基数/);
        assert.deepEqual(claim.debt.sheet.map((row) => row.part), ["general", "general", "doubled", "doubled"]);
        await same_again(claim.debt);
        const { pdf, docx } = await papers_of(await filed(matter, values));
        for (const text of [pdf, docx]) {
            assert.match(text, /附表执行款项计算表/);
            assert.match(text, /51,881\.52/);
            assert.match(text, /2026-01-05/, "the lines of interest stand below the steps");
            assert.ok(text.includes("/tools/debt?principal=5000000"));
        }
    });

    test("takes no payment, a hundred, the LPR and days that do not count; the impossible is told", async () => {
        const told = async (claim) => (await rehearsed("60", "enforcement-request", { ...counted, ...claim })).claim.debt;
        for (const more of [
            { "debt-payments": [], "debt-general": "none" },
            { "debt-general": "lpr", "debt-times": "1.5", "debt-rate": null },
            { "debt-pauses": [{ from: "2025-12-01", to: "2025-12-10" }], "debt-days": "d360" },
            { "debt-payments": Array.from({ length: 100 }, (_, n) => ({ date: new Date(Date.UTC(2025, 9, 12 + n)).toISOString().slice(0, 10), amount: 100 })) },
        ]) {
            const sheet = await told(more);
            assert.ok(sheet.total > 0, JSON.stringify([more, sheet]));
            await same_again(sheet);
        }
        assert.equal((await told({ "debt-payments": [], "debt-general": null })).total, fen("51,233.75")); // 50,000 × 0.0175 % × 141
        for (const wrong of [{ "debt-end": "2025-10-10" }, { "debt-end": "2026-02-30" }, { "debt-due": null }, { "debt-principal": 0 }, { "debt-rate": "zwölf" }, { "debt-payments": [{ date: "2026-01-05", amount: fen("50,000.01") }] }, { "debt-payments": [{ date: "2026-01-05", amount: 1 }, { date: "2025-12-05", amount: 1 }] }]) {
            const sheet = await told(wrong);
            assert.equal(sheet.total, undefined, JSON.stringify(wrong));
            assert.match(sheet.notices.join(), /执行款项算不出来/);
        }
        const many = await rehearsed("60", "enforcement-request", { ...counted, "debt-payments": Array.from({ length: 200 }, () => ({ date: "2026-01-05", amount: 1 })) });
        assert.ok(many.errors.some((one) => one.field === "enforcement-request.debt-payments"));
        assert.equal(await told({ matters: ["deed"] }), undefined);
        assert.deepEqual((await told({ money: fen("51,881.53") })).more, [{ field: "money", counted: fen("51,881.52") }]);
    });
});
