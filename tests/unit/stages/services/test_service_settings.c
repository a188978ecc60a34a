/* The limits of a service: the user's, those of its profile, or the adapter's defaults. */
#include "service_test.h"

/* Values of the profile, which the user's own replace. */
static void assert_limits(const char *kind, const char *const *with, unsigned concurrency, unsigned timeout_ms,
                          size_t words, unsigned long tokens) {
    struct bench bench;
    bench_open(&bench, kind, with);
    const struct service_settings *common = section_values(config_section_at(bench.config, service_table, 0));
    struct rate_limits limits = service_rate_limits(bench.service, common);
    assert_int_equal(limits.concurrency, concurrency);
    assert_int_equal(limits.timeout_ms, timeout_ms);
    assert_int_equal(service_request_words(common), words);
    if (tokens) assert_int_equal(bench.service->longest_answer(bench.state), tokens);
    bench_close(&bench);
}

static void a_slow_machine_has_a_profile(void **state) {
    (void)state;
    const char *const slow[] = {"model=m", "profile=slow-local", NULL}, *const none[] = {"model=m", NULL},
                      *const server[] = {"profile=slow-local", "timeout=30m", NULL},
                      *const own[] = {"model=m",           "profile=slow-local", "timeout=20s", "concurrency=2",
                                      "request_words=450", "answer_tokens=8192", NULL};
    const struct rate_limits usual = service_of(SPAN("ollama"))->limiter;
    assert_limits("ollama", none, usual.concurrency, usual.timeout_ms, 450, 8192);
    assert_limits("ollama", slow, 1, 900000, 150, 2048);
    assert_limits("ollama", own, 2, 20000, 450, 8192);
    assert_limits("libretranslate", server, 1, 1800000, 150, 0);
}

static struct rate_limits limits_with(const char *setting) {
    struct bench bench;
    bench_open(&bench, "libretranslate", (const char *const[]){setting, NULL});
    struct rate_limits limits =
        service_rate_limits(bench.service, section_values(config_section_at(bench.config, service_table, 0)));
    bench_close(&bench);
    return limits;
}

static void each_limit_can_be_set_alone(void **state) {
    (void)state;
    const struct rate_limits usual = service_of(SPAN("libretranslate"))->limiter;
    static const char *const settings[] = {NULL,         "gap=250ms",  "concurrency=7",
                                           "timeout=9s", "attempts=6", "max_wait=12s"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct rate_limits limits = limits_with(settings[i]);
        assert_int_equal(limits.gap_ms, i == 1 ? 250 : usual.gap_ms);
        assert_int_equal(limits.concurrency, i == 2 ? 7 : usual.concurrency);
        assert_int_equal(limits.timeout_ms, i == 3 ? 9000 : usual.timeout_ms);
        assert_int_equal(limits.attempts, i == 4 ? 6 : usual.attempts);
        assert_int_equal(limits.max_wait_ms, i == 5 ? 12000 : 60000);
        assert_int_equal(limits.adaptive, usual.adaptive);
    }
}

static void every_kind_of_service_is_listed(void **state) {
    (void)state;
    size_t count = 0;
    for (; service_kind_at(count).name; count++) {
        assert_string_equal(service_kind_at(count).name, services[count]->name);
        assert_ptr_equal(service_kind_at(count).help, services[count]->help);
        assert_ptr_equal(service_kind_at(count).settings.entries, services[count]->settings.entries);
        assert_ptr_equal(service_of(span_of(services[count]->name)), services[count]);
    }
    assert_null(services[count]);
    assert_true(count > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_slow_machine_has_a_profile),
                                       cmocka_unit_test(each_limit_can_be_set_alone),
                                       cmocka_unit_test(every_kind_of_service_is_listed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
