// The trees that everybody leans on: courts, causes, divisions; what can be begun; the description of
// the API itself.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { start } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";

let server;
let who;

before(async () => {
    server = await start();
    who = nobody(server);
});
after(() => server?.stop());

const find = async (path, name) => {
    const answer = await who.get(path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return answer.body[name];
};

/** All rows of a list, by its next. */
async function all(path, name) {
    const rows = [];
    for (let next = path, pages = 0; next && pages < 400; pages++) {
        const answer = await who.get(next);
        assert.equal(answer.status, 200, answer.text);
        rows.push(...answer.body[name]);
        next = answer.body.next;
    }
    return rows;
}

describe("courts", () => {
    test("are found by name, part of a name, initials, code and place", async () => {
        for (const q of ["北京市朝阳区人民法院", "朝阳区", "京0105", "110105", "bjscyqrmfy", "bjscy"]) {
            const courts = await find(`/courts?q=${encodeURIComponent(q)}`, "courts");
            assert.ok(courts.some((court) => court.code === "京0105"), q);
        }
    });

    test("an exact name or code comes first", async () => {
        for (const q of ["北京市朝阳区人民法院", "京0105", "最高人民法院"]) {
            const [first] = await find(`/courts?q=${encodeURIComponent(q)}`, "courts");
            assert.ok(first.name === q || first.code === q, `${q}: ${first.name}`);
        }
    });

    test("are listed by level and by parent", async () => {
        assert.equal((await all("/courts?level=最高", "courts")).length, 1);
        const high = await all("/courts?level=高级&limit=200", "courts");
        assert.ok(high.length >= 31 && high.length <= 35, `${high.length} high courts`);
        const intermediate = await all("/courts?level=中级&limit=200", "courts");
        assert.ok(intermediate.length > 380, `${intermediate.length} intermediate courts`);
        const basic = await all("/courts?level=基层&limit=200", "courts");
        assert.ok(basic.length > 2950, `${basic.length} basic courts`);
        const below = await all("/courts?parent=京03&limit=200", "courts");
        assert.ok(below.some((court) => court.code === "京0105"));
        assert.ok(below.every((court) => court.parent === "京03"));
    });

    test("of the directory all have one code and one parent that exists", async () => {
        const rows = [];
        for (const level of ["最高", "高级", "中级", "基层"]) {
            rows.push(...(await all(`/courts?level=${level}&limit=200`, "courts")));
        }
        const codes = new Set(rows.map((court) => court.code));
        assert.equal(codes.size, rows.length, "codes are unique");
        for (const court of rows) {
            shape.check(shape.court, court);
            assert.ok(court.code === "最高法" ? court.parent === null : codes.has(court.parent), `${court.code} under ${court.parent}`);
        }
    });

    test("include tribunals, numbered under their court", async () => {
        const tribunals = await find("/courts?level=人民法庭&limit=200", "courts");
        assert.ok(tribunals.length > 100);
        assert.ok(tribunals.every((court) => /-\d{2,}$/.test(court.code)), tribunals[0].code);
    });

    test("one court tells its hours, open or when it opens", async () => {
        const answer = await who.get("/courts/京0105");
        assert.equal(answer.status, 200, answer.text);
        shape.check(shape.court, answer.body);
        assert.match(answer.body.hours.text, /09:00–12:00 13:30–17:30/);
        assert.equal(answer.body.hours.opens_at === null, answer.body.hours.open);
    });

    test("pages follow by next and hold what limit says", async () => {
        const first = await who.get("/courts?level=基层");
        assert.equal(first.body.courts.length, 50);
        const second = await who.get(first.body.next);
        const seen = new Set(first.body.courts.map((court) => court.code));
        assert.ok(second.body.courts.every((court) => !seen.has(court.code)));
        assert.equal((await find("/courts?level=基层&limit=3", "courts")).length, 3);
        const big = await who.get("/courts?level=基层&limit=100000");
        assert.ok([400, 422].includes(big.status) || big.body.courts.length <= 200, "limit is at most 200");
    });

    test("that are none are not found, and silly questions have no rows", async () => {
        refused(await who.get("/courts/京9999"), 404);
        assert.deepEqual(await find("/courts?q=" + encodeURIComponent("没有这样的法院名"), "courts"), []);
        for (const q of ["%", "_", "'", "\\", "*", "a".repeat(3000)]) {
            const answer = await who.get(`/courts?q=${encodeURIComponent(q)}`);
            assert.ok(answer.status < 500, `${q.slice(0, 5)}: ${answer.status}`);
        }
        const answer = await who.get("/courts?level=" + encodeURIComponent("特级"));
        assert.ok([400, 422].includes(answer.status) || answer.body.courts.length === 0, answer.text.slice(0, 300));
    });
});

describe("causes", () => {
    test("are found by name, part, code and number", async () => {
        const [cause] = await find("/causes?q=" + encodeURIComponent("民间借贷纠纷"), "causes");
        assert.equal(cause.name, "民间借贷纠纷");
        for (const q of ["民间借贷", cause.code]) {
            const rows = await find(`/causes?q=${encodeURIComponent(q)}`, "causes");
            assert.ok(rows.some((row) => row.code === cause.code), q);
        }
    });

    test("stand in a tree of twelve parts", async () => {
        const top = await find("/causes?parent=&limit=200", "causes");
        assert.equal(top.filter((cause) => !cause.parent).length >= 12, true);
        const below = await find(`/causes?parent=${encodeURIComponent(top[0].code)}&limit=200`, "causes");
        assert.ok(below.length > 0);
        assert.ok(below.every((cause) => cause.parent === top[0].code));
    });
});

describe("divisions", () => {
    test("are found by name and by parent", async () => {
        const rows = await find("/divisions?q=" + encodeURIComponent("朝阳区"), "divisions");
        assert.ok(rows.some((division) => division.code === "110105"));
        const provinces = await all("/divisions?parent=&limit=200", "divisions");
        assert.ok(provinces.length >= 31);
        const counties = await all("/divisions?parent=320600&limit=200", "divisions");
        assert.ok(counties.some((division) => division.code === "320623" && division.name === "如东县"));
    });
});

describe("procedures", () => {
    test("what can be begun is told, with its title", async () => {
        const answer = await who.get("/procedures");
        assert.equal(answer.status, 200, answer.text);
        shape.check(shape.listing("procedures", shape.open({ name: shape.kebab, title: shape.chinese })), answer.body);
        assert.ok(answer.body.procedures.some((one) => one.name === "civil-first-instance-filing"));
        refused(await who.get("/procedures/no-such"), 404);
        refused(await who.get("/procedures/no-such/diagram.svg"), 404);
    });
});

describe("the description of the API", () => {
    test("is OpenAPI 3 and holds the routes of the contract", async () => {
        const answer = await who.get("/openapi.json");
        assert.equal(answer.status, 200);
        assert.match(answer.body.openapi, /^3\./);
        const paths = Object.keys(answer.body.paths);
        for (const path of [
            "/session", "/courts", "/courts/{code}", "/causes", "/divisions", "/procedures", "/procedures/{name}", "/matters", "/matters/{id}",
            "/uploads", "/inbox", "/notices/stream", "/log/checkpoint", "/log/proof", "/tools/fee", "/tools/period", "/tools/case-number", "/tools/reach",
            "/tools/identifier", "/tools/interest", "/tools/jurisdiction",
        ]) {
            assert.ok(paths.includes(path), `${path} among ${paths}`);
        }
        assert.ok(paths.some((path) => /^\/matters\/\{id\}\/acts\/(\{act\}|submit)$/.test(path)), "acts");
    });

    test("holds no route that answers with a broken program", async () => {
        const { body } = await who.get("/openapi.json");
        const citizen = await login(server, "citizen-1");
        for (const [path, methods] of Object.entries(body.paths)) {
            if (!methods.get || /stream/.test(path)) {
                continue;
            }
            const url = path.replace(/\{[^}]+\}/g, "1");
            for (const one of [who, citizen]) {
                const answer = await one.get(url);
                assert.ok(answer.status < 500, `${url}: ${answer.status} ${answer.text.slice(0, 200)}`);
            }
        }
    });
});

describe("what is asked in the wrong way", () => {
    test("an unknown path is 404, an unknown method 405 with what is allowed", async () => {
        refused(await who.get("/no/such/page"), 404, "not-found");
        const answer = await who.api("DELETE", "/courts");
        assert.equal(answer.status, 405, answer.text);
        assert.match(answer.headers.get("allow"), /GET/);
    });

    test("HEAD answers as GET without the body", async () => {
        const get = await who.get("/courts/京0105");
        const head = await who.api("HEAD", "/courts/京0105");
        assert.equal(head.status, 200);
        assert.equal(head.bytes.length, 0);
        assert.equal(head.headers.get("content-type"), get.headers.get("content-type"));
    });
});
