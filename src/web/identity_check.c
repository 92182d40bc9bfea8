#include "web/identity_check.h"

#include <inttypes.h>

#include "base/log.h"
#include "link/identity.h"

const char *verification_name(enum verification verification)
{
    static const char *const names[] = {[VERIFY_MATCH] = "match",
                                        [VERIFY_MISMATCH] = "mismatch",
                                        [VERIFY_UNKNOWN] = "unknown",
                                        [VERIFY_SILENT] = "silent",
                                        [VERIFY_WINDOW] = "window"};
    return names[verification];
}

enum status identity_ask(struct call *call, Str name, Str type, Str number, enum verification *out,
                         const char **source)
{
    struct cx *cx = call->cx;
    const struct identity_register *registry = call->app->identity;
    enum identity_answer answer = IDENTITY_UNKNOWN;
    Id id = 0;
    if (registry == NULL && call->app->demo) {
        registry = identity_demo();
    }
    *out = VERIFY_WINDOW;
    *source = "";
    if (registry == NULL || !str_is(type, "resident-id") || number.n == 0) {
        return OK;
    }
    TRY(sequence_next(cx, call->app->house.sequence, &id));
    struct identity_question question = {str_printf(cx->arena, "%" PRId64, id), name, number};
    *source = registry->source;
    if (registry->ask(cx, registry, &question, &answer) != OK) {
        log_failure(cx, "identity");
        cx_forgive(cx);
        *out = VERIFY_SILENT;
        return OK;
    }
    *out = answer == IDENTITY_MATCH      ? VERIFY_MATCH
           : answer == IDENTITY_MISMATCH ? VERIFY_MISMATCH
                                         : VERIFY_UNKNOWN;
    return OK;
}

enum status identity_refuse(struct cx *cx)
{
    (void)cx_error(cx, "identity", "identity-mismatch",
                   "姓名和证件号码对不上，请照着证件核对；确认无误的，请带证件到法院窗口办理");
    cx_arg(cx, "count", STR("1"));
    return FAIL(cx, E_INPUT, "rules", "name and number do not belong together");
}

void person_set_verified(struct person *person, const char *source, Instant at, Id by)
{
    person->verified = str_of(source);
    person->verified_at = at;
    person->verified_by = by;
}
