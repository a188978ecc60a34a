#include "program/import/corrections.h"

#include <string.h>

#include "pipeline/article/answers.h"
#include "pipeline/base/clock.h"
#include "program/correct.h"
#include "stages/services/common/key.h"

enum { DAY_LENGTH = 10 };

struct applier {
    struct program *program;
    struct correction_counts *counts;
    struct failure *failure;
    char now[21];
    char since[DAY_LENGTH + 1]; /* the first day with a changed record; empty = none */
};

/* One article and its sentences, by their ids. */
struct sentences {
    struct article *article;
    struct segment_walk *walks;
    bool *changed;
    size_t count; /* one more than the last id */
    size_t changed_count;
};

static struct sentences list_sentences(struct article *article) {
    struct sentences sentences = {.article = article};
    struct segment_walk walk = {0};
    while (segment_walk_next(article, &walk)) sentences.count = walk.id + 1;
    sentences.walks = arena_take(article->arena, (sentences.count + 1) * sizeof *sentences.walks);
    sentences.changed = arena_take(article->arena, (sentences.count + 1) * sizeof *sentences.changed);
    for (walk = (struct segment_walk){0}; segment_walk_next(article, &walk);) sentences.walks[walk.id] = walk;
    return sentences;
}

/* ---------------------------------------------------------------- one sentence */

static bool remember(struct applier *applier, const struct sentences *sentences, const struct segment_walk *walk,
                     const char *how) {
    const char *language = segment_walk_language(sentences->article, walk);
    struct memory_key key = key_of_import(walk->segment->source, language);
    struct memory_entry entry = {.source = walk->segment->source,
                                 .target = walk->segment->target,
                                 .source_language = span_of(language),
                                 .service = SPAN("memory"),
                                 .model = span_of(how)};
    return store_remember(applier->program->store, &key, &entry, applier->failure);
}

/* What the service said stays in the record, also when a correction is corrected. */
static void replace_target(struct applier *applier, struct article *article, struct segment *segment,
                           struct span target) {
    static const struct provider editor = {.service = {"editor", 6}, .kind = {"xliff", 5}};
    if (!segment->replaced_at.length) segment->replaced = segment->target;
    segment->replaced_at = arena_copy(article->arena, span_of(applier->now));
    segment->target = arena_copy(article->arena, target);
    segment->status = SEGMENT_OK;
    segment->finding_count = 0;
    segment->unknown_words = 0;
    segment->from_memory = segment->copied = segment->judged = false;
    segment->translated_by = article_add_provider(article, &editor);
    segment_forget_accepted(segment);
}

static bool apply_one(struct applier *applier, struct sentences *sentences, const struct xliff_segment *given) {
    struct article *article = sentences->article;
    struct segment_walk *walk = given->id < sentences->count ? &sentences->walks[given->id] : NULL;
    struct segment *segment = walk ? walk->segment : NULL;
    if (!segment || !span_equal(xliff_text(article->arena, segment->source), given->source)) {
        applier->counts->stale++;
        return true;
    }
    bool usable = segment->status != SEGMENT_FAILED;
    bool same = usable && span_equal(xliff_text(article->arena, segment->target), given->target);
    if (given->target.length && !same) {
        replace_target(applier, article, segment, given->target);
        sentences->changed[given->id] = true;
        sentences->changed_count++;
        return remember(applier, sentences, walk, "corrected");
    }
    bool accepts = same && given->reviewed && article_accept(article, segment, applier->now) > 0;
    applier->counts->accepted += accepts;
    applier->counts->unchanged += !accepts;
    return !accepts || remember(applier, sentences, walk, "accepted");
}

/* ---------------------------------------------------------------- the record */

static const void *state_of(const struct program *program, const struct stage *stage) {
    for (size_t i = 0; i < program->stage_count; i++)
        if (program->stages[i] == stage) return program->states[i];
    return NULL;
}

static bool rests_on_changed(const struct sentences *sentences) {
    const struct summary *summary = &sentences->article->summary;
    for (size_t i = 0; i < summary->count; i++)
        for (size_t j = 0; j < summary->sentences[i].rests_on_count; j++) {
            unsigned id = summary->sentences[i].rests_on[j];
            if (id < sentences->count && sentences->changed[id]) return true;
        }
    return false;
}

/* A model's summary stays unless it says what was corrected; no service is asked for another one. */
static void summarize(const struct program *program, const struct sentences *sentences) {
    struct article *article = sentences->article;
    bool by_model = article->summary.summarized_by >= 0;
    if (by_model && !rests_on_changed(sentences)) return;
    stage_summarize.work(state_of(program, &stage_summarize), article, NULL);
    if (by_model && !article->summary.note.length)
        article->summary.note = SPAN("an editor corrected sentences on which the model's summary was based");
}

static void count_verdicts(struct applier *applier, const struct sentences *sentences) {
    for (size_t i = 0; i < sentences->count; i++) {
        if (!sentences->changed[i]) continue;
        enum segment_status status = sentences->walks[i].segment->status;
        applier->counts->corrected++;
        applier->counts->doubtful += status == SEGMENT_SUSPECT;
        applier->counts->rejected += status == SEGMENT_FAILED;
    }
}

static bool make_again(struct applier *applier, struct correction *correction, const struct sentences *sentences) {
    struct program *program = applier->program;
    struct failure failure = {0};
    if (sentences->changed_count) {
        bool failed = stage_check.work(state_of(program, &stage_check), correction->article, &failure) == STAGE_FAIL;
        count_verdicts(applier, sentences);
        if (failed) return true; /* the checks reject all that there is: the record stays as it was */
        summarize(program, sentences);
    }
    if (!correction_keep(program, correction, applier->failure)) return false;
    struct span day = span_cut(correction->article->path, 0, DAY_LENGTH);
    if (!applier->since[0] || memcmp(day.at, applier->since, DAY_LENGTH) < 0)
        memcpy(applier->since, day.at, DAY_LENGTH);
    applier->counts->records++;
    return true;
}

/* ---------------------------------------------------------------- all articles */

static bool apply_article(struct applier *applier, const struct xliff_segment *given, size_t count) {
    struct correction correction = {0};
    struct failure unknown;
    size_t accepted = applier->counts->accepted;
    if (!correction_begin(applier->program, span_of(given->article), &correction, &unknown)) {
        applier->counts->foreign += count;
        return true;
    }
    struct sentences sentences = list_sentences(correction.article);
    bool done = true;
    for (size_t i = 0; i < count && done; i++) done = apply_one(applier, &sentences, &given[i]);
    bool changed = sentences.changed_count || applier->counts->accepted > accepted;
    done = done && (!changed || make_again(applier, &correction, &sentences));
    correction_end(&correction);
    return done;
}

static size_t count_same_article(const struct xliff *xliff, size_t first) {
    size_t end = first + 1;
    while (end < xliff->count && strcmp(xliff->segments[end].article, xliff->segments[first].article) == 0) end++;
    return end - first;
}

bool corrections_apply(struct program *program, const struct xliff *xliff, struct correction_counts *ret_counts,
                       struct failure *ret_failure) {
    *ret_counts = (struct correction_counts){0};
    struct applier applier = {.program = program, .counts = ret_counts, .failure = ret_failure};
    clock_iso_now(applier.now);
    program_close_stages(program);
    bool done = program_open_stages(program, &stage_check, &stage_write, false, ret_failure);
    for (size_t i = 0, count; i < xliff->count && done; i += count) {
        count = count_same_article(xliff, i);
        done = apply_article(&applier, &xliff->segments[i], count);
    }
    /* What was changed before a failure is published all the same. */
    struct failure failure = {0};
    bool published = !applier.since[0] || correction_publish(program, applier.since, done ? ret_failure : &failure);
    return done && published;
}
