/* Blocks to sentences. A stop ends one unless what stands around it says otherwise; which words those are is data
 * (config/tables/segment). Segments are pieces of the block's text with the white space between them left out. */

#include "pipeline/stage.h"
#include "stages/segment/rules.h"

static void segment_close(void *state) {
    rules_close(state);
}

static bool segment_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct rules *rules = rules_open(context->data_folder, ret_failure);
    *ret_state = rules;
    return rules != NULL;
}

static void segment_block(const struct rules *rules, struct article *article, struct block *block) {
    const char *language = block->language[0] ? block->language : article->language.code;
    for (size_t start = 0; start < block->text.length;) {
        size_t end = rules_next_end(rules, language, block->text, start);
        struct span sentence = span_trim(span_cut(block->text, start, end));
        if (sentence.length) article_add_segment(article, block, sentence);
        start = end;
    }
}

static enum outcome segment_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)ret_failure;
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].segment_count == 0) segment_block(state, article, &article->body[i]);
    return GO_ON;
}

const struct stage stage_segment = {
    .name = "segment", .help = "blocks to sentences", .open = segment_open, .close = segment_close, .work = segment_work};
