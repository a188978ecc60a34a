/* Extracts any bytes as a page: no crash, bounded time, valid UTF-8 stays valid, and blocks have no line breaks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/stage.h"

extern const struct stage stage_extract;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void *open_once(void) {
    static void *state; /* used by the fuzzer's only thread, never freed */
    struct stage_context context = {.data_folder = TEST_DATA};
    struct failure failure = {0};
    if (!state && !stage_extract.open(&context, &state, &failure)) abort();
    return state;
}

static void check(struct span text, bool was_valid) {
    if (was_valid && !text_valid(text)) abort();
}

static void check_article(const struct article *article, bool was_valid) {
    check(article->title.source, was_valid);
    for (size_t i = 0; i < article->author_count; i++) check(article->authors[i], was_valid);
    for (size_t i = 0; i < article->block_count; i++) {
        struct span text = article->body[i].text;
        check(text, was_valid);
        if (text.length == 0 || memchr(text.at, '\n', text.length)) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct article *article = article_new();
    struct failure failure = {0};
    struct buffer page = BUFFER(length + 64);
    buffer_add_string(&page, "<html>"); /* makes sure that it is taken for a page */
    buffer_add(&page, bytes, length);
    article->text = arena_copy(article_document(article), buffer_span(&page));
    bool was_valid = text_valid(article->text);
    buffer_free(&page);
    if (stage_extract.work(open_once(), article, &failure) == STAGE_CONTINUE)
        check_article(article, was_valid);
    else if (failure.reach != REACH_ARTICLE)
        abort();
    article_free(article);
    return 0;
}
