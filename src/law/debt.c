#include "law/debt.h"

#include "law/source.h"

static void add_sheet(struct bill *bill, const struct value *rows, const char *part)
{
    struct arena *arena = bill->cx->arena;
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        value_set_text(arena, row, "part", part);
        value_add(arena, bill->sheet, row);
    }
}

static enum status add_interest(struct bill *bill, const struct law_tables *tables,
                                const struct interest_answer *answer, const char *name,
                                const char *title)
{
    bill_working(bill, answer->working, tables);
    add_sheet(bill, answer->sheet, name);
    if (answer->uncertain) {
        bill_notice(bill, "所用的是最后一次公布的利率，之后可能已有调整，请核对。");
    }
    return bill_sum(bill, name, title, answer->interest);
}

/* Stretches of general interest between the payments, each on what was left. */
static int stretches(const struct debt_ask *ask, struct interest_ask *out)
{
    const struct interest_delay *delay = &ask->delay;
    struct interest_ask next = {.principal = delay->debt,
                                .ppm = ask->ppm,
                                .from = ask->from,
                                .to = delay->end,
                                .year_days = ask->year_days};
    int count = 0;
    for (int i = 0; i < delay->payment_count; i++) {
        if (delay->payments[i].date > next.from) {
            out[count] = next;
            out[count++].to = delay->payments[i].date;
            next.from = delay->payments[i].date;
        }
        next.principal -= delay->payments[i].amount;
    }
    out[count++] = next;
    return count;
}

static enum status add_general(struct bill *bill, const struct law_tables *tables,
                               const struct debt_ask *ask)
{
    struct cx *cx = bill->cx;
    struct interest_answer answer;
    size_t room = (size_t)ask->delay.payment_count + 1;
    struct interest_ask *asks = arena_array(cx->arena, struct interest_ask, room);
    if (ask->general == DEBT_NO_GENERAL) {
        working_add(&bill->working, "生效法律文书没有确定给付一般债务利息的，不予计算",
                    SOURCE(LAW_DELAY, "1"));
        return OK;
    }
    working_add(&bill->working,
                "一般债务利息按生效法律文书确定的方法计算；首日计入，清偿当日不计，"
                "不因中止、暂缓执行而停止",
                SOURCE(LAW_DELAY, "1"));
    enum interest_way way = ask->general == DEBT_LPR ? INTEREST_BY_LPR : INTEREST_BY_AGREEMENT;
    int count = stretches(ask, asks);
    TRY(interest_stretches(cx, tables, way, asks, count, DATE_NONE, DATE_NONE, &answer));
    return add_interest(bill, tables, &answer, "general", "一般债务利息");
}

enum status debt_compute(struct cx *cx, const struct law_tables *tables, const struct debt_ask *ask,
                         struct bill *out)
{
    struct interest_answer doubled;
    Money left = ask->delay.debt;
    TRY(interest_delayed(cx, tables, &ask->delay, &doubled)); /* checks the payments too */
    bill_begin(out, cx);
    for (int i = 0; i < ask->delay.payment_count; i++) {
        left -= ask->delay.payments[i].amount;
    }
    TRY(bill_part(out, "principal", "尚欠的金钱债务",
                  "生效法律文书确定的债务减去已经清偿的部分；先清偿债务本身，再清偿加倍部分利息",
                  SOURCE(LAW_DELAY, "4"), ratio_of(left)));
    TRY(add_general(out, tables, ask));
    TRY(add_interest(out, tables, &doubled, "doubled", "加倍部分债务利息"));
    working_amount(&out->working, "合计", "", out->total);
    working_tables(&out->working, tables);
    return OK;
}
