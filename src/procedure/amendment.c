/* The court corrects what a filing was entered as: cause, amount, roles, the procedure it is likely
 * to be heard in. Both values stay in the event; the fee and the jurisdiction are counted anew. */
#include <inttypes.h>

#include "procedure/filing.h"
#include "procedure/rules.h"

static const struct value *amendment_of(const struct value *values)
{
    return value_get(values, "amendment");
}

static const char *trial_title(Str procedure)
{
    return str_is(procedure, "small-claims") ? "小额诉讼程序"
           : str_is(procedure, "summary")    ? "简易程序"
           : str_is(procedure, "ordinary")   ? "普通程序"
                                             : "还没有选";
}

/* --- the values as they will be --- */

static struct value *with_roles(struct arena *arena, const struct value *parties,
                                const struct value *roles)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(parties); i++) {
        struct value *party = value_merge(arena, value_item(parties, i), NULL);
        for (uint32_t k = 0; k < value_count(roles); k++) {
            const struct value *said = value_item(roles, k);
            if (value_get_int(said, "party") == (int64_t)i + 1) {
                value_set(arena, party, "role", value_get(said, "role"));
            }
        }
        value_add(arena, list, party);
    }
    return list;
}

/* The amendment itself does not stay among the values: it is in the event. */
static struct value *amended(struct arena *arena, const struct value *values)
{
    const struct value *said = amendment_of(values);
    struct value *after = value_merge(arena, values, NULL);
    const struct value *roles = value_get(said, "roles");
    value_remove(after, "amendment");
    if (value_get_str(said, "cause").n > 0) {
        value_set(arena, after, "cause", value_get(said, "cause"));
    }
    if (!value_is_null(value_get(said, "amount"))) {
        struct value *claim = value_merge(arena, value_get(values, "claim"), NULL);
        value_set(arena, claim, "amount", value_get(said, "amount"));
        value_set(arena, after, "claim", claim);
    }
    if (value_count(roles) > 0) {
        value_set(arena, after, "parties", with_roles(arena, value_get(values, "parties"), roles));
    }
    if (value_get_str(said, "trial-procedure").n > 0) {
        struct value *docketing = value_merge(arena, value_get(values, "docketing"), NULL);
        value_set(arena, docketing, "trial-procedure", value_get(said, "trial-procedure"));
        value_set(arena, after, "docketing", docketing);
    }
    return after;
}

/* --- before --- */

static bool roles_hold(struct cx *cx, struct ask *ask, const struct rule *rule,
                       const struct value *after)
{
    const struct value *roles = value_get(amendment_of(ask->values), "roles");
    int64_t count = value_count(value_get(ask->values, "parties"));
    for (uint32_t i = 0; i < value_count(roles); i++) {
        if (value_get_int(value_item(roles, i), "party") > count) {
            ask_complain(cx, ask, rule, arena_printf(cx->arena, "amendment.roles.%u.party", i),
                         arena_printf(cx->arena, "当事人只有%" PRId64 "名", count));
            return false;
        }
    }
    if (!filing_has_role(after, "plaintiff") || !filing_has_role(after, "defendant")) {
        ask_complain(cx, ask, rule, "amendment.roles", "更正后要有原告，也要有被告");
        return false;
    }
    return true;
}

static enum status amendment_holds(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *after = amended(cx->arena, ask->values);
    struct value *before = value_merge(cx->arena, ask->values, NULL);
    value_remove(before, "amendment");
    if (roles_hold(cx, ask, rule, after) && value_same(before, after)) {
        ask_complain(cx, ask, rule, "amendment", "填写的和原来的一样，没有要更正的");
    }
    return OK;
}

/* The question of jurisdiction, asked of the corrected values. */
static enum status amended_venue(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct ask as = *ask;
    as.values = amended(cx->arena, ask->values);
    TRY(filing_venue(cx, &as, rule));
    ask->complaints = as.complaints;
    return OK;
}

/* --- doing it --- */

static void say(struct arena *arena, struct value *list, const char *field, Str title, Str was,
                Str becomes)
{
    if (str_same(was, becomes)) {
        return;
    }
    struct value *row = value_map(arena);
    value_set_text(arena, row, "field", field);
    value_set_str(arena, row, "title", title);
    value_set_str(arena, row, "was", was);
    value_set_str(arena, row, "becomes", becomes);
    value_add(arena, list, row);
}

static Str cause_name(const struct law_tables *tables, const struct value *values)
{
    Str code = value_get_str(values, "cause");
    const struct cause *cause = cause_find(tables, code);
    return cause == NULL ? code : cause->name;
}

static Str yuan(struct arena *arena, Money amount)
{
    return str_printf(arena, "%s元", money_format(arena, amount).p);
}

static const char *role_title(const struct procedure *procedure, Str role)
{
    const struct field *parties =
        field_find(procedure->elements, procedure->element_count, STR("parties"));
    const struct field *roles =
        parties == NULL ? NULL : field_find(parties->fields, parties->field_count, STR("role"));
    for (uint32_t i = 0; roles != NULL && i < roles->option_count; i++) {
        if (str_is(role, roles->options[i].value)) {
            return roles->options[i].title;
        }
    }
    return role.p;
}

static void say_roles(struct arena *arena, struct value *list, const struct procedure *procedure,
                      const struct value *before, const struct value *after)
{
    const struct value *were = value_get(before, "parties");
    const struct value *are = value_get(after, "parties");
    for (uint32_t i = 0; i < value_count(were); i++) {
        Str name = value_get_str(value_item(were, i), "name");
        say(arena, list, arena_printf(arena, "parties.%u.role", i),
            str_printf(arena, "%s的诉讼地位", name.p),
            str_of(role_title(procedure, value_get_str(value_item(were, i), "role"))),
            str_of(role_title(procedure, value_get_str(value_item(are, i), "role"))));
    }
}

/* What docketing will cost, told when the correction changes it. */
static enum status say_fee(struct cx *cx, struct value *list, const struct plan *plan,
                           const struct value *before, const struct value *after)
{
    struct fee_answer was;
    struct fee_answer becomes;
    const struct procedure *procedure = plan->changes[0].procedure;
    Str court = plan->changes[0].after->court;
    TRY(docketing_fee(cx, plan->tables, procedure, court, before, &was));
    TRY(docketing_fee(cx, plan->tables, procedure, court, after, &becomes));
    say(cx->arena, list, "fee", STR("立案后应交的案件受理费"), yuan(cx->arena, was.fee),
        yuan(cx->arena, becomes.fee));
    return OK;
}

static enum status amend_values(struct cx *cx, struct plan *plan)
{
    struct arena *arena = cx->arena;
    struct change *change = &plan->changes[0];
    const struct value *before = change->clear;
    struct value *after = amended(arena, before);
    struct value *list = value_list(arena);
    Str reason = value_get_str(amendment_of(before), "reason");
    say(arena, list, "cause", STR("案由"), cause_name(plan->tables, before),
        cause_name(plan->tables, after));
    say(arena, list, "claim.amount", STR("诉讼标的额"),
        yuan(arena, value_as_int(value_at(before, "claim.amount"))),
        yuan(arena, value_as_int(value_at(after, "claim.amount"))));
    say_roles(arena, list, change->procedure, before, after);
    say(arena, list, "docketing.trial-procedure", STR("适用程序"),
        str_of(trial_title(value_as_str(value_at(before, "docketing.trial-procedure")))),
        str_of(trial_title(value_as_str(value_at(after, "docketing.trial-procedure")))));
    TRY(say_fee(cx, list, plan, before, after));
    change->extra = value_merge(arena, change->extra, NULL);
    value_set(arena, change->extra, "amended", list);
    value_set_str(arena, change->extra, "reason", reason);
    value_set(arena, change_inputs(cx, change), "amended", list);
    value_set_str(arena, change_inputs(cx, change), "amendment-reason", reason);
    return change_values(cx, plan, change, after);
}

RULE_GUARD_OF(rule_amendment_holds, "amendment-holds", "", amendment_holds);
RULE_GUARD_OF(rule_amended_venue, "amended-venue", "civil-procedure-law@2023 22", amended_venue);
RULE_EFFECT_GIVING(rule_amend, "amend-values", amend_values, "amended amendment-reason");

const struct rule *const rules_amendment[] = {
    &rule_amendment_holds,
    &rule_amended_venue,
    &rule_amend,
    NULL,
};
