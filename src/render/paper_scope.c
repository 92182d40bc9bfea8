/* render/paper_scope.c - placeholders of papers: names in sight, types, filters. */
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "render/paper_content.h"

static const struct {
    const char *name;
    enum paper_type type;
} type_names[] = {
    {"text", PAPER_NEED_TEXT},       {"long-text", PAPER_NEED_TEXT},
    {"money", PAPER_NEED_MONEY},     {"number", PAPER_NEED_NUMBER},
    {"date", PAPER_NEED_DATE},       {"datetime", PAPER_NEED_DATETIME},
    {"yes-no", PAPER_NEED_YES_NO},   {"image", PAPER_NEED_IMAGE},
    {"choice", PAPER_NEED_CHOICE},   {"identity", PAPER_NEED_IDENTITY},
    {"address", PAPER_NEED_ADDRESS}, {"group", PAPER_NEED_GROUP},
    {"list", PAPER_NEED_LIST},
};

enum paper_type paper_type_of(Str name)
{
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++) {
        if (str_is(name, type_names[i].name)) {
            return type_names[i].type;
        }
    }
    return PAPER_NEED_UNKNOWN;
}

bool paper_next_span(struct arena *arena, Str text, size_t *offset, Str *span, bool *is_optional,
                     const char **why)
{
    size_t from = *offset;
    bool is_bracket = from < text.n && text.p[from] == '[';
    *why = NULL;
    *is_optional = false;
    if (from >= text.n) {
        return false;
    }
    if (is_bracket && from + 1 < text.n && text.p[from + 1] == '[') {
        *span = STR("[");
        *offset = from + 2;
        return true;
    }
    size_t to = from + 1;
    while (to < text.n && text.p[to] != (is_bracket ? ']' : '[')) {
        to++;
    }
    if (is_bracket && to == text.n) {
        *why = "a bracket that is not closed; [[ writes one";
        return false;
    }
    *is_optional = is_bracket;
    *span = str_slice(arena, text, is_bracket ? from + 1 : from, to);
    *offset = is_bracket ? to + 1 : to;
    return true;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* Reads "path}" or "path|filter}" from *offset, just behind the opening brace. */
static bool read_hole(struct arena *arena, Str text, size_t *offset, struct paper_hole *hole,
                      const char **why)
{
    size_t from = *offset;
    size_t bar = 0;
    size_t i = from;
    for (; i < text.n && text.p[i] != '}'; i++) {
        if (text.p[i] == '|' && bar == 0 && i > from) {
            bar = i;
        } else if (!is_name_byte(text.p[i])) {
            *why = "a placeholder is {path} or {path|filter}; {{ writes a brace";
            return false;
        }
    }
    if (i == text.n || i == from || bar + 1 == i) {
        *why = "a placeholder that is empty or not closed";
        return false;
    }
    hole->path = str_slice(arena, text, from, bar > 0 ? bar : i);
    hole->filter = bar > 0 ? str_slice(arena, text, bar + 1, i) : STR("");
    *offset = i + 1;
    return true;
}

bool paper_next_hole(struct arena *arena, Str text, size_t *offset, Str *literal,
                     struct paper_hole *hole, const char **why)
{
    *why = NULL;
    *hole = (struct paper_hole){STR(""), STR("")};
    *literal = STR("");
    size_t from = *offset;
    if (from >= text.n) {
        return false;
    }
    for (size_t i = from; i < text.n; i++) {
        if (text.p[i] == '}') {
            *why = "a closing brace without its opening one";
            return false;
        }
        if (text.p[i] != '{') {
            continue;
        }
        bool doubled = i + 1 < text.n && text.p[i + 1] == '{';
        *literal = str_slice(arena, text, from, doubled ? i + 1 : i);
        *offset = i + (doubled ? 2 : 1);
        return doubled || read_hole(arena, text, offset, hole, why);
    }
    *literal = str_slice(arena, text, from, text.n);
    *offset = text.n;
    return true;
}

static const struct value *need_named(const struct value *fields, Str name)
{
    for (uint32_t i = 0; i < value_count(fields); i++) {
        const struct value *need = value_item(fields, i);
        if (str_same(value_get_str(need, "name"), name)) {
            return need;
        }
    }
    return NULL;
}

/* Follows parts[1..] below the need named by parts[0]. */
static bool follow(const struct value *need, const struct value *item, const Str *parts,
                   size_t count, struct paper_target *out)
{
    const struct value *v = value_get_key(item, parts[0]);
    out->needs[0] = need;
    out->count = 1;
    for (size_t i = 1; i < count; i++) {
        if (!str_is(value_get_str(need, "type"), "group") || out->count == PAPER_PATH_MAX) {
            return false;
        }
        need = need_named(value_get(need, "fields"), parts[i]);
        if (need == NULL) {
            return false;
        }
        out->needs[out->count++] = need;
        v = value_get_key(v, parts[i]);
    }
    out->type = paper_type_of(value_get_str(need, "type"));
    out->value = v;
    return true;
}

bool paper_resolve(struct arena *arena, const struct paper_scope *scope, Str path,
                   struct paper_target *out)
{
    *out = (struct paper_target){.type = PAPER_NEED_UNKNOWN};
    if (str_is(path, "n") || str_is(path, ".")) {
        bool is_number = str_is(path, "n");
        if (scope->outer == NULL || (!is_number && scope->fields != NULL)) {
            return false;
        }
        out->type = is_number ? PAPER_NEED_NUMBER : PAPER_NEED_TEXT;
        out->n = scope->n;
        out->value = is_number ? value_int(arena, scope->n) : scope->item;
        return true;
    }
    Str *parts = NULL;
    size_t count = str_split(arena, path, '.', &parts);
    for (const struct paper_scope *at = scope; at != NULL; at = at->outer) {
        const struct value *need = need_named(at->fields, parts[0]);
        if (need != NULL) {
            out->path = at->path.n == 0
                            ? path
                            : str_printf(arena, "%.*s.%.*s", STR_ARG(at->path), STR_ARG(path));
            return follow(need, at->item, parts, count, out);
        }
    }
    return false;
}

bool paper_filter_fits(Str filter, enum paper_type type, const struct value *need)
{
    bool is_day = type == PAPER_NEED_DATE || type == PAPER_NEED_DATETIME;
    if (filter.n == 0) {
        return type == PAPER_NEED_TEXT || type == PAPER_NEED_NUMBER || type == PAPER_NEED_CHOICE ||
               type == PAPER_NEED_IDENTITY || type == PAPER_NEED_ADDRESS;
    }
    if (str_is(filter, "money") || str_is(filter, "capitals")) {
        return type == PAPER_NEED_MONEY;
    }
    if (str_is(filter, "date") || str_is(filter, "date-capitals")) {
        return is_day;
    }
    if (str_is(filter, "datetime")) {
        return type == PAPER_NEED_DATETIME;
    }
    if (str_is(filter, "ordinal")) {
        return type == PAPER_NEED_NUMBER;
    }
    if (str_is(filter, "count")) {
        return type == PAPER_NEED_LIST;
    }
    if (str_is(filter, "join")) {
        return type == PAPER_NEED_LIST && value_get(need, "of") != NULL;
    }
    if (str_is(filter, "fingerprint") || str_is(filter, "sentence")) {
        return type == PAPER_NEED_TEXT;
    }
    return str_is(filter, "yes-no") && type == PAPER_NEED_YES_NO;
}

/* 1 to 99 as 一 to 九十九; other numbers in digits. */
static void put_ordinal(struct buf *out, int64_t n)
{
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    if (n < 1 || n > 99) {
        buf_printf(out, "%lld", (long long)n);
        return;
    }
    if (n >= 20) {
        buf_text(out, digits[n / 10]);
    }
    if (n >= 10) {
        buf_text(out, "十");
    }
    buf_text(out, digits[n % 10]);
}

/* 2026-03-02 as 二〇二六年三月二日, the way courts date their papers. */
static void put_date_capitals(struct buf *out, Date date)
{
    static const char *const digits[] = {"〇", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    struct day day = date_split(date);
    for (int unit = 1000; unit > 0; unit /= 10) {
        buf_text(out, digits[day.year / unit % 10]);
    }
    buf_text(out, "年");
    put_ordinal(out, day.month);
    buf_text(out, "月");
    put_ordinal(out, day.day);
    buf_text(out, "日");
}

static void put_joined(struct buf *out, const struct value *list)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (i > 0) {
            buf_text(out, "、");
        }
        buf_str(out, paper_clean(out->arena, value_as_str(value_item(list, i))));
    }
}

/* 66c7 f0f4 62ee edd9: what one can compare by eye. */
static void put_fingerprint(struct buf *out, Str digest)
{
    size_t offset = 0;
    uint32_t c = 0;
    for (int i = 0; i < 16 && utf8_next(digest, &offset, &c); i++) {
        char bytes[4];
        if (i > 0 && i % 4 == 0) {
            buf_char(out, ' ');
        }
        buf_add(out, bytes, utf8_put(c, bytes));
    }
}

/* As typed, with a full stop at the end: what is typed into a form often has none, and often one.
 */
static void put_sentence(struct arena *arena, struct buf *out, Str text)
{
    static const char *const ends[] = {"。", "！",  "？",   "…",   "；",
                                       "：", "。”", "。）", "？”", "！”"};
    Str said = str_trim(arena, text);
    bool is_ended = said.n == 0;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0] && !is_ended; i++) {
        is_ended = str_ends(said, ends[i]);
    }
    buf_str(out, said);
    buf_text(out, is_ended ? "" : "。");
}

/* The day of a value of type date or datetime, which was checked. */
static Date day_of(const struct paper_target *target)
{
    Date date = DATE_NONE;
    Instant at = 0;
    Str text = value_as_str(target->value);
    if (target->type == PAPER_NEED_DATE) {
        check(date_parse(text, &date));
        return date;
    }
    check(instant_parse(text, &at));
    return instant_date(at);
}

/* The title of the option that was chosen; has been checked to be one. */
static Str option_title(const struct paper_target *target)
{
    const struct value *need = target->needs[target->count - 1];
    const struct value *options = value_get(need, "options");
    for (uint32_t i = 0; i < value_count(options); i++) {
        const struct value *option = value_item(options, i);
        if (value_same(value_get(option, "value"), target->value)) {
            return value_get_str(option, "title");
        }
    }
    check(false);
    return STR("");
}

/* A text, or a map's member of that name, or else its other. */
static Str text_or(struct arena *arena, const struct value *v, const char *name, const char *other)
{
    if (!value_is_map(v)) {
        return paper_clean(arena, value_as_str(v));
    }
    Str text = value_get_str(v, name);
    return paper_clean(arena, text.n > 0 ? text : value_get_str(v, other));
}

Str paper_filter_apply(struct arena *arena, Str filter, const struct paper_target *target)
{
    struct buf out;
    buf_init(&out, arena, PAPER_INPUT_BYTES_MAX);
    const struct value *v = target->value;
    if (str_is(filter, "money")) {
        return money_format(arena, value_as_int(v));
    }
    if (str_is(filter, "capitals")) {
        return money_capitals(arena, value_as_int(v));
    }
    if (str_is(filter, "date")) {
        return date_chinese(arena, day_of(target));
    }
    if (str_is(filter, "datetime")) {
        Instant at = 0;
        check(instant_parse(value_as_str(v), &at));
        return instant_chinese(arena, at);
    }
    if (str_is(filter, "date-capitals")) {
        put_date_capitals(&out, day_of(target));
    } else if (str_is(filter, "ordinal")) {
        put_ordinal(&out, value_as_int(v));
    } else if (str_is(filter, "count")) {
        buf_printf(&out, "%u", value_count(v));
    } else if (str_is(filter, "join")) {
        put_joined(&out, v);
    } else if (str_is(filter, "yes-no")) {
        buf_text(&out, v->as.truth ? "是" : "否");
    } else if (str_is(filter, "fingerprint")) {
        put_fingerprint(&out, paper_clean(arena, value_as_str(v)));
    } else if (str_is(filter, "sentence")) {
        put_sentence(arena, &out, paper_clean(arena, value_as_str(v)));
    } else if (target->type == PAPER_NEED_CHOICE) {
        return option_title(target);
    } else if (target->type == PAPER_NEED_IDENTITY) {
        return text_or(arena, v, "number", "number");
    } else if (target->type == PAPER_NEED_ADDRESS) {
        return text_or(arena, v, "text", "detail");
    } else if (target->type == PAPER_NEED_NUMBER) {
        buf_printf(&out, "%lld", (long long)value_as_int(v));
    } else {
        return paper_clean(arena, value_as_str(v));
    }
    return buf_done(&out);
}

static bool is_dropped(uint32_t c)
{
    return (c < 0x20 && c != '\n') || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffc) || (c & 0xfffe) == 0xfffe;
}

Str paper_clean(struct arena *arena, Str text)
{
    struct buf out;
    buf_init(&out, arena, text.n + 1);
    size_t offset = 0;
    uint32_t c = 0;
    while (utf8_next(text, &offset, &c)) {
        char bytes[4];
        if (c == '\r' && offset < text.n && text.p[offset] == '\n') {
            continue;
        }
        if (c == '\r' || c == 0x2028 || c == 0x2029) {
            c = '\n';
        } else if (c == '\t') {
            c = ' ';
        } else if (is_dropped(c)) {
            continue;
        }
        buf_add(&out, bytes, utf8_put(c, bytes));
    }
    return buf_done(&out);
}

bool paper_is_there(struct arena *arena, const struct value *v)
{
    if (v == NULL || v->kind == VALUE_NULL) {
        return false;
    }
    if (v->kind == VALUE_BOOL) {
        return v->as.truth;
    }
    if (v->kind == VALUE_TEXT) {
        return str_trim(arena, paper_clean(arena, v->as.text)).n > 0;
    }
    return v->kind == VALUE_INT || value_count(v) > 0;
}
