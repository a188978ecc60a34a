/* The feed source, stepped with recorded replies. */
#include "unit/failure_is.h"

#include "pipeline/store/store.h"
#include "stages/sources/parts/subscription.h"

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
    struct subscription_limits limits = {.items = items, .bytes = 1 << 20, .tracking = tracking, .tracking_count = 1};
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
    return subscription_step(bench->subscription, reply, &next, &bench->article, &bench->failure);
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

/* Two items, room for one: the other waits, which is no fault, and the feed is asked for anew until it had its turn. */
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

/* A run that ends before all items were handed out must not be told "not modified" by the next. */
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
    assert_int_equal(reply_with(&first, 200, "<rss><channel/></rss>"), SOURCE_FAIL);
    assert_failure(&first.failure, REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_ARTICLE, EXIT_DONE,
                   "write url = https://b.example/rss");
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_validators_are_sent_when_settled),
        cmocka_unit_test(test_items_beyond_the_limit_wait),
        cmocka_unit_test(test_no_validators_before_the_end),
        cmocka_unit_test(test_permanent_move_is_remembered),
        cmocka_unit_test(test_unreadable_feed_settles_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
