#include "record/certificate.h"

#include <inttypes.h>

#include "base/check.h"

#define COLUMNS "serial, scheme, holder, name, since, until, revoked, reason"

static const char *const scheme_names[CERT_SCHEMES] = {"sm2", "p256"};

/* --- keys --- */

enum status certificate_find(struct cx *cx, struct sql *sql, struct keys *keys, Str signer,
                             enum cert_scheme scheme, Instant at, struct cert_key *out, bool *found)
{
    Str chosen;
    Str holder = certificate_signer_holder(signer, &chosen);
    struct rows rows = {0};
    SealKey key;
    TRY(sql_query(cx, sql,
                  SQL("SELECT der, wrapped_key, secret FROM certificate WHERE holder = ?1 AND "
                      "scheme = ?2 AND since <= ?3 AND until >= ?3 AND "
                      "(revoked IS NULL OR revoked > ?3) AND (?4 = '' OR (since, until) = "
                      "(SELECT c.since, c.until FROM certificate c WHERE c.serial = ?4)) "
                      "ORDER BY until DESC, serial LIMIT 1"),
                  ARGS(SQL_S(holder), SQL_C(scheme_names[scheme]), SQL_I(at), SQL_S(chosen)),
                  &rows));
    *found = rows.count == 1;
    if (*found) {
        out->scheme = scheme;
        out->der = row_str(&rows, 0, 0);
        TRY(seal_key_open(cx, keys, row_str(&rows, 0, 1), &key));
        TRY(seal_open_text(cx, &key, STR("certificate"), row_str(&rows, 0, 2), &out->key_pem));
    }
    return OK;
}

/* A row with its key sealed. */
struct sealed_row {
    struct cert_facts facts;
    Str wrapped, secret;
};

static enum status row_seal(struct cx *cx, struct keys *keys, const struct cert_key *key,
                            struct sealed_row *out)
{
    SealKey secret;
    check(cert_read(cx->arena, key->der, &out->facts));
    TRY(seal_key_new(cx, keys, &secret, &out->wrapped));
    out->secret = seal_text(cx->arena, &secret, STR("certificate"), key->key_pem);
    return OK;
}

enum status certificate_keep(struct cx *cx, struct sql *sql, struct keys *keys,
                             const struct cert_key *key, Instant at)
{
    struct sealed_row row;
    TRY(row_seal(cx, keys, key, &row));
    return sql_exec(
        cx, sql,
        SQL("INSERT INTO certificate (serial, scheme, holder, name, der, wrapped_key, secret, "
            "since, until) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS "
            "(SELECT 1 FROM certificate WHERE holder = ?3 AND scheme = ?2 AND since <= ?10 AND "
            "until >= ?10 AND (revoked IS NULL OR revoked > ?10))"),
        ARGS(SQL_S(row.facts.serial), SQL_C(scheme_names[key->scheme]), SQL_S(row.facts.holder),
             SQL_S(row.facts.name), SQL_B(key->der.p, key->der.n), SQL_S(row.wrapped),
             SQL_S(row.secret), SQL_I(row.facts.from), SQL_I(row.facts.until), SQL_I(at)));
}

enum status certificate_write(struct cx *cx, struct keys *keys, struct script *script,
                              const struct cert_key *key)
{
    struct sealed_row row;
    TRY(row_seal(cx, keys, key, &row));
    script_add(script,
               SQL("INSERT INTO certificate (serial, scheme, holder, name, der, wrapped_key, "
                   "secret, since, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
               ARGS(SQL_S(row.facts.serial), SQL_C(scheme_names[key->scheme]),
                    SQL_S(row.facts.holder), SQL_S(row.facts.name), SQL_B(key->der.p, key->der.n),
                    SQL_S(row.wrapped), SQL_S(row.secret), SQL_I(row.facts.from),
                    SQL_I(row.facts.until)));
    return OK;
}

/* --- what is known --- */

static struct certificate *certificates_of(struct arena *arena, const struct rows *rows)
{
    struct certificate *all = arena_array(arena, struct certificate, rows->count);
    for (uint32_t i = 0; i < rows->count; i++) {
        all[i] = (struct certificate){.serial = row_str(rows, i, 0),
                                      .scheme =
                                          str_is(row_str(rows, i, 1), "sm2") ? CERT_SM2 : CERT_P256,
                                      .holder = row_str(rows, i, 2),
                                      .name = row_str(rows, i, 3),
                                      .since = row_int(rows, i, 4),
                                      .until = row_int(rows, i, 5),
                                      .revoked = row_int(rows, i, 6),
                                      .reason = row_str(rows, i, 7)};
    }
    return all;
}

enum certificate_standing certificate_standing(const struct certificate *c, Instant at)
{
    return c->revoked != 0 && c->revoked <= at ? CERTIFICATE_REVOKED
           : at < c->since                     ? CERTIFICATE_EARLY
           : at > c->until                     ? CERTIFICATE_EXPIRED
                                               : CERTIFICATE_GOOD;
}

const char *certificate_standing_name(enum certificate_standing standing)
{
    static const char *const names[] = {[CERTIFICATE_GOOD] = "good",
                                        [CERTIFICATE_EARLY] = "early",
                                        [CERTIFICATE_EXPIRED] = "expired",
                                        [CERTIFICATE_REVOKED] = "revoked"};
    return names[standing];
}

enum status certificate_get(struct cx *cx, struct sql *sql, Str serial, struct certificate **out)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT " COLUMNS " FROM certificate WHERE serial = ?1"),
                  ARGS(SQL_S(serial)), &rows));
    *out = rows.count == 0 ? NULL : certificates_of(cx->arena, &rows);
    return OK;
}

enum status certificate_list(struct cx *cx, struct sql *sql, const struct certificate_query *query,
                             struct certificate **out, uint32_t *count)
{
    struct rows rows = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT " COLUMNS " FROM certificate WHERE (?1 = '' OR holder = ?1) AND "
                      "(?2 = '' OR (since, serial) < (SELECT c.since, c.serial FROM certificate c "
                      "WHERE c.serial = ?2)) ORDER BY since DESC, serial DESC LIMIT ?3"),
                  ARGS(SQL_S(query->holder), SQL_S(query->after), SQL_I(query->limit)), &rows));
    *out = certificates_of(cx->arena, &rows);
    *count = rows.count;
    return OK;
}

Str certificate_signer(struct arena *arena, Str holder, Str serial)
{
    return str_printf(arena, "%.*s/%.*s", STR_ARG(holder), STR_ARG(serial));
}

Str certificate_signer_holder(Str signer, Str *serial)
{
    size_t at = 0;
    while (at < signer.n && signer.p[at] != '/') {
        at++;
    }
    *serial = at == signer.n ? STR("") : (Str){signer.p + at + 1, signer.n - at - 1};
    return (Str){signer.p, at};
}

Str certificate_holder_person(struct arena *arena, Id person)
{
    return str_printf(arena, "person:%" PRId64, person);
}

enum status certificate_revoke(struct cx *cx, struct sql *sql, const struct certificate *c,
                               Str reason, Instant at, int64_t *changed)
{
    bool all = str_starts(c->holder, "person:");
    TRY(sql_exec(cx, sql,
                 SQL("UPDATE certificate SET revoked = ?3, reason = ?4 WHERE revoked IS NULL AND "
                     "(serial = ?2 OR (?5 = 1 AND holder = ?1 AND until >= ?3))"),
                 ARGS(SQL_S(c->holder), SQL_S(c->serial), SQL_I(at), SQL_S(reason), SQL_I(all))));
    return sql_changed(cx, sql, changed);
}
