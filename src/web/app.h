/* web/app.h - everything that handlers need of the program, and one request on its way.
 *
 * A handler is a function over struct call. It reads, prepares, and either answers at once or says
 * what must be done elsewhere (a write, slow work) and what comes afterwards; dispatch.c does the
 * waiting. (1) One handler serves page and API: it answers a value; Accept decides how it is
 * written. (2) A handler that fails leaves its failure in cx; dispatch.c makes the problem of it.
 * (3) `again` runs the handler from the start when a prepared act lost the race (E_AGAIN).
 */
#ifndef WEB_APP_H
#define WEB_APP_H

#include "base/share.h"
#include "flow/act.h"
#include "record/message.h"
#include "record/tables.h"
#include "render/pages.h"
#include "render/template.h"
#include "store/blob.h"
#include "web/http.h"

struct guidance;
struct proof_world;
struct work_queue;
struct streams; /* open event streams by viewer: web/stream.h */

struct app {
    struct house house;
    struct tables *tables;
    const struct messages *messages;
    const struct share *share;
    const struct templates *templates;
    const struct guidance *guidance; /* web/guidance.h */
    const struct proof_world *proof; /* proof/proof.h; its tables are those that came along */
    struct blobs *blobs;
    struct helper_pool *spreadsheets; /* helpers that read them: render/sheet_file.h */
    struct work_queue *slow;          /* password hashing, scanning, remote calls */
    struct streams *streams;
    const char *data_dir;
    bool demo;
    bool secure_cookies;
    bool mails; /* there is a server that takes them */
    /* Handed down by main/: things of jobs/ and link/ that a handler may set going. */
    void (*wake_jobs)(void *arg);
    void *wake_arg;
    /* Staff have seen a matter: what follows is done behind the answer. */
    void (*seen)(void *arg, Id matter, const char *act, const struct actor *by);
    void *seen_arg;
    enum status (*clock_advance)(struct cx *cx, void *arg, int64_t by_ms); /* demo only */
    void *clock_arg;
    enum status (*paper_print)(struct cx *cx, void *arg, Id matter, int64_t n, Hash *sm3,
                               int64_t *size); /* now, when a reader wants it before its job ran */
    enum status (*paper_loose)(struct cx *cx, void *arg, const char *name,
                               const struct value *inputs, Str *pdf); /* of no matter */
    /* As DOCX: paper n of a matter, or (matter 0) one of no matter. */
    enum status (*paper_docx)(struct cx *cx, void *arg, Id matter, int64_t n, const char *name,
                              const struct value *inputs, Str *docx);
    void *paper_arg;
    /* Lists of pages, in the form of jobs/pages_job.h. */
    enum status (*pages_check)(struct cx *cx, void *arg, const struct value *list,
                               enum page_fault *faults);
    enum status (*pages_bind)(struct cx *cx, void *arg, const struct value *list, Str title,
                              Instant at, struct pages_file *out);
    void *pages_arg;
    struct helper_pool *sheets; /* helpers that read PDF, render/sheet.h */
    struct value *(*ready)(struct cx *cx, void *arg, bool *ok);
    void *ready_arg;
    Str (*metrics)(struct cx *cx, void *arg);
    void *metrics_arg;
    struct scan *scan; /* virus scanner, or NULL */
    /* The Merkle log, read by jobs/log.h; each answers a value as the API shows it. */
    enum status (*receipt)(struct cx *cx, void *arg, Id matter, int64_t event, struct value **out);
    enum status (*log_checkpoint)(struct cx *cx, void *arg, struct value **out);
    enum status (*log_proof)(struct cx *cx, void *arg, Str leaf, struct value **out);
    void *log_arg;
    /* The register of residents; NULL: in a demo everybody matches, else windows verify. */
    const struct identity_register *identity;
};

enum call_wait { CALL_DONE, CALL_WRITE, CALL_SLOW };

struct route;

struct call {
    struct app *app;
    struct http_request *http;
    struct cx *cx; /* &http->cx */
    const struct route *route;
    Str args[4]; /* the {parts} of the path, in order */
    bool json;   /* answer JSON */
    bool body_is_form;
    struct value *body;      /* parsed JSON or form tree; an empty map when there is none */
    struct session *session; /* NULL: nobody */
    struct actor actor;
    bool by_cookie;
    uint32_t tries;
    /* What the handler asks for: */
    enum call_wait wait;
    struct write write;
    enum status (*slow)(struct call *call); /* on the slow queue */
    enum status slow_status;
    enum status (*then)(struct call *call); /* after write or slow, on a pool thread */
    void *kept;                             /* between handler, slow and then */
    struct plan *plan;
    const struct value *kept_value;
    const struct seen *seen;  /* the matter that the answer shows, for its page */
    const struct value *said; /* values of a form that is shown again */
    /* The answer: */
    int status;                /* HTTP; 0: 200 */
    const struct value *value; /* JSON, or the page's view */
    const char *page;          /* template; NULL: JSON for everybody */
    Str location;              /* Location, or where a form post is sent with 303 */
    struct value *headers;
    bool answered;     /* http_answer was called already (files, streams) */
    struct call *next; /* slow queue's own */
};

enum route_who {
    WHO_ANYBODY, /* logged in or not */
    WHO_PERSON,  /* logged in; else 401, a page goes to /login */
    WHO_STAFF,   /* under a post; else 403 */
    WHO_ADMIN,   /* post admin; else 404 */
    WHO_DEMO,    /* only in demo mode; else 404 */
};

struct route {
    enum http_method method;
    const char *path; /* "/matters/{id}/acts/{act}" */
    enum status (*handler)(struct call *call);
    enum route_who who;
    const char *about; /* for openapi.json */
};

extern const struct route routes[];
extern const size_t routes_count;

/* --- asking --- */
struct cx *call_cx(struct call *call);
/* Finds the session of cookie or bearer token; none leaves call->session NULL. dispatch.c does it
 * for every request; upload.c before, when it must know who sends. */
enum status call_session(struct call *call);
/* E_NOT_FOUND unless the n-th path part is an id. */
enum status call_id(struct call *call, uint32_t n, Id *out);
Str call_param(const struct call *call, const char *name); /* of the query; "" when absent */
/* limit (1 to 200, default 50) of the query. */
uint32_t call_limit(const struct call *call);
/* The Idempotency-Key header, or the hidden field _key; E_INPUT "key-missing" when neither is
 * there. */
enum status call_key(struct call *call, Str *out);
Hash call_request_hash(struct call *call);

/* --- doing elsewhere --- */
enum status call_write(struct call *call,
                       enum status (*apply)(struct cx *cx, struct sql *sql, void *arg), void *arg,
                       enum status (*then)(struct call *call));
enum status call_plan(struct call *call, struct plan *plan, enum status (*then)(struct call *call));
/* A script alone. */
enum status call_script(struct call *call, struct script *script,
                        enum status (*then)(struct call *call));
enum status call_slow(struct call *call, enum status (*slow)(struct call *call),
                      enum status (*then)(struct call *call));

/* --- answering --- */
enum status call_answer(struct call *call, const struct value *value, const char *page);
enum status call_created(struct call *call, Str location, const struct value *value);
/* After a write by a form: 303 to where; by a program: the value. */
enum status call_done(struct call *call, Str where, const struct value *value);
enum status call_empty(struct call *call, int status);
void call_header(struct call *call, const char *name, Str text);

/* Wired into struct http_options. */
void dispatch_handle(void *app, struct http_request *request);
void dispatch_resume(void *app, struct http_request *request);
void dispatch_finished(void *app, struct http_request *request, int status, int64_t sent_bytes);

/* Answers so far, by hundred of the status; 0: the client was gone. */
uint64_t dispatch_answered(int status_class);

/* view keys of the page's frame: page, person, csrf, demo, large, unread (web/frame.c) */
struct value *frame_view(struct call *call, const struct value *value);
/* What a page needs beyond the API's value (web/page_*.c); returns value itself when nothing. */
typedef struct value *page_fn(struct call *call, const struct value *value);
page_fn *page_find(const char *page);

enum status work_queue_open(struct cx *cx, unsigned threads, uint32_t limit,
                            struct work_queue **out);
void work_queue_close(struct work_queue *queue);
bool work_queue_add(struct work_queue *queue, struct call *call);

#endif
