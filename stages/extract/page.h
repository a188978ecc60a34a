/* A page as lines of text: what a reader sees between two line breaks, each with the element that contains it, and the
 * amount of text in each element. Every search for the article works on these. */
#ifndef STAGES_EXTRACT_PAGE_H
#define STAGES_EXTRACT_PAGE_H

#include "pipeline/article/article.h"
#include "stages/extract/tree.h"
#include "stages/extract/vocabulary.h"
#include "stages/language/unicode.h"

/* Bits that describe a node or one of its ancestors. */
enum context {
    CONTEXT_LINK = 1,
    CONTEXT_QUOTE = 2,
    CONTEXT_ITEM = 4,
    CONTEXT_FIGURE = 8,
    CONTEXT_CAPTION = 16,
    CONTEXT_HEADING = 32,
    CONTEXT_PARAGRAPH = 64,
    CONTEXT_BELOW = 128 /* is not shown as text: head, hidden, buttons */
};

struct line {
    int node; /* the innermost block element that contains the line */
    int at;   /* its first text node */
    enum block_kind kind;
    struct span text;             /* whitespace folded; in the arena */
    size_t columns, link_columns; /* width of the line (see text_columns), and of the links in it */
    bool has_marks; /* contains sentence punctuation: full stops or commas inside, or a full stop or colon at the end */
};

struct weight {
    size_t columns, link_columns;
    size_t prose; /* columns in lines of running text, without links; list items count half */
    size_t lines;
};

struct page {
    const struct tree *tree;
    struct arena *arena;
    const struct marks *marks;
    struct meaning *meanings; /* by node */
    unsigned char *contexts;  /* by node */
    struct weight *weights;   /* by node; a node's weight includes its descendants */
    bool *left_out;           /* by node: true if it is boilerplate or inside boilerplate */
    bool *cards; /* by node: true if it is in a list of teasers, or the second pass must leave it out too; left_out is
                    then true as well */
    struct line *lines; /* in reading order */
    size_t line_count, line_capacity;
    int headline; /* node of the line that holds the article's title, or -1; set by page_find_headline() */
};

/* Splits the page into lines, adds up the weights and leaves out boilerplate by name or tag. All of it is allocated in
 * `arena`; the tree must outlive the page. */
struct page page_read(const struct tree *tree, const struct vocabulary *vocabulary, const struct marks *marks,
                      struct arena *arena);
/* Finds the line that says `title`. An <h1> is preferred to another heading, and a heading to any other line. Leaves
 * the page unchanged if no line does. */
void page_find_headline(struct page *page, struct span title);
/* Returns the number of the first line at or after the headline. The headline must have been found. */
size_t page_headline_line(const struct page *page);
/* Returns true if the line reads like running text: it is long, or punctuated like a sentence, and not mostly links. */
bool line_is_prose(const struct line *line);
/* Sets the half-open range [first, end) of lines inside a node. */
void page_lines_of(const struct page *page, int node, size_t *ret_first, size_t *ret_end);
bool page_is_left_out(const struct page *page, const struct line *line);
/* Returns true if the node or an ancestor below `top` has any of the marks. `top` itself is not tested; -1 tests all.
 */
bool page_has_mark(const struct page *page, int node, int top, unsigned marks);

#endif
