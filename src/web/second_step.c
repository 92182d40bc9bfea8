#include "web/second_step.h"

#include <inttypes.h>

#include "record/factor.h"
#include "seal/password.h"
#include "web/again.h"

#define TICKET_MS (5 * MINUTE_MS)

struct second_step second_step_said(struct call *call)
{
    struct arena *arena = call->cx->arena;
    return (struct second_step){.code = str_trim(arena, value_get_str(call->body, "totp")),
                                .ticket = value_get_str(call->body, "ticket")};
}

enum status second_step_read(struct cx *cx, struct sql *sql, Id person, struct second_step *step)
{
    TRY(factor_holds(cx, sql, person, &step->holds));
    return factor_posts(cx, sql, &step->posts, &step->post_count);
}

/* PERSON.MADE.MAC; another password makes it another. */
static Str ticket_make(struct call *call, const struct person *person, Instant made)
{
    struct arena *arena = call->cx->arena;
    Str head = str_printf(arena, "%" PRId64 ".%" PRId64, person->id, made);
    Str what = str_printf(arena, "%.*s.%.*s", STR_ARG(head), STR_ARG(person->password));
    Str mac = hash_hex(arena, keys_blind(call->app->house.keys, "second-step", what));
    return str_printf(arena, "%.*s.%.*s", STR_ARG(head), STR_ARG(mac));
}

enum status second_step_ticket_check(struct call *call, const struct person *person,
                                     const struct second_step *step)
{
    Str *part = NULL;
    int64_t made = 0;
    bool own = person != NULL && !person->disabled &&
               str_split(call->cx->arena, step->ticket, '.', &part) == 3 &&
               str_int(part[1], &made) &&
               hash_same(hash_str(ticket_make(call, person, made)), hash_str(step->ticket));
    Instant age = clock_machine() - made;
    return own && age >= 0 && age < TICKET_MS
               ? OK
               : FAIL(call->cx, E_LOGIN, "step-expired", "no ticket, or an old one");
}

static enum status answer_locked(struct call *call, int64_t wait_ms)
{
    struct cx *cx = call->cx;
    retry_after(call, (wait_ms + 999) / 1000);
    cx_arg(cx, "minutes", str_printf(cx->arena, "%" PRId64, (wait_ms + MINUTE_MS - 1) / MINUTE_MS));
    return FAIL(cx, E_RATE, "totp-locked", "too many wrong codes");
}

enum status second_step_check(struct call *call, const struct person *person,
                              struct second_step *step)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    if (!step->holds) {
        return OK;
    }
    if (step->ticket.n == 0) {
        step->ticket = ticket_make(call, person, clock_machine());
    }
    if (step->code.n == 0) {
        return FAIL(cx, E_LOGIN, "totp-needed", "a second factor is in force");
    }
    struct factor_trial trial = {
        .person = person, .code = step->code, .machine_now = clock_machine()};
    TRY(factor_try(cx, house->store, house->keys, &trial));
    if (trial.answer == FACTOR_LOCKED) {
        return answer_locked(call, trial.wait_ms);
    }
    return trial.answer == FACTOR_TAKEN ? OK
                                        : FAIL(cx, E_LOGIN, "totp-failed", "another code, or used");
}

bool second_step_allows(const struct second_step *step, Str post)
{
    for (size_t i = 0; i < step->post_count; i++) {
        if (str_same(step->posts[i], post)) {
            return step->holds;
        }
    }
    return true;
}
