#include "render/template_parse.h"

#include <string.h>

struct open_section {
    Str name;
    uint32_t line;
    uint32_t step;
    struct html_place place;
};

struct parser {
    struct cx *cx;
    struct arena *arena;
    const struct templates *set;
    struct compiled *out;
    Str text;
    size_t at;
    uint32_t line;
    bool line_start; /* only blanks so far on this line */
    struct html_place place;
    char *clean; /* literal text without indentation; steps point into it */
    size_t clean_n;
    struct open_section open[TEMPLATE_SECTIONS_MAX];
    uint32_t depth;
};

/* One {{…}}: sign is '#', '^', '/', '!', '>', '{', or 0 for a value. */
struct tag {
    char sign;
    Str body; /* without sign and blanks */
    size_t end;
};

static enum status refuse(const struct parser *parser, const char *why, Str what)
{
    return FAIL(parser->cx, E_READ, "data-unreadable", "%s.html:%u: %s: %.*s", parser->out->name,
                parser->line, why, STR_ARG(what));
}

static struct step *step_add(struct parser *parser, enum step_kind kind)
{
    struct step *step = &parser->out->steps[parser->out->count++];
    step->kind = kind;
    return step;
}

/* --- literal text --- */

static enum status literal_add(struct parser *parser, size_t end)
{
    size_t from = parser->clean_n;
    for (; parser->at < end; parser->at++) {
        char c = parser->text.p[parser->at];
        if (parser->line_start && (c == ' ' || c == '\t')) {
            continue;
        }
        const char *why = html_place_feed(&parser->place, c);
        if (why != NULL) {
            return refuse(parser, why, (Str){&parser->text.p[parser->at], 1});
        }
        parser->clean[parser->clean_n++] = c;
        parser->line_start = c == '\n';
        parser->line += c == '\n';
    }
    if (parser->clean_n > from) {
        step_add(parser, STEP_TEXT)->text = (Str){parser->clean + from, parser->clean_n - from};
    }
    return OK;
}

/* --- tags --- */

static size_t find(Str text, size_t from, const char *part)
{
    if (from >= text.n) {
        return text.n;
    }
    const char *p = memmem(text.p + from, text.n - from, part, strlen(part));
    return p == NULL ? text.n : (size_t)(p - text.p);
}

static enum status tag_read(struct parser *parser, size_t at, struct tag *out)
{
    static const char signs[] = "#^/!>{";
    size_t begin = at + 2;
    char sign = begin < parser->text.n ? parser->text.p[begin] : '\0';
    if (sign == '\0' || strchr(signs, sign) == NULL) {
        sign = '\0';
    } else {
        begin++;
    }
    const char *close = sign == '{' ? "}}}" : "}}";
    size_t end = find(parser->text, begin, close);
    if (end == parser->text.n) {
        return refuse(parser, "a {{ that is not closed", STR(""));
    }
    out->sign = sign;
    out->body = str_trim(parser->arena, str_slice(parser->arena, parser->text, begin, end));
    out->end = end + strlen(close);
    return OK;
}

static bool is_name(Str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '-';
        if (!good) {
            return false;
        }
    }
    return name.n > 0;
}

static enum status path_read(struct parser *parser, Str path, struct step *step)
{
    if (str_is(path, ".")) {
        return OK;
    }
    if (str_starts(path, ".")) {
        step->local = true;
        path = str_slice(parser->arena, path, 1, path.n);
    }
    Str *names = NULL;
    step->name_count = (uint32_t)str_split(parser->arena, path, '.', &names);
    step->names = names;
    for (uint32_t i = 0; i < step->name_count; i++) {
        if (!is_name(names[i])) {
            return refuse(parser, "a name that is none", path);
        }
    }
    return step->name_count > 0 ? OK : refuse(parser, "a name that is none", path);
}

static bool filter_find(Str name, enum step_filter *out)
{
    static const struct {
        const char *name;
        enum step_filter filter;
    } filters[] = {
        {"money", FILTER_MONEY}, {"yuan", FILTER_YUAN}, {"capitals", FILTER_CAPITALS},
        {"date", FILTER_DATE},   {"time", FILTER_TIME}, {"datetime", FILTER_DATETIME},
        {"clock", FILTER_CLOCK}, {"said", FILTER_SAID}, {"size", FILTER_SIZE},
        {"lines", FILTER_LINES}, {"url", FILTER_URL},
    };

    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        if (str_is(name, filters[i].name)) {
            *out = filters[i].filter;
            return true;
        }
    }
    return false;
}

static enum status value_parse(struct parser *parser, Str body, enum step_kind kind)
{
    enum html_escape escape = html_place_escape(&parser->place);
    if (escape == ESCAPE_REFUSED || (kind == STEP_MARK && escape != ESCAPE_TEXT)) {
        return refuse(parser, "a value that cannot be escaped here", body);
    }
    struct step *step = step_add(parser, kind);
    step->escape = escape;
    size_t bar = find(body, 0, "|");
    if (bar < body.n) {
        Str filter = str_trim(parser->arena, str_slice(parser->arena, body, bar + 1, body.n));
        if (!filter_find(filter, &step->filter) || kind == STEP_MARK) {
            return refuse(parser, "an unknown filter", body);
        }
        if (step->filter == FILTER_LINES && escape != ESCAPE_TEXT) {
            return refuse(parser, "line breaks inside a tag", body);
        }
        body = str_trim(parser->arena, str_slice(parser->arena, body, 0, bar));
    }
    return path_read(parser, body, step);
}

static enum status section_open(struct parser *parser, Str body, enum step_kind kind)
{
    const char *why = html_place_enter(&parser->place);
    if (why != NULL) {
        return refuse(parser, why, body);
    }
    if (parser->depth == TEMPLATE_SECTIONS_MAX) {
        return refuse(parser, "sections too deep", body);
    }
    parser->open[parser->depth++] =
        (struct open_section){body, parser->line, parser->out->count, parser->place};
    return path_read(parser, body, step_add(parser, kind));
}

static enum status section_close(struct parser *parser, Str body)
{
    if (parser->depth == 0 || !str_same(parser->open[parser->depth - 1].name, body)) {
        return refuse(parser, "the end of a section that is not open", body);
    }
    const struct open_section *open = &parser->open[--parser->depth];
    const char *why = html_place_leave(&parser->place, &open->place);
    if (why != NULL) {
        return refuse(parser, why, body);
    }
    parser->out->steps[open->step].skip = parser->out->count;
    return OK;
}

static enum status partial_parse(struct parser *parser, Str body)
{
    if (parser->place.state != HTML_TEXT) {
        return refuse(parser, "a partial inside a tag", body);
    }
    for (uint32_t i = 0; i < parser->set->count; i++) {
        if (str_is(body, parser->set->items[i].name)) {
            step_add(parser, STEP_PARTIAL)->skip = i;
            return OK;
        }
    }
    return refuse(parser, "an unknown partial", body);
}

static enum status tag_parse(struct parser *parser, const struct tag *tag)
{
    switch (tag->sign) {
    case '!': return OK;
    case '#': return section_open(parser, tag->body, STEP_SECTION);
    case '^': return section_open(parser, tag->body, STEP_INVERSE);
    case '/': return section_close(parser, tag->body);
    case '>': return partial_parse(parser, tag->body);
    case '{': return value_parse(parser, tag->body, STEP_MARK);
    default: return value_parse(parser, tag->body, STEP_VALUE);
    }
}

/* A tag that writes nothing and stands alone takes its line with it. */
static size_t line_end_after(const struct parser *parser, const struct tag *tag)
{
    if (!parser->line_start || tag->sign == '\0' || tag->sign == '{') {
        return tag->end;
    }
    size_t at = tag->end;
    while (at < parser->text.n && (parser->text.p[at] == ' ' || parser->text.p[at] == '\t')) {
        at++;
    }
    if (at < parser->text.n && parser->text.p[at] == '\n') {
        return at + 1;
    }
    return at == parser->text.n ? at : tag->end;
}

static enum status tag_take(struct parser *parser, size_t at)
{
    struct cx *cx = parser->cx;
    struct tag tag = {0};
    TRY(tag_read(parser, at, &tag));
    TRY(tag_parse(parser, &tag));
    size_t end = line_end_after(parser, &tag);
    /* Behind a tag that keeps its line, blanks are no indentation. */
    parser->line_start = parser->line_start && end != tag.end;
    for (; parser->at < end; parser->at++) {
        parser->line += parser->text.p[parser->at] == '\n';
    }
    return OK;
}

static enum status parse_all(struct parser *parser)
{
    struct cx *cx = parser->cx;
    while (parser->at < parser->text.n) {
        size_t tag = find(parser->text, parser->at, "{{");
        TRY(literal_add(parser, tag));
        if (tag < parser->text.n) {
            TRY(tag_take(parser, tag));
        }
    }
    if (parser->depth > 0) {
        const struct open_section *open = &parser->open[parser->depth - 1];
        parser->line = open->line;
        return refuse(parser, "a section that is not closed", open->name);
    }
    if (parser->place.state != HTML_TEXT) {
        return refuse(parser, "the page ends inside a tag", str_of(parser->place.tag));
    }
    return OK;
}

static uint32_t steps_max(Str text)
{
    uint32_t count = 1;
    for (size_t at = find(text, 0, "{{"); at < text.n; at = find(text, at + 2, "{{")) {
        count += 2;
    }
    return count;
}

enum status template_parse(struct cx *cx, struct arena *arena, const struct templates *set,
                           uint32_t index, Str text)
{
    struct parser *parser = arena_new(cx->arena, struct parser);
    *parser = (struct parser){.cx = cx,
                              .arena = arena,
                              .set = set,
                              .out = &set->items[index],
                              .text = text,
                              .line = 1,
                              .line_start = true};
    if (!utf8_is_valid(text.p, text.n)) {
        return refuse(parser, "bytes that are not UTF-8", STR(""));
    }
    parser->out->steps = arena_array(arena, struct step, steps_max(text));
    parser->clean = arena_alloc(arena, text.n + 1);
    return parse_all(parser);
}
