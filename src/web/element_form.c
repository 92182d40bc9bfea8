/* Element forms for everybody: the list, one form with its blank and its sample, and a rehearsal
 * that says what is missing, what it costs and where it goes. Nothing that is typed here is kept.
 */
#include "flow/element_form.h"

#include <string.h>

#include "base/csv.h"
#include "base/log.h"
#include "law/fee.h"
#include "law/interest.h"
#include "law/jurisdiction.h"
#include "web/again.h"
#include "web/handlers.h"

#define DOCX_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

static const struct pace print_pace = {"form-print", 30, 30};
static const struct pace rehearse_pace = {"form-rehearse", 300, 120};

static const struct law_tables *tables_of(const struct call *call)
{
    return call->app->house.tables(call->app->house.tables_arg);
}

static const struct element_forms *forms_of(const struct call *call)
{
    return procedures_forms(call->app->house.procedures);
}

static enum status form_of(struct call *call, const struct element_form **out)
{
    *out = element_form_find(forms_of(call), call->args[0]);
    return *out != NULL ? OK : FAIL(call->cx, E_NOT_FOUND, "not-found", "no such element form");
}

/* The first cause that has the form: what it is mostly filed for. */
static const struct cause *cause_of(const struct law_tables *tables,
                                    const struct element_form *form)
{
    Str number = str_of(form->number);
    for (int i = 0; element_form_is_civil(form) && i < tables->cause_count; i++) {
        if (str_same(tables->causes[i].form_no, number)) {
            return &tables->causes[i];
        }
    }
    return NULL;
}

/* In which procedure the form is filed; NULL: in none. */
static const struct procedure *filing_of(const struct call *call, const struct element_form *form)
{
    return procedure_filing(call->app->house.procedures, str_of(form->kind));
}

/* --- the list --- */

static bool is_listed(const struct value *list, Str number)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        if (str_same(value_get_str(value_item(list, i), "number"), number)) {
            return true;
        }
    }
    return false;
}

/* By what is asked for: a few characters of the dispute or the document, or the number. */
static struct value *matching(struct call *call, const struct value *forms, Str words)
{
    static const char *const told[] = {"cause", "document", "about"};
    struct value *list = value_list(call->cx->arena);
    for (uint32_t i = 0; i < value_count(forms); i++) {
        struct value *row = forms->as.items[i];
        bool fits = words.n == 0 || str_same(value_get_str(row, "number"), words);
        for (size_t k = 0; k < sizeof told / sizeof told[0] && !fits; k++) {
            fits = str_has(value_get_str(row, told[k]), words.p);
        }
        if (fits) {
            value_add(call->cx->arena, list, row);
        }
    }
    return list;
}

enum status form_list(struct call *call)
{
    struct cx *cx = call->cx;
    struct csv csv;
    struct value *list = value_list(cx->arena);
    struct value *view = value_map(cx->arena);
    Str words = str_trim(cx->arena, call_param(call, "q"));
    int64_t ready = 0;
    TRY(csv_read(cx, "element-forms.csv",
                 share_text(call->app->share, "data/tables/element-forms.csv"), ',', &csv));
    for (uint32_t i = 0; i < csv.rows; i++) {
        Str number = csv_cell(&csv, i, csv_column(&csv, "form_no"));
        const struct element_form *form = element_form_find(forms_of(call), number);
        if (is_listed(list, number)) {
            continue; /* its answer */
        }
        struct value *row = value_map(cx->arena);
        value_set_str(cx->arena, row, "number", number);
        value_set_str(cx->arena, row, "cause", csv_cell(&csv, i, csv_column(&csv, "cause")));
        value_set_str(cx->arena, row, "document", csv_cell(&csv, i, csv_column(&csv, "document")));
        value_set_text(cx->arena, row, "about", form == NULL ? NULL : form->about);
        value_set_text(cx->arena, row, "kind", form == NULL ? NULL : form->kind);
        value_set_bool(cx->arena, row, "online", form != NULL);
        value_set_bool(cx->arena, row, "filed", form != NULL && filing_of(call, form) != NULL);
        value_add(cx->arena, list, row);
        ready += form != NULL;
    }
    value_set_str(cx->arena, view, "q", words);
    value_set(cx->arena, view, "forms", matching(call, list, words));
    value_set_int(cx->arena, view, "online", ready);
    return call_answer(call, view, "forms");
}

/* --- one form --- */

static struct value *sections_view(struct arena *arena, const struct element_form *form)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < form->section_count; i++) {
        value_add(arena, list, field_view(arena, form->sections[i]->group));
    }
    return list;
}

/* What the official form asks, in its order: [{"section","field","official"}]. */
static struct value *official_view(struct arena *arena, const struct element_form *form)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < form->section_count; i++) {
        const struct form_section *section = form->sections[i];
        for (uint32_t k = 0; k < value_count(section->official); k++) {
            struct value *row = value_map(arena);
            const struct member *field = &section->official->as.members[k];
            value_set_text(arena, row, "section", section->title);
            value_set_str(arena, row, "field",
                          str_printf(arena, "%s.%.*s", section->element, STR_ARG(field->key)));
            value_set(arena, row, "official", field->value);
            value_add(arena, list, row);
        }
    }
    return list;
}

/* The rows of the official answer, in its order: [{"section","row","label","type"}], then what it
 * has not ("ours"). type: "dispute", "confirm", "tick", "yesno", "choice" or "text". */
static struct value *answer_view(struct arena *arena, const struct element_form *form)
{
    struct value *list = value_list(arena);
    Str heading = STR("");
    for (uint32_t i = 0; i < form->reply_count; i++) {
        const struct form_reply *reply = &form->replies[i];
        struct value *row = value_map(arena);
        if (reply->heading[0] != '\0') {
            size_t line = strcspn(reply->heading, "\n");
            heading = str_slice(arena, str_of(reply->heading), 0, line);
        }
        value_set_str(arena, row, "section",
                      heading.n > 0  ? heading
                      : reply->below ? STR("事实与理由")
                                     : STR("答辩事项"));
        value_set_text(arena, row, "row", reply->name);
        value_set_text(arena, row, "label", reply->label);
        value_set_text(arena, row, "type",
                       reply->confirms                                    ? "confirm"
                       : !reply->own                                      ? "dispute"
                       : reply->choose != NULL                            ? "choice"
                       : reply->tick                                      ? "tick"
                       : reply->boxes[0] != '\0' || reply->yes[0] != '\0' ? "yesno"
                                                                          : "text");
        value_set_bool(arena, row, "ours", reply->ours);
        value_add(arena, list, row);
    }
    return list;
}

static struct value *form_view_of(struct call *call, const struct element_form *form)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    const struct cause *cause = cause_of(tables_of(call), form);
    value_set_text(arena, view, "number", form->number);
    value_set_text(arena, view, "title", form->title);
    value_set_text(arena, view, "about", form->about);
    value_set_text(arena, view, "kind", form->kind);
    value_set_text(arena, view, "document", form->document);
    value_set_text(arena, view, "caption", form->caption);
    value_set(arena, view, "cause", cause == NULL ? NULL : value_str(arena, cause->code));
    const struct procedure *filing = filing_of(call, form);
    value_set_text(arena, view, "filing", filing == NULL ? NULL : filing->name);
    value_set_text(arena, view, "filing_title", filing == NULL ? NULL : filing->title);
    value_set(arena, view, "form", sections_view(arena, form));
    value_set(arena, view, "official", official_view(arena, form));
    value_set(arena, view, "answer", answer_view(arena, form));
    value_set(arena, view, "sample", element_form_sample(arena, forms_of(call), form));
    return view;
}

enum status form_show(struct call *call)
{
    struct cx *cx = call->cx;
    const struct element_form *form = NULL;
    TRY(form_of(call, &form));
    return call_answer(call, form_view_of(call, form), "form");
}

/* --- printed --- */

struct printing {
    const struct element_form *form;
    bool sample;
    bool docx;
    Str bytes;
};

static enum status form_print(struct call *call)
{
    struct cx *cx = call->cx;
    struct printing *printing = call->kept;
    const struct element_forms *forms = forms_of(call);
    struct value *inputs = value_map(cx->arena);
    struct value *values = NULL;
    if (printing->sample) {
        values = element_form_sample(cx->arena, forms, printing->form);
        value_set(cx->arena, values, "claim",
                  element_form_claim(cx, forms, printing->form, tables_of(call), values,
                                     instant_date(clock_now())));
    }
    value_set_str(cx->arena, inputs, "issued-at", instant_format(cx->arena, clock_now()));
    value_set_bool(cx->arena, inputs, "sample", printing->sample);
    value_set(cx->arena, inputs, "element-form",
              element_form_paper(cx->arena, forms, printing->form, tables_of(call), values,
                                 call->app->house.origin));
    return printing->docx ? call->app->paper_docx(cx, call->app->paper_arg, 0, 0, "element-form",
                                                  inputs, &printing->bytes)
                          : call->app->paper_loose(cx, call->app->paper_arg, "element-form", inputs,
                                                   &printing->bytes);
}

static enum status form_send(struct call *call)
{
    struct arena *arena = call->cx->arena;
    const struct printing *printing = call->kept;
    Str name = str_printf(arena, "%s%s（%s）.%s", printing->form->title, printing->form->document,
                          printing->sample ? "示例" : "空白", printing->docx ? "docx" : "pdf");
    call_header(
        call, "Content-Disposition",
        str_printf(arena, "inline; filename*=UTF-8''%s", text_percent_encode(arena, name).p));
    struct http_answer answer = {.status = 200,
                                 .content_type = printing->docx ? DOCX_TYPE : "application/pdf",
                                 .body = printing->bytes,
                                 .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

static enum status form_paper(struct call *call, bool sample, bool docx)
{
    struct cx *cx = call->cx;
    struct printing *printing = arena_new(cx->arena, struct printing);
    printing->sample = sample;
    printing->docx = docx;
    TRY(form_of(call, &printing->form));
    TRY(pace_check(call, &print_pace, call->http->client));
    call->kept = printing;
    return call->app->paper_loose != NULL
               ? call_slow(call, form_print, form_send)
               : FAIL(cx, E_BUSY, "paper-pending", "nothing prints here");
}

enum status form_blank(struct call *call)
{
    return form_paper(call, false, false);
}

enum status form_sample(struct call *call)
{
    return form_paper(call, true, false);
}

enum status form_blank_docx(struct call *call)
{
    return form_paper(call, false, true);
}

enum status form_sample_docx(struct call *call)
{
    return form_paper(call, true, true);
}

/* --- rehearsal --- */

static const struct field **groups_of(struct arena *arena, const struct element_form *form)
{
    const struct field **groups = arena_array(arena, const struct field *, form->section_count);
    for (uint32_t i = 0; i < form->section_count; i++) {
        groups[i] = form->sections[i]->group;
    }
    return groups;
}

/* The groups of a form side by side, as fields_check() takes them. */
static struct field *fields_of(struct arena *arena, const struct element_form *form)
{
    struct field *fields = arena_array(arena, struct field, form->section_count);
    const struct field **groups = groups_of(arena, form);
    for (uint32_t i = 0; i < form->section_count; i++) {
        fields[i] = *groups[i];
    }
    return fields;
}

static struct value *values_said(struct call *call, const struct element_form *form)
{
    struct arena *arena = call->cx->arena;
    struct value *values = value_map(arena);
    const struct value *body = call->body_is_form ? call->body : value_get(call->body, "values");
    struct field *fields = fields_of(arena, form);
    for (uint32_t i = 0; i < form->section_count; i++) {
        const struct value *said = value_get(body, fields[i].name);
        value_set(arena, values, fields[i].name, said == NULL ? value_map(arena) : said);
    }
    return call->body_is_form ? fields_from_form(arena, fields, form->section_count, values)
                              : values;
}

static struct value *fee_of(struct call *call, const struct cause *cause, Money amount)
{
    struct cx *cx = call->cx;
    struct fee_answer answer;
    struct fee_ask ask = {.kind = fee_kind_of_cause(cause->code, amount > 0),
                          .has_amount = amount > 0,
                          .amount = amount,
                          .province = STR("")};
    if (fee_compute(cx, tables_of(call), &ask, &answer) != OK) {
        log_failure(cx, "form-rehearse");
        cx_forgive(cx);
        return NULL;
    }
    return fee_value(cx->arena, &answer);
}

static Str place_said(struct call *call, const char *name)
{
    const struct value *said = value_get(call->body, name);
    Str text = value_is_text(said) ? value_as_str(said) : value_get_str(said, "division");
    const struct division *division = division_by_code(tables_of(call), text);
    if (division == NULL && text.n > 0) {
        division = division_of_address(tables_of(call), text);
    }
    return division == NULL ? STR("") : division->code;
}

static struct value *courts_of(struct call *call, const struct cause *cause,
                               const struct value *claim)
{
    struct jurisdiction_answer answer;
    Str plaintiff = place_said(call, "plaintiff");
    Str defendant = place_said(call, "defendant");
    const struct value *place = value_get(claim, "place-of-performance");
    Str performance = value_get_str(place, "division");
    Money amount = value_get_int(claim, "amount");
    struct jurisdiction_ask ask = {.cause = cause->code,
                                   .plaintiffs = &plaintiff,
                                   .plaintiff_count = 1,
                                   .defendants = &defendant,
                                   .defendant_count = 1,
                                   .has_amount = amount > 0,
                                   .amount = amount,
                                   .money_claim = amount > 0};
    for (int i = 0; i < PLACE_COUNT; i++) {
        bool named = i == PLACE_PERFORMANCE || i == PLACE_TORT || i == PLACE_IMMOVABLE ||
                     i == PLACE_ACCIDENT;
        ask.places[i] = named ? performance : STR("");
    }
    jurisdiction_find(call->cx->arena, tables_of(call), &ask, &answer);
    return jurisdiction_value(call->cx->arena, &answer);
}

/* {"missing","errors","claim","fee","courts","procedure"} */
static struct value *rehearsal_of(struct call *call, const struct element_form *form,
                                  const struct value *values)
{
    struct cx *cx = call->cx;
    struct arena *arena = cx->arena;
    struct value *view = value_map(arena);
    Date today = instant_date(clock_now());
    struct field_world world = {.tables = tables_of(call), .today = today};
    const struct cause *cause = cause_of(world.tables, form);
    (void)fields_check(cx, fields_of(arena, form), form->section_count, &world, values, STR(""));
    struct value *claim = element_form_claim(cx, forms_of(call), form, world.tables, values, today);
    element_form_excuse(cx, form, claim);
    message_fill(call->app->messages, arena, cx->failure.errors);
    struct value *errors = cx->failure.errors == NULL ? value_list(arena) : cx->failure.errors;
    cx->failure.errors = NULL;
    value_set(arena, view, "errors", errors);
    value_set_int(arena, view, "missing", errors->count);
    value_set(arena, view, "claim", claim);
    value_set(arena, view, "fee",
              cause == NULL ? NULL : fee_of(call, cause, value_get_int(claim, "amount")));
    value_set(arena, view, "courts",
              cause == NULL ? NULL : value_get(courts_of(call, cause, claim), "courts"));
    const struct procedure *filing = filing_of(call, form);
    value_set_text(arena, view, "procedure", filing == NULL ? NULL : filing->name);
    return view;
}

enum status form_rehearse(struct call *call)
{
    struct cx *cx = call->cx;
    const struct element_form *form = NULL;
    TRY(form_of(call, &form));
    TRY(pace_check(call, &rehearse_pace, call->http->client));
    const struct value *said = value_get(call->body, "values");
    if (!call->body_is_form && said != NULL && !value_is_map(said)) {
        (void)cx_error(cx, "values", "type", "values 应当是一个对象");
        return FAIL(cx, E_INPUT, "fields", "values of another kind");
    }
    struct value *values = values_said(call, form);
    struct value *rehearsal = rehearsal_of(call, form, values);
    if (call->json) {
        return call_answer(call, rehearsal, NULL);
    }
    struct value *view = form_view_of(call, form);
    value_set(cx->arena, view, "rehearsal", rehearsal);
    value_set(cx->arena, view, "values", values);
    return call_answer(call, view, "form");
}
