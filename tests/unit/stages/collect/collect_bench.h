/* The collect stage, with a local file and an article of its own. */
#ifndef TESTS_UNIT_STAGES_COLLECT_BENCH_H
#define TESTS_UNIT_STAGES_COLLECT_BENCH_H

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

static inline int begin_with(void **state, const char *setting, struct archive *archive) {
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

static inline int begin(void **state) {
    return begin_with(state, NULL, NULL);
}

static inline int begin_without_robots(void **state) {
    return begin_with(state, "collect.robots=no", NULL);
}

static inline int end(void **state) {
    struct bench *bench = *state;
    article_free(bench->article);
    stage_collect.close(bench->state);
    resources_free(bench->resources);
    config_free(bench->config);
    unlink(bench->path);
    free(bench);
    return 0;
}

static inline enum outcome work(struct bench *bench) {
    bench->article->origin.address = arena_copy(bench->article->arena, span_of(bench->path));
    bench->article->source_section =
        config_add_section(bench->config, source_table, "files", "path", span_of(bench->path));
    return stage_collect.work(bench->state, bench->article, &bench->failure);
}

static inline enum outcome answer(struct bench *bench, long status, const char *type, const char *body) {
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
static inline enum outcome refuse(struct bench *bench, struct article *article) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, article->arena);
    failure_set(&exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "the run ended before this could be requested");
    failure_blame(&exchange.failure, CAUSE_MACHINE, SPAN("the end of the run"));
    enum outcome outcome = stage_collect.answer(bench->state, article, &exchange, &bench->failure);
    exchange_clear(&exchange);
    return outcome;
}

static inline enum outcome ask(struct bench *bench, struct article *article, struct exchange *exchange) {
    exchange_start(exchange, EXCHANGE_HTTP, article->arena);
    return stage_collect.ask(bench->state, article, exchange, &bench->failure);
}

static inline struct article *page_article(const char *address) {
    struct article *article = article_new();
    article->origin.address = span_of(address);
    article_identify(article, article->origin.address);
    return article;
}

/* Receives a page from this address. */
static inline enum outcome receive(struct bench *bench, const char *address, const char *type, const char *body) {
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
