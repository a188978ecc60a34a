#include "stages/extract/bylines.h"

#include <stdint.h>
#include <string.h>

#include "stages/extract/datelines.h"

enum {
    LONGEST_BYLINE = 200,    /* max. columns of an element that is labelled as a by-line */
    LONGEST_ANNOUNCED = 100, /* columns of a line */
    LINES_AFTER = 12,        /* number of lines after the headline that are searched for a by-line */
    LINES_LABELLED = 600     /* number of lines of the page that are searched for a label such as "Author:" */
};

/* Returns the rank of an element (see bylines.h), or 0 if it is not a by-line. */
static int byline_rank(const struct page *page, int index) {
    const struct node *node = &page->tree->nodes[index];
    if (node->attribute_count == 0 || page->meanings[index].marks & MARK_BYLINE_DETAIL) return 0;
    if (node->tag == TAG_A && span_find(node_attribute(node, "rel"), SPAN("author")) != SIZE_MAX) return 3;
    if (span_is(node_attribute(node, "itemprop"), "author") && node->tag != TAG_META && node->tag != TAG_FIGCAPTION)
        return 3;
    if (page->meanings[index].marks & MARK_BYLINE) return 2;
    /* pruning (prune.h) has removed all other addresses, so a link with an address leads to an author's page */
    return node->tag == TAG_A && index > page->headline && !page->left_out[index] && node_has(node, "href") ? 1 : 0;
}

/* Returns true if the element contains another by-line of this rank. Only the innermost by-line is read, because the
 * elements around it may contain more than names. */
static bool has_inner_byline(const struct page *page, int index, int rank) {
    for (int i = index + 1; i < page->tree->nodes[index].end; i++)
        if (byline_rank(page, i) >= rank) return true;
    return false;
}

static size_t count_names(const struct authors *authors) {
    return authors->person_count + authors->organization_count + authors->handle_count;
}

/* Adds the names in an element or, if its text is more than names, those in its links to authors' pages. */
static void add_element(const struct page *page, int index, const struct author_words *words, struct span site,
                        struct authors *authors) {
    struct span text = tree_text(page->tree, index, page->arena);
    size_t before = count_names(authors);
    /* a full stop such as 。 or । ends no abbreviation, so the text is a sentence about the author */
    bool sentence = text_ends_sentence(page->marks, text) && text.at[text.length - 1] & 0x80;
    if (text.length && text_columns(text) < LONGEST_BYLINE && !sentence)
        authors_add(words, text, site, page->arena, authors);
    if (count_names(authors) > before) return;
    for (int i = index + 1; i < page->tree->nodes[index].end; i++) {
        const struct node *node = &page->tree->nodes[i];
        if (node->tag != TAG_A || !node_has(node, "href")) continue;
        authors_add(words, tree_text(page->tree, i, page->arena), site, page->arena, authors);
        i = node->end - 1;
    }
}

/* Adds names from several elements only if they are at most REACH nodes apart, because names farther away belong to
 * other articles. */
void bylines_add(const struct page *page, int rank, const struct author_words *words, struct span site,
                 struct authors *authors) {
    enum { REACH = 60 };
    int last = -1;
    for (int i = 0; i < (int)page->tree->count; i++) {
        if (byline_rank(page, i) != rank || page->contexts[i] & (CONTEXT_CAPTION | CONTEXT_FIGURE)) continue;
        /* authors of comments are not authors of the article */
        if (page_has_mark(page, i, -1, MARK_COMMENTS) || (last >= 0 && i > last + REACH)) continue;
        /* an element with running text is a whole article or a description of the author */
        if (page->weights[i].prose || has_inner_byline(page, i, rank)) continue;
        size_t before = count_names(authors);
        add_element(page, i, words, site, authors);
        if (count_names(authors) == before) continue;
        last = page->tree->nodes[i].end;
        i = last - 1;
    }
}

/* ---------------------------------------------------------------- lines */

/* Returns true if the line may be a by-line: it is short, and neither a caption nor running text. */
static bool is_short(const struct line *line) {
    return line->columns <= LONGEST_ANNOUNCED && line->kind != BLOCK_CAPTION && line->kind != BLOCK_TABLE_ROW &&
           !line_is_prose(line);
}

static struct span after_colon(struct span text) {
    size_t narrow = span_find(text, SPAN(":")), wide = span_find(text, SPAN("："));
    if (narrow == SIZE_MAX && wide == SIZE_MAX) return text;
    return span_trim(span_cut(text, narrow < wide ? narrow + 1 : wide + strlen("："), text.length));
}

/* Cuts the text before the next label, as in "Jette Hansen Source: The Quay". */
static struct span before_label(struct span text) {
    size_t end = span_find(text, SPAN(":"));
    if (end == SIZE_MAX) return text;
    while (end > 0 && text.at[end - 1] == ' ') end--;
    while (end > 0 && text.at[end - 1] != ' ') end--;
    return span_trim(span_cut(text, 0, end));
}

/* Adds the names after the label. If the label is alone on its line, the names are on the next line. */
static void add_line(const struct page *page, size_t index, const struct author_words *words, struct span site,
                     struct authors *authors) {
    struct span text = after_colon(page->lines[index].text);
    bool alone = text.length == 0;
    if (alone && index + 1 < page->line_count && is_short(&page->lines[index + 1])) text = page->lines[index + 1].text;
    authors_add(words, before_label(text), site, page->arena, authors);
}

/* Adds names from lines such as "Author: ...", which may be anywhere on the page, even below the text or beside it. */
static void add_labelled(const struct page *page, const struct author_words *words, struct span site,
                         struct authors *authors) {
    for (size_t i = 0; i < page->line_count && i < LINES_LABELLED && authors->person_count == 0; i++) {
        const struct line *line = &page->lines[i];
        if (!is_short(line) || page_has_mark(page, line->node, -1, MARK_COMMENTS) || page->cards[line->node]) continue;
        if (authors_labelled(words, line->text, page->arena)) add_line(page, i, words, site, authors);
    }
}

/* Returns true where a part of a line ends: "28 May 2026 | By Ann Bee". */
static bool is_bar(struct span rest) {
    return rest.at[0] == '|' || span_starts(rest, SPAN("•")) || span_starts(rest, SPAN("·")) ||
           span_starts(rest, SPAN("｜"));
}

/* Adds the names behind a label or in the parts of a line, as in "Published: 28 May 2026 By: Ann Bee". */
static void add_inner(const struct page *page, struct span line, const struct author_words *words, struct span site,
                      struct authors *authors) {
    for (size_t at = 0; at < line.length && count_names(authors) == 0; at++) {
        struct span rest = span_cut(line, at, line.length);
        if (is_bar(rest)) {
            uint32_t bar;
            struct span part = span_trim(span_cut(rest, text_next(rest, 0, &bar), rest.length));
            if (authors_announced(words, part, page->arena)) authors_add(words, part, site, page->arena, authors);
        } else if (line.at[at] == ':' || span_starts(rest, SPAN("："))) {
            size_t word = at;
            while (word > 0 && line.at[word - 1] != ' ') word--;
            struct span labelled = span_cut(line, word, line.length);
            if (authors_labelled(words, labelled, page->arena))
                authors_add(words, before_label(after_colon(labelled)), site, page->arena, authors);
        }
    }
}

/* Starts below the headline, because lines above it belong to other articles. */
void bylines_add_announced(const struct page *page, const struct author_words *words, struct span site,
                           struct authors *authors) {
    size_t at = page->headline < 0 ? SIZE_MAX : page_headline_line(page);
    for (size_t i = at == SIZE_MAX ? page->line_count : at + 1;
         i < page->line_count && i < at + LINES_AFTER && authors->person_count == 0; i++) {
        const struct line *line = &page->lines[i];
        if (!is_short(line) || line->kind != BLOCK_PARAGRAPH) continue;
        if (authors_announced(words, line->text, page->arena))
            authors_add(words, line->text, site, page->arena, authors);
    }
    for (size_t i = at == SIZE_MAX ? page->line_count : at + 1;
         i < page->line_count && i < at + LINES_AFTER && authors->person_count == 0; i++)
        if (page->lines[i].columns <= LONGEST_BYLINE) add_inner(page, page->lines[i].text, words, site, authors);
    if (authors->person_count == 0) add_labelled(page, words, site, authors);
    if (authors->person_count == 0) datelines_add(page, words, site, authors);
}
