#include "record/message.h"

#include <string.h>

#include "base/check.h"
#include "base/yaml.h"

struct messages {
    const struct value *entries; /* code to {title, detail} */
};

static enum status text_check(struct cx *cx, const char *name, const struct value *text)
{
    if (!value_is_text(text)) {
        return FAIL(cx, E_READ, "data-unreadable", "%s:%u: not a text", name, text->line);
    }
    bool open = false;
    for (size_t i = 0; i < text->as.text.n; i++) {
        char c = text->as.text.p[i];
        if ((c == '{' && open) || (c == '}' && !open)) {
            return FAIL(cx, E_READ, "data-unreadable", "%s:%u: braces that do not fit", name,
                        text->line);
        }
        open = c == '{' || (open && c != '}');
    }
    return open ? FAIL(cx, E_READ, "data-unreadable", "%s:%u: a brace is never closed", name,
                       text->line)
                : OK;
}

static enum status entry_check(struct cx *cx, const char *name, const struct member *member)
{
    const struct value *entry = member->value;
    uint32_t known = 0;
    for (uint32_t i = 0; value_is_map(entry) && i < entry->count; i++) {
        Str key = entry->as.members[i].key;
        known += str_is(key, "title") || str_is(key, "detail");
        TRY(text_check(cx, name, entry->as.members[i].value));
    }
    if (known == 0 || known != value_count(entry) || value_get_str(entry, "title").n == 0) {
        return FAIL(cx, E_READ, "data-unreadable", "%s:%u: %s needs a title, may have a detail",
                    name, entry->line, member->key.p);
    }
    return OK;
}

enum status messages_read(struct cx *cx, struct arena *arena, const char *name, Str yaml,
                          const struct messages **out)
{
    struct value *entries = NULL;
    TRY(yaml_read(cx, name, yaml, &entries));
    if (!value_is_map(entries)) {
        return FAIL(cx, E_READ, "data-unreadable", "%s:1: not a map of codes", name);
    }
    for (uint32_t i = 0; i < entries->count; i++) {
        TRY(entry_check(cx, name, &entries->as.members[i]));
    }
    if (value_get(entries, "bug") == NULL) {
        return FAIL(cx, E_READ, "data-unreadable", "%s:1: no entry \"bug\"", name);
    }
    struct messages *messages = arena_new(arena, struct messages);
    messages->entries = value_copy(arena, entries);
    *out = messages;
    return OK;
}

bool message_is_known(const struct messages *messages, const char *code)
{
    return value_get(messages->entries, code) != NULL;
}

static void argument_add(struct buf *out, const struct value *args, Str name)
{
    const struct value *arg = value_get_key(args, name);
    if (value_is_text(arg)) {
        buf_str(out, arg->as.text);
    } else if (arg != NULL && arg->kind == VALUE_INT) {
        buf_printf(out, "%lld", (long long)arg->as.number);
    }
}

static Str filled(struct arena *arena, Str text, const struct value *args)
{
    struct buf out;
    buf_init(&out, arena, 1 << 16);
    for (size_t i = 0; i < text.n;) {
        const char *open = memchr(text.p + i, '{', text.n - i);
        size_t to = open == NULL ? text.n : (size_t)(open - text.p);
        buf_add(&out, text.p + i, to - i);
        if (open == NULL) {
            break;
        }
        const char *close = memchr(open, '}', text.n - to);
        check(close != NULL); /* text_check() */
        argument_add(&out, args, str_copy(arena, open + 1, (size_t)(close - open) - 1));
        i = (size_t)(close - text.p) + 1;
    }
    return buf_done(&out);
}

static Str words(const struct messages *messages, struct arena *arena, const char *code,
                 const char *which, const struct value *args)
{
    const struct value *entry = code == NULL ? NULL : value_get(messages->entries, code);
    if (entry == NULL) {
        entry = value_get(messages->entries, "bug");
    }
    return filled(arena, value_get_str(entry, which), args);
}

Str message_title(const struct messages *messages, struct arena *arena, const char *code,
                  const struct value *args)
{
    return words(messages, arena, code, "title", args);
}

Str message_detail(const struct messages *messages, struct arena *arena, const char *code,
                   const struct value *args)
{
    return words(messages, arena, code, "detail", args);
}

void message_fill(const struct messages *messages, struct arena *arena, struct value *entries)
{
    for (uint32_t i = 0; i < value_count(entries); i++) {
        struct value *entry = entries->as.items[i];
        if (value_get_str(entry, "title").n == 0) {
            Str code = value_get_str(entry, "code");
            value_set_str(arena, entry, "title", message_title(messages, arena, code.p, entry));
        }
    }
}
