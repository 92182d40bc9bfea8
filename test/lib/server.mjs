// Starts and stops the program as an operator would: one child process, one data directory.
//
// A server is started on a free loopback port (the program says which on stderr), in demo mode, on
// SQLite or, with TONGSU_TEST_DB=postgres, on a database of its own in the cluster of
// lib/postgres.mjs. TONGSU_BIN names another binary (a sanitized build).
//
// It is ended by its own process id (SIGTERM); what does not end in time is a failure, and is then
// killed by the group that we made for it. Nothing else is ever signalled.
import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ask } from "./http.mjs";
import { scratch } from "./place.mjs";
import { database_make } from "./postgres.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const binary = process.env.TONGSU_BIN
    ? resolve(process.env.TONGSU_BIN)
    : join(root, "build/tongsu");

const START_MS = Number(process.env.TONGSU_TEST_START_MS ?? 60_000);
const STOP_MS = 30_000;
const running = new Set();

process.on("exit", () => {
    for (const server of running) {
        server.kill_group();
    }
});

export { scratch };

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Calls probe() until it answers something true, or fails with `what` after limit_ms. */
export async function until(what, probe, limit_ms = 10_000, step_ms = 50) {
    const end = Date.now() + limit_ms;
    for (;;) {
        const found = await probe();
        if (found) {
            return found;
        }
        if (Date.now() > end) {
            throw new Error(`waited ${limit_ms} ms in vain: ${what}`);
        }
        await sleep(step_ms);
    }
}

export class Server {
    /** options: data, database, keys, demo, args, env, prefix (words before the binary), engine,
     * log (false: lines behind "listening" are not kept; reading thousands a second would take
     * processor time from the program that is measured). */
    constructor(options = {}) {
        this.options = options;
        this.data = options.data ?? scratch();
        this.keys = options.keys ?? join(this.data, "keys");
        this.database = options.database ?? null;
        this.log = [];
        this.port = 0;
        this.child = null;
        this.ended = null;
    }

    get url() {
        return `http://127.0.0.1:${this.port}`;
    }

    get pid() {
        return this.child.pid;
    }

    /** What other commands on the same data need. */
    get flags() {
        return ["--data", this.data, "--database", this.database, "--keys", this.keys];
    }

    async start() {
        if (!existsSync(binary)) {
            throw new Error(`${binary} is not built: run make build`);
        }
        const { options } = this;
        const engine = options.engine ?? process.env.TONGSU_TEST_DB ?? "sqlite";
        this.database ??= engine === "postgres" ? await database_make() : `sqlite:${join(this.data, "t.db")}`;
        const words = [...(options.prefix ?? []), binary, "serve"];
        if (options.demo ?? true) {
            words.push("--demo");
        }
        words.push(...this.flags, "--listen", options.listen ?? "127.0.0.1:0", ...(options.args ?? []));
        this.child = spawn(words[0], words.slice(1), {
            cwd: root,
            stdio: ["ignore", "ignore", "pipe"],
            env: { ...process.env, ...(options.env ?? {}) },
            detached: true,
        });
        running.add(this);
        this.ended = new Promise((done) => {
            this.child.once("error", (error) => done({ code: null, signal: null, error }));
            this.child.once("exit", (code, signal) => {
                running.delete(this);
                done({ code, signal });
            });
        });
        await this.#listening();
        await this.#ready();
        return this;
    }

    #listening() {
        return new Promise((done, fail) => {
            const timer = setTimeout(
                () => fail(new Error(`no "listening" within ${START_MS} ms\n${this.tail()}`)),
                START_MS,
            );
            const lines = createInterface({ input: this.child.stderr });
            lines.on("line", (line) => {
                this.log.push(line);
                const said = line.startsWith("{") ? parsed(line) : null;
                if (said?.event === "listening" && said.port) {
                    this.port = said.port;
                    clearTimeout(timer);
                    if (this.options.log === false) {
                        lines.close();
                        this.child.stderr.resume(); // still emptied, unread
                    }
                    done();
                }
            });
            this.ended.then(({ code, signal, error }) => {
                clearTimeout(timer);
                fail(new Error(`ended at start: ${error ?? `${code ?? signal}`}\n${this.tail()}`));
            });
        });
    }

    async #ready() {
        await until(
            "/readyz answers 200",
            async () => {
                try {
                    return (await ask(`${this.url}/readyz`)).status === 200;
                } catch {
                    return false;
                }
            },
            START_MS,
        );
    }

    tail(lines = 15) {
        return this.log.slice(-lines).join("\n");
    }

    /** The log as values; lines that are no JSON are handed back as { raw }. */
    log_values() {
        return this.log.map((line) => parsed(line) ?? { raw: line });
    }

    kill_group(signal = "SIGKILL") {
        try {
            process.kill(-this.child.pid, signal);
        } catch {
            /* it has ended already */
        }
    }

    /** Ends it the polite way and removes its data (unless keep). Answers code and signal. */
    async stop({ keep = false } = {}) {
        if (!this.child) {
            return null;
        }
        if (running.has(this)) {
            process.kill(this.child.pid, "SIGTERM");
        }
        const end = await this.#ended_within(STOP_MS);
        if (!end) {
            this.kill_group();
        }
        if (!keep) {
            this.remove();
        }
        if (!end) {
            throw new Error(`did not end within ${STOP_MS} ms of SIGTERM\n${this.tail()}`);
        }
        return end;
    }

    /** How it ended, null when it did not in time. No timer is left behind: one would keep the test's
     * process for as long. */
    async #ended_within(ms) {
        let timer;
        const late = new Promise((done) => {
            timer = setTimeout(() => done(null), ms);
        });
        const end = await Promise.race([this.ended, late]);
        clearTimeout(timer);
        return end;
    }

    /** As a power cut would: supervisor, worker and helpers at once. The data stays. */
    async kill() {
        this.kill_group();
        await this.ended;
        // The worker holds the lock until it is gone, a moment after the supervisor.
        await until("the whole group is gone", () => !this.#is_there());
    }

    #is_there() {
        try {
            process.kill(-this.child.pid, 0);
            return true;
        } catch {
            return false;
        }
    }

    remove() {
        if (!this.options.data) {
            rmSync(this.data, { recursive: true, force: true });
        }
    }

    /** A second life on the same data, database and keys. */
    async again(options = {}) {
        const { data, keys, database } = this;
        return new Server({ ...this.options, ...options, data, keys, database }).start();
    }
}

export async function start(options) {
    return new Server(options).start();
}

/** Runs another command of the program to its end. Answers { code, stdout, stderr }. */
export function command(args, { input, env, timeout_ms = 120_000, prefix = [], cwd = root } = {}) {
    const words = [...prefix, binary, ...args];
    return new Promise((done) => {
        const child = spawn(words[0], words.slice(1), { cwd, env: { ...process.env, ...(env ?? {}) } });
        const timer = setTimeout(() => child.kill("SIGKILL"), timeout_ms);
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
        child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
        child.once("error", (error) => done({ code: null, signal: null, stdout, stderr: `${error}` }));
        child.once("close", (code, signal) => {
            clearTimeout(timer);
            done({ code, signal, stdout, stderr });
        });
        child.stdin.on("error", () => {});
        child.stdin.end(input ?? "");
    });
}

function parsed(line) {
    try {
        return JSON.parse(line);
    } catch {
        return null;
    }
}
