#include "seal/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 1 << 20 };

enum status key_file_fail(struct cx *cx, const char *what, const char *path)
{
    return FAIL(cx, E_STORE, "keys-broken", "%s %s: %s", what, path, strerror(errno));
}

static enum status bytes_write(struct cx *cx, int file, const char *path, Str bytes)
{
    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = write(file, bytes.p + done, bytes.n - done);
        if (n < 0 && errno != EINTR) {
            return key_file_fail(cx, "cannot write", path);
        }
        done += n < 0 ? 0 : (size_t)n;
    }
    return fsync(file) == 0 ? OK : key_file_fail(cx, "cannot sync", path);
}

enum status key_file_write(struct cx *cx, const char *path, Str bytes, bool exclusive)
{
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (exclusive ? O_EXCL : O_TRUNC);
    int file = open(path, flags, 0600);
    if (file < 0) {
        return key_file_fail(cx, "cannot make", path);
    }
    enum status status = bytes_write(cx, file, path, bytes);
    (void)close(file);
    return status;
}

static enum status bytes_read(struct cx *cx, int file, const char *path, Str *out)
{
    struct stat facts;
    if (fstat(file, &facts) != 0 || facts.st_size > FILE_BYTES_MAX) {
        return FAIL(cx, E_STORE, "keys-broken", "%s is no file of ours", path);
    }
    char *bytes = arena_alloc(cx->arena, (size_t)facts.st_size + 1);
    size_t size = 0;
    for (ssize_t n = 1; n != 0 && size < (size_t)facts.st_size;) {
        n = read(file, bytes + size, (size_t)facts.st_size - size);
        if (n < 0 && errno != EINTR) {
            return key_file_fail(cx, "cannot read", path);
        }
        size += n < 0 ? 0 : (size_t)n;
    }
    *out = (Str){bytes, size};
    return OK;
}

enum status key_file_read(struct cx *cx, const char *path, Str *out, bool *found)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    *found = file >= 0;
    if (file < 0) {
        return errno == ENOENT || errno == ENOTDIR ? OK : key_file_fail(cx, "cannot open", path);
    }
    enum status status = bytes_read(cx, file, path, out);
    (void)close(file);
    return status;
}

enum status key_dir_sync(struct cx *cx, const char *path)
{
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = dir >= 0 && fsync(dir) == 0;
    if (dir >= 0) {
        (void)close(dir);
    }
    return synced ? OK : key_file_fail(cx, "cannot sync", path);
}
