#include "law/case_number.h"

#include <string.h>

enum { FIRST_YEAR = 2016, SERIAL_DIGITS_MAX = 9 };

static const char PROVINCES[] =
    "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新兵军";

/* Brackets and digits in their one form, blanks left out. */
static Str normalised(struct arena *arena, Str text)
{
    static const struct {
        const char *from;
        const char *to;
    } FORMS[] = {
        {"(", "（"},  {")", "）"},  {"〔", "（"}, {"〕", "）"}, {"[", "（"}, {"]", "）"},
        {"［", "（"}, {"］", "）"}, {"０", "0"},  {"１", "1"},  {"２", "2"}, {"３", "3"},
        {"４", "4"},  {"５", "5"},  {"６", "6"},  {"７", "7"},  {"８", "8"}, {"９", "9"},
        {" ", ""},    {"\t", ""},   {"\r", ""},   {"\n", ""},   {"　", ""},  {"\xC2\xA0", ""},
    };
    struct buf buf;
    buf_init(&buf, arena, 3 * text.n + 1);
    for (size_t at = 0; at < text.n;) {
        size_t step = 0;
        for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0] && step == 0; i++) {
            size_t n = strlen(FORMS[i].from);
            if (n <= text.n - at && memcmp(text.p + at, FORMS[i].from, n) == 0) {
                buf_text(&buf, FORMS[i].to);
                step = n;
            }
        }
        if (step == 0) {
            buf_char(&buf, text.p[at]);
            step = 1;
        }
        at += step;
    }
    return buf_done(&buf);
}

/* The text being read, from `at` on. */
struct reading {
    Str text;
    size_t at;
};

static bool take(struct reading *r, const char *token)
{
    size_t n = strlen(token);
    if (n > r->text.n - r->at || memcmp(r->text.p + r->at, token, n) != 0) {
        return false;
    }
    r->at += n;
    return true;
}

static size_t count_digits(const struct reading *r)
{
    size_t n = 0;
    while (r->at + n < r->text.n && r->text.p[r->at + n] >= '0' && r->text.p[r->at + n] <= '9') {
        n++;
    }
    return n;
}

static int64_t take_digits(struct reading *r, size_t count)
{
    int64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number * 10 + (r->text.p[r->at + i] - '0');
    }
    r->at += count;
    return number;
}

static const char *read_year(struct reading *r, struct case_number *out)
{
    if (!take(r, "（")) {
        return "案号以括号中的年份开头，如（2025）";
    }
    if (count_digits(r) != 4) {
        return "年份应为四位数字";
    }
    out->year = (int)take_digits(r, 4);
    return take(r, "）") ? NULL : "年份后缺少右括号";
}

static bool take_province(struct reading *r)
{
    for (size_t i = 0; i + 3 < sizeof PROVINCES; i += 3) {
        if (r->text.n - r->at >= 3 && memcmp(r->text.p + r->at, PROVINCES + i, 3) == 0) {
            r->at += 3;
            return true;
        }
    }
    return false;
}

static const char *read_court(struct arena *arena, struct reading *r, struct case_number *out)
{
    size_t from = r->at;
    if (take(r, "最高法")) {
        out->court = str_slice(arena, r->text, from, r->at);
        out->special = take(r, "知");
        return NULL;
    }
    if (!take_province(r)) {
        return "法院代字应以“最高法”或者省级简称开头";
    }
    size_t digits = count_digits(r);
    if (digits != 0 && digits != 2 && digits != 4) {
        return "法院代字中的数字应为两位或者四位";
    }
    r->at += digits;
    out->court = str_slice(arena, r->text, from, r->at);
    return NULL;
}

static const char *read_type(struct reading *r, struct case_number *out)
{
    Str rest = {r->text.p + r->at, r->text.n - r->at};
    const struct case_type *type = case_type_begins(rest);
    if (type == NULL) {
        return "没有这种类型代字";
    }
    r->at += strlen(type->code);
    if (take(r, "字第") || take(r, "字")) {
        out->old_style = true;
        return "这是2016年以前的案号样式";
    }
    if (take(r, "第")) {
        return "新案号的类型代字与序号之间没有“第”字";
    }
    if (count_digits(r) == 0) {
        return r->at < r->text.n && !str_starts((Str){r->text.p + r->at, r->text.n - r->at}, "号")
                   ? "没有这种类型代字"
                   : "缺少序号";
    }
    out->type = type;
    return NULL;
}

static const char *read_serial(struct reading *r, struct case_number *out)
{
    size_t digits = count_digits(r);
    if (r->text.p[r->at] == '0') {
        return digits == 1 ? "序号从1开始" : "序号不以0开头";
    }
    if (digits > SERIAL_DIGITS_MAX) {
        return "序号过长";
    }
    out->serial = take_digits(r, digits);
    return take(r, "号") ? NULL : "案号以“号”字结尾";
}

static const char *read_suffix(struct arena *arena, struct reading *r, struct case_number *out)
{
    static const char *const NUMERALS[] = {"一", "二", "三", "四", "五",
                                           "六", "七", "八", "九", "十"};
    if (r->at == r->text.n) {
        return NULL;
    }
    if (!take(r, "之")) {
        return "“号”字之后只能是“之一”“之二”等";
    }
    size_t from = r->at;
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < 10 && !more; i++) {
            more = take(r, NUMERALS[i]);
        }
    }
    if (r->at == from || r->at != r->text.n || r->at - from > 9) {
        return "“之”字之后应为中文数字";
    }
    out->suffix = str_slice(arena, r->text, from, r->at);
    return NULL;
}

/* （2015）海行民初字第5号: brackets, a place, 字第, digits, 号. */
static bool looks_old(Str normal)
{
    return str_starts(normal, "（") && str_has(normal, "字第") && str_ends(normal, "号");
}

bool case_number_parse(struct arena *arena, Str text, struct case_number *out)
{
    *out = (struct case_number){.why = "", .court = STR(""), .suffix = STR("")};
    out->normal = normalised(arena, text);
    struct reading r = {out->normal, 0};
    const char *why = out->normal.n == 0 ? "请填写案号" : read_year(&r, out);
    if (why == NULL) {
        why = read_court(arena, &r, out);
    }
    if (why == NULL) {
        why = read_type(&r, out);
    }
    if (why == NULL) {
        why = read_serial(&r, out);
    }
    if (why == NULL) {
        why = read_suffix(arena, &r, out);
    }
    if (why != NULL && looks_old(out->normal)) {
        out->old_style = true;
        why = "这是2016年以前的案号样式，只能在填写原案号时使用";
    }
    out->why = why == NULL ? "" : why;
    out->ok = why == NULL;
    return out->ok;
}

bool case_number_is_old(struct arena *arena, Str text)
{
    struct case_number number;
    return !case_number_parse(arena, text, &number) && number.old_style;
}

static bool valid_in(const struct court *court, int year)
{
    return (court->valid_from == DATE_NONE || date_split(court->valid_from).year <= year) &&
           (court->valid_to == DATE_NONE || date_split(court->valid_to).year >= year);
}

static void check_court(struct arena *arena, const struct law_tables *tables,
                        const struct case_number *number, struct value *warnings)
{
    const struct court *court = court_by_code(tables, number->court);
    if (court == NULL) {
        value_add_text(arena, warnings, "法院名录中没有这个法院代字，请核对");
        return;
    }
    if (!valid_in(court, number->year)) {
        value_add_text(arena, warnings, "该年度没有使用这个法院代字，请核对");
    }
    if (!case_type_allowed(number->type, court->level)) {
        value_add_text(arena, warnings,
                       arena_printf(arena, "%s法院通常没有“%s”类案件，请核对",
                                    court_level_name(court->level), number->type->code));
    }
}

bool case_number_check(struct arena *arena, const struct law_tables *tables, Date today,
                       struct case_number *number, struct value *warnings)
{
    if (!number->ok) {
        return false;
    }
    if (number->year < FIRST_YEAR) {
        number->ok = false;
        number->why = "这种案号样式自2016年1月1日起使用";
    } else if (number->year > date_split(today).year) {
        number->ok = false;
        number->why = "年份晚于今年";
    } else {
        check_court(arena, tables, number, warnings);
    }
    return number->ok;
}

Str case_number_format(struct arena *arena, int year, Str court, bool special, const char *type,
                       int64_t serial)
{
    return str_printf(arena, "（%04d）%.*s%s%s%lld号", year, STR_ARG(court), special ? "知" : "",
                      type, (long long)serial);
}

static void set_parts(struct arena *arena, const struct law_tables *tables,
                      const struct case_number *number, struct value *v)
{
    const struct court *court = court_by_code(tables, number->court);
    value_set_int(arena, v, "year", number->year);
    value_set_str(arena, v, "court", number->court);
    value_set(arena, v, "court_name", court == NULL ? NULL : value_str(arena, court->name));
    value_set_text(arena, v, "type", number->type->code);
    value_set_text(arena, v, "type_title", number->type->title);
    value_set_text(arena, v, "type_group", number->type->group);
    value_set_int(arena, v, "serial", number->serial);
    value_set(arena, v, "suffix", number->suffix.n == 0 ? NULL : value_str(arena, number->suffix));
}

struct value *case_number_value(struct arena *arena, const struct law_tables *tables, Date today,
                                Str text)
{
    struct case_number number;
    struct value *v = value_map(arena);
    struct value *warnings = value_list(arena);
    bool read = case_number_parse(arena, text, &number);
    (void)case_number_check(arena, tables, today, &number, warnings);
    value_set_bool(arena, v, "ok", number.ok);
    value_set_str(arena, v, "normal", number.normal);
    value_set_text(arena, v, "why", number.why);
    value_set_bool(arena, v, "old_style", number.old_style);
    if (read) {
        set_parts(arena, tables, &number, v);
    } else {
        static const char *const PARTS[] = {"year",       "court",      "court_name", "type",
                                            "type_title", "type_group", "serial",     "suffix"};
        for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
            value_set(arena, v, PARTS[i], NULL);
        }
    }
    value_set(arena, v, "warnings", warnings);
    return v;
}
