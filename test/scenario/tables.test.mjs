// Law tables loaded while matters run: clocks that run follow them, and say so.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { filed, login } from "../lib/client.mjs";
import { root, start } from "../lib/server.mjs";

let server;
let citizen;
let admin;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    admin = await login(server, "admin@京0105");
});
after(() => server?.stop());

const shown = (date) => new Date(Date.parse(date) + 8 * 3600_000).toISOString().slice(0, 10);

test("a holiday put on a period's last day moves it by an act of the system, with old and new", async () => {
    const matter = await filed(citizen);
    const before_load = (await citizen.matter(matter.id)).clocks[0];
    const last = shown(before_load.due);
    const text = readFileSync(join(root, "data/tables/holidays.csv"), "utf8").trimEnd().split("\n");
    const rows = text.filter((row) => !row.startsWith(last));
    const header = rows.shift();
    rows.push(`${last},holiday,临时放假`);
    rows.sort();
    const loaded = await admin.post("/admin/tables", { kind: "holidays", text: [header, ...rows].join("\n") + "\n" });
    assert.ok([200, 201, 303].includes(loaded.status), loaded.text);
    await citizen.advance("1s");
    const after_load = (await citizen.matter(matter.id)).clocks[0];
    assert.ok(Date.parse(after_load.due) > Date.parse(before_load.due), `${before_load.due} → ${after_load.due}`);
    const events = await citizen.events(matter.id);
    const recount = events.find((event) => event.act === "recount-clocks");
    assert.ok(recount, events.map((event) => event.act).join());
    assert.equal(recount.actor.kind, "system");
    assert.deepEqual(recount.changes.map((change) => change.field), ["clocks"]);
});

test("loading the same again moves nothing", async () => {
    const matter = await filed(citizen);
    const text = readFileSync(join(root, "data/tables/lpr.csv"), "utf8");
    const loaded = await admin.post("/admin/tables", { kind: "lpr", text });
    assert.ok([200, 201, 303].includes(loaded.status), loaded.text);
    await citizen.advance("1s");
    assert.ok(!(await citizen.events(matter.id)).some((event) => event.act === "recount-clocks"));
});
