// Materials: three ways to bring a file, what is taken, what is refused, and how it is read again.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { filed, login, nobody, refused } from "../lib/client.mjs";
import { docx, docx_bomb, eicar, executable, pdf, png, zip } from "../lib/files.mjs";
import { raw_send } from "../lib/raw.mjs";
import { start, until } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";
import { sql } from "../lib/sql.mjs";
import { tus_create, tus_offset, tus_send, tus_upload } from "../lib/tus.mjs";

const LIMIT = 200 * 1024 * 1024;
let server;
let citizen;
let draft;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    draft = await citizen.begin();
});
after(() => server?.stop());

const sm3 = (bytes) => createHash("sm3").update(bytes).digest("hex");
const use = (upload, kind = "evidence", more = {}) => citizen.post(`/matters/${draft.id}/materials?kind=${kind}`, { upload, ...more });

describe("ways in", () => {
    test("raw bytes", async () => {
        const bytes = pdf("直接上传");
        const answer = await citizen.upload(draft.id, "evidence", bytes, "借条.pdf");
        assert.equal(answer.status, 201, answer.text);
        shape.check(shape.material, answer.body);
        assert.equal(answer.body.sm3, sm3(bytes));
        assert.equal(answer.body.size, bytes.length);
    });

    test("multipart, as a page sends it", async () => {
        const bytes = png(32, 32);
        const form = new FormData();
        form.append("file", new Blob([bytes], { type: "image/png" }), "转账截图.png");
        const answer = await citizen.api("POST", `/matters/${draft.id}/materials?kind=evidence`, { body: form });
        assert.equal(answer.status, 201, answer.text);
        assert.deepEqual([answer.body.name, answer.body.type, answer.body.sm3], ["转账截图.png", "image/png", sm3(bytes)]);
    });

    test("a resumable upload in three pieces", async () => {
        const bytes = pdf("分片", 300_000);
        const upload = await tus_upload(citizen, bytes, { name: "录音转写.pdf", piece: 110_000 });
        const answer = await use(upload);
        assert.equal(answer.status, 201, answer.text);
        assert.deepEqual([answer.body.name, answer.body.size, answer.body.sm3], ["录音转写.pdf", bytes.length, sm3(bytes)]);
    });

    test("an upload is used once, and by its owner only", async () => {
        const bytes = pdf("一次");
        const upload = await tus_upload(citizen, bytes);
        const other = await login(server, "citizen-2");
        const theirs = await other.begin();
        refused(await other.post(`/matters/${theirs.id}/materials?kind=evidence`, { upload }), 404);
        assert.equal((await use(upload)).status, 201);
        const again = await use(upload);
        assert.ok([404, 409, 422].includes(again.status), again.text);
    });
});

describe("a resumable upload", () => {
    test("says what it can", async () => {
        const answer = await citizen.api("OPTIONS", "/uploads", { headers: { "tus-resumable": "1.0.0" } });
        assert.ok([200, 204].includes(answer.status), answer.text);
        assert.match(answer.headers.get("tus-version"), /1\.0\.0/);
        assert.equal(Number(answer.headers.get("tus-max-size")), LIMIT);
        assert.match(answer.headers.get("tus-extension"), /creation/);
    });

    test("is cut off, asked for its offset, and resumed", async () => {
        const bytes = pdf("断点", 400_000);
        const made = await tus_create(citizen, bytes.length, "断.pdf");
        assert.equal(made.status, 201, made.text);
        assert.equal(made.headers.get("tus-resumable"), "1.0.0");
        assert.equal(await tus_offset(citizen, made.path), 0);
        // Half of the announced piece arrives, then the line breaks.
        const head = [
            `PATCH ${made.path} HTTP/1.1`,
            `Host: 127.0.0.1:${server.port}`,
            `Authorization: Bearer ${citizen.token}`,
            "Tus-Resumable: 1.0.0",
            "Upload-Offset: 0",
            "Content-Type: application/offset+octet-stream",
            `Content-Length: ${bytes.length}`,
        ].join("\r\n");
        await raw_send(server, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes.subarray(0, 150_000)]), { wait_ms: 500, end: true });
        const offset = await until("the offset is known", async () => (await tus_offset(citizen, made.path)) || null, 3000);
        assert.ok(offset > 0 && offset <= 150_000, `${offset}`);
        const rest = await tus_send(citizen, made.path, offset, bytes.subarray(offset));
        assert.equal(rest.status, 204, rest.text);
        assert.equal(Number(rest.headers.get("upload-offset")), bytes.length);
        const answer = await use(made.id);
        assert.equal(answer.status, 201, answer.text);
        assert.equal(answer.body.sm3, sm3(bytes), "no byte lost or doubled");
    });

    test("refuses a wrong offset, a wrong type, more than announced, and an unfinished use", async () => {
        const bytes = pdf("错位");
        const made = await tus_create(citizen, bytes.length, "错.pdf");
        assert.equal((await tus_send(citizen, made.path, 5, bytes.subarray(5))).status, 409);
        assert.equal((await tus_send(citizen, made.path, 0, bytes, { "content-type": "text/plain" })).status, 415);
        const part = await tus_send(citizen, made.path, 0, bytes.subarray(0, 10));
        assert.equal(part.status, 204);
        const early = await use(made.id);
        assert.ok([409, 422].includes(early.status), early.text);
        const more = await tus_send(citizen, made.path, 10, Buffer.concat([bytes.subarray(10), Buffer.from("more")]));
        assert.ok([400, 413, 422].includes(more.status), `${more.status}`);
    });

    test("is nobody else's, not even to be seen", async () => {
        const made = await tus_create(citizen, 10, "a.pdf");
        const other = await login(server, "citizen-2");
        assert.equal((await other.api("HEAD", made.path, { headers: { "tus-resumable": "1.0.0" } })).status, 404);
        assert.equal((await tus_send(other, made.path, 0, Buffer.from("x"))).status, 404);
        assert.equal((await tus_create(nobody(server), 10)).status, 401);
    });

    test("past the limit is refused before a byte is sent", async () => {
        assert.equal((await tus_create(citizen, LIMIT + 1)).status, 413);
        assert.equal((await tus_create(citizen, LIMIT)).status, 201);
        for (const bad of ["-1", "abc", "1e9", ""]) {
            const answer = await tus_create(citizen, bad);
            assert.ok([400, 413].includes(answer.status), `length ${bad}: ${answer.status}`);
        }
    });

    test("of another version of the protocol is told which one is spoken", async () => {
        const answer = await tus_create(citizen, 10, "a.pdf", { "tus-resumable": "0.2.2" });
        assert.equal(answer.status, 412);
        assert.match(answer.headers.get("tus-version"), /1\.0\.0/);
    });
});

describe("what is taken and refused", () => {
    test("PDF, PNG and DOCX by what they are", async () => {
        const kinds = [
            [pdf("一"), "一.bin", "application/pdf"],
            [png(), "二", "image/png"],
            [docx(), "三.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
        ];
        for (const [bytes, name, type] of kinds) {
            const answer = await citizen.upload(draft.id, "evidence", bytes, name);
            assert.equal(answer.status, 201, `${name}: ${answer.text}`);
            assert.equal(answer.body.type, type);
        }
    });

    test("an executable, a script, a web page and an archive are not, whatever they are called", async () => {
        const bad = [
            executable(),
            Buffer.from("#!/bin/sh\nrm -rf /\n"),
            Buffer.from("<!doctype html><html><script>alert(1)</script></html>"),
            Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
            zip([{ name: "a.exe", data: executable() }]),
            Buffer.from("MZ" + "\0".repeat(500)),
        ];
        for (const bytes of bad) {
            refused(await citizen.upload(draft.id, "evidence", bytes, "合同.pdf"), 415, "file-type");
        }
    });

    test("an empty file is refused", async () => {
        const answer = await citizen.upload(draft.id, "evidence", Buffer.alloc(0), "空.pdf");
        assert.ok([400, 415, 422].includes(answer.status), answer.text);
        shape.check(shape.problem, answer.body);
    });

    test("a bomb of blanks does not blow up the program", async () => {
        const before = (await citizen.matter(draft.id)).materials.length;
        const bytes = docx_bomb();
        assert.ok(bytes.length < 2_000_000);
        const answer = await citizen.upload(draft.id, "evidence", bytes, "大.docx");
        assert.ok([201, 413, 415, 422].includes(answer.status), answer.text);
        assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
        const after_all = (await citizen.matter(draft.id)).materials.length;
        assert.equal(after_all, before + (answer.status === 201 ? 1 : 0));
    });

    test("more than 200 MB is refused by its announcement", async () => {
        const head = [
            `POST /matters/${draft.id}/materials?kind=evidence HTTP/1.1`,
            `Host: 127.0.0.1:${server.port}`,
            `Authorization: Bearer ${citizen.token}`,
            "Accept: application/json",
            "X-Filename: a.pdf",
            "Content-Type: application/octet-stream",
            `Content-Length: ${LIMIT + 1}`,
        ].join("\r\n");
        const answer = await raw_send(server, `${head}\r\n\r\n%PDF-1.4`, { wait_ms: 3000 });
        assert.equal(answer.statuses[0], 413, answer.text.slice(0, 200));
    });

    test("a kind that the act does not ask for is refused", async () => {
        refused(await citizen.upload(draft.id, "no-such-kind"), 422);
    });

    test("one complaint is enough: a second is refused or replaces nothing silently", async () => {
        const own = await citizen.begin();
        assert.equal((await citizen.upload(own.id, "complaint", pdf("一"))).status, 201);
        const second = await citizen.upload(own.id, "complaint", pdf("二"));
        assert.ok([201, 409, 422].includes(second.status), second.text);
        if (second.status === 201) {
            const answer = await citizen.act(own.id, "submit", {}, { accept_warnings: true });
            assert.ok(answer.body.errors.some((error) => error.field === "materials.complaint"), "two complaints are told");
        }
    });
});

describe("names of files", () => {
    test("lose their paths and never leave the data directory", async () => {
        for (const name of ["../../../etc/passwd.pdf", "C:\\Users\\a\\借条.pdf", "/root/借条.pdf", "..pdf", "a/../../b.pdf"]) {
            const answer = await citizen.upload(draft.id, "evidence", pdf(name), name);
            if (answer.status === 201) {
                assert.doesNotMatch(answer.body.name, /[/\\]/, name);
                assert.notEqual(answer.body.name, "..");
            } else {
                refused(answer, 422);
            }
        }
    });

    test("with control characters are cleaned or refused, and never break a header", async () => {
        for (const name of ["a\r\nX-Injected: 1.pdf", "a\u0000.pdf", "a\u001b[31m.pdf", "借\u202e条fdp.exe"]) {
            const answer = await citizen.upload(draft.id, "evidence", pdf(name), name);
            if (answer.status === 201) {
                assert.doesNotMatch(answer.body.name, /[\u0000-\u001f\u007f\u202a-\u202e]/, JSON.stringify(name));
                const read = await citizen.get(`/matters/${draft.id}/materials/${answer.body.n}`);
                assert.equal(read.headers.get("x-injected"), null);
            } else {
                assert.ok([400, 422].includes(answer.status), answer.text);
            }
        }
    });

    test("of rare characters and of 255 characters come back in the download", async () => {
        const answer = await citizen.upload(draft.id, "evidence", pdf("𠮷"), "𠮷某的借条.pdf");
        assert.equal(answer.status, 201, answer.text);
        const read = await citizen.get(`/matters/${draft.id}/materials/${answer.body.n}`);
        assert.ok(read.headers.get("content-disposition").includes(encodeURIComponent("𠮷某的借条.pdf")), read.headers.get("content-disposition"));
        const long = await citizen.upload(draft.id, "evidence", pdf("长"), `${"长".repeat(300)}.pdf`);
        assert.ok([201, 422].includes(long.status), long.text);
    });

    test("that cannot be decoded are refused", async () => {
        const answer = await citizen.api("POST", `/matters/${draft.id}/materials?kind=evidence`, {
            body: pdf("x"),
            headers: { "x-filename": "%ff%fe%", "content-type": "application/octet-stream" },
        });
        assert.ok([201, 400, 422].includes(answer.status), answer.text);
        if (answer.status === 201) {
            assert.doesNotMatch(answer.body.name, /\ufffd/);
        }
    });
});

describe("reading again", () => {
    let n;
    let bytes;
    let path;

    before(async () => {
        bytes = pdf("范围", 100_000);
        n = (await citizen.upload(draft.id, "evidence", bytes, "范围.pdf")).body.n;
        path = `/matters/${draft.id}/materials/${n}`;
    });

    test("gives the bytes, their type, and nothing that a browser would run", async () => {
        const answer = await citizen.get(path);
        assert.equal(answer.status, 200);
        assert.equal(sm3(answer.bytes), sm3(bytes));
        assert.equal(answer.headers.get("content-type"), "application/pdf");
        assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
        assert.match(answer.headers.get("content-security-policy") ?? "", /sandbox|default-src 'none'|script-src|default-src 'self'/);
        assert.equal(answer.headers.get("accept-ranges"), "bytes");
    });

    test("gives ranges: the head, the middle, the tail", async () => {
        const ranges = [
            ["bytes=0-99", 0, 100],
            ["bytes=500-999", 500, 1000],
            ["bytes=-50", bytes.length - 50, bytes.length],
            [`bytes=${bytes.length - 10}-`, bytes.length - 10, bytes.length],
            ["bytes=100-99999999", 100, bytes.length],
        ];
        for (const [range, from, to] of ranges) {
            const answer = await citizen.get(path, { headers: { range } });
            assert.equal(answer.status, 206, range);
            assert.equal(answer.headers.get("content-range"), `bytes ${from}-${to - 1}/${bytes.length}`);
            assert.equal(sm3(answer.bytes), sm3(bytes.subarray(from, to)), range);
        }
    });

    test("refuses a range past the end, and overlooks what is no range", async () => {
        const past = await citizen.get(path, { headers: { range: `bytes=${bytes.length}-` } });
        assert.equal(past.status, 416);
        assert.equal(past.headers.get("content-range"), `bytes */${bytes.length}`);
        for (const range of ["lines=1-2", "bytes=x-y", "bytes=5-1"]) {
            const answer = await citizen.get(path, { headers: { range } });
            assert.ok([200, 416].includes(answer.status), `${range}: ${answer.status}`);
        }
    });

    test("is for those who may see the matter", async () => {
        const matter = await filed(citizen);
        const reviewer = await login(server, "reviewer@京0105");
        const first = `/matters/${matter.id}/materials/${matter.materials[0].n}`;
        assert.equal((await reviewer.get(first)).status, 200);
        for (const name of ["citizen-9", "reviewer@京0106", "admin@京0105"]) {
            refused(await (await login(server, name)).get(first), 404, "not-found");
        }
        refused(await nobody(server).get(first), 401);
    });

    test("of a number that is none is not found", async () => {
        for (const bad of ["0", "999", "-1", "x", "1.5", "99999999999999999999"]) {
            const answer = await citizen.get(`/matters/${draft.id}/materials/${bad}`);
            assert.ok([400, 404].includes(answer.status), `${bad}: ${answer.status}`);
        }
    });
});

describe("taking back", () => {
    test("in a draft it is gone", async () => {
        const n = (await citizen.upload(draft.id, "evidence", pdf("撤"))).body.n;
        const gone = await citizen.api("DELETE", `/matters/${draft.id}/materials/${n}`);
        assert.ok([200, 204].includes(gone.status), gone.text);
        refused(await citizen.get(`/matters/${draft.id}/materials/${n}`), 404);
        refused(await citizen.api("DELETE", `/matters/${draft.id}/materials/${n}`), 404);
    });

    test("after submission it stays", async () => {
        const matter = await filed(citizen);
        const n = matter.materials[0].n;
        const answer = await citizen.api("DELETE", `/matters/${matter.id}/materials/${n}`);
        assert.ok([403, 409].includes(answer.status), answer.text);
        assert.equal((await citizen.get(`/matters/${matter.id}/materials/${n}`)).status, 200);
    });

    test("a material added under review waits for the act that hands it in", async () => {
        const matter = await filed(citizen);
        const answer = await citizen.upload(matter.id, "evidence", pdf("后补"));
        assert.ok([201, 403, 409].includes(answer.status), answer.text);
        const events = await citizen.events(matter.id);
        if (answer.status === 201) {
            assert.ok(events.length >= 1);
        } else {
            assert.equal(events.length, 1);
        }
    });
});

describe("a PDF that acts by itself", () => {
    const kinds = [
        ["/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> ", "script", /会自动运行的脚本/],
        ["/OpenAction << /S /L#61unch /F (calc.exe) >> ", "launch", /会启动其他程序的链接/],
        ["/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a.exe) /EF << /F 4 0 R >> >>] >> >> ", "files", /夹带的其他文件/],
    ];

    test("is taken, and marked for who sent it", async () => {
        const draft = await citizen.begin();
        for (const [catalogue, active, words] of kinds) {
            const answer = await citizen.upload(draft.id, "evidence", pdf(`证据 ${active}`, 0, 1, catalogue), `${active}.pdf`);
            assert.equal(answer.status, 201, answer.text);
            assert.equal(answer.body.active, active);
            assert.match(answer.body.warning, words);
            assert.match(answer.body.warning, /^已经收下/);
            assert.equal(answer.body.pages, 1, "its pages are counted as before");
        }
        const plain = await citizen.upload(draft.id, "evidence", pdf("没有脚本 /Launch /JS"), "plain.pdf");
        assert.equal(plain.status, 201);
        assert.equal(plain.body.active, undefined, "words on a page are no actions");
        const page = await citizen.get(`/matters/${draft.id}/materials`, { accept: "text/html" });
        assert.equal(page.text.match(/<small class="warn">已经收下/g).length, kinds.length);
        const others = await citizen.matter(draft.id);
        assert.deepEqual(others.materials.map((one) => one.active).filter(Boolean).sort(), ["files", "launch", "script"], "kept with the matter");
        assert.equal(await sql(server.database, `SELECT COUNT(*) FROM material WHERE matter = ${draft.id} AND active <> ''`), "3");
    });
});

describe("scanning", () => {
    test("without a scanner, the material is marked unscanned to staff", async () => {
        const matter = await filed(citizen);
        const reviewer = await login(server, "reviewer@京0105");
        const seen = (await reviewer.matter(matter.id)).materials;
        assert.ok(seen.every((material) => material.status === "unscanned"), seen.map((material) => material.status).join());
    });

    test("the signature of the test virus is not hidden by a name", async () => {
        // Without a scanner it is refused for what it is: no document.
        refused(await citizen.upload(draft.id, "evidence", eicar(), "合同.pdf"), 415, "file-type");
    });
});
