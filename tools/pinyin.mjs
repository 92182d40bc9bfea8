#!/usr/bin/env node
// tools/pinyin.mjs - makes data/tables/pinyin.tsv: pinyin initials for searching names.
//
//   npm install --no-save pinyin-pro@3.29.4 && node tools/pinyin.mjs
//
// Run by hand after the tables have changed, never by the build. Lines of the output:
//   letter TAB characters   the initial of each character by its usual reading, for every character
//                           that occurs in a court, division or cause
//   word TAB letters        a name in which a character is read otherwise (重庆 cq, 单县 sx):
//                           the loader takes the longest word that fits before single characters
// Readings of place names that dictionaries lack are in PLACES below; they win.
import { readFileSync, writeFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';

const PLACES = {
  重庆: 'cq', 六安: 'la', 蚌埠: 'bb', 乐清: 'yq', 乐亭: 'lt', 乐陵: 'll', 民乐: 'ml', 单县: 'sx', 曾都: 'zd', 莘县: 'sx', 闵行: 'mh', 番禺: 'py',
  大埔: 'db', 黄陂: 'hp', 黄埔: 'hp', 铅山: 'ys', 浚县: 'xx', 尉犁: 'yl', 尉氏: 'ws', 蔚县: 'yx', 繁峙: 'fs', 涡阳: 'gy', 隰县: 'xx', 洪洞: 'ht', 厦门: 'xm',
  台州: 'tz', 天台: 'tt', 丽水: 'ls', 东阿: 'de', 阿拉善: 'als', 牟平: 'mp', 中牟: 'zm', 渑池: 'mc', 解放: 'jf', 盐亭: 'yt', 什邡: 'sf', 珙县: 'gx',
  犍为: 'qw', 綦江: 'qj', 北碚: 'bb', 涪陵: 'fl', 郫都: 'pd', 荥经: 'yj', 荥阳: 'xy', 筠连: 'jl', 枞阳: 'zy', 歙县: 'sx', 黟县: 'yx', 砀山: 'ds', 泌阳: 'by',
  麻栗坡: 'mlp', 西藏: 'xz', 藏族: 'zz', 称多: 'cd', 长沙: 'cs', 长子: 'zz', 长垣: 'cy', 朝阳: 'cy', 行唐: 'xt', 漯河: 'lh', 大洼: 'dw', 会理: 'hl', 石柱: 'sz',
  银行: 'yh', 行政: 'xz', 行为: 'xw', 执行: 'zx', 重整: 'cz', 调解: 'tj', 参与: 'cy', 给付: 'jf', 不当得利: 'bddl', 校园: 'xy', 转让: 'zr', 相邻: 'xl',
};

function column(file, name) {
  const [head, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n').map(l => l.split(','));
  return rows.map(r => r[head.indexOf(name)]);
}

const dir = 'data/tables/';
const courts = column(dir + 'courts.csv', 'name');
const divisions = column(dir + 'divisions.csv', 'name');
const names = new Set([...courts, ...divisions, ...column(dir + 'causes.csv', 'name')]);
const han = /^\p{Script=Han}+$/u;

const usual = new Map();
for (const c of new Set([...names].join(''))) {
  if (!/\p{Script=Han}/u.test(c)) continue;
  const letter = pinyin(c, { pattern: 'first', toneType: 'none' });
  if (!/^[a-z]$/.test(letter)) throw new Error(`no reading for ${c}`);
  usual.set(c, letter);
}

const spelled = word => [...word].map(c => usual.get(c)).join('');
const words = new Map();
for (const [word, letters] of Object.entries(PLACES)) if ([...word].length !== letters.length) throw new Error(word);
// A division's stem is a word whenever its reading is not the usual one.
for (const name of divisions) {
  const stem = name.replace(/(自治区|市|区|县|省|盟|旗)$/, '');
  if ([...stem].length < 2 || [...stem].length > 4 || !han.test(stem)) continue;
  const letters = pinyin(stem, { pattern: 'first', toneType: 'none', type: 'array' }).join('');
  if (/^[a-z]+$/.test(letters) && letters !== spelled(stem)) words.set(stem, letters);
}
const text = [...names].join('\n');
for (const [word, letters] of Object.entries(PLACES)) {
  words.delete(word);
  if (text.includes(word) && letters !== spelled(word)) words.set(word, letters);
}

const lines = [];
for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
  const characters = [...usual].filter(([, l]) => l === letter).map(([c]) => c).sort().join('');
  if (characters) lines.push(`${letter}\t${characters}`);
}
for (const [word, letters] of [...words].sort((a, b) => (a[0] < b[0] ? -1 : 1))) lines.push(`${word}\t${letters}`);
writeFileSync(dir + 'pinyin.tsv', lines.join('\n') + '\n');
console.log(`${usual.size} characters, ${words.size} words`);
