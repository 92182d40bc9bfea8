// The clocks of a hand-over against a reference that shares nothing with the program: it walks minute by
// minute over the calendar and the hours of each court, through weekends, working Saturdays, lunch, a
// Spring Festival of nine days and a local holiday. The program's clock is moved from one instant to
// the next; what it says when a request is sent, and what it does when time is up, is compared.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { login } from "../lib/client.mjs";
import { root, start, until } from "../lib/server.mjs";

const NEAR = "京0105";
const SECOND = 1000;
const DAY = 86_400_000;
const BEIJING = 8 * 3600 * SECOND;

/** Hours as they were published, by hand: of the nation, Xinjiang and its corps, Tibet, one court. */
const HOURS = {
    "粤0307": [["09:00", "12:00"], ["13:30", "17:30"]],
    "新0102": [["10:00", "14:00"], ["16:00", "20:00"]],
    "兵X003": [["10:00", "14:00"], ["16:00", "20:00"]],
    "藏0630": [["09:30", "13:00"], ["15:30", "18:30"]],
    "京0106": [["08:30", "11:30"], ["14:00", "18:00"]], // loaded below
};

/* --- the reference --- */

const seconds_of = (text) => Number(text.slice(0, 2)) * 3600 + Number(text.slice(3)) * 60;

/** kinds: { "YYYY-MM-DD": "holiday" | "workday" }. */
function is_open(kinds, court, at) {
    const local = new Date(at + BEIJING);
    const date = local.toISOString().slice(0, 10);
    if (court === "藏0630" && kinds.local === date) {
        return false; // a local holiday of Tibet
    }
    const weekend = local.getUTCDay() === 0 || local.getUTCDay() === 6;
    if (kinds[date] === "holiday" || (weekend && kinds[date] !== "workday")) {
        return false;
    }
    const second = local.getUTCHours() * 3600 + local.getUTCMinutes() * 60 + local.getUTCSeconds();
    return HOURS[court].some(([from, to]) => second >= seconds_of(from) && second < seconds_of(to));
}

/** When so many open seconds have gone by. Courts open and close on whole minutes. */
function due_of(kinds, court, from, seconds) {
    let at = from;
    for (let left = seconds * SECOND; left > 0; ) {
        const rest = 60 * SECOND - (at % (60 * SECOND));
        const open = is_open(kinds, court, at);
        const step = open ? Math.min(rest, left) : rest;
        left -= open ? step : 0;
        at += step;
    }
    return at;
}

const date_of = (at) => new Date(at + BEIJING).toISOString().slice(0, 10);
const day_end = (date) => Date.parse(`${date}T23:59:59+08:00`);

function is_rest(kinds, date) {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    return kinds[date] === "holiday" || ((weekday === 0 || weekday === 6) && kinds[date] !== "workday");
}

const next_day = (date) => new Date(Date.parse(`${date}T00:00:00Z`) + DAY).toISOString().slice(0, 10);

/** The end of the seventh working day after; of the seventh day after, rolled over rest. */
function seventh(kinds, from, working) {
    let date = date_of(from);
    for (let left = 7; left > 0; ) {
        date = next_day(date);
        left -= working && is_rest(kinds, date) ? 0 : 1;
    }
    while (!working && is_rest(kinds, date)) {
        date = next_day(date);
    }
    return day_end(date);
}

/* --- the program --- */

let server;
let window;
let admin;
let monday;
let kinds;

const day = (offset) => date_of(Date.parse(`${monday}T00:00:00+08:00`) + offset * DAY);
const now = async () => Date.parse(await window.advance("1s"));

async function go(instant) {
    const ms = instant - (await now());
    assert.ok(ms > 0, `${new Date(instant).toISOString()} is past`);
    if (ms >= 60 * SECOND) {
        await window.advance(`${Math.floor(ms / (60 * SECOND))}m`);
    }
    if (Math.round((ms % (60 * SECOND)) / SECOND) > 0) {
        await window.advance(`${Math.round((ms % (60 * SECOND)) / SECOND)}s`);
    }
}

async function load(kind, text) {
    const loaded = await admin.post("/admin/tables", { kind, text });
    assert.ok([200, 201, 303].includes(loaded.status), loaded.text);
}

before(async () => {
    server = await start();
    window = await login(server, `window@${NEAR}`);
    admin = await login(server, "admin");
    const today = await now();
    monday = date_of(today);
    do {
        monday = next_day(monday);
    } while (new Date(`${monday}T00:00:00Z`).getUTCDay() !== 1);
    // Weeks: 0 ordinary with a working Saturday 5; 1 ends in a working Saturday 12; the festival is 13
    // to 21; Saturday 26 is worked, Tuesday 23 a local holiday of Tibet.
    kinds = { [day(5)]: "workday", [day(12)]: "workday", [day(26)]: "workday", local: day(23) };
    for (let n = 13; n < 22; n++) {
        kinds[day(n)] = "holiday";
    }
    const [header, ...rows] = readFileSync(join(root, "data/tables/holidays.csv"), "utf8").trimEnd().split("\n");
    const kept = rows.filter((row) => row.slice(0, 10) < day(0) || row.slice(0, 10) > day(60));
    const ours = Object.entries(kinds).filter(([date]) => date !== "local").map(([date, kind]) => `${date},${kind},春节`);
    await load("holidays", [header, ...[...kept, ...ours].sort()].join("\n") + "\n");
    const hours = readFileSync(join(root, "data/tables/hours.csv"), "utf8").trimEnd().split("\n");
    const columns = hours[0].split(",");
    assert.deepEqual(columns.slice(0, 7), ["court", "valid_from", "weekday", "am_start", "am_end", "pm_start", "pm_end"]);
    await load("hours", [...hours, "京0106,,,08:30,11:30,14:00,18:00,a court's own", `藏,${day(23)},day,,,,,a local holiday`].join("\n") + "\n");
    await window.advance("1s");
});
after(() => server?.stop());

async function sent(court) {
    const draft = await window.begin("cross-domain-filing", court, { "filing-kind": "civil" });
    return window.taken(draft.id, "submit", { "filing-kind": "civil" });
}

const near = (said, wanted, what) =>
    assert.ok(Math.abs(Date.parse(said) - wanted) <= SECOND, `${what}: ${said}, by hand ${new Date(wanted + BEIJING).toISOString()}`);

test("what the clocks say and do is what a walk by hand finds", { timeout: 240_000 }, async () => {
    // Day offset and time: mornings, lunch, the last minutes of a Friday, weekends, the eve, the festival.
    const instants = [
        [0, "08:05"], [0, "11:45"], [0, "12:40"], [0, "17:15"], [1, "19:50"], [3, "13:10"], [4, "17:25"], [5, "11:55"], [6, "10:00"],
        [8, "23:59"], [10, "14:10"], [11, "18:20"], [12, "17:10"], [12, "19:45"], [14, "09:00"], [21, "12:00"], [22, "18:25"], [23, "10:30"], [25, "16:59"], [26, "13:00"], [27, "03:00"],
    ];
    const courts = Object.keys(HOURS);
    const waiting = [];
    for (const [n, [offset, time]] of instants.entries()) {
        await go(Date.parse(`${day(offset)}T${time}:00+08:00`));
        for (const court of [courts[n % courts.length], courts[(n + 2) % courts.length]]) {
            const matter = await sent(court);
            const at = Date.parse(matter.ladder.find((rung) => rung.rung === "submitted").at);
            const what = `${court} at ${new Date(at + BEIJING).toISOString()}`;
            const due = Object.fromEntries(matter.clocks.map((clock) => [clock.name, clock.due]));
            const wanted = { response: due_of(kinds, court, at, 1800), province: due_of(kinds, court, at, 7200), remind: due_of(kinds, court, at, 1200) };
            near(due.response, wanted.response, `30 minutes, ${what}`);
            near(due["response-province"], wanted.province, `120 minutes, ${what}`);
            near(due.feedback, at + DAY, `24 hours, ${what}`);
            near(due.decision, seventh(kinds, at, true), `7 working days, ${what}`);
            near(due.review, seventh(kinds, at, false), `7 days, ${what}`);
            waiting.push({ id: matter.id, court, at, what, wanted, due });
        }
    }
    await go(Date.parse(`${day(45)}T12:00:00+08:00`));
    await window.login();
    for (const one of waiting) {
        const events = await until(`all breaches, ${one.what}`, async () => {
            const found = await window.events(one.id);
            return found.some((event) => event.act === "decision-late") ? found : null;
        }, 30_000);
        const at = (act) => events.find((event) => event.act === act)?.at;
        near(at("response-late"), one.wanted.response, `late, ${one.what}`);
        near(at("response-late-province"), one.wanted.province, `late for the province, ${one.what}`);
        near(at("feedback-late"), one.at + DAY, `no feedback, ${one.what}`);
        near(at("decision-late"), seventh(kinds, one.at, true), `undecided, ${one.what}`);
        near(at("review-overdue"), seventh(kinds, one.at, false), `not reviewed, ${one.what}`);
    }
    for (const court of courts) { // the reminder after twenty minutes, told at its own instant
        const reviewer = await login(server, `reviewer@${court}`);
        const { body } = await reviewer.get("/inbox?limit=200");
        for (const one of waiting.filter((each) => each.court === court)) {
            const told = body.notices.filter((notice) => notice.matter === one.id && notice.kind === "remind").map((notice) => Date.parse(notice.at)).sort();
            assert.ok(told.some((instant) => Math.abs(instant - one.wanted.remind) <= SECOND),
                `reminded at ${told.map((instant) => new Date(instant + BEIJING).toISOString())}, by hand ${new Date(one.wanted.remind + BEIJING).toISOString()}, ${one.what}`);
        }
    }
});
