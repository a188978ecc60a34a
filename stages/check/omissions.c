/* The checks of the text as a whole: whether the English says something else than the source, less, or more. meaning.h
 * takes the decision; here it becomes a sentence that quotes the part concerned. */
#define _GNU_SOURCE /* for memrchr() */
#include <string.h>

#include "stages/check/checks.h"

/* QUOTE: bytes of a quotation. A part of fewer than MIN_QUOTED words is probably not what is missing. */
enum { QUOTE = 160, MIN_QUOTED = 3 };
/* A part that is more of the text than this says nothing that the whole text does not say. */
static const double MOST = 0.7;

/* Appends the words from `from` to `to` of a text, cut after a word if there are too many. Returns false if they are
 * too few to be quoted, or cannot be found in the text. */
static bool add_quote(const struct supported *words, size_t from, size_t to, struct span text, const char *before,
                      struct buffer *message) {
    struct span quote = support_quote(words, from, to, text), shown = text_clip(quote, QUOTE);
    if (to < from + MIN_QUOTED || quote.length == 0) return false;
    if (shown.length < quote.length) {
        const char *space = memrchr(shown.at, ' ', shown.length);
        if (space) shown.length = (size_t)(space - shown.at);
    }
    buffer_print(message, "%s\"%.*s%s\"", before, SPAN_ARGS(shown), shown.length < quote.length ? "…" : "");
    return true;
}

static void add_lengths(const struct pair *pair, const char *what, struct buffer *message) {
    buffer_print(message, "the English has %.0f characters, about %.0f were expected: something seems to %s",
                 pair->target_length, pair->expected_length, what);
}

bool check_meaning(const struct pair *pair, struct buffer *message) {
    const struct meaning_verdict *verdict = &pair->meaning;
    const struct support *support = pair->support;
    if (verdict->fault != MEANING_OTHER) return false;
    buffer_add_string(message, "the English seems to say something different from the source");
    if ((double)(verdict->english_to - verdict->english_from) < MOST * (double)support->english_count)
        add_quote(support->english, verdict->english_from, verdict->english_to, pair->target,
                  ", which has nothing like ", message);
    return true;
}

bool check_truncated(const struct pair *pair, struct buffer *message) {
    const struct meaning_verdict *verdict = &pair->meaning;
    if (verdict->fault != MEANING_TRUNCATED) return false;
    if (!add_quote(pair->support->source, verdict->source_from, verdict->source_to, pair->source,
                   "part of the source seems to be missing from the English: ", message))
        add_lengths(pair, "be missing", message);
    return true;
}

bool check_added(const struct pair *pair, struct buffer *message) {
    const struct meaning_verdict *verdict = &pair->meaning;
    if (verdict->fault != MEANING_ADDED) return false;
    if (!add_quote(pair->support->english, verdict->english_from, verdict->english_to, pair->target,
                   "the source does not seem to say: ", message))
        add_lengths(pair, "have been added", message);
    return true;
}
