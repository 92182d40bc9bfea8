/* seal/key_cache.h - the keys of matters and persons that were unwrapped last; private to keys.c.
 *
 * A reader of a matter unwraps its key at each read, an act does so three times. What is found is
 * found by the whole wrapped text, so that it cannot be another key's, nor one that was replaced or
 * destroyed in the database: whoever has no wrapped text finds nothing.
 * (1) Bounded: KEY_CACHE_SLOTS keys; a new one takes the place of whatever was there.
 * (2) Any number of threads may use it.
 * (3) Only keys whose wrapping was proved are put in.
 */
#ifndef SEAL_KEY_CACHE_H
#define SEAL_KEY_CACHE_H

#include "seal/keys.h"

enum { KEY_CACHE_SLOTS = 1024, KEY_CACHE_TEXT_MAX = 160 };

struct key_cache;

struct key_cache *key_cache_open(void);
/* Wipes the keys. */
void key_cache_close(struct key_cache *cache);
bool key_cache_find(struct key_cache *cache, Str wrapped, SealKey *out);
void key_cache_put(struct key_cache *cache, Str wrapped, const SealKey *key);

#endif
