/* proof/article.h - what articles of laws say, word by word (data/tables/articles.tsv).
 *
 * Built once; the texts stay where they were read from. An article of several paragraphs is one
 * text, "\n" (two characters) between them; of an article with subs (第一百二十条之一) only the
 * first is known.
 */
#ifndef PROOF_ARTICLE_H
#define PROOF_ARTICLE_H

#include "base/fail.h"

struct articles;

/* "law TAB article TAB sub TAB text" lines below a header. E_READ "data-unreadable". */
enum status articles_build(struct cx *cx, struct arena *arena, Str articles_tsv,
                           const struct articles **out);
/* law: the short name of a statute. "" when its text is not known. */
Str article_text(const struct articles *articles, Str law, int64_t number);

#endif
