// A case from the front door to the case number, in a browser: on a phone with scripts, on a phone
// without any, and the court's side on a desk.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, fill_page, flat, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { begin, bring_materials, fill_tasks, submit, texts_of } from "../lib/filing.mjs";
import { start } from "../lib/server.mjs";

let server;
let browser;
let citizen;

before(async () => {
    server = await start();
    browser = await chrome();
    citizen = await login(server, "citizen-1");
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

describe("on a phone", () => {
    test("a case is filed by clicking and typing only, and the pages are accessible all the way", { timeout: 180_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE });
        const found = [];
        const look = async (name) => {
            await shot(page, `phone-${name}`);
            found.push(...(await axe(page)).map((fault) => `${name}: ${fault}`), ...(await overflow(page)).map((fault) => `${name} overflows: ${fault}`));
        };
        await page.goto("/login");
        await look("login");
        await log_in(page, "citizen-1");
        await page.goto("/");
        await look("home");
        const id = await begin(page);
        await look("tasks");
        assert.match(await page.locator("main").innerText(), /尚未提交/);
        const texts = await texts_of(citizen, id);
        await fill_tasks(page, citizen, id, texts);
        await page.goto(`/matters/${id}/edit/parties`);
        await look("parties");
        await bring_materials(page, citizen, id, true);
        await look("materials");
        await page.goto(`/matters/${id}/acts/submit`);
        await look("check");
        await submit(page, id, texts);
        await look("submitted");
        assert.equal((await citizen.matter(id)).state, "under-review");
        const body = await page.locator("main").innerText();
        assert.doesNotMatch(body, /提交成功/);
        assert.match(body, /\d+月\d+日/);
        assert.deepEqual(found, []);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test("without scripts it is filed just the same", { timeout: 180_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE, scripts: false });
        await log_in(page, "citizen-1");
        const id = await begin(page);
        const texts = await texts_of(citizen, id);
        await fill_tasks(page, citizen, id, texts);
        await bring_materials(page, citizen, id, false);
        await submit(page, id, texts);
        assert.equal((await citizen.matter(id)).state, "under-review");
        await shot(page, "phone-plain-submitted");
        await page.context().close();
    });

    test("what is typed is saved while it is typed", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE });
        await log_in(page, "citizen-1");
        const id = await begin(page);
        await page.goto(`/matters/${id}/edit/claim`);
        const facts = page.locator('[name="claim.facts"]');
        await facts.fill("二〇二五年三月借款五万元。");
        await facts.blur();
        await page.locator("[data-saved]", { hasText: /已保存/ }).waitFor();
        await page.reload();
        assert.equal(await page.locator('[name="claim.facts"]').inputValue(), "二〇二五年三月借款五万元。");
        assert.equal((await citizen.matter(id)).values.claim.facts, "二〇二五年三月借款五万元。");
        await page.context().close();
    });

    test("what is typed after a log-in in another window is saved, by itself and by the button", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE });
        await log_in(page, "citizen-1");
        const id = await begin(page);
        await page.goto(`/matters/${id}/edit/claim`);
        const facts = page.locator('[name="claim.facts"]');
        await page.context().clearCookies();
        await facts.fill("登录过期以后写的。");
        await page.locator("[data-saved]", { hasText: /登录已过期/ }).waitFor();
        const other = await page.context().newPage();
        await log_in(other, "citizen-1");
        await page.evaluate(() => dispatchEvent(new Event("focus")));
        await page.locator("[data-saved]", { hasText: /已保存/ }).waitFor();
        assert.equal((await citizen.matter(id)).values.claim.facts, "登录过期以后写的。");
        await facts.fill("再写的，用按钮保存。");
        await page.getByRole("button", { name: /保存，/ }).last().click();
        await page.waitForLoadState();
        assert.doesNotMatch(await page.content(), /登录已过期/);
        assert.equal((await citizen.matter(id)).values.claim.facts, "再写的，用按钮保存。");
        await page.context().close();
    });

    test("what is wrong is listed on top, with links to the fields", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE });
        await log_in(page, "citizen-1");
        const id = await begin(page);
        await page.goto(`/matters/${id}/edit/claim`);
        await page.locator('[name="claim.amount"]').fill("五万");
        await page.getByRole("button", { name: /保存，/ }).last().click();
        const link = page.locator('main a[href="#f-claim.amount"]').first();
        await link.waitFor();
        await link.click();
        const focused = await page.evaluate(() => document.activeElement?.name ?? location.hash);
        assert.ok(["claim.amount", "#f-claim.amount"].includes(focused), focused);
        await shot(page, "phone-errors");
        assert.deepEqual(await axe(page), []);
        await page.context().close();
    });
});

describe("on a desk", () => {
    test("a reviewer reads, dockets, and finds the case number", { timeout: 120_000 }, async () => {
        const draft = await citizen.begin();
        await citizen.upload_required(draft, draft.acts[0]);
        const filed = await citizen.act(draft.id, "submit", form_fill(draft.acts[0].form), { accept_warnings: true });
        assert.equal(filed.status, 200, filed.text);
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "reviewer@京0105");
        const found = [];
        const look = async (name) => {
            await shot(page, `desk-${name}`);
            found.push(...(await axe(page)).map((fault) => `${name}: ${fault}`), ...(await overflow(page)).map((fault) => `${name} overflows: ${fault}`));
        };
        await page.goto("/");
        await look("home");
        await page.getByRole("link", { name: /待办/ }).first().click();
        await page.waitForURL(/box=todo/);
        await look("todo");
        await page.locator(`main a[href*="/matters/${draft.id}"]`).first().click();
        await look("review");
        await page.getByRole("link", { name: /登记立案/ }).click();
        await page.waitForURL(/\/acts\/docket/);
        await look("docket");
        const reviewer = await login(server, "reviewer@京0105");
        const { act } = await reviewer.offered(draft.id, "docket");
        await fill_page(page, flat(act.form, form_fill(act.form)));
        await page.locator('main button[name="_do"]').last().click();
        await page.getByText(/（\d{4}）京0105民初\d+号/).first().waitFor();
        await look("docketed");
        assert.equal((await citizen.matter(draft.id)).state, "docketed");
        assert.deepEqual(found, []);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test("the keyboard alone gets to the first matter", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "reviewer@京0105");
        await page.goto("/matters?box=court");
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#main", "the first stop skips to the text");
        let found = false;
        for (let n = 0; n < 40 && !found; n++) {
            await page.keyboard.press("Tab");
            found = await page.evaluate(() => /\/matters\/\d+/.test(document.activeElement.getAttribute("href") ?? ""));
        }
        assert.ok(found, "a matter is reached");
        const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
        assert.notEqual(ring, "none", "and one sees where one is");
        await page.context().close();
    });
});
