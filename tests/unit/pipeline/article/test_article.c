#include "unit/cmocka_test.h"

#include "pipeline/article/article.h"

static int make_article(void **state) {
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_QUOTE, SPAN("a b"));
    article->title.source = SPAN("t");
    strcpy(article->language.code, "bg");
    article_add_segment(article, block, SPAN("a"));
    article_add_segment(article, block, SPAN("b"));
    *state = article;
    return 0;
}

static int free_article(void **state) {
    article_free(*state);
    return 0;
}

static void the_innermost_language_applies(void **state) {
    struct article *article = *state;
    strcpy(article->body[0].language, "ru");
    strcpy(article->body[0].segments[1].language, "uk");
    static const char *const expected[] = {"bg", "ru", "uk"};
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        assert_string_equal(segment_walk_language(article, &walk), expected[walk.id]);
}

static void segments_are_found_by_their_number(void **state) {
    const struct article *article = *state;
    assert_span(article_segment(article, 0)->source, "t");
    assert_span(article_segment(article, 2)->source, "b");
    assert_null(article_segment(article, 3));
}

static void only_web_addresses_become_links(void **state) {
    struct article *article = *state;
    article->origin.address = SPAN("https://paper.example/a");
    assert_span(article_web_address(article), "https://paper.example/a");
    article->origin.address = SPAN("file:///a");
    assert_span(article_web_address(article), "");
    article->origin.address = SPAN("javascript:alert(1)");
    assert_span(article_web_address(article), "");
}

static void a_field_is_not_overwritten(void **state) {
    struct article *article = *state;
    arena_fill(article->arena, &article->site, SPAN(""));
    assert_span(article->site, "");
    arena_fill(article->arena, &article->site, SPAN("The Harbour"));
    arena_fill(article->arena, &article->site, SPAN("Another"));
    assert_span(article->site, "The Harbour");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_innermost_language_applies, make_article, free_article),
        cmocka_unit_test_setup_teardown(segments_are_found_by_their_number, make_article, free_article),
        cmocka_unit_test_setup_teardown(only_web_addresses_become_links, make_article, free_article),
        cmocka_unit_test_setup_teardown(a_field_is_not_overwritten, make_article, free_article),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
