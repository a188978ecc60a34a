/* Groups the day's articles into stories, so that each event is one entry of the digest. Articles belong to the same
 * story if their translations use similar words and names. Rare words count more, and articles published far apart must
 * be more similar. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/edition.h"
#include "stages/group/clusters.h"

struct group_settings {
    double likeness;
    long long half_life_days;
};

static const struct setting group_table[] = {
    SETTING("likeness", SETTING_DECIMAL_AT(struct group_settings, likeness), .default_value = "0.065", .max = 1,
            .help = "minimum average similarity (cosine) between the articles of a story"),
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

/* Converts a date such as "2026-01-29" to a number of days since 1 March of year 0; returns -1 for anything else. With
 * years that begin in March, the leap day is the last day of the year, which keeps the formula short. */
static double day_number(struct span date) {
    char text[11] = "";
    int year, month, day;
    for (size_t i = 0; i < 10 && i < date.length; i++) text[i] = date.at[i];
    if (sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3 || month < 1 || month > 12 || day < 1 || day > 31)
        return -1;
    if (month < 3) year--, month += 12;
    return 365.0 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day;
}

static int by_id(const void *a, const void *b) {
    const struct article *one = *(struct article *const *)a, *other = *(struct article *const *)b;
    return strcmp(one->id, other->id);
}

/* Puts every copy into the same story as the article to which it is linked, because a short excerpt has too few words
 * to be recognized as similar. */
static void follow_leads(struct edition *edition) {
    struct article **sorted = memory_take((edition->count + 1) * sizeof(struct article *));
    for (size_t i = 0; i < edition->count; i++) sorted[i] = edition->articles[i];
    qsort(sorted, edition->count, sizeof(struct article *), by_id);
    for (size_t i = 0; i < edition->count; i++) {
        struct article *article = edition->articles[i], key = {.id = ""}, *wanted = &key;
        if (article->containment < MOSTLY || article->duplicate_of.length >= sizeof key.id) continue;
        memcpy(key.id, article->duplicate_of.at, article->duplicate_of.length);
        struct article **lead = bsearch(&wanted, sorted, edition->count, sizeof(struct article *), by_id);
        if (lead) article->story = arena_copy(article->arena, (*lead)->story);
    }
    free(sorted);
}

/* Groups the articles of the edition. The words of all articles must be counted first, because the weight of a word
 * depends on how many articles have it. */
static bool group_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    (void)ret_failure;
    const struct grouper *grouper = state;
    struct grouped *grouped = memory_take((edition->count + 1) * sizeof *grouped);
    struct arena *arena = arena_new();
    vectors_reset(grouper->vectors);
    for (size_t i = 0; i < edition->count; i++) vectors_count(grouper->vectors, edition->articles[i]);
    for (size_t i = 0; i < edition->count; i++) {
        grouped[i].vector = vectors_weigh(grouper->vectors, edition->articles[i], arena);
        grouped[i].day = day_number(edition->articles[i]->published);
    }
    clusters_find(grouped, edition->count, grouper->limits);
    for (size_t i = 0; i < edition->count; i++) {
        struct article *article = edition->articles[i];
        article->story = arena_copy(article->arena, span_of(edition->articles[grouped[i].story]->id));
    }
    follow_leads(edition);
    edition_list_stories(edition);
    arena_free(arena);
    free(grouped);
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
