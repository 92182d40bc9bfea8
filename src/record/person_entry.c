#include "record/person_entry.h"

#include <string.h>

#include "law/identifier.h"

enum { NAME_MAX_CHARS = 100, LOGIN_MIN = 2, LOGIN_MAX = 60, PASSWORD_MIN = 8, PASSWORD_MAX = 1000 };

static const Str none = {"", 0};

static uint32_t complain(struct cx *cx, const char *field, const char *code, const char *title)
{
    (void)cx_error(cx, field, code, title);
    return 1;
}

static uint32_t text_read(struct cx *cx, Str said, bool needed, const char *field,
                          const char *missing, Str *out)
{
    *out = str_trim(cx->arena, said);
    if (out->n == 0) {
        return needed ? complain(cx, field, "missing", missing) : 0;
    }
    if (utf8_count(*out) > NAME_MAX_CHARS || !text_is_name(*out)) {
        return complain(cx, field, "ill-typed", "最多100个字，不能有换行和看不见的字符");
    }
    return 0;
}

static uint32_t number_read(struct cx *cx, enum identifier_kind kind, Str said, const char *field,
                            const char *missing, Date today, Str *out)
{
    struct identifier read;
    Str text = str_trim(cx->arena, said);
    *out = none;
    if (text.n == 0) {
        return missing != NULL ? complain(cx, field, "missing", missing) : 0;
    }
    if (!identifier_read(cx->arena, kind, text, today, &read)) {
        return complain(cx, field, "identifier", read.why);
    }
    *out = read.normal;
    return 0;
}

static bool is_paper_of_a_person(enum identifier_kind kind)
{
    return kind == IDENTIFIER_RESIDENT_ID || kind == IDENTIFIER_PASSPORT ||
           kind == IDENTIFIER_HK_MACAO_PERMIT || kind == IDENTIFIER_TAIWAN_PERMIT ||
           kind == IDENTIFIER_FOREIGN_RESIDENT || kind == IDENTIFIER_OFFICER;
}

uint32_t person_identity_read(struct cx *cx, const struct value *said, bool needed, Date today,
                              Str *type, Str *number)
{
    enum identifier_kind kind = IDENTIFIER_RESIDENT_ID;
    Str text = value_is_text(said) ? said->as.text : value_get_str(said, "number");
    Str wanted = value_get_str(said, "type");
    *type = none;
    *number = none;
    if (wanted.n > 0 && (!identifier_kind_parse(wanted, &kind) || !is_paper_of_a_person(kind))) {
        return complain(cx, "identity", "ill-typed", "请选择证件类型");
    }
    uint32_t complaints =
        number_read(cx, kind, text, "identity", needed ? "请填写证件号码" : NULL, today, number);
    *type = number->n == 0 ? none : str_of(identifier_kind_name(kind));
    return complaints;
}

bool login_is_free_form(Str login)
{
    static const char *const taken[] = {"admin", "root", "system", "nobody"};
    size_t count = utf8_count(login);
    if (count < LOGIN_MIN || count > LOGIN_MAX || str_starts(login, "citizen-") ||
        str_starts(login, "lawyer-") || str_starts(login, "window-") || !text_is_name(login)) {
        return false;
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (str_is(login, taken[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < login.n; i++) {
        unsigned char c = (unsigned char)login.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c < 0x80 && c != '.' && c != '_' && c != '-') {
            return false;
        }
    }
    return true;
}

static uint32_t login_read(struct cx *cx, const struct value *said, bool needed,
                           struct person_entry *out)
{
    out->login = str_trim(cx->arena, value_get_str(said, "login"));
    if (out->login.n == 0) {
        return needed ? complain(cx, "login", "missing", "请填写账号") : 0;
    }
    return login_is_free_form(out->login)
               ? 0
               : complain(cx, "login", "login-form",
                          "账号用2到60个字母、数字、汉字或者 . _ -，换一个试试");
}

static uint32_t profession_read(struct cx *cx, const struct value *said, bool needed, Date today,
                                struct person_entry *out)
{
    const struct value *organisation = value_get(said, "organisation");
    bool lawyer = str_is(out->kind, "lawyer");
    bool of_organisation = str_is(out->kind, "organisation");
    uint32_t complaints = 0;
    if (lawyer) {
        complaints += number_read(cx, IDENTIFIER_LAWYER, value_get_str(said, "licence"), "licence",
                                  needed ? "请填写律师执业证号" : NULL, today, &out->licence);
        complaints += text_read(cx, value_get_str(said, "firm"), needed, "firm",
                                "请填写律师事务所名称", &out->firm);
    }
    if (of_organisation) {
        complaints += text_read(cx, value_get_str(organisation, "name"), needed,
                                "organisation.name", "请填写单位名称", &out->organisation);
        complaints += number_read(cx, IDENTIFIER_USCC, value_get_str(organisation, "code"),
                                  "organisation.code", needed ? "请填写统一社会信用代码" : NULL,
                                  today, &out->organisation_code);
        out->capacity = value_get_str(organisation, "capacity");
        if (!str_is(out->capacity, "legal-representative") &&
            !str_is(out->capacity, "authorised")) {
            complaints += complain(cx, "organisation.capacity", "missing",
                                   "请选择您是法定代表人、负责人，还是受单位委托");
        }
    }
    return complaints;
}

uint32_t person_entry_read(struct cx *cx, const struct value *said, unsigned needs, Date today,
                           struct person_entry *out)
{
    static const char *const kinds[] = {"person", "organisation", "lawyer", "staff"};
    uint32_t complaints = 0;
    bool known = false;
    *out = (struct person_entry){none, none, none, none, none, none,
                                 none, none, none, none, none, none};
    out->kind = value_get_str(said, "kind");
    out->kind = out->kind.n == 0 ? STR("person") : out->kind;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        known = known || str_is(out->kind, kinds[i]);
    }
    complaints += known ? 0 : complain(cx, "kind", "ill-typed", "请选择您是谁");
    complaints += text_read(cx, value_get_str(said, "name"), (needs & NEEDS_NAME) != 0, "name",
                            "请填写姓名", &out->name);
    complaints +=
        person_identity_read(cx, value_get(said, "identity"), (needs & NEEDS_IDENTITY) != 0, today,
                             &out->identity_type, &out->identity_number);
    complaints +=
        number_read(cx, IDENTIFIER_MOBILE, value_get_str(said, "phone"), "phone",
                    (needs & NEEDS_PHONE) != 0 ? "请填写手机号" : NULL, today, &out->phone);
    complaints += number_read(cx, IDENTIFIER_EMAIL, value_get_str(said, "email"), "email", NULL,
                              today, &out->email);
    complaints += profession_read(cx, said, (needs & NEEDS_PROFESSION) != 0, today, out);
    return complaints + login_read(cx, said, (needs & NEEDS_LOGIN) != 0, out);
}

uint32_t password_rules(struct cx *cx, const char *field, Str password,
                        const struct person_entry *entry)
{
    size_t same = 1;
    while (same < password.n && password.p[same] == password.p[0]) {
        same++;
    }
    if (password.n == 0) {
        return complain(cx, field, "missing", "请设置密码");
    }
    if (utf8_count(password) < PASSWORD_MIN || password.n > PASSWORD_MAX) {
        return complain(cx, field, "password-short", "密码至少8个字符");
    }
    if (same == password.n || str_same(password, entry->login) ||
        str_same(password, entry->phone) || str_same(password, entry->name) ||
        str_same(password, entry->identity_number)) {
        return complain(cx, field, "password-weak",
                        "密码不能和账号、姓名、号码相同，也不能都是同一个字符");
    }
    return 0;
}

enum status person_entry_apply(struct cx *cx, struct keys *keys, const struct person_entry *entry,
                               struct person *p)
{
    p->kind = str_is(entry->kind, "organisation") ? STR("person") : entry->kind;
    p->name = entry->name;
    p->email = entry->email;
    p->licence = entry->licence;
    p->firm = entry->firm;
    p->organisation = entry->organisation;
    p->organisation_code = entry->organisation_code;
    TRY(person_identity_set(cx, keys, p, entry->identity_type, entry->identity_number));
    return person_phone_set(cx, keys, p, entry->phone);
}

struct person person_blank(void)
{
    return (struct person){.kind = none,
                           .login = none,
                           .password = none,
                           .name = none,
                           .wrapped_key = none,
                           .identity_type = none,
                           .identity_sealed = none,
                           .phone_sealed = none,
                           .email = none,
                           .licence = none,
                           .firm = none,
                           .organisation = none,
                           .organisation_code = none,
                           .verified = none};
}
