/* Finds numbers that were left as the source writes them and that an English reader takes for others. */
#include "stages/check/checks.h"

/* Returns whether the source has the number too, in the same characters. */
static bool is_in_source(const struct pair *pair, struct span written) {
    struct figure figure;
    for (size_t at = 0; figures_next(pair->source, at, &figure); at = figure.to)
        if (span_equal(span_cut(pair->source, figure.from, figure.to), written)) return true;
    return false;
}

bool figures_mislead(const struct pair *pair, struct buffer *message) {
    enum { MAX_FIGURES = 64 }; /* each one is looked for in the whole source */
    char english[FIGURE_BYTES];
    struct figure figure;
    size_t at = 0;
    if (pair->figure_marks == FIGURES_UNKNOWN) return false;
    for (size_t i = 0; i < MAX_FIGURES && figures_next(pair->target, at, &figure); i++, at = figure.to) {
        struct span written = span_cut(pair->target, figure.from, figure.to);
        if (!is_in_source(pair, written) || !figures_in_english(pair->figure_marks, pair->source, written, english))
            continue;
        buffer_print(message, "%.*s is left as in the source, which means %s in English", SPAN_ARGS(written), english);
        return true;
    }
    return false;
}
