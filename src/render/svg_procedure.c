/* render/svg_procedure.c - how a procedure runs: states one below the other, what can be done in
 * each, and on the right a lane for every state that lines lead to. */
#include <stdlib.h>

#include "base/check.h"
#include "render/svg_put.h"

enum {
    PICTURE_W = 390,
    BOX_X = 8,
    BOX_W = 236,
    BOX_H = 34,
    ACT_H = 24,
    GAP_H = 14,
    LANES_X = 256,
    LANES_W = 122,
    LANE_STEP_MAX = 16,
};

struct state {
    Str name, title;
    bool is_end;
    uint32_t order; /* as declared */
    uint32_t far;   /* acts away from the first state; UINT32_MAX when not reached */
    double y;       /* upper edge of the box */
    /* The lane of lines that lead here, from the first to the last of them. */
    bool has_lane;
    uint32_t lane;
    double lane_from, lane_to;
};

struct diagram {
    struct cx *cx;
    const struct value *acts;
    struct state *states; /* in the order drawn */
    uint32_t count;
    uint32_t lanes;
    double height;
};

static struct state *state_named(struct diagram *d, Str name)
{
    for (uint32_t i = 0; i < d->count; i++) {
        if (str_same(d->states[i].name, name)) {
            return &d->states[i];
        }
    }
    return NULL;
}

static bool leads_from(const struct value *act, Str state)
{
    const struct value *from = value_get(act, "from");
    for (uint32_t i = 0; i < value_count(from); i++) {
        if (str_same(value_as_str(value_item(from, i)), state)) {
            return true;
        }
    }
    return false;
}

/* Where an act leads when taken in `from`; NULL when it stays there. */
static struct state *target_of(struct diagram *d, const struct value *act, const struct state *from)
{
    struct state *to = state_named(d, value_get_str(act, "to"));
    return to == from ? NULL : to;
}

static enum status read_procedure(struct diagram *d, const struct value *procedure)
{
    const struct value *states = value_get(procedure, "states");
    d->acts = value_get(procedure, "acts");
    d->count = value_count(states);
    if (d->count == 0 || d->count > SVG_ITEMS_MAX || value_count(d->acts) > SVG_ITEMS_MAX) {
        return FAIL(d->cx, E_INPUT, "svg-data", "1 to %d states and acts", SVG_ITEMS_MAX);
    }
    d->states = arena_array(d->cx->arena, struct state, d->count);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct value *state = value_item(states, i);
        d->states[i] = (struct state){.name = value_get_str(state, "name"),
                                      .title = value_get_str(state, "title"),
                                      .is_end = value_get_bool(state, "end"),
                                      .order = i,
                                      .far = i == 0 ? 0 : UINT32_MAX};
    }
    for (uint32_t i = 0; i < value_count(d->acts); i++) {
        const struct value *act = value_item(d->acts, i);
        const struct value *from = value_get(act, "from");
        Str to = value_get_str(act, "to");
        bool known = to.n == 0 || state_named(d, to) != NULL;
        for (uint32_t k = 0; known && k < value_count(from); k++) {
            known = state_named(d, value_as_str(value_item(from, k))) != NULL;
        }
        if (!known) {
            return FAIL(d->cx, E_INPUT, "svg-data", "act %.*s names an unknown state",
                        STR_ARG(value_get_str(act, "name")));
        }
    }
    return OK;
}

/* One round over all acts; false when no state came nearer. */
static bool come_nearer(struct diagram *d)
{
    bool changed = false;
    for (uint32_t i = 0; i < value_count(d->acts); i++) {
        const struct value *act = value_item(d->acts, i);
        struct state *to = state_named(d, value_get_str(act, "to"));
        for (uint32_t k = 0; to != NULL && k < d->count; k++) {
            const struct state *from = &d->states[k];
            if (from->far != UINT32_MAX && leads_from(act, from->name) && from->far + 1 < to->far) {
                to->far = from->far + 1;
                changed = true;
            }
        }
    }
    return changed;
}

/* Nearest first, ends last, otherwise as declared. */
static int by_distance(const void *a, const void *b)
{
    const struct state *x = a;
    const struct state *y = b;
    if (x->is_end != y->is_end) {
        return x->is_end ? 1 : -1;
    }
    if (x->far != y->far) {
        return x->far < y->far ? -1 : 1;
    }
    return x->order < y->order ? -1 : 1;
}

static uint32_t acts_at(const struct diagram *d, const struct state *state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < value_count(d->acts); i++) {
        count += leads_from(value_item(d->acts, i), state->name);
    }
    return count;
}

static void place_states(struct diagram *d)
{
    while (come_nearer(d)) {
    }
    qsort(d->states, d->count, sizeof d->states[0], by_distance);
    d->height = GAP_H / 2.0;
    for (uint32_t i = 0; i < d->count; i++) {
        d->states[i].y = d->height;
        d->height += BOX_H + ACT_H * (double)acts_at(d, &d->states[i]) + GAP_H;
    }
}

static void reach(struct state *to, double y)
{
    double at = to->y + BOX_H / 2.0;
    if (!to->has_lane) {
        to->has_lane = true;
        to->lane_from = at;
        to->lane_to = at;
    }
    to->lane_from = y < to->lane_from ? y : to->lane_from;
    to->lane_to = y > to->lane_to ? y : to->lane_to;
}

/* The middle of the line of the `nth` act under a state. */
static double act_y(const struct state *state, uint32_t nth)
{
    return state->y + BOX_H + nth * ACT_H + ACT_H / 2.0;
}

static bool lanes_meet(const struct state *a, const struct state *b)
{
    return a->lane_from <= b->lane_to + 4 && b->lane_from <= a->lane_to + 4;
}

/* Whether no state before this one has a line on its track that meets its own. */
static bool is_lane_free(const struct diagram *d, uint32_t index)
{
    const struct state *state = &d->states[index];
    for (uint32_t k = 0; k < index; k++) {
        const struct state *other = &d->states[k];
        if (other->has_lane && other->lane == state->lane && lanes_meet(state, other)) {
            return false;
        }
    }
    return true;
}

/* Stretches the lanes of all states that lines from this one lead to. */
static void reach_from(struct diagram *d, const struct state *from)
{
    uint32_t nth = 0;
    for (uint32_t i = 0; i < value_count(d->acts); i++) {
        const struct value *act = value_item(d->acts, i);
        if (leads_from(act, from->name)) {
            struct state *to = target_of(d, act, from);
            double y = act_y(from, nth++);
            if (to != NULL) {
                reach(to, y);
            }
        }
    }
}

/* Lanes as spans, each given the first free track that no other span on it meets. */
static void place_lanes(struct diagram *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        reach_from(d, &d->states[i]);
    }
    for (uint32_t i = 0; i < d->count; i++) {
        struct state *state = &d->states[i];
        while (state->has_lane && !is_lane_free(d, i)) {
            state->lane++;
        }
        if (state->has_lane && state->lane + 1 > d->lanes) {
            d->lanes = state->lane + 1;
        }
    }
}

static double lane_x(const struct diagram *d, const struct state *state)
{
    double step = d->lanes < 2 ? LANE_STEP_MAX : (double)LANES_W / d->lanes;
    step = step > LANE_STEP_MAX ? LANE_STEP_MAX : step;
    return LANES_X + 14 + step * state->lane;
}

static void put_lane(struct diagram *d, struct buf *svg, const struct state *state)
{
    double x = lane_x(d, state);
    double y = state->y + BOX_H / 2.0;
    buf_printf(svg,
               "<path d=\"M%.1f %.1fV%.1fM%.1f %.1fH%d\" fill=\"none\" stroke=\"#5b6675\" "
               "stroke-width=\"1.5\"/><path d=\"M%d %.1fl9 -5v10z\" fill=\"#5b6675\"/>",
               x, state->lane_from, state->lane_to, x, y, BOX_X + BOX_W + 8, BOX_X + BOX_W + 1, y);
}

static void put_box(struct cx *cx, struct buf *svg, const struct state *state)
{
    const char *fill = state->order == 0 ? "#17406d" : state->is_end ? "#e6f4ea" : "#e8f0f9";
    const char *stroke = state->is_end ? "#1c6b3c" : "#17406d";
    buf_printf(svg,
               "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"8\" fill=\"%s\" "
               "stroke=\"%s\"%s/>",
               BOX_X, state->y, BOX_W, BOX_H, fill, stroke,
               state->is_end ? " stroke-width=\"2.5\"" : "");
    Str title =
        state->is_end ? str_printf(cx->arena, "%.*s（办结）", STR_ARG(state->title)) : state->title;
    svg_put_label(svg, BOX_X + 12, state->y + 22,
                  state->order == 0 ? " font-weight=\"bold\" fill=\"#fff\""
                                    : " font-weight=\"bold\" fill=\"#1d2530\"",
                  svg_fitting(cx->arena, title, 13, BOX_W - 20));
}

static Str act_words(struct arena *arena, const struct value *act)
{
    struct buf out;
    const struct value *by = value_get(act, "by");
    buf_init(&out, arena, 1 << 16);
    buf_str(&out, value_get_str(act, "title"));
    for (uint32_t i = 0; i < value_count(by); i++) {
        buf_text(&out, i == 0 ? "（" : "、");
        buf_str(&out, value_as_str(value_item(by, i)));
    }
    if (value_count(by) > 0) {
        buf_text(&out, "）");
    }
    return buf_done(&out);
}

static void put_acts(struct diagram *d, struct buf *svg, const struct state *state)
{
    struct arena *arena = d->cx->arena;
    uint32_t nth = 0;
    for (uint32_t i = 0; i < value_count(d->acts); i++) {
        const struct value *act = value_item(d->acts, i);
        if (!leads_from(act, state->name)) {
            continue;
        }
        const struct state *to = target_of(d, act, state);
        double y = act_y(state, nth++);
        Str words = act_words(arena, act);
        buf_text(svg, "<g><title>");
        svg_put_text(svg, words);
        buf_text(svg, to == NULL ? "：仍为" : "：到");
        svg_put_text(svg, to == NULL ? state->title : to->title);
        buf_text(svg, "</title>");
        Str shown = svg_fitting(arena, words, 12, BOX_W - 16);
        svg_put_label(svg, BOX_X + 12, y + 4, " font-size=\"12\" fill=\"#1d2530\"", shown);
        if (to != NULL) {
            buf_printf(svg,
                       "<path d=\"M%.1f %.1fH%.1f\" stroke=\"#5b6675\" stroke-width=\"1.5\"/>"
                       "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"#5b6675\"/>",
                       BOX_X + 18 + svg_text_width(shown, 12), y, lane_x(d, to), lane_x(d, to), y);
        }
        buf_text(svg, "</g>");
    }
}

static Str diagram_words(struct diagram *d)
{
    struct buf out;
    buf_init(&out, d->cx->arena, 1 << 20);
    for (uint32_t i = 0; i < d->count; i++) {
        struct state *state = &d->states[i];
        buf_printf(&out, "%s%.*s", i > 0 ? "。" : "", STR_ARG(state->title));
        if (state->is_end) {
            buf_text(&out, "，办结");
        }
        for (uint32_t k = 0; k < value_count(d->acts); k++) {
            const struct value *act = value_item(d->acts, k);
            if (leads_from(act, state->name)) {
                const struct state *to = target_of(d, act, state);
                Str words = act_words(d->cx->arena, act);
                buf_printf(&out, "；%.*s%s%.*s", STR_ARG(words), to == NULL ? "，仍为" : "，到",
                           STR_ARG(to == NULL ? state->title : to->title));
            }
        }
    }
    return buf_done(&out);
}

enum status svg_procedure(struct cx *cx, const struct value *procedure, Str *out)
{
    struct diagram d = {.cx = cx};
    struct buf svg;
    TRY(read_procedure(&d, procedure));
    check(d.states != NULL);
    place_states(&d);
    place_lanes(&d);
    buf_init(&svg, cx->arena, SVG_BYTES_MAX);
    svg_open(&svg, PICTURE_W, (int)d.height, value_get_str(procedure, "title"), diagram_words(&d));
    for (uint32_t i = 0; i < d.count; i++) {
        if (d.states[i].has_lane) {
            put_lane(&d, &svg, &d.states[i]);
        }
    }
    for (uint32_t i = 0; i < d.count; i++) {
        put_box(cx, &svg, &d.states[i]);
        put_acts(&d, &svg, &d.states[i]);
    }
    buf_text(&svg, "</svg>");
    if (buf_is_over(&svg)) {
        return FAIL(cx, E_TOO_LARGE, "svg-data", "the picture is larger than its ceiling");
    }
    *out = buf_done(&svg);
    return OK;
}
