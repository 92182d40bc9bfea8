#include "flow/view.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "flow/authority.h"
#include "flow/form.h"
#include "flow/rule.h"
#include "flow/values.h"
#include "law/hours.h"

static void set_instant(struct arena *arena, struct value *view, const char *name, Instant at)
{
    value_set(arena, view, name, at == 0 ? NULL : value_str(arena, instant_format(arena, at)));
}

static void set_optional(struct arena *arena, struct value *view, const char *name, Str text)
{
    value_set(arena, view, name, text.n == 0 ? NULL : value_str(arena, text));
}

struct value *court_ref(struct arena *arena, const struct law_tables *tables, Str code)
{
    const struct court *court = court_by_code(tables, code);
    struct value *view = value_map(arena);
    value_set_str(arena, view, "code", code);
    value_set_str(arena, view, "name", court == NULL ? code : court->name);
    return view;
}

struct value *court_view(struct cx *cx, const struct law_tables *tables, const struct court *court,
                         Instant now)
{
    struct arena *arena = cx->arena;
    struct value *view = court_ref(arena, tables, court->code);
    const struct court *parent = court_parent(tables, court);
    value_set_text(arena, view, "level", court_level_name(court->level));
    value_set_text(arena, view, "kind", court_kind_name(court->kind));
    value_set(arena, view, "parent", parent == NULL ? NULL : value_str(arena, parent->code));
    set_optional(arena, view, "division", court->division);
    value_set(arena, view, "hours", hours_value(arena, tables, court->code, now));
    value_set_bool(arena, view, "generated", court->generated);
    value_set_text(arena, view, "code_basis", court->code_basis);
    return view;
}

/* --- parts --- */

static struct value *parties_view(struct cx *cx, const struct seen *seen)
{
    struct arena *arena = cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < seen->matter->party_count; i++) {
        const struct party *party = &seen->matter->parties[i];
        struct value *view = value_map(arena);
        value_set_int(arena, view, "n", party->n);
        value_set_str(arena, view, "role", party->role);
        value_set_text(arena, view, "role_title",
                       procedure_role_title(seen->procedure, party->role, seen->clear));
        value_set_str(arena, view, "kind", party->kind);
        value_set_str(arena, view, "name", party->name);
        value_add(arena, list, view);
    }
    return list;
}

Str material_warning(struct arena *arena, const struct material *m, Id viewer)
{
    const char *what[] = {str_has(m->active, "script") ? "会自动运行的脚本" : NULL,
                          str_has(m->active, "launch") ? "会启动其他程序的链接" : NULL,
                          str_has(m->active, "files") ? "夹带的其他文件" : NULL};
    Str list = STR("");
    for (size_t i = 0; i < sizeof what / sizeof what[0]; i++) {
        if (what[i] != NULL) {
            list = str_printf(arena, "%s%s%s", list.p, list.n > 0 ? "、" : "", what[i]);
        }
    }
    if (list.n == 0) {
        return list;
    }
    return viewer == m->person ? str_printf(arena,
                                            "已经收下。这份PDF里有%s，别人打开时可能被拦下；"
                                            "可以把它“打印”成一份新的PDF再上传",
                                            list.p)
                               : str_printf(arena, "这份PDF里有%s，打开时请不要允许运行", list.p);
}

struct value *material_view(struct cx *cx, const struct procedure *procedure,
                            const struct material *m, bool staff, Id viewer)
{
    struct arena *arena = cx->arena;
    struct value *view = value_map(arena);
    value_set_int(arena, view, "n", m->n);
    value_set_str(arena, view, "kind", m->kind);
    value_set_text(arena, view, "title", material_title(procedure, m->kind));
    value_set_str(arena, view, "name", m->name);
    value_set_str(arena, view, "type", m->type);
    value_set_int(arena, view, "size", m->size);
    value_set_str(arena, view, "sm3", hash_hex(arena, m->sm3));
    value_set_str(arena, view, "status",
                  !staff && str_is(m->status, "unscanned") ? STR("ready") : m->status);
    value_set_str(arena, view, "by", m->person_name);
    set_instant(arena, view, "at", m->at);
    if (m->began != 0) {
        set_instant(arena, view, "began", m->began);
    }
    if (m->pages > 0) {
        value_set_int(arena, view, "pages", m->pages);
    }
    if (m->fault.n > 0) {
        value_set_str(arena, view, "why", m->fault);
    }
    Str warning = material_warning(arena, m, viewer);
    if (warning.n > 0) {
        value_set_str(arena, view, "active", m->active);
        value_set_str(arena, view, "warning", warning);
    }
    return view;
}

/* What is only shown sheet by sheet stands in the list of its own court alone. */
static struct value *materials_view(struct cx *cx, const struct seen *seen,
                                    const struct actor *actor, const struct law_tables *tables)
{
    bool staff = authority_is_staff(actor, seen->matter, tables);
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < seen->matter->material_count; i++) {
        const struct material *m = &seen->matter->materials[i];
        if (m->removed == 0 &&
            authority_gets(actor, seen->matter, seen->procedure, m->kind, tables)) {
            value_add(cx->arena, list, material_view(cx, seen->procedure, m, staff, actor->person));
        }
    }
    return list;
}

static struct value *papers_view(struct cx *cx, const struct matter *m)
{
    struct arena *arena = cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->paper_count; i++) {
        const struct paper *paper = &m->papers[i];
        struct value *view = value_map(arena);
        value_set_int(arena, view, "n", paper->n);
        value_set_str(arena, view, "kind", paper->kind);
        value_set_str(arena, view, "title", paper->title);
        set_optional(arena, view, "number", paper->number);
        set_instant(arena, view, "at", paper->at);
        if (paper->seal.n > 0) {
            value_set_str(arena, view, "seal", paper->seal);
            set_instant(arena, view, "sealed", paper->sealed);
        }
        if (paper->signer.n > 0) {
            value_set_bool(arena, view, "certified", true);
        }
        value_set_str(arena, view, "url",
                      str_printf(arena, "/matters/%" PRId64 "/papers/%" PRId64, m->id, paper->n));
        value_add(arena, list, view);
    }
    return list;
}

static struct value *clocks_view(struct cx *cx, const struct matter *m)
{
    struct arena *arena = cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->clock_count; i++) {
        const struct clock_row *clock = &m->clocks[i];
        struct value *view = value_map(arena);
        const struct value *working = clock_counted(cx, clock);
        value_set_str(arena, view, "name", clock->name);
        value_set_str(arena, view, "title", clock->title);
        value_set_str(arena, view, "law", clock->law);
        set_instant(arena, view, "started", clock->started);
        set_instant(arena, view, "due", clock->due);
        value_set_str(arena, view, "unit", clock->unit);
        value_set_int(arena, view, "length", clock->length);
        set_instant(arena, view, "breached", clock->breached);
        set_instant(arena, view, "stopped", clock->stopped);
        if (working != NULL) {
            value_set(arena, view, "working", value_get(working, "working"));
        }
        value_add(arena, list, view);
    }
    return list;
}

bool link_is_shown(struct cx *cx, const struct house *house, const struct link_row *link,
                   const struct actor *actor)
{
    const struct procedure *procedure =
        procedure_find(house->procedures, link->procedure, (int)link->version);
    bool sees = false;
    return authority_sees_link(cx, actor, link, procedure, house->tables(house->tables_arg),
                               &sees) == OK &&
           sees;
}

static struct value *links_view(struct cx *cx, const struct house *house, const struct matter *m,
                                const struct actor *actor)
{
    struct arena *arena = cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->link_count; i++) {
        const struct link_row *link = &m->links[i];
        const struct procedure *p =
            procedure_find(house->procedures, link->procedure, (int)link->version);
        const struct state *state = p == NULL ? NULL : procedure_state(p, link->state);
        struct value *view = value_map(arena);
        if (!link_is_shown(cx, house, link, actor)) {
            continue;
        }
        value_set_str(arena, view, "rel", link->rel);
        value_set_str(arena, view, "id", str_number(arena, link->other));
        value_set_str(arena, view, "procedure", link->procedure);
        value_set_str(arena, view, "title", link->title);
        set_optional(arena, view, "case_number", link->case_number);
        value_set_text(arena, view, "state_title", state == NULL ? "" : state->title);
        value_set(arena, view, "court",
                  court_ref(arena, house->tables(house->tables_arg), link->court));
        value_add(arena, list, view);
    }
    return list;
}

static struct value *ledger_view(struct cx *cx, const struct matter *m)
{
    struct arena *arena = cx->arena;
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->ledger_count; i++) {
        const struct ledger_row *row = &m->ledger[i];
        struct value *view = value_map(arena);
        struct value *working = NULL;
        value_set_int(arena, view, "n", row->n);
        value_set_str(arena, view, "kind", row->kind);
        value_set_int(arena, view, "amount", row->amount);
        set_instant(arena, view, "at", row->at);
        if (json_row_read(cx, row->working, &working) == OK) {
            value_set(arena, view, "working", working);
        }
        value_add(arena, list, view);
    }
    return list;
}

/* The rungs in the order of the definition: those to climb, reached or not, and those that clocks
 * made, when they did. */
struct value *ladder_view(struct arena *arena, const struct seen *seen)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < seen->procedure->rung_count; i++) {
        const struct rung_rule *rule = &seen->procedure->ladder[i];
        bool late = handover_rung_is_late(rule->rung);
        Instant at = rule->rung < RUNG_CORRECTION ? seen->handover->reached[rule->rung] : 0;
        if (rule->rung == RUNG_CORRECTION || (late && at == 0)) {
            continue;
        }
        struct value *view = value_map(arena);
        value_set_text(arena, view, "rung", handover_rung_name(rule->rung));
        value_set_text(arena, view, "title", rule->title);
        set_instant(arena, view, "at", at);
        value_set_bool(arena, view, "negative", late);
        value_add(arena, list, view);
    }
    return list;
}

/* --- acts open now --- */

static struct ask ask_for(const struct house *house, const struct seen *seen,
                          const struct actor *actor, const struct act *act,
                          const struct value *values)
{
    return (struct ask){.house = house,
                        .tables = house->tables(house->tables_arg),
                        .procedure = seen->procedure,
                        .act = act,
                        .matter = seen->matter,
                        .actor = actor,
                        .values = values,
                        .stands = seen->clear,
                        .now = clock_now()};
}

static bool act_is_open(const struct house *house, const struct seen *seen,
                        const struct actor *actor, const struct act *act)
{
    int state = procedure_state_index(seen->procedure, seen->matter->state);
    return state >= 0 && (act->from & (UINT32_C(1) << state)) != 0 &&
           authority_may(actor, seen->matter, act, house->tables(house->tables_arg));
}

static struct value *typed_merged(struct cx *cx, const struct seen *seen, const struct act *act)
{
    return values_merge(cx->arena, seen->clear, value_get(seen->typed, act->name));
}

static struct value *acts_view(struct cx *cx, const struct house *house, const struct seen *seen,
                               const struct actor *actor)
{
    struct value *list = value_list(cx->arena);
    for (uint32_t i = 0; i < seen->procedure->act_count; i++) {
        const struct act *act = &seen->procedure->acts[i];
        if (!act_is_open(house, seen, actor, act)) {
            continue;
        }
        struct ask ask = ask_for(house, seen, actor, act, typed_merged(cx, seen, act));
        struct form form;
        struct value *view = value_map(cx->arena);
        form_offered(cx, &ask, &form);
        value_set_text(cx->arena, view, "name", act->name);
        value_set_text(cx->arena, view, "title", act->title);
        form_view(cx->arena, &form, view);
        if (authority_assists(actor, seen->matter)) { /* to type towards; its owner takes it */
            value_set_bool(cx->arena, view, "prepare_only", true);
        }
        value_add(cx->arena, list, view);
    }
    return list;
}

/* What the rules of the act say already, of what cannot become right by typing on. */
static void early_check(struct cx *cx, struct ask *ask)
{
    ask->early = true;
    for (uint32_t i = 0; i < ask->act->hard_count; i++) {
        if (ask->act->hard[i]->early &&
            ask->act->hard[i]->guard(cx, ask, ask->act->hard[i]) != OK) {
            return; /* told when the act is taken */
        }
    }
}

/* Errors towards the act that typed values go to, collected without failing. */
static struct value *errors_of(struct cx *cx, const struct house *house, const struct seen *seen,
                               const struct actor *actor)
{
    struct value *none = value_list(cx->arena);
    for (uint32_t i = 0; i < seen->procedure->act_count; i++) {
        const struct act *act = &seen->procedure->acts[i];
        if (act->form_count == 0 || !act_is_open(house, seen, actor, act)) {
            continue;
        }
        struct value *values = typed_merged(cx, seen, act);
        struct ask ask = ask_for(house, seen, actor, act, values);
        struct form form;
        struct value *offered = value_map(cx->arena);
        struct failure before = cx->failure;
        form_offered(cx, &ask, &form);
        for (uint32_t k = 0; k < values->count; k++) {
            Str key = values->as.members[k].key;
            if (field_find(form.fields, form.field_count, key) != NULL) {
                value_set_key(cx->arena, offered, key, values->as.members[k].value);
            }
        }
        cx->failure.errors = NULL;
        (void)form_check(cx, &ask, &form, offered);
        early_check(cx, &ask);
        struct value *errors = cx->failure.errors;
        cx->failure = before; /* a guard that failed is told when the act is taken */
        return errors == NULL ? none : errors;
    }
    return none;
}

struct value *matter_view(struct cx *cx, const struct house *house, const struct seen *seen,
                          const struct actor *actor, bool with_errors)
{
    struct arena *arena = cx->arena;
    const struct matter *m = seen->matter;
    const struct law_tables *tables = house->tables(house->tables_arg);
    const struct state *state = procedure_state(seen->procedure, m->state);
    bool whole = authority_sees_whole(actor, m);
    struct value *view = value_map(arena);
    value_set_str(arena, view, "id", str_number(arena, m->id));
    value_set_str(arena, view, "procedure", m->procedure);
    value_set_int(arena, view, "version", seen->procedure->version);
    value_set_str(arena, view, "title", m->title);
    value_set_str(arena, view, "state", m->state);
    value_set_text(arena, view, "state_title", state == NULL ? "" : state->title);
    value_set(arena, view, "court", court_ref(arena, tables, m->court));
    set_optional(arena, view, "case_number", m->case_number);
    value_set_int(arena, view, "revision", m->revision);
    if (m->events > 0) {
        value_set_int(arena, view, "event", m->events);
    }
    value_set(arena, view, "values",
              whole ? seen->clear : values_mask(cx, seen->procedure, seen->clear));
    if (value_count(seen->typed) > 0) {
        value_set(arena, view, "typed", seen->typed);
    }
    if (whole && seen->renewal != NULL) {
        value_set(arena, view, "renewal", seen->renewal);
    }
    value_set(arena, view, "parties", parties_view(cx, seen));
    value_set(arena, view, "materials", materials_view(cx, seen, actor, tables));
    value_set(arena, view, "papers", papers_view(cx, m));
    value_set(arena, view, "clocks", clocks_view(cx, m));
    value_set(arena, view, "ledger", ledger_view(cx, m));
    value_set(arena, view, "links", links_view(cx, house, m, actor));
    if (seen->procedure->collaborated) {
        value_set(arena, view, "collaborator",
                  court_ref(arena, tables, value_get_str(m->values, "collaborator")));
    }
    if (seen->handover != NULL) {
        value_set(arena, view, "ladder", ladder_view(arena, seen));
    }
    value_set(arena, view, "errors",
              with_errors ? errors_of(cx, house, seen, actor) : value_list(arena));
    set_instant(arena, view, "created", m->created);
    set_instant(arena, view, "updated", m->updated);
    if (m->events > 0 && (whole || authority_collaborates(actor, m))) {
        value_set_str(arena, view, "follow_code", m->follow_code);
    }
    value_set(arena, view, "acts", acts_view(cx, house, seen, actor));
    return view;
}

struct value *listing_view(struct cx *cx, const struct house *house, const struct listing *row)
{
    struct arena *arena = cx->arena;
    const struct procedure *p =
        procedure_find(house->procedures, row->procedure, (int)row->version);
    const struct state *state = p == NULL ? NULL : procedure_state(p, row->state);
    struct value *view = value_map(arena);
    value_set_str(arena, view, "id", str_number(arena, row->matter));
    value_set_str(arena, view, "procedure", row->procedure);
    value_set_str(arena, view, "title", row->title);
    value_set(arena, view, "court", court_ref(arena, house->tables(house->tables_arg), row->court));
    set_optional(arena, view, "case_number", row->case_number);
    value_set_str(arena, view, "state", row->state);
    value_set_text(arena, view, "state_title", state == NULL ? "" : state->title);
    set_instant(arena, view, "due", row->due);
    set_instant(arena, view, "updated", row->updated);
    return view;
}

/* --- history --- */

static const char *section_title(Str section)
{
    static const struct {
        const char *name;
        const char *title;
    } titles[] = {{"parties", "当事人"}, {"people", "参与人员"}, {"materials", "材料"},
                  {"papers", "文书"},    {"clocks", "期限"},     {"links", "有关事项"},
                  {"ledger", "费用"}};

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (str_is(section, titles[i].name)) {
            return titles[i].title;
        }
    }
    return section.p;
}

static void change_add(struct arena *arena, struct value *list, const char *field,
                       const char *title)
{
    struct value *entry = value_map(arena);
    value_set_text(arena, entry, "field", field);
    value_set_text(arena, entry, "title", title);
    value_add(arena, list, entry);
}

static struct value *changes_view(struct arena *arena, const struct procedure *procedure,
                                  const struct value *change)
{
    struct value *list = value_list(arena);
    const struct value *head = value_get(change, "matter");
    const struct value *groups = value_get(change, "values");
    if (value_get(head, "state") != NULL) {
        change_add(arena, list, "state", "状态");
    }
    if (value_get_str(head, "case_number").n > 0) {
        change_add(arena, list, "case_number", "案号");
    }
    for (uint32_t i = 0; i < value_count(groups); i++) {
        Str group = groups->as.members[i].key;
        const struct field *field =
            field_find(procedure->elements, procedure->element_count, group);
        change_add(arena, list, group.p, field == NULL ? group.p : field->title);
    }
    for (uint32_t i = 0; i < value_count(change); i++) {
        Str section = change->as.members[i].key;
        bool told = value_get_key(groups, section) != NULL; /* parties are values and rows, too */
        if (!told && !str_is(section, "matter") && !str_is(section, "values")) {
            change_add(arena, list, section.p, section_title(section));
        }
    }
    return list;
}

/* Whose looking was recorded: by post and court, as letters from an office are. */
static struct value *seen_by_view(struct arena *arena, const struct value *by)
{
    struct value *view = value_map(arena);
    value_set(arena, view, "post", value_get(by, "post"));
    value_set(arena, view, "court", value_get(by, "court"));
    return view;
}

struct value *arrival_view(struct arena *arena, const struct value *arrival)
{
    struct value *view = value_map(arena);
    set_instant(arena, view, "began", value_get_int(arrival, "began"));
    set_instant(arena, view, "complete", value_get_int(arrival, "complete"));
    return view;
}

/* Names alone: who they are is for the court to know. */
static struct value *names_view(struct arena *arena, const struct value *people)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(people); i++) {
        value_add(arena, list, value_get(value_item(people, i), "name"));
    }
    return list;
}

struct value *event_view(struct cx *cx, const struct house *house,
                         const struct procedure *procedure, const struct value *body, Hash hash)
{
    struct arena *arena = cx->arena;
    const struct value *actor = value_get(body, "actor");
    struct value *view = value_map(arena);
    struct value *who = value_map(arena);
    (void)house;
    value_set(arena, who, "kind", value_get(actor, "kind"));
    value_set(arena, who, "name", value_get(actor, "name"));
    value_set(arena, who, "post", value_get(actor, "post"));
    value_set(arena, who, "for", value_get(actor, "for"));
    value_set(arena, view, "n", value_get(body, "n"));
    set_instant(arena, view, "at", value_get_int(body, "at"));
    value_set(arena, view, "act", value_get(body, "act"));
    value_set(arena, view, "title", value_get(body, "title"));
    value_set(arena, view, "actor", who);
    value_set(arena, view, "changes", changes_view(arena, procedure, value_get(body, "change")));
    value_set_str(arena, view, "hash", hash_hex(arena, hash));
    if (value_get(body, "fee") != NULL) { /* of a changed claim: what it was, is, and why */
        value_set(arena, view, "fee", value_get(body, "fee"));
    }
    if (value_get(body, "prepared_by") != NULL) {
        value_set(arena, view, "prepared_by", names_view(arena, value_get(body, "prepared_by")));
    }
    if (value_get(body, "signatures") != NULL) {
        value_set(arena, view, "signatures", value_get(body, "signatures"));
    }
    if (value_get(body, "arrival") != NULL) {
        value_set(arena, view, "arrival", arrival_view(arena, value_get(body, "arrival")));
    }
    if (value_get(body, "seen_by") != NULL) {
        value_set(arena, view, "seen_by", seen_by_view(arena, value_get(body, "seen_by")));
    }
    if (value_get(body, "arranged") != NULL) { /* evidence: both orders, page by page */
        value_set(arena, view, "arranged", value_get(body, "arranged"));
    }
    if (value_get(body, "amended") != NULL) { /* both values of each, and why */
        value_set(arena, view, "amended", value_get(body, "amended"));
        value_set(arena, view, "reason", value_get(body, "reason"));
    }
    return view;
}
