// Agents of a party: appointed and ended by his own act, each an event; what they see begins and ends
// with it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, filed, login, nobody, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

let server;
let citizen;
let first;
let second;
let third;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    first = await login(server, "lawyer-1");
    second = await login(server, "lawyer-2");
    third = await login(server, "lawyer-3");
    for (const who of [citizen, first, second, third, await login(server, "citizen-4")]) {
        names.set(who.name, who.person.name);
    }
});
after(() => server?.stop());

const names = new Map(); // whoever appoints knows what his agent is called
const appoint = (who, id, agent, authority = "general", name = names.get(agent) ?? "某人") => who.post(`/matters/${id}/agents`, { login: agent, name, authority });
const end = (who, id, agent) => who.post(`/matters/${id}/agents/${agent.person.id}/end`, {});

test("a party appoints two agents, changes one, and each sees the matter as long as he acts", async () => {
    const { id } = await filed(citizen);
    refused(await first.get(`/matters/${id}`), 404);
    const one = await appoint(citizen, id, "lawyer-1", "special");
    assert.equal(one.status, 200, one.text);
    assert.deepEqual(one.body.agents.map((agent) => [agent.person, agent.authority, agent.until]), [[first.person.id, "special", null]]);
    assert.equal((await first.get(`/matters/${id}`)).status, 200);
    assert.ok((await first.get("/matters?box=mine")).body.matters.some((row) => row.id === id), "it stands among his matters");
    assert.ok((await first.get("/inbox")).body.notices.some((notice) => notice.kind === "appoint-agent"));
    assert.equal((await appoint(citizen, id, "lawyer-2")).status, 200);
    refused(await appoint(citizen, id, "lawyer-3"), 409, "counsel-full");
    assert.equal((await end(citizen, id, first)).status, 200);
    refused(await first.get(`/matters/${id}`), 404);
    assert.ok(!(await first.get("/matters?box=mine")).body.matters.some((row) => row.id === id));
    const parted = (await first.get("/inbox")).body.notices.find((notice) => notice.kind === "end-authority");
    assert.match(parted?.title ?? "", /解除了对您的委托/, "whom he parts with is told");
    const changed = await appoint(citizen, id, "lawyer-3");
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(changed.body.agents.map((agent) => agent.until === null), [true, true, false]);
    const acts = (await citizen.events(id)).map((event) => event.act);
    assert.deepEqual(acts.filter((act) => /agent|authority/.test(act)), ["appoint-agent", "appoint-agent", "end-authority", "appoint-agent"]);
    assert.equal((await appoint(citizen, id, "lawyer-1")).status, 409);
    assert.equal((await end(second, id, second)).status, 204, "an agent lays his authority down");
    refused(await second.get(`/matters/${id}`), 404);
    assert.equal((await appoint(citizen, id, "lawyer-1")).status, 200, "one who has acted before may act again");
    assert.equal((await first.get(`/matters/${id}`)).status, 200);
});

/** A filing with these parties; the one at `index` has no papers recorded, and `who` joins as him. */
async function joined(parties_of, index, who) {
    const draft = await citizen.begin();
    const values = form_fill(draft.acts[0].form, {});
    values.parties = parties_of(values.parties);
    delete values.parties[index].identity;
    const matter = await filed(citizen, { values });
    const code = (await sql(server.database, `select code from paper where matter = ${matter.id} and code <> '' order by n limit 1`)).trim();
    const asked = await who.post("/join", { code });
    assert.equal(asked.body.state, "waiting", asked.text);
    const reviewer = await login(server, "reviewer@京0105", "reviewer");
    const [waiting] = (await reviewer.get(`/matters/${matter.id}/joinings`)).body.joinings;
    const done = await reviewer.post(`/matters/${matter.id}/joinings/${waiting.paper}`, { decision: "confirm", party: index + 1 });
    assert.equal(done.status, 200, done.text);
    return matter;
}

test("nobody acts for both sides, nor against himself", async () => {
    const defendant = await login(server, "citizen-4");
    const sides = (parties) => [parties.find((one) => one.role === "plaintiff"), parties.find((one) => one.role === "defendant")];
    const { id } = await joined(sides, 1, defendant);
    assert.equal((await appoint(citizen, id, "lawyer-1")).status, 200);
    const both = await appoint(defendant, id, "lawyer-1");
    refused(both, 422, "fields");
    assert.equal(errors_at(both, "login").length, 1);
    refused(await appoint(defendant, id, "citizen-1"), 422, "fields");
    refused(await appoint(citizen, id, "citizen-4"), 422, "fields");
    assert.equal((await appoint(defendant, id, "lawyer-2")).status, 200);
    assert.equal((await end(citizen, id, first)).status, 200);
    assert.equal((await appoint(defendant, id, "lawyer-1")).status, 200, "who has parted from one side is free for the other");
});

test("who acts for two of one side lays down one after the other", async () => {
    const other = await login(server, "citizen-5");
    const two = (parties) => {
        const plaintiff = parties.find((one) => one.role === "plaintiff");
        return [plaintiff, { ...plaintiff, name: "许安然" }, parties.find((one) => one.role === "defendant")];
    };
    const { id } = await joined(two, 1, other);
    assert.equal((await appoint(citizen, id, "lawyer-2")).status, 200);
    assert.equal((await appoint(other, id, "lawyer-2")).status, 200);
    assert.equal((await end(second, id, second)).status, 200, "he still acts for the other");
    assert.equal((await end(second, id, second)).status, 204);
    refused(await second.get(`/matters/${id}`), 404);
    refused(await end(second, id, second), 404);
});

test("nobody else appoints or ends, and it is not told who has an account", async () => {
    const { id } = await filed(citizen);
    const stranger = await login(server, "citizen-2");
    const reviewer = await login(server, "reviewer@京0105", "reviewer");
    refused(await appoint(stranger, id, "lawyer-1"), 404);
    refused(await appoint(nobody(server), id, "lawyer-1"), 401);
    refused(await appoint(reviewer, id, "lawyer-1"), 403);
    assert.equal((await appoint(citizen, id, "lawyer-1")).status, 200);
    refused(await appoint(first, id, "lawyer-2"), 403);
    refused(await end(stranger, id, first), 404);
    refused(await end(reviewer, id, first), 403);
    refused(await end(citizen, id, stranger), 404);
    const none = await appoint(citizen, id, "nobody-at-all");
    const staff = await appoint(citizen, id, "reviewer@京0105");
    for (const answer of [none, staff, await appoint(citizen, id, "citizen-1"), await appoint(citizen, id, ""), await appoint(citizen, id, "lawyer-2", "general", "某人"), await appoint(citizen, id, "lawyer-2", "general", ""), await appoint(citizen, id, "'; DROP TABLE person;--𠮷")]) {
        refused(answer, 422, "fields");
        assert.deepEqual(errors_at(answer, "login"), errors_at(none, "login"));
        assert.ok(!answer.text.includes(second.person.name), "nobody learns whose account it is");
    }
    refused(await appoint(citizen, id, "lawyer-2", "all"), 422);
    const again = await appoint(citizen, id, "lawyer-1");
    refused(again, 422, "fields");
    const draft = await citizen.begin();
    refused(await appoint(citizen, draft.id, "lawyer-1"), 403);
    await citizen.taken(id, "withdraw");
    refused(await appoint(citizen, id, "lawyer-2"), 409, "state");
});

test("the page does it without scripts", async () => {
    const { id } = await filed(citizen);
    const person = await visitor(server, "citizen-1");
    const page = await person.open(`/matters/${id}/agents`);
    const form = page.forms.find((one) => one.fields.some((field) => field.name === "login"));
    const wrong = await person.send(page, form, { login: "nobody-at-all", authority: "general" });
    assert.equal(wrong.status, 422);
    assert.match(wrong.html, /value="nobody-at-all"/, "what was typed stays");
    const done = await person.send(page, form, { login: "lawyer-1", name: first.person.name, authority: "special" });
    assert.equal(done.status, 303);
    assert.match((await person.open(`/matters/${id}/agents`)).html, /解除委托/);
});
