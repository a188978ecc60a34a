/* Repair takes valid UTF-8 and gives valid UTF-8, and plain ASCII comes out as it went in. */
#include <stdlib.h>

#include "stages/decode/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_ascii(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] >= 0x80) return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static struct encodings encodings;
    static struct repairer *repairer;
    struct failure failure = {0};
    if (!repairer && !encodings_open(TEST_DATA "/tables", &encodings, &failure)) abort();
    if (!repairer) repairer = repairer_new(&encodings);
    struct span text = {(const char *)bytes, size};
    if (!text_valid(text)) return 0;
    struct article *article = article_new();
    struct buffer out = BUFFER(size * 4 + 64);
    repair_text(repairer, text, article, &out);
    if (!text_valid(buffer_span(&out))) abort();
    if (is_ascii(text) && !span_equal(text, buffer_span(&out))) abort();
    buffer_free(&out);
    article_free(article);
    return 0;
}
