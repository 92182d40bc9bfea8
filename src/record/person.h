/* record/person.h - people, their posts and their sessions.
 *
 * (1) Identity numbers and phones are sealed under a key of the person; a blind index finds the
 * exact number. A typed identity number never grants access to anything. (2) A staff member acts
 * under one post at a time: the session's. (3) Sessions, lock-outs and codes live on machine time.
 */
#ifndef RECORD_PERSON_H
#define RECORD_PERSON_H

#include "base/date.h"
#include "record/script.h"
#include "seal/hash.h"

struct person {
    Id id;
    Str kind; /* person, lawyer, staff */
    Str login;
    Str password; /* hash */
    Str name;
    Str wrapped_key;
    Str identity_type;
    Str identity_sealed;
    Hash identity_blind;
    Str phone_sealed;
    Str email;
    Str licence;
    Str firm;
    Str organisation;
    Str organisation_code;
    Str verified; /* "", registry, window */
    Instant verified_at;
    Id verified_by;
    int64_t failed_logins;
    Instant failed_last;
    bool large_type;
    bool disabled;
    Instant created;
};

struct post {
    Str post;
    Str court;
    Instant since;
};

struct session {
    Hash token;
    int64_t id;
    Id person;
    Str post;
    Str court;
    Str csrf;
    Str agent;
    Str client;
    Instant created;
    Instant used;
};

/* Who is asking: what authority is decided on. Made from a session, or for the system. */
struct actor {
    bool system;
    Id person; /* 0: nobody */
    Str person_kind;
    Str name;
    bool verified;
    Str post;  /* "" when none */
    Str court; /* of the post */
    int64_t session;
    Id assists;   /* begins a draft for this person, whose assistant he is; 0 */
    Id follows;   /* the matter whose follow code he holds, and nothing else is known of him; 0 */
    bool sealing; /* keeps a court's seal, and is here for the papers that it stands on: these
                     alone are shown to him, by who asks for them */
};

enum status person_find(struct cx *cx, struct sql *sql, Id id, struct person **out);
enum status person_find_login(struct cx *cx, struct sql *sql, Str login, struct person **out);
/* Everybody with this exact identity (blind index). */
enum status person_list_identity(struct cx *cx, struct sql *sql, Hash blind, struct person **out,
                                 uint32_t *count);
void person_write_new(struct script *script, struct arena *arena, const struct person *person);
/* Everything but id, login, key and day of making. */
void person_write(struct script *script, struct arena *arena, const struct person *person);
void person_large_set(struct script *script, Id id, bool on);
/* Gives a login to somebody who was entered without one. */
void person_login_set(struct script *script, Id id, Str login);

enum status post_list(struct cx *cx, struct sql *sql, Id person, struct post **out,
                      uint32_t *count);
void post_write(struct script *script, Id person, Str post, Str court, Instant since);
void post_end(struct script *script, Id person, Str post, Str court, Instant until);

/* The live session of a token with its person, for every request: one query. *out NULL when
 * unknown, ended, unused for 12 hours (machine time), or the person is disabled or no longer holds
 * the post. */
enum status session_find(struct cx *cx, struct sql *sql, Hash token, Instant machine_now,
                         struct session **out, struct actor *actor);
/* Would session_find() find it still, and under this post? For what goes on behind a request. */
enum status session_stands(struct cx *cx, struct sql *sql, int64_t id, Str post, Str court,
                           Instant machine_now, bool *out);
/* What a session was under, ended or not; "" when unknown. */
enum status session_post_before(struct cx *cx, struct sql *sql, Hash token, Str *post, Str *court);
enum status session_list(struct cx *cx, struct sql *sql, Id person, struct session **out,
                         uint32_t *count);
void session_write_new(struct script *script, struct arena *arena, const struct session *session);
/* Inside the closure that writes a session: is the person as he was read, not disabled and with the
 * same password? He stays so until the commit, so that no log-in outlives a change made while its
 * password was being looked at. */
enum status session_may_begin(struct cx *cx, struct sql *sql, const struct person *read, bool *may);
void session_touch(struct script *script, int64_t id, Instant used);
void session_post_set(struct script *script, int64_t id, const struct post *post);
void session_end(struct script *script, int64_t id, Id person, Instant at); /* only one's own */
/* Both also shut out a desk that his phone has confirmed (record/desk_login.h). */
void session_end_others(struct script *script, Id person, int64_t but_id, Instant at);
void session_end_all(struct script *script, Id person, Instant at);

/* "p:ID", the viewer of a person's lists. */
Str viewer_person(struct arena *arena, Id person);
/* "POST@COURT" */
Str viewer_post(struct arena *arena, Str post, Str court);

#endif
