#include "stages/digest/figures.h"
#include "stages/digest/html.h"
#include "stages/digest/json.h"

enum { MAX_CHECKS = 64 };

/* ---------------------------------------------------------------- times */

static bool is_known(const struct when *when) {
    return when->kind == WHEN_TIME || when->kind == WHEN_DATE;
}

static void add_times(cJSON *object, const struct entry *entry) {
    const struct take *first = &entry->takes[0], *newest = first;
    for (size_t i = 1; i < entry->count; i++) {
        const struct take *take = &entry->takes[i];
        bool known = is_known(&take->when);
        if (known && (!is_known(&first->when) || take->when.at < first->when.at)) first = take;
        if (known && (!is_known(&newest->when) || take->when.at > newest->when.at)) newest = take;
    }
    json_add_when(object, "first", first);
    json_add_when(object, "newest", newest);
}

/* ---------------------------------------------------------------- other stories */

static void add_links(cJSON *object, const struct edition_story *story) {
    cJSON *related = cJSON_AddArrayToObject(object, "related");
    for (size_t i = 0; story && i < story->related_count; i++) json_append(related, story->related[i]);
    if (!story || !story->earlier.length) return;
    cJSON *earlier = cJSON_AddObjectToObject(object, "earlier");
    json_add(earlier, "id", story->earlier);
    json_add(earlier, "day", story->earlier_day);
}

/* Lists the former stories that are now part of this one. */
static void add_forwards(cJSON *object, const struct page *page, struct span id) {
    cJSON *list = NULL;
    for (size_t i = 0; i < page->edition->forward_count; i++) {
        if (!span_equal(page->edition->forwards[i].to, id)) continue;
        if (!list) list = cJSON_AddArrayToObject(object, "former_ids");
        json_append(list, page->edition->forwards[i].from);
    }
}

/* ---------------------------------------------------------------- figures and findings */

static cJSON *value_json(const struct figure_value *value) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "value", value->value);
    json_add(object, "written", value->written);
    cJSON *articles = cJSON_AddArrayToObject(object, "articles"),
          *publishers = cJSON_AddArrayToObject(object, "publishers");
    for (size_t i = 0; i < value->count; i++) {
        json_append(articles, span_of(value->articles[i]->id));
        json_append(publishers, page_publisher(value->articles[i]));
    }
    return object;
}

static void add_figures(cJSON *object, const struct day *day, const struct entry *entry) {
    size_t count;
    struct arena *arena = arena_new();
    const struct figure *figures = figures_find(day, entry, arena, &count);
    cJSON *list = count ? cJSON_AddArrayToObject(object, "figures") : NULL;
    for (size_t i = 0; i < count; i++) {
        cJSON *figure = cJSON_CreateObject();
        json_add(figure, "counts", figures[i].noun);
        cJSON *values = cJSON_AddArrayToObject(figure, "values");
        for (size_t j = 0; j < figures[i].count; j++) cJSON_AddItemToArray(values, value_json(&figures[i].values[j]));
        cJSON_AddItemToArray(list, figure);
    }
    arena_free(arena);
}

struct check_counts {
    struct {
        struct span check;
        size_t count;
    } items[MAX_CHECKS];
    size_t count;
};

static void count_finding(struct check_counts *counts, const struct finding *finding) {
    size_t i = 0;
    if (finding->severity == SEVERITY_NOTE) return;
    while (i < counts->count && !span_is(counts->items[i].check, finding->check)) i++;
    if (i == MAX_CHECKS) return;
    if (i == counts->count) counts->items[counts->count++].check = span_of(finding->check);
    counts->items[i].count++;
}

static void add_findings(cJSON *object, const struct entry *entry) {
    struct check_counts counts = {0};
    for (size_t i = 0; i < entry->count; i++)
        for (struct segment_walk walk = {0}; segment_walk_next(entry->takes[i].article, &walk);)
            for (size_t j = 0; j < walk.segment->finding_count; j++) count_finding(&counts, &walk.segment->findings[j]);
    if (!counts.count) return;
    cJSON *list = cJSON_AddObjectToObject(object, "findings");
    for (size_t i = 0; i < counts.count; i++) json_add_size(list, counts.items[i].check.at, counts.items[i].count);
}

/* ---------------------------------------------------------------- the story */

static void add_counts(cJSON *object, const struct entry *entry) {
    cJSON_AddNumberToObject(object, "weight", (double)entry->weight);
    json_add_size(object, "outlets", entry->outlets);
    cJSON *languages = cJSON_AddArrayToObject(object, "languages");
    for (size_t i = 0; i < entry->language_count; i++) json_append(languages, entry->languages[i]);
    cJSON_AddBoolToObject(object, "new", entry_is_new(entry));
    json_add_size(object, "new_articles", entry->new_count);
    cJSON_AddBoolToObject(object, "new_in_last_run", entry->is_latest);
    json_add_size(object, "suspect", entry->flags.suspect);
    json_add_size(object, "failed", entry->flags.failed);
}

static void add_page(cJSON *object, const struct page *page, const struct entry *entry) {
    struct buffer path = BUFFER(256);
    html_text_path(page->edition, entry->id, entry->takes[0].article, &path);
    json_add(object, "page", buffer_span(&path));
    buffer_free(&path);
}

/* The headline is that of the lead. */
cJSON *json_story(const struct page *page, const struct entry *entry) {
    cJSON *object = cJSON_CreateObject();
    json_add(object, "id", entry->id);
    json_add_headline(object, entry->takes[0].article);
    json_add_filled(object, "section", entry->takes[0].article->section);
    add_page(object, page, entry);
    add_counts(object, entry);
    add_times(object, entry);
    json_add_watches(object, page->day->watches, entry->watched);
    add_links(object, entry->story);
    add_forwards(object, page, entry->id);
    add_figures(object, page->day, entry);
    add_findings(object, entry);
    cJSON *articles = cJSON_AddArrayToObject(object, "articles");
    for (size_t i = 0; i < entry->count; i++) json_append(articles, span_of(entry->takes[i].article->id));
    return object;
}
