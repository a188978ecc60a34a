/* What `dragoman import` puts into the translation memory and the records. */
#include "unit/program/commands/four_articles.h"

/* Exports the records as XLIFF, with one text replaced, to the file "e.xlf". */
static void export_changed(const char *old, const char *new) {
    const char *text = output_of("export xliff", EXIT_DONE), *at = strstr(text, old);
    assert_non_null(at);
    write_output("e.xlf", arena_print(command_arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old)).at);
}

static const char *import_words(const char *more) {
    return arena_print(command_arena, "import%s %s", more, path_in_workspace("e.xlf")).at;
}

static void a_correction_enters_record_page_and_memory(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    export_changed("One 1.", "Unity 1.");
    assert_output(import_words(""), EXIT_DONE, "corrected 1 sentence in 1 record; 1 unchanged\n");
    assert_non_null(strstr(text_in_workspace(FIRST), "\"target\":\"Unity 1.\""));
    assert_non_null(strstr(output_of("digest 2026-01-29 --output -", EXIT_DONE), "Two 1"));
    assert_non_null(strstr(output_of("export tmx", EXIT_DONE), "<seg>Unity 1.</seg>"));
    assert_output(import_words(""), EXIT_DONE, "corrected 0 sentences in 0 records; 2 unchanged\n");
    output_of("verify", EXIT_DONE);
}

static void json_counts_the_same(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    export_changed("One 1.", "Unity 1.");
    cJSON *json = json_of(import_words(" --json"), EXIT_DONE);
    assert_json(json, "files.0.format", "\"xliff\"");
    assert_json(json, "files.0.file", arena_print(command_arena, "\"%s\"", path_in_workspace("e.xlf")).at);
    assert_json(json, "files.0.corrected", "1");
    assert_json(json, "files.0.unchanged", "1");
    assert_json(json, "files.0.doubtful", "0");
    assert_json(json, "files.0.rejected", "0");
    assert_json(json, "files.0.accepted", "0");
    assert_json(json, "files.0.stale", "0");
    assert_json(json, "files.0.foreign", "0");
    assert_json(json, "files.0.records", "1");
    assert_json(json, "files.1", NULL);
    cJSON_Delete(json);
}

static void a_doubtful_correction_is_kept_and_counted(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    export_changed("One 1.", "One 12.");
    const char *said = output_of(import_words(""), EXIT_DONE);
    assert_true(span_starts(span_of(said), SPAN("corrected 1 sentence in 1 record; 1 of them ")));
    assert_non_null(strstr(text_in_workspace(FIRST), "\"target\":\"One 12.\""));
}

static void what_has_changed_since_is_skipped(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    export_changed("Uno 1.", "Uno 2.");
    assert_output(import_words(""), EXIT_DONE,
                  "corrected 0 sentences in 0 records; 1 unchanged; 1 skipped, because their source has changed since "
                  "the export\n");
}

static void sentences_of_other_archives_are_refused(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    const char *text = output_of("export xliff", EXIT_DONE), *at;
    struct buffer other = BUFFER(1 << 20);
    while ((at = strstr(text, FIRST_ID))) {
        buffer_print(&other, "%.*s9%s", (int)(at - text), text, &FIRST_ID[1]);
        text = at + strlen(FIRST_ID);
    }
    buffer_add_string(&other, text);
    write_output("e.xlf", other.at);
    buffer_free(&other);
    assert_error(import_words(""), EXIT_BAD_DATA,
                 arena_print(command_arena, "dragoman: no sentence of %s belongs to a record of this archive\n",
                             path_in_workspace("e.xlf"))
                     .at);
    assert_string_equal(text_in_workspace("out"),
                        "corrected 0 sentences in 0 records; 2 skipped, because their articles have no record here\n");
}

#define UNIT(language, source, target)                                                                                 \
    "<tu><tuv xml:lang=\"" language "\"><seg>" source "</seg></tuv><tuv xml:lang=\"en\"><seg>" target                  \
    "</seg></tuv></tu>"
#define TMX(units) "<?xml version=\"1.0\"?><tmx version=\"1.4\"><header/><body>" units "</body></tmx>"

static void pairs_of_other_tools_enter_the_memory(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    write_output("m.tmx", TMX(UNIT("ES_es", "Tres", "Three")
                                  UNIT("sr-Cyrl", "Три", "Three") "<tu><tuv xml:lang=\"es\"><seg>x</seg></tuv></tu>"));
    const char *words = arena_print(command_arena, "import %s", path_in_workspace("m.tmx")).at;
    assert_output(words, EXIT_DONE, "imported 2 translation pairs; skipped 1 unit without one\n");
    const char *memory = output_of("export tmx", EXIT_DONE);
    assert_non_null(strstr(memory, "srclang=\"es-es\""));
    assert_non_null(strstr(memory, "srclang=\"sr-Cyrl\""));
    assert_non_null(strstr(memory, "<prop type=\"x-dragoman-service\">memory</prop>"));
    assert_non_null(strstr(memory, "<seg>Tres</seg>"));
    cJSON *json = json_of(arena_print(command_arena, "%s --json", words).at, EXIT_DONE);
    assert_json(json, "files.0.format", "\"tmx\"");
    assert_json(json, "files.0.pairs", "2");
    assert_json(json, "files.0.skipped", "1");
    cJSON_Delete(json);
}

/* With its keys, services and models. */
static void an_export_of_the_memory_is_restored_as_it_was(void **state) {
    (void)state;
    const struct memory_key key = {{0x0a, 0xbc, 0xff}};
    const struct memory_entry entry = {.source = SPAN("Tres"),
                                       .target = SPAN("Three"),
                                       .source_language = SPAN("es"),
                                       .service = SPAN("paid"),
                                       .model = SPAN("m1"),
                                       .unknown_words = 3};
    assert_true(store_remember(program.store, &key, &entry, NULL));
    end_run(CONFIGURATION);
    const char *before = output_of("export tmx", EXIT_DONE);
    write_output("m.tmx", before);
    assert_int_equal(unlink(path_in_workspace("state.db")), 0);
    assert_int_equal(unlink(path_in_workspace(FIRST)), 0);
    assert_output(arena_print(command_arena, "import %s", path_in_workspace("m.tmx")).at, EXIT_DONE,
                  "imported 1 translation pair; skipped 0 units without one\n");
    assert_output("export tmx", EXIT_DONE, before);
}

static void mistakes_are_named(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_int_equal(give("import"), EXIT_USAGE);
    assert_error("import /nowhere/a.tmx", EXIT_IO, "dragoman: cannot read /nowhere/a.tmx: No such file or directory\n");
    write_output("bad.tmx", "<tmx><body>");
    assert_true(give(arena_print(command_arena, "import %s", path_in_workspace("bad.tmx")).at) != EXIT_DONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        TEST(a_correction_enters_record_page_and_memory),    TEST(json_counts_the_same),
        TEST(a_doubtful_correction_is_kept_and_counted),     TEST(what_has_changed_since_is_skipped),
        TEST(sentences_of_other_archives_are_refused),       TEST(pairs_of_other_tools_enter_the_memory),
        TEST(an_export_of_the_memory_is_restored_as_it_was), TEST(mistakes_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
