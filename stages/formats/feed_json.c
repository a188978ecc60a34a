/* JSON Feed 1.0 and 1.1 (jsonfeed.org). */
#include "pipeline/base/json.h"
#include "stages/formats/feed.h"

/* Summaries are plain text in JSON Feed but HTML in other feeds. */
static struct span as_html(const cJSON *item, const char *name, struct arena *arena) {
    struct span text = json_member_text(item, name);
    struct buffer out = BUFFER(text.length * 6 + 1);
    feed_escape(text, &out);
    struct span html = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return html;
}

/* Reads the authors of an item or of the whole feed. Version 1.0 has a single "author", 1.1 has a list. */
static struct span authors_of(const cJSON *object, struct arena *arena) {
    const cJSON *list = json_member(object, "authors"), *author;
    struct span names = {NULL, 0};
    cJSON_ArrayForEach(author, list) names = feed_add_person(names, json_member_text(author, "name"), arena);
    return names.length ? names
                        : feed_add_person(names, json_member_text(json_member(object, "author"), "name"), arena);
}

/* Takes the first attachment that is not a picture as the item's recording. */
static void read_attachments(const cJSON *item, struct arena *arena, struct feed_entry *entry) {
    const cJSON *attachment;
    cJSON_ArrayForEach(attachment, json_member(item, "attachments")) {
        struct span type = json_member_text(attachment, "mime_type");
        if (span_starts_ascii_fold(type, SPAN("image/")) || !json_member_text(attachment, "url").length) continue;
        entry->enclosure = json_member_copy(attachment, "url", arena);
        entry->enclosure_type = arena_copy(arena, type);
        return;
    }
}

/* Some feeds have numeric ids, although the specification requires strings. */
static void read_item(const cJSON *item, struct arena *arena, struct feed_item *ret_item) {
    struct feed_entry *entry = &ret_item->entry;
    const cJSON *id = json_member(item, "id"), *tags = json_member(item, "tags");
    ret_item->guid =
        cJSON_IsNumber(id) ? arena_print(arena, "%.0f", id->valuedouble) : json_member_copy(item, "id", arena);
    ret_item->link = json_member_copy(item, "url", arena);
    if (!ret_item->link.length) ret_item->link = json_member_copy(item, "external_url", arena);
    entry->title = feed_plain(json_member_text(item, "title"), arena);
    entry->summary = as_html(item, "summary", arena);
    entry->content = json_member_copy(item, "content_html", arena);
    if (!entry->content.length) entry->content = as_html(item, "content_text", arena);
    entry->author = authors_of(item, arena);
    read_attachments(item, arena, entry);
    entry->published = json_member_copy(item, "date_published", arena);
    entry->modified = json_member_copy(item, "date_modified", arena);
    entry->language = json_member_copy(item, "language", arena);
    entry->image = json_member_copy(item, "image", arena);
    if (cJSON_IsArray(tags)) entry->section = arena_copy(arena, json_text(cJSON_GetArrayItem(tags, 0)));
}

/* The version string alone does not identify a JSON Feed, because other JSON may contain it. */
bool feed_parse_json(struct span text, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                     struct failure *ret_failure) {
    cJSON *root = json_parse(text, text.length + 1, "feed", ret_failure);
    if (!root) {
        if (ret_failure) ret_failure->reach = REACH_SERVICE, ret_failure->cause = CAUSE_SERVICE;
        return false;
    }
    bool is_feed = span_find(json_member_text(root, "version"), SPAN("jsonfeed.org/version/")) != SIZE_MAX &&
                   cJSON_IsArray(json_member(root, "items"));
    ret_feed->title = feed_plain(json_member_text(root, "title"), arena);
    ret_feed->language = json_member_copy(root, "language", arena);
    ret_feed->author = authors_of(root, arena);
    const cJSON *item;
    const cJSON *items = is_feed ? json_member(root, "items") : NULL;
    cJSON_ArrayForEach(item, items) {
        if (!cJSON_IsObject(item)) continue;
        if (ret_feed->count >= item_limit) {
            ret_feed->left_out++;
            continue;
        }
        ret_feed->items =
            arena_grow(arena, ret_feed->items, ret_feed->count, &ret_feed->capacity, sizeof *ret_feed->items);
        read_item(item, arena, &ret_feed->items[ret_feed->count++]);
    }
    cJSON_Delete(root);
    return is_feed ||
           failure_set(
               ret_failure, REACH_SERVICE, REMEDY_NONE,
               "the JSON at this address is not a JSON Feed: it has no \"version\" of jsonfeed.org or no \"items\"");
}
