#include "render/pdf_verdict.h"

#include "seal/hash.h"

enum status pdf_judge(struct cx *cx, Str bytes, const Str roots[CERT_SCHEMES],
                      struct pdf_judged out[PDF_SIGNATURES_MAX], uint32_t *count)
{
    struct pdf_file file;
    struct pdf_signature signatures[PDF_SIGNATURES_MAX];
    TRY(pdf_open(cx, bytes, &file));
    TRY(pdf_signatures(cx, &file, signatures, count));
    for (uint32_t i = 0; i < *count; i++) {
        out[i] = (struct pdf_judged){.signature = signatures[i], .trust = CERT_UNREADABLE};
        if (signatures[i].cert.n > 0 && cert_read(cx->arena, signatures[i].cert, &out[i].facts)) {
            out[i].trust = cert_check(cx->arena, signatures[i].cert, roots, signatures[i].at);
        }
    }
    return OK;
}

static void add(struct arena *arena, struct value *list, const char *what, bool ok,
                const char *title)
{
    struct value *finding = value_map(arena);
    value_set_text(arena, finding, "what", what);
    value_set_bool(arena, finding, "ok", ok);
    value_set_text(arena, finding, "title", title);
    value_add(arena, list, finding);
}

static const char *fault_title(enum pdf_sign_fault fault)
{
    switch (fault) {
    case PDF_SIGN_GOOD: return "内容与签名时一字不差";
    case PDF_SIGN_PLACE: return "签名的范围被改过，没有覆盖应当覆盖的内容";
    case PDF_SIGN_BROKEN: return "签名读不出来，可能被改过";
    case PDF_SIGN_OTHER: return "签名之后，内容被改过";
    case PDF_SIGN_FORGED: return "签名不是证书持有人做的";
    }
    return "";
}

static const char *trust_title(enum cert_fault trust)
{
    switch (trust) {
    case CERT_GOOD: return "证书由本平台信任的机构签发，签名时有效";
    case CERT_UNREADABLE: return "证书读不出来";
    case CERT_STRANGER: return "证书不是本平台信任的机构签发的";
    case CERT_NOT_YET: return "签名时证书还没有生效";
    case CERT_EXPIRED: return "签名时证书已经到期";
    case CERT_NOT_TO_SIGN: return "证书不能用来签名";
    }
    return "";
}

/* What revocation, or having ended since, makes of a signature whose certificate was valid at the
 * time that it says. */
enum belief {
    BELIEVED,
    BELIEVED_PROVED,  /* revoked or ended by now, and the log proves that the signature is older */
    UNKNOWN,          /* nothing is known against it, and nobody could look */
    REVOKED_BEFORE,   /* by its own word */
    REVOKED_UNPROVED, /* it says that it is older, and nothing proves it */
    ENDED_UNPROVED,
};

static enum belief belief_of(const struct pdf_judged *j, const struct pdf_evidence *e)
{
    bool proved = e->proved != 0;
    bool ended = e->now > j->facts.until;
    if (j->revoked != 0 && j->signature.at >= j->revoked) {
        return REVOKED_BEFORE;
    }
    if (j->revoked != 0 && (!proved || e->proved >= j->revoked)) {
        return REVOKED_UNPROVED;
    }
    if (ended && (!proved || e->proved > j->facts.until)) {
        return ENDED_UNPROVED;
    }
    if (proved) {
        return j->revoked != 0 || ended ? BELIEVED_PROVED : BELIEVED;
    }
    return j->looked_up ? BELIEVED : UNKNOWN;
}

static bool is_trusted(const struct pdf_judged *j, const struct pdf_evidence *e)
{
    enum belief belief = belief_of(j, e);
    return j->trust == CERT_GOOD &&
           (belief == BELIEVED || belief == BELIEVED_PROVED || belief == UNKNOWN);
}

static const char *belief_title(const struct pdf_judged *j, enum belief belief)
{
    switch (belief) {
    case BELIEVED: return j->looked_up ? "证书没有被吊销" : "签名时证书由本平台管理";
    case BELIEVED_PROVED:
        return j->revoked != 0 ? "证书后来被吊销，有凭据证明签名在吊销以前"
                               : "证书现在已经到期，有凭据证明签名时还有效";
    case UNKNOWN: return "没有查证书是否被吊销";
    case REVOKED_BEFORE: return "签名时证书已被吊销";
    case REVOKED_UNPROVED: return "证书已被吊销，没有凭据证明签名在吊销以前";
    case ENDED_UNPROVED: return "证书现在已经到期，没有凭据证明签名时还有效";
    }
    return "";
}

static struct value *one_view(struct arena *arena, const struct pdf_judged *j,
                              const struct pdf_evidence *e)
{
    struct value *view = value_map(arena);
    struct value *findings = value_list(arena);
    const struct cert_facts *f = &j->facts;
    bool holds = j->signature.fault == PDF_SIGN_GOOD;
    value_set_str(arena, view, "who", f->name);
    value_set_str(arena, view, "holder", f->holder);
    value_set_text(arena, view, "scheme", f->scheme == CERT_SM2 ? "SM2" : "P-256");
    if (j->signature.at != 0) {
        value_set_str(arena, view, "at", instant_format(arena, j->signature.at));
    }
    if (f->serial.n > 0) {
        value_set_str(arena, view, "issuer", f->issuer);
        value_set_str(arena, view, "serial", f->serial);
        value_set_str(arena, view, "from", instant_format(arena, f->from));
        value_set_str(arena, view, "until", instant_format(arena, f->until));
    }
    value_set_bool(arena, view, "ok", holds && is_trusted(j, e));
    add(arena, findings, "bytes", holds, fault_title(j->signature.fault));
    add(arena, findings, "certificate", j->trust == CERT_GOOD, trust_title(j->trust));
    if (j->facts.serial.n > 0) {
        enum belief belief = belief_of(j, e);
        add(arena, findings, belief == UNKNOWN ? "unknown" : "revoked",
            belief == BELIEVED || belief == BELIEVED_PROVED, belief_title(j, belief));
    }
    value_set(arena, view, "findings", findings);
    return view;
}

/* (4) of one that is not by a stranger. */
static bool has_second(const struct pdf_judged *judged, uint32_t count,
                       const struct pdf_judged *one)
{
    bool found = one->trust == CERT_UNREADABLE || one->trust == CERT_STRANGER;
    for (uint32_t i = 0; i < count; i++) {
        found = found || (judged[i].facts.scheme != one->facts.scheme &&
                          str_same(judged[i].facts.holder, one->facts.holder));
    }
    return found;
}

/* Over all signatures. */
struct sum {
    bool holds, trusted, known, paired;
    size_t end;
};

static struct sum sum_up(const struct pdf_judged *judged, uint32_t count,
                         const struct pdf_evidence *e)
{
    struct sum sum = {true, true, true, true, 0};
    for (uint32_t i = 0; i < count; i++) {
        const struct pdf_judged *j = &judged[i];
        sum.holds = sum.holds && j->signature.fault == PDF_SIGN_GOOD;
        sum.trusted = sum.trusted && is_trusted(j, e);
        sum.known = sum.known && belief_of(j, e) != UNKNOWN;
        sum.paired = sum.paired && has_second(judged, count, j);
        sum.end = j->signature.end > sum.end ? j->signature.end : sum.end;
    }
    return sum;
}

static void verdict_set(struct arena *arena, struct value *view, const char *verdict,
                        const char *title)
{
    value_set_text(arena, view, "verdict", verdict);
    value_set_text(arena, view, "title", title);
}

static void say_time(struct arena *arena, struct value *findings, const struct pdf_evidence *e)
{
    bool proved = e->proved != 0;
    add(arena, findings, "time", proved,
        proved ? arena_printf(arena, "%.*s证明，%s已经签名", STR_ARG(e->source),
                              instant_chinese(arena, e->proved).p)
               : "签名时间只是签名自己写的，没有别的凭据");
}

struct value *pdf_verdict(struct arena *arena, Str bytes, const struct pdf_judged *judged,
                          uint32_t count, const struct pdf_evidence *evidence)
{
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    struct value *findings = value_list(arena);
    struct sum sum = sum_up(judged, count, evidence);
    bool whole = sum.end == bytes.n;
    bool lacks = sum.holds && !sum.paired;
    for (uint32_t i = 0; i < count; i++) {
        value_add(arena, list, one_view(arena, &judged[i], evidence));
    }
    if (count > 0) {
        add(arena, findings, "added", whole,
            whole ? "签名之后没有添加内容" : "签名之后又添加了内容");
        if (lacks) {
            add(arena, findings, "pair", false,
                "有签名被去掉：同一个人的签名应当有两个，这里少了一个");
        }
        say_time(arena, findings, evidence);
    }
    if (count == 0) {
        verdict_set(arena, view, "unsigned", "文件没有签名，也没有盖章");
    } else if (!sum.holds || !whole || lacks) {
        verdict_set(arena, view, "changed",
                    !sum.holds ? "文件被改过，不要相信"
                    : !whole   ? "签名之后又添加了内容，不要相信"
                               : "签名被去掉了一个，不要相信");
    } else if (!sum.trusted) {
        verdict_set(arena, view, "untrusted", "签名的证书不可信，不要相信");
    } else if (!sum.known) {
        verdict_set(arena, view, "unproved",
                    "签名都对得上，但没有查证书是否被吊销，签名时间也没有凭据");
    } else {
        verdict_set(arena, view, "sealed", "签名都有效，文件没有被改过");
    }
    value_set_str(arena, view, "sm3", hash_hex(arena, hash_str(bytes)));
    value_set(arena, view, "signatures", list);
    value_set(arena, view, "findings", findings);
    return view;
}
