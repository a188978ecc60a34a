/* Further pages of an article. */
#include "unit/stages/collect/collect_bench.h"

/* An article of several pages is not cut off because the run ended between them. */
static void test_a_further_page_that_was_never_asked_for_is_waited_for(void **state) {
    struct bench *bench = *state;
    struct article *page = page_article("https://a.example/story");
    const char *first = "<link rel=\"next\" href=\"https://a.example/story?page=2\"><p>Half of it.</p>";
    struct exchange exchange;
    assert_int_equal(ask(bench, page, &exchange), STAGE_ASK);
    struct article *mine = bench->article;
    bench->article = page;
    assert_int_equal(answer(bench, 404, "text/plain", ""), STAGE_ASK_AGAIN); /* no robots.txt */
    assert_int_equal(answer(bench, 200, "text/html", first), STAGE_ASK_AGAIN);
    bench->article = mine;
    assert_int_equal(refuse(bench, page), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE, "the run ended");
    article_free(page);
}

static void further_pages_are_appended(void **state) {
    struct exchange exchange;
    end(state);
    begin_without_robots(state);
    struct bench *bench = *state;
    bench->article->origin.address = SPAN(STORY);
    assert_int_equal(receive(bench, STORY, "text/html", LINK(STORY "?page=2")), STAGE_ASK_AGAIN);
    assert_span(bench->article->origin.landed, STORY);
    assert_int_equal(ask(bench, bench->article, &exchange), STAGE_ASK);
    assert_span(exchange.url, STORY "?page=2");
    exchange_clear(&exchange);
    assert_int_equal(receive(bench, STORY "?page=2", "text/html", LINK(STORY "?page=3")), STAGE_ASK_AGAIN);
    assert_int_equal(receive(bench, STORY "?page=3", "text/html", "<p>End.</p>"), STAGE_CONTINUE);
    assert_null(bench->article->stage_work);
    assert_span(bench->article->origin.last_page, STORY "?page=3");
    struct span raw = bench->article->origin.raw, mark = article_page_mark(bench->article);
    size_t first = span_find(raw, mark), second;
    assert_span(span_cut(raw, 0, first), LINK(STORY "?page=2"));
    raw = span_cut(raw, first + mark.length, raw.length);
    second = span_find(raw, mark);
    assert_span(span_cut(raw, 0, second), LINK(STORY "?page=3"));
    assert_span(span_cut(raw, second + mark.length, raw.length), "<p>End.</p>");
}

static void an_article_ends_before_what_is_no_further_page(void **state) {
    static const char *const replies[][3] = {{STORY "?page=2", "image/png", "x"},
                                             {STORY "?page=2", "text/html", ""},
                                             {"https://a.example/", "text/html", "<p>Front.</p>"},
                                             {"https://b.example/story?page=2", "text/html", "<p>Other.</p>"}};
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        end(state);
        begin_without_robots(state);
        struct bench *bench = *state;
        bench->article->origin.address = SPAN(STORY);
        assert_int_equal(receive(bench, STORY, "text/html", LINK(STORY "?page=2")), STAGE_ASK_AGAIN);
        assert_int_equal(receive(bench, replies[i][0], replies[i][1], replies[i][2]), STAGE_CONTINUE);
        assert_span(bench->article->origin.raw, LINK(STORY "?page=2"));
        assert_null(bench->article->stage_work);
        assert_int_equal(bench->article->origin.last_page.length, 0);
    }
}

static void a_further_page_that_fails_ends_the_article(void **state) {
    end(state);
    begin_without_robots(state);
    struct bench *bench = *state;
    bench->article->origin.address = SPAN(STORY);
    assert_int_equal(receive(bench, STORY, "text/html", LINK(STORY "?page=2")), STAGE_ASK_AGAIN);
    assert_int_equal(answer(bench, 503, "text/html", "<p>No.</p>"), STAGE_CONTINUE);
    assert_span(bench->article->origin.raw, LINK(STORY "?page=2"));
}

/* The limit is for all pages together. */
static void pages_are_limited(void **state) {
    struct bench *bench = *state;
    static char body[9000];
    memset(body, 'a', sizeof body - 1);
    bench->article->origin.address = SPAN(STORY);
    assert_int_equal(receive(bench, STORY, "text/html", LINK(STORY "?page=2")), STAGE_ASK_AGAIN);
    assert_int_equal(receive(bench, STORY "?page=2", "text/html", body), STAGE_CONTINUE);
    assert_true(bench->article->origin.raw.length > 9000);
    end(state);
    begin(state);
    bench = *state;
    bench->article->origin.address = SPAN(STORY);
    memcpy(body + 100, "<a rel=next href=?page=2>", 25);
    assert_int_equal(receive(bench, STORY, "text/html", body), STAGE_ASK_AGAIN);
    assert_int_equal(receive(bench, STORY "?page=2", "text/html", body), STAGE_CONTINUE);
    assert_int_equal(bench->article->origin.raw.length, 8999);
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_a_further_page_that_was_never_asked_for_is_waited_for),
                                       TEST(further_pages_are_appended),
                                       TEST(an_article_ends_before_what_is_no_further_page),
                                       TEST(a_further_page_that_fails_ends_the_article), TEST(pages_are_limited)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
