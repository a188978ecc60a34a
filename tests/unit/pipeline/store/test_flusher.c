/* The flusher, over a real store; and a purchase that waits for it. */
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/store/budget.h"
#include "pipeline/store/flusher.h"
#include "unit/any_store.h"

static struct store *store;

static int open_all(void **state) {
    return make_folder(state) == 0 && store_open(path, true, &store, NULL) ? 0 : -1;
}

static int close_all(void **state) {
    store_close(store);
    return remove_folder(state);
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
    if (any_store_server()) skip(); /* is about a file */
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

/* A pipe in the place of the log holds up the flush until somebody writes to it, and cannot be flushed itself. */
static void one_who_looks_in_every_turn_asks_once(void **state) {
    if (any_store_server()) skip(); /* is about a file */
    (void)state;
    struct failure failure = {0};
    struct flusher *flusher = flusher_new(store);
    uint64_t ticket = 0;
    unlink(log_path);
    assert_int_equal(mkfifo(log_path, 0600), 0);
    for (int turn = 0; turn < 3; turn++) assert_true(flusher_ask_once(flusher, &ticket, &failure));
    assert_int_equal(ticket, 1);
    assert_int_equal(flusher_ask(flusher), 2);
    int writer = open(log_path, O_WRONLY | O_CLOEXEC);
    assert_true(writer >= 0);
    assert_int_equal(wait_for(flusher, ticket, NULL), FLUSH_FAILED);
    close(writer);
    assert_int_equal(unlink(log_path), 0);
    assert_false(flusher_ask_once(flusher, &ticket, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "state.db-wal");
    flusher_free(flusher);
    flusher = flusher_new(store);
    ticket = 0;
    for (uint64_t turn = 1; turn <= 3; turn++) { /* each refusal of its own */
        assert_true(flusher_ask_once(flusher, &ticket, NULL));
        assert_int_equal(ticket, turn);
        assert_int_equal(wait_for(flusher, ticket, NULL), FLUSH_DONE);
    }
    flusher_free(flusher);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ticket_is_served), cmocka_unit_test(a_request_waits_until_its_reservation_is_on_disk),
        cmocka_unit_test(what_costs_nothing_does_not_wait), cmocka_unit_test(after_a_failed_flush_nothing_is_sent),
        cmocka_unit_test(one_who_looks_in_every_turn_asks_once)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
