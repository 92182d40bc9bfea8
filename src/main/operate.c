#include "main/operate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "jobs/backup.h"
#include "main/people.h"
#include "proof/proof.h"
#include "record/contact_import.h"
#include "render/pdf_verdict.h"
#include "seal/receipt.h"
#include "web/proofread.h"

enum { RECEIPT_BYTES_MAX = 16 << 20 };

int operate_complain(const struct cx *cx)
{
    (void)fprintf(stderr, "tongsu: %s\n", cx->failure.detail.p);
    return cx->failure.status == E_INPUT ? 2 : 1;
}

static int usage(const char *text)
{
    (void)fprintf(stderr, "tongsu: usage: tongsu %s\n", text);
    return 2;
}

static enum status file_text(struct cx *cx, const char *path, Str *out);

/* --- people --- */

int operate_admin(struct cx *cx, struct program *program)
{
    Str password = {"", 0};
    bool made_up = false;
    if (program->config.word_count != 2 || !str_is(program->config.words[0], "create")) {
        return usage("admin create LOGIN");
    }
    if (program_open(cx, program, PROGRAM_STORE, NULL) != OK ||
        password_ask(cx, stdin, stderr, &password, &made_up) != OK ||
        admin_create(cx, &program->app.house, program->config.words[1], password) != OK) {
        program_close(program);
        return operate_complain(cx);
    }
    (void)printf("administrator %s made\n", program->config.words[1].p);
    if (made_up) {
        (void)printf("first password: %s\n", password.p);
    }
    program_close(program);
    return 0;
}

/* What a table was refused for, row by row. */
static int rows_complain(struct cx *cx, struct program *program)
{
    const struct value *errors = cx->failure.errors;
    for (uint32_t i = 0; i < value_count(errors); i++) {
        const struct value *error = value_item(errors, i);
        (void)fprintf(stderr, "%s: %s\n", value_get_str(error, "field").p,
                      value_get_str(error, "title").p);
    }
    program_close(program);
    return operate_complain(cx);
}

static int report_say(struct cx *cx, struct program *program, const struct value *report)
{
    Str line = json_write(cx->arena, report);
    (void)printf("%.*s\n", STR_ARG(line));
    program_close(program);
    return 0;
}

int operate_people(struct cx *cx, struct program *program)
{
    Str csv = {"", 0};
    struct value *report = NULL;
    if (program->config.word_count != 2 || !str_is(program->config.words[0], "import")) {
        return usage("people import FILE.csv");
    }
    if (file_text(cx, program->config.words[1].p, &csv) != OK ||
        program_open(cx, program, PROGRAM_STORE, NULL) != OK ||
        people_import(cx, &program->app.house, csv, &report) != OK) {
        return rows_complain(cx, program);
    }
    return report_say(cx, program, report);
}

int operate_contacts(struct cx *cx, struct program *program)
{
    Str csv = {"", 0};
    struct value *report = NULL;
    if (program->config.word_count != 2 || !str_is(program->config.words[0], "import")) {
        return usage("contacts import FILE.csv");
    }
    if (file_text(cx, program->config.words[1].p, &csv) != OK ||
        program_open(cx, program, PROGRAM_STORE, NULL) != OK) {
        program_close(program);
        return operate_complain(cx);
    }
    const struct contact_import import = {.store = program->store,
                                          .keys = program->keys,
                                          .sequence = program->sequence,
                                          .tables = tables_current(program->tables),
                                          .now = clock_now()};
    return contact_import(cx, &import, csv, &report) == OK ? report_say(cx, program, report)
                                                           : rows_complain(cx, program);
}

/* --- proving --- */

static enum status verify_run(struct cx *cx, struct program *program, struct verify_counts *counts)
{
    const struct config *config = &program->config;
    if (!database_is_there(config->database.p)) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no database at %s", config->database.p);
    }
    TRY(program_open(cx, program, PROGRAM_DEFINITIONS, NULL));
    /* No data_dir: nothing is written, so the lock of a serving program may stay where it is. */
    struct store_options options = {.url = config->database.p, .home = (uint16_t)config->home};
    TRY(store_open(cx, &options, &program->store));
    TRY(keys_open(cx, config->keys.p, false, &program->keys));
    TRY(blobs_open(cx, config->blobs.p, &program->blobs));
    struct verify_options verifying = {.store = program->store,
                                       .keys = program->keys,
                                       .blobs = program->blobs,
                                       .procedures = program->app.house.procedures,
                                       .tables = program->law,
                                       .sizes_only = config->no_files,
                                       .found = verify_found_print,
                                       .arg = stdout};
    return verify(cx, &verifying, counts);
}

int operate_verify(struct cx *cx, struct program *program)
{
    struct verify_counts counts = {0};
    enum status status = verify_run(cx, program, &counts);
    program_close(program);
    if (status != OK) {
        return operate_complain(cx);
    }
    verify_counts_print(stdout, &counts);
    return counts.findings == 0 ? 0 : 1;
}

static enum status file_text(struct cx *cx, const char *path, Str *out)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        return FAIL(cx, E_INPUT, "usage", "cannot read %s", path);
    }
    char *bytes = arena_alloc(cx->arena, RECEIPT_BYTES_MAX + 1);
    size_t size = fread(bytes, 1, RECEIPT_BYTES_MAX, file);
    if (file != stdin) {
        (void)fclose(file);
    }
    *out = (Str){bytes, size};
    return OK;
}

/* Needs nothing but the file; with --keys the receipt's keys must be among ours. */
int operate_verify_receipt(struct cx *cx, struct program *program)
{
    Str text = {"", 0};
    struct value *receipt = NULL;
    if (program->config.word_count != 1) {
        return usage("verify-receipt FILE");
    }
    if (file_text(cx, program->config.words[0].p, &text) != OK ||
        json_read(cx, text, &receipt) != OK) {
        return operate_complain(cx);
    }
    struct value *answer = receipt_verify(cx->arena, receipt, NULL);
    Str line = json_write(cx->arena, answer);
    (void)printf("%.*s\n", STR_ARG(line));
    return str_is(value_get_str(answer, "verdict"), "refuted") ? 1 : 0;
}

/* The answer of GET /log/proof for the paper's leaf, by the keys in KEYS. */
static enum status paper_proof(struct cx *cx, struct program *program, const char *path, Hash sm3,
                               struct pdf_evidence *evidence)
{
    Str text = {"", 0};
    struct value *proof = NULL;
    TRY(file_text(cx, path, &text));
    TRY(json_read(cx, text, &proof));
    TRY(keys_open(cx, program->config.keys.p, false, &program->keys));
    if (!receipt_proof_holds(cx->arena, proof, receipt_paper_leaf(sm3),
                             keys_public(cx, program->keys), &evidence->proved)) {
        return FAIL(cx, E_INPUT, "log-leaf-missing", "%s proves nothing of this paper", path);
    }
    evidence->source = STR("存证日志");
    return OK;
}

/* Needs the file and the roots of KEYS/ca. What was revoked is not looked up: without a proof of
 * its time a paper is "unproved" at best. */
int operate_verify_paper(struct cx *cx, struct program *program)
{
    Str bytes = {"", 0};
    Str roots[CERT_SCHEMES];
    struct pdf_judged judged[PDF_SIGNATURES_MAX];
    struct pdf_evidence evidence = {.now = clock_now()};
    uint32_t count = 0;
    bool found = false;
    const struct config *config = &program->config;
    if (config->word_count < 1 || config->word_count > 2) {
        return usage("verify-paper FILE [PROOF.json]");
    }
    if (file_text(cx, config->words[0].p, &bytes) != OK ||
        ca_roots_read(cx, ca_dir(cx->arena, config), roots, &found) != OK ||
        pdf_judge(cx, bytes, roots, judged, &count) != OK ||
        (config->word_count == 2 &&
         paper_proof(cx, program, config->words[1].p, hash_str(bytes), &evidence) != OK)) {
        return operate_complain(cx);
    }
    struct value *answer = pdf_verdict(cx->arena, bytes, judged, count, &evidence);
    value_set_str(cx->arena, answer, "leaf",
                  hash_hex(cx->arena, receipt_paper_leaf(hash_str(bytes))));
    Str line = json_write(cx->arena, answer);
    (void)printf("%.*s\n", STR_ARG(line));
    return str_is(value_get_str(answer, "verdict"), "sealed") ? 0 : 1;
}

/* --- documents --- */

/* One line a finding: its place, check severity: found -> proposal: reason. The place is
 * paragraph:character of a text, "page P line L" of a PDF, "paragraph N" of a Word file. */
static void findings_print(struct arena *arena, const struct value *view,
                           enum document_format format)
{
    const struct value *list = value_get(view, "findings");
    for (uint32_t i = 0; i < value_count(list); i++) {
        const struct value *f = value_item(list, i);
        Str proposal = value_get_str(f, "proposal");
        Str place = format == DOCUMENT_PDF
                        ? str_printf(arena, "page %" PRId64 " line %" PRId64,
                                     value_get_int(f, "page"), value_get_int(f, "line"))
                    : format == DOCUMENT_DOCX
                        ? str_printf(arena, "paragraph %" PRId64, value_get_int(f, "paragraph"))
                        : str_printf(arena, "%" PRId64 ":%" PRId64, value_get_int(f, "paragraph"),
                                     value_get_int(f, "from") + 1);
        (void)printf("%s: %s %s: %s%s%s: %s\n", place.p, value_get_str(f, "check").p,
                     value_get_str(f, "severity").p, value_get_str(f, "found").p,
                     proposal.n > 0 ? " -> " : "", proposal.p, value_get_str(f, "reason").p);
    }
    (void)printf("%" PRId64 " errors, %" PRId64 " warnings, %" PRId64 " hints\n",
                 value_get_int(view, "errors"), value_get_int(view, "warnings"),
                 value_get_int(view, "hints"));
}

/* A byte more than is read tells a file that is too large. */
static enum status document_bytes(struct cx *cx, const char *path, Str *out)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL) {
        return FAIL(cx, E_INPUT, "usage", "cannot read %s", path);
    }
    char *bytes = arena_room(cx->arena, (size_t)DOCUMENT_BYTES_MAX + 2);
    size_t size = fread(bytes, 1, (size_t)DOCUMENT_BYTES_MAX + 1, file);
    if (file != stdin) {
        (void)fclose(file);
    }
    bytes[size] = '\0';
    *out = (Str){bytes, size};
    return OK;
}

static enum status document_open(struct cx *cx, const char *path, struct document *out)
{
    static const struct helper_options options = {.workers = 1, .timeout_ms = 20000};
    struct helper_pool *pool = NULL;
    Str bytes = {"", 0};
    TRY(document_bytes(cx, path, &bytes));
    TRY(helper_pool_open(cx, &options, &pool));
    enum status status = document_read(pool, cx, bytes, out);
    helper_pool_close(pool);
    return status;
}

int operate_proofread(struct cx *cx, struct program *program)
{
    Str facts_text = {"", 0};
    struct value *facts = NULL;
    struct findings findings;
    struct document document;
    const struct config *config = &program->config;
    bool json = config->word_count > 1 && str_is(config->words[config->word_count - 1], "json");
    size_t files = config->word_count - (json ? 1 : 0);
    if (files < 1 || files > 2) {
        return usage("proofread FILE [FACTS.json] [json]");
    }
    if (document_open(cx, config->words[0].p, &document) != OK ||
        (files == 2 && (file_text(cx, config->words[1].p, &facts_text) != OK ||
                        json_read(cx, facts_text, &facts) != OK)) ||
        program_open(cx, program, PROGRAM_DEFINITIONS, NULL) != OK) {
        (void)fprintf(stderr, "tongsu: %s: %s\n", cx->failure.code, cx->failure.detail.p);
        return 2; /* 1 is for a document with something to mend */
    }
    proof_check(cx->arena, program->app.proof, document.text, facts, instant_date(clock_now()),
                &findings);
    struct value *view = findings_value(cx->arena, &findings, document.text);
    proofread_places(cx->arena, view, &findings, &document);
    if (json) {
        Str line = json_write(cx->arena, view);
        (void)printf("%.*s\n", STR_ARG(line));
    } else {
        findings_print(cx->arena, view, document.format);
    }
    return value_get_int(view, "errors") > 0 ? 1 : 0;
}

/* --- copies --- */

int operate_backup(struct cx *cx, struct program *program)
{
    struct backup_counts counts = {0};
    if (program->config.word_count != 1) {
        return usage("backup TARGET");
    }
    struct backup_options options = {.database = program->config.database.p,
                                     .blobs = program->config.blobs.p,
                                     .target = program->config.words[0].p};
    if (backup_make(cx, &options, &counts) != OK) {
        return operate_complain(cx);
    }
    (void)printf("{\"database_bytes\":%lld,\"files\":%lld,\"file_bytes\":%lld,\"broken\":%lld}\n",
                 (long long)counts.database_bytes, (long long)counts.files,
                 (long long)counts.file_bytes, (long long)counts.broken);
    return counts.broken == 0 ? 0 : 1;
}

int operate_restore(struct cx *cx, struct program *program)
{
    struct verify_counts counts = {0};
    if (program->config.word_count != 1) {
        return usage("restore TARGET --data DIR");
    }
    struct restore_options options = {.target = program->config.words[0].p,
                                      .database = program->config.database.p,
                                      .data_dir = program->config.data.p,
                                      .blobs = program->config.blobs.p,
                                      .found = verify_found_print,
                                      .arg = stdout};
    if (keys_open(cx, program->config.keys.p, false, &program->keys) != OK ||
        program_open(cx, program, PROGRAM_DEFINITIONS, NULL) != OK) {
        return operate_complain(cx);
    }
    options.keys = program->keys;
    options.procedures = program->app.house.procedures;
    options.tables = program->law;
    if (backup_restore(cx, &options, &counts) != OK) {
        return operate_complain(cx);
    }
    verify_counts_print(stdout, &counts);
    return 0;
}

/* --- keys --- */

int operate_keys(struct cx *cx, struct program *program)
{
    if (program->config.word_count != 1 || !str_is(program->config.words[0], "rotate")) {
        return usage("keys rotate --keys DIR");
    }
    if (keys_open(cx, program->config.keys.p, false, &program->keys) != OK ||
        keys_rotate(cx, program->keys) != OK) {
        return operate_complain(cx);
    }
    (void)printf("new keys made; restart the program to use them, keep the old ones\n");
    return 0;
}
