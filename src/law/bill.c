#include "law/bill.h"

void bill_begin(struct bill *bill, struct cx *cx)
{
    *bill = (struct bill){.cx = cx,
                          .parts = value_list(cx->arena),
                          .notices = value_list(cx->arena),
                          .sheet = value_list(cx->arena)};
    working_begin(&bill->working, cx->arena);
}

enum status bill_sum(struct bill *bill, const char *name, const char *title, Money amount)
{
    struct cx *cx = bill->cx;
    if (amount < 0 || amount > MONEY_MAX_FEN - bill->total) {
        return FAIL(cx, E_INPUT, "claim-amount", "%s: %lld fen", name, (long long)amount);
    }
    struct value *part = value_map(cx->arena);
    value_set_text(cx->arena, part, "name", name);
    value_set_text(cx->arena, part, "title", title);
    value_set_int(cx->arena, part, "amount", amount);
    value_add(cx->arena, bill->parts, part);
    bill->total += amount;
    return OK;
}

enum status bill_part(struct bill *bill, const char *name, const char *title, const char *rule,
                      const char *law, struct ratio amount)
{
    struct cx *cx = bill->cx;
    TRY(bill_check_ratio(cx, name, amount));
    struct value *line = working_amount(&bill->working, rule, law, ratio_round(amount));
    value_set_str(cx->arena, line, "text",
                  str_printf(cx->arena, "%s元", ratio_yuan(cx->arena, amount).p));
    return bill_sum(bill, name, title, ratio_round(amount));
}

void bill_notice(struct bill *bill, const char *text)
{
    value_add(bill->cx->arena, bill->notices, value_text(bill->cx->arena, text));
}

void bill_working(struct bill *bill, const struct value *lines, const struct law_tables *tables)
{
    for (uint32_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_item(lines, i);
        if (value_get_str(line, "law").n > 0 ||
            !str_same(value_get_str(line, "text"), tables->version)) {
            value_add(bill->cx->arena, bill->working.lines, line);
        }
    }
}

Money bill_amount(const struct bill *bill, const char *name)
{
    for (uint32_t i = 0; i < value_count(bill->parts); i++) {
        const struct value *part = value_item(bill->parts, i);
        if (str_is(value_get_str(part, "name"), name)) {
            return value_get_int(part, "amount");
        }
    }
    return -1;
}

struct value *bill_value(const struct bill *bill)
{
    struct arena *arena = bill->cx->arena;
    struct value *value = value_map(arena);
    value_set_int(arena, value, "total", bill->total);
    value_set(arena, value, "parts", bill->parts);
    value_set(arena, value, "notices", bill->notices);
    value_set(arena, value, "working", bill->working.lines);
    value_set(arena, value, "sheet", bill->sheet);
    return value;
}

enum status bill_check_amount(struct cx *cx, const char *what, Money amount)
{
    if (amount < 0 || amount > MONEY_MAX_FEN) {
        return FAIL(cx, E_INPUT, "claim-amount", "%s: %lld fen", what, (long long)amount);
    }
    return OK;
}

enum status bill_check_ratio(struct cx *cx, const char *what, struct ratio amount)
{
    return ratio_compare(amount, ratio_of(MONEY_MAX_FEN)) <= 0
               ? OK
               : FAIL(cx, E_INPUT, "claim-amount", "%s leaves the range of money", what);
}

enum status bill_check_dates(struct cx *cx, Date from, Date to)
{
    if (from < date_of(1950, 1, 1) || to > date_of(2200, 1, 1) || to < from) {
        return FAIL(cx, E_INPUT, "claim-dates", "%d to %d", (int)from, (int)to);
    }
    return OK;
}

int bill_months(Date first, Date last)
{
    struct day from = date_split(first);
    struct day to = date_split(last + 1);
    int months = (to.year - from.year) * 12 + to.month - from.month;
    while (months > 0 && date_add_months(first, months) > last + 1) {
        months -= 1;
    }
    return months < 0 ? 0 : months;
}
