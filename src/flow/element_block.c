#include "flow/element_block.h"

#include "flow/shape.h"

static const char *const ROLES[][2] = {
    {"plaintiff", "原告"}, {"defendant", "被告"}, {"third-party", "第三人"}};

static bool is_role(Str role)
{
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        if (str_is(role, ROLES[i][0])) {
            return true;
        }
    }
    return false;
}

enum status form_blocks_read(struct cx *cx, const char *file, const struct value *yaml,
                             struct element_form *form)
{
    static const char *const keys[] = {"role:t", "of:t", "row:t", "more:b", NULL};
    uint32_t count = value_count(yaml);
    struct form_block *blocks = arena_array(cx->arena, struct form_block, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct value *item = value_item(yaml, i);
        TRY(shape_check(cx, file, item, keys));
        Str of = value_get_str(item, "of");
        blocks[i] = (struct form_block){.role = value_get_str(item, "role").p,
                                        .person = str_is(of, "person"),
                                        .more = value_get_bool(item, "more"),
                                        .label = value_get_str(item, "row").p};
        if (!element_form_is_civil(form) || !is_role(value_get_str(item, "role")) ||
            !(blocks[i].person || str_is(of, "body"))) {
            return FAIL(cx, E_READ, "data-unreadable", "%s:%u: block of nobody: %.*s", file,
                        item->line, STR_ARG(of));
        }
    }
    form->blocks = blocks;
    form->block_count = count;
    return OK;
}

const char *form_block_label(struct arena *arena, const struct element_form *form, const char *role,
                             bool person)
{
    const char *title = "";
    for (uint32_t i = 0; i < form->block_count; i++) {
        const struct form_block *block = &form->blocks[i];
        if (text_is(block->role, role) && block->person == person && block->label[0] != '\0') {
            return block->label;
        }
    }
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        title = text_is(ROLES[i][0], role) ? ROLES[i][1] : title;
    }
    return arena_printf(arena, "%s（%s）", title, person ? "自然人" : "法人、非法人组织");
}

bool form_block_wants_body(const struct element_form *form, const char *role)
{
    bool body = false;
    for (uint32_t i = 0; i < form->block_count; i++) {
        if (text_is(form->blocks[i].role, role)) {
            body = true;
            if (form->blocks[i].person) {
                return false;
            }
        }
    }
    return body;
}
