/* What data/procedures/enforcement-review-filing and enforcement-review cannot say: which kind of
 * review is which, where each is asked for, what can be done against its ruling. */
#include "procedure/enforcement_review.h"

#include "procedure/enforcement_named.h"
#include "procedure/rules.h"

#define LONGER "-longer"

/* LAW: 执行案件立案、结案意见（法发〔2014〕26号）8-11, from memory: types of the numbers. */
static const struct kind {
    const char *term;
    const char *said;        /* who writes his own says so */
    const char *type;        /* of its case number */
    const char *application; /* what the ruling calls it */
    const char *cited;
} KINDS[] = {
    {"conduct", "objection", "执异", "执行行为异议",
     "《中华人民共和国民事诉讼法》第二百三十六条、《最高人民法院关于人民法院办理执行异议和复议案件若"
     "干问题的规定》第十七条"},
    {"claim", "objection", "执异", "对执行标的的异议",
     "《中华人民共和国民事诉讼法》第二百三十八条"},
    {"reconsideration", "reconsideration", "执复", "复议申请",
     "《中华人民共和国民事诉讼法》第二百三十六条、《最高人民法院关于人民法院办理执行异议和复议案件若"
     "干问题的规定》第二十三条"},
    {"supervision", "supervision", "执监", "执行监督申请",
     "《最高人民法院关于人民法院执行工作若干问题的规定（试行）》第七十一条"},
    {"award", "non-enforcement", "执异", "不予执行仲裁裁决、调解书申请",
     "《中华人民共和国民事诉讼法》第二百四十八条"},
    {"award-outsider", "non-enforcement", "执异", "不予执行仲裁裁决、调解书申请",
     "《最高人民法院关于人民法院办理仲裁裁决执行案件若干问题的规定》第十八条"},
    {"notarised", "non-enforcement", "执异", "不予执行公证债权文书申请",
     "《中华人民共和国民事诉讼法》第二百四十九条"},
};

/* By its term, longer or not; NULL: none. */
static const struct kind *kind_of(Str term)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        size_t n = strlen(KINDS[i].term);
        if (str_starts(term, KINDS[i].term) && (term.n == n || text_is(term.p + n, LONGER))) {
            return &KINDS[i];
        }
    }
    return NULL;
}

static Str term_of(const struct value *values)
{
    return value_as_str(value_at(values, "review-limit.term"));
}

/* What a filing is docketed as: its form says so, or the court within its form. */
Str enforcement_review_term(const struct value *filing)
{
    static const char *const chosen[] = {"objection-kind", "non-enforcement-kind", "review-kind"};
    Str form = value_get_str(filing, "form-enforcement-review");
    for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++) {
        Str term = value_get_str(filing, chosen[i]);
        if (term.n > 0) {
            return term;
        }
    }
    return str_is(form, "67") ? STR("supervision") : STR("reconsideration");
}

const char *enforcement_review_type(const struct value *filing)
{
    const struct kind *kind = kind_of(enforcement_review_term(filing));
    return kind == NULL ? KINDS[0].type : kind->type;
}

/* --- asking --- */

/* LAW: objection-rules@2020 2; an objection goes to the court that enforces, reconsideration and
 * supervision to the one above the court that ruled. What is wrong there is the court's to tell. */
static enum status asked_at_right_court(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *original = value_at(ask->values, "parties-review.original");
    bool above = !value_is_empty(original);
    struct case_number number = {0};
    const struct court *here = court_by_code(ask->tables, ask->matter->court);
    Str text = above ? value_as_str(original) : enforcement_named(cx->arena, ask->values);
    if (!case_number_parse(cx->arena, text, &number) || here == NULL) {
        return OK;
    }
    const struct court *there = court_by_code(ask->tables, number.court);
    const struct court *right = there == NULL || !above ? there : court_parent(ask->tables, there);
    if (here->level == COURT_TRIBUNAL) {
        here = court_parent(ask->tables, here);
    }
    if (right != NULL && right != here) {
        ask_complain(cx, ask, rule, above ? "parties-review.original" : NULL,
                     arena_printf(cx->arena,
                                  above ? "%s的上一级法院是%s，复议、监督一般向它申请"
                                        : "%s是%s的案号，应当向它提出",
                                  above ? there->name.p : text.p, right->name.p));
    }
    return OK;
}

static enum status title_of_application(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct value *parties = value_get(change->clear, "parties");
    Str name = STR("");
    for (uint32_t i = value_count(parties); i > 0; i--) {
        const struct value *party = value_item(parties, i - 1);
        name =
            str_is(value_get_str(party, "role"), "plaintiff") ? value_get_str(party, "name") : name;
    }
    Str number = enforcement_named(cx->arena, change->clear);
    Str original = value_as_str(value_at(change->clear, "parties-review.original"));
    change->after->title =
        str_trim(cx->arena, str_printf(cx->arena, "%.*s 申请%s %.*s", STR_ARG(name),
                                       enforcement_application(change),
                                       STR_ARG(number.n > 0 ? number : original)));
    return OK;
}

/* --- docketing --- */

/* Who wrote his own application said what it is; only within that does the court choose. */
static enum status review_of_this_kind(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct kind *kind = kind_of(value_get_str(ask->values, "review-kind"));
    Str said = value_as_str(value_at(ask->values, "claim-enforcement-review.review"));
    if (kind != NULL && !str_is(said, kind->said)) {
        ask_complain(cx, ask, rule, "review-kind",
                     "与申请的种类不符：异议、复议、监督、不予执行各按各的类别立案");
    }
    return OK;
}

/* The application and the enforcement case know of each other: of a filing the case that it opened,
 * else the matter itself. Which one it is the court says: a number that the applicant wrote alone
 * links nothing. LAW: objection-rules@2020 2: those concerned are told. */
static enum status enter_in_enforcement(struct cx *cx, struct plan *plan)
{
    struct matter *application = plan->changes[plan->change_count - 1].after;
    struct change *enforcement = NULL;
    const char *title =
        arena_printf(cx->arena, "收到%s申请", enforcement_application(&plan->changes[0]));
    Str number = enforcement_entered(cx->arena, plan->changes[0].clear);
    TRY(enforcement_hears(cx, plan, number, "application", title, &enforcement));
    if (enforcement != NULL) {
        enforcement_link(cx->arena, application, enforcement->after);
    }
    return OK;
}

/* --- the review --- */

static enum status review_converted(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (str_ends(term_of(ask->values), LONGER)) {
        ask_complain(cx, ask, rule, "review-limit.term", "延长期限由院长、庭长办理");
    }
    return OK;
}

/* LAW: enforcement-interpretation@2020 8; award-enforcement-rules@2018 12 (from memory): once, of
 * the same kind; civil-procedure-law@2023 236, 238: objections are not extended. */
static enum status review_extended(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    Str before = term_of(ask->stands);
    Str now = term_of(ask->values);
    if (!str_ends(now, LONGER) || str_ends(before, LONGER) || kind_of(before) != kind_of(now)) {
        ask_complain(cx, ask, rule, "review-limit.term",
                     "只能把现在的类别延长一次；异议和执行监督没有延长的规定");
    }
    return OK;
}

static enum status result_of_this_kind(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    bool remanded = str_is(value_as_str(value_at(ask->values, "review-ruling.result")), "remanded");
    const struct kind *kind = kind_of(term_of(ask->values));
    if (remanded && kind != NULL && !text_is(kind->term, "reconsideration")) {
        ask_complain(cx, ask, rule, "review-ruling.result", "只有复议案件可以发回重新审查");
    }
    return OK;
}

#define FINAL "本裁定送达后即发生法律效力。"

static Str ask_above(struct arena *arena, const struct plan *plan, const char *what)
{
    const struct court *court = court_by_code(plan->tables, plan->changes[0].after->court);
    const struct court *above = court == NULL ? NULL : court_parent(plan->tables, court);
    return str_printf(arena, "如不服本裁定，可以自%s裁定送达之日起十日内，向%s申请复议。", what,
                      above == NULL ? "上一级人民法院" : above->name.p);
}

/* LAW: civil-procedure-law@2023 236, 238, 248, 249; civil-procedure-interpretation@2022 302, 476;
 * award-enforcement-rules@2018 22; notarised-enforcement-rules@2018 20 (both from memory). */
static Str remedy_of(struct arena *arena, const struct plan *plan, const struct kind *kind,
                     Str result)
{
    bool rejected = str_is(result, "rejected");
    if (str_is(result, "ended")) {
        return STR(FINAL);
    }
    if (text_is(kind->term, "conduct") || text_is(kind->term, "award-outsider") ||
        (text_is(kind->term, "notarised") && rejected)) {
        return ask_above(arena, plan, "本");
    }
    if (text_is(kind->term, "claim")) {
        return STR(
            "案外人、当事人对本裁定不服，认为原判决、裁定错误的，依照审判监督程序办理；与原判决、"
            "裁定无关的，可以自本裁定送达之日起十五日内向本院提起诉讼。");
    }
    if (text_is(kind->term, "award") && !rejected) {
        return STR(
            "当事人可以根据双方达成的书面仲裁协议重新申请仲裁，也可以向人民法院起诉。" FINAL);
    }
    return text_is(kind->term, "notarised")
               ? STR("当事人可以就公证债权文书涉及的民事权利义务争议向人民法院提起诉讼。" FINAL)
               : STR(FINAL);
}

static enum status review_remedy(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct kind *kind = kind_of(term_of(change->clear));
    struct value *inputs = change_inputs(cx, change);
    if (kind == NULL) {
        return FAIL(cx, E_BUG, "bug", "review of no kind");
    }
    value_set_text(cx->arena, inputs, "application", kind->application);
    value_set_text(cx->arena, inputs, "cited", kind->cited);
    value_set_str(cx->arena, inputs, "remedy",
                  remedy_of(cx->arena, plan, kind,
                            value_as_str(value_at(change->clear, "review-ruling.result"))));
    return OK;
}

/* LAW: objection-rules@2020 2 */
static enum status refusal_remedy(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const char *application = enforcement_application(change);
    struct value *inputs = change_inputs(cx, change);
    bool first = !text_is(application, "执行复议") && !text_is(application, "执行监督");
    value_set_str(cx->arena, inputs, "application", str_printf(cx->arena, "%s申请", application));
    value_set_str(cx->arena, inputs, "remedy",
                  first ? ask_above(cx->arena, plan, "本") : STR(FINAL));
    return OK;
}

/* How it ended stands in the enforcement case too; its judge and parties are told. */
static enum status tell_enforcement(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct change *enforcement = NULL;
    const struct kind *kind = kind_of(term_of(change->clear));
    const char *application = kind == NULL ? enforcement_application(change) : kind->application;
    for (uint32_t i = 0; i < change->after->link_count; i++) {
        if (str_is(change->after->links[i].rel, "within")) {
            return enforcement_hears(
                cx, plan, change->after->links[i].case_number, "application-decided",
                arena_printf(cx->arena, "%s：%s", application, change->title), &enforcement);
        }
    }
    return OK;
}

RULE_GUARD_OF(rule_right_court, "asked-at-right-court", "objection-rules@2020 2",
              asked_at_right_court);
RULE_GUARD_OF(rule_of_kind, "review-of-this-kind", "objection-rules@2020 2", review_of_this_kind);
RULE_GUARD_OF(rule_converted, "review-converted", "", review_converted);
RULE_GUARD_OF(rule_extended, "review-extended", "enforcement-interpretation@2020 8",
              review_extended);
RULE_GUARD_OF(rule_result, "result-of-this-kind", "objection-rules@2020 23", result_of_this_kind);
RULE_EFFECT_OF(rule_title, "title-of-application", title_of_application);
RULE_EFFECT_OF(rule_enter, "enter-in-enforcement", enter_in_enforcement);
RULE_EFFECT_OF(rule_tell, "tell-enforcement", tell_enforcement);
RULE_EFFECT_GIVING(rule_remedy, "review-remedy", review_remedy, "application cited remedy");
RULE_EFFECT_GIVING(rule_refusal, "refusal-remedy", refusal_remedy, "application remedy");

const struct rule *const rules_enforcement_review[] = {
    &rule_right_court, &rule_of_kind, &rule_converted, &rule_extended, &rule_result, &rule_title,
    &rule_enter,       &rule_tell,    &rule_remedy,    &rule_refusal,  NULL,
};
