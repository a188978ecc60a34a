/* Includes cmocka and the headers that it requires before it. */
#ifndef TESTS_UNIT_CMOCKA_TEST_H
#define TESTS_UNIT_CMOCKA_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pipeline/base/text.h"

#define assert_span(given, string)                                                                                     \
    do {                                                                                                               \
        struct span given_ = (given);                                                                                  \
        assert_int_equal(given_.length, strlen(string));                                                               \
        assert_memory_equal(given_.at, string, given_.length);                                                         \
    } while (0)

#endif
