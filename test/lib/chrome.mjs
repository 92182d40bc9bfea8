// A real browser: Debian's chromium driven by playwright-core. Pages are used as people use them:
// what is clicked is found by its words, what is filled by its label or name.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./server.mjs";

const require = createRequire(import.meta.url);
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 800 };
// The shell is the same engine without the windows around it: half the work for the same pages.
const CHROMIUM = [
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
].find((path) => existsSync(path));
const SHOTS = join(root, "build/shots");

export async function chrome() {
    const { chromium } = require("playwright-core");
    assert.ok(CHROMIUM, "chromium is not installed");
    return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

/** A window of its own; complaints of its pages gather in `faults` (errors, blocked by policy). */
export async function window_of(browser, server, { size = DESK, scripts = true } = {}) {
    const context = await browser.newContext({
        viewport: size,
        javaScriptEnabled: scripts,
        baseURL: server.url,
        locale: "zh-CN",
        timezoneId: "Asia/Shanghai",
        isMobile: size.width < 600,
        hasTouch: size.width < 600,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.faults = [];
    page.on("pageerror", (error) => page.faults.push(`error: ${error.message}`));
    page.on("console", (said) => {
        if (said.type() === "error" && !/status of (4\d\d)/.test(said.text())) {
            page.faults.push(`console: ${said.text()}`);
        }
    });
    page.on("requestfailed", (request) => {
        if (!/ERR_ABORTED/.test(request.failure()?.errorText)) {
            page.faults.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
        }
    });
    return page;
}

export async function log_in(page, name, password = "tongsu-demo") {
    await page.goto("/login");
    await page.getByLabel("账号").first().fill(name);
    await page.getByLabel("密码").first().fill(password);
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}

export async function shot(page, name) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

/** Clicks what has been painted where it is clicked. A PDF in a page is a frame of another process, and a
 * click goes to the process that stood at that point in the last frame presented: right after a page was
 * scrolled, on a busy machine, that is the PDF, and the click never reaches the page. A hand clicks what
 * the eye sees; a picture makes the browser present the frame first. */
export async function click_seen(locator) {
    await locator.scrollIntoViewIfNeeded();
    await locator.page().screenshot();
    await locator.click();
}

/** What axe finds of the rules of WCAG 2.2 A and AA, as texts. */
export async function axe(page) {
    const source = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
    // By the debugger, not by a script element: the policy of the pages forbids those, rightly.
    await page.evaluate(`${source}; undefined`);
    const { violations } = await page.evaluate(() =>
        globalThis.axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } }),
    );
    return violations.map((one) => `${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
}

/** What runs over the right edge, as texts. */
export async function overflow(page) {
    return page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= limit) {
            return [];
        }
        return [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > limit + 1)
            .slice(0, 5)
            .map((element) => `${element.tagName} ${element.className} ${element.textContent.slice(0, 30)}`);
    });
}

/** Values of a form as the names and texts of its HTML controls. */
export function flat(fields, values, prefix = "", out = {}) {
    for (const field of fields) {
        const value = values?.[field.name];
        const path = prefix + field.name;
        if (value === undefined || value === null) {
            continue;
        }
        if (field.type === "group") {
            flat(field.fields, value, `${path}.`, out);
        } else if (field.type === "list") {
            value.forEach((item, n) => flat(field.fields, item, `${path}.${n}.`, out));
        } else if (field.type === "money") {
            out[path] = (value / 100).toFixed(2);
        } else if (field.type === "yes-no") {
            out[path] = value ? "yes" : "no";
        } else if (field.type === "choices") {
            out[path] = value;
        } else if (field.type === "address" && typeof value === "string") {
            out[`${path}.detail`] = value;
        } else if (field.type === "identity" && typeof value === "string") {
            out[`${path}.type`] = "resident-id";
            out[`${path}.number`] = value;
        } else if (typeof value === "object" && !Array.isArray(value)) {
            for (const [name, part] of Object.entries(value)) {
                out[`${path}.${name}`] = `${part}`;
            }
        } else {
            out[path] = `${value}`;
        }
    }
    return out;
}

const quoted = (text) => JSON.stringify(text);

/** Fills every visible control whose name is in `texts`; answers the names it filled. Choices come
 * first, as they decide which other fields are shown. */
export async function fill_page(page, texts, scope = "main") {
    const done = new Set();
    for (let rounds = 0; rounds < 4; rounds++) {
        let fresh = 0;
        for (const [name, text] of Object.entries(texts)) {
            if (done.has(name)) {
                continue;
            }
            const controls = page.locator(`${scope} [name=${quoted(name)}]:not([type=hidden])`);
            const count = await controls.count();
            for (let n = 0; n < count; n++) {
                const control = controls.nth(n);
                if (!(await control.isVisible())) {
                    continue;
                }
                const kind = await control.evaluate((element) => (element.tagName === "INPUT" ? element.type : element.tagName.toLowerCase()));
                if (kind === "radio" || kind === "checkbox") {
                    const value = await control.getAttribute("value");
                    if ([].concat(text).includes(value)) {
                        await control.check();
                    }
                } else if (kind === "select") {
                    await control.selectOption(text);
                } else {
                    await control.fill(text);
                }
                done.add(name);
                fresh++;
            }
        }
        if (fresh === 0) {
            break;
        }
    }
    return done;
}
