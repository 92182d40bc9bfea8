// Figures of cross-domain service: exact, within the area of whoever asks, and every number is the count
// of the list that it opens.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { DAY, HOUR, MINUTE, complaints_write, day_start, day_text, request, requests_write } from "../lib/handover.mjs";
import { start } from "../lib/server.mjs";

/** The middle one, or the mean of the two in the middle, in whole milliseconds. */
const median = (list) => {
    const s = [...list].sort((a, b) => a - b);
    return s.length === 0 ? undefined : Math.floor((s[Math.floor((s.length - 1) / 2)] + s[Math.floor(s.length / 2)]) / 2);
};
const p90 = (list) => [...list].sort((a, b) => a - b)[Math.ceil(list.length * 0.9) - 1];

function grouped(list, key_of) {
    const groups = new Map();
    for (const one of list) {
        const key = key_of(one);
        groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return groups;
}

describe("statistics of cross-domain service", { timeout: 300_000 }, () => {
    let server;
    let supreme;
    let today;
    const rows = [];
    let complaints;

    before(async () => {
        server = await start();
        supreme = await login(server, "supervisor@最高法");
        today = day_start(Date.parse(await nobody(server).advance("1s")));
        const courts = ["京0105", "京0108", "沪0115", "粤03", "兵01", "最高法"];
        const collaborators = ["沪0104", "京0101", "藏0101", "粤0301"];
        const outcomes = ["docketed", "refused", "redirected", ""];
        let seed = 7;
        const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
        for (let n = 0; n < 700; n++) {
            const submitted = today - random(80) * DAY + 9 * HOUR + random(8 * 60) * MINUTE;
            const answered = random(10) < 8;
            const response_ms = answered ? random(60 * 60_000) : null;
            rows.push(
                request({
                    submitted,
                    court: courts[random(courts.length)],
                    collaborator: collaborators[random(collaborators.length)],
                    procedure: random(4) === 0 ? "cross-domain-reading" : "cross-domain-filing",
                    kind: random(3) === 0 ? "enforcement" : "civil",
                    responded: answered ? submitted + response_ms : null,
                    response_ms,
                    late_response: !answered || response_ms > 30 * MINUTE ? submitted + 30 * MINUTE : null,
                    late_feedback: !answered && random(2) ? submitted + DAY : null,
                    outcome: answered ? outcomes[random(4)] : "",
                    corrections: random(3) === 0 ? 1 + random(2) : 0,
                    rating: random(3) === 0 ? 1 + random(5) : null,
                    drill: random(10) === 0 ? 99 : 0,
                }),
            );
        }
        rows.push(request({ submitted: today - 40 * DAY, procedure: "cross-domain-relay", kind: "" }));
        await requests_write(server.database, rows);
        const complained = rows.filter((r) => r.drill === 0 && ["京0105", "沪0115", "最高法"].includes(r.court)).slice(0, 90);
        complaints = await complaints_write(server.database, complained.map((r) => ({ court: r.court, arrived: r.submitted + HOUR, about: r.matter })));
        // About nothing that is here, and about a filing of one's own court: no business of cross-domain service.
        const citizen = await login(server, "citizen-1");
        const local = await citizen.begin();
        await complaints_write(server.database, [undefined, local.id].map((about) => ({ court: "京0105", arrived: today - DAY, about })));
    });

    after(() => server?.stop());

    const period = () => `from=${day_text(today - 90 * DAY)}&to=${day_text(today)}`;
    const figures = async (who, query) => {
        const answer = await who.get(`/statistics/cross-domain?${query}&limit=200`);
        assert.equal(answer.status, 200, answer.text);
        return answer.body;
    };
    const key_of = {
        day: (r) => day_text(r.submitted),
        month: (r) => `${day_text(r.submitted).slice(0, 8)}01`,
        week: (r) => {
            const day = day_start(r.submitted);
            return day_text(day - ((new Date(day + 8 * HOUR).getUTCDay() + 6) % 7) * DAY);
        },
        court: (r) => r.court,
        collaborator: (r) => r.collaborator,
        pair: (r) => `${r.collaborator}>${r.court}`,
        province: (r) => r.province,
        matrix: (r) => `${r.collaborator_province}>${r.province}`,
        service: (r) => r.procedure,
        kind: (r) => r.kind,
    };

    for (const by of Object.keys(key_of)) {
        test(`by ${by} are what a count by hand gives, medians and P90 exact`, async () => {
            const real = rows.filter((r) => r.drill === 0);
            const groups = grouped(real, key_of[by]);
            const { rows: got, total } = await figures(supreme, `by=${by}&${period()}`);
            assert.equal(total.count, real.length);
            assert.deepEqual(got.map((row) => row.key).sort(), [...groups.keys()].sort());
            for (const row of got) {
                const group = groups.get(row.key);
                const times = group.filter((r) => r.response_ms !== null).map((r) => r.response_ms);
                assert.equal(row.count, group.length, row.key);
                assert.equal(row.answered, times.length);
                assert.equal(row.on_time, times.filter((ms) => ms <= 30 * MINUTE).length);
                assert.equal(row.within_5, times.filter((ms) => ms <= 5 * MINUTE).length);
                assert.equal(row.median_ms, median(times), `median of ${row.key}`);
                assert.equal(row.p90_ms, p90(times), `P90 of ${row.key}`);
                assert.equal(row.corrections, group.reduce((sum, r) => sum + r.corrections, 0));
                assert.equal(row.rated, group.filter((r) => r.rating !== null).length);
                assert.equal(row.outcomes.reduce((sum, one) => sum + one.count, 0), group.length);
            }
        });

        test(`by ${by}: every number is the count of the list that it opens`, async () => {
            const { rows: got, total } = await figures(supreme, `by=${by}&${period()}`);
            for (const row of [total, ...got.slice(0, 3), ...got.slice(-1)]) {
                for (const [name, href] of Object.entries(row.links)) {
                    const list = await supreme.get(href);
                    assert.equal(list.status, 200, list.text);
                    assert.equal(list.body.count, row[name], `${name} of ${by} ${row.key}: ${href}`);
                }
                for (const outcome of row.outcomes) {
                    assert.equal((await supreme.get(outcome.href)).body.count, outcome.count, outcome.href);
                }
            }
        });
    }

    test("complaints are counted at the court they are about, on their day, and listed behind the number", async () => {
        const keys = { court: (c) => c.court, province: (c) => (c.court === "最高法" ? "" : [...c.court][0]), day: (c) => day_text(c.arrived), week: (c) => key_of.week({ submitted: c.arrived }), month: (c) => key_of.month({ submitted: c.arrived }) };
        for (const [by, of] of Object.entries(keys)) {
            const { rows: got, total } = await figures(supreme, `by=${by}&${period()}`);
            const groups = grouped(complaints, of);
            assert.equal(total.complaints, complaints.length);
            for (const row of got) {
                assert.equal(row.complaints, groups.get(row.key)?.length ?? 0, `${by} ${row.key}`);
            }
        }
        const { total } = await figures(supreme, period());
        const seen = [];
        for (let next = total.links.complaints; next; ) {
            const { body } = await supreme.get(next);
            seen.push(...body.complaints.map((one) => one.id));
            next = body.next;
        }
        assert.deepEqual([...seen].sort(), complaints.map((c) => `${c.id}`).sort());
        const page = await supreme.get(total.links.complaints, { accept: "text/html" });
        assert.match(page.text, /投诉：90件/);
        const leader = await login(server, "leader@京0105");
        const own = (await figures(leader, period())).total;
        assert.equal(own.complaints, complaints.filter((c) => c.court === "京0105").length);
        assert.equal((await leader.get(own.links.complaints)).body.count, own.complaints);
        // What a person wrote is for the court it is about and the one above it.
        const titles = (body, court) => new Set(body.complaints.filter((one) => one.court.code === court).map((one) => one.title));
        assert.deepEqual([...titles((await leader.get(own.links.complaints)).body, "京0105")], ["立案投诉：张某拖延"]);
        const nation = (await supreme.get(`${total.links.complaints}&limit=200`)).body;
        assert.deepEqual([...titles(nation, "京0105")], ["立案投诉"]);
        refused(await leader.get(`/statistics/cross-domain/complaints?court=沪0115&${period()}`), 403, "denied");
        refused(await supreme.get("/statistics/cross-domain/complaints?after=x"), 422, "fields");
    });

    test("the supervisor of an intermediate court sees his court and those below it, no other", async () => {
        const city = await login(server, "supervisor@沪01");
        const below = await login(server, "supervisor@京03"); // 京0105 is below, 京0108 is not
        const real = rows.filter((r) => r.drill === 0);
        const total = async (who, query) => (await figures(who, `${query}&${period()}`)).total;
        const mine = real.filter((r) => ["京0105", "京03"].includes(r.court));
        const { total: seen, rows: courts } = await figures(below, `by=court&${period()}`);
        assert.equal(seen.count, mine.length);
        assert.deepEqual(courts.map((row) => row.key), ["京0105"]);
        assert.equal((await below.get(seen.links.count)).body.count, mine.length);
        assert.equal((await below.get(courts[0].links.late)).body.count, courts[0].late);
        assert.equal((await total(below, "court=京0105")).count, mine.length);
        refused(await below.get(`/statistics/cross-domain?court=京0108&${period()}`), 403, "denied");
        refused(await below.get(`/statistics/cross-domain?court=京&${period()}`), 403, "denied");
        const near = real.filter((r) => r.collaborator === "京0101").length;
        assert.equal((await total(await login(server, "supervisor@京02"), "side=collaborator")).count, near);
        assert.equal((await total(city, "by=")).count, real.filter((r) => r.court === "沪0115").length);
        const page = await below.get(seen.links.count, { accept: "text/html" });
        assert.match(page.text, /<select id="measure"/);
        assert.ok(!page.text.includes(",京03,"), "no list of courts is shown");
        const filtered = await below.get(`/statistics/cross-domain/requests?measure=unanswered&court=${encodeURIComponent("北京市朝阳区人民法院")}&${period()}`);
        assert.equal(filtered.body.count, mine.filter((r) => r.responded === null && r.outcome === "").length);
    });

    test("lists come in pages of fifty, each request once", async () => {
        const { total } = await figures(supreme, period());
        const seen = [];
        for (let next = total.links.count; next; ) {
            const { body } = await supreme.get(next);
            assert.ok(body.requests.length <= 50);
            seen.push(...body.requests.map((one) => one.id));
            next = body.next;
        }
        assert.equal(seen.length, total.count);
        assert.equal(new Set(seen).size, seen.length);
    });

    test("are within the area of whoever asks", async () => {
        const real = rows.filter((r) => r.drill === 0);
        const beijing = await login(server, "supervisor@京");
        const leader = await login(server, "leader@京0105");
        const count = async (who, query) => (await figures(who, `${query}&${period()}`)).total.count;
        assert.equal(await count(beijing, "by="), real.filter((r) => r.province === "京").length);
        assert.equal(await count(beijing, "side=collaborator"), real.filter((r) => r.collaborator_province === "京").length);
        assert.equal(await count(leader, "by="), real.filter((r) => r.court === "京0105").length);
        refused(await beijing.get("/statistics/cross-domain?province=沪"), 403, "denied");
        refused(await leader.get("/statistics/cross-domain?court=京0108"), 403, "denied");
        refused(await leader.get(`/statistics/cross-domain/requests?court=沪0115&${period()}`), 403, "denied");
        refused(await (await login(server, "reviewer@京0105")).get("/statistics/cross-domain"), 403);
        refused(await (await login(server, "citizen-1")).get("/statistics/cross-domain"), 403);
        refused(await nobody(server).get("/statistics/cross-domain"), 401);
    });

    test("refuse what cannot be read, by field", async () => {
        refused(await supreme.get("/statistics/cross-domain?by=moon"), 422, "fields");
        refused(await supreme.get("/statistics/cross-domain?from=yesterday"), 422, "fields");
        refused(await supreme.get("/statistics/cross-domain?from=2026-03-02&to=2026-03-01"), 422, "fields");
        refused(await supreme.get("/statistics/cross-domain/requests?after=x"), 422, "fields");
    });

    test("draw a matrix of provinces with a title, a description and the table beside it", async () => {
        const page = await supreme.get(`/statistics/cross-domain?by=matrix&${period()}`, { accept: "text/html" });
        assert.equal(page.status, 200);
        assert.match(page.text, /<svg[^>]*>\s*<title[^>]*>跨域请求/);
        assert.match(page.text, /<desc/);
        assert.match(page.text, /<table class="figures">[\s\S]*北京市/);
    });
});
