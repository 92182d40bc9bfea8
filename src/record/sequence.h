/* record/sequence.h - ids: 16 bits home database, 47 bits from its sequence.
 *
 * A program takes blocks of 1,000 from the row and hands them out; a restart wastes what was left.
 */
#ifndef RECORD_SEQUENCE_H
#define RECORD_SEQUENCE_H

#include "store/store.h"

struct sequence;

enum status sequence_open(struct cx *cx, struct store *store, struct sequence **out);
void sequence_close(struct sequence *sequence);
/* `count` neighbouring ids (at most 1,000), the first in *out. Thread-safe; takes a new block by a
 * write when the old one is used up, so never from inside a closure. */
enum status sequence_take(struct cx *cx, struct sequence *sequence, uint32_t count, Id *out);
enum status sequence_next(struct cx *cx, struct sequence *sequence, Id *out);

#endif
