/* Blobs in a directory: DIR/ab/cdef… by the hash in hex, DIR/tmp for what is being written. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/blob_int.h"

enum { PATH_BYTES = 4096 };

struct path {
    char text[PATH_BYTES];
};

/* DIR/ab/cdef…, and only DIR/ab when with_name is false. */
static struct path blob_path(const struct blobs *blobs, Hash hash, bool with_name)
{
    struct path path;
    int length = snprintf(path.text, sizeof path.text, "%s/%02x%s", blobs->directory, hash.b[0],
                          with_name ? "/" : "");
    size_t at = length > 0 ? (size_t)length : 0;
    for (size_t i = 1; with_name && i < HASH_BYTES && at + 3 <= sizeof path.text; i++) {
        (void)snprintf(path.text + at, 3, "%02x", hash.b[i]);
        at += 2;
    }
    return path;
}

static enum status directory_sync(struct cx *cx, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return file_fail(cx, errno, "opening", path);
    }
    int result = fsync(fd);
    int error = errno;
    (void)close(fd);
    return result == 0 ? OK : file_fail(cx, error, "syncing", path);
}

static enum status directory_need(struct cx *cx, const struct blobs *blobs, const char *path)
{
    if (mkdir(path, 0700) == 0) {
        return directory_sync(cx, blobs->directory);
    }
    return errno == EEXIST ? OK : file_fail(cx, errno, "making", path);
}

/* Renamed over a blob of the same bytes too: its age starts anew, so that a sweep under way leaves
 * it. */
static enum status disk_keep(struct cx *cx, struct blobs *blobs, int fd, const char *path,
                             Hash hash, int64_t size_bytes)
{
    (void)fd;
    (void)size_bytes;
    struct path directory = blob_path(blobs, hash, false);
    struct path target = blob_path(blobs, hash, true);
    TRY(directory_need(cx, blobs, directory.text));
    struct busy busy;
    blob_enter(blobs, &busy, hash);
    int result = rename(path, target.text);
    int error = errno;
    blob_leave(blobs, &busy);
    if (result != 0) {
        return file_fail(cx, error, "keeping", target.text);
    }
    return directory_sync(cx, directory.text);
}

static enum status blob_fail(struct cx *cx, int error, const char *path)
{
    if (error == ENOENT) {
        return FAIL(cx, E_NOT_FOUND, "blob-missing", "no blob %s", path);
    }
    return file_fail(cx, error, "reading", path);
}

int blob_open_fd(struct blobs *blobs, const unsigned char sm3[32])
{
    if (blobs->place != &place_disk) {
        return -1;
    }
    Hash hash;
    memcpy(hash.b, sm3, HASH_BYTES);
    struct path path = blob_path(blobs, hash, true);
    return open(path.text, O_RDONLY | O_CLOEXEC);
}

static enum status disk_read(struct cx *cx, struct blobs *blobs, Hash hash, int64_t offset,
                             void *bytes, size_t size, size_t *got)
{
    struct path path = blob_path(blobs, hash, true);
    int fd = open(path.text, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return blob_fail(cx, errno, path.text);
    }
    ssize_t part = 1;
    while (*got < size && part > 0) {
        part = pread(fd, (char *)bytes + *got, size - *got, offset + (int64_t)*got);
        if (part < 0 && errno == EINTR) {
            part = 1;
        } else if (part > 0) {
            *got += (size_t)part;
        }
    }
    int error = errno;
    (void)close(fd);
    return part < 0 ? blob_fail(cx, error, path.text) : OK;
}

static enum status disk_size(struct cx *cx, struct blobs *blobs, Hash hash, int64_t *out)
{
    struct path path = blob_path(blobs, hash, true);
    struct stat about;
    if (stat(path.text, &about) != 0) {
        return blob_fail(cx, errno, path.text);
    }
    *out = about.st_size;
    return OK;
}

/* --- sweep --- */

struct sweep {
    struct blobs *blobs;
    Instant before;
    bool (*is_named)(const unsigned char sm3[32], void *arg);
    void *arg;
    uint32_t removed;
};

static bool is_older(const char *path, Instant before)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
           (int64_t)about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1000000 < before;
}

static enum status remove_if_older(struct cx *cx, struct sweep *sweep, const char *path)
{
    if (!is_older(path, sweep->before)) {
        return OK;
    }
    if (unlink(path) != 0) {
        return file_fail(cx, errno, "removing", path);
    }
    sweep->removed++;
    return OK;
}

/* hex is the directory's two digits and the file's 62; false for a file that is no blob. */
static bool name_hash(const char *directory, const char *name, Hash *out)
{
    char hex[2 * HASH_BYTES + 1];
    return strlen(directory) == 2 && strlen(name) == 2 * HASH_BYTES - 2 &&
           snprintf(hex, sizeof hex, "%s%s", directory, name) == 2 * HASH_BYTES &&
           hash_unhex(str_of(hex), out);
}

static enum status file_sweep(struct cx *cx, struct sweep *sweep, const char *directory,
                              const char *name)
{
    Hash hash;
    bool is_tmp = strcmp(directory, "tmp") == 0 && name[0] != '.';
    if (!is_tmp && !name_hash(directory, name, &hash)) {
        return OK;
    }
    struct path path;
    (void)snprintf(path.text, sizeof path.text, "%s/%s/%s", sweep->blobs->directory, directory,
                   name);
    if (is_tmp) {
        return remove_if_older(cx, sweep, path.text);
    }
    if (!is_older(path.text, sweep->before) || sweep->is_named(hash.b, sweep->arg)) {
        return OK;
    }
    struct busy busy;
    blob_enter(sweep->blobs, &busy, hash);
    /* its age again: it may just have been kept anew */
    enum status status = remove_if_older(cx, sweep, path.text);
    blob_leave(sweep->blobs, &busy);
    return status;
}

static enum status directory_sweep(struct cx *cx, struct sweep *sweep, const char *directory)
{
    struct path path;
    (void)snprintf(path.text, sizeof path.text, "%s/%s", sweep->blobs->directory, directory);
    DIR *open_directory = opendir(path.text);
    if (open_directory == NULL) {
        return errno == ENOENT ? OK : file_fail(cx, errno, "listing", path.text);
    }
    enum status status = OK;
    const struct dirent *entry = readdir(open_directory);
    for (; entry != NULL && status == OK; entry = readdir(open_directory)) {
        status = file_sweep(cx, sweep, directory, entry->d_name);
    }
    (void)closedir(open_directory);
    return status;
}

static enum status disk_sweep(struct cx *cx, struct blobs *blobs, Instant before,
                              bool (*is_named)(const unsigned char sm3[32], void *arg), void *arg,
                              uint32_t *removed)
{
    struct sweep sweep = {blobs, before, is_named, arg, 0};
    enum status status = directory_sweep(cx, &sweep, "tmp");
    for (unsigned i = 0; i < 256 && status == OK; i++) {
        char directory[8];
        (void)snprintf(directory, sizeof directory, "%02x", i);
        status = directory_sweep(cx, &sweep, directory);
    }
    *removed = sweep.removed;
    return status;
}

const struct blob_place place_disk = {
    .keep = disk_keep, .read = disk_read, .size = disk_size, .sweep = disk_sweep};
