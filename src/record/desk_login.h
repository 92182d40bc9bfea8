/* record/desk_login.h - a desk is logged in by a phone that already is.
 *
 * The desk shows a QR code and two digits; the phone opens the code, is told which desk asks from
 * where, and confirms by typing the digits. (1) Three secrets: the code (in the QR, may be passed
 * on), the desk's token (a cookie, never shown), the digits (on the desk's screen, not in the
 * code). Whoever has only the code sent to him cannot confirm in ignorance, and whoever sends it
 * gains nothing without the cookie. (2) It waits two minutes, a confirmation another minute; three
 * wrong digits end it. (3) Each step is one statement: it is confirmed once and taken once.
 */
#ifndef RECORD_DESK_LOGIN_H
#define RECORD_DESK_LOGIN_H

#include "record/person.h"

#define DESK_LOGIN_WAIT_MS (2 * MINUTE_MS)
#define DESK_LOGIN_TAKE_MS (MINUTE_MS)

struct desk_login {
    Str number;
    Str agent;
    Str client;
    Instant made;
    Str state; /* waiting, confirmed, refused, used, expired */
    Id person;
    Str post;
    Str court;
};

/* Old rows are swept. code and desk are tokens (seal/password.h). */
void desk_login_write_new(struct script *script, struct arena *arena, Str code, Str desk,
                          const struct desk_login *login);
/* *out NULL when there is none. */
enum status desk_login_find(struct cx *cx, struct sql *sql, Str code, Instant machine_now,
                            struct desk_login **out);
enum status desk_login_of_desk(struct cx *cx, struct sql *sql, Str desk, Instant machine_now,
                               struct desk_login **out);

enum desk_answer { DESK_DONE, DESK_NUMBER_WRONG, DESK_OVER };

/* Inside a closure. by: whoever's phone it is, under his post. */
enum status desk_login_confirm(struct cx *cx, struct sql *sql, Str code, Str number,
                               const struct session *by, Instant machine_now,
                               enum desk_answer *out);
void desk_login_refuse(struct script *script, struct arena *arena, Str code, Instant machine_now);
/* Inside a closure: person, post and court; *taken false when it is not confirmed, or was taken. */
enum status desk_login_take(struct cx *cx, struct sql *sql, Str desk, Instant machine_now,
                            struct desk_login *out, bool *taken);

/* Inside the closure that writes the session: nothing has ended it since it was taken. */
enum status desk_login_stands(struct cx *cx, struct sql *sql, Str desk, bool *stands);

#endif
