/* What the audit and what was given up say, in words: rows hold names of ours, ids and JSON. */
#include <inttypes.h>

#include "base/json.h"
#include "web/page_account.h"
#include "web/page_parts.h"

enum { WORDS_BYTES_MAX = 1 << 16 };

/* What was done. */
static const struct entry_option whats[] = {{"register", "注册"},
                                            {"verify-identity", "核验身份"},
                                            {"look-up-identity", "查找证件"},
                                            {"enter-person", "窗口录入"},
                                            {"verify-authority", "核验代表单位的手续"},
                                            {"add-person", "添加人员"},
                                            {"disable-person", "停用"},
                                            {"enable-person", "恢复"},
                                            {"reset-password", "重置密码"},
                                            {"change-password", "修改密码"},
                                            {"change-phone", "更换手机号"},
                                            {"change-notices", "选择消息提醒"},
                                            {"recover-password", "忘记密码，凭验证码重设"},
                                            {"enable-totp", "开启两步登录"},
                                            {"renew-totp-codes", "换一组备用码"},
                                            {"end-totp", "关闭两步登录"},
                                            {"scan-confirm", "手机上确认扫码登录"},
                                            {"scan-refuse", "手机上拒绝扫码登录"},
                                            {"scan-log-in", "扫码登录"},
                                            {"issue-certificate", "申领、更新数字证书"},
                                            {"revoke-certificate", "吊销数字证书"},
                                            {"reset-totp", "取消他人的两步登录"},
                                            {"require-totp", "规定哪些岗位两步登录"},
                                            {"give-post", "添加岗位"},
                                            {"end-post", "结束岗位"},
                                            {"name-assistant", "添加助理"},
                                            {"agree-assistant", "同意当助理"},
                                            {"end-assistant", "停止助理"},
                                            {"load-table", "载入表格"},
                                            {"set-option", "打开、关闭选项"},
                                            {"retry-job", "重做工作"},
                                            {"retry-message", "重新发送短信、邮件"},
                                            {"drop-message", "不再发送短信、邮件"},
                                            {"announce-outage", "公告停用"},
                                            {"cancel-outage", "取消公告的停用"},
                                            {"retry-clock", "重做期限"},
                                            {"clock-parked", "期限未能执行"},
                                            {"import-people", "批量导入人员"},
                                            {"import-contacts", "导入通讯录"},
                                            {"change-hours", "修改办公时间"},
                                            {"change-contact", "修改联络人"},
                                            {"verify-contact", "核对联络人"},
                                            {"report-contact", "反映联系不上"},
                                            {"assign-review", "分给个人审核"},
                                            {"pass-reviews", "转办"},
                                            {"review-automatic", "打开、停止自动分案"},
                                            {"add-absence", "登记不在岗"},
                                            {"cancel-absence", "取消不在岗登记"},
                                            {"add-phrase", "添加本院常用语"},
                                            {"drop-phrase", "删除本院常用语"},
                                            {"start-batch", "提交批次"},
                                            {"signing-ask", "请人签名"},
                                            {"signing-remind", "再次请人签名"},
                                            {"signing-withdraw", "撤回签名请求"},
                                            {"signing-signed", "凭链接签名"},
                                            {"signing-refused", "凭链接不同意签名"},
                                            {NULL, NULL}};

/* Keys of details. */
static const struct entry_option keys[] = {{"kind", "类别"},
                                           {"post", "岗位"},
                                           {"posts", "岗位"},
                                           {"court", "法院"},
                                           {"version", "版本"},
                                           {"job", "编号"},
                                           {"certificate", "证书编号"},
                                           {"reason", "理由"},
                                           {"matter", "事项"},
                                           {"clock", "第几个期限"},
                                           {"option", "选项"},
                                           {"on", "打开"},
                                           {"automatic", "自动分案"},
                                           {"function", "功能"},
                                           {"since", "从"},
                                           {"until", "到"},
                                           {"from", "从"},
                                           {"to", "到"},
                                           {"substitute", "代办人员"},
                                           {"waiting", "当时待办"},
                                           {"matters", "件数"},
                                           {"claims", "件数"},
                                           {"signed", "摘要（SM3）"},
                                           {"signing", "签名"},
                                           {"found", "查到"},
                                           {"papers", "证件"},
                                           {"source", "依据"},
                                           {"verification", "核验"},
                                           {"organisation", "统一社会信用代码"},
                                           {"made", "新增"},
                                           {"changed", "修改"},
                                           {"updated", "更新"},
                                           {"text", "内容"},
                                           {NULL, NULL}};

/* Values of details that are names of ours. */
static const struct entry_option values[] = {{"staff", "法院工作人员"},
                                             {"lawyer", "律师"},
                                             {"person", "个人"},
                                             {"organisation", "单位"},
                                             {"window", "窗口"},
                                             {"registry", "身份核验"},
                                             {"demo", "演示"},
                                             {"all", "整个平台"},
                                             {"filing", "提交和办理"},
                                             {"uploads", "上传材料"},
                                             {"signing", "签名和验证码"},
                                             {"messages", "短信通知"},
                                             {"mail", "邮件通知"},
                                             {"log", "存证日志"},
                                             {"courts", "法院"},
                                             {"divisions", "行政区划"},
                                             {"causes", "案由"},
                                             {"element-forms", "要素式诉状"},
                                             {"holidays", "节假日"},
                                             {"hours", "办公时间"},
                                             {"fees", "诉讼费"},
                                             {"lpr", "贷款市场报价利率"},
                                             {"regional", "各地工资、收入和消费支出"},
                                             {"compulsory-insurance", "交强险责任限额"},
                                             {"pinyin", "拼音"},
                                             {"circular-skip-rest-days", "休息日不印发日通报"},
                                             {NULL, NULL}};

/* Of subjects, "person:12". */
static const struct entry_option subjects[] = {
    {"person", "人员"}, {"matter", "事项"}, {"outage", "停用"}, {"batch", "批次"}, {NULL, NULL}};

static const char *word_in(const struct entry_option *words, Str value)
{
    for (const struct entry_option *o = words; o->value != NULL; o++) {
        if (str_is(value, o->value)) {
            return o->title;
        }
    }
    return value.p;
}

static const char *court_word(const struct call *call, Str code)
{
    const struct court *court = court_by_code(page_tables(call), code);
    return court == NULL ? code.p : court->name.p;
}

static void posts_word(struct call *call, struct buf *out, Str posts)
{
    Str *part = NULL;
    size_t count = str_split(call->cx->arena, posts, ' ', &part);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%s", i == 0 ? "" : "、", post_title(part[i]));
    }
}

static void value_word(struct call *call, struct buf *out, Str key, const struct value *v)
{
    struct arena *arena = call->cx->arena;
    Str text = value_as_str(v);
    Instant at = 0;
    Date day = 0;
    if (v->kind == VALUE_BOOL) {
        buf_printf(out, "%s", value_as_bool(v) ? "是" : "否");
    } else if (v->kind == VALUE_INT) {
        buf_printf(out, "%" PRId64, value_as_int(v));
    } else if (str_is(key, "court")) {
        buf_printf(out, "%s", court_word(call, text));
    } else if (str_is(key, "post") || str_is(key, "posts")) {
        posts_word(call, out, text);
    } else if (instant_parse(text, &at)) {
        buf_printf(out, "%s", instant_chinese(arena, at).p);
    } else if (date_parse(text, &day)) {
        buf_printf(out, "%s", date_chinese(arena, day).p);
    } else if (str_is(key, "papers")) {
        buf_printf(out, "%s", word_in(entry_papers, text));
    } else {
        buf_printf(out, "%s", word_in(values, text));
    }
}

/* "岗位：立案审核，法院：北京市朝阳区人民法院"; lists, and what is no map, are left out. */
static Str detail_words(struct call *call, Str json)
{
    struct cx own;
    struct value *detail = NULL;
    struct buf out;
    const char *between = "";
    cx_init(&own, call->cx->arena);
    if (json_read(&own, json, &detail) != OK) {
        return (Str){"", 0};
    }
    buf_init(&out, call->cx->arena, WORDS_BYTES_MAX);
    for (uint32_t i = 0; value_is_map(detail) && i < detail->count; i++) {
        Str key = detail->as.members[i].key;
        const struct value *v = detail->as.members[i].value;
        bool empty = value_is_null(v) || value_is_list(v) || value_is_map(v) ||
                     (value_is_text(v) && value_as_str(v).n == 0);
        if (!empty) {
            buf_printf(&out, "%s%s：", between, word_in(keys, key));
            value_word(call, &out, key, v);
            between = "，";
        }
    }
    return buf_done(&out);
}

/* 人员12 for "person:12", the name of a court for "court:京0105"; "12/1" is a clock of a matter. */
static Str subject_words(struct call *call, Str subject)
{
    struct arena *arena = call->cx->arena;
    Str *part = NULL;
    if (str_split(arena, subject, '/', &part) == 2) {
        return str_printf(arena, "事项%.*s，第%.*s个期限", STR_ARG(part[0]), STR_ARG(part[1]));
    }
    if (str_split(arena, subject, str_has(subject, ":") ? ':' : ' ', &part) != 2) {
        return subject;
    }
    return str_is(part[0], "court")
               ? str_of(court_word(call, part[1]))
               : str_printf(arena, "%s%.*s", word_in(subjects, part[0]), STR_ARG(part[1]));
}

struct value *page_audit_rows(struct call *call, const struct value *rows)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        Str person = value_get_str(row, "person");
        value_set_text(arena, row, "what_title", word_in(whats, value_get_str(row, "what")));
        value_set_str(arena, row, "by_title",
                      str_is(person, "0") ? STR("由系统办理")
                                          : str_printf(arena, "经办人%.*s", STR_ARG(person)));
        value_set_str(arena, row, "subject_title",
                      subject_words(call, value_get_str(row, "subject")));
        value_set_str(arena, row, "detail_title", detail_words(call, value_get_str(row, "detail")));
        value_add(arena, list, row);
    }
    return list;
}

Str page_fault_words(struct call *call, Str fault)
{
    struct arena *arena = call->cx->arena;
    Str *part = NULL;
    if (str_split(arena, fault, ' ', &part) != 2 ||
        !message_is_known(call->app->messages, part[0].p)) {
        return fault;
    }
    /* What a citizen is told of our own mistakes, that it is none of his, is no news here. */
    Str title = str_is(part[0], "bug") ? STR("程序出错")
                                       : message_title(call->app->messages, arena, part[0].p, NULL);
    return str_printf(arena, "%s（日志编号%.*s）", title.p, STR_ARG(part[1]));
}
