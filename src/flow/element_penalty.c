/* A penalty (违约金) by the day, by share or fixed, and whether it is generally too high. */
#include "flow/element_calculator.h"
#include "law/penalty.h"

static enum status penalty_count(struct counting *c, struct value **sheet)
{
    static const char *const ways[] = {"daily", "share", "fixed"};
    struct cx *cx = c->cx;
    struct penalty_ask ask = {.loss = -1};
    struct bill bill;
    Str way = value_get_str(c->claim, "penalty-counted");
    int known = 0;
    while (known < 3 && !str_is(way, ways[known])) {
        known++;
    }
    if (known == 3) {
        return OK; /* nothing chosen, or left to themselves */
    }
    ask.way = (enum penalty_way)known;
    counting_say(c, "way", way);
    ask.base = counting_money(c, "penalty-base", "base");
    Str rate = value_get_str(c->claim, "penalty-rate");
    if (ask.base == 0) {
        return FAIL(cx, E_INPUT, "claim-amount", "no base");
    }
    if (ask.way != PENALTY_FIXED) {
        if (!counting_decimal(rate, &ask.ppm)) {
            return FAIL(cx, E_INPUT, "claim-rate", "no rate");
        }
        counting_say(c, "rate", rate);
    }
    if (ask.way == PENALTY_DAILY && (!counting_date(c, "penalty-from", "start", &ask.from) ||
                                     !counting_date(c, "penalty-end", "end", &ask.to))) {
        return FAIL(cx, E_INPUT, "claim-dates", "no dates");
    }
    if (!value_is_empty(value_get(c->claim, "penalty-loss"))) {
        ask.loss = value_get_int(c->claim, "penalty-loss");
        counting_say(c, "loss", str_printf(cx->arena, "%lld", (long long)ask.loss));
    }
    TRY(penalty_compute(cx, c->tables, &ask, &bill));
    *sheet = bill_value(&bill);
    return OK;
}

const struct calculator ELEMENT_PENALTY = {
    .name = "penalty",
    .title = "违约金",
    .way = "penalty-counted",
    .tool = "penalty",
    .fills = {{"penalty", false}},
    .unknown = "违约金算不出来：请填写并核对基数、百分比和起止日期。",
    .count = penalty_count,
};
