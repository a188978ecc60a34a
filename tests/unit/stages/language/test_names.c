#include "unit/cmocka_test.h"

#include "stages/language/names.h"

static void codes_become_names(void **state) {
    (void)state;
    static const char *const all[][2] = {{"de", "German"},       {"DE", "German"},       {"pt-AO", "Portuguese"},
                                         {"sr-Xxxx", "Serbian"}, {"zh-Hant", "Chinese"}, {"qq", "qq"},
                                         {"qq-Latn", "qq"}};
    struct failure failure = {0};
    struct arena *arena = arena_new();
    struct table names;
    assert_true(language_names_read(TEST_DATA, arena, &names, &failure));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct span name = language_name(&names, span_of(all[i][0]));
        if (!span_starts(name, span_of(all[i][1]))) fail_msg("%s: %.*s", all[i][0], SPAN_ARGS(name));
    }
    arena_free(arena);
}

static void languages_are_read_as_users_write_them(void **state) {
    (void)state;
    static const char *const all[][2] = {
        {"ru", "ru"},       {"RU", "ru"},          {"russian", "ru"}, {"Portuguese", "pt"}, {"zh-hant", "zh-Hant"},
        {"pt-AO", "pt-AO"}, {"norwegian b", NULL}, {"qq", NULL},      {"", NULL},           {"qq-Latn", NULL}};
    struct failure failure = {0};
    struct arena *arena = arena_new();
    struct table names;
    assert_true(language_names_read(TEST_DATA, arena, &names, &failure));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct span code = SPAN("unchanged");
        bool found = language_read(&names, span_of(all[i][0]), arena, &code, &failure);
        if (!span_is(code, all[i][1] ? all[i][1] : "unchanged")) fail_msg("%s: %.*s", all[i][0], SPAN_ARGS(code));
        assert_int_equal(found, all[i][1] != NULL);
        if (!found) assert_int_equal(failure.exit_code, EXIT_USAGE);
    }
    assert_false(language_read(&names, SPAN("Portugese"), arena, &(struct span){0}, &failure));
    assert_string_equal(failure.sentence, "unknown language 'Portugese'; did you mean 'pt' (Portuguese)?");
    arena_free(arena);
}

static void a_language_covers_its_scripts_and_regions(void **state) {
    (void)state;
    assert_true(language_covers(SPAN("zh"), SPAN("zh-Hant")));
    assert_true(language_covers(SPAN("ZH"), SPAN("zh")));
    assert_false(language_covers(SPAN("zh-Hant"), SPAN("zh")));
    assert_false(language_covers(SPAN("fi"), SPAN("fil")));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_become_names),
                                       cmocka_unit_test(languages_are_read_as_users_write_them),
                                       cmocka_unit_test(a_language_covers_its_scripts_and_regions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
