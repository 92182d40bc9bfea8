/* Templates of the official table: what is filled in stands in its place, what is not leaves room
 * to write by hand, and of a choice every option stands with its box, as on the printed form. */
#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "flow/element_form.h"

#define BOX_TICKED "☑"
#define BOX_EMPTY  "□"
#define ROOM       "　　　　"
#define ROOM_DATE  "　　　　年　　月　　日"

enum { INK_BYTES_MAX = 512 * 1024 };

static size_t stop_at(Str print, size_t from, const char *stops)
{
    while (from < print.n && strchr(stops, print.p[from]) == NULL) {
        from++;
    }
    return from;
}

static void hole_read(struct arena *arena, Str inside, struct form_hole *out)
{
    out->leads = str_starts(inside, BOX_EMPTY);
    if (out->leads) {
        inside = str_slice(arena, inside, strlen(BOX_EMPTY), inside.n);
    }
    size_t bar = stop_at(inside, 0, "|");
    size_t colon = stop_at(inside, 0, ":");
    colon = colon > bar ? bar : colon;
    out->name = str_slice(arena, inside, 0, colon);
    out->option = colon < bar ? str_slice(arena, inside, colon + 1, bar) : STR("");
    out->title = bar < inside.n ? str_slice(arena, inside, bar + 1, inside.n) : STR("");
    out->bare = bar + 1 == inside.n;
}

bool form_hole_next(struct arena *arena, Str print, size_t *offset, struct form_hole *out)
{
    if (*offset >= print.n) {
        return false;
    }
    size_t at = stop_at(print, *offset, "{[]");
    *out = (struct form_hole){.literal = str_slice(arena, print, *offset, at),
                              .name = STR(""),
                              .option = STR(""),
                              .title = STR("")};
    *offset = at;
    if (at == print.n) {
        return true;
    }
    if (print.p[at] != '{') {
        out->bracket = print.p[at];
        *offset = at + 1;
        return true;
    }
    size_t end = stop_at(print, at, "}");
    hole_read(arena, str_slice(arena, print, at + 1, end), out);
    *offset = end + (end < print.n);
    return true;
}

/* --- one value --- */

static Str box(struct arena *arena, bool leads, bool ticked, Str title)
{
    const char *mark = ticked ? BOX_TICKED : BOX_EMPTY;
    return leads ? str_printf(arena, "%s%.*s", mark, STR_ARG(title))
                 : str_printf(arena, "%.*s%s", STR_ARG(title), mark);
}

static Str boxes(struct arena *arena, bool leads, const struct field *field, const struct value *v)
{
    static const struct option yes_no[] = {{"true", "是"}, {"false", "否"}};
    const struct option *options = field->type == FIELD_YES_NO ? yes_no : field->options;
    uint32_t count = field->type == FIELD_YES_NO ? 2 : field->option_count;
    Str text = STR("");
    for (uint32_t i = 0; i < count; i++) {
        bool ticked = field_value_in(v, &options[i].value, 1);
        Str one = box(arena, leads, ticked, str_of(options[i].title));
        text = str_printf(arena, "%s%s%s", text.p, i == 0 ? "" : "　", one.p);
    }
    return text;
}

static Str title_of(const struct field *field, Str option)
{
    for (uint32_t i = 0; i < field->option_count; i++) {
        if (str_is(option, field->options[i].value)) {
            return str_of(field->options[i].title);
        }
    }
    return str_is(option, "true") ? STR("是") : STR("否");
}

static Str date_words(struct arena *arena, Str text)
{
    Date date = DATE_NONE;
    return date_parse(text, &date) ? date_chinese(arena, date) : text;
}

static Str address_words(const struct form_ink *ink, const struct value *v)
{
    Str place = division_full_name(ink->arena, ink->tables, value_get_str(v, "division"));
    Str detail = value_is_map(v) ? value_get_str(v, "detail") : value_as_str(v);
    bool said = place.n > 0 && str_starts(detail, place.p);
    return said ? detail : str_printf(ink->arena, "%s%s", place.p, detail.p);
}

Str form_ink_leaf(const struct form_ink *ink, const struct field *field, const struct value *v)
{
    Str text = field->type == FIELD_IDENTITY && value_is_map(v) ? value_get_str(v, "number")
                                                                : value_as_str(v);
    return field->type == FIELD_MONEY     ? money_format(ink->arena, value_as_int(v))
           : field->type == FIELD_NUMBER  ? str_printf(ink->arena, "%" PRId64, value_as_int(v))
           : field->type == FIELD_DATE    ? date_words(ink->arena, text)
           : field->type == FIELD_ADDRESS ? address_words(ink, v)
                                          : text;
}

static Str room_for(const struct form_ink *ink, const struct field *field)
{
    bool blank = ink->values == NULL && ink->section != NULL; /* prompts are not of a filed paper */
    const struct value *own = blank ? value_get(ink->section->rooms, field->name) : NULL;
    return own != NULL                                                   ? value_as_str(own)
           : field->type == FIELD_DATE                                   ? STR(ROOM_DATE)
           : field->type == FIELD_LONG_TEXT || field->type == FIELD_LIST ? STR("")
                                                                         : STR(ROOM);
}

/* Money that is no number yet, or a list that is a text, is as good as not there. */
static bool is_there(const struct form_ink *ink, const struct field *field, const struct value *v)
{
    bool number = field->type == FIELD_MONEY || field->type == FIELD_NUMBER;
    if (value_is_empty(v) || (number && v->kind != VALUE_INT)) {
        return false;
    }
    return field->type == FIELD_LIST ? value_is_list(v)
                                     : !(ink->asking && number && v->as.number == 0);
}

/* {name/name:given|title}: the box is ticked when one of them is filled in; an amount of nothing
 * claims nothing. */
static Str given_words(const struct form_ink *ink, const struct form_hole *hole,
                       const struct field *fields, uint32_t count, const struct value *values)
{
    struct form_ink asking = *ink;
    Str *names = NULL;
    size_t name_count = str_split(ink->arena, hole->name, '/', &names);
    bool given = false;
    asking.asking = true;
    for (size_t i = 0; i < name_count; i++) {
        const struct field *field = field_find(fields, count, names[i]);
        const struct value *v = field == NULL ? NULL : value_get(values, field->name);
        given = given || (field != NULL && is_there(&asking, field, v) &&
                          !str_is(value_as_str(v), "无")); /* as the form asks to write */
    }
    return box(ink->arena, hole->leads, given, hole->title);
}

/* One box for any of several options: {way:cash,note|}. */
static bool is_ticked(const struct form_ink *ink, const struct form_hole *hole,
                      const struct value *v)
{
    Str *options = NULL;
    size_t count = str_split(ink->arena, hole->option, ',', &options);
    for (size_t i = 0; i < count; i++) {
        if (field_value_in(v, &options[i].p, 1)) {
            return true;
        }
    }
    return false;
}

/* --- templates; a list prints its items by one of their own: as deep as definitions are --- */
/* NOLINTBEGIN(misc-no-recursion) */

static Str list_words(const struct form_ink *ink, const struct field *field, const struct value *v)
{
    Str print = value_get_str(ink->section == NULL ? NULL : ink->section->prints, field->name);
    struct buf text;
    struct form_ink inner = *ink;
    inner.section = NULL; /* whose prints and rooms are of its own fields, not of an item's */
    buf_init(&text, ink->arena, INK_BYTES_MAX);
    /* A draft may hold more items than may be handed in. */
    for (uint32_t i = 0; i < value_count(v) && !buf_is_over(&text); i++) {
        struct value *item = value_is_map(value_item(v, i))
                                 ? value_merge(ink->arena, value_item(v, i), NULL)
                                 : value_map(ink->arena);
        value_set_int(ink->arena, item, "n", i + 1);
        Str one = form_ink_text(&inner, print.p, field->fields, field->field_count, item, NULL);
        buf_text(&text, i == 0 ? "" : "\n");
        buf_str(&text, one);
    }
    return buf_done(&text);
}

/* The titles of what is chosen, without boxes. */
static Str chosen_titles(const struct form_ink *ink, const struct field *field,
                         const struct value *v)
{
    Str text = STR("");
    for (uint32_t i = 0; i < field->option_count; i++) {
        if (field_value_in(v, &field->options[i].value, 1)) {
            text = str_printf(ink->arena, "%s%s%s", text.p, text.n == 0 ? "" : "、",
                              field->options[i].title);
        }
    }
    return text.n == 0 ? STR(ROOM) : text;
}

/* Every option on a line of its own, its box first, numbered as long official lists are. */
static Str option_lines(const struct form_ink *ink, const struct field *field,
                        const struct value *v)
{
    Str text = STR("");
    for (uint32_t i = 0; i < field->option_count; i++) {
        text = str_printf(ink->arena, "%s%s%s%u．%s", text.p, i == 0 ? "" : "\n",
                          field_value_in(v, &field->options[i].value, 1) ? BOX_TICKED : BOX_EMPTY,
                          i + 1, field->options[i].title);
    }
    return text;
}

static Str hole_words(const struct form_ink *ink, const struct form_hole *hole,
                      const struct field *field, const struct value *v)
{
    if (field->type == FIELD_IDENTITY && hole->option.n > 0) {
        Str type = value_is_text(v) ? STR("resident-id") : value_get_str(v, "type");
        return value_is_empty(v) ? STR(ROOM) : str_of(identity_type_title(type));
    }
    if (str_is(hole->option, FORM_EACH)) {
        return option_lines(ink, field, v);
    }
    if (str_is(hole->option, FORM_CHOSEN)) {
        return chosen_titles(ink, field, v);
    }
    if (hole->option.n > 0) {
        Str title = hole->title.n > 0 ? hole->title : title_of(field, hole->option);
        bool ticked = is_ticked(ink, hole, v);
        title = hole->bare ? STR("") : title;
        return box(ink->arena, hole->leads, ticked, title);
    }
    if (field->type == FIELD_YES_NO || field->type == FIELD_CHOICE ||
        field->type == FIELD_CHOICES) {
        return boxes(ink->arena, hole->leads, field, v);
    }
    return !is_there(ink, field, v)    ? room_for(ink, field)
           : field->type == FIELD_LIST ? list_words(ink, field, v)
                                       : form_ink_leaf(ink, field, v);
}

/* The field that a name means: one of these, else an element of its own. */
static const struct field *named(const struct form_ink *ink, Str name, const struct field *fields,
                                 uint32_t count, const struct value **values)
{
    const struct field *field = field_find(fields, count, name);
    if (field == NULL) {
        *values = ink->values;
        field = field_find(ink->forms->elements, ink->forms->element_count, name);
    }
    return field;
}

/* Whether all that stands up to the closing bracket is there. */
static bool bracket_holds(const struct form_ink *ink, Str print, size_t offset,
                          const struct field *fields, uint32_t count, const struct value *values)
{
    struct form_hole hole;
    while (form_hole_next(ink->arena, print, &offset, &hole) && hole.bracket != ']') {
        const struct value *from = values;
        const struct field *field = named(ink, hole.name, fields, count, &from);
        if (field != NULL && !is_there(ink, field, value_get(from, field->name))) {
            return false;
        }
    }
    return true;
}

static void bracket_skip(struct arena *arena, Str print, size_t *offset)
{
    struct form_hole hole;
    while (form_hole_next(arena, print, offset, &hole) && hole.bracket != ']') {
    }
}

Str form_ink_text(const struct form_ink *ink, const char *print, const struct field *fields,
                  uint32_t count, const struct value *values, bool *whole)
{
    struct buf out;
    struct form_hole hole;
    size_t offset = 0;
    bool all = true;
    buf_init(&out, ink->arena, INK_BYTES_MAX);
    while (form_hole_next(ink->arena, str_of(print), &offset, &hole)) {
        const struct value *from = values;
        buf_str(&out, hole.literal);
        if (hole.bracket == '[' &&
            !bracket_holds(ink, str_of(print), offset, fields, count, values)) {
            bracket_skip(ink->arena, str_of(print), &offset);
        }
        if (hole.bracket != 0 || hole.name.n == 0) {
            continue;
        }
        if (str_is(hole.name, "n")) {
            buf_printf(&out, "%" PRId64, value_get_int(values, "n"));
            continue;
        }
        if (str_is(hole.option, FORM_GIVEN)) {
            buf_str(&out, given_words(ink, &hole, fields, count, values));
            continue;
        }
        const struct field *field = named(ink, hole.name, fields, count, &from);
        const struct value *v = field == NULL ? NULL : value_get(from, field->name);
        if (field != NULL) {
            all = all && is_there(ink, field, v);
            buf_str(&out, hole_words(ink, &hole, field, v));
        }
    }
    if (whole != NULL) {
        *whole = all;
    }
    return buf_done(&out);
}

/* NOLINTEND(misc-no-recursion) */
