/* Evidence as numbered items (flow/evidence.h): what its list may say, the list as a paper, and the
 * court's own order of it, which keeps the order of the party beside it. */
#include "flow/evidence.h"

#include <string.h>

#include "procedure/rules.h"

static void evidence_of(struct arena *arena, const struct value *values, const struct matter *m,
                        struct evidence *out)
{
    evidence_read(arena, value_get(values, EVIDENCE_LIST), m, out);
}

/* --- before --- */

static enum status evidence_holds(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *faults = evidence_faults(cx->arena, value_get(ask->values, EVIDENCE_LIST),
                                                 ask->matter, EVIDENCE_LIST ".");
    for (uint32_t i = 0; i < value_count(faults); i++) {
        const struct value *fault = value_item(faults, i);
        ask_complain(cx, ask, rule, value_get_str(fault, "field").p,
                     value_get_str(fault, "title").p);
    }
    return OK;
}

/* Who never arranged is not asked: each file is an item by itself. */
static enum status evidence_explained(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct evidence evidence;
    if (value_count(value_get(value_get(ask->values, EVIDENCE_LIST), "items")) == 0) {
        return OK;
    }
    evidence_of(cx->arena, ask->values, ask->matter, &evidence);
    for (uint32_t i = 0; i < evidence.item_count; i++) {
        const struct evidence_item *item = &evidence.items[i];
        const char *field = arena_printf(cx->arena, "%s.items.%u", EVIDENCE_LIST, i);
        if (item->count == 0) {
            ask_complain(cx, ask, rule, field,
                         arena_printf(cx->arena,
                                      "证据%u“%s”没有页：实物可以这样，不是实物的请放入页面", i + 1,
                                      item->name.p));
        }
        if (item->purpose.n == 0) {
            ask_complain(cx, ask, rule, field,
                         arena_printf(cx->arena, "证据%u“%s”没有写证明什么", i + 1, item->name.p));
        }
    }
    if (evidence.apart > 0) {
        ask_complain(
            cx, ask, rule, EVIDENCE_LIST,
            arena_printf(cx->arena, "有%u页没有编入任何一项证据，不编页码", evidence.apart));
    }
    return OK;
}

/* An order that is the same as before needs no act. What stands is in the matter, what is said is
 * among the values. */
static enum status evidence_moved(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct evidence was;
    struct evidence becomes;
    evidence_of(cx->arena, ask->matter->values, ask->matter, &was);
    evidence_of(cx->arena, ask->values, ask->matter, &becomes);
    if (value_same(evidence_value(cx->arena, &was), evidence_value(cx->arena, &becomes))) {
        ask_complain(cx, ask, rule, EVIDENCE_LIST, "编排和原来的一样，没有要改的");
    }
    return OK;
}

/* --- doing it --- */

/* Both orders stay in the event; the reason does not stay among the values. */
static enum status rearrange_evidence(struct cx *cx, struct plan *plan)
{
    struct arena *arena = cx->arena;
    struct change *change = &plan->changes[0];
    struct evidence was;
    struct evidence becomes;
    struct value *both = value_list(arena);
    struct value *words = value_list(arena);
    struct value *row = value_map(arena);
    struct value *after = value_merge(arena, change->clear, NULL);
    evidence_of(arena, change->before->values, change->before, &was);
    evidence_of(arena, change->clear, change->after, &becomes);
    evidence_rows(arena, &was, "was", both);
    evidence_rows(arena, &becomes, "becomes", both);
    value_set_text(arena, row, "field", EVIDENCE_LIST);
    value_set_text(arena, row, "title", "证据编排");
    value_set_str(arena, row, "was", evidence_text(arena, &was));
    value_set_str(arena, row, "becomes", evidence_text(arena, &becomes));
    value_add(arena, words, row);
    change->extra = value_merge(arena, change->extra, NULL);
    value_set(arena, change->extra, "arranged", both);
    value_set(arena, change->extra, "amended", words);
    value_set_str(arena, change->extra, "reason",
                  value_get_str(value_get(change->clear, "arrangement"), "reason"));
    value_set_bool(arena, change_inputs(cx, change), "evidence-by-court", true);
    value_remove(after, "arrangement");
    return change_values(cx, plan, change, after);
}

static void set_said(struct arena *arena, struct value *row, const char *name, Str text)
{
    if (text.n > 0) {
        value_set_str(arena, row, name, text);
    }
}

/* The list as a paper: it fills itself from the order. */
static enum status list_evidence(struct cx *cx, struct plan *plan)
{
    struct arena *arena = cx->arena;
    struct change *change = &plan->changes[0];
    struct value *list = value_list(arena);
    struct evidence evidence;
    evidence_of(arena, change->clear, change->after, &evidence);
    for (uint32_t i = 0; i < evidence.item_count; i++) {
        const struct evidence_item *item = &evidence.items[i];
        struct value *row = value_map(arena);
        Str pages = evidence_pages_text(arena, &evidence, item);
        value_set_str(arena, row, "name", item->name);
        set_said(arena, row, "form", str_of(evidence_form_title(item->form)));
        set_said(arena, row, "source", item->source);
        set_said(arena, row, "purpose", item->purpose);
        value_set_str(arena, row, "pages", pages.n > 0 ? pages : STR("无"));
        value_add(arena, list, row);
    }
    value_set(arena, change_inputs(cx, change), "evidence", list);
    value_set_int(arena, change_inputs(cx, change), "evidence-pages", evidence.total);
    return OK;
}

static bool has_evidence(const struct ask *ask)
{
    bool has = value_count(value_get(value_get(ask->values, EVIDENCE_LIST), "items")) > 0;
    for (uint32_t i = 0; i < ask->matter->material_count && !has; i++) {
        const struct material *m = &ask->matter->materials[i];
        has = m->removed == 0 && str_is(m->kind, EVIDENCE_KIND);
    }
    return has;
}

RULE_GUARD_EARLY(rule_evidence_holds, "evidence-holds", "", evidence_holds);
RULE_GUARD_OF(rule_evidence_explained, "evidence-explained", "", evidence_explained);
RULE_GUARD_OF(rule_evidence_moved, "evidence-moved", "", evidence_moved);
RULE_EFFECT_OF(rule_rearrange, "rearrange-evidence", rearrange_evidence);
RULE_EFFECT_GIVING(rule_list_evidence, "list-evidence", list_evidence, "evidence evidence-pages");
RULE_PREDICATE_OF(rule_has_evidence, "has-evidence", has_evidence);

const struct rule *const rules_evidence[] = {
    &rule_evidence_holds,
    &rule_evidence_explained,
    &rule_evidence_moved,
    &rule_rearrange,
    &rule_list_evidence,
    &rule_has_evidence,
    NULL,
};
