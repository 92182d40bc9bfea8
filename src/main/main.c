/* The program. `tongsu help` lists what it does; each command is a row below. What a command does
 * not know, it refuses with its usage before anything is opened or made. */
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
    uint32_t words_max; /* that it takes beside flags; the command itself looks at them */
    const char *words;
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
    {"serve", command_serve, 0, "",
     "serve pages and the API: [--demo] [--data DIR] [--database URL] [--listen ADDR:PORT] …"},
    {"check", command_check, 0, "", "compile every definition and say what does not hold"},
    {"admin", operate_admin, 2, "create LOGIN", "the first administrator"},
    {"people", operate_people, 2, "import FILE.csv", "staffs, lawyers, posts"},
    {"contacts", operate_contacts, 2, "import FILE.csv", "whom to call at each court"},
    {"verify", operate_verify, 0, "", "prove events, log and rows: --data DIR [--no-files]"},
    {"verify-receipt", operate_verify_receipt, 1, "FILE", "check a receipt offline"},
    {"verify-paper", operate_verify_paper, 2, "FILE [PROOF.json]",
     "check the signatures of a paper offline, by the keys directory; PROOF: of its time, from "
     "/log/proof?leaf=LEAF"},
    {"cert", operate_cert, 3, "list [HOLDER] | revoke SERIAL REASON",
     "certificates of courts and people; a person's go together"},
    {"proofread", operate_proofread, 3, "FILE [FACTS.json] [json]", "look for slips in a document"},
    {"backup", operate_backup, 1, "TARGET", "copy database and files while people work"},
    {"restore", operate_restore, 1, "TARGET", "bring a backup back and prove it: --data DIR"},
    {"keys", operate_keys, 1, "rotate", "make new keys, keep the old"},
    {"config", command_config, 0, "", "show the settings in force"},
    {"help", command_help, 0, "", "this text"},
};

static int command_help(struct cx *cx, struct program *program)
{
    (void)cx;
    (void)program;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const struct command *c = &commands[i];
        (void)printf("tongsu %-16s %s%s%s\n", c->name, c->words, c->words[0] == '\0' ? "" : ": ",
                     c->about);
    }
    (void)printf("tongsu COMMAND --help: its flags\n");
    return 0;
}

static void usage_say(FILE *to, struct arena *arena, const struct command *c)
{
    (void)fprintf(to, "usage: tongsu %s%s%s [FLAGS]\n%s\n\n%s", c->name,
                  c->words[0] == '\0' ? "" : " ", c->words, c->about, config_flags(arena).p);
}

/* Asked wrongly: what is wrong, then how it is asked. */
static int usage_refuse(const struct cx *cx, const struct command *c)
{
    int code = operate_complain(cx);
    if (text_is(cx->failure.code, "usage")) {
        usage_say(stderr, cx->arena, c);
    }
    return code;
}

static enum status words_check(struct cx *cx, const struct command *c, const struct config *config)
{
    return config->word_count <= c->words_max
               ? OK
               : FAIL(cx, E_INPUT, "usage", "%s does not know what %s means", c->name,
                      config->words[c->words_max].p);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
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
    const struct command *command = command_find(argc >= 2 && !is_help(argv[1]) ? argv[1] : "help");
    bool asked = argc >= 2; /* without a command the list is shown, and it is a mistake */
    struct arena *arena = arena_open(PROCESS_SOFT_BYTES);
    struct program program = {.arena = arena};
    struct cx cx;
    cx_init(&cx, arena);
    if (command == NULL) {
        (void)fprintf(stderr, "tongsu: no command %s; try tongsu help\n", argv[1]);
        return 2;
    }
    if (config_read(&cx, argc - 2 < 0 ? 0 : argc - 2, argv + 2, &program.config) != OK ||
        words_check(&cx, command, &program.config) != OK) {
        return usage_refuse(&cx, command);
    }
    if (program.config.help && command->run != command_help) {
        usage_say(stdout, arena, command);
        return 0;
    }
    int code = command->run(&cx, &program);
    code = asked ? code : 2;
    arena_close(arena);
    return code;
}
