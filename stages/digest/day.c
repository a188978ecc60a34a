#include "stages/digest/day.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/language/names.h"

/* ---------------------------------------------------------------- one article */

struct flags article_flags(const struct article *article) {
    struct flags flags = {0};
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        flags.suspect += walk.segment->status == SEGMENT_SUSPECT;
        flags.failed += walk.segment->status == SEGMENT_FAILED;
    }
    return flags;
}

/* Returns whether a check looks for changes of the meaning. A check that the table does not name does. */
static bool changes_meaning(const struct table *checks, const char *check) {
    for (size_t i = 0; i < checks->count; i++)
        if (span_is(checks->rows[i].cells[0], check)) return span_is(checks->rows[i].cells[1], "meaning");
    return true;
}

static bool is_grave(const struct table *checks, const struct segment *segment) {
    if (segment->status == SEGMENT_FAILED) return true;
    for (size_t i = 0; i < segment->finding_count && segment->status == SEGMENT_SUSPECT; i++)
        if (segment->findings[i].severity != SEVERITY_NOTE && changes_meaning(checks, segment->findings[i].check))
            return true;
    return false;
}

static struct take take_of(const struct day *day, const struct table *checks, struct article *article) {
    int64_t collected = when_collected(article);
    struct take take = {.article = article,
                        .when = when_of(article),
                        .flags = article_flags(article),
                        .watched = watches_match(day->watches, article),
                        .is_new = day->morning && collected >= day->morning,
                        .is_latest = day->last && collected > day->last};
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        take.grave += is_grave(checks, walk.segment);
        take.letters += walk.segment->source.length;
    }
    return take;
}

/* ---------------------------------------------------------------- the order of a story's articles */

static struct span story_name(const struct article *article) {
    return article->story.length ? article->story : span_of(article->id);
}

/* qsort() is not stable, so the last criterion must differ for any two articles. */
static int by_story(const void *left, const void *right) {
    const struct take *a = left, *b = right;
    int order = span_compare(story_name(a->article), story_name(b->article));
    if (!order) order = when_compare(&a->when, &b->when);
    return order ? order : strcmp(a->article->id, b->article->id);
}

/* Returns whether `a` is to be the lead rather than `b`. */
static bool leads(const struct take *a, const struct take *b) {
    bool a_dated = a->when.at > 0, b_dated = b->when.at > 0;
    if (a->grave != b->grave) return a->grave < b->grave;
    if (a_dated != b_dated) return a_dated;
    if (a->when.at != b->when.at) return a->when.at < b->when.at;
    return a->letters > b->letters;
}

static void put_lead_first(struct entry *entry) {
    size_t lead = 0;
    for (size_t i = 1; i < entry->count; i++)
        if (leads(&entry->takes[i], &entry->takes[lead])) lead = i;
    struct take take = entry->takes[lead];
    memmove(entry->takes + 1, entry->takes, lead * sizeof take);
    entry->takes[0] = take;
}

/* ---------------------------------------------------------------- what is known of a story */

static int by_text(const void *left, const void *right) {
    return span_compare(*(const struct span *)left, *(const struct span *)right);
}

/* Sorts the texts and removes all but one of equal ones. Returns how many are left. */
static size_t keep_different(struct span *texts, size_t count) {
    size_t kept = 0;
    if (count) qsort(texts, count, sizeof *texts, by_text);
    for (size_t i = 0; i < count; i++)
        if (!kept || !span_equal(texts[kept - 1], texts[i])) texts[kept++] = texts[i];
    return kept;
}

/* Counts the publishers. Whoever only prints another's text confirms nothing, so copies do not count. */
static size_t count_outlets(struct arena *arena, const struct entry *entry) {
    static const double MOSTLY = 0.5;
    struct span *names = arena_take(arena, entry->count * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const struct article *article = entry->takes[i].article;
        bool is_copy = article->duplicate_of.length && article->containment >= MOSTLY;
        if (!is_copy || entry->count == 1) names[count++] = article_publisher(article);
    }
    size_t different = keep_different(names, count);
    return different ? different : 1;
}

static void list_languages(struct arena *arena, struct entry *entry) {
    entry->languages = arena_take(arena, entry->count * sizeof *entry->languages);
    for (size_t i = 0; i < entry->count; i++)
        entry->languages[entry->language_count++] = span_of(entry->takes[i].article->language.code);
    entry->language_count = keep_different(entry->languages, entry->language_count);
}

static void add_up(struct entry *entry) {
    entry->newest = entry->takes[0].when;
    for (size_t i = 0; i < entry->count; i++) {
        const struct take *take = &entry->takes[i];
        entry->new_count += take->is_new;
        entry->is_latest |= take->is_latest;
        entry->watched |= take->watched;
        entry->flags.suspect += take->flags.suspect;
        entry->flags.failed += take->flags.failed;
        if (when_compare(&take->when, &entry->newest) < 0) entry->newest = take->when;
    }
}

bool entry_is_new(const struct entry *entry) {
    return entry->new_count == entry->count;
}

/* An outlet of its own, or a language in which the story is told, says more than one more article of the same paper. */
static long weigh(const struct entry *entry) {
    enum { OUTLET = 4, LANGUAGE = 3, WATCHED = 4, NEW = 2 };
    return OUTLET * (long)entry->outlets + LANGUAGE * (long)entry->language_count + (entry->watched ? WATCHED : 0) +
           (entry->new_count ? NEW : 0);
}

static void finish_entry(struct day *day, struct entry *entry) {
    put_lead_first(entry);
    entry->id = story_name(entry->takes[0].article);
    entry->story = edition_find_story(day->edition, entry->id);
    entry->outlets = count_outlets(day->arena, entry);
    list_languages(day->arena, entry);
    add_up(entry);
    entry->weight = weigh(entry);
}

/* ---------------------------------------------------------------- the day */

static int by_weight(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    if (a->weight != b->weight) return a->weight < b->weight ? 1 : -1;
    int order = when_compare(&a->newest, &b->newest);
    return order ? order : span_compare(a->id, b->id);
}

/* Divides the takes, which are sorted by story, into stories. */
static void make_entries(struct day *day, struct take *takes) {
    day->entries = arena_take(day->arena, (day->article_count + 1) * sizeof *day->entries);
    for (size_t i = 0; i < day->article_count; i++) {
        bool joins = i && span_equal(story_name(takes[i - 1].article), story_name(takes[i].article));
        if (!joins) day->entries[day->count++].takes = &takes[i];
        day->entries[day->count - 1].count++;
    }
    day->figures = arena_take(day->arena, (day->count + 1) * sizeof(*day->figures));
    for (size_t i = 0; i < day->count; i++) finish_entry(day, &day->entries[i]);
    if (day->count) qsort(day->entries, day->count, sizeof *day->entries, by_weight);
}

static int by_newest(const void *left, const void *right) {
    const struct entry *a = *(const struct entry *const *)left, *b = *(const struct entry *const *)right;
    int order = when_compare(&a->newest, &b->newest);
    return order ? order : span_compare(a->id, b->id);
}

/* A day with few large stories shows some single reports in full, so that its page does not consist of headlines. */
static void choose_stories(struct day *day) {
    enum { MIN_STORIES = 12 };
    size_t large = 0;
    day->stories = arena_take(day->arena, (day->count + 1) * sizeof *day->stories);
    day->singles = arena_take(day->arena, (day->count + 1) * sizeof *day->singles);
    for (size_t i = 0; i < day->count; i++) large += day->entries[i].count > 1 || day->entries[i].watched;
    size_t room = large < MIN_STORIES ? MIN_STORIES - large : 0;
    for (size_t i = 0; i < day->count; i++) {
        const struct entry *entry = &day->entries[i];
        bool is_large = entry->count > 1 || entry->watched, in_full = is_large || room > 0;
        if (in_full)
            day->stories[day->story_count++] = entry;
        else
            day->singles[day->single_count++] = entry;
        room -= !is_large && in_full;
    }
    if (day->single_count) qsort(day->singles, day->single_count, sizeof *day->singles, by_newest);
}

static void count_watches(struct day *day, const struct entry *entry) {
    for (size_t i = 0; day->watches && i < day->watches->count; i++) {
        bool found = entry->watched >> i & 1;
        day->watch_count[i] += found;
        day->watch_new[i] += found && entry->new_count;
    }
}

static void count_entries(struct day *day) {
    for (size_t i = 0; i < day->count; i++) {
        const struct entry *entry = &day->entries[i];
        day->new_count += entry->new_count > 0;
        day->latest_count += entry->is_latest;
        day->check_count += entry->flags.suspect + entry->flags.failed > 0;
        day->flags.suspect += entry->flags.suspect;
        day->flags.failed += entry->flags.failed;
        count_watches(day, entry);
    }
}

static int by_frequency(const void *left, const void *right) {
    const struct language_count *a = left, *b = right;
    if (a->count != b->count) return a->count < b->count ? 1 : -1;
    return span_compare(a->name, b->name);
}

static struct language_count *name_languages(const struct day *day, const struct span *codes, size_t *ret_count) {
    struct language_count *counts = arena_take(day->arena, (day->article_count + 1) * sizeof *counts);
    *ret_count = 0;
    for (size_t i = 0; i < day->article_count; i++) {
        bool same = i && span_equal(codes[i - 1], codes[i]);
        if (!same) counts[(*ret_count)++] = (struct language_count){.code = codes[i]};
        counts[*ret_count - 1].count++;
    }
    for (size_t i = 0; i < *ret_count; i++)
        counts[i].name =
            counts[i].code.length ? language_name(day->languages, counts[i].code) : SPAN("unknown language");
    return counts;
}

static void count_languages(struct day *day, const struct take *takes) {
    struct span *codes = arena_take(day->arena, (day->article_count + 1) * sizeof *codes);
    for (size_t i = 0; i < day->article_count; i++) codes[i] = span_of(takes[i].article->language.code);
    if (day->article_count) qsort(codes, day->article_count, sizeof *codes, by_text);
    day->language_counts = name_languages(day, codes, &day->language_count);
    if (day->language_count)
        qsort(day->language_counts, day->language_count, sizeof *day->language_counts, by_frequency);
}

static void count_hour(struct day *day, const struct when *when) {
    char local[26];
    long long hour;
    const struct edition_selection *selection = day->edition->selection;
    bool is_range = selection && strcmp(selection->first, day->edition->day) != 0;
    if (when->kind != WHEN_TIME || is_range) return;
    clock_zoned(when->at, local);
    bool is_today = span_equal(span_cut(span_of(local), 0, 10), span_of(day->edition->day));
    if (is_today && span_number(span_cut(span_of(local), 11, 13), &hour) && hour < 24) day->hours[hour]++;
}

/* Before the morning there is nothing that could be new since then, so nothing is marked. */
static void find_moments(struct day *day, int morning) {
    const struct edition *edition = day->edition;
    for (size_t i = 0; i < edition->count; i++) {
        int64_t collected = when_collected(edition->articles[i]);
        if (collected > day->as_of) day->as_of = collected;
    }
    int64_t begins = clock_moment(edition->day, morning);
    day->morning = day->as_of >= begins ? begins : 0;
    clock_parse(edition->seen_before, &day->last);
}

static void index_entries(struct day *day) {
    day->by_id = HASH_TABLE(day->arena);
    for (size_t i = 0; i < day->count; i++) hash_table_set(&day->by_id, day->entries[i].id, &day->entries[i]);
}

const struct entry *day_find_entry(const struct day *day, struct span id) {
    return hash_table_find(&day->by_id, id);
}

struct day *day_new(struct edition *edition, const struct table *languages, const struct table *checks,
                    const struct watches *watches, int morning) {
    struct day *day = arena_take(edition->arena, sizeof *day);
    struct take *takes = arena_take(edition->arena, (edition->count + 1) * sizeof *takes);
    *day = (struct day){.arena = edition->arena,
                        .edition = edition,
                        .languages = languages,
                        .watches = watches,
                        .article_count = edition->count};
    find_moments(day, morning);
    for (size_t i = 0; i < edition->count; i++) {
        takes[i] = take_of(day, checks, edition->articles[i]);
        count_hour(day, &takes[i].when);
    }
    if (edition->count) qsort(takes, edition->count, sizeof *takes, by_story);
    make_entries(day, takes);
    choose_stories(day);
    count_entries(day);
    count_languages(day, takes);
    index_entries(day);
    return day;
}
