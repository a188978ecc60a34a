/* The files and answers of the embedded engine: a mode file (after a first line "mode"), or a frame of a pipeline's
 * output, whose first line is the source. Text that is written to the engine and read back unchanged is the same text.
 */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz/fuzz_file.h"
#include "stages/services/apertium/chains.h"
#include "stages/services/apertium/stream.h"

enum { LIMIT = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_mode(struct span text, struct arena *arena) {
    struct fuzz_file file = fuzz_file_open(text.at, text.length);
    struct command *commands = NULL;
    size_t count = 0;
    bool done = mode_read(file.path, arena, &commands, &count);
    if (done != (count > 0)) abort();
    for (size_t i = 0; i < count; i++)
        if (!commands[i].arguments[0] || !commands[i].arguments[1] || strcmp(commands[i].arguments[1], "-z") != 0)
            abort();
    fuzz_file_close(&file);
}

static void read_frame(struct span source, struct span frame, struct arena *arena) {
    unsigned unknown = 0;
    struct span read = stream_read(frame, source, arena, &unknown);
    struct span plain = stream_read_plain(frame, source, arena, &unknown);
    if (read.length > frame.length || plain.length > frame.length) abort();
    if (text_valid(source) && text_valid(frame) && !(text_valid(read) && text_valid(plain))) abort();
    struct span figures = stream_figures(FIGURES_COMMA, source, read, arena);
    if (text_valid(source) && text_valid(read) && !text_valid(figures)) abort();
}

/* A frame ends with a NUL, so no text may contain one. */
static void write_frame(struct span text) {
    struct buffer out = BUFFER(4 * LIMIT);
    if (!stream_write(text, NULL, &out) || memchr(out.at, '\0', out.length)) abort();
    buffer_clear(&out);
    if (!stream_write_plain(text, NULL, &out)) abort();
    buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span rest = {(const char *)bytes, length < LIMIT ? length : LIMIT}, line = {NULL, 0};
    struct arena *arena = arena_new();
    span_next(&rest, '\n', &line);
    if (span_is(line, "mode"))
        read_mode(rest, arena);
    else
        read_frame(line, rest, arena);
    write_frame(rest);
    arena_free(arena);
    return 0;
}
