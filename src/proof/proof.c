#include "proof/proof.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "proof/proofing.h"

struct check_rule {
    const char *title;
    enum severity severity;
    const char *basis; /* law, or "" for a convention of form */
};

enum { CLASSES = 7, CLASS_CHECKS = 12 };

/* By class and number; titles are shown to judges. */
static const struct check_rule CHECKS[CLASSES][CLASS_CHECKS] = {
    {{"姓名、名称前后一致", SEVERITY_ERROR, ""},
     {"公民身份号码的校验码", SEVERITY_ERROR, "GB 11643"},
     {"性别与公民身份号码一致", SEVERITY_ERROR, "GB 11643"},
     {"出生日期与公民身份号码一致", SEVERITY_ERROR, "GB 11643"},
     {"未成年人列明法定代理人", SEVERITY_ERROR, "民法典第17条至第23条，民事诉讼法第60条"},
     {"统一社会信用代码的校验码", SEVERITY_ERROR, "GB 32100"},
     {"名称用登记的全称", SEVERITY_ERROR, ""},
     {"代表人的称谓", SEVERITY_ERROR, "民事诉讼法第51条"},
     {"诉讼地位的称谓", SEVERITY_ERROR, ""},
     {"代理人的单位", SEVERITY_WARNING, "民事诉讼法第61条、第62条"},
     {"当事人列全，没有多列", SEVERITY_ERROR, ""},
     {"住址的写法", SEVERITY_WARNING, ""}},
    {{"案号的写法", SEVERITY_ERROR, "关于人民法院案件案号的若干规定"},
     {"案号类型与程序一致", SEVERITY_ERROR, "关于人民法院案件案号的若干规定"},
     {"法院用全称", SEVERITY_ERROR, ""},
     {"法院代字与法院一致", SEVERITY_ERROR, "关于人民法院案件案号的若干规定"},
     {"案由在现行规定之内", SEVERITY_ERROR, "民事案件案由规定"},
     {"案由用适当的最低一级", SEVERITY_WARNING, "民事案件案由规定"},
     {"文书种类", SEVERITY_ERROR, "民事诉讼法第157条"},
     {"审判组织与署名相符", SEVERITY_ERROR, "民事诉讼法第40条至第42条"},
     {"合议庭成员前后一致", SEVERITY_ERROR, ""},
     {"应有的部分齐全", SEVERITY_ERROR, "民事诉讼法第155条"},
     {"写明原裁判的案号", SEVERITY_WARNING, ""},
     {"送达本的核对", SEVERITY_ERROR, ""}},
    {{"合计等于各项之和", SEVERITY_ERROR, ""},
     {"大写与小写一致", SEVERITY_ERROR, ""},
     {"万元与元", SEVERITY_ERROR, ""},
     {"案件受理费的数额", SEVERITY_ERROR, "诉讼费用交纳办法第13条"},
     {"应当减半的费用", SEVERITY_ERROR, "诉讼费用交纳办法第15条、第16条"},
     {"费用负担之和等于费用", SEVERITY_ERROR, "诉讼费用交纳办法第29条"},
     {"利息的算式", SEVERITY_WARNING, ""},
     {"民间借贷利率的上限", SEVERITY_WARNING, "法释〔2020〕17号第25条"},
     {"判决不超出请求", SEVERITY_ERROR, "民事诉讼法第211条第11项"},
     {"单价与数量之积", SEVERITY_WARNING, ""},
     {"责任比例之和", SEVERITY_ERROR, ""},
     {"保全费的上限和档次", SEVERITY_ERROR, "诉讼费用交纳办法第14条第2项"}},
    {{"日期存在", SEVERITY_ERROR, ""},
     {"先后次序", SEVERITY_ERROR, ""},
     {"落款日期", SEVERITY_ERROR, ""},
     {"落款日期的写法", SEVERITY_WARNING, ""},
     {"开庭三日前通知", SEVERITY_ERROR, "民事诉讼法第139条"},
     {"答辩期", SEVERITY_ERROR, "民事诉讼法第128条"},
     {"举证期限", SEVERITY_WARNING, "民事诉讼法解释第99条"},
     {"查封冻结的期限", SEVERITY_ERROR, "民事诉讼法解释第485条"},
     {"履行期限", SEVERITY_ERROR, ""},
     {"审理期限", SEVERITY_WARNING, "民事诉讼法第152条、第164条、第168条"},
     {"利息起止", SEVERITY_ERROR, ""},
     {"星期", SEVERITY_WARNING, ""}},
    {{"条文存在", SEVERITY_ERROR, ""},
     {"引用有效的法律", SEVERITY_ERROR, "最高人民法院关于适用民法典时间效力的若干规定"},
     {"条文序号已变", SEVERITY_ERROR, "民事诉讼法（2023年修正）"},
     {"法律用全称", SEVERITY_WARNING, "法释〔2009〕14号第1条"},
     {"引用的先后", SEVERITY_WARNING, "法释〔2009〕14号第2条"},
     {"可以作为裁判依据", SEVERITY_ERROR, "法释〔2009〕14号第4条、第6条"},
     {"上诉权告知", SEVERITY_ERROR, "民事诉讼法第155条、第171条"},
     {"裁定的上诉期", SEVERITY_ERROR, "民事诉讼法第157条、第171条"},
     {"上诉法院", SEVERITY_ERROR, "民事诉讼法第171条"},
     {"终审的表述", SEVERITY_ERROR, "民事诉讼法第165条、第182条"},
     {"迟延履行的告知", SEVERITY_ERROR, "民事诉讼法第264条"},
     {"条、款、项的写法", SEVERITY_WARNING, ""}},
    {{"请求逐项处理", SEVERITY_ERROR, ""},
     {"主文可以执行", SEVERITY_ERROR, ""},
     {"主文与说理一致", SEVERITY_ERROR, ""},
     {"谁向谁给付", SEVERITY_ERROR, ""},
     {"责任形式一致", SEVERITY_ERROR, ""},
     {"没有评议内容", SEVERITY_ERROR, ""},
     {"公开文本隐名", SEVERITY_ERROR, "法释〔2016〕19号"},
     {"公开文本隐去个人信息", SEVERITY_ERROR, "法释〔2016〕19号"},
     {"模板残留", SEVERITY_ERROR, ""},
     {"错别字", SEVERITY_WARNING, ""},
     {"数字和标点的形式", SEVERITY_HINT, "GB/T 15834，GB/T 15835"},
     {"序号连续", SEVERITY_WARNING, ""}},
    {{"引文与条文原文一致", SEVERITY_WARNING, ""},
     {"起诉状应有的内容", SEVERITY_WARNING, "民事诉讼法第124条"},
     {"调解书的效力", SEVERITY_ERROR, "民事诉讼法第100条"},
     {"保全裁定的告知", SEVERITY_ERROR, "民事诉讼法第111条"},
     {"执行通知应有的内容", SEVERITY_WARNING, "民事诉讼法第251条、第252条"},
     {"限制消费、失信决定的救济", SEVERITY_WARNING, "法释〔2017〕7号第11条、第12条"},
     {"终本裁定应有的内容", SEVERITY_WARNING, "民事诉讼法解释第517条"},
     {"分配方案的异议期", SEVERITY_WARNING, "民事诉讼法解释第509条"},
     {"补正裁定的范围", SEVERITY_ERROR, "民事诉讼法第157条第7项"}},
};

static const struct check_rule *rule_of(const char *check)
{
    int class = check[0] - 'A';
    int number = (check[1] - '0') * 10 + (check[2] - '0');
    check(class >= 0 && class < CLASSES && number >= 1 && number <= CLASS_CHECKS);
    return &CHECKS[class][number - 1];
}

void proof_hit(struct proofing *p, const char *check, struct span at, Str proposal,
               const char *format, ...)
{
    char reason[600];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    check(n >= 0);
    size_t size = (size_t)n < sizeof reason ? (size_t)n : sizeof reason - 1;
    while (size > 0 && !utf8_is_valid(reason, size)) {
        size--; /* cut at the edge of a character */
    }
    const struct check_rule *rule = rule_of(check);
    findings_add(p->out, &(struct finding){.check = check,
                                           .title = rule->title,
                                           .severity = rule->severity,
                                           .at = at,
                                           .proposal = proposal,
                                           .reason = str_copy(p->arena, reason, size),
                                           .basis = rule->basis});
}

Str proof_yuan(struct proofing *p, Money fen)
{
    return fen % 100 == 0
               ? str_printf(p->arena, "%" PRId64 "元", fen / 100)
               : str_printf(p->arena, "%" PRId64 ".%02" PRId64 "元", fen / 100, fen % 100);
}

struct span proof_place(const struct proofing *p, struct span part)
{
    const struct reading *r = p->r;
    if (!span_is_empty(part)) {
        return reading_paragraph(r, scan_trim(r->text, part).from);
    }
    if (!span_is_empty(r->title)) {
        return r->title;
    }
    return r->paragraph_count > 0 ? r->paragraphs[r->paragraph_count - 1] : r->whole;
}

void proof_check(struct arena *arena, const struct proof_world *world, Str text,
                 const struct value *facts, Date today, struct findings *out)
{
    struct reading reading;
    findings_init(out, arena);
    reading_make(arena, world->tables, world->statutes, text, facts, today, &reading);
    struct proofing p = {arena, world, &reading, out};
    check_parties(&p);
    check_numbers(&p);
    check_shape(&p);
    check_amounts(&p);
    check_fees(&p);
    check_dates(&p);
    check_citations(&p);
    check_rights(&p);
    check_decision(&p);
    check_wording(&p);
    check_brackets(&p);
    check_slips(&p);
    check_quotations(&p);
    check_kind(&p);
    findings_sort(out);
}

void proof_passage(struct arena *arena, const struct proof_world *world, Str text,
                   const struct value *facts, Date today, struct findings *out)
{
    static const char *const needed[] = {
        "A01", "A02", "A03", "A04", "A06", "B01", "B03", "B04", "C01", "C02", "C03", "C06", "C10",
        "C11", "C12", "D01", "D11", "D12", "E01", "E02", "E03", "E12", "F09", "F10", "G01"};
    struct findings all;
    proof_check(arena, world, text, facts, today, &all);
    findings_init(out, arena);
    for (uint32_t i = 0; i < all.count; i++) {
        bool kept = false;
        for (size_t k = 0; k < sizeof needed / sizeof needed[0]; k++) {
            kept = kept || text_is(needed[k], all.items[i].check);
        }
        if (kept && all.items[i].severity != SEVERITY_HINT) {
            findings_add(out, &all.items[i]);
        }
    }
}

struct value *proof_checks(struct arena *arena)
{
    struct value *list = value_list(arena);
    for (int class = 0; class < CLASSES; class ++) {
        for (int i = 0; i < CLASS_CHECKS && CHECKS[class][i].title != NULL; i++) {
            struct value *view = value_map(arena);
            value_set_str(arena, view, "check", str_printf(arena, "%c%02d", 'A' + class, i + 1));
            value_set_text(arena, view, "title", CHECKS[class][i].title);
            value_set_text(arena, view, "severity", severity_name(CHECKS[class][i].severity));
            value_set_text(arena, view, "basis", CHECKS[class][i].basis);
            value_add(arena, list, view);
        }
    }
    return list;
}
