/* What pages say that are no article: "we use cookies", "page not found", "this article is for subscribers", as a table
 * of phrases in many languages. One phrase proves nothing; content.h weighs them. */
#ifndef STAGES_EXTRACT_SIGNS_H
#define STAGES_EXTRACT_SIGNS_H

#include <stdbool.h>

#include "pipeline/base/table.h"

enum sign {
    SIGN_CONSENT,
    SIGN_CAPTCHA,
    SIGN_LOGIN,
    SIGN_SCRIPT,
    SIGN_REFUSED,
    SIGN_NOT_FOUND,
    SIGN_SERVER_ERROR,
    SIGN_SUBSCRIBE, /* that the rest is for subscribers */
    SIGNS
};

struct signs {
    struct sign_phrase *phrases;
    size_t count, capacity;
    uint32_t *buckets; /* by the first bytes: index + 1 of the first phrase; 0: none */
};

/* What one text says, by sign. */
struct said {
    bool any[SIGNS];       /* a phrase */
    bool mostly[SIGNS];    /* one that is most of the text */
    size_t phrases[SIGNS]; /* how many that were not seen before, */
    size_t bytes[SIGNS];   /* and their length */
};

/* Rows: sign, language, phrases in lower case parted by " ; ". A phrase of a sign with "-whole" behind its name counts
 * only where it is most of the text. False for a sign that is not known. */
bool signs_make(const struct table *table, struct arena *arena, struct signs *ret_signs, struct failure *ret_failure);
/* Case does not count, nor the shape of apostrophes, nor a number between two words ("our 842 partners"); phrases begin
 * and end with words, and are not quoted. `seen` has a place for each phrase (signs.count), which becomes true. */
struct said signs_find(const struct signs *signs, struct span text, bool *seen);

#endif
