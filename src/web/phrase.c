/* Saved phrases: what a reviewer, or his court, says again and again. */
#include "web/phrase.h"

#include <inttypes.h>

#include "base/json.h"
#include "record/audit.h"
#include "record/phrase.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/page_account.h"

enum { KEYS_MAX = 9 };

/* --- where they go --- */

/* {list, item, text} of an act; NULL where phrases are of no use. */
static const struct value *place_of(const struct call *call, Str procedure, Str act)
{
    const struct value *words = guidance_of(call->app->guidance, procedure);
    return value_get(value_get_key(value_get(words, "acts"), act), "phrases");
}

/* An act of any procedure that takes phrases, with its title; NULL when there is none. */
static const struct act *act_taking(const struct call *call, Str name)
{
    const struct procedures *all = call->app->house.procedures;
    for (uint32_t i = 0; i < procedures_count(all); i++) {
        const struct procedure *p = procedures_at(all, i);
        const struct act *act = procedure_act(p, name);
        if (act != NULL && place_of(call, str_of(p->name), name) != NULL) {
            return act;
        }
    }
    return NULL;
}

/* The choices of what a phrase is about in a form of this procedure; NULL when it has none. */
static const struct field *items_at(struct arena *arena, const struct procedure *p,
                                    const struct value *place)
{
    Str *parts = NULL;
    const struct field *field = NULL;
    const struct field *fields = p->elements;
    uint32_t field_count = p->element_count;
    size_t count = place == NULL ? 0 : str_split(arena, value_get_str(place, "list"), '.', &parts);
    for (size_t k = 0; k < count; k++) {
        field = field_find(fields, field_count, parts[k]);
        fields = field == NULL ? NULL : field->fields;
        field_count = field == NULL ? 0 : field->field_count;
    }
    return field == NULL ? NULL : field_find(fields, field_count, value_get_str(place, "item"));
}

/* The same of the first procedure that has this act with some. */
static const struct field *items_of(const struct call *call, const struct act *act)
{
    const struct field *field = NULL;
    const struct procedures *all = call->app->house.procedures;
    for (uint32_t i = 0; i < procedures_count(all) && field == NULL; i++) {
        const struct procedure *p = procedures_at(all, i);
        field = items_at(call->cx->arena, p, place_of(call, str_of(p->name), str_of(act->name)));
    }
    return field;
}

/* Filings ask for different things: what another asks for is left for the reviewer to choose. */
static bool item_fits(const struct field *items, Str item)
{
    for (uint32_t i = 0; items != NULL && i < items->option_count; i++) {
        if (str_is(item, items->options[i].value)) {
            return true;
        }
    }
    return false;
}

static bool keeps_phrases(const struct call *call)
{
    return call->actor.post.n > 0 && call->actor.court.n > 0;
}

/* --- reading --- */

struct look {
    Str court;
    Id person;
    Str act;
    struct phrase *all;
    uint32_t count;
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    return phrase_list(cx, sql, look->court, look->person, look->act, &look->all, &look->count);
}

static enum status look_up(struct call *call, Str act, struct look *look)
{
    *look = (struct look){.court = call->actor.court, .person = call->actor.person, .act = act};
    return store_read(call->cx, call->app->house.store, look_read, look);
}

static struct value *phrase_view(struct call *call, const struct phrase *p)
{
    struct arena *arena = call->cx->arena;
    const struct act *act = act_taking(call, p->act);
    struct value *row = value_map(arena);
    value_set_str(arena, row, "id", str_printf(arena, "%" PRId64, p->id));
    value_set_str(arena, row, "act", p->act);
    value_set_text(arena, row, "act_title", act == NULL ? "" : act->title);
    value_set(arena, row, "item", p->item.n == 0 ? NULL : value_str(arena, p->item));
    value_set_str(arena, row, "text", p->text);
    value_set_text(arena, row, "scope", p->person == 0 ? "court" : "own");
    value_set_text(arena, row, "scope_title", p->person == 0 ? "全院" : "本人");
    value_set_int(arena, row, "used", p->used);
    return row;
}

/* --- on a form --- */

void phrases_set(struct call *call, const struct seen *seen, const struct act *act,
                 struct value *view)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    struct look look = {.count = 0};
    bool here = keeps_phrases(call) &&
                place_of(call, str_of(seen->procedure->name), str_of(act->name)) != NULL;
    if (here && look_up(call, str_of(act->name), &look) != OK) {
        cx_forgive(call->cx); /* the form is whole without them */
        look.count = 0;
    }
    for (uint32_t i = 0; i < look.count; i++) {
        struct value *row = phrase_view(call, &look.all[i]);
        value_set(arena, row, "key",
                  i < KEYS_MAX ? value_str(arena, str_printf(arena, "%u", i + 1)) : NULL);
        value_add(arena, list, row);
    }
    value_set(arena, view, "phrases", list);
    value_set_bool(arena, view, "has_phrases", here);
}

/* The row of a list that takes the text: the first whose text is empty, else one more. */
static uint32_t row_free(const struct value *rows, const char *text)
{
    for (uint32_t i = 0; i < value_count(rows); i++) {
        if (value_is_empty(value_get(value_item(rows, i), text))) {
            return i;
        }
    }
    return value_count(rows);
}

static void put_row(struct arena *arena, struct value *said, const struct value *place,
                    const struct phrase *phrase, bool fits, Str back, Str *go)
{
    Str list = value_get_str(place, "list");
    const char *text = value_get_str(place, "text").p;
    const char *item = value_get_str(place, "item").p;
    const struct value *rows = value_at(said, list.p);
    uint32_t n = row_free(rows, text);
    uint32_t count = n < value_count(rows) ? value_count(rows) : n + 1;
    bool asked = value_is_empty(value_get(value_item(rows, n), item)) && fits;
    (void)value_put_at(arena, said, str_printf(arena, "%s.%u.%s", list.p, n, text),
                       value_str(arena, phrase->text));
    if (asked) {
        (void)value_put_at(arena, said, str_printf(arena, "%s.%u.%s", list.p, n, item),
                           value_str(arena, phrase->item));
    }
    *go = str_printf(arena, "%s?items=%s:%u#f-%s.%u.%s", back.p, list.p, count, list.p, n, text);
}

static void put_text(struct arena *arena, struct value *said, const struct value *place,
                     const struct phrase *phrase, Str back, Str *go)
{
    Str path = value_get_str(place, "text");
    Str before = value_as_str(value_at(said, path.p));
    Str text = before.n == 0
                   ? phrase->text
                   : str_printf(arena, "%.*s\n%.*s", STR_ARG(before), STR_ARG(phrase->text));
    (void)value_put_at(arena, said, path, value_str(arena, text));
    *go = str_printf(arena, "%s#f-%s", back.p, path.p);
}

struct one_look {
    Id id;
    struct phrase *phrase;
};

static enum status one_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct one_look *look = arg;
    return phrase_find(cx, sql, look->id, &look->phrase);
}

/* E_NOT_FOUND unless it is his own or of his court. */
static enum status phrase_of(struct call *call, Str id, struct phrase **out)
{
    struct cx *cx = call->cx;
    struct one_look look = {.phrase = NULL};
    if (str_int(id, &look.id)) {
        TRY(store_read(cx, call->app->house.store, one_read, &look));
    }
    *out = look.phrase;
    return *out != NULL && str_same((*out)->court, call->actor.court) &&
                   ((*out)->person == 0 || (*out)->person == call->actor.person)
               ? OK
               : FAIL(cx, E_NOT_FOUND, "not-found", "no such phrase of this reviewer");
}

enum status phrase_put(struct call *call, const struct seen *seen, Str act, struct value **said,
                       Str back, Str *go)
{
    struct cx *cx = call->cx;
    struct phrase *phrase = NULL;
    const struct value *place = place_of(call, str_of(seen->procedure->name), act);
    TRY(phrase_of(call, value_get_str(call->body, "_phrase"), &phrase));
    if (place == NULL || !str_same(phrase->act, act)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "a phrase of another act");
    }
    *said = value_copy(cx->arena, *said);
    if (value_get(place, "list") != NULL) {
        bool fits = item_fits(items_at(cx->arena, seen->procedure, place), phrase->item);
        put_row(cx->arena, *said, place, phrase, fits, back, go);
    } else {
        put_text(cx->arena, *said, place, phrase, back, go);
    }
    return OK;
}

/* --- how often --- */

static bool says(const struct value *values, const struct value *place, Str text)
{
    Str path = value_get_str(place, "list");
    const char *leaf = value_get_str(place, "text").p;
    const struct value *rows = path.n == 0 ? NULL : value_at(values, path.p);
    bool found = path.n == 0 && str_has(value_as_str(value_at(values, leaf)), text.p);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        found = found || str_has(value_get_str(value_item(rows, i), leaf), text.p);
    }
    return found;
}

enum status phrases_count(struct call *call, const struct procedure *procedure, Str act,
                          const struct value *values, struct script *script)
{
    struct cx *cx = call->cx;
    struct look look;
    const struct value *place = place_of(call, str_of(procedure->name), act);
    if (place == NULL || !keeps_phrases(call)) {
        return OK;
    }
    TRY(look_up(call, act, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        if (says(values, place, look.all[i].text)) {
            phrase_count(script, look.all[i].id);
        }
    }
    return OK;
}

/* --- keeping them --- */

/* Phrases of the court are its leader's; everybody keeps his own. */
static bool may_change(const struct call *call, const struct phrase *phrase)
{
    return phrase->person != 0 || str_is(call->actor.post, "leader");
}

static enum status phrases_value(struct call *call, Str act, struct value **out)
{
    struct cx *cx = call->cx;
    struct look look;
    struct value *list = value_list(cx->arena);
    if (!keeps_phrases(call)) {
        return FAIL(cx, E_DENIED, "denied", "no post at a court");
    }
    TRY(look_up(call, act, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        struct value *row = phrase_view(call, &look.all[i]);
        value_set_bool(cx->arena, row, "may_drop", may_change(call, &look.all[i]));
        value_add(cx->arena, list, row);
    }
    *out = value_map(cx->arena);
    value_set(cx->arena, *out, "phrases", list);
    return OK;
}

enum status phrase_list_show(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(phrases_value(call, call_param(call, "act"), &view));
    return call_answer(call, view, "phrases");
}

static bool has_option(const struct field *field, Str value)
{
    for (uint32_t i = 0; field != NULL && i < field->option_count; i++) {
        if (str_is(value, field->options[i].value)) {
            return true;
        }
    }
    return false;
}

static enum status phrase_read(struct call *call, struct phrase *out)
{
    struct cx *cx = call->cx;
    Str scope = value_get_str(call->body, "scope");
    *out = (struct phrase){.court = call->actor.court,
                           .person = str_is(scope, "court") ? 0 : call->actor.person,
                           .act = value_get_str(call->body, "act"),
                           .item = value_get_str(call->body, "item"),
                           .text = str_trim(cx->arena, value_get_str(call->body, "text")),
                           .updated = clock_now()};
    const struct act *act = act_taking(call, out->act);
    if (out->text.n == 0) {
        (void)cx_error(cx, "text", "missing", "请填写常用语");
    } else if (utf8_count(out->text) > PHRASE_CHARS_MAX || !field_text_is_fit(out->text, true)) {
        (void)cx_error(cx, "text", "ill-typed", "最多500个字，不能有看不见的控制字符");
    }
    if (act == NULL) {
        (void)cx_error(cx, "act", "ill-typed", "请选择用在哪里");
    } else if (out->item.n > 0 && !has_option(items_of(call, act), out->item)) {
        (void)cx_error(cx, "item", "ill-typed", "这一项不在选项里");
    }
    if (scope.n > 0 && !str_is(scope, "own") && !str_is(scope, "court")) {
        (void)cx_error(cx, "scope", "ill-typed", "请选择本人用，还是全院用");
    }
    if (cx->failure.errors != NULL) {
        return FAIL(cx, E_INPUT, "fields", "a phrase");
    }
    return may_change(call, out) ? OK : FAIL(cx, E_DENIED, "denied", "not the court's leader");
}

static enum status audit_add(struct call *call, struct script *script, const char *what,
                             const struct phrase *phrase)
{
    struct cx *cx = call->cx;
    struct value *detail = value_map(cx->arena);
    struct audit audit = {.at = clock_now(),
                          .person = call->actor.person,
                          .what = str_of(what),
                          .subject = str_printf(cx->arena, "court:%s", phrase->court.p)};
    if (phrase->person != 0) {
        return OK; /* one's own notes */
    }
    value_set_str(cx->arena, detail, "act", phrase->act);
    value_set_str(cx->arena, detail, "text", phrase->text);
    audit.detail = json_write(cx->arena, detail);
    TRY(sequence_next(cx, call->app->house.sequence, &audit.id));
    audit_write(script, &audit);
    return OK;
}

static enum status phrases_changed(struct call *call)
{
    struct cx *cx = call->cx;
    struct value *view = NULL;
    TRY(phrases_value(call, STR(""), &view));
    Str back =
        str_printf(cx->arena, "/phrases?back=%s", text_percent_encode(cx->arena, back_of(call)).p);
    return call->json ? call_answer(call, view, NULL) : call_done(call, back, view);
}

enum status phrase_add(struct call *call)
{
    struct cx *cx = call->cx;
    struct phrase phrase;
    struct look look;
    struct value *view = NULL;
    struct script *script = script_new(cx->arena);
    TRY(phrases_value(call, STR(""), &view));
    enum status status = phrase_read(call, &phrase);
    if (status == OK) {
        TRY(look_up(call, STR(""), &look));
        if (look.count >= PHRASES_MAX) {
            (void)cx_error(cx, "text", "too-many", "常用语已满200条，请先删除不用的");
            status = FAIL(cx, E_INPUT, "fields", "too many phrases");
        }
    }
    if (status != OK) {
        value_set(cx->arena, view, "said", value_merge(cx->arena, call->body, NULL));
        return call_again(call, status, "phrases", view);
    }
    TRY(sequence_next(cx, call->app->house.sequence, &phrase.id));
    phrase_write(script, &phrase);
    TRY(audit_add(call, script, "add-phrase", &phrase));
    call->status = call->json ? 201 : 0;
    return call_script(call, script, phrases_changed);
}

enum status phrase_remove(struct call *call)
{
    struct cx *cx = call->cx;
    struct phrase *phrase = NULL;
    struct script *script = script_new(cx->arena);
    TRY(phrase_of(call, call->args[0], &phrase));
    if (!may_change(call, phrase)) {
        return FAIL(cx, E_DENIED, "denied", "not the court's leader");
    }
    phrase_drop(script, phrase->id);
    TRY(audit_add(call, script, "drop-phrase", phrase));
    return call_script(call, script, phrases_changed);
}

/* --- the page --- */

static struct value *act_options(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct procedures *all = call->app->house.procedures;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < procedures_count(all); i++) {
        const struct procedure *p = procedures_at(all, i);
        for (uint32_t k = 0; k < p->act_count; k++) {
            const struct act *act = act_taking(call, str_of(p->acts[k].name));
            bool known = act == NULL;
            for (uint32_t n = 0; n < list->count && !known; n++) {
                known = str_is(value_get_str(list->as.items[n], "value"), act->name);
            }
            if (!known) {
                struct value *row = value_map(arena);
                value_set_text(arena, row, "value", act->name);
                value_set_text(arena, row, "title", act->title);
                value_add(arena, list, row);
            }
        }
    }
    return list;
}

static struct value *item_options(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    const struct act *act = act_taking(call, STR("ask-correction"));
    const struct field *field = act == NULL ? NULL : items_of(call, act);
    for (uint32_t i = 0; field != NULL && i < field->option_count; i++) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "value", field->options[i].value);
        value_set_text(arena, row, "title", field->options[i].title);
        value_add(arena, list, row);
    }
    return list;
}

static struct value *page_phrases(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "常用语", true);
    const struct value *said = value_get(value, "said");
    Str act = value_get_str(said, "act");
    struct value *acts = act_options(call);
    struct value *items = item_options(call);
    act = act.n > 0 ? act : call_param(call, "act");
    for (uint32_t i = 0; i < acts->count; i++) {
        value_set_bool(arena, acts->as.items[i], "checked",
                       str_same(value_get_str(acts->as.items[i], "value"), act) ||
                           (act.n == 0 && i == 0));
    }
    for (uint32_t i = 0; i < items->count; i++) {
        value_set_bool(
            arena, items->as.items[i], "checked",
            str_same(value_get_str(items->as.items[i], "value"), value_get_str(said, "item")));
    }
    value_set(arena, view, "phrase_acts", acts);
    value_set(arena, view, "phrase_items", items);
    value_set_str(arena, view, "text", value_get_str(said, "text"));
    value_set_bool(arena, view, "leader", str_is(call->actor.post, "leader"));
    value_set_bool(arena, view, "for_court", str_is(value_get_str(said, "scope"), "court"));
    value_set_str(arena, view, "back", back_of(call));
    if (value_get(view, "errors") == NULL) {
        value_set(arena, view, "errors", NULL);
    }
    return view;
}

const struct page_extra pages_phrase[] = {{"phrases", page_phrases}, {NULL, NULL}};
