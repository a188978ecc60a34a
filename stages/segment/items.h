/* Lists that are written as running text: "1) Tea 2) Coffee", "a. Tea b. Coffee", "• Tea • Coffee". */
#ifndef STAGES_SEGMENT_ITEMS_H
#define STAGES_SEGMENT_ITEMS_H

#include "stages/language/marks.h"

/* What begins an item: a bullet, a number or letter, or both. */
struct item {
    uint32_t bullet;    /* 0 for none */
    bool bracketed;     /* "(1)" */
    bool point, closed; /* behind the number: "1.", "1)", "1.)" */
    bool capital;
    unsigned number, letter, roman; /* what its sign counts as; 0 for none of these */
    size_t end;                     /* where the item's own text begins, when it is numbered */
};

/* Whether an item begins at `position`; looks at a bounded stretch. */
bool items_read(const struct marks *marks, struct span text, size_t position, struct item *ret_item);
/* Where the item begins whose sign has its mark at `mark`: behind the last space before it. SIZE_MAX when that is
 * too far for a sign. */
size_t items_begin(const struct marks *marks, struct span text, size_t mark);
/* Whether an item goes on with the list that another began. */
bool items_follow(const struct item *before, const struct item *next);

#endif
