#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/reader.h"

static const struct setting desk_settings[] = {{"title", SETTING_TEXT, "none", NULL, 0, 0, "a title"},
                                               {"pages", SETTING_NUMBER, "4", NULL, 1, 9, "how many"},
                                               {"wait", SETTING_TIME, "2s", NULL, 0, 0, "how long"},
                                               {"room", SETTING_SIZE, "1k", NULL, 0, 0, "how much"},
                                               {"price", SETTING_MONEY, "0", NULL, 0, 0, "how dear"},
                                               {"loud", SETTING_SWITCH, "no", NULL, 0, 0, "whether"},
                                               {"shape", SETTING_CHOICE, "round", "round square", 0, 0, "which"},
                                               {"words", SETTING_LIST, NULL, NULL, 0, 0, "many"},
                                               SETTINGS_END};
static const struct setting shop_settings[] = {{"kind", SETTING_TEXT, NULL, NULL, 0, 0, "which kind"}, SETTINGS_END};
static const struct setting baker_settings[] = {{"bread", SETTING_TEXT, NULL, NULL, 0, 0, "which bread"},
                                                {"key", SETTING_SECRET, NULL, NULL, 0, 0, "the key"},
                                                {"loaves", SETTING_LIST, NULL, NULL, 0, 0, "which loaves"},
                                                SETTINGS_END};

static const struct setting *settings_of_shop(struct span kind) {
    return span_is(kind, "baker") ? baker_settings : NULL;
}

static const struct section_table tables[] = {
    {.name = "desk", .settings = desk_settings, .help = "the desk"},
    {.name = "shop", .named = true, .settings = shop_settings, .settings_of_kind = settings_of_shop},
    {.name = NULL}};

static char folder[] = "/tmp/dragoman-reader-XXXXXX";

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static const char *put(const char *name, const char *text) {
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static struct config *read_text(const char *text) {
    struct config *config = config_new(tables);
    assert_true(config_read(config, put("a.conf", text), false, NULL));
    config_finish(config);
    return config;
}

static void assert_problem(const char *text, const char *said) {
    struct config *config = read_text(text);
    if (config_problem_count(config) != 1) fail_msg("%zu problems with: %s", config_problem_count(config), text);
    if (!strstr(config_problem(config, 0), said)) fail_msg("'%s' does not say '%s'", config_problem(config, 0), said);
    config_free(config);
}

/* The configuration holds, and the sentence of the key says what is wrong with it, and where. */
static void assert_missing(const char *text, const char *said) {
    struct failure failure = {0};
    struct config *config = read_text(text);
    const struct settings *shop = config_section_at(config, "shop", 0);
    assert_int_equal(config_problem_count(config), 0);
    assert_true(setting_secret_given(shop, "key"));
    assert_false(setting_secret_found(shop, "key", &failure));
    assert_false(setting_secret_ready(shop, "key", NULL));
    assert_span(setting_secret(shop, "key"), "");
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, said);
    if (!strstr(failure.sentence, "a.conf:3: ")) fail_msg("'%s' does not say line 3", failure.sentence);
    config_free(config);
}

static void an_empty_file_gives_the_defaults(void **state) {
    (void)state;
    struct config *config = read_text("");
    const struct settings *desk = config_section(config, "desk");
    assert_int_equal(config_problem_count(config), 0);
    assert_span(setting_text(desk, "title"), "none");
    assert_int_equal(setting_number(desk, "pages"), 4);
    assert_int_equal(setting_time(desk, "wait"), 2000);
    assert_int_equal(setting_size(desk, "room"), 1024);
    assert_false(setting_switch(desk, "loud"));
    assert_false(setting_given(desk, "pages"));
    config_free(config);
}

static void values_are_read_as_their_type_says(void **state) {
    (void)state;
    struct config *config =
        read_text("; a comment\n[desk] # another\n  title = \"two  words # no comment\\n\"  ; one\npages=7\n"
                  "wait = 1.5m\nroom = 2M\nprice = 0.25\nloud = on\nshape = square\nwords = a, b c\nwords = \\\n  d\n");
    const struct settings *desk = config_section(config, "desk");
    assert_int_equal(config_problem_count(config), 0);
    assert_span(setting_text(desk, "title"), "two  words # no comment\n");
    assert_int_equal(setting_number(desk, "pages"), 7);
    assert_int_equal(setting_time(desk, "wait"), 90000);
    assert_int_equal(setting_size(desk, "room"), 2 << 20);
    assert_int_equal(setting_money(desk, "price"), 250000);
    assert_true(setting_switch(desk, "loud"));
    assert_int_equal(setting_list_count(desk, "words"), 4);
    assert_span(setting_list_item(desk, "words", 3), "d");
    config_free(config);
}

static void a_mistake_is_named_with_its_line_and_neighbour(void **state) {
    (void)state;
    assert_problem("[desk]\n\ntitel = x\n", "a.conf:3: unknown key 'titel' in [desk]; did you mean 'title'?");
    assert_problem("[deks]\n", "a.conf:1: unknown section [deks]; did you mean [desk]?");
    assert_problem("[desk]\npages = 10\n", "'pages' must be between 1 and 9, not 10");
    assert_problem("[desk]\npages = many\n", "invalid value 'many' for 'pages': expected a whole number");
    assert_problem("[desk]\nloud = perhaps\n", "invalid value 'perhaps' for 'loud': expected yes or no");
    assert_problem("[desk]\nshape = oval\n", "expected one of: round square");
    assert_problem("[desk]\npages = 2\npages = 3\n", "is given twice, first at ");
    assert_problem("[desk]\n[desk]\n", "appears twice in this file");
    assert_problem("[desk \"x\"]\n", "takes no name");
    assert_problem("[shop]\n", "write it with a name");
    assert_problem("title = x\n", "before any [section]");
    assert_problem("[desk]\ntitle\n", "write it as key = value");
    assert_problem("[desk]\ntitle = \"open\n", "not closed");
    assert_problem("[desk\n", "write a section as");
    assert_problem("[desk]\ntitle = \xFF\n", "not UTF-8");
    assert_problem("[shop \"one\"]\nkind = baker\nbred = rye\n", "did you mean 'bread'?");
}

static void all_mistakes_are_collected(void **state) {
    (void)state;
    struct config *config = read_text("[desk]\npages = x\nloud = y\nnothing = z\n");
    assert_int_equal(config_problem_count(config), 3);
    config_free(config);
}

static void the_flag_beats_the_environment_beats_the_file(void **state) {
    (void)state;
    char variable[] = "DRAGOMAN_DESK_PAGES=5", other[] = "DRAGOMAN_DESK_TITLE=from outside";
    char *environment[] = {variable, other, NULL};
    struct config *config = config_new(tables);
    assert_true(
        config_read(config, put("a.conf", "[desk]\npages = 3\ntitle = in the file\nshape = square\n"), false, NULL));
    config_read_environment(config, environment);
    config_set(config, "desk.pages=6");
    config_finish(config);
    const struct settings *desk = config_section(config, "desk");
    assert_int_equal(setting_number(desk, "pages"), 6);
    assert_span(setting_text(desk, "title"), "from outside");
    assert_span(setting_text(desk, "shape"), "square");
    config_free(config);
}

static void a_drop_in_beats_its_file(void **state) {
    (void)state;
    char path[200];
    snprintf(path, sizeof path, "%s/conf.d", folder);
    assert_int_equal(mkdir(path, 0755), 0);
    put("conf.d/20.conf", "[desk]\npages = 8\n");
    put("conf.d/10.conf", "[desk]\npages = 7\nshape = square\n");
    put("conf.d/30.txt", "[desk]\npages = 9\n");
    struct config *config = read_text("[desk]\npages = 2\n");
    assert_int_equal(config_problem_count(config), 0);
    assert_int_equal(setting_number(config_section(config, "desk"), "pages"), 8);
    assert_span(setting_text(config_section(config, "desk"), "shape"), "square");
    config_free(config);
    const char *names[] = {"10.conf", "20.conf", "30.txt"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/conf.d/%s", folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/conf.d", folder);
    rmdir(path);
}

static void a_missing_file_is_said_unless_it_may_be(void **state) {
    (void)state;
    struct failure failure = {0};
    struct config *config = config_new(tables);
    assert_false(config_read(config, "/nowhere/dragoman.conf", false, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "/nowhere/dragoman.conf");
    assert_true(config_read(config, "/nowhere/dragoman.conf", true, NULL));
    config_free(config);
}

static void a_key_is_read_from_a_file_that_others_cannot_read(void **state) {
    (void)state;
    char path[200], text[300];
    snprintf(path, sizeof path, "%s", put("baker.key", "s3cret\n"));
    snprintf(text, sizeof text, "[shop \"one\"]\nkind = baker\nkey_file = %s\n", path);
    chmod(path, 0644);
    assert_missing(text, "chmod 600");
    chmod(path, 0600);
    struct config *config = read_text(text);
    assert_int_equal(config_problem_count(config), 0);
    assert_span(setting_secret(config_section_at(config, "shop", 0), "key"), "s3cret");
    config_free(config);
    assert_problem("[shop \"one\"]\nkind = baker\nkey = s3cret\n", "must not be stored in the configuration file");
    assert_missing("[shop \"one\"]\nkind = baker\nkey_file = /nowhere/key\n", "cannot read the key");
}

static void a_key_is_read_from_the_environment_or_a_command(void **state) {
    (void)state;
    setenv("BAKER_KEY", "from outside", 1);
    struct config *config =
        read_text("[shop \"one\"]\nkind = baker\nkey_env = BAKER_KEY\n[shop \"two\"]\nkind = baker\n"
                  "key_command = printf 'from %s' inside\n");
    assert_int_equal(config_problem_count(config), 0);
    assert_span(setting_secret(config_section_at(config, "shop", 0), "key"), "from outside");
    assert_span(setting_secret(config_section_at(config, "shop", 1), "key"), "from inside");
    config_free(config);
    assert_missing("[shop \"one\"]\nkind = baker\nkey_env = NO_SUCH_VARIABLE\n", "NO_SUCH_VARIABLE");
}

static void a_command_without_a_key_is_a_failure_of_the_service(void **state) {
    (void)state;
    struct failure failure = {0};
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nkey_command = false\n");
    assert_false(setting_secret_ready(config_section_at(config, "shop", 0), "key", &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "key_command");
    config_free(config);
}

/* None of these could be written after a key. */
static const char *const odd_values[] = {
    "two\nlines = here", "a=b", "\"half quoted", " both ends ", "one, two three", "[shop]", "\xE9\x80", "end \\", "",
    "# no comment"};

static void a_section_that_is_added_takes_any_bytes_as_they_are(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof odd_values / sizeof *odd_values; i++) {
        struct config *config = read_text("[shop \"one\"]\nkind = baker\nbread = rye\nloaves = one, two\n");
        struct span value = span_of(odd_values[i]);
        const struct settings *text = config_add_section(config, "shop", "baker", "bread", value);
        const struct settings *list = config_add_section(config, "shop", "baker", "loaves", value);
        assert_int_equal(config_problem_count(config), 0);
        assert_span(setting_text(text, "bread"), odd_values[i]);
        assert_int_equal(setting_list_count(text, "loaves"), 0);
        assert_int_equal(setting_list_count(list, "loaves"), 1);
        assert_span(setting_list_item(list, "loaves", 0), odd_values[i]);
        config_free(config);
    }
}

static void a_section_that_is_added_is_none_of_the_users(void **state) {
    (void)state;
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nbread = rye\n[shop \"\"]\nkind = baker\n");
    size_t before = config_section_count(config, "shop");
    const struct settings *added = config_add_section(config, "shop", "baker", NULL, SPAN("unused"));
    assert_int_equal(config_section_count(config, "shop"), before + 1);
    assert_ptr_equal(config_section_at(config, "shop", before), added);
    assert_span(settings_kind(added), "baker");
    assert_span(settings_name(added), "");
    assert_string_equal(settings_folder(added), ".");
    assert_false(setting_given(added, "bread"));
    assert_false(setting_secret_given(added, "key"));
    assert_span(setting_text(config_section_at(config, "shop", 0), "bread"), "rye");
    config_free(config);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_empty_file_gives_the_defaults),
                                       cmocka_unit_test(values_are_read_as_their_type_says),
                                       cmocka_unit_test(a_mistake_is_named_with_its_line_and_neighbour),
                                       cmocka_unit_test(all_mistakes_are_collected),
                                       cmocka_unit_test(the_flag_beats_the_environment_beats_the_file),
                                       cmocka_unit_test(a_drop_in_beats_its_file),
                                       cmocka_unit_test(a_missing_file_is_said_unless_it_may_be),
                                       cmocka_unit_test(a_key_is_read_from_a_file_that_others_cannot_read),
                                       cmocka_unit_test(a_key_is_read_from_the_environment_or_a_command),
                                       cmocka_unit_test(a_command_without_a_key_is_a_failure_of_the_service),
                                       cmocka_unit_test(a_section_that_is_added_takes_any_bytes_as_they_are),
                                       cmocka_unit_test(a_section_that_is_added_is_none_of_the_users)};
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
