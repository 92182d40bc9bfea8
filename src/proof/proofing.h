/* proof/proofing.h - what the checks of the six classes share; only proof/ includes it. */
#ifndef PROOF_PROOFING_H
#define PROOF_PROOFING_H

#include "proof/proof.h"
#include "proof/reading.h"

struct proofing {
    struct arena *arena;
    const struct proof_world *world;
    const struct reading *r;
    struct findings *out;
};

/* A finding of a check; format makes the reason. proposal "" for none. */
void proof_hit(struct proofing *p, const char *check, struct span at, Str proposal,
               const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The place for what is missing: the paragraph it should stand in or behind, never empty when the
 * text is not. */
struct span proof_place(const struct proofing *p, struct span part);
/* 1050元, 12345.60元. */
Str proof_yuan(struct proofing *p, Money fen);
/* 名称 ending in 公司, 委员会, …: no natural person. */
bool name_is_organisation(Str text, struct span name);

void check_parties(struct proofing *p);    /* A */
void check_numbers(struct proofing *p);    /* B01-B07, B11 */
void check_shape(struct proofing *p);      /* B08-B10, B12 */
void check_amounts(struct proofing *p);    /* C01-C03, C06, C09-C11 */
void check_fees(struct proofing *p);       /* C04, C05, C07, C08, C12 */
void check_dates(struct proofing *p);      /* D */
void check_citations(struct proofing *p);  /* E01-E06, E12 */
void check_rights(struct proofing *p);     /* E07-E11 */
void check_decision(struct proofing *p);   /* F01-F05, F12 */
void check_brackets(struct proofing *p);   /* F11: pairs */
void check_wording(struct proofing *p);    /* F06-F11 */
void check_slips(struct proofing *p);      /* F10 */
void check_quotations(struct proofing *p); /* G01 */
void check_kind(struct proofing *p);       /* G02-G09 */

#endif
