/* Views of the calculators: the form with what was entered, and the answer in words. */
#include <inttypes.h>
#include <string.h>

#include "law/source.h"
#include "web/page_parts.h"
#include "web/pages.h"
#include "web/tool.h"

static const char TOOLS_PATH[] = "/tools/";

/* --- the form --- */

static const char *flag_of(enum tool_type type)
{
    switch (type) {
    case TOOL_TEXT:
    case TOOL_ROWS: return "is_text";
    case TOOL_MONEY: return "is_money";
    case TOOL_RATE: return "is_rate";
    case TOOL_DATE: return "is_date";
    case TOOL_NUMBER: return "is_number";
    case TOOL_CHOICE: return "is_select";
    case TOOL_YES_NO: return "is_yes_no";
    case TOOL_COURT: return "is_court";
    case TOOL_CAUSE: return "is_cause";
    }
    return "is_text";
}

static Str error_at(const struct value *errors, const char *field)
{
    for (uint32_t i = 0; i < value_count(errors); i++) {
        const struct value *error = value_item(errors, i);
        if (str_is(value_get_str(error, "field"), field)) {
            return value_get_str(error, "title");
        }
    }
    return STR("");
}

static struct value *options_view(struct arena *arena, const struct tool_field *field, Str said)
{
    struct value *list = value_list(arena);
    struct tool_option option;
    for (size_t i = 0; field->option(i, &option); i++) {
        struct value *row = value_map(arena);
        value_set_text(arena, row, "value", option.value);
        value_set_text(arena, row, "title", option.title);
        value_set_bool(arena, row, "checked", str_is(said, option.value));
        value_add(arena, list, row);
    }
    return list;
}

/* Nobody having answered what it depends on, an entry is shown: without script it must be there. */
static void set_when(struct call *call, struct value *row, const struct tool_field *field)
{
    struct arena *arena = call->cx->arena;
    Str *parts = NULL;
    if (field->when == NULL || str_split(arena, str_of(field->when), ':', &parts) != 2) {
        return;
    }
    struct value *when = value_map(arena);
    Str said = call_param(call, parts[0].p);
    value_set_str(arena, when, "path", parts[0]);
    value_set_str(arena, when, "in_text", parts[1]);
    value_set(arena, row, "when", when);
    Str *words = NULL;
    size_t count = str_split(arena, parts[1], '|', &words);
    bool off = said.n > 0;
    for (size_t i = 0; i < count; i++) {
        off = off && !str_same(said, words[i]);
    }
    value_set_bool(arena, row, "off", off);
}

static struct value *entry_view(struct call *call, const struct tool_field *field,
                                const struct value *errors)
{
    struct arena *arena = call->cx->arena;
    struct value *row = value_map(arena);
    Str said = tool_said(call, field);
    Str error = error_at(errors, field->name);
    Money amount = 0;
    value_set_text(arena, row, "path",
                   tool_sends_yuan(field->type) ? arena_printf(arena, "%s_yuan", field->name)
                                                : field->name);
    value_set_text(arena, row, "title", field->title);
    value_set_bool(arena, row, "required", field->required);
    value_set_text(arena, row, "help", field->help);
    value_set_text(arena, row, "hint", field->hint);
    value_set(arena, row, "error", error.n == 0 ? NULL : value_str(arena, error));
    value_set_bool(arena, row, flag_of(field->type), true);
    value_set_str(arena, row, "value", said);
    set_when(call, row, field);
    if (field->type == TOOL_MONEY && money_parse(arena, said, &amount) && amount >= 0) {
        value_set_str(arena, row, "capitals", money_capitals(arena, amount));
    }
    if (field->type == TOOL_CHOICE) {
        value_set(arena, row, "options", options_view(arena, field, said));
    }
    if (field->type == TOOL_YES_NO) {
        value_set_bool(arena, row, "is_set", true);
        value_set_bool(arena, row, "yes", str_is(said, "yes"));
        value_set_bool(arena, row, "no", str_is(said, "no"));
    }
    return row;
}

/* Each error leads to its field. */
static struct value *errors_view(struct arena *arena, const struct tool *tool,
                                 const struct value *errors)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        const struct value *error = value_item(errors, i);
        struct value *row = value_merge(arena, error, NULL);
        for (size_t k = 0; k < tool->field_count; k++) {
            if (str_is(value_get_str(error, "field"), tool->fields[k].name)) {
                value_set_str(arena, row, "href",
                              str_printf(arena, "#f-%s%s", tool->fields[k].name,
                                         tool_sends_yuan(tool->fields[k].type) ? "_yuan" : ""));
                value_set_str(arena, row, "title",
                              str_printf(arena, "%s：%.*s", tool->fields[k].title,
                                         STR_ARG(value_get_str(error, "title"))));
            }
        }
        value_add(arena, list, row);
    }
    return list;
}

/* --- the answer --- */

static void row_add(struct arena *arena, struct value *rows, const char *title, Str text)
{
    if (text.n == 0) {
        return;
    }
    struct value *row = value_map(arena);
    value_set_text(arena, row, "title", title);
    value_set_str(arena, row, "text", text);
    value_add(arena, rows, row);
}

static Str int_text(struct arena *arena, const struct value *v, const char *key)
{
    return value_is_null(value_get(v, key)) ? STR("")
                                            : str_printf(arena, "%" PRId64, value_get_int(v, key));
}

/* A list of texts as lines. */
static Str lines_of(struct arena *arena, const struct value *list)
{
    struct buf buf;
    buf_init(&buf, arena, (size_t)16 * 1024);
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (i > 0) {
            buf_char(&buf, '\n');
        }
        buf_str(&buf, value_as_str(value_item(list, i)));
    }
    return buf_done(&buf);
}

static void say_money(struct arena *arena, struct value *answer, Money amount)
{
    value_set_str(arena, answer, "title",
                  str_printf(arena, "%s 元", money_format(arena, amount).p));
    value_set_str(arena, answer, "text", money_capitals(arena, amount));
}

static void say_date(struct arena *arena, struct value *answer, const struct value *value)
{
    static const char *const days[] = {"一", "二", "三", "四", "五", "六", "日"};
    Date due = DATE_NONE;
    if (!date_parse(value_get_str(value, "due"), &due)) {
        return;
    }
    value_set_str(
        arena, answer, "title",
        str_printf(arena, "%s（周%s）", date_chinese(arena, due).p, days[date_weekday(due) - 1]));
    value_set_text(arena, answer, "text", "期限到这一天的24时为止。");
    Instant at = 0;
    if (instant_parse(value_get_str(value, "due_at"), &at) && at != date_end(due)) {
        value_set_str(arena, answer, "title", instant_chinese(arena, at));
        value_set(arena, answer, "text", NULL);
    }
    if (value_get_bool(value, "uncertain")) {
        value_set_text(arena, answer, "uncertain",
                       "这期间有年份的放假安排还没有公布，暂按周一至周五上班计算。");
    }
}

static void say_case_number(struct arena *arena, struct value *answer, struct value *rows,
                            const struct value *value)
{
    bool ok = value_get_bool(value, "ok");
    value_set(arena, answer, "title", value_get(value, ok ? "normal" : "why"));
    value_set_text(arena, answer, "label", ok ? "写法正确" : "写法不对");
    value_set_str(arena, answer, "text", lines_of(arena, value_get(value, "warnings")));
    row_add(arena, rows, "年份", int_text(arena, value, "year"));
    row_add(arena, rows, "法院",
            value_get_str(value, "court_name").n > 0 ? value_get_str(value, "court_name")
                                                     : value_get_str(value, "court"));
    row_add(arena, rows, "案件类型", value_get_str(value, "type_title"));
    row_add(arena, rows, "序号", int_text(arena, value, "serial"));
}

static void say_identifier(struct arena *arena, struct value *answer, struct value *rows,
                           const struct value *value)
{
    static const struct {
        const char *sex;
        const char *title;
    } sexes[] = {{"male", "男"}, {"female", "女"}};

    bool ok = value_get_bool(value, "ok");
    value_set(arena, answer, "title", ok ? value_text(arena, "写法正确") : value_get(value, "why"));
    value_set_str(arena, answer, "text", lines_of(arena, value_get(value, "warnings")));
    if (!ok) {
        return;
    }
    row_add(arena, rows, "规范写法", value_get_str(value, "normal"));
    row_add(arena, rows, "出生日期", value_get_str(value, "born"));
    row_add(arena, rows, "周岁", int_text(arena, value, "age"));
    for (size_t i = 0; i < sizeof sexes / sizeof sexes[0]; i++) {
        if (str_is(value_get_str(value, "sex"), sexes[i].sex)) {
            row_add(arena, rows, "性别", str_of(sexes[i].title));
        }
    }
}

static void say_reach(struct arena *arena, struct value *answer, struct value *rows,
                      const struct value *value)
{
    bool ok = value_get_bool(value, "ok");
    value_set_text(arena, answer, "title", ok ? "可以" : "不可以");
    value_set(arena, answer, "text", value_get(value, "reason"));
    row_add(arena, rows, "协作法院", value_get_str(value_get(value, "from"), "name"));
    row_add(arena, rows, "管辖法院", value_get_str(value_get(value, "to"), "name"));
}

/* What becomes of a loss: the sum, and who bears how much of it. */
static void say_borne(struct arena *arena, struct value *answer, struct value *rows,
                      const struct value *value)
{
    const struct value *borne = value_get(value, "borne");
    if (borne == NULL) {
        return;
    }
    value_set_text(arena, answer, "label", "对方和保险公司应当赔偿");
    say_money(arena, answer, value_get_int(value, "due"));
    row_add(arena, rows, "损失合计",
            str_printf(arena, "%s元", money_format(arena, value_get_int(value, "total")).p));
    for (uint32_t i = 0; i < value_count(borne); i++) {
        const struct value *one = value_item(borne, i);
        row_add(arena, rows, arena_printf(arena, "其中%s", value_get_str(one, "title").p),
                str_printf(arena, "%s元", money_format(arena, value_get_int(one, "amount")).p));
    }
}

/* A sum of parts (law/bill.h): each part a row, what was not judged a notice. */
static void say_bill(struct call *call, struct value *answer, struct value *rows,
                     const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct value *parts = value_get(value, "parts");
    const struct value *notices = value_get(value, "notices");
    say_money(arena, answer, value_get_int(value, "total"));
    for (uint32_t i = 0; i < value_count(parts); i++) {
        const struct value *part = value_item(parts, i);
        row_add(arena, rows, value_get_str(part, "title").p,
                str_printf(arena, "%s元", money_format(arena, value_get_int(part, "amount")).p));
    }
    say_borne(arena, answer, rows, value);
    if (value_count(notices) > 0) {
        value_set_str(arena, answer, "uncertain", lines_of(arena, notices));
    }
}

static void say_courts(struct call *call, struct value *view, struct value *answer,
                       const struct value *value)
{
    struct arena *arena = call->cx->arena;
    const struct value *courts = value_get(value, "courts");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(courts); i++) {
        struct value *row = value_merge(arena, value_item(courts, i), NULL);
        value_set(arena, row, "why", value_get(row, "reason"));
        value_set_str(arena, row, "law_title", source_title(arena, value_get_str(row, "law")));
        value_set_bool(arena, row, "exclusive", value_get_bool(value, "exclusive"));
        value_add(arena, list, row);
    }
    value_set(arena, view, "courts", list);
    value_set_text(arena, answer, "title",
                   value_count(list) == 0   ? "还判断不了"
                   : value_count(list) == 1 ? "可以去这家法院"
                                            : "可以去下面任何一家法院");
    if (value_count(list) == 0) {
        value_set_text(arena, answer, "text", "请补充被告住的地方，或者案由和有关地点。");
    }
    const char *procedure = "civil-first-instance-filing";
    value_set_text(arena, view, "procedure",
                   procedure_find(call->app->house.procedures, str_of(procedure), 0) == NULL
                       ? NULL
                       : procedure);
}

static struct value *answer_view(struct call *call, struct value *view, const struct tool *tool,
                                 const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *answer = value_map(arena);
    struct value *rows = value_list(arena);
    const struct value *working = value_get(value, "working");
    if (value_get(value, "total") != NULL) {
        say_bill(call, answer, rows, value);
    } else if (value_get(value, "fee") != NULL) {
        say_money(arena, answer, value_get_int(value, "fee"));
    } else if (value_get(value, "interest") != NULL) {
        say_money(arena, answer, value_get_int(value, "interest"));
        row_add(arena, rows, "天数", int_text(arena, value, "days"));
        if (value_get_bool(value, "uncertain")) {
            value_set_text(arena, answer, "uncertain",
                           "所用的是最后一次公布的利率，之后可能已有调整。");
        }
    } else if (value_get(value, "due") != NULL) {
        say_date(arena, answer, value);
    } else if (text_is(tool->name, "case-number")) {
        say_case_number(arena, answer, rows, value);
    } else if (text_is(tool->name, "identifier")) {
        say_identifier(arena, answer, rows, value);
    } else if (text_is(tool->name, "reach")) {
        say_reach(arena, answer, rows, value);
    } else {
        say_courts(call, view, answer, value);
    }
    value_set(arena, answer, "rows", rows);
    value_set_bool(arena, answer, "has_working", value_count(working) > 0);
    value_set(arena, answer, "working", working_show(arena, working));
    value_set(arena, answer, "version", value_get(value, "tables"));
    return answer;
}

/* Where a long form falls into parts, by the entry that each begins with; what stands before the
 * first is always open. */
static const struct {
    const char *tool, *field, *title;
} tool_parts[] = {
    {"injury", "medical", "治疗、护理和营养"},  {"injury", "lost", "误工"},
    {"injury", "transport", "交通和住宿"},      {"injury", "outcome", "伤残、死亡和被扶养人"},
    {"injury", "mental", "精神损害和财产损失"}, {"injury", "own_figures", "当地的统计数字"},
    {"injury", "cover", "保险和责任"},
};

static const char *part_of(const struct tool *tool, const char *field)
{
    for (size_t i = 0; i < sizeof tool_parts / sizeof tool_parts[0]; i++) {
        if (strcmp(tool_parts[i].tool, tool->name) == 0 &&
            strcmp(tool_parts[i].field, field) == 0) {
            return tool_parts[i].title;
        }
    }
    return NULL;
}

/* [{"title","open","fields"}]: a part is open where something was entered or is wrong. */
static struct value *parts_view(struct call *call, const struct tool *tool,
                                const struct value *errors)
{
    struct arena *arena = call->cx->arena;
    struct value *parts = value_list(arena);
    struct value *part = NULL;
    struct value *fields = NULL;
    for (size_t i = 0; i < tool->field_count; i++) {
        const struct tool_field *field = &tool->fields[i];
        const char *title = part_of(tool, field->name);
        if (part == NULL || title != NULL) {
            part = value_map(arena);
            fields = value_list(arena);
            value_set_text(arena, part, "title", title);
            value_set(arena, part, "fields", fields);
            value_add(arena, parts, part);
        }
        if (tool_said(call, field).n > 0 || error_at(errors, field->name).n > 0) {
            value_set_bool(arena, part, "open", true);
        }
        value_add(arena, fields, entry_view(call, field, errors));
    }
    return parts;
}

static struct value *tool_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    Str path = call->http->path;
    const struct tool *tool = tool_find(str_slice(arena, path, strlen(TOOLS_PATH), path.n));
    struct value *view = value_map(arena);
    struct value *page = value_map(arena);
    const struct value *errors = value_get(value, "errors");
    value_set_text(arena, page, "title", tool->title);
    value_set_str(arena, page, "path", path); /* the form's own address, without the query */
    value_set(arena, view, "page", page);
    value_set(arena, view, "parts", parts_view(call, tool, errors));
    value_set(arena, view, "problem", value_get(value, "problem"));
    value_set(arena, view, "errors", errors_view(arena, tool, errors));
    value_set(arena, view, "answer", NULL);
    if (value_count(value) > 0 && value_get(value, "problem") == NULL) {
        value_set(arena, view, "answer", answer_view(call, view, tool, value));
    }
    return view;
}

static struct value *tools_view(struct call *call, const struct value *value)
{
    struct value *view = value_merge(call->cx->arena, value, NULL);
    value_set_text(call->cx->arena, view, "title", "算一算");
    return view;
}

const struct page_extra pages_tools[] = {
    {"tools", tools_view},
    {"tool-fee", tool_view},
    {"tool-period", tool_view},
    {"tool-case-number", tool_view},
    {"tool-identifier", tool_view},
    {"tool-interest", tool_view},
    {"tool-injury", tool_view},
    {"tool-debt", tool_view},
    {"tool-severance", tool_view},
    {"tool-penalty", tool_view},
    {"tool-wages", tool_view},
    {"tool-support", tool_view},
    {"tool-jurisdiction", tool_view},
    {"tool-reach", tool_view},
    {NULL, NULL},
};
