/* tools/tidy.c - the rules of the house that no other analyser knows.
 *
 *   tidy ALLOW FILE...
 *
 * Says every fault as "file:line: what" and ends with 1 when there was one. ALLOW lists what one
 * file may do that others may not, a line each: "FILE WORD reason".
 *
 * HOW IT WORKS. A C file is copied with comments and the insides of literals blanked out, line by
 * line in place, so that words are looked for in code only. Functions are found by the house
 * format: a brace alone in the first column opens one, the next in the first column closes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

enum {
    FUNCTION_LINES_MAX = 70,
    FILE_LINES_MAX = 1000,
    LINE_COLUMNS_MAX = 100,
    FILE_BYTES = 8 << 20
};

struct source {
    const char *path;
    Str text;
    char *code; /* of C: text without comments and literals */
    bool c;
    bool test;
};

static struct arena *arena;
static Str allowed;
static int faults;

static void complain(const struct source *s, size_t line, const char *what, const char *which)
{
    (void)printf("%s:%zu: %s%s\n", s->path, line, what, which);
    faults++;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Is there a line "PATH WORD reason"? */
static bool is_allowed(const char *path, const char *word)
{
    const char *entry = arena_printf(arena, "\n%s %s ", path, word);
    return strstr(allowed.p, entry) != NULL;
}

/* --- blanking --- */

static size_t literal_end(Str text, size_t at)
{
    char quote = text.p[at++];
    while (at < text.n && text.p[at] != quote && text.p[at] != '\n') {
        at += text.p[at] == '\\' ? 2 : 1;
    }
    return at < text.n ? at : text.n - 1;
}

static void blank(char *code, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        code[i] = code[i] == '\n' ? '\n' : ' ';
    }
}

static size_t line_of(Str text, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++) {
        line += text.p[i] == '\n';
    }
    return line;
}

static void code_make(struct source *s)
{
    s->code = arena_copy(arena, s->text.p, s->text.n + 1);
    for (size_t i = 0; i < s->text.n; i++) {
        size_t end = i;
        if (strncmp(s->text.p + i, "/*", 2) == 0) {
            const char *close = strstr(s->text.p + i + 2, "*/");
            end = close == NULL ? s->text.n : (size_t)(close - s->text.p) + 2;
            blank(s->code, i, end);
        } else if (strncmp(s->text.p + i, "//", 2) == 0) {
            complain(s, line_of(s->text, i), "a // comment", "");
            end = i + strcspn(s->text.p + i, "\n");
            blank(s->code, i, end);
        } else if (s->text.p[i] == '"' || s->text.p[i] == '\'') {
            end = literal_end(s->text, i);
            blank(s->code, i + 1, end);
            end += 1;
        }
        i = end > i ? end - 1 : i;
    }
}

/* --- words --- */

static bool is_one_of(const char *word, const char *list)
{
    const char *found = strstr(list, arena_printf(arena, " %s ", word));
    return found != NULL;
}

static void word_check(const struct source *s, size_t line, const char *word, bool called)
{
    static const char never[] =
        " strcpy strcat sprintf vsprintf strncpy strncat strtok gets gmtime localtime asctime "
        "ctime rand srand random alloca setjmp longjmp ";
    static const char in_tests[] = " atoi atol system popen malloc calloc realloc free strdup "
                                   "strndup time setenv ";
    bool banned = called && (is_one_of(word, never) || (!s->test && is_one_of(word, in_tests)));
    if ((banned || text_is(word, "goto")) && !is_allowed(s->path, word)) {
        complain(s, line, "banned here (tools/tidy.c, tools/tidy.allow): ", word);
    }
}

static void words_check(const struct source *s)
{
    size_t line = 1;
    for (size_t i = 0; i < s->text.n; i++) {
        line += s->code[i] == '\n';
        bool inside = i > 0 && (is_word(s->code[i - 1]) || s->code[i - 1] == '.' ||
                                (i > 1 && strncmp(s->code + i - 2, "->", 2) == 0));
        if (!is_word(s->code[i]) || inside) {
            continue;
        }
        size_t end = i;
        while (is_word(s->code[end])) {
            end++;
        }
        if (end - i < 16) {
            word_check(s, line, str_copy(arena, s->code + i, end - i).p, s->code[end] == '(');
        }
        i = end - 1;
    }
}

/* --- lines --- */

static void line_check(const struct source *s, size_t number, Str line)
{
    static const char *const marks[] = {"TODO", "FIXME"};
    if (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t')) {
        complain(s, number, "space at the end of the line", "");
    }
    if (line.n > 0 && line.p[line.n - 1] == '\r') {
        complain(s, number, "a line ends in CR", "");
    }
    for (size_t i = 0; i < 2; i++) {
        if (str_has(line, marks[i]) && !is_allowed(s->path, marks[i])) {
            complain(s, number, "left for later: ", marks[i]);
        }
    }
    if (s->c && utf8_count(line) > LINE_COLUMNS_MAX) {
        complain(s, number, "longer than 100 columns", "");
    }
}

static size_t lines_check(const struct source *s)
{
    Str *lines = NULL;
    size_t count = str_split(arena, s->text, '\n', &lines);
    size_t open = 0;
    for (size_t i = 0; i < count; i++) {
        line_check(s, i + 1, lines[i]);
        if (s->c && str_is(lines[i], "{")) {
            open = i + 1;
        } else if (s->c && open > 0 && str_starts(lines[i], "}")) {
            if (i - open > FUNCTION_LINES_MAX) {
                complain(s, open, "a function longer than 70 lines", "");
            }
            open = 0;
        }
    }
    return count;
}

static void name_check(const struct source *s)
{
    static const char *const vague[] = {"util", "common", "misc", "helpers", "stuff"};
    const char *slash = strrchr(s->path, '/');
    const char *name = slash == NULL ? s->path : slash + 1;
    for (size_t i = 0; i < sizeof vague / sizeof vague[0]; i++) {
        if (strstr(name, vague[i]) != NULL) {
            complain(s, 1, "a name that says nothing: ", vague[i]);
        }
    }
}

static bool text_load(const char *path, Str *out)
{
    static char bytes[FILE_BYTES];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    size_t n = fread(bytes, 1, sizeof bytes, file);
    bool whole = n < sizeof bytes && ferror(file) == 0;
    (void)fclose(file);
    *out = str_copy(arena, bytes, n);
    return whole;
}

static void source_check(const char *path)
{
    Str name = str_of(path);
    struct source s = {.path = path,
                       .c = str_ends(name, ".c") || str_ends(name, ".h"),
                       .test = str_has(name, "_test.c") || str_has(name, "/test_") ||
                               str_has(name, "_trial.h") || str_starts(name, "test/")};
    if (!text_load(path, &s.text)) {
        complain(&s, 0, "cannot be read", "");
        return;
    }
    name_check(&s);
    if (!utf8_is_valid(s.text.p, s.text.n)) {
        complain(&s, 1, "not UTF-8", "");
        return;
    }
    size_t lines = lines_check(&s);
    if (s.text.n > 0 && s.text.p[s.text.n - 1] != '\n') {
        complain(&s, lines, "no newline at the end of the file", "");
    }
    if (s.c && lines > FILE_LINES_MAX) {
        complain(&s, lines, "a file longer than 1000 lines", "");
    }
    if (s.c) {
        code_make(&s);
        words_check(&s);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr, "usage: tidy ALLOW FILE...\n");
        return 2;
    }
    arena = arena_open((size_t)64 << 20);
    if (!text_load(argv[1], &allowed)) {
        (void)fprintf(stderr, "tidy: cannot read %s\n", argv[1]);
        return 2;
    }
    allowed = str_printf(arena, "\n%s", allowed.p);
    for (int i = 2; i < argc; i++) {
        struct arena_mark mark = arena_mark(arena);
        source_check(argv[i]);
        arena_rewind(arena, mark);
    }
    arena_close(arena);
    if (faults == 0) {
        (void)printf("tidy: %d files in order\n", argc - 2);
    }
    return faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
