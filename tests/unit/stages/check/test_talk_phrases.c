/* The phrases that the machine says: found as by a search for each of them, in texts of any kind. */
#include "unit/failure_is.h"

#include <stdlib.h>

#include "pipeline/base/table.h"
#include "stages/check/talk_phrases.h"

enum { TEXTS = 2000, PIECES = 12, LONGEST = 4096 };

static struct arena *arena;
static struct talk_phrases *phrases;
static struct table table;

static int open_phrases(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    return talk_phrases_read(TEST_DATA, arena, &phrases, &failure) &&
                   table_read(TEST_DATA, "check/talk.tsv", arena, &table, &failure)
               ? 0
               : -1;
}

static int close_phrases(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

/* What the contract says, with a search for each phrase. The text is in lower case. */
static struct span search(const char *kind, struct span text, struct span source) {
    for (size_t i = 0; i < table.count; i++)
        if (span_is(table.rows[i].cells[0], kind) && span_find(text, table.rows[i].cells[1]) != SIZE_MAX &&
            span_find(source, table.rows[i].cells[1]) == SIZE_MAX)
            return table.rows[i].cells[1];
    return SPAN("");
}

static void assert_found(struct span text, struct span source) {
    struct span first[TALK_KINDS];
    talk_phrases_find(phrases, text, source, first);
    if (!span_equal(first[TALK_JOB], search("job", text, source)) ||
        !span_equal(first[TALK_TALK], search("talk", text, source)) ||
        !span_equal(first[TALK_LEAK], search("leak", text, source)))
        fail_msg("%.*s", SPAN_ARGS(text));
}

/* Adds a whole phrase or a part of one, or a letter. */
static void add_piece(struct buffer *text) {
    static const char *const letters[] = {"a", " ", "s", "i", "é", "三", "\xE2", "'", "."};
    struct span phrase = table.rows[(size_t)rand() % table.count].cells[1];
    switch (rand() % 3) {
    case 0:
        buffer_add_span(text, phrase);
        break;
    case 1:
        buffer_add_span(text, span_cut(phrase, (size_t)rand() % phrase.length, (size_t)rand() % phrase.length));
        break;
    default:
        buffer_add_string(text, letters[(size_t)rand() % (sizeof letters / sizeof *letters)]);
    }
}

static void random_texts_have_what_a_search_finds(void **state) {
    (void)state;
    struct buffer text = BUFFER(LONGEST), source = BUFFER(LONGEST);
    srand(1);
    for (int i = 0; i < TEXTS; i++) {
        buffer_clear(&text);
        buffer_clear(&source);
        for (int piece = rand() % PIECES; piece >= 0; piece--) add_piece(&text);
        for (int piece = rand() % PIECES; piece >= 0; piece--) add_piece(&source);
        assert_found(buffer_span(&text), buffer_span(&source));
        assert_found(buffer_span(&text), SPAN(""));
    }
    buffer_free(&text);
    buffer_free(&source);
}

static void capitals_in_the_text_do_not_matter(void **state) {
    (void)state;
    struct span first[TALK_KINDS];
    talk_phrases_find(phrases, SPAN("He said: As An AI Language Model"), SPAN(""), first);
    assert_true(span_is(first[TALK_TALK], "as an ai language model"));
    assert_int_equal(first[TALK_LEAK].length, 0);
    talk_phrases_find(phrases, SPAN("A"), SPAN(""), first);
    assert_int_equal(first[TALK_TALK].length, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_texts_have_what_a_search_finds),
                                       cmocka_unit_test(capitals_in_the_text_do_not_matter)};
    return cmocka_run_group_tests(tests, open_phrases, close_phrases);
}
