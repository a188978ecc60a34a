/* Decides what to do with each answer: use it, ask another service, or give up. */
#include <stdlib.h>
#include <string.h>

#include "stages/translate/task.h"

/* Copies the candidate to the segment, including the findings, so that the check stage need not repeat the checks. The
 * status is OK even if there are findings; the check stage decides on the final status. */
static void settle(struct article *article, struct segment *segment, const struct candidate *candidate) {
    for (size_t i = 0; i < candidate->finding_count; i++) {
        const struct finding *finding = &candidate->findings[i];
        article_add_finding(article, segment, finding->check, finding->severity, finding->message);
    }
    segment->judged = true;
    segment->target = candidate->target;
    segment->unknown_words = candidate->unknown_words;
    segment->from_memory = candidate->from_memory;
    segment->translated_by = candidate->translated_by;
    segment->status = SEGMENT_OK;
}

static void leave_untranslated(struct article *article, struct pending *pending, struct span why) {
    pending->segment->status = SEGMENT_FAILED;
    article_add_finding(article, pending->segment, "untranslated", SEVERITY_ERROR, why);
}

/* Uses the candidate, unless the checks rejected it and another service of the route is temporarily unavailable. In
 * that case the segment waits for the other service, which may give a better answer. Returns whether the candidate was
 * used. */
static bool take_or_wait(struct article *article, struct task *task, struct pending *pending,
                         const struct candidate *candidate) {
    if (candidate->worthless && pending->why && failure_waits(pending->why)) {
        leave_untranslated(article, pending, span_of(pending->why->sentence));
        task->waits = pending->why;
        return false;
    }
    settle(article, pending->segment, candidate);
    return true;
}

/* ---------------------------------------------------------------- the second opinion */

/* Whether the route asks for a second opinion on an answer with this status. */
static bool is_bad(const struct lane *lane, enum segment_status status) {
    switch (lane->route.second_opinion) {
    case SECOND_NEVER:
        return false;
    case SECOND_FAILED:
        return status == SEGMENT_FAILED;
    case SECOND_SUSPECT:
        return status != SEGMENT_OK;
    }
    return false;
}

/* Runs the checks on the candidate, as the check stage would, and stores the findings and the score in it. */
static struct checker_verdict judge(const struct translator *translator, struct article *article,
                                    const struct pending *pending, struct candidate *candidate) {
    struct segment segment = {.source = pending->segment->source,
                              .target = candidate->target,
                              .unknown_words = candidate->unknown_words,
                              .translated_by = candidate->translated_by};
    struct checker_term terms[TERM_MATCHES];
    struct checker_question question = {.language = pending->language,
                                        .heading = !pending->block || pending->block->kind == BLOCK_HEADING,
                                        .terms = terms};
    question.term_count = checker_terms(translator->termbase, question.language, segment.source, terms);
    struct checker_verdict verdict = checker_judge(translator->checker, article, &segment, &question);
    /* The checks look at one sentence at a time, so they cannot notice that a service returned the same text for
     * different sources. */
    if (candidate->objection.length) {
        article_add_finding(article, &segment, "canned", SEVERITY_ERROR, candidate->objection);
        verdict = checker_confirm(&segment);
    }
    candidate->findings = segment.findings;
    candidate->finding_count = segment.finding_count;
    candidate->score = verdict.score;
    candidate->worthless = verdict.status == SEGMENT_FAILED;
    return verdict;
}

/* Queues the segment for the next service of its route and keeps the candidate for comparison. */
static void ask_elsewhere(struct task *task, struct pending *pending, const struct candidate *candidate) {
    struct candidate *kept = arena_take(task->queue.arena, sizeof *kept);
    *kept = *candidate;
    pending->kept = kept;
    pending->alone = false;
    pending->segment->tried++;
    queue_put(&task->queue, pending);
}

/* Uses the better of two answers. If they are equally good, uses the answer of the preferred service. */
static void choose(struct article *article, struct task *task, struct pending *pending,
                   const struct candidate *second) {
    const struct candidate *first = pending->kept;
    bool better = second->score < first->score;
    const struct candidate *taken = better ? second : first, *left = better ? first : second;
    struct span taken_name = article->providers[taken->translated_by].service,
                left_name = article->providers[left->translated_by].service;
    if (!take_or_wait(article, task, pending, taken)) return;
    struct span message = arena_print(article->arena,
                                      "the checks found problems in the translation by %.*s, so %.*s was asked too; "
                                      "the translation by %.*s was used, not the one by %.*s",
                                      SPAN_ARGS(article->providers[first->translated_by].service),
                                      SPAN_ARGS(article->providers[second->translated_by].service),
                                      SPAN_ARGS(taken_name), SPAN_ARGS(left_name));
    article_add_finding(article, pending->segment, "second-opinion", SEVERITY_NOTE, message);
}

/* ---------------------------------------------------------------- one piece of an answer */

/* Merges `count` segments whose translations could not be told apart. The first segment receives the whole source text;
 * the others become empty, and answers_close_gaps() removes them. Returns the segment after the last of them. */
static struct pending *merge(struct article *article, struct pending *first, size_t count) {
    struct pending *last = first;
    for (size_t i = 1; i < count; i++) last = last->next;
    first->segment->source = source_of_run(first->block, first->segment, last->segment, article->arena);
    for (struct segment *segment = first->segment + 1; segment <= last->segment; segment++) {
        *segment = (struct segment){.status = SEGMENT_OK, .translated_by = -1};
    }
    return last->next;
}

static int add_provider(const struct translator *translator, struct article *article, const struct lane *lane) {
    const struct provider provider = {.service = lane->configured_service->name,
                                      .kind = span_of(lane->configured_service->service->name),
                                      .model = lane->model,
                                      .prompt = lane->prompt,
                                      .glossary = termbase_version(translator->termbase)};
    return article_add_provider(article, &provider);
}

static int provider_of(const struct translator *translator, struct article *article, const struct lane *lane,
                       const struct memory_entry *entry, enum answer_origin origin) {
    if (origin != ANSWER_IMPORTED) return add_provider(translator, article, lane);
    const struct provider imported = {.service = SPAN("memory"), .kind = SPAN("tmx"), .model = entry->model};
    return article_add_provider(article, &imported);
}

/* ---------------------------------------------------------------- which service answered last */

/* Records that the service's answer for the segment was rejected. Whether the service or the text is to blame is
 * decided when all answers have arrived. */
static void doubt(struct task *task, const struct pending *pending, const struct configured_service *service) {
    struct doubted *doubted = arena_take(task->queue.arena, sizeof *doubted);
    *doubted = (struct doubted){pending->segment, service, pending->language, task->doubted};
    task->doubted = doubted;
}

void answers_note_empty(const struct lane *lane, const struct unit *unit) {
    for (struct pending *pending = unit->first; pending; pending = pending->next) pending->empty = lane;
}

/* Whether the next service is asked too. This depends on the route's setting second_opinion. If an earlier run disabled
 * this service, the next service is asked after every rejected answer, regardless of that setting. */
static bool asks_another(const struct translator *translator, const struct task *task, const struct lane *lane,
                         enum segment_status status) {
    bool of_no_use = worth_was_closed(translator->worth, lane->configured_service, lane->language);
    bool bad = is_bad(lane, status) || (status == SEGMENT_FAILED && of_no_use);
    return bad && lane_has_next(&task->queue, lane);
}

bool answers_ask_another(const struct translator *translator, const struct task *task, const struct lane *lane) {
    return asks_another(translator, task, lane, SEGMENT_FAILED);
}

/* Handles the translation of one segment, or of several that could not be told apart. If the answer is suspect, one
 * more service is asked; if it is rejected, the services of the route are asked until one gives an accepted answer.
 * Imported translations come from the user and are never compared. Returns false if the checks reject the answer. */
static bool take_piece(const struct translator *translator, struct article *article, struct task *task,
                       const struct lane *lane, struct pending *pending, struct candidate *candidate,
                       enum answer_origin origin) {
    struct checker_verdict verdict = judge(translator, article, pending, candidate);
    bool imported = origin == ANSWER_IMPORTED, bad = verdict.status == SEGMENT_FAILED;
    const struct candidate *kept = pending->kept;
    bool open = !kept || (kept->worthless && candidate->worthless);
    if (open && !imported && asks_another(translator, task, lane, verdict.status)) {
        ask_elsewhere(task, pending, kept && kept->score <= candidate->score ? kept : candidate);
        return !bad;
    }
    if (kept)
        choose(article, task, pending, candidate);
    else
        take_or_wait(article, task, pending, candidate);
    if (bad && !imported) doubt(task, pending, lane->configured_service);
    return !bad;
}

static void note_unaligned(struct article *article, struct segment *segment, size_t count) {
    struct span message = arena_print(article->arena,
                                      "the %zu sentences of this paragraph could not be matched with the sentences of "
                                      "its translation, so they are shown together",
                                      count);
    article_add_finding(article, segment, "alignment", SEVERITY_NOTE, message);
}

bool answers_take(struct translator *translator, struct article *article, struct task *task, const struct lane *lane,
                  const struct unit *unit, const struct memory_entry *entry, enum answer_origin origin) {
    struct span *sources = arena_take(article->arena, unit->count * sizeof *sources);
    struct piece *pieces = arena_take(article->arena, unit->count * sizeof *pieces);
    size_t count = 0, i = 0;
    for (const struct pending *pending = unit->first; pending; pending = pending->next)
        sources[i++] = pending->segment->source;
    bool aligned = distribute(translator->rules, sources, unit->count, entry->target, pieces, &count), good = true;
    int provider = provider_of(translator, article, lane, entry, origin);
    struct pending *pending = unit->first;
    for (i = 0; i < count; i++) {
        struct pending *next = merge(article, pending, pieces[i].count);
        struct candidate candidate = {.target = pieces[i].target,
                                      .unknown_words = i ? 0 : entry->unknown_words,
                                      .translated_by = provider,
                                      .place = lane->place,
                                      .objection = unit->objection,
                                      .from_memory = origin != ANSWER_BOUGHT};
        if (!aligned) note_unaligned(article, pending->segment, unit->count);
        good = take_piece(translator, article, task, lane, pending, &candidate, origin) && good;
        pending = next;
    }
    return good;
}

/* ---------------------------------------------------------------- no service left to ask */

/* Says why no service was asked to translate a segment. */
static struct span explain_no_service(const struct translator *translator, const struct article *article,
                                      const struct pending *pending) {
    return arena_print(article->arena,
                       "no configured service translates '%s' to English: for %.*s, install an Apertium pair, or add a "
                       "[service] that does (see `dragoman services`)",
                       pending->language, SPAN_ARGS(checker_language_name(translator->checker, pending->language)));
}

/* Uses the answer that was kept. If it was rejected, it is counted against the service, unless it comes from the
 * translation memory: then it was counted when the service gave it. */
static void give_up_kept(struct article *article, struct task *task, struct pending *pending) {
    const struct candidate *kept = pending->kept;
    struct span service = article->providers[kept->translated_by].service;
    if (take_or_wait(article, task, pending, kept) && kept->worthless && !kept->from_memory && !pending->empty)
        doubt(task, pending, service_list_named(task->queue.service_list, service));
}

void answers_give_up(const struct translator *translator, struct article *article, struct task *task,
                     struct pending *pending) {
    const struct failure *why = pending->why;
    if (pending->empty) doubt(task, pending, pending->empty->configured_service);
    if (pending->kept) {
        give_up_kept(article, task, pending);
        return;
    }
    /* Records the service although it returned nothing, so that the record shows which service failed. */
    leave_untranslated(article, pending,
                       why ? span_of(why->sentence) : explain_no_service(translator, article, pending));
    if (pending->empty) pending->segment->translated_by = add_provider(translator, article, pending->empty);
    if (why && failure_waits(why)) task->waits = why;
}

void answers_close_gaps(struct article *article) {
    for (size_t i = 0; i < article->block_count; i++) {
        struct block *block = &article->body[i];
        size_t kept = 0;
        for (size_t j = 0; j < block->segment_count; j++)
            if (block->segments[j].source.length) block->segments[kept++] = block->segments[j];
        block->segment_count = kept;
    }
}
