/* Finds out how a line of text was misdecoded: in which encoding it was read, which one is right, and how many times
 * this happened. Every possible misdecoding is undone. The text with the lowest cost (see writing.h) wins, provided
 * that its cost is lower than that of the original line by a sufficient margin. */
#ifndef STAGES_DECODE_SEARCH_H
#define STAGES_DECODE_SEARCH_H

#include "pipeline/article/article.h"
#include "stages/decode/candidates.h"
#include "stages/decode/misdecoders.h"

#define LINE_LIMIT ((size_t)1 << 20) /* longer lines are examined and repaired in pieces of this size */
#define LINE_GROWTH 4
#define FOREIGN_BITS 5.5 /* text with a higher cost per character, in bits, is foreign to its language */

enum { CONTROLS_WINDOWS, CONTROLS_CENTRAL, CONTROLS_MACINTOSH, CONTROL_READINGS };

struct repairer {
    const struct encodings *encodings;
    const struct writing *writing;
    const struct candidates *candidates;
    struct misdecoders *misdecoders;
    uint64_t misreading; /* misdecoders that may have read text in a legacy encoding by mistake */
    uint64_t common;     /* the misdecoders that account for nearly all misread UTF-8 */
    const struct encoding_entry *utf8;
    /* The encodings from which C1 controls may come. An entry is NULL if this system does not support the encoding. */
    const struct encoding_entry *of_controls[CONTROL_READINGS];
};

/* How a text was misdecoded: the encoding in which it was read by mistake, the right one (`truth`), and how many times
 * in succession this happened (`levels`). */
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
    struct span text;
    size_t counted, number; /* the line at the position `counted` of the text has this number, from 1 */
    int language;           /* language of the text repaired so far, or -1 at the beginning */
    size_t searches, fruitless;
    struct misdecoding last;               /* the misdecoding found last; its `truth` is NULL before the first */
    size_t place;                          /* index of `last` among the repairs recorded in the article */
    unsigned char exhausted[MISDECODERS];  /* for each misdecoder, the number of failed attempts */
    size_t control_searches;               /* number of lines whose C1 controls were examined */
    const struct encoding_entry *controls; /* the encoding found for the controls of the last such line, or NULL */
    struct glyphs glyphs;
};

/* Returns the cost of the sample in the language where it is lowest, or INFINITY if it exceeds the limit. */
double search_price(struct session *session, struct span sample, double limit, int *ret_language);
/* Returns the encoding in which the text was read by mistake. */
const struct encoding_entry *search_misdecoder(const struct repairer *repairer, const struct misdecoding *misdecoding);
/* Appends the text as it was before the misdecoding. Returns false if the misdecoding cannot have produced the whole
 * text. */
bool search_undo(const struct session *session, const struct misdecoding *misdecoding, struct span line,
                 struct buffer *out);
/* Returns whether the line was misdecoded, and how. `sample` is a part of the line (see window.h); `utf8` is the set of
 * misdecoders that may have produced parts of it from UTF-8. */
bool search_line(struct session *session, struct span line, struct span sample, uint64_t utf8,
                 struct misdecoding *ret_misdecoding);

#endif
