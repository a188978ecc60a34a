/* Checks every sentence against its source. The checks themselves and the rule for the verdict are in stages/check. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/article/answers.h"
#include "pipeline/article/verdict.h"
#include "pipeline/engine/stage.h"
#include "stages/check/checker.h"
#include "stages/check/reused.h"

struct check_state {
    const struct checker *checker; /* borrowed */
    struct termbase *termbase;
    bool dry_run; /* no translations were requested, so there is nothing to judge */
};

static void check_close(void *state) {
    struct check_state *check_state = state;
    termbase_close(check_state->termbase);
    free(check_state);
}

static bool check_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct check_state *check_state = memory_take(sizeof *check_state);
    check_state->dry_run = context->plan != NULL;
    bool done = (check_state->checker = resources_borrow(context->resources, &checker_resource, ret_failure)) != NULL &&
                termbase_open(context->config, &check_state->termbase, ret_failure);
    if (done)
        *ret_state = check_state;
    else
        check_close(check_state);
    return done;
}

/* The English that an editor accepted is judged again when the article is retried. What was answered stays answered. */
static void keep_accepted(struct article *article) {
    article_recall_answers(article);
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        if (!walk.segment->accepted_at.length) continue;
        segment_settle_accepted(walk.segment);
        checker_confirm(walk.segment);
    }
}

/* Judges every segment that was translated, then compares them with each other, and derives the status of the article
 * from those of its segments. */
static enum outcome check_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct check_state *check_state = state;
    struct checker_term terms[TERM_MATCHES];
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        if (walk.segment->copied) continue;
        /* the translate stage has judged this segment already, with the same checker */
        if (walk.segment->judged) {
            checker_confirm(walk.segment);
            continue;
        }
        struct checker_question question = {.language = segment_walk_language(article, &walk),
                                            .heading = !walk.block || walk.block->kind == BLOCK_HEADING,
                                            .terms = terms};
        if (strcmp(question.language, "en") == 0) { /* English text is used unchanged */
            walk.segment->copied = true;
            continue;
        }
        question.term_count = checker_terms(check_state->termbase, question.language, walk.segment->source, terms);
        checker_judge(check_state->checker, article, walk.segment, &question);
    }
    if (check_state->dry_run) return STAGE_CONTINUE;
    reused_find(article);
    keep_accepted(article);
    return article_judge(article, ret_failure) == ARTICLE_FAILED ? STAGE_FAIL : STAGE_CONTINUE;
}

const struct stage stage_check = {.name = "check",
                                  .help = "check every sentence against its source",
                                  .open = check_open,
                                  .close = check_close,
                                  .work = check_work};
