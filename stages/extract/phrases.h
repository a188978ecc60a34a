/* How lines begin that are no part of an article: "Read also: ...", "Advertisement", "Share", in many languages. */
#ifndef STAGES_EXTRACT_PHRASES_H
#define STAGES_EXTRACT_PHRASES_H

#include "pipeline/base/table.h"

enum phrase_kind {
    PHRASE_NONE,
    PHRASE_MORE,     /* leads to another article */
    PHRASE_SCRAP,    /* furniture of the page */
    PHRASE_NOTICE,   /* furniture, however long the line */
    PHRASE_WHOLE,    /* furniture; only as the whole line */
    PHRASE_CREDIT,   /* who made a picture: found by phrases_credit only */
    PHRASE_COMMENTS, /* announces readers' comments */
    PHRASE_COUNTED,  /* the same, with their number beside it */
    PHRASE_REPLY     /* a control below a comment */
};

struct phrases {
    struct phrase *all; /* sorted by text */
    size_t count, capacity;
    struct phrase *credits;
    size_t credit_count, credit_capacity;
};

/* Rows: kind, language, phrases in lower case parted by " ; ". False for a kind that is not known. */
bool phrases_make(const struct table *table, struct arena *arena, struct phrases *ret_phrases,
                  struct failure *ret_failure);
/* The kind of the phrase that `line` begins with (case does not count; leading signs are skipped), or PHRASE_NONE. */
enum phrase_kind phrases_find(const struct phrases *phrases, struct span line);

/* Whether the end of `line` says who made a picture ("... Foto: AFP", "... © dpa"). */
bool phrases_credit(const struct phrases *phrases, struct span line);

#endif
