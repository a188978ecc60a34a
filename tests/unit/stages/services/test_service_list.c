/* The configured services and the routes between them: which one is asked for an article. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/reader.h"
#include "pipeline/engine/resources.h"
#include "program/program.h"
#include "stages/services/service_list.h"

struct fixture {
    struct config *config;
    struct service_list *list;
    struct failure failure;
};

/* Services "first" (Google, with a key), "second" (no key, so it cannot be used), "third" (a model, with prices) and
 * "fourth" (free of charge). */
static const char *const usual[] = {
    "service.first.kind=google",        "service.first.key_env=TEST_KEY", "service.first.price=20",
    "service.first.concurrency=3",      "service.second.kind=deepl",      "service.third.kind=openai",
    "service.third.key_env=TEST_KEY_2", "service.third.model=m",          "service.third.input_price=1.5",
    "service.third.output_price=6",     "service.third.request_words=99", "service.third.languages=es zh",
    "service.fourth.kind=mtran",        "service.fourth.price=7",         NULL};

static void open_list(struct fixture *fixture, const char *const *given, const char *const *routes) {
    *fixture = (struct fixture){.config = config_new(program_section_tables())};
    setenv("TEST_KEY", "secret-1", 1);
    setenv("TEST_KEY_2", "secret-2", 1);
    for (; *given; given++) config_set(fixture->config, *given);
    for (; routes && *routes; routes++) config_set(fixture->config, *routes);
    config_finish(fixture->config);
    for (size_t i = 0; i < config_problem_count(fixture->config); i++)
        fail_msg("%s", config_problem(fixture->config, i));
    if (!service_list_open(fixture->config, TEST_DATA, &fixture->list, &fixture->failure))
        fail_msg("%s", fixture->failure.sentence);
}

static void close_list(struct fixture *fixture) {
    service_list_close(fixture->list);
    config_free(fixture->config);
}

#define OPEN(fixture, ...) open_list(fixture, usual, (const char *const[]){__VA_ARGS__, NULL})

static void services_are_listed_in_the_order_of_the_configuration(void **state) {
    (void)state;
    struct fixture fixture;
    open_list(&fixture, usual, NULL);
    static const char *const names[] = {"first", "second", "third", "fourth"};
    static const char *const kinds[] = {"google", "deepl", "openai", "mtran"};
    assert_int_equal(fixture.list->count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct configured_service *service = &fixture.list->configured_services[i];
        assert_span(service->name, names[i]);
        assert_string_equal(service->service->name, kinds[i]);
        assert_int_equal(service->unusable.reach, i == 1 ? REACH_RUN : REACH_NONE);
        assert_int_equal(service->state != NULL, i != 1);
        assert_false(service->implied);
        assert_ptr_equal(service_list_named(fixture.list, span_of(names[i])), service);
    }
    assert_null(service_list_named(fixture.list, SPAN("fift")));
    close_list(&fixture);
}

static void settings_are_taken_over(void **state) {
    (void)state;
    struct fixture fixture;
    open_list(&fixture, usual, NULL);
    const struct configured_service *all = fixture.list->configured_services;
    assert_int_equal(all[0].prices.characters, 20000000);
    assert_int_equal(all[0].limits.concurrency, 3);
    assert_int_equal(all[0].request_words, 450);
    assert_int_equal(all[2].prices.input_tokens, 1500000);
    assert_int_equal(all[2].prices.output_tokens, 6000000);
    assert_int_equal(all[2].prices.characters, 0);
    assert_int_equal(all[2].request_words, 99);
    assert_int_equal(all[3].prices.characters, 0); /* free of charge, whatever the configuration says */
    assert_int_equal(all[3].limits.concurrency, all[3].service->limiter.concurrency);
    close_list(&fixture);
}

static void a_service_without_a_key_says_so(void **state) {
    (void)state;
    struct fixture fixture;
    open_list(&fixture, usual, NULL);
    assert_failure(&fixture.list->configured_services[1].unusable, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "[service \"second\"] needs a key: set key_file, key_env or key_command");
    close_list(&fixture);
}

/* ---------------------------------------------------------------- routes */

/* Returns the first service of the route for an article, or "" if no route matches. */
static const char *routed(const struct fixture *fixture, const char *language, const char *source,
                          const char *section) {
    static char name[64];
    struct route route = service_list_route(fixture->list, language, span_of(source), span_of(section));
    snprintf(name, sizeof name, "%.*s", route.services ? (int)route.services->items[0].length : 0,
             route.services ? route.services->items[0].at : "");
    return name;
}

static void without_routes_all_services_are_asked(void **state) {
    (void)state;
    struct fixture fixture;
    open_list(&fixture, usual, NULL);
    struct route route = service_list_route(fixture.list, "es", SPAN("a"), SPAN("b"));
    assert_null(route.services);
    assert_int_equal(route.second_opinion, SECOND_FAILED);
    close_list(&fixture);
}

static void a_route_is_for_the_language_after_which_it_is_named(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "route.es.services=first", "route.sr-Cyrl.services=second", "route.sr.services=third");
    assert_string_equal(routed(&fixture, "es", "", ""), "first");
    assert_string_equal(routed(&fixture, "es-AR", "", ""), "first");
    assert_string_equal(routed(&fixture, "sr-Cyrl", "", ""), "second");
    assert_string_equal(routed(&fixture, "sr", "", ""), "third");
    assert_string_equal(routed(&fixture, "sr-Latn", "", ""), "third");
    assert_string_equal(routed(&fixture, "e", "", ""), "");
    assert_string_equal(routed(&fixture, "bg", "", ""), "");
    close_list(&fixture);
}

static void the_default_route_is_for_the_rest(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "route.default.services=fourth", "route.default.second_opinion=suspect", "route.es.services=first",
         "route.es.second_opinion=never");
    assert_string_equal(routed(&fixture, "es", "", ""), "first");
    assert_string_equal(routed(&fixture, "bg", "", ""), "fourth");
    assert_int_equal(service_list_route(fixture.list, "bg", SPAN(""), SPAN("")).second_opinion, SECOND_SUSPECT);
    assert_int_equal(service_list_route(fixture.list, "es", SPAN(""), SPAN("")).second_opinion, SECOND_NEVER);
    close_list(&fixture);
}

static void a_route_may_list_languages(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "route.es.languages=bg sr-Cyrl", "route.es.services=first", "route.more.languages=sr",
         "route.more.services=third");
    assert_string_equal(routed(&fixture, "bg", "", ""), "first");
    assert_string_equal(routed(&fixture, "bg-BG", "", ""), "first");
    assert_string_equal(routed(&fixture, "sr-Cyrl", "", ""), "first");
    assert_string_equal(routed(&fixture, "sr", "", ""), "third");
    assert_string_equal(routed(&fixture, "es", "", ""), ""); /* its name does not matter then */
    close_list(&fixture);
}

static void the_first_of_equal_routes_is_taken(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "route.one.languages=bg", "route.one.services=first", "route.two.languages=bg",
         "route.two.services=third");
    assert_string_equal(routed(&fixture, "bg", "", ""), "first");
    close_list(&fixture);
}

static void a_section_outweighs_a_source_and_a_source_a_language(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "source.quay.kind=feed", "source.quay.url=https://quay.example/", "source.reef.kind=feed",
         "source.reef.url=https://reef.example/", "route.es.services=first", "route.s.sources=quay",
         "route.s.services=second", "route.c.section=Sport", "route.c.services=third", "route.b.sources=quay",
         "route.b.section=Sport", "route.b.languages=es", "route.b.services=fourth");
    assert_string_equal(routed(&fixture, "es", "reef", "News"), "first");
    assert_string_equal(routed(&fixture, "es", "quay", "News"), "second");
    assert_string_equal(routed(&fixture, "bg", "quay", "News"), "second");
    assert_string_equal(routed(&fixture, "es", "reef", "sport"), "third");
    assert_string_equal(routed(&fixture, "bg", "quay", "Sport"), "third");
    assert_string_equal(routed(&fixture, "es", "quay", "SPORT"), "fourth");
    assert_string_equal(routed(&fixture, "bg", "reef", ""), "");
    close_list(&fixture);
}

static void routes_to_unknown_services_are_problems(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "route.es.services=first");
    service_list_check(fixture.config);
    assert_int_equal(config_problem_count(fixture.config), 0);
    config_free(fixture.config);
    service_list_close(fixture.list);
    fixture.config = config_new(program_section_tables());
    config_set(fixture.config, "service.first.kind=apy");
    config_set(fixture.config, "route.es.services=first fifth");
    config_finish(fixture.config);
    service_list_check(fixture.config);
    assert_int_equal(config_problem_count(fixture.config), 1);
    assert_non_null(strstr(config_problem(fixture.config, 0),
                           "[route \"es\"] names the service 'fifth', but there is no "
                           "[service \"fifth\"]"));
    config_free(fixture.config);
}

/* ---------------------------------------------------------------- the services of a route */

/* Returns the names of the services that are asked, in order: "first third". */
static const char *picked(const struct fixture *fixture, const char *language, enum service_task task) {
    static char names[256];
    struct route route = service_list_route(fixture->list, language, SPAN(""), SPAN(""));
    struct span model;
    names[0] = '\0';
    for (size_t i = 0;; i++) {
        const struct configured_service *service = service_list_pick(fixture->list, &route, language, task, i, &model);
        if (!service) return names;
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%.*s", i ? " " : "", SPAN_ARGS(service->name));
    }
}

static void only_usable_services_that_have_the_language_are_picked(void **state) {
    (void)state;
    struct fixture fixture;
    open_list(&fixture, usual, NULL);
    assert_string_equal(picked(&fixture, "es", SERVICE_TRANSLATES), "first third fourth");
    assert_string_equal(picked(&fixture, "bg", SERVICE_TRANSLATES), "first fourth");
    assert_string_equal(picked(&fixture, "zh-Hans", SERVICE_TRANSLATES), "first third fourth");
    assert_string_equal(picked(&fixture, "es", SERVICE_SUMMARIZES), "third");
    assert_string_equal(picked(&fixture, "tlh", SERVICE_TRANSLATES), "");
    close_list(&fixture);
}

static void a_route_gives_the_order(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "route.default.services=fourth second first");
    assert_string_equal(picked(&fixture, "es", SERVICE_TRANSLATES), "fourth first");
    struct route route = service_list_route(fixture.list, "es", SPAN(""), SPAN(""));
    struct span model = SPAN("");
    assert_non_null(service_list_pick(fixture.list, &route, "es", SERVICE_TRANSLATES, 1, &model));
    assert_span(model, "v2");
    close_list(&fixture);
}

static void one_usable_service_is_enough_for_each_route(void **state) {
    (void)state;
    struct fixture fixture;
    open_list(&fixture, usual, NULL);
    assert_true(service_list_can_serve(fixture.list, &fixture.failure));
    close_list(&fixture);
    OPEN(&fixture, "route.es.services=second first", "route.bg.services=third");
    assert_true(service_list_can_serve(fixture.list, &fixture.failure));
    close_list(&fixture);
    OPEN(&fixture, "route.es.services=first", "route.bg.services=second");
    assert_false(service_list_can_serve(fixture.list, &fixture.failure));
    assert_failure(&fixture.failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "[service \"second\"] needs a key");
    close_list(&fixture);
}

static void without_any_usable_service_the_first_says_why(void **state) {
    (void)state;
    static const char *const keyless[] = {"service.a.kind=deepl", "service.b.kind=openai", "service.b.key_env=TEST_KEY",
                                          NULL};
    struct fixture fixture;
    open_list(&fixture, keyless, NULL);
    assert_false(service_list_can_serve(fixture.list, &fixture.failure));
    assert_failure(&fixture.failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "[service \"a\"] needs a key");
    assert_failure(&fixture.list->configured_services[1].unusable, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "[service \"b\"] needs model");
    close_list(&fixture);
}

/* ---------------------------------------------------------------- languages that nobody translates */

static char told[1024];

static void note_code(void *context, struct span code) {
    assert_ptr_equal(context, told);
    snprintf(told + strlen(told), sizeof told - strlen(told), "%.*s ", SPAN_ARGS(code));
}

static void note_end(void *context, const char *what) {
    assert_ptr_equal(context, told);
    snprintf(told + strlen(told), sizeof told - strlen(told), "%s\n", what);
}

static void languages_without_a_service_are_told(void **state) {
    (void)state;
    struct fixture fixture;
    struct row rows[4] = {
        {.cells = {SPAN("es")}}, {.cells = {SPAN("tlh")}}, {.cells = {SPAN("en")}}, {.cells = {SPAN("bg")}}};
    const struct table languages = {.rows = rows, .count = 4};
    OPEN(&fixture, "route.bg.services=third");
    told[0] = '\0';
    service_list_unserved(fixture.list, &languages, note_code, told);
    assert_string_equal(told, "tlh bg ");
    close_list(&fixture);
}

static void routes_that_lead_nowhere_are_told(void **state) {
    (void)state;
    struct fixture fixture;
    OPEN(&fixture, "route.bg.services=third", "route.es.services=third", "route.x.languages=zh pl en",
         "route.x.services=third", "route.default.services=third", "route.y.section=Sport", "route.y.services=third");
    told[0] = '\0';
    service_list_dead_ends(fixture.list, note_end, told);
    assert_non_null(strstr(told, "[route \"bg\"]: none of its usable services translates 'bg' to English\n"));
    assert_non_null(strstr(told, "[route \"x\"]: none of its usable services translates 'pl' to English\n"));
    size_t lines = 0;
    for (const char *at = told; (at = strchr(at, '\n')); at++) lines++;
    assert_int_equal(lines, 2);
    close_list(&fixture);
}

/* ---------------------------------------------------------------- requests */

static void requests_get_what_belongs_to_the_service(void **state) {
    (void)state;
    struct fixture fixture;
    struct exchange exchange;
    open_list(&fixture, usual, NULL);
    const struct configured_service *service = &fixture.list->configured_services[0];
    exchange_start(&exchange, EXCHANGE_HTTP, fixture.list->arena);
    service_list_address(service, &exchange);
    assert_span(exchange.limiter, "service first");
    assert_int_equal(exchange.limits.concurrency, 3);
    assert_ptr_equal(exchange.judge, service->service->judge);
    assert_ptr_equal(exchange.errors, &fixture.list->errors);
    assert_true(exchange.trusted_host);
    assert_true(fixture.list->errors.count > 0 && fixture.list->words.count > 0);
    exchange_clear(&exchange);
    close_list(&fixture);
}

static void only_refused_parameters_are_adapted(void **state) {
    (void)state;
    struct fixture fixture;
    struct exchange exchange = {.refusal = REFUSAL_PARAMETER, .refusal_setting = SPAN("temperature=none")};
    open_list(&fixture, usual, NULL);
    const struct configured_service *all = fixture.list->configured_services;
    assert_false(service_list_adapts(&all[0], &exchange)); /* it has nothing to adapt */
    exchange.refusal = REFUSAL_TEXT;
    assert_false(service_list_adapts(&all[2], &exchange));
    exchange.refusal = REFUSAL_PARAMETER;
    assert_true(service_list_adapts(&all[2], &exchange));
    exchange.written_with = all[2].service->learned(all[2].state);
    assert_int_equal(exchange.written_with, 1);
    assert_false(service_list_adapts(&all[2], &exchange)); /* the change has not helped */
    close_list(&fixture);
}

static void the_list_is_opened_once_for_all_stages(void **state) {
    (void)state;
    struct fixture fixture;
    struct service_list *one, *two;
    open_list(&fixture, usual, NULL);
    struct resources *resources = resources_new(TEST_DATA);
    struct stage_context context = {.config = fixture.config, .data_folder = TEST_DATA, .resources = resources};
    assert_true(service_list_borrow(&context, &one, &fixture.failure));
    assert_true(service_list_borrow(&context, &two, &fixture.failure));
    assert_ptr_equal(one, two);
    assert_int_equal(one->count, 4);
    resources_free(resources);
    close_list(&fixture);
}

static void a_list_without_its_tables_is_not_opened(void **state) {
    (void)state;
    struct fixture fixture;
    struct service_list *list;
    open_list(&fixture, usual, NULL);
    assert_false(service_list_open(fixture.config, "/nowhere", &list, &fixture.failure));
    assert_int_equal(fixture.failure.exit_code, EXIT_CONFIG);
    close_list(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(services_are_listed_in_the_order_of_the_configuration),
        cmocka_unit_test(settings_are_taken_over),
        cmocka_unit_test(a_service_without_a_key_says_so),
        cmocka_unit_test(without_routes_all_services_are_asked),
        cmocka_unit_test(a_route_is_for_the_language_after_which_it_is_named),
        cmocka_unit_test(the_default_route_is_for_the_rest),
        cmocka_unit_test(a_route_may_list_languages),
        cmocka_unit_test(the_first_of_equal_routes_is_taken),
        cmocka_unit_test(a_section_outweighs_a_source_and_a_source_a_language),
        cmocka_unit_test(routes_to_unknown_services_are_problems),
        cmocka_unit_test(only_usable_services_that_have_the_language_are_picked),
        cmocka_unit_test(a_route_gives_the_order),
        cmocka_unit_test(one_usable_service_is_enough_for_each_route),
        cmocka_unit_test(without_any_usable_service_the_first_says_why),
        cmocka_unit_test(languages_without_a_service_are_told),
        cmocka_unit_test(routes_that_lead_nowhere_are_told),
        cmocka_unit_test(requests_get_what_belongs_to_the_service),
        cmocka_unit_test(only_refused_parameters_are_adapted),
        cmocka_unit_test(the_list_is_opened_once_for_all_stages),
        cmocka_unit_test(a_list_without_its_tables_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
