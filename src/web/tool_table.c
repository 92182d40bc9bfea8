/* What each calculator asks for. */
#include "law/fee.h"
#include "law/identifier.h"
#include "law/reach.h"
#include "web/tool.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- choices --- */

static bool pick(const struct tool_option *list, size_t count, size_t index,
                 struct tool_option *out)
{
    if (index >= count) {
        return false;
    }
    *out = list[index];
    return true;
}

static bool fee_option(size_t index, struct tool_option *out)
{
    if (index > FEE_GENERAL_AVERAGE) {
        return false;
    }
    *out = (struct tool_option){fee_kind_name((enum fee_kind)index),
                                fee_kind_title((enum fee_kind)index)};
    return true;
}

static bool identifier_option(size_t index, struct tool_option *out)
{
    if (index > IDENTIFIER_PLATE) {
        return false;
    }
    *out = (struct tool_option){identifier_kind_name((enum identifier_kind)index),
                                identifier_kind_title((enum identifier_kind)index)};
    return true;
}

static bool reach_option(size_t index, struct tool_option *out)
{
    size_t kind = index + REACH_CIVIL;
    if (kind > REACH_ADJOURNMENT) {
        return false;
    }
    *out = (struct tool_option){reach_kind_name((enum reach_kind)kind),
                                reach_kind_title((enum reach_kind)kind)};
    return true;
}

static bool unit_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"day", "日"},      {"working-day", "个工作日"},
        {"month", "个月"},  {"year", "年"},
        {"hour", "小时"},   {"working-minute", "分钟（工作时间内）"},
        {"minute", "分钟"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool count_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"law", "依法计算，最后一日是休假日的顺延"},
        {"plain", "不顺延"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool early_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"none", "没有"},
        {"performed", "当场履行"},
        {"confirmed", "申请司法确认"},
        {"document", "请求出具调解书"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool aid_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"none", "不申请"},
        {"exempt", "免交"},
        {"reduce", "减交"},
        {"defer", "缓交"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool interest_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"agreed", "按约定利率"},
        {"lpr", "按一年期LPR"},
        {"lending", "民间借贷（不超过司法保护上限）"},
        {"delayed", "迟延履行期间的加倍利息"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool year_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {{"365", "365天"}, {"360", "360天"}};
    return pick(list, COUNT(list), index, out);
}

static bool general_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"none", "文书没有判给"},
        {"agreed", "文书写明年利率"},
        {"lpr", "按一年期LPR"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool severance_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"compensation", "经济补偿"},
        {"notice", "经济补偿和代通知金"},
        {"damages", "违法解除、终止的赔偿金"},
        {"double", "没有订立书面合同的二倍工资"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool penalty_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"daily", "按日计算"},
        {"share", "按比例，一次计算"},
        {"fixed", "约定了数额"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool outcome_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"healed", "没有构成伤残"},
        {"disabled", "构成伤残"},
        {"dead", "死亡"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool lost_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"none", "没有误工"},
        {"fixed", "有固定收入，填实际减少的收入"},
        {"average", "没有固定收入，填最近三年的收入合计"},
        {"trade", "收入没有证据，填相近行业的年平均工资"},
    };
    return pick(list, COUNT(list), index, out);
}

static bool cover_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"none", "不是交通事故，或者没有投保交强险"},
        {"liable", "对方机动车有责任"},
        {"blameless", "对方机动车无责任"},
    };
    return pick(list, COUNT(list), index, out);
}

/* What jurisdiction_fields are about; the law itself goes by the cause. */
static bool about_option(size_t index, struct tool_option *out)
{
    static const struct tool_option list[] = {
        {"contract", "合同、借款"},
        {"labour", "劳动"},
        {"tort", "侵权"},
        {"accident", "交通事故"},
        {"immovable", "房屋、土地"},
        {"estate", "继承"},
        {"lease", "租赁"},
        {"online", "网购"},
        {"product", "产品质量"},
        {"insurance", "保险"},
        {"bill", "票据"},
        {"company", "公司"},
        {"transport", "运输"},
        {"other", "其他"},
    };
    return pick(list, COUNT(list), index, out);
}

/* --- questions --- */

static const struct tool_field fee_fields[] = {
    {"kind", "案件类型", TOOL_CHOICE, true, NULL, NULL, fee_option, NULL},
    {"amount", "金额", TOOL_MONEY, false, "诉讼请求、申请执行或者保全的金额；没有金额的不填。",
     NULL, NULL, NULL},
    {"base", "每件的基数", TOOL_MONEY, false,
     "各省在法定幅度内确定；不填的按法院所在省的标准，没有登记的按下限估算。", NULL, NULL, NULL},
    {"court", "法院", TOOL_COURT, false, "基数因省而异。", NULL, NULL, NULL},
    {"more", "有减半、减交、缓交或者免交的情形", TOOL_YES_NO, false,
     "例如简易程序、调解、撤诉、司法救助。", NULL, NULL, NULL},
    {"summary", "适用简易程序", TOOL_YES_NO, false, NULL, NULL, NULL, "more:yes"},
    {"mediated", "调解结案", TOOL_YES_NO, false, NULL, NULL, NULL, "more:yes"},
    {"withdrawn", "撤诉", TOOL_YES_NO, false, NULL, NULL, NULL, "more:yes"},
    {"counterclaim", "与本诉合并审理的反诉", TOOL_YES_NO, false, NULL, NULL, NULL, "more:yes"},
    {"independent_third", "有独立请求权的第三人提出与本案有关的请求", TOOL_YES_NO, false, NULL,
     NULL, NULL, "more:yes"},
    {"early", "立案前调解的结果", TOOL_CHOICE, false, NULL, NULL, early_option, "more:yes"},
    {"aid", "司法救助", TOOL_CHOICE, false, NULL, NULL, aid_option, "more:yes"},
    {"aid_percent", "减交的百分比", TOOL_NUMBER, false, "30至99。", NULL, NULL, "aid:reduce"},
    {"organisation", "交费的是单位", TOOL_YES_NO, false, NULL, NULL, NULL, "more:yes"},
};

static const struct tool_field period_fields[] = {
    {"start", "从哪一天", TOOL_DATE, true,
     "收到文书或者事情发生的那一天；期限从第二天起算。按小时、分钟计算的，写明时刻。", "2026-03-02",
     NULL, NULL},
    {"length", "多长", TOOL_NUMBER, true, NULL, "15", NULL, NULL},
    {"unit", "单位", TOOL_CHOICE, true, NULL, NULL, unit_option, NULL},
    {"count", "怎么算", TOOL_CHOICE, false, NULL, NULL, count_option, NULL},
    {"court", "法院", TOOL_COURT, false, "按工作时间计算的，各院上班时间可能不同。", NULL, NULL,
     NULL},
};

static const struct tool_field case_number_fields[] = {
    {"text", "案号", TOOL_TEXT, true, NULL, "（2026）京0105民初1号", NULL, NULL},
};

static const struct tool_field identifier_fields[] = {
    {"kind", "号码类型", TOOL_CHOICE, true, NULL, NULL, identifier_option, NULL},
    {"value", "号码", TOOL_TEXT, true, NULL, NULL, NULL, NULL},
};

static const struct tool_field interest_fields[] = {
    {"kind", "哪一种利息", TOOL_CHOICE, true, NULL, NULL, interest_option, NULL},
    {"principal", "本金", TOOL_MONEY, true,
     "迟延履行的，填判决确定的、没有还清的债务，不含一般利息。", NULL, NULL, NULL},
    {"start", "起算日", TOOL_DATE, true, "迟延履行的，填判决指定的履行期间的最后一日。", NULL, NULL,
     NULL},
    {"end", "截止日", TOOL_DATE, true, "截止日当天不计；迟延履行的，还清当天计算在内。", NULL, NULL,
     NULL},
    {"rate", "约定的年利率", TOOL_RATE, false, NULL, "3.45", NULL, "kind:agreed|lending"},
    {"times", "LPR的倍数", TOOL_TEXT, false, "不填按1倍。", "1.5", NULL, "kind:lpr"},
    {"year_days", "一年按多少天", TOOL_CHOICE, false, "合同没有约定的，按365天。", NULL,
     year_option, "kind:agreed|lpr|lending"},
    {"contract", "合同成立日", TOOL_DATE, false, NULL, NULL, NULL, "kind:lending"},
    {"sued", "起诉日", TOOL_DATE, false, "还没有起诉的，填准备起诉的日期。", NULL, NULL,
     "kind:lending"},
    {"payments", "中间还过的款", TOOL_ROWS, false, "每笔写日期和金额，几笔之间用逗号。",
     "2026-05-06:1000元,2026-06-01:500元", NULL, "kind:delayed"},
    {"pauses", "不计息的期间", TOOL_TEXT, false,
     "非因被执行人申请而中止、暂缓执行的期间：首日和末日用两点连接，几段之间用逗号。",
     "2026-05-06..2026-06-01", NULL, "kind:delayed"},
};

static const struct tool_field debt_fields[] = {
    {"principal", "文书确定的金钱债务", TOOL_MONEY, true, "不含一般债务利息。", NULL, NULL, NULL},
    {"due", "履行期间的最后一日", TOOL_DATE, true,
     "文书没有写履行期间的，填文书生效之日；分期履行的，每一期分开算。", NULL, NULL, NULL},
    {"end", "算到哪一天", TOOL_DATE, true,
     "全部清偿、划拨、提取之日。加倍部分算到当天，一般债务利息算到前一天。", NULL, NULL, NULL},
    {"general", "一般债务利息", TOOL_CHOICE, false, NULL, NULL, general_option, NULL},
    {"start", "一般债务利息从哪一天起", TOOL_DATE, false, NULL, NULL, NULL, "general:agreed|lpr"},
    {"rate", "年利率", TOOL_RATE, false, NULL, "3.45", NULL, "general:agreed"},
    {"times", "LPR的倍数", TOOL_TEXT, false, "不填按1倍。", "1.5", NULL, "general:lpr"},
    {"year_days", "一年按多少天", TOOL_CHOICE, false, "文书、合同没有写的，按365天。", NULL,
     year_option, "general:agreed|lpr"},
    {"payments", "中间还过的款", TOOL_ROWS, false,
     "还的是债务本身的部分。每笔写日期和金额，几笔之间用逗号。",
     "2026-05-06:1000元,2026-06-01:500元", NULL, NULL},
    {"pauses", "不计加倍部分的期间", TOOL_TEXT, false,
     "非因被执行人申请而中止、暂缓执行的期间：首日和末日用两点连接，几段之间用逗号。",
     "2026-05-06..2026-06-01", NULL, NULL},
};

static const struct tool_field severance_fields[] = {
    {"kind", "算哪一项", TOOL_CHOICE, true, NULL, NULL, severance_option, NULL},
    {"wage", "月工资", TOOL_MONEY, true,
     "解除、终止前十二个月的平均应得工资，包括奖金、津贴和补贴；低于当地最低工资的，填最低工资。"
     "算二倍工资的，填当时每月的应得工资。",
     NULL, NULL, NULL},
    {"start", "入职日期", TOOL_DATE, true, NULL, NULL, NULL, NULL},
    {"end", "离职日期", TOOL_DATE, true, "最后工作的一日；还在职的，填今天。", NULL, NULL, NULL},
    {"last_wage", "解除前上一个月的工资", TOOL_MONEY, false, NULL, NULL, NULL, "kind:notice"},
    {"written", "补订书面合同的日期", TOOL_DATE, false, "一直没有订立的不填。", NULL, NULL,
     "kind:double"},
    {"place", "用人单位在哪里", TOOL_TEXT, false, "写到区县，用来查当地上一年度职工月平均工资。",
     "江苏省如东县", NULL, "kind:compensation|notice|damages"},
    {"local_wage", "当地上一年度职工月平均工资", TOOL_MONEY, false,
     "知道的，填当地政府公布的数字，按它计算；不填的，用已登记的数字。", NULL, NULL,
     "kind:compensation|notice|damages"},
};

static const struct tool_field wages_fields[] = {
    {"months", "拖欠工资的月份", TOOL_ROWS, false,
     "每个月写月份、应发和已发的工资，几个月之间用逗号，先后排列；一分没发的，已发写0元。",
     "2025-10:8000元:0元,2025-11:8000元:3000元", NULL, NULL},
    {"overtime_wage", "计算加班费的月工资", TOOL_MONEY, false,
     "合同有约定的按约定；没有约定的，一般按正常工作时间的应得工资。", NULL, NULL, NULL},
    {"workday_hours", "工作日延长了多少小时", TOOL_TEXT, false, "按百分之一百五十。", "20", NULL,
     NULL},
    {"restday_hours", "休息日工作了多少小时", TOOL_TEXT, false, "按百分之二百；已经补休的不算。",
     "16", NULL, NULL},
    {"holiday_hours", "法定休假日工作了多少小时", TOOL_TEXT, false, "按百分之三百。", "8", NULL,
     NULL},
    {"overtime_paid", "已经付的加班费", TOOL_MONEY, false, NULL, NULL, NULL, NULL},
    {"leave_days", "应休没有休的年休假天数", TOOL_NUMBER, false,
     "离职当年按已过日历天数除以365折算，不足1整天的不算，减去已经休的。", "5", NULL, NULL},
    {"leave_wage", "计算年休假的月工资", TOOL_MONEY, false, "前十二个月的平均工资，不含加班工资。",
     NULL, NULL, NULL},
};

static const struct tool_field penalty_fields[] = {
    {"way", "怎么约定的", TOOL_CHOICE, true, NULL, NULL, penalty_option, NULL},
    {"base", "金额", TOOL_MONEY, true, "逾期的款项或者价款；约定了数额的，填违约金数额。", NULL,
     NULL, NULL},
    {"rate", "约定的百分比（%）", TOOL_TEXT, false, "按日万分之五的，填0.05。", "0.05", NULL,
     "way:daily|share"},
    {"start", "逾期第一日", TOOL_DATE, false, "应当履行的最后一日的第二天。", NULL, NULL,
     "way:daily"},
    {"end", "算到哪一天", TOOL_DATE, false, "当天计算在内。", NULL, NULL, "way:daily"},
    {"loss", "违约造成的损失", TOOL_MONEY, false,
     "包括合同履行后可以获得的利益。不填的，不判断违约金是不是过高。", NULL, NULL, NULL},
};

static const struct tool_field support_fields[] = {
    {"income", "给付一方的月总收入", TOOL_MONEY, true,
     "没有固定收入的，按当年总收入或者同行业平均收入折算到月。", NULL, NULL, NULL},
    {"children", "负担几个子女", TOOL_NUMBER, false, "不填按1个。", "1", NULL, NULL},
    {"percent", "比例（百分之几）", TOOL_NUMBER, true,
     "一般20至30；负担两个以上子女的可以提高，一般不超过50。几个子女合计。", "25", NULL, NULL},
    {"born", "子女的出生日期", TOOL_DATE, false, "填了的，算出到十八周岁共多少期。", NULL, NULL,
     NULL},
    {"start", "从哪一天起给付", TOOL_DATE, false, "填了出生日期的要填。", NULL, NULL, NULL},
};

static const struct tool_field injury_fields[] = {
    {"harmed", "受伤害的日期", TOOL_DATE, true, "交通事故填事故发生的那一天。", "2025-12-01", NULL,
     NULL},
    {"place", "受诉法院在哪里", TOOL_TEXT, false, "写到区县，用来查当地的收入、支出和工资。",
     "江苏省如东县", NULL, NULL},
    {"year", "用哪一年的统计数字", TOOL_NUMBER, false,
     "一审法庭辩论终结时的上一年；不填的，按今年的上一年。", "2025", NULL, NULL},
    {"medical", "医疗费", TOOL_MONEY, false, "收款凭证上的数额。", NULL, NULL, NULL},
    {"follow_up", "后续治疗费", TOOL_MONEY, false, "医疗证明或者鉴定意见确定必然发生的。", NULL,
     NULL, NULL},
    {"nursing_days", "护理多少天", TOOL_NUMBER, false, "不含定残以后。", NULL, NULL, NULL},
    {"nursing_day", "护理一天多少钱", TOOL_MONEY, false,
     "护理人员的收入，或者当地护工同等级别护理的报酬。", NULL, NULL, NULL},
    {"nursing_people", "几个人护理", TOOL_NUMBER, false, "不填按1人。", "1", NULL, NULL},
    {"nutrition_days", "营养期多少天", TOOL_NUMBER, false, "医疗机构、鉴定机构的意见。", NULL, NULL,
     NULL},
    {"nutrition_day", "营养费一天多少钱", TOOL_MONEY, false, NULL, NULL, NULL, NULL},
    {"stay_days", "住院多少天", TOOL_NUMBER, false, NULL, NULL, NULL, NULL},
    {"meal_day", "伙食补助一天多少钱", TOOL_MONEY, false,
     "参照当地国家机关一般工作人员的出差伙食补助标准。", NULL, NULL, NULL},
    {"lost", "误工", TOOL_CHOICE, false, NULL, NULL, lost_option, NULL},
    {"lost_income", "收入", TOOL_MONEY, false, "按上面选的填。", NULL, NULL,
     "lost:fixed|average|trade"},
    {"lost_start", "误工从哪一天起", TOOL_DATE, false, NULL, NULL, NULL,
     "lost:fixed|average|trade"},
    {"lost_end", "误工到哪一天止", TOOL_DATE, false,
     "医疗机构的证明；因伤致残持续误工的，计算至定残日前一天。", NULL, NULL,
     "lost:fixed|average|trade"},
    {"transport", "交通费", TOOL_MONEY, false, "就医、转院的正式票据。", NULL, NULL, NULL},
    {"lodging", "外地治疗的住宿费和伙食费", TOOL_MONEY, false, "客观原因不能住院的。", NULL, NULL,
     NULL},
    {"outcome", "后果", TOOL_CHOICE, false, NULL, NULL, outcome_option, NULL},
    {"born", "受害人的出生日期", TOOL_DATE, false, NULL, NULL, NULL, "outcome:disabled|dead"},
    {"fixed", "定残日或者死亡日期", TOOL_DATE, false, NULL, NULL, NULL, "outcome:disabled|dead"},
    {"grade", "伤残等级", TOOL_NUMBER, false, "1至10；多处伤残的，填最重的一处。", "10", NULL,
     "outcome:disabled"},
    {"added", "多处伤残增加的百分比", TOOL_NUMBER, false,
     "附加指数没有全国统一的规定，按当地掌握的填；只有一处的不填。", NULL, NULL,
     "outcome:disabled"},
    {"care_years", "定残后还要护理几年", TOOL_NUMBER, false, "最长二十年。", NULL, NULL,
     "outcome:disabled"},
    {"care_year", "护理一年多少钱", TOOL_MONEY, false, NULL, NULL, NULL, "outcome:disabled"},
    {"care_percent", "护理依赖程度的百分比", TOOL_NUMBER, false, "不填按100。", NULL, NULL,
     "outcome:disabled"},
    {"dependants", "被扶养人", TOOL_TEXT, false,
     "未成年人，或者无劳动能力又无其他生活来源的近亲属。每人写出生日期和扶养人共几人（包括受害人），"
     "几人之间用逗号。",
     "2016-06-10:2,1956-03-04:3", NULL, "outcome:disabled|dead"},
    {"aids", "残疾辅助器具费", TOOL_MONEY, false, NULL, NULL, NULL, NULL},
    {"mental", "精神损害抚慰金", TOOL_MONEY, false, "造成严重精神损害的。", NULL, NULL, NULL},
    {"property", "财产损失", TOOL_MONEY, false, "车辆、衣物等。", NULL, NULL, NULL},
    {"own_figures", "自己填统计数字", TOOL_YES_NO, false,
     "没有登记您那里的数字的，填当地统计部门公布的。", NULL, NULL, NULL},
    {"income", "上一年度城镇居民人均可支配收入", TOOL_MONEY, false, "一年的数字。", NULL, NULL,
     "own_figures:yes"},
    {"spending", "上一年度城镇居民人均消费支出", TOOL_MONEY, false, "一年的数字。", NULL, NULL,
     "own_figures:yes"},
    {"wage", "上一年度职工月平均工资", TOOL_MONEY, false, NULL, NULL, NULL, "own_figures:yes"},
    {"home", "您住在哪里", TOOL_TEXT, false,
     "住所地、经常居住地的收入比受诉法院所在地高的，可以按那里的标准。", NULL, NULL, NULL},
    {"cover", "交强险", TOOL_CHOICE, false, NULL, NULL, cover_option, NULL},
    {"fault", "对方承担多少责任（百分之几）", TOOL_NUMBER, false, "不填按100。", "70", NULL, NULL},
    {"mental_last", "交强险最后才赔精神损害", TOOL_YES_NO, false,
     "受害一方可以请求优先赔偿；不选的，按优先赔偿计算。", NULL, NULL, "cover:liable|blameless"},
    {"others_medical", "其他受害人的医疗费用", TOOL_MONEY, false,
     "交强险的限额是每次事故的，几名受害人按损失比例分。填同一次事故其他受害人这一类损失的合计；"
     "只有一名受害人的不填。",
     NULL, NULL, "cover:liable|blameless"},
    {"others_injury", "其他受害人的死亡伤残损失", TOOL_MONEY, false,
     "其他受害人的合计，含精神损害。", NULL, NULL, "cover:liable|blameless"},
    {"others_property", "其他受害人的财产损失", TOOL_MONEY, false, "其他受害人的合计。", NULL, NULL,
     "cover:liable|blameless"},
    {"commercial", "商业三者险的限额", TOOL_MONEY, false, "没有投保的不填。", NULL, NULL,
     "cover:liable|blameless"},
    {"paid", "对方已经支付的", TOOL_MONEY, false, NULL, NULL, NULL, NULL},
};

static const struct tool_field jurisdiction_fields[] = {
    {"cause", "案由", TOOL_CAUSE, false, NULL, NULL, NULL, NULL},
    {"defendant", "被告住在哪里", TOOL_TEXT, false,
     "写到区县；离开户籍地连续住满一年的，写现在住的地方。几个被告之间用分号。",
     "北京市朝阳区建国路1号", NULL, NULL},
    {"plaintiff", "您住在哪里", TOOL_TEXT, false, "写到区县。", "北京市丰台区", NULL, NULL},
    {"amount", "诉讼标的额", TOOL_MONEY, false, "影响由哪一级法院管辖。", NULL, NULL, NULL},
    {"about", "纠纷和什么有关", TOOL_CHOICE, false, "用来决定下面问什么。", NULL, about_option,
     NULL},
    {"performance", "合同在哪里履行", TOOL_TEXT, false, NULL, NULL, NULL, "about:contract|labour"},
    {"money_claim", "请求对方给付货币", TOOL_YES_NO, false,
     "合同没有约定履行地的，接收货币一方所在地是履行地。", NULL, NULL, "about:contract"},
    {"tort", "侵权行为或者结果发生在哪里", TOOL_TEXT, false, NULL, NULL, NULL,
     "about:tort|product"},
    {"accident", "事故发生在哪里", TOOL_TEXT, false, NULL, NULL, NULL, "about:accident"},
    {"immovable", "房屋、土地在哪里", TOOL_TEXT, false, NULL, NULL, NULL, "about:immovable"},
    {"estate", "被继承人死亡时住所地或者主要遗产在哪里", TOOL_TEXT, false, NULL, NULL, NULL,
     "about:estate"},
    {"use", "租赁物在哪里使用", TOOL_TEXT, false, NULL, NULL, NULL, "about:lease"},
    {"receipt", "网购的收货地", TOOL_TEXT, false, NULL, NULL, NULL, "about:online"},
    {"insured", "保险标的物在哪里", TOOL_TEXT, false, NULL, NULL, NULL, "about:insurance"},
    {"payment", "票据支付地", TOOL_TEXT, false, NULL, NULL, NULL, "about:bill"},
    {"company", "公司住所地", TOOL_TEXT, false, NULL, NULL, NULL, "about:company"},
    {"origin", "运输从哪里出发", TOOL_TEXT, false, NULL, NULL, NULL, "about:transport"},
    {"destination", "运输到哪里", TOOL_TEXT, false, NULL, NULL, NULL, "about:transport"},
    {"agreed", "书面约定的法院", TOOL_COURT, false, NULL, NULL, NULL, NULL},
    {"plaintiff_place", "依法可以由原告住所地法院管辖", TOOL_YES_NO, false,
     "例如对下落不明、被监禁、不在国内居住的人提起身份关系诉讼，追索赡养费、扶养费、抚养费而几个被告不在同一辖区。",
     NULL, NULL, NULL},
    {"foreign", "涉外、涉港澳台", TOOL_YES_NO, false, NULL, NULL, NULL, NULL},
};

static const struct tool_field reach_fields[] = {
    {"from", "您去哪家法院或者人民法庭", TOOL_COURT, true, "就近的那一家，作为协作法院。", "京0105",
     NULL, NULL},
    {"to", "事情归哪家法院办", TOOL_COURT, true, "有管辖权的法院，或者正在办理案件的法院。",
     "粤0307", NULL, NULL},
    {"kind", "办什么事", TOOL_CHOICE, false, "不选的，只看两家法院之间。", NULL, reach_option,
     NULL},
};

const struct tool tools[] = {
    {"fee", "诉讼费", "tool-fee", "计算诉讼费", fee_fields, COUNT(fee_fields)},
    {"period", "期限", "tool-period", "计算期限届满的日期", period_fields, COUNT(period_fields)},
    {"case-number", "案号", "tool-case-number", "核对案号", case_number_fields,
     COUNT(case_number_fields)},
    {"identifier", "证件号码", "tool-identifier", "核对证件和账户号码", identifier_fields,
     COUNT(identifier_fields)},
    {"interest", "利息", "tool-interest", "计算利息", interest_fields, COUNT(interest_fields)},
    {"debt", "迟延履行的本息", "tool-debt", "计算迟延履行期间的本金、利息和加倍部分债务利息",
     debt_fields, COUNT(debt_fields)},
    {"severance", "经济补偿、赔偿金和二倍工资", "tool-severance",
     "计算解除劳动合同的经济补偿、赔偿金和二倍工资", severance_fields, COUNT(severance_fields)},
    {"wages", "工资、加班费和年休假", "tool-wages", "计算拖欠的工资、加班费和未休年休假工资",
     wages_fields, COUNT(wages_fields)},
    {"penalty", "违约金", "tool-penalty", "计算违约金，看是不是过高", penalty_fields,
     COUNT(penalty_fields)},
    {"support", "抚养费", "tool-support", "计算子女抚养费", support_fields, COUNT(support_fields)},
    {"injury", "人身损害赔偿", "tool-injury", "计算人身损害赔偿，交通事故的分清交强险和各方责任",
     injury_fields, COUNT(injury_fields)},
    {"jurisdiction", "该去哪家法院", "tool-jurisdiction", "判断由哪家法院管辖", jurisdiction_fields,
     COUNT(jurisdiction_fields)},
    {"reach", "能不能跨域办理", "tool-reach", "判断一家法院能不能代另一家法院接收", reach_fields,
     COUNT(reach_fields)},
};

const size_t tools_count = COUNT(tools);

const struct tool *tool_find(Str name)
{
    for (size_t i = 0; i < tools_count; i++) {
        if (str_is(name, tools[i].name)) {
            return &tools[i];
        }
    }
    return NULL;
}
