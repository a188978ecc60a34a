/* Every sentence against its source; the checks and the rule of the verdict are in stages/check. */

#include "pipeline/stage.h"
#include "stages/check/checker.h"

static bool check_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct checker *checker;
    if (!checker_open(context->data_folder, &checker, ret_failure)) return false;
    *ret_state = checker;
    return true;
}

static void check_close(void *state) {
    checker_close(state);
}

static const char *language_of(const struct article *article, const struct segment_walk *walk) {
    if (walk->segment->language[0]) return walk->segment->language;
    if (walk->block && walk->block->language[0]) return walk->block->language;
    return article->language.code;
}

static enum outcome check_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)ret_failure;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        struct checker_question question = {.language = language_of(article, &walk),
                                            .heading = !walk.block || walk.block->kind == BLOCK_HEADING};
        checker_judge(state, article, walk.segment, &question);
    }
    article->status = checker_article_status(article);
    return GO_ON;
}

const struct stage stage_check = {.name = "check",
                                  .help = "every sentence against its source",
                                  .open = check_open,
                                  .close = check_close,
                                  .work = check_work};
