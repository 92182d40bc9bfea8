// Forms as the API describes them, filled without knowing what they are about: every leaf carries an
// example, a required list carries one whole.

/** Values for a list of fields. `values` goes over the examples: a group is merged, all else
 * replaced; undefined leaves a field out. */
export function form_fill(fields, values = {}, { optional = true } = {}) {
    const filled = {};
    for (const field of fields) {
        if (field.name in values && !is_group(field, values)) {
            if (values[field.name] !== undefined) {
                filled[field.name] = values[field.name];
            }
            continue;
        }
        if (!field_applies(field, { ...filled, ...values }) || !(optional || field.required)) {
            continue;
        }
        const value = field_example(field, values[field.name], optional);
        if (value !== undefined) {
            filled[field.name] = value;
        }
    }
    for (const name of Object.keys(values)) {
        if (!fields.some((field) => field.name === name)) {
            filled[name] = values[name];
        }
    }
    return filled;
}

function is_group(field, values) {
    const over = values[field.name];
    return field.type === "group" && over !== null && typeof over === "object" && !Array.isArray(over);
}

/** when: {field, in}: the value of a field beside it, or of a path from the top, is one of `in`. */
export function field_applies(field, beside) {
    if (!field.when) {
        return true;
    }
    const value = field.when.field.split(".").reduce((at, part) => at?.[part], beside);
    const all = Array.isArray(value) ? value : [value];
    return all.some((one) => field.when.in.includes(one));
}

function field_example(field, over, optional) {
    if (field.type === "group") {
        return form_fill(field.fields, over ?? {}, { optional });
    }
    if (field.type === "list") {
        if (field.example !== undefined) {
            return field.example;
        }
        const count = field.min ?? (field.required ? 1 : 0);
        return count === 0 ? undefined : Array.from({ length: count }, () => form_fill(field.fields, {}, { optional }));
    }
    return field.example;
}

/** The examples of a form with the person who is logged in for the plaintiff that they name: other
 * people of the demo have numbers of their own, which only they know. */
export function form_own(fields, who, values = {}) {
    const filled = form_fill(fields, values);
    const plaintiff = filled.parties.find((party) => party.role === "plaintiff");
    const renamed = JSON.parse(JSON.stringify(filled).replaceAll(plaintiff.name, who.person.name));
    const own = renamed.parties.find((party) => party.role === "plaintiff");
    delete own.identity;
    return renamed;
}

/** Values of a filing that has nothing to do with Beijing: everybody lives far away, and no place of
 * performance is named. The court will be doubted. */
export function form_far(fields, values = {}) {
    const filled = form_fill(fields, values);
    const address = fields.find((field) => field.name === "parties").fields.find((field) => field.type === "address").name;
    for (const party of filled.parties) {
        party[address] = "广东省深圳市福田区莲花路1号";
        delete party.residence;
    }
    for (const field of fields.find((one) => one.name === "claim").fields) {
        if (field.type === "address") {
            delete filled.claim[field.name];
        }
    }
    return filled;
}

/** Every field of a form with its path as errors name it; items of lists under index 0. Lists that
 * carry an example give the path of the first item that the field applies to. */
export function form_walk(fields, values, prefix = "", out = []) {
    for (const field of fields) {
        const path = prefix + field.name;
        const value = values?.[field.name];
        out.push({ path, field, value, parent: values });
        if (field.type === "group") {
            form_walk(field.fields, value, `${path}.`, out);
        } else if (field.type === "list" && Array.isArray(value)) {
            value.forEach((item, n) => form_walk(field.fields, item, `${path}.${n}.`, out));
        }
    }
    return out;
}

/** A deep copy with the value at a path replaced (undefined takes it away). */
export function form_with(values, path, value) {
    const copy = structuredClone(values);
    const parts = path.split(".");
    const last = parts.pop();
    let at = copy;
    for (const part of parts) {
        at = at[part];
    }
    if (value === undefined) {
        delete at[last];
    } else {
        at[last] = value;
    }
    return copy;
}

export function form_at(values, path) {
    return path.split(".").reduce((at, part) => at?.[part], values);
}

/** What a form says of itself, for shape checks: complaints as texts. */
export function form_faults(fields, prefix = "") {
    const types = new Set(
        ("text long-text money rate date datetime number choice choices yes-no identity phone email address " +
            "court cause case-number bank-account signature group list").split(" "),
    );
    const faults = [];
    for (const field of fields) {
        const path = prefix + field.name;
        const nested = field.type === "group" || field.type === "list";
        if (!/^[a-z][a-z0-9-]*$/.test(field.name)) {
            faults.push(`${path}: name is not kebab-case`);
        }
        if (!types.has(field.type)) {
            faults.push(`${path}: unknown type ${field.type}`);
        }
        if (typeof field.title !== "string" || field.title === "") {
            faults.push(`${path}: no title`);
        }
        if (typeof field.required !== "boolean") {
            faults.push(`${path}: required is not a boolean`);
        }
        if (nested && !(Array.isArray(field.fields) && field.fields.length > 0)) {
            faults.push(`${path}: ${field.type} without fields`);
        }
        if (!nested && field.example === undefined) {
            faults.push(`${path}: leaf without example`);
        }
        if (field.type === "list" && field.required && !Array.isArray(field.example)) {
            // Where the items together must pass, one item's examples are not enough.
            if ((field.min ?? 1) > 1) {
                faults.push(`${path}: required list without example`);
            }
        }
        if (/^choices?$/.test(field.type)) {
            const good = Array.isArray(field.options) && field.options.every((option) => option.value !== undefined && option.title);
            if (!good || field.options.length === 0) {
                faults.push(`${path}: choice without options`);
            }
        }
        if (field.when && !(typeof field.when.field === "string" && Array.isArray(field.when.in))) {
            faults.push(`${path}: when is not {field, in}`);
        }
        if (nested && Array.isArray(field.fields)) {
            faults.push(...form_faults(field.fields, `${path}.`));
        }
    }
    return faults;
}
