#include "render/paper_subset.h"

#include <cairo-ft.h>
#include <hb-ot.h>
#include <hb-subset.h>

#include "base/check.h"

struct subset {
    struct subset *next;
    hb_face_t *whole;
    hb_set_t *glyphs;
    hb_map_t *numbers;       /* from glyphs of the whole to ours; NULL when it could not be cut */
    cairo_font_face_t *face; /* of ours */
};

struct subset_fonts {
    struct arena *arena;
    struct subset *first;
};

struct subset_fonts *subset_fonts_open(struct arena *arena)
{
    struct subset_fonts *fonts = arena_new(arena, struct subset_fonts);
    fonts->arena = arena;
    return fonts;
}

void subset_fonts_close(struct subset_fonts *fonts)
{
    for (struct subset *s = fonts->first; s != NULL; s = s->next) {
        hb_face_destroy(s->whole);
        hb_set_destroy(s->glyphs);
        hb_map_destroy(s->numbers);
        if (s->face != NULL) {
            cairo_font_face_destroy(s->face);
        }
    }
    fonts->first = NULL;
}

static hb_face_t *face_of(const PangoGlyphItem *run)
{
    hb_font_t *font = pango_font_get_hb_font(run->item->analysis.font);
    return font == NULL ? NULL : hb_font_get_face(font);
}

static struct subset *subset_of(const struct subset_fonts *fonts, const hb_face_t *whole)
{
    for (struct subset *s = fonts->first; s != NULL; s = s->next) {
        if (s->whole == whole) {
            return s;
        }
    }
    return NULL;
}

void subset_fonts_add(struct subset_fonts *fonts, PangoLayoutLine *line)
{
    for (const GSList *at = line->runs; at != NULL; at = at->next) {
        const PangoGlyphItem *run = at->data;
        hb_face_t *whole = face_of(run);
        struct subset *subset = subset_of(fonts, whole);
        if (whole == NULL) {
            continue;
        }
        if (subset == NULL) {
            subset = arena_new(fonts->arena, struct subset);
            subset->whole = hb_face_reference(whole);
            subset->glyphs = hb_set_create();
            subset->next = fonts->first;
            fonts->first = subset;
        }
        for (int i = 0; i < run->glyphs->num_glyphs; i++) {
            PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
            if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) == 0) {
                hb_set_add(subset->glyphs, glyph);
            }
        }
    }
}

/* --- cutting --- */

/* What printing needs of a font: outlines, widths and names. */
static hb_blob_t *wanted_table(hb_face_t *lean, hb_tag_t tag, void *whole)
{
    static const hb_tag_t wanted[] = {HB_TAG('C', 'F', 'F', ' '), HB_TAG('g', 'l', 'y', 'f'),
                                      HB_TAG('l', 'o', 'c', 'a'), HB_TAG('h', 'e', 'a', 'd'),
                                      HB_TAG('h', 'h', 'e', 'a'), HB_TAG('h', 'm', 't', 'x'),
                                      HB_TAG('m', 'a', 'x', 'p'), HB_TAG('n', 'a', 'm', 'e'),
                                      HB_TAG('O', 'S', '/', '2'), HB_TAG('p', 'o', 's', 't')};
    (void)lean;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (tag == wanted[i]) {
            return hb_face_reference_table(whole, tag);
        }
    }
    return hb_blob_get_empty();
}

static void forget_lean(void *lean)
{
    hb_face_destroy(lean);
}

/* The same font without what takes time to plan for (characters, layout): kept with the whole, so
 * that the next paper finds it read already. */
static hb_face_t *lean_face(hb_face_t *whole)
{
    static hb_user_data_key_t key;
    hb_face_t *lean = hb_face_get_user_data(whole, &key);
    if (lean == NULL) {
        lean = hb_face_create_for_tables(wanted_table, whole, NULL);
        check(hb_face_set_user_data(whole, &key, lean, forget_lean, 1));
    }
    return lean;
}

static hb_subset_input_t *wish_of(const struct subset *subset)
{
    hb_subset_input_t *wish = hb_subset_input_create_or_fail();
    check(wish != NULL);
    hb_set_union(hb_subset_input_glyph_set(wish), subset->glyphs);
    hb_subset_input_set_flags(wish, HB_SUBSET_FLAGS_DESUBROUTINIZE | HB_SUBSET_FLAGS_NO_HINTING);
    return wish;
}

/* A cairo font keeps its FreeType face, and that its bytes, until cairo has forgotten it: caches
 * live longer than papers. */
struct kept {
    FT_Face face;
    hb_blob_t *bytes;
};

static void forget_kept(void *arg)
{
    struct kept *kept = arg;
    FT_Done_Face(kept->face);
    hb_blob_destroy(kept->bytes);
    g_free(kept);
}

static FT_Library library(void)
{
    static FT_Library one; /* helpers have one thread */
    if (one == NULL && FT_Init_FreeType(&one) != 0) {
        one = NULL;
    }
    return one;
}

/* NULL when FreeType cannot read it. Takes over bytes. */
static cairo_font_face_t *face_from(hb_blob_t *bytes)
{
    static const cairo_user_data_key_t key;
    unsigned size = 0;
    const char *data = hb_blob_get_data(bytes, &size);
    FT_Face face = NULL;
    if (library() == NULL ||
        FT_New_Memory_Face(library(), (const FT_Byte *)data, (FT_Long)size, 0, &face) != 0) {
        hb_blob_destroy(bytes);
        return NULL;
    }
    struct kept *kept = g_new(struct kept, 1);
    *kept = (struct kept){face, bytes};
    cairo_font_face_t *made = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
    if (cairo_font_face_set_user_data(made, &key, kept, forget_kept) != CAIRO_STATUS_SUCCESS) {
        cairo_font_face_destroy(made);
        forget_kept(kept);
        return NULL;
    }
    return made;
}

static void cut(struct subset *subset)
{
    hb_subset_input_t *wish = wish_of(subset);
    hb_subset_plan_t *plan = hb_subset_plan_create_or_fail(lean_face(subset->whole), wish);
    hb_face_t *cut = plan == NULL ? NULL : hb_subset_plan_execute_or_fail(plan);
    if (cut != NULL) {
        subset->face = face_from(hb_face_reference_blob(cut));
        if (subset->face != NULL) {
            subset->numbers = hb_map_copy(hb_subset_plan_old_to_new_glyph_mapping(plan));
        }
    }
    hb_face_destroy(cut);
    hb_subset_plan_destroy(plan);
    hb_subset_input_destroy(wish);
}

/* --- what most papers are made of, cut once --- */

/* Cutting, and reading outlines for each size anew, is a third of a paper. A helper that has
 * printed a few cuts the usual characters of a face for all that follow; cairo then takes out of
 * that what a paper uses, so that its bytes are the same either way. */
struct common {
    hb_set_t *glyphs;
    hb_map_t *numbers;
    cairo_font_face_t *face; /* NULL: it could not be cut */
};

enum { PAPERS_BEFORE_COMMON = 2 };

static unsigned papers_made; /* helpers have one thread */

static void forget_common(void *arg)
{
    struct common *common = arg;
    hb_set_destroy(common->glyphs);
    hb_map_destroy(common->numbers);
    if (common->face != NULL) {
        cairo_font_face_destroy(common->face);
    }
    g_free(common);
}

static void add_line(hb_font_t *font, const char *line, hb_set_t *glyphs)
{
    uint32_t c = 0;
    for (size_t at = 0; utf8_next(str_of(line), &at, &c);) {
        hb_codepoint_t glyph = 0;
        if (hb_font_get_nominal_glyph(font, c, &glyph)) {
            hb_set_add(glyphs, glyph);
        }
    }
}

/* What setting a line makes of digits, letters and points: a digit among letters has another
 * shape. */
static void add_shapes(hb_face_t *whole, hb_set_t *glyphs)
{
    static const hb_tag_t features[] = {HB_TAG('l', 'o', 'c', 'l'),
                                        HB_TAG('c', 'c', 'm', 'p'),
                                        HB_TAG('l', 'i', 'g', 'a'),
                                        HB_TAG('c', 'l', 'i', 'g'),
                                        HB_TAG('c', 'a', 'l', 't'),
                                        HB_TAG('r', 'l', 'i', 'g'),
                                        HB_TAG_NONE};
    hb_set_t *lookups = hb_set_create();
    hb_ot_layout_collect_lookups(whole, HB_OT_TAG_GSUB, NULL, NULL, features, lookups);
    hb_ot_layout_lookups_substitute_closure(whole, lookups, glyphs);
    hb_set_destroy(lookups);
}

/* The first line of the text is letters and digits, the second points. */
static hb_set_t *common_glyphs(hb_face_t *whole)
{
    hb_set_t *glyphs = hb_set_create();
    hb_font_t *font = hb_font_create(whole);
    for (size_t i = 0; subset_common_text[i] != NULL; i++) {
        add_line(font, subset_common_text[i], glyphs);
        if (i == 1) {
            add_shapes(whole, glyphs);
        }
    }
    hb_font_destroy(font);
    return glyphs;
}

static const struct common *common_of(hb_face_t *whole)
{
    static hb_user_data_key_t key;
    struct common *common = hb_face_get_user_data(whole, &key);
    if (common == NULL && papers_made >= PAPERS_BEFORE_COMMON) {
        struct subset usual = {.whole = whole, .glyphs = common_glyphs(whole)};
        cut(&usual);
        common = g_new(struct common, 1);
        *common = (struct common){usual.glyphs, usual.numbers, usual.face};
        check(hb_face_set_user_data(whole, &key, common, forget_common, 1));
    }
    return common;
}

static void make_one(struct subset *subset)
{
    const struct common *common = common_of(subset->whole);
    if (common != NULL && common->face != NULL &&
        hb_set_is_subset(subset->glyphs, common->glyphs)) {
        subset->face = cairo_font_face_reference(common->face);
        subset->numbers = hb_map_reference(common->numbers);
    } else {
        cut(subset);
    }
}

void subset_fonts_make(struct subset_fonts *fonts)
{
    for (struct subset *s = fonts->first; s != NULL; s = s->next) {
        make_one(s);
    }
    papers_made++;
}

/* --- showing --- */

static bool is_cut(const struct subset_fonts *fonts, PangoLayoutLine *line)
{
    for (const GSList *at = line->runs; at != NULL; at = at->next) {
        const PangoGlyphItem *run = at->data;
        const struct subset *subset = subset_of(fonts, face_of(run));
        if (subset == NULL || subset->numbers == NULL || run->y_offset != 0 ||
            run->start_x_offset != 0) {
            return false;
        }
        for (int i = 0; i < run->glyphs->num_glyphs; i++) {
            PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
            if (glyph != PANGO_GLYPH_EMPTY && !hb_map_has(subset->numbers, glyph)) {
                return false;
            }
        }
    }
    return true;
}

struct shown {
    cairo_glyph_t *glyphs;
    cairo_text_cluster_t *clusters;
    int glyph_count, cluster_count;
    double width;
};

static void place_glyphs(const struct subset *subset, const PangoGlyphString *string, double x,
                         double y, struct shown *shown)
{
    for (int i = 0; i < string->num_glyphs; i++) {
        const PangoGlyphInfo *info = &string->glyphs[i];
        if (info->glyph != PANGO_GLYPH_EMPTY) {
            shown->glyphs[shown->glyph_count++] = (cairo_glyph_t){
                .index = hb_map_get(subset->numbers, info->glyph),
                .x = x + shown->width + (double)info->geometry.x_offset / PANGO_SCALE,
                .y = y + (double)info->geometry.y_offset / PANGO_SCALE};
        }
        shown->width += (double)info->geometry.width / PANGO_SCALE;
    }
}

/* Which bytes of the text each glyph stands for, so that copying gives the text back. */
static void place_clusters(PangoGlyphItem *run, const char *text, struct shown *shown)
{
    PangoGlyphItemIter at;
    for (gboolean more = pango_glyph_item_iter_init_start(&at, run, text); more;
         more = pango_glyph_item_iter_next_cluster(&at)) {
        int first = at.start_glyph < at.end_glyph ? at.start_glyph : at.end_glyph + 1;
        int last = at.start_glyph < at.end_glyph ? at.end_glyph : at.start_glyph + 1;
        int glyphs = 0;
        for (int i = first; i < last; i++) {
            glyphs += run->glyphs->glyphs[i].glyph != PANGO_GLYPH_EMPTY;
        }
        shown->clusters[shown->cluster_count++] =
            (cairo_text_cluster_t){at.end_index - at.start_index, glyphs};
    }
}

static double show_run(struct subset_fonts *fonts, cairo_t *cairo, PangoGlyphItem *run,
                       const char *text, double x, double y)
{
    const struct subset *subset = subset_of(fonts, face_of(run));
    PangoFontDescription *font = pango_font_describe_with_absolute_size(run->item->analysis.font);
    size_t room = (size_t)run->glyphs->num_glyphs + (size_t)run->item->length;
    struct shown shown = {.glyphs = arena_array(fonts->arena, cairo_glyph_t, room),
                          .clusters = arena_array(fonts->arena, cairo_text_cluster_t, room)};
    place_glyphs(subset, run->glyphs, x, y, &shown);
    place_clusters(run, text, &shown);
    cairo_set_font_face(cairo, subset->face);
    cairo_set_font_size(cairo, (double)pango_font_description_get_size(font) / PANGO_SCALE);
    pango_font_description_free(font);
    bool backward = (run->item->analysis.level & 1) != 0;
    cairo_show_text_glyphs(cairo, text + run->item->offset, run->item->length, shown.glyphs,
                           shown.glyph_count, shown.clusters, shown.cluster_count,
                           backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0);
    return shown.width;
}

void subset_fonts_show(struct subset_fonts *fonts, cairo_t *cairo, PangoLayoutLine *line, double x,
                       double y)
{
    const char *text = pango_layout_get_text(line->layout);
    if (!is_cut(fonts, line)) {
        cairo_move_to(cairo, x, y);
        pango_cairo_show_layout_line(cairo, line);
        return;
    }
    for (const GSList *at = line->runs; at != NULL; at = at->next) {
        x += show_run(fonts, cairo, at->data, text, x, y);
    }
}
