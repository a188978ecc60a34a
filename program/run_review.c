/* Reconsiders articles that failed because of a service's answers, before that service was found to be useless. */
#include "pipeline/article/record.h"
#include "program/run_internal.h"
#include "stages/translate/closings.h"

/* Returns whether a rejected answer came from a service that the run has stopped using (closed), because its answers
 * were useless. */
static bool fails_for_a_service(const struct run *run, struct article *article, struct closing *ret_closing) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        const struct segment *segment = walk.segment;
        if (segment->status != SEGMENT_FAILED || segment->translated_by < 0) continue;
        if (closings_find(run->program->store, article->providers[segment->translated_by].service,
                          span_of(segment_walk_language(article, &walk)), article->arena, ret_closing))
            return true;
    }
    return false;
}

/* Makes a failed article wait instead. When it failed, the service still seemed to work. Now that its answers are known
 * to be useless, another service may succeed in the next run. */
static bool waits_instead(struct run *run, const struct article_row *row) {
    struct article *article = NULL;
    struct closing closing;
    struct failure failure;
    if (!row->record.length || !record_read(row->record, 0, &article, NULL)) return false;
    bool waits = fails_for_a_service(run, article, &closing);
    if (waits) {
        failure_set(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s", SPAN_ARGS(closing.reason));
        failure_blame(&failure, CAUSE_SERVICE, closing.service);
        article->path = arena_copy(article->arena, row->path);
        article_reopen(article);
        run_wait(run, article, &failure);
    }
    article_free(article);
    return waits;
}

static void review(struct run *run, const struct failed_article *failed) {
    struct report *report = &run->report;
    struct arena *arena = arena_new();
    struct article_row row;
    bool known = store_find(run->program->store, span_of(failed->id), arena, &row);
    if (known && waits_instead(run, &row)) {
        report->dead--;
    } else {
        if (known) report_add_article(report, &row);
        report_add_note(report, failed->where, failed->what.at);
        report_note_first(report, failed->where, failed->what.at);
    }
    arena_free(arena);
}

void run_review_failed(struct run *run) {
    for (size_t i = 0; i < run->report.failed_count; i++) review(run, &run->report.failed[i]);
    run->report.failed_count = 0;
}
