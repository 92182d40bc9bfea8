/* What the pages of the window and of the administrator need beyond the API's answers. */
#include "web/page_account.h"

#define COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))

static const struct entry_option kinds_of_people[] = {
    {"person", "本人"}, {"organisation", "代表单位"}, {"lawyer", "律师"}, {NULL, NULL}};
static const struct entry_option kinds_of_accounts[] = {
    {"staff", "法院工作人员"}, {"lawyer", "律师"}, {"person", "个人"}, {NULL, NULL}};
static const struct entry_option capacities[] = {{"legal-representative", "法定代表人、负责人"},
                                                 {"authorised", "受单位委托的工作人员"},
                                                 {NULL, NULL}};
static const struct entry_option posts[] = {
    {"window", "诉讼服务窗口"}, {"reviewer", "立案审核"}, {"judge", "审判"},
    {"clerk", "书记员"},        {"enforcement", "执行"},  {"leader", "立案庭负责人"},
    {"supervisor", "监督"},     {"mediator", "调解"},     {"administrator", "破产管理人"},
    {"sealer", "用印"},         {"admin", "系统管理"},    {NULL, NULL}};
static const struct entry_option tables[] = {{"courts", "法院"},
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
                                             {NULL, NULL}};

static struct value *fields_of(struct call *call, const struct entry_field *fields, size_t count,
                               const struct value *view)
{
    return entry_fields(call->cx->arena, fields, count, value_get(view, "said"),
                        value_get(view, "errors"));
}

static const char *title_of(const struct entry_option *options, Str value)
{
    for (const struct entry_option *o = options; o->value != NULL; o++) {
        if (str_is(value, o->value)) {
            return o->title;
        }
    }
    return value.p;
}

/* --- window --- */

static struct value *page_window(struct call *call, const struct value *value)
{
    static const struct entry_field find[] = {
        {"find", "证件", "is_identity", true, NULL, NULL, NULL, entry_papers}};
    static const struct entry_field enter[] = {
        {"kind", "来人", "is_choice", true, NULL, NULL, NULL, kinds_of_people},
        {"name", "姓名", "is_text", true, "与证件一致，生僻字也可以。", NULL, NULL, NULL},
        {"identity", "证件", "is_identity", true, NULL, NULL, NULL, entry_papers},
        {"phone", "手机号", "is_phone", false, "有手机的，以后可以凭验证码自己登录。", NULL, NULL,
         NULL},
        {"organisation.name", "单位名称", "is_text", true, "与营业执照一致。", NULL, "organisation",
         NULL},
        {"organisation.code", "统一社会信用代码", "is_text", true, NULL, NULL, "organisation",
         NULL},
        {"organisation.capacity", "在单位的身份", "is_choice", true, "请看授权委托书原件。", NULL,
         "organisation", capacities},
        {"licence", "律师执业证号", "is_text", true, NULL, NULL, "lawyer", NULL},
        {"firm", "律师事务所", "is_text", true, NULL, NULL, "lawyer", NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "窗口核验", true);
    const struct value *people = value_get(value, "people");
    const struct value *said = value_get(value, "said");
    bool entered = value_get_bool(value, "entered");
    bool finding = value_get(said, "find") != NULL && value_count(value_get(value, "errors")) > 0;
    if (finding) { /* what is refused is the number that was looked for */
        struct value *errors = value_list(arena);
        struct value *error = value_merge(arena, value_item(value_get(value, "errors"), 0), NULL);
        value_set_text(arena, error, "field", "find");
        value_set_text(arena, error, "href", "#f-find");
        value_add(arena, errors, error);
        value_set(arena, view, "errors", errors);
    }
    value_set(arena, view, "find_fields",
              entry_fields(arena, find, COUNT(find), entered ? NULL : said,
                           finding ? value_get(view, "errors") : NULL));
    value_set(arena, view, "fields", fields_of(call, enter, COUNT(enter), view));
    value_set_bool(arena, view, "has_people", value_count(people) > 0);
    value_set_bool(arena, view, "can_verify", !entered);
    return view;
}

/* --- administrator --- */

/* A page of the administrator, with what was changed there lately. */
static struct value *page_admin(struct call *call, const struct value *value, const char *title,
                                const char *at)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_of_admin(call, value, title, at);
    struct value *recent = page_audit_rows(call, value_get(value, "recent"));
    value_set(arena, view, "recent", recent);
    value_set_bool(arena, view, "has_recent", value_count(recent) > 0);
    return view;
}

static struct value *page_people(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"kind", "类别", "is_choice", true, NULL, NULL, NULL, kinds_of_accounts},
        {"name", "姓名", "is_text", true, NULL, NULL, NULL, NULL},
        {"login", "账号", "is_text", true, "字母、数字、汉字或者 . _ -。", NULL, NULL, NULL},
        {"phone", "手机号", "is_phone", false, NULL, NULL, NULL, NULL},
        {"post", "岗位", "is_select", false, NULL, NULL, "staff", posts},
        {"court", "法院", "is_court", false, NULL, NULL, "staff", NULL},
    };
    struct value *view = page_admin(call, value, "人员", "people");
    value_set(call->cx->arena, view, "fields", fields_of(call, fields, COUNT(fields), value));
    return view;
}

static struct value *page_posts(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"login", "账号", "is_text", true, NULL, NULL, NULL, NULL},
        {"post", "岗位", "is_select", true, NULL, NULL, NULL, posts},
        {"court", "法院", "is_court", false, "系统管理不填。", NULL, NULL, NULL},
    };
    struct value *view = page_admin(call, value, "岗位", "posts");
    value_set(call->cx->arena, view, "fields", fields_of(call, fields, COUNT(fields), value));
    return view;
}

/* The posts, ticked where a second factor is wanted. */
static struct value *page_admin_totp(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"posts", "必须两步登录的岗位", "is_choices", false, NULL, NULL, NULL, posts}};
    struct arena *arena = call->cx->arena;
    struct value *view = page_admin(call, value, "两步登录", "totp");
    value_set(arena, view, "fields",
              entry_fields(arena, fields, COUNT(fields), value, value_get(value, "errors")));
    return view;
}

static struct value *page_tables(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"kind", "哪一张表", "is_select", true, NULL, NULL, NULL, tables},
        {"valid_from", "从哪一天起用", "is_date", false, "不填就是今天。", NULL, NULL, NULL},
        {"text", "全文", "is_long_text", true, "CSV，第一行是列名，和现在的版本一样。", NULL, NULL,
         NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_admin(call, value, "表格", "tables");
    struct value *list = value_list(arena);
    const struct value *rows = value_get(value, "tables");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        value_set_text(arena, row, "kind_title", title_of(tables, value_get_str(row, "kind")));
        value_set_bool(arena, row, "by_admin", !value_is_null(value_get(row, "loaded_by")));
        value_add(arena, list, row);
    }
    value_set(arena, view, "tables", list);
    value_set(arena, view, "fields", fields_of(call, fields, COUNT(fields), value));
    return view;
}

static struct value *page_options(struct call *call, const struct value *value)
{
    return page_of_admin(call, value, "选项", "options");
}

/* Rows of what was given up, with the reason in words. */
static struct value *parked_rows(struct call *call, const struct value *rows, const char *fault)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        value_set_str(arena, row, "fault_title", page_fault_words(call, value_get_str(row, fault)));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *page_jobs(struct call *call, const struct value *value)
{
    struct value *view = page_admin(call, value, "搁置的工作", "jobs");
    value_set(call->cx->arena, view, "jobs",
              parked_rows(call, value_get(value, "jobs"), "last_error"));
    return view;
}

static struct value *page_letters(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_admin(call, value, "没有发出的短信和邮件", "letters");
    struct value *list = value_list(arena);
    const struct value *rows = parked_rows(call, value_get(value, "messages"), "last_error");
    Str said_id = value_get_str(value, "said_id");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        bool said = said_id.n > 0 && str_same(said_id, value_get_str(row, "id"));
        value_set(arena, row, "reason",
                  said ? value_get(value_get(value, "said"), "reason") : NULL);
        value_set_bool(arena, row, "open", said);
        value_add(arena, list, row);
    }
    value_set(arena, view, "messages", list);
    return view;
}

static struct value *page_clocks(struct call *call, const struct value *value)
{
    struct value *view = page_admin(call, value, "搁置的期限", "clocks");
    value_set(call->cx->arena, view, "clocks",
              parked_rows(call, value_get(value, "clocks"), "fault"));
    return view;
}

static struct value *page_certificates(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_admin(call, value, "数字证书", "certificates");
    struct value *list = page_certificate_rows(arena, value_get(value, "certificates"));
    Str said_id = value_get_str(value, "said_id");
    for (uint32_t i = 0; i < value_count(list); i++) {
        struct value *row = list->as.items[i];
        bool said = said_id.n > 0 && str_same(said_id, value_get_str(row, "serial"));
        value_set_str(arena, row, "typed",
                      said ? value_get_str(value_get(value, "said"), "reason") : STR(""));
        value_set_bool(arena, row, "open", said);
    }
    value_set(arena, view, "certificates", list);
    return view;
}

static struct value *page_audit(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_admin(call, value, "留痕", "audit");
    value_set(arena, view, "audit", page_audit_rows(call, value_get(value, "audit")));
    return view;
}

const struct page_extra pages_office[] = {
    {"window-people", page_window},  {"admin-people", page_people},
    {"admin-posts", page_posts},     {"admin-totp", page_admin_totp},
    {"admin-tables", page_tables},   {"admin-jobs", page_jobs},
    {"admin-letters", page_letters}, {"admin-clocks", page_clocks},
    {"admin-options", page_options}, {"admin-certificates", page_certificates},
    {"admin-audit", page_audit},     {NULL, NULL},
};
