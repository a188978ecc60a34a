/* The flusher, over a real store; and a purchase that waits for it. */
#include "unit/failure_is.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/budget.h"
#include "pipeline/store/flusher.h"

static char folder[] = "/tmp/dragoman-flusher-XXXXXX";
static char path[64], log_path[80];
static struct store *store;

static int open_all(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/state.db", folder);
    snprintf(log_path, sizeof log_path, "%s-wal", path);
    return store_open(path, true, &store, NULL) ? 0 : -1;
}

static int close_all(void **state) {
    (void)state;
    store_close(store);
    return 0;
}

static enum flush_state wait_for(struct flusher *flusher, uint64_t ticket, struct failure *failure) {
    struct pollfd fd = {.fd = flusher_fd(flusher), .events = POLLIN};
    enum flush_state state;
    while ((state = flusher_state(flusher, ticket, failure)) == FLUSH_PENDING) assert_int_equal(poll(&fd, 1, 20000), 1);
    return state;
}

static void every_ticket_is_served(void **state) {
    (void)state;
    struct flusher *flusher = flusher_new(store);
    uint64_t first = flusher_ask(flusher), second = flusher_ask(flusher), third = flusher_ask(flusher);
    assert_true(first > 0 && first < second && second < third);
    assert_int_equal(wait_for(flusher, third, NULL), FLUSH_DONE);
    assert_int_equal(flusher_state(flusher, first, NULL), FLUSH_DONE);
    assert_int_equal(flusher_state(flusher, second, NULL), FLUSH_DONE);
    uint64_t fourth = flusher_ask(flusher);
    assert_int_equal(wait_for(flusher, fourth, NULL), FLUSH_DONE);
    flusher_ask(flusher);
    flusher_free(flusher); /* while a flush may be in progress */
}

static const struct budget_caps no_caps;

static struct budget *open_budget(struct flusher *flusher) {
    struct budget *budget = budget_new(store, "2026-01-29");
    budget_add(budget, BUDGET_ALL, SPAN(""), &no_caps, false);
    budget_add(budget, BUDGET_SERVICE, SPAN("free"), &no_caps, true);
    assert_true(budget_load(budget, true, NULL));
    budget_flush_with(budget, flusher);
    return budget;
}

static struct bill_line line_of(const char *service) {
    return (struct bill_line){.day = SPAN("2026-01-29"), .service = span_of(service), .requests = 1, .characters = 9};
}

/* A purchase of one request to a service, over the store. */
struct shop {
    struct flusher *flusher;
    struct budget *budget;
    struct exchange exchange;
    struct purchase purchase;
    struct bill_line line;
};

static void open_shop(struct shop *shop, const char *service) {
    *shop = (struct shop){.flusher = flusher_new(store), .line = line_of(service)};
    shop->budget = open_budget(shop->flusher);
    assert_int_equal(purchase_begin(&shop->purchase, shop->budget, &shop->line, &shop->exchange, NULL),
                     PURCHASE_GRANTED);
}

static enum exchange_start ask(struct shop *shop, struct failure *ret_failure) {
    return shop->exchange.starts(shop->exchange.asker, ret_failure);
}

static void close_shop(struct shop *shop, const struct bill_line *billed) {
    purchase_end(&shop->purchase, &shop->exchange, billed);
    budget_free(shop->budget);
    flusher_free(shop->flusher);
}

static void a_request_waits_until_its_reservation_is_on_disk(void **state) {
    (void)state;
    struct shop shop;
    open_shop(&shop, "paid");
    struct pollfd fd = {.fd = flusher_fd(shop.flusher), .events = POLLIN};
    assert_int_equal(ask(&shop, NULL), EXCHANGE_START_LATER);
    assert_int_equal(store_reserved(store).characters, 9);
    assert_int_equal(poll(&fd, 1, 20000), 1);
    assert_int_equal(ask(&shop, NULL), EXCHANGE_START);
    assert_int_equal(store_reserved(store).characters, 9); /* asking again reserves nothing */
    close_shop(&shop, &shop.line);
}

static void what_costs_nothing_does_not_wait(void **state) {
    (void)state;
    struct shop shop;
    open_shop(&shop, "free");
    assert_int_equal(ask(&shop, NULL), EXCHANGE_START);
    close_shop(&shop, &shop.line);
}

/* The log cannot be opened: it is a link that leads to itself. */
static void after_a_failed_flush_nothing_is_sent(void **state) {
    (void)state;
    struct shop shop;
    struct failure failure = {0};
    open_shop(&shop, "paid");
    assert_int_equal(unlink(log_path), 0);
    assert_int_equal(symlink(log_path, log_path), 0);
    assert_int_equal(ask(&shop, NULL), EXCHANGE_START_LATER);
    assert_int_equal(wait_for(shop.flusher, shop.purchase.flush, NULL), FLUSH_FAILED);
    assert_int_equal(ask(&shop, &failure), EXCHANGE_START_NEVER);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "state.db-wal");
    assert_int_equal(unlink(log_path), 0);
    failure = (struct failure){0};
    assert_int_equal(ask(&shop, &failure), EXCHANGE_START_NEVER); /* nobody knows what is on disk */
    close_shop(&shop, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ticket_is_served), cmocka_unit_test(a_request_waits_until_its_reservation_is_on_disk),
        cmocka_unit_test(what_costs_nothing_does_not_wait), cmocka_unit_test(after_a_failed_flush_nothing_is_sent)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
