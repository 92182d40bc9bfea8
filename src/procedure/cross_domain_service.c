/* What the five services about a case that there is already have of their own; the envelope is
 * data/envelopes/cross-domain-request. They name the case by its number, whether or not it is in
 * this database: what cannot be known here is a warning, and the court that has the case decides.
 */
#include <inttypes.h>

#include "base/json.h"
#include "law/case_number.h"
#include "law/working.h"
#include "procedure/rules.h"

/* --- soft: the window should know, the jurisdiction court decides --- */

/* Files move up and down with appeals, so that another court's number is no mistake by itself. */
static enum status case_of_court(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct case_number number = {0};
    Str text = value_as_str(value_at(ask->values, "case.number"));
    if (!case_number_parse(cx->arena, text, &number) ||
        str_same(number.court, ask->matter->court)) {
        return OK;
    }
    const struct court *court = court_by_code(ask->tables, number.court);
    const struct court *chosen = court_by_code(ask->tables, ask->matter->court);
    const char *why =
        court == NULL
            ? arena_printf(cx->arena, "名录里没有“%s”这个法院代字，请核对案号", number.court.p)
            : arena_printf(cx->arena, "这是%s的案号，所选的管辖法院是%s。案卷没有移送的，请改选%s",
                           court->name.p, chosen == NULL ? "" : chosen->name.p, court->name.p);
    ask_complain(cx, ask, rule, "case.number", why);
    return OK;
}

/* LAW: civil-procedure-law@2023 62 */
static enum status applicant_authorised(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    bool agent = str_is(value_as_str(value_at(ask->values, "visitor.capacity")), "agent");
    bool authority = false;
    for (uint32_t i = 0; i < ask->matter->material_count; i++) {
        const struct material *m = &ask->matter->materials[i];
        authority = authority || (str_is(m->kind, "authority") && m->removed == 0);
    }
    if (agent && !authority) {
        ask_complain(cx, ask, rule, "materials.authority",
                     "来办理的人是代理人，没有委托手续，管辖法院不能确认身份");
    }
    return OK;
}

static enum status in_evidence_period(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    Date last = DATE_NONE;
    Str said = value_as_str(value_at(ask->values, "evidence-request.period-ends"));
    if (date_parse(said, &last) && instant_date(ask->now) > last) {
        ask_complain(cx, ask, rule, "evidence-request.period-ends",
                     "举证期限已过。申请应当在举证期限届满前提出，是否准许由法院决定");
    }
    return OK;
}

static enum status hearing_ahead(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    Instant hearing = 0;
    Str said = value_as_str(value_at(ask->values, "adjournment-request.hearing"));
    if (instant_parse(said, &hearing) && ask->now >= hearing) {
        ask_complain(cx, ask, rule, "adjournment-request.hearing",
                     "原定的开庭时间已过。延期开庭应当在开庭前申请和决定");
    }
    return OK;
}

/* --- hard --- */

/* The second file of a case is never shown. */
static enum status main_file_only(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (!value_get_bool(value_get(ask->values, "reading-grant"), "main-file-only")) {
        ask_complain(cx, ask, rule, "reading-grant.main-file-only",
                     "请先检查可以查阅的材料，副卷不能提供查阅");
    }
    return OK;
}

/* Sheets of a PDF can be shown one by one, with the reader's name across them. */
static enum status case_file_shown(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    enum { SHOWN_BYTES_MAX = 30 << 20 };

    for (uint32_t i = 0; i < ask->matter->material_count; i++) {
        const struct material *m = &ask->matter->materials[i];
        bool is_file = str_is(m->kind, "case-file") && m->removed == 0;
        if (is_file && !str_is(m->type, "application/pdf")) {
            ask_complain(cx, ask, rule, "materials.case-file",
                         arena_printf(cx->arena, "“%s”不是PDF，请转成PDF再上传", m->name.p));
        } else if (is_file && m->size > SHOWN_BYTES_MAX) {
            ask_complain(cx, ask, rule, "materials.case-file",
                         arena_printf(cx->arena, "“%s”超过30MB，请分成几份上传", m->name.p));
        }
    }
    return OK;
}

static enum status copies_allowed(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    int64_t pages = value_as_int(value_at(ask->values, "reading-record.pages"));
    if (pages > 0 && !value_get_bool(value_get(ask->values, "reading-grant"), "copies")) {
        ask_complain(cx, ask, rule, "reading-record.pages", "管辖法院只同意查阅，没有同意复制");
    }
    return OK;
}

static enum status receiver_identified(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (!value_get_bool(value_get(ask->values, "pickup-identity"), "same-person")) {
        ask_complain(cx, ask, rule, "pickup-identity.same-person",
                     "请先看过证件原件，确认与申请人一致。不一致的，文书不能交付");
    }
    return OK;
}

/* --- effects --- */

static enum status enter_applicant(struct cx *cx, struct plan *plan)
{
    const struct change *change = &plan->changes[0];
    const struct value *visitor = value_get(change->clear, "visitor");
    Str number = value_get_str(value_get(visitor, "identity"), "number");
    change->after->party_count = 0;
    struct party *row = matter_add_party(cx->arena, change->after);
    row->role = STR("applicant");
    row->kind = STR("natural-person");
    row->name = value_get_str(visitor, "name");
    if (number.n > 0) {
        row->identity_blind = plan_blind(plan, number);
    }
    return OK;
}

static enum status title_of_request(struct cx *cx, struct plan *plan)
{
    const struct change *change = &plan->changes[0];
    Str name = value_as_str(value_at(change->clear, "visitor.name"));
    Str number = value_as_str(value_at(change->clear, "case.number"));
    change->after->title = str_printf(cx->arena, "%.*s %s %.*s", STR_ARG(name),
                                      change->procedure->title, STR_ARG(number));
    return OK;
}

/* The case is of the court that confirms, or of one of its tribunals: nobody else's is touched. */
static bool is_of_court(const struct law_tables *tables, const struct matter *found, Str code)
{
    const struct court *court = court_by_code(tables, found->court);
    if (court != NULL && court->level == COURT_TRIBUNAL) {
        court = court_parent(tables, court);
    }
    return court != NULL && str_same(court->code, code);
}

/* Once the applicant stands: the case, when it is in this database, and the request know of each
 * other. Not sooner: whoever hands in a number must not learn whether there is such a case. */
static enum status link_case(struct cx *cx, struct plan *plan)
{
    struct matter *m = plan->changes[0].after;
    struct matter *found = NULL;
    const struct procedure *procedure = NULL;
    TRY(plan_case(cx, plan, value_as_str(value_at(plan->changes[0].clear, "case.number")), &found,
                  &procedure));
    if (found == NULL || !is_of_court(plan->tables, found, m->court)) {
        return OK;
    }
    struct change *change = plan_change(cx, plan, procedure, found);
    change->clear = change->after->values;
    change->act = "request";
    change->title = "收到跨域申请";
    struct link_row *forth = matter_add_link(cx->arena, m);
    forth->other = found->id;
    forth->rel = STR("about");
    struct link_row *back = matter_add_link(cx->arena, change->after);
    back->other = m->id;
    back->rel = STR("request");
    return OK;
}

static enum status copy_fee(struct cx *cx, struct plan *plan)
{
    const struct change *change = &plan->changes[0];
    const struct value *record = value_get(change->clear, "reading-record");
    int64_t pages = value_get_int(record, "pages");
    Money price = value_get_int(record, "page-price");
    struct working working;
    if (pages == 0 || price == 0) {
        return OK;
    }
    working_begin(&working, cx->arena);
    working_amount(&working,
                   arena_printf(cx->arena, "复制%" PRId64 "页，每页%s元", pages,
                                money_format(cx->arena, price).p),
                   "", pages * price);
    struct ledger_row *row = matter_add_ledger(cx->arena, change->after);
    row->kind = STR("copy-fee-due");
    row->amount = pages * price;
    row->working = json_write(cx->arena, working.lines);
    row->at = plan->now;
    return OK;
}

/* --- predicates --- */

static bool papers_released(const struct ask *ask)
{
    return !value_is_empty(value_get(ask->values, "pickup-release"));
}

RULE_GUARD_OF(rule_case, "case-of-court", "case-number-rules@2018 3", case_of_court);
RULE_GUARD_OF(rule_authorised, "applicant-authorised", "civil-procedure-law@2023 62",
              applicant_authorised);
RULE_GUARD_OF(rule_period, "in-evidence-period", "civil-procedure-interpretation@2022 94",
              in_evidence_period);
RULE_GUARD_OF(rule_hearing, "hearing-ahead", "civil-procedure-law@2023 149", hearing_ahead);
RULE_GUARD_OF(rule_main_file, "main-file-only", "", main_file_only);
RULE_GUARD_OF(rule_case_file, "case-file-shown", "", case_file_shown);
RULE_GUARD_OF(rule_copies, "copies-allowed", "", copies_allowed);
RULE_GUARD_OF(rule_receiver, "receiver-identified", "civil-procedure-law@2023 88",
              receiver_identified);
RULE_EFFECT_OF(rule_enter, "enter-applicant", enter_applicant);
RULE_EFFECT_OF(rule_title, "title-of-request", title_of_request);
RULE_EFFECT_OF(rule_link, "link-case", link_case);
RULE_EFFECT_OF(rule_copy_fee, "copy-fee", copy_fee);
RULE_PREDICATE_OF(rule_released, "papers-released", papers_released);

const struct rule *const rules_cross_domain_service[] = {
    &rule_case,     &rule_authorised, &rule_period,    &rule_hearing, &rule_main_file,
    &rule_copies,   &rule_receiver,   &rule_enter,     &rule_title,   &rule_link,
    &rule_copy_fee, &rule_released,   &rule_case_file, NULL,
};
