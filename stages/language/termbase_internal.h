/* The termbase's parts among themselves. */
#ifndef STAGES_LANGUAGE_TERMBASE_INTERNAL_H
#define STAGES_LANGUAGE_TERMBASE_INTERNAL_H

#include "stages/language/termbase.h"

enum { TERM_WORDS = 8, TERM_BUCKETS = 4096 };

/* A term as it is searched for. */
struct entry {
    struct term term;
    struct span words[TERM_WORDS]; /* of the source, as written */
    size_t word_count;
    bool exact;
    struct entry *next; /* of the bucket, longer sources first */
};

struct termbase {
    struct arena *arena;
    struct entry *buckets[TERM_BUCKETS]; /* by the first letters of the first word */
    size_t count;
    struct span version;
};

/* The bucket of a word: its first letters (at most three, or `max_letters`), without regard to case. */
size_t term_bucket(struct span word, size_t max_letters);
/* The word at `at` (letters, digits and marks; one character in scripts without spaces); empty when none begins there.
 */
struct span term_word(struct span text, size_t at);
/* Whether a word of the text is a form of a word of the term. */
bool term_word_fits(struct span word, struct span of_term, bool exact);

#endif
