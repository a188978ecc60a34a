/* Glossaries that a service stores: looked up first, created if they are missing, and left alone after a failure. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/reader.h"
#include "stages/translate/remote_glossary.h"

static const struct section_table tables[] = {
    {.name = "glossary", .settings = {glossary_table, sizeof(struct glossary_settings)}}, {.name = NULL}};

static struct {
    bool writes, reads, created;
    const char *id;
    char asked[256]; /* "list NAME", or "create NAME puerto=harbour" */
} fake;

static bool write_glossary(const void *state, const struct glossary *glossary, const char *source_language,
                           struct span name, bool create, struct exchange *exchange, struct failure *ret_failure) {
    (void)state;
    exchange->url = SPAN("https://a.example/glossaries");
    snprintf(fake.asked, sizeof fake.asked, "%s %s %.*s", create ? "create" : "list", source_language, SPAN_ARGS(name));
    for (size_t i = 0; i < glossary->count; i++)
        snprintf(fake.asked + strlen(fake.asked), sizeof fake.asked - strlen(fake.asked), " %.*s=%.*s",
                 SPAN_ARGS(glossary->terms[i].source), SPAN_ARGS(glossary->terms[i].target));
    return fake.writes || failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "no");
}

static bool read_glossary(const void *state, struct span name, bool created, const struct exchange *exchange,
                          struct span *ret_id, struct failure *ret_failure) {
    (void)state, (void)exchange;
    assert_true(name.length > 0);
    fake.created = created;
    *ret_id = span_of(fake.id);
    return fake.reads || failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "no");
}

static const struct service storing = {.name = "storing",
                                       .write_glossary = write_glossary,
                                       .read_glossary = read_glossary},
                            other = {.name = "other"};
static const struct configured_service one = {.service = &storing, .name = {"one", 3}},
                                       two = {.service = &storing, .name = {"two", 3}},
                                       none = {.service = &other, .name = {"none", 4}};

struct fixture {
    struct config *config;
    struct termbase *termbase;
    struct remote_glossaries *all;
    struct arena *arena;
    struct exchange exchange;
};

static int begin(void **state) {
    static struct fixture fixture;
    char path[] = "/tmp/termbase-XXXXXX", assignment[128];
    static const char lines[] = "es\tpuerto\tharbour\nes\tfaro\tlighthouse\nbg\tпорт\tport\n";
    int file = mkstemp(path);
    if (write(file, lines, sizeof lines - 1) != (ssize_t)sizeof lines - 1) return -1;
    close(file);
    snprintf(assignment, sizeof assignment, "glossary.file=%s", path);
    fixture = (struct fixture){.config = config_new(tables), .arena = arena_new()};
    config_set(fixture.config, assignment);
    config_finish(fixture.config);
    bool opened = termbase_open(fixture.config, &fixture.termbase, NULL);
    unlink(path);
    fixture.all = remote_glossaries_new(fixture.termbase);
    exchange_start(&fixture.exchange, EXCHANGE_HTTP, fixture.arena);
    memset(&fake, 0, sizeof fake);
    fake.writes = fake.reads = true;
    fake.id = "";
    *state = &fixture;
    return opened ? 0 : -1;
}

static int end(void **state) {
    struct fixture *fixture = *state;
    exchange_clear(&fixture->exchange);
    remote_glossaries_free(fixture->all);
    termbase_close(fixture->termbase);
    config_free(fixture->config);
    arena_free(fixture->arena);
    return 0;
}

static void there_is_one_for_each_service_and_language(void **state) {
    struct fixture *fixture = *state;
    struct remote_glossary *glossary = remote_glossary_of(fixture->all, &one, "es");
    assert_ptr_equal(remote_glossary_of(fixture->all, &one, "es"), glossary);
    assert_ptr_not_equal(remote_glossary_of(fixture->all, &one, "bg"), glossary);
    assert_ptr_not_equal(remote_glossary_of(fixture->all, &two, "es"), glossary);
    assert_ptr_equal(remote_glossary_of(fixture->all, &one, "es"), glossary);
    assert_null(remote_glossary_of(fixture->all, &none, "es"));
    assert_string_equal(glossary->language, "es");
    assert_ptr_equal(glossary->configured_service, &one);
    assert_int_equal(span_find(glossary->name, SPAN("Dragoman es ")), 0);
    assert_true(span_ends(glossary->name, termbase_version(fixture->termbase)));
}

static void a_missing_one_is_created_with_all_terms(void **state) {
    struct fixture *fixture = *state;
    struct remote_glossary *glossary = remote_glossary_of(fixture->all, &one, "es");
    assert_true(remote_glossary_ask(fixture->all, glossary, &fixture->exchange));
    assert_int_equal(glossary->state, REMOTE_GLOSSARY_ASKED);
    assert_int_equal(strncmp(fake.asked, "list es Dragoman es ", 20), 0);
    assert_span(fixture->exchange.limiter, "service one");
    remote_glossary_answer(fixture->all, glossary, &fixture->exchange);
    assert_false(fake.created);
    assert_int_equal(glossary->state, REMOTE_GLOSSARY_MISSING);
    assert_true(remote_glossary_ask(fixture->all, glossary, &fixture->exchange));
    assert_int_equal(strncmp(fake.asked, "create es Dragoman es ", 22), 0);
    assert_non_null(strstr(fake.asked, " puerto=harbour"));
    assert_non_null(strstr(fake.asked, " faro=lighthouse"));
    assert_null(strstr(fake.asked, "=port"));
    fake.id = "g-7";
    remote_glossary_answer(fixture->all, glossary, &fixture->exchange);
    assert_true(fake.created);
    assert_int_equal(glossary->state, REMOTE_GLOSSARY_READY);
    assert_span(glossary->id, "g-7");
}

static void one_that_exists_is_used(void **state) {
    struct fixture *fixture = *state;
    struct remote_glossary *glossary = remote_glossary_of(fixture->all, &one, "es");
    remote_glossary_ask(fixture->all, glossary, &fixture->exchange);
    fake.id = "g-7";
    remote_glossary_answer(fixture->all, glossary, &fixture->exchange);
    assert_int_equal(glossary->state, REMOTE_GLOSSARY_READY);
    assert_span(glossary->id, "g-7");
}

static void after_a_failure_it_is_not_used(void **state) {
    struct fixture *fixture = *state;
    static const char *const languages[] = {"es", "bg", "ro", "fr"};
    for (size_t i = 0; i < 4; i++) {
        struct remote_glossary *glossary = remote_glossary_of(fixture->all, &one, languages[i]);
        fixture->exchange.failure = (struct failure){0};
        fake.writes = i != 0;
        fake.reads = i != 1;
        assert_int_equal(remote_glossary_ask(fixture->all, glossary, &fixture->exchange), i != 0);
        if (i == 2) failure_set(&fixture->exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "no");
        if (i > 0) remote_glossary_answer(fixture->all, glossary, &fixture->exchange);
        if (i == 3) { /* created, but without an id */
            assert_int_equal(glossary->state, REMOTE_GLOSSARY_MISSING);
            remote_glossary_ask(fixture->all, glossary, &fixture->exchange);
            remote_glossary_answer(fixture->all, glossary, &fixture->exchange);
        }
        assert_int_equal(glossary->state, REMOTE_GLOSSARY_UNUSABLE);
    }
}

/* The service may still be able to translate. */
static void a_refusal_closes_no_service(void **state) {
    struct fixture *fixture = *state;
    remote_glossary_ask(fixture->all, remote_glossary_of(fixture->all, &one, "es"), &fixture->exchange);
    fixture->exchange.status = 403;
    assert_int_equal(fixture->exchange.judge(&fixture->exchange), EXCHANGE_FINAL);
    assert_int_equal(fixture->exchange.failure.reach, REACH_ARTICLE);
    fixture->exchange.failure = (struct failure){0};
    fixture->exchange.status = 429;
    assert_int_equal(fixture->exchange.judge(&fixture->exchange), EXCHANGE_THROTTLED);
    assert_int_equal(fixture->exchange.failure.reach, REACH_SERVICE);
    fixture->exchange.failure = (struct failure){0};
    fixture->exchange.status = 200;
    assert_int_equal(fixture->exchange.judge(&fixture->exchange), EXCHANGE_GOOD);
}

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {test(there_is_one_for_each_service_and_language),
                                       test(a_missing_one_is_created_with_all_terms), test(one_that_exists_is_used),
                                       test(after_a_failure_it_is_not_used), test(a_refusal_closes_no_service)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
