// What of ISO 19005-1 (PDF/A-1, level B) can be read off a file: archive_faults(bytes) lists what is against it,
// each with its clause. Reads classic cross-reference tables only, as PDF 1.4 has them.
import { inflateSync } from "node:zlib";
import { font_faults } from "./archive_font.mjs";
import { is_name, Name, Operator, Reader, Reference } from "./archive_value.mjs";

const LIMITS = { array: 8191, dictionary: 4095, name: 127, string: 65535, objects: 8388607, nesting: 28, integer: 2147483647 };
const OPERATORS = new Set("b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"".split(" "));
const RENDERINGS = new Set(["Perceptual", "Saturation", "RelativeColorimetric", "AbsoluteColorimetric"]);
const ANNOTATIONS = new Set(["Text", "Link", "FreeText", "Line", "Square", "Circle", "Highlight", "Underline", "Squiggly", "StrikeOut", "Stamp", "Ink", "Popup", "Widget", "PrinterMark", "TrapNet"]);

/** A file with its objects by number, the newest of each. */
class File {
    constructor(bytes) {
        this.bytes = bytes;
        this.text = bytes.toString("latin1");
        this.faults = [];
        this.objects = new Map();
        this.trailers = [];
    }

    fault(clause, what) {
        this.faults.push(`${clause}: ${what}`);
    }

    get(value) {
        return value instanceof Reference ? (this.objects.get(value.number)?.value ?? null) : value;
    }

    tables() {
        const places = new Map();
        let at = Number(/startxref\n(\d+)\n%%EOF\n?$/.exec(this.text)?.[1] ?? -1);
        while (at !== undefined) {
            if (!/^xref\n\d+ \d+\n/.test(this.text.slice(at, at + 40))) {
                return this.fault("6.1.4", `no table at ${at}`);
            }
            const end = this.text.indexOf("trailer", at);
            for (const [, first, , entries] of this.text.slice(at + 5, end).matchAll(/(\d+) (\d+)\n((?:\d{10} \d{5} [nf] \n)+)/g)) {
                entries.match(/[^\n]{18} \n|[^\n]+\n/g).forEach((entry, i) => {
                    const number = Number(first) + i;
                    if (!places.has(number)) {
                        places.set(number, entry[17] === "n" ? Number(entry.slice(0, 10)) : 0);
                    }
                });
            }
            const trailer = new Reader(this.text, end + 7).value();
            this.trailers.push(trailer);
            at = trailer.get("Prev");
        }
        for (const [number, place] of places) {
            if (place > 0) {
                this.object(number, place);
            }
        }
        return null;
    }

    object(number, place) {
        const head = `${number} 0 obj\n`;
        if (!this.text.startsWith(head, place) || !"\n\r".includes(this.text[place - 1])) {
            this.fault("6.1.8", `object ${number} does not begin as it should`);
        }
        const reader = new Reader(this.text, place + head.length);
        const object = { value: reader.value() };
        reader.space();
        if (this.text.startsWith("stream", reader.at)) {
            object.from = reader.at + 7;
            this.streams ??= [];
            this.streams.push([number, object]);
        } else if (!/^endobj[\r\n]/.test(this.text.slice(reader.at, reader.at + 7)) || !"\r\n".includes(this.text[reader.at - 1])) {
            this.fault("6.1.8", `object ${number} does not end as it should`);
        }
        this.objects.set(number, object);
    }

    /** The bytes of a stream, unpacked. */
    data(value) {
        const object = value instanceof Reference ? this.objects.get(value.number) : value;
        const raw = this.bytes.subarray(object.from, object.from + this.get(object.value.get("Length")));
        return is_name(this.get(object.value.get("Filter")), "FlateDecode") ? inflateSync(raw) : raw;
    }
}

function frame_faults(file) {
    const head = file.bytes.subarray(0, 15);
    const trailer = file.trailers[0] ?? new Map();
    if (!/^%PDF-1\.[0-4]\n%/.test(head.toString("latin1")) || [...head.subarray(10, 14)].some((byte) => byte < 128)) {
        file.fault("6.1.2", "a head without four bytes above 127");
    }
    for (const [i, said] of file.trailers.entries()) {
        if (!Array.isArray(said.get("ID")) || said.get("ID").length !== 2) {
            file.fault("6.1.3", `trailer ${i} without ID`);
        }
        if (said.has("Encrypt")) {
            file.fault("6.1.3", "it is encrypted");
        }
    }
    if (!/%%EOF\n?$/.test(file.text)) {
        file.fault("6.1.3", "something behind the end");
    }
    if (trailer.get("Size") > LIMITS.objects) {
        file.fault("6.1.12", `${trailer.get("Size")} objects`);
    }
    for (const [number, object] of file.streams ?? []) {
        const end = object.from + file.get(object.value.get("Length"));
        if (file.text[object.from - 1] !== "\n" || !/^\r?\nendstream\s/.test(file.text.slice(end, end + 12))) {
            file.fault("6.1.7", `stream ${number} is not as long as it says`);
        }
        if (["F", "FFilter", "FDecodeParms"].some((key) => object.value.has(key))) {
            file.fault("6.1.7", `stream ${number} lies elsewhere`);
        }
        if ([file.get(object.value.get("Filter"))].flat().some((filter) => is_name(filter, "LZWDecode"))) {
            file.fault("6.1.10", `stream ${number} by LZW`);
        }
    }
}

/** Limits of every value, and the keys that are not to be. */
function value_faults(file, number, value) {
    if (typeof value === "string" && value.length > LIMITS.string) {
        file.fault("6.1.12", `a string of ${value.length} bytes in ${number}`);
    } else if (typeof value === "number" && Math.abs(value) > (Number.isInteger(value) ? LIMITS.integer : 32767)) {
        file.fault("6.1.12", `the number ${value} in ${number}`);
    } else if (value instanceof Name && value.text.length > LIMITS.name) {
        file.fault("6.1.12", `a name of ${value.text.length} bytes in ${number}`);
    } else if (value instanceof Operator) {
        file.fault("6.1", `${value.text} in ${number}`);
    } else if (Array.isArray(value)) {
        if (value.length > LIMITS.array) {
            file.fault("6.1.12", `an array of ${value.length} in ${number}`);
        }
        value.forEach((item) => value_faults(file, number, item));
    } else if (value instanceof Map) {
        if (value.size > LIMITS.dictionary) {
            file.fault("6.1.12", `a dictionary of ${value.size} in ${number}`);
        }
        for (const [key, item] of value) {
            value_faults(file, number, new Name(key));
            value_faults(file, number, item);
        }
        dictionary_faults(file, number, value);
    } else if (value instanceof Reference && !file.objects.has(value.number)) {
        file.fault("6.1", `${number} refers to ${value.number}, which is none`);
    }
}

function dictionary_faults(file, number, dict) {
    const type = file.get(dict.get("Type"));
    const subtype = file.get(dict.get("Subtype"));
    const is = (text) => is_name(type, text) || is_name(subtype, text);
    const none = (clause, ...keys) => keys.filter((key) => dict.has(key)).forEach((key) => file.fault(clause, `${key} in ${number}`));
    none("6.1.11", "EF", "EmbeddedFiles");
    none("6.1.13", "OCProperties");
    none("6.6.1", "JS", "JavaScript");
    if (is_name(file.get(dict.get("S")), "Transparency") || (dict.has("SMask") && !is_name(file.get(dict.get("SMask")), "None"))) {
        file.fault("6.4", `transparency in ${number}`);
    }
    for (const key of is("ExtGState") ? ["CA", "ca"] : []) {
        if (dict.has(key) && file.get(dict.get(key)) !== 1) {
            file.fault("6.4", `${key} in ${number}`);
        }
    }
    if (is("ExtGState")) {
        none("6.2.8", "TR");
        if (dict.has("BM") && !is_name(file.get(dict.get("BM")), "Normal") && !is_name(file.get(dict.get("BM")), "Compatible")) {
            file.fault("6.4", `a blend mode in ${number}`);
        }
    }
    if (is_name(subtype, "Image")) {
        none("6.2.4", "Alternates", "OPI");
        if (file.get(dict.get("Interpolate")) === true) {
            file.fault("6.2.4", `Interpolate in ${number}`);
        }
    }
    if (is_name(subtype, "Form")) {
        none("6.2.5", "OPI", "PS");
        none("6.2.6", "Ref");
    }
    if (is_name(subtype, "PS")) {
        file.fault("6.2.7", `PostScript in ${number}`);
    }
    if (is_name(type, "Annot")) {
        annotation_faults(file, number, dict);
    }
    for (const key of ["Action", "GoToR"].filter(is)) {
        file.fault("6.6.1", `${key} in ${number}`);
    }
}

function annotation_faults(file, number, dict) {
    const flags = file.get(dict.get("F")) ?? 0;
    const shown = file.get(dict.get("AP"));
    if (!ANNOTATIONS.has(file.get(dict.get("Subtype"))?.text)) {
        file.fault("6.5.2", `annotation ${number}`);
    }
    if ((flags & 4) === 0 || (flags & (1 | 2 | 32)) !== 0) {
        file.fault("6.5.3", `annotation ${number} is not printed`);
    }
    if (shown instanceof Map && [...shown.keys()].join() !== "N") {
        file.fault("6.5.3", `annotation ${number} looks more than one way`);
    }
    if (is_name(file.get(dict.get("Subtype")), "Widget") && (dict.has("A") || dict.has("AA") || !(shown instanceof Map))) {
        file.fault("6.9", `field ${number} acts, or is not shown`);
    }
}

/** Content: known operators, q and Q in pairs and not too deep, no colours of another output. */
function content_faults(file, number, bytes) {
    const reader = new Reader(bytes.toString("latin1"));
    let depth = 0;
    for (let value = reader.value(); value !== undefined; value = reader.value()) {
        if (!(value instanceof Operator)) {
            continue;
        }
        if (value.text === "BI") {
            reader.at += reader.text.slice(reader.at).search(/\sEI\s/) + 3;
        } else if (!OPERATORS.has(value.text)) {
            file.fault("6.2.10", `the operator ${value.text} in ${number}`);
        } else if (value.text === "k" || value.text === "K") {
            file.fault("6.2.3", `CMYK in ${number}`);
        }
        depth += value.text === "q" ? 1 : value.text === "Q" ? -1 : 0;
        if (depth < 0 || depth > LIMITS.nesting) {
            file.fault("6.1.12", `q ${depth} deep in ${number}`);
            return;
        }
    }
    if (depth !== 0) {
        file.fault("6.2.10", `q without Q in ${number}`);
    }
}

function contents_faults(file) {
    for (const [number, { value }] of file.objects) {
        if (!(value instanceof Map)) {
            continue;
        }
        if (is_name(file.get(value.get("Type")), "Page")) {
            const parts = [value.get("Contents")].flat();
            content_faults(file, number, Buffer.concat(parts.map((part) => file.data(part))));
        } else if (is_name(file.get(value.get("Subtype")), "Form")) {
            content_faults(file, number, file.data(file.objects.get(number)));
        }
    }
}

/** sRGB as what the colours are of: an ICC profile of three components for a display. */
function output_faults(file, root) {
    const intents = (file.get(root.get("OutputIntents")) ?? []).map((intent) => file.get(intent)).filter((intent) => is_name(intent.get("S"), "GTS_PDFA1"));
    const profile = intents.length === 1 ? file.objects.get(intents[0].get("DestOutputProfile")?.number) : null;
    if (!profile) {
        file.fault("6.2.2", `${intents.length} output intents`);
        return;
    }
    const bytes = file.data(profile);
    const kinds = bytes.subarray(12, 20).toString("latin1");
    if (bytes.length !== bytes.readUInt32BE(0) || bytes.subarray(36, 40).toString() !== "acsp" || !/^(mntr|prtr)RGB /.test(kinds) || profile.value.get("N") !== 3 || bytes[8] > 2) {
        file.fault("6.2.2", `the profile: ${bytes.length} bytes, ${kinds}`);
    }
}

const decode_text = (text) => (text.startsWith("\xfe\xff") ? Buffer.from(text.slice(2), "latin1").swap16().toString("utf16le") : text);
const unescape_xml = (text) => text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" })[name]);

/** The packet says what it is, and the same as the old dictionary. */
function metadata_faults(file, root) {
    const stream = file.objects.get(root.get("Metadata")?.number);
    if (!stream || stream.value.has("Filter") || !is_name(stream.value.get("Type"), "Metadata") || !is_name(stream.value.get("Subtype"), "XML")) {
        file.fault("6.7.2", "no open packet");
        return;
    }
    const xmp = file.data(stream).toString("utf8");
    const said = (tag) => {
        const inside = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(xmp)?.[1];
        return inside === undefined ? undefined : unescape_xml(inside.replace(/<[^>]*>/g, "").trim());
    };
    if (!/^<\?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"\?>/.test(xmp) || !/<\?xpacket end="[rw]"\?>\s*$/.test(xmp)) {
        file.fault("6.7.5", "the frame of the packet");
    }
    if (said("pdfaid:part") !== "1" || !["A", "B"].includes(said("pdfaid:conformance"))) {
        file.fault("6.7.11", "it does not say that it is PDF/A-1");
    }
    const info = file.get(file.trailers[0].get("Info")) ?? new Map();
    for (const [key, tag] of [["Title", "dc:title"], ["Author", "dc:creator"], ["Subject", "dc:description"], ["Keywords", "pdf:Keywords"], ["Creator", "xmp:CreatorTool"], ["Producer", "pdf:Producer"]]) {
        if (info.has(key) && decode_text(file.get(info.get(key))) !== said(tag)) {
            file.fault("6.7.3", `${key} is not ${tag}`);
        }
    }
    for (const [key, tag] of [["CreationDate", "xmp:CreateDate"], ["ModDate", "xmp:ModifyDate"]]) {
        const date = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([+-]\d\d)'(\d\d)'?$/.exec(file.get(info.get(key)) ?? "");
        if (info.has(key) && (!date || `${date[1]}-${date[2]}-${date[3]}T${date[4]}:${date[5]}:${date[6]}${date[7]}:${date[8]}` !== said(tag))) {
            file.fault("6.7.3", `${key} is not ${tag}`);
        }
    }
}

function root_faults(file) {
    const root = file.get(file.trailers[0]?.get("Root"));
    if (!(root instanceof Map)) {
        file.fault("6.1.3", "no catalogue");
        return;
    }
    for (const key of ["AA", "OpenAction", "OCProperties"].filter((name) => root.has(name))) {
        file.fault("6.6.2", `${key} in the catalogue`);
    }
    if (file.get(root.get("AcroForm"))?.get("NeedAppearances") === true) {
        file.fault("6.9", "NeedAppearances");
    }
    output_faults(file, root);
    metadata_faults(file, root);
}

function all_faults(file) {
    file.tables();
    if (file.trailers.length === 0) {
        return;
    }
    frame_faults(file);
    for (const [number, { value }] of file.objects) {
        value_faults(file, number, value);
    }
    root_faults(file);
    contents_faults(file);
    for (const [number, { value }] of file.objects) {
        if (value instanceof Map && is_name(file.get(value.get("Type")), "Font")) {
            font_faults(file, number, value);
        }
    }
}

/** What is against ISO 19005-1, as "6.1.12: why"; none for a good file. */
export function archive_faults(bytes) {
    const file = new File(bytes);
    try {
        all_faults(file);
    } catch (error) {
        file.faults.push(/^\d+\.\d+/.test(error.message) ? error.message : `6.1: not to be read: ${error.stack}`);
    }
    return file.faults;
}
