/* What filings of all kinds cannot say, at the court itself and across domains: data/envelopes/
 * court-filing, data/procedures/cross-domain-filing. */
#include <inttypes.h>

#include "flow/by_hand.h"
#include "procedure/rules.h"

/* --- guards --- */

static bool has_role(const struct value *values, const char *role)
{
    const struct value *parties = value_get(values, "parties");
    for (uint32_t i = 0; i < value_count(parties); i++) {
        if (str_is(value_get_str(value_item(parties, i), "role"), role)) {
            return true;
        }
    }
    return false;
}

static enum status both_sides_named(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    static const char *const roles[] = {"plaintiff", "defendant"};
    for (size_t i = 0; i < 2; i++) {
        if (!has_role(ask->values, roles[i])) {
            ask_complain(
                cx, ask, rule, "parties",
                arena_printf(cx->arena, "请填写至少一名%s",
                             procedure_role_title(ask->procedure, str_of(roles[i]), ask->values)));
        }
    }
    return OK;
}

/* Whoever cannot write may say it; it is taken down, read back and signed.
 * LAW: civil-procedure-law@2023 123; filing-registration-rules@2015 3 */
static enum status oral_read_back(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *oral = value_get(ask->values, "oral-complaint");
    if (!value_get_bool(oral, "taken")) {
        return OK;
    }
    if (!value_get_bool(oral, "read-back")) {
        ask_complain(cx, ask, rule, "oral-complaint.read-back",
                     "口头陈述要读给本人听，本人认为没有差错后再签名");
    }
    if (!by_hand_is_signed(ask->matter, value_get(oral, "signed"))) {
        ask_complain(cx, ask, rule, "oral-complaint.signed",
                     "请本人手写签名，或者选择签名、手印的照片");
    }
    return OK;
}

/* A filing has no other contents than those of its kind: nothing else can be put right. */
static enum status correction_of_this_kind(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct act *resubmit = procedure_act(ask->procedure, STR("resubmit"));
    const struct value *items = value_at(ask->values, "handover-correction.items");
    for (uint32_t i = 0; i < value_count(items); i++) {
        Str item = value_get_str(value_item(items, i), "item");
        bool has = false;
        for (uint32_t k = 0; k < resubmit->form_count; k++) {
            has = has || (str_is(item, resubmit->form[k]->name) &&
                          condition_holds(&resubmit->form_when[k], ask->values));
        }
        for (uint32_t k = 0; k < resubmit->material_count; k++) {
            const struct material_rule *material = &resubmit->materials[k];
            has = has || (str_is(item, arena_printf(cx->arena, "materials.%s", material->kind)) &&
                          condition_holds(&material->when, ask->values));
        }
        if (!has) {
            ask_complain(cx, ask, rule,
                         arena_printf(cx->arena, "handover-correction.items.%" PRIu32 ".item", i),
                         "这一类立案没有这项内容，请另选");
        }
    }
    return OK;
}

/* --- effects --- */

static Str first_name(struct arena *arena, const struct value *values, const char *role)
{
    const struct value *parties = value_get(values, "parties");
    Str name = STR("");
    uint32_t count = 0;
    for (uint32_t i = 0; i < value_count(parties); i++) {
        const struct value *party = value_item(parties, i);
        if (str_is(value_get_str(party, "role"), role) && count++ == 0) {
            name = value_get_str(party, "name");
        }
    }
    return count > 1 ? str_printf(arena, "%.*s等", STR_ARG(name)) : name;
}

static enum status title_of_kind(struct cx *cx, struct plan *plan)
{
    static const struct {
        const char *kind;
        const char *verb;
        const char *what; /* NULL: the cause */
    } kinds[] = {{"civil", "诉", NULL},
                 {"administrative", "诉", "行政纠纷"},
                 {"private-prosecution", "控告", "刑事自诉"},
                 {"state-compensation", "申请", "国家赔偿"},
                 {"enforcement", "申请执行", ""},
                 {"civil-retrial", "与", NULL}};
    struct change *change = &plan->changes[0];
    const struct cause *cause = cause_find(plan->tables, value_get_str(change->clear, "cause"));
    Str plaintiff = first_name(cx->arena, change->clear, "plaintiff");
    Str defendant = first_name(cx->arena, change->clear, "defendant");
    Str kind = procedure_kind(change->procedure, change->clear);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (str_is(kind, kinds[i].kind)) {
            const char *what = kinds[i].what != NULL ? kinds[i].what
                               : cause == NULL       ? ""
                                                     : cause->name.p;
            change->after->title =
                str_trim(cx->arena, str_printf(cx->arena, "%.*s %s %.*s %s%s", STR_ARG(plaintiff),
                                               kinds[i].verb, STR_ARG(defendant), what,
                                               str_is(kind, "civil-retrial") ? "申请再审" : ""));
        }
    }
    return OK;
}

/* --- predicates --- */

static bool in_writing(const struct ask *ask)
{
    return !value_get_bool(value_get(ask->values, "oral-complaint"), "taken");
}

RULE_GUARD_OF(rule_both_sides, "both-sides-named", "civil-procedure-law@2023 122",
              both_sides_named);
RULE_GUARD_OF(rule_oral, "oral-read-back", "civil-procedure-law@2023 123", oral_read_back);
RULE_GUARD_OF(rule_correction_kind, "correction-of-this-kind", "", correction_of_this_kind);
RULE_EFFECT_OF(rule_title_of_kind, "title-of-kind", title_of_kind);
RULE_PREDICATE_OF(rule_in_writing, "in-writing", in_writing);

const struct rule *const rules_cross_domain_filing[] = {
    &rule_both_sides,    &rule_oral,       &rule_correction_kind,
    &rule_title_of_kind, &rule_in_writing, NULL,
};
