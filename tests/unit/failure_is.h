/* Asserts a failure: its reach, its remedy, its cause, the exit code, and part of its sentence. */
#ifndef TESTS_UNIT_FAILURE_IS_H
#define TESTS_UNIT_FAILURE_IS_H

#include "pipeline/base/failure.h"
#include "unit/cmocka_test.h"

/* `code` applies only to REACH_RUN; otherwise pass EXIT_DONE. */
#define assert_failure(given, wanted_reach, wanted_remedy, wanted_cause, code, part)                                   \
    do {                                                                                                               \
        const struct failure *failure_ = (given);                                                                      \
        assert_int_equal(failure_->reach, wanted_reach);                                                               \
        assert_int_equal(failure_->remedy, wanted_remedy);                                                             \
        assert_int_equal(failure_->cause, wanted_cause);                                                               \
        assert_int_equal(failure_->exit_code, code);                                                                   \
        if (!strstr(failure_->sentence, part)) fail_msg("'%s' does not say '%s'", failure_->sentence, part);           \
    } while (0)

#endif
