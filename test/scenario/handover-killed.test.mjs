// Power is cut while windows hand over and courts answer: what was acknowledged is there, each once,
// with its rung and its receipt, and all of it proves itself.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { login } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { command, start, until } from "../lib/server.mjs";

const PAIRS = [["藏0630", "粤0307"], ["京0105", "沪0115"], ["沪0104", "京0106"], ["新0102", "京0108"]];
const WANTED = 30; // of each act

test("nothing that was acknowledged is lost when the program is killed", { timeout: 240_000 }, async () => {
    const server = await start();
    let again = null;
    try {
        const submitted = []; // { id, far, key, form }
        const responded = [];
        let waiting = [];
        let cut = false;
        const loads = [];
        const tolerant = async (work) => {
            while (!cut) {
                try {
                    await work();
                } catch (error) {
                    if (!cut) {
                        throw error;
                    }
                }
            }
        };
        for (const [near, far] of PAIRS) {
            const window = await login(server, `window@${near}`);
            const reviewer = await login(server, `reviewer@${far}`);
            const first = await window.begin("cross-domain-filing", far, { "filing-kind": "civil" });
            const sent = await window.taken(first.id, "submit", { "filing-kind": "civil" });
            const response = form_fill((await reviewer.offered(sent.id, "respond")).act.form);
            const hand_over = async () => {
                const draft = await window.begin("cross-domain-filing", far, { "filing-kind": "civil" });
                const { matter, act } = await window.offered(draft.id, "submit");
                await window.upload_required(matter, act);
                const answer = await window.act(draft.id, "submit", form_fill(act.form, { "filing-kind": "civil" }), { accept_warnings: true });
                assert.equal(answer.status, 200, answer.text);
                submitted.push({ id: answer.body.id, near });
                waiting.push({ id: answer.body.id, far, revision: answer.body.revision });
            };
            const answer_one = async () => {
                const next = waiting.find((one) => one.far === far);
                if (!next) {
                    await new Promise((done) => setTimeout(done, 5));
                    return;
                }
                const key = randomUUID();
                const answer = await reviewer.act(next.id, "respond", response, { revision: next.revision, key });
                assert.equal(answer.status, 200, answer.text);
                waiting = waiting.filter((one) => one !== next);
                responded.push({ id: next.id, far, key, revision: next.revision, response });
            };
            loads.push(tolerant(hand_over), tolerant(hand_over), tolerant(answer_one));
        }
        const load = Promise.all(loads);
        await Promise.race([until("enough is acknowledged", () => submitted.length >= WANTED && responded.length >= WANTED, 120_000), load]);
        cut = true;
        await server.kill();
        await load;
        again = await server.again();
        const people = new Map();
        const person = async (name) => {
            if (!people.has(name)) {
                people.set(name, await login(again, name));
            }
            return people.get(name);
        };
        for (const { id, near } of submitted) {
            const window = await person(`window@${near}`);
            const matter = await window.matter(id);
            assert.ok(["sent", "reviewing"].includes(matter.state), `${id} is ${matter.state}`);
            assert.ok(matter.ladder.find((rung) => rung.rung === "submitted").at);
            assert.equal((await window.get(`/matters/${id}/receipt?event=1`)).status, 200);
            assert.ok((await window.events(id)).filter((event) => event.act === "submit").length === 1);
        }
        for (const { id, far, key, revision, response } of responded) {
            const reviewer = await person(`reviewer@${far}`);
            const matter = await reviewer.matter(id);
            assert.equal(matter.state, "reviewing", id);
            for (const name of ["relayed", "received", "opened", "responded"]) {
                assert.ok(matter.ladder.find((rung) => rung.rung === name).at, `${name} of ${id}`);
            }
            const repeated = await reviewer.act(id, "respond", response, { revision, key });
            assert.equal(repeated.status, 200, repeated.text);
            assert.equal(repeated.headers.get("idempotent-replayed"), "true", "asked again, it is known to be done");
            assert.equal((await reviewer.events(id)).filter((event) => event.act === "respond").length, 1);
        }
        // Whatever was not acknowledged can be done now: nobody is locked out.
        const [left] = submitted.filter((one) => !responded.some((done) => done.id === one.id));
        if (left) {
            const far = PAIRS.find(([near]) => near === left.near)[1];
            const matter = await (await person(`window@${left.near}`)).matter(left.id);
            if (matter.state === "sent") {
                await (await person(`reviewer@${far}`)).taken(left.id, "respond");
            }
        }
        await again.stop({ keep: true });
        const { code, stdout, stderr } = await command(["verify", ...again.flags]);
        assert.equal(code, 0, `${stdout}${stderr}`);
    } finally {
        server.kill_group();
        again?.kill_group();
        server.remove();
    }
});
