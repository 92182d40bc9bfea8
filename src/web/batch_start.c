/* The filer signs once, over the digest of all that will be filed; then a job files it. */
#include <inttypes.h>

#include "base/json.h"
#include "record/audit.h"
#include "web/again.h"
#include "web/batch.h"
#include "web/handlers.h"
#include "web/keep.h"

struct beginning {
    struct batch_seen seen;
    const struct value *values; /* what is asked once, checked */
    struct script *script;
};

static const struct value *found_of(struct cx *cx, const struct batch *b)
{
    struct value *found = NULL;
    if (json_row_read(cx, b->found, &found) != OK) {
        cx_forgive(cx);
    }
    return found;
}

/* --- what is asked --- */

static struct field *asked_fields(struct arena *arena, const struct batch_kind *kind,
                                  uint32_t *count)
{
    struct field *fields = arena_array(arena, struct field, value_count(kind->asked_once));
    *count = 0;
    for (uint32_t i = 0; i < value_count(kind->asked_once); i++) {
        const struct field *field =
            field_find(kind->procedure->elements, kind->procedure->element_count,
                       value_as_str(value_item(kind->asked_once, i)));
        if (field != NULL) {
            fields[(*count)++] = *field;
        }
    }
    return fields;
}

/* Of a form each name without underscore in front. */
static const struct value *values_said(struct call *call, const struct field *fields,
                                       uint32_t count)
{
    struct arena *arena = call->cx->arena;
    if (!call->body_is_form) {
        const struct value *values = value_get(call->body, "values");
        return value_is_map(values) ? values : value_map(arena);
    }
    struct value *form = value_map(arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct value *v = value_get(call->body, fields[i].name);
        if (v != NULL) {
            value_set(arena, form, fields[i].name, v);
        }
    }
    return fields_from_form(arena, fields, count, form);
}

/* The digest was made with every promise given: less cannot be signed for all at once. */
static void promises_check(struct cx *cx, const struct field *field, const struct value *said)
{
    for (uint32_t i = 0; field->type == FIELD_GROUP && i < field->field_count; i++) {
        const struct field *inner = &field->fields[i];
        if (inner->type == FIELD_YES_NO && value_get(said, inner->name) != NULL &&
            !value_get_bool(said, inner->name)) {
            (void)cx_error(cx, arena_printf(cx->arena, "%s.%s", field->name, inner->name),
                           "promise",
                           "批量提交，须对全部案件作出这项承诺；做不到的那一件请单独提交");
        }
    }
}

/* Of a single filing the court judges another name, and the filer is asked first; here nobody
 * looks at each. */
static void name_check(struct call *call, const struct field *field, const struct value *said)
{
    struct cx *cx = call->cx;
    Str name = str_trim(cx->arena, value_get_str(said, "name"));
    if (field->type == FIELD_SIGNATURE && str_is(value_get_str(said, "method"), "typed") &&
        name.n > 0 &&
        !str_same(text_composed(cx->arena, name), text_composed(cx->arena, call->actor.name))) {
        (void)cx_error(
            cx, arena_printf(cx->arena, "%s.name", field->name), "signing-name",
            arena_printf(cx->arena, "请输入您本人的姓名：%.*s", STR_ARG(call->actor.name)));
    }
}

static enum status code_prove(struct call *call, const struct field *field,
                              const struct value *said)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    bool right = true;
    if (field->type == FIELD_SIGNATURE && str_is(value_get_str(said, "method"), "typed")) {
        TRY(house->code_check(cx, house->code_arg, call->actor.person, value_get_str(said, "code"),
                              &right));
    }
    if (!right) {
        (void)cx_error(cx, arena_printf(cx->arena, "%s.code", field->name), "signature-holds",
                       "验证码不对或者已经过期，请重新获取");
    }
    return OK;
}

static enum status asked_check(struct call *call, struct beginning *b)
{
    struct cx *cx = call->cx;
    uint32_t count = 0;
    const struct batch_kind *kind = batch_kind_of(call, b->seen.batch);
    struct field *fields = asked_fields(cx->arena, kind, &count);
    const struct law_tables *tables = call->app->house.tables(call->app->house.tables_arg);
    struct field_world world = {.tables = tables, .today = instant_date(clock_now())};
    const struct value *said = values_said(call, fields, count);
    b->values = fields_check(cx, fields, count, &world, said, STR(""));
    for (uint32_t i = 0; i < count; i++) {
        promises_check(cx, &fields[i], value_get(b->values, fields[i].name));
        name_check(call, &fields[i], value_get(b->values, fields[i].name));
        if (cx->failure.errors == NULL) {
            TRY(code_prove(call, &fields[i], value_get(b->values, fields[i].name)));
        }
    }
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "fields", "promises or signature");
}

/* --- warnings --- */

static bool accepted(struct call *call, const struct value *list, Str code)
{
    if (!call->body_is_form && value_get_bool(call->body, "accept_warnings")) {
        return true;
    }
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (str_same(value_as_str(value_item(list, i)), code)) {
            return true;
        }
    }
    return false;
}

static enum status warnings_check(struct call *call, const struct beginning *b)
{
    struct cx *cx = call->cx;
    const struct value *warnings = value_get(found_of(cx, b->seen.batch), "warnings");
    const struct value *list =
        call->body_is_form ? keep_all(call, "_accept") : value_get(call->body, "accept_warnings");
    struct value *open = value_list(cx->arena);
    for (uint32_t i = 0; i < value_count(warnings); i++) {
        const struct value *warning = value_item(warnings, i);
        if (!accepted(call, list, value_get_str(warning, "code"))) {
            value_add(cx->arena, open, warning);
        }
    }
    if (open->count == 0) {
        return OK;
    }
    cx->failure.warnings = open;
    return FAIL(cx, E_WARN, "warnings", "%u warnings", open->count);
}

/* --- beginning --- */

static Str signature_text(struct call *call, const struct beginning *b)
{
    struct arena *arena = call->cx->arena;
    const struct batch_kind *kind = batch_kind_of(call, b->seen.batch);
    struct value *kept = value_map(arena);
    for (uint32_t i = 0; i < value_count(kind->asked_once); i++) {
        const struct value *said =
            value_get_key(b->values, value_as_str(value_item(kind->asked_once, i)));
        static const char *const keys[] = {"method", "name", "png"};
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            if (value_get_str(said, keys[k]).n > 0) {
                value_set(arena, kept, keys[k], value_get(said, keys[k]));
            }
        }
    }
    if (value_get(kept, "name") == NULL) {
        value_set_str(arena, kept, "name", call->actor.name);
    }
    value_set_str(arena, kept, "signed", b->seen.batch->digest);
    value_set_str(arena, kept, "at", instant_format(arena, clock_now()));
    return json_write(arena, kept);
}

static enum status begin_apply(struct cx *cx, struct sql *sql, void *arg)
{
    const struct beginning *b = arg;
    TRY(batch_claim(cx, sql, b->seen.id, "ready", b->seen.batch->revision));
    return script_run(cx, sql, b->script);
}

static enum status begun(struct call *call)
{
    const struct beginning *b = call->kept;
    call->app->wake_jobs(call->app->wake_arg);
    return batch_answer(call, b->seen.id);
}

static enum status begin_write(struct call *call, struct beginning *b)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    Id ids = 0;
    const struct batch *batch = b->seen.batch;
    TRY(sequence_take(cx, house->sequence, 2, &ids)); /* due -1: before the papers of others */
    b->script = script_new(cx->arena);
    batch_start(b->script, batch->id, signature_text(call, b), clock_now());
    script_add(
        b->script,
        SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
            "VALUES (?1, 'batch', ?2, -1, 0, 0, 'waiting', '')"),
        ARGS(SQL_I(ids), SQL_S(str_printf(cx->arena, "{\"batch\":%" PRId64 "}", batch->id))));
    struct audit audit = {.id = ids + 1,
                          .at = clock_now(),
                          .person = call->actor.person,
                          .what = STR("start-batch"),
                          .subject = str_printf(cx->arena, "batch %" PRId64, batch->id),
                          .detail =
                              str_printf(cx->arena, "{\"claims\":%" PRId64 ",\"signed\":\"%s\"}",
                                         batch->counts.ready, batch->digest.p)};
    audit_write(b->script, &audit);
    return call_write(call, begin_apply, b, begun);
}

static enum status revision_check(struct call *call, const struct batch *batch)
{
    const struct value *said = value_get(call->body, call->body_is_form ? "_revision" : "revision");
    int64_t revision = value_as_int(said);
    if (value_is_text(said) && !str_int(value_as_str(said), &revision)) {
        revision = 0;
    }
    return value_is_null(said) || revision == batch->revision
               ? OK
               : FAIL(call->cx, E_STATE, "batch-changed", "revision %" PRId64, revision);
}

/* The page again, with what was refused. */
static enum status again(struct call *call, enum status status, const struct beginning *b)
{
    struct arena *arena = call->cx->arena;
    if (call->json || !call->body_is_form) {
        return status;
    }
    struct value *view = batch_view(call, &b->seen);
    value_set(arena, view, "said", value_copy(arena, call->body));
    value_set(arena, view, "accepted", keep_all(call, "_accept"));
    return call_again(call, status, "batch", view);
}

/* A code to the phone, and back to this page with the promises still ticked. */
static enum status code_send_first(struct call *call, const struct beginning *b)
{
    struct arena *arena = call->cx->arena;
    bool promised = str_is(value_as_str(value_at(call->body, "undertakings.truth")), "yes");
    value_set_str(
        arena, call->body, "back",
        batch_path(arena, b->seen.id, promised ? "?sent=1&promised=1#sign" : "?sent=1#sign"));
    return code_request(call);
}

static enum status begin_checked(struct call *call, struct beginning *b)
{
    struct cx *cx = call->cx;
    TRY(revision_check(call, b->seen.batch));
    if (b->seen.batch->counts.ready == 0) {
        return FAIL(cx, E_STATE, "batch-nothing", "no row is ready");
    }
    TRY(asked_check(call, b));
    TRY(warnings_check(call, b));
    return OK;
}

enum status batch_begin(struct call *call)
{
    struct cx *cx = call->cx;
    struct beginning *b = arena_new(cx->arena, struct beginning);
    call->kept = b;
    TRY(batch_mine(call));
    TRY(batch_see(call, &b->seen));
    TRY(batch_own(call, b->seen.batch));
    if (!str_is(b->seen.batch->state, "ready")) { /* a second time is the first */
        call_header(call, "Idempotent-Replayed", STR("true"));
        return batch_answer(call, b->seen.id);
    }
    if (value_get_str(call->body, "_code").n > 0) {
        return code_send_first(call, b);
    }
    enum status status = begin_checked(call, b);
    return status == OK ? begin_write(call, b) : again(call, status, b);
}
