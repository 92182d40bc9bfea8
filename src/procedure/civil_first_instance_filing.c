/* What data/procedures/civil-first-instance-filing cannot say. */
#include "base/money.h"
#include "flow/element_form.h"
#include "law/jurisdiction.h"
#include "procedure/filing.h"
#include "procedure/rules.h"

static const struct value *party_at(const struct value *values, uint32_t index)
{
    return value_item(value_get(values, "parties"), index);
}

static uint32_t party_count(const struct value *values)
{
    return value_count(value_get(values, "parties"));
}

bool filing_has_role(const struct value *values, const char *role)
{
    for (uint32_t i = 0; i < party_count(values); i++) {
        const struct value *party = party_at(values, i);
        if (str_is(value_get_str(party, "role"), role) && value_get_str(party, "name").n > 0) {
            return true;
        }
    }
    return false;
}

/* --- hard: without these there is nothing a court could take --- */

static enum status filer_verified(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (!ask->actor->verified && ask->actor->post.n == 0) {
        ask_complain(cx, ask, rule, NULL,
                     "提交前请先完成实名核验；不方便的，可以到任何一家法院的窗口核验");
    }
    return OK;
}

static enum status plaintiff_named(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (!filing_has_role(ask->values, "plaintiff")) {
        ask_complain(cx, ask, rule, "parties", "请填写至少一名原告");
    }
    return OK;
}

static enum status defendant_named(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (!filing_has_role(ask->values, "defendant")) {
        ask_complain(cx, ask, rule, "parties", "请填写至少一名被告");
    }
    return OK;
}

static enum status one_request(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct element_form *form = element_form_asked(ask->procedure, ask->tables, ask->values);
    bool common = form != NULL || str_is(procedure_kind(ask->procedure, ask->values), "civil");
    if (common && value_count(value_at(ask->values, "claim.requests")) == 0) {
        ask_complain(cx, ask, rule, form == NULL ? "claim.requests" : form->claim->element,
                     "请写明至少一项诉讼请求");
    }
    return OK;
}

static enum status undertakings_given(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *given = value_get(ask->values, "undertakings");
    if (!value_get_bool(given, "truth")) {
        ask_complain(cx, ask, rule, "undertakings.truth", "请读完并承诺材料真实后再提交");
    }
    return OK;
}

/* LAW: civil-procedure-law@2023 122: a direct interest; who files for another shows his capacity.
 */
static enum status filer_stands(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    Str capacity = value_as_str(value_at(ask->values, "filer.capacity"));
    if (capacity.n > 0 && !str_is(capacity, "party")) {
        return OK;
    }
    for (uint32_t i = 0; i < party_count(ask->values); i++) {
        const struct value *party = party_at(ask->values, i);
        if (str_is(value_get_str(party, "role"), "plaintiff") &&
            (str_same(value_get_str(party, "name"), ask->actor->name) ||
             str_same(value_get_str(party, "operator"), ask->actor->name))) {
            return OK;
        }
    }
    if (party_count(ask->values) == 0) { /* that parties are missing is said by the form */
        return OK;
    }
    ask_complain(
        cx, ask, rule, "filer.capacity",
        arena_printf(
            cx->arena,
            "%s里没有您本人。替别人办理的，请把“办理人”改为代理人、法定代理人或者法定代表人",
            procedure_role_title(ask->procedure, STR("plaintiff"), ask->values)));
    return OK;
}

/* --- soft: the court must take it, but the filer should know --- */

static enum status defendant_identity(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    for (uint32_t i = 0; i < party_count(ask->values); i++) {
        const struct value *party = party_at(ask->values, i);
        bool known =
            !value_is_empty(value_get(party, "identity")) || value_get_str(party, "code").n > 0 ||
            !value_is_empty(value_get(party, "address")) || value_get_str(party, "phone").n > 0;
        if (str_is(value_get_str(party, "role"), "defendant") && !known) {
            ask_complain(
                cx, ask, rule, arena_printf(cx->arena, "parties.%u", i),
                arena_printf(cx->arena, "%s没有证件、住址或者电话，法院可能找不到人，会要求您补正",
                             procedure_role_title(ask->procedure, STR("defendant"), ask->values)));
        }
    }
    return OK;
}

/* LAW: civil-procedure-law@2023 62 */
static enum status agent_authorised(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    bool agent = str_is(value_as_str(value_at(ask->values, "filer.capacity")), "agent");
    bool authority = false;
    for (uint32_t i = 0; i < party_count(ask->values); i++) {
        const struct value *party = party_at(ask->values, i);
        agent = agent || (str_is(value_get_str(party, "role"), "plaintiff") &&
                          value_count(value_get(party, "agents")) > 0);
    }
    for (uint32_t i = 0; i < ask->matter->material_count; i++) {
        const struct material *m = &ask->matter->materials[i];
        authority = authority || (str_is(m->kind, "authority") && m->removed == 0);
    }
    if (agent && !authority) {
        ask_complain(cx, ask, rule, "materials.authority",
                     "有代理人但没有上传授权委托书等委托手续");
    }
    return OK;
}

/* The division of an address: said, or read from the text it begins with. */
static Str division_of(const struct law_tables *tables, const struct value *address)
{
    Str said = value_get_str(address, "division");
    if (said.n > 0) {
        return said;
    }
    Str text = value_is_text(address) ? value_as_str(address) : value_get_str(address, "detail");
    const struct division *division = text.n == 0 ? NULL : division_of_address(tables, text);
    return division == NULL ? STR("") : division->code;
}

static int divisions_of_role(struct cx *cx, const struct ask *ask, const char *role, Str **out)
{
    Str *divisions = arena_array(cx->arena, Str, party_count(ask->values));
    int count = 0;
    for (uint32_t i = 0; i < party_count(ask->values); i++) {
        const struct value *party = party_at(ask->values, i);
        if (str_is(value_get_str(party, "role"), role)) {
            /* Habitual residence goes before domicile. LAW: civil-procedure-law@2023 22 */
            Str lives = division_of(ask->tables, value_get(party, "residence"));
            divisions[count++] =
                lives.n > 0 ? lives : division_of(ask->tables, value_get(party, "address"));
        }
    }
    *out = divisions;
    return count;
}

static void venue_question(struct cx *cx, const struct ask *ask, struct jurisdiction_ask *out)
{
    Str *plaintiffs = NULL;
    Str *defendants = NULL;
    Str place = division_of(ask->tables, value_at(ask->values, "claim.place-of-performance"));
    *out = (struct jurisdiction_ask){
        .cause = value_get_str(ask->values, "cause"),
        .has_amount = value_as_int(value_at(ask->values, "claim.amount")) > 0,
        .amount = value_as_int(value_at(ask->values, "claim.amount")),
        .money_claim = value_as_int(value_at(ask->values, "claim.amount")) > 0,
    };
    out->plaintiff_count = divisions_of_role(cx, ask, "plaintiff", &plaintiffs);
    out->defendant_count = divisions_of_role(cx, ask, "defendant", &defendants);
    out->plaintiffs = plaintiffs;
    out->defendants = defendants;
    for (int i = 0; i < PLACE_COUNT; i++) {
        out->places[i] =
            i == PLACE_PERFORMANCE || i == PLACE_TORT || i == PLACE_IMMOVABLE ? place : STR("");
    }
}

enum status filing_venue(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct jurisdiction_ask question;
    struct jurisdiction_answer answer;
    venue_question(cx, ask, &question);
    jurisdiction_find(cx->arena, ask->tables, &question, &answer);
    if (jurisdiction_fits(ask->tables, &answer, ask->matter->court) == FIT_NO) {
        const struct jurisdiction_candidate *first = &answer.candidates[0];
        ask_complain(cx, ask, rule, "court",
                     arena_printf(cx->arena, "本院可能没有管辖权。%s：%s", first->reason,
                                  first->court->name.p));
    }
    return OK;
}

/* The form says an amount in dispute: it is what the requests add up to. */
static enum status amount_agrees(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct element_form *form = element_form_asked(ask->procedure, ask->tables, ask->values);
    const struct value *claim = value_get(ask->values, "claim");
    Money added = value_get_int(claim, "added");
    if (form != NULL && value_get(claim, "form") != NULL &&
        added != value_get_int(claim, "amount")) {
        ask_complain(
            cx, ask, rule, arena_printf(cx->arena, "%s.%s", form->claim->element, form->total),
            arena_printf(cx->arena, "标的总额与各项请求相加的%s元不一致，案件受理费按标的总额计算",
                         money_format(cx->arena, added).p));
    }
    return OK;
}

/* What was left to the program and it could not work out, or where more is asked than follows. */
static enum status claim_counted(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct element_form *form = element_form_asked(ask->procedure, ask->tables, ask->values);
    const struct value *sheets = element_form_sheets(cx->arena, value_get(ask->values, "claim"));
    const char *section = form == NULL ? "" : form->claim->element;
    for (uint32_t i = 0; form != NULL && i < value_count(sheets); i++) {
        const struct value *sheet = value_item(sheets, i);
        const struct value *more = value_get(sheet, "more");
        if (value_get(sheet, "total") == NULL) {
            ask_complain(cx, ask, rule,
                         arena_printf(cx->arena, "%s.%s", section, value_get_str(sheet, "asked").p),
                         value_as_str(value_item(value_get(sheet, "notices"), 0)).p);
        }
        for (uint32_t k = 0; k < value_count(more); k++) {
            const struct value *one = value_item(more, k);
            ask_complain(cx, ask, rule,
                         arena_printf(cx->arena, "%s.%s", section, value_get_str(one, "field").p),
                         arena_printf(cx->arena, "填写的数额多于按所填数据算出的%s元",
                                      money_format(cx->arena, value_get_int(one, "counted")).p));
        }
    }
    return OK;
}

/* The same of the interest, whose sheet is the claim's own. */
static enum status interest_computed(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct element_form *form = element_form_asked(ask->procedure, ask->tables, ask->values);
    const struct value *claim = value_get(ask->values, "claim");
    const char *section = form == NULL ? "" : form->claim->element;
    const struct value *more = value_item(value_get(claim, "more"), 0);
    if (form == NULL || value_get(claim, "form") == NULL) {
        return OK;
    }
    if (value_get(claim, "fault") != NULL) {
        ask_complain(cx, ask, rule, arena_printf(cx->arena, "%s.interest-periods", section),
                     "利息算不出来：请核对计息时段的先后、起止日期、合同日期和利率");
    } else if (more != NULL) {
        ask_complain(cx, ask, rule,
                     arena_printf(cx->arena, "%s.%s", section, value_get_str(more, "field").p),
                     arena_printf(cx->arena, "填写的利息多于按所填利率和时段算出的%s元",
                                  money_format(cx->arena, value_get_int(more, "counted")).p));
    }
    return OK;
}

/* --- effects of submitting --- */

static Str first_name(struct arena *arena, const struct value *values, const char *role)
{
    Str name = STR("");
    uint32_t count = 0;
    for (uint32_t i = 0; i < party_count(values); i++) {
        const struct value *party = party_at(values, i);
        if (str_is(value_get_str(party, "role"), role) && count++ == 0) {
            name = value_get_str(party, "name");
        }
    }
    return count > 1 ? str_printf(arena, "%.*s等", STR_ARG(name)) : name;
}

static enum status title_from_parties(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct cause *cause = cause_find(plan->tables, value_get_str(change->clear, "cause"));
    Str plaintiff = first_name(cx->arena, change->clear, "plaintiff");
    Str defendant = first_name(cx->arena, change->clear, "defendant");
    change->after->title =
        str_printf(cx->arena, "%.*s 诉 %.*s %.*s", STR_ARG(plaintiff), STR_ARG(defendant),
                   STR_ARG(cause == NULL ? str_of(change->procedure->title) : cause->name));
    return OK;
}

/* The party the filer stands for: the one he names by number, else the first plaintiff. */
static int64_t party_stood_for(const struct value *values)
{
    int64_t named = value_as_int(value_at(values, "filer.plaintiff"));
    if (named >= 1 && named <= (int64_t)party_count(values)) {
        return named;
    }
    for (uint32_t i = 0; i < party_count(values); i++) {
        if (str_is(value_get_str(party_at(values, i), "role"), "plaintiff")) {
            return (int64_t)i + 1;
        }
    }
    return 1;
}

static void attach_owner(struct cx *cx, struct plan *plan, struct change *change)
{
    struct matter *m = change->after;
    bool agent = str_is(value_as_str(value_at(change->clear, "filer.capacity")), "agent");
    Str role = agent ? STR("litigation-agent") : STR("plaintiff");
    int64_t party = party_stood_for(change->clear);
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        struct attachment *a = &m->attachments[i];
        if (a->person == m->owner && a->until == 0) {
            if (str_same(a->role, role) && a->party == party) {
                return;
            }
            a->until = plan->now; /* the capacity was corrected */
        }
    }
    struct attachment *a = matter_add_attachment(cx->arena, m);
    a->person = m->owner;
    a->role = role;
    a->party = party;
    a->how = STR("began");
    a->authority = agent ? STR("general") : STR("");
    a->since = plan->now;
}

/* Parties as rows: for search, for related cases, for who stands for whom. */
static enum status enter_parties(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct matter *m = change->after;
    m->party_count = 0;
    for (uint32_t i = 0; i < party_count(change->clear); i++) {
        const struct value *party = party_at(change->clear, i);
        Str number = value_get_str(value_get(party, "identity"), "number");
        if (number.n == 0) {
            number = value_get_str(party, "code");
        }
        struct party *row = matter_add_party(cx->arena, m);
        row->role = value_get_str(party, "role");
        row->kind = value_get_str(party, "kind");
        row->name = value_get_str(party, "name");
        if (number.n > 0) {
            row->identity_blind = plan_blind(plan, number);
        }
    }
    if (!change->procedure->collaborated) { /* else it is a clerk who handed it over */
        attach_owner(cx, plan, change);
    }
    return OK;
}

/* --- predicates --- */

static bool cause_has_element_form(const struct ask *ask)
{
    const struct cause *cause = cause_find(ask->tables, value_get_str(ask->values, "cause"));
    return cause != NULL && cause->form_no.n > 0;
}

static bool element_style(const struct ask *ask)
{
    return element_form_asked(ask->procedure, ask->tables, ask->values) != NULL;
}

static bool free_style(const struct ask *ask)
{
    return !element_style(ask);
}

/* The claim in the common words: where no element form asks for it, and where it was stated so
 * before the form was begun. */
static bool common_claim(const struct ask *ask)
{
    const struct element_form *form = element_form_asked(ask->procedure, ask->tables, ask->values);
    return form == NULL || element_form_waits(form, ask->values);
}

RULE_PREDICATE_OF(rule_element_style, "element-style", element_style);
RULE_PREDICATE_OF(rule_common_claim, "common-claim", common_claim);
RULE_GUARD_OF(rule_filer_verified, "filer-verified", "online-litigation-rules@2021 7",
              filer_verified);
RULE_GUARD_OF(rule_plaintiff_named, "plaintiff-named", "civil-procedure-law@2023 122",
              plaintiff_named);
RULE_GUARD_OF(rule_defendant_named, "defendant-named", "civil-procedure-law@2023 122",
              defendant_named);
RULE_GUARD_OF(rule_one_request, "one-request", "civil-procedure-law@2023 122", one_request);
RULE_GUARD_OF(rule_undertakings, "undertakings-given", "civil-procedure-law@2023 13",
              undertakings_given);
RULE_GUARD_OF(rule_stands, "filer-stands", "civil-procedure-law@2023 122", filer_stands);
RULE_GUARD_OF(rule_defendant_identity, "defendant-identity",
              "civil-procedure-interpretation@2022 209", defendant_identity);
RULE_GUARD_OF(rule_venue, "venue-plausible", "civil-procedure-law@2023 22", filing_venue);
RULE_GUARD_OF(rule_agent_authorised, "agent-authorised", "civil-procedure-law@2023 62",
              agent_authorised);
RULE_GUARD_OF(rule_amount_agrees, "amount-agrees", "litigation-fee-measures@2007 13",
              amount_agrees);
RULE_GUARD_OF(rule_interest_computed, "interest-computed", "private-lending-rules@2020 25",
              interest_computed);
RULE_GUARD_OF(rule_claim_counted, "claim-counted", "platform@2026 claim-counted", claim_counted);
RULE_EFFECT_OF(rule_title, "title-from-parties", title_from_parties);
RULE_EFFECT_OF(rule_enter, "enter-parties", enter_parties);
RULE_PREDICATE_OF(rule_has_form, "cause-has-element-form", cause_has_element_form);
RULE_PREDICATE_OF(rule_free_style, "free-style", free_style);

const struct rule *const rules_civil_first_instance_filing[] = {
    &rule_filer_verified,
    &rule_plaintiff_named,
    &rule_defendant_named,
    &rule_one_request,
    &rule_undertakings,
    &rule_stands,
    &rule_defendant_identity,
    &rule_agent_authorised,
    &rule_venue,
    &rule_title,
    &rule_enter,
    &rule_has_form,
    &rule_free_style,
    &rule_element_style,
    &rule_common_claim,
    &rule_amount_agrees,
    &rule_interest_computed,
    &rule_claim_counted,
    NULL,
};
