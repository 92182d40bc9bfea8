/* What data/procedures/enforcement cannot say. */
#include "base/json.h"
#include "law/fee.h"
#include "procedure/rules.h"

/* A case is put aside for want of property only after three months. LAW: 终本规定 1(4) */
static enum status set_aside_in_time(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *closing = value_get(ask->values, "enforcement-closing");
    Date opened = instant_date(ask->matter->created);
    if (str_is(value_get_str(closing, "way"), "set-aside") &&
        instant_date(ask->now) <= date_add_months(opened, 3)) {
        ask_complain(cx, ask, rule, "enforcement-closing.way",
                     arena_printf(cx->arena, "立案后满三个月才能终结本次执行程序，最早是%s的次日",
                                  date_chinese(cx->arena, date_add_months(opened, 3)).p));
    }
    return OK;
}

/* Not prepaid: counted on what was really enforced, borne by the debtor.
 * LAW: litigation-fee-measures@2007 14, 20, 38 */
static enum status enforcement_fee(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct court *court = court_by_code(plan->tables, change->after->court);
    const struct value *closing = value_get(change->clear, "enforcement-closing");
    struct fee_answer answer;
    struct fee_ask ask = {
        .kind = FEE_ENFORCEMENT,
        .has_amount = value_get_int(closing, "enforced") > 0,
        .amount = value_get_int(closing, "enforced"),
        .province = court == NULL ? STR("") : court_province(cx->arena, court),
    };
    if (!ask.has_amount && !value_get_bool(closing, "performed")) {
        return OK; /* nothing was enforced, nothing is owed */
    }
    TRY(fee_compute(cx, plan->tables, &ask, &answer));
    struct ledger_row *row = matter_add_ledger(cx->arena, change->after);
    row->kind = STR("enforcement-fee-due");
    row->amount = answer.fee;
    row->working = json_write(cx->arena, answer.working);
    row->at = plan->now;
    return OK;
}

RULE_GUARD_OF(rule_set_aside, "set-aside-in-time", "concluding-enforcement-rules@2016 1",
              set_aside_in_time);
RULE_EFFECT_OF(rule_fee, "enforcement-fee", enforcement_fee);

const struct rule *const rules_enforcement[] = {&rule_set_aside, &rule_fee, NULL};
