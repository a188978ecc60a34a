/* Titles of works that the English quotes in the original, as the source does: "the film «Летят журавли»", 'the
 * newspaper "Süddeutsche Zeitung"'. They need no translation. */
#ifndef STAGES_CHECK_KEPT_TITLES_H
#define STAGES_CHECK_KEPT_TITLES_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"
#include "stages/language/marks.h"

enum { MAX_TITLES = 8 };

struct kept_titles {
    struct span items[MAX_TITLES]; /* what is between the quotation marks, in the order of the English */
    size_t count;
};

/* Finds the titles: at most eight words between quotation marks, the same in both texts, that begin with a capital
 * letter or, in a script without capitals, are in the brackets of titles (《》). Quoted speech is not a title:
 * after a colon or a comma, at the beginning before a comma, or with the end of a sentence inside. */
void kept_titles_find(const struct marks *marks, struct span source, struct span english,
                      struct kept_titles *ret_titles);
/* Returns whether the position is in a title. */
bool kept_titles_have(const struct kept_titles *titles, const char *at);

#endif
