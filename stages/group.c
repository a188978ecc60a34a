/* Groups the day's articles into stories, so that each event is one entry of the digest. Articles belong to the same
 * story if their translations use similar words and names and report on one event (stages/group/event.h). Rare words
 * count more, and articles published far apart must be more similar. Ids stay from run to run (identity.h), and a story
 * that continues one of the day before is linked to it (earlier.h). */
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/engine/edition.h"
#include "stages/group/clusters.h"
#include "stages/group/earlier.h"
#include "stages/group/identity.h"

struct group_settings {
    double likeness;
    long long half_life_days;
};

static const struct setting group_table[] = {
    SETTING(
        "likeness", SETTING_DECIMAL_AT(struct group_settings, likeness), .default_value = "0.065", .max = 1,
        .help =
            "minimum average similarity (cosine) between the articles of a story; half of it makes stories related"),
    SETTING("half_life_days", SETTING_NUMBER_AT(struct group_settings, half_life_days), .default_value = "90", .min = 1,
            .max = 10000, .help = "number of days between two articles that halves their similarity",
            .formerly = "days_apart"),
    SETTINGS_END,
};

static const double MOSTLY =
    0.5; /* minimum share of its text that a copy has in common with the article to which it is linked */

struct grouper {
    struct vectors *vectors;
    struct group_limits limits;
};

static void group_close(void *state) {
    struct grouper *grouper = state;
    if (!grouper) return;
    vectors_close(grouper->vectors);
    free(grouper);
}

static bool group_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    const struct group_settings *settings = context->settings;
    struct grouper *grouper = memory_take(sizeof *grouper);
    grouper->limits.likeness = settings->likeness;
    grouper->limits.days = (double)settings->half_life_days;
    grouper->vectors = vectors_open(context->data_folder, ret_failure);
    *ret_state = grouper;
    if (grouper->vectors) return true;
    group_close(grouper);
    return false;
}

/* Returns the number of the day in a date such as "2026-01-29T14:05:00Z", or -1 for anything else. */
static double day_number(struct span date) {
    char day[11];
    snprintf(day, sizeof day, "%.*s", SPAN_ARGS(date));
    int64_t seconds = clock_seconds(day);
    return seconds < 0 ? -1 : (double)(seconds / 86400);
}

/* Puts every copy into the same story as the article to which it is linked, because a short excerpt has too few words
 * to be recognized as similar. */
static void follow_leads(const struct edition *edition, uint32_t *labels) {
    struct hash_table by_id = HASH_TABLE(NULL);
    for (size_t i = 0; i < edition->count; i++)
        hash_table_set(&by_id, span_of(edition->articles[i]->id), &edition->articles[i]);
    for (size_t i = 0; i < edition->count; i++) {
        const struct article *article = edition->articles[i];
        struct article **lead = hash_table_find(&by_id, article->duplicate_of);
        if (lead && article->containment >= MOSTLY) labels[i] = labels[lead - edition->articles];
    }
    hash_table_free(&by_id);
}

/* Returns the story of the label, or NULL if all its articles have followed their leads elsewhere. `named` has for each
 * label an article of that story, or NULL. */
static struct edition_story *find_story(const struct edition *edition, struct article *const *named, uint32_t label) {
    return named[label] ? edition_find_story(edition, named[label]->story) : NULL;
}

/* Lists the related stories by id. */
static void relate(const struct edition *edition, struct article *const *named, const struct grouped *grouped,
                   struct edition_story *story) {
    story->related = arena_take(edition->arena, (RELATED + 1) * sizeof *story->related);
    for (size_t i = 0; i < grouped->related_count; i++) {
        const struct edition_story *related = find_story(edition, named, grouped->related[i]);
        if (related && related != story) story->related[story->related_count++] = related->id;
    }
}

/* Fills in what else the edition says about its stories. */
static void describe(struct edition *edition, const uint32_t *labels, const struct grouped *grouped,
                     struct group_limits limits, struct arena *arena) {
    struct article **named = arena_take(arena, (edition->count + 1) * sizeof(struct article *));
    struct found_story *found = arena_take(arena, (edition->count + 1) * sizeof *found);
    size_t count = 0;
    for (size_t i = 0; i < edition->count; i++) named[labels[i]] = edition->articles[i];
    for (uint32_t i = 0; i < edition->count; i++) {
        struct edition_story *story = find_story(edition, named, i);
        if (!story) continue;
        relate(edition, named, &grouped[i], story);
        found[count++] = (struct found_story){story, &grouped[i].sum, grouped[i].size};
    }
    earlier_link(edition, found, count, limits);
}

/* The words of all articles must be counted first, because the weight of a word depends on how many articles have
 * it. */
static void read_articles(const struct edition *edition, struct vectors *vectors, struct grouped *grouped,
                          struct arena *arena) {
    vectors_reset(vectors);
    for (size_t i = 0; i < edition->count; i++) vectors_count(vectors, edition->articles[i]);
    for (size_t i = 0; i < edition->count; i++) {
        grouped[i].vector = vectors_weigh(vectors, edition->articles[i], arena);
        grouped[i].day = day_number(edition->articles[i]->published);
    }
}

static bool group_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    (void)ret_failure;
    const struct grouper *grouper = state;
    struct arena *arena = arena_new();
    struct grouped *grouped = arena_take(arena, (edition->count + 1) * sizeof *grouped);
    uint32_t *labels = arena_take(arena, (edition->count + 1) * sizeof *labels);
    read_articles(edition, grouper->vectors, grouped, arena);
    struct group_limits limits = grouper->limits;
    limits.event.section = vectors_section(grouper->vectors);
    limits.event.usual = clusters_find(grouped, edition->count, limits, arena);
    for (size_t i = 0; i < edition->count; i++) labels[i] = (uint32_t)grouped[i].story;
    follow_leads(edition, labels);
    identity_assign(edition, labels);
    describe(edition, labels, grouped, limits, arena);
    arena_free(arena);
    return true;
}

const struct stage stage_group = {
    .name = "group",
    .help = "edition: group the articles into stories",
    .settings = {group_table, sizeof(struct group_settings)},
    .open = group_open,
    .close = group_close,
    .edit = group_edit,
};
