/* What people and courts say about a service: messages between the two courts of a request, a low
 * rating that is called back, a complaint. */
#include "procedure/rules.h"

enum { LOW_SCORE = 2, TITLE_CHARS = 40 };

static struct value *said_by(struct arena *arena, const struct plan *plan)
{
    struct value *said = value_map(arena);
    value_set_str(arena, said, "by", plan->actor->name);
    value_set_str(arena, said, "court", plan->actor->court);
    value_set_str(arena, said, "at", instant_format(arena, plan->now));
    return said;
}

/* Behind those said before; what was typed is the form's no longer. The officer of the other court
 * gets a message on his phone that says nothing of what was written. */
static enum status record_message(struct cx *cx, struct plan *plan)
{
    struct arena *arena = cx->arena;
    struct change *change = &plan->changes[0];
    struct value *clear = value_merge(arena, change->clear, NULL);
    struct value *list = value_list(arena);
    struct value *said = said_by(arena, plan);
    const struct value *before = value_get(clear, "messages");
    Str collaborator = value_get_str(clear, "collaborator");
    Str other = str_same(plan->actor->court, collaborator) ? change->after->court : collaborator;
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_add(arena, list, value_item(before, i));
    }
    value_set(arena, said, "text", value_get(clear, "handover-message"));
    value_add(arena, list, said);
    value_remove(clear, "handover-message");
    value_set(arena, clear, "messages", list);
    TRY(plan_officer_message(cx, plan, other,
                             STR("【通诉】一件跨域诉讼服务申请收到对方法院的留言，请登录查看。")));
    return change_values(cx, plan, change, clear);
}

/* What he said stands in the title, so that it is read in the list. */
static Str call_back_title(struct arena *arena, Str matter, const struct value *rating)
{
    Str comment = utf8_head(arena, value_get_str(rating, "comment"), TITLE_CHARS);
    return str_printf(arena, "回访（%d分%s%s）：%.*s", (int)value_get_int(rating, "score"),
                      comment.n == 0 ? "" : "，", comment.p, STR_ARG(matter));
}

/* Who gave one or two points is called back by the leader of the court that served him. */
static enum status call_back_when_low(struct cx *cx, struct plan *plan)
{
    const struct change *rated = &plan->changes[0];
    const struct value *rating = value_get(rated->clear, "rating");
    const struct procedure *procedure =
        procedure_find(plan->house->procedures, STR("rating-call-back"), 0);
    struct change *opened = NULL;
    struct value *values = value_map(cx->arena);
    if (value_get_int(rating, "score") > LOW_SCORE) {
        return OK;
    }
    if (procedure == NULL) {
        return FAIL(cx, E_BUG, "bug", "no procedure rating-call-back");
    }
    TRY(plan_open(cx, plan, procedure, value_get_str(rated->clear, "collaborator"),
                  rated->after->owner, &opened));
    value_set(cx->arena, values, "rating", rating);
    TRY(change_values(cx, plan, opened, values));
    opened->after->title = call_back_title(cx->arena, rated->after->title, rating);
    opened->act = "open";
    opened->title = "当事人打了低分";
    struct link_row *link = matter_add_link(cx->arena, opened->after);
    link->other = rated->after->id;
    link->rel = STR("about");
    return OK;
}

static enum status title_of_complaint(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    Str request = value_as_str(value_at(change->clear, "complaint.request"));
    change->after->title =
        request.n == 0
            ? STR("立案投诉")
            : str_printf(cx->arena, "立案投诉：%s", utf8_head(cx->arena, request, TITLE_CHARS).p);
    return OK;
}

RULE_EFFECT_OF(rule_record_message, "record-message", record_message);
RULE_EFFECT_OF(rule_call_back, "call-back-when-low", call_back_when_low);
RULE_EFFECT_OF(rule_title_of_complaint, "title-of-complaint", title_of_complaint);

const struct rule *const rules_feedback[] = {
    &rule_record_message,
    &rule_call_back,
    &rule_title_of_complaint,
    NULL,
};
