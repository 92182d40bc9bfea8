// What people say of a service: messages between the courts of a request, the rating at its end, and
// complaints, with an account and by the code on a receipt alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { randomUUID } from "node:crypto";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { simulator } from "../lib/sim.mjs";
import { start, until } from "../lib/server.mjs";

const FILING = "cross-domain-filing";
const NEAR = "京0105"; // in the demo's directory of contacts, as is the other
const FAR = "沪0115";

let server;
let people;
let gateway;

before(async () => {
    gateway = await simulator("sms");
    server = await start({ args: ["--messages", gateway.url] });
    people = {
        window: await login(server, `window@${NEAR}`),
        near_leader: await login(server, `leader@${NEAR}`),
        reviewer: await login(server, `reviewer@${FAR}`),
        leader: await login(server, `leader@${FAR}`),
        upper: await login(server, "supervisor@沪01"),
        province: await login(server, "supervisor@沪"),
        citizen: await login(server, "citizen-1"),
    };
});
after(async () => {
    await server?.stop();
    await gateway?.stop();
});

async function sent() {
    const draft = await people.window.begin(FILING, FAR, { "filing-kind": "civil" });
    return people.window.taken(draft.id, "submit", { "filing-kind": "civil" });
}

async function delivered() {
    const matter = await sent();
    await people.reviewer.taken(matter.id, "docket");
    return people.window.taken(matter.id, "deliver");
}

const follow = async (code) => {
    const answer = await nobody(server).get(`/follow/${code}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
};
const say = (path, body, key) => nobody(server).post(path, body, key ? { key } : {});
const todo = async (who) => (await who.get("/matters?box=todo&limit=200")).body.matters;
const told = async (who, matter) => (await who.get("/inbox")).body.notices.filter((notice) => notice.matter === matter).map((notice) => notice.kind);

describe("messages between the courts of a request", () => {
    test("go both ways, are kept as events, tell the other side and say nothing on the phone", async () => {
        const matter = await sent();
        const text = "当事人林某在窗口等候，请尽快审查";
        const one = await people.window.act(matter.id, "message", { "handover-message": text });
        assert.equal(one.status, 200, one.text);
        const two = await people.reviewer.act(matter.id, "message", { "handover-message": "正在审查" });
        assert.equal(two.status, 200, two.text);
        const seen = await people.reviewer.matter(matter.id);
        assert.deepEqual(seen.values.messages.map((said) => [said.court, said.text]), [[NEAR, text], [FAR, "正在审查"]]);
        assert.equal(seen.values["handover-message"], undefined);
        const events = await people.window.events(matter.id);
        assert.equal(events.filter((event) => event.act === "message").length, 2);
        assert.ok((await told(people.reviewer, matter.id)).includes("message"));
        assert.ok((await told(people.window, matter.id)).includes("message"));
        const outbox = async () => (await (await fetch(`${gateway.url}/outbox`)).json()).messages.filter((one) => /留言/.test(one.text));
        const texts = await until("both officers are told by phone", async () => ((await outbox()).length >= 2 ? outbox() : null));
        for (const message of texts) {
            assert.match(message.to, /^161990000/, "to the officers of the demo's directory");
            assert.ok(!/林|审查/.test(message.text), message.text);
        }
        const page = await people.window.get(`/matters/${matter.id}`, { accept: "text/html" });
        assert.match(page.text, /两院留言/);
        assert.match(page.text, /正在审查/);
    });

    test("are refused empty, too long, from others; hostile ones are text; two at once are both kept", async () => {
        const matter = await sent();
        refused(await people.window.act(matter.id, "message", {}), 422);
        refused(await people.window.act(matter.id, "message", { "handover-message": "   " }), 422);
        refused(await people.window.act(matter.id, "message", { "handover-message": "字".repeat(1001) }), 422);
        refused(await people.leader.act(matter.id, "message", { "handover-message": "x" }), 403);
        refused(await people.citizen.act(matter.id, "message", { "handover-message": "x" }), 403); // the applicant himself
        refused(await (await login(server, "citizen-2")).act(matter.id, "message", { "handover-message": "x" }), 404);
        refused(await (await login(server, "window@京0106")).act(matter.id, "message", { "handover-message": "x" }), 404);
        const both = await Promise.all([
            people.window.act(matter.id, "message", { "handover-message": "<img src=x onerror=alert(1)>" }),
            people.reviewer.act(matter.id, "message", { "handover-message": "同时" }),
        ]);
        both.forEach((answer) => assert.equal(answer.status, 200, answer.text));
        assert.equal((await people.reviewer.matter(matter.id)).values.messages.length, 2);
        const page = await people.reviewer.get(`/matters/${matter.id}`, { accept: "text/html" });
        assert.ok(!page.text.includes("<img src=x"));
    });
});

describe("following a request by its code", () => {
    test("shows both dates, where it stands, clocks and whom to call, and nothing personal", async () => {
        const matter = await sent();
        const seen = await follow(matter.follow_code);
        assert.equal(seen.collaborator.code, NEAR);
        assert.ok(Date.parse(seen.handed_in) <= Date.parse(seen.arrived));
        assert.equal(seen.ladder.find((rung) => rung.rung === "submitted").at, seen.arrived);
        assert.ok(seen.clocks.some((clock) => clock.running));
        assert.deepEqual(seen.calls.map((call) => call.court.code), [NEAR, FAR]);
        assert.deepEqual(seen.may, { rate: false, complain: true });
        const page = await nobody(server).get(`/follow/${matter.follow_code}`, { accept: "text/html" });
        for (const secret of ["林晓舟", "13800138000", "11010519491231002X", "110105"]) {
            assert.ok(!page.text.includes(secret) && !JSON.stringify(seen).includes(secret), secret);
        }
        refused(await nobody(server).get("/follow/AAAAAAAAAAAA"), 404);
        refused(await nobody(server).get(`/follow/${matter.follow_code}x`), 404);
    });

    test("gives no way into the matter itself", async () => {
        const matter = await sent();
        for (const path of [`/matters/${matter.id}`, `/matters/${matter.id}/events`, `/matters/${matter.id}/complaint`]) {
            refused(await nobody(server).get(path), 401);
        }
        refused(await say(`/matters/${matter.id}/acts/rate`, { values: { rating: { score: 5 } } }, randomUUID()), 401);
    });
});

describe("the rating at the end", () => {
    test("is given once, by the code alone, after delivery", async () => {
        const matter = await sent();
        const path = `/follow/${matter.follow_code}/rate`;
        refused(await say(path, { score: 5 }), 409, "state");
        await people.reviewer.taken(matter.id, "docket");
        await people.window.taken(matter.id, "deliver");
        assert.equal((await follow(matter.follow_code)).may.rate, true);
        for (const body of [{}, { score: 0 }, { score: 6 }, { score: "x" }, { score: 5, comment: "字".repeat(1001) }]) {
            refused(await say(path, body), 422, "fields");
        }
        const answers = await Promise.all([say(path, { score: 5, comment: "不用跑远路了" }), say(path, { score: 5 })]);
        assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409], answers.map((one) => one.text).join());
        assert.equal((await follow(matter.follow_code)).state, "closed");
        refused(await say(path, { score: 1 }), 409, "state");
        assert.equal((await people.reviewer.matter(matter.id)).values.rating.score, 5);
        const events = await people.reviewer.events(matter.id);
        const rate = events.find((event) => event.act === "rate");
        assert.equal(rate.actor.name, "持查询码的人");
        assert.ok(!(await todo(people.near_leader)).some((row) => row.procedure === "rating-call-back" && row.title.includes(matter.title) && row.title.includes("5分")));
    });

    test("of one or two points is a task of the collaborating court's leader, to be called back", async () => {
        const matter = await delivered();
        const answer = await nobody(server).api("POST", `/follow/${matter.follow_code}/rate`, {
            accept: "text/html",
            body: new URLSearchParams({ score: "2", comment: "等了<b>两</b>小时" }).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        assert.equal(answer.status, 303, answer.text);
        const row = (await todo(people.near_leader)).find((one) => one.procedure === "rating-call-back");
        assert.match(row.title, /2分，等了<b>两<\/b>小时/);
        assert.equal(row.court.code, NEAR);
        refused(await people.leader.get(`/matters/${row.id}`), 404);
        const done = await people.near_leader.taken(row.id, "call-back");
        assert.equal(done.state, "done");
    });
});

describe("a call-back", () => {
    test("not made in three working days tells the leader and the court above, and may still be made", async () => {
        const matter = await delivered();
        assert.equal((await say(`/follow/${matter.follow_code}/rate`, { score: 1 })).status, 200);
        const row = (await todo(people.near_leader)).find((one) => one.procedure === "rating-call-back");
        const above = await login(server, "supervisor@京03");
        await people.citizen.advance("16d");
        await people.near_leader.login(people.near_leader.name);
        await above.login(above.name);
        for (const who of [people.near_leader, above]) {
            assert.ok((await told(who, row.id)).includes("call-back-late"), who.name);
        }
        assert.deepEqual((await above.matter(row.id)).acts, []);
        for (const name of ["window", "reviewer", "upper", "province", "citizen", "leader"]) {
            await people[name].login(people[name].name);
        }
        assert.equal((await people.near_leader.taken(row.id, "call-back")).state, "done");
    });
});

describe("a complaint", () => {
    const complaint = { about: "late", text: "3月2日提交，到今天没有答复" };

    test("by the code alone goes to the leader, tells the court above, and is answered where its own code leads", async () => {
        const matter = await sent();
        const made = await say(`/follow/${matter.follow_code}/complaint`, complaint);
        assert.equal(made.status, 201, made.text);
        assert.equal(made.body.id, undefined);
        assert.equal(made.body.court.code, FAR);
        const row = (await todo(people.leader)).find((one) => one.procedure === "filing-complaint");
        assert.ok(row);
        assert.equal((await people.upper.get(`/matters/${row.id}`)).status, 200);
        const link = (await people.leader.matter(row.id)).links.find((one) => one.rel === "about");
        assert.equal(link.id, matter.id, "it leads to the request it is about");
        for (const who of [people.leader, people.upper]) {
            assert.equal((await who.matter(link.id)).id, matter.id);
        }
        assert.ok((await told(people.upper, row.id)).includes("submit"));
        assert.deepEqual(await told(people.province, row.id), []);
        for (const name of [`leader@${NEAR}`, "supervisor@京", "citizen-2", "admin"]) {
            refused(await (await login(server, name)).get(`/matters/${row.id}`), 404);
        }
        let seen = await follow(made.body.follow_code);
        assert.deepEqual([seen.state, seen.answer, seen.may.complain], ["submitted", null, false]);
        const answered = await people.leader.taken(row.id, "answer", { "complaint-answer": { finding: "justified", text: "已登记立案，向您致歉。" } });
        assert.equal(answered.state, "answered");
        seen = await follow(made.body.follow_code);
        assert.equal(seen.answer, "已登记立案，向您致歉。");
        const page = await nobody(server).get(`/follow/${made.body.follow_code}`, { accept: "text/html" });
        assert.match(page.text, /法院的答复/);
    });

    test("may be about the collaborating court", async () => {
        const matter = await sent();
        const made = await say(`/follow/${matter.follow_code}/complaint`, { ...complaint, court: "collaborator" });
        assert.equal(made.body.court.code, NEAR);
        const row = (await todo(people.near_leader)).find((one) => one.procedure === "filing-complaint");
        assert.ok(row);
        assert.equal((await people.near_leader.matter(row.id)).links[0].id, matter.id);
        const request = await people.near_leader.matter(matter.id);
        assert.deepEqual(request.acts, [], "the leader of the window's court looks at it and decides nothing");
        refused(await people.near_leader.act(matter.id, "respond", {}, { revision: request.revision }), 403);
    });

    test("with an account is made from the matter's page and read there", async () => {
        const matter = await filed(people.citizen);
        const page = await people.citizen.get(`/matters/${matter.id}`, { accept: "text/html" });
        assert.match(page.text, /投诉（15日内答复）/);
        const made = await people.citizen.post(`/matters/${matter.id}/complaint`, complaint);
        assert.equal(made.status, 201, made.text);
        const seen = await people.citizen.matter(made.body.id);
        assert.deepEqual([seen.procedure, seen.state], ["filing-complaint", "submitted"]);
        assert.equal(seen.values.complaint.request.includes(matter.title), true);
        const clock = seen.clocks.find((one) => one.name === "answer");
        assert.deepEqual([clock.length, clock.unit, clock.law], [15, "days", "filing-registration-rules@2015 13"]);
        const leader = await login(server, "leader@京0105");
        await leader.taken(seen.id, "answer", { "complaint-answer": { finding: "unjustified", text: "未超期" } });
        assert.equal((await people.citizen.matter(seen.id)).values["complaint-answer"].text, "未超期");
        refused(await leader.post(`/matters/${matter.id}/complaint`, complaint), 403);
        refused(await (await login(server, "citizen-2")).post(`/matters/${matter.id}/complaint`, complaint), 404);
        refused(await nobody(server).post(`/matters/${matter.id}/complaint`, complaint), 401);
    });

    test("that is empty, too long or hostile is refused or text, and leaves nothing behind", async () => {
        const matter = await sent();
        const path = `/follow/${matter.follow_code}/complaint`;
        const before_all = (await todo(people.leader)).length;
        for (const [field, body] of [
            ["about", { text: "x" }],
            ["about", { ...complaint, about: "<b>" }],
            ["text", { about: "late" }],
            ["text", { ...complaint, text: "字".repeat(2001) }],
            ["text", { ...complaint, text: "\u202e倒写" }],
            ["text", { ...complaint, text: "铃\u0007" }],
            ["phone", { ...complaint, phone: "没有" }],
        ]) {
            const answer = await say(path, body);
            refused(answer, 422, "fields");
            assert.equal(answer.body.errors[0].field, field, answer.text);
        }
        assert.equal((await todo(people.leader)).length, before_all);
        refused(await say("/follow/AAAAAAAAAAAA/complaint", complaint), 404);
        const page = await nobody(server).api("POST", path, {
            accept: "text/html",
            body: new URLSearchParams({ about: "late", text: "", phone: '"><script>alert(1)</script>' }).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        assert.equal(page.status, 422);
        assert.match(page.text, /请写明具体情况/);
        assert.ok(!page.text.includes("<script>alert"));
    });

    test("sent twice with one key is one complaint", async () => {
        const matter = await sent();
        const path = `/follow/${matter.follow_code}/complaint`;
        const count = async () => (await todo(people.leader)).filter((one) => one.procedure === "filing-complaint").length;
        const before_all = await count();
        const key = randomUUID();
        const first = await say(path, complaint, key);
        const again = await say(path, complaint, key);
        assert.equal(first.status, 201, first.text);
        assert.equal(again.body.follow_code, first.body.follow_code);
        assert.equal(await count(), before_all + 1);
    });

    test("with a key that was used for another one is refused, and the program lives on", async () => {
        const matter = await sent();
        const path = `/follow/${matter.follow_code}/complaint`;
        const key = randomUUID();
        assert.equal((await say(path, complaint, key)).status, 201);
        refused(await say(path, { ...complaint, text: "另一件" }, key), 422, "key-reused");
        assert.ok(!server.log_values().some((line) => line.event === "worker-died"), server.tail());
        assert.equal((await say(path, complaint, key)).status, 201);
    });

    // What the form refuses though the first look did not: characters that become two when composed.
    test("whose draft was never sent is not accepted when it comes again", async () => {
        const matter = await filed(people.citizen);
        const path = `/matters/${matter.id}/complaint`;
        const key = randomUUID();
        const long = { ...complaint, text: "\u0958".repeat(1500) };
        const first = await people.citizen.post(path, long, { key });
        refused(first, 422, "fields");
        refused(await people.citizen.post(path, long, { key }), 422, "fields");
        const drafts = (await people.citizen.get("/matters?box=mine&limit=200")).body.matters.filter((one) => one.procedure === "filing-complaint" && one.state === "draft");
        for (const draft of drafts) {
            assert.ok([200, 204].includes((await people.citizen.api("DELETE", `/matters/${draft.id}`)).status));
        }
        refused(await people.citizen.post(path, long, { key }), 404);
    });

    test("not answered in 15 days tells the province", async () => {
        const matter = await sent();
        const made = await say(`/follow/${matter.follow_code}/complaint`, complaint);
        const row = (await todo(people.leader)).find((one) => one.procedure === "filing-complaint" && one.due === made.body.due);
        await people.citizen.advance("20d");
        await people.province.login(people.province.name);
        await people.leader.login(people.leader.name);
        assert.ok((await told(people.province, row.id)).includes("answer-overdue"));
        const seen = await people.leader.matter(row.id);
        assert.ok(seen.clocks.find((clock) => clock.name === "answer").breached);
        assert.ok(seen.acts.some((act) => act.name === "answer"), "and may still be answered");
    });
});

describe("the pace of following", () => {
    let quiet;
    before(async () => {
        quiet = await start();
    });
    after(() => quiet?.stop());

    test("never refuses a rating that has been written", async () => {
        const window = await login(quiet, `window@${NEAR}`);
        const reviewer = await login(quiet, `reviewer@${FAR}`);
        const draft = await window.begin(FILING, FAR, { "filing-kind": "civil" });
        const matter = await window.taken(draft.id, "submit", { "filing-kind": "civil" });
        await reviewer.taken(matter.id, "docket");
        await window.taken(matter.id, "deliver");
        const path = `/follow/${matter.follow_code}`;
        const look = () => nobody(quiet).get(path);
        await until("the bucket is empty", async () => (await look()).status === 429, 30_000, 0);
        const rating = await until(
            "a rating gets through",
            async () => {
                const answer = await nobody(quiet).post(`${path}/rate`, { score: 5 });
                const { state } = await window.matter(matter.id);
                return (answer.status !== 429 || state === "closed") && { answer, state };
            },
            20_000,
            500,
        );
        assert.deepEqual([rating.answer.status, rating.state], [200, "closed"], rating.answer.text);
    });
});
