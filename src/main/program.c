#include "main/program.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/clock.h"
#include "flow/batch.h"
#include "flow/shelf.h"
#include "procedure/rules.h"
#include "proof/proof.h"
#include "record/contact_import.h"
#include "store/migrate.h"
#include "web/guidance.h"

enum { SOURCES_MAX = 1024 };

/* --- definitions --- */

/* "papers/fee-notice.yaml" gives "fee-notice". */
static Str name_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(base, '.');
    return str_copy(arena, base, dot == NULL ? strlen(base) : (size_t)(dot - base));
}

static enum status papers_load(struct cx *cx, struct program *program)
{
    const struct share_file *file = NULL;
    size_t count = share_list(program->share, "data/papers/", &file);
    struct value *papers = value_map(cx->arena);
    for (size_t i = 0; i < count; i++) {
        Str text = {(const char *)file[i].bytes, file[i].size};
        Str name = name_of(cx->arena, file[i].path);
        struct paper *paper = NULL;
        struct value *known = value_map(cx->arena);
        TRY(paper_compile(cx, name.p, text, &paper));
        value_set_str(cx->arena, known, "title", paper_title(paper));
        value_set_str(cx->arena, known, "sm3", hash_hex(cx->arena, hash_str(text)));
        value_set(cx->arena, known, "needs", paper_needs(paper));
        value_set_bool(cx->arena, known, "sealed", paper_is_sealed(paper));
        value_set_bool(cx->arena, known, "by_party", paper_is_by_party(paper));
        value_set_key(cx->arena, papers, name, known);
    }
    program->app.house.papers = papers;
    return OK;
}

const char *ca_dir(struct arena *arena, const struct config *config)
{
    return arena_printf(arena, "%.*s/ca", STR_ARG(config->keys));
}

static bool paper_exists(void *arg, const char *paper)
{
    const struct program *program = arg;
    return value_get(program->app.house.papers, paper) != NULL;
}

static const struct value *needs_of(void *arg, const char *paper)
{
    const struct program *program = arg;
    return value_get(value_get(program->app.house.papers, paper), "needs");
}

static enum status procedures_read(struct cx *cx, struct program *program,
                                   const struct law_tables *law)
{
    const struct share_file *file = NULL;
    size_t count = share_list(program->share, "data/", &file);
    struct procedure_source *sources = arena_array(cx->arena, struct procedure_source, count);
    uint32_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *path = file[i].path + strlen("data/");
        if (strncmp(path, "procedures/", 11) == 0 || strncmp(path, "elements/", 9) == 0 ||
            strncmp(path, "envelopes/", 10) == 0 || strncmp(path, "forms/", 6) == 0) {
            sources[used++] =
                (struct procedure_source){path, {(const char *)file[i].bytes, file[i].size}};
        }
    }
    struct load_world world = {.rules = program->app.house.rules,
                               .paper_exists = paper_exists,
                               .paper_needs = needs_of,
                               .arg = program,
                               .tables = law};
    struct procedures *procedures = NULL;
    TRY(procedures_load(cx, sources, used, &world, &procedures));
    TRY(procedures_file_forms(cx, procedures));
    program->app.house.procedures = procedures;
    return OK;
}

static enum status templates_read(struct cx *cx, struct program *program)
{
    const struct share_file *file = NULL;
    size_t count = share_list(program->share, "pages/zh/", &file);
    struct template_source *sources = arena_array(cx->arena, struct template_source, count);
    struct templates *templates = NULL;
    for (size_t i = 0; i < count; i++) {
        sources[i] = (struct template_source){name_of(cx->arena, file[i].path).p,
                                              {(const char *)file[i].bytes, file[i].size}};
    }
    TRY(templates_load(cx, program->arena, sources, (uint32_t)count, &templates));
    program->app.templates = templates;
    return OK;
}

/* What the document checker leans on: laws by name, usual slips, usual Chinese. */
static enum status proof_read(struct cx *cx, struct program *program, const struct law_tables *law)
{
    struct proof_world *world = arena_new(program->arena, struct proof_world);
    struct language_texts texts;
    world->tables = law;
    TRY(statutes_build(cx, program->arena, share_text(program->share, "data/tables/statutes.csv"),
                       share_text(program->share, "data/tables/renumbered.csv"), &world->statutes));
    TRY(words_build(cx, program->arena, share_text(program->share, "data/tables/slips.tsv"),
                    &world->words));
    TRY(articles_build(cx, program->arena, share_text(program->share, "data/tables/articles.tsv"),
                       &world->articles));
    language_texts_of(program->arena, program->share, &texts);
    world->language = language_shelf_new(program->arena, &texts);
    program->app.proof = world;
    return OK;
}

/* For `check`, without a database: the tables as they come with the program. */
static enum status tables_embedded(struct cx *cx, struct program *program,
                                   const struct law_tables **out)
{
    struct table_texts texts = {.version = STR("embedded")};
    Str *const fields[TABLE_KINDS] = {
        [TABLE_COURTS] = &texts.courts_csv,
        [TABLE_DIVISIONS] = &texts.divisions_csv,
        [TABLE_CAUSES] = &texts.causes_csv,
        [TABLE_ELEMENT_FORMS] = &texts.element_forms_csv,
        [TABLE_HOLIDAYS] = &texts.holidays_csv,
        [TABLE_HOURS] = &texts.hours_csv,
        [TABLE_FEES] = &texts.fees_csv,
        [TABLE_LPR] = &texts.lpr_csv,
        [TABLE_PINYIN] = &texts.pinyin,
        [TABLE_REGIONAL] = &texts.regional_csv,
        [TABLE_COMPULSORY] = &texts.compulsory_csv,
    };
    for (int kind = 0; kind < TABLE_KINDS; kind++) {
        *fields[kind] = share_text(program->share, table_kind_path((enum table_kind)kind));
    }
    return law_tables_build(cx, program->arena, &texts, out);
}

/* --- database --- */

static enum status directory_make(struct cx *cx, Str path)
{
    if (mkdir(path.p, 0700) != 0 && errno != EEXIST) {
        return FAIL(cx, E_STORE, "store-failed", "cannot make %s: %s", path.p,
                    strerrordesc_np(errno));
    }
    return OK;
}

static enum status schema_bring(struct cx *cx, struct program *program)
{
    const struct share_file *file = NULL;
    size_t count = share_list(program->share, "sql/", &file);
    struct migration *migrations = arena_array(cx->arena, struct migration, count);
    for (size_t i = 0; i < count; i++) {
        Str name = name_of(cx->arena, file[i].path);
        int64_t number = 0;
        check(name.n > 4 && str_int(str_slice(cx->arena, name, 0, 4), &number));
        migrations[i] = (struct migration){
            (uint32_t)number, name.p, {(const char *)file[i].bytes, file[i].size}};
    }
    return store_migrate(cx, program->store, migrations, (uint32_t)count);
}

/* --- definitions that matters run on are never edited --- */

/* Reads all matters when none uses it: only ever asked of a text that has changed. */
static enum status runs_on(struct cx *cx, struct sql *sql, const struct procedure *p, bool *out)
{
    struct rows used = {0};
    TRY(sql_query(cx, sql,
                  SQL("SELECT id FROM matter "
                      "WHERE procedure = ?1 AND version = ?2 AND events > 0 LIMIT 1"),
                  ARGS(SQL_C(p->name), SQL_I(p->version)), &used));
    *out = used.count == 1;
    return OK;
}

/* name: of the procedure; of its elements "NAME/elements". */
static enum status definition_prove(struct cx *cx, struct sql *sql, const struct procedure *p,
                                    const char *name, Str text)
{
    Hash hash = hash_str(text);
    struct rows known = {0};
    bool used = false;
    TRY(sql_query(cx, sql, SQL("SELECT sm3 FROM definition WHERE procedure = ?1 AND version = ?2"),
                  ARGS(SQL_C(name), SQL_I(p->version)), &known));
    if (known.count == 1 &&
        str_same(row_str(&known, 0, 0), (Str){(const char *)hash.b, HASH_BYTES})) {
        return OK;
    }
    TRY(runs_on(cx, sql, p, &used));
    if (known.count == 1 && used) {
        return FAIL(cx, E_STORE, "definition-edited",
                    "procedure %s version %d was edited while matters run on it (%s): make a new "
                    "version",
                    p->name, p->version, name);
    }
    return sql_exec(cx, sql,
                    SQL("INSERT INTO definition (procedure, version, sm3) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT (procedure, version) DO UPDATE SET sm3 = excluded.sm3"),
                    ARGS(SQL_C(name), SQL_I(p->version),
                         SQL_B(arena_copy(cx->arena, hash.b, HASH_BYTES), HASH_BYTES)));
}

static enum status definitions_prove(struct cx *cx, struct sql *sql, void *arg)
{
    const struct procedures *procedures = arg;
    for (uint32_t i = 0; i < procedures_count(procedures); i++) {
        const struct procedure *p = procedures_at(procedures, i);
        TRY(definition_prove(cx, sql, p, p->name, p->text));
        TRY(definition_prove(cx, sql, p, arena_printf(cx->arena, "%s/elements", p->name),
                             procedure_shape(cx->arena, p)));
    }
    return OK;
}

/* No keys were ever made for it. */
static enum status database_is_fresh(struct cx *cx, struct sql *sql, void *arg)
{
    bool *fresh = arg;
    struct rows rows = {0};
    TRY(sql_query(cx, sql, SQL("SELECT value FROM setting WHERE name = 'keys-made'"), NO_ARGS,
                  &rows));
    *fresh = rows.count == 0;
    return OK;
}

static enum status keys_note(struct cx *cx, struct sql *sql, void *arg)
{
    (void)arg;
    return sql_exec(cx, sql,
                    SQL("INSERT INTO setting (name, value) VALUES ('keys-made', ?1) "
                        "ON CONFLICT (name) DO NOTHING"),
                    ARGS(SQL_S(instant_format(cx->arena, clock_now()))));
}

static enum status store_bring(struct cx *cx, struct program *program,
                               const struct program_hooks *hooks)
{
    const struct config *config = &program->config;
    TRY(directory_make(cx, config->data));
    struct store_options options = {
        .url = config->database.p, .data_dir = config->data.p, .home = (uint16_t)config->home};
    if (hooks != NULL) {
        options.before_commit = hooks->before_commit;
        options.before_commit_arg = hooks->before_commit_arg;
    }
    TRY(store_open(cx, &options, &program->store));
    TRY(schema_bring(cx, program));
    bool fresh = false;
    TRY(store_read(cx, program->store, database_is_fresh, &fresh));
    /* New keys over an old database could open nothing in it. */
    TRY(keys_open(cx, config->keys.p, fresh, &program->keys));
    if (fresh) {
        TRY(store_write(cx, program->store, WRITE_INTERACTIVE, keys_note, NULL));
    }
    TRY(ca_demo_open(cx, ca_dir(cx->arena, config), true, &program->ca));
    TRY(blobs_open(cx, config->blobs.p, &program->blobs));
    TRY(sequence_open(cx, program->store, &program->sequence));
    return tables_open(cx, program->store, program->share, clock_now(), &program->tables);
}

static enum status contacts_of_demo(struct cx *cx, struct program *program)
{
    const struct contact_import import = {.store = program->store,
                                          .keys = program->keys,
                                          .sequence = program->sequence,
                                          .tables = tables_current(program->tables),
                                          .now = clock_now()};
    return contact_demo_fill(cx, &import);
}

enum status program_open(struct cx *cx, struct program *program, enum program_depth depth,
                         const struct program_hooks *hooks)
{
    struct app *app = &program->app;
    const struct law_tables *law = NULL;
    const struct config *config = &program->config;
    TRY(share_open(cx, share_embedded, share_embedded_count,
                   config->share.n > 0 ? config->share.p : NULL, &program->share));
    TRY(messages_read(cx, program->arena, "data/messages/zh.yaml",
                      share_text(program->share, "data/messages/zh.yaml"), &app->messages));
    TRY(templates_read(cx, program));
    app->house.rules = rules_all();
    TRY(papers_load(cx, program));
    if (depth == PROGRAM_STORE) {
        TRY(store_bring(cx, program, hooks));
        law = tables_current(program->tables);
    } else {
        TRY(tables_embedded(cx, program, &law));
    }
    program->law = law;
    TRY(procedures_read(cx, program, law));
    TRY(proof_read(cx, program, law));
    TRY(batch_kinds_read(cx, program->arena, program->share, app->house.procedures,
                         &app->house.batches));
    TRY(guidance_read(cx, program->arena, program->share, app->house.procedures, &app->guidance));
    app->share = program->share;
    app->tables = program->tables;
    app->blobs = program->blobs;
    app->data_dir = config->data.p;
    app->demo = config->demo;
    app->secure_cookies = config->secure;
    app->house.store = program->store;
    app->house.keys = program->keys;
    app->house.ca = program->ca;
    app->house.sequence = program->sequence;
    app->house.tables = tables_now;
    app->house.tables_arg = program->tables;
    app->house.origin = config->origin;
    app->house.demo = config->demo;
    app->house.shelf = depth == PROGRAM_STORE ? shelf_open() : NULL;
    if (depth == PROGRAM_STORE) {
        union {
            const struct procedures *in;
            void *out;
        } arg = {.in = app->house.procedures}; /* read only */

        TRY(store_write(cx, program->store, WRITE_INTERACTIVE, definitions_prove, arg.out));
    }
    return depth == PROGRAM_STORE && config->demo ? contacts_of_demo(cx, program) : OK;
}

void program_close(struct program *program)
{
    sequence_close(program->sequence);
    store_close(program->store);
    tables_close(program->tables);
    blobs_close(program->blobs);
    shelf_close(program->app.house.shelf);
    ca_demo_close(program->ca);
    keys_close(program->keys);
    share_close(program->share);
}
