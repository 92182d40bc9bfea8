// Pages without scripts: every one works, weighs little, runs nothing, and escapes what people type.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { visitor } from "../lib/browser.mjs";
import { filed, login } from "../lib/client.mjs";
import { form_fill, form_own } from "../lib/form.mjs";
import { html_inline, html_text, html_tokens, html_unbalanced } from "../lib/html.mjs";
import { raw_get } from "../lib/raw.mjs";
import { start } from "../lib/server.mjs";

const WEIGHT = 40 * 1024;
let server;
let citizen;
let reviewer;
let matter;
let draft;
const HOSTILE = '"><script>alert(1)</script>{{name}}&lt;𠮷';

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    reviewer = await login(server, "reviewer@京0105");
    draft = await citizen.begin();
    const values = form_fill(draft.acts[0].form);
    values.parties.find((party) => party.role === "defendant").name = HOSTILE;
    values.claim.facts = `事实如下：${HOSTILE}\n第二行`;
    const other = await citizen.begin();
    await citizen.upload_required(other, other.acts[0]);
    const answer = await citizen.act(other.id, "submit", values, { accept_warnings: true });
    assert.equal(answer.status, 200, answer.text);
    matter = answer.body;
    await citizen.save(draft.id, values);
});
after(() => server?.stop());

const PUBLIC = ["/", "/login", "/login/scan", "/session/recover", "/register", "/verify", "/begin/civil-first-instance-filing", "/courts", "/courts/京0105", "/courts?q=朝阳", "/causes", "/procedures",
    "/procedures/civil-first-instance-filing", "/tools/fee?kind=property&amount=5000000", "/tools/period?start=2026-03-02&length=7&unit=day",
    "/tools/case-number?text=（2025）京0105民初1号", "/tools/identifier?kind=phone&value=13800138000", "/tools/interest", "/tools/jurisdiction", "/tools/reach?from=京0105&to=粤0307", "/tools", "/forms", "/forms/09", "/forms/06"];
const OWN = () => ["/", "/matters?box=mine", `/matters/${draft.id}`, `/matters/${matter.id}`, `/matters/${matter.id}/events`, `/matters/${matter.id}/receipt?event=1`, "/inbox", "/me", "/me/totp"];
const STAFF = () => ["/", "/matters?box=todo", "/matters?box=court", `/matters/${matter.id}`, `/matters/${matter.id}/events`, "/inbox"];

function sound(page, path) {
    assert.equal(page.status, 200, `${path}: ${page.status}`);
    assert.match(page.headers.get("content-type"), /^text\/html; ?charset=utf-8/i, path);
    assert.deepEqual(html_inline(page.html), [], `${path} runs nothing of its own`);
    assert.deepEqual(html_unbalanced(page.html), [], `${path} is well-formed`);
    assert.match(page.html, /<html[^>]* lang="zh/, path);
    assert.match(page.html, /<title>[^<]+<\/title>/, path);
    assert.match(page.html, /<meta name="viewport"/, path);
    const ids = html_tokens(page.html).filter((token) => token.attributes?.id).map((token) => token.attributes.id);
    assert.equal(new Set(ids).size, ids.length, `${path}: ids are unique`);
    const text = html_text(page.html);
    assert.doesNotMatch(text, /undefined|\[object|NaN|\(null\)/, `${path} shows no seams`);
    const ours = text.replace(/(商标|专利)无效行政纠纷|无效宣告/g, ""); // names of official forms, a term of law
    assert.doesNotMatch(ours, /提交成功|无效|非法输入|invalid/i, `${path} keeps to the wording`);
    const csp = page.headers.get("content-security-policy");
    assert.ok(csp && !/unsafe-inline|unsafe-eval/.test(csp), `${path}: ${csp}`);
    assert.match(csp, /frame-ancestors 'none'/);
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
}

describe("public pages", () => {
    for (const path of PUBLIC) {
        test(`${path} answers without a log-in`, async () => {
            const page = await (await visitor(server)).open(path);
            sound(page, path);
        });
    }

    test("what to prepare is told apart by what one is going to ask for", async () => {
        const page = html_text((await (await visitor(server)).open("/begin/cross-domain-filing?court=粤0307")).html);
        assert.match(page, /民事起诉状\s*民事起诉需要/);
        assert.match(page, /行政起诉状\s*行政起诉需要/);
        assert.match(page, /生效证明\s*强制执行申请的，有就交/);
        assert.match(page, /身份证明[^需]*需要/);
    });

    test("what can be done is told apart by where it is begun", async () => {
        const [, online, window, court] = (await (await visitor(server)).open("/procedures")).html.split(/<h2>/);
        assert.match(online, /网上办[^]*民事一审立案[^]*立案投诉/);
        assert.match(window, /就近的法院[^]*跨域立案[^]*跨域阅卷/);
        assert.doesNotMatch(online, /跨域阅卷/, "an office hands out files, no browser");
        assert.match(court, /由法院接着办[^]*民事一审</);
    });

    test("what the search for courts gives as examples is found", async () => {
        const who = await visitor(server);
        const empty = html_text((await who.open("/courts?q=xyzzy")).html);
        const examples = [...empty.matchAll(/例如“([^”]+)”/g)].map(([, example]) => example);
        assert.equal(examples.length, 2);
        for (const example of examples) {
            assert.match(html_text((await who.open(`/courts?q=${example}`)).html), /北京市朝阳区人民法院/, example);
        }
    });

    test("a tool's steps write days as people do", async () => {
        const text = html_text((await (await visitor(server)).open("/tools/period?start=2026-03-02&length=7&unit=day")).html);
        assert.match(text, /开始的当日不计算在内，从次日起算：2026年3月3日/);
        assert.doesNotMatch(text.replace("例如：2026-03-02", ""), /\d{4}-\d\d-\d\d/);
    });

    test("what needs a person leads to the log-in and back", async () => {
        const who = await visitor(server);
        const page = await who.request("GET", "/matters?box=mine");
        assert.ok([303, 302, 401].includes(page.status), `${page.status}`);
        const shown = page.status === 401 ? page : await who.open("/matters?box=mine");
        const form = shown.forms.find((one) => one.fields.some((field) => field.name === "password"));
        assert.ok(form, "there is a form to log in");
        const back = await who.send(shown, form, { login: "citizen-1", password: "tongsu-demo" });
        assert.equal(back.status, 303);
        assert.match(back.headers.get("location"), /\/matters\?box=mine/);
    });
});

describe("a person's pages", () => {
    test("all of them are sound", async () => {
        const who = await visitor(server, "citizen-1");
        for (const path of OWN()) {
            sound(await who.open(path), path);
        }
    });

    test("a group of many official rows lists them, each leading to its place", async () => {
        const one = await citizen.begin();
        await citizen.save(one.id, { cause: "民间借贷纠纷", style: "element" });
        const { html } = await (await visitor(server, "citizen-1")).open(`/matters/${one.id}/edit/private-lending-facts`);
        const places = [...html.matchAll(/href="#(row-[^"]+)"/g)].map((found) => found[1]);
        assert.ok(places.length >= 10, html_text(html));
        assert.match(html_text(html), new RegExp(`本页${places.length}个部分`));
        for (const place of places) {
            assert.ok(html.includes(`id="${place}"`), place);
        }
        const parties = await (await visitor(server, "citizen-1")).open(`/matters/${one.id}/edit/parties`);
        assert.doesNotMatch(parties.html, /个部分/);
    });

    test("the draft says plainly that it is not submitted", async () => {
        const page = await (await visitor(server, "citizen-1")).open(`/matters/${draft.id}`);
        const text = html_text(page.html);
        assert.match(text, /尚未提交/);
        assert.match(text, /法院还看不到|尚未提交/);
        assert.doesNotMatch(text, /已提交|已完成|提交成功/);
    });

    test("after filing, receipt is told apart from docketing, with the date of the law", async () => {
        const page = await (await visitor(server, "citizen-1")).open(`/matters/${matter.id}`);
        const text = html_text(page.html);
        assert.match(text, /待法院审核/);
        const [, month, day] = matter.clocks[0].due.match(/^\d{4}-(\d\d)-(\d\d)/);
        assert.ok(text.includes(`${Number(month)}月${Number(day)}日`), "the day by which the court decides");
    });

    test("once docketed, the page says how much is to be paid, by when and why half", async () => {
        const { id } = await filed(citizen);
        const docketed = await reviewer.taken(id, "docket", { docketing: { "trial-procedure": "summary" } });
        const page = await (await visitor(server, "citizen-1")).open(`/matters/${id}`);
        const text = html_text(page.html);
        assert.ok(text.includes(`已立案，案号${docketed.case_number}`));
        assert.match(text, /应交案件受理费525\.00元，请在(\d{4}年)?\d+月\d+日前交纳。/);
        assert.match(text, /适用简易程序，已减半计算。/);
    });

    test("hostile names are shown as text, in the page and in its title", async () => {
        const page = await (await visitor(server, "citizen-1")).open(`/matters/${matter.id}`);
        assert.ok(!page.html.includes("<script>alert(1)"), "no script of a name's");
        assert.ok(html_text(page.html).includes(HOSTILE.slice(0, 20)), "but the name itself");
        const list = await (await visitor(server, "citizen-1")).open("/matters?box=mine");
        assert.ok(!list.html.includes("<script>alert(1)"));
    });
});

describe("a reviewer's pages", () => {
    test("all of them are sound", async () => {
        const who = await visitor(server, "reviewer@京0105");
        for (const path of STAFF()) {
            sound(await who.open(path), path);
        }
    });

    test("a search for markup shows no markup", async () => {
        const who = await visitor(server, "reviewer@京0105");
        const page = await who.open(`/matters?box=court&q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
        assert.equal(page.status, 200);
        assert.deepEqual(html_inline(page.html), []);
        assert.ok(!page.html.includes("<img src=x"));
    });
});

describe("weight", () => {
    test("every ordinary page is under 40 KB in all: page, styles, scripts and icons as they travel", async () => {
        const who = await visitor(server, "citizen-1");
        const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const seen = new Map();
        for (const path of [...PUBLIC, ...OWN()].map((one) => encodeURI(one))) {
            const page = await raw_get(server, path, { "Accept-Encoding": "gzip", Accept: "text/html", Cookie: cookie });
            if (page.status !== 200) {
                continue;
            }
            let bytes = page.body.length;
            if (page.headers["content-encoding"] === "gzip") {
                assert.ok(bytes > 0);
            }
            const { html } = await who.open(path);
            for (const token of html_tokens(html)) {
                const link = token.tag === "link" && /stylesheet|icon|preload/.test(token.attributes.rel ?? "") ? token.attributes.href : null;
                const source = ["script", "img"].includes(token.tag) && !token.close ? token.attributes.src : null;
                const asset = link ?? source;
                if (!asset || asset.startsWith("data:")) {
                    continue;
                }
                if (!seen.has(asset)) {
                    const got = await raw_get(server, asset, { "Accept-Encoding": "gzip" });
                    assert.equal(got.status, 200, `${asset} of ${path}`);
                    seen.set(asset, got.body.length);
                }
                bytes += seen.get(asset);
            }
            assert.ok(bytes < WEIGHT, `${decodeURI(path)} weighs ${bytes} bytes`);
        }
    });

    test("texts travel packed, and assets may be kept", async () => {
        const page = await raw_get(server, "/", { "Accept-Encoding": "gzip", Accept: "text/html" });
        assert.equal(page.headers["content-encoding"], "gzip");
        assert.match(page.headers.vary ?? "", /accept-encoding/i);
        const { html } = await (await visitor(server)).open("/");
        const style = html_tokens(html).find((token) => token.tag === "link" && token.attributes.rel === "stylesheet").attributes.href;
        const first = await raw_get(server, style);
        assert.equal(first.status, 200);
        assert.ok(first.headers.etag || /max-age=\d{4,}/.test(first.headers["cache-control"] ?? ""), "an asset may be kept");
        if (first.headers.etag) {
            const again = await raw_get(server, style, { "If-None-Match": first.headers.etag });
            assert.equal(again.status, 304);
        }
        assert.ok(gzipSync(first.body).length < 20_000);
    });
});

describe("forms without scripts", () => {
    test("a case is begun, filled and submitted by pages alone", async () => {
        const who = await visitor(server, "citizen-2");
        const person = await login(server, "citizen-2");
        const begin = await who.open("/begin/civil-first-instance-filing?court=京0105");
        const begin_form = begin.forms.find((form) => /\/matters$/.test(form.action) && form.method === "post");
        assert.ok(begin_form, "the procedure's page begins one");
        const made = await who.send(begin, begin_form, { court: "京0105" });
        assert.equal(made.status, 303, made.html.slice(0, 300));
        const id = made.headers.get("location").match(/\d{10,}/)[0];
        // Values and files come by the API here; the clicks are the browser tests' matter.
        const seen = await person.matter(id);
        const values = form_own(seen.acts[0].form, person);
        const saved = await person.save(id, values);
        assert.equal(saved.status, 200, saved.text);
        await person.upload_required(seen, seen.acts[0]);
        const page = await who.open(`/matters/${id}`);
        sound(page, "the filled draft");
        assert.ok(page.forms.length > 0, "it has forms to go on with");
    });

    test("a faulty entry shows the page again, with the entry kept and the field marked", async () => {
        const who = await visitor(server, "citizen-1");
        const page = await who.open(`/matters/${draft.id}`);
        const links = [...new Set([...page.html.matchAll(/href="([^"#]+)"/g)].map((found) => found[1]))].filter((href) => href.startsWith(`/matters/${draft.id}`));
        let editor = null;
        for (const href of ["", ...links]) {
            const candidate = href ? await who.open(href) : page;
            const form = candidate.forms?.find((one) => one.fields.some((field) => /amount/.test(field.name)));
            if (form) {
                editor = { candidate, form };
                break;
            }
        }
        assert.ok(editor, "some page of the draft asks for the amount");
        const field = editor.form.fields.find((one) => /amount/.test(one.name));
        const answer = await who.send(editor.candidate, editor.form, { [field.name]: "五万" });
        assert.ok([200, 422].includes(answer.status), `${answer.status}`);
        assert.ok(answer.html.includes("五万"), "what was typed is still there");
        assert.match(answer.html, /aria-invalid="true"/);
    });
});

describe("errors as pages", () => {
    test("are in words, with the incident, and give nothing away", async () => {
        const who = await visitor(server, "citizen-1");
        for (const path of ["/no/such/page", `/matters/1`, "/courts/京9999"]) {
            const page = await who.open(path);
            assert.equal(page.status, 404, path);
            assert.match(page.headers.get("content-type"), /^text\/html/);
            assert.match(html_text(page.html), /没有找到/);
            assert.doesNotMatch(page.html, /\.c:\d+|sqlite|select |errno|backtrace/i);
            assert.deepEqual(html_inline(page.html), []);
        }
    });
});

describe("a matter as others see it", () => {
    test("the reviewer's page has the decision forms, the citizen's has not", async () => {
        const fresh = await filed(citizen);
        const by_reviewer = await (await visitor(server, "reviewer@京0105")).open(`/matters/${fresh.id}`);
        const by_citizen = await (await visitor(server, "citizen-1")).open(`/matters/${fresh.id}`);
        const leads = (page, act) => page.html.includes(`/matters/${fresh.id}/acts/${act}`);
        assert.ok(leads(by_reviewer, "docket"));
        assert.ok(!leads(by_citizen, "docket"));
        assert.ok(leads(by_citizen, "withdraw"));
        assert.ok(reviewer.token);
    });
});
