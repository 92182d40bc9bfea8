// One calendar of periods and dates, as page, data and feed; last days of drafts and their reminders.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, filed, login, nobody, refused } from "../lib/client.mjs";
import { sql } from "../lib/sql.mjs";
import { start } from "../lib/server.mjs";

let server;
let citizen;
let reviewer;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105", "reviewer");
});
after(() => server?.stop());

const month_of = (instant) => instant.slice(0, 7);
const now_of = async () => (await nobody(server).get("/outages")).body.now;

async function asked() {
    const matter = await filed(citizen);
    await reviewer.taken(matter.id, "ask-correction", { correction: { days: 5 } });
    return citizen.matter(matter.id);
}

/** Content lines of an answer, unfolded; the rules of folding are checked on the way. */
function lines_of(text) {
    assert.ok(text.endsWith("\r\n"), "the last line ends with CR LF");
    const physical = text.slice(0, -2).split("\r\n");
    for (const line of physical) {
        assert.ok(!/[\r\n]/.test(line), "no lone CR or LF");
        assert.ok(Buffer.byteLength(line) <= 75, `${Buffer.byteLength(line)} octets: ${line}`);
        assert.ok(!line.includes("\uFFFD"), "no character was cut");
    }
    return text.replaceAll("\r\n ", "").trimEnd().split("\r\n");
}

const events_of = (lines) =>
    lines.join("\n").split("BEGIN:VEVENT\n").slice(1).map((part) =>
        Object.fromEntries(part.split("END:VEVENT")[0].trim().split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)])),
    );

describe("the calendar", () => {
    test("holds the running periods of one's matters, and nobody else's", async () => {
        const matter = await asked();
        const clock = matter.clocks.find((one) => one.name === "correct");
        const { body } = await citizen.get(`/calendar?month=${month_of(clock.due)}`);
        const entry = body.entries.find((one) => one.matter.id === matter.id && one.kind === "clock");
        assert.equal(entry.day, clock.due.slice(0, 10));
        assert.ok(entry.all_day && entry.at === null && !entry.cancelled);
        const stranger = await login(server, "citizen-2");
        assert.deepEqual((await stranger.get(`/calendar?month=${month_of(clock.due)}`)).body.entries, []);
        refused(await nobody(server).get("/calendar"), 401);
        const staff = (await reviewer.get("/calendar?view=list")).body;
        assert.equal(staff.feed, null, "feeds are for people");
        refused(await reviewer.post("/calendar/feed", {}), 403);
        for (const month of ["2026-13", "x", "../..", "9999-01", "0000-00"]) {
            assert.equal((await citizen.get(`/calendar?month=${encodeURIComponent(month)}`)).status, 200, month);
        }
    });

    test("marks dates that cannot both be kept", async () => {
        const one = await filed(citizen);
        const two = await filed(citizen);
        const three = await filed(citizen);
        const base = Date.parse(`${(await now_of()).slice(0, 10)}T09:00:00+08:00`) + 5 * 86_400_000;
        const put = (id, at) =>
            sql(server.database, `insert into appointment (matter, path, title, at, changed) values (${id}, 'trial.at', '开庭', ${at}, ${base})`);
        await put(one.id, base);
        await put(two.id, base + 3600_000);
        await put(three.id, base + 4 * 3600_000);
        const { body } = await citizen.get("/calendar?view=list");
        const clash_of = (matter) => body.entries.find((entry) => entry.matter.id === matter.id && entry.kind === "date").clash;
        assert.ok(clash_of(one) && clash_of(two) && !clash_of(three));
        assert.equal(body.clashes, 2);
        const page = await (await visitor(server, "citizen-1")).open("/calendar?view=list");
        assert.match(page.html, /有日程冲突/);
        assert.match(page.html, /09:00 开庭/);
    });

    test("the page offers the link before there is one, shows it once, and takes it back", async () => {
        const who = await visitor(server, "citizen-5");
        const page = await who.open("/calendar");
        const begin = page.forms.find((form) => form.action === "/calendar/feed");
        assert.ok(begin, page.forms.map((form) => form.action).join(" "));
        const made = await who.send(page, begin);
        assert.match(made.html, /\/calendar\/feed\/[0-9A-Z]{32}\.ics/);
        const later = await who.open("/calendar");
        assert.doesNotMatch(later.html, /[0-9A-Z]{32}\.ics/);
        assert.ok(later.forms.some((form) => form.action === "/calendar/feed/end"));
    });

    test("a secret link feeds other programs, by the letter of RFC 5545", async () => {
        const matter = await asked();
        const answer = await citizen.post("/calendar/feed", {});
        assert.equal(answer.status, 201, answer.text);
        const path = new URL(answer.body.feed.url).pathname;
        assert.match(path, /^\/calendar\/feed\/[0-9A-Z]{32}\.ics$/);
        const feed = async () => {
            const got = await nobody(server).get(path, { accept: "*/*" });
            assert.equal(got.status, 200, got.text);
            assert.match(got.headers.get("content-type"), /^text\/calendar; charset=utf-8/);
            return got;
        };
        const got = await feed();
        const lines = lines_of(got.text);
        assert.equal(lines[0], "BEGIN:VCALENDAR");
        assert.equal(lines.at(-1), "END:VCALENDAR");
        assert.ok(lines.includes("VERSION:2.0") && lines.includes("TZID:Asia/Shanghai"));
        const events = events_of(lines);
        const mine = events.find((event) => event.UID.startsWith(`clock-${matter.id}-`) && event.STATUS === "CONFIRMED");
        const due = matter.clocks.find((clock) => clock.name === "correct").due.slice(0, 10).replaceAll("-", "");
        assert.equal(mine["DTSTART;VALUE=DATE"], due);
        assert.match(mine.DTSTAMP, /^\d{8}T\d{6}Z$/);
        assert.match(mine.SUMMARY, /补正期限届满/);
        assert.ok(events.some((event) => event["DTSTART;TZID=Asia/Shanghai"]), "hearings carry their zone");
        assert.ok(!got.text.includes(matter.title), "no names of parties");
        assert.equal(new Set(events.map((event) => event.UID)).size, events.length, "UIDs are unique");

        await citizen.taken(matter.id, "withdraw");
        const later = events_of(lines_of((await feed()).text)).find((event) => event.UID === mine.UID);
        assert.equal(later.STATUS, "CANCELLED", "the same UID is cancelled");
        assert.ok(Number(later.SEQUENCE) >= Number(mine.SEQUENCE));
    });

    test("the link can be changed and revoked; what is no link is not found", async () => {
        const first = new URL((await citizen.post("/calendar/feed", {})).body.feed.url).pathname;
        const second = new URL((await citizen.post("/calendar/feed", {})).body.feed.url).pathname;
        refused(await nobody(server).get(first), 404);
        assert.equal((await nobody(server).get(second)).status, 200);
        assert.equal((await citizen.get("/calendar")).body.feed.url, undefined, "it is shown once");
        assert.equal((await citizen.api("DELETE", "/calendar/feed")).status, 204);
        refused(await nobody(server).get(second), 404);
        for (const file of ["x.ics", `${"A".repeat(32)}.ics`, `${"A".repeat(32)}.txt`, `${"𠮷".repeat(8)}.ics`]) {
            refused(await nobody(server).get(`/calendar/feed/${file}`), 404);
        }
        assert.ok(!server.log.join("\n").includes(second.slice(15, 47)), "the secret is not in the log");
    });
});

describe("the last day of a draft", () => {
    test("is derived from what is entered, with its reasons, or given by its owner", async () => {
        const draft = await citizen.begin();
        const path = `/matters/${draft.id}/last-day`;
        assert.equal((await citizen.get(path)).body.day, null);
        const today = (await now_of()).slice(0, 10);
        const given = await citizen.post(path, { day: today });
        assert.equal(given.status, 200, given.text);
        assert.equal(given.body.day, today);
        for (const day of ["tomorrow", "2026-02-30", "1999-01-01", "9999-12-31", "'; DROP TABLE draft_day;--"]) {
            const answer = await citizen.post(path, { day });
            refused(answer, 422, "fields");
            assert.equal(errors_at(answer, "day").length, 1);
        }
        assert.equal((await citizen.get(path)).body.day, today, "a refusal changes nothing");
        assert.equal((await citizen.post(path, { day: "" })).body.day, null);
        refused(await (await login(server, "citizen-2")).get(path), 404);
        refused(await (await login(server, "citizen-2")).post(path, { day: today }), 404);
        const matter = await filed(citizen);
        refused(await citizen.post(`/matters/${matter.id}/last-day`, { day: today }), 409, "not-a-draft");
    });

    test("of an application for retrial follows from the day the judgment took effect", async () => {
        const window = await login(server, "window@藏0630", "window");
        const draft = await window.begin("cross-domain-filing", "京03", { "filing-kind": "civil-retrial" });
        const saved = await window.save(draft.id, { "claim-civil-retrial": { "effective-on": "2025-04-04" } });
        assert.equal(saved.status, 200, saved.text);
        const { body } = await window.get(`/matters/${draft.id}/last-day`);
        assert.equal(body.derived, "2025-10-09", JSON.stringify(body));
        assert.ok(body.working.some((step) => step.law === "civil-procedure-law@2023 216"));
    });

    test("reminds at three days and at one, once each, and stands in the calendar", async () => {
        const draft = await citizen.begin();
        const day = new Date(Date.parse(await now_of()) + 8 * 3600_000 + 5 * 86_400_000).toISOString().slice(0, 10);
        assert.equal((await citizen.post(`/matters/${draft.id}/last-day`, { day })).status, 200);
        const entries = (await citizen.get(`/calendar?view=list`)).body.entries;
        assert.ok(entries.some((entry) => entry.kind === "draft" && entry.day === day && entry.matter.id === draft.id));
        const told = async () => (await citizen.get("/inbox?limit=200")).body.notices.filter((one) => one.kind === "remind" && /草稿/.test(one.title)).map((one) => one.title);
        assert.deepEqual(await told(), []);
        await citizen.advance("3d");
        assert.equal((await told()).length, 1);
        assert.match((await told())[0], /还有[23]日到期/);
        await citizen.advance("1d");
        assert.equal((await told()).length, 2);
        await citizen.advance("2d");
        assert.equal((await told()).length, 2, "no more behind the last day");
        const page = await (await visitor(server, "citizen-1")).open(`/matters/${draft.id}`);
        assert.match(page.html, /我知道的最后一日/);
    });

    test("a draft that is handed in reminds nobody", async () => {
        const draft = await citizen.begin();
        const day = new Date(Date.parse(await now_of()) + 8 * 3600_000 + 4 * 86_400_000).toISOString().slice(0, 10);
        assert.equal((await citizen.post(`/matters/${draft.id}/last-day`, { day })).status, 200);
        const before_it = (await citizen.get("/inbox?limit=200")).body.notices.filter((one) => /草稿/.test(one.title)).length;
        await citizen.taken(draft.id, "submit");
        await citizen.advance("3d");
        assert.equal((await citizen.get("/inbox?limit=200")).body.notices.filter((one) => /草稿/.test(one.title)).length, before_it);
    });
});
