/* Anthropic: text blocks of complete answers, and errors by their type. */
#include "service_test.h"

static const char *const settings[] = {"model=m-1", "key_env=TEST_KEY", "answer_tokens=2048", NULL};
static const char *const fenced[] = {"model=m-1", "key_env=TEST_KEY", "format=fences", "temperature=none", NULL};

#define REPLY(reason, blocks)                                                                                          \
    "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[" blocks "],\"stop_reason\":\"" reason                  \
    "\",\"usage\":{\"input_tokens\":200,\"cache_read_input_tokens\":100,\"output_tokens\":20}}"
#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define ERROR(type, message)                                                                                           \
    "{\"type\":\"error\",\"error\":{\"type\":\"" type "\",\"message\":\"" message "\"},\"request_id\":\"r\"}"

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "anthropic", given);
    bench_ask(bench, "bg", "Първи.", "Втори.");
}

static void the_request_has_what_the_service_requires(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "https://api.anthropic.com/v1/messages");
    assert_header(&bench, "x-api-key", "secret-key-1");
    assert_header(&bench, "anthropic-version", "2023-06-01");
    assert_body(&bench, "model", "\"m-1\"");
    assert_body(&bench, "max_tokens", "2048");
    assert_body(&bench, "temperature", "0");
    assert_body(&bench, "messages.0.role", "\"user\"");
    assert_body(&bench, "output_config.format.type", "\"json_schema\"");
    assert_body(&bench, "output_config.format.schema.additionalProperties", "false");
    bench_close(&bench);
}

static void older_models_get_neither_schema_nor_temperature(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(span_find(bench.exchange.body, SPAN("output_config")) == SIZE_MAX);
    assert_true(span_find(bench.exchange.body, SPAN("temperature")) == SIZE_MAX);
    bench_close(&bench);
}

/* The API refuses a temperature from a model that thinks. */
static void thinking_has_a_budget_and_no_temperature(void **state) {
    (void)state;
    static const char *const thinks[] = {"model=m-1", "key_env=TEST_KEY", "thinking_budget=2048", NULL};
    static const char *const never[] = {"model=m-1", "key_env=TEST_KEY", "thinking_budget=0", NULL};
    struct bench bench;
    ask_two(&bench, thinks);
    assert_body(&bench, "thinking", "{\"type\":\"enabled\",\"budget_tokens\":2048}");
    assert_true(span_find(bench.exchange.body, SPAN("temperature")) == SIZE_MAX);
    bench_close(&bench);
    ask_two(&bench, never);
    assert_body(&bench, "thinking", "{\"type\":\"disabled\"}");
    assert_body(&bench, "temperature", "0");
    bench_close(&bench);
    ask_two(&bench, settings);
    assert_true(span_find(bench.exchange.body, SPAN("thinking")) == SIZE_MAX);
    bench_close(&bench);
}

static void blocks_of_text_are_joined_and_thoughts_left_out(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(
        &bench, REPLY("end_turn", "{\"type\":\"thinking\",\"thinking\":\"[1] Hm.\",\"text\":\"[1] Hm.\"}," TEXT(
                                      "[1] First.\\n[2] Sec") "," TEXT("ond."))));
    assert_translated(&bench, 0, "First.");
    assert_translated(&bench, 1, "Second.");
    assert_int_equal(bench.usage.input_tokens, 300);
    assert_int_equal(bench.usage.output_tokens, 20);
    bench_close(&bench);
}

static void only_a_complete_answer_counts(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(&bench, REPLY("max_tokens", TEXT("[1] First."))));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_true(bench_read(&bench, REPLY("model_context_window_exceeded", TEXT("[1] First."))));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_true(bench_read(&bench, REPLY("refusal", "")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_REFUSED);
    assert_true(bench_read(&bench, REPLY("tool_use", TEXT("[1] First."))));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    assert_true(bench_read(&bench, REPLY("end_turn", "")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(bench_judge(&bench, 401, ERROR("authentication_error", "invalid x-api-key")), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file");
    assert_int_equal(bench_judge(&bench, 404, ERROR("not_found_error", "model: m-1")), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check model");
    assert_int_equal(
        bench_judge(&bench, 400, ERROR("invalid_request_error", "Your credit balance is too low to access the API.")),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "no credit");
    assert_int_equal(
        bench_judge(&bench, 400, ERROR("invalid_request_error", "output_config: Extra inputs are not permitted")),
        EXCHANGE_FINAL);
    assert_sentence(&bench.exchange.failure, "format = fences");
    assert_int_equal(bench_judge(&bench, 400, ERROR("invalid_request_error", "prompt is too long: 210000 tokens")),
                     EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 413, ERROR("request_too_large", "m")), EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 429, ERROR("rate_limit_error", "m")), EXCHANGE_THROTTLED);
    assert_int_equal(bench_judge(&bench, 529, ERROR("overloaded_error", "m")), EXCHANGE_THROTTLED);
    assert_int_equal(bench_judge(&bench, 500, ERROR("api_error", "m")), EXCHANGE_TRANSIENT);
    assert_int_equal(bench_judge(&bench, 200, ERROR("overloaded_error", "m")), EXCHANGE_THROTTLED);
    bench_close(&bench);
}

static void key_and_model_are_needed(void **state) {
    (void)state;
    static const char *const no_model[] = {"key_env=TEST_KEY", NULL};
    assert_refuses("anthropic", NULL, "needs a key");
    assert_refuses("anthropic", no_model, "needs model");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_has_what_the_service_requires),
                                       cmocka_unit_test(older_models_get_neither_schema_nor_temperature),
                                       cmocka_unit_test(thinking_has_a_budget_and_no_temperature),
                                       cmocka_unit_test(blocks_of_text_are_joined_and_thoughts_left_out),
                                       cmocka_unit_test(only_a_complete_answer_counts),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(key_and_model_are_needed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
