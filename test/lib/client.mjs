// One person at the program: a session, and the requests of the contract.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { pdf } from "./files.mjs";
import { form_fill } from "./form.mjs";
import { ask } from "./http.mjs";

export const PASSWORD = "tongsu-demo";
export const COURT = "京0105";
export const FILING = "civil-first-instance-filing";

export class Client {
    constructor(server, name = "nobody") {
        this.server = server;
        this.name = name;
        this.token = null;
        this.person = null;
    }

    /** body: a value (sent as JSON), or bytes with a content type in headers. Answers { status,
     * headers, body, text }; body is the parsed JSON or null. Redirects are not followed. */
    async api(method, path, { token = this.token, body, key, headers = {}, accept = "application/json", signal } = {}) {
        const sent = { accept, ...headers };
        if (token) {
            sent.authorization = `Bearer ${token}`;
        }
        if (key) {
            sent["idempotency-key"] = key;
        }
        let bytes = body;
        if (body !== undefined && !(body instanceof Uint8Array) && typeof body !== "string" && !(body instanceof FormData)) {
            bytes = JSON.stringify(body);
            sent["content-type"] ??= "application/json";
        }
        const url = path.startsWith("http") ? path : this.server.url + escaped(path);
        const answer = await ask(url, { method, headers: sent, body: bytes, signal });
        const type = answer.headers.get("content-type") ?? "";
        return { ...answer, body: /[/+]json/.test(type) && answer.text ? JSON.parse(answer.text) : null };
    }

    get(path, options) {
        return this.api("GET", path, options);
    }

    post(path, body, options = {}) {
        return this.api("POST", path, { ...options, body });
    }

    async login(name = this.name, password = PASSWORD, post) {
        const answer = await this.post("/session", post ? { login: name, password, post } : { login: name, password }, { token: null });
        assert.equal(answer.status, 200, `login of ${name}: ${answer.text}`);
        this.name = name;
        this.token = answer.body.token;
        this.person = answer.body.person;
        this.cookie = answer.headers.getSetCookie();
        return this;
    }

    /** A draft; answers the matter. */
    async begin(procedure = FILING, court = COURT, values = {}) {
        const answer = await this.post("/matters", { procedure, court, values }, { key: randomUUID() });
        assert.equal(answer.status, 201, `begin ${procedure}: ${answer.text}`);
        return answer.body;
    }

    async matter(id) {
        const answer = await this.get(`/matters/${id}`);
        assert.equal(answer.status, 200, `matter ${id} for ${this.name}: ${answer.text}`);
        return answer.body;
    }

    async save(id, values, more = {}) {
        return this.api("PATCH", `/matters/${id}`, { body: { values, ...more } });
    }

    /** Takes an act as told, once; answers the raw answer. */
    async act(id, act, values = {}, { key = randomUUID(), ...more } = {}) {
        return this.post(`/matters/${id}/acts/${act}`, { values, ...more }, { key });
    }

    async upload(id, kind, bytes = pdf(`材料 ${kind}`), name = `${kind}.pdf`) {
        return this.api("POST", `/matters/${id}/materials?kind=${kind}`, {
            body: bytes,
            headers: { "x-filename": encodeURIComponent(name), "content-type": "application/octet-stream" },
        });
    }

    /** Uploads what an act still asks for (min of each kind). */
    async upload_required(matter, act) {
        for (const need of act.materials ?? []) {
            const have = matter.materials.filter((material) => material.kind === need.kind).length;
            for (let n = have; n < need.min; n++) {
                const answer = await this.upload(matter.id, need.kind);
                assert.equal(answer.status, 201, `upload of ${need.kind}: ${answer.text}`);
            }
        }
    }

    /** The offered act, or a failure that names what is offered. */
    async offered(id, name) {
        const matter = await this.matter(id);
        const act = matter.acts.find((one) => one.name === name);
        assert.ok(act, `${name} is not offered to ${this.name} in ${matter.state}: ${matter.acts.map((one) => one.name)}`);
        return { matter, act };
    }

    /** Takes an offered act with the examples of its form (and `values` over them), all materials
     * that it asks for, and all warnings accepted. Answers the raw answer. */
    async take(id, name, values = {}, more = {}) {
        const { matter, act } = await this.offered(id, name);
        await this.upload_required(matter, act);
        return this.act(id, name, form_fill(act.form, values), { accept_warnings: true, revision: matter.revision, ...more });
    }

    async taken(id, name, values, more) {
        const answer = await this.take(id, name, values, more);
        assert.equal(answer.status, 200, `${name} by ${this.name}: ${answer.text}`);
        return answer.body;
    }

    async events(id) {
        const answer = await this.get(`/matters/${id}/events?limit=200`);
        assert.equal(answer.status, 200, answer.text);
        return answer.body.events;
    }

    /** Names an assistant, who agrees. Answers what this person's desk then shows. */
    async names_assistant(helper) {
        const asked = await this.post("/me/assistants", { login: helper.name });
        assert.equal(asked.status, 200, asked.text);
        for (const one of (await helper.get("/me/assistants")).body.asked_of_me) {
            const agreed = await helper.post(`/me/assistants/asked/${one.id}/agree`, {});
            assert.equal(agreed.status, 200, agreed.text);
        }
        return this.get("/me/assistants");
    }

    /** Moves the clock of the program ("31m", "9d"); answers its new now. */
    async advance(by) {
        const answer = await this.post("/demo/clock", { advance: by }, { token: null });
        assert.equal(answer.status, 200, answer.text);
        return answer.body.now;
    }
}

/** Paths are written readably in tests (京0105): what is no plain ASCII is escaped, the rest stays. */
export function escaped(path) {
    return path.replace(/[^\x21-\x7e]+/gu, encodeURIComponent);
}

export async function login(server, name, post) {
    return new Client(server, name).login(name, PASSWORD, post);
}

export function nobody(server) {
    return new Client(server);
}

/** A filing under review: begun, filled and submitted by `who`. Answers the matter. */
export async function filed(who, { procedure = FILING, court = COURT, values = {} } = {}) {
    const draft = await who.begin(procedure, court);
    return who.taken(draft.id, "submit", values);
}

/** Checks a refusal: status, problem type, its shape; answers the problem. */
export function refused(answer, status, code) {
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.headers.get("content-type"), /^application\/problem\+json/, "a refusal is a problem document");
    const problem = answer.body;
    if (code) {
        assert.equal(problem.type, `/problems/${code}`, answer.text);
    } else {
        assert.match(problem.type, /^\/problems\/[a-z0-9-]+$/);
    }
    assert.equal(problem.status, status);
    assert.equal(typeof problem.title, "string");
    assert.match(problem.title, /[\u4e00-\u9fff]/, "the title is for the citizen");
    assert.match(problem.incident, /^[0-9A-Z]{8}$/, "an incident number both can see");
    return problem;
}

/** The errors of a 422 whose field is path or lies under it. */
export function errors_at(answer, path) {
    return (answer.body?.errors ?? []).filter((error) => error.field === path || error.field?.startsWith(`${path}.`));
}
