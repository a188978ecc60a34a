/* Finds hints about the language in the bytes and in the address. Hints are evidence, but not decisive on their own. */
#ifndef STAGES_DECODE_HINTS_H
#define STAGES_DECODE_HINTS_H

#include "stages/decode/candidates.h"

/* Returns the country code at the end of the host, such as "bg" for "https://news.example.bg:443/page", or an empty
 * span if there is none. */
struct span hints_country(struct span address);
/* Returns the first part of a language code: "sr" for "sr-Latn". */
struct span hints_first_subtag(struct span code);
/* Adds the hints found in the bytes themselves: the language that a page or feed states (except English, which many
 * programs state by default), the country of most links, and an encoding stated where the language should be. Reads
 * only the beginning. */
void hints_read(const struct encodings *encodings, struct span raw, struct detect_hints *hints);

#endif
