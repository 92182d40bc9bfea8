#include "law/injury_borne.h"

#include "law/compulsory.h"
#include "law/source.h"

/* What is lost, by the limit of the insurance that it falls under. */
struct loss {
    Money injury; /* without mental distress */
    Money mental;
    Money medical;
    Money property;
};

/* LAW: compulsory-insurance-regulation@2019 23; the clauses of the insurance, article 8 */
static struct loss loss_of(const struct bill *bill)
{
    static const char *const medical[] = {"medical", "follow-up", "meals", "nutrition"};
    struct loss loss = {0};
    for (size_t i = 0; i < sizeof medical / sizeof medical[0]; i++) {
        Money amount = bill_amount(bill, medical[i]);
        loss.medical += amount > 0 ? amount : 0;
    }
    Money mental = bill_amount(bill, "mental");
    Money property = bill_amount(bill, "property");
    loss.mental = mental > 0 ? mental : 0;
    loss.property = property > 0 ? property : 0;
    loss.injury = bill->total - loss.medical - loss.mental - loss.property;
    return loss;
}

static Money least(Money a, Money b)
{
    return a < b ? a : b;
}

static void borne_add(struct injury_answer *out, const char *name, const char *title, Money amount)
{
    struct arena *arena = out->bill.cx->arena;
    struct value *row = value_map(arena);
    value_set_text(arena, row, "name", name);
    value_set_text(arena, row, "title", title);
    value_set_int(arena, row, "amount", amount);
    value_add(arena, out->borne, row);
}

/* The limit is that of the accident: where all lost more than it, each has his part of it by what
 * he lost. What is below a fen is left out, so that all parts together stay within it. LAW:
 * traffic-accident-interpretation@2020 19 (from memory) */
static Money share_of_limit(struct injury_answer *out, const char *title, Money loss, Money others,
                            Money limit)
{
    struct arena *arena = out->bill.cx->arena;
    if (others == 0 || loss == 0 || others <= limit - loss) {
        return limit;
    }
    Money share = (Money)((Wide)limit * loss / ((Wide)loss + others));
    working_amount(&out->bill.working,
                   arena_printf(arena,
                                "%s：限额由各受害人按损失比例分，%s元 × %s元 ÷（%s元 + "
                                "其他受害人%s元），不足一分的舍去",
                                title, money_format(arena, limit).p, money_format(arena, loss).p,
                                money_format(arena, loss).p, money_format(arena, others).p),
                   SOURCE(LAW_ACCIDENTS, "19"), share);
    return share;
}

static Money insured(struct injury_answer *out, const char *name, const char *title, Money loss,
                     Money others, Money limit)
{
    struct bill *bill = &out->bill;
    Money pays = least(loss, share_of_limit(out, title, loss, others, limit));
    borne_add(out, name, title, pays);
    working_amount(&bill->working,
                   arena_printf(bill->cx->arena, "%s：限额%s元，这一类损失%s元", title,
                                money_format(bill->cx->arena, limit).p,
                                money_format(bill->cx->arena, loss).p),
                   SOURCE(LAW_COMPULSORY, "23"), pays);
    return pays;
}

/* Takes off what the compulsory insurance pays, and answers how much that is. */
static Money bear_compulsory(const struct law_tables *tables, const struct injury_ask *ask,
                             struct injury_answer *out, struct loss *loss)
{
    const struct compulsory *row = compulsory_on(tables, ask->harmed);
    if (ask->cover == INJURY_NO_COVER) {
        return 0;
    }
    if (row == NULL) {
        bill_notice(&out->bill, "没有登记事故发生之日的交强险责任限额，没有计算交强险赔多少。"
                                "请管理员在“交强险责任限额”表里录入。");
        return 0;
    }
    const struct compulsory_limits *limits =
        ask->cover == INJURY_COVER_BLAMELESS ? &row->blameless : &row->liable;
    Money medical = insured(out, "compulsory-medical", "交强险医疗费用", loss->medical,
                            ask->others[INJURY_LIMIT_MEDICAL], limits->medical);
    Money injury = insured(out, "compulsory-injury", "交强险死亡伤残", loss->injury + loss->mental,
                           ask->others[INJURY_LIMIT_BODY], limits->injury);
    Money property = insured(out, "compulsory-property", "交强险财产损失", loss->property,
                             ask->others[INJURY_LIMIT_PROPERTY], limits->property);
    if (ask->others[INJURY_LIMIT_MEDICAL] + ask->others[INJURY_LIMIT_BODY] +
            ask->others[INJURY_LIMIT_PROPERTY] ==
        0) {
        working_add(&out->bill.working,
                    "限额是每次事故的，不是每个人的：还有其他受害人的，要按损失比例分",
                    SOURCE(LAW_ACCIDENTS, "19"));
    }
    Money mental =
        ask->mental_first ? least(loss->mental, injury) : injury - least(loss->injury, injury);
    if (loss->mental > 0) {
        working_amount(&out->bill.working,
                       ask->mental_first ? "请求交强险优先赔偿精神损害，其中赔偿精神损害抚慰金"
                                         : "交强险最后赔偿精神损害，其中赔偿精神损害抚慰金",
                       SOURCE(LAW_ACCIDENTS, "13"), mental);
    }
    loss->medical -= medical;
    loss->mental -= mental;
    loss->injury -= injury - mental;
    loss->property -= property;
    return medical + injury + property;
}

/* What the other side owes of the rest, and of that the commercial insurance. */
static Money bear_rest(const struct injury_ask *ask, struct injury_answer *out,
                       const struct loss *loss)
{
    struct bill *bill = &out->bill;
    struct arena *arena = bill->cx->arena;
    Money rest = loss->medical + loss->injury + loss->property;
    Money share = ratio_round(ratio_times(ratio_of(rest), ask->fault, 100));
    Money commercial = least(share, ask->commercial);
    const char *law = ask->cover == INJURY_NO_COVER ? SOURCE(LAW_CIVIL_CODE, "1173")
                                                    : SOURCE(LAW_ROAD_TRAFFIC, "76");
    working_amount(&bill->working,
                   arena_printf(arena, "%s%s元 × 对方责任%d%%",
                                ask->cover == INJURY_NO_COVER ? "损失" : "交强险以外的损失",
                                money_format(arena, rest).p, ask->fault),
                   law, share);
    if (loss->mental > 0) {
        working_amount(&bill->working, "精神损害抚慰金已按过错程度确定，不再按责任比例分担",
                       SOURCE(LAW_MENTAL, "5"), loss->mental);
    }
    if (ask->commercial > 0) {
        borne_add(out, "commercial", "商业三者险", commercial);
        working_amount(&bill->working,
                       "商业三者险在限额内按保险合同赔偿（免赔和不赔的项目请对照合同）",
                       SOURCE(LAW_CIVIL_CODE, "1213"), commercial);
    }
    borne_add(out, "liable", "侵权人", share - commercial + loss->mental);
    return share + loss->mental;
}

void injury_bear(const struct law_tables *tables, const struct injury_ask *ask,
                 struct injury_answer *out)
{
    struct loss loss = loss_of(&out->bill);
    Money total = out->bill.total;
    Money borne = bear_compulsory(tables, ask, out, &loss);
    borne += bear_rest(ask, out, &loss);
    borne_add(out, "own", "受害一方自己承担", total - borne);
    if (ask->paid > borne) {
        bill_notice(&out->bill, "对方已经支付的超过应当赔偿的，请核对。");
    }
    out->due = ask->paid > borne ? 0 : borne - ask->paid;
    working_amount(&out->bill.working,
                   ask->paid == 0 ? "对方和保险公司应当赔偿"
                                  : arena_printf(out->bill.cx->arena,
                                                 "对方和保险公司应当赔偿，减去已经支付的%s元",
                                                 money_format(out->bill.cx->arena, ask->paid).p),
                   SOURCE(LAW_CIVIL_CODE, "1179"), out->due);
}
