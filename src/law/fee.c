#include "law/fee.h"

#include "base/check.h"
#include "law/source.h"
#include "law/working.h"

#define YUAN INT64_C(100)
#define WAN  (10000 * YUAN)

/* --- what each kind costs --- */

struct bracket {
    Money above;
    Money upto;   /* 0: without end */
    Money flat;   /* for the bracket as a whole; 0 with a rate */
    int permille; /* of the part within the bracket */
};

static const struct bracket PROPERTY[] = {
    {0, 1 * WAN, 50 * YUAN, 0},   {1 * WAN, 10 * WAN, 0, 25},    {10 * WAN, 20 * WAN, 0, 20},
    {20 * WAN, 50 * WAN, 0, 15},  {50 * WAN, 100 * WAN, 0, 10},  {100 * WAN, 200 * WAN, 0, 9},
    {200 * WAN, 500 * WAN, 0, 8}, {500 * WAN, 1000 * WAN, 0, 7}, {1000 * WAN, 2000 * WAN, 0, 6},
    {2000 * WAN, 0, 0, 5},
};
static const struct bracket DIVORCE[] = {{0, 20 * WAN, 0, 0}, {20 * WAN, 0, 0, 5}};
static const struct bracket PERSONALITY[] = {
    {0, 5 * WAN, 0, 0}, {5 * WAN, 10 * WAN, 0, 10}, {10 * WAN, 0, 0, 5}};
static const struct bracket ENFORCEMENT[] = {{0, 1 * WAN, 50 * YUAN, 0},
                                             {1 * WAN, 50 * WAN, 0, 15},
                                             {50 * WAN, 500 * WAN, 0, 10},
                                             {500 * WAN, 1000 * WAN, 0, 5},
                                             {1000 * WAN, 0, 0, 1}};
static const struct bracket PRESERVATION[] = {
    {0, 1000 * YUAN, 30 * YUAN, 0}, {1000 * YUAN, 10 * WAN, 0, 10}, {10 * WAN, 0, 0, 5}};

enum base_use {
    BASE_NEVER,
    BASE_ALWAYS,        /* on top of the scale */
    BASE_WITHOUT_AMOUNT /* instead of the scale */
};

struct scale {
    const char *name;
    const char *title;
    const char *law;
    const struct bracket *brackets;
    int bracket_count;
    enum base_use base;
    Money base_min, base_max; /* equal: fixed by the Measures themselves */
    Money cap;                /* 0: none */
    int divisor;              /* of the scale: 3 for payment orders, 2 in bankruptcy */
    bool halved;              /* an acceptance fee: the grounds of halving apply */
};

#define ROWS(table) (table), (int)(sizeof(table) / sizeof((table)[0]))
#define FLAT(yuan)  NULL, 0, BASE_ALWAYS, (yuan)*YUAN, (yuan)*YUAN, 0, 1

static const struct scale SCALES[] = {
    [FEE_PROPERTY] = {"property", "财产案件受理费", SOURCE(LAW_FEES, "13(1)"), ROWS(PROPERTY),
                      BASE_NEVER, 0, 0, 0, 1, true},
    [FEE_DIVORCE] = {"divorce", "离婚案件受理费", SOURCE(LAW_FEES, "13(2)"), ROWS(DIVORCE),
                     BASE_ALWAYS, 50 * YUAN, 300 * YUAN, 0, 1, true},
    [FEE_PERSONALITY] = {"personality", "人格权案件受理费", SOURCE(LAW_FEES, "13(2)"),
                         ROWS(PERSONALITY), BASE_ALWAYS, 100 * YUAN, 500 * YUAN, 0, 1, true},
    [FEE_OTHER] = {"other", "其他非财产案件受理费", SOURCE(LAW_FEES, "13(2)"), NULL, 0, BASE_ALWAYS,
                   50 * YUAN, 100 * YUAN, 0, 1, true},
    [FEE_IP] = {"ip", "知识产权案件受理费", SOURCE(LAW_FEES, "13(3)"), ROWS(PROPERTY),
                BASE_WITHOUT_AMOUNT, 500 * YUAN, 1000 * YUAN, 0, 1, true},
    [FEE_LABOUR] = {"labour", "劳动争议案件受理费", SOURCE(LAW_FEES, "13(4)"), FLAT(10), true},
    [FEE_ADMINISTRATIVE] = {"administrative", "行政案件受理费", SOURCE(LAW_FEES, "13(5)"), FLAT(50),
                            true},
    [FEE_ADMINISTRATIVE_IP] = {"administrative-ip", "商标、专利、海事行政案件受理费",
                               SOURCE(LAW_FEES, "13(5)"), FLAT(100), true},
    [FEE_ADMINISTRATIVE_COMPENSATION] = {"administrative-compensation", "行政赔偿案件不交纳受理费",
                                         SOURCE(LAW_FEES, "8"), FLAT(0), true},
    [FEE_JURISDICTION_OBJECTION] = {"jurisdiction-objection", "管辖权异议不成立的受理费",
                                    SOURCE(LAW_FEES, "13(6)"), NULL, 0, BASE_ALWAYS, 50 * YUAN,
                                    100 * YUAN, 0, 1, false},
    [FEE_ENFORCEMENT] = {"enforcement", "申请执行费", SOURCE(LAW_FEES, "14(1)"), ROWS(ENFORCEMENT),
                         BASE_WITHOUT_AMOUNT, 50 * YUAN, 500 * YUAN, 0, 1, false},
    [FEE_PRESERVATION] = {"preservation", "保全申请费", SOURCE(LAW_FEES, "14(2)"),
                          ROWS(PRESERVATION), BASE_WITHOUT_AMOUNT, 30 * YUAN, 30 * YUAN,
                          5000 * YUAN, 1, false},
    [FEE_PAYMENT_ORDER] = {"payment-order", "支付令申请费", SOURCE(LAW_FEES, "14(3)"),
                           ROWS(PROPERTY), BASE_NEVER, 0, 0, 0, 3, false},
    [FEE_PUBLIC_SUMMONS] = {"public-summons", "公示催告申请费", SOURCE(LAW_FEES, "14(4)"),
                            FLAT(100), false},
    [FEE_ARBITRATION] = {"arbitration", "申请撤销仲裁裁决或者认定仲裁协议效力的申请费",
                         SOURCE(LAW_FEES, "14(5)"), FLAT(400), false},
    [FEE_BANKRUPTCY] = {"bankruptcy", "破产案件申请费", SOURCE(LAW_FEES, "14(6)"), ROWS(PROPERTY),
                        BASE_NEVER, 0, 0, 30 * WAN, 2, false},
    [FEE_SPECIAL] = {"special", "特别程序案件不交纳受理费", SOURCE(LAW_FEES, "8"), FLAT(0), false},
    [FEE_LIMITATION_FUND] = {"limitation-fund", "申请设立海事赔偿责任限制基金的申请费",
                             SOURCE(LAW_FEES, "14(7)"), NULL, 0, BASE_ALWAYS, 1000 * YUAN, 1 * WAN,
                             0, 1, false},
    [FEE_MARITIME_INJUNCTION] = {"maritime-injunction", "申请海事强制令的申请费",
                                 SOURCE(LAW_FEES, "14(7)"), NULL, 0, BASE_ALWAYS, 1000 * YUAN,
                                 5000 * YUAN, 0, 1, false},
    [FEE_SHIP_PRIORITY] = {"ship-priority", "申请船舶优先权催告的申请费", SOURCE(LAW_FEES, "14(7)"),
                           NULL, 0, BASE_ALWAYS, 1000 * YUAN, 5000 * YUAN, 0, 1, false},
    [FEE_MARITIME_CLAIMS] = {"maritime-claims", "申请海事债权登记的申请费",
                             SOURCE(LAW_FEES, "14(7)"), FLAT(1000), false},
    [FEE_GENERAL_AVERAGE] = {"general-average", "申请共同海损理算的申请费",
                             SOURCE(LAW_FEES, "14(7)"), FLAT(1000), false},
};

enum { KIND_COUNT = sizeof SCALES / sizeof SCALES[0] };

bool fee_kind_parse(Str text, enum fee_kind *out)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (str_is(text, SCALES[i].name)) {
            *out = (enum fee_kind)i;
            return true;
        }
    }
    return false;
}

const char *fee_kind_name(enum fee_kind kind)
{
    return SCALES[kind].name;
}

const char *fee_kind_title(enum fee_kind kind)
{
    return SCALES[kind].title;
}

/* The regulation on causes has an order of its own: 1 personality, 2 marriage and family, 5
 * intellectual property, 6 labour. */
enum fee_kind fee_kind_of_cause(Str cause, bool has_amount)
{
    static const struct {
        const char *head;
        enum fee_kind kind;
    } kinds[] = {
        {"C01", FEE_PERSONALITY}, {"C02", FEE_OTHER}, {"C05", FEE_IP}, {"C06", FEE_LABOUR}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (str_starts(cause, kinds[i].head)) {
            return kinds[i].kind;
        }
    }
    return has_amount ? FEE_PROPERTY : FEE_OTHER;
}

/* --- the computation --- */

struct bill {
    struct cx *cx;
    const struct law_tables *tables;
    const struct fee_ask *ask;
    const struct scale *scale;
    struct working working;
    struct ratio sum;
};

static void add_line(struct bill *bill, const char *rule, const char *law, struct ratio amount)
{
    struct value *line = working_amount(&bill->working, rule, law, ratio_round(amount));
    value_set_str(bill->cx->arena, line, "text",
                  str_printf(bill->cx->arena, "%s元", ratio_yuan(bill->cx->arena, amount).p));
}

static enum status check_fee_ask(struct cx *cx, const struct fee_ask *ask)
{
    const struct scale *scale = &SCALES[ask->kind];
    if (ask->has_amount && (ask->amount < 0 || ask->amount > MONEY_MAX_FEN)) {
        return FAIL(cx, E_INPUT, "fee-amount", "%lld fen", (long long)ask->amount);
    }
    if (!ask->has_amount && scale->base == BASE_NEVER) {
        return FAIL(cx, E_INPUT, "fee-amount-missing", "%s needs an amount", scale->name);
    }
    if (ask->has_base && scale->base != BASE_NEVER &&
        (ask->base < scale->base_min || ask->base > scale->base_max)) {
        return FAIL(cx, E_INPUT, "fee-base-range", "%lld not in %lld..%lld", (long long)ask->base,
                    (long long)scale->base_min, (long long)scale->base_max);
    }
    if (ask->aid == FEE_AID_REDUCE && (ask->aid_percent < 30 || ask->aid_percent > 99)) {
        return FAIL(cx, E_INPUT, "fee-aid-percent", "%d %%", ask->aid_percent);
    }
    if (ask->aid == FEE_AID_EXEMPT && ask->organisation) {
        return FAIL(cx, E_INPUT, "fee-aid-natural-person", "an organisation asks for exemption");
    }
    return OK;
}

static Money base_in(const struct fee_province *row, enum fee_kind kind)
{
    switch ((int)kind) {
    case FEE_DIVORCE: return row->divorce;
    case FEE_PERSONALITY: return row->personality;
    case FEE_OTHER: return row->other;
    case FEE_IP: return row->ip;
    case FEE_JURISDICTION_OBJECTION: return row->jurisdiction_objection;
    case FEE_ENFORCEMENT: return row->enforcement_none;
    default: return 0;
    }
}

/* The province's choice, or 0. */
static Money base_of_province(const struct bill *bill)
{
    for (int i = 0; i < bill->tables->fee_count && bill->ask->province.n > 0; i++) {
        if (str_same(bill->tables->fees[i].province, bill->ask->province)) {
            return base_in(&bill->tables->fees[i], bill->ask->kind);
        }
    }
    return 0;
}

static void add_base(struct bill *bill)
{
    const struct scale *scale = bill->scale;
    struct arena *arena = bill->cx->arena;
    Money base = bill->ask->has_base ? bill->ask->base : base_of_province(bill);
    if (scale->base_min == scale->base_max) {
        add_line(bill, scale->base == BASE_ALWAYS ? scale->title : "没有财产数额，每件", scale->law,
                 ratio_of(scale->base_min));
        base = scale->base_min;
    } else if (base >= scale->base_min && base <= scale->base_max) {
        add_line(bill, arena_printf(arena, "%s，每件的本地标准", scale->title), scale->law,
                 ratio_of(base));
    } else {
        base = scale->base_min;
        const char *rule =
            arena_printf(arena, "%s，每件%lld元至%lld元；本地标准未录入，按下限估算", scale->title,
                         (long long)(scale->base_min / YUAN), (long long)(scale->base_max / YUAN));
        add_line(bill, rule, scale->law, ratio_of(base));
    }
    bill->sum = ratio_add(bill->sum, ratio_of(base));
}

static const char *bracket_rule(struct arena *arena, const struct bracket *b, Money part)
{
    const char *above = money_format(arena, b->above).p;
    const char *upto = money_format(arena, b->upto).p;
    if (b->flat > 0) {
        return arena_printf(arena, "不超过%s元的部分，每件", upto);
    }
    const char *range = b->upto == 0    ? arena_printf(arena, "超过%s元的部分", above)
                        : b->above == 0 ? arena_printf(arena, "不超过%s元的部分", upto)
                                        : arena_printf(arena, "超过%s元至%s元的部分", above, upto);
    if (b->permille == 0) {
        return arena_printf(arena, "%s，不另行交纳", range);
    }
    return arena_printf(arena, "%s：%s元 × %d.%d%%", range, money_format(arena, part).p,
                        b->permille / 10, b->permille % 10);
}

static void add_brackets(struct bill *bill)
{
    Money amount = bill->ask->amount;
    for (int i = 0; i < bill->scale->bracket_count; i++) {
        const struct bracket *b = &bill->scale->brackets[i];
        if (i > 0 && amount <= b->above) {
            break;
        }
        Money top = b->upto == 0 || amount < b->upto ? amount : b->upto;
        struct ratio part = b->flat > 0 ? ratio_of(b->flat)
                                        : ratio_times(ratio_of(top - b->above), b->permille, 1000);
        add_line(bill, bracket_rule(bill->cx->arena, b, top - b->above), bill->scale->law, part);
        bill->sum = ratio_add(bill->sum, part);
    }
}

static void apply_divisor_and_cap(struct bill *bill)
{
    const struct scale *scale = bill->scale;
    if (scale->divisor > 1) {
        bill->sum = ratio_times(bill->sum, 1, scale->divisor);
        add_line(bill, scale->divisor == 3 ? "按财产案件标准的三分之一" : "按财产案件标准减半",
                 scale->law, bill->sum);
    }
    if (scale->cap > 0 && ratio_compare(bill->sum, ratio_of(scale->cap)) > 0) {
        bill->sum = ratio_of(scale->cap);
        add_line(bill, "以最高限额为限", scale->law, bill->sum);
    }
}

/* The grounds of halving, by name; NULL when there is none. */
static const char *halving_rule(const struct bill *bill, const char **law)
{
    const struct fee_ask *ask = bill->ask;
    struct buf names;
    int count = 0;

    const struct {
        bool given;
        const char *name;
        const char *law;
    } GROUNDS[] = {
        {ask->mediated, "调解结案", SOURCE(LAW_FEES, "15")},
        {ask->withdrawn, "撤诉", SOURCE(LAW_FEES, "15")},
        {ask->summary, "简易程序", SOURCE(LAW_FEES, "16")},
        {ask->counterclaim, "反诉合并审理", SOURCE(LAW_FEES, "18")},
        {ask->independent_third, "有独立请求权的第三人合并审理", SOURCE(LAW_FEES, "18")},
        {ask->early == FEE_EARLY_DOCUMENT, "先行调解制作调解书", LAW_FORMS},
    };

    buf_init(&names, bill->cx->arena, 256);
    for (size_t i = 0; i < sizeof GROUNDS / sizeof GROUNDS[0]; i++) {
        if (GROUNDS[i].given) {
            buf_printf(&names, "%s%s", count > 0 ? "、" : "", GROUNDS[i].name);
            *law = count == 0 ? GROUNDS[i].law : SOURCE(LAW_CIVIL_INTERPRETATION, "206");
            count++;
        }
    }
    if (count == 0 || !bill->scale->halved) {
        return NULL;
    }
    return arena_printf(bill->cx->arena, "%s，减半交纳%s", buf_done(&names).p,
                        count > 1 ? "（只减半一次）" : "");
}

static void apply_halving(struct bill *bill)
{
    const char *law = "";
    const char *rule = halving_rule(bill, &law);
    if (rule != NULL) {
        bill->sum = ratio_times(bill->sum, 1, 2);
        add_line(bill, rule, law, bill->sum);
    }
}

static void apply_exemptions(struct bill *bill)
{
    const struct fee_ask *ask = bill->ask;
    const char *rule = NULL;
    const char *law = LAW_FORMS;
    if (ask->kind == FEE_JURISDICTION_OBJECTION && ask->objection_free) {
        rule = "管辖权异议成立、撤回或者对裁定上诉的，不交纳";
        law = SOURCE(LAW_FEES, "8");
    } else if (ask->early == FEE_EARLY_PERFORMED) {
        rule = "先行调解后自动履行的，不交纳";
    } else if (ask->early == FEE_EARLY_CONFIRMED) {
        rule = "先行调解后申请司法确认的，不交纳";
    }
    if (rule != NULL) {
        bill->sum = ratio_of(0);
        add_line(bill, rule, law, bill->sum);
    }
}

static void apply_aid(struct bill *bill)
{
    const struct fee_ask *ask = bill->ask;
    switch (ask->aid) {
    case FEE_AID_NONE: return;
    case FEE_AID_EXEMPT:
        bill->sum = ratio_of(0);
        add_line(bill, "司法救助：免交", SOURCE(LAW_FEES, "45"), bill->sum);
        return;
    case FEE_AID_REDUCE:
        bill->sum = ratio_times(bill->sum, 100 - ask->aid_percent, 100);
        add_line(bill, arena_printf(bill->cx->arena, "司法救助：减交%d%%", ask->aid_percent),
                 SOURCE(LAW_FEES, "46"), bill->sum);
        return;
    case FEE_AID_DEFER:
        add_line(bill, "司法救助：缓交，现在不交，以后应交", SOURCE(LAW_FEES, "47"), bill->sum);
        bill->sum = ratio_of(0);
        return;
    }
    check(false);
}

static Money rounded(const struct bill *bill)
{
    return bill->ask->to_the_yuan ? ratio_round(ratio_times(bill->sum, 1, YUAN)) * YUAN
                                  : ratio_round(bill->sum);
}

static void finish(struct bill *bill, struct fee_answer *out)
{
    out->exact = bill->sum;
    out->fee = rounded(bill);
    if (ratio_compare(bill->sum, ratio_of(out->fee)) != 0) {
        working_amount(&bill->working,
                       bill->ask->to_the_yuan ? "最后一次四舍五入到元" : "最后一次四舍五入到分", "",
                       out->fee);
    }
    working_tables(&bill->working, bill->tables);
    out->working = bill->working.lines;
}

static void run(struct bill *bill)
{
    const struct scale *scale = bill->scale;
    bill->sum = ratio_of(0);
    if (scale->base == BASE_ALWAYS ||
        (scale->base == BASE_WITHOUT_AMOUNT && !bill->ask->has_amount)) {
        add_base(bill);
    }
    if (bill->ask->has_amount && scale->bracket_count > 0) {
        add_brackets(bill);
    }
    apply_divisor_and_cap(bill);
    apply_halving(bill);
    apply_exemptions(bill);
    apply_aid(bill);
}

static struct bill bill_begin(struct cx *cx, const struct law_tables *tables,
                              const struct fee_ask *ask)
{
    struct bill bill = {.cx = cx, .tables = tables, .ask = ask, .scale = &SCALES[ask->kind]};
    working_begin(&bill.working, cx->arena);
    return bill;
}

enum status fee_compute(struct cx *cx, const struct law_tables *tables, const struct fee_ask *ask,
                        struct fee_answer *out)
{
    TRY(check_fee_ask(cx, ask));
    struct bill bill = bill_begin(cx, tables, ask);
    run(&bill);
    finish(&bill, out);
    return OK;
}

/* First less second, both shown. */
static enum status difference(struct cx *cx, const struct law_tables *tables,
                              const struct fee_ask *first, const struct fee_ask *second,
                              const char *rule, const char *law, struct fee_answer *out)
{
    TRY(check_fee_ask(cx, first));
    TRY(check_fee_ask(cx, second));
    struct bill a = bill_begin(cx, tables, first);
    run(&a);
    struct bill b = bill_begin(cx, tables, second);
    b.working = a.working;
    run(&b);
    a.sum = ratio_less(a.sum, b.sum);
    add_line(&a, rule, law, a.sum);
    finish(&a, out);
    return OK;
}

enum status fee_change(struct cx *cx, const struct law_tables *tables, const struct fee_ask *ask,
                       Money from, struct fee_answer *out)
{
    struct fee_ask before = *ask;
    before.amount = from;
    return difference(cx, tables, ask, &before,
                      from < ask->amount ? "增加请求数额，按增加后的数额补交"
                                         : "减少请求数额，按减少后的数额退还",
                      SOURCE(LAW_FEES, "21"), out);
}

enum status fee_conversion(struct cx *cx, const struct law_tables *tables,
                           const struct fee_ask *ask, struct fee_answer *out)
{
    struct fee_ask half = *ask;
    struct fee_ask full = *ask;
    half.summary = true;
    full.summary = false;
    return difference(cx, tables, &full, &half, "简易程序转为普通程序，补交差额",
                      SOURCE(LAW_CIVIL_INTERPRETATION, "199"), out);
}

enum status fee_after_payment_order(struct cx *cx, const struct law_tables *tables,
                                    const struct fee_ask *ask, struct fee_answer *out)
{
    struct fee_ask suit = *ask;
    struct fee_ask order = *ask;
    suit.kind = FEE_PROPERTY;
    order.kind = FEE_PAYMENT_ORDER;
    return difference(cx, tables, &suit, &order, "支付令失效转入诉讼，补交差额",
                      SOURCE(LAW_CIVIL_INTERPRETATION, "195"), out);
}

void fee_split(Money fee, int64_t won_ppm, Money *plaintiff, Money *defendant)
{
    check(won_ppm >= 0 && won_ppm <= 1000000);
    *plaintiff = ratio_round(ratio_times(ratio_of(fee), 1000000 - won_ppm, 1000000));
    *defendant = fee - *plaintiff;
}

struct value *fee_value(struct arena *arena, const struct fee_answer *answer)
{
    struct value *value = value_map(arena);
    value_set_int(arena, value, "fee", answer->fee);
    value_set(arena, value, "working", answer->working);
    return value;
}
