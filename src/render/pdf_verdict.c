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

static bool is_revoked(const struct pdf_judged *j)
{
    return j->revoked != 0 && j->signature.at >= j->revoked;
}

static bool is_trusted(const struct pdf_judged *j)
{
    return j->trust == CERT_GOOD && !is_revoked(j);
}

static struct value *one_view(struct arena *arena, const struct pdf_judged *j)
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
    value_set_bool(arena, view, "ok", holds && is_trusted(j));
    add(arena, findings, "bytes", holds, fault_title(j->signature.fault));
    add(arena, findings, "certificate", j->trust == CERT_GOOD, trust_title(j->trust));
    if (j->looked_up) {
        add(arena, findings, "revoked", !is_revoked(j),
            is_revoked(j)     ? "签名时证书已被吊销"
            : j->revoked != 0 ? "证书后来被吊销，签名时还有效"
                              : "证书没有被吊销");
    }
    value_set(arena, view, "findings", findings);
    return view;
}

struct value *pdf_verdict(struct arena *arena, Str bytes, const struct pdf_judged *judged,
                          uint32_t count)
{
    struct value *view = value_map(arena);
    struct value *list = value_list(arena);
    struct value *findings = value_list(arena);
    bool holds = true;
    bool trusted = true;
    bool looked_up = true;
    size_t end = 0;
    for (uint32_t i = 0; i < count; i++) {
        value_add(arena, list, one_view(arena, &judged[i]));
        holds = holds && judged[i].signature.fault == PDF_SIGN_GOOD;
        trusted = trusted && is_trusted(&judged[i]);
        looked_up = looked_up && judged[i].looked_up;
        end = judged[i].signature.end > end ? judged[i].signature.end : end;
    }
    bool whole = end == bytes.n;
    if (count > 0) {
        add(arena, findings, "added", whole,
            whole ? "签名之后没有添加内容" : "签名之后又添加了内容");
    }
    if (count > 0 && !looked_up) {
        add(arena, findings, "revocation-unknown", true, "没有查证书是否被吊销");
    }
    bool changed = count > 0 && !(holds && whole);
    value_set_text(arena, view, "verdict",
                   count == 0 ? "unsigned"
                   : changed  ? "changed"
                   : trusted  ? "sealed"
                              : "untrusted");
    value_set_text(arena, view, "title",
                   count == 0 ? "文件没有签名，也没有盖章"
                   : changed  ? "文件被改过，不要相信"
                   : trusted  ? "签名都有效，文件没有被改过"
                              : "签名的证书不可信，不要相信");
    value_set_str(arena, view, "sm3", hash_hex(arena, hash_str(bytes)));
    value_set(arena, view, "signatures", list);
    value_set(arena, view, "findings", findings);
    return view;
}
