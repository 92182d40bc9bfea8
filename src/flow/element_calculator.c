/* The table of calculators, and what they have in common. Values of a draft may be of any type:
 * what does not fit is passed over here and complained of where the form is checked. */
#include "flow/element_calculator.h"

#include <inttypes.h>

enum { QUERY_BYTES_MAX = 8192, DECIMALS = 4, DIGITS_MAX = 16, NUMBER_MAX = 1000000 };

static const struct calculator *const CALCULATORS[] = {
    &ELEMENT_INTEREST, &ELEMENT_INJURY,  &ELEMENT_WAGES,   &ELEMENT_SEVERANCE, &ELEMENT_DISMISSAL,
    &ELEMENT_DOUBLE,   &ELEMENT_PENALTY, &ELEMENT_SUPPORT, &ELEMENT_DEBT};

enum { CALCULATORS_COUNT = sizeof CALCULATORS / sizeof CALCULATORS[0] };

static const struct field *field_of(const struct element_form *form, const char *name)
{
    const struct field *group = form->claim->group;
    return field_find(group->fields, group->field_count, str_of(name));
}

const char *calculator_field(const struct element_form *form, const char *name)
{
    Str other = value_get_str(form->counted, name);
    return other.n > 0 ? other.p : name;
}

static bool calculator_proves(const struct calculator *by, const struct element_form *form,
                              Str *missing)
{
    for (int i = 0; i < CALCULATOR_READS_MAX && by->reads[i] != NULL; i++) {
        *missing = str_of(calculator_field(form, by->reads[i]));
        if (field_of(form, missing->p) == NULL) {
            return false;
        }
    }
    for (int i = 0; i < CALCULATOR_FILLS_MAX && by->fills[i].name != NULL; i++) {
        *missing = str_of(calculator_field(form, by->fills[i].name));
        const struct field *field = field_of(form, missing->p);
        if (!by->fills[i].words && (field == NULL || field->type != FIELD_MONEY)) {
            return false;
        }
    }
    return true;
}

bool calculators_prove(const struct element_form *form, Str *missing)
{
    for (size_t i = 0; i < CALCULATORS_COUNT; i++) {
        if (field_of(form, CALCULATORS[i]->way) != NULL &&
            !calculator_proves(CALCULATORS[i], form, missing)) {
            return false;
        }
    }
    return true;
}

/* --- reading, and saying again --- */

void counting_say(struct counting *c, const char *name, Str text)
{
    if (text.n > 0) {
        buf_printf(&c->query, "%s%s=%.*s", c->query.n == 0 ? "" : "&", name, STR_ARG(text));
    }
}

void counting_say_int(struct counting *c, const char *name, int64_t number)
{
    if (number != 0) {
        counting_say(c, name, str_printf(c->cx->arena, "%" PRId64, number));
    }
}

Str counting_text(struct counting *c, const char *field, const char *name)
{
    Str text = value_get_str(c->claim, field);
    counting_say(c, name, text);
    return text;
}

int counting_number(struct counting *c, const char *field, const char *name)
{
    int64_t number = value_get_int(c->claim, field);
    number = number < 0 || number > NUMBER_MAX ? 0 : number;
    counting_say_int(c, name, number);
    return (int)number;
}

Money counting_money(struct counting *c, const char *field, const char *name)
{
    Money amount = value_get_int(c->claim, field);
    amount = amount < 0 || amount > MONEY_MAX_FEN ? 0 : amount;
    counting_say_int(c, name, amount);
    return amount;
}

bool counting_date(struct counting *c, const char *field, const char *name, Date *out)
{
    Str text = value_get_str(c->claim, field);
    bool given = date_parse(text, out);
    counting_say(c, name, given ? text : STR(""));
    return given;
}

Str counting_place(struct counting *c, const char *field, const char *name)
{
    Str division = value_get_str(value_get(c->claim, field), "division");
    counting_say(c, name, division);
    return division;
}

bool counting_decimal(Str text, int64_t *out)
{
    int64_t number = 0;
    int64_t decimals = -1;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.' && decimals < 0 && i > 0) {
            decimals = 0;
        } else if (text.p[i] >= '0' && text.p[i] <= '9' && number < (int64_t)NUMBER_MAX * 10000) {
            number = number * 10 + (text.p[i] - '0');
            decimals += decimals >= 0;
        } else {
            return false;
        }
    }
    if (text.n == 0 || text.n > DIGITS_MAX || decimals > DECIMALS || decimals == 0) {
        return false;
    }
    for (int64_t i = decimals < 0 ? 0 : decimals; i < DECIMALS; i++) {
        number *= 10;
    }
    *out = number;
    return true;
}

/* --- filling --- */

bool counting_typed(const struct counting *c, const char *name)
{
    return !value_is_empty(value_get(c->claim, calculator_field(c->form, name)));
}

void counting_fill(struct counting *c, const char *name, struct value *v)
{
    value_set(c->cx->arena, c->filled, name, v);
}

static Money part_amount(const struct value *sheet, const char *name)
{
    const struct value *parts = value_get(sheet, "parts");
    for (uint32_t i = 0; i < value_count(parts); i++) {
        if (str_is(value_get_str(value_item(parts, i), "name"), name)) {
            return value_get_int(value_item(parts, i), "amount");
        }
    }
    return -1;
}

/* Amounts that a typed one is more than. */
static void more_add(struct arena *arena, const char *field, Money counted, struct value *more)
{
    struct value *row = value_map(arena);
    value_set_text(arena, row, "field", field);
    value_set_int(arena, row, "counted", counted);
    value_add(arena, more, row);
}

static void notice_add(struct arena *arena, struct value *sheet, const char *text)
{
    const struct value *before = value_get(sheet, "notices");
    struct value *notices = value_list(arena);
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_add(arena, notices, value_item(before, i));
    }
    value_add(arena, notices, value_text(arena, text));
    value_set(arena, sheet, "notices", notices);
}

/* Sets "filled" {FIELD: value} and "more" [{"field","counted"}] in out: of a sheet, or of the claim
 * itself. */
static void fill(struct counting *c, const struct calculator *by, const struct value *sheet,
                 struct value *out)
{
    struct arena *arena = c->cx->arena;
    struct value *filled = value_map(arena);
    struct value *more = value_list(arena);
    for (int i = 0; i < CALCULATOR_FILLS_MAX && by->fills[i].name != NULL; i++) {
        const char *name = by->fills[i].name;
        const char *at = calculator_field(c->form, name);
        const struct field *field = field_of(c->form, at);
        const struct value *v = value_get(c->filled, name);
        Money amount = part_amount(sheet, name);
        v = v == NULL && amount >= 0 ? value_int(arena, amount) : v;
        if (v == NULL || field == NULL || !field_is_asked(field, c->claim)) {
            continue;
        }
        if (v->kind == VALUE_INT && field->max > 0 && value_as_int(v) > field->max) {
            notice_add(arena, out, "算出的数额超出可以填写的范围，没有填入。");
        } else if (!counting_typed(c, name)) {
            value_set(arena, filled, at, v);
        } else if (!by->fills[i].words && value_get_int(c->claim, at) > value_as_int(v)) {
            more_add(arena, at, value_as_int(v), more);
        }
    }
    value_set(arena, out, "filled", filled);
    if (more->count > 0) {
        value_set(arena, out, "more", more);
    }
}

static struct value *sheet_unknown(struct arena *arena, const struct calculator *by)
{
    struct value *sheet = value_map(arena);
    notice_add(arena, sheet, by->unknown);
    return sheet;
}

/* An address that would be too long for anybody to send is none. */
static void again_set(struct counting *c, const struct calculator *by, struct value *sheet)
{
    struct arena *arena = c->cx->arena;
    if (buf_is_over(&c->query)) {
        notice_add(arena, sheet, "数据太多，不能用一个网址重算，请分开计算核对。");
    } else {
        value_set_str(arena, sheet, "again",
                      str_printf(arena, "/tools/%s?%s", by->tool, buf_done(&c->query).p));
    }
}

static void run(struct cx *cx, const struct calculator *by, const struct counting *all)
{
    struct arena *arena = cx->arena;
    struct counting c = *all;
    struct failure before = cx->failure;
    struct value *sheet = NULL;
    c.filled = value_map(arena);
    buf_init(&c.query, arena, QUERY_BYTES_MAX);
    cx_forgive(cx);
    bool known = by->count(&c, &sheet) == OK;
    cx->failure = before;
    if (by->tool == NULL) {
        fill(&c, by, NULL, c.out);
        return;
    }
    if (!known) {
        sheet = sheet_unknown(arena, by);
    } else if (sheet == NULL) {
        return;
    } else {
        fill(&c, by, sheet, sheet);
        again_set(&c, by, sheet);
    }
    value_set_text(arena, sheet, "title", by->title);
    value_set_text(arena, sheet, "asked", by->way);
    value_set(arena, c.out, by->name, sheet);
}

void calculators_run(struct cx *cx, const struct element_form *form,
                     const struct law_tables *tables, const struct value *claim, Date today,
                     struct value *out)
{
    const struct counting all = {
        .cx = cx, .tables = tables, .form = form, .claim = claim, .today = today, .out = out};
    for (size_t i = 0; i < CALCULATORS_COUNT; i++) {
        if (field_of(form, CALCULATORS[i]->way) != NULL) {
            run(cx, CALCULATORS[i], &all);
        }
    }
}

struct value *element_form_sheets(struct arena *arena, const struct value *claim)
{
    struct value *sheets = value_list(arena);
    for (size_t i = 0; i < CALCULATORS_COUNT; i++) {
        const struct value *sheet = value_get(claim, CALCULATORS[i]->name);
        if (CALCULATORS[i]->tool != NULL && value_is_map(sheet)) {
            value_add(arena, sheets, sheet);
        }
    }
    return sheets;
}
