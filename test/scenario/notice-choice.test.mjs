// Which news also come as a short message or by mail: chosen by kind, honoured from the next act on; what stands in
// the page cannot be turned off.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, filed, login, nobody, refused } from "../lib/client.mjs";
import { start, until } from "../lib/server.mjs";
import { simulator } from "../lib/sim.mjs";

let server;
let gateway;
let mail_server;
let reviewer;

before(async () => {
    gateway = await simulator("sms");
    mail_server = await simulator("smtp");
    server = await start({ args: ["--messages", gateway.url, "--mail", `smtp://127.0.0.1:${mail_server.smtp}`, "--mail-from", "no-reply@court.example"] });
    reviewer = await login(server, "reviewer@京0105");
});
after(async () => {
    await server?.stop();
    await gateway?.stop();
    await mail_server?.stop();
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
        const now = await nobody(server).advance("1s");
        await nobody(server).advance(`${Math.floor((new Date(due) - new Date(now)) / 3_600_000) - 60}h`);
        const remind = await until("a reminder", async () => (await outbox()).find((message) => /届满/.test(message.text)), 20_000, 100);
        assert.equal(remind.to, progress[0].to);
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

describe("the choice of mail", () => {
    const PASSWORD = "tongsu-demo";
    const mails = async (to) => (await (await fetch(`${mail_server.url}/outbox?to=${to}`)).json()).mails;
    const mailed = (to, count) => until(`${count} mails to ${to}`, async () => ((await mails(to)).length >= count ? mails(to) : null), 40_000, 100);
    const code_of = (mail) => /验证码(\d{6,10})/.exec(mail.text)[1];
    const choose = (who, remind, progress) => who.post("/me/notices", { sms: {}, mail: { remind, progress } });

    /** Somebody with a confirmed e-mail. */
    async function confirmed(n, address = `lin${n}@example.com`) {
        const who = await login(server, `citizen-${n}`);
        const told_before = (await mails(address)).length;
        assert.equal((await who.post("/me", { email: address })).status, 200);
        const code = code_of((await mailed(address, told_before + 1)).at(-1));
        const done = await who.post("/me/email", { email_code: code });
        assert.equal(done.status, 200, done.text);
        assert.equal(done.body.person.email_confirmed, true);
        return who;
    }
    /** Something happens in a matter of his. */
    async function news(who) {
        const matter = await filed(who);
        await reviewer.taken(matter.id, "ask-correction");
    }

    test("is open once a code sent there has come back; five wrong ones end it", async () => {
        const who = await login(server, "citizen-60");
        const early = await choose(who, true, true);
        refused(early, 422);
        assert.equal(errors_at(early, "mail").length, 1);
        refused(await who.post("/me/email", { email_code: "000001" }), 422);
        const asked = await who.post("/me", { email: "lin60@example.com" });
        assert.deepEqual([asked.body.person.email_waiting, asked.body.person.email_confirmed], [true, false]);
        const [mail] = await mailed("lin60@example.com", 1);
        assert.match(mail.subject, /核对电子邮箱/);
        assert.match(mail.text, /\nhttp:\/\/127\.0\.0\.1:\d+\/me\n/);
        const code = code_of(mail);
        for (let n = 0; n < 5; n++) {
            const wrong = await who.post("/me/email", { email_code: code === "111111" ? "222222" : "111111" });
            refused(wrong, 422);
            assert.equal(errors_at(wrong, "email_code").length, 1);
        }
        refused(await who.post("/me/email", { email_code: code }), 422);
        refused(await choose(who, true, false), 422);
        assert.equal((await who.post("/me/email/code", {})).status, 200);
        const again = code_of((await mailed("lin60@example.com", 2)).at(-1));
        refused(await (await login(server, "citizen-59")).post("/me/email", { email_code: again }), 422);
        assert.equal((await who.post("/me/email", { email_code: again })).body.person.email_confirmed, true);
        assert.equal((await choose(who, true, false)).body.choices[1].mail, true);
        refused(await nobody(server).post("/me/email", { email_code: again }), 401);
        refused(await nobody(server).post("/me/email/code", {}), 401);
    });

    test("a mail names no party, leads to the inbox, and comes beside the short message or alone", { timeout: 120_000 }, async () => {
        const who = await confirmed(61);
        await choose(who, true, true);
        const short = (await outbox()).length;
        await news(who);
        const got = (await mailed("lin61@example.com", 2)).filter((mail) => /新消息/.test(mail.subject));
        assert.ok(got.length > 0);
        for (const mail of got) {
            assert.match(mail.text, /\nhttp:\/\/127\.0\.0\.1:\d+\/inbox\n/);
            assert.doesNotMatch(mail.text.replaceAll("通诉", ""), /诉|民间借贷/);
            assert.match(mail.message_id, /^<tongsu-\d+@court\.example>$/);
            assert.equal(mail.from, "no-reply@court.example");
            assert.deepEqual(mail.to, ["lin61@example.com"]);
        }
        assert.equal((await outbox()).length, short, "mail alone was chosen");
        await who.post("/me/notices", { sms: { progress: true }, mail: { progress: true } });
        await news(who);
        await until("the short message, too", async () => (await outbox()).length > short, 20_000, 100);
        await mailed("lin61@example.com", got.length + 2);
    });

    test("an unconfirmed address gets its code and nothing else; a changed one begins anew and the old one is told", { timeout: 120_000 }, async () => {
        const who = await confirmed(62);
        await choose(who, true, true);
        const wrong = await who.post("/me", { email: "other62@example.com", password: "wrong-one" });
        refused(wrong, 422);
        assert.equal(errors_at(wrong, "password").length, 1);
        const before_it = (await mails("lin62@example.com")).length;
        assert.equal((await who.post("/me", { email: "other62@example.com", password: PASSWORD })).body.person.email_confirmed, false);
        assert.match((await mailed("lin62@example.com", before_it + 1)).at(-1).text, /已被更换/);
        const [code] = await mailed("other62@example.com", 1);
        await news(who);
        const witness = await confirmed(63); // what was queued before his is done by now
        assert.ok(witness);
        assert.deepEqual((await mails("other62@example.com")).map((mail) => mail.message_id), [code.message_id]);
        assert.equal((await mails("lin62@example.com")).length, before_it + 1);
        assert.equal((await who.post("/me/email", { email_code: code_of(code) })).status, 200);
        await news(who);
        assert.match((await mailed("other62@example.com", 2)).at(-1).subject, /新消息/);
    });

    test("nothing is lost while the server is down or asks to come again, and a repeated mail has the same id", { timeout: 180_000 }, async () => {
        const who = await confirmed(64);
        await choose(who, false, true);
        const sent_before = (await mails("lin64@example.com")).length;
        await mail_server.order({ status: 451 }, { drop: true, at: "data" }, { drop: true, at: "connect" }, { status: 421, at: "connect" }, { status: 451, at: "end" });
        const [{ id }] = [await filed(who)];
        await reviewer.taken(id, "ask-correction");
        await until("the orders are used up", async () => (await (await fetch(`${mail_server.url}/control`)).json()).waiting === 0, 60_000, 200);
        const got = await until("each mail, one of them twice", async () => {
            const list = (await mails("lin64@example.com")).slice(sent_before);
            return list.length > new Set(list.map((mail) => mail.message_id)).size ? list : null;
        }, 60_000, 200);
        assert.equal(got.length - 1, new Set(got.map((mail) => mail.message_id)).size);

        // Nobody listens at all: it waits, and goes once somebody does.
        const count = (await mails("lin64@example.com")).length;
        const { port, smtp } = mail_server;
        await mail_server.stop();
        const works = async (name) => (await who.get("/outages")).body.functions.find((one) => one.function === name).works;
        for (let n = 0; n < 3; n++) {
            await news(who);
        }
        await until("the outage is recorded", async () => !(await works("mail")) || null, 60_000, 200);
        assert.equal(await works("messages"), true, "the gateway of short messages is another one");
        const admin = await login(server, "admin");
        await new Promise((done) => setTimeout(done, 3000));
        assert.ok(!(await admin.get("/admin/dead-letters")).body.messages.some((letter) => /example\.com/.test(letter.to)), "it waits");
        mail_server = await simulator("smtp", "--port", `${port}`, "--smtp", `${smtp}`);
        assert.ok(count > 0);
        assert.match((await mailed("lin64@example.com", 1)).at(-1).subject, /新消息/);
        await until("it is over", async () => (await works("mail")) || null, 60_000, 200);
        const { outages } = (await who.get("/outages")).body;
        assert.ok(outages.some((one) => one.function === "mail" && one.until), JSON.stringify(outages));
    });

    test("one that is refused for good is given up, where the administrator sees it by mask", { timeout: 120_000 }, async () => {
        const who = await login(server, "citizen-65");
        const admin = await login(server, "admin");
        await who.post("/me", { email: "nobody@example.com" });
        const letters = async () => (await admin.get("/admin/dead-letters")).body.messages.filter((letter) => /@/.test(letter.to));
        const [letter] = await until("a dead letter", async () => ((await letters()).length > 0 ? letters() : null), 40_000, 250);
        assert.match(letter.last_error, /^mail-refused [0-9A-Z]{8}$/);
        assert.equal(letter.attempts, 3);
        assert.match(letter.to, /^n\*+@example\.com$/);
        assert.ok((await admin.get("/admin/jobs")).body.jobs.some((job) => job.id === letter.id));
        assert.equal((await admin.post(`/admin/dead-letters/${letter.id}/drop`, { reason: "没有这个邮箱" })).status, 204);
        assert.deepEqual(await letters(), []);
    });

    test("a hostile address is refused where it is typed, and nothing is sent", async () => {
        const who = await login(server, "citizen-66");
        const all = async () => (await (await fetch(`${mail_server.url}/outbox`)).json()).mails.length;
        const before_it = await all();
        for (const email of ["a@example.com\r\nRCPT TO:<b@example.com>", "a@example.com\nBcc: b@example.com", "<a@example.com>", "a@example.com,b@example.com", "a@b@example.com", '"a"@example.com', "a\u2028b@example.com", "林@example.com"]) {
            const answer = await who.post("/me", { email });
            refused(answer, 422);
            assert.equal(errors_at(answer, "email").length, 1, email);
        }
        await confirmed(67);
        assert.equal(await all(), before_it + 1, "that code alone");
    });

    test("codes for a forgotten password stay on the phone", async () => {
        const who = await confirmed(68);
        const address = "lin68@example.com";
        const before_it = (await mails(address)).length;
        const phone = "13966660068";
        await who.post("/me", { phone, password: PASSWORD });
        await who.post("/me/phone", { code: "000000" });
        const to_phone = async () => (await (await fetch(`${gateway.url}/outbox?to=${phone}`)).json()).messages;
        await nobody(server).post("/session/recover", { login: "citizen-68" });
        await until("the code on the phone", async () => (await to_phone()).some((message) => /重设密码/.test(message.text)), 20_000, 100);
        await confirmed(69);
        assert.equal((await mails(address)).length, before_it);
    });

    test("the pages do it without a script", async () => {
        const who = await visitor(server, "citizen-58");
        const choices = await who.open("/me/notices");
        assert.ok(!choices.forms.find((one) => one.action === "/me/notices").fields.some((field) => field.name.startsWith("mail.")), "not before it is confirmed");
        const page = await who.open("/me");
        await who.send(page, page.forms.find((one) => one.action === "/me"), { email: "lin58@example.com" });
        const waiting = await who.open("/me");
        const code = code_of((await mailed("lin58@example.com", 1)).at(-1));
        const wrong = await who.send(waiting, waiting.forms.find((one) => one.action === "/me/email"), { email_code: "1" });
        assert.equal(wrong.status, 422);
        const kept = wrong.forms.find((one) => one.action === "/me").fields.find((field) => field.name === "email");
        assert.equal(kept.value, "lin58@example.com", "what another form was refused for does not empty this one");
        assert.equal((await who.send(wrong, wrong.forms.find((one) => one.action === "/me/email"), { email_code: code })).status, 303);
        assert.ok(!(await who.open("/me")).forms.some((one) => one.action === "/me/email"));
        const open = await who.open("/me/notices");
        await who.send(open, open.forms.find((one) => one.action === "/me/notices"), { "sms.remind": ["yes"], "mail.remind": ["yes"], "mail.progress": ["yes"] });
        const ticked = (await who.open("/me/notices")).forms.find((one) => one.action === "/me/notices").fields.filter((field) => field.checked).map((field) => field.name);
        assert.deepEqual(ticked.sort(), ["mail.progress", "mail.remind", "sms.remind"]);
    });
});
