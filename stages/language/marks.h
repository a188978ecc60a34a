/* Classifies characters (here called marks) by what they mean for the end of a sentence. The classes are listed in
 * config/tables/segment/marks.tsv. */
#ifndef STAGES_LANGUAGE_MARKS_H
#define STAGES_LANGUAGE_MARKS_H

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"
#include "pipeline/base/text.h"

enum mark {
    MARK_NONE,
    MARK_POINT, /* ends a sentence or an abbreviation */
    MARK_CALL,  /* exclamation and question marks */
    MARK_PAUSE, /* the ellipsis written as a single character */
    MARK_END,   /* always ends a sentence, but not a question */
    MARK_FULL,  /* always ends a sentence, which may be a question */
    MARK_EXTRA, /* ends a sentence in some languages; in others, it does not occur within sentences */
    MARK_PART,  /* ends a sentence in some languages; introduces or separates something in others */
    MARK_OPEN,  /* opening brackets, and East Asian opening quotes */
    MARK_CLOSE,
    MARK_QUOTE,  /* opens or closes a quotation, depending on the text around it */
    MARK_BULLET, /* begins a list item */
    MARK_LINE,   /* ends a line */
    MARK_MARK,   /* an apostrophe that may be a quote; from this class on, marks_find() ignores the characters */
    MARK_BEFORE, /* precedes a question or exclamation, as in Spanish */
    MARK_DASH,
    MARK_SPACE,
    MARK_COMMA,
    MARK_NOTE, /* refers to a footnote: superscript digits, daggers */
    MARK_COUNT
};

/* The classes of all characters below U+10000. `pages` is for marks_find(): bit b of pages[a] is set if, in UTF-8, a
 * character at which it stops begins with byte a and a second byte whose lowest six bits are b. */
struct marks {
    unsigned char of[0x10000];
    uint64_t pages[256];
};

/* Reads the table into the arena. Returns NULL on failure. */
const struct marks *marks_read(const char *data_folder, struct arena *arena, struct failure *ret_failure);
/* Returns the character written in a table cell, either as itself or in the form "U+00A0". Returns 0 if the cell is
 * empty. */
uint32_t marks_rune(struct span written);

static inline enum mark marks_of(const struct marks *marks, uint32_t rune) {
    return rune < 0x10000 ? (enum mark)marks->of[rune] : MARK_NONE;
}

/* Returns the first position at or after `from` that may hold a character of a class up to MARK_LINE, or the end of the
 * text. The caller must decode the character to be sure. */
size_t marks_find(const struct marks *marks, struct span text, size_t from);

#endif
