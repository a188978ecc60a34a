#include "pipeline/article/records.h"

#include <dirent.h>
#include <stdlib.h>

#include "pipeline/article/record.h"
#include "pipeline/base/file.h"

struct records {
    struct arena *arena;
    struct span folder;
    struct dirent **entries; /* from scandir(), freed one by one */
    size_t count;
};

/* Names with a leading dot are temporary files of the durable writer. */
static int is_record(const struct dirent *entry) {
    return entry->d_name[0] != '.' && span_ends(span_of(entry->d_name), SPAN(".json"));
}

struct records *records_open(const char *output_folder, const char *day) {
    struct arena *arena = arena_new();
    struct records *records = arena_take(arena, sizeof *records);
    *records = (struct records){.arena = arena, .folder = arena_print(arena, "%s/%s/articles", output_folder, day)};
    /* Sorted by name, so that the result does not depend on the file system. */
    int count = scandir(records->folder.at, &records->entries, is_record, alphasort);
    /* scandir() returns -1 for a folder that does not exist. */
    records->count = count > 0 ? (size_t)count : 0;
    return records;
}

void records_close(struct records *records) {
    if (!records) return;
    for (size_t i = 0; i < records->count; i++) free(records->entries[i]);
    free(records->entries);
    arena_free(records->arena);
}

size_t records_count(const struct records *records) {
    return records->count;
}

struct span records_name(const struct records *records, size_t index) {
    return span_of(records->entries[index]->d_name);
}

bool records_read(const struct records *records, size_t index, size_t slim, struct buffer *text,
                  struct article **ret_article) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%.*s/%s", SPAN_ARGS(records->folder), records->entries[index]->d_name);
    /* Check the checksum before parsing: a damaged record may still be valid JSON. */
    buffer_clear(text);
    bool done = file_read(path.at, text) && !text->full && record_intact(buffer_span(text)) &&
                record_read(buffer_span(text), slim, ret_article, NULL);
    buffer_free(&path);
    return done;
}

static int is_day(const struct dirent *entry) {
    struct span name = span_of(entry->d_name);
    return span_form(name, "dddd-dd-dd") == name.length;
}

struct span *records_days(const char *output_folder, struct arena *arena, size_t *ret_count) {
    struct dirent **entries = NULL;
    int count = scandir(output_folder, &entries, is_day, alphasort);
    *ret_count = count > 0 ? (size_t)count : 0;
    struct span *days = arena_take(arena, (*ret_count + 1) * sizeof *days);
    for (size_t i = 0; i < *ret_count; i++) {
        days[i] = arena_copy(arena, span_of(entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return days;
}
