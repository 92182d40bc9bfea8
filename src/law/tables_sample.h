/* law/tables_sample.h - the real tables of data/tables/, read from disk for tests and measurements.
 */
#ifndef LAW_TABLES_SAMPLE_H
#define LAW_TABLES_SAMPLE_H

#include <stdio.h>

#include "base/test.h"
#include "law/tables.h"

/* "" when there is no such file. Tests run in the root of the project. */
static inline Str sample_text(struct arena *arena, const char *name)
{
    FILE *file = fopen(arena_printf(arena, "data/tables/%s", name), "rb");
    if (file == NULL) {
        return STR("");
    }
    struct buf text;
    buf_init(&text, arena, (size_t)8 << 20);
    char part[4096];
    for (size_t n = 0; (n = fread(part, 1, sizeof part, file)) > 0;) {
        buf_add(&text, part, n);
    }
    (void)fclose(file);
    return buf_done(&text);
}

static inline struct table_texts sample_texts(struct arena *arena)
{
    return (struct table_texts){
        .version = STR("sample"),
        .courts_csv = sample_text(arena, "courts.csv"),
        .divisions_csv = sample_text(arena, "divisions.csv"),
        .causes_csv = sample_text(arena, "causes.csv"),
        .element_forms_csv = sample_text(arena, "element-forms.csv"),
        .holidays_csv = sample_text(arena, "holidays.csv"),
        .hours_csv = sample_text(arena, "hours.csv"),
        .fees_csv = sample_text(arena, "fees.csv"),
        .lpr_csv = sample_text(arena, "lpr.csv"),
        .regional_csv = sample_text(arena, "regional.csv"),
        .compulsory_csv = sample_text(arena, "compulsory-insurance.csv"),
        .pinyin = sample_text(arena, "pinyin.tsv"),
    };
}

/* Built once per program: reading everything takes a moment under a sanitizer. */
static inline const struct law_tables *tables_real(void)
{
    static struct arena *arena = NULL;
    static const struct law_tables *tables = NULL;
    if (tables == NULL) {
        arena = arena_open((size_t)256 << 20);
        struct cx cx;
        cx_init(&cx, arena);
        struct table_texts texts = sample_texts(arena);
        if (law_tables_build(&cx, arena, &texts, &tables) != OK) {
            print_error("%s\n", cx.failure.detail.p);
        }
        assert_non_null(tables);
    }
    return tables;
}

#endif
