/* What data/procedures/civil-first-instance cannot say. */
#include "flow/counsel.h"
#include "procedure/rules.h"

/* Whom the court may enter as a party: his account is verified, and not one of a court, which
 * decides here and is asked nothing. */
static enum status entered_person(struct cx *cx, const struct plan *plan, const char *field,
                                  Str login, struct person **out)
{
    TRY(plan_person(cx, plan, login, out));
    if (*out == NULL || (*out)->verified.n == 0) {
        (void)cx_error(cx, field, "unverified", "没有这个账号，或者还没有核验身份");
        return FAIL(cx, E_INPUT, "fields", "no verified person of that login");
    }
    if (str_is((*out)->kind, "staff")) {
        (void)cx_error(cx, field, "staff-account",
                       "这是法院工作人员的工作账号，不能登记为当事人。请填写当事人自己的账号");
        return FAIL(cx, E_INPUT, "fields", "an account of staff is no party");
    }
    return OK;
}

/* A defendant joins when the court enters him: until then he learns nothing here. The party must be
 * a defendant of this case. */
static enum status attach_defendant(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct value *appearance = value_get(change->clear, "appearance");
    int64_t n = value_get_int(appearance, "party");
    struct person *person = NULL;
    TRY(entered_person(cx, plan, "appearance.login", value_get_str(appearance, "login"), &person));
    const struct matter *m = change->after;
    bool defendant =
        n >= 1 && n <= (int64_t)m->party_count && str_is(m->parties[n - 1].role, "defendant");
    if (!defendant) {
        (void)cx_error(cx, "appearance.party", "not-defendant", "这一名当事人不是被告");
        return FAIL(cx, E_INPUT, "fields", "party %d is no defendant", (int)n);
    }
    struct attachment *a = matter_add_attachment(cx->arena, change->after);
    a->person = person->id;
    a->role = STR("defendant");
    a->party = n;
    a->how = STR("court");
    a->authority = STR("");
    a->since = plan->now;
    return OK;
}

/* What the entered name is of: of an organisation for which the account's holder acts, told by the
 * code of it, or of a person. The code begins with who registers, and as what: 92 is a sole trader.
 */
static enum status kind_of_entered(struct cx *cx, const struct plan *plan,
                                   const struct person *person, Str name, Str *out)
{
    Str code = STR("");
    TRY(plan_organisation(cx, plan, person->id, name, &code));
    *out = code.n == 0              ? STR("natural-person")
           : str_starts(code, "92") ? STR("individual-business")
                                    : STR("legal-person");
    return OK;
}

/* A third party that nobody named when suing becomes a party by being entered.
 * LAW: administrative-litigation-law@2017 29 */
static int64_t third_party(struct arena *arena, struct matter *m, Str name, Str kind)
{
    for (uint32_t i = 0; i < m->party_count; i++) {
        if (str_is(m->parties[i].role, "third-party") && str_same(m->parties[i].name, name)) {
            return m->parties[i].n;
        }
    }
    struct party *party = matter_add_party(arena, m);
    party->role = STR("third-party");
    party->kind = kind;
    party->name = name;
    return party->n;
}

static enum status attach_third_party(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct value *entered = value_get(change->clear, "third-party-entered");
    struct person *person = NULL;
    TRY(entered_person(cx, plan, "third-party-entered.login", value_get_str(entered, "login"),
                       &person));
    Str name = value_get_str(entered, "name");
    Str kind = STR("");
    TRY(kind_of_entered(cx, plan, person, name, &kind));
    int64_t n = third_party(cx->arena, change->after, name, kind);
    struct attachment *a = matter_add_attachment(cx->arena, change->after);
    a->person = person->id;
    a->role = STR("third-party");
    a->party = n;
    a->how = STR("court");
    a->authority = STR("");
    a->since = plan->now;
    return OK;
}

static const struct clock_rule *clock_rule_of(const struct procedure *procedure, Str name)
{
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        if (str_is(name, procedure->clocks[i].name)) {
            return &procedure->clocks[i];
        }
    }
    return NULL;
}

/* The limit for deciding runs from docketing, whatever the case is converted to and however often
 * it is extended: running clocks whose length the values say are counted anew from their start.
 * LAW: civil-procedure-interpretation@2022 258 */
static enum status recount_trial(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    for (uint32_t i = 0; i < change->after->clock_count; i++) {
        struct clock_row *clock = &change->after->clocks[i];
        const struct clock_rule *rule = clock_rule_of(change->procedure, clock->name);
        bool said = rule != NULL && (rule->limit_from != NULL || rule->limit_by != NULL);
        if (said && clock->stopped == 0) {
            TRY(clock_measure(cx, plan, change, rule, clock));
        }
    }
    return OK;
}

RULE_EFFECT_OF(rule_recount_trial, "recount-trial", recount_trial);
RULE_EFFECT_OF(rule_attach_defendant, "attach-defendant", attach_defendant);
RULE_EFFECT_OF(rule_attach_third_party, "attach-third-party", attach_third_party);

const struct rule *const rules_civil_first_instance[] = {
    &rule_attach_defendant, &rule_attach_third_party, &rule_recount_trial, NULL};
