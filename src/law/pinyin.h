/* law/pinyin.h - the pinyin initials of Chinese names, for finding 朝阳区 by cyq.
 *
 * The readings come from data/tables/pinyin.tsv: "letter TAB characters", then "word TAB letters"
 * for words read otherwise. A table lives in the arena it was read into and never changes.
 */
#ifndef LAW_PINYIN_H
#define LAW_PINYIN_H

#include "base/fail.h"

struct pinyin;

/* Empty text gives a table that knows only ASCII. E_READ "data-unreadable" with the line: no tab, a
 * letter outside a-z, a word and letters of different length. */
enum status pinyin_read(struct cx *cx, Str text, const struct pinyin **out);
/* The longest known word first, then character by character; ASCII letters (lowered) and digits
 * stay, what is unknown is left out. Appends to out. */
void pinyin_add(const struct pinyin *pinyin, Str text, struct buf *out);
Str pinyin_initials(struct arena *arena, const struct pinyin *pinyin, Str text);

#endif
