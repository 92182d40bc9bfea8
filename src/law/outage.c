#include "law/outage.h"

#include "law/calendar.h"
#include "law/source.h"
#include "law/working.h"

enum { ASK_DAYS = 10 };

/* (1) */
static bool touches(const struct outage_span *span, Date day, Date today)
{
    return span->since < date_start(day + 1) &&
           (span->until == 0 ? day <= today : span->until > date_start(day));
}

/* The day on which it worked again; (3). */
static Date day_of_recovery(const struct outage_span *span, Date today)
{
    return span->until == 0 ? today : instant_date(span->until);
}

/* Of those that touch the last day the one that ended last; NULL: none does. */
static const struct outage_span *span_touching(const struct outage_span *spans, uint32_t count,
                                               Date day, Date today)
{
    const struct outage_span *found = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (touches(&spans[i], day, today) &&
            (found == NULL || day_of_recovery(&spans[i], today) > day_of_recovery(found, today))) {
            found = &spans[i];
        }
    }
    return found;
}

enum status outage_ask_until(struct cx *cx, const struct law_tables *tables, Date ended, Date *out)
{
    struct period_rule rule = {.unit = PERIOD_DAYS, .length = ASK_DAYS, .count = PERIOD_LAW};
    struct period_answer answer = {0};
    TRY(period_due_from(cx, tables, &rule, ended, &answer));
    *out = answer.day;
    return OK;
}

static enum status step_add(struct cx *cx, const struct law_tables *tables,
                            const struct outage_span *span, Date today,
                            struct period_answer *answer)
{
    struct working working = {cx->arena, answer->working};
    Date recovery = day_of_recovery(span, today);
    Date ask = 0;
    Str until = span->until == 0 ? STR("尚未恢复") : instant_chinese(cx->arena, span->until);
    Str lasted = str_printf(cx->arena, "%.*s：%s 至 %s", STR_ARG(span->title),
                            instant_chinese(cx->arena, span->since).p, until.p);
    working_text(&working, "最后一日平台有故障，或者按公告停用", SOURCE(LAW_PLATFORM, "outage"),
                 lasted);
    answer->day = calendar_work_day(tables, recovery + 1, &answer->uncertain);
    answer->due = date_end(answer->day);
    working_date(&working, "平台把最后一日延到恢复后的第一个工作日，不影响申请顺延",
                 SOURCE(LAW_PLATFORM, "outage"), answer->day);
    if (span->until != 0) {
        TRY(outage_ask_until(cx, tables, recovery, &ask));
        working_date(&working, "障碍消除后10日内可以申请顺延期限，是否准许由法院决定",
                     SOURCE(LAW_CIVIL_PROCEDURE, "86"), ask);
    }
    return OK;
}

enum status outage_prolong(struct cx *cx, const struct law_tables *tables,
                           const struct outage_span *spans, uint32_t count, enum period_unit unit,
                           Date today, struct period_answer *answer, bool *moved)
{
    *moved = false;
    if (unit < PERIOD_DAYS) { /* (2) */
        return OK;
    }
    /* Each span moves the end at most once: behind it the day begins after it was over, or today.
     */
    for (uint32_t i = 0; i < count; i++) {
        const struct outage_span *span = span_touching(spans, count, answer->day, today);
        if (span == NULL) {
            return OK;
        }
        TRY(step_add(cx, tables, span, today, answer));
        *moved = true;
    }
    return OK;
}
