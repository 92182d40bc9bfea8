/* Which form is asked, and the claim that follows from its answers. Values of a draft may be of any
 * type: what does not fit is passed over here and complained of where the form is checked. */
#include "flow/element_form.h"

#include <string.h>

#include "base/money.h"
#include "flow/element_injury.h"
#include "law/interest.h"

enum { PERIODS_MAX = 50, CLAIM_BYTES_MAX = 256 * 1024, REQUESTS_MAX = 30, PPM_DECIMALS = 4 };

bool element_form_is_civil(const struct element_form *form)
{
    return strcmp(form->kind, "civil") == 0;
}

const struct element_form *element_form_find(const struct element_forms *forms, Str number)
{
    for (uint32_t i = 0; forms != NULL && i < forms->count; i++) {
        if (str_is(number, forms->all[i].number)) {
            return &forms->all[i];
        }
    }
    return NULL;
}

const struct element_form *element_form_version(const struct element_forms *forms, Str number,
                                                int version)
{
    for (uint32_t i = 0; forms != NULL && i < forms->count; i++) {
        if (str_is(number, forms->all[i].number) && forms->all[i].version == version) {
            return &forms->all[i];
        }
    }
    return NULL;
}

const struct element_form *element_form_of(const struct element_forms *forms,
                                           const struct law_tables *tables,
                                           const struct value *values)
{
    const struct cause *cause =
        forms == NULL ? NULL : cause_find(tables, value_get_str(values, "cause"));
    return cause == NULL ? NULL : element_form_find(forms, cause->form_no);
}

/* What form-KIND says. */
static Str chosen(const struct value *values, Str kind)
{
    for (uint32_t i = 0; value_is_map(values) && i < values->count; i++) {
        Str key = values->as.members[i].key;
        if (str_starts(key, FORM_CHOICE) && text_is(key.p + strlen(FORM_CHOICE), kind.p)) {
            return value_as_str(values->as.members[i].value);
        }
    }
    return STR("");
}

const struct element_form *element_form_asked(const struct procedure *procedure,
                                              const struct law_tables *tables,
                                              const struct value *values)
{
    Str kind = procedure_kind(procedure, values);
    if (str_is(kind, "civil")) {
        return str_is(value_get_str(values, "style"), "element")
                   ? element_form_of(procedure->forms, tables, values)
                   : NULL;
    }
    const struct element_form *form = element_form_find(procedure->forms, chosen(values, kind));
    return form != NULL && str_is(kind, form->kind) ? form : NULL;
}

bool element_form_asks(const struct field *field, const struct element_form *form)
{
    for (uint32_t i = 0; form != NULL && i < form->section_count; i++) {
        if (text_is(field->name, form->sections[i]->element)) {
            return true;
        }
    }
    return false;
}

static bool is_begun(const struct element_form *form, const struct value *values)
{
    for (uint32_t i = 0; i < form->section_count; i++) {
        if (!form->sections[i]->shared &&
            !value_is_empty(value_get(values, form->sections[i]->element))) {
            return true;
        }
    }
    return false;
}

bool element_form_waits(const struct element_form *form, const struct value *values)
{
    const struct value *claim = value_get(values, "claim");
    return value_count(value_get(claim, "requests")) > 0 && value_get_str(claim, "facts").n > 0 &&
           value_get(claim, "form") == NULL && !is_begun(form, values);
}

/* --- interest --- */

/* "12", "3.85": per cent with at most four decimals as ppm; times likewise as millionths. */
static bool decimal_read(Str text, int64_t one, int64_t *out)
{
    int64_t number = 0;
    int64_t decimals = -1;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.' && decimals < 0 && i > 0) {
            decimals = 0;
        } else if (text.p[i] >= '0' && text.p[i] <= '9' && number < 1000000 * one) {
            number = number * 10 + (text.p[i] - '0');
            decimals += decimals >= 0;
        } else {
            return false;
        }
    }
    if (text.n == 0 || decimals > PPM_DECIMALS || decimals == 0) {
        return false;
    }
    for (int64_t i = decimals < 0 ? 0 : decimals; i < PPM_DECIMALS; i++) {
        number *= 10;
    }
    *out = number * (one / 10000);
    return true;
}

static bool date_of_field(const struct value *v, const char *name, Date *out)
{
    return date_parse(value_get_str(v, name), out);
}

static int periods_read(const struct value *claim, int64_t ppm, int year_days,
                        struct interest_ask *out)
{
    int count = 0;
    Date end = DATE_NONE;
    const struct value *list = value_get(claim, "interest-periods");
    bool has_end = date_of_field(claim, "interest-to", &end);
    for (uint32_t i = 0; value_is_list(list) && i < list->count && count < PERIODS_MAX; i++) {
        const struct value *row = value_item(list, i);
        struct interest_ask *ask = &out[count];
        *ask = (struct interest_ask){
            .principal = value_get_int(row, "principal"), .ppm = ppm, .year_days = year_days};
        bool own_end = date_of_field(row, "to", &ask->to);
        if (ask->principal > 0 && date_of_field(row, "from", &ask->from) && (own_end || has_end)) {
            ask->to = (own_end ? ask->to : end) + 1; /* the last day counts */
            count++;
        }
    }
    return count;
}

static const char *way_words(struct arena *arena, Str way, const struct value *claim)
{
    Str rate = value_get_str(claim, "interest-rate");
    if (str_is(way, "lpr")) {
        return arena_printf(arena, "按一年期贷款市场报价利率的%s倍计算",
                            value_get_str(claim, "interest-times").p);
    }
    return str_is(way, "lending")
               ? arena_printf(arena, "按约定年利率%s%%计算，超过司法保护上限的按上限计算", rate.p)
               : arena_printf(arena, "按约定年利率%s%%计算", rate.p);
}

/* "interest", "interest-method" and "sheet"; or "fault". */
static void interest_set(struct cx *cx, const struct law_tables *tables, const struct value *claim,
                         Date today, struct value *out)
{
    struct arena *arena = cx->arena;
    struct interest_ask asks[PERIODS_MAX];
    struct interest_answer answer;
    struct failure before = cx->failure;
    Date contract = DATE_NONE;
    int64_t ppm = 0;
    Str way = value_get_str(claim, "interest-way");
    bool lpr = str_is(way, "lpr");
    bool lending = str_is(way, "lending");
    int year_days = str_is(value_get_str(claim, "interest-days"), "d360") ? 360 : 365;
    if (way.n == 0 || str_is(way, "own") ||
        !decimal_read(value_get_str(claim, lpr ? "interest-times" : "interest-rate"),
                      lpr ? 1000000 : 10000, &ppm) ||
        (lending && !date_of_field(claim, "interest-contract", &contract))) {
        return;
    }
    int count = periods_read(claim, ppm, year_days, asks);
    if (count == 0) {
        return;
    }
    enum interest_way by = lpr       ? INTEREST_BY_LPR
                           : lending ? INTEREST_BY_LENDING
                                     : INTEREST_BY_AGREEMENT;
    cx_forgive(cx);
    if (interest_stretches(cx, tables, by, asks, count, contract, today, &answer) != OK) {
        value_set_text(arena, out, "fault", cx->failure.code);
        cx->failure = before;
        return;
    }
    cx->failure = before;
    Money paid = value_get_int(claim, "interest-paid");
    Money due = answer.interest > paid ? answer.interest - paid : 0;
    value_set_int(arena, out, "interest", due);
    value_set_int(arena, out, "interest-all", answer.interest);
    value_set_int(arena, out, "interest-paid", paid);
    value_set_bool(arena, out, "interest-uncertain", answer.uncertain);
    value_set_text(
        arena, out, "interest-method",
        arena_printf(arena, "%s，逐段计算见附表《利息计算表》", way_words(arena, way, claim)));
    value_set(arena, out, "sheet", answer.sheet);
}

/* --- the claim --- */

static Money sum_of(const struct element_form *form, const struct value *claim)
{
    Money sum = 0;
    for (uint32_t i = 0; i < value_count(form->sum); i++) {
        Str name = value_as_str(value_item(form->sum, i));
        const struct field *field =
            field_find(form->claim->group->fields, form->claim->group->field_count, name);
        Money amount = field_is_asked(field, claim) ? value_get_int(claim, name.p) : 0;
        sum += amount > 0 && amount <= MONEY_MAX_FEN ? amount : 0;
        sum = sum > MONEY_MAX_FEN ? MONEY_MAX_FEN : sum;
    }
    return sum;
}

struct value *element_form_fill(struct arena *arena, const struct value *said,
                                const struct value *derived)
{
    static const char *const computed[] = {"interest", "interest-method"};
    struct value *filled = value_merge(arena, said, NULL);
    const struct value *injury = value_get(value_get(derived, "injury"), "filled");
    for (size_t i = 0; i < sizeof computed / sizeof computed[0]; i++) {
        const struct value *v = value_get(derived, computed[i]);
        if (v != NULL && value_is_empty(value_get(said, computed[i]))) {
            value_set(arena, filled, computed[i], v);
        }
    }
    for (uint32_t i = 0; i < value_count(injury); i++) {
        value_set_key(arena, filled, injury->as.members[i].key, injury->as.members[i].value);
    }
    return filled;
}

/* The first section with what was left to the program filled in. */
static const struct value *section_filled(struct arena *arena, const struct element_form *form,
                                          const struct value *claim, const struct value *derived)
{
    struct value *filled = element_form_fill(arena, claim, derived);
    if (form->total[0] != '\0' && value_is_empty(value_get(claim, form->total))) {
        value_set_int(arena, filled, form->total, sum_of(form, filled));
    }
    return filled;
}

static bool request_holds(const struct value *when, const struct value *claim)
{
    const struct value *in = value_get(when, "in");
    const struct value *said = value_at(claim, value_get_str(when, "field").p);
    for (uint32_t i = 0; i < value_count(in); i++) {
        const char *one = value_as_str(value_item(in, i)).p;
        if (said != NULL && (value_same(said, value_item(in, i)) ||
                             (value_is_list(said) && field_value_in(said, &one, 1)))) {
            return true; /* of several choices, one is enough */
        }
    }
    return when == NULL;
}

static void request_add(struct arena *arena, struct value *requests, Str text)
{
    struct value *request = value_map(arena);
    if (text.n > 0 && requests->count < REQUESTS_MAX) {
        value_set_str(arena, request, "text", text);
        value_add(arena, requests, request);
    }
}

static struct value *requests_of(const struct form_ink *ink, const struct element_form *form,
                                 const struct value *claim)
{
    struct value *requests = value_list(ink->arena);
    const struct field *group = form->claim->group;
    struct form_ink asking = *ink;
    asking.asking = true;
    for (uint32_t i = 0; i < form->claim->row_count; i++) {
        const struct value *list = form->claim->rows[i].requests;
        for (uint32_t k = 0; k < value_count(list); k++) {
            const struct value *one = value_item(list, k);
            bool whole = false;
            Str text = form_ink_text(&asking, value_get_str(one, "text").p, group->fields,
                                     group->field_count, claim, &whole);
            if (whole && request_holds(value_get(one, "when"), claim) && !str_is(text, "无")) {
                request_add(ink->arena, requests, text);
            }
        }
    }
    return requests;
}

/* Rows of the facts that say something, one paragraph each. */
static Str facts_of(const struct form_ink *ink, const struct form_section *section,
                    const struct value *said)
{
    struct buf out;
    struct form_ink here = *ink;
    here.section = section;
    buf_init(&out, ink->arena, CLAIM_BYTES_MAX);
    for (uint32_t i = 0; i < section->row_count; i++) {
        const struct form_row *row = &section->rows[i];
        const struct value *first = row->first == NULL ? NULL : value_get(said, row->first);
        if (value_is_empty(first) || (first->kind == VALUE_BOOL && !first->as.truth)) {
            continue; /* what is not so, or not said, is no ground */
        }
        Str text = form_ink_text(&here, row->print, section->group->fields,
                                 section->group->field_count, said, NULL);
        buf_printf(&out, "%s%s%s%.*s", out.n == 0 ? "" : "\n", row->span ? "" : row->label,
                   row->span ? "" : "：", STR_ARG(text));
    }
    return buf_done(&out);
}

struct value *element_form_claim(struct cx *cx, const struct element_forms *forms,
                                 const struct element_form *form, const struct law_tables *tables,
                                 const struct value *values, Date today)
{
    struct arena *arena = cx->arena;
    struct value *out = value_map(arena);
    struct form_ink ink = {
        .arena = arena, .forms = forms, .tables = tables, .values = values, .section = form->claim};
    const struct value *claim = value_get(values, form->claim->element);
    value_set_text(arena, out, "form", form->number);
    if (form->has_interest) {
        interest_set(cx, tables, claim, today, out);
    }
    if (form->has_injury) {
        element_injury_set(cx, tables, claim, today, out);
    }
    const struct value *filled = section_filled(arena, form, claim, out);
    Str facts = STR("");
    for (uint32_t i = 0; i < form->section_count; i++) {
        const struct form_section *section = form->sections[i];
        if (!section->shared && section != form->claim) {
            Str part = facts_of(&ink, section, value_get(values, section->element));
            facts = facts.n == 0 ? part : str_printf(arena, "%s\n%s", facts.p, part.p);
        }
    }
    value_set_int(arena, out, "amount", value_get_int(filled, form->total));
    value_set_int(arena, out, "added", sum_of(form, filled));
    value_set(arena, out, "requests", requests_of(&ink, form, filled));
    value_set_str(arena, out, "facts", facts);
    if (form->place[0] != '\0' && !value_is_empty(value_get(claim, form->place))) {
        value_set(arena, out, "place-of-performance", value_get(claim, form->place));
    }
    return out;
}

/* A claim that followed from a form, when the form is no longer asked: the words stay, as a
 * beginning; what the form alone knows goes. */
static struct value *claim_freed(struct arena *arena, const struct value *claim)
{
    static const char *const kept[] = {"requests", "amount", "facts", "place-of-performance"};
    struct value *freed = value_map(arena);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (value_get(claim, kept[i]) != NULL) {
            value_set(arena, freed, kept[i], value_get(claim, kept[i]));
        }
    }
    return freed;
}

struct value *element_form_derive(struct cx *cx, const struct procedure *procedure,
                                  const struct law_tables *tables, struct value *values, Date today)
{
    const struct element_form *form = element_form_asked(procedure, tables, values);
    const struct value *claim = value_get(values, "claim");
    struct value *whole = value_merge(cx->arena, values, NULL);
    if (form == NULL && value_get(claim, "form") != NULL) {
        value_set(cx->arena, whole, "claim", claim_freed(cx->arena, claim));
        return whole;
    }
    if (form == NULL || !is_begun(form, values)) {
        return values;
    }
    value_set(cx->arena, whole, "claim",
              element_form_claim(cx, procedure->forms, form, tables, values, today));
    return whole;
}
