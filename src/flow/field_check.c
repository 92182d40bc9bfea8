/* Checking values against fields. Nothing here fails: errors are collected with their paths, so
 * that a person sees all of them at once and a draft can hold what is not right yet. */
#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/picture.h"
#include "flow/field.h"
#include "law/case_number.h"
#include "law/identifier.h"
#include "seal/password.h"

/* As deep as definitions are: FIELD_DEPTH_MAX. */
/* NOLINTBEGIN(misc-no-recursion) */

enum {
    TEXT_MAX = 200,
    LONG_TEXT_MAX = 20000,
    ADDRESS_MAX = 300,
    SIGNATURE_BYTES_MAX = 200 * 1024,
    SERIAL_MAX = 64, /* of a certificate */
};

struct checking {
    struct cx *cx;
    const struct field_world *world;
    Str path;
};

static void complain(struct checking *c, const struct field *field, const char *code,
                     const char *text)
{
    struct value *entry =
        cx_error(c->cx, c->path.p, code, arena_printf(c->cx->arena, "%s：%s", field->title, text));
    if (field->law[0] != '\0') {
        value_set_text(c->cx->arena, entry, "law", field->law);
    }
}

static const struct value *bad_type(struct checking *c, const struct field *field,
                                    const struct value *v)
{
    const char *text = field->type == FIELD_MONEY    ? "请写成数字，例如 50000.00"
                       : field->type == FIELD_NUMBER ? "请写成整数，例如 15"
                       : field->type == FIELD_YES_NO ? "请选择是或者否"
                                                     : "填写的内容类型不对";
    complain(c, field, "type", text);
    return v;
}

bool field_text_is_fit(Str text, bool lines)
{
    return text_is_fit(text, lines);
}

static const struct value *check_identifier(struct checking *c, const struct field *field,
                                            const struct value *v, enum identifier_kind kind,
                                            const char *code);

static const struct value *check_text(struct checking *c, const struct field *field,
                                      const struct value *v)
{
    bool lines = field->type == FIELD_LONG_TEXT;
    int64_t limit = field->max_length != 0 ? field->max_length : (lines ? LONG_TEXT_MAX : TEXT_MAX);
    if (!value_is_text(v)) {
        return bad_type(c, field, v);
    }
    Str text = text_composed(c->cx->arena, str_trim(c->cx->arena, v->as.text));
    enum identifier_kind kind = IDENTIFIER_RESIDENT_ID;
    if (field->format[0] != '\0' && identifier_kind_parse(str_of(field->format), &kind)) {
        return check_identifier(c, field, v, kind, field->format);
    }
    if (!field_text_is_fit(text, lines)) {
        complain(c, field, "characters", "含有不能显示的字符，请重新输入");
    } else if ((int64_t)utf8_count(text) > limit) {
        complain(
            c, field, "too-long",
            arena_printf(c->cx->arena, "最多%" PRId64 "字，现在有%zu字", limit, utf8_count(text)));
    }
    return value_str(c->cx->arena, text);
}

/* A sum as people write it that stayed a text because it is beyond MONEY_MAX_FEN. */
static bool is_beyond_money(const struct value *v)
{
    const size_t digits_max = 15; /* yuan */
    size_t digits = 0;
    size_t at = 0;
    Str text = value_as_str(v);
    for (; at < text.n && text.p[at] != '.'; at++) {
        if ((text.p[at] < '0' || text.p[at] > '9') && text.p[at] != ',') {
            return false;
        }
        digits += text.p[at] != ',' && (digits > 0 || text.p[at] != '0');
    }
    return digits > digits_max;
}

static const struct value *check_number(struct checking *c, const struct field *field,
                                        const struct value *v)
{
    bool money = field->type == FIELD_MONEY;
    int64_t most = field->max != 0 ? field->max : (money ? MONEY_MAX_FEN : INT64_MAX);
    bool beyond = money && is_beyond_money(v);
    if (v->kind != VALUE_INT && !beyond) {
        return bad_type(c, field, v);
    }
    if (!beyond && v->as.number < field->min) {
        complain(c, field, "too-small",
                 money ? arena_printf(c->cx->arena, "不能少于%s元",
                                      money_format(c->cx->arena, field->min).p)
                       : arena_printf(c->cx->arena, "不能小于%" PRId64, field->min));
    } else if (beyond || v->as.number > most) {
        complain(c, field, "too-large",
                 money ? arena_printf(c->cx->arena, "不能超过%s元，请核对",
                                      money_format(c->cx->arena, most).p)
                       : arena_printf(c->cx->arena, "不能大于%" PRId64, most));
    }
    return v;
}

/* Decimal text, per cent a year: "12", "3.85"; at most four decimals, a millionth of the whole:
 * finer ones no interest could be computed by. */
static const struct value *check_rate(struct checking *c, const struct field *field,
                                      const struct value *v)
{
    if (!value_is_text(v)) {
        return bad_type(c, field, v);
    }
    Str text = str_trim(c->cx->arena, v->as.text);
    size_t digits = 0;
    size_t dots = 0;
    size_t decimals = 0;
    bool plain = text.n > 0 && text.n <= 16;
    for (size_t i = 0; i < text.n; i++) {
        bool digit = text.p[i] >= '0' && text.p[i] <= '9';
        plain = plain && (digit || text.p[i] == '.');
        digits += digit;
        decimals += digit && dots > 0;
        dots += text.p[i] == '.';
    }
    bool whole = decimals < digits && (dots == 0 || decimals > 0); /* no ".5", no "3." */
    if (!plain || !whole || dots > 1 || decimals > 4 || digits - decimals > 4) {
        complain(c, field, "rate",
                 field->unit[0] == '\0' ? "请写成年利率的百分数，最多4位小数，如 3.85"
                                        : "请只写数字，最多4位小数，如 3.5");
    }
    return value_str(c->cx->arena, text);
}

static const struct value *check_date(struct checking *c, const struct field *field,
                                      const struct value *v)
{
    Date date = DATE_NONE;
    Instant at = 0;
    if (!value_is_text(v)) {
        return bad_type(c, field, v);
    }
    if (field->type == FIELD_DATETIME) {
        if (!instant_parse(v->as.text, &at)) {
            complain(c, field, "date", "没有这个时间，请写成 2026-03-02T10:20:00+08:00");
            return v;
        }
        return value_str(c->cx->arena, instant_format(c->cx->arena, at));
    }
    if (!date_parse(v->as.text, &date)) {
        complain(c, field, "date", "没有这一天，请写成 2026-03-02");
    } else if (text_is(field->name, "birth") && date > c->world->today) {
        complain(c, field, "future", "出生日期在今天之后，请核对");
    } else if (date < date_of(1900, 1, 1) || date > date_of(2200, 12, 31)) {
        complain(c, field, "date", "日期超出范围，请核对");
    }
    return v;
}

static bool is_option(const struct field *field, const struct value *v)
{
    for (uint32_t i = 0; i < field->option_count; i++) {
        if (value_is_text(v) && str_is(v->as.text, field->options[i].value)) {
            return true;
        }
    }
    return false;
}

static const struct value *check_choice(struct checking *c, const struct field *field,
                                        const struct value *v)
{
    if (field->type == FIELD_CHOICE) {
        if (!is_option(field, v)) {
            complain(c, field, value_is_text(v) ? "choice" : "type", "请从给出的选项里选一个");
        }
        return v;
    }
    if (!value_is_list(v)) {
        return bad_type(c, field, v);
    }
    bool wrong = v->count > field->option_count;
    for (uint32_t i = 0; i < v->count && !wrong; i++) {
        wrong = !is_option(field, v->as.items[i]);
        for (uint32_t k = 0; k < i && !wrong; k++) {
            wrong = value_same(v->as.items[i], v->as.items[k]);
        }
    }
    if (wrong) {
        complain(c, field, "choice", "请从给出的选项里选，每项一次");
    }
    return v;
}

static enum identifier_kind identity_kind(Str type)
{
    enum identifier_kind kind = IDENTIFIER_RESIDENT_ID;
    return identifier_kind_parse(type, &kind) ? kind : IDENTIFIER_RESIDENT_ID;
}

/* A string means resident id; else {"type","number"}. */
static const struct value *check_identity(struct checking *c, const struct field *field,
                                          const struct value *v)
{
    struct identifier identifier = {0};
    Str type = value_is_text(v) ? STR("resident-id") : value_get_str(v, "type");
    Str number = value_is_text(v) ? v->as.text : value_get_str(v, "number");
    if (!value_is_text(v) && !value_is_map(v)) {
        return bad_type(c, field, v);
    }
    if (number.n == 0) {
        complain(c, field, "missing", "请填写证件号码");
        return v;
    }
    if (identity_type_title(type)[0] == '\0') {
        complain(c, field, "choice", "请选择证件种类");
        return v;
    }
    if (!identifier_read(c->cx->arena, identity_kind(type), number, c->world->today, &identifier)) {
        complain(c, field, "identity", identifier.why);
    }
    struct value *normal = value_map(c->cx->arena);
    value_set_str(c->cx->arena, normal, "type", type);
    value_set_str(c->cx->arena, normal, "number",
                  identifier.normal.n > 0 ? identifier.normal : number);
    return normal;
}

static const struct value *check_identifier(struct checking *c, const struct field *field,
                                            const struct value *v, enum identifier_kind kind,
                                            const char *code)
{
    struct identifier identifier = {0};
    if (!value_is_text(v)) {
        return bad_type(c, field, v);
    }
    if (!identifier_read(c->cx->arena, kind, v->as.text, c->world->today, &identifier)) {
        complain(c, field, code, identifier.why);
        return v;
    }
    return value_str(c->cx->arena, identifier.normal);
}

/* The texts of a map under these keys: nothing else is kept. */
static struct value *only_keys(struct arena *arena, const struct value *v, const char *const *keys,
                               size_t count)
{
    struct value *kept = value_map(arena);
    for (size_t i = 0; i < count; i++) {
        Str text = value_get_str(v, keys[i]);
        if (text.n > 0) {
            value_set_str(arena, kept, keys[i], text);
        }
    }
    return kept;
}

/* By code, or by name when it names one place and nothing more; "" for neither. */
static Str division_code(struct arena *arena, const struct law_tables *tables, Str text)
{
    const struct division *division = division_by_code(tables, text);
    if (division != NULL || text.n == 0) {
        return division == NULL ? STR("") : division->code;
    }
    division = division_of_address(tables, text);
    bool more = division != NULL &&
                utf8_count(text) > utf8_count(division_full_name(arena, tables, division->code));
    return division == NULL || more ? STR("") : division->code;
}

static const struct value *check_address(struct checking *c, const struct field *field,
                                         const struct value *v)
{
    static const char *const address_keys[] = {"division", "detail"};
    Str division = value_get_str(v, "division");
    Str detail = value_is_text(v) ? v->as.text : value_get_str(v, "detail");
    if (!value_is_text(v) && !value_is_map(v)) {
        return bad_type(c, field, v);
    }
    struct value *normal =
        value_is_map(v) ? only_keys(c->cx->arena, v, address_keys, 2) : value_map(c->cx->arena);
    Str code = division_code(c->cx->arena, c->world->tables, division);
    if (code.n > 0) {
        value_set_str(c->cx->arena, normal, "division", code);
    }
    if (division.n > 0 && code.n == 0) {
        complain(c, field, "division", "没有这个地区，请重新选择");
    } else if (!field_text_is_fit(detail, false)) {
        complain(c, field, "characters", "含有不能显示的字符，请重新输入");
    } else if (utf8_count(detail) > ADDRESS_MAX) {
        complain(c, field, "too-long", "地址太长，请写到门牌号即可");
    }
    return value_is_text(v) ? v : normal;
}

static const struct value *check_court(struct checking *c, const struct field *field,
                                       const struct value *v)
{
    if (!value_is_text(v)) {
        return bad_type(c, field, v);
    }
    const struct court *court = court_by_code(c->world->tables, v->as.text);
    if (court == NULL) {
        court = court_by_name(c->world->tables, v->as.text);
    }
    if (court == NULL) {
        complain(c, field, "unknown", "没有找到这家法院");
        return v;
    }
    return value_str(c->cx->arena, court->code);
}

static const struct value *check_cause(struct checking *c, const struct field *field,
                                       const struct value *v)
{
    if (!value_is_text(v)) {
        return bad_type(c, field, v);
    }
    const struct cause *cause = cause_find(c->world->tables, str_trim(c->cx->arena, v->as.text));
    if (cause == NULL) {
        complain(c, field, "unknown", "案由表里没有这一项，请重新选择");
        return v;
    }
    return value_str(c->cx->arena, cause->code);
}

static const struct value *check_case_number(struct checking *c, const struct field *field,
                                             const struct value *v)
{
    struct case_number number = {0};
    if (!value_is_text(v)) {
        return bad_type(c, field, v);
    }
    if (!case_number_parse(c->cx->arena, v->as.text, &number)) {
        complain(c, field, "case-number", number.why);
        return v;
    }
    return value_str(c->cx->arena, number.normal);
}

/* Papers print it: one that cannot be drawn would stop them. */
static bool is_drawing(struct arena *arena, Str base64)
{
    Str png = {"", 0};
    return base64_decode(arena, base64, &png) && picture_png_draws(png, PICTURE_DRAWN_SIDE_MAX);
}

/* One that is not understood must not be one that was not asked for. */
static void check_certificate(struct checking *c, const struct field *field, const struct value *v)
{
    if (!value_is_null(v) && !value_is_text(v)) {
        complain(c, field, "type", "证书编号应当是文字");
    } else if (value_as_str(v).n > SERIAL_MAX) {
        complain(c, field, "too-long", "证书编号太长");
    }
}

static const struct value *check_signature(struct checking *c, const struct field *field,
                                           const struct value *v)
{
    static const char *const signature_keys[] = {"method", "name", "code", "png", "certificate"};
    Str method = value_get_str(v, "method");
    if (!value_is_map(v)) {
        return bad_type(c, field, v);
    }
    if (str_is(method, "typed")) {
        if (value_get_str(v, "name").n == 0 || value_get_str(v, "code").n == 0) {
            complain(c, field, "missing", "请输入姓名和验证码");
        } else if (utf8_count(value_get_str(v, "name")) > 100 || value_get_str(v, "code").n > 12) {
            complain(c, field, "too-long", "姓名或者验证码太长");
        } else if (!field_text_is_fit(value_get_str(v, "name"), false)) {
            complain(c, field, "characters", "含有不能显示的字符，请重新输入");
        }
    } else if (str_is(method, "drawn")) {
        if (value_get_str(v, "png").n == 0) {
            complain(c, field, "missing",
                     field->drawn ? "请本人在方框里签名，或者选择签名、手印的照片"
                                  : "请在方框里签名");
        } else if (!str_starts(value_get_str(v, "png"),
                               "iVBORw0KGgo")) { /* base64 of a PNG's head */
            complain(c, field, "signature", "签名不是图片，请重新签");
        } else if (value_get_str(v, "png").n > SIGNATURE_BYTES_MAX) {
            complain(c, field, "too-long", "签名图片太大，请重新签");
        } else if (!is_drawing(c->cx->arena, value_get_str(v, "png"))) {
            complain(c, field, "signature", "签名不是完整的图片，请重新签");
        }
    } else if (field->drawn && str_is(method, "photo")) { /* which one, is for the procedure */
        const struct value *material = value_get(v, "material");
        struct value *kept = value_map(c->cx->arena);
        value_set(c->cx->arena, kept, "method", value_get(v, "method"));
        if (material == NULL || material->kind != VALUE_INT || material->as.number < 1) {
            complain(c, field, "missing", "请选择签名或者手印的照片");
        }
        value_set(c->cx->arena, kept, "material", material);
        return kept;
    } else {
        complain(c, field, "choice",
                 field->drawn ? "请本人手写签名，或者上传签名、手印的照片"
                              : "请手写签名，或者输入姓名和验证码");
    }
    check_certificate(c, field, value_get(v, "certificate"));
    return only_keys(c->cx->arena, v, signature_keys, 5);
}

static const struct value *check_fields(struct checking *c, const struct field *fields,
                                        uint32_t count, const struct value *values, Str prefix);

static const struct value *check_list(struct checking *c, const struct field *field,
                                      const struct value *v)
{
    Str path = c->path;
    int64_t most = field->max != 0 ? field->max : 200;
    if (!value_is_list(v)) {
        return bad_type(c, field, v);
    }
    if (v->count < field->min) {
        complain(c, field, "too-few",
                 arena_printf(c->cx->arena, "至少填%" PRId64 "项", field->min));
    } else if (v->count > most) {
        complain(c, field, "too-many",
                 arena_printf(c->cx->arena, "最多%" PRId64 "项，现在有%u项", most, v->count));
        return v; /* no use in checking each of a hundred thousand */
    }
    struct value *list = value_list(c->cx->arena);
    for (uint32_t i = 0; i < v->count; i++) {
        const struct value *item = v->as.items[i];
        c->path = str_printf(c->cx->arena, "%.*s.%u", STR_ARG(path), i);
        if (!value_is_map(item)) {
            value_add(c->cx->arena, list, bad_type(c, field, item));
            continue;
        }
        Str inside = str_printf(c->cx->arena, "%.*s.", STR_ARG(c->path));
        value_add(c->cx->arena, list,
                  check_fields(c, field->fields, field->field_count, item, inside));
    }
    c->path = path;
    return list;
}

static const struct value *check_group(struct checking *c, const struct field *field,
                                       const struct value *v)
{
    if (!value_is_map(v)) {
        return bad_type(c, field, v);
    }
    return check_fields(c, field->fields, field->field_count, v,
                        str_printf(c->cx->arena, "%.*s.", STR_ARG(c->path)));
}

static const struct value *check_value(struct checking *c, const struct field *field,
                                       const struct value *v)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_LONG_TEXT: return check_text(c, field, v);
    case FIELD_MONEY:
    case FIELD_NUMBER: return check_number(c, field, v);
    case FIELD_RATE: return check_rate(c, field, v);
    case FIELD_DATE:
    case FIELD_DATETIME: return check_date(c, field, v);
    case FIELD_CHOICE:
    case FIELD_CHOICES: return check_choice(c, field, v);
    case FIELD_YES_NO: return v->kind == VALUE_BOOL ? v : bad_type(c, field, v);
    case FIELD_IDENTITY: return check_identity(c, field, v);
    case FIELD_PHONE: return check_identifier(c, field, v, IDENTIFIER_PHONE, "phone");
    case FIELD_EMAIL: return check_identifier(c, field, v, IDENTIFIER_EMAIL, "email");
    case FIELD_BANK_ACCOUNT:
        return check_identifier(c, field, v, IDENTIFIER_BANK_ACCOUNT, "bank-account");
    case FIELD_ADDRESS: return check_address(c, field, v);
    case FIELD_COURT: return check_court(c, field, v);
    case FIELD_CAUSE: return check_cause(c, field, v);
    case FIELD_CASE_NUMBER: return check_case_number(c, field, v);
    case FIELD_SIGNATURE: return check_signature(c, field, v);
    case FIELD_GROUP: return check_group(c, field, v);
    case FIELD_LIST: return check_list(c, field, v);
    }
    return v;
}

bool field_value_in(const struct value *v, const char *const *in, uint32_t count)
{
    for (uint32_t i = 0; v != NULL && i < count; i++) {
        for (uint32_t k = 0; value_is_list(v) && k < v->count; k++) {
            if (str_is(value_as_str(v->as.items[k]), in[i])) {
                return true;
            }
        }
        if (v->kind == VALUE_BOOL ? text_is(in[i], v->as.truth ? "true" : "false")
                                  : str_is(value_as_str(v), in[i])) {
            return true;
        }
    }
    return false;
}

bool field_is_asked(const struct field *field, const struct value *values)
{
    return field->when_field == NULL ||
           field_value_in(value_get(values, field->when_field), field->when_in, field->when_count);
}

/* Nothing, or nothing but blanks. An empty list or object of the wrong kind is wrong, not missing.
 */
static bool is_left_empty(struct arena *arena, const struct field *field, const struct value *v)
{
    if (value_is_null(v) || (value_is_text(v) && str_trim(arena, v->as.text).n == 0)) {
        return true;
    }
    bool inner = field->type == FIELD_GROUP || field->type == FIELD_IDENTITY ||
                 field->type == FIELD_ADDRESS || field->type == FIELD_SIGNATURE;
    if (value_is_map(v)) {
        return inner && value_is_empty(v);
    }
    return value_is_list(v) && v->count == 0 && field->type == FIELD_CHOICES;
}

/* A required yes-no is an undertaking or a question: "no" answers a question, and an undertaking
 * that must be "yes" is a hard rule of its procedure. */
static const struct value *check_one(struct checking *c, const struct field *field,
                                     const struct value *values, struct value *normal)
{
    const struct value *v = value_get(values, field->name);
    bool holds = field_is_asked(field, values);
    bool empty = is_left_empty(c->cx->arena, field, v);
    if (!empty && holds) {
        const struct value *checked = check_value(c, field, v);
        value_set(c->cx->arena, normal, field->name, checked);
        return checked;
    }
    if (holds && field->required) {
        if (field->type == FIELD_GROUP) { /* each missing part is named */
            struct value *nothing = value_map(c->cx->arena);
            return check_value(c, field, nothing);
        }
        const char *verb = field->option_count > 0       ? "请选择"
                           : field->type == FIELD_YES_NO ? "请回答："
                                                         : "请填写";
        (void)cx_error(c->cx, c->path.p, "missing",
                       arena_printf(c->cx->arena, "%s%s", verb, field->title));
    }
    return NULL;
}

static const struct value *check_fields(struct checking *c, const struct field *fields,
                                        uint32_t count, const struct value *values, Str prefix)
{
    struct value *normal = value_map(c->cx->arena);
    Str path = c->path;
    for (uint32_t i = 0; values != NULL && i < values->count; i++) {
        Str key = values->as.members[i].key;
        if (field_find(fields, count, key) == NULL) {
            c->path = str_printf(c->cx->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(key));
            (void)cx_error(c->cx, c->path.p, "unknown", "没有这一项");
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        c->path = str_printf(c->cx->arena, "%.*s%s", STR_ARG(prefix), fields[i].name);
        (void)check_one(c, &fields[i], values, normal);
    }
    c->path = path;
    return normal;
}

struct value *fields_check(struct cx *cx, const struct field *fields, uint32_t count,
                           const struct field_world *world, const struct value *values, Str prefix)
{
    struct checking c = {cx, world, prefix};
    check(world->tables != NULL);
    if (values != NULL && !value_is_map(values)) {
        (void)cx_error(cx, prefix.p, "type", "填写的内容应当一项一项地给出");
        values = NULL;
    }

    union {
        const struct value *in;
        struct value *out;
    } normal = {
        .in = check_fields(&c, fields, count, values, prefix)}; /* made here, so ours to give */

    return normal.out;
}

/* NOLINTEND(misc-no-recursion) */
