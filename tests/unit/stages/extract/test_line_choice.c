/* What the line model changes about the text that the rules find: on whole pages, with menus and everything around the
 * article. */
#include "unit/extracted.h"

#include "stages/extract/prepared.h"

#define MENU                                                                                                           \
    "<nav class=main-nav><ul><li><a href=/9>Media</a><li><a href=/10>Law</a><li><a href=/11>Health</a>"                \
    "<li><a href=/12>Food</a><li><a href=/13>Books</a><li><a href=/14>Music</a><li><a href=/15>Film</a>"               \
    "<li><a href=/1>Politics</a><li><a href=/2>Economy</a><li><a href=/3>Culture</a>"                                  \
    "<li><a href=/4>Sport</a><li><a href=/5>Travel</a><li><a href=/6>Opinion</a><li><a href=/7>Weather</a>"            \
    "<li><a href=/8>Video</a></ul></nav>"
#define FOOTER                                                                                                         \
    "<footer class=site-footer><ul><li><a href=/21>About us</a><li><a href=/22>Contact</a><li><a href=/23>Privacy</a>" \
    "<li><a href=/24>Imprint</a><li><a href=/25>Jobs</a><li><a href=/26>Terms</a></ul><p>© 2026 The Quay</p></footer>"
#define STORY                                                                                                          \
    "<p>" LONG_ONE "</p><p>" LONG_TWO "</p><p>The harbour master expects that the work will take three weeks, if the " \
    "weather allows it, and that most of the lorries will use the southern road until then.</p><p>“We have known "   \
    "since the spring that the wall would not last another winter,” she said in the town hall on Monday "            \
    "evening.</p><p>The region pays for half of it, and the town for the rest; a vote on the loan is planned for the " \
    "second week of the month.</p><p>Fishermen asked for a place where they can unload at night, which the council "   \
    "has promised to look for.</p>"
#define STORY_TEXT                                                                                                       \
    LONG_ONE "\n" LONG_TWO "\nThe harbour master expects that the work will take three weeks, if the weather allows "    \
             "it, and that most of the lorries will use the southern road until then.\n“We have known since the "      \
             "spring that the wall would not last another winter,” she said in the town hall on Monday evening.\nThe " \
             "region pays for half of it, and the town for the rest; a vote on the loan is planned for the second "      \
             "week of the month.\nFishermen asked for a place where they can unload at night, which the council has "    \
             "promised to look for."
#define TEASERS                                                                                                        \
    "<section class=latest><h2>Latest</h2><ul><li><a href=/31>Bakers lower the price of bread</a>"                     \
    "<li><a href=/32>Night train returns after nine years</a><li><a href=/33>Rain until the weekend</a>"               \
    "<li><a href=/34>The museum opens its roof</a><li><a href=/35>Who won what in the league</a></ul></section>"

/* Returns a page with the story, and with `extra` below it in the same element. */
static const char *page_with(const char *extra) {
    static char page[1 << 14];
    snprintf(page, sizeof page,
             "<html><head><title>The quay closes</title></head><body>" MENU
             "<main><article class=post><h1>The quay closes</h1><div class=post-meta><span class=author>By Nora "
             "Field</span> <time>3 March 2026</time></div><div class=post-content>" STORY "%s</div></article>" TEASERS
             "</main>" FOOTER "</body></html>",
             extra);
    return page;
}

static void the_text_of_a_whole_page_stays(void **state) {
    assert_string_equal(read_page(*state, page_with("")), STORY_TEXT);
    assert_string_equal(read_page(*state, page_with("<h2>By sea</h2><p>Two ferries will stay where they are, because "
                                                    "they are too long for the market.</p>")),
                        STORY_TEXT "\nBy sea\nTwo ferries will stay where they are, because they are too long for the "
                                   "market.");
}

/* A text far longer than those the model was trained on, with paragraphs of all lengths. */
static void long_texts_stay_whole(void **state) {
    static const char *const words[] = {"harbour", "lorries",  "the",    "ferry", "said",
                                        "a",       "northern", "bought", "in",    "storm"};
    static const size_t counts[] = {90, 250, 400, 1500};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct buffer page = BUFFER(1 << 22);
        buffer_add_string(&page, "<html><body>" MENU "<article><h1>The quay closes</h1>" STORY);
        for (size_t p = 0, chance = 7; p < counts[i]; p++) {
            buffer_add_string(&page, "<p>It");
            for (size_t w = 0; w < 3 + p * 7 % 50; w++)
                buffer_print(&page, " %s", words[(chance = (chance * 1103515245 + 12345) & 0x7FFFFFFF) / 65536 % 10]);
            buffer_print(&page, ", of %zu.</p>", p);
        }
        buffer_add_string(&page, "</article>" TEASERS FOOTER "</body></html>");
        struct span rest = span_of(read_page(*state, page.at)), line;
        size_t found = 0;
        while (span_next(&rest, '\n', &line)) found += span_starts(line, SPAN("It "));
        assert_int_equal(found, counts[i]);
        buffer_free(&page);
    }
}

/* ---------------------------------------------------------------- made-up models */

/* Makes a model of one tree: lines whose feature is above the limit get the probability, the others 0. */
static struct line_model model_of(const char *feature, const char *limit, const char *leaf, struct arena *arena) {
    struct row rows[] = {{.cells = {SPAN("base"), SPAN("0")}, .count = 2},
                         {.cells = {SPAN("tree")}, .count = 1},
                         {.cells = {span_of(feature), span_of(limit), SPAN("2")}, .count = 3},
                         {.cells = {SPAN("leaf"), SPAN("-9")}, .count = 2},
                         {.cells = {SPAN("leaf"), span_of(leaf)}, .count = 2}};
    struct table table = {.name = "extract/lines.model", .rows = rows, .count = 5};
    struct line_model model;
    struct failure failure = {0};
    assert_true(line_model_make(&table, arena, &model, &failure));
    return model;
}

/* Returns the blocks that the stage makes of a page with this model, captions in brackets. */
static const char *read_with(void *state, const char *page, const char *feature, const char *limit, const char *leaf) {
    struct arena *arena = arena_new();
    struct article *article = article_new();
    struct prepared prepared;
    struct line_model model = model_of(feature, limit, leaf, arena);
    article->text = arena_copy(article_document(article), span_of(page));
    article->origin.address = SPAN("https://news.example/story");
    prepared_read(state, article->text, (struct attribute_names){NULL, 0}, article, arena, &prepared);
    struct body_tables tables = extract_tables_body(state);
    tables.lines = &model;
    body_read(&prepared.page, &tables, &prepared.clues, article);
    buffer_clear(&lines);
    for (size_t i = 0; i < article->block_count; i++)
        buffer_print(&lines, article->body[i].kind == BLOCK_CAPTION ? "[%.*s]\n" : "%.*s\n",
                     SPAN_ARGS(article->body[i].text));
    article_free(article);
    arena_free(arena);
    return lines.at ? lines.at : "";
}

#define LIKELY "2"     /* probability .88 */
#define UNLIKELY "0.3" /* probability .57 */
#define ADDED "\nBy train\n"

/* Below are a short line that the rules take, one that they refuse, one that stands outside, and a caption. */
static const char *mixed_page(void) {
    return page_with("<p>By sea.</p><p>Read also: the price of bread</p><figure><img src=x><figcaption>The wall in "
                     "May</figcaption></figure></div></article><div class=sidebar><p>By train</p></div><article><div>");
}

static void the_model_adds_and_drops(void **state) {
    const char *all = read_with(*state, mixed_page(), "WIDTH", "0", LIKELY);
    assert_non_null(strstr(all, ADDED));
    assert_non_null(strstr(all, "\nBy sea.\n"));
    assert_non_null(strstr(all, "\nRead also: the price of bread\n"));
    const char *wide = read_with(*state, mixed_page(), "WIDTH", "6", LIKELY);
    assert_non_null(strstr(wide, LONG_TWO));
    assert_null(strstr(wide, "By sea."));
}

static void captions_stay_captions(void **state) {
    assert_non_null(strstr(read_with(*state, mixed_page(), "WIDTH", "6", LIKELY), "\n[The wall in May]\n"));
    assert_non_null(strstr(read_with(*state, mixed_page(), "WIDTH", "0", LIKELY), "\nThe wall in May\n"));
}

static void what_was_refused_needs_more(void **state) {
    const char *text = read_with(*state, mixed_page(), "WIDTH", "0", UNLIKELY);
    assert_non_null(strstr(text, ADDED));
    assert_null(strstr(text, "Read also"));
}

static void what_is_repeated_needs_more(void **state) {
    const char *page = page_with("</div></article><div class=sidebar><p>By train</p><p>By train</p><p>By train</p>"
                                 "</div><article><div>");
    assert_null(strstr(read_with(*state, page, "WIDTH", "0", UNLIKELY), ADDED));
    assert_non_null(strstr(read_with(*state, page, "WIDTH", "0", LIKELY), ADDED));
}

static void short_pages_are_left_to_the_rules(void **state) {
    const char *page = "<html><body><article><h1>The quay closes</h1>" STORY "</article></body></html>";
    assert_string_equal(read_with(*state, page, "WIDTH", "30", LIKELY), STORY_TEXT "\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_of_a_whole_page_stays),    cmocka_unit_test(long_texts_stay_whole),
        cmocka_unit_test(the_model_adds_and_drops),          cmocka_unit_test(captions_stay_captions),
        cmocka_unit_test(what_was_refused_needs_more),       cmocka_unit_test(what_is_repeated_needs_more),
        cmocka_unit_test(short_pages_are_left_to_the_rules),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
