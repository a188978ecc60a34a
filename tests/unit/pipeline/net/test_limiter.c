#include "unit/cmocka_test.h"

#include "pipeline/net/limiter.h"

static const struct rate_limits limits = {.concurrency = 8, .attempts = 4, .max_wait_ms = 60000, .adaptive = true};

static enum limiter_advice end(struct limiter *limiter, enum exchange_verdict verdict, unsigned attempt,
                               long retry_after, int64_t now, int64_t *when) {
    struct exchange exchange = {.attempt = attempt, .retry_after_ms = retry_after};
    limiter_started(limiter, now, attempt == 1);
    return limiter_ended(limiter, verdict, &exchange, now, 0.5, when);
}

static void concurrency_is_limited(void **state) {
    (void)state;
    struct limiter limiter;
    struct rate_limits two = {.concurrency = 2};
    int64_t when;
    limiter_start(&limiter, &two);
    limiter_started(&limiter, 0, true);
    assert_true(limiter_admits(&limiter, 0, &when));
    limiter_started(&limiter, 0, true);
    assert_false(limiter_admits(&limiter, 0, &when));
    assert_true(when == INT64_MAX);
}

/* A refusal by a service is a failure, a page that is gone is not; neither opens the circuit breaker. */
static void a_refusal_counts_as_failed_but_does_not_open_the_breaker(void **state) {
    (void)state;
    for (int trusted = 0; trusted < 2; trusted++) {
        struct limiter limiter;
        int64_t when;
        limiter_start(&limiter, &limits);
        for (unsigned i = 0; i < 30; i++) {
            struct exchange exchange = {.attempt = 1, .trusted_host = trusted};
            failure_set(&exchange.failure, REACH_ARTICLE, REMEDY_NONE, "refused");
            limiter_started(&limiter, i, true);
            assert_int_equal(limiter_ended(&limiter, EXCHANGE_FINAL, &exchange, i, 0.5, &when), LIMITER_DELIVER);
        }
        assert_int_equal(limiter.failed, trusted ? 30 : 0);
        assert_int_equal(limiter.refused, trusted ? 30 : 0);
        assert_int_equal(limiter.good, trusted ? 0 : 30);
        assert_string_equal(limiter.last.sentence, "refused");
        assert_false(limiter.closed);
        assert_int_equal(limiter.openings, 0);
    }
}

/* A bad text, too many texts and an unsupported parameter are for the caller to correct; an unsupported language is a
 * limit of the service. */
static void errors_that_the_caller_corrects_are_not_failures(void **state) {
    (void)state;
    static const enum exchange_refusal mended[] = {REFUSAL_TEXT, REFUSAL_SIZE, REFUSAL_PARAMETER};
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    for (size_t i = 0; i < sizeof mended / sizeof *mended; i++) {
        struct exchange exchange = {.attempt = 1, .trusted_host = true, .refusal = mended[i]};
        failure_set(&exchange.failure, REACH_ARTICLE, REMEDY_NONE, "not like this");
        limiter_started(&limiter, 0, true);
        limiter_ended(&limiter, EXCHANGE_FINAL, &exchange, 0, 0.5, &when);
        assert_int_equal(limiter.failed + limiter.refused + limiter.good, 0);
        failure_set(&exchange.complaint, REACH_SERVICE, REMEDY_NEXT_RUN, "nothing helps");
        struct limiter complained = limiter;
        limiter_complained(&complained, &exchange);
        assert_true(complained.closed);
        assert_int_equal(complained.failed, 1);
        assert_string_equal(limiter_why(&complained), "nothing helps");
    }
    struct exchange exchange = {.attempt = 1, .trusted_host = true, .refusal = REFUSAL_LANGUAGE};
    limiter_started(&limiter, 0, true);
    limiter_ended(&limiter, EXCHANGE_FINAL, &exchange, 0, 0.5, &when);
    assert_int_equal(limiter.failed, 1);
    assert_int_equal(limiter.requests, 4);
}

/* A reply that turns out to be useless counts as failed, with the reason. */
static void a_complaint_turns_a_good_reply_into_a_failed_one(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    for (int i = 0; i < 2; i++) {
        end(&limiter, EXCHANGE_GOOD, 1, -1, 0, &when);
        struct exchange exchange = {.attempt = 1};
        failure_set(&exchange.complaint, REACH_SERVICE, REMEDY_NEXT_RUN, i ? "still empty" : "the answer was empty");
        limiter_complained(&limiter, &exchange);
    }
    assert_int_equal(limiter.good, 0);
    assert_int_equal(limiter.failed, 2);
    assert_string_equal(limiter_why(&limiter), "the answer was empty");
}

static void a_reason_is_never_empty(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    end(&limiter, EXCHANGE_TRANSIENT, 1, -1, 0, &when);
    assert_true(limiter_why(&limiter)[0] != '\0');
    failure_set(&limiter.last, REACH_SERVICE, REMEDY_NEXT_RUN, "it answered 503");
    assert_string_equal(limiter_why(&limiter), "it answered 503");
}

static void three_and_a_tenth_are_unsteady(void **state) {
    (void)state;
    static const struct {
        unsigned good, failed;
        bool unsteady;
    } rows[] = {{0, 0, false}, {40, 0, false}, {2, 2, false}, {7, 3, true},
                {27, 3, true}, {28, 3, false}, {70, 30, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct limiter limiter = {.requests = rows[i].good + rows[i].failed, .failed = rows[i].failed};
        assert_int_equal(limiter_is_unsteady(&limiter), rows[i].unsteady);
    }
}

static void the_gap_is_observed(void **state) {
    (void)state;
    struct limiter limiter;
    struct rate_limits slow = {.concurrency = 4, .gap_ms = 1000};
    int64_t when;
    limiter_start(&limiter, &slow);
    limiter_started(&limiter, 5000, true);
    assert_false(limiter_admits(&limiter, 5999, &when));
    assert_int_equal(when, 6000);
    assert_true(limiter_admits(&limiter, 6000, &when));
}

static void unsent_requests_do_not_count(void **state) {
    (void)state;
    struct limiter limiter;
    struct rate_limits slow = {.concurrency = 2, .gap_ms = 1000};
    int64_t when;
    limiter_start(&limiter, &slow);
    limiter_started(&limiter, 5000, true);
    limiter_started(&limiter, 6000, true);
    limiter_take_back(&limiter, 6000);
    assert_int_equal(limiter.in_flight, 1);
    assert_int_equal(limiter.requests, 1);
    assert_true(limiter_admits(&limiter, 6001, &when));
    limiter_started(&limiter, 7000, true);
    limiter_take_back(&limiter, 5000); /* another request has started in the meantime */
    assert_false(limiter_admits(&limiter, 7500, &when));
}

static void throttling_waits_as_requested_and_lowers_the_limit(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    limiter.allowed = 8;
    assert_int_equal(end(&limiter, EXCHANGE_THROTTLED, 1, 2000, 0, &when), LIMITER_RETRY);
    assert_true(when >= 2000);
    assert_true(limiter.allowed < 8);
    assert_false(limiter_admits(&limiter, 1999, &when));
}

static void a_very_long_wait_is_not_waited_for(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    assert_int_equal(end(&limiter, EXCHANGE_THROTTLED, 1, 3600000, 0, &when), LIMITER_DELIVER);
    assert_true(limiter_refuses(&limiter, 0));
    assert_true(limiter_refuses(&limiter, 3539999));
    assert_false(limiter_refuses(&limiter, 3540000));
    assert_false(limiter_admits(&limiter, 3599999, &when));
    assert_int_equal(when, 3600000);
}

static void a_server_that_names_a_time_is_not_asked_before(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    assert_int_equal(end(&limiter, EXCHANGE_TRANSIENT, 1, 2000, 0, &when), LIMITER_RETRY);
    assert_false(limiter_admits(&limiter, 1999, &when));
    assert_true(limiter_admits(&limiter, 2000, &when));
}

static void the_strictest_limits_apply(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &(struct rate_limits){.concurrency = 2, .gap_ms = 1000});
    limiter_tighten(&limiter, &(struct rate_limits){.concurrency = 4, .gap_ms = 3000});
    limiter_started(&limiter, 0, true);
    assert_false(limiter_admits(&limiter, 2999, &when));
    assert_true(limiter_admits(&limiter, 3000, &when));
    limiter_tighten(&limiter, &(struct rate_limits){.concurrency = 1, .gap_ms = 10});
    assert_false(limiter_admits(&limiter, 3000, &when));
    assert_true(when == INT64_MAX);
}

static void attempts_are_limited(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    assert_int_equal(end(&limiter, EXCHANGE_TRANSIENT, 4, -1, 0, &when), LIMITER_DELIVER);
}

static void the_retry_budget_ends_retries(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    struct rate_limits patient = {.concurrency = 8, .attempts = 100, .max_wait_ms = 1};
    limiter_start(&limiter, &patient);
    unsigned retries = 0;
    while (retries < 50 && end(&limiter, EXCHANGE_TRANSIENT, 2, -1, 0, &when) == LIMITER_RETRY) retries++;
    assert_int_equal(retries, 3);
}

static void breaker_opens_then_closes_for_the_run(void **state) {
    (void)state;
    struct limiter limiter;
    int64_t when;
    limiter_start(&limiter, &limits);
    for (int i = 0; i < 5; i++) end(&limiter, EXCHANGE_TRANSIENT, 1, -1, 0, &when);
    assert_false(limiter.closed);
    assert_false(limiter_admits(&limiter, 29999, &when));
    assert_true(limiter_admits(&limiter, 30000, &when));
    end(&limiter, EXCHANGE_TRANSIENT, 1, -1, 30000, &when);
    assert_true(limiter.closed);
}

static void read(struct limiter *limiter, bool useful, bool counted) {
    struct failure why = {0};
    int64_t when;
    if (!useful) failure_set(&why, REACH_SERVICE, REMEDY_NEXT_RUN, "nothing in it");
    end(limiter, EXCHANGE_GOOD, 1, -1, 0, &when);
    limiter_read(limiter, &why, counted);
}

static void empty_answers_count_as_failed_and_close_the_service(void **state) {
    (void)state;
    for (int proven = 0; proven < 2; proven++) {
        struct limiter limiter;
        limiter_start(&limiter, &limits);
        if (proven) read(&limiter, true, false);
        for (int i = 0; i < 1 + proven; i++) read(&limiter, false, false);
        assert_false(limiter.closed);
        read(&limiter, false, false);
        assert_true(limiter.closed);
        assert_string_equal(limiter.reason.sentence, "nothing in it");
        assert_string_equal(limiter.last.sentence, "nothing in it");
        assert_int_equal(limiter.good, proven);
        assert_int_equal(limiter.failed, 2 + proven);
    }
}

static void a_useful_answer_ends_the_row_and_none_counts_twice(void **state) {
    (void)state;
    struct limiter limiter;
    limiter_start(&limiter, &limits);
    for (int i = 0; i < 10; i++) {
        read(&limiter, false, false);
        read(&limiter, true, false);
    }
    assert_false(limiter.closed);
    assert_int_equal(limiter.failed, 10);
    read(&limiter, false, true);
    assert_int_equal(limiter.failed, 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(concurrency_is_limited),
                                       cmocka_unit_test(the_gap_is_observed),
                                       cmocka_unit_test(unsent_requests_do_not_count),
                                       cmocka_unit_test(a_refusal_counts_as_failed_but_does_not_open_the_breaker),
                                       cmocka_unit_test(errors_that_the_caller_corrects_are_not_failures),
                                       cmocka_unit_test(a_complaint_turns_a_good_reply_into_a_failed_one),
                                       cmocka_unit_test(a_reason_is_never_empty),
                                       cmocka_unit_test(three_and_a_tenth_are_unsteady),
                                       cmocka_unit_test(throttling_waits_as_requested_and_lowers_the_limit),
                                       cmocka_unit_test(a_very_long_wait_is_not_waited_for),
                                       cmocka_unit_test(a_server_that_names_a_time_is_not_asked_before),
                                       cmocka_unit_test(the_strictest_limits_apply),
                                       cmocka_unit_test(attempts_are_limited),
                                       cmocka_unit_test(the_retry_budget_ends_retries),
                                       cmocka_unit_test(breaker_opens_then_closes_for_the_run),
                                       cmocka_unit_test(empty_answers_count_as_failed_and_close_the_service),
                                       cmocka_unit_test(a_useful_answer_ends_the_row_and_none_counts_twice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
