/* Configurations, each with the resources of a run. They are kept for all tests of a program, because opening the
 * resources takes most of the time. */
#ifndef TESTS_UNIT_STAGES_RUN_SETUPS_H
#define TESTS_UNIT_STAGES_RUN_SETUPS_H

#include "unit/cmocka_test.h"

#include <stdio.h>

#include "config/reader.h"
#include "pipeline/engine/resources.h"
#include "program/program.h"

struct run_setup {
    char key[512];
    struct config *config;
    struct resources *resources;
};

static struct run_setup run_setups[32];

/* Returns the setup of a configuration with these settings, which end with NULL. */
static inline const struct run_setup *run_setup_of(const char *const *usual, const char *const *more) {
    const char *const *lists[] = {usual, more};
    struct run_setup made = {.config = config_new(program_section_tables())}, *setup = run_setups;
    for (size_t i = 0; i < 2; i++)
        for (const char *const *setting = lists[i]; setting && *setting; setting++) {
            config_set(made.config, *setting);
            snprintf(made.key + strlen(made.key), sizeof made.key - strlen(made.key), "%s\n", *setting);
        }
    assert_true(strlen(made.key) + 1 < sizeof made.key);
    while (setup->config && strcmp(setup->key, made.key) != 0) setup++;
    assert_true(setup < run_setups + sizeof run_setups / sizeof *run_setups - 1);
    if (setup->config) {
        config_free(made.config);
        return setup;
    }
    config_finish(made.config);
    assert_int_equal(config_problem_count(made.config), 0);
    made.resources = resources_new(TEST_DATA);
    *setup = made;
    return setup;
}

static inline int run_setups_free(void **state) {
    (void)state;
    for (struct run_setup *setup = run_setups; setup->config; setup++) {
        resources_free(setup->resources);
        config_free(setup->config);
    }
    return 0;
}

#endif
