/* render/helper_serve.c - the child: takes off its rights, then does what it is asked. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/json.h"
#include "render/helper_int.h"
#include "render/helper_wire.h"
#include "render/turn.h"

enum {
    NOBODY = 65534,
    JOB_SECONDS_MAX = 12, /* of processor time */
    ARENA_SOFT_BYTES = 192 << 20,
    MEMORY_BYTES_MAX = 1536 << 20,
};

/* --- taking off rights --- */

#ifndef __has_feature
#    define __has_feature(feature) 0 /* gcc 12 */
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { IS_SANITIZED = 1 }; /* reserves terabytes of address space and reads /proc */
#else
enum { IS_SANITIZED = 0 };
#endif

static void set_limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit limit = {value, value};
    (void)setrlimit(what, &limit);
}

#ifdef __x86_64__
enum { OUR_ARCHITECTURE = (int)AUDIT_ARCH_X86_64 };
#else
enum { OUR_ARCHITECTURE = (int)AUDIT_ARCH_AARCH64 };
#endif

#define REFUSE              BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define REFUSE_CALL(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), REFUSE

/* Sockets, programs, other processes and opening files to write are refused with EPERM; all else
 * (memory, reading fonts, the socket we have) goes on. */
static void refuse_calls(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)OUR_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE_CALL(SYS_socket),
        REFUSE_CALL(SYS_connect),
        REFUSE_CALL(SYS_bind),
        REFUSE_CALL(SYS_execve),
        REFUSE_CALL(SYS_execveat),
        REFUSE_CALL(SYS_ptrace),
        REFUSE_CALL(SYS_process_vm_readv),
        REFUSE_CALL(SYS_process_vm_writev),
        REFUSE_CALL(SYS_kill),
        REFUSE_CALL(SYS_unlinkat),
        REFUSE_CALL(SYS_mkdirat),
        REFUSE_CALL(SYS_linkat),
        REFUSE_CALL(SYS_symlinkat),
        REFUSE_CALL(SYS_renameat2),
        REFUSE_CALL(SYS_fchmodat),
        REFUSE_CALL(SYS_fchownat),
        REFUSE_CALL(SYS_truncate),
#ifdef __x86_64__
        REFUSE_CALL(SYS_fork),
        REFUSE_CALL(SYS_vfork),
        REFUSE_CALL(SYS_open),
        REFUSE_CALL(SYS_creat),
        REFUSE_CALL(SYS_unlink),
        REFUSE_CALL(SYS_rename),
        REFUSE_CALL(SYS_renameat),
        REFUSE_CALL(SYS_mkdir),
        REFUSE_CALL(SYS_link),
        REFUSE_CALL(SYS_symlink),
        REFUSE_CALL(SYS_chmod),
#endif
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0, 1),
        REFUSE,
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof rules / sizeof rules[0], rules};
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

static bool become_nobody(void)
{
    return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
           setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

/* Whatever is not permitted here (no network name space for an ordinary user) is one lock less,
 * never a reason not to print. */
static void take_off_rights(void)
{
    (void)unshare(CLONE_NEWNET);
    if (geteuid() == 0) {
        (void)become_nobody();
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* after setresuid(), which resets it */
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_FSIZE, 0);
    set_limit(RLIMIT_NOFILE, 64);
    if (!IS_SANITIZED) {
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        set_limit(RLIMIT_AS, MEMORY_BYTES_MAX);
        refuse_calls();
    }
}

/* The soft limit moves on with every job; the kernel ends us when a job overruns it. */
static void allow_job_time(void)
{
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) == 0 && getrlimit(RLIMIT_CPU, &limit) == 0) {
        time_t seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec + JOB_SECONDS_MAX;
        limit.rlim_cur = (rlim_t)seconds;
        (void)setrlimit(RLIMIT_CPU, &limit);
    }
}

/* --- jobs --- */

/* The next `size` bytes of body as a Str with a NUL behind it. */
static bool cut(struct arena *arena, Str *body, int64_t size, Str *out)
{
    if (size < 0 || (uint64_t)size > body->n) {
        return false;
    }
    *out = str_copy(arena, body->p, (size_t)size);
    *body = (Str){body->p + size, body->n - (size_t)size};
    return true;
}

static enum status serve_paper(struct cx *cx, const struct value *head, Str body,
                               struct paper_pdf *pdf)
{
    struct paper *paper = NULL;
    struct paper_content *content = NULL;
    struct value *inputs = NULL;
    struct paper_image images[PAPER_IMAGES_MAX];
    Str definition;
    Str json;
    const struct value *list = value_get(head, "images");
    uint32_t count = value_count(list);
    bool whole = cut(cx->arena, &body, value_get_int(head, "definition"), &definition) &&
                 cut(cx->arena, &body, value_get_int(head, "inputs"), &json) &&
                 count <= PAPER_IMAGES_MAX;
    for (uint32_t i = 0; whole && i < count; i++) {
        const struct value *image = value_item(list, i);
        images[i].name = value_get_str(image, "name");
        whole = cut(cx->arena, &body, value_get_int(image, "bytes"), &images[i].bytes);
    }
    if (!whole) {
        return FAIL(cx, E_READ, "helper-request", "lengths do not add up");
    }
    TRY(paper_compile(cx, value_get_str(head, "name").p, definition, &paper));
    TRY(json_read(cx, json, &inputs));
    TRY(paper_fill(cx, paper, inputs, &content));
    paper_content_seal(content, value_get_str(head, "seal"), value_get_bool(head, "seal_is_demo"));
    return paper_print(cx, content, images, count, pdf);
}

static enum wire_result answer_failure(struct cx *cx, int fd)
{
    struct value *head = value_map(cx->arena);
    value_set_bool(cx->arena, head, "ok", false);
    value_set_int(cx->arena, head, "status", cx->failure.status);
    value_set_text(cx->arena, head, "code", cx->failure.code);
    value_set_str(cx->arena, head, "detail", cx->failure.detail);
    value_set(cx->arena, head, "errors", cx->failure.errors);
    return wire_send(fd, json_write(cx->arena, head), NULL, 0, 0);
}

static enum wire_result answer_sheet(struct cx *cx, int fd, const struct value *head, Str body)
{
    Str made = {0};
    int64_t pages = 0;
    if (sheet_serve(cx, head, body, &made, &pages) != OK) {
        return answer_failure(cx, fd);
    }
    struct value *answer = value_map(cx->arena);
    value_set_bool(cx->arena, answer, "ok", true);
    value_set_int(cx->arena, answer, "pages", pages);
    return wire_send(fd, json_write(cx->arena, answer), &made, 1, 0);
}

static enum wire_result answer_document(struct cx *cx, int fd, const struct value *head, Str body)
{
    Str parts[2];
    if (document_serve(cx, head, body, &parts[0], &parts[1]) != OK) {
        return answer_failure(cx, fd);
    }
    struct value *answer = value_map(cx->arena);
    value_set_bool(cx->arena, answer, "ok", true);
    value_set_int(cx->arena, answer, "text", (int64_t)parts[0].n);
    return wire_send(fd, json_write(cx->arena, answer), parts, 2, 0);
}

static enum wire_result answer_thumb(struct cx *cx, int fd, const struct value *head, Str body)
{
    Str made = {0};
    if (thumb_serve(cx, head, body, &made) != OK) {
        return answer_failure(cx, fd);
    }
    struct value *answer = value_map(cx->arena);
    value_set_bool(cx->arena, answer, "ok", true);
    return wire_send(fd, json_write(cx->arena, answer), &made, 1, 0);
}

static enum wire_result answer_skew(struct cx *cx, int fd, const struct value *head, Str body)
{
    struct page_turn found = {0};
    if (skew_serve(cx, head, body, &found.tilt_cdeg) != OK) {
        return answer_failure(cx, fd);
    }
    struct value *answer = value_map(cx->arena);
    value_set_bool(cx->arena, answer, "ok", true);
    page_turn_write(cx->arena, answer, found);
    return wire_send(fd, json_write(cx->arena, answer), NULL, 0, 0);
}

static enum wire_result serve_one(struct cx *cx, int fd)
{
    struct value *head = NULL;
    Str body = {0};
    struct paper_pdf pdf = {0};
    enum wire_result result = wire_receive(cx, fd, HELPER_REQUEST_BYTES_MAX, 0, &head, &body);
    if (result != WIRE_OK) {
        return result;
    }
    allow_job_time();
    if (str_is(value_get_str(head, "kind"), "pages")) {
        return pages_serve(cx, fd, head, allow_job_time);
    }
    if (str_is(value_get_str(head, "kind"), "spreadsheet")) {
        return spreadsheet_serve(cx, fd, body);
    }
    if (str_is(value_get_str(head, "kind"), "sheet")) {
        return answer_sheet(cx, fd, head, body);
    }
    if (str_is(value_get_str(head, "kind"), "document")) {
        return answer_document(cx, fd, head, body);
    }
    if (str_is(value_get_str(head, "kind"), "thumb")) {
        return answer_thumb(cx, fd, head, body);
    }
    if (str_is(value_get_str(head, "kind"), "skew")) {
        return answer_skew(cx, fd, head, body);
    }
    if (!str_is(value_get_str(head, "kind"), "paper")) {
        (void)FAIL(cx, E_READ, "helper-request", "unknown kind of job");
        return answer_failure(cx, fd);
    }
    if (serve_paper(cx, head, body, &pdf) != OK) {
        return answer_failure(cx, fd);
    }
    struct value *answer = value_map(cx->arena);
    value_set_bool(cx->arena, answer, "ok", true);
    value_set_int(cx->arena, answer, "pages", pdf.pages);
    value_set_int(cx->arena, answer, "unknown_glyphs", pdf.unknown_glyphs);
    if (pdf.seal.drawing.n > 0) {
        struct value *seal = value_map(cx->arena);
        value_set_int(cx->arena, seal, "bytes", (int64_t)pdf.seal.drawing.n);
        value_set_int(cx->arena, seal, "page", pdf.seal.page);
        value_set_int(cx->arena, seal, "x", pdf.seal.x);
        value_set_int(cx->arena, seal, "y", pdf.seal.y);
        value_set_int(cx->arena, seal, "side", pdf.seal.side);
        value_set(cx->arena, answer, "seal", seal);
    }
    if (pdf.hand.width > 0) {
        struct value *hand = value_map(cx->arena);
        value_set_int(cx->arena, hand, "page", pdf.hand.page);
        value_set_int(cx->arena, hand, "x", pdf.hand.x);
        value_set_int(cx->arena, hand, "y", pdf.hand.y);
        value_set_int(cx->arena, hand, "width", pdf.hand.width);
        value_set_int(cx->arena, hand, "height", pdf.hand.height);
        value_set(cx->arena, answer, "hand", hand);
    }
    const Str parts[] = {pdf.bytes, pdf.seal.drawing};
    return wire_send(fd, json_write(cx->arena, answer), parts, 2, 0);
}

int helper_serve(int fd)
{
    take_off_rights();
    struct arena *arena = arena_open(ARENA_SOFT_BYTES);
    enum wire_result result = WIRE_OK;
    while (result == WIRE_OK) {
        struct cx cx;
        cx_init(&cx, arena);
        result = serve_one(&cx, fd);
        arena_reset(arena);
    }
    arena_close(arena);
    return result == WIRE_END ? 0 : 1;
}
