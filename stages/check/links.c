/* Compares web addresses, email addresses and handles: the English must contain those of the source and no others. */
#include <string.h>

#include "stages/check/checks.h"

/* Returns whether the link must be unchanged in the English. Hashtags are words, and may be translated. */
static bool is_checked(const struct token *token) {
    return token->kind == TOKEN_LINK && token->written.at[0] != '#';
}

/* Returns whether the first link is the second one, possibly with an ending, which some languages attach to addresses:
 * "debian.org-ra", "example.org:ista". */
static bool is_same_link(struct span source, struct span english) {
    if (span_equal_ascii_fold(source, english)) return true;
    return source.length > english.length && span_starts_ascii_fold(source, english) &&
           strchr("-:'", source.at[english.length]);
}

/* Returns whether the text contains the link. Either may have an ending attached that the other lacks. */
static bool has_link(const struct reading *reading, const struct token *link) {
    for (size_t i = 0; i < reading->count; i++) {
        if (reading->tokens[i].kind != TOKEN_LINK) continue;
        if (is_same_link(reading->tokens[i].written, link->written) ||
            is_same_link(link->written, reading->tokens[i].written))
            return true;
    }
    return false;
}

/* Returns the first link in one text that the other text lacks, or NULL. Looks at no more than MAX_LINKS links, because
 * the whole other text is searched for each. */
static const struct token *first_unmatched(const struct reading *reading, const struct reading *other) {
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
    const struct token *invented = first_unmatched(&pair->target_reading, &pair->source_reading);
    const struct token *lost = first_unmatched(&pair->source_reading, &pair->target_reading);
    if (invented)
        buffer_print(message, "the English has the address %.*s, the source does not",
                     SPAN_ARGS(text_clip(invented->written, 120)));
    else if (lost)
        buffer_print(message, "the address %.*s is missing from the English", SPAN_ARGS(text_clip(lost->written, 120)));
    return invented || lost;
}
