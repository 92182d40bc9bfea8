/* procedure/enforcement_review.h - what docketing asks of a review within enforcement. */
#ifndef PROCEDURE_ENFORCEMENT_REVIEW_H
#define PROCEDURE_ENFORCEMENT_REVIEW_H

#include "base/value.h"

/* What the court docketed it as, as data/elements/review-limit.yaml calls it: "conduct". */
Str enforcement_review_term(const struct value *filing);
/* The type of its case number: 执异, 执复, 执监. */
const char *enforcement_review_type(const struct value *filing);

#endif
