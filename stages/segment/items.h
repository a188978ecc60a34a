/* Recognizes lists within running text: "1) Tea 2) Coffee", "a. Tea b. Coffee", "• Tea • Coffee". */
#ifndef STAGES_SEGMENT_ITEMS_H
#define STAGES_SEGMENT_ITEMS_H

#include "stages/language/marks.h"

/* The label of a list item: a bullet, a number or letter, or both. */
struct item {
    uint32_t bullet;    /* 0 if there is none */
    bool bracketed;     /* "(1)" */
    bool point, closed; /* "1.": point; "1)": closed; "1.)": both */
    bool capital;
    unsigned number, letter, roman; /* value of the label, read as each of these; 0 if it cannot be read that way */
    size_t end;                     /* for a numbered item: where its text begins */
};

/* Returns whether a list item begins at `position`, and reads its label. Looks at a limited number of bytes. */
bool items_read(const struct marks *marks, struct span text, size_t position, struct item *ret_item);
/* Returns where the label begins whose full stop, bracket or bullet is at `mark`: after the last space before `mark`.
 * Returns SIZE_MAX if that is too far away for a label. */
size_t items_begin(const struct marks *marks, struct span text, size_t mark);
/* Returns whether `next` continues the list to which `before` belongs. */
bool items_follow(const struct item *before, const struct item *next);

#endif
