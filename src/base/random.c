#include "base/random.h"

#include <sys/random.h>

#include "base/check.h"

/* 32 characters, so that five bits choose one without bias; no 0 O 1 I. */
static const char ALPHABET[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
_Static_assert(sizeof ALPHABET == 33, "five bits choose a character");

void random_bytes(void *out, size_t size)
{
    unsigned char *p = out;
    while (size > 0) {
        size_t part = size < 256 ? size : 256;
        check(getrandom(p, part, 0) == (ssize_t)part);
        p += part;
        size -= part;
    }
}

uint64_t random_number(void)
{
    uint64_t number = 0;
    random_bytes(&number, sizeof number);
    return number;
}

void random_code(char *out, size_t count)
{
    random_bytes(out,
                 count); /* at once: a call of the system for each character is a lot for a page */
    for (size_t i = 0; i < count; i++) {
        out[i] = ALPHABET[out[i] & 31];
    }
    out[count] = '\0';
}

void random_incident(char out[9])
{
    random_code(out, 8);
}
