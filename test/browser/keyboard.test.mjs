// A whole filing without a mouse: every stop of the Tab key is to be seen, every question is answered by
// keys, and the case is filed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chrome, DESK, flat, window_of } from "../lib/chrome.mjs";
import { login, nobody, PASSWORD } from "../lib/client.mjs";
import { jpeg } from "../lib/files.mjs";
import { form_fill } from "../lib/form.mjs";
import { answer_groups, enter, fill, log_in_by_keys, tab, tab_to } from "../lib/keys.mjs";
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
        await log_in_by_keys(page, "citizen-1");
        await page.goto(`/begin/civil-first-instance-filing?court=${encodeURIComponent("京0105")}`);
        await tab_to(page, "the beginning", (at) => at.text === "开始填写");
        await enter(page);
        const id = page.url().match(/matters\/(\d+)/)[1];
        const { acts } = await citizen.matter(id);
        const texts = flat(acts[0].form, form_fill(acts[0].form));
        await answer_groups(page, id, acts[0].form, texts, ["undertakings", "signature"]);
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

    test("a window hands over a filing: who is there by the number, the signature on paper", { timeout: 300_000 }, async () => {
        const code_of = async (name) => (await nobody(server).get(`/courts?q=${name}`)).body.courts.find((court) => court.name.endsWith(name)).code;
        const near = await code_of("双湖县人民法院");
        const far = await code_of("龙岗区人民法院");
        const clerk = await login(server, `window@${near}`);
        const NUMBER = "11010519491231002X";
        await clerk.post("/window/people", { name: "林晓舟", identity: NUMBER, phone: "13800138000" });
        const page = await window_of(browser, server, { size: DESK });
        await log_in_by_keys(page, `window@${near}`);
        await page.goto("/");
        // A reader of cards types the number and presses Enter.
        await tab_to(page, "who is there", (at) => at.name === "find.number");
        await page.keyboard.type(NUMBER);
        await enter(page);
        assert.match(await page.locator("main").innerText(), /来人：林晓舟/);
        await tab_to(page, "the service", (at) => at.tag === "a" && at.text.startsWith("跨域立案"));
        await enter(page);
        await tab_to(page, "the court's name", (at) => at.name === "q");
        await page.keyboard.insertText("龙岗区人民法院");
        await enter(page);
        await tab_to(page, "the court", (at) => at.tag === "a" && at.text.endsWith("龙岗区人民法院"));
        await enter(page);
        await tab_to(page, "the beginning", (at) => at.text === "开始填写");
        await enter(page);
        const id = page.url().match(/matters\/(\d+)/)[1];
        const begun = await clerk.matter(id);
        assert.equal(begun.court.code, far);
        assert.equal(begun.values.visitor.name, "林晓舟");
        const form = begun.acts.find((act) => act.name === "submit").form;
        const texts = flat(form, form_fill(form));
        texts["handed-in"] = texts["handed-in"].slice(0, 16);
        await answer_groups(page, id, form, texts, ["originals", "undertakings", "visitor-signature", "oral-complaint"]);
        assert.ok((await clerk.matter(id)).values["handed-in"].startsWith(texts["handed-in"]));
        await page.goto(`/matters/${id}/edit/visitor`);
        await tab_to(page, "the number in the draft", (at) => at.name === "_known");
        await page.keyboard.type(NUMBER);
        await enter(page);
        assert.match(await page.locator("main").innerText(), /已带入登记的信息/);

        // Choosing a file is a window of the system, which no page can be tested for.
        const draft = await clerk.matter(id);
        await clerk.upload_required(draft, draft.acts.find((act) => act.name === "submit"));
        assert.equal((await clerk.upload(id, "signature-photo", jpeg(640, 480), "签名.jpg")).status, 201);
        await page.goto(`/matters/${id}`);
        await tab_to(page, "the originals", (at) => at.href.endsWith("/edit/originals"));
        await enter(page);
        await tab_to(page, "the first original", (at) => at.type === "checkbox");
        await page.keyboard.press("Space");
        await tab_to(page, "saving", (at) => at.tag === "button" && at.text.startsWith("保存"));
        await enter(page);
        assert.equal((await clerk.matter(id)).values.originals.length, 1);

        await page.goto(`/matters/${id}`);
        await tab_to(page, "the check", (at) => /核对并提交/.test(at.text) && at.tag === "a");
        await enter(page);
        const paper = await page.getByLabel(/签在纸上：第\d+份材料，签名\.jpg/).getAttribute("value");
        const name = await page.getByLabel(/签在纸上/).getAttribute("name");
        const signed = { ...texts, [name]: paper };
        const submits = (at) => at.tag === "button" && at.text === "确认提交";
        await fill(page, signed, submits);
        if ((await page.locator('input[name="_accept"]').count()) > 0) {
            await fill(page, signed, submits);
        }
        const sent = await clerk.matter(id);
        assert.equal(sent.state, "sent", await page.locator("main").innerText());
        assert.match(page.url(), /\/receipt\?event=1$/);
        const printed = await tab_to(page, "printing", (at) => at.text === "打印本页");
        assert.equal(printed.tag, "button");
        await page.context().close();
    });
});
