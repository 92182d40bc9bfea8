// Who may see and do what: every route of a matter for every role, made from two lists.
//
// The default is no. Strangers cannot learn that a matter exists (404 everywhere); those who may
// see it are refused what they may not do with 403; without a session everything is 401.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { filed, FILING, login, nobody, refused } from "../lib/client.mjs";
import { pdf } from "../lib/files.mjs";
import { start } from "../lib/server.mjs";

let server;
let owner;
const people = new Map();

/** name: what each role is to the matter. "may-see" is left open by the contract: then all reading
 * routes must answer alike. */
const ROLES = {
    "citizen-1": "owner",
    "citizen-2": "stranger", // named as defendant nowhere
    "citizen-9": "stranger",
    "lawyer-1": "stranger",
    "reviewer@京0105": "court",
    "judge@京0105": "court",
    "leader@京0105": "court",
    "window@京0105": "may-see",
    "clerk@京0105": "may-see",
    "enforcement@京0105": "may-see",
    "mediator@京0105": "may-see",
    "supervisor@京0105": "may-see",
    "admin@京0105": "stranger",
    "reviewer@京0106": "stranger",
    "judge@京0106": "stranger",
    "leader@京0106": "stranger",
    "window@京03": "stranger",
};

const READS = (id, matter) => [
    `/matters/${id}`,
    `/matters/${id}/events`,
    `/matters/${id}/receipt?event=1`,
    `/matters/${id}/materials/${matter.materials[0].n}`,
    `/matters/${id}/papers/${matter.papers[0].n}`,
];

const WRITES = (id, matter) => [
    ["PATCH", `/matters/${id}`, { values: { claim: { amount: 1 } } }],
    ["DELETE", `/matters/${id}`],
    ["DELETE", `/matters/${id}/materials/${matter.materials[0].n}`],
    ["POST", `/matters/${id}/signatures`, { who: ["parties.0"] }],
    ["POST", `/matters/${id}/signatures/1/remind`, {}],
    ["POST", `/matters/${id}/signatures/1/withdraw`, {}],
    ["POST", `/matters/${id}/saved`, { group: "parties" }],
    ...["submit", "withdraw", "insist", "docket", "refuse", "return", "ask-correction", "review-overdue", "correction-lapsed"].map((act) => [
        "POST",
        `/matters/${id}/acts/${act}`,
        { values: {}, revision: matter.revision },
    ]),
];

before(async () => {
    server = await start();
    for (const name of Object.keys(ROLES)) {
        people.set(name, await login(server, name));
    }
    owner = people.get("citizen-1");
});
after(() => server?.stop());

async function write(who, [method, path, body]) {
    return who.api(method, path, { body, key: method === "POST" ? randomUUID() : undefined });
}

const fingerprint = async (id) => {
    const matter = await owner.matter(id);
    return JSON.stringify([matter.state, matter.revision, matter.materials.length, (await owner.events(id)).length]);
};

describe("a filing under review", () => {
    let matter;

    before(async () => {
        matter = await filed(owner);
    });

    for (const [name, role] of Object.entries(ROLES)) {
        test(`is read by ${name} (${role}) on every route alike`, async () => {
            const answers = await Promise.all(READS(matter.id, matter).map((path) => people.get(name).get(path)));
            const statuses = [...new Set(answers.map((answer) => answer.status))];
            if (role === "stranger") {
                answers.forEach((answer) => refused(answer, 404, "not-found"));
            } else if (role === "may-see") {
                assert.equal(statuses.length, 1, `${statuses} differ by route`);
                assert.ok([200, 404].includes(statuses[0]), `${statuses}`);
            } else {
                assert.deepEqual(statuses, [200]);
            }
        });

        test(`is not changed by ${name} in ways not offered`, async () => {
            const who = people.get(name);
            const seen = await who.get(`/matters/${matter.id}`);
            const offered = seen.status === 200 ? seen.body.acts.map((act) => act.name) : [];
            const before_all = await fingerprint(matter.id);
            for (const request of WRITES(matter.id, matter)) {
                const act = request[1].split("/acts/")[1];
                if (act && offered.includes(act)) {
                    continue;
                }
                if (request[0] === "PATCH" && offered.length > 0) {
                    await write(who, request); // what is typed towards an act offered is kept apart
                    continue;
                }
                const answer = await write(who, request);
                const what = `${request[0]} ${request[1]} by ${name}: ${answer.status} ${answer.text.slice(0, 150)}`;
                if (seen.status === 404) {
                    assert.equal(answer.status, 404, what);
                } else {
                    assert.ok([403, 404, 409].includes(answer.status), what);
                }
            }
            assert.equal(await fingerprint(matter.id), before_all, "nothing has changed");
        });
    }

    test("on every route there is, a stranger is answered as if it did not exist", async () => {
        const { paths } = (await nobody(server).get("/openapi.json")).body;
        const beside = `${BigInt(matter.id) + 1_000_000n}`;
        const filled = (path, id) => path.replace("{id}", id).replace("{act}", "withdraw").replace(/\{[a-z]+\}/g, "1");
        const routes = Object.entries(paths).filter(([path]) => path.startsWith("/matters/{id}"));
        assert.ok(routes.length > 20, `${routes.length} routes`);
        const before_all = await fingerprint(matter.id);
        const strangers = ["citizen-2", "lawyer-1", "reviewer@京0106", "window@京03", "admin@京0105"];
        for (const name of strangers) {
            const who = people.get(name);
            assert.equal(ROLES[name], "stranger");
            for (const [path, methods] of routes) {
                for (const method of Object.keys(methods).map((one) => one.toUpperCase())) {
                    const [there, nowhere] = await Promise.all(
                        [matter.id, beside].map((id) => write(who, [method, filled(path, id), method === "GET" ? undefined : {}])),
                    );
                    const what = `${method} ${path} by ${name}: ${there.status} ${there.text.slice(0, 120)}`;
                    assert.ok(there.status >= 400 && there.status < 500, what);
                    assert.deepEqual([there.status, there.body?.type], [nowhere.status, nowhere.body?.type], what);
                    assert.ok(!there.text.includes("林晓舟"), what);
                }
            }
        }
        assert.equal(await fingerprint(matter.id), before_all, "nothing has changed");
    });

    test("nothing is answered without a session but 401", async () => {
        const stranger = nobody(server);
        for (const path of READS(matter.id, matter)) {
            refused(await stranger.get(path), 401);
        }
        for (const request of WRITES(matter.id, matter)) {
            refused(await write(stranger, request), 401);
        }
        for (const path of ["/matters?box=mine", "/inbox", "/notices/stream"]) {
            refused(await stranger.get(path), 401);
        }
        refused(await stranger.post("/matters", { procedure: FILING, court: "京0105", values: {} }), 401);
        refused(await stranger.api("POST", `/matters/${matter.id}/materials?kind=evidence`, { body: pdf("x") }), 401);
    });

    test("a token that is none, cut, or of a session that ended is 401", async () => {
        const who = await login(server, "citizen-1");
        for (const token of ["x", who.token.slice(0, -1), `${who.token}x`, "", " ", "null"]) {
            const answer = await who.get("/matters?box=mine", { token: null, headers: { authorization: `Bearer ${token}` } });
            assert.equal(answer.status, 401, JSON.stringify(token));
        }
        const gone = await who.api("DELETE", "/session");
        assert.ok([200, 204].includes(gone.status), gone.text);
        refused(await who.get("/matters?box=mine"), 401);
    });

    test("ids beside it are not found, in whatever form", async () => {
        const beside = [`${BigInt(matter.id) + 1n}`, `${BigInt(matter.id) - 1n}`, "1", "0", "-1", "x", "9223372036854775808", "99999999999999999999999", `${matter.id}x`, `+${matter.id}`];
        for (const id of beside) {
            const answer = await owner.get(`/matters/${id}`);
            assert.ok([400, 404].includes(answer.status) || answer.body?.id !== matter.id, `${id}: ${answer.status}`);
        }
    });

    test("no list of a stranger holds it, however asked", async () => {
        const words = ["林晓舟", "民间借贷", matter.id, ""];
        for (const [name, role] of Object.entries(ROLES)) {
            if (role !== "stranger") {
                continue;
            }
            for (const box of ["mine", "todo", "court"]) {
                for (const q of words) {
                    const answer = await people.get(name).get(`/matters?box=${box}&q=${encodeURIComponent(q)}`);
                    assert.ok([200, 403, 404].includes(answer.status), answer.text);
                    assert.ok(!answer.text.includes(matter.id) || answer.status !== 200, `${name} finds it in ${box} by ${q}`);
                }
            }
        }
    });

    test("a defendant who is named but not yet served is a stranger", async () => {
        const defendant = people.get("citizen-2");
        const draft = await owner.begin();
        const values = owner.person && (await owner.matter(draft.id)).acts[0];
        const { form_fill } = await import("../lib/form.mjs");
        const filled = form_fill(values.form);
        filled.parties.find((party) => party.role === "defendant").name = defendant.person.name;
        await owner.upload_required(draft, values);
        const answer = await owner.act(draft.id, "submit", filled, { accept_warnings: true });
        assert.equal(answer.status, 200, answer.text);
        refused(await defendant.get(`/matters/${draft.id}`), 404, "not-found");
        const docketed = await people.get("reviewer@京0105").taken(draft.id, "docket");
        const opened = docketed.links.find((link) => link.rel === "opened").id;
        refused(await defendant.get(`/matters/${draft.id}`), 404, "not-found");
        refused(await defendant.get(`/matters/${opened}`), 404, "not-found");
    });
});

describe("a draft", () => {
    test("is its owner's alone", async () => {
        const draft = await owner.begin();
        for (const [name, who] of people) {
            if (name !== "citizen-1") {
                refused(await who.get(`/matters/${draft.id}`), 404, "not-found");
                refused(await who.save(draft.id, { cause: "民间借贷纠纷" }), 404, "not-found");
                refused(await who.upload(draft.id, "evidence"), 404, "not-found");
                refused(await write(who, ["DELETE", `/matters/${draft.id}`]), 404, "not-found");
            }
        }
    });
});

describe("posts", () => {
    test("staff do not begin a person's filing in the person's place", async () => {
        for (const name of ["reviewer@京0105", "judge@京0105", "clerk@京0105", "admin@京0105"]) {
            const answer = await people.get(name).post("/matters", { procedure: FILING, court: "京0105", values: {} });
            assert.ok([403, 422].includes(answer.status), `${name}: ${answer.text}`);
        }
    });

    test("a post at no court, and a post that is none, do not log in", async () => {
        for (const login_name of ["reviewer@京9999", "emperor@京0105", "reviewer@", "@京0105", "reviewer@京0105@京0106"]) {
            refused(await nobody(server).post("/session", { login: login_name, password: "tongsu-demo" }), 401, "login-failed");
        }
    });

    test("an admin sees people and posts, and no matter", async () => {
        const admin = people.get("admin@京0105");
        for (const box of ["mine", "todo", "court"]) {
            const answer = await admin.get(`/matters?box=${box}`);
            assert.ok([200, 403].includes(answer.status), answer.text);
            assert.deepEqual(answer.body.matters ?? [], []);
        }
    });

    test("the operator's routes are not for everybody", async () => {
        for (const path of ["/admin", "/admin/people", "/admin/dead-letters"]) {
            const answer = await owner.get(path);
            assert.ok([403, 404].includes(answer.status), `${path}: ${answer.status}`);
        }
    });
});
