/* jobs/verify_int.h - what the parts of verify share; nobody else includes it. */
#ifndef JOBS_VERIFY_INT_H
#define JOBS_VERIFY_INT_H

#include "jobs/verify.h"
#include "record/matter.h"

struct verifying {
    const struct verify_options *options;
    struct verify_counts *counts;
};

void verify_found(struct cx *cx, struct verifying *v, const char *what, Id matter,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A failure of looking at one thing: a finding when the thing cannot be read, else handed up. */
enum status verify_unreadable(struct cx *cx, struct verifying *v, Id matter);
/* Of a cell that should hold 32 bytes; false otherwise. */
bool verify_hash(const struct rows *rows, uint32_t row, uint32_t column, Hash *out);

/* Rows of a matter's lists, and how many search rows it lacks; read in the matter's snapshot. */
struct verify_lists {
    struct rows rows;
    int64_t unsearched;
};

enum status verify_lists_read(struct cx *cx, struct sql *sql, const struct matter *matter,
                              struct verify_lists *out);
void verify_lists(struct cx *cx, struct verifying *v, const struct matter *matter,
                  const struct verify_lists *lists);

/* One matter and its files, in a snapshot. */
enum status verify_matter(struct cx *cx, struct verifying *v, Id id, Instant checkpointed_at);
/* Leaves, nodes, checkpoints; leaves and events without each other. */
enum status verify_log(struct cx *cx, struct verifying *v);
enum status verify_case_numbers(struct cx *cx, struct verifying *v);

#endif
