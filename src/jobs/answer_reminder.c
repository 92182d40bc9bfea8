#include "jobs/answer_reminder.h"

#include "base/clock.h"
#include "jobs/recount.h"
#include "record/answer_day.h"
#include "record/code.h"
#include "record/listing.h"
#include "record/matter.h"

enum { SLICE = 100, PEOPLE_MAX = 50 };

struct due_look {
    Date today;
    struct answer_day *days;
    uint32_t count;
};

static enum status due_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct due_look *look = arg;
    return answer_day_due(cx, sql, look->today, SLICE, &look->days, &look->count);
}

struct telling {
    const struct answer_day *day;
    int64_t step;
    struct matter *matter;
    struct person *people[PEOPLE_MAX]; /* the defendant's accounts and agents */
    uint32_t count;
    struct script *script;
};

static enum status people_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct telling *t = arg;
    TRY(matter_find(cx, sql, t->day->matter, &t->matter));
    for (uint32_t i = 0; t->matter != NULL && i < t->matter->attachment_count; i++) {
        const struct attachment *a = &t->matter->attachments[i];
        struct person *person = NULL;
        if (a->party != t->day->party || a->until != 0 || t->count == PEOPLE_MAX) {
            continue;
        }
        TRY(person_find(cx, sql, a->person, &person));
        if (person != NULL) {
            t->people[t->count++] = person;
        }
    }
    return OK;
}

static enum status tell_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct telling *t = arg;
    bool claimed = false;
    TRY(answer_day_tell(cx, sql, t->day, t->step, &claimed));
    return claimed ? script_run(cx, sql, t->script) : OK;
}

/* Without names: it shows on a locked phone. */
static Str words(struct arena *arena, const struct telling *t, Date today)
{
    const char *last = date_chinese(arena, t->day->due).p;
    int days = (int)(t->day->due - today);
    return t->step == ANSWER_DAY_OVER
               ? str_printf(arena,
                            "答辩期已于%s届满，还没有收到您的答辩状。法院可以继续审理；"
                            "这不等于承认对方的主张，您仍可以提交答辩状，由法院决定",
                            last)
           : days == 0 ? str_printf(arena, "答辩期今天（%s）届满，请尽快提交答辩状", last)
                       : str_printf(arena, "答辩期还有%d日届满，请在%s前提交答辩状", days, last);
}

static enum status person_tell(struct cx *cx, const struct house *house, struct telling *t,
                               const struct person *person, Str text, Instant at)
{
    Id id = 0;
    TRY(sequence_take(cx, house->sequence, 2, &id));
    struct notice notice = {.id = id,
                            .viewer = viewer_person(cx->arena, person->id),
                            .matter = t->day->matter,
                            .kind = STR("remind"),
                            .title = text,
                            .text = t->matter->title,
                            .at = at};
    notice_write(t->script, &notice);
    Str message = str_printf(cx->arena, "【通诉】%s。请登录查看。", text.p);
    enum status status =
        message_write(cx, house->keys, t->script, id + 1, person, message, clock_machine());
    if (status == E_STATE && text_is(cx->failure.code, "phone-missing")) {
        cx_forgive(cx); /* who has no phone has the notice */
        return OK;
    }
    return status;
}

static enum status judge_tell(struct cx *cx, const struct house *house, struct telling *t,
                              Instant at)
{
    Id id = 0;
    TRY(sequence_take(cx, house->sequence, 1, &id));
    const struct party *party = &t->matter->parties[t->day->party - 1];
    struct notice notice = {
        .id = id,
        .viewer = viewer_post(cx->arena, STR("judge"), t->matter->court),
        .matter = t->day->matter,
        .kind = STR("remind"),
        .title = str_printf(cx->arena, "%.*s的答辩期已于%s届满，没有提交答辩状，不影响审理",
                            STR_ARG(party->name), date_chinese(cx->arena, t->day->due).p),
        .text = t->matter->title,
        .at = at};
    notice_write(t->script, &notice);
    return OK;
}

static enum status one_tell(struct cx *cx, const struct house *house, const struct answer_day *day,
                            Instant at)
{
    Date today = instant_date(at);
    struct telling t = {
        .day = day, .step = answer_day_step(day, today), .script = script_new(cx->arena)};
    uint32_t moved = 0;
    if (t.step == ANSWER_DAY_OVER) { /* for nobody on a day on which the platform failed him */
        TRY(matter_recount(cx, house, day->matter, &moved));
    }
    if (moved > 0) {
        return OK;
    }
    TRY(store_read(cx, house->store, people_read, &t));
    if (t.matter != NULL) {
        Str text = words(cx->arena, &t, today);
        for (uint32_t i = 0; i < t.count; i++) {
            TRY(person_tell(cx, house, &t, t.people[i], text, at));
        }
        if (t.step == ANSWER_DAY_OVER) {
            TRY(judge_tell(cx, house, &t, at));
        }
    }
    return store_write(cx, house->store, WRITE_BULK, tell_apply, &t);
}

enum status answer_reminder_run(
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
