/* Any bytes as lexicon.model: refused, or look-ups in it return translations within their limits. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "stages/check/lexicon.h"

enum { LOOK_UPS = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool map_bytes(const uint8_t *data, size_t size, struct lexicon **ret_lexicon) {
    char path[] = "/tmp/lexicon-XXXXXX";
    struct failure failure = {0};
    int file = mkstemp(path);
    if (file < 0 || write(file, data, size) != (ssize_t)size) abort();
    close(file);
    bool mapped = lexicon_map(path, ret_lexicon, &failure);
    unlink(path);
    if (!mapped && !failure.sentence[0]) abort();
    return mapped;
}

/* All buckets of a small part are reached, since the upper bits of a unit choose the bucket. */
static void look_up(const struct lexicon *lexicon, const struct lexicon_part *part) {
    struct translation found[LEXICON_TRANSLATIONS];
    for (uint64_t i = 0; i < LOOK_UPS; i++) {
        size_t count = lexicon_find(part, i << 56 | i * 257, found);
        if (count > LEXICON_TRANSLATIONS) abort();
        for (size_t j = 0; j < count; j++) lexicon_rarity(lexicon, found[j].word);
        if (lexicon_coverage(part, (uint16_t)(i * 257)) >= LEXICON_COVERAGES) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const codes[] = {"es", "sr-Latn", "zh", ""};
    struct lexicon *lexicon;
    if (!map_bytes(data, size, &lexicon)) return 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        const struct lexicon_part *part = lexicon_find_language(lexicon, span_of(codes[i]));
        if (part) look_up(lexicon, part);
    }
    for (uint32_t i = 0; i < LOOK_UPS; i++) lexicon_rarity(lexicon, lexicon_find_word(lexicon, i << 24));
    lexicon_close(lexicon);
    return 0;
}
