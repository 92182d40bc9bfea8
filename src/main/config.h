/* main/config.h - what the operator decided: flags over TONGSU_* over a file over defaults.
 *
 * The file is YAML with the flags' names without dashes (listen: 127.0.0.1:8080). Unknown names are
 * refused everywhere.
 */
#ifndef MAIN_CONFIG_H
#define MAIN_CONFIG_H

#include "base/fail.h"

struct config {
    Str data;     /* directory */
    Str database; /* sqlite:FILE or postgresql://… */
    Str blobs;    /* directory or s3://… */
    Str listen;   /* ADDR:PORT */
    Str keys;     /* directory */
    Str share;    /* folder laid over the embedded files; "" for none */
    Str origin;   /* public address, printed on papers: https://… */
    Str identity; /* address of the identity registry's service; "" for none */
    Str messages; /* address of the message gateway; "" for none */
    Str mail;     /* address of the mail server, smtp://…; "" for none */
    Str mail_from;
    Str mail_login; /* file with its USER:PASSWORD; "" for none */
    Str mail_ca;    /* PEM: authorities its certificate is believed by; "": the system's */
    Str scanner;    /* clamd: unix:PATH or ADDR:PORT; "" for none */
    int64_t home;   /* number of this database in ids */
    int64_t threads;
    bool demo;
    bool secure;   /* cookies only over TLS */
    bool mail_tls; /* no mail without TLS */
    bool single;   /* no supervisor: the program itself serves */
    bool no_files; /* verify: do not read the bytes of files */
    bool help;
    Str *words; /* what is not a flag */
    uint32_t word_count;
};

/* argv without the program and the command. E_INPUT "usage" with what is wrong as detail. */
enum status config_read(struct cx *cx, int argc, char **argv, struct config *out);
/* Every flag and what it is, a line each, as usage shows them. */
Str config_flags(struct arena *arena);
/* "name = value (flag|environment|file|default)", a line each; secrets never shown. */
Str config_text(struct arena *arena, const struct config *config);

#endif
