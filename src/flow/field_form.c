/* What an HTML form sends, as the values that programs send. Nothing is refused here: text that
 * does not fit stays text, is kept as it was typed, and complained of when it is checked. */
#include <string.h>

#include "base/money.h"
#include "flow/field.h"

/* --- leaves --- */

/* Digits and signs of a Chinese keyboard, and what people write around a number. */
static Str half_width(struct arena *arena, Str text)
{
    struct buf buf;
    size_t at = 0;
    uint32_t c = 0;
    buf_init(&buf, arena, text.n + 1);
    while (utf8_next(text, &at, &c)) {
        char out[4];
        if (c >= 0xFF01 && c <= 0xFF5E) {
            c -= 0xFF01 - 0x21;
        }
        buf_add(&buf, out, utf8_put(c, out));
    }
    return buf_done(&buf);
}

static Str without_end(struct arena *arena, Str text, const char *end)
{
    return str_ends(text, end) ? str_trim(arena, str_slice(arena, text, 0, text.n - strlen(end)))
                               : text;
}

/* 2026-03-02, also when typed as 2026年3月2日, 2026/3/2, 2026.3.2 or 20260302. */
static bool date_typed(Str text, Date *out)
{
    int64_t part[3] = {0, 0, 0};
    size_t digits[3] = {0, 0, 0};
    size_t runs = 0;
    bool inside = false;
    for (size_t i = 0; i < text.n; i++) {
        bool digit = text.p[i] >= '0' && text.p[i] <= '9';
        runs += digit && !inside;
        inside = digit;
        if (runs > 3 || (digit && digits[runs - 1] == 8)) {
            return false;
        }
        if (digit) {
            part[runs - 1] = part[runs - 1] * 10 + (text.p[i] - '0');
            digits[runs - 1]++;
        }
    }
    if (runs == 1 && digits[0] == 8) {
        *out = date_of((int)(part[0] / 10000), (int)(part[0] / 100 % 100), (int)(part[0] % 100));
    } else if (runs == 3 && digits[0] == 4 && digits[1] <= 2 && digits[2] <= 2) {
        *out = date_of((int)part[0], (int)part[1], (int)part[2]);
    } else {
        return false;
    }
    return *out != DATE_NONE;
}

/* The control sends the minute in the time of the place: Beijing's. */
static const struct value *datetime_from_form(struct arena *arena, const struct value *v, Str text)
{
    enum { MINUTE_CHARS = 16, SECOND_CHARS = 19 };

    Instant at = 0;
    bool plain = text.n == MINUTE_CHARS || text.n == SECOND_CHARS;
    Str whole = str_printf(arena, "%s+08:00", text.p);
    return plain && instant_parse(whole, &at) ? value_str(arena, instant_format(arena, at)) : v;
}

static const struct value *typed_from_form(struct arena *arena, const struct field *field,
                                           const struct value *v)
{
    Str text = str_trim(arena, value_as_str(v));
    Str plain = half_width(arena, text);
    Money amount = 0;
    int64_t number = 0;
    Date date = DATE_NONE;
    if (field->type == FIELD_MONEY && money_parse(arena, text, &amount)) {
        return value_int(arena, amount);
    }
    if (field->type == FIELD_NUMBER && str_int(plain, &number)) {
        return value_int(arena, number);
    }
    if (field->type == FIELD_YES_NO && (str_is(text, "yes") || str_is(text, "no"))) {
        return value_bool(arena, str_is(text, "yes"));
    }
    if (field->type == FIELD_DATE && date_typed(plain, &date)) {
        return value_str(arena, date_format(arena, date));
    }
    if (field->type == FIELD_DATETIME) {
        return datetime_from_form(arena, v, text);
    }
    if (field->type == FIELD_RATE) {
        const char *unit = field->unit[0] == '\0' ? "%" : field->unit;
        return value_str(arena, without_end(arena, plain, unit));
    }
    return v;
}

/* --- what comes in parts --- */

/* An empty box says that nothing is ticked. */
static struct value *choices_from_form(struct arena *arena, const struct value *v)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; value_is_list(v) && i < v->count; i++) {
        if (!value_is_empty(v->as.items[i])) {
            value_add(arena, list, v->as.items[i]);
        }
    }
    if (value_is_text(v) && v->as.text.n > 0) {
        value_add(arena, list, v);
    }
    return list;
}

/* The kind of document is always chosen; without a number nothing was said. */
static const struct value *identity_from_form(struct arena *arena, const struct value *v)
{
    Str number = str_trim(arena, value_get_str(v, "number"));
    return number.n == 0 && value_is_text(value_get(v, "number")) ? value_str(arena, STR("")) : v;
}

static struct value *certified(struct arena *arena, struct value *signature, Str certificate)
{
    if (certificate.n > 0) {
        value_set_str(arena, signature, "certificate", certificate);
    }
    return signature;
}

/* Drawn by hand when there is a picture, the photograph of one when that was chosen, typed else;
 * only what belongs to that stays, and the certificate beside it. */
static struct value *signature_from_form(struct arena *arena, const struct value *v)
{
    static const char *const typed[] = {"name", "code"};
    struct value *signature = value_map(arena);
    Str png = value_get_str(v, "png");
    Str certificate = str_trim(arena, value_get_str(v, "certificate"));
    int64_t material = 0;
    const char *comma = str_starts(png, "data:") ? memchr(png.p, ',', png.n) : NULL;
    if (comma != NULL) {
        png = str_slice(arena, png, (size_t)(comma - png.p) + 1, png.n);
    }
    if (png.n > 0) {
        value_set_text(arena, signature, "method", "drawn");
        value_set_str(arena, signature, "png", png);
        return certified(arena, signature, certificate);
    }
    if (str_int(value_get_str(v, "material"), &material)) {
        value_set_text(arena, signature, "method", "photo");
        value_set_int(arena, signature, "material", material);
        return signature;
    }
    value_set(arena, signature, "method", value_get(v, "method"));
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        if (value_get(v, typed[i]) != NULL) {
            value_set_str(arena, signature, typed[i], str_trim(arena, value_get_str(v, typed[i])));
        }
    }
    return certified(arena, signature, certificate);
}

static const struct value *leaf_from_form(struct arena *arena, const struct field *field,
                                          const struct value *v)
{
    if (field->type == FIELD_CHOICES && (value_is_text(v) || value_is_list(v))) {
        return choices_from_form(arena, v);
    }
    if (field->type == FIELD_IDENTITY && value_is_map(v)) {
        return identity_from_form(arena, v);
    }
    if (field->type == FIELD_SIGNATURE && value_is_map(v)) {
        return signature_from_form(arena, v);
    }
    return value_is_text(v) ? typed_from_form(arena, field, v) : v;
}

/* --- trees: as deep as the definitions, which the compiler has bounded --- */
/* NOLINTBEGIN(misc-no-recursion) */

static bool is_kept(const struct value *row)
{
    return value_is_text(row) && str_is(value_as_str(row), FIELD_ROW_KEPT);
}

static bool holds_kept(const struct value *rows)
{
    for (uint32_t i = 0; i < value_count(rows); i++) {
        if (is_kept(value_item(rows, i))) {
            return true;
        }
    }
    return false;
}

/* Rows that nobody filled in are not there. */
static struct value *list_from_form(struct arena *arena, const struct field *field,
                                    const struct value *rows)
{
    struct value *list = value_list(arena);
    bool places = holds_kept(rows);
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct value *row = rows->as.items[i];
        if (value_is_map(row)) { /* anything else is complained of when it is checked */
            row = fields_from_form(arena, field->fields, field->field_count, row);
        }
        if (places || !value_is_empty(row)) {
            value_add(arena, list, row);
        }
    }
    return list;
}

struct value *fields_from_form(struct arena *arena, const struct field *fields, uint32_t count,
                               const struct value *form)
{
    struct value *values = value_map(arena);
    for (uint32_t i = 0; value_is_map(form) && i < form->count; i++) {
        Str key = form->as.members[i].key;
        const struct value *v = form->as.members[i].value;
        const struct field *field = field_find(fields, count, key);
        if (field == NULL) {
            value_set_key(arena, values, key, v);
        } else if (field->type == FIELD_GROUP && value_is_map(v)) {
            value_set_key(arena, values, key,
                          fields_from_form(arena, field->fields, field->field_count, v));
        } else if (field->type == FIELD_LIST && value_is_list(v)) {
            value_set_key(arena, values, key, list_from_form(arena, field, v));
        } else {
            value_set_key(arena, values, key, leaf_from_form(arena, field, v));
        }
    }
    return values;
}

/* NOLINTEND(misc-no-recursion) */

static struct value *list_keep(struct arena *arena, const struct value *rows,
                               const struct value *saved)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_item(rows, i);
        bool was_there = i < value_count(saved);
        if (is_kept(row)) {
            row = was_there ? value_item(saved, i) : NULL;
        }
        if (row != NULL && (was_there || !value_is_empty(row))) {
            value_add(arena, list, row);
        }
    }
    return list;
}

void fields_keep(struct arena *arena, const struct field *fields, uint32_t count,
                 struct value *values, const struct value *saved)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct value *rows = value_get(values, fields[i].name);
        if (fields[i].type == FIELD_LIST && value_is_list(rows) && holds_kept(rows)) {
            value_set(arena, values, fields[i].name,
                      list_keep(arena, rows, value_get(saved, fields[i].name)));
        }
    }
}
