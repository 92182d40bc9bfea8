// A small checker of shapes: keys, nesting, types. Values are not its business.
//
// A shape is a function (value, path, faults). Objects are open: a key more is no fault, a key less
// is one. `exact` is for objects that the contract writes out whole.
import assert from "node:assert/strict";

const say = (faults, path, wanted, got) =>
    faults.push(`${path || "the answer"}: wanted ${wanted}, got ${got === undefined ? "nothing" : JSON.stringify(got)?.slice(0, 120)}`);

const test = (wanted, holds) => (value, path, faults) => {
    if (!holds(value)) {
        say(faults, path, wanted, value);
    }
};

const matching = (wanted, pattern) => test(wanted, (value) => typeof value === "string" && pattern.test(value));

export const any = () => {};
export const text = test("a text", (value) => typeof value === "string");
export const words = test("a text that is not empty", (value) => typeof value === "string" && value !== "");
export const integer = test("an integer", (value) => Number.isSafeInteger(value));
export const count = test("an integer of at least 0", (value) => Number.isSafeInteger(value) && value >= 0);
export const bool = test("true or false", (value) => typeof value === "boolean");
export const id = matching("an id as text", /^[1-9][0-9]{0,18}$/);
export const instant = matching("an instant at +08:00", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00$/);
export const date = matching("a date", /^\d{4}-\d\d-\d\d$/);
export const hash = matching("a hash in hex", /^[0-9a-f]{64}$/);
export const kebab = matching("a kebab-case name", /^[a-z][a-z0-9-]*$/);
export const law = matching("a law reference", /^\S+@\d{4}\S* \S+/);
export const incident = matching("an incident number", /^[0-9A-Z]{8}$/);
export const chinese = matching("Chinese words", /[\u4e00-\u9fff]/);
export const base64 = matching("base64", /^[A-Za-z0-9+/_-]+=*$/);
export const is = (wanted) => test(JSON.stringify(wanted), (value) => value === wanted);
export const like = (pattern) => matching(`${pattern}`, pattern);
export const one_of = (...all) => test(`one of ${all.join(", ")}`, (value) => all.includes(value));
export const maybe = (shape) => (value, path, faults) => value === null || shape(value, path, faults);
export const either = (...shapes) => (value, path, faults) => {
    const tried = shapes.map((shape) => {
        const own = [];
        shape(value, path, own);
        return own;
    });
    if (!tried.some((own) => own.length === 0)) {
        faults.push(...tried[0]);
    }
};

export const list = (shape, { min = 0 } = {}) => (value, path, faults) => {
    if (!Array.isArray(value)) {
        say(faults, path, "a list", value);
        return;
    }
    if (value.length < min) {
        say(faults, path, `at least ${min} items`, value);
    }
    value.forEach((item, n) => shape(item, `${path}.${n}`, faults));
};

const object = (keys, optional, closed) => (value, path, faults) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
        say(faults, path, "an object", value);
        return;
    }
    const dot = path ? `${path}.` : "";
    for (const [key, shape] of Object.entries(keys)) {
        if (key in value) {
            shape(value[key], dot + key, faults);
        } else {
            say(faults, dot + key, "to be there", undefined);
        }
    }
    for (const [key, shape] of Object.entries(optional)) {
        if (key in value) {
            shape(value[key], dot + key, faults);
        }
    }
    if (closed) {
        for (const key of Object.keys(value)) {
            if (!(key in keys) && !(key in optional)) {
                say(faults, dot + key, "not to be there", value[key]);
            }
        }
    }
};

export const open = (keys, optional = {}) => object(keys, optional, false);
export const exact = (keys, optional = {}) => object(keys, optional, true);

export function check(shape, value) {
    const faults = [];
    shape(value, "", faults);
    assert.equal(faults.length, 0, `the shape is not that of the contract:\n  ${faults.join("\n  ")}`);
}

// --- the shapes of the contract ---

export const court_name = exact({ code: words, name: chinese });
export const person = open({
    id,
    name: words,
    kind: one_of("person", "staff", "organisation"),
    posts: list(open({ post: kebab, court: court_name })),
});
export const court = open({
    code: words,
    name: chinese,
    level: one_of("最高", "高级", "中级", "基层", "人民法庭"),
    kind: kebab,
    parent: maybe(words),
    division: maybe(text),
    hours: open({ open: bool, text: chinese, opens_at: maybe(instant) }),
});
export const error = open({ field: maybe(text), code: kebab, title: chinese }, { law });
export const problem = open(
    { type: like(/^\/problems\/[a-z0-9-]+$/), title: chinese, status: integer, incident },
    { detail: chinese, errors: list(error), warnings: list(error), conflicts: list(any) },
);
export const field = (value, path, faults) =>
    open(
        { name: kebab, title: words, type: kebab, required: bool },
        { fields: list(field, { min: 1 }), help: text, options: list(open({ value: any, title: words })), when: open({ field: words, in: list(any) }) },
    )(value, path, faults);
export const material_need = open({ kind: kebab, title: chinese, min: count, max: maybe(count) });
export const act = open({ name: kebab, title: chinese, form: list(field), materials: list(material_need) });
export const material = open({
    n: count,
    kind: kebab,
    title: chinese,
    name: words,
    type: like(/^[\w.+-]+\/[\w.+-]+$/),
    size: count,
    sm3: hash,
    status: one_of("ready", "checking", "unscanned", "infected", "withdrawn", "replaced"),
    by: words,
    at: instant,
});
export const paper = open({ n: count, kind: kebab, title: chinese, number: maybe(text), at: instant, url: like(/^\/matters\/\d+\/papers\/\d+$/) });
export const clock = open({
    name: kebab,
    title: chinese,
    law: maybe(law),
    started: instant,
    due: instant,
    unit: one_of("minutes", "working-minutes", "hours", "days", "working-days", "months"),
    breached: maybe(instant),
    stopped: maybe(instant),
});
export const link = open({
    rel: kebab,
    id,
    procedure: kebab,
    title: words,
    case_number: maybe(text),
    state_title: chinese,
    court: court_name,
});
export const matter = open(
    {
        id,
        procedure: kebab,
        version: count,
        title: words,
        state: kebab,
        state_title: chinese,
        court: court_name,
        case_number: maybe(text),
        revision: count,
        values: open({}),
        parties: list(any),
        materials: list(material),
        papers: list(paper),
        clocks: list(clock),
        links: list(link),
        errors: list(error),
        created: instant,
        updated: instant,
        acts: list(act),
    },
    { event: count },
);
export const row = open({
    id,
    procedure: kebab,
    title: words,
    court: court_name,
    case_number: maybe(text),
    state: kebab,
    state_title: chinese,
    due: maybe(instant),
    updated: instant,
});
export const event = open({
    n: count,
    at: instant,
    act: kebab,
    title: chinese,
    actor: open({ kind: one_of("person", "staff", "system"), name: words, post: maybe(kebab), for: maybe(words) }),
    changes: list(open({ field: words, title: words })),
    hash,
});
export const receipt = (pending) =>
    open({
        origin: words,
        matter: id,
        event: count,
        leaf: either(hash, base64),
        promise: open({ at: instant, signature: words }),
        index: pending ? maybe(count) : count,
        tree_size: pending ? maybe(count) : count,
        path: pending ? maybe(list(either(hash, base64))) : list(either(hash, base64)),
        checkpoint: pending ? maybe(any) : open({ text: words, signature: words, key_id: words }),
    });
export const listing = (name, shape) => open({ [name]: list(shape), next: maybe(like(/^\//)) });
