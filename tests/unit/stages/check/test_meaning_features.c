/* meaning.c computes the same features as tools/learn_meaning.py, which learned their weights. features/features.tsv
 * has those of a few pairs; tests/tree/test_learn_meaning.py compares it with the tool. */
#include "unit/cmocka_test.h"

#include <math.h>
#include <stdlib.h>

#include "pipeline/base/table.h"
#include "stages/check/meaning_internal.h"

static const char *const folder = TEST_TESTS "/unit/stages/check/features";
static struct arena *arena;
static struct meaning *meaning;
static struct table rows;

static int read_fixture(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    return meaning_read(folder, arena, &meaning, &failure) &&
                   table_read(TEST_TESTS "/unit/stages/check/features", "features.tsv", arena, &rows, &failure)
               ? 0
               : -1;
}

static int free_fixture(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

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

static void compare(const struct row *row) {
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

static void features_are_those_of_the_tool(void **state) {
    (void)state;
    assert_true(rows.count >= 6);
    for (size_t i = 0; i < rows.count; i++) compare(&rows.rows[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(features_are_those_of_the_tool)};
    return cmocka_run_group_tests(tests, read_fixture, free_fixture);
}
