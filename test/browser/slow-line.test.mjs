// A line of the second generation: little at a time, late, and cut off or silent in the middle of an
// upload. Nothing that was typed or sent is lost, and nothing is sent twice.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chrome, log_in, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { begin, bring_materials, fill_tasks, submit, texts_of } from "../lib/filing.mjs";
import { line_to } from "../lib/line.mjs";
import { scratch, start, until } from "../lib/server.mjs";

/** Bytes a second up and down, ms each way. */
const SLOW = { offline: false, latency: 100, downloadThroughput: 40_000, uploadThroughput: 15_000 };
const NARROW = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 60_000 };
const BIG = Buffer.concat([pdf("一份大的证据"), Buffer.alloc(240_000, 0x20)]);
const folder = scratch("line");
const path = join(folder, "大证据.pdf");
let server;
let browser;
let citizen;
const lines = [];

before(async () => {
    writeFileSync(path, BIG);
    server = await start();
    browser = await chrome();
    citizen = await login(server, "citizen-1");
});
after(async () => {
    await browser?.close();
    await Promise.all(lines.map((line) => line.close()));
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
});

/** A person at a phone behind such a line. offsets: where each piece began; the line can be cut. */
async function behind_a_line(conditions) {
    const line = await line_to(server);
    lines.push(line);
    const page = await window_of(browser, line, { size: PHONE });
    page.setDefaultTimeout(60_000);
    page.offsets = [];
    page.on("request", (request) => {
        if (request.method() === "PATCH" && request.url().includes("/uploads/")) {
            page.offsets.push(Number(request.headers()["upload-offset"]));
        }
    });
    await log_in(page, "citizen-1");
    const debug = await page.context().newCDPSession(page);
    await debug.send("Network.enable");
    await debug.send("Network.emulateNetworkConditions", conditions);
    return { page, line };
}

async function draft_behind(conditions) {
    const draft = await citizen.begin();
    const all = await behind_a_line(conditions);
    await all.page.goto(`/matters/${draft.id}/materials`);
    return { ...all, id: draft.id };
}

const told = (page) => page.locator('form[data-upload="evidence"] [data-progress]');
const more = (page) => told(page).getByRole("button", { name: "继续上传" });
const choose = (page) => page.locator("#u-evidence").setInputFiles(path);
const taken = (page) => page.getByRole("link", { name: "大证据.pdf" }).first().waitFor();

const sent_so_far = (page) =>
    until("a part of it is sent", async () => Number(/已传(\d+)%/.exec(await told(page).innerText())?.[1] ?? 0) >= 20, 60_000);

/** It is there once and byte for byte, and what had arrived before was not sent again. */
async function is_whole(page, id) {
    const { materials } = await citizen.matter(id);
    const made = materials.filter((material) => material.name === "大证据.pdf");
    assert.deepEqual(made.map((material) => material.size), [BIG.length]);
    const back = await citizen.get(`/matters/${id}/materials/${made[0].n}`);
    assert.equal(createHash("sha256").update(back.bytes).digest("hex"), createHash("sha256").update(BIG).digest("hex"));
    assert.equal(page.offsets.filter((offset) => offset === 0).length, 1, `begun once: ${page.offsets}`);
}

// Most of their time is waiting, so they wait together.
describe("behind a slow line", { concurrency: 3 }, () => {
    test("a case is filed, and an upload that was cut off goes on by itself where it stopped", { timeout: 280_000 }, async () => {
        const { page, line } = await behind_a_line(SLOW);
        const id = await begin(page);
        const texts = await texts_of(citizen, id);
        await fill_tasks(page, citizen, id, texts);
        await bring_materials(page, citizen, id, true);
        page.offsets.length = 0;

        await page.goto(`/matters/${id}/materials`);
        await choose(page);
        await sent_so_far(page);
        line.cut();
        await told(page).getByText(/网络断开。恢复后自动接着传/).waitFor();
        await more(page).waitFor();
        await shot(page, "slow-line-cut-390");
        line.mend();
        await taken(page);
        await is_whole(page, id);
        assert.ok(page.offsets.some((offset) => offset > 0), `it went on: ${page.offsets}`);

        await submit(page, id, texts);
        const matter = await citizen.matter(id);
        assert.equal(matter.state, "under-review");
        const { arrival } = (await citizen.get(`/matters/${id}/receipt?event=1`)).body;
        assert.ok(Date.parse(arrival.complete) >= Date.parse(arrival.began), "the receipt says when it began and when all was there");
    });

    test("a line that falls silent is given up, and another is tried", { timeout: 120_000 }, async () => {
        const { page, line, id } = await draft_behind(NARROW);
        await choose(page);
        await sent_so_far(page);
        line.stall();
        line.mend(); // what stood is dead, and no one is told
        await taken(page);
        await is_whole(page, id);
    });

    test("a browser that says the line is back is heard at once", { timeout: 120_000 }, async () => {
        const { page, line } = await draft_behind(NARROW);
        await choose(page);
        await sent_so_far(page);
        line.stall();
        const asked = page.waitForRequest((request) => request.method() === "HEAD", { timeout: 10_000 }); // the silence alone: 20 s
        await page.evaluate(() => dispatchEvent(new Event("online")));
        await asked;
    });

    test("after a reload the page says what was not whole, and the same file goes on where it stopped", { timeout: 120_000 }, async () => {
        const { page, line, id } = await draft_behind(NARROW);
        await choose(page);
        await sent_so_far(page);
        line.cut();
        await more(page).waitFor();
        line.mend();
        await page.reload();
        await told(page).getByText(/上次“大证据\.pdf”可能没有传完/).waitFor();
        await choose(page);
        await taken(page);
        await is_whole(page, id);
        assert.equal(await told(page).innerText(), "");
    });

    test("a file whose taking was not heard of is taken once", { timeout: 120_000 }, async () => {
        const { page, line, id } = await draft_behind(NARROW);
        line.deafen("POST", `/matters/${id}/materials`);
        await choose(page);
        await taken(page);
        await is_whole(page, id);
    });

    test("who must log in again in the meantime sends nothing twice", { timeout: 120_000 }, async () => {
        const { page, line, id } = await draft_behind(NARROW);
        await choose(page);
        await sent_so_far(page);
        line.cut();
        await more(page).waitFor();
        await page.context().clearCookies();
        line.mend();
        await told(page).getByText(/登录已过期。请在新窗口登录/).waitFor();
        const other = await page.context().newPage();
        await log_in(other, "citizen-1");
        await more(page).click();
        await taken(page);
        await is_whole(page, id);
    });
});
