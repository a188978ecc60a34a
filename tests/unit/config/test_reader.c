#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/reader.h"

/* A struct of every type, its table and a shop with kinds. */
struct desk_settings {
    struct span title, colour;
    long long pages, wait, price;
    size_t room;
    bool loud, pages_given;
    enum shape { ROUND, SQUARE } shape;
    struct word_list words;
    struct pattern_list keep;
    const struct selector *place;
};

static const struct setting desk_table[] = {
    {.name = "title", SETTING_TEXT_AT(struct desk_settings, title), .default_value = "none", .help = "a title"},
    {.name = "pages",
     SETTING_NUMBER_AT(struct desk_settings, pages),
     SETTING_GIVEN_AT(struct desk_settings, pages_given),
     .default_value = "4",
     .min = 1,
     .max = 9,
     .help = "how many"},
    {.name = "wait", SETTING_TIME_AT(struct desk_settings, wait), .default_value = "2s", .help = "how long"},
    {.name = "room", SETTING_SIZE_AT(struct desk_settings, room), .default_value = "1k", .help = "how much"},
    {.name = "price", SETTING_MONEY_AT(struct desk_settings, price), .default_value = "0", .help = "how dear"},
    {.name = "loud", SETTING_SWITCH_AT(struct desk_settings, loud), .default_value = "no", .help = "whether"},
    {.name = "shape",
     SETTING_CHOICE_AT(struct desk_settings, shape),
     .default_value = "round",
     .choices = "round square",
     .help = "which"},
    {.name = "colour",
     SETTING_WORD_AT(struct desk_settings, colour),
     .default_value = "red",
     .choices = "red green",
     .help = "which"},
    {.name = "words", SETTING_LIST_AT(struct desk_settings, words), .help = "many"},
    {.name = "keep", SETTING_PATTERN_AT(struct desk_settings, keep), .help = "which"},
    {.name = "place", SETTING_SELECTOR_AT(struct desk_settings, place), .help = "where"},
    SETTINGS_END};

struct shop_settings {
    struct span kind, street;
    struct secret *key;
};

static const struct setting shop_table[] = {
    {.name = "kind", SETTING_TEXT_AT(struct shop_settings, kind), .help = "which kind"}, SETTINGS_END};

struct baker_settings {
    struct span bread, size;
};

static bool is_size(struct span text) {
    return span_is(text, "small") || span_is(text, "large");
}

/* The key and the street are of this kind's table, and in the struct that all kinds share. */
static const struct setting baker_table[] = {
    {.name = "bread", SETTING_TEXT_AT(struct baker_settings, bread), .help = "which bread"},
    {.name = "size",
     SETTING_TEXT_AT(struct baker_settings, size),
     .default_value = "small",
     .fits = is_size,
     .expected = "small or large",
     .help = "which size"},
    {.name = "street",
     SETTING_TEXT_AT(struct shop_settings, street),
     .common = true,
     .default_value = "Mill Lane",
     .help = "where"},
    {.name = "key", SETTING_SECRET_AT(struct shop_settings, key), .common = true, .help = "the key"},
    SETTINGS_END};

static const struct setting butcher_table[] = {SETTINGS_END};

static struct section_kind kind_at(size_t index) {
    const struct section_kind kinds[] = {{"baker", "bread", {baker_table, sizeof(struct baker_settings)}},
                                         {"butcher", "meat", {butcher_table, 0}},
                                         {.name = NULL}};
    return kinds[index];
}

static const struct section_table tables[] = {
    {.name = "desk", .settings = {desk_table, sizeof(struct desk_settings)}, .help = "the desk"},
    {.name = "shop",
     .named = true,
     .settings = {shop_table, sizeof(struct shop_settings)},
     .help = "a shop",
     .kind_at = kind_at},
    {.name = NULL}};

static const struct desk_settings *desk_of(const struct config *config) {
    return config_values(config, desk_table);
}

static const struct shop_settings *shop_of(const struct config *config, size_t index) {
    return section_values(config_section_at(config, shop_table, index));
}

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
    struct secret *key = shop_of(config, 0)->key;
    assert_int_equal(config_problem_count(config), 0);
    assert_true(secret_given(key));
    assert_false(secret_found(key, &failure));
    assert_false(secret_ready(key, NULL));
    assert_span(secret_text(key), "");
    assert_false(section_secrets_found(config_section_at(config, shop_table, 0), NULL));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, said);
    if (!strstr(failure.sentence, "a.conf:3: ")) fail_msg("'%s' does not say line 3", failure.sentence);
    config_free(config);
}

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

static void values_are_read_as_their_type_says(void **state) {
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
    assert_problem("[shop]\n", "[shop] needs a name, e.g. [shop \"news\"]");
    assert_problem("title = x\n", "precedes the first [section]");
    assert_problem("[desk]\ntitle\n", "expected KEY = VALUE");
    assert_problem("[desk]\ntitle = \"open\n", "the closing quote is missing");
    assert_problem("[desk\n", "expected [SECTION] or [SECTION \"NAME\"]");
    assert_problem("[desk]\ntitle = \xFF\n", "not UTF-8");
    assert_problem("[shop \"one\"]\nkind = baker\nbred = rye\n", "did you mean 'bread'?");
}

static void all_mistakes_are_collected(void **state) {
    (void)state;
    struct config *config = read_text("[desk]\npages = x\nloud = y\nnothing = z\n");
    assert_int_equal(config_problem_count(config), 3);
    config_free(config);
}

static void a_kind_has_a_struct_of_its_own_beside_the_common_one(void **state) {
    (void)state;
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nbread = rye\nsize = large\n"
                                      "[shop \"butcher\"]\n[shop \"two\"]\nkind = baker\nstreet = Quay\n");
    assert_int_equal(config_problem_count(config), 0);
    const struct baker_settings *one = section_kind_values(config_section_at(config, shop_table, 0));
    assert_span(one->bread, "rye");
    assert_span(one->size, "large");
    assert_span(shop_of(config, 0)->kind, "baker");
    assert_span(shop_of(config, 0)->street, "Mill Lane");
    assert_span(shop_of(config, 1)->street, ""); /* a butcher has no such setting, and so no default of it */
    assert_span(shop_of(config, 2)->street, "Quay");
    assert_true(section_kind_has(config_section_at(config, shop_table, 0), offsetof(struct shop_settings, street)));
    assert_false(section_kind_has(config_section_at(config, shop_table, 1), offsetof(struct shop_settings, street)));
    assert_null(config_section_named(config, shop_table, SPAN("three")));
    assert_null(config_section(config, baker_table));
    config_free(config);
    assert_problem("[shop \"one\"]\nkind = baker\nsize = huge\n",
                   "a.conf:3: invalid value 'huge' for 'size': expected small or large");
    assert_problem("[shop \"butcher\"]\nstreet = Quay\n", "unknown key 'street'");
}

static void lists_and_patterns_are_of_the_highest_rank(void **state) {
    (void)state;
    struct config *config = config_new(tables);
    assert_true(
        config_read(config, put("a.conf", "[desk]\nwords = a b\nkeep = x\nkeep = y\nplace = .story\n"), false, NULL));
    config_set(config, "desk.words=c");
    config_finish(config);
    const struct desk_settings *desk = desk_of(config);
    assert_int_equal(desk->words.count, 1);
    assert_span(desk->words.items[0], "c");
    assert_int_equal(desk->keep.count, 2);
    assert_non_null(desk->keep.items[1]);
    assert_non_null(desk->place);
    config_free(config);
}

/* Sections that are added later do not move the structs of those before. */
static void finishing_again_fills_new_sections_only(void **state) {
    (void)state;
    struct config *config = read_text("[desk]\npages = 3\n[shop \"one\"]\nkind = baker\n");
    const struct desk_settings *desk = desk_of(config);
    config_set(config, "shop.two.kind=baker");
    config_set(config, "shop.two.size=huge");
    config_finish(config);
    assert_ptr_equal(desk_of(config), desk);
    assert_int_equal(desk->pages, 3);
    assert_int_equal(config_problem_count(config), 1);
    assert_span(shop_of(config, 1)->street, "Mill Lane");
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
    const struct desk_settings *desk = desk_of(config);
    assert_int_equal(desk->pages, 6);
    assert_span(desk->title, "from outside");
    assert_int_equal(desk->shape, SQUARE);
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
    assert_span(secret_text(shop_of(config, 0)->key), "s3cret");
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
    assert_span(secret_text(shop_of(config, 0)->key), "from outside");
    assert_span(secret_text(shop_of(config, 1)->key), "from inside");
    config_free(config);
    assert_missing("[shop \"one\"]\nkind = baker\nkey_env = NO_SUCH_VARIABLE\n", "NO_SUCH_VARIABLE");
}

static void a_command_without_a_key_is_a_failure_of_the_service(void **state) {
    (void)state;
    struct failure failure = {0};
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nkey_command = false\n");
    assert_false(secret_ready(shop_of(config, 0)->key, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, "key_command");
    config_free(config);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_empty_file_gives_the_defaults),
                                       cmocka_unit_test(values_are_read_as_their_type_says),
                                       cmocka_unit_test(a_mistake_is_named_with_its_line_and_neighbour),
                                       cmocka_unit_test(all_mistakes_are_collected),
                                       cmocka_unit_test(a_kind_has_a_struct_of_its_own_beside_the_common_one),
                                       cmocka_unit_test(lists_and_patterns_are_of_the_highest_rank),
                                       cmocka_unit_test(finishing_again_fills_new_sections_only),
                                       cmocka_unit_test(the_flag_beats_the_environment_beats_the_file),
                                       cmocka_unit_test(a_drop_in_beats_its_file),
                                       cmocka_unit_test(a_missing_file_is_said_unless_it_may_be),
                                       cmocka_unit_test(a_key_is_read_from_a_file_that_others_cannot_read),
                                       cmocka_unit_test(a_key_is_read_from_the_environment_or_a_command),
                                       cmocka_unit_test(a_command_without_a_key_is_a_failure_of_the_service)};
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
