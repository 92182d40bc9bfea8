// Cross-domain service in numbers: the replay of the filings of its first 17 months (82,022) through the
// API, and the circular of the whole country over a million requests, on both engines.
//
//   --count N   filings to replay (1000; all: 82022)
//   --rows N    requests that circulars and statistics look at (1000000 on SQLite, 200000 on PostgreSQL)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { login, nobody } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { form_fill } from "../lib/form.mjs";
import { DAY, HOUR, MINUTE, day_start, day_text, weekday } from "../lib/handover.mjs";
import { cluster_start } from "../lib/postgres.mjs";
import { root, start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

const FILINGS = 82_022;
const FILING = "cross-domain-filing";
const number = (value) => Math.round(value).toLocaleString("en-US");

// --- replay ---

const PAIRS = [["藏0624", "粤0307"], ["沪0115", "京0105"], ["京0101", "沪0104"], ["粤0304", "苏0508"]];
const SLICE = 1000; // filings prepared at once

/** What the forms of one filing want, learned once; a window's program does the same. */
async function lesson(near, far) {
    const draft = await near.begin(FILING, far.court, { "filing-kind": "civil" });
    const { matter, act } = await near.offered(draft.id, "submit");
    const values = { submit: form_fill(act.form, { "filing-kind": "civil" }) };
    const kinds = act.materials.filter((need) => need.min > 0).map((need) => need.kind);
    const taken = async (who, name, more) => {
        const answer = await who.act(draft.id, name, values[name], { accept_warnings: true, ...more });
        assert.ok(answer.status < 300, `${name}: ${answer.text}`);
    };
    await near.upload_required(matter, act);
    await taken(near, "submit");
    for (const name of ["respond", "docket"]) {
        const seen = await far.who.offered(draft.id, name);
        values[name] = form_fill(seen.act.form);
        await taken(far.who, name, { revision: seen.matter.revision });
    }
    return { values, kinds };
}

/**
 * Filings in phases of prepared requests, so that the program is measured and not Node.js: all drafts of
 * a slice, their materials, then each act. Only the time in which requests were under way counts.
 */
async function replay(row, count, { load, request, bearer, all_ok }) {
    const server = await start({ engine: "sqlite" });
    try {
        const posts = [];
        for (const [near, far] of PAIRS) {
            posts.push({ near: await login(server, `window@${near}`), far: await login(server, `reviewer@${far}`), court: far });
        }
        const { values, kinds } = await lesson(posts[1].near, { who: posts[1].far, court: posts[1].court });
        const file = pdf("材料");
        const phases = new Map();
        const run = async (name, requests, status) => {
            const result = await load(server, requests, { answers: true });
            all_ok(result, status, name);
            const phase = phases.get(name) ?? { seconds: 0, requests: 0, p99_ms: 0 };
            phases.set(name, {
                seconds: phase.seconds + result.seconds,
                requests: phase.requests + result.requests,
                p99_ms: Math.max(phase.p99_ms, result.p99_ms),
            });
            return result.bodies.map((answer) => JSON.parse(answer.text));
        };
        const act = (name, who, filing) =>
            request("POST", `/matters/${filing.id}/acts/${name}`, { ...bearer(who), "Idempotency-Key": randomUUID() }, {
                values: values[name],
                accept_warnings: true,
                revision: filing.revision,
            });
        for (let from = 0; from < count; from += SLICE) {
            const slice = Array.from({ length: Math.min(SLICE, count - from) }, (_, n) => posts[(from + n) % posts.length]);
            const drafts = slice.map(({ near, court }) =>
                request("POST", "/matters", { ...bearer(near), "Idempotency-Key": randomUUID() }, { procedure: FILING, court, values: {} }),
            );
            let filings = await run("draft", drafts, 201);
            const headers = { "X-Filename": "a.pdf", "Content-Type": "application/octet-stream" };
            const uploads = filings.flatMap(({ id }, n) =>
                kinds.map((kind) => request("POST", `/matters/${id}/materials?kind=${kind}`, { ...bearer(slice[n].near), ...headers }, file)),
            );
            await run("material", uploads, 201);
            filings = await run("submit", filings.map(({ id }, n) => act("submit", slice[n].near, { id })), 200);
            assert.ok(filings.every((one) => one.state === "sent"));
            filings = await run("respond", filings.map((one, n) => act("respond", slice[n].far, one)), 200);
            await run("docket", filings.map((one, n) => act("docket", slice[n].far, one)), 200);
        }
        const decided = Number(await sql(server.database, `SELECT COUNT(*) FROM handover WHERE outcome = 'docketed'`));
        assert.equal(decided, count + 1); // and the lesson
        replay_rows(row, count, kinds.length, phases);
    } finally {
        await server.stop();
    }
}

function replay_rows(row, count, kinds, phases) {
    const all = [...phases.values()];
    const acts = ["submit", "respond", "docket"].map((name) => phases.get(name));
    const seconds = all.reduce((sum, one) => sum + one.seconds, 0);
    const act_seconds = acts.reduce((sum, one) => sum + one.seconds, 0);
    const each = [...phases].map(([name, one]) => `${name} ${number(one.requests / one.seconds)} /s p99 ${number(one.p99_ms)} ms`);
    row(
        `replay of ${number(count)} cross-domain filings, SQLite, durable`,
        `${number(seconds)} s; ${number((3 * count) / act_seconds)} acts/s, p99 ${number(Math.max(...acts.map((one) => one.p99_ms)))} ms`,
        "",
        null,
        `each filing: draft, ${kinds} materials, submit, respond, docket; 64 connections; ${each.join(", ")} (p99: of the worst ${number(SLICE)})`,
    );
    const minutes = ((seconds / count) * FILINGS) / 60;
    row(
        `the ${number(FILINGS)} filings of the first 17 months${count < FILINGS ? ", reckoned" : ""}`,
        `${minutes.toFixed(0)} min`,
        "minutes, not hours",
        minutes < 60,
        count < FILINGS ? `from ${number(count)}; --count ${FILINGS} replays all` : "",
    );
}

// --- a million requests ---

async function rows_fill(server, count, until) {
    const lite = server.database.startsWith("sqlite:");
    const courts = readFileSync(join(root, "data/tables/courts.csv"), "utf8")
        .split("\n")
        .slice(1)
        .map((line) => line.split(","))
        .filter((cells) => ["最高", "高级", "中级", "基层"].includes(cells[2]))
        .map((cells) => cells[0]);
    const zero = lite ? `zeroblob(32)` : `decode('${"00".repeat(32)}', 'hex')`;
    const series = lite ? `generate_series(0, ${count - 1})` : `generate_series(0::BIGINT, ${count - 1}) AS g(value)`;
    const province = (name) => `CASE ${name} WHEN '最高法' THEN '' ELSE SUBSTR(${name}, 1, 1) END`;
    await sql(server.database, "CREATE TABLE bench_court (n BIGINT PRIMARY KEY, code TEXT)");
    for (let n = 0; n < courts.length; n += 1000) {
        await sql(server.database, `INSERT INTO bench_court VALUES ${courts.slice(n, n + 1000).map((code, k) => `(${n + k}, '${code}')`).join(", ")}`);
    }
    // 17 months; working hours; nine in ten are answered within 30 minutes, one in a hundred not in a day.
    const at = `${until} - (value * 7919 % 517) * ${DAY} + ${9 * HOUR} + value * 104729 % ${8 * HOUR}`;
    // Indexes of a million rows are built in a moment from sorted rows, and in minutes row by row.
    const indexes = lite
        ? (await sql(server.database, "SELECT name || '=' || replace(sql, char(10), ' ') FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('handover', 'matter') AND sql IS NOT NULL"))
              .split("\n")
              .map((line) => ({ name: line.slice(0, line.indexOf("=")), text: line.slice(line.indexOf("=") + 1) }))
        : [];
    const hasty = lite ? `PRAGMA cache_size = -400000; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; ${indexes.map(({ name }) => `DROP INDEX ${name};`).join(" ")}` : "";
    const again = indexes.map(({ text }) => `${text};`).join(" ");
    await sql(
        server.database,
        `${hasty} INSERT INTO matter (id, procedure, version, state, court, title, case_number, owner, revision, events, head, field_values, groups, wrapped_key, follow_code, created, updated, arrived)
         SELECT value + 500000000000000000, '${FILING}', 1, 'docketed', '京0105', '', NULL, 0, 1, 1, ${zero}, '{}', '{}', '', '', 0, 0, 0 FROM ${series};
         INSERT INTO handover (matter, procedure, kind, collaborator, court, collaborator_province, province, drill, submitted, responded, decided, response_ms, outcome, corrections, late_response, late_feedback, late_decision, rating)
         SELECT value + 500000000000000000, '${FILING}', 'civil', a.code, b.code, ${province("a.code")}, ${province("b.code")}, 0, ${at},
           CASE WHEN value % 100 = 7 THEN NULL ELSE ${at} + ms END, CASE WHEN value % 100 < 10 THEN NULL ELSE ${at} + ${DAY} END,
           CASE WHEN value % 100 = 7 THEN NULL ELSE ms END, CASE WHEN value % 100 < 10 THEN '' ELSE 'docketed' END, 0,
           CASE WHEN ms > ${30 * MINUTE} OR value % 100 = 7 THEN ${at} + ${30 * MINUTE} END, CASE WHEN value % 100 = 7 THEN ${at} + ${DAY} END,
           CASE WHEN value % 200 = 7 THEN ${at} + ${9 * DAY} END, NULL
         FROM (SELECT value, CASE WHEN value % 10 = 3 THEN ${31 * MINUTE} + value * 31 % ${HOUR} ELSE value * 7907 % ${30 * MINUTE} END AS ms FROM ${series}) AS r
         JOIN bench_court AS a ON a.n = value * 6151 % ${courts.length} JOIN bench_court AS b ON b.n = value * 3079 % ${courts.length};
         DROP TABLE bench_court; ${again} ANALYZE`,
    );
}

/** Pages of figures: what opens first, then everything at once. */
async function statistics(row, server, count, engine, monday) {
    const supreme = await login(server, "supervisor@最高法");
    const timed = async (path) => {
        const from = performance.now();
        const answer = await supreme.get(`/statistics/cross-domain${path}`);
        assert.equal(answer.status, 200, answer.text);
        return { body: answer.body, ms: performance.now() - from };
    };
    const range = `from=${day_text(monday - 520 * DAY)}&to=${day_text(monday)}`;
    const opens = await timed("?by=day");
    row(
        `statistics as they open, 30 days of ${number(count)} requests, ${engine}`,
        `${number(opens.ms)} ms`,
        "< 1 s",
        opens.ms < 1000,
        `by day; ${number(opens.body.total.count)} requests`,
    );
    const all = [];
    for (const by of ["", "day", "court", "pair", "province", "matrix"]) {
        const { body, ms } = await timed(`?by=${by}&${range}`);
        assert.equal(body.total.count, count);
        all.push(`${by || "no grouping"} ${(ms / 1000).toFixed(1)} s`);
    }
    row(`statistics of all ${number(count)} requests, ${engine}`, all.join(", "), "", null, "exact medians and P90, with the total beside them");
    const list = await timed(`/requests?${range}`);
    assert.equal(list.body.count, count);
    row(`the list of all ${number(count)} requests, first page, ${engine}`, `${number(list.ms)} ms`, "", null, "with their count");
}

async function figures(row, count, engine) {
    const server = await start({ engine });
    try {
        const who = nobody(server);
        const now = Date.parse(await who.advance("1s"));
        let monday = day_start(now) + DAY;
        while (weekday(monday) !== 1) {
            monday += DAY;
        }
        await rows_fill(server, count, monday - DAY);
        // So that the period is a day and a week: what came before has been issued.
        const issued = (kind, until) =>
            `INSERT INTO circular (kind, scope, day, matter, court, province, since, until, issued, entries) VALUES ('${kind}', 'nation', '2000-01-01', ${kind.length}, '最高法', '', 0, ${until}, ${now - 1}, 0)`;
        await sql(server.database, `${issued("daily", monday - DAY)}; ${issued("weekly", monday - 7 * DAY)}`);
        await sql(server.database, `UPDATE schedule SET next = ${monday + 8 * HOUR + 30 * MINUTE}`);
        await who.advance(`${Math.ceil((monday + 9 * HOUR - now) / 1000)}s`);
        for (const kind of ["daily", "weekly"]) {
            const line = server.log.find((one) => one.includes(`${kind} of ${day_text(monday)}: counted in`));
            assert.ok(line, `the log tells of the ${kind} circular\n${server.tail()}`);
            const [, counted, made, took] = line.match(/counted in (\d+) ms, (\d+) issued in (\d+) ms/).map(Number);
            row(
                `${kind} circular of the country over ${number(count)} requests, ${engine}`,
                `counted in ${counted} ms; ${number(made)} circulars issued in ${(took / 1000).toFixed(1)} s`,
                "< 1 s to count",
                counted < 1000,
                `a ${kind === "daily" ? "day" : "week"} of 17 months; totals, medians and lists of all courts, provinces and the country`,
            );
        }
        await statistics(row, server, count, engine, monday);
    } finally {
        await server.stop();
    }
}

export async function cross_domain(row, args, tools) {
    await replay(row, Number(args.count ?? 1000), tools);
    await figures(row, Number(args.rows ?? 1_000_000), "sqlite");
    const cluster = await cluster_start({ durable: true });
    process.env.TONGSU_TEST_PG = cluster.url;
    try {
        await figures(row, Number(args.rows ?? 200_000), "postgres");
    } finally {
        cluster.stop();
    }
}
