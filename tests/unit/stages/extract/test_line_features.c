/* What the line model is told about the lines of a page. */
#include "unit/extracted.h"

#include "stages/extract/contest.h"
#include "stages/extract/line_features.h"
#include "stages/extract/prepared.h"

struct fixture {
    struct extract_tables tables;
    struct article *article;
    struct arena *arena;
    struct prepared prepared;
    struct contest contest;
    struct line_evidence evidence;
    struct line_survey *survey;
    float row[LINE_FEATURES];
};

static void survey_page(struct fixture *fixture, const char *document) {
    arena_free(fixture->arena);
    article_free(fixture->article);
    fixture->arena = arena_new();
    fixture->article = article_new();
    fixture->article->text = arena_copy(article_document(fixture->article), span_of(document));
    fixture->article->origin.address = SPAN("https://news.example/story");
    prepared_read(&fixture->tables, fixture->article->text, (struct attribute_names){NULL, 0}, fixture->article,
                  fixture->arena, &fixture->prepared);
    struct body_tables tables = extract_tables_body(&fixture->tables);
    fixture->contest = contest_hold(&fixture->prepared.page, &tables, &fixture->prepared.clues, fixture->article);
    fixture->evidence = body_evidence(&fixture->prepared.page, &tables, &fixture->contest, fixture->article);
    fixture->survey = line_features_survey(&fixture->evidence);
}

/* Reads the features of the first line that begins with `start`. Returns false if it is hopeless. */
static bool read_line(struct fixture *fixture, const char *start) {
    const struct page *page = &fixture->prepared.page;
    for (size_t i = 0; i < page->line_count; i++)
        if (span_starts(page->lines[i].text, span_of(start)))
            return line_features_read(fixture->survey, i, fixture->row);
    fail_msg("the page has no line '%s'", start);
    return false;
}

static void assert_feature(struct fixture *fixture, const char *start, enum line_feature feature, double want) {
    if (!read_line(fixture, start)) fail_msg("'%s' is hopeless", start);
    double found = (double)fixture->row[feature];
    if (found < want - 1e-3 || found > want + 1e-3)
        fail_msg("%s of '%s' is %g, and not %g", line_feature_names[feature], start, found, want);
}

static void the_next_article_is_another(void **state) {
    struct fixture *fixture = *state;
    survey_page(fixture,
                "<title>The quay</title><p>Weather: rain</p><article><h1>The quay</h1><p>" LONG_ONE "</p><p>" LONG_TWO
                "</p></article><article><h1>The bakers</h1><p>Flour has become cheaper, the bakers say, and bread "
                "will follow before the summer comes.</p></article>");
    assert_feature(fixture, "Weather", FEATURE_ARTICLE, 0);
    assert_feature(fixture, "The harbour", FEATURE_ARTICLE, 1);
    assert_feature(fixture, "Flour", FEATURE_ARTICLE, 2);
}

static void refusals_are_told(void **state) {
    struct fixture *fixture = *state;
    survey_page(fixture, "<title>The quay</title><article><h1>The quay</h1><p>Santa Clara</p><p>" LONG_ONE
                         "</p><p>" LONG_TWO "</p><p>Read also: the price of bread</p></article>");
    assert_feature(fixture, "The quay", FEATURE_REFUSED, REFUSED_HEADLINE);
    assert_feature(fixture, "Santa Clara", FEATURE_REFUSED, REFUSED_SCRAP);
    assert_feature(fixture, "The harbour", FEATURE_REFUSED, REFUSED_NOT);
    assert_feature(fixture, "The harbour", FEATURE_TAKEN, 1 + BLOCK_PARAGRAPH);
    assert_feature(fixture, "Read also", FEATURE_REFUSED, REFUSED_FURNITURE);
    assert_feature(fixture, "The quay", FEATURE_IN_TITLE, 2);
}

/* A capital is a capital in Greek, and a width does not depend on how many bytes a letter takes. */
static void scripts_count_alike(void **state) {
    static const char *const written[] = {"Abcd Efgh ijkl 1234?", "Αβγδ Εζηθ ικλμ ١٢٣٤?", "Абвг Деёж зийк 1234?"};
    struct fixture *fixture = *state;
    char page[1024];
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        snprintf(page, sizeof page, "<article><h1>Quay</h1><p>" LONG_ONE "<p>%s<p>" LONG_TWO "</article>", written[i]);
        survey_page(fixture, page);
        assert_feature(fixture, written[i], FEATURE_CAPITALS, 2.0 / 20);
        assert_feature(fixture, written[i], FEATURE_DIGITS, 4.0 / 20);
        assert_feature(fixture, written[i], FEATURE_SIGNS, 1.0 / 20);
        assert_feature(fixture, written[i], FEATURE_WIDTH, 4.392); /* the logarithm of 21 */
    }
}

/* Menus far from the text are not judged at all, but a link beside it is. */
static void links_far_from_the_text_are_hopeless(void **state) {
    struct fixture *fixture = *state;
    survey_page(fixture, "<ul><li><a href=/a>Politics</a><li><a href=/b>Sport</a><li><a href=/c>Culture</a>"
                         "<li><a href=/d>Travel</a></ul><article><h1>Quay</h1><p>" LONG_ONE "</p><p>" LONG_TWO
                         "</p><p><a href=/x>The timetable</a></p></article>");
    assert_false(read_line(fixture, "Politics"));
    assert_true(read_line(fixture, "The timetable"));
}

static void lines_of_the_same_kind_are_counted_together(void **state) {
    struct fixture *fixture = *state;
    survey_page(fixture, "<article><h1>Quay</h1><p class='t x'>" LONG_ONE "</p><p class=t>" LONG_TWO
                         "</p><p class=u>Three</p><div><p class=t>Elsewhere</p></div></article>");
    assert_feature(fixture, "The harbour", FEATURE_GROUP_LINES, 1.585); /* the logarithm of 1 + 2 */
    assert_feature(fixture, "Three", FEATURE_GROUP_LINES, 1);
    assert_feature(fixture, "Elsewhere", FEATURE_GROUP_LINES, 1);
}

/* Logarithms of 1 + how many lines. */
static void a_line_is_seen_in_its_surroundings(void **state) {
    struct fixture *fixture = *state;
    survey_page(fixture, "<article><h1>Quay</h1><p>" LONG_ONE "</p><p>" LONG_TWO
                         "</p><p>Three</p><div><p>1234 <a href=/a>6789</a></p></div></article>");
    assert_feature(fixture, "Three", FEATURE_PARENT_LINES, 2.585);
    assert_feature(fixture, "1234", FEATURE_PARENT_LINES, 1);
    assert_feature(fixture, "1234", FEATURE_GRAND_LINES, 2.585);
    assert_feature(fixture, "1234", FEATURE_PARENT_LINKS, 5.0 / 9); /* the space counts with the link */
    assert_feature(fixture, "1234", FEATURE_PARENT_PROSE, 0);
    assert_feature(fixture, "1234", FEATURE_PARENT_TAKEN, 0);
    read_line(fixture, "Three");
    assert_true(fixture->row[FEATURE_PARENT_TAKEN] > 0.8 && fixture->row[FEATURE_PARENT_TAKEN] < 1);
    assert_true(fixture->row[FEATURE_PARENT_PROSE] > 7 && fixture->row[FEATURE_PARENT_PROSE] < 8);
    assert_true(fixture->row[FEATURE_PARENT_LINKS] > 0 && fixture->row[FEATURE_PARENT_LINKS] < 0.1);
}

static int set_up(void **state) {
    static struct fixture fixture;
    struct failure failure = {0};
    *state = &fixture;
    if (extract_tables_open(TEST_DATA, &fixture.tables, &failure)) return 0;
    print_error("%s\n", failure.sentence);
    return -1;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    arena_free(fixture->arena);
    article_free(fixture->article);
    extract_tables_close(&fixture->tables);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_article_is_another),
        cmocka_unit_test(refusals_are_told),
        cmocka_unit_test(scripts_count_alike),
        cmocka_unit_test(links_far_from_the_text_are_hopeless),
        cmocka_unit_test(a_line_is_seen_in_its_surroundings),
        cmocka_unit_test(lines_of_the_same_kind_are_counted_together),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
