/* Writes the digest as JSON: the stories with the ids of their articles, and the articles with their flagged segments.
 */
#include "pipeline/base/json.h"
#include "stages/digest/page.h"

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

/* Returns an article as JSON. Empty fields are left out, except for required ones. */
static cJSON *article_json(const struct article *article) {
    cJSON *object = cJSON_CreateObject();
    struct flags flags = article_flags(article);
    json_add(object, "id", span_of(article->id));
    json_add_filled(object, "story", article->story);
    json_add(object, "title", page_title(article));
    json_add_filled(object, "title_doubt", article->title_doubt);
    json_add_filled(object, "title_source", article->title.source);
    json_add(object, "language", span_of(article->language.code));
    json_add(object, "status", span_of(article_status_name(article->status)));
    add_notes(object, article);
    json_add_filled(object, "url", article->origin.address);
    json_add_filled(object, "source", article->origin.source);
    json_add_filled(object, "source_title", article->origin.title);
    json_add_filled(object, "section", article->section);
    json_add_filled(object, "country", article->origin.country);
    json_add_filled(object, "published", article->published);
    cJSON_AddNumberToObject(object, "suspect", (double)flags.suspect);
    cJSON_AddNumberToObject(object, "failed", (double)flags.failed);
    cJSON *summary = cJSON_AddArrayToObject(object, "summary");
    for (size_t i = 0; i < article->summary.count; i++)
        cJSON_AddItemToArray(summary, sentence_json(&article->summary.sentences[i]));
    add_flagged(object, article);
    return object;
}

/* Names the story of an earlier day that this one continues. */
static void add_earlier(cJSON *object, const struct edition_story *story) {
    if (!story || !story->earlier.length) return;
    cJSON *earlier = cJSON_AddObjectToObject(object, "earlier");
    json_add(earlier, "day", story->earlier_day);
    json_add(earlier, "id", story->earlier);
}

/* Returns a story as JSON, with the id and the headline of its lead article (see page.h). */
static cJSON *story_json(const struct entry *story) {
    cJSON *object = cJSON_CreateObject();
    json_add(object, "id",
             story->takes[0].article->story.length ? story->takes[0].article->story
                                                   : span_of(story->takes[0].article->id));
    json_add(object, "title", page_title(story->takes[0].article));
    json_add_filled(object, "title_doubt", story->takes[0].article->title_doubt);
    cJSON_AddNumberToObject(object, "weight", (double)story->weight);
    cJSON_AddNumberToObject(object, "outlets", (double)story->outlets);
    cJSON *languages = cJSON_AddArrayToObject(object, "languages");
    for (size_t i = 0; i < story->language_count; i++) json_append(languages, story->languages[i]);
    add_earlier(object, story->story);
    cJSON *articles = cJSON_AddArrayToObject(object, "articles");
    for (size_t i = 0; i < story->count; i++)
        cJSON_AddItemToArray(articles, cJSON_CreateString(story->takes[i].article->id));
    return object;
}

/* Appends `before` and the printed JSON tree, and frees the tree. */
static bool add_piece(struct buffer *out, const char *before, cJSON *piece) {
    return buffer_add_string(out, before) && json_print_free(piece, out);
}

/* Builds and prints one JSON tree for each story and each article. A single tree for the whole day would take forty
 * times as much memory as its text. */
bool page_json(const struct page *page, struct buffer *out) {
    const struct edition *edition = page->edition;
    buffer_print(out, "{\"format\":\"dragoman-digest/1\",\"version\":\"%s\",\"day\":\"%s\"", edition->version,
                 edition->day);
    if (edition->run_notes.length) {
        buffer_add_string(out, ",\"run\":");
        buffer_add_span(out, edition->run_notes);
    }
    buffer_add_string(out, ",\"stories\":[");
    for (size_t i = 0; i < page->day->count; i++) add_piece(out, i ? "," : "", story_json(&page->day->entries[i]));
    buffer_add_string(out, "],\"articles\":[");
    for (size_t i = 0; i < page->day->count; i++)
        for (size_t j = 0; j < page->day->entries[i].count; j++)
            add_piece(out, i || j ? "," : "", article_json(page->day->entries[i].takes[j].article));
    return buffer_add_string(out, "]}");
}
