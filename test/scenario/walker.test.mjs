// Every procedure, state and role is walked by a program that knows nothing but the contract: what is
// offered can be taken with the examples of its form, and leads through all states.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { archive_faults } from "../lib/archive.mjs";
import { COURT, login } from "../lib/client.mjs";
import { form_faults } from "../lib/form.mjs";
import { command, start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";
import { Walk } from "../lib/walk.mjs";

const POSTS = ["window", "reviewer", "judge", "clerk", "enforcement", "leader", "supervisor", "mediator", "administrator"];
const THERE = "京03";
// Opened by the calendar, by nobody's act: circulars.test.mjs takes each of its acts in each of its states.
// A call-back is opened by a low rating, and examples are content: complaints.test.mjs takes its acts.
// A drill round is opened by a request of its own: drills.test.mjs takes its acts.
const ELSEWHERE = new Set(["circular", "rating-call-back", "drill-round", "outage-certificate"]);
// What only courts above the basic ones open: 执复.
const ABOVE = new Set(["66"]);
let server;
let walk;
let procedures;

before(async () => {
    server = await start();
    const people = { citizen: await login(server, "citizen-1"), lawyer: await login(server, "lawyer-1"), defendant: await login(server, "citizen-2") };
    for (const post of POSTS) {
        people[post] = await login(server, `${post}@${COURT}`);
    }
    // A window hands over to another court: whoever decides there, and who looks from above.
    for (const post of ["reviewer", "judge", "leader", "clerk"]) {
        people[`${post} there`] = await login(server, `${post}@${THERE}`);
    }
    people["supervisor above"] = await login(server, "supervisor@京");
    people.collaborator = await login(server, "window@京0108"); // hands over to the court
    walk = new Walk(people, COURT);
    const answer = await people.citizen.get("/procedures?limit=200");
    assert.equal(answer.status, 200, answer.text);
    procedures = answer.body.procedures;
});
after(() => server?.stop());

/** A court and a role at which the procedure can be begun; null when it only arises from others. */
async function beginning(name) {
    for (const court of [COURT, THERE, "京", "最高法"]) {
        for (const role of Object.keys(walk.people)) {
            const answer = await walk.people[role].post("/matters", { procedure: name, court, values: {} });
            if (answer.status === 201) {
                return { begin: name, role, court };
            }
            assert.ok([403, 404, 409, 422].includes(answer.status), `begin ${name} by ${role}: ${answer.status} ${answer.text}`);
        }
    }
    return null;
}

test("each procedure describes itself: title, states, form, diagram", async () => {
    assert.ok(procedures.length >= 2, `${procedures.length} procedures`);
    for (const { name } of procedures) {
        const { body, status, text } = await walk.people.citizen.get(`/procedures/${name}`);
        assert.equal(status, 200, text);
        assert.equal(body.name, name);
        assert.match(body.title, /[\u4e00-\u9fff]/);
        assert.ok(Object.keys(body.states).length >= 2, `${name} has states`);
        assert.deepEqual(form_faults(body.form ?? []), []);
        const diagram = await walk.people.citizen.get(`/procedures/${name}/diagram.svg`, { accept: "image/svg+xml" });
        assert.equal(diagram.status, 200);
        assert.match(diagram.headers.get("content-type"), /^image\/svg\+xml/);
        assert.match(diagram.text, /^<\?xml|^<svg/);
        assert.doesNotMatch(diagram.text, /<script|onload=/);
    }
});

test("everything offered can be taken with the examples of its form", async (t) => {
    const waiting = [];
    for (const { name } of procedures) {
        const recipe = await beginning(name);
        if (recipe) {
            await walk.explore([recipe]);
            for (const kind of await walk.kinds(recipe)) {
                await walk.explore(ABOVE.has(Object.values(kind[0].values)[0]) ? [{ ...kind[0], court: THERE }] : kind);
            }
        } else if (!ELSEWHERE.has(name)) {
            waiting.push(name);
        }
    }
    // What arises from others is walked from the first that opened it; it may open more.
    for (let rounds = 0; rounds < 4 && waiting.length > 0; rounds++) {
        for (const name of [...waiting]) {
            if (walk.opened.has(name)) {
                waiting.splice(waiting.indexOf(name), 1);
                await walk.explore(walk.opened.get(name));
            }
        }
    }
    for (const [procedure, states] of walk.states) {
        t.diagnostic(`${procedure}: ${[...states].join(" ")}`);
    }
    t.diagnostic(`${walk.taken.size} acts taken, never seen: ${waiting.join(" ") || "none"}`);
    assert.equal(walk.faults.length, 0, `\n${walk.faults.join("\n")}`);
    assert.deepEqual(waiting, [], "every procedure can be begun or arises from another");
});

test("every state is reached, by an act or by a clock", async (t) => {
    const missing = [];
    for (const { name } of procedures.filter((one) => !ELSEWHERE.has(one.name))) {
        const { body } = await walk.people.citizen.get(`/procedures/${name}`);
        const states = Array.isArray(body.states) ? body.states.map((state) => state.name) : Object.keys(body.states);
        const reached = walk.states.get(name) ?? new Set();
        missing.push(...states.filter((state) => !reached.has(state)).map((state) => `${name} ${state}`));
    }
    if (missing.length === 0) {
        return;
    }
    // The rest must come about when nobody acts: each state with a running clock is left alone.
    const left = new Map();
    for (const [key, { recipe }] of walk.offers) {
        const [procedure, state] = key.split(" ");
        left.set(`${procedure} ${state}`, recipe);
    }
    for (const [place, recipe] of left) {
        if (!missing.some((state) => state.startsWith(`${place.split(" ")[0]} `))) {
            continue;
        }
        const matter = await walk.play(recipe);
        if (!matter) {
            continue;
        }
        for (let rounds = 0; rounds < 6; rounds++) {
            const { matter: now } = await walk.look(matter.id);
            const running = now?.clocks.filter((clock) => !clock.stopped && !clock.breached) ?? [];
            if (running.length === 0) {
                break;
            }
            const due = Math.min(...running.map((clock) => Date.parse(clock.due)));
            const { now: clock_now } = { now: await walk.people.citizen.advance("1s") };
            const wait_s = Math.max(1, Math.ceil((due - Date.parse(clock_now)) / 1000) + 2);
            await walk.people.citizen.advance(`${wait_s}s`);
            const seen = await walk.look(matter.id);
            if (seen.matter) {
                walk.note(seen.matter, seen.offers, recipe);
            }
        }
    }
    const still = missing.filter((place) => {
        const [procedure, state] = place.split(" ");
        return !walk.states.get(procedure)?.has(state);
    });
    t.diagnostic(`never reached: ${still.join(", ") || "none"}`);
    assert.deepEqual(still, []);
});

test("an act not offered is refused to each role that sees the matter", async () => {
    const citizen = walk.people.citizen;
    const recipe = [...walk.offers.values()].find((offer) => offer.act === "docket")?.recipe;
    assert.ok(recipe, "a filing under review was walked");
    const matter = await walk.play(recipe);
    const all = new Set([...walk.offers.keys()].filter((key) => key.startsWith("civil-first-instance-filing ")).map((key) => key.split(" ")[2]));
    for (const [role, who] of Object.entries(walk.people)) {
        const seen = await who.get(`/matters/${matter.id}`);
        const offered = new Set(seen.body?.acts?.map((act) => act.name));
        for (const act of all) {
            if (!offered.has(act)) {
                const answer = await who.act(matter.id, act, {}, { revision: seen.body?.revision ?? 1 });
                assert.ok([403, 404, 409].includes(answer.status), `${act} by ${role}: ${answer.status} ${answer.text}`);
            }
        }
    }
    assert.equal((await citizen.matter(matter.id)).state, "under-review");
});

/** Kinds of papers that no act of the walk makes, and what tries them. */
const PRINTED_ELSEWHERE = {
    authority: "of no matter: authority-letter.test.mjs",
    complaint: "in elements: hearings.test.mjs",
    "hearing-notice": "to agents and witnesses: hearings.test.mjs",
    "evidence-list": "of evidence put in order: evidence.test.mjs",
    "element-form": "of no matter: element-forms.test.mjs",
    circular: "by the calendar: circulars.test.mjs",
    "circular-correction": "of a circular: circulars.test.mjs",
    "outage-certificate": "asked for after an outage: outages.test.mjs",
};

test("every kind of paper that was issued is printed again from its inputs to the same bytes", async (t) => {
    const kinds = readdirSync(new URL("../../data/papers/", import.meta.url)).map((name) => name.replace(/\.yaml$/, ""));
    const rows = (await sql(server.database, "select kind, matter, min(n), max(n) from paper where sealed is null and signer = '' group by kind, matter order by kind, matter desc")).split("\n").map((row) => row.split("|"));
    const print = async (matter, n) => {
        for (const who of Object.values(walk.people)) {
            const got = await who.get(`/matters/${matter}/papers/${n}`, { accept: "application/pdf" });
            if (got.status === 200) {
                return got.bytes;
            }
        }
        return null;
    };
    const tried = new Map();
    for (const [kind, matter, first, last] of rows) {
        for (const n of (tried.get(kind) ?? 0) < 2 ? new Set([first, last]) : []) {
            const before = await print(matter, n);
            if (before === null) {
                continue; // nobody of the walk sees it any more
            }
            await sql(server.database, `update paper set sm3 = null where matter = ${matter} and n = ${n}`); // as if it had never been printed
            const again = await print(matter, n);
            assert.ok(again !== null && before.equals(again), `${kind}: paper ${n} of ${matter}`);
            assert.deepEqual(archive_faults(before), [], `${kind}: for the archive`);
            tried.set(kind, (tried.get(kind) ?? 0) + 1);
        }
    }
    t.diagnostic(`${tried.size} kinds, ${[...tried.values()].reduce((a, b) => a + b, 0)} papers`);
    assert.deepEqual(kinds.filter((kind) => !tried.has(kind)).sort(), Object.keys(PRINTED_ELSEWHERE).sort());
});

test("verify finds nothing amiss in all that was walked", async () => {
    const answer = await command(["verify", ...server.flags]);
    assert.equal(answer.code, 0, answer.stdout.slice(-4000) + answer.stderr);
});
