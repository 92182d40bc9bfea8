// The document checker over HTTP and from the command line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
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
    assert.equal(checks.length, 72);
    assert.equal(new Set(checks.map((one) => one.check)).size, 72);
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
    assert.ok(!page.includes("<script>alert"));
    const empty = await fetch(`${server.url}/tools/proofread`, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
        body: "text=",
    });
    assert.equal(empty.status, 422);
    assert.match(await empty.text(), /请粘贴要检查的文书/);
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
