/* What the pages of accounts need beyond the API's answers. */
#include "web/page_account.h"

#include <string.h>

#include "render/qr.h"

struct value *page_titled(struct call *call, const struct value *value, const char *title,
                          bool form)
{
    struct arena *arena = call->cx->arena;
    struct value *page = value_map(arena);
    struct value *view = value_merge(arena, value, NULL);
    value_set_text(arena, page, "title", title);
    value_set_bool(arena, page, "form", form);
    value_set(arena, view, "page", page);
    return view;
}

struct value *page_of_admin(struct call *call, const struct value *value, const char *title,
                            const char *at)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, title, false);
    struct value *tabs = value_map(arena);
    value_set_bool(arena, tabs, at, true);
    value_set(arena, view, "admin_at", tabs);
    return view;
}

/* --- fields --- */

const struct entry_option entry_papers[] = {{"resident-id", "居民身份证、居住证"},
                                            {"passport", "护照"},
                                            {"hk-macao-permit", "港澳居民来往内地通行证"},
                                            {"taiwan-permit", "台湾居民来往大陆通行证"},
                                            {"foreign-resident", "外国人永久居留身份证"},
                                            {"officer", "军官证"},
                                            {NULL, NULL}};

/* Is the option among those said? */
static bool is_chosen(const struct value *said, const char *option)
{
    bool chosen = false;
    for (uint32_t i = 0; i < value_count(said); i++) {
        chosen = chosen || str_is(value_as_str(value_item(said, i)), option);
    }
    return chosen;
}

/* Any number of them. */
static struct value *choices_view(struct arena *arena, const struct entry_field *field,
                                  const struct value *said)
{
    struct value *list = value_list(arena);
    for (const struct entry_option *o = field->options; o->value != NULL; o++) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "id", str_printf(arena, "%s-%s", field->path, o->value));
        value_set_str(arena, row, "name", str_printf(arena, "%s[]", field->path));
        value_set_text(arena, row, "value", o->value);
        value_set_text(arena, row, "title", o->title);
        value_set_bool(arena, row, "checked", is_chosen(said, o->value));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *options_view(struct arena *arena, const struct entry_field *field, Str said)
{
    struct value *list = value_list(arena);
    bool first = text_is(field->path, "kind"); /* nothing else is chosen for anybody */
    for (const struct entry_option *o = field->options; o->value != NULL; o++) {
        struct value *row = value_map(arena);
        value_set_str(arena, row, "id", str_printf(arena, "%s-%s", field->path, o->value));
        value_set_text(arena, row, "name", field->path);
        value_set_text(arena, row, "value", o->value);
        value_set_text(arena, row, "title", o->title);
        value_set_bool(arena, row, "checked", said.n == 0 ? first : str_is(said, o->value));
        value_add(arena, list, row);
        first = false;
    }
    return list;
}

static Str error_at(const struct value *errors, const char *path)
{
    for (uint32_t i = 0; i < value_count(errors); i++) {
        if (str_is(value_get_str(value_item(errors, i), "field"), path)) {
            return value_get_str(value_item(errors, i), "title");
        }
    }
    return (Str){"", 0};
}

static void set_when(struct arena *arena, struct value *row, const struct entry_field *field,
                     const struct value *said)
{
    struct value *when = value_map(arena);
    Str *words = NULL;
    Str kind = value_get_str(said, "kind");
    size_t count = str_split(arena, str_of(field->when_in), '|', &words);
    bool off = true;
    for (size_t i = 0; i < count; i++) {
        off = off && !str_same(kind, words[i]);
    }
    value_set_text(arena, when, "path", "kind");
    value_set_text(arena, when, "in_text", field->when_in);
    value_set(arena, row, "when", when);
    value_set_bool(arena, row, "off", off);
}

static struct value *entry_view(struct arena *arena, const struct entry_field *field,
                                const struct value *said, const struct value *errors)
{
    struct value *row = value_map(arena);
    const struct value *typed = value_at(said, field->path);
    Str error = error_at(errors, field->path);
    bool identity = text_is(field->flag, "is_identity");
    bool many = text_is(field->flag, "is_choices");
    bool set = identity || many || text_is(field->flag, "is_choice");
    Str text = value_as_str(typed);
    value_set_text(arena, row, "path", field->path);
    value_set_text(arena, row, "title", field->title);
    value_set_text(arena, row, "help", field->help);
    value_set_text(arena, row, "hint", NULL);
    value_set_text(arena, row, "autocomplete", field->autocomplete);
    value_set_bool(arena, row, "required", field->required);
    value_set(arena, row, "error", error.n == 0 ? NULL : value_str(arena, error));
    value_set_bool(arena, row, field->flag, true);
    value_set_bool(arena, row, "is_set", set);
    value_set_str(arena, row, "value", text);
    if (identity) {
        value_set_str(arena, row, "number",
                      value_is_map(typed) ? value_get_str(typed, "number") : text);
    }
    if (field->options != NULL) {
        value_set(arena, row, "options",
                  many
                      ? choices_view(arena, field, typed)
                      : options_view(arena, field, identity ? value_get_str(typed, "type") : text));
    }
    if (field->when_in != NULL) {
        set_when(arena, row, field, said);
    }
    return row;
}

struct value *entry_fields(struct arena *arena, const struct entry_field *fields, size_t count,
                           const struct value *said, const struct value *errors)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < count; i++) {
        value_add(arena, list, entry_view(arena, &fields[i], said, errors));
    }
    return list;
}

/* --- pages --- */

static struct value *page_login(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "登录", true);
    value_set_bool(arena, view, "by_code",
                   str_is(call_param(call, "by"), "code") || value_get_bool(value, "by_code"));
    return view;
}

static const struct entry_option kinds[] = {
    {"person", "本人办理"}, {"organisation", "代表单位办理"}, {"lawyer", "律师"}, {NULL, NULL}};
static const struct entry_option capacities[] = {{"legal-representative", "法定代表人、负责人"},
                                                 {"authorised", "受单位委托的工作人员"},
                                                 {NULL, NULL}};

static struct value *page_register(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"kind", "您是谁", "is_choice", true, NULL, NULL, NULL, kinds},
        {"name", "姓名", "is_text", true, "与证件一致，生僻字也可以。", "name", NULL, NULL},
        {"identity", "证件", "is_identity", true, NULL, NULL, NULL, entry_papers},
        {"phone", "手机号", "is_phone", true, "验证码和送达提醒发到这里，也可以用它登录。", NULL,
         NULL, NULL},
        {"organisation.name", "单位名称", "is_text", true, "与营业执照一致。", "organization",
         "organisation", NULL},
        {"organisation.code", "统一社会信用代码", "is_text", true, "18位，在营业执照上。", NULL,
         "organisation", NULL},
        {"organisation.capacity", "您的身份", "is_choice", true,
         "立案时还要上传营业执照和授权委托书。", NULL, "organisation", capacities},
        {"licence", "律师执业证号", "is_text", true, "17位数字。", NULL, "lawyer", NULL},
        {"firm", "律师事务所", "is_text", true, NULL, "organization", "lawyer", NULL},
        {"email", "电子邮箱", "is_email", false, NULL, NULL, NULL, NULL},
        {"login", "账号", "is_text", false, "不填就用手机号登录。", "username", NULL, NULL},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "注册", true);
    const struct value *errors = value_get(value, "errors");
    Str error = error_at(errors, "password");
    value_set(arena, view, "fields",
              entry_fields(arena, fields, sizeof fields / sizeof fields[0],
                           value_get(value, "said"), errors));
    value_set(arena, view, "password_error", error.n == 0 ? NULL : value_str(arena, error));
    value_set_str(arena, view, "back", value_get_str(value_get(value, "said"), "back"));
    return view;
}

static struct value *page_verify_identity(struct call *call, const struct value *value)
{
    static const struct entry_field fields[] = {
        {"name", "姓名", "is_text", false, "与证件一致。不填就用注册时的姓名。", "name", NULL,
         NULL},
        {"identity", "证件", "is_identity", false, "不填就用注册时的证件。", NULL, NULL,
         entry_papers},
    };
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "实名核验", true);
    Str verification = value_get_str(value, "verification");
    value_set(arena, view, "fields",
              entry_fields(arena, fields, sizeof fields / sizeof fields[0],
                           value_get(value, "said"), value_get(value, "errors")));
    value_set_bool(arena, view, "by_window",
                   str_is(verification, "window") || str_is(verification, "unknown"));
    value_set_bool(arena, view, "silent", str_is(verification, "silent"));
    return view;
}

/* Under "refused": what was refused, by field. */
static void set_refused(struct arena *arena, struct value *view, const struct value *value,
                        const char *const *names)
{
    const struct value *errors = value_get(value, "errors");
    struct value *refused = value_map(arena);
    for (size_t i = 0; names[i] != NULL; i++) {
        Str error = error_at(errors, names[i]);
        value_set(arena, refused, names[i], error.n == 0 ? NULL : value_str(arena, error));
    }
    value_set(arena, view, "refused", refused);
}

static struct value *page_recover(struct call *call, const struct value *value)
{
    static const char *const names[] = {"login", "code", "password", NULL};
    struct value *view = page_titled(call, value, "忘记密码", true);
    set_refused(call->cx->arena, view, value, names);
    return view;
}

/* Nothing when the address is too long for a code: what it says stands beside it. */
static void set_qr(struct call *call, struct value *view, Str address, const char *title)
{
    struct arena *arena = call->cx->arena;
    struct qr qr = {0};
    if (address.n > 0 && qr_make(call->cx, address, &qr) == OK) {
        value_set(arena, view, "qr", html_mark(arena, qr_svg(arena, &qr, str_of(title))));
    }
    cx_forgive(call->cx);
}

static struct value *page_totp(struct call *call, const struct value *value)
{
    static const char *const names[] = {"password", "code", NULL};
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "两步登录", true);
    Str address = value_get_str(value, "address");
    set_refused(arena, view, value, names);
    value_set_bool(arena, view, "has_codes", value_count(value_get(value, "recovery_codes")) > 0);
    set_qr(call, view, address, "动态码密钥");
    return view;
}

/* How a certificate stands, in a word and a colour. */
static const struct {
    const char *standing, *title, *tone;
} certificate_words[] = {{"good", "有效", "good"},
                         {"early", "还没有生效", "ask"},
                         {"expired", "已到期", ""},
                         {"revoked", "已吊销", "bad"}};

struct value *page_certificate_rows(struct arena *arena, const struct value *certificates)
{
    struct value *list = value_list(arena);
    for (uint32_t i = 0; i < value_count(certificates); i++) {
        struct value *row = value_merge(arena, value_item(certificates, i), NULL);
        Str standing = value_get_str(row, "standing");
        for (size_t k = 0; k < sizeof certificate_words / sizeof certificate_words[0]; k++) {
            if (str_is(standing, certificate_words[k].standing)) {
                value_set_text(arena, row, "standing_title", certificate_words[k].title);
                value_set_text(arena, row, "tone", certificate_words[k].tone);
            }
        }
        value_set_bool(arena, row, "may_revoke",
                       str_is(standing, "good") || str_is(standing, "early"));
        value_add(arena, list, row);
    }
    return list;
}

static struct value *page_certificate(struct call *call, const struct value *value)
{
    static const char *const names[] = {"password", "reason", NULL};
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "数字证书", true);
    set_refused(arena, view, value, names);
    value_set(arena, view, "certificates",
              page_certificate_rows(arena, value_get(value, "certificates")));
    return view;
}

static void set_state(struct arena *arena, struct value *view, Str state)
{
    bool waiting = str_is(state, "waiting");
    bool confirmed = str_is(state, "confirmed");
    bool refused = str_is(state, "refused");
    value_set_bool(arena, view, "is_waiting", waiting);
    value_set_bool(arena, view, "is_confirmed", confirmed);
    value_set_bool(arena, view, "is_refused", refused);
    value_set_bool(arena, view, "is_over",
                   !waiting && !confirmed && !refused && !str_is(state, "none"));
}

static struct value *page_desk_login(struct call *call, const struct value *value)
{
    struct value *view = page_titled(call, value, "扫码登录", true);
    Str state = value_get_str(value, "state");
    set_state(call->cx->arena, view, str_is(state, "refused") ? STR("expired") : state);
    set_qr(call, view, value_get_str(value, "address"), "扫码登录");
    return view;
}

static struct value *page_desk_confirm(struct call *call, const struct value *value)
{
    static const char *const names[] = {"number", NULL};
    struct value *view = page_titled(call, value, "扫码登录", true);
    set_state(call->cx->arena, view, value_get_str(value, "state"));
    set_refused(call->cx->arena, view, value, names);
    return view;
}

static struct value *page_notices(struct call *call, const struct value *value)
{
    static const char *const names[] = {"mail", NULL};
    struct value *view = page_titled(call, value, "消息提醒", true);
    set_refused(call->cx->arena, view, value, names);
    return view;
}

static struct value *page_me(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "我", false);
    static const char *const names[] = {"password", "new_password", "phone",      "email",
                                        "login",    "code",         "email_code", NULL};
    set_refused(arena, view, value, names);
    value_set_bool(arena, view, "has_posts", value_count(value_get(value, "posts")) > 0);
    value_set_bool(arena, view, "has_others", value_count(value_get(value, "sessions")) > 1);
    value_set_bool(arena, view, "names_login",
                   str_starts(value_get_str(value_get(value, "person"), "login"), "window-"));
    return view;
}

static struct value *page_join(struct call *call, const struct value *value)
{
    return page_titled(call, value, "关联案件", true);
}

static struct value *page_joinings(struct call *call, const struct value *value)
{
    struct arena *arena = call->cx->arena;
    struct value *view = page_titled(call, value, "申请关联的人", true);
    struct value *list = value_list(arena);
    const struct value *rows = value_get(value, "joinings");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_merge(arena, value_item(rows, i), NULL);
        Str state = value_get_str(row, "state");
        value_set_bool(arena, row, "waits", str_is(state, "waiting"));
        value_set_bool(arena, row, "agent", str_is(value_get_str(row, "role"), "litigation-agent"));
        value_set_text(arena, row, "state_title",
                       str_is(state, "waiting")  ? "等待核对"
                       : str_is(state, "joined") ? "已关联"
                                                 : "没有同意");
        value_add(arena, list, row);
    }
    value_set(arena, view, "joinings", list);
    return view;
}

const struct page_extra pages_account[] = {
    {"login", page_login},
    {"register", page_register},
    {"verify-identity", page_verify_identity},
    {"me", page_me},
    {"join", page_join},
    {"joinings", page_joinings},
    {"me-notices", page_notices},
    {"totp", page_totp},
    {"me-certificate", page_certificate},
    {"recover", page_recover},
    {"desk-login", page_desk_login},
    {"desk-confirm", page_desk_confirm},
    {NULL, NULL},
};
