/* A folder for the files of a group of tests, and the paths of a store and its log in it; for cmocka_run_group_tests().
 */
#ifndef TESTS_UNIT_SCRATCH_FOLDER_H
#define TESTS_UNIT_SCRATCH_FOLDER_H

#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>

static char folder[] = "/tmp/dragoman-test-XXXXXX";
static char path[64], log_path[80];

static inline int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/state.db", folder);
    snprintf(log_path, sizeof log_path, "%s-wal", path);
    return 0;
}

static inline int remove_folder(void **state) {
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

#endif
