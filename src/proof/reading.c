#include "proof/reading.h"

#include <string.h>

#include "base/check.h"

void reading_make(struct arena *arena, const struct law_tables *tables,
                  const struct statutes *statutes, Str text, const struct value *facts, Date today,
                  struct reading *out)
{
    *out = (struct reading){.arena = arena,
                            .text = text,
                            .tables = tables,
                            .facts = facts,
                            .today = today,
                            .whole = span_of(0, text.n),
                            .written = DATE_NONE};
    reading_tokens(out, statutes);
    reading_sections(out);
    Date said = reading_fact_date(out, "written");
    out->written = said != DATE_NONE ? said : out->written;
}

Str reading_fact(const struct reading *r, const char *path)
{
    return value_as_str(value_at(r->facts, path));
}

Date reading_fact_date(const struct reading *r, const char *path)
{
    Date date = DATE_NONE;
    return date_parse(reading_fact(r, path), &date) ? date : DATE_NONE;
}

struct span reading_paragraph(const struct reading *r, size_t at)
{
    uint32_t from = 0;
    uint32_t to = r->paragraph_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (r->paragraphs[middle].to <= at) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < r->paragraph_count ? r->paragraphs[from] : span_of(at, at);
}

const struct written_amount *reading_amount(const struct reading *r, struct span in)
{
    for (uint32_t i = 0; i < r->amount_count; i++) {
        if (r->amounts[i].at.from >= in.from) {
            return r->amounts[i].at.to <= in.to ? &r->amounts[i] : NULL;
        }
    }
    return NULL;
}

const struct written_date *reading_date(const struct reading *r, struct span in)
{
    for (uint32_t i = 0; i < r->date_count; i++) {
        if (r->dates[i].at.from >= in.from) {
            return r->dates[i].at.to <= in.to ? &r->dates[i] : NULL;
        }
    }
    return NULL;
}

const struct written_date *reading_date_of(const struct reading *r, const char *word)
{
    struct span rest = r->whole;
    for (size_t at = 0; (at = scan_find(r->text, rest, word)) != SCAN_NONE;) {
        struct span sentence = scan_sentence(r->text, r->whole, at);
        const struct written_date *near = NULL;
        for (uint32_t i = 0; i < r->date_count; i++) {
            const struct written_date *d = &r->dates[i];
            if (d->at.from >= sentence.from && d->at.to <= at && d->exact) {
                near = d;
            }
        }
        if (near != NULL) {
            return near;
        }
        rest.from = at + strlen(word);
    }
    return NULL;
}
