/* store/blob.h - files by their SM3, on disk or on an S3 store.
 *
 * (1) A blob is written whole, synced and renamed into place before a row names it; a blob is never
 *     changed. Same bytes, same blob.
 * (2) A blob without a row is an orphan; blob_sweep() removes those older than a day.
 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include "base/date.h"
#include "base/fail.h"

struct blobs;

struct blob_writer;

/* where: a directory, or "s3://BUCKET?endpoint=http://HOST:PORT&region=R" with keys from the
 * environment (TONGSU_S3_KEY, TONGSU_S3_SECRET). */
enum status blobs_open(struct cx *cx, const char *where, struct blobs **out);
void blobs_close(struct blobs *blobs);

/* Can a file be written now? On disk: tries a small one; S3: true (a put will tell). */
bool blobs_writable(struct blobs *blobs);

/* Streams in: begin, write as bytes arrive, finish (gives hash and size) or drop. */
enum status blob_begin(struct cx *cx, struct blobs *blobs, struct blob_writer **out);
enum status blob_write(struct cx *cx, struct blob_writer *writer, const void *bytes, size_t size);
enum status blob_finish(struct cx *cx, struct blob_writer *writer, unsigned char sm3[32],
                        int64_t *size_bytes);
void blob_drop(struct blob_writer *writer);
/* In one go. */
enum status blob_put(struct cx *cx, struct blobs *blobs, const void *bytes, size_t size,
                     unsigned char sm3[32]);

/* Reads up to size bytes from offset; *got is what there was. E_NOT_FOUND "blob-missing". */
enum status blob_read(struct cx *cx, struct blobs *blobs, const unsigned char sm3[32],
                      int64_t offset, void *bytes, size_t size, size_t *got);
/* All of a small one, in cx->arena with a NUL behind. E_STORE when it is shorter than size. */
enum status blob_whole(struct cx *cx, struct blobs *blobs, const unsigned char sm3[32],
                       int64_t size, Str *out);
enum status blob_size(struct cx *cx, struct blobs *blobs, const unsigned char sm3[32],
                      int64_t *out);
/* On disk: an open descriptor for sendfile, the caller closes it; -1 on S3. */
int blob_open_fd(struct blobs *blobs, const unsigned char sm3[32]);
/* Calls is_named for each blob older than before; removes those it answers false for. */
enum status blob_sweep(struct cx *cx, struct blobs *blobs, Instant before,
                       bool (*is_named)(const unsigned char sm3[32], void *arg), void *arg,
                       uint32_t *removed);

#endif
