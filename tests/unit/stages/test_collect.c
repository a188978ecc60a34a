/* The collect stage: pages, robots.txt, the limits of requests, and the feed's text in place of a page. */
#include "unit/stages/collect/collect_bench.h"

static void test_page(void **state) {
    struct bench *bench = *state;
    assert_int_equal(answer(bench, 200, "text/html; charset=koi8-r", "<p>x</p>"), STAGE_CONTINUE);
    assert_true(span_is(bench->article->origin.raw, "<p>x</p>"));
    assert_true(span_is(bench->article->origin.content_type, "text/html; charset=koi8-r"));
    assert_false(bench->article->origin.truncated);
}

static void test_page_of_another_kind(void **state) {
    struct bench *bench = *state;
    assert_int_equal(answer(bench, 200, "video/mp4", "...."), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "video/mp4");
}

static void test_empty_page(void **state) {
    struct bench *bench = *state;
    assert_int_equal(answer(bench, 200, "text/html", ""), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "the page is empty");
}

static void test_feed_text_instead_of_page(void **state) {
    struct bench *bench = *state;
    bench->article->feed.title = SPAN("A < B");
    bench->article->feed.summary = SPAN("<p>Short.</p>");
    assert_int_equal(answer(bench, 503, "", ""), STAGE_CONTINUE);
    assert_true(bench->article->origin.truncated);
    assert_true(bench->article->origin.note.length > 0);
    assert_int_not_equal(span_find(bench->article->text, SPAN("<h1>A &lt; B</h1>\n<div><p>Short.</p></div>")),
                         SIZE_MAX);
}

/* The end of a run says nothing about the page: the article waits for it, although the feed has a text. */
static void test_a_page_that_was_never_asked_for_is_waited_for(void **state) {
    struct bench *bench = *state;
    bench->article->feed.summary = SPAN("<p>Short.</p>");
    assert_int_equal(refuse(bench, bench->article), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE, "the run ended");
    assert_int_equal(bench->article->text.length, 0);
}

static void test_no_page_and_no_feed_text(void **state) {
    struct bench *bench = *state;
    assert_int_equal(answer(bench, 503, "", ""), STAGE_FAIL);
    assert_true(failure_waits(&bench->failure));
}

static void test_full_feed_text_is_not_fetched(void **state) {
    struct bench *bench = *state;
    bench->article->origin.address = SPAN("https://a.example/1");
    bench->article->feed.content = SPAN("<p>All of it.</p>");
    bench->article->feed.content_is_full = true;
    assert_int_equal(stage_collect.work(bench->state, bench->article, &bench->failure), STAGE_CONTINUE);
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, bench->article->arena);
    assert_int_equal(stage_collect.ask(bench->state, bench->article, &exchange, &bench->failure), STAGE_CONTINUE);
    assert_false(bench->article->origin.truncated);
}

/* The first article of a host requests its robots.txt, the others wait, and then it is applied to each. */
static void test_robots(void **state) {
    struct bench *bench = *state;
    struct article *open_page = page_article("https://a.example/open"),
                   *shut_page = page_article("https://a.example/shut/1");
    struct exchange exchange;
    assert_int_equal(ask(bench, shut_page, &exchange), STAGE_ASK);
    assert_true(span_is(exchange.url, "https://a.example/robots.txt"));
    struct exchange other;
    assert_int_equal(ask(bench, open_page, &other), STAGE_PARK);
    exchange.status = 200;
    exchange.reply = BUFFER(4096);
    buffer_add_string(&exchange.reply, "User-agent: *\nDisallow: /shut\n");
    assert_int_equal(stage_collect.answer(bench->state, shut_page, &exchange, &bench->failure), STAGE_ASK_AGAIN);
    exchange_clear(&exchange);
    assert_int_equal(ask(bench, shut_page, &exchange), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "robots.txt");
    assert_int_equal(ask(bench, open_page, &exchange), STAGE_ASK);
    assert_true(span_is(exchange.url, "https://a.example/open"));
    article_free(open_page);
    article_free(shut_page);
}

static void test_an_item_with_nothing_to_read(void **state) {
    struct bench *bench = *state;
    struct exchange exchange;
    assert_int_equal(ask(bench, bench->article, &exchange), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "there is nothing to read: the item has no text and no address");
    bench->article->origin.note = SPAN("The feed names a file");
    assert_int_equal(ask(bench, bench->article, &exchange), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "there is nothing to read. The feed names a file");
}

/* Nobody knows then whether the page may be fetched, so it waits. */
static void test_robots_that_cannot_be_read(void **state) {
    struct bench *bench = *state;
    struct article *page = page_article("https://a.example/1#part");
    struct exchange exchange;
    assert_int_equal(ask(bench, page, &exchange), STAGE_ASK);
    exchange.status = 503;
    failure_set(&exchange.failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "host a.example answered 503");
    assert_int_equal(stage_collect.answer(bench->state, page, &exchange, &bench->failure), STAGE_ASK_AGAIN);
    exchange_clear(&exchange);
    assert_int_equal(ask(bench, page, &exchange), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_NETWORK, EXIT_DONE,
                   "the host's robots.txt could not be read: ");
    assert_string_equal(bench->failure.blamed, "a.example");
    article_free(page);
}

static void test_robots_that_was_never_asked_for_is_waited_for(void **state) {
    struct bench *bench = *state;
    struct article *page = page_article("https://a.example/1");
    struct exchange exchange;
    page->feed.summary = SPAN("<p>Short.</p>");
    assert_int_equal(ask(bench, page, &exchange), STAGE_ASK);
    assert_int_equal(refuse(bench, page), STAGE_ASK_AGAIN);
    assert_int_equal(ask(bench, page, &exchange), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE, "the run ended");
    article_free(page);
}

static void test_if_the_requester_leaves_another_article_asks(void **state) {
    struct bench *bench = *state;
    struct article *first = page_article("https://a.example/1"), *second = page_article("https://a.example/2");
    struct exchange exchange;
    assert_int_equal(ask(bench, first, &exchange), STAGE_ASK);
    stage_collect.leave(bench->state, first);
    assert_int_equal(ask(bench, second, &exchange), STAGE_ASK);
    article_free(first);
    article_free(second);
}

/* ---------------------------------------------------------------- requests */

static void a_request_has_the_limits_of_the_settings(void **state) {
    struct exchange exchange;
    end(state);
    begin_without_robots(state);
    struct bench *bench = *state;
    bench->article->origin.address = SPAN("https://a.example/1");
    assert_int_equal(ask(bench, bench->article, &exchange), STAGE_ASK);
    assert_span(exchange.url, "https://a.example/1");
    assert_span(exchange.limiter, "host a.example");
    assert_int_equal(exchange.reply_limit, 10 << 10);
    assert_int_equal(exchange.limits.attempts, 3);
    assert_int_equal(exchange.limits.max_wait_ms, 30000);
    assert_false(exchange.keep_heads);
    assert_non_null(exchange.judge);
    exchange_clear(&exchange);
}

static void each_limit_is_a_setting(void **state) {
    static const char *const settings[] = {"collect.concurrency=7", "collect.gap=300ms", "collect.timeout=9s"};
    for (size_t i = 0; i < 3; i++) {
        struct exchange exchange;
        end(state);
        begin_with(state, settings[i], NULL);
        struct bench *bench = *state;
        bench->article->origin.address = SPAN("https://a.example/1");
        assert_int_equal(ask(bench, bench->article, &exchange), STAGE_ASK); /* for robots.txt, with the same limits */
        assert_int_equal(exchange.limits.concurrency == 7, i == 0);
        assert_int_equal(exchange.limits.gap_ms == 300, i == 1);
        assert_int_equal(exchange.limits.timeout_ms == 9000, i == 2);
        exchange_clear(&exchange);
    }
}

/* ---------------------------------------------------------------- evidence */

static void the_hash_is_that_of_the_first_page(void **state) {
    struct bench *bench = *state;
    bench->article->origin.address = SPAN(STORY);
    bench->article->origin.raw_sha256 = SPAN("of an earlier run");
    assert_int_equal(receive(bench, STORY, "text/html", "abc"), STAGE_CONTINUE);
    assert_span(bench->article->origin.raw_sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(bench->article->origin.raw_bytes, 3);
    assert_null(bench->article->origin.capture);
}

static void what_the_archive_needs_is_kept(void **state) {
    struct archive *archive = archive_new(&(struct archive_options){
        .root = "/tmp", .below = "", .name = "archive", .day = "2026-01-29", .software = SPAN("Dragoman/1.0")});
    struct exchange exchange;
    end(state);
    begin_with(state, "collect.robots=no", archive);
    struct bench *bench = *state;
    bench->article->origin.address = SPAN(STORY);
    assert_int_equal(ask(bench, bench->article, &exchange), STAGE_ASK);
    assert_true(exchange.keep_heads);
    exchange_clear(&exchange);
    assert_int_equal(receive(bench, STORY "/", "text/html", "abc"), STAGE_CONTINUE);
    const struct capture *capture = bench->article->origin.capture;
    assert_span(capture->target, STORY "/");
    assert_span(capture->server, "192.0.2.1");
    assert_span(capture->request_head, "GET / HTTP/1.1");
    assert_span(capture->reply_head, "HTTP/1.1 200 OK");
    assert_int_equal(capture->time.length, 20);
    archive_free(archive);
}

/* ---------------------------------------------------------------- the feed's text */

static void what_the_feed_gives_depends_on_the_failure(void **state) {
    static const struct {
        long status;
        bool hopeless, text, full, asked_again, taken;
        const char *note;
    } rows[] = {
        {503, false, true, false, false, true, "This is the text from the feed. The page could not be read: "},
        {404, true, true, true, false, true, "This is the text from the feed. The page could not be read: "},
        {503, false, false, false, false, false, NULL},
        {404, true, false, false, false, true, "This is the headline from the feed. The page could not be read: "},
        {404, true, true, false, true, false, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        end(state);
        begin_without_robots(state);
        struct bench *bench = *state;
        struct article *article = bench->article;
        struct exchange exchange;
        article->origin.address = SPAN(STORY);
        article->feed.title = SPAN("A headline");
        if (rows[i].text) article->feed.summary = SPAN("<p>Short.</p>");
        article->feed.content_is_full = rows[i].full;
        article->asked_again = rows[i].asked_again;
        exchange_start(&exchange, EXCHANGE_HTTP, article->arena);
        failure_set(&exchange.failure, REACH_ARTICLE, rows[i].hopeless ? REMEDY_NONE : REMEDY_NEXT_RUN,
                    "host a.example answered %ld", rows[i].status);
        enum outcome outcome = stage_collect.answer(bench->state, article, &exchange, &bench->failure);
        assert_int_equal(outcome, rows[i].taken ? STAGE_CONTINUE : STAGE_FAIL);
        assert_int_equal(article->origin.is_feed_text, rows[i].taken);
        if (!rows[i].taken) assert_non_null(strstr(bench->failure.sentence, "host a.example answered"));
        if (rows[i].taken) assert_int_equal(article->origin.truncated, !rows[i].full);
        if (rows[i].note) assert_int_equal(span_find(article->origin.note, span_of(rows[i].note)), 0);
        exchange_clear(&exchange);
    }
}

/* An item without an address is all that there is. */
static void an_item_of_the_feed_alone_is_taken(void **state) {
    static const struct {
        const char *content, *title, *note, *noted;
        bool full, truncated;
    } rows[] = {{"<p>All.</p>", "Title", "", "", true, false},
                {"<p>All.</p>", "Title", "", "", false, false},
                {"", "Title", "", "The feed gives only a headline, without text or an address.", false, true},
                {"<p>All.</p>", "Title", "Its address is not read.", "Its address is not read.", false, true},
                {"<p>All.</p>", "Title", "Its address is not read.", "Its address is not read.", true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        end(state);
        begin(state);
        struct bench *bench = *state;
        struct article *article = bench->article;
        article->feed.title = span_of(rows[i].title);
        article->feed.content = span_of(rows[i].content);
        article->feed.content_is_full = rows[i].full;
        article->origin.note = span_of(rows[i].note);
        assert_int_equal(stage_collect.work(bench->state, article, &bench->failure), STAGE_CONTINUE);
        assert_true(article->text.length > 0 && article->origin.is_feed_text);
        assert_int_equal(article->origin.truncated, rows[i].truncated);
        assert_span(article->origin.note, rows[i].noted);
        assert_int_equal(article->origin.raw_sha256.length, 64);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_page),
                                       TEST(test_page_of_another_kind),
                                       TEST(test_empty_page),
                                       TEST(test_an_item_with_nothing_to_read),
                                       TEST(test_robots_that_cannot_be_read),
                                       TEST(test_feed_text_instead_of_page),
                                       TEST(test_a_page_that_was_never_asked_for_is_waited_for),
                                       TEST(test_robots_that_was_never_asked_for_is_waited_for),
                                       TEST(test_no_page_and_no_feed_text),
                                       TEST(test_full_feed_text_is_not_fetched),
                                       TEST(test_robots),
                                       TEST(test_if_the_requester_leaves_another_article_asks),
                                       TEST(a_request_has_the_limits_of_the_settings),
                                       TEST(each_limit_is_a_setting),
                                       TEST(the_hash_is_that_of_the_first_page),
                                       TEST(what_the_archive_needs_is_kept),
                                       TEST(what_the_feed_gives_depends_on_the_failure),
                                       TEST(an_item_of_the_feed_alone_is_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
