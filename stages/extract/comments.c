#include "stages/extract/comments.h"

#include <stdint.h>

#include "stages/language/unicode.h"

#include "stages/extract/overlap.h"

enum {
    LONGEST_HEADING = 60, /* max. characters of a heading such as "8 Kommentare" or "3 thoughts on ..." */
    LONGEST_HEAD = 60,    /* max. characters of the line with the commenter's name, which may be followed by a date */
    LONGEST_CONTROL = 30, /* characters */
    LINES_LOOKED_AT = 12, /* in one comment */
    HEADING_REACH = 4,    /* max. lines such as "Log in" between the heading and the first comment */
    MIN_ROW = 3           /* min. number of boxes in a row that count as comments without a heading */
};
/* A line is a comment if at least this share of it also occurs in the comments given in the page's JSON-LD. */
static const double SAME_TEXT = 0.8;

struct reader {
    struct page *page;
    const struct phrases *phrases;
    size_t first_prose; /* number of the first line of running text; anything before it is not a comment */
};

/* A row of sibling elements ("boxes") that look alike, with the number of those that begin with a name, have a date,
 * and have a "reply" button. */
struct boxes {
    int parent, first, last;
    size_t count, named, dated, answered;
};

/* Leaves out the node and all nodes inside it. Also sets `cards`, because the second pass over the page ignores
 * `left_out`. */
static void leave_out(struct page *page, int node) {
    for (int i = node; i < page->tree->nodes[node].end; i++) page->left_out[i] = page->cards[i] = true;
}

static bool is_around_headline(const struct page *page, int node) {
    return node <= page->headline && page->headline < page->tree->nodes[node].end;
}

/* ---------------------------------------------------------------- lines */

/* Returns true if the text is a phrase of this kind. Skips icons and numbers before the first letter. */
static bool has_kind(const struct reader *reader, struct span text, enum phrase_kind kind) {
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        size_t size = text_next(text, at, &rune);
        int category = rune_category(rune);
        if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_MC)
            return phrases_find(reader->phrases, span_cut(text, at, text.length)) == kind;
        at += size;
    }
    return false;
}

/* Returns the first number in the line, or -1. */
static long long number_in(struct span text) {
    size_t from = 0, to;
    long long number = -1;
    while (from < text.length && (text.at[from] < '0' || text.at[from] > '9')) from++;
    for (to = from; to < text.length && text.at[to] >= '0' && text.at[to] <= '9';) to++;
    return span_number(span_cut(text, from, to), &number) ? number : -1;
}

/* Returns true if the line announces comments: it contains a word such as "Comments", or both a number and a word such
 * as "replies". */
static bool announces(const struct reader *reader, size_t index) {
    const struct line *line = &reader->page->lines[index];
    if (line_is_prose(line) || text_count(line->text) > LONGEST_HEADING) return false;
    return has_kind(reader, line->text, PHRASE_COMMENTS) ||
           (number_in(line->text) >= 0 && has_kind(reader, line->text, PHRASE_COUNTED));
}

/* ---------------------------------------------------------------- boxes that begin with "Comments (8)" */

/* Returns the outermost element that begins with this line, has further lines and does not contain the headline; or -1.
 */
static int box_of(const struct reader *reader, size_t index) {
    const struct page *page = reader->page;
    int box = -1;
    for (int node = page->lines[index].node; node > 0; node = page->tree->nodes[node].parent) {
        size_t first, end;
        page_lines_of(page, node, &first, &end);
        if (first != index || is_around_headline(page, node)) break;
        if (end > index + 1) box = node;
    }
    return box;
}

/* Leaves out everything that follows a heading such as "8 comments" within the same parent element. */
static void leave_out_after(struct page *page, int node) {
    for (int next = page->tree->nodes[node].next; next >= 0; next = page->tree->nodes[next].next) leave_out(page, next);
}

/* Leaves out the comments below a line such as "Comments (8)". Without a number, the line must be a heading, because
 * otherwise it may be only a link. */
static void read_announced(const struct reader *reader, size_t index) {
    struct page *page = reader->page;
    const struct line *line = &page->lines[index];
    bool counted = number_in(line->text) >= 0, heading = line->kind == BLOCK_HEADING;
    int box = box_of(reader, index);
    if (box >= 0 && (heading || counted))
        leave_out(page, box);
    else if (heading && counted)
        leave_out_after(page, line->node);
}

/* ---------------------------------------------------------------- rows of boxes */

/* Returns the first class name. Further class names, such as "first" or "odd", often differ between similar boxes, so
 * they are not compared. */
static struct span first_name(const struct node *node) {
    struct span names = span_trim(node_attribute(node, "class")), name = {NULL, 0};
    span_next(&names, ' ', &name);
    return name;
}

static bool are_alike(const struct node *a, const struct node *b) {
    return a->tag == b->tag && span_equal(first_name(a), first_name(b));
}

static bool has_digit(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9') return true;
    return false;
}

/* Returns true for a line that may be the commenter's name. A line that ends like a sentence is the comment itself. */
static bool is_name(const struct line *line) {
    struct span text = line->text;
    return line->kind != BLOCK_CAPTION && !line_is_prose(line) && text_count(text) <= LONGEST_HEAD &&
           !span_ends(text, SPAN("?")) && !span_ends(text, SPAN("."));
}

/* Adds a box to the row. Looks only at the first lines of the box, so that long comments do not take longer. */
static void count_box(const struct reader *reader, int node, struct boxes *row) {
    const struct page *page = reader->page;
    size_t first, end;
    bool dated = false, answered = false;
    page_lines_of(page, node, &first, &end);
    for (size_t i = first; i < end && i < first + LINES_LOOKED_AT; i++) {
        const struct line *line = &page->lines[i];
        size_t letters = text_count(span_cut(line->text, 0, 4 * LONGEST_HEAD + 4));
        /* A short line with a number is a date or an age such as "2 hours ago". */
        bool stamp = !line_is_prose(line) && letters <= LONGEST_HEAD && has_digit(line->text);
        dated = dated || stamp;
        answered = answered || (i > first && letters <= LONGEST_CONTROL && has_kind(reader, line->text, PHRASE_REPLY));
    }
    row->named += first + 1 < end && is_name(&page->lines[first]);
    row->dated += dated;
    row->answered += answered;
    row->count++;
}

/* Returns true if the line contains the number of boxes in brackets, such as "(8)". It then announces the comments,
 * whatever else it says. */
static bool counts_boxes(const struct line *line, const struct boxes *row) {
    size_t bracket = span_find(line->text, SPAN("("));
    return bracket != SIZE_MAX && row->count >= MIN_ROW && text_count(line->text) <= LONGEST_CONTROL &&
           number_in(span_cut(line->text, bracket, line->text.length)) == (long long)row->count;
}

/* Returns the line that announces the comments, at most HEADING_REACH lines before the row, or SIZE_MAX. */
static size_t find_announcement(const struct reader *reader, const struct boxes *row) {
    size_t first, end;
    page_lines_of(reader->page, row->first, &first, &end);
    for (size_t i = first; i-- > 0 && i + HEADING_REACH >= first;) {
        const struct line *line = &reader->page->lines[i];
        if (line_is_prose(line)) break;
        if (announces(reader, i) || counts_boxes(line, row)) return i;
    }
    return SIZE_MAX;
}

/* Leaves out the line that announces the comments, if its element has no other lines. */
static void leave_out_announcement(const struct reader *reader, const struct boxes *row) {
    size_t at = find_announcement(reader, row);
    int node = at == SIZE_MAX ? 0 : reader->page->lines[at].node;
    if (node > 0 && reader->page->weights[node].lines == 1) leave_out(reader->page, node);
}

/* Returns true if the boxes are comments. If no line announces comments, the boxes may also be teasers or descriptions
 * of people, so most of them must have a "reply" button. */
static bool holds_comments(const struct reader *reader, const struct boxes *row) {
    size_t first, end;
    page_lines_of(reader->page, row->first, &first, &end);
    /* some boxes may lack a name, because deleted comments have none */
    if (row->count < 2 || row->named * 5 < row->count * 4 || first <= reader->first_prose) return false;
    if (find_announcement(reader, row) != SIZE_MAX) return true;
    bool answered = row->answered * 2 > row->count, dated = row->dated * 3 >= row->count * 2;
    return answered && (dated || row->count >= MIN_ROW);
}

/* Leaves out a row of boxes if they are comments, except a box that contains the headline. */
static void end_row(const struct reader *reader, const struct boxes *row) {
    if (!row->count || !holds_comments(reader, row)) return;
    leave_out_announcement(reader, row);
    for (int node = row->first; node >= 0 && node <= row->last; node = reader->page->tree->nodes[node].next)
        if (!is_around_headline(reader->page, node)) leave_out(reader->page, node);
}

/* Groups the children of an element into rows of boxes that look alike. A row ends at a child that looks different. */
static void read_rows(const struct reader *reader, int parent) {
    const struct tree *tree = reader->page->tree;
    struct boxes row = {.parent = parent};
    for (int node = tree->nodes[parent].child; node >= 0; node = tree->nodes[node].next) {
        if (tree->nodes[node].tag == TAG_TEXT || reader->page->weights[node].lines == 0) continue;
        if (row.count && !are_alike(&tree->nodes[row.first], &tree->nodes[node])) {
            end_row(reader, &row);
            row = (struct boxes){.parent = parent};
        }
        if (!row.count) row.first = node;
        row.last = node;
        count_box(reader, node, &row);
    }
    end_row(reader, &row);
}

/* ---------------------------------------------------------------- all kinds together */

/* Leaves out lines that also occur in the comments given in the JSON-LD. Elements with many lines are kept, because the
 * article may quote a comment, and the text around the quotation must not be lost. */
static void read_linked(struct page *page, struct span linked, size_t first) {
    if (!linked.length) return;
    struct overlap overlap = overlap_make(linked, page->arena);
    for (size_t i = first; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        bool known = line->text.length >= OVERLAP_WINDOW && overlap_share(&overlap, line->text) >= SAME_TEXT;
        if (known && page->weights[line->node].lines <= LINES_LOOKED_AT) leave_out(page, line->node);
    }
}

/* Starts after the first running text, because nothing before it is a comment. */
void comments_leave_out(struct page *page, const struct phrases *phrases, struct span linked) {
    struct reader reader = {.page = page, .phrases = phrases};
    while (reader.first_prose < page->line_count && !line_is_prose(&page->lines[reader.first_prose]))
        reader.first_prose++;
    for (size_t i = reader.first_prose + 1; i < page->line_count; i++)
        if (!page_is_left_out(page, &page->lines[i]) && announces(&reader, i)) read_announced(&reader, i);
    for (int i = 0; i < (int)page->tree->count; i++)
        if (page->tree->nodes[i].child >= 0 && page->weights[i].lines > 1 && !page->left_out[i]) read_rows(&reader, i);
    read_linked(page, linked, reader.first_prose + 1);
}
