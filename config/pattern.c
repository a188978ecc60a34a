#define _GNU_SOURCE /* for newlocale() and uselocale() */
#include "config/pattern.h"

#include <errno.h>
#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/pattern_ranges.h"
#include "config/pattern_size.h"
#include "pipeline/base/arena.h"

/* TEXT_LIMIT bounds the time that one match can take: the C library's matcher may be slow on long texts. */
enum { TEXT_LIMIT = 256 * 1024, EXPANDED_LIMIT = 256 * 1024 };

struct pattern {
    struct arena *arena;
    struct span written;
    enum pattern_place place;
    locale_t locale; /* C.UTF-8, whatever the user's locale is, so that a pattern means the same everywhere */
    regex_t expression;
};

/* Removes a prefix such as "headline:" from the text and returns the place that it names. */
static enum pattern_place take_place(struct span *text) {
    static const struct {
        const char *word;
        enum pattern_place place;
    } places[] = {{"headline:", PATTERN_HEADLINE}, {"address:", PATTERN_ADDRESS}, {"text:", PATTERN_TEXT}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (span_starts_ascii_fold(*text, span_of(places[i].word))) {
            *text = span_trim(span_cut(*text, span_of(places[i].word).length, text->length));
            return places[i].place;
        }
    return PATTERN_ANYWHERE;
}

/* regcomp() and regexec() have no parameter for the locale, so the locale is set for this thread during the call. In
 * the default locale, only ASCII characters would be treated as letters and compared without case. */
static int compile(struct pattern *pattern, struct span text) {
    locale_t before = uselocale(pattern->locale);
    int error = regcomp(&pattern->expression, arena_string(pattern->arena, text), REG_EXTENDED | REG_ICASE | REG_NOSUB);
    uselocale(before);
    /* Otherwise the pattern would seem to be wrong, or to match nothing. */
    if (error == REG_ESPACE) memory_exhausted();
    return error;
}

static bool refuse(const char *why, char ret_why[200]) {
    snprintf(ret_why, 200, "%s", why);
    return false;
}

static bool begin(struct pattern *pattern, struct span text, char ret_why[200]) {
    struct buffer expanded = BUFFER(EXPANDED_LIMIT);
    if (text.length == 0) return refuse("the pattern is empty", ret_why);
    if (!text_valid(text)) return refuse("the pattern is not UTF-8", ret_why);
    if (pattern_size(text) > PATTERN_SIZE_LIMIT)
        return refuse("the pattern repeats too much; expanded, it has more than 2,000 characters", ret_why);
    bool ranges = pattern_expand_ranges(text, &expanded);
    int error = ranges ? compile(pattern, buffer_span(&expanded)) : 0;
    buffer_free(&expanded);
    if (!ranges) return refuse("a range in brackets is reversed or has more than 1,000 characters", ret_why);
    if (error) regerror(error, &pattern->expression, ret_why, 200);
    return error == 0;
}

struct pattern *pattern_new(struct span written, char ret_why[200]) {
    struct span text = written = span_trim(written);
    if (written.length > PATTERN_LIMIT) {
        refuse("the pattern is longer than 1000 bytes", ret_why);
        return NULL;
    }
    struct pattern *pattern = memory_take(sizeof *pattern);
    *pattern = (struct pattern){.arena = arena_new(), .locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL)};
    if (!pattern->locale && errno == ENOMEM) memory_exhausted();
    pattern->written = arena_copy(pattern->arena, written);
    pattern->place = take_place(&text);
    if (begin(pattern, text, ret_why)) return pattern;
    if (pattern->locale) freelocale(pattern->locale);
    arena_free(pattern->arena);
    free(pattern);
    return NULL;
}

void pattern_free(struct pattern *pattern) {
    if (!pattern) return;
    regfree(&pattern->expression);
    if (pattern->locale) freelocale(pattern->locale);
    arena_free(pattern->arena);
    free(pattern);
}

struct span pattern_written(const struct pattern *pattern) {
    return pattern->written;
}

enum pattern_place pattern_place(const struct pattern *pattern) {
    return pattern->place;
}

bool pattern_matches(const struct pattern *pattern, struct span text) {
    struct arena *scratch = arena_new();
    locale_t before = uselocale(pattern->locale);
    int error = regexec(&pattern->expression, arena_string(scratch, text_clip(text, TEXT_LIMIT)), 0, NULL, 0);
    uselocale(before);
    arena_free(scratch);
    if (error == REG_ESPACE) memory_exhausted();
    return error == 0;
}
