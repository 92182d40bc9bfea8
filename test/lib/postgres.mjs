// A PostgreSQL cluster of our own, made on first need and ended with the process (or by test/run.mjs,
// which shares one among all files through TONGSU_TEST_PG). Each server under test gets a database
// of its own. Durability is off in it: crash safety of that engine is not ours to prove.
import { execFile, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { scratch } from "./place.mjs";

const exec = promisify(execFile);
const as_root = process.getuid() === 0;
let cluster = null;
let made = 0;

/** Debian keeps the server's own programs out of the path, by version. */
function bin(name) {
    const lib = "/usr/lib/postgresql";
    const versions = existsSync(lib) ? readdirSync(lib).sort((a, b) => Number(b) - Number(a)) : [];
    for (const version of versions) {
        const path = join(lib, version, "bin", name);
        if (existsSync(path)) {
            return path;
        }
    }
    return name;
}

/** The server refuses to run as root: then it runs as the user that its package made. */
function words(...all) {
    return as_root ? ["runuser", "-u", "postgres", "--", ...all] : all;
}

export function port_free() {
    return new Promise((done, fail) => {
        const probe = createServer().once("error", fail);
        probe.listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}

/** durable: with fsync and all else that a real one has (for benchmarks). */
export async function cluster_start({ durable = false } = {}) {
    const dir = scratch("pg");
    if (as_root) {
        await exec("chown", ["postgres", dir]);
    }
    const data = join(dir, "data");
    const [initdb, ...init] = words(
        bin("initdb"), "-N", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
    );
    await exec(initdb, init, { cwd: dir });
    const port = await port_free();
    const risky = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
    const [first, ...rest] = words(
        bin("postgres"), "-D", data, "-p", `${port}`, "-k", dir, "-c", "listen_addresses=127.0.0.1",
        "-c", "max_connections=200", ...(durable ? ["-c", "shared_buffers=512MB"] : risky),
    );
    const child = spawn(first, rest, { cwd: dir, stdio: "ignore", detached: true });
    child.unref();
    const url = `postgresql://postgres@127.0.0.1:${port}`;
    for (let tries = 0; ; tries++) {
        const probe = spawnSync(bin("psql"), ["-qAtc", "select 1", `${url}/postgres`]);
        if (probe.status === 0) {
            break;
        }
        if (tries > 100) {
            throw new Error(`PostgreSQL does not answer: ${probe.stderr}`);
        }
        await new Promise((done) => setTimeout(done, 100));
    }
    const pidfile = join(data, "postmaster.pid");
    return {
        url,
        pid: Number(readFileSync(pidfile, "utf8").split("\n")[0]),
        stop() {
            if (existsSync(pidfile)) {
                process.kill(Number(readFileSync(pidfile, "utf8").split("\n")[0]), "SIGINT");
                for (let tries = 0; tries < 50 && existsSync(pidfile); tries++) {
                    spawnSync("sleep", ["0.1"]);
                }
            }
            rmSync(dir, { recursive: true, force: true });
        },
    };
}

async function cluster_url() {
    if (process.env.TONGSU_TEST_PG) {
        return process.env.TONGSU_TEST_PG;
    }
    if (!cluster) {
        cluster = await cluster_start();
        process.once("exit", () => cluster.stop());
    }
    return cluster.url;
}

/** A fresh, empty database; answers its URL. */
export async function database_make() {
    const url = await cluster_url();
    const name = `t_${process.pid}_${++made}`;
    await exec(bin("psql"), ["-qAtc", `create database ${name} template template0 encoding 'UTF8'`, `${url}/postgres`]);
    return `${url}/${name}`;
}

/** Runs statements in a database of ours; answers rows as texts joined by "|". */
export async function psql(url, statement) {
    const { stdout } = await exec(bin("psql"), ["-v", "ON_ERROR_STOP=1", "-qAtc", statement, url]);
    return stdout.trim();
}
