/* Buttons that do nothing but keep what was typed: an item more or less, another one opened, a code
 * to the phone, a saved phrase put into a text. */
#include <inttypes.h>
#include <string.h>

#include "record/code.h"
#include "web/again.h"
#include "web/edit.h"
#include "web/phrase.h"
#include "web/saved.h"

static const struct pace code_pace = {"code", 3, 1};

bool edit_keeps(const struct call *call)
{
    return value_get_str(call->body, "_add").n > 0 || value_get_str(call->body, "_remove").n > 0 ||
           value_get_str(call->body, "_open").n > 0 || value_get_str(call->body, "_code").n > 0 ||
           value_get_str(call->body, "_phrase").n > 0 || value_get_str(call->body, "_use").n > 0;
}

/* A path is made of names and numbers; anything else did not come from our page. */
static bool path_is_plain(Str path)
{
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) {
            return false;
        }
    }
    return path.n > 0 && path.n < 200;
}

/* How many items of a list the form showed, empty ones too: those are not kept. */
static uint32_t items_shown(const struct call *call, Str path)
{
    return value_count(value_at(call->body, path.p));
}

/* As deep as the form that was read, which is bounded. */
static struct value *item_removed(struct arena *arena, /* NOLINT(misc-no-recursion) */
                                  const struct value *v, Str path)
{
    size_t first = (size_t)(strchrnul(path.p, '.') - path.p);
    Str head = str_slice(arena, path, 0, first);
    if (value_is_list(v)) {
        struct value *list = value_list(arena);
        int64_t index = -1;
        bool here = first == path.n && str_int(path, &index);
        bool below = first < path.n && str_int(head, &index);
        for (uint32_t i = 0; i < v->count; i++) {
            const struct value *item = v->as.items[i];
            if (here && (int64_t)i == index) {
                continue;
            }
            value_add(arena, list,
                      below && (int64_t)i == index
                          ? item_removed(arena, item, str_slice(arena, path, first + 1, path.n))
                          : item);
        }
        return list;
    }
    struct value *map = value_is_map(v) ? value_merge(arena, v, NULL) : value_map(arena);
    const struct value *inside = value_get_key(v, head);
    if (first < path.n && inside != NULL && (value_is_map(inside) || value_is_list(inside))) {
        value_set_key(arena, map, head,
                      item_removed(arena, inside, str_slice(arena, path, first + 1, path.n)));
    }
    return map;
}

struct keeping {
    Str go;
    Id used; /* of what one keeps: chosen; 0: nothing */
    Id person;
    struct person *who;
    struct script *script;
};

static enum status kept(struct call *call)
{
    const struct keeping *keeping = call->kept;
    return call_done(call, keeping->go, NULL);
}

static enum status who_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct keeping *keeping = arg;
    return person_find(cx, sql, keeping->person, &keeping->who);
}

static enum status code_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct keeping *keeping = arg;
    return script_run(cx, sql, keeping->script);
}

static enum status code_slow(struct call *call)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct keeping *keeping = call->kept;
    TRY(store_read(cx, house->store, who_read, keeping));
    if (keeping->who == NULL) {
        return FAIL(cx, E_LOGIN, "login-needed", "person is gone");
    }
    keeping->script = script_new(cx->arena);
    TRY(code_send(cx, house->store, house->keys, house->sequence, keeping->script, keeping->who,
                  STR("sign"), clock_machine()));
    TRY(store_write(cx, house->store, WRITE_INTERACTIVE, code_write, keeping));
    call->app->wake_jobs(call->app->wake_arg);
    return OK;
}

static enum status kept_then_code(struct call *call)
{
    return call_slow(call, code_slow, kept);
}

/* What is typed to be used once is not kept. */
static void forget_codes(struct arena *arena, const struct seen *seen, struct value *said)
{
    for (uint32_t i = 0; i < seen->procedure->element_count; i++) {
        const struct field *field = &seen->procedure->elements[i];
        const struct value *v = value_get(said, field->name);
        if (field->type == FIELD_SIGNATURE && value_is_map(v)) {
            struct value *signature = value_merge(arena, v, NULL);
            value_remove(signature, "code");
            value_remove(signature, "png");
            value_set(arena, said, field->name, signature);
        }
    }
}

static enum status keeping_of(struct call *call, struct value **said, Str back,
                              struct keeping *keeping)
{
    struct cx *cx = call->cx;
    Str add = value_get_str(call->body, "_add");
    Str gone = value_get_str(call->body, "_remove");
    Str code = value_get_str(call->body, "_code");
    Str open = value_get_str(call->body, "_open");
    Str path = add.n > 0 ? add : (gone.n > 0 ? gone : (open.n > 0 ? open : code));
    if (!path_is_plain(path) || ((gone.n > 0 || open.n > 0) && strrchr(path.p, '.') == NULL)) {
        return FAIL(cx, E_READ, "form-unreadable", "a button with a strange path");
    }
    if (add.n > 0) {
        uint32_t count = items_shown(call, add);
        keeping->go =
            str_printf(cx->arena, "%s?items=%s:%u#f-%s.%u", back.p, add.p, count + 1, add.p, count);
    } else if (gone.n > 0) {
        Str list = str_slice(cx->arena, gone, 0, (size_t)(strrchr(gone.p, '.') - gone.p));
        uint32_t count = items_shown(call, list);
        *said = item_removed(cx->arena, *said, gone);
        keeping->go = str_printf(cx->arena, "%s?items=%s:%u#f-%s", back.p, list.p,
                                 count > 1 ? count - 1 : 1, list.p);
    } else if (open.n > 0) {
        keeping->go =
            str_printf(cx->arena, "%s?item=%s#f-%s", back.p, strrchr(open.p, '.') + 1, open.p);
    } else {
        int64_t wait_s = 0;
        keeping->go = str_printf(cx->arena, "%s?sent=1#f-%s", back.p, code.p);
        if (!pace_take(&code_pace, viewer_person(cx->arena, call->actor.person), &wait_s)) {
            retry_after(call, wait_s);
            cx_arg(cx, "seconds", str_printf(cx->arena, "%" PRId64, wait_s));
            return FAIL(cx, E_RATE, "rate", "codes");
        }
    }
    return OK;
}

/* What was chosen from the list of what one keeps, filled in; nothing chosen: as it was. */
static enum status choice_filled(struct call *call, const struct seen *seen, struct value **said,
                                 Str back, struct keeping *keeping)
{
    struct cx *cx = call->cx;
    struct act_form form;
    keeping->go = back;
    if (!str_int(value_get_str(call->body, "_pick"), &keeping->used)) {
        return OK;
    }
    return act_form_open(call, seen, STR(""), &form)
               ? saved_fill(call, &form, keeping->used, value_get_str(call->body, "_as"), *said,
                            said)
               : FAIL(cx, E_STATE, "not-editable", "no form to fill");
}

enum status edit_keep(struct call *call, const struct seen *seen, Str act, struct value *said,
                      Str back)
{
    struct cx *cx = call->cx;
    struct plan *plan = NULL;
    struct keeping *keeping = arena_new(cx->arena, struct keeping);
    bool code = value_get_str(call->body, "_code").n > 0;
    keeping->person = call->actor.person;
    if (value_get_str(call->body, "_phrase").n > 0) {
        TRY(phrase_put(call, seen, act, &said, back, &keeping->go));
    } else if (value_get_str(call->body, "_use").n > 0) {
        TRY(choice_filled(call, seen, &said, back, keeping));
    } else if (call->tries == 0 || !code) { /* a repetition has paid for its code already */
        TRY(keeping_of(call, &said, back, keeping));
    } else {
        keeping->go = str_printf(cx->arena, "%s?sent=1", back.p);
    }
    forget_codes(cx->arena, seen, said);
    struct save_request request = {.actor = &call->actor,
                                   .matter = seen->matter->id,
                                   .act = act,
                                   .values = said,
                                   .revision = matter_revision_said(call)};
    TRY(draft_save(cx, &call->app->house, &request, &plan));
    if (keeping->used != 0) {
        saved_use(plan->script, call->actor.person, keeping->used, clock_now());
    }
    call->kept = keeping;
    return call_plan(call, plan, code ? kept_then_code : kept);
}
