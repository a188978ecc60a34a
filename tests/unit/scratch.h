/* A file with the six bytes "abcdef" that a test may change; for cmocka_unit_test_setup_teardown(). */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include "unit/cmocka_test.h"

#include <stdlib.h>
#include <unistd.h>

static char scratch_path[32];

static inline int scratch_make(void **state) {
    (void)state;
    strcpy(scratch_path, "/tmp/dragoman-test-XXXXXX");
    int file = mkstemp(scratch_path);
    if (file < 0 || write(file, "abcdef", 6) != 6) return -1;
    return close(file);
}

static inline int scratch_remove(void **state) {
    (void)state;
    return unlink(scratch_path);
}

#endif
