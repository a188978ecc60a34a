/* What `dragoman export` writes, from which records, and to where. */
#include "unit/program/commands/four_articles.h"

/* An article of the day before, in Bulgarian. */
static void write_bulgarian(struct article *article) {
    write_story(article);
    memcpy(article->language.code, "bg", 3);
}

static void have_two_languages(void) {
    memcpy(program.day, "2026-01-28", 11);
    close_run_loop();
    open_run_loop();
    fate.change = write_bulgarian;
    assert_true(find_article("5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1"));
    work_through();
    end_run(CONFIGURATION);
}

/* Asserts which of the two articles are exported. */
static void assert_exported(const char *words, bool spanish, bool bulgarian) {
    const char *said = output_of(words, EXIT_DONE);
    if ((strstr(said, "Dos 1") != NULL) != spanish) fail_msg("%s: %s", words, said);
    if ((strstr(said, "Dos 5") != NULL) != bulgarian) fail_msg("%s: %s", words, said);
}

static void days_and_languages_choose_the_records(void **state) {
    (void)state;
    have_two_languages();
    assert_exported("export ndjson", true, true);
    assert_exported("export ndjson 2026-01-29", true, false);
    assert_exported("export ndjson 2026-01-28", false, true);
    assert_exported("export ndjson 2026-01-28..2026-01-29", true, true);
    assert_exported("export ndjson 2026-01-28 2026-01-29", true, true);
    assert_exported("export ndjson 2026-01-27", false, false);
    assert_exported("export ndjson --language bg", false, true);
    assert_exported("export ndjson --language es", true, false);
    assert_exported("export ndjson --language Spanish 2026-01-28", false, false);
}

static void records_are_exported_unchanged(void **state) {
    (void)state;
    have_two_languages();
    assert_output("export ndjson 2026-01-29", EXIT_DONE, text_in_workspace(FIRST));
}

static void a_format_may_allow_one_language_only(void **state) {
    (void)state;
    have_two_languages();
    assert_int_equal(give("export xliff"), EXIT_USAGE);
    const char *said = text_in_workspace("errors");
    assert_non_null(strstr(said, "xliff allows one source language per file, but these records have 'bg' and 'es': "
                                 "choose one with --language\n"));
    assert_exported("export xliff --language bg", false, true);
    assert_non_null(strstr(text_in_workspace("out"), "srcLang=\"bg\""));
    assert_exported("export xliff 2026-01-27", false, false);
    assert_non_null(strstr(text_in_workspace("out"), "srcLang=\"und\""));
    assert_exported("export xliff 2026-01-27 --language es", false, false);
    assert_non_null(strstr(text_in_workspace("out"), "srcLang=\"es\""));
}

static void remember(const char *source, const char *target, const char *language, unsigned char key_byte) {
    struct memory_key key = {{key_byte, 0xab}};
    const struct memory_entry entry = {.source = span_of(source),
                                       .target = span_of(target),
                                       .source_language = span_of(language),
                                       .service = SPAN("paid"),
                                       .model = SPAN("m1"),
                                       .unknown_words = 2};
    assert_true(store_remember(program.store, &key, &entry, NULL));
}

static void tmx_holds_the_translation_memory_unless_days_are_given(void **state) {
    (void)state;
    remember("Uno & dos", "One <and> two", "es", 1);
    remember("Едно", "One", "bg", 2);
    have_two_languages();
    const char *said = output_of("export tmx --language es", EXIT_DONE);
    assert_non_null(strstr(said, "<tu tuid=\"01ab0000000000000000000000000000\" srclang=\"es\">\n"));
    assert_non_null(strstr(said, "<prop type=\"x-dragoman-key\">01ab0000000000000000000000000000</prop>"));
    assert_non_null(strstr(said, "<prop type=\"x-dragoman-service\">paid</prop>"));
    assert_non_null(strstr(said, "<prop type=\"x-dragoman-model\">m1</prop>"));
    assert_non_null(strstr(said, "<prop type=\"x-dragoman-unknown-words\">2</prop>"));
    const char *source = strstr(said, "<tuv xml:lang=\"es\"><seg>Uno &amp; dos</seg>");
    assert_non_null(source);
    assert_non_null(strstr(source, "<tuv xml:lang=\"en\"><seg>One &lt;and&gt; two</seg>"));
    assert_null(strstr(said, "Едно"));
    assert_true(span_ends(span_of(said), SPAN("</body>\n</tmx>\n")));
    said = output_of("export tmx", EXIT_DONE);
    assert_non_null(strstr(said, "Едно"));
    assert_null(strstr(said, "Uno 1."));
    said = output_of("export tmx 2026-01-29", EXIT_DONE);
    assert_null(strstr(said, "Едно"));
    assert_non_null(strstr(said, "<seg>Uno 1.</seg>"));
    assert_non_null(strstr(said, "<prop type=\"x-dragoman-status\">ok</prop>"));
    assert_non_null(strstr(said, "<prop type=\"x-dragoman-url\">https://costa.example/1</prop>"));
}

static void a_file_takes_the_place_of_the_earlier_one(void **state) {
    (void)state;
    have_two_languages();
    write_output("out.xlf", "earlier");
    const char *words = arena_print(command_arena, "export xliff --output %s", path_in_workspace("out.xlf")).at;
    assert_int_equal(give(words), EXIT_USAGE); /* two languages */
    assert_string_equal(text_in_workspace("out.xlf"), "earlier");
    assert_output(arena_print(command_arena, "%s --language bg", words).at, EXIT_DONE, "");
    assert_non_null(strstr(text_in_workspace("out.xlf"), "Dos 5"));
    const char *missing = arena_print(command_arena, "export ndjson --output %s", path_in_workspace("no/a")).at;
    assert_error(
        missing, EXIT_IO,
        arena_print(command_arena, "dragoman: cannot write %s: No such file or directory\n", path_in_workspace("no/a"))
            .at);
}

static void a_link_is_written_and_not_replaced(void **state) {
    (void)state;
    have_two_languages();
    write_output("target", "");
    assert_int_equal(symlink("target", path_in_workspace("link")), 0);
    assert_output(arena_print(command_arena, "export ndjson --output %s", path_in_workspace("link")).at, EXIT_DONE, "");
    assert_non_null(strstr(text_in_workspace("target"), "Dos 5"));
}

static void damaged_records_are_left_out_and_told(void **state) {
    (void)state;
    have_two_languages();
    write_output(FIRST, "{}");
    output_of("export ndjson", EXIT_SOME_FAILED);
    assert_string_equal(text_in_workspace("errors"),
                        "dragoman: 1 damaged record was left out; see `dragoman verify`\n");
    assert_non_null(strstr(text_in_workspace("out"), "Dos 5"));
}

static void mistakes_are_named(void **state) {
    (void)state;
    have_two_languages();
    static const char known[] = "dragoman: no known format given; write `dragoman export FORMAT`, where FORMAT is one "
                                "of: jsonfeed ndjson ninjs opml tmx xliff\n";
    assert_error("export", EXIT_USAGE, known);
    assert_error("export pdf", EXIT_USAGE, known);
    assert_int_equal(give("export ndjson 2026-02-30"), EXIT_USAGE);
    assert_int_equal(give("export ndjson --language klingonish"), EXIT_USAGE);
    assert_error("export opml 2026-01-29", EXIT_USAGE,
                 "dragoman: unexpected argument '2026-01-29': opml exports the sources, which have no days\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        TEST(days_and_languages_choose_the_records),     TEST(records_are_exported_unchanged),
        TEST(a_format_may_allow_one_language_only),      TEST(tmx_holds_the_translation_memory_unless_days_are_given),
        TEST(a_file_takes_the_place_of_the_earlier_one), TEST(a_link_is_written_and_not_replaced),
        TEST(damaged_records_are_left_out_and_told),     TEST(mistakes_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
