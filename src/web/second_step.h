/* web/second_step.h - the second step of a log-in, for whoever has a second factor.
 *
 * A program sends "totp" along with login and password. A browser is asked for it on a page of its
 * own, which carries a ticket that the first step was right: good for five minutes, for that person
 * and the password he had, worth nothing without a code. (1) What a right code is, and how often
 * one may be wrong: record/factor.h. (2) Whoever has a second factor is asked for it at every
 * log-in, whichever the first step was.
 */
#ifndef WEB_SECOND_STEP_H
#define WEB_SECOND_STEP_H

#include "web/app.h"

struct second_step {
    Str code;   /* as said; "" when none was */
    Str ticket; /* as said, or made when the first step was right */
    bool holds; /* the person has a second factor */
    Str *posts; /* that want one */
    size_t post_count;
};

/* "totp" and "ticket" of the body. */
struct second_step second_step_said(struct call *call);
/* Fills in what the database knows; said texts stay. */
enum status second_step_read(struct cx *cx, struct sql *sql, Id person, struct second_step *step);
/* E_LOGIN "step-expired" unless the ticket is of this person's first step; person may be NULL. */
enum status second_step_ticket_check(struct call *call, const struct person *person,
                                     const struct second_step *step);
/* OK when none is needed or the code is right. E_LOGIN "totp-needed" or "totp-failed", E_RATE
 * "totp-locked" with Retry-After; then the ticket is there for another try. On the slow queue. */
enum status second_step_check(struct call *call, const struct person *person,
                              struct second_step *step);
/* May somebody with this factor act under the post? */
bool second_step_allows(const struct second_step *step, Str post);

#endif
