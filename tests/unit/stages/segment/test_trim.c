#include "stages/segment/trim.h"

#include "unit/cmocka_test.h"

static struct article *article;

static int open_article(void **state) {
    (void)state;
    article = article_new();
    return 0;
}

static int close_article(void **state) {
    (void)state;
    article_free(article);
    return 0;
}

static void add(const char *text) {
    article_add_block(article, BLOCK_PARAGRAPH, span_of(text));
}

static void trim(long long paragraphs, long long characters) {
    trim_article(&(struct segment_settings){paragraphs, characters}, article);
}

static bool notes(const char *words) {
    return span_find(article->origin.note, span_of(words)) != SIZE_MAX;
}

static void what_fits_is_left_alone(void **state) {
    (void)state;
    article->title.source = SPAN("Puente");
    article_add_author(article, SPAN("Ana Rey"));
    add("uno dos");
    add("tres cinco"); /* 17 characters */
    trim(2, 17);
    assert_int_equal(article->block_count, 2);
    assert_false(article->origin.truncated || article->origin.note.length);
}

static void paragraphs_beyond_the_limit_are_left_out_and_told(void **state) {
    (void)state;
    for (int i = 0; i < 7; i++) add("uno");
    article->origin.note = SPAN("this text is from the feed.");
    trim(3, 1000);
    assert_int_equal(article->block_count, 3);
    assert_true(article->origin.truncated);
    assert_true(notes("this text is from the feed. The article has 7 paragraphs, of which only 3 are kept "
                      "(segment.max_paragraphs)."));
}

/* Characters and not bytes are counted, and no word is cut. */
static void characters_beyond_the_limit_are_left_out_and_told(void **state) {
    (void)state;
    add("мост");
    add("река лес дом");
    add("край");
    trim(100, 12);
    assert_int_equal(article->block_count, 2);
    assert_true(span_is(article->body[1].text, "река"));
    assert_true(article->origin.truncated && notes("more than 12 characters") && notes("segment.max_characters"));
}

static void a_paragraph_without_spaces_is_cut_between_characters(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 20);
    for (int i = 0; i < 1000; i++) buffer_add_string(&text, "橋");
    article_add_block(article, BLOCK_PARAGRAPH, buffer_span(&text));
    add("uno");
    trim(100, 400);
    assert_int_equal(article->block_count, 1);
    assert_int_equal(article->body[0].text.length, 400 * 3);
    buffer_free(&text);
}

static void a_paragraph_of_which_nothing_fits_is_left_out(void **state) {
    (void)state;
    add("uno");
    add("dos");
    trim(100, 3);
    assert_int_equal(article->block_count, 1);
    assert_true(article->origin.truncated);
}

/* As when a record is retried with lower limits. */
static void what_is_translated_is_kept(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) add("uno dos");
    article_add_segment(article, &article->body[2], SPAN("uno dos"))->target = SPAN("one two");
    article->title.source = SPAN("x");
    trim(1, 9);
    assert_int_equal(article->block_count, 3);
    assert_true(span_is(article->body[2].text, "uno dos"));
    assert_int_equal(article->body[2].segment_count, 1);
}

static void segments_of_a_cut_paragraph_are_made_again(void **state) {
    (void)state;
    add("uno dos");
    article_add_segment(article, &article->body[0], SPAN("uno dos"));
    trim(1, 5);
    assert_true(span_is(article->body[0].text, "uno") && article->body[0].segment_count == 0);
}

static void headlines_and_authors_have_limits(void **state) {
    (void)state;
    struct buffer title = BUFFER(1 << 20);
    for (int i = 0; i < 400; i++) buffer_add_string(&title, "río ");
    article->title.source = buffer_span(&title);
    for (int i = 0; i < TRIM_AUTHORS + 1; i++) article_add_author(article, SPAN("Ana"));
    trim(1, 100);
    assert_int_equal(text_count(article->title.source), TRIM_TITLE - 1); /* without the space at its end */
    assert_int_equal(article->author_count, TRIM_AUTHORS);
    assert_true(article->origin.truncated && notes("The headline has 1600 characters") && notes("101 authors"));
    buffer_free(&title);
}

static void authors_that_extract_left_out_are_told(void **state) {
    (void)state;
    article->authors_cut = true;
    trim(1, 100);
    assert_true(notes("more authors than are listed") && !article->origin.truncated);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_article, close_article)
        TEST(what_fits_is_left_alone),
        TEST(paragraphs_beyond_the_limit_are_left_out_and_told),
        TEST(characters_beyond_the_limit_are_left_out_and_told),
        TEST(a_paragraph_without_spaces_is_cut_between_characters),
        TEST(a_paragraph_of_which_nothing_fits_is_left_out),
        TEST(what_is_translated_is_kept),
        TEST(segments_of_a_cut_paragraph_are_made_again),
        TEST(headlines_and_authors_have_limits),
        TEST(authors_that_extract_left_out_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
