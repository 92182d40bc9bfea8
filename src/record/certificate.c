#include "record/certificate.h"

#include "base/check.h"

static const char *const scheme_names[CERT_SCHEMES] = {"sm2", "p256"};

enum status certificate_find(struct cx *cx, struct sql *sql, struct keys *keys, Str holder,
                             enum cert_scheme scheme, Instant at, struct cert_key *out, bool *found)
{
    struct rows rows = {0};
    SealKey key;
    TRY(sql_query(cx, sql,
                  SQL("SELECT der, wrapped_key, secret FROM certificate WHERE holder = ?1 AND "
                      "scheme = ?2 AND since <= ?3 AND until >= ?3 AND revoked IS NULL "
                      "ORDER BY until DESC, serial LIMIT 1"),
                  ARGS(SQL_S(holder), SQL_C(scheme_names[scheme]), SQL_I(at)), &rows));
    *found = rows.count == 1;
    if (*found) {
        out->scheme = scheme;
        out->der = row_str(&rows, 0, 0);
        TRY(seal_key_open(cx, keys, row_str(&rows, 0, 1), &key));
        TRY(seal_open_text(cx, &key, STR("certificate"), row_str(&rows, 0, 2), &out->key_pem));
    }
    return OK;
}

enum status certificate_keep(struct cx *cx, struct sql *sql, struct keys *keys,
                             const struct cert_key *key, Instant at)
{
    struct cert_facts facts;
    SealKey secret;
    Str wrapped;
    check(cert_read(cx->arena, key->der, &facts));
    TRY(seal_key_new(cx, keys, &secret, &wrapped));
    Str sealed = seal_text(cx->arena, &secret, STR("certificate"), key->key_pem);
    return sql_exec(cx, sql,
                    SQL("INSERT INTO certificate (serial, scheme, holder, name, der, wrapped_key, "
                        "secret, since, until) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT "
                        "EXISTS (SELECT 1 FROM certificate WHERE holder = ?3 AND scheme = ?2 AND "
                        "since <= ?10 AND until >= ?10 AND revoked IS NULL)"),
                    ARGS(SQL_S(facts.serial), SQL_C(scheme_names[key->scheme]), SQL_S(facts.holder),
                         SQL_S(facts.name), SQL_B(key->der.p, key->der.n), SQL_S(wrapped),
                         SQL_S(sealed), SQL_I(facts.from), SQL_I(facts.until), SQL_I(at)));
}

enum status certificate_state(struct cx *cx, struct sql *sql, Str serial,
                              struct certificate_state *out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT revoked, reason FROM certificate WHERE serial = ?1"),
                  ARGS(SQL_S(serial)), &rows));
    *out = (struct certificate_state){.known = rows.count == 1};
    if (out->known) {
        out->revoked = row_int(&rows, 0, 0);
        out->reason = row_str(&rows, 0, 1);
    }
    return OK;
}

enum status certificate_revoke(struct cx *cx, struct sql *sql, Str serial, Str reason, Instant at,
                               bool *changed)
{
    int64_t count = 0;
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE certificate SET revoked = ?2, reason = ?3 "
                     "WHERE serial = ?1 AND revoked IS NULL"),
                 ARGS(SQL_S(serial), SQL_I(at), SQL_S(reason))));
    TRY(sql_changed(cx, sql, &count));
    *changed = count == 1;
    return OK;
}

enum status certificate_list(struct cx *cx, struct sql *sql, struct rows *out)
{
    return sql_query(cx, sql,
                     SQL("SELECT serial, scheme, holder, name, since, until, revoked, reason "
                         "FROM certificate ORDER BY since DESC, serial"),
                     NO_ARGS, out);
}
