/* Keys printed by a command: only its standard output counts, it has a time limit, and messages never contain it. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "config/reader.h"
#include "config/secret_command.h"
#include "pipeline/base/clock.h"

enum { ROOM = 64, PATIENCE_MS = 20000 };

static bool run(const char *command, int timeout_ms, struct span *ret_output, struct failure *ret_failure) {
    static char text[ROOM];
    ret_output->at = text;
    *ret_failure = (struct failure){0};
    return command_output(command, timeout_ms, text, sizeof text, &ret_output->length, ret_failure);
}

static void assert_fails(const char *command, const char *said) {
    struct span output;
    struct failure failure;
    assert_false(run(command, PATIENCE_MS, &output, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, said);
    assert_null(strstr(failure.sentence, "s3cret"));
}

static void only_standard_output_is_used(void **state) {
    (void)state;
    struct span output;
    struct failure failure;
    assert_true(run("echo s3cret; echo noise >&2", PATIENCE_MS, &output, &failure));
    assert_span(output, "s3cret\n");
    assert_true(run("cat; printf end", PATIENCE_MS, &output, &failure)); /* standard input is empty */
    assert_span(output, "end");
}

static void failures_do_not_repeat_command_or_output(void **state) {
    (void)state;
    assert_fails("echo s3cret; exit 3", "exit code 3");
    assert_fails("echo s3cret; kill -9 $$", "signal 9");
    assert_fails("s3cret-program 2>/dev/null", "exit code 127");
    assert_fails("true", "printed nothing");
    assert_fails("head -c 1000 /dev/zero | tr '\\0' s3cret", "too long for a secret");
}

/* Longer than the kernel lets an argument be. */
static void a_command_that_cannot_be_started_says_why(void **state) {
    (void)state;
    enum { LENGTH = 200000 };
    char *command = calloc(1, LENGTH + 1);
    memset(command, ' ', LENGTH);
    assert_fails(command, "the command cannot be run: Argument list too long");
    free(command);
}

static void without_a_pipe_there_is_no_command(void **state) {
    (void)state;
    struct rlimit before, none;
    struct span output;
    struct failure failure;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){0, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    bool done = run("echo s3cret", PATIENCE_MS, &output, &failure);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_false(done);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_SYSTEM,
                   "cannot create a pipe for a command: Too many open files");
}

static void a_slow_command_is_killed_with_its_children(void **state) {
    (void)state;
    struct span output;
    struct failure failure;
    char path[] = "/tmp/dragoman-command-XXXXXX", command[200];
    int file = mkstemp(path);
    snprintf(command, sizeof command, "(sleep 1; echo still there > %s) & sleep 30", path);
    int64_t before = clock_ms();
    assert_false(run(command, 200, &output, &failure));
    assert_true(clock_ms() - before < 10000);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "timed out");
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 500000000}, NULL);
    assert_int_equal(lseek(file, 0, SEEK_END), 0);
    close(file);
    unlink(path);
}

/* ---------------------------------------------------------------- as a setting */

struct shop_settings {
    struct secret *key, *token, *header;
    long long token_lifetime;
};

static const struct setting shop_table[] = {
    SETTING("key", SETTING_SECRET_AT(struct shop_settings, key), .help = "for good"),
    SETTING("token", SETTING_SECRET_AT(struct shop_settings, token),
            SETTING_LIFETIME_AT(struct shop_settings, token_lifetime), .help = "for a while"),
    SETTING("header", SETTING_SECRET_AT(struct shop_settings, header), .many_lines = true, .help = "some lines"),
    SETTING("token_lifetime", SETTING_TIME_AT(struct shop_settings, token_lifetime), .default_value = "50ms",
            .help = "how long"),
    SETTINGS_END,
};

static const struct section_table tables[] = {
    {.name = "shop", .named = true, .settings = {shop_table, sizeof(struct shop_settings)}}, {.name = NULL}};

/* Uses, for the shop `name`, a command that counts its runs. */
static const struct shop_settings *count_runs(struct config *config, const char *path, const char *name,
                                              const char *last) {
    char assignment[300];
    snprintf(assignment, sizeof assignment, "shop.one.%s_command=echo run >> %s; wc -l < %s; %s", name, path, path,
             last);
    config_set(config, assignment);
    config_finish(config);
    assert_int_equal(config_problem_count(config), 0);
    return section_values(config_section_at(config, shop_table, 0));
}

struct counted {
    struct config *config;
    char path[40];
    const struct shop_settings *shop;
};

static struct counted counted(const char *name, const char *last) {
    struct counted counted = {.config = config_new(tables), .path = "/tmp/dragoman-command-XXXXXX"};
    close(mkstemp(counted.path));
    counted.shop = count_runs(counted.config, counted.path, name, last);
    return counted;
}

static void counted_end(const struct counted *counted) {
    config_free(counted->config);
    unlink(counted->path);
}

static void a_command_is_run_when_needed_and_only_once(void **state) {
    (void)state;
    struct counted key = counted("key", "true");
    assert_true(secret_given(key.shop->key));
    assert_true(secret_found(key.shop->key, NULL));
    assert_span(secret_text(key.shop->key), "1"); /* not run before this */
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_span(secret_text(key.shop->key), "1");
    counted_end(&key);
}

static void a_command_is_run_again_when_its_token_expires(void **state) {
    (void)state;
    struct counted token = counted("token", "true");
    assert_span(secret_text(token.shop->token), "1");
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_span(secret_text(token.shop->token), "2");
    counted_end(&token);
}

static void a_failed_command_is_not_run_again_at_once(void **state) {
    (void)state;
    struct failure failure = {0};
    struct counted key = counted("key", "exit 4");
    for (int i = 0; i < 3; i++) assert_false(secret_ready(key.shop->key, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "exit code 4");
    FILE *file = fopen(key.path, "r");
    char runs[ROOM] = "";
    assert_int_equal(fread(runs, 1, sizeof runs - 1, file), 4);
    fclose(file);
    assert_string_equal(runs, "run\n");
    counted_end(&key);
}

/* Fills the shop from one setting. */
static const struct shop_settings *shop_with(struct config *config, const char *assignment) {
    config_set(config, assignment);
    config_finish(config);
    return section_values(config_section_at(config, shop_table, 0));
}

static void assert_unusable(const char *assignment, const char *said) {
    struct failure failure = {0};
    struct config *config = config_new(tables);
    struct secret *key = shop_with(config, assignment)->key;
    assert_false(secret_ready(key, &failure));
    assert_span(secret_text(key), "");
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, said);
    assert_null(strstr(failure.sentence, "s3cret"));
    config_free(config);
}

static void damaged_output_is_not_used_in_part(void **state) {
    (void)state;
    assert_unusable("shop.one.key_command=printf 's3cret\\0more'",
                    "key_command: the output of the command contains a NUL byte");
    assert_unusable("shop.one.key_command=echo s3cret; echo more",
                    "contains a line break at byte 7 of the key; it must be one line of plain text");
    assert_unusable("shop.one.key_command=printf 's3cret\\r\\n\\r\\nmore'", "contains a line break at byte 7");
    assert_unusable("shop.one.key_command=echo '  '", "key_command: the output of the command is empty");
    struct config *config = config_new(tables);
    const struct shop_settings *shop = shop_with(config, "shop.one.header_command=echo one; echo two");
    assert_span(secret_text(shop->header), "one\ntwo");
    config_free(config);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_standard_output_is_used),
                                       cmocka_unit_test(failures_do_not_repeat_command_or_output),
                                       cmocka_unit_test(a_command_that_cannot_be_started_says_why),
                                       cmocka_unit_test(without_a_pipe_there_is_no_command),
                                       cmocka_unit_test(a_slow_command_is_killed_with_its_children),
                                       cmocka_unit_test(a_command_is_run_when_needed_and_only_once),
                                       cmocka_unit_test(a_command_is_run_again_when_its_token_expires),
                                       cmocka_unit_test(a_failed_command_is_not_run_again_at_once),
                                       cmocka_unit_test(damaged_output_is_not_used_in_part)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
