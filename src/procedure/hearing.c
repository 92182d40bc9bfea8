/* When and where a case is heard, who is called by what paper, and what ends a case before it is
 * heard. Between the acts the value `hearing` stands, from which calendars take it, and
 * `hearings`: those that were changed, oldest first. */
#include "flow/alignment.h"
#include "flow/counsel.h"
#include "flow/values.h"
#include "law/calendar.h"
#include "law/source.h"
#include "procedure/rules.h"

enum { NOTICE_DAYS = 3 };

/* --- may it be then, and before these --- */

static bool is_ordinary(const struct value *values)
{
    return str_is(value_as_str(value_at(values, "trial.procedure")), "ordinary");
}

/* LAW: civil-procedure-law@2023 40, 163, 165: an odd number; one judge alone where the way is
 * shortened. */
static void bench_check(struct cx *cx, struct ask *ask, const struct rule *rule,
                        const struct value *hearing)
{
    bool is_panel = str_is(value_get_str(hearing, "bench"), "panel");
    if (is_panel && !is_ordinary(ask->values)) {
        ask_complain(cx, ask, rule, "hearing.bench",
                     "适用简易程序、小额诉讼程序的，由审判员独任审理。要组成合议庭，请先转换程序");
    }
    if (is_panel && value_count(value_get(hearing, "members")) % 2 != 0) {
        ask_complain(cx, ask, rule, "hearing.members",
                     "合议庭的人数应当是单数，请连同审判长核对人数");
    }
}

/* LAW: civil-procedure-law@2023 139: three days before; 163: not in the shortened ways. */
static enum status hearing_holds(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *hearing = value_get(ask->values, "hearing");
    const struct value *agreed = value_get(hearing, "agreed");
    Instant at = 0;
    if (instant_parse(value_get_str(hearing, "at"), &at)) {
        Date days = instant_date(at) - instant_date(ask->now);
        if (at <= ask->now) {
            ask_complain(cx, ask, rule, "hearing.at", "开庭时间应当在现在以后");
        } else if (days < NOTICE_DAYS && is_ordinary(ask->values)) {
            Str first = date_chinese(cx->arena, instant_date(ask->now) + NOTICE_DAYS);
            ask_complain(
                cx, ask, rule, "hearing.at",
                arena_printf(cx->arena, "适用普通程序的，应当在开庭三日前通知，最早是%s", first.p));
        }
    }
    if (str_is(value_get_str(hearing, "mode"), "online") && agreed != NULL &&
        !value_as_bool(agreed)) {
        ask_complain(cx, ask, rule, "hearing.agreed",
                     "在线开庭应当经当事人同意，没有同意的请选到法庭");
    }
    bench_check(cx, ask, rule, hearing);
    return OK;
}

/* LAW: civil-procedure-law@2023 128, 136: first the defendants have their days to answer. */
static void answers_check(struct cx *cx, struct ask *ask, const struct rule *rule, Date day)
{
    for (uint32_t i = 0; i < ask->matter->party_count; i++) {
        const struct party *party = &ask->matter->parties[i];
        const struct value *row = alignment_answer_of(value_get(ask->values, "services"), party->n);
        Date due = DATE_NONE;
        if (!str_is(party->role, "defendant")) {
            continue;
        }
        if (!date_parse(value_get_str(row, "due"), &due)) {
            ask_complain(cx, ask, rule, "hearing.at",
                         arena_printf(cx->arena, "还没有登记%s收到应诉材料的日期", party->name.p));
        } else if (due >= day) {
            ask_complain(cx, ask, rule, "hearing.at",
                         arena_printf(cx->arena, "%s的答辩期到%s", party->name.p,
                                      date_chinese(cx->arena, due).p));
        }
    }
}

/* LAW: trial-extension-provisions@2019 3: put off twice at most, once in the shortened ways. */
static void changes_check(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    uint32_t most = is_ordinary(ask->values) ? 2 : 1;
    bool again = str_is(value_as_str(value_at(ask->values, "hearing-change.ground")), "again");
    if (text_is(ask->act->name, "change-hearing") && !again &&
        value_count(value_get(ask->values, "hearings")) >= most) {
        ask_complain(cx, ask, rule, "hearing.at",
                     most == 2 ? "适用普通程序的，延期开庭一般不超过两次"
                               : "适用简易程序、小额诉讼程序的，延期开庭一般不超过一次");
    }
}

static enum status hearing_is_apt(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    Instant at = 0;
    if (!instant_parse(value_as_str(value_at(ask->values, "hearing.at")), &at)) {
        return OK;
    }
    Date day = instant_date(at);
    if (calendar_is_rest(ask->tables, day)) {
        ask_complain(cx, ask, rule, "hearing.at",
                     arena_printf(cx->arena, "%s是休息日", date_chinese(cx->arena, day).p));
    }
    if (day - instant_date(ask->now) < NOTICE_DAYS) {
        ask_complain(cx, ask, rule, "hearing.at",
                     "离开庭不到三日，请确认每个人都已经知道；不能确认收到通知的，不得缺席判决");
    }
    answers_check(cx, ask, rule, day);
    changes_check(cx, ask, rule);
    return OK;
}

/* --- who is called --- */

static struct value *recipient_add(struct arena *arena, struct value *list, Str name, Str role)
{
    struct value *item = value_map(arena);
    value_set_str(arena, item, "recipient", name);
    value_set_str(arena, item, "recipient-role", role);
    value_add(arena, list, item);
    return item;
}

static Str role_title(const struct change *change, const struct party *party)
{
    return str_of(procedure_role_title(change->procedure, party->role, change->clear));
}

/* LAW: civil-procedure-interpretation@2022 227: parties by summons. */
static struct value *summoned(struct arena *arena, const struct change *change)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < change->after->party_count; i++) {
        const struct party *party = &change->after->parties[i];
        struct value *item = recipient_add(arena, list, party->name, role_title(change, party));
        value_set_str(arena, item, "absence", party->role);
    }
    return list;
}

/* A lawyer who acts for two is called once. */
static bool is_called(const struct counsel *agents, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (agents[i].until == 0 && agents[i].person == agents[count].person) {
            return true;
        }
    }
    return false;
}

/* Agents, witnesses and whoever else must come: by notice. */
static enum status notified(struct cx *cx, const struct plan *plan, const struct change *change,
                            struct value **out)
{
    static const char *const titles[][2] = {{"agent", "委托诉讼代理人"},
                                            {"witness", "证人"},
                                            {"expert", "鉴定人"},
                                            {"inspector", "勘验人"},
                                            {"translator", "翻译人员"}};
    struct arena *arena = cx->arena;
    const struct matter *m = change->after;
    const struct value *others = value_at(change->clear, "hearing.others");
    struct counsel *agents = NULL;
    uint32_t count = 0;
    *out = value_list(arena);
    TRY(plan_counsel(cx, plan, &agents, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (agents[i].until != 0 || is_called(agents, i)) {
            continue;
        }
        bool known = agents[i].party >= 1 && agents[i].party <= (int64_t)m->party_count;
        const struct party *party = known ? &m->parties[agents[i].party - 1] : NULL;
        Str role = known ? str_printf(arena, "%s%s的委托诉讼代理人", role_title(change, party).p,
                                      party->name.p)
                         : STR("委托诉讼代理人");
        value_set_text(arena, recipient_add(arena, *out, agents[i].name, role), "duty", "agent");
    }
    for (uint32_t i = 0; i < value_count(others); i++) {
        const struct value *other = value_item(others, i);
        Str role = value_get_str(other, "role");
        const char *title = "";
        for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++) {
            title = str_is(role, titles[k][0]) ? titles[k][1] : title;
        }
        value_set_str(arena,
                      recipient_add(arena, *out, value_get_str(other, "name"), str_of(title)),
                      "duty", role);
    }
    return OK;
}

/* --- fixing and changing it --- */

/* What is changed stays with the case: when it was to be, and why it was not. */
static enum status former_keep(struct cx *cx, struct plan *plan, struct change *change,
                               struct value *after)
{
    struct arena *arena = cx->arena;
    struct value *before = NULL;
    const struct value *reason = value_get(change->clear, "hearing-change");
    if (reason == NULL) {
        return OK;
    }
    TRY(values_open(cx, plan->house, change->procedure, change->before, &before));
    const struct value *was = value_get(before, "hearing");
    struct value *hearings = value_list(arena);
    const struct value *earlier = value_get(after, "hearings");
    for (uint32_t i = 0; i < value_count(earlier); i++) {
        value_add(arena, hearings, value_item(earlier, i));
    }
    struct value *kept = value_map(arena);
    value_set(arena, kept, "at", value_get(was, "at"));
    value_set(arena, kept, "place", value_get(was, "place"));
    value_set(arena, kept, "ground", value_get(reason, "ground"));
    value_set(arena, kept, "reason", value_get(reason, "reason"));
    value_add(arena, hearings, kept);
    value_set(arena, after, "hearings", hearings);
    value_set(arena, change_inputs(cx, change), "hearing-former", kept);
    value_set(arena, change_inputs(cx, change), "hearing-change", reason);
    value_remove(after, "hearing-change");
    return OK;
}

static enum status call_hearing(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    struct value *after = value_merge(cx->arena, change->clear, NULL);
    const struct value *hearing = value_get(after, "hearing");
    struct value *called = NULL;
    Instant at = 0;
    TRY(notified(cx, plan, change, &called));
    value_set(cx->arena, change_inputs(cx, change), "summoned", summoned(cx->arena, change));
    value_set(cx->arena, change_inputs(cx, change), "notified", called);
    TRY(former_keep(cx, plan, change, after));
    (void)instant_parse(value_get_str(hearing, "at"), &at);
    change->told = str_printf(cx->arena, "%s开庭，%s", instant_chinese(cx->arena, at).p,
                              value_get_str(hearing, "place").p);
    return change_values(cx, plan, change, after);
}

/* A case that is over is not heard: calendars take it out. */
static enum status end_hearing(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    if (value_count(value_get(change->clear, "hearing")) == 0) {
        return OK;
    }
    struct value *after = value_merge(cx->arena, change->clear, NULL);
    value_set(cx->arena, after, "hearing", value_map(cx->arena));
    return change_values(cx, plan, change, after);
}

/* --- the head and foot of a ruling --- */

static Str bench_lines(struct arena *arena, const struct value *members)
{
    Str text = STR("");
    for (uint32_t i = 0; i < value_count(members); i++) {
        const struct value *member = value_item(members, i);
        bool judge = str_is(value_get_str(member, "role"), "judge");
        text = str_printf(arena, "%s%s%s　　%s", text.p, i == 0 ? "" : "\n",
                          judge ? "审　判　员" : "人民陪审员", value_get_str(member, "name").p);
    }
    return text;
}

static enum status name_litigants(struct cx *cx, struct plan *plan)
{
    struct arena *arena = cx->arena;
    struct change *change = &plan->changes[0];
    const struct matter *m = change->after;
    struct value *list = value_list(arena);
    struct counsel *agents = NULL;
    uint32_t count = 0;
    TRY(plan_counsel(cx, plan, &agents, &count));
    for (uint32_t i = 0; i < m->party_count; i++) {
        struct value *item = value_map(arena);
        struct value *names = value_list(arena);
        for (uint32_t k = 0; k < count; k++) {
            if (agents[k].until == 0 && agents[k].party == m->parties[i].n) {
                Str firm = agents[k].firm;
                value_add(arena, names,
                          value_str(arena, str_printf(arena, "%s%s%s", agents[k].name.p,
                                                      firm.n == 0 ? "" : "，", firm.p)));
            }
        }
        value_set_str(arena, item, "role", role_title(change, &m->parties[i]));
        value_set_str(arena, item, "name", m->parties[i].name);
        value_set(arena, item, "agents", names);
        value_add(arena, list, item);
    }
    struct value *inputs = change_inputs(cx, change);
    value_set(arena, inputs, "litigants", list);
    value_set_str(arena, inputs, "docketed-day", date_format(arena, instant_date(m->created)));
    const struct value *members = value_at(change->clear, "dismissal.members");
    if (value_count(members) > 0) {
        value_set_str(arena, inputs, "bench", bench_lines(arena, members));
    }
    return OK;
}

RULE_GUARD_OF(rule_hearing_holds, "hearing-holds", SOURCE(LAW_CIVIL_PROCEDURE, "139"),
              hearing_holds);
RULE_GUARD_OF(rule_hearing_apt, "hearing-is-apt", "", hearing_is_apt);
RULE_EFFECT_GIVING(rule_call_hearing, "call-hearing", call_hearing,
                   "summoned notified recipient-role absence duty");
RULE_EFFECT_OF(rule_end_hearing, "end-hearing", end_hearing);
RULE_EFFECT_GIVING(rule_name_litigants, "name-litigants", name_litigants, "litigants docketed-day");

const struct rule *const rules_hearing[] = {&rule_hearing_holds,  &rule_hearing_apt,
                                            &rule_call_hearing,   &rule_end_hearing,
                                            &rule_name_litigants, NULL};
