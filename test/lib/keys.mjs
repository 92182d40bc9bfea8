// Pages used without a mouse: the Tab key from stop to stop, each of them to be seen; answers by keys.
import assert from "node:assert/strict";
import { PASSWORD } from "./client.mjs";

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

export async function tab(page) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    assert.ok(at.seen, `the focus is seen on ${at.tag} ${at.name} ${at.text}`);
    return at;
}

/** Tabs to the first stop that fits. */
export async function tab_to(page, what, fits) {
    for (let n = 0; n < 150; n++) {
        const at = await tab(page);
        if (fits(at)) {
            return at;
        }
    }
    throw new Error(`the Tab key does not lead to ${what}`);
}

export async function enter(page) {
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

/** The parts of a day or an instant, in the order in which this browser asks for them. */
async function type_day(page, wanted) {
    const [year, month, day, hour, minute] = wanted.split(/[-T:]/);
    const time = hour ? [hour, minute] : [];
    const half = hour ? [`${Number(hour) % 12 || 12}`.padStart(2, "0"), minute, hour < 12 ? "A" : "P"] : [];
    for (const parts of [[year, "ArrowRight", month, day, ...time], [month, day, year, ...(hour ? ["ArrowRight"] : []), ...half]]) {
        for (let n = 0; n < 6; n++) {
            await page.keyboard.press("ArrowLeft");
        }
        for (const part of parts) {
            await (part === "ArrowRight" ? page.keyboard.press(part) : page.keyboard.type(part));
        }
        if ((await focused(page)).value === wanted) {
            return;
        }
    }
    throw new Error(`keys do not make ${wanted}`);
}

async function answer(page, at, wanted) {
    if (at.type === "radio" || at.tag === "select") {
        await choose(page, at, wanted);
    } else if (at.type === "checkbox") {
        const on = [].concat(wanted).includes(at.value);
        if (on !== at.checked) {
            await page.keyboard.press("Space");
        }
    } else if (at.value === wanted) {
        return; // also the other stops of a field for a day or an instant
    } else if (at.type === "date" || at.type === "datetime-local") {
        await type_day(page, wanted);
    } else {
        await page.keyboard.press("Control+A");
        await page.keyboard.insertText(wanted);
    }
}

/** Answers what the page asks, up to the button that goes on, and presses it. */
export async function fill(page, texts, is_done) {
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

export const goes_on = (at) => at.tag === "button" && at.name === "_next" && at.value === "yes" && at.text.startsWith("保存");

/** Comes in by account and password. */
export async function log_in_by_keys(page, name) {
    await page.goto("/login");
    await tab_to(page, "the account", (at) => at.name === "login");
    await page.keyboard.insertText(name);
    await tab_to(page, "the password", (at) => at.name === "password");
    await page.keyboard.insertText(PASSWORD);
    await enter(page);
}

/** Goes from the list of tasks into every group of the form that has a page, and answers it. */
export async function answer_groups(page, id, form, texts, skip = []) {
    for (const group of form.filter((field) => !skip.includes(field.name))) {
        const leads = new RegExp(`/edit/${group.name}(\\?.*)?$`); // what was begun opens with what it lacks
        await page.goto(`/matters/${id}`);
        const links = await page.locator("main a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
        if (!links.some((href) => leads.test(href))) {
            continue;
        }
        await tab_to(page, group.title, (at) => leads.test(at.href));
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
}
