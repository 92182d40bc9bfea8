/* What the procedures of cross-domain service share: who came to the window and what the window saw
 * is said by a form; who saw it, where and when is recorded here and cannot be typed. */
#include <inttypes.h>

#include "base/check.h"
#include "base/clock.h"
#include "flow/by_hand.h"
#include "law/reach.h"
#include "procedure/rules.h"

/* {"by":"…","court":"藏0601","at":"…"} */
static struct value *seen_by(struct arena *arena, const struct plan *plan)
{
    struct value *seen = value_map(arena);
    value_set_str(arena, seen, "by", plan->actor->name);
    value_set_str(arena, seen, "court", plan->actor->court);
    value_set_str(arena, seen, "at", instant_format(arena, plan->now));
    return seen;
}

/* What was drawn or photographed, under the hash of all that it stands under. */
static struct value *signature_kept(struct arena *arena, const struct plan *plan,
                                    const struct value *signature, const struct value *under)
{
    const struct material *photo = by_hand_photo(plan->changes[0].before, signature);
    struct value *kept = value_map(arena);
    value_set(arena, kept, "method", value_get(signature, "method"));
    if (photo == NULL) {
        value_set(arena, kept, "png", value_get(signature, "png"));
    } else {
        value_set_int(arena, kept, "material", photo->n);
        value_set_str(arena, kept, "sm3", material_digest(arena, photo));
    }
    value_set_str(arena, kept, "signed", values_digest(arena, under));
    value_set_str(arena, kept, "at", instant_format(arena, plan->now));
    return kept;
}

/* --- guards --- */

/* The kind that law/reach.h asks for: the filing's, else the service the procedure is. */
static enum reach_kind kind_of_values(const struct procedure *procedure, const struct value *values)
{
    static const char head[] = "cross-domain-";
    Str name = str_of(procedure->name);
    Str said = value_get_str(values, "filing-kind");
    enum reach_kind kind = REACH_ANY;
    if (said.n == 0 && str_starts(name, head)) {
        said = str_of(name.p + sizeof head - 1);
    }
    return reach_kind_parse(said, &kind) ? kind : REACH_ANY;
}

static enum status within_reach(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    enum reach_why why = REACH_OK;
    (void)cx;
    if (!reach_check(ask->tables, value_get_str(ask->values, "collaborator"), ask->matter->court,
                     kind_of_values(ask->procedure, ask->values), &why)) {
        ask_complain(cx, ask, rule, "court", reach_why_title(why));
    }
    return OK;
}

/* Whoever acts at a window shows who he is. LAW: online-litigation-rules@2021 7 */
static enum status visitor_identified(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *visitor = value_get(ask->values, "visitor");
    if (str_is(value_get_str(visitor, "document"), "none")) {
        ask_complain(
            cx, ask, rule, "visitor.document",
            "没有证件不能确认身份。请本人到就近的派出所开具身份证明或者办理临时居民身份证，"
            "带来后接着办；已经录入的内容和材料都会保留");
    } else if (!value_get_bool(visitor, "same-person")) {
        ask_complain(cx, ask, rule, "visitor.same-person",
                     "请先看过证件原件，确认与本人一致。不一致的不能办理，材料退还本人");
    } else if (value_get_str(value_get(visitor, "identity"), "number").n == 0) {
        ask_complain(cx, ask, rule, "visitor.identity", "请照证件原件填写号码");
    }
    return OK;
}

static enum status visitor_signed(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (!by_hand_is_signed(ask->matter, value_get(ask->values, "visitor-signature"))) {
        ask_complain(cx, ask, rule, "visitor-signature",
                     "请来办理的人本人手写签名，或者选择这次签名、手印的照片");
    }
    return OK;
}

static enum status delivery_signed(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    if (!by_hand_is_signed(ask->matter, value_at(ask->values, "delivery.signed"))) {
        ask_complain(cx, ask, rule, "delivery.signed",
                     "请签收人本人手写签名，或者选择这次签名、手印的照片");
    }
    return OK;
}

static enum status handed_in_before(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    Instant at = 0;
    Str said = value_get_str(ask->values, "handed-in");
    if (said.n > 0 && instant_parse(said, &at) && at > ask->now) {
        ask_complain(cx, ask, rule, "handed-in", "窗口收到材料的时间不能晚于现在");
    }
    return OK;
}

static const struct material *material_of(const struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n && m->materials[i].removed == 0) {
            return &m->materials[i];
        }
    }
    return NULL;
}

static enum status originals_exist(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *originals = value_get(ask->values, "originals");
    for (uint32_t i = 0; i < value_count(originals); i++) {
        int64_t n = value_get_int(value_item(originals, i), "material");
        if (material_of(ask->matter, n) == NULL) {
            ask_complain(cx, ask, rule,
                         arena_printf(cx->arena, "originals.%" PRIu32 ".material", i),
                         arena_printf(cx->arena, "没有第%" PRId64 "份材料，请核对序号", n));
        }
    }
    return OK;
}

/* Was any standing material of the kind compared with its original, and is the copy still the one
 * that was compared? */
static bool original_was_seen(const struct ask *ask, Str kind)
{
    const struct value *seen = value_get(ask->values, "originals-checked");
    for (uint32_t i = 0; i < value_count(seen); i++) {
        const struct material *m =
            material_of(ask->matter, value_get_int(value_item(seen, i), "material"));
        if (m != NULL && str_same(m->kind, kind)) {
            return true;
        }
    }
    return false;
}

/* What the window has compared with the original is not asked for again without a reason.
 * LAW: online-litigation-rules@2021 11 */
static enum status original_not_asked_again(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    static const char head[] = "materials.";
    const struct value *items = value_at(ask->values, "handover-correction.items");
    for (uint32_t i = 0; i < value_count(items); i++) {
        const struct value *item = value_item(items, i);
        Str name = value_get_str(item, "item");
        bool asked_barely = str_starts(name, head) && value_get_str(item, "again").n == 0;
        if (asked_barely && original_was_seen(ask, str_of(name.p + sizeof head - 1))) {
            ask_complain(cx, ask, rule,
                         arena_printf(cx->arena, "handover-correction.items.%" PRIu32 ".again", i),
                         "这项材料协作法院已经与原件核对。仍要重交的，请写明理由");
        }
    }
    return OK;
}

/* --- effects --- */

/* Lays recorded facts over the values. */
static enum status record(struct cx *cx, struct plan *plan, const char *name,
                          const struct value *fact, const char *instead_of)
{
    struct change *change = &plan->changes[0];
    struct value *clear = value_merge(cx->arena, change->clear, NULL);
    if (instead_of != NULL) {
        value_remove(clear, instead_of);
    }
    value_set(cx->arena, clear, name, fact);
    return change_values(cx, plan, change, clear);
}

static enum status record_visitor(struct cx *cx, struct plan *plan)
{
    return record(cx, plan, "visitor-seen", seen_by(cx->arena, plan), NULL);
}

static enum status record_hand_in(struct cx *cx, struct plan *plan)
{
    const struct change *change = &plan->changes[0];
    if (value_get_str(change->clear, "handed-in").n > 0) {
        return OK;
    }
    Str at = instant_format(cx->arena, change->after->created);
    return record(cx, plan, "handed-in", value_str(cx->arena, at), NULL);
}

static enum status record_oral(struct cx *cx, struct plan *plan)
{
    const struct value *oral = value_get(plan->changes[0].clear, "oral-complaint");
    if (!value_get_bool(oral, "taken")) {
        return OK;
    }
    struct value *fact = seen_by(cx->arena, plan);
    value_set_str(cx->arena, fact, "statement", values_digest(cx->arena, oral));
    return record(cx, plan, "oral-record", fact, NULL);
}

/* Each original, by the number and the hash of the copy it was compared with. */
static enum status record_originals(struct cx *cx, struct plan *plan)
{
    struct arena *arena = cx->arena;
    const struct change *change = &plan->changes[0];
    const struct value *said = value_get(change->clear, "originals");
    if (value_count(said) == 0) {
        return OK;
    }
    struct value *list = value_list(arena);
    const struct value *before = value_get(change->clear, "originals-checked");
    for (uint32_t i = 0; i < value_count(before); i++) {
        value_add(arena, list, value_item(before, i));
    }
    for (uint32_t i = 0; i < value_count(said); i++) {
        const struct value *item = value_item(said, i);
        const struct material *m = material_of(change->after, value_get_int(item, "material"));
        struct value *fact = seen_by(arena, plan);
        check(m != NULL); /* originals-exist */
        value_set_int(arena, fact, "material", m->n);
        value_set_str(arena, fact, "kind", m->kind);
        value_set_str(arena, fact, "sm3", material_digest(arena, m));
        if (value_get_str(item, "note").n > 0) {
            value_set(arena, fact, "note", value_get(item, "note"));
        }
        value_add(arena, list, fact);
    }
    return record(cx, plan, "originals-checked", list, "originals");
}

static enum status record_visitor_signature(struct cx *cx, struct plan *plan)
{
    const struct value *clear = plan->changes[0].clear;
    struct value *under = value_merge(cx->arena, clear, NULL);
    value_remove(under, "visitor-signature");
    return record(cx, plan, "visitor-signature",
                  signature_kept(cx->arena, plan, value_get(clear, "visitor-signature"), under),
                  NULL);
}

/* The first role is that of who applies; an agent's has the filing alone. */
static Str role_of_visitor(const struct procedure *p, const struct value *visitor)
{
    bool is_agent = str_is(value_get_str(visitor, "capacity"), "agent") &&
                    value_get(p->roles, "litigation-agent") != NULL;
    return is_agent ? STR("litigation-agent") : p->roles->as.members[0].key;
}

static bool is_attached(const struct matter *m, Id person)
{
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        if (m->attachments[i].person == person && m->attachments[i].until == 0) {
            return true;
        }
    }
    return false;
}

/* Who came has the matter among his own when he has an account. A typed number gives access to
 * nothing: the window has compared the original with the person, and the account must be verified,
 * bear the same number and the same name, and be the only one that does. */
static enum status attach_visitor(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct value *visitor = value_get(change->clear, "visitor");
    Str number = value_get_str(value_get(visitor, "identity"), "number");
    struct person *person = NULL;
    if (number.n == 0 || !value_get_bool(visitor, "same-person")) {
        return OK;
    }
    TRY(plan_person_identified(cx, plan, number, value_get_str(visitor, "name"), &person));
    if (person == NULL || is_attached(change->after, person->id)) {
        return OK;
    }
    int64_t party = value_get_int(visitor, "party");
    struct attachment *a = matter_add_attachment(cx->arena, change->after);
    a->person = person->id;
    a->role = role_of_visitor(change->procedure, visitor);
    a->party = party >= 1 && party <= (int64_t)change->after->party_count ? party : 1;
    a->how = STR("court");
    a->authority = str_is(a->role, "litigation-agent") ? STR("general") : STR("");
    a->since = plan->now;
    return OK;
}

/* What the deciding act made is what the person takes home. */
static enum status record_delivery(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct matter *m = change->after;
    struct value *titles = value_list(cx->arena);
    int64_t decided = m->paper_count > 0 ? m->papers[m->paper_count - 1].event : 0;
    if (str_is(change->before->state, "withdrawn")) {
        value_add_text(cx->arena, titles, "退还的材料");
        decided = 0;
    }
    for (uint32_t i = 0; i < m->paper_count; i++) {
        if (m->papers[i].event == decided) {
            value_add(cx->arena, titles, value_str(cx->arena, m->papers[i].title));
        }
    }
    value_set(cx->arena, change_inputs(cx, change), "papers-given", titles);
    const struct material *photo =
        by_hand_photo(change->before, value_at(change->clear, "delivery.signed"));
    struct value *fact = seen_by(cx->arena, plan);
    if (photo != NULL) {
        value_set_int(cx->arena, fact, "signature-photo", photo->n);
        value_set_str(cx->arena, fact, "sm3", material_digest(cx->arena, photo));
    }
    return record(cx, plan, "delivery-record", fact, NULL);
}

static Instant due_of(const struct matter *m, const char *clock)
{
    for (uint32_t i = 0; i < m->clock_count; i++) {
        if (str_is(m->clocks[i].name, clock) && m->clocks[i].stopped == 0) {
            return m->clocks[i].due;
        }
    }
    return 0;
}

/* No names, no numbers: a message goes over other people's lines. */
static Str message_of(struct cx *cx, const struct plan *plan, const struct change *change)
{
    const struct court *from =
        court_by_code(plan->tables, value_get_str(change->clear, "collaborator"));
    Instant due = due_of(change->after, "response");
    Str what = str_of(reach_kind_title(kind_of_values(change->procedure, change->clear)));
    Str day = due == 0 ? STR("") : date_chinese(cx->arena, instant_date(due));
    int minute = due == 0 ? 0 : (int)((due - date_start(instant_date(due))) / MINUTE_MS);
    bool drill = value_get_int(change->clear, "drill") != 0;
    return str_printf(cx->arena, "%s%s发来一件跨域申请（%.*s），请在%.*s%02d:%02d前响应。",
                      drill ? "（演练）" : "", from == NULL ? "协作法院" : from->name.p,
                      STR_ARG(what), STR_ARG(day), minute / 60, minute % 60);
}

/* Officer and backup get a message; without any, whoever leads the court is told that nobody is
 * entered. What was done is part of the event. */
static enum status message_officers(struct cx *cx, struct plan *plan)
{
    static const char *const names[] = {"officer", "backup"};
    struct change *change = &plan->changes[0];
    struct contact *contact = NULL;
    struct value *reached = value_list(cx->arena);
    change->extra = value_merge(cx->arena, change->extra, NULL);
    value_set(cx->arena, change->extra, "messages", reached);
    if (!str_is(change->before->state, "sent")) { /* withdrawn meanwhile: nobody is called */
        change->title = "送到管辖法院（此前已经撤回，未发短信）";
        return OK;
    }
    TRY(plan_contact(cx, plan, change->after->court, &contact));
    for (int i = CONTACT_OFFICER; contact != NULL && i <= CONTACT_BACKUP; i++) {
        bool written = false;
        TRY(contact_message_write(cx, plan->house->keys, plan->script, plan_id(plan), contact,
                                  (enum contact_who)i, message_of(cx, plan, change),
                                  clock_machine(), &written));
        if (written) {
            value_add_text(cx->arena, reached, names[i]);
        }
    }
    if (reached->count == 0) {
        static const struct actor_rule everybody[] = {
            {ACTOR_COURT, "reviewer"}, {ACTOR_COURT, "leader"}, {ACTOR_COLLABORATOR, ""}};
        change->tells = everybody;
        change->tell_count = sizeof everybody / sizeof everybody[0];
        change->title = "送到管辖法院（没有登记联络人手机，未发短信）";
    }
    return OK;
}

RULE_GUARD_OF(rule_within_reach, "within-reach", "platform@2026 cross-domain", within_reach);
RULE_GUARD_OF(rule_identified, "visitor-identified", "online-litigation-rules@2021 7",
              visitor_identified);
RULE_GUARD_OF(rule_signed, "visitor-signed", "online-litigation-rules@2021 7", visitor_signed);
RULE_GUARD_OF(rule_delivery_signed, "delivery-signed", "", delivery_signed);
RULE_GUARD_OF(rule_handed_in, "handed-in-before", "", handed_in_before);
RULE_GUARD_OF(rule_originals, "originals-exist", "", originals_exist);
RULE_GUARD_OF(rule_not_again, "original-not-asked-again", "online-litigation-rules@2021 11",
              original_not_asked_again);
RULE_EFFECT_OF(rule_message_officers, "message-officers", message_officers);
RULE_EFFECT_OF(rule_record_visitor, "record-visitor", record_visitor);
RULE_EFFECT_OF(rule_record_hand_in, "record-hand-in", record_hand_in);
RULE_EFFECT_OF(rule_record_oral, "record-oral", record_oral);
RULE_EFFECT_OF(rule_record_originals, "record-originals", record_originals);
RULE_EFFECT_OF(rule_record_signature, "record-visitor-signature", record_visitor_signature);
RULE_EFFECT_OF(rule_attach_visitor, "attach-visitor", attach_visitor);
RULE_EFFECT_GIVING(rule_record_delivery, "record-delivery", record_delivery, "papers-given");

const struct rule *const rules_cross_domain[] = {
    &rule_within_reach,    &rule_identified,       &rule_signed,           &rule_delivery_signed,
    &rule_handed_in,       &rule_originals,        &rule_not_again,        &rule_record_visitor,
    &rule_record_hand_in,  &rule_record_oral,      &rule_record_originals, &rule_record_signature,
    &rule_record_delivery, &rule_message_officers, &rule_attach_visitor,   NULL,
};
