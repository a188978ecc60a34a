/* Makes editions in memory and their pages. */
#ifndef TESTS_UNIT_DIGEST_TEST_H
#define TESTS_UNIT_DIGEST_TEST_H

#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/engine/edition.h"
#include "stages/digest/settings.h"

static inline struct article *add_article(struct edition *edition, const char *id, const char *story,
                                          const char *title) {
    struct article *article = article_new();
    snprintf(article->id, sizeof article->id, "%s", id);
    article->story = span_of(story);
    article->title.source = article->title.target = span_of(title);
    article->title.status = SEGMENT_OK;
    article->status = ARTICLE_COMPLETE;
    article->origin.collected = SPAN("2026-01-29T06:00:00Z");
    strcpy(article->language.code, "bg");
    edition_add(edition, article);
    return article;
}

static inline struct segment *add_sentence(struct article *article, const char *source, const char *target,
                                           enum segment_status status) {
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(source));
    struct segment *segment = article_add_segment(article, block, block->text);
    segment->target = span_of(target);
    segment->status = status;
    return segment;
}

/* Returns the named format of the edition as NUL-terminated text. */
static inline char *print(struct edition *edition, const char *name) {
    void *state = NULL;
    const struct digest_settings settings = {.morning = SPAN("08:00"), .feed_entries = 200};
    struct stage_context context = {.data_folder = TEST_DATA, .settings = &settings};
    struct failure failure = {0};
    assert_true(stage_digest.open(&context, &state, &failure));
    assert_true(stage_digest.edit(state, edition, &failure));
    stage_digest.close(state);
    for (size_t i = 0; i < edition->file_count; i++)
        if (span_is(edition->files[i].name, name))
            return strndup(edition->files[i].bytes.at, edition->files[i].bytes.length);
    fail_msg("there is no %s", name);
    return NULL;
}

static inline void assert_has(const char *text, const char *piece) {
    if (!strstr(text, piece)) fail_msg("'%s' does not stand in:\n%s", piece, text);
}

static inline void assert_lacks(const char *text, const char *piece) {
    if (strstr(text, piece)) fail_msg("'%s' stands in:\n%s", piece, text);
}

#endif
