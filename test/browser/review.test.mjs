// The desk of the court's reviewer: twenty clean filings docketed by keyboard alone, phrases put into
// corrections, everything side by side; counted in keys, not in seconds.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { filed, login } from "../lib/client.mjs";
import { start } from "../lib/server.mjs";

const FILINGS = 20;

let server;
let browser;
let citizen;
let reviewer;

before(async () => {
    server = await start();
    browser = await chrome();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const todo = async () => (await reviewer.get("/matters?box=todo&limit=200")).body.matters;
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("href") ?? document.activeElement?.name ?? "");

/** A keyboard that counts. */
function keyboard(page) {
    return {
        pressed: 0,
        async press(key) {
            this.pressed++;
            await page.keyboard.press(key);
        },
        async tab_to(wanted, most = 60) {
            for (let n = 0; n < most; n++) {
                await this.press("Tab");
                if (wanted.test(await focused(page))) {
                    return;
                }
            }
            assert.fail(`${wanted} is not reached in ${most} steps`);
        },
    };
}

describe("by keyboard alone", () => {
    test(`${FILINGS} clean filings are docketed with two keys each, the next opens itself`, { timeout: 400_000 }, async () => {
        for (let n = 0; n < FILINGS; n++) {
            await filed(citizen);
        }
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "reviewer@京0105");
        await page.goto("/matters?box=todo");
        const keys = keyboard(page);
        await keys.tab_to(/^\/matters\/\d+$/);
        await keys.press("Enter");
        await page.waitForURL(/\/matters\/\d+$/);
        const before_deciding = keys.pressed;
        for (let n = 0; n < FILINGS; n++) {
            const here = page.url();
            await keys.press("l");
            assert.equal(await focused(page), "docketing.trial-procedure");
            await keys.press("Enter");
            await page.waitForURL((url) => url.href !== here);
            await page.getByText(new RegExp(`案号（\\d{4}）京0105民初${n + 1}号`)).first().waitFor();
        }
        assert.equal(keys.pressed - before_deciding, 2 * FILINGS);
        assert.match(page.url(), /\/matters\?box=todo/, "behind the last one stands the list");
        assert.deepEqual(await todo(), []);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test("without scripts the decision is eight steps from the top of the page", { timeout: 180_000 }, async () => {
        const { id } = await filed(citizen);
        const page = await window_of(browser, server, { size: DESK, scripts: false });
        await log_in(page, "reviewer@京0105");
        await page.goto(`/matters/${id}`);
        const keys = keyboard(page);
        await keys.press("Tab");
        await keys.press("Enter"); // past the head of the page
        await keys.press("Tab");
        assert.equal(await focused(page), "#do");
        await keys.press("Enter");
        await keys.tab_to(/^docketing\.trial-procedure$/, 3);
        await keys.press("Enter");
        await page.waitForURL(/done=/);
        assert.equal((await reviewer.matter(id)).state, "docketed");
        assert.ok(keys.pressed <= 8, `${keys.pressed} steps`);
        await page.context().close();
    });

    test("letters do nothing when they are turned off, nor while one writes", { timeout: 180_000 }, async () => {
        const { id } = await filed(citizen);
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "reviewer@京0105");
        await page.goto(`/matters/${id}`);
        await page.keyboard.press("b");
        await page.waitForURL(/\/acts\/ask-correction/);
        await page.locator('textarea[name="correction.items.0.reason"]').fill("");
        await page.keyboard.type("blt");
        assert.equal(await page.locator('textarea[name="correction.items.0.reason"]').inputValue(), "blt");
        await page.goto(`/matters/${id}`);
        await page.locator("details.keys summary").click();
        await page.locator("#keys").uncheck();
        await page.locator("h1").click();
        await page.keyboard.press("b");
        await page.keyboard.press("l");
        assert.match(page.url(), new RegExp(`/matters/${id}$`));
        await page.context().close();
        await reviewer.taken(id, "docket");
    });
});

describe("phrases", () => {
    test("are put into a correction by key, and without scripts by a button", { timeout: 240_000 }, async () => {
        const said = "请提供被告的住址、电话，或者身份证件号码";
        await reviewer.post("/phrases", { act: "ask-correction", item: "parties", text: said });
        const one = await filed(citizen);
        const two = await filed(citizen);
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "reviewer@京0105");
        await page.goto(`/matters/${one.id}`);
        await page.keyboard.press("b");
        await page.waitForURL(/\/acts\/ask-correction/);
        await page.keyboard.press("Alt+1");
        assert.equal(await page.locator('[name="correction.items.0.reason"]').inputValue(), said);
        assert.equal(await page.locator('[name="correction.items.0.item"]').inputValue(), "parties");
        await page.locator('[name="correction.days"]').fill("15");
        await page.keyboard.press("Control+Enter");
        await page.waitForURL(/done=/);
        assert.equal((await reviewer.matter(one.id)).state, "correction");
        await page.context().close();

        const plain = await window_of(browser, server, { size: PHONE, scripts: false });
        await log_in(plain, "reviewer@京0105");
        await plain.goto(`/matters/${two.id}/acts/ask-correction`);
        await plain.locator('[name="correction.days"]').fill("7");
        await plain.getByRole("button", { name: said }).click();
        await plain.waitForURL(/\/acts\/ask-correction\?/);
        assert.equal(await plain.locator('[name="correction.items.0.reason"]').inputValue(), said);
        assert.equal(await plain.locator('[name="correction.days"]').inputValue(), "7", "what was typed before is still there");
        await plain.getByRole("button", { name: said }).click();
        await plain.waitForLoadState();
        assert.equal(await plain.locator('[name="correction.items.1.reason"]').inputValue(), said, "a second one has a row of its own");
        await plain.context().close();
        const { phrases } = (await reviewer.get("/phrases?act=ask-correction")).body;
        assert.equal(phrases.find((phrase) => phrase.text === said).used, 1, "counted when the act is taken, not when it is inserted");
        await reviewer.taken(two.id, "docket");
    });
});

describe("on one screen", () => {
    for (const [name, size] of Object.entries({ desk: DESK, phone: PHONE })) {
        test(`values, files and history on a ${name}, accessible and within its edges`, { timeout: 240_000 }, async () => {
            const { id } = await filed(citizen);
            const page = await window_of(browser, server, { size });
            const found = [];
            const look = async (what) => {
                await shot(page, `${name}-review-${what}`);
                assert.doesNotMatch(await page.locator("body").innerText(), /\{\{|\}\}/, "no remark of a template shows");
                found.push(...(await axe(page)).map((fault) => `${what}: ${fault}`), ...(await overflow(page)).map((fault) => `${what} overflows: ${fault}`));
            };
            await log_in(page, "reviewer@京0105");
            await page.goto(`/matters/${id}`);
            await look("desk");
            const boxes = await Promise.all([".decision", ".pane", ".beside"].map((part) => page.locator(part).boundingBox()));
            if (name === "desk") {
                const [values, files, history] = boxes;
                assert.ok(values.x + values.width <= files.x && files.x + files.width <= history.x, "three columns");
                assert.ok(Math.abs(values.y - files.y) < 2 && Math.abs(files.y - history.y) < 2, "beginning on one line");
            }
            await page.goto(`/matters/${id}/acts/ask-correction`);
            await look("correction");
            await page.locator('main button[name="_do"]').last().click();
            await page.getByText(/还有|需要填写|请/).first().waitFor();
            await look("refused");
            assert.equal(await page.locator(".pane").count(), 1, "the files stay beside a refused form");
            await page.goto("/phrases?act=ask-correction");
            await look("phrases");
            assert.deepEqual(found, []);
            assert.deepEqual(page.faults, []);
            await page.context().close();
            await reviewer.taken(id, "docket");
        });
    }
});

describe("divided work", () => {
    for (const [name, size] of Object.entries({ desk: DESK, phone: PHONE })) {
        test(`is shown on a ${name}; what was looked at is ticked and docketed in one go`, { timeout: 240_000 }, async () => {
            const AT = name === "desk" ? "京0107" : "京0112";
            const home = { division: name === "desk" ? "110107" : "110112", detail: "1号" };
            const claim = (who, role, more) => ({ role, kind: "natural-person", name: who, phone: "13800138000", address: home, ...more });
            const parties = [claim("林晓舟", "plaintiff", { identity: { type: "resident-id", number: "11010519491231002X" } }), claim("赵某", "defendant")];
            const court = await login(server, `reviewer@${AT}`);
            const ids = [];
            for (let n = 0; n < 3; n++) {
                ids.push((await filed(citizen, { court: AT, values: { parties } })).id);
            }
            await court.matter(ids[0]);
            await court.matter(ids[1]);
            const page = await window_of(browser, server, { size });
            const found = [];
            const look = async (what) => {
                await shot(page, `${name}-divided-${what}`);
                assert.doesNotMatch(await page.locator("body").innerText(), /\{\{|\}\}/, "no remark of a template shows");
                found.push(...(await axe(page)).map((fault) => `${what}: ${fault}`), ...(await overflow(page)).map((fault) => `${what} overflows: ${fault}`));
            };
            await log_in(page, `reviewer@${AT}`);
            await page.goto("/matters?box=todo");
            await look("list");
            const boxes = page.locator('input[name="matters"]');
            assert.equal(await boxes.count(), 2, "what was not looked at cannot be ticked");
            await boxes.nth(0).check();
            await boxes.nth(1).check();
            await page.getByRole("button", { name: "选中的登记立案" }).click();
            await page.getByText("已登记立案2件").first().waitFor();
            await look("docketed");
            assert.deepEqual(await Promise.all(ids.map(async (id) => (await court.matter(id)).state)), ["docketed", "docketed", "under-review"]);
            await page.goto(`/matters/${ids[2]}`);
            await page.getByRole("button", { name: "分给他办" }).click();
            await page.getByText("您的").first().waitFor();
            await page.goto("/matters?box=todo&reviewer=me");
            assert.equal(await page.locator(`main a[href="/matters/${ids[2]}"]`).count(), 1);
            await page.goto("/review/load");
            await look("load");
            assert.deepEqual(found, []);
            assert.deepEqual(page.faults, []);
            await page.context().close();
        });
    }
});
