/* Reads a path (first line) and a robots.txt (the rest): rules are not longer than the text with its bytes escaped, and
 * "*" alone allows. */
#include <stdint.h>
#include <stdlib.h>

#include "stages/formats/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length}, path = {NULL, 0};
    struct arena *arena = arena_new();
    struct robots robots = {0};
    span_next(&text, '\n', &path);
    robots_read(text, SPAN("dragoman"), arena, &robots);
    for (size_t i = 0; i < robots.count; i++)
        if (robots.rules[i].pattern.length > 3 * text.length) abort();
    if (!robots_allow(&robots, path) && robots.count == 0) abort();
    arena_free(arena);
    return 0;
}
