/* HOW IT WORKS. The handler reads what it needs of the request; everything else happens on the slow
 * queue, where waiting is allowed: the person is looked up (in demo mode made), the password
 * hashed, the session written. An unknown login takes the same road with a hash that nothing
 * matches, so that neither answer nor time tells whether it exists. */
#include "web/session.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/check.h"
#include "record/code.h"
#include "record/demo.h"
#include "record/lockout.h"
#include "record/recovery.h"
#include "seal/password.h"
#include "web/again.h"
#include "web/code_login.h"
#include "web/handlers.h"
#include "web/second_step.h"

enum { LOGIN_MAX = 200, PASSWORD_MAX = 1000, AGENT_MAX = 200, DEVICE_AGE_S = 365 * 24 * 3600 };

/* Failures of an address, whatever the login; those who get in are given theirs back. */
static const struct pace address_pace = {"login-address", 120, 30};
/* A device that was here before is not shut out by what others do; its own tries are counted. */
static const struct pace device_pace = {"login-device", 10, 1};

struct entry {
    Str login, password, code, post, back, device;
    Str code_ticket; /* of the code: whose phone has it (web/code_login.h) */
    Str wish;        /* POST@COURT that an interrupted form was under: taken when he holds it */
    struct second_step second;
    bool needs_factor; /* his post wants a second factor, and he has none yet */
    bool known_device;
    struct lockout lockout;
    Hash lock_key;
    struct person *person;
    struct post *posts;
    uint32_t post_count;
    const struct post *chosen;
    struct fresh_session fresh;
};

/* --- hashes that are always there --- */

static pthread_once_t hashes_once = PTHREAD_ONCE_INIT;
static char hash_of_nobody[200];
static char hash_of_demo[200];

static void hash_keep(struct cx *cx, Str password, char *out, size_t room)
{
    Str hash = {"", 0};
    check(password_hash(cx, password, &hash) == OK && hash.n < room);
    memcpy(out, hash.p, hash.n + 1);
}

static void hashes_make(void)
{
    struct arena *arena = arena_open(64 * 1024);
    struct cx cx;
    cx_init(&cx, arena);
    hash_keep(&cx, token_new(arena), hash_of_nobody, sizeof hash_of_nobody);
    hash_keep(&cx, STR(DEMO_PASSWORD), hash_of_demo, sizeof hash_of_demo);
    arena_close(arena);
}

/* --- who --- */

static enum status entry_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct entry *entry = arg;
    TRY(lockout_find(cx, sql, entry->lock_key, &entry->lockout));
    TRY(person_find_login(cx, sql, entry->login, &entry->person));
    if (entry->person != NULL) {
        TRY(post_list(cx, sql, entry->person->id, &entry->posts, &entry->post_count));
        TRY(second_step_read(cx, sql, entry->person->id, &entry->second));
    }
    return OK;
}

static enum status entry_find(struct call *call, struct entry *entry)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    struct demo_login said;
    TRY(store_read(cx, house->store, entry_read, entry));
    if (entry->person != NULL || !call->app->demo || !str_is(entry->password, DEMO_PASSWORD) ||
        !demo_login_read(cx->arena, house->tables(house->tables_arg), entry->login, &said)) {
        return OK;
    }
    TRY(demo_person_ensure(cx, house->store, house->keys, house->sequence, &said, entry->login,
                           str_of(hash_of_demo), clock_now(), &entry->person));
    return store_read(cx, house->store, entry_read, entry);
}

/* --- the device that was here before --- */

static Str device_mark(struct call *call, Id person, Str nonce)
{
    struct arena *arena = call->cx->arena;
    Str head = str_printf(arena, "%" PRId64 ".%.*s", person, STR_ARG(nonce));
    Str mac = hash_hex(arena, keys_blind(call->app->house.keys, "device", head));
    return str_printf(arena, "%.*s.%.*s", STR_ARG(head), STR_ARG(mac));
}

bool session_device_known(struct call *call, const struct person *person, Str mark)
{
    Str *part = NULL;
    int64_t id = 0;
    if (person == NULL || str_split(call->cx->arena, mark, '.', &part) != 3 ||
        !str_int(part[0], &id) || id != person->id) {
        return false;
    }
    return hash_same(hash_str(device_mark(call, id, part[1])), hash_str(mark));
}

/* --- may he --- */

static enum status lock_check(struct call *call, const struct entry *entry)
{
    struct cx *cx = call->cx;
    int64_t wait_ms = lockout_wait_ms(&entry->lockout, clock_machine());
    if (entry->known_device) {
        return pace_check(call, &device_pace, entry->device);
    }
    if (wait_ms == 0) {
        return OK;
    }
    retry_after(call, (wait_ms + 999) / 1000);
    cx_arg(cx, "minutes", str_printf(cx->arena, "%" PRId64, (wait_ms + MINUTE_MS - 1) / MINUTE_MS));
    return FAIL(cx, E_RATE, "login-locked", "%" PRId64 " failures", entry->lockout.failures);
}

static enum status failure_write(struct cx *cx, struct sql *sql, void *arg)
{
    const struct entry *entry = arg;
    return lockout_add(cx, sql, entry->lock_key, clock_machine());
}

static enum status password_check(struct call *call, struct entry *entry)
{
    struct cx *cx = call->cx;
    const struct person *p = entry->person;
    Str hash = p == NULL || p->password.n == 0 ? str_of(hash_of_nobody) : p->password;
    /* A password that everybody knows opens nothing outside the demo, whatever data is served. */
    bool known_to_all = !call->app->demo && str_is(entry->password, DEMO_PASSWORD);
    bool holds = password_holds(entry->password, hash) && !known_to_all;
    if (holds && p != NULL && !p->disabled) {
        return OK;
    }
    TRY(store_write(cx, call->app->house.store, WRITE_INTERACTIVE, failure_write, entry));
    return FAIL(cx, E_LOGIN, "login-failed", "no such login, or another password");
}

/* A code to the owner's phone opens a login that others have locked. */
static enum status code_entry_check(struct call *call, struct entry *entry)
{
    struct cx *cx = call->cx;
    const struct house *house = &call->app->house;
    const struct person *p = entry->person;
    Id id = p == NULL ? 0 : p->id; /* nobody's code is tried like anybody's */
    bool ok = call->app->demo && str_is(entry->code, DEMO_CODE);
    if (!ok && entry->code_ticket.n > 0) {
        TRY(code_login_holds(call, id, entry->code_ticket, entry->code, &ok));
    } else if (!ok) {
        TRY(code_holds(cx, house->store, house->keys, id, STR("login"), entry->code,
                       clock_machine(), &ok));
    }
    return ok && p != NULL && !p->disabled
               ? OK
               : FAIL(cx, E_LOGIN, "code-failed", "no such login, or another code");
}

static enum status first_step(struct call *call, struct entry *entry)
{
    if (entry->second.ticket.n > 0) {
        return second_step_ticket_check(call, entry->person, &entry->second);
    }
    if (entry->code.n > 0) {
        return code_entry_check(call, entry);
    }
    struct cx *cx = call->cx;
    TRY(lock_check(call, entry));
    return password_check(call, entry);
}

/* "judge" or "judge@京0105"; without a word the first. */
static enum status post_choose(struct cx *cx, struct entry *entry)
{
    for (uint32_t i = 0; i < entry->post_count && entry->post.n == 0; i++) {
        const struct post *post = &entry->posts[i];
        if (str_same(entry->wish, viewer_post(cx->arena, post->post, post->court))) {
            entry->chosen = post;
        }
    }
    for (uint32_t i = 0; i < entry->post_count && entry->chosen == NULL; i++) {
        const struct post *post = &entry->posts[i];
        if (entry->post.n == 0 || str_same(entry->post, post->post) ||
            str_same(entry->post, viewer_post(cx->arena, post->post, post->court))) {
            entry->chosen = post;
        }
    }
    if (entry->chosen == NULL) {
        return entry->post.n == 0 ? OK : FAIL(cx, E_DENIED, "denied", "post is not held");
    }
    if (second_step_allows(&entry->second, entry->chosen->post)) {
        return OK;
    }
    if (entry->post.n > 0) {
        return FAIL(cx, E_DENIED, "totp-required", "post wants a second factor");
    }
    entry->chosen = NULL; /* comes in as himself, to set one up */
    entry->needs_factor = true;
    return OK;
}

/* --- the session --- */

static enum status session_write(struct cx *cx, struct sql *sql, void *arg)
{
    struct entry *entry = arg;
    struct script *script = script_new(cx->arena);
    bool may = false;
    TRY(session_may_begin(cx, sql, entry->person, &may));
    if (!may) {
        return FAIL(cx, E_LOGIN, "login-failed", "locked, or another password since");
    }
    if (entry->lockout.failures > 0) {
        TRY(lockout_clear(cx, sql, entry->lock_key));
    }
    if (entry->code_ticket.n > 0) { /* it has done its work */
        recovery_end(script, cx->arena, RECOVERY_LOGIN, entry->code_ticket);
    }
    session_write_new(script, cx->arena, &entry->fresh.session);
    return script_run(cx, sql, script);
}

void session_device(struct call *call, struct fresh_session *fresh)
{
    Str agent = http_header(call->http, "User-Agent");
    fresh->agent = utf8_head(call->cx->arena, agent, AGENT_MAX);
    fresh->client = call->http->client;
}

enum status session_prepare(struct call *call, Id person, const struct post *post,
                            struct fresh_session *fresh)
{
    struct cx *cx = call->cx;
    Instant now = clock_machine();
    fresh->token = token_new(cx->arena);
    fresh->session = (struct session){.token = token_hash(fresh->token),
                                      .person = person,
                                      .post = post == NULL ? (Str){"", 0} : post->post,
                                      .court = post == NULL ? (Str){"", 0} : post->court,
                                      .csrf = token_new(cx->arena),
                                      .agent = fresh->agent,
                                      .client = fresh->client,
                                      .created = now,
                                      .used = now};
    return sequence_next(cx, call->app->house.sequence, &fresh->session.id);
}

void session_hand_over(struct call *call, const struct fresh_session *fresh, bool known)
{
    if (!known) {
        Str mark = device_mark(call, fresh->session.person, token_new(call->cx->arena));
        cookie_set(call, "device", mark, "/session", DEVICE_AGE_S);
    }
    cookie_set(call, "session", fresh->token, "/", -1);
}

static enum status entry_try(struct call *call)
{
    struct cx *cx = call->cx;
    struct entry *entry = call->kept;
    check(pthread_once(&hashes_once, hashes_make) == 0);
    TRY(entry_find(call, entry));
    entry->known_device = session_device_known(call, entry->person, entry->device);
    TRY(first_step(call, entry));
    TRY(second_step_check(call, entry->person, &entry->second));
    TRY(post_choose(cx, entry));
    TRY(session_prepare(call, entry->person->id, entry->chosen, &entry->fresh));
    return store_write(cx, call->app->house.store, WRITE_INTERACTIVE, session_write, entry);
}

/* A refusal is answered by session_begun(), not by the dispatcher. */
static enum status entry_slow(struct call *call)
{
    (void)entry_try(call);
    return OK;
}

static struct value *post_view(struct call *call, const struct post *post)
{
    struct arena *arena = call->cx->arena;
    const struct house *house = &call->app->house;
    const struct court *court = court_by_code(house->tables(house->tables_arg), post->court);
    struct value *view = value_map(arena);
    struct value *at = NULL;
    value_set_str(arena, view, "post", post->post);
    if (court != NULL) {
        at = value_map(arena);
        value_set_str(arena, at, "code", court->code);
        value_set_str(arena, at, "name", court->name);
    }
    value_set(arena, view, "court", at);
    return view;
}

struct value *person_view(struct call *call, const struct person *person, const struct post *posts,
                          uint32_t post_count)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    struct value *held = value_list(arena);
    for (uint32_t i = 0; i < post_count; i++) {
        value_add(arena, held, post_view(call, &posts[i]));
    }
    value_set_str(arena, view, "id", str_printf(arena, "%" PRId64, person->id));
    value_set_str(arena, view, "name", person->name);
    value_set_str(arena, view, "kind", person->kind);
    value_set(arena, view, "posts", held);
    return view;
}

static struct value *entry_view(struct call *call, const struct entry *entry)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "token", entry->fresh.token);
    value_set(arena, view, "person",
              person_view(call, entry->person, entry->posts, entry->post_count));
    if (entry->needs_factor) {
        value_set_bool(arena, view, "totp_needed", true);
    }
    return view;
}

/* The page again; it asks for the second step when the first was right. */
static enum status session_refused(struct call *call, const struct entry *entry)
{
    struct arena *arena = call->cx->arena;
    const struct failure *f = &call->cx->failure;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "login", entry->login);
    value_set_str(arena, view, "back", entry->back);
    if (entry->second.ticket.n > 0 && !text_is(f->code, "step-expired")) {
        value_set_str(arena, view, "ticket", entry->second.ticket);
        value_set_str(arena, view, "post", entry->post);
    }
    if (!call->json && text_is(f->code, "totp-needed")) { /* nothing was wrong */
        cx_forgive(call->cx);
        call->status = 401;
        return call_answer(call, view, "login");
    }
    return call_again(call, f->status, "login", view);
}

static Str place_after(const struct entry *entry)
{
    bool admin = entry->chosen != NULL && str_is(entry->chosen->post, "admin");
    if (entry->needs_factor) {
        return STR("/me/totp?needed=1");
    }
    bool seals = entry->chosen != NULL && str_is(entry->chosen->post, "sealer");
    return (admin || seals) && str_is(entry->back, "/") ? str_of(admin ? "/admin/people" : "/seals")
                                                        : entry->back;
}

static enum status session_begun(struct call *call)
{
    struct entry *entry = call->kept;
    if (call->cx->failure.status != OK) {
        return session_refused(call, entry);
    }
    pace_return(&address_pace, call->http->client);
    if (entry->known_device) {
        pace_return(&device_pace, entry->device);
    }
    session_hand_over(call, &entry->fresh, entry->known_device);
    if (entry->person->large_type) {
        cookie_set(call, "large", STR("1"), "/", DEVICE_AGE_S);
    }
    return call_done(call, place_after(entry), entry_view(call, entry));
}

enum status session_begin(struct call *call)
{
    struct cx *cx = call->cx;
    struct entry *entry = arena_new(cx->arena, struct entry);
    TRY(origin_check(call));
    *entry = (struct entry){.login = str_trim(cx->arena, value_get_str(call->body, "login")),
                            .password = value_get_str(call->body, "password"),
                            .code = str_trim(cx->arena, value_get_str(call->body, "code")),
                            .post = value_get_str(call->body, "post"),
                            .back = back_of(call),
                            .wish = value_get_str(call->body, "_wish"),
                            .second = second_step_said(call),
                            .device = http_cookie(call->http, "device")};
    entry->code_ticket = entry->code.n > 0 ? code_login_ticket(call) : (Str){"", 0};
    call->kept = entry;
    session_device(call, &entry->fresh);
    TRY(pace_check(call, &address_pace, call->http->client));
    if (entry->login.n == 0 || entry->login.n > LOGIN_MAX || entry->password.n > PASSWORD_MAX ||
        (entry->second.ticket.n == 0 && (entry->password.n == 0) == (entry->code.n == 0))) {
        (void)FAIL(cx, E_LOGIN, "login-failed", "no login or no password");
        return session_begun(call);
    }
    entry->lock_key = lockout_key(call->app->house.keys, entry->login);
    return call_slow(call, entry_slow, session_begun);
}

enum status login_page(struct call *call)
{
    struct arena *arena = call->cx->arena;
    struct value *view = value_map(arena);
    value_set_str(arena, view, "login", utf8_head(arena, call_param(call, "login"), LOGIN_MAX));
    value_set_str(arena, view, "back", back_of(call));
    value_set_bool(arena, view, "recovered", str_is(call_param(call, "recovered"), "1"));
    value_set_bool(arena, view, "expired",
                   call->session == NULL && http_cookie(call->http, "session").n > 0);
    return call_answer(call, view, "login");
}

/* --- the end --- */

static enum status session_ended(struct call *call)
{
    cookie_set(call, "session", (Str){"", 0}, "/", 0);
    return call->json || call->http->method == HTTP_DELETE ? call_empty(call, 204)
                                                           : call_done(call, STR("/"), NULL);
}

enum status session_finish(struct call *call)
{
    if (call->session == NULL) {
        return session_ended(call);
    }
    struct script *script = script_new(call->cx->arena);
    session_end(script, call->session->id, call->session->person, clock_machine());
    return call_script(call, script, session_ended);
}

enum status session_finish_form(struct call *call)
{
    return session_finish(call);
}

/* --- another post --- */

static enum status post_changed(struct call *call)
{
    return call_done(call, STR("/matters?box=todo"), value_map(call->cx->arena));
}

struct posts_look {
    Id person;
    struct post *posts;
    uint32_t count;
    struct second_step second;
};

static enum status posts_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct posts_look *look = arg;
    TRY(second_step_read(cx, sql, look->person, &look->second));
    return post_list(cx, sql, look->person, &look->posts, &look->count);
}

enum status session_post(struct call *call)
{
    struct cx *cx = call->cx;
    struct posts_look look = {.person = call->actor.person};
    TRY(store_read(cx, call->app->house.store, posts_read, &look));
    struct entry entry = {.post = value_get_str(call->body, "post"),
                          .posts = look.posts,
                          .post_count = look.count,
                          .second = look.second};
    TRY(post_choose(cx, &entry));
    if (entry.chosen == NULL) {
        return FAIL(cx, E_DENIED, entry.needs_factor ? "totp-required" : "denied", "no such post");
    }
    struct script *script = script_new(cx->arena);
    session_post_set(script, call->session->id, entry.chosen);
    return call_script(call, script, post_changed);
}
