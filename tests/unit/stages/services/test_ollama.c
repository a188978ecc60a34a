/* Ollama's own protocol: the context size is sent, and text that the server dropped silently is noticed. */
#include "service_test.h"

static const char *const settings[] = {"model=m-1", "num_ctx=4096", "format=fences", NULL};

#define REPLY(reason, content, tokens)                                                                                 \
    "{\"model\":\"m-1\",\"message\":{\"role\":\"assistant\",\"content\":" content                                      \
    "},\"done\":true,\"done_reason\":\"" reason "\",\"prompt_eval_count\":" tokens ",\"eval_count\":12}"

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "ollama", given);
    bench_ask(bench, "bg", "Първи.", "Втори.");
}

static void the_request_gives_the_context_size(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "http://127.0.0.1:11434/api/chat");
    assert_body(&bench, "options.num_ctx", "4096");
    assert_body(&bench, "options.temperature", "0");
    assert_body(&bench, "options.num_predict", "8192");
    assert_body(&bench, "stream", "false");
    assert_body(&bench, "think", "false");
    assert_body(&bench, "keep_alive", "\"5m\"");
    assert_false(bench.exchange.carries_key);
    assert_true(span_find(bench.exchange.body, SPAN("\"format\"")) == SIZE_MAX);
    bench_close(&bench);
}

static void the_form_of_the_answer_is_a_schema(void **state) {
    (void)state;
    static const char *const structured[] = {"model=m-1", NULL};
    struct bench bench;
    ask_two(&bench, structured);
    assert_body(&bench, "format.properties.paragraphs.items.required", "[\"n\",\"text\"]");
    bench_close(&bench);
}

static void only_a_clean_stop_counts(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] First.\\n[2] Second.\"", "300")));
    assert_translated(&bench, 0, "First.");
    assert_translated(&bench, 1, "Second.");
    assert_int_equal(bench.usage.input_tokens, 300);
    assert_int_equal(bench.usage.output_tokens, 12);
    assert_true(bench_read(&bench, REPLY("length", "\"[1] First.\\n[2] Sec\"", "300")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_true(bench_read(&bench, "{\"message\":{\"content\":\"[1] First.\\n[2] Second.\"},\"done\":false}"));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void a_full_context_means_lost_text(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] First.\\n[2] Second.\"", "4096")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_true(span_find(bench.answers[0].note, SPAN("num_ctx")) != SIZE_MAX);
    bench_close(&bench);
}

static void fewer_tokens_than_the_text_can_have_mean_loss(void **state) {
    (void)state;
    struct bench bench;
    char text[3001];
    memset(text, 'a', 3000);
    text[3000] = '\0';
    bench_open(&bench, "ollama", settings);
    bench_ask(&bench, "bg", text, NULL);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] A.\"", "220")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] A.\"", "900")));
    assert_translated(&bench, 0, "A.");
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(bench_judge(&bench, 404, "{\"error\":\"model 'm-1' not found\"}"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "ollama pull");
    assert_int_equal(bench_judge(&bench, 400, "{\"error\":\"\\\"m-1\\\" does not support thinking\"}"), EXCHANGE_FINAL);
    assert_int_equal(bench.exchange.refusal, REFUSAL_PARAMETER);
    assert_sentence(&bench.exchange.failure, "remove think");
    assert_int_equal(
        bench_judge(&bench, 500, "{\"error\":\"model requires more system memory (8 GiB) than is available\"}"),
        EXCHANGE_CLOSED);
    assert_int_equal(
        bench_judge(&bench, 503, "{\"error\":\"server busy, please try again. maximum pending requests exceeded\"}"),
        EXCHANGE_THROTTLED);
    assert_int_equal(bench_judge(&bench, 200, "{\"error\":\"an error was encountered while running the model\"}"),
                     EXCHANGE_TRANSIENT);
    assert_int_equal(
        bench_judge(&bench, 200, "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"load\"}"),
        EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void an_unrequested_stream_is_not_an_answer(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    bench_reply(
        &bench, 200,
        "{\"message\":{\"content\":\"[1]\"},\"done\":false}\n{\"message\":{\"content\":\" A.\"},\"done\":true}");
    assert_false(bench.service->read_reply(bench.state, &bench.batch, &bench.exchange, bench.answers, &bench.count,
                                           &bench.usage, &bench.failure));
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_gives_the_context_size),
                                       cmocka_unit_test(the_form_of_the_answer_is_a_schema),
                                       cmocka_unit_test(only_a_clean_stop_counts),
                                       cmocka_unit_test(a_full_context_means_lost_text),
                                       cmocka_unit_test(fewer_tokens_than_the_text_can_have_mean_loss),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(an_unrequested_stream_is_not_an_answer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
