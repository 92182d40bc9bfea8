/* flow/view.h - a matter as the API and the pages show it (the shapes of the public contract). */
#ifndef FLOW_VIEW_H
#define FLOW_VIEW_H

#include "flow/act.h"
#include "record/listing.h"

/* The whole matter for this actor: values masked unless he owns it, parties, materials, papers,
 * clocks, links, `acts` he may take now with form and materials computed for the values saved so
 * far. with_errors: what is still missing or wrong towards the act that the values go to. */
struct value *matter_view(struct cx *cx, const struct house *house, const struct seen *seen,
                          const struct actor *actor, bool with_errors);
/* Links are shown to whom the other matter is: to all others it does not exist, and neither does
 * the link. matter_view() gives those that are shown, in their order. */
bool link_is_shown(struct cx *cx, const struct house *house, const struct link_row *link,
                   const struct actor *actor);
struct value *court_ref(struct arena *arena, const struct law_tables *tables, Str code);
struct value *material_view(struct cx *cx, const struct procedure *procedure,
                            const struct material *m, bool staff, Id viewer);
/* What acts by itself in it, said to this person; "" when nothing is known to. */
Str material_warning(struct arena *arena, const struct material *m, Id viewer);
struct value *listing_view(struct cx *cx, const struct house *house, const struct listing *listing);

/* One event from its body, of which maps and lists down to EVENT_DEPTH are looked at; masked actor
 * ids. */
enum { EVENT_DEPTH = 2 };

struct value *event_view(struct cx *cx, const struct house *house,
                         const struct procedure *procedure, const struct value *body, Hash hash);
/* {"began","complete"} of an event that came over the wire, as RFC 3339. */
struct value *arrival_view(struct arena *arena, const struct value *arrival);
/* The ladder of a hand-over: [{"rung","title","at","negative"}]; the matter has a row of one. */
struct value *ladder_view(struct arena *arena, const struct seen *seen);
/* GET /courts/{code}: with parent, division and hours at this instant. */
struct value *court_view(struct cx *cx, const struct law_tables *tables, const struct court *court,
                         Instant now);

#endif
