/* store/statements.h - the prepared statements of one connection; private to store/.
 *
 * Found by the address of the literal first (one probe), by its text when two literals say the
 * same. The text is always compared, so that an address used again for another text does no harm.
 */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

#include <stdint.h>

enum { STATEMENTS_MAX = 1024, STATEMENT_SLOTS = 4096 };

struct statement {
    char *text;
    uint64_t hash;
    void *prepared; /* the engine's, as the next two: what is declared of the first 64 columns */
    uint64_t declared;
    uint64_t whole_numbers;
};

struct statements {
    struct statement all[STATEMENTS_MAX];
    uint32_t count;
    uint16_t slots[STATEMENT_SLOTS]; /* index + 1 by address; 0 is empty */
};

/* The entry of this text, new (prepared is NULL) when unknown. When the cache is full, all entries
 * are first given to `release`. */
struct statement *statements_get(struct statements *statements, const char *text,
                                 void (*release)(void *prepared));
void statements_clear(struct statements *statements, void (*release)(void *prepared));

#endif
