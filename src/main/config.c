#include "main/config.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/yaml.h"

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_FLAG };

struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    const char *about;
};

#define TEXT(name, field, about)                                  \
    {                                                             \
        name, SETTING_TEXT, offsetof(struct config, field), about \
    }
#define NUMBER(name, field, about)                                  \
    {                                                               \
        name, SETTING_NUMBER, offsetof(struct config, field), about \
    }
#define FLAG(name, field, about)                                  \
    {                                                             \
        name, SETTING_FLAG, offsetof(struct config, field), about \
    }

static const struct setting settings[] = {
    TEXT("data", data, "directory for the database and files"),
    TEXT("database", database, "sqlite:FILE or postgresql://…"),
    TEXT("blobs", blobs, "directory or s3://BUCKET?endpoint=…"),
    TEXT("listen", listen, "ADDR:PORT"),
    TEXT("keys", keys, "directory of the keys"),
    TEXT("share", share, "folder laid over the embedded files"),
    TEXT("origin", origin, "public address, printed on papers"),
    TEXT("identity", identity, "identity registry service"),
    TEXT("messages", messages, "message gateway"),
    TEXT("mail", mail, "mail server, smtp://… or smtps://…"),
    TEXT("mail-from", mail_from, "sender of mails"),
    TEXT("mail-login", mail_login, "file with the mail server's USER:PASSWORD"),
    TEXT("mail-ca", mail_ca,
         "PEM of the authorities that the mail server's certificate is believed by"),
    TEXT("scanner", scanner, "clamd: unix:PATH or ADDR:PORT"),
    NUMBER("home", home, "number of this database, 0 to 65535"),
    NUMBER("threads", threads, "threads that answer"),
    FLAG("demo", demo, "demo mode"),
    FLAG("secure", secure, "cookies over TLS only"),
    FLAG("mail-tls", mail_tls, "no mail without TLS"),
    FLAG("single", single, "serve without a supervisor"),
    FLAG("no-files", no_files, "verify without reading files"),
    FLAG("help", help, "this text"),
};

enum { SETTINGS = sizeof settings / sizeof settings[0], FILE_BYTES_MAX = 1 << 20 };

static void *place(struct config *config, const struct setting *setting)
{
    return (char *)config + setting->offset;
}

static enum status set(struct cx *cx, struct config *config, const struct setting *setting,
                       Str text)
{
    int64_t number = 0;
    switch (setting->kind) {
    case SETTING_TEXT: *(Str *)place(config, setting) = text; return OK;
    case SETTING_FLAG:
        *(bool *)place(config, setting) =
            str_is(text, "true") || str_is(text, "1") || str_is(text, "yes");
        return OK;
    case SETTING_NUMBER:
        if (!str_int(text, &number) || number < 0 || number > 65535) {
            return FAIL(cx, E_INPUT, "usage", "--%s wants a number from 0 to 65535", setting->name);
        }
        *(int64_t *)place(config, setting) = number;
        return OK;
    }
    return OK;
}

static const struct setting *setting_find(Str name)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        if (str_is(name, settings[i].name)) {
            return &settings[i];
        }
    }
    return NULL;
}

static enum status file_read(struct cx *cx, struct config *config, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct value *yaml = NULL;
    if (file == NULL) {
        return FAIL(cx, E_INPUT, "usage", "cannot read %s", path);
    }
    char *bytes = arena_alloc(cx->arena, FILE_BYTES_MAX + 1);
    size_t size = fread(bytes, 1, FILE_BYTES_MAX, file);
    (void)fclose(file);
    TRY(yaml_read(cx, path, (Str){bytes, size}, &yaml));
    for (uint32_t i = 0; i < value_count(yaml); i++) {
        const struct member *member = &yaml->as.members[i];
        const struct setting *setting = setting_find(member->key);
        Str text = value_as_str(member->value);
        if (member->value->kind == VALUE_BOOL) {
            text = member->value->as.truth ? STR("true") : STR("false");
        } else if (member->value->kind == VALUE_INT) {
            text = str_printf(cx->arena, "%" PRId64, member->value->as.number);
        }
        if (setting == NULL) {
            return FAIL(cx, E_INPUT, "usage", "%s:%u: unknown setting %s", path,
                        member->value->line, member->key.p);
        }
        TRY(set(cx, config, setting, text));
    }
    return OK;
}

/* TONGSU_LISTEN for listen, TONGSU_NO_FILES for no-files. */
static enum status environment_read(struct cx *cx, struct config *config)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        char *name = arena_printf(cx->arena, "TONGSU_%s", settings[i].name);
        for (char *c = name; *c != '\0'; c++) {
            *c = *c == '-' ? '_' : (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
        }
        const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe): before any thread */
        if (text != NULL) {
            TRY(set(cx, config, &settings[i], str_of(text)));
        }
    }
    return OK;
}

static enum status flag_read(struct cx *cx, struct config *config, int argc, char **argv, int *at)
{
    Str word = str_of(argv[*at] + 2);
    const char *equals = strchr(word.p, '=');
    Str name = equals == NULL ? word : str_slice(cx->arena, word, 0, (size_t)(equals - word.p));
    const struct setting *setting = setting_find(name);
    if (setting == NULL) {
        return FAIL(cx, E_INPUT, "usage", "unknown flag --%.*s", STR_ARG(name));
    }
    if (setting->kind == SETTING_FLAG) {
        return set(cx, config, setting, equals == NULL ? STR("true") : str_of(equals + 1));
    }
    if (equals != NULL) {
        return set(cx, config, setting, str_of(equals + 1));
    }
    if (*at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0) {
        return FAIL(cx, E_INPUT, "usage", "--%s wants a value", setting->name);
    }
    *at += 1;
    return set(cx, config, setting, str_of(argv[*at]));
}

/* What follows from the data directory when it was not said. */
static void defaults_derive(struct cx *cx, struct config *config)
{
    if (config->database.n == 0) {
        config->database = str_printf(cx->arena, "sqlite:%s/tongsu.db", config->data.p);
    }
    if (config->blobs.n == 0) {
        config->blobs = str_printf(cx->arena, "%s/blobs", config->data.p);
    }
    if (config->keys.n == 0) {
        config->keys = str_printf(cx->arena, "%s-keys", config->data.p);
    }
    if (config->origin.n == 0) {
        config->origin = str_printf(cx->arena, "http://%s", config->listen.p);
    }
}

enum status config_read(struct cx *cx, int argc, char **argv, struct config *out)
{
    *out =
        (struct config){.data = STR("tongsu-data"), .listen = STR("127.0.0.1:8080"), .home = 2048};
    out->words = arena_array(cx->arena, Str, argc + 1);
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0) {
            TRY(i + 1 < argc ? file_read(cx, out, argv[i + 1])
                             : FAIL(cx, E_INPUT, "usage", "--config wants a value"));
        }
    }
    TRY(environment_read(cx, out));
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0) {
            i++;
        } else if (strcmp(argv[i], "-h") == 0) {
            out->help = true;
        } else if (strncmp(argv[i], "--", 2) == 0) {
            TRY(flag_read(cx, out, argc, argv, &i));
        } else if (argv[i][0] == '-' && argv[i][1] != '\0') {
            return FAIL(cx, E_INPUT, "usage", "unknown flag %s", argv[i]);
        } else {
            out->words[out->word_count++] = str_of(argv[i]);
        }
    }
    defaults_derive(cx, out);
    return OK;
}

Str config_flags(struct arena *arena)
{
    static const char *const wants[] = {
        [SETTING_TEXT] = " TEXT", [SETTING_NUMBER] = " NUMBER", [SETTING_FLAG] = ""};
    struct buf out;
    buf_init(&out, arena, 64 * 1024);
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *s = &settings[i];
        buf_printf(&out, "  %-20s %s\n", arena_printf(arena, "--%s%s", s->name, wants[s->kind]),
                   s->about);
    }
    buf_printf(&out, "  %-20s %s\n", "--config FILE", "YAML with any of these, without dashes");
    return buf_done(&out);
}

/* A password inside a database address is nobody's business. */
static Str without_password(struct arena *arena, Str url)
{
    if (url.n == 0) {
        return STR("");
    }
    const char *at = strchr(url.p, '@');
    const char *colon = at == NULL ? NULL : strstr(url.p, "://");
    const char *secret = colon == NULL ? NULL : strchr(colon + 3, ':');
    if (secret == NULL || secret > at) {
        return url;
    }
    return str_printf(arena, "%.*s:***%s", (int)(secret - url.p), url.p, at);
}

Str config_text(struct arena *arena, const struct config *config)
{
    struct buf out;
    buf_init(&out, arena, 64 * 1024);
    for (size_t i = 0; i < SETTINGS; i++) {
        const void *at = (const char *)config + settings[i].offset;
        switch (settings[i].kind) {
        case SETTING_TEXT: {
            const Str *text = at;
            buf_printf(&out, "%-10s %s\n", settings[i].name, without_password(arena, *text).p);
            break;
        }
        case SETTING_NUMBER: {
            const int64_t *number = at;
            buf_printf(&out, "%-10s %" PRId64 "\n", settings[i].name, *number);
            break;
        }
        case SETTING_FLAG: {
            const bool *flag = at;
            buf_printf(&out, "%-10s %s\n", settings[i].name, *flag ? "true" : "false");
            break;
        }
        }
    }
    return buf_done(&out);
}
