#include "web/stream.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/check.h"
#include "base/json.h"
#include "base/log.h"
#include "record/listing.h"
#include "web/again.h"
#include "web/handlers.h"
#include "web/inbox.h"

enum {
    SENT_KEPT = 64,
    /* Ids are taken in blocks before the commit: a smaller one may appear after a larger one. */
    LOOK_BACK_IDS = 5000,
    LOOK_BYTES = 256 * 1024,
    /* Windows and devices of one person; more would take the streams of others. */
    PERSON_STREAMS_MAX = 100,
    STREAM_RETRY_S = 60
};

struct listener {
    struct listener *before, *after; /* under streams.lock */
    struct streams *streams;
    struct store *store;
    struct http_stream *stream;
    Id person;
    int64_t session;
    char viewers[2][128];
    uint32_t viewer_count;
    char post[64];
    char court[32];
    /* Of the stream's own thread: */
    Id last;
    Id sent[SENT_KEPT];
    uint32_t sent_next;
    bool primed; /* what stood there at the beginning is known */
};

struct streams {
    pthread_mutex_t lock;
    struct listener *first;
};

struct streams *streams_open(struct arena *arena)
{
    struct streams *streams = arena_new(arena, struct streams);
    check(pthread_mutex_init(&streams->lock, NULL) == 0);
    return streams;
}

void streams_close(struct streams *streams)
{
    if (streams == NULL || streams->first != NULL) { /* a listener that was left to the process */
        return;
    }
    (void)pthread_mutex_destroy(&streams->lock);
}

/* --- waking --- */

struct wanted {
    Str viewer;              /* or "" */
    const struct plan *plan; /* or NULL: everybody */
};

static bool is_about(const struct listener *listener, const struct matter *m)
{
    if (str_is(m->court, listener->court) || m->owner == listener->person) {
        return true;
    }
    for (uint32_t i = 0; i < m->attachment_count; i++) {
        if (m->attachments[i].person == listener->person) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const struct listener *listener, const struct wanted *wanted)
{
    if (wanted->viewer.n > 0) {
        return str_is(wanted->viewer, listener->viewers[0]) ||
               (listener->viewer_count > 1 && str_is(wanted->viewer, listener->viewers[1]));
    }
    bool about = wanted->plan == NULL;
    for (uint32_t i = 0; !about && i < wanted->plan->change_count; i++) {
        about = is_about(listener, wanted->plan->changes[i].after);
    }
    return about;
}

static void wake(struct streams *streams, const struct wanted *wanted)
{
    if (streams == NULL) {
        return;
    }
    check(pthread_mutex_lock(&streams->lock) == 0);
    for (struct listener *each = streams->first; each != NULL; each = each->after) {
        if (is_wanted(each, wanted)) {
            http_stream_wake(each->stream);
        }
    }
    check(pthread_mutex_unlock(&streams->lock) == 0);
}

void streams_tell(struct streams *streams, Str viewer)
{
    wake(streams, &(struct wanted){.viewer = viewer});
}

void streams_tell_plan(struct streams *streams, const struct plan *plan)
{
    wake(streams, &(struct wanted){.plan = plan});
}

void streams_tell_all(void *arg)
{
    wake(arg, &(struct wanted){.plan = NULL});
}

/* --- one stream --- */

struct look {
    const struct listener *listener;
    struct notice *notices;
    uint32_t count;
    bool ended; /* the session, meanwhile */
};

static enum status look_read(struct cx *cx, struct sql *sql, void *arg)
{
    struct look *look = arg;
    Str viewers[2];
    bool stands = false;
    TRY(session_stands(cx, sql, look->listener->session, str_of(look->listener->post),
                       str_of(look->listener->court), clock_machine(), &stands));
    look->ended = !stands;
    for (uint32_t i = 0; i < look->listener->viewer_count; i++) {
        viewers[i] = str_of(look->listener->viewers[i]);
    }
    return notice_list(cx, sql, viewers, look->listener->viewer_count, 0, SENT_KEPT, &look->notices,
                       &look->count);
}

static bool was_sent(const struct listener *listener, Id id)
{
    for (uint32_t i = 0; i < SENT_KEPT; i++) {
        if (listener->sent[i] == id) {
            return true;
        }
    }
    return id <= listener->last - LOOK_BACK_IDS;
}

static void mark_sent(struct listener *listener, Id id)
{
    listener->sent[listener->sent_next] = id;
    listener->sent_next = (listener->sent_next + 1) % SENT_KEPT;
    listener->last = id > listener->last ? id : listener->last;
}

static void event_add(struct arena *arena, const struct notice *notice, struct buf *out)
{
    buf_printf(out, "id: %" PRId64 "\nevent: notice\ndata: ", notice->id);
    json_write_to(out, notice_view(arena, notice));
    buf_text(out, "\n\n");
}

/* The first look only learns what is there, unless the browser says what it saw last. */
static void look_send(struct listener *listener, struct arena *arena, const struct look *look,
                      struct buf *out)
{
    for (uint32_t i = look->count; i > 0; i--) { /* oldest first */
        const struct notice *notice = &look->notices[i - 1];
        bool old = listener->primed ? was_sent(listener, notice->id)
                                    : listener->last == 0 || notice->id <= listener->last;
        if (!old) {
            event_add(arena, notice, out);
        }
    }
    for (uint32_t i = look->count; i > 0; i--) {
        if (!listener->primed || !was_sent(listener, look->notices[i - 1].id)) {
            mark_sent(listener, look->notices[i - 1].id);
        }
    }
    listener->primed = true;
}

static bool stream_next(void *arg, struct buf *out)
{
    struct listener *listener = arg;
    struct arena *arena = arena_open(LOOK_BYTES);
    struct cx cx;
    struct look look = {.listener = listener};
    bool first = !listener->primed;
    cx_init(&cx, arena);
    bool read = store_read(&cx, listener->store, look_read, &look) == OK;
    if (read && !look.ended) {
        look_send(listener, arena, &look, out);
    } else if (!read) {
        log_failure(&cx, "notices/stream");
    }
    if (first) {
        buf_text(out, "retry: 3000\n\n");
    }
    arena_close(arena);
    return read && !look.ended; /* else the browser comes again */
}

static void stream_closed(void *arg)
{
    struct listener *listener = arg;
    struct streams *streams = listener->streams;
    check(pthread_mutex_lock(&streams->lock) == 0);
    if (listener->before != NULL) {
        listener->before->after = listener->after;
    } else if (streams->first == listener) {
        streams->first = listener->after;
    }
    if (listener->after != NULL) {
        listener->after->before = listener->before;
    }
    check(pthread_mutex_unlock(&streams->lock) == 0);
}

static void listener_link(struct listener *listener)
{
    struct streams *streams = listener->streams;
    check(pthread_mutex_lock(&streams->lock) == 0);
    listener->after = streams->first;
    if (streams->first != NULL) {
        streams->first->before = listener;
    }
    streams->first = listener;
    check(pthread_mutex_unlock(&streams->lock) == 0);
}

static bool keep_text(char *to, size_t room, Str text)
{
    if (text.n >= room) {
        return false;
    }
    memcpy(to, text.p, text.n + 1);
    return true;
}

static struct listener *listener_new(struct call *call)
{
    /* The arena of a request lives as long as its stream. */
    struct listener *listener = arena_new(call->cx->arena, struct listener);
    Str viewers[2];
    listener->viewer_count = inbox_viewers(call, viewers);
    for (uint32_t i = 0; i < listener->viewer_count; i++) {
        check(keep_text(listener->viewers[i], sizeof listener->viewers[i], viewers[i]));
    }
    check(keep_text(listener->post, sizeof listener->post, call->actor.post));
    check(keep_text(listener->court, sizeof listener->court, call->actor.court));
    listener->streams = call->app->streams;
    listener->store = call->app->house.store;
    listener->person = call->actor.person;
    listener->session = call->session->id;
    if (!str_int(http_header(call->http, "Last-Event-ID"), &listener->last)) {
        listener->last = 0;
    }
    return listener;
}

/* Asked before the stream is opened: threads that ask at once may all be let in. */
static bool has_room(struct streams *streams, Id person)
{
    uint32_t count = 0;
    check(pthread_mutex_lock(&streams->lock) == 0);
    for (const struct listener *each = streams->first; each != NULL; each = each->after) {
        count += each->person == person ? 1 : 0;
    }
    check(pthread_mutex_unlock(&streams->lock) == 0);
    return count < PERSON_STREAMS_MAX;
}

enum status notice_stream(struct call *call)
{
    struct cx *cx = call->cx;
    struct listener *listener = NULL;
    if (call->http->method == HTTP_HEAD || call->app->streams == NULL) {
        return call_empty(call, 204);
    }
    if (!has_room(call->app->streams, call->actor.person)) {
        retry_after(call, STREAM_RETRY_S);
        cx_arg(cx, "seconds", str_printf(cx->arena, "%d", STREAM_RETRY_S));
        return FAIL(cx, E_RATE, "rate", "%d streams of one person", PERSON_STREAMS_MAX);
    }
    listener = listener_new(call);
    if (http_stream_open(call->http, stream_next, stream_closed, listener, &listener->stream) !=
        OK) {
        return cx->failure.status;
    }
    listener_link(listener);
    call->answered = true;
    return OK;
}
