// A whole filing without a mouse: every stop of the Tab key is to be seen, every question is answered by
// keys, and the case is filed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chrome, DESK, flat, window_of } from "../lib/chrome.mjs";
import { login, PASSWORD } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
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

/** Where the focus is, and whether one sees it. */
const focused = (page) =>
    page.evaluate(() => {
        const at = document.activeElement;
        const style = getComputedStyle(at);
        return {
            tag: at.tagName.toLowerCase(),
            type: at.type ?? "",
            name: at.name ?? "",
            value: at.value ?? "",
            checked: at.checked ?? false,
            href: at.getAttribute("href") ?? "",
            text: at.textContent.trim(),
            main: Boolean(at.closest("main")),
            seen: at.tagName === "BODY" || style.outlineStyle !== "none" || style.boxShadow !== "none",
        };
    });

async function tab(page) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    assert.ok(at.seen, `the focus is seen on ${at.tag} ${at.name} ${at.text}`);
    return at;
}

/** Tabs to the first stop that fits. */
async function tab_to(page, what, fits) {
    for (let n = 0; n < 150; n++) {
        const at = await tab(page);
        if (fits(at)) {
            return at;
        }
    }
    throw new Error(`the Tab key does not lead to ${what}`);
}

async function enter(page) {
    await Promise.all([page.waitForEvent("framenavigated"), page.keyboard.press("Enter")]);
    await page.waitForLoadState();
}

async function choose(page, at, wanted) {
    for (let n = 0, now = at; n < 60; n++, now = await focused(page)) {
        if (now.value === wanted) {
            if (now.type === "radio" && !now.checked) {
                await page.keyboard.press("Space");
            }
            return;
        }
        await page.keyboard.press("ArrowDown");
    }
    throw new Error(`keys do not reach ${wanted} of ${at.name}`);
}

async function answer(page, at, wanted) {
    if (at.type === "radio" || at.tag === "select") {
        await choose(page, at, wanted);
    } else if (at.type === "checkbox") {
        const on = [].concat(wanted).includes(at.value);
        if (on !== at.checked) {
            await page.keyboard.press("Space");
        }
    } else if (at.type === "date") {
        const [year, month, day] = wanted.split("-");
        await page.keyboard.type(year);
        await page.keyboard.press("ArrowRight");
        await page.keyboard.type(month + day);
    } else if (at.value !== wanted) {
        await page.keyboard.press("Control+A");
        await page.keyboard.insertText(wanted);
    }
}

/** Answers what the page asks, up to the button that goes on, and presses it. */
async function fill(page, texts, is_done) {
    for (let n = 0; n < 300; n++) {
        const at = await tab(page);
        if (is_done(at)) {
            return enter(page);
        }
        const name = at.name.replace(/\[\]$/, "");
        if (at.main && at.name === "_accept") {
            await answer(page, at, at.value);
        } else if (at.main && name in texts && /^(input|textarea|select)$/.test(at.tag)) {
            await answer(page, at, texts[name]);
        }
    }
    throw new Error("the Tab key does not lead to the button that goes on");
}

const goes_on = (at) => at.tag === "button" && at.name === "_next" && at.value === "yes" && at.text.startsWith("保存");

describe("without a mouse", () => {
    test("one comes in, and the first stop leads past the menu", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: DESK });
        await page.goto("/login");
        const first = await tab(page);
        assert.equal(first.text, "跳到正文");
        await tab_to(page, "the account", (at) => at.name === "login");
        await page.keyboard.insertText("citizen-1");
        await tab_to(page, "the password", (at) => at.name === "password");
        await page.keyboard.insertText(PASSWORD);
        await enter(page);
        assert.match(await page.locator("header").innerText(), /我的案件/);
        await page.context().close();
    });

    test("a case is filed", { timeout: 240_000 }, async () => {
        const page = await window_of(browser, server, { size: DESK });
        await page.goto("/login");
        await tab_to(page, "the account", (at) => at.name === "login");
        await page.keyboard.insertText("citizen-1");
        await tab_to(page, "the password", (at) => at.name === "password");
        await page.keyboard.insertText(PASSWORD);
        await enter(page);
        await page.goto(`/begin/civil-first-instance-filing?court=${encodeURIComponent("京0105")}`);
        await tab_to(page, "the beginning", (at) => at.text === "开始填写");
        await enter(page);
        const id = page.url().match(/matters\/(\d+)/)[1];
        const { acts } = await citizen.matter(id);
        const texts = flat(acts[0].form, form_fill(acts[0].form));
        for (const group of acts[0].form.filter((field) => !["undertakings", "signature"].includes(field.name))) {
            await page.goto(`/matters/${id}`);
            if ((await page.locator(`main a[href$="/edit/${group.name}"]`).count()) === 0) {
                continue;
            }
            await tab_to(page, group.title, (at) => at.href.endsWith(`/edit/${group.name}`));
            await enter(page);
            const items = Object.keys(texts).filter((name) => name.startsWith(`${group.name}.`) && group.type === "list").map((name) => Number(name.split(".")[1]));
            while (items.length > 0 && (await page.locator(`main [name^="${group.name}.${Math.max(...items)}."]`).count()) === 0) {
                await tab_to(page, "one more", (at) => at.name === "_add" && at.value === group.name);
                await enter(page);
                await page.goto(page.url().split("#")[0]);
            }
            await fill(page, texts, goes_on);
            assert.deepEqual(await page.locator("main p.error").allTextContents(), [], `${group.title} is taken`);
        }
        // Choosing a file is a window of the system, which no page can be tested for.
        const draft = await citizen.matter(id);
        await citizen.upload_required(draft, draft.acts[0]);
        await page.goto(`/matters/${id}`);
        await tab_to(page, "the check", (at) => /核对并提交/.test(at.text) && at.tag === "a");
        await enter(page);
        const submits = (at) => at.tag === "button" && at.text === "确认提交";
        await fill(page, texts, submits);
        if ((await page.locator('input[name="_accept"]').count()) > 0) {
            await fill(page, texts, submits);
        }
        assert.equal((await citizen.matter(id)).state, "under-review");
        await page.context().close();
    });
});
