#include "base/share.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"

#define SHARE_BYTES_MAX ((size_t)256 << 20)

enum { FILE_BYTES_MAX = 16 << 20, DEPTH_MAX = 8 };

static const char *const FOLDERS[] = {"data", "pages", "sql", "static"};

struct share {
    struct arena *arena;
    struct share_file *files;
    size_t count;
    size_t room;
};

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct share_file *)a)->path, ((const struct share_file *)b)->path);
}

/* FNV-1a: tells versions of a file apart for caches, nothing that anybody would forge. */
static const char *etag_of(struct arena *arena, const char *bytes, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    }
    return arena_printf(arena, "%016llx", (unsigned long long)hash);
}

static void file_add(struct share *share, const struct share_file *file)
{
    if (share->count == share->room) {
        size_t room = share->room == 0 ? 256 : share->room * 2;
        struct share_file *files = arena_array(share->arena, struct share_file, room);
        if (share->count > 0) {
            memcpy(files, share->files, share->count * sizeof *files);
        }
        share->files = files;
        share->room = room;
    }
    share->files[share->count++] = *file;
}

static enum status file_read(struct cx *cx, struct share *share, const char *from, size_t size,
                             const char *path)
{
    if (size > FILE_BYTES_MAX) {
        return FAIL(cx, E_READ, "data-unreadable", "%s: larger than 16 MB", from);
    }
    FILE *stream = fopen(from, "rb");
    if (stream == NULL) {
        return FAIL(cx, E_READ, "data-unreadable", "%s: %s", from, strerror(errno));
    }
    char *bytes = arena_alloc(share->arena, size + 1);
    size_t got = fread(bytes, 1, size, stream);
    (void)fclose(stream);
    if (got != size) {
        return FAIL(cx, E_READ, "data-unreadable", "%s: changed while it was read", from);
    }
    struct share_file file = {
        .path = arena_copy(share->arena, path, strlen(path)),
        .bytes = (const unsigned char *)bytes,
        .size = size,
        .etag = etag_of(share->arena, bytes, size),
        .file = arena_copy(share->arena, from, strlen(from)),
    };
    file_add(share, &file);
    return OK;
}

static bool is_left_out(const char *name)
{
    size_t n = strlen(name);
    return name[0] == '.' || name[n - 1] == '~' || (n > 3 && strcmp(name + n - 3, ".md") == 0);
}

static enum status entry_take(struct cx *cx, struct share *share, FTS *tree, FTSENT *entry,
                              size_t root_bytes)
{
    if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS) {
        return FAIL(cx, E_READ, "data-unreadable", "%s: %s", entry->fts_path,
                    strerror(entry->fts_errno));
    }
    if (entry->fts_level > 0 && is_left_out(entry->fts_name)) {
        (void)fts_set(tree, entry, FTS_SKIP);
        return OK;
    }
    if (entry->fts_level > DEPTH_MAX) {
        return FAIL(cx, E_READ, "data-unreadable", "%s: too deep", entry->fts_path);
    }
    if (entry->fts_info != FTS_F) {
        return OK;
    }
    return file_read(cx, share, entry->fts_path, (size_t)entry->fts_statp->st_size,
                     entry->fts_path + root_bytes);
}

static enum status folder_read(struct cx *cx, struct share *share, const char *dir,
                               const char *folder)
{
    char *path = arena_printf(share->arena, "%s/%s", dir, folder);
    struct stat about;
    if (stat(path, &about) != 0) {
        return errno == ENOENT
                   ? OK
                   : FAIL(cx, E_READ, "data-unreadable", "%s: %s", path, strerror(errno));
    }
    char *const roots[] = {path, NULL};
    FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    if (tree == NULL) {
        return FAIL(cx, E_READ, "data-unreadable", "%s: %s", path, strerror(errno));
    }
    enum status status = OK;
    for (FTSENT *entry = fts_read(tree); entry != NULL && status == OK; entry = fts_read(tree)) {
        status = entry_take(cx, share, tree, entry, strlen(dir) + 1);
    }
    (void)fts_close(tree);
    return status;
}

static enum status dir_read(struct cx *cx, struct share *share, const char *dir)
{
    struct stat about;
    if (stat(dir, &about) != 0 || !S_ISDIR(about.st_mode)) {
        return FAIL(cx, E_READ, "data-unreadable", "%s: no such folder", dir);
    }
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        TRY(folder_read(cx, share, dir, FOLDERS[i]));
    }
    return OK;
}

enum status share_open(struct cx *cx, const struct share_file *embedded, size_t count,
                       const char *dir, struct share **out)
{
    struct arena *arena = arena_open(SHARE_BYTES_MAX);
    struct share *share = arena_new(arena, struct share);
    share->arena = arena;
    enum status status = dir == NULL ? OK : dir_read(cx, share, dir);
    if (status != OK) {
        arena_close(arena);
        return status;
    }
    if (share->count > 0) {
        qsort(share->files, share->count, sizeof *share->files, by_path);
    }
    struct share over = *share; /* those of dir, sorted: they win */
    for (size_t i = 0; i < count; i++) {
        check(i == 0 || by_path(&embedded[i - 1], &embedded[i]) < 0); /* (1) */
        if (over.count == 0 ||
            bsearch(&embedded[i], over.files, over.count, sizeof *over.files, by_path) == NULL) {
            file_add(share, &embedded[i]);
        }
    }
    if (share->count > 0) {
        qsort(share->files, share->count, sizeof *share->files, by_path);
    }
    *out = share;
    return OK;
}

void share_close(struct share *share)
{
    if (share != NULL) {
        arena_close(share->arena);
    }
}

/* The first file whose path is not before `path`. */
static size_t lower_bound(const struct share *share, Str path)
{
    size_t from = 0;
    size_t to = share->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (str_compare(str_of(share->files[middle].path), path) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

const struct share_file *share_find(const struct share *share, Str path)
{
    size_t i = lower_bound(share, path);
    return i < share->count && str_is(path, share->files[i].path) ? &share->files[i] : NULL;
}

Str share_text(const struct share *share, const char *path)
{
    const struct share_file *file = share_find(share, str_of(path));
    return file == NULL ? STR("") : (Str){(const char *)file->bytes, file->size};
}

size_t share_list(const struct share *share, const char *prefix, const struct share_file **first)
{
    size_t from = lower_bound(share, str_of(prefix));
    size_t to = from;
    while (to < share->count && str_starts(str_of(share->files[to].path), prefix)) {
        to += 1;
    }
    *first = from < share->count ? &share->files[from] : NULL;
    return to - from;
}
