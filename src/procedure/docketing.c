/* Docketing: what a filing becomes. By the kind of filing and the level of the court it opens a
 * case of its own procedure, takes a number of its type and says what is to be paid. */
#include <inttypes.h>

#include "base/json.h"
#include "flow/element_form.h"
#include "flow/evidence.h"
#include "law/case_number.h"
#include "law/fee.h"
#include "law/reach.h"
#include "law/source.h"
#include "law/working.h"
#include "procedure/enforcement_named.h"
#include "procedure/enforcement_review.h"
#include "procedure/filing.h"
#include "procedure/rules.h"

/* What a kind of filing becomes, how long deciding it may take, and why nothing is paid now. */
struct docket {
    enum reach_kind kind; /* REACH_ANY: of no kind that is handed over from afar */
    const char *procedure;
    const char *served[5]; /* kinds of material that the other side is to read; NULL behind them */
    int64_t months;        /* 0: by the procedure it is heard in */
    const char *free_why, *free_law;
};

static const struct docket DOCKETS[] = {
    /* LAW: civil-procedure-law@2023 128; civil-evidence-provisions@2019 19 */
    {REACH_CIVIL, "civil-first-instance", {"complaint", "evidence"}, 0, NULL, NULL},
    /* LAW: administrative-litigation-law@2017 67 */
    {REACH_ADMINISTRATIVE,
     "administrative-first-instance",
     {"administrative-complaint", "challenged-act", "evidence"},
     0,
     NULL,
     NULL},
    /* LAW: criminal-procedure-law@2018 212 */
    {REACH_PRIVATE_PROSECUTION,
     "private-prosecution",
     {"private-complaint", "evidence"},
     6,
     "刑事自诉不交案件受理费，附带民事诉讼也不收取诉讼费",
     "criminal-procedure-interpretation@2021 199"},
    /* LAW: state-compensation-law@2012 23 */
    {REACH_STATE_COMPENSATION,
     "state-compensation",
     {"compensation-application", "prior-decision", "evidence"},
     2,
     "申请国家赔偿不收取任何费用",
     "state-compensation-law@2012 41"},
    /* The debtor is served a notice, not the application: where his property is found stands there.
     * LAW: enforcement-rules@2020 63; civil-procedure-law@2023 251 */
    {REACH_ENFORCEMENT,
     "enforcement",
     {"effective-document"},
     6,
     "申请执行费不预交，执行后按实际执行到位的金额收取，由被执行人负担",
     SOURCE(LAW_FEES, "20")},
    /* LAW: civil-procedure-law@2023 214, 215 */
    {REACH_CIVIL_RETRIAL,
     "civil-retrial-review",
     {"retrial-application", "original-judgment", "evidence"},
     3,
     "审查再审申请不收费；因新的证据，或者没有上诉而申请再审，法院决定再审的，再审时交纳",
     SOURCE(LAW_FEES, "9")},
    /* LAW: objection-rules@2020 2 */
    {REACH_ANY,
     "enforcement-review",
     {"review-application", "contested-document", "effective-document", "evidence"},
     0,
     "执行异议、复议、监督和申请不予执行不收费",
     SOURCE(LAW_FEES, "10")},
};

static const struct docket *docket_of(const struct procedure *procedure, const struct value *values)
{
    enum reach_kind kind = REACH_ANY;
    (void)reach_kind_parse(procedure_kind(procedure, values), &kind);
    for (size_t i = 0; i < sizeof DOCKETS / sizeof DOCKETS[0]; i++) {
        if (DOCKETS[i].kind == kind) {
            return &DOCKETS[i];
        }
    }
    return &DOCKETS[0];
}

/* State compensation: 委赔 where the committee hears it, 法赔 where the court itself is liable. */
static bool by_committee(const struct value *values)
{
    return str_is(value_as_str(value_at(values, "docketing-compensation.body")), "committee");
}

/* NULL where a court of that level opens none. */
static const char *case_type_of(const struct docket *docket, enum court_level level,
                                const struct value *values)
{
    if (docket->kind != REACH_ANY) {
        return reach_case_type(docket->kind, level, by_committee(values));
    }
    const char *code = enforcement_review_type(values);
    return case_type_allowed(case_type_find(str_of(code)), level) ? code : NULL;
}

/* A drill ends where a filing would become a case: no case, no number, nothing to pay. */
static bool is_drill(const struct value *values)
{
    return value_get_int(values, "drill") != 0;
}

/* A tribunal's cases are its court's. */
static const struct court *numbering_court(const struct law_tables *tables, Str code)
{
    const struct court *court = court_by_code(tables, code);
    return court != NULL && court->level == COURT_TRIBUNAL ? court_parent(tables, court) : court;
}

/* --- before docketing --- */

/* LAW: court-numbering - a number needs the court's published code; a tribunal uses its court's. */
static enum status court_has_code(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct court *court = numbering_court(ask->tables, ask->matter->court);
    if (court == NULL || !court->published) {
        ask_complain(cx, ask, rule, NULL,
                     "本院的法院代字没有公开，系统不能编案号。请管理员在法院名录里录入后再立案");
    }
    return OK;
}

static enum status court_opens_kind(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct court *court = numbering_court(ask->tables, ask->matter->court);
    bool committee = by_committee(ask->values);
    if (court != NULL &&
        case_type_of(docket_of(ask->procedure, ask->values), court->level, ask->values) == NULL) {
        ask_complain(cx, ask, rule, committee ? "docketing-compensation.body" : NULL,
                     committee
                         ? "基层人民法院没有赔偿委员会，请选择自行审查，或者告知向上一级法院提出"
                         : "这一级法院不立这类案件，请告知向有管辖权的法院提出");
    }
    return OK;
}

/* --- the case --- */

/* Longer ones are granted in the case itself. LAW: criminal-procedure-law@2018 208;
 * state-compensation-law@2012 28: three months for the detained, three before the committee. */
static int64_t months_of(const struct docket *docket, const struct value *filing)
{
    bool three = by_committee(filing) ||
                 value_get_bool(value_get(filing, "docketing-prosecution"), "detained");
    return three ? 3 : docket->months;
}

/* LAW: civil-procedure-law@2023 152, 164, 168: six, three and two months. */
static int64_t civil_months(Str procedure)
{
    if (str_is(procedure, "small-claims")) {
        return 2;
    }
    return str_is(procedure, "summary") ? 3 : 6;
}

static void told_copy(struct arena *arena, const struct value *from, const char *name,
                      struct value *to)
{
    if (value_get(from, name) != NULL) { /* what is null is not in an event */
        value_set(arena, to, name, value_get(from, name));
    }
}

static bool tells_of_parties(const struct form_section *section)
{
    for (uint32_t i = 0; i < section->row_count; i++) {
        if (section->rows[i].role[0] != '\0') {
            return true;
        }
    }
    return false;
}

/* What is claimed, for the defendants to answer: it stays with the case, whatever becomes of the
 * filing. Who the parties are does not go along: the case has them as rows. */
static void claim_copy(struct arena *arena, const struct plan *plan, struct value *values)
{
    static const char *const always[] = {"cause", "style", "claim"};
    const struct change *filing = &plan->changes[0];
    const struct element_form *form =
        element_form_asked(filing->procedure, plan->tables, filing->clear);
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        told_copy(arena, filing->clear, always[i], values);
    }
    for (uint32_t i = 0; form != NULL && i < form->section_count; i++) {
        told_copy(arena, filing->clear, form->sections[i]->element, values);
    }
}

/* Likewise of another kind, where a form was chosen; in words, the complaint alone says it. */
static void form_copy(struct arena *arena, const struct plan *plan, struct value *values)
{
    const struct change *filing = &plan->changes[0];
    const struct element_form *form =
        element_form_asked(filing->procedure, plan->tables, filing->clear);
    if (form == NULL) {
        return;
    }
    told_copy(arena, filing->clear, arena_printf(arena, FORM_CHOICE "%s", form->kind), values);
    told_copy(arena, filing->clear, "claim", values);
    for (uint32_t i = 0; i < form->section_count; i++) {
        if (!tells_of_parties(form->sections[i])) {
            told_copy(arena, filing->clear, form->sections[i]->element, values);
        }
    }
}

static bool is_served(const struct docket *docket, Str kind)
{
    const size_t most = sizeof docket->served / sizeof docket->served[0];
    for (size_t i = 0; i < most && docket->served[i] != NULL; i++) {
        if (str_is(kind, docket->served[i])) {
            return true;
        }
    }
    return false;
}

/* The complaint and its evidence, which each defendant is served with a copy of; proof of who
 * people are and what is to be done for whom stays with the filing. numbers[i]: which number the
 * case knows material i of the filing by; 0: it does not. */
static void materials_copy(struct cx *cx, const struct docket *docket, const struct matter *filing,
                           struct matter *opened, int64_t *numbers)
{
    for (uint32_t i = 0; i < filing->material_count; i++) {
        const struct material *m = &filing->materials[i];
        bool served = is_served(docket, m->kind);
        bool readable = str_is(m->status, "ready") || str_is(m->status, "unscanned");
        if (served && readable && m->removed == 0 && !material_is_unjoined(m)) {
            struct material *copy = matter_add_material(cx->arena, opened);
            int64_t n = copy->n;
            *copy = *m;
            copy->n = n;
            numbers[i] = n;
        }
    }
}

static int64_t number_in_case(const struct matter *filing, const int64_t *numbers, int64_t n)
{
    for (uint32_t i = 0; i < filing->material_count; i++) {
        if (filing->materials[i].n == n) {
            return numbers[i];
        }
    }
    return 0;
}

/* The evidence keeps its items, its order and its page numbers: what is added later comes behind.
 */
static void evidence_carry(struct cx *cx, const struct change *filing, const int64_t *numbers,
                           struct value *values)
{
    struct evidence evidence;
    const struct value *list = value_get(filing->clear, EVIDENCE_LIST);
    if (value_count(value_get(list, "items")) == 0) {
        return; /* each file is an item by itself, there as here */
    }
    evidence_read(cx->arena, list, filing->after, &evidence);
    for (uint32_t i = 0; i < evidence.page_count; i++) {
        struct evidence_page *page = &evidence.pages[i];
        page->material = number_in_case(filing->after, numbers, page->material);
    }
    value_set(cx->arena, values, EVIDENCE_LIST, evidence_value(cx->arena, &evidence));
}

/* What the case begins with: the procedure it is heard in, and how long that may take. */
static struct value *first_values(struct arena *arena, const struct docket *docket,
                                  const struct plan *plan)
{
    const struct value *filing = plan->changes[0].clear;
    struct value *values = value_map(arena);
    struct value *limit = value_map(arena);
    if (docket->kind == REACH_CIVIL) {
        Str procedure = value_as_str(value_at(filing, "docketing.trial-procedure"));
        value_set_str(arena, limit, "procedure", procedure);
        value_set_int(arena, limit, "months", civil_months(procedure));
        value_set(arena, values, "trial", limit);
        claim_copy(arena, plan, values);
    } else if (docket->kind == REACH_ADMINISTRATIVE) {
        value_set(arena, limit, "procedure",
                  value_at(filing, "docketing-administrative.trial-procedure"));
        value_set(arena, values, "administrative-trial", limit);
    } else if (docket->kind == REACH_ANY) {
        value_set_str(arena, limit, "term", enforcement_review_term(filing));
        value_set_text(arena, limit, "reason", "立案时的类别");
        value_set(arena, values, "review-limit", limit);
        Str named = enforcement_named(arena, filing);
        if (named.n > 0) {
            struct value *entered = value_map(arena);
            value_set_str(arena, entered, "case", named);
            value_set(arena, values, "enforcement-entered", entered);
        }
    } else {
        value_set_int(arena, limit, "months", months_of(docket, filing));
        value_set_text(arena, limit, "reason", "法定期限");
        value_set(arena, values, "time-limit", limit);
    }
    return values;
}

static void link_both(struct cx *cx, struct matter *a, struct matter *b)
{
    struct link_row *forth = matter_add_link(cx->arena, a);
    forth->other = b->id;
    forth->rel = STR("opened");
    struct link_row *back = matter_add_link(cx->arena, b);
    back->other = a->id;
    back->rel = STR("opened-by");
}

static enum status open_case(struct cx *cx, struct plan *plan)
{
    struct change *filing = &plan->changes[0];
    const struct docket *docket = docket_of(filing->procedure, filing->clear);
    const struct procedure *procedure =
        procedure_beside(plan->house->procedures, str_of(docket->procedure), filing->procedure);
    struct change *opened = NULL;
    if (is_drill(filing->clear)) {
        return OK;
    }
    if (procedure == NULL) {
        return FAIL(cx, E_BUG, "bug", "no procedure %s", docket->procedure);
    }
    TRY(plan_open(cx, plan, procedure, filing->after->court, filing->after->owner, &opened));
    struct matter *m = opened->after;
    struct value *values = first_values(cx->arena, docket, plan);
    if (procedure->kind[0] != '\0') { /* the case knows the forms of its kind */
        form_copy(cx->arena, plan, values);
    }
    int64_t *numbers = arena_array(cx->arena, int64_t, filing->after->material_count);
    materials_copy(cx, docket, filing->after, m, numbers);
    if (docket->kind == REACH_CIVIL) {
        evidence_carry(cx, filing, numbers, values);
    }
    TRY(change_values(cx, plan, opened, values));
    m->title = filing->after->title;
    m->arrived = filing->after->arrived;
    for (uint32_t i = 0; i < filing->after->party_count; i++) {
        *matter_add_party(cx->arena, m) = filing->after->parties[i];
    }
    for (uint32_t i = 0; i < filing->after->attachment_count; i++) {
        if (filing->after->attachments[i].until == 0) {
            *matter_add_attachment(cx->arena, m) = filing->after->attachments[i];
        }
    }
    opened->act = "open";
    opened->title = "立案";
    link_both(cx, filing->after, m);
    return OK;
}

/* --- its number --- */

static void number_got(struct cx *cx, struct plan *plan, int64_t serial)
{
    Str number = case_number_format(cx->arena, plan->number_year, plan->number_court, false,
                                    plan->number_type.p, serial);
    for (uint32_t i = 0; i < plan->change_count; i++) {
        if (i == 0 || plan->changes[i].before == NULL) { /* what was there has its own */
            plan->changes[i].after->case_number = number;
        }
    }
}

/* LAW: case-number-rules@2018 9-10; a tribunal's cases carry its court's code and counter. */
static enum status assign_case_number(struct cx *cx, struct plan *plan)
{
    const struct change *filing = &plan->changes[0];
    const struct court *court = numbering_court(plan->tables, filing->after->court);
    if (is_drill(filing->clear)) {
        return OK;
    }
    if (court == NULL) {
        return FAIL(cx, E_BUG, "bug", "court vanished");
    }
    const char *type =
        case_type_of(docket_of(filing->procedure, filing->clear), court->level, filing->clear);
    if (type == NULL) {
        return FAIL(cx, E_STATE, "case-level", "%s opens no such case", court->name.p);
    }
    plan_number(plan, court->code, date_split(instant_date(plan->now)).year, str_of(type),
                number_got);
    return OK;
}

/* --- what is to be paid --- */

static void fee_question(struct cx *cx, const struct law_tables *tables,
                         const struct procedure *procedure, Str code, const struct value *clear,
                         struct fee_ask *out)
{
    const struct court *court = court_by_code(tables, code);
    Str province = court == NULL ? STR("") : court_province(cx->arena, court);
    if (docket_of(procedure, clear)->kind == REACH_ADMINISTRATIVE) {
        const struct value *docketing = value_get(clear, "docketing-administrative");
        *out = (struct fee_ask){
            .kind = value_get_bool(docketing, "ip") ? FEE_ADMINISTRATIVE_IP : FEE_ADMINISTRATIVE,
            .province = province,
            .summary = str_is(value_get_str(docketing, "trial-procedure"), "summary"),
        };
        return;
    }
    Str trial = value_as_str(value_at(clear, "docketing.trial-procedure"));
    *out = (struct fee_ask){
        .kind = fee_kind_of_cause(value_get_str(clear, "cause"),
                                  value_as_int(value_at(clear, "claim.amount")) > 0),
        .has_amount = value_as_int(value_at(clear, "claim.amount")) > 0,
        .amount = value_as_int(value_at(clear, "claim.amount")),
        .province = province,
        .summary = str_is(trial, "summary") || str_is(trial, "small-claims"),
    };
}

enum status docketing_fee(struct cx *cx, const struct law_tables *tables,
                          const struct procedure *procedure, Str court, const struct value *clear,
                          struct fee_answer *out)
{
    struct fee_ask ask;
    fee_question(cx, tables, procedure, court, clear, &ask);
    return fee_compute(cx, tables, &ask, out);
}

static const char *trial_title(const struct value *clear)
{
    Str said = value_as_str(value_at(clear, "docketing.trial-procedure"));
    if (said.n == 0) {
        said = value_as_str(value_at(clear, "docketing-administrative.trial-procedure"));
    }
    return str_is(said, "small-claims") ? "小额诉讼程序"
           : str_is(said, "summary")    ? "简易程序"
                                        : "普通程序";
}

/* LAW: litigation-fee-measures@2007 8: where nothing but compensation by the organ is asked for. */
static bool is_compensation_alone(const struct change *filing)
{
    return docket_of(filing->procedure, filing->clear)->kind == REACH_ADMINISTRATIVE &&
           value_get_bool(value_get(filing->clear, "docketing-administrative"), "compensation");
}

/* Papers say why there is nothing to pay. */
static void nothing_due(struct cx *cx, const struct plan *plan, struct change *filing,
                        const char *why, const char *law)
{
    struct working working;
    struct value *inputs = change_inputs(cx, filing);
    struct ledger_row *row = matter_add_ledger(cx->arena, filing->after);
    working_begin(&working, cx->arena);
    working_amount(&working, why, law, 0);
    row->kind = STR("no-fee");
    row->working = json_write(cx->arena, working.lines);
    row->at = plan->now;
    value_set_int(cx->arena, inputs, "fee", 0);
    value_set_text(cx->arena, inputs, "fee-note", why);
    value_set(cx->arena, inputs, "working", working.lines);
}

static void say_fee(struct cx *cx, struct change *filing, const struct fee_answer *answer,
                    Money full, bool half, Date due)
{
    struct arena *arena = cx->arena;
    struct value *inputs = change_inputs(cx, filing);
    const char *title = trial_title(filing->clear);
    value_set_int(arena, inputs, "fee", answer->fee);
    value_set_text(arena, inputs, "fee-kind", "案件受理费");
    value_set_bool(arena, inputs, "half", half);
    if (half) {
        value_set_text(arena, inputs, "half-reason", arena_printf(arena, "适用%s", title));
        value_set_int(arena, inputs, "full-fee", full);
    }
    value_set(arena, inputs, "working", answer->working);
    value_set_str(arena, inputs, "fee-due", date_format(arena, due));
    value_set_str(arena, inputs, "payment-number",
                  str_printf(arena, "%" PRId64, filing->after->id % INT64_C(1000000000000)));
    value_set_text(arena, inputs, "trial-procedure", title);
}

/* LAW: litigation-fee-measures@2007 22: seven days from the day after the notice is served; by
 * electronic service that is the day the notice reaches the confirmed address. */
static enum status fee_due(struct cx *cx, struct plan *plan)
{
    struct change *filing = &plan->changes[0];
    struct fee_ask ask;
    struct fee_answer answer;
    struct fee_answer full;
    struct period_answer due;
    struct period_rule week = {
        .unit = PERIOD_DAYS, .length = 7, .count = PERIOD_LAW, .court = filing->after->court};
    const struct docket *docket = docket_of(filing->procedure, filing->clear);
    if (is_drill(filing->clear)) {
        return OK;
    }
    if (docket->free_why != NULL) {
        nothing_due(cx, plan, filing, docket->free_why, docket->free_law);
        return OK;
    }
    if (is_compensation_alone(filing)) {
        nothing_due(cx, plan, filing, "行政赔偿案件不交案件受理费", SOURCE(LAW_FEES, "8"));
        return OK;
    }
    fee_question(cx, plan->tables, filing->procedure, filing->after->court, filing->clear, &ask);
    TRY(fee_compute(cx, plan->tables, &ask, &answer));
    bool half = ask.summary;
    ask.summary = false;
    TRY(fee_compute(cx, plan->tables, &ask, &full));
    TRY(period_due(cx, plan->tables, &week, plan->now, &due));
    struct ledger_row *row = matter_add_ledger(cx->arena, filing->after);
    row->kind = STR("acceptance-fee-due");
    row->amount = answer.fee;
    row->working = json_write(cx->arena, answer.working);
    row->at = plan->now;
    say_fee(cx, filing, &answer, full.fee, half, due.day);
    return OK;
}

RULE_GUARD_OF(rule_court_code, "court-has-code", "case-number-rules@2018 4", court_has_code);
RULE_GUARD_OF(rule_opens_kind, "court-opens-kind", "case-number-rules@2018 7", court_opens_kind);
RULE_EFFECT_OF(rule_open_case, "open-case", open_case);
RULE_EFFECT_GIVING(rule_number, "assign-case-number", assign_case_number, "case-number");
RULE_EFFECT_GIVING(rule_fee_due, "fee-due", fee_due,
                   "fee fee-kind half working fee-due payment-number trial-procedure");

const struct rule *const rules_docketing[] = {
    &rule_court_code, &rule_opens_kind, &rule_open_case, &rule_number, &rule_fee_due, NULL,
};
