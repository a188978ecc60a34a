/* An extractive summary: the first sentences of the article that were translated well enough, each tied to its
 * segment. A summary never rests on a segment that failed. */
#include <stdlib.h>

#include "config/setting.h"
#include "pipeline/stage.h"

enum { SHORTEST_WORDS = 5, LONGEST_WORDS = 60 };

static const struct setting summary_settings[] = {
    {"sentences", SETTING_NUMBER, "3", NULL, 1, 8, "how many sentences a summary has at most"}, SETTINGS_END};

struct summarizer {
    size_t sentences;
};

static bool summarize_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    (void)ret_failure;
    struct summarizer *summarizer = memory_take(sizeof *summarizer);
    summarizer->sentences = (size_t)setting_number(context->settings, "sentences");
    *ret_state = summarizer;
    return true;
}

static size_t count_words(struct span text) {
    size_t words = 0;
    struct span word;
    while (span_next(&text, ' ', &word)) words += word.length > 0;
    return words;
}

static bool is_text(const struct block *block) {
    return block && (block->kind == BLOCK_STANDFIRST || block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_QUOTE);
}

static bool is_fit(const struct article *article, const struct segment_walk *walk) {
    const struct segment *segment = walk->segment;
    size_t words = count_words(segment->target);
    return is_text(walk->block) && (segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT) &&
           words >= SHORTEST_WORDS && words <= LONGEST_WORDS && !span_equal(segment->target, article->title.target);
}

static void add_sentence(struct article *article, const struct segment_walk *walk) {
    struct summary *summary = &article->summary;
    summary->sentences = arena_grow(article->arena, summary->sentences, summary->count, &summary->capacity,
                                    sizeof *summary->sentences);
    struct summary_sentence *sentence = &summary->sentences[summary->count++];
    sentence->text = walk->segment->target;
    sentence->rests_on = arena_take(article->arena, sizeof *sentence->rests_on);
    sentence->rests_on[0] = walk->id;
    sentence->rests_on_count = 1;
}

static enum outcome summarize_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct summarizer *summarizer = state;
    struct summary *summary = &article->summary;
    (void)ret_failure;
    *summary = (struct summary){.method = "extractive", .maker = -1};
    for (struct segment_walk walk = {0}; summary->count < summarizer->sentences && segment_walk_next(article, &walk);)
        if (is_fit(article, &walk)) add_sentence(article, &walk);
    if (summary->count == 0) summary->note = SPAN("no sentence of the article is fit to stand in a summary");
    return GO_ON;
}

const struct stage stage_summarize = {
    .name = "summarize",
    .help = "two or three sentences, tied to segments",
    .settings = summary_settings,
    .open = summarize_open,
    .close = free,
    .work = summarize_work,
};
