// Every page at both widths: accessible, within its edges, without a complaint of the browser; large
// type; printed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { filed, login } from "../lib/client.mjs";
import { start } from "../lib/server.mjs";

let server;
let browser;
let matter;
let draft;

before(async () => {
    server = await start();
    browser = await chrome();
    const citizen = await login(server, "citizen-1");
    matter = await filed(citizen);
    draft = await citizen.begin();
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const PUBLIC = ["/", "/login", "/login/scan", "/session/recover", "/register", "/verify", "/courts?q=朝阳", "/courts/京0105", "/causes", "/procedures",
    "/procedures/civil-first-instance-filing", "/begin/civil-first-instance-filing?court=京0105", "/tools", "/tools/fee?kind=property&amount=5000000",
    "/tools/period", "/tools/interest", "/tools/debt", "/tools/severance?kind=compensation&wage=1000000&start=2022-03-01&end=2025-02-28", "/tools/penalty", "/tools/support", "/tools/injury?harmed=2025-12-01&medical=3000000&mental=100000&cover=liable&fault=70&outcome=disabled&born=1986-06-10&fixed=2026-06-10&grade=10", "/tools/jurisdiction", "/tools/case-number", "/tools/identifier", "/tools/reach", "/tools/proofread", "/forms", "/forms/09", "/forms/21", "/outages", "/no/such/page"];
const OWN = () => ["/", "/me", "/me/totp", "/me/notices", "/calendar", "/calendar?view=list", "/batches", "/inbox", "/matters?box=mine", `/matters/${draft.id}`, `/matters/${draft.id}/edit/parties`, `/matters/${draft.id}/edit/claim`,
    `/matters/${draft.id}/materials`, `/matters/${draft.id}/acts/submit`, `/matters/${matter.id}`, `/matters/${matter.id}/events`,
    `/matters/${matter.id}/receipt`, `/matters/${matter.id}/agents`, `/matters/${matter.id}/acts/withdraw`];
const STAFF = () => ["/", "/matters?box=todo", "/matters?box=court", `/matters/${matter.id}`, `/matters/${matter.id}/acts/docket`,
    `/matters/${matter.id}/acts/ask-correction`, `/matters/${matter.id}/acts/return`, `/matters/${matter.id}/related`, "/review/load", "/inbox"];
const ADMIN = () => ["/admin/people", "/admin/posts", "/admin/totp", "/admin/tables", "/admin/outages", "/admin/dead-letters", "/admin/jobs", "/admin/clocks", "/admin/audit"];

const slug = (path) => path.replace(/\d{10,}/g, "N").replace(/[^a-z0-9\u4e00-\u9fff]+/gi, "-").replace(/^-|-$/g, "") || "home";

async function sound(who, paths, size, name) {
    const page = await window_of(browser, server, { size });
    if (who) {
        await log_in(page, who);
    }
    const faults = [];
    for (const path of paths) {
        const answer = await page.goto(path);
        const status = answer.status();
        if (status !== (path === "/no/such/page" ? 404 : 200)) {
            faults.push(`${path}: ${status}`);
            continue;
        }
        await shot(page, `${name}-${size.width}-${slug(path)}`);
        faults.push(...(await axe(page)).map((fault) => `${path}: ${fault}`));
        faults.push(...(await overflow(page)).map((fault) => `${path} overflows: ${fault}`));
        faults.push(...page.faults.splice(0).map((fault) => `${path}: ${fault}`));
    }
    await page.context().close();
    assert.deepEqual(faults, []);
}

describe("pages", () => {
    for (const size of [PHONE, DESK]) {
        test(`for everybody, at ${size.width} px`, { timeout: 180_000 }, () => sound(null, PUBLIC, size, "public"));
        test(`of a person, at ${size.width} px`, { timeout: 180_000 }, () => sound("citizen-1", OWN(), size, "own"));
        test(`of a reviewer, at ${size.width} px`, { timeout: 180_000 }, () => sound("reviewer@京0105", STAFF(), size, "staff"));
        test(`of the administrator, at ${size.width} px`, { timeout: 180_000 }, () => sound("admin", ADMIN(), size, "admin"));
    }
});

describe("large type", () => {
    test("is switched on by a link, stays on, and stays within its edges", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE });
        await page.goto("/");
        const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main p")).fontSize));
        const before_size = await size();
        await page.getByRole("link", { name: "长辈版" }).click();
        assert.ok((await size()) >= before_size * 1.15, `${before_size} to ${await size()} px`);
        await page.goto("/courts?q=朝阳");
        assert.equal(await page.evaluate(() => document.documentElement.dataset.size), "large");
        assert.deepEqual(await overflow(page), []);
        await shot(page, "large-courts");
        await page.getByRole("link", { name: "标准版" }).click();
        assert.ok((await size()) <= before_size * 1.05);
        await page.context().close();
    });

    test("zoomed to twice the size nothing is cut off", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: { width: 640, height: 800 } });
        await log_in(page, "citizen-1");
        await page.setViewportSize({ width: 320, height: 640 });
        for (const path of ["/", `/matters/${matter.id}`, `/matters/${draft.id}/edit/claim`]) {
            await page.goto(path);
            assert.deepEqual(await overflow(page), [], path);
        }
        await page.context().close();
    });
});

describe("print", () => {
    test("leaves out what paper has no use for", { timeout: 60_000 }, async () => {
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "citizen-1");
        await page.goto(`/matters/${matter.id}`);
        await page.emulateMedia({ media: "print" });
        assert.equal(await page.locator("nav.bar").isVisible(), false);
        assert.equal(await page.locator("a.skip").isVisible(), false);
        assert.ok((await page.locator("main .screen").count()) > 0);
        for (const none of ["main .btn", "main .screen", "main details:not([open])"]) {
            for (const one of await page.locator(none).all()) {
                assert.equal(await one.isVisible(), false, `${none}: ${await one.innerText()}`);
            }
        }
        assert.equal(await page.locator(".notice").first().evaluate((element) => getComputedStyle(element).backgroundColor), "rgba(0, 0, 0, 0)", "ink is dear");
        const sheet = await page.pdf({ format: "A4" });
        assert.equal(sheet.subarray(0, 5).toString(), "%PDF-");
        await page.context().close();
    });
});
