/* Recognizes lines that do not belong to an article by the words with which they begin, in many languages: "Read also:
 * ...", "Advertisement", "Share". */
#ifndef STAGES_EXTRACT_PHRASES_H
#define STAGES_EXTRACT_PHRASES_H

#include "pipeline/base/table.h"

enum phrase_kind {
    PHRASE_NONE,
    PHRASE_MORE,     /* announces a link to another article */
    PHRASE_SCRAP,    /* text of the site, if the line is short */
    PHRASE_NOTICE,   /* text of the site, however long the line is */
    PHRASE_WHOLE,    /* text of the site, if the phrase is the whole line */
    PHRASE_CREDIT,   /* names the photographer or agency of a picture; only found by phrases_credit() */
    PHRASE_COMMENTS, /* announces readers' comments */
    PHRASE_COUNTED,  /* announces readers' comments if a number is next to it */
    PHRASE_REPLY     /* labels the "reply" button below a comment */
};

struct phrases {
    struct phrase *all; /* sorted by text */
    size_t count, capacity;
    struct phrase *credits; /* sorted by text */
    size_t credit_count, credit_capacity;
    size_t credit_starts[257]; /* for each byte, the first credit that begins with it or a higher one */
};

/* Builds the phrases from a table with the columns kind, language, and phrases in lower case separated by " ; ".
 * Returns false if a kind is unknown. */
bool phrases_make(const struct table *table, struct arena *arena, struct phrases *ret_phrases,
                  struct failure *ret_failure);
/* Returns the kind of the phrase at the beginning of `line`, ignoring case and leading punctuation, or PHRASE_NONE. A
 * line that is a mail address counts as PHRASE_WHOLE. */
enum phrase_kind phrases_find(const struct phrases *phrases, struct span line);

/* Returns true if the end of `line` is a picture credit ("... Foto: AFP", "... © dpa"). */
bool phrases_credit(const struct phrases *phrases, struct span line);

#endif
