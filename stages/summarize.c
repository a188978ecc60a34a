/* Writes an extractive summary: the first sentences of the article that belong to the story and are well translated,
 * each with the number of its segment. Segments that failed are never used. Segments whose translation is in doubt are
 * used only if there are too few others, and are marked as doubtful. If a language model is configured, its summary may
 * replace this one (stages/summarize/model.h). */
#include <stdlib.h>

#include "pipeline/engine/stage.h"
#include "stages/check/checker.h"
#include "stages/summarize/datelines.h"
#include "stages/summarize/doubts.h"
#include "stages/summarize/fitness.h"
#include "stages/summarize/model.h"

/* Doubtful sentences are added until a summary has this many sentences. */
enum { FEWEST_SENTENCES = 2 };

const struct setting summary_table[] = {
    SETTING("sentences", SETTING_NUMBER_AT(struct summary_settings, sentences), .default_value = "3", .min = 1,
            .max = 8, .help = "maximum number of sentences in a summary"),
    SETTING("services", SETTING_LIST_AT(struct summary_settings, services),
            .help = "[service] sections of the language models that write the summary, in order of preference "
                    "(default: the summary consists of sentences of the article)"),
    SETTINGS_END,
};

struct summarizer {
    size_t sentences;
    struct fitness *fitness;
    struct datelines *datelines;
    struct model_summary *model; /* NULL if no model is configured */
};

static void summarize_close(void *state) {
    struct summarizer *summarizer = state;
    fitness_close(summarizer->fitness);
    datelines_close(summarizer->datelines);
    model_summary_close(summarizer->model);
    free(summarizer);
}

static bool summarize_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct summarizer *summarizer = memory_take(sizeof *summarizer);
    const struct summary_settings *settings = context->settings;
    summarizer->sentences = (size_t)settings->sentences;
    summarizer->fitness = fitness_open(context->data_folder, ret_failure);
    if (summarizer->fitness) summarizer->datelines = datelines_open(context->data_folder, ret_failure);
    bool done = summarizer->datelines && model_summary_open(context, &summarizer->model, ret_failure);
    if (done)
        *ret_state = summarizer;
    else
        summarize_close(summarizer);
    return done;
}

static bool is_text(const struct block *block) {
    return block && (block->kind == BLOCK_STANDFIRST || block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_QUOTE);
}

/* Headings and captions are not part of the story, and a repetition of the headline adds nothing. */
static bool is_fit(const struct summarizer *summarizer, const struct article *article,
                   const struct segment_walk *walk) {
    const struct segment *segment = walk->segment;
    return is_text(walk->block) && (segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT) &&
           fitness_is_fit(summarizer->fitness, segment->target) && !span_equal(segment->target, article->title.target);
}

/* Whether the segment is the first one of the text proper, which may begin with a dateline. Only a stand-first (the
 * introduction below the headline) may precede it. */
static bool opens_text(const struct article *article, const struct segment_walk *walk) {
    if (walk->segment != walk->block->segments) return false;
    for (const struct block *block = article->body; block < walk->block; block++)
        if (is_text(block) && block->kind != BLOCK_STANDFIRST) return false;
    return true;
}

static void set_sentence(const struct summarizer *summarizer, struct article *article,
                         struct summary_sentence *sentence, const struct segment_walk *walk) {
    sentence->text =
        datelines_strip(summarizer->datelines, walk->segment->target, opens_text(article, walk) ? article : NULL);
    sentence->rests_on = arena_take(article->arena, sizeof *sentence->rests_on);
    sentence->rests_on[0] = walk->id;
    sentence->rests_on_count = 1;
}

enum repetition { REPEATS_NOTHING, REPEATS, IS_REPEATED };

static enum repetition compare(struct span sentence, struct span there) {
    if (fitness_repeats(sentence, there)) return REPEATS;
    return fitness_repeats(there, sentence) ? IS_REPEATED : REPEATS_NOTHING;
}

/* Adds a sentence unless the summary contains a similar one. If the new sentence says more than the similar one, it
 * replaces that one, unless the translation of the new sentence is `doubtful`. */
static void add_sentence(const struct summarizer *summarizer, struct article *article, const struct segment_walk *walk,
                         bool doubtful) {
    struct summary *summary = &article->summary;
    for (size_t i = 0; i < summary->count; i++) {
        struct summary_sentence *there = &summary->sentences[i];
        enum repetition repetition = compare(walk->segment->target, there->text);
        if (repetition == IS_REPEATED && !doubtful) set_sentence(summarizer, article, there, walk);
        if (repetition != REPEATS_NOTHING) return;
    }
    summary->sentences =
        arena_grow(article->arena, summary->sentences, summary->count, &summary->capacity, sizeof *summary->sentences);
    set_sentence(summarizer, article, &summary->sentences[summary->count++], walk);
}

/* Adds suitable sentences in reading order until the summary has `wanted` sentences: those whose translation is
 * doubtful if `doubtful` is set, otherwise only the others. */
static void add_sentences(const struct summarizer *summarizer, struct article *article, size_t wanted, bool doubtful) {
    for (struct segment_walk walk = {0}; article->summary.count < wanted && segment_walk_next(article, &walk);)
        if (is_fit(summarizer, article, &walk) && (checker_doubt(walk.segment).length > 0) == doubtful)
            add_sentence(summarizer, article, &walk, doubtful);
}

static int by_place(const void *left, const void *right) {
    const struct summary_sentence *a = left, *b = right;
    return a->rests_on[0] < b->rests_on[0] ? -1 : a->rests_on[0] > b->rests_on[0];
}

static enum outcome summarize_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct summarizer *summarizer = state;
    struct summary *summary = &article->summary;
    (void)ret_failure;
    *summary = (struct summary){.method = "extractive", .summarized_by = -1};
    add_sentences(summarizer, article, summarizer->sentences, false);
    size_t sound = summary->count;
    add_sentences(summarizer, article,
                  summarizer->sentences < FEWEST_SENTENCES ? summarizer->sentences : FEWEST_SENTENCES, true);
    /* doubtful sentences were added last, so the reading order must be restored */
    if (summary->count > sound) qsort(summary->sentences, summary->count, sizeof *summary->sentences, by_place);
    summary_mark_doubts(article);
    if (summary->count == 0) summary->note = SPAN("no sentence of the article is suitable for a summary");
    return STAGE_CONTINUE;
}

static enum outcome summarize_ask(void *state, struct article *article, struct exchange *ret_exchange,
                                  struct failure *ret_failure) {
    struct summarizer *summarizer = state;
    (void)ret_failure;
    return summarizer->model ? model_summary_ask(summarizer->model, article, ret_exchange) : STAGE_CONTINUE;
}

static enum outcome summarize_answer(void *state, struct article *article, struct exchange *exchange,
                                     struct failure *ret_failure) {
    struct summarizer *summarizer = state;
    (void)ret_failure;
    return model_summary_answer(summarizer->model, article, exchange);
}

const struct stage stage_summarize = {
    .name = "summarize",
    .help = "write a summary of two or three sentences that cite the segments on which they are based",
    .settings = {summary_table, sizeof(struct summary_settings)},
    .section = "summary",
    .open = summarize_open,
    .close = summarize_close,
    .work = summarize_work,
    .ask = summarize_ask,
    .answer = summarize_answer,
};
