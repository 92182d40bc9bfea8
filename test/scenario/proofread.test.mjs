// The document checker over HTTP and from the command line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { filed, login } from "../lib/client.mjs";
import { docx, docx_bomb, pdf_lines, png, zip } from "../lib/files.mjs";
import { root, scratch, start } from "../lib/server.mjs";

const BAD = "原告：张某，女，公民身份号码110105194912310021。\n被告：𠮷某，男，住北京市海淀区。\n驳回诉松请求。";
const GOOD = "原告：张某，女，公民身份号码11010519491231002X。\n被告：𠮷某，男，住北京市海淀区。";
let server;

before(async () => {
    server = await start();
});
after(() => server?.stop());

const send = (body, headers = {}) =>
    fetch(`${server.url}/tools/proofread`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
    });

test("findings name check, place, proposal and reason", async () => {
    const answer = await send({ text: BAD });
    const found = await answer.json();
    assert.equal(answer.status, 200);
    assert.deepEqual([found.errors, found.warnings, found.hints], [1, 1, 0]);
    const [identity, slip] = found.findings;
    assert.deepEqual([identity.check, identity.severity, identity.paragraph, identity.from, identity.to],
        ["A02", "error", 1, 14, 32]);
    assert.equal(identity.found, "110105194912310021");
    assert.equal(identity.found, [...BAD.split("\n")[0]].slice(identity.from, identity.to).join(""));
    assert.deepEqual([slip.check, slip.paragraph, slip.found, slip.proposal], ["F10", 3, "诉松", "诉讼"]);
    assert.ok(slip.reason.length > 0 && identity.reason.length > 0);
});

test("a clean text has none, and facts of the file are held against it", async () => {
    assert.equal((await (await send({ text: GOOD })).json()).findings.length, 0);
    const facts = { parties: [{ name: "张某" }, { name: "𠮷某" }, { name: "王某丙" }] };
    const found = await (await send({ text: GOOD, facts })).json();
    assert.deepEqual(found.findings.map((one) => one.check), ["A11"]);
});

test("all checks are listed", async () => {
    const answer = await fetch(`${server.url}/tools/proofread`, { headers: { Accept: "application/json" } });
    const { checks } = await answer.json();
    assert.equal(checks.length, 81);
    assert.equal(new Set(checks.map((one) => one.check)).size, 81);
});

test("what cannot be checked is said", async () => {
    for (const body of [{}, { text: "" }, { text: 5 }, { text: ["a"] }, { text: GOOD, facts: [] }]) {
        const answer = await send(body);
        assert.equal(answer.status, 422, JSON.stringify(body));
        assert.equal((await answer.json()).errors.length, 1);
    }
    const large = await send({ text: "字".repeat(400_000) });
    assert.ok([413, 422].includes(large.status), `${large.status}`);
    assert.equal((await send("{")).status, 400);
});

test("the page marks what was found, and hostile text stays text", async () => {
    const form = new URLSearchParams({ text: `${BAD.replaceAll("\n", "\r\n")}\r\n<script>alert(1)</script>` });
    const answer = await fetch(`${server.url}/tools/proofread`, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
        body: form,
    });
    const page = await answer.text();
    assert.equal(answer.status, 200);
    assert.match(page, /发现2处：应当改正1处，请核对1处/);
    assert.match(page, /<mark class="bad" id="m1"><a href="#r1">110105194912310021/);
    assert.match(page, /→ 诉讼/);
    assert.match(page, /<input type="checkbox" id="w-2" name="mend\[\]" value="2">/);
    assert.ok(!page.includes('value="1"'), "an identity number is nobody's to guess");
    assert.ok(!page.includes("<script>alert"));
    const empty = await fetch(`${server.url}/tools/proofread`, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
        body: "text=",
    });
    assert.equal(empty.status, 422);
    assert.match(await empty.text(), /请粘贴要检查的文书/);
});

test("who is not logged in is told so before a file is chosen, not after it was sent", async () => {
    const guest = await (await fetch(`${server.url}/tools/proofread`, { headers: { Accept: "text/html" } })).text();
    assert.ok(guest.includes('href="/login?back=/tools/proofread"') && !guest.includes('type="file"'));
    assert.ok(guest.includes('name="text"'), "text is checked for everybody");
    const who = await login(server, "citizen-1");
    const mine = (await who.get("/tools/proofread", { accept: "text/html" })).text;
    assert.ok(mine.includes('type="file"') && !mine.includes("请先<a"));
});

test("proposals that are chosen are put in, and what is then left is said", async () => {
    const text = "原告请求撤消合同。\n被告应当双倍返还订金。\n公民身份号码110105194912310021。";
    const first = await (await send({ text })).json();
    assert.deepEqual(first.findings.map((one) => [one.check, one.mendable]), [["F10", true], ["F10", true], ["A02", false]]);
    assert.equal(first.mended, undefined);
    const one = await (await send({ text, mend: [2, 3, 9, 0, -1] })).json();
    assert.equal(one.text, text.replace("订金", "定金"), "of the text, only what was chosen and is of wording");
    assert.deepEqual([one.mended, one.findings.map((left) => left.check)], [1, ["F10", "A02"]]);
    const all = await (await send({ text, mend: [1, 2] })).json();
    assert.deepEqual([all.mended, all.findings.map((left) => left.check)], [2, ["A02"]]);
    assert.equal((await send({ text, mend: "1" })).status, 422);
    const form = new URLSearchParams([["text", text.replaceAll("\n", "\r\n")], ["mend[]", "1"], ["mend[]", "2"]]);
    const page = await fetch(`${server.url}/tools/proofread`, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
        body: form,
    });
    const shown = await page.text();
    assert.equal(page.status, 200);
    assert.match(shown, /已按选择改了2处/);
    assert.match(shown, /<textarea id="f-text"[^>]*>\s*原告请求撤销合同。\n被告应当双倍返还定金。/);
});

const proofread = (...words) =>
    new Promise((resolve) => {
        execFile(join(root, "build/tongsu"), ["proofread", ...words], (error, stdout, stderr) =>
            resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
        );
    });

test("tongsu proofread says the same, and ends with 1 when something must be mended", async () => {
    const dir = scratch("proofread");
    writeFileSync(join(dir, "bad.txt"), BAD);
    writeFileSync(join(dir, "good.txt"), GOOD);
    writeFileSync(join(dir, "bytes.txt"), Buffer.from([0xff, 0xfe, 0x00]));
    writeFileSync(join(dir, "facts.json"), '{"parties":[{"name":"张某"}]}');
    const bad = await proofread(join(dir, "bad.txt"));
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /^1:15: A02 error: 110105194912310021: /);
    assert.match(bad.stdout, /1 errors, 1 warnings, 0 hints\n$/);
    const good = await proofread(join(dir, "good.txt"));
    assert.deepEqual([good.code, good.stdout], [0, "0 errors, 0 warnings, 0 hints\n"]);
    const facts = await proofread(join(dir, "good.txt"), join(dir, "facts.json"), "json");
    assert.deepEqual(JSON.parse(facts.stdout).findings.map((one) => one.check), ["A11"]);
    assert.equal((await proofread(join(dir, "bytes.txt"))).code, 2);
    assert.equal((await proofread(join(dir, "none.txt"))).code, 2);
    assert.equal((await proofread()).code, 2);
});

// --- files ---

const PAGES = [
    ["北京市朝阳区人民法院", "民事判决书", "本院认为，被告未按照合同约定的期限向原告支付全部货款，依法应当承担违约责", "认，原告的请求有事实和法律依据，本院予以支持。"],
    ["原告：张某，女，公民身份号码110105194912310021。"],
];
const WORD = docx("", {
    name: "word/document.xml",
    data: Buffer.from(
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>' +
            "<w:p><w:r><w:t>民事裁定书</w:t></w:r></w:p>" +
            "<w:p><w:r><w:t>驳回原告的诉</w:t></w:r><w:del><w:r><w:delText>讼</w:delText></w:r></w:del><w:r><w:t>松请求。</w:t></w:r></w:p>" +
            "</w:body></w:document>",
    ),
});

const upload = (who, bytes, name) =>
    who.api("POST", "/tools/proofread", {
        body: bytes,
        headers: { "x-filename": encodeURIComponent(name), "content-type": "application/octet-stream" },
    });

test("a PDF is read page by page: a word broken over two lines is whole, a place is page and line", async () => {
    const who = await login(server, "citizen-1");
    const answer = await upload(who, pdf_lines(PAGES), "判决书.pdf");
    assert.equal(answer.status, 200, answer.text);
    const { findings, format } = answer.body;
    assert.equal(format, "pdf");
    assert.deepEqual(
        findings.map((one) => [one.check, one.page, one.line, one.found, one.place]),
        [
            ["F10", 1, 3, "违约责认", "第1页第3行"],
            ["A02", 2, 1, "110105194912310021", "第2页第1行"],
        ],
    );
});

test("a Word file is read paragraph by paragraph, without what was struck out", async () => {
    const who = await login(server, "citizen-1");
    const answer = await upload(who, WORD, "裁定书.docx");
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.text, "民事裁定书\n驳回原告的诉松请求。");
    assert.deepEqual(answer.body.findings.map((one) => [one.check, one.place, one.found]), [["F10", "第2段", "诉松"]]);
});

test("the papers of a case that was filed and docketed here have no findings", async () => {
    const who = await login(server, "citizen-2");
    const reviewer = await login(server, "reviewer@京0105");
    const { id } = await filed(who);
    await reviewer.taken(id, "docket");
    const { papers } = (await who.get(`/matters/${id}`)).body;
    assert.ok(papers.length >= 5, `${papers.length} papers`);
    for (const paper of papers) {
        const pdf = await fetch(`${server.url}/matters/${id}/papers/${paper.n}`, {
            headers: { Authorization: `Bearer ${who.token}`, Accept: "application/pdf" },
        });
        assert.equal(pdf.status, 200, paper.kind);
        const answer = await upload(who, Buffer.from(await pdf.arrayBuffer()), `${paper.kind}.pdf`);
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body.findings.map((one) => [one.check, one.found, one.reason]), [], paper.kind);
    }
});

test("what cannot be read is said: empty, locked, broken, pictures only, old, a bomb, too large", async () => {
    const who = await login(server, "citizen-1");
    const entity = '<!DOCTYPE a [<!ENTITY b "bb">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>';
    for (const [name, bytes, code, status] of [
        ["空.pdf", Buffer.alloc(0), "document-empty", 422],
        ["密.pdf", pdf_lines([["一"]], { locked: true }), "document-encrypted", 422],
        ["坏.pdf", Buffer.from("%PDF-1.4\nnothing"), "document-unreadable", 422],
        ["扫描.pdf", pdf_lines([[], []]), "document-no-text", 422],
        ["图.png", png(), "document-old", 422],
        ["旧.doc", Buffer.from("d0cf11e0a1b11ae1", "hex"), "document-old", 422],
        ["表.zip", zip([{ name: "a.txt", data: Buffer.from("a") }]), "document-old", 422],
        ["半.docx", WORD.subarray(0, 200), "document-unreadable", 422],
        ["实体.docx", docx("", { name: "word/document.xml", data: Buffer.from(entity) }), "document-unreadable", 422],
        ["炸弹.docx", docx_bomb(), "document-too-long", 413],
        ["字节.txt", Buffer.from([0xff, 0xfe, 0x00, 0x41]), "document-unreadable", 422],
        ["长.txt", Buffer.alloc(5 << 20, "a"), "document-too-long", 413],
    ]) {
        const begun = performance.now();
        const answer = await upload(who, bytes, name);
        assert.equal(answer.status, status, `${name}: ${answer.text}`);
        assert.match(answer.body.type, new RegExp(`${code}$`), name);
        assert.ok(performance.now() - begun < 20000, `${name} took long`);
    }
    const large = await upload(who, Buffer.alloc(50 << 20, "a"), "大.txt").catch(() => ({ status: 413 }));
    assert.equal(large.status, 413);
    assert.equal((await upload(who, WORD, "裁定书.docx")).status, 200, "it goes on afterwards");
});

test("a file is looked at for people who are logged in", async () => {
    const answer = await fetch(`${server.url}/tools/proofread`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream", "X-Filename": "a.docx", Accept: "application/json" },
        body: WORD,
    });
    assert.equal(answer.status, 401);
});

test("the page takes a file and shows where in it each finding stands", async () => {
    const who = await login(server, "citizen-1");
    const form = new FormData();
    form.set("file", new Blob([pdf_lines(PAGES)]), "判决书.pdf");
    const answer = await fetch(`${server.url}/tools/proofread`, {
        method: "POST",
        headers: { Authorization: `Bearer ${who.token}`, Accept: "text/html" },
        body: form,
    });
    const page = await answer.text();
    assert.equal(answer.status, 200, page);
    assert.match(page, /判决书\.pdf：发现2处/);
    assert.match(page, /F10，第1页第3行/);
    assert.match(page, /<mark class="bad" id="m2"><a href="#r2">110105194912310021/);
});

test("tongsu proofread reads PDF and Word, and tells apart a refusal from a finding", async () => {
    const dir = scratch("proofread-files");
    const said = async (name, bytes) => {
        writeFileSync(join(dir, name), bytes);
        return proofread(join(dir, name));
    };
    const pdf = await said("a.pdf", pdf_lines(PAGES));
    assert.equal(pdf.code, 1);
    assert.match(pdf.stdout, /^page 1 line 3: F10 warning: 违约责认 -> 违约责任/m);
    assert.match(pdf.stdout, /^page 2 line 1: A02 error/m);
    assert.match((await said("a.docx", WORD)).stdout, /^paragraph 2: F10 warning: 诉松 -> 诉讼/m);
    const locked = await said("locked.pdf", pdf_lines([["一"]], { locked: true }));
    assert.deepEqual([locked.code, locked.stdout], [2, ""]);
    assert.match(locked.stderr, /document-encrypted/);
    assert.equal((await said("large.txt", Buffer.alloc(50 << 20, "a"))).code, 2);
});
