/* What a draft was before it was brought along is kept as it stood in its row, version by version:
 * what became of it is told from that each time, and nothing of it is ever opened for less. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "flow/authority.h"
#include "flow/procedure_int.h"
#include "flow/renewal.h"
#include "flow/values.h"

/* A state that the draft was in: sealed as the version of then sealed it. */
struct former {
    const struct procedure *procedure;
    struct value *sealed;
};

enum { FORMERS_MAX = 64 }; /* versions of one procedure */

static const struct procedure *version_of(const struct house *house, const struct seen *seen,
                                          int64_t version)
{
    return procedure_find(house->procedures, str_of(seen->procedure->name), (int)version);
}

static enum status formers_read(struct cx *cx, const struct house *house, struct sql *sql,
                                const struct seen *seen, struct former *out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT version, field_values FROM draft_former WHERE matter = ?1 "
                      "ORDER BY version"),
                  ARGS(SQL_I(seen->matter->id)), &rows));
    *count = 0;
    for (uint32_t i = 0; i < rows.count && *count < FORMERS_MAX - 1; i++) {
        struct former *former = &out[*count];
        former->procedure = version_of(house, seen, row_int(&rows, i, 0));
        if (former->procedure != NULL) { /* else its text is gone, and nothing can be told */
            TRY(json_row_read(cx, row_str(&rows, i, 1), &former->sealed));
            *count += 1;
        }
    }
    return OK;
}

/* --- files --- */

static const struct value *material_former(const struct procedure *p, Str kind)
{
    for (uint32_t i = 0; i < value_count(p->former); i++) {
        Str path = p->former->as.members[i].key;
        if (str_starts(path, "materials.") && str_is(kind, path.p + strlen("materials."))) {
            return p->former->as.members[i].value;
        }
    }
    return NULL;
}

static bool is_asked(const struct procedure *p, Str kind)
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

/* The kind that files of this kind are of now; "" when none is. */
static Str kind_now(const struct house *house, const struct procedure *from,
                    const struct procedure *to, Str kind, const struct value **says)
{
    *says = NULL;
    for (int v = from->version + 1; v <= to->version; v++) {
        const struct procedure *p = procedure_find(house->procedures, str_of(to->name), v);
        const struct value *former = p == NULL ? NULL : material_former(p, kind);
        if (former == NULL) {
            continue;
        }
        *says = former;
        Str moved = value_get_str(former, "moved");
        if (moved.n == 0) {
            return STR("");
        }
        kind = str_of(moved.p + strlen("materials."));
    }
    return kind;
}

static void file_tell(struct cx *cx, const struct procedure *from, const struct procedure *to,
                      const struct material *m, Str kind, const struct value *says,
                      struct value *removed)
{
    struct value *row = value_map(cx->arena);
    value_set_str(cx->arena, row, "field",
                  str_printf(cx->arena, "materials.%.*s", STR_ARG(m->kind)));
    value_set_text(cx->arena, row, "title", material_title(from, m->kind));
    value_set_int(cx->arena, row, "material", m->n);
    value_set_str(cx->arena, row, "said", m->name);
    value_set_str(cx->arena, row, "text", m->name);
    value_set_text(cx->arena, row, "became", kind.n > 0 ? "moved" : "dropped");
    if (kind.n > 0) {
        value_set_str(cx->arena, row, "to", value_get_str(says, "moved"));
        value_set_text(cx->arena, row, "to_title", material_title(to, kind));
    }
    value_set(cx->arena, row, "why", value_get(says, "dropped"));
    value_add(cx->arena, removed, row);
}

/* Kinds in memory become those of now; a file of a kind that was dropped keeps its own. */
static void files_see(struct cx *cx, const struct house *house, const struct procedure *from,
                      struct seen *seen, struct value *removed)
{
    struct matter *m = seen->matter;
    for (uint32_t i = 0; i < m->material_count; i++) {
        const struct value *says = NULL;
        Str kind = kind_now(house, from, seen->procedure, m->materials[i].kind, &says);
        if (says != NULL && m->materials[i].removed == 0) {
            file_tell(cx, from, seen->procedure, &m->materials[i], kind, says, removed);
            m->materials[i].kind = kind.n > 0 ? kind : m->materials[i].kind;
        }
    }
}

/* --- seeing --- */

static void append(struct arena *arena, struct value *list, const struct value *more)
{
    for (uint32_t i = 0; i < value_count(more); i++) {
        value_add(arena, list, value_item(more, i));
    }
}

/* What was lost on the way from each former state to the next one. */
static enum status removed_of(struct cx *cx, const struct house *house, const struct seen *seen,
                              const struct former *formers, uint32_t count, struct value *removed)
{
    const struct law_tables *tables = house->tables(house->tables_arg);
    for (uint32_t i = 0; i + 1 < count; i++) {
        struct matter as = *seen->matter;
        struct value *clear = NULL;
        struct renewal renewal;
        as.values = formers[i].sealed;
        TRY(values_open(cx, house, formers[i].procedure, &as, &clear));
        renewal_carry(cx, house->procedures, tables, formers[i].procedure, formers[i + 1].procedure,
                      clear, &renewal);
        append(cx->arena, removed, renewal.removed);
    }
    return OK;
}

/* The draft's own row, brought to the newest version in memory. */
static enum status behind_carry(struct cx *cx, const struct house *house, struct seen *seen,
                                const struct procedure *from, struct value *removed)
{
    struct matter *m = seen->matter;
    struct renewal renewal;
    seen->behind = m->values;
    renewal_carry(cx, house->procedures, house->tables(house->tables_arg), from, seen->procedure,
                  seen->clear, &renewal);
    seen->clear = renewal.values;
    append(cx->arena, removed, renewal.removed);
    return values_seal(cx, house, seen->procedure, m, seen->clear, NULL, NULL, &m->values);
}

static void tell(struct cx *cx, const struct house *house, struct seen *seen,
                 const struct procedure *from, const struct value *removed)
{
    struct value *added = value_list(cx->arena);
    struct value *changed = value_list(cx->arena);
    struct value *view = value_map(cx->arena);
    renewal_compare(cx, house->tables(house->tables_arg), from, seen->procedure, seen->clear, added,
                    changed);
    value_set_int(cx->arena, view, "from", from->version);
    value_set_int(cx->arena, view, "to", seen->procedure->version);
    value_set(cx->arena, view, "added", added);
    value_set(cx->arena, view, "changed", changed);
    value_set(cx->arena, view, "removed", removed);
    seen->renewal = added->count + changed->count + removed->count == 0 ? NULL : view;
}

enum status renewal_see(struct cx *cx, const struct house *house, struct sql *sql,
                        struct seen *seen)
{
    struct former formers[FORMERS_MAX];
    uint32_t count = 0;
    struct matter *m = seen->matter;
    const struct procedure *own = version_of(house, seen, m->version);
    own = own == NULL ? seen->procedure : own; /* its text is gone */
    seen->behind = NULL;
    seen->renewal = NULL;
    if (procedure_before(house->procedures, seen->procedure) != NULL) {
        TRY(formers_read(cx, house, sql, seen, formers, &count));
    }
    TRY(values_open(cx, house, own, m, &seen->clear));
    if (count == 0 && own == seen->procedure) {
        return OK;
    }
    seen->renewed = true;
    struct value *removed = value_list(cx->arena);
    const struct procedure *first = count > 0 ? formers[0].procedure : own;
    formers[count++] = (struct former){own, m->values};
    TRY(removed_of(cx, house, seen, formers, count, removed));
    if (own != seen->procedure) {
        TRY(behind_carry(cx, house, seen, own, removed));
    }
    files_see(cx, house, first, seen, removed);
    tell(cx, house, seen, first, removed);
    return OK;
}

/* --- keeping --- */

static void former_write(struct cx *cx, struct plan *plan, Id matter, int64_t version,
                         const struct value *sealed)
{
    script_add(plan->script,
               SQL("INSERT INTO draft_former (matter, version, field_values) VALUES (?1, ?2, ?3) "
                   "ON CONFLICT (matter, version) DO UPDATE SET "
                   "field_values = excluded.field_values"),
               ARGS(SQL_I(matter), SQL_I(version), SQL_S(json_write(cx->arena, sealed))));
}

void renewal_keep(struct cx *cx, struct plan *plan, const struct seen *seen,
                  const struct procedure *asked)
{
    if (seen->behind != NULL && asked->version != seen->matter->version) {
        former_write(cx, plan, seen->matter->id, seen->matter->version, seen->behind);
    }
}

void renewal_leave(const struct seen *seen, struct change *change)
{
    if (seen->behind != NULL) {
        change->after->values = seen->behind;
    }
}

void renewal_settle(struct cx *cx, struct plan *plan, const struct seen *seen,
                    struct change *change)
{
    (void)cx;
    for (uint32_t i = 0; seen->renewal != NULL && i < change->after->material_count; i++) {
        struct material *file = &change->after->materials[i];
        script_add(plan->script, SQL("UPDATE material SET kind = ?3 WHERE matter = ?1 AND n = ?2"),
                   ARGS(SQL_I(change->after->id), SQL_I(file->n), SQL_S(file->kind)));
        if (!is_asked(seen->procedure, file->kind) && file->removed == 0) {
            file->removed = plan->now;
        }
    }
    if (seen->renewal != NULL || seen->behind != NULL) {
        script_add(plan->script, SQL("DELETE FROM draft_former WHERE matter = ?1"),
                   ARGS(SQL_I(change->after->id)));
    }
}

void renewal_warn(struct cx *cx, const struct seen *seen)
{
    const struct value *removed = value_get(seen->renewal, "removed");
    for (uint32_t i = 0; seen->behind != NULL && i < value_count(removed); i++) {
        if (!value_is_null(value_get(value_item(removed, i), "said"))) {
            (void)cx_warning(cx, NULL, "form-renewed",
                             "表格已更新，您填过的内容有改动。请先看一遍草稿页上列出的变化");
            return;
        }
    }
}

/* --- two devices --- */

/* The row of that version, as it is kept or still stands; an empty one when there is none. */
static enum status former_find(struct cx *cx, const struct house *house, struct sql *sql,
                               const struct seen *seen, int64_t version, struct value **sealed)
{
    struct rows rows = {0};
    (void)house;
    *sealed = value_map(cx->arena);
    if (seen->behind != NULL && seen->matter->version == version) {
        *sealed = value_copy(cx->arena, seen->behind);
        return OK;
    }
    TRY(sql_query(cx, sql,
                  SQL("SELECT field_values FROM draft_former WHERE matter = ?1 AND version = ?2"),
                  ARGS(SQL_I(seen->matter->id), SQL_I(version)), &rows));
    return rows.count == 0 ? OK : json_row_read(cx, row_str(&rows, 0, 0), sealed);
}

struct former_look {
    const struct house *house;
    const struct seen *seen;
    int64_t version;
    struct value *sealed;
};

static enum status former_look(struct cx *cx, struct sql *sql, void *arg)
{
    struct former_look *look = arg;
    return former_find(cx, look->house, sql, look->seen, look->version, &look->sealed);
}

/* What differs between the two once both are carried over is what was said: of a group its fields,
 * as values_merge() lays them on; null for what was taken out. Calls itself once at most. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static const struct value *difference(struct arena *arena, const struct value *before,
                                      const struct value *after, bool groups)
{
    struct value *said = value_map(arena);
    for (uint32_t i = 0; i < value_count(after); i++) {
        Str key = after->as.members[i].key;
        const struct value *now = after->as.members[i].value;
        const struct value *then = value_get_key(before, key);
        if (!value_same(now, then)) {
            value_set_key(arena, said, key,
                          groups && value_is_map(now) && value_is_map(then)
                              ? difference(arena, then, now, false)
                              : now);
        }
    }
    for (uint32_t i = 0; i < value_count(before); i++) {
        Str key = before->as.members[i].key;
        if (value_get_key(after, key) == NULL) {
            value_set_key(arena, said, key, NULL);
        }
    }
    return said;
}

enum status renewal_translate(struct cx *cx, const struct house *house, struct plan *plan,
                              const struct seen *seen, int64_t version, const struct value **said)
{
    const struct procedure *old = version_of(house, seen, version);
    const struct law_tables *tables = house->tables(house->tables_arg);
    struct former_look look = {.house = house, .seen = seen, .version = version};
    struct matter as = *seen->matter;
    struct value *clear = NULL;
    struct value *sealed = NULL;
    struct renewal before;
    struct renewal after;
    if (old == NULL || old->version >= seen->procedure->version) {
        return OK;
    }
    TRY(store_read(cx, house->store, former_look, &look));
    as.values = look.sealed;
    TRY(values_open(cx, house, old, &as, &clear));
    struct value *typed = values_merge(cx->arena, clear, values_unmask(cx, old, *said, clear));
    renewal_carry(cx, house->procedures, tables, old, seen->procedure, clear, &before);
    renewal_carry(cx, house->procedures, tables, old, seen->procedure, typed, &after);
    TRY(values_seal(cx, house, old, &as, typed, clear, look.sealed, &sealed));
    former_write(cx, plan, seen->matter->id, version, sealed);
    *said = difference(cx->arena, before.values, after.values, true);
    return OK;
}

/* --- the owner has seen it --- */

enum status renewal_seen(struct cx *cx, const struct house *house, const struct actor *actor,
                         Id matter, struct plan **out)
{
    struct seen look;
    const struct seen *seen = &look;
    struct plan *plan = NULL;
    TRY(matter_look(cx, house, actor, matter, &look));
    if (seen->matter->events > 0) {
        return FAIL(cx, E_STATE, "not-a-draft", "matter with events is pinned to its version");
    }
    if (!authority_sees_whole(actor, seen->matter) || authority_assists(actor, seen->matter)) {
        return FAIL(cx, E_DENIED, "draft-of-another", "only its owner has seen it");
    }
    TRY(plan_new(cx, house, actor, clock_now(), seen->matter, &plan));
    struct change *change = plan_change(cx, plan, seen->procedure, seen->matter);
    TRY(change_values(cx, plan, change, seen->clear));
    change->after->version = seen->procedure->version;
    renewal_settle(cx, plan, seen, change);
    TRY(plan_seal(cx, plan));
    *out = plan;
    return OK;
}
