/* The words by which plain text is read, opened once for a group of tests. */
#ifndef TESTS_UNIT_PLAIN_WORDS_TEST_H
#define TESTS_UNIT_PLAIN_WORDS_TEST_H

#include "unit/cmocka_test.h"

#include "stages/extract/plain.h"

static struct arena *arena;
static struct plain_words words;

static inline int open_words(void **state) {
    (void)state;
    struct failure failure = {0};
    struct date_words *dates;
    struct table table;
    static struct phrases phrases;
    arena = arena_new();
    bool done = table_read(TEST_DATA, "extract/phrases.tsv", arena, &table, &failure) &&
                phrases_make(&table, arena, &phrases, &failure) &&
                date_words_read(TEST_DATA, arena, &dates, &failure) &&
                plain_words_open(TEST_DATA, dates, &phrases, arena, &words, &failure);
    return done ? 0 : -1;
}

static inline int close_words(void **state) {
    (void)state;
    plain_words_close(&words);
    arena_free(arena);
    return 0;
}

#endif
