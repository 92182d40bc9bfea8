// The moment of receipt, and what the platform records of its own down time: notices, certificates,
// periods that are prolonged.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, filed, login, nobody, refused } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { html_text } from "../lib/html.mjs";
import { sql } from "../lib/sql.mjs";
import { Server, sleep, start, until } from "../lib/server.mjs";

let server;
let citizen;
let admin;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    admin = await login(server, "admin@京0105", "admin");
});
after(() => server?.stop());

const beijing = (ms) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 19) + "+08:00";
const now_of = async () => Date.parse((await nobody(server).get("/outages")).body.now);

async function announce(since, end, more = {}) {
    return admin.post("/admin/outages", { function: "filing", since: beijing(since), until: beijing(end), text: "升级数据库", ...more });
}

/** Sends a request in two parts; `between` runs when the first is on its way. */
async function in_two_parts(who, path, body, key, between) {
    const text = Buffer.from(JSON.stringify(body));
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${who.token}\r\nAccept: application/json\r\n` +
            `Idempotency-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n`,
    );
    socket.write(text.subarray(0, text.length - 1));
    await between();
    socket.write(text.subarray(text.length - 1));
    const parts = [];
    socket.on("data", (part) => parts.push(part));
    await once(socket, "close");
    const answer = Buffer.concat(parts).toString();
    return { status: Number(answer.slice(9, 12)), text: answer };
}

describe("the moment of receipt", () => {
    test("is when the last byte is there; when the first came stands beside it", async () => {
        const draft = await citizen.begin();
        const { matter, act } = await citizen.offered(draft.id, "submit");
        await citizen.upload_required(matter, act);
        const { form_fill } = await import("../lib/form.mjs");
        const said = { values: form_fill(act.form, {}), accept_warnings: true };
        const answer = await in_two_parts(citizen, `/matters/${draft.id}/acts/submit`, said, randomUUID(), async () => {
            await sleep(50); // the first part is with the program
            await citizen.advance("2m");
        });
        assert.equal(answer.status, 200, answer.text);
        const receipt = (await citizen.get(`/matters/${draft.id}/receipt`)).body;
        const began = Date.parse(receipt.arrival.began);
        const complete = Date.parse(receipt.arrival.complete);
        assert.ok(complete - began >= 119_000, `${receipt.arrival.began} to ${receipt.arrival.complete}`);
        assert.equal(receipt.promise.at, receipt.arrival.complete, "what counts is the complete arrival");
        const [event] = await citizen.events(draft.id);
        assert.deepEqual(event.arrival, receipt.arrival);
        assert.equal(event.at, receipt.arrival.complete);
    });

    test("of a resumable upload is when its last piece came, not when it was attached", async () => {
        const draft = await citizen.begin();
        const bytes = pdf("一份证据");
        const tus = { "tus-resumable": "1.0.0" };
        const made = await citizen.api("POST", "/uploads", { headers: { ...tus, "upload-length": String(bytes.length) } });
        assert.equal(made.status, 201, made.text);
        const path = made.headers.get("location");
        const piece = (from, to) =>
            citizen.api("PATCH", path, {
                body: bytes.subarray(from, to),
                headers: { ...tus, "upload-offset": String(from), "content-type": "application/offset+octet-stream" },
            });
        assert.equal((await piece(0, 10)).status, 204);
        await citizen.advance("3m");
        assert.equal((await piece(10, bytes.length)).status, 204);
        const whole = await now_of();
        await citizen.advance("5m");
        const answer = await citizen.post(`/matters/${draft.id}/materials?kind=evidence`, { upload: path.split("/").pop() });
        assert.equal(answer.status, 201, answer.text);
        assert.ok(Math.abs(Date.parse(answer.body.at) - whole) < 60_000, `${answer.body.at} against ${beijing(whole)}`);
        assert.ok(Date.parse(answer.body.at) - Date.parse(answer.body.began) >= 179_000, answer.text);
    });

    test("the page says both to the second", async () => {
        const matter = await filed(citizen);
        const page = await (await visitor(server, "citizen-1")).open(`/matters/${matter.id}/receipt`);
        assert.match(page.html, /\d\d:\d\d:\d\d开始传送，2026年|\d{4}年\d+月\d+日\d\d:\d\d:\d\d开始传送/);
        assert.match(page.html, /\d\d:\d\d:\d\d全部到达/);
    });
});

describe("notices", () => {
    test("everybody reads them, as a page and as data; all works", async () => {
        const answer = await nobody(server).get("/outages");
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body.functions.map((one) => one.function), ["filing", "uploads", "signing", "messages", "mail", "papers", "log"]);
        assert.ok(answer.body.functions.every((one) => one.works), answer.text);
        const page = await nobody(server).get("/outages", { accept: "text/html" });
        assert.match(page.text, /状态和故障公告/);
    });

    test("an administrator announces; the audit knows; it can be taken back until it begins", async () => {
        const from = (await now_of()) + 3600_000;
        const said = await announce(from, from + 3600_000, { function: undefined, functions: ["uploads", "messages", "uploads"] });
        assert.equal(said.status, 200, said.text);
        const rows = said.body.outages.filter((one) => one.ahead);
        assert.deepEqual(rows.map((one) => one.function).sort(), ["messages", "uploads"]);
        const words = html_text((await (await visitor(server, "admin")).open("/admin/audit")).html);
        assert.match(words, /从：\d{4}年\d+月\d+日\d\d:\d\d/);
        assert.doesNotMatch(words, /\d{4}-\d\d-\d\d/);
        const audit = (await admin.get("/admin/audit")).body.audit;
        assert.equal(audit.filter((one) => one.what === "announce-outage").length, 2);
        for (const row of rows) {
            assert.equal((await admin.post(`/admin/outages/${row.id}/cancel`, {})).status, 200);
            refused(await admin.post(`/admin/outages/${row.id}/cancel`, {}), 409, "state");
            const one = (await nobody(server).get(`/outages/${row.id}`)).body;
            assert.ok(one.cancelled && !one.certifiable);
            refused(await citizen.post(`/outages/${row.id}/certificate`, {}, { key: randomUUID() }), 409, "state");
        }
    });

    test("what cannot be announced is said field by field, and nothing is written", async () => {
        const now = await now_of();
        const before_ids = (await nobody(server).get("/outages?limit=200")).body.outages.map((one) => one.id);
        const cases = [
            [{ function: "everything", since: beijing(now + 60_000), until: beijing(now + 120_000), text: "x" }, "function"],
            [{ function: "filing", since: beijing(now - 60_000), until: beijing(now + 60_000), text: "x" }, "since"],
            [{ function: "filing", since: "tomorrow", until: beijing(now + 60_000), text: "x" }, "since"],
            [{ function: "filing", since: beijing(now + 60_000), until: beijing(now + 60_000), text: "x" }, "until"],
            [{ function: "filing", since: beijing(now + 60_000), until: beijing(now + 120_000), text: "" }, "text"],
            [{ function: "filing", since: beijing(now + 60_000), until: beijing(now + 120_000), text: "长".repeat(201) }, "text"],
            [{}, "since"],
        ];
        for (const [body, field] of cases) {
            const answer = await admin.post("/admin/outages", body);
            refused(answer, 422, "fields");
            assert.ok(errors_at(answer, field).length > 0, `${field}: ${answer.text}`);
        }
        assert.deepEqual((await nobody(server).get("/outages?limit=200")).body.outages.map((one) => one.id), before_ids);
        const form = await visitor(server, "admin@京0105");
        const page = await form.open("/admin/outages");
        assert.match(page.html, /公告停用/);
    });

    test("nobody else announces, and hostile text stays text", async () => {
        const now = await now_of();
        const body = { function: "filing", since: beijing(now + 60_000), until: beijing(now + 120_000), text: "x" };
        refused(await citizen.post("/admin/outages", body), 404);
        refused(await nobody(server).post("/admin/outages", body), 401);
        refused(await nobody(server).get("/outages/999999"), 404);
        refused(await nobody(server).get("/outages?function=../etc"), 422);
        const text = "<script>alert(1)</script>𠮷'; DROP TABLE outage;--";
        const said = await announce(now + 7200_000, now + 7260_000, { text });
        assert.equal(said.status, 200, said.text);
        const id = said.body.outages.find((one) => one.text === text).id;
        const page = await nobody(server).get("/outages", { accept: "text/html" });
        assert.ok(!page.text.includes("<script>alert") && page.text.includes("𠮷"));
        assert.equal((await admin.post(`/admin/outages/${id}/cancel`, {})).status, 200);
    });
});

describe("a period whose last day had an outage", () => {
    let reviewer;
    let matter;

    const correct_clock = (m) => m.clocks.filter((clock) => clock.name === "correct").at(-1);

    async function asked() {
        const m = await filed(citizen);
        return reviewer.taken(m.id, "ask-correction", { correction: { days: 3 } }, {});
    }

    before(async () => {
        reviewer = await login(server, "reviewer@京0105", "reviewer");
    });

    test("does not lapse: it ends on the next working day, with the reasons shown", async () => {
        await asked().then((m) => (matter = m));
        const due = Date.parse(correct_clock(await citizen.matter(matter.id)).due);
        const said = await announce(due - 3 * 3600_000, due - 2 * 3600_000);
        assert.equal(said.status, 200, said.text);
        await citizen.advance(`${Math.ceil((due + 3600_000 - (await now_of())) / 1000)}s`);
        const after_it = await citizen.matter(matter.id);
        const clock = correct_clock(after_it);
        assert.equal(after_it.state, "correction", "nobody lapses on such a day");
        assert.ok(Date.parse(clock.due) > due, `${clock.due}`);
        const laws = clock.working.map((step) => step.law);
        assert.ok(laws.includes("platform@2026 outage") && laws.includes("civil-procedure-law@2023 86"), JSON.stringify(clock.working));
        const event = (await citizen.events(matter.id)).at(-1);
        assert.equal(event.act, "prolong-periods");
        assert.ok((await citizen.get("/inbox")).body.notices.some((one) => one.kind === "prolong-periods"), "the party is told");
        const day = Math.round((Date.parse(clock.due) - (await now_of())) / 1000);
        await citizen.advance(`${day + 60}s`);
        assert.equal((await citizen.matter(matter.id)).state, "returned", "the prolonged period lapses in its turn");
    });

    test("the court's own limits are not touched, nor one whose day had none", async () => {
        const m = await filed(citizen);
        const review = m.clocks.find((clock) => clock.name === "review");
        const due = Date.parse(review.due);
        assert.equal((await announce(due - 3 * 3600_000, due - 2 * 3600_000)).status, 200);
        await citizen.advance(`${Math.ceil((due + 60_000 - (await now_of())) / 1000)}s`);
        const events = await citizen.events(m.id);
        assert.ok(events.some((one) => one.act === "review-overdue"), "the court is late");
        assert.ok(!events.some((one) => one.act === "prolong-periods"));
    });

    test("a certificate goes to the person, or to the matter as well, once for one key", async () => {
        const outage = (await nobody(server).get("/outages")).body.outages.find((one) => one.function === "filing" && one.until);
        const key = randomUUID();
        const mine = await citizen.post(`/outages/${outage.id}/certificate`, {}, { key });
        assert.equal(mine.status, 201, mine.text);
        const again = await citizen.post(`/outages/${outage.id}/certificate`, {}, { key });
        assert.equal(again.body.matter, mine.body.matter);
        const own = await citizen.matter(mine.body.matter);
        assert.deepEqual(own.papers.map((paper) => paper.kind), ["outage-certificate"]);
        const print = await citizen.get(own.papers[0].url);
        assert.equal(print.status, 200, print.text);
        assert.equal(print.bytes.subarray(0, 5).toString(), "%PDF-");
        assert.equal((await citizen.taken(own.id, "keep")).state, "kept");
        const receipt = await citizen.get(`/matters/${own.id}/receipt?event=1`);
        const proof = await nobody(server).post("/verify", { receipt: receipt.body });
        assert.ok(["proved", "promised"].includes(proof.body.verdict), proof.text);

        const there = await citizen.post(`/outages/${outage.id}/certificate`, { matter: matter.id }, { key: randomUUID() });
        assert.equal(there.status, 201, there.text);
        assert.equal(there.body.matter, matter.id);
        assert.ok((await citizen.matter(matter.id)).papers.some((paper) => paper.kind === "outage-certificate"));

        const stranger = await login(server, "citizen-2");
        refused(await stranger.post(`/outages/${outage.id}/certificate`, { matter: matter.id }, { key: randomUUID() }), 404);
        const draft = await citizen.begin();
        refused(await citizen.post(`/outages/${outage.id}/certificate`, { matter: draft.id }, { key: randomUUID() }), 422);
        refused(await citizen.post(`/outages/${outage.id}/certificate`, { matter: "1; DROP" }, { key: randomUUID() }), 422);
        refused(await citizen.post(`/outages/${outage.id}/certificate`, {}), 422, "key-missing");
        refused(await nobody(server).post(`/outages/${outage.id}/certificate`, {}, { key: randomUUID() }), 401);
    });
});

test("the platform finds its own down time when it starts again", async () => {
    const own = new Server();
    await own.start();
    try {
        const who = await login(own, "citizen-1");
        await filed(who);
        await until("a heartbeat", async () => (await sql(own.database, "select at from heartbeat")) !== "");
        await own.stop({ keep: true });
        const stopped = Number(await sql(own.database, "select at from heartbeat"));
        // Two hours ago: what a stop of two hours leaves behind.
        await sql(own.database, "update heartbeat set at = at - 7200000");
        await own.start();
        const { outages } = (await nobody(own).get("/outages")).body;
        assert.equal(outages.length, 1, JSON.stringify(outages));
        assert.equal(outages[0].kind, "gap");
        assert.equal(outages[0].function, "all");
        assert.ok(!outages[0].lasts);
        assert.ok(Math.abs(Date.parse(outages[0].since) - (stopped - 7200_000)) < 2000);
        assert.ok(Date.parse(outages[0].until) >= stopped - 1000);
        await own.stop({ keep: true });
        await own.start();
        assert.equal((await nobody(own).get("/outages")).body.outages.length, 1, "a short stop is none, and it is recorded once");
    } finally {
        await own.stop();
    }
});
