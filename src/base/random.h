/* base/random.h - the one random source: the kernel's. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills with bytes fit for keys. Aborts when the kernel gives none. */
void random_bytes(void *out, size_t size);
uint64_t random_number(void);
/* 8 characters of an alphabet without look-alikes, and a NUL. */
void random_incident(char out[9]);
/* A code of `count` characters of the same alphabet and a NUL: out has count + 1 bytes. */
void random_code(char *out, size_t count);

#endif
