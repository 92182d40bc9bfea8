/* When what people send is received: the moment at which all of it had entered the program, not the
 * one at which the program was done with it. LAW: electronic-signature-law@2019 11; civil-code@2020
 * 137, 203 */
#include "base/clock.h"
#include "flow/act.h"

Instant arrival_moment(Instant arrived, const struct matter *m)
{
    Instant now = clock_now();
    Instant at = arrived == 0 || arrived > now ? now : arrived;
    return at < m->updated ? m->updated : at;
}

void arrival_say(struct cx *cx, struct change *change, Instant began, Instant arrived)
{
    struct value *arrival = value_map(cx->arena);
    value_set_int(cx->arena, arrival, "began", began);
    value_set_int(cx->arena, arrival, "complete", arrived);
    change->extra = value_merge(cx->arena, change->extra, NULL);
    value_set(cx->arena, change->extra, "arrival", arrival);
}
