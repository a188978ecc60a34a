/* Builds the tree of a page from its tags and texts, and repairs the nesting as the HTML standard says ("tree
 * construction"): it adds what may be left out, closes what was not closed, moves out of a table what does not belong
 * there, and continues a link that a block interrupts. Of what the standard describes, what the pruner leaves out is
 * not there: formatting other than links, scripts, templates, framesets, selections and svg. Elements of MathML are
 * read as if they were unknown ones. tree_modes.c has what comes before and after the body, tree_body.c the body, and
 * tree_tables.c tables. */
#ifndef STAGES_EXTRACT_TREE_BUILDER_H
#define STAGES_EXTRACT_TREE_BUILDER_H

#include "stages/extract/tree.h"

/* The insertion modes of the standard. */
enum tree_mode {
    TREE_INITIAL,
    TREE_BEFORE_HTML,
    TREE_BEFORE_HEAD,
    TREE_IN_HEAD,
    TREE_AFTER_HEAD,
    TREE_IN_BODY,
    TREE_IN_TEXT, /* in an element that contains nothing but text */
    TREE_IN_TABLE,
    TREE_IN_TABLE_TEXT, /* between the rows or cells of a table */
    TREE_IN_CAPTION,
    TREE_IN_TABLE_BODY,
    TREE_IN_ROW,
    TREE_IN_CELL,
    TREE_AFTER_BODY,
    TREE_AFTER_ALL
};

enum { TREE_NONE = -1 };

/* An element or a text. Links are indexes of parts, or TREE_NONE. */
struct tree_part {
    int parent, first, last, previous, next;
    unsigned char element;
    bool is_text, is_open;
    struct span text;
    const struct attribute *attributes;
    size_t attribute_count;
};

enum tree_token_kind { TOKEN_TEXT, TOKEN_START, TOKEN_END, TOKEN_LAST };

/* What the builder handles: a text, a start tag, an end tag, or the end of the page. */
struct tree_token {
    enum tree_token_kind kind;
    enum element element;
    struct span text; /* of tags: as written in the page */
    bool has_nul;     /* the text had NULs, which are left out */
    const struct attribute *attributes;
    size_t attribute_count;
};

struct tree_builder {
    struct arena *arena;     /* for what stays: texts and attributes */
    struct arena *scratch;   /* for the rest */
    struct tree_part *parts; /* on the heap; freed by the caller, like `text` */
    size_t count, capacity;
    int *stack; /* the open elements; the innermost is the last */
    size_t depth, stack_capacity;
    /* The links that continue after a block that interrupts them: at most one after each TREE_NONE, which stands for
     * an open cell, caption or object. */
    int *links;
    size_t link_count, link_capacity;
    unsigned open[ELEMENT_COUNT]; /* number of open elements of each kind */
    enum tree_mode mode, mode_after_text;
    int head, form;     /* parts */
    struct buffer text; /* what was read of the next text */
    bool moves_out;     /* what would be inserted into a table is inserted before it */
    bool in_quirks;     /* the page has no document type, or an old one */
};

/* ---------------------------------------------------------------- parts (tree_builder.c) */

int tree_current(const struct tree_builder *builder); /* the innermost open element */
enum element tree_current_element(const struct tree_builder *builder);
enum element tree_element(const struct tree_builder *builder, int part);
int tree_add_part(struct tree_builder *builder, struct tree_part part); /* without a place in the tree */
void tree_append(struct tree_builder *builder, int parent, int part);   /* as the last child */
/* Adds a part to a parent; if that is a part of a table and `moves_out` is set, puts it before the table. */
void tree_place(struct tree_builder *builder, int parent, int part);
void tree_take_from_parent(struct tree_builder *builder, int part);
/* Adds a new element to the current one, and opens it. */
int tree_add_element(struct tree_builder *builder, struct tree_part part);
/* Adds the text that was read as a part. Called wherever an element begins or ends. */
void tree_add_text(struct tree_builder *builder);
/* The same for a tag, after the text before it. Returns the part. */
int tree_insert(struct tree_builder *builder, const struct tree_token *token);
int tree_insert_element(struct tree_builder *builder, enum element element); /* without attributes */
void tree_insert_void(struct tree_builder *builder, const struct tree_token *token);
/* Closes the current element and returns its part. */
int tree_close(struct tree_builder *builder);
/* Closes elements up to and including the innermost open one of the kind, which must be open. */
void tree_close_to(struct tree_builder *builder, enum element element);
/* Closes elements whose end tags may be omitted. */
void tree_close_implied(struct tree_builder *builder);
void tree_open_again(struct tree_builder *builder, int part);
/* Makes a part an open element within a block that is open. */
void tree_open_after(struct tree_builder *builder, int block, int part);
/* Takes a part from the open elements, wherever it is among them. */
void tree_take_from_stack(struct tree_builder *builder, int part);
/* Adds to the text that is read. */
void tree_read_text(struct tree_builder *builder, const struct tree_token *token);
/* Adds those attributes of a repeated <html> or <body> that the part does not have. */
void tree_merge_attributes(struct tree_builder *builder, int part, const struct tree_token *token);

/* ---------------------------------------------------------------- links (tree_links.c) */

/* Opens the last link again if a block has interrupted it. */
void tree_continue_link(struct tree_builder *builder);
void tree_open_link(struct tree_builder *builder, const struct tree_token *token);
void tree_close_link(struct tree_builder *builder);
void tree_bound_links(struct tree_builder *builder);   /* at the start of a cell, caption or object */
void tree_unbound_links(struct tree_builder *builder); /* at its end */

/* ---------------------------------------------------------------- modes: return true if the token is to be handled
 * once more, in the mode that is now set */

bool tree_handle_in_body(struct tree_builder *builder, const struct tree_token *token);
bool tree_handle_in_text(struct tree_builder *builder, const struct tree_token *token);
bool tree_handle_in_table(struct tree_builder *builder, const struct tree_token *token);
bool tree_handle_in_table_text(struct tree_builder *builder, const struct tree_token *token);
bool tree_handle_in_caption(struct tree_builder *builder, const struct tree_token *token);
bool tree_handle_in_table_body(struct tree_builder *builder, const struct tree_token *token);
bool tree_handle_in_row(struct tree_builder *builder, const struct tree_token *token);
bool tree_handle_in_cell(struct tree_builder *builder, const struct tree_token *token);
/* Inserts an element that contains nothing but text. */
void tree_insert_raw(struct tree_builder *builder, const struct tree_token *token);
/* Returns true if an element of the kind is open, and no boundary of the scope is within it. */
enum tree_scope { SCOPE_BLOCK, SCOPE_BUTTON, SCOPE_LIST, SCOPE_TABLE };
bool tree_in_scope(const struct tree_builder *builder, enum element element, enum tree_scope scope);
/* Handles a token in the mode that is set, and in those that follow from it. */
void tree_handle(struct tree_builder *builder, const struct tree_token *token);

#endif
