#include "program/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pipeline/base/clock.h"

/* Updating the line five times a second shows that the program works, without flooding a slow terminal. */
enum { EVERY_MS = 200, LINE_LIMIT = 512 };

struct progress progress_start(bool wanted) {
    const char *terminal = getenv("TERM");
    /* A dumb terminal would print the escape sequence instead of erasing the line. */
    bool plain = !terminal || !*terminal || strcmp(terminal, "dumb") == 0;
    return (struct progress){.shown_here = wanted && isatty(STDERR_FILENO) && !plain, .started = clock_ms()};
}

bool progress_is_due(const struct progress *progress) {
    return progress->shown_here && clock_ms() - progress->last >= EVERY_MS;
}

static void add_time(struct buffer *out, double seconds) {
    unsigned long left = (unsigned long)(seconds + 0.5);
    if (left >= 3600)
        buffer_print(out, ", %lu h %lu min left", left / 3600, left / 60 % 60);
    else if (left >= 60)
        buffer_print(out, ", %lu min %lu s left", left / 60, left % 60);
    else
        buffer_print(out, ", %lu s left", left);
}

void progress_write(const struct progress_counts *counts, double seconds, struct buffer *out) {
    /* Articles left over from earlier runs count as finished but not as found in this run. */
    size_t known_of = counts->ended > counts->known_of ? counts->ended : counts->known_of;
    double rate = seconds > 0 ? (double)counts->ended / seconds : 0;
    buffer_print(out, "%zu of %zu%s article%s, %zu in progress, %.1f per second", counts->ended, known_of,
                 counts->all_found ? "" : "+", PLURAL(known_of), counts->under_way, rate);
    /* There is no estimate while sources are still being read, because it would keep growing. */
    if (counts->all_found && rate > 0 && known_of > counts->ended)
        add_time(out, (double)(known_of - counts->ended) / rate);
    if (counts->failed) buffer_print(out, ", %zu failed", counts->failed);
    if (counts->waiting) buffer_print(out, ", %zu waiting", counts->waiting);
    if (counts->cost > 0) buffer_print(out, ", %.2f spent", counts->cost);
}

/* Asked each time, because windows are resized. */
static size_t terminal_columns(void) {
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

struct span progress_fit(struct span line, size_t columns) {
    return columns > 0 && line.length >= columns ? span_cut(line, 0, columns - 1) : line;
}

/* Returns to the start of the line and erases it before it is written again. The last one stays, so it may take more
 * than one row. */
static void print_line(struct span line, bool last) {
    struct span shown = progress_fit(line, last ? 0 : terminal_columns());
    fprintf(stderr, "\r\033[K%.*s%s", SPAN_ARGS(shown), last ? "\n" : "");
    fflush(stderr);
}

static void rewrite(struct progress *progress, const struct progress_counts *counts, bool last) {
    struct buffer line = BUFFER(LINE_LIMIT);
    progress->last = clock_ms();
    progress_write(counts, (double)(progress->last - progress->started) / 1000, &line);
    print_line(buffer_span(&line), last);
    buffer_free(&line);
}

void progress_show_text(struct progress *progress, struct span line) {
    if (!progress_is_due(progress)) return;
    progress->last = clock_ms();
    print_line(line, false);
}

void progress_show(struct progress *progress, const struct progress_counts *counts) {
    if (progress_is_due(progress)) rewrite(progress, counts, false);
}

void progress_erase(const struct progress *progress) {
    if (progress->shown_here) fputs("\r\033[K", stderr);
}

void progress_end(struct progress *progress, const struct progress_counts *counts) {
    if (progress->shown_here) rewrite(progress, counts, true);
}
