/* Gemini: answers without candidates, candidates without content, recitation; waits named in the details of an error.
 */
#include "service_test.h"

static const char *const settings[] = {"model=m-1", "key_env=TEST_KEY", NULL};
static const char *const fenced[] = {"model=tunedModels/t-1", "key_env=TEST_KEY", "format=fences", "thinking_budget=0",
                                     NULL};

#define REPLY(reason, content)                                                                                         \
    "{\"candidates\":[{" content "\"finishReason\":\"" reason                                                          \
    "\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":300,"                                                    \
    "\"candidatesTokenCount\":20,\"thoughtsTokenCount\":5},\"modelVersion\":\"m-1\"}"
#define PARTS(parts) "\"content\":{\"role\":\"model\",\"parts\":[" parts "]},"

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "gemini", given);
    bench_ask(bench, "bg", "Първи.", "Втори.");
}

static void the_request_has_what_the_service_requires(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "https://generativelanguage.googleapis.com/v1beta/models/m-1:generateContent");
    assert_header(&bench, "x-goog-api-key", "secret-key-1");
    assert_body(&bench, "generationConfig.temperature", "0");
    assert_body(&bench, "generationConfig.responseMimeType", "\"application/json\"");
    assert_body(&bench, "generationConfig.responseSchema.properties.paragraphs.type", "\"array\"");
    assert_body(&bench, "safetySettings.3.threshold", "\"BLOCK_NONE\"");
    assert_body(&bench, "contents.0.role", "\"user\"");
    assert_true(span_find(bench.exchange.body, SPAN("additionalProperties")) == SIZE_MAX);
    assert_true(span_find(bench.exchange.body, SPAN("thinkingConfig")) == SIZE_MAX);
    bench_close(&bench);
}

static void other_models_have_their_own_place(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_span(bench.exchange.url, "https://generativelanguage.googleapis.com/v1beta/tunedModels/t-1:generateContent");
    assert_body(&bench, "generationConfig.thinkingConfig.thinkingBudget", "0");
    assert_true(span_find(bench.exchange.body, SPAN("responseSchema")) == SIZE_MAX);
    bench_close(&bench);
}

static void parts_are_joined_and_thoughts_left_out(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(
        &bench,
        REPLY(
            "STOP",
            PARTS("{\"text\":\"[1] Hm.\",\"thought\":true},{\"text\":\"[1] First.\\n\"},{\"text\":\"[2] Second.\"}"))));
    assert_translated(&bench, 0, "First.");
    assert_translated(&bench, 1, "Second.");
    assert_int_equal(bench.usage.input_tokens, 300);
    assert_int_equal(bench.usage.output_tokens, 25);
    bench_close(&bench);
}

static void an_answer_without_candidates_is_a_refusal(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(
        &bench,
        "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"usageMetadata\":{\"promptTokenCount\":300}}"));
    assert_int_equal(bench.count, 2);
    assert_int_equal(bench.answers[0].verdict, VERDICT_REFUSED);
    assert_true(span_find(bench.answers[0].note, SPAN("PROHIBITED_CONTENT")) != SIZE_MAX);
    assert_true(bench_read(&bench, "{\"usageMetadata\":{\"promptTokenCount\":300}}"));
    assert_int_equal(bench.answers[1].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void a_candidate_without_content_is_a_refusal(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(&bench, REPLY("RECITATION", "")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_REFUSED);
    assert_true(bench_read(&bench, REPLY("SAFETY", "")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_REFUSED);
    assert_true(bench_read(&bench, REPLY("MAX_TOKENS", PARTS("{\"text\":\"{\"}"))));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_true(bench_read(&bench, REPLY("STOP", "")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    assert_true(bench_read(&bench, REPLY("OTHER", "")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(
        bench_judge(&bench, 429,
                    "{\"error\":{\"code\":429,\"message\":\"m\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                    "{\"@type\":\"q\",\"violations\":[{\"quotaId\":\"GenerateRequestsPerMinutePerProject\"}]},{\"@"
                    "type\":\"r\",\"retryDelay\":\"12.5s\"}]}}"),
        EXCHANGE_THROTTLED);
    assert_int_equal(bench.exchange.retry_after_ms, 12500);
    assert_int_equal(
        bench_judge(&bench, 429,
                    "{\"error\":{\"code\":429,\"message\":\"m\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                    "{\"@type\":\"q\",\"violations\":[{\"quotaId\":\"GenerateRequestsPerDayPerProject\"}]}]}}"),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "the day's quota");
    assert_int_equal(
        bench_judge(&bench, 400,
                    "{\"error\":{\"code\":400,\"message\":\"API key not "
                    "valid.\",\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}}"),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file");
    assert_int_equal(
        bench_judge(&bench, 404,
                    "{\"error\":{\"code\":404,\"message\":\"models/m-1 is not found\",\"status\":\"NOT_FOUND\"}}"),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check model");
    assert_int_equal(bench_judge(&bench, 402, "{\"error\":{\"code\":402,\"message\":\"m\"}}"), EXCHANGE_CLOSED);
    assert_int_equal(bench_judge(&bench, 400,
                                 "{\"error\":{\"code\":400,\"message\":\"User location is not supported for the API "
                                 "use.\",\"status\":\"FAILED_PRECONDITION\"}}"),
                     EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "not available");
    assert_int_equal(
        bench_judge(
            &bench, 500,
            "{\"error\":{\"code\":500,\"message\":\"Your input context is too long.\",\"status\":\"INTERNAL\"}}"),
        EXCHANGE_FINAL);
    assert_int_equal(
        bench_judge(&bench, 503,
                    "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}"),
        EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void key_and_model_are_needed(void **state) {
    (void)state;
    assert_refuses("gemini", NULL, "needs a key");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_has_what_the_service_requires),
                                       cmocka_unit_test(other_models_have_their_own_place),
                                       cmocka_unit_test(parts_are_joined_and_thoughts_left_out),
                                       cmocka_unit_test(an_answer_without_candidates_is_a_refusal),
                                       cmocka_unit_test(a_candidate_without_content_is_a_refusal),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(key_and_model_are_needed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
