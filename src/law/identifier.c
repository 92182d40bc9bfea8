#include "law/identifier.h"

#include <string.h>

#include "law/check_digit.h"

/* --- spelling --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Half-width for U+FF01 to U+FF5E, blanks left out, dashes in one form, upper case if asked. */
static Str normalised(struct arena *arena, Str text, bool upper)
{
    struct buf buf;
    buf_init(&buf, arena, text.n + 1);
    size_t at = 0;
    uint32_t c = 0;
    while (utf8_next(text, &at, &c)) {
        char bytes[4];
        if (c >= 0xFF01 && c <= 0xFF5E) {
            c -= 0xFF01 - 0x21;
        } else if (c == 0x2010 || c == 0x2013 || c == 0x2014 || c == 0x2212) {
            c = '-';
        }
        if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x3000 || c == 0xA0) {
            continue;
        }
        if (upper && c >= 'a' && c <= 'z') {
            c -= 'a' - 'A';
        }
        buf_add(&buf, bytes, utf8_put(c, bytes));
    }
    return buf_done(&buf);
}

/* Whether s is spelled by a pattern: 9 a digit, A a letter, * either, anything else itself. */
static bool spelled(Str s, const char *pattern)
{
    if (s.n != strlen(pattern)) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        bool fits = pattern[i] == '9'   ? is_digit(s.p[i])
                    : pattern[i] == 'A' ? is_letter(s.p[i])
                    : pattern[i] == '*' ? is_digit(s.p[i]) || is_letter(s.p[i])
                                        : s.p[i] == pattern[i];
        if (!fits) {
            return false;
        }
    }
    return true;
}

static bool all_digits(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i])) {
            return false;
        }
    }
    return s.n > 0;
}

static int number_at(Str s, size_t from, size_t count)
{
    int number = 0;
    for (size_t i = from; i < from + count; i++) {
        number = number * 10 + (s.p[i] - '0');
    }
    return number;
}

/* The first bytes of s, only to be read by length. */
static Str head(Str s, size_t n)
{
    return (Str){s.p, n};
}

/* One number being read. Each reader answers what is wrong, or NULL. */
struct reading {
    struct arena *arena;
    Date today;
    struct identifier *out;
};

static void warn(struct reading *r, const char *text)
{
    value_add_text(r->arena, r->out->warnings, text);
}

/* --- people --- */

static bool known_province(Str normal)
{
    static const char CODES[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
                                "50 51 52 53 54 61 62 63 64 65 71 81 82 83 ";
    char code[4] = {normal.p[0], normal.p[1], ' ', '\0'};
    return strstr(CODES, code) != NULL;
}

static const char *take_birth(struct reading *r)
{
    Str s = r->out->normal;
    Date born = date_of(number_at(s, 6, 4), number_at(s, 10, 2), number_at(s, 12, 2));
    if (born == DATE_NONE) {
        return "出生日期不存在，请核对第7至14位";
    }
    if (r->today != DATE_NONE && born > r->today) {
        return "出生日期晚于今天，请核对第7至14位";
    }
    r->out->born = born;
    r->out->sex = (s.p[16] - '0') % 2 == 1 ? SEX_MALE : SEX_FEMALE;
    if (date_split(born).year < 1900) {
        warn(r, "出生日期早于1900年，请核对");
    }
    return NULL;
}

/* 15 digits, to 2013: the century is left out and there is no check digit. */
static void widen_old_number(struct reading *r)
{
    Str s = r->out->normal;
    Str wide = str_printf(r->arena, "%.6s19%.9s", s.p, s.p + 6);
    r->out->normal = str_printf(r->arena, "%s%c", wide.p, check_digit_resident(wide));
    warn(r, "这是15位旧号码，已换算为18位，请核对");
}

static const char *read_resident(struct reading *r)
{
    if (spelled(r->out->normal, "999999999999999")) {
        widen_old_number(r);
    }
    Str s = r->out->normal;
    if (s.n != 18) {
        return "居民身份证号码应为18位";
    }
    if (!all_digits(head(s, 17)) || (!is_digit(s.p[17]) && s.p[17] != 'X')) {
        return "居民身份证号码前17位是数字，最后一位是数字或者X";
    }
    if (!known_province(s)) {
        return "前两位不是省级行政区代码，请核对";
    }
    if (check_digit_resident(head(s, 17)) != s.p[17]) {
        return "校验位不符，请逐位核对";
    }
    r->out->region = str_slice(r->arena, s, 0, 2);
    return take_birth(r);
}

static const char *read_foreign_resident(struct reading *r)
{
    Str s = r->out->normal;
    if (spelled(s, "AAA999999999999")) {
        warn(r, "这是旧版15位号码，请核对是否已换发新证");
        return NULL;
    }
    if (s.n != 18 || s.p[0] != '9' || !all_digits(head(s, 17))) {
        return "外国人永久居留身份证号码应为18位，以9开头";
    }
    if (check_digit_resident(head(s, 17)) != s.p[17]) {
        return "校验位不符，请逐位核对";
    }
    return take_birth(r);
}

static const char *read_lawyer(struct reading *r)
{
    static const char *const CATEGORIES[10] = {
        "",         "专职律师", "兼职律师",     "香港居民律师", "澳门居民律师", "台湾居民律师",
        "公职律师", "公司律师", "法律援助律师", "军队律师"};
    Str s = r->out->normal;
    if (spelled(s, "999999999999")) {
        warn(r, "这是12位旧证号，请在全国律师执业诚信信息公示平台核对");
        return NULL;
    }
    if (!spelled(s, "19999999999999999")) {
        return "律师执业证号应为17位数字，以1开头";
    }
    int year = number_at(s, 5, 4);
    if (year < 1970 || year > 2099 || (r->today != DATE_NONE && year > date_split(r->today).year)) {
        return "第6至9位应为首次执业的年份";
    }
    if (s.p[9] == '0') {
        return "第10位的执业类别不存在";
    }
    if (s.p[10] > '1') {
        return "第11位应为0或者1";
    }
    r->out->year = year;
    r->out->type = CATEGORIES[s.p[9] - '0'];
    r->out->sex = s.p[10] == '0' ? SEX_MALE : SEX_FEMALE;
    return NULL;
}

static const char *read_passport(struct reading *r)
{
    Str s = r->out->normal;
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        digit = digit || is_digit(s.p[i]);
        if (!is_digit(s.p[i]) && !is_letter(s.p[i])) {
            return "护照号码只含字母和数字";
        }
    }
    return s.n >= 5 && s.n <= 20 && digit ? NULL : "护照号码应为5至20位字母和数字";
}

static const char *read_hk_macao(struct reading *r)
{
    Str s = r->out->normal;
    bool fits = s.n > 0 && (s.p[0] == 'H' || s.p[0] == 'M') &&
                (spelled(s, "A99999999") || spelled(s, "A9999999999"));
    return fits ? NULL : "号码应为H或者M加8位或者10位数字";
}

static const char *read_taiwan(struct reading *r)
{
    return spelled(r->out->normal, "99999999") ? NULL : "号码应为8位数字";
}

static const char *read_officer(struct reading *r)
{
    size_t count = utf8_count(r->out->normal);
    return count >= 4 && count <= 30 ? NULL : "证件号码应为4至30个字";
}

/* --- organisations and money --- */

static const char *read_uscc(struct reading *r)
{
    Str s = r->out->normal;
    if (spelled(s, "999999999999999")) {
        return "这是15位旧注册号，请填写18位统一社会信用代码";
    }
    if (s.n != 18) {
        return "统一社会信用代码应为18位";
    }
    char want = check_digit_uscc(head(s, 17));
    if (want == '\0') {
        return "统一社会信用代码只含数字和大写字母，不含I、O、S、V、Z";
    }
    if (want != s.p[17]) {
        return "校验位不符，请逐位核对";
    }
    if (check_digit_organisation((Str){s.p + 8, 8}) != s.p[16]) {
        warn(r, "第9至17位的主体标识码校验位不符，请核对");
    }
    return NULL;
}

static const char *read_card(struct reading *r)
{
    Str s = r->out->normal;
    if (!all_digits(s) || s.n < 11 || s.n > 19) {
        return "银行卡号应为16至19位数字";
    }
    if (check_digit_luhn(head(s, s.n - 1)) != s.p[s.n - 1]) {
        return "校验位不符，请逐位核对";
    }
    if (s.n < 16) {
        warn(r, "国内银行卡号一般为16至19位，请核对");
    }
    return NULL;
}

static const char *read_account(struct reading *r)
{
    Str s = r->out->normal;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i]) && s.p[i] != '-') {
            return "银行账号只含数字";
        }
    }
    if (s.n < 6 || s.n > 32) {
        return "银行账号应为6至32位";
    }
    if (s.n >= 16 && s.n <= 19 && check_digit_luhn(head(s, s.n - 1)) != s.p[s.n - 1]) {
        warn(r, "如果是银行卡号，校验位不符，请核对");
    }
    return NULL;
}

/* --- contact --- */

static const char *read_mobile(struct reading *r)
{
    Str *s = &r->out->normal;
    size_t prefix = str_starts(*s, "+86") ? 3 : str_starts(*s, "0086") ? 4 : 0;
    if (prefix == 0 && s->n == 13 && str_starts(*s, "86")) {
        prefix = 2;
    }
    *s = str_slice(r->arena, *s, prefix, s->n);
    if (str_has(*s, "-")) { /* 138-0013-8000 */
        struct buf buf;
        buf_init(&buf, r->arena, s->n + 1);
        for (size_t i = 0; i < s->n; i++) {
            if (s->p[i] != '-') {
                buf_char(&buf, s->p[i]);
            }
        }
        *s = buf_done(&buf);
    }
    if (!spelled(*s, "19999999999") || s->p[1] < '3') {
        return "手机号码应为11位数字，以13至19开头";
    }
    r->out->type = "mobile";
    return NULL;
}

/* 0AA or 0AAA, 7 or 8 digits, an extension of up to 6. */
static bool is_landline(Str s)
{
    for (size_t area = 3; area <= 4; area++) {
        for (size_t dash = 0; dash <= 1; dash++) {
            for (size_t local = 7; local <= 8; local++) {
                size_t end = area + dash + local;
                if (s.n < end || s.p[0] != '0' || !all_digits(head(s, area)) ||
                    (dash == 1 && s.p[area] != '-') ||
                    !all_digits((Str){s.p + area + dash, local})) {
                    continue;
                }
                if (s.n == end || (s.n >= end + 2 && s.n <= end + 7 && s.p[end] == '-' &&
                                   all_digits((Str){s.p + end + 1, s.n - end - 1}))) {
                    return true;
                }
            }
        }
    }
    return false;
}

static const char *read_phone(struct reading *r)
{
    Str s = r->out->normal;
    if (is_landline(s)) {
        r->out->type = "landline";
        return NULL;
    }
    if (str_is(s, "12368") || spelled(s, "4009999999") || spelled(s, "8009999999")) {
        r->out->type = "service";
        return NULL;
    }
    if (read_mobile(r) == NULL) {
        return NULL;
    }
    r->out->normal = s;
    return "请填写11位手机号码，或者带区号的固定电话，如010-65550000";
}

static const char *read_email(struct reading *r)
{
    Str s = r->out->normal;
    size_t at = s.n;
    size_t dot = 0;
    if (!text_is_name(s)) {
        return "电子邮箱中有不能使用的字符";
    }
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= ' ' || c >= 127 || (c == '@' && at < s.n) || strchr("<>()[],;:\\\"", c) != NULL) {
            return "电子邮箱中有不能使用的字符";
        }
        at = c == '@' ? i : at;
        dot = c == '.' ? i : dot;
    }
    if (s.n > 254) {
        return "电子邮箱过长";
    }
    bool fits = at > 0 && at < s.n && dot > at + 1 && dot + 1 < s.n && s.p[at + 1] != '.' &&
                !str_has(s, "..");
    return fits ? NULL : "电子邮箱的格式如 name@example.com";
}

static const char *read_postcode(struct reading *r)
{
    return spelled(r->out->normal, "999999") ? NULL : "邮政编码应为6位数字";
}

/* --- vehicles --- */

static const char *read_vin(struct reading *r)
{
    Str s = r->out->normal;
    char want = check_digit_vin(s);
    if (want == '\0') {
        return "车辆识别代号应为17位数字和大写字母，不含I、O、Q";
    }
    if (want != s.p[8]) {
        warn(r, "第9位校验位不符（部分进口车辆不适用），请核对");
    }
    return NULL;
}

/* One character of a plate's number: no I, no O. */
static bool plate_run(Str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i]) && (!is_letter(s.p[i]) || s.p[i] == 'I' || s.p[i] == 'O')) {
            return false;
        }
    }
    return true;
}

static const char *read_plate(struct reading *r)
{
    static const char PROVINCES[] =
        "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    static const char ENDS[] = "学警港澳挂";
    static const char WRONG[] = "车牌号码的格式如京A12345或者京AD12345";
    Str s = r->out->normal;
    size_t province = 0;
    while (s.n >= 8 && province + 3 < sizeof PROVINCES &&
           memcmp(s.p, PROVINCES + province, 3) != 0) {
        province += 3;
    }
    if (s.n < 8 || province + 3 >= sizeof PROVINCES || !is_letter(s.p[3]) ||
        !plate_run((Str){s.p + 3, 1})) {
        return WRONG;
    }
    Str rest = {s.p + 4, s.n - 4};
    bool energy = rest.n == 6 && plate_run(rest) &&
                  (((rest.p[0] == 'D' || rest.p[0] == 'F') && all_digits((Str){rest.p + 2, 4})) ||
                   ((rest.p[5] == 'D' || rest.p[5] == 'F') && all_digits(head(rest, 5))));
    bool special = false;
    for (size_t i = 0; rest.n == 7 && i + 3 < sizeof ENDS; i += 3) {
        special = special || memcmp(rest.p + 4, ENDS + i, 3) == 0;
    }
    bool fits = (rest.n == 5 && plate_run(rest)) || energy || (special && plate_run(head(rest, 4)));
    return fits ? NULL : WRONG;
}

/* --- all kinds --- */

static const struct {
    const char *name;
    const char *title;
    const char *(*read)(struct reading *r);
    int shown_head, shown_tail; /* characters a mask leaves; -1 tail: public, nothing is masked */
} KINDS[] = {
    [IDENTIFIER_RESIDENT_ID] = {"resident-id", "居民身份证", read_resident, 6, 4},
    [IDENTIFIER_USCC] = {"uscc", "统一社会信用代码", read_uscc, 0, -1},
    [IDENTIFIER_BANK_CARD] = {"bank-card", "银行卡号", read_card, 0, 4},
    [IDENTIFIER_BANK_ACCOUNT] = {"bank-account", "银行账号", read_account, 0, 4},
    [IDENTIFIER_PHONE] = {"phone", "电话", read_phone, 3, 4},
    [IDENTIFIER_MOBILE] = {"mobile", "手机号码", read_mobile, 3, 4},
    [IDENTIFIER_EMAIL] = {"email", "电子邮箱", read_email, 1, 0},
    [IDENTIFIER_LAWYER] = {"lawyer", "律师执业证", read_lawyer, 0, -1},
    [IDENTIFIER_PASSPORT] = {"passport", "护照", read_passport, 1, 2},
    [IDENTIFIER_HK_MACAO_PERMIT] = {"hk-macao-permit", "港澳居民来往内地通行证", read_hk_macao, 1,
                                    2},
    [IDENTIFIER_TAIWAN_PERMIT] = {"taiwan-permit", "台湾居民来往大陆通行证", read_taiwan, 1, 2},
    [IDENTIFIER_FOREIGN_RESIDENT] = {"foreign-resident", "外国人永久居留身份证",
                                     read_foreign_resident, 3, 4},
    [IDENTIFIER_OFFICER] = {"officer", "军官证", read_officer, 1, 2},
    [IDENTIFIER_POSTCODE] = {"postcode", "邮政编码", read_postcode, 0, -1},
    [IDENTIFIER_VIN] = {"vin", "车辆识别代号", read_vin, 3, 4},
    [IDENTIFIER_PLATE] = {"plate", "车牌号码", read_plate, 2, 2},
};

enum { KIND_COUNT = sizeof KINDS / sizeof KINDS[0] };

bool identifier_kind_parse(Str text, enum identifier_kind *out)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (str_is(text, KINDS[i].name)) {
            *out = (enum identifier_kind)i;
            return true;
        }
    }
    return false;
}

const char *identifier_kind_name(enum identifier_kind kind)
{
    return KINDS[kind].name;
}

const char *identifier_kind_title(enum identifier_kind kind)
{
    return KINDS[kind].title;
}

bool identifier_read(struct arena *arena, enum identifier_kind kind, Str text, Date today,
                     struct identifier *out)
{
    *out = (struct identifier){.kind = kind,
                               .normal = normalised(arena, text, kind != IDENTIFIER_EMAIL),
                               .why = "",
                               .warnings = value_list(arena),
                               .born = DATE_NONE,
                               .region = STR(""),
                               .type = ""};
    struct reading r = {arena, today, out};
    const char *why = out->normal.n == 0 ? "请填写号码" : KINDS[kind].read(&r);
    out->why = why == NULL ? "" : why;
    out->ok = why == NULL;
    return out->ok;
}

Str identifier_mask(struct arena *arena, enum identifier_kind kind, Str normal)
{
    int tail = KINDS[kind].shown_tail;
    if (tail < 0) {
        return normal;
    }
    size_t count = utf8_count(normal);
    size_t domain = count; /* of an e-mail: shown from the @ on */
    for (size_t i = 0; kind == IDENTIFIER_EMAIL && i < normal.n && domain == count; i++) {
        domain = normal.p[i] == '@' ? i : domain;
    }
    size_t shown = (size_t)KINDS[kind].shown_head + (size_t)tail;
    size_t from = shown < domain ? (size_t)KINDS[kind].shown_head : 0;
    size_t to = shown < domain ? domain - (size_t)tail : domain;
    struct buf buf;
    buf_init(&buf, arena, normal.n + count + 1);
    size_t at = 0;
    size_t start = 0;
    uint32_t c = 0;
    for (size_t i = 0; utf8_next(normal, &at, &c); i++) {
        if (i >= from && i < to && c != '-') {
            buf_char(&buf, '*');
        } else {
            buf_add(&buf, normal.p + start, at - start);
        }
        start = at;
    }
    return buf_done(&buf);
}

int age_on(Date born, Date day)
{
    struct day b = date_split(born);
    struct day d = date_split(day);
    return d.year - b.year - (d.month < b.month || (d.month == b.month && d.day < b.day));
}

struct value *identifier_value(struct arena *arena, const struct identifier *identifier, Date today)
{
    static const char *const SEXES[] = {NULL, "男", "女"};
    struct value *v = value_map(arena);
    bool born = identifier->ok && identifier->born != DATE_NONE;
    value_set_bool(arena, v, "ok", identifier->ok);
    value_set_str(arena, v, "normal", identifier->normal);
    value_set_text(arena, v, "why", identifier->why);
    value_set_str(arena, v, "mask", identifier_mask(arena, identifier->kind, identifier->normal));
    value_set(arena, v, "warnings", identifier->warnings);
    value_set(arena, v, "born",
              born ? value_str(arena, date_format(arena, identifier->born)) : NULL);
    value_set_text(arena, v, "sex", identifier->ok ? SEXES[identifier->sex] : NULL);
    value_set(arena, v, "age",
              born && today != DATE_NONE ? value_int(arena, age_on(identifier->born, today))
                                         : NULL);
    value_set_str(arena, v, "region", identifier->region);
    value_set_text(arena, v, "type", identifier->type);
    value_set(arena, v, "year", identifier->year > 0 ? value_int(arena, identifier->year) : NULL);
    return v;
}
