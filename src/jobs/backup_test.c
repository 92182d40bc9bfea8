/* Claims about backups: whole while people work, refused when a byte has changed, keys never in. */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>

#include "jobs/backup.h"
#include "jobs/test_house.h"

static struct home h;
static struct verify_counts counts;
static const char *target;
static const char *where; /* the restored home */
static char url[512];     /* its database */
static unsigned found_count;

static void found(void *arg, const char *what, Id matter, Str detail)
{
    (void)arg;
    (void)what;
    (void)matter;
    (void)detail;
    found_count += 1;
}

static int set_up(void **state)
{
    (void)state;
    home_open(&h);
    target = arena_printf(h.long_arena, "%s/backup", h.directory);
    where = arena_printf(h.long_arena, "%s/again", h.directory);
    if (test_server.pid > 0) {
        test_server_database(url, sizeof url);
    } else {
        (void)snprintf(url, sizeof url, "sqlite:%s/t.db", where);
    }
    found_count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    home_close(&h);
    return 0;
}

static const char *blobs_of(const char *directory)
{
    return arena_printf(h.trial.arena, "%s/blobs", directory);
}

static enum status backup(struct backup_counts *out)
{
    struct backup_options options = {
        .database = h.url, .blobs = blobs_of(h.directory), .target = target};
    cx_forgive(&h.trial.cx);
    return backup_make(&h.trial.cx, &options, out);
}

static enum status restore(void)
{
    struct restore_options options = {.target = target,
                                      .database = url,
                                      .data_dir = where,
                                      .blobs = blobs_of(where),
                                      .keys = h.keys,
                                      .found = found};
    cx_forgive(&h.trial.cx);
    return backup_restore(&h.trial.cx, &options, &counts);
}

static void some_work(void)
{
    for (int i = 0; i < 3; i++) {
        (void)home_filed(&h);
    }
    home_act(&h, &HOME_REVIEWER, home_filed(&h), "close");
    home_must(&h, sequencer_round(&h.trial.cx, h.sequencer, &h.house));
}

static void what_comes_back_is_what_went_out(void **state)
{
    (void)state;
    struct backup_counts out;
    some_work();
    home_must(&h, backup(&out));
    assert_int_equal(out.files, 1); /* the same text four times */
    assert_int_equal(out.broken, 0);
    home_must(&h, restore());
    assert_int_equal(found_count, 0);
    assert_int_equal(counts.matters, 5);
    assert_int_equal(counts.events, 6);
    assert_int_equal(counts.files, 4);
}

struct crowd {
    atomic_bool stop;
    unsigned filed;
};

static void *crowd_work(void *arg)
{
    struct crowd *crowd = arg;
    while (!atomic_load(&crowd->stop)) {
        Id id = home_draft(&h);
        (void)home_attach(&h, id, arena_printf(h.trial.arena, "材料%u", crowd->filed));
        home_act(&h, &HOME_CITIZEN, id, "submit");
        crowd->filed += 1;
    }
    return NULL;
}

static void a_copy_taken_while_people_file_is_whole(void **state)
{
    (void)state;
    struct crowd crowd = {0};
    struct backup_counts out;
    struct trial own;
    pthread_t thread;
    struct backup_options options = {
        .database = h.url, .blobs = blobs_of(h.directory), .target = target};
    some_work();
    trial_begin(&own);
    assert_int_equal(pthread_create(&thread, NULL, crowd_work, &crowd), 0);
    (void)usleep(100000);
    enum status status = backup_make(&own.cx, &options, &out);
    (void)usleep(50000);
    atomic_store(&crowd.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(status, OK);
    trial_end(&own);
    assert_true(out.files > 1);
    home_must(&h, restore());
    assert_int_equal(found_count, 0);
    assert_true(counts.matters > 5 && counts.matters < 5 + (int64_t)crowd.filed);
}

/* --- refusals --- */

static void a_second_backup_into_the_same_place_is_refused(void **state)
{
    (void)state;
    struct backup_counts out;
    some_work();
    home_must(&h, backup(&out));
    assert_int_equal(backup(&out), E_STATE);
}

static void a_restore_writes_over_nothing(void **state)
{
    (void)state;
    struct backup_counts out;
    some_work();
    home_must(&h, backup(&out));
    home_must(&h, restore());
    assert_int_equal(restore(), E_STATE);
}

static void a_missing_database_is_not_made(void **state)
{
    (void)state;
    struct backup_counts out;
    struct backup_options options = {
        .database = "sqlite:/nonexistent/t.db", .blobs = blobs_of(h.directory), .target = target};
    assert_int_equal(backup_make(&h.trial.cx, &options, &out), E_NOT_FOUND);
    assert_int_equal(access(target, F_OK), -1);
    assert_int_equal(restore(), E_NOT_FOUND); /* no manifest */
}

static void spoil(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int old = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fputc(old ^ 1, file), old ^ 1);
    assert_int_equal(fclose(file), 0);
}

static void a_changed_byte_of_the_database_is_not_restored(void **state)
{
    (void)state;
    struct backup_counts out;
    some_work();
    home_must(&h, backup(&out));
    const char *name = store_is_sqlite(h.store) ? "database.db" : "database.dump";
    spoil(arena_printf(h.trial.arena, "%s/%s", target, name), 1500);
    assert_int_equal(restore(), E_STORE);
    if (store_is_sqlite(h.store)) {
        assert_false(database_is_there(url));
    }
}

static const char *only_blob(const char *directory)
{
    const struct rows rows = home_rows(&h, SQL("SELECT sm3 FROM material LIMIT 1"), NO_ARGS);
    Str sm3 = row_str(&rows, 0, 0);
    const char *hex = text_hex(h.trial.arena, (const unsigned char *)sm3.p, sm3.n).p;
    return arena_printf(h.trial.arena, "%s/blobs/%.2s/%s", directory, hex, hex + 2);
}

static void a_changed_byte_of_a_file_is_not_restored(void **state)
{
    (void)state;
    struct backup_counts out;
    some_work();
    home_must(&h, backup(&out));
    spoil(only_blob(target), 3);
    assert_int_equal(restore(), E_STORE);
    assert_true(found_count > 0);
}

static void a_file_missing_at_the_source_is_told_and_the_rest_is_saved(void **state)
{
    (void)state;
    struct backup_counts out;
    some_work();
    Id id = home_draft(&h);
    (void)home_attach(&h, id, "另一份");
    assert_int_equal(unlink(only_blob(h.directory)), 0);
    assert_int_equal(backup(&out), E_STORE);
    assert_int_equal(out.broken, 1);
    assert_int_equal(out.files, 1);
}

static int no_secret(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about;
    (void)kind;
    (void)at;
    return str_ends(str_of(path), ".pem") || str_ends(str_of(path), ".key");
}

static void no_key_is_in_a_backup(void **state)
{
    (void)state;
    struct backup_counts out;
    some_work();
    home_must(&h, backup(&out));
    assert_int_equal(nftw(target, no_secret, 16, FTW_PHYS), 0);
    assert_int_not_equal(
        nftw(arena_printf(h.trial.arena, "%s/keys", h.directory), no_secret, 16, FTW_PHYS), 0);
}

#define claim(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        claim(what_comes_back_is_what_went_out),
        claim(a_copy_taken_while_people_file_is_whole),
        claim(a_second_backup_into_the_same_place_is_refused),
        claim(a_restore_writes_over_nothing),
        claim(a_missing_database_is_not_made),
        claim(a_changed_byte_of_the_database_is_not_restored),
        claim(a_changed_byte_of_a_file_is_not_restored),
        claim(a_file_missing_at_the_source_is_told_and_the_rest_is_saved),
        claim(no_key_is_in_a_backup),
    };
    return home_tests_run(tests);
}
