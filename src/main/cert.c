/* `tongsu cert`: which certificates there are, and revoking one, also while the program serves. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "jobs/backup.h"
#include "main/operate.h"
#include "record/audit.h"
#include "web/certificate.h"

enum { PAGE = 200, REASON_MAX = 100 };

/* No data_dir: one short transaction beside the one who serves, whose lock may stay where it is. */
static enum status open_beside(struct cx *cx, struct program *program)
{
    const struct config *config = &program->config;
    if (!database_is_there(config->database.p)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no database at %s", config->database.p);
    }
    struct store_options options = {.url = config->database.p, .home = (uint16_t)config->home};
    TRY(store_open(cx, &options, &program->store));
    return sequence_open(cx, program->store, &program->sequence);
}

/* --- list --- */

struct page {
    struct certificate_query query;
    struct certificate *all;
    uint32_t count;
};

static enum status page_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct page *page = arg;
    return certificate_list(cx, sql, &page->query, &page->all, &page->count);
}

static enum status list_print(struct cx *cx, struct program *program, Str holder)
{
    struct page page = {.query = {.holder = holder, .after = STR(""), .limit = PAGE}};
    do {
        TRY(store_read(cx, program->store, page_read, &page));
        for (uint32_t i = 0; i < page.count; i++) {
            Str line =
                json_write(cx->arena, certificate_view(cx->arena, &page.all[i], clock_now()));
            (void)printf("%.*s\n", STR_ARG(line));
            page.query.after = page.all[i].serial;
        }
    } while (page.count == PAGE);
    return OK;
}

/* --- revoke --- */

struct revoking {
    Str serial, reason;
    Id audit;
    int64_t changed;
};

static enum status revoking_write(struct cx *cx, struct sql *sql, void *arg)
{
    struct revoking *r = arg;
    struct certificate *c = NULL;
    struct value *detail = value_map(cx->arena);
    struct script *script = script_new(cx->arena);
    r->changed = 0;
    TRY(certificate_get(cx, sql, r->serial, &c));
    if (c == NULL) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no certificate %s", r->serial.p);
    }
    TRY(certificate_revoke(cx, sql, c, r->reason, clock_now(), &r->changed));
    if (r->changed == 0) {
        return FAIL(cx, E_STATE, "certificate-revoked", "%s was revoked before", r->serial.p);
    }
    value_set_str(cx->arena, detail, "certificate", c->serial);
    value_set_str(cx->arena, detail, "reason", r->reason);
    struct audit audit = {.id = r->audit,
                          .at = clock_now(),
                          .what = STR("revoke-certificate"),
                          .subject = str_starts(c->holder, "person:") ? c->holder : STR(""),
                          .detail = json_write(cx->arena, detail)};
    audit_write(script, &audit);
    return script_run(cx, sql, script);
}

static enum status revoke(struct cx *cx, struct program *program, Str serial, Str reason)
{
    struct revoking r = {.serial = serial, .reason = reason};
    TRY(sequence_next(cx, program->sequence, &r.audit));
    TRY(store_write(cx, program->store, WRITE_INTERACTIVE, revoking_write, &r));
    (void)printf("{\"certificate\":\"%s\",\"revoked\":%" PRId64 "}\n", serial.p, r.changed);
    return OK;
}

int operate_cert(struct cx *cx, struct program *program)
{
    const struct config *config = &program->config;
    bool list =
        config->word_count >= 1 && config->word_count <= 2 && str_is(config->words[0], "list");
    bool revokes = config->word_count == 3 && str_is(config->words[0], "revoke") &&
                   config->words[2].n > 0 && utf8_count(config->words[2]) <= REASON_MAX;
    if (!list && !revokes) {
        (void)fprintf(stderr, "tongsu: usage: tongsu cert list [HOLDER] | revoke SERIAL REASON\n");
        return 2;
    }
    enum status status = open_beside(cx, program);
    if (status == OK) {
        status = list
                     ? list_print(cx, program, config->word_count == 2 ? config->words[1] : STR(""))
                     : revoke(cx, program, config->words[1], config->words[2]);
    }
    sequence_close(program->sequence);
    store_close(program->store);
    return status == OK ? 0 : operate_complain(cx);
}
