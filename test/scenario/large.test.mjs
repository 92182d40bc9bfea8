// Large type, without a script: chosen by a link, kept by cookie and account; one thing a screen on the
// first page, in a filing and on a matter, and nothing lost by asking one at a time.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { filed, login } from "../lib/client.mjs";
import { html_text } from "../lib/html.mjs";
import { start } from "../lib/server.mjs";

let server;

before(async () => {
    server = await start();
});
after(() => server?.stop());

async function elder(name) {
    const who = await visitor(server, name);
    await who.open("/large?on=1&back=/");
    assert.equal(who.cookies.get("large"), "1");
    return who;
}

const typed_fields = (form) => form.fields.filter((field) => !/^(hidden|submit)$/.test(field.type));
/** What is written on a page outside its folded parts. */
const unfolded = (page) => html_text(page.html.replace(/<details class="card more">[\s\S]*<\/details>/, ""));

describe("chosen", () => {
    test("by an account it is there at the next log-in, on another device", async () => {
        const who = await visitor(server, "citizen-80");
        const me = await who.open("/me");
        const csrf = me.html.match(/<meta name="csrf" content="([^"]+)"/)[1];
        await who.request("POST", "/large", { body: `on=1&_csrf=${csrf}`, headers: { "content-type": "application/x-www-form-urlencoded" } });
        const other = await visitor(server, "citizen-80");
        assert.equal(other.cookies.get("large"), "1");
        assert.match((await other.open("/")).html, /<html[^>]* data-size="large"/);
    });
});

describe("the first page", () => {
    test("says little, and leads to the same", async () => {
        const who = await elder("citizen-81");
        const large = await who.open("/");
        const usual = await (await visitor(server, "citizen-81")).open("/");
        assert.ok(unfolded(large).length < html_text(usual.html).length / 2, `${unfolded(large).length} letters of ${html_text(usual.html).length}`);
        assert.match(unfolded(large), /看我的案件/);
        assert.match(unfolded(large), /12368/);
        assert.doesNotMatch(unfolded(large), /即将开放|利息有多少/);
        for (const href of [...usual.html.matchAll(/class="door[^"]*" href="([^"]+)"/g)].map((found) => found[1])) {
            assert.ok(large.html.includes(`href="${href}"`), href);
        }
    });
});

describe("a filing", () => {
    test("is asked one question a screen, forwards and back, and loses nothing", async () => {
        const who = await elder("citizen-82");
        const api = await login(server, "citizen-82");
        const draft = await api.begin();
        const list = await who.open(`/matters/${draft.id}`);
        assert.match(unfolded(list), /接着填：/);
        // What another screen holds must not be cleared by this one.
        await api.save(draft.id, { claim: { facts: "事实与理由如下。", amount: 5000000 } });
        let page = await who.open(`/matters/${draft.id}/edit/claim`);
        const seen = [];
        for (let n = 0; n < 12; n++) {
            const form = page.forms.find((one) => one.action.endsWith("/edit/claim"));
            const names = typed_fields(form).map((field) => field.name);
            const parts = new Set(names.map((name) => name.split(".")[1]));
            assert.equal(parts.size, 1, `one question: ${names}`);
            assert.match(html_text(page.html), new RegExp(`第${n + 1}问，共\\d+问`));
            seen.push([...parts][0]);
            const values = names[0] === "claim.requests.0.text" ? { [names[0]]: "判令被告偿还借款本金50000元" } : {};
            const saved = await who.send(page, form, values, { name: "_next", value: "yes" });
            assert.equal(saved.status, 303, saved.html);
            const location = saved.headers.get("location");
            if (!location.includes("/edit/claim")) {
                break;
            }
            page = await who.open(location);
        }
        const whole = await (await visitor(server, "citizen-82")).open(`/matters/${draft.id}/edit/claim`);
        const all = [...new Set(typed_fields(whole.forms.find((one) => one.action.endsWith("/edit/claim"))).map((field) => field.name.split(".")[1]))];
        assert.deepEqual(seen, all, "every question of the usual page, in its order");
        const { claim } = (await api.matter(draft.id)).values;
        assert.equal(claim.facts, "事实与理由如下。");
        assert.equal(claim.amount, 5000000);
        assert.equal(claim.requests[0].text, "判令被告偿还借款本金50000元");

        const second = await who.open(`/matters/${draft.id}/edit/claim?part=1`);
        const back = second.html.match(/href="(\?part=\d+)">上一问/)[1];
        assert.match((await who.open(`/matters/${draft.id}/edit/claim${back}`)).html, /50000元/);
    });

    test("a question that was answered wrongly is shown again alone; a list grows on its own screen", async () => {
        const who = await elder("citizen-83");
        const draft = await (await login(server, "citizen-83")).begin();
        const page = await who.open(`/matters/${draft.id}/edit/claim?part=1`);
        const form = page.forms.find((one) => one.action.endsWith("/edit/claim"));
        const wrong = await who.send(page, form, { "claim.amount": "五万" }, { name: "_next", value: "yes" });
        assert.equal(wrong.status, 422);
        const again = wrong.forms.find((one) => one.action.endsWith("/edit/claim"));
        assert.deepEqual(typed_fields(again).map((field) => field.name), ["claim.amount"]);
        assert.equal(typed_fields(again)[0].value, "五万");
        const right = await who.send(wrong, again, { "claim.amount": "50000" }, { name: "_next", value: "yes" });
        assert.match(right.headers.get("location"), /\?part=2$/);

        const first = await who.open(`/matters/${draft.id}/edit/claim`);
        const requests = first.forms.find((one) => one.action.endsWith("/edit/claim"));
        const grown = await who.send(first, requests, { "claim.requests.0.text": "第一项" }, { name: "_add", value: "claim.requests" });
        const more = await who.open(grown.headers.get("location"));
        const names = typed_fields(more.forms.find((one) => one.action.endsWith("/edit/claim"))).map((field) => field.name);
        assert.deepEqual(names, ["claim.requests.0.text", "claim.requests.1.text"]);
    });

    test("a strange part is the first; a fault's link shows the whole group", async () => {
        const who = await elder("citizen-84");
        const draft = await (await login(server, "citizen-84")).begin();
        for (const part of ["99", "-1", "x", "9999999999999999999999"]) {
            const page = await who.open(`/matters/${draft.id}/edit/claim?part=${part}`);
            assert.match(html_text(page.html), /第1问/, part);
        }
        const whole = await who.open(`/matters/${draft.id}/edit/claim?check=1`);
        assert.ok(typed_fields(whole.forms.find((one) => one.action.endsWith("/edit/claim"))).length > 3);
    });
});

describe("a matter", () => {
    test("says what is the case and what to do; the rest is folded away", async () => {
        const who = await elder("citizen-85");
        const matter = await filed(await login(server, "citizen-85"));
        const large = await who.open(`/matters/${matter.id}`);
        const usual = await (await visitor(server, "citizen-85")).open(`/matters/${matter.id}`);
        assert.match(unfolded(large), /法院正在审核|法院已收到/);
        assert.match(unfolded(large), /看文书/);
        assert.ok(unfolded(large).length < html_text(usual.html).length / 2, `${unfolded(large).length} letters of ${html_text(usual.html).length}`);
        for (const href of [...usual.html.matchAll(/<main[\s\S]*<\/main>/g)][0][0].matchAll(/href="(\/matters\/[^"]+)"/g)) {
            assert.ok(large.html.includes(`href="${href[1]}"`), href[1]);
        }
    });
});
