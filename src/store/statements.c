#include "store/statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"

static uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *p = text; *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    }
    return hash;
}

static struct statement *find_by_text(struct statements *statements, const char *text,
                                      uint64_t hash)
{
    for (uint32_t i = 0; i < statements->count; i++) {
        struct statement *each = &statements->all[i];
        if (each->hash == hash && strcmp(each->text, text) == 0) {
            return each;
        }
    }
    return NULL;
}

struct statement *statements_get(struct statements *statements, const char *text,
                                 void (*release)(void *prepared))
{
    uint16_t *slot = &statements->slots[((uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15)) >> 52];
    _Static_assert(STATEMENT_SLOTS == 1 << 12, "the upper 12 bits choose a slot");
    if (*slot != 0 && strcmp(statements->all[*slot - 1].text, text) == 0) {
        return &statements->all[*slot - 1];
    }
    uint64_t hash = text_hash(text);
    struct statement *found = find_by_text(statements, text, hash);
    if (found == NULL) {
        if (statements->count == STATEMENTS_MAX) {
            statements_clear(statements, release);
        }
        found = &statements->all[statements->count++];
        *found = (struct statement){.text = strdup(text), .hash = hash};
        check(found->text != NULL);
    }
    *slot = (uint16_t)(found - statements->all + 1);
    return found;
}

void statements_clear(struct statements *statements, void (*release)(void *prepared))
{
    for (uint32_t i = 0; i < statements->count; i++) {
        if (statements->all[i].prepared != NULL) {
            release(statements->all[i].prepared);
        }
        free(statements->all[i].text);
    }
    memset(statements, 0, sizeof *statements);
}
