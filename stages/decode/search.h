/* Finds out how a line of text was misdecoded: in which encoding it was read, which one is right, and how many times
 * this happened. Every possible misdecoding is undone, and the most plausible resulting text wins, if it wins by a
 * sufficient margin. */
#ifndef STAGES_DECODE_SEARCH_H
#define STAGES_DECODE_SEARCH_H

#include "pipeline/article/article.h"
#include "stages/decode/candidates.h"
#include "stages/decode/misdecoders.h"

#define LINE_LIMIT ((size_t)1 << 20) /* longer lines are examined and repaired in pieces of this size */
#define LINE_GROWTH 4
#define FOREIGN_BITS 5.5 /* bits per character above which text is foreign to the language of the document */

enum { CONTROLS_WINDOWS, CONTROLS_CENTRAL, CONTROLS_MACINTOSH, CONTROL_READINGS };

struct repairer {
    const struct encodings *encodings;
    const struct writing *writing;
    const struct candidates *candidates;
    struct misdecoders *misdecoders;
    uint64_t misreading; /* misdecoders that may have read text in a legacy encoding */
    uint64_t common;     /* misdecoders that account for nearly all misread UTF-8 */
    const struct encoding_entry *utf8;
    /* The encodings that C1 controls are converted from. An entry is NULL if this system lacks the encoding. */
    const struct encoding_entry *of_controls[CONTROL_READINGS];
};

/* A misdecoding: the encoding in which the text was read, the right one (`truth`), and how many times this happened
 * (`levels`). */
struct misdecoding {
    size_t misdecoder; /* index of a misdecoder, or MISDECODERS plus the index of an East Asian encoding among all
                          encodings */
    const struct encoding_entry *truth;
    size_t levels;
};

/* The state of repairing one text. */
struct session {
    const struct repairer *repairer;
    struct article *article;
    int language; /* language of the text so far, or -1 at the beginning */
    size_t searches, fruitless;
    struct misdecoding last;               /* the misdecoding found last; its `truth` is NULL before the first */
    size_t place;                          /* index of `last` in the article's repairs */
    unsigned char exhausted[MISDECODERS];  /* number of failed attempts per misdecoder */
    size_t control_searches;               /* number of lines whose C1 controls were examined */
    const struct encoding_entry *controls; /* the encoding found for the last of these lines, or NULL */
    struct glyphs glyphs;
};

/* Returns the cost of the sample in the cheapest language, or INFINITY if it exceeds the limit. */
double search_price(struct session *session, struct span sample, double limit, int *ret_language);
/* Returns the encoding in which the text was wrongly decoded. */
const struct encoding_entry *search_misdecoder(const struct repairer *repairer, const struct misdecoding *misdecoding);
/* Appends the text as it was before the misdecoding. Returns false if the misdecoding cannot have produced the whole
 * text. */
bool search_undo(const struct session *session, const struct misdecoding *misdecoding, struct span line,
                 struct buffer *out);
/* Returns whether the line was misdecoded, and how. `sample` is a window of the line; `utf8` is the set of misdecoders
 * that may have read UTF-8 as part of it. */
bool search_line(struct session *session, struct span line, struct span sample, uint64_t utf8,
                 struct misdecoding *ret_misdecoding);

#endif
