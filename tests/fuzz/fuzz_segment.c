/* Splits any text into sentences, which must be parts of the text in order, with nothing but whitespace between them.
 * The first byte of the input selects the language. */
#include <stdlib.h>

#include "stages/segment/scanner.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool is_blank(struct span gap) {
    return span_trim(gap).length == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static const char *const languages[] = {"en", "de", "hy", "am", "th", "ja",      "mr",
                                            "ru", "el", "ko", "hu", "",   "zh-Hans", "bo"};
    static struct segmenter *segmenter;
    struct failure failure = {0};
    if (!segmenter && !(segmenter = segmenter_open(TEST_DATA, &failure))) abort();
    if (size == 0) return 0;
    struct span text = {(const char *)bytes + 1, size - 1};
    struct scanner scanner =
        scanner_begin(segmenter, languages[bytes[0] % (sizeof languages / sizeof *languages)], text);
    size_t position = 0;
    for (struct span sentence; scanner_next(&scanner, &sentence);) {
        size_t start = (size_t)(sentence.at - text.at);
        if (sentence.length == 0 || start < position || start + sentence.length > text.length) abort();
        if (!is_blank(span_cut(text, position, start))) abort();
        position = start + sentence.length;
    }
    if (!is_blank(span_cut(text, position, text.length))) abort();
    return 0;
}
