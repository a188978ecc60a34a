/* Text pages and emails, as in tests/golden/plain. */
#include "unit/golden.h"
#include "unit/plain_words_test.h"

#include <time.h>

#include "pipeline/article/fields.h"

static void print_line(struct buffer *out, const char *name, struct span value) {
    if (value.length) buffer_print(out, "%s: %.*s\n", name, SPAN_ARGS(value));
}

static void describe(void *state, struct span text, struct buffer *out) {
    (void)state;
    struct article *article = article_new();
    plain_read(&words, text, article);
    print_line(out, "title", article->title.source);
    print_line(out, "published", article->published);
    print_line(out, "modified", article->modified);
    for (size_t i = 0; i < article->author_count; i++) print_line(out, "author", article->authors[i]);
    for (enum metadata_field field = 0; field < METADATA_FIELDS; field++) {
        struct span from = article->metadata_evidence[field];
        if (from.length) buffer_print(out, "%s from: %.*s\n", metadata_field_name(field), SPAN_ARGS(from));
    }
    for (size_t i = 0; i < article->block_count; i++)
        print_line(out, block_kind_names.at[article->body[i].kind], article->body[i].text);
    article_free(article);
}

static void test_golden(void **state) {
    golden_check(&(struct golden){"plain", "input.txt", "expected.txt", 20, describe}, *state);
}

/* A title that is known already is not searched for, but its repetition in the text is removed. */
static void test_known_title(void **state) {
    (void)state;
    struct article *article = article_new();
    article->title.source = SPAN("The harbour opens again");
    plain_read(&words,
               SPAN("Site\nTHE HARBOUR OPENS AGAIN\n\nThe first ship left at noon.\n\nThe second will follow.\n"),
               article);
    assert_span(article->title.source, "The harbour opens again");
    assert_int_equal(article->metadata_evidence[FIELD_TITLE].length, 0);
    assert_int_equal(article->block_count, 2);
    article_free(article);
}

/* The headline is the first line that can be one. */
static void test_headlines_are_chosen(void **state) {
    static const char *const cases[][2] = {
        {"Home > World\n\nThe harbour opens again\n\nThe first ship left at noon.\n", "The harbour opens again"},
        {"https://quay.example/a\nThe harbour opens again\n\nThe first ship left at noon.\n",
         "The harbour opens again"},
        {"- Ferries\n\nThe harbour opens again\n\nThe first ship left at noon.\n", "The harbour opens again"},
        {"Quay Post\n\nThe harbour opens again for ships\n\nThe first ship left at noon.\n",
         "The harbour opens again for ships"},
        {"The harbour opens again for ships\n\nQuay Post\n\nThe first ship left at noon.\n",
         "The harbour opens again for ships"},
        {"Will the harbour open again?\n\nThe first ship left at noon.\n", "Will the harbour open again?"},
        {"The harbour opens!\n\nThe first ship left at noon.\n", "The harbour opens!"},
        {"The harbour opens.\n\nThe first ship left at noon today, and many came.\n\nOne.\n\nTwo.\n",
         "The harbour opens."},
        {"The first ship left at noon, and everybody was on the quay.\n\nThe second will follow.\n\nOne.\n\nTwo.\n",
         ""},
        {"Quay\n\nHarbour opens\n\nThe harbour opens\n\nThe first ship left at noon.\n", "The harbour opens"},
        {"The harbour opens again\nQuay\nThe harbour opens again\n\nThe first ship left at noon.\n",
         "The harbour opens again"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_new();
        plain_read(&words, span_of(cases[i][0]), article);
        struct span title = article->title.source;
        if (!span_is(title, cases[i][1])) fail_msg("%s\nhas the title %.*s", cases[i][0], SPAN_ARGS(title));
        article_free(article);
    }
}

/* A million short lines, and one line of ten megabytes. */
static void test_large_texts_are_linear(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 24);
    for (int i = 0; i < 300000; i++) buffer_print(&text, "> On %d wrote: by photo: 12 views\n", i);
    struct article *article = article_new();
    clock_t start = clock();
    plain_read(&words, buffer_span(&text), article);
    article_free(article);
    buffer_clear(&text);
    for (int i = 0; i < 1000000; i++) buffer_add_string(&text, "29 Jan 20 ");
    article = article_new();
    plain_read(&words, buffer_span(&text), article);
    assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
    article_free(article);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden), cmocka_unit_test(test_known_title),
                                       cmocka_unit_test(test_headlines_are_chosen),
                                       cmocka_unit_test(test_large_texts_are_linear)};
    return cmocka_run_group_tests(tests, open_words, close_words);
}
