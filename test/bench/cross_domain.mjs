// Cross-domain service in numbers: the replay of the filings of its first 17 months (82,022) through the
// API, and the circular of the whole country over a million requests, on both engines.
//
//   --count N   filings to replay (82022)
//   --rows N    requests that circulars and statistics look at (1000000)
import assert from "node:assert/strict";
import { Agent, request } from "node:http";
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
const CLERKS = 32;
const FILING = "cross-domain-filing";
const number = (value) => Math.round(value).toLocaleString("en-US");

// --- replay ---

/** One keep-alive connection a clerk. Answers status, body and milliseconds. */
function caller(server) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const call = (method, path, token, body, headers = {}) =>
        new Promise((done, fail) => {
            const bytes = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
            const from = performance.now();
            const sent = request(
                server.url + encodeURI(path),
                {
                    method,
                    agent,
                    headers: {
                        accept: "application/json",
                        authorization: `Bearer ${token}`,
                        ...(bytes && !Buffer.isBuffer(body) ? { "content-type": "application/json" } : {}),
                        ...(bytes ? { "content-length": bytes.length } : {}),
                        ...headers,
                    },
                },
                (answer) => {
                    const parts = [];
                    answer.on("data", (part) => parts.push(part));
                    answer.on("end", () => {
                        const text = Buffer.concat(parts).toString();
                        done({ status: answer.statusCode, body: text.startsWith("{") ? JSON.parse(text) : null, text, ms: performance.now() - from });
                    });
                },
            );
            sent.on("error", fail);
            sent.end(bytes ?? undefined);
        });
    return { call, close: () => agent.destroy() };
}

async function replay(row, count) {
    const server = await start({ engine: "sqlite" });
    try {
        const pairs = [["藏0624", "粤0307"], ["沪0115", "京0105"], ["京0101", "沪0104"], ["粤0304", "苏0508"]];
        const posts = new Map();
        for (const [near, far] of pairs) {
            posts.set(near, (await login(server, `window@${near}`)).token);
            posts.set(far, (await login(server, `reviewer@${far}`)).token);
        }
        // What a form wants is learned once; a window's program does the same.
        const [near, far] = pairs[1];
        const window = await login(server, `window@${near}`);
        const draft = await window.begin(FILING, far, { "filing-kind": "civil" });
        const { act } = await window.offered(draft.id, "submit");
        const values = form_fill(act.form, { "filing-kind": "civil" });
        const kinds = act.materials.filter((need) => need.min > 0).map((need) => need.kind);
        const file = pdf("材料");
        let next = 0;
        const times = [];
        const timed = async (clerk, ...words) => {
            const answer = await clerk.call(...words);
            assert.ok(answer.status < 300, `${words[1]}: ${answer.status} ${answer.text.slice(0, 400)}`);
            times.push(answer.ms);
            return answer.body;
        };
        const act_of = (clerk, id, name, token, body) =>
            timed(clerk, "POST", `/matters/${id}/acts/${name}`, token, { accept_warnings: true, ...body }, { "idempotency-key": randomUUID() });
        const clerk_work = async () => {
            const clerk = caller(server);
            while (next < count) {
                const [from, to] = pairs[next++ % pairs.length];
                const begun = await clerk.call("POST", "/matters", posts.get(from), { procedure: FILING, court: to, values: {} }, { "idempotency-key": randomUUID() });
                assert.equal(begun.status, 201, begun.text);
                const id = begun.body.id;
                for (const kind of kinds) {
                    const answer = await clerk.call("POST", `/matters/${id}/materials?kind=${kind}`, posts.get(from), file, {
                        "x-filename": `${kind}.pdf`,
                        "content-type": "application/octet-stream",
                    });
                    assert.equal(answer.status, 201, answer.text);
                }
                const sent = await act_of(clerk, id, "submit", posts.get(from), { values });
                const seen = await clerk.call("GET", `/matters/${id}`, posts.get(to));
                const respond = seen.body.acts.find((one) => one.name === "respond");
                const responded = await act_of(clerk, id, "respond", posts.get(to), { values: form_fill(respond.form), revision: seen.body.revision });
                const docket = responded.acts.find((one) => one.name === "docket");
                await act_of(clerk, id, "docket", posts.get(to), { values: form_fill(docket.form), revision: responded.revision });
                assert.equal(sent.state, "sent");
            }
            clerk.close();
        };
        const from = performance.now();
        await Promise.all(Array.from({ length: CLERKS }, clerk_work));
        const seconds = (performance.now() - from) / 1000;
        times.sort((a, b) => a - b);
        const p99 = times[Math.floor(times.length * 0.99)];
        const decided = Number(await sql(server.database, `SELECT COUNT(*) FROM handover WHERE outcome = 'docketed'`));
        assert.equal(decided, count);
        row(
            `replay of ${number(count)} cross-domain filings, SQLite, durable`,
            `${number(seconds)} s, ${number(times.length / seconds)} acts/s, p99 ${number(p99)} ms`,
            "",
            null,
            `${CLERKS} clerks in one process of Node.js beside the program; each filing: draft, ${kinds.length} materials, submit, read, respond, docket`,
        );
        if (count < FILINGS) {
            row(`the same for ${number(FILINGS)}, reckoned`, `${(((seconds / count) * FILINGS) / 60).toFixed(0)} min`, "minutes, not hours", seconds / count < 0.045, "not run in full here");
        }
    } finally {
        await server.stop();
    }
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
    await sql(
        server.database,
        `INSERT INTO matter (id, procedure, version, state, court, title, case_number, owner, revision, events, head, field_values, groups, wrapped_key, follow_code, created, updated, arrived)
         SELECT value + 500000000000000000, '${FILING}', 1, 'docketed', '京0105', '', NULL, 0, 1, 1, ${zero}, '{}', '{}', '', '', 0, 0, 0 FROM ${series};
         INSERT INTO handover (matter, procedure, kind, collaborator, court, collaborator_province, province, drill, submitted, responded, decided, response_ms, outcome, corrections, late_response, late_feedback, late_decision, rating)
         SELECT value + 500000000000000000, '${FILING}', 'civil', a.code, b.code, ${province("a.code")}, ${province("b.code")}, 0, ${at},
           CASE WHEN value % 100 = 7 THEN NULL ELSE ${at} + ms END, CASE WHEN value % 100 < 10 THEN NULL ELSE ${at} + ${DAY} END,
           CASE WHEN value % 100 = 7 THEN NULL ELSE ms END, CASE WHEN value % 100 < 10 THEN '' ELSE 'docketed' END, 0,
           CASE WHEN ms > ${30 * MINUTE} OR value % 100 = 7 THEN ${at} + ${30 * MINUTE} END, CASE WHEN value % 100 = 7 THEN ${at} + ${DAY} END,
           CASE WHEN value % 200 = 7 THEN ${at} + ${9 * DAY} END, NULL
         FROM (SELECT value, CASE WHEN value % 10 = 3 THEN ${31 * MINUTE} + value * 31 % ${HOUR} ELSE value * 7907 % ${30 * MINUTE} END AS ms FROM ${series}) AS r
         JOIN bench_court AS a ON a.n = value * 6151 % ${courts.length} JOIN bench_court AS b ON b.n = value * 3079 % ${courts.length};
         DROP TABLE bench_court; ANALYZE`,
    );
}

async function circulars(row, count, engine) {
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
                "the period of 17 months; totals, medians and lists of all courts, provinces and the country",
            );
        }
        const supreme = await login(server, "supervisor@最高法");
        const range = `from=${day_text(monday - 520 * DAY)}&to=${day_text(monday)}`;
        for (const by of ["", "court", "month"]) {
            const from = performance.now();
            const answer = await supreme.get(`/statistics/cross-domain?by=${by}&${range}`);
            assert.equal(answer.body.total.count, count);
            row(`statistics of all ${number(count)} requests by ${by || "nothing"}, ${engine}`, `${((performance.now() - from) / 1000).toFixed(1)} s`, "", null, "exact medians over everything, with the total beside it");
        }
    } finally {
        await server.stop();
    }
}

export async function cross_domain(row, args) {
    await replay(row, Number(args.count ?? FILINGS));
    await circulars(row, Number(args.rows ?? 1_000_000), "sqlite");
    const cluster = await cluster_start({ durable: true });
    process.env.TONGSU_TEST_PG = cluster.url;
    try {
        await circulars(row, Number(args.rows ?? 1_000_000), "postgres");
    } finally {
        cluster.stop();
    }
}
