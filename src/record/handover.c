#include "record/handover.h"

#include "base/check.h"
#include "base/text.h"

static const char *const NAMES[RUNG_COUNT] = {
    [RUNG_SUBMITTED] = "submitted",         [RUNG_RELAYED] = "relayed",
    [RUNG_RECEIVED] = "received",           [RUNG_OPENED] = "opened",
    [RUNG_RESPONDED] = "responded",         [RUNG_DECIDED] = "decided",
    [RUNG_DELIVERED] = "delivered",         [RUNG_LATE_RESPONSE] = "late-response",
    [RUNG_LATE_PROVINCE] = "late-province", [RUNG_LATE_FEEDBACK] = "late-feedback",
    [RUNG_LATE_DECISION] = "late-decision", [RUNG_LATE_REVIEW] = "late-review",
    [RUNG_CORRECTION] = "correction",
};

const char *handover_rung_name(enum handover_rung rung)
{
    check(rung < RUNG_COUNT);
    return NAMES[rung];
}

bool handover_rung_parse(Str name, enum handover_rung *out)
{
    for (int i = 0; i < RUNG_COUNT; i++) {
        if (str_is(name, NAMES[i])) {
            *out = (enum handover_rung)i;
            return true;
        }
    }
    return false;
}

bool handover_rung_is_late(enum handover_rung rung)
{
    return rung >= RUNG_LATE_RESPONSE && rung <= RUNG_LATE_REVIEW;
}

struct handover handover_none(void)
{
    static const Str nothing = {"", 0};
    return (struct handover){.procedure = nothing,
                             .kind = nothing,
                             .collaborator = nothing,
                             .court = nothing,
                             .collaborator_province = nothing,
                             .province = nothing,
                             .outcome = nothing,
                             .response_ms = -1};
}

/* --- from events --- */

/* The first character of a court's code is its province, but of the Supreme Court's. */
static Str province_of(struct arena *arena, Str code)
{
    return str_starts(code, "最高") ? STR("") : utf8_head(arena, code, 1);
}

static void note_rung(struct handover *row, enum handover_rung rung, const struct value *body,
                      const struct value *head)
{
    if (rung == RUNG_CORRECTION) {
        row->corrections += 1;
        return;
    }
    if (row->reached[rung] == 0) {
        row->reached[rung] = value_get_int(body, "at");
    }
    if (rung == RUNG_RESPONDED && row->response_ms < 0) {
        row->response_ms = value_get_int(body, "response_ms");
    }
    if (rung == RUNG_DECIDED) {
        row->outcome = value_get_str(head, "state");
    }
}

bool handover_note(struct arena *arena, struct handover *row, const struct value *body,
                   const struct value *projection)
{
    const struct value *rungs = value_get(body, "rungs");
    const struct value *head = value_get(projection, "matter");
    const struct value *values = value_get(projection, "values");
    if (rungs == NULL) {
        return false;
    }
    row->matter = value_get_int(body, "matter");
    row->procedure = value_get_str(head, "procedure");
    row->court = value_get_str(head, "court");
    row->kind = value_get_str(values, "filing-kind");
    row->collaborator = value_get_str(values, "collaborator");
    row->drill = value_get_int(values, "drill");
    row->province = province_of(arena, row->court);
    row->collaborator_province = province_of(arena, row->collaborator);
    int64_t rating = value_as_int(value_at(values, "rating.score"));
    row->rating = rating > 0 ? rating : row->rating;
    for (uint32_t i = 0; i < value_count(rungs); i++) {
        enum handover_rung rung = RUNG_COUNT;
        if (handover_rung_parse(value_as_str(value_item(rungs, i)), &rung)) {
            note_rung(row, rung, body, head);
        }
    }
    return true;
}

/* --- rows --- */

#define HANDOVER_COLUMNS                                                          \
    "matter, procedure, kind, collaborator, court, collaborator_province, "       \
    "province, drill, submitted, relayed, received, opened, responded, decided, " \
    "delivered, late_response, late_province, late_feedback, late_decision, "     \
    "late_review, response_ms, outcome, corrections, rating"

/* What was first stays. */
#define KEPT(column) #column " = COALESCE(handover." #column ", excluded." #column "), "
#define KEPT_RUNGS      \
    KEPT(submitted)     \
    KEPT(relayed)       \
    KEPT(received)      \
    KEPT(opened)        \
    KEPT(responded)     \
    KEPT(decided)       \
    KEPT(delivered)     \
    KEPT(late_response) \
    KEPT(late_province) KEPT(late_feedback) KEPT(late_decision) KEPT(late_review) KEPT(response_ms)

static struct sql_value instant_arg(Instant at)
{
    return at == 0 ? SQL_N : SQL_I(at);
}

void handover_write(struct script *script, const struct handover *h)
{
    const Instant *at = h->reached;
    script_add(
        script,
        SQL("INSERT INTO handover (" HANDOVER_COLUMNS
            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
            "?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24) "
            "ON CONFLICT (matter) DO UPDATE SET kind = excluded.kind, " KEPT_RUNGS
            "outcome = CASE WHEN excluded.outcome = '' THEN handover.outcome "
            "ELSE excluded.outcome END, "
            "corrections = handover.corrections + excluded.corrections, "
            "rating = COALESCE(excluded.rating, handover.rating)"),
        ARGS(SQL_I(h->matter), SQL_S(h->procedure), SQL_S(h->kind), SQL_S(h->collaborator),
             SQL_S(h->court), SQL_S(h->collaborator_province), SQL_S(h->province), SQL_I(h->drill),
             instant_arg(at[RUNG_SUBMITTED]), instant_arg(at[RUNG_RELAYED]),
             instant_arg(at[RUNG_RECEIVED]), instant_arg(at[RUNG_OPENED]),
             instant_arg(at[RUNG_RESPONDED]), instant_arg(at[RUNG_DECIDED]),
             instant_arg(at[RUNG_DELIVERED]), instant_arg(at[RUNG_LATE_RESPONSE]),
             instant_arg(at[RUNG_LATE_PROVINCE]), instant_arg(at[RUNG_LATE_FEEDBACK]),
             instant_arg(at[RUNG_LATE_DECISION]), instant_arg(at[RUNG_LATE_REVIEW]),
             h->response_ms < 0 ? SQL_N : SQL_I(h->response_ms), SQL_S(h->outcome),
             SQL_I(h->corrections), h->rating == 0 ? SQL_N : SQL_I(h->rating)));
}

enum status handover_find(struct cx *cx, struct sql *sql, Id matter, struct handover **out)
{
    struct rows r = {0};
    *out = NULL;
    TRY(sql_query(cx, sql, SQL("SELECT " HANDOVER_COLUMNS " FROM handover WHERE matter = ?1"),
                  ARGS(SQL_I(matter)), &r));
    if (r.count == 0) {
        return OK;
    }
    struct handover *h = arena_new(cx->arena, struct handover);
    h->matter = row_int(&r, 0, 0);
    h->procedure = row_str(&r, 0, 1);
    h->kind = row_str(&r, 0, 2);
    h->collaborator = row_str(&r, 0, 3);
    h->court = row_str(&r, 0, 4);
    h->collaborator_province = row_str(&r, 0, 5);
    h->province = row_str(&r, 0, 6);
    h->drill = row_int(&r, 0, 7);
    for (uint32_t i = 0; i < RUNG_CORRECTION; i++) {
        h->reached[i] = row_int(&r, 0, 8 + i);
    }
    h->response_ms = row_is_null(&r, 0, 20) ? -1 : row_int(&r, 0, 20);
    h->outcome = row_str(&r, 0, 21);
    h->corrections = row_int(&r, 0, 22);
    h->rating = row_int(&r, 0, 23);
    *out = h;
    return OK;
}

enum status handover_unreceived(struct cx *cx, struct sql *sql, Str court, uint32_t limit, Id **out,
                                uint32_t *count)
{
    struct rows r = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT matter FROM handover WHERE court = ?1 AND received IS NULL "
                      "ORDER BY submitted LIMIT ?2"),
                  ARGS(SQL_S(court), SQL_I(limit)), &r));
    *out = arena_array(cx->arena, Id, r.count);
    *count = r.count;
    for (uint32_t i = 0; i < r.count; i++) {
        (*out)[i] = row_int(&r, i, 0);
    }
    return OK;
}

bool handover_same(const struct handover *a, const struct handover *b)
{
    bool same = a->matter == b->matter && str_same(a->procedure, b->procedure) &&
                str_same(a->kind, b->kind) && str_same(a->collaborator, b->collaborator) &&
                str_same(a->court, b->court) &&
                str_same(a->collaborator_province, b->collaborator_province) &&
                str_same(a->province, b->province) && a->drill == b->drill &&
                a->response_ms == b->response_ms && str_same(a->outcome, b->outcome) &&
                a->corrections == b->corrections && a->rating == b->rating;
    for (uint32_t i = 0; i < RUNG_CORRECTION; i++) {
        same = same && a->reached[i] == b->reached[i];
    }
    return same;
}
