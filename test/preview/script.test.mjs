// What static/tongsu.js does, in a browser, under the content security policy of the program.
// Run: test/preview/build.sh && tools/vendor.sh && node --test test/preview/script.test.mjs
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { baseOf, openBrowser, serve } from "./serve.mjs";

const COURTS = { courts: [{ code: "京0105", name: "北京市朝阳区人民法院" }], next: null };

let server;
let browser;
let page;
let faults;
let seen; // requests that the pages made, newest last
let patchAnswer;
let cutUploads; // how many pieces are to break off

function read(request) {
  return new Promise((resolve) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => resolve(Buffer.concat(parts)));
  });
}

function sendJson(response, status, value) {
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(value));
}

const uploads = new Map();

// As much of tus 1.0 as the client needs.
async function tus(request, response, path) {
  response.setHeader("Tus-Resumable", "1.0.0");
  const id = path.split("/")[2];
  if (request.method === "POST") {
    const made = `u${uploads.size + 1}`;
    uploads.set(made, { length: Number(request.headers["upload-length"]), bytes: 0 });
    response.statusCode = 201;
    response.setHeader("Location", `/uploads/${made}`);
    response.end();
  } else if (request.method === "HEAD") {
    response.setHeader("Upload-Offset", String(uploads.get(id).bytes));
    response.setHeader("Upload-Length", String(uploads.get(id).length));
    response.end();
  } else {
    const body = await read(request);
    if (cutUploads > 0) {
      cutUploads--;
      request.socket.destroy();
      return;
    }
    uploads.get(id).bytes += body.length;
    response.statusCode = 204;
    response.setHeader("Upload-Offset", String(uploads.get(id).bytes));
    response.end();
  }
}

async function interfere(request, response, path) {
  if (path.startsWith("/uploads")) {
    await tus(request, response, path);
    return true;
  }
  if (request.method === "GET" && path === "/courts" && request.headers.accept.includes("json")) {
    sendJson(response, 200, COURTS);
    return true;
  }
  if (request.method === "GET") {
    return false;
  }
  const body = (await read(request)).toString();
  seen.push({ method: request.method, path: request.url, body, headers: request.headers });
  const [status, value] = request.method === "PATCH" ? patchAnswer : [201, { n: 1 }];
  sendJson(response, status, value);
  return true;
}

async function until(claim) {
  for (let i = 0; i < 100; i++) {
    if (await claim()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never came true: ${claim}`);
}

const open = (name) => page.goto(`${baseOf(server)}/${name}`);

before(async () => {
  server = await serve(interfere);
  browser = await openBrowser();
});

after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  await page?.context().close();
  page = await (await browser.newContext()).newPage();
  faults = [];
  seen = [];
  patchAnswer = [200, { state: "draft", revision: 5, errors: [] }];
  cutUploads = 0;
  page.on("pageerror", (failure) => faults.push(failure.message));
});

test("what is typed is saved, with token and revision, without key and code", async () => {
  await open("group");
  await page.fill('[name="parties.0.name"]', "林晓舟舟");
  await until(() => seen.length === 1);
  const [{ method, path, body, headers }] = seen;
  assert.deepEqual([method, path, headers["x-csrf-token"]], ["PATCH", "/matters/2", "demo-csrf"]);
  const sent = new URLSearchParams(body);
  assert.equal(sent.get("parties.0.name"), "林晓舟舟");
  assert.equal(sent.get("_revision"), "4");
  assert.equal(sent.get("_key"), null);
  await until(async () => /^已保存 \d\d:\d\d$/.test(await page.textContent("[data-saved]")));
  await page.fill('[name="parties.0.name"]', "林晓");
  await until(() => seen.length === 2);
  assert.equal(new URLSearchParams(seen[1].body).get("_revision"), "5");
  assert.deepEqual(faults, []);
});

test("saving towards a later act does not pretend to have seen the newest revision", async () => {
  await open("group");
  patchAnswer = [200, { state: "under-review", revision: 9, errors: [] }];
  await page.fill('[name="parties.0.name"]', "林晓舟舟");
  await until(async () => /^已保存 \d\d:\d\d$/.test(await page.textContent("[data-saved]")));
  assert.equal(await page.inputValue('[name="_revision"]'), "4");
});

test("an unticked box is sent empty", async () => {
  await open("group");
  await page.uncheck("#f-wishes-a");
  await until(() => seen.length === 1);
  assert.deepEqual(new URLSearchParams(seen[0].body).getAll("wishes"), [""]);
});

test("what could not be saved is said plainly", async () => {
  await open("group");
  patchAnswer = [409, { title: "您打开后内容已有变化" }];
  await page.fill('[name="parties.0.name"]', "甲");
  await until(async () => (await page.textContent("[data-saved]")).includes("您打开后内容已有变化"));
  patchAnswer = [401, { title: "请登录" }];
  await page.fill('[name="parties.0.name"]', "乙");
  await until(async () => (await page.textContent("[data-saved]")).includes("登录已过期"));
});

test("typing goes on being saved after the network came back", async () => {
  await open("group");
  await page.context().setOffline(true);
  await page.fill('[name="parties.0.name"]', "丙");
  await until(async () => (await page.textContent("[data-saved]")).includes("网络断开"));
  await page.context().setOffline(false);
  await until(() => seen.length === 1);
  assert.equal(new URLSearchParams(seen[0].body).get("parties.0.name"), "丙");
});

test("amounts are grouped and read out in capitals as the server does", async () => {
  await open("group");
  const vectors = [
    ["50000", "50,000", "伍万元整"],
    ["1050", "1,050", "壹仟零伍拾元整"],
    ["107000.53", "107,000.53", "壹拾万柒仟元伍角叁分"],
    ["16409.02", "16,409.02", "壹万陆仟肆佰零玖元零贰分"],
    ["325.04", "325.04", "叁佰贰拾伍元零肆分"],
    ["0.5", "0.5", "伍角整"],
    ["0", "0", "零元整"],
    ["100000000", "100,000,000", "壹亿元整"],
    ["100050000", "100,050,000", "壹亿零伍万元整"],
    ["12345678.9", "12,345,678.9", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整"],
    ["1000000000000", "1,000,000,000,000", "壹万亿元整"],
    ["１２３４", "1,234", "壹仟贰佰叁拾肆元整"],
    ["五万", "五万", ""],
  ];
  for (const [typed, shown, words] of vectors) {
    await page.fill("#f-amount", typed);
    assert.equal(await page.inputValue("#f-amount"), shown);
    assert.equal(await page.textContent("[data-capitals]"), words, typed);
  }
});

test("courts are found while typing and taken with the keyboard", async () => {
  await open("admin-posts");
  await page.locator("#f-court").pressSequentially("朝阳");
  await page.waitForSelector('#f-court-hits li[role="option"]');
  assert.equal(await page.getAttribute("#f-court", "aria-expanded"), "true");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await page.inputValue("#f-court"), "北京市朝阳区人民法院");
  assert.equal(await page.getAttribute("#f-court", "aria-expanded"), "false");
  assert.equal(seen.length, 0, "Enter took the court and sent nothing");
});

test("keys of the desk work, not while they are turned off", async () => {
  await open("review");
  await page.click("#keys");
  await page.keyboard.press("b");
  assert.match(page.url(), /\/review$/);
  await page.click("#keys");
  await Promise.all([page.waitForURL(/acts\/ask-correction/), page.keyboard.press("b")]);
});

test("a file is sent in pieces, goes on after a break and becomes a material", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "upload-")), "借条.pdf");
  writeFileSync(file, Buffer.alloc(6 * 1024 * 1024, "x"));
  await open("materials");
  cutUploads = 1;
  await page.setInputFiles("#u-identity", file);
  await until(() => seen.length === 1);
  assert.equal(seen[0].path, "/matters/2/materials?kind=identity");
  const { upload } = JSON.parse(seen[0].body);
  assert.equal(uploads.get(upload).bytes, 6 * 1024 * 1024);
  assert.deepEqual(faults, []);
});

test("a signature by hand replaces the typed one until it is wiped", async () => {
  await open("check");
  const pad = page.locator("canvas.pad");
  await pad.waitFor({ state: "visible" });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 90, { steps: 5 });
  await page.mouse.up();
  const method = () => page.inputValue('[name="signature.method"]');
  assert.equal(await method(), "drawn");
  assert.match(await page.inputValue('[name="signature.png"]'), /^iVBOR/);
  await page.click("[data-sign-clear]");
  assert.equal(await method(), "typed");
  assert.equal(await page.isDisabled('[name="signature.png"]'), true);
});

test("every form can be sent without the script", async () => {
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await plain.goto(`${baseOf(server)}/group`);
  await plain.fill('[name="parties.1.name"]', "王某");
  await plain.click("text=保存，填下一项");
  assert.equal(seen[0].path, "/matters/2/edit/parties");
  const sent = new URLSearchParams(seen[0].body);
  assert.deepEqual([sent.get("_csrf"), sent.get("_key"), sent.get("_next")], ["demo-csrf", "demo-key", "yes"]);
  assert.equal(sent.get("parties.1.name"), "王某");
  await plain.context().close();
});
