/* What `dragoman search` finds, and how it shows it. */
#include "unit/program/commands/four_articles.h"

#define OTHER_ID "5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER "2026-01-28/articles/" OTHER_ID ".json"

/* Doubtful in part, and partial. */
static void write_harbour(struct article *article) {
    const char *source = "El puerto de Lugo crece.";
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(source));
    struct segment *segment = article_add_segment(article, block, span_of(source));
    segment->target = SPAN("The harbour of Lugo grows.");
    segment->status = SEGMENT_SUSPECT;
    article_add_finding(article, segment, "numbers", SEVERITY_WARNING, SPAN("1 became 2"));
    article->title.source = SPAN("Puerto");
    article->title.target = SPAN("Harbour");
    article->title.status = SEGMENT_OK;
    article->status = ARTICLE_PARTIAL;
    memcpy(article->language.code, "bg", 3);
}

static void have_index(void) {
    memcpy(program.day, "2026-01-28", 11);
    assert_true(store_begin_day(program.store, program.day, NULL));
    close_run_loop();
    open_run_loop();
    fate.change = write_harbour;
    assert_true(find_article(OTHER_ID, "1"));
    work_through();
    end_run(CONFIGURATION);
    assert_output("search --rebuild", EXIT_DONE, "indexed 2 records\n");
}

static void words_of_both_languages_are_found(void **state) {
    (void)state;
    have_index();
    const char *said = output_of("search harbour grows", EXIT_DONE);
    assert_non_null(strstr(said, "The [harbour] of Lugo [grows]."));
    assert_non_null(strstr(said, "to check: "));
    assert_non_null(strstr(said, "2026-01-28  Bulgarian  costa  partial\n  Harbour\n  Puerto\n"));
    assert_non_null(strstr(said, arena_print(command_arena, "  %s/" OTHER "\n\n1 article\n", workspace).at));
    assert_non_null(strstr(output_of("search crece", EXIT_DONE), "El puerto de Lugo [crece]."));
    assert_output("search nowhere", EXIT_DONE, "nothing found\n");
}

static void a_complete_article_is_shown_without_its_state(void **state) {
    (void)state;
    have_index();
    const char *said = output_of("search uno", EXIT_DONE);
    assert_true(span_starts(span_of(said), SPAN("2026-01-29  Spanish  costa\n  Two 1\n  Dos 1\n")));
    assert_null(strstr(said, "to check"));
}

static void assert_count(const char *words, const char *count) {
    const char *said = output_of(words, EXIT_DONE);
    if (!span_ends(span_of(said), span_of(count))) fail_msg("%s: %s", words, said);
}

static void options_choose(void **state) {
    (void)state;
    have_index();
    assert_count("search two", "\n1 article\n");
    assert_count("search two harbour", "nothing found\n");
    assert_count("search of* --day 2026-01-28", "\n1 article\n");
    assert_count("search harbour --day 2026-01-29", "nothing found\n");
    assert_count("search harbour --since 2026-01-28", "\n1 article\n");
    assert_count("search harbour --since 2026-01-29", "nothing found\n");
    assert_count("search harbour --language bg", "\n1 article\n");
    assert_count("search harbour --language es", "nothing found\n");
    assert_count("search harbour --source costa", "\n1 article\n");
    assert_count("search harbour --source mina", "nothing found\n");
    assert_count("search one --limit 1", "\n1 article\n");
}

static void json_has_the_parts_of_each_sentence(void **state) {
    (void)state;
    have_index();
    cJSON *json = json_of("search harbour --json", EXIT_DONE);
    assert_json(json, "matches", "1");
    assert_json(json, "gone", "0");
    assert_json(json, "results.0.id", "\"" OTHER_ID "\"");
    assert_json(json, "results.0.day", "\"2026-01-28\"");
    assert_json(json, "results.0.language", "\"bg\"");
    assert_json(json, "results.0.source", "\"costa\"");
    assert_json(json, "results.0.status", "\"partial\"");
    assert_json(json, "results.0.title", "\"Harbour\"");
    assert_json(json, "results.0.title_source", "\"Puerto\"");
    assert_json(json, "results.0.url", "\"https://costa.example/1\"");
    assert_json(json, "results.0.record", "\"" OTHER "\"");
    assert_json(json, "results.0.page", NULL);
    assert_json(json, "results.1", NULL);
    cJSON_Delete(json);
    json = json_of("search grows --json", EXIT_DONE);
    assert_json(json, "results.0.sentence.segment", "1");
    assert_json(json, "results.0.sentence.status", "\"suspect\"");
    assert_json(json, "results.0.sentence.english",
                "[{\"text\":\"The harbour of Lugo \"},{\"text\":\"grows\",\"hit\":true},{\"text\":\".\"}]");
    assert_json(json, "results.0.sentence.source", "[{\"text\":\"El puerto de Lugo crece.\"}]");
    cJSON_Delete(json);
}

static void records_that_are_gone_are_told(void **state) {
    (void)state;
    have_index();
    write_output(OTHER, "{}");
    assert_output("search harbour", EXIT_DONE,
                  "nothing found\n1 more is in the index, but the record is gone or damaged; the next run updates the "
                  "index\n");
    cJSON *json = json_of("search harbour --json", EXIT_DONE);
    assert_json(json, "", "{\"matches\":0,\"gone\":1,\"results\":[]}");
    cJSON_Delete(json);
    assert_output("search --rebuild", EXIT_DONE,
                  "indexed 1 record\n1 damaged record was left out; see `dragoman verify`\n");
    json = json_of("search --rebuild --json", EXIT_DONE);
    assert_json(json, "", "{\"records\":1,\"damaged\":1}");
    cJSON_Delete(json);
}

static void mistakes_are_named(void **state) {
    (void)state;
    have_index();
    assert_error("search x --limit 0", EXIT_USAGE, "dragoman: invalid value '0' for --limit: expected at least 1\n");
    assert_error("search x --day 2026-01-28 --since 2026-01-28", EXIT_USAGE,
                 "dragoman: --day cannot be combined with --since\n");
    assert_error("search x --day 2026-01-2", EXIT_USAGE,
                 "dragoman: invalid value '2026-01-2' for --day: did you mean '2026-01-28'?\n");
    assert_error("search x --since last", EXIT_USAGE,
                 "dragoman: invalid value 'last' for --since: expected a day, for example 2026-01-29\n");
    assert_error("search x --source cost", EXIT_USAGE,
                 "dragoman: invalid value 'cost' for --source: did you mean 'costa'?\n");
    assert_error("search x --source zzzzzzzz", EXIT_USAGE,
                 "dragoman: invalid value 'zzzzzzzz' for --source: expected the name of a source\n");
    assert_error("search --rebuild x", EXIT_USAGE, "dragoman: --rebuild takes no words to search for\n");
    assert_int_equal(give("search"), EXIT_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(words_of_both_languages_are_found),
                                       TEST(a_complete_article_is_shown_without_its_state),
                                       TEST(options_choose),
                                       TEST(json_has_the_parts_of_each_sentence),
                                       TEST(records_that_are_gone_are_told),
                                       TEST(mistakes_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
