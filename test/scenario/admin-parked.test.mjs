// What was given up: messages that a gateway refuses or does not answer, clocks that could not be
// carried out. The administrator sees why, sets it going again, or drops a message with a reason.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, filed, login, nobody, refused } from "../lib/client.mjs";
import { html_text } from "../lib/html.mjs";
import { start, until } from "../lib/server.mjs";
import { simulator } from "../lib/sim.mjs";
import { sql } from "../lib/sql.mjs";

let server;
let gateway;
let admin;

before(async () => {
    gateway = await simulator("sms");
    server = await start({ args: ["--messages", gateway.url] });
    admin = await login(server, "admin");
});
after(async () => {
    await server?.stop();
    await gateway?.stop();
});

const outbox = async (to) => (await (await fetch(`${gateway.url}/outbox?to=${to}`)).json()).messages;
const letters = async () => (await admin.get("/admin/dead-letters")).body.messages;

/** Somebody whose phone the gateway refuses for good. */
async function refused_phone(n) {
    const who = await login(server, `citizen-${n}`);
    await who.post("/me", { phone: `139${String(n).padStart(4, "0")}0000`, password: "tongsu-demo" });
    return who;
}

describe("a message that does not go out", () => {
    test("is sent again while the gateway is down, and goes out once", async () => {
        await gateway.order({ status: 503 }, { drop: true });
        const who = await login(server, "citizen-70");
        await who.post("/me", { phone: "13911112222", password: "tongsu-demo" });
        await until("the message is there", async () => (await outbox("13911112222")).length > 0, 30_000, 200);
        assert.equal((await outbox("13911112222")).length, 1);
        assert.deepEqual(await letters(), []);
    });

    test("is a dead letter once the gateway has refused it three times: seen, sent again, dropped with a reason", { timeout: 120_000 }, async () => {
        await refused_phone(71);
        const [letter] = await until("a dead letter", async () => ((await letters()).length > 0 ? letters() : null), 40_000, 250);
        assert.equal(letter.attempts, 3);
        assert.match(letter.last_error, /^message-refused [0-9A-Z]{8}$/);
        assert.match(letter.to, /^139\*+0000$/);
        assert.ok((await admin.get("/admin/jobs")).body.jobs.some((job) => job.id === letter.id));

        const drop = (body) => admin.post(`/admin/dead-letters/${letter.id}/drop`, body);
        for (const reason of [undefined, "", "  ", "长".repeat(201)]) {
            const answer = await drop({ reason });
            refused(answer, 422);
            assert.equal(errors_at(answer, "reason").length, 1);
        }
        assert.equal((await admin.post(`/admin/jobs/${letter.id}/retry`, { back: "/admin/dead-letters" })).status, 204);
        refused(await drop({ reason: "正在重发" }), 409, "not-parked");
        await until("it is back", async () => (await letters()).length === 1, 40_000, 250);

        const who = await visitor(server, "admin");
        const page = await who.open("/admin/dead-letters");
        assert.match(html_text(page.html), /发给139\*+0000/);
        assert.match(html_text(page.html), /短信没有发出（日志编号[0-9A-Z]{8}）/, "why, in words");
        const form = page.forms.find((one) => one.action.endsWith("/drop"));
        const empty = await who.send(page, form);
        assert.equal(empty.status, 422);
        assert.match(html_text(empty.html), /请写明为什么不再发/);
        const dropped = await who.send(page, form, { reason: "号码是空号，已由窗口另行通知" });
        assert.equal(dropped.status, 303, dropped.html);
        assert.deepEqual(await letters(), []);
        refused(await drop({ reason: "再来一次" }), 409, "not-parked");
        const recent = (await admin.get("/admin/dead-letters")).body.recent;
        assert.deepEqual(recent.map((row) => row.what), ["drop-message", "retry-message"]);
        assert.equal(JSON.parse(recent[0].detail).reason, "号码是空号，已由窗口另行通知");
        assert.equal(recent[0].person, admin.person.id);
        const after_drop = html_text((await who.open("/admin/dead-letters")).html);
        assert.match(after_drop, /不再发送短信、邮件.*理由：号码是空号，已由窗口另行通知/s);
        assert.doesNotMatch(after_drop, /[{}"]|message-refused|person:/, "nothing as a machine writes it");
    });
});

describe("a clock that could not be carried out", () => {
    test("is seen with its reason, and is carried out for its own instant when set going again", { timeout: 120_000 }, async () => {
        const citizen = await login(server, "citizen-1");
        const matter = await filed(citizen);
        const due = matter.clocks.find((clock) => clock.name === "review").due;
        // As if its rule had been lost: what a broken deployment does.
        await sql(server.database, `update clock set name = 'lost' where matter = ${matter.id} and name = 'review'`);
        await nobody(server).advance("9d");
        const { clocks } = (await admin.get("/admin/clocks")).body;
        const clock = clocks.find((one) => one.id.startsWith(`${matter.id}~`));
        assert.ok(clock, JSON.stringify(clocks));
        assert.equal(clock.due, due);
        assert.equal(clock.attempts, 3);
        assert.match(clock.fault, /^[a-z-]+ [0-9A-Z]{8}$/);
        assert.equal(clock.court.code, "京0105");
        const page = await (await visitor(server, "admin")).open("/admin/clocks");
        assert.doesNotMatch(html_text(page.html), /操作有误/, "the administrator has operated nothing");
        assert.match(html_text(page.html), /立案审查期限/);

        await sql(server.database, `update clock set name = 'review' where matter = ${matter.id} and name = 'lost'`);
        assert.equal((await admin.post(`/admin/clocks/${clock.id}/retry`, {})).status, 204);
        const overdue = await until("the evidence", async () => (await citizen.events(matter.id)).find((event) => event.act === "review-overdue"), 20_000, 200);
        assert.equal(overdue.at.slice(0, 10) >= due.slice(0, 10), true);
        assert.deepEqual((await admin.get("/admin/clocks")).body.clocks.filter((one) => one.id === clock.id), []);
        refused(await admin.post(`/admin/clocks/${clock.id}/retry`, {}), 409, "not-parked");
        const whats = (await admin.get("/admin/clocks")).body.recent.map((row) => row.what);
        assert.ok(whats.includes("retry-clock") && whats.includes("clock-parked"), `${whats}`);
    });

    test("what is no clock is not found", async () => {
        for (const id of ["1", "x~1", "1~x", "~", "0~1"]) {
            refused(await admin.post(`/admin/clocks/${encodeURIComponent(id)}/retry`, {}), 404);
        }
        refused(await admin.post("/admin/clocks/1~1/retry", {}), 409, "not-parked");
    });
});

describe("only the administrator", () => {
    test("sees or changes any of it", async () => {
        for (const name of ["citizen-1", "leader@京0105", "supervisor@京"]) {
            const who = await login(server, name);
            for (const path of ["/admin/dead-letters", "/admin/clocks", "/admin/jobs", "/admin/totp"]) {
                refused(await who.get(path), 404);
            }
            for (const path of ["/admin/dead-letters/1/drop", "/admin/clocks/1~1/retry", "/admin/jobs/1/retry", "/admin/totp", "/admin/people/1/totp/end"]) {
                refused(await who.post(path, { reason: "x" }), 404);
            }
        }
        for (const path of ["/admin/dead-letters", "/admin/clocks"]) {
            refused(await nobody(server).get(path), 401);
        }
    });

    test("finds his latest changes on each page", async () => {
        await admin.post("/admin/people", { name: "张明", login: "zhang-ming-p" });
        await admin.post("/admin/posts", { login: "zhang-ming-p", post: "clerk", court: "京0105" });
        assert.equal((await admin.get("/admin/people")).body.recent[0].what, "add-person");
        assert.equal((await admin.get("/admin/posts")).body.recent[0].what, "give-post");
        assert.ok(Array.isArray((await admin.get("/admin/tables")).body.recent));
        const posts = html_text((await (await visitor(server, "admin")).open("/admin/posts")).html);
        assert.match(posts, /人员\d+\s*岗位：书记员，法院：北京市朝阳区人民法院/);
        const audit = html_text((await (await visitor(server, "admin")).open("/admin/audit")).html);
        assert.doesNotMatch(audit, /\{"|person:|give-post|add-person/);
    });
});
