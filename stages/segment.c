/* The segment stage: splits blocks into sentences. A full stop ends a sentence unless the text around it shows
 * otherwise; the words and marks that show this are listed in config/tables/segment. Segments point into the text of
 * their block. The whitespace between two segments belongs to neither. */
#include <stdlib.h>

#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"
#include "stages/segment/scanner.h"
#include "stages/segment/trim.h"

struct divider {
    const struct segment_settings *settings;
    const struct segmenter *segmenter; /* the run's */
};

static bool segment_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    const struct segmenter *segmenter = resources_borrow(context->resources, &segmenter_resource, ret_failure);
    if (!segmenter) return false;
    struct divider *divider = memory_take(sizeof *divider);
    *divider = (struct divider){context->settings, segmenter};
    *ret_state = divider;
    return true;
}

static void segment_block(const struct segmenter *segmenter, struct article *article, struct block *block) {
    const char *language = block->language[0] ? block->language : article->language.code;
    struct scanner scanner = scanner_begin(segmenter, language, block->text);
    for (struct span sentence; scanner_next(&scanner, &sentence);) article_add_segment(article, block, sentence);
}

static enum outcome segment_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct divider *divider = state;
    (void)ret_failure;
    trim_article(divider->settings, article);
    for (size_t i = 0; i < article->block_count; i++) /* a record from an earlier run already has segments */
        if (article->body[i].segment_count == 0) segment_block(divider->segmenter, article, &article->body[i]);
    return STAGE_CONTINUE;
}

const struct stage stage_segment = {.name = "segment",
                                    .help = "split blocks into sentences",
                                    .settings = {segment_table, sizeof(struct segment_settings)},
                                    .open = segment_open,
                                    .close = free,
                                    .work = segment_work};
