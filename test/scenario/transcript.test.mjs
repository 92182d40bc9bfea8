// TRANSCRIPT of the contract, step by step: statuses, keys, nesting, types. One filing from the
// log-in to the case number, in the order in which the contract tells it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Client, COURT, FILING, login, refused } from "../lib/client.mjs";
import { executable, pdf } from "../lib/files.mjs";
import { form_far, form_fill } from "../lib/form.mjs";
import { beijing_date, day_end, period_days } from "../lib/law.mjs";
import { start, until } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";

const { check, open, exact, list } = shape;
const IDENTITY_PDF = pdf("身份证", 20_000);

let server;
let citizen; // begins and files
let reviewer;
let matter; // as last answered
const key = randomUUID();
let submitted; // the body that was accepted

before(async () => {
    server = await start();
});
after(() => server?.stop());

test("a person logs in", async () => {
    citizen = new Client(server, "citizen-1");
    const answer = await citizen.post("/session", { login: "citizen-1", password: "tongsu-demo" });
    assert.equal(answer.status, 200, answer.text);
    check(open({ token: shape.words, person: shape.person }), answer.body);
    assert.equal(answer.body.person.name, "林晓舟");
    assert.equal(answer.body.person.kind, "person");
    assert.deepEqual(answer.body.person.posts, []);
    assert.match(answer.headers.get("set-cookie"), /HttpOnly/i);
    citizen.token = answer.body.token;
});

test("staff log in with their post at a court", async () => {
    reviewer = new Client(server, "reviewer@京0105");
    const answer = await reviewer.post("/session", { login: "reviewer@京0105", password: "tongsu-demo" });
    assert.equal(answer.status, 200, answer.text);
    check(open({ token: shape.words, person: shape.person }), answer.body);
    assert.equal(answer.body.person.kind, "staff");
    assert.deepEqual(answer.body.person.posts, [{ post: "reviewer", court: { code: "京0105", name: "北京市朝阳区人民法院" } }]);
    reviewer.token = answer.body.token;
});

test("a wrong password is told in the citizen's words", async () => {
    const answer = await citizen.post("/session", { login: "citizen-1", password: "wrong" }, { token: null });
    const problem = refused(answer, 401, "login-failed");
    check(shape.problem, problem);
    assert.equal(problem.title, "账号或密码不正确");
    assert.equal(problem.detail, "请核对后重试，或用验证码登录。");
});

test("a court is found by a part of its name", async () => {
    const answer = await citizen.get("/courts?q=朝阳");
    assert.equal(answer.status, 200, answer.text);
    check(shape.listing("courts", shape.court), answer.body);
    const court = answer.body.courts.find((one) => one.code === "京0105");
    assert.ok(court, "京0105 is among them");
    assert.equal(court.name, "北京市朝阳区人民法院");
    assert.equal(court.level, "基层");
    assert.equal(court.kind, "general");
    assert.equal(court.parent, "京03");
    assert.equal(court.division, "110105");
});

test("a draft is begun", async () => {
    const answer = await citizen.post("/matters", { procedure: FILING, court: COURT, values: {} });
    assert.equal(answer.status, 201, answer.text);
    matter = answer.body;
    check(shape.matter, matter);
    assert.equal(answer.headers.get("location").replace(server.url, ""), `/matters/${matter.id}`);
    assert.equal(matter.procedure, FILING);
    assert.equal(matter.version, 2);
    assert.equal(matter.state, "draft");
    assert.equal(matter.state_title, "草稿，尚未提交");
    assert.deepEqual(matter.court, { code: "京0105", name: "北京市朝阳区人民法院" });
    assert.equal(matter.case_number, null);
    assert.equal(matter.revision, 1);
    assert.deepEqual(matter.values, {});
    for (const empty of ["parties", "materials", "papers", "clocks", "links"]) {
        assert.deepEqual(matter[empty], [], empty);
    }
});

test("its one act carries the form and the materials it asks for", () => {
    assert.deepEqual(matter.acts.map((act) => act.name), ["submit"]);
    const [submit] = matter.acts;
    check(shape.act, submit);
    assert.equal(submit.title, "提交立案申请");
    const fields = Object.fromEntries(submit.form.map((field) => [field.name, field]));
    const wanted = ["cause", "claim", "parties", "service-address", "undertakings", "signature"];
    assert.deepEqual(wanted.filter((name) => !(name in fields)), [], "groups of the contract");
    assert.deepEqual([fields.cause.type, fields.cause.required], ["cause", true]);
    assert.deepEqual([fields.claim.type, fields.claim.required], ["group", true]);
    const claim = Object.fromEntries(fields.claim.fields.map((field) => [field.name, field]));
    assert.deepEqual([claim.requests.type, claim.requests.min], ["list", 1]);
    assert.deepEqual(
        claim.requests.fields.map((field) => [field.name, field.type, field.max_length]),
        [["text", "long-text", 2000]],
    );
    assert.deepEqual([claim.amount.type, claim.amount.min, claim.amount.max], ["money", 0, 100000000000000]);
    assert.equal(claim.facts.type, "long-text");
    assert.deepEqual([fields.parties.type, fields.parties.min, fields.parties.required], ["list", 2, true]);
    const party = Object.fromEntries(fields.parties.fields.map((field) => [field.name, field]));
    assert.deepEqual(party.role.options.map((option) => option.value), ["plaintiff", "defendant", "third-party"]);
    const kinds = party.kind.options.map((option) => option.value);
    assert.deepEqual(["natural-person", "legal-person", "organisation"].filter((kind) => !kinds.includes(kind)), []);
    assert.equal(party.name.max_length, 100);
    assert.deepEqual(party.identity.when, { field: "kind", in: ["natural-person"] });
    assert.equal(fields.signature.type, "signature");
    assert.ok(fields.parties.example.some((one) => one.role === "plaintiff"));
    assert.ok(fields.parties.example.some((one) => one.role === "defendant"));
    const materials = Object.fromEntries(submit.materials.map((need) => [need.kind, need]));
    check(exact({ kind: shape.is("complaint"), title: shape.is("民事起诉状"), min: shape.is(1), max: shape.is(1) }), materials.complaint);
    assert.deepEqual([materials.identity.min, materials.identity.max], [1, null]);
    assert.deepEqual([materials.authority.min, materials.evidence.min], [0, 0]);
});

test("what is typed is saved, and what is missing is said", async () => {
    const answer = await citizen.save(matter.id, { cause: "民间借贷纠纷", claim: { amount: 5000000 } }, { revision: 1 });
    assert.equal(answer.status, 200, answer.text);
    check(shape.matter, answer.body);
    assert.equal(answer.body.revision, 2);
    assert.equal(answer.body.values.claim.amount, 5000000);
    const missing = answer.body.errors.find((error) => error.field === "claim.facts");
    assert.ok(missing, `claim.facts among ${answer.body.errors.map((error) => error.field)}`);
    assert.equal(missing.code, "missing");
    assert.match(missing.title, /请填写/);
    matter = answer.body;
});

test("a cause with an element form brings the field style", () => {
    const style = matter.acts[0].form.find((field) => field.name === "style");
    assert.ok(style, `style among ${matter.acts[0].form.map((field) => field.name)}`);
    assert.equal(style.type, "choice");
    assert.deepEqual(style.options.map((option) => option.value).sort(), ["element", "free"]);
});

test("a material is uploaded as its bytes", async () => {
    const answer = await citizen.upload(matter.id, "identity", IDENTITY_PDF, "身份证.pdf");
    assert.equal(answer.status, 201, answer.text);
    check(shape.material, answer.body);
    assert.deepEqual(
        [answer.body.n, answer.body.kind, answer.body.title, answer.body.name, answer.body.type, answer.body.size, answer.body.by],
        [1, "identity", "当事人身份证明", "身份证.pdf", "application/pdf", IDENTITY_PDF.length, "林晓舟"],
    );
});

test("an executable is no material, whatever it is called", async () => {
    const answer = await citizen.upload(matter.id, "identity", executable(), "身份证.pdf");
    const problem = refused(answer, 415, "file-type");
    assert.equal(problem.title, "不能识别为 PDF、图片、文档或音视频文件");
});

test("submitting with gaps tells each of them", async () => {
    const { act } = await citizen.offered(matter.id, "submit");
    const values = form_fill(act.form);
    delete values.parties[1].name;
    const answer = await citizen.act(matter.id, "submit", values, { accept_warnings: false });
    const problem = refused(answer, 422, "fields");
    check(shape.problem, problem);
    const found = Object.fromEntries(problem.errors.map((error) => [error.field, error]));
    assert.equal(found["parties.1.name"]?.code, "missing");
    assert.equal(found["materials.complaint"]?.code, "missing");
    assert.equal(found["materials.complaint"]?.title, "请上传民事起诉状");
    assert.equal(problem.title, `还有 ${problem.errors.length} 处需要填写`);
});

/** Values of the form with parties from where this court has no jurisdiction. */
async function far_away() {
    const { act } = await citizen.offered(matter.id, "submit");
    return form_far(act.form);
}

test("a doubt about the court is a warning that the filer may accept", async () => {
    const complaint = await citizen.upload(matter.id, "complaint", pdf("民事起诉状"), "起诉状.pdf");
    assert.equal(complaint.status, 201, complaint.text);
    const values = await far_away();
    const answer = await citizen.act(matter.id, "submit", values, { accept_warnings: false });
    const problem = refused(answer, 428, "warnings");
    assert.equal(problem.title, "请确认后再提交");
    const warning = problem.warnings.find((one) => one.code === "venue-plausible");
    check(exact({ field: shape.is("court"), code: shape.words, title: shape.chinese, law: shape.law }), warning);
    const before = await citizen.matter(matter.id);
    assert.equal(before.state, "draft", "a refusal changes nothing");
});

test("submitted: the answer is the matter with receipt, clock and the acts now open", async () => {
    const values = await far_away();
    submitted = { values, accept_warnings: ["venue-plausible"] };
    let answer = await citizen.post(`/matters/${matter.id}/acts/submit`, submitted, { key });
    if (answer.status === 428) {
        // Other doubts about the example's people may stand beside the one of the contract.
        submitted = { values, accept_warnings: answer.body.warnings.map((warning) => warning.code).concat("venue-plausible") };
        answer = await citizen.post(`/matters/${matter.id}/acts/submit`, submitted, { key });
    }
    assert.equal(answer.status, 200, answer.text);
    const before = matter.revision;
    matter = answer.body;
    check(shape.matter, matter);
    assert.equal(matter.state, "under-review");
    assert.equal(matter.state_title, "待法院审核");
    assert.ok(matter.revision > before);
    assert.equal(matter.event, 1);
    assert.equal(matter.title, "林晓舟 诉 " + submitted.values.parties.find((party) => party.role === "defendant").name + " 民间借贷纠纷");
    const clock = matter.clocks.find((one) => one.name === "review");
    check(shape.clock, clock);
    assert.equal(clock.law, "civil-procedure-law@2023 126");
    assert.equal(clock.unit, "days");
    assert.equal(clock.due, day_end(period_days(beijing_date(clock.started), 7)));
    assert.deepEqual([clock.breached, clock.stopped], [null, null]);
    const paper = matter.papers.find((one) => one.kind === "receipt-of-filing");
    check(shape.paper, paper);
    assert.equal(paper.title, "网上立案材料收件凭证");
    assert.equal(paper.url, `/matters/${matter.id}/papers/${paper.n}`);
    const withdraw = matter.acts.find((act) => act.name === "withdraw");
    check(exact({ name: shape.words, title: shape.is("撤回申请"), form: list(shape.any), materials: list(shape.any) }), withdraw);
    assert.deepEqual([withdraw.form, withdraw.materials], [[], []]);
});

test("a stranger is not told that it exists", async () => {
    for (const name of ["citizen-9", "reviewer@京0106", "admin@京0105"]) {
        const stranger = await login(server, name);
        const problem = refused(await stranger.get(`/matters/${matter.id}`), 404, "not-found");
        assert.equal(problem.title, "没有找到，或您无权查看");
    }
});

test("the same key and body again: the same answer, said to be a replay", async () => {
    const answer = await citizen.post(`/matters/${matter.id}/acts/submit`, submitted, { key });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get("idempotent-replayed"), "true");
    assert.equal(answer.body.id, matter.id);
    assert.equal(answer.body.state, "under-review");
    assert.equal((await citizen.events(matter.id)).length, 1);
});

test("the same key with another body is refused", async () => {
    const answer = await citizen.post(`/matters/${matter.id}/acts/submit`, { ...submitted, accept_warnings: true, values: {} }, { key });
    refused(answer, 422, "key-reused");
});

test("the reviewer finds it in the list of what is to do", async () => {
    const answer = await reviewer.get("/matters?box=todo");
    assert.equal(answer.status, 200, answer.text);
    check(shape.listing("matters", shape.row), answer.body);
    const row = answer.body.matters.find((one) => one.id === matter.id);
    assert.ok(row, "the filing is in the list");
    assert.equal(row.title, matter.title);
    assert.equal(row.due, matter.clocks[0].due);
    assert.equal(row.state_title, "待法院审核");
});

test("docketed with a case number, and the case is linked", async () => {
    const seen = await reviewer.offered(matter.id, "docket");
    const answer = await reviewer.act(matter.id, "docket", form_fill(seen.act.form), { revision: seen.matter.revision, accept_warnings: true });
    assert.equal(answer.status, 200, answer.text);
    check(shape.matter, answer.body);
    assert.equal(answer.body.state, "docketed");
    const year = beijing_date(answer.body.updated).slice(0, 4);
    assert.equal(answer.body.case_number, `（${year}）京0105民初1号`);
    const opened = answer.body.links.find((link) => link.rel === "opened");
    check(shape.link, opened);
    assert.equal(opened.procedure, "civil-first-instance");
    assert.equal(opened.case_number, answer.body.case_number);
    assert.equal(opened.state_title, "审理中");
    matter = answer.body;
});

test("acting on what is no longer so is a conflict that says what changed", async () => {
    const other = await citizen.begin();
    let answer = await citizen.take(other.id, "submit");
    assert.equal(answer.status, 200, answer.text);
    const seen = await reviewer.offered(other.id, "docket");
    // Somebody else of the same court decides first, on the same revision.
    const judge = await login(server, "judge@京0105");
    answer = await judge.take(other.id, "refuse");
    assert.equal(answer.status, 200, answer.text);
    answer = await reviewer.act(other.id, "docket", form_fill(seen.act.form), { revision: seen.matter.revision });
    const problem = refused(answer, 409);
    assert.ok(["/problems/conflict", "/problems/state"].includes(problem.type), problem.type);
    if (problem.type === "/problems/conflict") {
        check(list(open({ field: shape.words, yours: shape.any, theirs: shape.any, by: shape.words, at: shape.instant })), problem.conflicts);
    }
});

test("the history tells each act, its actor and a hash", async () => {
    const answer = await citizen.get(`/matters/${matter.id}/events`);
    assert.equal(answer.status, 200, answer.text);
    check(shape.listing("events", shape.event), answer.body);
    const [first, second] = answer.body.events;
    assert.deepEqual([first.n, first.act, first.title], [1, "submit", "提交立案申请"]);
    assert.deepEqual(first.actor, { kind: "person", name: "林晓舟", post: null, for: null });
    assert.ok(first.changes.some((change) => change.field === "state" && change.title === "状态"));
    assert.deepEqual([second.n, second.act, second.title], [2, "docket", "登记立案"]);
    assert.deepEqual([second.actor.kind, second.actor.post, second.actor.for], ["staff", "reviewer", null]);
});

test("the receipt proves itself once the log has taken it in", async () => {
    const early = await citizen.get(`/matters/${matter.id}/receipt?event=1`);
    assert.equal(early.status, 200, early.text);
    check(shape.receipt(true), early.body);
    const receipt = await until(
        "the receipt has its place in the log",
        async () => {
            const { body } = await citizen.get(`/matters/${matter.id}/receipt?event=1`);
            return body.index !== null && body;
        },
        2000,
    );
    check(shape.receipt(false), receipt);
    assert.equal(receipt.matter, matter.id);
    assert.equal(receipt.event, 1);
    assert.ok(receipt.index < receipt.tree_size);
});
