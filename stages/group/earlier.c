#include "stages/group/earlier.h"

#include <stdlib.h>

#include "stages/group/event.h"
#include "stages/group/matcher.h"
#include "stages/group/neighbours.h"
#include "stages/group/numbering.h"
#include "stages/group/signature.h"

/* Two days' stories that are compared. */
struct days {
    struct arena *arena;
    const struct kept_stories *earlier;
    struct vector *sums; /* of the earlier day's stories */
    size_t *sizes;
    struct numbering numbering;
    struct neighbours *neighbours; /* among the earlier day's stories */
    struct matcher *matcher;
    struct group_limits limits;
};

static void read_earlier(struct days *days) {
    size_t count = days->earlier->count;
    days->sums = arena_take(days->arena, (count + 1) * sizeof *days->sums);
    days->sizes = arena_take(days->arena, (count + 1) * sizeof *days->sizes);
    for (size_t i = 0; i < count; i++)
        days->sums[i] = signature_read(days->earlier->stories[i].signature, days->arena, &days->sizes[i]);
}

/* Numbers the words of both days' stories. */
static void begin(struct days *days, const struct found_story *stories, size_t count) {
    size_t before = days->earlier->count;
    const struct vector **vectors = arena_take(days->arena, (before + count + 1) * sizeof *vectors);
    for (size_t i = 0; i < before; i++) vectors[i] = &days->sums[i];
    for (size_t i = 0; i < count; i++) vectors[before + i] = stories[i].sum;
    days->numbering = numbering_begin(vectors, before + count);
    days->neighbours = neighbours_new(vectors, before, days->numbering.count);
    days->matcher = matcher_new(days->numbering.count);
}

static void end(struct days *days, const struct found_story *stories, size_t count) {
    for (size_t i = 0; i < count; i++) numbering_restore(&days->numbering, stories[i].sum);
    numbering_free(&days->numbering);
    neighbours_free(days->neighbours);
    matcher_free(days->matcher);
}

/* Returns the similarity of a story to one of the earlier day, or 0 if they are not the same event. */
static double compare(const struct days *days, const struct found_story *story, size_t at) {
    struct common *common = memory_take((story->sum->count + 1) * sizeof *common);
    size_t count = matcher_find(days->matcher, &days->sums[at], common);
    double alike = vector_dot(common, count) / (double)(story->size * days->sizes[at]);
    struct party one = {story->size, event_core(story->sum, story->size)},
                 other = {days->sizes[at], event_core(&days->sums[at], days->sizes[at])};
    bool same = alike >= days->limits.likeness && event_is_one(one, other, common, count, days->limits.section);
    free(common);
    return same ? alike : 0;
}

/* Returns the most similar story of the earlier day that is the same event, or SIZE_MAX if there is none. */
static size_t find_earlier(const struct days *days, const struct found_story *story) {
    uint32_t found[NEIGHBOURS];
    size_t count = neighbours_find(days->neighbours, story->sum, (uint32_t)days->earlier->count, found);
    size_t best = SIZE_MAX;
    double likeness = 0;
    matcher_begin(days->matcher, story->sum);
    for (size_t i = 0; i < count; i++) {
        double alike = compare(days, story, found[i]);
        if (alike > likeness) best = found[i];
        likeness = alike > likeness ? alike : likeness;
    }
    matcher_end(days->matcher);
    return best;
}

void earlier_link(struct edition *edition, const struct found_story *stories, size_t count,
                  struct group_limits limits) {
    struct days days = {.arena = arena_new(), .earlier = &edition->earlier, .limits = limits};
    for (size_t i = 0; i < count; i++)
        stories[i].story->signature = signature_write(stories[i].sum, stories[i].size, edition->arena);
    read_earlier(&days);
    begin(&days, stories, count);
    for (size_t i = 0; i < count; i++) {
        size_t earlier = find_earlier(&days, &stories[i]);
        if (earlier == SIZE_MAX) continue;
        stories[i].story->earlier = span_of(edition->earlier.stories[earlier].id);
        stories[i].story->earlier_day = span_of(edition->earlier_day);
    }
    end(&days, stories, count);
    arena_free(days.arena);
}
