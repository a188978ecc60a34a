/* The search for what befell a line of text: which encoding read which one wrongly, and how often. Every misdecoding
 * that is possible is undone, and the one that leaves the text which somebody most likely wrote wins, if it wins by
 * enough. */
#ifndef STAGES_DECODE_SEARCH_H
#define STAGES_DECODE_SEARCH_H

#include "pipeline/article/article.h"
#include "stages/decode/candidates.h"
#include "stages/decode/misdecoders.h"

#define LINE_LIMIT ((size_t)1 << 20) /* a longer line is judged, and repaired, by pieces of this size */
#define LINE_GROWTH 4
#define FOREIGN_BITS 5.5 /* so many a character: foreign to the language of the document */

enum { CONTROLS_WINDOWS, CONTROLS_CENTRAL, CONTROLS_MACINTOSH, CONTROL_READINGS };

struct repairer {
    const struct encodings *encodings;
    const struct writing *writing;
    const struct candidates *candidates;
    struct misdecoders *misdecoders;
    uint64_t misreading; /* what legacy text is misread by */
    uint64_t common;     /* what UTF-8 is misread by, nearly always */
    const struct encoding_entry *utf8;
    const struct encoding_entry *of_controls[CONTROL_READINGS]; /* what C1 controls are read by; NULL where unknown */
};

/* What happened to a text: what decoded it, what it was, how often. */
struct misdecoding {
    size_t misdecoder; /* number of a single-byte one; from MISDECODERS on, place among all encodings of an East Asian
                          one */
    const struct encoding_entry *truth;
    size_t levels;
};

/* One text under repair. */
struct session {
    const struct repairer *repairer;
    struct article *article;
    int language; /* of what was read so far, -1 before anything was */
    size_t searches, fruitless;
    struct misdecoding last;               /* truth is NULL before the first */
    size_t place;                          /* of `last` among the article's repairs */
    unsigned char exhausted[MISDECODERS];  /* how often undoing a misdecoder did not help */
    size_t control_searches;               /* lines whose C1 controls were looked at */
    const struct encoding_entry *controls; /* what the last of them were read by, NULL for none */
    struct glyphs glyphs;
};

/* What the sample costs in the language that makes it cheapest; infinite when that is more than the limit. */
double search_price(struct session *session, struct span sample, double limit, int *ret_language);
/* What read the text wrongly. */
const struct encoding_entry *search_misdecoder(const struct repairer *repairer, const struct misdecoding *misdecoding);
/* Appends the text as it was before the misdecoding; false when it cannot have happened to all of it. */
bool search_undo(const struct session *session, const struct misdecoding *misdecoding, struct span line,
                 struct buffer *out);
/* Whether something befell the line; `sample` is a window of it, `utf8` are the misdecoders by which something in it
 * may be UTF-8. */
bool search_line(struct session *session, struct span line, struct span sample, uint64_t utf8,
                 struct misdecoding *ret_misdecoding);

#endif
