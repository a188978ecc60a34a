/* Web and e-mail addresses and handles: those of the source have to be in the English, and no others. */
#include <string.h>

#include "stages/check/checks.h"

static bool is_checked(const struct token *token) {
    return token->kind == TOKEN_LINK && token->written.at[0] != '#';
}

/* Languages hang endings on addresses: "debian.org-ra", "example.org:ista". */
static bool is_same_link(struct span source, struct span english) {
    if (span_equal_ascii_fold(source, english)) return true;
    return source.length > english.length && span_starts_ascii_fold(source, english) &&
           strchr("-:'", source.at[english.length]);
}

static bool has_link(const struct reading *reading, const struct token *link) {
    for (size_t i = 0; i < reading->count; i++) {
        if (reading->tokens[i].kind != TOKEN_LINK) continue;
        if (is_same_link(reading->tokens[i].written, link->written) ||
            is_same_link(link->written, reading->tokens[i].written))
            return true;
    }
    return false;
}

/* The first link of one side that the other does not have; both are read up to MAX_LINKS links, so the work is limited.
 */
static const struct token *first_alone(const struct reading *reading, const struct reading *other) {
    enum { MAX_LINKS = 64 };
    size_t seen = 0;
    for (size_t i = 0; i < reading->count && seen < MAX_LINKS; i++) {
        if (!is_checked(&reading->tokens[i])) continue;
        seen++;
        if (!has_link(other, &reading->tokens[i])) return &reading->tokens[i];
    }
    return NULL;
}

bool check_links(const struct pair *pair, struct buffer *message) {
    const struct token *invented = first_alone(&pair->target_reading, &pair->source_reading);
    const struct token *lost = first_alone(&pair->source_reading, &pair->target_reading);
    if (invented)
        buffer_print(message, "the source does not have the address %.*s",
                     SPAN_ARGS(text_clip(invented->written, 120)));
    else if (lost)
        buffer_print(message, "the English lacks the address %.*s", SPAN_ARGS(text_clip(lost->written, 120)));
    return invented || lost;
}
