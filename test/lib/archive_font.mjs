// Fonts of a PDF against ISO 19005-1, 6.3: embedded, cut with a list of what is left, as wide as the file says.
import { is_name, Reference } from "./archive_value.mjs";

const WIDTH_SLACK = 1; // thousandths of the size: what rounding makes

/** The widths of a TrueType font by glyph, in thousandths of the size. */
function true_type_widths(bytes) {
    const tables = new Map();
    for (let i = 0; i < bytes.readUInt16BE(4); i++) {
        const at = 12 + 16 * i;
        tables.set(bytes.toString("latin1", at, at + 4), bytes.readUInt32BE(at + 8));
    }
    const size = bytes.readUInt16BE(tables.get("head") + 18);
    const long = bytes.readUInt16BE(tables.get("hhea") + 34);
    const glyphs = bytes.readUInt16BE(tables.get("maxp") + 4);
    return Array.from({ length: glyphs }, (_, glyph) => (bytes.readUInt16BE(tables.get("hmtx") + 4 * Math.min(glyph, long - 1)) * 1000) / size);
}

/** A list of parts of a CFF font; `end` is where it ends. */
function cff_index(bytes, at) {
    const count = bytes.readUInt16BE(at);
    if (count === 0) {
        return { parts: [], end: at + 2 };
    }
    const wide = bytes[at + 2];
    const base = at + 2 + (count + 1) * wide;
    const offset = (i) => base + bytes.readUIntBE(at + 3 + i * wide, wide);
    return { parts: Array.from({ length: count }, (_, i) => bytes.subarray(offset(i), offset(i + 1))), end: offset(count) };
}

/** Operators of a CFF dictionary with their numbers; two-byte operators are 1200 and more. */
function cff_dict(bytes) {
    const out = new Map();
    let numbers = [];
    for (let at = 0; at < bytes.length;) {
        const b = bytes[at++];
        if (b <= 21) {
            out.set(b === 12 ? 1200 + bytes[at++] : b, numbers);
            numbers = [];
        } else if (b === 30) {
            let digits = "";
            do {
                digits += bytes[at].toString(16).padStart(2, "0");
            } while ((bytes[at++] & 15) !== 15);
            numbers.push(Number(digits.replace(/f.*$/, "").replace(/c/g, "e-").replace(/b/g, "e").replace(/a/g, ".").replace(/e(?!-|\d)/g, "-")));
        } else {
            const [number, size] = b === 28 ? [bytes.readInt16BE(at), 2] : b === 29 ? [bytes.readInt32BE(at), 4] : b <= 246 ? [b - 139, 0] : b <= 250 ? [(b - 247) * 256 + bytes[at] + 108, 1] : [-(b - 251) * 256 - bytes[at] - 108, 1];
            numbers.push(number);
            at += size;
        }
    }
    return out;
}

/** What stands before the first operator of a glyph that empties the stack, through subroutines: its width, or null. */
function charstring_width(code, local, global) {
    const MOST = { 21: 2, 22: 1, 4: 1 };
    const stack = [];
    const calls = [{ code, at: 0 }];
    const call = (subroutines) => {
        const bias = subroutines.length < 1240 ? 107 : subroutines.length < 33900 ? 1131 : 32768;
        calls.push({ code: subroutines[stack.pop() + bias], at: 0 });
    };
    while (calls.length > 0) {
        const top = calls.at(-1);
        const b = top.code[top.at++];
        if (b === undefined || b === 11) {
            calls.pop();
        } else if (b >= 32 || b === 28) {
            const c = top.code;
            const [number, size] = b === 28 ? [c.readInt16BE(top.at), 2] : b <= 246 ? [b - 139, 0] : b <= 250 ? [(b - 247) * 256 + c[top.at] + 108, 1] : b <= 254 ? [-(b - 251) * 256 - c[top.at] - 108, 1] : [c.readInt32BE(top.at) / 65536, 4];
            stack.push(number);
            top.at += size;
        } else if (b === 10 || b === 29) {
            call(b === 10 ? local : global);
        } else {
            const has = b in MOST ? stack.length > MOST[b] : b === 14 ? stack.length === 1 || stack.length === 5 : stack.length % 2 === 1;
            return has ? stack[0] : null;
        }
    }
    return null;
}

/** Which of the font dictionaries a glyph is of. */
function cff_selector(bytes, at) {
    if (at === undefined || bytes[at] === 0) {
        return (glyph) => (at === undefined ? 0 : bytes[at + 1 + glyph]);
    }
    const ranges = Array.from({ length: bytes.readUInt16BE(at + 1) }, (_, i) => [bytes.readUInt16BE(at + 3 + 3 * i), bytes[at + 5 + 3 * i]]);
    return (glyph) => ranges.findLast(([first]) => first <= glyph)[1];
}

/** The widths of a CFF font of CIDs by glyph. */
function cff_widths(bytes) {
    const names = cff_index(bytes, bytes[2]);
    const tops = cff_index(bytes, names.end);
    const global = cff_index(bytes, cff_index(bytes, tops.end).end).parts;
    const top = cff_dict(tops.parts[0]);
    const glyphs = cff_index(bytes, top.get(17)[0]).parts;
    const select = cff_selector(bytes, top.get(1237)?.[0]);
    const kinds = (top.has(1236) ? cff_index(bytes, top.get(1236)[0]).parts.map(cff_dict) : [top]).map((dict) => {
        const [size, at] = dict.get(18);
        const own = cff_dict(bytes.subarray(at, at + size));
        const scale = (top.get(1207)?.[0] ?? 1) * (top === dict ? 1 : (dict.get(1207)?.[0] ?? 1));
        return { usual: own.get(20)?.[0] ?? 0, nominal: own.get(21)?.[0] ?? 0, local: own.has(19) ? cff_index(bytes, at + own.get(19)[0]).parts : [], scale: top.has(1207) || dict.has(1207) ? scale * 1000 : 1 };
    });
    return glyphs.map((code, glyph) => {
        const kind = kinds[select(glyph)];
        const said = charstring_width(code, kind.local, global);
        return (said === null ? kind.usual : kind.nominal + said) * kind.scale;
    });
}

/** /W as widths by CID. */
function said_widths(file, font) {
    const out = new Map();
    const list = file.get(font.get("W")) ?? [];
    for (let i = 0; i + 1 < list.length;) {
        const next = file.get(list[i + 1]);
        if (Array.isArray(next)) {
            next.forEach((width, k) => out.set(list[i] + k, width));
            i += 2;
        } else {
            for (let cid = list[i]; cid <= next; cid++) {
                out.set(cid, list[i + 2]);
            }
            i += 3;
        }
    }
    return out;
}

function composite_faults(file, number, font) {
    const is_true_type = is_name(file.get(font.get("Subtype")), "CIDFontType2");
    const descriptor = file.get(font.get("FontDescriptor")) ?? new Map();
    const program = descriptor.get(is_true_type ? "FontFile2" : "FontFile3");
    const map = file.get(font.get("CIDToGIDMap"));
    if (!(program instanceof Reference)) {
        file.fault("6.3.4", `font ${number} is not embedded`);
        return;
    }
    if (is_true_type && !is_name(map, "Identity")) {
        file.fault("6.3.3.2", `font ${number} does not say which glyph is which`);
    }
    const widths = is_true_type ? true_type_widths(file.data(program)) : cff_widths(file.data(program));
    const said = said_widths(file, font);
    const usual = file.get(font.get("DW")) ?? 1000;
    const wrong = widths.filter((width, glyph) => Math.abs(width - (said.get(glyph) ?? usual)) > WIDTH_SLACK).length;
    if (wrong > 0) {
        file.fault("6.3.6", `font ${number}: ${wrong} of ${widths.length} glyphs are not as wide as it says`);
    }
    if (!/^[A-Z]{6}\+/.test(file.get(font.get("BaseFont"))?.text ?? "")) {
        return;
    }
    const set = descriptor.get("CIDSet") instanceof Reference ? file.data(descriptor.get("CIDSet")) : Buffer.alloc(0);
    const bits = [...set].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    if (bits.replace(/0+$/, "") !== "1".repeat(widths.length)) {
        file.fault("6.3.5", `font ${number}: the set is not of its ${widths.length} glyphs`);
    }
}

/** What is against 6.3 in a font dictionary. */
export function font_faults(file, number, font) {
    const kind = file.get(font.get("Subtype"))?.text;
    if (/^CIDFontType/.test(kind)) {
        composite_faults(file, number, font);
    } else if (kind === "Type0") {
        if (!is_name(file.get(font.get("Encoding")), "Identity-H") && !is_name(file.get(font.get("Encoding")), "Identity-V")) {
            file.fault("6.3.3.3", `font ${number} by a map that is not in the file`);
        }
    } else if (kind !== "Type3" && !["FontFile", "FontFile2", "FontFile3"].some((key) => file.get(font.get("FontDescriptor"))?.has(key))) {
        file.fault("6.3.4", `font ${number} is not embedded`);
    } else if (!(file.get(font.get("FirstChar")) >= 0) || !(file.get(font.get("Widths")) instanceof Array)) {
        file.fault("6.3.6", `font ${number} without widths`);
    }
}
