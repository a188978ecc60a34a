/* Texts for tests that compare a fast function with a slow one: words, signs, characters of all sizes, controls, and
 * bytes that are not UTF-8, in any order. */
#ifndef UNIT_RANDOM_TEXT_H
#define UNIT_RANDOM_TEXT_H

#include "pipeline/base/text.h"

#define PIECE(literal)                                                                                                 \
    { literal, sizeof(literal) - 1 } /* as SPAN(), for a static array */

static inline unsigned random_number(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u; /* a linear congruential generator */
    return *seed >> 8;
}

/* Appends up to 20 pieces, most of them ASCII. */
static inline void random_text(unsigned *seed, struct buffer *out) {
    static const struct span pieces[] = {PIECE("eight or more letters"),
                                         PIECE("a"),
                                         PIECE(" "),
                                         PIECE("\n"),
                                         PIECE("12.5"),
                                         PIECE("<&>\"'"),
                                         PIECE("[*_`]"),
                                         PIECE("\\\"\\"),
                                         PIECE("\x7F"),
                                         PIECE("\x1F\t"),
                                         PIECE("\0"),
                                         PIECE("é"),
                                         PIECE("\xC2\x85"),
                                         PIECE("\xC2\xA0"),
                                         PIECE("\xC2\xAD"),
                                         PIECE("\xE2\x80\xA8"),
                                         PIECE("\xE2\x80\xAE"),
                                         PIECE("\xE2\x80\x8B"),
                                         PIECE("\xEF\xBF\xBE"),
                                         PIECE("港口"),
                                         PIECE("\xF0\x9F\x98\x80"),
                                         PIECE("\xF3\xA0\x80\x81"),
                                         PIECE("\xC3"),
                                         PIECE("\xED\xA0\x80"),
                                         PIECE("\xF4\x90\x80\x80"),
                                         PIECE("\x80\xFF")};
    for (unsigned left = random_number(seed) % 20; left; left--) {
        unsigned number = random_number(seed) % (2 * (sizeof pieces / sizeof *pieces));
        buffer_add_span(out, pieces[number < sizeof pieces / sizeof *pieces ? number : number % 5]);
    }
}

#endif
