/* The authors of a page as the extract stage finds them. */
#ifndef TESTS_UNIT_AUTHORS_OF_H
#define TESTS_UNIT_AUTHORS_OF_H

#include "unit/cmocka_test.h"

#include "pipeline/engine/stage.h"

extern const struct stage stage_extract;

static inline int open_extract(void **state) {
    struct stage_context context = {.data_folder = TEST_DATA};
    struct failure failure = {0};
    return stage_extract.open(&context, state, &failure) ? 0 : -1;
}

static inline int close_extract(void **state) {
    stage_extract.close(*state);
    return 0;
}

/* Asserts the page's authors, joined by ";". `about` is printed if they are others. */
static inline void check_authors(void *state, struct span page, const char *about, const char *expected) {
    struct article *article = article_new();
    struct failure failure = {0};
    struct buffer found = BUFFER(1024);
    article->text = arena_copy(article_document(article), page);
    assert_int_equal(stage_extract.work(state, article, &failure), STAGE_CONTINUE);
    for (size_t i = 0; i < article->author_count; i++)
        buffer_print(&found, "%s%.*s", i ? ";" : "", SPAN_ARGS(article->authors[i]));
    bool same = span_is(buffer_span(&found), expected);
    if (!same) print_error("%s: '%s', not '%s'\n", about, found.length ? found.at : "", expected);
    buffer_free(&found);
    article_free(article);
    assert_true(same);
}

#endif
