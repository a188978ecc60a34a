/* Definitions shared by the files of the termbase. */
#ifndef STAGES_LANGUAGE_TERMBASE_INTERNAL_H
#define STAGES_LANGUAGE_TERMBASE_INTERNAL_H

#include "stages/language/termbase.h"

enum { TERM_WORDS = 8, TERM_BUCKETS = 4096 };

/* A term, prepared for searching. */
struct entry {
    struct term term;
    struct span words[TERM_WORDS]; /* words of the source, as written */
    size_t word_count;
    bool exact;
    struct entry *next; /* next entry in the bucket; its source is not longer */
};

struct termbase {
    struct arena *arena;
    struct entry *buckets[TERM_BUCKETS]; /* indexed by the term_bucket() of the first word */
    size_t count;
    struct span version;
};

/* Returns the bucket of a word. It depends on the first three letters of the word (on the first `max_letters` if that
 * is fewer), regardless of case. */
size_t term_bucket(struct span word, size_t max_letters);
/* Returns the word at `at`, which consists of letters, digits and marks or, in a script without spaces, of one
 * character. Empty if no word begins there. */
struct span term_word(struct span text, size_t at);
/* Returns true if `word`, from a text, is a form of `of_term`, a word of a term. */
bool term_word_fits(struct span word, struct span of_term, bool exact);

#endif
