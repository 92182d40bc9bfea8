// Spreadsheets of claims as a filer would make them, for batches.
import { resident_id, zip } from "./files.mjs";

/** The number of nobody: the order number 000 is never given out. n tells them apart. */
const number_of = (n) => resident_id(`110105${new Date(Date.UTC(1950, 0, 1 + n)).toISOString().slice(0, 10).replaceAll("-", "")}000`);

/** What a row says unless the test says otherwise; every column by its title. */
export function claim(n, more = {}) {
    return {
        编号: `HT-${n}`,
        受理法院: "北京市朝阳区人民法院",
        案由: "物业服务合同纠纷",
        原告名称: "北京示例物业服务有限公司",
        原告证件号码: "91350100M000100Y43",
        法定代表人或者负责人: "赵某",
        原告住所地: "北京市朝阳区建国路1号",
        代理人姓名: "李某",
        代理人单位: "北京示例律师事务所",
        被告姓名或者名称: `王某${n}`,
        被告证件号码: number_of(n),
        被告住所地: "北京市朝阳区朝阳路2号",
        标的额: `${5000 + n}.00`,
        诉讼请求: "判令被告支付物业费；判令被告承担本案诉讼费用",
        事实与理由: `被告是朝阳路2号业主，合同编号HT-${n}，经催交至今未付物业费。`,
        送达收件人: "李某",
        送达手机: "13800138000",
        送达地址: "北京市朝阳区建国路1号院2号楼301",
        ...more,
    };
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Rows (maps by title) as comma-separated text with a row of titles. */
export function csv(rows, { titles = [...new Set(rows.flatMap(Object.keys))], mark = true, end = "\r\n" } = {}) {
    const lines = [titles, ...rows.map((row) => titles.map((title) => row[title] ?? ""))];
    return Buffer.from((mark ? "\ufeff" : "") + lines.map((line) => line.map((cell) => quoted(`${cell}`)).join(",") + end).join(""));
}

/** Comma-separated text back into rows of cells. */
export function csv_cells(text) {
    const rows = [[""]];
    let inside = false;
    for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length; at++) {
        const row = rows.at(-1);
        const c = text[at];
        if (inside && c === '"' && text[at + 1] === '"') {
            row[row.length - 1] += '"';
            at++;
        } else if (c === '"') {
            inside = !inside;
        } else if (!inside && c === ",") {
            row.push("");
        } else if (!inside && c === "\n") {
            rows.push([""]);
        } else if (inside || c !== "\r") {
            row[row.length - 1] += c;
        }
    }
    return rows.filter((row) => row.length > 1 || row[0] !== "");
}

const escape_xml = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function column_name(n) {
    return n < 26 ? String.fromCharCode(65 + n) : column_name(Math.floor(n / 26) - 1) + String.fromCharCode(65 + (n % 26));
}

/** A cell: a text, a number, or XML of its own ({ xml: '<c r="…">…</c>' } with R for its place). */
function cell_xml(cell, at) {
    if (cell === "" || cell === undefined || cell === null) {
        return "";
    }
    if (typeof cell === "object") {
        return cell.xml.replaceAll("R", at);
    }
    return typeof cell === "number" ? `<c r="${at}"><v>${cell}</v></c>` : `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escape_xml(cell)}</t></is></c>`;
}

/** Rows (maps by title) as an XLSX file; `merges` are ranges, `head` goes before the sheet. */
export function xlsx(rows, { titles = [...new Set(rows.flatMap(Object.keys))], merges = [], head = "", hidden_first = false } = {}) {
    const lines = [titles, ...rows.map((row) => titles.map((title) => row[title]))];
    const data = lines.map((line, r) => `<row r="${r + 1}">${line.map((cell, c) => cell_xml(cell, `${column_name(c)}${r + 1}`)).join("")}</row>`);
    const merged = merges.length ? `<mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join("")}</mergeCells>` : "";
    const sheet = `${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${data.join("")}</sheetData>${merged}</worksheet>`;
    const sheets = hidden_first ? '<sheet name="底稿" sheetId="2" state="hidden" r:id="rId2"/><sheet name="案件" sheetId="1" r:id="rId1"/>' : '<sheet name="案件" sheetId="1" r:id="rId1"/>';
    const parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": `<workbook xmlns:r="r"><sheets>${sheets}</sheets></workbook>`,
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/sheet2.xml": "<worksheet><sheetData/></worksheet>",
    };
    return zip(Object.entries(parts).map(([name, text]) => ({ name, data: Buffer.from(text) })));
}
