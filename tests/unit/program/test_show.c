/* What `dragoman show` prints, in which order, and with which exit code. */
#include "unit/program/commands/four_articles.h"

#define PAGE(words)                                                                                                      \
    "<!doctype html><html lang=\"es\"><head><title>" words "</title></head><body><article><h1>" words "</h1><p>El "      \
    "puerto de Lugo crece desde hace tres años, y la ciudad se alegra de los barcos que llegan del norte con madera, "  \
    "papel y pescado.</p><p>El año que viene se construirá un segundo muelle, como decidió el consejo el lunes tras " \
    "un largo debate.</p></article></body></html>"

static void have_pages(void) {
    make_output_folder("in");
    write_output("in/a.html", PAGE("Puerto primero"));
    write_output("in/b.html", PAGE("Puerto segundo"));
    write_output("in/c.ndjson", "{\"url\":\"https://a.example/1\",\"title\":\"Tercero\",\"text\":\"Uno. Dos.\"}\n"
                                "{\"url\":\"https://a.example/2\",\"title\":\"Cuarto\",\"text\":\"Tres.\"}\n");
    end_run("sandbox = no\n[source \"local\"]\nkind = files\npath = in\n");
}

/* The command with the paths of these files, which are separated by spaces, instead of their names. */
static const char *words_of(const char *words, const char *names) {
    struct span rest = span_of(names), name, text = arena_print(command_arena, "%s", words);
    while (span_next(&rest, ' ', &name))
        text = arena_print(command_arena, "%.*s %s/in/%.*s", SPAN_ARGS(text), workspace, SPAN_ARGS(name));
    return text.at;
}

/* Asserts that the words are in the text, in this order. */
static void assert_order(const char *text, const char *const *words, size_t count) {
    const char *from = text;
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(from, words[i]);
        if (!found) fail_msg("no '%s' in its place in %s", words[i], text);
        from = found + strlen(words[i]);
    }
}

static void articles_are_printed_in_the_order_of_the_input(void **state) {
    (void)state;
    static const char *const order[] = {"Puerto segundo", "\n", "Puerto primero", "\n",
                                        "Tercero",        "\n", "Cuarto",         "\n"};
    have_pages();
    const char *said = output_of(words_of("show --until extract", "b.html a.html c.ndjson"), EXIT_DONE);
    assert_order(said, order, 8);
    assert_true(*said == '{');
    assert_string_equal(text_in_workspace("errors"), "");
    assert_int_equal(access(path_in_workspace("in/state.db"), F_OK), -1);
}

static void a_stage_ends_what_is_done(void **state) {
    (void)state;
    have_pages();
    cJSON *json = json_of(words_of("show --until decode", "a.html"), EXIT_DONE);
    assert_json(json, "body", NULL);
    assert_true(json_member_text(json, "text").length > 0);
    cJSON_Delete(json);
    json = json_of(words_of("show --until extract", "a.html"), EXIT_DONE);
    assert_json(json, "title.source", "\"Puerto primero\"");
    assert_int_equal(cJSON_GetArraySize(json_member(json, "body")), 2);
    assert_null(json_at(json, "body.0.segments.0"));
    cJSON_Delete(json);
    json = json_of(words_of("show --until segment", "a.html"), EXIT_DONE);
    assert_non_null(json_at(json, "body.0.segments.0"));
    cJSON_Delete(json);
}

static void one_stage_may_be_run_alone(void **state) {
    (void)state;
    have_pages();
    write_output("in/d.ndjson", "{\"url\":\"https://a.example/1\",\"language\":{\"code\":\"es\"},\"body\":[{\"kind\":"
                                "\"paragraph\",\"text\":\"Uno es bueno. Dos son malos.\"}]}\n");
    cJSON *json = json_of(words_of("show --only segment", "d.ndjson"), EXIT_DONE);
    assert_json(json, "body.0.segments.0.source", "\"Uno es bueno.\"");
    assert_json(json, "body.0.segments.1.source", "\"Dos son malos.\"");
    assert_json(json, "body.0.segments.2", NULL);
    cJSON_Delete(json);
}

static void readable_articles_are_kept_apart(void **state) {
    (void)state;
    static const char *const text[] = {"Puerto primero", "\n----\n\n", "Puerto segundo"};
    static const char *const markdown[] = {"# Puerto primero", "\n---\n\n", "# Puerto segundo"};
    have_pages();
    const char *said = output_of(words_of("show --until extract --format text", "a.html b.html"), EXIT_DONE);
    assert_order(said, text, 3);
    assert_true(span_starts(span_of(said), SPAN("Puerto primero\n")));
    said = output_of(words_of("show --until extract --format markdown", "a.html b.html"), EXIT_DONE);
    assert_order(said, markdown, 3);
}

static void what_fails_is_shown_and_counted(void **state) {
    (void)state;
    have_pages();
    write_output("in/empty.html", "<html><body></body></html>");
    const char *said = output_of(words_of("show --until extract", "empty.html a.html"), EXIT_SOME_FAILED);
    assert_non_null(strstr(said, "\"status\":\"failed\""));
    assert_non_null(strstr(said, "Puerto primero"));
}

static void stories_are_shown_after_all_articles(void **state) {
    (void)state;
    have_pages();
    const char *said = output_of(words_of("show --until group", "a.html b.html"), EXIT_DONE);
    assert_non_null(strstr(said, "\"story\":"));
    assert_non_null(strstr(said, "Puerto primero"));
    assert_non_null(strstr(said, "Puerto segundo"));
}

static void mistakes_are_named(void **state) {
    (void)state;
    have_pages();
    assert_error(words_of("show --until nothing", "a.html"), EXIT_USAGE,
                 "dragoman: unknown stage 'nothing'; see `dragoman --help` for the names\n");
    assert_error("show /nowhere/a", EXIT_SOME_FAILED, "dragoman: cannot read /nowhere/a: No such file or directory\n");
    assert_error("show gopher://a.example/", EXIT_USAGE,
                 "dragoman: 'gopher://a.example/' is neither a readable file nor a supported address\n");
    assert_error(words_of("show --until extract --only extract", "a.html"), EXIT_USAGE,
                 "dragoman: --until cannot be combined with --only\n");
    assert_error(words_of("show --format pdf", "a.html"), EXIT_USAGE,
                 "dragoman: invalid value 'pdf' for --format: expected text, markdown or json\n");
    assert_error(words_of("show --format txt", "a.html"), EXIT_USAGE,
                 "dragoman: invalid value 'txt' for --format: expected text, markdown or json; did you mean 'text'?\n");
    assert_int_equal(give(words_of("show --from fed", "a.html")), EXIT_USAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(articles_are_printed_in_the_order_of_the_input),
                                       TEST(a_stage_ends_what_is_done),
                                       TEST(one_stage_may_be_run_alone),
                                       TEST(readable_articles_are_kept_apart),
                                       TEST(what_fails_is_shown_and_counted),
                                       TEST(stories_are_shown_after_all_articles),
                                       TEST(mistakes_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
