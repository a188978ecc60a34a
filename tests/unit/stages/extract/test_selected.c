/* The article as the user's selector finds it. */
#include "unit/extracted.h"

#include "config/reader.h"
#include "pipeline/engine/source_settings.h"

#define OTHER "<h1>The quay</h1><p>" LONG_ONE "</p><p>" LONG_TWO "</p>"

static struct config *config;
static char note[256];

static const struct section *section_with(const char *selector) {
    static struct section_table tables[2];
    char assignment[256];
    tables[0] = (struct section_table){.name = "source",
                                       .named = true,
                                       .settings = {source_table, sizeof(struct source_settings)},
                                       .kind_at = source_kind_at,
                                       .help = ""};
    config = config_new(tables);
    config_set(config, "source.s.kind=page");
    snprintf(assignment, sizeof assignment, "source.s.article=%s", selector);
    config_set(config, assignment);
    config_finish(config);
    for (size_t i = 0; i < config_problem_count(config); i++)
        if (strstr(config_problem(config, i), "article")) fail_msg("%s", config_problem(config, i));
    return config_section_at(config, source_table, 0);
}

/* Returns the text of a page whose body is `inside`, as the selector finds it. */
static const char *read_selected(void *state, const char *selector, const char *inside) {
    static char page[8192];
    struct article *article = article_new();
    struct failure failure = {0};
    snprintf(page, sizeof page, "<html><body>%s</body></html>", inside);
    article->origin.address = SPAN("https://news.example/story");
    article->source_section = section_with(selector);
    article->text = arena_copy(article_document(article), span_of(page));
    stage_extract.work(state, article, &failure);
    snprintf(note, sizeof note, "%.*s", SPAN_ARGS(article->origin.note));
    buffer_clear(&lines);
    buffer_add_string(&lines, "");
    for (size_t i = 0; i < article->block_count; i++)
        buffer_print(&lines, "%s%.*s", i ? "|" : "", SPAN_ARGS(article->body[i].text));
    article_free(article);
    config_free(config);
    return lines.at;
}

static void check_found(void *state, const char *selector, const char *inside, const char *want) {
    char body[4096];
    snprintf(body, sizeof body, "<main>" OTHER "</main>%s", inside);
    const char *found = read_selected(state, selector, body);
    if (strcmp(found, want) != 0) fail_msg("%s: %s", selector, found);
    assert_string_equal(note, "");
}

static void check_missed(void *state, const char *selector, const char *inside) {
    char body[4096];
    snprintf(body, sizeof body, "<main>" OTHER "</main>%s", inside);
    assert_string_equal(read_selected(state, selector, body), LONG_ONE "|" LONG_TWO);
    if (!strstr(note, selector) || !strstr(note, "matches nothing on this page")) fail_msg("'%s'", note);
}

static void each_kind_of_selector_finds_its_element(void **state) {
    static const char *const rows[][2] = {{"section", "<section>Own.</section>"},
                                          {".text", "<div class=\"a text b\">Own.</div>"},
                                          {".text", "<div class=text>Own.</div>"},
                                          {".text", "<div class=\"b\ttext\">Own.</div>"},
                                          {"#text", "<div id=text>Own.</div>"},
                                          {"[data-x]", "<div data-x>Own.</div>"},
                                          {"[data-x=\"1\"]", "<div data-x=1>Own.</div>"},
                                          {"div.text#own[lang]", "<div class=text id=own lang=en>Own.</div>"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) check_found(*state, rows[i][0], rows[i][1], "Own.");
}

static void all_parts_must_match(void **state) {
    static const char *const rows[][2] = {{"section", "<div>Own.</div>"},
                                          {"section.text", "<div class=text>Own.</div>"},
                                          {".text", "<div class=texts>Own.</div>"},
                                          {".text", "<div class=\"a-text text2\">Own.</div>"},
                                          {"#text", "<div id=\"text b\">Own.</div>"},
                                          {"[data-x]", "<div data-y>Own.</div>"},
                                          {"[data-x=\"1\"]", "<div data-x=2>Own.</div>"},
                                          {"div.text#own", "<div class=text>Own.</div>"},
                                          {"div.text#own", "<div id=own>Own.</div>"},
                                          {".a .b", "<div class=b>Own.</div>"},
                                          {".a .b", "<div class=\"a b\">Own.</div>"},
                                          {".a .b", "<div class=b><div class=a>Own.</div></div>"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) check_missed(*state, rows[i][0], rows[i][1]);
}

static void steps_follow_each_other_at_any_depth(void **state) {
    check_found(*state, ".a .b", "<div class=a><div><p class=b>Own.</p><p>Not.</p></div></div>", "Own.");
    check_found(*state, ".a .b .c", "<div class=a><div class=b><p class=c>Own.</p></div><p class=c>Not.</p></div>",
                "Own.");
    check_found(*state, ".a .a", "<div class=a>Not.<div class=a>Own.</div></div>", "Own.");
}

static void everything_inside_is_taken_once_and_in_order(void **state) {
    check_found(*state, ".a",
                "<div class=a><p>One.</p><div class=a><p>Two.</p></div><ul><li>Three.</ul></div><p>Not.</p><p "
                "class=a>Four.</p>",
                "One.|Two.|Three.|Four.");
}

static void several_selectors_add_up(void **state) {
    check_found(*state, ".b, .a", "<p class=a>One.</p><p>Not.</p><p class=b>Two.</p>", "One.|Two.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_selector_finds_its_element),
        cmocka_unit_test(all_parts_must_match),
        cmocka_unit_test(steps_follow_each_other_at_any_depth),
        cmocka_unit_test(everything_inside_is_taken_once_and_in_order),
        cmocka_unit_test(several_selectors_add_up),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
