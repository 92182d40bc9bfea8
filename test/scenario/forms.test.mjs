// What forms refuse and what they take: every field of the filing's form with every kind of bad
// value, found from the form itself, and the values at the edges.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { COURT, errors_at, FILING, login, refused } from "../lib/client.mjs";
import { png, resident_id } from "../lib/files.mjs";
import { form_at, form_faults, form_fill, form_walk, form_with } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";
import * as shape from "../lib/shape.mjs";

let server;
let citizen;
let draft; // with its materials, never submitted but by the last test
let form;
let good; // the examples

async function fresh_draft() {
    draft = await citizen.begin();
    form = draft.acts[0].form;
    good = form_fill(form);
    await citizen.upload_required(draft, draft.acts[0]);
}

before(async () => {
    server = await start();
    citizen = await login(server, "citizen-1");
    await fresh_draft();
});
after(() => server?.stop());

/** What is taken (rightly or not) is a draft no longer: the next one needs another. */
async function submit(values, accept_warnings = true) {
    if (draft.is_spent) {
        await fresh_draft();
    }
    const answer = await citizen.act(draft.id, "submit", values, { accept_warnings });
    draft.is_spent = answer.status === 200;
    return answer;
}

/** Saves, as typed; answers the errors at or under a path. */
async function typed(values, path) {
    if (draft.is_spent) {
        await fresh_draft();
    }
    const saved = await citizen.save(draft.id, values);
    assert.equal(saved.status, 200, saved.text);
    return saved.body.errors.filter((error) => error.field === path || error.field?.startsWith(`${path}.`));
}

/** Submits what must be taken; answers the values as they were stored. */
async function stored(values) {
    const answer = await submit(values);
    assert.equal(answer.status, 200, answer.text.slice(0, 600));
    return answer.body.values;
}

/** The values must be refused, with an error at the path, in words. */
async function faulted(values, path, what) {
    const answer = await submit(values);
    assert.equal(answer.status, 422, `${what} at ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    const [error] = errors_at(answer, path);
    assert.ok(error, `${what}: ${path} among ${answer.body.errors.map((one) => one.field)}`);
    shape.check(shape.error, error);
    return error;
}

/** A court must take it all the same, but the filer is asked first. */
async function warned(values, code) {
    const answer = await submit(values, false);
    assert.equal(answer.status, 428, answer.text.slice(0, 300));
    assert.ok(answer.body.warnings.some((one) => one.code === code), answer.text);
}

/** The only value of a group that may be left out: without it the group is left out. */
function is_alone(path) {
    const group = path.split(".").slice(0, -1).join(".");
    const field = form_walk(form, good).find((one) => one.path === group)?.field;
    return field?.type === "group" && !field.required && Object.keys(form_at(good, group)).length === 1;
}

const leaves = () => form_walk(form, good).filter(({ field }) => field.type !== "group" && field.type !== "list");
const first_of = (...types) => {
    const found = leaves().find(({ field, value }) => types.includes(field.type) && value !== undefined);
    assert.ok(found, `the form has a field of type ${types}`);
    return found;
};

describe("the form describes itself", () => {
    test("every field has a name, a known type, a title, and every leaf an example", () => {
        assert.deepEqual(form_faults(form), []);
    });

    test("so does every form that a procedure shows before it is begun", async () => {
        const { body } = await citizen.get("/procedures?limit=200");
        const faults = [];
        for (const one of body.procedures) {
            const answer = await citizen.get(`/procedures/${one.name}`);
            assert.equal(answer.status, 200, answer.text);
            if (answer.body.form) {
                faults.push(...form_faults(answer.body.form).map((fault) => `${one.name}: ${fault}`));
            }
        }
        assert.deepEqual(faults, []);
    });

    test("the examples pass, as values of a draft and as a submission", async () => {
        const saved = await citizen.save((await citizen.begin()).id, good);
        assert.equal(saved.status, 200, saved.text);
        assert.deepEqual(saved.body.errors.filter((error) => !error.field?.startsWith("materials.")), []);
        await stored(good);
    });
});

describe("each field, in turn", () => {
    test("a required field that is missing is named", async () => {
        for (const { path, field } of form_walk(form, good)) {
            if (field.required && form_at(good, path) !== undefined && !is_alone(path)) {
                const error = await faulted(form_with(good, path, undefined), path, "missing");
                if (!["group", "list"].includes(field.type)) {
                    assert.equal(error.code, "missing", path);
                }
            }
        }
    });

    test("a required text of blanks is as good as missing", async () => {
        for (const { path, field, value } of leaves()) {
            if (field.required && typeof value === "string" && /text/.test(field.type)) {
                const error = await faulted(form_with(good, path, " \u3000\t "), path, "blank");
                assert.equal(error.code, "missing", path);
            }
        }
    });

    test("a text that is too long is refused at one character more, by characters and not bytes", async () => {
        let tried = 0;
        for (const { path, field, value } of leaves()) {
            if (typeof value === "string" && field.max_length) {
                await faulted(form_with(good, path, "长".repeat(field.max_length + 1)), path, "too long");
                tried++;
            }
        }
        assert.ok(tried >= 3, "the form has limited texts");
    });

    test("a value of the wrong kind is refused, never bent into shape", async () => {
        const wrong = [12.5, true, ["x"], { x: 1 }];
        for (const { path, field, value } of leaves()) {
            if (value === undefined) {
                continue;
            }
            for (const bad of wrong) {
                const fits =
                    (field.type === "choices" && Array.isArray(bad)) ||
                    (field.type === "yes-no" && bad === true) ||
                    (["identity", "address", "signature", "bank-account"].includes(field.type) && !Array.isArray(bad) && typeof bad === "object");
                if (!fits) {
                    await faulted(form_with(good, path, bad), path, `${JSON.stringify(bad)} for ${field.type}`);
                }
            }
        }
    });

    test("a group that is a text and a list that is an object are refused", async () => {
        for (const { path, field } of form_walk(form, good)) {
            if (field.type === "group") {
                await faulted(form_with(good, path, "一切如前"), path, "text for group");
            }
            if (field.type === "list") {
                await faulted(form_with(good, path, { first: {} }), path, "object for list");
            }
        }
    });

    test("a choice outside its options is refused", async () => {
        for (const { path, field, value } of leaves()) {
            if (field.type === "choice" && value !== undefined) {
                await faulted(form_with(good, path, "none-of-these"), path, "choice");
            }
            if (field.type === "choices" && value !== undefined) {
                await faulted(form_with(good, path, ["none-of-these"]), path, "choices");
            }
        }
    });

    test("an unknown field is refused at every depth", async () => {
        await faulted({ ...good, "no-such-group": 1 }, "no-such-group", "unknown");
        for (const { path, field, value } of form_walk(form, good)) {
            if (field.type === "group" && value) {
                await faulted(form_with(good, `${path}.no-such-field`, "x"), `${path}.no-such-field`, "unknown");
            }
            if (field.type === "list" && value?.length) {
                await faulted(form_with(good, `${path}.0.no-such-field`, "x"), `${path}.0.no-such-field`, "unknown");
            }
        }
        refused(await citizen.save((await citizen.begin()).id, { "no-such-group": 1 }), 422);
    });

    test("a list shorter than its least or longer than its most is refused", async () => {
        for (const { path, field, value } of form_walk(form, good)) {
            if (field.type !== "list" || !value?.length) {
                continue;
            }
            if (field.min > 0) {
                await faulted(form_with(good, path, value.slice(0, field.min - 1)), path, "too few");
            }
            if (field.max) {
                const many = Array.from({ length: field.max + 1 }, (_, n) => value[n] ?? value.at(-1));
                await faulted(form_with(good, path, many), path, "too many");
            }
        }
    });
});

describe("money", () => {
    test("of nothing and of a billion yuan is taken; less, more and fractions are not", async () => {
        const { path, field } = first_of("money");
        for (const bad of [-1, field.max + 1, 10 ** 17, 0.5, "50000", "", "1e3", null]) {
            await faulted(form_with(good, path, bad), path, JSON.stringify(bad));
        }
        for (const edge of [field.min ?? 0, field.max, 1]) {
            assert.deepEqual(await typed(form_with(good, path, edge), path), [], `${edge}`);
            assert.equal(form_at(await stored(form_with(good, path, edge)), path), edge);
        }
    });
});

describe("dates and numbers", () => {
    test("no such day, no such form of writing", async () => {
        const found = leaves().find(({ field, value }) => field.type === "date" && value !== undefined);
        if (!found) {
            return; // the filing's form may ask for no date; other forms do (walker)
        }
        for (const bad of ["2026-02-30", "2026-13-01", "2026-1-5", "20260105", "今天", "0000-00-00", 20260105]) {
            await faulted(form_with(good, found.path, bad), found.path, `${bad}`);
        }
    });
});

describe("identities", () => {
    const identity = () => {
        const found = first_of("identity");
        return { path: found.path, with_number: (number) => form_with(good, found.path, { type: "resident-id", number }) };
    };

    test("a wrong check digit, an impossible day, a future birth, a wrong length, no such region", async () => {
        const { path, with_number } = identity();
        const bad = [
            "110105194912310021", // check digit
            "11010519900230001X", // 30 February
            "110105202502290019", // 29 February 2025
            resident_id("11010521000101001"), // born in 2100
            "1101051949123100",
            resident_id("99010519491231002"),
            "１１０１０５１９４９１２３１００２Y",
            "' OR 1=1 --",
            "",
        ];
        for (const number of bad) {
            await faulted(with_number(number), path, number);
        }
    });

    test("a small x and full-width digits are read as what they mean", async () => {
        const { path, with_number } = identity();
        for (const number of ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X "]) {
            assert.deepEqual(await typed(with_number(number), path), [], number);
            assert.equal(form_at(await stored(with_number(number)), path).number, "11010519491231002X", number);
        }
    });

    test("a text alone means a resident identity number", async () => {
        const { path } = identity();
        const values = await stored(form_with(good, path, "11010519491231002X"));
        assert.deepEqual(form_at(values, path), { type: "resident-id", number: "11010519491231002X" });
        await faulted(form_with(good, path, "440524188001010015"), path, "text with a wrong check digit");
    });

    test("a passport has no check digit and is taken as written", async () => {
        const { path } = identity();
        assert.deepEqual(await typed(form_with(good, path, { type: "passport", number: "E12345678" }), path), []);
    });

    test("a company is known by its code, and the code is checked", async () => {
        const parties = form.find((field) => field.name === "parties");
        const code = parties.fields.find((field) => field.when?.in?.includes("legal-person") && field.type === "identity")
            ?? parties.fields.find((field) => field.when?.in?.includes("legal-person") && /code|uscc|credit/.test(field.name));
        assert.ok(code, "a legal person has a field for its code");
        const values = structuredClone(good);
        const n = values.parties.findIndex((party) => party.role === "defendant");
        const kept = Object.fromEntries(["role", "name"].map((name) => [name, values.parties[n][name]]));
        const company = (number) => {
            const copy = structuredClone(values);
            const fields = parties.fields.filter((field) => !field.when || field.when.in.includes("legal-person"));
            copy.parties[n] = { ...form_fill(fields, { kind: "legal-person" }), ...kept, kind: "legal-person" };
            copy.parties[n][code.name] = code.type === "identity" ? { type: "uscc", number } : number;
            return copy;
        };
        assert.deepEqual(await typed(company("91350100M000100Y43"), `parties.${n}.${code.name}`), []);
        // A party may know another's code only by hearsay: a doubt is enough, silence is not.
        for (const wrong of ["91350100M000100Y34", "91350100I000100Y43", "91350100M000100Y4"]) {
            const answer = await submit(company(wrong), false);
            assert.ok([422, 428].includes(answer.status), `${wrong}: ${answer.text.slice(0, 200)}`);
            const told = [...(answer.body.errors ?? []), ...(answer.body.warnings ?? [])].map((one) => one.field);
            assert.ok(told.some((field) => field?.startsWith(`parties.${n}`)), `${wrong}: ${told}`);
        }
    });
});

describe("phones and mail", () => {
    test("bad ones are refused, good ones kept", async () => {
        const { path } = first_of("phone");
        for (const bad of ["12345678901", "1380013800", "+861380013800x", "电话"]) {
            const answer = await submit(form_with(good, path, bad));
            assert.equal(answer.status, 422, `${bad}: ${answer.text.slice(0, 200)}`);
            assert.ok(errors_at(answer, path).length > 0, bad);
        }
        for (const number of ["13800138000", "19912345678", "010-65550000", "0513-88886666-801"]) {
            assert.deepEqual(await typed(form_with(good, path, number), path), [], number);
        }
    });
});

describe("the cause", () => {
    test("is given by code, official number or full name, and stored as its code", async () => {
        const { body } = await citizen.get("/causes?q=" + encodeURIComponent("民间借贷纠纷"));
        const cause = body.causes.find((one) => one.name === "民间借贷纠纷");
        assert.ok(cause, "the cause of the example is in the tree");
        const codes = [];
        for (const text of ["民间借贷纠纷", cause.code, cause.number].filter(Boolean)) {
            codes.push((await stored({ ...good, cause: text })).cause);
        }
        assert.deepEqual([...new Set(codes)], [cause.code]);
    });

    test("outside the tree is refused", async () => {
        for (const bad of ["没有这个案由", "C99-99-999", "0", "民间借贷", 126]) {
            await faulted({ ...good, cause: bad }, "cause", `${bad}`);
        }
    });
});

describe("signatures", () => {
    const signed = (value) => ({ ...good, signature: value });

    test("the code must be right and the name the signer's", async () => {
        await faulted(signed({ method: "typed", name: "林晓舟", code: "999999" }), "signature", "wrong code");
        await warned(signed({ method: "typed", name: "别人", code: "000000" }), "signer-is-filer");
        await faulted(signed({ method: "typed" }), "signature", "nothing typed");
        await faulted(signed({ method: "stamped" }), "signature", "no such method");
        await faulted(signed({ method: "drawn", png: "bm90IGEgcG5n" }), "signature", "no picture");
        const whole = png(60, 20);
        for (const broken of [whole.subarray(0, 60), Buffer.concat([whole.subarray(0, 45), whole.subarray(46)]), png(2001, 4)]) {
            await faulted(signed({ method: "drawn", png: broken.toString("base64") }), "signature", "a picture that papers cannot draw");
        }
    });
});

describe("undertakings", () => {
    test("must all be given", async () => {
        const group = form.find((field) => field.name === "undertakings");
        const promise = group.fields.find((field) => field.type === "yes-no" && field.required);
        assert.ok(promise, "there is one to give");
        await faulted(form_with(good, `undertakings.${promise.name}`, false), `undertakings.${promise.name}`, "not given");
    });
});

describe("rules over the whole form", () => {
    const roles = (...all) => ({
        ...good,
        parties: all.map((role, n) => ({ ...structuredClone(good.parties[Math.min(n, good.parties.length - 1)]), role })),
    });

    test("no plaintiff, no defendant: refused", async () => {
        await faulted(roles("defendant", "defendant"), "parties", "no plaintiff");
        await faulted(roles("plaintiff", "plaintiff"), "parties", "no defendant");
    });

    test("no request: refused", async () => {
        await faulted(form_with(good, "claim.requests", []), "claim.requests", "none");
    });

    test("a plaintiff who is somebody else, with the filer as no party nor agent: asked first", async () => {
        const values = structuredClone(good);
        const plaintiff = values.parties.find((party) => party.role === "plaintiff");
        plaintiff.name = "旁人";
        plaintiff.identity = { type: "resident-id", number: "320623199010101239" };
        await warned(values, "filer-stands");
    });

    test("nobody is told that he is missing while no party is entered at all", async () => {
        const begun = await citizen.begin();
        const saved = await citizen.save(begun.id, { filer: { capacity: "party" } });
        assert.equal(saved.status, 200, saved.text);
        const check = async () => (await citizen.api("GET", `/matters/${begun.id}/acts/submit`, { headers: { accept: "text/html" } })).text;
        const empty = await check();
        assert.match(empty, /核对并提交/);
        assert.doesNotMatch(empty, /原告里没有您本人/);
        await citizen.save(begun.id, { parties: [{ ...good.parties.find((party) => party.role === "plaintiff"), name: "旁人" }] });
        assert.match(await check(), /原告里没有您本人/);
    });
});

describe("bodies that are no forms", () => {
    before(fresh_draft);

    const act = (body, headers = { "content-type": "application/json" }) =>
        citizen.api("POST", `/matters/${draft.id}/acts/submit`, { body, headers, key: "k-" + Math.random() });

    test("broken JSON, doubled keys, bad UTF-8, depth, NUL: 400 and nothing else", async () => {
        const bodies = [
            "{",
            "",
            "[]",
            "null",
            '"text"',
            '{"values":{},"values":{}}',
            '{"values":{"cause":"\\u0000"}}',
            '{"values":{"cause":"\\ud800"}}',
            Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
            `{"values":${"[".repeat(10000)}${"]".repeat(10000)}}`,
            '{"values":{"claim":{"amount":1e400}}}',
            '{"values":{"claim":{"amount":99999999999999999999}}}',
        ];
        for (const body of bodies) {
            const answer = await act(body);
            assert.ok([400, 422].includes(answer.status), `${`${body}`.slice(0, 40)}: ${answer.status}`);
            shape.check(shape.problem, answer.body);
        }
    });

    test("values that are a list, a revision that is a text, warnings that are a word", async () => {
        const taken = [];
        for (const odd of [{ values: [] }, { values: "x" }, { revision: "1" }, { revision: -5 }, { accept_warnings: "yes" }, { accept_warnings: [1] }]) {
            await fresh_draft();
            const answer = await act(JSON.stringify({ values: good, ...odd }));
            if (![400, 422].includes(answer.status)) {
                taken.push(`${JSON.stringify(odd)}: ${answer.status}`);
            }
        }
        assert.deepEqual(taken, []);
    });

    test("another kind of body is 415", async () => {
        const answer = await act("<values/>", { "content-type": "application/xml" });
        assert.ok([400, 415].includes(answer.status), answer.text);
    });

    test("a body past the limit is 413", async () => {
        const answer = await act(JSON.stringify({ values: { claim: { facts: "长".repeat(8_000_000) } } })).catch(() => ({ status: 413 }));
        assert.equal(answer.status, 413);
    });
});

describe("begin", () => {
    before(fresh_draft);

    test("an unknown procedure or court, or one that the court has not, is refused", async () => {
        refused(await citizen.post("/matters", { procedure: "no-such", court: COURT, values: {} }), 422);
        refused(await citizen.post("/matters", { procedure: FILING, court: "京9999", values: {} }), 422);
        refused(await citizen.post("/matters", { procedure: FILING, court: "最高法", values: {} }), 422);
        refused(await citizen.post("/matters", { procedure: "civil-first-instance", court: COURT, values: {} }), 403);
        refused(await citizen.post("/matters", { court: COURT }), 422);
    });
});

describe("people's names", () => {
    before(fresh_draft);

    const hostile = [
        "𠮷田𡈽",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "Robert'); DROP TABLE matter;--",
        "阿卜杜拉·艾尼瓦尔",
        "{{name}}{{{name}}}",
        "%s%n%x",
        "../../etc/passwd",
        "a\u0301e\u0301",
    ];

    test("come back as they were typed, whatever is in them", async () => {
        for (const name of hostile) {
            const values = structuredClone(good);
            values.parties[1].name = name;
            assert.deepEqual(await typed(values, "parties.1.name"), [], name);
            assert.equal((await stored(values)).parties[1].name, name.normalize("NFC"), name);
        }
    });

    test("are told apart from control characters, which are refused", async () => {
        for (const name of ["王\u0007某", "王\r\n某", "王\u202e某"]) {
            const values = structuredClone(good);
            values.parties[1].name = name;
            await faulted(values, "parties.1.name", JSON.stringify(name));
        }
    });

    test("of rare characters are filed, listed, found and printed", async () => {
        const values = structuredClone(good);
        values.parties[1].name = "𠮷野𡈽";
        const answer = await submit(values);
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.body.title, /𠮷野𡈽/u);
        const found = await citizen.get("/matters?box=mine&q=" + encodeURIComponent("𠮷野"));
        assert.ok(found.body.matters.some((row) => row.id === answer.body.id), "found by two rare characters");
        const paper = await citizen.get(answer.body.papers[0].url);
        assert.equal(paper.bytes.subarray(0, 5).toString(), "%PDF-");
    });
});
