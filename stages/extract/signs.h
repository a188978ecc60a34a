/* Signs that a page is not an article: phrases such as "we use cookies", "page not found" or "this article is for
 * subscribers", from a table in many languages. A single phrase proves nothing; content.h weighs them. */
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
    SIGN_SUBSCRIBE, /* the rest is for subscribers only */
    SIGNS
};

struct signs {
    struct sign_phrase *phrases;
    size_t count, capacity;
    uint32_t *buckets; /* by hash of the first bytes: index + 1 of the first phrase, 0 if none */
};

/* The phrases found in one text, by sign. */
struct sign_matches {
    bool any[SIGNS];       /* has a phrase */
    bool mostly[SIGNS];    /* a phrase is at least half of the text */
    size_t phrases[SIGNS]; /* number of phrases not seen before */
    size_t bytes[SIGNS];   /* total length of these phrases */
};

/* Builds the phrases from a table with the columns sign, language, and phrases in lower case separated by ";". A phrase
 * whose sign ends in "-whole" counts only if it is at least half of the text. Returns false if a sign is unknown. */
bool signs_make(const struct table *table, struct arena *arena, struct signs *ret_signs, struct failure *ret_failure);
/* Finds the phrases in a text, ignoring case, the form of apostrophes, and a number between two words ("our 842
 * partners"). A phrase must begin and end at a word's boundary and not be quoted. `seen` has signs.count elements and
 * is set for each phrase found, so that it counts once over several calls. */
struct sign_matches signs_find(const struct signs *signs, struct span text, bool *seen);

#endif
