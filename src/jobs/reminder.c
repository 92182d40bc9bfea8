#include "jobs/reminder.h"

#include <inttypes.h>

#include "base/clock.h"
#include "record/code.h"
#include "record/draft_day.h"
#include "record/listing.h"

enum { AT_MINUTE = 9 * 60, SLICE = 100 };

Instant reminder_after(Instant at)
{
    Instant nine = date_start(instant_date(at)) + AT_MINUTE * MINUTE_MS;
    return nine > at ? nine : nine + DAY_MS;
}

struct due_look {
    Date today;
    struct draft_day *days;
    uint32_t count;
};

static enum status due_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct due_look *look = arg;
    return draft_day_due(cx, sql, look->today, SLICE, &look->days, &look->count);
}

struct telling {
    const struct draft_day *day;
    int64_t step;
    struct person *owner;
    struct script *script;
};

static enum status owner_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct telling *t = arg;
    return person_find(cx, sql, t->day->owner, &t->owner);
}

static enum status tell_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct telling *t = arg;
    bool claimed = false;
    TRY(draft_day_tell(cx, sql, t->day, t->step, &claimed));
    return claimed ? script_run(cx, sql, t->script) : OK;
}

/* Without names: it shows on a locked phone. */
static Str words(struct arena *arena, const struct draft_day *day, Date today)
{
    Date last = draft_day_of(day);
    Str title = day->given == DATE_NONE && day->title.n > 0 ? day->title : STR("提交的最后一日");
    return last == today ? str_printf(arena, "您的草稿今天到期：%.*s是%s", STR_ARG(title),
                                      date_chinese(arena, last).p)
                         : str_printf(arena, "您的草稿还有%d日到期：%.*s是%s", (int)(last - today),
                                      STR_ARG(title), date_chinese(arena, last).p);
}

/* Who has no phone has the notice. */
static enum status message_add(struct cx *cx, const struct house *house, struct telling *t, Id job,
                               Str text)
{
    Str message = str_printf(cx->arena, "【通诉】%s，还没有提交。请登录办理。", text.p);
    enum status status =
        message_write(cx, house->keys, t->script, job, t->owner, message, clock_machine());
    if (status == E_STATE && text_is(cx->failure.code, "phone-missing")) {
        cx_forgive(cx);
        return OK;
    }
    return status;
}

static enum status one_tell(struct cx *cx, const struct house *house, const struct draft_day *day,
                            Instant at)
{
    Date today = instant_date(at);
    struct telling t = {.day = day,
                        .step = draft_day_of(day) - today <= DRAFT_DAY_LAST ? DRAFT_DAY_LAST
                                                                            : DRAFT_DAY_FIRST,
                        .script = script_new(cx->arena)};
    Id id = 0;
    TRY(store_read(cx, house->store, owner_read, &t));
    TRY(sequence_take(cx, house->sequence, 2, &id));
    struct notice notice = {.id = id,
                            .viewer = viewer_person(cx->arena, day->owner),
                            .matter = day->matter,
                            .event = 0,
                            .kind = STR("remind"),
                            .title = words(cx->arena, day, today),
                            .text = day->matter_title,
                            .at = at};
    notice_write(t.script, &notice);
    if (t.owner != NULL) {
        TRY(message_add(cx, house, &t, id + 1, notice.title));
    }
    return store_write(cx, house->store, WRITE_BULK, tell_apply, &t);
}

enum status reminder_run(
    struct cx *cx, const struct house *house, Instant at, Instant until,
    Instant *next) /* NOLINT(readability-non-const-parameter): a schedule_rule */
{
    struct due_look look = {.today = instant_date(at), .count = SLICE};
    (void)until;
    (void)next;
    while (look.count == SLICE) {
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(store_read(cx, house->store, due_read, &look));
        for (uint32_t i = 0; i < look.count; i++) {
            TRY(one_tell(cx, house, &look.days[i], at));
        }
        arena_rewind(cx->arena, mark);
    }
    return OK;
}
