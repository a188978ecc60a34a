#define _GNU_SOURCE
#include "unit/config/desk.h"

#include <time.h>

static void an_empty_file_gives_the_defaults(void **state) {
    (void)state;
    struct config *config = read_text("");
    const struct desk_settings *desk = desk_of(config);
    assert_int_equal(config_problem_count(config), 0);
    assert_span(desk->title, "none");
    assert_int_equal(desk->pages, 4);
    assert_int_equal(desk->wait, 2000);
    assert_int_equal(desk->room, 1024);
    assert_false(desk->loud);
    assert_false(desk->pages_given);
    assert_int_equal(desk->shape, ROUND);
    assert_span(desk->colour, "red");
    assert_int_equal(desk->words.count, 0);
    assert_int_equal(desk->keep.count, 0);
    assert_null(desk->place);
    config_free(config);
}

static void values_are_read_according_to_their_type(void **state) {
    (void)state;
    struct config *config =
        read_text("; a comment\n[desk] # another\n  title = \"two  words # no comment\\n\"  ; one\npages=7\n"
                  "wait = 1.5m\nroom = 2M\nprice = 0.25\nloud = on\nshape = square\nwords = a, b c\nwords = \\\n  d\n");
    const struct desk_settings *desk = desk_of(config);
    assert_int_equal(config_problem_count(config), 0);
    assert_span(desk->title, "two  words # no comment\n");
    assert_int_equal(desk->pages, 7);
    assert_int_equal(desk->wait, 90000);
    assert_int_equal(desk->room, 2 << 20);
    assert_int_equal(desk->price, 250000);
    assert_true(desk->loud);
    assert_int_equal(desk->words.count, 4);
    assert_true(desk->pages_given);
    assert_int_equal(desk->shape, SQUARE);
    assert_span(desk->words.items[3], "d");
    assert_true(word_list_has(&desk->words, SPAN("b")));
    assert_false(word_list_has(&desk->words, SPAN("e")));
    config_free(config);
}

static void an_old_name_of_a_setting_is_rejected_with_the_new_one(void **state) {
    (void)state;
    assert_problem("[desk]\npause = 3s\n", "a.conf:2: the setting 'pause' is now called 'wait'; rename it");
    assert_problem("[shop \"baker\"]\nroll = rye\n", "a.conf:2: the setting 'roll' is now called 'bread'; rename it");
    assert_problem("[shop \"butcher\"]\nroll = rye\n", "unknown key 'roll' in [shop \"butcher\"]");
}

static void a_mistake_is_reported_with_its_line_and_the_nearest_name(void **state) {
    (void)state;
    assert_problem("[desk]\n\ntitel = x\n", "a.conf:3: unknown key 'titel' in [desk]; did you mean 'title'?");
    assert_problem("[deks]\n", "a.conf:1: unknown section [deks]; did you mean [desk]?");
    assert_problem("[desk]\npages = 10\n", "'pages' must be between 1 and 9, not 10");
    assert_problem("[desk]\npages = many\n", "invalid value 'many' for 'pages': expected a whole number");
    assert_problem("[desk]\nloud = perhaps\n", "invalid value 'perhaps' for 'loud': expected yes or no");
    assert_problem("[desk]\nshape = oval\n", "expected one of: round square");
    assert_problem("[desk]\npages = 2\npages = 3\n", "is set twice, first at ");
    assert_problem("[desk]\n[desk]\n", "appears twice in this file");
    assert_problem("[desk \"x\"]\n", "takes no name");
    assert_problem("[shop]\n", "[shop] needs a name, e.g. [shop \"news\"]");
    assert_problem("title = x\n", "before the first [section]");
    assert_problem("[desk]\ntitle\n", "expected KEY = VALUE");
    assert_problem("[desk]\ntitle = \"open\n", "the closing quote is missing");
    assert_problem("[desk\n", "expected [SECTION] or [SECTION \"NAME\"]");
    assert_problem("[desk]\n\ntitle = \xFF\n", "a.conf:3: the line is not UTF-8");
    assert_problem("\xFF\xFE[\n=\n", "a.conf:1: the file is UTF-16");
    assert_problem("[desk]\n; \x07\ntitle = x\r\n", "a.conf:2: the line contains the control character 0x07");
    assert_problem("[desk]\ntitle = x\ry\n", "a.conf:2: the line contains the control character 0x0D");
    assert_problem("[shop one]\n", "must be in quotes: [shop \"one\"]");
    assert_problem("include =\n", "a.conf:1: 'include' is empty");
    assert_problem("[shop \"one\"]\nkind = baker\nbred = rye\n", "did you mean 'bread'?");
}

static void no_name_is_proposed_that_has_little_in_common(void **state) {
    (void)state;
    static const char *const texts[] = {"[desk]\nxyp = x\n", "[desk]\nd = y\n", "[p]\n", "[]\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct config *config = read_text(texts[i]);
        assert_int_equal(config_problem_count(config), 1);
        if (strstr(config_problem(config, 0), "did you mean")) fail_msg("%s", config_problem(config, 0));
        config_free(config);
    }
    assert_problem("[dsek]\n", "did you mean [desk]?");
}

/* What follows a NUL would be lost to every C function. */
static void a_nul_is_a_problem_of_its_line(void **state) {
    (void)state;
    static const char text[] = "[desk]\ntitle = a\0b\ncolour = red\n";
    struct config *config = config_new(tables);
    FILE *file = fopen(put("a.conf", ""), "w");
    fwrite(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_true(config_read(config, put("b.conf", "include = a.conf\n"), false, NULL));
    config_finish(config);
    assert_int_equal(config_problem_count(config), 1);
    assert_non_null(strstr(config_problem(config, 0), "a.conf:2: the line contains the control character 0x00"));
    config_free(config);
}

static void long_words_are_cut_between_characters(void **state) {
    (void)state;
    static const char *const around[][2] = {
        {"[desk]\n", " = x\n"}, {"[desk]\npages = ", "\n"}, {"[", "]\n"}, {"include = ", "\n"}};
    char word[1401] = "", text[2000];
    for (size_t i = 0; i < 700; i++) memcpy(word + 2 * i, "\xC3\xA9", 3);
    for (size_t i = 0; i < 8; i++) {
        snprintf(text, sizeof text, "%s%s%s%s", around[i / 2][0], i % 2 ? "x" : "", word, around[i / 2][1]);
        struct config *config = read_text(text);
        assert_int_equal(config_problem_count(config), 1);
        if (!text_valid(span_of(config_problem(config, 0)))) fail_msg("%zu: %s", i, config_problem(config, 0));
        config_free(config);
    }
}

static void it_says_when_not_all_mistakes_are_listed(void **state) {
    (void)state;
    char text[8000] = "[desk]\n";
    for (size_t i = 0; i < 300; i++) sprintf(text + strlen(text), "k%zu = x\n", i);
    struct config *config = read_text(text);
    assert_int_equal(config_problem_count(config), 101);
    assert_non_null(strstr(config_problem(config, 99), "'k99'"));
    assert_string_equal(config_problem(config, 100), "further problems are not listed; correct these first");
    config_free(config);
}

/* Looking each of them up in the list of all would take minutes. */
static void ten_thousand_sections_are_found_at_once(void **state) {
    (void)state;
    char *text = malloc(1 << 20), *at = text;
    for (size_t i = 0; i < 30000; i++) at += sprintf(at, "[shop \"%zu\"]\nkind=baker\n", i);
    clock_t started = clock();
    struct config *config = read_text(text);
    assert_int_equal(config_section_count(config, shop_table), 30000);
    for (size_t i = 0; i < 30000; i++) {
        const struct section *section = config_section_at(config, shop_table, i);
        assert_ptr_equal(config_section_named(config, shop_table, section_name(section)), section);
    }
    assert_true((clock() - started) / CLOCKS_PER_SEC < 3);
    assert_null(config_section_at(config, shop_table, 30000));
    assert_null(config_section_named(config, shop_table, SPAN("30000")));
    config_free(config);
    free(text);
}

static void a_flag_that_names_no_section_is_explained(void **state) {
    (void)state;
    static const char *const flags[][2] = {{"deks.title=x", "unknown section [deks]; did you mean [desk]?"},
                                           {"shop.key=x", "[shop] needs a name: --set shop.NAME.KEY=VALUE"},
                                           {"desk.one.title=x", "[desk] takes no name"},
                                           {"desk", "expected SECTION.KEY=VALUE"}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        struct config *config = config_new(tables);
        config_set(config, flags[i][0]);
        assert_int_equal(config_problem_count(config), 1);
        assert_non_null(strstr(config_problem(config, 0), flags[i][1]));
        config_free(config);
    }
}

static void a_section_that_only_a_flag_makes_is_placed_there(void **state) {
    (void)state;
    struct config *config = config_new(tables);
    config_set(config, "shop.one.kind=baker");
    config_finish(config);
    section_add_problem(config_section_at(config, shop_table, 0), "key", SPAN(""), "no key");
    assert_string_equal(config_problem(config, 0), "--set shop.one.kind: no key");
    config_free(config);
}

static void an_included_folder_is_a_problem_like_any_other(void **state) {
    (void)state;
    assert_problem("[desk]\ninclude = .\npages = 4\n", "a.conf:2: cannot read the configuration file ");
    struct config *config = read_text("[desk]\ninclude = .\nwait = x\ninclude = gone.conf\n");
    assert_int_equal(config_problem_count(config), 3);
    config_free(config);
}

static void all_mistakes_are_collected(void **state) {
    (void)state;
    struct config *config = read_text("[desk]\npages = x\nloud = y\nnothing = z\n");
    assert_int_equal(config_problem_count(config), 3);
    config_free(config);
}

static void flags_override_the_environment_which_overrides_files(void **state) {
    (void)state;
    char variable[] = "DRAGOMAN_DESK_PAGES=5", other[] = "DRAGOMAN_DESK_TITLE=from outside";
    char *environment[] = {variable, other, NULL};
    struct config *config = config_new(tables);
    assert_true(
        config_read(config, put("a.conf", "[desk]\npages = 3\ntitle = in the file\nshape = square\n"), false, NULL));
    config_read_environment(config, environment);
    config_set(config, "desk.pages=6");
    config_finish(config);
    const struct desk_settings *desk = desk_of(config);
    assert_int_equal(desk->pages, 6);
    assert_span(desk->title, "from outside");
    assert_int_equal(desk->shape, SQUARE);
    config_free(config);
}

static void a_drop_in_overrides_its_file(void **state) {
    (void)state;
    char path[200];
    snprintf(path, sizeof path, "%s/conf.d", folder);
    assert_int_equal(mkdir(path, 0755), 0);
    put("conf.d/20.conf", "[desk]\npages = 8\n");
    put("conf.d/10.conf", "[desk]\npages = 7\nshape = square\n");
    put("conf.d/30.txt", "[desk]\npages = 9\n");
    struct config *config = read_text("[desk]\npages = 2\n");
    assert_int_equal(config_problem_count(config), 0);
    assert_int_equal(desk_of(config)->pages, 8);
    assert_int_equal(desk_of(config)->shape, SQUARE);
    config_free(config);
    const char *names[] = {"10.conf", "20.conf", "30.txt"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/conf.d/%s", folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/conf.d", folder);
    rmdir(path);
}

static void a_missing_file_is_reported_unless_it_is_optional(void **state) {
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
    assert_span(secret_text(shop_of(config, 0)->key), "s3cret");
    config_free(config);
    assert_problem("[shop \"one\"]\nkind = baker\nkey = s3cret\n", "must not be stored in the configuration file");
    assert_missing("[shop \"one\"]\nkind = baker\nkey_file = /nowhere/key\n", "cannot read the key");
    assert_missing("[shop \"one\"]\nkind = baker\nkey_file = .\n", "cannot be read: Is a directory");
}

static void a_key_that_is_too_large_is_not_cut(void **state) {
    (void)state;
    char *long_key = malloc(20000), path[200], text[300];
    memset(long_key, 'k', 19999);
    long_key[19999] = '\0';
    snprintf(path, sizeof path, "%s", put("long.key", long_key));
    chmod(path, 0600);
    snprintf(text, sizeof text, "[shop \"one\"]\nkind = baker\nkey_file = %s\n", path);
    assert_missing(text, "is too large for a secret");
    setenv("LONG_KEY", long_key, 1);
    assert_missing("[shop \"one\"]\nkind = baker\nkey_env = LONG_KEY\n", "is too long for a secret");
    free(long_key);
}

static void a_damaged_key_is_not_used_in_part(void **state) {
    (void)state;
    char path[200], text[300];
    snprintf(path, sizeof path, "%s", put("split.key", "s3cret\nmore\n"));
    chmod(path, 0600);
    snprintf(text, sizeof text, "[shop \"one\"]\nkind = baker\nkey_file = %s\n", path);
    assert_missing(text, "split.key contains a line break at byte 7 of the key; it must be one line of plain text");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite("s3cret\0more", 1, 11, file), 11);
    fclose(file);
    assert_missing(text, "split.key contains a NUL byte");
    setenv("SPLIT_KEY", "s3cret\r\nmore", 1);
    assert_missing("[shop \"one\"]\nkind = baker\nkey_env = SPLIT_KEY\n", "SPLIT_KEY contains a line break at byte 7");
    setenv("SPLIT_KEY", " \n", 1);
    assert_missing("[shop \"one\"]\nkind = baker\nkey_env = SPLIT_KEY\n", "SPLIT_KEY is not set or is empty");
}

static void a_key_comes_from_one_place(void **state) {
    (void)state;
    setenv("BAKER_KEY", "from outside", 1);
    assert_problem("[shop \"one\"]\nkind = baker\nkey_env = BAKER_KEY\nkey_command = echo x\n",
                   "a.conf:4: both 'key_env' and 'key_command' are given; remove one of them");
    assert_problem("[shop \"one\"]\nkind = baker\nkey_env = BAKER_KEY\nkey_env = OTHER\n",
                   "a.conf:4: 'key_env' is set twice, first at ");
    assert_problem("[shop \"one\"]\nkind = baker\nkey_env =\n", "a.conf:3: 'key_env' is empty");
    setenv("BAKER_KEY", "from outside", 1);
    struct config *config = config_new(tables);
    assert_true(config_read(config, put("a.conf", "[shop \"one\"]\nkind = baker\nkey_file = /nowhere\n"), false, NULL));
    config_set(config, "shop.one.key_env=BAKER_KEY");
    config_finish(config);
    assert_int_equal(config_problem_count(config), 0);
    assert_span(secret_text(shop_of(config, 0)->key), "from outside");
    config_free(config);
}

static void a_key_is_read_from_the_environment_or_a_command(void **state) {
    (void)state;
    setenv("BAKER_KEY", "from outside", 1);
    struct config *config =
        read_text("[shop \"one\"]\nkind = baker\nkey_env = BAKER_KEY\n[shop \"two\"]\nkind = baker\n"
                  "key_command = printf 'from %s' inside\n");
    assert_int_equal(config_problem_count(config), 0);
    assert_span(secret_text(shop_of(config, 0)->key), "from outside");
    assert_span(secret_text(shop_of(config, 1)->key), "from inside");
    config_free(config);
    assert_missing("[shop \"one\"]\nkind = baker\nkey_env = NO_SUCH_VARIABLE\n", "NO_SUCH_VARIABLE");
}

/* Two sections may name the same variable. */
static void a_variable_with_a_key_is_erased(void **state) {
    (void)state;
    char assignment[] = "BAKER_KEY=from outside";
    putenv(assignment);
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nkey_env = BAKER_KEY\n"
                                      "[shop \"two\"]\nkind = baker\nkey_env = BAKER_KEY\n");
    assert_span(secret_text(shop_of(config, 0)->key), "from outside");
    assert_span(secret_text(shop_of(config, 1)->key), "from outside");
    assert_null(getenv("BAKER_KEY"));
    assert_string_equal(assignment, "BAKER_KEY=");
    config_free(config);
}

static void a_command_without_a_key_is_a_failure_of_the_service(void **state) {
    (void)state;
    struct failure failure = {0};
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nkey_command = false\n");
    assert_false(secret_ready(shop_of(config, 0)->key, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "key_command");
    config_free(config);
}

/* [desk] and [desk "night"] are sections of one table; without either there is none. */
static void a_name_may_be_optional(void **state) {
    (void)state;
    static const struct section_table optional[] = {{.name = "desk",
                                                     .named = true,
                                                     .name_optional = true,
                                                     .settings = {desk_table, sizeof(struct desk_settings)},
                                                     .help = "a desk"},
                                                    {.name = NULL}};
    static char variable[] = "DRAGOMAN_DESK_PAGES=7";
    char *environment[] = {variable, NULL};
    struct config *config = config_new(optional), *none = config_new(optional);
    assert_true(
        config_read(config, put("optional.conf", "[desk]\ntitle = day\n[desk \"night\"]\npages = 2\n"), false, NULL));
    config_read_environment(config, environment);
    config_set(config, "desk.night.title=owl");
    config_finish(config);
    config_finish(none);
    assert_int_equal(config_problem_count(config), 0);
    assert_int_equal(config_section_count(config, desk_table), 2);
    const struct desk_settings *day = section_values(config_section_named(config, desk_table, SPAN("")));
    const struct desk_settings *night = section_values(config_section_named(config, desk_table, SPAN("night")));
    assert_true(span_is(day->title, "day") && day->pages == 7);
    assert_true(span_is(night->title, "owl") && night->pages == 2);
    assert_int_equal(config_section_count(none, desk_table), 0);
    config_free(config);
    config_free(none);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_empty_file_gives_the_defaults),
                                       cmocka_unit_test(values_are_read_according_to_their_type),
                                       cmocka_unit_test(an_old_name_of_a_setting_is_rejected_with_the_new_one),
                                       cmocka_unit_test(a_mistake_is_reported_with_its_line_and_the_nearest_name),
                                       cmocka_unit_test(no_name_is_proposed_that_has_little_in_common),
                                       cmocka_unit_test(a_nul_is_a_problem_of_its_line),
                                       cmocka_unit_test(long_words_are_cut_between_characters),
                                       cmocka_unit_test(it_says_when_not_all_mistakes_are_listed),
                                       cmocka_unit_test(ten_thousand_sections_are_found_at_once),
                                       cmocka_unit_test(a_flag_that_names_no_section_is_explained),
                                       cmocka_unit_test(a_section_that_only_a_flag_makes_is_placed_there),
                                       cmocka_unit_test(an_included_folder_is_a_problem_like_any_other),
                                       cmocka_unit_test(a_key_that_is_too_large_is_not_cut),
                                       cmocka_unit_test(a_name_may_be_optional),
                                       cmocka_unit_test(a_damaged_key_is_not_used_in_part),
                                       cmocka_unit_test(a_key_comes_from_one_place),
                                       cmocka_unit_test(all_mistakes_are_collected),
                                       cmocka_unit_test(flags_override_the_environment_which_overrides_files),
                                       cmocka_unit_test(a_drop_in_overrides_its_file),
                                       cmocka_unit_test(a_missing_file_is_reported_unless_it_is_optional),
                                       cmocka_unit_test(a_key_is_read_from_a_file_that_others_cannot_read),
                                       cmocka_unit_test(a_key_is_read_from_the_environment_or_a_command),
                                       cmocka_unit_test(a_variable_with_a_key_is_erased),
                                       cmocka_unit_test(a_command_without_a_key_is_a_failure_of_the_service)};
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
