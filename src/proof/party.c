/* Class A: who the parties are, and whether the document says so the same way everywhere. */
#include <string.h>

#include "proof/proofing.h"

/* --- A01: one character off --- */

/* How many characters differ between two stretches of the same number of characters; 2 means
 * "many".
 */
static int differences(Str text, size_t at, Str name, size_t *end)
{
    int differ = 0;
    size_t k = 0;
    while (k < name.n) {
        uint32_t a = 0;
        uint32_t b = 0;
        size_t n = scan_char(name, k, &a);
        size_t m = scan_char(text, at, &b);
        if (m == 0 || (!scan_is_han(b) && scan_is_han(a))) {
            return 2;
        }
        differ += a != b;
        if (differ > 1) {
            return differ;
        }
        k += n;
        at += m;
    }
    *end = at;
    return differ;
}

static bool is_somebody(const struct proofing *p, struct span at)
{
    for (uint32_t i = 0; i < p->r->party_count; i++) {
        Str name = p->r->parties[i].name;
        if (name.n == at.to - at.from && memcmp(name.p, p->r->text.p + at.from, name.n) == 0) {
            return true;
        }
    }
    const struct value *known = value_get(p->r->facts, "parties");
    for (uint32_t i = 0; i < value_count(known); i++) {
        Str name = value_get_str(value_item(known, i), "name");
        if (name.n == at.to - at.from && memcmp(name.p, p->r->text.p + at.from, name.n) == 0) {
            return true;
        }
    }
    /* An agent, a judge or a witness may bear a name as like as that. */
    static const char *const titles[] = {"代理人", "审判长", "审判员", "陪审员", "书记员", "证人",
                                         "代表人", "负责人", "之父",   "之母",   NULL};
    struct span before = span_of(at.from > 40 ? at.from - 40 : 0, at.from);
    size_t comma = scan_find_last(p->r->text, before, "，");
    before.from = comma == SCAN_NONE ? before.from : comma;
    return scan_has_any(p->r->text, before, titles);
}

static void name_compare(struct proofing *p, Str name)
{
    Str text = p->r->text;
    size_t length = utf8_count(name);
    uint32_t first = 0;
    size_t head = scan_char(name, 0, &first);
    if (length < 3 || str_has(name, "某") || !scan_is_han(first)) {
        return;
    }
    char surname[8] = {0};
    memcpy(surname, name.p, head);
    /* A person keeps the surname; of an organisation another character may begin too, but then
     * nearly everything else is the same and the end is: look from there. */
    struct span rest = p->r->whole;
    for (size_t at = 0; (at = scan_find(text, rest, surname)) != SCAN_NONE;) {
        size_t end = 0;
        rest.from = at + head;
        if (differences(text, at, name, &end) == 1 && !is_somebody(p, span_of(at, end))) {
            proof_hit(p, "A01", span_of(at, end), name, "与当事人“%.*s”只差一个字，请核对",
                      STR_ARG(name));
        }
    }
}

/* --- identity numbers --- */

/* Eighteen characters of a resident's number at a position; false unless they stand alone. */
static bool resident_at(Str text, size_t at, Str *out)
{
    size_t n = 0;
    while (at + n < text.n && ((text.p[at + n] >= '0' && text.p[at + n] <= '9') ||
                               (n == 17 && (text.p[at + n] == 'X' || text.p[at + n] == 'x')))) {
        n++;
    }
    *out = (Str){text.p + at, n};
    return n == 18;
}

static void identity_compare(struct proofing *p, struct span paragraph, struct span at,
                             const struct identifier *id)
{
    Str text = p->r->text;
    struct span before = span_of(paragraph.from, at.from);
    bool male = scan_has(text, before, "，男");
    bool female = scan_has(text, before, "，女");
    if (male != female && id->sex != SEX_UNKNOWN && male != (id->sex == SEX_MALE)) {
        size_t word = scan_find(text, before, male ? "，男" : "，女") + strlen("，");
        proof_hit(p, "A03", span_of(word, word + strlen("男")), male ? STR("女") : STR("男"),
                  "公民身份号码第17位表示的性别与此不同");
    }
    for (uint32_t i = 0; i < p->r->date_count; i++) {
        const struct written_date *d = &p->r->dates[i];
        bool birth = d->at.from >= paragraph.from && d->at.to <= paragraph.to &&
                     (scan_at(text, d->at.to, "出生") || scan_at(text, d->at.to, "生"));
        if (birth && d->date != DATE_NONE && id->born != DATE_NONE && d->date != id->born) {
            proof_hit(p, "A04", d->at, date_chinese(p->arena, id->born),
                      "公民身份号码表示的出生日期与此不同");
        }
    }
}

/* Eighteen digits of which nobody says what they are: with a year and a month where a birth stands,
 * or not. */
static bool has_birth(Str run)
{
    bool century = (run.p[6] == '1' && run.p[7] == '9') || (run.p[6] == '2' && run.p[7] == '0');
    int month = (run.p[10] - '0') * 10 + (run.p[11] - '0');
    return century && month >= 1 && month <= 12;
}

static void identities_check(struct proofing *p)
{
    Str text = p->r->text;
    for (size_t at = 0; at + 18 <= text.n; at++) {
        Str run;
        bool starts = text.p[at] >= '1' && text.p[at] <= '9' &&
                      (at == 0 || text.p[at - 1] < '0' || text.p[at - 1] > '9');
        if (!starts) {
            continue;
        }
        if (!resident_at(text, at, &run)) {
            at += run.n > 0 ? run.n - 1 : 0;
            continue;
        }
        struct span span = span_of(at, at + 18);
        struct span near = span_of(at > 60 ? at - 60 : 0, at);
        bool account = scan_has(text, near, "账") || scan_has(text, near, "卡号") ||
                       scan_has(text, near, "信用代码");
        struct identifier id;
        Str number = str_copy(p->arena, run.p, run.n);
        if (account || (!scan_has(text, near, "身份") && !has_birth(run))) {
            continue;
        }
        if (identifier_read(p->arena, IDENTIFIER_RESIDENT_ID, number, p->r->today, &id)) {
            identity_compare(p, reading_paragraph(p->r, at), span, &id);
        } else {
            proof_hit(p, "A02", span, STR(""), "%s", id.why);
        }
        at += 17;
    }
}

static void credit_codes_check(struct proofing *p)
{
    Str text = p->r->text;
    struct span rest = p->r->whole;
    for (size_t at = 0; (at = scan_find(text, rest, "信用代码")) != SCAN_NONE;) {
        rest.from = at + strlen("信用代码");
        size_t from = rest.from;
        from += scan_at(text, from, "：") ? strlen("：") : 0;
        from += scan_at(text, from, "为") ? strlen("为") : 0;
        size_t n = 0;
        while (from + n < text.n && ((text.p[from + n] >= '0' && text.p[from + n] <= '9') ||
                                     (text.p[from + n] >= 'A' && text.p[from + n] <= 'Z'))) {
            n++;
        }
        struct identifier id;
        Str code = str_copy(p->arena, text.p + from, n);
        if (n >= 15 && n <= 20 &&
            !identifier_read(p->arena, IDENTIFIER_USCC, code, p->r->today, &id)) {
            proof_hit(p, "A06", span_of(from, from + n), STR(""), "%s", id.why);
        }
    }
}

/* --- the head --- */

static struct span party_whole(const struct head_party *party)
{
    return span_of(party->at.from, party->more.to);
}

/* LAW: civil-code 17-23; civil-procedure-law@2023 60. From 16, earning one's own living, a person
 * acts for himself: then it is for the judge to say so. */
static void minor_check(struct proofing *p, const struct head_party *party)
{
    const struct written_date *born = NULL;
    Date day = reading_fact_date(p->r, "docketed");
    day = day == DATE_NONE ? p->r->written : day;
    day = day == DATE_NONE ? p->r->today : day;
    for (uint32_t i = 0; i < p->r->date_count && born == NULL; i++) {
        const struct written_date *d = &p->r->dates[i];
        bool birth = d->at.from >= party->at.from && d->at.to <= party->at.to &&
                     scan_at(p->r->text, d->at.to, "出生");
        born = birth && d->date != DATE_NONE ? d : NULL;
    }
    bool minor =
        born != NULL && day != DATE_NONE && born->date < day && age_on(born->date, day) < 18;
    if (minor && !scan_has(p->r->text, party_whole(party), "法定代理人")) {
        proof_hit(p, "A05", party->at, STR(""), "%.*s是未成年人，应当列明法定代理人",
                  STR_ARG(party->name));
    }
}

static void officer_check(struct proofing *p, const struct head_party *party)
{
    static const char *const parts[] = {"分公司", "分行",   "支行",   "营业部", "办事处",
                                        "分店",   "分理处", "项目部", NULL};
    Str text = p->r->text;
    size_t legal = scan_find(text, party_whole(party), "法定代表人");
    size_t head = scan_find(text, party_whole(party), "负责人");
    bool part = false;
    for (size_t i = 0; parts[i] != NULL; i++) {
        part = part || str_ends(party->name, parts[i]);
    }
    if (part && legal != SCAN_NONE) {
        proof_hit(p, "A08", span_of(legal, legal + strlen("法定代表人")), STR("负责人"),
                  "分支机构没有法定代表人，列负责人");
    } else if (!part && str_ends(party->name, "公司") && head != SCAN_NONE && legal == SCAN_NONE) {
        proof_hit(p, "A08", span_of(head, head + strlen("负责人")), STR("法定代表人"),
                  "公司是法人，列法定代表人");
    }
}

static void role_check(struct proofing *p, const struct head_party *party)
{
    bool first = str_starts(party->role, "原告") || str_starts(party->role, "被告");
    bool appeal = str_starts(party->role, "上诉人") || str_starts(party->role, "被上诉人");
    if (first && str_has(party->role, "上诉人")) {
        const char *was = str_starts(party->role, "原告") ? "原审原告" : "原审被告";
        const char *now = str_has(party->role, "被上诉人") ? "被上诉人" : "上诉人";
        proof_hit(p, "A09", span_of(party->at.from, party->at.from + party->role.n),
                  str_printf(p->arena, "%s（%s）", now, was), "二审先写二审的诉讼地位");
    } else if (first && p->r->trial == TRIAL_SECOND && !str_has(party->role, "（")) {
        proof_hit(p, "A09", span_of(party->at.from, party->at.from + party->role.n), STR(""),
                  "二审文书应当写上诉人、被上诉人、原审当事人");
    } else if (appeal && (p->r->trial == TRIAL_ORDINARY || p->r->trial == TRIAL_SUMMARY) &&
               reading_fact(p->r, "procedure").n > 0) {
        proof_hit(p, "A09", span_of(party->at.from, party->at.from + party->role.n), STR(""),
                  "一审文书没有上诉人");
    }
}

/* 被告赵大海, where the head has 赵大海 as 原告: who is who must not change. A person who stands in
 * the head twice, a counterclaim and appeals have two parts for one. */
static void role_kept_check(struct proofing *p, const struct head_party *party)
{
    static const char *const roles[] = {"原告", "被告", "第三人", NULL};
    const struct reading *r = p->r;
    size_t named = 0;
    for (uint32_t i = 0; i < r->party_count; i++) {
        named += str_same(r->parties[i].name, party->name);
    }
    if (named != 1 || r->party_count > 20 || r->trial == TRIAL_SECOND || party->name.n < 6 ||
        scan_has(r->text, r->whole, "反诉") || scan_has(r->text, r->whole, "另案")) {
        return;
    }
    for (size_t i = 0; roles[i] != NULL; i++) {
        Str wrong = str_printf(p->arena, "%s%s", roles[i], party->name.p);
        size_t head_end = r->parties[r->party_count - 1].at.to;
        size_t at = scan_find(r->text, span_of(head_end, r->text.n), wrong.p);
        bool simple = str_is(party->role, "原告") || str_is(party->role, "被告");
        /* 被告人, 原审被告, 共同原告: not this part alone. */
        if (simple && !str_is(party->role, roles[i]) && at != SCAN_NONE &&
            !scan_before(r->text, at, "审") && !scan_before(r->text, at, "、")) {
            proof_hit(p, "A09", span_of(at, at + wrong.n),
                      str_printf(p->arena, "%s%s", party->role.p, party->name.p), "首部列为%s",
                      party->role.p);
        }
    }
}

static void agents_check(struct proofing *p, const struct head_party *party)
{
    Str text = p->r->text;
    struct span rest = party_whole(party);
    for (size_t at = 0; (at = scan_find(text, rest, "委托诉讼代理人")) != SCAN_NONE;) {
        size_t end = scan_find(text, span_of(at, rest.to), "\n");
        struct span line = span_of(at, end == SCAN_NONE ? rest.to : end);
        rest.from = at + strlen("委托诉讼代理人");
        if (scan_has(text, line, "律师") && !scan_has(text, line, "事务所") &&
            !scan_has(text, line, "法律援助")) {
            proof_hit(p, "A10", line, STR(""), "律师应当写明所在的律师事务所");
        }
    }
}

static void address_check(struct proofing *p, const struct head_party *party)
{
    Str text = p->r->text;
    struct span in = party->at;
    size_t seat = scan_find(text, in, "住所地");
    size_t lives = scan_find(text, in, "，住");
    bool home = lives != SCAN_NONE && !scan_at(text, lives + strlen("，"), "住所地") &&
                !scan_at(text, lives + strlen("，"), "住址");
    if (party->organisation && seat == SCAN_NONE && home) {
        proof_hit(p, "A12", span_of(lives + strlen("，"), lives + strlen("，住")), STR("住所地"),
                  "法人和其他组织写“住所地”");
    } else if (!party->organisation && seat != SCAN_NONE) {
        proof_hit(p, "A12", span_of(seat, seat + strlen("住所地")), STR("住"), "自然人写“住”");
    }
}

/* --- against the file --- */

static bool in_head(const struct reading *r, Str name)
{
    for (uint32_t i = 0; i < r->party_count; i++) {
        if (str_same(r->parties[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Every character of the short form stands in the full name, in order. */
static bool shortens(Str form, Str full)
{
    size_t k = 0;
    for (size_t i = 0; i < full.n && k < form.n;) {
        uint32_t a = 0;
        uint32_t b = 0;
        size_t n = scan_char(full, i, &a);
        size_t m = scan_char(form, k, &b);
        k += a == b ? m : 0;
        i += n;
    }
    return form.n >= 6 && k == form.n && form.n < full.n;
}

/* One character off, in a name long enough that this is a slip: A01 says so. */
static bool is_like(Str name, Str full)
{
    size_t end = 0;
    return utf8_count(full) >= 3 && differences(name, 0, full, &end) == 1 && end == name.n;
}

static void known_check(struct proofing *p, const struct value *known)
{
    for (uint32_t i = 0; i < value_count(known); i++) {
        const struct value *one = value_item(known, i);
        Str name = value_get_str(one, "name");
        Str registered = value_get_str(one, "registered");
        Str full = registered.n > 0 ? registered : name;
        bool shown = in_head(p->r, full);
        for (uint32_t k = 0; k < p->r->party_count && !shown; k++) {
            const struct head_party *party = &p->r->parties[k];
            if (shortens(party->name, full)) {
                proof_hit(p, "A07", party->at, full, "登记的名称是“%.*s”", STR_ARG(full));
                shown = true;
            } else if (is_like(party->name, full)) {
                shown = true; /* A01 says so */
            }
        }
        if (!shown && full.n > 0) {
            proof_hit(p, "A11", proof_place(p, p->r->head), full, "首部没有列当事人“%.*s”",
                      STR_ARG(full));
        }
    }
}

static bool is_known(const struct value *known, Str name)
{
    for (uint32_t i = 0; i < value_count(known); i++) {
        Str one = value_get_str(value_item(known, i), "name");
        Str registered = value_get_str(value_item(known, i), "registered");
        if (str_same(one, name) || str_same(registered, name) || shortens(name, registered) ||
            shortens(name, one) || is_like(name, one)) {
            return true;
        }
    }
    return false;
}

static void strangers_check(struct proofing *p, const struct value *known)
{
    for (uint32_t i = 0; i < p->r->party_count; i++) {
        const struct head_party *party = &p->r->parties[i];
        if (!is_known(known, party->name)) {
            proof_hit(p, "A11", party->at, STR(""), "案件里没有当事人“%.*s”", STR_ARG(party->name));
        }
    }
}

void check_parties(struct proofing *p)
{
    const struct value *known = value_get(p->r->facts, "parties");
    for (uint32_t i = 0; i < p->r->party_count; i++) {
        const struct head_party *party = &p->r->parties[i];
        if (i < 100) { /* a list of hundreds is checked against the file, not by likeness */
            name_compare(p, party->name);
        }
        minor_check(p, party);
        officer_check(p, party);
        role_check(p, party);
        role_kept_check(p, party);
        agents_check(p, party);
        address_check(p, party);
    }
    for (uint32_t i = 0; i < value_count(known) && i < 100; i++) {
        name_compare(p, value_get_str(value_item(known, i), "name"));
    }
    identities_check(p);
    credit_codes_check(p);
    if (value_count(known) > 0 && p->r->party_count > 0) {
        known_check(p, known);
        strangers_check(p, known);
    }
}
