#include "program/say.h"

#include <stdarg.h>
#include <stdio.h>

#include "pipeline/base/visible.h"

enum { LINE_LIMIT = 16 * 1024 }; /* in bytes; longer lines are truncated */

static void print_line(FILE *file, struct span line) {
    struct buffer out = BUFFER(3 * LINE_LIMIT);
    visible_add(&out, text_clip(line, LINE_LIMIT));
    fprintf(file, "%.*s\n", SPAN_ARGS(buffer_span(&out)));
    buffer_free(&out);
}

__attribute__((format(printf, 2, 0))) static void print(FILE *file, const char *format, va_list arguments) {
    char text[LINE_LIMIT];
    vsnprintf(text, sizeof text, format, arguments);
    print_line(file, span_of(text));
}

void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print(stdout, format, arguments);
    va_end(arguments);
}

void say_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print(stderr, format, arguments);
    va_end(arguments);
}

void say_lines(struct span text) {
    struct span line;
    while (span_next(&text, '\n', &line)) print_line(stdout, line);
}
