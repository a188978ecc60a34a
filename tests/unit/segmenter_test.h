/* Examples of texts and the sentences into which they are to be cut. */
#ifndef TESTS_UNIT_SEGMENTER_TEST_H
#define TESTS_UNIT_SEGMENTER_TEST_H

#include "unit/cmocka_test.h"

#include <string.h>

#include "stages/segment/scanner.h"

static struct segmenter *segmenter;

static inline int open_tables(void **state) {
    (void)state;
    struct failure failure = {0};
    segmenter = segmenter_open(TEST_DATA, &failure);
    return segmenter ? 0 : -1;
}

static inline int close_tables(void **state) {
    (void)state;
    segmenter_close(segmenter);
    return 0;
}

/* A text and its language. A bar marks the end of each sentence; in the text to be split it is replaced by `joint`. */
struct example {
    const char *language, *joint, *text;
};

static inline void build(struct buffer *text, const struct example *example) {
    struct span rest = span_of(example->text), piece;
    for (bool first = true; span_next(&rest, '|', &piece); first = false) {
        if (!first) buffer_add_string(text, example->joint);
        buffer_add_span(text, piece);
    }
}

/* Appends the sentences found, with bars between them. */
static inline void cut(struct buffer *found, const char *language, struct span text) {
    struct scanner scanner = scanner_begin(segmenter, language, text);
    for (struct span sentence; scanner_next(&scanner, &sentence);) {
        if (found->length) buffer_add_string(found, "|");
        buffer_add_span(found, sentence);
    }
}

static inline void check_examples(const struct example *examples, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct buffer text = BUFFER(1 << 16), found = BUFFER(1 << 16);
        build(&text, &examples[i]);
        cut(&found, examples[i].language, buffer_span(&text));
        if (strcmp(found.at, examples[i].text) != 0)
            fail_msg("%s: %s\n  expected: %s", examples[i].language, found.at, examples[i].text);
        buffer_free(&text);
        buffer_free(&found);
    }
}

#endif
