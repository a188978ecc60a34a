/* Writes the digest as JSON (config/digest.schema.json): what is known about the day, its stories with the ids of their
 * articles, and the articles with their flagged segments. */
#include "pipeline/base/json.h"

#include "pipeline/base/clock.h"
#include "stages/digest/json.h"
#include "stages/language/unicode.h"

/* ---------------------------------------------------------------- what several objects share */

void json_write_moment(struct json_writer *w, const char *name, int64_t seconds) {
    char text[26];
    if (seconds <= 0) return;
    clock_zoned(seconds, text);
    json_write_text(w, name, span_of(text));
}

void json_write_when(struct json_writer *w, const char *name, const struct take *take) {
    char text[26];
    when_zoned(take->article, &take->when, text);
    json_write_filled(w, name, span_of(text));
}

void json_write_watches(struct json_writer *w, const struct watches *watches, uint64_t watched) {
    if (!watches || !watched) return;
    json_write_open(w, "watches", '[');
    for (size_t i = 0; i < watches->count; i++)
        if (watched >> i & 1) json_write_text(w, NULL, watches->items[i].name);
    json_write_close(w, ']');
}

void json_write_headline(struct json_writer *w, const struct article *article) {
    json_write_text(w, "title", page_title(article));
    json_write_filled(w, "title_doubt", article->title_doubt);
    json_write_filled(w, "title_source", article->title.source);
    json_write_text(w, "language", span_of(article->language.code));
    if (text_is_right_to_left(article->title.source)) json_write_text(w, "dir", SPAN("rtl"));
}

/* ---------------------------------------------------------------- the day */

static void write_language(struct json_writer *w, const struct language_count *language) {
    json_write_open(w, NULL, '{');
    json_write_text(w, "code", language->code);
    json_write_text(w, "name", language->name);
    json_write_count(w, "articles", language->count);
    json_write_close(w, '}');
}

static void write_counts(struct json_writer *w, const struct page *page) {
    const struct day *day = page->day;
    json_write_open(w, "counts", '{');
    json_write_count(w, "articles", day->article_count);
    json_write_count(w, "stories", day->count);
    json_write_count(w, "new_stories", day->new_count);
    json_write_count(w, "new_stories_in_last_run", day->latest_count);
    json_write_count(w, "stories_to_check", day->check_count);
    json_write_count(w, "suspect", day->flags.suspect);
    json_write_count(w, "failed", day->flags.failed);
    json_write_count(w, "missing", page_missing_count(page->edition));
    json_write_close(w, '}');
}

static void write_watch_list(struct json_writer *w, const struct day *day) {
    if (!day->watches || !day->watches->count) return;
    json_write_open(w, "watches", '[');
    for (size_t i = 0; i < day->watches->count; i++) {
        json_write_open(w, NULL, '{');
        json_write_text(w, "name", day->watches->items[i].name);
        json_write_count(w, "stories", day->watch_count[i]);
        json_write_count(w, "new_stories", day->watch_new[i]);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_distribution(struct json_writer *w, const struct day *day) {
    json_write_open(w, "languages", '[');
    for (size_t i = 0; i < day->language_count; i++) write_language(w, &day->language_counts[i]);
    json_write_close(w, ']');
    json_write_open(w, "hours", '[');
    for (size_t i = 0; i < 24; i++) json_write_count(w, NULL, day->hours[i]);
    json_write_close(w, ']');
}

static void write_day(struct json_writer *w, const struct page *page) {
    const struct day *day = page->day;
    json_write_text(w, "format", SPAN("dragoman-digest/1"));
    json_write_text(w, "version", span_of(page->edition->version));
    json_write_text(w, "day", span_of(page->edition->day));
    if (page->edition->selection) json_write_text(w, "first_day", span_of(page->edition->selection->first));
    if (page->edition->selection) json_write_text(w, "selection", page->edition->selection->name);
    json_write_filled(w, "previous_day", span_of(page->edition->previous_day));
    json_write_moment(w, "as_of", day->as_of);
    json_write_moment(w, "new_since", day->morning);
    json_write_moment(w, "last_run_since", day->last);
    write_counts(w, page);
    write_distribution(w, day);
    write_watch_list(w, day);
    if (!page->edition->run_notes.length) return;
    json_write_name(w, "run");
    buffer_add_span(w->out, page->edition->run_notes);
}

/* ---------------------------------------------------------------- the document */

/* Each story and each article has a line of its own, which the list begins with. */
static void begin_line(const struct page *page, struct json_writer *w) {
    page_drain(page, w->out);
    buffer_add_string(w->out, w->follows_another ? ",\n" : "\n");
    w->follows_another = false;
}

bool page_json(const struct page *page, struct buffer *out) {
    struct json_writer writer = {.out = out}, *w = &writer;
    json_write_open(w, NULL, '{');
    write_day(w, page);
    json_write_open(w, "stories", '[');
    for (size_t i = 0; i < page->day->count; i++) {
        begin_line(page, w);
        json_story(w, page, &page->day->entries[i]);
    }
    json_write_close(w, ']');
    json_write_open(w, "articles", '[');
    for (size_t i = 0; i < page->day->count; i++)
        for (size_t j = 0; j < page->day->entries[i].count; j++) {
            begin_line(page, w);
            json_article(w, page, &page->day->entries[i], j);
        }
    return buffer_add_string(out, "]}\n") && !out->full;
}
