/* Who reviews what: shown, taken, passed on; absences; the court's way of dividing work. */
#include "web/reviewing.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "flow/authority.h"
#include "flow/view.h"
#include "record/audit.h"
#include "web/again.h"
#include "web/handlers.h"

enum { HERE_MS = 10 * MINUTE_MS };

bool reviewing_leads(const struct call *call)
{
    return str_is(call->actor.post, "leader");
}

bool reviewing_is_for(const struct call *call)
{
    return call->actor.court.n > 0 &&
           (reviewing_leads(call) || str_is(call->actor.post, "reviewer"));
}

enum status reviewing_staff(struct call *call, bool leader)
{
    return reviewing_is_for(call) && (!leader || reviewing_leads(call))
               ? OK
               : FAIL(call->cx, E_DENIED, "denied", "not one who divides this work");
}

struct value *reviewer_ref(struct arena *arena, Id person, Str name)
{
    if (person == 0) {
        return NULL;
    }
    struct value *ref = value_map(arena);
    value_set_str(arena, ref, "id", str_printf(arena, "%" PRId64, person));
    value_set_str(arena, ref, "name", name);
    return ref;
}

/* --- reading --- */

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct reviewing_look *look = arg;
    TRY(reviewer_list(cx, sql, look->court, look->now, &look->found.all, &look->found.count));
    TRY(review_automatic(cx, sql, look->court, &look->found.automatic));
    return absence_list(cx, sql, look->court, look->now, &look->absences, &look->absence_count);
}

enum status reviewing_look_up(struct call *call, struct reviewing_look *look)
{
    *look = (struct reviewing_look){.court = call->actor.court, .now = clock_now()};
    return store_read(call->cx, call->app->house.store, look_read, look);
}

enum status reviewers_read(struct call *call, struct reviewers *out)
{
    struct cx *cx = call->cx;
    struct reviewing_look look;
    TRY(reviewing_look_up(call, &look));
    *out = look.found;
    return OK;
}

/* By id or log-in; "me" is the caller. NULL when he is no reviewer of this court. */
const struct reviewer *reviewing_said(const struct call *call, const struct reviewers *all,
                                      Str said)
{
    Id id = str_is(said, "me") ? call->actor.person : 0;
    (void)(id == 0 && str_int(said, &id));
    for (uint32_t i = 0; i + 1 < all->count; i++) {
        if (all->all[i].person == id || (said.n > 0 && str_same(all->all[i].login, said))) {
            return &all->all[i];
        }
    }
    return NULL;
}

static bool is_his(const struct call *call, const struct reviewing_look *look, Id person)
{
    Id ids[REVIEWERS_MAX];
    uint32_t count = reviewer_stands_for(look->absences, look->absence_count, call->actor.person,
                                         look->now, ids);
    for (uint32_t i = 0; i < count; i++) {
        if (ids[i] == person) {
            return true;
        }
    }
    return false;
}

static enum status absences_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct reviewing_look *look = arg;
    return absence_list(cx, sql, look->court, look->now, &look->absences, &look->absence_count);
}

enum status reviewing_own(struct call *call, Id out[REVIEWERS_MAX], uint32_t *count)
{
    struct cx *cx = call->cx;
    struct reviewing_look look = {.court = call->actor.court, .now = clock_now()};
    TRY(store_read(cx, call->app->house.store, absences_read, &look));
    *count =
        reviewer_stands_for(look.absences, look.absence_count, call->actor.person, look.now, out);
    return OK;
}

/* --- lists --- */

bool reviewing_filter(struct call *call, struct listing_query *query)
{
    Str said = call_param(call, "reviewer");
    Id *ids = arena_array(call->cx->arena, Id, REVIEWERS_MAX);
    int64_t id = 0;
    uint32_t count = 0;
    if (said.n == 0) {
        return false;
    }
    if (str_is(said, "me") && reviewing_own(call, ids, &count) != OK) {
        cx_forgive(call->cx);
        return false;
    }
    if (str_int(said, &id) && id > 0) {
        ids[count++] = id;
    }
    query->by_reviewer = true;
    query->reviewers = ids;
    query->reviewer_count = count;
    return true;
}

struct rows_look {
    Id *matters;
    uint32_t count;
    Id person;
    struct assignment *assignments;
    int64_t *looked;
};

static enum status rows_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct rows_look *look = arg;
    struct rows *rows = arena_array(cx->arena, struct rows, look->count);
    TRY(assignment_find_all(cx, sql, look->matters, look->count, look->assignments));
    for (uint32_t i = 0; i < look->count; i++) {
        TRY(sql_later(cx, sql,
                      SQL("SELECT m.revision FROM looked k JOIN matter m ON m.id = k.matter AND "
                          "m.revision = k.revision WHERE k.matter = ?1 AND k.person = ?2"),
                      ARGS(SQL_I(look->matters[i]), SQL_I(look->person)), &rows[i]));
    }
    TRY(sql_flush(cx, sql));
    for (uint32_t i = 0; i < look->count; i++) {
        look->looked[i] = rows[i].count == 1 ? row_int(&rows[i], 0, 0) : 0;
    }
    return OK;
}

enum status reviewing_rows_set(struct call *call, const struct listing *rows, uint32_t count,
                               struct value *list)
{
    struct cx *cx = call->cx;
    struct arena *arena = call->cx->arena;
    struct rows_look look = {.matters = arena_array(arena, Id, count),
                             .count = count,
                             .person = call->actor.person,
                             .assignments = arena_array(arena, struct assignment, count),
                             .looked = arena_array(arena, int64_t, count)};
    for (uint32_t i = 0; i < count; i++) {
        look.matters[i] = rows[i].matter;
    }
    TRY(store_read(call->cx, call->app->house.store, rows_read, &look));
    for (uint32_t i = 0; i < count; i++) {
        value_set(arena, list->as.items[i], "reviewer",
                  reviewer_ref(arena, look.assignments[i].person, look.assignments[i].name));
        value_set(arena, list->as.items[i], "looked",
                  look.looked[i] == 0 ? NULL : value_int(arena, look.looked[i]));
    }
    return OK;
}

/* --- one matter --- */

struct matter_look {
    struct reviewing_look look;
    Id matter;
    Id person;
    struct assignment assignment;
    struct looker *others;
    uint32_t other_count;
    int64_t looked;
};

static enum status matter_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct matter_look *m = arg;
    TRY(look_read(cx, sql, &m->look));
    TRY(assignment_find_all(cx, sql, &m->matter, 1, &m->assignment));
    TRY(looked_find(cx, sql, m->matter, m->person, &m->looked));
    return looked_by_others(cx, sql, m->matter, m->person, m->look.now - HERE_MS, &m->others,
                            &m->other_count);
}

static enum status matter_look_up(struct call *call, Id matter, struct matter_look *out)
{
    *out = (struct matter_look){.look = {.court = call->actor.court, .now = clock_now()},
                                .matter = matter,
                                .person = call->actor.person};
    return store_read(call->cx, call->app->house.store, matter_read, out);
}

static struct value *matter_value(struct call *call, const struct matter_look *m)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *others = value_list(arena);
    bool mine = m->assignment.person == 0 || is_his(call, &m->look, m->assignment.person);
    value_set(arena, view, "reviewer",
              reviewer_ref(arena, m->assignment.person, m->assignment.name));
    value_set_bool(arena, view, "mine", m->assignment.person != 0 && mine);
    value_set_bool(arena, view, "may_pass", reviewing_leads(call) || mine);
    for (uint32_t i = 0; i < m->other_count; i++) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "name", m->others[i].name);
        value_set_str(arena, row, "at", instant_format(arena, m->others[i].at));
        value_add(arena, others, row);
    }
    value_set(arena, view, "also_here", others);
    return view;
}

static struct value *people_value(struct arena *arena, const struct reviewers *all, Id chosen)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i + 1 < all->count; i++) {
        struct value *row = reviewer_ref(arena, all->all[i].person, all->all[i].name);
        value_set_bool(arena, row, "checked", all->all[i].person == chosen);
        value_set_bool(arena, row, "away", all->all[i].substitute != 0);
        value_set_int(arena, row, "waiting", all->all[i].waiting);
        value_add(arena, list, row);
    }
    return list;
}

void reviewing_set(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct matter_look m;
    value_set(arena, view, "reviewing", NULL);
    if (!reviewing_is_for(call) ||
        !authority_is_of_court(&call->actor, seen->matter, page_tables(call))) {
        return;
    }
    if (matter_look_up(call, seen->matter->id, &m) != OK) {
        cx_forgive(call->cx);
        return;
    }
    struct value *all = matter_value(call, &m);
    value_set(arena, all, "people", people_value(arena, &m.look.found, m.assignment.person));
    value_set_bool(arena, all, "several", m.look.found.count > 2);
    value_set_bool(arena, all, "others_here", m.other_count > 0);
    value_set_bool(arena, all, "taken", m.assignment.person != 0);
    value_set(arena, view, "reviewing", all);
}

static bool accepts(bool all, const struct value *accept, const char *code)
{
    for (uint32_t i = 0; i < value_count(accept); i++) {
        all = all || str_is(value_as_str(value_item(accept, i)), code);
    }
    return all;
}

static enum status assigned_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct assignment *one = arg;
    Id matter = one->matter;
    return assignment_find_all(cx, sql, &matter, 1, one);
}

enum status reviewing_check(struct call *call, Id matter, bool accept_all,
                            const struct value *accept)
{
    struct cx *cx = call->cx;
    struct matter_look m;
    struct assignment one = {.matter = matter};
    if (!str_is(call->actor.post, "reviewer") || accepts(accept_all, accept, "assigned-to-other")) {
        return OK;
    }
    TRY(store_read(cx, call->app->house.store, assigned_read, &one));
    if (one.person == 0 || one.person == call->actor.person) {
        return OK;
    }
    TRY(matter_look_up(call, matter, &m));
    if (m.assignment.person == 0 || is_his(call, &m.look, m.assignment.person)) {
        return OK;
    }
    (void)cx_warning(
        cx, NULL, "assigned-to-other",
        arena_printf(cx->arena, "这件已分给%s审核，确认仍由您办理", m.assignment.name.p));
    return FAIL(cx, E_WARN, "warnings", "assigned to another");
}

struct moved_look {
    Id matter;
    struct rows rows;
};

static enum status moved_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct moved_look *look = arg;
    return sql_query(cx, sql,
                     SQL("SELECT body FROM event WHERE matter = ?1 ORDER BY n DESC LIMIT 1"),
                     ARGS(SQL_I(look->matter)), &look->rows);
}

void reviewing_moved(struct call *call, Id matter)
{
    struct cx *cx = call->cx;
    const struct failure refused = cx->failure;
    struct moved_look look = {.matter = matter};
    struct value *body = NULL;
    if (call->actor.post.n == 0 || refused.status != E_STATE || !text_is(refused.code, "state")) {
        return;
    }
    cx_forgive(cx);
    if (store_read(cx, call->app->house.store, moved_read, &look) == OK && look.rows.count == 1 &&
        json_row_outline(cx, row_str(&look.rows, 0, 0), EVENT_DEPTH, &body) == OK) {
        const struct value *actor = value_get(body, "actor");
        Instant at = value_get_int(body, "at");
        Str when = instant_format(cx->arena, at); /* 2026-03-02T10:32:00+08:00 */
        cx->failure = refused;
        cx_arg(cx, "now",
               str_printf(cx->arena, "%s已于%s %s办理“%s”。%s", value_get_str(actor, "name").p,
                          date_chinese(cx->arena, instant_date(at)).p,
                          str_slice(cx->arena, when, 11, 16).p, value_get_str(body, "title").p,
                          value_get_str(refused.args, "now").p));
        return;
    }
    cx->failure = refused;
}

struct looked_look {
    Id matter;
    Id person;
    int64_t revision;
};

static enum status looked_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct looked_look *look = arg;
    return looked_find(cx, sql, look->matter, look->person, &look->revision);
}

enum status reviewing_looked(struct call *call, const struct seen *seen, struct script *script,
                             bool *wanted)
{
    struct cx *cx = call->cx;
    const struct matter *m = seen->matter;
    struct looked_look look = {.matter = m->id, .person = call->actor.person};
    const struct state *state = procedure_state(seen->procedure, m->state);
    *wanted = false;
    if (!str_is(call->actor.post, "reviewer") || state == NULL || state->wait_count == 0 ||
        !authority_is_of_court(&call->actor, m, page_tables(call))) {
        return OK;
    }
    TRY(store_read(cx, call->app->house.store, looked_read, &look));
    *wanted = look.revision != m->revision;
    looked_write(script, m->id, call->actor.person, m->revision, clock_now());
    return OK;
}

/* --- passing on --- */

enum status reviewing_audit(struct call *call, struct script *script, const char *what, Str subject,
                            const struct value *detail)
{
    struct cx *cx = call->cx;
    struct audit audit = {.at = clock_now(),
                          .person = call->actor.person,
                          .what = str_of(what),
                          .subject = subject,
                          .detail = json_write(cx->arena, detail)};
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit_write(script, &audit);
    return OK;
}

void reviewing_id_set(struct arena *arena, struct value *map, const char *key, Id id)
{
    value_set_str(arena, map, key, str_printf(arena, "%" PRId64, id));
}

static enum status assign(struct call *call, struct script *script, const struct matter *m, Id from,
                          Id to)
{
    struct cx *cx = call->cx;
    struct value *detail = value_map(cx->arena);
    struct notice notice = {.matter = m->id,
                            .event = m->events,
                            .kind = STR("assigned"),
                            .title = STR("分给您审核"),
                            .text = m->title,
                            .at = clock_now()};
    reviewing_id_set(cx->arena, detail, "from", from);
    reviewing_id_set(cx->arena, detail, "to", to);
    assignment_write(script, m->id, to, call->actor.person, notice.at);
    if (to != 0 && to != call->actor.person) {
        notice.viewer = viewer_person(cx->arena, to);
        TRY(sequence_next(cx, call->app->house.sequence, &notice.id));
        notice_write(script, &notice);
    }
    return reviewing_audit(call, script, "assign-review",
                           str_printf(cx->arena, "matter:%" PRId64, m->id), detail);
}

static enum status reviewer_shown(struct call *call)
{
    struct cx *cx = call->cx;
    struct matter_look m;
    Id id = 0;
    TRY(call_id(call, 0, &id));
    TRY(matter_look_up(call, id, &m));
    return call_done(call, str_printf(cx->arena, "/matters/%" PRId64, id), matter_value(call, &m));
}

static enum status court_matter(struct call *call, const struct seen **seen)
{
    struct cx *cx = call->cx;
    TRY(page_seen(call, seen));
    TRY(reviewing_staff(call, false));
    return authority_is_of_court(&call->actor, (*seen)->matter, page_tables(call))
               ? OK
               : FAIL(call->cx, E_DENIED, "denied", "another court's");
}

enum status matter_reviewer_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    struct matter_look m;
    TRY(court_matter(call, &seen));
    TRY(matter_look_up(call, seen->matter->id, &m));
    return call_answer(call, matter_value(call, &m), NULL);
}

enum status matter_reviewer_set(struct call *call)
{
    struct cx *cx = call->cx;
    const struct seen *seen = NULL;
    struct matter_look m;
    struct script *script = script_new(cx->arena);
    Str said = value_get_str(call->body, "person");
    const struct value *from = value_get(call->body, "from");
    int64_t saw = 0;
    TRY(court_matter(call, &seen));
    TRY(matter_look_up(call, seen->matter->id, &m));
    Id now = m.assignment.person;
    (void)str_int(value_as_str(from), &saw);
    if (from != NULL && saw != now) {
        cx_arg(cx, "name", now == 0 ? STR("无人") : m.assignment.name);
        return FAIL(cx, E_STATE, "reassigned", "assigned otherwise meanwhile");
    }
    if (!reviewing_leads(call) && now != 0 && !is_his(call, &m.look, now)) {
        cx_arg(cx, "name", m.assignment.name);
        return FAIL(cx, E_DENIED, "not-your-review", "another's");
    }
    const struct reviewer *to = reviewing_said(call, &m.look.found, said);
    if (to == NULL && (said.n > 0 || !reviewing_leads(call))) {
        (void)cx_error(cx, "person", "ill-typed", "请选择本院的立案审核人员");
        return FAIL(cx, E_INPUT, "fields", "no reviewer of this court");
    }
    TRY(assign(call, script, seen->matter, now, to == NULL ? 0 : to->person));
    return call_script(call, script, reviewer_shown);
}
