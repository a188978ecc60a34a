/* How the command line is read. */
#include "unit/program/commands/four_articles.h"

static void fails(const char *words, const char *said) {
    assert_int_equal(give_command(words), EXIT_USAGE);
    assert_string_equal(text_in_workspace("errors"), arena_print(command_arena, "dragoman: %s\n", said).at);
    assert_string_equal(text_in_workspace("out"), "");
}

static void mistakes_are_named(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    fails("", "no command given; see `dragoman --help`");
    fails("stauts", "unknown command 'stauts'; did you mean 'status'?; see `dragoman --help`");
    fails("xyzxyzxyz", "unknown command 'xyzxyzxyz'; see `dragoman --help`");
    fails("--quite", "unknown option '--quite' for dragoman; did you mean '--quiet'?; see `dragoman --help`");
    fails("status --jsno", "unknown option '--jsno' for status; did you mean '--json'?; see `dragoman status --help`");
    fails("status -x", "unknown option '-x' for status; see `dragoman status --help`");
    fails("status -qv", "unknown option '-qv' for status; see `dragoman status --help`");
    fails("status --repair", "unknown option '--repair' for status; see `dragoman status --help`");
    fails("status --json=1", "--json takes no value");
    fails("status --limit", "--limit needs a value: --limit NUMBER");
    fails("--config", "--config needs a value: --config FILE");
    fails("status more", "unexpected argument 'more': status takes none; see `dragoman status --help`");
    fails("retry 1 2", "unexpected argument '2': retry takes only one; see `dragoman retry --help`");
    fails("status --quiet --verbose", "--quiet cannot be combined with --verbose");
    fails("status --log xml", "invalid value 'xml' for --log: expected text, json or off");
}

static void a_command_may_stand_after_options(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    const char *config = path_in_workspace("dragoman.conf");
    assert_int_equal(give_command(arena_print(command_arena, "--config %s status", config).at), EXIT_DONE);
    assert_int_equal(give_command(arena_print(command_arena, "--config=%s status --limit=1", config).at), EXIT_DONE);
    assert_int_equal(give_command(arena_print(command_arena, "-q --config %s retry -- 2", config).at), EXIT_DONE);
    assert_int_equal(give_command(arena_print(command_arena, "--config=%s explain -- 2", config).at), EXIT_DONE);
    assert_non_null(strstr(text_in_workspace("out"), SECOND_ID));
    assert_int_equal(give_command(arena_print(command_arena, "--config %s explain -- -2", config).at), EXIT_BAD_DATA);
    assert_int_equal(give_command(arena_print(command_arena, "--config %s explain -", config).at), EXIT_BAD_DATA);
}

static void numbers_have_digits_only(void **state) {
    (void)state;
    static const char *const bad[] = {"-1", "+1", "1x", "", "2147483648", "99999999999999999999"};
    end_run(CONFIGURATION);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(give(arena_print(command_arena, "status --limit=%s", bad[i]).at), EXIT_USAGE);
        assert_string_equal(
            text_in_workspace("errors"),
            arena_print(command_arena, "dragoman: invalid value '%s' for --limit: expected a number\n", bad[i]).at);
    }
    assert_int_equal(give("status --limit 2147483647"), EXIT_DONE);
    assert_int_equal(give("status --limit 0"), EXIT_DONE);
    assert_int_equal(give("status --limit 5 --limit x"), EXIT_DONE); /* the first value wins */
}

static void settings_are_overridden(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_non_null(strstr(output_of("status --set budget.cost_per_month=7", EXIT_DONE), "0.0000 of 7.0000"));
    assert_non_null(
        strstr(output_of("status --set budget.cost_per_month=7 --set service.paid.cost_per_day=5", EXIT_DONE),
               "0.0000 of 5.0000"));
    assert_error("status --set budget.cost_per_dy=1", EXIT_CONFIG,
                 "--set budget.cost_per_dy: unknown key 'cost_per_dy' in [budget]; did you mean 'cost_per_day'?\n"
                 "dragoman: the configuration has 1 problem; nothing was done\n");
    assert_int_equal(give("status --set budget.cost_per_dy=1 --set x.y=1"), EXIT_CONFIG);
    assert_non_null(strstr(text_in_workspace("errors"), "the configuration has 2 problems; nothing was done\n"));
}

static void too_many_settings_belong_into_a_file(void **state) {
    (void)state;
    static char *arguments[1200];
    static char name[] = "dragoman", option[] = "--set=budget.cost_per_day=1";
    end_run(CONFIGURATION);
    arguments[0] = name;
    for (size_t i = 1; i <= MAX_SETS + 1; i++) arguments[i] = option;
    int before = dup(STDERR_FILENO);
    redirect(STDERR_FILENO, "errors");
    assert_int_equal(commands_main(MAX_SETS + 2, arguments), EXIT_USAGE);
    assert_int_equal(commands_main(MAX_SETS + 1, arguments), EXIT_USAGE); /* for want of a command */
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    assert_string_equal(text_in_workspace("errors"),
                        "dragoman: more than 256 options --set; put the settings in a configuration file\n"
                        "dragoman: no command given; see `dragoman --help`\n");
}

static void version_and_help_need_no_configuration(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_int_equal(give_command("--version"), EXIT_DONE);
    assert_true(span_starts(span_of(text_in_workspace("out")), SPAN("dragoman " DRAGOMAN_VERSION)));
    const char *version = text_in_workspace("out");
    assert_int_equal(give_command("-V"), EXIT_DONE);
    assert_string_equal(text_in_workspace("out"), version);
    assert_int_equal(give_command("--help"), EXIT_DONE);
    const char *help = text_in_workspace("out");
    assert_non_null(strstr(help, "status"));
    assert_int_equal(give_command("-h"), EXIT_DONE);
    assert_string_equal(text_in_workspace("out"), help);
    assert_int_equal(give_command("status --help"), EXIT_DONE);
    assert_non_null(strstr(text_in_workspace("out"), "--limit NUMBER"));
    assert_null(strstr(text_in_workspace("out"), "--repair"));
    assert_int_equal(give_command("--help status"), EXIT_DONE);
    assert_non_null(strstr(text_in_workspace("out"), "--limit NUMBER"));
    assert_int_equal(give_command("--help stauts"), EXIT_USAGE);
}

static void quiet_silences_what_only_confirms(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_output("retry 2 --quiet", EXIT_DONE, "");
    assert_output("retry 2", EXIT_DONE, SECOND_ID " is already due in the next run\n");
    assert_true(*output_of("retry 2 --quiet --json", EXIT_DONE) == '{');
    assert_true(*output_of("status -q", EXIT_DONE) == 'f');
    assert_true(*output_of("prune --days 30 --quiet --dry-run", EXIT_DONE) == '2');
}

static void the_log_begins_with_what_is_used(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    static const char *const words[] = {"status --verbose", "status -v", "status --log text"};
    for (size_t i = 0; i < 3; i++) {
        output_of(words[i], EXIT_DONE);
        const char *expected =
            arena_print(command_arena, " info started command=status output=%s state=%s/state.db data=%s\n", workspace,
                        workspace, TEST_DATA)
                .at;
        if (!strstr(text_in_workspace("errors"), expected)) fail_msg("%s", text_in_workspace("errors"));
    }
    output_of("status", EXIT_DONE);
    assert_string_equal(text_in_workspace("errors"), "");
    output_of("status --log json", EXIT_DONE);
    assert_non_null(strstr(text_in_workspace("errors"), "\"event\":\"started\""));
}

static void a_full_disk_is_an_error(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    if (access("/dev/full", W_OK) != 0) skip();
    const char *config = arena_print(command_arena, "--config=%s", path_in_workspace("dragoman.conf")).at;
    pid_t child = fork();
    int status;
    if (child == 0) {
        static char name[] = "dragoman", command[] = "status";
        char *arguments[] = {name, command, memory_string(span_of(config))};
        redirect(STDERR_FILENO, "errors");
        int full = open("/dev/full", O_WRONLY);
        dup2(full, STDOUT_FILENO);
        _exit(commands_main(3, arguments));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), EXIT_IO);
    assert_string_equal(text_in_workspace("errors"),
                        "dragoman: cannot write to standard output: No space left on device\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(mistakes_are_named),
                                       TEST(a_command_may_stand_after_options),
                                       TEST(numbers_have_digits_only),
                                       TEST(settings_are_overridden),
                                       TEST(too_many_settings_belong_into_a_file),
                                       TEST(version_and_help_need_no_configuration),
                                       TEST(quiet_silences_what_only_confirms),
                                       TEST(the_log_begins_with_what_is_used),
                                       TEST(a_full_disk_is_an_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
