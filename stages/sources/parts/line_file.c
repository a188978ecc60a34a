#define _GNU_SOURCE /* fmemopen, getline */
#include "stages/sources/parts/line_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/file.h"
#include "pipeline/base/input_file.h"
#include "stages/decode/window.h"

#define GROWTH 4 /* maximum number of UTF-8 bytes that one byte of input may become when decoded */

enum { READ_BYTES = 64 << 10 }; /* at a time */

struct line_file {
    const struct decoder *decoder;
    struct arena *arena;
    FILE *file;
    bool is_pipe, begun, is_odd; /* is_odd: the last line was not UTF-8 */
    int error;                   /* errno of the read that failed, or 0 */
    char *line;
    size_t capacity;
    struct encoding encoding; /* encoding of the lines that are not UTF-8; its name is empty if there are none so far */
    struct decoding decoding; /* how to convert lines that are not UTF-8 */
    struct buffer whole;      /* the text of a whole file after conversion */
    struct buffer converted;  /* the text of a single line after conversion */
};

struct line_file *line_file_open(const char *path, const struct decoder *decoder, const char **ret_why) {
    struct stat status;
    int opened = path ? input_file_open_passed(path, ret_why) : -1;
    FILE *file = path ? (opened >= 0 ? fdopen(opened, "rb") : NULL) : stdin;
    if (!file && opened >= 0) *ret_why = strerror(errno);
    if (!file && opened >= 0) close(opened);
    if (!file) return NULL;
    struct line_file *lines = memory_take(sizeof *lines);
    *lines = (struct line_file){.decoder = decoder,
                                .arena = arena_new(),
                                .file = file,
                                .whole = BUFFER((size_t)LINE_LIMIT * GROWTH),
                                .converted = BUFFER((size_t)LINE_LIMIT * GROWTH)};
    /* Standard input stays open, so that it cannot have a buffer that is freed. */
    if (path) setvbuf(file, arena_take(lines->arena, READ_BYTES), _IOFBF, READ_BYTES);
    lines->is_pipe = !path || fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode);
    return lines;
}

static void close_file(struct line_file *lines) {
    if (lines->file && lines->file != stdin) fclose(lines->file);
    lines->file = NULL;
}

void line_file_close(struct line_file *lines) {
    if (!lines) return;
    close_file(lines);
    buffer_free(&lines->whole);
    buffer_free(&lines->converted);
    arena_free(lines->arena);
    free(lines->line);
    free(lines);
}

/* Continues reading lines from the converted text in memory. */
static void read_from_memory(struct line_file *lines) {
    close_file(lines);
    if (lines->whole.length) lines->file = fmemopen(lines->whole.at, lines->whole.length, "rb");
}

static bool fail_to_read(int error, struct failure *ret_failure) {
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%s", strerror(error));
}

/* Converts the whole file: `raw`, which was read already, and the rest. */
static bool convert_all(struct line_file *lines, struct buffer *raw, struct failure *ret_failure) {
    bool read = file_read_rest(lines->file, raw);
    if (!read) return fail_to_read(errno, ret_failure);
    read = !raw->full;
    struct document document = {.raw = buffer_span(raw), .is_container = true};
    bool done = read && decoder_read(lines->decoder, &document, lines->arena, &lines->encoding, &lines->decoding,
                                     &lines->whole, ret_failure);
    if (!read)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                    "it is not UTF-8 and larger than %d MiB; convert it to UTF-8", LINE_LIMIT >> 20);
    if (done) read_from_memory(lines);
    return done;
}

static bool is_utf8(const struct decoding *decoding) {
    return decoding->encoding->codec == CODEC_UTF8 && !decoding->others;
}

/* Files in UTF-8 are read line by line later on, without their byte order mark. Any other file is converted as a whole,
 * because in UTF-16, for example, a newline byte does not always end a line. */
bool line_file_prepare(struct line_file *lines, struct failure *ret_failure) {
    if (lines->is_pipe) return true;
    struct buffer head = BUFFER(LINE_LIMIT);
    char *start = memory_take(WINDOW_LOOK);
    size_t length = fread(start, 1, WINDOW_LOOK, lines->file);
    int error = ferror(lines->file) ? errno : 0;
    buffer_add(&head, start, length);
    free(start);
    struct document document = {.raw = buffer_span(&head), .is_container = true};
    bool empty = !error && span_trim(document.raw).length == 0;
    bool done = error ? fail_to_read(error, ret_failure)
                      : empty || decoder_detect(lines->decoder, &document, lines->arena, &lines->encoding,
                                                &lines->decoding, ret_failure);
    bool utf8 = empty || (done && is_utf8(&lines->decoding));
    if (utf8) lines->encoding = (struct encoding){0};
    if (utf8) fseek(lines->file, (long)lines->decoding.mark, SEEK_SET);
    if (done && !utf8) done = convert_all(lines, &head, ret_failure);
    buffer_free(&head);
    return done;
}

/* Whether the first line of a pipe is UTF-16 or UTF-32, where lines cannot be split at newline bytes. */
static bool is_wide(struct span line) {
    return line.length && (memchr(line.at, '\0', line.length) || span_starts(line, SPAN("\xFF\xFE")) ||
                           span_starts(line, SPAN("\xFE\xFF")));
}

static void begin_pipe(struct line_file *lines, struct span *line) {
    struct buffer raw = BUFFER(LINE_LIMIT);
    lines->begun = true;
    if (is_wide(*line)) {
        buffer_add_span(&raw, *line);
        *line = (struct span){NULL, 0};
        if (convert_all(lines, &raw, NULL)) line_file_next(lines, line);
    } else if (span_starts(*line, SPAN("\xEF\xBB\xBF"))) {
        *line = span_cut(*line, 3, line->length);
    }
    buffer_free(&raw);
}

/* Converts a line that is not UTF-8. The encoding is detected from the first such line and kept for the others. */
static struct span convert_line(struct line_file *lines, struct span line) {
    struct document document = {.raw = line, .is_container = true};
    if (!lines->encoding.name.length &&
        !decoder_detect(lines->decoder, &document, lines->arena, &lines->encoding, &lines->decoding, NULL))
        return line;
    const struct decoding *decoding = &lines->decoding;
    buffer_clear(&lines->converted);
    encoding_convert(decoding->others ? decoding->others : decoding->encoding, line, &lines->converted);
    return buffer_span(&lines->converted);
}

bool line_file_next(struct line_file *lines, struct span *ret_line) {
    ssize_t length = lines->file ? getline(&lines->line, &lines->capacity, lines->file) : -1;
    /* Not ferror(): there may have been no memory for the line. */
    lines->error = length < 0 && lines->file && !feof(lines->file) ? errno : 0;
    if (lines->error == ENOMEM) memory_exhausted();
    if (length < 0) return false;
    struct span line = {lines->line, (size_t)length};
    if (lines->is_pipe && !lines->begun) begin_pipe(lines, &line);
    lines->is_odd = line.length <= LINE_LIMIT && !text_valid(line);
    if (lines->is_odd) line = convert_line(lines, line);
    *ret_line = span_trim(line);
    return true;
}

bool line_file_failed(const struct line_file *lines) {
    errno = lines->error;
    return lines->error != 0;
}

const struct encoding *line_file_encoding(const struct line_file *lines) {
    static const struct encoding utf8 = {.name = {NULL, 0}};
    return lines->is_odd || lines->whole.length ? &lines->encoding : &utf8;
}
