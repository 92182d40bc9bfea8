/* main/operate.h - what an operator does beside serving: prove, copy, bring back, rotate. */
#ifndef MAIN_OPERATE_H
#define MAIN_OPERATE_H

#include "main/program.h"

/* Exit codes: 0 well, 1 something does not hold or failed, 2 asked wrongly. */
int operate_admin(struct cx *cx, struct program *program);
int operate_people(struct cx *cx, struct program *program);
int operate_contacts(struct cx *cx, struct program *program);
int operate_verify(struct cx *cx, struct program *program);
int operate_verify_receipt(struct cx *cx, struct program *program);
int operate_verify_paper(struct cx *cx, struct program *program);
/* Ends with 1 when there is an error among the findings. */
int operate_proofread(struct cx *cx, struct program *program);
int operate_backup(struct cx *cx, struct program *program);
int operate_restore(struct cx *cx, struct program *program);
int operate_cert(struct cx *cx, struct program *program);
int operate_keys(struct cx *cx, struct program *program);

/* Says the failure on stderr, without its file and line. */
int operate_complain(const struct cx *cx);

#endif
