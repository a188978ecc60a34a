/* Detecting services that are useless in a run, and how many texts they accept at a time. */
#include "unit/failure_is.h"

#include "stages/translate/worth.h"

static const struct service sentences = {.name = "sentences", .unit = UNIT_SENTENCE, .limits = {.texts = 32}};
static const struct service paragraphs = {.name = "paragraphs", .unit = UNIT_PARAGRAPH, .limits = {.characters = 4000}};
static const struct configured_service one = {.service = &sentences, .name = {"one", 3}};
static const struct configured_service two = {.service = &paragraphs, .name = {"two", 3}};

static void count(struct worth *worth, const char *language, unsigned good, unsigned bad) {
    while (good--) worth_count(worth, &one, language, true);
    while (bad--) worth_count(worth, &one, language, false);
}

static void twelve_of_sixteen_close_a_service_for_a_language(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    count(worth, "bg", 4, 11);
    assert_null(worth_closed(worth, one.name, "bg"));
    count(worth, "bg", 0, 1);
    const struct failure *why = worth_closed(worth, one.name, "bg");
    assert_non_null(why);
    assert_failure(why, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE,
                   "service one gives no usable translations from 'bg'");
    assert_null(worth_closed(worth, one.name, "es"));
    assert_null(worth_closed(worth, two.name, "bg"));
    worth_free(worth);
}

static void a_service_that_is_good_for_a_third_stays_open(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    for (unsigned i = 0; i < 30; i++) count(worth, "bg", 1, 2);
    assert_null(worth_closed(worth, one.name, "bg"));
    count(worth, "bg", 0, 12); /* a service that fails later */
    assert_non_null(worth_closed(worth, one.name, "bg"));
    worth_free(worth);
}

static void closed_for_all_is_closed_for_each(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    struct failure why, other;
    failure_set(&why, REACH_SERVICE, REMEDY_NEXT_RUN, "no model");
    failure_set(&other, REACH_SERVICE, REMEDY_NEXT_RUN, "something else");
    worth_close(worth, &one, NULL, &why);
    worth_close(worth, &one, NULL, &other);
    assert_string_equal(worth_closed(worth, one.name, "bg")->sentence, "no model");
    assert_null(worth_closed(worth, two.name, "bg"));
    worth_free(worth);
}

static void three_refusals_in_a_row_count(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    assert_false(worth_proven(worth, &one));
    assert_false(worth_refused(worth, &one));
    assert_false(worth_refused(worth, &one));
    worth_count(worth, &one, "bg", true);
    assert_true(worth_proven(worth, &one));
    assert_false(worth_refused(worth, &one));
    assert_false(worth_refused(worth, &one));
    assert_true(worth_refused(worth, &one));
    worth_free(worth);
}

static void a_trial_decides(void **state) {
    (void)state;
    static const struct {
        unsigned good, bad;
        enum worth_trial then;
        bool closed;
        enum worth_news news;
    } rows[] = {{0, 0, TRIAL_DUE, false, WORTH_NO_NEWS}, {0, 1, TRIAL_NONE, true, WORTH_CLOSED},
                {1, 3, TRIAL_NONE, true, WORTH_CLOSED},  {1, 2, TRIAL_NONE, false, WORTH_OPENED},
                {1, 0, TRIAL_NONE, false, WORTH_OPENED}, {9, 7, TRIAL_NONE, false, WORTH_OPENED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct worth *worth = worth_new();
        assert_false(worth_is_known(worth, &one, "bg"));
        worth_recall(worth, &one, "bg", true, &(struct history){0});
        assert_true(worth_is_known(worth, &one, "bg"));
        assert_int_equal(worth_trial(worth, &one, "bg"), TRIAL_DUE);
        assert_int_equal(worth_trial(worth, &one, "es"), TRIAL_NONE);
        worth_begin_trial(worth, &one, "bg");
        assert_int_equal(worth_trial(worth, &one, "bg"), TRIAL_UNDER_WAY);
        count(worth, "bg", rows[i].good, rows[i].bad);
        worth_end_trial(worth, &one, "bg");
        assert_int_equal(worth_trial(worth, &one, "bg"), rows[i].then);
        assert_int_equal(worth_closed(worth, one.name, "bg") != NULL, rows[i].closed);
        assert_int_equal(worth_news(worth, &one, "bg"), rows[i].news);
        assert_int_equal(worth_news(worth, &one, "bg"), WORTH_NO_NEWS);
        worth_free(worth);
    }
}

static void a_service_not_on_trial_is_unchanged(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    worth_recall(worth, &one, "bg", false, &(struct history){0});
    assert_int_equal(worth_trial(worth, &one, "bg"), TRIAL_NONE);
    count(worth, "bg", 0, 12);
    assert_int_equal(worth_news(worth, &one, "bg"), WORTH_CLOSED);
    worth_end_trial(worth, &one, "bg");
    assert_int_equal(worth_news(worth, &one, "bg"), WORTH_NO_NEWS);
    assert_non_null(worth_closed(worth, one.name, "bg"));
    worth_free(worth);
}

static void assert_history(struct worth *worth, bool changed, bool proven, unsigned worthless) {
    struct history history;
    assert_int_equal(worth_history(worth, &one, "bg", &history), changed);
    assert_int_equal(history.proven, proven);
    assert_int_equal(history.worthless, worthless);
    assert_int_equal(worth_translates(worth, &one, "bg"), proven);
}

static void worthless_answers_add_up_over_runs(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    worth_recall(worth, &one, "bg", false, &(struct history){false, 9});
    assert_history(worth, false, false, 9);
    count(worth, "bg", 0, 2);
    assert_null(worth_closed(worth, one.name, "bg"));
    assert_history(worth, true, false, 11);
    count(worth, "bg", 0, 1);
    assert_non_null(worth_closed(worth, one.name, "bg"));
    assert_history(worth, true, false, 0); /* after closing, counting starts again */
    worth_free(worth);
}

static void a_good_answer_rehabilitates_a_service_and_ends_the_row(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    worth_recall(worth, &one, "bg", false, &(struct history){false, 9});
    count(worth, "bg", 1, 0);
    assert_history(worth, true, true, 0);
    count(worth, "es", 0, 5);
    assert_history(worth, false, true, 0);
    count(worth, "bg", 0, 5);
    assert_history(worth, true, true, 5);
    count(worth, "bg", 0, 20);
    assert_history(worth, true, false, 13); /* it was closed after 7 of them */
    worth_free(worth);
}

struct lesson {
    const struct configured_service *service;
    struct sent sent;
    const char *sentence;
    struct service_limits wanted; /* texts, characters, bytes, text_characters */
};

static void limits_are_read_or_halved(void **state) {
    (void)state;
    static const struct lesson lessons[] = {
        {&one, {7, 500, 90}, "request (7) exceeds text limit (4)", {4, 0, 0, 0}},
        {&one, {7, 500, 90}, "at most 4 texts, not 7", {4, 0, 0, 0}},
        {&one, {7, 500, 90}, "500 characters are more than 300", {32, 300, 0, 0}},
        {&one, {7, 500, 90}, "request (90) exceeds text limit (80)", {32, 0, 0, 80}},
        {&two, {7, 500, 90}, "a text of 90, at most 80", {3, 250, 0, 0}},
        {&one, {7, 500, 90}, "too large", {3, 250, 0, 0}},
        {&one, {40, 500, 90}, "context of 4096 tokens", {20, 250, 0, 0}},
        {&two, {7, 9000, 90}, "too large", {3, 4000, 0, 0}}};
    size_t ran = 0;
    for (size_t i = 0; i < sizeof lessons / sizeof *lessons; i++, ran++) {
        struct worth *worth = worth_new();
        assert_true(worth_learn_limits(worth, lessons[i].service, &lessons[i].sent, span_of(lessons[i].sentence)));
        struct service_limits limits = worth_limits(worth, lessons[i].service);
        assert_int_equal(limits.texts, lessons[i].wanted.texts);
        assert_int_equal(limits.characters, lessons[i].wanted.characters);
        assert_int_equal(limits.text_characters, lessons[i].wanted.text_characters);
        worth_free(worth);
    }
    assert_true(ran > 0);
}

static void one_text_proves_nothing(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    const struct sent sent = {1, 500, 500};
    assert_false(worth_learn_limits(worth, &one, &sent, SPAN("500 is more than 300")));
    worth_free(worth);
}

static void truncated_answers_count_until_a_good_one(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    assert_int_equal(worth_cut(worth, &one), 1);
    assert_int_equal(worth_cut(worth, &one), 2);
    assert_int_equal(worth_cut(worth, &two), 1);
    count(worth, "bg", 0, 1);
    assert_int_equal(worth_cut(worth, &one), 3);
    count(worth, "bg", 1, 0);
    assert_int_equal(worth_cut(worth, &one), 1);
    worth_free(worth);
}

static void miscounting_applies_to_the_last_request(void **state) {
    (void)state;
    struct worth *worth = worth_new();
    assert_false(worth_miscounts(worth, &one));
    worth_set_miscounts(worth, &one, true);
    worth_limit_texts(worth, &one, 3);
    assert_true(worth_miscounts(worth, &one));
    assert_false(worth_miscounts(worth, &two));
    assert_int_equal(worth_limits(worth, &one).texts, 3);
    worth_set_miscounts(worth, &one, false);
    assert_false(worth_miscounts(worth, &one));
    worth_free(worth);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(twelve_of_sixteen_close_a_service_for_a_language),
                                       cmocka_unit_test(a_service_that_is_good_for_a_third_stays_open),
                                       cmocka_unit_test(closed_for_all_is_closed_for_each),
                                       cmocka_unit_test(three_refusals_in_a_row_count),
                                       cmocka_unit_test(a_trial_decides),
                                       cmocka_unit_test(a_service_not_on_trial_is_unchanged),
                                       cmocka_unit_test(worthless_answers_add_up_over_runs),
                                       cmocka_unit_test(a_good_answer_rehabilitates_a_service_and_ends_the_row),
                                       cmocka_unit_test(limits_are_read_or_halved),
                                       cmocka_unit_test(one_text_proves_nothing),
                                       cmocka_unit_test(truncated_answers_count_until_a_good_one),
                                       cmocka_unit_test(miscounting_applies_to_the_last_request)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
