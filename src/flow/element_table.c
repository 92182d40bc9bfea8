/* The official table, row by row, as papers print it. */
#include <string.h>

#include "base/money.h"
#include "flow/element_block.h"
#include "flow/element_form.h"
#include "law/identifier.h"
#include "law/source.h"

struct table {
    struct form_ink ink;
    struct value *rows;
};

static void row_add(struct table *t, const char *kind, Str text)
{
    struct value *row = value_map(t->ink.arena);
    value_set_str(t->ink.arena, row, kind, text);
    value_add(t->ink.arena, t->rows, row);
}

static void pair_add(struct table *t, Str label, Str text)
{
    struct value *row = value_map(t->ink.arena);
    value_set_str(t->ink.arena, row, "label", label);
    value_set_str(t->ink.arena, row, "text", text.n == 0 ? STR("　") : text);
    value_add(t->ink.arena, t->rows, row);
}

/* --- parties --- */

/* A civil form that asks more of its parties has a section of this title: it stands below their
 * blocks, without a heading of its own. */
static const char PARTIES_TITLE[] = "当事人信息";

/* LAW: civil-procedure-law@2023 124. The official blocks of people and of organisations. */
static const char PERSON[] =
    "姓名：{name}\n性别：{sex:male|男}　{sex:female|女}\n出生日期：{birth}　民族：{nation}\n"
    "工作单位：{employer}\n职务：{post}　联系电话：{phone}\n"
    "住所地（户籍所在地）：{address}\n经常居住地：{residence}\n"
    "证件类型：{identity:type}　证件号码：{identity}[\n法定代理人：{guardian}]";
static const char BODY[] =
    "名称：{name}\n住所地（主要办事机构所在地）：{address}\n注册地／登记地：{registered}\n"
    "法定代表人／负责人：{officer}　职务：{officer-post}\n联系电话：{phone}\n"
    "统一社会信用代码：{code}\n类型：{body-type}\n"
    "所有制性质：{ownership:state-controlled,state-share|国有}（{ownership:state-controlled|控股}　"
    "{ownership:state-share|参股}）　{ownership:private|民营}　{ownership:other|其他}"
    "[\n经营者：{operator}]";
/* Of a body, what the forms of patents and monopoly ask besides. */
static const char BODY_MORE[] =
    "\n如不具有以下情况，可不填：\n外资情况□：中外合资经营企业□　中外合作经营企业□　"
    "外商独资企业□　其他形式□\n出资方：　　　　\n份额构成：　　　　\n"
    "上市公司□：上市所在交易所：　　　　\n专精特新中小企业□";
static const char AGENT[] = "有☑\n姓名：{name}\n单位：{firm}　职务：{post}　联系电话：{phone}\n"
                            "代理权限：{authority}";
static const char AGENT_NONE[] =
    "有□\n姓名：　　　　\n单位：　　　　　职务：　　　　　联系电话：　　　　\n"
    "代理权限：一般授权□　特别授权□\n无%s";

static const struct field *parties_field(const struct form_ink *ink)
{
    return field_find(ink->forms->elements, ink->forms->element_count, STR("parties"));
}

/* A resident's number says his sex and the day of his birth, which nobody is asked twice. */
static const struct value *party_read(struct arena *arena, const struct value *party)
{
    const struct value *identity = value_get(party, "identity");
    bool text = value_is_text(identity);
    Str number = text ? value_as_str(identity) : value_get_str(identity, "number");
    struct identifier read;
    if ((!text && !str_is(value_get_str(identity, "type"), "resident-id")) || number.n == 0 ||
        !identifier_read(arena, IDENTIFIER_RESIDENT_ID, number, DATE_NONE, &read)) {
        return party;
    }
    struct value *whole = value_merge(arena, party, NULL);
    if (value_is_empty(value_get(party, "sex")) && read.sex != SEX_UNKNOWN) {
        value_set_text(arena, whole, "sex", read.sex == SEX_MALE ? "male" : "female");
    }
    if (value_is_empty(value_get(party, "birth"))) {
        value_set_str(arena, whole, "birth", date_format(arena, read.born));
    }
    return whole;
}

Str element_form_party(const struct form_ink *ink, bool person, const struct value *party)
{
    const struct field *parties = parties_field(ink);
    party = person ? party_read(ink->arena, party) : party;
    return parties == NULL ? STR("")
                           : form_ink_text(ink, person ? PERSON : BODY, parties->fields,
                                           parties->field_count, party, NULL);
}

Str element_form_agent(const struct form_ink *ink, const struct value *agent)
{
    const struct field *parties = parties_field(ink);
    const struct field *agents =
        parties == NULL ? NULL : field_find(parties->fields, parties->field_count, STR("agents"));
    return agents == NULL || agent == NULL
               ? str_printf(ink->arena, AGENT_NONE, "☑")
               : form_ink_text(ink, AGENT, agents->fields, agents->field_count, agent, NULL);
}

Str element_form_answerer(const struct form_ink *ink, const struct form_answerer *as,
                          const struct value *said)
{
    const struct field *in = parties_field(ink);
    if (as->agent) {
        in = in == NULL ? NULL : field_find(in->fields, in->field_count, STR("agents"));
    }
    if (in == NULL || (as->agent && said == NULL)) {
        return str_of(as->none);
    }
    return form_ink_text(ink, as->print, in->fields, in->field_count,
                         as->agent ? said : party_read(ink->arena, said), NULL);
}

static void agents_add(struct table *t, const struct field *parties, const struct value *party,
                       bool blank)
{
    const struct field *agents = field_find(parties->fields, parties->field_count, STR("agents"));
    const struct value *list = value_get(party, "agents");
    for (uint32_t i = 0; agents != NULL && value_is_list(list) && i < list->count; i++) {
        pair_add(t, STR("委托诉讼代理人"), element_form_agent(&t->ink, value_item(list, i)));
    }
    if (value_count(list) == 0) {
        pair_add(t, STR("委托诉讼代理人"), str_printf(t->ink.arena, AGENT_NONE, blank ? "□" : "☑"));
    }
}

static bool is_person(const struct value *party)
{
    return str_is(value_get_str(party, "kind"), "natural-person");
}

static void block_add(struct table *t, const struct element_form *form,
                      const struct form_block *block)
{
    struct arena *arena = t->ink.arena;
    Str text = element_form_party(&t->ink, block->person, NULL);
    pair_add(t, str_of(form_block_label(arena, form, block->role, block->person)),
             block->more ? str_printf(arena, "%s%s", text.p, BODY_MORE) : text);
}

/* Room for all whom the form has room for; the agent of the plaintiff stands behind him. */
static void blocks_add(struct table *t, const struct element_form *form, const char *role)
{
    const struct form_block usual[] = {{.role = role, .person = true, .label = ""},
                                       {.role = role, .person = false, .label = ""}};
    bool own = form->block_count > 0;
    const struct form_block *blocks = own ? form->blocks : usual;
    uint32_t count = own ? form->block_count : 2;
    for (uint32_t i = 0; i < count; i++) {
        if (text_is(blocks[i].role, role)) {
            block_add(t, form, &blocks[i]);
        }
    }
    if (text_is(role, "plaintiff")) {
        agents_add(t, parties_field(&t->ink), NULL, true);
    }
}

static void role_add(struct table *t, const struct element_form *form, const char *role, bool blank)
{
    const struct value *parties = value_get(t->ink.values, "parties");
    const struct field *field = parties_field(&t->ink);
    if (field == NULL) {
        return; /* a definition of forms without parties: their part is left out */
    }
    if (blank) {
        blocks_add(t, form, role);
        return;
    }
    for (uint32_t i = 0; value_is_list(parties) && i < parties->count; i++) {
        const struct value *party = value_item(parties, i);
        bool person = is_person(party);
        if (!str_is(value_get_str(party, "role"), role)) {
            continue;
        }
        pair_add(t, str_of(form_block_label(t->ink.arena, form, role, person)),
                 element_form_party(&t->ink, person, party));
        if (text_is(role, "plaintiff") || value_count(value_get(party, "agents")) > 0) {
            agents_add(t, field, party, false);
        }
    }
}

/* --- sections --- */

const struct value *element_form_said(struct arena *arena, const struct element_form *form,
                                      const struct form_section *section,
                                      const struct value *values)
{
    const struct value *said = value_get(values, section->element);
    const struct value *claim = value_get(values, "claim");
    if (section != form->claim || value_get(claim, "form") == NULL) {
        return said;
    }
    struct value *filled = element_form_fill(arena, said, claim);
    if (form->total[0] != '\0' && value_is_empty(value_get(said, form->total))) {
        value_set(arena, filled, form->total, value_get(claim, "amount"));
    }
    return filled;
}

/* --- rows that tell of a party: in a filing, what it says among the parties --- */

static Str source_words(const struct table *t, const struct field *in, Str name,
                        const struct value *said)
{
    const struct field *field = field_find(in->fields, in->field_count, name);
    bool whole = false;
    if (field != NULL && field->type == FIELD_CHOICE) {
        for (uint32_t i = 0; i < field->option_count; i++) {
            if (str_is(value_get_str(said, field->name), field->options[i].value)) {
                return str_of(field->options[i].title);
            }
        }
        return STR("");
    }
    const char *print = arena_printf(t->ink.arena, "{%s}", name.p);
    Str text = form_ink_text(&t->ink, print, in->fields, in->field_count, said, &whole);
    return whole ? text : STR("");
}

/* The option that is called so, or is the same value; else the one for all others. */
static Str option_called(const struct field *field, Str title, Str value)
{
    Str other = STR("");
    for (uint32_t i = 0; i < field->option_count && title.n > 0; i++) {
        if (str_is(title, field->options[i].title) || str_is(value, field->options[i].value)) {
            return str_of(field->options[i].value);
        }
        other = text_is(field->options[i].value, "other") ? STR("other") : other;
    }
    return other;
}

/* What the row's fields say of this party, laid over what was answered of it besides. */
static struct value *party_said(const struct table *t, const struct form_section *section,
                                const struct field *in, const struct value *party,
                                const struct value *besides)
{
    struct arena *arena = t->ink.arena;
    struct value *said = value_merge(arena, besides, NULL);
    party = party_read(arena, party);
    for (uint32_t i = 0; i < section->from->count; i++) {
        const struct member *from = &section->from->as.members[i];
        const struct field *field =
            field_find(section->group->fields, section->group->field_count, from->key);
        Str *names = NULL;
        size_t count = str_split(arena, value_as_str(from->value), '/', &names);
        if (names[0].p[0] == '=') {
            value_set(arena, said, field->name, value_get(besides, names[0].p + 1));
            continue;
        }
        Str words = STR("");
        for (size_t k = 0; k < count && words.n == 0; k++) {
            words = str_is(names[k], "have") ? (party == NULL ? STR("无") : STR("有"))
                                             : source_words(t, in, names[k], party);
        }
        if (field->type == FIELD_CHOICE) {
            words = option_called(field, words, value_get_str(party, names[0].p));
        }
        value_set_str(arena, said, field->name, words);
    }
    return said;
}

static bool row_is_of(const struct form_row *row, const struct value *party)
{
    bool person = is_person(party);
    return str_is(value_get_str(party, "role"), row->role) &&
           (row->party == FORM_PARTY_PERSON ? person : row->party != FORM_PARTY_BODY || !person);
}

static bool agent_is_of(const struct form_row *row, const struct value *agent)
{
    bool lawyer = str_is(value_get_str(agent, "kind"), "lawyer");
    return row->party == FORM_PARTY_AGENT || lawyer == (row->party == FORM_PARTY_LAWYER);
}

/* Whom the row tells of: parties, or agents of them. */
static struct value *row_parties(const struct table *t, const struct form_row *row)
{
    const struct value *parties = value_get(t->ink.values, "parties");
    struct value *list = value_list(t->ink.arena);
    bool agents = row->party >= FORM_PARTY_AGENT && row->party <= FORM_PARTY_OTHER_AGENT;
    for (uint32_t i = 0; value_is_list(parties) && i < parties->count; i++) {
        const struct value *party = value_item(parties, i);
        const struct value *inner = value_get(party, "agents");
        if (!row_is_of(row, party)) {
            continue;
        }
        for (uint32_t k = 0; agents && value_is_list(inner) && k < inner->count; k++) {
            if (agent_is_of(row, value_item(inner, k))) {
                value_add(t->ink.arena, list, value_item(inner, k));
            }
        }
        if (!agents &&
            (row->party != FORM_PARTY_GUARDIAN || value_get_str(party, "guardian").n > 0)) {
            value_add(t->ink.arena, list, party);
        }
    }
    return list;
}

/* A person's block is not printed blank beside that of an organisation in the same role. */
static bool role_is_told(const struct table *t, const struct form_row *row)
{
    struct form_row any = {.role = row->role, .party = FORM_PARTY_ANY};
    return row->party <= FORM_PARTY_BODY && row_parties(t, &any)->count > 0;
}

/* The label, with the box before it that some official rows have: □撤销行政处罚行为. */
static Str label_words(const struct table *t, const struct form_section *section,
                       const struct form_row *row, const struct value *said)
{
    const char *print = row->tick[0] == '\0'
                            ? row->label
                            : arena_printf(t->ink.arena, "{□%s:true|%s}", row->tick, row->label);
    return row->tick[0] == '\0' ? str_of(row->label)
                                : form_ink_text(&t->ink, print, section->group->fields,
                                                section->group->field_count, said, NULL);
}

static void row_print(struct table *t, const struct form_section *section,
                      const struct form_row *row, const struct value *said, uint32_t *n)
{
    Str text = form_ink_text(&t->ink, row->print, section->group->fields,
                             section->group->field_count, said, NULL);
    if (!form_row_is_printed(row) || (row->span && text.n == 0)) {
        return;
    }
    if (row->heading[0] != '\0') {
        row_add(t, "heading", str_of(row->heading));
        *n = 0;
    }
    if (row->span) {
        row_add(t, "across", text);
        return;
    }
    *n += 1;
    Str label = label_words(t, section, row, said);
    label = section->numbered ? str_printf(t->ink.arena, "%u．%s", *n, label.p) : label;
    if (row->print[0] == '\0') {
        row_add(t, "across", label);
    } else {
        pair_add(t, label, text);
    }
}

static void party_rows_print(struct table *t, const struct form_section *section,
                             const struct form_row *row, const struct value *besides, uint32_t *n)
{
    const struct field *parties = parties_field(&t->ink);
    const struct field *agents = field_find(parties->fields, parties->field_count, STR("agents"));
    bool of_agents = row->party >= FORM_PARTY_AGENT && row->party <= FORM_PARTY_OTHER_AGENT;
    const struct field *in = of_agents ? agents : parties;
    const struct value *list = row_parties(t, row);
    for (uint32_t i = 0; i < list->count; i++) {
        row_print(t, section, row,
                  party_said(t, section, in, value_item(list, i), i == 0 ? besides : NULL), n);
    }
    if (list->count == 0 && !role_is_told(t, row)) {
        row_print(t, section, row, party_said(t, section, in, NULL, besides), n);
    }
}

static void section_add(struct table *t, const struct element_form *form,
                        const struct form_section *section)
{
    uint32_t n = 0;
    const struct value *said = element_form_said(t->ink.arena, form, section, t->ink.values);
    bool filed = value_is_list(value_get(t->ink.values, "parties"));
    t->ink.section = section;
    if (!element_form_is_civil(form) || !text_is(section->title, PARTIES_TITLE)) {
        row_add(t, "heading",
                section->note[0] == '\0'
                    ? str_of(section->title)
                    : str_printf(t->ink.arena, "%s\n%s", section->title, section->note));
    }
    for (uint32_t i = 0; i < section->row_count; i++) {
        const struct form_row *row = &section->rows[i];
        if (filed && row->role[0] != '\0') {
            party_rows_print(t, section, row, said, &n);
        } else {
            row_print(t, section, row, said, &n);
        }
    }
}

struct value *element_form_table(struct arena *arena, const struct element_forms *forms,
                                 const struct element_form *form, const struct law_tables *tables,
                                 const struct value *values)
{
    static const char *const roles[] = {"plaintiff", "defendant", "third-party"};
    struct table t = {.ink = {.arena = arena, .forms = forms, .tables = tables, .values = values},
                      .rows = value_list(arena)};
    if (element_form_is_civil(form)) {
        row_add(&t, "heading", str_of(PARTIES_TITLE));
    }
    for (size_t i = 0; element_form_is_civil(form) && i < sizeof roles / sizeof roles[0]; i++) {
        role_add(&t, form, roles[i], values == NULL);
    }
    for (uint32_t i = 0; i < form->section_count; i++) {
        section_add(&t, form, form->sections[i]);
    }
    return t.rows;
}

/* --- for papers --- */

static struct value *lines_paper(struct arena *arena, const struct value *sheet)
{
    struct value *rows = value_list(arena);
    for (uint32_t i = 0; i < value_count(sheet); i++) {
        struct value *row = value_merge(arena, value_item(sheet, i), NULL);
        value_set_str(arena, row, "law-title", source_title(arena, value_get_str(row, "law")));
        value_add(arena, rows, row);
    }
    return rows;
}

static void set_sheet(struct arena *arena, const struct value *claim, struct value *paper)
{
    static const char *const sums[] = {"interest-all", "interest-paid", "interest"};
    struct value *rows = lines_paper(arena, value_get(claim, "sheet"));
    if (rows->count == 0) {
        return;
    }
    value_set(arena, paper, "sheet", rows);
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        value_set_int(arena, paper, sums[i], value_get_int(claim, sums[i]));
    }
    value_set_int(arena, paper, "year-days", value_get_int(value_item(rows, 0), "year_days"));
    value_set_bool(arena, paper, "uncertain", value_get_bool(claim, "interest-uncertain"));
}

/* The steps stand in the order of the heads: one that comes to what the next head does is called by
 * it. */
static Str step_words(struct arena *arena, const struct value *parts, uint32_t *next,
                      const struct value *line)
{
    const struct value *part = *next < value_count(parts) ? value_item(parts, *next) : NULL;
    const struct value *amount = value_get(line, "amount");
    Str rule = value_get_str(line, "rule");
    if (part == NULL || amount == NULL || value_get(line, "text") == NULL ||
        value_as_int(amount) != value_get_int(part, "amount")) {
        return rule;
    }
    *next += 1;
    return str_printf(arena, "%s：%s", value_get_str(part, "title").p, rule.p);
}

static struct value *steps_paper(struct arena *arena, const struct value *sheet)
{
    const struct value *working = value_get(sheet, "working");
    const struct value *parts = value_get(sheet, "parts");
    struct value *rows = value_list(arena);
    uint32_t next = 0;
    for (uint32_t i = 0; i < value_count(working); i++) {
        const struct value *line = value_item(working, i);
        struct value *row = value_map(arena);
        const struct value *amount = value_get(line, "amount");
        value_set_int(arena, row, "line", i + 1);
        value_set_str(arena, row, "rule", step_words(arena, parts, &next, line));
        value_set_str(arena, row, "result",
                      amount == NULL
                          ? value_get_str(line, "text")
                          : str_printf(arena, "%s元", money_format(arena, value_as_int(amount)).p));
        value_set_str(arena, row, "law-title", source_title(arena, value_get_str(line, "law")));
        value_add(arena, rows, row);
    }
    return rows;
}

static struct value *notices_paper(struct arena *arena, const struct value *notices)
{
    struct value *told = value_list(arena);
    for (uint32_t i = 0; i < value_count(notices); i++) {
        struct value *row = value_map(arena);
        value_set(arena, row, "text", value_item(notices, i));
        value_add(arena, told, row);
    }
    return told->count > 0 ? told : NULL;
}

/* The sheet of each calculator: its steps, its lines of interest, and what was not computed. */
static void set_counted(struct arena *arena, const struct value *claim, Str origin,
                        struct value *paper)
{
    const struct value *sheets = element_form_sheets(arena, claim);
    struct value *counted = value_list(arena);
    for (uint32_t i = 0; i < value_count(sheets); i++) {
        const struct value *sheet = value_item(sheets, i);
        struct value *shown = value_map(arena);
        struct value *lines = lines_paper(arena, value_get(sheet, "sheet"));
        if (value_count(value_get(sheet, "working")) == 0) {
            continue; /* nothing came of it */
        }
        value_set(arena, shown, "title", value_get(sheet, "title"));
        value_set(arena, shown, "steps", steps_paper(arena, sheet));
        value_set(arena, shown, "lines", lines->count > 0 ? lines : NULL);
        value_set(arena, shown, "notices", notices_paper(arena, value_get(sheet, "notices")));
        Str again = value_get_str(sheet, "again");
        if (again.n > 0) {
            value_set_str(arena, shown, "again",
                          str_printf(arena, "%.*s%s", STR_ARG(origin), again.p));
        }
        value_add(arena, counted, shown);
    }
    value_set(arena, paper, "counted", counted->count > 0 ? counted : NULL);
}

struct value *element_form_paper(struct arena *arena, const struct element_forms *forms,
                                 const struct element_form *form, const struct law_tables *tables,
                                 const struct value *values, Str origin)
{
    struct value *paper = value_map(arena);
    value_set_text(arena, paper, "title", form->caption);
    value_set_text(arena, paper, "number", form->number);
    value_set_text(arena, paper, "document", form->document);
    value_set_text(arena, paper, "signer", form->signer);
    value_set_text(arena, paper, "notes", form->notes[0] == '\0' ? NULL : form->notes);
    value_set_text(arena, paper, "after", form->after[0] == '\0' ? NULL : form->after);
    value_set(arena, paper, "rows", element_form_table(arena, forms, form, tables, values));
    set_sheet(arena, value_get(values, "claim"), paper);
    set_counted(arena, value_get(values, "claim"), origin, paper);
    return paper;
}

static Str example_of(const struct field *parties, const char *name)
{
    return value_as_str(field_find(parties->fields, parties->field_count, str_of(name))->example);
}

/* Where the table has no room for a person in the role, the sample's party is a body. */
static struct value *sample_parties(struct arena *arena, const struct element_form *form,
                                    const struct field *parties)
{
    static const char *const said[] = {"code", "officer", "officer-post", "phone"};
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(parties->example); i++) {
        struct value *party = value_merge(arena, value_item(parties->example, i), NULL);
        const char *role = value_get_str(party, "role").p;
        if (form_block_wants_body(form, role)) {
            const struct value *address = value_get(party, "address");
            party = value_map(arena);
            value_set_text(arena, party, "role", role);
            value_set_text(arena, party, "kind", "legal-person");
            value_set_str(arena, party, "name", example_of(parties, "employer"));
            value_set(arena, party, "address", address);
            for (size_t k = 0; k < sizeof said / sizeof said[0]; k++) {
                value_set_str(arena, party, said[k], example_of(parties, said[k]));
            }
        }
        value_add(arena, list, party);
    }
    return list;
}

struct value *element_form_sample(struct arena *arena, const struct element_forms *forms,
                                  const struct element_form *form)
{
    static const char *const others[] = {"mediation-wish", "parties"};
    struct value *values = value_map(arena);
    size_t count = element_form_is_civil(form) ? 2 : 1; /* others ask their parties themselves */
    for (size_t i = 0; i < count; i++) {
        const struct field *field =
            field_find(forms->elements, forms->element_count, str_of(others[i]));
        if (field != NULL) {
            value_set(arena, values, field->name,
                      i == 1 ? sample_parties(arena, form, field) : field->example);
        }
    }
    for (uint32_t i = 0; i < form->section_count; i++) {
        const struct field *group = form->sections[i]->group;
        value_set(arena, values, form->sections[i]->element,
                  fields_example(arena, group->fields, group->field_count));
    }
    return values;
}
