/* What two courts say to each other on the page of a request, and the way to complain. */
#include <inttypes.h>

#include "flow/authority.h"
#include "web/complaint.h"
#include "web/contact.h"
#include "web/page_parts.h"
#include "web/page_views.h"

static struct value *messages_show(struct arena *arena, const struct law_tables *tables,
                                   const struct value *messages)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(messages); i++) {
        struct value *row = value_merge(arena, value_item(messages, i), NULL);
        const struct court *court = court_by_code(tables, value_get_str(row, "court"));
        value_set_str(arena, row, "court", court == NULL ? STR("") : court->name);
        value_add(arena, list, row);
    }
    return list;
}

/* Between courts alone: the parties do not read it. */
static void set_thread(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    const struct matter *m = seen->matter;
    const struct law_tables *tables = page_tables(call);
    Str collaborator = value_get_str(m->values, "collaborator");
    struct act_form form;
    struct value *other = NULL;
    if (collaborator.n == 0 || m->events == 0 || call->actor.post.n == 0) {
        return;
    }
    struct value *thread = value_map(arena);
    value_set(arena, thread, "messages",
              messages_show(arena, tables, value_get(seen->clear, "messages")));
    value_set(arena, thread, "href",
              act_form_open(call, seen, STR("message"), &form)
                  ? value_str(arena, str_printf(arena, "/matters/%" PRId64 "/acts/message", m->id))
                  : NULL);
    if (contact_view_of(call, str_same(call->actor.court, collaborator) ? m->court : collaborator,
                        &other) == OK) {
        value_set(arena, thread, "other", other);
    }
    value_set(arena, view, "thread", thread);
}

void page_set_exchange(struct call *call, const struct seen *seen, struct value *view)
{
    struct arena *arena = call->cx->arena;
    set_thread(call, seen, view);
    value_set(arena, view, "complaint_href",
              call->actor.post.n == 0 && seen->matter->events > 0 &&
                      complaint_is_possible(seen->procedure)
                  ? value_str(arena,
                              str_printf(arena, "/matters/%" PRId64 "/complaint", seen->matter->id))
                  : NULL);
}
