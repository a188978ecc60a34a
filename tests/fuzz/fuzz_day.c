/* Any bytes as a day's digest.json, which pages of several days read back. */
#define _GNU_SOURCE
#include "fuzz/fuzz_folder.h"
#include "pipeline/base/arena.h"
#include "stages/digest/day_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(const struct listed_story *story) {
    if (!text_valid(story->id) || !text_valid(story->title) || !text_valid(story->doubt)) abort();
    for (size_t i = 0; i < story->count; i++)
        if (!text_valid(story->articles[i])) abort();
    for (size_t i = 0; i < story->language_count; i++)
        if (!text_valid(story->languages[i])) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char day[80];
    struct arena *arena = arena_new();
    struct day_file file = {0};
    snprintf(day, sizeof day, "%s/2026-02-11", fuzz_folder());
    mkdir(day, 0700);
    fuzz_folder_write("2026-02-11/digest.json", bytes, length);
    day_file_read(fuzz_folder(), "2026-02-11", arena, &file);
    for (size_t i = 0; i < file.count; i++) check(&file.stories[i]);
    arena_free(arena);
    return 0;
}
