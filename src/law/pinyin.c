#include "law/pinyin.h"

#include <string.h>

/* Planes 0 to 2: all Han characters that names are written with. */
enum { CODE_POINTS = 0x30000, WORD_LETTERS_MAX = 16 };

struct word {
    Str text;
    Str letters;
};

struct pinyin {
    char letter[CODE_POINTS]; /* 0 for unknown */
    bool begins_word[CODE_POINTS];
    const struct word *words;
    size_t word_count;
};

static enum status line_fault(struct cx *cx, size_t line, const char *why)
{
    return FAIL(cx, E_READ, "data-unreadable", "pinyin.tsv:%zu: %s", line, why);
}

static bool letters_are(Str letters)
{
    for (size_t i = 0; i < letters.n; i++) {
        if (letters.p[i] < 'a' || letters.p[i] > 'z') {
            return false;
        }
    }
    return letters.n > 0;
}

static enum status characters_take(struct cx *cx, struct pinyin *pinyin, char letter, Str text,
                                   size_t line)
{
    size_t offset = 0;
    uint32_t code = 0;
    while (utf8_next(text, &offset, &code)) {
        if (code >= CODE_POINTS) {
            return line_fault(cx, line, "a character beyond plane 2");
        }
        pinyin->letter[code] = letter;
    }
    return offset == text.n ? OK : line_fault(cx, line, "bytes that are not UTF-8");
}

static enum status word_take(struct cx *cx, struct pinyin *pinyin, struct word *word, size_t line)
{
    if (!utf8_is_valid(word->text.p, word->text.n) || !letters_are(word->letters) ||
        utf8_count(word->text) != word->letters.n || word->letters.n > WORD_LETTERS_MAX) {
        return line_fault(cx, line, "a word and its letters do not fit");
    }
    size_t offset = 0;
    uint32_t first = 0;
    if (!utf8_next(word->text, &offset, &first) || first >= CODE_POINTS) {
        return line_fault(cx, line, "a character beyond plane 2");
    }
    pinyin->begins_word[first] = true;
    return OK;
}

enum status pinyin_read(struct cx *cx, Str text, const struct pinyin **out)
{
    struct pinyin *pinyin = arena_new(cx->arena, struct pinyin);
    Str *lines = NULL;
    size_t count = str_split(cx->arena, text, '\n', &lines);
    struct word *words = arena_array(cx->arena, struct word, count);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].n == 0) {
            continue;
        }
        Str *cells = NULL;
        if (str_split(cx->arena, lines[i], '\t', &cells) != 2) {
            return line_fault(cx, i + 1, "not two cells with a tab between");
        }
        if (cells[0].n == 1 && letters_are(cells[0])) {
            TRY(characters_take(cx, pinyin, cells[0].p[0], cells[1], i + 1));
            continue;
        }
        struct word *word = &words[pinyin->word_count];
        *word = (struct word){cells[0], cells[1]};
        TRY(word_take(cx, pinyin, word, i + 1));
        pinyin->word_count += 1;
    }
    pinyin->words = words;
    *out = pinyin;
    return OK;
}

/* The longest word that text continues with at offset, or NULL. */
static const struct word *word_at(const struct pinyin *pinyin, Str text, size_t offset)
{
    const struct word *best = NULL;
    for (size_t i = 0; i < pinyin->word_count; i++) {
        const struct word *word = &pinyin->words[i];
        if (word->text.n <= text.n - offset && (best == NULL || word->text.n > best->text.n) &&
            memcmp(word->text.p, text.p + offset, word->text.n) == 0) {
            best = word;
        }
    }
    return best;
}

static char letter_of(const struct pinyin *pinyin, uint32_t code)
{
    if (code >= 'A' && code <= 'Z') {
        return (char)(code + 32);
    }
    if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9')) {
        return (char)code;
    }
    return code < CODE_POINTS ? pinyin->letter[code] : '\0';
}

void pinyin_add(const struct pinyin *pinyin, Str text, struct buf *out)
{
    size_t offset = 0;
    size_t next = 0;
    uint32_t code = 0;
    while (utf8_next(text, &next, &code)) {
        const struct word *word =
            code < CODE_POINTS && pinyin->begins_word[code] ? word_at(pinyin, text, offset) : NULL;
        if (word != NULL) {
            buf_str(out, word->letters);
            next = offset + word->text.n;
        } else if (letter_of(pinyin, code) != '\0') {
            buf_char(out, letter_of(pinyin, code));
        }
        offset = next;
    }
}

Str pinyin_initials(struct arena *arena, const struct pinyin *pinyin, Str text)
{
    char small[256];
    size_t n = 0;
    struct arena_mark mark = arena_mark(arena);
    struct buf buf;
    buf_init(&buf, arena, sizeof small);
    pinyin_add(pinyin, text, &buf);
    n = buf.n;
    if (n > 0) {
        memcpy(small, buf.p, n);
    }
    arena_rewind(arena, mark); /* keep what is needed, not the buffer's room */
    return str_copy(arena, small, n);
}
