#include "stages/digest/figures.h"
#include "stages/digest/html.h"
#include "stages/digest/json.h"

enum { MAX_CHECKS = 64 };

/* ---------------------------------------------------------------- times */

static bool is_known(const struct when *when) {
    return when->kind == WHEN_TIME || when->kind == WHEN_DATE;
}

static void write_times(struct json_writer *w, const struct entry *entry) {
    const struct take *first = &entry->takes[0], *newest = first;
    for (size_t i = 1; i < entry->count; i++) {
        const struct take *take = &entry->takes[i];
        bool known = is_known(&take->when);
        if (known && (!is_known(&first->when) || take->when.at < first->when.at)) first = take;
        if (known && (!is_known(&newest->when) || take->when.at > newest->when.at)) newest = take;
    }
    json_write_when(w, "first", first);
    json_write_when(w, "newest", newest);
}

/* ---------------------------------------------------------------- other stories */

static void write_links(struct json_writer *w, const struct edition_story *story) {
    json_write_open(w, "related", '[');
    for (size_t i = 0; story && i < story->related_count; i++) json_write_text(w, NULL, story->related[i]);
    json_write_close(w, ']');
    if (!story || !story->earlier.length) return;
    json_write_open(w, "earlier", '{');
    json_write_text(w, "id", story->earlier);
    json_write_text(w, "day", story->earlier_day);
    json_write_close(w, '}');
}

/* Lists the former stories that are now part of this one. */
static void write_forwards(struct json_writer *w, const struct page *page, struct span id) {
    bool any = false;
    for (size_t i = 0; i < page->edition->forward_count; i++) {
        if (!span_equal(page->edition->forwards[i].to, id)) continue;
        if (!any) json_write_open(w, "former_ids", '[');
        any = true;
        json_write_text(w, NULL, page->edition->forwards[i].from);
    }
    if (any) json_write_close(w, ']');
}

/* ---------------------------------------------------------------- figures and findings */

static void write_value(struct json_writer *w, const struct figure_value *value) {
    json_write_open(w, NULL, '{');
    json_write_number(w, "value", value->value);
    json_write_text(w, "written", value->written);
    json_write_open(w, "articles", '[');
    for (size_t i = 0; i < value->count; i++) json_write_text(w, NULL, span_of(value->articles[i]->id));
    json_write_close(w, ']');
    json_write_open(w, "publishers", '[');
    for (size_t i = 0; i < value->count; i++) json_write_text(w, NULL, page_publisher(value->articles[i]));
    json_write_close(w, ']');
    json_write_close(w, '}');
}

static void write_figure(struct json_writer *w, const struct figure *figure) {
    json_write_open(w, NULL, '{');
    json_write_text(w, "counts", figure->noun);
    json_write_open(w, "values", '[');
    for (size_t i = 0; i < figure->count; i++) write_value(w, &figure->values[i]);
    json_write_close(w, ']');
    json_write_close(w, '}');
}

static void write_figures(struct json_writer *w, const struct day *day, const struct entry *entry) {
    size_t count;
    struct arena *arena = arena_new();
    const struct figure *figures = figures_find(day, entry, arena, &count);
    if (count) json_write_open(w, "figures", '[');
    for (size_t i = 0; i < count; i++) write_figure(w, &figures[i]);
    if (count) json_write_close(w, ']');
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

static void write_findings(struct json_writer *w, const struct entry *entry) {
    struct check_counts counts = {0};
    for (size_t i = 0; i < entry->count; i++)
        for (struct segment_walk walk = {0}; segment_walk_next(entry->takes[i].article, &walk);)
            for (size_t j = 0; j < walk.segment->finding_count; j++) count_finding(&counts, &walk.segment->findings[j]);
    if (!counts.count) return;
    json_write_open(w, "findings", '{');
    for (size_t i = 0; i < counts.count; i++) json_write_count(w, counts.items[i].check.at, counts.items[i].count);
    json_write_close(w, '}');
}

/* ---------------------------------------------------------------- the story */

static void write_counts(struct json_writer *w, const struct entry *entry) {
    json_write_number(w, "weight", (double)entry->weight);
    json_write_count(w, "outlets", entry->outlets);
    json_write_open(w, "languages", '[');
    for (size_t i = 0; i < entry->language_count; i++) json_write_text(w, NULL, entry->languages[i]);
    json_write_close(w, ']');
    json_write_flag(w, "new", entry_is_new(entry));
    json_write_count(w, "new_articles", entry->new_count);
    json_write_flag(w, "new_in_last_run", entry->is_latest);
    json_write_count(w, "suspect", entry->flags.suspect);
    json_write_count(w, "failed", entry->flags.failed);
}

static void write_page(struct json_writer *w, const struct page *page, const struct entry *entry) {
    struct buffer path = BUFFER(256);
    html_text_path(page->edition, entry->id, entry->takes[0].article, &path);
    json_write_text(w, "page", buffer_span(&path));
    buffer_free(&path);
}

/* The headline is that of the lead. */
void json_story(struct json_writer *w, const struct page *page, const struct entry *entry) {
    json_write_open(w, NULL, '{');
    json_write_text(w, "id", entry->id);
    json_write_headline(w, entry->takes[0].article);
    json_write_filled(w, "section", entry->takes[0].article->section);
    write_page(w, page, entry);
    write_counts(w, entry);
    write_times(w, entry);
    json_write_watches(w, page->day->watches, entry->watched);
    write_links(w, entry->story);
    write_forwards(w, page, entry->id);
    write_figures(w, page->day, entry);
    write_findings(w, entry);
    json_write_open(w, "articles", '[');
    for (size_t i = 0; i < entry->count; i++) json_write_text(w, NULL, span_of(entry->takes[i].article->id));
    json_write_close(w, ']');
    json_write_close(w, '}');
}
