#include "procedure/claim_fee.h"

#include "base/json.h"
#include "law/fee.h"
#include "law/source.h"
#include "law/working.h"

static enum status fee_of(struct cx *cx, const struct plan *plan, const struct change *change,
                          Money amount, struct fee_answer *out)
{
    const struct court *court = court_by_code(plan->tables, change->after->court);
    Str procedure = value_as_str(value_at(change->clear, "trial.procedure"));
    const struct fee_ask ask = {
        .kind = fee_kind_of_cause(value_get_str(change->clear, "cause"), amount > 0),
        .has_amount = amount > 0,
        .amount = amount,
        .province = court == NULL ? STR("") : court_province(cx->arena, court),
        .summary = str_is(procedure, "summary") || str_is(procedure, "small-claims"),
    };
    return fee_compute(cx, plan->tables, &ask, out);
}

/* Both fees, then how the new one was counted, then what follows. */
static struct value *working_of(struct arena *arena, Money was_of, const struct fee_answer *was,
                                Money is_of, const struct fee_answer *is)
{
    struct working working;
    const char *law = SOURCE(LAW_FEES, "21");
    working_begin(&working, arena);
    working_amount(
        &working,
        arena_printf(arena, "变更前：诉讼标的额%s元，案件受理费", money_format(arena, was_of).p),
        law, was->fee);
    for (uint32_t i = 0; i < value_count(is->working); i++) {
        value_add(arena, working.lines, value_item(is->working, i));
    }
    working_amount(
        &working,
        arena_printf(arena, "变更后：诉讼标的额%s元，案件受理费", money_format(arena, is_of).p),
        law, is->fee);
    if (is->fee == was->fee) {
        working_add(&working, "案件受理费不变，不用补交，也没有应退的", law);
    } else if (is->fee > was->fee) {
        working_amount(&working, "增加诉讼请求数额，补交差额", law, is->fee - was->fee);
    } else {
        working_amount(&working, "在法庭调查终结前减少诉讼请求数额，退还差额", law,
                       was->fee - is->fee);
        working_add(&working, "法庭调查终结后减少的，减少部分的受理费由变更请求的一方负担，不退还",
                    SOURCE(LAW_FEES, "35"));
    }
    return working.lines;
}

enum status claim_fee_change(struct cx *cx, const struct plan *plan, struct change *change)
{
    struct arena *arena = cx->arena;
    struct fee_answer was;
    struct fee_answer is;
    Money before = value_as_int(value_at(change->before->values, "claim.amount"));
    Money now = value_as_int(value_at(change->clear, "claim.amount"));
    TRY(fee_of(cx, plan, change, before, &was));
    TRY(fee_of(cx, plan, change, now, &is));
    struct value *working = working_of(arena, before, &was, now, &is);
    struct value *told = value_map(arena);
    value_set_int(arena, told, "amount-was", before);
    value_set_int(arena, told, "amount", now);
    value_set_int(arena, told, "was", was.fee);
    value_set_int(arena, told, "becomes", is.fee);
    value_set_int(arena, told, "difference", is.fee - was.fee);
    value_set(arena, told, "working", working);
    change->extra = value_merge(arena, change->extra, NULL);
    value_set(arena, change->extra, "fee", told);
    if (was.fee == is.fee) {
        return OK;
    }
    struct ledger_row *row = matter_add_ledger(arena, change->after);
    row->kind = is.fee > was.fee ? STR("acceptance-fee-more-due") : STR("acceptance-fee-back");
    row->amount = is.fee > was.fee ? is.fee - was.fee : was.fee - is.fee;
    row->working = json_write(arena, working);
    row->at = plan->now;
    return OK;
}
