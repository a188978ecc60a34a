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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(codes_become_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
