/* proof/proof.h - the document checker (文书纠错): findings over the text of a judicial document.
 *
 * Seventy-two checks in six classes, and a class G of nine for kinds of documents, our own design
 * and not official; the law behind each is named where there is one. (1) Pure: no clock, no files,
 * no rows; the same text and facts give the same findings. (2) Facts that the file of the case
 * knows may come along; without them checks that need them are silent. (3) Time grows with the
 * length of the text, not with its square, and no input fails: what cannot be read is not judged.
 */
#ifndef PROOF_PROOF_H
#define PROOF_PROOF_H

#include "law/tables.h"
#include "proof/article.h"
#include "proof/finding.h"
#include "proof/language.h"
#include "proof/statute.h"
#include "proof/word.h"

struct proof_world {
    const struct law_tables *tables;
    const struct statutes *statutes;
    const struct words *words;
    const struct articles *articles; /* NULL: quotations are not compared */
    struct language_shelf *language; /* NULL: slips are known by the list alone */
};

/* facts: NULL, or a map of what the file says:
 * {"document":"judgment|ruling|decision|mediation","procedure":"ordinary|summary|small-claims|
 * second-instance","case_number","cause","court":CODE,"docketed":DATE,"written":DATE,"amount":FEN,
 * "version":"public","copy":"served","parties":[{"name","role","registered"}],
 * "hearings":[DATE]}. today may be DATE_NONE. */
void proof_check(struct arena *arena, const struct proof_world *world, Str text,
                 const struct value *facts, Date today, struct findings *out);

/* The same over a passage that goes into a paper (a reason somebody types): only checks that need
 * no more of the document than the passage, and no hints. */
void proof_passage(struct arena *arena, const struct proof_world *world, Str text,
                   const struct value *facts, Date today, struct findings *out);

/* [{"check","class","title","severity","basis"}], for whoever wants to know what is looked at. */
struct value *proof_checks(struct arena *arena);

#endif
