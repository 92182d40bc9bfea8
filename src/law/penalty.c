#include "law/penalty.h"

#include "law/source.h"

enum { PPM = 1000000, YEAR_DAYS = 365, MARGIN_PERCENT = 130 };

static const char *percent(struct arena *arena, int64_t ppm)
{
    return ratio_yuan(arena, ratio_times(ratio_of(ppm), 1, 100)).p;
}

static enum status check_penalty(struct cx *cx, const struct penalty_ask *ask)
{
    TRY(bill_check_amount(cx, "base", ask->base));
    if (ask->loss != -1) {
        TRY(bill_check_amount(cx, "loss", ask->loss));
    }
    if (ask->way == PENALTY_DAILY) {
        TRY(bill_check_dates(cx, ask->from, ask->to));
    }
    if (ask->way != PENALTY_FIXED && (ask->ppm < 0 || ask->ppm > PPM)) {
        return FAIL(cx, E_INPUT, "claim-rate", "%lld ppm", (long long)ask->ppm);
    }
    return OK;
}

static enum status add_penalty(struct bill *bill, const struct penalty_ask *ask)
{
    struct arena *arena = bill->cx->arena;
    struct ratio amount = ratio_of(ask->base);
    const char *base = money_format(arena, ask->base).p;
    const char *rule = "约定的违约金";
    int days = ask->to - ask->from + 1;
    switch (ask->way) {
    case PENALTY_DAILY:
        amount = ratio_times(ratio_times(amount, ask->ppm, PPM), days, 1);
        rule = arena_printf(arena, "%s至%s：%s元 × 每日%s%% × %d日（相当于年%s%%）",
                            date_format(arena, ask->from).p, date_format(arena, ask->to).p, base,
                            percent(arena, ask->ppm), days, percent(arena, ask->ppm * YEAR_DAYS));
        break;
    case PENALTY_SHARE:
        amount = ratio_times(amount, ask->ppm, PPM);
        rule = arena_printf(arena, "%s元 × %s%%", base, percent(arena, ask->ppm));
        break;
    case PENALTY_FIXED: break;
    }
    return bill_part(bill, "penalty", "违约金", rule, SOURCE(LAW_CIVIL_CODE, "585"), amount);
}

static void judge(struct bill *bill, const struct penalty_ask *ask)
{
    const char *law = SOURCE(LAW_CONTRACT, "65");
    if (ask->loss < 0) {
        bill_notice(bill, "没有填写违约造成的损失，没有判断违约金是不是过高、过低。");
        return;
    }
    struct ratio limit = ratio_times(ratio_of(ask->loss), MARGIN_PERCENT, 100);
    working_amount(&bill->working, "损失的百分之一百三十，超过的一般可以认定过分高于损失", law,
                   ratio_round(limit));
    if (ratio_compare(ratio_of(bill->total), limit) > 0) {
        bill_notice(bill,
                    "约定的违约金超过损失的百分之三十，一般可以认定过分高于损失。违约方可以请求"
                    "适当减少，由法院综合衡量；恶意违约的，一般不予减少。");
    } else if (bill->total < ask->loss) {
        bill_notice(bill, "约定的违约金低于损失，守约方可以请求增加。");
    } else {
        working_add(&bill->working, "没有超过损失的百分之三十", law);
    }
}

enum status penalty_compute(struct cx *cx, const struct law_tables *tables,
                            const struct penalty_ask *ask, struct bill *out)
{
    TRY(check_penalty(cx, ask));
    bill_begin(out, cx);
    TRY(add_penalty(out, ask));
    judge(out, ask);
    working_tables(&out->working, tables);
    return OK;
}
