// What is done can be proved, and what was changed behind the program's back is found.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { filed, login, nobody } from "../lib/client.mjs";
import { checkpoint_root, hash_bytes, leaf_hash, openssl_verifies, root_of } from "../lib/merkle.mjs";
import { command, scratch, Server, start, until } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";
import { sql, sql_schema } from "../lib/sql.mjs";

let server;
let citizen;
let reviewer;
let matter;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
    for (let n = 0; n < 5; n++) {
        matter = await filed(citizen);
        matter = await reviewer.taken(matter.id, "docket");
    }
});
after(() => server?.stop());

const receipt_of = (id, event, limit_ms = 2000) =>
    until(
        "the log has numbered the act",
        async () => {
            const { body } = await citizen.get(`/matters/${id}/receipt?event=${event}`);
            return body?.checkpoint && body;
        },
        limit_ms,
    );

describe("receipts", () => {
    test("are whole within two seconds of the act", async () => {
        const fresh = await filed(citizen);
        const receipt = await receipt_of(fresh.id, 1, 2000);
        shape.check(shape.receipt(false), receipt);
    });

    test("lead from the leaf to the root of the checkpoint", async () => {
        for (const event of [1, 2]) {
            const receipt = await receipt_of(matter.id, event);
            const root = root_of(hash_bytes(receipt.leaf), receipt.index, receipt.tree_size, receipt.path.map(hash_bytes));
            assert.ok(root, "the path has the right length");
            assert.deepEqual(root, checkpoint_root(receipt.checkpoint.text), "computed root and signed root");
        }
    });

    test("name the event's own hash in the leaf", async () => {
        const events = await citizen.events(matter.id);
        for (const { n, hash } of events) {
            const receipt = await receipt_of(matter.id, n);
            const leaf = leaf_hash(Buffer.from(`tongsu-leaf-1\n${matter.id}\n${n}\n${hash}\n`));
            assert.equal(receipt.leaf, leaf.toString("hex"));
        }
    });

    test("are signed with SM2, promise and checkpoint alike, and openssl agrees", async () => {
        const receipt = await receipt_of(matter.id, 1);
        const { origin, promise, checkpoint, leaf } = receipt;
        const pem = (id) => receipt.keys.find((key) => key.id === id).pem;
        const text = `tongsu-promise-1\n${origin}\n${matter.id}\n1\n${leaf}\n${promise.at}\n`;
        assert.equal(openssl_verifies(text, promise.signature, pem(promise.key_id)), true, "the promise");
        assert.equal(openssl_verifies(checkpoint.text, checkpoint.signature, pem(checkpoint.key_id)), true, "the checkpoint");
        assert.equal(openssl_verifies(`${checkpoint.text} `, checkpoint.signature, pem(checkpoint.key_id)), false, "another text");
        assert.ok(checkpoint.text.startsWith(`${origin}\n${receipt.tree_size}\n`));
    });

    test("of different acts have different leaves and places", async () => {
        const [one, two] = [await receipt_of(matter.id, 1), await receipt_of(matter.id, 2)];
        assert.notEqual(one.leaf, two.leaf);
        assert.notEqual(one.index, two.index);
    });

    test("are checked offline by the program", async () => {
        const dir = mkdtempSync(join(tmpdir(), "tongsu-test-receipt-"));
        const file = join(dir, "receipt.json");
        const receipt = await receipt_of(matter.id, 1);
        writeFileSync(file, JSON.stringify(receipt));
        const good = await command(["verify-receipt", file]);
        assert.equal(good.code, 0, good.stderr + good.stdout);
        const spoiled = [
            { ...receipt, leaf: receipt.leaf.replace(/^./, (c) => (c === "a" ? "b" : "a")) },
            { ...receipt, index: receipt.index + 1 },
            { ...receipt, tree_size: receipt.tree_size + 1 },
            { ...receipt, path: receipt.path.slice(1) },
            { ...receipt, checkpoint: { ...receipt.checkpoint, text: receipt.checkpoint.text.replace(/\d+/, (n) => `${Number(n) + 1}`) } },
            { ...receipt, checkpoint: { ...receipt.checkpoint, signature: `${receipt.checkpoint.signature.slice(0, -6)}AAAAAA` } },
            { ...receipt, promise: { ...receipt.promise, at: "2020-01-01T00:00:00+08:00" } },
            {},
        ];
        for (const [n, bad] of spoiled.entries()) {
            writeFileSync(file, JSON.stringify(bad));
            const answer = await command(["verify-receipt", file]);
            assert.notEqual(answer.code, 0, `spoiled receipt ${n} passes: ${answer.stdout}`);
        }
        writeFileSync(file, "no json");
        assert.notEqual((await command(["verify-receipt", file])).code, 0);
        rmSync(dir, { recursive: true });
    });
});

describe("the log", () => {
    test("gives its checkpoint and proofs to anybody", async () => {
        const who = nobody(server);
        const answer = await who.get("/log/checkpoint");
        assert.equal(answer.status, 200, answer.text);
        const checkpoint = answer.body.checkpoint ?? answer.body;
        assert.ok(checkpoint_root(checkpoint.text), "it names its root");
        const receipt = await receipt_of(matter.id, 1);
        const proof = await who.get(`/log/proof?leaf=${encodeURIComponent(receipt.leaf)}`);
        assert.equal(proof.status, 200, proof.text);
        const { index, tree_size, path } = proof.body;
        const newest = proof.body.checkpoint ?? (await who.get("/log/checkpoint")).body;
        const root = root_of(hash_bytes(receipt.leaf), index, tree_size, path.map(hash_bytes));
        assert.deepEqual(root, checkpoint_root((newest.checkpoint ?? newest).text));
    });

    test("knows no leaf that was never in it, and tells no matter by its leaf", async () => {
        const who = nobody(server);
        const answer = await who.get(`/log/proof?leaf=${"0".repeat(64)}`);
        assert.equal(answer.status, 404, answer.text);
        const receipt = await receipt_of(matter.id, 1);
        const proof = await who.get(`/log/proof?leaf=${encodeURIComponent(receipt.leaf)}`);
        assert.ok(!proof.text.includes(matter.id), "no matter's id");
        for (const bad of ["", "x", "zz".repeat(32), "-1", "0x0"]) {
            assert.ok([400, 404, 422].includes((await who.get(`/log/proof?leaf=${bad}`)).status), bad);
        }
    });

    test("only grows", async () => {
        const size = async () => (await receipt_of(matter.id, 1)).tree_size;
        const before_all = await size();
        const fresh = await filed(citizen);
        const receipt = await receipt_of(fresh.id, 1);
        assert.ok(receipt.tree_size > before_all);
    });
});

describe("histories", () => {
    test("carry a hash at each event, no two alike", async () => {
        const hashes = (await citizen.events(matter.id)).map((event) => event.hash);
        assert.ok(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash)));
        assert.equal(new Set(hashes).size, hashes.length);
    });

    test("do not change with who reads them", async () => {
        const hash = (events) => events.map((event) => event.hash);
        assert.deepEqual(hash(await reviewer.events(matter.id)), hash(await citizen.events(matter.id)));
    });

    test("hold no whole identity number for others", async () => {
        const text = JSON.stringify(await reviewer.events(matter.id));
        assert.doesNotMatch(text, /\b\d{17}[\dX]\b/);
    });
});

/** Columns that only help to find, show or repeat; no evidence rests on them. */
const BOOKKEEPING = new Set(
    ("clock.attempts clock.wake clock.working clock.title ledger.working log_checkpoint.at material.person_name " +
        "matter.follow_code matter.revision matter.updated paper.code").split(" "),
);

describe("verify", () => {
    let base; // a stopped program's data, copied for each attempt

    /** A copy of the data; on PostgreSQL a copy of the database. */
    async function copy() {
        const data = scratch("copy");
        cpSync(base.data, data, { recursive: true });
        let database = `sqlite:${join(data, "t.db")}`;
        if (base.database.startsWith("postgresql:")) {
            const cluster = base.database.slice(0, base.database.lastIndexOf("/"));
            const from = base.database.slice(base.database.lastIndexOf("/") + 1);
            const to = `${from}_${Math.random().toString(36).slice(2, 8)}`;
            await sql(`${cluster}/postgres`, `create database ${to} template ${from}`);
            database = `${cluster}/${to}`;
        }
        return { data, database, keys: base.keys };
    }

    const verify = ({ data, database, keys }) => command(["verify", "--data", data, "--database", database, "--keys", keys]);

    before(async () => {
        const own = await start();
        const person = await login(own, "citizen-1");
        const officer = await login(own, "reviewer@京0105");
        for (let n = 0; n < 3; n++) {
            const filing = await filed(person);
            await officer.taken(filing.id, ["docket", "return", "ask-correction"][n]);
        }
        await filed(person);
        await person.advance("14d"); // so that a clock has been breached
        await until("the log has all", async () => {
            const { body } = await person.get("/matters?box=mine");
            const { body: receipt } = await person.get(`/matters/${body.matters[0].id}/receipt?event=1`);
            return receipt?.checkpoint;
        });
        await own.stop({ keep: true });
        base = own;
    });
    after(() => base?.remove());

    test("passes on what the program wrote, and says what it looked at", async () => {
        const at = await copy();
        const answer = await verify(at);
        assert.equal(answer.code, 0, answer.stderr + answer.stdout);
        assert.match(answer.stdout, /\d/, "it counts");
        rmSync(at.data, { recursive: true });
    });

    test("passes on an untouched copy that is served and stopped again", async () => {
        const at = await copy();
        const again = await new Server({ ...at }).start();
        await again.stop({ keep: true });
        const answer = await verify(at);
        assert.equal(answer.code, 0, answer.stderr);
        rmSync(at.data, { recursive: true });
    });

    test("fails on any changed value of any row that evidence rests on", async (t) => {
        const schema = await sql_schema(base.database);
        const watched = Object.keys(schema).filter((table) => /^(event|matter|log|leaf|log_leaf|party|material|paper|clock|ledger|listing|search)/.test(table));
        assert.ok(watched.length >= 4, `tables of evidence among ${Object.keys(schema)}`);
        const unseen = [];
        for (const table of watched) {
            const count = Number(await sql(base.database, `select count(*) from "${table}"`));
            if (count === 0) {
                continue;
            }
            let found = 0;
            const tried = [];
            for (const { name, type } of schema[table]) {
                const filled = type === "TEXT" || type === "BLOB" ? `length("${name}") > 0` : `"${name}" is not null`;
                if ((await sql(base.database, `select count(*) from "${table}" where ${filled}`)) === "0") {
                    continue;
                }
                const at = await copy();
                const change =
                    type === "TEXT"
                        ? `update "${table}" set "${name}" = "${name}" || 'x' where "${name}" is not null`
                        : type === "BLOB" && at.database.startsWith("sqlite:")
                          ? `update "${table}" set "${name}" = cast(substr("${name}", 1, length("${name}") - 1) || x'5a' as blob) where length("${name}") > 0`
                          : type === "BLOB"
                            ? `update "${table}" set "${name}" = set_bit("${name}", 0, 1 - get_bit("${name}", 0)) where length("${name}") > 0`
                            : `update "${table}" set "${name}" = "${name}" + 1 where "${name}" is not null`;
                try {
                    await sql(at.database, `${change}`);
                } catch {
                    rmSync(at.data, { recursive: true });
                    continue; // the database's own rules forbid it
                }
                const answer = await verify(at);
                if (answer.code !== 0) {
                    found++;
                    assert.ok(answer.code !== null, `${table}.${name}: ended by a signal ${answer.signal}`);
                } else {
                    tried.push(name);
                }
                rmSync(at.data, { recursive: true });
            }
            t.diagnostic(`${table}: ${found} columns guarded${tried.length ? `, not guarded: ${tried.join(" ")}` : ""}`);
            unseen.push(...tried.filter((name) => !BOOKKEEPING.has(`${table}.${name}`)).map((name) => `${table}.${name}`));
            if (found === 0) {
                unseen.push(table);
            }
        }
        assert.deepEqual(unseen, [], "what could be changed and nobody would see");
    });

    test("fails on a removed event, a swapped one, a row too many, a cut log", async () => {
        const schema = await sql_schema(base.database);
        const events = Object.keys(schema).find((table) => /^events?$/.test(table));
        const leaves = Object.keys(schema).find((table) => /leaf|leaves/.test(table));
        assert.ok(events && leaves, `${Object.keys(schema)}`);
        const newest = (table) => {
            const key = schema[table].find((column) => /^(id|n|number|idx|seq|leaf|event)$/.test(column.name))?.name ?? schema[table][0].name;
            return `delete from "${table}" where "${key}" = (select max("${key}") from "${table}")`;
        };
        for (const attack of [newest(events), newest(leaves), `delete from "${events}"`, `delete from "${leaves}"`]) {
            const at = await copy();
            let done = true;
            try {
                await sql(at.database, attack);
            } catch {
                done = false;
            }
            if (done) {
                const answer = await verify(at);
                assert.notEqual(answer.code, 0, `not seen: ${attack}`);
            }
            rmSync(at.data, { recursive: true });
        }
    });

    test("fails on one changed byte of a stored file, and on one that is gone", async () => {
        const list = (dir) => execFileSync("find", [dir, "-type", "f", "-size", "+100c"], { encoding: "utf8" }).trim().split("\n");
        const blob_of = (dir) => list(dir).find((file) => /[0-9a-f]{40,}/.test(file));
        assert.ok(blob_of(base.data), `files are kept by their hash: ${list(base.data).slice(0, 5)}`);
        for (const harm of ["flip", "remove"]) {
            const at = await copy();
            const file = blob_of(at.data);
            if (harm === "flip") {
                execFileSync("sh", ["-c", `chmod u+w "$1"; printf Z | dd of="$1" bs=1 seek=50 conv=notrunc status=none`, "sh", file]);
            } else {
                rmSync(file, { force: true });
            }
            const answer = await verify(at);
            assert.notEqual(answer.code, 0, `${harm} of a stored file is not seen`);
            rmSync(at.data, { recursive: true });
        }
    });

    test("does not take an empty or a foreign directory for a good one", async () => {
        const dir = scratch("empty");
        const answer = await command(["verify", "--data", dir, "--keys", base.keys]);
        assert.notEqual(answer.code, 0);
        rmSync(dir, { recursive: true });
        const wrong = await command(["verify", "--data", join(dir, "none"), "--keys", base.keys]);
        assert.notEqual(wrong.code, 0);
    });
});
