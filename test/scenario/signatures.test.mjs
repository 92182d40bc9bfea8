// Signing from afar: the lawyer asks, each signatory signs on the own phone by a link, without an
// account; what is signed is what is filed, to the byte.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, login, nobody, refused } from "../lib/client.mjs";
import { png, resident_id } from "../lib/files.mjs";
import { form_fill } from "../lib/form.mjs";
import { html_text } from "../lib/html.mjs";
import { simulator } from "../lib/sim.mjs";
import { command, start, until } from "../lib/server.mjs";

const CLIENT = { name: "林晓舟", tail: "002X", phone: "13800138000" };
const PNG = png(60, 20).toString("base64");

let server;
let gateway;
let lawyer;

before(async () => {
    gateway = await simulator("sms");
    server = await start({ args: ["--messages", gateway.url] });
    lawyer = await login(server, "lawyer-1");
});
after(async () => {
    await server?.stop();
    await gateway?.stop();
});

/** A draft of the lawyer's with all but promises and signature, its files uploaded. */
async function ready(over = {}) {
    const draft = await lawyer.begin();
    const values = form_fill(draft.acts[0].form, { filer: { capacity: "agent", plaintiff: 1 }, ...over });
    delete values.undertakings;
    delete values.signature;
    const saved = await lawyer.save(draft.id, values);
    assert.equal(saved.status, 200, saved.text);
    await lawyer.upload_required(saved.body, saved.body.acts[0]);
    return draft.id;
}

const at = (id) => `/matters/${id}/signatures`;
async function asked(id, who = ["parties.0"]) {
    const answer = await lawyer.post(at(id), { who });
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
}
const standing = async (id) => {
    const answer = await lawyer.get(at(id));
    assert.equal(answer.status, 200, answer.text);
    return answer.body.signatures;
};
const path_of = (link) => new URL(link).pathname;
const open = (path, pass) => nobody(server).get(path, pass ? { headers: { "x-sign-pass": pass } } : {});
const say = (path, body, pass) => nobody(server).post(path, body, pass ? { headers: { "x-sign-pass": pass } } : {});

/** The client opens the link and proves who he is. Answers the path and what he reads. */
async function reading(link, body = { name: CLIENT.name, tail: CLIENT.tail }) {
    const path = path_of(link);
    const answer = await say(`${path}/identify`, body);
    assert.equal(answer.status, 200, answer.text);
    return { path, pass: answer.body.pass, seen: answer.body };
}
async function signed(link, signature = { method: "typed", name: CLIENT.name, code: "000000" }) {
    const { path, pass, seen } = await reading(link);
    return say(path, { signature, digest: seen.digest }, pass);
}
const submit = (id) => lawyer.act(id, "submit", { undertakings: { truth: true, "not-elsewhere": true }, signature: { method: "typed", name: lawyer.person.name, code: "000000" } }, { accept_warnings: true });
const messages = async () => (await (await fetch(`${gateway.url}/outbox?to=${CLIENT.phone}`)).json()).messages.map((one) => one.text);

describe("asking and signing", () => {
    test("the client reads what will be filed, signs, and both the case and its papers say so", async () => {
        const id = await ready({ cause: "民间借贷纠纷", style: "element" });
        const { signatures, candidates } = await asked(id);
        assert.equal(candidates[0].name, CLIENT.name);
        assert.equal(candidates[0].capacity, "原告");
        assert.equal(signatures[0].state, "waiting");
        const early = await submit(id);
        assert.equal(early.status, 422, early.text);
        assert.match(errors_at(early, "signatures")[0].title, /林晓舟还没有签名/);

        const link = signatures[0].link;
        await until("the message with the link has gone out", async () => (await messages()).some((text) => text.includes(link)));
        const { path, pass, seen } = await reading(link);
        assert.equal(seen.values.claim.amount, 5000000);
        assert.equal(seen.values.parties[0].identity.number, "110105********002X", "numbers are masked as everywhere");
        const file = await open(seen.materials[0].url, pass);
        assert.equal(file.status, 200);
        refused(await open(seen.materials[0].url), 404);
        for (const broken of ["", "iVBORw0KGgo=", PNG.slice(0, 60), Buffer.from("<svg/>").toString("base64")]) {
            refused(await say(path, { signature: { method: "drawn", png: broken }, digest: seen.digest }, pass), 422, "fields");
        }
        const done = await say(path, { signature: { method: "drawn", png: PNG }, digest: seen.digest }, pass);
        assert.equal(done.status, 200, done.text);
        assert.equal(done.body.state, "signed");
        assert.equal((await standing(id))[0].state, "signed");
        assert.equal((await standing(id))[0].signed, seen.digest);
        assert.ok((await lawyer.get("/inbox")).body.notices.some((one) => one.matter === id && one.title === "林晓舟已签名"));

        const filed = await submit(id);
        assert.equal(filed.status, 200, filed.text);
        const [other] = filed.body.values.signature.others;
        assert.equal(other.signed, seen.digest);
        assert.equal(other.confirmed, "identity");
        const [event] = await lawyer.events(id);
        assert.deepEqual(event.signatures.map(({ name, capacity, method, signed }) => ({ name, capacity, method, signed })), [
            { name: CLIENT.name, capacity: "原告", method: "drawn", signed: seen.digest },
        ]);
        for (const kind of ["complaint", "receipt-of-filing"]) {
            const paper = filed.body.papers.find((one) => one.kind === kind);
            const pdf = await lawyer.get(paper.url, { accept: "application/pdf" });
            assert.equal(pdf.status, 200, pdf.text.slice(0, 200));
            const name = join(mkdtempSync(join(tmpdir(), "tongsu-signed-")), "paper.pdf");
            writeFileSync(name, pdf.bytes);
            const text = execFileSync("pdftotext", ["-layout", name, "-"]).toString("utf8").replace(/[\s\u200b]/g, "");
            assert.ok(text.includes("原告林晓舟于"), `${kind}: ${text.slice(-600)}`);
            assert.ok(text.includes(seen.digest.slice(0, 16)), `${kind} names what was signed`);
        }
        assert.equal((await open(path, pass)).body.state, "filed");
    });

    test("a code on the phone proves who one is as well as the number", async () => {
        const id = await ready();
        const { signatures } = await asked(id);
        const path = path_of(signatures[0].link);
        const sent = await say(`${path}/code`, {});
        assert.equal(sent.status, 200, sent.text);
        const code = await until("a code", async () => (await messages()).map((text) => text.match(/验证码(\d{6})/)?.[1]).filter(Boolean).at(-1));
        const { pass, seen } = await reading(signatures[0].link, { name: CLIENT.name, code });
        const done = await say(path, { signature: { method: "typed", name: CLIENT.name, code }, digest: seen.digest }, pass);
        assert.equal(done.status, 200, done.text);
        assert.equal((await submit(id)).status, 200);
    });

    test("nobody is waited for who was not asked, and only what is complete is signed", async () => {
        const draft = await lawyer.begin();
        refused(await lawyer.post(at(draft.id), { who: ["parties.0"] }), 409, "signing-early");
        assert.equal((await submit(await ready())).status, 200);
    });

    test("without a script: asked, identified, read and signed by forms alone", async () => {
        const id = await ready();
        const page_of = await visitor(server, "lawyer-1");
        const page = await page_of.open(at(id));
        const form = page.forms.find((one) => one.fields.some((field) => field.name === "who[]"));
        const answer = await page_of.send(page, form);
        assert.equal(answer.status, 303, html_text(answer.html).slice(0, 300));
        const [one] = await standing(id);
        const client = await visitor(server);
        const path = path_of(one.link);
        const closed = await client.open(path);
        assert.doesNotMatch(html_text(closed.html), /民间借贷|朝阳路/, "a stranger reads nothing of the matter");
        assert.equal(closed.headers.get("referrer-policy"), "origin");
        assert.ok(!/href="[^"]*(back|login)[^"]*sign/.test(closed.html), "the code stands in no other address");
        const identify = closed.forms.find((f) => f.action.endsWith("/identify"));
        const wrong = await client.send(closed, identify, { name: "", tail: "" });
        assert.equal(wrong.status, 422);
        assert.match(html_text(wrong.html), /请填写您的姓名/);
        const passed = await client.send(closed, identify, { name: CLIENT.name, tail: "002x" });
        assert.equal(passed.status, 303, html_text(passed.html).slice(0, 300));
        const read = await client.open(path);
        assert.match(html_text(read.html), /请从头看完/);
        const sign = read.forms.find((f) => f.fields.some((field) => field.name === "digest"));
        const half = await client.send(read, sign, { "signature.code": "" });
        assert.equal(half.status, 422);
        const done = await client.send(read, sign, { "signature.code": "000000" });
        assert.equal(done.status, 303, html_text(done.html).slice(0, 300));
        assert.match(html_text((await client.open(path)).html), /您已签名/);
        assert.match(html_text((await page_of.open(at(id))).html), /都签好了/);
    });
});

describe("a correction", () => {
    test("asks for no signature that was filed already, unless the lawyer asks anew; then for what he typed", async () => {
        const id = await ready();
        assert.equal((await signed((await asked(id)).signatures[0].link)).status, 200);
        assert.equal((await submit(id)).status, 200);
        const reviewer = await login(server, "reviewer@京0105");
        await reviewer.taken(id, "ask-correction", { correction: { items: [{ item: "claim", reason: "请写明利息怎么算" }], days: 15 } });
        const { claim } = (await lawyer.matter(id)).values;
        assert.equal((await lawyer.save(id, { claim: { ...claim, amount: 4900000 } })).status, 200);
        assert.deepEqual(await standing(id), []);
        const link = (await asked(id)).signatures[0].link;
        const early = await lawyer.act(id, "submit", { signature: { method: "typed", name: lawyer.person.name, code: "000000" } }, { accept_warnings: true });
        assert.match(errors_at(early, "signatures")[0].title, /还没有签名/);
        const { path, pass, seen } = await reading(link);
        assert.equal(seen.values.claim.amount, 4900000, "the client reads what was typed towards the correction");
        assert.equal((await say(path, { signature: { method: "drawn", png: PNG }, digest: seen.digest }, pass)).status, 200);
        const again = await lawyer.act(id, "submit", { signature: { method: "typed", name: lawyer.person.name, code: "000000" } }, { accept_warnings: true });
        assert.equal(again.status, 200, again.text);
        assert.equal(again.body.values.signature.others[0].signed, seen.digest);
    });
});

describe("what can go wrong", () => {
    test("a refusal with its reason reaches the lawyer and stops the filing, until it is withdrawn", async () => {
        const id = await ready();
        const { signatures } = await asked(id);
        const { path, pass } = await reading(signatures[0].link);
        refused(await say(`${path}/refuse`, { reason: " " }, pass), 422, "fields");
        const answer = await say(`${path}/refuse`, { reason: "金额不对<b>" }, pass);
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.body.state, "refused");
        const [one] = await standing(id);
        assert.deepEqual([one.state, one.reason], ["refused", "金额不对<b>"]);
        const { text } = await lawyer.get("/inbox");
        assert.match(text, /不同意签名/, "the lawyer is told");
        assert.doesNotMatch(text, /金额不对/, "what he wrote stands sealed with the matter alone");
        assert.match(errors_at(await submit(id), "signatures")[0].title, /不同意签名/);
        const page = await (await visitor(server, "lawyer-1")).open(at(id));
        assert.ok(page.html.includes("金额不对&lt;b&gt;"));
        assert.equal((await lawyer.post(`${at(id)}/${one.id}/withdraw`, {})).status, 200);
        assert.equal((await submit(id)).status, 200);
    });

    test("a text that is changed after signing drops the signature, for both to see, and a new one is asked for", async () => {
        const id = await ready();
        const first = (await asked(id)).signatures[0].link;
        assert.equal((await signed(first)).status, 200);
        const before = (await lawyer.matter(id)).values.claim;
        assert.equal((await lawyer.save(id, { claim: { ...before, amount: before.amount + 1 } })).status, 200);
        assert.equal((await standing(id))[0].state, "fallen");
        const { path } = { path: path_of(first) };
        assert.equal((await open(path)).body.state, "fallen");
        assert.match(html_text((await (await visitor(server)).open(path)).html), /您的签名已失效/);
        assert.match(errors_at(await submit(id), "signatures")[0].title, /签名已失效/);
        const page = await (await visitor(server, "lawyer-1")).open(at(id));
        assert.match(html_text(page.html), /签名后内容有改动/);
        const second = (await asked(id)).signatures[0].link;
        assert.notEqual(second, first);
        await until("the new message says why", async () => (await messages()).some((text) => text.includes(second) && text.includes("原来的签名已失效")));
        assert.equal((await open(path)).body.state, "withdrawn", "the old link is good for nothing");
        assert.equal((await signed(second)).status, 200);
        assert.equal((await submit(id)).status, 200);
    });

    test("a file that is added drops it as well; one taken back to what was signed lets it stand", async () => {
        const id = await ready();
        assert.equal((await signed((await asked(id)).signatures[0].link)).status, 200);
        const page = await (await visitor(server, "lawyer-1")).open(`/matters/${id}/edit/claim`);
        assert.match(html_text(page.html), /已有1人签名。在这里改动以后/);
        const added = await lawyer.upload(id, "evidence");
        assert.equal((await standing(id))[0].state, "fallen");
        await lawyer.api("DELETE", `/matters/${id}/materials/${added.body.n}`);
        assert.equal((await standing(id))[0].state, "signed");
    });

    test("what was changed on another device while the client read is not signed unread", async () => {
        const id = await ready();
        const { path, pass, seen } = await reading((await asked(id)).signatures[0].link);
        const claim = (await lawyer.matter(id)).values.claim;
        await lawyer.save(id, { claim: { ...claim, amount: 1 } });
        const signature = { method: "typed", name: CLIENT.name, code: "000000" };
        refused(await say(path, { signature, digest: seen.digest }, pass), 409, "signing-changed");
        const again = (await open(path, pass)).body;
        assert.equal(again.values.claim.amount, 1);
        assert.equal((await say(path, { signature, digest: again.digest }, pass)).status, 200);
    });

    test("a stranger with the link is stopped after five tries, and the lawyer sees it", async () => {
        const id = await ready();
        const path = path_of((await asked(id)).signatures[0].link);
        for (let n = 0; n < 4; n++) {
            refused(await say(`${path}/identify`, { name: "王五", tail: CLIENT.tail }), 422, "signing-other");
        }
        refused(await say(`${path}/identify`, { name: CLIENT.name, tail: "0000" }), 409, "signing-locked");
        const late = await say(`${path}/identify`, { name: CLIENT.name, tail: CLIENT.tail });
        assert.equal(late.status, 409, late.text);
        assert.equal((await standing(id))[0].state, "locked");
        refused(await say(path, { signature: { method: "drawn", png: PNG }, digest: "" }), 409);
    });

    test("a forged or foreign pass opens nothing", async () => {
        const one = await reading((await asked(await ready())).signatures[0].link);
        const other = path_of((await asked(await ready())).signatures[0].link);
        for (const pass of [one.pass, "1.2", `99999999999.${"0".repeat(64)}`, "ü"]) {
            const answer = await fetch(server.url + other, { headers: { accept: "application/json", "x-sign-pass": encodeURIComponent(pass) } });
            assert.equal((await answer.json()).known, false);
            refused(await say(other, { signature: { method: "drawn", png: PNG }, digest: "x" }, encodeURIComponent(pass)), 403, "signing-unproved");
        }
        for (const code of ["x", "A".repeat(26), "'; DROP TABLE signing", "𠮷"]) {
            assert.equal((await open(`/sign/${encodeURIComponent(code)}`)).status, 404, code);
        }
    });

    test("twice at once signs once", async () => {
        const id = await ready();
        const { path, pass, seen } = await reading((await asked(id)).signatures[0].link);
        const body = { signature: { method: "typed", name: CLIENT.name, code: "000000" }, digest: seen.digest };
        const answers = await Promise.all([0, 1, 2].map(() => say(path, body, pass)));
        assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409, 409]);
        refused(await say(`${path}/refuse`, { reason: "后悔" }, pass), 409, "signing-over");
        assert.equal((await lawyer.get("/inbox?limit=200")).body.notices.filter((one) => one.matter === id).length, 1);
    });

    test("reminding waits an hour; the link runs out after seven days", async () => {
        const id = await ready();
        const [one] = (await asked(id)).signatures;
        const remind = () => lawyer.post(`${at(id)}/${one.id}/remind`, {});
        const early = await remind();
        refused(early, 429, "remind-early");
        assert.ok(Number(early.headers.get("retry-after")) > 3000);
        await lawyer.advance("61m");
        assert.equal((await remind()).status, 200);
        refused(await remind(), 429, "remind-early");
        await until("both messages carry the link", async () => (await messages()).filter((text) => text.includes(one.link)).length === 2);
        await lawyer.advance("8d");
        assert.equal((await standing(id))[0].state, "expired");
        refused(await say(`${path_of(one.link)}/identify`, { name: CLIENT.name, tail: CLIENT.tail }), 409);
        assert.match(errors_at(await submit(id), "signatures")[0].title, /已过期/);
    });

    test("with the gateway down the link can still be handed over, and the message follows", async () => {
        await gateway.order({ status: 503 });
        const id = await ready();
        const [one] = (await asked(id)).signatures;
        assert.equal(one.message, "waiting");
        await until("the message is sent when the gateway is back", async () => (await messages()).some((text) => text.includes(one.link)), 30_000);
        await until("and the lawyer sees so", async () => (await standing(id))[0].message === "sent");
        assert.equal((await signed(one.link)).status, 200);
        assert.equal((await submit(id)).status, 200);
    });

    test("nobody else may ask, look or withdraw; whose hands are unknown is not asked", async () => {
        const id = await ready();
        const [one] = (await asked(id)).signatures;
        for (const name of ["citizen-2", "lawyer-2", "reviewer@京0105"]) {
            const who = await login(server, name);
            refused(await who.get(at(id)), 404, "not-found");
            refused(await who.post(at(id), { who: ["parties.0"] }), 404, "not-found");
            refused(await who.post(`${at(id)}/${one.id}/withdraw`, {}), 404, "not-found");
            refused(await who.post(`${at(id)}/${one.id}/remind`, {}), 404, "not-found");
        }
        refused(await nobody(server).get(at(id)), 401);
        refused(await lawyer.post(at(id), { who: ["parties.1"] }), 422, "fields"); // the defendant does not sign
        refused(await lawyer.post(at(id), { who: "parties.0" }), 422, "fields");
        refused(await lawyer.post(`${at(id)}/1/withdraw`, {}), 404);
        const parties = (await lawyer.matter(id)).values.parties;
        parties[0] = { role: "plaintiff", kind: "natural-person", name: "𠮷田㼆" };
        await lawyer.save(id, { parties });
        const unknown = await lawyer.post(at(id), { who: ["parties.0"] });
        refused(unknown, 422, "fields");
        assert.match(unknown.body.errors[0].title, /手机号或者证件号码/);
    });
});

describe("guessing links", () => {
    test("is slowed down by address: many wrong ones, and a right one is not looked up either", async () => {
        const id = await ready();
        const [{ link }] = (await asked(id)).signatures;
        const from = (client) => ({ headers: { "x-forwarded-for": client } });
        for (let n = 0; n < 40; n++) {
            assert.equal((await nobody(server).get(path_of(link), from("198.51.100.20"))).status, 200, "who has the link opens it as often as he likes");
        }
        const guessed = [];
        for (let n = 0; n < 40; n++) {
            const path = path_of(link).slice(0, -4) + String(1000 + n);
            guessed.push(await nobody(server).get(path, from("198.51.100.21")));
        }
        refused(guessed[0], 404, "signing-unknown");
        assert.ok(guessed.filter((one) => one.status === 404).length < 40);
        refused(guessed.at(-1), 429, "rate");
        const right = await nobody(server).get(path_of(link), from("198.51.100.21"));
        refused(right, 429, "rate");
        assert.ok(Number(right.headers.get("retry-after")) > 0);
        assert.equal((await nobody(server).get(path_of(link), from("198.51.100.20"))).status, 200, "others are not held up");
    });
});

describe("a phone", () => {
    test("is not called anew and anew by whoever asks anew and anew", async () => {
        const id = await ready();
        let answer = null;
        for (let n = 0; n < 40 && (answer === null || answer.status === 200); n++) {
            answer = await lawyer.post(at(id), { who: ["parties.0"] });
        }
        refused(answer, 429, "rate");
        assert.ok(Number(answer.headers.get("retry-after")) > 0);
    });
});

describe("many", () => {
    test("thirty sign one act, in however many requests they are asked", async () => {
        const id = await ready();
        const { parties } = (await lawyer.matter(id)).values;
        const born = (n) => new Date(Date.UTC(1950, 0, 1 + n)).toISOString().slice(0, 10).replaceAll("-", "");
        const many = Array.from({ length: 31 }, (_, n) => ({
            ...parties[0],
            name: `林${String.fromCodePoint(0x4e00 + n)}`,
            phone: `139000000${String(n).padStart(2, "0")}`,
            identity: { ...parties[0].identity, number: resident_id(`110105${born(n)}000`) },
        }));
        const saved = await lawyer.save(id, { parties: [...many, parties[1]] });
        assert.equal(saved.status, 200, saved.text);
        const places = many.map((_, n) => `parties.${n}`);
        await asked(id, places.slice(0, 16));
        const more = await lawyer.post(at(id), { who: places.slice(16) });
        assert.equal(refused(more, 422, "fields").errors[0].code, "too-many");
        assert.equal((await asked(id, places.slice(16, 30))).signatures.length, 30);
        assert.equal((await asked(id, places.slice(0, 2))).signatures.length, 30, "asking anew makes nobody more");
    });
});

describe("afterwards", () => {
    test("no code of a link stands in the log, and everything verifies", async () => {
        const rows = server.log.join("\n");
        assert.ok(!/\/sign\/[A-Z0-9]{10}/i.test(rows), "requests are logged by route");
        assert.ok(rows.includes("/sign/{code}"));
        const { code, stdout, stderr } = await command(["verify", ...server.flags]);
        assert.equal(code, 0, stdout + stderr);
    });
});
