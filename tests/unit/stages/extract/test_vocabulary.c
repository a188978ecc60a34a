/* Meanings of element names, beginnings of lines that are page furniture, and the overlap of two texts. */
#include "unit/failure_is.h"

#include "stages/extract/overlap.h"
#include "stages/extract/phrases.h"
#include "stages/extract/vocabulary.h"

struct fixture {
    struct arena *arena;
    struct vocabulary vocabulary;
    struct known_meanings known;
    struct phrases phrases;
};

static struct meaning look_up(void **state, const char *class) {
    struct fixture *fixture = *state;
    struct attribute attribute = {SPAN("class"), span_of(class)};
    struct node node = {.attributes = &attribute, .attribute_count = 1};
    return vocabulary_look_up(&fixture->vocabulary, &fixture->known, &node);
}

static void names_are_cut_to_words(void **state) {
    assert_true(look_up(state, "ArticleBody_root__3xYz").marks & MARK_CONTAINER);
    assert_true(look_up(state, "x article__body").marks & MARK_CONTAINER);
    assert_true(look_up(state, "c-read-more").marks & MARK_BOILERPLATE);
    assert_true(look_up(state, "ReadMore").marks & MARK_BOILERPLATE);
    assert_false(look_up(state, "ready more").marks & MARK_BOILERPLATE);
    assert_false(look_up(state, "shared-values").marks & MARK_BOILERPLATE);
    assert_int_equal(look_up(state, "").marks, 0);
    assert_int_equal(look_up(state, "--__--").marks, 0);
}

static void whole_names_and_modifiers(void **state) {
    assert_true(look_up(state, "content").marks & MARK_CONTAINER);
    assert_false(look_up(state, "content-box-7").marks & MARK_CONTAINER);
    assert_true(look_up(state, "sidebar").marks & MARK_BOILERPLATE);
    assert_false(look_up(state, "has-sidebar").marks & MARK_BOILERPLATE);
}

static void specific_containers_come_first(void **state) {
    assert_true(look_up(state, "articleBody").rank < look_up(state, "entry-content").rank);
    assert_true(look_up(state, "entry-content").rank < look_up(state, "main").rank);
    assert_int_equal(look_up(state, "sidebar").rank, RANK_NONE);
}

static enum phrase_kind phrase(void **state, const char *line) {
    return phrases_find(&((struct fixture *)*state)->phrases, span_of(line));
}

static void phrases_in_many_languages(void **state) {
    assert_int_equal(phrase(state, "Lesen Sie auch: Der Hafen"), PHRASE_MORE);
    assert_int_equal(phrase(state, "ЧИТАЙТЕ ТАКЖЕ Погода"), PHRASE_MORE);
    assert_int_equal(phrase(state, "► Leia também: feira"), PHRASE_MORE);
    assert_int_equal(phrase(state, "関連記事　港"), PHRASE_MORE);
    assert_int_equal(phrase(state, "Follow us on our channels"), PHRASE_SCRAP);
    assert_int_equal(phrase(state, "Share"), PHRASE_WHOLE);
    assert_int_equal(phrase(state, "Share prices fell again on Tuesday."), PHRASE_NONE);
    assert_int_equal(phrase(state, "Lesen Sie auchtest"), PHRASE_NONE);
    assert_int_equal(phrase(state, ""), PHRASE_NONE);
    assert_true(
        phrases_credit(&((struct fixture *)*state)->phrases, SPAN("Das Schiff bei der Probefahrt. Foto: Werft")));
    assert_true(phrases_credit(&((struct fixture *)*state)->phrases, SPAN("Das Schiff am Kai © Werft")));
    assert_false(phrases_credit(&((struct fixture *)*state)->phrases, SPAN("Auf dem Foto war das Schiff zu sehen.")));
}

static void overlaps_are_shares(void **state) {
    struct arena *arena = ((struct fixture *)*state)->arena;
    struct overlap overlap =
        overlap_make(SPAN("The council voted on Tuesday night to build the bridge that sailors argued about."), arena);
    assert_true(overlap_share(&overlap, SPAN("“the council voted, on Tuesday night, to build the bridge”")) > 0.99);
    assert_true(
        overlap_share(&overlap, SPAN("A quite different sentence of about the same length, with nothing shared.")) <
        0.01);
    assert_true(overlap_share(&overlap, SPAN("short")) < 0.01);
    double half =
        overlap_share(&overlap, SPAN("The council voted on Tuesday night and then everybody went home to sleep."));
    assert_true(half > 0.1 && half < 0.6);
    struct overlap none = overlap_make(SPAN(""), arena);
    assert_true(overlap_share(&none, SPAN("anything that is long enough for a window")) < 0.01);
}

static void tables_with_unknown_meanings_are_refused(void **state) {
    struct arena *arena = ((struct fixture *)*state)->arena;
    struct row row = {.cells = {SPAN("nonsense"), SPAN("a b")}, .count = 2};
    struct table table = {.name = "extract/phrases.tsv", .rows = &row, .count = 1};
    struct failure failure = {0};
    struct vocabulary vocabulary;
    struct phrases phrases;
    assert_false(vocabulary_make(&table, &(struct table){0}, arena, &vocabulary, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "nonsense");
    assert_false(phrases_make(&table, arena, &phrases, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "extract/phrases.tsv: unknown kind of phrase 'nonsense'");
}

static const struct table no_names = {.name = "extract/names.tsv"};

/* Odds that are no number, or beyond any that could be learned. */
static void invalid_odds_are_refused(void **state) {
    static const char *const values[] = {"", "much", "nan", "10", "-9.5", "inf"};
    struct arena *arena = ((struct fixture *)*state)->arena;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct row row = {.cells = {SPAN("teaser-list"), span_of(values[i])}, .count = 2};
        struct table odds = {.name = "extract/odds.tsv", .rows = &row, .count = 1};
        struct failure failure = {0};
        struct vocabulary vocabulary;
        assert_false(vocabulary_make(&no_names, &odds, arena, &vocabulary, &failure));
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                       "tables/extract/odds.tsv: the row 'teas");
    }
}

/* The lowest and the highest of all words and pairs of words; words without odds do not count. */
static void names_have_odds(void **state) {
    struct row rows[] = {{.cells = {SPAN("teaser"), SPAN("-1.5")}, .count = 2},
                         {.cells = {SPAN("teaser-list"), SPAN("-2.25")}, .count = 2},
                         {.cells = {SPAN("prose"), SPAN("1.75")}, .count = 2}};
    struct table odds = {.name = "extract/odds.tsv", .rows = rows, .count = 3};
    struct fixture fixture = *(struct fixture *)*state;
    struct failure failure = {0};
    void *with = &fixture;
    assert_true(vocabulary_make(&no_names, &odds, fixture.arena, &fixture.vocabulary, &failure));
    struct meaning mixed = look_up(&with, "TeaserList prose__x"), one = look_up(&with, "teaser"),
                   none = look_up(&with, "teasers");
    assert_true(mixed.low < -2.2F && mixed.low > -2.3F && mixed.high > 1.7F && mixed.high < 1.8F);
    assert_true(one.low < -1.4F && one.low > -1.6F && one.high < 0.1F);
    assert_true(none.low > -0.1F && none.high < 0.1F && none.rank == RANK_NONE);
}

static void list_word(void *state, struct span words) {
    buffer_add_span(state, words);
    buffer_add_string(state, " ");
}

/* What the odds are learned for is what they are looked up for. */
static void words_are_listed_as_they_are_looked_up(void **state) {
    (void)state;
    struct attribute attributes[] = {{SPAN("class"), SPAN("ArticleBody_root2x c")}, {SPAN("href"), SPAN("read-on")}};
    struct node node = {.attributes = attributes, .attribute_count = 2};
    struct buffer words = BUFFER(1000);
    vocabulary_list_words(&node, list_word, &words);
    assert_true(span_is(buffer_span(&words), "article article-body body body-root root root-x x c "));
    buffer_free(&words);
}

static int set_up(void **state) {
    static struct fixture fixture;
    struct table names = {0}, phrases = {0};
    struct failure failure = {0};
    fixture.arena = arena_new();
    *state = &fixture;
    bool read = table_read(TEST_DATA, "extract/names.tsv", fixture.arena, &names, &failure) &&
                table_read(TEST_DATA, "extract/phrases.tsv", fixture.arena, &phrases, &failure) &&
                vocabulary_make(&names, &(struct table){0}, fixture.arena, &fixture.vocabulary, &failure) &&
                phrases_make(&phrases, fixture.arena, &fixture.phrases, &failure);
    if (!read) print_error("%s\n", failure.sentence);
    return read ? 0 : -1;
}

static int tear_down(void **state) {
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_cut_to_words),
        cmocka_unit_test(whole_names_and_modifiers),
        cmocka_unit_test(specific_containers_come_first),
        cmocka_unit_test(phrases_in_many_languages),
        cmocka_unit_test(overlaps_are_shares),
        cmocka_unit_test(invalid_odds_are_refused),
        cmocka_unit_test(names_have_odds),
        cmocka_unit_test(words_are_listed_as_they_are_looked_up),
        cmocka_unit_test(tables_with_unknown_meanings_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
