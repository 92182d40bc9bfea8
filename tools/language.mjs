// Makes data/tables/words.tsv and data/tables/sounds.tsv, what the document checker learns Chinese from beside statutes
// (src/proof/language.h).
//
//   node tools/language.mjs JIEBA_DICT PINYIN_PRO OUT_DIR
//
// JIEBA_DICT: dict.txt of Debian's python3-jieba (MIT). PINYIN_PRO: dist/index.mjs of npm pinyin-pro (MIT).
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [jiebaFile, pinyinFile, out] = process.argv.slice(2);
const { pinyin } = await import(resolve(pinyinFile));

const COUNT_LEAST = 8;
const LETTERS_MAX = 5;
const NAMES = "nrfg"; // of novels
const by_text = (a, b) => (a[0] < b[0] ? -1 : 1);

const words = readFileSync(jiebaFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([word, count, kind]) => /^[\u4e00-\u9fff]+$/u.test(word) && word.length <= LETTERS_MAX && kind !== NAMES && Number(count) >= COUNT_LEAST)
    .sort(by_text);
writeFileSync(join(out, "words.tsv"), `word\tcount\n${words.map(([word, count]) => `${word}\t${count}\n`).join("")}`);

const sounds = new Map();
for (const letter of [...new Set(words.flatMap(([word]) => [...word]))].sort()) {
    for (const sound of new Set(pinyin(letter, { toneType: "none", multiple: true, type: "array", v: true }).slice(0, 3))) {
        sounds.set(sound, `${sounds.get(sound) ?? ""}${letter}`);
    }
}
writeFileSync(join(out, "sounds.tsv"), `sound\tcharacters\n${[...sounds].sort(by_text).map(([sound, letters]) => `${sound}\t${letters}\n`).join("")}`);
console.log(`${words.length} words, ${sounds.size} sounds`);
