/* A program over pipes: its command line, the request as docs/services-command.md describes it, and its answers. */
#include "service_test.h"

static const char *const settings[] = {"command=sh -c 'cat  -u' end", "model=tiny", "environment=TEST_KEY NOT_SET_HERE",
                                       "concurrency=3", NULL};

static void ask_two(struct bench *bench, const char *const *with) {
    bench_open(bench, "command", with);
    bench_ask(bench, "nb", "En.", "To.");
}

static void the_request_is_one_line(void **state) {
    (void)state;
    struct bench bench;
    bench_open(&bench, "command", settings);
    bench.batch.title = SPAN("Ei\nsak");
    bench_ask(&bench, "nb", "En\n1.", "To.");
    assert_int_equal(bench.exchange.kind, EXCHANGE_PIPE);
    assert_body(&bench, "id", "1");
    assert_body(&bench, "source", "\"nb\"");
    assert_body(&bench, "target", "\"en\"");
    assert_body(&bench, "texts", "[\"En\\n1.\",\"To.\"]");
    assert_body(&bench, "title", "\"Ei\\nsak\"");
    assert_int_equal(span_find(bench.exchange.body, SPAN("\n")), bench.exchange.body.length - 1);
    bench_ask(&bench, "nb", "Tre.", NULL);
    assert_body(&bench, "id", "2");
    bench_close(&bench);
}

static void terms_are_pairs(void **state) {
    (void)state;
    struct bench bench;
    struct glossary_term terms[] = {{SPAN("sak"), SPAN("case")}, {SPAN("\"by\""), SPAN("town")}};
    struct glossary glossary = {.terms = terms, .count = 2};
    bench_open(&bench, "command", settings);
    bench.batch.glossary = &glossary;
    bench_ask(&bench, "nb", "En.", NULL);
    assert_body(&bench, "terms", "[[\"sak\",\"case\"],[\"\\\"by\\\"\",\"town\"]]");
    bench_close(&bench);
}

static void the_command_is_words_without_a_shell(void **state) {
    (void)state;
    struct bench bench;
    struct span model;
    ask_two(&bench, settings);
    const struct command *command = bench.exchange.commands;
    const char *const expected[] = {"sh", "-c", "cat  -u", "end"};
    for (size_t i = 0; i < 4; i++) assert_string_equal(command->arguments[i], expected[i]);
    assert_null(command->arguments[4]);
    assert_string_equal(command->environment[0], "TEST_KEY=secret-key-1");
    assert_null(command->environment[1]);
    assert_int_equal(bench.exchange.copies, 3);
    assert_true(bench.service->offers(bench.state, "nb", "en", &model));
    assert_span(model, "tiny");
    bench_close(&bench);
}

static void without_a_model_its_words_name_it(void **state) {
    (void)state;
    const char *const bare[] = {"command= cat -u ", NULL};
    struct bench bench;
    struct span model;
    ask_two(&bench, bare);
    assert_true(bench.service->offers(bench.state, "xx", "en", &model));
    assert_span(model, "cat -u");
    assert_false(bench.service->offers(bench.state, "nb", "de", &model));
    bench_close(&bench);
}

static void languages_have_the_programs_codes(void **state) {
    (void)state;
    const char *const some[] = {"command=cat", "languages=nb=nob_Latn mk", NULL};
    struct bench bench;
    struct span model;
    ask_two(&bench, some);
    assert_body(&bench, "source", "\"nob_Latn\"");
    assert_true(bench.service->offers(bench.state, "mk", "en", &model));
    assert_false(bench.service->offers(bench.state, "es", "en", &model));
    bench_close(&bench);
}

static void a_wrong_command_is_named(void **state) {
    (void)state;
    const char *const none[] = {NULL}, *const missing[] = {"command=no-such-program-here --fast", NULL},
                      *const folder[] = {"command=/usr/share/no-such", NULL},
                      *const open[] = {"command=sh -c 'cat", NULL};
    char many[256] = "environment=";
    for (int i = 0; i < 62; i++) strcat(many, "A ");
    const char *const variables[] = {"command=cat", many, NULL};
    assert_refuses("command", variables, "environment: at most 61 names, not 62");
    assert_refuses("command", none, "needs command = ...");
    assert_refuses("command", missing, "'no-such-program-here' is not a program that can be run");
    assert_refuses("command", folder, "'/usr/share/no-such' is not a program that can be run");
    assert_refuses("command", open, "a quotation mark is missing in sh -c 'cat");
}

static enum frame_kind kind_of(const struct bench *bench, const char *line) {
    return bench->exchange.form->kind_of(&bench->exchange, span_of(line));
}

static void lines_that_are_no_reply_are_garbage(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(kind_of(&bench, "{\"id\":1,\"translations\":[\"One.\",\"Two.\"]}\r\n"), FRAME_REPLY);
    assert_int_equal(kind_of(&bench, "{\"id\":1,\"error\":\"no\"}\n"), FRAME_REPLY);
    assert_int_equal(kind_of(&bench, "{\"hello\":1,\"model\":\"tiny\"}\n"), FRAME_GREETING);
    const char *const garbage[] = {"\n",
                                   "loading ...\n",
                                   "{\"id\":2,\"translations\":[\"One.\",\"Two.\"]}\n",
                                   "{\"translations\":[\"One.\",\"Two.\"]}\n",
                                   "{\"id\":1,\"translations\":\"One.\"}\n",
                                   "{\"id\":1,\"translations\":[\"On",
                                   "{\"id\":1,\"error\":7}\n",
                                   "[1]\n",
                                   "null\n"};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
        assert_int_equal(kind_of(&bench, garbage[i]), FRAME_GARBAGE);
    bench_close(&bench);
}

static void translations_are_read_in_order(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_true(bench_read(&bench, "{\"id\":1,\"translations\":[\"One.\",\"Two.\"]}\n"));
    assert_translated(&bench, 0, "One.");
    assert_translated(&bench, 1, "Two.");
    assert_false(bench_read(&bench, "{\"id\":1,\"translations\":[\"One.\"]}\n"));
    assert_int_equal(bench.answers[0].verdict, VERDICT_MISCOUNTED);
    assert_false(bench_read(&bench, "{\"id\":1,\"translations\":[]}\n"));
    assert_sentence(&bench.failure, "returned no translations: check command");
    assert_true(bench_read(&bench, "{\"id\":1,\"error\":\"\",\"translations\":[\"One.\",\"\"]}\n"));
    assert_int_equal(bench.answers[1].verdict, VERDICT_BROKEN);
    bench_close(&bench);
}

static void errors_say_what_to_do(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(bench_judge(&bench, 0, "{\"id\":1,\"error\":\"no memory\\u001b[2J left\",\"retry\":true}\n"),
                     EXCHANGE_TRANSIENT);
    assert_sentence(&bench.exchange.failure, "service s answered with an error (try again later): no memory [2J left");
    assert_int_equal(bench.exchange.failure.reach, REACH_SERVICE);
    assert_int_equal(bench_judge(&bench, 0, "{\"id\":1,\"error\":\"odd signs\",\"retry\":false}\n"), EXCHANGE_FINAL);
    assert_int_equal(bench.exchange.refusal, REFUSAL_TEXT);
    assert_int_equal(bench.exchange.failure.reach, REACH_ARTICLE);
    assert_int_equal(bench_judge(&bench, 0, "{\"id\":1,\"error\":\"language nb is unknown\"}\n"), EXCHANGE_FINAL);
    assert_int_equal(bench.exchange.refusal, REFUSAL_LANGUAGE);
    assert_int_equal(bench_judge(&bench, 0, "{\"id\":1,\"error\":\"the text is too long\"}\n"), EXCHANGE_FINAL);
    assert_int_equal(bench.exchange.refusal, REFUSAL_SIZE);
    bench_close(&bench);
}

static enum exchange_verdict judge_after(struct bench *bench, const char *greeting) {
    static const char good[] = "{\"id\":1,\"translations\":[\"One.\",\"Two.\"]}\n";
    bench_reply(bench, 0, good);
    bench->exchange.greeting = span_of(greeting);
    return bench->service->judge(&bench->exchange);
}

/* A program that has changed its model must not fill the memory of the old one. */
static void the_greeting_must_fit_the_configuration(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    assert_int_equal(judge_after(&bench, "{\"hello\":1}\n"), EXCHANGE_GOOD);
    assert_int_equal(judge_after(&bench, "{\"hello\":1,\"model\":\"tiny\",\"languages\":[\"sv\",\"nb\"]}\n"),
                     EXCHANGE_GOOD);
    assert_int_equal(judge_after(&bench, "{\"hello\":1,\"model\":\"huge\"}\n"), EXCHANGE_CLOSED);
    assert_sentence(&bench.exchange.failure, "set model = huge");
    assert_int_equal(judge_after(&bench, "{\"hello\":1,\"languages\":[\"sv\"]}\n"), EXCHANGE_FINAL);
    assert_int_equal(bench.exchange.refusal, REFUSAL_LANGUAGE);
    bench_close(&bench);
}

static void a_failed_program_is_tried_again(void **state) {
    (void)state;
    struct bench bench;
    ask_two(&bench, settings);
    failure_set(&bench.exchange.failure, REACH_SERVICE, REMEDY_RETRY, "the program exited without a reply (sh): why");
    assert_int_equal(bench.service->judge(&bench.exchange), EXCHANGE_TRANSIENT);
    assert_sentence(&bench.exchange.failure, "service s: the program exited without a reply (sh): why");
    failure_set(&bench.exchange.failure, REACH_SERVICE, REMEDY_NEXT_RUN, "the program cannot be started (sh): why");
    assert_int_equal(bench.service->judge(&bench.exchange), EXCHANGE_CLOSED);
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_request_is_one_line),
                                       cmocka_unit_test(terms_are_pairs),
                                       cmocka_unit_test(the_command_is_words_without_a_shell),
                                       cmocka_unit_test(without_a_model_its_words_name_it),
                                       cmocka_unit_test(languages_have_the_programs_codes),
                                       cmocka_unit_test(a_wrong_command_is_named),
                                       cmocka_unit_test(lines_that_are_no_reply_are_garbage),
                                       cmocka_unit_test(translations_are_read_in_order),
                                       cmocka_unit_test(errors_say_what_to_do),
                                       cmocka_unit_test(the_greeting_must_fit_the_configuration),
                                       cmocka_unit_test(a_failed_program_is_tried_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
