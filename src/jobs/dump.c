#include "jobs/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"

enum { SETTINGS_MOST = 64, CHUNK_BYTES = 1 << 16 };

/* --- PostgreSQL's programs --- */

/* "PGHOST=…" for each part of the URL, before what is in our own environment. */
static enum status environment_of(struct cx *cx, const char *url, char ***out)
{
    char *why = NULL;
    size_t count = 0;
    size_t own = 0;
    PQconninfoOption *parts = PQconninfoParse(url, &why);
    if (parts == NULL) {
        PQfreemem(why); /* may hold the password */
        return FAIL(cx, E_INPUT, "usage", "the address of the database cannot be read");
    }
    while (environ[own] != NULL) {
        own += 1;
    }
    char **all = arena_array(cx->arena, char *, own + SETTINGS_MOST + 1);
    for (const PQconninfoOption *p = parts; p->keyword != NULL && count < SETTINGS_MOST; p++) {
        if (p->envvar != NULL && p->val != NULL) {
            all[count++] = arena_printf(cx->arena, "%s=%s", p->envvar, p->val);
        }
    }
    PQconninfoFree(parts);
    memcpy(all + count, environ, own * sizeof *all);
    *out = all;
    return OK;
}

static enum status program_run(struct cx *cx, const char *url, const char *const *words)
{
    char **environment = NULL;
    pid_t pid = 0;
    int status = 0;
    size_t count = 0;
    TRY(environment_of(cx, url, &environment));
    while (words[count] != NULL) {
        count += 1;
    }
    char **args = arena_array(cx->arena, char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        args[i] = arena_copy(cx->arena, words[i], strlen(words[i]));
    }
    int error = posix_spawnp(&pid, args[0], NULL, NULL, args, environment);
    if (error != 0) {
        return FAIL(cx, E_STORE, "store-failed", "%s: %s", args[0], strerror(error));
    }
    while (waitpid(pid, &status, 0) < 0) {
        check(errno == EINTR);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return FAIL(cx, E_STORE, "store-failed", "%s ended with %d", args[0], status);
    }
    return OK;
}

static const char *database_name(struct cx *cx, const char *url)
{
    const char *name = "";
    PQconninfoOption *parts = PQconninfoParse(url, NULL);
    for (const PQconninfoOption *p = parts; p != NULL && p->keyword != NULL; p++) {
        if (strcmp(p->keyword, "dbname") == 0 && p->val != NULL) {
            name = arena_printf(cx->arena, "%s", p->val);
        }
    }
    PQconninfoFree(parts);
    return name;
}

enum status dump_postgres(struct cx *cx, const char *url, const char *snapshot, const char *file)
{
    const char *const words[] = {"pg_dump",
                                 "--format=custom",
                                 "--no-owner",
                                 "--no-privileges",
                                 arena_printf(cx->arena, "--snapshot=%s", snapshot),
                                 arena_printf(cx->arena, "--file=%s", file),
                                 NULL};
    return program_run(cx, url, words);
}

enum status load_postgres(struct cx *cx, const char *url, const char *file)
{
    const char *const words[] = {"pg_restore",
                                 "--single-transaction",
                                 "--exit-on-error",
                                 "--no-owner",
                                 "--no-privileges",
                                 arena_printf(cx->arena, "--dbname=%s", database_name(cx, url)),
                                 file,
                                 NULL};
    return program_run(cx, url, words);
}

/* --- files --- */

static enum status file_trouble(struct cx *cx, const char *what, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    return FAIL(cx, E_STORE, full ? "disk-full" : "store-failed", "%s %s: %s", what, path,
                strerror(errno));
}

static bool all_write(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(fd, bytes, size);
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        bytes += wrote > 0 ? wrote : 0;
        size -= wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

/* To `to` too, unless it is -1. false with errno set. */
static bool pour(int from, int to, Hash *sm3, int64_t *size_bytes)
{
    char chunk[CHUNK_BYTES];
    struct hasher *hasher = hasher_open();
    bool ok = true;
    *size_bytes = 0;
    for (ssize_t n = 1; ok && n != 0;) {
        n = read(from, chunk, sizeof chunk);
        if (n < 0) {
            ok = errno == EINTR;
            continue;
        }
        hasher_add(hasher, chunk, (size_t)n);
        *size_bytes += n;
        ok = to < 0 || all_write(to, chunk, (size_t)n);
    }
    int error = errno;
    *sm3 = hasher_close(hasher);
    errno = error;
    return ok;
}

enum status file_digest(struct cx *cx, const char *path, Hash *sm3, int64_t *size_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return file_trouble(cx, "opening", path);
    }
    enum status status = pour(fd, -1, sm3, size_bytes) ? OK : file_trouble(cx, "reading", path);
    (void)close(fd);
    return status;
}

static enum status copy_into(struct cx *cx, int from, int to, const char *path, Hash wanted)
{
    Hash sm3;
    int64_t size_bytes = 0;
    if (!pour(from, to, &sm3, &size_bytes) || fsync(to) != 0) {
        return file_trouble(cx, "copying", path);
    }
    if (!hash_same(sm3, wanted)) {
        return FAIL(cx, E_STORE, "store-failed", "%s has changed since the backup", path);
    }
    return OK;
}

enum status file_copy(struct cx *cx, const char *from, const char *to, Hash wanted)
{
    const char *part = arena_printf(cx->arena, "%s.part", to);
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0) {
        return file_trouble(cx, "opening", from);
    }
    int target = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum status status =
        target < 0 ? file_trouble(cx, "making", part) : copy_into(cx, source, target, from, wanted);
    (void)close(source);
    if (target >= 0) {
        (void)close(target);
    }
    if (status == OK && rename(part, to) != 0) {
        status = file_trouble(cx, "keeping", to);
    }
    if (status != OK) {
        (void)unlink(part);
    }
    return status;
}

enum status file_put(struct cx *cx, const char *path, Str text)
{
    const char *part = arena_printf(cx->arena, "%s.part", path);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return file_trouble(cx, "making", part);
    }
    bool ok = all_write(fd, text.p, text.n) && fsync(fd) == 0;
    enum status status = ok ? OK : file_trouble(cx, "writing", part);
    (void)close(fd);
    if (status == OK && rename(part, path) != 0) {
        status = file_trouble(cx, "keeping", path);
    }
    return status;
}
