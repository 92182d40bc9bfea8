// Evidence put in order: by touch on a phone, by keyboard, by dragging on a desk, and without scripts;
// by the court at its own desk.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { jpeg, page_askew } from "../lib/files.mjs";
import { start, until } from "../lib/server.mjs";
import { tus_upload } from "../lib/tus.mjs";

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

async function joined(id, count, name) {
    const pages = [];
    for (let n = 0; n < count; n++) {
        pages.push({ upload: await tus_upload(citizen, jpeg(300 + n, 400 + name.length, { pad_bytes: 2000 }), { name: `${name}${n + 1}.jpg` }) });
    }
    const answer = await citizen.post(`/matters/${id}/materials?kind=evidence`, { pages, name });
    assert.equal(answer.status, 201, answer.text);
}

async function draft_made() {
    const draft = await citizen.begin();
    await joined(draft.id, 3, "借条");
    await joined(draft.id, 2, "聊天记录");
    return draft;
}

async function open(draft, size, options = {}) {
    const page = await window_of(browser, server, { size, ...options });
    await log_in(page, options.as ?? "citizen-1");
    await page.goto(`/matters/${draft.id}/evidence`);
    return page;
}

const order = async (id, who = citizen) => {
    const { items, apart } = (await who.get(`/matters/${id}/evidence`)).body;
    return [...items.map((item) => `${item.name}:${item.pages.map((one) => `${one.material}.${one.page}`).join(" ")}`), ...apart.map((one) => `-${one.material}.${one.page}`)].join("|");
};
const becomes = (id, wanted, who) => until(`the order is ${wanted}`, async () => (await order(id, who)) === wanted || null);

describe("on a phone", () => {
    test("pages are picked, moved, turned and named by touch", async () => {
        const draft = await draft_made();
        const page = await open(draft, PHONE);
        await page.getByRole("checkbox", { name: "第2页" }).check();
        await page.getByRole("checkbox", { name: "第3页" }).check();
        await page.getByLabel(/^选中的页/).selectOption("2");
        await page.getByRole("button", { name: "移过去" }).click();
        await becomes(draft.id, "借条:1.1|聊天记录:2.1 2.2 1.2 1.3");
        assert.match(await page.locator("#h-2").innerText(), /第2至5页/);
        await page.getByRole("button", { name: "第5页前移" }).click();
        await page.getByRole("button", { name: "第1页向右转" }).click();
        await page.getByLabel("证明什么").first().fill("证明借款四万元");
        await becomes(draft.id, "借条:1.1|聊天记录:2.1 2.2 1.3 1.2");
        const seen = await until("all is saved", async () => {
            const { items } = (await citizen.get(`/matters/${draft.id}/evidence`)).body;
            return items[0].purpose === "证明借款四万元" && items[0].pages[0].turn === 90 ? items : null;
        });
        assert.equal(seen[1].to, 5);
        await shot(page, "evidence-390");
        assert.deepEqual(await overflow(page), []);
        assert.deepEqual(await axe(page), []);
        // What goes to the server takes along what is not saved yet.
        await page.getByLabel("证据名称").first().fill("借据");
        await page.getByRole("button", { name: "添加一项" }).click();
        await page.waitForLoadState();
        await becomes(draft.id, "借据:1.1|聊天记录:2.1 2.2 1.3 1.2|:");
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test("pages photographed askew are straightened, compared and put back", async () => {
        const draft = await citizen.begin();
        for (const [name, degrees] of [["合同", 4], ["收据", -7], ["信封", 0]]) {
            assert.equal((await citizen.upload(draft.id, "evidence", page_askew(degrees), `${name}.png`)).status, 201);
        }
        const tilts = async () => (await citizen.get(`/matters/${draft.id}/evidence`)).body.items.map((item) => item.pages[0].tilt);
        for (const scripts of [true, false]) {
            const page = await open(draft, PHONE, { scripts });
            await page.getByLabel("证明什么").first().fill("证明签约");
            await page.getByRole("button", { name: "拉正拍歪的页" }).click();
            await page.getByText("拉正了2页").waitFor();
            const [contract, receipt, envelope] = await tilts();
            assert.ok(contract < -350 && contract > -450 && receipt > 650 && receipt < 750 && envelope === 0, `${await tilts()}`);
            const first = page.locator('[data-ref="1.1"]');
            assert.match(await first.locator("[data-straight]").innerText(), /已拉正[34]\.\d°/);
            assert.match(await first.locator("img").getAttribute("src"), new RegExp(`tilt=${contract}`));
            assert.doesNotMatch(await page.getByRole("link", { name: "第1页拉正前" }).getAttribute("href"), /tilt/);
            assert.ok(!(await page.locator('[data-ref="3.1"] [data-straight]').isVisible()));
            await shot(page, `evidence-straight-${scripts ? "" : "plain-"}390`);
            assert.deepEqual(await overflow(page), []);
            assert.deepEqual(scripts ? await axe(page) : [], []);
            await page.getByRole("button", { name: "第1页不拉正" }).click();
            await until("it is put back", async () => (await tilts())[0] === 0 || null);
            assert.ok(!(await first.locator("[data-straight]").isVisible()));
            await page.getByRole("button", { name: "第2页不拉正" }).click();
            await until("it is put back", async () => (await tilts())[1] === 0 || null);
            assert.equal(await page.getByLabel("证明什么").first().inputValue(), "证明签约");
            assert.deepEqual(page.faults, []);
            await page.context().close();
        }
    });

    test("what another device saved is not overwritten, and said", async () => {
        const draft = await draft_made();
        const page = await open(draft, PHONE);
        const other = await citizen.post(`/matters/${draft.id}/evidence`, { do: "down:1.3" });
        assert.equal(other.status, 200, other.text);
        await page.getByRole("button", { name: "第2页前移" }).click();
        await page.getByText("编排刚在另一处改过").first().waitFor();
        assert.equal(await order(draft.id), "借条:1.1 1.2|聊天记录:1.3 2.1 2.2");
        await page.context().close();
    });

    test("without scripts each button is a step", async () => {
        const draft = await draft_made();
        const page = await open(draft, PHONE, { scripts: false });
        await page.getByLabel("证明什么").first().fill("证明借款");
        await page.getByRole("button", { name: "第3页后移" }).click();
        assert.equal(await order(draft.id), "借条:1.1 1.2|聊天记录:1.3 2.1 2.2");
        await page.getByRole("checkbox", { name: "第1页" }).check();
        await page.getByLabel(/^选中的页/).selectOption("apart");
        await page.getByRole("button", { name: "移过去" }).click();
        assert.equal(await order(draft.id), "借条:1.2|聊天记录:1.3 2.1 2.2|-1.1");
        assert.equal(await page.getByLabel("证明什么").first().inputValue(), "证明借款");
        await page.getByRole("button", { name: "证据2上移" }).click();
        assert.equal(await order(draft.id), "聊天记录:1.3 2.1 2.2|借条:1.2|-1.1");
        await shot(page, "evidence-plain-390");
        assert.deepEqual(await overflow(page), []);
        await page.context().close();
    });
});

describe("on a desk", () => {
    test("pages are dragged within an item and into another", async () => {
        const draft = await draft_made();
        const page = await open(draft, DESK);
        await page.setViewportSize({ width: 1280, height: 1800 }); // both items at once: nobody scrolls while dragging
        await page.locator('[data-ref="1.3"]').dragTo(page.locator('[data-ref="1.1"]'));
        await becomes(draft.id, "借条:1.3 1.1 1.2|聊天记录:2.1 2.2");
        await page.locator('[data-ref="2.1"]').dragTo(page.locator('[data-ref="1.1"]'));
        await becomes(draft.id, "借条:1.3 2.1 1.1 1.2|聊天记录:2.2");
        await shot(page, "evidence-1280");
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test("the keyboard does the same, and keeps its place", async () => {
        const draft = await draft_made();
        const page = await open(draft, DESK);
        await page.getByRole("button", { name: "第3页后移" }).focus();
        await page.keyboard.press("Enter");
        await becomes(draft.id, "借条:1.1 1.2|聊天记录:1.3 2.1 2.2");
        assert.equal(await page.evaluate(() => document.activeElement.value), "down:1.3");
        await page.keyboard.press("Enter");
        await becomes(draft.id, "借条:1.1 1.2|聊天记录:2.1 1.3 2.2");
        assert.match(await page.locator("[data-said]").innerText(), /移到证据2的第2个/);
        await page.context().close();
    });

    test("the court puts it in another order, says why, and the filer is told", async () => {
        const draft = await draft_made();
        const filed = await citizen.take(draft.id, "submit", { "evidence-list": { items: [{ name: "借条", purpose: "借款", pages: [{ material: 1 }] }] } });
        assert.equal(filed.status, 200, filed.text);
        const page = await window_of(browser, server, { size: DESK });
        await log_in(page, "reviewer@京0105");
        await page.goto(`/matters/${draft.id}`);
        await page.getByRole("link", { name: /^编排证据/ }).click();
        await page.getByRole("button", { name: "证据2上移" }).click();
        await page.waitForLoadState();
        await page.getByLabel("为什么重新编排").fill("按时间先后排列");
        await shot(page, "evidence-court-1280");
        await page.getByRole("button", { name: "编排证据" }).click();
        await page.waitForLoadState();
        await becomes(draft.id, "聊天记录:2.1 2.2|借条:1.1 1.2 1.3");
        const event = (await citizen.events(draft.id)).find((one) => one.act === "arrange-evidence");
        assert.equal(event.reason, "按时间先后排列");
        await page.context().close();
    });
});
