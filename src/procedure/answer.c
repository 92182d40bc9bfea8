/* Serving the papers on each defendant, his answer to the claim row by row, and what is left for
 * the hearing. Between the acts only the values stand: `services`, a defendant each, and `answers`,
 * the last one of each; earlier ones are in their events. */
#include <inttypes.h>
#include <string.h>

#include "flow/alignment.h"
#include "flow/answer_period.h"
#include "law/source.h"
#include "procedure/claim_fee.h"
#include "procedure/rules.h"

static enum status no_defendant(struct cx *cx, const char *field, int64_t n)
{
    (void)cx_error(cx, field, "not-defendant", "这一名当事人不是被告");
    return FAIL(cx, E_INPUT, "fields", "party %" PRId64 " is no defendant", n);
}

/* A list of {"party",…} without the row of this party. */
static struct value *without(struct arena *arena, const struct value *list, int64_t party)
{
    struct value *rest = value_list(arena);
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (value_get_int(value_item(list, i), "party") != party) {
            value_add(arena, rest, value_item(list, i));
        }
    }
    return rest;
}

/* --- service --- */

static struct value *service_row(struct arena *arena, const struct value *services,
                                 const struct party *party)
{
    struct value *row = value_merge(arena, alignment_answer_of(services, party->n), NULL);
    value_set_int(arena, row, "party", party->n);
    value_set_str(arena, row, "name", party->name);
    return row;
}

/* LAW: civil-procedure-law@2023 128: a copy of the complaint for each defendant, with the notice to
 * respond. It carries a code of its own, by which he joins. */
static enum status serve_defendant(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    int64_t n = value_as_int(value_at(change->clear, "service.party"));
    const struct party *party = alignment_defendant(change->after, n);
    if (party == NULL) {
        return no_defendant(cx, "service.party", n);
    }
    struct value *after = value_merge(cx->arena, change->clear, NULL);
    const struct value *services = value_get(after, "services");
    struct value *row = service_row(cx->arena, services, party);
    struct value *list = without(cx->arena, services, n);
    value_set_str(cx->arena, row, "prepared", date_format(cx->arena, instant_date(plan->now)));
    value_add(cx->arena, list, row);
    value_set(cx->arena, after, "services", list);
    value_remove(after, "service");
    value_set_str(cx->arena, change_inputs(cx, change), "respondent", party->name);
    return change_values(cx, plan, change, after);
}

static enum status service_day_holds(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *said = value_get(ask->values, "service-record");
    Date day = DATE_NONE;
    if (date_parse(value_get_str(said, "day"), &day) && day > instant_date(ask->now)) {
        ask_complain(cx, ask, rule, "service-record.day", "送达日期不能在今天以后");
    }
    return OK;
}

static enum status service_after_filing(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *said = value_get(ask->values, "service-record");
    const struct value *row =
        alignment_answer_of(value_get(ask->values, "services"), value_get_int(said, "party"));
    Date day = DATE_NONE;
    Date prepared = instant_date(ask->matter->created);
    (void)date_parse(value_get_str(row, "prepared"), &prepared);
    if (date_parse(value_get_str(said, "day"), &day) && day < prepared) {
        ask_complain(cx, ask, rule, "service-record.day", "送达日期早于立案或者制作应诉材料的日期");
    }
    return OK;
}

/* LAW: civil-procedure-law@2023 128, 285: fifteen days from the day after service; thirty for who
 * has no domicile in the country. */
static enum status record_service(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct value *said = value_get(change->clear, "service-record");
    int64_t n = value_get_int(said, "party");
    const struct party *party = alignment_defendant(change->after, n);
    struct period_answer due;
    Date day = DATE_NONE;
    bool abroad = value_get_bool(said, "abroad");
    int64_t days = abroad ? ANSWER_DAYS_ABROAD : ANSWER_DAYS;
    if (party == NULL) {
        return no_defendant(cx, "service-record.party", n);
    }
    (void)date_parse(value_get_str(said, "day"), &day);
    TRY(answer_period_count(cx, plan->tables, change->after->court, day, days, &due));
    struct value *after = value_merge(cx->arena, change->clear, NULL);
    const struct value *services = value_get(after, "services");
    struct value *row = service_row(cx->arena, services, party);
    struct value *list = without(cx->arena, services, n);
    value_set(cx->arena, row, "way", value_get(said, "way"));
    value_set(cx->arena, row, "served", value_get(said, "day"));
    value_set_str(cx->arena, row, "due", date_format(cx->arena, due.day));
    value_set_int(cx->arena, row, "days", days);
    value_set_text(cx->arena, row, "law",
                   abroad ? SOURCE(LAW_CIVIL_PROCEDURE, "285")
                          : SOURCE(LAW_CIVIL_PROCEDURE, "128"));
    value_set(cx->arena, row, "working", due.working);
    if (alignment_answer_of(value_get(after, "answers"), n) == NULL) {
        answer_day_write(plan->script, change->after->id, n, due.day);
    }
    value_add(cx->arena, list, row);
    value_set(cx->arena, after, "services", list);
    value_remove(after, "service-record");
    return change_values(cx, plan, change, after);
}

/* --- whose answer it is --- */

/* The court enters an answer that came on paper: that of the defendant it names, or of the only
 * one. */
static struct alignment_side side_entered(const struct matter *m, int64_t named)
{
    struct alignment_side side = {0};
    for (uint32_t i = 0; i < m->party_count; i++) {
        int64_t n = m->parties[i].n;
        if (alignment_defendant(m, n) != NULL && (named == 0 || named == n)) {
            side.party = side.party == 0 ? n : -1;
        }
    }
    side.party = side.party > 0 ? side.party : 0;
    return side;
}

static struct alignment_side side_of(const struct matter *m, const struct actor *actor,
                                     const struct value *values)
{
    int64_t named = value_as_int(value_at(values, "answer.party"));
    struct alignment_side side = alignment_side_of(m, actor->person, named);
    return side.party == 0 && actor->post.n > 0 ? side_entered(m, named) : side;
}

static enum status answers_as_defendant(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    bool named = value_at(ask->values, "answer.party") != NULL;
    if (side_of(ask->matter, ask->actor, ask->values).party != 0 || (ask->early && !named)) {
        return OK;
    }
    if (ask->actor->post.n > 0) {
        ask_complain(cx, ask, rule, "answer.party", "请填写这是本案第几名当事人的答辩状，要是被告");
        return OK;
    }
    ask_complain(cx, ask, rule, "answer.party",
                 named ? "您不是这一名被告，也不是他的代理人，不能代他答辩"
                       : "您代理几名被告，请填写这份答辩状是代第几名当事人提交的");
    return OK;
}

/* --- what it says --- */

struct checking {
    struct cx *cx;
    struct ask *ask;
    const struct rule *rule;
    const struct value *claim;
    struct alignment_side who;
};

static const struct value *row_named(const struct value *list, Str name, uint32_t before)
{
    for (uint32_t i = 0; i < value_count(list) && i < before; i++) {
        if (str_same(value_get_str(value_item(list, i), "row"), name)) {
            return value_item(list, i);
        }
    }
    return NULL;
}

static void complain_at(const struct checking *c, uint32_t i, const char *name, const char *title)
{
    ask_complain(c->cx, c->ask, c->rule, arena_printf(c->cx->arena, "answer.rows.%u.%s", i, name),
                 title);
}

static bool is_material(const struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n && m->materials[i].removed == 0) {
            return true;
        }
    }
    return false;
}

/* "9-2", "9—2": the last page before the first. Any other words are the party's own. */
static bool is_backward(struct arena *arena, Str page)
{
    static const char *const dashes[] = {"-", "—", "–", "－", "至", "~"};
    for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; i++) {
        const char *at = strstr(page.p, dashes[i]);
        int64_t from = 0;
        int64_t to = 0;
        if (at == NULL) {
            continue;
        }
        size_t end = (size_t)(at - page.p);
        size_t begin = end + strlen(dashes[i]);
        return str_int(str_trim(arena, str_slice(arena, page, 0, end)), &from) &&
               str_int(str_trim(arena, str_slice(arena, page, begin, page.n)), &to) && to < from;
    }
    return false;
}

static bool is_said_before(const struct value *evidence, uint32_t k)
{
    for (uint32_t i = 0; i < k; i++) {
        if (value_same(value_item(evidence, i), value_item(evidence, k))) {
            return true;
        }
    }
    return false;
}

static void evidence_check(const struct checking *c, uint32_t i, const struct value *evidence)
{
    struct arena *arena = c->cx->arena;
    for (uint32_t k = 0; k < value_count(evidence); k++) {
        const struct value *one = value_item(evidence, k);
        const char *material = arena_printf(arena, "evidence.%u.material", k);
        if (!is_material(c->ask->matter, value_get_int(one, "material"))) {
            complain_at(c, i, material, "本案没有这一号材料，请先上传");
        } else if (is_said_before(evidence, k)) {
            complain_at(c, i, material, "这一处证据列了两次");
        }
        if (is_backward(arena, value_get_str(one, "page"))) {
            complain_at(c, i, arena_printf(arena, "evidence.%u.page", k),
                        "页码前后颠倒，请先写前面的一页");
        }
    }
}

/* LAW: civil-procedure-law@2023 62: to admit a claim an agent needs special authority. */
static void stance_check(const struct checking *c, uint32_t i, const struct value *row,
                         const struct value *said)
{
    Str stance = value_get_str(said, "stance");
    Str reason = value_get_str(said, "reason");
    bool claim = str_is(value_get_str(row, "part"), "claim");
    if (stance.n == 0 && (reason.n > 0 || value_count(value_get(said, "evidence")) > 0)) {
        complain_at(c, i, "stance", "请选择有没有异议");
    } else if ((str_is(stance, "deny") || str_is(stance, "partly")) && reason.n == 0) {
        complain_at(c, i, "reason", "请写明异议的内容和理由");
    } else if (claim && str_is(stance, "admit") && c->who.agent && !c->who.special) {
        complain_at(c, i, "stance", "承认诉讼请求要有当事人的特别授权，您是一般授权");
    }
}

static void choice_check(const struct checking *c, uint32_t i, const struct value *choose,
                         Str choice)
{
    bool found = choice.n == 0;
    for (uint32_t k = 0; k < value_count(choose); k++) {
        found = found || str_same(value_as_str(value_item(choose, k)), choice);
    }
    if (!found) {
        complain_at(c, i, "choice", "没有这个选项");
    }
}

static void row_check(const struct checking *c, const struct value *rows, uint32_t i)
{
    const struct value *said = value_item(rows, i);
    Str name = value_get_str(said, "row");
    const struct value *row = row_named(c->claim, name, UINT32_MAX);
    if (row == NULL) {
        complain_at(c, i, "row", "原告的诉讼请求和事实里没有这一项，请刷新后再答");
    } else if (row_named(rows, name, i) != NULL) {
        complain_at(c, i, "row", "这一项答了两次");
    } else {
        if (!value_get_bool(row, "own")) {
            stance_check(c, i, row, said);
        }
        choice_check(c, i, value_get(row, "choose"), value_get_str(said, "choice"));
        evidence_check(c, i, value_get(said, "evidence"));
    }
}

static struct value *claim_of(struct ask *ask, struct cx *cx)
{
    return alignment_claim(cx->arena, ask->procedure, ask->tables, ask->values, false);
}

static enum status answer_holds(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct checking c = {
        .cx = cx,
        .ask = ask,
        .rule = rule,
        .claim = claim_of(ask, cx),
        .who = side_of(ask->matter, ask->actor, ask->values),
    };
    const struct value *answer = value_get(ask->values, "answer");
    const struct value *rows = value_get(answer, "rows");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        row_check(&c, rows, i);
    }
    if (!ask->early && value_get_str(answer, "opinion").n == 0 &&
        value_count(alignment_answered(cx->arena, c.claim, rows)) == 0) {
        ask_complain(cx, ask, rule, "answer.rows", "请至少答一项，或者写明答辩意见");
    }
    return OK;
}

/* What silence means is told before it is too late. LAW: civil-evidence-provisions@2019 4 */
static enum status answer_is_whole(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *claim = claim_of(ask, cx);
    const struct value *rows = value_get(value_get(ask->values, "answer"), "rows");
    uint32_t silent = 0;
    uint32_t unknown = 0;
    for (uint32_t i = 0; i < value_count(claim); i++) {
        const struct value *row = value_item(claim, i);
        const struct value *said = row_named(rows, value_get_str(row, "row"), UINT32_MAX);
        Str stance = value_get_str(said, "stance");
        silent += !value_get_bool(row, "own") && stance.n == 0;
        unknown += str_is(stance, "unknown");
    }
    if (silent > 0) {
        ask_complain(cx, ask, rule, "answer.rows",
                     arena_printf(cx->arena,
                                  "还有%u项没有说明有没有异议。对您不利的事实，既不承认也不否认，"
                                  "经审判人员说明并询问后仍不明确表示的，视为承认",
                                  silent));
    }
    if (unknown > 0) {
        ask_complain(cx, ask, rule, "answer.rows",
                     arena_printf(cx->arena,
                                  "有%u项您选了“不清楚”。开庭时审判人员会说明并询问，"
                                  "您仍不明确表示的，视为承认",
                                  unknown));
    }
    return OK;
}

/* --- filing it --- */

static Date due_of(const struct value *services, int64_t party)
{
    Date due = DATE_NONE;
    (void)date_parse(value_get_str(alignment_answer_of(services, party), "due"), &due);
    return due;
}

static struct value *kept_answer(struct cx *cx, const struct plan *plan, int64_t party,
                                 const struct value *values)
{
    struct arena *arena = cx->arena;
    const struct change *change = &plan->changes[0];
    const struct value *said = value_get(values, "answer");
    const struct value *earlier = alignment_answer_of(value_get(values, "answers"), party);
    const struct value *claim =
        alignment_claim(arena, change->procedure, plan->tables, values, false);
    Date due = due_of(value_get(values, "services"), party);
    struct value *kept = value_map(arena);
    value_set_int(arena, kept, "party", party);
    value_set_str(arena, kept, "name", change->after->parties[party - 1].name);
    value_set_int(arena, kept, "version", value_get_int(earlier, "version") + 1);
    value_set_str(arena, kept, "at", instant_format(arena, plan->now));
    value_set_str(arena, kept, "by", plan->actor->name);
    /* LAW: civil-procedure-law@2023 128: not to answer in time stops nothing; late is told, taken.
     */
    value_set_bool(arena, kept, "late", due != DATE_NONE && instant_date(plan->now) > due);
    value_set_str(arena, kept, "opinion", value_get_str(said, "opinion"));
    if (value_get(values, "mediation-wish") != NULL) {
        value_set(arena, kept, "wish", value_get(values, "mediation-wish"));
    }
    value_set(arena, kept, "rows", alignment_answered(arena, claim, value_get(said, "rows")));
    return kept;
}

static void paper_set(struct cx *cx, const struct plan *plan, struct change *change,
                      const struct alignment_side *who, const struct value *kept)
{
    struct arena *arena = cx->arena;
    const struct party *party = &change->after->parties[who->party - 1];
    struct value *respondent =
        value_merge(arena, value_at(change->clear, "answer.respondent"), NULL);
    struct value *agent = value_map(arena);
    value_set_str(arena, respondent, "name", party->name);
    value_set_str(arena, agent, "name", plan->actor->name);
    value_set_text(arena, agent, "authority", who->special ? "special" : "general");
    const struct alignment_reply reply = {.procedure = change->procedure,
                                          .tables = plan->tables,
                                          .matter = change->after,
                                          .values = change->clear,
                                          .answer = kept,
                                          .person = str_is(party->kind, "natural-person"),
                                          .party = respondent,
                                          .agent = who->agent ? agent : NULL};
    struct value *inputs = change_inputs(cx, change);
    value_set(arena, inputs, "answer-form", alignment_reply_paper(arena, &reply));
    value_set(arena, inputs, "signed-by", value_get(change->clear, "signature"));
}

/* The answer of this party takes the place of his earlier one; what he says of himself is printed,
 * and kept nowhere else. */
static enum status file_answer(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct alignment_side who = side_of(change->after, plan->actor, change->clear);
    if (who.party == 0) {
        return FAIL(cx, E_BUG, "bug", "an answer of nobody");
    }
    struct value *kept = kept_answer(cx, plan, who.party, change->clear);
    struct value *after = value_merge(cx->arena, change->clear, NULL);
    struct value *list = without(cx->arena, value_get(after, "answers"), who.party);
    paper_set(cx, plan, change, &who, kept);
    answer_day_end(plan->script, change->after->id, who.party);
    value_add(cx->arena, list, kept);
    value_set(cx->arena, after, "answers", list);
    value_remove(after, "answer");
    value_remove(after, "mediation-wish");
    value_remove(after, "signature");
    return change_values(cx, plan, change, after);
}

/* --- changing the claim --- */

static enum status claim_is_changed(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct value *before = NULL;
    struct ask was = *ask;
    was.values = ask->stands;
    before = claim_of(&was, cx);
    if (value_same(before, claim_of(ask, cx))) {
        ask_complain(cx, ask, rule, "claim-change", "诉讼请求和事实与原来的一样");
    }
    return OK;
}

/* Has what is claimed been changed since the case was opened? */
static bool was_changed(const struct ask *ask)
{
    const struct element_form *form = element_form_asked(ask->procedure, ask->tables, ask->values);
    bool changed = value_get_int(ask->matter->groups, "claim") > 1;
    for (uint32_t i = 0; form != NULL && i < form->section_count && !changed; i++) {
        changed = value_get_int(ask->matter->groups, form->sections[i]->element) > 1;
    }
    return changed;
}

/* The same change twice - a button pressed again, another device, an agent - would be told to all
 * as another one. */
static enum status change_is_new(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct value *said = value_merge(cx->arena, ask->values, NULL);
    struct value *stands = value_merge(cx->arena, ask->stands, NULL);
    value_remove(said, "claim-change");
    value_remove(stands, "claim-change");
    if (was_changed(ask) && value_same(said, stands)) {
        ask_complain(cx, ask, rule, "claim-change",
                     "诉讼请求和事实已经是这样了，没有要变更的。只补交材料的，请用“补充材料”");
    }
    return OK;
}

/* In the event itself: why, what the rows were and what the fee is now; the reason stands nowhere
 * else. */
static enum status tell_change(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct value *after = value_merge(cx->arena, change->clear, NULL);
    change->extra = value_merge(cx->arena, change->extra, NULL);
    value_set(cx->arena, change->extra, "amended", value_list(cx->arena));
    value_set_str(cx->arena, change->extra, "reason",
                  value_as_str(value_at(change->clear, "claim-change.reason")));
    value_remove(after, "claim-change");
    TRY(claim_fee_change(cx, plan, change));
    return change_values(cx, plan, change, after);
}

/* --- the hearing --- */

/* What all defendants say to one row of the outline. */
enum { ANSWERS_BYTES_MAX = 1024 * 1024 };

/* An answer in one line of words: "王某：有异议。已归还。证据：…". */
static Str answers_words(struct arena *arena, const struct matter *m, const struct value *answers)
{
    struct buf text;
    buf_init(&text, arena, ANSWERS_BYTES_MAX);
    for (uint32_t i = 0; i < value_count(answers) && !buf_is_over(&text); i++) {
        const struct value *one = value_item(answers, i);
        Str stance = value_get_str(one, "stance");
        Str reason = value_get_str(one, "reason");
        Str where = alignment_evidence(arena, m, value_get(one, "evidence"));
        bool changed = value_get_bool(one, "changed");
        buf_printf(&text, "%s%s：%s%s%s%s%s%s%s", i == 0 ? "" : "\n", value_get_str(one, "name").p,
                   stance.n == 0 ? "没有答" : alignment_stance_title(stance),
                   changed ? "（请求变更前所答）" : "",
                   value_get_bool(one, "late") ? "（逾期答辩）" : "", reason.n == 0 ? "" : "。",
                   reason.p, where.n == 0 ? "" : "\n证据：", where.p);
    }
    return buf_done(&text);
}

/* LAW: civil-procedure-interpretation@2022 226: the court sums up what is in dispute. */
static enum status outline_rows(struct cx *cx, struct plan *plan)
{
    static const char *const lists[][2] = {{"undisputed", "undisputed"},
                                           {"disputed", "disputed"},
                                           {"asked", "asked"},
                                           {"open", "unanswered"}};
    struct arena *arena = cx->arena;
    struct change *change = &plan->changes[0];
    const struct value *claim =
        alignment_claim(arena, change->procedure, plan->tables, change->clear, false);
    const struct value *table =
        alignment_table(arena, claim, alignment_defendants(arena, change->after),
                        value_get(change->clear, "answers"));
    const struct value *rows = value_get(table, "rows");
    struct value *outline = value_map(arena);
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        struct value *list = value_list(arena);
        for (uint32_t i = 0; i < value_count(rows); i++) {
            const struct value *row = value_item(rows, i);
            if (!str_is(value_get_str(row, "status"), lists[k][0])) {
                continue;
            }
            struct value *line = value_map(arena);
            value_set(arena, line, "label", value_get(row, "label"));
            value_set(arena, line, "claim", value_get(row, "claim"));
            value_set_str(arena, line, "answer",
                          answers_words(arena, change->after, value_get(row, "answers")));
            value_add(arena, list, line);
        }
        if (list->count > 0) {
            value_set(arena, outline, lists[k][1], list);
        }
    }
    if (value_count(value_get(table, "own")) > 0) {
        value_set(arena, outline, "own", value_get(table, "own"));
    }
    const struct element_form *form =
        element_form_asked(change->procedure, plan->tables, change->clear);
    value_set_bool(arena, outline, "personal", form != NULL && form->personal);
    value_set(arena, change_inputs(cx, change), "outline", outline);
    return OK;
}

RULE_GUARD_OF(rule_service_day, "service-day-holds", "", service_day_holds);
RULE_GUARD_OF(rule_service_after, "service-after-filing", "", service_after_filing);
RULE_GUARD_EARLY(rule_as_defendant, "answers-as-defendant", "", answers_as_defendant);
RULE_GUARD_EARLY(rule_answer_holds, "answer-holds", SOURCE(LAW_CIVIL_PROCEDURE, "128"),
                 answer_holds);
RULE_GUARD_OF(rule_answer_whole, "answer-is-whole", SOURCE(LAW_EVIDENCE, "4"), answer_is_whole);
RULE_GUARD_OF(rule_claim_changed, "claim-is-changed", "", claim_is_changed);
RULE_GUARD_OF(rule_change_new, "change-is-new", "", change_is_new);
RULE_EFFECT_GIVING(rule_serve, "serve-defendant", serve_defendant, "respondent");
RULE_EFFECT_OF(rule_record_service, "record-service", record_service);
RULE_EFFECT_GIVING(rule_file_answer, "file-answer", file_answer, "answer-form signed-by");
RULE_EFFECT_OF(rule_tell_change, "tell-change", tell_change);
RULE_EFFECT_GIVING(rule_outline, "outline-rows", outline_rows, "outline");

const struct rule *const rules_answer[] = {
    &rule_service_day,
    &rule_service_after,
    &rule_as_defendant,
    &rule_answer_holds,
    &rule_answer_whole,
    &rule_claim_changed,
    &rule_change_new,
    &rule_serve,
    &rule_record_service,
    &rule_file_answer,
    &rule_tell_change,
    &rule_outline,
    NULL,
};
