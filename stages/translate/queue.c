#include "stages/translate/queue.h"

#include <stdint.h>
#include <string.h>

#include "stages/language/unicode.h"

/* Whether the text contains letters; numbers and punctuation need no translation. Everything from U+00AA (the first
 * letter after ASCII) on counts as a letter, which is precise enough here. */
static bool has_letters(struct span text) {
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        if ((rune | 32) - 'a' < 26 || rune >= 0xAA) return true;
    }
    return false;
}

void queue_fill(struct queue *queue, const struct service_list *service_list, const struct termbase *termbase,
                struct article *article) {
    *queue = (struct queue){.arena = article->arena,
                            .service_list = service_list,
                            .termbase = termbase,
                            .source = article->origin.source,
                            .section = article->section};
    STAILQ_INIT(&queue->lanes);
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        struct segment *segment = walk.segment;
        if (segment->status != SEGMENT_NEW || segment->target.length || !segment->source.length) continue;
        /* segments in English need no translation either */
        if (!has_letters(segment->source) || strcmp(segment_walk_language(article, &walk), "en") == 0) {
            segment->target = segment->source;
            segment->status = SEGMENT_OK;
            segment->copied = true;
            continue;
        }
        struct pending *pending = arena_take(article->arena, sizeof *pending);
        *pending = (struct pending){
            .segment = segment, .block = walk.block, .language = segment_walk_language(article, &walk)};
        queue_put(queue, pending);
    }
}

static struct span prompt_of(const struct configured_service *configured_service) {
    if (!configured_service || !configured_service->service->prompt_version) return (struct span){NULL, 0};
    return configured_service->service->prompt_version(configured_service->state, SERVICE_TRANSLATES);
}

/* Opens the lane for a language and a place in its route. If the route has no service at that place, neither has the
 * lane. */
static struct lane *open_lane(struct queue *queue, const char *language, unsigned place) {
    struct lane *lane = arena_take(queue->arena, sizeof *lane);
    *lane = (struct lane){.language = language, .place = place};
    lane->route = service_list_route(queue->service_list, language, queue->source, queue->section);
    lane->configured_service =
        service_list_pick(queue->service_list, &lane->route, language, SERVICE_TRANSLATES, place, &lane->model);
    lane->prompt = prompt_of(lane->configured_service);
    lane->last = &lane->first;
    STAILQ_INSERT_TAIL(&queue->lanes, lane, next);
    return lane;
}

void queue_put(struct queue *queue, struct pending *pending) {
    struct lane *lane;
    STAILQ_FOREACH(lane, &queue->lanes, next)
        if (lane->place == pending->segment->tried && strcmp(lane->language, pending->language) == 0) break;
    if (!lane) lane = open_lane(queue, pending->language, pending->segment->tried);
    pending->next = NULL;
    *lane->last = pending;
    lane->last = &pending->next;
}

bool lane_has_next(const struct queue *queue, const struct lane *lane) {
    struct span model;
    return service_list_pick(queue->service_list, &lane->route, lane->language, SERVICE_TRANSLATES, lane->place + 1,
                             &model) != NULL;
}

/* Updates lane->last if the unit was the last one in the lane. */
void lane_cut(struct lane *lane, struct pending **link, const struct unit *unit) {
    *link = unit->last->next;
    unit->last->next = NULL;
    if (!*link) lane->last = link;
}

void lane_put_back(struct lane *lane, const struct unit *unit) {
    if (!lane->first) lane->last = &unit->last->next;
    unit->last->next = lane->first;
    lane->first = unit->first;
}

/* ---------------------------------------------------------------- units */

/* Compares addresses as integers, because C does not define the comparison of pointers into different objects. */
static bool lies_in(struct span piece, struct span whole) {
    return piece.length && (uintptr_t)piece.at >= (uintptr_t)whole.at && piece.length <= whole.length &&
           (uintptr_t)piece.at - (uintptr_t)whole.at <= whole.length - piece.length;
}

/* Joins the sources of segments that do not point into the block's text, as is the case for a record read from the
 * store. */
static struct span join_sources(const struct segment *first, const struct segment *last, struct arena *arena) {
    struct buffer text = BUFFER(SIZE_MAX / 4);
    for (const struct segment *segment = first; segment <= last; segment++) {
        if (text.length) buffer_add(&text, " ", 1);
        buffer_add_span(&text, segment->source);
    }
    struct span joined = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return joined;
}

struct span source_of_run(const struct block *block, const struct segment *first, const struct segment *last,
                          struct arena *arena) {
    if (first == last) return first->source;
    if (!lies_in(first->source, block->text) || !lies_in(last->source, block->text) ||
        last->source.at < first->source.at)
        return join_sources(first, last, arena);
    return (struct span){first->source.at, (size_t)(last->source.at + last->source.length - first->source.at)};
}

/* In scripts without spaces, two characters are counted as one word. */
size_t queue_count_words(struct span text) {
    size_t words = 0, unspaced = 0;
    bool inside = false;
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        bool space = rune == ' ' || rune == '\n' || rune == '\t' || rune == 0xA0;
        unspaced += rune >= 0x80 && rune_is_unspaced(rune);
        words += !space && !inside;
        inside = !space;
        if (inside) i = text_skip_letters(text, i);
    }
    return unspaced / 2 > words ? unspaced / 2 : words;
}

/* Longer paragraphs are divided between sentences, because the quality of a translation falls with its length,
 * especially towards the end. */
enum { UNIT_WORDS = 300 };

/* Whether segment `b` may be added to a unit (a text to translate) that ends with segment `a`. Segments that already
 * have an answer become separate units, so that the two answers can be compared. */
static bool is_next(const struct pending *a, const struct pending *b) {
    return b && a->block && a->block == b->block && b->segment == a->segment + 1 && !b->single &&
           a->alone == b->alone && !a->kept && !b->kept;
}

/* Finds the glossary terms in the unit's text, in text order. */
static void find_terms(const struct queue *queue, const char *language, struct unit *unit) {
    struct term_match matches[TERM_MATCHES];
    unit->term_count = termbase_find(queue->termbase, language, unit->text, matches);
    if (unit->term_count == 0) return;
    unit->terms = arena_take(queue->arena, unit->term_count * sizeof *matches);
    memcpy(unit->terms, matches, unit->term_count * sizeof *matches);
}

struct unit unit_form(const struct queue *queue, const struct lane *lane, struct pending *first) {
    const struct service *service = lane->configured_service->service;
    struct unit unit = {.first = first, .last = first, .count = 1};
    size_t words = queue_count_words(first->segment->source), characters = text_count(first->segment->source);
    bool paragraphs = service->unit == UNIT_PARAGRAPH && !first->single;
    while (paragraphs && is_next(unit.last, unit.last->next)) {
        struct span source = unit.last->next->segment->source;
        words += queue_count_words(source);
        characters += text_count(source) + 1;
        if (words > UNIT_WORDS || (service->limits.text_characters && characters > service->limits.text_characters))
            break;
        unit.last = unit.last->next;
        unit.count++;
    }
    unit.text = source_of_run(first->block, first->segment, unit.last->segment, queue->arena);
    find_terms(queue, lane->language, &unit);
    return unit;
}
