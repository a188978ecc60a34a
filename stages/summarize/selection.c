#include "stages/summarize/selection.h"

#include <stdlib.h>
#include <string.h>

#include "stages/check/checker.h"
#include "stages/summarize/datelines.h"
#include "stages/summarize/fitness.h"
#include "stages/summarize/leaning.h"
#include "stages/summarize/quoting.h"

/* Doubtful sentences are added until a summary has this many sentences. */
enum { FEWEST_SENTENCES = 2 };

/* With this many sentences, a summary takes no more from beyond the first NEAR sentences of the text: what stands far
 * from its beginning has little to do with it. */
enum { ENOUGH_SENTENCES = 2, NEAR = 15 };

/* Length of a first sentence that is read at a glance, and number of sentences among which one is sought. */
enum { GLANCE_WORDS = 25, GLANCE_SOUGHT = 6 };

/* Maximum number of texts that explain what a later sentence speaks of: the headline and the summary. */
enum { KNOWN = 16 };

/* A sentence of fewer words that follows a question is taken for its answer: "And its cargo? A red car." */
enum { ANSWER_WORDS = 10 };

/* A dateline is sought before or after at most this many sentences of the stand-first, because the whole article may
 * have to be read for each. */
enum { LONGEST_STANDFIRST = 8 };

/* The ranks in which sentences are added. */
enum rank { SOUND, DOUBTFUL, POOR, UNUSABLE };

struct selection {
    struct arena *arena;
    const struct marks *marks;
    struct fitness *fitness;
    struct leaning *leaning;
    struct datelines *datelines;
};

/* A sentence of the text, and what must be known of those before it. `text` is filled in by read_text(), which costs
 * more than the rest, and is needed for few sentences. */
struct candidate {
    struct segment_walk walk;
    struct quoting source_quoting, target_quoting;
    struct span text;   /* the translation without its dateline */
    struct span before; /* the translation of the sentence before it, or empty */
    unsigned previous;  /* id of the sentence before it, 0 = it is the first one of the text */
    size_t number;      /* number of sentences of the stand-first before it */
    bool opens;         /* only a stand-first precedes it, and few sentences */
    bool whole;         /* it is no part of a longer quotation */
    bool asked;         /* the sentence before it is a question */
    bool answers;       /* it is short and the sentence before it a question */
};

bool selection_open(const char *data_folder, struct selection **ret_selection, struct failure *ret_failure) {
    struct selection *selection = memory_take(sizeof *selection);
    selection->arena = arena_new();
    selection->marks = marks_read(data_folder, selection->arena, ret_failure);
    if (selection->marks) selection->fitness = fitness_open(data_folder, selection->marks, ret_failure);
    if (selection->fitness) selection->leaning = leaning_open(data_folder, selection->marks, ret_failure);
    if (selection->leaning) selection->datelines = datelines_open(data_folder, ret_failure);
    bool done = selection->datelines != NULL;
    if (done)
        *ret_selection = selection;
    else
        selection_close(selection);
    return done;
}

void selection_close(struct selection *selection) {
    if (!selection) return;
    fitness_close(selection->fitness);
    leaning_close(selection->leaning);
    datelines_close(selection->datelines);
    arena_free(selection->arena);
    free(selection);
}

/* ---------------------------------------------------------------- the candidates */

/* Headings, lists and captions are not part of the story. */
static bool is_text(const struct block *block) {
    return block && (block->kind == BLOCK_STANDFIRST || block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_QUOTE);
}

static bool begins_with_dash(const struct selection *selection, struct span text) {
    uint32_t rune;
    return text.length && text_next(text, 0, &rune) && marks_of(selection->marks, rune) == MARK_DASH;
}

static struct span join(const struct article *article, struct span first, struct span second) {
    return arena_print(article->arena, "%.*s %.*s", SPAN_ARGS(first), SPAN_ARGS(second));
}

/* Removes the dateline from the beginning of the article's text. */
static struct span strip(const struct selection *selection, const struct article *article, struct span source,
                         struct span target) {
    struct span rest = datelines_strip(selection->datelines, target, article);
    return rest.length < target.length ? rest
                                       : datelines_strip_translated(selection->datelines, source, target, article);
}

/* After a full stop, the dateline may be a segment of its own, "Lorven, Sar." or "Lorven (EFE).", and the dash begins
 * the next one. */
static struct span strip_divided(const struct selection *selection, const struct article *article,
                                 const struct candidate *candidate) {
    const struct segment *segment = candidate->walk.segment, *before = segment - 1;
    if (segment != candidate->walk.block->segments + 1) return candidate->text;
    struct span target = join(article, before->target, segment->target);
    struct span source = join(article, before->source, segment->source);
    struct span rest = strip(selection, article, source, target);
    return rest.length < segment->target.length ? rest : candidate->text;
}

static void read_candidate(const struct selection *selection, struct candidate *candidate) {
    const struct segment_walk *walk = &candidate->walk;
    if (walk->segment == walk->block->segments)
        candidate->source_quoting = candidate->target_quoting = (struct quoting){0};
    bool source = quoting_is_whole(selection->marks, walk->segment->source, &candidate->source_quoting);
    bool target = quoting_is_whole(selection->marks, walk->segment->target, &candidate->target_quoting);
    candidate->whole = source && target;
    candidate->answers = candidate->asked && span_count_words(walk->segment->target) < ANSWER_WORDS;
}

static void read_text(const struct selection *selection, const struct article *article, struct candidate *candidate) {
    const struct segment_walk *walk = &candidate->walk;
    candidate->text = candidate->opens ? strip(selection, article, walk->segment->source, walk->segment->target)
                                       : datelines_strip(selection->datelines, walk->segment->target, NULL);
    if (begins_with_dash(selection, candidate->text)) candidate->text = strip_divided(selection, article, candidate);
}

/* Moves on to the next sentence of the text. To be started with a zeroed candidate. */
static bool next_candidate(const struct selection *selection, const struct article *article,
                           struct candidate *candidate) {
    const struct segment_walk before = candidate->walk;
    if (before.started) {
        candidate->previous = before.id;
        candidate->before = before.segment->target;
    }
    candidate->asked = fitness_is_question(selection->fitness, candidate->before);
    candidate->opens =
        !before.started || (before.block->kind == BLOCK_STANDFIRST && ++candidate->number < LONGEST_STANDFIRST);
    do
        if (!segment_walk_next(article, &candidate->walk)) return false;
    while (!is_text(candidate->walk.block));
    read_candidate(selection, candidate);
    return true;
}

static bool includes(const struct summary *summary, unsigned id) {
    for (size_t i = 0; i < summary->count; i++)
        if (summary->sentences[i].rests_on[0] == id) return true;
    return false;
}

/* Collects what the reader of the summary so far knows. Returns the number of texts. */
static size_t collect_known(const struct article *article, struct span ret_known[KNOWN]) {
    size_t count = 0;
    ret_known[count++] = article->title.target;
    for (size_t i = 0; i < article->summary.count && count < KNOWN; i++)
        ret_known[count++] = article->summary.sentences[i].text;
    return count;
}

/* Whether the sentence calls somebody by a part of a name, of which the whole stands in a sentence near the beginning
 * that is not in the summary. */
static bool has_part_of_unknown_name(const struct selection *selection, const struct article *article,
                                     const struct candidate *candidate, const struct span *known, size_t count) {
    struct segment_walk walk = {0};
    for (size_t at = 0; at < NEAR && segment_walk_next(article, &walk) && walk.id < candidate->walk.id; at++)
        if (is_text(walk.block) &&
            leaning_shortens_name(selection->leaning, candidate->text, walk.segment->target, known, count))
            return true;
    return false;
}

/* Whether the sentence speaks of somebody or something that was left out as if the reader knew it. Not after a sentence
 * that the headline repeats. */
static bool is_unexplained(const struct selection *selection, const struct article *article,
                           const struct candidate *candidate) {
    struct span known[KNOWN];
    size_t count = collect_known(article, known);
    if (!candidate->previous || fitness_repeats_title(candidate->before, article->title.target)) return false;
    return (article->summary.count && leaning_has_unknown_noun(selection->leaning, candidate->text, known, count)) ||
           has_part_of_unknown_name(selection, article, candidate, known, count);
}

/* Whether the reader would miss the sentence before this one. */
static bool misses_predecessor(const struct selection *selection, const struct article *article,
                               const struct candidate *candidate) {
    return !includes(&article->summary, candidate->previous) &&
           (candidate->answers ||
            leaning_needs_predecessor(selection->leaning, candidate->text, !candidate->previous) ||
            is_unexplained(selection, article, candidate));
}

/* Returns the segment after this one, in the same block or the next one, or NULL. */
static const struct segment *next_segment(const struct article *article, const struct segment_walk *walk) {
    const struct block *block = walk->block, *end = article->body + article->block_count;
    const struct segment *next = walk->segment + 1;
    if (next < block->segments + block->segment_count) return next;
    return block + 1 < end && block[1].segment_count ? block[1].segments : NULL;
}

/* Whether the sentence is a notice, a caption with a credit after it, or a claim that the article examines. */
static bool is_set_apart(const struct selection *selection, const struct article *article,
                         const struct segment_walk *walk) {
    const struct block *block = walk->block;
    const struct segment *next = next_segment(article, walk);
    bool translated = !span_equal(walk->segment->source, walk->segment->target);
    if (translated && fitness_is_notice(selection->fitness, walk->segment->source)) return true;
    if (next &&
        (fitness_is_credit(selection->fitness, next->target) || fitness_is_credit(selection->fitness, next->source)))
        return true;
    return block > article->body && block[-1].segment_count == 1 &&
           fitness_announces_claim(selection->fitness, block[-1].segments->target);
}

/* Whether the sentence, after the first one, announces the rest of the page, or somebody else speaks in it. */
static bool is_aside(const struct selection *selection, const struct candidate *candidate) {
    return fitness_teases(selection->fitness, candidate->text) ||
           leaning_changes_speaker(selection->leaning, candidate->text, candidate->before);
}

static enum rank rank_of(const struct selection *selection, const struct article *article,
                         const struct candidate *candidate) {
    const struct segment *segment = candidate->walk.segment;
    bool usable = segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT;
    if (!usable || !candidate->whole || is_set_apart(selection, article, &candidate->walk)) return UNUSABLE;
    enum fit fit = fitness_of(selection->fitness, candidate->text, candidate->walk.block->kind == BLOCK_STANDFIRST);
    if (fit == FIT_NEVER || fitness_repeats_title(candidate->text, article->title.target)) return UNUSABLE;
    if (candidate->previous && is_aside(selection, candidate)) return UNUSABLE;
    bool misses = misses_predecessor(selection, article, candidate);
    /* above the first sentence stands the headline, which may be what it refers to */
    if (misses && candidate->previous) return UNUSABLE;
    if (misses || fit == FIT_POORLY) return POOR;
    return checker_doubt(segment).length ? DOUBTFUL : SOUND;
}

/* Whether rank_of() may give this rank, by what the checks say. The other sentences need not be examined. */
static bool may_have_rank(const struct candidate *candidate, enum rank rank) {
    bool doubtful = checker_doubt(candidate->walk.segment).length > 0;
    return rank == SOUND ? !doubtful : rank != DOUBTFUL || doubtful;
}

/* ---------------------------------------------------------------- the summary */

static void set_sentence(struct article *article, struct summary_sentence *sentence,
                         const struct candidate *candidate) {
    sentence->text = candidate->text;
    sentence->rests_on = arena_take(article->arena, sizeof *sentence->rests_on);
    sentence->rests_on[0] = candidate->walk.id;
    sentence->rests_on_count = 1;
}

static void append_sentence(struct article *article, const struct candidate *candidate) {
    struct summary *summary = &article->summary;
    summary->sentences =
        arena_grow(article->arena, summary->sentences, summary->count, &summary->capacity, sizeof *summary->sentences);
    set_sentence(article, &summary->sentences[summary->count++], candidate);
}

enum repetition { REPEATS_NOTHING, REPEATS, IS_REPEATED };

static enum repetition compare(struct span sentence, struct span there) {
    if (fitness_repeats(sentence, there)) return REPEATS;
    return fitness_repeats(there, sentence) ? IS_REPEATED : REPEATS_NOTHING;
}

/* Returns the sentence of the summary that is similar, or NULL. */
static struct summary_sentence *find_similar(const struct summary *summary, struct span text,
                                             enum repetition *ret_repetition) {
    for (size_t i = 0; i < summary->count; i++) {
        *ret_repetition = compare(text, summary->sentences[i].text);
        if (*ret_repetition != REPEATS_NOTHING) return &summary->sentences[i];
    }
    return NULL;
}

/* Adds a sentence of this rank unless the summary contains a similar one. If the new sentence says more than the
 * similar one, it replaces that one, unless it is of lower rank. The rank is looked at last, as it costs most. */
static void add_sentence(const struct selection *selection, struct article *article, struct candidate *candidate,
                         enum rank rank) {
    enum repetition repetition = REPEATS_NOTHING;
    if (!may_have_rank(candidate, rank)) return;
    read_text(selection, article, candidate);
    struct summary_sentence *similar = find_similar(&article->summary, candidate->text, &repetition);
    if (similar && (repetition != IS_REPEATED || rank != SOUND)) return;
    if (rank_of(selection, article, candidate) != rank) return;
    if (similar)
        set_sentence(article, similar, candidate);
    else
        append_sentence(article, candidate);
}

/* Adds sentences of this rank in reading order until the summary has `wanted` sentences. */
static void add_sentences(const struct selection *selection, struct article *article, size_t wanted, enum rank rank) {
    const struct summary *summary = &article->summary;
    struct candidate candidate = {0};
    for (size_t at = 0; summary->count < wanted && next_candidate(selection, article, &candidate); at++) {
        if (at >= NEAR && summary->count >= ENOUGH_SENTENCES) return;
        add_sentence(selection, article, &candidate, rank);
    }
}

static int by_place(const void *left, const void *right) {
    const struct summary_sentence *a = left, *b = right;
    return a->rests_on[0] < b->rests_on[0] ? -1 : a->rests_on[0] > b->rests_on[0];
}

/* ---------------------------------------------------------------- the first sentence */

static bool is_short(struct span sentence) {
    return span_count_words(sentence) <= GLANCE_WORDS;
}

/* Whether the sentence may precede the first one of the summary. */
static bool may_lead(const struct selection *selection, const struct article *article, struct candidate *candidate) {
    if (!may_have_rank(candidate, SOUND)) return false;
    read_text(selection, article, candidate);
    struct span text = candidate->text, lead = article->summary.sentences[0].text;
    return is_short(text) && rank_of(selection, article, candidate) == SOUND &&
           fitness_is_about(text, article->title.target) && !fitness_repeats(text, lead) &&
           leaning_can_lead(selection->leaning, text, lead);
}

/* Returns the number of sentences from `first` on that belong together: each needs the one before it. */
static size_t chain_length(const struct selection *selection, const struct summary *summary, size_t first) {
    size_t end = first + 1;
    while (end < summary->count && leaning_needs_predecessor(selection->leaning, summary->sentences[end].text, false))
        end++;
    return end - first;
}

/* Moves `count` sentences to the beginning, one after the other. */
static void move_to_front(struct summary *summary, size_t first, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct summary_sentence moved = summary->sentences[first + i];
        memmove(&summary->sentences[i + 1], &summary->sentences[i], first * sizeof moved);
        summary->sentences[i] = moved;
    }
}

/* Begins the summary with this sentence. If it is not in the summary, it takes the place of the last one. */
static void lead_with(const struct selection *selection, struct article *article, const struct candidate *candidate,
                      size_t wanted) {
    struct summary *summary = &article->summary;
    size_t at = 0;
    while (at < summary->count && summary->sentences[at].rests_on[0] != candidate->walk.id) at++;
    if (at == summary->count) {
        if (summary->count == wanted) at = --summary->count;
        append_sentence(article, candidate);
    }
    move_to_front(summary, at, chain_length(selection, summary, at));
}

/* If the first sentence is long, begins with the first short one that can be understood before it. */
static void shorten_lead(const struct selection *selection, struct article *article, size_t wanted) {
    const struct summary *summary = &article->summary;
    struct candidate candidate = {0};
    if (wanted < FEWEST_SENTENCES || summary->count == 0 || is_short(summary->sentences[0].text)) return;
    for (size_t sought = 0; sought < GLANCE_SOUGHT && next_candidate(selection, article, &candidate);) {
        if (candidate.walk.id <= summary->sentences[0].rests_on[0]) continue;
        sought++;
        if (!may_lead(selection, article, &candidate)) continue;
        lead_with(selection, article, &candidate, wanted);
        return;
    }
}

void selection_make(const struct selection *selection, struct article *article, size_t wanted) {
    struct summary *summary = &article->summary;
    add_sentences(selection, article, wanted, SOUND);
    size_t sound = summary->count;
    add_sentences(selection, article, wanted < FEWEST_SENTENCES ? wanted : FEWEST_SENTENCES, DOUBTFUL);
    if (summary->count == 0) add_sentences(selection, article, 1, POOR);
    /* doubtful sentences were added last, so the reading order must be restored */
    if (summary->count > sound) qsort(summary->sentences, summary->count, sizeof *summary->sentences, by_place);
    shorten_lead(selection, article, wanted);
}
