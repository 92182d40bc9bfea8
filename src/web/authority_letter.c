/* The letter of authority (授权委托书) of a draft's parties, to be printed, signed by hand and
 * handed in: filled from what stands in the draft, one for each party that has agents. */
#include "web/authority_letter.h"

#include <inttypes.h>

#include "base/clock.h"
#include "flow/authority.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/page_parts.h"

#define DOCX_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

static const struct pace letter_pace = {"authority-print", 30, 30};

struct letter {
    const struct seen *seen;
    struct value *letters;
    bool docx;
    Str bytes;
};

static void copy(struct arena *arena, struct value *to, const char *name, const struct value *from,
                 const char *key)
{
    Str text = value_get_str(from, key);
    if (text.n > 0) {
        value_set_str(arena, to, name, text);
    }
}

/* What stands under 特别授权, in words; "" when nothing was chosen. LAW: civil-procedure-law@2023
 * 62 */
static Str powers_words(struct arena *arena, const struct value *powers)
{
    static const struct option words[] = {{"admit", "代为承认、放弃、变更诉讼请求"},
                                          {"settle", "代为进行和解"},
                                          {"counterclaim", "代为提起反诉"},
                                          {"appeal", "代为提起上诉"},
                                          {"receive", "代收案款"}};
    Str text = STR("");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (field_value_in(powers, &words[i].value, 1)) {
            text = str_printf(arena, "%s%s%s", text.p, text.n == 0 ? "" : "，", words[i].title);
        }
    }
    return text;
}

/* Without each power by its name a mandate is a general one, whatever it is called.
 * LAW: civil-procedure-interpretation@2022 89 */
static struct value *agent_of(struct arena *arena, const struct value *agent)
{
    static const char *const same[] = {"name", "firm", "post", "licence", "phone"};
    struct value *out = value_map(arena);
    bool special = str_is(value_get_str(agent, "authority"), "special");
    Str powers = special ? powers_words(arena, value_get(agent, "powers")) : STR("");
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        copy(arena, out, same[i], agent, same[i]);
    }
    if (powers.n > 0) {
        value_set_str(arena, out, "powers", powers);
    } else {
        value_set_bool(arena, out, "general", true);
    }
    return out;
}

static struct value *agents_of(struct arena *arena, const struct value *party)
{
    const struct value *agents = value_get(party, "agents");
    struct value *list = value_list(arena);
    for (uint32_t i = 0; value_is_list(agents) && i < agents->count; i++) {
        if (value_get_str(agents->as.items[i], "name").n > 0) {
            value_add(arena, list, agent_of(arena, agents->as.items[i]));
        }
    }
    return list;
}

static Str names_against(struct arena *arena, const struct value *parties, Str role)
{
    Str names = STR("");
    for (uint32_t i = 0; i < value_count(parties); i++) {
        const struct value *other = value_item(parties, i);
        Str name = value_get_str(other, "name");
        bool against = !str_same(value_get_str(other, "role"), role) &&
                       !str_is(value_get_str(other, "role"), "third-party");
        if (against && name.n > 0) {
            names = str_printf(arena, "%s%s%s", names.p, names.n == 0 ? "" : "、", name.p);
        }
    }
    return names;
}

static void address_set(struct arena *arena, const struct law_tables *tables,
                        const struct value *party, struct value *letter)
{
    const struct value *address = value_get(party, "address");
    Str detail = value_is_map(address) ? value_get_str(address, "detail") : value_as_str(address);
    Str place = division_full_name(arena, tables, value_get_str(address, "division"));
    if (detail.n > 0) {
        value_set_str(arena, letter, "address",
                      str_starts(detail, place.p) ? detail
                                                  : str_printf(arena, "%s%s", place.p, detail.p));
    }
}

static struct value *letters_of(struct call *call, const struct seen *seen)
{
    struct arena *arena = call->cx->arena;
    const struct value *parties = value_get(seen->clear, "parties");
    const struct cause *cause = cause_find(page_tables(call), value_get_str(seen->clear, "cause"));
    struct value *letters = value_list(arena);
    for (uint32_t i = 0; value_is_list(parties) && i < parties->count; i++) {
        const struct value *party = parties->as.items[i];
        const struct value *identity = value_get(party, "identity");
        struct value *agents = agents_of(arena, party);
        struct value *letter = value_map(arena);
        Str against = names_against(arena, parties, value_get_str(party, "role"));
        if (agents->count == 0 || value_get_str(party, "name").n == 0) {
            continue;
        }
        copy(arena, letter, "name", party, "name");
        copy(arena, letter, "code", party, "uscc");
        copy(arena, letter, "officer", party, "officer");
        copy(arena, letter, "phone", party, "phone");
        Str number =
            value_is_map(identity) ? value_get_str(identity, "number") : value_as_str(identity);
        if (number.n > 0) {
            value_set_str(arena, letter, "number", number);
        }
        if (against.n > 0) {
            value_set_str(arena, letter, "against", against);
        }
        if (cause != NULL) {
            value_set_str(arena, letter, "cause", cause->name);
        }
        address_set(arena, page_tables(call), party, letter);
        value_set_bool(arena, letter, "next", letters->count > 0);
        value_set(arena, letter, "agents", agents);
        value_add(arena, letters, letter);
    }
    return letters;
}

bool authority_letter_is_wanted(struct call *call, const struct seen *seen)
{
    return seen->matter->events == 0 && letters_of(call, seen)->count > 0;
}

static enum status letter_print(struct call *call)
{
    struct cx *cx = call->cx;
    struct letter *letter = call->kept;
    struct value *inputs = value_map(cx->arena);
    value_set_str(cx->arena, inputs, "issued-at",
                  instant_format(cx->arena, letter->seen->matter->updated));
    value_set(cx->arena, inputs, "letters", letter->letters);
    return letter->docx ? call->app->paper_docx(cx, call->app->paper_arg, 0, 0, "authority", inputs,
                                                &letter->bytes)
                        : call->app->paper_loose(cx, call->app->paper_arg, "authority", inputs,
                                                 &letter->bytes);
}

static enum status letter_send(struct call *call)
{
    const struct letter *letter = call->kept;
    Str name = letter->docx ? STR("授权委托书.docx") : STR("授权委托书.pdf");
    call_header(call, "Content-Disposition",
                str_printf(call->cx->arena, "inline; filename*=UTF-8''%s",
                           text_percent_encode(call->cx->arena, name).p));
    struct http_answer answer = {.status = 200,
                                 .content_type = letter->docx ? DOCX_TYPE : "application/pdf",
                                 .body = letter->bytes,
                                 .headers = call->headers};
    http_answer(call->http, &answer);
    call->answered = true;
    return OK;
}

/* Of a draft, for whoever sees it whole: its numbers are printed in full. */
static enum status letter_show(struct call *call, bool docx)
{
    struct cx *cx = call->cx;
    struct letter *letter = arena_new(cx->arena, struct letter);
    TRY(page_seen(call, &letter->seen));
    letter->docx = docx;
    if (letter->seen->matter->events > 0) {
        return FAIL(cx, E_STATE, "not-a-draft", "letters of authority are made before the filing");
    }
    letter->letters = letters_of(call, letter->seen);
    if (!authority_sees_whole(&call->actor, letter->seen->matter) || letter->letters->count == 0) {
        return FAIL(cx, E_NOT_FOUND, "not-found", "no party with an agent");
    }
    TRY(pace_check(call, &letter_pace, call->http->client));
    call->kept = letter;
    return call->app->paper_loose != NULL
               ? call_slow(call, letter_print, letter_send)
               : FAIL(cx, E_BUSY, "paper-pending", "nothing prints here");
}

enum status authority_letter_pdf(struct call *call)
{
    return letter_show(call, false);
}

enum status authority_letter_docx(struct call *call)
{
    return letter_show(call, true);
}
