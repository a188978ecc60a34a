/* Reads the tags and texts of a page, in one pass that takes linear time, and leaves out what the article does not
 * need: comments; the content of script, style, svg, noscript and other elements without text of the article;
 * formatting tags
 * ("b", "em"; those with a name become "span") and images; ruby annotations; attributes that are not used (data- and
 * the like, and the address of a link that does not lead to an author's page); repeated white space. Collects the
 * content of JSON-LD scripts separately. Limits the depth of nesting to PRUNE_DEPTH, the number of tags to PRUNE_TAGS
 * (further tags are dropped, but their text is kept), and the number of attributes of a tag. */
#ifndef STAGES_EXTRACT_PRUNE_H
#define STAGES_EXTRACT_PRUNE_H

#include "pipeline/base/arena.h"
#include "stages/formats/elements.h"

enum { PRUNE_DEPTH = 250, PRUNE_TAGS = 400000, PRUNE_ATTRIBUTES = 24, PRUNE_VALUE = 16384 };

struct attribute {
    struct span name, value; /* name in lower case */
};

/* A tag that is kept. */
struct page_tag {
    struct span name; /* as written, except that of a tag that becomes a "span" */
    enum element element;
    bool closing, self_closing;
    struct span source;                            /* the tag as it stands in the page */
    struct attribute attributes[PRUNE_ATTRIBUTES]; /* values as written, with references; none of an end tag */
    size_t attribute_count;
};

/* Gets what is kept of a page. All spans point into the page, or to constants. */
struct page_reader {
    void *state;
    void (*text)(void *state, struct span text); /* white space in it is single spaces */
    void (*tag)(void *state, const struct page_tag *tag);
    void (*doctype)(void *state, struct span declaration);
};

struct pruned {
    struct span *linked_data; /* JSON-LD scripts, borrowed from the page; the array is allocated in the arena */
    size_t linked_count, linked_capacity;
};

/* Attributes to keep in addition to the usual ones: those that the user's selector (`article = SELECTOR`) tests. */
struct attribute_names {
    const struct span *names;
    size_t count;
};

/* Calls the reader for all that is kept, in order. `page` is UTF-8. */
struct pruned prune_page(struct span page, struct attribute_names more, const struct page_reader *reader,
                         struct arena *arena);

/* Returns true if a run of text that begins at `start`, and is copied in one piece, ends at `at`. Single spaces do not
 * end it; other white space does, and is replaced. */
static inline bool text_run_ends(struct span text, size_t start, size_t at) {
    if (!text_is_space(text.at[at])) return false;
    return text.at[at] != ' ' || at + 1 == text.length || text_is_space(text.at[at + 1]) || at == start;
}

#endif
