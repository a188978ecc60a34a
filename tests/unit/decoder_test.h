/* A decoder for tests, which is the state of the test group. */
#ifndef TESTS_UNIT_DECODER_TEST_H
#define TESTS_UNIT_DECODER_TEST_H

#include "unit/cmocka_test.h"

#include "stages/decode/decoder.h"

static struct resources *decoder_resources;

static inline int decoder_begin(void **state) {
    struct failure failure = {0};
    decoder_resources = resources_new(TEST_DATA);
    *state = resources_borrow(decoder_resources, &decoder_resource, &failure);
    return *state ? 0 : -1;
}

static inline int decoder_end(void **state) {
    (void)state;
    resources_free(decoder_resources);
    return 0;
}

/* Returns the text of a container as its parser would get it. */
static inline struct span decoded_by(const struct decoder *decoder, struct span raw, struct arena *arena) {
    struct document document = {.raw = raw, .is_container = true};
    struct buffer text = BUFFER(4 * raw.length + 16);
    struct encoding encoding;
    struct decoding decoding;
    decoder_read(decoder, &document, arena, &encoding, &decoding, &text, NULL);
    struct span copy = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return copy;
}

#endif
