/* Which blocks of an article are repetitions. A block is written as a letter for its kind, and its text. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/extract/tidy.h"

/* 59 and 60 characters. */
#define FIFTY_NINE "The ferry to Sarnoy leaves from the western quay on Monday."
#define SIXTY "The ferry to Sarnoy leaves from the western quay on Mondays."

static enum block_kind kind_of(char letter) {
    switch (letter) {
    case 'h':
        return BLOCK_HEADING;
    case 'l':
        return BLOCK_LIST_ITEM;
    case 'c':
        return BLOCK_CAPTION;
    case 'q':
        return BLOCK_QUOTE;
    case 't':
        return BLOCK_TABLE_ROW;
    case 's':
        return BLOCK_STANDFIRST;
    default:
        return BLOCK_PARAGRAPH;
    }
}

/* Returns which blocks stay, by their letters and numbers: "p0 h2". */
static const char *kept(const char *title, const char *const *blocks) {
    static char found[256];
    struct article *article = article_new();
    article->title.source = span_of(title);
    size_t count = 0;
    for (; blocks[count]; count++) article_add_block(article, kind_of(blocks[count][0]), span_of(blocks[count] + 1));
    tidy_blocks(article);
    found[0] = '\0';
    for (size_t i = 0, j = 0; i < article->block_count; i++, j++) {
        while (j < count && article->body[i].text.at != blocks[j] + 1) j++;
        assert_true(j < count);
        assert_int_equal(article->body[i].kind, kind_of(blocks[j][0]));
        sprintf(found + strlen(found), "%s%c%zu", i ? " " : "", blocks[j][0], j);
    }
    article_free(article);
    return found;
}

#define KEPT(title, ...) kept(title, (const char *const[]){__VA_ARGS__, NULL})

static void the_headline_is_dropped_at_the_top(void **state) {
    (void)state;
    assert_string_equal(KEPT("Quay shut", "pQuay shut", "pOne", "pQuay shut", "pQuay shut"), "p1");
    assert_string_equal(KEPT("Quay shut", "pOne", "pQuay shut", "pTwo"), "p0 p2");
    assert_string_equal(KEPT("Quay shut", "pOne", "pTwo", "pQuay shut", "pThree"), "p0 p1 p2 p3");
    assert_string_equal(KEPT("Quay shut", "pOne", "pTwo", "hQuay shut", "pThree", "cQuay shut"), "p0 p1 p3");
    assert_string_equal(KEPT("Quay shut", "pQuay", "pquay shut"), "p0 p1");
}

static void pull_quotes_are_dropped(void **state) {
    (void)state;
    assert_string_equal(KEPT("T", "pNever.", "qNever."), "p0");
    assert_string_equal(KEPT("T", "pNever.", "pOne", "pTwo", "qNever."), "p0 p1 p2");
    assert_string_equal(KEPT("T", "pNever.", "pOne", "pTwo", "pThree", "qNever."), "p0 p1 p2 p3 q4");
    assert_string_equal(KEPT("T", "pNever.", "pNever."), "p0 p1");
    assert_string_equal(KEPT("T", "cA boat.", "pOne", "cA boat."), "c0 p1");
    assert_string_equal(KEPT("T", "cA boat.", "pOne", "cTwo boats."), "c0 p1 c2");
}

static void text_printed_twice_is_dropped(void **state) {
    (void)state;
    assert_string_equal(KEPT("T", "p" SIXTY, "p" SIXTY), "p0");
    assert_string_equal(KEPT("T", "p" FIFTY_NINE, "p" FIFTY_NINE), "p0 p1");
    assert_string_equal(KEPT("T", "p" SIXTY, "pOne", "p" SIXTY), "p0 p1 p2");
    assert_string_equal(KEPT("T", "p" FIFTY_NINE, "h1", "p" FIFTY_NINE, "h1", "pTwo"), "p0 h1 p4");
    assert_string_equal(KEPT("T", "p" SIXTY, "p1", "p2", "p3", "p" SIXTY, "p1", "p2", "p3"), "p0 p1 p2 p3");
    assert_string_equal(KEPT("T", "p" SIXTY, "p1", "p2", "p3", "p4", "p" SIXTY, "p1", "p2", "p3", "p4"),
                        "p0 p1 p2 p3 p4 p5 p6 p7 p8 p9");
    assert_string_equal(KEPT("T", "p" SIXTY, "p1", "p" SIXTY, "p2"), "p0 p1 p2 p3");
    assert_string_equal(KEPT("T", "p0", "p" SIXTY, "p" SIXTY, "p" SIXTY), "p0 p1");
    assert_string_equal(KEPT("T", "h" SIXTY, "p1", "p2", "p3", "p" SIXTY, "p1", "p2", "p3"), "h0 p1 p2 p3 p4 p5 p6 p7");
}

static void lists_and_tables_repeat_themselves(void **state) {
    (void)state;
    assert_string_equal(KEPT("T", "l" SIXTY, "l" SIXTY), "l0 l1");
    assert_string_equal(KEPT("T", "t" SIXTY, "t" SIXTY), "t0 t1");
    assert_string_equal(KEPT("T", "p" SIXTY, "l1", "p" SIXTY, "l1"), "p0 l1 p2 l3");
}

static void headings_at_the_end_are_dropped(void **state) {
    (void)state;
    assert_string_equal(KEPT("T", "hOne", "pText", "hTwo", "hThree"), "h0 p1");
    assert_string_equal(KEPT("T", "hOne", "hTwo"), "");
}

static void the_origin_of_the_stand_first_goes_with_it(void **state) {
    (void)state;
    for (int there = 0; there < 2; there++) {
        struct article *article = article_new();
        article_add_block(article, BLOCK_PARAGRAPH, SPAN("One"));
        if (there) article_add_block(article, BLOCK_STANDFIRST, SPAN("Two"));
        article_note_field(article, FIELD_STANDFIRST, SPAN("description"));
        article_note_field(article, FIELD_TITLE, SPAN("h1"));
        tidy_evidence(article);
        assert_span(article->metadata_evidence[FIELD_STANDFIRST], there ? "description" : "");
        assert_span(article->metadata_evidence[FIELD_TITLE], "h1");
        article_free(article);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headline_is_dropped_at_the_top),
        cmocka_unit_test(pull_quotes_are_dropped),
        cmocka_unit_test(text_printed_twice_is_dropped),
        cmocka_unit_test(lists_and_tables_repeat_themselves),
        cmocka_unit_test(headings_at_the_end_are_dropped),
        cmocka_unit_test(the_origin_of_the_stand_first_goes_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
