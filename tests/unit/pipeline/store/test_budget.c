#include "unit/failure_is.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/budget.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_store.h"

static const struct budget_caps no_caps;

struct fixture {
    struct store *store;
    struct budget *budget;
};

static struct budget_caps characters_a_day(long long most) {
    struct budget_caps caps = {0};
    caps.characters[BUDGET_DAY] = (struct budget_cap){"characters_per_day", most};
    return caps;
}

static void open_budget(struct fixture *fixture, const char *day, const struct budget_caps *all,
                        const struct budget_caps *service, bool recover) {
    fixture->budget = budget_new(fixture->store, day);
    budget_add(fixture->budget, BUDGET_ALL, SPAN(""), all, false);
    budget_add(fixture->budget, BUDGET_SERVICE, SPAN("paid"), service, false);
    budget_add(fixture->budget, BUDGET_SERVICE, SPAN("free"), &no_caps, true);
    assert_true(budget_load(fixture->budget, recover, NULL));
}

static int set_up(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){0};
    *state = &fixture;
    return store_open(NULL, false, &fixture.store, NULL) ? 0 : -1;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    budget_free(fixture->budget);
    store_close(fixture->store);
    return 0;
}

static struct bill_line line_of(const char *service, unsigned long characters, long long cost) {
    return (struct bill_line){.day = SPAN("2026-01-29"),
                              .service = span_of(service),
                              .source = SPAN("news"),
                              .requests = 1,
                              .characters = characters,
                              .cost = cost};
}

static enum purchase_answer begin(struct fixture *fixture, struct purchase *purchase, struct exchange *exchange,
                                  struct bill_line line, struct failure *failure) {
    *exchange = (struct exchange){0};
    return purchase_begin(purchase, fixture->budget, &line, exchange, failure);
}

static void answered(struct purchase *purchase, struct exchange *exchange, unsigned long characters, long long cost) {
    struct bill_line billed = purchase->max;
    billed.characters = characters;
    billed.cost = cost;
    *exchange = (struct exchange){.attempt = 1, .sent = true, .status = 200};
    purchase_end(purchase, exchange, &billed);
}

static void reservations_count_until_they_are_settled(void **state) {
    struct fixture *fixture = *state;
    struct purchase one, two;
    struct exchange first, second;
    struct budget_caps caps = characters_a_day(100);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &one, &first, line_of("paid", 60, 0), NULL), PURCHASE_GRANTED);
    assert_int_equal(begin(fixture, &two, &second, line_of("paid", 60, 0), NULL), PURCHASE_LATER);
    assert_false(purchase_may_fit(&two));
    answered(&one, &first, 30, 0);
    assert_true(purchase_may_fit(&two));
    assert_int_equal(begin(fixture, &two, &second, line_of("paid", 60, 0), NULL), PURCHASE_GRANTED);
    answered(&two, &second, 60, 0);
    assert_int_equal(store_spent(fixture->store, SPAN("2026-01"), SPAN("paid"), SPAN("")).characters, 90);
}

static void a_reached_cap_is_reported_once(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct failure failure = {0};
    struct budget_caps caps = {0};
    caps.cost[BUDGET_RUN] = (struct budget_cap){"cost_per_run", 500000};
    open_budget(fixture, "2026-01-29", &no_caps, &caps, true);
    for (int i = 0; i < 2; i++)
        assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 10, 500001), &failure), PURCHASE_REFUSED);
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MONEY, EXIT_DONE, "cost_per_run");
    assert_string_equal(failure.blamed, "cost_per_run of paid");
    assert_string_equal(failure.sentence, "cost_per_run = 0.5000 of [service \"paid\"] is reached: 0.0000 spent, "
                                          "and the next request may cost 0.5000");
    assert_int_equal(budget_reached_count(fixture->budget), 1);
}

static void free_characters_count_only_for_the_service(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct budget_caps caps = characters_a_day(100);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("free", 5000, 0), NULL), PURCHASE_GRANTED);
    answered(&purchase, &exchange, 5000, 0);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 100, 0), NULL), PURCHASE_GRANTED);
}

/* What is reserved is left. On a server, the run is missed when its lease is over. */
static void kill_run(struct fixture *fixture) {
    char lease[WORKER_ROOM + 8];
    snprintf(lease, sizeof lease, "worker %s", fixture->store->worker);
    budget_free(fixture->budget);
    store_end_lease(fixture->store, span_of(lease));
}

static void reservations_of_a_killed_run_count_as_spent(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct budget_caps caps = characters_a_day(100);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 60, 7), NULL), PURCHASE_GRANTED);
    assert_int_equal(exchange.starts(exchange.asker, NULL), EXCHANGE_START);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 40, 0), NULL),
                     PURCHASE_GRANTED); /* never sent */
    kill_run(fixture);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(budget_recovered(fixture->budget).characters, 60);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 60, 7), NULL), PURCHASE_REFUSED);
    budget_free(fixture->budget);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(budget_recovered(fixture->budget).requests, 0);
    assert_int_equal(store_spent(fixture->store, SPAN("2026-01-29"), SPAN(""), SPAN("")).cost, 7);
}

/* A cap that is set later also counts requests that were in transit when the run was killed. Free services need no
 * reservation. */
static void requests_without_cap_or_price_are_reserved_as_well(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    open_budget(fixture, "2026-01-29", &no_caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("free", 70, 0), NULL), PURCHASE_GRANTED);
    assert_int_equal(exchange.starts(exchange.asker, NULL), EXCHANGE_START);
    assert_int_equal(store_reserved(fixture->store).requests, 0);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 60, 0), NULL), PURCHASE_GRANTED);
    assert_int_equal(store_reserved(fixture->store).requests, 0);
    assert_int_equal(exchange.starts(exchange.asker, NULL), EXCHANGE_START);
    kill_run(fixture);
    assert_int_equal(store_reserved(fixture->store).requests, 1);
    assert_int_equal(store_reserved(fixture->store).characters, 60);
    struct budget_caps caps = characters_a_day(100);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(store_reserved(fixture->store).requests, 0);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 41, 0), NULL), PURCHASE_REFUSED);
}

static void a_new_day_and_month_start_at_zero(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct budget_caps caps = characters_a_day(100);
    caps.characters[BUDGET_MONTH] = (struct budget_cap){"characters_per_month", 150};
    struct bill_line spent = line_of("paid", 100, 0);
    assert_true(store_bill(fixture->store, &spent, NULL));
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 10, 0), NULL), PURCHASE_REFUSED);
    budget_free(fixture->budget);
    open_budget(fixture, "2026-01-30", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 60, 0), NULL), PURCHASE_REFUSED);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 50, 0), NULL), PURCHASE_GRANTED);
    budget_free(fixture->budget);
    open_budget(fixture, "2026-02-01", &caps, &no_caps, false);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 100, 0), NULL), PURCHASE_GRANTED);
}

static void an_attempt_without_an_answer_may_have_cost(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct budget_caps caps = characters_a_day(100);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 50, 0), NULL), PURCHASE_GRANTED);
    struct exchange refused = {.attempt = 1, .sent = true, .status = 503}, unsent = {.attempt = 2},
                    cut = {.attempt = 3, .sent = true};
    assert_true(exchange.may_try_again(exchange.asker, &refused));
    assert_true(exchange.may_try_again(exchange.asker, &unsent));
    assert_true(exchange.may_try_again(exchange.asker, &cut));
    assert_false(exchange.may_try_again(exchange.asker, &cut)); /* a third attempt would exceed the cap */
    purchase_end(&purchase, &cut, NULL);
    struct bill_line spent = store_spent(fixture->store, SPAN("2026-01-29"), SPAN(""), SPAN(""));
    assert_int_equal(spent.characters, 100);
    assert_int_equal(spent.requests, 2);
}

static void a_refused_request_costs_nothing(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct budget_caps caps = characters_a_day(100);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 100, 0), NULL), PURCHASE_GRANTED);
    exchange = (struct exchange){.attempt = 1, .sent = true, .status = 429};
    purchase_end(&purchase, &exchange, NULL);
    assert_int_equal(store_spent(fixture->store, SPAN("2026-01-29"), SPAN(""), SPAN("")).requests, 0);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 100, 0), NULL), PURCHASE_GRANTED);
}

static void keep_excess(void *context, struct span service, double times) {
    assert_span(service, "paid");
    *(double *)context = times;
}

static void reservations_follow_a_service_that_counts_more(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct budget_caps caps = characters_a_day(1000);
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 100, 1000), NULL), PURCHASE_GRANTED);
    answered(&purchase, &exchange, 200, 2000);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 100, 1000), NULL), PURCHASE_GRANTED);
    assert_true(purchase.max.characters >= 200 && purchase.max.cost >= 2000);
    double times = 0;
    budget_each_excess(fixture->budget, keep_excess, &times);
    assert_true(times == 2);
}

/* Reservations need a database that can be written. */
static void a_state_that_cannot_be_written_is_reported(void **state) {
    if (any_store_server()) skip(); /* is about a file */
    struct fixture *fixture = *state;
    struct failure failure = {0};
    char path[] = "/tmp/dragoman-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && close(file) == 0 && unlink(path) == 0);
    store_close(fixture->store);
    assert_true(store_open(path, false, &fixture->store, NULL));
    struct bill_line left = line_of("paid", 60, 7);
    assert_true(store_reserve(fixture->store, &left, 1, NULL) && store_commit(fixture->store, NULL));
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "DROP TABLE reserved", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    fixture->budget = budget_new(fixture->store, "2026-01-29");
    budget_add(fixture->budget, BUDGET_ALL, SPAN(""), &no_caps, false);
    assert_false(budget_load(fixture->budget, true, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "reserved");
    for (const char *const *ending = (const char *const[]){"", "-wal", "-shm", NULL}; *ending; ending++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s", path, *ending);
        unlink(name);
    }
}

static void a_request_that_uses_up_the_cap_is_granted(void **state) {
    struct fixture *fixture = *state;
    struct purchase purchase;
    struct exchange exchange;
    struct budget_caps caps = characters_a_day(100);
    struct bill_line spent = line_of("paid", 40, 0);
    assert_true(store_bill(fixture->store, &spent, NULL));
    open_budget(fixture, "2026-01-29", &caps, &no_caps, true);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 61, 0), NULL), PURCHASE_REFUSED);
    assert_int_equal(begin(fixture, &purchase, &exchange, line_of("paid", 60, 0), NULL), PURCHASE_GRANTED);
}

#define test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(reservations_count_until_they_are_settled),          test(a_reached_cap_is_reported_once),
        test(free_characters_count_only_for_the_service),         test(reservations_of_a_killed_run_count_as_spent),
        test(requests_without_cap_or_price_are_reserved_as_well), test(a_new_day_and_month_start_at_zero),
        test(an_attempt_without_an_answer_may_have_cost),         test(a_refused_request_costs_nothing),
        test(a_state_that_cannot_be_written_is_reported),         test(a_request_that_uses_up_the_cap_is_granted),
        test(reservations_follow_a_service_that_counts_more)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
