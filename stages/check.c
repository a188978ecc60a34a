/* Every sentence against its source; the checks and the rule of the verdict are in stages/check. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/stage.h"
#include "stages/check/checker.h"

struct examiner {
    const struct checker *checker; /* borrowed */
    struct termbase *termbase;
};

static void check_close(void *state) {
    struct examiner *examiner = state;
    termbase_close(examiner->termbase);
    free(examiner);
}

static bool check_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct examiner *examiner = memory_take(sizeof *examiner);
    bool done = (examiner->checker = toolbox_borrow(context->toolbox, &checker_tool, ret_failure)) != NULL &&
                termbase_open(context->config, &examiner->termbase, ret_failure);
    if (done)
        *ret_state = examiner;
    else
        check_close(examiner);
    return done;
}

static enum outcome check_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct examiner *examiner = state;
    struct checker_term terms[TERM_MATCHES];
    (void)ret_failure;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        if (walk.segment->judged) {
            checker_confirm(walk.segment);
            continue;
        }
        struct checker_question question = {.language = segment_walk_language(article, &walk),
                                            .heading = !walk.block || walk.block->kind == BLOCK_HEADING,
                                            .terms = terms};
        if (strcmp(question.language, "en") == 0) continue; /* taken as it is */
        question.term_count = checker_terms(examiner->termbase, question.language, walk.segment->source, terms);
        checker_judge(examiner->checker, article, walk.segment, &question);
    }
    article->status = checker_article_status(article);
    return GO_ON;
}

const struct stage stage_check = {.name = "check",
                                  .help = "every sentence against its source",
                                  .open = check_open,
                                  .close = check_close,
                                  .work = check_work};
