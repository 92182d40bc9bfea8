/* Reads what a query asks a calculator; what cannot be read is told at its field. */
#include "web/tool.h"

enum { RATE_DECIMALS = 4, RATE_DIGITS_MAX = 9 };

const struct law_tables *tool_tables(const struct call *call)
{
    return tables_current(call->app->tables);
}

void tool_wrong(struct call *call, const char *field, const char *title)
{
    (void)cx_error(call->cx, field, "ill-typed", title);
}

Str tool_text(const struct call *call, const char *name)
{
    return str_trim(call->cx->arena, call_param(call, name));
}

static Str said_yuan(const struct call *call, const char *name)
{
    return tool_text(call, arena_printf(call->cx->arena, "%s_yuan", name));
}

bool tool_sends_yuan(enum tool_type type)
{
    return type == TOOL_MONEY || type == TOOL_ROWS;
}

/* Full-width letters, 、 and lines become what an English keyboard has. */
static Str rows_plain(struct arena *arena, Str text)
{
    enum {
        FULL_FIRST = 0xFF01,
        FULL_LAST = 0xFF5E,
        FULL_APART = FULL_FIRST - '!',
        LIST_COMMA = 0x3001
    };

    struct buf buf;
    size_t at = 0;
    uint32_t c = 0;
    buf_init(&buf, arena, text.n + 1);
    while (utf8_next(text, &at, &c)) {
        char out[4];
        if (c >= FULL_FIRST && c <= FULL_LAST) {
            c -= FULL_APART;
        }
        if (c == LIST_COMMA || c == ';' || c == '\n') {
            c = ',';
        }
        buf_add(&buf, out, utf8_put(c, out));
    }
    return buf_done(&buf);
}

/* Each amount with its 元: one without is fen, or yuan where that is what was asked. */
static Str rows_in_yuan(struct arena *arena, Str text, bool fen)
{
    enum { AMOUNT_BYTES_MORE = 32 };

    Str *rows = NULL;
    Str *parts = NULL;
    struct buf buf;
    size_t count = text.n == 0 ? 0 : str_split(arena, text, ',', &rows);
    buf_init(&buf, arena, (text.n + 1) * AMOUNT_BYTES_MORE);
    for (size_t i = 0; i < count; i++) {
        size_t n = str_split(arena, rows[i], ':', &parts);
        for (size_t k = 0; k < n; k++) {
            Str part = str_trim(arena, parts[k]);
            Money amount = 0;
            bool plain = k > 0 && !str_ends(part, "元");
            if (plain && fen && str_int(part, &amount) && amount >= 0) {
                part = str_printf(arena, "%lld.%02d元", (long long)(amount / 100),
                                  (int)(amount % 100));
            } else if (plain && !fen && money_parse(arena, part, &amount)) {
                part = str_printf(arena, "%s元", part.p);
            }
            buf_printf(&buf, "%s%s", k > 0 ? ":" : (i > 0 ? "," : ""), part.p);
        }
    }
    return buf_done(&buf);
}

Str tool_rows(const struct call *call, const char *name)
{
    struct arena *arena = call->cx->arena;
    Str fen = tool_text(call, name);
    return fen.n > 0 ? rows_plain(arena, fen)
                     : rows_in_yuan(arena, rows_plain(arena, said_yuan(call, name)), false);
}

Str tool_said(const struct call *call, const struct tool_field *field)
{
    int64_t fen = 0;
    Str text = tool_text(call, field->name);
    if (field->type == TOOL_ROWS) {
        struct arena *arena = call->cx->arena;
        return text.n > 0 ? rows_in_yuan(arena, rows_plain(arena, text), true)
                          : said_yuan(call, field->name);
    }
    if (field->type != TOOL_MONEY) {
        return text;
    }
    if (str_int(text, &fen) && fen >= -MONEY_MAX_FEN && fen <= MONEY_MAX_FEN) {
        return money_format(call->cx->arena, fen);
    }
    return text.n > 0 ? text : said_yuan(call, field->name);
}

/* Fen under its name, or yuan as the form sends it. */
bool tool_money(struct call *call, const char *name, Money *out)
{
    Str fen = tool_text(call, name);
    Str yuan = said_yuan(call, name);
    if (fen.n > 0) {
        if (!str_int(fen, out)) {
            tool_wrong(call, name, "金额请用整数的分填写");
        }
        return true;
    }
    if (yuan.n > 0 && !money_parse(call->cx->arena, yuan, out)) {
        tool_wrong(call, name, "金额请填写数字，例如 50000 或 50,000.00");
    }
    return yuan.n > 0;
}

bool tool_number(struct call *call, const char *name, int64_t *out)
{
    Str text = tool_text(call, name);
    if (text.n > 0 && !str_int(text, out)) {
        tool_wrong(call, name, "请填写整数");
    }
    return text.n > 0;
}

bool tool_date(struct call *call, const char *name, Date *out)
{
    Str text = tool_text(call, name);
    *out = DATE_NONE;
    if (text.n > 0 && !date_parse(text, out)) {
        tool_wrong(call, name, "日期请写成 2026-03-02 这样");
    }
    return text.n > 0;
}

bool tool_yes(struct call *call, const char *name)
{
    Str text = tool_text(call, name);
    bool yes = str_is(text, "yes") || str_is(text, "true") || str_is(text, "1");
    if (text.n > 0 && !yes && !str_is(text, "no") && !str_is(text, "false") && !str_is(text, "0")) {
        tool_wrong(call, name, "请填写 yes 或 no");
    }
    return yes;
}

/* Place in the list of words, or -1 with the error told; 0 when absent. */
int tool_word(struct call *call, const char *name, const char *const *words, int count)
{
    Str text = tool_text(call, name);
    for (int i = 0; i < count; i++) {
        if (str_is(text, words[i])) {
            return i;
        }
    }
    if (text.n > 0) {
        (void)cx_error(call->cx, name, "ill-typed", "没有这一种");
    }
    return 0;
}

/* By code or full name; NULL when absent or unknown (told). */
const struct court *tool_court(struct call *call, const char *name)
{
    Str text = tool_text(call, name);
    const struct court *court = court_by_code(tool_tables(call), text);
    if (court == NULL) {
        court = court_by_name(tool_tables(call), text);
    }
    if (court == NULL && text.n > 0) {
        (void)cx_error(call->cx, name, "court-unknown", NULL);
    }
    return court;
}

void tool_need(struct call *call, bool given, const char *name)
{
    if (!given) {
        (void)cx_error(call->cx, name, "missing", NULL);
    }
}

bool tool_rate_parse(Str text, int64_t *ppm)
{
    int64_t whole = 0;
    int64_t part = 0;
    int decimals = 0;
    size_t i = 0;
    for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && i < RATE_DIGITS_MAX; i++) {
        whole = whole * 10 + (text.p[i] - '0');
    }
    if (i == 0) {
        return false;
    }
    if (i < text.n && text.p[i] == '.') {
        for (i++; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' && decimals < RATE_DECIMALS;
             i++, decimals++) {
            part = part * 10 + (text.p[i] - '0');
        }
        if (decimals == 0) {
            return false;
        }
    }
    for (; decimals < RATE_DECIMALS; decimals++) {
        part *= 10;
    }
    *ppm = whole * 10000 + part;
    return i == text.n;
}

/* Everything that was wrong with the query, at once. */
enum status tool_checked(struct call *call)
{
    struct cx *cx = call->cx;
    uint32_t count = value_count(cx->failure.errors);
    if (count == 0) {
        return OK;
    }
    cx_arg(cx, "count", str_printf(cx->arena, "%u", count));
    return FAIL(cx, E_INPUT, "fields", "%u parameters of a tool", count);
}
