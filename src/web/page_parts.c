#include "web/page_parts.h"

#include <inttypes.h>
#include <string.h>

#include "flow/authority.h"
#include "flow/renewal.h"
#include "flow/rule.h"
#include "flow/shelf.h"
#include "flow/values.h"
#include "law/source.h"
#include "web/pages.h"

/* --- reading --- */

const struct law_tables *page_tables(const struct call *call)
{
    return call->app->house.tables(call->app->house.tables_arg);
}

struct seen_look {
    struct call *call;
    Id id;
    struct seen *seen;
};

static enum status seen_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct seen_look *look = arg;
    return matter_see(cx, &look->call->app->house, sql, &look->call->actor, look->id, look->seen);
}

enum status page_seen(struct call *call, const struct seen **out)
{
    struct cx *cx = call->cx;
    if (call->seen == NULL) {
        struct seen_look look = {.call = call, .seen = arena_new(cx->arena, struct seen)};
        TRY(call_id(call, 0, &look.id));
        TRY(store_read(cx, call->app->house.store, seen_read, &look));
        call->seen = look.seen;
    }
    *out = call->seen;
    return OK;
}

struct value *page_begin(struct call *call, const struct value *value, Str title, bool form)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *page = value_map(arena);
    for (uint32_t i = 0; i < value_count(value) && value_is_map(value); i++) {
        value_set_key(arena, view, value->as.members[i].key, value->as.members[i].value);
    }
    value_set_str(arena, page, "title", title);
    value_set_bool(arena, page, "form", form);
    value_set(arena, view, "page", page);
    return view;
}

/* --- forms --- */

static bool act_is_open(struct call *call, const struct seen *seen, const struct act *act)
{
    int state = procedure_state_index(seen->procedure, seen->matter->state);
    return state >= 0 && (act->from & (UINT32_C(1) << state)) != 0 &&
           authority_may(&call->actor, seen->matter, act, page_tables(call));
}

void act_form_say(struct call *call, struct act_form *form, const struct value *said)
{
    const struct seen *seen = form->seen;
    form->values = values_merge(call->cx->arena, form->values, said);
    form->ask = (struct ask){.house = &call->app->house,
                             .tables = page_tables(call),
                             .procedure = seen->procedure,
                             .act = form->act,
                             .matter = seen->matter,
                             .actor = &call->actor,
                             .values = form->values,
                             .stands = seen->clear,
                             .now = clock_now()};
    form_offered(call->cx, &form->ask, &form->form);
}

bool act_form_open(struct call *call, const struct seen *seen, Str name, struct act_form *out)
{
    for (uint32_t i = 0; i < seen->procedure->act_count; i++) {
        const struct act *act = &seen->procedure->acts[i];
        bool wanted = name.n > 0 ? str_is(name, act->name) : act->form_count > 0;
        if (wanted && act_is_open(call, seen, act)) {
            *out = (struct act_form){.seen = seen, .act = act, .values = seen->clear};
            act_form_say(call, out, value_get(seen->typed, act->name));
            return true;
        }
    }
    return false;
}

/* The failure is put aside, so that checking leaves no trace. */
static struct value *collected(struct cx *cx, struct value **list, const struct failure *before)
{
    struct value *found = *list == NULL ? value_list(cx->arena) : *list;
    cx->failure = *before;
    return found;
}

struct value *act_form_errors(struct call *call, const struct act_form *form)
{
    struct cx *cx = call->cx;
    struct failure before = cx->failure;
    struct value *offered = value_map(cx->arena);
    cx_forgive(cx);
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        const char *name = form->form.fields[i].name;
        if (value_get(form->values, name) != NULL) {
            value_set(cx->arena, offered, name, value_get(form->values, name));
        }
    }
    (void)form_check(cx, &form->ask, &form->form, offered);
    message_fill(call->app->messages, cx->arena, cx->failure.errors);
    return collected(cx, &cx->failure.errors, &before);
}

static bool is_below(const struct value *errors, const char *name)
{
    size_t n = strlen(name);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        Str field = value_get_str(value_item(errors, i), "field");
        if (str_starts(field, name) && (field.p[n] == '\0' || field.p[n] == '.')) {
            return true;
        }
    }
    return false;
}

static bool is_asked(const struct value *items, const char *key, const char *name)
{
    for (uint32_t i = 0; i < value_count(items); i++) {
        if (str_is(value_get_str(value_item(items, i), key), name)) {
            return true;
        }
    }
    return false;
}

void act_form_narrow(struct call *call, struct act_form *form)
{
    struct arena *arena = call->cx->arena;
    const struct procedure *p = form->seen->procedure;
    const struct value *states =
        value_get(guidance_of(call->app->guidance, str_of(p->name)), "states");
    const struct value *todo = value_get(value_get_key(states, form->seen->matter->state), "todo");
    const struct value *items = value_at(form->seen->clear, value_get_str(todo, "list").p);
    const char *key = value_get_str(todo, "item").p;
    if (!p->collaborated || value_count(items) == 0 ||
        !str_is(value_get_str(todo, "act"), form->act->name)) {
        return;
    }
    const struct value *errors = act_form_errors(call, form);
    struct field *fields = arena_array(arena, struct field, form->form.field_count);
    struct material_rule *rules =
        arena_array(arena, struct material_rule, form->form.material_count);
    uint32_t field_count = 0;
    uint32_t rule_count = 0;
    for (uint32_t i = 0; i < form->form.field_count; i++) {
        const char *name = form->form.fields[i].name;
        bool every_time =
            form->form.fields[i].type == FIELD_SIGNATURE || text_is(name, "originals");
        if (every_time || is_asked(items, key, name) || is_below(errors, name)) {
            fields[field_count++] = form->form.fields[i];
        }
    }
    for (uint32_t i = 0; i < form->form.material_count; i++) {
        const char *name = arena_printf(arena, "materials.%s", form->form.materials[i].kind);
        if (is_asked(items, key, name) || is_below(errors, name)) {
            rules[rule_count++] = form->form.materials[i];
        }
    }
    form->form.fields = fields;
    form->form.field_count = field_count;
    form->form.materials = rules;
    form->form.material_count = rule_count;
}

struct value *act_form_findings(struct call *call, const struct act_form *form, bool soft)
{
    struct cx *cx = call->cx;
    struct failure before = cx->failure;
    const struct act *act = form->act;
    struct ask ask = form->ask;
    const struct rule *const *rules = soft ? act->soft : act->hard;
    uint32_t count = soft ? act->soft_count : act->hard_count;
    cx_forgive(cx);
    ask.soft = soft;
    if (soft) {
        renewal_warn(cx, form->seen);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (rules[i]->guard(cx, &ask, rules[i]) != OK) {
            break; /* a failure of ours is for the act itself to report */
        }
    }
    struct value **list = soft ? &cx->failure.warnings : &cx->failure.errors;
    message_fill(call->app->messages, cx->arena, *list);
    return collected(cx, list, &before);
}

const struct value *act_form_shown(struct call *call, const struct act_form *form)
{
    return authority_sees_whole(&call->actor, form->seen->matter)
               ? form->values
               : values_mask(call->cx, form->seen->procedure, form->values);
}

static bool is_here(const struct value *here, Str group)
{
    for (uint32_t i = 0; i < value_count(here); i++) {
        if (str_same(value_as_str(value_item(here, i)), group)) {
            return true;
        }
    }
    return here == NULL;
}

static Str error_href(struct arena *arena, Id matter, Str field, const struct value *here)
{
    Str *parts = NULL;
    if (field.n == 0) {
        return STR("");
    }
    size_t count = str_split(arena, field, '.', &parts);
    if (is_here(here, parts[0]) || str_is(parts[0], "_accept")) {
        return str_printf(arena, "#f-%.*s", STR_ARG(field));
    }
    if (str_is(parts[0], "signatures")) {
        return str_printf(arena, "/matters/%" PRId64 "/signatures", matter);
    }
    if (str_is(parts[0], "materials")) {
        return str_printf(arena, "/matters/%" PRId64 "/materials#f-%.*s", matter, STR_ARG(field));
    }
    int64_t item = 0; /* of a long list that one is to be open */
    Str open =
        count > 1 && str_int(parts[1], &item) ? str_printf(arena, "&item=%" PRId64, item) : STR("");
    return str_printf(arena, "/matters/%" PRId64 "/edit/%s?check=1%s#f-%.*s", matter,
                      text_percent_encode(arena, parts[0]).p, open.p, STR_ARG(field));
}

struct value *errors_show(struct call *call, Id matter, const struct value *errors,
                          const struct value *here)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        const struct value *error = value_item(errors, i);
        struct value *row = value_map(arena);
        Str href = error_href(arena, matter, value_get_str(error, "field"), here);
        value_set_str(arena, row, "title", value_get_str(error, "title"));
        value_set(arena, row, "href", href.n == 0 ? NULL : value_str(arena, href));
        value_add(arena, list, row);
    }
    return list;
}

/* --- time --- */

static Str span_words(struct arena *arena, int64_t ms)
{
    return ms < HOUR_MS ? str_printf(arena, "%" PRId64 "分钟", (ms + MINUTE_MS - 1) / MINUTE_MS)
                        : str_printf(arena, "%" PRId64 "小时", ms / HOUR_MS);
}

/* A period of days ends with its last day; others end by the minute. */
static bool ends_with_day(Instant due)
{
    return due / 1000 == date_end(instant_date(due)) / 1000;
}

Str over_words(struct arena *arena, Instant due, Instant now)
{
    int64_t days = (int64_t)instant_date(now) - instant_date(due);
    return days > 0 && (ends_with_day(due) || now - due >= DAY_MS)
               ? str_printf(arena, "%" PRId64 "日", days)
               : span_words(arena, now - due);
}

Str left_words(struct arena *arena, Instant due, Instant now)
{
    int64_t days = (int64_t)instant_date(due) - instant_date(now);
    if (due == 0) {
        return STR("");
    }
    if (now > due) {
        return str_printf(arena, "已超期%s", over_words(arena, due, now).p);
    }
    if (!ends_with_day(due) && due - now < DAY_MS) {
        return str_printf(arena, "还有%s", span_words(arena, due - now).p);
    }
    return days == 0 ? STR("今天到期") : str_printf(arena, "还有%" PRId64 "日", days);
}

/* --- states and lists --- */

Str state_tone(const struct app *app, Str procedure, Str state)
{
    const struct value *states = value_get(guidance_of(app->guidance, procedure), "states");
    const struct procedure *p = procedure_find(app->house.procedures, procedure, 0);
    const struct state *s = p == NULL ? NULL : procedure_state(p, state);
    Str tone = value_get_str(value_get_key(states, state), "tone");
    if (tone.n > 0) {
        return tone;
    }
    return str_is(state, "draft") || (s != NULL && s->end) ? STR("plain") : STR("");
}

struct value *rows_show(struct call *call, const struct value *matters)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    Instant now = clock_now();
    for (uint32_t i = 0; i < value_count(matters); i++) {
        const struct value *matter = value_item(matters, i);
        struct value *row = value_merge(arena, matter, NULL);
        Instant due = 0;
        if (!instant_parse(value_get_str(matter, "due"), &due)) {
            due = 0;
        }
        bool over = due != 0 && now > due;
        value_set_str(arena, row, "tone",
                      over ? STR("bad")
                           : state_tone(call->app, value_get_str(matter, "procedure"),
                                        value_get_str(matter, "state")));
        value_set_bool(arena, row, "overdue", over);
        value_set_str(arena, row, "left_title", left_words(arena, due, now));
        value_add(arena, list, row);
    }
    return list;
}

/* --- workings and clocks --- */

struct value *working_show(struct arena *arena, const struct value *working)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(working); i++) {
        struct value *line = value_merge(arena, value_item(working, i), NULL);
        Date date = DATE_NONE;
        if (date_parse(value_get_str(line, "date"), &date)) {
            value_set_str(arena, line, "text", date_chinese(arena, date));
        }
        if (!value_is_null(value_get(line, "amount"))) {
            value_set(arena, line, "text", NULL); /* one of both: the rounded one */
        }
        value_set_str(arena, line, "law_title", source_title(arena, value_get_str(line, "law")));
        value_add(arena, list, line);
    }
    return list;
}

static struct value *clock_show(struct cx *cx, const struct clock_row *clock)
{
    struct arena *arena = cx->arena;
    struct value *view = value_map(arena);
    struct value *working = working_show(arena, value_get(clock_counted(cx, clock), "working"));
    Instant now = clock_now();
    bool running = clock->stopped == 0;
    value_set_str(arena, view, "title", clock->title);
    value_set_str(arena, view, "due", instant_format(arena, clock->due));
    /* What a court's own hours count is not what the clock on the wall says is left. */
    bool by_hours = str_is(clock->unit, "working-minutes") && now <= clock->due;
    value_set_bool(arena, view, "running", running);
    value_set_bool(arena, view, "overdue", running && now > clock->due);
    value_set_bool(arena, view, "by_minute",
                   str_ends(clock->unit, "minutes") || str_is(clock->unit, "hours"));
    value_set_str(arena, view, "left_title",
                  by_hours ? STR("") : left_words(arena, clock->due, now));
    value_set(arena, view, "note",
              running || clock->breached == 0 ? NULL : value_text(arena, "已结束，办理时超过期限"));
    value_set(arena, view, "working", working);
    value_set_bool(arena, view, "has_working", running && working->count > 0);
    value_set(arena, view, "version", NULL); /* the working's last line says it */
    return view;
}

struct value *clocks_show(struct call *call, const struct seen *seen)
{
    struct value *list = value_list(call->cx->arena);
    const struct matter *m = seen->matter;
    for (uint32_t i = m->clock_count; i > 0; i--) { /* the newest first */
        value_add(call->cx->arena, list, clock_show(call->cx, &m->clocks[i - 1]));
    }
    return list;
}

void clocks_set(struct arena *arena, const struct value *clocks, struct value *view)
{
    struct value *running = value_list(arena);
    struct value *ended = value_list(arena);
    for (uint32_t i = 0; i < value_count(clocks); i++) {
        bool runs = value_get_bool(value_item(clocks, i), "running");
        value_add(arena, runs ? running : ended, value_item(clocks, i));
    }
    value_set(arena, view, "clocks", running);
    value_set_bool(arena, view, "has_clocks", value_count(clocks) > 0);
    value_set_bool(arena, view, "has_running", running->count > 0);
    value_set(arena, view, "ended", ended);
    value_set_bool(arena, view, "has_ended", ended->count > 0);
}

/* --- the story --- */

static struct value *papers_of_event(struct arena *arena, const struct matter *m, int64_t event)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->paper_count; i++) {
        const struct paper *paper = &m->papers[i];
        if (paper->event == event) {
            struct value *row = value_map(arena);
            value_set_str(arena, row, "title", paper->title);
            value_set_str(
                arena, row, "url",
                str_printf(arena, "/matters/%" PRId64 "/papers/%" PRId64, m->id, paper->n));
            value_add(arena, list, row);
        }
    }
    return list;
}

/* Who had signed from afar: 林晓舟（原告）已在本人手机上签名. */
static struct value *signatures_note(struct arena *arena, const struct value *signatures)
{
    Str names = STR("");
    for (uint32_t i = 0; i < value_count(signatures); i++) {
        const struct value *one = value_item(signatures, i);
        names = str_printf(arena, "%s%s%s（%s）", names.p, i == 0 ? "" : "、",
                           value_get_str(one, "name").p, value_get_str(one, "capacity").p);
    }
    return names.n == 0 ? NULL
                        : value_str(arena, str_printf(arena, "%s已在本人手机上签名", names.p));
}

/* What was corrected, from what, to what, and why. */
static struct value *amended_note(struct arena *arena, const struct value *event)
{
    enum { NOTE_BYTES = 16 * 1024 };
    struct buf out;
    const struct value *amended = value_get(event, "amended");
    if (value_count(amended) == 0) {
        return NULL;
    }
    buf_init(&out, arena, NOTE_BYTES);
    for (uint32_t i = 0; i < value_count(amended); i++) {
        const struct value *row = value_item(amended, i);
        buf_printf(&out, "%s：%s → %s；", value_get_str(row, "title").p,
                   value_get_str(row, "was").p, value_get_str(row, "becomes").p);
    }
    buf_printf(&out, "理由：%s", value_get_str(event, "reason").p);
    return value_str(arena, buf_done(&out));
}

/* Of a changed claim: why, and what becomes of the fee, also that nothing does. */
static struct value *fee_note(struct arena *arena, const struct value *event)
{
    const struct value *fee = value_get(event, "fee");
    Money difference = value_get_int(fee, "difference");
    const char *is = money_format(arena, value_get_int(fee, "becomes")).p;
    Str words = str_printf(arena, "案件受理费不变，仍为%s元", is);
    if (fee == NULL) {
        return NULL;
    }
    if (difference != 0) {
        words = str_printf(arena, "案件受理费由%s元变为%s元，%s%s元",
                           money_format(arena, value_get_int(fee, "was")).p, is,
                           difference > 0 ? "补交" : "应退",
                           money_format(arena, difference > 0 ? difference : -difference).p);
    }
    return value_str(arena,
                     str_printf(arena, "理由：%s。%s", value_get_str(event, "reason").p, words.p));
}

/* What an event did, in a sentence; NULL for those whose title says it. */
static struct value *note_of(struct arena *arena, const struct value *event)
{
    struct value *note = amended_note(arena, event);
    note = note != NULL ? note : fee_note(arena, event);
    return note != NULL ? note : signatures_note(arena, value_get(event, "signatures"));
}

static struct value *event_show(struct call *call, const struct seen *seen,
                                const struct value *event)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_merge(arena, event, NULL);
    struct value *actor = value_merge(arena, value_get(event, "actor"), NULL);
    bool system = str_is(value_get_str(actor, "kind"), "system");
    Str post = value_get_str(actor, "post");
    if (post.n > 0) {
        value_set_str(arena, actor, "post_title", str_printf(arena, "%s ", post_title(post)));
    }
    value_set(arena, row, "actor", actor);
    value_set_bool(arena, row, "by_system", system);
    value_set_bool(arena, row, "has_receipt", !system);
    value_set_bool(arena, row, "has_changes", value_count(value_get(event, "changes")) > 0);
    value_set(arena, row, "papers",
              papers_of_event(arena, seen->matter, value_get_int(event, "n")));
    value_set(arena, row, "note", note_of(arena, event));
    value_set(arena, row, "prepared_by", value_get(event, "prepared_by"));
    return row;
}

struct value *story_show(struct call *call, const struct seen *seen, const struct value *events,
                         bool turned)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    uint32_t count = value_count(events);
    for (uint32_t i = 0; i < count; i++) {
        value_add(arena, list,
                  event_show(call, seen, value_item(events, turned ? count - 1 - i : i)));
    }
    return list;
}

struct latest {
    const struct house *house;
    const struct seen *seen;
    uint32_t count;
    const struct value *events;
    bool more;
};

static enum status latest_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct latest *latest = arg;
    return shelf_story(cx, latest->house, sql, latest->seen, latest->count, &latest->events,
                       &latest->more);
}

enum status story_latest(struct call *call, const struct seen *seen, uint32_t count,
                         struct value **out, bool *more)
{
    struct cx *cx = call->cx;
    struct latest latest = {.house = &call->app->house, .seen = seen, .count = count};
    TRY(store_read(cx, call->app->house.store, latest_read, &latest));
    *more = latest.more;
    *out = story_show(call, seen, latest.events, false);
    return OK;
}
