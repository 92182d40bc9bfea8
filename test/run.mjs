// Runs the scenario and browser tests, one file more at once than there are processors (a file waits
// now and then for the program), and ends with "N passed, N failed". Words on the command line choose
// files by a part of their path. What they write lies in one directory, gone at the end.
//
// What is counted are the tests that hold no others; a suite fails by its tests, and once more only
// when it broke itself. A file that breaks, or that holds no test, is a failure.
import { readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";
import { place_make } from "./lib/place.mjs";
import { cluster_start } from "./lib/postgres.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
// These take longest and so begin first: one that is left over at the end runs alone.
const LONG = ["browser/", "scenario/proof.test", "scenario/walker", "scenario/element-forms", "scenario/drills", "scenario/cross-domain", "scenario/operator", "scenario/circulars", "scenario/batches"];
const rank = (file) => LONG.findIndex((part) => file.includes(part)) + 1 || LONG.length + 1;
const files = ["scenario", "browser"]
    .flatMap((folder) => readdirSync(join(here, folder)).sort().map((name) => join(here, folder, name)))
    .filter((file) => file.endsWith(".test.mjs"))
    .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
    .sort((a, b) => rank(a) - rank(b));
if (files.length === 0) {
    console.error(`no test file has ${wanted.join(" or ")} in its path`);
    process.exit(2);
}

const place = place_make();
process.env.TONGSU_TEST_DIR = place;
let cluster = null;
if (process.env.TONGSU_TEST_DB === "postgres" && !process.env.TONGSU_TEST_PG) {
    cluster = await cluster_start();
    process.env.TONGSU_TEST_PG = cluster.url;
}

let passed = 0;
let failed = 0;
let skipped = 0;
let cancelled = 0;
let last_why = ""; // a server that does not start fails every test of its file
const children = new Map(); // by file: how many tests at each depth since the last one above

function is_parent(event) {
    const depth = (children.get(event.file) ?? []).slice();
    const below = depth[event.nesting + 1] ?? 0;
    depth.length = event.nesting + 1;
    depth[event.nesting] = (depth[event.nesting] ?? 0) + 1;
    children.set(event.file, depth);
    return below > 0 || event.details?.type === "suite";
}

function say(mark, event) {
    const name = event.name === event.file ? "(the file)" : event.name;
    console.log(`${mark} ${relative(here, event.file ?? "")}: ${name} (${Math.round(event.details?.duration_ms ?? 0)} ms)`);
}

function on_pass(event) {
    const parent = is_parent(event);
    if (event.name === event.file) {
        if (!parent) {
            failed++;
            say("FAILED, holds no test:", event);
        }
    } else if (event.skip !== undefined && event.skip !== false) {
        skipped++;
        say("skipped", event);
    } else if (!parent) {
        passed++;
        say("ok", event);
    }
}

function on_fail(event) {
    const error = event.details?.error;
    if (is_parent(event) && error?.failureType === "subtestsFailed") {
        return;
    }
    if (event.name === event.file && error?.failureType === "subtestsFailed") {
        return;
    }
    failed++;
    if (error?.failureType === "cancelledByParent") {
        cancelled++; // what should have come before it has broken, and is told
        return;
    }
    say("FAILED", event);
    const cause = error?.cause ?? error;
    const lines = (cause?.stack ?? String(cause)).split("\n").filter((line) => !/^\s+at .*(node:internal|node:events)/.test(line));
    const why = lines.slice(0, 24).map((line) => line.slice(0, 1000)).join("\n    ");
    console.log(why === last_why ? "    for the same reason" : `    ${why}`);
    last_why = why;
}

const stream = run({ files, concurrency: Number(process.env.TONGSU_TEST_JOBS ?? availableParallelism() + 1), timeout: 20 * 60_000 });
stream.on("test:pass", on_pass);
stream.on("test:fail", on_fail);
stream.on("test:diagnostic", ({ message, file }) => {
    if (file && !/^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/.test(message)) {
        console.log(`    ${message}`);
    }
});
stream.on("test:stderr", (event) => process.stderr.write(event.message));
stream.resume();
stream.on("end", () => {
    cluster?.stop();
    rmSync(place, { recursive: true, force: true });
    if (cancelled > 0) {
        console.log(`${cancelled} of the failures were not run`);
    }
    if (skipped > 0) {
        console.log(`${skipped} skipped`);
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
});
