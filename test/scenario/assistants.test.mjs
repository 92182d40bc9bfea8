// Firm accounts: an assistant prepares the draft, the lawyer signs and submits, the record names both.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { COURT, FILING, login, nobody, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { html_text } from "../lib/html.mjs";
import { command, start } from "../lib/server.mjs";

let server;
let lawyer;
let helper;
let stranger;

before(async () => {
    server = await start();
    lawyer = await login(server, "lawyer-1");
    helper = await login(server, "citizen-7");
    stranger = await login(server, "citizen-8");
});
after(() => server?.stop());

const name_helper = () => lawyer.names_assistant(helper);
const begin = (who, body = {}) => who.post("/matters", { procedure: FILING, court: COURT, values: {}, for: lawyer.person.id, ...body }, { key: randomUUID() });
const mine = async (who) => (await who.get("/matters?box=mine&limit=200")).body.matters.map((one) => one.id);
const last = { undertakings: { truth: true, "not-elsewhere": true } };
const signature = () => ({ method: "typed", name: lawyer.person.name, code: "000000" });

async function prepared() {
    const { body: draft } = await begin(helper);
    const values = form_fill(draft.acts[0].form, { filer: { capacity: "agent", plaintiff: 1 } });
    delete values.undertakings;
    delete values.signature;
    const saved = await helper.save(draft.id, values);
    assert.equal(saved.status, 200, saved.text);
    await helper.upload_required(saved.body, saved.body.acts[0]);
    return draft.id;
}

describe("an assistant", () => {
    test("begins a draft for a lawyer only when the lawyer has named him", async () => {
        refused(await begin(helper), 403, "assist-denied");
        for (const login_name of ["", "lawyer-1", "x".repeat(300), "a\u202eb", "a\nb"]) {
            refused(await lawyer.post("/me/assistants", { login: login_name }), 422, "fields");
        }
        const named = await name_helper();
        assert.equal(named.status, 200, named.text);
        assert.deepEqual(named.body.assistants.map((one) => one.id), [helper.person.id]);
        assert.deepEqual((await helper.get("/me/assistants")).body.prepares_for.map((one) => one.id), [lawyer.person.id]);
        const begun = await begin(helper);
        assert.equal(begun.status, 201, begun.text);
        refused(await begin(stranger), 403, "assist-denied");
        refused(await begin(helper, { for: stranger.person.id }), 403, "assist-denied");
        refused(await begin(helper, { for: "x" }), 403, "assist-denied");
        refused(await nobody(server).get("/me/assistants"), 401);
    });

    test("agrees first; until then nothing tells whose account it is, or whether there is one", async () => {
        const asker = await login(server, "lawyer-2");
        const asks = (login_name) => asker.post("/me/assistants", { login: login_name });
        const known = await asks("citizen-8");
        const shape = (answer) => answer.body.asked.map((one) => Object.keys(one).sort());
        const told = [known, await asks("reviewer@京0105"), await asks("nobody-here")];
        for (const answer of told) {
            assert.equal(answer.status, 200, answer.text);
            assert.ok(!answer.text.includes(stranger.person.name) && !answer.text.includes(stranger.person.id), answer.text);
            assert.ok(shape(answer).every((keys) => keys.join() === "at,id,login"));
        }
        assert.deepEqual(told[2].body.asked.map((one) => one.login), ["citizen-8", "reviewer@京0105", "nobody-here"]);
        refused(await begin(stranger), 403, "assist-denied");
        const [one] = (await stranger.get("/me/assistants")).body.asked_of_me;
        assert.equal(one.name, asker.person.name);
        refused(await helper.post(`/me/assistants/asked/${one.id}/agree`, {}), 404, "not-found");
        refused(await asker.post(`/me/assistants/asked/${one.id}/agree`, {}), 404, "not-found");
        assert.equal((await helper.post(`/me/assistants/asked/${one.id}/end`, {})).status, 200);
        assert.equal((await asker.get("/me/assistants")).body.asked.length, 3, "others take nothing back");
        assert.equal((await stranger.post(`/me/assistants/asked/${one.id}/end`, {})).status, 200);
        refused(await stranger.post(`/me/assistants/asked/${one.id}/agree`, {}), 404, "not-found");
        // An account that is made under a name that was typed before is not the one that was meant.
        assert.equal((await asks("citizen-77")).status, 200);
        const late = await login(server, "citizen-77");
        assert.deepEqual((await late.get("/me/assistants")).body.asked_of_me, []);
        assert.equal((await asks("citizen-77")).status, 200);
        assert.equal((await late.get("/me/assistants")).body.asked_of_me.length, 1);
        for (const each of (await asker.get("/me/assistants")).body.asked) {
            assert.equal((await asker.post(`/me/assistants/asked/${each.id}/end`, {})).status, 200);
        }
    });

    test("fills and uploads; the lawyer alone signs and submits, and the event names both", async () => {
        const id = await prepared();
        assert.ok((await mine(helper)).includes(id) && (await mine(lawyer)).includes(id));
        refused(await stranger.get(`/matters/${id}`), 404, "not-found");
        const seen = await helper.matter(id);
        assert.equal(seen.values.parties[0].identity.number, "11010519491231002X", "who types it sees it");
        assert.equal(seen.acts[0].prepare_only, true);
        const denied = await helper.act(id, "submit", { ...last, signature: { ...signature(), name: helper.person.name } }, { accept_warnings: true });
        refused(denied, 403, "draft-of-another");
        refused(await helper.api("DELETE", `/matters/${id}`), 403, "draft-of-another");
        const page = await (await visitor(server, "citizen-7")).open(`/matters/${id}/acts/submit`);
        assert.match(html_text(page.html), /您是起草人/);
        assert.doesNotMatch(html_text(page.html), /确认提交/);
        const asked = await helper.post(`/matters/${id}/signatures`, { who: ["parties.0"] });
        assert.equal(asked.status, 200, asked.text);
        const [one] = (await lawyer.get(`/matters/${id}/signatures`)).body.signatures;
        assert.equal((await lawyer.post(`/matters/${id}/signatures/${one.id}/withdraw`, {})).status, 200);

        const filed = await lawyer.act(id, "submit", { ...last, signature: signature() }, { accept_warnings: true });
        assert.equal(filed.status, 200, filed.text);
        const [event] = await lawyer.events(id);
        assert.equal(event.actor.name, lawyer.person.name);
        assert.deepEqual(event.prepared_by, [helper.person.name]);
        const told = await (await visitor(server, "lawyer-1")).open(`/matters/${id}`);
        assert.ok(html_text(told.html).includes(`${helper.person.name}起草`));
        refused(await helper.get(`/matters/${id}`), 404, "not-found");
        assert.ok(!(await mine(helper)).includes(id), "what the court has is the lawyer's alone");
    });

    test("two at one draft: a clash is said with both values", async () => {
        const id = await prepared();
        const { revision, values } = await lawyer.matter(id);
        assert.equal((await helper.save(id, { claim: { ...values.claim, amount: 1 } }, { revision })).status, 200);
        const clash = await lawyer.save(id, { claim: { ...values.claim, amount: 2 } }, { revision });
        refused(clash, 409, "conflict");
        assert.deepEqual(clash.body.conflicts.map(({ field, yours, theirs }) => [field, yours, theirs]), [["claim.amount", 2, 1]]);
    });

    test("who is no assistant any more is out at once, also of drafts under way", async () => {
        const id = await prepared();
        const ended = await lawyer.post(`/me/assistants/${helper.person.id}/end`, {});
        assert.equal(ended.status, 200, ended.text);
        assert.deepEqual(ended.body.assistants, []);
        refused(await helper.get(`/matters/${id}`), 404, "not-found");
        refused(await helper.save(id, { cause: "民间借贷纠纷" }), 404, "not-found");
        assert.ok(!(await mine(helper)).includes(id));
        refused(await begin(helper), 403, "assist-denied");
        assert.equal((await lawyer.save(id, { cause: "民间借贷纠纷" })).status, 200, "the draft is the lawyer's still");
        const filed = await lawyer.act(id, "submit", { ...last, signature: signature() }, { accept_warnings: true });
        assert.equal(filed.status, 200, filed.text);
        assert.equal((await lawyer.events(id))[0].prepared_by, undefined);
        assert.equal((await name_helper()).status, 200);
    });

    test("is chosen on the page that begins, without a script", async () => {
        const who = await visitor(server, "citizen-7");
        const page = await who.open(`/begin/${FILING}?court=${COURT}`);
        const form = page.forms.find((one) => one.fields.some((field) => field.name === "_for"));
        const answer = await who.send(page, form, { _for: lawyer.person.id });
        assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        const id = answer.headers.get("location").match(/\d+/)[0];
        assert.ok((await mine(lawyer)).includes(id));
        const desk = await (await visitor(server, "lawyer-1")).open("/me/assistants");
        assert.ok(html_text(desk.html).includes(helper.person.name));
    });

    test("everything verifies", async () => {
        const { code, stdout, stderr } = await command(["verify", ...server.flags]);
        assert.equal(code, 0, stdout + stderr);
    });
});
