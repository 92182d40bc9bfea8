#include "web/guidance.h"

#include <string.h>

#include "base/yaml.h"
#include "law/period.h"

struct guidance {
    struct value *procedures; /* name to words */
    const struct value *doors;
    const struct value *none;
};

/* --- reading --- */

static enum status fault(struct cx *cx, const char *file, const struct value *at, const char *why,
                         Str what)
{
    return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s: %.*s", file, at == NULL ? 0 : at->line,
                why, STR_ARG(what));
}

static enum status keys_known(struct cx *cx, const char *file, const struct value *map,
                              const char *const *known)
{
    for (uint32_t i = 0; i < value_count(map); i++) {
        bool found = false;
        for (size_t k = 0; known[k] != NULL; k++) {
            found = found || str_is(map->as.members[i].key, known[k]);
        }
        if (!found) {
            return fault(cx, file, map->as.members[i].value, "unknown key", map->as.members[i].key);
        }
    }
    return OK;
}

static enum status acts_known(struct cx *cx, const char *file, const struct procedure *procedure,
                              const struct value *names)
{
    for (uint32_t i = 0; i < value_count(names); i++) {
        Str name = value_as_str(value_item(names, i));
        if (procedure_act(procedure, name) == NULL) {
            return fault(cx, file, names, "no such act", name);
        }
    }
    return OK;
}

/* {due.NAME} in any text of these words is the end of a clock of the procedure. */
static enum status clocks_known(struct cx *cx, const char *file, const struct procedure *procedure,
                                const struct value *words)
{
    static const char mark[] = "{due.";
    const char *at = value_as_str(words).p;
    for (uint32_t i = 0; i < value_count(words); i++) {
        TRY(clocks_known(cx, file, procedure,
                         words->kind == VALUE_MAP ? words->as.members[i].value
                                                  : value_item(words, i)));
    }
    while ((at = strstr(at, mark)) != NULL) {
        at += sizeof mark - 1;
        Str name = str_copy(cx->arena, at, strcspn(at, "}"));
        bool found = false;
        for (uint32_t i = 0; i < procedure->clock_count; i++) {
            found = found || str_is(name, procedure->clocks[i].name);
        }
        if (!found) {
            return fault(cx, file, words, "no such clock", name);
        }
    }
    return OK;
}

static enum status appeal_check(struct cx *cx, const char *file, const struct value *appeal)
{
    struct period_rule rule = {.unit = PERIOD_DAYS};
    Str limit = value_get_str(appeal, "limit");
    return appeal == NULL || period_parse(limit, &rule)
               ? OK
               : fault(cx, file, appeal, "no period", limit);
}

static enum status state_check(struct cx *cx, const char *file, const struct procedure *procedure,
                               const struct member *member)
{
    static const char *const known[] = {"tone", "party", "court", "todo", "appeal", NULL};
    static const char *const side_keys[] = {"title", "text", "late", "acts", "papers", NULL};
    static const char *const late_keys[] = {"title", "text", NULL};
    static const char *const todo_keys[] = {"title", "list", "item", "text", "act", NULL};
    static const char *const appeal_keys[] = {"paper", "limit", "law", NULL};
    static const char *const sides[] = {"party", "court"};
    if (procedure_state(procedure, member->key) == NULL) {
        return fault(cx, file, member->value, "no such state", member->key);
    }
    TRY(keys_known(cx, file, member->value, known));
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        const struct value *side = value_get(member->value, sides[i]);
        TRY(keys_known(cx, file, side, side_keys));
        TRY(keys_known(cx, file, value_get(side, "late"), late_keys));
        TRY(acts_known(cx, file, procedure, value_get(side, "acts")));
    }
    TRY(appeal_check(cx, file, value_get(member->value, "appeal")));
    TRY(keys_known(cx, file, value_get(member->value, "appeal"), appeal_keys));
    return keys_known(cx, file, value_get(member->value, "todo"), todo_keys);
}

static enum status act_check(struct cx *cx, const char *file, const struct procedure *procedure,
                             const struct member *member)
{
    static const char *const known[] = {"about", "button", "danger",  "key",
                                        "done",  "link",   "phrases", NULL};
    static const char *const phrase_keys[] = {"list", "item", "text", NULL};
    if (procedure_act(procedure, member->key) == NULL) {
        return fault(cx, file, member->value, "no such act", member->key);
    }
    TRY(keys_known(cx, file, member->value, known));
    TRY(keys_known(cx, file, value_get(member->value, "phrases"), phrase_keys));
    const struct value *link = value_get(member->value, "link");
    for (uint32_t i = 0; i < value_count(link); i++) {
        if (procedure_state(procedure, link->as.members[i].key) == NULL) {
            return fault(cx, file, link, "no such state", link->as.members[i].key);
        }
    }
    return OK;
}

static enum status words_check(struct cx *cx, const char *file, const struct procedure *procedure,
                               const struct value *words)
{
    static const char *const known[] = {"before",  "noun",   "limit", "steps", "fee",
                                        "prepare", "states", "acts",  NULL};
    const struct value *states = value_get(words, "states");
    const struct value *acts = value_get(words, "acts");
    TRY(keys_known(cx, file, words, known));
    TRY(clocks_known(cx, file, procedure, words));
    for (uint32_t i = 0; i < value_count(states); i++) {
        TRY(state_check(cx, file, procedure, &states->as.members[i]));
    }
    for (uint32_t i = 0; i < value_count(acts); i++) {
        TRY(act_check(cx, file, procedure, &acts->as.members[i]));
    }
    return OK;
}

static Str file_text(const struct share_file *file)
{
    return (Str){(const char *)file->bytes, file->size};
}

/* A file is for a procedure, or for all that are laid over the envelope of that name. */
static bool is_for_some(const struct procedures *procedures, Str name)
{
    bool found = false;
    for (uint32_t i = 0; i < procedures_count(procedures); i++) {
        const struct procedure *p = procedures_at(procedures, i);
        found = found || str_is(name, p->name) || str_is(name, p->envelope);
    }
    return found;
}

/* The words of each procedure: its own, laid over those of its envelope. */
static enum status words_join(struct cx *cx, struct guidance *guidance, const struct value *files,
                              const struct procedures *procedures)
{
    for (uint32_t i = 0; i < procedures_count(procedures); i++) {
        const struct procedure *p = procedures_at(procedures, i);
        const struct value *own = value_get(files, p->name);
        const struct value *shared = p->envelope[0] == '\0' ? NULL : value_get(files, p->envelope);
        if (p != procedure_find(procedures, str_of(p->name), 0) ||
            (own == NULL && shared == NULL)) {
            continue;
        }
        const char *file =
            arena_printf(cx->arena, "data/guidance/%s.yaml", own != NULL ? p->name : p->envelope);
        struct value *words = value_merge(cx->arena, shared, own);
        TRY(words_check(cx, file, p, words));
        value_set(cx->arena, guidance->procedures, p->name, words);
    }
    return OK;
}

enum status guidance_read(struct cx *cx, struct arena *arena, const struct share *share,
                          const struct procedures *procedures, const struct guidance **out)
{
    static const char folder[] = "data/guidance/";
    struct cx mine;
    const struct share_file *file = NULL;
    size_t count = share_list(share, folder, &file);
    struct guidance *guidance = arena_new(arena, struct guidance);
    struct value *files = value_map(arena);
    struct value *doors = NULL;
    cx_init(&mine, arena); /* what is read lives as long as the program */
    guidance->procedures = value_map(arena);
    guidance->none = value_map(arena);
    for (size_t i = 0; i < count; i++) {
        struct value *words = NULL;
        const char *base = file[i].path + sizeof folder - 1;
        Str name = str_copy(arena, base, strcspn(base, "."));
        if (!is_for_some(procedures, name)) {
            return fault(cx, file[i].path, NULL, "no such procedure", name);
        }
        if (yaml_read(&mine, file[i].path, file_text(&file[i]), &words) != OK) {
            cx->failure = mine.failure;
            return cx->failure.status;
        }
        value_set_key(arena, files, name, words);
    }
    if (words_join(&mine, guidance, files, procedures) != OK) {
        cx->failure = mine.failure;
        return cx->failure.status;
    }
    if (yaml_read(&mine, "data/doors.yaml", share_text(share, "data/doors.yaml"), &doors) != OK) {
        cx->failure = mine.failure;
        return cx->failure.status;
    }
    guidance->doors = doors;
    *out = guidance;
    return OK;
}

const struct value *guidance_of(const struct guidance *guidance, Str procedure)
{
    const struct value *words = value_get_key(guidance->procedures, procedure);
    return words == NULL ? guidance->none : words;
}

const struct value *guidance_doors(const struct guidance *guidance)
{
    return guidance->doors;
}

/* --- filling --- */

static const char full_stop[] = "。";

/* One sentence; false when a name in it has nothing to say. */
static bool sentence_fill(struct arena *arena, struct buf *out, Str sentence,
                          const struct value *args)
{
    struct buf buf;
    buf_init(&buf, arena, (size_t)16 * 1024);
    for (size_t i = 0; i < sentence.n; i++) {
        const char *close =
            sentence.p[i] == '{' ? memchr(sentence.p + i, '}', sentence.n - i) : NULL;
        if (close == NULL) {
            buf_char(&buf, sentence.p[i]);
            continue;
        }
        size_t end = (size_t)(close - sentence.p);
        Str text = value_get_str(args, str_slice(arena, sentence, i + 1, end).p);
        if (text.n == 0) {
            return false;
        }
        buf_str(&buf, text);
        i = end;
    }
    buf_str(out, buf_done(&buf));
    return true;
}

Str guidance_fill(struct arena *arena, Str text, const struct value *args)
{
    struct buf out;
    size_t from = 0;
    buf_init(&out, arena, (size_t)64 * 1024);
    while (from < text.n) {
        const char *stop = strstr(text.p + from, full_stop);
        size_t to = stop == NULL ? text.n : (size_t)(stop - text.p) + sizeof full_stop - 1;
        (void)sentence_fill(arena, &out, str_slice(arena, text, from, to), args);
        from = to;
    }
    return buf_done(&out);
}
