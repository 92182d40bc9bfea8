/* Carrying answers over, and comparing what is asked. Reads nothing and writes nothing; what drafts
 * keep is in renewal_keep.c. Values of a draft may be of any type: what does not fit is passed on
 * and complained of where the form is checked. */
#include "flow/renewal.h"

#include <inttypes.h>
#include <string.h>

#include "flow/element_form.h"
#include "flow/procedure_int.h"

enum { PATH_DEPTH_MAX = 16, WORDS_BYTES_MAX = 512 * 1024 };

/* The fields that a declaration speaks of stood in `olds`, and its answers in `values`. */
struct carrying {
    struct cx *cx;
    const struct law_tables *tables;
    const struct field *olds;
    uint32_t old_count;
    const struct procedure *to;
    struct value *values; /* own copy: changed in place */
    struct value *removed;
};

/* An answer found at a path: where exactly, in which map, and in which item of a list. */
struct found {
    struct value *box;
    Str key;
    Str place; /* "parties.0.phone" */
    Str item;  /* "parties.0"; "" outside lists */
    Str list;  /* "parties" */
};

/* --- words --- */

static const char *option_title(const struct field *field, Str value)
{
    for (uint32_t i = 0; i < field->option_count; i++) {
        if (str_is(value, field->options[i].value)) {
            return field->options[i].title;
        }
    }
    return NULL;
}

/* As deep as definitions are, which field_read() bounds. */
/* NOLINTBEGIN(misc-no-recursion) */

static Str words_of(const struct carrying *c, const struct field *field, const struct value *v);

static Str inner_words(const struct carrying *c, const struct field *field, const struct value *map)
{
    Str text = STR("");
    for (uint32_t i = 0; i < field->field_count && value_is_map(map); i++) {
        Str one = words_of(c, &field->fields[i], value_get(map, field->fields[i].name));
        if (one.n > 0) {
            text = str_printf(c->cx->arena, "%s%s%s：%s", text.p, text.n == 0 ? "" : "；",
                              field->fields[i].title, one.p);
        }
    }
    return text;
}

static Str words_of(const struct carrying *c, const struct field *field, const struct value *v)
{
    struct arena *arena = c->cx->arena;
    if (value_is_empty(v)) {
        return STR("");
    }
    if (field->type == FIELD_GROUP) {
        return inner_words(c, field, v);
    }
    if (field->type == FIELD_LIST || field->type == FIELD_CHOICES) {
        struct buf out;
        buf_init(&out, arena, WORDS_BYTES_MAX);
        for (uint32_t i = 0; value_is_list(v) && i < v->count; i++) {
            const struct value *item = v->as.items[i];
            const char *title = option_title(field, value_as_str(item));
            Str one = field->type == FIELD_LIST ? inner_words(c, field, item)
                      : title != NULL           ? str_of(title)
                                                : value_as_str(item);
            buf_text(&out, out.n == 0 ? "" : "\n");
            buf_str(&out, one);
        }
        return buf_done(&out);
    }
    if (field->type == FIELD_CHOICE) {
        const char *title = option_title(field, value_as_str(v));
        return title != NULL ? str_of(title) : value_as_str(v);
    }
    if (field->type == FIELD_YES_NO) {
        return str_of(value_as_bool(v) ? "是" : "否");
    }
    const struct form_ink ink = {.arena = arena, .tables = c->tables};
    return form_ink_leaf(&ink, field, v);
}

/* 送达地址 › 收件人 */
static Str title_of(struct arena *arena, const struct field *roots, uint32_t count, Str path)
{
    Str *parts = NULL;
    Str title = STR("");
    size_t depth = str_split(arena, path, '.', &parts);
    for (size_t i = 0; i < depth; i++) {
        const struct field *field = field_find(roots, count, parts[i]);
        if (field == NULL) {
            break;
        }
        title = str_printf(arena, "%s%s%s", title.p, i == 0 ? "" : " › ", field->title);
        roots = field->fields;
        count = field->field_count;
    }
    return title;
}

/* --- finding answers --- */

static struct value *member_of(const struct value *map, Str key)
{
    for (uint32_t i = 0; value_is_map(map) && i < map->count; i++) {
        if (str_same(map->as.members[i].key, key)) {
            return map->as.members[i].value;
        }
    }
    return NULL;
}

typedef void found_fn(struct carrying *c, void *arg, const struct found *found);

struct search {
    Str parts[PATH_DEPTH_MAX];
    size_t count;
    found_fn *fn;
    void *arg;
};

static void search_in(struct carrying *c, const struct search *s, size_t depth, struct value *box,
                      struct found at)
{
    struct arena *arena = c->cx->arena;
    struct value *v = member_of(box, s->parts[depth]);
    Str place = at.place.n == 0 ? s->parts[depth]
                                : str_printf(arena, "%s.%s", at.place.p, s->parts[depth].p);
    if (v == NULL) {
        return;
    }
    if (depth + 1 == s->count) {
        struct found found = at;
        found.box = box;
        found.key = s->parts[depth];
        found.place = place;
        s->fn(c, s->arg, &found);
        return;
    }
    at.place = place;
    if (!value_is_list(v)) {
        search_in(c, s, depth + 1, v, at);
        return;
    }
    at.list = STR("");
    for (size_t i = 0; i <= depth; i++) {
        at.list = str_printf(arena, "%s%s%s", at.list.p, i == 0 ? "" : ".", s->parts[i].p);
    }
    for (uint32_t i = 0; i < v->count; i++) {
        at.place = str_printf(arena, "%s.%" PRIu32, place.p, i);
        at.item = at.place;
        search_in(c, s, depth + 1, v->as.items[i], at);
    }
}

/* NOLINTEND(misc-no-recursion) */

static void search(struct carrying *c, Str path, found_fn *fn, void *arg)
{
    struct search s = {.fn = fn, .arg = arg};
    Str *parts = NULL;
    struct found nowhere = {.key = STR(""), .place = STR(""), .item = STR(""), .list = STR("")};
    s.count = str_split(c->cx->arena, path, '.', &parts);
    if (s.count <= PATH_DEPTH_MAX) {
        memcpy(s.parts, parts, s.count * sizeof *parts);
        search_in(c, &s, 0, c->values, nowhere);
    }
}

/* --- carrying --- */

static struct value *tell(struct carrying *c, Str place, Str title, const struct field *field,
                          const struct value *said, const char *became)
{
    struct arena *arena = c->cx->arena;
    struct value *row = value_map(arena);
    bool empty = value_is_empty(said);
    value_set_str(arena, row, "field", place);
    value_set_str(arena, row, "title", title);
    value_set(arena, row, "said", empty ? NULL : said);
    value_set(arena, row, "text", empty ? NULL : value_str(arena, words_of(c, field, said)));
    value_set_text(arena, row, "became", became);
    value_add(arena, c->removed, row);
    return row;
}

struct declared {
    const struct field *old;
    Str path;
    const struct value *says;
    bool answered;
};

/* The same item of the same list, when the answer was in one. */
static Str target_place(struct arena *arena, const struct found *found, Str to)
{
    return found->item.n > 0 && str_starts(to, found->list.p)
               ? str_printf(arena, "%s%s", found->item.p, to.p + found->list.n)
               : to;
}

static bool moved(struct carrying *c, const struct value *v, Str place)
{
    return value_is_empty(value_at(c->values, place.p)) &&
           value_put_at(c->cx->arena, c->values, place, v);
}

static bool merged(struct carrying *c, const struct declared *d, const struct value *v, Str place)
{
    struct arena *arena = c->cx->arena;
    const struct value *there = value_at(c->values, place.p);
    Str words = words_of(c, d->old, v);
    Str line = str_printf(arena, "%s：%s", d->old->title, words.p);
    if (words.n == 0 || (!value_is_empty(there) && !value_is_text(there))) {
        return false;
    }
    Str whole =
        value_is_empty(there) ? line : str_printf(arena, "%s\n%s", value_as_str(there).p, line.p);
    return value_put_at(arena, c->values, place, value_str(arena, whole));
}

static void answer_carry(struct carrying *c, void *arg, const struct found *found)
{
    struct declared *d = arg;
    struct arena *arena = c->cx->arena;
    const struct value *v = value_get_key(found->box, found->key);
    if (value_is_empty(v)) {
        value_remove(found->box, found->key.p);
        return;
    }
    const char *way = value_get(d->says, "moved") != NULL    ? "moved"
                      : value_get(d->says, "merged") != NULL ? "merged"
                                                             : "dropped";
    Str to =
        text_is(way, "dropped") ? STR("") : target_place(arena, found, value_get_str(d->says, way));
    value_remove(found->box, found->key.p);
    bool placed = text_is(way, "moved")    ? moved(c, v, to)
                  : text_is(way, "merged") ? merged(c, d, v, to)
                                           : false;
    struct value *row = tell(c, found->place, title_of(arena, c->olds, c->old_count, d->path),
                             d->old, v, placed ? way : "dropped");
    d->answered = true;
    if (to.n > 0) {
        value_set_str(arena, row, "to", to);
        value_set_str(
            arena, row, "to_title",
            title_of(arena, c->to->elements, c->to->element_count, value_get_str(d->says, way)));
    }
    value_set(arena, row, "why",
              text_is(way, "dropped") ? value_get(d->says, "dropped")
              : placed                ? NULL
                       : value_text(arena, "那里已经填了别的内容，没有改动"));
}

/* What nobody answered is told only where everybody was asked. */
static void former_carry(struct carrying *c, const struct value *former)
{
    for (uint32_t i = 0; i < value_count(former); i++) {
        struct declared d = {.path = former->as.members[i].key,
                             .says = former->as.members[i].value};
        d.old = former_field(c->cx->arena, c->olds, c->old_count, d.path);
        if (d.old == NULL) {
            continue;
        }
        Str *parts = NULL;
        (void)str_split(c->cx->arena, d.path, '.', &parts);
        search(c, d.path, answer_carry, &d);
        const struct field *element = field_find(c->olds, c->old_count, parts[0]);
        if (!d.answered && element->forms[0] == '\0') {
            struct value *row =
                tell(c, d.path, title_of(c->cx->arena, c->olds, c->old_count, d.path), d.old, NULL,
                     "dropped");
            value_set(c->cx->arena, row, "why", value_get(d.says, "dropped"));
        }
    }
}

/* --- choices that there are no longer --- */

static bool is_option(const struct field *field, Str value)
{
    return value.n == 0 || option_title(field, value) != NULL;
}

static void choice_fit(struct carrying *c, const struct field *old, const struct field *now,
                       struct value *box, Str place, Str title)
{
    struct arena *arena = c->cx->arena;
    Str key = str_of(old->name);
    const struct value *v = value_get_key(box, key);
    if (old->type == FIELD_CHOICE && value_is_text(v) && !is_option(now, value_as_str(v))) {
        value_remove(box, old->name);
        (void)tell(c, place, title, old, v, "asked-again");
    }
    if (old->type != FIELD_CHOICES || !value_is_list(v)) {
        return;
    }
    struct value *kept = value_list(arena);
    struct value *gone = value_list(arena);
    for (uint32_t i = 0; i < v->count; i++) {
        bool there = is_option(now, value_as_str(v->as.items[i]));
        value_add(arena, there ? kept : gone, v->as.items[i]);
    }
    if (gone->count > 0) {
        value_set_key(arena, box, key, kept);
        (void)tell(c, place, title, old, gone, "asked-again");
    }
}

/* NOLINTBEGIN(misc-no-recursion) */

static void options_fit(struct carrying *c, const struct field *old, const struct field *now,
                        struct value *box, Str place, Str title)
{
    struct arena *arena = c->cx->arena;
    struct value *v = member_of(box, str_of(old->name));
    if (v == NULL || now == NULL || old->type != now->type) {
        return;
    }
    choice_fit(c, old, now, box, place, title);
    bool list = old->type == FIELD_LIST && value_is_list(v);
    uint32_t count = list ? v->count : old->type == FIELD_GROUP && value_is_map(v) ? 1 : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct value *inner = list ? v->as.items[i] : v;
        Str at = list ? str_printf(arena, "%s.%" PRIu32, place.p, i) : place;
        for (uint32_t k = 0; k < old->field_count && value_is_map(inner); k++) {
            const struct field *f = &old->fields[k];
            options_fit(c, f, field_find(now->fields, now->field_count, str_of(f->name)), inner,
                        str_printf(arena, "%s.%s", at.p, f->name),
                        str_printf(arena, "%s › %s", title.p, f->title));
        }
    }
}

/* NOLINTEND(misc-no-recursion) */

/* --- one version to the next --- */

static const struct field *element_at(const struct procedures *procedures, const char *name,
                                      int version)
{
    for (uint32_t i = 0; i < procedures->element_count; i++) {
        if (text_is(name, procedures->elements[i].name) &&
            procedures->elements[i].version == version) {
            return &procedures->elements[i];
        }
    }
    return NULL;
}

/* An element may have gone on by several versions between two of a procedure. */
static void element_carry(struct carrying *c, const struct procedures *procedures,
                          const struct field *old)
{
    const struct field *now = field_find(c->to->elements, c->to->element_count, str_of(old->name));
    const struct field *olds = c->olds;
    uint32_t old_count = c->old_count;
    for (int v = old->version + 1; now != NULL && v <= now->version; v++) {
        const struct field *next = element_at(procedures, old->name, v);
        c->olds = element_at(procedures, old->name, v - 1);
        c->old_count = 1;
        if (next != NULL && c->olds != NULL) {
            former_carry(c, next->former);
        }
    }
    c->olds = olds;
    c->old_count = old_count;
}

static void forms_carry(struct carrying *c, const struct procedures *procedures,
                        const struct element_forms *before)
{
    const struct element_forms *after = c->to->forms;
    const struct field *olds = c->olds;
    uint32_t old_count = c->old_count;
    for (uint32_t i = 0; after != NULL && i < after->count; i++) {
        const struct element_form *now = &after->all[i];
        const struct element_form *old = element_form_find(before, str_of(now->number));
        for (int v = old == NULL ? now->version + 1 : old->version + 1; v <= now->version; v++) {
            const struct element_form *step =
                element_form_version(procedures->every_forms, str_of(now->number), v - 1);
            const struct element_form *next =
                element_form_version(procedures->every_forms, str_of(now->number), v);
            if (step == NULL || next == NULL) {
                continue;
            }
            struct field *groups = arena_array(c->cx->arena, struct field, step->section_count);
            for (uint32_t k = 0; k < step->section_count; k++) {
                groups[k] = *step->sections[k]->group;
            }
            c->olds = groups;
            c->old_count = step->section_count;
            former_carry(c, next->former);
        }
    }
    c->olds = olds;
    c->old_count = old_count;
}

static void step_carry(struct carrying *c, const struct procedures *procedures,
                       const struct procedure *from)
{
    c->olds = from->elements;
    c->old_count = from->element_count;
    for (uint32_t i = 0; i < from->element_count; i++) {
        element_carry(c, procedures, &from->elements[i]);
    }
    forms_carry(c, procedures, from->forms);
    former_carry(c, c->to->former);
    for (uint32_t i = 0; i < from->element_count; i++) {
        const struct field *old = &from->elements[i];
        options_fit(c, old, field_find(c->to->elements, c->to->element_count, str_of(old->name)),
                    c->values, str_of(old->name), str_of(old->title));
    }
}

void renewal_carry(struct cx *cx, const struct procedures *procedures,
                   const struct law_tables *tables, const struct procedure *from,
                   const struct procedure *to, const struct value *values, struct renewal *out)
{
    struct carrying c = {.cx = cx,
                         .tables = tables,
                         .values = value_copy(cx->arena, values),
                         .removed = value_list(cx->arena)};
    for (uint32_t i = 0; i < procedures->count; i++) { /* by name, then version */
        const struct procedure *p = &procedures->all[i];
        if (text_is(p->name, to->name) && p->version > from->version && p->version <= to->version) {
            c.to = p;
            step_carry(&c, procedures, from);
            from = p;
        }
    }
    out->values = c.values;
    out->removed = c.removed;
}

/* --- what is asked otherwise --- */

struct comparing {
    struct arena *arena;
    struct value *added;
    struct value *changed;
};

static void add(const struct comparing *c, const struct field *now, Str place, Str title)
{
    struct value *row = value_map(c->arena);
    value_set_str(c->arena, row, "field", place);
    value_set_str(c->arena, row, "title", title);
    value_set_bool(c->arena, row, "required", now->required);
    value_add(c->arena, c->added, row);
}

static bool same_options(const struct field *a, const struct field *b)
{
    bool same = a->option_count == b->option_count;
    for (uint32_t i = 0; same && i < a->option_count; i++) {
        same = text_is(a->options[i].value, b->options[i].value) &&
               text_is(a->options[i].title, b->options[i].title);
    }
    return same;
}

static void change(const struct comparing *c, const struct field *old, const struct field *now,
                   Str place, Str title)
{
    struct value *how = value_list(c->arena);
    if (!text_is(old->title, now->title)) {
        value_add_text(c->arena, how, "title");
    }
    if (!same_options(old, now)) {
        value_add_text(c->arena, how, "options");
    }
    if (!old->required && now->required) {
        value_add_text(c->arena, how, "required");
    }
    if (old->min != now->min || old->max != now->max || old->max_length != now->max_length ||
        !text_is(old->format, now->format)) {
        value_add_text(c->arena, how, "limits");
    }
    if (how->count > 0) {
        struct value *row = value_map(c->arena);
        value_set_str(c->arena, row, "field", place);
        value_set_str(c->arena, row, "title", title);
        value_set_text(c->arena, row, "was", old->title);
        value_set(c->arena, row, "how", how);
        value_add(c->arena, c->changed, row);
    }
}

/* Answered already: by what was moved there, of a list in any item. */
static bool is_answered(const struct field *outer, const struct value *values, const char *name)
{
    bool answered = outer->type == FIELD_GROUP && !value_is_empty(value_get(values, name));
    for (uint32_t i = 0; outer->type == FIELD_LIST && i < value_count(values); i++) {
        answered = answered || !value_is_empty(value_get(value_item(values, i), name));
    }
    return answered;
}

/* values: of the group or list `now`, NULL inside lists. old NULL: a new one, answered in part. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void compare(const struct comparing *c, const struct field *old, const struct field *now,
                    const struct value *values, Str place, Str title)
{
    if (old != NULL) {
        change(c, old, now, place, title);
    }
    for (uint32_t i = 0; i < now->field_count; i++) {
        const struct field *f = &now->fields[i];
        const struct field *before =
            old == NULL ? NULL : field_find(old->fields, old->field_count, str_of(f->name));
        const struct value *v = now->type == FIELD_GROUP ? value_get(values, f->name) : NULL;
        Str at = str_printf(c->arena, "%s.%s", place.p, f->name);
        Str called = str_printf(c->arena, "%s › %s", title.p, f->title);
        bool asked = now->type == FIELD_LIST || field_is_asked(f, values);
        if (before != NULL && before->type == f->type) {
            compare(c, before, f, v, at, called);
        } else if (before == NULL && asked && !is_answered(now, values, f->name)) {
            add(c, f, at, called);
        }
    }
}

void renewal_compare(struct cx *cx, const struct law_tables *tables, const struct procedure *from,
                     const struct procedure *to, const struct value *values, struct value *added,
                     struct value *changed)
{
    struct comparing c = {.arena = cx->arena, .added = added, .changed = changed};
    const struct element_form *form = element_form_asked(to, tables, values);
    struct value *seen = value_map(cx->arena);
    for (uint32_t i = 0; i < to->act_count; i++) {
        const struct act *act = &to->acts[i];
        bool open = (act->from & (UINT32_C(1) << to->first_state)) != 0;
        for (uint32_t k = 0; open && k < act->form_count; k++) {
            const struct field *now = act->form[k];
            const struct field *old =
                field_find(from->elements, from->element_count, str_of(now->name));
            const struct value *v = value_get(values, now->name);
            bool asked = now->forms[0] == '\0' || element_form_asks(now, form);
            if (!asked || value_get(seen, now->name) != NULL ||
                !condition_holds(&act->form_when[k], values)) {
                continue;
            }
            value_set_bool(cx->arena, seen, now->name, true);
            if (old == NULL && value_is_empty(v)) {
                add(&c, now, str_of(now->name), str_of(now->title));
            } else if (old == NULL || old->version != now->version) {
                compare(&c, old, now, v, str_of(now->name), str_of(now->title));
            }
        }
    }
}
