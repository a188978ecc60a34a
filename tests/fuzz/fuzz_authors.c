/* Reads any text as a by-line: names are whole parts of valid UTF-8, not empty, and within the limits. */
#include <stdint.h>
#include <stdlib.h>

#include "stages/extract/authors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct author_words *words_once(void) {
    static struct author_words *words;
    static struct table table;
    struct failure failure = {0};
    static struct arena *arena; /* as long as the process */
    if (!arena) arena = arena_new();
    if (!words && (!table_read(TEST_DATA, "extract/bylines.tsv", arena, &table, &failure) ||
                   !author_words_make(&table, arena, &words, &failure)))
        abort();
    return words;
}

static void check(const struct span *names, size_t count, bool valid) {
    if (count > MAX_AUTHORS) abort();
    for (size_t i = 0; i < count; i++)
        if (!names[i].length || (valid && !text_valid(names[i]))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length};
    struct arena *arena = arena_new();
    struct authors authors = {0};
    const struct author_words *words = words_once();
    bool valid = text_valid(text);
    authors_add(words, text, SPAN("Gaceta del Puerto"), arena, &authors);
    authors_add(words, text, SPAN("Gaceta del Puerto"), arena, &authors);
    check(authors.people, authors.person_count, valid);
    check(authors.organizations, authors.organization_count, valid);
    check(authors.handles, authors.handle_count, valid);
    authors_is_desk(words, text, arena);
    authors_is_reporter(words, text, arena);
    authors_announced(words, text, arena);
    authors_is_prefix(words, text, arena);
    authors_credited(words, text, arena);
    authors_labelled(words, text, arena);
    arena_free(arena);
    return 0;
}
