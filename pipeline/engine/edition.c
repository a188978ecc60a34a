#include "pipeline/engine/edition.h"

#include <stdio.h>

#include "pipeline/article/record.h"
#include "pipeline/article/records.h"
#include "pipeline/store/durable_writer.h"

/* A day of more articles than a page can show in full is loaded slim, which is kinder to the memory. */
enum { SLIM_BLOCKS = 6, FULL_ARTICLES = 200 };

struct edition *edition_new(const char *day) {
    struct arena *arena = arena_new();
    struct edition *edition = arena_take(arena, sizeof *edition);
    edition->arena = arena;
    snprintf(edition->day, sizeof edition->day, "%s", day);
    return edition;
}

void edition_free(struct edition *edition) {
    if (!edition) return;
    for (size_t i = 0; i < edition->count; i++) article_free(edition->articles[i]);
    arena_free(edition->arena);
}

void edition_add(struct edition *edition, struct article *article) {
    edition->articles =
        arena_grow(edition->arena, edition->articles, edition->count, &edition->capacity, sizeof *edition->articles);
    edition->articles[edition->count++] = article;
}

struct edition *edition_load(const char *output_folder, const char *day, size_t *ret_damaged) {
    struct edition *edition = edition_new(day);
    struct records *records = records_open(output_folder, day);
    struct buffer text = BUFFER(RECORD_LIMIT);
    *ret_damaged = 0;
    edition->slim = records_count(records) > FULL_ARTICLES;
    for (size_t i = 0; i < records_count(records); i++) {
        struct article *article = NULL;
        if (records_read(records, i, edition->slim ? SLIM_BLOCKS : 0, &text, &article))
            edition_add(edition, article);
        else
            ++*ret_damaged;
    }
    records_close(records);
    buffer_free(&text);
    return edition;
}

void edition_add_file(struct edition *edition, const char *name, struct span bytes) {
    edition->files = arena_grow(edition->arena, edition->files, edition->file_count, &edition->file_capacity,
                                sizeof *edition->files);
    edition->files[edition->file_count++] = (struct edition_file){.name = arena_copy(edition->arena, span_of(name)),
                                                                  .bytes = arena_copy(edition->arena, bytes)};
}

bool edition_write(const struct edition *edition, const char *output_folder, struct failure *ret_failure) {
    for (size_t i = 0; i < edition->file_count; i++) {
        struct span path = arena_print(edition->arena, "%s/%.*s", edition->day, SPAN_ARGS(edition->files[i].name));
        if (!durable_writer_write(output_folder, path, edition->files[i].bytes, ret_failure)) return false;
    }
    return true;
}
