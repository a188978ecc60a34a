#include "stages/digest/day_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/json.h"

enum { FILE_LIMIT = 64 << 20, PIECE = 1 << 18, STORY_LIMIT = 4 << 20 };

/* What follows the stories, and is much longer. Each story has a list of articles too, but without line breaks. A file
 * that is written otherwise is read to its end. */
static const struct span articles_begin = {"],\"articles\":[\n", sizeof "],\"articles\":[\n" - 1};

/* ---------------------------------------------------------------- the part that is needed */

static bool ends_in(const struct buffer *text, size_t from) {
    size_t overlap = from > articles_begin.length ? from - articles_begin.length : 0;
    return span_find(span_cut(buffer_span(text), overlap, text->length), articles_begin) != SIZE_MAX;
}

/* Reads the file up to its articles, which a day with thousands of them need not be searched for. */
static bool read_head(const char *output_folder, const char *day, struct buffer *text) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s/%s/digest.json", output_folder, day);
    FILE *file = fopen(path.at, "rb");
    char *bytes = memory_take(PIECE);
    for (bool more = file != NULL; more;) {
        size_t from = text->length, length = fread(bytes, 1, PIECE, file);
        more = length > 0 && buffer_add(text, bytes, length) && !ends_in(text, from);
    }
    if (file) fclose(file);
    free(bytes);
    buffer_free(&path);
    return text->length > 0;
}

/* ---------------------------------------------------------------- JSON, one value at a time */

static size_t string_end(struct span text, size_t at) {
    for (at++; at < text.length && text.at[at] != '"'; at++)
        if (text.at[at] == '\\') at++;
    return at + 1;
}

/* Returns where the value ends that begins at `at`. */
static size_t value_end(struct span text, size_t at) {
    size_t depth = 0;
    while (at < text.length) {
        char byte = text.at[at];
        if (byte == '"') {
            at = string_end(text, at);
            if (!depth) return at;
            continue;
        }
        if (byte == '{' || byte == '[') depth++;
        bool closes = byte == '}' || byte == ']';
        if ((closes || byte == ',') && !depth) return at;
        if (closes && !--depth) return at + 1;
        at++;
    }
    return at;
}

static size_t skip(struct span text, size_t at) {
    while (at < text.length && (text_is_space(text.at[at]) || text.at[at] == ',' || text.at[at] == ':')) at++;
    return at;
}

/* Takes the next value of a list or an object whose bracket has been passed. Returns false at its end. */
static bool next_value(struct span text, size_t *at, struct span *ret_value) {
    size_t from = skip(text, *at);
    if (from >= text.length || text.at[from] == '}' || text.at[from] == ']') return false;
    *at = value_end(text, from);
    *ret_value = span_cut(text, from, *at);
    return *at <= text.length && *at > from;
}

/* ---------------------------------------------------------------- stories */

static struct span *read_texts(const cJSON *list, struct arena *arena, size_t *ret_count) {
    size_t count = (size_t)cJSON_GetArraySize(list), done = 0;
    struct span *texts = arena_take(arena, (count + 1) * sizeof *texts);
    const cJSON *item;
    cJSON_ArrayForEach(item, list) texts[done++] = arena_copy(arena, json_text(item));
    *ret_count = done;
    return texts;
}

/* Files from earlier versions do not say what a story weighs. */
static struct listed_story read_story(const cJSON *json, struct arena *arena) {
    const cJSON *earlier = json_member(json, "earlier");
    struct listed_story story = {.id = json_member_copy(json, "id", arena),
                                 .title = json_member_copy(json, "title", arena),
                                 .doubt = json_member_copy(json, "title_doubt", arena),
                                 .earlier = json_member_copy(earlier, "id", arena),
                                 .earlier_day = json_member_copy(earlier, "day", arena)};
    story.articles = read_texts(json_member(json, "articles"), arena, &story.count);
    story.languages = read_texts(json_member(json, "languages"), arena, &story.language_count);
    story.weight = json_member_number(json, "weight", (double)story.count);
    story.outlets = json_member_count(json, "outlets", 1);
    return story;
}

static bool read_stories(struct span list, struct arena *arena, struct day_file *file) {
    struct span value;
    size_t at = 1, capacity = 0;
    while (next_value(list, &at, &value)) {
        cJSON *json = json_parse(value, STORY_LIMIT, "story", NULL);
        if (!json) return false;
        file->stories = arena_grow(arena, file->stories, file->count, &capacity, sizeof *file->stories);
        file->stories[file->count++] = read_story(json, arena);
        cJSON_Delete(json);
    }
    return true;
}

static bool read_members(struct span text, struct arena *arena, struct day_file *file) {
    struct span name, value;
    size_t at = 1;
    if (!text.length || text.at[0] != '{') return false;
    while (next_value(text, &at, &name)) {
        size_t from = skip(text, at);
        if (span_is(name, "\"stories\"")) return read_stories(span_cut(text, from, text.length), arena, file);
        if (!next_value(text, &at, &value)) return false;
        if (span_is(name, "\"run\"")) file->notes = arena_copy(arena, value);
    }
    return false;
}

bool day_file_read(const char *output_folder, const char *day, struct arena *arena, struct day_file *ret_file) {
    struct buffer text = BUFFER(FILE_LIMIT);
    *ret_file = (struct day_file){0};
    bool done = read_head(output_folder, day, &text) && read_members(buffer_span(&text), arena, ret_file);
    buffer_free(&text);
    return done;
}
