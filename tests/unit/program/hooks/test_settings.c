/* Which settings of [hooks] are refused, and which runs count as a success. */
#include "unit/program/config_problems.h"

#include <stdlib.h>

#include "program/hooks/settings.h"

static void check_all(const struct config *config, const char *data_folder) {
    (void)data_folder;
    hooks_check(config);
}

static void check(const char *settings, const char *problem) {
    assert_checked(check_all, settings, problem);
}

static void programs_can_be_run(void **state) {
    (void)state;
    static const char *const names[] = {"success", "failure", "news"};
    char settings[100], problem[200];
    for (size_t i = 0; i < 3; i++) {
        snprintf(settings, sizeof settings, "hooks.%s=cat -u", names[i]);
        check(settings, NULL);
        snprintf(settings, sizeof settings, "hooks.%s=no-such-program x", names[i]);
        check(settings, "'no-such-program' is not a program that can be run");
        snprintf(settings, sizeof settings, "hooks.%s=cat 'x", names[i]);
        snprintf(problem, sizeof problem, "the command of %s has a quotation mark without another, or no word",
                 names[i]);
        check(settings, problem);
    }
    check("hooks.timeout=5s", NULL);
}

static void addresses_are_safe(void **state) {
    (void)state;
    static const char unsafe[] = "the address may hold a token, which would be sent unencrypted; write https:, or "
                                 "plain_http = yes";
    check("hooks.ping=https://a.example/x", NULL);
    check("hooks.webhook=HTTPS://a.example/x", NULL);
    check("hooks.ping=http://127.0.0.1:1/x", NULL);
    check("hooks.ping=http://a.example/x", unsafe);
    check("hooks.webhook=http://a.example/x", unsafe);
    check("hooks.webhook=http://a.example/x;hooks.plain_http=yes", NULL);
    check("hooks.ping=a.example", "the value of ping is not an address: it must begin with https://");
    check("hooks.webhook=https://", "the value of webhook is not an address: it must begin with https://");
    setenv("TEST_PING", "https://a.example/x", 1);
    check("hooks.ping_env=TEST_PING", NULL);
    setenv("TEST_PING", "https://a.example/x", 1);
    check("hooks.ping_env=TEST_PING;hooks.ping=https://b.example/x",
          "there is also ping_file, _env or _command; remove one of them");
}

static void codes_are_exit_codes(void **state) {
    (void)state;
    check("hooks.tolerate=69 1 255", NULL);
    check("hooks.tolerate=0", "'0' is not an exit code: expected 1 to 255");
    check("hooks.tolerate=69 256", "'256' is not an exit code: expected 1 to 255");
    check("hooks.tolerate=x", "'x' is not an exit code: expected 1 to 255");
}

static void what_is_tolerated_is_a_success(void **state) {
    (void)state;
    struct config *config = configured("hooks.tolerate=69 3"), *strict = configured("");
    const struct hooks_settings *settings = config_values(config, hooks_table);
    assert_true(hooks_succeeded(settings, 0));
    assert_true(hooks_succeeded(settings, 69));
    assert_true(hooks_succeeded(settings, 3));
    assert_false(hooks_succeeded(settings, 75));
    assert_true(hooks_succeeded(config_values(strict, hooks_table), 0));
    assert_false(hooks_succeeded(config_values(strict, hooks_table), 69));
    config_free(config);
    config_free(strict);
}

static void a_hook_with_a_program_is_one(void **state) {
    (void)state;
    static const char *const settings[] = {"hooks.success=cat", "hooks.failure=cat", "hooks.news=cat",
                                           "hooks.ping=https://a.example/", ""};
    for (size_t i = 0; i < 5; i++) {
        struct config *config = configured(settings[i]);
        assert_int_equal(hooks_have_program(config), i < 3);
        config_free(config);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(programs_can_be_run), cmocka_unit_test(addresses_are_safe),
                                       cmocka_unit_test(codes_are_exit_codes),
                                       cmocka_unit_test(what_is_tolerated_is_a_success),
                                       cmocka_unit_test(a_hook_with_a_program_is_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
