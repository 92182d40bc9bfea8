/* The program. `tongsu help` lists what it does; each command is a row below. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "main/operate.h"
#include "main/serve.h"
#include "render/helper.h"

enum { PROCESS_SOFT_BYTES = 1 << 30 };

struct command {
    const char *name;
    int (*run)(struct cx *cx, struct program *program);
    const char *about;
};

static int command_serve(struct cx *cx, struct program *program)
{
    return program->config.single ? serve(cx, program, -1) : supervise(cx, program);
}

static int command_check(struct cx *cx, struct program *program)
{
    if (program_open(cx, program, PROGRAM_DEFINITIONS, NULL) != OK) {
        return operate_complain(cx);
    }
    (void)printf("%u procedures, %u papers: all definitions hold\n",
                 procedures_count(program->app.house.procedures),
                 value_count(program->app.house.papers));
    return 0;
}

static int command_config(struct cx *cx, struct program *program)
{
    Str text = config_text(cx->arena, &program->config);
    (void)fwrite(text.p, 1, text.n, stdout);
    return 0;
}

static int command_help(struct cx *cx, struct program *program);

static const struct command commands[] = {
    {"serve", command_serve,
     "serve pages and the API: [--demo] [--data DIR] [--database URL] [--listen ADDR:PORT] …"},
    {"check", command_check, "compile every definition and say what does not hold"},
    {"admin", operate_admin, "admin create LOGIN: the first administrator"},
    {"people", operate_people, "people import FILE.csv: staffs, lawyers, posts"},
    {"contacts", operate_contacts, "contacts import FILE.csv: whom to call at each court"},
    {"verify", operate_verify, "prove events, log and rows: --data DIR [--no-files]"},
    {"verify-receipt", operate_verify_receipt, "check a receipt offline: FILE"},
    {"proofread", operate_proofread, "look for slips in a document: FILE [FACTS.json] [json]"},
    {"backup", operate_backup, "copy database and files while people work: TARGET"},
    {"restore", operate_restore, "bring a backup back and prove it: TARGET --data DIR"},
    {"keys", operate_keys, "keys rotate: make new keys, keep the old"},
    {"config", command_config, "show the settings in force"},
    {"help", command_help, "this text"},
};

static int command_help(struct cx *cx, struct program *program)
{
    (void)cx;
    (void)program;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        (void)printf("tongsu %-16s %s\n", commands[i].name, commands[i].about);
    }
    return 0;
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc >= 2 && strcmp(argv[1], "helper") == 0) {
        return helper_serve(HELPER_FD); /* before anything else is opened */
    }
    const struct command *command = command_find(argc >= 2 ? argv[1] : "help");
    bool asked = argc >= 2; /* without a command the list is shown, and it is a mistake */
    struct arena *arena = arena_open(PROCESS_SOFT_BYTES);
    struct program program = {.arena = arena};
    struct cx cx;
    cx_init(&cx, arena);
    if (command == NULL) {
        (void)fprintf(stderr, "tongsu: no command %s; try tongsu help\n", argv[1]);
        return 2;
    }
    if (config_read(&cx, argc - 2 < 0 ? 0 : argc - 2, argv + 2, &program.config) != OK) {
        return operate_complain(&cx);
    }
    int code = command->run(&cx, &program);
    code = asked ? code : 2;
    arena_close(arena);
    return code;
}
