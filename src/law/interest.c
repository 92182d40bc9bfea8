#include "law/interest.h"

#include "law/ratio.h"
#include "law/source.h"
#include "law/working.h"

enum { PPM = 1000000, RATE_MAX_PPM = 10 * PPM, STALE_DAYS = 365 };

enum { DELAY_PPM_A_DAY = 175, DELAY_YEAR_DAYS = 365 };

/* One claim being added up. */
struct claim {
    struct cx *cx;
    const struct law_tables *tables;
    struct working working;
    struct value *sheet;
    struct ratio sum;
    int64_t days;
    bool uncertain;
};

static struct claim claim_begin(struct cx *cx, const struct law_tables *tables)
{
    struct claim claim = {
        .cx = cx, .tables = tables, .sheet = value_list(cx->arena), .sum = ratio_of(0)};
    working_begin(&claim.working, cx->arena);
    return claim;
}

static bool date_fits(Date date)
{
    return date >= date_of(1990, 1, 1) && date <= date_of(2200, 1, 1);
}

static enum status check_interest_ask(struct cx *cx, const struct interest_ask *ask)
{
    if (!date_fits(ask->from) || !date_fits(ask->to) || ask->to < ask->from) {
        return FAIL(cx, E_INPUT, "interest-dates", "%d to %d", (int)ask->from, (int)ask->to);
    }
    if (ask->principal < 0 || ask->principal > MONEY_MAX_FEN) {
        return FAIL(cx, E_INPUT, "interest-amount", "%lld fen", (long long)ask->principal);
    }
    if (ask->ppm < 0 || ask->ppm > RATE_MAX_PPM) {
        return FAIL(cx, E_INPUT, "interest-rate", "%lld ppm", (long long)ask->ppm);
    }
    if (ask->year_days != 360 && ask->year_days != 365) {
        return FAIL(cx, E_INPUT, "interest-year", "%d days a year", ask->year_days);
    }
    return OK;
}

/* "3.4500" as people write it: "3.45" */
static const char *percent(struct arena *arena, struct ratio ppm)
{
    return ratio_yuan(arena, ratio_times(ppm, 1, 100)).p;
}

/* Adds a line and its amount; refuses what leaves the range of money. */
static enum status add_line(struct claim *claim, const char *rule, const char *law,
                            struct ratio amount)
{
    struct cx *cx = claim->cx;
    claim->sum = ratio_add(claim->sum, amount);
    if (ratio_compare(claim->sum, ratio_of(MONEY_MAX_FEN)) > 0) {
        return FAIL(cx, E_INPUT, "interest-amount", "the interest leaves the range of money");
    }
    struct value *line = working_amount(&claim->working, rule, law, ratio_round(amount));
    value_set_str(cx->arena, line, "text",
                  str_printf(cx->arena, "%s元", ratio_yuan(cx->arena, amount).p));
    return OK;
}

/* A line of the sheet behind add_line(): what the claim has grown by since `before`. */
static void add_row(struct claim *claim, Money principal, Date first, Date last, const char *rate,
                    int64_t days, int year_days, Money before, const char *law)
{
    struct arena *arena = claim->cx->arena;
    struct value *row = value_map(arena);
    value_set_str(arena, row, "from", date_format(arena, first));
    value_set_str(arena, row, "to", date_format(arena, last));
    value_set_int(arena, row, "principal", principal);
    value_set_text(arena, row, "rate", rate);
    value_set_int(arena, row, "days", days);
    value_set_int(arena, row, "year_days", year_days);
    value_set_int(arena, row, "amount", ratio_round(claim->sum) - before);
    value_set_int(arena, row, "sum", ratio_round(claim->sum));
    value_set_text(arena, row, "law", law);
    value_add(arena, claim->sheet, row);
}

/* One stretch at one rate (ppm a year, possibly a fraction). */
static enum status add_stretch(struct claim *claim, const struct interest_ask *ask, Date from,
                               Date to, struct ratio ppm, const char *law)
{
    struct arena *arena = claim->cx->arena;
    int64_t days = to - from;
    if (days == 0) {
        return OK;
    }
    struct ratio amount = ratio_times(ratio_of(ask->principal), days, ask->year_days);
    amount = ratio_times(amount, (int64_t)ppm.num, (int64_t)ppm.den * PPM);
    const char *rule = arena_printf(arena, "%s起至%s前：%s元 × 年利率%s%% × %lld日 ÷ %d",
                                    date_format(arena, from).p, date_format(arena, to).p,
                                    money_format(arena, ask->principal).p, percent(arena, ppm),
                                    (long long)days, ask->year_days);
    Money before = ratio_round(claim->sum);
    claim->days += days;
    struct cx *cx = claim->cx;
    TRY(add_line(claim, rule, law, amount));
    add_row(claim, ask->principal, from, to - 1, percent(arena, ppm), days, ask->year_days, before,
            law);
    return OK;
}

static void finish(struct claim *claim, struct interest_answer *out)
{
    out->interest = ratio_round(claim->sum);
    out->days = claim->days;
    out->uncertain = claim->uncertain;
    working_amount(&claim->working, "合计，最后一次四舍五入到分", "", out->interest);
    if (claim->uncertain) {
        working_add(&claim->working, "其后的贷款市场报价利率未录入，按最近一期计算，请核对", "");
    }
    working_tables(&claim->working, claim->tables);
    out->working = claim->working.lines;
    out->sheet = claim->sheet;
}

enum status interest_agreed(struct cx *cx, const struct law_tables *tables,
                            const struct interest_ask *ask, struct interest_answer *out)
{
    TRY(check_interest_ask(cx, ask));
    struct claim claim = claim_begin(cx, tables);
    TRY(add_stretch(&claim, ask, ask->from, ask->to, ratio_of(ask->ppm), ""));
    finish(&claim, out);
    return OK;
}

/* --- the loan prime rate --- */

const struct rate *interest_lpr_on(const struct law_tables *tables, Date date)
{
    const struct rate *found = NULL;
    for (int i = 0; i < tables->lpr_count && tables->lpr_1y[i].from <= date; i++) {
        found = &tables->lpr_1y[i];
    }
    return found;
}

static enum status lpr_get(struct claim *claim, Date date, const struct rate **out)
{
    struct cx *cx = claim->cx;
    *out = interest_lpr_on(claim->tables, date);
    if (*out == NULL) {
        return FAIL(cx, E_INPUT, "rate-unknown", "no one-year LPR in the tables for %s",
                    date_format(cx->arena, date).p);
    }
    bool last = *out == &claim->tables->lpr_1y[claim->tables->lpr_count - 1];
    if (last && date - (*out)->from > STALE_DAYS) {
        claim->uncertain = true;
    }
    return OK;
}

static Date next_quote(const struct law_tables *tables, const struct rate *rate, Date to)
{
    const struct rate *next = rate + 1;
    bool exists = next < tables->lpr_1y + tables->lpr_count;
    return exists && next->from < to ? next->from : to;
}

static enum status add_floating(struct claim *claim, const struct interest_ask *ask)
{
    struct cx *cx = claim->cx;
    for (Date from = ask->from; from < ask->to;) {
        const struct rate *rate = NULL;
        TRY(lpr_get(claim, from, &rate));
        Date to = next_quote(claim->tables, rate, ask->to);
        if (to == ask->to && to - 1 - rate->from > STALE_DAYS) {
            claim->uncertain = true;
        }
        TRY(add_stretch(claim, ask, from, to, ratio_times(ratio_of(rate->ppm), ask->ppm, PPM), ""));
        from = to;
    }
    return OK;
}

enum status interest_lpr(struct cx *cx, const struct law_tables *tables,
                         const struct interest_ask *ask, struct interest_answer *out)
{
    TRY(check_interest_ask(cx, ask));
    struct claim claim = claim_begin(cx, tables);
    TRY(add_floating(&claim, ask));
    finish(&claim, out);
    return OK;
}

/* --- private lending --- */

/* The agreed rate or the cap, whichever is lower, over one stretch; the cap is told. */
static enum status add_capped(struct claim *claim, const struct interest_ask *ask, Date from,
                              Date to, int64_t cap_ppm, const char *law)
{
    struct arena *arena = claim->cx->arena;
    if (from >= to) {
        return OK;
    }
    const char *rule =
        arena_printf(arena, "%s起：约定年利率%s%%，%s司法保护上限%s%%", date_format(arena, from).p,
                     percent(arena, ratio_of(ask->ppm)), ask->ppm > cap_ppm ? "超过" : "未超过",
                     percent(arena, ratio_of(cap_ppm)));
    working_add(&claim->working, rule, law);
    int64_t ppm = ask->ppm < cap_ppm ? ask->ppm : cap_ppm;
    return add_stretch(claim, ask, from, to, ratio_of(ppm), law);
}

static enum status check_lending(struct cx *cx, Date contract, Date sued)
{
    if (!date_fits(contract) || !date_fits(sued) || sued < contract) {
        return FAIL(cx, E_INPUT, "interest-dates", "contract %d, sued %d", (int)contract,
                    (int)sued);
    }
    return OK;
}

static enum status add_lending(struct claim *claim, const struct interest_ask *ask, Date contract,
                               Date sued)
{
    const Date turn = date_of(2020, 8, 20);
    struct cx *cx = claim->cx;
    Date split = contract >= turn ? ask->from : sued < turn ? ask->to : turn;
    split = split < ask->from ? ask->from : split > ask->to ? ask->to : split;
    TRY(add_capped(claim, ask, ask->from, split, 24 * PPM / 100, SOURCE(LAW_LENDING_OLD, "26")));
    if (split < ask->to) {
        const struct rate *rate = NULL;
        Date day = contract >= turn ? contract : sued;
        TRY(lpr_get(claim, day, &rate));
        const char *rule =
            arena_printf(cx->arena, "%s（%s）的一年期贷款市场报价利率%s%%，以其四倍为上限",
                         contract >= turn ? "合同成立时" : "起诉时", date_format(cx->arena, day).p,
                         percent(cx->arena, ratio_of(rate->ppm)));
        const char *law = contract >= turn ? SOURCE(LAW_LENDING, "25") : SOURCE(LAW_LENDING, "31");
        working_add(&claim->working, rule, law);
        TRY(add_capped(claim, ask, split, ask->to, 4 * rate->ppm, law));
    }
    return OK;
}

enum status interest_lending(struct cx *cx, const struct law_tables *tables,
                             const struct interest_ask *ask, Date contract, Date sued,
                             struct interest_answer *out)
{
    TRY(check_interest_ask(cx, ask));
    TRY(check_lending(cx, contract, sued));
    struct claim claim = claim_begin(cx, tables);
    TRY(add_lending(&claim, ask, contract, sued));
    finish(&claim, out);
    return OK;
}

/* --- several stretches --- */

enum status interest_stretches(struct cx *cx, const struct law_tables *tables,
                               enum interest_way way, const struct interest_ask *asks, int count,
                               Date contract, Date sued, struct interest_answer *out)
{
    struct claim claim = claim_begin(cx, tables);
    if (way == INTEREST_BY_LENDING) {
        TRY(check_lending(cx, contract, sued));
    }
    for (int i = 0; i < count; i++) {
        const struct interest_ask *ask = &asks[i];
        TRY(check_interest_ask(cx, ask));
        if (i > 0 && ask->from < asks[i - 1].to) {
            return FAIL(cx, E_INPUT, "interest-dates", "stretch %d begins before the last ended",
                        i);
        }
        TRY(way == INTEREST_BY_LENDING ? add_lending(&claim, ask, contract, sued)
            : way == INTEREST_BY_LPR
                ? add_floating(&claim, ask)
                : add_stretch(&claim, ask, ask->from, ask->to, ratio_of(ask->ppm), ""));
    }
    finish(&claim, out);
    return OK;
}

/* --- delayed performance --- */

/* Days of (from, to] that lie within a pause. */
static int64_t paused_days(const struct interest_delay *ask, Date from, Date to)
{
    int64_t days = 0;
    for (int i = 0; i < ask->pause_count; i++) {
        Date first = ask->pauses[i].from > from + 1 ? ask->pauses[i].from : from + 1;
        Date last = ask->pauses[i].to < to ? ask->pauses[i].to : to;
        days += last >= first ? last - first + 1 : 0;
    }
    return days;
}

static enum status add_delay(struct claim *claim, const struct interest_delay *ask, Date from,
                             Date to, Money unpaid)
{
    struct arena *arena = claim->cx->arena;
    int64_t paused = paused_days(ask, from, to);
    int64_t days = to - from - paused;
    if (days == 0) {
        return OK;
    }
    const char *rule = arena_printf(
        arena, "%s至%s%s：未付%s元 × 日万分之一点七五 × %lld日", date_format(arena, from + 1).p,
        date_format(arena, to).p,
        paused > 0 ? arena_printf(arena, "（扣除中止或者暂缓%lld日）", (long long)paused) : "",
        money_format(arena, unpaid).p, (long long)days);
    struct cx *cx = claim->cx;
    Money before = ratio_round(claim->sum);
    claim->days += days;
    TRY(add_line(claim, rule, SOURCE(LAW_DELAY, "1"),
                 ratio_times(ratio_times(ratio_of(unpaid), days, PPM), DELAY_PPM_A_DAY, 1)));
    add_row(claim, unpaid, from + 1, to,
            percent(arena, ratio_of((int64_t)DELAY_PPM_A_DAY * DELAY_YEAR_DAYS)), days,
            DELAY_YEAR_DAYS, before, SOURCE(LAW_DELAY, "1"));
    return OK;
}

static enum status check_delay(struct cx *cx, const struct interest_delay *ask)
{
    if (!date_fits(ask->due) || !date_fits(ask->end) || ask->end < ask->due) {
        return FAIL(cx, E_INPUT, "interest-dates", "%d to %d", (int)ask->due, (int)ask->end);
    }
    if (ask->due < date_of(2014, 7, 31)) {
        return FAIL(cx, E_INPUT, "interest-before-2014", "due %d", (int)ask->due);
    }
    if (ask->debt < 0 || ask->debt > MONEY_MAX_FEN) {
        return FAIL(cx, E_INPUT, "interest-amount", "%lld fen", (long long)ask->debt);
    }
    Date last = ask->due;
    Money left = ask->debt;
    for (int i = 0; i < ask->payment_count; i++) {
        const struct interest_payment *p = &ask->payments[i];
        if (p->date < last || p->date > ask->end || p->amount < 0 || p->amount > left) {
            return FAIL(cx, E_INPUT, "interest-payments", "payment %d", i);
        }
        last = p->date;
        left -= p->amount;
    }
    for (int i = 0; i < ask->pause_count; i++) {
        if (ask->pauses[i].to < ask->pauses[i].from ||
            (i > 0 && ask->pauses[i].from <= ask->pauses[i - 1].to)) {
            return FAIL(cx, E_INPUT, "interest-dates", "pause %d", i);
        }
    }
    return OK;
}

enum status interest_delayed(struct cx *cx, const struct law_tables *tables,
                             const struct interest_delay *ask, struct interest_answer *out)
{
    TRY(check_delay(cx, ask));
    struct claim claim = claim_begin(cx, tables);
    working_date(&claim.working, "履行期间届满的次日起算；一般债务利息不计入基数",
                 SOURCE(LAW_DELAY, "2"), ask->due + 1);
    Date from = ask->due;
    Money unpaid = ask->debt;
    for (int i = 0; i < ask->payment_count; i++) {
        TRY(add_delay(&claim, ask, from, ask->payments[i].date, unpaid));
        from = ask->payments[i].date;
        unpaid -= ask->payments[i].amount;
    }
    if (unpaid > 0) {
        TRY(add_delay(&claim, ask, from, ask->end, unpaid));
    }
    finish(&claim, out);
    return OK;
}

struct value *interest_value(struct arena *arena, const struct interest_answer *answer)
{
    struct value *value = value_map(arena);
    value_set_int(arena, value, "interest", answer->interest);
    value_set_int(arena, value, "days", answer->days);
    value_set_bool(arena, value, "uncertain", answer->uncertain);
    value_set(arena, value, "working", answer->working);
    value_set(arena, value, "sheet", answer->sheet);
    return value;
}
