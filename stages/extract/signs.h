/* Finds signs that a page is not an article. A sign is a reason, such as SIGN_CONSENT, with its phrases, such as "we
 * use cookies", "page not found" or "this article is for subscribers", listed in a table in many languages. A single
 * phrase proves nothing; content.h weighs them. */
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
    SIGN_SUBSCRIBE, /* the rest of the text is only for subscribers */
    SIGNS
};

struct signs {
    struct sign_phrase *phrases;
    size_t count, capacity;
    uint32_t *buckets; /* by the hash of the first bytes: index + 1 of the first phrase, or 0 */
};

/* The phrases found in a text, for each sign. */
struct sign_matches {
    bool any[SIGNS];       /* has a phrase */
    bool mostly[SIGNS];    /* a single phrase is at least half of the text */
    size_t phrases[SIGNS]; /* number of phrases that were not found before */
    size_t bytes[SIGNS];   /* total length of these phrases */
};

/* Builds the phrases from a table with the columns sign, language, and phrases in lower case, separated by ";". A
 * phrase whose sign has the suffix "-whole" counts only if it is at least half of the text. Returns false if a sign is
 * unknown. */
bool signs_make(const struct table *table, struct arena *arena, struct signs *ret_signs, struct failure *ret_failure);
/* Finds the phrases in a text, ignoring case, the form of apostrophes, and a number between two words ("our 842
 * partners"). A phrase must begin and end at the edge of a word and must not be quoted. `seen` has signs.count
 * elements; an element is set when its phrase is found, so that a phrase counts only once in several calls. */
struct sign_matches signs_find(const struct signs *signs, struct span text, bool *seen);

#endif
