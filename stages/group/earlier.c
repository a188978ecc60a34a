#include "stages/group/earlier.h"

#include <stdlib.h>

#include "stages/group/event.h"
#include "stages/group/neighbours.h"
#include "stages/group/signature.h"

/* The stories of the earlier day. */
struct past {
    struct vector *sums;
    size_t *sizes;
    size_t count;
    struct neighbours *neighbours;
};

static struct past read_past(const struct edition *edition, struct arena *arena) {
    const struct kept_stories *earlier = &edition->earlier;
    struct past past = {.sums = arena_take(arena, (earlier->count + 1) * sizeof *past.sums),
                        .sizes = arena_take(arena, (earlier->count + 1) * sizeof *past.sizes),
                        .count = earlier->count};
    const struct vector **vectors = arena_take(arena, (past.count + 1) * sizeof *vectors);
    for (size_t i = 0; i < past.count; i++) {
        past.sums[i] = signature_read(earlier->stories[i].signature, arena, &past.sizes[i]);
        vectors[i] = &past.sums[i];
    }
    past.neighbours = neighbours_new(vectors, past.count);
    return past;
}

/* Returns the most similar story of the earlier day that is the same event, or past->count if there is none. */
static size_t find_earlier(const struct past *past, const struct found_story *story, struct group_limits limits) {
    uint32_t found[NEIGHBOURS];
    size_t count = neighbours_find(past->neighbours, story->sum, (uint32_t)past->count, found), best = past->count;
    double likeness = limits.likeness;
    for (size_t i = 0; i < count; i++) {
        size_t at = found[i];
        double alike = vector_dot(story->sum, &past->sums[at]) / (double)(story->size * past->sizes[at]);
        if (alike < likeness) continue;
        if (!event_is_one(story->sum, story->size, &past->sums[at], past->sizes[at], limits.section)) continue;
        likeness = alike;
        best = at;
    }
    return best;
}

void earlier_link(struct edition *edition, const struct found_story *stories, size_t count,
                  struct group_limits limits) {
    struct arena *arena = arena_new();
    struct past past = read_past(edition, arena);
    for (size_t i = 0; i < count; i++) {
        struct edition_story *story = stories[i].story;
        story->signature = signature_write(stories[i].sum, stories[i].size, edition->arena);
        size_t earlier = find_earlier(&past, &stories[i], limits);
        if (earlier == past.count) continue;
        story->earlier = span_of(edition->earlier.stories[earlier].id);
        story->earlier_day = span_of(edition->earlier_day);
    }
    neighbours_free(past.neighbours);
    arena_free(arena);
}
