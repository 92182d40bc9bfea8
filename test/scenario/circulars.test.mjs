// The daily and weekly circulars: on time, once, complete, with the figures of their period, explained
// by the court and corrected by appending; also when the program dies in the middle.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { login, nobody, refused } from "../lib/client.mjs";
import { DAY, HOUR, MINUTE, day_start, day_text, request, requests_write, weekday } from "../lib/handover.mjs";
import { html_text } from "../lib/html.mjs";
import { command, sleep, start, until } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

const ISSUE = 8 * HOUR + 30 * MINUTE;

async function now_of(who) {
    return Date.parse(await who.advance("1s"));
}

/** Moves the clock to an instant. */
async function move_to(who, at) {
    const now = await now_of(who);
    if (at > now) {
        await who.advance(`${Math.ceil((at - now) / 1000)}s`);
    }
}

async function all_circulars(who, query = "") {
    const list = [];
    for (let next = `/circulars?limit=50${query}`; next; ) {
        const answer = await who.get(next);
        assert.equal(answer.status, 200, answer.text);
        list.push(...answer.body.circulars);
        next = answer.body.next;
    }
    return list;
}

async function circular(who, id) {
    const answer = await who.get(`/circulars/${id}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
}

describe("circulars", () => {
    let server;
    let anyone;
    let supreme;
    let day; // 00:00 of the day whose daily is looked at: a Tuesday
    let late;

    before(async () => {
        server = await start();
        anyone = nobody(server);
        supreme = await login(server, "supervisor@最高法");
        const now = await now_of(anyone);
        day = day_start(now) + DAY;
        while (weekday(day) !== 2) {
            day += DAY;
        }
        const at = (hour, minute = 0) => day + hour * HOUR + minute * MINUTE;
        late = request({ submitted: at(9) - DAY, late_response: at(9, 30) - DAY, late_feedback: at(9), responded: at(20), response_ms: 400 * MINUTE });
        await requests_write(server.database, [
            late,
            request({ submitted: at(9), responded: at(9, 5), response_ms: 5 * MINUTE }),
            request({ submitted: at(10), responded: at(10, 30), response_ms: 30 * MINUTE }),
            request({ submitted: at(11), responded: at(11, 31), response_ms: 31 * MINUTE, late_response: at(11, 30) }),
            request({ submitted: at(17, 50) }), // has 20 minutes left the next morning
            request({ submitted: at(10), court: "沪0115", collaborator: "京0105", responded: at(10, 12), response_ms: 12 * MINUTE }),
            request({ submitted: at(10), drill: 7, responded: at(10, 1), response_ms: MINUTE }),
            request({ submitted: at(9) - 12 * DAY, late_decision: day + HOUR, late_feedback: at(9) - 11 * DAY, responded: at(9) - 10 * DAY, response_ms: 900 * MINUTE, court: "粤03" }),
        ]);
        await move_to(anyone, day + DAY + ISSUE + 1000);
    });

    after(async () => {
        await server?.stop();
    });

    test("say what happened in the period, in numbers that can be counted by hand", async () => {
        const list = await all_circulars(supreme, "&kind=daily&scope=nation");
        assert.equal(list[0].day, day_text(day + DAY));
        assert.equal(list[0].since, day_text(day), "the days before had circulars of their own");
        assert.equal(Date.parse(list[0].issued), day + DAY + ISSUE);
        const { circular: c } = await circular(supreme, list[0].id);
        assert.equal(c.heading, "全国跨域服务日通报");
        const { received, pending, share, median } = c;
        assert.deepEqual({ received, pending, share, median }, { received: 5, pending: 1, share: "75.0", median: "21.0" });
        assert.equal(c["on-time"], 3, "thirty minutes are in time");
        assert.equal(c["over-24h"], 1);
        assert.equal(c["over-7-days"], 1);
        assert.equal(c.entries.length, 1);
        assert.equal(c.entries[0].request, `${late.matter}`);
        assert.equal(c.entries[0].state, "已经反馈");
        assert.deepEqual(c.rows.map((row) => [row.name, row.received]), [["北京市", 4], ["上海市", 1], ["广东省", 0]].sort((a, b) => c.rows.findIndex((r) => r.name === a[0]) - c.rows.findIndex((r) => r.name === b[0])));
    });

    test("exist for the country, for provinces and for courts with something to tell", async () => {
        const list = (await all_circulars(supreme, "&kind=daily")).filter((one) => one.day === day_text(day + DAY));
        assert.deepEqual(
            list.map((one) => one.scope).sort(),
            ["court:京0105", "court:沪0115", "court:粤03", "nation", "province:京", "province:沪", "province:粤"].sort(),
        );
    });

    test("are each one's own: a province's supervisor, a court's leader, nobody else", async () => {
        const list = await all_circulars(supreme, "&kind=daily");
        const shanghai = list.find((one) => one.scope === "court:沪0115");
        const province = await login(server, "supervisor@沪");
        const scopes = new Set((await all_circulars(province)).map((one) => one.scope));
        assert.deepEqual([...scopes].sort(), ["court:沪0115", "province:沪"].sort());
        const leader = await login(server, "leader@京0105");
        assert.deepEqual([...new Set((await all_circulars(leader)).map((one) => one.scope))], ["court:京0105"]);
        refused(await leader.get(`/circulars/${shanghai.id}`), 404, "not-found");
        refused(await (await login(server, "reviewer@京0105")).get("/circulars"), 403, "denied");
        refused(await (await login(server, "citizen-1")).get("/circulars"), 403);
        assert.equal((await province.get(`/circulars/${shanghai.id}`)).status, 200);
    });

    test("are explained entry by entry by the court's leader, and corrected by appending", async () => {
        const leader = await login(server, "leader@京0105");
        const [own] = (await all_circulars(leader, "&kind=daily")).filter((one) => one.entries > 0);
        assert.equal(own.state, "waiting");
        const before_it = await circular(leader, own.id);
        assert.deepEqual(before_it.acts, ["explain", "correct"]);
        const page = await (await visitor(server, "leader@京0105")).open(`/matters/${own.id}/acts/explain`);
        const [entry] = before_it.circular.entries;
        const shown = html_text(page.html);
        assert.ok(shown.includes(entry.service) && shown.includes(`${entry["collaborator-name"]}20`), "what is to be explained stands beside it");
        assert.match(page.html, new RegExp(`href="/matters/${entry.request}"`));
        assert.match(page.html, /name="explanations\.0\.entry"[^>]*value="1"/);
        assert.doesNotMatch(shown, /由谁审核|没有材料/);
        const unknown = await leader.take(own.id, "explain", { explanations: [{ entry: 2, cause: "system", text: "网络中断" }] });
        refused(unknown, 422, "fields");
        const said = { explanations: [{ entry: 1, cause: "system", text: "网络中断两小时" }] };
        // Of the others nobody explains for the court: not the leader of another, not who reads it from above.
        const revision = (await leader.matter(own.id)).revision;
        for (const [name, status] of [["leader@沪0115", 404], ["leader@京03", 404], ["supervisor@京", 404], ["supervisor@最高法", 404], ["reviewer@京0105", 403]]) {
            const other = await (await login(server, name)).act(own.id, "explain", said, { revision });
            refused(other, status);
        }
        const once = () => leader.act(own.id, "explain", said, { revision, accept_warnings: true });
        const twice = await Promise.all([once(), once()]);
        assert.deepEqual(twice.map((answer) => answer.status).sort(), [200, 409], twice.map((answer) => answer.text).join());
        const matter = await leader.matter(own.id);
        assert.equal((await leader.events(own.id)).filter((event) => event.act === "explain").length, 1, "explained once");
        assert.equal(matter.state, "settled");
        await leader.taken(own.id, "correct", { "circular-correction": { text: "第1件应当剔除", basis: "通话记录" } });
        await leader.taken(own.id, "correct", { "circular-correction": { text: "以上更正有误", basis: "复核" } });
        const now = await circular(leader, own.id);
        assert.deepEqual(now.circular, before_it.circular, "the figures stay");
        assert.deepEqual(now.corrections.map((one) => one.text), ["第1件应当剔除", "以上更正有误"]);
        assert.equal(now.explained.late, false);
        assert.equal(now.papers.length, 3);
    });

    test("a late explanation is known as late", async () => {
        const leader = await login(server, "leader@京0105");
        const monday = day + 6 * DAY;
        await requests_write(server.database, [request({ submitted: day - 15 * DAY, late_decision: day + 10 * HOUR })]);
        await move_to(anyone, monday + ISSUE + 1000);
        const [own] = (await all_circulars(leader, "&kind=weekly")).filter((one) => one.entries > 0);
        await anyone.advance("3d");
        assert.equal((await circular(leader, own.id)).late, true);
        await leader.taken(own.id, "explain", { explanations: [{ entry: 1, cause: "overload", text: "当周收案集中" }] });
        assert.equal((await circular(leader, own.id)).explained.late, true);
        const acts = (await leader.events(own.id)).map((event) => event.act);
        assert.deepEqual(acts, ["issue", "explain-late", "explain"]);
    });

    test("come as PDF and as CSV, and are matters like any other", async () => {
        const leader = await login(server, "leader@京0105");
        const [own] = (await all_circulars(leader, "&kind=daily")).filter((one) => one.entries > 0);
        const { papers, csv } = await circular(leader, own.id);
        const pdf = await leader.get(papers[0].url, { accept: "application/pdf" });
        assert.equal(pdf.status, 200, pdf.text.slice(0, 300));
        assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");
        const table = await leader.get(csv, { accept: "text/csv" });
        assert.match(table.headers.get("content-type"), /^text\/csv/);
        assert.match(table.text, /合计,4,2,66\.7,30\.0,1,0,0/);
        assert.match(table.text, new RegExp(`${late.matter}`));
        const page = await leader.get(`/circulars/${own.id}`, { accept: "text/html" });
        assert.equal(page.status, 200);
        assert.match(page.text, /北京市朝阳区人民法院跨域服务日通报/);
        const receipt = await leader.get(`/matters/${own.id}/receipt?event=1`);
        assert.equal(receipt.status, 200);
    });

    test("come one for each day and week when the clock jumps, each at its own instant", async () => {
        const before_it = await now_of(anyone);
        await anyone.advance("7d");
        const after_it = await now_of(anyone);
        const list = (await all_circulars(supreme, "&scope=nation")).filter((one) => Date.parse(one.issued) > before_it);
        const daily = list.filter((one) => one.kind === "daily");
        const weekly = list.filter((one) => one.kind === "weekly");
        assert.equal(daily.length, 7);
        assert.equal(weekly.length, 1);
        for (const one of list) {
            const at = Date.parse(one.issued);
            assert.equal(at, day_start(at) + ISSUE);
            assert.ok(at > before_it && at <= after_it);
            assert.equal(one.until, day_text(at - DAY));
            const events = await supreme.events(one.id);
            assert.equal(Date.parse(events[0].at), at, "the event carries the instant");
        }
        assert.equal(weekday(Date.parse(weekly[0].issued)), 1);
    });

    test("leave out rest days when so set, and cover them on the next working day", async () => {
        const admin = await login(server, "admin");
        const option = async () => (await admin.get("/admin/options")).body.options.find((one) => one.name === "circular-skip-rest-days");
        assert.equal((await option()).on, false);
        refused(await admin.post("/admin/options", { name: "circular-skip-rest-days", on: "perhaps" }), 422, "fields");
        refused(await admin.post("/admin/options", { name: "keys-made", on: true }), 422, "fields");
        refused(await supreme.post("/admin/options", { name: "circular-skip-rest-days", on: true }), 404);
        assert.equal((await admin.post("/admin/options", { name: "circular-skip-rest-days", on: true })).status, 200);
        assert.equal((await option()).on, true);
        const [audited] = (await admin.get("/admin/audit")).body.audit;
        assert.deepEqual([audited.what, JSON.parse(audited.detail)], ["set-option", { on: true, option: "circular-skip-rest-days" }]);
        await anyone.advance("9d");
        const list = await all_circulars(supreme, "&scope=nation&kind=daily");
        for (const [n, one] of list.slice(0, 6).entries()) {
            assert.ok(weekday(Date.parse(one.issued)) <= 5, `${one.issued} is a working day`);
            if (n > 0) {
                const next = day_start(Date.parse(list[n - 1].since));
                assert.equal(day_text(next - DAY), one.until, "no day is left out, none is told twice");
            }
        }
        assert.ok(list.slice(0, 6).some((one) => one.since !== one.until), "one covers the weekend");
        await admin.login();
        assert.equal((await admin.post("/admin/options", { name: "circular-skip-rest-days", on: false })).body.options[0].on, false);
    });

    test("verify finds nothing wrong with them", async () => {
        await server.stop({ keep: true });
        const { code, stdout, stderr } = await command(["verify", ...server.flags]);
        assert.equal(code, 0, stdout + stderr);
        server = await server.again();
    });
});

describe("circulars and a program that dies", () => {
    test("are issued once each after a kill in the middle, with the same numbers", { timeout: 240_000 }, async (t) => {
        let server = await start();
        t.after(() => server.stop());
        const anyone = nobody(server);
        const now = await now_of(anyone);
        const day = day_start(now) + DAY;
        const rows = [];
        // So many that they are not all issued between a look and the kill, however fast the machine.
        const codes = [];
        for (let next = "/courts?level=基层&limit=200"; next && codes.length < 1200; ) {
            const page = (await anyone.get(next)).body;
            codes.push(...page.courts.map((court) => court.code));
            next = page.next;
        }
        for (let n = 0; n < 2000; n++) {
            const at = day + 9 * HOUR + n * 1000;
            rows.push(request({ submitted: at, court: codes[n % codes.length], responded: at + 3 * MINUTE, response_ms: 3 * MINUTE }));
        }
        await requests_write(server.database, rows);
        await move_to(anyone, day + DAY + ISSUE - 60_000);
        const moving = anyone.post("/demo/clock", { advance: "2m" }, { token: null }).catch(() => null);
        await until("some are issued", async () => Number(await sql(server.database, "SELECT COUNT(*) FROM circular").catch(() => "0")) >= 20, 60_000, 5);
        await server.kill();
        await moving;
        const early = Number(await sql(server.database, "SELECT COUNT(*) FROM circular"));
        server = await server.again();
        const again = nobody(server);
        await again.advance("10m");
        const supreme = await login(server, "supervisor@最高法");
        const list = await all_circulars(supreme, "&kind=daily");
        assert.ok(early < list.length, `it died in the middle: ${early} of ${list.length}`);
        assert.equal(new Set(list.map((one) => one.scope)).size, list.length, "none twice");
        assert.equal(list.filter((one) => one.scope.startsWith("court:")).length, codes.length);
        const nation = await circular(supreme, list.find((one) => one.scope === "nation").id);
        assert.equal(nation.circular.received, 2000);
        assert.equal(Date.parse(nation.issued), day + DAY + ISSUE, "however late, the instant is its own");
        let sum = 0;
        for (const one of list.filter((each) => each.scope.startsWith("province:"))) {
            sum += (await circular(supreme, one.id)).circular.received;
        }
        assert.equal(sum, 2000);
    });
});

describe("circulars and two programs on one database", { skip: process.env.TONGSU_TEST_DB !== "postgres" }, () => {
    test("are issued once each", { timeout: 240_000 }, async (t) => {
        const first = await start();
        t.after(() => first.stop());
        const anyone = nobody(first);
        const day = day_start(await now_of(anyone)) + DAY;
        const rows = [];
        for (let n = 0; n < 300; n++) {
            const at = day + 9 * HOUR + n * 1000;
            rows.push(request({ submitted: at, court: `京01${String(5 + (n % 9)).padStart(2, "0")}`, responded: at + MINUTE, response_ms: MINUTE }));
        }
        await requests_write(first.database, rows);
        const second = await start({ database: first.database, keys: first.keys });
        t.after(() => second.stop());
        await Promise.all([
            move_to(anyone, day + DAY + ISSUE + 1000),
            move_to(nobody(second), day + DAY + ISSUE + 1000),
        ]);
        await sleep(3000);
        const supreme = await login(first, "supervisor@最高法");
        const list = (await all_circulars(supreme)).filter((one) => one.kind === "daily" && one.day === day_text(day + DAY));
        assert.equal(new Set(list.map((one) => one.scope)).size, list.length, "none twice");
        const matters = await sql(first.database, "SELECT COUNT(*) FROM matter WHERE procedure = 'circular'");
        const circulars = await sql(first.database, "SELECT COUNT(*) FROM circular");
        assert.equal(matters, circulars);
    });
});

describe("circulars of requests that courts really handed over", { timeout: 300_000 }, () => {
    const FILING = "cross-domain-filing";
    const PAIRS = [["沪0115", "京0105"], ["沪0115", "京0108"], ["京0101", "沪0104"]];
    let server;
    let anyone;
    let day;
    const people = {};

    before(async () => {
        server = await start();
        anyone = nobody(server);
        for (const code of new Set(PAIRS.flat())) {
            people[code] = { window: await login(server, `window@${code}`), reviewer: await login(server, `reviewer@${code}`) };
        }
        day = day_start(await now_of(anyone)) + DAY;
        while (weekday(day) > 3) {
            day += DAY;
        }
    });
    after(() => server?.stop());

    async function sent([near, far]) {
        const draft = await people[near].window.begin(FILING, far, { "filing-kind": "civil" });
        return people[near].window.taken(draft.id, "submit", { "filing-kind": "civil" });
    }

    /** The acts of all requests as their events tell them, with what else the events say of them. */
    async function told() {
        const text = await sql(
            server.database,
            `SELECT e.matter, m.court, e.act, e.at FROM event e JOIN matter m ON m.id = e.matter WHERE m.procedure = '${FILING}' ORDER BY e.matter, e.n`,
        );
        const requests = new Map();
        for (const line of text.split("\n").filter(Boolean)) {
            const [matter, court, act, at] = line.split("|");
            const one = requests.get(matter) ?? { court, acts: [] };
            one.acts.push({ act, at: Number(at) });
            requests.set(matter, one);
        }
        return [...requests.values()];
    }

    const ANSWERS = ["respond", "docket", "ask-correction", "refuse", "redirect"];

    /** What a circular over [since, until), issued at `issued`, must say: from the events alone. */
    function recount(requests, since, until, issued) {
        const first = (one, acts) => one.acts.find(({ act, at }) => acts.includes(act) && at <= issued)?.at;
        const received = requests.filter((one) => first(one, ["submit"]) >= since && first(one, ["submit"]) < until);
        const answered = received.filter((one) => first(one, ANSWERS));
        const in_time = answered.filter((one) => !(first(one, ["response-late"]) <= first(one, ANSWERS)));
        const late = received.filter((one) => first(one, ["response-late"]));
        const minutes = answered.map((one) => first(one, ANSWERS) - first(one, ["submit"])).sort((a, b) => a - b);
        const breached = (act) => requests.filter((one) => first(one, [act]) >= since && first(one, [act]) < until).length;
        return {
            received: received.length,
            "on-time": in_time.length,
            pending: received.length - late.length - in_time.length,
            median: minutes.length === 0 ? undefined : Math.floor((minutes[(minutes.length - 1) >> 1] + minutes[minutes.length >> 1]) / 2),
            "over-24h": breached("feedback-late"),
            "over-7-days": breached("decision-late"),
        };
    }

    test("say what their events say, counted by another query", async () => {
        const at = (days, hour, minute = 0) => day + days * DAY + hour * HOUR + minute * MINUTE;
        await move_to(anyone, at(0, 9, 10));
        const quick = [];
        for (const pair of [...PAIRS, PAIRS[0], PAIRS[0]]) {
            quick.push([pair, await sent(pair)]);
        }
        await anyone.advance("7m");
        for (const [[, far], { id }] of quick.slice(0, 3)) {
            await people[far].reviewer.taken(id, "respond");
        }
        await anyone.advance("31m"); // the other two are late now
        await people["京0105"].reviewer.taken(quick[3][1].id, "respond");
        await sent(PAIRS[1]);
        await move_to(anyone, at(0, 17, 20));
        await sent(PAIRS[2]); // has twenty minutes left the next morning
        await move_to(anyone, at(1, 9, 5));
        const second = await sent(PAIRS[0]);
        await anyone.advance("12m");
        await people["京0105"].reviewer.taken(second.id, "respond");
        await move_to(anyone, at(8, 9));

        const requests = await told();
        assert.equal(requests.length, 8);
        const supreme = await login(server, "supervisor@最高法");
        const list = await all_circulars(supreme);
        assert.ok(list.filter((one) => one.kind === "daily" && one.scope === "nation").length >= 7);
        assert.ok(list.some((one) => one.kind === "weekly"));
        let told_of = 0;
        for (const one of list) {
            const { circular: c } = await circular(supreme, one.id);
            const mine = requests.filter(
                ({ court }) => one.scope === "nation" || one.scope === `court:${court}` || one.scope === `province:${[...court][0]}`,
            );
            const since = Date.parse(`${c.since}T00:00:00+08:00`);
            const until = Date.parse(`${c.until}T00:00:00+08:00`) + DAY;
            const wanted = recount(mine, since, until, Date.parse(c.issued));
            const said = { ...wanted };
            for (const name of ["received", "on-time", "over-24h", "over-7-days"]) {
                said[name] = c[name];
            }
            said.pending = c.pending ?? 0;
            said.median = c["median-ms"];
            assert.deepEqual(said, wanted, `${one.kind} of ${one.scope}, ${c.period}`);
            told_of += one.scope === "nation" && one.kind === "daily" ? c["over-24h"] : 0;
        }
        assert.equal(told_of, requests.filter((one) => one.acts.some(({ act }) => act === "feedback-late")).length, "each breach in one daily");
        assert.ok(told_of >= 3);
    });

    test("count in the statistics as in the circulars", async () => {
        const supreme = await login(server, "supervisor@最高法");
        const { body } = await supreme.get(`/statistics/cross-domain?by=day&from=${day_text(day)}&to=${day_text(day + 8 * DAY)}`);
        const daily = (await all_circulars(supreme, "&scope=nation&kind=daily")).filter((one) => one.since === one.until);
        for (const row of body.rows) {
            const one = daily.find((each) => each.since === row.key);
            if (one) {
                assert.equal((await circular(supreme, one.id)).circular.received, row.count, row.key);
            }
        }
        assert.equal(body.total.count, 8);
    });
});
