#include "main/people.h"

#include <inttypes.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/random.h"
#include "record/audit.h"
#include "record/demo.h"
#include "record/person_entry.h"
#include "seal/password.h"

enum { FIRST_PASSWORD_CHARS = 12, PASSWORD_LINE = 1024, ROWS_MAX = 20000 };

static const Str none = {"", 0};

static Str password_first(struct arena *arena)
{
    char text[FIRST_PASSWORD_CHARS + 1];
    random_code(text, FIRST_PASSWORD_CHARS);
    return str_copy(arena, text, FIRST_PASSWORD_CHARS);
}

static enum status audit_add(struct cx *cx, const struct house *house, struct script *script,
                             const char *what, Id subject, Str detail)
{
    struct audit audit = {.at = clock_now(),
                          .what = str_of(what),
                          .subject = subject == 0 ? none : audit_subject(cx->arena, subject),
                          .detail = detail};
    TRY(sequence_next(cx, house->sequence, &audit.id));
    audit_write(script, &audit);
    return OK;
}

/* --- one row --- */

struct row {
    int line;
    struct person_entry entry;
    Str post, court;
    struct person *person; /* as it stands, or as it will be made */
    bool made;
    bool again; /* the login stood in an earlier row */
    Str first_password;
};

struct import {
    const struct house *house;
    const struct law_tables *tables;
    struct row *rows;
    uint32_t count;
    uint32_t faults;
    struct script *script;
    uint32_t made, updated, posts;
};

static void fault(struct cx *cx, struct import *import, const struct row *row, const char *why)
{
    char field[32];
    (void)snprintf(field, sizeof field, "line %d", row->line);
    if (import->faults == 0) {
        cx_arg(cx, "why", str_printf(cx->arena, "第%d行：%s", row->line, why));
    }
    struct value *entry = cx_error(cx, NULL, "import-faulty", "");
    value_set_str(cx->arena, entry, "field", str_copy(cx->arena, field, strlen(field)));
    value_set_str(cx->arena, entry, "title", str_printf(cx->arena, "第%d行：%s", row->line, why));
    import->faults += 1;
}

static Str cell(const struct csv *csv, uint32_t row, const char *column)
{
    return csv_cell(csv, row, csv_column(csv, column));
}

static struct value *row_value(struct cx *cx, const struct csv *csv, uint32_t i)
{
    static const char *const columns[] = {"login", "name",    "kind", "phone",
                                          "email", "licence", "firm"};
    struct value *said = value_map(cx->arena);
    struct value *identity = value_map(cx->arena);
    for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++) {
        value_set_str(cx->arena, said, columns[k], str_trim(cx->arena, cell(csv, i, columns[k])));
    }
    value_set_str(cx->arena, identity, "type", str_trim(cx->arena, cell(csv, i, "identity_type")));
    value_set_str(cx->arena, identity, "number", str_trim(cx->arena, cell(csv, i, "identity")));
    value_set(cx->arena, said, "identity", identity);
    return said;
}

/* The first complaint about the row, in words; NULL when there is none. Complaints of the reader
 * are taken out of cx, so that each row gets one entry of its own. */
static const char *entry_fault(struct cx *cx, const struct value *said, struct row *row)
{
    struct failure before = cx->failure;
    cx_forgive(cx);
    uint32_t complaints = person_entry_read(cx, said, NEEDS_NAME | NEEDS_LOGIN,
                                            instant_date(clock_now()), &row->entry);
    const struct value *first = value_item(cx->failure.errors, 0);
    const char *why = complaints == 0 ? NULL : value_get_str(first, "title").p;
    cx->failure = before;
    if (why == NULL && str_is(row->entry.kind, "organisation")) {
        why = "kind 只能是 staff、lawyer、person";
    }
    return why;
}

static const char *post_fault(const struct import *import, struct row *row)
{
    bool admin = str_is(row->post, "admin");
    const struct court *court = court_by_name(import->tables, row->court);
    row->court = court == NULL ? row->court : court->code;
    if (row->post.n == 0) {
        return row->court.n == 0 ? NULL : "有法院，没有岗位";
    }
    if (!str_is(row->entry.kind, "staff")) {
        return "只有 staff 才有岗位";
    }
    if (!admin && !demo_is_post(row->post)) {
        return "没有这个岗位";
    }
    if (admin) {
        return row->court.n == 0 ? NULL : "系统管理不属于哪个法院";
    }
    return court_by_code(import->tables, row->court) == NULL ? "没有找到这个法院" : NULL;
}

static void row_read(struct cx *cx, struct import *import, const struct csv *csv, uint32_t i)
{
    struct row *row = &import->rows[i];
    row->line = (int)i + 2;
    row->post = str_trim(cx->arena, cell(csv, i, "post"));
    row->court = str_trim(cx->arena, cell(csv, i, "court"));
    const char *why = entry_fault(cx, row_value(cx, csv, i), row);
    if (why == NULL && str_trim(cx->arena, cell(csv, i, "kind")).n == 0) {
        why = "请填写 kind：staff、lawyer、person";
    }
    why = why == NULL ? post_fault(import, row) : why;
    if (why != NULL) {
        fault(cx, import, row, why);
    }
}

/* --- whom it is about --- */

static enum status people_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct import *import = arg;
    for (uint32_t i = 0; i < import->count; i++) {
        struct row *row = &import->rows[i];
        TRY(person_find_login(cx, sql, row->entry.login, &row->person));
        if (row->person != NULL && !str_same(row->person->kind, row->entry.kind)) {
            fault(cx, import, row, "这个账号已有，类别不同");
        }
    }
    return OK;
}

/* An earlier row of the same login; both are many, so the look-up goes backwards over neighbours
 * first, as tables are sorted mostly. */
static const struct row *row_before(const struct import *import, uint32_t i)
{
    for (uint32_t k = i; k > 0; k--) {
        if (str_same(import->rows[k - 1].entry.login, import->rows[i].entry.login)) {
            return &import->rows[k - 1];
        }
    }
    return NULL;
}

/* What the table does not say stays as it is. */
static enum status person_update(struct cx *cx, const struct import *import, const struct row *row)
{
    struct keys *keys = import->house->keys;
    const struct person_entry *e = &row->entry;
    struct person *p = row->person;
    p->name = e->name;
    p->email = e->email.n > 0 ? e->email : p->email;
    p->licence = e->licence.n > 0 ? e->licence : p->licence;
    p->firm = e->firm.n > 0 ? e->firm : p->firm;
    if (e->identity_number.n > 0) {
        TRY(person_identity_set(cx, keys, p, e->identity_type, e->identity_number));
    }
    if (e->phone.n > 0) {
        TRY(person_phone_set(cx, keys, p, e->phone));
    }
    person_write(import->script, cx->arena, p);
    return OK;
}

static enum status person_make(struct cx *cx, const struct import *import, struct row *row)
{
    const struct house *house = import->house;
    struct person *p = arena_new(cx->arena, struct person);
    *p = person_blank();
    TRY(sequence_next(cx, house->sequence, &p->id));
    TRY(person_key_make(cx, house->keys, p));
    TRY(person_entry_apply(cx, house->keys, &row->entry, p));
    p->login = row->entry.login;
    p->created = clock_now();
    row->first_password = password_first(cx->arena);
    TRY(password_hash(cx, row->first_password, &p->password));
    row->person = p;
    row->made = true;
    person_write_new(import->script, cx->arena, p);
    return OK;
}

static enum status row_plan(struct cx *cx, struct import *import, uint32_t i)
{
    struct row *row = &import->rows[i];
    const struct row *before = row_before(import, i);
    if (before != NULL) {
        row->person = before->person;
        row->again = true;
    } else if (row->person != NULL) {
        TRY(person_update(cx, import, row));
        import->updated += 1;
    } else {
        TRY(person_make(cx, import, row));
        import->made += 1;
    }
    if (row->post.n > 0) {
        post_write(import->script, row->person->id, row->post, row->court, clock_now());
        import->posts += 1;
    }
    return OK;
}

static enum status import_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct import *import = arg;
    return script_run(cx, sql, import->script);
}

static struct value *import_report(struct cx *cx, const struct import *import)
{
    struct value *report = value_map(cx->arena);
    struct value *people = value_list(cx->arena);
    value_set_int(cx->arena, report, "made", import->made);
    value_set_int(cx->arena, report, "updated", import->updated);
    value_set_int(cx->arena, report, "posts", import->posts);
    for (uint32_t i = 0; i < import->count; i++) {
        const struct row *row = &import->rows[i];
        if (row->made) {
            struct value *person = value_map(cx->arena);
            value_set_str(cx->arena, person, "login", row->entry.login);
            value_set_str(cx->arena, person, "first_password", row->first_password);
            value_add(cx->arena, people, person);
        }
    }
    value_set(cx->arena, report, "people", people);
    return report;
}

static enum status import_read(struct cx *cx, struct import *import, Str text)
{
    struct csv csv;
    TRY(csv_read(cx, "people", text, ',', &csv));
    static const char *const needed[] = {"login", "name", "kind"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (csv_column(&csv, needed[i]) < 0) {
            cx_arg(cx, "why", str_printf(cx->arena, "第1行：缺少列 %s", needed[i]));
            return FAIL(cx, E_INPUT, "import-faulty", "line 1: no column %s", needed[i]);
        }
    }
    if (csv.rows > ROWS_MAX) {
        cx_arg(cx, "why", str_printf(cx->arena, "最多%d行，请分成几张", ROWS_MAX));
        return FAIL(cx, E_INPUT, "import-faulty", "%" PRIu32 " rows", csv.rows);
    }
    import->count = csv.rows;
    import->rows = arena_array(cx->arena, struct row, csv.rows);
    for (uint32_t i = 0; i < csv.rows; i++) {
        row_read(cx, import, &csv, i);
    }
    return OK;
}

static enum status import_refuse(struct cx *cx, const struct import *import)
{
    Str first = value_get_str(value_item(cx->failure.errors, 0), "field");
    return FAIL(cx, E_INPUT, "import-faulty", "%.*s: first of %" PRIu32 " faulty rows",
                STR_ARG(first), import->faults);
}

enum status people_import(struct cx *cx, const struct house *house, Str csv, struct value **report)
{
    struct import import = {.house = house,
                            .tables = house->tables(house->tables_arg),
                            .script = script_new(cx->arena)};
    TRY(import_read(cx, &import, csv));
    if (import.faults > 0) {
        return import_refuse(cx, &import);
    }
    TRY(store_read(cx, house->store, people_read, &import));
    if (import.faults > 0) {
        return import_refuse(cx, &import);
    }
    for (uint32_t i = 0; i < import.count; i++) {
        TRY(row_plan(cx, &import, i));
    }
    TRY(audit_add(cx, house, import.script, "import-people", 0,
                  str_printf(cx->arena, "{\"made\":%" PRIu32 ",\"updated\":%" PRIu32 "}",
                             import.made, import.updated)));
    TRY(store_write(cx, house->store, WRITE_BULK, import_write, &import));
    *report = import_report(cx, &import);
    return OK;
}

/* --- the first administrator --- */

struct creating {
    Str login;
    struct person *taken;
    struct script *script;
};

static enum status creating_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct creating *creating = arg;
    return person_find_login(cx, sql, creating->login, &creating->taken);
}

static enum status creating_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct creating *creating = arg;
    return script_run(cx, sql, creating->script);
}

enum status admin_create(struct cx *cx, const struct house *house, Str login, Str password)
{
    struct creating creating = {.login = login, .script = script_new(cx->arena)};
    struct person person = person_blank();
    struct person_entry entry = {.login = login};
    if (!login_is_free_form(login)) {
        (void)cx_error(cx, "login", "login-form", "账号用2到60个字母、数字、汉字或者 . _ -");
        return FAIL(cx, E_INPUT, "fields", "login is not fit");
    }
    if (password_rules(cx, "password", password, &entry) > 0) {
        return FAIL(cx, E_INPUT, "fields", "password is not fit: at least 8 characters");
    }
    TRY(store_read(cx, house->store, creating_read, &creating));
    if (creating.taken != NULL) {
        return FAIL(cx, E_STATE, "login-taken", "there is a %.*s", STR_ARG(login));
    }
    TRY(sequence_next(cx, house->sequence, &person.id));
    TRY(person_key_make(cx, house->keys, &person));
    TRY(password_hash(cx, password, &person.password));
    person.kind = STR("staff");
    person.login = login;
    person.name = login;
    person.created = clock_now();
    person_write_new(creating.script, cx->arena, &person);
    post_write(creating.script, person.id, STR("admin"), none, clock_now());
    TRY(audit_add(cx, house, creating.script, "add-person", person.id,
                  STR("{\"kind\":\"staff\",\"post\":\"admin\",\"court\":\"\"}")));
    return store_write(cx, house->store, WRITE_INTERACTIVE, creating_write, &creating);
}

/* --- asking --- */

static bool line_read(struct cx *cx, FILE *in, Str *out)
{
    char line[PASSWORD_LINE];
    if (fgets(line, sizeof line, in) == NULL) {
        return false;
    }
    size_t size = strcspn(line, "\r\n");
    *out = str_copy(cx->arena, line, size);
    return true;
}

static bool line_ask(struct cx *cx, FILE *in, FILE *prompt, const char *question, Str *out)
{
    struct termios before;
    bool terminal = isatty(fileno(in)) == 1 && tcgetattr(fileno(in), &before) == 0;
    if (!terminal) {
        return line_read(cx, in, out);
    }
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    (void)fputs(question, prompt);
    (void)fflush(prompt);
    (void)tcsetattr(fileno(in), TCSAFLUSH, &silent);
    bool got = line_read(cx, in, out);
    (void)tcsetattr(fileno(in), TCSAFLUSH, &before);
    (void)fputc('\n', prompt);
    return got;
}

enum status password_ask(struct cx *cx, FILE *in, FILE *prompt, Str *out, bool *made_up)
{
    Str again = none;
    *made_up = false;
    if (!line_ask(cx, in, prompt, "密码: ", out) || out->n == 0) {
        *out = password_first(cx->arena);
        *made_up = true;
        return OK;
    }
    if (!line_ask(cx, in, prompt, "再输入一次: ", &again) || !str_same(*out, again)) {
        return FAIL(cx, E_INPUT, "passwords-differ", "the two passwords are not the same");
    }
    return OK;
}
