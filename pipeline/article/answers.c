#include "pipeline/article/answers.h"

#include <string.h>

static bool was_accepted(const struct segment *segment, const struct finding *finding) {
    for (size_t i = 0; i < segment->accepted_count; i++)
        if (strcmp(segment->accepted[i].check, finding->check) == 0) return true;
    return false;
}

/* Only what the editor has seen is answered: a finding of another check is a new doubt. */
void segment_settle_accepted(struct segment *segment) {
    size_t kept = 0;
    if (!segment->accepted_at.length) return;
    for (size_t i = 0; i < segment->finding_count; i++)
        if (!was_accepted(segment, &segment->findings[i])) segment->findings[kept++] = segment->findings[i];
    segment->finding_count = kept;
}

void segment_forget_accepted(struct segment *segment) {
    segment->accepted_at = (struct span){NULL, 0};
    segment->accepted_count = 0;
}

size_t article_accept(struct article *article, struct segment *segment, const char *now) {
    size_t kept = 0, before = segment->accepted_count;
    if (segment->status != SEGMENT_SUSPECT) return 0;
    for (size_t i = 0; i < segment->finding_count; i++) {
        if (segment->findings[i].severity != SEVERITY_WARNING) {
            segment->findings[kept++] = segment->findings[i];
            continue;
        }
        segment->accepted = arena_grow(article->arena, segment->accepted, segment->accepted_count,
                                       &segment->accepted_capacity, sizeof *segment->accepted);
        segment->accepted[segment->accepted_count++] = segment->findings[i];
    }
    segment->finding_count = kept;
    segment->accepted_at = arena_copy(article->arena, span_of(now));
    segment->status = SEGMENT_OK;
    return segment->accepted_count - before;
}

/* ---------------------------------------------------------------- from record to record */

static struct finding *copy_findings(struct arena *arena, const struct finding *from, size_t count) {
    struct finding *findings = arena_take(arena, (count + 1) * sizeof *findings);
    for (size_t i = 0; i < count; i++)
        findings[i] = (struct finding){.check = arena_string(arena, span_of(from[i].check)),
                                       .severity = from[i].severity,
                                       .message = arena_copy(arena, from[i].message)};
    return findings;
}

static struct segment copy_answer(struct arena *arena, const struct segment *from) {
    return (struct segment){.source = arena_copy(arena, from->source),
                            .target = arena_copy(arena, from->target),
                            .accepted_at = arena_copy(arena, from->accepted_at),
                            .accepted = copy_findings(arena, from->accepted, from->accepted_count),
                            .accepted_count = from->accepted_count,
                            .accepted_capacity = from->accepted_count,
                            .replaced = arena_copy(arena, from->replaced),
                            .replaced_at = arena_copy(arena, from->replaced_at)};
}

void article_take_answers(struct article *article, const struct article *earlier) {
    size_t capacity = article->answered_count;
    for (struct segment_walk walk = {0}; segment_walk_next(earlier, &walk);) {
        if (!walk.segment->accepted_at.length && !walk.segment->replaced_at.length) continue;
        article->answered = arena_grow(article->arena, article->answered, article->answered_count, &capacity,
                                       sizeof *article->answered);
        article->answered[article->answered_count++] = copy_answer(article->arena, walk.segment);
    }
}

/* An editor answers a handful of sentences, so a search in order is fast enough. */
static void recall_answer(const struct article *article, struct segment *segment) {
    for (size_t i = 0; i < article->answered_count; i++) {
        const struct segment *answered = &article->answered[i];
        if (!span_equal(segment->source, answered->source) || !span_equal(segment->target, answered->target)) continue;
        segment->accepted_at = answered->accepted_at;
        segment->accepted = answered->accepted;
        segment->accepted_count = answered->accepted_count;
        segment->accepted_capacity = answered->accepted_capacity;
        segment->replaced = answered->replaced;
        segment->replaced_at = answered->replaced_at;
        return;
    }
}

void article_recall_answers(struct article *article) {
    if (!article->answered_count) return;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.segment->target.length && !walk.segment->accepted_at.length && !walk.segment->replaced_at.length)
            recall_answer(article, walk.segment);
}
