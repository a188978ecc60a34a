/* Numbers as users write them: units, ranges and error messages. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <string.h>

#include "config/reader.h"

struct numbers {
    long long rest, nap, age, fee, count;
    size_t shelf, load;
    double share;
};

static const struct setting table[] = {
    SETTING("rest", SETTING_TIME_AT(struct numbers, rest), .default_value = "5m", .min = 1000, .max = 3600e3,
            .help = "how long"),
    SETTING("nap", SETTING_TIME_AT(struct numbers, nap), .default_value = "90s", .min = 500, .max = 90e3,
            .help = "how long"),
    SETTING("age", SETTING_TIME_AT(struct numbers, age), .default_value = "0s", .max = 7 * 86400e3, .help = "how old"),
    SETTING("shelf", SETTING_SIZE_AT(struct numbers, shelf), .default_value = "2k", .min = 1536, .max = 1u << 30,
            .help = "how much"),
    SETTING("load", SETTING_SIZE_AT(struct numbers, load), .default_value = "0", .max = 3u << 20, .help = "how much"),
    SETTING("fee", SETTING_MONEY_AT(struct numbers, fee), .default_value = "1", .min = 250000, .max = 1e12,
            .help = "how dear"),
    SETTING("share", SETTING_DECIMAL_AT(struct numbers, share), .default_value = "0.5", .min = 0.05, .max = 1,
            .help = "how likely"),
    SETTING("count", SETTING_NUMBER_AT(struct numbers, count), .default_value = "4", .help = "how many"),
    SETTINGS_END,
};

static const struct section_table tables[] = {
    {.name = "desk", .settings = {table, sizeof(struct numbers)}, .help = "the desk"}, {.name = NULL}};

static struct config *set(const char *assignment) {
    char text[200];
    struct config *config = config_new(tables);
    snprintf(text, sizeof text, "desk.%s", assignment);
    config_set(config, text);
    config_finish(config);
    return config;
}

static void assert_problem(const char *assignment, const char *said) {
    struct config *config = set(assignment);
    if (config_problem_count(config) != 1) fail_msg("%zu problems: %s", config_problem_count(config), assignment);
    if (!strstr(config_problem(config, 0), said)) fail_msg("'%s' does not say '%s'", config_problem(config, 0), said);
    config_free(config);
}

static void bounds_are_reported_in_the_units_that_users_write(void **state) {
    (void)state;
    assert_problem("rest=5d", "'rest' must be between 1s and 1h, not 5d");
    assert_problem("rest=999ms", "'rest' must be between 1s and 1h, not 999ms");
    assert_problem("nap=2m", "'nap' must be between 500ms and 90s, not 2m");
    assert_problem("age=8d", "'age' must be between 0s and 7d, not 8d");
    assert_problem("shelf=1k", "'shelf' must be between 1536 and 1G, not 1k");
    assert_problem("load=4M", "'load' must be between 0 and 3M, not 4M");
    assert_problem("fee=0.1", "'fee' must be between 0.25 and 1000000, not 0.1");
    assert_problem("share=1.5", "'share' must be between 0.05 and 1, not 1.5");
}

static void an_invalid_number_is_reported_with_an_example(void **state) {
    (void)state;
    assert_problem("rest=10", "invalid value '10' for 'rest': expected a time, e.g. 30s, 2h or 7d");
    assert_problem("rest=0x10s", "invalid value '0x10s' for 'rest': expected a time");
    assert_problem("load=4 M", "invalid value '4 M' for 'load': expected a number of bytes");
    assert_problem("fee=2EUR", "invalid value '2EUR' for 'fee': expected an amount of money");
    assert_problem("share=half", "invalid value 'half' for 'share': expected a number");
    assert_problem("count=1.5", "invalid value '1.5' for 'count': expected a whole number");
    assert_problem("count=12x", "invalid value '12x' for 'count': expected a whole number");
    assert_problem("count=12k", "invalid value '12k' for 'count': expected a whole number");
    assert_problem("count=1 2", "invalid value '1 2' for 'count': expected a whole number");
    assert_problem("count=", "invalid value '' for 'count': expected a whole number");
    assert_problem("share=.", "invalid value '.' for 'share': expected a number");
    assert_problem("rest=5 m", "invalid value '5 m' for 'rest': expected a time");
    assert_problem("count=-1", "invalid value '-1' for 'count': expected a whole number");
    assert_problem("count=99999999999999999999", "invalid value '99999999999999999999' for 'count'");
}

static void numbers_are_read_in_their_units(void **state) {
    static const struct {
        const char *assignment;
        struct numbers numbers;
    } cases[] = {{"rest=1.5m", {.rest = 90000}},  {"nap=750ms", {.nap = 750}},
                 {"age=0", {.age = 0}},           {"age=2d", {.age = 172800000}},
                 {"shelf=1.5k", {.shelf = 1536}}, {"load=2M", {.load = 2 << 20}},
                 {"fee=0.29", {.fee = 290000}},   {"count=9000000000", {.count = 9000000000}}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config *config = set(cases[i].assignment);
        const struct numbers *numbers = config_values(config, table), *wanted = &cases[i].numbers;
        if (config_problem_count(config)) fail_msg("%s", config_problem(config, 0));
        if (wanted->rest) assert_int_equal(numbers->rest, wanted->rest);
        if (wanted->nap) assert_int_equal(numbers->nap, wanted->nap);
        if (i == 2 || i == 3) assert_int_equal(numbers->age, wanted->age);
        if (wanted->shelf) assert_int_equal(numbers->shelf, wanted->shelf);
        if (wanted->load) assert_int_equal(numbers->load, wanted->load);
        if (wanted->fee) assert_int_equal(numbers->fee, wanted->fee);
        if (wanted->count) assert_int_equal(numbers->count, wanted->count);
        config_free(config);
    }
}

static void the_default_replaces_an_invalid_value(void **state) {
    (void)state;
    struct config *config = set("rest=soon");
    const struct numbers *numbers = config_values(config, table);
    assert_int_equal(numbers->rest, 300000);
    assert_int_equal(numbers->shelf, 2048);
    config_free(config);
}

static void the_reference_shows_bounds_in_the_same_units(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 16);
    config_write_reference(tables, &out);
    assert_non_null(strstr(out.at, "# how long; 500ms to 90s\n;nap = 90s\n"));
    assert_non_null(strstr(out.at, "# how much; 1536 to 1G\n"));
    assert_non_null(strstr(out.at, "# how dear; 0.25 to 1000000\n"));
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(bounds_are_reported_in_the_units_that_users_write),
                                       cmocka_unit_test(an_invalid_number_is_reported_with_an_example),
                                       cmocka_unit_test(numbers_are_read_in_their_units),
                                       cmocka_unit_test(the_default_replaces_an_invalid_value),
                                       cmocka_unit_test(the_reference_shows_bounds_in_the_same_units)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
