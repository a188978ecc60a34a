/* What the bytes and the address say of the language, without being asked to decide. */
#ifndef STAGES_DECODE_HINTS_H
#define STAGES_DECODE_HINTS_H

#include "stages/decode/candidates.h"

/* "bg" of "https://news.example.bg:443/page"; empty when the last label of the host is no country code. */
struct span hints_country(struct span address);
/* "sr" of "sr-Latn". */
struct span hints_first_subtag(struct span code);
/* Adds what stands in the bytes themselves: the language that a page or a feed names (not English, which programs name
 * of their own accord), the country of most links, and an encoding that is named where the language belongs. Looks at
 * the beginning only. */
void hints_read(const struct encodings *encodings, struct span raw, struct detect_hints *hints);

#endif
