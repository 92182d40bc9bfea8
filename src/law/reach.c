#include "law/reach.h"

#include "base/check.h"
#include "law/case_type.h"
#include "law/source.h"
#include "law/working.h"

static const struct {
    const char *name;
    const char *title;
    const char *type; /* code of the case that a filing opens; NULL for a service */
} KINDS[] = {
    [REACH_ANY] = {"", "跨域诉讼服务", NULL},
    [REACH_CIVIL] = {"civil", "民事起诉", "民初"},
    [REACH_ADMINISTRATIVE] = {"administrative", "行政起诉", "行初"},
    [REACH_PRIVATE_PROSECUTION] = {"private-prosecution", "刑事自诉", "刑初"},
    [REACH_STATE_COMPENSATION] = {"state-compensation", "申请国家赔偿", "法赔"},
    [REACH_ENFORCEMENT] = {"enforcement", "申请执行", "执"},
    [REACH_CIVIL_RETRIAL] = {"civil-retrial", "民事申请再审", "民申"},
    [REACH_READING] = {"reading", "跨域阅卷", NULL},
    [REACH_RELAY] = {"relay", "材料收转", NULL},
    [REACH_PICKUP] = {"pickup", "文书领取", NULL},
    [REACH_EVIDENCE] = {"evidence", "申请调查取证", NULL},
    [REACH_ADJOURNMENT] = {"adjournment", "申请延期开庭", NULL},
};

static const struct {
    const char *name;
    const char *title;
} WHYS[] = {
    [REACH_OK] = {"", ""},
    [REACH_FROM_UNKNOWN] = {"from-unknown", "没有这个协作法院，请从名录中选择"},
    [REACH_TO_UNKNOWN] = {"to-unknown", "没有这个管辖法院，请从名录中选择"},
    [REACH_FROM_ONLY_RECEIVES] =
        {"from-only-receives",
         "最高人民法院和高级人民法院只作管辖法院，请到就近的中级、基层人民法院或者人民法庭办理"},
    [REACH_TO_ONLY_COLLABORATES] = {"to-only-collaborates",
                                    "人民法庭只作协作法院，请选择它所属的基层人民法院"},
    [REACH_SAME_COURT] = {"same-court", "这就是管辖法院，请在本院窗口直接办理"},
    [REACH_OWN_COURT] = {"own-court", "这是本庭所属的法院，请在本庭窗口直接办理"},
    [REACH_LEVEL] = {"level", "这一级法院不受理这类案件，请选择有管辖权的法院"},
};

enum { KIND_COUNT = sizeof KINDS / sizeof KINDS[0], WHY_COUNT = sizeof WHYS / sizeof WHYS[0] };

bool reach_collaborates(const struct court *court)
{
    if (court->kind == COURT_MILITARY) {
        return true;
    }
    return court->level != COURT_SUPREME && court->level != COURT_HIGH;
}

bool reach_receives(const struct court *court)
{
    return court->level != COURT_TRIBUNAL;
}

bool reach_kind_parse(Str text, enum reach_kind *out)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (str_is(text, KINDS[i].name)) {
            *out = (enum reach_kind)i;
            return true;
        }
    }
    return false;
}

const char *reach_kind_name(enum reach_kind kind)
{
    check((unsigned)kind < KIND_COUNT);
    return KINDS[kind].name;
}

const char *reach_kind_title(enum reach_kind kind)
{
    check((unsigned)kind < KIND_COUNT);
    return KINDS[kind].title;
}

const char *reach_case_type(enum reach_kind kind, enum court_level level, bool committee)
{
    check((unsigned)kind < KIND_COUNT);
    const char *code = kind == REACH_STATE_COMPENSATION && committee ? "委赔" : KINDS[kind].type;
    if (code == NULL) {
        return NULL;
    }
    const struct case_type *type = case_type_find(str_of(code));
    check(type != NULL);
    return case_type_allowed(type, level) ? code : NULL;
}

static bool level_opens(enum reach_kind kind, enum court_level level)
{
    return KINDS[kind].type == NULL || reach_case_type(kind, level, false) != NULL;
}

static enum reach_why judge(const struct law_tables *tables, const struct court *from,
                            const struct court *to, enum reach_kind kind)
{
    if (from == NULL) {
        return REACH_FROM_UNKNOWN;
    }
    if (to == NULL) {
        return REACH_TO_UNKNOWN;
    }
    if (!reach_collaborates(from)) {
        return REACH_FROM_ONLY_RECEIVES;
    }
    if (!reach_receives(to)) {
        return REACH_TO_ONLY_COLLABORATES;
    }
    if (from == to) {
        return REACH_SAME_COURT;
    }
    if (from->level == COURT_TRIBUNAL && court_parent(tables, from) == to) {
        return REACH_OWN_COURT;
    }
    return level_opens(kind, to->level) ? REACH_OK : REACH_LEVEL;
}

bool reach_check(const struct law_tables *tables, Str from, Str to, enum reach_kind kind,
                 enum reach_why *why)
{
    check((unsigned)kind < KIND_COUNT);
    enum reach_why found =
        judge(tables, court_by_code(tables, from), court_by_code(tables, to), kind);
    if (why != NULL) {
        *why = found;
    }
    return found == REACH_OK;
}

const char *reach_why_name(enum reach_why why)
{
    check((unsigned)why < WHY_COUNT);
    return WHYS[why].name;
}

const char *reach_why_title(enum reach_why why)
{
    check((unsigned)why < WHY_COUNT);
    return WHYS[why].title;
}

/* --- the answer with its working --- */

static const char *role_text(const struct court *court)
{
    if (!reach_collaborates(court)) {
        return "只作管辖法院";
    }
    return reach_receives(court) ? "可作协作法院，也可作管辖法院" : "只作协作法院";
}

static struct value *unit_value(struct arena *arena, const struct court *court)
{
    if (court == NULL) {
        return NULL;
    }
    struct value *value = value_map(arena);
    value_set_str(arena, value, "code", court->code);
    value_set_str(arena, value, "name", court->name);
    value_set_text(arena, value, "level", court_level_name(court->level));
    value_set_bool(arena, value, "collaborates", reach_collaborates(court));
    value_set_bool(arena, value, "receives", reach_receives(court));
    return value;
}

static void tell_role(struct working *working, const char *place, const struct court *court)
{
    if (court != NULL) {
        const char *rule = arena_printf(working->arena, "%s：%s", place, role_text(court));
        working_text(working, rule, SOURCE(LAW_PLATFORM, "cross-domain"), court->name);
    }
}

struct value *reach_value(struct arena *arena, const struct law_tables *tables, Str from, Str to,
                          enum reach_kind kind)
{
    const struct court *near = court_by_code(tables, from);
    const struct court *far = court_by_code(tables, to);
    enum reach_why why = judge(tables, near, far, kind);
    bool ok = why == REACH_OK;
    struct value *value = value_map(arena);
    value_set_bool(arena, value, "ok", ok);
    value_set(arena, value, "why", ok ? NULL : value_text(arena, reach_why_name(why)));
    value_set(arena, value, "reason", ok ? NULL : value_text(arena, reach_why_title(why)));
    value_set_text(arena, value, "kind", reach_kind_name(kind));
    value_set(arena, value, "from", unit_value(arena, near));
    value_set(arena, value, "to", unit_value(arena, far));
    struct working working;
    working_begin(&working, arena);
    tell_role(&working, "协作一方", near);
    tell_role(&working, "管辖一方", far);
    if (far != NULL && KINDS[kind].type != NULL) {
        const char *code = reach_case_type(kind, far->level, false);
        working_text(&working, "这一级法院立这类案件所用的类型代字", SOURCE(LAW_CASE_NUMBERS, "7"),
                     str_of(code == NULL ? "无" : code));
    }
    working_text(&working, ok ? "可以跨域办理" : reach_why_title(why),
                 SOURCE(LAW_PLATFORM, "cross-domain"), str_of(reach_kind_title(kind)));
    working_tables(&working, tables);
    value_set(arena, value, "working", working.lines);
    return value;
}
