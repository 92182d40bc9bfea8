/* What data/procedures/enforcement-request cannot say: what the law grants at most, and that
 * whoever is granted a share, a guarantee or a first refusal joins the enforcement case. */
#include "base/date.h"
#include "procedure/enforcement_named.h"
#include "procedure/rules.h"

/* The number of the form; of whoever wrote his own, that of what he asks for. */
static Str form_of(const struct value *values)
{
    Str form = value_get_str(values, "form-enforcement-request");
    return str_is(form, "free") ? value_as_str(value_at(values, "claim-enforcement-request.what"))
                                : form;
}

/* Do both days stand, the second more than `months` behind the first? */
static bool is_longer(Str from, Str to, int months)
{
    Date first = DATE_NONE;
    Date last = DATE_NONE;
    return date_parse(from, &first) && date_parse(to, &last) &&
           last > date_add_months(first, months);
}

/* Trips for work last as long as the creditor agrees. LAW: goodwill-enforcement-opinions@2019 17,
 * as the official form has it */
static bool is_for_work(const struct value *values)
{
    return str_is(value_as_str(value_at(values, "travel-request.reason")), "work");
}

/* Said to whoever asks; the court decides. */
static enum status request_within_law(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *travel = value_get(ask->values, "travel-request");
    const struct value *guarantee = value_get(ask->values, "guarantee-facts");
    const struct value *share = value_get(ask->values, "distribution-request");
    Str form = form_of(ask->values);
    if (str_is(form, "61") && !is_for_work(ask->values) &&
        is_longer(value_get_str(travel, "relief-from"), value_get_str(travel, "relief-to"), 1)) {
        ask_complain(cx, ask, rule, "travel-request.relief-to", "暂时解除的期限最长不超过一个月");
    }
    if (str_is(form, "63") &&
        is_longer(value_get_str(guarantee, "stay-from"), value_get_str(guarantee, "stay-to"), 12)) {
        ask_complain(cx, ask, rule, "guarantee-facts.stay-to", "暂缓执行的期限最长不超过一年");
    }
    if (str_is(form, "62") && value_get(share, "titled") != NULL &&
        !value_get_bool(share, "titled") && !value_get_bool(share, "priority")) {
        ask_complain(cx, ask, rule, "distribution-request.titled",
                     "已经取得执行依据，或者对财产有优先权的，才能参与分配");
    }
    return OK;
}

/* Whoever is granted what he asks for reads the enforcement case from then on: its own court alone
 * lets him in. */
static enum status entered_is_of_court(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct case_number number = {0};
    const struct court *here = court_by_code(ask->tables, ask->matter->court);
    if (!case_number_parse(cx->arena, enforcement_named(cx->arena, ask->values), &number)) {
        return OK; /* the form says so */
    }
    if (here != NULL && here->level == COURT_TRIBUNAL) {
        here = court_parent(ask->tables, here);
    }
    if (here == NULL || court_by_code(ask->tables, number.court) != here) {
        ask_complain(cx, ask, rule, "enforcement-entered.case",
                     "不是本院的执行案件，由办理它的法院受理");
    }
    return OK;
}

/* LAW: civil-procedure-law@2023 242; civil-procedure-interpretation@2022 467 */
static enum status grant_within_law(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *grant = value_get(ask->values, "request-grant");
    Str from = value_get_str(grant, "from");
    Str to = value_get_str(grant, "to");
    Str form = form_of(ask->values);
    bool timed = str_is(form, "61") || str_is(form, "63");
    if (timed && (from.n == 0 || to.n == 0)) {
        ask_complain(cx, ask, rule, from.n == 0 ? "request-grant.from" : "request-grant.to",
                     "请填写从哪一天到哪一天");
    }
    if (str_is(form, "61") && !is_for_work(ask->values) && is_longer(from, to, 1)) {
        ask_complain(cx, ask, rule, "request-grant.to", "暂时解除的期限最长不超过一个月");
    }
    if (str_is(form, "63") && is_longer(from, to, 12)) {
        ask_complain(cx, ask, rule, "request-grant.to", "暂缓执行的期限最长不超过一年");
    }
    if (str_is(form, "63") && !value_get_bool(grant, "consent")) {
        ask_complain(cx, ask, rule, "request-grant.consent", "执行担保应当经申请执行人同意");
    }
    return OK;
}

/* LAW: civil-procedure-law@2023 242; civil-procedure-interpretation@2022 467, 506;
 * goodwill-enforcement-opinions@2019 17; online-judicial-auction-rules@2016 19 (both from memory).
 */
static enum status request_cited(struct cx *cx, struct plan *plan)
{
    static const struct {
        const char *form;
        const char *cited;
    } laws[] = {
        {"61", "《最高人民法院关于在执行工作中进一步强化善意文明执行理念的意见》第十七条"},
        {"62", "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第五百零六条"},
        {"63",
         "《中华人民共和国民事诉讼法》第二百四十二条、《最高人民法院关于适用〈中华人民共和国民事"
         "诉讼法〉的解释》第四百六十七条"},
        {"64", "《最高人民法院关于人民法院网络司法拍卖若干问题的规定》第十九条"},
    };
    struct change *change = &plan->changes[0];
    struct value *inputs = change_inputs(cx, change);
    Str number = enforcement_named(cx->arena, change->clear);
    value_set_text(cx->arena, inputs, "application", enforcement_application(change));
    if (number.n > 0) {
        value_set_str(cx->arena, inputs, "enforcement", number);
    }
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        if (str_is(form_of(change->clear), laws[i].form)) {
            value_set_text(cx->arena, inputs, "cited", laws[i].cited);
        }
    }
    return OK;
}

static bool is_attached(const struct matter *m, Id person)
{
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        if (m->attachments[i].person == person && m->attachments[i].until == 0) {
            return true;
        }
    }
    return false;
}

/* Whoever asked, as third parties of the enforcement case. An agent of theirs does not come along:
 * in that case an agent acts for the creditor. */
static void applicants_join(struct cx *cx, const struct plan *plan, const struct matter *request,
                            struct matter *enforcement)
{
    for (uint32_t i = 0; i < request->attachment_count; i++) {
        const struct attachment *from = &request->attachments[i];
        bool applicant = str_is(from->role, "plaintiff") && from->until == 0 && from->party >= 1 &&
                         from->party <= (int64_t)request->party_count;
        if (!applicant || is_attached(enforcement, from->person)) {
            continue;
        }
        struct party *party = matter_add_party(cx->arena, enforcement);
        int64_t n = party->n;
        *party = request->parties[from->party - 1];
        party->n = n;
        party->role = STR("third-party");
        struct attachment *joined = matter_add_attachment(cx->arena, enforcement);
        joined->person = from->person;
        joined->role = STR("third-party");
        joined->party = (int64_t)enforcement->party_count;
        joined->how = STR("court");
        joined->authority = STR("");
        joined->since = plan->now;
    }
}

/* A share of the proceeds, a guarantee, a first refusal make one concerned; a trip does not. */
static enum status join_enforcement(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct change *enforcement = NULL;
    const char *title = arena_printf(cx->arena, "%s：准许", enforcement_application(change));
    TRY(enforcement_hears(cx, plan, enforcement_entered(cx->arena, change->clear),
                          "application-decided", title, &enforcement));
    if (enforcement != NULL && !str_is(form_of(change->clear), "61")) {
        applicants_join(cx, plan, change->after, enforcement->after);
    }
    return OK;
}

RULE_GUARD_OF(rule_within, "request-within-law", "civil-procedure-interpretation@2022 467",
              request_within_law);
RULE_GUARD_OF(rule_entered, "entered-is-of-court", "", entered_is_of_court);
RULE_GUARD_OF(rule_grant, "grant-within-law", "civil-procedure-interpretation@2022 467",
              grant_within_law);
RULE_EFFECT_GIVING(rule_cited, "request-cited", request_cited, "application cited enforcement");
RULE_EFFECT_OF(rule_join, "join-enforcement", join_enforcement);

const struct rule *const rules_enforcement_request[] = {&rule_within, &rule_entered, &rule_grant,
                                                        &rule_cited,  &rule_join,    NULL};
