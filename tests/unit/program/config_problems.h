/* The problems that a check finds in a configuration. */
#ifndef TESTS_UNIT_PROGRAM_CONFIG_PROBLEMS_H
#define TESTS_UNIT_PROGRAM_CONFIG_PROBLEMS_H

#include "unit/cmocka_test.h"

#include <stdio.h>

#include "config/reader.h"
#include "program/program.h"

typedef void check_config(const struct config *config, const char *data_folder);

/* `settings` are written as for --set, and separated by semicolons. */
static inline struct config *configured(const char *settings) {
    char line[600];
    struct span rest = span_of(settings), one;
    struct config *config = config_new(program_section_tables());
    while (span_next(&rest, ';', &one)) {
        snprintf(line, sizeof line, "%.*s", SPAN_ARGS(one));
        config_set(config, line);
    }
    config_finish(config);
    if (config_problem_count(config)) fail_msg("%s: %s", settings, config_problem(config, 0));
    return config;
}

/* Asserts that the check finds one problem, which ends so; NULL = none. */
static inline void assert_checked(check_config *check, const char *settings, const char *problem) {
    struct config *config = configured(settings);
    check(config, TEST_DATA);
    size_t count = config_problem_count(config);
    if (count != (problem != NULL))
        fail_msg("%s: %zu problems: %s", settings, count, count ? config_problem(config, 0) : "");
    if (problem && !span_ends(span_of(config_problem(config, 0)), span_of(problem)))
        fail_msg("%s: %s", settings, config_problem(config, 0));
    config_free(config);
}

#endif
