#!/usr/bin/env node
// tools/directory.mjs - makes data/tables/{courts,divisions,causes,element-forms,holidays}.csv from raw lists.
//
//   node tools/directory.mjs SOURCE_DIR [data/tables]
//
// Run by hand when a raw list has a new edition, never by the build: what it writes is committed,
// because the codes it gives must never change under a matter. SOURCE_DIR holds courts.csv,
// special-courts.csv, divisions.csv, townships.csv, causes-of-action.csv, element-forms.csv,
// holidays.csv and holidays-statutory-*.csv; data/tables/README.md says where each comes from.
//
// Rules it applies (numbers refer to them below):
//  1 Faults of the raw court list are mended, each named in mend().
//  2 A court without a published code gets PROVINCE + X + 3 digits, counted in file order within the
//    province character of its high court (兵 for the XPCC, 军 for the military); code_basis "ours".
//    A court already in the target file keeps the code it has there.
//  3 No public list of people's tribunals exists, but a collaborating court may be one. So each
//    general basic court with townships gets some generated ones: in the county's code order, evenly
//    spread over the eligible towns (镇), and when these are too few over subdistricts (街道, 地区),
//    then townships (乡). The seat (城关), ethnic townships, farms and zones are left out. Every court
//    gets up to three; courts with the most towns get a fourth until there are 10,887 in the country,
//    the number that took part in the national drill of 2020-21. Code PARENT-NN.
//  4 Virtual divisions (市辖区, 县, 省直辖县级行政区划) are left out and their children hung one higher;
//    a prefecture listed again as its own only county is listed once. An intermediate court of such a
//    container (济源, 汉江) serves what its basic courts serve and names no division itself.
//  5 Two holidays on one day become one row.
import { readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const TRIBUNALS = 10887;
const PER_COURT = 3;

function parse(text) {
  const rows = [];
  let row = [], cell = '', quoted = false;
  const s = text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (quoted) {
      if (c === '"' && s[i + 1] === '"') { cell += '"'; i++; }
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ',') { row.push(cell); cell = ''; }
    else if (c === '\n') { row.push(cell); rows.push(row); row = []; cell = ''; }
    else cell += c;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  const header = rows.shift();
  return rows.map(r => Object.fromEntries(header.map((h, i) => [h, r[i] ?? ''])));
}

const read = (dir, name) => parse(readFileSync(join(dir, name), 'utf8'));

function write(dir, name, columns, rows) {
  const quote = v => (/[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
  const text = [columns, ...rows.map(r => columns.map(c => quote(r[c] ?? '')))].map(r => r.join(',')).join('\n');
  writeFileSync(join(dir, name), text + '\n');
  console.log(`${name}: ${rows.length} rows`);
}

function must(condition, text) {
  if (!condition) throw new Error(text);
}

// --- divisions (rule 4) ---
function divisions(source) {
  const raw = read(source, 'divisions.csv');
  const virtual = new Map(raw.filter(r => r.kind === 'virtual').map(r => [r.code, r.parent]));
  const seen = new Set();
  const rows = [];
  for (const r of raw) {
    if (r.kind === 'virtual' || seen.has(r.code)) continue;
    seen.add(r.code);
    rows.push({ ...r, parent: virtual.get(r.parent) ?? r.parent });
  }
  rows.forEach(r => must(r.parent === '' || seen.has(r.parent), `division ${r.code}: no parent ${r.parent}`));
  return rows.sort((a, b) => (a.code < b.code ? -1 : 1));
}

// --- courts (rules 1 and 2) ---
const GENERAL_BY_RULE = {
  太原市万柏林区人民法院: '晋0109', // the raw list took 万柏林区, 北林区, 碑林区 and 神农架林区 for forest courts
  绥化市北林区人民法院: '黑1202',
  西安市碑林区人民法院: '陕0103',
  神农架林区人民法院: '鄂9021',
};
const XPCC_CITY = {
  石河子市人民法院: '659001', 阿拉尔市人民法院: '659002', 图木舒克市人民法院: '659003', 五家渠市人民法院: '659004',
  北屯市人民法院: '659005', 铁门关市人民法院: '659006', 双河市人民法院: '659007', 可克达拉市人民法院: '659008',
};
const CITY_WITHOUT_COUNTIES = {
  东莞市第一人民法院: '441900', 东莞市第二人民法院: '441900', 东莞市第三人民法院: '441900',
  中山市第一人民法院: '442000', 中山市第二人民法院: '442000', 三亚市城郊人民法院: '460200', 嘉峪关市城区人民法院: '620200',
};

function mend(raw) {
  const rows = raw.filter(r => r.name !== '平泉县人民法院'); // renamed 平泉市人民法院, which is listed
  for (const r of rows) {
    if (GENERAL_BY_RULE[r.name]) Object.assign(r, { kind: 'general', case_code: GENERAL_BY_RULE[r.name], code_basis: 'rule' });
    if (XPCC_CITY[r.name]) Object.assign(r, { kind: 'xpcc', division: XPCC_CITY[r.name] });
    if (CITY_WITHOUT_COUNTIES[r.name]) Object.assign(r, { kind: 'general', division: CITY_WITHOUT_COUNTIES[r.name] });
    if (r.name === '大兴安岭地区新林区人民法院') r.kind = 'functional'; // like its three sisters
  }
  return rows;
}

function military(source) {
  return read(source, 'special-courts.csv').filter(r => r.category === '军事').map(r => ({
    name: r.name, level: r.level, kind: 'military', parent: r.appeal_court, division: '',
    case_code: r.case_code, code_basis: r.code_basis, name_source: r.name_source,
  }));
}

function courts(source, kept) {
  const virtual = new Set(read(source, 'divisions.csv').filter(r => r.kind === 'virtual').map(r => r.code));
  const rows = [...mend(read(source, 'courts.csv')), ...military(source)];
  for (const r of rows) if (virtual.has(r.division)) r.division = ''; // rule 4
  const byName = new Map(rows.map(r => [r.name, r]));
  must(byName.size === rows.length, 'a court name occurs twice');
  const province = r => {
    let top = r;
    while (top.level !== '高级') {
      top = byName.get(top.parent);
      must(top, `${r.name}: no high court above`);
    }
    return [...top.case_code][0];
  };
  const used = new Set(kept.values());
  const counter = new Map();
  for (const r of rows) {
    if (r.case_code !== '') continue;
    r.code_basis = 'ours';
    r.case_code = kept.get(r.name) ?? '';
    while (r.case_code === '') {
      const p = province(r);
      const n = (counter.get(p) ?? 0) + 1;
      counter.set(p, n);
      const code = `${p}X${String(n).padStart(3, '0')}`;
      if (!used.has(code)) r.case_code = code;
    }
    used.add(r.case_code);
  }
  for (const r of rows) {
    must(r.parent === '' || byName.has(r.parent), `${r.name}: no parent ${r.parent}`);
    r.parent_code = r.parent === '' ? '' : byName.get(r.parent).case_code;
  }
  return rows;
}

// --- people's tribunals (rule 3) ---
function stem(name) {
  const short = name.replace(/(街道|地区|镇|乡)$/, '');
  return [...short].length >= 2 ? short : name;
}

function eligible(towns) {
  const kinds = [/镇$/, /(街道|地区)$/, /乡$/];
  const seen = new Set(['城关']);
  return kinds.map(kind => towns.filter(t => {
    const s = stem(t.name);
    if (!kind.test(t.name) || /族|开发区|农场|管理|园区|工业|^城区/.test(t.name) || !/^[\p{Script=Han}]+$/u.test(t.name)) return false;
    if (seen.has(s)) return false;
    seen.add(s);
    return true;
  }));
}

function spread(list, count) {
  if (count >= list.length) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / count)]);
}

function choose(groups, count) {
  const chosen = [];
  for (const group of groups) chosen.push(...spread(group, count - chosen.length));
  return chosen.sort((a, b) => (a.code < b.code ? -1 : 1));
}

function tribunals(source, rows) {
  const towns = byParent(read(source, 'townships.csv'));
  const general = rows.filter(r => r.level === '基层' && r.kind === 'general' && towns.has(r.division));
  const sharing = new Map();
  for (const r of general) sharing.set(r.division, [...(sharing.get(r.division) ?? []), r]);
  const plans = general.map(court => {
    const sisters = sharing.get(court.division);
    const all = [...towns.get(court.division)].sort((a, b) => (a.code < b.code ? -1 : 1));
    const mine = all.filter((_, i) => Math.floor((i * sisters.length) / all.length) === sisters.indexOf(court));
    const groups = eligible(mine);
    return { court, groups, supply: groups.flat().length, towns: groups[0].length, count: 0 };
  });
  let total = 0;
  for (const p of plans) total += p.count = Math.min(PER_COURT, p.supply);
  const more = plans.filter(p => p.supply > p.count).sort((a, b) => b.towns - a.towns || (a.court.case_code < b.court.case_code ? -1 : 1));
  for (const p of more) {
    if (total >= TRIBUNALS) break;
    p.count += 1;
    total += 1;
  }
  console.log(`tribunals: ${total} for ${plans.length} courts`);
  return new Map(plans.map(p => [p.court.name, choose(p.groups, p.count)]));
}

function byParent(list) {
  const map = new Map();
  for (const t of list) map.set(t.parent, [...(map.get(t.parent) ?? []), t]);
  return map;
}

function directory(source, target) {
  const file = join(target, 'courts.csv');
  const before = existsSync(file) ? parse(readFileSync(file, 'utf8')) : [];
  const kept = new Map(before.filter(r => r.code_basis === 'ours').map(r => [r.name, r.code]));
  const rows = courts(source, kept);
  const halls = tribunals(source, rows);
  const out = [];
  for (const r of rows) {
    out.push({ code: r.case_code, name: r.name, level: r.level, kind: r.kind, parent: r.parent_code, division: r.division,
      code_basis: r.code_basis, name_source: r.name_source });
    (halls.get(r.name) ?? []).forEach((t, i) => out.push({ code: `${r.case_code}-${String(i + 1).padStart(2, '0')}`,
      name: `${r.name}${stem(t.name)}人民法庭`, level: '人民法庭', kind: 'general', parent: r.case_code, division: r.division,
      code_basis: 'ours', name_source: `township:${t.code}` }));
  }
  must(new Set(out.map(r => r.code)).size === out.length, 'a court code occurs twice');
  must(new Set(out.map(r => r.name)).size === out.length, 'a court name occurs twice');
  write(target, 'courts.csv', ['code', 'name', 'level', 'kind', 'parent', 'division', 'code_basis', 'name_source', 'valid_from', 'valid_to'], out);
}

// --- the rest ---
function holidays(source) {
  const files = readdirSync(source).filter(f => /^holidays.*\.csv$/.test(f)).sort();
  const days = new Map();
  for (const r of files.flatMap(f => read(source, f))) {
    const same = days.get(r.date); // rule 5
    if (same) {
      must(same.kind === r.kind, `${r.date} is two kinds of day`);
      if (!same.name.split('、').includes(r.name)) same.name += `、${r.name}`;
    } else days.set(r.date, { ...r });
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

function main([source, target = 'data/tables']) {
  if (!source) {
    console.error('usage: node tools/directory.mjs SOURCE_DIR [data/tables]');
    process.exit(2);
  }
  write(target, 'divisions.csv', ['code', 'name', 'parent', 'level', 'kind'], divisions(source));
  directory(source, target);
  write(target, 'causes.csv', ['code', 'level', 'parent', 'name', 'number'],
    read(source, 'causes-of-action.csv').map(r => ({ ...r, number: r.official_no })));
  write(target, 'element-forms.csv', ['form_no', 'cause', 'volume', 'document', 'cause_code'], read(source, 'element-forms.csv'));
  write(target, 'holidays.csv', ['date', 'kind', 'name'], holidays(source));
}

main(process.argv.slice(2));
