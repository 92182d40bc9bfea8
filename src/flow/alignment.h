/* flow/alignment.h - the claim, row by row, with what each defendant answers to it (要素对照).
 *
 * Pure functions from the values of a case: nothing is kept but the claim and the answers, so the
 * table is always that of the claim as it now stands. (1) A row is undisputed only when every
 * defendant admits it as it now reads; one who has not answered leaves it open. (2) An answer keeps
 * the digest of what it answered: when the claim is changed, it no longer counts and is asked
 * again. (3) What is neither admitted nor denied is for the hearing: the law takes it as admitted
 * only when the court has explained that and has asked. LAW: civil-evidence-provisions@2019 3, 4, 5
 */
#ifndef FLOW_ALIGNMENT_H
#define FLOW_ALIGNMENT_H

#include "flow/element_form.h"
#include "record/matter.h"

enum { ALIGNMENT_ROWS_MAX = 200, ALIGNMENT_DIGEST_CHARS = 16 };

/* Rows of the claim in these values: list of
 * {"row","part":"claim"|"facts","label","claim","digest", "own"?} and what the paper needs of
 * struct form_reply. By the element form that they ask for, else by requests and paragraphs of the
 * facts. all: also rows at which nothing is claimed, as the official answer prints them. */
struct value *alignment_claim(struct arena *arena, const struct procedure *procedure,
                              const struct law_tables *tables, const struct value *values,
                              bool all);
/* An answer as it is kept: what `said` (list of {"row","stance","reason","evidence"}) says to rows
 * of this claim, with the digest of each; what says nothing is left out. */
struct value *alignment_answered(struct arena *arena, const struct value *claim,
                                 const struct value *said);
/* The answer of a party, of those kept; NULL: none. */
const struct value *alignment_answer_of(const struct value *answers, int64_t party);

/* The party of this number when it is a defendant; else NULL. */
const struct party *alignment_defendant(const struct matter *matter, int64_t n);
/* List of {"party","name"}: those who are to answer. */
struct value *alignment_defendants(struct arena *arena, const struct matter *matter);

/* Whose answer a person can give: his own as a defendant, or that of the defendant whom he acts
 * for; of several the one that is named (0: none is, and then his own goes first). A party that is
 * named and that he neither is nor acts for is nobody's: it never stands for his own. */
struct alignment_side {
    int64_t party; /* 0: nobody's */
    bool agent;
    bool special; /* the agent may admit claims */
};
struct alignment_side alignment_side_of(const struct matter *matter, Id person, int64_t named);

/* {"rows":[{"row","part","label","claim","status","answers":[{"party","name","stance","reason",
 * "evidence","changed","late"}]}],"own":[{"row","label","party","name","text"}],
 * "counts":{"undisputed","disputed","asked","open"}}. parties: list of {"party","name"}, those who
 * are to answer. status: "undisputed"; "disputed": somebody denies it, wholly or partly; "asked":
 * nobody does, but somebody does not know, which the court has to ask about; "open": somebody has
 * not answered. */
struct value *alignment_table(struct arena *arena, const struct value *claim,
                              const struct value *parties, const struct value *answers);

/* What the answer prints: {"title","rows"}, the rows as those of element_form_paper(). */
struct alignment_reply {
    const struct procedure *procedure;
    const struct law_tables *tables;
    const struct matter *matter;
    const struct value *values; /* of the case */
    const struct value *answer; /* as kept: {"opinion","rows"} */
    bool person;                /* the respondent is a natural person */
    const struct value *party;  /* what he says of himself, shaped as an item of `parties` */
    const struct value *agent;  /* NULL: none */
};
struct value *alignment_reply_paper(struct arena *arena, const struct alignment_reply *reply);
/* What an answer points to: "借条.pdf（第3号材料）第2页；…"; "" for nothing. */
Str alignment_evidence(struct arena *arena, const struct matter *matter,
                       const struct value *evidence);

/* 无异议, 有异议, 部分有异议, 不清楚; "" for any other word. */
const char *alignment_stance_title(Str stance);
const char *alignment_status_title(Str status);

#endif
