/* flow/by_hand.h - signatures by hand of whoever stands at a window: drawn on the page, or written
 * or pressed as a fingerprint on paper that was photographed and handed in as a material.
 *
 * (1) A photograph is a whole PNG or JPEG of at most SIGNATURE_PHOTO_BYTES_MAX, kept as the bytes
 * it is. (2) It stands for what is signed now: one handed in before the last signature of the
 * matter is not taken again. LAW: online-litigation-rules@2021 7
 */
#ifndef FLOW_BY_HAND_H
#define FLOW_BY_HAND_H

#include "record/matter.h"

#define SIGNATURE_PHOTO "signature-photo" /* the kind of material */

enum { SIGNATURE_PHOTO_BYTES_MAX = 20 * 1024 * 1024 };

/* Does it stand for a signature of an act that is taken in m as it is now? */
bool by_hand_is_photo(const struct matter *m, const struct material *material);
/* The one that {"method":"photo","material"} names; NULL when there is none that counts. */
const struct material *by_hand_photo(const struct matter *m, const struct value *signature);
/* Drawn, or a photograph that counts? */
bool by_hand_is_signed(const struct matter *m, const struct value *signature);

#endif
