/* Is it asked for in time? A court takes what comes late - the other side may raise it, or there
 * was a reason - but whoever asks should know. */
#include "flow/element_form.h"
#include "law/period.h"
#include "law/source.h"
#include "procedure/rules.h"

/* A period that runs from a day that was said. */
struct term {
    const char *kind;
    const char *day;    /* path of the day it runs from */
    const char *only;   /* path of a yes-no: the term runs where it is answered yes; "" for none */
    const char *unless; /* path of a yes-no or a day: said, the term does not run; "" for none */
    enum period_unit unit;
    int64_t length;
    const char *law;
    const char *words; /* what runs, from when */
    const char *form;  /* only of this element form; NULL: of any */
};

#define REVIEWED "收到复议决定后三十日的申请期限"
#define DECIDED  "赔偿义务机关作出决定后三十日的申请期限"

/* LAW: state-compensation-law@2012 24, 25: against the decision of a court within thirty days of
 * the day when it was made; against one on review, of the day when it was received.
 * enforcement-supervision-opinions@2023 5; award-enforcement-rules@2018 8 (both from memory). */
static const struct term TERMS[] = {
    {"administrative", "claim-administrative.decision-on", "", "", PERIOD_DAYS, 15,
     SOURCE(LAW_ADMINISTRATIVE, "45"), "收到复议决定后十五日的起诉期限", NULL},
    {"administrative", "claim-administrative.known-on", "", "claim-administrative.reconsidered",
     PERIOD_MONTHS, 6, SOURCE(LAW_ADMINISTRATIVE, "46"), "知道行政行为后六个月的起诉期限", NULL},
    {"state-compensation", "claim-state-compensation.review-received-on", "", "", PERIOD_DAYS, 30,
     SOURCE(LAW_COMPENSATION, "25"), REVIEWED, NULL},
    {"state-compensation", "detention-compensation-facts.review-received-on", "", "", PERIOD_DAYS,
     30, SOURCE(LAW_COMPENSATION, "25"), REVIEWED, NULL},
    {"state-compensation", "custody-compensation-facts.review-received-on", "", "", PERIOD_DAYS, 30,
     SOURCE(LAW_COMPENSATION, "25"), REVIEWED, NULL},
    {"state-compensation", "claim-state-compensation.decided-on",
     "claim-state-compensation.organ-is-court", "claim-state-compensation.review-received-on",
     PERIOD_DAYS, 30, SOURCE(LAW_COMPENSATION, "24"), DECIDED, NULL},
    {"state-compensation", "parties-compensation.decided-on", "", "", PERIOD_DAYS, 30,
     SOURCE(LAW_COMPENSATION, "24"), DECIDED, NULL},
    {"state-compensation", "parties-compensation-enforcement.decided-on", "", "", PERIOD_DAYS, 30,
     SOURCE(LAW_COMPENSATION, "24"), DECIDED, NULL},
    {"enforcement", "claim-enforcement.perform-by", "", "", PERIOD_YEARS, 2,
     SOURCE(LAW_CIVIL_PROCEDURE, "250"), "履行期限最后一日起二年的申请执行期间", NULL},
    {"enforcement", "claim-enforcement.effective-on", "", "claim-enforcement.perform-by",
     PERIOD_YEARS, 2, SOURCE(LAW_CIVIL_PROCEDURE, "250"),
     "文书没有写履行期限的，生效起二年的申请执行期间", NULL},
    {"enforcement", "enforcement-basis.effective-on", "", "", PERIOD_YEARS, 2,
     SOURCE(LAW_CIVIL_PROCEDURE, "250"), "文书没有写履行期限的，生效起二年的申请执行期间", NULL},
    {"enforcement-review", "parties-review.served-on", "", "", PERIOD_DAYS, 10,
     SOURCE(LAW_CIVIL_PROCEDURE, "236"), "收到异议裁定后十日的申请复议期限", "66"},
    {"enforcement-review", "parties-review.served-on", "", "", PERIOD_MONTHS, 6,
     "enforcement-supervision-opinions@2023 5", "复议裁定生效后六个月的申请监督期限", "67"},
    {"enforcement-review", "non-enforcement-document.served-on", "", "", PERIOD_DAYS, 15,
     "award-enforcement-rules@2018 8", "收到执行通知书后十五日的申请不予执行期限", "68"},
};

static bool is_said(const struct value *values, const char *path)
{
    const struct value *v = path[0] == '\0' ? NULL : value_at(values, path);
    return !value_is_empty(v) && (v->kind != VALUE_BOOL || v->as.truth);
}

static enum status term_check(struct cx *cx, struct ask *ask, const struct rule *rule,
                              const struct term *term)
{
    Date day = DATE_NONE;
    struct period_answer due;
    struct period_rule period = {.unit = term->unit,
                                 .length = term->length,
                                 .count = PERIOD_LAW,
                                 .court = ask->matter->court,
                                 .law = term->law};
    if (!date_parse(value_as_str(value_at(ask->values, term->day)), &day) ||
        is_said(ask->values, term->unless) ||
        (term->only[0] != '\0' && !is_said(ask->values, term->only))) {
        return OK;
    }
    TRY(period_due_from(cx, ask->tables, &period, day, &due));
    if (instant_date(ask->now) > due.day) {
        ask_complain(cx, ask, rule, term->day,
                     arena_printf(cx->arena, "%s到%s届满。有正当理由的，请在事实与理由里写明",
                                  term->words, date_chinese(cx->arena, due.day).p));
    }
    return OK;
}

static enum status asked_in_time(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    Str kind = procedure_kind(ask->procedure, ask->values);
    const struct element_form *form = element_form_asked(ask->procedure, ask->tables, ask->values);
    for (size_t i = 0; i < sizeof TERMS / sizeof TERMS[0]; i++) {
        if (str_is(kind, TERMS[i].kind) &&
            (TERMS[i].form == NULL || (form != NULL && text_is(form->number, TERMS[i].form)))) {
            TRY(term_check(cx, ask, rule, &TERMS[i]));
        }
    }
    return OK;
}

RULE_GUARD_OF(rule_in_time, "asked-in-time", "filing-registration-rules@2015 2", asked_in_time);

const struct rule *const rules_filing_time[] = {&rule_in_time, NULL};
