// The calculators against worked examples of the field: fees, periods, case numbers, identifiers,
// interest, jurisdiction. Amounts in these tables are yuan as lawyers write them; the API speaks fen.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { is_rest, period_days } from "../lib/law.mjs";
import { start } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";

let server;
let who; // the tools need no log-in

before(async () => {
    server = await start();
    who = nobody(server);
});
after(() => server?.stop());

const fen = (yuan) => Number(yuan.replace(/,/g, "").replace(/^(\d+)$/, "$1.00").replace(".", ""));

async function tool(name, params) {
    return who.get(`/tools/${name}?${new URLSearchParams(params)}`);
}

describe("fee", () => {
    // kind, amount, base, result
    const VECTORS = `
        property 9,999.99 - 50.00
        property 10,000.00 - 50.00
        property 50,000.00 - 1,050.00
        property 100,000.00 - 2,300.00
        property 123,456.78 - 2,769.14
        property 200,000.00 - 4,300.00
        property 500,000.00 - 8,800.00
        property 876,543.21 - 12,565.43
        property 1,000,000.00 - 13,800.00
        property 2,000,000.00 - 22,800.00
        property 5,000,000.00 - 46,800.00
        property 10,000,000.00 - 81,800.00
        property 20,000,000.00 - 141,800.00
        property 35,000,000.00 - 216,800.00
        property 100,000,000.00 - 541,800.00
        divorce - 150.00 150.00
        divorce 200,000.00 150.00 150.00
        divorce 350,000.00 300.00 1,050.00
        divorce 1,234,567.89 200.00 5,372.84
        personality - 300.00 300.00
        personality 80,000.00 300.00 600.00
        personality 260,000.00 500.00 1,800.00
        other - 70.00 70.00
        ip - 1,000.00 1,000.00
        ip 300,000.00 - 5,800.00
        labour - - 10.00
        labour 80,000.00 - 10.00
        jurisdiction-objection - 100.00 100.00
        jurisdiction-objection - 50.00 50.00
        enforcement 8,000.00 - 50.00
        enforcement 300,000.00 - 4,400.00
        enforcement 1,234,567.89 - 14,745.68
        enforcement 5,000,000.00 - 52,400.00
        enforcement 25,000,000.00 - 92,400.00
        enforcement - 200.00 200.00
        preservation 1,000.00 - 30.00
        preservation - - 30.00
        preservation 50,000.00 - 520.00
        preservation 123,456.78 - 1,137.28
        preservation 500,000.00 - 3,020.00
        preservation 896,000.00 - 5,000.00
        preservation 3,000,000.00 - 5,000.00
        payment-order 10,000.00 - 16.67
        payment-order 60,000.00 - 433.33
        payment-order 1,000,000.00 - 4,600.00
        public-summons - - 100.00
        public-summons 2,000,000.00 - 100.00
        arbitration - - 400.00
        arbitration 100,000,000.00 - 400.00
        bankruptcy 5,000,000.00 - 23,400.00
        bankruptcy 100,000,000.00 - 270,900.00
        bankruptcy 111,640,000.00 - 300,000.00
        bankruptcy 500,000,000.00 - 300,000.00
    `;

    test("of every kind is exact to the fen, and shows its working", async () => {
        for (const line of VECTORS.trim().split("\n")) {
            const [kind, amount, base, result] = line.trim().split(/\s+/);
            const params = { kind };
            if (amount !== "-") {
                params.amount = fen(amount);
            }
            if (base !== "-") {
                params.base = fen(base);
            }
            const answer = await tool("fee", params);
            assert.equal(answer.status, 200, `${line}: ${answer.text}`);
            shape.check(
                shape.open({ fee: shape.count, working: shape.list(shape.open({ rule: shape.words, law: shape.law, amount: shape.any }), { min: 1 }) }),
                answer.body,
            );
            assert.equal(answer.body.fee, fen(result), line.trim());
        }
    });

    test("of an administrative case is 50 or, by base, 100", async () => {
        const answer = await tool("fee", { kind: "administrative" });
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.body.fee, 5000);
        const trademark = await tool("fee", { kind: "administrative", base: 10000 });
        assert.equal(trademark.body.fee, 10000);
    });

    test("refuses what is no amount, no kind, and a base outside its range", async () => {
        const bad = [
            {},
            { kind: "no-such" },
            { kind: "property", amount: "-1" },
            { kind: "property", amount: "abc" },
            { kind: "property", amount: "1.5" },
            { kind: "property", amount: "99999999999999999999" },
            { kind: "divorce", base: "30001" },
            { kind: "divorce", base: "4999" },
            { kind: "personality", base: "50001" },
            { kind: "other", base: "10001" },
        ];
        for (const params of bad) {
            const answer = await tool("fee", params);
            assert.ok([400, 422].includes(answer.status), `${JSON.stringify(params)}: ${answer.status} ${answer.text}`);
            shape.check(shape.problem, answer.body);
        }
    });
});

describe("period", () => {
    // start, length, unit, due
    const VECTORS = `
        2026-03-02 7 day 2026-03-09
        2026-02-10 7 day 2026-02-24
        2025-09-26 7 day 2025-10-09
        2026-04-20 15 day 2026-05-06
        2026-01-20 15 day 2026-02-04
        2025-09-23 15 day 2025-10-09
        2026-04-25 10 day 2026-05-06
        2026-01-05 30 day 2026-02-04
        2026-01-20 30 day 2026-02-24
        2026-02-13 7 day 2026-02-24
        2026-09-21 5 day 2026-09-28
        2026-04-21 10 day 2026-05-06
        2026-05-06 3 day 2026-05-09
        2025-08-31 6 month 2026-02-28
        2025-11-30 3 month 2026-02-28
        2025-04-04 6 month 2025-10-09
        2024-02-29 2 year 2026-02-28
        2026-02-12 7 working-day 2026-02-28
        2026-04-30 7 working-day 2026-05-13
        2025-09-30 3 working-day 2025-10-11
        2026-02-13 3 working-day 2026-02-25
        2026-05-08 2 working-day 2026-05-11
    `;

    test("is counted from the next day and rolled by law", async () => {
        for (const line of VECTORS.trim().split("\n")) {
            const [start_day, length, unit, due] = line.trim().split(/\s+/);
            const answer = await tool("period", { start: start_day, length, unit });
            assert.equal(answer.status, 200, `${line}: ${answer.text}`);
            shape.check(shape.open({ due: shape.date, working: shape.list(shape.any, { min: 1 }) }), answer.body);
            assert.equal(answer.body.due, due, line.trim());
        }
    });

    test("agrees with a count made apart from it, for every day of two years", async () => {
        for (let day = Date.parse("2025-01-01"); day < Date.parse("2026-12-01"); day += 86_400_000 * 3) {
            const start_day = new Date(day).toISOString().slice(0, 10);
            const length = 1 + ((day / 86_400_000) % 30);
            const { body } = await tool("period", { start: start_day, length, unit: "day" });
            assert.equal(body.due, period_days(start_day, length), `${length} days from ${start_day}`);
            assert.equal(is_rest(body.due), false);
        }
    });

    test("says when the calendar of a year is not known", async () => {
        const answer = await tool("period", { start: "2033-05-02", length: 7, unit: "working-day" });
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.text, /不确定|未公布|uncertain|无.*日历|按周一至周五/, "it is marked");
    });

    test("refuses what is no date, length or unit", async () => {
        const bad = [
            { start: "2026-02-30", length: 7, unit: "day" },
            { start: "yesterday", length: 7, unit: "day" },
            { start: "2026-03-02", length: -7, unit: "day" },
            { start: "2026-03-02", length: "x", unit: "day" },
            { start: "2026-03-02", length: 99999999999, unit: "day" },
            { start: "2026-03-02", length: 7, unit: "fortnight" },
            { length: 7, unit: "day" },
        ];
        for (const params of bad) {
            const answer = await tool("period", params);
            assert.ok([400, 422].includes(answer.status), `${JSON.stringify(params)}: ${answer.text}`);
        }
    });
});

describe("case number", () => {
    const check = async (text) => {
        const answer = await tool("case-number", { text });
        assert.equal(answer.status, 200, `${text}: ${answer.text}`);
        return answer.body;
    };

    test("is accepted in every form that courts use", async () => {
        const good = [
            "（2025）京0105民初12345号", "（2024）浙02民诉前调595号", "（2023）最高法民再12号", "（2024）最高法知民终1号",
            "（2025）沪74民初9号", "（2026）苏0623破申3号", "（2026）苏0623破3号之二", "（2025）兵0103民初5号", "（2025）渝87民初3号",
        ];
        for (const text of good) {
            const body = await check(text);
            assert.equal(body.ok, true, `${text}: ${body.why}`);
            assert.equal(body.normal, text);
        }
    });

    test("is refused with the reason", async () => {
        const bad = [
            "（25）京0105民初1号", "（2025）京105民初1号", "（2025）京0105民初01号", "（2025）京0105民初0号", "（2025）华0105民初1号",
            "（2025）京0105民初12345", "（2025）京0105民初字第5号", "（2025）京0105民诉1号", "（2025）京0105民初第12345号", "", "案号",
        ];
        for (const text of bad) {
            const body = await check(text);
            assert.equal(body.ok, false, text);
            assert.match(body.why, /[\u4e00-\u9fff]/, text);
        }
    });

    test("is brought to its normal form", async () => {
        const body = await check(" (2025) 京０１０５民初 12345 号");
        assert.equal(body.normal, "（2025）京0105民初12345号");
        assert.equal(body.ok, true);
    });

    test("tells its parts", async () => {
        const body = await check("（2024）最高法知民终1号");
        const all = JSON.stringify(body);
        for (const part of ["2024", "最高法", "知", "民终"]) {
            assert.ok(all.includes(part), `${part} in ${all}`);
        }
    });

    test("names the longest type: 民辖终 is not 民辖", async () => {
        const body = await check("（2025）京03民辖终7号");
        assert.equal(body.ok, true, body.why);
        assert.ok(JSON.stringify(body).includes('"民辖终"'));
    });
});

describe("identifier", () => {
    const check = async (kind, value) => {
        const answer = await tool("identifier", { kind, value });
        assert.equal(answer.status, 200, `${kind} ${value}: ${answer.text}`);
        assert.equal(typeof answer.body.ok, "boolean");
        if (!answer.body.ok) {
            assert.match(answer.body.why, /[\u4e00-\u9fff]/, `${kind} ${value} says why`);
        }
        return answer.body;
    };
    const table = async (kind, good, bad) => {
        for (const value of good) {
            assert.equal((await check(kind, value)).ok, true, value);
        }
        for (const value of bad) {
            assert.equal((await check(kind, value)).ok, false, value);
        }
    };

    test("resident identity numbers", async () => {
        await table(
            "resident-id",
            [
                "11010519491231002X", "440524188001010014", "310115200002290013", "320623199010101239", "542427198506150045",
                "110101199003070011", "820000199912318817", "830000200101015000", "152601197004179024", "320623200002290020", "320623201503020015",
            ],
            ["11010519900230001X", "110105202502290019", "110105194912310021", "11010519491231002", "", "abc", "160105194912310020"],
        );
        assert.equal((await check("resident-id", "11010519491231002x")).normal, "11010519491231002X");
        assert.equal((await check("resident-id", "110105491231002")).normal, "11010519491231002X");
    });

    test("unified social credit codes", async () => {
        await table(
            "uscc",
            [
                "91350100M000100Y43", "913206006789234584", "91310115MA1K3YJ15R", "12100000000018032A", "52310000MJ49000050",
                "913301001000002000", "93320623MA1MXXX25T", "31110000MD0123454X", "9133010020000003XW",
            ],
            ["91350100M000100Y34", "91350100I000100Y43", "91350100M000100Y4", ""],
        );
        assert.equal((await check("uscc", "91350100m000100y43")).normal, "91350100M000100Y43");
    });

    test("bank cards", async () => {
        await table(
            "bank-card",
            ["6222021100012345671", "6217001234567890122", "6228480012345678903", "9558800200000123451", "4111111111111111"],
            ["4111111111111112", "6222021100012345678", "", "x"],
        );
    });

    test("telephones", async () => {
        await table(
            "phone",
            ["13800138000", "19912345678", "010-65550000", "0513-88886666-801", "+8613800138000", "12368"],
            ["12345678901", "1380013800", "+861380013800x", ""],
        );
    });

    test("an unknown kind is refused", async () => {
        const answer = await tool("identifier", { kind: "horoscope", value: "1" });
        assert.ok([400, 422].includes(answer.status), answer.text);
    });
});

describe("fee with its halvings and aids", () => {
    const fee = async (params, result) => {
        const answer = await tool("fee", params);
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.body.fee, fen(result), JSON.stringify(params));
    };

    test("is halved once, and rounded once", async () => {
        await fee({ kind: "property", amount: 5000000, mediated: "yes" }, "525.00");
        await fee({ kind: "property", amount: 87654321, withdrawn: "yes" }, "6282.72");
        await fee({ kind: "property", amount: 12345678, summary: "yes" }, "1384.57");
        await fee({ kind: "property", amount: 5000000, summary: "yes", mediated: "yes" }, "525.00");
        await fee({ kind: "property", amount: 20000000, counterclaim: "yes" }, "2150.00");
        await fee({ kind: "labour", summary: "yes" }, "5.00");
        await fee({ kind: "payment-order", amount: 6000000, summary: "yes" }, "433.33");
    });

    test("is less with aid, and nothing after an early mediation that was performed", async () => {
        await fee({ kind: "property", amount: 5000000, aid: "exempt" }, "0.00");
        await fee({ kind: "property", amount: 5000000, aid: "reduce", aid_percent: 30 }, "735.00");
        await fee({ kind: "property", amount: 5000000, aid: "reduce", aid_percent: 50 }, "525.00");
        await fee({ kind: "property", amount: 5000000, aid: "defer" }, "0.00");
        await fee({ kind: "property", amount: 5000000, early: "performed" }, "0.00");
        await fee({ kind: "property", amount: 5000000, early: "confirmed" }, "0.00");
        await fee({ kind: "property", amount: 5000000, early: "document" }, "525.00");
    });
});

describe("interest", () => {
    const interest = async (params) => {
        const answer = await tool("interest", params);
        assert.equal(answer.status, 200, `${JSON.stringify(params)}: ${answer.text}`);
        shape.check(shape.open({ interest: shape.count, days: shape.count, working: shape.list(shape.open({ rule: shape.words }), { min: 1 }) }), answer.body);
        return answer.body;
    };
    const delayed = (principal, start_day, end, more = {}) => interest({ kind: "delayed", principal: fen(principal), start: start_day, end, ...more });

    test("for delayed performance: 0.0175 % a day of the debt, the day of payment counted", async () => {
        assert.deepEqual([(await delayed("100,000.00", "2025-03-01", "2025-12-31")).interest, (await delayed("100,000.00", "2025-03-01", "2025-12-31")).days], [533750, 305]);
        assert.equal((await delayed("1,234,567.89", "2024-01-16", "2025-01-15")).interest, fen("78,858.02"));
        assert.equal((await delayed("500.00", "2025-03-01", "2025-03-02")).interest, 9, "0.0875 is rounded half up, once");
    });

    test("falls with what is paid in between", async () => {
        const one = await delayed("1,000,000.00", "2025-01-31", "2025-09-18", { payments: "2025-04-10:40000000" });
        assert.equal(one.interest, fen("28,980.00"));
        const two = await delayed("300,000.00", "2025-03-31", "2025-12-31", { payments: "2025-06-30:10000000" });
        assert.equal(two.interest, fen("11,217.50"));
    });

    test("as agreed, on the year that the contract names", async () => {
        const agreed = { kind: "agreed", principal: fen("200,000.00"), rate: "3", start: "2025-01-01", end: "2025-12-31" };
        assert.equal((await interest(agreed)).interest, fen("5,983.56"));
        assert.equal((await interest({ ...agreed, year_days: 360 })).interest, fen("6,066.67"));
    });

    test("refuses what is no date, rate or amount, and an end before its beginning", async () => {
        const good = { kind: "agreed", principal: 100, rate: "3", start: "2025-01-01", end: "2025-12-31" };
        for (const bad of [{ start: "2025-02-30" }, { end: "2024-12-31" }, { principal: -1 }, { principal: "x" }, { rate: "-3" }, { rate: "three" }, { year_days: 364 }, { kind: "usury" }]) {
            const answer = await tool("interest", { ...good, ...bad });
            assert.ok([400, 422].includes(answer.status), `${JSON.stringify(bad)}: ${answer.text}`);
        }
    });
});

const part = (body, name) => body.parts.find((one) => one.name === name)?.amount;

async function bill(name, params) {
    const answer = await tool(name, params);
    assert.equal(answer.status, 200, `${JSON.stringify(params)}: ${answer.text}`);
    shape.check(
        shape.open({ total: shape.count, parts: shape.list(shape.open({ name: shape.words, title: shape.words, amount: shape.count })), notices: shape.list(shape.words), working: shape.list(shape.open({ rule: shape.words }), { min: 1 }), tables: shape.words }),
        answer.body,
    );
    assert.equal(answer.body.parts.reduce((sum, one) => sum + one.amount, 0), answer.body.total, "the parts make the total");
    return answer.body;
}

describe("debt of a judgment", () => {
    const ask = { principal: fen("200,000.00"), due: "2025-06-30", end: "2025-12-31" };

    test("is the debt, its general interest and the doubled part beside it", async () => {
        const body = await bill("debt", { ...ask, general: "agreed", rate: "3", start: "2025-01-01" });
        assert.deepEqual([part(body, "principal"), part(body, "general"), part(body, "doubled")], [20_000_000, 598_356, 644_000]);
        assert.equal(body.total, fen("212,423.56"));
        assert.ok(body.working.some((line) => line.law === "delayed-performance-interest@2014 1"));
        assert.deepEqual(body.sheet.map((row) => row.part), ["general", "doubled"]);
    });

    test("has no general interest where none was awarded", async () => {
        assert.equal((await bill("debt", ask)).total, fen("206,440.00"));
    });

    test("tells what is missing at its field", async () => {
        const fields = (answer) => refused(answer, 422).errors.map((error) => `${error.field} ${error.code}`).sort();
        assert.deepEqual(fields(await tool("debt", { general: "agreed" })), ["due missing", "end missing", "principal missing", "rate missing", "start missing"]);
        assert.deepEqual(fields(await tool("debt", { ...ask, end: "2025-06-01" })), ["end interest-dates"]);
        assert.deepEqual(fields(await tool("debt", { ...ask, payments: "2025-07-01:300000元" })), ["payments interest-payments"]);
    });
});

describe("the end of employment", () => {
    const ask = { kind: "compensation", wage: fen("30,000.00"), start: "2010-07-01", end: "2025-06-30" };

    test("without a figure of the place it is not capped, and says so", async () => {
        const body = await bill("severance", { ...ask, place: "江苏省如东县" });
        assert.equal(body.total, fen("450,000.00"));
        assert.match(body.notices.join(), /没有登记.*2024年职工月平均工资.*没有判断/);
    });

    test("a figure that is stated caps wage and years", async () => {
        const body = await bill("severance", { ...ask, local_wage: fen("8,000.00") });
        assert.deepEqual([body.total, body.notices], [fen("288,000.00"), []]);
        assert.ok(body.working.some((line) => line.law === "labour-contract-law@2012 47"));
        assert.equal((await bill("severance", { ...ask, kind: "damages", local_wage: fen("8,000.00") })).total, fen("576,000.00"));
    });

    test("a table that an administrator loads caps them too", async () => {
        const admin = await login(server, "admin");
        const text = "place,year,wage_month,income_year,spending_year,source\n320600,2024,8000,,,例\n";
        const answer = await admin.post("/admin/tables", { kind: "regional", text });
        assert.ok([200, 201].includes(answer.status), answer.text);
        const body = await bill("severance", { ...ask, place: "江苏省如东县" });
        assert.deepEqual([body.total, body.notices], [fen("288,000.00"), []]);
        const other = await bill("severance", { ...ask, place: "北京市朝阳区" });
        assert.equal(other.notices.length, 1, "another city has none");
    });

    test("the second wage, and what is missing", async () => {
        assert.equal((await bill("severance", { kind: "double", wage: 600000, start: "2024-01-01", end: "2025-06-30", written: "2024-04-16" })).total, 1_500_000);
        const fields = (answer) => refused(answer, 422).errors.map((error) => `${error.field} ${error.code}`).sort();
        assert.deepEqual(fields(await tool("severance", { kind: "notice" })), ["end missing", "last_wage missing", "start missing", "wage missing"]);
        assert.deepEqual(fields(await tool("severance", { ...ask, local_wage: "0" })), ["local_wage ill-typed"]);
        assert.deepEqual(fields(await tool("severance", { ...ask, end: "2009-01-01" })), ["end claim-dates"]);
    });
});

describe("penalty", () => {
    test("by the day, and against the loss", async () => {
        const daily = { way: "daily", base: fen("100,000.00"), rate: "0.05", start: "2025-01-01", end: "2025-02-28" };
        const body = await bill("penalty", daily);
        assert.equal(body.total, fen("2,950.00"));
        assert.match(body.notices.join(), /没有判断/);
        assert.match((await bill("penalty", { ...daily, loss: fen("2,000.00") })).notices.join(), /过分高于损失/);
        assert.deepEqual((await bill("penalty", { ...daily, loss: fen("2,500.00") })).notices, []);
        assert.equal((await bill("penalty", { way: "share", base: fen("50,000.00"), rate: "20" })).total, fen("10,000.00"));
        refused(await tool("penalty", { ...daily, rate: "101" }), 422);
    });
});

describe("support of a child", () => {
    test("is a share of the income within the usual bounds", async () => {
        const body = await bill("support", { income: fen("8,000.00"), percent: 25, born: "2015-06-10", start: "2025-06-10" });
        assert.deepEqual([body.total, body.notices], [fen("2,000.00"), []]);
        assert.ok(body.working.some((line) => line.amount === fen("192,000.00") && line.law === "family-interpretation@2020 53"));
        assert.equal((await bill("support", { income: fen("8,000.00"), percent: 40 })).notices.length, 1);
        assert.deepEqual((await bill("support", { income: fen("8,000.00"), percent: 50, children: 2 })).notices, []);
        refused(await tool("support", { income: 1, percent: 25, children: 99999999 }), 422);
    });
});

describe("wages still owed", () => {
    test("are months not paid in full, overtime and leave, each only where said", async () => {
        const body = await bill("wages", { months: "2025-10:8000元:0元,2025-11:800000:300000", overtime_wage: fen("8,700.00"), workday_hours: "10", restday_hours: "8", holiday_hours: "2.5", leave_days: 5, leave_wage: fen("8,700.00") });
        assert.deepEqual(body.parts.map((one) => [one.name, one.amount]), [["arrears", fen("13,000.00")], ["overtime", fen("1,925.00")], ["leave", fen("4,000.00")]]);
        for (const law of ["labour-law@2018 44", "labour-law@2018 50", "annual-leave-measures@2008 10", "annual-leave-measures@2008 11", "wage-conversion-notice@2025 2"]) {
            assert.ok(body.working.some((line) => line.law === law), law);
        }
        assert.deepEqual((await bill("wages", { leave_days: 1, leave_wage: 1 })).parts.map((one) => one.name), ["leave"]);
    });

    test("are yuan as the page sends them, with 元 or without, from a Chinese keyboard too", async () => {
        for (const months_yuan of ["2025-10:8000:0,2025-11:8000:3000", "2025-10：8000元：0，2025-11：8000.00：3000元", "２０２５-10:8000:0、2025-11:8000:3000"]) {
            assert.equal((await bill("wages", { months_yuan })).total, fen("13,000.00"), months_yuan);
        }
        const page = (await who.get(`/tools/wages?months=${encodeURIComponent("2025-10:800050:0")}`, { accept: "text/html" })).text;
        assert.match(page, /name="months_yuan" value="2025-10:8000\.50元:0\.00元"/, "fen are shown as yuan");
        const wrong = await tool("wages", { months_yuan: "10月欠8000" });
        assert.deepEqual(refused(wrong, 422).errors.map((error) => error.field), ["months"]);
    });

    test("are refused at the field that makes no sense", async () => {
        const fields = (answer) => refused(answer, 422).errors.map((error) => `${error.field} ${error.code}`).sort();
        assert.deepEqual(fields(await tool("wages", { workday_hours: "1", leave_days: 1 })), ["leave_wage missing", "overtime_wage missing"]);
        for (const months of ["2025-13:1:0", "2025-10:1", "2025-10", "2025-10:1:0:0", "x:1:0", Array.from({ length: 241 }, (_, n) => `${2000 + Math.floor(n / 12)}-${String(n % 12 + 1).padStart(2, "0")}:1:0`).join()]) {
            assert.deepEqual(fields(await tool("wages", { months })), ["months ill-typed"], months.slice(0, 20));
        }
        assert.deepEqual(fields(await tool("wages", { months: "2025-10:1:0,2025-09:1:0" })), ["months claim-dates"]);
        assert.deepEqual(fields(await tool("wages", { months: "2025-10:1:2" })), ["months claim-amount"]);
        assert.deepEqual(fields(await tool("wages", { leave_days: 4000, leave_wage: 1 })), ["leave_days ill-typed"]);
        const large = "99999999999999999";
        for (const [field, asked] of [["overtime_wage", { workday_hours: "9" }], ["leave_wage", { leave_days: 9 }], ["months", {}]]) {
            const problem = refused(await tool("wages", { ...asked, [field]: field === "months" ? `2025-10:${large}:0` : large }), 422);
            assert.deepEqual(problem.errors.map((error) => error.field), [field]);
            assert.match(problem.errors[0].title, /太大/);
        }
        assert.deepEqual(fields(await tool("wages", { workday_hours: "1h", overtime_wage: 1 })), ["workday_hours ill-typed"]);
    });
});

describe("an injury", () => {
    // Invented round figures of the year, for a court in 如东: 60,000 and 36,000 a year, 9,000 a month.
    const disabled = { harmed: "2025-12-01", place: "江苏省如东县", year: 2025, outcome: "disabled", born: "1986-06-10", fixed: "2026-06-10", grade: 10, dependants: "2016-06-10:2,1956-06-10:1" };
    const own = { income: fen("60,000.00"), spending: fen("36,000.00"), wage: fen("9,000.00") };

    test("without the table of the place and year there is no number, and it is said which is missing", async () => {
        const body = await bill("injury", { ...disabled, medical: fen("10,000.00") });
        assert.equal(body.total, fen("10,000.00"));
        assert.deepEqual(body.parts.map((one) => one.name), ["medical"]);
        assert.deepEqual(body.missing.map((row) => [row.table, row.figure, row.place, row.year]), [["regional", "income_year", "320623", 2025], ["regional", "spending_year", "320623", 2025]]);
        assert.match(body.notices.join(), /没有登记江苏省.*2025年城镇居民人均可支配收入，没有计算残疾赔偿金.*录入/);
    });

    test("figures that are stated are used: twenty years, eight for the child, ten for the mother", async () => {
        const body = await bill("injury", { ...disabled, ...own });
        assert.equal(part(body, "disability"), fen("120,000.00")); // 60,000 × 20 × 10 %
        assert.equal(part(body, "dependants"), fen("50,400.00")); // 3,600 × (8 ÷ 2 + 10)
        assert.equal(body.total, fen("170,400.00"));
        assert.equal(body.due, body.total);
        assert.deepEqual([body.missing, body.notices], [[], []]);
        for (const law of ["12", "16", "17", "22"]) {
            assert.ok(body.working.some((line) => line.law === `personal-injury-interpretation@2022 ${law}`), law);
        }
    });

    test("a table that an administrator loads gives them, and the higher one of the home", async () => {
        const admin = await login(server, "admin");
        const text = "place,year,wage_month,income_year,spending_year,source\n320600,2024,8000,,,例\n320000,2025,9000,60000,36000,例\n110000,2025,12000,90000,48000,例\n";
        const loaded = await admin.post("/admin/tables", { kind: "regional", text });
        assert.ok([200, 201].includes(loaded.status), loaded.text);
        assert.equal((await bill("injury", disabled)).total, fen("170,400.00"));
        assert.equal(part(await bill("injury", { ...disabled, home: "北京市朝阳区" }), "disability"), fen("180,000.00"));
        const dead = await bill("injury", { ...disabled, outcome: "dead", fixed: "2026-01-05", dependants: "" });
        assert.deepEqual([part(dead, "death"), part(dead, "funeral")], [fen("1,200,000.00"), fen("54,000.00")]);
        assert.deepEqual((await bill("injury", { ...disabled, year: 2023 })).missing.map((row) => row.year), [2023, 2023], "another year never stands in");
    });

    test("compulsory insurance comes first, by the day of the accident; fault divides the rest", async () => {
        const ask = { harmed: "2025-12-01", medical: fen("30,000.00"), transport: fen("250,000.00"), mental: fen("20,000.00"), property: fen("5,000.00"), cover: "liable", fault: 70 };
        const borne = (body) => Object.fromEntries(body.borne.map((row) => [row.name, row.amount]));
        const body = await bill("injury", ask);
        assert.deepEqual(borne(body), { "compulsory-medical": fen("18,000.00"), "compulsory-injury": fen("180,000.00"), "compulsory-property": fen("2,000.00"), liable: fen("73,500.00"), own: fen("31,500.00") });
        assert.equal(body.due, fen("273,500.00"));
        assert.equal(borne(await bill("injury", { ...ask, harmed: "2020-09-18" }))["compulsory-injury"], fen("110,000.00"));
        assert.equal(borne(await bill("injury", { ...ask, cover: "blameless" }))["compulsory-medical"], fen("1,800.00"));
        assert.match(body.working.map((line) => line.rule).join(), /限额是每次事故的，不是每个人的/);
        const shared = await bill("injury", { ...ask, others_medical: fen("30,000.00"), others_injury: fen("90,000.00") });
        assert.deepEqual([borne(shared)["compulsory-medical"], borne(shared)["compulsory-injury"], borne(shared)["compulsory-property"]], [fen("9,000.00"), fen("135,000.00"), fen("2,000.00")]);
        assert.ok(shared.working.some((line) => line.law === "traffic-accident-interpretation@2020 19"));
        refused(await tool("injury", { ...ask, others_injury: -1 }), 422);
        const page = (await who.get(`/tools/injury?${new URLSearchParams(ask)}`, { accept: "text/html" })).text;
        assert.match(page, /<details class="part" open><summary>保险和责任/);
        assert.match(page, /<details class="part"><summary>误工/, "nothing was entered there");
        const admin = await login(server, "admin");
        refused(await admin.post("/admin/tables", { kind: "compulsory-insurance", text: "from,injury,medical,property,no_fault_injury,no_fault_medical,no_fault_property,source\n2020-09-19,180000,18000,2000,18000,1800,100,\n" }), 422);
        const newer = "from,injury,medical,property,no_fault_injury,no_fault_medical,no_fault_property,source\n2020-09-19,180000,18000,2000,18000,1800,100,例\n2025-06-01,200000,20000,2000,20000,2000,100,例\n";
        assert.ok([200, 201].includes((await admin.post("/admin/tables", { kind: "compulsory-insurance", text: newer })).status));
        assert.equal(borne(await bill("injury", ask))["compulsory-injury"], fen("200,000.00"));
        assert.match((await bill("injury", { ...ask, harmed: "2020-09-18" })).notices.join(), /没有登记.*交强险责任限额/);
    });

    test("what is missing or cannot be is told at its field", async () => {
        const fields = (answer) => refused(answer, 422).errors.map((error) => `${error.field} ${error.code}`).sort();
        assert.deepEqual(fields(await tool("injury", { outcome: "disabled" })), ["born missing", "fixed missing", "grade missing", "harmed missing"]);
        assert.deepEqual(fields(await tool("injury", { ...disabled, grade: 11 })), ["grade injury-grade"]);
        assert.deepEqual(fields(await tool("injury", { ...disabled, fixed: "2025-11-30" })), ["harmed claim-dates"]);
        for (const dependants of ["2016-06-10", "2016-06-10:0", "2016-06-10:11", "x:2", "2016-13-10:2", Array(21).fill("2016-06-10:2").join(",")]) {
            assert.deepEqual(fields(await tool("injury", { ...disabled, dependants })), ["dependants ill-typed"], dependants);
        }
        assert.deepEqual(fields(await tool("injury", { ...disabled, dependants: "2026-06-11:2" })), ["harmed claim-dates"]);
        for (const wrong of [{ medical: -1 }, { fault: 101 }, { nursing_days: 5 }, { stay_days: 40000, meal_day: 1 }, { year: 99 }, { income: "0" }, { lost: "average" }, { place: "不知道哪里" }, { mental: "9".repeat(30) }]) {
            refused(await tool("injury", { ...disabled, ...wrong }), 422);
        }
    });
});

describe("jurisdiction", () => {
    const court_level = async (params) => {
        const answer = await tool("jurisdiction", params);
        assert.equal(answer.status, 200, answer.text);
        return answer.text;
    };

    test("climbs with the amount, and sooner when one party lives elsewhere", async () => {
        const here = { cause: "民间借贷纠纷", defendant: "北京市朝阳区", plaintiff: "北京市丰台区" };
        const apart = { ...here, plaintiff: "上海市浦东新区" };
        assert.match(await court_level({ ...here, amount: fen("499,999,999.99") }), /京0105/);
        assert.match(await court_level({ ...here, amount: fen("500,000,000.00") }), /京03/);
        assert.doesNotMatch(await court_level({ ...here, amount: fen("500,000,000.00") }), /"京0105"/);
        assert.match(await court_level({ ...apart, amount: fen("99,999,999.99") }), /京0105/);
        assert.doesNotMatch(await court_level({ ...apart, amount: fen("100,000,000.00") }), /"京0105"/);
    });

    test("advises the defendant's court, with the rule", async () => {
        // Parameters are read from the program's own description, as any client would.
        const { body } = await who.get("/openapi.json");
        const described = body.paths["/tools/jurisdiction"].get.parameters.map((parameter) => parameter.name);
        assert.ok(described.length > 0);
        const values = { cause: "民间借贷纠纷", amount: 5000000, defendant: "北京市朝阳区建国路1号", plaintiff: "北京市丰台区1号", address: "北京市朝阳区建国路1号" };
        const params = Object.fromEntries(described.filter((name) => name in values).map((name) => [name, values[name]]));
        const answer = await tool("jurisdiction", params);
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.text, /京0105/);
        assert.match(answer.text, /civil-procedure-law@2023 2[24]/);
    });
});

describe("reach", () => {
    test("any pair is answered with its reason and working", async () => {
        const rows = [
            ["藏0630", "粤0307", "civil", null],
            ["京0105-01", "沪72", "reading", null],
            ["京0105", "最高法", "civil-retrial", null],
            ["京", "粤0307", "civil", "from-only-receives"],
            ["京0105", "京0101-01", "relay", "to-only-collaborates"],
            ["京0105", "京0105", "pickup", "same-court"],
            ["京0105-01", "京0105", "civil", "own-court"],
            ["京0105", "粤", "private-prosecution", "level"],
        ];
        for (const [from, to, kind, why] of rows) {
            const { status, body, text } = await tool("reach", { from, to, kind });
            assert.equal(status, 200, text);
            assert.deepEqual([body.ok, body.why], [why === null, why], `${from} to ${to}`);
            assert.equal(typeof body.reason, why === null ? "object" : "string");
            assert.deepEqual([body.from.code, body.to.code], [from, to]);
            assert.ok(body.working.length > 2 && body.working.every((line) => line.rule), text);
        }
    });

    test("what is missing or unknown is told at its field", async () => {
        const fields = (answer) => refused(answer, 422).errors.map((error) => `${error.field} ${error.code}`).sort();
        assert.deepEqual(fields(await tool("reach", {})), ["from missing", "to missing"]);
        assert.deepEqual(fields(await tool("reach", { from: "华0105", to: "粤0307", kind: "criminal" })), ["from court-unknown", "kind ill-typed"]);
    });
});

describe("bad queries", () => {
    test("doubled, empty and hostile parameters are answered, not feared", async () => {
        for (const path of [
            "/tools/fee?kind=property&kind=divorce&amount=1",
            "/tools/fee?kind=%00&amount=1",
            "/tools/fee?kind=property&amount=%ff",
            "/tools/identifier?kind=resident-id&value=" + "9".repeat(5000),
            "/tools/case-number?text=" + encodeURIComponent("（".repeat(2000)),
            "/tools/period?start=2026-03-02&length=7&unit=day&surprise=1",
            "/tools/no-such",
        ]) {
            const answer = await who.get(path);
            assert.ok(answer.status < 500, `${path.slice(0, 60)}: ${answer.status}`);
        }
        refused(await who.get("/tools/no-such"), 404);
    });
});
