#include "store/token.h"

#include <string.h>
#include <strings.h>

#include "base/check.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

size_t token_end(Str sql, size_t at)
{
    char c = sql.p[at];
    if (c == '\'' || c == '"') {
        const char *close = memchr(sql.p + at + 1, c, sql.n - at - 1);
        return close == NULL ? sql.n : (size_t)(close - sql.p) + 1;
    }
    if (c == '-' && at + 1 < sql.n && sql.p[at + 1] == '-') {
        const char *close = memchr(sql.p + at, '\n', sql.n - at);
        return close == NULL ? sql.n : (size_t)(close - sql.p);
    }
    if (c == '/' && at + 1 < sql.n && sql.p[at + 1] == '*') {
        const char *close = memmem(sql.p + at + 2, sql.n - at - 2, "*/", 2);
        return close == NULL ? sql.n : (size_t)(close - sql.p) + 2;
    }
    size_t end = at + 1;
    while ((is_word(c) || c == '?') && end < sql.n && is_word(sql.p[end])) {
        end++;
    }
    return end;
}

Str token_dollars(struct arena *arena, Str sql, size_t *most)
{
    struct buf out;
    buf_init(&out, arena, sql.n + 16);
    *most = 0;
    for (size_t at = 0; at < sql.n;) {
        size_t end = token_end(sql, at);
        int64_t number = 0;
        if (sql.p[at] == '?') {
            check(str_int((Str){sql.p + at + 1, end - at - 1}, &number)); /* ?1, never ? */
            check(number > 0);
            *most = (size_t)number > *most ? (size_t)number : *most;
            buf_char(&out, '$');
            at++;
        }
        buf_add(&out, sql.p + at, end - at);
        at = end;
    }
    check(!buf_is_over(&out));
    return buf_done(&out);
}

static bool is_same_word(Str token, const char *upper)
{
    return token.n == strlen(upper) && strncasecmp(token.p, upper, token.n) == 0;
}

/* Words replaced by others; "" takes a word away. */
static Str words_replace(struct arena *arena, Str sql, const char *const (*pairs)[2])
{
    struct buf out;
    buf_init(&out, arena, sql.n * 2 + 16);
    for (size_t at = 0; at < sql.n;) {
        size_t end = token_end(sql, at);
        Str token = {sql.p + at, end - at};
        for (size_t i = 0; pairs[i][0] != NULL; i++) {
            token = is_same_word(token, pairs[i][0]) ? str_of(pairs[i][1]) : token;
        }
        buf_str(&out, token);
        at = end;
    }
    check(!buf_is_over(&out));
    return buf_done(&out);
}

Str token_postgres(struct arena *arena, Str sql)
{
    static const char *const pairs[][2] = {
        {"BLOB", "BYTEA"}, {"WITHOUT", ""}, {"ROWID", ""}, {NULL, NULL}};
    return words_replace(arena, sql, pairs);
}

Str token_sqlite(struct arena *arena, Str sql)
{
    static const char *const pairs[][2] = {{"BIGINT", "INTEGER"}, {NULL, NULL}};
    return words_replace(arena, sql, pairs);
}
