/* What runs over one server agree on: leases, claims, reservations. */
#define _GNU_SOURCE /* usleep */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_revisits.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_server.h"
#include "unit/pipeline/store/leases.h"

static enum article_state state_of(struct store *store, unsigned number) {
    struct article_row wanted = article(number, ARTICLE_STATE_FOUND, ""), row;
    assert_true(store_find(store, span_of(wanted.id), arena, &row));
    return row.article_state;
}

static const struct bill_line line = {.day = {"2026-01-29", 10},
                                      .service = {"one", 3},
                                      .source = {"news", 4},
                                      .requests = 1,
                                      .characters = 100,
                                      .cost = 7};

/* Reserves an attempt under a number of its own; `place`: of the only cap. */
static struct reservation_answer reserve(struct store *store, int64_t number, unsigned times, size_t place,
                                         long long cap) {
    struct reservation reservation = {.number = number, .line = &line, .times = times};
    struct reservation_answer answer;
    struct failure failure = {0};
    reservation.caps[place] = cap;
    reservation.is_capped[place] = true;
    if (!store_reserve_within(store, &reservation, &answer, &failure)) fail_msg("%s", failure.sentence);
    return answer;
}

/* ---------------------------------------------------------------- leases */

static void a_file_gets_every_lease(void **state) {
    (void)state;
    struct store *store = NULL;
    if (any_store_server()) skip();
    assert_true(store_open(NULL, true, &store, NULL));
    assert_true(store_is_alone(store));
    assert_true(store_become_alone(store));
    assert_true(store_take_lease(store, SPAN("pages")));
    assert_false(store_others_work(store));
    assert_true(store_holds(store, "00000000000000000000000000000001"));
    store_close(store);
}

static void a_lease_is_granted_to_one_run(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    assert_true(store_take_lease(one, SPAN("pages")));
    assert_true(store_take_lease(one, SPAN("pages")));
    assert_false(store_take_lease(other, SPAN("pages")));
    assert_true(store_take_lease(other, SPAN("source news")));
    store_end_lease(one, SPAN("pages"));
    assert_true(store_commit(one, NULL));
    assert_true(store_take_lease(other, SPAN("pages")));
    /* Closing gives back the rest. */
    store_close(other);
    assert_true(store_take_lease(one, SPAN("source news")));
    store_close(one);
}

static void a_lease_of_the_dead_is_granted_when_it_is_over(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    assert_true(store_take_lease(one, SPAN("pages")));
    any_server_run(long_ago);
    assert_true(store_take_lease(other, SPAN("pages")));
    store_close(one);
    store_close(other);
}

static void a_source_that_has_been_read_may_be_read_again_soon(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    store_begin_reading(one);
    assert_true(store_take_lease(one, SPAN("source news")) && store_take_lease(one, SPAN("pages")));
    any_server_run(long_ago);
    one->renewed -= STORE_LEASE_MS / 2;
    assert_true(store_commit(one, NULL));
    assert_false(store_take_lease(other, SPAN("source news")));
    store_end_reading(one);
    any_server_run(long_ago);
    one->renewed -= STORE_LEASE_MS / 2;
    assert_true(store_commit(one, NULL));
    assert_true(store_take_lease(other, SPAN("source news")));
    assert_false(store_take_lease(other, SPAN("pages")));
    store_close(one);
    store_close(other);
}

static void the_first_run_is_alone_and_others_may_join(void **state) {
    (void)state;
    struct store *third = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    assert_true(store_is_alone(one));
    assert_false(store_is_alone(other));
    assert_false(store_become_alone(one));
    assert_false(store_connect(any_server_address, NULL, STORE_LOCKED, &third, &failure));
    assert_int_equal(failure.exit_code, EXIT_BUSY);
    store_close(other);
    /* The server notices a moment later. */
    bool alone = false;
    for (int i = 0; i < 100 && !alone; i++) {
        usleep(50000);
        alone = store_become_alone(one);
    }
    assert_true(alone);
    store_close(one);
}

static void a_run_knows_whether_others_are_at_work(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    assert_false(store_others_work(other));
    store_begin_reading(one);
    assert_true(store_others_work(other));
    store_end_reading(one);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row));
    assert_true(store_commit(one, NULL));
    other->ask_again_at = 0;
    assert_true(store_others_work(other));
    put(one, 1, ARTICLE_STATE_DONE, "v");
    other->ask_again_at = 0;
    assert_false(store_others_work(other));
    store_close(one);
    store_close(other);
}

/* ---------------------------------------------------------------- articles */

static void what_is_found_twice_is_done_once(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row));
    assert_true(store_commit(one, NULL));
    /* The other one has found it as well, before it was in the store. */
    put(other, 1, ARTICLE_STATE_FOUND, "v");
    assert_false(store_claim(other, arena, &row));
    put(one, 1, ARTICLE_STATE_DONE, "v");
    put(other, 1, ARTICLE_STATE_FOUND, "v");
    assert_int_equal(state_of(one, 1), ARTICLE_STATE_DONE);
    /* A new version is a reason to begin again. */
    put(other, 1, ARTICLE_STATE_FOUND, "v2");
    assert_int_equal(state_of(one, 1), ARTICLE_STATE_FOUND);
    store_close(one);
    store_close(other);
}

static void a_run_that_was_stopped_for_too_long_loses_what_others_took(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    put(one, 2, ARTICLE_STATE_FOUND, "v");
    for (int i = 0; i < 2; i++) assert_true(store_claim(one, arena, &row));
    assert_true(store_commit(one, NULL));
    any_server_run(long_ago);
    assert_true(store_claim(other, arena, &row));
    assert_string_equal(row.id, article(1, ARTICLE_STATE_FOUND, "").id);
    assert_true(store_commit(other, NULL));
    one->renewed -= STORE_LEASE_MS;
    assert_false(store_holds(one, row.id));
    assert_true(store_holds(one, article(2, ARTICLE_STATE_FOUND, "").id));
    /* Nor does it overwrite what the other one does. */
    put(one, 1, ARTICLE_STATE_DEAD, "v");
    assert_int_equal(state_of(other, 1), ARTICLE_STATE_FOUND);
    store_close(one);
    store_close(other);
}

static void an_article_that_is_put_back_is_no_longer_claimed(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_DONE, "v");
    assert_true(store_plan_revisit(one, article(1, ARTICLE_STATE_DONE, "").id, ARTICLE_STATE_DONE, 0,
                                   SPAN("2026-01-01T00:00:00Z"), NULL));
    assert_true(store_begin_revisits(one, SPAN("2026-01-02T00:00:00Z"), NULL));
    assert_true(store_claim(one, arena, &row));
    assert_true(store_end_revisit(one, row.id, NULL));
    assert_true(store_commit(one, NULL));
    assert_false(store_others_work(other));
    store_close(one);
    store_close(other);
}

/* A run that ended now would leave its pages without what the other one is about to finish. */
static void what_is_claimed_but_not_committed_is_work_of_others(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_WAITING, "v");
    put(one, 2, ARTICLE_STATE_FOUND, "v");
    store_close(one);
    one = any_server_join(STORE_SHARED);
    struct store *other = any_server_join(STORE_SHARED);
    for (int i = 0; i < 2; i++) assert_true(store_claim(one, arena, &row));
    assert_false(store_claim(other, arena, &row));
    assert_true(store_others_work(other));
    put(one, 2, ARTICLE_STATE_DONE, "v");
    other->ask_again_at = 0;
    assert_true(store_others_work(other));
    put(one, 1, ARTICLE_STATE_WAITING, "v");
    other->ask_again_at = 0;
    assert_false(store_others_work(other));
    store_close(one);
    store_close(other);
}

static void what_others_claim_is_no_longer_in_the_backlog(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    assert_int_not_equal(store_backlog(one), 0);
    assert_true(store_claim(other, arena, &row));
    assert_true(store_commit(other, NULL));
    assert_false(store_claim(one, arena, &row));
    assert_int_equal(store_backlog(one), 0);
    store_close(one);
    store_close(other);
}

/* A run that begins while the server has lost all connections believes that it is alone. */
static void a_run_whose_leases_were_deleted_takes_them_again(void **state) {
    (void)state;
    struct bill_line sum;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    store_begin_reading(one);
    assert_true(store_commit(one, NULL));
    any_server_run("DELETE FROM lease");
    store_come_back(one);
    assert_true(store_commit(one, NULL));
    assert_true(store_others_work(other));
    reserve(one, 1, 1, 0, 1000);
    assert_true(store_recover_reserved(other, &sum, NULL));
    assert_int_equal(sum.requests, 0);
    store_close(one);
    store_close(other);
}

static void after_an_outage_the_others_may_come_back_first(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row));
    assert_true(store_commit(one, NULL));
    any_server_run(long_ago);
    store_come_back(other);
    assert_false(store_claim(other, arena, &row));
    other->back_at -= 60000;
    assert_true(store_claim(other, arena, &row));
    store_close(one);
    store_close(other);
}

static void a_run_that_begins_after_an_outage_waits_for_the_others(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    /* As if it had been renewed before the server was started, and not since. */
    any_server_run("UPDATE lease SET lease_until = pg_postmaster_start_time() + interval '119 seconds'");
    any_server_run("UPDATE lease SET lease_until = clock_timestamp() + interval '119 seconds' WHERE lease_until < "
                   "clock_timestamp()");
    struct store *other = any_server_join(STORE_SHARED);
    /* A server that has been up for longer than a lease has no such leases. */
    bool waits = other->back_at != 0;
    if (waits) {
        assert_false(store_claim(other, arena, &row));
        other->back_at -= 60000;
        assert_true(store_claim(other, arena, &row));
    }
    store_close(one);
    store_close(other);
    if (!waits) skip();
}

static void what_a_dead_run_had_finished_is_put_by_another(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row));
    assert_true(store_commit(one, NULL));
    put(other, 1, ARTICLE_STATE_DONE, "v");
    assert_int_equal(state_of(other, 1), ARTICLE_STATE_FOUND);
    any_server_run(long_ago);
    put(other, 1, ARTICLE_STATE_DONE, "v");
    assert_int_equal(state_of(other, 1), ARTICLE_STATE_DONE);
    store_close(one);
    store_close(other);
}

static void one_run_at_a_time_may_make_the_pages(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    bool taken = false;
    assert_true(store_take_pages(one));
    assert_true(store_take_pages(one));
    any_server_run(long_ago);
    assert_false(store_take_pages(other));
    store_close(one);
    for (int i = 0; i < 100 && !taken; i++) {
        usleep(50000);
        taken = store_take_pages(other);
    }
    assert_true(taken);
    store_close(other);
}

static void a_suspected_article_is_claimed_by_one_run(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    assert_true(store_suspect(one, article(1, ARTICLE_STATE_FOUND, "").id, true, NULL));
    assert_true(store_has_suspected(one));
    assert_true(store_claim_suspected(one, arena, &row));
    assert_true(store_commit(one, NULL));
    assert_false(store_claim_suspected(other, arena, &row));
    put(one, 1, ARTICLE_STATE_DONE, "v");
    assert_false(store_has_suspected(one));
    store_close(one);
    store_close(other);
}

/* ---------------------------------------------------------------- reservations */

/* Each of the twelve places: of everything, the service and the source; of the day and the month; characters, cost. */
static void each_cap_counts_what_all_runs_have_reserved_and_spent(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    for (size_t place = 0; place < RESERVATION_CAPS; place++) {
        long long each = place % 2 ? line.cost : (long long)line.characters,
                  before = (long long)place * each; /* one is billed for each place before */
        int64_t number = store_next_reservation(one);
        assert_int_equal(reserve(one, number, 1, place, before + 2 * each).verdict, RESERVATION_GRANTED);
        assert_int_equal(reserve(other, 1, 1, place, before + 2 * each).verdict, RESERVATION_GRANTED);
        struct reservation_answer answer = reserve(one, number, 2, place, before + 2 * each);
        assert_int_equal(answer.verdict, RESERVATION_LATER);
        assert_int_equal(answer.cap, place);
        assert_int_equal(answer.spent, before);
        assert_int_equal(answer.held, 2 * each);
        assert_int_equal(reserve(one, number, 2, place, before).verdict, RESERVATION_REFUSED);
        assert_true(store_release(one, number, NULL) && store_release(other, 1, NULL));
        assert_true(store_bill(other, &line, NULL));
        assert_true(store_commit(one, NULL) && store_commit(other, NULL));
    }
    assert_int_equal(store_spent(one, SPAN("2026-01-29"), SPAN("one"), SPAN("news")).characters, 12 * line.characters);
    store_close(one);
    store_close(other);
}

static void another_month_service_or_source_does_not_count(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_SHARED);
    struct bill_line lines[] = {line, line, line};
    lines[0].day = SPAN("2026-02-01");
    lines[1].service = SPAN("two");
    lines[2].source = SPAN("papers");
    for (size_t i = 0; i < 3; i++) assert_true(store_bill(store, &lines[i], NULL));
    assert_true(store_commit(store, NULL));
    static const long long spent[RESERVATION_CAPS] = {200, 14, 200, 14, 100, 7, 100, 7, 100, 7, 100, 7};
    for (size_t place = 0; place < RESERVATION_CAPS; place++)
        assert_int_equal(reserve(store, 1, 1, place, 0).spent, spent[place]);
    store_close(store);
}

static void the_characters_of_a_free_service_count_against_its_own_caps_only(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_SHARED);
    struct reservation reservation = {.number = 1, .line = &line, .times = 1, .free_services = SPAN("none\none")};
    struct reservation_answer answer;
    for (size_t place = 0; place < RESERVATION_CAPS; place += 2) {
        bool own = place / 4 == 1;
        reservation.is_capped[place] = true;
        reservation.caps[place] = 99;
        assert_true(store_reserve_within(store, &reservation, &answer, NULL));
        assert_int_equal(answer.verdict, own ? RESERVATION_REFUSED : RESERVATION_GRANTED);
        assert_true(store_release(store, 1, NULL));
        reservation.is_capped[place] = false;
    }
    store_close(store);
}

static void what_a_dead_run_had_reserved_is_billed_and_what_a_live_one_has_is_not(void **state) {
    (void)state;
    struct bill_line sum;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    reserve(one, 1, 2, 0, 1000);
    reserve(other, 1, 1, 0, 1000);
    assert_true(store_recover_reserved(one, &sum, NULL) && store_commit(one, NULL));
    assert_int_equal(sum.requests, 0);
    any_server_run("DELETE FROM lease WHERE worker = (SELECT worker FROM reserved ORDER BY times DESC LIMIT 1)");
    assert_int_equal(store_reserved(other).requests, 3);
    assert_true(store_recover_reserved(other, &sum, NULL));
    assert_int_equal(sum.requests, 2);
    assert_int_equal(sum.characters, 200);
    assert_int_equal(store_spent(other, SPAN("2026-01-29"), SPAN(""), SPAN("")).cost, 14);
    assert_true(store_recover_reserved(other, &sum, NULL));
    assert_int_equal(sum.requests, 0);
    store_close(one);
    store_close(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVER_TEST(a_file_gets_every_lease),
        SERVER_TEST(a_lease_is_granted_to_one_run),
        SERVER_TEST(a_lease_of_the_dead_is_granted_when_it_is_over),
        SERVER_TEST(a_source_that_has_been_read_may_be_read_again_soon),
        SERVER_TEST(the_first_run_is_alone_and_others_may_join),
        SERVER_TEST(a_run_knows_whether_others_are_at_work),
        SERVER_TEST(what_is_found_twice_is_done_once),
        SERVER_TEST(a_run_that_was_stopped_for_too_long_loses_what_others_took),
        SERVER_TEST(an_article_that_is_put_back_is_no_longer_claimed),
        SERVER_TEST(what_is_claimed_but_not_committed_is_work_of_others),
        SERVER_TEST(what_others_claim_is_no_longer_in_the_backlog),
        SERVER_TEST(a_run_whose_leases_were_deleted_takes_them_again),
        SERVER_TEST(after_an_outage_the_others_may_come_back_first),
        SERVER_TEST(a_run_that_begins_after_an_outage_waits_for_the_others),
        SERVER_TEST(what_a_dead_run_had_finished_is_put_by_another),
        SERVER_TEST(one_run_at_a_time_may_make_the_pages),
        SERVER_TEST(a_suspected_article_is_claimed_by_one_run),
        SERVER_TEST(each_cap_counts_what_all_runs_have_reserved_and_spent),
        SERVER_TEST(another_month_service_or_source_does_not_count),
        SERVER_TEST(the_characters_of_a_free_service_count_against_its_own_caps_only),
        SERVER_TEST(what_a_dead_run_had_reserved_is_billed_and_what_a_live_one_has_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
