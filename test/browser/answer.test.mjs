// A defendant answers a claim row by row on pages, on a phone and on a desk, with and without scripts;
// the judge reads both sides next to each other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { docketed, joins, served } from "../lib/answer.mjs";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { start } from "../lib/server.mjs";

let server;
let browser;
let people;

before(async () => {
    server = await start();
    browser = await chrome();
    people = {
        plaintiff: await login(server, "citizen-1"),
        defendant: await login(server, "citizen-4"),
        reviewer: await login(server, "reviewer@京0105"),
        clerk: await login(server, "clerk@京0105"),
        judge: await login(server, "judge@京0105"),
    };
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

async function looked_at(page, name) {
    for (const [size, word] of [[PHONE, "phone"], [DESK, "desk"]]) {
        await page.setViewportSize(size);
        assert.deepEqual(await overflow(page), [], `${name} on a ${word}`);
        assert.deepEqual(await axe(page), [], `${name} on a ${word}`);
        await shot(page, `${name}-${word}`);
    }
}

for (const scripts of [true, false]) {
    test(`a defendant joins and answers ${scripts ? "with" : "without"} scripts`, { timeout: 240_000 }, async () => {
        const id = await docketed(people);
        const page = await window_of(browser, server, { size: PHONE, scripts });
        await log_in(page, "citizen-4");
        if (scripts) {
            const code = await served(server, people.clerk, id, 2);
            await page.goto("/join");
            await page.locator('input[name="code"]').fill(code.toLowerCase());
            await page.locator('main button').first().click();
            await page.waitForLoadState();
            const [waiting] = (await people.clerk.get(`/matters/${id}/joinings`)).body.joinings;
            await people.clerk.post(`/matters/${id}/joinings/${waiting.paper}`, { decision: "confirm", party: 2 });
        } else {
            await joins(server, people.clerk, id, people.defendant, 2);
        }
        const upload = await people.defendant.upload(id, "evidence", pdf("还款记录"), "还款记录.pdf");
        assert.equal(upload.status, 201, upload.text);
        await page.goto(`/matters/${id}`);
        await page.getByRole("link", { name: "逐项看诉讼请求和答辩" }).click();
        await page.getByRole("link", { name: "逐项答辩" }).click();
        await page.waitForURL(/\/acts\/answer$/);
        await page.getByText("原告主张").first().waitFor();
        const rows = page.locator("fieldset.answer");
        const count = await rows.count();
        assert.ok(count > 10, `${count} rows`);
        for (let n = 0; n < count; n++) {
            const choices = rows.nth(n).locator('input[type="radio"][value="admit"]');
            if ((await choices.count()) > 0) {
                await choices.check();
            }
        }
        const principal = page.locator("fieldset.answer", { hasText: "对本金有无异议" });
        await principal.locator('input[value="deny"]').check();
        await page.locator('input[name="signature.name"]').fill("某人");
        await page.locator('input[name="signature.code"]').fill("000000");
        if (scripts) {
            await looked_at(page, "answering");
        }
        await page.locator('button[name="_do"]').last().click();
        await page.waitForLoadState();
        await page.getByText("请写明异议的内容和理由").first().waitFor();
        assert.ok(await principal.locator('input[value="deny"]').isChecked(), "what was chosen stands there still");
        await principal.locator("textarea").fill("已归还20000元 <script>alert(1)</script> 𠮷㼆𬭩");
        await principal.locator("summary").click();
        await principal.locator("select").first().selectOption({ label: (await principal.locator("select option").last().textContent()) ?? "" });
        await principal.locator('input[name$=".page"]').first().fill("2");
        await page.locator('input[name="signature.name"]').fill("某人");
        await page.locator('input[name="signature.code"]').fill("000000");
        await page.locator('button[name="_do"]').last().click();
        await page.waitForLoadState();
        for (const box of await page.locator('input[name="_accept"]').all()) {
            await box.check();
        }
        if ((await page.locator('input[name="_accept"]').count()) > 0) {
            await page.locator('input[name="signature.code"]').fill("000000");
            await page.locator('button[name="_do"]').last().click();
        }
        await page.waitForURL(new RegExp(`/matters/${id}$`));
        await page.goto(`/matters/${id}/alignment`);
        const row = page.locator("tr", { hasText: "对本金有无异议" });
        await row.getByText("有争议").waitFor();
        assert.match(await row.textContent(), /<script>alert\(1\)<\/script> 𠮷㼆𬭩/, "what was typed is words");
        assert.match(await row.textContent(), /还款记录\.pdf　第2页/);
        if (scripts) {
            await looked_at(page, "alignment");
        }
        await page.goto(`/matters/${id}/acts/answer`);
        assert.ok(await principal.locator('input[value="deny"]').isChecked(), "his answer stands there to be supplemented");
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });
}

test("the judge goes from the table to the outline", { timeout: 120_000 }, async () => {
    const id = await docketed(people, { style: "free", names: ["王某", "买买提·阿不都热依木·艾合买提江𠮷"] });
    await joins(server, people.clerk, id, people.defendant, 2);
    const page = await window_of(browser, server, { size: DESK });
    await log_in(page, "judge@京0105");
    await page.goto(`/matters/${id}/alignment`);
    await page.getByText("待答辩").first().waitFor();
    await looked_at(page, "alignment-free");
    await page.getByRole("link", { name: "制作庭审提纲" }).click();
    await page.locator('button[name="_do"]').last().click();
    await page.waitForURL((url) => !url.pathname.includes("/acts/"));
    await page.goto(`/matters/${id}`);
    await page.getByRole("link", { name: "庭审提纲" }).first().waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});
