// Pages of cross-domain service that a supervisor, a leader and a window look at, in a browser at both
// widths: axe finds nothing, nothing runs over the edge, no script fails; the desk works by keys alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe, chrome, DESK, log_in, overflow, PHONE, shot, window_of } from "../lib/chrome.mjs";
import { login, nobody } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { DAY, HOUR, day_start, day_text, request, requests_write } from "../lib/handover.mjs";
import { start, until } from "../lib/server.mjs";

const NEAR = "藏0630";
const FAR = "粤0307";

let server;
let browser;
let paths;

before(async () => {
    server = await start();
    browser = await chrome();
    const anyone = nobody(server);
    const today = day_start(Date.parse(await anyone.advance("1s")));
    const rows = [];
    for (let n = 0; n < 120; n++) {
        const submitted = today - (1 + (n % 20)) * DAY + 9 * HOUR + n * 60_000;
        const late = n % 7 === 0;
        rows.push(request({ submitted, court: ["粤0307", "京0105", "沪0115", "最高法", "新0102"][n % 5], collaborator: ["藏0630", "沪0104", "京0101"][n % 3],
            responded: late ? null : submitted + n * 20_000, response_ms: late ? null : n * 20_000,
            late_response: late ? submitted + 1_800_000 : null, late_feedback: late ? submitted + DAY : null,
            outcome: late ? "" : ["docketed", "refused", "redirected"][n % 3], corrections: n % 4 === 0 ? 1 : 0, rating: n % 3 ? 4 : null }));
    }
    await requests_write(server.database, rows);
    const window = await login(server, `window@${NEAR}`);
    const reviewer = await login(server, `reviewer@${FAR}`);
    const judge = await login(server, `judge@${FAR}`);
    const clerk = await login(server, `clerk@${FAR}`);
    const supervisor = await login(server, "supervisor@粤");
    const filing = async () => {
        const draft = await window.begin("cross-domain-filing", FAR, { "filing-kind": "civil" });
        return window.taken(draft.id, "submit", { "filing-kind": "civil" });
    };
    const docketed = await filing();
    await reviewer.taken(docketed.id, "docket");
    const delivered = await filing();
    await reviewer.taken(delivered.id, "docket");
    await window.taken(delivered.id, "deliver");
    const complained = await nobody(server).post(`/follow/${delivered.follow_code}/complaint`, { about: "late", text: "等了很久" }, { key: "one" });
    assert.equal(complained.status, 201, complained.text);
    const number = { case: { number: `（2025）${FAR}民初98765号` } };
    const draft = await window.begin("cross-domain-reading", FAR, number);
    const reading = await window.taken(draft.id, "submit", number);
    await clerk.taken(reading.id, "confirm-standing");
    assert.equal((await judge.upload(reading.id, "case-file", pdf("庭审笔录", 0, 4), "正卷.pdf")).status, 201);
    await judge.taken(reading.id, "grant");
    const drill = await supervisor.post("/drills", { title: "第一轮演练", hours: 48, scope: "courts", courts: ["粤0307", "粤0304"], kinds: ["civil"] }, { key: "drill" });
    assert.equal(drill.status, 201, drill.text);
    await until("the drill is made", async () => {
        const { body } = await supervisor.get(`/drills/${drill.body.id}`);
        return body.made === body.total;
    }, 60_000);
    await anyone.advance("1d");
    await window.login();
    await window.taken(reading.id, "start-reading"); // for eight hours
    const leader = await login(server, `leader@${FAR}`);
    const circulars = await until("circulars are issued", async () => {
        const { body } = await leader.get("/circulars?kind=daily");
        return body.circulars.some((one) => one.entries > 0) ? body.circulars : null;
    }, 60_000);
    const waiting = circulars.find((one) => one.entries > 0);
    const period = `from=${day_text(today - 30 * DAY)}&to=${day_text(today + 2 * DAY)}`;
    paths = [
        ["supervisor@粤", "statistics", `/statistics/cross-domain?by=court&${period}`],
        ["supervisor@最高法", "matrix", `/statistics/cross-domain?by=matrix&${period}`],
        ["supervisor@粤", "requests", `/statistics/cross-domain/requests?${period}`],
        ["supervisor@粤", "complaints", `/statistics/cross-domain/complaints?${period}`],
        ["supervisor@粤", "drills", "/drills"],
        ["supervisor@粤", "drill", `/drills/${drill.body.id}`],
        [`leader@${FAR}`, "circulars", "/circulars"],
        [`leader@${FAR}`, "circular", `/circulars/${waiting.id}`],
        [`leader@${FAR}`, "explain", `/matters/${waiting.id}/acts/explain`],
        [`window@${NEAR}`, "desk", "/"],
        [`window@${NEAR}`, "deliver", `/matters/${docketed.id}/acts/deliver`],
        [`window@${NEAR}`, "delivered", `/matters/${delivered.id}`],
        [`window@${NEAR}`, "reading", `/matters/${reading.id}/reading?page=2`],
        [`window@${NEAR}`, "reading-matter", `/matters/${reading.id}`],
        [`window@${NEAR}`, "contacts", "/contacts"],
        [`window@${NEAR}`, "contacts-below", "/contacts?parent=京"],
        ["admin", "options", "/admin/options"],
    ];
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

for (const size of [PHONE, DESK]) {
    describe(`at ${size.width} px`, () => {
        test("axe finds nothing, nothing runs over the edge", { timeout: 240_000 }, async () => {
            const found = [];
            const pages = new Map();
            for (const [name, what, path] of paths) {
                if (!pages.has(name)) {
                    const page = await window_of(browser, server, { size });
                    await log_in(page, name);
                    pages.set(name, page);
                }
                const page = pages.get(name);
                const answer = await page.goto(path);
                assert.equal(answer.status(), 200, `${what}: ${path} ${(await page.locator("main").innerText()).slice(0, 300)}`);
                await shot(page, `office-${what}-${size.width}`);
                found.push(...(await axe(page)).map((fault) => `${what}: ${fault}`), ...(await overflow(page)).map((wide) => `${what} is too wide: ${wide}`));
            }
            for (const page of pages.values()) {
                found.push(...page.faults);
                await page.context().close();
            }
            assert.deepEqual(found, []);
        });
    });
}

test("a sheet is reached and turned by keys alone, without scripts", { timeout: 120_000 }, async () => {
    const page = await window_of(browser, server, { size: DESK, scripts: false });
    await log_in(page, `window@${NEAR}`);
    const [, , path] = paths.find(([, what]) => what === "reading-matter");
    await page.goto(path);
    const focus = async (name) => {
        for (let n = 0; n < 80; n++) {
            await page.keyboard.press("Tab");
            const focused = page.locator(":focus");
            if ((await focused.count()) === 1 && (await focused.innerText()).trim() === name) {
                return;
            }
        }
        assert.fail(`no key leads to ${name}`);
    };
    await focus("逐页查阅案卷");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "第1页，共4页" }).waitFor();
    await focus("下一页");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "第2页，共4页" }).waitFor();
    await until("the sheet is there", () => page.locator(".sheet img").evaluate((img) => img.complete && img.naturalWidth === 1000));
    assert.deepEqual(page.faults, []);
});
