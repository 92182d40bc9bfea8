/* flow/element_injury.h - what an injury comes to, from the answers of an element form; inside
 * flow/ only.
 *
 * A claim that lays in data/forms/rows/injury-counted.yaml and asks for it has the heads computed
 * that it leaves blank (law/injury.h); an amount that somebody typed stands, and is then taken into
 * the sheet only where the law takes it as given.
 */
#ifndef FLOW_ELEMENT_INJURY_H
#define FLOW_ELEMENT_INJURY_H

#include "base/value.h"
#include "law/tables.h"

/* The fields of the claim that are filled; NULL ends. */
extern const char *const ELEMENT_INJURY_FILLED[];

/* Sets "injury" {"filled":{FIELD: fen},"total","parts","notices","missing","working","year",
 * "again"} in out: "again" is the address at which anybody computes it anew. What cannot be
 * computed is told in "notices" alone; nothing is set when it was not asked for. */
void element_injury_set(struct cx *cx, const struct law_tables *tables, const struct value *claim,
                        Date today, struct value *out);

#endif
