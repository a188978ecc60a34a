/* Numbers in the cells of tables. */
#include "unit/cmocka_test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/table.h"
#include "unit/random_text.h"

static bool read_cell(const char *text, double *ret_number) {
    struct row row = {.count = 1};
    row.cells[0] = span_of(text);
    return row_decimal(&row, 0, ret_number);
}

/* Compares with strtod(), which takes longer. */
static void check(const char *text) {
    char *end;
    double wanted = strtod(text, &end), got = 0;
    bool is_number = *text && *end == '\0' && isfinite(wanted);
    if (read_cell(text, &got) != is_number) fail_msg("%s", text);
    if (is_number && (got != wanted || signbit(got) != signbit(wanted))) fail_msg("%s gives %.17g", text, got);
}

static void decimals_are_read_as_by_strtod(void **state) {
    (void)state;
    static const char *const cells[] = {"0",   "-0",     "1",  "-1.5", "0.1",     "5.",    ".5",  "-.25",
                                        "1e3", "1.5e-7", "+2", "0x10", "1.2.3",   "",      ".",   "-",
                                        "-.",  "--1",    "1-", "nan",  "inf",     "1e999", "0.3", "2.675",
                                        "1e",  "12a",    " 1", "1 ",   "00012.50"};
    static const char *const long_cells[] = {"123456789012345",   "1234567890123456",   "9007199254740993",
                                             "0.123456789012345", "0.1234567890123456", "1234567890.12345",
                                             "0.000000000000001", "0.0000000000000001", "99999999999999999999"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) check(cells[i]);
    for (size_t i = 0; i < sizeof long_cells / sizeof *long_cells; i++) check(long_cells[i]);
}

static void random_decimals_are_read_as_by_strtod(void **state) {
    (void)state;
    unsigned seed = 1;
    for (int i = 0; i < 200000; i++) {
        char text[40];
        unsigned long long digits = (unsigned long long)random_number(&seed) << 24 | random_number(&seed);
        int decimals = (int)(random_number(&seed) % 10);
        snprintf(text, sizeof text, "%s%llu.%0*u", i % 2 ? "-" : "", digits >> random_number(&seed) % 48, decimals,
                 random_number(&seed) % 1000);
        check(text);
    }
}

static void a_cell_that_is_missing_has_no_number(void **state) {
    (void)state;
    double number = 7;
    struct row row = {.count = 0};
    assert_false(row_decimal(&row, 0, &number));
    assert_true(number == 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_as_by_strtod),
        cmocka_unit_test(random_decimals_are_read_as_by_strtod),
        cmocka_unit_test(a_cell_that_is_missing_has_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
