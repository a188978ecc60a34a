/* Repairs any valid UTF-8: the result is valid UTF-8, and ASCII is not changed. */
#include <stdlib.h>

#include "stages/decode/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_ascii(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] >= 0x80) return false;
    return true;
}

static struct repairer *open_repairer(void) {
    static struct encodings encodings;
    static struct writing *writing;
    struct failure failure = {0};
    if (!encodings_open(TEST_DATA "/tables", &encodings, &failure) || !writing_open(TEST_DATA, &writing, &failure))
        abort();
    return repairer_new(&encodings, writing, candidates_new(&encodings, writing));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static struct repairer *repairer;
    if (!repairer) repairer = open_repairer();
    struct span text = {(const char *)bytes, size};
    if (!text_valid(text)) return 0;
    struct article *article = article_new();
    struct buffer out = BUFFER(size * 4 + 64);
    struct span repaired = repair_text(repairer, text, -1, article, &out);
    if (!text_valid(repaired)) abort();
    if (is_ascii(text) && !span_equal(text, repaired)) abort();
    buffer_free(&out);
    article_free(article);
    return 0;
}
