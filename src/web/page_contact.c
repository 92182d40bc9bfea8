/* What the pages of the directory of contacts need beyond the API's answers. */
#include <stdlib.h>

#include "base/clock.h"
#include "web/contact.h"
#include "web/page_account.h"
#include "web/page_parts.h"

#define COUNT(fields) (sizeof(fields) / sizeof((fields)[0]))

enum { PLACES_MAX = 64 }; /* high courts: 34 */

static const struct entry_option yes_no[] = {
    {"yes", "公开，当事人也能看到"}, {"no", "不公开，只给法院工作人员看"}, {NULL, NULL}};

static const struct entry_field contact_fields[] = {
    {"officer", "联络人", "is_text", true, NULL, NULL, NULL, NULL},
    {"mobile", "联络人手机", "is_phone", false, "加密保存，只给法院工作人员看；超时提醒发到这里。",
     NULL, NULL, NULL},
    {"backup", "备用联络人", "is_text", false, NULL, NULL, NULL, NULL},
    {"backup_mobile", "备用联络人手机", "is_phone", false, NULL, NULL, NULL, NULL},
    {"office_phone", "办公电话", "is_phone", false, "带区号。", NULL, NULL, NULL},
    {"phone_public", "办公电话是否公开", "is_choice", true, NULL, NULL, NULL, yes_no},
    {"room", "办公地点", "is_text", false, "例如：诉讼服务中心2号窗口。", NULL, NULL, NULL},
};

static const char *field_title(Str field)
{
    for (size_t i = 0; i < COUNT(contact_fields); i++) {
        if (str_is(field, contact_fields[i].path)) {
            return contact_fields[i].title;
        }
    }
    return field.p;
}

static Str below_href(struct arena *arena, Str code)
{
    return str_printf(arena, "/contacts?parent=%s", text_percent_encode(arena, code).p);
}

/* As maps and tables of the country have them: by division code, what has none behind. */
static int place_order(const void *a, const void *b)
{
    const struct court *one = *(const struct court *const *)a;
    const struct court *other = *(const struct court *const *)b;
    int order = (one->division.n == 0) - (other->division.n == 0);
    order = order != 0 ? order : str_compare(one->division, other->division);
    return order != 0 ? order : str_compare(one->code, other->code);
}

/* The directory by place: whoever does not search goes from the province down. */
static struct value *places_of(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct law_tables *tables = page_tables(call);
    struct value *list = value_list(arena);
    const struct court *high[PLACES_MAX];
    size_t count = 0;
    for (int i = 0; i < tables->court_count; i++) {
        if (tables->courts[i].level == COURT_HIGH && count < PLACES_MAX) {
            high[count++] = &tables->courts[i];
        }
    }
    qsort(high, count, sizeof high[0], place_order);
    for (size_t i = 0; i < count; i++) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "title",
                      court_province_name(tables, court_province(arena, high[i])));
        value_set_str(arena, row, "href", below_href(arena, high[i]->code));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *page_contacts(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "跨域立案通讯录", false);
    struct value *list = value_list(arena);
    const struct value *rows = value_get(value, "contacts");
    const struct court *above = court_by_code(page_tables(call), call_param(call, "parent"));
    bool folded = call_param(call, "q").n == 0 && call_param(call, "parent").n == 0 &&
                  call_param(call, "level").n == 0 && call_param(call, "page").n == 0;
    for (uint32_t i = 0; !folded && i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        Str level = value_get_str(row, "level");
        bool has_below = !str_is(level, "人民法庭");
        value_set(arena, row, "below",
                  has_below
                      ? value_str(arena,
                                  below_href(arena, value_get_str(value_get(row, "court"), "code")))
                      : NULL);
        value_add(arena, list, row);
    }
    value_set_bool(arena, view, "folded", folded);
    value_set(arena, view, "places", folded ? places_of(call) : NULL);
    value_set(arena, view, "next", folded ? NULL : value_get(value, "next"));
    value_set(arena, view, "above", above == NULL ? NULL : value_str(arena, above->name));
    value_set(arena, view, "contacts", list);
    value_set_str(arena, view, "q", call_param(call, "q"));
    value_set_bool(arena, view, "staff", call->actor.post.n > 0);
    contact_task_set(call, view);
    return view;
}

/* What stands, as the form says it. */
static struct value *said_of(struct arena *arena, const struct value *value)
{
    struct value *said = value_merge(arena, value, NULL);
    value_set_text(arena, said, "phone_public",
                   value_get_bool(value, "phone_public") ? "yes" : "no");
    return said;
}

static struct value *changes_of(struct arena *arena, const struct value *changes)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(changes); i++) {
        struct value *row = value_merge(arena, value_item(changes, i), NULL);
        Str field = value_get_str(row, "field");
        value_set_text(arena, row, "title", field_title(field));
        if (str_is(field, "phone_public")) {
            value_set_text(arena, row, "was",
                           str_is(value_get_str(row, "was"), "yes") ? "公开" : "不公开");
            value_set_text(arena, row, "becomes",
                           str_is(value_get_str(row, "becomes"), "yes") ? "公开" : "不公开");
        }
        value_add(arena, list, row);
    }
    return list;
}

static struct value *page_contact(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "联络人", false);
    const struct value *said = value_get(value, "said");
    value_set_bool(arena, view, "staff", call->actor.post.n > 0);
    value_set(arena, view, "fields",
              entry_fields(arena, contact_fields, COUNT(contact_fields),
                           said == NULL ? said_of(arena, value) : said,
                           value_get(value, "errors")));
    value_set(arena, view, "changes", changes_of(arena, value_get(value, "changes")));
    return view;
}

/* --- hours --- */

static const struct entry_option weekdays[] = {
    {"all", "每个工作日"}, {"1", "每周一"}, {"2", "每周二"}, {"3", "每周三"},       {"4", "每周四"},
    {"5", "每周五"},       {"6", "每周六"}, {"7", "每周日"}, {"day", "只有那一天"}, {NULL, NULL}};

static const char *weekday_title(Str value)
{
    for (const struct entry_option *o = weekdays; o->value != NULL; o++) {
        if (str_is(value, o->value)) {
            return o->title;
        }
    }
    return value.p;
}

static struct value *hours_row(struct arena *arena, const struct value *value)
{
    struct value *row = value_merge(arena, value, NULL);
    value_set_text(arena, row, "weekday_title", weekday_title(value_get_str(row, "weekday")));
    value_set_bool(arena, row, "one_day", str_is(value_get_str(row, "weekday"), "day"));
    return row;
}

static struct value *page_hours(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"valid_from", "从哪一天起", "is_date", true, "今天或者以后。", NULL, NULL, NULL},
        {"weekday", "哪些日子", "is_select", true, "法定节假日和调休按国家安排，不用另填。", NULL,
         NULL, weekdays},
        {"am_start", "上午开始", "is_text", false, "例如 09:00。全天不办公的，四项都不填。", NULL,
         NULL, NULL},
        {"am_end", "上午结束", "is_text", false, NULL, NULL, NULL, NULL},
        {"pm_start", "下午开始", "is_text", false, NULL, NULL, NULL, NULL},
        {"pm_end", "下午结束", "is_text", false, NULL, NULL, NULL, NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "办公时间", false);
    struct value *said = value_merge(arena, value_get(value, "said"), NULL);
    struct value *rows = value_list(arena);
    const struct value *list = value_get(value, "rows");
    const struct value *preview = value_get(value, "preview");
    for (uint32_t i = 0; i < value_count(list); i++) {
        value_add(arena, rows, hours_row(arena, value_item(list, i)));
    }
    if (value_get_str(said, "valid_from").n == 0) {
        value_set_str(arena, said, "valid_from", date_format(arena, instant_date(clock_now())));
    }
    if (value_get_str(said, "weekday").n == 0) {
        value_set_text(arena, said, "weekday", "all");
    }
    if (preview != NULL) {
        struct value *row = value_merge(arena, preview, NULL);
        value_set(arena, row, "row", hours_row(arena, value_get(preview, "row")));
        value_set(arena, view, "preview", row);
    }
    value_set(arena, view, "rows", rows);
    value_set_bool(arena, view, "has_rows", rows->count > 0);
    value_set(arena, view, "fields",
              entry_fields(arena, fields, COUNT(fields), said, value_get(value, "errors")));
    return view;
}

/* --- following and complaining --- */

static const struct entry_option scores[] = {{"5", "5分，非常满意"}, {"4", "4分"},
                                             {"3", "3分"},           {"2", "2分"},
                                             {"1", "1分，很不满意"}, {NULL, NULL}};
static const struct entry_option abouts[] = {{"not-received", "不接收材料，不出凭证"},
                                             {"late", "超过期限没有决定"},
                                             {"corrections", "反复要求补材料"},
                                             {"unreachable", "联系不上，没有人回应"},
                                             {"manner", "服务态度、收费等"},
                                             {"other", "其他"},
                                             {NULL, NULL}};

static struct value *page_follow(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"score", "几分", "is_choice", true, NULL, NULL, NULL, scores},
        {"comment", "您的意见", "is_long_text", false, "最多1000个字。", NULL, NULL, NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "办理进度", true);
    struct value *errors = value_list(arena);
    const struct value *refused = value_get(value, "errors");
    for (uint32_t i = 0; i < value_count(refused); i++) { /* the act's fields are deeper */
        struct value *error = value_merge(arena, value_item(refused, i), NULL);
        Str field = value_get_str(error, "field");
        if (str_starts(field, "rating.")) {
            value_set_str(arena, error, "field", str_slice(arena, field, 7, field.n));
            value_set_str(arena, error, "href",
                          str_printf(arena, "#f-%s", str_slice(arena, field, 7, field.n).p));
        }
        value_add(arena, errors, error);
    }
    value_set(arena, view, "errors", errors);
    value_set_bool(arena, view, "has_ladder", value_count(value_get(value, "ladder")) > 0);
    clocks_set(arena, value_get(value, "clocks"), view);
    value_set(arena, view, "rating_fields",
              entry_fields(arena, fields, COUNT(fields), call->body, errors));
    return view;
}

static struct value *page_complaint(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"about", "投诉什么", "is_choice", true, NULL, NULL, NULL, abouts},
        {"text", "具体情况", "is_long_text", true, "什么时候、什么事。最多2000个字。", NULL, NULL,
         NULL},
        {"phone", "联系电话", "is_phone", false, "愿意接听答复电话的填；不填的，凭查询码看答复。",
         NULL, NULL, NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "投诉", true);
    const struct value *said = value_get(value, "said");
    const struct value *collaborator = value_get(value, "collaborator");
    struct value *list = value_list(arena);
    if (!value_is_null(collaborator)) {
        struct entry_option courts[3] = {
            {"court", value_get_str(value_get(value, "court"), "name").p},
            {"collaborator", value_get_str(collaborator, "name").p},
            {NULL, NULL}};
        const struct entry_field which = {"court", "投诉哪一家", "is_choice", true,
                                          NULL,    NULL,         NULL,        courts};
        struct value *chosen = value_merge(arena, said, NULL);
        if (value_get_str(chosen, "court").n == 0) {
            value_set_text(arena, chosen, "court", "court");
        }
        list = entry_fields(arena, &which, 1, chosen, NULL);
    }
    struct value *rest =
        entry_fields(arena, fields, COUNT(fields), said, value_get(value, "errors"));
    for (uint32_t i = 0; i < value_count(rest); i++) {
        value_add(arena, list, value_item(rest, i));
    }
    value_set(arena, view, "fields", list);
    return view;
}

static struct value *page_admin_contacts(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"text", "表格全文", "is_long_text", true,
         "CSV，第一行是列名：court,officer,backup,office_phone,mobile,backup_mobile,room,phone_public。"
         "court 填代码或者全称，phone_public 填 yes 或者不填。",
         NULL, NULL, NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_of_admin(call, value, "导入通讯录", "contacts");
    value_set_bool(arena, view, "imported", value_get(value, "made") != NULL);
    value_set(arena, view, "fields",
              entry_fields(arena, fields, COUNT(fields), value_get(value, "said"),
                           value_get(value, "errors")));
    return view;
}

const struct page_extra pages_contact[] = {
    {"contacts", page_contacts},
    {"contact", page_contact},
    {"hours", page_hours},
    {"follow", page_follow},
    {"complaint", page_complaint},
    {"admin-contacts", page_admin_contacts},
    {NULL, NULL},
};
