/* What a configuration may not hold, at its limits, and in which words it is refused. */
#define _GNU_SOURCE
#include "unit/config/desk.h"

/* Lines of 64 bytes. */
static void fill(const char *name, size_t size) {
    FILE *file = fopen(put(name, ""), "w");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++) putc(i % 64 == 63 ? '\n' : '#', file);
    assert_int_equal(fclose(file), 0);
}

static void a_file_has_a_limit(void **state) {
    (void)state;
    struct failure failure = {0};
    struct config *config = config_new(tables);
    fill("large.conf", 1 << 20);
    assert_true(config_read(config, put("b.conf", "include = large.conf\n"), false, NULL));
    assert_int_equal(config_problem_count(config), 0);
    fill("large.conf", (1 << 20) + 1);
    char path[200];
    snprintf(path, sizeof path, "%s/large.conf", folder);
    config_free(config);
    config = config_new(tables);
    assert_false(config_read(config, path, false, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "large.conf is larger than 1 MiB");
    config_free(config);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
    (void)state;
    struct failure failure = {0};
    struct config *config = config_new(tables);
    assert_false(config_read(config, folder, true, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "cannot read the configuration file ");
    if (!strstr(failure.sentence, "Is a directory")) fail_msg("%s", failure.sentence);
    config_free(config);
}

/* The file that includes them is one of those that may be read. */
static struct config *include(size_t count) {
    char name[32];
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "many-%04zu.conf", i);
        put(name, "");
    }
    struct config *config = config_new(tables);
    assert_true(config_read(config, put("a.conf", "include = many-*.conf\n"), false, NULL));
    config_finish(config);
    return config;
}

static void so_many_files_are_read_and_no_more(void **state) {
    (void)state;
    struct config *config = include(999);
    assert_int_equal(config_problem_count(config), 0);
    config_free(config);
    config = include(1002);
    assert_int_equal(config_problem_count(config), 1);
    const char *said = config_problem(config, 0);
    if (!strstr(said, "the configuration has more than 1000 files; merge some of them")) fail_msg("%s", said);
    if (!strstr(said, "many-0999.conf")) fail_msg("%s", said);
    config_free(config);
}

static void a_pattern_and_a_selector_say_what_is_wrong(void **state) {
    (void)state;
    assert_problem("[desk]\nkeep = /(/\n", "a.conf:2: invalid pattern '/(/' for 'keep': ");
    assert_problem("[desk]\nplace = a[\n", "a.conf:2: invalid selector 'a[' for 'place': ");
}

static void a_section_needs_a_kind_that_is_known(void **state) {
    (void)state;
    assert_problem("[shop \"one\"]\n", "a.conf:1: [shop \"one\"] has no kind; expected one of: baker, butcher");
    assert_problem("[shop \"one\"]\nkind = bakker\n",
                   "a.conf:2: [shop \"one\"] has an unknown kind 'bakker'; did you mean 'baker'?; expected one of: "
                   "baker, butcher");
    assert_problem("[shop \"one\"]\nkind = smith\n",
                   "a.conf:2: [shop \"one\"] has an unknown kind 'smith'; expected one of: baker, butcher");
    assert_problem("[shop \"bakker\"]\n", "has no kind; did you mean 'baker'?; expected one of: baker, butcher");
}

static void missing_secrets_become_problems(void **state) {
    (void)state;
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nkey_file = /nowhere/key\n");
    assert_int_equal(config_problem_count(config), 0);
    section_add_missing_secrets(config_section_at(config, shop_table, 0));
    assert_int_equal(config_problem_count(config), 1);
    const char *said = config_problem(config, 0);
    if (!strstr(said, "a.conf:3: cannot read the key from /nowhere/key: No such file")) fail_msg("%s", said);
    config_free(config);
    config = read_text("[shop \"one\"]\nkind = baker\nkey_command = echo k\n");
    section_add_missing_secrets(config_section_at(config, shop_table, 0));
    assert_int_equal(config_problem_count(config), 0);
    config_free(config);
}

static struct config *read_variables(const char *first, const char *second) {
    char one[300], other[300], *environment[] = {one, other, NULL};
    snprintf(one, sizeof one, "%s", first);
    snprintf(other, sizeof other, "%s", second);
    struct config *config = config_new(tables);
    config_read_environment(config, environment);
    config_finish(config);
    return config;
}

/* Other programs use such names too. */
static void a_variable_needs_a_section_and_a_key(void **state) {
    (void)state;
    static const char *const others[] = {
        "DRAGOMAN_DESK_=9",       "DRAGOMAN_DESK=9", "DRAGOMAN_=9",         "DRAGOMAN_DATA=9",
        "DRAGOMAN_DESKS_PAGES=9", "DESK_PAGES=9",    "DRAGOMAN_DESK_PAGES", "=9"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct config *config = read_variables(others[i], "DRAGOMAN_DESK_PAGES=7");
        if (config_problem_count(config)) fail_msg("%s: %s", others[i], config_problem(config, 0));
        assert_int_equal(desk_of(config)->pages, 7);
        config_free(config);
    }
    struct config *config = read_variables("DRAGOMAN_DESK_P=9", "DRAGOMAN_DESK_pages=6");
    assert_int_equal(desk_of(config)->pages, 6);
    assert_int_equal(config_problem_count(config), 1);
    if (!strstr(config_problem(config, 0), "environment DRAGOMAN_DESK_P: unknown key 'p' in [desk]"))
        fail_msg("%s", config_problem(config, 0));
    config_free(config);
}

static void a_variable_has_a_limit(void **state) {
    (void)state;
    char name[200] = "DRAGOMAN_DESK_";
    memset(name + strlen(name), 'P', 150);
    struct config *config = read_variables(name, "DRAGOMAN_DESK_PAGES=7");
    assert_int_equal(config_problem_count(config), 0);
    config_free(config);
}

static void a_secret_that_is_empty_or_fills_its_room_is_missing(void **state) {
    (void)state;
    enum { ROOM = 16384 };
    char text[300], path[200], *key = calloc(1, ROOM + 1);
    memset(key, 'k', ROOM);
    for (size_t length = ROOM - 1; length <= ROOM; length++) {
        key[length] = '\0';
        snprintf(path, sizeof path, "%s", put("room.key", key));
        key[length] = 'k';
        chmod(path, 0600);
        snprintf(text, sizeof text, "[shop \"one\"]\nkind = baker\nkey_file = %s\n", path);
        struct config *config = read_text(text);
        assert_int_equal(secret_text(shop_of(config, 0)->key).length, length < ROOM ? length : 0);
        config_free(config);
    }
    assert_missing(text, "room.key is too large for a secret");
    chmod(put("empty.key", "\n"), 0600);
    snprintf(text, sizeof text, "[shop \"one\"]\nkind = baker\nkey_file = %s/empty.key\n", folder);
    assert_missing(text, "empty.key is empty");
    setenv("EMPTY_KEY", "", 1);
    assert_missing("[shop \"one\"]\nkind = baker\nkey_env = EMPTY_KEY\n", "EMPTY_KEY is not set or is empty");
    free(key);
}

static int remove_files(void **state) {
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_file_has_a_limit),
                                       cmocka_unit_test(a_file_that_cannot_be_read_is_named),
                                       cmocka_unit_test(so_many_files_are_read_and_no_more),
                                       cmocka_unit_test(a_pattern_and_a_selector_say_what_is_wrong),
                                       cmocka_unit_test(a_section_needs_a_kind_that_is_known),
                                       cmocka_unit_test(missing_secrets_become_problems),
                                       cmocka_unit_test(a_variable_needs_a_section_and_a_key),
                                       cmocka_unit_test(a_variable_has_a_limit),
                                       cmocka_unit_test(a_secret_that_is_empty_or_fills_its_room_is_missing)};
    return cmocka_run_group_tests(tests, make_folder, remove_files);
}
