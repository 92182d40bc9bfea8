// A filing handed from the court near home to the court that decides: both courts, the person, the
// supervisors above; what is recorded without being typed; what is refused.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { errors_at, login, nobody, refused } from "../lib/client.mjs";
import { jpeg, pdf, png } from "../lib/files.mjs";
import { form_fill } from "../lib/form.mjs";
import { command, start } from "../lib/server.mjs";

const FILING = "cross-domain-filing";
const KINDS = ["civil", "administrative", "private-prosecution", "state-compensation", "enforcement", "civil-retrial"];

let server;
let near; // codes
let far;
let people;

async function code_of(name) {
    const { body } = await nobody(server).get(`/courts?q=${name}`);
    return body.courts.find((court) => court.name.endsWith(name)).code;
}

before(async () => {
    server = await start();
    near = await code_of("双湖县人民法院");
    far = await code_of("龙岗区人民法院");
    people = {
        window: await login(server, `window@${near}`),
        reviewer: await login(server, `reviewer@${far}`),
        judge: await login(server, `judge@${far}`),
        leader: await login(server, `leader@${far}`),
    };
});
after(() => server?.stop());

/** A request handed over by the window near home. Answers the matter as the window sees it. */
async function sent(kind = "civil", values = {}) {
    const draft = await people.window.begin(FILING, far, { "filing-kind": kind });
    return people.window.taken(draft.id, "submit", { "filing-kind": kind, ...values });
}

const act = (matter, name) => matter.acts.find((one) => one.name === name);
const names = (matter) => matter.acts.map((one) => one.name).sort();

describe("from the window of one court to another", () => {
    test("the collaborating court is that of the window's post and nobody changes it", async () => {
        const draft = await people.window.begin(FILING, far);
        assert.equal(draft.collaborator.code, near);
        assert.equal(draft.court.code, far);
        assert.equal(draft.values.collaborator, near);
        const saved = await people.window.save(draft.id, { collaborator: far });
        refused(saved, 422, "fields");
        const { act: submit } = await people.window.offered(draft.id, "submit");
        const taken = await people.window.act(draft.id, "submit", { ...form_fill(submit.form), collaborator: far });
        refused(taken, 422);
        assert.equal(errors_at(taken, "collaborator").length, 1);
        refused(await people.window.post("/matters", { procedure: FILING, court: far, values: { collaborator: far } }), 422);
        const citizen = await login(server, "citizen-1");
        refused(await citizen.post("/matters", { procedure: FILING, court: far, values: {} }), 403);
    });

    for (const kind of KINDS) {
        test(`${kind}: contents, materials and titles of the parties are those of the kind`, async () => {
            const draft = await people.window.begin(FILING, far, { "filing-kind": kind });
            const submit = act(draft, "submit");
            const claims = submit.form.map((field) => field.name).filter((name) => name.startsWith("claim"));
            assert.deepEqual(claims, [kind === "civil" ? "claim" : `claim-${kind}`]);
            const roles = submit.form.find((field) => field.name === "parties").fields.find((field) => field.name === "role").options;
            const plaintiff = { civil: "原告", administrative: "原告", "private-prosecution": "自诉人", "state-compensation": "赔偿请求人", enforcement: "申请执行人", "civil-retrial": "再审申请人" };
            assert.equal(roles.find((role) => role.value === "plaintiff").title, plaintiff[kind]);
            const matter = await people.window.taken(draft.id, "submit", { "filing-kind": kind });
            assert.equal(matter.state, "sent");
            assert.equal(matter.parties[0].role_title, plaintiff[kind]);
            const review = matter.clocks.find((clock) => clock.name === "review");
            assert.equal(review.length, { "private-prosecution": 15, "civil-retrial": 5 }[kind] ?? 7);
            assert.notEqual(review.law, "");
        });
    }

    test("both courts have it on their lists, the deciding court among what waits", async () => {
        const matter = await sent();
        for (const [who, box] of [[people.window, "court"], [people.reviewer, "court"], [people.reviewer, "todo"]]) {
            const { body } = await who.get(`/matters?box=${box}&limit=200`);
            assert.ok(body.matters.some((row) => row.id === matter.id), `${who.name} ${box}`);
        }
        const before = await people.window.get("/matters?box=todo&limit=200");
        assert.ok(!before.body.matters.some((row) => row.id === matter.id));
        await people.reviewer.taken(matter.id, "ask-correction");
        const later = await people.window.get("/matters?box=todo&limit=200");
        assert.ok(later.body.matters.some((row) => row.id === matter.id), "a correction waits for the window");
        const inbox = await people.window.get("/inbox");
        assert.ok(inbox.body.notices.some((notice) => notice.matter === matter.id && notice.kind === "ask-correction"));
    });

    test("numbers are masked for both courts", async () => {
        const matter = await sent();
        for (const who of [people.window, people.reviewer]) {
            const seen = await who.matter(matter.id);
            assert.match(seen.values.visitor.identity.number, /\*{4}/);
        }
    });

    test("who may see: the two courts and the supervisors above; to others it does not exist", async () => {
        const matter = await sent();
        const province = await login(server, "supervisor@粤");
        const nation = await login(server, "supervisor@最高法");
        const city = await login(server, "supervisor@粤03");
        for (const who of [province, nation, city]) {
            const seen = await who.matter(matter.id);
            assert.deepEqual(names(seen), [], `${who.name} only looks`);
        }
        for (const name of [`reviewer@${near}`, "supervisor@藏", "supervisor@京", "window@京0105", "reviewer@粤0303", "window@藏06", "citizen-2", "admin@京0105"]) {
            const who = await login(server, name);
            refused(await who.get(`/matters/${matter.id}`), 404);
        }
        const other = await login(server, `reviewer@${near}`);
        const { body } = await other.get("/matters?box=court&limit=200");
        assert.ok(!body.matters.some((row) => row.id === matter.id), "what he may not see is on no list of his");
    });

    test("responding names reviewer, next step and time, and stops the clocks", async () => {
        const matter = await sent();
        const bare = await people.reviewer.act(matter.id, "respond", {}, { revision: matter.revision });
        refused(bare, 422);
        assert.deepEqual(bare.body.errors.map((error) => error.field).sort(), ["response.at", "response.next-step", "response.reviewer"]);
        const after = await people.reviewer.taken(matter.id, "respond");
        assert.equal(after.state, "reviewing");
        const running = after.clocks.filter((clock) => !clock.stopped).map((clock) => clock.name).sort();
        assert.deepEqual(running, ["decision", "review"]);
        const ladder = Object.fromEntries(after.ladder.map((rung) => [rung.rung, rung.at]));
        assert.ok(ladder.submitted && ladder.responded && !ladder.decided && !ladder.delivered);
    });

    test("correction: only what was asked, and back to the reviewer with a new period", async () => {
        const matter = await sent("enforcement");
        await people.reviewer.taken(matter.id, "ask-correction", {
            "handover-correction": { items: [{ item: "claim-enforcement", reason: "请写明判项" }], days: 10 },
        });
        const asked = await people.window.matter(matter.id);
        const form = act(asked, "resubmit").form.map((field) => field.name).sort();
        assert.deepEqual(form, ["claim-enforcement", "originals", "visitor-signature"]);
        const after = await people.window.taken(matter.id, "resubmit");
        assert.equal(after.state, "reviewing");
        const reviews = after.clocks.filter((clock) => clock.name === "review");
        assert.equal(reviews.length, 2);
        assert.ok(reviews[0].stopped && !reviews[1].stopped);
    });

    test("a correction of another kind's contents is not offered, and refused", async () => {
        const matter = await sent("civil");
        const { act } = await people.reviewer.offered(matter.id, "ask-correction");
        const items = act.form[0].fields.find((field) => field.name === "items");
        const offered = items.fields.find((field) => field.name === "item").options.map((option) => option.value);
        assert.ok(offered.includes("claim") && offered.includes("materials.complaint") && !offered.includes("claim-enforcement"), offered.join());
        const answer = await people.reviewer.take(matter.id, "ask-correction", {
            "handover-correction": { items: [{ item: "claim-enforcement", reason: "请写明判项" }], days: 10 },
        });
        refused(answer, 422);
        assert.equal(errors_at(answer, "handover-correction.items.0.item").length, 1);
    });

    test("docket, refuse, redirect, withdraw: each by whom it belongs to", async () => {
        const one = await sent();
        assert.deepEqual(names(await people.reviewer.matter(one.id)), ["ask-correction", "docket", "message", "redirect", "respond"]);
        assert.deepEqual(names(await people.judge.matter(one.id)), ["redirect", "refuse", "respond"]);
        assert.deepEqual(names(await people.window.matter(one.id)), ["message", "withdraw"]);
        refused(await people.window.act(one.id, "docket", {}, { revision: one.revision }), 403);
        assert.equal((await people.reviewer.taken(one.id, "docket")).state, "docketed");
        const two = await sent();
        assert.equal((await people.judge.taken(two.id, "refuse")).state, "refused");
        const three = await sent();
        assert.equal((await people.reviewer.taken(three.id, "redirect")).state, "redirected");
        const four = await sent();
        assert.equal((await people.window.taken(four.id, "withdraw")).state, "withdrawn");
        refused(await people.reviewer.act(four.id, "respond", form_fill([]), { revision: four.revision + 1 }), 409, "state");
    });
});

describe("what the window records", () => {
    test("who saw the papers, the originals and the signature is recorded, never typed", async () => {
        const matter = await sent();
        const seen = await people.window.matter(matter.id);
        assert.equal(seen.values["visitor-seen"].court, near);
        assert.equal(seen.values["visitor-seen"].by, people.window.person.name);
        const [original] = seen.values["originals-checked"];
        assert.equal(original.by, people.window.person.name);
        assert.equal(original.court, near);
        assert.equal(original.sm3, seen.materials.find((material) => material.n === original.material).sm3);
        assert.equal(seen.values.originals, undefined);
        const draft = await people.window.begin(FILING, far);
        for (const name of ["originals-checked", "visitor-seen", "oral-record", "delivery-record", "drill"]) {
            refused(await people.window.save(draft.id, { [name]: [{ material: 1, by: "某某" }] }), 422, "fields");
        }
        const { act: submit } = await people.window.offered(draft.id, "submit");
        const typed = await people.window.act(draft.id, "submit", form_fill(submit.form, { originals: [{ material: 1, by: "某某", at: "2026-01-01T00:00:00+08:00" }] }));
        refused(typed, 422);
        assert.ok(errors_at(typed, "originals.0").length > 0);
    });

    test("what was compared with its original is not asked for again without a reason", async () => {
        const matter = await sent();
        const { material } = (await people.window.matter(matter.id)).values["originals-checked"][0];
        const kind = (await people.window.matter(matter.id)).materials.find((one) => one.n === material).kind;
        const items = [{ item: `materials.${kind}`, reason: "请重交" }];
        const bare = await people.reviewer.take(matter.id, "ask-correction", { "handover-correction": { items, days: 10 } });
        refused(bare, 422);
        assert.equal(errors_at(bare, "handover-correction.items.0.again")[0].code, "original-not-asked-again");
        items[0].again = "复印件第3页看不清";
        const reasoned = await people.reviewer.taken(matter.id, "ask-correction", { "handover-correction": { items, days: 10 } });
        assert.equal(reasoned.state, "correction");
    });

    test("an original of a file that is not there is refused", async () => {
        const draft = await people.window.begin(FILING, far);
        const answer = await people.window.take(draft.id, "submit", { originals: [{ material: 99 }] });
        refused(answer, 422);
        assert.equal(errors_at(answer, "originals.0.material")[0].code, "originals-exist");
    });

    test("an oral complaint is taken down, read back and signed, and takes the place of the written one", async () => {
        const oral = { taken: true, difficulty: "不识字", statement: "我要求王某还我借的五万元。", "read-back": true };
        const draft = await people.window.begin(FILING, far, { "filing-kind": "civil", "oral-complaint": { taken: true } });
        const submit = act(draft, "submit");
        assert.ok(!submit.materials.some((material) => material.kind === "complaint"));
        const signed = submit.form.find((field) => field.name === "oral-complaint").fields.find((field) => field.name === "signed").example;
        const unread = await people.window.take(draft.id, "submit", { "oral-complaint": { ...oral, signed, "read-back": false } });
        refused(unread, 422);
        assert.equal(errors_at(unread, "oral-complaint.read-back")[0].code, "oral-read-back");
        const matter = await people.window.taken(draft.id, "submit", { "oral-complaint": { ...oral, signed } });
        assert.equal(matter.values["oral-record"].court, near);
        assert.ok(matter.values["oral-record"].at);
    });

    test("a person without papers is told what to do, and nothing is lost", async () => {
        const draft = await people.window.begin(FILING, far);
        const answer = await people.window.take(draft.id, "submit", { visitor: { document: "none" } });
        refused(answer, 422);
        const [error] = errors_at(answer, "visitor.document");
        assert.match(error.title, /派出所/);
        assert.equal((await people.window.matter(draft.id)).state, "draft");
    });

    test("the time of handing in stands beside the time of arrival", async () => {
        const draft = await people.window.begin(FILING, far);
        const late = await people.window.take(draft.id, "submit", { "handed-in": "2099-01-01T00:00:00+08:00" });
        refused(late, 422);
        assert.equal(errors_at(late, "handed-in")[0].code, "handed-in-before");
        await people.window.advance("10m");
        const matter = await people.window.taken(draft.id, "submit", { "handed-in": undefined });
        assert.equal(matter.values["handed-in"], draft.created);
    });
});

describe("what goes wrong", () => {
    test("sent twice: the same request once more is the same answer, another is refused in words", async () => {
        const draft = await people.window.begin(FILING, far);
        const { act: submit, matter } = await people.window.offered(draft.id, "submit");
        await people.window.upload_required(matter, submit);
        const values = form_fill(submit.form);
        const key = randomUUID();
        const both = await Promise.all([1, 2].map(() => people.window.act(draft.id, "submit", values, { key, accept_warnings: true })));
        assert.deepEqual(both.map((answer) => answer.status), [200, 200]);
        const again = await people.window.act(draft.id, "submit", values, { accept_warnings: true });
        assert.match(refused(again, 409, "state").detail + again.body.title, /已发出/);
        const events = await people.window.events(draft.id);
        assert.equal(events.filter((event) => event.act === "submit").length, 1);
    });

    test("two of the deciding court answer at once: one stands, the other is told what changed", async () => {
        const matter = await sent();
        const { act: respond } = await people.reviewer.offered(matter.id, "respond");
        const values = form_fill(respond.form);
        const answers = await Promise.all([people.reviewer, people.judge].map((who) => who.act(matter.id, "respond", values, { revision: matter.revision })));
        assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409]);
        const events = await people.window.events(matter.id);
        assert.equal(events.filter((event) => event.act === "respond").length, 1);
    });

    test("a response after the person withdrew is refused with what it is now", async () => {
        const matter = await sent();
        const { act: respond } = await people.reviewer.offered(matter.id, "respond");
        await people.window.taken(matter.id, "withdraw");
        const late = await people.reviewer.act(matter.id, "respond", form_fill(respond.form), { revision: matter.revision });
        assert.match(JSON.stringify(refused(late, 409, "state")), /已撤回/);
        const after = await people.window.matter(matter.id);
        assert.equal(after.state, "withdrawn");
        assert.deepEqual(after.clocks.filter((clock) => !clock.stopped), []);
    });

    test("a window of another court, also of a court above, finds nothing and can do nothing", async () => {
        const matter = await sent();
        for (const name of ["window@京0105", "window@藏", `window@${far.slice(0, 3)}`]) {
            const other = await login(server, name);
            refused(await other.get(`/matters/${matter.id}`), 404);
            refused(await other.act(matter.id, "withdraw", { "handover-withdrawal": "不办了" }, { revision: matter.revision }), 404);
            refused(await other.get(`/matters/${matter.id}/materials/1`), 404);
            refused(await other.get(`/matters/${matter.id}/papers/1`), 404);
        }
    });
});

describe("papers", () => {
    const text_of = (bytes) => {
        const file = join(mkdtempSync(join(tmpdir(), "tongsu-paper-")), "paper.pdf");
        writeFileSync(file, bytes);
        return execFileSync("pdftotext", ["-layout", file, "-"]).toString("utf8").replace(/[\s\u200b]/g, "");
    };
    const printed = async (who, matter, kind) => {
        const paper = matter.papers.find((one) => one.kind === kind);
        assert.ok(paper, `${kind} among ${matter.papers.map((one) => one.kind)}`);
        const answer = await who.get(`/matters/${matter.id}/papers/${paper.n}`, { accept: "application/pdf" });
        assert.equal(answer.status, 200, answer.text.slice(0, 200));
        return text_of(answer.bytes);
    };

    test("the receipt shows when papers were handed in here and arrived there, and the code to follow by", async () => {
        const draft = await people.window.begin(FILING, far);
        await people.window.advance("25m");
        const matter = await people.window.taken(draft.id, "submit", { "handed-in": undefined });
        const text = await printed(people.window, matter, "handover-receipt");
        const shown = (at) => {
            const [, month, day, hour, minute] = /-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(at);
            return `${Number(month)}月${Number(day)}日${hour}:${minute}`;
        };
        assert.ok(text.includes(shown(matter.values["handed-in"])), text);
        const arrived = (await people.window.events(matter.id))[0].at;
        assert.ok(text.includes(shown(arrived)), text);
        const [, code] = /查询码：([0-9A-Z]{12})/.exec(text) ?? [];
        assert.ok(code, text);
        const followed = await nobody(server).get(`/follow/${code}`);
        assert.equal(followed.status, 200, followed.text);
        assert.equal(followed.body.state_title, matter.state_title);
        assert.ok(!followed.text.includes("林晓舟"), "the code shows no names");
    });

    test("correction, refusal, redirection and delivery are printed for the window near home", async () => {
        const one = await sent();
        await people.reviewer.taken(one.id, "ask-correction");
        const asked = await printed(people.window, await people.window.matter(one.id), "handover-correction-notice");
        assert.match(asked, /双湖县人民法院窗口补正，不用到本院来/);
        const two = await sent();
        await people.judge.taken(two.id, "refuse");
        assert.match(await printed(people.window, await people.window.matter(two.id), "handover-refusal"), /不予受理/);
        const three = await sent();
        await people.reviewer.taken(three.id, "redirect");
        assert.match(await printed(people.window, await people.window.matter(three.id), "handover-redirection"), /有管辖权的人民法院/);
        const typed = await people.window.take(three.id, "deliver", { delivery: { signed: { method: "typed", name: "林晓舟", code: "000000" } } });
        refused(typed, 422);
        assert.equal(errors_at(typed, "delivery.signed")[0].code, "delivery-signed");
        const delivered = await people.window.taken(three.id, "deliver");
        assert.equal(delivered.values["delivery-record"].court, near);
        assert.match(await printed(people.window, delivered, "delivery-record"), /告知书/);
        const rated = await people.window.taken(three.id, "rate", { rating: { score: 4 } });
        assert.equal(rated.state, "closed");
    });
});

describe("who may hand to whom", () => {
    test("a high court's window, an own court and a tribunal are refused with a reason", async () => {
        const high = await login(server, "window@粤");
        const from_high = await high.post("/matters", { procedure: FILING, court: far, values: {} });
        refused(from_high, 422);
        assert.equal(from_high.body.errors[0].field, "court");
        const self = await people.window.post("/matters", { procedure: FILING, court: near, values: {} });
        refused(self, 422);
        const tribunals = await people.window.get(`/courts?parent=${far}&level=人民法庭`);
        for (const tribunal of tribunals.body.courts.slice(0, 1)) {
            const answer = await people.window.post("/matters", { procedure: FILING, court: tribunal.code, values: {} });
            refused(answer, 422);
            assert.equal(answer.body.errors[0].code, "to-only-collaborates");
        }
        const draft = await people.window.begin(FILING, far);
        refused(await people.window.save(draft.id, {}, { court: near }), 422);
    });
});

describe("a signature on paper, photographed", () => {
    const PHOTO = "signature-photo";
    const photo = async (id, bytes = jpeg(), name = "手印.jpg") => people.window.upload(id, PHOTO, bytes, name);

    test("stands for one drawn, with the hash of the picture, until the next signature", async () => {
        const draft = await people.window.begin(FILING, far);
        const bytes = jpeg(80, 60);
        const sheet = await photo(draft.id, bytes);
        assert.equal(sheet.status, 201, sheet.text);
        const n = sheet.body.n;
        const matter = await people.window.taken(draft.id, "submit", { "visitor-signature": { method: "photo", material: n } });
        const kept = matter.values["visitor-signature"];
        assert.equal(kept.method, "photo");
        assert.equal(kept.material, n);
        assert.equal(kept.sm3, createHash("sm3").update(bytes).digest("hex"));
        assert.match(kept.signed, /^[0-9a-f]{64}$/);
        assert.equal(kept.png, undefined);

        await people.reviewer.taken(matter.id, "docket");
        const delivery = (material) => ({ delivery: { recipient: "林晓舟", papers: 1, signed: { method: "photo", material } } });
        const now = await people.window.matter(matter.id);
        const old = await people.window.act(matter.id, "deliver", delivery(n), { revision: now.revision });
        refused(old, 422);
        assert.equal(errors_at(old, "delivery.signed").length, 1, "who signed then has not signed now");
        const fresh = await photo(matter.id, png());
        assert.equal(fresh.status, 201, fresh.text);
        const done = await people.window.taken(matter.id, "deliver", delivery(fresh.body.n));
        assert.equal(done.state, "delivered");
        assert.equal(done.values["delivery-record"]["signature-photo"], fresh.body.n);
        assert.equal(done.values["delivery-record"].sm3, createHash("sm3").update(png()).digest("hex"));
    });

    test("is refused where it is no whole picture, and where it is not there", async () => {
        const draft = await people.window.begin(FILING, far);
        for (const [bytes, name] of [[pdf("签名"), "签名.pdf"], [jpeg(640, 480).subarray(0, -40), "断.jpg"], [png(32, 32).subarray(0, 60), "断.png"]]) {
            const answer = await photo(draft.id, bytes, name);
            assert.ok(answer.status === 422 || answer.status === 415, `${name}: ${answer.text}`);
        }
        const other = (await people.window.upload(draft.id, "identity", jpeg(), "身份证.jpg")).body.n;
        const { act: submit } = await people.window.offered(draft.id, "submit");
        await people.window.upload_required(draft, submit);
        const gone = (await photo(draft.id)).body.n;
        assert.equal((await people.window.post(`/matters/${draft.id}/materials/${gone}/delete`, {})).status, 204);
        for (const material of [other, gone, 99]) {
            const { revision } = await people.window.matter(draft.id);
            const values = form_fill(submit.form, { "visitor-signature": { method: "photo", material } });
            const answer = await people.window.act(draft.id, "submit", values, { revision });
            refused(answer, 422);
            assert.equal(errors_at(answer, "visitor-signature").length, 1, answer.text);
        }
    });
});

test("the rows of hand-overs are what the events add up to", async () => {
    await server.stop({ keep: true });
    const { code, stdout, stderr } = await command(["verify", ...server.flags]);
    assert.equal(code, 0, stdout + stderr);
    server = await server.again();
});
