#include "record/demo.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/check.h"
#include "law/check_digit.h"
#include "record/person_entry.h"

enum { NUMBER_MAX = 1000000 };

static const char *const posts[] = {"window",        "reviewer", "judge",      "clerk",
                                    "enforcement",   "leader",   "supervisor", "mediator",
                                    "administrator", "sealer"};

bool demo_is_post(Str post)
{
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; i++) {
        if (str_is(post, posts[i])) {
            return true;
        }
    }
    return false;
}

/* "citizen-12": the number behind the prefix, without leading zeros. */
static bool number_read(struct arena *arena, Str login, const char *prefix, int64_t *out)
{
    if (!str_starts(login, prefix)) {
        return false;
    }
    Str text = str_slice(arena, login, str_of(prefix).n, login.n);
    return str_int(text, out) && *out >= 1 && *out <= NUMBER_MAX && text.p[0] != '0';
}

static bool staff_read(struct arena *arena, const struct law_tables *tables, Str login,
                       struct demo_login *out)
{
    Str *part = NULL;
    out->kind = STR("staff");
    if (str_is(login, "admin") || str_starts(login, "admin@")) {
        out->post = STR("admin");
        return true;
    }
    if (str_split(arena, login, '@', &part) != 2 || !demo_is_post(part[0]) ||
        court_by_code(tables, part[1]) == NULL) {
        return false;
    }
    out->post = part[0];
    out->court = part[1];
    return true;
}

bool demo_login_read(struct arena *arena, const struct law_tables *tables, Str login,
                     struct demo_login *out)
{
    *out = (struct demo_login){.kind = STR("person"), .post = {"", 0}, .court = {"", 0}};
    if (number_read(arena, login, "citizen-", &out->number)) {
        return true;
    }
    out->kind = STR("lawyer");
    if (number_read(arena, login, "lawyer-", &out->number)) {
        return true;
    }
    return staff_read(arena, tables, login, out);
}

/* --- invented people --- */

static Str name_of(struct arena *arena, uint64_t n)
{
    static const char *const families[] = {"林", "苏", "陆", "叶", "程", "沈", "韩", "唐", "冯",
                                           "邓", "曹", "彭", "曾", "萧", "田", "董", "潘", "袁",
                                           "蔡", "蒋", "余", "于", "杜", "戴", "夏", "钟", "汪"};
    static const char *const given[] = {"知远", "若溪", "明轩", "雨桐", "思源", "静怡", "文博",
                                        "晓岚", "子衿", "海宁", "书瑶", "立诚", "嘉禾", "云舒",
                                        "景行", "素问", "远山", "清和", "望舒", "怀瑾", "南星",
                                        "逢春", "守正", "念慈", "安澜", "修竹", "致远", "映雪"};

    enum {
        FAMILIES = sizeof families / sizeof families[0],
        GIVEN = sizeof given / sizeof given[0]
    };

    return str_printf(arena, "%s%s", families[n % FAMILIES], given[(n / FAMILIES + n * 5) % GIVEN]);
}

/* Born on one of 14,610 days from 1960 on; sequence numbers from 900 on tell those of a day apart.
 */
static Str resident_id(struct arena *arena, const char *district, int64_t n)
{
    enum { DAYS = 14610, FIRST = 900 };

    struct day born = date_split(date_of(1960, 1, 1) + (Date)(n % DAYS));
    Str head = str_printf(arena, "%s%04d%02d%02d%03d", district, born.year, born.month, born.day,
                          FIRST + (int)(n / DAYS));
    return str_printf(arena, "%.*s%c", STR_ARG(head), check_digit_resident(head));
}

static uint64_t number_of_text(Str text)
{
    uint64_t h = UINT64_C(1469598103934665603); /* FNV-1a: spreads, protects nothing */
    for (size_t i = 0; i < text.n; i++) {
        h = (h ^ (unsigned char)text.p[i]) * UINT64_C(1099511628211);
    }
    return h >> 8;
}

static enum status private_fill(struct cx *cx, struct keys *keys, const struct demo_login *said,
                                struct person *p)
{
    bool lawyer = str_is(said->kind, "lawyer");
    bool first = !lawyer && said->number == 1;
    const char *district = lawyer ? "310101" : "110105";
    Str number = first ? STR("11010519491231002X") : resident_id(cx->arena, district, said->number);
    Str phone = str_printf(cx->arena, "16%d%08" PRId64, lawyer ? 2 : 1, said->number);
    p->name =
        first ? STR("林晓舟") : name_of(cx->arena, (uint64_t)said->number * (lawyer ? 11 : 1));
    TRY(person_identity_set(cx, keys, p, STR("resident-id"), number));
    TRY(person_phone_set(cx, keys, p, phone));
    if (lawyer) {
        p->licence =
            str_printf(cx->arena, "1110120%02d1%d%06" PRId64, 10 + (int)(said->number % 10),
                       (int)(said->number % 2), said->number % 1000000);
        p->firm = STR("北京清和律师事务所");
    }
    return OK;
}

enum status demo_person(struct cx *cx, struct keys *keys, const struct demo_login *said, Str login,
                        Instant now, struct person *out)
{
    *out = person_blank();
    out->kind = said->kind;
    out->login = login;
    out->verified = STR("registry");
    out->verified_at = now;
    out->created = now;
    TRY(person_key_make(cx, keys, out));
    if (str_is(said->kind, "staff")) {
        out->name = name_of(cx->arena, number_of_text(login));
        return OK;
    }
    return private_fill(cx, keys, said, out);
}

/* --- into the rows --- */

struct ensure {
    Str login;
    struct person *found;
    const struct script *script;
};

static enum status ensure_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct ensure *ensure = arg;
    return person_find_login(cx, sql, ensure->login, &ensure->found);
}

/* Two first log-ins at once: the later finds what the earlier made. */
static enum status ensure_write(struct cx *cx, struct sql *sql, void *arg)
{
    struct ensure *ensure = arg;
    TRY(person_find_login(cx, sql, ensure->login, &ensure->found));
    return ensure->found != NULL ? OK : script_run(cx, sql, ensure->script);
}

enum status demo_person_ensure(struct cx *cx, struct store *store, struct keys *keys,
                               struct sequence *sequence, const struct demo_login *said, Str login,
                               Str password_hash, Instant now, struct person **out)
{
    struct ensure ensure = {.login = login};
    struct script *script = script_new(cx->arena);
    struct person *person = arena_new(cx->arena, struct person);
    TRY(store_read(cx, store, ensure_read, &ensure));
    *out = ensure.found;
    if (ensure.found != NULL) {
        return OK;
    }
    TRY(demo_person(cx, keys, said, login, now, person));
    TRY(sequence_next(cx, sequence, &person->id));
    person->password = password_hash;
    person_write_new(script, cx->arena, person);
    if (said->post.n > 0) {
        post_write(script, person->id, said->post, said->court, now);
    }
    ensure.script = script;
    if (store_write(cx, store, WRITE_INTERACTIVE, ensure_write, &ensure) != OK) {
        if (!text_is(cx->failure.code, "store-duplicate")) {
            return cx->failure.status;
        }
        cx_forgive(cx); /* another node was quicker */
        TRY(store_read(cx, store, ensure_read, &ensure));
        check(ensure.found != NULL);
    }
    *out = ensure.found != NULL ? ensure.found : person;
    return OK;
}
