/* The checks of the text as a whole: whether the English says something else than the source, less, or more. meaning.h
 * takes the decision; here it becomes a sentence that quotes the part concerned. */
#include "stages/check/checks.h"

enum { QUOTE = 160 };

/* Returns the part of the source whose words nothing in the English translates, shortened. */
static struct span unsupported_source(const struct pair *pair) {
    const struct meaning_verdict *verdict = &pair->meaning;
    return text_clip(support_quote(pair->support->source, verdict->source_from, verdict->source_to, pair->source),
                     QUOTE);
}

static struct span unsupported_english(const struct pair *pair) {
    const struct meaning_verdict *verdict = &pair->meaning;
    return text_clip(support_quote(pair->support->english, verdict->english_from, verdict->english_to, pair->target),
                     QUOTE);
}

bool check_meaning(const struct pair *pair, struct buffer *message) {
    if (pair->meaning.fault != MEANING_OTHER) return false;
    struct span quote = unsupported_english(pair);
    buffer_add_string(message, "the English seems to say something else than the source");
    if (quote.length) buffer_print(message, ": nothing in it corresponds to \"%.*s\"", SPAN_ARGS(quote));
    return true;
}

bool check_truncated(const struct pair *pair, struct buffer *message) {
    if (pair->meaning.fault != MEANING_TRUNCATED) return false;
    struct span quote = unsupported_source(pair);
    if (quote.length)
        buffer_print(message, "part of the source seems to be missing from the English: %.*s", SPAN_ARGS(quote));
    else
        buffer_print(message,
                     "the English has %.0f characters, about %.0f were expected: something seems to be missing",
                     pair->target_length, pair->expected_length);
    return true;
}

bool check_added(const struct pair *pair, struct buffer *message) {
    if (pair->meaning.fault != MEANING_ADDED) return false;
    struct span quote = unsupported_english(pair);
    if (quote.length)
        buffer_print(message, "the source does not seem to say: %.*s", SPAN_ARGS(quote));
    else
        buffer_print(message,
                     "the English has %.0f characters, about %.0f were expected: something seems to have been added",
                     pair->target_length, pair->expected_length);
    return true;
}
