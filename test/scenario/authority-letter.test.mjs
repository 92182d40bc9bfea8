// The letter of authority that a draft's parties print and sign: PDF and DOCX, from what was typed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { login, refused } from "../lib/client.mjs";
import { form_fill } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";

const words = (bytes) => {
    const made = spawnSync("pdftotext", ["-raw", "-", "-"], { input: bytes, encoding: "utf8" });
    assert.equal(made.status, 0, made.stderr);
    return made.stdout.replace(/\s/g, "");
};
const AGENTS = [
    { name: "李某", kind: "lawyer", firm: "北京示例律师事务所", post: "律师", authority: "special", powers: ["settle", "appeal"] },
    { name: "周某", kind: "relative", authority: "special" },
];
let server;
let citizen;
let id;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    const draft = await citizen.begin();
    const { parties } = form_fill(draft.acts[0].form, {});
    id = draft.id;
    parties[0].agents = [];
    assert.equal((await citizen.save(id, { cause: "民间借贷纠纷", parties })).status, 200);
});
after(() => server?.stop());

const with_agents = async (agents) => {
    const { parties } = (await citizen.matter(id)).values;
    parties[0].agents = agents;
    assert.equal((await citizen.save(id, { parties })).status, 200);
};

test("without an agent there is none, and a stranger never gets one", async () => {
    refused(await citizen.get(`/matters/${id}/authority.pdf`), 404, "not-found");
    await with_agents(AGENTS);
    refused(await (await login(server, "citizen-2")).get(`/matters/${id}/authority.pdf`), 404, "not-found");
});

test("it names who gives it, to whom, in what case, and each special power by its name", async () => {
    await with_agents(AGENTS);
    const sent = await citizen.get(`/matters/${id}/authority.pdf`);
    assert.equal(sent.headers.get("content-type"), "application/pdf");
    const text = words(sent.bytes);
    assert.ok(text.includes("授权委托书委托人：林晓舟，证件号码：11010519491231002X"), text);
    assert.ok(text.includes("受委托人：李某，北京示例律师事务所，律师"), text);
    assert.ok(text.includes("案由：民间借贷纠纷"), text);
    assert.ok(text.includes("受委托人李某的代理权限：特别授权。除一般授权的事项外，还可以代为进行和解，代为提起上诉。"), text);
    assert.ok(text.includes("受委托人周某的代理权限：一般授权。"), "special without a power named is general");
    assert.ok(text.includes("委托人（签名或者盖章）"), text);
    assert.deepEqual((await citizen.get(`/matters/${id}/authority.pdf`)).bytes, sent.bytes, "the same bytes again");
    const docx = await citizen.get(`/matters/${id}/authority.docx`);
    assert.match(docx.headers.get("content-type"), /wordprocessingml/);
    assert.equal(docx.bytes.subarray(0, 2).toString(), "PK");
});

test("the page of materials leads to it, and a filed matter has none any more", async () => {
    await with_agents(AGENTS);
    const page = await (await visitor(server, "citizen-1")).open(`/matters/${id}/materials`);
    assert.ok(page.html.includes(`/matters/${id}/authority.docx`));
    const filed = await citizen.take(id, "submit");
    assert.equal(filed.status, 200, filed.text);
    refused(await citizen.get(`/matters/${id}/authority.pdf`), 409, "not-a-draft");
});
