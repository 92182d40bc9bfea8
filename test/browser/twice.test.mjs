// Nothing asked twice, and the client signs on his own phone: a lawyer's second filing for the same
// client, with every box that is typed into counted.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { form_fill } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";

const TYPED_MAX = 12;

let server;
let browser;
let lawyer;

before(async () => {
    server = await start();
    browser = await chrome();
    lawyer = await login(server, "lawyer-1");
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

/** A first filing's draft, filled by program; its parties and its address are kept. */
async function first() {
    const draft = await lawyer.begin();
    const values = form_fill(draft.acts[0].form, { filer: { capacity: "agent", plaintiff: 1 } });
    values.parties[0].agents = [{ name: lawyer.person.name, kind: "lawyer", firm: "北京示例律师事务所", authority: "general" }];
    delete values.undertakings;
    delete values.signature;
    const saved = await lawyer.save(draft.id, values);
    assert.equal(saved.status, 200, saved.text);
    for (const group of ["parties", "service-address"]) {
        assert.equal((await lawyer.post(`/matters/${draft.id}/saved`, { group })).status, 200);
    }
    await lawyer.upload_required(saved.body, saved.body.acts[0]);
    return draft.id;
}

const found = [];
async function look(page, name) {
    await shot(page, name);
    found.push(...(await axe(page)).map((fault) => `${name}: ${fault}`), ...(await overflow(page)).map((fault) => `${name} overflows: ${fault}`));
}

describe("a second filing for the same client", () => {
    test(`takes at most ${TYPED_MAX} typed fields`, { timeout: 180_000 }, async () => {
        await first();
        const page = await window_of(browser, server, { size: PHONE });
        await log_in(page, "lawyer-1");
        let typed = 0;
        const type = async (name, text) => {
            typed++;
            await page.locator(`main [name=${JSON.stringify(name)}]`).fill(text);
        };
        const tick = async (name, value) => {
            const box = page.locator(`main [name=${JSON.stringify(name)}][value=${JSON.stringify(value)}]`);
            if (await box.count()) {
                await box.first().check();
            }
        };
        const choose = async (label, as) => {
            const option = page.locator("#f-pick option", { hasText: label }).first();
            await page.locator("#f-pick").selectOption(await option.getAttribute("value"));
            if (as) {
                await page.locator("#f-as").selectOption(as);
            }
            await page.getByRole("button", { name: "填入" }).click();
            await page.waitForLoadState();
        };
        const next = async () => {
            await page.getByRole("button", { name: /^保存，/ }).last().click();
            await page.waitForLoadState();
            assert.deepEqual(await page.locator("main p.error").allTextContents(), [], page.url());
        };
        await page.goto("/begin/civil-first-instance-filing?court=京0105");
        await page.getByRole("button", { name: "开始填写" }).click();
        await page.waitForURL(/\/matters\/\d+/);
        const id = page.url().match(/matters\/(\d+)/)[1];
        const open = (group) => page.goto(`/matters/${id}/edit/${group}`);

        await open("cause");
        await type("cause", "买卖合同纠纷");
        await next();
        await open("claim");
        await type("claim.requests.0.text", "判令被告支付货款50000元");
        await type("claim.amount", "50000");
        await type("claim.facts", "2025年3月，原告交货，被告至今没有付款。");
        await next();
        await open("parties");
        await look(page, "twice-parties-390");
        await choose("林晓舟", "plaintiff");
        await choose(lawyer.person.name, "plaintiff");
        await page.locator('button[name="_add"][value="parties"]').click();
        await page.waitForLoadState();
        await tick("parties.1.role", "defendant");
        await tick("parties.1.kind", "natural-person");
        await type("parties.1.name", "陈某");
        await type("parties.1.phone", "13900139000");
        await type("parties.1.address.division", "北京市朝阳区");
        await type("parties.1.address.detail", "朝阳路2号");
        await next();
        await open("filer");
        await tick("filer.capacity", "agent");
        await next();
        await open("service-address");
        await choose("林晓舟");
        await look(page, "twice-address-390");
        await next();
        for (const [group, name, value] of [["mediation-wish", "mediation-wish", "refuse"], ["fee-relief", "fee-relief.kind", "none"]]) {
            await open(group);
            await tick(name, value);
            await next();
        }
        const { acts } = await lawyer.matter(id);
        for (const need of acts[0].materials.filter((one) => one.min > 0)) {
            await page.goto(`/matters/${id}/materials`);
            await page.locator(`#u-${need.kind}`).setInputFiles({ name: `${need.title}.pdf`, mimeType: "application/pdf", buffer: pdf(need.title) });
            await page.getByRole("link", { name: `${need.title}.pdf` }).first().waitFor();
        }
        const last = (error) => /^(undertakings|signature)/.test(error.field);
        assert.deepEqual((await lawyer.matter(id)).errors.filter((error) => !last(error)), []);
        await page.goto(`/matters/${id}/acts/submit`);
        await tick("undertakings.truth", "yes");
        await tick("undertakings.not-elsewhere", "yes");
        await type("signature.code", "000000");
        for (const box of await page.locator('input[name="_accept"]').all()) {
            await box.check();
        }
        await page.getByRole("button", { name: "确认提交" }).click();
        await page.getByText("待法院审核").first().waitFor();
        assert.equal((await lawyer.matter(id)).state, "under-review");
        assert.ok(typed <= TYPED_MAX, `${typed} fields were typed`);
        console.log(`typed fields: ${typed}`);
        assert.deepEqual(page.faults, []);
    });

    test("what is kept is read and changed on a page of its own", { timeout: 60_000 }, async () => {
        for (const [size, width] of [[PHONE, 390], [DESK, 1280]]) {
            const page = await window_of(browser, server, { size });
            await log_in(page, "lawyer-1");
            await page.goto("/me");
            await look(page, `twice-me-${width}`);
            await page.getByRole("link", { name: "常用信息" }).click();
            await look(page, `twice-saved-${width}`);
            await page.getByRole("link", { name: /林晓舟/ }).first().click();
            await look(page, `twice-saved-one-${width}`);
            assert.deepEqual(page.faults, []);
        }
        assert.deepEqual(found, []);
    });
});

describe("signing on the own phone", () => {
    test("the lawyer asks on a desk, the client draws on a phone, the lawyer sees it at once", { timeout: 120_000 }, async () => {
        const id = await first();
        const desk = await window_of(browser, server, { size: DESK });
        await log_in(desk, "lawyer-1");
        await desk.goto(`/matters/${id}`);
        await look(desk, "sign-tasks-1280");
        await desk.getByRole("link", { name: "请当事人在手机上签名" }).click();
        await look(desk, "sign-ask-1280");
        assert.equal(await desk.getByLabel(new RegExp(lawyer.person.name)).isChecked(), false, "who asks signs when he submits");
        await desk.getByRole("button", { name: "发送签名链接" }).click();
        await desk.getByText("还差1人签名").waitFor();
        await desk.getByText("链接和二维码").click();
        await look(desk, "sign-asked-1280");
        const link = await desk.getByLabel(/链接（只给他本人）/).inputValue();

        const phone = await window_of(browser, server, { size: PHONE });
        await phone.goto(new URL(link).pathname);
        await look(phone, "sign-who-390");
        await phone.getByLabel("您的姓名").fill("林晓舟");
        await phone.getByLabel("证件号码后4位").fill("002x");
        await phone.getByRole("button", { name: "看要签的内容" }).last().click();
        await phone.getByText("请从头看完").waitFor();
        await look(phone, "sign-read-390");
        const pad = phone.locator("canvas.pad");
        await pad.scrollIntoViewIfNeeded();
        const box = await pad.boundingBox();
        await phone.mouse.move(box.x + 20, box.y + 20);
        await phone.mouse.down();
        await phone.mouse.move(box.x + 120, box.y + 60, { steps: 8 });
        await phone.mouse.up();
        await phone.getByRole("button", { name: "签名", exact: true }).last().click();
        await phone.getByText("您已签名").waitFor();
        await look(phone, "sign-done-390");
        await desk.reload();
        await desk.getByText("都签好了").waitFor();
        await look(desk, "sign-complete-1280");

        const small = await window_of(browser, server, { size: PHONE });
        await log_in(small, "lawyer-1");
        await small.goto(`/matters/${id}/signatures`);
        await look(small, "sign-complete-390");
        await phone.getByRole("link", { name: "长辈版" }).first().click();
        await phone.getByText("您已签名").waitFor();
        assert.equal(await phone.locator("html").getAttribute("data-size"), "large");
        assert.deepEqual(found, []);
        assert.deepEqual([...desk.faults, ...phone.faults, ...small.faults], []);
    });
});
