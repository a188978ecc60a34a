#include "program/search/page.h"

#include <unistd.h>

#include "pipeline/base/file.h"
#include "pipeline/base/json.h"

/* A digest.json that is larger is not parsed, because that would take longer than the search, or not even read. */
enum { PARSE_LIMIT = 8 << 20, DIGEST_LIMIT = 128 << 20 };

/* Returns the article's `story` as the program writes it, without parsing the whole. */
static struct span find_written_story(struct arena *arena, struct span json, const char *id) {
    struct span before = arena_print(arena, "{\"id\":\"%s\",\"story\":\"", id);
    size_t at = span_find(json, before);
    if (at == SIZE_MAX) return SPAN("");
    struct span story = span_cut(json, at + before.length, json.length);
    return arena_copy(arena, span_cut(story, 0, span_find(story, SPAN("\""))));
}

/* Returns the `story` of the object whose `id` is that of the article, wherever it stands, so that nothing else of
 * digest.json matters here. */
static struct span find_story(const cJSON *tree, struct span id) {
    struct span story = json_member_text(tree, "story");
    if (story.length && span_equal(json_member_text(tree, "id"), id)) return story;
    for (const cJSON *child = tree->child; child; child = child->next) {
        story = find_story(child, id); /* json_parse() limits the depth */
        if (story.length) return story;
    }
    return SPAN("");
}

static struct span read_story(struct article *article, const char *output_folder, struct span day) {
    struct buffer path = BUFFER(1 << 16), text = BUFFER(DIGEST_LIMIT);
    struct span story = SPAN("");
    buffer_print(&path, "%s/%.*s/digest.json", output_folder, SPAN_ARGS(day));
    bool there = file_read(path.at, &text) && !text.full;
    if (there) story = find_written_story(article->arena, buffer_span(&text), article->id);
    cJSON *tree = there && !story.length ? json_parse(buffer_span(&text), PARSE_LIMIT, "digest.json", NULL) : NULL;
    if (tree) story = arena_copy(article->arena, find_story(tree, span_of(article->id)));
    cJSON_Delete(tree);
    buffer_free(&path);
    buffer_free(&text);
    return story;
}

/* Names in a digest.json that somebody has edited must not lead out of the folder. */
static bool is_name(struct span name) {
    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return name.length > 0;
}

static bool is_there(const char *output_folder, struct span path) {
    struct buffer name = BUFFER(1 << 16);
    buffer_print(&name, "%s/%.*s", output_folder, SPAN_ARGS(path));
    bool there = access(name.at, R_OK) == 0;
    buffer_free(&name);
    return there;
}

struct span search_page_of(struct article *article, const char *output_folder, struct span day) {
    struct arena *arena = article->arena;
    struct span story = read_story(article, output_folder, day), single = span_of(article->id);
    struct span pages[] = {
        is_name(story) ? arena_print(arena, "%.*s/stories/%.*s.html", SPAN_ARGS(day), SPAN_ARGS(story)) : SPAN(""),
        arena_print(arena, "%.*s/stories/%.*s.html", SPAN_ARGS(day), SPAN_ARGS(single)),
        arena_print(arena, "%.*s/index.html", SPAN_ARGS(day)), arena_print(arena, "%.*s/digest.html", SPAN_ARGS(day))};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (pages[i].length && is_there(output_folder, pages[i]))
            return arena_print(arena, "%.*s#a%.12s", SPAN_ARGS(pages[i]), article->id);
    return SPAN("");
}
