#!/usr/bin/env node
// tools/procedure_size.mjs - how much of each cross-domain procedure is data and how much is C.
//
//   node tools/procedure_size.mjs            prints the table
//   node tools/procedure_size.mjs --write    puts it into docs/cross-domain.md
//
// Counted are lines that hold more than blanks and remarks. What only one of the six names is its own:
// elements by their forms, papers, guards, effects and predicates, which are the C function of that
// name with its RULE line. What several name is counted once, under "shared"; so is the rest of their C
// files. A test compares the table in the document with what is counted now.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const DOCUMENT = join(root, "docs/cross-domain.md");
const NAMES = ["filing", "reading", "relay", "pickup", "evidence", "adjournment"].map((name) => `cross-domain-${name}`);
const C_FILES = ["cross_domain", "cross_domain_filing", "cross_domain_service"].map((name) => `src/procedure/${name}.c`);
const BEGIN = "<!-- made by tools/procedure_size.mjs -->";
const END = "<!-- end -->";

const read = (path) => readFileSync(join(root, path), "utf8");

function yaml_lines(path) {
    return existsSync(join(root, path)) ? read(path).split("\n").filter((line) => !/^\s*(#|$)/.test(line)).length : 0;
}

/** Lines of C with more than remarks, each with its text. */
function c_lines(text) {
    const bare = text.replace(/\/\*[\s\S]*?\*\//g, (remark) => remark.replace(/[^\n]/g, ""));
    return bare.split("\n").filter((line) => line.trim() !== "");
}

/** The items of every list `key: [ … ]` of a definition, however nested; an item {KEY: NAME, …} is its NAME. */
function listed(text, key) {
    const found = new Set();
    for (const start of text.matchAll(new RegExp(`\\b${key}: \\[`, "g"))) {
        let depth = 1;
        let at = start.index + start[0].length;
        const from = at;
        for (; depth > 0; at++) {
            depth += { "[": 1, "{": 1, "]": -1, "}": -1 }[text[at]] ?? 0;
        }
        const flat = text.slice(from, at - 1).replace(/\{\s*(?:element|paper): ([a-z-]+)[^{}]*(\{[^{}]*\}[^{}]*)*\}/g, "$1");
        for (const item of flat.split(",")) {
            found.add(item.trim());
        }
    }
    return found;
}

function definition(name) {
    const path = `data/procedures/${name}/1.yaml`;
    const text = read(path);
    const envelope = text.match(/^envelope: (\S+)/m)?.[1];
    const whole = text + (envelope ? read(`data/envelopes/${envelope}.yaml`) : "");
    const rules = new Set(["hard", "soft", "effects"].flatMap((key) => [...listed(whole, key)]));
    for (const offered of whole.matchAll(/offered: ([a-z-]+)/g)) {
        rules.add(offered[1]);
    }
    return { name, path, envelope, elements: listed(whole, "form"), papers: listed(whole, "papers"), rules };
}

/** Rule name to the lines of its function and its RULE entry, over all C files. */
function rules_of(text) {
    const sizes = new Map();
    for (const rule of text.matchAll(/^RULE_[A-Z_]+\(\w+, "([a-z-]+)",[^;]*?(\w+)(?:,\s*"[^"]*")?\);/gm)) {
        const body = text.match(new RegExp(`^static [^;{]*\\b${rule[2]}\\([^{;]*\\)\\n\\{[\\s\\S]*?^\\}`, "m"));
        sizes.set(rule[1], c_lines(rule[0]).length + (body ? c_lines(body[0]).length : 0));
    }
    return sizes;
}

/** [{name, procedure, elements, papers, c}], the last one "shared". */
export function sizes() {
    const all = NAMES.map(definition);
    const c = C_FILES.map(read).join("\n");
    const rule_sizes = rules_of(c);
    const users = (key, name) => all.filter((one) => one[key].has(name)).length;
    const sum = (names, size) => [...names].reduce((total, name) => total + size(name), 0);
    const element = (name) => yaml_lines(`data/elements/${name}.yaml`);
    const paper = (name) => yaml_lines(`data/papers/${name}.yaml`);
    const rule = (name) => rule_sizes.get(name) ?? 0;
    const own = (one, key) => [...one[key]].filter((name) => users(key, name) === 1);
    const shared = (key) => new Set(all.flatMap((one) => [...one[key]]).filter((name) => users(key, name) > 1));
    const rows = all.map((one) => ({
        name: one.name,
        procedure: yaml_lines(one.path),
        elements: sum(own(one, "elements"), element),
        papers: sum(own(one, "papers"), paper),
        c: sum(own(one, "rules"), rule),
    }));
    const envelopes = new Set(all.map((one) => one.envelope).filter(Boolean));
    rows.push({
        name: "shared",
        procedure: sum(envelopes, (name) => yaml_lines(`data/envelopes/${name}.yaml`)),
        elements: sum(shared("elements"), element),
        papers: sum(shared("papers"), paper),
        c: c_lines(c).length - rows.reduce((total, row) => total + row.c, 0),
    });
    return rows;
}

export function table() {
    const rows = sizes();
    const line = (row) => `| ${row.name === "shared" ? "shared by several" : `\`${row.name}\``} | ${row.procedure} | ${row.elements} | ${row.papers} | ${row.c} |`;
    const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
    return [
        "| lines of | procedure | own elements | own papers | own C |",
        "|---|---|---|---|---|",
        ...rows.map(line),
        `| all | ${total("procedure")} | ${total("elements")} | ${total("papers")} | ${total("c")} |`,
    ].join("\n");
}

/** The document: before, within and behind the marks. */
function parts() {
    const text = readFileSync(DOCUMENT, "utf8");
    const from = text.indexOf(BEGIN) + BEGIN.length;
    const to = text.indexOf(END);
    return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}

/** The table that stands in the document. */
export function documented() {
    return parts()[1].trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    if (process.argv.includes("--write")) {
        const [before, , behind] = parts();
        writeFileSync(DOCUMENT, `${before}\n${table()}\n${behind}`);
    } else {
        console.log(table());
    }
}
