// Which news also come as a short message: chosen by kind, honoured from the next act on; what stands in
// the page cannot be turned off.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { start, until } from "../lib/server.mjs";
import { simulator } from "../lib/sim.mjs";

let server;
let gateway;
let reviewer;

before(async () => {
    gateway = await simulator("sms");
    server = await start({ args: ["--messages", gateway.url] });
    reviewer = await login(server, "reviewer@京0105");
});
after(async () => {
    await server?.stop();
    await gateway?.stop();
});

const outbox = async () => (await (await fetch(`${gateway.url}/outbox`)).json()).messages.filter((message) => /新消息/.test(message.text));
const sms = (who, remind, progress) => who.post("/me/notices", { sms: { remind, progress } });
const told = async (who) => (await who.get("/inbox")).body.notices.length;

describe("the choice of messages", () => {
    test("is nothing at first; codes and safety always go to the phone", async () => {
        const who = await login(server, "citizen-90");
        const { choices } = (await who.get("/me/notices")).body;
        assert.deepEqual(choices.map(({ kind, page, sms: on, may_change }) => [kind, page, on, may_change]), [
            ["account", true, true, false],
            ["remind", true, false, true],
            ["progress", true, false, true],
        ]);
        refused(await nobody(server).get("/me/notices"), 401);
        refused(await nobody(server).post("/me/notices", {}), 401);
    });

    test("is honoured by kind, for each person alone", { timeout: 120_000 }, async () => {
        const both = await login(server, "citizen-91");
        const none = await login(server, "citizen-92");
        assert.equal((await sms(both, true, true)).body.choices[2].sms, true);
        let due = null;
        for (const who of [both, none]) {
            const matter = await filed(who);
            const asked = await reviewer.taken(matter.id, "ask-correction");
            due = asked.clocks.find((clock) => clock.name === "correct").due;
            assert.ok((await told(who)) > 0, "the page tells in any case");
        }
        const progress = await until("a message about the correction", async () => ((await outbox()).length > 0 ? outbox() : null), 20_000, 100);
        assert.ok(progress.every((message) => /补正|提交/.test(message.text)), JSON.stringify(progress));
        assert.equal(new Set(progress.map((message) => message.to)).size, 1, "one phone");
        assert.ok(!progress.some((message) => /诉|民间借贷/.test(message.text.replace("通诉", "").replace("通诉", ""))), "no party is named");

        // Reminders alone from here on.
        await sms(both, true, false);
        const before_it = (await outbox()).length;
        const now = await nobody(server).advance("1s");
        await nobody(server).advance(`${Math.floor((new Date(due) - new Date(now)) / 3_600_000) - 60}h`);
        const remind = await until("a reminder", async () => ((await outbox()).length > before_it ? outbox() : null), 20_000, 100);
        assert.match(remind.at(-1).text, /届满/);
        assert.equal(remind.at(-1).to, progress[0].to);
    });

    test("the page keeps it without a script, and an unticked box turns it off", async () => {
        const who = await visitor(server, "citizen-93");
        const page = await who.open("/me/notices");
        const form = page.forms.find((one) => one.action === "/me/notices");
        assert.equal((await who.send(page, form, { "sms.remind": ["yes"] })).status, 303);
        const ticked = (one) => one.forms.find((it) => it.action === "/me/notices").fields.filter((field) => field.checked).map((field) => field.name);
        const kept = await who.open("/me/notices");
        assert.deepEqual(ticked(kept), ["sms.remind"]);
        await who.send(kept, kept.forms.find((one) => one.action === "/me/notices"), { "sms.remind": [] });
        assert.deepEqual(ticked(await who.open("/me/notices")), []);
    });
});
