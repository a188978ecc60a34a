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

/* A table in which sr has the same code, and two scripts of Chinese codes of their own. */
static struct row rows[] = {{.cells = {{"sr", 2}, {"", 0}}},
                            {.cells = {{"nb", 2}, {"NB", 2}}},
                            {.cells = {{"zh", 2}, {"ZH", 2}}},
                            {.cells = {{"zh-Hant", 7}, {"ZH-TW", 5}}},
                            {.cells = {{"pt-BR", 5}, {"BR", 2}}}};

static void check_codes(const struct word_list *wanted, const char *const (*cases)[2], size_t count) {
    const struct codes codes = {.table = {.rows = rows, .count = sizeof rows / sizeof *rows}, .wanted = wanted};
    for (size_t i = 0; i < count; i++) {
        struct span code = codes_of(&codes, cases[i][0]);
        if (!span_is(code, cases[i][1])) fail_msg("%s: '%.*s'", cases[i][0], SPAN_ARGS(code));
    }
}

static void languages_have_the_codes_of_the_table(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"sr", "sr"}, {"sr-Cyrl", "sr"}, {"nb", "NB"},    {"nb-NO", "NB"}, {"zh-Hans", "ZH"}, {"zh-Hant", "ZH-TW"},
        {"de", ""},   {"pt", ""},        {"pt-BR", "BR"}, {"s", ""},       {"", ""}};
    check_codes(&(struct word_list){0}, cases, sizeof cases / sizeof *cases);
}

static void a_setting_restricts_and_extends_the_table(void **state) {
    (void)state;
    struct span items[] = {SPAN("zh"), SPAN("nb=NOR"), SPAN("tlh=KLI"), SPAN("mk"), SPAN("sr-Latn")};
    const struct word_list wanted = {.items = items, .count = 5};
    static const char *const cases[][2] = {{"zh", "ZH"},     {"zh-Hans", "ZH"}, {"zh-Hant", "ZH-TW"},   {"nb", "NOR"},
                                           {"nb-NO", "NOR"}, {"tlh", "KLI"},    {"mk", "mk"},           {"mk-MK", "mk"},
                                           {"sr", ""},       {"sr-Cyrl", ""},   {"sr-Latn", "sr-Latn"}, {"pt-BR", ""}};
    check_codes(&wanted, cases, sizeof cases / sizeof *cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_region_is_left_out_and_a_script_is_not),
                                       cmocka_unit_test(languages_have_the_codes_of_the_table),
                                       cmocka_unit_test(a_setting_restricts_and_extends_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
