// Forms of matters without scripts: what cannot be taken is shown again with everything typed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { visitor } from "../lib/browser.mjs";
import { flat } from "../lib/chrome.mjs";
import { filed, login, refused } from "../lib/client.mjs";
import { form_far, form_fill } from "../lib/form.mjs";
import { html_text } from "../lib/html.mjs";
import { start } from "../lib/server.mjs";

let server;
let citizen;
let reviewer;
let who;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
    who = await visitor(server, "citizen-1");
});
after(() => server?.stop());

/** The form of a page that holds this field. */
const form_with = (page, name) => {
    const form = page.forms.find((one) => one.fields.some((field) => field.name === name));
    assert.ok(form, `a form with ${name}: ${page.status} ${html_text(page.html).slice(0, 200)}`);
    return form;
};
const value_of = (form, name) => form.fields.find((field) => field.name === name)?.value;
const path_of = (answer) => decodeURIComponent(answer.headers.get("location"));

/** A draft with values and files, ready to be signed. */
async function ready(values) {
    const draft = await citizen.begin();
    const [act] = draft.acts;
    const filled = values ?? form_fill(act.form);
    const signed = flat(act.form, { undertakings: filled.undertakings, signature: filled.signature });
    delete filled.undertakings;
    delete filled.signature;
    const saved = await citizen.save(draft.id, filled);
    assert.equal(saved.status, 200, saved.text);
    await citizen.upload_required(draft, act);
    return { id: draft.id, signed };
}

describe("one group of a draft", () => {
    test("saves what is there and goes on to the next; what is missing may wait", async () => {
        const draft = await citizen.begin();
        const page = await who.open(`/matters/${draft.id}/edit/claim`);
        const answer = await who.send(page, form_with(page, "claim.amount"), { "claim.amount": "12,345.67" }, { name: "_next", value: "yes" });
        assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        assert.match(path_of(answer), /\/edit\/parties$/);
        assert.equal((await citizen.matter(draft.id)).values.claim.amount, 1234567);
        const list = await who.open(`/matters/${draft.id}`);
        assert.match(html_text(list.html), /还差\d+项/);
    });

    test("an item more is shown with what was typed, an item less takes its text along", async () => {
        const draft = await citizen.begin();
        let page = await who.open(`/matters/${draft.id}/edit/claim`);
        let answer = await who.send(page, form_with(page, "claim.requests.0.text"), { "claim.requests.0.text": "第一项" }, { name: "_add", value: "claim.requests" });
        assert.equal(answer.status, 303);
        page = await who.open(path_of(answer));
        let form = form_with(page, "claim.requests.1.text");
        assert.equal(value_of(form, "claim.requests.0.text"), "第一项");
        answer = await who.send(page, form, { "claim.requests.1.text": "第二项" }, { name: "_remove", value: "claim.requests.0" });
        assert.equal(answer.status, 303);
        page = await who.open(path_of(answer));
        form = form_with(page, "claim.requests.0.text");
        assert.equal(value_of(form, "claim.requests.0.text"), "第二项");
        assert.deepEqual((await citizen.matter(draft.id)).values.claim.requests, [{ text: "第二项" }]);
    });

    test("names of places and causes are taken for their codes, an empty entry clears", async () => {
        const draft = await citizen.begin();
        let page = await who.open(`/matters/${draft.id}/edit/service-address`);
        const said = { "service-address.recipient": "林晓舟", "service-address.address.division": "北京市朝阳区", "service-address.address.detail": "建国路1号", "service-address.electronic": "yes", "service-address.phone": "138 0013 8000" };
        let answer = await who.send(page, form_with(page, "service-address.recipient"), said, { name: "_next", value: "list" });
        assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        assert.equal(path_of(answer), `/matters/${draft.id}`);
        page = await who.open(`/matters/${draft.id}/edit/service-address?check=1`);
        assert.equal(page.status, 200);
        assert.doesNotMatch(page.html, /aria-invalid="true"/, "all of it is right");
        answer = await who.send(page, form_with(page, "service-address.recipient"), { ...said, "service-address.recipient": "" }, { name: "_next", value: "list" });
        assert.equal(answer.status, 303);
        page = await who.open(`/matters/${draft.id}/edit/service-address?check=1`);
        assert.match(html_text(page.html), /请填写收件人/);
    });

    test("what cannot be read is marked and kept", async () => {
        const draft = await citizen.begin();
        const page = await who.open(`/matters/${draft.id}/edit/parties`);
        const answer = await who.send(page, form_with(page, "parties.0.name"), {
            "parties.0.role": "plaintiff", "parties.0.kind": "natural-person", "parties.0.name": "林晓舟",
            "parties.0.identity.type": "resident-id", "parties.0.identity.number": "110105194912310021", "parties.0.birth": "一九四九年",
        }, { name: "_next", value: "yes" });
        assert.equal(answer.status, 422);
        const form = form_with(answer, "parties.0.name");
        assert.equal(value_of(form, "parties.0.identity.number"), "110105194912310021");
        assert.equal(value_of(form, "parties.0.birth"), "一九四九年");
        assert.match(answer.html, /href="#f-parties\.0\.identity/);
        assert.match(answer.html, /href="#f-parties\.0\.birth/);
    });

    test("a list longer than can be shown again is refused where it stands, and what was saved stays", async () => {
        const draft = await citizen.begin();
        const { parties, claim } = form_fill(draft.acts[0].form);
        const many = Array.from({ length: 2001 }, () => parties[1]);
        await citizen.save(draft.id, { parties });
        const problem = refused(await citizen.save(draft.id, { parties: many, claim }), 422, "fields");
        assert.deepEqual(problem.errors.map((error) => [error.field, error.code]), [["parties", "too-many"]]);
        assert.match(problem.errors[0].title, /2001行，太多了/);
        assert.deepEqual((await citizen.matter(draft.id)).values.parties.length, parties.length);
        assert.equal((await citizen.save(draft.id, { claim })).status, 200);
    });

    test("of fifty defendants one is open at a time, and none loses what was typed", async () => {
        const draft = await citizen.begin();
        const [plaintiff, defendant] = form_fill(draft.acts[0].form).parties;
        const parties = [plaintiff, ...Array.from({ length: 50 }, (_, n) => ({ ...defendant, name: `被告${n + 1}` }))];
        const saved = await citizen.save(draft.id, { parties });
        assert.equal(saved.status, 200, saved.text);
        const before = (await citizen.matter(draft.id)).values.parties;
        const names = async () => (await citizen.matter(draft.id)).values.parties.map((party) => party.name);
        const at = `/matters/${draft.id}/edit/parties`;
        let page = await who.open(at);
        assert.ok(gzipSync(page.html).length < 20_000, `${gzipSync(page.html).length} bytes`);
        assert.doesNotMatch(page.html, /name="parties\.\d+\.name"/, "all are lines");
        assert.match(html_text(page.html), /被告 被告50/);

        let answer = await who.send(page, form_with(page, "parties.7"), {}, { name: "_open", value: "parties.7" });
        assert.equal(path_of(answer), `${at}?item=7#f-parties.7`);
        page = await who.open(path_of(answer));
        answer = await who.send(page, form_with(page, "parties.7.name"), { "parties.7.name": "王七" }, { name: "_open", value: "parties.8" });
        assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        const after = (await citizen.matter(draft.id)).values.parties;
        assert.equal(after[7].name, "王七");
        const shape = (list) => list.filter((_, n) => n !== 7).map((party) => [party.name, party.role, party.kind, party.identity?.number]);
        assert.deepEqual(shape(after), shape(before));

        page = await who.open(path_of(answer));
        const emptied = Object.fromEntries(form_with(page, "parties.8.name").fields.filter((field) => field.name?.startsWith("parties.8.")).map((field) => [field.name, ""]));
        answer = await who.send(page, form_with(page, "parties.8.name"), emptied, { name: "_add", value: "parties" });
        assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        page = await who.open(path_of(answer));
        answer = await who.send(page, form_with(page, "parties.51.name"), { "parties.51.role": "defendant", "parties.51.kind": "natural-person", "parties.51.name": "末一", "parties.51.birth": "明天" }, { name: "_next", value: "yes" });
        assert.equal(answer.status, 422, "an unreadable date");
        assert.equal(value_of(form_with(answer, "parties.51.name"), "parties.51.birth"), "明天");
        answer = await who.send(answer, form_with(answer, "parties.51.name"), {}, { name: "_remove", value: "parties.51" });
        assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        const left = await names();
        assert.equal(left.length, 51);
        assert.deepEqual([left[7], left[9], left[50]], ["王七", "被告9", "被告50"]);

        page = await who.open(`${at}?check=1`);
        assert.ok(form_with(page, "parties.8.name"), "the one that was emptied is open");
    });

    test("a group that the form has not, and a draft of somebody else, are not there", async () => {
        const draft = await citizen.begin();
        assert.equal((await who.open(`/matters/${draft.id}/edit/secret`)).status, 404);
        assert.equal((await who.open(`/matters/${draft.id}/edit/signature`)).status, 404);
        const other = await visitor(server, "citizen-2");
        assert.equal((await other.open(`/matters/${draft.id}/edit/claim`)).status, 404);
    });

    test("two windows: the second chooses between both values, nothing else is lost", async () => {
        const draft = await citizen.begin();
        await citizen.save(draft.id, { claim: { amount: 100 } });
        const page = await who.open(`/matters/${draft.id}/edit/claim`);
        await citizen.save(draft.id, { claim: { amount: 8000000 } });
        const answer = await who.send(page, form_with(page, "claim.amount"), { "claim.amount": "85000", "claim.facts": "事实" }, { name: "_next", value: "list" });
        assert.equal(answer.status, 409);
        const text = html_text(answer.html);
        assert.match(text, /80,000\.00 元/);
        assert.match(text, /85,000\.00 元/);
        const form = form_with(answer, "_choose.claim.amount");
        const done = await who.send(answer, form, { "_choose.claim.amount": "theirs" });
        assert.equal(done.status, 303, html_text(done.html).slice(0, 300));
        const { values } = await citizen.matter(draft.id);
        assert.equal(values.claim.amount, 8000000);
        assert.equal(values.claim.facts, "事实");
    });
});

describe("a draft as a whole", () => {
    test("moves to another court, and is deleted", async () => {
        const draft = await citizen.begin();
        const page = await who.open(`/begin/civil-first-instance-filing?court=京0108&matter=${draft.id}`);
        const form = page.forms.find((one) => one.action.endsWith("/court"));
        assert.ok(form, "a form to change the court");
        const moved = await who.send(page, form);
        assert.equal(moved.status, 303);
        assert.equal((await citizen.matter(draft.id)).court.code, "京0108");
        const list = await who.open(`/matters/${draft.id}`);
        const gone = await who.send(list, list.forms.find((one) => one.action.endsWith("/delete")));
        assert.equal(gone.status, 303);
        assert.match(html_text((await who.open(path_of(gone))).html), /草稿已删除/);
        assert.equal((await citizen.get(`/matters/${draft.id}`)).status, 404);
    });
});

describe("signing and submitting", () => {
    test("without promise and signature the page comes again, each marked", async () => {
        const { id } = await ready();
        const page = await who.open(`/matters/${id}/acts/submit`);
        const answer = await who.send(page, form_with(page, "signature.name"), { "signature.name": "林晓舟" });
        assert.equal(answer.status, 422);
        assert.match(answer.html, /href="#f-undertakings\.truth"/);
        assert.match(answer.html, /href="#f-signature"/);
        assert.equal(value_of(form_with(answer, "signature.name"), "signature.name"), "林晓舟");
        assert.match(html_text(answer.html), /打勾承诺/);
        assert.match(html_text(answer.html), /请在“承诺”一栏打勾/);
        assert.equal((await citizen.matter(id)).state, "draft");
    });

    test("what the court may doubt is shown, accepted one by one, and then goes through", async () => {
        const probe = await citizen.begin();
        const { id, signed } = await ready(form_far(probe.acts[0].form));
        let page = await who.open(`/matters/${id}/acts/submit`);
        const doubted = await who.send(page, form_with(page, "signature.name"), signed);
        assert.equal(doubted.status, 428, html_text(doubted.html).slice(0, 300));
        const form = form_with(doubted, "_accept");
        assert.equal(form.fields.find((field) => field.name === "undertakings.truth" && field.checked)?.value, "yes", "the promise is kept");
        const codes = form.fields.filter((field) => field.name === "_accept").map((field) => field.value);
        page = doubted;
        const pairs = { ...signed, _accept: codes[0] };
        const done = await who.send(page, form, pairs);
        assert.equal(done.status, 303, html_text(done.html).slice(0, 400));
        assert.equal((await citizen.matter(id)).state, "under-review");
    });

    test("a code is sent without losing what is typed", async () => {
        const { id, signed } = await ready();
        let page = await who.open(`/matters/${id}/acts/submit`);
        const sent = await who.send(page, form_with(page, "signature.name"), { "signature.name": "林晓舟", "undertakings.truth": "yes" }, { name: "_code", value: "signature" });
        assert.equal(sent.status, 303, html_text(sent.html).slice(0, 300));
        page = await who.open(path_of(sent));
        assert.match(html_text(page.html), /验证码已发到您的手机/);
        const form = form_with(page, "signature.name");
        assert.equal(value_of(form, "signature.name"), "林晓舟");
        assert.ok(form.fields.some((field) => field.name === "undertakings.truth" && field.checked), "ticked before");
        const done = await who.send(page, form, signed);
        assert.equal(done.status, 303, html_text(done.html).slice(0, 400));
    });
});

describe("after the session has ended", () => {
    async function forget(one) {
        one.cookies.set("session", "x".repeat(43));
    }

    test("what was typed goes through the log-in and is saved by one press", async () => {
        const one = await visitor(server, "citizen-1");
        const draft = await citizen.begin();
        const page = await one.open(`/matters/${draft.id}/edit/claim`);
        const facts = "很长的一段事实，\n第二行 & “引号” <b>";
        await forget(one);
        const shown = await one.send(page, form_with(page, "claim.facts"), { "claim.facts": facts, "claim.amount": "50,000" }, { name: "_next", value: "list" });
        assert.equal(shown.status, 401);
        assert.match(html_text(shown.html), /没有丢失/);
        const wrong = await one.send(shown, form_with(shown, "password"), { login: "citizen-1", password: "falsch" });
        assert.equal(wrong.status, 401, "a slip of the password loses nothing either");
        const resumed = await one.send(wrong, form_with(wrong, "password"), { login: "citizen-1", password: "tongsu-demo" });
        assert.equal(resumed.status, 200, html_text(resumed.html).slice(0, 300));
        assert.doesNotMatch(resumed.html, /tongsu-demo|falsch/, "no password is carried");
        const form = form_with(resumed, "claim.facts");
        const done = await one.send(resumed, form);
        assert.equal(done.status, 303, html_text(done.html).slice(0, 300));
        assert.equal(path_of(done), `/matters/${draft.id}`);
        const { values } = await citizen.matter(draft.id);
        assert.equal(values.claim.facts, facts);
        assert.equal(values.claim.amount, 5000000);
    });

    test("nobody is led to another place by it", async () => {
        const one = await visitor(server);
        const page = await one.open("/login");
        const form = form_with(page, "password");
        const answer = await one.send(page, form, { login: "citizen-1", password: "tongsu-demo", _typed: "a=1", _then: "https://example.org/x" });
        assert.ok(!answer.html.includes("example.org"), "no foreign address");
    });
});

describe("the desk", () => {
    test("a decision leads to what waits next, and says what was done", async () => {
        const first = await filed(citizen);
        await filed(citizen);
        const desk = await visitor(server, "reviewer@京0105");
        const page = await desk.open(`/matters/${first.id}/acts/docket`);
        const { act } = await reviewer.offered(first.id, "docket");
        const done = await desk.send(page, form_with(page, "docketing.trial-procedure"), flat(act.form, form_fill(act.form)), { name: "_do", value: "yes" });
        assert.equal(done.status, 303, html_text(done.html).slice(0, 300));
        const next = await desk.open(path_of(done));
        assert.match(html_text(next.html), /已登记立案，案号（\d{4}）京0105民初\d+号/);
        assert.ok(!path_of(done).includes(`/matters/${first.id}?`), "another matter, or the list");
    });

    test("an incomplete decision is shown again, with what was typed", async () => {
        const matter = await filed(citizen);
        const desk = await visitor(server, "reviewer@京0105");
        const page = await desk.open(`/matters/${matter.id}/acts/ask-correction`);
        const answer = await desk.send(page, form_with(page, "correction.days"), { "correction.days": "99", "correction.items.0.item": "parties", "correction.items.0.reason": "请补地址" }, { name: "_do", value: "yes" });
        assert.equal(answer.status, 422);
        const form = form_with(answer, "correction.days");
        assert.equal(value_of(form, "correction.days"), "99");
        assert.equal(value_of(form, "correction.items.0.reason"), "请补地址");
        assert.match(answer.html, /href="#f-correction\.days"/);
        const more = await desk.send(answer, form, {}, { name: "_add", value: "correction.items" });
        assert.equal(more.status, 303);
        const grown = await desk.open(path_of(more));
        assert.equal(value_of(form_with(grown, "correction.items.1.reason"), "correction.items.0.reason"), "请补地址");
        assert.equal((await citizen.matter(matter.id)).state, "under-review");
    });

    test("what others changed meanwhile is said before it is decided", async () => {
        const matter = await filed(citizen);
        const desk = await visitor(server, "reviewer@京0105");
        const page = await desk.open(`/matters/${matter.id}/acts/docket`);
        const asked = await reviewer.taken(matter.id, "ask-correction", { correction: { items: [{ item: "parties", reason: "请补地址" }], days: 15 } });
        const { act } = await citizen.offered(matter.id, "submit");
        const values = form_fill(act.form);
        values.parties.find((party) => party.role === "defendant").name = "王小明";
        const again = await citizen.act(matter.id, "submit", values, { accept_warnings: true });
        assert.equal(again.status, 200, again.text);
        assert.ok(again.body.revision > asked.revision);
        const offered = (await reviewer.offered(matter.id, "docket")).act;
        const stale = await desk.send(page, form_with(page, "docketing.trial-procedure"), flat(offered.form, form_fill(offered.form)), { name: "_do", value: "yes" });
        assert.equal(stale.status, 409);
        assert.match(html_text(stale.html), /林晓舟改了“当事人”/);
        assert.equal((await citizen.matter(matter.id)).state, "under-review");
        const done = await desk.send(stale, form_with(stale, "docketing.trial-procedure"), {}, { name: "_do", value: "yes" });
        assert.equal(done.status, 303, html_text(done.html).slice(0, 300));
        assert.equal((await citizen.matter(matter.id)).state, "docketed");
    });

    test("what is over and what is due soon is told apart", async () => {
        await filed(citizen);
        const desk = await visitor(server, "reviewer@京0105");
        assert.doesNotMatch(html_text((await desk.open("/matters?box=todo&due=over")).html), /已超期\d/);
        await citizen.advance("9d");
        const over = html_text((await desk.open("/matters?box=todo&due=over")).html);
        assert.match(over, /已超期\d+日/);
        assert.match(html_text((await desk.open("/")).html), /[1-9]\d* 件已超期/);
        assert.match(html_text((await desk.open("/matters?box=todo&due=soon")).html), /现在没有要办的/);
    });
});
