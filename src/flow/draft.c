/* Drafts and what is typed towards later acts: outside chain and log, nobody else sees them. */
#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "flow/act.h"
#include "flow/authority.h"
#include "flow/diary.h"
#include "flow/element_form.h"
#include "flow/form.h"
#include "flow/renewal.h"
#include "flow/rule.h"
#include "flow/values.h"
#include "law/reach.h"
#include "record/assistant.h"

/* --- beginning --- */

enum status court_takes(struct cx *cx, const struct house *house, const struct procedure *procedure,
                        Str code)
{
    const struct court *court = court_by_code(house->tables(house->tables_arg), code);
    if (court == NULL) {
        (void)cx_error(cx, "court", "unknown", "没有找到这家法院，请重新选择");
        return FAIL(cx, E_INPUT, "fields", "unknown court");
    }
    /* A tribunal takes what its court takes. */
    enum court_level level = court->level == COURT_TRIBUNAL ? COURT_BASIC : court->level;
    if (procedure->begin_levels != 0 && (procedure->begin_levels & (UINT32_C(1) << level)) == 0) {
        (void)cx_error(cx, "court", "court-level", "这家法院不受理这类事项，请换一家法院");
        return FAIL(cx, E_INPUT, "fields", "court of a level that takes none");
    }
    return OK;
}

/* A court that hands over, and one that it may hand to; the kind of the matter is not known yet. */
static enum status reach_ask(struct cx *cx, const struct house *house,
                             const struct procedure *procedure, Str from, Str to)
{
    enum reach_why why = REACH_OK;
    if (!procedure->collaborated ||
        reach_check(house->tables(house->tables_arg), from, to, REACH_ANY, &why)) {
        return OK;
    }
    (void)cx_error(cx, "court", reach_why_name(why), reach_why_title(why));
    return FAIL(cx, E_INPUT, "fields", "%.*s may not hand over to %.*s", STR_ARG(from),
                STR_ARG(to));
}

static enum status unknown_check(struct cx *cx, const struct procedure *procedure,
                                 const struct value *values)
{
    for (uint32_t i = 0; i < value_count(values); i++) {
        Str key = values->as.members[i].key;
        if (field_find(procedure->elements, procedure->element_count, key) == NULL) {
            (void)cx_error(cx, key.p, "unknown", "没有这一项");
        }
    }
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "fields", "unknown fields");
}

/* What is typed may be wrong and more than may be handed in, so that nobody loses it; but a list of
 * any length could not be shown again, and so not be shortened either. */
enum { ROWS_MAX = 2000, ROWS_TIMES = 10 };

static uint32_t rows_max(const struct field *field)
{
    int64_t most =
        field->max == 0 || field->max > ROWS_MAX / ROWS_TIMES ? ROWS_MAX : field->max * ROWS_TIMES;
    return (uint32_t)(most < field->max ? field->max : most);
}

static void rows_check(struct cx *cx, const struct field *field, const char *path,
                       const struct value *v)
{
    uint32_t count = value_is_list(v) ? value_count(v) : 0;
    if (field->type == FIELD_LIST && count > rows_max(field)) {
        const char *title = arena_printf(
            cx->arena, "一共%u行，太多了，没有保存；草稿最多存%u行，请分几次提交或者合并", count,
            rows_max(field));
        (void)cx_error(cx, path, "too-many", title);
        return;
    }
    for (uint32_t k = 0; k < field->field_count; k++) {
        const struct field *inner = &field->fields[k];
        const char *name = inner->name;
        if (value_is_map(v)) {
            rows_check(cx, inner, arena_printf(cx->arena, "%s.%s", path, name), value_get(v, name));
        }
        bool lists = inner->type == FIELD_LIST || inner->type == FIELD_GROUP;
        for (uint32_t i = 0; lists && i < count; i++) {
            rows_check(cx, inner, arena_printf(cx->arena, "%s.%u.%s", path, i, name),
                       value_get(value_item(v, i), name));
        }
    }
}

/* E_INPUT "fields" at each list that is too long. */
static enum status lists_check(struct cx *cx, const struct procedure *procedure,
                               const struct value *values)
{
    for (uint32_t i = 0; i < value_count(values); i++) {
        Str key = values->as.members[i].key;
        const struct field *field = field_find(procedure->elements, procedure->element_count, key);
        if (field != NULL) {
            rows_check(cx, field, key.p, values->as.members[i].value);
        }
    }
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "fields", "lists too long");
}

struct helping {
    Id lawyer, person;
    bool holds;
};

static enum status helping_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct helping *h = arg;
    return assistant_holds(cx, sql, h->lawyer, h->person, &h->holds);
}

/* Whose draft it will be: of him who begins it, or of him whom he assists. */
static enum status owner_find(struct cx *cx, const struct house *house, const struct actor *actor,
                              Id *out)
{
    struct helping h = {.lawyer = actor->assists, .person = actor->person};
    *out = actor->assists != 0 ? actor->assists : actor->person;
    if (actor->assists == 0) {
        return OK;
    }
    TRY(store_read(cx, house->store, helping_read, &h));
    return h.holds && actor->post.n == 0
               ? OK
               : FAIL(cx, E_DENIED, "assist-denied", "no assistant of %" PRId64, actor->assists);
}

static void assistant_attach(struct cx *cx, const struct plan *plan, struct matter *m)
{
    if (plan->actor->assists != 0) {
        struct attachment *a = matter_add_attachment(cx->arena, m);
        a->person = plan->actor->person;
        a->role = STR("assistant");
        a->how = STR("prepares");
        a->authority = STR("");
        a->since = plan->now;
    }
}

/* Title of a draft: the cause once it is chosen. */
static Str draft_title(struct cx *cx, const struct plan *plan, const struct change *change)
{
    const struct cause *cause = cause_find(plan->tables, value_get_str(change->clear, "cause"));
    return cause == NULL ? str_of(change->procedure->title)
                         : str_printf(cx->arena, "%.*s（草稿）", STR_ARG(cause->name));
}

enum status draft_begin(struct cx *cx, const struct house *house, const struct actor *actor,
                        Str name, Str court, const struct value *values, bool from_form, Str key,
                        Hash request, struct plan **out)
{
    const struct procedure *procedure = procedure_find(house->procedures, name, 0);
    struct plan *plan = NULL;
    struct change *change = NULL;
    Id owner = 0;
    if (procedure == NULL) {
        (void)cx_error(cx, "procedure", "unknown", "没有这类事项");
        return FAIL(cx, E_INPUT, "fields", "unknown procedure");
    }
    if (!authority_begins(actor, procedure)) {
        return FAIL(cx, E_DENIED, "begin-denied", "this actor may not begin %s", procedure->name);
    }
    TRY(owner_find(cx, house, actor, &owner));
    TRY(court_takes(cx, house, procedure, court));
    TRY(reach_ask(cx, house, procedure, actor->court, court));
    if (from_form) {
        values = fields_from_form(cx->arena, procedure->elements, procedure->element_count, values);
    }
    TRY(unknown_check(cx, procedure, values));
    TRY(lists_check(cx, procedure, values));
    TRY(plan_new(cx, house, actor, clock_now(), NULL, &plan));
    TRY(plan_open(cx, plan, procedure, court, owner, &change));
    assistant_attach(cx, plan, change->after);
    struct value *clear = values_merge(cx->arena, NULL, values);
    if (procedure->collaborated) { /* who hands over is said by the post, not by a form */
        value_set_str(cx->arena, clear, "collaborator", actor->court);
    }
    clear = element_form_derive(cx, procedure, plan->tables, clear, instant_date(plan->now));
    TRY(change_values(cx, plan, change, clear));
    change->after->title = draft_title(cx, plan, change);
    plan_once(plan, viewer_person(cx->arena, actor->person), STR("begin"), key, request);
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

/* --- saving --- */

/* The act that typed values go towards: the one named, or the only one open to this actor with a
 * form. */
static enum status act_towards(struct cx *cx, const struct house *house, const struct actor *actor,
                               const struct seen *seen, Str name, const struct act **out)
{
    const struct procedure *p = seen->procedure;
    int state = procedure_state_index(p, seen->matter->state);
    const struct act *only = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->act_count; i++) {
        const struct act *act = &p->acts[i];
        bool open = (act->from & (UINT32_C(1) << state)) != 0 &&
                    authority_may(actor, seen->matter, act, house->tables(house->tables_arg));
        if (open && (name.n > 0 ? str_is(name, act->name) : act->form_count > 0)) {
            only = act;
            count++;
        }
    }
    if (count != 1) {
        return FAIL(cx, E_STATE, "not-editable", "%u acts to type towards", count);
    }
    *out = only;
    return OK;
}

static enum status save_conflicts(struct cx *cx, const struct seen *seen, const struct value *said,
                                  int64_t revision)
{
    const struct matter *m = seen->matter;
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; revision >= 0 && i < value_count(said); i++) {
        Str group = said->as.members[i].key;
        const struct value *theirs = value_get_key(seen->clear, group);
        const struct value *mine = said->as.members[i].value;
        if (value_get_int(m->groups, group.p) <= revision) {
            continue;
        }
        const struct value *yours = value_is_map(mine) && value_is_map(theirs)
                                        ? values_merge(cx->arena, theirs, mine)
                                        : mine;
        values_diff(cx->arena, group, yours, theirs, list);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        value_set_text(cx->arena, list->as.items[i], "by",
                       m->attachment_count > 0 ? "另一处" : "您在另一处");
        value_set_str(cx->arena, list->as.items[i], "at", instant_format(cx->arena, m->updated));
    }
    if (list->count == 0) {
        return OK;
    }
    cx->failure.conflicts = list;
    return FAIL(cx, E_STATE, "conflict", "changed since revision %" PRId64, revision);
}

static enum status save_typed(struct cx *cx, struct plan *plan, const struct save_request *request,
                              const struct seen *seen, const struct act *act,
                              const struct value *said)
{
    struct value *sealed = NULL;
    const struct value *old = value_get(seen->typed, act->name);
    for (uint32_t i = 0; i < value_count(said); i++) {
        Str key = said->as.members[i].key;
        bool asked = false;
        for (uint32_t k = 0; k < act->form_count; k++) {
            asked = asked || str_is(key, act->form[k]->name);
        }
        if (!asked) {
            (void)cx_error(cx, key.p, "unknown", "这一步没有这一项");
        }
    }
    if (cx->failure.errors != NULL) {
        return FAIL(cx, E_INPUT, "fields", "fields that act %s does not ask for", act->name);
    }
    struct value *clear = values_merge(cx->arena, old, said);
    TRY(values_seal(cx, plan->house, seen->procedure, seen->matter, clear, NULL, NULL, &sealed));
    script_add(plan->script,
               SQL("INSERT INTO typed (matter, act, person, field_values, updated) "
                   "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (matter, act, person) DO UPDATE SET "
                   "field_values = excluded.field_values, updated = excluded.updated"),
               ARGS(SQL_I(request->matter), SQL_C(act->name), SQL_I(request->actor->person),
                    SQL_S(json_write(cx->arena, sealed)), SQL_I(plan->now)));
    plan->sealed = true; /* nothing of the matter itself changes */
    return OK;
}

/* The version of the form that was answered: a page may have been open while it was renewed. A
 * matter with events has but one. */
static const struct procedure *asked_by(const struct house *house, const struct seen *seen,
                                        int64_t version)
{
    const struct procedure *p = seen->procedure;
    const struct procedure *asked =
        seen->matter->events == 0 && version > 0 && version < p->version
            ? procedure_find(house->procedures, str_of(p->name), (int)version)
            : p;
    return asked == NULL ? p : asked;
}

enum status draft_save(struct cx *cx, const struct house *house, const struct save_request *request,
                       struct plan **out)
{
    struct seen look;
    struct plan *plan = NULL;
    const struct value *said = request->values;
    TRY(matter_look(cx, house, request->actor, request->matter, &look));
    const struct seen *seen = &look;
    const struct procedure *p = seen->procedure;
    const struct procedure *asked = asked_by(house, seen, request->version);
    if (request->from_form) {
        struct value *typed =
            fields_from_form(cx->arena, asked->elements, asked->element_count, said);
        fields_keep(cx->arena, asked->elements, asked->element_count, typed, seen->clear);
        said = typed;
    }
    TRY(unknown_check(cx, asked, said));
    TRY(lists_check(cx, asked, said));
    said = asked == p ? values_unmask(cx, p, said, seen->clear) : said;
    TRY(plan_new(cx, house, request->actor, clock_now(), seen->matter, &plan));
    *out = plan;
    if (seen->matter->events > 0) {
        const struct act *act = NULL;
        TRY(act_towards(cx, house, request->actor, seen, request->act, &act));
        return save_typed(cx, plan, request, seen, act, said);
    }
    if (asked != p) {
        TRY(renewal_translate(cx, house, plan, seen, asked->version, &said));
    }
    TRY(save_conflicts(cx, seen, said, request->revision));
    struct change *change = plan_change(cx, plan, p, seen->matter);
    if (request->court.n > 0) {
        TRY(court_takes(cx, house, p, request->court));
        TRY(reach_ask(cx, house, p, value_get_str(seen->clear, "collaborator"), request->court));
        change->after->court = request->court;
    }
    struct value *kept = element_form_derive(
        cx, p, plan->tables, values_merge(cx->arena, seen->clear, said), instant_date(plan->now));
    TRY(change_values(cx, plan, change, kept));
    change->after->title = draft_title(cx, plan, change);
    change->after->version = p->version;
    renewal_keep(cx, plan, seen, asked);
    TRY(diary_draft_write(cx, plan, change));
    return plan_seal(cx, plan);
}

enum status draft_delete(struct cx *cx, const struct house *house, const struct actor *actor,
                         Id matter, struct plan **out)
{
    static const char *const tables[] = {
        SQL("DELETE FROM signing WHERE matter = ?1"),
        SQL("DELETE FROM typed WHERE matter = ?1"),
        SQL("DELETE FROM draft_day WHERE matter = ?1"),
        SQL("DELETE FROM draft_former WHERE matter = ?1"),
        SQL("DELETE FROM material WHERE matter = ?1"),
        SQL("DELETE FROM attachment WHERE matter = ?1"),
        SQL("DELETE FROM listing WHERE matter = ?1"),
        SQL("DELETE FROM party WHERE matter = ?1"),
        SQL("DELETE FROM matter WHERE id = ?1"),
    };
    struct seen look;
    struct plan *plan = NULL;
    TRY(matter_look(cx, house, actor, matter, &look));
    if (look.matter->events > 0) {
        return FAIL(cx, E_STATE, "not-a-draft", "matter %" PRId64 " has events", matter);
    }
    if (authority_assists(actor, look.matter)) {
        return FAIL(cx, E_DENIED, "draft-of-another", "an assistant deletes no draft");
    }
    TRY(plan_new(cx, house, actor, clock_now(), look.matter, &plan));
    (void)plan_change(cx, plan, look.procedure, look.matter);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        script_add(plan->script, tables[i], ARGS(SQL_I(matter)));
    }
    plan->sealed = true;
    *out = plan;
    return OK;
}

/* --- materials --- */

static const struct material_rule *kind_offered(struct cx *cx, const struct house *house,
                                                const struct actor *actor, const struct seen *seen,
                                                Str kind)
{
    const struct procedure *p = seen->procedure;
    int state = procedure_state_index(p, seen->matter->state);
    for (uint32_t i = 0; i < p->act_count; i++) {
        const struct act *act = &p->acts[i];
        if ((act->from & (UINT32_C(1) << state)) == 0 ||
            !authority_may(actor, seen->matter, act, house->tables(house->tables_arg))) {
            continue;
        }
        struct ask ask = {.house = house,
                          .tables = house->tables(house->tables_arg),
                          .procedure = p,
                          .act = act,
                          .matter = seen->matter,
                          .actor = actor,
                          .values = seen->clear,
                          .now = clock_now()};
        struct form form;
        form_offered(cx, &ask, &form);
        for (uint32_t k = 0; k < form.material_count; k++) {
            if (str_is(kind, form.materials[k].kind)) {
                return &form.materials[k];
            }
        }
    }
    return NULL;
}

/* Whether some act of the procedure asks for it, now or at another time. */
static bool kind_known(const struct procedure *p, Str kind)
{
    for (uint32_t i = 0; i < p->act_count; i++) {
        for (uint32_t k = 0; k < p->acts[i].material_count; k++) {
            if (str_is(kind, p->acts[i].materials[k].kind)) {
                return true;
            }
        }
    }
    return false;
}

enum { MATTER_BYTES_MAX_GIB = 2, MATTER_FILES_MAX = 500 };

static enum status room_check(struct cx *cx, const struct matter *m, int64_t size)
{
    int64_t total = size;
    for (uint32_t i = 0; i < m->material_count; i++) {
        total += m->materials[i].removed == 0 ? m->materials[i].size : 0;
    }
    if (total > ((int64_t)MATTER_BYTES_MAX_GIB << 30) || m->material_count >= MATTER_FILES_MAX) {
        return FAIL(cx, E_TOO_LARGE, "matter-full", "%" PRId64 " bytes in %u files", total,
                    m->material_count);
    }
    return OK;
}

enum status material_add(struct cx *cx, const struct house *house,
                         const struct material_request *request, struct plan **out, int64_t *n)
{
    struct seen look;
    struct plan *plan = NULL;
    TRY(matter_look(cx, house, request->actor, request->matter, &look));
    const struct seen *seen = &look;
    if (kind_offered(cx, house, request->actor, seen, request->kind) == NULL) {
        if (kind_known(seen->procedure, request->kind)) {
            return FAIL(cx, E_STATE, "state", "material kind not offered now");
        }
        (void)cx_error(cx, "kind", "unknown", "现在不能提交这类材料");
        return FAIL(cx, E_INPUT, "fields", "material kind not offered");
    }
    TRY(room_check(cx, seen->matter, request->size));
    Instant at = arrival_moment(request->arrived, seen->matter);
    TRY(plan_new(cx, house, request->actor, at, seen->matter, &plan));
    struct change *change = plan_change(cx, plan, seen->procedure, seen->matter);
    change->clear = seen->clear;
    renewal_leave(seen, change);
    struct material *m = matter_add_material(cx->arena, change->after);
    m->kind = request->kind;
    m->name = request->name;
    m->type = request->type;
    m->size = request->size;
    m->sm3 = request->sm3;
    m->status = request->status;
    m->pages = request->pages;
    m->pages_sm3 = request->pages_sm3;
    m->active = request->active;
    m->person = request->actor->person;
    m->person_name = request->actor->name;
    m->at = request->arrived == 0 ? plan->now : request->arrived;
    m->began = request->began;
    *n = m->n;
    if (seen->matter->events >
        0) { /* after the first act a file is handed in by an act of its own */
        change->act = "attach-material";
        change->title = "补充材料";
        if (request->arrived != 0) {
            arrival_say(cx, change, request->began, request->arrived);
        }
    }
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

enum status material_remove(struct cx *cx, const struct house *house, const struct actor *actor,
                            Id matter, int64_t n, struct plan **out)
{
    struct seen look;
    struct plan *plan = NULL;
    TRY(matter_look(cx, house, actor, matter, &look));
    const struct matter *m = look.matter;
    struct material *found = NULL;
    TRY(plan_new(cx, house, actor, clock_now(), m, &plan));
    struct change *change = plan_change(cx, plan, look.procedure, m);
    change->clear = look.clear;
    renewal_leave(&look, change);
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (change->after->materials[i].n == n && change->after->materials[i].removed == 0) {
            found = &change->after->materials[i];
        }
    }
    if (found == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no material %" PRId64, n);
    }
    if (found->person != actor->person ||
        kind_offered(cx, house, actor, &look, found->kind) == NULL) {
        return FAIL(cx, E_DENIED, "denied", "material %" PRId64 " is not open to this actor", n);
    }
    found->removed = plan->now;
    if (m->events > 0) {
        change->act = "withdraw-material";
        change->title = "撤回材料";
    }
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}

/* --- revealing --- */

/* Sensitive is what the masked copy shows otherwise. */
enum status reveal_prepare(struct cx *cx, const struct house *house, const struct actor *actor,
                           Id matter, Str path, struct plan **out, const struct value **shown)
{
    struct seen look;
    struct plan *plan = NULL;
    TRY(matter_look(cx, house, actor, matter, &look));
    const struct seen *seen = &look;
    if (!authority_is_staff(actor, seen->matter, house->tables(house->tables_arg))) {
        return FAIL(cx, E_DENIED, "denied", "only staff of the court reveal");
    }
    const struct value *whole = value_at(seen->clear, path.p);
    const struct value *masked = value_at(values_mask(cx, seen->procedure, seen->clear), path.p);
    bool leaf = value_is_text(whole) || value_get_str(whole, "number").n > 0;
    if (!leaf || value_same(whole, masked)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "nothing masked at %.*s", STR_ARG(path));
    }
    TRY(plan_new(cx, house, actor, clock_now(), seen->matter, &plan));
    struct change *change = plan_change(cx, plan, seen->procedure, seen->matter);
    change->clear = seen->clear;
    change->act = "reveal";
    change->title = "查看隐藏的号码";
    change->extra = value_map(cx->arena);
    value_set_str(cx->arena, change->extra, "revealed", path);
    TRY(plan_seal(cx, plan));
    *out = plan;
    *shown = whole;
    return OK;
}
