/* Every sentence against its source. A finding of severity error fails the segment, a warning makes it suspect; an article
 * is complete when no segment failed. The checks are pure functions of one pair of texts (stages/check). */

#include "pipeline/stage.h"
#include "stages/check/checks.h"

static void judge(struct article *article, struct segment *segment) {
    enum severity worst = SEVERITY_NOTE;
    if (segment->status == SEGMENT_FAILED || !segment->source.length) return;
    for (const struct check *check = checks; check->name; check++) {
        struct buffer message = BUFFER(512);
        if (check->finds(segment, &message)) {
            article_add_finding(article, segment, check->name, check->severity, buffer_span(&message));
            if (check->severity > worst) worst = check->severity;
        }
        buffer_free(&message);
    }
    segment->status = worst == SEVERITY_ERROR ? SEGMENT_FAILED : worst == SEVERITY_WARNING ? SEGMENT_SUSPECT : SEGMENT_OK;
}

static enum article_status status_of(const struct article *article) {
    size_t failed = 0, usable = 0;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        if (!walk.segment->source.length) continue;
        if (walk.segment->status == SEGMENT_FAILED) failed++;
        else usable++;
    }
    if (failed == 0 && !article->origin.truncated) return ARTICLE_COMPLETE;
    return usable ? ARTICLE_PARTIAL : ARTICLE_FAILED;
}

static enum outcome check_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)state;
    (void)ret_failure;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) judge(article, walk.segment);
    article->status = status_of(article);
    return GO_ON;
}

const struct stage stage_check = {.name = "check", .help = "every sentence against its source", .work = check_work};
