/* Chat completions: the request as servers read it. Answers count only if they ended cleanly and have the requested
 * form. */
#include "service_test.h"

static const char *const settings[] = {"model=m-1", "key_env=TEST_KEY", NULL};
static const char *const fenced[] = {"model=m-1", "format=fences", "url=http://127.0.0.1:1/v1", "temperature=none",
                                     NULL};

#define REPLY(reason, content)                                                                                         \
    "{\"choices\":[{\"index\":0,\"finish_reason\":\"" reason                                                           \
    "\",\"message\":{\"role\":\"assistant\",\"content\":" content                                                      \
    ",\"refusal\":null}}],\"usage\":{\"prompt_tokens\":300,\"completion_tokens\":20}}"

static void ask_two(struct bench *bench, const char *const *given) {
    bench_open(bench, "openai", given);
    bench->batch.title = SPAN("Наслов");
    bench_ask(bench, "bg", "Първи.", "Втори\nред.");
}

static void the_request_has_what_servers_require(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_span(bench.exchange.url, "https://api.openai.com/v1/chat/completions");
    assert_header(&bench, "authorization", "Bearer secret-key-1");
    assert_true(bench.exchange.carries_key);
    assert_body(&bench, "model", "\"m-1\"");
    assert_body(&bench, "temperature", "0");
    assert_body(&bench, "stream", "false");
    assert_body(&bench, "max_completion_tokens", "8192");
    assert_body(&bench, "response_format.json_schema.strict", "true");
    assert_body(&bench, "response_format.json_schema.schema.additionalProperties", "false");
    assert_body(&bench, "response_format.json_schema.schema.properties.paragraphs.items.required", "[\"n\",\"text\"]");
    bench_close(&bench);
}

static void other_servers_get_the_old_limit_and_no_schema(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_body(&bench, "max_tokens", "8192");
    assert_true(span_find(bench.exchange.body, SPAN("response_format")) == SIZE_MAX);
    assert_true(span_find(bench.exchange.body, SPAN("temperature")) == SIZE_MAX);
    assert_false(bench.exchange.carries_key);
    bench_close(&bench);
}

/* Each kind of server has its own parameter. */
static void thinking_is_asked_for_in_the_words_of_the_server(void **state) {
    (void)state;
    static const struct {
        const char *key, *path, *off, *low;
    } servers[] = {{"reasoning_effort", "reasoning_effort", "\"none\"", "\"low\""},
                   {"chat_template_kwargs", "chat_template_kwargs.enable_thinking", "false", "true"},
                   {"enable_thinking", "enable_thinking", "false", "true"},
                   {"thinking", "thinking.type", "\"disabled\"", "\"enabled\""},
                   {"reasoning", "reasoning.effort", "\"none\"", "\"low\""}};
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
        for (int off = 0; off < 2; off++) {
            char key[60];
            const char *given[] = {"model=m-1", "key_env=TEST_KEY", key, off ? "think=off" : "think=low", NULL};
            struct bench bench;
            snprintf(key, sizeof key, "think_key=%s", servers[i].key);
            ask_two(&bench, given);
            assert_body(&bench, servers[i].path, off ? servers[i].off : servers[i].low);
            bench_close(&bench);
        }
}

static void no_thinking_is_mentioned_unless_it_is_set(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(span_find(bench.exchange.body, SPAN("reasoning")) == SIZE_MAX);
    assert_true(span_find(bench.exchange.body, SPAN("thinking")) == SIZE_MAX);
    bench_close(&bench);
}

/* Returns the user message without JSON escapes. */
static struct span user_message(const struct bench *bench) {
    cJSON *root = json_parse(bench->exchange.body, 1 << 20, "request", NULL);
    struct span text = arena_copy(bench->arena, json_text(json_at(root, "messages.1.content")));
    cJSON_Delete(root);
    return text;
}

static void paragraphs_are_numbered_data_between_delimiters(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    struct span text = user_message(&bench);
    assert_true(span_find(text, SPAN("\n[1] Първи.\n[2] Втори ред.\n=====")) != SIZE_MAX);
    assert_true(span_find(text, SPAN("\nНаслов\n=====")) != SIZE_MAX);
    assert_true(span_find(text, SPAN("What stands before")) == SIZE_MAX);
    assert_true(span_find(text, SPAN("{{")) == SIZE_MAX);
    bench_close(&bench);
}

static void placeholders_in_an_article_are_text(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, "openai", settings);
    bench_ask(&bench, "bg", "{{mark}} {{title}}", NULL);
    assert_true(span_find(user_message(&bench), SPAN("[1] {{mark}} {{title}}\n")) != SIZE_MAX);
    bench_close(&bench);
}

static void terms_of_the_glossary_are_named(void **state) {
    (void)state;
    struct bench bench;
    const struct glossary_term term = {SPAN("кмет"), SPAN("mayor")};
    const struct glossary glossary = {&term, 1, SPAN("v")};
    bench_open(&bench, "openai", settings);
    bench.batch.glossary = &glossary;
    bench_ask(&bench, "bg", "Кметът.", NULL);
    assert_true(span_find(user_message(&bench), SPAN("\nкмет = mayor\n")) != SIZE_MAX);
    bench_close(&bench);
}

static void answers_are_placed_by_number(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(&bench, REPLY("stop", "\"{\\\"paragraphs\\\":[{\\\"n\\\":2,\\\"text\\\":\\\"Second.\\\"},{"
                                                 "\\\"n\\\":1,\\\"text\\\":\\\"First.\\\"}]}\"")));
    assert_int_equal(bench.count, 2);
    assert_translated(&bench, 0, "First.");
    assert_translated(&bench, 1, "Second.");
    assert_int_equal(bench.usage.input_tokens, 300);
    assert_int_equal(bench.usage.output_tokens, 20);
    bench_close(&bench);
}

static void text_around_fences_is_dropped(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(&bench, REPLY("stop", "\"Sure!\\n```\\n[1] First.\\n[2] Second.\\n```\\nLet me know.\"")));
    assert_translated(&bench, 0, "First.");
    assert_translated(&bench, 1, "Second.");
    bench_close(&bench);
}

static void text_after_the_last_item_makes_it_doubtful(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] First.\\n[2] Second.\\n\\nThe names stay.\"")));
    assert_translated(&bench, 0, "First.");
    assert_int_equal(bench.answers[1].verdict, VERDICT_RETRY);
    bench_close(&bench);
}

static void missing_and_duplicate_items_are_requested_again(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] First.\"")));
    assert_translated(&bench, 0, "First.");
    assert_int_equal(bench.answers[1].verdict, VERDICT_RETRY);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] First.\\n[1] Other.\"")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_RETRY);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] A.\\n[2] B.\\n[3] C.\"")));
    assert_translated(&bench, 1, "B.");
    assert_false(bench_read(&bench, REPLY("stop", "\"[1] A.\\n[2] B.\\n[3] C.\\n[4] D.\\n[5] E.\"")));
    assert_sentence(&bench.failure, "5 paragraphs for 2");
    bench_close(&bench);
}

static void only_a_clean_stop_counts(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(&bench, REPLY("length", "\"[1] First.\\n[2] Sec\"")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    assert_true(bench_read(&bench, REPLY("content_filter", "null")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_REFUSED);
    assert_true(bench_read(&bench, REPLY("tool_calls", "null")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    assert_true(bench_read(
        &bench,
        "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":null,\"refusal\":\"I will not.\"}}]}"));
    assert_int_equal(bench.answers[1].verdict, VERDICT_REFUSED);
    bench_close(&bench);
}

/* A server may count tokens although nothing came back: they are not charged as if something had. */
static void an_answer_without_text_is_told_from_one_with(void **state) {
    (void)state;
    static const struct {
        const char *reply;
        bool unanswered;
    } replies[] = {{REPLY("stop", "\"\""), true},
                   {REPLY("stop", "\"[1] First.\\n[2] Second.\""), false},
                   {REPLY("stop", "[{\"type\":\"reasoning\",\"text\":\"\"}]"), false}};
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct bench bench;
        ask_two(&bench, fenced);
        bench_read(&bench, replies[i].reply);
        if (bench.usage.unanswered != replies[i].unanswered) fail_msg("%s", replies[i].reply);
        assert_int_equal(bench.usage.input_tokens, 300);
        bench_close(&bench);
    }
}

static void refusals_in_plain_words_are_recognised(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, fenced);
    assert_true(bench_read(&bench, REPLY("stop", "\"I\xE2\x80\x99m sorry, but I can\xE2\x80\x99t help with that.\"")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_REFUSED);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] First.\\n[2] Here is the translation: second\"")));
    assert_int_equal(bench.answers[1].verdict, VERDICT_RETRY);
    assert_true(bench_read(&bench, REPLY("stop", "\"[1] \\\"I'm sorry, but I can't,\\\" he said.\\n[2] Second.\"")));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TRANSLATED);
    bench_close(&bench);
}

static void the_delimiter_must_not_come_back(void **state) {
    (void)state;
    struct bench bench;
    char reply[1024];
    ask_two(&bench, fenced);
    struct span text = user_message(&bench);
    struct span digits = span_cut(text, span_find(text, SPAN("=====")) + 5, span_find(text, SPAN("=====")) + 21);
    snprintf(reply, sizeof reply, REPLY("stop", "\"[1] First.\\n[2] x %.*s\""), SPAN_ARGS(digits));
    assert_true(bench_read(&bench, reply));
    assert_int_equal(bench.answers[0].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void a_truncated_prompt_counts_as_too_long(void **state) {
    (void)state;
    struct bench bench;
    char text[2001];
    memset(text, 'a', 2000);
    text[2000] = '\0';
    bench_open(&bench, "openai", fenced);
    bench_ask(&bench, "bg", text, NULL);
    assert_true(bench_read(&bench, "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"[1] "
                                   "A.\"}}],\"usage\":{\"prompt_tokens\":120}}"));
    assert_int_equal(bench.answers[0].verdict, VERDICT_TOO_LONG);
    bench_close(&bench);
}

static void summaries_are_tied_to_sentences(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    bench.batch.task = SERVICE_SUMMARIZES;
    bench.batch.sentences = 3;
    assert_true(bench_read(&bench, REPLY("stop", "\"{\\\"sentences\\\":[{\\\"text\\\":\\\"All.\\\",\\\"from\\\":[1,2,9]"
                                                 "},{\\\"text\\\":\\\"Free.\\\",\\\"from\\\":[]}]}\"")));
    assert_int_equal(bench.count, 2);
    assert_translated(&bench, 0, "All.");
    assert_int_equal(bench.answers[0].rests_on_count, 2);
    assert_int_equal(bench.answers[0].rests_on[1], 2);
    assert_int_equal(bench.answers[1].verdict, VERDICT_BROKEN);
    assert_true(bench_read(&bench, REPLY("stop", "\"```\\nAll of it. [1, 2]\\n```\"")));
    assert_translated(&bench, 0, "All of it.");
    assert_int_equal(bench.answers[0].rests_on_count, 2);
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(
        bench_judge(
            &bench, 401,
            "{\"error\":{\"message\":\"Incorrect API key provided: secret-key-1.\",\"code\":\"invalid_api_key\"}}"),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check key_file");
    assert_null(strstr(bench.exchange.failure.sentence, "secret-key-1"));
    assert_int_equal(bench_judge(&bench, 429, "{\"error\":{\"message\":\"q\",\"code\":\"insufficient_quota\"}}"),
                     EXCHANGE_CLOSED);
    assert_int_equal(bench_judge(&bench, 429, "{\"error\":{\"message\":\"q\",\"code\":\"rate_limit_exceeded\"}}"),
                     EXCHANGE_THROTTLED);
    assert_int_equal(
        bench_judge(&bench, 404, "{\"error\":{\"message\":\"model 'x' not found, try pulling it first\"}}"),
        EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "check model");
    assert_int_equal(bench_judge(&bench, 400, "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"m\"}}"),
                     EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 400,
                                 "{\"error\":{\"code\":\"unsupported_parameter\",\"message\":\"'response_format' of "
                                 "type 'json_schema' is not supported\"}}"),
                     EXCHANGE_FINAL);
    assert_int_equal(bench.exchange.refusal, REFUSAL_PARAMETER);
    assert_sentence(&bench.exchange.failure, "format = fences");
    assert_int_equal(
        bench_judge(&bench, 400,
                    "{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096 tokens.\"}"),
        EXCHANGE_FINAL);
    assert_int_equal(bench_judge(&bench, 200, "<!doctype html><p>Welcome"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "web page");
    assert_int_equal(bench_judge(&bench, 200, "{\"error\":{\"message\":\"overloaded\"}}"), EXCHANGE_TRANSIENT);
    assert_int_equal(bench_judge(&bench, 200, "{malformed json: <<<chaos>>>"), EXCHANGE_TRANSIENT);
    assert_int_equal(bench_judge(&bench, 200, ""), EXCHANGE_TRANSIENT);
    bench_close(&bench);
}

static void the_prompt_is_part_of_the_version(void **state) {
    (void)state;
    struct bench one, two;
    bench_open(&one, "openai", settings);
    bench_open(&two, "openai", fenced);
    struct span first = one.service->prompt_version(one.state, SERVICE_TRANSLATES);
    assert_true(first.length > 12);
    assert_false(span_equal(first, two.service->prompt_version(two.state, SERVICE_TRANSLATES)));
    assert_false(span_equal(first, one.service->prompt_version(one.state, SERVICE_SUMMARIZES)));
    bench_close(&one);
    bench_close(&two);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_has_what_servers_require),
                                       cmocka_unit_test(other_servers_get_the_old_limit_and_no_schema),
                                       cmocka_unit_test(thinking_is_asked_for_in_the_words_of_the_server),
                                       cmocka_unit_test(no_thinking_is_mentioned_unless_it_is_set),
                                       cmocka_unit_test(paragraphs_are_numbered_data_between_delimiters),
                                       cmocka_unit_test(placeholders_in_an_article_are_text),
                                       cmocka_unit_test(terms_of_the_glossary_are_named),
                                       cmocka_unit_test(answers_are_placed_by_number),
                                       cmocka_unit_test(text_around_fences_is_dropped),
                                       cmocka_unit_test(text_after_the_last_item_makes_it_doubtful),
                                       cmocka_unit_test(missing_and_duplicate_items_are_requested_again),
                                       cmocka_unit_test(only_a_clean_stop_counts),
                                       cmocka_unit_test(refusals_in_plain_words_are_recognised),
                                       cmocka_unit_test(an_answer_without_text_is_told_from_one_with),
                                       cmocka_unit_test(the_delimiter_must_not_come_back),
                                       cmocka_unit_test(a_truncated_prompt_counts_as_too_long),
                                       cmocka_unit_test(summaries_are_tied_to_sentences),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(the_prompt_is_part_of_the_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
