/* A service opened from settings as a user would write them, with one batch to request and recorded bytes as the reply.
 */
#ifndef TESTS_UNIT_STAGES_SERVICES_SERVICE_TEST_H
#define TESTS_UNIT_STAGES_SERVICES_SERVICE_TEST_H

#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/base/json.h"
#include "pipeline/base/table.h"
#include "program/program.h"
#include "stages/services/service_list.h"

enum { BENCH_ANSWERS = 16 };

struct bench {
    struct config *config;
    const struct service *service;
    void *state;
    struct arena *arena;
    struct table errors;
    struct exchange exchange;
    struct batch batch;
    struct span texts[BENCH_ANSWERS];
    struct answer answers[BENCH_ANSWERS];
    size_t count;
    struct usage usage;
    struct failure failure;
};

static void bench_configure(struct bench *bench, const char *kind, const char *const *settings) {
    char assignment[1024];
    setenv("TEST_KEY", "secret-key-1", 1);
    bench->config = config_new(program_section_tables());
    snprintf(assignment, sizeof assignment, "service.s.kind=%s", kind);
    config_set(bench->config, assignment);
    for (; settings && *settings; settings++) {
        snprintf(assignment, sizeof assignment, "service.s.%s", *settings);
        config_set(bench->config, assignment);
    }
    config_finish(bench->config);
}

static const struct section *bench_section(struct bench *bench, const char *kind, const char *const *settings) {
    bench_configure(bench, kind, settings);
    for (size_t i = 0; i < config_problem_count(bench->config); i++)
        print_error("%s\n", config_problem(bench->config, i));
    assert_int_equal(config_problem_count(bench->config), 0);
    return config_section_at(bench->config, service_table, 0);
}

/* `settings` are strings "key=value", ended by NULL. $TEST_KEY is set to a key. */
static void bench_open(struct bench *bench, const char *kind, const char *const *settings) {
    *bench = (struct bench){.service = service_of(span_of(kind)), .arena = arena_new()};
    assert_non_null(bench->service);
    struct service_context context = service_context_of(bench_section(bench, kind, settings), TEST_DATA);
    if (!bench->service->open(&context, &bench->state, &bench->failure)) fail_msg("%s", bench->failure.sentence);
    assert_true(table_read(TEST_DATA, "services/errors.tsv", bench->arena, &bench->errors, &bench->failure));
    exchange_start(&bench->exchange, EXCHANGE_HTTP, bench->arena);
}

static inline void bench_ask(struct bench *bench, const char *language, const char *first, const char *second) {
    bench->texts[0] = span_of(first);
    bench->texts[1] = span_of(second);
    bench->batch.task = SERVICE_TRANSLATES;
    bench->batch.source_language = language;
    bench->batch.target_language = "en";
    bench->batch.texts = bench->texts;
    bench->batch.count = second ? 2 : 1;
    exchange_clear(&bench->exchange);
    exchange_start(&bench->exchange, EXCHANGE_HTTP, bench->arena);
    bench->exchange.limiter = SPAN("service s");
    bench->exchange.trusted_host = true;
    bench->exchange.errors = &bench->errors;
    if (!bench->service->write_request(bench->state, &bench->batch, &bench->exchange, &bench->failure))
        fail_msg("%s", bench->failure.sentence);
}

static inline void bench_reply(struct bench *bench, long status, const char *body) {
    exchange_clear_reply(&bench->exchange);
    bench->exchange.status = status;
    bench->exchange.reply = BUFFER(1 << 20);
    buffer_add_string(&bench->exchange.reply, body);
}

/* Asserts that the service makes no request of these texts, and what it says. */
static inline void assert_no_request(struct bench *bench, const char *language, struct span first, size_t count,
                                     const char *said) {
    bench->failure = (struct failure){0};
    bench->batch.source_language = language;
    bench->batch.texts = bench->texts;
    for (size_t i = 0; i < count; i++) bench->texts[i] = first;
    bench->batch.count = count;
    exchange_clear(&bench->exchange);
    exchange_start(&bench->exchange, EXCHANGE_HTTP, bench->arena);
    if (bench->service->write_request(bench->state, &bench->batch, &bench->exchange, &bench->failure))
        fail_msg("a request was made, although %s", said);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, said);
}

/* Returns the reply's meaning for the limiter. */
static inline enum exchange_verdict bench_judge(struct bench *bench, long status, const char *body) {
    bench_reply(bench, status, body);
    return bench->service->judge ? bench->service->judge(&bench->exchange) : exchange_judge_common(&bench->exchange);
}

/* Judges and reads a reply, which must be good for the limiter. */
static inline bool bench_read(struct bench *bench, const char *body) {
    assert_int_equal(bench_judge(bench, 200, body), EXCHANGE_GOOD);
    bench->count = 0;
    bench->usage = (struct usage){0};
    bench->failure = (struct failure){0};
    memset(bench->answers, 0, sizeof bench->answers);
    return bench->service->read_reply(bench->state, &bench->batch, &bench->exchange, bench->answers, &bench->count,
                                      &bench->usage, &bench->failure);
}

static inline void assert_header(const struct bench *bench, const char *name, const char *value) {
    for (size_t i = 0; i < bench->exchange.header_count; i++)
        if (span_is_ascii_fold(bench->exchange.headers[i].name, name)) {
            assert_span(bench->exchange.headers[i].value, value);
            return;
        }
    fail_msg("no header %s", name);
}

/* Asserts the value at a path of the body, both written as JSON. */
static inline void assert_body(const struct bench *bench, const char *path, const char *json) {
    cJSON *root = json_parse(bench->exchange.body, 1 << 20, "request", NULL);
    const cJSON *item = json_at(root, path);
    if (!item) fail_msg("the body has no %s: %.*s", path, SPAN_ARGS(bench->exchange.body));
    char *text = cJSON_PrintUnformatted(item);
    assert_string_equal(text, json);
    cJSON_free(text);
    cJSON_Delete(root);
}

static inline void assert_translated(const struct bench *bench, size_t index, const char *target) {
    assert_int_equal(bench->answers[index].verdict, VERDICT_TRANSLATED);
    assert_span(bench->answers[index].target, target);
}

static inline void assert_sentence(const struct failure *failure, const char *part) {
    if (!strstr(failure->sentence, part)) fail_msg("'%s' is not in '%s'", part, failure->sentence);
}

static void bench_close(struct bench *bench);

/* Asserts that the service cannot be opened with these settings, and a part of the message. */
static inline void assert_refuses(const char *kind, const char *const *settings, const char *part) {
    struct bench bench = {.service = service_of(span_of(kind)), .arena = arena_new()};
    struct service_context context = service_context_of(bench_section(&bench, kind, settings), TEST_DATA);
    bool opened = bench.service->open(&context, &bench.state, &bench.failure);
    if (!opened) bench.state = NULL;
    bench_close(&bench);
    assert_false(opened);
    assert_sentence(&bench.failure, part);
}

/* Asserts that the configuration reports these settings as invalid. */
static inline void assert_invalid(const char *kind, const char *const *settings, const char *part) {
    struct bench bench = {.service = NULL};
    bench_configure(&bench, kind, settings);
    assert_int_equal(config_problem_count(bench.config), 1);
    if (!strstr(config_problem(bench.config, 0), part)) fail_msg("'%s'", config_problem(bench.config, 0));
    config_free(bench.config);
}

static void bench_close(struct bench *bench) {
    exchange_clear(&bench->exchange);
    if (bench->service->close) bench->service->close(bench->state);
    config_free(bench->config);
    arena_free(bench->arena);
}

#endif
