#include "stages/digest/html.h"
#include "stages/digest/json.h"

static cJSON *sentence_json(const struct summary_sentence *sentence) {
    cJSON *object = cJSON_CreateObject();
    json_add(object, "text", sentence->text);
    json_add_filled(object, "doubt", sentence->doubt);
    cJSON *segments = cJSON_AddArrayToObject(object, "segments");
    for (size_t i = 0; i < sentence->rests_on_count; i++)
        cJSON_AddItemToArray(segments, cJSON_CreateNumber(sentence->rests_on[i]));
    return object;
}

static cJSON *finding_json(const struct finding *finding) {
    cJSON *object = cJSON_CreateObject();
    json_add(object, "check", span_of(finding->check));
    json_add(object, "severity", span_of(severity_name(finding->severity)));
    json_add(object, "message", finding->message);
    return object;
}

/* Returns a segment with findings as JSON. A failed segment has no target, so that nobody mistakes a rejected text for
 * a translation. */
static cJSON *flagged_json(const struct segment *segment, unsigned id) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "id", id);
    json_add(object, "status", span_of(segment_status_name(segment->status)));
    json_add(object, "source", segment->source);
    if (segment->status != SEGMENT_FAILED) json_add(object, "target", segment->target);
    cJSON *findings = cJSON_AddArrayToObject(object, "findings");
    for (size_t i = 0; i < segment->finding_count; i++)
        cJSON_AddItemToArray(findings, finding_json(&segment->findings[i]));
    return object;
}

/* Lists the segments that an editor should check, with their findings. */
static void add_flagged(cJSON *object, const struct article *article) {
    cJSON *flagged = cJSON_AddArrayToObject(object, "flagged");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.segment->status == SEGMENT_SUSPECT || walk.segment->status == SEGMENT_FAILED)
            cJSON_AddItemToArray(flagged, flagged_json(walk.segment, walk.id));
}

static void add_notes(cJSON *object, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    if (!count) return;
    cJSON *list = cJSON_AddArrayToObject(object, "notes");
    for (size_t i = 0; i < count; i++) json_append(list, notes[i]);
}

/* ---------------------------------------------------------------- where it came from */

static void add_origin(cJSON *object, const struct article *article) {
    json_add_filled(object, "url", article->origin.address);
    json_add_filled(object, "canonical", article->canonical);
    json_add_filled(object, "link", article_web_address(article));
    json_add_filled(object, "source", article->origin.source);
    json_add_filled(object, "source_title", article->origin.title);
    json_add_filled(object, "site", article->site);
    json_add_filled(object, "publisher", page_publisher(article));
    json_add_filled(object, "section", article->section);
    json_add_filled(object, "country", article->origin.country);
}

static void add_copy(cJSON *object, const struct article *article) {
    if (!article->duplicate_of.length) return;
    cJSON *copy = cJSON_AddObjectToObject(object, "copy_of");
    json_add(copy, "id", article->duplicate_of);
    cJSON_AddNumberToObject(copy, "share", article->containment);
}

static void add_paths(cJSON *object, const struct page *page, const struct entry *entry,
                      const struct article *article) {
    struct buffer path = BUFFER(512);
    buffer_print(&path, "%s/articles/%s.json", edition_day_of(page->edition, article), article->id);
    json_add(object, "record", buffer_span(&path));
    buffer_clear(&path);
    html_text_path(page->edition, entry->id, article, &path);
    buffer_add_string(&path, "#");
    html_article(&path, article);
    json_add(object, "page", buffer_span(&path));
    buffer_free(&path);
}

/* ---------------------------------------------------------------- when */

static void add_times(cJSON *object, const struct take *take) {
    json_add_filled(object, "published", take->article->published);
    json_add(object, "dated", span_of(when_kind_name(take->when.kind)));
    json_add_when(object, "when", take);
    json_add_moment(object, "collected", when_collected(take->article));
    cJSON_AddBoolToObject(object, "new", take->is_new);
    cJSON_AddBoolToObject(object, "new_in_last_run", take->is_latest);
}

/* ---------------------------------------------------------------- the article */

static void add_summary(cJSON *object, const struct article *article) {
    cJSON *summary = cJSON_AddArrayToObject(object, "summary");
    for (size_t i = 0; i < article->summary.count; i++)
        cJSON_AddItemToArray(summary, sentence_json(&article->summary.sentences[i]));
}

cJSON *json_article(const struct page *page, const struct entry *entry, size_t take) {
    const struct article *article = entry->takes[take].article;
    cJSON *object = cJSON_CreateObject();
    json_add(object, "id", span_of(article->id));
    json_add(object, "story", entry->id);
    cJSON_AddBoolToObject(object, "lead", take == 0);
    json_add_headline(object, article);
    json_add(object, "status", span_of(article_status_name(article->status)));
    add_notes(object, article);
    add_origin(object, article);
    add_times(object, &entry->takes[take]);
    add_copy(object, article);
    json_add_watches(object, page->day->watches, entry->takes[take].watched);
    json_add_size(object, "suspect", entry->takes[take].flags.suspect);
    json_add_size(object, "failed", entry->takes[take].flags.failed);
    json_add_size(object, "meaning_doubts", entry->takes[take].grave);
    add_summary(object, article);
    add_flagged(object, article);
    add_paths(object, page, entry, article);
    return object;
}
