// Batches through the pages: upload, what was found, shared materials, one signature, results; on a phone and at a
// desk, with and without scripts.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { pdf } from "../lib/files.mjs";
import { start } from "../lib/server.mjs";
import { claim, csv } from "../lib/sheet.mjs";

const FORMS = [
    { name: "phone", size: PHONE, scripts: true, from: 1 },
    { name: "desk", size: DESK, scripts: true, from: 101 },
    { name: "plain", size: DESK, scripts: false, from: 201 },
];

describe("a batch in a browser", { timeout: 240_000 }, () => {
    let server;
    let browser;

    before(async () => {
        server = await start();
        browser = await chrome();
    });
    after(async () => {
        await browser?.close();
        await server?.stop();
    });

    async function looked_at(page, name, scripts) {
        await shot(page, `batch-${name}`);
        if (scripts) {
            assert.deepEqual(await axe(page), [], name);
            assert.deepEqual(await overflow(page), [], name);
        }
    }

    for (const { name, size, scripts, from } of FORMS) {
        test(`is uploaded, signed and filed (${name})`, async () => {
            const page = await window_of(browser, server, { size, scripts });
            await log_in(page, "lawyer-1");
            await page.goto("/");
            await page.getByRole("link", { name: /批量立案/ }).first().click();
            await looked_at(page, `${name}-1-list`, scripts);
            const rows = Array.from({ length: 12 }, (_, n) => claim(from + n));
            rows[2].标的额 = "五千";
            rows[3].被告姓名或者名称 = "";
            await page.getByLabel("填好的表格").setInputFiles({ name: `物业费-${name}.csv`, mimeType: "text/csv", buffer: csv(rows) });
            await page.getByRole("button", { name: "上传并检查" }).click();
            await page.waitForURL(/\/batches\/\d+$/);
            assert.match(await page.textContent("main"), /要修改的行/);
            await looked_at(page, `${name}-2-read`, scripts);
            for (const label of ["共用的当事人身份证明", "共用的委托手续"]) {
                await page.getByLabel(label).setInputFiles({ name: "营业执照.pdf", mimeType: "application/pdf", buffer: pdf(label) });
                await page.getByRole("button", { name: new RegExp(`上传\\s*${label.replace("共用的", "")}`) }).click();
                await page.waitForURL(/\/batches\/\d+$/);
            }
            const text = await page.textContent("main");
            assert.match(text, /第4行，“标的额”/);
            assert.match(text, /第5行，“被告姓名或者名称”/);
            await page.getByRole("button", { name: "提交10件" }).click();
            assert.match(await page.textContent("[role=alert]"), /需要填写|验证码/, "nothing is signed yet");
            await looked_at(page, `${name}-3-refused`, scripts);
            for (const box of await page.getByLabel("我已读完并承诺").all()) {
                await box.check();
            }
            await page.getByRole("button", { name: "发验证码" }).click();
            await page.waitForURL(/sent=1/);
            await page.getByLabel("短信验证码").fill("000000");
            await looked_at(page, `${name}-4-sign`, scripts);
            await page.getByRole("button", { name: "提交10件" }).click();
            for (let tries = 0; !/已提交10件/.test((await page.textContent("main")).replace(/\s+/g, "")); tries++) {
                assert.ok(tries < 120, "it is filed in time");
                await page.waitForTimeout(500);
                await page.reload();
            }
            await looked_at(page, `${name}-5-done`, scripts);
            await page.getByRole("link", { name: "每一行的结果" }).click();
            assert.equal(await page.locator("tbody tr").count(), 12);
            await looked_at(page, `${name}-6-results`, scripts);
            assert.deepEqual(page.faults, []);
            await page.context().close();
        });
    }
});
