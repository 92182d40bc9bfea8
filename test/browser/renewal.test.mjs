// What a newer version of its form did to a draft, on a phone and on a desk, with and without scripts.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { start } from "../lib/server.mjs";

const procedure = (form, former) => `procedure: letter-inquiry
title: 来信查询
about: 只在测试里有的事项。
begin: {by: [person], courts: {levels: [基层]}}
parties: {plaintiff: 来信人}
${former}states: {draft: {title: 草稿，尚未提交}, answered: {title: 已收到, end: true}}
acts:
  submit: {title: 提交, by: [party.plaintiff], from: [draft], to: answered, form: [${form}]}
`;
const body = (fields, head = "") => `element: letter-body\ntitle: 来信\ntype: group\nrequired: true\n${head}fields:\n${fields}`;
const FIRST = {
    "procedures/letter-inquiry/1.yaml": procedure("letter-body, letter-note", ""),
    "elements/letter-body.yaml": body(`  - {name: reason, title: 来信理由, type: long-text, required: true, example: 想查案件进度}
  - {name: wish, title: 希望怎么办, type: text, example: 尽快答复}
  - {name: way, title: 答复方式, type: choice, required: true, options: {online: 网上, post: 邮寄}, example: online}
`),
    "elements/letter-note.yaml": "element: letter-note\ntitle: 备注\ntype: long-text\nexample: 无\n",
};
const SECOND = {
    "procedures/letter-inquiry/2.yaml": procedure("letter-body@2", "former:\n  letter-note: {dropped: 备注写在来信理由里}\n"),
    "elements/letter-body@2.yaml": body(`  - {name: reason, title: 来信事由, type: long-text, required: true, example: 想查案件进度}
  - {name: hope, title: 诉求, type: text, example: 尽快答复}
  - {name: way, title: 答复方式, type: choice, required: true, options: {online: 网上, court: 到法院}, example: online}
  - {name: hour, title: 几点方便接电话, type: text, required: true, example: 上午}
`, "former:\n  letter-body.wish: {moved: letter-body.hope}\n"),
};
const LONG = "请在下午联系，上午要上班，手机常常不在身边，打不通的话请发短信，谢谢。".repeat(4);

let server;
let browser;
let share;

function write(files) {
    for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(share, "data", path)), { recursive: true });
        writeFileSync(join(share, "data", path), text);
    }
}

before(async () => {
    share = mkdtempSync(join(tmpdir(), "tongsu-renewal-"));
    write(FIRST);
    server = await start({ args: ["--share", share] });
    browser = await chrome();
});
after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(share, { recursive: true, force: true });
});

test("the draft says 表格已更新, leads to what is new, and is quiet once that was read", { timeout: 240_000 }, async () => {
    const ids = [];
    for (const name of ["citizen-1", "citizen-2"]) {
        const who = await login(server, name);
        const draft = await who.begin("letter-inquiry", "京0105");
        assert.equal((await who.save(draft.id, { "letter-body": { reason: "想查进度", wish: "请尽快", way: "post" }, "letter-note": LONG })).status, 200);
        ids.push(draft.id);
    }
    await server.stop({ keep: true });
    write(SECOND);
    server = await server.again({ args: ["--share", share] });
    for (const [n, scripts] of [true, false].entries()) {
        const page = await window_of(browser, server, { size: PHONE, scripts });
        await log_in(page, `citizen-${n + 1}`);
        await page.goto(`/matters/${ids[n]}`);
        const notice = page.getByRole("region", { name: "表格已更新" });
        assert.ok((await notice.innerText()).includes(LONG), "what was typed is shown whole");
        for (const [size, word] of [[PHONE, "phone"], [DESK, "desk"]]) {
            await page.setViewportSize(size);
            assert.deepEqual(await overflow(page), [], word);
            if (scripts) {
                assert.deepEqual(await axe(page), [], word);
                await shot(page, `renewal-${word}`);
            }
        }
        await page.setViewportSize(PHONE);
        await notice.getByRole("link", { name: "几点方便接电话" }).focus();
        await page.keyboard.press("Enter");
        await page.waitForURL(/edit\/letter-body/);
        assert.equal(await page.locator('[name="letter-body.hope"]').inputValue(), "请尽快");
        assert.equal(await page.locator('[name="letter-body.way"]:checked').count(), 0, "asked again");
        await page.goto(`/matters/${ids[n]}`);
        await page.getByRole("button", { name: "看过了，不再提示" }).click();
        await page.waitForLoadState();
        assert.equal(await page.getByText("表格已更新").count(), 0);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});
