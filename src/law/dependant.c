#include "law/dependant.h"

#include "law/identifier.h"
#include "law/source.h"

enum {
    TERM_YEARS = 20,
    OLD = 60,
    VERY_OLD = 75,
    VERY_OLD_YEARS = 5,
    GROWN = 18,
    YEAR_MONTHS = 12,
    YEAR_DAYS = 365,
};

static const char LAW[] = SOURCE(LAW_INJURY, "17");

int injury_years(int age)
{
    return age >= VERY_OLD ? VERY_OLD_YEARS : age > OLD ? TERM_YEARS - (age - OLD) : TERM_YEARS;
}

/* In years, exactly; and told. */
static struct ratio term_of(struct bill *bill, int n, const struct dependant *one, Date from)
{
    struct arena *arena = bill->cx->arena;
    int age = age_on(one->born, from);
    struct ratio term = {injury_years(age), 1};
    const char *how = age >= VERY_OLD ? "七十五周岁以上，按五年"
                      : age > OLD     ? "六十周岁以上，年龄每增加一岁减少一年"
                                      : "无劳动能力又无其他生活来源，二十年";
    const char *length = arena_printf(arena, "%d年", injury_years(age));
    if (age < GROWN) {
        Date last = date_add_months(one->born, GROWN * YEAR_MONTHS) - 1;
        int months = bill_months(from, last);
        int days = last + 1 - date_add_months(from, months);
        term = ratio_add(ratio_times(ratio_of(months), 1, YEAR_MONTHS),
                         ratio_times(ratio_of(days), 1, YEAR_DAYS));
        how = "未成年人，计算至十八周岁";
        length = arena_printf(arena, "%d个月又%d日", months, days);
    }
    working_text(
        &bill->working,
        arena_printf(arena, "第%d名被扶养人：%s起算时%d周岁，%s；扶养人共%d人，负担%d分之一", n,
                     date_format(arena, from).p, age, how, one->supporters, one->supporters),
        LAW, str_of(length));
    return term;
}

static enum status dependants_check(struct cx *cx, const struct dependants_ask *ask)
{
    if (ask->count < 0 || ask->count > DEPENDANTS_MAX) {
        return FAIL(cx, E_INPUT, "claim-count", "%d dependants", ask->count);
    }
    for (int i = 0; i < ask->count; i++) {
        if (ask->list[i].supporters < 1 || ask->list[i].supporters > SUPPORTERS_MAX) {
            return FAIL(cx, E_INPUT, "claim-count", "%d supporters", ask->list[i].supporters);
        }
        if (ask->list[i].born < date_of(1850, 1, 1) || ask->list[i].born > ask->from) {
            return FAIL(cx, E_INPUT, "claim-dates", "born %d", (int)ask->list[i].born);
        }
    }
    return OK;
}

/* The earliest end after `done`; `done` itself when all terms are over. */
static struct ratio next_end(const struct ratio *terms, int count, struct ratio done)
{
    struct ratio next = done;
    for (int i = 0; i < count; i++) {
        if (ratio_compare(terms[i], done) > 0 &&
            (ratio_compare(next, done) == 0 || ratio_compare(terms[i], next) < 0)) {
            next = terms[i];
        }
    }
    return next;
}

/* What a year costs while the terms beyond `done` still run: the shares of all, at most the whole
 * yearly spending. */
static struct ratio year_cost(const struct dependants_ask *ask, const struct ratio *terms,
                              struct ratio done, int *running, bool *capped)
{
    struct ratio cost = {0, 1};
    struct ratio whole = ratio_of(ask->spending);
    *running = 0;
    for (int i = 0; i < ask->count; i++) {
        if (ratio_compare(terms[i], done) > 0) {
            cost = ratio_add(cost, ratio_times(ratio_times(whole, ask->percent, 100), 1,
                                               ask->list[i].supporters));
            *running += 1;
        }
    }
    *capped = ratio_compare(cost, whole) > 0;
    return *capped ? whole : cost;
}

/* Years as people write them: at most eight decimals. */
static const char *years_text(struct arena *arena, struct ratio years)
{
    return ratio_yuan(arena, ratio_times(years, 100, 1)).p;
}

enum status dependants_add(struct bill *bill, const struct dependants_ask *ask)
{
    struct cx *cx = bill->cx;
    struct ratio terms[DEPENDANTS_MAX];
    struct ratio done = {0, 1};
    struct ratio sum = {0, 1};
    TRY(dependants_check(cx, ask));
    if (ask->spending < 0 || ask->spending > DEPENDANT_FIGURE_MAX) {
        return FAIL(cx, E_INPUT, "claim-amount", "spending %lld", (long long)ask->spending);
    }
    for (int i = 0; i < ask->count; i++) {
        terms[i] = term_of(bill, i + 1, &ask->list[i], ask->from);
    }
    for (;;) {
        int running = 0;
        bool capped = false;
        struct ratio end = next_end(terms, ask->count, done);
        if (ratio_compare(end, done) == 0) {
            break;
        }
        struct ratio years = ratio_less(end, done);
        struct ratio cost = year_cost(ask, terms, done, &running, &capped);
        struct ratio part = ratio_times(cost, (int64_t)years.num, (int64_t)years.den);
        working_text(&bill->working,
                     arena_printf(cx->arena, "第%s年至第%s年，%d人，每年%s元%s × %s年",
                                  years_text(cx->arena, done), years_text(cx->arena, end), running,
                                  ratio_yuan(cx->arena, cost).p,
                                  capped ? "（不超过城镇居民人均消费支出额）" : "",
                                  years_text(cx->arena, years)),
                     LAW, str_printf(cx->arena, "%s元", ratio_yuan(cx->arena, part).p));
        sum = ratio_add(sum, part);
        done = end;
    }
    return bill_part(bill, "dependants", "被扶养人生活费（计入残疾赔偿金或者死亡赔偿金）",
                     arena_printf(cx->arena,
                                  "城镇居民人均消费支出每年%s元，丧失劳动能力程度%d%%，各段相加",
                                  money_format(cx->arena, ask->spending).p, ask->percent),
                     SOURCE(LAW_INJURY, "16"), sum);
}
