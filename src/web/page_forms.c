/* The pages of element forms: the list, and one form to be tried without an account. */
#include <inttypes.h>

#include "base/money.h"
#include "flow/element_form.h"
#include "law/source.h"
#include "web/guidance.h"
#include "web/page_field.h"
#include "web/page_parts.h"
#include "web/page_views.h"

static struct value *forms_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    struct value *online = value_list(arena);
    struct value *filed = value_list(arena);
    struct value *printed = value_list(arena);
    struct value *others = value_list(arena);
    const struct value *forms = value_get(value, "forms");
    for (uint32_t i = 0; i < value_count(forms); i++) {
        const struct value *row = value_item(forms, i);
        bool civil = str_is(value_get_str(row, "kind"), "civil");
        struct value *where = !value_get_bool(row, "online")  ? others
                              : !value_get_bool(row, "filed") ? printed
                              : civil                         ? online
                                                              : filed;
        value_add(arena, where, row);
    }
    value_set_text(arena, view, "title", "要素式诉状");
    value_set_bool(arena, view, "asked", value_get_str(value, "q").n > 0);
    value_set_bool(arena, view, "none", value_count(forms) == 0);
    value_set_bool(arena, view, "has_ready", online->count > 0);
    value_set_int(arena, view, "ready_count", online->count);
    value_set(arena, view, "ready", online);
    value_set_bool(arena, view, "has_filed", filed->count > 0);
    value_set_int(arena, view, "filed_count", filed->count);
    value_set(arena, view, "filed", filed);
    value_set_int(arena, view, "printed_count", printed->count);
    value_set_bool(arena, view, "has_printed", printed->count > 0);
    value_set(arena, view, "printed", printed);
    value_set_bool(arena, view, "has_others", others->count > 0);
    value_set(arena, view, "others", others);
    return view;
}

/* --- the rehearsal's answer --- */

static struct value *errors_here(struct arena *arena, const struct value *errors)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(errors); i++) {
        struct value *row = value_merge(arena, value_item(errors, i), NULL);
        value_set_str(arena, row, "href",
                      str_printf(arena, "#f-%s", value_get_str(row, "field").p));
        value_add(arena, list, row);
    }
    return list;
}

/* Lines of interest; those of a sheet that is asked again as a whole lead nowhere. */
static struct value *lines_show(struct arena *arena, const struct value *sheet, bool alone)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(sheet); i++) {
        struct value *row = value_merge(arena, value_item(sheet, i), NULL);
        Date last = DATE_NONE;
        (void)date_parse(value_get_str(row, "to"), &last);
        value_set_str(arena, row, "law_title", source_title(arena, value_get_str(row, "law")));
        Str again = str_printf(arena,
                               "/tools/interest?kind=agreed&principal=%" PRId64
                               "&rate=%s&start=%s&end=%s&year_days=%" PRId64,
                               value_get_int(row, "principal"), value_get_str(row, "rate").p,
                               value_get_str(row, "from").p, date_format(arena, last + 1).p,
                               value_get_int(row, "year_days"));
        value_set_str(arena, row, "again", alone ? again : STR(""));
        value_add(arena, list, row);
    }
    return list;
}

struct value *page_sheet_show(struct arena *arena, const struct value *sheet)
{
    return lines_show(arena, sheet, true);
}

struct value *page_counted_show(struct arena *arena, const struct value *claim,
                                const struct field *group)
{
    const struct value *sheets = element_form_sheets(arena, claim);
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(sheets); i++) {
        const struct value *sheet = value_item(sheets, i);
        const struct value *notices = value_get(sheet, "notices");
        struct value *row = value_map(arena);
        struct value *lines = lines_show(arena, value_get(sheet, "sheet"), false);
        Str text = STR("");
        if (group != NULL &&
            field_find(group->fields, group->field_count, value_get_str(sheet, "asked")) == NULL) {
            continue;
        }
        for (uint32_t k = 0; k < value_count(notices); k++) {
            text = str_printf(arena, "%s%s%s", text.p, k == 0 ? "" : "\n",
                              value_as_str(value_item(notices, k)).p);
        }
        value_set(arena, row, "title", value_get(sheet, "title"));
        value_set_str(arena, row, "text", text);
        value_set(arena, row, "working", working_show(arena, value_get(sheet, "working")));
        value_set(arena, row, "sheet", lines->count > 0 ? lines : NULL);
        value_set_bool(arena, row, "has_sheet", lines->count > 0);
        value_set(arena, row, "again", value_get(sheet, "again"));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *courts_show(struct arena *arena, const struct value *courts)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(courts); i++) {
        struct value *row = value_merge(arena, value_item(courts, i), NULL);
        value_set_str(arena, row, "law_title", source_title(arena, value_get_str(row, "law")));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *rehearsal_show(struct call *call, const struct value *said)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, said, NULL);
    const struct value *claim = value_get(said, "claim");
    const struct value *told = value_get(said, "fee");
    const struct value *fee = value_is_map(told) ? told : NULL; /* null: what is no civil suit */
    const struct value *guidance =
        guidance_of(call->app->guidance, value_get_str(said, "procedure"));
    struct value *sheet = page_sheet_show(arena, value_get(claim, "sheet"));
    struct value *courts = courts_show(arena, value_get(said, "courts"));
    value_set(arena, view, "errors", errors_here(arena, value_get(said, "errors")));
    value_set_bool(arena, view, "complete", value_get_int(said, "missing") == 0);
    value_set_str(arena, view, "amount", money_format(arena, value_get_int(claim, "amount")));
    value_set_str(arena, view, "fee_text",
                  fee == NULL ? STR("") : money_format(arena, value_get_int(fee, "fee")));
    value_set(arena, view, "working",
              fee == NULL ? NULL : working_show(arena, value_get(fee, "working")));
    value_set(arena, view, "requests", value_get(claim, "requests"));
    value_set(arena, view, "sheet", sheet);
    value_set_bool(arena, view, "has_sheet", sheet->count > 0);
    value_set_bool(arena, view, "fault", value_get(claim, "fault") != NULL);
    value_set(arena, view, "counted", page_counted_show(arena, claim, NULL));
    value_set(arena, view, "courts", courts);
    value_set_bool(arena, view, "has_courts", courts->count > 0);
    value_set(arena, view, "steps", value_get(guidance, "steps"));
    value_set_bool(arena, view, "priced", fee != NULL);
    value_set_bool(arena, view, "claimed", value_count(value_get(claim, "requests")) > 0);
    return view;
}

/* --- one form --- */

static struct value *sections_show(struct call *call, const struct element_form *form,
                                   const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *list = value_list(arena);
    const struct value *rehearsal = value_get(value, "rehearsal");
    struct field_show show = {.arena = arena,
                              .tables = page_tables(call),
                              .errors = value_get(rehearsal, "errors"),
                              .open = -1};
    for (uint32_t i = 0; i < form->section_count; i++) {
        const struct field *group = form->sections[i]->group;
        struct value *row = value_map(arena);
        value_set_text(arena, row, "title", group->title);
        value_set_text(arena, row, "help", group->help[0] == '\0' ? NULL : group->help);
        value_set(arena, row, "fields",
                  fields_show(&show, group->fields, group->field_count,
                              value_get(value_get(value, "values"), group->name),
                              str_printf(arena, "%s.", group->name)));
        value_add(arena, list, row);
    }
    return list;
}

/* As people call it: 离婚纠纷民事起诉状（要素式）, 行政起诉状（行政处罚，要素式）; what the
 * document is called after is not said twice: 强制执行申请书（要素式）. */
static Str heading_of(struct arena *arena, Str title, Str document, bool civil)
{
    if (civil) {
        return str_printf(arena, "%s%s（要素式）", title.p, document.p);
    }
    return str_starts(document, title.p)
               ? str_printf(arena, "%s（要素式）", document.p)
               : str_printf(arena, "%s（%s，要素式）", document.p, title.p);
}

static struct value *one_view(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_merge(arena, value, NULL);
    struct value *page = value_map(arena);
    Str number = value_get_str(value, "number");
    const struct element_form *form =
        element_form_find(procedures_forms(call->app->house.procedures), number);
    const struct value *rehearsal = value_get(value, "rehearsal");
    static const char *const places[] = {"plaintiff", "defendant"};
    bool civil = form != NULL && element_form_is_civil(form);
    value_set_str(
        arena, page, "title",
        heading_of(arena, value_get_str(value, "title"), value_get_str(value, "document"), civil));
    value_set_bool(arena, view, "civil", civil);
    value_set(arena, view, "page", page);
    value_set(arena, view, "official", NULL);
    value_set(arena, view, "sample", NULL);
    value_set(arena, view, "form", NULL);
    value_set(arena, view, "sections", form == NULL ? NULL : sections_show(call, form, value));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct value *said = value_get(call->body, places[i]);
        value_set_str(arena, view, places[i],
                      value_is_text(said) ? value_as_str(said) : value_get_str(said, "division"));
    }
    value_set(arena, view, "rehearsal", rehearsal == NULL ? NULL : rehearsal_show(call, rehearsal));
    return view;
}

const struct page_extra pages_forms[] = {
    {"forms", forms_view},
    {"form", one_view},
    {NULL, NULL},
};
