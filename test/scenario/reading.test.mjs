// Reading a case file at the window of a near court: the court that has it adds the file, the window
// shows it sheet by sheet while the session lasts, with the reader's name and the time across it;
// nobody else gets it, and each sheet that was shown is in the history. Papers bound for printing.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { inflateSync } from "node:zlib";
import { login, nobody, refused } from "../lib/client.mjs";
import { jpeg, pdf } from "../lib/files.mjs";
import { command, start, until } from "../lib/server.mjs";

const exec = promisify(execFile);
const NEAR = "藏0630";
const FAR = "粤0307";

let server;
let people;

before(async () => {
    server = await start();
    people = {};
    for (const post of ["clerk", "judge", "leader"]) {
        people[post] = await login(server, `${post}@${FAR}`);
    }
    people.window = await login(server, `window@${NEAR}`);
    people.applicant = await login(server, "citizen-1");
});
after(() => server?.stop());

async function confirmed() {
    const values = { case: { number: `（2025）${FAR}民初98765号` } };
    const draft = await people.window.begin("cross-domain-reading", FAR, values);
    const request = await people.window.taken(draft.id, "submit", values);
    return people.clerk.taken(request.id, "confirm-standing");
}

/** A session that has begun, over these files. */
async function reading(files) {
    const request = await confirmed();
    for (const [name, bytes] of files) {
        const answer = await people.judge.upload(request.id, "case-file", bytes, name);
        assert.equal(answer.status, 201, answer.text);
    }
    await people.judge.taken(request.id, "grant");
    return people.window.taken(request.id, "start-reading");
}

/** Width, height, and whether all is white. */
function picture_of(png) {
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    const parts = [];
    for (let at = 8; at < png.length; ) {
        const size = png.readUInt32BE(at);
        if (png.toString("latin1", at + 4, at + 8) === "IDAT") {
            parts.push(png.subarray(at + 8, at + 8 + size));
        }
        at += size + 12;
    }
    const rows = inflateSync(Buffer.concat(parts));
    const width = png.readUInt32BE(16);
    const stride = 1 + 3 * width;
    // Under any filter a white sheet is one row of 255 (or its differences), and zeros.
    const busy = Array.from({ length: rows.length / stride }, (_, n) => rows.subarray(n * stride + 4, (n + 1) * stride))
        .filter((row) => row.some((byte) => byte !== 0 && byte !== 255)).length;
    return { width, height: png.readUInt32BE(20), busy };
}

const sheet = (who, id, n, page) => who.get(`/matters/${id}/reading/${n}/${page}`, { accept: "image/png, application/json" });
const shown = async (id) => (await people.window.events(id)).filter((event) => event.act === "show-sheet");

describe("a case file that is read at a near court", () => {
    test("is shown sheet by sheet, marked, and each sheet is recorded once a session", async () => {
        const request = await reading([["正卷一.pdf", pdf("", 0, 3)], ["正卷二.pdf", pdf("证据")]]);
        const view = await people.window.get(`/matters/${request.id}/reading`);
        assert.equal(view.status, 200, view.text);
        assert.deepEqual(view.body.files.map((file) => file.name), ["正卷一.pdf", "正卷二.pdf"]);
        assert.deepEqual([view.body.page_number, view.body.pages, view.body.previous], [1, 3, null]);
        assert.ok(Date.parse(view.body.ends) > Date.now() - 1000);
        const n = view.body.file;
        const first = await sheet(people.window, request.id, n, 1);
        assert.equal(first.status, 200, first.text);
        assert.match(first.headers.get("cache-control"), /no-store/);
        const picture = picture_of(first.bytes);
        assert.equal(picture.width, 1000);
        assert.ok(picture.busy > picture.height / 3, `a blank sheet is marked all over: ${JSON.stringify(picture)}`);
        const records = await shown(request.id);
        assert.equal(records.length, 1);
        assert.match(records[0].title, /第1页/);
        assert.equal(records[0].actor.post, "window");
        assert.equal((await sheet(people.window, request.id, n, 1)).status, 200);
        assert.equal((await shown(request.id)).length, 1, "back and forth in one session is one record");
        assert.equal((await sheet(people.window, request.id, n, 3)).status, 200);
        await people.window.advance("2m");
        const later = await sheet(people.window, request.id, n, 1);
        assert.notDeepEqual(later.bytes, first.bytes, "the time is part of the picture");
        const both = await Promise.all([sheet(people.window, request.id, n, 2), sheet(people.window, request.id, n, 2)]);
        both.forEach((answer) => assert.equal(answer.status, 200, answer.text));
        assert.equal((await shown(request.id)).length, 3);
        for (const page of [0, 4, -1]) {
            assert.ok([404, 422].includes((await sheet(people.window, request.id, n, page)).status), `sheet ${page}`);
        }
        refused(await sheet(people.window, request.id, 99, 1), 404);
        assert.equal((await shown(request.id)).length, 3);
        const page = await people.window.get(`/matters/${request.id}/reading?file=${n}&page=2`, { accept: "text/html" });
        assert.match(page.text, /第2页，共3页/);
        assert.match(page.text, new RegExp(`<img src="/matters/${request.id}/reading/${n}/2"`));
        assert.match((await people.window.get(`/matters/${request.id}`, { accept: "text/html" })).text, /逐页查阅案卷/);
        await people.window.taken(request.id, "end-reading");
        refused(await sheet(people.window, request.id, n, 1), 409, "reading-closed");
        refused(await people.window.get(`/matters/${request.id}/reading`), 409, "reading-closed");
        await people.window.taken(request.id, "start-reading");
        assert.equal((await sheet(people.window, request.id, n, 1)).status, 200);
        assert.equal((await shown(request.id)).length, 4, "another session is another record");
    });

    test("ends with the hours that were granted", async () => {
        const request = await reading([["卷.pdf", pdf("卷")]]);
        const n = (await people.window.get(`/matters/${request.id}/reading`)).body.file;
        await people.window.advance("9h");
        await people.window.login();
        refused(await sheet(people.window, request.id, n, 1), 409, "reading-closed");
        for (const who of Object.values(people)) {
            await who.login();
        }
    });

    test("goes to nobody as a file but its own court", async () => {
        const request = await reading([["卷.pdf", pdf("卷")]]);
        const seen = await people.judge.matter(request.id);
        const file = seen.materials.find((material) => material.kind === "case-file");
        assert.equal((await people.judge.get(`/matters/${request.id}/materials/${file.n}`)).status, 200);
        const others = [people.window, people.applicant, await login(server, "supervisor@粤"), await login(server, `leader@${NEAR}`)];
        for (const who of others) {
            const matter = await who.matter(request.id);
            assert.ok(!matter.materials.some((material) => material.kind === "case-file"), who.name);
            refused(await who.get(`/matters/${request.id}/materials/${file.n}`), 404);
            refused(await who.get(`/matters/${request.id}/materials/${file.n}/pages`), 404);
            const page = await who.get(`/matters/${request.id}`, { accept: "text/html" });
            assert.ok(!page.text.includes("卷.pdf"), who.name);
        }
        for (const who of [people.applicant, people.judge, others[2], others[3], nobody(server), await login(server, "window@藏06")]) {
            assert.ok([401, 403, 404].includes((await sheet(who, request.id, file.n, 1)).status), who.name);
        }
        assert.deepEqual(await shown(request.id), []);
    });

    test("is a PDF that can be shown, or is refused with what to do; a broken one says so", async () => {
        const request = await confirmed();
        assert.equal((await people.judge.upload(request.id, "case-file", jpeg(), "照片.jpg")).status, 201);
        const answer = await people.judge.take(request.id, "grant");
        const problem = refused(answer, 422);
        assert.match(JSON.stringify(problem.errors), /照片.jpg”不是PDF/);
        const [photo] = (await people.judge.matter(request.id)).materials.filter((one) => one.kind === "case-file");
        await people.judge.api("DELETE", `/matters/${request.id}/materials/${photo?.n ?? 2}`);
        const broken = await reading([["坏.pdf", Buffer.from("%PDF-1.4\n%%EOF\n")]]);
        const bad = await people.window.get(`/matters/${broken.id}/reading`);
        refused(bad, 422, "pdf-unreadable");
        assert.equal((await shown(broken.id)).length, 0);
    });

    test("need not be there: then the page says so", async () => {
        const request = await reading([]);
        const page = await people.window.get(`/matters/${request.id}/reading`, { accept: "text/html" });
        assert.equal(page.status, 200);
        assert.match(page.text, /没有上传案卷/);
        assert.ok(!(await people.window.get(`/matters/${request.id}`, { accept: "text/html" })).text.includes("逐页查阅案卷"));
    });
});

describe("all papers of a request", () => {
    test("are one document to be printed, offered when there is an outcome", async () => {
        const values = { "filing-kind": "civil" };
        const draft = await people.window.begin("cross-domain-filing", FAR, values);
        const filing = await people.window.taken(draft.id, "submit", values);
        const page = async () => (await people.window.get(`/matters/${filing.id}`, { accept: "text/html" })).text;
        assert.ok(!/打印全部文书/.test(await page()), "before an outcome there is nothing to give out");
        const reviewer = await login(server, `reviewer@${FAR}`);
        const docketed = await reviewer.taken(filing.id, "docket");
        assert.match(await page(), new RegExp(`/matters/${filing.id}/papers/all"[^>]*>打印全部文书`));
        const bound = await people.window.get(`/matters/${filing.id}/papers/all`, { accept: "application/pdf" });
        assert.equal(bound.status, 200, bound.text.slice(0, 300));
        assert.match(bound.headers.get("content-type"), /application\/pdf/);
        const folder = await mkdtemp(join(tmpdir(), "tongsu-bound-"));
        const pages_of = async (name, bytes) => {
            await writeFile(join(folder, name), bytes);
            const { stdout } = await exec("pdfinfo", [join(folder, name)]);
            return Number(/Pages:\s+(\d+)/.exec(stdout)[1]);
        };
        let sum = 0;
        for (const paper of docketed.papers) {
            const one = await until(`paper ${paper.n}`, async () => {
                const answer = await people.window.get(paper.url, { accept: "application/pdf" });
                return answer.status === 200 ? answer : null;
            });
            sum += await pages_of(`${paper.n}.pdf`, one.bytes);
        }
        assert.equal(await pages_of("all.pdf", bound.bytes), sum);
        const { stdout } = await exec("pdftotext", [join(folder, "all.pdf"), "-"]);
        assert.match(stdout.replace(/\s/g, ""), /受理案件通知书/);
        refused(await (await login(server, "window@藏06")).get(`/matters/${filing.id}/papers/all`), 404);
    });
});

test("all of it proves itself", async () => {
    await server.stop({ keep: true });
    const { code, stdout, stderr } = await command(["verify", ...server.flags]);
    assert.equal(code, 0, `${stdout}${stderr}`);
});
