/* What the pages of accounts need beyond the API's answers. */
#include "web/pages.h"

static struct value *with_page(struct call *call, const struct value *value, const char *title,
                               bool form)
{
    struct arena *arena = call->cx->arena;
    struct value *page = value_map(arena);
    struct value *view = value_merge(arena, value, NULL);
    value_set_text(arena, page, "title", title);
    value_set_bool(arena, page, "form", form);
    value_set(arena, view, "page", page);
    return view;
}

static struct value *page_login(struct call *call, const struct value *value)
{
    return with_page(call, value, "登录", true);
}

const struct page_extra pages_account[] = {{"login", page_login}, {NULL, NULL}};
