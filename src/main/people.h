/* main/people.h - accounts made on the command line: the first administrator, and whole staffs.
 *
 * A table of people has a header row and these columns, in any order; the first three must be
 * there: login     2 to 60 letters, digits, Chinese characters, . _ -; what the row is about name
 * as on the papers kind      staff, lawyer, person post      window reviewer judge clerk
 * enforcement leader supervisor mediator administrator sealer admin court     code or full name;
 * empty for admin phone, email, licence, firm identity_type, identity     identity_type may be
 * empty for a resident id A login that stands in several rows gets all their posts; the first of
 * its rows says the rest. (1) All rows are checked before one is written; all are written together.
 * (2) The same table again changes nothing: people are known by login, get a first password only
 * when they are made, and lose no post by not being named.
 */
#ifndef MAIN_PEOPLE_H
#define MAIN_PEOPLE_H

#include <stdio.h>

#include "flow/plan.h"

/* report: {"made":N,"updated":N,"posts":N,"people":[{"login","first_password"}]}, the list only of
 * those who were made. E_INPUT "import-faulty" with argument "why" ("第3行：…") and an entry per
 * faulty row, its field "line 3". */
enum status people_import(struct cx *cx, const struct house *house, Str csv, struct value **report);

/* An account of kind staff with the post admin. E_STATE "login-taken" when the login exists,
 * E_INPUT "fields" when login or password is not fit. */
enum status admin_create(struct cx *cx, const struct house *house, Str login, Str password);
/* Asks twice (without echo on a terminal). At the end of input a password is made up and
 * *made_up set: it is to be told to whoever runs the command. E_INPUT "passwords-differ". */
enum status password_ask(struct cx *cx, FILE *in, FILE *prompt, Str *out, bool *made_up);

#endif
