#include "render/pdf_sign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/check.h"
#include "seal/hash.h"

enum {
    HOLE_BYTES = 2048, /* a signature of ours takes about 1,200 */
    HOLE_DIGITS = 2 * HOLE_BYTES,
    MORE_BYTES = HOLE_DIGITS + (64 << 10),
    ITEMS_MAX = 64,
    NUMBER_WIDTH = 10,
};

static const char hole_filter[CERT_SCHEMES][80] = {
    "/Filter /Tongsu.SM2 /SubFilter /Tongsu.CMS.SM2",
    "/Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached",
};

/* --- putting on --- */

struct update {
    struct cx *cx;
    struct pdf_file file;
    struct buf out;
    size_t offsets[8]; /* of the objects of this update */
    uint32_t numbers[8];
    uint32_t count;
    uint32_t next; /* free number */
};

static enum status unexpected(struct cx *cx, const char *what)
{
    return FAIL(cx, E_BUG, "pdf-unexpected", "%s", what);
}

static void object_begin(struct update *u, uint32_t number)
{
    check(u->count < sizeof u->numbers / sizeof u->numbers[0]);
    u->numbers[u->count] = number;
    u->offsets[u->count++] = u->out.n;
    buf_printf(&u->out, "%u 0 obj\n", number);
}

/* <FEFF...>: text of any characters. */
static void put_text(struct buf *out, Str text)
{
    uint32_t c = 0;
    buf_text(out, "<FEFF");
    for (size_t at = 0; utf8_next(text, &at, &c);) {
        if (c >= 0x10000) {
            c -= 0x10000;
            buf_printf(out, "%04X%04X", 0xd800 | c >> 10, 0xdc00 | (c & 0x3ff));
        } else {
            buf_printf(out, "%04X", c);
        }
    }
    buf_text(out, ">");
}

static void put_date(struct arena *arena, struct buf *out, Instant at)
{
    Str t = instant_format(arena, at);
    buf_printf(out, "(D:%.4s%.2s%.2s%.2s%.2s%.2s+08'00')", t.p, t.p + 5, t.p + 8, t.p + 11,
               t.p + 14, t.p + 17);
}

/* The signature with its hole; *range and *hole are where these begin. */
static void put_signature(struct update *u, uint32_t number, const struct pdf_signing *s,
                          size_t *range, size_t *hole)
{
    object_begin(u, number);
    buf_printf(&u->out, "<< /Type /Sig %s\n/M ", hole_filter[s->key->scheme]);
    put_date(u->cx->arena, &u->out, s->at);
    buf_text(&u->out, "\n/Name ");
    put_text(&u->out, s->name);
    buf_text(&u->out, "\n/Reason ");
    put_text(&u->out, s->reason);
    buf_text(&u->out, "\n/ByteRange [0 ");
    *range = u->out.n;
    buf_text(&u->out, "0000000000 0000000000 0000000000]\n/Contents ");
    *hole = u->out.n;
    buf_text(&u->out, "<");
    for (size_t i = 0; i < HOLE_DIGITS; i++) {
        buf_char(&u->out, '0');
    }
    buf_text(&u->out, "> >>\nendobj\n");
}

static Str packed(struct arena *arena, Str text)
{
    uLongf size = compressBound((uLong)text.n);
    Bytef *bytes = arena_alloc(arena, size);
    check(compress2(bytes, &size, (const Bytef *)text.p, (uLong)text.n, 6) == Z_OK);
    return (Str){(const char *)bytes, size};
}

static void put_appearance(struct update *u, uint32_t number, const struct pdf_stamp *stamp)
{
    Str drawing = packed(u->cx->arena, stamp == NULL ? STR("") : stamp->drawing);
    object_begin(u, number);
    buf_printf(&u->out,
               "<< /Type /XObject /Subtype /Form /BBox [ 0 0 %.2f %.2f ] /Resources << >> "
               "/Filter /FlateDecode /Length %zu >>\nstream\n",
               stamp == NULL ? 0 : stamp->width, stamp == NULL ? 0 : stamp->height, drawing.n);
    buf_str(&u->out, drawing);
    buf_text(&u->out, "\nendstream\nendobj\n");
}

/* The items of an array and one more. */
static Str array_with(struct update *u, Str array, uint32_t number)
{
    Str items[ITEMS_MAX];
    struct buf out;
    uint32_t count = pdf_items(pdf_follow(&u->file, array), items, ITEMS_MAX);
    buf_init(&out, u->cx->arena, 64 * (size_t)ITEMS_MAX);
    buf_text(&out, "[ ");
    for (uint32_t i = 0; i < count; i++) {
        buf_str(&out, items[i]);
        buf_text(&out, " ");
    }
    buf_printf(&out, "%u 0 R ]", number);
    return buf_done(&out);
}

/* The field with the place on its page. */
static void put_field(struct update *u, uint32_t number, uint32_t page, uint32_t fields,
                      const struct pdf_stamp *stamp)
{
    static const struct pdf_stamp unseen;
    const struct pdf_stamp *place = stamp == NULL ? &unseen : stamp;
    object_begin(u, number);
    buf_printf(&u->out,
               "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Tongsu.%u) /V %u 0 R /P %u 0 R "
               "/F 132\n/Rect [ %.2f %.2f %.2f %.2f ] /AP << /N %u 0 R >> >>\nendobj\n",
               fields + 1, number + 1, page, place->x, place->y, place->x + place->width,
               place->y + place->height, number + 2);
}

static void put_changed(struct update *u, uint32_t number, const char *key, Str value)
{
    object_begin(u, number);
    pdf_put_dict(&u->out, pdf_object(&u->file, number), key,
                 str_printf(u->cx->arena, "/%s %.*s\n", key, STR_ARG(value)));
    buf_text(&u->out, "\nendobj\n");
}

static void put_table(struct update *u)
{
    Str trailer = u->file.trailer;
    Str ids[2] = {{"<>", 2}, {"<>", 2}};
    struct buf said;
    size_t xref = u->out.n;
    buf_init(&said, u->cx->arena, u->out.limit);
    size_t from = u->file.bytes.n;
    (void)pdf_items(pdf_get(trailer, "ID"), ids, 2);
    buf_printf(&said, "%.*s ", STR_ARG(ids[1])); /* stands for the bytes before */
    buf_add(&said, u->out.p + from, u->out.n - from);
    Str id = text_hex(u->cx->arena, hash_str(buf_done(&said)).b, HASH_BYTES / 2);
    buf_text(&u->out, "xref\n0 1\n0000000000 65535 f \n");
    for (uint32_t i = 0; i < u->count; i++) {
        buf_printf(&u->out, "%u 1\n%010zu 00000 n \n", u->numbers[i], u->offsets[i]);
    }
    buf_printf(&u->out,
               "trailer\n<< /Size %u\n   /Root %.*s\n   /Info %.*s\n   /ID [ %.*s <%s> ]\n"
               "   /Prev %zu\n>>\nstartxref\n%zu\n%%%%EOF\n",
               u->next, STR_ARG(pdf_get(trailer, "Root")), STR_ARG(pdf_get(trailer, "Info")),
               STR_ARG(ids[0]), id.p, u->file.xref, xref);
}

/* Ranges and signature into what was left open for them. */
static enum status fill_hole(struct update *u, const struct pdf_signing *s, size_t range,
                             size_t hole)
{
    struct cx *cx = u->cx;
    char *bytes = u->out.p;
    size_t behind = hole + HOLE_DIGITS + 2;
    size_t numbers[3] = {hole, behind, u->out.n - behind};
    Str der;
    for (int i = 0; i < 3; i++) {
        Str digits = str_printf(cx->arena, "%010zu", numbers[i]);
        memcpy(bytes + range + i * (NUMBER_WIDTH + 1), digits.p, NUMBER_WIDTH);
    }
    Str parts[2] = {{bytes, hole}, {bytes + behind, u->out.n - behind}};
    TRY(cms_sign(cx, s->key, parts, 2, &der));
    if (der.n > HOLE_BYTES) {
        return unexpected(cx, "a certificate too large for its place");
    }
    Str hex = text_hex(cx->arena, (const unsigned char *)der.p, der.n);
    memcpy(bytes + hole + 1, hex.p, hex.n);
    return OK;
}

static enum status update_begin(struct update *u, Str pdf, const struct pdf_signing *s,
                                uint32_t *page, uint32_t *root)
{
    struct cx *cx = u->cx;
    Str kids[ITEMS_MAX];
    int64_t size = 0;
    if (pdf_open(cx, pdf, &u->file) != OK) {
        cx_forgive(cx);
        return unexpected(cx, "no paper of ours");
    }
    *root = pdf_reference(pdf_get(u->file.trailer, "Root"));
    Str pages = pdf_follow(&u->file, pdf_get(pdf_object(&u->file, *root), "Pages"));
    uint32_t wanted = s->stamp == NULL ? 0 : s->stamp->page;
    Str *all = wanted < ITEMS_MAX ? kids : arena_array(cx->arena, Str, wanted + 1);
    uint32_t count = pdf_items(pdf_follow(&u->file, pdf_get(pages, "Kids")), all, wanted + 1);
    *page = count > wanted ? pdf_reference(all[wanted]) : 0;
    if (!str_is(pdf_get(pdf_object(&u->file, *page), "Type"), "/Page") ||
        !str_int(pdf_get(u->file.trailer, "Size"), &size) || size < 1 || size >= PDF_OBJECTS_MAX) {
        return unexpected(cx, "no page to sign on");
    }
    u->next = (uint32_t)size;
    buf_init(&u->out, cx->arena, pdf.n + MORE_BYTES + 2 * (s->stamp ? s->stamp->drawing.n : 0));
    buf_str(&u->out, pdf);
    return OK;
}

enum status pdf_sign(struct cx *cx, Str pdf, const struct pdf_signing *signing, Str *out)
{
    struct update u = {.cx = cx};
    uint32_t page = 0;
    uint32_t root = 0;
    size_t range = 0;
    size_t hole = 0;
    Str known[ITEMS_MAX];
    TRY(update_begin(&u, pdf, signing, &page, &root));
    Str form = pdf_follow(&u.file, pdf_get(pdf_object(&u.file, root), "AcroForm"));
    Str fields = pdf_get(form, "Fields");
    uint32_t field = u.next;
    u.next += 3;
    put_changed(&u, page, "Annots",
                array_with(&u, pdf_get(pdf_object(&u.file, page), "Annots"), field));
    put_changed(&u, root, "AcroForm",
                str_printf(cx->arena, "<< /SigFlags 3 /Fields %.*s >>",
                           STR_ARG(array_with(&u, fields, field))));
    put_field(&u, field, page, pdf_items(fields, known, ITEMS_MAX), signing->stamp);
    put_signature(&u, field + 1, signing, &range, &hole);
    put_appearance(&u, field + 2, signing->stamp);
    put_table(&u);
    if (buf_is_over(&u.out)) {
        return unexpected(cx, "it grew too much");
    }
    TRY(fill_hole(&u, signing, range, hole));
    *out = buf_done(&u.out);
    return OK;
}

/* --- checking --- */

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that "<3082…0000>" spells, without the zeros behind them: small letters, no blanks, the
 * DER as long as it says. */
static bool unhole(struct arena *arena, Str hole, Str *der)
{
    size_t n = hole.n < 10 ? 0 : (hole.n - 2) / 2;
    unsigned char *bytes = arena_alloc(arena, n + 1);
    if (n < 4 || n > CMS_BYTES_MAX || hole.n != 2 * n + 2) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        int high = digit_of(hole.p[1 + 2 * i]);
        int low = digit_of(hole.p[2 + 2 * i]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    size_t length = (size_t)bytes[2] << 8 | bytes[3];
    if (bytes[0] != 0x30 || bytes[1] != 0x82 || length + 4 > n) {
        return false;
    }
    for (size_t i = length + 4; i < n; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    *der = (Str){(const char *)bytes, length + 4};
    return true;
}

/* (D:20260302102000+08'00'), as put_date() writes it; else 0. */
static Instant date_said(struct arena *arena, Str text)
{
    Instant at = 0;
    struct buf again;
    if (text.n != 25) {
        return 0;
    }
    const char *p = text.p + 3;
    Str said = str_printf(arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s+08:00", p, p + 4, p + 6, p + 8,
                          p + 10, p + 12);
    if (!instant_parse(said, &at)) {
        return 0;
    }
    buf_init(&again, arena, 64);
    put_date(arena, &again, at);
    return str_same(buf_done(&again), text) ? at : 0;
}

/* <FEFF...> */
static Str text_said(struct arena *arena, Str text)
{
    struct buf out;
    uint32_t high = 0;
    buf_init(&out, arena, text.n + 1);
    for (size_t i = 5; i + 4 < text.n && text.n < 2048 && text.p[0] == '<'; i += 4) {
        uint32_t unit = (uint32_t)strtoul(arena_printf(arena, "%.4s", text.p + i), NULL, 16);
        char utf8[4];
        if (unit >= 0xd800 && unit < 0xdc00) {
            high = unit;
            continue;
        }
        if (unit >= 0xdc00 && unit < 0xe000) {
            unit = high == 0 ? 0xfffd : 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff);
        }
        high = 0;
        unit = unit < 0x20 ? 0xfffd : unit;
        buf_add(&out, utf8, utf8_put(unit, utf8));
    }
    return buf_done(&out);
}

/* The range leaves out just the hole, and nothing behind it is left out up to its end. */
static bool range_said(const struct pdf_file *file, Str dict, Str hole, size_t *end)
{
    Str items[5];
    int64_t numbers[4];
    if (pdf_items(pdf_get(dict, "ByteRange"), items, 5) != 4 || hole.p == NULL || hole.n == 0) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        if (!str_int(items[i], &numbers[i]) || numbers[i] < 0) {
            return false;
        }
    }
    size_t at = (size_t)(hole.p - file->bytes.p);
    *end = (size_t)numbers[2] + (size_t)numbers[3];
    return numbers[0] == 0 && (size_t)numbers[1] == at && (size_t)numbers[2] == at + hole.n &&
           *end <= file->bytes.n;
}

static void check_one(struct cx *cx, const struct pdf_file *file, Str dict,
                      struct pdf_signature *out)
{
    struct arena *arena = cx->arena;
    Str hole = pdf_get(dict, "Contents");
    Str der;
    *out = (struct pdf_signature){.at = date_said(arena, pdf_get(dict, "M")),
                                  .name = text_said(arena, pdf_get(dict, "Name"))};
    if (!range_said(file, dict, hole, &out->end)) {
        out->fault = PDF_SIGN_PLACE;
        return;
    }
    if (!unhole(arena, hole, &der)) {
        out->fault = PDF_SIGN_BROKEN;
        return;
    }
    const char *behind = hole.p + hole.n;
    Str parts[2] = {{file->bytes.p, (size_t)(hole.p - file->bytes.p)},
                    {behind, (size_t)(file->bytes.p + out->end - behind)}};
    switch (cms_check(arena, der, parts, 2, &out->cert)) {
    case CMS_GOOD: out->fault = PDF_SIGN_GOOD; break;
    case CMS_BROKEN: out->fault = PDF_SIGN_BROKEN; break;
    case CMS_OTHER: out->fault = PDF_SIGN_OTHER; break;
    case CMS_FORGED: out->fault = PDF_SIGN_FORGED; break;
    }
}

static int by_end(const void *a, const void *b)
{
    const struct pdf_signature *x = a;
    const struct pdf_signature *y = b;
    return x->end < y->end ? -1 : x->end > y->end;
}

enum status pdf_signatures(struct cx *cx, const struct pdf_file *file,
                           struct pdf_signature out[PDF_SIGNATURES_MAX], uint32_t *count)
{
    Str fields[ITEMS_MAX];
    Str root = pdf_follow(file, pdf_get(file->trailer, "Root"));
    Str form = pdf_follow(file, pdf_get(root, "AcroForm"));
    uint32_t all = pdf_items(pdf_follow(file, pdf_get(form, "Fields")), fields, ITEMS_MAX);
    *count = 0;
    if (root.n == 0) {
        return FAIL(cx, E_INPUT, "pdf-broken", "no catalogue");
    }
    for (uint32_t i = 0; i < all; i++) {
        Str dict = pdf_follow(file, pdf_get(pdf_follow(file, fields[i]), "V"));
        if (pdf_get(dict, "ByteRange").n == 0 && !str_is(pdf_get(dict, "Type"), "/Sig")) {
            continue;
        }
        if (*count == PDF_SIGNATURES_MAX) {
            return FAIL(cx, E_INPUT, "pdf-signatures-many", "more than %d", PDF_SIGNATURES_MAX);
        }
        check_one(cx, file, dict, &out[(*count)++]);
        TRY(cx_ceiling(cx, __FILE__, __LINE__));
    }
    qsort(out, *count, sizeof *out, by_end);
    return OK;
}
