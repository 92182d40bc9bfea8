// Every statement of the program finds its rows by an index, so that what costs little among ten matters costs little among
// a million. SQLite is asked how it would run each; what may read a whole table stands below with its reason.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root, start } from "../lib/server.mjs";

const skip = (process.env.TONGSU_TEST_DB ?? "sqlite") !== "sqlite" && "the plans of SQLite";

/** [file, how the statement begins, why it may]. One that no longer reads a whole table is to be taken out. */
const MAY = [
    ["jobs/log.c", "SELECT size, root, text", "the last row by the key, read backwards"],
    ["jobs/runner.c", "UPDATE job SET lease = 0", "once at start, over what still waits"],
    ["jobs/schedule.c", "SELECT name, next", "a handful of rows, one a task of the calendar"],
    ["jobs/sequencer.c", "UPDATE leaf SET idx", "scans what it has just made: at most 500"],
    ["jobs/verify_log.c", "SELECT count(*) FROM log_node", "verify reads everything"],
    ["jobs/verify_log.c", "SELECT l.matter", "verify reads everything"],
    ["jobs/verify_log.c", "SELECT e.matter", "verify reads everything"],
    ["jobs/verify_log.c", "SELECT court, year", "verify reads everything"],
    ["main/program.c", "SELECT id FROM matter WHERE procedure", "only of a definition that was edited"],
    ["record/audit.c", "SELECT id, at", "a page of it by the key, read backwards"],
    ["record/circular.c", "SELECT place", "scans what it has just made of one period"],
    ["record/contact_import.c", "SELECT count(*) FROM contact", "once at start of the demo, one row a court"],
    ["record/drill.c", "SELECT court, MAX(province)", "scans what it has just made of one drill"],
    ["record/factor.c", "UPDATE session SET ended", "when an administrator changes what a post must do"],
    ["record/listing.c", "SELECT count(*) FROM (SELECT 1 FROM search", "scans what it has just made: a bounded number"],
    ["record/related.c", "SELECT d.matter", "scans what it has just made: a bounded number"],
    ["store/migrate.c", "SELECT number, sm3", "one row a migration, at start"],
    ["record/outage.c", "SELECT function FROM outage", "an index of those that last: few"],
];

/** Tables of a handful of rows, and what is no table. */
const SMALL = /^SCAN (setting|sequence|table_text|table_set|definition|\d*\s*CONSTANT|json_each|\()/;

let server;

before(async () => {
    if (!skip) {
        server = await start();
        await server.stop({ keep: true });
    }
});
after(() => server?.remove());

/** All SQL("…") of the program written in one piece, not put together of macros: { file, text }. */
function statements() {
    const all = [];
    for (const folder of readdirSync(join(root, "src"))) {
        for (const name of readdirSync(join(root, "src", folder)).filter((one) => /(?<!_test)\.c$/.test(one))) {
            const source = readFileSync(join(root, "src", folder, name), "utf8");
            for (const [, words] of source.matchAll(/\bSQL\(((?:\s*"(?:[^"\\]|\\.)*")+)\s*\)/g)) {
                const text = [...words.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => JSON.parse(`"${part}"`)).join("");
                all.push({ file: `${folder}/${name}`, text });
            }
        }
    }
    return all;
}

/** How SQLite runs each: arrays of lines; null for what only PostgreSQL understands. */
function plans(all) {
    const ask = all.map(({ text }, n) => `SELECT '#${n}';\nEXPLAIN QUERY PLAN ${text};`).join("\n");
    let said;
    try {
        said = execFileSync("sqlite3", ["-readonly", server.database.replace("sqlite:", "")], { input: ask, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], maxBuffer: 1 << 26 });
    } catch (error) {
        said = error.stdout; // what only PostgreSQL knows was refused; the others were answered
    }
    const found = all.map(() => []);
    let at = -1;
    for (const line of said.split("\n")) {
        if (/^#\d+$/.test(line)) {
            at = Number(line.slice(1));
        } else {
            found[at]?.push(line.replace(/^[\s|`-]+/, ""));
        }
    }
    return found;
}

describe("statements", { skip }, () => {
    test("find their rows by an index", () => {
        const all = statements();
        const found = plans(all);
        const scans = all.map((one, n) => ({ ...one, plan: found[n] })).filter(({ plan }) => plan.some((line) => line.startsWith("SCAN") && !SMALL.test(line)));
        assert.ok(found.filter((plan) => plan.some((line) => line.startsWith("SEARCH"))).length > 150, "few statements were understood");
        const excused = (one) => MAY.some(([file, words]) => one.file === file && one.text.startsWith(words));
        const told = scans.filter((one) => !excused(one)).map(({ file, text, plan }) => `${file}: ${text}\n    ${plan.join("; ")}`);
        assert.equal(told.length, 0, `\n${told.join("\n")}`);
        const idle = MAY.filter(([file, words]) => !scans.some((one) => one.file === file && one.text.startsWith(words)));
        assert.deepEqual(idle, [], "these no longer need an excuse");
    });
});
