/* The interest of a claim, in stretches: its sheet is values.claim.sheet, a line of which is asked
 * again alone. */
#include "flow/element_calculator.h"
#include "law/interest.h"

enum { PERIODS_MAX = 50 };

static int periods_read(const struct counting *c, int64_t ppm, int year_days,
                        struct interest_ask *out)
{
    int count = 0;
    Date end = DATE_NONE;
    const struct value *list = value_get(c->claim, "interest-periods");
    bool has_end =
        date_parse(value_get_str(c->claim, calculator_field(c->form, "interest-to")), &end);
    for (uint32_t i = 0; value_is_list(list) && i < list->count && count < PERIODS_MAX; i++) {
        const struct value *row = value_item(list, i);
        struct interest_ask *ask = &out[count];
        *ask = (struct interest_ask){
            .principal = value_get_int(row, "principal"), .ppm = ppm, .year_days = year_days};
        bool own_end = date_parse(value_get_str(row, "to"), &ask->to);
        if (ask->principal > 0 && date_parse(value_get_str(row, "from"), &ask->from) &&
            (own_end || has_end)) {
            ask->to = (own_end ? ask->to : end) + 1; /* the last day counts */
            count++;
        }
    }
    return count;
}

static const char *way_words(struct arena *arena, Str way, const struct value *claim)
{
    Str rate = value_get_str(claim, "interest-rate");
    if (str_is(way, "lpr")) {
        return arena_printf(arena, "按一年期贷款市场报价利率的%s倍计算",
                            value_get_str(claim, "interest-times").p);
    }
    return str_is(way, "lending")
               ? arena_printf(arena, "按约定年利率%s%%计算，超过司法保护上限的按上限计算", rate.p)
               : arena_printf(arena, "按约定年利率%s%%计算", rate.p);
}

static void answer_set(struct counting *c, Str way, const struct interest_answer *answer)
{
    struct arena *arena = c->cx->arena;
    Money paid = counting_money(c, "interest-paid", "paid");
    Money due = answer->interest > paid ? answer->interest - paid : 0;
    const char *method =
        arena_printf(arena, "%s，逐段计算见附表《利息计算表》", way_words(arena, way, c->claim));
    value_set_int(arena, c->out, "interest", due);
    value_set_int(arena, c->out, "interest-all", answer->interest);
    value_set_int(arena, c->out, "interest-paid", paid);
    value_set_bool(arena, c->out, "interest-uncertain", answer->uncertain);
    value_set_text(arena, c->out, "interest-method", method);
    value_set(arena, c->out, "sheet", answer->sheet);
    counting_fill(c, "interest", value_int(arena, due));
    counting_fill(c, "interest-method", value_text(arena, method));
}

/* "interest", "interest-method" and "sheet"; or "fault". */
static enum status interest_count(struct counting *c, struct value **sheet)
{
    struct interest_ask asks[PERIODS_MAX];
    struct interest_answer answer;
    Date contract = DATE_NONE;
    int64_t number = 0;
    Str way = value_get_str(c->claim, "interest-way");
    bool lpr = str_is(way, "lpr");
    bool lending = str_is(way, "lending");
    int year_days = str_is(value_get_str(c->claim, "interest-days"), "d360") ? 360 : 365;
    *sheet = NULL;
    if (way.n == 0 || str_is(way, "own") ||
        !counting_decimal(value_get_str(c->claim, lpr ? "interest-times" : "interest-rate"),
                          &number) ||
        (lending && !date_parse(value_get_str(c->claim, "interest-contract"), &contract))) {
        return OK;
    }
    int count = periods_read(c, lpr ? number * 100 : number, year_days, asks);
    if (count == 0) {
        return OK;
    }
    enum interest_way by = lpr       ? INTEREST_BY_LPR
                           : lending ? INTEREST_BY_LENDING
                                     : INTEREST_BY_AGREEMENT;
    enum status status =
        interest_stretches(c->cx, c->tables, by, asks, count, contract, c->today, &answer);
    if (status == OK) {
        answer_set(c, way, &answer);
    } else {
        value_set_text(c->cx->arena, c->out, "fault", c->cx->failure.code);
    }
    return status;
}

const struct calculator ELEMENT_INTEREST = {
    .name = "sheet",
    .title = "利息",
    .way = "interest-periods",
    .fills = {{"interest", false}, {"interest-method", true}},
    .reads = {"interest-to"},
    .count = interest_count,
};
