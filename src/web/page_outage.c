/* What the pages about outages need beyond the API's answers. */
#include "web/page_account.h"

static const struct entry_option functions[] = {
    {"all", "整个平台"},         {"filing", "提交和办理"}, {"uploads", "上传材料"},
    {"signing", "签名和验证码"}, {"messages", "短信通知"}, {"mail", "邮件通知"},
    {"papers", "生成文书"},      {"log", "存证日志"},      {NULL, NULL}};

static struct value *page_outages(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "状态和故障公告", false);
    const struct value *all = value_get(value, "functions");
    bool works = true;
    for (uint32_t i = 0; i < value_count(all); i++) {
        works = works && value_get_bool(value_item(all, i), "works");
    }
    value_set_bool(arena, view, "all_work", works);
    return view;
}

static struct value *page_outage(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "一次故障", true);
    value_set_bool(arena, view, "has_matters", value_count(value_get(value, "matters")) > 0);
    return view;
}

static struct value *page_announce(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"function", "停用什么", "is_select", true, NULL, NULL, NULL, functions},
        {"since", "开始", "is_datetime", true, "北京时间，要在停用之前公告。", NULL, NULL, NULL},
        {"until", "恢复", "is_datetime", true, NULL, NULL, NULL, NULL},
        {"text", "原因和影响", "is_long_text", true, "人人都能看到，请写得简短明白。", NULL, NULL,
         NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_of_admin(call, value, "停用公告", "outages");
    value_set(arena, view, "fields",
              entry_fields(arena, fields, sizeof fields / sizeof fields[0],
                           value_get(value, "said"), value_get(value, "errors")));
    return view;
}

const struct page_extra pages_outage[] = {
    {"outages", page_outages},
    {"outage", page_outage},
    {"admin-outages", page_announce},
    {NULL, NULL},
};
