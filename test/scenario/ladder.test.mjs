// The ladder of evidence of a hand-over is complete and true, however fast people are: an answer
// shows that the request was relayed, received and opened; a withdrawal does not stop the relay.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { login } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { command, start, until } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";

const FILING = "cross-domain-filing";
const NEAR = "藏0630";
const FAR = "粤0307";
const CLIMBED = ["submitted", "relayed", "received", "opened", "responded", "decided", "delivered"];

let server;
let window;
let reviewer;
let clerk;

before(async () => {
    server = await start();
    window = await login(server, `window@${NEAR}`);
    reviewer = await login(server, `reviewer@${FAR}`);
    clerk = await login(server, `clerk@${FAR}`);
});
after(() => server?.stop());

async function sent(procedure = FILING) {
    const values = procedure === FILING ? { "filing-kind": "civil" } : { case: { number: `（2025）${FAR}民初98765号` } };
    const draft = await window.begin(procedure, FAR, values);
    return window.taken(draft.id, "submit", values);
}

const acts_of = async (id) => (await window.events(id)).map((event) => event.act);
const rung = (matter, name) => matter.ladder.find((one) => one.rung === name)?.at ?? null;

function assert_climbed(matter, names) {
    const at = names.map((name) => rung(matter, name));
    names.forEach((name, i) => assert.ok(at[i], `${name} of ${JSON.stringify(matter.ladder)}`));
    for (let i = 1; i < at.length; i++) {
        assert.ok(Date.parse(at[i]) >= Date.parse(at[i - 1]), `${names[i]} is not before ${names[i - 1]}`);
    }
}

describe("the ladder of evidence", () => {
    test("a court that answers before anything else has happened leaves no rung empty", async () => {
        const looked_at = await sent();
        const form = form_fill((await reviewer.offered(looked_at.id, "docket")).act.form);
        for (let n = 0; n < 12; n++) {
            const request = await sent();
            const docketed = await reviewer.act(request.id, "docket", form, { revision: request.revision, accept_warnings: true });
            assert.equal(docketed.status, 200, docketed.text);
            assert_climbed(docketed.body, CLIMBED.slice(0, 6));
            assert.equal(rung(docketed.body, "opened"), rung(docketed.body, "decided"), "his answer is all that shows it");
            if ((await acts_of(request.id)).includes("relay")) {
                continue; // the relay was faster: the next one
            }
            await until("the job of the relay is done", async () => Number(await sql(server.database,
                `SELECT COUNT(*) FROM job WHERE kind = 'automatic' AND payload LIKE '%${request.id}%'`)) === 0);
            assert.deepEqual(await acts_of(request.id), ["submit", "docket"], "nothing is relayed to who has answered");
            return;
        }
        assert.fail("twelve times the relay was faster than the court");
    });

    test("a service is answered, decided and closed with every rung, whoever was faster", async () => {
        const request = await sent("cross-domain-relay");
        await clerk.taken(request.id, "confirm-standing");
        await clerk.taken(request.id, "grant");
        await window.taken(request.id, "deliver");
        const closed = await window.taken(request.id, "rate");
        assert_climbed(closed, CLIMBED);
    });

    for (const procedure of [FILING, "cross-domain-pickup"]) {
        test(`${procedure}: withdrawn at once, it is relayed all the same and nobody is called for it`, async () => {
            const request = await sent(procedure);
            const withdrawn = await window.taken(request.id, "withdraw");
            if (procedure === FILING) {
                await window.taken(request.id, "deliver");
                await window.taken(request.id, "rate");
            }
            await until("it is relayed", async () => rung(await window.matter(request.id), "relayed"));
            const matter = await window.matter(request.id);
            assert.equal(rung(matter, "responded"), null, "nobody has answered, and nobody is said to have");
            assert.equal(rung(matter, "decided"), null);
            const events = await window.events(request.id);
            const relay = events.find((event) => event.act === "relay");
            const left = events.find((event) => event.act === "withdraw");
            assert.equal(/已经撤回/.test(relay.title), relay.n > left.n, relay.title);
            assert.ok(withdrawn.state === "withdrawn");
        });
    }

    test("all of it proves itself", async () => {
        await server.stop({ keep: true });
        const { code, stdout, stderr } = await command(["verify", ...server.flags]);
        assert.equal(code, 0, `${stdout}${stderr}`);
    });
});
