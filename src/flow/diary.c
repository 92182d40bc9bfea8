/* What an act puts into people's calendars: dates that the values say (fields with a `calendar`),
 * the last day to hand in a draft. */
#include "flow/diary.h"

#include "base/check.h"
#include "law/source.h"
#include "record/calendar.h"
#include "record/draft_day.h"

/* --- dates --- */

static Instant instant_at(const struct value *values, const char *path)
{
    Instant at = 0;
    return instant_parse(value_as_str(value_at(values, path)), &at) ? at : 0;
}

void diary_dates_write(struct cx *cx, struct plan *plan, const struct change *change)
{
    for (uint32_t i = 0; i < change->procedure->element_count; i++) {
        const struct field *element = &change->procedure->elements[i];
        if (value_get(change->clear, element->name) == NULL) {
            continue; /* nearly all: a filing has the elements of every form */
        }
        for (uint32_t k = 0; k < element->field_count; k++) {
            const struct field *field = &element->fields[k];
            if (field->calendar[0] == '\0') {
                continue;
            }
            const char *path = arena_printf(cx->arena, "%s.%s", element->name, field->name);
            calendar_date_write(plan->script, change->after->id, str_of(path),
                                str_of(field->calendar), instant_at(change->clear, path),
                                plan->now);
        }
    }
}

/* --- the last day of a draft --- */

static const struct {
    const char *paths[3]; /* the first that says a day */
    const char *limit;
    const char *law;
    const char *title;
    const char *unless; /* path of a yes-no: said, it does not run */
    const char *only;   /* path of a yes-no: it runs where that is said; NULL: always */
} LAST_DAYS[] = {
    {{"claim-enforcement.perform-by", "claim-enforcement.effective-on", NULL},
     "2 years",
     SOURCE(LAW_CIVIL_PROCEDURE, "250"),
     "申请执行的期间",
     NULL,
     NULL},
    {{"claim-civil-retrial.effective-on", NULL, NULL},
     "6 months",
     SOURCE(LAW_CIVIL_PROCEDURE, "216"),
     "申请再审的期限",
     NULL,
     NULL},
    {{"claim-administrative.decision-on", NULL, NULL},
     "15 days",
     "administrative-litigation-law@2017 45",
     "不服复议决定的起诉期限",
     NULL,
     NULL},
    {{"claim-administrative.known-on", NULL, NULL},
     "6 months",
     "administrative-litigation-law@2017 46",
     "行政起诉期限",
     "claim-administrative.reconsidered",
     NULL},
    {{"claim-state-compensation.review-received-on",
      "detention-compensation-facts.review-received-on",
      "custody-compensation-facts.review-received-on"},
     "30 days",
     "state-compensation-law@2012 25",
     "不服复议决定，向赔偿委员会申请的期限",
     NULL,
     NULL},
    {{"parties-compensation.decided-on", "parties-compensation-enforcement.decided-on", NULL},
     "30 days",
     "state-compensation-law@2012 24",
     "不服决定，向赔偿委员会申请的期限",
     NULL,
     NULL},
    {{"claim-state-compensation.decided-on", NULL, NULL},
     "30 days",
     "state-compensation-law@2012 24",
     "不服决定，向赔偿委员会申请的期限",
     NULL,
     "claim-state-compensation.organ-is-court"},
};

static bool day_said(const struct value *values, const char *const paths[3], Date *out)
{
    for (int i = 0; i < 3 && paths[i] != NULL; i++) {
        if (date_parse(value_as_str(value_at(values, paths[i])), out)) {
            return true;
        }
    }
    return false;
}

enum status diary_last_day(struct cx *cx, const struct law_tables *tables,
                           const struct value *values, struct last_day *out)
{
    *out = (struct last_day){.day = DATE_NONE};
    for (size_t i = 0; i < sizeof LAST_DAYS / sizeof LAST_DAYS[0] && out->day == DATE_NONE; i++) {
        struct period_rule rule = {.count = PERIOD_LAW, .law = LAST_DAYS[i].law};
        struct period_answer answer = {0};
        Date from = 0;
        bool runs =
            (LAST_DAYS[i].unless == NULL ||
             !value_as_bool(value_at(values, LAST_DAYS[i].unless))) &&
            (LAST_DAYS[i].only == NULL || value_as_bool(value_at(values, LAST_DAYS[i].only)));
        if (!runs || !day_said(values, LAST_DAYS[i].paths, &from) || from < date_of(1950, 1, 1) ||
            from > date_of(2150, 1, 1)) {
            continue;
        }
        check(period_parse(str_of(LAST_DAYS[i].limit), &rule));
        TRY(period_due_from(cx, tables, &rule, from, &answer));
        *out = (struct last_day){.day = answer.day,
                                 .title = LAST_DAYS[i].title,
                                 .law = LAST_DAYS[i].law,
                                 .working = answer.working};
    }
    return OK;
}

enum status diary_draft_write(struct cx *cx, struct plan *plan, const struct change *change)
{
    struct last_day last;
    TRY(diary_last_day(cx, plan->tables, change->clear, &last));
    draft_day_derive(plan->script, change->after->id, change->after->owner, last.day,
                     str_of(last.title), str_of(last.law));
    return OK;
}
