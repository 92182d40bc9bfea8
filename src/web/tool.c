/* The calculators: the query is read, law/ answers, and what is wrong is told at its field. */
#include "web/tool.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "law/case_number.h"
#include "law/fee.h"
#include "law/identifier.h"
#include "law/interest.h"
#include "law/jurisdiction.h"
#include "law/period.h"
#include "law/reach.h"
#include "law/source.h"
#include "web/handlers.h"

enum {
    RATE_DECIMALS = 4,
    RATE_DIGITS_MAX = 9,
    DIVISION_DIGITS = 6,
    PLACES_MAX = 20,
};

void tool_tables_apart(struct call *call, struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct value *working = value_get(value, "working");
    struct value *lines = value_list(arena);
    Str version = tool_tables(call)->version;
    for (uint32_t i = 0; i < value_count(working); i++) {
        const struct value *line = value_item(working, i);
        if (value_get_str(line, "law").n > 0 || !str_same(value_get_str(line, "text"), version)) {
            value_add(arena, lines, line);
        }
    }
    value_set(arena, value, "working", lines);
    value_set_str(arena, value, "tables", version);
}

/* --- fee --- */

static enum status fee_ask_read(struct call *call, struct fee_ask *ask)
{
    static const char *const earlies[] = {"none", "performed", "confirmed", "document"};
    static const char *const aids[] = {"none", "exempt", "reduce", "defer"};
    const Money administrative_ip = 10000;
    int64_t percent = 0;
    Str kind = tool_text(call, "kind");
    if (!fee_kind_parse(kind, &ask->kind)) {
        (void)cx_error(call->cx, "kind", kind.n == 0 ? "missing" : "ill-typed",
                       kind.n == 0 ? NULL : "没有这类案件");
    }
    ask->has_amount = tool_money(call, "amount", &ask->amount);
    ask->has_base = tool_money(call, "base", &ask->base);
    const struct court *court = tool_court(call, "court");
    ask->province =
        court == NULL ? tool_text(call, "province") : court_province(call->cx->arena, court);
    ask->summary = tool_yes(call, "summary");
    ask->mediated = tool_yes(call, "mediated");
    ask->withdrawn = tool_yes(call, "withdrawn");
    ask->counterclaim = tool_yes(call, "counterclaim");
    ask->independent_third = tool_yes(call, "independent_third");
    ask->organisation = tool_yes(call, "organisation");
    ask->early = (enum fee_early)tool_word(call, "early", earlies, 4);
    ask->aid = (enum fee_aid)tool_word(call, "aid", aids, 4);
    (void)tool_number(call, "aid_percent", &percent);
    ask->aid_percent = percent < 0 || percent > 100 ? 0 : (int)percent;
    if (ask->kind == FEE_ADMINISTRATIVE && ask->has_base && ask->base == administrative_ip) {
        ask->kind = FEE_ADMINISTRATIVE_IP; /* the other flat fee of administrative cases */
        ask->has_base = false;
    }
    return tool_checked(call);
}

/* The contract gives every line of a bill a source and an amount; what is plain arithmetic is a
 * rule of ours. */
static struct value *bill_lines(struct arena *arena, const struct value *working)
{
    struct value *lines = value_list(arena);
    for (uint32_t i = 0; i < value_count(working); i++) {
        struct value *line = value_merge(arena, value_item(working, i), NULL);
        if (value_get_str(line, "law").n == 0) {
            value_set_text(arena, line, "law", SOURCE(LAW_PLATFORM, "rounding"));
        }
        if (value_get(line, "amount") == NULL) {
            value_set(arena, line, "amount", NULL);
        }
        value_add(arena, lines, line);
    }
    return lines;
}

static enum status fee_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct fee_ask ask = {.kind = FEE_PROPERTY};
    struct fee_answer answer;
    TRY(fee_ask_read(call, &ask));
    TRY(fee_compute(cx, tool_tables(call), &ask, &answer));
    *out = fee_value(cx->arena, &answer);
    tool_tables_apart(call, *out);
    value_set(cx->arena, *out, "working", bill_lines(cx->arena, value_get(*out, "working")));
    return OK;
}

/* --- period --- */

static bool is_daily(enum period_unit unit)
{
    return unit == PERIOD_DAYS || unit == PERIOD_WORKING_DAYS || unit == PERIOD_MONTHS ||
           unit == PERIOD_YEARS;
}

static enum status period_ask_read(struct call *call, struct period_rule *rule, Date *day,
                                   Instant *at)
{
    static const char *const counts[] = {"law", "plain"};
    Str unit = tool_text(call, "unit");
    if (!period_unit_parse(unit, &rule->unit)) {
        (void)cx_error(call->cx, "unit", unit.n == 0 ? "missing" : "ill-typed",
                       unit.n == 0 ? NULL : "没有这个单位");
    }
    tool_need(call, tool_number(call, "length", &rule->length), "length");
    rule->count = (enum period_count)tool_word(call, "count", counts, 2);
    const struct court *court = tool_court(call, "court");
    rule->court = court == NULL ? STR("") : court->code;
    Str start = tool_text(call, "start");
    bool is_instant = instant_parse(start, at);
    if (start.n == 0) {
        tool_need(call, false, "start");
    } else if (!date_parse(start, day) && !is_instant) {
        tool_wrong(call, "start", "日期请写成 2026-03-02，时刻请写成 2026-03-02T10:20:00+08:00");
    } else if (!is_daily(rule->unit) && !is_instant) {
        tool_wrong(call, "start", "按小时、分钟计算的，请写明时刻，例如 2026-03-02T10:20:00+08:00");
    }
    if (is_instant) {
        *day = instant_date(*at);
    }
    return tool_checked(call);
}

static enum status period_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct period_rule rule = {.unit = PERIOD_DAYS};
    struct period_answer answer;
    Date day = DATE_NONE;
    Instant at = 0;
    TRY(period_ask_read(call, &rule, &day, &at));
    if (is_daily(rule.unit)) {
        TRY(period_due_from(cx, tool_tables(call), &rule, day, &answer));
    } else {
        TRY(period_due(cx, tool_tables(call), &rule, at, &answer));
    }
    *out = period_value(cx->arena, &answer);
    tool_tables_apart(call, *out);
    value_set_str(cx->arena, *out, "due_at", instant_format(cx->arena, answer.due));
    return OK;
}

/* --- numbers --- */

static enum status case_number_tool(struct call *call, struct value **out)
{
    *out = case_number_value(call->cx->arena, tool_tables(call), instant_date(clock_now()),
                             call_param(call, "text"));
    return OK;
}

static enum status identifier_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct identifier identifier;
    enum identifier_kind kind = IDENTIFIER_RESIDENT_ID;
    Date today = instant_date(clock_now());
    Str name = tool_text(call, "kind");
    if (!identifier_kind_parse(name, &kind)) {
        (void)cx_error(cx, "kind", name.n == 0 ? "missing" : "ill-typed",
                       name.n == 0 ? NULL : "没有这类号码");
    }
    TRY(tool_checked(call));
    (void)identifier_read(cx->arena, kind, call_param(call, "value"), today, &identifier);
    *out = identifier_value(cx->arena, &identifier, today);
    return OK;
}

/* --- reach --- */

static enum status reach_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    enum reach_kind kind = REACH_ANY;
    if (!reach_kind_parse(tool_text(call, "kind"), &kind)) {
        tool_wrong(call, "kind", "没有这一项");
    }
    tool_need(call, tool_text(call, "from").n > 0, "from");
    tool_need(call, tool_text(call, "to").n > 0, "to");
    const struct court *from = tool_court(call, "from");
    const struct court *to = tool_court(call, "to");
    TRY(tool_checked(call));
    check(from != NULL && to != NULL);
    *out = reach_value(cx->arena, tool_tables(call), from->code, to->code, kind);
    tool_tables_apart(call, *out);
    return OK;
}

/* --- interest --- */

enum interest_kind { INTEREST_AGREED, INTEREST_LPR, INTEREST_LENDING, INTEREST_DELAYED };

/* "1000元", or fen without a unit. */
bool tool_amount_parse(struct arena *arena, Str text, Money *out)
{
    return str_ends(text, "元") ? money_parse(arena, text, out) : str_int(text, out);
}

/* "2026-05-06:100000,2026-06-01:500元" */
int tool_payments(struct call *call, struct interest_payment *out)
{
    Str *rows = NULL;
    Str text = tool_rows(call, "payments");
    size_t count = text.n == 0 ? 0 : str_split(call->cx->arena, text, ',', &rows);
    for (size_t i = 0; i < count; i++) {
        Str *parts = NULL;
        if (i >= TOOL_ROWS_MAX || str_split(call->cx->arena, rows[i], ':', &parts) != 2 ||
            !date_parse(str_trim(call->cx->arena, parts[0]), &out[i].date) ||
            !tool_amount_parse(call->cx->arena, str_trim(call->cx->arena, parts[1]),
                               &out[i].amount)) {
            tool_wrong(call, "payments",
                       "请写成 2026-05-06:1000元，金额里不用逗号，几笔之间用逗号");
            return 0;
        }
    }
    return (int)count;
}

/* "2026-05-06..2026-06-01,…" */
int tool_pauses(struct call *call, struct interest_pause *out)
{
    Str *rows = NULL;
    struct arena *arena = call->cx->arena;
    Str text = tool_text(call, "pauses");
    size_t count = text.n == 0 ? 0 : str_split(arena, text, ',', &rows);
    for (size_t i = 0; i < count; i++) {
        Str row = str_trim(arena, rows[i]);
        const char *dots = strstr(row.p, "..");
        size_t at = dots == NULL ? row.n : (size_t)(dots - row.p);
        if (i >= TOOL_ROWS_MAX || dots == NULL ||
            !date_parse(str_slice(arena, row, 0, at), &out[i].from) ||
            !date_parse(str_slice(arena, row, at + 2, row.n), &out[i].to) ||
            out[i].to < out[i].from) {
            tool_wrong(call, "pauses", "请写成 2026-05-06..2026-06-01，几段之间用逗号");
            return 0;
        }
    }
    return (int)count;
}

static enum status delayed_tool(struct call *call, const struct interest_ask *ask,
                                struct interest_answer *answer)
{
    struct cx *cx = call->cx;
    struct interest_payment payments[TOOL_ROWS_MAX];
    struct interest_pause pauses[TOOL_ROWS_MAX];
    struct interest_delay delay = {.debt = ask->principal,
                                   .due = ask->from,
                                   .end = ask->to,
                                   .payments = payments,
                                   .payment_count = tool_payments(call, payments),
                                   .pauses = pauses,
                                   .pause_count = tool_pauses(call, pauses)};
    TRY(tool_checked(call));
    return interest_delayed(cx, tool_tables(call), &delay, answer);
}

static void read_rate(struct call *call, enum interest_kind kind, struct interest_ask *ask)
{
    bool lpr = kind == INTEREST_LPR;
    const char *name = lpr ? "times" : "rate";
    Str text = tool_text(call, name);
    ask->ppm = lpr ? 1000000 : 0;
    if (kind == INTEREST_DELAYED) {
        return;
    }
    if (text.n == 0) {
        tool_need(call, lpr, name);
    } else if (!tool_rate_parse(text, &ask->ppm)) {
        tool_wrong(call, name,
                   lpr ? "倍数请写成 1.5 这样" : "年利率请写成 3.45 这样，小数不超过四位");
    } else if (lpr) {
        ask->ppm *= 100; /* 1.5 is read as 1.5 per cent: 15000; times one hundred it is 1.5 */
    }
}

static enum status interest_ask_read(struct call *call, enum interest_kind *kind,
                                     struct interest_ask *ask)
{
    static const char *const kinds[] = {"agreed", "lpr", "lending", "delayed"};
    int64_t year_days = 365;
    tool_need(call, tool_text(call, "kind").n > 0, "kind");
    *kind = (enum interest_kind)tool_word(call, "kind", kinds, 4);
    tool_need(call, tool_money(call, "principal", &ask->principal), "principal");
    tool_need(call, tool_date(call, "start", &ask->from), "start");
    tool_need(call, tool_date(call, "end", &ask->to), "end");
    (void)tool_number(call, "year_days", &year_days);
    ask->year_days = year_days == 360 || year_days == 365 ? (int)year_days : 0;
    read_rate(call, *kind, ask);
    return tool_checked(call);
}

static enum status lending_tool(struct call *call, const struct interest_ask *ask,
                                struct interest_answer *answer)
{
    struct cx *cx = call->cx;
    Date contract = DATE_NONE;
    Date sued = DATE_NONE;
    tool_need(call, tool_date(call, "contract", &contract), "contract");
    if (!tool_date(call, "sued", &sued)) {
        sued = instant_date(clock_now());
    }
    TRY(tool_checked(call));
    return interest_lending(cx, tool_tables(call), ask, contract, sued, answer);
}

static enum status interest_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct interest_ask ask = {.year_days = 365};
    struct interest_answer answer;
    enum interest_kind kind = INTEREST_AGREED;
    TRY(interest_ask_read(call, &kind, &ask));
    switch (kind) {
    case INTEREST_AGREED: TRY(interest_agreed(cx, tool_tables(call), &ask, &answer)); break;
    case INTEREST_LPR: TRY(interest_lpr(cx, tool_tables(call), &ask, &answer)); break;
    case INTEREST_LENDING: TRY(lending_tool(call, &ask, &answer)); break;
    case INTEREST_DELAYED: TRY(delayed_tool(call, &ask, &answer)); break;
    }
    *out = interest_value(cx->arena, &answer);
    tool_tables_apart(call, *out);
    return OK;
}

/* --- jurisdiction --- */

static bool is_digits(Str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
    }
    return text.n > 0;
}

Str tool_place(struct call *call, const char *name, Str text)
{
    const struct division *division = NULL;
    if (text.n == 0) {
        return STR("");
    }
    division = text.n == DIVISION_DIGITS && is_digits(text)
                   ? division_by_code(tool_tables(call), text)
                   : division_of_address(tool_tables(call), text);
    if (division == NULL) {
        (void)cx_error(call->cx, name, "division-unknown", NULL);
        return STR("");
    }
    return division->code;
}

/* Several places are parted by semicolons, of either width. */
static int places_of(struct call *call, const char *name, Str *out)
{
    struct arena *arena = call->cx->arena;
    Str text = tool_text(call, name);
    Str *parts = NULL;
    struct buf buf;
    buf_init(&buf, arena, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        if (strncmp(text.p + i, "；", strlen("；")) == 0) {
            buf_char(&buf, ';');
            i += strlen("；") - 1;
        } else {
            buf_char(&buf, text.p[i]);
        }
    }
    size_t count = text.n == 0 ? 0 : str_split(arena, buf_done(&buf), ';', &parts);
    count = count > PLACES_MAX ? PLACES_MAX : count;
    for (size_t i = 0; i < count; i++) {
        out[i] = tool_place(call, name, str_trim(arena, parts[i]));
    }
    return (int)count;
}

static enum status jurisdiction_ask_read(struct call *call, struct jurisdiction_ask *ask)
{
    static const char *const names[PLACE_COUNT] = {
        [PLACE_IMMOVABLE] = "immovable",     [PLACE_ESTATE] = "estate",
        [PLACE_PERFORMANCE] = "performance", [PLACE_USE] = "use",
        [PLACE_RECEIPT] = "receipt",         [PLACE_TORT] = "tort",
        [PLACE_ACCIDENT] = "accident",       [PLACE_INSURED] = "insured",
        [PLACE_PAYMENT] = "payment",         [PLACE_COMPANY] = "company",
        [PLACE_ORIGIN] = "origin",           [PLACE_DESTINATION] = "destination",
    };
    struct cx *cx = call->cx;
    Str *plaintiffs = arena_array(cx->arena, Str, PLACES_MAX);
    Str *defendants = arena_array(cx->arena, Str, PLACES_MAX);
    ask->cause = tool_text(call, "cause");
    if (ask->cause.n > 0 && cause_find(tool_tables(call), ask->cause) == NULL) {
        tool_wrong(call, "cause", "没有这个案由，请从列表中选择");
    }
    ask->plaintiff_count = places_of(call, "plaintiff", plaintiffs);
    ask->defendant_count = places_of(call, "defendant", defendants);
    ask->plaintiffs = plaintiffs;
    ask->defendants = defendants;
    ask->has_amount = tool_money(call, "amount", &ask->amount);
    if (ask->has_amount && (ask->amount < 0 || ask->amount > MONEY_MAX_FEN)) {
        (void)cx_error(cx, "amount", "fee-amount", NULL);
    }
    ask->foreign = tool_yes(call, "foreign");
    ask->money_claim = tool_yes(call, "money_claim");
    ask->plaintiff_place = tool_yes(call, "plaintiff_place");
    const struct court *agreed = tool_court(call, "agreed");
    ask->agreed = agreed == NULL ? STR("") : agreed->code;
    for (int i = 0; i < PLACE_COUNT; i++) {
        ask->places[i] = tool_place(call, names[i], tool_text(call, names[i]));
    }
    return tool_checked(call);
}

static enum status jurisdiction_tool(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct jurisdiction_ask *ask = arena_new(cx->arena, struct jurisdiction_ask);
    struct jurisdiction_answer *answer = arena_new(cx->arena, struct jurisdiction_answer);
    TRY(jurisdiction_ask_read(call, ask));
    jurisdiction_find(cx->arena, tool_tables(call), ask, answer);
    *out = jurisdiction_value(cx->arena, answer);
    tool_tables_apart(call, *out);
    return OK;
}

/* --- answering --- */

static bool has_field(const struct tool *tool, const char *name)
{
    for (size_t i = 0; i < tool->field_count; i++) {
        if (text_is(tool->fields[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The field of the tool that a refusal by law/ is about. */
static const char *field_of(const struct tool *tool, const char *code)
{
    static const struct {
        const char *code;
        const char *field;
    } rows[] = {
        {"fee-amount", "amount"},          {"fee-amount-missing", "amount"},
        {"fee-base-range", "base"},        {"fee-aid-percent", "aid_percent"},
        {"fee-aid-natural-person", "aid"}, {"period-length", "length"},
        {"date-out-of-range", "start"},    {"hours-empty", "court"},
        {"interest-dates", "end"},         {"interest-amount", "principal"},
        {"interest-rate", "rate"},         {"interest-year", "year_days"},
        {"interest-before-2014", "start"}, {"interest-payments", "payments"},
        {"rate-unknown", "start"},         {"claim-amount", "principal"},
        {"claim-amount", "wage"},          {"claim-amount", "base"},
        {"claim-amount", "income"},        {"claim-dates", "end"},
        {"claim-dates", "start"},          {"claim-rate", "rate"},
        {"claim-rate", "percent"},         {"claim-count", "children"},
        {"claim-dates", "harmed"},         {"injury-grade", "grade"},
        {"claim-amount", "months"},        {"claim-dates", "months"},
        {"claim-days", "months"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_is(code, rows[i].code) && has_field(tool, rows[i].field)) {
            return rows[i].field;
        }
    }
    return NULL;
}

/* On a page the form is shown again, its entries kept. */
static enum status refuse_on_page(struct call *call, const struct tool *tool)
{
    struct cx *cx = call->cx;
    const struct failure failure = cx->failure;
    const struct messages *messages = call->app->messages;
    struct value *view = value_map(cx->arena);
    struct value *problem = value_map(cx->arena);
    log_failure(cx, tool->page);
    message_fill(messages, cx->arena, failure.errors);
    value_set_str(cx->arena, problem, "title",
                  message_title(messages, cx->arena, failure.code, failure.args));
    value_set_str(cx->arena, problem, "detail",
                  message_detail(messages, cx->arena, failure.code, failure.args));
    value_set_str(cx->arena, problem, "incident",
                  str_copy(cx->arena, failure.incident, strlen(failure.incident)));
    value_set(cx->arena, view, "problem", problem);
    value_set(cx->arena, view, "errors", failure.errors);
    cx_forgive(cx);
    call->status = status_http(failure.status);
    return call_answer(call, view, tool->page);
}

enum status tool_answer(struct call *call, const char *name,
                        enum status (*compute)(struct call *call, struct value **out))
{
    struct cx *cx = call->cx;
    const struct tool *tool = tool_find(str_of(name));
    struct value *value = value_map(cx->arena);
    if (!call->json && call->http->query.n == 0) {
        return call_answer(call, value, tool->page);
    }
    enum status status = compute(call, &value);
    if (status == OK) {
        return call_answer(call, value, tool->page);
    }
    const char *field = field_of(tool, cx->failure.code);
    if (field != NULL && cx->failure.errors == NULL) {
        (void)cx_error(cx, field, cx->failure.code, NULL);
    }
    return !call->json && (status == E_INPUT || status == E_READ) ? refuse_on_page(call, tool)
                                                                  : status;
}

enum status tool_fee(struct call *call)
{
    return tool_answer(call, "fee", fee_tool);
}

enum status tool_period(struct call *call)
{
    return tool_answer(call, "period", period_tool);
}

enum status tool_case_number(struct call *call)
{
    return tool_answer(call, "case-number", case_number_tool);
}

enum status tool_identifier(struct call *call)
{
    return tool_answer(call, "identifier", identifier_tool);
}

enum status tool_reach(struct call *call)
{
    return tool_answer(call, "reach", reach_tool);
}

enum status tool_interest(struct call *call)
{
    return tool_answer(call, "interest", interest_tool);
}

enum status tool_jurisdiction(struct call *call)
{
    return tool_answer(call, "jurisdiction", jurisdiction_tool);
}

enum status tool_list(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (size_t i = 0; i < tools_count; i++) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "name", tools[i].name);
        value_set_text(arena, row, "title", tools[i].title);
        value_set_str(arena, row, "url", str_printf(arena, "/tools/%s", tools[i].name));
        value_add(arena, list, row);
    }
    struct value *answer = value_map(arena);
    value_set(arena, answer, "tools", list);
    return call_answer(call, answer, "tools");
}
