/* The answer as the official table (要素式答辩状): what it answers, row by row, with the boxes
 * ticked. */
#include <inttypes.h>

#include "flow/alignment.h"

/* Far more than a party may hand in; what is still being typed may hold more rows than that. */
enum { EVIDENCE_BYTES_MAX = 512 * 1024 };

struct sheet {
    struct arena *arena;
    const struct alignment_reply *reply;
    uint32_t number; /* of the row before */
    struct value *rows;
};

static void line_add(struct sheet *s, const char *kind, Str text)
{
    struct value *row = value_map(s->arena);
    value_set_str(s->arena, row, kind, text);
    value_add(s->arena, s->rows, row);
}

static void pair_add(struct sheet *s, Str label, Str text)
{
    struct value *row = value_map(s->arena);
    value_set_str(s->arena, row, "label", label);
    value_set_str(s->arena, row, "text", text.n == 0 ? STR("　") : text);
    value_add(s->arena, s->rows, row);
}

static const struct material *material_of(const struct matter *m, int64_t n)
{
    for (uint32_t i = 0; i < m->material_count; i++) {
        if (m->materials[i].n == n) {
            return &m->materials[i];
        }
    }
    return NULL;
}

Str alignment_evidence(struct arena *arena, const struct matter *m, const struct value *evidence)
{
    struct buf text;
    buf_init(&text, arena, EVIDENCE_BYTES_MAX);
    for (uint32_t i = 0; i < value_count(evidence) && !buf_is_over(&text); i++) {
        const struct value *item = value_item(evidence, i);
        int64_t n = value_get_int(item, "material");
        const struct material *material = material_of(m, n);
        Str page = value_get_str(item, "page");
        buf_printf(&text, "%s%s（第%" PRId64 "号材料）%s%s%s", i == 0 ? "" : "；",
                   material == NULL ? "" : material->name.p, n, page.n == 0 ? "" : "第", page.p,
                   page.n == 0 ? "" : "页");
    }
    return buf_done(&text);
}

static const struct value *said_at(const struct sheet *s, Str row)
{
    const struct value *rows = value_get(s->reply->answer, "rows");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        if (str_same(value_get_str(value_item(rows, i), "row"), row)) {
            return value_item(rows, i);
        }
    }
    return NULL;
}

/* 无☑　有□, or as some rows have it, 确认☑　异议□; then what is disputed, and why. */
static Str boxes(const struct sheet *s, const struct value *row, const struct value *said)
{
    bool confirms = value_get_bool(row, "confirms");
    Str stance = value_get_str(said, "stance");
    Str reason = value_get_str(said, "reason");
    bool admits = str_is(stance, "admit");
    bool partly = str_is(stance, "partly") || str_is(stance, "unknown");
    Str where = alignment_evidence(s->arena, s->reply->matter, value_get(said, "evidence"));
    return str_printf(
        s->arena, "%s%s　　%s%s\n%s：%s%s%s%s%s", confirms ? "确认" : "无", admits ? "☑" : "□",
        confirms ? "异议" : "有", stance.n > 0 && !admits ? "☑" : "□",
        value_get_bool(row, "below") ? "事实与理由" : "异议内容",
        partly ? alignment_stance_title(stance) : "", partly && reason.n > 0 ? "。" : "", reason.p,
        where.n == 0 ? "" : "\n证据：", where.p);
}

/* 同意☑　　不同意□　　暂不确定□ */
static Str choice_boxes(const struct sheet *s, const struct value *choose, Str chosen)
{
    Str text = STR("");
    for (uint32_t i = 0; i < value_count(choose); i++) {
        Str word = value_as_str(value_item(choose, i));
        text = str_printf(s->arena, "%s%s%s%s", text.p, i == 0 ? "" : "　　", word.p,
                          str_same(word, chosen) ? "☑" : "□");
    }
    return text;
}

/* What he says of his own; some rows ask first whether there is anything. */
static Str own_words(const struct sheet *s, const struct value *row, const struct value *said)
{
    Str text = value_get_str(said, "reason");
    Str asked = value_get_str(row, "boxes");
    Str yes = value_get_str(row, "yes");
    if (value_count(value_get(row, "choose")) > 0) {
        Str room = value_get_str(row, "room");
        return str_printf(
            s->arena, "%s%s%s",
            choice_boxes(s, value_get(row, "choose"), value_get_str(said, "choice")).p,
            room.n == 0 ? "" : "\n", room.n == 0 || text.n == 0 ? room.p : text.p);
    }
    if (yes.n > 0) {
        return str_printf(s->arena, "是%s　%s：%s\n否□", text.n > 0 ? "☑" : "□", yes.p, text.p);
    }
    if (asked.n == 0) {
        return text.n == 0 ? value_get_str(row, "room") : text;
    }
    return str_printf(s->arena, "无□　　有%s\n%s：%s", text.n > 0 ? "☑" : "□", asked.p, text.p);
}

/* Which rows stand below a heading: those of the official answer above and below the facts, then
 * what it has not. */
enum part { PART_CLAIM, PART_FACTS, PART_OURS };

static bool is_of(const struct value *row, enum part part)
{
    bool ours = value_get_bool(row, "ours");
    return part == PART_OURS ? ours : !ours && value_get_bool(row, "below") == (part == PART_FACTS);
}

static void part_add(struct sheet *s, const struct value *claim, enum part part, Str heading)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < value_count(claim); i++) {
        const struct value *row = value_item(claim, i);
        const struct value *said = said_at(s, value_get_str(row, "row"));
        if (!is_of(row, part)) {
            continue;
        }
        Str own_heading = value_get_str(row, "heading");
        if (n == 0 || own_heading.n > 0) {
            line_add(s, "heading", own_heading.n > 0 ? own_heading : heading);
            s->number = 0; /* anew below each heading */
        }
        if (n == 0 && part == PART_CLAIM && value_get_str(s->reply->answer, "opinion").n > 0) {
            line_add(s, "across", value_get_str(s->reply->answer, "opinion"));
        }
        Str label = value_get_str(row, "label");
        if (value_get_bool(row, "tick")) {
            bool ticked = value_get_str(said, "reason").n > 0;
            label = str_printf(s->arena, "%s%s", ticked ? "☑" : "□", label.p);
        }
        n++;
        label = value_get_bool(row, "plain") ? label
                                             : str_printf(s->arena, "%u．%s", ++s->number, label.p);
        Str text = value_get_bool(row, "own") ? own_words(s, row, said) : boxes(s, row, said);
        if (value_get_bool(row, "span")) {
            line_add(s, "across",
                     str_printf(s->arena, "%s\n%s", label.p, text.n == 0 ? "　" : text.p));
        } else {
            pair_add(s, label, text);
        }
    }
}

/* The last part of the official table: how the dispute might be settled. What is not asked of him
 * is left with room to tick; his wish for mediation is his own, not the plaintiff's. */
static void mediation_add(struct sheet *s, const struct element_form *form)
{
    struct form_ink ink = {.arena = s->arena,
                           .forms = s->reply->procedure->forms,
                           .tables = s->reply->tables,
                           .values = s->reply->values};
    for (uint32_t i = 0; form != NULL && i < form->section_count; i++) {
        const struct form_section *section = form->sections[i];
        if (!section->shared || !text_is(section->element, "mediation")) {
            continue;
        }
        ink.section = section;
        line_add(s, "heading", str_of(section->title));
        for (uint32_t k = 0; k < section->row_count; k++) {
            pair_add(s, str_of(section->rows[k].label),
                     form_ink_text(&ink, section->rows[k].print, section->group->fields,
                                   section->group->field_count, NULL, NULL));
        }
    }
}

static void people_add(struct sheet *s, const struct element_form *form, const struct cause *cause)
{
    const struct alignment_reply *reply = s->reply;
    struct form_ink ink = {.arena = s->arena,
                           .forms = reply->procedure->forms,
                           .tables = reply->tables,
                           .values = reply->values};
    if (form == NULL || !form->reply_caseless) {
        pair_add(s, STR("案号"), reply->matter->case_number);
        pair_add(s, STR("案由"),
                 cause != NULL  ? cause->name
                 : form != NULL ? str_of(form->title)
                                : STR(""));
    }
    line_add(s, "heading", STR("当事人信息"));
    for (uint32_t i = 0; form != NULL && i < form->answerer_count; i++) {
        const struct form_answerer *as = &form->answerers[i];
        pair_add(s, str_of(as->label),
                 element_form_answerer(&ink, as, as->agent ? reply->agent : reply->party));
    }
    if (form != NULL && form->answerer_count > 0) {
        return;
    }
    pair_add(s, str_printf(s->arena, "答辩人（%s）", reply->person ? "自然人" : "法人、非法人组织"),
             element_form_party(&ink, reply->person, reply->party));
    pair_add(s, STR("委托诉讼代理人"), element_form_agent(&ink, reply->agent));
}

struct value *alignment_reply_paper(struct arena *arena, const struct alignment_reply *reply)
{
    struct value *paper = value_map(arena);
    const struct cause *cause = cause_find(reply->tables, value_get_str(reply->values, "cause"));
    const struct element_form *form =
        element_form_asked(reply->procedure, reply->tables, reply->values);
    struct sheet s = {.arena = arena, .reply = reply, .rows = value_list(arena)};
    const struct value *claim =
        alignment_claim(arena, reply->procedure, reply->tables, reply->values, true);
    people_add(&s, form, cause);
    part_add(&s, claim, PART_CLAIM,
             str_printf(arena, "答辩事项\n%s",
                        form == NULL ? "（对原告诉讼请求的确认或者异议）" : form->reply_note));
    part_add(&s, claim, PART_FACTS, STR("事实与理由\n（对案件事实的确认或者异议）"));
    mediation_add(&s, form);
    part_add(&s, claim, PART_OURS, STR("官方表格以外的项目"));
    value_set_str(arena, paper, "title",
                  form != NULL    ? str_of(form->caption)
                  : cause != NULL ? cause->name
                                  : str_of(reply->procedure->title));
    value_set_text(arena, paper, "document",
                   form == NULL || form->reply_document[0] == '\0' ? "答辩状"
                                                                   : form->reply_document);
    value_set_text(arena, paper, "signer",
                   form == NULL || form->reply_signer[0] == '\0' ? "答辩人（签字、盖章）"
                                                                 : form->reply_signer);
    value_set_text(arena, paper, "notes",
                   form == NULL || form->reply_notes[0] == '\0' ? NULL : form->reply_notes);
    value_set(arena, paper, "rows", s.rows);
    return paper;
}
