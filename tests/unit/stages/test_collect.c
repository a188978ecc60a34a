/* Collecting bytes: local files with their limits, and the feed's text in place of an unavailable page. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "config/reader.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/archive.h"

extern const struct stage stage_collect;

struct bench {
    struct config *config;
    struct resources *resources;
    void *state;
    char path[64];
    struct article *article;
    struct failure failure;
};

static int begin_with(void **state, const char *setting, struct archive *archive) {
    static struct section_table tables[3];
    tables[0] = (struct section_table){.name = "collect", .settings = stage_collect.settings, .help = ""};
    tables[1] = (struct section_table){.name = "source",
                                       .named = true,
                                       .settings = {source_table, sizeof(struct source_settings)},
                                       .kind_at = source_kind_at,
                                       .help = ""};
    struct bench *bench = calloc(1, sizeof *bench);
    bench->config = config_new(tables);
    config_set(bench->config, "collect.max_bytes=10k");
    if (setting) config_set(bench->config, setting);
    config_finish(bench->config);
    assert_int_equal(config_problem_count(bench->config), 0);
    bench->resources = resources_new(TEST_DATA);
    struct stage_context context = {.settings = config_values(bench->config, stage_collect.settings.entries),
                                    .config = bench->config,
                                    .resources = bench->resources,
                                    .archive = archive};
    assert_true(stage_collect.open(&context, &bench->state, &bench->failure));
    strcpy(bench->path, "/tmp/collect-test-XXXXXX");
    close(mkstemp(bench->path));
    bench->article = article_new();
    *state = bench;
    return 0;
}

static int begin(void **state) {
    return begin_with(state, NULL, NULL);
}

static int begin_without_robots(void **state) {
    return begin_with(state, "collect.robots=no", NULL);
}

static int end(void **state) {
    struct bench *bench = *state;
    article_free(bench->article);
    stage_collect.close(bench->state);
    resources_free(bench->resources);
    config_free(bench->config);
    unlink(bench->path);
    free(bench);
    return 0;
}

static enum outcome work(struct bench *bench) {
    bench->article->origin.address = arena_copy(bench->article->arena, span_of(bench->path));
    bench->article->source_section =
        config_add_section(bench->config, source_table, "files", "path", span_of(bench->path));
    return stage_collect.work(bench->state, bench->article, &bench->failure);
}

static void an_unreadable_file_waits_and_a_missing_one_fails(void **state) {
    struct bench *bench = *state;
    unlink(bench->path);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "No such file");
    assert_int_equal(symlink(bench->path, bench->path), 0);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE, "cannot read");
    assert_string_equal(bench->failure.blamed, bench->path);
}

static void write_packed(const char *path, size_t length) {
    gzFile file = gzopen(path, "wb");
    for (size_t i = 0; i < length; i++) gzputc(file, 'a');
    gzclose(file);
}

/* What a source without a section, or one whose items are no files, names is not read, even though it is there. */
static void a_file_that_the_source_may_not_name_is_not_read(void **state) {
    struct bench *bench = *state;
    FILE *file = fopen(bench->path, "wb");
    fputs("text", file);
    fclose(file);
    assert_int_equal(work(bench), STAGE_CONTINUE);
    static const char *const kinds[] = {"ndjson", "page", "mail", "warc", "feed", "opml", "sitemap", NULL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bench->article->origin.raw = SPAN("");
        bench->article->source_section =
            kinds[i] ? config_add_section(bench->config, source_table, kinds[i], NULL, SPAN("")) : NULL;
        assert_int_equal(stage_collect.work(bench->state, bench->article, &bench->failure), STAGE_FAIL);
        assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "cannot read");
        assert_int_equal(bench->article->origin.raw.length, 0);
    }
}

static void test_packed_file(void **state) {
    struct bench *bench = *state;
    write_packed(bench->path, 5000);
    assert_int_equal(work(bench), STAGE_CONTINUE);
    assert_int_equal(bench->article->origin.raw.length, 5000);
    assert_int_equal(bench->article->origin.raw_bytes, 5000);
    assert_int_equal(bench->article->origin.raw_sha256.length, 64);
}

static void test_packed_bomb(void **state) {
    struct bench *bench = *state;
    write_packed(bench->path, 4000000);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "when unpacked");
}

static void test_damaged_packed_file(void **state) {
    struct bench *bench = *state;
    write_packed(bench->path, 5000);
    assert_int_equal(truncate(bench->path, 15), 0);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "damaged");
}

static void test_large_file(void **state) {
    struct bench *bench = *state;
    assert_int_equal(truncate(bench->path, 200 << 20), 0);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "max_bytes");
}

static void test_empty_file(void **state) {
    struct bench *bench = *state;
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "is empty");
}

static enum outcome answer(struct bench *bench, long status, const char *type, const char *body) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, bench->article->arena);
    struct header header = {SPAN("content-type"), span_of(type)};
    exchange.reply_headers = &header;
    exchange.reply_header_count = 1;
    exchange.url = bench->article->origin.address;
    exchange.status = status;
    exchange.reply = BUFFER(4096);
    buffer_add_string(&exchange.reply, body);
    if (status != 200)
        failure_set(&exchange.failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "host a.example answered %ld", status);
    enum outcome outcome = stage_collect.answer(bench->state, bench->article, &exchange, &bench->failure);
    exchange_clear(&exchange);
    return outcome;
}

/* What the loop answers to a request that has not been sent when the run ends. */
static enum outcome refuse(struct bench *bench, struct article *article) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, article->arena);
    failure_set(&exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "the run ended before this could be requested");
    failure_blame(&exchange.failure, CAUSE_MACHINE, SPAN("the end of the run"));
    enum outcome outcome = stage_collect.answer(bench->state, article, &exchange, &bench->failure);
    exchange_clear(&exchange);
    return outcome;
}

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

static enum outcome ask(struct bench *bench, struct article *article, struct exchange *exchange) {
    exchange_start(exchange, EXCHANGE_HTTP, article->arena);
    return stage_collect.ask(bench->state, article, exchange, &bench->failure);
}

static struct article *page_article(const char *address) {
    struct article *article = article_new();
    article->origin.address = span_of(address);
    article_identify(article, article->origin.address);
    return article;
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

/* Receives a page from this address. */
static enum outcome receive(struct bench *bench, const char *address, const char *type, const char *body) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, bench->article->arena);
    struct header header = {SPAN("content-type"), span_of(type)};
    exchange.reply_headers = &header;
    exchange.reply_header_count = 1;
    exchange.status = 200;
    exchange.url = span_of(address);
    exchange.request_head = SPAN("GET / HTTP/1.1");
    exchange.server = SPAN("192.0.2.1");
    exchange.reply = BUFFER(1 << 16);
    exchange.reply_head = BUFFER(1 << 16);
    buffer_add_string(&exchange.reply, body);
    buffer_add_string(&exchange.reply_head, "HTTP/1.1 200 OK");
    enum outcome outcome = stage_collect.answer(bench->state, bench->article, &exchange, &bench->failure);
    exchange_clear(&exchange);
    return outcome;
}

#define LINK(address) "<p>Text.</p><a rel=next href=" address ">Next page</a>"
#define STORY "https://a.example/story"

/* ---------------------------------------------------------------- further pages */

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

/* ---------------------------------------------------------------- mail in files */

static void check_mail(void **state, const char *message, const char *raw, const char *title, const char *note) {
    end(state);
    begin(state);
    struct bench *bench = *state;
    FILE *file = fopen(bench->path, "wb");
    fputs(message, file);
    fclose(file);
    assert_int_equal(work(bench), STAGE_CONTINUE);
    const struct article *article = bench->article;
    if (*raw) assert_true(span_find(article->origin.raw, span_of(raw)) != SIZE_MAX);
    if (!*raw) assert_int_equal(article->origin.raw.length, 0);
    assert_span(article->title.source.length ? article->title.source : article->feed.title, title);
    assert_span(article->origin.note, note);
    assert_int_equal(article->origin.truncated, *note != '\0');
    assert_int_equal(article->origin.raw_bytes, strlen(message));
}

static void the_text_of_a_mail_is_taken(void **state) {
    check_mail(state,
               "From: desk@quay.example\nSubject: Quay shut\nDate: Thu, 29 Jan 2026 06:05:04 +0000\nMIME-Version: "
               "1.0\nContent-Type: text/plain; charset=utf-8\n\nThe quay is shut.\n",
               "The quay is shut.", "Quay shut", "");
    check_mail(state,
               "From: desk@quay.example\nSubject: Quay shut\nDate: Thu, 29 Jan 2026 06:05:04 +0000\nMIME-Version: "
               "1.0\nContent-Type: text/plain; charset=utf-8\n\n\n",
               "", "Quay shut", "only the subject of the email could be read, not its text");
    check_mail(state, "<p>No mail.</p>", "<p>No mail.</p>", "", "");
}

static void a_mail_without_text_or_subject_fails(void **state) {
    struct bench *bench = *state;
    FILE *file = fopen(bench->path, "wb");
    fputs("From: desk@quay.example\nDate: Thu, 29 Jan 2026 06:05:04 +0000\nMIME-Version: 1.0\nContent-Type: "
          "text/plain\n\n\n",
          file);
    fclose(file);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "the email contains no text");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {TEST(an_unreadable_file_waits_and_a_missing_one_fails),
                                       TEST(a_file_that_the_source_may_not_name_is_not_read),
                                       TEST(test_packed_file),
                                       TEST(test_packed_bomb),
                                       TEST(test_damaged_packed_file),
                                       TEST(test_large_file),
                                       TEST(test_empty_file),
                                       TEST(test_page),
                                       TEST(test_page_of_another_kind),
                                       TEST(test_empty_page),
                                       TEST(test_an_item_with_nothing_to_read),
                                       TEST(test_robots_that_cannot_be_read),
                                       TEST(test_feed_text_instead_of_page),
                                       TEST(test_a_page_that_was_never_asked_for_is_waited_for),
                                       TEST(test_robots_that_was_never_asked_for_is_waited_for),
                                       TEST(test_a_further_page_that_was_never_asked_for_is_waited_for),
                                       TEST(test_no_page_and_no_feed_text),
                                       TEST(test_full_feed_text_is_not_fetched),
                                       TEST(test_robots),
                                       TEST(test_if_the_requester_leaves_another_article_asks),
                                       TEST(a_request_has_the_limits_of_the_settings),
                                       TEST(each_limit_is_a_setting),
                                       TEST(further_pages_are_appended),
                                       TEST(an_article_ends_before_what_is_no_further_page),
                                       TEST(a_further_page_that_fails_ends_the_article),
                                       TEST(pages_are_limited),
                                       TEST(the_hash_is_that_of_the_first_page),
                                       TEST(what_the_archive_needs_is_kept),
                                       TEST(what_the_feed_gives_depends_on_the_failure),
                                       TEST(an_item_of_the_feed_alone_is_taken),
                                       TEST(the_text_of_a_mail_is_taken),
                                       TEST(a_mail_without_text_or_subject_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
