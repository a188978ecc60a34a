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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_slow_machine_has_a_profile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
