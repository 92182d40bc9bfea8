/* store/test_postgres.h - a PostgreSQL server of the test's own, on a free loopback port, in a
 * directory that goes with it. For *_test.c only. */
#ifndef STORE_TEST_POSTGRES_H
#define STORE_TEST_POSTGRES_H

#include <arpa/inet.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/test.h"

struct test_server {
    pid_t pid; /* 0: not running */
    int port;
    unsigned databases;
    char schema[32]; /* the database that test_schema_database() copies; "": none yet */
    char directory[64];
    char binaries[256];
};

static struct test_server test_server;

/* Forks; 0 in the child. A server refuses to run as root: the child becomes postgres first. It ends
 * with its parent. */
static inline pid_t test_spawn(void)
{
    pid_t pid = fork();
    check(pid >= 0);
    if (pid > 0) {
        return pid;
    }
    const struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    if (user != NULL && (initgroups("postgres", user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
                         setuid(user->pw_uid) != 0)) {
        _exit(126);
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGINT);
    char log[128];
    (void)snprintf(log, sizeof log, "%s/log", test_server.directory);
    if (freopen(log, "a", stdout) == NULL || freopen(log, "a", stderr) == NULL) {
        _exit(125);
    }
    return 0;
}

/* Where Debian, then others, keep the server's programs. */
static inline bool test_server_find(void)
{
    glob_t found;
    const char *patterns[] = {"/usr/lib/postgresql/*/bin/postgres", "/usr/pgsql-*/bin/postgres",
                              "/usr/local/bin/postgres", "/usr/bin/postgres"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        if (glob(patterns[i], 0, NULL, &found) == 0) {
            const char *last = found.gl_pathv[found.gl_pathc - 1];
            (void)snprintf(test_server.binaries, sizeof test_server.binaries, "%.*s",
                           (int)(strlen(last) - strlen("/postgres")), last);
            globfree(&found);
            return true;
        }
    }
    return false;
}

static inline int test_port_free(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    check(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0);
    check(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    (void)close(fd);
    return ntohs(address.sin_port);
}

static inline void test_server_url(char *url, size_t size, const char *database)
{
    (void)snprintf(url, size, "postgresql://postgres@127.0.0.1:%d/%s", test_server.port, database);
}

static inline bool test_server_initialise(void)
{
    char initdb[300];
    char data[128];
    (void)snprintf(initdb, sizeof initdb, "%s/initdb", test_server.binaries);
    (void)snprintf(data, sizeof data, "%s/data", test_server.directory);
    int status = 0;
    const char *ready = getenv("TONGSU_TEST_PG_TEMPLATE"); /* a cluster made once for all */
    pid_t pid = test_spawn();
    if (pid == 0 && ready != NULL) {
        (void)execl("/bin/cp", "cp", "-a", ready, data, (char *)NULL);
        _exit(127);
    }
    if (pid == 0) {
        (void)execl(initdb, initdb, "-D", data, "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8",
                    "--locale=C", (char *)NULL);
        _exit(127);
    }
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Also used to start it again after a stop, with its data. */
static inline bool test_server_run(void)
{
    char postgres[300];
    char data[128];
    char port[16];
    (void)snprintf(postgres, sizeof postgres, "%s/postgres", test_server.binaries);
    (void)snprintf(data, sizeof data, "%s/data", test_server.directory);
    (void)snprintf(port, sizeof port, "%d", test_server.port);
    pid_t pid = test_spawn();
    if (pid == 0) {
        (void)execl(postgres, postgres, "-D", data, "-p", port, "-k", test_server.directory, "-c",
                    "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off",
                    "-c", "max_connections=100", (char *)NULL);
        _exit(127);
    }
    test_server.pid = pid;
    char url[128];
    test_server_url(url, sizeof url, "postgres");
    for (int i = 0; i < 400; i++) {
        if (PQping(url) == PQPING_OK) {
            return true;
        }
        (void)usleep(50000);
    }
    return false;
}

static inline void test_server_end(int signal_number)
{
    if (test_server.pid > 0) {
        (void)kill(test_server.pid, signal_number);
        (void)waitpid(test_server.pid, NULL, 0);
        test_server.pid = 0;
    }
}

static inline void test_server_stop(void)
{
    char command[128];
    test_server_end(SIGINT);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", test_server.directory);
    check(system(command) == 0);
}

static inline bool test_server_start(void)
{
    test_server = (struct test_server){.port = test_port_free()};
    if (!test_server_find()) {
        return false;
    }
    trial_directory(test_server.directory, sizeof test_server.directory, "pg");
    const struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    if (user != NULL) {
        check(chown(test_server.directory, user->pw_uid, user->pw_gid) == 0);
    }
    if (test_server_initialise() && test_server_run()) {
        return true;
    }
    test_server_stop();
    return false;
}

/* One statement as the server's master, outside the store. */
static inline void test_server_do(const char *database, const char *statement)
{
    char url[128];
    test_server_url(url, sizeof url, database);
    PGconn *pg = PQconnectdb(url);
    PGresult *result = PQexec(pg, statement);
    ExecStatusType kind = PQresultStatus(result);
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK) {
        (void)fprintf(stderr, "%s: %s\n", statement, PQerrorMessage(pg));
        check(false);
    }
    PQclear(result);
    PQfinish(pg);
}

/* Of this process: a fork makes its own. */
static inline void test_server_name(char *name, size_t size, unsigned number)
{
    (void)snprintf(name, size, "t%d_%u", (int)getpid(), number);
}

/* A new database, a copy of `template` (to which nobody is connected). */
static inline void test_server_copy(char *url, size_t size, const char *template)
{
    char name[32];
    char statement[96];
    test_server_name(name, sizeof name, ++test_server.databases);
    (void)snprintf(statement, sizeof statement, "CREATE DATABASE %s TEMPLATE %s", name, template);
    test_server_do("postgres", statement);
    test_server_url(url, size, name);
}

/* A new, empty database. */
static inline void test_server_database(char *url, size_t size)
{
    test_server_copy(url, size, "template1");
}

#endif
