// A browser without scripts: cookies, pages, forms. (The one with scripts is in test/browser.)
import assert from "node:assert/strict";
import { escaped, PASSWORD } from "./client.mjs";
import { form_pairs, html_forms } from "./html.mjs";
import { ask } from "./http.mjs";

export class Visitor {
    constructor(server) {
        this.server = server;
        this.cookies = new Map();
    }

    async request(method, path, { body, headers = {} } = {}) {
        const url = path.startsWith("http") ? path : this.server.url + escaped(path);
        const sent = { accept: "text/html,application/xhtml+xml", ...headers };
        if (this.cookies.size > 0) {
            sent.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        }
        const answer = await ask(url, { method, headers: sent, body });
        for (const line of answer.headers.getSetCookie()) {
            const [pair, ...attributes] = line.split(";").map((part) => part.trim());
            const [name, ...value] = pair.split("=");
            const gone = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=Thu, 01 Jan 1970/i.test(one));
            if (gone || value.join("=") === "") {
                this.cookies.delete(name);
            } else {
                this.cookies.set(name, value.join("="));
            }
            this.last_cookie_line = line;
        }
        const html = answer.text;
        return { status: answer.status, headers: answer.headers, html, url, forms: html_forms(html) };
    }

    /** Opens a page, following redirects as a browser does. */
    async open(path) {
        let page = await this.request("GET", path);
        for (let hops = 0; page.status >= 300 && page.status < 400 && hops < 5; hops++) {
            page = await this.request("GET", new URL(page.headers.get("location"), page.url).href);
        }
        return page;
    }

    /** Sends a form of a page with values over its own; does not follow the answer. */
    async send(page, form, values = {}, button = null) {
        const pairs = form_pairs(form, values);
        if (button?.name) {
            pairs.push([button.name, button.value]);
        }
        const action = new URL(button?.formaction ?? (form.action || page.url), page.url).href;
        return this.request("POST", action, {
            body: new URLSearchParams(pairs).toString(),
            headers: { "content-type": "application/x-www-form-urlencoded" },
        });
    }

    async login(name, password = PASSWORD) {
        const page = await this.open("/login");
        const form = page.forms.find((one) => one.fields.some((field) => field.name === "password"));
        assert.ok(form, `no log-in form at /login (${page.status})`);
        const answer = await this.send(page, form, { login: name, password });
        assert.equal(answer.status, 303, `log-in of ${name} through the page`);
        return this;
    }
}

export async function visitor(server, name) {
    const one = new Visitor(server);
    return name ? one.login(name) : one;
}
