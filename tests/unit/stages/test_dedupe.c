/* Copies of earlier articles: dropped if all is the same, linked if much is, and left alone otherwise. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/store.h"

extern const struct stage stage_dedupe;

struct desk {
    struct config *config;
    struct store *store;
    void *state;
    struct failure failure;
};

static struct section_table tables[2];

static void open_stage(struct desk *desk, const char *setting, const char *day) {
    tables[0] = (struct section_table){.name = "dedupe", .settings = stage_dedupe.settings, .help = ""};
    desk->config = config_new(tables);
    if (setting) config_set(desk->config, setting);
    config_finish(desk->config);
    assert_int_equal(config_problem_count(desk->config), 0);
    struct stage_context context = {
        .settings = config_values(desk->config, stage_dedupe.settings.entries), .store = desk->store, .day = day};
    assert_true(stage_dedupe.open(&context, &desk->state, &desk->failure));
}

static void close_stage(struct desk *desk) {
    stage_dedupe.close(desk->state);
    config_free(desk->config);
}

static int begin(void **state) {
    static struct desk desk;
    desk = (struct desk){0};
    *state = &desk;
    if (!store_open(NULL, false, &desk.store, NULL)) return -1;
    open_stage(&desk, NULL, "2026-01-29");
    return 0;
}

static int end(void **state) {
    struct desk *desk = *state;
    close_stage(desk);
    store_close(desk->store);
    return 0;
}

/* Adds the sentences from number `first` on, all of them different, 60 letters each. */
static void add_sentences(struct article *article, unsigned first, unsigned count) {
    struct buffer text = BUFFER(1 << 20);
    for (unsigned i = first; i < first + count; i++) {
        unsigned seed = i * 2654435761u + 1;
        for (int letter = 0; letter < 60; letter++, seed = seed * 1103515245u + 12345u) {
            char c = (char)('a' + (seed >> 16) % 26);
            buffer_add(&text, &c, 1);
            if (letter % 6 == 5) buffer_add_string(&text, letter == 59 ? ". " : " ");
        }
    }
    article_add_block(article, BLOCK_PARAGRAPH, arena_copy(article->arena, buffer_span(&text)));
    buffer_free(&text);
}

/* Makes an article of these sentences, whose id is this letter 32 times. */
static struct article *article_of(char id, const char *title, unsigned first, unsigned count) {
    struct article *article = article_new();
    memset(article->id, id, 32);
    article->id[32] = '\0';
    article->title.source = span_of(title);
    add_sentences(article, first, count);
    return article;
}

static enum outcome run(struct desk *desk, struct article *article) {
    struct exchange exchange = {0};
    if (stage_dedupe.work(desk->state, article, &desk->failure) != STAGE_CONTINUE) fail_msg("work");
    return stage_dedupe.ask(desk->state, article, &exchange, &desk->failure);
}

/* Runs an article and asserts to which one it is linked (its letter, or 0), and for what share of its text. */
static void check_run(struct desk *desk, struct article *article, char lead, double least, double most) {
    assert_int_equal(run(desk, article), STAGE_CONTINUE);
    assert_null(article->stage_work);
    assert_int_equal(article->duplicate_of.length, lead ? 32 : 0);
    if (lead) assert_int_equal(article->duplicate_of.at[0], lead);
    if (article->containment < least || article->containment > most) fail_msg("%f", article->containment);
    article_free(article);
}

static void remember(struct desk *desk, char id, unsigned first, unsigned count) {
    check_run(desk, article_of(id, "Title", first, count), 0, 0, 0);
}

static void put_state(struct desk *desk, char id, enum article_state article_state) {
    struct article_row row = {.article_state = article_state, .source = SPAN("s"), .day = SPAN("2026-01-29")};
    memset(row.id, id, 32);
    assert_true(store_put(desk->store, &row, &desk->failure));
}

/* ---------------------------------------------------------------- the same */

static void the_same_headline_and_text_is_dropped(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 30);
    struct article *article = article_of('b', "Title", 0, 30);
    assert_int_equal(run(desk, article), STAGE_DROP);
    assert_int_equal(article->status, ARTICLE_DUPLICATE);
    assert_span(article->duplicate_of, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_true(article->containment == 1);
    assert_failure(&article->failure, REACH_NONE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "same headline and text as article aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    article_free(article);
}

static void captions_marks_and_case_make_no_difference(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 30);
    struct article *article = article_of('b', "TITLE!", 0, 30);
    article_add_block(article, BLOCK_CAPTION, SPAN("A boat."));
    assert_int_equal(run(desk, article), STAGE_DROP);
    article_free(article);
}

static void another_headline_makes_it_a_copy(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 30);
    check_run(desk, article_of('b', "Another title", 0, 30), 'a', 1, 1);
}

static void an_article_is_no_copy_of_itself(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 30);
    remember(desk, 'a', 0, 30);
    check_run(desk, article_of('a', "New title", 0, 30), 0, 0, 0);
}

static void failed_articles_have_no_copies(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 30);
    put_state(desk, 'a', ARTICLE_STATE_DEAD);
    check_run(desk, article_of('b', "Title", 0, 30), 0, 0, 0);
    put_state(desk, 'a', ARTICLE_STATE_DONE);
    put_state(desk, 'b', ARTICLE_STATE_DEAD);
    check_run(desk, article_of('c', "Other title", 0, 30), 'a', 1, 1);
}

/* ---------------------------------------------------------------- much the same */

static void what_shares_much_is_linked(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 40);
    check_run(desk, article_of('b', "Extended", 0, 60), 'a', 0.6, 0.75);
    check_run(desk, article_of('c', "Excerpt", 10, 10), 'a', 0.9, 1);
    check_run(desk, article_of('d', "Half", 20, 40), 'a', 0.46, 0.6);
    check_run(desk, article_of('e', "A third", 27, 40), 0, 0, 0);
    check_run(desk, article_of('f', "Nothing", 200, 40), 0, 0, 0);
}

/* The lead is the article from which most is taken. */
static void the_closest_lead_is_named(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 40);
    remember(desk, 'b', 100, 40);
    struct article *article = article_of('c', "Both", 100, 40);
    add_sentences(article, 20, 20);
    check_run(desk, article, 'b', 0.6, 0.72);
}

/* Otherwise links could form a chain. A long article of which a short one is a part is new, though. */
static void copies_do_not_become_leads(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 40);
    check_run(desk, article_of('b', "Copy", 0, 60), 'a', 0.6, 0.75);
    check_run(desk, article_of('c', "Of the rest", 40, 20), 0, 0, 0);
    check_run(desk, article_of('d', "Long", 0, 200), 'a', 0.15, 0.25);
    check_run(desk, article_of('e', "Of the long one", 100, 40), 'd', 0.9, 1);
}

static void the_share_is_a_setting(void **state) {
    struct desk *desk = *state;
    remember(desk, 'a', 0, 40);
    close_stage(desk);
    open_stage(desk, "dedupe.containment=30", "2026-01-29");
    check_run(desk, article_of('b', "A third", 26, 40), 'a', 0.3, 0.4);
    close_stage(desk);
    open_stage(desk, "dedupe.containment=60", "2026-01-29");
    check_run(desk, article_of('c', "Half", 20, 40), 0, 0, 0);
}

/* ---------------------------------------------------------------- what is not compared */

static void short_texts_are_not_compared(void **state) {
    struct desk *desk = *state;
    for (char id = 'a'; id < 'd'; id++) remember(desk, id, 0, 2);
}

static void nothing_is_compared_if_the_user_says_so(void **state) {
    struct desk *desk = *state;
    close_stage(desk);
    open_stage(desk, "dedupe.days=0", "2026-01-29");
    for (char id = 'a'; id < 'd'; id++) remember(desk, id, 0, 30);
}

/* Returns whether the store still has fingerprints of these sentences, whatever their day. */
static bool has_fingerprints(struct desk *desk, unsigned first) {
    struct article *article = article_of('z', "Title", first, 30);
    struct fingerprint_match match;
    assert_int_equal(stage_dedupe.work(desk->state, article, &desk->failure), STAGE_CONTINUE);
    bool found = store_match_fingerprints(desk->store, "2000-01-01", article->fingerprints, article->fingerprint_count,
                                          &match, 1) > 0;
    article_free(article);
    return found;
}

static void old_articles_are_forgotten(void **state) {
    struct desk *desk = *state;
    static const char *const days[] = {"2026-02-05", "2026-02-06"};
    remember(desk, 'a', 0, 30);
    for (size_t i = 0; i < 2; i++) {
        close_stage(desk);
        open_stage(desk, NULL, days[i]);
        assert_true(has_fingerprints(desk, 0));
        remember(desk, 'b', 100, 30);
        assert_int_equal(has_fingerprints(desk, 0), i == 0);
    }
}

static void days_are_counted_across_months(void **state) {
    struct desk *desk = *state;
    static const char *const days[][3] = {{"2026-02-24", "2026-03-03", "2026-03-04"},
                                          {"2025-12-27", "2026-01-03", "2026-01-04"},
                                          {"2028-02-27", "2028-03-05", "2028-03-06"}};
    for (unsigned i = 0; i < 3; i++)
        for (unsigned late = 0; late < 2; late++) {
            unsigned first = i * 1000 + late * 500;
            close_stage(desk);
            open_stage(desk, NULL, days[i][0]);
            remember(desk, 'a', first, 30);
            close_stage(desk);
            open_stage(desk, NULL, days[i][1 + late]);
            check_run(desk, article_of('b', "Another", first, 30), late ? 0 : 'a', 0, 1);
        }
}

static void without_text_there_is_nothing_to_compare(void **state) {
    struct desk *desk = *state;
    struct article *article = article_new();
    struct exchange exchange = {0};
    assert_int_equal(stage_dedupe.ask(desk->state, article, &exchange, &desk->failure), STAGE_CONTINUE);
    assert_int_equal(run(desk, article), STAGE_CONTINUE);
    article_free(article);
}

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(the_same_headline_and_text_is_dropped),
        test(captions_marks_and_case_make_no_difference),
        test(another_headline_makes_it_a_copy),
        test(an_article_is_no_copy_of_itself),
        test(failed_articles_have_no_copies),
        test(what_shares_much_is_linked),
        test(the_closest_lead_is_named),
        test(copies_do_not_become_leads),
        test(the_share_is_a_setting),
        test(short_texts_are_not_compared),
        test(nothing_is_compared_if_the_user_says_so),
        test(old_articles_are_forgotten),
        test(days_are_counted_across_months),
        test(without_text_there_is_nothing_to_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
