/* Codes of languages, regions and scripts. */
#include "unit/cmocka_test.h"

#include "stages/services/common/codes.h"

static void a_region_is_left_out_and_a_script_is_not(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"pt-BR", "pt"},
                                          {"es-419", "es"},
                                          {"pt", "pt"},
                                          {"sr-Cyrl", "sr-Cyrl"},
                                          {"zh-Hant", "zh-Hant"},
                                          {"sr-Cyrl-RS", "sr-Cyrl-RS"},
                                          {"ca-valencia", "ca-valencia"},
                                          {"pt-", "pt-"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(span_is(codes_without_region(rows[i][0]), rows[i][1]));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_region_is_left_out_and_a_script_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
