/* Reading clocks and the ladder: both refer to states and acts, and are read behind them. */
#include "flow/procedure_int.h"

/* The field at a path into the values, "correction.days"; NULL when no form of the procedure so far
 * has it. Lists are not entered. */
const struct field *load_field(struct cx *cx, const struct loader *loader, Str path)
{
    Str *parts = NULL;
    size_t count = str_split(cx->arena, path, '.', &parts);
    const struct field *field = NULL;
    for (uint32_t i = 0; i < loader->element_count; i++) {
        if (loader->element_used[i] && str_is(parts[0], loader->elements[i].name)) {
            field = &loader->elements[i];
        }
    }
    for (size_t i = 1; i < count && field != NULL; i++) {
        field = field->type == FIELD_GROUP ? field_find(field->fields, field->field_count, parts[i])
                                           : NULL;
    }
    return field;
}

/* "7 days"; "0 working-days" is the day itself. */
static enum status duration_read(struct cx *cx, const struct loader *loader, const struct value *v,
                                 struct duration *out)
{
    struct period_rule rule = {0};
    if (!period_parse(value_as_str(v), &rule) ||
        rule.length < (rule.unit == PERIOD_WORKING_DAYS ? 0 : 1)) {
        return load_fault(cx, loader, v, "length or unit of a period", value_as_str(v));
    }
    *out = (struct duration){rule.length, rule.unit};
    return OK;
}

/* The choice that decides among cases: every option has one, and nothing else has. */
enum status load_covered(struct cx *cx, const struct loader *loader, const struct value *map,
                         Str by)
{
    const struct field *field = load_field(cx, loader, by);
    if (field == NULL || field->type != FIELD_CHOICE) {
        return load_fault(cx, loader, map, "by names no choice that a form has", by);
    }
    for (uint32_t i = 0; i < field->option_count; i++) {
        if (value_get(map, field->options[i].value) == NULL) {
            return load_fault(cx, loader, map, "nothing for this option",
                              str_of(field->options[i].value));
        }
    }
    if (map->count == field->option_count + 1) {
        return OK;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        Str key = map->as.members[i].key;
        bool known = str_is(key, "by");
        for (uint32_t k = 0; k < field->option_count; k++) {
            known = known || str_is(key, field->options[k].value);
        }
        if (!known) {
            return load_fault(cx, loader, map->as.members[i].value, "for no option of the choice",
                              key);
        }
    }
    return OK;
}

/* {by: PATH, VALUE: "7 days", …}, and the law the same way or once for all. */
static enum status cases_read(struct cx *cx, const struct loader *loader, const struct value *v,
                              const struct value *law, struct clock_rule *out)
{
    Str by = value_get_str(v, "by");
    TRY(load_covered(cx, loader, v, by));
    if (value_is_map(law)) {
        if (!str_same(value_get_str(law, "by"), by)) {
            return load_fault(cx, loader, law, "law by another choice than the limit", by);
        }
        TRY(load_covered(cx, loader, law, by));
    }
    struct limit_case *cases = arena_array(cx->arena, struct limit_case, v->count);
    out->limit_by = by.p;
    for (uint32_t i = 0; i < v->count; i++) {
        const struct member *member = &v->as.members[i];
        struct limit_case *one = &cases[out->case_count];
        if (str_is(member->key, "by")) {
            continue;
        }
        one->value = member->key.p;
        one->law = value_as_str(value_is_map(law) ? value_get_key(law, member->key) : law).p;
        TRY(duration_read(cx, loader, member->value, &one->limit));
        out->case_count += 1;
    }
    out->cases = cases;
    out->limit = cases[0].limit; /* a choice has an option */
    return OK;
}

static enum status limit_read(struct cx *cx, const struct loader *loader, const struct value *v,
                              const struct value *law, struct clock_rule *out)
{
    static const char *const allowed[] = {"from:t", "unit:t", "max:i", NULL};
    if (value_get(v, "by") != NULL) {
        return cases_read(cx, loader, v, law, out);
    }
    if (value_is_map(law)) {
        return load_fault(cx, loader, law, "law by a choice, limit without", STR(""));
    }
    if (!value_is_map(v)) {
        return duration_read(cx, loader, v, &out->limit);
    }
    TRY(keys_allowed(cx, loader, v, allowed));
    Str from = value_get_str(v, "from");
    out->limit_from = from.p;
    out->limit.length = value_get_int(v, "max");
    if (from.n == 0 || out->limit.length < 1 ||
        !period_unit_parse(value_get_str(v, "unit"), &out->limit.unit)) {
        return load_fault(cx, loader, v, "limit needs from, unit and max", from);
    }
    const struct field *field = load_field(cx, loader, from);
    if (field == NULL) {
        return load_fault(cx, loader, v, "limit from an element no form has", from);
    }
    return field->type == FIELD_NUMBER
               ? OK
               : load_fault(cx, loader, v, "limit from a field that is no number", from);
}

/* Names in starts, stops, restarts are states or acts. */
static enum status clock_points(struct cx *cx, const struct loader *loader,
                                const struct value *list, uint32_t *states, uint64_t *acts)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        Str name = value_as_str(value_item(list, i));
        int state = procedure_state_index(loader->procedure, name);
        const struct act *act = procedure_act(loader->procedure, name);
        if (state >= 0 && act != NULL) {
            return load_fault(cx, loader, value_item(list, i), "both a state and an act", name);
        }
        if (state >= 0) {
            *states |= UINT32_C(1) << state;
        } else if (act != NULL) {
            *acts |= UINT64_C(1) << act->index;
        } else {
            return load_fault(cx, loader, value_item(list, i), "neither state nor act", name);
        }
    }
    return OK;
}

/* Nothing or `first` gives false, `second` true. */
static enum status one_of(struct cx *cx, const struct loader *loader, const struct value *v,
                          const char *first, const char *second, bool *out)
{
    *out = str_is(value_as_str(v), second);
    return v == NULL || *out || str_is(value_as_str(v), first)
               ? OK
               : load_fault(cx, loader, v,
                            arena_printf(cx->arena, "neither %s nor %s", first, second),
                            value_as_str(v));
}

/* "2 days" before the end, or {after: 20 working-minutes} from the start. */
static enum status reminder_read(struct cx *cx, const struct loader *loader, const struct value *v,
                                 struct reminder *out)
{
    static const char *const allowed[] = {"after:t", NULL};
    out->after = value_is_map(v);
    if (!out->after) {
        return duration_read(cx, loader, v, &out->span);
    }
    TRY(keys_allowed(cx, loader, v, allowed));
    return duration_read(cx, loader, value_get(v, "after"), &out->span);
}

static enum status clock_read(struct cx *cx, const struct loader *loader,
                              const struct member *member, struct clock_rule *out)
{
    static const char *const allowed[] = {"title:t",  "starts:l",    "stops:l", "restarts:l",
                                          "limit:*",  "of:t",        "count:t", "law:*",
                                          "remind:l", "on_breach:t", NULL};
    const struct value *v = member->value;
    TRY(keys_allowed(cx, loader, v, allowed));
    out->name = member->key.p;
    out->line = v->line;
    out->title = value_get_str(v, "title").p;
    out->law = value_get_str(v, "law").p;
    TRY(one_of(cx, loader, value_get(v, "of"), "court", "collaborator", &out->of_collaborator));
    TRY(one_of(cx, loader, value_get(v, "count"), "plain", "law", &out->roll));
    if (out->title[0] == '\0') {
        return load_fault(cx, loader, v, "clock without title", member->key);
    }
    if (value_get(v, "limit") == NULL) {
        return load_fault(cx, loader, v, "clock without limit", member->key);
    }
    TRY(limit_read(cx, loader, value_get(v, "limit"), value_get(v, "law"), out));
    TRY(clock_points(cx, loader, value_get(v, "starts"), &out->starts_states, &out->starts_acts));
    TRY(clock_points(cx, loader, value_get(v, "stops"), &out->stops_states, &out->stops_acts));
    TRY(clock_points(cx, loader, value_get(v, "restarts"), &out->restarts_states,
                     &out->restarts_acts));
    if (out->starts_states == 0 && out->starts_acts == 0) {
        return load_fault(cx, loader, v, "clock that nothing starts", member->key);
    }
    const struct value *remind = value_get(v, "remind");
    out->remind_count = value_count(remind);
    if (out->remind_count > 4) {
        return load_fault(cx, loader, remind, "more than 4 reminders", member->key);
    }
    for (uint32_t i = 0; i < out->remind_count; i++) {
        TRY(reminder_read(cx, loader, value_item(remind, i), &out->remind[i]));
    }
    Str breach = value_get_str(v, "on_breach");
    out->on_breach_name = breach.p;
    out->on_breach = procedure_act(loader->procedure, breach);
    if (out->on_breach == NULL) {
        return load_fault(cx, loader, v, "clock without target: on_breach names no act", breach);
    }
    return OK;
}

enum status load_clocks(struct cx *cx, const struct loader *loader, const struct value *yaml)
{
    const struct value *clocks = value_get(yaml, "clocks");
    uint32_t count = value_count(clocks);
    struct clock_rule *out = arena_array(cx->arena, struct clock_rule, count);
    for (uint32_t i = 0; i < count; i++) {
        TRY(clock_read(cx, loader, &clocks->as.members[i], &out[i]));
    }
    loader->procedure->clocks = out;
    loader->procedure->clock_count = count;
    return OK;
}

/* --- the ladder --- */

static bool is_breach_of(const struct procedure *p, const struct act *act)
{
    for (uint32_t i = 0; i < p->clock_count; i++) {
        if (p->clocks[i].on_breach == act) {
            return true;
        }
    }
    return false;
}

static enum status rung_read(struct cx *cx, const struct loader *loader,
                             const struct member *member, struct rung_rule *out)
{
    static const char *const allowed[] = {"title:t", "acts:l", NULL};
    const struct value *v = member->value;
    if (!handover_rung_parse(member->key, &out->rung)) {
        return load_fault(cx, loader, v, "unknown rung", member->key);
    }
    TRY(keys_allowed(cx, loader, v, allowed));
    out->title = value_get_str(v, "title").p;
    const struct value *acts = value_get(v, "acts");
    if (out->title[0] == '\0' || value_count(acts) == 0) {
        return load_fault(cx, loader, v, "rung without title or acts", member->key);
    }
    for (uint32_t i = 0; i < acts->count; i++) {
        Str name = value_as_str(value_item(acts, i));
        const struct act *act = procedure_act(loader->procedure, name);
        if (act == NULL) {
            return load_fault(cx, loader, value_item(acts, i), "unknown act", name);
        }
        if (handover_rung_is_late(out->rung) != is_breach_of(loader->procedure, act)) {
            return load_fault(cx, loader, value_item(acts, i),
                              handover_rung_is_late(out->rung)
                                  ? "negative rung by an act no clock runs into"
                                  : "rung by the breach of a clock",
                              name);
        }
        out->acts |= UINT64_C(1) << act->index;
    }
    return OK;
}

/* {RUNG: {title, acts: […]}}: submitted must be among them, by the first act. */
enum status load_ladder(struct cx *cx, const struct loader *loader, const struct value *yaml)
{
    const struct value *ladder = value_get(yaml, "ladder");
    struct procedure *p = loader->procedure;
    bool submitted = false;
    if (ladder == NULL) {
        return OK;
    }
    if (!p->collaborated) {
        return load_fault(cx, loader, ladder,
                          "ladder without collaborating court: not begun by "
                          "windows alone",
                          STR(""));
    }
    struct rung_rule *rungs = arena_array(cx->arena, struct rung_rule, ladder->count);
    for (uint32_t i = 0; i < ladder->count; i++) {
        TRY(rung_read(cx, loader, &ladder->as.members[i], &rungs[i]));
        submitted = submitted || rungs[i].rung == RUNG_SUBMITTED;
    }
    p->ladder = rungs;
    p->rung_count = ladder->count;
    return submitted ? OK : load_fault(cx, loader, ladder, "ladder without submitted", STR(""));
}
