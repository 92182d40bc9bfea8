#include "law/case_type.h"

#include <string.h>

#define SUPREME      (1U << COURT_SUPREME)
#define HIGH         (1U << COURT_HIGH)
#define INTERMEDIATE (1U << COURT_INTERMEDIATE)
#define BASIC        (1U << COURT_BASIC)
#define TRIBUNAL     (1U << COURT_TRIBUNAL)
#define APPEAL       (SUPREME | HIGH | INTERMEDIATE)
#define ALL_COURTS   (APPEAL | BASIC)

static const struct case_type TYPES[] = {
    {"刑辖", "刑事管辖案件", "管辖案件", APPEAL},
    {"民辖", "民事指定管辖案件", "管辖案件", APPEAL},
    {"民辖终", "民事管辖权异议上诉案件", "管辖案件", APPEAL},
    {"民辖监", "民事管辖监督案件", "管辖案件", APPEAL},
    {"行辖", "行政指定管辖案件", "管辖案件", APPEAL},
    {"行辖终", "行政管辖权异议上诉案件", "管辖案件", APPEAL},
    {"赔辖", "国家赔偿指定管辖案件", "管辖案件", APPEAL},
    {"赔辖终", "国家赔偿管辖上诉案件", "管辖案件", APPEAL},
    {"刑初", "刑事一审案件", "刑事案件", INTERMEDIATE | BASIC},
    {"刑终", "刑事二审案件", "刑事案件", APPEAL},
    {"刑监", "刑事依职权再审审查案件", "刑事案件", ALL_COURTS},
    {"刑申", "刑事申诉再审审查案件", "刑事案件", ALL_COURTS},
    {"刑抗", "刑事抗诉再审审查案件", "刑事案件", APPEAL},
    {"刑再", "刑事再审案件", "刑事案件", ALL_COURTS},
    {"刑没", "违法所得没收申请审查案件", "刑事案件", HIGH | INTERMEDIATE},
    {"刑核", "死刑及特殊刑罚复核案件", "刑事案件", SUPREME | HIGH},
    {"刑医", "强制医疗申请审查案件", "刑事案件", BASIC},
    {"刑医解", "解除强制医疗审查案件", "刑事案件", BASIC},
    {"刑医复", "强制医疗复议案件", "刑事案件", APPEAL},
    {"刑医监", "强制医疗监督案件", "刑事案件", ALL_COURTS},
    {"刑止", "停止执行死刑案件", "刑事案件", APPEAL},
    {"刑止调", "停止执行死刑调查案件", "刑事案件", APPEAL},
    {"刑止核", "停止执行死刑复核案件", "刑事案件", SUPREME},
    {"刑更", "刑罚与执行变更审查案件", "刑事案件", ALL_COURTS},
    {"刑更监", "刑罚与执行变更监督案件", "刑事案件", ALL_COURTS},
    {"刑更备", "刑罚与执行变更备案案件", "刑事案件", ALL_COURTS},
    {"刑他", "其他刑事案件", "刑事案件", ALL_COURTS},
    {"民初", "民事一审案件", "民事案件", ALL_COURTS | TRIBUNAL},
    {"民终", "民事二审案件", "民事案件", APPEAL},
    {"民监", "民事依职权再审审查案件", "民事案件", ALL_COURTS},
    {"民申", "民事申请再审审查案件", "民事案件", ALL_COURTS},
    {"民抗", "民事抗诉再审审查案件", "民事案件", APPEAL},
    {"民再", "民事再审案件", "民事案件", ALL_COURTS},
    {"民撤", "第三人撤销之诉案件", "民事案件", ALL_COURTS},
    {"民特", "民事特别程序案件", "民事案件", INTERMEDIATE | BASIC},
    {"民特监", "民事特别程序监督案件", "民事案件", ALL_COURTS},
    {"民催", "公示催告案件", "民事案件", BASIC},
    {"民督", "支付令申请案件", "民事案件", BASIC},
    {"民督监", "支付令监督案件", "民事案件", ALL_COURTS},
    {"民破", "破产案件（2016年前）", "民事案件", HIGH | INTERMEDIATE | BASIC},
    {"民算", "强制清算案件（2016年前）", "民事案件", HIGH | INTERMEDIATE | BASIC},
    {"民他", "其他民事案件", "民事案件", ALL_COURTS},
    {"行初", "行政一审案件", "行政案件", ALL_COURTS},
    {"行终", "行政二审案件", "行政案件", APPEAL},
    {"行监", "行政依职权再审审查案件", "行政案件", ALL_COURTS},
    {"行申", "行政申请再审审查案件", "行政案件", ALL_COURTS},
    {"行抗", "行政抗诉再审审查案件", "行政案件", APPEAL},
    {"行再", "行政再审案件", "行政案件", ALL_COURTS},
    {"行审", "非诉行政行为申请执行审查案件", "行政案件", ALL_COURTS},
    {"行审复", "非诉行政行为执行审查复议案件", "行政案件", APPEAL},
    {"行他", "其他行政案件", "行政案件", ALL_COURTS},
    {"行赔初", "行政赔偿一审案件", "行政案件", ALL_COURTS},
    {"行赔终", "行政赔偿二审案件", "行政案件", APPEAL},
    {"行赔监", "行政赔偿依职权再审审查案件", "行政案件", ALL_COURTS},
    {"行赔申", "行政赔偿申请再审审查案件", "行政案件", ALL_COURTS},
    {"行赔抗", "行政赔偿抗诉再审审查案件", "行政案件", APPEAL},
    {"行赔再", "行政赔偿再审案件", "行政案件", ALL_COURTS},
    {"法赔", "法院作为赔偿义务机关自赔案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"委赔", "赔偿委员会审理赔偿案件", "国家赔偿与司法救助案件", APPEAL},
    {"委赔监", "司法赔偿监督审查案件", "国家赔偿与司法救助案件", APPEAL},
    {"委赔提", "司法赔偿监督上级法院提审案件", "国家赔偿与司法救助案件", SUPREME | HIGH},
    {"委赔再", "司法赔偿监督本院重审案件", "国家赔偿与司法救助案件", APPEAL},
    {"赔他", "其他国家赔偿案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"司救刑", "刑事司法救助案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"司救民", "民事司法救助案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"司救行", "行政司法救助案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"司救赔", "国家赔偿司法救助案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"司救执", "执行司法救助案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"司救访", "涉诉信访司法救助案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"司救他", "其他司法救助案件", "国家赔偿与司法救助案件", ALL_COURTS},
    {"认台", "申请认可与执行台湾地区判决、仲裁裁决审查案件", "区际司法协助案件", ALL_COURTS},
    {"认港", "申请认可与执行香港特区判决、仲裁裁决审查案件", "区际司法协助案件", ALL_COURTS},
    {"认澳", "申请认可与执行澳门特区判决、仲裁裁决审查案件", "区际司法协助案件", ALL_COURTS},
    {"认复", "认可与执行审查复议案件", "区际司法协助案件", ALL_COURTS},
    {"认他", "其他认可与执行申请审查案件", "区际司法协助案件", ALL_COURTS},
    {"请台送", "请求台湾地区协助送达文书审查案件", "区际司法协助案件", ALL_COURTS},
    {"请港送", "请求香港特区协助送达文书审查案件", "区际司法协助案件", ALL_COURTS},
    {"请澳送", "请求澳门特区协助送达文书审查案件", "区际司法协助案件", ALL_COURTS},
    {"台请送", "台湾地区请求协助送达文书审查案件", "区际司法协助案件", ALL_COURTS},
    {"港请送", "香港特区请求协助送达文书审查案件", "区际司法协助案件", ALL_COURTS},
    {"澳请送", "澳门特区请求协助送达文书审查案件", "区际司法协助案件", ALL_COURTS},
    {"请台调", "请求台湾地区协助调查取证审查案件", "区际司法协助案件", ALL_COURTS},
    {"请港调", "请求香港特区协助调查取证审查案件", "区际司法协助案件", ALL_COURTS},
    {"请澳调", "请求澳门特区协助调查取证审查案件", "区际司法协助案件", ALL_COURTS},
    {"台请调", "台湾地区请求协助调查取证审查案件", "区际司法协助案件", ALL_COURTS},
    {"港请调", "香港特区请求协助调查取证审查案件", "区际司法协助案件", ALL_COURTS},
    {"澳请调", "澳门特区请求协助调查取证审查案件", "区际司法协助案件", ALL_COURTS},
    {"请移管", "请求移管被判刑人审查案件", "区际司法协助案件", ALL_COURTS},
    {"助移管", "协助移管被判刑人审查案件", "区际司法协助案件", ALL_COURTS},
    {"请移赃", "请求移交罪赃审查案件", "区际司法协助案件", ALL_COURTS},
    {"助移赃", "协助移交罪赃审查案件", "区际司法协助案件", ALL_COURTS},
    {"协外认", "承认与执行外国法院判决、仲裁裁决申请审查案件", "国际司法协助案件", ALL_COURTS},
    {"协他", "其他国际司法协助案件", "国际司法协助案件", ALL_COURTS},
    {"协外送", "协助外国送达文书审查案件", "国际司法协助案件", ALL_COURTS},
    {"请外送", "请求外国送达文书审查案件", "国际司法协助案件", ALL_COURTS},
    {"协外调", "协助外国调查取证审查案件", "国际司法协助案件", ALL_COURTS},
    {"请外调", "请求外国调查取证审查案件", "国际司法协助案件", ALL_COURTS},
    {"请外移", "请求外国移管被判刑人审查案件", "国际司法协助案件", ALL_COURTS},
    {"协外移", "协助外国移管被判刑人审查案件", "国际司法协助案件", ALL_COURTS},
    {"请外引", "请求外国引渡审查案件", "国际司法协助案件", ALL_COURTS},
    {"协外引", "协助外国引渡审查案件", "国际司法协助案件", ALL_COURTS},
    {"司惩", "司法制裁审查案件", "司法制裁案件", ALL_COURTS},
    {"司惩复", "司法制裁复议案件", "司法制裁案件", APPEAL},
    {"财保", "非诉财产保全审查案件", "非诉保全审查案件", ALL_COURTS},
    {"行保", "非诉行为保全审查案件", "非诉保全审查案件", ALL_COURTS},
    {"行保复", "非诉行为保全复议案件", "非诉保全审查案件", ALL_COURTS},
    {"证保", "非诉证据保全审查案件", "非诉保全审查案件", ALL_COURTS},
    {"执", "首次执行案件", "执行案件", ALL_COURTS},
    {"执恢", "恢复执行案件", "执行案件", ALL_COURTS},
    {"执保", "财产保全执行案件", "执行案件", ALL_COURTS},
    {"执异", "执行异议案件", "执行案件", ALL_COURTS},
    {"执复", "执行复议案件", "执行案件", APPEAL},
    {"执监", "执行监督案件", "执行案件", ALL_COURTS},
    {"执协", "执行协调案件", "执行案件", ALL_COURTS},
    {"执他", "其他执行案件", "执行案件", ALL_COURTS},
    {"清申", "强制清算申请审查案件", "强制清算与破产案件", HIGH | INTERMEDIATE | BASIC},
    {"清终", "强制清算上诉案件", "强制清算与破产案件", APPEAL},
    {"清监", "强制清算监督案件", "强制清算与破产案件", APPEAL},
    {"强清", "强制清算案件", "强制清算与破产案件", HIGH | INTERMEDIATE | BASIC},
    {"清他", "其他强制清算案件", "强制清算与破产案件", HIGH | INTERMEDIATE | BASIC},
    {"破申", "破产申请审查案件", "强制清算与破产案件", HIGH | INTERMEDIATE | BASIC},
    {"破终", "破产上诉案件", "强制清算与破产案件", APPEAL},
    {"破监", "破产监督案件", "强制清算与破产案件", APPEAL},
    {"破", "破产案件", "强制清算与破产案件", HIGH | INTERMEDIATE | BASIC},
    {"破他", "其他破产案件", "强制清算与破产案件", HIGH | INTERMEDIATE | BASIC},
    {"民诉前调", "民事诉前调解案件", "其他案件", ALL_COURTS | TRIBUNAL},
    {"诉前调", "诉前调解案件", "其他案件", ALL_COURTS},
    {"行诉前调", "行政诉前调解案件", "其他案件", ALL_COURTS},
};

enum { TYPE_COUNT = sizeof TYPES / sizeof TYPES[0] };

const struct case_type *case_types(int *count)
{
    *count = TYPE_COUNT;
    return TYPES;
}

const struct case_type *case_type_find(Str code)
{
    for (int i = 0; i < TYPE_COUNT; i++) {
        if (str_is(code, TYPES[i].code)) {
            return &TYPES[i];
        }
    }
    return NULL;
}

const struct case_type *case_type_begins(Str text)
{
    const struct case_type *best = NULL;
    size_t best_rank = 0;
    for (int i = 0; i < TYPE_COUNT; i++) {
        size_t n = strlen(TYPES[i].code);
        if (!str_starts(text, TYPES[i].code)) {
            continue;
        }
        bool digit = n < text.n && text.p[n] >= '1' && text.p[n] <= '9';
        size_t rank = n + (digit ? 100 : 0);
        if (rank > best_rank) {
            best = &TYPES[i];
            best_rank = rank;
        }
    }
    return best;
}

bool case_type_allowed(const struct case_type *type, enum court_level level)
{
    return (type->levels & (1U << level)) != 0;
}
