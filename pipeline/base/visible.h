/* Characters that are obeyed instead of shown. In a terminal, on a page or in an editor they move the cursor, begin a
 * new line, reverse what stands beside them, or hide what they say. File names, addresses, titles, answers of services
 * and settings may contain them, so everything that prints such text asks here. Joiners (U+200C, U+200D), which belong
 * to the spelling of Persian and Indian scripts and to emoji, are text. */
#ifndef PIPELINE_BASE_VISIBLE_H
#define PIPELINE_BASE_VISIBLE_H

#include "pipeline/base/text.h"

/* Whether the character is a control character (C0, C1), a line or paragraph separator, one that embeds, overrides or
 * isolates a direction of writing, an annotation mark, or a tag (U+E0000 to U+E007F). No text for readers needs them.
 */
bool rune_is_obeyed_wide(uint32_t rune); /* from U+2028 on */
static inline bool rune_is_obeyed(uint32_t rune) {
    if (rune < 0x2028) return rune < 0x20 || (rune >= 0x7F && rune < 0xA0);
    return rune_is_obeyed_wide(rune);
}

/* Also true for what has no width or only marks a direction: U+00AD, U+061C, U+180E, U+200B, U+200E, U+200F, U+2060 to
 * U+2065 and U+FEFF. Texts may need these, but names and messages on a terminal do not. */
bool rune_is_unseen_wide(uint32_t rune); /* from U+007F on */
static inline bool rune_is_unseen(uint32_t rune) {
    return rune < 0x7F ? rune < 0x20 : rune_is_unseen_wide(rune);
}

/* Returns the position of the first byte from `at` on that is not a printable character of ASCII, or the length. */
size_t visible_skip_ascii(struct span text, size_t at);
/* Returns the position of the first unseen character from `at` on, or the length of the text. */
size_t visible_skip(struct span text, size_t at);
/* Appends the text with U+FFFD in place of each unseen character and each byte that is not UTF-8. The result is one
 * line. */
void visible_add(struct buffer *out, struct span text);
/* Appends a character of a JSON string as \uXXXX (two for characters beyond U+FFFF), which any reader of JSON turns
 * into the character again. */
void visible_add_json(struct buffer *out, uint32_t rune);

#endif
