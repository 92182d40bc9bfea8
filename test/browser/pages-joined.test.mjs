// Pages photographed or chosen on the materials page: turned, put in order by buttons and by dragging,
// dropped, sent after a break, and joined; with a camera of a desk, and without scripts.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { jpeg, pdf, png } from "../lib/files.mjs";
import { start, until } from "../lib/server.mjs";

const require = createRequire(import.meta.url);
const photo = (name, width = 320, height = 240) => ({ name, mimeType: "image/jpeg", buffer: jpeg(width, height, { pad_bytes: 3000 }) });
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

const block = (page, kind = "evidence") => page.locator(`[data-pages="${kind}"]`);
const tiles = (page, kind) => block(page, kind).locator(".tray > li");
const choose = (page, files, kind) => block(page, kind).locator('input[type="file"][multiple]').setInputFiles(files);

async function open(size, options = {}) {
    const draft = await citizen.begin();
    const page = await window_of(browser, server, { size, ...options });
    await log_in(page, "citizen-1");
    await page.goto(`/matters/${draft.id}/materials`);
    return { page, draft };
}

async function list_of(draft) {
    const { materials } = await citizen.matter(draft.id);
    const made = materials.at(-1);
    return { made, pages: (await citizen.get(`/matters/${draft.id}/materials/${made.n}/pages`)).body.pages };
}

async function sent(page) {
    const button = block(page).getByRole("button", { name: /^合成一份/ });
    await until("all pages are there", async () => (await button.isEnabled()) || null);
    await Promise.all([page.waitForEvent("load"), button.click()]);
}

describe("on a phone", () => {
    test("pages are turned, moved by buttons, dropped and joined", async () => {
        const { page, draft } = await open(PHONE);
        await choose(page, [photo("一.jpg"), photo("二.jpg", 200, 300), photo("三.jpg"), photo("四.jpg")]);
        await until("four tiles", async () => (await tiles(page).count()) === 4 || null);
        await page.getByRole("button", { name: "第2页向右转" }).click();
        await page.getByRole("button", { name: "第2页向右转" }).click();
        await page.getByRole("button", { name: "第3页前移" }).click();
        await page.getByRole("button", { name: "第2页前移" }).click();
        await page.getByRole("button", { name: "第4页去掉" }).click();
        await until("pictures", async () => (await tiles(page).locator("canvas").count()) === 3 || null);
        await page.waitForLoadState("networkidle");
        await shot(page, "pages-joined-390");
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(await overflow(page), []);
        await sent(page);
        const { made, pages } = await list_of(draft);
        assert.deepEqual(pages.map((one) => [one.name, one.rotate]), [["三.jpg", 0], ["一.jpg", 0], ["二.jpg", 180]]);
        assert.equal(made.name, "证据材料.pdf");
        assert.match(await page.locator("#f-materials\\.evidence").innerText(), /证据材料\.pdf[\s\S]*3页/);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test("by keyboard alone", async () => {
        const { page, draft } = await open(PHONE);
        await choose(page, [photo("一.jpg"), photo("二.jpg")]);
        await until("two tiles", async () => (await tiles(page).count()) === 2 || null);
        const press = async (name, key) => {
            await page.getByRole("button", { name }).focus();
            await page.keyboard.press(key);
        };
        await press("第1页后移", "Enter");
        await press("第1页向右转", "Space");
        assert.match(await block(page).locator('[role="status"].sr').innerText(), /第1页转到90度/);
        await press(/^合成一份/, "Tab");
        await sent(page);
        assert.deepEqual((await list_of(draft)).pages.map((one) => [one.name, one.rotate]), [["二.jpg", 90], ["一.jpg", 0]]);
        await page.context().close();
    });

    test("what is no picture is marked, and the rest goes on without it", async () => {
        const { page, draft } = await open(PHONE);
        await choose(page, [photo("一.jpg"), { name: "合同.jpg", mimeType: "image/jpeg", buffer: pdf("不是图片") }]);
        await until("marked", async () => (await tiles(page).nth(1).innerText()).includes("不是可以识别的图片") || null);
        assert.ok(await block(page).getByRole("button", { name: /^合成一份/ }).isDisabled());
        await shot(page, "pages-joined-bad-390");
        await page.getByRole("button", { name: "第2页去掉" }).click();
        await sent(page);
        assert.deepEqual((await list_of(draft)).pages.map((one) => one.name), ["一.jpg"]);
        await page.context().close();
    });

    test("what the server refuses is marked by its number", async () => {
        const { page, draft } = await open(PHONE);
        const cut = jpeg(320, 240, { pad_bytes: 3000 });
        await choose(page, [photo("一.jpg"), { name: "断.jpg", mimeType: "image/jpeg", buffer: cut.subarray(0, cut.length - 6) }]);
        const button = block(page).getByRole("button", { name: /^合成一份/ });
        await until("both are there", async () => (await button.isEnabled()) || null);
        await button.click();
        await block(page).getByText("第2页的图片不完整，请重新拍照或扫描").first().waitFor();
        await page.getByRole("button", { name: "第2页去掉" }).click();
        await sent(page);
        assert.deepEqual((await list_of(draft)).pages.map((one) => one.name), ["一.jpg"]);
        await page.context().close();
    });

    test("a broken line stops nothing: what was sent stays, also over a reload", async () => {
        const { page, draft } = await open(PHONE);
        await choose(page, [photo("一.jpg")]);
        const first = tiles(page).nth(0);
        await until("the first is there", async () => (await first.innerText()).includes("已传") || null);
        let cut = true;
        await page.route("**/uploads", (route) => (cut ? route.abort("connectionreset") : route.continue()));
        await choose(page, [photo("二.jpg")]);
        await until("it says so", async () => (await tiles(page).nth(1).innerText()).includes("断开") || null, 40_000);
        await block(page).getByRole("button", { name: "继续上传" }).click();
        cut = false; // and from here on it goes on by itself
        await until("the second is there", async () => (await tiles(page).nth(1).innerText()).includes("已传") || null);
        await page.reload();
        await until("both are there", async () => (await tiles(page).count()) === 2 || null);
        await page.getByRole("button", { name: "第2页前移" }).click();
        await sent(page);
        assert.deepEqual((await list_of(draft)).pages.map((one) => one.name), ["二.jpg", "一.jpg"]);
        await page.context().close();
    });

    test("several photographs for what must be one become one", async () => {
        const { page, draft } = await open(PHONE);
        await page.locator("#u-complaint").setInputFiles([photo("一.jpg"), photo("二.jpg")]);
        await until("two tiles", async () => (await tiles(page, "complaint").count()) === 2 || null);
        const button = block(page, "complaint").getByRole("button", { name: /^合成一份/ });
        await until("all pages are there", async () => (await button.isEnabled()) || null);
        await Promise.all([page.waitForEvent("load"), button.click()]);
        const { made, pages } = await list_of(draft);
        assert.deepEqual([made.kind, pages.length], ["complaint", 2]);
        await page.context().close();
    });
});

describe("at a desk", () => {
    test("pages are dragged", async () => {
        const { page, draft } = await open(DESK);
        await choose(page, [photo("一.jpg"), photo("二.jpg"), { name: "三.png", mimeType: "image/png", buffer: png(60, 80) }]);
        await until("pictures", async () => (await tiles(page).locator("canvas").count()) === 3 || null);
        await tiles(page).nth(2).dragTo(tiles(page).nth(0));
        await page.waitForLoadState("networkidle");
        await shot(page, "pages-joined-1280");
        assert.deepEqual(await axe(page), []);
        await sent(page);
        assert.deepEqual((await list_of(draft)).pages.map((one) => one.name), ["三.png", "一.jpg", "二.jpg"]);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test("a camera takes page after page", async () => {
        const { chromium } = require("playwright-core");
        const own = await chromium.launch({
            executablePath: "/usr/bin/chromium",
            args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        });
        try {
            const draft = await citizen.begin();
            const page = await window_of(own, server, { size: DESK });
            await log_in(page, "citizen-1");
            await page.goto(`/matters/${draft.id}/materials`);
            await block(page).getByRole("button", { name: "拍照" }).click();
            await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
            await page.getByRole("button", { name: "拍下这一页" }).click();
            await until("one tile", async () => (await tiles(page).count()) === 1 || null);
            await page.getByRole("button", { name: "拍下这一页" }).click();
            await until("two tiles", async () => (await tiles(page).locator("canvas").count()) === 2 || null);
            await shot(page, "pages-camera-1280");
            assert.deepEqual(await axe(page), []);
            await page.getByRole("button", { name: "不拍了" }).click();
            assert.equal(await page.locator("video").count(), 0);
            await sent(page);
            assert.equal((await list_of(draft)).pages.length, 2);
            assert.deepEqual(page.faults, []);
        } finally {
            await own.close();
        }
    });
});

describe("without scripts", () => {
    test("a form with several files joins them when ticked", async () => {
        const { page, draft } = await open(PHONE, { scripts: false });
        await page.locator("#u-evidence").setInputFiles([photo("一.jpg"), photo("二.jpg")]);
        await page.locator("#j-evidence").check();
        await shot(page, "pages-joined-plain-390");
        await page.locator('form[data-upload="evidence"] button').click();
        assert.match(await page.locator("#f-materials\\.evidence").innerText(), /2页/);
        assert.deepEqual((await list_of(draft)).pages.map((one) => one.name), ["一.jpg", "二.jpg"]);
        await page.context().close();
    });

    test("and says which file is no picture", async () => {
        const { page } = await open(PHONE, { scripts: false });
        await page.locator("#u-evidence").setInputFiles([photo("一.jpg"), { name: "合同.pdf", mimeType: "application/pdf", buffer: pdf("合同") }]);
        await page.locator("#j-evidence").check();
        await page.locator('form[data-upload="evidence"] button').click();
        await page.getByText("第2页不是可以识别的图片").first().waitFor();
        await shot(page, "pages-joined-refused-390");
        assert.deepEqual(await overflow(page), []);
        await page.context().close();
    });
});
