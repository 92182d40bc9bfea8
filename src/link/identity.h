/* link/identity.h - the register of residents: does this name belong to this number?
 *
 * (1) A question has an id of ours; asked twice it is answered once and counted once. (2) Name and
 * number are personal data: handed over, never logged. (3) The register knows resident ids only;
 * whoever has other papers is verified at a window. (4) What an answer is worth is said by
 * `source`, which is kept with the person: "registry", or "demo" when nobody was asked.
 */
#ifndef LINK_IDENTITY_H
#define LINK_IDENTITY_H

#include "base/fail.h"

enum identity_answer {
    IDENTITY_MATCH,
    IDENTITY_MISMATCH, /* the number is somebody else's */
    IDENTITY_UNKNOWN,  /* no such number */
};

struct identity_question {
    Str id;
    Str name;
    Str number; /* a resident id, in normal form, its check digit right */
};

struct identity_register {
    const char *source;
    /* E_BUSY "registry-silent" when there was no answer in time: come again. */
    enum status (*ask)(struct cx *cx, const struct identity_register *registry,
                       const struct identity_question *question, enum identity_answer *out);
    void *own;
};

/* POST URL/v1/verify {"request_id","name","type":"resident-id","number"}, answered 200
 * {"request_id","result":"match|mismatch|unknown"}. Waits at most 5 s: for the slow queue. Lives
 * in arena. E_INPUT "usage" when url is no http address. */
enum status identity_http(struct cx *cx, struct arena *arena, Str url,
                          const struct identity_register **out);
/* For a demo without a register: every pair matches, under the source "demo". */
const struct identity_register *identity_demo(void);

#endif
