// A case filed in a browser as people file it: from the front door to the receipt, by words only. The
// client is the same person at the API, who tells what the form asks for.
import assert from "node:assert/strict";
import { fill_page, flat } from "./chrome.mjs";
import { pdf } from "./files.mjs";
import { form_fill } from "./form.mjs";

export const FILE = (words) => ({ name: `${words}.pdf`, mimeType: "application/pdf", buffer: pdf(words) });

/** The id of the matter that the page shows. */
export const id_of = (page) => page.url().match(/matters\/(\d+)/)[1];

/** From the front door to a fresh draft at the court, by words only. */
export async function begin(page) {
    await page.goto("/");
    await page.getByRole("link", { name: /民事.*立案|起诉|打官司/ }).first().click();
    await page.getByRole("textbox").first().fill("朝阳");
    await page.getByRole("button", { name: "查找" }).first().click();
    await page.getByRole("link", { name: "北京市朝阳区人民法院", exact: true }).click();
    await page.getByRole("button", { name: "开始填写" }).click();
    await page.waitForURL(/\/matters\/\d+/);
    return id_of(page);
}

/** Goes through the list of tasks, filling each with the examples of its form. */
export async function fill_tasks(page, citizen, id, texts) {
    const { acts } = await citizen.matter(id);
    const groups = acts[0].form.filter((field) => !["undertakings", "signature"].includes(field.name));
    for (const group of groups) {
        await page.goto(`/matters/${id}`);
        const link = page.locator(`main a[href*="/edit/${group.name}"]`).first();
        if ((await link.count()) === 0) {
            continue;
        }
        await link.click();
        await page.waitForURL(/\/edit\//);
        if (group.type === "list") {
            const count = Object.keys(texts).filter((name) => name.startsWith(`${group.name}.`)).map((name) => Number(name.split(".")[1]));
            for (let n = await items_of(page, group.name); n <= Math.max(...count); n++) {
                await page.locator(`button[name="_add"][value="${group.name}"]`).click();
                await page.waitForLoadState();
            }
        }
        await fill_page(page, texts);
        await page.getByRole("button", { name: /保存，/ }).last().click();
        await page.waitForLoadState();
        const wrong = await page.locator("main p.error").allTextContents();
        assert.deepEqual(wrong, [], `${group.title} is not taken`);
    }
    await page.goto(`/matters/${id}`);
}

const items_of = (page, list) =>
    page.evaluate((name) => new Set([...document.querySelectorAll(`main [name^="${name}."]`)].map((one) => one.name.split(".")[1])).size, list);

export async function bring_materials(page, citizen, id, scripts) {
    const { acts } = await citizen.matter(id);
    for (const need of acts[0].materials.filter((one) => one.min > 0)) {
        await page.goto(`/matters/${id}/materials`);
        await page.locator(`#u-${need.kind}`).setInputFiles(FILE(need.title));
        if (!scripts) {
            await page.locator(`form[data-upload="${need.kind}"] button`).click();
        }
        await page.getByRole("link", { name: `${need.title}.pdf` }).first().waitFor();
    }
}

/** Checks, promises, signs and submits; accepts what the page asks to be checked. */
export async function submit(page, id, texts) {
    await page.goto(`/matters/${id}`);
    await page.getByRole("link", { name: /核对并提交/ }).click();
    await fill_page(page, texts);
    await page.getByRole("button", { name: "确认提交" }).click();
    await page.waitForLoadState();
    const doubts = page.locator('input[name="_accept"]');
    if ((await doubts.count()) > 0) {
        for (let n = 0; n < (await doubts.count()); n++) {
            await doubts.nth(n).check();
        }
        await fill_page(page, texts);
        await page.getByRole("button", { name: "确认提交" }).click();
        await page.waitForLoadState();
    }
    await page.getByText("待法院审核").first().waitFor();
}

export async function texts_of(citizen, id) {
    const { acts } = await citizen.matter(id);
    return flat(acts[0].form, form_fill(acts[0].form));
}
