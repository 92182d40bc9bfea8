// Evidence as numbered items with page numbers that run through all of them: arranged by the filer,
// listed by itself, bound with its numbers, and put in another order by the court without an upload.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { login, refused } from "../lib/client.mjs";
import { jpeg, page_askew, pdf_lines, png } from "../lib/files.mjs";
import { start, until } from "../lib/server.mjs";
import { sql } from "../lib/sql.mjs";
import { tus_upload } from "../lib/tus.mjs";

let server;
let citizen;
let reviewer;
let folder;

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
    folder = mkdtempSync(join(tmpdir(), "tongsu-evidence-"));
});
after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
});

const sm3 = (bytes) => createHash("sm3").update(bytes).digest("hex");
const evidence = async (id, who = citizen) => {
    const answer = await who.get(`/matters/${id}/evidence`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
};
const arrange = (id, body, who = citizen) => who.post(`/matters/${id}/evidence`, body);
const arranged = async (id, body, who) => {
    const answer = await arrange(id, body, who);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
};
/** "借条:1-2" */
const shape = ({ items, apart }) =>
    [...items.map((item) => `${item.name}:${item.pages.map((page) => `${page.material}.${page.page}`).join(" ")}`), ...apart.map((page) => `-${page.material}.${page.page}`)].join("|");

async function joined(id, pictures, name) {
    const pages = [];
    for (const [n, bytes] of pictures.entries()) {
        pages.push({ upload: await tus_upload(citizen, bytes, { name: `${name}${n + 1}.jpg` }) });
    }
    const answer = await citizen.post(`/matters/${id}/materials?kind=evidence`, { pages, name });
    assert.equal(answer.status, 201, answer.text);
    return until("it is joined", async () => {
        const now = (await citizen.matter(id)).materials.find((one) => one.n === answer.body.n);
        return now.status === "checking" ? null : now;
    }, 60_000);
}

/** A second of silence. */
function wav() {
    const head = Buffer.alloc(44);
    head.write("RIFF", 0);
    head.writeUInt32LE(8036, 4);
    head.write("WAVEfmt ", 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt32LE(8000, 24);
    head.writeUInt32LE(8000, 28);
    head.writeUInt16LE(1, 32);
    head.writeUInt16LE(8, 34);
    head.write("data", 36);
    head.writeUInt32LE(8000, 40);
    return Buffer.concat([head, Buffer.alloc(8000, 128)]);
}

/** A draft with two joined files (3 and 2 pages), one picture and a recording. */
async function draft_made() {
    const draft = await citizen.begin();
    const loan = await joined(draft.id, [jpeg(300, 400), jpeg(400, 300, { orientation: 6 }), jpeg(310, 400)], "借条");
    const talk = await joined(draft.id, [jpeg(320, 400), jpeg(330, 400)], "聊天记录");
    const picture = (await citizen.upload(draft.id, "evidence", jpeg(340, 400), "转账.jpg")).body;
    const sound = (await citizen.upload(draft.id, "evidence", wav(), "录音.wav")).body;
    return { id: draft.id, loan: loan.n, talk: talk.n, picture: picture.n, sound: sound.n };
}

function pdf_tool(bytes, tool, ...args) {
    const path = join(folder, `${randomUUID()}.pdf`);
    writeFileSync(path, bytes);
    return execFileSync(tool, [...args.slice(0, -1), path, ...args.slice(-1)].filter((one) => one !== ""), { maxBuffer: 1 << 28 }).toString();
}
const text_of = (bytes) => pdf_tool(bytes, "pdftotext", "-layout", "-").split("\f").map((page) => page.replace(/\s+/g, " ").trim()).filter(Boolean);

describe("in a draft", () => {
    let m;
    before(async () => {
        m = await draft_made();
    });

    test("what nobody arranged is a list already", async () => {
        const seen = await evidence(m.id);
        assert.equal(shape(seen), `借条:${m.loan}.1 ${m.loan}.2 ${m.loan}.3|聊天记录:${m.talk}.1 ${m.talk}.2|转账:${m.picture}.1|录音:${m.sound}.0`);
        assert.deepEqual(seen.items.map((item) => [item.from, item.to]), [[1, 3], [4, 5], [6, 6], [null, null]]);
        assert.equal(seen.total, 6);
        assert.equal(seen.act, "submit");
        const pages = (await citizen.get(`/matters/${m.id}/materials/${m.loan}/pages`)).body.pages;
        assert.deepEqual(seen.items[0].pages.map((page) => page.sm3), pages.map((page) => page.sm3));
        assert.equal(seen.items[2].pages[0].sm3, sm3(jpeg(340, 400)));
    });

    test("pages go into items of other files, numbers follow", async () => {
        await arranged(m.id, {
            items: [
                { name: "借条和录音", purpose: "证明借款", source: "被告", form: "original", pages: [{ material: m.loan, from: 2, to: 3 }, { material: m.sound }] },
                { name: "聊天", pages: [{ material: m.talk }, { material: m.loan, from: 1, to: 1, turn: 90 }] },
                { name: "转账", pages: [{ material: m.picture }] },
            ],
        });
        const seen = await evidence(m.id);
        assert.equal(shape(seen), `借条和录音:${m.loan}.2 ${m.loan}.3 ${m.sound}.0|聊天:${m.talk}.1 ${m.talk}.2 ${m.loan}.1|转账:${m.picture}.1`);
        assert.deepEqual(seen.items.map((item) => item.pages.map((page) => page.number)), [[1, 2, null], [3, 4, 5], [6]]);
        assert.deepEqual(seen.items[1].pages.map((page) => page.in_item), [1, 2, 3]);
        assert.equal(seen.items[0].form_title, "原件");
        assert.equal(seen.items[1].pages[2].turn, 90);
    });

    test("a step at a time, as a page without scripts does it", async () => {
        const form = (fields) => citizen.api("POST", `/matters/${m.id}/evidence`, {
            body: new URLSearchParams(fields).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
        let seen = (await evidence(m.id)).seen;
        const up = await form([["do", `up:${m.loan}.3`], ["seen", seen], ["items.0.name", "借条"], ["items.0.purpose", "证明借款四万元"], ["items.1.name", "聊天记录"]]);
        assert.equal(up.status, 200, up.text);
        let now = await evidence(m.id);
        assert.equal(shape(now).split("|")[0], `借条:${m.loan}.3 ${m.loan}.2 ${m.sound}.0`);
        assert.equal(now.items[0].purpose, "证明借款四万元");
        const move = await form([["do", "move"], ["to", "new"], ["pick", `${m.loan}.2`], ["pick", `${m.talk}.1`], ["items.0.name", "借条"]]);
        assert.equal(move.status, 200, move.text);
        now = await evidence(m.id);
        assert.equal(now.items.length, 4);
        assert.deepEqual(now.items[3].pages.map((page) => `${page.material}.${page.page}`), [`${m.loan}.2`, `${m.talk}.1`]);
        const out = await form([["do", "move"], ["to", "apart"], ["pick", `${m.picture}.1`]]);
        assert.equal(out.status, 200, out.text);
        now = await evidence(m.id);
        assert.deepEqual(now.apart.map((page) => page.material), [m.picture]);
        assert.equal(now.total, 5);
        const back = await form([["do", "move"], ["to", "3"], ["pick", `${m.picture}.1`]]);
        assert.equal(back.status, 200, back.text);
        assert.deepEqual((await evidence(m.id)).apart, []);
        refused(await form([["do", "take:9"]]), 422, "fields");
        refused(await form([["do", "nonsense"]]), 422, "fields");
    });

    test("two devices never mix two orders", async () => {
        const first = await evidence(m.id);
        const other = await arranged(m.id, { seen: first.seen, do: `turn:${m.loan}.2` });
        assert.notEqual(other.seen, first.seen);
        const late = await arrange(m.id, { seen: first.seen, do: `up:${m.loan}.2` });
        refused(late, 409, "conflict");
        assert.equal((await evidence(m.id)).seen, other.seen);
        const both = await Promise.all([1, 2, 3, 4].map(() => arrange(m.id, { seen: other.seen, do: `turn:${m.loan}.2` })));
        assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409, 409, 409]);
    });

    test("what cannot be meant is refused, and nothing changes", async () => {
        const first = await evidence(m.id);
        const identity = (await citizen.upload(m.id, "identity")).body.n;
        for (const [pages, code] of [
            [[{ material: 999 }], "unknown"],
            [[{ material: identity }], "unknown"],
            [[{ material: m.loan, from: 2, to: 9 }], "range"],
            [[{ material: m.loan, from: 0, to: 1 }], "range"],
            [[{ material: m.loan, turn: 30 }], "range"],
            [[{ material: m.loan, tilt: 1501 }], "range"],
            [[{ material: m.loan }, { material: m.loan, from: 1, to: 1 }], "repeated"],
        ]) {
            const answer = await arrange(m.id, { items: [{ name: "证", pages }] });
            refused(answer, 422, "fields");
            assert.equal(answer.body.errors[0].code, code, answer.text);
        }
        assert.equal((await evidence(m.id)).seen, first.seen);
        // Saved past this address it is refused when it is handed in.
        const wrong = await citizen.save(m.id, { "evidence-list": { items: [{ name: "证", pages: [{ material: 999 }] }] } });
        assert.equal(wrong.status, 200, wrong.text);
        const handed = await citizen.take(m.id, "submit", { "evidence-list": { items: [{ name: "证", pages: [{ material: 999 }] }] } });
        refused(handed, 422, "fields");
        assert.ok(handed.body.errors.some((error) => error.field === "evidence-list.items.0.pages.0" && error.code === "evidence-holds"), handed.text);
    });

    test("an odd order that is typed into the draft is told at its place", async () => {
        const odd = [
            { items: [{ name: "不存在的材料", pages: [{ material: 999, from: 1, to: 1 }] }] },
            { items: [{ name: "颠倒", pages: [{ material: m.loan, from: 3, to: 1 }] }] },
            { items: [{ name: "没有这些页", pages: [{ material: m.loan, from: 1, to: 5000 }] }] },
            { items: [{ name: "斜放", pages: [{ material: m.loan, from: 1, to: 1, turn: 45 }] }] },
            { items: [{ name: "两次", pages: [{ material: m.loan }, { material: m.loan }] }] },
            { items: [], apart: [{ material: m.loan, from: 3, to: 1 }] },
        ];
        for (const list of odd) {
            const saved = await citizen.save(m.id, { "evidence-list": list });
            assert.equal(saved.status, 200, saved.text);
            const told = saved.body.errors.filter((one) => one.field.startsWith("evidence-list."));
            assert.ok(told.length > 0, JSON.stringify(list));
        }
        const whole = await citizen.save(m.id, { "evidence-list": { items: [{ name: "借条", pages: [{ material: m.loan }] }], apart: [] } });
        assert.deepEqual(whole.body.errors.filter((one) => one.field.startsWith("evidence-list")), []);
    });

    test("what is no list takes no order away", async () => {
        const before_it = shape(await evidence(m.id));
        for (const [said, field] of [
            [{ items: "x" }, "items"],
            [{ items: {} }, "items"],
            [{ items: [5] }, "items.0"],
            [{ items: [{ name: "借条", pages: "x" }] }, "items.0.pages"],
            [{ items: [], apart: 5 }, "apart"],
        ]) {
            const answer = await arrange(m.id, said);
            refused(answer, 422, "fields");
            assert.deepEqual(answer.body.errors.map((one) => [one.field, one.code]), [[field, "type"]], answer.text);
        }
        for (const [said, field] of [
            [{ do: 5 }, "do"],
            [{ do: ["new"] }, "do"],
            [{ do: "move", to: 1 }, "to"],
            [{ do: "new", picks: "1.1" }, "picks"],
            [{ do: "new", picks: { page: "1.1" } }, "picks"],
            [{ do: "apart", picks: ["1.1", 1.2] }, "picks.1"],
            [{ do: "straighten", picks: true }, "picks"],
            [{ do: "save", seen: 1 }, "seen"],
        ]) {
            const answer = await arrange(m.id, said);
            refused(answer, 422, "fields");
            assert.deepEqual(answer.body.errors.map((one) => [one.field, one.code]), [[field, "type"]], answer.text);
        }
        await arranged(m.id, { items: null, do: null, picks: null });
        assert.equal(shape(await evidence(m.id)), before_it);
    });

    test("belongs to its owner alone", async () => {
        const stranger = await login(server, "citizen-2");
        refused(await stranger.get(`/matters/${m.id}/evidence`), 404);
        refused(await stranger.get(`/matters/${m.id}/evidence/pdf`), 404);
        refused(await arrange(m.id, { do: "new" }, stranger), 404);
        refused(await stranger.get(`/matters/${m.id}/materials/${m.loan}/pages/1`), 404);
    });
});

describe("pictures", () => {
    test("the same picture twice is said", async () => {
        const draft = await citizen.begin();
        const twin = jpeg(200, 260);
        const one = await joined(draft.id, [twin, jpeg(210, 260)], "一");
        const two = await joined(draft.id, [jpeg(220, 260), twin], "二");
        const seen = await evidence(draft.id);
        assert.equal(seen.items[0].pages[0].same_as, undefined);
        assert.deepEqual(seen.items[1].pages[1].same_as, { material: one.n, page: 1, number: 1 });
        assert.equal(seen.items[1].pages[1].material, two.n);
    });

    test("a page is had as it was sent in, or small, turned as the camera noted", async () => {
        const draft = await citizen.begin();
        const lying = jpeg(800, 600, { orientation: 6 });
        const m = await joined(draft.id, [lying, png(300, 200)], "页");
        const at = (page, query = "") => citizen.get(`/matters/${draft.id}/materials/${m.n}/pages/${page}${query}`);
        const whole = await at(1);
        assert.equal(whole.status, 200, whole.text);
        assert.equal(sm3(whole.bytes), sm3(lying));
        assert.equal(whole.headers.get("content-type"), "image/jpeg");
        assert.equal((await at(2)).headers.get("content-type"), "image/png");
        const small = await at(1, "?size=small");
        assert.equal(small.status, 200, small.text);
        assert.deepEqual(sides(small.bytes), [270, 360]);
        assert.deepEqual(sides((await at(1, "?size=small&turn=90")).bytes), [360, 270]);
        assert.deepEqual(sides((await at(2, "?size=small")).bytes), [300, 200]);
        const again = await citizen.get(`/matters/${draft.id}/materials/${m.n}/pages/1?size=small`, { headers: { "if-none-match": small.headers.get("etag") } });
        assert.equal(again.status, 304);
        refused(await at(3), 404);
        refused(await at(0), 404);
    });

    test("of a telephone's own sort are named, with what to do", async () => {
        const draft = await citizen.begin();
        const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(200)]);
        const pages = [{ upload: await tus_upload(citizen, jpeg(64, 64)) }, { upload: await tus_upload(citizen, heic, { name: "IMG_1.HEIC" }) }];
        const answer = await citizen.post(`/matters/${draft.id}/materials?kind=evidence`, { pages });
        refused(answer, 422, "pages-unusable");
        assert.deepEqual(answer.body.errors.map((error) => [error.field, error.code]), [["pages.1", "page-heic"]]);
        assert.match(answer.body.errors[0].title, /第2页.*HEIC.*JPG/);
    });
});

describe("photographed askew", () => {
    let id;
    let askew;
    const tilts = async () => (await evidence(id)).items.flatMap((item) => item.pages.map((page) => page.tilt));
    before(async () => {
        id = (await citizen.begin()).id;
        askew = page_askew(3.5);
        await joined(id, [page_askew(0), askew, jpeg(300, 400)], "合同"); // straight, askew, and blank
        await citizen.upload(id, "evidence", page_askew(-6), "收据.png");
        await citizen.upload(id, "evidence", wav(), "录音.wav");
    });

    test("pages are straightened, others stay, and the picture stays what it was", async () => {
        const first = await evidence(id);
        const answer = await arranged(id, { seen: first.seen, do: "straighten" });
        const found = await tilts();
        assert.deepEqual(Object.keys(answer.tilts), ["1.1", "1.2", "1.3", "2.1"]);
        assert.deepEqual([found[0], found[2], found[4]], [0, 0, 0]);
        assert.ok(Math.abs(found[1] + 350) < 50, `${found[1]} for a page turned by 3.5 degrees`);
        assert.ok(Math.abs(found[3] - 600) < 50, `${found[3]} for a page turned by 6 degrees to the left`);
        assert.equal(answer.order.items[0].pages[1].tilt, found[1]);
        assert.equal((await evidence(id)).items[0].pages[1].sm3, sm3(askew));
        const stored = await citizen.get(`/matters/${id}/materials/1/pages/2`);
        assert.equal(sm3(stored.bytes), sm3(askew));
    });

    test("before and after can be looked at, and are bound as shown", async () => {
        const at = (query) => citizen.get(`/matters/${id}/materials/1/pages/2?size=large&turn=0${query}`);
        const [was, is] = [await at(""), await at(`&tilt=${(await tilts())[1]}`)];
        assert.notEqual(was.headers.get("etag"), is.headers.get("etag"));
        assert.deepEqual(sides(was.bytes), [600, 800]);
        const [wide, high] = sides(is.bytes);
        assert.ok(wide > 630 && wide < 660 && high > 820 && high < 850, `${wide} by ${high}: no corner is cut`);
        assert.deepEqual(sides((await at("&tilt=9000")).bytes), [600, 800]);
        const bound = await citizen.get(`/matters/${id}/evidence/pdf`);
        assert.equal(bound.status, 200, bound.text.slice(0, 300));
        assert.equal(text_of(bound.bytes)[1], "证据1第2页 合同 第2页 共4页");
    });

    test("is undone page by page, and turning leaves it", async () => {
        await arranged(id, { do: "turn:2.1" });
        assert.ok(Math.abs((await tilts())[3] - 600) < 50);
        await arranged(id, { do: "untilt:1.2" });
        assert.equal((await tilts())[1], 0);
        const one = await arranged(id, { do: "straighten", picks: ["1.2", "1.2", "9.9"] });
        assert.deepEqual(Object.keys(one.tilts), ["1.2"]);
        await arranged(id, { do: "untilt" });
        assert.deepEqual(await tilts(), [0, 0, 0, 0, 0]);
    });

    test("an order changed meanwhile is not overwritten", async () => {
        const first = await evidence(id);
        await arranged(id, { do: "turn:1.1" });
        refused(await arrange(id, { seen: first.seen, do: "straighten" }), 409, "conflict");
    });

    test("more than sixty pages at once are to be picked", async () => {
        const draft = await citizen.begin();
        await joined(draft.id, Array.from({ length: 61 }, (_, n) => jpeg(60 + n, 80)), "多页");
        const all = await arrange(draft.id, { do: "straighten" });
        refused(all, 422, "fields");
        assert.match(all.body.errors[0].title, /一次最多拉正60页/);
        const some = await arranged(draft.id, { do: "straighten", picks: ["1.1", "1.61"] });
        assert.deepEqual(some.tilts, { 1.1: 0, 1.61: 0 });
    });

    test("is nobody's but who may arrange", async () => {
        const stranger = await login(server, "citizen-2");
        refused(await arrange(id, { do: "straighten" }, stranger), 404);
    });
});

describe("a PDF among the evidence", () => {
    const contract = pdf_lines([["租赁合同"], ["第二页横放"], ["第三页很小"]], { boxes: [null, null, "0 0 300 200"], rotate: [0, 90, 0] });
    let id;
    before(async () => {
        id = (await citizen.begin()).id;
        const added = await citizen.upload(id, "evidence", contract, "合同.pdf");
        assert.equal(added.body.pages, 3, added.text);
        await joined(id, [jpeg(300, 400), jpeg(310, 400)], "照片");
        await citizen.upload(id, "evidence", pdf_lines([["收到货款"]]), "收条.pdf");
    });

    test("has pages that are numbered on with all others, and can be ordered one by one", async () => {
        const seen = await evidence(id);
        assert.equal(shape(seen), "合同:1.1 1.2 1.3|照片:2.1 2.2|收条:3.1");
        assert.deepEqual(seen.items.map((item) => [item.from, item.to]), [[1, 3], [4, 5], [6, 6]]);
        assert.ok(seen.items[0].pages.every((page) => page.same_as === undefined && page.sm3 === sm3(contract)));
        await arranged(id, { items: [{ name: "合同和照片", pages: [{ material: 1, from: 3, to: 3, turn: 90 }, { material: 2, from: 1, to: 1 }, { material: 1, from: 1, to: 2 }] }] });
        assert.equal(shape(await evidence(id)), "合同和照片:1.3 2.1 1.1 1.2|收条:3.1|-2.2");
    });

    test("is bound with its numbers below each sheet, its text still text, each on A4 as it lies", async () => {
        const bound = await citizen.get(`/matters/${id}/evidence/pdf`);
        assert.equal(bound.status, 200, bound.text.slice(0, 300));
        const pages = text_of(bound.bytes);
        assert.deepEqual(pages.map((page) => /证据(\d)第(\d)页.* 第(\d)页 共5页/.exec(page)?.slice(1).join()), ["1,1,1", "1,2,2", "1,3,3", "1,4,4", "2,1,5"]);
        assert.ok(pages[2].startsWith("租赁合同") && pages[4].startsWith("收到货款"), pages.join("|"));
        const sizes = [...pdf_tool(bound.bytes, "pdfinfo", "-f", "1", "-l", "9", "").matchAll(/Page +\d+ size: +([\d.]+) x ([\d.]+)/g)].map((one) => one.slice(1).map((side) => Math.round(side)).join("x"));
        assert.deepEqual(sizes, ["595x842", "595x842", "595x842", "842x595", "595x842"]);
        const again = await citizen.get(`/matters/${id}/evidence/pdf`);
        assert.equal(sm3(again.bytes), sm3(bound.bytes));
    });

    test("its sheets are looked at small and large, turned as asked; the file stays what it was", async () => {
        const at = (page, query) => citizen.get(`/matters/${id}/materials/1/pages/${page}?${query}`);
        assert.deepEqual(sides((await at(1, "size=small")).bytes), [254, 360]);
        assert.deepEqual(sides((await at(2, "size=small")).bytes), [360, 254]);
        assert.deepEqual(sides((await at(3, "size=small&turn=90")).bytes), [240, 360]);
        assert.notEqual((await at(1, "size=small")).headers.get("etag"), (await at(2, "size=small")).headers.get("etag"));
        assert.equal(sm3((await at(2, "")).bytes), sm3(contract));
        refused(await at(4, "size=small"), 404);
        refused(await citizen.get(`/matters/${id}/materials/1/pages`), 404);
        assert.equal(sm3((await citizen.get(`/matters/${id}/materials/1`)).bytes), sm3(contract));
    });

    test("the same PDF twice is said page by page", async () => {
        const again = await citizen.upload(id, "evidence", contract, "又一份.pdf");
        const last = (await evidence(id)).items.at(-1);
        assert.deepEqual(last.pages.map((page) => [page.same_as.material, page.same_as.page]), [[1, 1], [1, 2], [1, 3]]);
        assert.equal((await citizen.api("DELETE", `/matters/${id}/materials/${again.body.n}`)).status, 204);
    });

    test("that asks for a password is refused with what to do; one that is broken is listed as a file", async () => {
        const locked = await citizen.upload(id, "evidence", pdf_lines([["密"]], { locked: true }), "加密.pdf");
        refused(locked, 422, "fields");
        assert.match(locked.body.errors[0].title, /加了密码.*打印/);
        const broken = await citizen.upload(id, "evidence", Buffer.from("%PDF-1.4\nnothing behind it\n"), "坏.pdf");
        assert.equal(broken.status, 201, broken.text);
        assert.equal(broken.body.pages, undefined);
        assert.deepEqual((await evidence(id)).items.at(-1).pages.map((page) => page.page), [0]);
    });

    test("other papers of a filing are taken as they are", async () => {
        const paper = await citizen.upload(id, "identity", contract, "身份证.pdf");
        assert.equal(paper.body.pages, undefined, paper.text);
    });
});

/** Width and height of a JPEG. */
function sides(bytes) {
    for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
        if (bytes[at + 1] >= 0xc0 && bytes[at + 1] <= 0xc2) {
            return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
        }
    }
    return [];
}

describe("bound", () => {
    test("has the number of every page, of its item and of the whole, and the pictures as they were", async () => {
        const m = await draft_made();
        await arranged(m.id, {
            items: [
                { name: "聊天记录", pages: [{ material: m.talk }, { material: m.sound }] },
                { name: "借条", pages: [{ material: m.loan, from: 3, to: 3 }, { material: m.loan, from: 1, to: 2 }] },
            ],
        });
        const answer = await citizen.get(`/matters/${m.id}/evidence/pdf`);
        assert.equal(answer.status, 200, answer.text.slice(0, 300));
        assert.equal(answer.headers.get("content-type"), "application/pdf");
        assert.deepEqual(text_of(answer.bytes), [
            "证据1第1页 聊天记录 第1页 共6页",
            "证据1第2页 聊天记录 第2页 共6页",
            "证据2第1页 借条 第3页 共6页",
            "证据2第2页 借条 第4页 共6页",
            "证据2第3页 借条 第5页 共6页",
            "证据3第1页 转账 第6页 共6页",
        ]);
        assert.ok(answer.bytes.indexOf(jpeg(310, 400)) > 0);
        assert.ok(answer.bytes.indexOf(jpeg(300, 400)) > answer.bytes.indexOf(jpeg(310, 400)));
        const again = await citizen.get(`/matters/${m.id}/evidence/pdf`);
        assert.equal(sm3(again.bytes), sm3(answer.bytes));
        const one = await citizen.get(`/matters/${m.id}/evidence/pdf?item=2`);
        assert.deepEqual(text_of(one.bytes).map((page) => page.slice(0, 6)), ["证据2第1页", "证据2第2页", "证据2第3页"]);
        refused(await citizen.get(`/matters/${m.id}/evidence/pdf?item=9`), 404);
        const empty = await citizen.begin();
        refused(await citizen.get(`/matters/${empty.id}/evidence/pdf`), 404);
    });

    test("sixty pictures of a telephone", async () => {
        const draft = await citizen.begin();
        const photo = (n) => jpeg(3000, 4000, { orientation: [1, 3, 6, 8][n % 4], pad_bytes: 500_000 + n });
        for (let part = 0; part < 4; part++) {
            await joined(draft.id, Array.from({ length: 15 }, (_, n) => photo(part * 15 + n)), `第${part + 1}组`);
        }
        const seen = await evidence(draft.id);
        assert.equal(seen.total, 60);
        const answer = await citizen.get(`/matters/${draft.id}/evidence/pdf`);
        assert.equal(answer.status, 200, answer.text.slice(0, 300));
        const pages = text_of(answer.bytes);
        assert.equal(pages.length, 60);
        assert.equal(pages[59], "证据4第15页 第4组 第60页 共60页");
    });
});

describe("handed in", () => {
    let m;
    let filed;
    before(async () => {
        m = await draft_made();
        await arranged(m.id, {
            items: [
                { name: "借条", purpose: "证明被告借款四万元", source: "被告出具", form: "original", pages: [{ material: m.loan, from: 1, to: 2 }] },
                { name: "转账凭证", purpose: "", form: "electronic", pages: [{ material: m.picture }, { material: m.sound }] },
                { name: "门锁", purpose: "证明门锁损坏", form: "physical", pages: [] },
                { name: "聊天记录", purpose: "证明催款", form: "electronic", pages: [{ material: m.talk }] },
            ],
            apart: [{ material: m.loan, from: 3, to: 3 }],
        });
    });

    test("what is odd is a warning: the court decides", async () => {
        const list = (await citizen.matter(m.id)).values["evidence-list"];
        const { matter, act } = await citizen.offered(m.id, "submit");
        await citizen.upload_required(matter, act);
        const { form_fill } = await import("../lib/form.mjs");
        const answer = await citizen.act(m.id, "submit", form_fill(act.form, { "evidence-list": list }));
        assert.equal(answer.status, 428, answer.text);
        const said = answer.body.warnings.filter((warning) => warning.code === "evidence-explained").map((warning) => warning.title);
        assert.deepEqual(said, ["证据2“转账凭证”没有写证明什么", "证据3“门锁”没有页：实物可以这样，不是实物的请放入页面", "有1页没有编入任何一项证据，不编页码"]);
        filed = (await citizen.taken(m.id, "submit", { "evidence-list": list }));
    });

    test("its list is a paper that fills itself, as PDF and as DOCX", async () => {
        const paper = filed.papers.find((one) => one.kind === "evidence-list");
        assert.equal(paper.title, "证据目录");
        const text = text_of((await citizen.get(paper.url)).bytes).join("\n");
        for (const words of ["证据1", "借条", "原件", "被告出具", "证明被告借款四万元", "第1至2页", "证据2", "电子文件", "证据3", "门锁", "实物", "证据4", "第4至5页", "以上证据共5页"]) {
            assert.ok(text.replace(/\s/g, "").includes(words.replace(/\s/g, "")), `${words} in ${text}`);
        }
        const docx = await citizen.get(`${paper.url}/docx`);
        assert.equal(docx.status, 200);
        assert.match(docx.headers.get("content-type"), /wordprocessingml/);
    });

    test("stays as it is for who filed it, and is seen by the court", async () => {
        const mine = await evidence(m.id);
        assert.equal(mine.act, null);
        refused(await arrange(m.id, { do: "new" }), 409, "not-editable");
        assert.equal(shape(await evidence(m.id, reviewer)), shape(mine));
    });

    test("is put in another order by the court, which keeps both and tells the filer", async () => {
        const before_it = (await citizen.matter(m.id)).materials;
        const seen = await evidence(m.id, reviewer);
        assert.equal(seen.act, "arrange-evidence");
        const same = await reviewer.act(m.id, "arrange-evidence", { arrangement: { reason: "按时间排列" } });
        refused(same, 422, "fields");
        assert.equal(same.body.errors[0].code, "evidence-moved", same.text);
        await arranged(m.id, { seen: seen.seen, do: "item-up:4" }, reviewer);
        await arranged(m.id, { do: "take:1", picks: [`${m.loan}.3`] }, reviewer);
        // Typed only: nobody else sees it yet.
        assert.equal(shape(await evidence(m.id)), shape(seen));
        const answer = await reviewer.act(m.id, "arrange-evidence", { arrangement: { reason: "按时间排列" } });
        assert.equal(answer.status, 200, answer.text);
        const now = await evidence(m.id);
        assert.equal(shape(now), `借条:${m.loan}.1 ${m.loan}.2 ${m.loan}.3|转账凭证:${m.picture}.1 ${m.sound}.0|聊天记录:${m.talk}.1 ${m.talk}.2|门锁:`);
        assert.equal(now.total, 6);
        assert.deepEqual((await citizen.matter(m.id)).materials, before_it);
        const event = (await citizen.events(m.id)).find((one) => one.act === "arrange-evidence");
        assert.deepEqual(event.arranged.map((row) => `${row.order} ${row.item} ${row.name} ${row.pages}`), [
            `was 1 借条 ${m.loan}.1-2`, `was 2 转账凭证 ${m.picture}.1 ${m.sound}`, "was 3 门锁 ", `was 4 聊天记录 ${m.talk}.1-2`, `was 0  ${m.loan}.3`,
            `becomes 1 借条 ${m.loan}.1-3`, `becomes 2 转账凭证 ${m.picture}.1 ${m.sound}`, `becomes 3 聊天记录 ${m.talk}.1-2`, "becomes 4 门锁 ",
        ]);
        assert.equal(event.reason, "按时间排列");
        const told = (await citizen.get("/inbox")).body.notices.find((notice) => `${notice.matter}` === `${m.id}` && /编排证据/.test(notice.title));
        assert.ok(told);
        const papers = (await citizen.matter(m.id)).papers.filter((one) => one.kind === "evidence-list");
        assert.equal(papers.length, 2);
        const text = text_of((await citizen.get(papers[1].url)).bytes).join("");
        assert.match(text, /由法院重新编排/);
        assert.match(text.replace(/\s/g, ""), /以上证据共6页/);
        assert.equal((await citizen.matter(m.id)).values.arrangement, undefined);
    });

    test("what the court typed and does not want falls back to what stands", async () => {
        const stands = await evidence(m.id, reviewer);
        await arranged(m.id, { do: "item-drop:1" }, reviewer);
        assert.notEqual(shape(await evidence(m.id, reviewer)), shape(stands));
        await arranged(m.id, { do: "reset" }, reviewer);
        assert.equal(shape(await evidence(m.id, reviewer)), shape(stands));
    });

    test("added to in a correction, it goes on", async () => {
        const asked = await reviewer.take(m.id, "ask-correction", { correction: { items: [{ item: "materials.evidence", reason: "请补交借条背面" }], days: 15 } });
        assert.equal(asked.status, 200, asked.text);
        const more = await joined(m.id, [jpeg(350, 400), jpeg(360, 400)], "借条背面");
        const seen = await evidence(m.id);
        assert.equal(seen.act, "submit");
        assert.equal(seen.items.at(-1).name, "借条背面");
        await arranged(m.id, { seen: seen.seen, do: "take:1", picks: [`${more.n}.1`, `${more.n}.2`] });
        await arranged(m.id, { do: "item-drop:5" });
        const answer = await citizen.act(m.id, "submit", { signature: { method: "typed", name: citizen.person.name, code: "000000" } }, { accept_warnings: true });
        assert.equal(answer.status, 200, answer.text);
        const now = await evidence(m.id);
        assert.equal(now.items[0].pages.length, 5);
        assert.deepEqual(now.items[0].pages.map((page) => page.number), [1, 2, 3, 4, 5]);
        assert.equal(now.items.length, 4);
    });
});

test("the case goes on with the items and the page numbers of its filing", async () => {
    const m = await draft_made();
    const list = { items: [
        { name: "聊天记录", purpose: "证明催款", pages: [{ material: m.talk, from: 2, to: 2, turn: 90 }, { material: m.loan, from: 1, to: 1 }] },
        { name: "转账和录音", purpose: "证明付款", pages: [{ material: m.picture }, { material: m.sound }, { material: m.talk, from: 1, to: 1 }] },
    ], apart: [{ material: m.loan, from: 2, to: 3 }] };
    await citizen.taken(m.id, "submit", { "evidence-list": list });
    const filed = await evidence(m.id);
    const docketed = await reviewer.taken(m.id, "docket");
    const opened = docketed.links.find((link) => link.rel === "opened").id;
    const seen = await evidence(opened);
    const told = ({ items, apart, total }) => [items.map((item) => [item.name, item.purpose, item.from, item.to, item.pages.map((page) => [page.sm3, page.page, page.number, page.turn])]), apart.map((page) => [page.sm3, page.page]), total];
    assert.deepEqual(told(seen), told(filed));
    assert.equal(seen.act, null);
    const picture = seen.items[0].pages[0];
    const shown = await citizen.get(`/matters/${opened}/materials/${picture.material}/pages/${picture.page}`);
    assert.equal(sm3(shown.bytes), picture.sm3);
    const bound = await citizen.get(`/matters/${opened}/evidence/pdf`);
    assert.deepEqual(text_of(bound.bytes), text_of((await citizen.get(`/matters/${m.id}/evidence/pdf`)).bytes));
});

test("what is still being checked is bound for who sent it in, and for nobody else", async () => {
    const m = await draft_made();
    await citizen.taken(m.id, "submit");
    const first = (await evidence(m.id)).items.findIndex((item) => item.pages.some((page) => page.material === m.picture)) + 1;
    await sql(server.database, `UPDATE material SET status = 'checking' WHERE matter = ${m.id} AND n = ${m.picture}`);
    refused(await reviewer.get(`/matters/${m.id}/evidence/pdf`), 409, "files-being-checked");
    refused(await reviewer.get(`/matters/${m.id}/evidence/pdf?item=${first}`), 409, "files-being-checked");
    assert.equal((await citizen.get(`/matters/${m.id}/evidence/pdf`)).status, 200);
    await sql(server.database, `UPDATE material SET status = 'clean' WHERE matter = ${m.id} AND n = ${m.picture}`);
    assert.equal((await reviewer.get(`/matters/${m.id}/evidence/pdf`)).status, 200);
});

test("who binds one order after the other is asked to wait", async () => {
    const hurried = await login(server, "citizen-3");
    const draft = await hurried.begin();
    assert.equal((await hurried.upload(draft.id, "evidence", jpeg(60, 80), "一.jpg")).status, 201);
    const bound = [];
    for (let n = 0; n < 45; n++) {
        await arranged(draft.id, { items: [{ name: `第${n}次`, pages: [{ material: 1, from: 1, to: 1 }] }] }, hurried);
        bound.push((await hurried.get(`/matters/${draft.id}/evidence/pdf`, { accept: "*/*" })).status);
    }
    assert.ok(bound.slice(0, 30).every((status) => status === 200), "thirty at once are no haste");
    assert.ok(bound.includes(429), "each of them lies on disk for a day");
    assert.equal((await hurried.get(`/matters/${draft.id}/evidence`)).status, 200, "looking is not paced");
});

test("a filing without evidence has no list, and its reviewer nothing to arrange", async () => {
    const draft = await citizen.begin();
    const matter = await citizen.taken(draft.id, "submit");
    assert.equal(matter.papers.find((paper) => paper.kind === "evidence-list"), undefined);
    const acts = (await reviewer.matter(draft.id)).acts.map((act) => act.name);
    assert.ok(!acts.includes("arrange-evidence"), acts.join());
    assert.deepEqual((await evidence(draft.id)).items, []);
});

test("files that nobody arranged are listed all the same", async () => {
    const draft = await citizen.begin();
    await citizen.upload(draft.id, "evidence", jpeg(200, 300), "借条.jpg");
    const { matter, act } = await citizen.offered(draft.id, "submit");
    await citizen.upload_required(matter, act);
    const { form_fill } = await import("../lib/form.mjs");
    const values = form_fill(act.form, {});
    delete values["evidence-list"];
    const answer = await citizen.act(draft.id, "submit", values, { accept_warnings: true });
    assert.equal(answer.status, 200, answer.text);
    const paper = answer.body.papers.find((one) => one.kind === "evidence-list");
    assert.match(text_of((await citizen.get(paper.url)).bytes).join("").replace(/\s/g, ""), /证据1借条第1页/);
});
