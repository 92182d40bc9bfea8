/* flow/signing.h - signing from afar: who could sign an act, what a signature stands under, and
 * whether it still does.
 *
 * A party or agent signs by a link before the act is taken (record/signing.h). (1) What is signed
 * is everything the act will say but promises and signatures themselves: its court, the values of
 * its form in their normal form, the files by their hash. (2) A signature holds while that is the
 * same to the byte: there is no flag that could be wrong, the hash is compared each time. (3) An
 * act waits for those who were asked, and for nobody else.
 */
#ifndef FLOW_SIGNING_H
#define FLOW_SIGNING_H

#include "flow/plan.h"
#include "record/certificate.h"
#include "record/signing.h"

enum signing_standing {
    SIGNING_WAITS,
    SIGNING_HOLDS,
    SIGNING_FELL, /* what he signed has been changed since */
    SIGNING_REFUSED,
    SIGNING_EXPIRED,
    SIGNING_LOCKED, /* too many wrong names or numbers */
};

const char *signing_standing_name(enum signing_standing standing); /* waiting signed fallen … */
enum signing_standing signing_standing_of(const struct signing *signing, Str digest, Instant now);

/* Whether the act asks for a signature at all. */
bool signing_is_of(const struct act *act);
/* (1), in hex. ask->values are in the clear, as they would be filed. */
Str signing_digest(struct cx *cx, const struct ask *ask);

/* Who could be asked, of the parties that take the act and their agents. */
struct signatory {
    Str place; /* parties.0, parties.0.agents.1 */
    Str name;
    Str capacity; /* 原告, 某公司的法定代表人 */
    Str phone;    /* a mobile; "" when none was filled in */
    Str identity; /* number of his papers; "" */
};

uint32_t signing_candidates(struct cx *cx, const struct ask *ask, struct signatory **out);

/* Those asked for in this act of this matter. Reads. */
enum status signing_asked(struct cx *cx, const struct house *house, Id matter, const char *act,
                          struct signing **out, uint32_t *count);
/* What is kept of those that hold: [{"name","capacity","method","png"?,"confirmed","signed","at"}].
 * Reads: never from number_got(). */
enum status signing_kept(struct cx *cx, const struct house *house, const struct matter *matter,
                         const char *act, struct value **out);

/* The certificate of that serial number (the SM2 one), *out NULL when it is not this person's.
 * Reads.
 */
enum status signing_certificate(struct cx *cx, const struct house *house, Id person, Str serial,
                                struct certificate **out);

#endif
