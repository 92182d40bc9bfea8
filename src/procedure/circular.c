/* What data/procedures/circular cannot say. The figures of a circular are its value `circular`,
 * fixed at issue (jobs/circular.h); nothing here touches them. */
#include "procedure/rules.h"

/* Every entry of the circular exactly once. */
static enum status each_entry_explained(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *said = value_get(ask->values, "explanations");
    int64_t entries = (int64_t)value_count(value_at(ask->values, "circular.entries"));
    bool *seen = arena_array(cx->arena, bool, (size_t)entries + 1);
    int64_t explained = 0;
    for (uint32_t i = 0; i < value_count(said); i++) {
        int64_t n = value_get_int(value_item(said, i), "entry");
        const char *field = arena_printf(cx->arena, "explanations.%u.entry", i);
        if (n < 1 || n > entries) {
            ask_complain(cx, ask, rule, field, "通报里没有这个序号");
        } else if (seen[n]) {
            ask_complain(cx, ask, rule, field, "这一件已经说明，不用重复");
        } else {
            seen[n] = true;
            explained += 1;
        }
    }
    if (explained < entries) {
        ask_complain(cx, ask, rule, "explanations",
                     arena_printf(cx->arena, "通报里有%d件，还有%d件没有说明", (int)entries,
                                  (int)(entries - explained)));
    }
    return OK;
}

/* A copy of all values, to lay something on. */
static struct value *values_again(struct cx *cx, const struct change *change)
{
    return value_merge(cx->arena, change->clear, NULL);
}

/* By whom and when, and whether its clock had run out: late explanations are counted. */
static enum status explanation_signed(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct value *values = values_again(cx, change);
    struct value *signed_by = value_map(cx->arena);
    bool late = false;
    for (uint32_t i = 0; i < change->after->clock_count; i++) {
        late = late || change->after->clocks[i].breached != 0;
    }
    value_set_str(cx->arena, signed_by, "by", plan->actor->name);
    value_set_str(cx->arena, signed_by, "at", instant_format(cx->arena, plan->now));
    value_set_bool(cx->arena, signed_by, "late", late);
    value_set(cx->arena, values, "explained", signed_by);
    return change_values(cx, plan, change, values);
}

/* What was corrected before stays: the list only grows. */
static enum status correction_appended(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct value *values = values_again(cx, change);
    struct value *list = value_list(cx->arena);
    const struct value *before = value_get(values, "corrections");
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_add(cx->arena, list, value_item(before, i));
    }
    struct value *one = value_merge(cx->arena, value_get(values, "circular-correction"), NULL);
    value_set_str(cx->arena, one, "by", plan->actor->name);
    value_set_str(cx->arena, one, "at", instant_format(cx->arena, plan->now));
    value_add(cx->arena, list, one);
    value_set(cx->arena, values, "corrections", list);
    value_set(cx->arena, change_inputs(cx, change), "heading",
              value_at(values, "circular.heading"));
    value_set(cx->arena, change_inputs(cx, change), "period", value_at(values, "circular.period"));
    return change_values(cx, plan, change, values);
}

RULE_GUARD_OF(rule_each_entry_explained, "each-entry-explained", "", each_entry_explained);
RULE_EFFECT_OF(rule_explanation_signed, "explanation-signed", explanation_signed);
RULE_EFFECT_GIVING(rule_correction_appended, "correction-appended", correction_appended,
                   "heading period");

const struct rule *const rules_circular[] = {&rule_each_entry_explained, &rule_explanation_signed,
                                             &rule_correction_appended, NULL};
