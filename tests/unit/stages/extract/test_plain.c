/* Text pages and mails: tests/golden/plain/NN-name/{input.txt,expected.txt}. With DRAGOMAN_ACCEPT set what is found becomes
 * what is expected. */
#include "unit/cmocka_test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stages/extract/plain.h"

static struct arena *arena;
static struct plain_words words;

static int open_words(void **state) {
    (void)state;
    struct failure failure = {0};
    struct date_words *dates;
    struct table table;
    static struct phrases phrases;
    arena = arena_new();
    bool done = table_read(TEST_DATA, "extract/phrases.tsv", arena, &table, &failure) &&
                phrases_make(&table, arena, &phrases, &failure) && date_words_read(TEST_DATA, arena, &dates, &failure) &&
                plain_words_open(TEST_DATA, dates, &phrases, arena, &words, &failure);
    return done ? 0 : -1;
}

static int close_words(void **state) {
    (void)state;
    plain_words_close(&words);
    arena_free(arena);
    return 0;
}

static struct buffer read_all(const char *path) {
    struct buffer bytes = BUFFER(1 << 20);
    FILE *file = fopen(path, "rb");
    char chunk[4096];
    for (size_t length; file && (length = fread(chunk, 1, sizeof chunk, file)) > 0;) buffer_add(&bytes, chunk, length);
    if (file) fclose(file);
    return bytes;
}

static void print_line(struct buffer *out, const char *name, struct span value) {
    if (value.length) buffer_print(out, "%s: %.*s\n", name, SPAN_ARGS(value));
}

static struct buffer describe(struct span text) {
    struct buffer out = BUFFER(1 << 20);
    struct article *article = article_new();
    plain_read(&words, text, article);
    print_line(&out, "title", article->title.source);
    print_line(&out, "published", article->published);
    print_line(&out, "modified", article->modified);
    for (size_t i = 0; i < article->author_count; i++) print_line(&out, "author", article->authors[i]);
    for (enum metadata_field field = 0; field < METADATA_FIELDS; field++) {
        struct span from = article->metadata_evidence[field];
        if (from.length) buffer_print(&out, "%s from: %.*s\n", metadata_field_name(field), SPAN_ARGS(from));
    }
    for (size_t i = 0; i < article->block_count; i++) print_line(&out, block_kind_name(article->body[i].kind), article->body[i].text);
    article_free(article);
    return out;
}

static void accept(const char *path, const struct buffer *got) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(got->at, 1, got->length, file);
    fclose(file);
}

static void test_golden(void **state) {
    (void)state;
    glob_t found;
    size_t wrong = 0;
    assert_int_equal(glob(TEST_TESTS "/golden/plain/*/input.txt", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 15);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%.*sexpected.txt", (int)(strlen(found.gl_pathv[i]) - strlen("input.txt")), found.gl_pathv[i]);
        struct buffer input = read_all(found.gl_pathv[i]), got = describe(buffer_span(&input));
        if (getenv("DRAGOMAN_ACCEPT")) accept(path, &got);
        struct buffer expected = read_all(path);
        if (!span_equal(buffer_span(&got), buffer_span(&expected))) {
            print_error("%s gives\n%s\n", found.gl_pathv[i], got.at);
            wrong++;
        }
        buffer_free(&input);
        buffer_free(&got);
        buffer_free(&expected);
    }
    globfree(&found);
    assert_int_equal(wrong, 0);
}

/* A title that is known already is not looked for, but its repetition goes. */
static void test_known_title(void **state) {
    (void)state;
    struct article *article = article_new();
    article->title.source = SPAN("The harbour opens again");
    plain_read(&words, SPAN("Site\nTHE HARBOUR OPENS AGAIN\n\nThe first ship left at noon.\n\nThe second will follow.\n"), article);
    assert_span(article->title.source, "The harbour opens again");
    assert_int_equal(article->metadata_evidence[FIELD_TITLE].length, 0);
    assert_int_equal(article->block_count, 2);
    article_free(article);
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
                                       cmocka_unit_test(test_large_texts_are_linear)};
    return cmocka_run_group_tests(tests, open_words, close_words);
}
