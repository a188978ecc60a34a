/* The feed source, stepped with recorded replies. */
#include "unit/failure_is.h"

#include "pipeline/store/store.h"
#include "stages/sources/parts/subscription.h"
#include "unit/decoder_test.h"

static const char feed_text[] =
    "<rss version='2.0'><channel><title>C</title>"
    "<item><guid>7</guid><title>One</title><link>/one</link><description>First.</description></item>"
    "<item><title>Two</title><link>https://a.example/two?utm_source=x&amp;id=2#top</link></item>"
    "</channel></rss>";

struct bench {
    struct store *store;
    struct subscription *subscription;
    struct arena *arena;
    struct exchange exchange;
    struct article *article;
    struct failure failure;
};

static const struct span tracking[] = {{"utm_*", 5}};

static void begin_with(struct bench *bench, struct store *store, size_t items) {
    *bench = (struct bench){.store = store, .arena = arena_new()};
    if (!store) assert_true(store_open(NULL, false, &bench->store, NULL));
    struct source_context context = {.name = SPAN("test"), .store = bench->store, .working_folder = "."};
    struct subscription_limits limits = {.items = items,
                                         .bytes = 1 << 20,
                                         .tracking = tracking,
                                         .tracking_count = 1,
                                         .decoder = resources_borrow(decoder_resources, &decoder_resource, NULL)};
    bench->subscription = subscription_new(&context, SPAN("https://a.example/feed"), &limits);
    exchange_start(&bench->exchange, EXCHANGE_HTTP, bench->arena);
    assert_int_equal(subscription_step(bench->subscription, NULL, &bench->exchange, &bench->article, &bench->failure),
                     SOURCE_ASK);
}

static void begin(struct bench *bench, struct store *store) {
    begin_with(bench, store, 100);
}

static void end(struct bench *bench, bool with_store) {
    subscription_free(bench->subscription);
    exchange_clear(&bench->exchange);
    arena_free(bench->arena);
    if (with_store) store_close(bench->store);
}

static enum source_step step(struct bench *bench, struct exchange *reply) {
    struct exchange next;
    exchange_start(&next, EXCHANGE_HTTP, bench->arena);
    enum source_step taken = subscription_step(bench->subscription, reply, &next, &bench->article, &bench->failure);
    if (taken != SOURCE_WORK) return taken;
    subscription_work(bench->subscription);
    return subscription_step(bench->subscription, NULL, &next, &bench->article, &bench->failure);
}

static enum source_step reply_with(struct bench *bench, long status, const char *body) {
    bench->exchange.reply = BUFFER(1 << 20);
    bench->exchange.status = status;
    buffer_add_string(&bench->exchange.reply, body);
    return step(bench, &bench->exchange);
}

static void add_reply_header(struct bench *bench, const char *name, const char *value) {
    struct exchange *exchange = &bench->exchange;
    exchange->reply_headers = arena_grow(bench->arena, exchange->reply_headers, exchange->reply_header_count,
                                         &exchange->reply_header_capacity, sizeof *exchange->reply_headers);
    exchange->reply_headers[exchange->reply_header_count++] = (struct header){span_of(name), span_of(value)};
}

static void test_items(void **state) {
    (void)state;
    struct bench bench;
    begin(&bench, NULL);
    assert_int_equal(reply_with(&bench, 200, feed_text), SOURCE_ITEM);
    assert_true(span_is(bench.article->origin.address, "https://a.example/one"));
    assert_true(span_is(bench.article->origin.identity, "https://a.example/feed 7"));
    assert_true(span_is(bench.article->feed.title, "One"));
    assert_int_equal(bench.article->origin.version.length, 32);
    article_free(bench.article);
    assert_int_equal(step(&bench, NULL), SOURCE_ITEM);
    assert_true(span_is(bench.article->origin.identity, "https://a.example/two?id=2"));
    article_free(bench.article);
    assert_int_equal(step(&bench, NULL), SOURCE_END);
    end(&bench, true);
}

static struct span request_header(const struct exchange *exchange, const char *name) {
    for (size_t i = 0; i < exchange->header_count; i++)
        if (span_is(exchange->headers[i].name, name)) return exchange->headers[i].value;
    return (struct span){NULL, 0};
}

static void test_validators_are_sent_when_settled(void **state) {
    (void)state;
    struct bench first, second;
    begin(&first, NULL);
    add_reply_header(&first, "etag", "\"abc\"");
    add_reply_header(&first, "last-modified", "Thu, 29 Jan 2026 06:00:00 GMT");
    assert_int_equal(reply_with(&first, 200, "<rss><channel/></rss>"), SOURCE_END);
    subscription_settled(first.subscription);
    begin(&second, first.store);
    assert_true(span_is(request_header(&second.exchange, "If-None-Match"), "\"abc\""));
    assert_true(span_is(request_header(&second.exchange, "If-Modified-Since"), "Thu, 29 Jan 2026 06:00:00 GMT"));
    assert_int_equal(reply_with(&second, 304, ""), SOURCE_END);
    end(&second, false);
    end(&first, true);
}

/* Two items with a limit of one: the other waits, which is not a failure, and the feed is read in full again until it
 * has been taken. */
static void test_items_beyond_the_limit_wait(void **state) {
    (void)state;
    struct bench bench, next;
    begin_with(&bench, NULL, 1);
    add_reply_header(&bench, "etag", "\"abc\"");
    assert_int_equal(reply_with(&bench, 200, feed_text), SOURCE_ITEM);
    struct article_row row = {.article_state = ARTICLE_STATE_DONE, .version = bench.article->origin.version};
    memcpy(row.id, bench.article->id, sizeof row.id);
    assert_true(store_put(bench.store, &row, NULL));
    article_free(bench.article);
    assert_int_equal(step(&bench, NULL), SOURCE_FAIL);
    assert_failure(&bench.failure, REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_ARTICLE, EXIT_DONE, "wait");
    assert_int_equal(step(&bench, NULL), SOURCE_END);
    subscription_settled(bench.subscription);
    begin_with(&next, bench.store, 1);
    assert_int_equal(request_header(&next.exchange, "If-None-Match").length, 0);
    assert_int_equal(reply_with(&next, 200, feed_text), SOURCE_KNOWN);
    assert_int_equal(step(&next, NULL), SOURCE_ITEM);
    assert_true(span_is(next.article->origin.identity, "https://a.example/two?id=2"));
    article_free(next.article);
    assert_int_equal(step(&next, NULL), SOURCE_END);
    end(&next, false);
    end(&bench, true);
}

/* If a run ends before all items were taken, the next run must not get "not modified". */
static void test_no_validators_before_the_end(void **state) {
    (void)state;
    struct bench first, second;
    begin(&first, NULL);
    add_reply_header(&first, "etag", "\"abc\"");
    assert_int_equal(reply_with(&first, 200, feed_text), SOURCE_ITEM);
    article_free(first.article);
    subscription_settled(first.subscription);
    begin(&second, first.store);
    assert_int_equal(request_header(&second.exchange, "If-None-Match").length, 0);
    end(&second, false);
    end(&first, true);
}

static void test_permanent_move_is_remembered(void **state) {
    (void)state;
    struct bench first, second;
    begin(&first, NULL);
    first.exchange.final_url = SPAN("https://b.example/rss");
    first.exchange.moved_permanently = true;
    assert_int_equal(reply_with(&first, 200, "<rss><channel/></rss>"), SOURCE_NOTE);
    assert_non_null(strstr(first.failure.sentence, "set url = https://b.example/rss"));
    assert_int_equal(step(&first, NULL), SOURCE_END);
    subscription_settled(first.subscription);
    begin(&second, first.store);
    assert_true(span_is(second.exchange.url, "https://b.example/rss"));
    end(&second, false);
    end(&first, true);
}

static void test_unreadable_feed_settles_nothing(void **state) {
    (void)state;
    struct bench first, second;
    begin(&first, NULL);
    add_reply_header(&first, "etag", "\"abc\"");
    assert_int_equal(reply_with(&first, 200, "<html><body>Login</body></html>"), SOURCE_FAIL);
    assert_failure(&first.failure, REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE, EXIT_DONE, "feed");
    subscription_settled(first.subscription);
    begin(&second, first.store);
    assert_int_equal(request_header(&second.exchange, "If-None-Match").length, 0);
    end(&second, false);
    end(&first, true);
}

/* Takes every item of the feed, as a run does. Returns the identities found, one per line. */
static struct span take_all(struct bench *bench, const char *feed, struct buffer *identities) {
    buffer_clear(identities);
    enum source_step taken = reply_with(bench, 200, feed);
    for (; taken == SOURCE_ITEM || taken == SOURCE_KNOWN || taken == SOURCE_FAIL; taken = step(bench, NULL)) {
        if (taken != SOURCE_ITEM) continue;
        struct article_row row = {.article_state = ARTICLE_STATE_DONE,
                                  .version = bench->article->origin.version,
                                  .source = bench->article->origin.source,
                                  .address = bench->article->origin.address};
        memcpy(row.id, bench->article->id, sizeof row.id);
        assert_true(store_put(bench->store, &row, NULL));
        buffer_print(identities, "%.*s\n", SPAN_ARGS(bench->article->origin.identity));
        article_free(bench->article);
    }
    assert_int_equal(taken, SOURCE_END);
    return buffer_span(identities);
}

#define NOTICE(number, title)                                                                                          \
    "<item><guid>N/A</guid><title>" title "</title><link>https://a.example/notices#" number "</link></item>"
#define FEED(items) "<rss version='2.0'><channel>" items "</channel></rss>"

/* Items that share a GUID are all taken, each once, whichever of them the feed still lists. */
static void test_items_that_share_a_guid(void **state) {
    (void)state;
    struct bench first, second, third;
    struct buffer found = BUFFER(4096);
    begin(&first, NULL);
    assert_span(take_all(&first, FEED(NOTICE("1", "Water") NOTICE("2", "Buses")), &found),
                "https://a.example/notices#1\nhttps://a.example/notices#2\n");
    begin(&second, first.store);
    assert_span(take_all(&second, FEED(NOTICE("2", "Buses") NOTICE("1", "Water")), &found), "");
    begin(&third, first.store);
    assert_span(take_all(&third, FEED(NOTICE("3", "Market")), &found), "https://a.example/notices#3\n");
    end(&third, false);
    end(&second, false);
    end(&first, true);
    buffer_free(&found);
}

/* The page shows one notice at a time, each with another fragment. */
static void test_a_page_that_holds_one_notice_after_the_other(void **state) {
    (void)state;
    struct bench first, second, third;
    struct buffer found = BUFFER(4096);
    const char *one = FEED("<item><title>Water</title><link>https://a.example/notices#1</link></item>"),
               *two = FEED("<item><title>Buses</title><link>https://a.example/notices#2</link></item>"),
               *mended = FEED("<item><title>Buses run again</title><link>https://a.example/notices#2</link></item>");
    begin(&first, NULL);
    assert_span(take_all(&first, one, &found), "https://a.example/notices\n");
    begin(&second, first.store);
    assert_span(take_all(&second, two, &found), "https://a.example/notices#2\n");
    begin(&third, first.store);
    assert_span(take_all(&third, mended, &found), "https://a.example/notices#2\n");
    end(&third, false);
    end(&second, false);
    end(&first, true);
    buffer_free(&found);
}

/* A fragment that records where the reader came from does not identify a part of the page. */
static void test_a_fragment_that_changes_makes_no_new_item(void **state) {
    (void)state;
    struct bench first, second;
    struct buffer found = BUFFER(4096);
    const char *one = FEED("<item><title>Storm</title><link>https://a.example/storm#ref=1</link></item>"
                           "<item><guid>https://a.example/?p=7</guid><title>Tide</title><link>/tide#1</link></item>"),
               *two =
                   FEED("<item><title>Storm</title><link>https://a.example/storm#ref=2</link></item>"
                        "<item><guid>https://a.example/?p=7</guid><title>High tide</title><link>/tide#2</link></item>");
    begin(&first, NULL);
    assert_span(take_all(&first, one, &found), "https://a.example/storm\nhttps://a.example/?p=7\n");
    begin(&second, first.store);
    assert_span(take_all(&second, two, &found), "https://a.example/?p=7\n"); /* this item has changed */
    end(&second, false);
    end(&first, true);
    buffer_free(&found);
}

/* Items that an older version took under a shared identity are not taken again; items that it lost are. */
static void test_a_store_of_an_older_release(void **state) {
    (void)state;
    struct bench old, now;
    struct buffer found = BUFFER(4096);
    begin(&old, NULL);
    assert_span(take_all(&old, FEED(NOTICE("1", "Water")), &found), "https://a.example/feed N/A\n");
    begin(&now, old.store);
    assert_span(take_all(&now, FEED(NOTICE("1", "Water") NOTICE("2", "Buses")), &found),
                "https://a.example/notices#2\n");
    end(&now, false);
    end(&old, true);
    buffer_free(&found);
}

static void test_a_changed_item_keeps_its_identity(void **state) {
    (void)state;
    struct bench first, second;
    struct buffer found = BUFFER(4096);
    begin(&first, NULL);
    assert_span(take_all(&first, FEED("<item><guid>7</guid><title>Storm</title><link>/s</link></item>"), &found),
                "https://a.example/feed 7\n");
    begin(&second, first.store);
    assert_span(take_all(&second, FEED("<item><guid>7</guid><title>Storm over</title><link>/s</link></item>"), &found),
                "https://a.example/feed 7\n");
    end(&second, false);
    end(&first, true);
    buffer_free(&found);
}

/* A headline alone is an item. An empty item is reported in the same words in every run. */
static void test_a_headline_alone_is_an_item_but_an_empty_item_is_not(void **state) {
    (void)state;
    struct bench bench;
    begin(&bench, NULL);
    assert_int_equal(reply_with(&bench, 200, FEED("<item><guid>1</guid></item><item><title>Only this</title></item>")),
                     SOURCE_FAIL);
    assert_string_equal(bench.failure.sentence, "an item of https://a.example/feed was skipped: it has no headline, "
                                                "address or text");
    assert_int_equal(step(&bench, NULL), SOURCE_ITEM);
    assert_span(bench.article->feed.title, "Only this");
    article_free(bench.article);
    end(&bench, true);
}

/* The item records how its feed was decoded, and what was lost in its own text. */
static void test_items_carry_the_evidence_of_their_feed(void **state) {
    (void)state;
    struct bench bench;
    begin(&bench, NULL);
    assert_int_equal(reply_with(&bench, 200,
                                FEED("<item><title>\xCE\xF2\xE2\xEE\xF0\xE5\xED \xE5 \xEC\xEE\xF1\xF2\xFA\xF2 "
                                     "\xED\xE0\xE4 \xF0\xE5\xEA\xE0\xF2\xE0</title><link>/m</link></item>")),
                     SOURCE_ITEM);
    assert_span(bench.article->encoding.name, "windows-1251");
    assert_int_equal(bench.article->encoding.evidence_count, 1);
    assert_span(bench.article->encoding.evidence[0].from, "model");
    assert_int_equal(bench.article->encoding.undecodable, 0);
    assert_span(bench.article->feed.title, "Отворен е мостът над реката");
    article_free(bench.article);
    end(&bench, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_validators_are_sent_when_settled),
        cmocka_unit_test(test_items_beyond_the_limit_wait),
        cmocka_unit_test(test_no_validators_before_the_end),
        cmocka_unit_test(test_permanent_move_is_remembered),
        cmocka_unit_test(test_unreadable_feed_settles_nothing),
        cmocka_unit_test(test_items_that_share_a_guid),
        cmocka_unit_test(test_a_page_that_holds_one_notice_after_the_other),
        cmocka_unit_test(test_a_fragment_that_changes_makes_no_new_item),
        cmocka_unit_test(test_a_store_of_an_older_release),
        cmocka_unit_test(test_a_changed_item_keeps_its_identity),
        cmocka_unit_test(test_a_headline_alone_is_an_item_but_an_empty_item_is_not),
        cmocka_unit_test(test_items_carry_the_evidence_of_their_feed),
    };
    return cmocka_run_group_tests(tests, decoder_begin, decoder_end);
}
