/* A page as lines of text. A line is what a reader sees between two line breaks. Each line has the element that
 * contains it, and each element has a weight, the amount of text in it. Every search for the article works on these. */
#ifndef STAGES_EXTRACT_PAGE_H
#define STAGES_EXTRACT_PAGE_H

#include "pipeline/article/article.h"
#include "stages/extract/tree.h"
#include "stages/extract/vocabulary.h"
#include "stages/language/unicode.h"

/* Bits that tell what a node or one of its ancestors is. */
enum context {
    CONTEXT_LINK = 1,
    CONTEXT_QUOTE = 2,
    CONTEXT_ITEM = 4,
    CONTEXT_FIGURE = 8,
    CONTEXT_CAPTION = 16,
    CONTEXT_HEADING = 32,
    CONTEXT_PARAGRAPH = 64,
    CONTEXT_BELOW = 128 /* not shown as text: head, hidden elements, buttons */
};

struct line {
    int node; /* the innermost block element that contains the line */
    int at;   /* its first text node */
    enum block_kind kind;
    struct span text;             /* with whitespace folded; in the arena */
    size_t columns, link_columns; /* width of the line (see text_columns), and width of the links in it */
    bool has_marks; /* has sentence punctuation: a full stop or comma inside, or a full stop or colon at the end */
};

struct weight {
    size_t columns, link_columns;
    size_t prose; /* columns of running text without links; list items count half */
    size_t lines;
};

struct page {
    const struct tree *tree;
    struct arena *arena;
    const struct marks *marks;
    struct meaning *meanings; /* by node */
    unsigned char *contexts;  /* by node */
    struct weight *weights;   /* for each node; includes the text of its descendants */
    bool *left_out;           /* for each node: true if it is boilerplate or inside boilerplate */
    bool *cards; /* for each node: true if it is in a list of teasers, or must be left out by the second pass over the
                    page as well (see body.c); left_out is then also true */
    struct line *lines; /* in reading order */
    size_t line_count, line_capacity;
    int headline; /* node of the line that holds the article's title, or -1; set by page_find_headline() */
};

/* Splits the page into lines, computes the weights and leaves out boilerplate, which is recognized by name or tag.
 * Everything is allocated in `arena`; the tree must outlive the page. */
struct page page_read(const struct tree *tree, const struct vocabulary *vocabulary, const struct marks *marks,
                      struct arena *arena);
/* Finds the line with the text of `title` and sets `headline`. An <h1> is preferred to another heading, and a heading
 * to any other line. Leaves the page unchanged if there is no such line. */
void page_find_headline(struct page *page, struct span title);
/* Returns the number of the first line at or after the headline, which must have been found. */
size_t page_headline_line(const struct page *page);
/* Returns true if the line is running text: long or punctuated like a sentence, and not mostly links. */
bool line_is_prose(const struct line *line);
/* Sets the range [first, end) of lines inside a node. */
void page_lines_of(const struct page *page, int node, size_t *ret_first, size_t *ret_end);
bool page_is_left_out(const struct page *page, const struct line *line);
/* Returns true if the node or one of its ancestors below `top` has any of the marks. `top` itself is not tested; if it
 * is -1, all ancestors are. */
bool page_has_mark(const struct page *page, int node, int top, unsigned marks);

#endif
