/* The decoder for fuzz targets that parse containers. It is opened once. */
#ifndef TESTS_FUZZ_FUZZ_DECODER_H
#define TESTS_FUZZ_FUZZ_DECODER_H

#include <stdlib.h>

#include "stages/decode/decoder.h"

static inline const struct decoder *fuzz_decoder(void) {
    static struct resources *resources;
    static const struct decoder *decoder;
    struct failure failure = {0};
    if (!resources) resources = resources_new(TEST_DATA);
    if (!decoder) decoder = resources_borrow(resources, &decoder_resource, &failure);
    if (!decoder) abort();
    return decoder;
}

/* Returns the text that a parser is given for these bytes; empty if they are not text. UTF-8 is passed on as it is:
 * judging it takes many times longer than parsing, and has targets of its own. */
static inline struct span fuzz_decode(struct span raw, struct arena *arena) {
    if (text_valid(raw)) return arena_copy(arena, raw);
    struct document document = {.raw = raw, .is_container = true};
    struct buffer text = BUFFER(4 * raw.length + 16);
    struct encoding encoding;
    struct decoding decoding;
    struct failure failure = {0};
    decoder_read(fuzz_decoder(), &document, arena, &encoding, &decoding, &text, &failure);
    struct span copy = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    if (!text_valid(copy)) abort();
    return copy;
}

#endif
