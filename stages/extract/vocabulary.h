/* The meanings of the names that pages give to their elements (class, id, itemprop, role), from a table of words. A
 * name is split into words at '-', '_', other punctuation and changes to upper case ("ArticleBody_root" becomes
 * "article body root"). An entry of one to three words, joined by '-', matches wherever its words are next to each
 * other in a name. "=entry" matches only a name that has no other words. After a word with the meaning "modifier"
 * ("has", "no"), nothing in the name matches. */
#ifndef STAGES_EXTRACT_VOCABULARY_H
#define STAGES_EXTRACT_VOCABULARY_H

#include "pipeline/base/table.h"
#include "stages/extract/tree.h"

enum name_mark {
    MARK_BOILERPLATE = 1 << 0,
    MARK_COMMENTS = 1 << 1, /* readers' comments, left out even if they are a large share of the page */
    MARK_HIDDEN = 1 << 2,   /* hidden, or for screen readers only */
    MARK_CAPTION = 1 << 3,
    MARK_BYLINE = 1 << 4,
    MARK_STANDFIRST = 1 << 5,
    MARK_CONTAINER = 1 << 6,
    MARK_TITLE = 1 << 7,
    MARK_MODIFIER = 1 << 8,
    MARK_DATE = 1 << 9,
    MARK_BYLINE_DETAIL = 1 << 10 /* part of a by-line that is not a name: a place, a role, an address */
};

struct vocabulary {
    struct entry *entries; /* hash table with open addressing; the number of entries is a power of two */
    size_t size;
};

enum { RANK_NONE = 255 };

struct meaning {
    unsigned marks;
    unsigned rank;   /* rank of the name of a container: 0 is the most specific; RANK_NONE if the name is not that of a
                        container */
    float low, high; /* the lowest and the highest odds of the words in the names; 0 if none is below, or above, 0 */
};

/* Names that were looked up before: those of a page repeat. All zero at first. */
enum { KNOWN_NAMES = 128 };
struct known_meanings {
    struct known_names {
        struct span names; /* the value of an attribute */
        struct meaning meaning;
    } names[KNOWN_NAMES];
};

/* Builds the vocabulary from two tables. `names` has the columns meaning and words, separated by spaces; the order of
 * its rows determines the ranks of container names. `odds` has the columns words (one or two, joined by '-') and the
 * natural logarithm of the odds that text in an element with these words in its name belongs to the article; it is
 * learned by tools/train_lines.py. Returns false if a meaning is unknown or a number is not between -9 and 9. */
bool vocabulary_make(const struct table *names, const struct table *odds, struct arena *arena,
                     struct vocabulary *ret_vocabulary, struct failure *ret_failure);
/* Returns what the names of an element mean together: all their marks, and the rank of the most specific container
 * name. The names must outlive `known`. */
struct meaning vocabulary_look_up(const struct vocabulary *vocabulary, struct known_meanings *known,
                                  const struct node *node);
/* Calls `list` with each word of an element's names, in lower case, and with each pair of words next to each other,
 * joined by '-', as they stand in the table of odds. Used by the tool that learns them. */
void vocabulary_list_words(const struct node *node, void (*list)(void *state, struct span words), void *state);

#endif
