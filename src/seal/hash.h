/* seal/hash.h - SM3 (GB/T 32905) and HMAC-SM3; hash chains. */
#ifndef SEAL_HASH_H
#define SEAL_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { HASH_BYTES = 32 };

typedef struct {
    unsigned char b[HASH_BYTES];
} Hash;

struct hasher; /* a running SM3 */

Hash hash_of(const void *bytes, size_t size);
Hash hash_str(Str s);
Hash hash_pair(const void *a, size_t a_size, const void *b, size_t b_size); /* of a || b */
struct hasher *hasher_open(void); /* ended by hasher_close(), with or without a result */
void hasher_add(struct hasher *hasher, const void *bytes, size_t size);
Hash hasher_close(struct hasher *hasher);

/* The key is not empty. */
Hash hash_hmac(const void *key, size_t key_size, const void *bytes, size_t size);
Hash hash_hmac_parts(const void *key, size_t key_size, const Str *parts, size_t count);
/* The next link of an event chain: SM3(before || bytes). Genesis is 32 zero bytes. */
Hash hash_link(Hash before, Str bytes);
bool hash_same(Hash a, Hash b); /* in constant time */
bool hash_is_zero(Hash h);
Str hash_hex(struct arena *arena, Hash h);
bool hash_unhex(Str text, Hash *out);

#endif
