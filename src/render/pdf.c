/* Objects are copied one by one in the order they stand in, those that change are written anew;
 * what is missing comes behind them, then one table. */
#include "render/pdf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "render/pdf_file.h"
#include "seal/hash.h"

enum {
    CURVE_POINTS = 256,
    ID_BYTES = 16,
    MORE_BYTES = 64 << 10,
    TAG_LETTERS = 6,
    GLYPHS_MAX = 65536,
    WIDTHS_MAX = 8000 /* no array has more than 8,191: ISO 19005-1, 6.1.12 */
};

struct placed {
    uint32_t number;
    size_t offset;
};

struct archive {
    struct cx *cx;
    const struct pdf_file *from;
    const struct pdf_facts *facts;
    struct buf out;
    size_t *offsets;
    uint32_t count, room; /* objects are numbered below count */
    uint32_t metadata, profile;
    Str producer;
};

static enum status unexpected(struct cx *cx, const char *what)
{
    return FAIL(cx, E_BUG, "pdf-unexpected", "%s", what);
}

/* --- an output profile: sRGB (IEC 61966-2-1) as a matrix and one curve, ICC version 2 --- */

static void put32(struct buf *out, uint32_t n)
{
    const char bytes[] = {(char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n};
    buf_add(out, bytes, sizeof bytes);
}

static void put16(struct buf *out, uint32_t n)
{
    const char bytes[] = {(char)(n >> 8), (char)n};
    buf_add(out, bytes, sizeof bytes);
}

static void put_zeros(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_char(out, '\0');
    }
}

static void put_xyz(struct buf *out, double x, double y, double z)
{
    const double parts[] = {x, y, z};
    buf_text(out, "XYZ ");
    put32(out, 0);
    for (int i = 0; i < 3; i++) {
        put32(out, (uint32_t)lround(parts[i] * 65536));
    }
}

static void put_curve(struct buf *out)
{
    buf_text(out, "curv");
    put32(out, 0);
    put32(out, CURVE_POINTS);
    for (int i = 0; i < CURVE_POINTS; i++) {
        double v = (double)i / (CURVE_POINTS - 1);
        double linear = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
        put16(out, (uint32_t)lround(linear * 65535));
    }
}

static void put_description(struct buf *out)
{
    static const char name[] = "sRGB IEC61966-2-1";
    buf_text(out, "desc");
    put32(out, 0);
    put32(out, sizeof name);
    buf_add(out, name, sizeof name);
    put_zeros(out, 4 + 4 + 2 + 1 + 67); /* no Unicode, no Macintosh */
    put_zeros(out, 2);                  /* to a whole word */
}

static void put_rights(struct buf *out)
{
    buf_text(out, "text");
    put32(out, 0);
    buf_add(out, "no copyright", 12);
    put_zeros(out, 4);
}

/* The colorants are those of sRGB, adapted to the D50 of the connection space. */
static Str profile_bytes(struct arena *arena)
{
    static const char *const tags[] = {"desc", "cprt", "wtpt", "rXYZ", "gXYZ",
                                       "bXYZ", "rTRC", "gTRC", "bTRC"};

    enum { TAGS = sizeof tags / sizeof tags[0] };
    struct buf body;
    struct buf out;
    size_t at[TAGS + 1];
    const size_t head = 128 + 4 + 12 * TAGS;
    buf_init(&body, arena, 8192);
    for (int i = 0; i < TAGS; i++) {
        at[i] = body.n;
        switch (i) {
        case 0: put_description(&body); break;
        case 1: put_rights(&body); break;
        case 2: put_xyz(&body, 0.9642, 1.0, 0.8249); break;
        case 3: put_xyz(&body, 0.4360747, 0.2225045, 0.0139322); break;
        case 4: put_xyz(&body, 0.3850649, 0.7168786, 0.0971045); break;
        case 5: put_xyz(&body, 0.1430804, 0.0606169, 0.7141733); break;
        default: put_curve(&body); break;
        }
    }
    at[TAGS] = body.n;
    buf_init(&out, arena, head + body.n + 1);
    put32(&out, (uint32_t)(head + body.n));
    put32(&out, 0);
    put32(&out, 0x02100000);
    buf_text(&out, "mntrRGB XYZ ");
    put16(&out, 2026);
    put16(&out, 1);
    put16(&out, 1);
    put_zeros(&out, 6);
    buf_text(&out, "acsp");
    put_zeros(&out, 28);
    put32(&out, 0xf6d6); /* D50 */
    put32(&out, 0x10000);
    put32(&out, 0xd32d);
    put_zeros(&out, 48);
    put32(&out, TAGS);
    for (int i = 0; i < TAGS; i++) {
        buf_text(&out, tags[i]);
        put32(&out, (uint32_t)(head + at[i]));
        put32(&out, (uint32_t)(at[i + 1] - at[i]));
    }
    buf_add(&out, body.p, body.n);
    return buf_done(&out);
}

/* --- what the file says of itself --- */

static void put_escaped(struct buf *out, Str text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&': buf_text(out, "&amp;"); break;
        case '<': buf_text(out, "&lt;"); break;
        case '>': buf_text(out, "&gt;"); break;
        default: buf_char(out, text.p[i]); break;
        }
    }
}

static Str packet(struct archive *a)
{
    struct buf xmp;
    buf_init(&xmp, a->cx->arena, MORE_BYTES);
    buf_text(&xmp, "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                   "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                   "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                   "<rdf:Description rdf:about=\"\" "
                   "xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">"
                   "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
                   "</rdf:Description>\n"
                   "<rdf:Description rdf:about=\"\" "
                   "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
                   "<dc:format>application/pdf</dc:format>"
                   "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
    put_escaped(&xmp, a->facts->title);
    buf_text(&xmp, "</rdf:li></rdf:Alt></dc:title></rdf:Description>\n"
                   "<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">"
                   "<xmp:CreateDate>");
    buf_str(&xmp, instant_format(a->cx->arena, a->facts->created));
    buf_text(&xmp, "</xmp:CreateDate><xmp:CreatorTool>Tongsu</xmp:CreatorTool>"
                   "</rdf:Description>\n"
                   "<rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">"
                   "<pdf:Producer>");
    put_escaped(&xmp, a->producer);
    buf_text(&xmp, "</pdf:Producer></rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
                   "<?xpacket end=\"w\"?>");
    return buf_done(&xmp);
}

/* D:20260302102000+08'00' */
static Str pdf_date(struct arena *arena, Instant at)
{
    Str t = instant_format(arena, at);
    return str_printf(arena, "D:%.4s%.2s%.2s%.2s%.2s%.2s+08'00'", t.p, t.p + 5, t.p + 8, t.p + 11,
                      t.p + 14, t.p + 17);
}

static Str info_dict(struct archive *a, Str before)
{
    struct buf out;
    Str title = pdf_get(before, "Title");
    buf_init(&out, a->cx->arena, MORE_BYTES + title.n);
    buf_text(&out, "<< /Producer (");
    for (size_t i = 0; i < a->producer.n; i++) { /* brackets in pairs need no escape */
        buf_char(&out, a->producer.p[i]);
    }
    buf_text(&out, ")\n   /Title ");
    buf_str(&out, title);
    buf_text(&out, "\n   /Creator (Tongsu)\n   /CreationDate (");
    buf_str(&out, pdf_date(a->cx->arena, a->facts->created));
    buf_text(&out, ")\n>>");
    return buf_done(&out);
}

/* --- objects --- */

static uint32_t object_begin(struct archive *a)
{
    check(a->count < a->room);
    a->offsets[a->count] = a->out.n;
    buf_printf(&a->out, "%u 0 obj\n", a->count);
    return a->count++;
}

static uint32_t object_stream(struct archive *a, const char *more, Str bytes)
{
    uint32_t number = object_begin(a);
    buf_printf(&a->out, "<< /Length %zu%s >>\nstream\n", bytes.n, more);
    buf_str(&a->out, bytes);
    buf_text(&a->out, "\nendstream\nendobj\n");
    return number;
}

/* Glyphs of a cut font are numbered without gaps: as many as /W has widths. */
static uint32_t glyph_widths(struct archive *a, Str font, Str **widths)
{
    Str parts[2];
    *widths = arena_array(a->cx->arena, Str, GLYPHS_MAX);
    if (pdf_items(pdf_follow(a->from, pdf_get(font, "W")), parts, 2) != 2) {
        return 0;
    }
    return pdf_items(parts[1], *widths, GLYPHS_MAX);
}

static uint32_t glyph_count(struct archive *a, Str font)
{
    Str *widths = NULL;
    struct arena_mark mark = arena_mark(a->cx->arena);
    uint32_t count = glyph_widths(a, font, &widths);
    arena_rewind(a->cx->arena, mark);
    return count;
}

/* The widths in pieces that an array of PDF/A-1 may hold: [0 [w w …] 8000 [w …]]. */
static Str widths_parted(struct archive *a, Str font)
{
    Str *widths = NULL;
    struct buf out;
    uint32_t count = glyph_widths(a, font, &widths);
    buf_init(&out, a->cx->arena, font.n + MORE_BYTES);
    buf_text(&out, "/W [");
    for (uint32_t i = 0; i < count; i++) {
        if (i % WIDTHS_MAX == 0) {
            buf_printf(&out, "%s %u [", i == 0 ? "" : " ]", i);
        }
        buf_text(&out, " ");
        buf_str(&out, widths[i]);
    }
    buf_text(&out, " ] ]\n");
    return buf_done(&out);
}

static uint32_t put_glyph_set(struct archive *a, uint32_t glyphs)
{
    struct buf bits;
    buf_init(&bits, a->cx->arena, glyphs / 8 + 2);
    for (uint32_t i = 0; i < glyphs; i += 8) {
        uint32_t left = glyphs - i;
        buf_char(&bits, (char)(left >= 8 ? 0xff : 0xff << (8 - left)));
    }
    return object_stream(a, "", buf_done(&bits));
}

static bool is_composite_font(Str dict)
{
    return str_is(pdf_get(dict, "Type"), "/Font") &&
           str_starts(pdf_get(dict, "Subtype"), "/CIDFontType");
}

/* The sets of glyphs, behind all other objects; sets[descriptor] is the number of its set. */
static enum status put_glyph_sets(struct archive *a, uint32_t *sets)
{
    for (uint32_t i = 1; i < a->from->count; i++) {
        Str dict = pdf_object(a->from, i);
        if (!is_composite_font(dict)) {
            continue;
        }
        uint32_t descriptor = pdf_reference(pdf_get(dict, "FontDescriptor"));
        uint32_t glyphs = glyph_count(a, dict);
        if (descriptor == 0 || descriptor >= a->from->count || glyphs == 0) {
            return unexpected(a->cx, "a font without widths");
        }
        sets[descriptor] = put_glyph_set(a, glyphs);
    }
    return OK;
}

static int by_offset(const void *a, const void *b)
{
    const struct placed *x = a;
    const struct placed *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* What an object says now, or "" where it stays as it is. */
static Str changed(struct archive *a, uint32_t number, Str dict, const uint32_t *sets)
{
    struct buf out;
    struct arena *arena = a->cx->arena;
    Str type = pdf_get(dict, "Type");
    buf_init(&out, arena, dict.n + MORE_BYTES);
    if (str_is(type, "/Page")) {
        pdf_put_dict(&out, dict, "Group", STR(""));
    } else if (str_is(type, "/FontDescriptor") && sets[number] > 0) {
        pdf_put_dict(&out, dict, NULL, str_printf(arena, "/CIDSet %u 0 R\n", sets[number]));
    } else if (is_composite_font(dict)) {
        bool is_true_type = str_is(pdf_get(dict, "Subtype"), "/CIDFontType2");
        bool is_large = glyph_count(a, dict) > WIDTHS_MAX;
        Str added = str_printf(arena, "%s%.*s", is_true_type ? "/CIDToGIDMap /Identity\n" : "",
                               STR_ARG(is_large ? widths_parted(a, dict) : STR("")));
        if (added.n > 0) {
            pdf_put_dict(&out, dict, is_large ? "W" : NULL, added);
        }
    } else if (str_is(type, "/Catalog")) {
        pdf_put_dict(&out, dict, NULL,
                     str_printf(arena,
                                "/Lang (%s)\n/MarkInfo << /Marked true >>\n"
                                "/ViewerPreferences << /DisplayDocTitle true >>\n"
                                "/Metadata %u 0 R\n/OutputIntents [ << /Type /OutputIntent /S "
                                "/GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2-1) "
                                "/Info (sRGB IEC61966-2-1) /DestOutputProfile %u 0 R >> ]\n",
                                a->facts->language, a->metadata, a->profile));
    } else if (number == pdf_reference(pdf_get(a->from->trailer, "Info"))) {
        return info_dict(a, dict);
    }
    return buf_done(&out);
}

/* The descriptor of the font that a dictionary is of; 0: of none. */
static uint32_t descriptor_of(const struct archive *a, uint32_t number, Str dict)
{
    Str below[1];
    Str type = pdf_get(dict, "Type");
    if (str_is(type, "/FontDescriptor")) {
        return number;
    }
    if (!str_is(type, "/Font")) {
        return 0;
    }
    Str own = pdf_get(dict, "FontDescriptor");
    if (own.n == 0 &&
        pdf_items(pdf_follow(a->from, pdf_get(dict, "DescendantFonts")), below, 1) == 1) {
        own = pdf_get(pdf_follow(a->from, below[0]), "FontDescriptor");
    }
    return pdf_reference(own);
}

static bool is_font_tag(Str text, size_t at)
{
    bool is =
        at + 1 + TAG_LETTERS < text.n && text.p[at] == '/' && text.p[at + 1 + TAG_LETTERS] == '+';
    for (size_t i = 1; is && i <= TAG_LETTERS; i++) {
        is = text.p[at + i] >= 'A' && text.p[at + i] <= 'Z';
    }
    return is;
}

/* Six letters before the name of a cut font tell it from others of the file. cairo makes them of
 * the glyphs' numbers in the font that it is given, which may be the whole or one cut before; here
 * they are of the font's place in the file, so that a paper has the same bytes either way. */
static Str retagged(struct archive *a, uint32_t number, Str dict, Str now)
{
    uint32_t rest = descriptor_of(a, number, dict);
    if (rest == 0) {
        return now;
    }
    char letters[TAG_LETTERS];
    for (size_t i = TAG_LETTERS; i-- > 0; rest /= 26) {
        letters[i] = (char)('A' + rest % 26);
    }
    Str text = now.n > 0 ? now : dict;
    char *copy = arena_copy(a->cx->arena, text.p, text.n);
    for (size_t at = 0; at < text.n; at++) {
        if (is_font_tag(text, at)) {
            memcpy(copy + at + 1, letters, TAG_LETTERS);
        }
    }
    return (Str){copy, text.n};
}

static void put_objects(struct archive *a, const uint32_t *sets)
{
    Str bytes = a->from->bytes;
    struct placed *all = arena_array(a->cx->arena, struct placed, a->from->count + 1);
    uint32_t count = 0;
    for (uint32_t i = 1; i < a->from->count; i++) {
        if (a->from->offsets[i] > 0) {
            all[count++] = (struct placed){i, a->from->offsets[i]};
        }
    }
    qsort(all, count, sizeof *all, by_offset);
    all[count].offset = a->from->xref;
    buf_text(&a->out, "%PDF-1.4\n%\xb5\xed\xae\xfb\n");
    for (uint32_t i = 0; i < count; i++) {
        Str dict = pdf_object(a->from, all[i].number);
        Str now = retagged(a, all[i].number, dict, changed(a, all[i].number, dict, sets));
        size_t from = all[i].offset;
        a->offsets[all[i].number] = a->out.n;
        if (now.n > 0) {
            size_t start = (size_t)(dict.p - bytes.p);
            buf_add(&a->out, bytes.p + from, start - from);
            buf_str(&a->out, now);
            from = start + dict.n;
        }
        buf_add(&a->out, bytes.p + from, all[i + 1].offset - from);
    }
}

static void put_table(struct archive *a)
{
    size_t xref = a->out.n;
    Str id = text_hex(a->cx->arena, hash_of(a->out.p, a->out.n).b, ID_BYTES);
    buf_printf(&a->out, "xref\n0 %u\n0000000000 65535 f \n", a->count);
    for (uint32_t i = 1; i < a->count; i++) {
        buf_printf(&a->out, "%010zu 00000 n \n", a->offsets[i]);
    }
    buf_printf(&a->out,
               "trailer\n<< /Size %u\n   /Root %.*s\n   /Info %.*s\n   /ID [ <%s> <%s> ]\n>>\n"
               "startxref\n%zu\n%%%%EOF\n",
               a->count, STR_ARG(pdf_get(a->from->trailer, "Root")),
               STR_ARG(pdf_get(a->from->trailer, "Info")), id.p, id.p, xref);
}

/* "(…)" without its brackets. */
static Str plain_text(struct arena *arena, Str text)
{
    return text.n < 2 ? STR("") : str_slice(arena, text, 1, text.n - 1);
}

static enum status archive_write(struct archive *a, Str *out)
{
    struct cx *cx = a->cx;
    struct buf behind;
    struct buf ahead;
    uint32_t *sets = arena_array(cx->arena, uint32_t, a->from->count);
    size_t limit = a->out.limit;
    ahead = a->out;
    /* What comes behind is written first, to know its numbers; its offsets move by what is ahead.
     */
    buf_init(&a->out, cx->arena, limit);
    a->metadata = object_stream(a, " /Type /Metadata /Subtype /XML", packet(a));
    a->profile = object_stream(a, " /N 3", profile_bytes(cx->arena));
    TRY(put_glyph_sets(a, sets));
    behind = a->out;
    a->out = ahead;
    put_objects(a, sets);
    for (uint32_t i = a->from->count; i < a->count; i++) {
        a->offsets[i] += a->out.n;
    }
    buf_add(&a->out, behind.p, behind.n);
    put_table(a);
    if (buf_is_over(&a->out)) {
        return unexpected(cx, "it grew too much");
    }
    *out = buf_done(&a->out);
    return OK;
}

enum status pdf_archive(struct cx *cx, Str pdf, const struct pdf_facts *facts, Str *out)
{
    struct pdf_file from;
    struct archive a = {.cx = cx, .from = &from, .facts = facts};
    if (pdf_open(cx, pdf, &from) != OK) {
        cx_forgive(cx);
        return unexpected(cx, "no table of cross-references");
    }
    Str info = pdf_follow(&from, pdf_get(from.trailer, "Info"));
    a.producer = plain_text(cx->arena, pdf_get(info, "Producer"));
    a.count = from.count;
    a.room = from.count + 64;
    a.offsets = arena_array(cx->arena, size_t, a.room);
    if (pdf_follow(&from, pdf_get(from.trailer, "Root")).n == 0 || a.producer.n == 0) {
        return unexpected(cx, "no catalogue or no producer");
    }
    for (uint32_t i = 1; i < from.count; i++) {
        if (pdf_object(&from, i).n == 0) {
            return unexpected(cx, "an object that is none");
        }
    }
    buf_init(&a.out, cx->arena, pdf.n + pdf.n / 2 + (size_t)4 * MORE_BYTES);
    return archive_write(&a, out);
}
