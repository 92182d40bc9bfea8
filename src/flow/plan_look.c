/* What effects look up beside their matter: people, cases, whom to call. All of it reads. */
#include "base/clock.h"
#include "flow/counsel.h"
#include "record/authorisation.h"

struct person_look {
    Str login;
    struct person *person;
};

static enum status person_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct person_look *look = arg;
    return person_find_login(cx, sql, look->login, &look->person);
}

enum status plan_person(struct cx *cx, const struct plan *plan, Str login, struct person **out)
{
    struct person_look look = {login, NULL};
    TRY(store_read(cx, plan->house->store, person_read, &look));
    *out = look.person;
    return OK;
}

struct organisation_look {
    Id person;
    struct authorisation *list;
    uint32_t count;
};

static enum status organisation_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct organisation_look *look = arg;
    return authorisation_list(cx, sql, look->person, &look->list, &look->count);
}

enum status plan_organisation(struct cx *cx, const struct plan *plan, Id person, Str name,
                              Str *code)
{
    struct organisation_look look = {.person = person};
    Str wanted = text_composed(cx->arena, name);
    *code = STR("");
    TRY(store_read(cx, plan->house->store, organisation_read, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        if (str_same(text_composed(cx->arena, look.list[i].name), wanted)) {
            *code = look.list[i].code;
        }
    }
    return OK;
}

struct identity_look {
    Hash blind;
    struct person *people;
    uint32_t count;
};

static enum status identity_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct identity_look *look = arg;
    return person_list_identity(cx, sql, look->blind, &look->people, &look->count);
}

enum status plan_person_identified(struct cx *cx, const struct plan *plan, Str number, Str name,
                                   struct person **out)
{
    struct identity_look look = {.blind = plan_blind(plan, number)};
    uint32_t found = 0;
    *out = NULL;
    TRY(store_read(cx, plan->house->store, identity_read, &look));
    for (uint32_t i = 0; i < look.count; i++) {
        struct person *person = &look.people[i];
        if (person->verified.n > 0 && !person->disabled && !str_is(person->kind, "staff") &&
            str_same(person->name, name)) {
            *out = person;
            found++;
        }
    }
    *out = found == 1 ? *out : NULL;
    return OK;
}

struct counsel_look {
    Id matter;
    struct counsel *list;
    uint32_t count;
};

static enum status counsel_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct counsel_look *look = arg;
    return counsel_list(cx, sql, look->matter, &look->list, &look->count);
}

enum status plan_counsel(struct cx *cx, const struct plan *plan, struct counsel **out,
                         uint32_t *count)
{
    struct counsel_look look = {.matter = plan->changes[0].after->id};
    TRY(store_read(cx, plan->house->store, counsel_read, &look));
    *out = look.list;
    *count = look.count;
    return OK;
}

struct case_look {
    const struct procedures *procedures;
    Str number;
    struct matter *matter;
    const struct procedure *procedure;
};

/* A filing bears the number of the case that it opened: the case is what an effect has begun. */
static enum status case_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct case_look *look = arg;
    struct rows rows = {0};
    TRY(sql_query(
        cx, sql,
        SQL("SELECT id, procedure, version FROM matter WHERE case_number = ?1 ORDER BY id"),
        ARGS(SQL_S(look->number)), &rows));
    for (uint32_t i = 0; i < rows.count; i++) {
        const struct procedure *procedure =
            procedure_find(look->procedures, row_str(&rows, i, 1), (int)row_int(&rows, i, 2));
        if (procedure != NULL && procedure->begin_by[0].kind == ACTOR_EFFECT) {
            look->procedure = procedure;
            return matter_find(cx, sql, row_int(&rows, i, 0), &look->matter);
        }
    }
    return OK;
}

enum status plan_case(struct cx *cx, const struct plan *plan, Str number, struct matter **out,
                      const struct procedure **procedure)
{
    struct case_look look = {.procedures = plan->house->procedures, .number = number};
    TRY(store_read(cx, plan->house->store, case_read, &look));
    *out = look.matter;
    *procedure = look.procedure;
    return OK;
}

struct contact_look {
    Str court;
    struct contact *contact;
};

static enum status contact_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct contact_look *look = arg;
    return contact_find(cx, sql, look->court, &look->contact);
}

enum status plan_contact(struct cx *cx, const struct plan *plan, Str court, struct contact **out)
{
    struct contact_look look = {court, NULL};
    TRY(store_read(cx, plan->house->store, contact_read, &look));
    *out = look.contact;
    return OK;
}

enum status plan_officer_message(struct cx *cx, struct plan *plan, Str court, Str text)
{
    struct contact *contact = NULL;
    bool written = false;
    TRY(plan_contact(cx, plan, court, &contact));
    return contact == NULL
               ? OK
               : contact_message_write(cx, plan->house->keys, plan->script, plan_id(plan), contact,
                                       CONTACT_OFFICER, text, clock_machine(), &written);
}
