// Photographed and scanned pages that become one material: in order, turned, proved, and refused by
// the number of the page.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { filed, login, refused } from "../lib/client.mjs";
import { crc32, jpeg, pdf, png } from "../lib/files.mjs";
import { start, until } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";
import { tus_create, tus_send, tus_upload } from "../lib/tus.mjs";

let server;
let citizen;
let draft;
let folder;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    draft = await citizen.begin();
    folder = mkdtempSync(join(tmpdir(), "tongsu-pages-"));
});
after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
});

const sm3 = (bytes) => createHash("sm3").update(bytes).digest("hex");
const send = (bytes, name) => tus_upload(citizen, bytes, { name });
const joined = (pages, { kind = "evidence", matter = draft.id, ...more } = {}) => citizen.post(`/matters/${matter}/materials?kind=${kind}`, { pages, ...more });
const read = (n, matter = draft.id) => citizen.get(`/matters/${matter}/materials/${n}`);
const material = async (n, matter = draft.id) => (await citizen.matter(matter)).materials.find((one) => one.n === n);
const settled = (n, matter) => until("it is joined", async () => {
    const now = await material(n, matter);
    return now.status === "checking" ? null : now;
}, 60_000);

/** What poppler says of a PDF. */
function about(bytes, tool = "pdfinfo", ...args) {
    const path = join(folder, "a.pdf");
    writeFileSync(path, bytes);
    return execFileSync(tool, [...args, path], { maxBuffer: 1 << 28 });
}
const page_count = (bytes) => Number(/Pages:\s+(\d+)/.exec(about(bytes).toString())[1]);

describe("a few pages", () => {
    const first = jpeg(640, 480, { orientation: 6 });
    const second = png(100, 140);
    const third = jpeg(400, 300);
    let made;

    test("become one PDF at once", async () => {
        const pages = [
            { upload: await send(first, "一.jpg") },
            { upload: await send(second, "二.png"), rotate: 90 },
            { upload: await send(third, "三.jpg"), rotate: 270 },
        ];
        const answer = await joined(pages, { name: "借条" });
        assert.equal(answer.status, 201, answer.text);
        shape.check(shape.material, answer.body);
        made = answer.body;
        assert.deepEqual([made.name, made.type, made.pages, made.kind], ["借条.pdf", "application/pdf", 3, "evidence"]);
        const bytes = (await read(made.n)).bytes;
        assert.equal(sm3(bytes), made.sm3);
        assert.equal(bytes.length, made.size);
        assert.equal(page_count(bytes), 3);
    });

    test("keep the photographs byte by byte, in order", async () => {
        const bytes = (await read(made.n)).bytes;
        const at = bytes.indexOf(first);
        assert.ok(at > 0);
        assert.ok(bytes.indexOf(third, at) > at);
    });

    test("are listed with the hash of every original, under a hash of the list", async () => {
        const answer = await citizen.get(`/matters/${draft.id}/materials/${made.n}/pages`);
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(answer.body.pages, [
            { name: "一.jpg", rotate: 0, size: first.length, sm3: sm3(first) },
            { name: "二.png", rotate: 90, size: second.length, sm3: sm3(second) },
            { name: "三.jpg", rotate: 270, size: third.length, sm3: sm3(third) },
        ]);
        assert.equal(answer.headers.get("etag"), `"${sm3(answer.bytes)}"`);
        const stranger = await login(server, "citizen-2");
        refused(await stranger.get(`/matters/${draft.id}/materials/${made.n}/pages`), 404);
        const plain = (await citizen.upload(draft.id, "evidence", pdf("一份"))).body.n;
        refused(await citizen.get(`/matters/${draft.id}/materials/${plain}/pages`), 404);
    });

    test("are used once", async () => {
        const upload = await send(jpeg(80, 80));
        assert.equal((await joined([{ upload }])).status, 201);
        const again = await joined([{ upload }]);
        refused(again, 422, "pages-unusable");
        assert.match(again.body.errors[0].title, /^第1页没有传到/);
    });
});

describe("a page that cannot be used", () => {
    test("is named by its number, and nothing else is lost", async () => {
        const good = jpeg(200, 100);
        const uploads = [];
        for (const bytes of [good, good, Buffer.from("这不是图片"), good.subarray(0, good.length - 20), pdf("不是图片")]) {
            uploads.push({ upload: await send(bytes) });
        }
        const before_it = (await citizen.matter(draft.id)).materials.length;
        const answer = await joined(uploads);
        refused(answer, 422, "pages-unusable");
        assert.deepEqual(answer.body.errors.map((error) => [error.field, error.code]), [
            ["pages.2", "page-unreadable"],
            ["pages.3", "page-cut-off"],
            ["pages.4", "page-unreadable"],
        ]);
        assert.match(answer.body.errors[0].title, /^第3页不是可以识别的图片/);
        assert.equal((await citizen.matter(draft.id)).materials.length, before_it);
        const rest = await joined(uploads.slice(0, 2));
        assert.equal(rest.status, 201, rest.text);
        assert.equal(rest.body.pages, 2);
    });

    test("is refused when it would unpack to gigabytes", async () => {
        const bomb = png(16, 16);
        bomb.writeUInt32BE(60_000, 16);
        bomb.writeUInt32BE(60_000, 20);
        const huge = jpeg(16, 16);
        const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
        huge.fill(0xff, frame + 5, frame + 9);
        const answer = await joined([{ upload: await send(huge) }, { upload: await send(bomb) }]);
        refused(answer, 422, "pages-unusable");
        assert.deepEqual(answer.body.errors.map((error) => error.field), ["pages.0", "pages.1"]);
        assert.equal(answer.body.errors[0].code, "page-too-large");
    });

    test("is refused when it has not come, is another's, comes twice, or is turned strangely", async () => {
        const whole = await send(jpeg(64, 64));
        const half = await tus_create(citizen, 1000, "半.jpg");
        await tus_send(citizen, half.path, 0, Buffer.alloc(10));
        const other = await login(server, "citizen-2");
        const theirs = await tus_upload(other, jpeg(64, 64));
        const answer = await joined([{ upload: whole }, { upload: half.id }, { upload: theirs }, { upload: whole }, { upload: "nope" }, {}]);
        refused(answer, 422, "pages-unusable");
        assert.deepEqual(answer.body.errors.map((error) => error.code), ["upload-unfinished", "unknown", "repeated", "unknown", "unknown"]);
        for (const rotate of [45, -90, 360, "90", null]) {
            const turned = await joined([{ upload: whole, rotate }]);
            assert.equal(turned.status, rotate === null ? 201 : 422, turned.text);
        }
        for (const pages of [[], "x", {}, Array.from({ length: 501 }, () => ({ upload: "x" }))]) {
            refused(await joined(pages), 422, "fields");
        }
    });

    test("past 20 MB is refused", async () => {
        const answer = await joined([{ upload: await send(jpeg(64, 64, { pad_bytes: 21 * 1024 * 1024 })) }]);
        refused(answer, 422, "pages-unusable");
        assert.equal(answer.body.errors[0].code, "page-too-large");
    });
});

describe("many pages", () => {
    test("three hundred scans are joined behind the answer, and cannot be handed in before", async () => {
        const own = await citizen.begin();
        const scan = jpeg(1240, 1754, { pad_bytes: 120_000 });
        const pages = [];
        for (let n = 0; n < 300; n++) {
            pages.push({ upload: await send(scan, `${n + 1}.jpg`), rotate: (n % 4) * 90 });
        }
        const answer = await joined(pages, { matter: own.id, name: "案卷.pdf" });
        assert.equal(answer.status, 201, answer.text);
        assert.equal(answer.body.status, "checking");
        assert.equal(answer.body.pages, 300);
        const early = await read(answer.body.n, own.id);
        assert.ok(early.status === 200 || early.body.type === "/problems/pages-being-joined", early.text);
        const done = await settled(answer.body.n, own.id);
        assert.equal(done.status, "ready");
        assert.equal(done.type, "application/pdf");
        const bytes = (await read(done.n, own.id)).bytes;
        assert.equal(sm3(bytes), done.sm3);
        assert.equal(page_count(bytes), 300);
        refused(await joined([pages[0]], { matter: own.id }), 422); // used up
    });

    test("of which one unpacks to nonsense are refused by its number, and may be sent without it", async () => {
        const own = await citizen.begin();
        const pages = [];
        for (let n = 0; n < 12; n++) {
            pages.push({ upload: await send(n === 6 ? lying_png() : jpeg(64, 64 + n), `${n + 1}.jpg`) });
        }
        const answer = await joined(pages, { matter: own.id });
        assert.equal(answer.status, 201, answer.text);
        const done = await settled(answer.body.n, own.id);
        assert.equal(done.status, "refused");
        assert.match(done.why, /^第7页不是可以识别的图片/);
        const told = (await citizen.get("/inbox")).body.notices[0];
        assert.match(told.title, /第7页/);
        refused(await read(done.n, own.id), 409, "pages-refused");
        const rest = await joined(pages.filter((page, n) => n !== 6), { matter: own.id });
        assert.equal(rest.status, 201, rest.text);
        assert.equal((await settled(rest.body.n, own.id)).pages, 11);
    });

    test("handed in after the first act are an event with the list, and one with the file", async () => {
        const matter = await filed(citizen);
        const reviewer = await login(server, "reviewer@京0105");
        const asked = await reviewer.take(matter.id, "ask-correction", {
            correction: { items: [{ item: "materials.evidence", reason: "请补交转账记录" }], days: 15 },
        });
        assert.equal(asked.status, 200, asked.text);
        const pages = [];
        for (let n = 0; n < 11; n++) {
            pages.push({ upload: await send(jpeg(64, 80 + n)) });
        }
        const answer = await joined(pages, { matter: matter.id });
        assert.equal(answer.status, 201, answer.text);
        const done = await settled(answer.body.n, matter.id);
        const events = (await citizen.get(`/matters/${matter.id}/events`)).body.events;
        const acts = events.map((event) => event.act);
        assert.ok(acts.includes("attach-material") && acts.includes("join-pages"), acts.join());
        assert.equal(events.find((event) => event.act === "join-pages").actor.kind, "system");
        assert.equal(done.pages, 11);
        const list = await citizen.get(`/matters/${matter.id}/materials/${done.n}/pages`);
        assert.deepEqual(list.body.pages.map((page) => page.sm3), pages.map((page, n) => sm3(jpeg(64, 80 + n))));
    });
});

/** All sums hold, but what is packed is nothing. */
function lying_png() {
    const honest = png(40, 40);
    const at = honest.indexOf("IDAT") + 4;
    const length = honest.readUInt32BE(at - 8);
    honest.fill(7, at, at + length);
    honest.writeUInt32BE(crc32(honest.subarray(at - 4, at + length)), at + length);
    return honest;
}

describe("a form without scripts", () => {
    const form = (files, join_them) => {
        const body = new FormData();
        files.forEach((bytes, n) => body.append("file", new Blob([bytes]), `${n + 1}.jpg`));
        if (join_them) {
            body.append("join", "yes");
        }
        return citizen.api("POST", `/matters/${draft.id}/materials?kind=evidence`, { body });
    };

    test("joins its files when asked to, and else takes each for itself", async () => {
        const files = [jpeg(64, 48), jpeg(48, 64), png(20, 20)];
        const one = await form(files, true);
        assert.equal(one.status, 201, one.text);
        assert.equal(one.body.pages, 3);
        assert.equal(page_count((await read(one.body.n)).bytes), 3);
        const each = await form(files, false);
        assert.equal(each.status, 201, each.text);
        assert.equal(each.body.materials.length, 3);
    });

    test("joins many behind the answer", async () => {
        const answer = await form(Array.from({ length: 15 }, (_, n) => jpeg(64, 50 + n)), true);
        assert.equal(answer.status, 201, answer.text);
        assert.equal((await settled(answer.body.n)).pages, 15);
    });

    test("is told which file is no picture", async () => {
        const answer = await form([jpeg(64, 48), pdf("不是图片")], true);
        refused(answer, 422, "pages-unusable");
        assert.match(answer.body.errors[0].title, /^第2页/);
    });
});
