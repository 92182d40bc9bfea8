// What an operator leans on: health, figures, accounts, backup, restart, a full disk, a power cut.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client, filed, login, nobody, refused } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { form_fill, form_own } from "../lib/form.mjs";
import { command, root, scratch, Server, sleep, start, until } from "../lib/server.mjs";

const ENGINE = process.env.TONGSU_TEST_DB ?? "sqlite";
let server;

before(async () => {
    server = await start();
});
after(() => server?.stop());

const verify = (at) => command(["verify", ...at.flags]);

describe("health", () => {
    test("/healthz says that it lives", async () => {
        const answer = await nobody(server).get("/healthz");
        assert.equal(answer.status, 200);
    });

    test("/readyz names database, writer, disk, keys and the sequencer's lag", async () => {
        const answer = await nobody(server).get("/readyz");
        assert.equal(answer.status, 200, answer.text);
        for (const part of ["database", "writer", "disk", "keys", "sequencer"]) {
            assert.match(answer.text, new RegExp(part), part);
        }
    });

    test("/metrics speaks Prometheus and counts", async () => {
        const read = async () => {
            const answer = await nobody(server).get("/metrics", { accept: "text/plain" });
            assert.equal(answer.status, 200);
            assert.match(answer.headers.get("content-type"), /^text\/plain/);
            return answer.text;
        };
        const text = await read();
        for (const line of text.trim().split("\n")) {
            assert.match(line, /^(# (HELP|TYPE) [a-z_:][\w:]* .+|[a-zA-Z_:][\w:]*(\{[^}]*\})? [-+0-9.eENaInf]+)$/, line);
        }
        const total = (all) => [...all.matchAll(/^\w+_total(?:\{[^}]*\})? (\d+)/gm)].reduce((sum, found) => sum + Number(found[1]), 0);
        const before_all = total(text);
        await filed(await login(server, "citizen-1"));
        assert.ok(total(await read()) > before_all, "what is done is counted");
        assert.doesNotMatch(text, /林晓舟|citizen-1/, "no people in figures");
    });
});

describe("the log on stderr", () => {
    test("is one JSON line per request, without people, tokens or bodies", async () => {
        const who = await login(server, "citizen-1");
        const matter = await filed(who);
        await who.get(`/matters/${matter.id}?q=${encodeURIComponent("林晓舟")}`);
        await until("the request is logged", () => server.log.some((line) => line.includes(`/matters/${matter.id}`) || line.includes("/matters/")), 3000);
        const odd = server.log.filter((line) => {
            try {
                return typeof JSON.parse(line) !== "object";
            } catch {
                return true;
            }
        });
        assert.deepEqual(odd, [], "every line is JSON");
        const all = server.log.join("\n");
        for (const secret of [who.token, "tongsu-demo", "林晓舟", "11010519491231002X", encodeURIComponent("林晓舟")]) {
            assert.ok(!all.includes(secret), `${secret.slice(0, 12)} is in the log`);
        }
    });

    test("holds the incident number that the citizen was told", async () => {
        const problem = refused(await nobody(server).get("/matters/1"), 401);
        const line = await until("the incident is logged", () => server.log.find((one) => one.includes(problem.incident)), 3000);
        assert.match(line, /\.c"?[:,]|"line"|"file"|\d+/);
    });
});

describe("commands", () => {
    test("one that is unknown, and flags that are none, are refused with usage", async () => {
        for (const args of [["dance"], ["serve", "--no-such-flag"], ["serve", "--listen", "nonsense"], ["verify"]]) {
            const answer = await command(args, { timeout_ms: 15_000 });
            assert.ok(answer.code > 0, `${args}: ${answer.code} ${answer.signal}`);
            assert.notEqual(answer.stderr + answer.stdout, "");
        }
    });

    test("each says its usage when asked, refuses what it does not know, and makes nothing then", async () => {
        const cwd = scratch("usage");
        const listed = await command(["help"], { cwd });
        assert.equal(listed.code, 0, listed.stderr);
        const names = [...listed.stdout.matchAll(/^tongsu ([a-z-]+)/gm)].map((found) => found[1]);
        assert.ok(names.includes("serve") && names.includes("keys"), listed.stdout);
        assert.equal((await command(["--help"], { cwd })).stdout, listed.stdout);
        const proved = async (name) => {
            for (const ask of ["--help", "-h"]) {
                const said = await command([name, ask], { cwd, timeout_ms: 15_000 });
                assert.equal(said.code, 0, `${name} ${ask}: ${said.stderr}`);
                assert.match(said.stdout, name === "help" ? /^tongsu serve/ : new RegExp(`^usage: tongsu ${name}\\b[\\s\\S]*--data`));
            }
            for (const wrong of [["--no-such-flag"], ["-x"], ["--data"], ["--data", "--demo"], ["--config"], ["a", "b", "c", "d"]]) {
                const said = await command([name, ...wrong], { cwd, timeout_ms: 15_000 });
                assert.equal(said.code, 2, `${name} ${wrong}: ${said.code} ${said.signal}`);
                assert.match(said.stderr, new RegExp(`^tongsu: .+\\nusage: tongsu ${name}\\b`), `${name} ${wrong}`);
                assert.equal(said.stdout, "");
            }
        };
        await Promise.all(names.map(proved));
        assert.deepEqual(readdirSync(cwd), [], "nothing was made");
    });

    test("check passes on the definitions that are shipped", async () => {
        const answer = await command(["check"]);
        assert.equal(answer.code, 0, answer.stderr + answer.stdout);
    });

    test("config shows what is in force, flags over environment, and no secret", async () => {
        const answer = await command(["config", "--listen", "127.0.0.1:1234"], { env: { TONGSU_LISTEN: "127.0.0.1:9", TONGSU_DATABASE: "postgresql://u:geheim@127.0.0.1/x" } });
        assert.equal(answer.code, 0, answer.stderr);
        assert.match(answer.stdout, /127\.0\.0\.1:1234/);
        assert.doesNotMatch(answer.stdout, /127\.0\.0\.1:9\b/);
        assert.doesNotMatch(answer.stdout, /geheim/);
    });

    test("config takes flags over the environment over the file over what is built in", async () => {
        const home = scratch("config");
        const file = join(home, "c.yaml");
        writeFileSync(file, "listen: 127.0.0.1:7001\norigin: https://file.example\nthreads: 3\nhome: 7\n");
        const answer = await command(["config", "--config", file, "--threads", "5"], { env: { TONGSU_LISTEN: "127.0.0.1:7002", TONGSU_THREADS: "4", TONGSU_HOME: "8" } });
        assert.equal(answer.code, 0, answer.stderr);
        const said = Object.fromEntries(answer.stdout.trim().split("\n").map((line) => line.split(/\s+/)));
        assert.deepEqual([said.threads, said.listen, said.home, said.origin, said.demo], ["5", "127.0.0.1:7002", "8", "https://file.example", "false"]);
    });

    test("keys rotate: after the restart the new key signs, and what the old one signed and sealed still holds", async () => {
        const own = await start();
        try {
            const who = await login(own, "citizen-1");
            const receipt_of = (client, id) =>
                until("the receipt is whole", async () => {
                    const { body } = await client.get(`/matters/${id}/receipt?event=1`);
                    return body?.checkpoint && body;
                });
            const old = await filed(who);
            const receipt = await receipt_of(who, old.id);
            await own.stop({ keep: true });
            const rotated = await command(["keys", "rotate", "--keys", own.keys]);
            assert.equal(rotated.code, 0, rotated.stderr + rotated.stdout);
            const again = await own.again();
            try {
                const reader = await login(again, "citizen-1");
                assert.deepEqual((await reader.matter(old.id)).values, old.values, "sealed values are read");
                const { body: held } = await nobody(again).post("/verify", { receipt });
                assert.equal(held.verdict, "proved", JSON.stringify(held));
                const fresh = await receipt_of(reader, (await filed(reader)).id);
                assert.notEqual(fresh.promise.key_id, receipt.promise.key_id, "another key signs");
                const { body: proved } = await nobody(again).post("/verify", { receipt: fresh });
                assert.equal(proved.verdict, "proved", JSON.stringify(proved));
            } finally {
                await again.stop({ keep: true });
            }
            const whole = await verify(own);
            assert.equal(whole.code, 0, whole.stderr + whole.stdout);
        } finally {
            own.remove();
        }
    });

    test("admin create makes an administrator who can log in", async () => {
        const plain = await start({ demo: false });
        try {
            await plain.stop({ keep: true });
            const made = await command(["admin", "create", "chief", ...plain.flags], { input: "Long-enough-7\nLong-enough-7\n" });
            assert.equal(made.code, 0, made.stderr);
            const told = (made.stdout.match(/[:：]\s*(\S{10,})\s*$/m) ?? [])[1];
            const again = await plain.again({ demo: false });
            try {
                const tries = ["Long-enough-7", told].filter(Boolean);
                const answers = await Promise.all(tries.map((password) => nobody(again).post("/session", { login: "chief", password })));
                assert.ok(answers.some((answer) => answer.status === 200), `${made.stdout} ${answers.map((answer) => answer.text)}`);
            } finally {
                await again.stop({ keep: true });
            }
            const twice = await command(["admin", "create", "chief", ...plain.flags], { input: "Long-enough-7\nLong-enough-7\n" });
            assert.notEqual(twice.code, 0, "a login is made once");
        } finally {
            plain.remove();
        }
    });

    test("people import reads a table, names the faulty line, and imports all or nothing", async () => {
        const plain = await start({ demo: false });
        await plain.stop({ keep: true });
        try {
            const file = join(plain.data, "people.csv");
            writeFileSync(file, "login,name,kind,post,court\nzhang,张三,staff,reviewer,京0105\nli,李四,staff,judge,京0105\n");
            const good = await command(["people", "import", file, ...plain.flags]);
            assert.equal(good.code, 0, good.stderr + good.stdout);
            writeFileSync(file, "login,name,kind,post,court\nwang,王五,staff,reviewer,京0105\nzhao,赵六,staff,emperor,京0105\n");
            const bad = await command(["people", "import", file, ...plain.flags]);
            assert.notEqual(bad.code, 0);
            assert.match(bad.stderr + bad.stdout, /:3\b|line 3|第 ?3 ?行/);
        } finally {
            plain.remove();
        }
    });
});

describe("backup and restore", () => {
    test("a copy taken while people file is whole, and verifies where it is restored", async () => {
        const own = await start();
        const target = scratch("backup");
        const home = scratch("restored");
        rmSync(target, { recursive: true });
        rmSync(home, { recursive: true });
        let again = null;
        try {
            const who = await login(own, "citizen-1");
            const matter = await filed(who);
            let busy = true;
            const load = (async () => {
                while (busy) {
                    await filed(who);
                }
            })();
            const taken = await command(["backup", target, ...own.flags]);
            busy = false;
            await load;
            assert.equal(taken.code, 0, taken.stderr + taken.stdout);
            assert.ok(readdirSync(target).length > 0);
            const keys = readdirSync(target, { recursive: true }).filter((name) => /\.(key|pem)$/.test(`${name}`));
            assert.deepEqual(keys, [], "keys are not in a backup");
            let database = `sqlite:${join(home, "t.db")}`;
            if (ENGINE === "postgres") {
                const { database_make } = await import("../lib/postgres.mjs");
                database = await database_make();
            }
            const restored = await command(["restore", target, "--data", home, "--database", database, "--keys", own.keys]);
            assert.equal(restored.code, 0, restored.stderr + restored.stdout);
            again = await new Server({ data: home, database, keys: own.keys }).start();
            const reader = await login(again, "citizen-1");
            const seen = await reader.matter(matter.id);
            assert.equal(seen.state, "under-review");
            const file = await reader.get(`/matters/${matter.id}/materials/${seen.materials[0].n}`);
            assert.equal(file.status, 200);
        } finally {
            await again?.stop({ keep: true });
            await own.stop();
            rmSync(target, { recursive: true, force: true });
            rmSync(home, { recursive: true, force: true });
        }
    });

    test("a backup with a changed byte is not restored", async () => {
        const own = await start();
        const target = scratch("backup");
        const home = scratch("restored");
        rmSync(target, { recursive: true });
        try {
            await filed(await login(own, "citizen-1"));
            await own.stop({ keep: true });
            assert.equal((await command(["backup", target, ...own.flags])).code, 0);
            const victim = execFileSync("find", [target, "-type", "f", "-size", "+2k"], { encoding: "utf8" }).trim().split("\n")[0];
            execFileSync("sh", ["-c", `chmod u+w "$1"; printf Z | dd of="$1" bs=1 seek=1500 conv=notrunc status=none`, "sh", victim]);
            let database = `sqlite:${join(home, "t.db")}`;
            if (ENGINE === "postgres") {
                const { database_make } = await import("../lib/postgres.mjs");
                database = await database_make();
            }
            const answer = await command(["restore", target, "--data", home, "--database", database, "--keys", own.keys]);
            assert.notEqual(answer.code, 0, answer.stdout);
        } finally {
            own.remove();
            rmSync(target, { recursive: true, force: true });
            rmSync(home, { recursive: true, force: true });
        }
    });
});

describe("ends and beginnings", () => {
    test("SIGTERM lets requests under way finish, and ends with 0", async () => {
        const own = await start();
        const who = await login(own, "citizen-1");
        const drafts = await Promise.all(Array.from({ length: 8 }, () => who.begin()));
        for (const draft of drafts) {
            await who.upload_required(draft, draft.acts[0]);
        }
        const answers = Promise.allSettled(
            drafts.map((draft) => who.act(draft.id, "submit", form_fill(draft.acts[0].form), { accept_warnings: true })),
        );
        await sleep(2);
        const end = await own.stop({ keep: true });
        assert.deepEqual([end.code, end.signal], [0, null]);
        const statuses = (await answers).map((one) => (one.status === "fulfilled" ? one.value.status : "cut"));
        assert.ok(statuses.every((status) => [200, 503, "cut"].includes(status)), `${statuses}`);
        assert.equal((await verify(own)).code, 0);
        own.remove();
    });

    test("what was acknowledged before a power cut is there after it", async () => {
        const own = await start();
        let again = null;
        try {
            const people = await Promise.all([1, 2, 3, 4].map((n) => login(own, `citizen-${n}`)));
            const acknowledged = [];
            let cut = false;
            const file_on = async (who) => {
                while (!cut) {
                    try {
                        const draft = await who.begin();
                        await who.upload_required(draft, draft.acts[0]);
                        const values = form_own(draft.acts[0].form, who);
                        const answer = await who.act(draft.id, "submit", values, { accept_warnings: true });
                        if (answer.status === 200) {
                            acknowledged.push({ who: who.name, id: answer.body.id, revision: answer.body.revision, hash: null });
                        } else {
                            assert.ok([409, 422, 503].includes(answer.status) || cut, answer.text);
                            if (answer.status === 422) {
                                throw new Error(answer.text);
                            }
                        }
                    } catch (error) {
                        if (!cut) {
                            throw error;
                        }
                    }
                }
            };
            const load = Promise.allSettled(people.map(file_on));
            await until("some are acknowledged", () => acknowledged.length >= 40, 60_000);
            cut = true;
            await own.kill();
            await load;
            const count = acknowledged.length;
            assert.ok(count >= 40);
            const begun = performance.now();
            again = await own.again();
            const start_ms = performance.now() - begun;
            const readers = new Map();
            for (const { who, id } of acknowledged) {
                if (!readers.has(who)) {
                    readers.set(who, await login(again, who));
                }
                const matter = await readers.get(who).matter(id);
                assert.equal(matter.state, "under-review", id);
                const receipt = await readers.get(who).get(`/matters/${id}/receipt?event=1`);
                assert.equal(receipt.status, 200);
            }
            assert.ok(start_ms < 10_000, `up again after ${Math.round(start_ms)} ms`);
            await again.stop({ keep: true });
            const checked = await verify(again);
            assert.equal(checked.code, 0, checked.stderr + checked.stdout);
        } finally {
            own.kill_group();
            own.remove();
        }
    });

    test("a second program on the same data refuses, and the first goes on", async () => {
        const { data, keys, database } = server;
        const second = new Server({ data, keys, database });
        const error = await second.start().then(
            async () => {
                await second.stop({ keep: true });
                return null;
            },
            (reason) => reason,
        );
        assert.ok(error, "two programs serve the same data");
        assert.match(`${error}`, /ended at start/);
        assert.equal((await nobody(server).get("/readyz")).status, 200);
    });

    test("a worker that dies is replaced; the port stays", async () => {
        const own = await start();
        try {
            const who = await login(own, "citizen-1");
            const worker = execFileSync("pgrep", ["-P", `${own.pid}`], { encoding: "utf8" }).trim().split("\n").map(Number);
            assert.ok(worker.length >= 1, "a supervisor has a worker");
            for (const pid of worker) {
                process.kill(pid, "SIGKILL");
            }
            await until("it serves again", async () => (await fetch(`${own.url}/readyz`).catch(() => null))?.status === 200, 10_000);
            assert.equal((await who.get("/matters?box=mine")).status, 200, "sessions live in the database");
        } finally {
            await own.stop();
        }
    });

    test("a port that is taken, a directory that is none, keys that are missing: told, not crashed", async () => {
        const { data, keys, database } = await start().then(async (own) => {
            await own.stop({ keep: true });
            return own;
        });
        const tries = [
            new Server({ listen: `127.0.0.1:${server.port}` }),
            new Server({ data: "/proc/no/such", keys: join(data, "keys") }),
            new Server({ data, database, keys: join(data, "other-keys") }),
        ];
        for (const [n, one] of tries.entries()) {
            const error = await one.start().then(async () => one.stop({ keep: true }).then(() => null), (reason) => reason);
            assert.ok(error, `try ${n} served`);
            assert.doesNotMatch(one.log.join("\n"), /AddressSanitizer|SIGSEGV|check failed/);
        }
        rmSync(data, { recursive: true, force: true });
        assert.ok(keys);
    });

    test("a definition that matters run on is not edited; one that nobody uses may be", async () => {
        const own = await start();
        const share = scratch("share");
        const edit = (procedure) => {
            const file = `data/procedures/${procedure}/1.yaml`;
            mkdirSync(join(share, file, ".."), { recursive: true });
            writeFileSync(join(share, file), `${readFileSync(join(root, file), "utf8")}# edited\n`);
        };
        const { id } = await filed(await login(own, "citizen-1"));
        await own.stop({ keep: true });
        try {
            edit("circular");
            const unused = await own.again({ args: ["--share", share] });
            assert.equal((await (await login(unused, "citizen-1")).matter(id)).state, "under-review");
            await unused.stop({ keep: true });
            for (const version of readdirSync(join(root, "data/procedures/civil-first-instance-filing"))) {
                const file = `data/procedures/civil-first-instance-filing/${version}`;
                mkdirSync(join(share, file, ".."), { recursive: true });
                writeFileSync(join(share, file), `${readFileSync(join(root, file), "utf8")}# edited\n`);
            }
            const refused_start = await command(["serve", "--demo", "--share", share, "--listen", "127.0.0.1:0", ...own.flags]);
            assert.notEqual(refused_start.code, 0);
            assert.match(refused_start.stderr, /definition-edited.*civil-first-instance-filing|civil-first-instance-filing.*edited/s);
            const back = await own.again({ args: [] });
            assert.equal((await (await login(back, "citizen-1")).matter(id)).state, "under-review");
            await back.stop({ keep: true });
        } finally {
            own.remove();
            rmSync(share, { recursive: true, force: true });
        }
    });

    test("a database written by a newer program is not touched", async () => {
        const own = await start();
        await own.stop({ keep: true });
        const { sql } = await import("../lib/sql.mjs");
        const columns = own.database.startsWith("sqlite:") ? "name, sm3, at" : "name, sm3, at";
        await sql(own.database, `insert into schema_migration(number, ${columns}) select 9999, 'from-the-future', sm3, at from schema_migration limit 1`);
        const error = await own.again().then((again) => again.stop({ keep: true }).then(() => null), (reason) => reason);
        assert.ok(error, "it was served all the same");
        own.remove();
    });
});

describe("a full disk", { skip: process.getuid() !== 0 && "needs a small file system of its own" }, () => {
    test("acts are refused and nothing half-done stays; with room again all goes on", async () => {
        const dir = scratch("small");
        const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", dir]);
        const limited = mounted.status !== 0; // no right to mount here: limit the size of files instead
        const prefix = limited ? ["prlimit", "--fsize=41943040"] : [];
        const filler = join(dir, "filler");
        let own = null;
        try {
            mkdirSync(join(dir, "data"), { recursive: true });
            own = await start({ data: join(dir, "data"), prefix });
            const who = await login(own, "citizen-1");
            const before_full = await filed(who);
            if (!limited) {
                spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=64k"], { stdio: "ignore" });
            }
            const statuses = [];
            for (let n = 0; n < 60 && !statuses.some((status) => status >= 500); n++) {
                const draft = await who.post("/matters", { procedure: "civil-first-instance-filing", court: "京0105", values: {} });
                statuses.push(draft.status);
                if (draft.status === 201) {
                    statuses.push((await who.upload(draft.body.id, "evidence", pdf("满", 2_000_000))).status);
                }
            }
            assert.ok(statuses.some((status) => status === 503 || status === 500 || status === 507), `a full disk is told: ${statuses.slice(-5)}`);
            assert.equal((await who.matter(before_full.id)).state, "under-review", "reading goes on");
            if (!limited) {
                rmSync(filler);
                await until("writing goes on once there is room", async () => (await filed(who).catch(() => null)) !== null, 20_000, 500);
            }
            await own.stop({ keep: true });
            const checked = await verify(own);
            assert.equal(checked.code, 0, checked.stderr + checked.stdout);
        } finally {
            own?.kill_group();
            if (existsSync(filler)) {
                rmSync(filler);
            }
            if (!limited) {
                await sleep(200);
                spawnSync("umount", [dir]);
            }
            rmSync(dir, { recursive: true, force: true });
        }
    });
});

describe("load", () => {
    test("more than it can take is 503 with a time to come again, never a hang or a crash", async () => {
        const who = await login(server, "citizen-1");
        const draft = await who.begin();
        const answers = await Promise.all(
            Array.from({ length: 400 }, (_, n) => new Client(server).api("PATCH", `/matters/${draft.id}`, { token: who.token, body: { values: { claim: { amount: n } } } })),
        );
        for (const answer of answers) {
            assert.ok([200, 429, 503].includes(answer.status), answer.text);
            if (answer.status === 503) {
                assert.ok(Number(answer.headers.get("retry-after")) >= 1);
            }
        }
        assert.equal((await nobody(server).get("/readyz")).status, 200);
    });

    test("the worker keeps within its memory at rest", async () => {
        const pids = execFileSync("pgrep", ["-P", `${server.pid}`], { encoding: "utf8" }).trim().split("\n");
        const rss_kb = pids.map((pid) => {
            const status = readFileSync(`/proc/${pid}/status`, "utf8");
            return Number(status.match(/VmRSS:\s+(\d+)/)[1]);
        });
        assert.ok(Math.max(...rss_kb) < 256 * 1024, `${rss_kb} KB`);
    });
});
