/* What the names that pages give their elements (class, id, itemprop, role) mean: a table of words.
 *
 * A name is cut into words at '-', '_', other punctuation and changes to upper case ("ArticleBody_root" is "article
 * body root"); an entry of one to three words, written with '-' between them, counts wherever its words stand together.
 * "=entry" counts only when it is the whole name. Behind a word of the meaning "modifier" ("has", "no") nothing counts.
 */
#ifndef STAGES_EXTRACT_VOCABULARY_H
#define STAGES_EXTRACT_VOCABULARY_H

#include "pipeline/base/table.h"
#include "stages/extract/tree.h"

enum name_mark {
    MARK_BOILERPLATE = 1 << 0,
    MARK_COMMENTS = 1 << 1, /* readers' comments: dropped whatever their share of the page */
    MARK_HIDDEN = 1 << 2,   /* not shown, or to screen readers only */
    MARK_CAPTION = 1 << 3,
    MARK_BYLINE = 1 << 4,
    MARK_STANDFIRST = 1 << 5,
    MARK_CONTAINER = 1 << 6,
    MARK_TITLE = 1 << 7,
    MARK_MODIFIER = 1 << 8,
    MARK_DATE = 1 << 9
};

struct vocabulary {
    struct entry *entries; /* open addressing; a power of two of them */
    size_t size;
};

enum { RANK_NONE = 255 };

struct meaning {
    unsigned marks;
    unsigned rank; /* of a container's name: 0 is the most specific; RANK_NONE */
};

/* Rows of `table`: meaning, then its words parted by spaces. The rank of a container is that of its row. False for a
 * meaning that is not known. */
bool vocabulary_make(const struct table *table, struct arena *arena, struct vocabulary *ret_vocabulary,
                     struct failure *ret_failure);
struct meaning vocabulary_look_up(const struct vocabulary *vocabulary, const struct node *node);

#endif
