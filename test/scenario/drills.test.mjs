// Drills: made in slices, once each whatever happens, clearly marked, counted by themselves and nowhere else.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { login, nobody, refused } from "../lib/client.mjs";
import { DAY, HOUR, day_start, day_text, weekday } from "../lib/handover.mjs";
import { command, start, until } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

const begin = (who, body) => who.post("/drills", { title: "第一轮演练", hours: 48, ...body }, { key: randomUUID() });

// On PostgreSQL the lease of a program that died runs out first, after two minutes.
async function complete(who, id) {
    return until("all requests are made", async () => {
        const { body } = await who.get(`/drills/${id}`);
        return body.made === body.total ? body : null;
    }, 200_000, 200);
}

describe("drills", { timeout: 300_000 }, () => {
    let server;
    let supervisor;
    let day;

    before(async () => {
        server = await start();
        supervisor = await login(server, "supervisor@京");
        const anyone = nobody(server);
        const now = Date.parse(await anyone.advance("1s"));
        day = day_start(now) + DAY;
        while (weekday(day) > 4) {
            day += DAY;
        }
        await anyone.advance(`${Math.ceil((day + 9 * HOUR + 600_000 - now) / 1000)}s`);
    });
    after(() => server?.stop());

    test("are begun by supervisors of a province or of the country alone", async () => {
        refused(await begin(await login(server, "leader@京0105"), { scope: "all" }), 403, "denied");
        refused(await begin(await login(server, "supervisor@京0105"), { scope: "all" }), 403, "denied");
        refused(await begin(supervisor, { scope: "courts", courts: ["沪0115", "京0105"] }), 422, "fields");
        refused(await begin(supervisor, { scope: "all", hours: 721 }), 422, "fields");
        refused(await begin(supervisor, { scope: "all", kinds: ["divorce"] }), 422, "fields");
        refused(await begin(supervisor, { scope: "courts", courts: ["京0105"] , kinds: ["civil"], title: " " }), 422, "fields");
    });

    test("are worked on by both courts and counted: participation and pass rate", async () => {
        const answer = await begin(supervisor, { scope: "courts", courts: ["京0105", "京0108"], kinds: ["civil"] });
        assert.equal(answer.status, 201, answer.text);
        const round = await complete(supervisor, answer.body.id);
        assert.ok(round.total >= 2);
        assert.equal(round.participating, 0);
        const pairs = await sql(server.database, `SELECT matter, collaborator, court FROM handover WHERE drill = ${round.id} AND collaborator IN ('京0105', '京0108')`);
        const [matter, near, far] = pairs.split("\n")[0].split("|");
        const reviewer = await login(server, `reviewer@${far}`);
        const window = await login(server, `window@${near}`);
        const seen = await reviewer.matter(matter);
        assert.match(seen.title, /^【演练】/);
        assert.match(seen.parties[0].name, /演练.*虚构/);
        assert.deepEqual(seen.materials.map((material) => material.kind), ["complaint", "identity"], "what the form asks for");
        for (const material of seen.materials) {
            assert.match(material.name, /演练材料（虚构）/);
            const file = await reviewer.get(`/matters/${matter}/materials/${material.n}`, { accept: "image/png" });
            assert.equal(file.status, 200, file.text);
            assert.equal(file.bytes.subarray(1, 4).toString(), "PNG");
        }
        const relay = await until("it is relayed like any other", async () =>
            (await window.events(matter)).find((event) => event.act === "relay"));
        assert.match(relay.title, /^送到管辖法院/);
        const page = await reviewer.get(`/matters/${matter}`, { accept: "text/html" });
        assert.match(page.text, /【演练】/);
        await reviewer.taken(matter, "respond");
        const docketed = await reviewer.taken(matter, "docket");
        assert.equal(docketed.case_number, null, "a drill takes no number");
        assert.deepEqual(docketed.links, [], "and opens no case");
        assert.deepEqual(docketed.papers, []);
        await window.taken(matter, "deliver");
        const { body: now } = await supervisor.get(`/drills/${round.id}`);
        assert.equal(now.participating, 2);
        assert.equal(now.passed, 2, "once for each of its courts");
        assert.equal(now.requests, 2 * now.total);
        const leader = await login(server, `leader@${far}`);
        const { body: own } = await leader.get(`/drills/${round.id}`);
        assert.equal(own.units, 1);
        assert.equal(own.passed, 1);
    });

    test("begin at a planned time, by the clock, and not before", async () => {
        const now = Date.parse(await nobody(server).advance("1s"));
        const at = new Date(now + 2 * HOUR + 8 * HOUR).toISOString().slice(0, 16); // as a form sends it
        for (const starts of ["tomorrow", new Date(now - HOUR).toISOString(), new Date(now + 31 * DAY).toISOString()]) {
            refused(await begin(supervisor, { scope: "courts", courts: ["京0105", "京0108"], kinds: ["relay"], starts }), 422, "fields");
        }
        const answer = await begin(supervisor, { scope: "courts", courts: ["京0105", "京0108"], kinds: ["relay"], starts: at, hours: 2 });
        assert.equal(answer.status, 201, answer.text);
        const other = await begin(supervisor, { scope: "courts", courts: ["京0105", "京0108"], kinds: ["relay"], starts: at });
        const round = async () => (await supervisor.get(`/drills/${answer.body.id}`)).body;
        assert.deepEqual([(await round()).state, (await round()).made], ["planned", 0]);
        assert.ok(Math.abs(Date.parse((await round()).started) - Date.parse(`${at}:00+08:00`)) < 60_000);
        assert.equal((await supervisor.taken(other.body.id, "finish")).state, "finished");
        await nobody(server).advance("90m");
        assert.equal((await round()).state, "planned");
        await supervisor.taken(answer.body.id, "reschedule", { "drill-start": { minutes: 60 } });
        await nobody(server).advance("45m");
        assert.equal((await round()).state, "planned");
        await nobody(server).advance("16m");
        const begun = await complete(supervisor, answer.body.id);
        assert.equal(begun.state, "running");
        assert.ok(begun.total > 0);
        const events = await supervisor.events(answer.body.id);
        assert.deepEqual(events.map((event) => event.act), ["arrange-round", "reschedule", "start-round"]);
        assert.equal(events[2].actor.kind, "system");
        await nobody(server).advance("121m");
        assert.equal((await round()).state, "finished", "its hours run from the start");
    });

    test("are in no statistic, no circular, no number", async () => {
        const { body } = await supervisor.get(`/statistics/cross-domain?from=${day_text(day - DAY)}&to=${day_text(day + DAY)}`);
        assert.equal(body.total.count, 0);
        await nobody(server).advance("2d");
        const list = await supervisor.get("/circulars");
        assert.deepEqual(list.body.circulars, [], "nothing but drills: nothing to tell");
        assert.equal(await sql(server.database, "SELECT COUNT(*) FROM counter"), "0");
    });

    test("end when their time is up, or earlier by the supervisor", async () => {
        const first = (await begin(supervisor, { scope: "courts", courts: ["京0105", "京0108"], kinds: ["reading"], hours: 1 })).body;
        const second = (await begin(supervisor, { scope: "courts", courts: ["京0105", "京0108"], kinds: ["reading"] })).body;
        await complete(supervisor, first.id);
        await complete(supervisor, second.id);
        await nobody(server).advance("61m");
        assert.equal((await supervisor.get(`/drills/${first.id}`)).body.state, "finished");
        await supervisor.taken(second.id, "extend", { "drill-time": { hours: 24 } });
        await supervisor.taken(second.id, "finish");
        assert.equal((await supervisor.get(`/drills/${second.id}`)).body.state, "finished");
    });

    test("verify finds nothing wrong with them", async () => {
        await server.stop({ keep: true });
        const { code, stdout, stderr } = await command(["verify", ...server.flags]);
        assert.equal(code, 0, stdout + stderr);
        server = await server.again();
    });
});

describe("a drill and a program that dies", () => {
    test("makes each request once", { timeout: 300_000 }, async (t) => {
        let server = await start();
        t.after(() => server.stop());
        const supervisor = await login(server, "supervisor@藏");
        const { body } = await begin(supervisor, { scope: "all", kinds: ["civil", "reading"] });
        await until("some are made", async () => Number(await sql(server.database, "SELECT made FROM drill").catch(() => 0)) >= 40, 60_000, 5);
        await server.kill();
        const early = Number(await sql(server.database, "SELECT made FROM drill"));
        server = await server.again();
        const again = await login(server, "supervisor@藏");
        const round = await complete(again, body.id);
        assert.ok(early < round.total, `it died in the middle: ${early} of ${round.total}`);
        assert.equal(Number(await sql(server.database, `SELECT COUNT(*) FROM handover WHERE drill = ${body.id}`)), round.total);
        const twice = await sql(server.database, "SELECT COUNT(*) FROM (SELECT 1 FROM handover GROUP BY collaborator, court, procedure, kind HAVING COUNT(*) > 1) AS t");
        assert.equal(twice, "0", "no pair twice");
        const health = await nobody(server).get("/healthz");
        assert.equal(health.status, 200);
    });
});
