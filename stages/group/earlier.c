#include "stages/group/earlier.h"

#include <stdlib.h>

#include "stages/group/event.h"
#include "stages/group/matcher.h"
#include "stages/group/neighbours.h"
#include "stages/group/numbering.h"
#include "stages/group/signature.h"

/* One day's stories, as their signatures tell them: a later day knows no more of them. */
struct told {
    struct vector *sums;
    struct party *parties;
    size_t count;
};

/* Two days' stories that are compared. */
struct days {
    struct arena *arena;
    struct told present, earlier;
    struct numbering numbering;
    struct neighbours *neighbours; /* among the earlier day's stories */
    struct matcher *matcher;
    struct common *common; /* what two stories have in common */
    struct group_limits limits;
};

static struct told new_told(struct arena *arena, size_t count) {
    return (struct told){.sums = arena_take(arena, (count + 1) * sizeof(struct vector)),
                         .parties = arena_take(arena, (count + 1) * sizeof(struct party)),
                         .count = count};
}

static void read_story(struct days *days, struct told *told, size_t at, struct span signature) {
    size_t size;
    told->sums[at] = signature_read(signature, days->arena, &size);
    told->parties[at] = event_party(&told->sums[at], size);
}

static size_t max_features(const struct vector *const *vectors, size_t count) {
    size_t max = 0;
    for (size_t i = 0; i < count; i++) max = vectors[i]->count > max ? vectors[i]->count : max;
    return max;
}

/* Numbers the words of both days' stories. */
static void begin(struct days *days) {
    size_t before = days->earlier.count, count = before + days->present.count;
    const struct vector **vectors = arena_take(days->arena, (count + 1) * sizeof *vectors);
    for (size_t i = 0; i < before; i++) vectors[i] = &days->earlier.sums[i];
    for (size_t i = before; i < count; i++) vectors[i] = &days->present.sums[i - before];
    days->numbering = numbering_begin(vectors, count);
    days->neighbours = neighbours_new(vectors, before, days->numbering.count);
    days->matcher = matcher_new(days->numbering.count);
    days->common = arena_take(days->arena, (max_features(vectors, count) + 1) * sizeof *days->common);
}

static void end(struct days *days) {
    numbering_free(&days->numbering);
    neighbours_free(days->neighbours);
    matcher_free(days->matcher);
    arena_free(days->arena);
}

/* Returns the similarity of the story that the matcher holds to one of the earlier day, or 0 if they are not the same
 * event. */
static double compare(const struct days *days, struct party story, size_t at) {
    struct party other = days->earlier.parties[at];
    size_t count = matcher_find(days->matcher, &days->earlier.sums[at], days->common);
    double alike = vector_dot(days->common, count) / (double)(story.size * other.size);
    bool same = alike >= days->limits.likeness && event_is_one(story, other, days->common, count, days->limits.event);
    return same ? alike : 0;
}

/* Returns the most similar story of the earlier day that is the same event, or SIZE_MAX if there is none. */
static size_t find_earlier(const struct days *days, size_t story) {
    const struct vector *sum = &days->present.sums[story];
    uint32_t found[NEIGHBOURS];
    size_t count = neighbours_find(days->neighbours, sum, (uint32_t)days->earlier.count, found), best = SIZE_MAX;
    double likeness = 0;
    matcher_begin(days->matcher, sum);
    for (size_t i = 0; i < count; i++) {
        double alike = compare(days, days->present.parties[story], found[i]);
        if (alike > likeness) best = found[i];
        likeness = alike > likeness ? alike : likeness;
    }
    matcher_end(days->matcher);
    return best;
}

void earlier_link(struct edition *edition, const struct found_story *stories, size_t count,
                  struct group_limits limits) {
    const struct kept_stories *kept = &edition->earlier;
    struct arena *arena = arena_new();
    struct days days = {
        .arena = arena, .present = new_told(arena, count), .earlier = new_told(arena, kept->count), .limits = limits};
    for (size_t i = 0; i < kept->count; i++) read_story(&days, &days.earlier, i, kept->stories[i].signature);
    for (size_t i = 0; i < count; i++) {
        stories[i].story->signature = signature_write(stories[i].sum, stories[i].size, edition->arena);
        read_story(&days, &days.present, i, stories[i].story->signature);
    }
    begin(&days);
    for (size_t i = 0; i < count; i++) {
        size_t earlier = find_earlier(&days, i);
        if (earlier == SIZE_MAX) continue;
        stories[i].story->earlier = span_of(kept->stories[earlier].id);
        stories[i].story->earlier_day = span_of(edition->earlier_day);
    }
    end(&days);
}
