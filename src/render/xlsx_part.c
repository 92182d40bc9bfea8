#include <string.h>

#include "render/xlsx_int.h"

enum { TEXT_BYTES_MAX = 256 * 1024 };

/* Of one part; a sheet of 5,000 rows by 80 columns of addresses has some 40 MB. */
#define PART_BYTES_MAX (INT64_C(128) << 20)

static enum status unreadable(struct cx *cx, const char *why)
{
    return FAIL(cx, E_INPUT, "sheet-unreadable", "%s", why);
}

static int bytes_read(void *arg, char *bytes, int size)
{
    struct xlsx_part *part = arg;
    zip_uint64_t room = (zip_uint64_t)(size < part->left ? size : part->left);
    zip_int64_t got = zip_fread(part->file, bytes, room);
    if (got < 0 || part->left <= 0) {
        return -1;
    }
    part->left -= got;
    return (int)got;
}

static void complaint_drop(void *arg, const char *message, xmlParserSeverities severity,
                           xmlTextReaderLocatorPtr where)
{
    (void)arg;
    (void)message;
    (void)severity;
    (void)where;
}

enum status xlsx_part_open(struct cx *cx, zip_t *zip, const char *name, struct xlsx_part *out)
{
    *out = (struct xlsx_part){.cx = cx, .left = PART_BYTES_MAX};
    zip_int64_t index = zip_name_locate(zip, name, 0);
    if (index < 0) {
        return OK;
    }
    out->file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (out->file == NULL) {
        return unreadable(cx, name);
    }
    out->reader = xmlReaderForIO(bytes_read, NULL, out, NULL, NULL, XML_PARSE_NONET);
    if (out->reader == NULL) {
        return unreadable(cx, name);
    }
    xmlTextReaderSetErrorHandler(out->reader, complaint_drop, NULL);
    return OK;
}

void xlsx_part_close(struct xlsx_part *part)
{
    if (part->reader != NULL) {
        xmlFreeTextReader(part->reader);
    }
    if (part->file != NULL) {
        (void)zip_fclose(part->file);
    }
    part->reader = NULL;
    part->file = NULL;
}

/* A table needs no document type: with it go entities and everything outside. */
enum status xlsx_part_next(struct xlsx_part *part, bool *more)
{
    int read = xmlTextReaderRead(part->reader);
    *more = read == 1;
    if (read < 0) {
        return unreadable(part->cx, "no XML, or too much of it");
    }
    int type = read == 1 ? xmlTextReaderNodeType(part->reader) : XML_READER_TYPE_NONE;
    return type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE
               ? unreadable(part->cx, "a document type")
               : OK;
}

static bool is_named(const struct xlsx_part *part, int type, const char *name)
{
    return xmlTextReaderNodeType(part->reader) == type &&
           strcmp((const char *)xmlTextReaderConstLocalName(part->reader), name) == 0;
}

bool xlsx_is_start(const struct xlsx_part *part, const char *name)
{
    return is_named(part, XML_READER_TYPE_ELEMENT, name);
}

bool xlsx_is_end(const struct xlsx_part *part, const char *name)
{
    return is_named(part, XML_READER_TYPE_END_ELEMENT, name);
}

/* Namespaces differ between editions of the format, local names do not. */
Str xlsx_attribute(const struct xlsx_part *part, const char *name)
{
    Str text = {"", 0};
    int more = xmlTextReaderMoveToFirstAttribute(part->reader);
    while (more == 1 && text.n == 0) {
        if (strcmp((const char *)xmlTextReaderConstLocalName(part->reader), name) == 0) {
            const char *value = (const char *)xmlTextReaderConstValue(part->reader);
            text = value == NULL ? text : str_copy(part->cx->arena, value, strlen(value));
        }
        more = xmlTextReaderMoveToNextAttribute(part->reader);
    }
    (void)xmlTextReaderMoveToElement(part->reader);
    return text;
}

/* _x000D_: how characters are written that XML has not. */
static Str escapes_undone(struct arena *arena, Str text)
{
    struct buf out;
    if (!str_has(text, "_x")) {
        return text;
    }
    buf_init(&out, arena, text.n + 1);
    for (size_t at = 0; at < text.n;) {
        unsigned char code[2];
        bool escape = at + 7 <= text.n && text.p[at] == '_' && text.p[at + 1] == 'x' &&
                      text.p[at + 6] == '_' &&
                      text_unhex(str_slice(arena, text, at + 2, at + 6), code, sizeof code);
        if (!escape) {
            buf_char(&out, text.p[at++]);
            continue;
        }
        if (code[0] == 0 && code[1] >= ' ' && code[1] < 0x7F) { /* others are no part of a text */
            buf_char(&out, (char)code[1]);
        } else if (code[0] == 0 && code[1] == '\n') {
            buf_char(&out, '\n');
        }
        at += 7;
    }
    return buf_done(&out);
}

static void text_take(const struct xlsx_part *part, struct buf *text)
{
    int type = xmlTextReaderNodeType(part->reader);
    if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
        type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE) {
        const char *value = (const char *)xmlTextReaderConstValue(part->reader);
        buf_text(text, value == NULL ? "" : value);
    }
}

enum status xlsx_text(struct xlsx_part *part, Str *out)
{
    struct cx *cx = part->cx;
    struct buf text;
    bool more = true;
    int depth = xmlTextReaderDepth(part->reader);
    int phonetic = -1;
    *out = (Str){"", 0};
    if (xmlTextReaderIsEmptyElement(part->reader) == 1) {
        return OK;
    }
    buf_init(&text, cx->arena, TEXT_BYTES_MAX);
    for (;;) {
        TRY(xlsx_part_next(part, &more));
        int here = xmlTextReaderDepth(part->reader);
        if (!more || here <= depth) {
            break;
        }
        if (xlsx_is_start(part, "rPh") && phonetic < 0 &&
            xmlTextReaderIsEmptyElement(part->reader) == 0) {
            phonetic = here;
        } else if (xlsx_is_end(part, "rPh") && phonetic == here) {
            phonetic = -1;
        } else if (phonetic < 0) {
            text_take(part, &text);
        }
    }
    if (buf_is_over(&text)) {
        return unreadable(cx, "a cell without end");
    }
    *out = escapes_undone(cx->arena, buf_done(&text));
    return OK;
}
