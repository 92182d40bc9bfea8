// The window's desk in a browser: a request begun near home for a court far away, its originals ticked
// one by one, sent, answered at the other court's desk, and its outcome signed for at the same window.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, click_seen, DESK, fill_page, flat, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login, nobody } from "../lib/client.mjs";
import { jpeg, pdf } from "../lib/files.mjs";
import { form_fill } from "../lib/form.mjs";
import { start, until } from "../lib/server.mjs";

let server;
let browser;
let near;
let far;
let clerk;

before(async () => {
    server = await start();
    browser = await chrome();
    const code_of = async (name) => (await nobody(server).get(`/courts?q=${name}`)).body.courts.find((court) => court.name.endsWith(name)).code;
    near = await code_of("双湖县人民法院");
    far = await code_of("龙岗区人民法院");
    clerk = await login(server, `window@${near}`);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

async function draw(page, path) {
    const pad = page.locator(`[data-sign="${path}"] canvas`);
    await pad.waitFor();
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    await page.mouse.move(box.x + 30, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 120, box.y + 90, { steps: 8 });
    await page.mouse.move(box.x + 200, box.y + 40, { steps: 8 });
    await page.mouse.up();
    await until("it is signed", async () => (await page.locator(`[name="${path}.png"]`).inputValue()) || null);
}

/** All that the form asks for but what is done on pages here, by the API. */
async function typed(id) {
    const { acts } = await clerk.matter(id);
    const form = acts.find((act) => act.name === "submit").form;
    const values = form_fill(form);
    for (const name of ["originals", "visitor-signature", "undertakings", "oral-complaint"]) {
        delete values[name];
    }
    const saved = await clerk.save(id, values);
    assert.equal(saved.status, 200, saved.text);
    await clerk.upload_required(saved.body, saved.body.acts.find((act) => act.name === "submit"));
    return flat(form, form_fill(form));
}

for (const size of [PHONE, DESK]) {
    describe(`at ${size.width} px`, () => {
        test("from the window to the other court and back", { timeout: 240_000 }, async () => {
            const page = await window_of(browser, server, { size });
            const found = [];
            const look = async (name, of = page) => {
                await shot(of, `cross-domain-${name}-${of.viewportSize().width}`);
                found.push(...(await axe(of)).map((fault) => `${name}: ${fault}`), ...(await overflow(of)).map((fault) => `${name} overflows: ${fault}`));
                found.push(...of.faults.splice(0).map((fault) => `${name}: ${fault}`));
            };
            await log_in(page, `window@${near}`);
            await page.goto("/");
            await page.getByRole("link", { name: /^跨域立案 / }).click();
            await page.getByLabel(/名称、地名/).fill("龙岗");
            await page.getByRole("button", { name: "查找" }).click();
            await look("courts");
            await page.getByRole("link", { name: /龙岗区人民法院$/ }).click();
            await page.getByRole("button", { name: "开始填写" }).click();
            await page.waitForURL(/\/matters\/\d+/);
            const id = page.url().match(/matters\/(\d+)/)[1];
            const texts = await typed(id);

            await page.goto(`/matters/${id}/edit/originals`);
            await page.getByLabel("已与原件核对，一致").first().check();
            await look("originals");
            await page.getByRole("button", { name: /^保存，回到清单|^保存，填下一项/ }).first().click();
            await page.waitForLoadState();
            assert.equal((await clerk.matter(id)).values.originals.length, 1);
            // The pad of an answer is not there before the answer.
            await page.goto(`/matters/${id}/edit/oral-complaint`);
            await page.locator('[name="oral-complaint.taken"][value="yes"]').check();
            await draw(page, "oral-complaint.signed");
            assert.match(await page.locator('[name="oral-complaint.signed.png"]').inputValue(), /^iVBORw0KGgo/);
            assert.equal(await page.locator('[name="oral-complaint.signed.code"]').count(), 0, "no code goes to the clerk's phone");
            await page.locator('[name="oral-complaint.taken"][value="no"]').check();
            await page.getByRole("button", { name: /^保存/ }).last().click();
            await page.waitForURL((url) => !url.pathname.includes("oral-complaint"));
            assert.equal((await clerk.matter(id)).values["oral-complaint"].taken, false);

            await page.goto(`/matters/${id}`);
            await look("tasks");

            await page.goto(`/matters/${id}/acts/submit`);
            await fill_page(page, texts);
            assert.equal(await page.getByRole("button", { name: "发验证码" }).count(), 0);
            await draw(page, "visitor-signature");
            await look("check");
            const send = page.getByRole("button", { name: "确认提交" });
            await send.click();
            await page.waitForLoadState();
            if ((await page.locator('input[name="_accept"]').count()) > 0) {
                for (const box of await page.locator('input[name="_accept"]').all()) {
                    await box.check();
                }
                await draw(page, "visitor-signature");
                await send.click();
                await page.waitForLoadState();
            }
            const sent = await clerk.matter(id);
            assert.equal(sent.state, "sent", await page.locator("main").innerText());
            assert.equal(sent.values["originals-checked"].length, 1);
            assert.match(page.url(), new RegExp(`/matters/${id}/receipt\\?event=1$`), "what he takes home comes first");
            const slip = await page.locator("main").innerText();
            assert.match(slip, /在这里递交[\s\S]*双湖县人民法院[\s\S]*管辖法院收到[\s\S]*龙岗区人民法院/);
            assert.ok(slip.includes(sent.follow_code));
            assert.equal(await page.locator(".qr svg").count(), 1);
            assert.ok(await page.getByRole("button", { name: "打印本页" }).isVisible());
            await look("receipt");
            await page.goto(`/matters/${id}`);
            const text = await page.locator("main").innerText();
            assert.match(text, /协作法院发出/);
            assert.match(text, /还剩\d+分|开始计时/); // the far court may be closed at this hour
            await look("sent");
            await page.goto("/");
            assert.match(await page.locator("main").innerText(), /从这里发出的/);
            await look("home");

            const desk = await window_of(browser, server, { size });
            await log_in(desk, `reviewer@${far}`);
            await desk.goto(`/matters/${id}`);
            const review = await desk.locator("main").innerText();
            assert.match(review, /来自.*双湖县人民法院的窗口/);
            assert.match(review, /已核对/);
            await look("review", desk);
            await desk.getByRole("link", { name: /^响应/ }).first().click();
            const { acts } = await (await login(server, `reviewer@${far}`)).matter(id);
            const respond = acts.find((act) => act.name === "respond");
            assert.notEqual(await desk.locator('[name="response.reviewer"]').inputValue(), "", "who answers is filled in");
            await fill_page(desk, { ...flat(respond.form, form_fill(respond.form)), "response.at": "2030-12-04T17:00" });
            await look("respond", desk);
            await click_seen(desk.getByRole("button", { name: "响应", exact: true }).last());
            await desk.waitForURL((url) => url.searchParams.has("done"), { timeout: 30_000 });
            await until("it is answered", async () => ((await clerk.matter(id)).state === "reviewing") || null);
            const reviewer = await login(server, `reviewer@${far}`);
            await reviewer.taken(id, "docket");
            await desk.context().close();

            await page.goto(`/matters/${id}`);
            await look("back");
            await page.getByRole("link", { name: "交付并签收" }).first().click();
            await page.locator('[name="delivery.recipient"]').fill("林晓舟");
            await page.locator('[name="delivery.papers"]').fill("1");
            await draw(page, "delivery.signed");
            await look("deliver");
            await page.getByRole("button", { name: "当事人已签收" }).click();
            await until("it is delivered", async () => ((await clerk.matter(id)).state === "delivered") || null);
            await page.goto(`/matters/${id}`);
            assert.match(await page.locator("main").innerText(), /交付当事人\s+\d+月\d+日/);
            await look("delivered");
            assert.deepEqual(found, []);
            await page.context().close();
        });
    });
}

describe("without scripts", () => {
    test("the originals are ticked all the same", { timeout: 120_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE, scripts: false });
        await log_in(page, `window@${near}`);
        const draft = await clerk.begin("cross-domain-filing", far, {});
        await typed(draft.id);
        await page.goto(`/matters/${draft.id}/edit/originals`);
        const boxes = page.getByLabel("已与原件核对，一致");
        assert.ok((await boxes.count()) >= 2);
        await boxes.nth(1).check();
        await page.locator('[name="originals.1.note"]').fill("第2页有涂改");
        await page.getByRole("button", { name: "保存，回到清单" }).last().click();
        await page.waitForLoadState();
        const { originals } = (await clerk.matter(draft.id)).values;
        assert.equal(originals.length, 1);
        assert.equal(originals[0].note, "第2页有涂改");
        await page.context().close();
    });

    test("a request goes from the window to the other court and back, signed on paper", { timeout: 240_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE, scripts: false });
        const found = [];
        const look = async (name) => {
            await shot(page, `cross-domain-plain-${name}-390`);
            found.push(...(await overflow(page)).map((fault) => `${name} overflows: ${fault}`));
        };
        const press = async (name) => {
            await page.getByRole("button", { name }).last().click();
            await page.waitForLoadState();
        };
        const photograph = async (name) => {
            await page.locator("#u-signature-photo").setInputFiles({ name, mimeType: "image/jpeg", buffer: jpeg(640, 480) });
            await page.locator('form[action*="kind=signature-photo"]').getByRole("button", { name: "上传" }).click();
            await page.getByRole("link", { name }).first().waitFor();
        };
        await log_in(page, `window@${near}`);
        await page.goto(`/begin/cross-domain-filing?court=${encodeURIComponent(far)}`);
        await press("开始填写");
        const id = page.url().match(/matters\/(\d+)/)[1];
        const { acts } = await clerk.matter(id);
        const submit = acts.find((act) => act.name === "submit");
        const values = form_fill(submit.form);
        const texts = flat(submit.form, values);
        texts["handed-in"] = texts["handed-in"].slice(0, 16);
        for (const group of submit.form.filter((field) => !["originals", "undertakings", "visitor-signature", "oral-complaint"].includes(field.name))) {
            await page.goto(`/matters/${id}/edit/${group.name}`);
            while (group.type === "list" && (await page.locator(`main [name^="${group.name}.${values[group.name].length - 1}."]`).count()) === 0) {
                await page.locator(`button[name="_add"][value="${group.name}"]`).click();
                await page.waitForLoadState();
            }
            await fill_page(page, texts);
            await press(/^保存，/);
            assert.deepEqual(await page.locator("main p.error").allTextContents(), [], group.title);
        }
        await page.goto(`/matters/${id}/materials`);
        for (const need of (await clerk.matter(id)).acts.find((act) => act.name === "submit").materials.filter((one) => one.min > 0)) {
            await page.locator(`#u-${need.kind}`).setInputFiles({ name: `${need.title}.pdf`, mimeType: "application/pdf", buffer: pdf(need.title) });
            await page.locator(`form[action*="kind=${need.kind}"]`).getByRole("button", { name: "上传" }).click();
            await page.getByRole("link", { name: `${need.title}.pdf` }).first().waitFor();
        }
        await page.goto(`/matters/${id}/acts/submit`);
        assert.equal(await page.locator('[name="_code"], [name="visitor-signature.name"]').count(), 0, "no code goes to the clerk's phone");
        await look("check");
        await page.getByRole("link", { name: "上传照片" }).click();
        await photograph("签名.jpg");
        await look("materials");
        await page.getByRole("link", { name: "回到清单" }).click();
        await page.getByRole("link", { name: /核对并提交/ }).first().click();
        await fill_page(page, texts);
        await page.getByLabel(/签在纸上：第\d+份材料，签名\.jpg/).check();
        await look("signed");
        await press("确认提交");
        if ((await page.locator('input[name="_accept"]').count()) > 0) {
            assert.ok(await page.getByLabel(/签在纸上/).isChecked(), "what was chosen stands");
            for (const box of await page.locator('input[name="_accept"]').all()) {
                await box.check();
            }
            await press("确认提交");
        }
        const sent = await clerk.matter(id);
        assert.equal(sent.state, "sent", await page.locator("main").innerText());
        assert.equal(sent.values["visitor-signature"].method, "photo");
        assert.equal(sent.values["visitor-signature"].sm3, sent.materials.find((one) => one.kind === "signature-photo").sm3);

        const reviewer = await login(server, `reviewer@${far}`);
        await reviewer.taken(id, "docket");
        await page.goto(`/matters/${id}`);
        await page.getByRole("link", { name: "交付并签收" }).first().click();
        assert.equal(await page.getByLabel(/签名\.jpg/).count(), 0, "a signature given before is not one for this");
        await photograph("签收.jpg");
        assert.match(page.url(), /\/acts\/deliver$/, "back where it was asked for");
        assert.equal(await page.locator('[name="delivery.recipient"]').inputValue(), "林晓舟");
        assert.equal(await page.locator('[name="delivery.papers"]').inputValue(), "4", "acceptance, fee, evidence, rights and duties");
        await page.getByLabel(/签在纸上：第\d+份材料，签收\.jpg/).check();
        await look("deliver");
        await press("当事人已签收");
        assert.equal((await clerk.matter(id)).state, "delivered");
        assert.deepEqual(found, []);
        await page.context().close();
    });

    test("who was found at the window stands in the request, for that clerk alone", { timeout: 120_000 }, async () => {
        const page = await window_of(browser, server, { size: DESK, scripts: false });
        const begin = `/begin/cross-domain-filing?court=${encodeURIComponent(far)}`;
        await log_in(page, `window@${near}`);
        await page.goto(begin);
        assert.match(await page.locator("main").innerText(), /来的是谁/);
        await page.goto("/window/people");
        const enter = page.locator('form[action="/window/people"]');
        await enter.locator('[name="kind"]').first().check();
        await enter.locator('[name="name"]').fill("林晓舟");
        await enter.locator('[name="identity.number"]').fill("11010519491231002X");
        await enter.getByRole("button").click();
        await page.goto(begin);
        const shown = await page.locator("main").innerText();
        assert.match(shown, /来人：林晓舟/);
        assert.doesNotMatch(await page.content(), /11010519491231002X/);
        await page.getByRole("button", { name: "开始填写" }).click();
        await page.waitForURL(/\/matters\/\d+$/);
        const { visitor } = (await clerk.matter(page.url().match(/\d+$/)[0])).values;
        assert.equal(visitor.name, "林晓舟");
        assert.equal(visitor.document, "resident-id-card");
        assert.equal(visitor.identity.number, "11010519491231002X");
        assert.equal(visitor["same-person"], undefined, "that is for the clerk to say");

        const cookies = (await page.context().cookies()).filter((cookie) => cookie.name === "visitor");
        assert.equal(cookies.length, 1);
        const other = await window_of(browser, server, { size: DESK, scripts: false });
        await other.context().addCookies(cookies);
        await log_in(other, "window@京0105");
        await other.goto(begin);
        assert.doesNotMatch(await other.locator("main").innerText(), /林晓舟/);
        await page.context().addCookies([{ ...cookies[0], value: cookies[0].value.replace(/^\d+/, "1") }]);
        await page.goto(begin);
        assert.match(await page.locator("main").innerText(), /来的是谁/, "an id that somebody made up is nobody's");
        await page.context().close();
        await other.context().close();
    });
});

describe("when the court asks for more", () => {
    test("what was asked for is all that is asked again, and what was compared is not ticked twice", { timeout: 120_000 }, async () => {
        const page = await window_of(browser, server, { size: PHONE });
        await log_in(page, `window@${near}`);
        const draft = await clerk.begin("cross-domain-filing", far);
        await typed(draft.id);
        const first = (await clerk.matter(draft.id)).materials[0].n;
        await clerk.taken(draft.id, "submit", { originals: [{ material: first }] });
        const reviewer = await login(server, `reviewer@${far}`);
        await reviewer.taken(draft.id, "ask-correction", { "handover-correction": { items: [{ item: "parties", reason: "请提供对方的住址" }], days: 15 } });
        await page.goto(`/matters/${draft.id}/acts/resubmit`);
        assert.ok((await page.locator('[name^="parties."]').count()) > 0);
        assert.equal(await page.locator('[name^="claim."], [name^="service-address."], input[type=file]:not(#u-signature-photo)').count(), 0);
        assert.equal(await page.locator(`[name^="originals."][value="${first}"]`).count(), 0, "it was compared before");
        assert.ok((await page.getByLabel("已与原件核对，一致").count()) > 0);
        await page.getByLabel("已与原件核对，一致").first().check();
        await draw(page, "visitor-signature");
        await page.getByRole("button", { name: "发回补正材料" }).last().click();
        await until("it is sent back", async () => ((await clerk.matter(draft.id)).state === "reviewing") || null);
        assert.equal((await clerk.matter(draft.id)).values["originals-checked"].length, 2);
        await page.context().close();
    });
});
