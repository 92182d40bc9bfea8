// A button pressed twice sends once; one pressed again after nothing was sent sends.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chrome, PHONE, window_of } from "../lib/chrome.mjs";
import { PASSWORD } from "../lib/client.mjs";
import { start, until } from "../lib/server.mjs";

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

/** A login that is filled in; `posts` counts what is sent. */
async function at_the_door() {
    const page = await window_of(browser, server, { size: PHONE });
    page.posts = 0;
    page.on("request", (request) => (page.posts += request.method() === "POST" ? 1 : 0));
    await page.goto("/login");
    await page.locator('[name="login"]').first().fill("citizen-1");
    await page.locator('[name="password"]').first().fill(PASSWORD);
    return page;
}

const press = (page) => page.getByRole("button", { name: "登录", exact: true }).click({ noWaitAfter: true });
const is_in = (page) => page.waitForURL((url) => !url.pathname.startsWith("/login"));

describe("a button", () => {
    test("pressed twice sends once", { timeout: 60_000 }, async () => {
        const page = await at_the_door();
        let go;
        const held = new Promise((resolve) => (go = resolve));
        await page.route("**/session", async (route) => {
            await held;
            await route.continue();
        });
        await page.evaluate(() => {
            const button = document.querySelector('[name="password"]').form.querySelector("button.btn");
            button.click();
            setTimeout(() => button.click(), 200);
        });
        await until("it is sent", async () => page.posts || null);
        await new Promise((resolve) => setTimeout(resolve, 600));
        assert.equal(page.posts, 1);
        go();
        await is_in(page);
        assert.equal(page.posts, 1);
        await page.context().close();
    });

    test("works again for whoever was asked whether to leave, and stayed", { timeout: 60_000 }, async () => {
        const page = await at_the_door();
        await page.evaluate(() => {
            addEventListener("beforeunload", (event) => event.preventDefault());
        });
        const asked = [];
        page.on("dialog", async (dialog) => {
            asked.push(dialog.type());
            await (asked.length === 1 ? dialog.dismiss() : dialog.accept());
        });
        await press(page);
        await until("it was asked", async () => asked.length || null);
        assert.equal(page.posts, 0);
        await press(page);
        await is_in(page);
        assert.deepEqual(asked, ["beforeunload", "beforeunload"]);
        await page.context().close();
    });
});
