/* Keys that a command prints: its output alone, within its time, and never in a sentence. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void the_output_is_taken_and_nothing_else(void **state) {
    (void)state;
    struct span output;
    struct failure failure;
    assert_true(run("echo s3cret; echo noise >&2", PATIENCE_MS, &output, &failure));
    assert_span(output, "s3cret\n");
    assert_true(run("cat; printf end", PATIENCE_MS, &output, &failure)); /* there is nothing to be read */
    assert_span(output, "end");
}

static void failures_do_not_repeat_command_or_output(void **state) {
    (void)state;
    assert_fails("echo s3cret; exit 3", "exit code 3");
    assert_fails("echo s3cret; kill -9 $$", "signal 9");
    assert_fails("s3cret-program 2>/dev/null", "exit code 127");
    assert_fails("true", "wrote nothing");
    assert_fails("head -c 1000 /dev/zero | tr '\\0' s3cret", "more than a key");
}

static void what_takes_too_long_is_ended_with_its_children(void **state) {
    (void)state;
    struct span output;
    struct failure failure;
    char path[] = "/tmp/dragoman-command-XXXXXX", command[200];
    int file = mkstemp(path);
    snprintf(command, sizeof command, "(sleep 1; echo still there > %s) & sleep 30", path);
    int64_t before = clock_ms();
    assert_false(run(command, 200, &output, &failure));
    assert_true(clock_ms() - before < 10000);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "in time");
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 500000000}, NULL);
    assert_int_equal(lseek(file, 0, SEEK_END), 0);
    close(file);
    unlink(path);
}

/* ---------------------------------------------------------------- as a setting */

struct shop_settings {
    struct secret *key, *token;
    long long token_lifetime;
};

static const struct setting shop_table[] = {
    SETTING("key", SETTING_SECRET_AT(struct shop_settings, key), .help = "for good"),
    SETTING("token", SETTING_SECRET_AT(struct shop_settings, token),
            SETTING_LIFETIME_AT(struct shop_settings, token_lifetime), .help = "for a while"),
    SETTING("token_lifetime", SETTING_TIME_AT(struct shop_settings, token_lifetime), .default_value = "50ms",
            .help = "how long"),
    SETTINGS_END,
};

static const struct section_table tables[] = {
    {.name = "shop", .named = true, .settings = {shop_table, sizeof(struct shop_settings)}}, {.name = NULL}};

/* A command that counts its runs, behind `name`. */
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

static void a_key_is_asked_for_when_it_is_wanted_and_once(void **state) {
    (void)state;
    struct counted key = counted("key", "true");
    assert_true(secret_given(key.shop->key));
    assert_true(secret_found(key.shop->key, NULL));
    assert_span(secret_text(key.shop->key), "1"); /* not run before this */
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_span(secret_text(key.shop->key), "1");
    counted_end(&key);
}

static void a_token_is_asked_for_again_when_its_time_is_over(void **state) {
    (void)state;
    struct counted token = counted("token", "true");
    assert_span(secret_text(token.shop->token), "1");
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_span(secret_text(token.shop->token), "2");
    counted_end(&token);
}

static void a_command_that_fails_is_left_alone_for_a_while(void **state) {
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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_output_is_taken_and_nothing_else),
                                       cmocka_unit_test(failures_do_not_repeat_command_or_output),
                                       cmocka_unit_test(what_takes_too_long_is_ended_with_its_children),
                                       cmocka_unit_test(a_key_is_asked_for_when_it_is_wanted_and_once),
                                       cmocka_unit_test(a_token_is_asked_for_again_when_its_time_is_over),
                                       cmocka_unit_test(a_command_that_fails_is_left_alone_for_a_while)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
