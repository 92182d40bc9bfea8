#include "store/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/random.h"
#include "store/blob_int.h"

enum { NAME_CHARACTERS = 24 };

struct blob_writer {
    struct blobs *blobs;
    struct hasher *hasher;
    char *path;
    int fd;
    int64_t size_bytes;
};

enum status file_fail(struct cx *cx, int error, const char *what, const char *path)
{
    bool full = error == ENOSPC || error == EDQUOT;
    return FAIL(cx, E_STORE, full ? "disk-full" : "store-failed", "%s %s: %s", what, path,
                strerror(error));
}

static enum status directory_make(struct cx *cx, const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return file_fail(cx, errno, "making", path);
    }
    return OK;
}

static enum status disk_open(struct cx *cx, struct blobs *blobs, const char *where)
{
    blobs->place = &place_disk;
    blobs->directory = arena_printf(blobs->arena, "%s", where);
    TRY(directory_make(cx, where));
    return directory_make(cx, arena_printf(cx->arena, "%s/tmp", where));
}

enum status blobs_open(struct cx *cx, const char *where, struct blobs **out)
{
    *out = NULL;
    struct blobs *blobs = calloc(1, sizeof *blobs);
    check(blobs != NULL);
    blobs->arena = arena_open((size_t)1 << 20);
    check(pthread_mutex_init(&blobs->lock, NULL) == 0);
    check(pthread_cond_init(&blobs->left, NULL) == 0);
    bool is_s3 = str_starts(str_of(where), "s3://");
    enum status status = is_s3 ? s3_open(cx, blobs, where) : disk_open(cx, blobs, where);
    if (status != OK) {
        blobs_close(blobs);
        return status;
    }
    *out = blobs;
    return OK;
}

void blobs_close(struct blobs *blobs)
{
    if (blobs == NULL) {
        return;
    }
    s3_close(blobs);
    check(blobs->busy == NULL);
    (void)pthread_cond_destroy(&blobs->left);
    (void)pthread_mutex_destroy(&blobs->lock);
    arena_close(blobs->arena);
    free(blobs);
}

/* A disk that is full or read-only says so before a person's file does. */
bool blobs_writable(struct blobs *blobs)
{
    if (blobs->directory == NULL) {
        return true;
    }
    char path[4096];
    char byte = 0;
    (void)snprintf(path, sizeof path, "%s/tmp/probe", blobs->directory);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, &byte, 1) == 1;
    if (fd >= 0) {
        (void)close(fd);
        (void)unlink(path);
    }
    return ok;
}

static bool is_busy(const struct blobs *blobs, Hash hash)
{
    for (const struct busy *each = blobs->busy; each != NULL; each = each->next) {
        if (hash_same(each->hash, hash)) {
            return true;
        }
    }
    return false;
}

void blob_enter(struct blobs *blobs, struct busy *busy, Hash hash)
{
    (void)pthread_mutex_lock(&blobs->lock);
    while (is_busy(blobs, hash)) {
        (void)pthread_cond_wait(&blobs->left, &blobs->lock);
    }
    *busy = (struct busy){hash, blobs->busy};
    blobs->busy = busy;
    (void)pthread_mutex_unlock(&blobs->lock);
}

void blob_leave(struct blobs *blobs, struct busy *busy)
{
    (void)pthread_mutex_lock(&blobs->lock);
    struct busy **link = &blobs->busy;
    while (*link != busy) {
        check(*link != NULL);
        link = &(*link)->next;
    }
    *link = busy->next;
    (void)pthread_cond_broadcast(&blobs->left);
    (void)pthread_mutex_unlock(&blobs->lock);
}

enum status blob_begin(struct cx *cx, struct blobs *blobs, struct blob_writer **out)
{
    *out = NULL;
    char name[NAME_CHARACTERS + 1];
    random_code(name, NAME_CHARACTERS);
    const char *path = arena_printf(cx->arena, "%s/tmp/%s", blobs->directory, name);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return file_fail(cx, errno, "opening", path);
    }
    struct blob_writer *writer = calloc(1, sizeof *writer);
    check(writer != NULL);
    *writer = (struct blob_writer){
        .blobs = blobs, .hasher = hasher_open(), .path = strdup(path), .fd = fd};
    check(writer->path != NULL);
    *out = writer;
    return OK;
}

enum status blob_write(struct cx *cx, struct blob_writer *writer, const void *bytes, size_t size)
{
    const char *from = bytes;
    for (size_t left = size; left > 0;) {
        ssize_t wrote = write(writer->fd, from, left);
        if (wrote < 0 && errno != EINTR) {
            return file_fail(cx, errno, "writing", writer->path);
        }
        if (wrote > 0) {
            from += wrote;
            left -= (size_t)wrote;
        }
    }
    hasher_add(writer->hasher, bytes, size);
    writer->size_bytes += (int64_t)size;
    return OK;
}

void blob_drop(struct blob_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    if (writer->hasher != NULL) {
        (void)hasher_close(writer->hasher);
    }
    (void)close(writer->fd);
    (void)unlink(writer->path); /* gone already when it was kept */
    free(writer->path);
    free(writer);
}

enum status blob_finish(struct cx *cx, struct blob_writer *writer, unsigned char sm3[32],
                        int64_t *size_bytes)
{
    Hash hash = hasher_close(writer->hasher);
    writer->hasher = NULL;
    *size_bytes = writer->size_bytes;
    memcpy(sm3, hash.b, HASH_BYTES);
    enum status status = OK;
    if (fsync(writer->fd) != 0) {
        status = file_fail(cx, errno, "syncing", writer->path);
    } else {
        status = writer->blobs->place->keep(cx, writer->blobs, writer->fd, writer->path, hash,
                                            writer->size_bytes);
    }
    blob_drop(writer);
    return status;
}

enum status blob_put(struct cx *cx, struct blobs *blobs, const void *bytes, size_t size,
                     unsigned char sm3[32])
{
    struct blob_writer *writer = NULL;
    int64_t size_bytes = 0;
    enum status status = blob_begin(cx, blobs, &writer); /* not by TRY: it must be ended */
    if (status != OK) {
        return status;
    }
    status = blob_write(cx, writer, bytes, size);
    if (status != OK) {
        blob_drop(writer);
        return status;
    }
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): blob_finish() drops the writer */
    return blob_finish(cx, writer, sm3, &size_bytes);
}

static Hash hash_from(const unsigned char sm3[32])
{
    Hash hash;
    memcpy(hash.b, sm3, HASH_BYTES);
    return hash;
}

enum status blob_read(struct cx *cx, struct blobs *blobs, const unsigned char sm3[32],
                      int64_t offset, void *bytes, size_t size, size_t *got)
{
    check(offset >= 0);
    *got = 0;
    return blobs->place->read(cx, blobs, hash_from(sm3), offset, bytes, size, got);
}

enum status blob_whole(struct cx *cx, struct blobs *blobs, const unsigned char sm3[32],
                       int64_t size, Str *out)
{
    char *bytes = arena_alloc(cx->arena, (size_t)size + 1);
    size_t done = 0;
    size_t got = 1;
    while (done < (size_t)size && got > 0) {
        TRY(blob_read(cx, blobs, sm3, (int64_t)done, bytes + done, (size_t)size - done, &got));
        done += got;
    }
    *out = (Str){bytes, done};
    return done == (size_t)size ? OK : FAIL(cx, E_STORE, "store-failed", "a blob is too short");
}

enum status blob_size(struct cx *cx, struct blobs *blobs, const unsigned char sm3[32], int64_t *out)
{
    return blobs->place->size(cx, blobs, hash_from(sm3), out);
}

enum status blob_sweep(struct cx *cx, struct blobs *blobs, Instant before,
                       bool (*is_named)(const unsigned char sm3[32], void *arg), void *arg,
                       uint32_t *removed)
{
    *removed = 0;
    return blobs->place->sweep(cx, blobs, before, is_named, arg, removed);
}
