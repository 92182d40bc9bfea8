/* The number of who is there, typed or scanned into a draft at the window: what is known of him is
 * filled in at once. */
#include <inttypes.h>

#include "web/edit.h"
#include "web/visitor.h"

static const char element[] = "visitor";

bool visitor_is_asked(const struct call *call, const struct seen *seen, Str group)
{
    return str_is(group, element) && seen->procedure->collaborated &&
           str_is(call->actor.post, "window");
}

struct value *visitor_known_words(struct call *call)
{
    static const struct {
        const char *found, *title, *detail, *tone;
    } words[] = {
        {"one", "已带入登记的信息", "请照证件原件核对一遍，再填下面没有填的。", "good"},
        {"none", "没有这个证件的登记", "请照证件原件填写。", "ask"},
        {"several", "这个证件登记了几个账户", "请照证件原件填写。", "ask"},
        {"wrong", "这个证件号码不对", "请核对后再查一次，或者照证件原件填写。", "bad"},
    };
    struct arena *arena = call->cx->arena;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_is(call_param(call, "known"), words[i].found)) {
            struct value *message = value_map(arena);
            value_set_text(arena, message, "title", words[i].title);
            value_set_text(arena, message, "detail", words[i].detail);
            value_set_text(arena, message, "tone", words[i].tone);
            return message;
        }
    }
    return NULL;
}

struct knowing {
    const struct visitor_look *look;
    Str page;
};

static enum status show_again(struct call *call)
{
    const struct knowing *k = call->kept;
    if (k->look->one != NULL) {
        visitor_keep(call, k->look->one->id);
    }
    return call_done(call, k->page, NULL);
}

static Str page_of(struct call *call, const struct seen *seen, const char *found)
{
    return str_printf(call->cx->arena, "/matters/%" PRId64 "/edit/%s?known=%s#main",
                      seen->matter->id, element, found);
}

static enum status fill(struct call *call, const struct seen *seen, const struct visitor_look *look)
{
    struct cx *cx = call->cx;
    struct value *visitor = NULL;
    struct value *values = value_map(cx->arena);
    struct plan *plan = NULL;
    TRY(visitor_fill(call, look->one, value_get(seen->clear, element), &visitor));
    value_set(cx->arena, values, element, visitor);
    struct save_request request = {.actor = &call->actor,
                                   .matter = seen->matter->id,
                                   .act = STR(""),
                                   .values = values,
                                   .revision = -1};
    TRY(draft_save(cx, &call->app->house, &request, &plan));
    TRY(visitor_look_audit(call, look, plan->script));
    return call_plan(call, plan, show_again);
}

enum status visitor_known(struct call *call, const struct seen *seen)
{
    struct cx *cx = call->cx;
    struct visitor_look *look = arena_new(cx->arena, struct visitor_look);
    struct knowing *k = arena_new(cx->arena, struct knowing);
    enum status status = visitor_look_up(call, value_get(call->body, "_known"), look);
    if (status == E_INPUT) {
        cx_forgive(cx);
        return call_done(call, page_of(call, seen, "wrong"), NULL);
    }
    TRY(status);
    const char *found = look->one != NULL ? "one" : look->count == 0 ? "none" : "several";
    *k = (struct knowing){look, page_of(call, seen, found)};
    call->kept = k;
    if (look->one != NULL) {
        return fill(call, seen, look);
    }
    struct script *script = script_new(cx->arena);
    TRY(visitor_look_audit(call, look, script));
    return call_script(call, script, show_again);
}
