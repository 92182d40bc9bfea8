// Small files made by hand, valid as far as their readers look: PDF, PNG, ZIP, DOCX, an executable.
import { deflateRawSync, deflateSync } from "node:zlib";

/** A one-page PDF with a line of text; each call with another text gives other bytes. */
export function pdf(words = "Tongsu", pad_bytes = 0, pages = 1, catalogue = "") {
    const line = `BT /F1 18 Tf 72 720 Td <${Buffer.from(words, "utf16le").swap16().toString("hex")}> Tj ET`;
    const objects = [
        `<< /Type /Catalog /Pages 2 0 R ${catalogue}>>`,
        `<< /Type /Pages /Kids [${"3 0 R ".repeat(pages).trim()}] /Count ${pages} >>`,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        `<< /Length ${line.length} >>\nstream\n${line}\nendstream`,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    if (pad_bytes > 0) {
        objects.push(`<< /Length ${pad_bytes} >>\nstream\n${"x".repeat(pad_bytes)}\nendstream`);
    }
    let body = "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n";
    const at = [];
    objects.forEach((object, n) => {
        at.push(Buffer.byteLength(body, "latin1"));
        body += `${n + 1} 0 obj\n${object}\nendobj\n`;
    });
    const xref = Buffer.byteLength(body, "latin1");
    body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
    body += at.map((offset) => `${`${offset}`.padStart(10, "0")} 00000 n \n`).join("");
    body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
    return Buffer.from(body, "latin1");
}

/**
 * A PDF of sheets with lines of any text, which readers of text can read: characters are their own codes, and a table says
 * so. No font is in it. locked: asks for a password that nobody knows. boxes, rotate: of each sheet, where it is not A4 upright.
 */
export function pdf_lines(sheets, { locked = false, boxes = [], rotate = [] } = {}) {
    const hex = (text) => Buffer.from(text, "utf16le").swap16().toString("hex");
    const ranges = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0")).map((h) => `<${h}00> <${h}ff> <${h}00>`);
    const blocks = [ranges.slice(0, 100), ranges.slice(100, 200), ranges.slice(200)];
    const map = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
${blocks.map((block) => `${block.length} beginbfrange\n${block.join("\n")}\nendbfrange`).join("\n")}
endcmap CMapName currentdict /CMap defineresource pop end end`;
    const stream = (text) => `<< /Length ${Buffer.byteLength(text)} >>\nstream\n${text}\nendstream`;
    const objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        `<< /Type /Pages /Kids [${sheets.map((_, i) => `${6 + 2 * i} 0 R`).join(" ")}] /Count ${sheets.length} >>`,
        "<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>",
        stream(map),
    ];
    sheets.forEach((lines, i) => {
        objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [${boxes[i] ?? "0 0 595 842"}] /Rotate ${rotate[i] ?? 0} /Contents ${7 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`);
        objects.push(stream(lines.map((line, k) => `BT /F1 12 Tf 72 ${760 - 24 * k} Td <${hex(line)}> Tj ET`).join("\n")));
    });
    let body = "%PDF-1.4\n";
    const at = objects.map((object, n) => {
        const offset = body.length;
        body += `${n + 1} 0 obj\n${object}\nendobj\n`;
        return offset;
    });
    const lock = locked
        ? `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${"5a".repeat(32)}> /U <${"a5".repeat(32)}> >> /ID [<${"11".repeat(16)}> <${"11".repeat(16)}>]`
        : "";
    const xref = body.length;
    body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((offset) => `${`${offset}`.padStart(10, "0")} 00000 n \n`).join("")}`;
    body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${lock} >>\nstartxref\n${xref}\n%%EOF\n`;
    return Buffer.from(body, "latin1");
}

const crc_table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) {
        c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    }
    return c >>> 0;
});

export function crc32(bytes) {
    let c = 0xffffffff;
    for (const byte of bytes) {
        c = crc_table[(c ^ byte) & 0xff] ^ (c >>> 8);
    }
    return (c ^ 0xffffffff) >>> 0;
}

/** A PNG of one grey colour, or of the grey that is computed for each dot. */
export function png(width = 16, height = 16, grey = 200) {
    const chunk = (type, data) => {
        const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
        const out = Buffer.alloc(body.length + 8);
        out.writeUInt32BE(data.length, 0);
        body.copy(out, 4);
        out.writeUInt32BE(crc32(body), body.length + 4);
        return out;
    };
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 0, 0, 0, 0], 8);
    const row = (y) => {
        if (typeof grey !== "function") {
            return Buffer.from([0, ...Buffer.alloc(width, grey)]);
        }
        return Buffer.from(Array.from({ length: width + 1 }, (_, x) => (x === 0 ? 0 : grey(x - 1, y))));
    };
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        chunk("IHDR", head),
        chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: height }, (_, y) => row(y))))),
        chunk("IEND", Buffer.alloc(0)),
    ]);
}

/** A page with lines of something like writing, photographed askew by so many degrees clockwise. */
export function page_askew(degrees, width = 600, height = 800) {
    const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
    const ink = (column, line) => (Math.imul(column * 73 + line * 151, 2654435761) >>> 28) % 4 !== 0;
    return png(width, height, (x, y) => {
        const [u, v] = [(x - width / 2) * cosine + (y - height / 2) * sine, (y - height / 2) * cosine - (x - width / 2) * sine];
        const written = Math.abs(u) < width * 0.4 && Math.abs(v) < height * 0.4 && ((v % 20) + 20) % 20 < 11;
        return written && ink(Math.floor(u / 5), Math.floor(v / 20)) ? 40 : 230;
    });
}

/** entries: [{ name, data } or { name, packed, crc, size }] where packed is deflated already. */
export function zip(entries) {
    const parts = [];
    const central = [];
    let offset = 0;
    for (const entry of entries) {
        const name = Buffer.from(entry.name, "utf8");
        const packed = entry.packed ?? deflateRawSync(entry.data);
        const crc = entry.crc ?? crc32(entry.data);
        const size = entry.size ?? entry.data.length;
        const local = Buffer.alloc(30);
        local.writeUInt32LE(0x04034b50, 0);
        local.writeUInt16LE(20, 4);
        local.writeUInt16LE(0x0800, 6);
        local.writeUInt16LE(8, 8);
        local.writeUInt32LE(crc, 14);
        local.writeUInt32LE(packed.length, 18);
        local.writeUInt32LE(size, 22);
        local.writeUInt16LE(name.length, 26);
        const row = Buffer.alloc(46);
        row.writeUInt32LE(0x02014b50, 0);
        row.writeUInt16LE(20, 4);
        row.writeUInt16LE(20, 6);
        local.copy(row, 8, 6, 30);
        row.writeUInt32LE(offset, 42);
        parts.push(local, name, packed);
        central.push(row, name);
        offset += local.length + name.length + packed.length;
    }
    const size = central.reduce((sum, part) => sum + part.length, 0);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(entries.length, 8);
    end.writeUInt16LE(entries.length, 10);
    end.writeUInt32LE(size, 12);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...parts, ...central, end]);
}

const CONTENT_TYPES =
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const RELS =
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';

export function docx(words = "证据", document = null) {
    const xml =
        '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">' +
        `<w:body><w:p><w:r><w:t>${words}</w:t></w:r></w:p></w:body></w:document>`;
    return zip([
        { name: "[Content_Types].xml", data: Buffer.from(CONTENT_TYPES) },
        { name: "_rels/.rels", data: Buffer.from(RELS) },
        document ?? { name: "word/document.xml", data: Buffer.from(xml) },
    ]);
}

/** A DOCX of some hundred kilobytes whose document unpacks to `size` blanks. */
export function docx_bomb(size = 512 * 1024 * 1024) {
    const data = Buffer.alloc(size, 0x20);
    return docx("", { name: "word/document.xml", packed: deflateRawSync(data, { level: 9 }), crc: 0, size });
}

/** The head of an ELF executable: what libmagic looks at, and then nothing that runs. */
export function executable() {
    const bytes = Buffer.alloc(4096);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    bytes.writeUInt16LE(2, 16);
    bytes.writeUInt16LE(62, 18);
    bytes.writeUInt32LE(1, 20);
    return bytes;
}

/** The test signature that every scanner knows, put together here so that this file is none. */
export function eicar() {
    return Buffer.from(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].join(""), "latin1");
}

/** Invented resident identity numbers with right check digits (18 characters). */
export function resident_id(seventeen) {
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((all, weight, n) => all + weight * Number(seventeen[n]), 0);
    return seventeen + "10X98765432"[sum % 11];
}

/** A grey JPEG with a dark corner of 8 by 8 dots, as a camera stores it; `pad_bytes` more of a comment. */
export function jpeg(width = 64, height = 48, { orientation = 0, pad_bytes = 0 } = {}) {
    const parts = [Buffer.from([0xff, 0xd8])];
    const segment = (marker, bytes) => {
        const head = Buffer.from([0xff, marker, 0, 0]);
        head.writeUInt16BE(bytes.length + 2, 2);
        parts.push(head, Buffer.from(bytes));
    };
    if (orientation) {
        segment(0xe1, [...Buffer.from("Exif\0\0II*\0", "latin1"), 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]);
    }
    for (let left = pad_bytes; left > 0; left -= 60_000) {
        segment(0xfe, Buffer.alloc(Math.min(left, 60_000), "x"));
    }
    segment(0xdb, [0, ...Array.from({ length: 64 }, () => 8)]);
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
    segment(0xc4, [0x00, 1, 1, ...Array.from({ length: 14 }, () => 0), 0, 7]);
    segment(0xc4, [0x10, 1, ...Array.from({ length: 15 }, () => 0), 0]);
    segment(0xda, [1, 1, 0, 0, 63, 0]);
    // Differences of 0 or of seven bits, and every block ends at once.
    const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
    let bits = `10${(27).toString(2).padStart(7, "0")}0`;
    bits += blocks > 1 ? `10${(127).toString(2)}0${"00".repeat(blocks - 2)}` : "";
    bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
    const scan = [];
    for (let at = 0; at < bits.length; at += 8) {
        const byte = parseInt(bits.slice(at, at + 8), 2);
        scan.push(byte, ...(byte === 255 ? [0] : []));
    }
    return Buffer.concat([...parts, Buffer.from(scan), Buffer.from([0xff, 0xd9])]);
}
