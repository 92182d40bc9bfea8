/* main/program.h - the program put together: everything opened in order, closed in reverse.
 *
 * (1) Opened once per process, by one thread, before any other is started.
 * (2) What handlers share lives in struct app and does not change while serving.
 */
#ifndef MAIN_PROGRAM_H
#define MAIN_PROGRAM_H

#include "main/config.h"
#include "render/paper.h"
#include "web/app.h"

struct program {
    struct arena *arena; /* life of the process */
    struct config config;
    struct share *share;
    struct store *store;
    struct keys *keys;
    struct ca *ca;
    struct sequence *sequence;
    struct tables *tables;
    const struct law_tables *law; /* that the definitions were read with */
    struct blobs *blobs;
    struct app app;
};

enum program_depth {
    PROGRAM_DEFINITIONS, /* share, messages, templates, papers, procedures: for `check` */
    PROGRAM_STORE,       /* and the database, keys, files: for commands */
};

struct program_hooks {
    enum status (*before_commit)(struct cx *cx, struct sql *sql, void *arg);
    void *before_commit_arg;
};

/* Into a program whose arena and config are set. */
enum status program_open(struct cx *cx, struct program *program, enum program_depth depth,
                         const struct program_hooks *hooks);
void program_close(struct program *program);
/* The folder of the built-in authority, beside the keys. */
const char *ca_dir(struct arena *arena, const struct config *config);

#endif
