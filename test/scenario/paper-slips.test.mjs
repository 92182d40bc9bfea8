// What an office types into a paper is checked before it is printed: a soft stop, with reasons; it can be passed.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { filed, login, refused } from "../lib/client.mjs";
import { start } from "../lib/server.mjs";

let server;
let citizen;
let judge;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    judge = await login(server, "judge@京0105");
});
after(() => server?.stop());

const SLIP = "经审查，起诉人的诉松请求不属于人民法院受理民事诉讼的范围。";
const GOOD = "经审查，起诉人的诉讼请求不属于人民法院受理民事诉讼的范围。";

const refuse = async (id, reason, more = {}) => judge.act(id, "refuse", { refusal: { ground: "judged", facts: "原告起诉要求被告支付的款项，已由生效判决处理。", reasons: reason, judge: "周某" } }, { revision: (await judge.matter(id)).revision, ...more });

test("a slip in the reasons of a ruling stops once, names place and proposal, and passes when accepted", async () => {
    const { id } = await filed(citizen);
    const stopped = refused(await refuse(id, SLIP), 428, "warnings");
    const [warning] = stopped.warnings;
    assert.equal(warning.code, "paper-slips");
    assert.match(warning.title, /“诉松”似应为“诉讼”/);
    assert.deepEqual(warning.findings.map((one) => [one.field, one.check, one.found, one.proposal]), [["refusal.reasons", "F10", "诉松", "诉讼"]]);
    assert.equal((await citizen.matter(id)).state, "under-review", "nothing was done");
    const passed = await refuse(id, SLIP, { accept_warnings: ["paper-slips"] });
    assert.equal(passed.status, 200, passed.text);
    assert.equal(passed.body.state, "refused");
});

test("a clean reason is not stopped, nor is what a party writes", async () => {
    const { id } = await filed(citizen);
    const done = await refuse(id, GOOD);
    assert.equal(done.status, 200, done.text);
    assert.ok(done.body.papers.some((paper) => paper.kind === "ruling-not-accept"));
});

test("the page shows the finding beside the form with what was typed, and passes when ticked", async () => {
    const { id } = await filed(citizen);
    const { revision } = await judge.matter(id);
    const post = (more = {}) =>
        fetch(`${server.url}/matters/${id}/acts/refuse`, {
            method: "POST",
            redirect: "manual",
            headers: { Authorization: `Bearer ${judge.token}`, Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" },
            body: new URLSearchParams({ "refusal.ground": "judged", "refusal.facts": "原告起诉要求被告支付的款项，已由生效判决处理。", "refusal.reasons": SLIP, "refusal.judge": "周某", _revision: `${revision}`, _key: randomUUID(), ...more }),
        });
    const again = await post();
    const page = await again.text();
    assert.equal(again.status, 428, page);
    assert.match(page, /将要印入文书的文字有1处请核对/);
    assert.ok(page.includes(SLIP), "what was typed is still there");
    const done = await post({ _accept: "paper-slips" });
    assert.ok([200, 303].includes(done.status), await done.text());
    assert.equal((await citizen.matter(id)).state, "refused");
});
