/* Golden tests: the result for tests/golden/FOLDER/NN-name/INPUT must equal the file `expected` next to it. If
 * DRAGOMAN_ACCEPT is set, the result replaces the expected file instead; review the diff. */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include "unit/cmocka_test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/file.h"

struct golden {
    const char *folder, *input, *expected;
    size_t least; /* number of folders required, so that a lost one is noticed */
    void (*describe)(void *state, struct span input, struct buffer *out);
};

static inline void golden_accept(const char *path, const struct buffer *got) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(got->at, 1, got->length, file), got->length);
    assert_int_equal(fclose(file), 0);
}

static inline bool golden_holds(const struct golden *golden, void *state, const char *path) {
    struct buffer input = BUFFER(1 << 20), got = BUFFER(1 << 20), expected = BUFFER(1 << 20), beside = BUFFER(4096);
    buffer_print(&beside, "%.*s%s", (int)(strlen(path) - strlen(golden->input)), path, golden->expected);
    assert_true(file_read(path, &input));
    golden->describe(state, buffer_span(&input), &got);
    if (getenv("DRAGOMAN_ACCEPT")) golden_accept(beside.at, &got);
    bool same = file_read(beside.at, &expected) && span_equal(buffer_span(&got), buffer_span(&expected));
    if (!same) print_error("%s gives\n%s\n", path, got.at);
    buffer_free(&input);
    buffer_free(&got);
    buffer_free(&expected);
    buffer_free(&beside);
    return same;
}

static inline void golden_check(const struct golden *golden, void *state) {
    struct buffer pattern = BUFFER(4096);
    glob_t found;
    size_t wrong = 0;
    buffer_print(&pattern, "%s/golden/%s/*/%s", TEST_TESTS, golden->folder, golden->input);
    assert_int_equal(glob(pattern.at, 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= golden->least);
    for (size_t i = 0; i < found.gl_pathc; i++) wrong += !golden_holds(golden, state, found.gl_pathv[i]);
    globfree(&found);
    buffer_free(&pattern);
    assert_int_equal(wrong, 0);
}

#endif
