/* web/part.h - one question a screen, for whoever chose large type: a group of a draft is asked for
 * field by field, with a way on and a way back, and without a script.
 *
 * (1) What stands on a screen is all that its form says: the rest of the group stays as it is. (2)
 * A field that the answers so far leave out has no screen. (3) Links that lead to a field
 * (?check=1) show the whole group.
 */
#ifndef WEB_PART_H
#define WEB_PART_H

#include "web/app.h"

struct part {
    bool on;
    uint32_t at;     /* index among the group's fields */
    uint32_t number; /* among those shown, from 1 */
    uint32_t total;
    int64_t before, behind; /* the neighbours that are shown; -1: none */
};

/* values: of the whole form. off unless large type was chosen and the group asks for several. */
struct part part_of(struct call *call, const struct field *group, const struct value *values);
/* "claim.amount" of the part's field; the group's name when off. */
const char *part_path(struct arena *arena, const struct field *group, const struct part *part);
/* Lays the part over the group's view: its one field, "part" {at, number, total, before_href}. */
void part_show(struct call *call, const struct part *part, struct value *group, struct value *view);

#endif
