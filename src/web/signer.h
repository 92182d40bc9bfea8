/* web/signer.h - one request for a signature as its link shows it, and the step that is taken.
 *
 * (1) Until he has proved who he is (`known`), a view holds nothing of the matter. (2) The proof is
 * a mark that only this server makes, for this link and for SIGNER_PASS_S.
 */
#ifndef WEB_SIGNER_H
#define WEB_SIGNER_H

#include "web/again.h"
#include "web/signing.h"

enum { SIGNER_PASS_S = 30 * 60, SIGNER_TAIL_DIGITS = 4 };

#define SIGNER_PASS_COOKIE "sign"

struct signer {
    struct call *call;
    Str code;
    struct signing *row;
    struct actor asker;
    struct seen seen;
    struct signing_secret secret;
    const struct act *act;
    struct act_form form;
    Str digest;
    enum signing_standing standing;
    bool known; /* he has proved who he is */
    /* a step: */
    Str typed_code; /* compared in the closure; "" for none */
    bool matches;   /* name and number, compared before */
    bool left;
    bool ok;
    const char *how;
    struct signing settled;
    struct script *script;
};

/* The first look of a request: E_RATE, E_NOT_FOUND "signing-unknown". */
enum status signer_begin(struct call *call, struct signer *signer);
/* Once more: what is written is not refused any more. */
enum status signer_look(struct call *call, struct signer *signer);
/* waiting signed fallen refused expired locked withdrawn filed */
const char *signer_state(const struct signer *signer);
bool signer_waits(const struct signer *signer);
/* The proof for the cookie, or for a program's X-Sign-Pass. */
Str signer_pass(const struct signer *signer);
struct value *signer_view(struct signer *signer);
/* After a refusal recorded in cx: the page of the link with what was typed (web/again.h). */
enum status signer_again(struct call *call, struct signer *signer, enum status status);

#endif
