/* The structs of sections with kinds, and sections added by the program. */
#define _GNU_SOURCE
#include "unit/config/desk.h"

static void a_kind_has_its_own_struct_besides_the_common_one(void **state) {
    (void)state;
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nbread = rye\nsize = large\n"
                                      "[shop \"butcher\"]\n[shop \"two\"]\nkind = baker\nstreet = Quay\n");
    assert_int_equal(config_problem_count(config), 0);
    const struct baker_settings *one = section_kind_values(config_section_at(config, shop_table, 0));
    assert_span(one->bread, "rye");
    assert_span(one->size, "large");
    assert_span(shop_of(config, 0)->kind, "baker");
    assert_span(shop_of(config, 0)->street, "Mill Lane");
    assert_span(shop_of(config, 1)->street, ""); /* butchers do not have this setting, so there is no default either */
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

static void lists_and_patterns_come_from_the_highest_rank(void **state) {
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

/* None of these could be written as a value in a configuration file. */
static const char *const odd_values[] = {
    "two\nlines = here", "a=b", "\"half quoted", " both ends ", "one, two three", "[shop]", "\xE9\x80", "end \\", "",
    "# no comment"};

static void an_added_section_takes_any_bytes_unchanged(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof odd_values / sizeof *odd_values; i++) {
        struct config *config = read_text("[shop \"one\"]\nkind = baker\nbread = rye\nloaves = one, two\n");
        struct span value = span_of(odd_values[i]);
        const struct baker_settings *text =
            section_kind_values(config_add_section(config, shop_table, "baker", "bread", value));
        const struct baker_settings *list =
            section_kind_values(config_add_section(config, shop_table, "baker", "loaves", value));
        assert_int_equal(config_problem_count(config), 0);
        assert_span(text->bread, odd_values[i]);
        assert_int_equal(text->loaves.count, 0);
        assert_int_equal(list->loaves.count, 1);
        assert_span(list->loaves.items[0], odd_values[i]);
        config_free(config);
    }
}

static void an_added_section_is_not_one_of_the_user_s(void **state) {
    (void)state;
    struct config *config = read_text("[shop \"one\"]\nkind = baker\nbread = rye\n[shop \"\"]\nkind = baker\n");
    size_t before = config_section_count(config, shop_table);
    const struct section *added = config_add_section(config, shop_table, "baker", NULL, SPAN("unused"));
    const struct baker_settings *baker = section_kind_values(added), *first;
    assert_int_equal(config_section_count(config, shop_table), before + 1);
    assert_ptr_equal(config_section_at(config, shop_table, before), added);
    assert_span(section_kind(added), "baker");
    assert_span(section_name(added), "");
    assert_string_equal(section_folder(added), ".");
    assert_false(baker->bread_given);
    assert_false(secret_given(shop_of(config, before)->key));
    first = section_kind_values(config_section_at(config, shop_table, 0));
    assert_span(first->bread, "rye");
    config_free(config);
}

/* Adds a problem of the caller's with this setting, and expects it at this line. */
static void assert_line(const char *text, const char *name, const char *word, const char *line) {
    struct config *config = read_text(text);
    size_t before = config_problem_count(config);
    section_add_problem(config_section_at(config, shop_table, 0), name, span_of(word), "it is burnt");
    const char *said = config_problem(config, before);
    char want[40];
    snprintf(want, sizeof want, "a.conf:%s: it is burnt", line);
    if (!strstr(said, want)) fail_msg("'%s' does not say '%s'", said, want);
    config_free(config);
}

/* Another key that begins like it, or has its value, is not the one. */
static void a_problem_is_reported_at_the_line_of_its_setting(void **state) {
    (void)state;
    assert_line("[shop \"baker\"]\nloaves = a b\nloaves = c\n", "loaves", "b", "2");
    assert_line("[shop \"baker\"]\nloaves = a b\nloaves = c\n", "loaves", "", "3");
    assert_line("[shop \"baker\"]\nbread = rye\nbreadth = rye\n", "bread", "", "2");
    assert_line("[shop \"baker\"]\nkey_env = HOME\nkeys = 3\n", "key", "", "2");
    assert_line("[shop \"baker\"]\nbread = rye\n", "street", "", "1");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_kind_has_its_own_struct_besides_the_common_one),
                                       cmocka_unit_test(lists_and_patterns_come_from_the_highest_rank),
                                       cmocka_unit_test(finishing_again_fills_new_sections_only),
                                       cmocka_unit_test(an_added_section_takes_any_bytes_unchanged),
                                       cmocka_unit_test(an_added_section_is_not_one_of_the_user_s),
                                       cmocka_unit_test(a_problem_is_reported_at_the_line_of_its_setting)};
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
