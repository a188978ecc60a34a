/* A page as lines of text: what a reader sees between two breaks, each with the element that holds it, and what the
 * elements weigh. Everything that looks for the article works on these. */
#ifndef STAGES_EXTRACT_PAGE_H
#define STAGES_EXTRACT_PAGE_H

#include "pipeline/article/article.h"
#include "stages/extract/tree.h"
#include "stages/extract/vocabulary.h"
#include "stages/language/unicode.h"

/* Of a node or of one of those around it. */
enum context {
    CONTEXT_LINK = 1,
    CONTEXT_QUOTE = 2,
    CONTEXT_ITEM = 4,
    CONTEXT_FIGURE = 8,
    CONTEXT_CAPTION = 16,
    CONTEXT_HEADING = 32,
    CONTEXT_PARAGRAPH = 64,
    CONTEXT_BELOW = 128 /* nothing of it counts: head, hidden, buttons */
};

struct line {
    int node; /* the innermost block element around it */
    int at;   /* its first text node */
    enum block_kind kind;
    struct span text;             /* folded; in the arena */
    size_t columns, link_columns; /* its width (text_columns), and what of it is in links */
    bool has_marks;               /* of sentences: stops or commas within, or a stop or a colon at the end */
};

struct weight {
    size_t columns, link_columns;
    size_t prose; /* columns of lines that read like paragraphs */
    size_t lines;
};

struct page {
    const struct tree *tree;
    struct arena *arena;
    const struct marks *marks;
    struct meaning *meanings; /* by node */
    unsigned char *contexts;  /* by node */
    struct weight *weights;   /* by node, of all that is below */
    bool *left_out;           /* by node: boilerplate, or below it */
    bool *cards;              /* by node: one of a list of teasers; left out as well */
    struct line *lines;       /* in reading order */
    size_t line_count, line_capacity;
    int headline; /* the node of the line that is the article's title, or -1; page_find_headline sets it */
};

/* Lines, weights and what is left out by its name or tag. Everything is the arena's; the tree must outlive the page. */
struct page page_read(const struct tree *tree, const struct vocabulary *vocabulary, const struct marks *marks,
                      struct arena *arena);
/* Looks for the line that says `title`: a heading of the first order, any heading, any line. */
void page_find_headline(struct page *page, struct span title);
/* The first line at or behind the headline; needs one. */
size_t page_headline_line(const struct page *page);
/* A line that reads like running text: long enough, or a sentence, and not mostly links. */
bool line_is_prose(const struct line *line);
/* The lines below a node are [first, end). */
void page_lines_of(const struct page *page, int node, size_t *ret_first, size_t *ret_end);
bool page_is_left_out(const struct page *page, const struct line *line);
/* Whether a node or one of those around it has any of the marks, up to and without `top`. */
bool page_has_mark(const struct page *page, int node, int top, unsigned marks);

#endif
