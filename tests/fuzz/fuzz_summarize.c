/* Summarizes any article, given as lines that alternate between source and English: every sentence cites a segment that
 * exists, and is valid UTF-8. */
#include <stdint.h>
#include <stdlib.h>

#include "pipeline/engine/stage.h"
#include "stages/summarize/model.h"

extern const struct stage stage_summarize;
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void *open_once(void) {
    static void *state;
    static const struct summary_settings settings = {.sentences = 3};
    const struct stage_context context = {.data_folder = TEST_DATA, .settings = &settings};
    struct failure failure = {0};
    if (!state && !stage_summarize.open(&context, &state, &failure)) abort();
    return state;
}

static void add_segment(struct article *article, struct span source, struct span target) {
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, source);
    struct segment *segment = article_add_segment(article, block, source);
    segment->target = target;
    segment->status = target.length ? SEGMENT_OK : SEGMENT_FAILED;
}

static void check(const struct article *article) {
    const struct summary *summary = &article->summary;
    for (size_t i = 0; i < summary->count; i++)
        if (!summary->sentences[i].text.length || !text_valid(summary->sentences[i].text)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span rest = {(const char *)bytes, length}, source, target;
    struct failure failure = {0};
    if (!text_valid(rest)) return 0;
    struct article *article = article_new();
    if (span_next(&rest, '\n', &source) && span_next(&rest, '\n', &target)) {
        article->title.source = source;
        article->title.target = target;
    }
    while (span_next(&rest, '\n', &source) && span_next(&rest, '\n', &target))
        if (source.length) add_segment(article, source, target);
    if (stage_summarize.work(open_once(), article, &failure) != STAGE_CONTINUE) abort();
    check(article);
    article_free(article);
    return 0;
}
