/* What a character may mean to the end of a sentence: a class a character, from config/tables/segment/marks.tsv. */
#ifndef STAGES_LANGUAGE_MARKS_H
#define STAGES_LANGUAGE_MARKS_H

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"
#include "pipeline/base/text.h"

enum mark {
    MARK_NONE,
    MARK_POINT, /* ends a sentence or an abbreviation */
    MARK_CALL,  /* ! ? */
    MARK_PAUSE, /* the ellipsis as one character */
    MARK_END,   /* never anything else than an end */
    MARK_FULL,  /* the same, and the end of questions too */
    MARK_EXTRA, /* an end in some languages, and not used within sentences in others */
    MARK_PART,  /* an end in some languages; announces or parts something in others */
    MARK_OPEN,  /* brackets, and the quotes that come as such a pair */
    MARK_CLOSE,
    MARK_QUOTE,  /* opens or closes, as its place says */
    MARK_BULLET, /* begins an item of a list */
    MARK_LINE,   /* ends a line */
    MARK_MARK,   /* an apostrophe that may be a quote; this and what follows is met in passing only */
    MARK_BEFORE, /* what Spanish puts before a question */
    MARK_DASH,
    MARK_SPACE,
    MARK_COMMA,
    MARK_NOTE, /* refers to a note: raised figures, daggers */
    MARK_COUNT
};

/* The classes of all characters below U+10000, and for the reader that runs through a text: bit b of pages[a] is set
 * where a mark that it has to stop at is encoded as the byte a followed by a byte that ends in the six bits b. */
struct marks {
    unsigned char of[0x10000];
    uint64_t pages[256];
};

/* The table, in the arena; NULL on failure. */
const struct marks *marks_read(const char *data_folder, struct arena *arena, struct failure *ret_failure);
/* The character that a table's cell writes down: itself or "U+00A0". */
uint32_t marks_rune(struct span written);

static inline enum mark marks_of(const struct marks *marks, uint32_t rune) {
    return rune < 0x10000 ? (enum mark)marks->of[rune] : MARK_NONE;
}

/* The first position from `from` on where a mark up to MARK_LINE may stand, or the end of the text. */
size_t marks_find(const struct marks *marks, struct span text, size_t from);

#endif
