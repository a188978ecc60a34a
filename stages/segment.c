/* The segment stage: splits blocks into sentences. A full stop ends a sentence unless the text around it shows
 * otherwise; the words and marks that show this are listed in config/tables/segment. Segments point into the text of
 * their block. The whitespace between two segments belongs to neither. */

#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"
#include "stages/segment/scanner.h"

static bool segment_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    *ret_state = resources_borrow(context->resources, &segmenter_resource, ret_failure);
    return *ret_state != NULL;
}

static void segment_block(const struct segmenter *segmenter, struct article *article, struct block *block) {
    const char *language = block->language[0] ? block->language : article->language.code;
    struct scanner scanner = scanner_begin(segmenter, language, block->text);
    for (struct span sentence; scanner_next(&scanner, &sentence);) article_add_segment(article, block, sentence);
}

static enum outcome segment_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)ret_failure;
    for (size_t i = 0; i < article->block_count; i++) /* a record from an earlier run already has segments */
        if (article->body[i].segment_count == 0) segment_block(state, article, &article->body[i]);
    return STAGE_CONTINUE;
}

const struct stage stage_segment = {
    .name = "segment", .help = "split blocks into sentences", .open = segment_open, .work = segment_work};
