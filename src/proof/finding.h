/* proof/finding.h - what the checker has to say about a document.
 *
 * A finding names the check (A01 to G09), the place, what stands there, what might stand there
 * instead, why, and the rule behind it. (1) The checker never rewrites: a proposal is a proposal,
 * and "" when it has none. (2) from and to are bytes of the text, at the edges of characters; the
 * position in characters is worked out when a finding is shown. (3) Findings come in the order of
 * the text, and each place is found once per check.
 */
#ifndef PROOF_FINDING_H
#define PROOF_FINDING_H

#include "base/fail.h"

enum severity {
    SEVERITY_ERROR,   /* blocks signing until mended, or overruled with a reason */
    SEVERITY_WARNING, /* to be looked at */
    SEVERITY_HINT,    /* of form */
};

/* A stretch of the text: bytes, to is behind the last. */
struct span {
    size_t from, to;
};

struct finding {
    const char *check; /* "C04" */
    const char *title; /* of the check */
    enum severity severity;
    struct span at;
    Str proposal; /* (1) */
    Str reason;   /* one sentence */
    const char *basis;
};

struct findings {
    struct arena *arena;
    struct finding *items;
    uint32_t count, room;
};

enum { FINDINGS_MAX = 2000 }; /* past that a document is not read, it is written anew */

void findings_init(struct findings *findings, struct arena *arena);
/* (3): a second one of the same check at the same place is dropped, as is what is past
 * FINDINGS_MAX. */
void findings_add(struct findings *findings, const struct finding *finding);
void findings_sort(struct findings *findings);

/* Whether the proposal may simply be put in the place of what was found: of wording, not of sums
 * and names. */
bool finding_is_mendable(const struct finding *finding);
/* The text with the proposals of the chosen ones that are mendable put in; of two that overlap, the
 * first. chosen: by index. mended: how many. */
Str findings_mend(struct arena *arena, const struct findings *findings, Str text,
                  const bool *chosen, uint32_t *mended);

const char *severity_name(enum severity severity); /* error warning hint */

/* {"errors":N,"warnings":N,"hints":N,"findings":[{"check","class","title","severity","paragraph",
 * "from","to","found","proposal","mendable","reason","basis"}]}: paragraph from 1, from and to in
 * characters of the paragraph. */
struct value *findings_value(struct arena *arena, const struct findings *findings, Str text);

#endif
