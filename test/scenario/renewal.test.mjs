// A draft is brought along when its form gets a new version: the program is ended, its definitions
// are edited in a folder of our own, and it is started again on them.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { login, nobody, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { html_text } from "../lib/html.mjs";
import { command, root, start } from "../lib/server.mjs";

const LETTER = "letter-inquiry";

const procedure = (form, { materials = "{evidence: 0..}", former = "" } = {}) => `procedure: ${LETTER}
title: 来信查询
about: 只在测试里有的事项。
begin: {by: [person, lawyer], courts: {levels: [基层]}}
parties: {plaintiff: 来信人}
${former}states:
  draft:    {title: 草稿，尚未提交}
  waiting:  {title: 待法院答复, waits: [court.clerk]}
  answered: {title: 已答复, end: true}
acts:
  submit: {title: 提交, by: [party.plaintiff], from: [draft], to: waiting, form: [${form}], materials: ${materials}, hard: [filer-verified], tells: [court.clerk]}
  reply:  {title: 答复, by: [court.clerk], from: [waiting], to: answered, form: [${form.includes("@") ? "letter-reply" : "letter-reply"}], tells: [party.plaintiff]}
`;

const VERSION_1 = {
    "procedures/letter-inquiry/1.yaml": procedure("letter-body, letter-note", { materials: "{evidence: 0.., authority: 0..}" }),
    "elements/letter-body.yaml": `element: letter-body
title: 来信
type: group
required: true
fields:
  - {name: reason, title: 来信理由, type: long-text, required: true, example: 想查案件进度}
  - {name: wish, title: 希望怎么办, type: text, example: 尽快答复}
  - {name: way, title: 答复方式, type: choice, required: true, options: {online: 网上, court: 到法院, post: 邮寄}, example: online}
  - {name: days, title: 方便的日子, type: choices, options: {monday: 周一, friday: 周五}, example: [monday]}
  - {name: phone, title: 备用手机, type: phone, example: "13800138000"}
  - {name: extra, title: 补充说明, type: text, example: 无}
  - name: people
    title: 同行人
    type: list
    max: 9
    fields:
      - {name: name, title: 姓名, type: text, example: 王某}
      - {name: nick, title: 别名, type: text, example: 老王}
`,
    "elements/letter-note.yaml": "element: letter-note\ntitle: 备注\ntype: long-text\nexample: 无\n",
    "elements/letter-reply.yaml": "element: letter-reply\ntitle: 答复内容\ntype: long-text\nrequired: true\nexample: 已办结\n",
};

const VERSION_2 = {
    "procedures/letter-inquiry/2.yaml": procedure("letter-body@2, letter-contact", {
        materials: "{evidence: 0..}",
        former: "former:\n  letter-note: {dropped: 备注可以写在来信理由里}\n  materials.authority: {moved: materials.evidence}\n",
    }),
    "elements/letter-body@2.yaml": `element: letter-body
title: 来信
type: group
required: true
former:
  letter-body.wish: {moved: letter-contact.wish}
  letter-body.phone: {moved: letter-contact.phone}
  letter-body.extra: {merged: letter-body.reason}
  letter-body.people.nick: {moved: letter-body.people.alias}
fields:
  - {name: reason, title: 来信事由, type: long-text, required: true, example: 想查案件进度}
  - {name: way, title: 答复方式, type: choice, required: true, options: {online: 网上, court: 到法院}, example: online}
  - {name: days, title: 方便的日子, type: choices, options: {monday: 周一}, example: [monday]}
  - name: people
    title: 同行人
    type: list
    max: 9
    fields:
      - {name: name, title: 姓名, type: text, example: 王某}
      - {name: alias, title: 曾用名, type: text, example: 老王}
`,
    "elements/letter-contact.yaml": `element: letter-contact
title: 联系
type: group
required: true
fields:
  - {name: wish, title: 诉求, type: text, example: 尽快答复}
  - {name: phone, title: 手机, type: phone, example: "13800138000"}
  - {name: hour, title: 几点方便接电话, type: text, required: true, example: 上午}
`,
};

const VERSION_3 = {
    "procedures/letter-inquiry/3.yaml": procedure("letter-body@3, letter-contact@2", { materials: "{evidence: 0..}" }),
    "elements/letter-body@3.yaml": VERSION_2["elements/letter-body@2.yaml"]
        .replace(/former:[\s\S]*fields:\n {2}- \{name: reason/, "fields:\n  - {name: reason"),
    "elements/letter-contact@2.yaml": VERSION_2["elements/letter-contact.yaml"]
        .replace("fields:\n  - {name: wish, title: 诉求, type: text, example: 尽快答复}\n", "former:\n  letter-contact.wish: {merged: letter-body.reason}\nfields:\n"),
};

const scratch = () => mkdtempSync(join(tmpdir(), "tongsu-renewal-"));
function write(share, files) {
    for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(share, "data", path)), { recursive: true });
        writeFileSync(join(share, "data", path), text);
    }
}

const TYPED = {
    "letter-body": {
        reason: "想查进度",
        wish: "请尽快",
        way: "post",
        days: ["monday", "friday"],
        phone: "13800138000",
        extra: "孩子还小",
        people: [{ name: "甲", nick: "小甲" }, { name: "乙" }],
    },
    "letter-note": "请在下午联系",
};
const gone = (matter, field) => matter.renewal.removed.find((one) => one.field === field);

/** A life on version 1, and the next ones on the versions that follow. */
async function lives() {
    const share = scratch();
    write(share, VERSION_1);
    let server = await start({ args: ["--share", share] });
    return {
        share,
        get server() {
            return server;
        },
        async next(files) {
            await server.stop({ keep: true }); // again: nothing, when it has ended
            write(share, files);
            server = await server.again({ args: ["--share", share] });
            return server;
        },
        async end() {
            await server.stop();
            rmSync(share, { recursive: true, force: true });
        },
    };
}

async function drafted(server) {
    const citizen = await login(server, "citizen-1");
    const draft = await citizen.begin(LETTER, "京0105");
    assert.equal((await citizen.save(draft.id, TYPED)).status, 200);
    await citizen.upload(draft.id, "authority");
    return draft.id;
}

describe("a draft on an older version", () => {
    let life;
    let id;
    let pinned;
    before(async () => {
        life = await lives();
        id = await drafted(life.server);
        const other = await login(life.server, "citizen-2");
        pinned = (await other.begin(LETTER, "京0105")).id;
        assert.equal((await other.act(pinned, "submit", TYPED)).status, 200);
        await (await login(life.server, "clerk@京0105")).save(pinned, { "letter-reply": "正在查" }, { act: "reply" });
        await life.next(VERSION_2);
    });
    after(() => life?.end());

    test("keeps what was answered, where the new version says it belongs", async () => {
        const matter = await (await login(life.server, "citizen-1")).matter(id);
        assert.equal(matter.version, 2);
        assert.deepEqual(matter.values["letter-body"], {
            reason: "想查进度\n补充说明：孩子还小",
            days: ["monday"],
            people: [{ name: "甲", alias: "小甲" }, { name: "乙" }],
        });
        assert.deepEqual(matter.values["letter-contact"], { wish: "请尽快", phone: "13800138000" });
        assert.equal(matter.values["letter-note"], undefined);
        assert.deepEqual(matter.materials.map((one) => one.kind), ["evidence"]);
    });

    test("tells what is gone with what was typed, what is new, what is asked otherwise", async () => {
        const { renewal } = await (await login(life.server, "citizen-1")).matter(id);
        const matter = { renewal };
        assert.deepEqual([renewal.from, renewal.to], [1, 2]);
        assert.deepEqual(gone(matter, "letter-note"), {
            field: "letter-note", title: "备注", said: "请在下午联系", text: "请在下午联系", became: "dropped", why: "备注可以写在来信理由里",
        });
        assert.equal(gone(matter, "letter-body.wish").to, "letter-contact.wish");
        assert.equal(gone(matter, "letter-body.wish").to_title, "联系 › 诉求");
        assert.equal(gone(matter, "letter-body.extra").became, "merged");
        assert.equal(gone(matter, "letter-body.people.0.nick").to, "letter-body.people.0.alias");
        assert.deepEqual(
            [gone(matter, "letter-body.way").became, gone(matter, "letter-body.way").text, gone(matter, "letter-body.way").said],
            ["asked-again", "邮寄", "post"],
        );
        assert.equal(gone(matter, "letter-body.days").text, "周五");
        assert.equal(gone(matter, "materials.authority").became, "moved");
        assert.deepEqual(renewal.added.map((one) => [one.field, one.required]), [["letter-contact.hour", true]]);
        assert.deepEqual(renewal.changed.map((one) => [one.field, one.how]), [
            ["letter-body.reason", ["title"]], ["letter-body.way", ["options"]], ["letter-body.days", ["options"]],
        ]);
    });

    test("is not written by looking: the row stands as it did, and every look tells the same", async () => {
        const citizen = await login(life.server, "citizen-1");
        const [first, second] = [await citizen.matter(id), await citizen.matter(id)];
        assert.equal(first.revision, second.revision);
        assert.deepEqual(first.renewal, second.renewal);
    });

    test("a file that comes, and one that goes, take nothing along: all is told as before", async () => {
        const citizen = await login(life.server, "citizen-1");
        const first = await citizen.matter(id);
        const added = await citizen.upload(id, "evidence");
        assert.equal(added.status, 201, added.text);
        const then = await citizen.matter(id);
        assert.deepEqual([then.values, then.renewal], [first.values, first.renewal]);
        assert.equal((await citizen.api("DELETE", `/matters/${id}/materials/${added.body.n}`)).status, 204);
        const last = await citizen.matter(id);
        assert.deepEqual([last.values, last.renewal], [first.values, first.renewal]);
    });

    test("what is asked again is asked: it cannot be handed in before", async () => {
        const answer = await (await login(life.server, "citizen-1")).act(id, "submit", {}, { accept_warnings: true });
        refused(answer, 422, "fields");
        assert.deepEqual(answer.body.errors.map((one) => one.field).sort(), ["letter-body.way", "letter-contact.hour"]);
    });

    test("a page says 表格已更新, with all of it", async () => {
        const page = await (await visitor(life.server, "citizen-1")).open(`/matters/${id}`);
        const text = html_text(page.html);
        for (const words of ["表格已更新", "请在下午联系", "备注可以写在来信理由里", "已移到“联系 › 诉求”", "这个选项没有了，请重新选", "几点方便接电话", "选项有变", "换了说法"]) {
            assert.ok(text.includes(words), `the page does not say ${words}`);
        }
    });

    test("handing in without having looked is warned of, once; then it is filed under the new version", async () => {
        const citizen = await login(life.server, "citizen-1");
        const values = { "letter-body": { way: "court" }, "letter-contact": { hour: "上午" } };
        const warned = await citizen.act(id, "submit", values);
        refused(warned, 428, "warnings");
        assert.deepEqual(warned.body.warnings.map((one) => one.code), ["form-renewed"]);
        const saved = await citizen.save(id, values);
        assert.equal(saved.status, 200);
        assert.equal(gone(saved.body, "letter-note").said, "请在下午联系", "still told after it was saved");
        const filed = await citizen.act(id, "submit");
        assert.equal(filed.status, 200, filed.text);
        assert.equal(filed.body.version, 2);
        assert.equal(filed.body.renewal, undefined);
        assert.deepEqual(filed.body.materials.map((one) => one.kind), ["evidence"]);
        const checked = await command(["verify", ...life.server.flags]);
        assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    });

    test("an element that matters run on is not edited; the words around its questions may be", async () => {
        const words = { "elements/letter-body.yaml": VERSION_1["elements/letter-body.yaml"].replace("来信理由", "写信理由") };
        await life.next(words);
        assert.equal((await (await login(life.server, "citizen-2")).matter(pinned)).version, 1);
        await life.server.stop({ keep: true });
        write(life.share, { "elements/letter-body.yaml": VERSION_1["elements/letter-body.yaml"].replace("  - {name: extra, title: 补充说明, type: text, example: 无}\n", "") });
        write(life.share, { "elements/letter-body@2.yaml": VERSION_2["elements/letter-body@2.yaml"].replace("  letter-body.extra: {merged: letter-body.reason}\n", "") });
        const refused_start = await command(["serve", "--demo", "--share", life.share, "--listen", "127.0.0.1:0", ...life.server.flags]);
        assert.notEqual(refused_start.code, 0);
        assert.match(refused_start.stderr, /definition-edited.*letter-inquiry version 1 was edited while matters run on it \(letter-inquiry\/elements\)/s);
        await life.next({ ...VERSION_1, ...VERSION_2 });
    });

    test("a matter that is handed in stays on its version, and so does what is typed towards its acts", async () => {
        const matter = await (await login(life.server, "citizen-2")).matter(pinned);
        assert.equal(matter.version, 1);
        assert.equal(matter.values["letter-note"], "请在下午联系");
        assert.equal(matter.renewal, undefined);
        const clerk = await login(life.server, "clerk@京0105");
        assert.equal((await clerk.matter(pinned)).typed.reply["letter-reply"], "正在查");
        const done = await clerk.act(pinned, "reply", {}, { revision: (await clerk.matter(pinned)).revision });
        assert.equal(done.status, 200, done.text);
    });
});

describe("two devices", () => {
    let life;
    let id;
    let page; // open since version 1
    let browser;
    before(async () => {
        life = await lives();
        id = await drafted(life.server);
        browser = await visitor(life.server, "citizen-1");
        page = await browser.open(`/matters/${id}/edit/letter-body`);
        assert.equal(page.status, 200);
        await life.next(VERSION_2);
        browser.server = life.server;
        page.url = `${life.server.url}/matters/${id}/edit/letter-body`;
    });
    after(() => life?.end());

    test("what is sent from a page of the older form finds its place in the newer one", async () => {
        const form = page.forms.find((one) => one.fields.some((field) => field.name === "letter-body.wish"));
        const answer = await browser.send(page, form, { "letter-body.wish": "改主意了", "letter-body.extra": "孩子病了" });
        assert.equal(answer.status, 303, html_text(answer.html));
        assert.match(answer.headers.get("location"), new RegExp(`/matters/${id}$`));
        const matter = await (await login(life.server, "citizen-1")).matter(id);
        assert.equal(matter.values["letter-contact"].wish, "改主意了");
        assert.equal(matter.values["letter-body"].reason, "想查进度\n补充说明：孩子病了");
        assert.equal(matter.values["letter-body"].wish, undefined);
        assert.equal(gone(matter, "letter-body.wish").said, "改主意了");
        assert.equal(gone(matter, "letter-note").said, "请在下午联系", "what was typed before is still told");
    });

    test("a program may say which version it answers, and is told of a clash as ever", async () => {
        const citizen = await login(life.server, "citizen-1");
        const seen = await citizen.matter(id);
        const done = await citizen.save(id, { "letter-contact": { hour: "下午", wish: "新的" } }, { revision: seen.revision });
        assert.equal(done.status, 200, done.text);
        const late = await citizen.save(id, { "letter-body": { wish: "旧的" } }, { version: 1, revision: seen.revision });
        refused(late, 409, "conflict");
        const conflict = late.body.conflicts.find((one) => one.field === "letter-contact.wish");
        assert.deepEqual([conflict.yours, conflict.theirs], ["旧的", "新的"]);
        refused(await citizen.save(id, { "letter-note": "没有这一项了" }), 422, "fields");
        refused(await citizen.save(id, {}, { version: "1" }), 422, "fields");
    });

    test("its owner says that he has seen it; nobody else can, and then nothing is kept", async () => {
        const citizen = await login(life.server, "citizen-1");
        const path = `/matters/${id}/renewal`;
        refused(await (await login(life.server, "citizen-2")).post(path, {}), 404, "not-found");
        refused(await nobody(life.server).post(path, {}), 401);
        const answer = await citizen.post(path, {});
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.body.renewal, undefined);
        assert.equal(answer.body.values["letter-contact"].wish, "新的");
        assert.equal((await citizen.matter(id)).renewal, undefined);
    });
});

describe("a chain of versions", () => {
    let life;
    before(async () => {
        life = await lives();
    });
    after(() => life?.end());

    test("a draft three versions old is brought through all of them; an assistant sees the same", async () => {
        const lawyer = await login(life.server, "lawyer-1");
        const helper = await login(life.server, "citizen-3");
        await lawyer.names_assistant(helper);
        const begun = await helper.post("/matters", { procedure: LETTER, court: "京0105", values: TYPED, for: lawyer.person.id });
        assert.equal(begun.status, 201, begun.text);
        const draft = begun.body;
        await life.next({ ...VERSION_2, ...VERSION_3 });
        const owner = await (await login(life.server, "lawyer-1")).matter(draft.id);
        assert.equal(owner.version, 3);
        assert.equal(owner.values["letter-body"].reason, "想查进度\n补充说明：孩子还小\n诉求：请尽快");
        assert.deepEqual(owner.values["letter-contact"], { phone: "13800138000" });
        assert.deepEqual([owner.renewal.from, owner.renewal.to], [1, 3]);
        assert.equal(gone(owner, "letter-contact.wish").became, "merged");
        const assisted = await login(life.server, "citizen-3");
        assert.deepEqual((await assisted.matter(draft.id)).renewal, owner.renewal);
        refused(await assisted.post(`/matters/${draft.id}/renewal`, {}), 403, "draft-of-another");
    });
});

describe("definitions that do not say what became of a question", () => {
    const check = async (...parts) => {
        const share = scratch();
        write(share, Object.assign({}, ...parts));
        const done = await command(["check", "--share", share]);
        rmSync(share, { recursive: true, force: true });
        return done;
    };
    const without = (files, path, words) => ({ ...files, [path]: files[path].replace(words, "") });

    test("hold when they do", async () => {
        const done = await check(VERSION_1, VERSION_2, VERSION_3);
        assert.equal(done.code, 0, done.stderr);
    });
    test("are refused with file, line and reason", async () => {
        const element = await check(VERSION_1, without(VERSION_2, "elements/letter-body@2.yaml", "  letter-body.wish: {moved: letter-contact.wish}\n"));
        assert.notEqual(element.code, 0);
        assert.match(element.stderr, /elements\/letter-body@2\.yaml:6: gone, and former does not say what became of it: letter-body\.wish/);
        const whole = await check(VERSION_1, without(VERSION_2, "procedures/letter-inquiry/2.yaml", "  letter-note: {dropped: 备注可以写在来信理由里}\n"));
        assert.notEqual(whole.code, 0);
        assert.match(whole.stderr, /procedures\/letter-inquiry\/2\.yaml:7: gone, and former does not say what became of it: letter-note/);
    });
});

describe("an element form in a newer version", () => {
    const data = (path) => readFileSync(join(root, "data", path), "utf8");
    const filing = () => data("procedures/civil-first-instance-filing/2.yaml").replace("{forms: all}", '{forms: all, versions: ["09@2"]}');
    const gone_row = /\n {10}- \{name: principal-to, [^\n]*/;
    const form = (former) => data("forms/09.yaml")
        .replace("截至{principal-to}止，", "").replace("name: principal, to: [principal-to]", "name: principal, to: [principal]")
        .replace(gone_row, "").replace("sections:\n", `${former}sections:\n`);
    const FORMER = "former:\n  private-lending-claim.principal-to: {dropped: 本金算到起诉那天}\n";

    test("says what became of its fields, or does not compile", async () => {
        const share = scratch();
        write(share, { "procedures/civil-first-instance-filing/9.yaml": filing(), "forms/09@2.yaml": form("") });
        const silent = await command(["check", "--share", share]);
        assert.match(silent.stderr, /forms\/09@2\.yaml:\d+: gone, and former does not say what became of it: private-lending-claim\.principal-to/);
        write(share, { "forms/09@2.yaml": form(FORMER) });
        const told = await command(["check", "--share", share]);
        assert.equal(told.code, 0, told.stderr);
        write(share, { "procedures/civil-first-instance-filing/9.yaml": filing().replace("09@2", "09@3") });
        assert.match((await command(["check", "--share", share])).stderr, /versions name forms that there are not/);
        rmSync(share, { recursive: true, force: true });
    });

    test("a draft follows, a filed matter and its case stay; who tries the form gets the newest", async () => {
        const share = scratch();
        let server = await start();
        const citizen = await login(server, "citizen-1");
        const begun = await citizen.begin();
        const typed = { cause: "民间借贷纠纷", style: "element", "private-lending-claim": { principal: 5000000, "principal-to": "2026-03-01" } };
        assert.equal((await citizen.save(begun.id, typed)).status, 200);
        const other = await login(server, "citizen-2");
        const draft = await other.begin();
        const saved = await other.save(draft.id, { cause: "民间借贷纠纷", style: "element" });
        const filed = await other.act(draft.id, "submit", form_fill(saved.body.acts[0].form), { accept_warnings: true });
        const filed_with = filed.status === 200 ? filed : await (async () => {
            await other.upload_required(saved.body, saved.body.acts[0]);
            return other.act(draft.id, "submit", form_fill(saved.body.acts[0].form, { signature: { method: "typed", name: other.person.name, code: "000000" } }), { accept_warnings: true });
        })();
        assert.equal(filed_with.status, 200, filed_with.text);
        await server.stop({ keep: true });
        write(share, { "procedures/civil-first-instance-filing/9.yaml": filing(), "forms/09@2.yaml": form(FORMER) });
        server = await server.again({ args: ["--share", share] });
        try {
            const mine = await (await login(server, "citizen-1")).matter(begun.id);
            assert.equal(mine.values["private-lending-claim"].principal, 5000000);
            assert.equal(mine.values["private-lending-claim"]["principal-to"], undefined);
            const told = gone(mine, "private-lending-claim.principal-to");
            assert.deepEqual([told.text, told.became, told.why], ["2026年3月1日", "dropped", "本金算到起诉那天"]);
            assert.deepEqual(mine.renewal.removed.length, 1, "forms of other causes are none of it");
            const tried = (await nobody(server).get("/forms/09")).body;
            assert.ok(!JSON.stringify(tried.sections ?? tried.form ?? tried).includes("principal-to\""), "the newest is tried");
            const reviewer = await login(server, "reviewer@京0105");
            const seen = await reviewer.matter(draft.id);
            assert.equal(seen.version, 2);
            assert.equal(seen.values["private-lending-claim"]["principal-to"], "2026-03-01");
            const docketed = await reviewer.taken(draft.id, "docket");
            const table = (await (await login(server, "citizen-2")).get(`/matters/${docketed.links[0].id}/alignment`)).body;
            assert.ok(JSON.stringify(table).includes("2026年3月1日止，尚欠本金"), "the case is asked on as its filing was");
        } finally {
            await server.stop();
            rmSync(share, { recursive: true, force: true });
        }
    });
});

describe("a filing with signatures", () => {
    let server;
    let share;
    before(async () => {
        share = scratch();
        server = await start();
    });
    after(async () => {
        await server?.stop();
        rmSync(share, { recursive: true, force: true });
    });

    test("a signature falls when what was signed has changed, and both sides are told why", async () => {
        const lawyer = await login(server, "lawyer-1");
        const draft = await lawyer.begin();
        const values = form_fill(draft.acts[0].form, { filer: { capacity: "agent", plaintiff: 1 }, "mediation-wish": "undecided" });
        delete values.undertakings;
        delete values.signature;
        const saved = await lawyer.save(draft.id, values);
        assert.equal(saved.status, 200, saved.text);
        await lawyer.upload_required(saved.body, saved.body.acts[0]);
        const asked = await lawyer.post(`/matters/${draft.id}/signatures`, { who: ["parties.0"] });
        assert.equal(asked.status, 200, asked.text);
        const path = new URL(asked.body.signatures[0].link).pathname;
        const known = await nobody(server).post(`${path}/identify`, { name: "林晓舟", tail: "002X" });
        const signature = { method: "typed", name: "林晓舟", code: "000000" };
        const signed = await nobody(server).post(path, { signature, digest: known.body.digest }, { headers: { "x-sign-pass": known.body.pass } });
        assert.equal(signed.status, 200, signed.text);

        await server.stop({ keep: true });
        const data = (path_) => readFileSync(join(root, "data", path_), "utf8");
        write(share, {
            "procedures/civil-first-instance-filing/9.yaml": data("procedures/civil-first-instance-filing/2.yaml").replace("mediation-wish, fee-relief", "mediation-wish@2, fee-relief"),
            "elements/mediation-wish@2.yaml": data("elements/mediation-wish.yaml").replace(/.*undecided", title.*\n/, "").replace("example: undecided", "example: refuse"),
        });
        server = await server.again({ args: ["--share", share] });
        const owner = await login(server, "lawyer-1");
        const matter = await owner.matter(draft.id);
        assert.equal(matter.version, 9);
        assert.deepEqual(matter.renewal.removed.map((one) => [one.field, one.text, one.became]), [["mediation-wish", "暂不确定", "asked-again"]]);
        assert.equal((await owner.get(`/matters/${draft.id}/signatures`)).body.signatures[0].state, "fallen");
        const page = await (await visitor(server, "lawyer-1")).open(`/matters/${draft.id}/signatures`);
        assert.match(html_text(page.html), /签名后表格更新，所签的内容有改动，这个签名已经失效/);
        const link = await (await visitor(server)).open(path);
        assert.match(html_text(link.html), /您签名后，表格更新，内容被改动过/);
    });
});
