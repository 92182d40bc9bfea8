/* The enforcement case behind an application: its number, what it hears of. */
#include "procedure/enforcement_named.h"

#include <string.h>

#include "flow/element_form.h"

static Str first_number(struct arena *arena, const struct value *values, const char *const *paths,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct case_number number = {0};
        if (case_number_parse(arena, value_as_str(value_at(values, paths[i])), &number)) {
            return number.normal;
        }
    }
    return STR("");
}

Str enforcement_entered(struct arena *arena, const struct value *values)
{
    /* What was entered later stands for what was said in docketing. */
    static const char *const paths[] = {"enforcement-entered.case",
                                        "docketing-enforcement-review.case"};
    return first_number(arena, values, paths, sizeof paths / sizeof paths[0]);
}

Str enforcement_named(struct arena *arena, const struct value *values)
{
    /* Of the forms, each where the official table has it. */
    static const char *const paths[] = {
        "claim-enforcement-review.case-number", "claim-enforcement-request.case-number",
        "parties-objection.case-number",        "non-enforcement-document.case-number",
        "parties-preemption.case-number",       "parties-guarantee.case-number",
        "distribution-request.case-number",     "enforcement-case.number",
    };
    Str entered = enforcement_entered(arena, values);
    return entered.n > 0 ? entered
                         : first_number(arena, values, paths, sizeof paths / sizeof paths[0]);
}

const char *enforcement_application(const struct change *change)
{
    static const struct {
        const char *said;
        const char *title;
    } titles[] = {
        {"65", "执行异议"},
        {"66", "执行复议"},
        {"67", "执行监督"},
        {"68", "不予执行"},
        {"objection", "执行异议"},
        {"reconsideration", "执行复议"},
        {"supervision", "执行监督"},
        {"non-enforcement", "不予执行"},
        {"61", "暂时解除乘坐飞机、高铁限制措施"},
        {"62", "参与分配"},
        {"63", "执行担保"},
        {"64", "确认优先购买权"},
    };

    static const char *const paths[] = {"claim-enforcement-review.review",
                                        "claim-enforcement-request.what", "form-enforcement-review",
                                        "form-enforcement-request"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        Str said = value_as_str(value_at(change->clear, paths[i]));
        for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++) {
            if (str_is(said, titles[k].said)) {
                return titles[k].title;
            }
        }
    }
    return "执行审查";
}

enum status enforcement_hears(struct cx *cx, struct plan *plan, Str number, const char *act,
                              const char *title, struct change **out)
{
    static const struct actor_rule told[] = {{ACTOR_COURT, "enforcement"},
                                             {ACTOR_PARTY, "plaintiff"},
                                             {ACTOR_PARTY, "defendant"},
                                             {ACTOR_PARTY, "litigation-agent"}};
    struct matter *found = NULL;
    const struct procedure *procedure = NULL;
    *out = NULL;
    if (number.n == 0) {
        return OK;
    }
    TRY(plan_case(cx, plan, number, &found, &procedure));
    if (found == NULL || strcmp(procedure->name, "enforcement") != 0) {
        return OK;
    }
    struct change *change = plan_change(cx, plan, procedure, found);
    change->clear = change->after->values;
    change->act = act;
    change->title = title;
    change->tells = told;
    change->tell_count = sizeof told / sizeof told[0];
    *out = change;
    return OK;
}

void enforcement_link(struct arena *arena, struct matter *application, struct matter *enforcement)
{
    for (uint32_t i = 0; i < application->link_count; i++) {
        if (application->links[i].other == enforcement->id) {
            return;
        }
    }
    struct link_row *forth = matter_add_link(arena, application);
    forth->other = enforcement->id;
    forth->rel = STR("within");
    struct link_row *back = matter_add_link(arena, enforcement);
    back->other = application->id;
    back->rel = STR("raised");
}
