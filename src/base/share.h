/* base/share.h - the files that come with the program: data/, pages/, static/, sql/.
 *
 * They are embedded in the binary by tools/embed.c; a folder named by --share lays its own over
 * them, path by path. All are in memory once opened.
 * (1) Files are sorted by path (bytes), each path once, relative: "data/tables/courts.csv".
 * (2) A share never changes after share_open() and may be read by all threads.
 * (3) bytes are followed by a NUL that size does not count.
 */
#ifndef BASE_SHARE_H
#define BASE_SHARE_H

#include "base/fail.h"

struct share_file {
    const char *path;
    const unsigned char *bytes;
    size_t size;
    const char *etag; /* 16 hex digits of the content */
    const char *file; /* where it was read from; NULL when embedded */
};

struct share;

/* What tools/embed.c makes of the folders; linked into the program only, and handed down by main.
 */
extern const struct share_file share_embedded[];
extern const size_t share_embedded_count;

/* embedded may be NULL with count 0 and must outlive the share; dir NULL takes nothing over it.
 * Hidden files and *.md are left out. E_READ "data-unreadable" when dir or a file in it cannot be
 * read or is larger than 16 MB. */
enum status share_open(struct cx *cx, const struct share_file *embedded, size_t count,
                       const char *dir, struct share **out);
void share_close(struct share *share); /* NULL is fine */

/* NULL when there is none. */
const struct share_file *share_find(const struct share *share, Str path);
/* Its content; "" when there is no such file. */
Str share_text(const struct share *share, const char *path);
/* The files whose path begins with prefix: the first of them, and how many follow each other. */
size_t share_list(const struct share *share, const char *prefix, const struct share_file **first);

#endif
