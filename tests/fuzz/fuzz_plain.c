/* Extracts any text as a text page: blocks are not empty, have one line each, are valid UTF-8 if the text is, and are
 * not longer than the text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stages/extract/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct plain_words *tables(void) {
    static struct plain_words words;
    static struct date_words *dates;
    static struct phrases phrases;
    struct failure failure = {0};
    struct table table;
    struct arena *arena = dates ? NULL : arena_new();
    bool done = !arena || (table_read(TEST_DATA, "extract/phrases.tsv", arena, &table, &failure) &&
                           phrases_make(&table, arena, &phrases, &failure) &&
                           date_words_read(TEST_DATA, arena, &dates, &failure) &&
                           plain_words_open(TEST_DATA, dates, &phrases, arena, &words, &failure));
    if (!done) abort();
    return &words;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length};
    struct article *article = article_new();
    bool valid = text_valid(text);
    size_t total = 0;
    plain_read(tables(), text, article);
    for (size_t i = 0; i < article->block_count; i++) {
        struct span block = article->body[i].text;
        total += block.length;
        if (!block.length || span_find(block, SPAN("\n")) != SIZE_MAX || (valid && !text_valid(block))) abort();
    }
    if (total > length) abort();
    article_free(article);
    return 0;
}
