/* Fuzzes what people type: case numbers, identifiers, amounts, capitals, periods. The first byte
 * chooses the reader; whatever is accepted must survive being read again. */
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "base/money.h"
#include "law/case_number.h"
#include "law/identifier.h"
#include "law/period.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_case_number(struct arena *arena, Str text)
{
    static const struct law_tables TABLES = {.version = {"", 0}};
    struct case_number number;
    if (case_number_parse(arena, text, &number)) {
        struct case_number again;
        check(case_number_parse(arena, number.normal, &again));
        check(str_same(number.normal, again.normal) && number.serial == again.serial);
    }
    (void)case_number_value(arena, &TABLES, 20000, text);
}

static void fuzz_identifier(struct arena *arena, enum identifier_kind kind, Str text)
{
    struct identifier id;
    bool ok = identifier_read(arena, kind, text, 20000, &id);
    (void)identifier_value(arena, &id, 20000);
    (void)identifier_mask(arena, kind, text);
    if (ok) {
        struct identifier again;
        check(identifier_read(arena, kind, id.normal, 20000, &again));
        check(str_same(id.normal, again.normal));
    }
}

static void fuzz_money(struct arena *arena, Str text)
{
    Money fen = 0;
    Money again = 0;
    if (money_parse(arena, text, &fen)) {
        check(money_parse(arena, money_format(arena, fen), &again) && again == fen);
    }
    if (money_read_capitals(arena, text, &fen) != CAPITALS_UNREADABLE) {
        check(money_read_capitals(arena, money_capitals(arena, fen), &again) == CAPITALS_GOOD);
        check(again == fen);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096 || !utf8_is_valid((const char *)data + 1, size - 1)) {
        return 0;
    }
    struct arena *arena = arena_open((size_t)16 << 20);
    Str text = str_copy(arena, (const char *)data + 1, size - 1);
    struct period_rule rule = {.unit = PERIOD_DAYS};
    switch (data[0] % 4) {
    case 0: fuzz_case_number(arena, text); break;
    case 1: fuzz_money(arena, text); break;
    case 2: (void)period_parse(text, &rule); break;
    default: fuzz_identifier(arena, (enum identifier_kind)(data[0] / 4 % 16), text); break;
    }
    arena_close(arena);
    return 0;
}
