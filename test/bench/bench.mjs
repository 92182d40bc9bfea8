// `make bench`: the numbers of docs/performance.md, measured on this machine, in one run.
//
//   node test/bench/bench.mjs [--only acts,postgres,reads,mixed,memory,restart,papers,batch,growth,cross-domain,proof]
//                             [--drafts N] [--count N] [--rows N]
//                             [--growth A,B] [--runs N] [--write]
//
// Ratios compare the program with bare tools doing the same work beside it: nginx with a file of the
// same size; a bare group-commit loop with the statements that the program itself ran (trace.c,
// group_commit.c). --write puts the table into docs/performance.md. Everything listens on loopback.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { COURT, FILING, login } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { form_fill } from "../lib/form.mjs";
import { cluster_start, port_free, psql } from "../lib/postgres.mjs";
import { children_of, processor_ms } from "../lib/processor.mjs";
import { batch_papers } from "./batch_papers.mjs";
import { cross_domain } from "./cross_domain.mjs";
import { root, scratch, Server, sleep, until } from "../lib/server.mjs";

const exec = promisify(execFile);
const BENCH = process.env.TONGSU_BENCH_DIR ?? join(root, "build/bench");
const args = Object.fromEntries(
    process.argv.slice(2).join(" ").split("--").filter(Boolean).map((words) => {
        const [name, ...value] = words.trim().split(/\s+/);
        return [name, value.join(" ") || "yes"];
    }),
);
const ONLY = args.only?.split(",");
const DRAFTS = Number(args.drafts ?? 8000);
const RUNS = Number(args.runs ?? 3);
const CONNECTIONS = 64;
const rows = []; // { what, got, goal, ok, how }
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
const number = (value) => Math.round(value).toLocaleString("en-US");

function row(what, got, goal, ok, how) {
    rows.push({ what, got, goal, ok, how });
    console.log(`${ok === null ? "      " : ok ? "met   " : "MISSED"} ${what}: ${got}${goal ? ` (goal ${goal})` : ""}`);
}

// --- requests as bytes ---

function request(method, path, headers, body = null) {
    const bytes = body === null ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const lines = [`${method} ${path} HTTP/1.1`, "Host: bench", "Accept: application/json"];
    for (const [name, value] of Object.entries(headers)) {
        lines.push(`${name}: ${value}`);
    }
    if (body !== null) {
        lines.push(`Content-Length: ${bytes.length}`);
        if (!Buffer.isBuffer(body)) {
            lines.push("Content-Type: application/json");
        }
    }
    const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(head.length + bytes.length);
    return Buffer.concat([size, head, bytes]);
}

const bearer = (who) => ({ Authorization: `Bearer ${who.token}` });

async function load(server, requests, { connections = CONNECTIONS, rate, seconds, answers = false } = {}) {
    const dir = scratch("load");
    const file = join(dir, "requests");
    writeFileSync(file, Buffer.concat(requests));
    const words = [`${server.port}`, `${connections}`, file];
    if (rate) {
        words.push("--rate", `${rate}`);
    }
    if (seconds) {
        words.push("--seconds", `${seconds}`);
    }
    if (answers) {
        words.push("--out", join(dir, "answers"));
    }
    const { stdout } = await exec(join(BENCH, "load"), words, { maxBuffer: 1 << 20 });
    const result = JSON.parse(stdout);
    if (answers) {
        const bytes = readFileSync(join(dir, "answers"));
        result.bodies = [];
        for (let at = 0; at < bytes.length; ) {
            const size = bytes.readUInt32LE(at + 4);
            result.bodies.push({ status: bytes.readUInt32LE(at), text: bytes.subarray(at + 8, at + 8 + size).toString() });
            at += 8 + size;
        }
    }
    rmSync(dir, { recursive: true });
    return result;
}

function all_ok(result, status, what) {
    const good = result.statuses[status] ?? 0;
    assert.equal(good, result.requests, `${what}: ${JSON.stringify(result.statuses)}, ${result.broken} broken`);
}

// --- drafts ready to be submitted ---

async function drafts(server, who, count, court = COURT) {
    const model = await who.begin(FILING, court);
    const { form, materials } = model.acts[0];
    const begun = await load(
        server,
        Array.from({ length: count }, () => request("POST", "/matters", { ...bearer(who), "Idempotency-Key": randomUUID() }, { procedure: FILING, court, values: {} })),
        { answers: true },
    );
    all_ok(begun, 201, "begin");
    const ids = begun.bodies.map((answer) => JSON.parse(answer.text).id);
    const uploads = [];
    for (const need of materials.filter((one) => one.min > 0)) {
        const bytes = pdf(need.kind, 2000);
        for (const id of ids) {
            uploads.push(request("POST", `/matters/${id}/materials?kind=${need.kind}`, { ...bearer(who), "X-Filename": "a.pdf", "Content-Type": "application/octet-stream" }, bytes));
        }
    }
    all_ok(await load(server, uploads), 201, "upload");
    return { ids, values: form_fill(form) };
}

const submissions = (who, { ids, values }) =>
    ids.map((id) => request("POST", `/matters/${id}/acts/submit`, { ...bearer(who), "Idempotency-Key": randomUUID() }, { values, accept_warnings: true }));

/** A copy of stopped data, to be used and thrown away. */
function copy(base) {
    const data = scratch("bench");
    cpSync(base.data, data, { recursive: true });
    return { data, keys: join(data, "keys"), database: `sqlite:${join(data, "t.db")}` };
}

async function on_copy(base, use, options = {}) {
    const at = copy(base);
    const server = await new Server({ ...at, log: false, ...options }).start();
    try {
        return await use(server, at);
    } finally {
        await server.stop({ keep: true });
        rmSync(at.data, { recursive: true, force: true });
    }
}

const rss_mb = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
// --- what is measured ---

async function acts(base, ready) {
    const trace = join(base.data, "../", `tongsu-trace-${process.pid}`);
    await on_copy(
        base,
        async (server) => {
            const who = await login(server, "citizen-1");
            all_ok(await load(server, submissions(who, ready)), 200, "submit under the trace");
        },
        { env: { LD_PRELOAD: join(BENCH, "trace.so"), TONGSU_TRACE: trace } },
    );
    const bare = [];
    const whole = [];
    // One after the other, in turn, so that both meet the same disk.
    for (let run = 0; run < RUNS; run++) {
        const at = copy(base);
        const { stdout } = await exec(join(BENCH, "group_commit"), [join(at.data, "t.db"), trace, `${CONNECTIONS}`]);
        bare.push(JSON.parse(stdout));
        rmSync(at.data, { recursive: true });
        whole.push(
            await on_copy(base, async (server) => {
                const who = await login(server, "citizen-1");
                const before = processor_ms(server.pid);
                const result = await load(server, submissions(who, ready));
                all_ok(result, 200, "submit");
                return { ...result, program_ms: (processor_ms(server.pid) - before) / ready.ids.length };
            }),
        );
    }
    rmSync(trace, { force: true });
    const bare_rate = median(bare.map((one) => one.acts_per_second));
    const rate = median(whole.map((one) => one.per_second));
    row("bare group-commit loop, the same statements, 64 producers", `${number(bare_rate)} acts/s`, "", null, `median of ${RUNS}; ${bare[0].statements_per_act} statements and ${bare[0].pages_per_act} pages of 4 KB an act`);
    row(`durable acts over HTTP, ${CONNECTIONS} connections`, `${number(rate)} acts/s, p99 ${median(whole.map((one) => one.p99_ms))} ms`, "", null, `${ready.ids.length} filings submitted; ${median(whole.map((one) => one.program_ms)).toFixed(2)} ms of processor time an act`);
    row("acts over HTTP against the bare loop", (rate / bare_rate).toFixed(2), "≥ 0.60", rate / bare_rate >= 0.6, "SQLite, synchronous=FULL");
}

/** The same on PostgreSQL, in a cluster of our own that is as durable as a real one. */
async function postgres() {
    const cluster = await cluster_start({ durable: true });
    let made = 0;
    const database_of = async (template) => {
        const name = `bench_${++made}`;
        await psql(`${cluster.url}/postgres`, `create database ${name} template ${template}`);
        return name;
    };
    const base = { data: scratch("base-pg"), name: await database_of("template0") };
    const serve = async (at, use, options = {}) => {
        const server = await new Server({ data: at.data, keys: join(at.data, "keys"), database: `${cluster.url}/${at.name}`, log: false, ...options }).start();
        try {
            return await use(server);
        } finally {
            await server.stop({ keep: true });
        }
    };
    const copy_of_base = async () => {
        const data = scratch("bench-pg");
        cpSync(base.data, data, { recursive: true });
        return { data, name: await database_of(base.name) };
    };
    const trace = join(base.data, "../", `tongsu-pg-trace-${process.pid}`);
    try {
        const ready = await serve(base, async (server) => drafts(server, await login(server, "citizen-1"), Math.min(DRAFTS, 4000)));
        const submit = async (server) => {
            const who = await login(server, "citizen-1");
            const before = { program: processor_ms(server.pid), engine: processor_ms(cluster.pid) };
            const result = await load(server, submissions(who, ready));
            all_ok(result, 200, "submit on PostgreSQL");
            const each = (name, pid) => (processor_ms(pid) - before[name]) / ready.ids.length;
            return { ...result, program_ms: each("program", server.pid), engine_ms: each("engine", cluster.pid) };
        };
        await serve(await copy_of_base(), submit, { env: { LD_PRELOAD: join(BENCH, "pg_trace.so"), TONGSU_TRACE: trace } });
        const bare = [];
        const whole = [];
        for (let run = 0; run < RUNS; run++) {
            const { name } = await copy_of_base();
            const before = processor_ms(cluster.pid);
            const { stdout } = await exec(join(BENCH, "pg_pipeline"), [`${cluster.url}/${name}`, trace, "8"]);
            await sleep(300); // until its connections have ended
            bare.push({ ...JSON.parse(stdout), engine_ms: (processor_ms(cluster.pid) - before) / ready.ids.length });
            whole.push(await serve(await copy_of_base(), submit));
        }
        const bare_rate = median(bare.map((one) => one.acts_per_second));
        const rate = median(whole.map((one) => one.per_second));
        const ms = (runs, what) => `${median(runs.map((one) => one[what])).toFixed(2)} ms`;
        row("PostgreSQL, bare libpq pipeline loop, the same statements, 8 connections", `${number(bare_rate)} acts/s`, "", null, `median of ${RUNS}, fsync on, TCP loopback; ${ms(bare, "engine_ms")} of processor time of the server an act`);
        row(`PostgreSQL, durable acts over HTTP, ${CONNECTIONS} connections`, `${number(rate)} acts/s, p99 ${median(whole.map((one) => one.p99_ms))} ms`, "", null, `processor time an act: ${ms(whole, "program_ms")} of the program, ${ms(whole, "engine_ms")} of the server`);
        row("PostgreSQL, acts over HTTP against the bare loop", (rate / bare_rate).toFixed(2), "≥ 0.70", rate / bare_rate >= 0.7, "");
    } finally {
        cluster.stop();
        rmSync(trace, { force: true });
        rmSync(base.data, { recursive: true, force: true });
    }
}

async function wrk(url, headers = {}, seconds = 5) {
    const words = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency"];
    for (const [name, value] of Object.entries(headers)) {
        words.push("-H", `${name}: ${value}`);
    }
    const { stdout } = await exec("wrk", [...words, url]);
    const rate = Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)[1]);
    const bad = stdout.match(/Non-2xx or 3xx responses: (\d+)/);
    assert.equal(bad, null, stdout);
    return { rate, p99: stdout.match(/99%\s+(\S+)/)[1] };
}

/** nginx with two workers and a folder of files. */
async function nginx(files) {
    const dir = scratch("nginx");
    mkdirSync(join(dir, "www"));
    for (const [name, bytes] of Object.entries(files)) {
        writeFileSync(join(dir, "www", name), bytes);
    }
    execFileSync("chmod", ["-R", "a+rX", dir]);
    const port = await port_free();
    writeFileSync(
        join(dir, "nginx.conf"),
        `daemon off; worker_processes 2; pid ${dir}/pid; error_log ${dir}/error.log;
events { worker_connections 4096; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100; default_type application/octet-stream;
client_body_temp_path ${dir}/t1; proxy_temp_path ${dir}/t2; fastcgi_temp_path ${dir}/t3; uwsgi_temp_path ${dir}/t4; scgi_temp_path ${dir}/t5;
server { listen 127.0.0.1:${port} reuseport; root ${dir}/www; } }\n`,
    );
    const child = spawn("nginx", ["-c", join(dir, "nginx.conf"), "-e", join(dir, "error.log")], { stdio: "ignore" });
    const ended = new Promise((done) => child.once("exit", done));
    await until("nginx answers", async () => (await fetch(`http://127.0.0.1:${port}/${Object.keys(files)[0]}`).catch(() => null))?.ok);
    return {
        url: `http://127.0.0.1:${port}`,
        async stop() {
            child.kill("SIGTERM");
            await ended;
            rmSync(dir, { recursive: true, force: true });
        },
    };
}

async function reads(server, who, matter) {
    const path = `/matters/${matter.id}`;
    const token = { Authorization: `Bearer ${who.token}` };
    const shapes = [
        ["JSON of a matter", "application/json", 0.5],
        ["page of a matter", "text/html", 0.3],
    ];
    for (const [what, accept, goal] of shapes) {
        const sample = await who.get(path, { accept });
        assert.equal(sample.status, 200);
        const statics = await nginx({ "file.bin": sample.bytes });
        const ours = [];
        const theirs = [];
        for (let run = 0; run < RUNS; run++) {
            theirs.push(await wrk(`${statics.url}/file.bin`));
            ours.push(await wrk(`${server.url}${path}`, { ...token, Accept: accept }));
        }
        await statics.stop();
        const rate = median(ours.map((one) => one.rate));
        const bare = median(theirs.map((one) => one.rate));
        row(`${what}, ${number(sample.bytes.length)} bytes`, `${number(rate)} /s, p99 ${ours[0].p99}`, "", null, `wrk -t1 -c${CONNECTIONS}, session by token`);
        row(`nginx, a static file of that size`, `${number(bare)} /s, p99 ${theirs[0].p99}`, "", null, "two workers");
        row(`${what} against nginx`, (rate / bare).toFixed(2), `≥ ${goal.toFixed(2)}`, rate / bare >= goal, `median of ${RUNS}`);
    }
}

async function mixed(base, ready) {
    await on_copy(base, async (server) => {
        const who = await login(server, "citizen-1");
        const some = { ...ready, ids: ready.ids.slice(0, Math.min(ready.ids.length, 5000)) };
        const reading = request("GET", `/matters/${ready.ids.at(-1)}`, bearer(who));
        const seconds = some.ids.length / 500;
        const [written, read] = await Promise.all([
            load(server, submissions(who, some), { connections: 64, rate: 500 }),
            load(server, [reading], { connections: 32, rate: 4000, seconds }),
        ]);
        all_ok(written, 200, "acts beside reads");
        row("acts at 500 /s beside 4,000 reads/s", `p50 ${written.p50_ms} ms, p99 ${written.p99_ms} ms, max ${written.max_ms} ms`, "p99 < 50 ms", written.p99_ms < 50, `${number(written.per_second)} acts/s and ${number(read.per_second)} reads/s reached, read p99 ${read.p99_ms} ms`);
    });
}

const command_of = (pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0/g, " ");

/** { worker, helpers }: process ids under the supervisor. */
function family(server) {
    const under = children_of(server.pid).flatMap((pid) => [pid, ...children_of(pid)]);
    const helpers = under.filter((pid) => command_of(pid).includes("helper"));
    const worker = under.find((pid) => !helpers.includes(pid)) ?? server.pid;
    return { worker, helpers };
}

async function memory(server, who, matter) {
    const { worker } = family(server);
    row("worker at rest", `${rss_mb(worker).toFixed(0)} MB`, "< 64 MB", rss_mb(worker) < 64, "after start, national directory loaded");
    const sockets = [];
    let open = 0;
    for (let n = 0; n < 5000; n++) {
        const socket = connect(server.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.on("data", () => socket.counted ?? ((socket.counted = true), open++));
        socket.write("GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n");
        sockets.push(socket);
        if (n % 100 === 99) {
            await sleep(20);
        }
    }
    await until("all lines are answered", () => open >= 4950, 20_000).catch(() => null);
    row(`worker with ${number(open)} idle connections`, `${rss_mb(worker).toFixed(0)} MB`, "< 256 MB", open >= 4950 && rss_mb(worker) < 256, "each has been answered once and is kept open");
    sockets.forEach((socket) => socket.destroy());
    await who.get(matter.papers[0].url);
    await sleep(300);
    const helpers = family(server).helpers.map(rss_mb);
    if (helpers.length > 0) {
        row("a helper after a paper", `${Math.max(...helpers).toFixed(0)} MB`, "< 160 MB", Math.max(...helpers) < 160, "");
    }
}

async function restart(base) {
    const fresh = scratch("fresh");
    let begun = performance.now();
    const first = await new Server({ data: fresh, keys: join(fresh, "keys"), database: `sqlite:${join(fresh, "t.db")}` }).start();
    row("first start, with the national directory", `${((performance.now() - begun) / 1000).toFixed(2)} s`, "< 1 s", performance.now() - begun < 1000, "until /readyz answers");
    await first.stop({ keep: true });
    rmSync(fresh, { recursive: true, force: true });
    const at = copy(base);
    const server = await new Server({ ...at }).start();
    await server.kill();
    begun = performance.now();
    const again = await server.again();
    const took = performance.now() - begun;
    row("restart after kill -9", `${(took / 1000).toFixed(2)} s`, "< 2 s", took < 2000, "until /readyz answers");
    await again.stop({ keep: true });
    rmSync(at.data, { recursive: true, force: true });
}

/** The document checker: sentence pairs that no rule was made from, statutes that are clean, and its speed. */
async function proof() {
    const { stdout } = await exec(join(root, "build/bench/proof"), ["--part", "held"], { cwd: root });
    const got = JSON.parse(stdout);
    const percent = (a, b) => `${((100 * a) / b).toFixed(0)} %`;
    const kinds = Object.entries({ same_length: "as many characters", left_out: "characters left out", too_many: "characters too many" });
    row("checker: slips found in held sentences", `${got.found} of ${got.pairs} (${percent(got.found, got.pairs)}), ${got.mended} mended whole`, "", null, kinds.map(([key, title]) => `${title}: ${got.kinds[key][1]} of ${got.kinds[key][0]}`).join("; "));
    const precision = got.found / (got.found + got.elsewhere + got.right_findings);
    row("checker: precision in held sentences, wrong and right ones", percent(got.found, got.found + got.elsewhere + got.right_findings), "", null, `${got.right_false} of ${got.pairs} right sentences have a finding; precision ${precision.toFixed(2)}`);
    row("checker: false findings in held statutes", `${((1e4 * got.clean_false) / got.clean_characters).toFixed(2)} in 10,000 characters`, "", null, `${number(got.clean_characters)} characters`);
    row("checker: text read a second", `${got.mb_a_second.toFixed(1)} MB/s`, "≥ 5 MB/s", got.mb_a_second >= 5, `all checks, one thread, processor time; its language is built once in ${got.build_ms.toFixed(0)} ms`);
}

async function papers(server, who, ids) {
    const waits = [];
    for (const id of ids.slice(0, 60)) {
        const begun = performance.now();
        const answer = await who.get(`/matters/${id}/papers/1`);
        assert.equal(answer.status, 200, answer.text.slice(0, 200));
        waits.push(performance.now() - begun);
    }
    const warm = median(waits.slice(10));
    row("a receipt as PDF, asked for the first time, warm helper", `${warm.toFixed(1)} ms`, "< 30 ms", warm < 30, "over HTTP, one after the other");
}

/** A notice of two pages in processor time: printed, sealed; and what others take for the same text. */
async function papers_alone() {
    const { stdout } = await exec(join(root, "build/bench/papers"), ["notice-of-acceptance"], { cwd: root });
    const got = JSON.parse(stdout);
    const whole = got.print_ms + got.sign_ms;
    row(`a notice of ${got.pages} pages, warm helper, processor time`, `${got.print_ms.toFixed(1)} ms`, "< 30 ms", got.print_ms < 30, `filled, set, PDF/A-1b; ${got.sign_ms.toFixed(1)} ms more for both signatures`);
    row("1,000 of them sealed, processor time over two cores", `${(whole / 2).toFixed(1)} s`, "< 20 s", whole / 2 < 20, "without the database");
    const at = scratch("beside");
    const html = join(at, "paper.html");
    const text = "北京市朝阳区人民法院立案庭收到的材料第一百二十四条。".repeat(40);
    writeFileSync(html, `<!doctype html><meta charset="utf-8"><title>通知书</title><style>body{font:15.75pt/28pt "Noto Serif CJK SC"}</style><p>${text}</p>`);
    for (const [name, program, ...words] of [
        ["Chromium", "chromium", "--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${join(at, "chromium")}`, `--print-to-pdf=${join(at, "chromium.pdf")}`, `file://${html}`],
        ["LibreOffice", "soffice", `-env:UserInstallation=file://${join(at, "office")}`, "--headless", "--convert-to", "pdf", "--outdir", at, html],
    ]) {
        try {
            await exec("which", [program]);
        } catch {
            row(`the same text by ${name}`, "not installed", "", null, "");
            continue;
        }
        const waits = [];
        for (let n = 0; n < 3; n++) {
            const { stderr } = await exec("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', "bash", program, ...words]);
            const [user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
            waits.push(user + system);
        }
        row(`the same text by ${name}, processor time`, `${(median(waits) * 1e3).toFixed(0)} ms`, "", null, "a process for each, as there is no warm one");
    }
    rmSync(at, { recursive: true, force: true });
}

/**
 * Copies a submitted matter `count` times by SQL alone, on a stopped SQLite database: the rows and trees
 * are as big as if each had been submitted, which takes hours over HTTP. Only the evidence is no longer
 * true (hashes are random, events name the matter they were copied from): the data is thrown away.
 */
async function fill(database, template, count) {
    const file = database.replace("sqlite:", "");
    const ask = async (text) => (await exec("sqlite3", [file, text], { maxBuffer: 1 << 26 })).stdout.trim();
    // All ids come from one sequence; its row has the lower 47 bits of the next one.
    const first = BigInt(await ask("select (select max(id) >> 47 << 47 from matter) + (select next from sequence where name = 'id')"));
    const size = await ask("select coalesce(max(idx), -1) + 1 from leaf");
    const step = 40;
    const id = `(${first} + ${step} * i.n)`;
    const special = {
        matter: { id, follow_code: "hex(randomblob(6))" },
        leaf: { seq: `${id} + 1`, hash: "randomblob(32)", idx: `${size} + i.n - 1` },
        notice: { id: `${id} + 1 + t.place` },
        once: { key: "hex(randomblob(12))", route: "t.route || i.n" },
        listing: { sort_key: "t.sort_key + i.n" },
    };
    const script = ["PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-500000; BEGIN;"];
    for (const table of ["matter", "party", "attachment", "material", "paper", "clock", "event", "leaf", "listing", "search", "notice", "once"]) {
        const columns = (await ask(`select name from pragma_table_info('${table}')`)).split("\n");
        const values = columns.map((name) => special[table]?.[name] ?? (name === "matter" ? id : `t."${name}"`));
        script.push(
            `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${count})
             INSERT INTO "${table}" (${columns.map((name) => `"${name}"`)}) SELECT ${values}
             FROM (SELECT *, row_number() OVER () AS place FROM "${table}" WHERE ${table === "matter" ? "id" : "matter"} = ${template}) AS t CROSS JOIN i;`,
        );
    }
    for (let level = 1; level < 40; level++) {
        script.push(
            `WITH RECURSIVE i(n) AS (SELECT coalesce((SELECT max(idx) + 1 FROM log_node WHERE level = ${level}), 0) UNION ALL SELECT n + 1 FROM i)
             INSERT INTO log_node (level, idx, hash) SELECT ${level}, n, randomblob(32) FROM i
             LIMIT max(0, ((${size} + ${count}) >> ${level}) - coalesce((SELECT max(idx) + 1 FROM log_node WHERE level = ${level}), 0));`,
        );
    }
    script.push(`UPDATE sequence SET next = (${first} + ${step} * ${count + 1}) & 140737488355327 WHERE name = 'id'; COMMIT; PRAGMA journal_mode=WAL;`);
    const sheet = join(scratch("fill"), "fill.sql");
    writeFileSync(sheet, script.join("\n"));
    await exec("sqlite3", ["-bail", file, `.read ${sheet}`], { maxBuffer: 1 << 20 });
    rmSync(join(sheet, ".."), { recursive: true });
    await exec("sync"); // gigabytes still on their way to the disk would be charged to the acts
}

/** Cost of an act and of a list page with few and with many matters. */
async function growth() {
    const [few, many] = (args.growth ?? "10000,100000").split(",").map(Number);
    const data = scratch("growth");
    const at = { data, keys: join(data, "keys"), database: `sqlite:${join(data, "t.db")}` };
    const serve = async (use) => {
        const server = await new Server(at).start();
        try {
            const who = await login(server, "citizen-1");
            return await use(server, who);
        } finally {
            await server.stop({ keep: true });
        }
    };
    const cost = () =>
        serve(async (server, who) => {
            const officer = await login(server, `reviewer@${COURT}`);
            const acts = [];
            const lists = [];
            for (let run = 0; run < RUNS; run++) {
                const ready = await drafts(server, who, 500);
                const written = await load(server, submissions(who, ready), { connections: 16 });
                all_ok(written, 200, "submit");
                acts.push(written.per_second);
                const list = await load(server, [request("GET", "/matters?box=todo", bearer(officer))], { connections: 4, seconds: 2 });
                lists.push(list.per_second);
            }
            return { act: median(acts), list: median(lists) };
        });
    try {
        const template = await serve(async (server, who) => {
            const ready = await drafts(server, who, 1);
            all_ok(await load(server, submissions(who, ready), { connections: 1 }), 200, "submit");
            return ready.ids[0];
        });
        await fill(at.database, template, few);
        const before = await cost();
        await fill(at.database, template, many - few - RUNS * 500);
        const after = await cost();
        for (const [what, one] of [["an act", "act"], ["a list page", "list"]]) {
            const ratio = after[one] / before[one];
            row(`${what}: ${number(many)} matters against ${number(few)}`, `${number(after[one])} against ${number(before[one])} /s (${ratio.toFixed(2)})`, "within 20 %", ratio >= 0.8, `all of one court and one person; filled by SQL from one filing; median of ${RUNS}`);
        }
    } finally {
        rmSync(data, { recursive: true, force: true });
    }
}

function write_table() {
    const [cpu] = cpus();
    const commit = execFileSync("git", ["-C", root, "rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
    const lines = [
        `Measured ${new Date().toISOString().slice(0, 10)} at ${commit} by \`make bench\` on ${cpus().length} cores (${cpu.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${execFileSync("uname", ["-r"], { encoding: "utf8" }).trim()}; load and program share the cores.`,
        "",
        "| what | measured | goal | met | how |",
        "|---|---|---|---|---|",
        ...rows.map(({ what, got, goal, ok, how }) => `| ${what} | ${got} | ${goal} | ${ok === null ? "" : ok ? "yes" : "**no**"} | ${how} |`),
    ];
    const file = join(root, "docs/performance.md");
    const [open, close] = ["<!-- bench: begin -->", "<!-- bench: end -->"];
    const old = existsSync(file) ? readFileSync(file, "utf8") : `# Performance\n\n${open}\n${close}\n`;
    writeFileSync(file, `${old.slice(0, old.indexOf(open) + open.length)}\n${lines.join("\n")}\n${old.slice(old.indexOf(close))}`);
}

async function main() {
    for (const tool of ["load", "group_commit", "trace.so"]) {
        assert.ok(existsSync(join(BENCH, tool)), `${BENCH}/${tool} is not built: make bench builds it`);
    }
    const wanted = (name) => !ONLY || ONLY.includes(name);
    const base = { data: scratch("base") };
    const first = await new Server({ data: base.data, keys: join(base.data, "keys"), database: `sqlite:${join(base.data, "t.db")}` }).start();
    const ready = await drafts(first, await login(first, "citizen-1"), DRAFTS);
    await first.stop({ keep: true });
    try {
        if (wanted("acts")) {
            await acts(base, ready);
        }
        if (["reads", "memory", "papers"].some(wanted)) {
            await on_copy(base, async (server) => {
                const who = await login(server, "citizen-1");
                const some = { ...ready, ids: ready.ids.slice(0, 100) };
                if (wanted("memory")) {
                    const { body } = await who.post(`/matters/${some.ids[99]}/acts/submit`, { values: some.values, accept_warnings: true }, { key: randomUUID() });
                    await memory(server, who, body);
                }
                all_ok(await load(server, submissions(who, { ...some, ids: some.ids.slice(0, 99) })), 200, "submit");
                if (wanted("papers")) {
                    await papers(server, who, some.ids);
                    await papers_alone();
                }
                if (wanted("reads")) {
                    await reads(server, who, await who.matter(some.ids[0]));
                }
            });
        }
        for (const [name, measure] of Object.entries({ mixed: () => mixed(base, ready), restart: () => restart(base), postgres, growth, proof, batch: () => batch_papers(row, args), "cross-domain": () => cross_domain(row, args, { load, request, bearer, all_ok }) })) {
            if (wanted(name)) {
                await measure();
            }
        }
    } finally {
        rmSync(base.data, { recursive: true, force: true });
    }
    mkdirSync(BENCH, { recursive: true });
    writeFileSync(join(BENCH, "result.json"), JSON.stringify(rows, null, 1));
    if (args.write) {
        write_table();
    }
    const missed = rows.filter((one) => one.ok === false).length;
    console.log(`${rows.filter((one) => one.ok).length} met, ${missed} missed`);
    return readdirSync(BENCH).length > 0 ? 0 : 1;
}

process.exitCode = await main();
