#!/usr/bin/env node
// tools/statutes.mjs - makes data/tables/statutes.csv from a raw list of statutes.
//
//   node tools/statutes.mjs SOURCE_DIR [data/tables]
//
// Run by hand when the raw list has a new edition. SOURCE_DIR holds statutes.csv (short, full,
// category, articles, max_article, promulgated, effective). What the list does not say is said here:
// which laws the Civil Code ended, which laws are basic (passed by the Congress itself), which are
// about procedure, and in which order a decision cites them (法释〔2009〕14号 2).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [source, target = 'data/tables'] = process.argv.slice(2);
const RANK = { 行政法规: 'regulation', 司法解释: 'interpretation', 部门规章: 'other' };
const PROCEDURAL = ['民事诉讼法', '刑事诉讼法', '行政诉讼法', '海事诉讼特别程序法', '仲裁法', '人民调解法', '劳动争议调解仲裁法'];
const BASIC = ['民法典', '刑法', '民事诉讼法', '刑事诉讼法', '行政诉讼法', '外商投资法', '立法法', '行政处罚法'];
// Ended on 2020-12-31 by the Civil Code (1260); articles from the texts as last in force.
const ENDED = [
  ['合同法', 428], ['物权法', 247], ['侵权责任法', 92], ['婚姻法', 51], ['继承法', 37],
  ['收养法', 34], ['担保法', 96], ['民法通则', 156], ['民法总则', 206],
];
// The list has the text of 2013; as it was amended by 法释〔2017〕7号, from memory.
const NEWER = { 最高人民法院关于公布失信被执行人名单信息的若干规定: [13, '2017-05-01'] };

const lines = readFileSync(join(source, 'statutes.csv'), 'utf8').trim().split('\n').slice(1);
const quote = (v) => (/[",]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => (m[1] ?? m[2]).replaceAll('""', '"'));
// Full-width digits and half a date stand in the list too.
const day = (text) => /^\d{4}-\d\d-\d\d$/.exec(text.normalize('NFKC'))?.[0] ?? '';
const rows = [];
const seen = new Set();
for (const line of lines) {
  const [short, full, category, articles, most, promulgated, effective] = cells(line);
  const rank = RANK[category] ?? 'law';
  const key = full;
  if (!full || seen.has(key) || ENDED.some(([name]) => short === name)) continue;
  seen.add(key);
  rows.push([short, full, rank, PROCEDURAL.includes(short) ? '1' : '', BASIC.includes(short) ? '1' : '',
    ...(NEWER[short] ?? [Number(most) || Number(articles) || '', day(effective) || day(promulgated)]), '', '']);
}
for (const [short, articles] of ENDED)
  rows.push([short, `中华人民共和国${short}`, 'law', '', ['合同法', '物权法', '婚姻法', '继承法', '民法通则', '民法总则'].includes(short) ? '1' : '', articles, '', '2020-12-31', '民法典']);
rows.sort((a, b) => (a[1] < b[1] ? -1 : 1));
writeFileSync(join(target, 'statutes.csv'),
  ['short,full,rank,procedural,basic,articles,from,to,successor', ...rows.map((r) => r.map((c) => quote(String(c))).join(','))].join('\n') + '\n');
console.log(`statutes.csv: ${rows.length} rows`);
