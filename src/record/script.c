#include "record/script.h"

#include <string.h>

#include "base/check.h"

struct line {
    const char *statement;
    struct sql_value *args;
    size_t arg_count;
};

struct script {
    struct arena *arena;
    struct line *lines;
    uint32_t count;
    uint32_t room;
};

struct script *script_new(struct arena *arena)
{
    struct script *script = arena_new(arena, struct script);
    script->arena = arena;
    return script;
}

void script_add(struct script *script, const char *statement, const struct sql_value *args,
                size_t arg_count)
{
    if (script->count == script->room) {
        script->room = script->room == 0 ? 32 : script->room * 2;
        struct line *lines = arena_array(script->arena, struct line, script->room);
        if (script->count > 0) {
            memcpy(lines, script->lines, script->count * sizeof *lines);
        }
        script->lines = lines;
    }
    struct sql_value *copy = arena_array(script->arena, struct sql_value, arg_count);
    if (arg_count > 0) {
        memcpy(copy, args, arg_count * sizeof *copy);
    }
    script->lines[script->count++] = (struct line){statement, copy, arg_count};
}

uint32_t script_count(const struct script *script)
{
    return script->count;
}

enum status script_run(struct cx *cx, struct sql *sql, const struct script *script)
{
    for (uint32_t i = 0; i < script->count; i++) {
        const struct line *line = &script->lines[i];
        TRY(sql_exec(cx, sql, line->statement, line->args, line->arg_count));
    }
    return OK;
}
