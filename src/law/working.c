#include "law/working.h"

void working_begin(struct working *working, struct arena *arena)
{
    working->arena = arena;
    working->lines = value_list(arena);
}

struct value *working_add(struct working *working, const char *rule, const char *law)
{
    struct value *line = value_map(working->arena);
    value_set_text(working->arena, line, "rule", rule);
    value_set_text(working->arena, line, "law", law);
    value_add(working->arena, working->lines, line);
    return line;
}

struct value *working_text(struct working *working, const char *rule, const char *law, Str text)
{
    struct value *line = working_add(working, rule, law);
    value_set_str(working->arena, line, "text", text);
    return line;
}

struct value *working_amount(struct working *working, const char *rule, const char *law,
                             Money amount)
{
    struct value *line = working_add(working, rule, law);
    value_set_int(working->arena, line, "amount", amount);
    return line;
}

struct value *working_date(struct working *working, const char *rule, const char *law, Date date)
{
    struct value *line = working_add(working, rule, law);
    value_set_str(working->arena, line, "date", date_format(working->arena, date));
    return line;
}

void working_tables(struct working *working, const struct law_tables *tables)
{
    working_text(working, "所用数据表的版本", "", tables->version);
}
