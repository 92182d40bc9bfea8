#include "jobs/sealer.h"

#include "base/check.h"
#include "base/log.h"
#include "record/certificate.h"
#include "render/pdf_sign.h"

enum { VALID_DAYS = 3 * 365 };

struct holding {
    const struct house *house;
    Str holder;
    enum cert_scheme scheme;
    Instant at;
    struct cert_key key;
    bool found;
};

static enum status holding_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct holding *h = arg;
    return certificate_find(cx, sql, h->house->keys, h->holder, h->scheme, h->at, &h->key,
                            &h->found);
}

static enum status holding_keep(struct cx *cx, struct sql *sql, void *arg)
{
    const struct holding *h = arg;
    return certificate_keep(cx, sql, h->house->keys, &h->key, h->at);
}

/* The key of a holder; a first one is kept before it signs anything. Who is first, wins. */
static enum status holding_open(struct cx *cx, struct holding *h, Str name)
{
    struct store *store = h->house->store;
    TRY(store_read(cx, store, holding_read, h));
    if (!h->found) {
        Instant from = date_start(instant_date(h->at));
        struct cert_wish wish = {.scheme = h->scheme,
                                 .name = name,
                                 .holder = h->holder,
                                 .from = from,
                                 .until = from + VALID_DAYS * DAY_MS - 1000};
        TRY(cert_key_new(cx, h->house->ca, &wish, &h->key));
        TRY(store_write(cx, store, WRITE_INTERACTIVE, holding_keep, h));
        TRY(store_read(cx, store, holding_read, h));
    }
    return h->found ? OK : FAIL(cx, E_BUG, "bug", "no certificate of %.*s", STR_ARG(h->holder));
}

Str sealer_name(const struct house *house, Str court)
{
    const struct court *found = court_by_code(house->tables(house->tables_arg), court);
    return found == NULL ? court : found->name;
}

/* Both schemes, the one that the law looks to first and with what is seen. */
static enum status sign_all(struct cx *cx, const struct holding keys[CERT_SCHEMES],
                            const struct pdf_signing *first, Str *bytes)
{
    for (int i = 0; i < CERT_SCHEMES; i++) {
        struct pdf_signing signing = *first;
        signing.key = &keys[i].key;
        signing.stamp = keys[i].scheme == CERT_SM2 ? first->stamp : NULL;
        TRY(pdf_sign(cx, *bytes, &signing, bytes));
    }
    return OK;
}

enum status sealer_seal(struct cx *cx, const struct house *house, Str court, Instant at,
                        const struct paper_pdf *pdf, Str *out)
{
    struct holding keys[CERT_SCHEMES];
    Str name = sealer_name(house, court);
    double side = (double)pdf->seal.side / 100;
    const struct pdf_stamp stamp = {.drawing = pdf->seal.drawing,
                                    .page = pdf->seal.page,
                                    .width = side,
                                    .height = side,
                                    .x = (double)pdf->seal.x / 100,
                                    .y = (double)pdf->seal.y / 100};
    const struct pdf_signing signing = {
        .at = at, .name = name, .reason = STR("加盖人民法院电子印章"), .stamp = &stamp};
    if (house->ca == NULL) {
        return FAIL(cx, E_STATE, "seals-missing", "no authority for certificates");
    }
    for (int i = 0; i < CERT_SCHEMES; i++) {
        keys[i] = (struct holding){.house = house,
                                   .holder = str_printf(cx->arena, "court:%.*s", STR_ARG(court)),
                                   .scheme = (enum cert_scheme)i,
                                   .at = at};
        TRY(holding_open(cx, &keys[i], name));
    }
    *out = pdf->bytes;
    return sign_all(cx, keys, &signing, out);
}

enum status sealer_sign(struct cx *cx, const struct house *house, Str signer, Instant at,
                        const struct paper_pdf *pdf, Str *out)
{
    struct holding keys[CERT_SCHEMES];
    struct cert_facts facts;
    const struct pdf_stamp stamp = {.drawing = STR(""), /* the hand is drawn on the page itself */
                                    .page = pdf->hand.page,
                                    .width = (double)pdf->hand.width / 100,
                                    .height = (double)pdf->hand.height / 100,
                                    .x = (double)pdf->hand.x / 100,
                                    .y = (double)pdf->hand.y / 100};
    *out = pdf->bytes;
    for (int i = 0; i < CERT_SCHEMES; i++) {
        keys[i] = (struct holding){
            .house = house, .holder = signer, .scheme = (enum cert_scheme)i, .at = at};
        TRY(store_read(cx, house->store, holding_read, &keys[i]));
        if (!keys[i].found) {
            log_text(LOG_WARN, "certificate-gone", "%.*s has none any more", STR_ARG(signer));
            return OK;
        }
    }
    check(cert_read(cx->arena, keys[CERT_SM2].key.der, &facts));
    const struct pdf_signing signing = {.at = at,
                                        .name = facts.name,
                                        .reason = STR("本人签名"),
                                        .stamp = pdf->hand.width > 0 ? &stamp : NULL};
    return sign_all(cx, keys, &signing, out);
}
