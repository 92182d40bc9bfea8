/* Pages that were photographed askew: looked at in a helper, one after the other, while the sender
 * waits. What is found is part of the order, like a turn: no picture is made anew. */
#include <inttypes.h>

#include "render/skew.h"
#include "web/again.h"
#include "web/evidence.h"

/* Each takes a fraction of a second for every page. */
static const struct pace straighten_pace = {"evidence-straighten", 30, 10};

struct straightening {
    struct evidence_look *look;
    uint32_t *chosen; /* of look->evidence.pages */
    uint32_t count;
    enum status (*then)(struct call *call);
    struct value *found;
};

static void page_choose(struct straightening *s, bool *chosen, uint32_t i)
{
    if (s->look->evidence.pages[i].page > 0 && !chosen[i]) {
        chosen[i] = true;
        s->chosen[s->count++] = i;
    }
}

static void pages_choose(struct call *call, struct straightening *s, const struct value *picks)
{
    struct evidence *e = &s->look->evidence;
    bool *chosen = arena_array(call->cx->arena, bool, e->page_count);
    s->chosen = arena_array(call->cx->arena, uint32_t, e->page_count);
    for (uint32_t i = 0; i < value_count(picks); i++) {
        const struct evidence_page *page =
            evidence_page_named(e, value_as_str(value_item(picks, i)));
        if (page != NULL) {
            page_choose(s, chosen, (uint32_t)(page - e->pages));
        }
    }
    for (uint32_t i = 0; i < e->page_count && value_count(picks) == 0; i++) {
        if (e->pages[i].tilt_cdeg == 0) {
            page_choose(s, chosen, i);
        }
    }
}

struct skew_look {
    uint32_t sheet;
    int rotate_deg;
    int tilt_cdeg;
};

static enum status skew_look(struct cx *cx, struct call *call, Str bytes, void *arg)
{
    struct skew_look *look = arg;
    return skew_find(call->app->sheets, cx, (struct page_bytes){bytes, look->sheet},
                     look->rotate_deg, &look->tilt_cdeg);
}

/* A page on which helpers die stays as it is: it was taken as a picture, and is one to people. */
static enum status page_look(struct call *call, struct straightening *s, uint32_t i)
{
    struct cx *cx = call->cx;
    const struct evidence_page *page = &s->look->evidence.pages[i];
    const struct evidence_source *source = &s->look->sources[i];
    struct skew_look look = {source->sheet, (source->rotate_deg + page->turn) % 360, 0};
    enum status status = blob_look(call, source->sm3, source->size, skew_look, &look);
    if (status == E_INPUT || (status == E_BUG && text_is(cx->failure.code, "helper-fault"))) {
        cx_forgive(cx);
        look.tilt_cdeg = 0;
        status = OK;
    }
    value_set_int(cx->arena, s->found,
                  arena_printf(cx->arena, "%" PRId64 ".%u", page->material, page->page),
                  look.tilt_cdeg);
    return status;
}

static enum status straighten_slow(struct call *call)
{
    struct cx *cx = call->cx;
    struct straightening *s = call->kept;
    TRY(evidence_sources(call, s->look));
    for (uint32_t i = 0; i < s->count; i++) {
        TRY(page_look(call, s, s->chosen[i]));
    }
    return OK;
}

static enum status straightened(struct call *call)
{
    const struct straightening *s = call->kept;
    call->kept_value = s->found;
    return s->then(call);
}

enum status evidence_straighten(struct call *call, struct evidence_look *look,
                                const struct value *picks, enum status (*then)(struct call *call))
{
    struct cx *cx = call->cx;
    struct straightening *s = arena_new(cx->arena, struct straightening);
    *s = (struct straightening){.look = look, .then = then, .found = value_map(cx->arena)};
    pages_choose(call, s, picks);
    if (s->count > EVIDENCE_STRAIGHTEN_MAX) {
        (void)cx_error(cx, "picks", "too-many",
                       arena_printf(cx->arena, "一次最多拉正%d页，请先选中要拉正的页",
                                    EVIDENCE_STRAIGHTEN_MAX));
        return FAIL(cx, E_INPUT, "fields", "%u pages to be straightened", s->count);
    }
    TRY(pace_check(call, &straighten_pace, viewer_person(cx->arena, call->actor.person)));
    call->kept = s;
    return call_slow(call, straighten_slow, straightened);
}
