/* Signatures of an act: of whoever takes it, and of those who were asked to sign it from afar. */
#include "flow/signing.h"
#include "law/source.h"
#include "procedure/rules.h"
#include "record/certificate.h"

/* What keeps an act from being taken: one word about each who was asked and whose signature does
 * not stand under what is now to be filed. */
static const char *lack_of(enum signing_standing standing)
{
    switch (standing) {
    case SIGNING_WAITS: return "还没有签名";
    case SIGNING_FELL: return "签名后内容有改动，签名已失效，请再请他签一次";
    case SIGNING_REFUSED: return "不同意签名。请与他商量，改好后再请他签，或者撤回这项请求";
    case SIGNING_EXPIRED: return "的签名链接已过期，请再请他签一次，或者撤回这项请求";
    case SIGNING_LOCKED: return "几次没有核对上身份，链接已停用。请核对他的姓名和证件后再请他签";
    case SIGNING_HOLDS: break;
    }
    return NULL;
}

static enum status all_signed(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    struct signing *asked = NULL;
    uint32_t count = 0;
    TRY(signing_asked(cx, ask->house, ask->matter->id, ask->act->name, &asked, &count));
    Str digest = count == 0 ? STR("") : signing_digest(cx, ask);
    for (uint32_t i = 0; i < count; i++) {
        const char *lack = lack_of(signing_standing_of(&asked[i], digest, ask->now));
        if (lack != NULL) {
            ask_complain(cx, ask, rule, "signatures",
                         arena_printf(cx->arena, "%s%s", asked[i].name.p, lack));
        }
    }
    return OK;
}

/* What keeps a certificate from signing, as a word; NULL when nothing does. c: NULL when it is not
 * the signer's. */
static const char *certificate_lack(struct arena *arena, const struct certificate *c, Instant now,
                                    const char **title)
{
    if (c == NULL) {
        *title = "这不是您本人的数字证书。请在“我”里查看自己的证书";
        return "certificate-other";
    }
    switch (certificate_standing(c, now)) {
    case CERTIFICATE_REVOKED:
        *title = arena_printf(
            arena, "这个数字证书已于%s吊销，不能再用来签名。请重新申领，或者不用证书签名",
            instant_chinese(arena, c->revoked).p);
        return "certificate-revoked";
    case CERTIFICATE_EXPIRED:
        *title =
            arena_printf(arena, "这个数字证书已于%s到期，不能再用来签名。请更新，或者不用证书签名",
                         instant_chinese(arena, c->until).p);
        return "certificate-expired";
    case CERTIFICATE_EARLY:
        *title = "这个数字证书还没有生效。请稍后再试，或者不用证书签名";
        return "certificate-early";
    case CERTIFICATE_GOOD: break;
    }
    return NULL;
}

/* LAW: electronic-signature-law@2019 13: the data to sign by belong to the signer alone. */
static enum status certificate_right(struct cx *cx, struct ask *ask, Str serial)
{
    struct certificate *own = NULL;
    const char *title = "";
    if (serial.n == 0) {
        return OK;
    }
    TRY(signing_certificate(cx, ask->house, ask->actor->person, serial, &own));
    const char *lack = certificate_lack(cx->arena, own, ask->now, &title);
    if (lack != NULL) {
        struct value *entry = cx_error(cx, "signature.certificate", lack, title);
        value_set_text(cx->arena, entry, "law", LAW_SIGNATURES " 13");
        ask->complaints += 1;
    }
    return OK;
}

/* LAW: online-litigation-rules@2021 7: who acts is who signs. */
static enum status signature_right(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *signature = value_get(ask->values, "signature");
    bool right = true;
    if (ask->signed_ahead) { /* proved when it was given, over all that is filed with it */
        return OK;
    }
    if (str_is(value_get_str(signature, "method"), "typed")) {
        TRY(ask->house->code_check(cx, ask->house->code_arg, ask->actor->person,
                                   value_get_str(signature, "code"), &right));
    }
    if (!right) {
        ask_complain(cx, ask, rule, "signature.code", "验证码不对或者已经过期，请重新获取");
    }
    TRY(certificate_right(cx, ask, value_get_str(signature, "certificate")));
    return all_signed(cx, ask, rule);
}

/* The signature belongs to whoever does this; another name is for the court to judge. */
static enum status signer_is_filer(struct cx *cx, struct ask *ask, const struct rule *rule)
{
    const struct value *signature = value_get(ask->values, "signature");
    Str name = value_get_str(signature, "name");
    if (name.n > 0 && !str_same(name, ask->actor->name)) {
        ask_complain(cx, ask, rule, "signature.name",
                     arena_printf(cx->arena, "签名的姓名与您的实名（%s）不一致，法院会要求说明",
                                  ask->actor->name.p));
    }
    return OK;
}

/* In the event itself, so that its receipt and its story name who signed what. */
static void say_signatures(struct arena *arena, struct change *change, const struct value *others)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(others); i++) {
        struct value *row = value_merge(arena, value_item(others, i), NULL);
        value_remove(row, "png");
        value_add(arena, list, row);
    }
    change->extra = value_merge(arena, change->extra, NULL);
    value_set(arena, change->extra, "signatures", list);
}

/* What was signed is kept by its hash, the code is not kept at all. */
static enum status record_signature(struct cx *cx, struct plan *plan)
{
    struct change *change = &plan->changes[0];
    const struct value *signature = value_get(change->clear, "signature");
    struct value *clear = value_merge(cx->arena, change->clear, NULL);
    struct value *kept = value_map(cx->arena);
    struct value *others = NULL;
    TRY(signing_kept(cx, plan->house, change->after, change->act, &others));
    value_remove(clear, "signature");
    value_set(cx->arena, kept, "method", value_get(signature, "method"));
    if (value_get(signature, "name") != NULL) {
        value_set(cx->arena, kept, "name", value_get(signature, "name"));
    }
    if (value_get(signature, "png") != NULL) {
        value_set(cx->arena, kept, "png", value_get(signature, "png"));
    }
    Str certificate = value_get_str(signature, "certificate");
    if (certificate.n > 0 && plan->signed_ahead == NULL) {
        value_set_str(cx->arena, kept, "certificate", certificate);
        change->signer = certificate_signer(
            cx->arena, certificate_holder_person(cx->arena, plan->actor->person), certificate);
    }
    value_set_str(cx->arena, kept, "signed", values_digest(cx->arena, clear));
    value_set_str(cx->arena, kept, "at", instant_format(cx->arena, plan->now));
    if (others->count > 0) {
        value_set(cx->arena, kept, "others", others);
        say_signatures(cx->arena, change, others);
        signing_file(plan->script, change->after->id, str_of(change->act));
    }
    if (plan->signed_ahead != NULL) {
        value_set(cx->arena, kept, "batch", plan->signed_ahead);
    }
    value_set(cx->arena, clear, "signature", kept);
    return change_values(cx, plan, change, clear);
}

RULE_GUARD_OF(rule_signature, "signature-holds", "online-litigation-rules@2021 7", signature_right);
RULE_GUARD_OF(rule_signer, "signer-is-filer", "online-litigation-rules@2021 7", signer_is_filer);
RULE_EFFECT_OF(rule_record_signature, "record-signature", record_signature);

const struct rule *const rules_signature[] = {
    &rule_signature,
    &rule_signer,
    &rule_record_signature,
    NULL,
};
