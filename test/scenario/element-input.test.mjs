// Whatever people put into an element form: amounts and rates at their limits, days that there are not, lists of
// nothing and of two hundred rows, names of rare characters, a hundred thousand characters of facts. One field at a
// time, in every form: the error stands at that field and nowhere else, and nothing else is upset by it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { visitor } from "../lib/browser.mjs";
import { errors_at, login, nobody } from "../lib/client.mjs";
import { form_fill, form_walk, form_with } from "../lib/form.mjs";
import { start } from "../lib/server.mjs";

const NAME = "古丽米热·阿卜杜热合曼·买买提艾力江·吐尔逊"; // of a minority, more than twenty characters with its points
const RARE = "𠮷㼆𬭩";
const DAYS = { good: ["2024-02-29", "1900-01-01", "2199-12-31"], bad: ["2025-02-29", "2026-02-30", "2026-13-01", "0000-00-00", "20260301", "2026-3-1", "明天", ""] };

let server;
let guest;
let forms;
let asked = 0;

before(async () => {
    server = await start();
    guest = nobody(server);
    const list = (await guest.get("/forms")).body.forms;
    forms = await Promise.all(list.filter((form) => form.online).map(async (form) => (await guest.get(`/forms/${form.number}`)).body));
});
after(() => server?.stop());

/** Everybody comes from a place of his own: so many tries from one are slowed down. */
async function errors(form, values) {
    asked += 1;
    const from = `198.51.${Math.floor(asked / 200) % 250}.${asked % 200}`;
    const answer = await guest.api("POST", `/forms/${form.number}`, { body: { values }, headers: { "x-forwarded-for": from } });
    assert.equal(answer.status, 200, `${form.title}: ${answer.text.slice(0, 300)}`);
    return answer.body;
}

const own = (form) => Object.fromEntries(form.form.map((group) => [group.name, form.sample[group.name]]));

/** Fields of a form that its sample fills, in sections and one level of lists; `what` picks by type. */
function fields(form, what) {
    return form_walk(form.form, own(form)).filter((one) => one.value !== undefined && what(one.field));
}

/** Each value at each of these fields: taken, or complained of there alone. */
async function each(form, places, values, good) {
    for (const { path, field } of places) {
        for (const value of values(field)) {
            const { errors: told } = await errors(form, form_with(own(form), path, value));
            const there = told.map((error) => error.field);
            const wanted = good || (value === "" && !field.required) ? [] : [path];
            assert.deepEqual(there, wanted, `${form.title}: ${path} = ${JSON.stringify(value).slice(0, 40)}: ${JSON.stringify(told).slice(0, 200)}`);
        }
    }
}

const first = (list, count) => list.slice(0, count);

describe("every form", () => {
    test("takes amounts and numbers at their limits, none beyond", async () => {
        let tried = 0;
        for (const form of forms) {
            const places = fields(form, (field) => ["money", "number"].includes(field.type));
            tried += places.length;
            await each(form, places, (field) => [field.min ?? 0, ...(field.max ? [field.max] : [])], true);
            await each(form, places, (field) => [...(field.min === undefined ? [] : [field.min - 1]), ...(field.max ? [field.max + 1] : []), 0.5, "1,000", true], false);
        }
        assert.ok(tried > 100, `${tried} amounts`);
    });

    test("takes rates as decimals per cent, nothing else", async () => {
        for (const form of forms) {
            const places = fields(form, (field) => field.type === "rate");
            await each(form, places, () => ["0", "3.85", "100"], true);
            await each(form, places, () => ["-1", "1e3", "3,85", "三", "3.", ".5", "1.23456789012", 3.85], false);
        }
    });

    test("takes days that there are, none that there are not", async () => {
        for (const form of forms) {
            const places = first(fields(form, (field) => field.type === "date"), 6);
            await each(form, places, () => DAYS.good, true);
            await each(form, places, () => DAYS.bad, false);
        }
    });

    test("takes rare characters and long names, and says them again as they were", async () => {
        for (const form of forms) {
            const places = fields(form, (field) => field.type === "text" && (field.max_length ?? 200) >= [...NAME + RARE].length);
            assert.ok(places.length > 0, form.title);
            const values = places.reduce((all, { path }) => form_with(all, path, NAME + RARE), own(form));
            const answer = await errors(form, values);
            assert.deepEqual(answer.errors, [], form.title);
            const said = JSON.stringify(answer.claim);
            assert.ok(!said.includes("\\ufffd") && !said.includes("�"), form.title);
        }
        const sale = forms.find((form) => form.number === "06");
        const { claim } = await errors(sale, form_with(own(sale), "sale-facts.seller", NAME + RARE));
        assert.ok(claim.facts.includes(NAME + RARE), claim.facts.slice(0, 400));
    });

    test("refuses controls and marks that turn the direction of reading, in every text", async () => {
        for (const form of forms) {
            const places = first(fields(form, (field) => ["text", "long-text"].includes(field.type)), 5);
            await each(form, places, () => ["甲\u0007乙", "甲\u202e乙"], false);
        }
    });

    test("takes no list of nothing where one is required, and as many rows as it says", async () => {
        let lists = 0;
        for (const form of forms) {
            for (const { path, field, value } of fields(form, (one) => one.type === "list")) {
                lists += 1;
                const none = (await errors(form, form_with(own(form), path, []))).errors.map((error) => error.field);
                assert.deepEqual(none, field.required ? [path] : [], `${form.title}: ${path} of nothing`);
                const item = value[0] ?? field.example?.[0];
                if (item === undefined) {
                    continue;
                }
                const many = (await errors(form, form_with(own(form), path, Array.from({ length: 200 }, () => item)))).errors.map((error) => error.field);
                assert.deepEqual(many, field.max && field.max < 200 ? [path] : [], `${form.title}: ${path} of 200 rows`);
            }
        }
        assert.ok(lists > 67, `${lists} lists`);
    });

    test("of thousands of rows is refused, and the program goes on", async () => {
        for (const form of forms.filter((one) => ["08", "15", "39"].includes(one.number))) {
            for (const { path, field, value } of fields(form, (one) => one.type === "list")) {
                const item = value[0] ?? field.example?.[0];
                const rows = Array.from({ length: 5_000 }, () => item);
                const answer = await guest.api("POST", `/forms/${form.number}`, { body: { values: form_with(own(form), path, rows) }, headers: { "x-forwarded-for": `198.51.251.${form.number}` } });
                if (answer.status !== 413) {
                    assert.equal(answer.status, 200, answer.text.slice(0, 300));
                    assert.ok(errors_at(answer, path).length > 0, `${form.title}: ${path}`);
                }
            }
        }
    });

    test("of thousands of rows are not kept in a draft; a draft with as many as it keeps leaves a page", async () => {
        const who = await login(server, "citizen-1");
        const draft = await who.begin();
        const kept = await who.save(draft.id, { cause: "离婚纠纷", style: "element" });
        const group = kept.body.acts.find((act) => act.name === "submit").form.find((one) => one.name === "divorce-claim");
        for (const field of group.fields.filter((one) => one.type === "list")) {
            const rows = (count) => ({ [field.name]: Array.from({ length: count }, () => form_fill(field.fields)), ...(field.when && { [field.when.field]: field.when.in[0] }) });
            const many = await who.save(draft.id, { "divorce-claim": rows(5_000) });
            assert.deepEqual([many.status, many.body.errors.map((error) => [error.field, error.code])], [422, [[`divorce-claim.${field.name}`, "too-many"]]]);
            const most = Math.min(10 * field.max, 2_000);
            assert.equal((await who.save(draft.id, { "divorce-claim": rows(most) })).status, 200, field.name);
        }
        const page = await (await visitor(server, "citizen-1")).open(`/matters/${draft.id}/edit/divorce-claim`);
        assert.ok([200, 413].includes(page.status), `${page.status}`);
        assert.equal((await who.get("/readyz")).status, 200);
    });

    test("says of a hundred thousand characters that they are too many, and where", async () => {
        for (const form of forms) {
            const places = first(fields(form, (field) => field.type === "long-text"), 3);
            await each(form, places, () => ["事".repeat(100_000)], false);
            for (const { path, field } of first(places, 1)) {
                const full = (await errors(form, form_with(own(form), path, "𠮷".repeat(field.max_length ?? 20_000)))).errors;
                assert.deepEqual(full, [], `${form.title}: ${path} to its limit`);
            }
        }
    });
});
