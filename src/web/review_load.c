/* How much each reviewer has, who is away, and how the court divides its work. */
#include <inttypes.h>

#include "record/audit.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/page_account.h"
#include "web/reviewing.h"

static Str name_of(const struct reviewers *all, Id person)
{
    for (uint32_t i = 0; i < all->count; i++) {
        if (all->all[i].person == person) {
            return all->all[i].name;
        }
    }
    return STR("");
}

/* --- all that one has --- */

struct pass_look {
    Str viewer;
    Id from;
    struct rows rows;
};

static enum status pass_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct pass_look *look = arg;
    return sql_query(cx, sql,
                     SQL("SELECT l.matter FROM listing l LEFT JOIN assignment a ON a.matter = "
                         "l.matter WHERE l.viewer = ?1 AND l.box = 'todo' AND "
                         "COALESCE(a.person, 0) = ?2 ORDER BY l.sort_key LIMIT 1000"),
                     ARGS(SQL_S(look->viewer), SQL_I(look->from)), &look->rows);
}

static enum status load_done(struct call *call);

/* {"from": reviewer or "" for nobody's, "to": reviewer or "" for spread evenly} */
enum status review_pass(struct call *call)
{
    struct cx *cx = call->cx;
    struct reviewers all;
    struct script *script = script_new(cx->arena);
    struct value *detail = value_map(cx->arena);
    Str from_said = value_get_str(call->body, "from");
    Str to_said = value_get_str(call->body, "to");
    TRY(reviewing_staff(call, true));
    TRY(reviewers_read(call, &all));
    const struct reviewer *from = reviewing_said(call, &all, from_said);
    const struct reviewer *to = reviewing_said(call, &all, to_said);
    if ((from == NULL && from_said.n > 0) || (to == NULL && to_said.n > 0)) {
        (void)cx_error(cx, from == NULL && from_said.n > 0 ? "from" : "to", "ill-typed",
                       "请选择本院的立案审核人员");
        return FAIL(cx, E_INPUT, "fields", "no reviewer of this court");
    }
    struct pass_look look = {.viewer = viewer_post(cx->arena, STR("reviewer"), call->actor.court),
                             .from = from == NULL ? 0 : from->person};
    TRY(store_read(cx, call->app->house.store, pass_read, &look));
    Instant now = clock_now();
    for (uint32_t i = 0; i < look.rows.count; i++) {
        for (uint32_t k = 0; to_said.n == 0 && from != NULL && k + 1 < all.count; k++) {
            if (all.all[k].person == from->person && all.all[k].substitute == 0) {
                all.all[k].substitute = all.all[k].person; /* not back to whom it is taken from */
            }
        }
        const struct reviewer *least = to != NULL ? to : reviewer_least(all.all, all.count);
        if (least == NULL) {
            return FAIL(cx, E_STATE, "no-reviewer", "nobody is there");
        }
        assignment_write(script, row_int(&look.rows, i, 0), least->person, call->actor.person, now);
        for (uint32_t k = 0; k < all.count; k++) {
            all.all[k].waiting += &all.all[k] == least;
        }
    }
    reviewing_id_set(cx->arena, detail, "from", look.from);
    reviewing_id_set(cx->arena, detail, "to", to == NULL ? 0 : to->person);
    value_set_int(cx->arena, detail, "matters", look.rows.count);
    TRY(reviewing_audit(call, script, "pass-reviews",
                        str_printf(cx->arena, "court:%s", call->actor.court.p), detail));
    return call_script(call, script, load_done);
}

/* --- the load --- */

static struct value *load_row(struct arena *arena, const struct reviewers *all,
                              const struct reviewer *r)
{
    struct value *row = value_map(arena);
    struct value *ages = value_list(arena);
    struct value *away = NULL;
    for (uint32_t i = 0; i < REVIEWING_AGES; i++) {
        value_add(arena, ages, value_int(arena, r->ages[i]));
    }
    if (r->substitute != 0) {
        away = value_map(arena);
        value_set_str(arena, away, "until", instant_format(arena, r->away_until));
        value_set(arena, away, "substitute",
                  reviewer_ref(arena, r->substitute, name_of(all, r->substitute)));
    }
    value_set(arena, row, "person", reviewer_ref(arena, r->person, r->name));
    value_set_int(arena, row, "waiting", r->waiting);
    value_set_int(arena, row, "soon", r->soon);
    value_set_int(arena, row, "over", r->over);
    value_set(arena, row, "ages", ages);
    value_set(arena, row, "away", away);
    return row;
}

static struct value *absences_value(struct call *call, const struct reviewing_look *look)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < look->absence_count; i++) {
        const struct absence *a = &look->absences[i];
        struct value *row = value_map(arena);
        reviewing_id_set(arena, row, "id", a->id);
        value_set(arena, row, "person", reviewer_ref(arena, a->person, a->person_name));
        value_set(arena, row, "substitute", reviewer_ref(arena, a->substitute, a->substitute_name));
        value_set_str(arena, row, "from", date_format(arena, instant_date(a->starts)));
        value_set_str(arena, row, "to", date_format(arena, instant_date(a->ends)));
        value_set_bool(arena, row, "may_cancel",
                       reviewing_leads(call) || a->person == call->actor.person);
        value_add(arena, list, row);
    }
    return list;
}

static enum status load_value(struct call *call, struct value **out)
{
    struct cx *cx = call->cx;
    struct arena *arena = call->cx->arena;
    struct reviewing_look look;
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    TRY(reviewing_look_up(call, &look));
    for (uint32_t i = 0; i + 1 < look.found.count; i++) {
        value_add(arena, list, load_row(arena, &look.found, &look.found.all[i]));
    }
    value_set(arena, view, "reviewers", list);
    value_set(arena, view, "unassigned",
              load_row(arena, &look.found, &look.found.all[look.found.count - 1]));
    value_set_bool(arena, view, "automatic", look.found.automatic);
    value_set(arena, view, "absences", absences_value(call, &look));
    *out = view;
    return OK;
}

enum status review_load(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(reviewing_staff(call, false));
    TRY(load_value(call, &view));
    return call_answer(call, view, "review-load");
}

static enum status load_done(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(load_value(call, &view));
    return call_done(call, STR("/review/load"), view);
}

enum status review_settings(struct call *call)
{
    struct cx *cx = call->cx;
    struct script *script = script_new(cx->arena);
    struct value *detail = value_map(cx->arena);
    const struct value *said = value_get(call->body, "automatic");
    bool on = value_as_bool(said) || str_is(value_as_str(said), "yes");
    TRY(reviewing_staff(call, true));
    if (said == NULL || (said->kind != VALUE_BOOL && !value_is_text(said))) {
        (void)cx_error(cx, "automatic", "type", "automatic 应当是 true 或者 false");
        return FAIL(cx, E_INPUT, "fields", "automatic");
    }
    value_set_bool(cx->arena, detail, "automatic", on);
    review_automatic_set(script, call->actor.court, on, call->actor.person, clock_now());
    TRY(reviewing_audit(call, script, "review-automatic",
                        str_printf(cx->arena, "court:%s", call->actor.court.p), detail));
    return call_script(call, script, load_done);
}

/* --- absences --- */

static bool overlaps(const struct reviewing_look *look, const struct absence *a)
{
    for (uint32_t i = 0; i < look->absence_count; i++) {
        const struct absence *other = &look->absences[i];
        if (other->person == a->person && other->starts <= a->ends && a->starts <= other->ends) {
            return true;
        }
    }
    return false;
}

/* Would the work come back to him on some day, through those who are away as well? */
static bool comes_back(const struct reviewing_look *look, const struct absence *a)
{
    Id at = a->substitute;
    for (int step = 0; step < REVIEWING_CHAIN; step++) {
        Id next = 0;
        for (uint32_t i = 0; i < look->absence_count; i++) {
            const struct absence *other = &look->absences[i];
            if (other->person == at && other->starts <= a->ends && a->starts <= other->ends) {
                next = other->substitute;
            }
        }
        if (next == 0) {
            return false;
        }
        if (next == a->person) {
            return true;
        }
        at = next;
    }
    return true; /* too far to follow */
}

static enum status absence_read(struct call *call, const struct reviewing_look *look,
                                struct absence *out)
{
    struct cx *cx = call->cx;
    Str who = value_get_str(call->body, "person");
    Date from = DATE_NONE;
    Date to = DATE_NONE;
    const struct reviewer *person =
        reviewing_said(call, &look->found, who.n == 0 ? STR("me") : who);
    const struct reviewer *other =
        reviewing_said(call, &look->found, value_get_str(call->body, "substitute"));
    if (person == NULL) {
        (void)cx_error(cx, "person", "ill-typed", "请选择本院的立案审核人员");
    }
    if (other == NULL || (person != NULL && other->person == person->person)) {
        (void)cx_error(cx, "substitute", "ill-typed", "请选择本院的另一位立案审核人员代办");
    }
    if (!date_parse(value_get_str(call->body, "from"), &from)) {
        (void)cx_error(cx, "from", "ill-typed", "请填写从哪一天起，例如2026-03-02");
    }
    if (!date_parse(value_get_str(call->body, "to"), &to) || to < from ||
        to < instant_date(look->now)) {
        (void)cx_error(cx, "to", "ill-typed", "请填写到哪一天为止，今天或者以后，不早于开始的日子");
    }
    if (cx->failure.errors != NULL) {
        return FAIL(cx, E_INPUT, "fields", "an absence");
    }
    *out = (struct absence){.court = call->actor.court,
                            .person = person->person,
                            .substitute = other->person,
                            .starts = date_start(from),
                            .ends = date_end(to)};
    if (overlaps(look, out)) {
        (void)cx_error(cx, "from", "ill-typed", "这几天已经登记过，请先取消原来的");
    } else if (comes_back(look, out)) {
        (void)cx_error(cx, "substitute", "ill-typed",
                       "代办的人那几天也不在，转来转去没有人办，请换一位");
    }
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "fields", "an absence");
}

enum status absence_add(struct call *call)
{
    struct cx *cx = call->cx;
    struct reviewing_look look;
    struct absence absence;
    struct value *view = NULL;
    struct value *detail = value_map(cx->arena);
    struct script *script = script_new(cx->arena);
    TRY(reviewing_staff(call, false));
    TRY(reviewing_look_up(call, &look));
    enum status status = absence_read(call, &look, &absence);
    if (status != OK) {
        struct failure failure = cx->failure;
        cx_forgive(cx);
        TRY(load_value(call, &view));
        cx->failure = failure;
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
        return call_again(call, status, "review-load", view);
    }
    if (!reviewing_leads(call) && absence.person != call->actor.person) {
        return FAIL(cx, E_DENIED, "denied", "another's absence");
    }
    TRY(sequence_next(cx, call->app->house.sequence, &absence.id));
    absence_write(script, &absence, call->actor.person, look.now);
    reviewing_id_set(cx->arena, detail, "substitute", absence.substitute);
    value_set_str(cx->arena, detail, "from", date_format(cx->arena, instant_date(absence.starts)));
    value_set_str(cx->arena, detail, "to", date_format(cx->arena, instant_date(absence.ends)));
    TRY(reviewing_audit(call, script, "add-absence", audit_subject(cx->arena, absence.person),
                        detail));
    return call_script(call, script, load_done);
}

enum status absence_end(struct call *call)
{
    struct cx *cx = call->cx;
    struct reviewing_look look;
    struct script *script = script_new(cx->arena);
    const struct absence *found = NULL;
    Id id = 0;
    TRY(reviewing_staff(call, false));
    TRY(call_id(call, 0, &id));
    TRY(reviewing_look_up(call, &look));
    for (uint32_t i = 0; i < look.absence_count; i++) {
        found = look.absences[i].id == id ? &look.absences[i] : found;
    }
    if (found == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no such absence at this court");
    }
    if (!reviewing_leads(call) && found->person != call->actor.person) {
        return FAIL(cx, E_DENIED, "denied", "another's absence");
    }
    absence_cancel(script, call->actor.court, id, look.now);
    TRY(reviewing_audit(call, script, "cancel-absence", audit_subject(cx->arena, found->person),
                        value_map(cx->arena)));
    return call_script(call, script, load_done);
}
