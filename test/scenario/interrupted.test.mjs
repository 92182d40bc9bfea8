// The session ends in the middle of a page: every form of every page, for every kind of person. What
// was typed is there after the next log-in, to the last character; passwords are asked for again.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { filed, login, nobody, PASSWORD } from "../lib/client.mjs";
import { form_pairs } from "../lib/html.mjs";
import { start } from "../lib/server.mjs";

const TYPED = '键入𠮷㼆 <b>"&+=%25;\' ';
const SECRETS = ["password", "new_password"];
let server;
let paths; // GET routes of the program itself
let known; // what stands for the {parts} of a path

before(async () => {
    server = await start();
    const citizen = await login(server, "citizen-1");
    const reviewer = await login(server, "reviewer@京0105");
    const draft = await citizen.begin();
    const waiting = await filed(citizen);
    const taken = await filed(citizen);
    const docketed = await reviewer.taken(taken.id, "docket");
    const opened = docketed.links.find((link) => link.rel === "opened").id;
    const acts = new Set();
    for (const [who, id] of [[citizen, waiting.id], [reviewer, waiting.id], [citizen, opened], [await login(server, "judge@京0105"), opened]]) {
        const seen = await who.get(`/matters/${id}`);
        (seen.body.acts ?? []).forEach((act) => acts.add(act.name));
    }
    known = {
        id: [draft.id, waiting.id, opened],
        group: draft.acts[0].form.map((field) => field.name),
        act: ["submit", ...acts],
        code: ["京0105"],
        court: ["京0105"],
        procedure: ["civil-first-instance-filing"],
        name: ["civil-first-instance-filing"],
        n: ["1"],
        kind: ["hours"],
    };
    const { body } = await nobody(server).get("/openapi.json");
    paths = Object.entries(body.paths).filter(([, methods]) => methods.get).map(([path]) => path)
        .filter((path) => !/^\/(static|uploads|healthz|readyz|metrics|notices|openapi)/.test(path));
});
after(() => server?.stop());

/** Every address that a route can stand for, with what is known. */
function addresses(path) {
    const part = path.match(/\{(\w+)\}/);
    if (!part) {
        return [path];
    }
    return (known[part[1]] ?? []).flatMap((value) => addresses(path.replace(part[0], encodeURIComponent(value))));
}

/** Something typed for every field that takes it. */
function typed(form) {
    const values = {};
    for (const field of form.fields.filter((one) => !/^(hidden|file|submit|button|image)$/.test(one.type))) {
        if (field.type === "select") {
            values[field.name] = field.options.at(-1)?.value ?? "";
        } else if (/^(checkbox|radio)$/.test(field.type)) {
            values[field.name] = field.type === "radio" ? field.value : [...[].concat(values[field.name] ?? []), field.value];
        } else {
            values[field.name] = `${TYPED}${field.name}${field.type === "textarea" ? "\n第二行" : ""}`;
        }
    }
    return values;
}

const is_own = (field) => ["_csrf", "_key", "_revision"].includes(field.name);

async function end_elsewhere(who, page) {
    const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const csrf = page.html.match(/<meta name="csrf" content="([^"]+)"/)[1];
    const answer = await nobody(server).api("DELETE", "/session", { headers: { cookie, "x-csrf-token": csrf } });
    assert.equal(answer.status, 204, answer.text);
}

/** Sends one form after the session has ended, logs in again; answers what is missing. */
async function missing_after(who, name, page, form) {
    const values = typed(form);
    await end_elsewhere(who, page);
    const answer = await who.send(page, form, values);
    assert.equal(answer.status, 401, `${form.action}: ${answer.status}`);
    assert.match(answer.html, /登录已过期，您填的内容没有丢失/);
    assert.ok(!SECRETS.some((secret) => secret in values && answer.html.includes(encodeURIComponent(values[secret]))), "no password is carried");
    const again = answer.forms.find((one) => one.fields.some((field) => field.name === "password"));
    const resumed = await who.send(answer, again, { login: name, password: PASSWORD });
    assert.equal(resumed.status, 200, `${form.action}: ${resumed.html.slice(0, 200)}`);
    const carried = resumed.forms.find((one) => one.fields.some((field) => field.name === "_csrf") && /接着办/.test(one.buttons[0]?.title));
    assert.ok(carried, `${form.action}: a form to go on`);
    assert.equal(decodeURI(new URL(carried.action, server.url).pathname), decodeURI(new URL(form.action || page.url, page.url).pathname));
    const there = carried.fields.map((field) => JSON.stringify([field.name, field.type === "password" ? "" : field.value]));
    return form_pairs(form, values)
        .filter(([field]) => !is_own({ name: field }))
        .map(([field, value]) => JSON.stringify([field, SECRETS.includes(field) ? "" : value]))
        .filter((pair) => !there.includes(pair));
}

/** The forms that a person may type in, each kind once. */
async function forms_of(who) {
    const found = new Map();
    for (const path of paths.flatMap(addresses)) {
        const page = await who.request("GET", path);
        if (page.status !== 200 || !/text\/html/.test(page.headers.get("content-type") ?? "")) {
            continue;
        }
        for (const form of page.forms.filter((one) => one.method === "post")) {
            const action = new URL(form.action || page.url, page.url).pathname;
            const names = form.fields.filter((field) => field.type !== "hidden").map((field) => field.name).sort();
            const kind = `${action.replace(/\d{6,}/g, "N")} ${names}`;
            if (names.length > 0 && !found.has(kind) && !/^\/(session|login|register|codes|verify|tools|follow)/.test(action)) {
                found.set(kind, { path, form });
            }
        }
    }
    return [...found.values()];
}

describe("a session that ends", () => {
    const ROLES = [["citizen-1", 12], ["window@京0105", 6], ["reviewer@京0105", 7], ["judge@京0105", 5], ["leader@京0105", 4], ["supervisor@京", 4], ["admin", 7]];
    for (const [name, least] of ROLES) {
        test(`in any form of ${name}`, { timeout: 300_000 }, async (t) => {
            const who = await visitor(server, name);
            const forms = await forms_of(who);
            const files = forms.filter(({ form }) => form.enctype === "multipart/form-data");
            assert.ok(files.every(({ form }) => form.fields.every((field) => /^(hidden|file|checkbox)$/.test(field.type))), "what carries files has nothing typed beside them");
            const rest = forms.filter(({ form }) => form.enctype !== "multipart/form-data");
            t.diagnostic(`${rest.length} forms: ${rest.map(({ form, path }) => form.action || path)}`);
            assert.ok(rest.length >= least, `${rest.length} forms`);
            for (const { path, form } of rest) {
                const page = await who.open(path);
                const now = page.forms.find((one) => one.action === form.action && one.fields.length === form.fields.length);
                assert.ok(now, `${path} shows the form again`);
                assert.deepEqual(await missing_after(who, name, page, now), [], `${path}: lost on the way`);
            }
        });
    }

    test("staff go on under the post that the page was of", async () => {
        const admin = await login(server, "admin");
        await login(server, "clerk@京0106");
        await admin.post("/admin/posts", { login: "clerk@京0106", post: "judge", court: "京0106" });
        await admin.post("/admin/posts", { login: "clerk@京0106", post: "window", court: "京0106" });
        const who = await visitor(server, "clerk@京0106");
        const me = await who.open("/me");
        const change = me.forms.find((one) => one.action === "/session/post");
        await who.send(me, change, {}, { name: "post", value: "window@京0106" });
        const page = await who.open("/window/people");
        const form = page.forms.find((one) => one.action === "/window/people");
        assert.ok(form, "the window's page");
        assert.deepEqual(await missing_after(who, "clerk@京0106", page, form), []);
        assert.equal((await who.open("/window/people")).status, 200, "still at the window");
    });

    test("a code or a phone instead of the password carries it too", async () => {
        const who = await visitor(server, "citizen-5");
        const page = await who.open("/me");
        const form = page.forms.find((one) => one.action === "/me");
        await end_elsewhere(who, page);
        const answer = await who.send(page, form, { email: "lin@example.com", password: "geheim-1" });
        const codes = answer.forms.find((one) => one.action === "/session/code");
        const sent = await who.send(answer, codes, { login: "citizen-5" });
        const by_code = sent.forms.find((one) => one.fields.some((field) => field.name === "code"));
        const resumed = await who.send(sent, by_code, { login: "citizen-5", code: "000000" });
        const carried = resumed.forms.find((one) => one.action === "/me");
        assert.equal(carried.fields.find((field) => field.name === "email").value, "lin@example.com");
        assert.equal(carried.fields.find((field) => field.name === "password").type, "password");
        assert.ok(!resumed.html.includes("geheim-1"));
        const done = await who.send(resumed, carried);
        assert.equal(done.status, 303, "and goes on");

        const back = await who.open("/me");
        await end_elsewhere(who, back);
        const ended = await who.send(back, back.forms.find((one) => one.action === "/me"), { email: "lin@example.com" });
        const desk = await who.send(ended, ended.forms.find((one) => one.action === "/login/scan"));
        const phone = await login(server, "citizen-5");
        const enter = desk.forms.find((one) => one.action === "/login/scan/enter");
        const field = (key) => enter.fields.find((one) => one.name === key).value;
        await phone.post(`/scan/${field("code")}`, { decision: "confirm", number: field("number") });
        const inside = await who.send(desk, enter);
        assert.equal(inside.status, 200, inside.html.slice(0, 300));
        assert.ok(inside.forms.some((one) => one.action === "/me" && one.fields.some((it) => it.value === "lin@example.com")));
    });

    test("an old browser that names only where it came from keeps a form with a stale token", async () => {
        const who = await visitor(server, "citizen-6");
        const page = await who.open("/me");
        const form = page.forms.find((one) => one.action === "/me");
        const body = new URLSearchParams([["_csrf", "of-an-earlier-log-in"], ["email", "lin@example.com"]]).toString();
        const post = (headers) => who.request("POST", form.action, { body, headers: { "content-type": "application/x-www-form-urlencoded", ...headers } });
        const own = await post({ referer: `${server.url}/me` });
        assert.equal(own.status, 403);
        assert.ok(own.forms.some((one) => one.fields.some((field) => field.value === "lin@example.com")), "to be sent again");
        for (const headers of [{}, { referer: "https://evil.example/" }, { referer: `${server.url}.evil.example/` }, { "sec-fetch-site": "cross-site", referer: `${server.url}/me` }]) {
            const other = await post(headers);
            assert.equal(other.status, 403);
            assert.ok(!other.html.includes("lin@example.com"), JSON.stringify(headers));
        }
    });
});
