#include "web/pages_intake.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "web/file_name.h"
#include "web/tus.h"

enum { NOW_PAGES_MAX = 10, NOW_BYTES_MAX = 8 << 20 };

bool pages_intake_wanted(const struct call *call)
{
    const struct sent *sent = call->http->stream;
    return sent == NULL
               ? value_get(call->body, "pages") != NULL
               : sent->file_count > 1 && str_is(value_get_str(sent->fields, "join"), "yes");
}

/* --- what is asked --- */

static void page_error(struct cx *cx, uint32_t i, const char *code, const char *text)
{
    (void)cx_error(cx, arena_printf(cx->arena, "pages.%u", i), code,
                   arena_printf(cx->arena, "第%u页%s", i + 1, text));
}

static void size_error(struct cx *cx, uint32_t i)
{
    page_error(cx, i, "page-too-large", "的文件超过20MB，请缩小后再传");
}

static enum status pages_failed(struct cx *cx)
{
    return cx->failure.errors == NULL ? OK : FAIL(cx, E_INPUT, "pages-unusable", "pages are wrong");
}

static Str name_of(struct arena *arena, Str said, uint32_t count)
{
    static const char *const pdf[] = {"pdf", NULL};
    Str name = file_name_clean(arena, said);
    return file_name_typed(arena, name.n == 0 ? str_printf(arena, "图片共%u页", count) : name, pdf);
}

static void page_list_add(struct arena *arena, struct value *list, Str name, int64_t rotate,
                          int64_t size, Hash sm3)
{
    struct value *page = value_map(arena);
    value_set_str(arena, page, "name", name);
    value_set_int(arena, page, "rotate", rotate);
    value_set_int(arena, page, "size", size);
    value_set_str(arena, page, "sm3", hash_hex(arena, sm3));
    value_add(arena, list, page);
}

static bool is_turn(const struct value *rotate)
{
    int64_t degrees = value_as_int(rotate);
    return value_is_null(rotate) ||
           (rotate->kind == VALUE_INT && degrees >= 0 && degrees < 360 && degrees % 90 == 0);
}

/* One read for all of them. */
struct uploads_look {
    Id person;
    const struct value *pages;
    struct upload **uploads;
};

static enum status uploads_read(struct cx *cx, struct sql *sql, void *arg)
{
    const struct uploads_look *look = arg;
    for (uint32_t i = 0; i < value_count(look->pages); i++) {
        Str id = value_get_str(value_item(look->pages, i), "upload");
        TRY(upload_find(cx, sql, id, look->person, &look->uploads[i]));
    }
    return OK;
}

static bool is_repeated(const struct pages_intake *intake, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++) {
        if (intake->uploads[k] != NULL &&
            str_same(intake->uploads[k]->id, intake->uploads[i]->id)) {
            return true;
        }
    }
    return false;
}

static void page_look(struct call *call, const struct pages_intake *intake,
                      const struct value *page, uint32_t i)
{
    struct cx *cx = call->cx;
    const struct upload *upload = intake->uploads[i];
    if (upload == NULL) {
        page_error(cx, i, "unknown", "没有传到，或者已经收下，请刷新后查看");
    } else if (is_repeated(intake, i)) {
        page_error(cx, i, "repeated", "和前面的一页是同一次上传");
    } else if (hash_is_zero(upload->sm3)) {
        page_error(cx, i, "upload-unfinished", "还没有传完，请接着传");
    } else if (upload->length > PAGE_BYTES_MAX) {
        size_error(cx, i);
    } else if (!is_turn(value_get(page, "rotate"))) {
        page_error(cx, i, "rotate", "的旋转角度只能是0、90、180、270");
    }
}

static enum status total_check(struct cx *cx, const struct value *pages)
{
    int64_t total = 0;
    for (uint32_t i = 0; i < value_count(pages); i++) {
        total += value_get_int(value_item(pages, i), "size");
    }
    if (total > UPLOAD_FILE_MAX_BYTES) {
        (void)cx_error(cx, "pages", "pages-too-large", "各页加起来超过200MB，请分成几份");
    }
    return pages_failed(cx);
}

enum status pages_intake_read(struct call *call, struct pages_intake *out)
{
    struct cx *cx = call->cx;
    const struct value *said = value_get(call->body, "pages");
    struct value *pages = value_list(cx->arena);
    *out = (struct pages_intake){.count = value_count(said), .list = value_map(cx->arena)};
    if (!value_is_list(said) || out->count == 0 || out->count > PAGES_MAX) {
        (void)cx_error(cx, "pages", out->count > PAGES_MAX ? "too-many" : "missing",
                       out->count > PAGES_MAX ? "一份材料最多500页，请分成几份"
                                              : "请选择要合成的图片");
        return FAIL(cx, E_INPUT, "fields", "%u pages", out->count);
    }
    out->uploads = arena_array(cx->arena, struct upload *, out->count);
    struct uploads_look look = {call->actor.person, said, out->uploads};
    TRY(store_read(cx, call->app->house.store, uploads_read, &look));
    for (uint32_t i = 0; i < out->count; i++) {
        page_look(call, out, value_item(said, i), i);
    }
    TRY(pages_failed(cx));
    for (uint32_t i = 0; i < out->count; i++) {
        const struct upload *upload = out->uploads[i];
        page_list_add(cx->arena, pages, upload->name, value_get_int(value_item(said, i), "rotate"),
                      upload->length, upload->sm3);
    }
    value_set(cx->arena, out->list, "pages", pages);
    out->name = name_of(cx->arena, value_get_str(call->body, "name"), out->count);
    out->at = clock_now();
    return total_check(cx, pages);
}

enum status pages_intake_still_there(struct call *call, const struct pages_intake *intake)
{
    struct pages_intake again;
    return intake->uploads == NULL ? OK : pages_intake_read(call, &again);
}

/* --- the files of a form --- */

enum status pages_intake_take(struct call *call, struct sent *sent, struct pages_intake *out)
{
    struct cx *cx = call->cx;
    struct value *pages = value_list(cx->arena);
    *out = (struct pages_intake){.count = sent->file_count, .list = value_map(cx->arena)};
    for (uint32_t i = 0; i < sent->file_count; i++) {
        struct sent_file *file = &sent->files[i];
        struct blob_writer *writer = file->writer;
        Hash sm3;
        int64_t size = 0;
        file->writer = NULL; /* ended by the next call, whatever becomes of it */
        TRY(blob_finish(cx, writer, sm3.b, &size));
        if (size > PAGE_BYTES_MAX) {
            size_error(cx, i);
        }
        page_list_add(cx->arena, pages, file->name, 0, size, sm3);
    }
    TRY(pages_failed(cx));
    value_set(cx->arena, out->list, "pages", pages);
    out->name = name_of(cx->arena, value_get_str(sent->fields, "name"), out->count);
    out->at = clock_now();
    return total_check(cx, pages);
}

/* --- joining --- */

static enum status pictures_check(struct call *call, const struct pages_intake *intake)
{
    struct cx *cx = call->cx;
    enum page_fault *faults = arena_array(cx->arena, enum page_fault, intake->count);
    TRY(call->app->pages_check(cx, call->app->pages_arg, intake->list, faults));
    for (uint32_t i = 0; i < intake->count; i++) {
        if (faults[i] != PAGE_GOOD) {
            (void)cx_error(cx, arena_printf(cx->arena, "pages.%u", i), page_fault_code(faults[i]),
                           page_fault_text(cx->arena, faults[i], i + 1).p);
        }
    }
    return pages_failed(cx);
}

static enum status bind_now(struct call *call, struct pages_intake *intake)
{
    struct cx *cx = call->cx;
    struct pages_file file = {0};
    TRY(call->app->pages_bind(cx, call->app->pages_arg, intake->list, intake->name, intake->at,
                              &file));
    if (file.fault != PAGE_GOOD) {
        (void)cx_error(cx, arena_printf(cx->arena, "pages.%u", file.broken),
                       page_fault_code(file.fault),
                       page_fault_text(cx->arena, file.fault, file.broken + 1).p);
    }
    intake->sm3 = file.sm3;
    intake->size = file.size;
    return pages_failed(cx);
}

enum status pages_intake_bind(struct call *call, struct pages_intake *intake)
{
    struct cx *cx = call->cx;
    const struct value *pages = value_get(intake->list, "pages");
    int64_t total = 0;
    TRY(pictures_check(call, intake));
    Str text = json_canonical(cx->arena, intake->list);
    TRY(blob_put(cx, call->app->blobs, text.p, text.n, intake->list_sm3.b));
    for (uint32_t i = 0; i < intake->count; i++) {
        total += value_get_int(value_item(pages, i), "size");
    }
    intake->later = intake->count > NOW_PAGES_MAX || total > NOW_BYTES_MAX;
    if (!intake->later) {
        return bind_now(call, intake);
    }
    intake->sm3 = intake->list_sm3;
    intake->size = (int64_t)text.n;
    return OK;
}

/* A page that came in a form waits as an upload would. */
static Str upload_of_file(struct call *call, const struct pages_intake *intake, struct plan *plan,
                          uint32_t i)
{
    char id[27];
    const struct value *page = value_item(value_get(intake->list, "pages"), i);
    struct upload *upload = arena_new(call->cx->arena, struct upload);
    random_code(id, sizeof id - 1);
    upload->id = str_copy(call->cx->arena, id, sizeof id - 1);
    upload->person = call->actor.person;
    upload->name = value_get_str(page, "name");
    upload->length = value_get_int(page, "size");
    upload->received = upload->length;
    check(hash_unhex(value_get_str(page, "sm3"), &upload->sm3));
    upload->updated = clock_machine();
    upload_write_new(plan->script, upload);
    return upload->id;
}

void pages_intake_plan(struct call *call, const struct pages_intake *intake, struct plan *plan,
                       Id matter, int64_t n)
{
    struct arena *arena = call->cx->arena;
    for (uint32_t i = 0; !intake->later && intake->uploads != NULL && i < intake->count; i++) {
        upload_remove(plan->script, intake->uploads[i]->id);
    }
    if (!intake->later) {
        return;
    }
    Id job = plan_id(plan);
    for (uint32_t i = 0; i < intake->count; i++) {
        Str id = intake->uploads == NULL ? upload_of_file(call, intake, plan, i)
                                         : intake->uploads[i]->id;
        upload_hold(plan->script, id, job, clock_machine());
    }
    struct value *payload = value_map(arena);
    value_set_int(arena, payload, "matter", matter);
    value_set_int(arena, payload, "n", n);
    script_add(plan->script,
               SQL("INSERT INTO job (id, kind, payload, due, attempts, lease, state, last_error) "
                   "VALUES (?1, 'pages', ?2, 0, 0, 0, 'waiting', '')"),
               ARGS(SQL_I(job), SQL_S(json_write(arena, payload))));
}
