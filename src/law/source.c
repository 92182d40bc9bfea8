#include "law/source.h"

#include <string.h>

static const struct {
    const char *id; /* with the version; a new version is a new row */
    const char *title;
} TEXTS[] = {
    {LAW_CIVIL_PROCEDURE, "《中华人民共和国民事诉讼法》"},
    {LAW_CIVIL_CODE, "《中华人民共和国民法典》"},
    {LAW_CIVIL_INTERPRETATION, "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》"},
    {LAW_EVIDENCE, "《最高人民法院关于民事诉讼证据的若干规定》"},
    {LAW_FEES, "《诉讼费用交纳办法》"},
    {LAW_FORMS, "起诉状、答辩状示范文本（法〔2025〕82号）"},
    {LAW_HOLIDAYS, "《全国年节及纪念日放假办法》"},
    {LAW_CASE_NUMBERS, "《关于人民法院案件案号的若干规定》"},
    {LAW_LENDING, "《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》"},
    {LAW_LENDING_OLD, "《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》（2015年）"},
    {LAW_DELAY, "《最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释》"},
    {LAW_LEVEL,
     "《最高人民法院关于调整中级人民法院管辖第一审民事案件标准的通知》（法发〔2021〕27号）"},
    {LAW_LEVEL_HIGH,
     "《最高人民法院关于调整高级人民法院和中级人民法院管辖第一审民事案件标准的通知》（法发〔2019〕14号）"},
    {LAW_FOREIGN, "《最高人民法院关于涉外民商事案件管辖若干问题的规定》"},
    {LAW_LABOUR, "《最高人民法院关于审理劳动争议案件适用法律问题的解释（一）》"},
    {LAW_CONSTRUCTION, "《最高人民法院关于审理建设工程施工合同纠纷案件适用法律问题的解释（一）》"},
    {LAW_MISSTATEMENT, "《最高人民法院关于审理证券市场虚假陈述侵权民事赔偿案件的若干规定》"},
    {LAW_SECURITIES, "《中华人民共和国证券法》"},
    {LAW_INSURANCE, "《中华人民共和国保险法》"},
    {LAW_ADMINISTRATIVE, "《中华人民共和国行政诉讼法》"},
    {LAW_COMPENSATION, "《中华人民共和国国家赔偿法》"},
    {LAW_CRIMINAL_PROCEDURE, "《中华人民共和国刑事诉讼法》"},
    {LAW_SIGNATURES, "《中华人民共和国电子签名法》"},
    {LAW_LABOUR_CONTRACT, "《中华人民共和国劳动合同法》"},
    {LAW_LABOUR_REGULATION, "《中华人民共和国劳动合同法实施条例》"},
    {LAW_LABOUR_LAW, "《中华人民共和国劳动法》"},
    {LAW_ANNUAL_LEAVE, "《企业职工带薪年休假实施办法》"},
    {LAW_WAGE_CONVERSION,
     "《关于职工全年月平均工作时间和工资折算问题的通知》（人社部发〔2025〕2号）"},
    {LAW_CONTRACT, "《最高人民法院关于适用〈中华人民共和国民法典〉合同编通则若干问题的解释》"},
    {LAW_FAMILY, "《最高人民法院关于适用〈中华人民共和国民法典〉婚姻家庭编的解释（一）》"},
    {LAW_INJURY, "《最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释》"},
    {LAW_MENTAL, "《最高人民法院关于确定民事侵权精神损害赔偿责任若干问题的解释》"},
    {LAW_ROAD_TRAFFIC, "《中华人民共和国道路交通安全法》"},
    {LAW_ACCIDENTS, "《最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释》"},
    {LAW_COMPULSORY, "《机动车交通事故责任强制保险条例》"},
    {"filing-registration-rules@2015", "《最高人民法院关于人民法院登记立案若干问题的规定》"},
    {"compensation-filing-rules@2012", "《最高人民法院关于国家赔偿案件立案工作的规定》"},
    {"enforcement-rules@2020", "《最高人民法院关于人民法院执行工作若干问题的规定（试行）》"},
    {"criminal-procedure-interpretation@2021",
     "《最高人民法院关于适用〈中华人民共和国刑事诉讼法〉的解释》"},
    {"objection-rules@2020", "《最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定》"},
    {"enforcement-interpretation@2020",
     "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉执行程序若干问题的解释》"},
    {"award-enforcement-rules@2018",
     "《最高人民法院关于人民法院办理仲裁裁决执行案件若干问题的规定》"},
    {"notarised-enforcement-rules@2018", "《最高人民法院关于公证债权文书执行若干问题的规定》"},
    {"enforcement-supervision-opinions@2023",
     "《最高人民法院关于办理申请执行监督案件若干问题的意见》"},
    {LAW_PLATFORM, "本平台规则"},
};

/* The row whose id the reference begins with, or -1; *length is the length of the id. */
static int text_of(Str reference, size_t *length)
{
    for (int i = 0; i < (int)(sizeof TEXTS / sizeof TEXTS[0]); i++) {
        size_t n = strlen(TEXTS[i].id);
        if (str_starts(reference, TEXTS[i].id) && (reference.n == n || reference.p[n] == ' ')) {
            *length = n;
            return i;
        }
    }
    return -1;
}

Str source_title(struct arena *arena, Str reference)
{
    size_t at = 0;
    int text = text_of(reference, &at);
    if (text < 0) {
        return reference;
    }
    struct buf buf;
    buf_init(&buf, arena, 1024);
    buf_text(&buf, TEXTS[text].title);
    if (at < reference.n && !source_is_ours(reference)) {
        size_t from = at + 1;
        size_t to = from;
        while (to < reference.n && reference.p[to] != '(') {
            to++;
        }
        buf_printf(&buf, "第%.*s条", (int)(to - from), reference.p + from);
        if (to < reference.n) {
            buf_printf(&buf, "第%.*s项", (int)(reference.n - to), reference.p + to);
        }
    }
    return buf_done(&buf);
}

bool source_is_ours(Str reference)
{
    return str_starts(reference, LAW_PLATFORM);
}
