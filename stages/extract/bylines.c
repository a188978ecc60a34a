#include "stages/extract/bylines.h"

#include <stdint.h>
#include <string.h>

enum {
    LONGEST_BYLINE = 200,    /* max. columns of an element that is labelled as a by-line */
    LONGEST_ANNOUNCED = 100, /* columns of a line */
    LONGEST_PREPOSITION = 3, /* bytes of a word such as "on" between a name and a date */
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

/* Returns true for a word that belongs to a date, and not to the name before it: "Updated", "Published" or a
 * preposition such as "on". */
static bool introduces_date(const struct byline_words *words, struct span word) {
    char folded[LINE_FOLDED];
    struct span low = line_fold(word, folded);
    bool label = line_begins(words->lines, LINE_PUBLISHED, low) || line_begins(words->lines, LINE_UPDATED, low);
    return label || (word.length <= LONGEST_PREPOSITION && word.at[0] >= 'a' && word.at[0] <= 'z');
}

/* Returns the position of a label that is written together with a name, as in "RuizPublished", or 0. */
static size_t glued_label(const struct byline_words *words, struct span word) {
    for (size_t at = 1; at < word.length; at++) {
        bool boundary = word.at[at] >= 'A' && word.at[at] <= 'Z' && word.at[at - 1] >= 'a' && word.at[at - 1] <= 'z';
        struct span label = span_cut(word, at, word.length);
        if (boundary && label.length > LONGEST_PREPOSITION && introduces_date(words, label)) return at;
    }
    return 0;
}

/* Returns the text before the date, without the words that belong to the date. */
static struct span before_date(const struct byline_words *words, struct span text) {
    for (;;) {
        text = span_trim(text);
        size_t start = text.length;
        while (start > 0 && text.at[start - 1] != ' ') start--;
        struct span word = span_cut(text, start, text.length);
        while (word.length && strchr(":,|-", word.at[word.length - 1])) word = span_cut(word, 0, word.length - 1);
        size_t glued = glued_label(words, word);
        if (glued) return span_cut(text, 0, start + glued);
        if (!word.length || !introduces_date(words, word)) return text;
        text = span_cut(text, 0, start);
    }
}

/* Cuts a text at the date that often follows the names, as in "By Ana Ruiz 29 January 2026", or precedes them, as in
 * "Updated 29 January 2026 by Ana Ruiz". */
static struct span without_date(const struct byline_words *words, struct span text, struct arena *arena) {
    struct date date;
    if (!date_may_occur(text) || !date_find(words->dates, text, SPAN(""), &date)) return text;
    struct span before = before_date(words, span_cut(text, 0, date.from));
    struct span after = span_trim(span_cut(text, date.to, text.length));
    if (before.length) return before;
    return authors_announced(words->authors, after, arena) ? after : text;
}

static void add_text(const struct page *page, struct span text, const struct byline_words *words, struct span site,
                     struct authors *authors) {
    if (!authors_credited(words->authors, text, page->arena))
        authors_add(words->authors, without_date(words, text_plain_spaces(text, page->arena), page->arena), site,
                    page->arena, authors);
}

static size_t count_names(const struct authors *authors) {
    return authors->person_count + authors->organization_count + authors->handle_count;
}

/* Adds the names in the links to authors' pages in an element. */
static void add_links(const struct page *page, int index, const struct byline_words *words, struct span site,
                      struct authors *authors) {
    for (int i = index + 1; i < page->tree->nodes[index].end; i++) {
        const struct node *node = &page->tree->nodes[i];
        if (node->tag != TAG_A || !node_has(node, "href")) continue;
        authors_add(words->authors, tree_text(page->tree, i, page->arena), site, page->arena, authors);
        i = node->end - 1;
    }
}

/* Adds the names in an element or, if its text is more than names, those in its links. Unless the element is the
 * innermost, its text must begin like a by-line, because it may hold more than names. Beside a date, the names in
 * links are cleaner than the text. */
static void add_element(const struct page *page, int index, bool innermost, const struct byline_words *words,
                        struct span site, struct authors *authors) {
    struct span text = tree_text(page->tree, index, page->arena);
    size_t before = count_names(authors);
    bool wanted = innermost || authors_announced(words->authors, text, page->arena);
    /* a full stop such as 。 or । ends no abbreviation, so the text is a sentence about the author */
    bool sentence = text_ends_sentence(page->marks, text) && text.at[text.length - 1] & 0x80;
    bool dated = without_date(words, text, page->arena).length != text.length;
    if (wanted && dated) add_links(page, index, words, site, authors);
    if (count_names(authors) > before) return;
    if (wanted && text.length && text_columns(text) < LONGEST_BYLINE && !sentence)
        add_text(page, text, words, site, authors);
    bool credit = authors_credited(words->authors, text, page->arena);
    if (count_names(authors) == before && innermost && !credit) add_links(page, index, words, site, authors);
}

/* Returns true if the names in this element may be those of the article's authors. */
static bool may_name_authors(const struct page *page, int index, int rank) {
    if (byline_rank(page, index) != rank || page->contexts[index] & (CONTEXT_CAPTION | CONTEXT_FIGURE)) return false;
    /* authors of comments are not authors of the article, and an element with running text is a whole article or a
     * description of the author */
    return !page_has_mark(page, index, -1, MARK_COMMENTS) && !page->weights[index].prose;
}

/* Adds the names in elements of this rank. With `innermost`, elements around others of the rank are skipped. Several
 * elements are read only if they are at most REACH nodes apart, because names farther away belong to other articles.
 * Returns true if elements were skipped. */
static bool add_elements(const struct page *page, int rank, bool innermost, const struct byline_words *words,
                         struct span site, struct authors *authors) {
    enum { REACH = 60 };
    int last = -1;
    bool skipped = false;
    for (int i = 0; i < (int)page->tree->count; i++) {
        if ((last >= 0 && i > last + REACH) || !may_name_authors(page, i, rank)) continue;
        if (innermost && has_inner_byline(page, i, rank)) {
            skipped = true;
            continue;
        }
        size_t before = count_names(authors);
        add_element(page, i, innermost, words, site, authors);
        if (count_names(authors) == before) continue;
        last = page->tree->nodes[i].end;
        i = last - 1;
    }
    return skipped;
}

/* The innermost element may hold only a word such as "by", or a button. */
void bylines_add(const struct page *page, int rank, const struct byline_words *words, struct span site,
                 struct authors *authors) {
    bool skipped = add_elements(page, rank, true, words, site, authors);
    if (skipped && count_names(authors) == 0) add_elements(page, rank, false, words, site, authors);
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
static void add_line(const struct page *page, size_t index, const struct byline_words *words, struct span site,
                     struct authors *authors) {
    struct span text = after_colon(page->lines[index].text);
    bool alone = text.length == 0;
    if (alone && index + 1 < page->line_count && is_short(&page->lines[index + 1])) text = page->lines[index + 1].text;
    add_text(page, before_label(text), words, site, authors);
}

/* Adds names from lines such as "Author: ...", which may be anywhere on the page, even below the text or beside it. */
void bylines_add_labelled(const struct page *page, const struct byline_words *words, struct span site,
                          struct authors *authors) {
    for (size_t i = 0; i < page->line_count && i < LINES_LABELLED && authors->person_count == 0; i++) {
        const struct line *line = &page->lines[i];
        if (!is_short(line) || page_has_mark(page, line->node, -1, MARK_COMMENTS) || page->cards[line->node]) continue;
        if (authors_labelled(words->authors, line->text, page->arena)) add_line(page, i, words, site, authors);
    }
}

/* Returns true where a part of a line ends: "28 May 2026 | By Ann Bee". */
static bool is_bar(struct span rest) {
    return rest.at[0] == '|' || span_starts(rest, SPAN("•")) || span_starts(rest, SPAN("·")) ||
           span_starts(rest, SPAN("｜"));
}

/* Adds the names behind a label or in the parts of a line, as in "Published: 28 May 2026 By: Ann Bee". */
static void add_inner(const struct page *page, struct span line, const struct byline_words *words, struct span site,
                      struct authors *authors) {
    for (size_t at = 0; at < line.length && count_names(authors) == 0; at++) {
        struct span rest = span_cut(line, at, line.length);
        if (is_bar(rest)) {
            uint32_t bar;
            struct span part = span_trim(span_cut(rest, text_next(rest, 0, &bar), rest.length));
            if (authors_announced(words->authors, part, page->arena)) add_text(page, part, words, site, authors);
        } else if (line.at[at] == ':' || span_starts(rest, SPAN("："))) {
            size_t word = at;
            while (word > 0 && line.at[word - 1] != ' ') word--;
            struct span labelled = span_cut(line, word, line.length);
            if (authors_labelled(words->authors, labelled, page->arena))
                add_text(page, before_label(after_colon(labelled)), words, site, authors);
        }
    }
}

/* Returns the text of a line, with that of the next line if it is only a word such as "By". */
static struct span announced_text(const struct page *page, size_t index, const struct byline_words *words) {
    struct span text = page->lines[index].text;
    bool next = index + 1 < page->line_count && is_short(&page->lines[index + 1]);
    if (!next || !authors_is_prefix(words->authors, text, page->arena)) return text;
    return arena_print(page->arena, "%.*s %.*s", SPAN_ARGS(text), SPAN_ARGS(page->lines[index + 1].text));
}

/* Starts below the headline, because lines above it belong to other articles. */
void bylines_add_announced(const struct page *page, const struct byline_words *words, struct span site,
                           struct authors *authors) {
    size_t at = page->headline < 0 ? page->line_count : page_headline_line(page) + 1;
    for (size_t i = at; i < page->line_count && i + 1 < at + LINES_AFTER && authors->person_count == 0; i++) {
        const struct line *line = &page->lines[i];
        if (!is_short(line) || line->kind != BLOCK_PARAGRAPH) continue;
        struct span text = announced_text(page, i, words);
        if (authors_announced(words->authors, text, page->arena)) add_text(page, text, words, site, authors);
    }
    for (size_t i = at; i < page->line_count && i + 1 < at + LINES_AFTER && authors->person_count == 0; i++)
        if (page->lines[i].columns <= LONGEST_BYLINE) add_inner(page, page->lines[i].text, words, site, authors);
}
