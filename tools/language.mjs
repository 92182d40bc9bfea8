// Makes data/tables/language.bin, what the document checker knows of usual Chinese (src/proof/language.h has the layout).
//
//   node tools/language.mjs MODEL_DIR JIEBA_DICT ARTICLES PINYIN_PRO OUT
//
// MODEL_DIR: lm_sc.t3g and pydict_sc.bin of Debian's sunpinyin-data (open-gram, CC BY-SA 3.0). JIEBA_DICT: dict.txt of
// Debian's python3-jieba (MIT). ARTICLES: law TAB article TAB sub TAB text of statutes; every eighth article (by the hash of
// its text) is left out: the bench counts false findings in those. PINYIN_PRO: dist/index.mjs of npm pinyin-pro (MIT).
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [modelDir, jiebaFile, articlesFile, pinyinFile, out] = process.argv.slice(2);
const { pinyin } = await import(resolve(pinyinFile));

const MARKS = [..."，。；：、（）《》“”"];
const NUMBER = "#"; // any run of digits and Latin letters
const WORDS_MAX = 60000;
const GENERAL_PAIRS = 420000;
const UNSEEN = 17;
const LETTERS_MAX = 8;
const isHan = (word) => /^[\p{Script=Han}〇]+$/u.test(word);

// --- the general model: word n-grams of open-gram, threaded in 12-byte nodes ---

const model = readFileSync(join(modelDir, "lm_sc.t3g"));
const lexicon = readFileSync(join(modelDir, "pydict_sc.bin"));
const names = [];
for (let at = lexicon.readUInt32LE(8), word = ""; at < lexicon.length; at += 4) {
    const code = lexicon.readUInt32LE(at);
    if (code === 0) {
        names.push(word);
        word = "";
    } else {
        word += String.fromCodePoint(code);
    }
}
const singles = model.readUInt32LE(12);
const chances = 24;
const backs = chances + 65536 * 4;
const level1 = backs + 16384 * 4 + 2 * 12;
const level2 = level1 + singles * 12;
const nodeAt = (base, i) => {
    const [a, b, c] = [0, 4, 8].map((k) => model.readUInt32LE(base + i * 12 + k));
    return {
        word: names[a & 0x3ffff],
        cost: -Math.log(model.readFloatLE(chances + (b & 0xffff) * 4)),
        back: -Math.log(model.readFloatLE(backs + (a >>> 18) * 4)),
        child: ((c >>> 25) << 16) | (b >>> 16),
    };
};
const known = new Set(); // words too rare for a number, which are right all the same
const general = new Map(); // word -> {cost, back, from, to}
for (let i = 0; i + 1 < singles; i++) {
    const node = nodeAt(level1, i);
    if (node.word !== undefined && (MARKS.includes(node.word) || (isHan(node.word) && [...node.word].length <= LETTERS_MAX))) {
        general.set(node.word, { cost: node.cost, back: node.back, from: node.child, to: nodeAt(level1, i + 1).child });
    }
}
for (const line of readFileSync(jiebaFile, "utf8").trim().split("\n")) {
    const [word, count] = line.split(" ");
    const letters = [...word].length;
    if (isHan(word) && letters >= 2 && letters <= 5) {
        known.add(word);
    }
    if (isHan(word) && letters >= 2 && letters <= 5 && Number(count) >= 50 && !general.has(word)) {
        general.set(word, { cost: -Math.log(Number(count) / 6e7) + 1.5, back: 0.5, from: 0, to: 0 });
    }
}
general.set(NUMBER, { cost: 5, back: 0, from: 0, to: 0 });

// --- statutes, cut into words by the general model ---

const pairsOf = new Map(); // word -> Map(next -> cost)
for (const [word, one] of general) {
    const next = new Map();
    for (let k = one.from; k < one.to; k++) {
        const node = nodeAt(level2, k);
        if (general.has(node.word)) {
            next.set(node.word, node.cost);
        }
    }
    pairsOf.set(word, next);
}
const costOf = (a, b) => pairsOf.get(a)?.get(b) ?? (general.get(b)?.cost ?? UNSEEN) + (general.get(a)?.back ?? 0);

/** Runs between sentence ends: characters, marks, and one # for each figure. */
function runsOf(text) {
    const runs = [];
    let run = [];
    for (const c of text) {
        const mark = { ",": "，", ";": "；", ":": "：", "(": "（", ")": "）" }[c] ?? c;
        if (/[0-9A-Za-z%.０-９]/u.test(c)) {
            if (run.at(-1) !== NUMBER) {
                run.push(NUMBER);
            }
        } else if (isHan(c) || MARKS.includes(mark)) {
            run.push(mark);
        }
        if (/[。；\n]/u.test(mark) && run.length > 0) {
            runs.push(run);
            run = [];
        }
    }
    return run.length > 0 ? [...runs, run] : runs;
}

function wordsOf(run) {
    const best = run.map(() => new Map());
    best.push(new Map());
    best[0].set("。", { cost: 0 });
    for (let i = 0; i < run.length; i++) {
        for (let k = 1; k <= LETTERS_MAX && i + k <= run.length; k++) {
            const word = run.slice(i, i + k).join("");
            if (k > 1 && !general.has(word)) {
                continue;
            }
            for (const [before, state] of best[i]) {
                const cost = state.cost + costOf(before, word);
                const old = best[i + k].get(word);
                if (old === undefined || cost < old.cost) {
                    best[i + k].set(word, { cost, before, from: i });
                }
            }
        }
    }
    const words = [];
    let [word] = [...best[run.length]].sort((a, b) => a[1].cost - b[1].cost)[0];
    for (let at = run.length; at > 0; ) {
        const state = best[at].get(word);
        words.push(word);
        at = state.from;
        word = state.before;
    }
    return words.reverse();
}

const lawWords = new Map();
const lawPairs = new Map(); // word -> Map(next -> count)
let lawTotal = 0;
const held = (text) => Number.parseInt(createHash("sha256").update(text).digest("hex").slice(0, 8), 16) % 8 === 0;
/** Every text that is read: articles, and what our own papers, forms and pages say. */
function* lawTexts() {
    for (const line of readFileSync(articlesFile, "utf8").trim().split("\n").slice(1)) {
        const text = line.split("\t")[3];
        if (!held(text)) {
            yield text;
        }
    }
    for (const folder of ["data/papers", "data/forms", "data/guidance", "data/messages", "data/procedures"]) {
        for (const path of readdirSync(folder, { recursive: true }).sort()) {
            if (path.endsWith(".yaml") || path.endsWith(".md")) {
                yield readFileSync(join(folder, path), "utf8");
            }
        }
    }
}
for (const text of lawTexts()) {
    for (const run of runsOf(text.replaceAll("\\n", "\n"))) {
        let before = "。";
        for (const word of wordsOf(run)) {
            lawWords.set(word, (lawWords.get(word) ?? 0) + 1);
            const next = lawPairs.get(before) ?? new Map();
            next.set(word, (next.get(word) ?? 0) + 1);
            lawPairs.set(before, next);
            before = word;
            lawTotal++;
        }
    }
}

// --- both together: counts of the law over the general model ---

const WEIGHT = 15; // how many words of law the general model is worth
const singleOf = (word) => -Math.log(0.7 * Math.exp(-(general.get(word)?.cost ?? UNSEEN)) + (0.3 * (lawWords.get(word) ?? 0)) / lawTotal);
const kept = [...general.keys()]
    .filter((word) => [...word].length === 1 || lawWords.has(word) || general.get(word).cost < 15.2)
    .sort((a, b) => singleOf(a) - singleOf(b))
    .slice(0, WORDS_MAX);
const words = kept.map((word) => ({ word, bytes: Buffer.from(word) })).sort((a, b) => Buffer.compare(a.bytes, b.bytes));
const idOf = new Map(words.map(({ word }, i) => [word, i]));

const pairs = [];
for (const { word } of words) {
    const next = pairsOf.get(word);
    const law = lawPairs.get(word) ?? new Map();
    const total = [...law.values()].reduce((sum, n) => sum + n, 0);
    for (const other of new Set([...next.keys(), ...law.keys()])) {
        if (!idOf.has(other)) {
            continue;
        }
        const usual = next.get(other) ?? singleOf(other) + general.get(word).back;
        const count = law.get(other) ?? 0;
        const cost = -Math.log((count + WEIGHT * Math.exp(-usual)) / (total + WEIGHT));
        const gain = singleOf(other) + general.get(word).back - cost;
        if (count > 0 || gain > 0.8) {
            pairs.push({ a: idOf.get(word), b: idOf.get(other), cost, worth: count > 0 ? 1e9 : gain * Math.exp(-singleOf(word) - cost) });
        }
    }
}
pairs.sort((x, y) => y.worth - x.worth);
pairs.length = Math.min(pairs.length, GENERAL_PAIRS + pairs.filter((one) => one.worth === 1e9).length);
pairs.sort((x, y) => x.a - y.a || x.b - y.b);

// --- sounds ---

const dull = (s) => s.replace(/^(z|c|s)h/u, "$1").replace(/ng$/u, "n").replace(/^l/u, "n").replace(/^hu/u, "fu");
const sounds = new Map();
const dulls = new Map();
const soundId = (s) => {
    if (!sounds.has(s)) {
        const like = dull(s);
        dulls.set(like, dulls.get(like) ?? dulls.size);
        sounds.set(s, { id: sounds.size, like: dulls.get(like) });
    }
    return sounds.get(s).id;
};
const letters = new Map();
for (const c of new Set(words.flatMap(({ word }) => [...word]))) {
    if (isHan(c) && c !== "〇") {
        letters.set(c, pinyin(c, { toneType: "none", multiple: true, type: "array" }).slice(0, 3).map((s) => soundId(s)));
    }
}

// --- the file ---

const parts = [];
const byte = (n) => parts.push(Buffer.from([n]));
const u32 = (n) => {
    const b = Buffer.alloc(4);
    b.writeUInt32LE(n);
    parts.push(b);
};
const varint = (n) => {
    for (; n >= 128; n >>= 7) {
        byte((n & 127) | 128);
    }
    byte(n);
};
const level = (cost) => Math.max(0, Math.min(255, Math.round(cost * 12)));
parts.push(Buffer.from("TSLANG1\n"));
for (const n of [words.length, pairs.length, letters.size, sounds.size]) {
    u32(n);
}
for (const { word, bytes } of words) {
    byte(bytes.length);
    parts.push(bytes);
    byte(level(singleOf(word)));
    byte(level(general.get(word).back + 4)); // may be below nothing
    byte(lawWords.has(word) ? 1 : 0);
}
for (let i = 0, at = 0; i < words.length; i++) {
    const from = at;
    while (at < pairs.length && pairs[at].a === i) {
        at++;
    }
    varint(at - from);
    for (let k = from, last = -1; k < at; k++) {
        varint(pairs[k].b - last - 1);
        byte(level(pairs[k].cost));
        last = pairs[k].b;
    }
}
for (const { like } of sounds.values()) {
    varint(like);
}
for (const [c, ids] of [...letters].sort((a, b) => Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])))) {
    const bytes = Buffer.from(c);
    byte(bytes.length);
    parts.push(bytes);
    byte(ids.length);
    ids.forEach(varint);
}
// Words too rare for a number: a filter that knows nearly all of them and little else.
const FILTER_BITS = 1 << 22;
const filter = Buffer.alloc(FILTER_BITS / 8);
const more = (hash, code) => {
    const mixed = Math.imul(hash ^ code, 0x9e3779b1) >>> 0;
    return (mixed ^ (mixed >>> 15)) >>> 0;
};
for (const word of known) {
    let hash = 0x811c9dc5;
    for (const c of word) {
        hash = more(hash, c.codePointAt(0));
    }
    for (let i = 0; i < 3; i++) {
        const bit = hash % FILTER_BITS;
        filter[bit >> 3] |= 1 << (bit & 7);
        hash = more(hash, i + 1);
    }
}
parts.push(filter);
const file = Buffer.concat(parts);
writeFileSync(out, file);
console.log(`${words.length} words, ${pairs.length} pairs, ${letters.size} characters, ${file.length} bytes`);
