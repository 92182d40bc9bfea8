/* Capitals are written from, and checked against, one template in which '?' marks a place where the
 * rule lets a 零 stand or not: the writer drops the marks, the reader accepts both. */
#include "base/money.h"

#include <string.h>

#include "base/check.h"

static const char *const DIGITS[10] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

/* --- digits --- */

Str money_format(struct arena *arena, Money amount)
{
    uint64_t fen = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    Str yuan = str_printf(arena, "%llu", (unsigned long long)(fen / 100));
    struct buf buf;
    buf_init(&buf, arena, 64);
    if (amount < 0) {
        buf_char(&buf, '-');
    }
    for (size_t i = 0; i < yuan.n; i++) {
        if (i > 0 && (yuan.n - i) % 3 == 0) {
            buf_char(&buf, ',');
        }
        buf_char(&buf, yuan.p[i]);
    }
    buf_printf(&buf, ".%02u", (unsigned)(fen % 100));
    return buf_done(&buf);
}

struct spelling {
    const char *written;
    const char *plain;
};

/* Copies text, each spelling replaced by the plain one, blanks left out. */
static Str plain_text(struct arena *arena, Str text, const struct spelling *spellings, size_t count)
{
    struct buf buf;
    buf_init(&buf, arena, 2 * text.n + 1); /* 廿 grows to 贰拾 */
    for (size_t at = 0; at < text.n;) {
        size_t step = 0;
        for (size_t i = 0; i < count && step == 0; i++) {
            size_t n = strlen(spellings[i].written);
            if (n <= text.n - at && memcmp(text.p + at, spellings[i].written, n) == 0) {
                buf_text(&buf, spellings[i].plain);
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

static Str number_text(struct arena *arena, Str text)
{
    static const struct spelling SPELLINGS[] = {
        {" ", ""},   {"\t", ""},  {"\r", ""},   {"\n", ""},     {"　", ""},  {"\xC2\xA0", ""},
        {"０", "0"}, {"１", "1"}, {"２", "2"},  {"３", "3"},    {"４", "4"}, {"５", "5"},
        {"６", "6"}, {"７", "7"}, {"８", "8"},  {"９", "9"},    {"，", ","}, {"．", "."},
        {"－", "-"}, {"￥", "¥"}, {"圆", "元"}, {"人民币", ""}, {"RMB", ""},
    };
    return plain_text(arena, text, SPELLINGS, sizeof SPELLINGS / sizeof SPELLINGS[0]);
}

/* Takes a suffix off *s, if it is there. */
static bool drop_end(Str *s, const char *suffix)
{
    if (!str_ends(*s, suffix)) {
        return false;
    }
    s->n -= strlen(suffix);
    return true;
}

/* Digits with commas every three or none at all; moves *at behind them. */
static bool whole_part(Str s, size_t *at, int64_t *out)
{
    size_t run = 0;
    size_t commas = 0;
    int64_t number = 0;
    for (; *at < s.n && s.p[*at] != '.'; ++*at) {
        char c = s.p[*at];
        if (c == ',') {
            if (run == 0 || (commas == 0 ? run > 3 : run != 3)) {
                return false;
            }
            commas++;
            run = 0;
        } else if (c >= '0' && c <= '9' && number <= MONEY_MAX_FEN) {
            number = number * 10 + (c - '0');
            run++;
        } else {
            return false;
        }
    }
    *out = number;
    return run > 0 && (commas == 0 || run == 3);
}

/* The decimals behind the point, in units of fen; false when they are no whole number of fen. */
static bool fraction_part(Str s, size_t at, int64_t unit_fen, int64_t *out)
{
    int64_t fen = 0;
    if (at == s.n) {
        return false;
    }
    for (; at < s.n; at++) {
        if (s.p[at] < '0' || s.p[at] > '9') {
            return false;
        }
        int64_t digit = s.p[at] - '0';
        if (digit != 0 && unit_fen % 10 != 0) {
            return false;
        }
        unit_fen /= 10;
        fen += digit * unit_fen;
    }
    *out = fen;
    return true;
}

bool money_parse(struct arena *arena, Str text, Money *out)
{
    Str s = number_text(arena, text);
    bool minus = str_starts(s, "-");
    size_t at = minus ? 1 : 0;
    int64_t unit_fen = 100;
    int64_t whole = 0;
    int64_t fen = 0;
    (void)drop_end(&s, "元");
    if (drop_end(&s, "万")) {
        unit_fen = 1000000;
    } else if (drop_end(&s, "亿")) {
        unit_fen = INT64_C(10000000000);
    }
    if (s.n - at >= 2 && memcmp(s.p + at, "¥", 2) == 0) {
        at += 2;
    }
    if (!whole_part(s, &at, &whole) || whole > MONEY_MAX_FEN / unit_fen ||
        (at < s.n && !fraction_part(s, at + 1, unit_fen, &fen)) ||
        whole * unit_fen + fen > MONEY_MAX_FEN) {
        return false;
    }
    *out = minus ? -(whole * unit_fen + fen) : whole * unit_fen + fen;
    return true;
}

/* --- capitals --- */

/* What the digits written so far leave behind for the next one. */
struct writer {
    struct buf buf;
    bool begun; /* a digit other than zero was written */
    bool zero;  /* zeros were passed over since */
};

/* One digit with its unit. open: a zero right before the section's thousands or before 角, where
 * the rule leaves 零 open. */
static void put_digit(struct writer *w, unsigned digit, const char *unit, bool open)
{
    if (digit == 0) {
        w->zero = true;
        return;
    }
    if (w->begun && w->zero) {
        buf_text(&w->buf, open ? "?" : "零");
    }
    buf_text(&w->buf, DIGITS[digit]);
    buf_text(&w->buf, unit);
    w->begun = true;
    w->zero = false;
}

/* Four digits, without the unit of the section. */
static void put_section(struct writer *w, unsigned section)
{
    static const char *const UNITS[4] = {"仟", "佰", "拾", ""};
    unsigned divisor = 1000;
    for (int i = 0; i < 4; i++) {
        put_digit(w, section / divisor % 10, UNITS[i], i == 0);
        divisor /= 10;
    }
}

static Str capitals_template(struct arena *arena, uint64_t fen)
{
    uint64_t yuan = fen / 100;
    unsigned jiao = (unsigned)(fen / 10 % 10);
    unsigned cent = (unsigned)(fen % 10);
    struct writer w = {0};
    buf_init(&w.buf, arena, 512);
    check(yuan < UINT64_C(10000000000000000));
    uint64_t high = yuan / 100000000;
    put_section(&w, (unsigned)(high / 10000));
    if (high / 10000 > 0) {
        buf_text(&w.buf, "万");
    }
    put_section(&w, (unsigned)(high % 10000));
    if (high > 0) {
        buf_text(&w.buf, "亿");
    }
    unsigned middle = (unsigned)(yuan / 10000 % 10000);
    put_section(&w, middle);
    if (middle > 0) {
        buf_text(&w.buf, "万");
    }
    put_section(&w, (unsigned)(yuan % 10000));
    if (yuan > 0) {
        buf_text(&w.buf, "元");
    }
    put_digit(&w, jiao, "角", true);
    put_digit(&w, cent, "分", false);
    if (fen == 0) {
        buf_text(&w.buf, "零元");
    }
    if (cent == 0) {
        buf_text(&w.buf, "整");
    }
    return buf_done(&w.buf);
}

Str money_capitals(struct arena *arena, Money amount)
{
    static const struct spelling MARK[] = {{"?", ""}};
    uint64_t fen = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    Str text = plain_text(arena, capitals_template(arena, fen), MARK, 1);
    return amount < 0 ? str_printf(arena, "负%s", text.p) : text;
}

/* --- reading capitals --- */

static Str capitals_text(struct arena *arena, Str text)
{
    static const struct spelling SPELLINGS[] = {
        {" ", ""},    {"\t", ""},   {"\r", ""},   {"\n", ""},     {"　", ""},   {"圆", "元"},
        {"圓", "元"}, {"正", "整"}, {"貳", "贰"}, {"弍", "贰"},   {"參", "叁"}, {"叄", "叁"},
        {"陸", "陆"}, {"億", "亿"}, {"萬", "万"}, {"角整", "角"},
    };
    Str plain = plain_text(arena, text, SPELLINGS, sizeof SPELLINGS / sizeof SPELLINGS[0]);
    if (str_starts(plain, "人民币")) {
        plain = str_slice(arena, plain, strlen("人民币"), plain.n);
    }
    return plain;
}

static Str ordinary_text(struct arena *arena, Str text)
{
    static const struct spelling SPELLINGS[] = {
        {"〇", "零"},   {"一", "壹"}, {"二", "贰"}, {"两", "贰"}, {"三", "叁"}, {"四", "肆"},
        {"五", "伍"},   {"六", "陆"}, {"七", "柒"}, {"八", "捌"}, {"九", "玖"}, {"廿", "贰拾"},
        {"卅", "叁拾"}, {"十", "拾"}, {"百", "佰"}, {"千", "仟"}, {"毛", "角"}, {"块", "元"},
    };
    return plain_text(arena, text, SPELLINGS, sizeof SPELLINGS / sizeof SPELLINGS[0]);
}

/* The value of one character: a digit 0 to 9, or -1. */
static int capital_digit(Str s, size_t at)
{
    for (int i = 0; i < 10; i++) {
        if (s.n - at >= 3 && memcmp(s.p + at, DIGITS[i], 3) == 0) {
            return i;
        }
    }
    return -1;
}

/* Units of a character: of 拾 佰 仟 within a section, 万 亿 closing one, 元 角 分 closing money. */
static int64_t capital_unit(Str s, size_t at)
{
    static const struct {
        const char *unit;
        int64_t value;
    } UNITS[] = {{"拾", 10},        {"佰", 100},  {"仟", 1000}, {"万", 10000},
                 {"亿", 100000000}, {"元", -100}, {"角", -10},  {"分", -1}};

    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        if (s.n - at >= 3 && memcmp(s.p + at, UNITS[i].unit, 3) == 0) {
            return UNITS[i].value;
        }
    }
    return 0;
}

struct reader {
    int64_t total;   /* of the sections closed by 亿 */
    int64_t wan;     /* of the section closed by 万, since */
    int64_t section; /* 0 to 9999 */
    int64_t digit;   /* waiting for its unit; -1 for none */
    bool any;        /* something stands before the money unit */
    int64_t fen;
    int64_t last_money; /* 100 元, 10 角, 1 分; falling */
};

static int64_t pending(const struct reader *r)
{
    return r->section + (r->digit > 0 ? r->digit : 0);
}

static bool read_section_unit(struct reader *r, int64_t unit)
{
    r->any = true;
    if (unit <= 1000) {
        if (r->digit < 0 && unit != 10) {
            return false;
        }
        r->section += (r->digit < 0 ? 1 : r->digit) * unit;
    } else if (unit == 10000) {
        r->wan = pending(r) * 10000;
        r->section = 0;
    } else {
        r->total = (r->wan + pending(r)) * unit;
        r->wan = 0;
        r->section = 0;
    }
    r->digit = -1;
    return r->section < 20000 && r->wan < 200000000;
}

static bool read_money_unit(struct reader *r, int64_t unit)
{
    if (unit >= r->last_money || !r->any) {
        return false;
    }
    int64_t amount = unit == 100 ? r->total + r->wan + pending(r) : r->digit;
    if (amount < 0 || amount > INT64_C(10000000000000000)) {
        return false;
    }
    r->fen += amount * unit;
    *r = (struct reader){.digit = -1, .fen = r->fen, .last_money = unit};
    return true;
}

/* Loosely: every spelling that has one meaning. The template decides afterwards how good it is. */
static bool read_amount(Str s, int64_t *out)
{
    struct reader r = {.digit = -1, .last_money = 1000};
    size_t at = 0;
    while (at < s.n && !(s.n - at == 3 && str_ends(s, "整"))) {
        int digit = capital_digit(s, at);
        int64_t unit = capital_unit(s, at);
        if (digit >= 0) {
            if (digit > 0 && r.digit > 0) {
                return false;
            }
            r.digit = digit;
            r.any = true;
        } else if (unit == 0 ||
                   (unit > 0 ? !read_section_unit(&r, unit) : !read_money_unit(&r, -unit))) {
            return false;
        }
        at += 3;
    }
    *out = r.fen;
    return r.last_money < 1000 && pending(&r) == 0 && r.wan == 0 && r.total == 0;
}

/* Whether text is the template, with or without the 零 that '?' stands for. */
static bool matches(Str form, Str text)
{
    size_t at = 0;
    for (size_t i = 0; i < form.n; i++) {
        if (form.p[i] == '?') {
            if (text.n - at >= 3 && memcmp(text.p + at, "零", 3) == 0) {
                at += 3;
            }
        } else if (at < text.n && text.p[at] == form.p[i]) {
            at++;
        } else {
            return false;
        }
    }
    return at == text.n;
}

enum capitals money_read_capitals(struct arena *arena, Str text, Money *out)
{
    Str plain = capitals_text(arena, text);
    bool ordinary = false;
    int64_t fen = 0;
    if (!read_amount(plain, &fen)) {
        plain = ordinary_text(arena, plain);
        ordinary = true;
        if (!read_amount(plain, &fen)) {
            return CAPITALS_UNREADABLE;
        }
    }
    if (fen > MONEY_MAX_FEN) {
        return CAPITALS_UNREADABLE;
    }
    *out = fen;
    if (ordinary) {
        return CAPITALS_ORDINARY;
    }
    Str form = capitals_text(arena, capitals_template(arena, (uint64_t)fen));
    return matches(form, plain) ? CAPITALS_GOOD : CAPITALS_LOOSE;
}
