/* store/blob_int.h - what blob.c and its two places share; private to store/.
 *
 * Bytes that arrive are spooled to a file and hashed on the way; a place then keeps the whole file
 * under its hash.
 */
#ifndef STORE_BLOB_INT_H
#define STORE_BLOB_INT_H

#include <pthread.h>

#include "seal/hash.h"
#include "store/blob.h"

struct blob_place {
    /* Keeps the spooled file: size bytes, synced, at the start of fd; path is its name, or NULL
     * when it has none. */
    enum status (*keep)(struct cx *cx, struct blobs *blobs, int fd, const char *path, Hash hash,
                        int64_t size_bytes);
    enum status (*read)(struct cx *cx, struct blobs *blobs, Hash hash, int64_t offset, void *bytes,
                        size_t size, size_t *got);
    enum status (*size)(struct cx *cx, struct blobs *blobs, Hash hash, int64_t *out);
    enum status (*sweep)(struct cx *cx, struct blobs *blobs, Instant before,
                         bool (*is_named)(const unsigned char sm3[32], void *arg), void *arg,
                         uint32_t *removed);
};

struct s3; /* blob_s3.c */

/* A blob that is being kept or removed; one at a time for the same hash, so that a removal never
 * meets the same bytes arriving anew. */
struct busy {
    Hash hash;
    struct busy *next;
};

struct blobs {
    const struct blob_place *place;
    struct arena *arena;   /* the strings */
    const char *directory; /* on disk: where the blobs are; on S3: where bytes are spooled */
    struct s3 *s3;
    pthread_mutex_t lock;
    pthread_cond_t left;
    struct busy *busy;
};

/* Waits until nobody else is busy with the hash. busy stays where it is until blob_leave(). */
void blob_enter(struct blobs *blobs, struct busy *busy, Hash hash);
void blob_leave(struct blobs *blobs, struct busy *busy);

extern const struct blob_place place_disk;
extern const struct blob_place place_s3;

enum status s3_open(struct cx *cx, struct blobs *blobs, const char *where);
void s3_close(struct blobs *blobs);

/* An errno as a failure: ENOSPC and EDQUOT are "disk-full". */
enum status file_fail(struct cx *cx, int error, const char *what, const char *path);

#endif
