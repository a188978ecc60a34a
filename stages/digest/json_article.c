#include "stages/digest/html.h"
#include "stages/digest/json.h"

static void write_sentence(struct json_writer *w, const struct summary_sentence *sentence) {
    json_write_open(w, NULL, '{');
    json_write_text(w, "text", sentence->text);
    json_write_filled(w, "doubt", sentence->doubt);
    json_write_open(w, "segments", '[');
    for (size_t i = 0; i < sentence->rests_on_count; i++) json_write_count(w, NULL, sentence->rests_on[i]);
    json_write_close(w, ']');
    json_write_close(w, '}');
}

static void write_finding(struct json_writer *w, const struct finding *finding) {
    json_write_open(w, NULL, '{');
    json_write_text(w, "check", span_of(finding->check));
    json_write_text(w, "severity", span_of(severity_name(finding->severity)));
    json_write_text(w, "message", finding->message);
    json_write_close(w, '}');
}

/* Writes a segment with its findings. A failed segment has no target, so that nobody mistakes a rejected text for
 * a translation. */
static void write_flagged(struct json_writer *w, const struct segment *segment, unsigned id) {
    json_write_open(w, NULL, '{');
    json_write_count(w, "id", id);
    json_write_text(w, "status", span_of(segment_status_name(segment->status)));
    json_write_text(w, "source", segment->source);
    if (segment->status != SEGMENT_FAILED) json_write_text(w, "target", segment->target);
    json_write_open(w, "findings", '[');
    for (size_t i = 0; i < segment->finding_count; i++) write_finding(w, &segment->findings[i]);
    json_write_close(w, ']');
    json_write_close(w, '}');
}

/* Lists the segments that an editor should check, with their findings. */
static void write_all_flagged(struct json_writer *w, const struct article *article) {
    json_write_open(w, "flagged", '[');
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.segment->status == SEGMENT_SUSPECT || walk.segment->status == SEGMENT_FAILED)
            write_flagged(w, walk.segment, walk.id);
    json_write_close(w, ']');
}

static void write_notes(struct json_writer *w, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    if (!count) return;
    json_write_open(w, "notes", '[');
    for (size_t i = 0; i < count; i++) json_write_text(w, NULL, notes[i]);
    json_write_close(w, ']');
}

/* ---------------------------------------------------------------- where it came from */

static void write_origin(struct json_writer *w, const struct article *article) {
    json_write_filled(w, "url", article->origin.address);
    json_write_filled(w, "canonical", article->canonical);
    json_write_filled(w, "link", article_web_address(article));
    json_write_filled(w, "source", article->origin.source);
    json_write_filled(w, "source_title", article->origin.title);
    json_write_filled(w, "site", article->site);
    json_write_filled(w, "publisher", page_publisher(article));
    json_write_filled(w, "section", article->section);
    json_write_filled(w, "country", article->origin.country);
}

static void write_copy(struct json_writer *w, const struct article *article) {
    if (!article->duplicate_of.length) return;
    json_write_open(w, "copy_of", '{');
    json_write_text(w, "id", article->duplicate_of);
    json_write_number(w, "share", article->containment);
    json_write_close(w, '}');
}

static void write_paths(struct json_writer *w, const struct page *page, const struct entry *entry,
                        const struct article *article) {
    struct buffer path = BUFFER(512);
    buffer_print(&path, "%s/articles/%s.json", edition_day_of(page->edition, article), article->id);
    json_write_text(w, "record", buffer_span(&path));
    buffer_clear(&path);
    html_text_path(page->edition, entry->id, article, &path);
    buffer_add_string(&path, "#");
    html_article(&path, article);
    json_write_text(w, "page", buffer_span(&path));
    buffer_free(&path);
}

/* ---------------------------------------------------------------- when */

static void write_times(struct json_writer *w, const struct take *take) {
    json_write_filled(w, "published", take->article->published);
    json_write_text(w, "dated", span_of(when_kind_name(take->when.kind)));
    json_write_when(w, "when", take);
    json_write_moment(w, "collected", when_collected(take->article));
    json_write_flag(w, "new", take->is_new);
    json_write_flag(w, "new_in_last_run", take->is_latest);
}

/* ---------------------------------------------------------------- the article */

static void write_summary(struct json_writer *w, const struct article *article) {
    json_write_open(w, "summary", '[');
    for (size_t i = 0; i < article->summary.count; i++) write_sentence(w, &article->summary.sentences[i]);
    json_write_close(w, ']');
}

void json_article(struct json_writer *w, const struct page *page, const struct entry *entry, size_t take) {
    const struct article *article = entry->takes[take].article;
    json_write_open(w, NULL, '{');
    json_write_text(w, "id", span_of(article->id));
    json_write_text(w, "story", entry->id);
    json_write_flag(w, "lead", take == 0);
    json_write_headline(w, article);
    json_write_text(w, "status", span_of(article_status_name(article->status)));
    write_notes(w, article);
    write_origin(w, article);
    write_times(w, &entry->takes[take]);
    write_copy(w, article);
    json_write_watches(w, page->day->watches, entry->takes[take].watched);
    json_write_count(w, "suspect", entry->takes[take].flags.suspect);
    json_write_count(w, "failed", entry->takes[take].flags.failed);
    json_write_count(w, "meaning_doubts", entry->takes[take].grave);
    write_summary(w, article);
    write_all_flagged(w, article);
    write_paths(w, page, entry, article);
    json_write_close(w, '}');
}
