// Nothing is asked twice: what was filled in once is kept for its owner and fills the next form.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, login, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { html_text } from "../lib/html.mjs";
import { start } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

let server;
let lawyer;
let page_of;

before(async () => {
    server = await start();
    lawyer = await login(server, "lawyer-1");
    page_of = await visitor(server, "lawyer-1");
});
after(() => server?.stop());

const AGENT = { name: "李某", kind: "lawyer", firm: "北京示例律师事务所", licence: "11101201010123456", phone: "13800138001", authority: "special", powers: ["settle"] };
const saved = async (who = lawyer, kind = "") => (await who.get(`/me/saved?kind=${kind}`)).body.saved;
const form_with = (page, name) => page.forms.find((one) => one.fields.some((field) => field.name === name));

async function filled() {
    const draft = await lawyer.begin();
    const values = form_fill(draft.acts[0].form);
    values.parties[0].agents = [AGENT];
    delete values.undertakings;
    delete values.signature;
    assert.equal((await lawyer.save(draft.id, values)).status, 200);
    return { id: draft.id, values };
}

describe("keeping", () => {
    test("by one tick on the page, without a script: each party, each agent, the address", async () => {
        const { id } = await filled();
        for (const group of ["parties", "service-address"]) {
            const page = await page_of.open(`/matters/${id}/edit/${group}`);
            const form = form_with(page, "_save");
            const answer = await page_of.send(page, form, { _save: "yes" }, { name: "_next", value: "list" });
            assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        }
        const kept = await saved();
        assert.deepEqual(kept.map((one) => one.kind).sort(), ["address", "agent", "party", "party"]);
        const party = kept.find((one) => one.label.startsWith("林晓舟") && one.kind === "party");
        assert.equal(party.label, "林晓舟（110105********002X）");
        assert.equal(party.value.identity.number, "110105********002X", "masked in the list");
        assert.equal(party.value.role, undefined, "which side he was on is the matter's");
        const whole = (await lawyer.get(`/me/saved/${party.id}`)).body;
        assert.equal(whole.value.identity.number, "11010519491231002X", "whole for its owner");
    });

    test("again replaces, and does not add", async () => {
        const count = (await saved()).length;
        const { id } = await filled();
        const answer = await lawyer.post(`/matters/${id}/saved`, { group: "parties" });
        assert.equal(answer.status, 200, answer.text);
        assert.equal((await saved()).length, count);
    });

    test("nothing of it lies open in the rows", async () => {
        const text = await sql(server.database, "SELECT kind, sealed FROM saved");
        assert.ok(text.includes("s1:"));
        for (const open of ["林晓舟", "11010519491231002X", "13800138000", "建国路"]) {
            assert.ok(!text.includes(open), open);
        }
    });
});

describe("using", () => {
    test("a second filing for the same client: party, agent and address are chosen, by forms alone", async () => {
        const kept = await saved();
        const draft = await lawyer.begin();
        const choose = async (group, one, as) => {
            const page = await page_of.open(`/matters/${draft.id}/edit/${group}`);
            const answer = await page_of.send(page, form_with(page, "_pick"), { _pick: one.id, ...(as ? { _as: as } : {}) }, { name: "_use", value: "yes" });
            assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        };
        await choose("parties", kept.find((one) => one.label.startsWith("林晓舟") && one.kind === "party"), "plaintiff");
        await choose("parties", kept.find((one) => one.label.startsWith("王某")), "defendant");
        await choose("parties", kept.find((one) => one.kind === "agent"), "plaintiff");
        await choose("service-address", kept.find((one) => one.kind === "address"));
        const { values } = await lawyer.matter(draft.id);
        assert.deepEqual(values.parties.map(({ role, name }) => [role, name]), [["plaintiff", "林晓舟"], ["defendant", "王某"]]);
        assert.equal(values.parties[0].identity.number, "11010519491231002X");
        assert.deepEqual(values.parties[0].agents, [AGENT]);
        assert.equal(values["service-address"].recipient, "林晓舟");
        const errors = (await lawyer.matter(draft.id)).errors.map((one) => one.field);
        assert.ok(!errors.some((field) => field.startsWith("parties") || field.startsWith("service-address")), `${errors}`);
    });

    test("the same by program; choosing one twice changes nothing", async () => {
        const [party] = (await saved(lawyer, "party")).filter((one) => one.label.startsWith("林晓舟"));
        const draft = await lawyer.begin();
        for (let n = 0; n < 2; n++) {
            const answer = await lawyer.post(`/matters/${draft.id}/saved`, { use: party.id, role: "plaintiff" });
            assert.equal(answer.status, 200, answer.text);
            assert.equal(answer.body.values.parties.length, 1);
        }
        const [agent] = await saved(lawyer, "agent");
        refused(await lawyer.post(`/matters/${draft.id}/saved`, { use: agent.id, role: "defendant" }), 422, "fields");
        refused(await lawyer.post(`/matters/${draft.id}/saved`, { use: "1" }), 404);
        refused(await lawyer.post(`/matters/${draft.id}/saved`, { group: "claim" }), 422, "fields");
    });
});

describe("the list", () => {
    test("is changed and shortened by its owner alone", async () => {
        const [party] = await saved(lawyer, "party");
        for (const name of ["lawyer-2", "citizen-1"]) {
            const other = await login(server, name);
            assert.deepEqual(await saved(other), []);
            refused(await other.get(`/me/saved/${party.id}`), 404, "not-found");
            refused(await other.post(`/me/saved/${party.id}`, { value: { name: "甲" } }), 404, "not-found");
            refused(await other.api("DELETE", `/me/saved/${party.id}`), 404, "not-found");
            const draft = await other.begin();
            refused(await other.post(`/matters/${draft.id}/saved`, { use: party.id }), 404, "not-found");
        }
        const wrong = await lawyer.post(`/me/saved/${party.id}`, { value: { kind: "natural-person", name: "" } });
        refused(wrong, 422, "fields");
        assert.equal(errors_at(wrong, "value.name").length, 1);
        const page = await page_of.open(`/me/saved/${party.id}`);
        const bad = await page_of.send(page, form_with(page, "value.name"), { "value.phone": "12" });
        assert.equal(bad.status, 422);
        assert.match(bad.html, /value="12"/, "what was typed stays");
        const good = await page_of.send(page, form_with(page, "value.name"), { "value.name": "𠮷田㼆<i>", "value.phone": "13800138002" });
        assert.equal(good.status, 303, html_text(good.html).slice(0, 300));
        const list = await page_of.open("/me/saved");
        assert.ok(list.html.includes("𠮷田㼆&lt;i&gt;"));
        assert.equal((await lawyer.api("DELETE", `/me/saved/${party.id}`)).status, 204);
        refused(await lawyer.get(`/me/saved/${party.id}`), 404);
    });

    test("a masked number sent back means unchanged", async () => {
        const { id } = await filled();
        await lawyer.post(`/matters/${id}/saved`, { group: "parties" });
        const party = (await saved(lawyer, "party")).find((one) => one.label.startsWith("林晓舟"));
        const answer = await lawyer.post(`/me/saved/${party.id}`, { value: { ...party.value, phone: "13900139000" } });
        assert.equal(answer.status, 200, answer.text);
        const whole = (await lawyer.get(`/me/saved/${party.id}`)).body.value;
        assert.equal(whole.identity.number, "11010519491231002X");
        assert.equal(whole.phone, "13900139000");
    });
});
