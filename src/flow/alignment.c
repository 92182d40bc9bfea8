#include "flow/alignment.h"

#include <string.h>

#include "flow/element_reply.h"
#include "seal/hash.h"

enum { PARAGRAPHS_MAX = 100 };

static const struct {
    const char *name;
    const char *title;
} stances[] = {
    {"admit", "无异议"}, {"deny", "有异议"}, {"partly", "部分有异议"}, {"unknown", "不清楚"}};

static const struct {
    const char *name;
    const char *title;
} statuses[] = {{"undisputed", "没有争议"},
                {"disputed", "有争议"},
                {"asked", "待当庭询问"},
                {"open", "待答辩"}};

enum { STATUSES = sizeof statuses / sizeof statuses[0] };

const char *alignment_stance_title(Str stance)
{
    for (size_t i = 0; i < sizeof stances / sizeof stances[0]; i++) {
        if (str_is(stance, stances[i].name)) {
            return stances[i].title;
        }
    }
    return "";
}

const char *alignment_status_title(Str status)
{
    for (size_t i = 0; i < STATUSES; i++) {
        if (str_is(status, statuses[i].name)) {
            return statuses[i].title;
        }
    }
    return "";
}

/* --- the claim --- */

static Str digest_of(struct arena *arena, Str text)
{
    return str_slice(arena, hash_hex(arena, hash_of(text.p, text.n)), 0, ALIGNMENT_DIGEST_CHARS);
}

static struct value *row_add(struct arena *arena, struct value *list, Str name, bool fact,
                             Str label, Str claim)
{
    struct value *row = value_map(arena);
    if (list->count >= ALIGNMENT_ROWS_MAX) {
        return row;
    }
    value_set_str(arena, row, "row", name);
    value_set_text(arena, row, "part", fact ? "facts" : "claim");
    value_set_str(arena, row, "label", label);
    value_set_str(arena, row, "claim", claim);
    value_set_str(arena, row, "digest", digest_of(arena, claim));
    value_add(arena, list, row);
    return row;
}

static void form_rows(const struct form_ink *ink, const struct element_form *form, bool all,
                      struct value *list)
{
    for (uint32_t i = 0; i < form->reply_count; i++) {
        const struct form_reply *reply = &form->replies[i];
        Str claim = reply->own ? STR("") : form_reply_claim(ink, form, reply);
        if (claim.n == 0 && !reply->own && (!all || reply->ours)) {
            continue;
        }
        struct value *row = row_add(ink->arena, list, str_of(reply->name), reply->fact,
                                    str_of(reply->label), claim);
        value_set_bool(ink->arena, row, "own", reply->own);
        value_set_bool(ink->arena, row, "ours", reply->ours);
        value_set_bool(ink->arena, row, "below", reply->below);
        value_set_bool(ink->arena, row, "confirms", reply->confirms);
        value_set_bool(ink->arena, row, "tick", reply->tick);
        value_set_text(ink->arena, row, "boxes", reply->boxes);
        value_set_text(ink->arena, row, "yes", reply->yes);
        value_set_text(ink->arena, row, "room", reply->room);
        value_set_text(ink->arena, row, "heading", reply->heading);
        value_set(ink->arena, row, "choose", reply->choose);
        value_set_bool(ink->arena, row, "span", reply->span);
        value_set_bool(ink->arena, row, "plain", reply->plain);
    }
}

static void request_rows(struct arena *arena, const struct value *requests, struct value *list)
{
    for (uint32_t i = 0; i < value_count(requests); i++) {
        Str text = value_get_str(value_item(requests, i), "text");
        if (text.n > 0) {
            (void)row_add(arena, list, str_printf(arena, "claim.%u", i + 1), false,
                          str_printf(arena, "对第%u项诉讼请求有无异议", i + 1), text);
        }
    }
}

/* Paragraph by paragraph, so that one can be admitted and the next denied. */
static void fact_rows(struct arena *arena, Str facts, struct value *list)
{
    size_t at = 0;
    uint32_t n = 0;
    bool several = memchr(facts.p, '\n', facts.n) != NULL;
    while (at < facts.n) {
        const char *end = n + 1 == PARAGRAPHS_MAX ? NULL : memchr(facts.p + at, '\n', facts.n - at);
        size_t stop = end == NULL ? facts.n : (size_t)(end - facts.p);
        Str text = str_trim(arena, str_slice(arena, facts, at, stop));
        at = stop + 1;
        if (text.n == 0) {
            continue;
        }
        n++;
        struct value *row = row_add(arena, list, str_printf(arena, "facts.%u", n), true,
                                    several ? str_printf(arena, "对事实与理由第%u段有无异议", n)
                                            : STR("对事实与理由有无异议"),
                                    text);
        value_set_bool(arena, row, "below", true);
    }
}

struct value *alignment_claim(struct arena *arena, const struct procedure *procedure,
                              const struct law_tables *tables, const struct value *values, bool all)
{
    struct value *list = value_list(arena);
    const struct element_form *form = element_form_asked(procedure, tables, values);
    const struct value *claim = value_get(values, "claim");
    if (form != NULL && value_get(claim, "form") != NULL) {
        struct form_ink ink = {
            .arena = arena, .forms = procedure->forms, .tables = tables, .values = values};
        form_rows(&ink, form, all, list);
        return list;
    }
    request_rows(arena, value_get(claim, "requests"), list);
    fact_rows(arena, value_get_str(claim, "facts"), list);
    if (list->count > 0) {
        struct value *basis =
            row_add(arena, list, STR("facts.basis"), true, STR("答辩依据"), STR(""));
        value_set_bool(arena, basis, "own", true);
        value_set_bool(arena, basis, "below", true);
    }
    return list;
}

/* --- an answer --- */

static const struct value *row_of(const struct value *list, Str name)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (str_same(value_get_str(value_item(list, i), "row"), name)) {
            return value_item(list, i);
        }
    }
    return NULL;
}

struct value *alignment_answered(struct arena *arena, const struct value *claim,
                                 const struct value *said)
{
    static const char *const kept[] = {"stance", "choice", "reason", "evidence"};
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(claim); i++) {
        const struct value *row = value_item(claim, i);
        const struct value *answer = row_of(said, value_get_str(row, "row"));
        bool own = value_get_bool(row, "own");
        if (value_get_str(answer, own ? "reason" : "stance").n == 0 &&
            (!own || value_get_str(answer, "choice").n == 0)) {
            continue;
        }
        struct value *one = value_map(arena);
        value_set(arena, one, "row", value_get(row, "row"));
        for (size_t k = own ? 1 : 0; k < sizeof kept / sizeof kept[0]; k++) {
            if (!value_is_empty(value_get(answer, kept[k]))) {
                value_set(arena, one, kept[k], value_get(answer, kept[k]));
            }
        }
        if (!own) {
            value_set(arena, one, "digest", value_get(row, "digest"));
        }
        value_add(arena, list, one);
    }
    return list;
}

const struct value *alignment_answer_of(const struct value *answers, int64_t party)
{
    for (uint32_t i = 0; i < value_count(answers); i++) {
        if (value_get_int(value_item(answers, i), "party") == party) {
            return value_item(answers, i);
        }
    }
    return NULL;
}

/* --- who answers --- */

const struct party *alignment_defendant(const struct matter *m, int64_t n)
{
    return n >= 1 && n <= (int64_t)m->party_count && str_is(m->parties[n - 1].role, "defendant")
               ? &m->parties[n - 1]
               : NULL;
}

struct value *alignment_defendants(struct arena *arena, const struct matter *m)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < m->party_count; i++) {
        if (str_is(m->parties[i].role, "defendant")) {
            struct value *party = value_map(arena);
            value_set_int(arena, party, "party", m->parties[i].n);
            value_set_str(arena, party, "name", m->parties[i].name);
            value_add(arena, list, party);
        }
    }
    return list;
}

struct alignment_side alignment_side_of(const struct matter *m, Id person, int64_t named)
{
    struct alignment_side own = {0};
    struct alignment_side client = {0};
    uint32_t clients = 0;
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        const struct attachment *a = &m->attachments[i];
        if (a->person != person || a->until != 0 || alignment_defendant(m, a->party) == NULL) {
            continue;
        }
        struct alignment_side one = {a->party, str_is(a->role, "litigation-agent"),
                                     str_is(a->authority, "special")};
        if (a->party == named) {
            return one;
        }
        own = one.agent ? own : one;
        client = one.agent ? one : client;
        clients += one.agent;
    }
    if (named == 0 && own.party != 0) {
        return own;
    }
    return named == 0 && clients == 1 ? client : (struct alignment_side){.agent = clients > 0};
}

/* --- side by side --- */

/* What the answers of all defendants to a row amount to. */
struct weighing {
    bool missing, denied, unknown;
};

static const char *weighed(const struct weighing *w)
{
    return w->denied ? "disputed" : w->missing ? "open" : w->unknown ? "asked" : "undisputed";
}

static void answer_show(struct arena *arena, const struct value *row, const struct value *party,
                        const struct value *answer, struct weighing *w, struct value *list)
{
    const struct value *said = row_of(value_get(answer, "rows"), value_get_str(row, "row"));
    Str stance = value_get_str(said, "stance");
    bool changed =
        said != NULL && !str_same(value_get_str(said, "digest"), value_get_str(row, "digest"));
    bool counts = said != NULL && !changed;
    w->missing = w->missing || !counts;
    w->denied = w->denied || (counts && (str_is(stance, "deny") || str_is(stance, "partly")));
    w->unknown = w->unknown || (counts && str_is(stance, "unknown"));
    struct value *one = value_map(arena);
    value_set(arena, one, "party", value_get(party, "party"));
    value_set(arena, one, "name", value_get(party, "name"));
    value_set_str(arena, one, "stance", stance);
    value_set_str(arena, one, "reason", value_get_str(said, "reason"));
    value_set(arena, one, "evidence",
              value_get(said, "evidence") == NULL ? value_list(arena)
                                                  : value_get(said, "evidence"));
    value_set_bool(arena, one, "changed", changed);
    value_set_bool(arena, one, "late", said != NULL && value_get_bool(answer, "late"));
    value_add(arena, list, one);
}

static void own_show(struct arena *arena, const struct value *row, const struct value *parties,
                     const struct value *answers, struct value *list)
{
    for (uint32_t i = 0; i < value_count(parties); i++) {
        const struct value *party = value_item(parties, i);
        const struct value *answer = alignment_answer_of(answers, value_get_int(party, "party"));
        const struct value *said = row_of(value_get(answer, "rows"), value_get_str(row, "row"));
        if (said != NULL) {
            struct value *one = value_map(arena);
            value_set(arena, one, "row", value_get(row, "row"));
            value_set(arena, one, "label", value_get(row, "label"));
            value_set(arena, one, "party", value_get(party, "party"));
            value_set(arena, one, "name", value_get(party, "name"));
            Str choice = value_get_str(said, "choice");
            Str reason = value_get_str(said, "reason");
            value_set_str(arena, one, "text",
                          str_printf(arena, "%s%s%s", choice.p,
                                     choice.n > 0 && reason.n > 0 ? "。" : "", reason.p));
            value_add(arena, list, one);
        }
    }
}

struct value *alignment_table(struct arena *arena, const struct value *claim,
                              const struct value *parties, const struct value *answers)
{
    struct value *table = value_map(arena);
    struct value *rows = value_list(arena);
    struct value *own = value_list(arena);
    struct value *counts = value_map(arena);
    for (size_t i = 0; i < STATUSES; i++) {
        value_set_int(arena, counts, statuses[i].name, 0);
    }
    for (uint32_t i = 0; i < value_count(claim); i++) {
        const struct value *row = value_item(claim, i);
        if (value_get_bool(row, "own")) {
            own_show(arena, row, parties, answers, own);
            continue;
        }
        struct value *said = value_list(arena);
        struct weighing w = {.missing = value_count(parties) == 0};
        for (uint32_t k = 0; k < value_count(parties); k++) {
            const struct value *party = value_item(parties, k);
            answer_show(arena, row, party,
                        alignment_answer_of(answers, value_get_int(party, "party")), &w, said);
        }
        struct value *shown = value_map(arena);
        static const char *const told[] = {"row", "part", "label", "claim"};
        for (size_t k = 0; k < sizeof told / sizeof told[0]; k++) {
            value_set(arena, shown, told[k], value_get(row, told[k]));
        }
        const char *status = weighed(&w);
        value_set_text(arena, shown, "status", status);
        value_set(arena, shown, "answers", said);
        value_set_int(arena, counts, status, value_get_int(counts, status) + 1);
        value_add(arena, rows, shown);
    }
    value_set(arena, table, "rows", rows);
    value_set(arena, table, "own", own);
    value_set(arena, table, "counts", counts);
    return table;
}
