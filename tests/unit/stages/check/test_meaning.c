/* English that says something else than its source, less or more, in many languages. tables/clauses.tsv has the pairs,
 * from which the faults are made. */
#define _GNU_SOURCE
#include "unit/cmocka_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"
#include "stages/check/checker.h"
#include "stages/check/meaning_internal.h"

/* FOILS: the last rows of the table, whose subjects no other row has. Of all their combinations with other rows, one in
 * MISSED_OF may be missed, and of each row MISSED_OF_ROW. */
enum { LONG_TEXT = 1 << 16, MIN_LANGUAGES = 20, FOILS = 6, MISSED_OF_ROW = 2, MISSED_OF = 20 };
static struct resources *resources;
static const struct checker *checker;
static struct arena *arena;
static struct table pairs;

/* A text with and without the part in brackets. */
struct text {
    struct span whole, less, part;
};

static int open_checker(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    resources = resources_new(TEST_DATA);
    return (checker = resources_borrow(resources, &checker_resource, &failure)) &&
                   table_read(TEST_TESTS "/unit/stages/check", "clauses.tsv", arena, &pairs, &failure)
               ? 0
               : -1;
}

static int close_checker(void **state) {
    (void)state;
    resources_free(resources);
    arena_free(arena);
    return 0;
}

static struct text text_of(struct span cell) {
    size_t from = (size_t)((const char *)memchr(cell.at, '[', cell.length) - cell.at);
    size_t to = (size_t)((const char *)memchr(cell.at, ']', cell.length) - cell.at);
    struct span before = span_cut(cell, 0, from), part = span_cut(cell, from + 1, to),
                after = span_cut(cell, to + 1, cell.length);
    return (struct text){arena_print(arena, "%.*s%.*s%.*s", SPAN_ARGS(before), SPAN_ARGS(part), SPAN_ARGS(after)),
                         arena_print(arena, "%.*s%.*s", SPAN_ARGS(before), SPAN_ARGS(after)), span_trim(part)};
}

static struct text source_of(size_t row) {
    return text_of(pairs.rows[row].cells[2]);
}

static struct text english_of(size_t row) {
    return text_of(pairs.rows[row].cells[3]);
}

static struct segment *judge(struct article *article, const char *language, struct span source, struct span english) {
    struct segment *segment = article_add_segment(article, article_add_block(article, BLOCK_PARAGRAPH, source), source);
    segment->target = english;
    checker_judge(checker, article, segment, &(struct checker_question){.language = language});
    return segment;
}

/* Returns the message of the check, or an empty span if it found nothing. */
static struct span message_of(const struct segment *segment, const char *check) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (strcmp(segment->findings[i].check, check) == 0) return segment->findings[i].message;
    return SPAN("");
}

static bool has_any(const struct segment *segment) {
    return message_of(segment, "meaning").length || message_of(segment, "truncated").length ||
           message_of(segment, "added").length;
}

static bool finds(size_t row, const char *fault) {
    struct span found = pairs.rows[row].cells[0];
    return span_is(found, "both") || span_is(found, fault);
}

static bool contains(struct span text, struct span part) {
    return part.length && memmem(text.at, text.length, part.at, part.length) != NULL;
}

/* Returns whether both are parts of the text and have some of it in common. */
static bool overlap(struct span text, struct span a, struct span b) {
    if (!contains(text, a) || !contains(text, b)) return false;
    const char *at = memmem(text.at, text.length, a.at, a.length),
               *other = memmem(text.at, text.length, b.at, b.length);
    return at < other + b.length && other < at + a.length;
}

/* Returns what follows the first appearance of `before` in the message. */
static struct span quote_after(struct span message, const char *before) {
    const char *found = memmem(message.at, message.length, before, strlen(before));
    if (!found) return SPAN("");
    size_t from = (size_t)(found - message.at) + strlen(before);
    return span_cut(message, from, message.length);
}

/* ---------------------------------------------------------------- pairs in many languages */

static void expect_sound(size_t row, struct span source, struct span english, int *flagged) {
    struct article *article = article_new();
    struct segment *segment = judge(article, arena_string(arena, pairs.rows[row].cells[1]), source, english);
    for (size_t i = 0; i < segment->finding_count; i++)
        print_message("flagged: row %zu %.*s: %s: %.*s\n", row, SPAN_ARGS(pairs.rows[row].cells[1]),
                      segment->findings[i].check, SPAN_ARGS(segment->findings[i].message));
    *flagged += segment->status != SEGMENT_OK;
    article_free(article);
}

static void good_translations_are_sound(void **state) {
    (void)state;
    int flagged = 0, languages = 0;
    for (size_t i = 0; i < pairs.count; i++) {
        expect_sound(i, source_of(i).whole, english_of(i).whole, &flagged);
        expect_sound(i, source_of(i).less, english_of(i).less, &flagged);
        languages += i == 0 || !span_equal(pairs.rows[i].cells[1], pairs.rows[i - 1].cells[1]);
    }
    assert_int_equal(flagged, 0);
    assert_true(languages >= MIN_LANGUAGES);
}

/* Judges one pair, and returns whether the check finds it and quotes a part of the text that overlaps `part`. */
static bool is_quoted(size_t row, struct span source, struct span english, const char *check, const char *before,
                      struct span text, struct span part) {
    struct article *article = article_new();
    struct segment *segment = judge(article, arena_string(arena, pairs.rows[row].cells[1]), source, english);
    struct span message = message_of(segment, check), quote = quote_after(message, before);
    if (span_ends(quote, SPAN("\""))) quote.length--;
    if (span_ends(quote, SPAN("…"))) quote.length -= strlen("…");
    /* English that has nothing of the source is not quoted, because all of it would be */
    bool whole = span_is(message, "the English seems to say something different from the source");
    bool good = segment->status == SEGMENT_SUSPECT && (whole || overlap(text, quote, part));
    if (!good) print_message("not found: %s: row %zu: %.*s\n", check, row, SPAN_ARGS(english));
    article_free(article);
    return good;
}

/* Returns how many of the foils are not found beside the source. */
static int miss_foils(size_t row, int *tried) {
    int missed = 0;
    for (size_t i = pairs.count - FOILS; i < pairs.count; i++) {
        struct span english = english_of(i).whole;
        if (i == row) continue;
        missed +=
            !is_quoted(row, source_of(row).whole, english, "meaning", "which has nothing like \"", english, english);
        ++*tried;
    }
    return missed;
}

static void the_english_of_another_sentence_is_quoted(void **state) {
    (void)state;
    int missed = 0, tried = 0;
    for (size_t i = 0; i < pairs.count; i++) {
        int of_row = miss_foils(i, &tried);
        assert_true(of_row <= MISSED_OF_ROW);
        missed += of_row;
    }
    assert_true(missed * MISSED_OF <= tried);
}

static void what_is_left_out_is_quoted(void **state) {
    (void)state;
    int missed = 0;
    for (size_t i = 0; i < pairs.count; i++) {
        struct text source = source_of(i);
        if (finds(i, "truncated"))
            missed += !is_quoted(i, source.whole, english_of(i).less, "truncated", "missing from the English: \"",
                                 source.whole, source.part);
    }
    assert_int_equal(missed, 0);
}

static void what_is_added_is_quoted(void **state) {
    (void)state;
    int missed = 0;
    for (size_t i = 0; i < pairs.count; i++) {
        struct text english = english_of(i);
        if (finds(i, "added"))
            missed += !is_quoted(i, source_of(i).less, english.whole, "added", "does not seem to say: \"",
                                 english.whole, english.part);
    }
    assert_int_equal(missed, 0);
}

/* ---------------------------------------------------------------- unusual texts */

static void expect_none(const char *language, struct span source, struct span english) {
    struct article *article = article_new();
    struct segment *segment = judge(article, language, source, english);
    if (has_any(segment))
        fail_msg("%s: %.*s: %.*s", language, SPAN_ARGS(text_clip(english, 60)),
                 SPAN_ARGS(segment->findings[0].message));
    article_free(article);
}

static void texts_that_tell_too_little_are_not_judged(void **state) {
    (void)state;
    static const char *const texts[][3] = {{"es", "Puente", "Harbour"},
                                           {"zh", "桥", "Harbour"},
                                           {"ar", "الجسر", "Schools"},
                                           {"es", "Obras", "Works on the old bridge continue"},
                                           {"ru", "Мост", "The bridge. It is closed. Still."},
                                           {"xx", "Obras", "Works on the bridge. Soon. Again."},
                                           {"es", "", ""},
                                           {"es", "", "The harbour"},
                                           {"es", "El puerto", ""},
                                           {"es", "¿¡!? … —", "?!? ... -"},
                                           {"zh", "。。。。！！！！，，，，？？？？", "....!!!!,,,,????"},
                                           {"hi", "।।।।।।।।।।।।।।।", "..............."},
                                           {"ru", "12 34 56 78 90", "12 34 56 78 90"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_none(texts[i][0], span_of(texts[i][1]), span_of(texts[i][2]));
}

static struct span repeat(struct span text, const char *between, size_t count) {
    struct buffer all = BUFFER(1 << 20);
    for (size_t i = 0; i < count; i++) {
        buffer_add_span(&all, text);
        buffer_add_string(&all, between);
    }
    struct span kept = arena_print(arena, "%.*s", SPAN_ARGS(buffer_span(&all)));
    buffer_free(&all);
    return kept;
}

/* Their lengths may differ, but nothing is said of their meaning. */
static void expect_not(const char *language, struct span source, struct span english) {
    struct article *article = article_new();
    assert_int_equal(message_of(judge(article, language, source, english), "meaning").length, 0);
    article_free(article);
}

static void a_sentence_for_a_word_is_too_much(void **state) {
    (void)state;
    struct article *article = article_new();
    struct segment *segment =
        judge(article, "ru", SPAN("Мост"), SPAN("The workers have closed the old bridge near the station again."));
    assert_true(message_of(segment, "added").length > 0);
    article_free(article);
}

static void one_letter_64_thousand_times_is_not_judged(void **state) {
    (void)state;
    static const char *const letters[][2] = {{"ru", "ж"}, {"zh", "港"}, {"th", "ก"}, {"ar", "ب"}, {"xx", "ω"}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        struct span letter = span_of(letters[i][1]);
        struct span source = repeat(letter, "", LONG_TEXT / letter.length);
        expect_not(letters[i][0], source, repeat(SPAN("w"), "", LONG_TEXT));
        expect_not(letters[i][0], source, repeat(SPAN("w"), " ", LONG_TEXT / 2));
    }
}

/* Texts of 20 to 2,000 words, many longer than those that the weights were learned from. */
static void long_texts_are_no_fault(void **state) {
    (void)state;
    for (size_t i = 0; i < pairs.count; i++)
        for (size_t count = 1; count <= 63; count = 2 * count + 1)
            expect_none(arena_string(arena, pairs.rows[i].cells[1]), repeat(source_of(i).whole, " ", count),
                        repeat(english_of(i).whole, " ", count));
}

static bool half_is_missed(size_t row) {
    struct article *article = article_new();
    struct segment *segment = judge(article, arena_string(arena, pairs.rows[row].cells[1]),
                                    repeat(source_of(row).whole, " ", 60), repeat(english_of(row).whole, " ", 30));
    bool missed = message_of(segment, "truncated").length > 0;
    article_free(article);
    return missed;
}

static void half_of_a_long_text_is_missed(void **state) {
    (void)state;
    size_t missed = 0;
    for (size_t i = 0; i < pairs.count; i++) missed += half_is_missed(i);
    assert_true(missed * 10 >= pairs.count * 8);
}

/* ---------------------------------------------------------------- languages that the lexicon does not know */

/* Spanish under the code of a language that does not exist. */
static void unknown_languages_are_judged_by_their_lengths(void **state) {
    (void)state;
    struct text source = source_of(1), english = english_of(1);
    for (size_t count = 1; count <= 63; count = 2 * count + 1)
        expect_none("xx", repeat(source.whole, " ", count), repeat(english.whole, " ", count));
    expect_none("xx", source.whole, english_of(pairs.count - FOILS).whole);
    struct article *article = article_new();
    struct segment *truncated = judge(article, "xx", source.whole, english.less);
    assert_true(contains(message_of(truncated, "truncated"), SPAN("something seems to be missing")));
    struct segment *added = judge(article, "xx", source.less, english.whole);
    assert_true(contains(message_of(added, "added"), SPAN("something seems to have been added")));
    article_free(article);
}

/* ---------------------------------------------------------------- features */

/* Takes the next number from the text. */
static double next_number(char **text) {
    char *end;
    double number = strtod(*text, &end);
    if (end == *text) fail_msg("no number at '%s'", *text);
    *text = end;
    return number;
}

static size_t read_codes(char **text, char name, uint16_t *codes) {
    size_t count = 0;
    while (**text == ' ') ++*text;
    assert_int_equal(*(*text)++, name);
    while (**text == ' ' && (*text)[1] >= '0' && (*text)[1] <= '9') codes[count++] = (uint16_t)next_number(text);
    return count;
}

/* Reads evidence as tools/meaning_evidence.c prints it. */
static void read_evidence(char *text, struct meaning_evidence *evidence) {
    evidence->has_words = next_number(&text) > 0;
    evidence->length = next_number(&text);
    evidence->deviation = next_number(&text);
    evidence->expected = next_number(&text);
    evidence->sentences = (int)next_number(&text);
    evidence->cut = next_number(&text) > 0;
    evidence->open = next_number(&text) > 0;
    for (size_t i = 0; i < EVIDENCE_MARKS; i++) {
        evidence->source_marks[i] = (unsigned)next_number(&text);
        evidence->english_marks[i] = (unsigned)next_number(&text);
    }
    evidence->english_count = read_codes(&text, 'e', evidence->english);
    evidence->source_count = read_codes(&text, 's', evidence->source);
}

static void compare(const struct meaning *meaning, const struct row *row) {
    struct meaning_evidence evidence;
    double features[FEATURES];
    read_evidence(arena_string(arena, row->cells[1]), &evidence);
    meaning_features(meaning, row->cells[0], &evidence, features);
    char *expected = arena_string(arena, row->cells[2]);
    for (size_t i = 0; i < FEATURES; i++) {
        double wanted = next_number(&expected);
        if (fabs(features[i] - wanted) > 0.001)
            fail_msg("%.*s: feature %zu is %.4f, not %.4f", SPAN_ARGS(row->cells[1]), i, features[i], wanted);
    }
    assert_int_equal(*expected, '\0');
}

/* features/tables has random weights, and the features of a few pairs that tools/learn_meaning.py computes by them.
 * tests/tree/test_learn_meaning.py compares these with the tool. */
static void features_are_those_of_the_tool(void **state) {
    (void)state;
    static const char *const folder = TEST_TESTS "/unit/stages/check/features";
    struct failure failure = {0};
    struct meaning *meaning;
    struct table rows;
    assert_true(meaning_read(folder, arena, &meaning, &failure));
    assert_true(table_read(folder, "features.tsv", arena, &rows, &failure));
    assert_true(rows.count >= 6);
    for (size_t i = 0; i < rows.count; i++) compare(meaning, &rows.rows[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(features_are_those_of_the_tool),
                                       cmocka_unit_test(good_translations_are_sound),
                                       cmocka_unit_test(the_english_of_another_sentence_is_quoted),
                                       cmocka_unit_test(what_is_left_out_is_quoted),
                                       cmocka_unit_test(what_is_added_is_quoted),
                                       cmocka_unit_test(texts_that_tell_too_little_are_not_judged),
                                       cmocka_unit_test(a_sentence_for_a_word_is_too_much),
                                       cmocka_unit_test(one_letter_64_thousand_times_is_not_judged),
                                       cmocka_unit_test(long_texts_are_no_fault),
                                       cmocka_unit_test(half_of_a_long_text_is_missed),
                                       cmocka_unit_test(unknown_languages_are_judged_by_their_lengths)};
    return cmocka_run_group_tests(tests, open_checker, close_checker);
}
