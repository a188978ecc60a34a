/* Runs the extract stage on a page or an email. */
#ifndef TESTS_UNIT_EXTRACTED_H
#define TESTS_UNIT_EXTRACTED_H

#include "unit/cmocka_test.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/engine/stage.h"

extern const struct stage stage_extract;

#define LONG_ONE                                                                                                       \
    "The harbour office said on Monday that the northern quay would be closed to lorries until the end of March."
#define LONG_TWO                                                                                                       \
    "Two ferries a day will leave from the old fish market instead, and tickets bought before the storm stay valid."

static struct buffer lines = {.limit = 1 << 20};

static inline int open_stage(void **state) {
    struct stage_context context = {.data_folder = TEST_DATA};
    struct failure failure = {0};
    return stage_extract.open(&context, state, &failure) ? 0 : -1;
}

static inline int close_stage(void **state) {
    stage_extract.close(*state);
    buffer_free(&lines);
    return 0;
}

/* Returns the blocks found, except captions, separated by newlines. */
static inline const char *read_article(void *state, struct article *article, const char *document) {
    struct failure failure = {0};
    article->text = arena_copy(article_document(article), span_of(document));
    stage_extract.work(state, article, &failure);
    buffer_clear(&lines);
    buffer_add_string(&lines, "");
    for (size_t i = 0; i < article->block_count; i++) {
        if (article->body[i].kind == BLOCK_CAPTION) continue;
        if (lines.length) buffer_add_string(&lines, "\n");
        buffer_add_span(&lines, article->body[i].text);
    }
    article_free(article);
    return lines.at ? lines.at : "";
}

static inline const char *read_page(void *state, const char *document) {
    struct article *article = article_new();
    article->origin.address = SPAN("https://news.example/story");
    return read_article(state, article, document);
}

static inline const char *read_mail(void *state, const char *type, const char *document) {
    struct article *article = article_new();
    article->origin.address = SPAN("/var/mail/desk");
    article->origin.content_type = span_of(type);
    article->title.source = SPAN("From the desk");
    return read_article(state, article, document);
}

static inline void check_title(void *state, const char *page, const char *want) {
    struct article *article = article_new();
    struct failure failure = {0};
    article->origin.address = SPAN("https://news.example/story");
    article->text = arena_copy(article_document(article), span_of(page));
    stage_extract.work(state, article, &failure);
    if (!span_is(article->title.source, want)) fail_msg("%.*s, and not %s", SPAN_ARGS(article->title.source), want);
    article_free(article);
}

#endif
