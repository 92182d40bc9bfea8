// A civil case with defendants who have joined it: for whoever tries answers to a claim.
import assert from "node:assert/strict";
import { filed } from "./client.mjs";
import { form_fill } from "./form.mjs";
import { sql } from "./sql.mjs";

/** A case against these defendants, none of whom has an identity recorded; by a form, or in words. */
export async function docketed({ plaintiff, reviewer }, { style = "element", cause = "民间借贷纠纷", names = ["王某"], claim } = {}) {
    const draft = await plaintiff.begin();
    const saved = await plaintiff.save(draft.id, { cause, style });
    assert.equal(saved.status, 200, saved.text);
    const values = { ...form_fill(saved.body.acts[0].form), cause, style };
    const own = values.parties.find((one) => one.role === "plaintiff");
    const other = values.parties.find((one) => one.role === "defendant");
    delete other.identity;
    values.parties = [own, ...names.map((name) => ({ ...other, name }))];
    if (claim) {
        values.claim = { ...values.claim, ...claim };
    }
    const matter = await filed(plaintiff, { values });
    const done = await reviewer.taken(matter.id, "docket");
    return done.links.find((link) => link.rel === "opened").id;
}

/** The code on the papers that are made for this party. */
export async function served(server, clerk, id, party) {
    await clerk.taken(id, "serve", { service: { party } });
    return (await sql(server.database, `select code from paper where matter = ${id} and kind = 'notice-to-respond' order by n desc limit 1`)).trim();
}

/** `who` joins as that party by the code on his papers, which the clerk confirms. */
export async function joins(server, clerk, id, who, party) {
    const asked = await who.post("/join", { code: await served(server, clerk, id, party) });
    assert.equal(asked.body.state, "waiting", asked.text);
    const [waiting] = (await clerk.get(`/matters/${id}/joinings`)).body.joinings;
    const done = await clerk.post(`/matters/${id}/joinings/${waiting.paper}`, { decision: "confirm", party });
    assert.equal(done.status, 200, done.text);
}
