#include "stages/extract/page.h"

#include <string.h>

#include "stages/extract/overlap.h"
#include "stages/extract/raised.h"

enum {
    SHORT_PROSE = 60,
    LONG_PROSE = 140,
    LONGEST_ROW = 400,
    LONGEST_CAPTION = 1500,
    LONGEST_CARD = 900,
    MAX_CARD_LINES = 9,
    MIN_CARDS = 3
};

/* ---------------------------------------------------------------- contexts */

static bool is_inline(enum tag tag) {
    return tag == TAG_TEXT || tag == TAG_A || tag == TAG_SPAN || tag == TAG_CITE || tag == TAG_Q || tag == TAG_TIME ||
           tag == TAG_LABEL || tag == TAG_BR || tag == TAG_SUB || tag == TAG_SUP;
}

static unsigned tag_context(enum tag tag) {
    if (tag == TAG_A) return CONTEXT_LINK;
    if (tag == TAG_BLOCKQUOTE) return CONTEXT_QUOTE;
    if (tag == TAG_LI || tag == TAG_DT || tag == TAG_DD) return CONTEXT_ITEM;
    if (tag == TAG_FIGURE) return CONTEXT_FIGURE;
    if (tag == TAG_FIGCAPTION || tag == TAG_CAPTION) return CONTEXT_CAPTION;
    if (tag >= TAG_H1 && tag <= TAG_H6) return CONTEXT_HEADING;
    if (tag == TAG_P) return CONTEXT_PARAGRAPH;
    return tag == TAG_HEAD || tag == TAG_BUTTON ? CONTEXT_BELOW : 0;
}

/* Returns true if the element is hidden. Hidden inline text is dropped at once; hidden blocks are judged later by their
 * size, because some pages hide the article until a script shows it. */
static bool is_hidden(const struct node *node, unsigned marks) {
    return marks & MARK_HIDDEN || node_has(node, "hidden") || span_is(node_attribute(node, "aria-hidden"), "true");
}

/* Returns the width of the text below each node, in columns. */
static size_t *read_sizes(const struct page *page) {
    size_t *sizes = arena_take(page->arena, (page->tree->count + 1) * sizeof *sizes);
    for (size_t i = page->tree->count; i-- > 1;) {
        sizes[i] += text_columns(page->tree->nodes[i].text);
        sizes[page->tree->nodes[i].parent] += sizes[i];
    }
    return sizes;
}

/* Sets the meanings and the context of each node. A node inherits the bits of its ancestors, which precede it. */
static void read_contexts(struct page *page, const struct vocabulary *vocabulary) {
    const size_t *sizes = read_sizes(page);
    struct known_meanings known = {0};
    for (size_t i = 0; i < page->tree->count; i++) {
        const struct node *node = &page->tree->nodes[i];
        unsigned context = node->parent < 0 ? 0 : page->contexts[node->parent];
        page->meanings[i] = (struct meaning){.rank = RANK_NONE};
        if (node->tag != TAG_TEXT) {
            if (node->attribute_count) page->meanings[i] = vocabulary_look_up(vocabulary, &known, node);
            unsigned marks = page->meanings[i].marks;
            context |= tag_context(node->tag);
            /* a large element called "image" or the like contains more than a caption */
            bool named = marks & MARK_CAPTION && !(marks & MARK_CONTAINER) && sizes[i] < LONGEST_CAPTION;
            if (named && !(context & (CONTEXT_PARAGRAPH | CONTEXT_HEADING))) context |= CONTEXT_CAPTION;
            if (is_inline(node->tag) && is_hidden(node, marks)) context |= CONTEXT_BELOW;
        }
        page->contexts[i] = (unsigned char)context;
    }
}

/* ---------------------------------------------------------------- lines */

struct writer {
    struct page *page;
    struct buffer text;
    int *blocks;  /* for each node, the innermost block element that is the node or contains it */
    int node, at; /* block element and first text node of the line that is being written */
    int row_end;  /* all nodes before this one belong to the same table row */
    int breaks;   /* number of <br> since the last text */
    bool space, cell;
    size_t link_columns;
};

/* Returns the kind of block for the lines of a node. The order of the tests matters: a caption in a list is a caption,
 * and a table row in a quotation is a row. */
static enum block_kind line_kind(const struct writer *writer, int node) {
    unsigned context = writer->page->contexts[node];
    if (context & CONTEXT_CAPTION) return BLOCK_CAPTION;
    if (context & CONTEXT_HEADING) return BLOCK_HEADING;
    if (writer->page->tree->nodes[node].tag == TAG_TR) return BLOCK_TABLE_ROW;
    if (context & CONTEXT_ITEM) return BLOCK_LIST_ITEM;
    return context & CONTEXT_QUOTE ? BLOCK_QUOTE : BLOCK_PARAGRAPH;
}

/* Returns true if the text has sentence punctuation, which distinguishes running text from names and links. This
 * matters only for lines of medium length. */
static bool has_sentence_mark(const struct marks *marks, struct span text, size_t columns) {
    if (columns < SHORT_PROSE || columns >= LONG_PROSE) return true; /* the result is not used for these lengths */
    return text_has_clauses(marks, text) || text_ends_sentence(marks, text) || span_ends(text, SPAN(":"));
}

/* Ends the current line, and adds it if it has text. */
static void end_line(struct writer *writer) {
    struct page *page = writer->page;
    struct span text = text_trim(buffer_span(&writer->text)); /* wide spaces may indent a paragraph */
    if (text.length) {
        size_t columns = text_columns(text);
        page->lines = arena_grow(page->arena, page->lines, page->line_count, &page->line_capacity, sizeof *page->lines);
        page->lines[page->line_count++] = (struct line){.node = writer->node,
                                                        .at = writer->at,
                                                        .kind = line_kind(writer, writer->node),
                                                        .text = arena_copy(page->arena, text),
                                                        .columns = columns,
                                                        .link_columns = writer->link_columns,
                                                        .has_marks = has_sentence_mark(page->marks, text, columns)};
    }
    buffer_clear(&writer->text);
    writer->space = writer->cell = false;
    writer->breaks = 0;
    writer->link_columns = 0;
}

static bool is_blank(struct span text) {
    return span_trim(text).length == 0;
}

/* Appends a text to the current line. A single <br> does not end the line; two or more <br> do. */
static void write_text(struct writer *writer, int index, struct span text) {
    const struct page *page = writer->page;
    if (is_blank(text)) {
        writer->space = true;
        return;
    }
    if (writer->breaks > 1 && index >= writer->row_end) end_line(writer);
    if (index >= writer->row_end && writer->node != writer->blocks[index]) end_line(writer);
    if (index >= writer->row_end) writer->node = writer->blocks[index];
    if (writer->cell && writer->text.length) buffer_add_string(&writer->text, " |");
    if (writer->cell || writer->breaks) writer->space = true;
    writer->cell = false;
    writer->breaks = 0;
    if (writer->text.length == 0) writer->at = index;
    size_t before = writer->text.length;
    text_fold(&writer->text, text, &writer->space);
    if (page->contexts[index] & CONTEXT_LINK)
        writer->link_columns += text_columns(span_cut(buffer_span(&writer->text), before, writer->text.length));
}

/* Writes a superscript or subscript, which may also replace the end of the preceding text (see struct raised). */
static void write_raised(struct writer *writer, int index) {
    bool continues = writer->breaks == 0 && !writer->cell && !writer->space && writer->node == writer->blocks[index];
    struct span before = continues || writer->space ? buffer_span(&writer->text) : SPAN("");
    if (writer->space && before.length) before = arena_print(writer->page->arena, "%.*s ", SPAN_ARGS(before));
    struct raised raised = raised_read(writer->page->tree, index, before, writer->page->arena);
    if (continues) writer->text.length -= raised.cut;
    if (raised.text.length) write_text(writer, index, raised.text);
}

/* Returns true for a row of a data table: it has at least two cells, little text and no block elements except
 * paragraphs. Other rows are only used for the layout of the page. */
static bool is_data_row(const struct tree *tree, int row) {
    size_t cells = 0, columns = 0;
    for (int i = row + 1; i < tree->nodes[row].end; i++) {
        const struct node *node = &tree->nodes[i];
        columns += text_columns(node->text);
        cells += node->tag == TAG_TD || node->tag == TAG_TH;
        if (!is_inline(node->tag) && node->tag != TAG_TD && node->tag != TAG_TH && node->tag != TAG_P) return false;
        if (columns > LONGEST_ROW) return false;
    }
    return cells > 1;
}

/* Returns true for a block element. This includes a <span> outside paragraphs for a caption or by-line. */
static bool is_block(const struct page *page, int index) {
    const unsigned blocks = MARK_CAPTION | MARK_BOILERPLATE | MARK_BYLINE;
    if (!is_inline(page->tree->nodes[index].tag)) return true;
    return page->tree->nodes[index].tag == TAG_SPAN && page->meanings[index].marks & blocks &&
           !(page->contexts[index] & (CONTEXT_PARAGRAPH | CONTEXT_HEADING));
}

/* Ends the line at a block element. Within a row of a data table, the cells are joined to one line instead. */
static void write_element(struct writer *writer, int index) {
    const struct node *node = &writer->page->tree->nodes[index];
    if (node->tag == TAG_BR) {
        writer->breaks++;
    } else if (index < writer->row_end) {
        writer->cell = writer->cell || node->tag == TAG_TD || node->tag == TAG_TH;
        writer->space = writer->space || node->tag == TAG_P;
    } else if (is_block(writer->page, index)) {
        end_line(writer);
        if (node->tag != TAG_TR || !is_data_row(writer->page->tree, index)) return;
        writer->row_end = node->end;
        writer->node = index;
    } else if (!(writer->page->contexts[index] & (CONTEXT_PARAGRAPH | CONTEXT_HEADING))) {
        writer->space = writer->space || tree_is_apart(writer->page->tree, index);
    }
}

static void read_lines(struct page *page) {
    const struct tree *tree = page->tree;
    struct writer writer = {
        .page = page, .text = BUFFER(64u << 20), .blocks = arena_take(page->arena, tree->count * sizeof(int))};
    for (int i = 0; i < (int)tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        writer.blocks[i] = node->parent < 0 || is_block(page, i) ? i : writer.blocks[node->parent];
        if (page->contexts[i] & CONTEXT_BELOW)
            i = node->end - 1;
        else if (raised_is(tree, i)) {
            write_raised(&writer, i);
            i = node->end - 1;
        } else if (node->tag == TAG_TEXT)
            write_text(&writer, i, node->text);
        else
            write_element(&writer, i);
    }
    end_line(&writer);
    buffer_free(&writer.text);
}

/* ---------------------------------------------------------------- weights */

bool line_is_prose(const struct line *line) {
    if (line->kind == BLOCK_HEADING || line->kind == BLOCK_CAPTION || line->columns < SHORT_PROSE) return false;
    if (line->link_columns * 2 > line->columns) return false;
    return line->columns >= LONG_PROSE || line->has_marks;
}

static void sum_weights(struct page *page) {
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        struct weight *weight = &page->weights[line->node];
        weight->columns += line->columns;
        weight->link_columns += line->link_columns;
        weight->lines++;
        if (line_is_prose(line))
            weight->prose += (line->columns - line->link_columns) / (line->kind == BLOCK_LIST_ITEM ? 2 : 1);
    }
    for (size_t i = page->tree->count; i-- > 1;) {
        struct weight *around = &page->weights[page->tree->nodes[i].parent], *weight = &page->weights[i];
        around->columns += weight->columns;
        around->link_columns += weight->link_columns;
        around->prose += weight->prose;
        around->lines += weight->lines;
    }
}

/* ---------------------------------------------------------------- what is left out */

static bool is_dropped_tag(enum tag tag) {
    return tag == TAG_NAV || tag == TAG_ASIDE || tag == TAG_FOOTER || tag == TAG_FORM;
}

/* Returns true for a late part of a React page: it has an id such as "S:0" and is hidden until a script moves it. */
static bool is_streamed(const struct node *node) {
    return span_starts(node_attribute(node, "id"), SPAN("S:"));
}

/* Returns why the element is to be left out: MARK_COMMENTS, MARK_BOILERPLATE (because of its name or tag) or
 * MARK_HIDDEN; otherwise 0. */
static unsigned exclusion_reason(const struct page *page, int index) {
    const struct node *node = &page->tree->nodes[index];
    unsigned marks = page->meanings[index].marks;
    if (node->tag == TAG_TEXT || node->tag == TAG_HTML || node->tag == TAG_BODY || node->tag == TAG_A) return 0;
    if (node->tag == TAG_SPAN && page->contexts[index] & (CONTEXT_PARAGRAPH | CONTEXT_HEADING)) return 0;
    if (marks & MARK_COMMENTS && !(marks & MARK_CONTAINER)) return MARK_COMMENTS;
    if (marks & MARK_BOILERPLATE || is_dropped_tag(node->tag)) return MARK_BOILERPLATE;
    return is_hidden(node, marks) && !is_streamed(node) ? MARK_HIDDEN : 0;
}

/* Returns true if the element must be kept because it contains the article, whatever it is called: it has half of the
 * page's running text. Comments need nine tenths, because they may be longer than the article. */
static bool is_spared(const struct page *page, int index, unsigned reason) {
    size_t own = page->weights[index].prose, all = page->weights[0].prose;
    return reason == MARK_COMMENTS ? own * 10 >= all * 9 : own * 2 >= all;
}

/* Returns the small boxes with a link ("cards"). If enough of its siblings are cards as well, a card is a teaser. */
static bool *find_cards(const struct page *page) {
    bool *cards = arena_take(page->arena, page->tree->count + 1);
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        if (line->link_columns * 3 < line->columns * 2 || page->tree->nodes[line->node].tag == TAG_P) continue;
        for (int node = line->node; node > 0 && !cards[node]; node = page->tree->nodes[node].parent) {
            const struct weight *weight = &page->weights[node];
            if (line->kind != BLOCK_HEADING && i > 0 && page->lines[i - 1].at > node) break;
            if (weight->columns > LONGEST_CARD || weight->lines > MAX_CARD_LINES) break;
            cards[node] = weight->lines > 1;
        }
    }
    return cards;
}

/* Leaves out the cards among an element's children if at least half of the children are cards, because they are then
 * teasers. */
static void leave_out_cards(struct page *page) {
    const struct tree *tree = page->tree;
    const bool *cards = find_cards(page);
    for (int i = 0; i < (int)tree->count; i++) {
        size_t found = 0, others = 0;
        for (int child = tree->nodes[i].child; child >= 0; child = tree->nodes[child].next) {
            found += cards[child];
            others += !cards[child] && page->weights[child].columns > 0;
        }
        if (found < MIN_CARDS || others > found) continue;
        for (int child = tree->nodes[i].child; child >= 0; child = tree->nodes[child].next)
            if (cards[child]) page->cards[child] = page->left_out[child] = true;
    }
}

/* Leaves out boilerplate. If an element is kept in spite of its name, that name is ignored inside it. */
static void leave_out(struct page *page) {
    unsigned *spared = arena_take(page->arena, (page->tree->count + 1) * sizeof *spared);
    leave_out_cards(page);
    for (int i = 0; i < (int)page->tree->count; i++) {
        int parent = page->tree->nodes[i].parent;
        unsigned reason = exclusion_reason(page, i);
        spared[i] = parent >= 0 ? spared[parent] : 0;
        if (reason && is_spared(page, i, reason)) spared[i] |= reason;
        bool below = parent >= 0 && page->left_out[parent];
        page->left_out[i] = page->left_out[i] || below || (reason & ~spared[i]);
    }
}

/* The order of the calls is fixed: weights are sums over the lines, and what is left out depends on the weights. */
struct page page_read(const struct tree *tree, const struct vocabulary *vocabulary, const struct marks *marks,
                      struct arena *arena) {
    size_t count = tree->count + 1;
    struct page page = {
        .tree = tree,
        .arena = arena,
        .marks = marks,
        .meanings = arena_take(arena, count * sizeof *page.meanings),
        .contexts = arena_take(arena, count),
        .weights = arena_take(arena, count * sizeof *page.weights),
        .left_out = arena_take(arena, count),
        .cards = arena_take(arena, count),
        .headline = -1,
    };
    read_contexts(&page, vocabulary);
    read_lines(&page);
    sum_weights(&page);
    leave_out(&page);
    return page;
}

/* ---------------------------------------------------------------- queries */

static int headline_rank(const struct page *page, const struct line *line) {
    if (page->tree->nodes[line->node].tag == TAG_H1) return 0;
    return line->kind == BLOCK_HEADING ? 1 : 2;
}

void page_find_headline(struct page *page, struct span title) {
    int best = 3;
    if (title.length == 0) return;
    struct overlap overlap = overlap_make(title, page->arena);
    for (size_t i = 0; i < page->line_count && best > 0; i++) {
        const struct line *line = &page->lines[i];
        if (page->left_out[line->node] || headline_rank(page, line) >= best || line->text.length > title.length * 2 ||
            title.length > line->text.length * 2)
            continue;
        if (!text_equal_fold(line->text, title) && overlap_share(&overlap, line->text) < 0.8) continue;
        best = headline_rank(page, line);
        page->headline = line->node;
    }
}

size_t page_headline_line(const struct page *page) {
    size_t at = 0;
    while (at < page->line_count && page->lines[at].at < page->headline) at++;
    return at;
}

/* Returns the first line at or after a node. Lines are in the order of their nodes, so a binary search is possible. */
static size_t first_line_from(const struct page *page, int node) {
    size_t low = 0, high = page->line_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (page->lines[middle].at < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void page_lines_of(const struct page *page, int node, size_t *ret_first, size_t *ret_end) {
    *ret_first = first_line_from(page, node);
    *ret_end = first_line_from(page, page->tree->nodes[node].end);
}

bool page_is_left_out(const struct page *page, const struct line *line) {
    return page->left_out[line->node];
}

bool page_has_mark(const struct page *page, int node, int top, unsigned marks) {
    for (int i = node; i >= 0 && i != top; i = page->tree->nodes[i].parent)
        if (page->meanings[i].marks & marks) return true;
    return false;
}
