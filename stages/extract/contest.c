#include "stages/extract/contest.h"

#include <string.h>

#include "stages/extract/container.h"

/* Widths in columns unless stated otherwise: an East Asian character takes two columns, most others take one. */
enum {
    SHORT_LINE = 160,      /* max. width of by-lines, dates and similar short lines */
    SHORT_MORE = 300,      /* max. width of links to other articles */
    SHORT_LINKS = 200,     /* min. width of a paragraph that is kept even if all of it is links */
    LITTLE_TEXT = 300,     /* if the text found is narrower, a second pass is made over the page */
    STANDFIRST_REACH = 40, /* max. number of lines between a stand-first and the element that contains the article */
    SHORT_STANDFIRST = 50,
    LONG_SCRAP = 40, /* min. width of a line directly below the headline that counts as text */
    OPENING = 6,     /* in lines */
    SHORT_HEADING = 60,
    LONGEST_NOTICE = 1500,
    PORTRAIT_REACH = 6, /* number of lines at the end that are searched for a text about the author */
    LONGEST_PORTRAIT = 700
};
static const double SAME_TEXT = 0.8, /* share of overlap */
    HALF = 0.55,                     /* min. share of link text in a short paragraph that counts as a list of links */
    LINKS = 0.66; /* min. share of link text in a line, except a short paragraph, that counts as links */

/* The state of a pass over the page. */
struct reader {
    struct page *page;
    const struct phrases *phrases;
    const struct marks *marks;
    const struct body_clues *clues;
    struct article *article;
    struct overlap description, known;
    int container;
    bool whole;              /* the whole document is the text, because no container was found */
    size_t title_line;       /* number of the headline's line in the container, or SIZE_MAX */
    size_t taken;            /* columns of text taken so far, captions not counted */
    unsigned char *kinds;    /* for each line: 0, or 1 + the kind of block that it becomes */
    unsigned char *refusals; /* for each line: enum refusal */
    size_t last;             /* number of the last line that was taken, or SIZE_MAX */
};

/* ---------------------------------------------------------------- classifying lines */

/* Returns true if the texts are nearly the same. Texts too short for overlap_share() must be equal except for case. */
static bool is_same_text(struct span a, struct span b, struct arena *arena) {
    if (a.length < OVERLAP_WINDOW || b.length < OVERLAP_WINDOW) return text_equal_fold(a, b);
    if (a.length > b.length * 2 || b.length > a.length * 2) return false;
    struct overlap overlap = overlap_make(b, arena);
    return overlap_share(&overlap, a) >= SAME_TEXT;
}

/* Returns true for an <h1> even if its text differs from the title that was chosen, and for any line that says the
 * title. */
static bool is_headline(const struct reader *reader, const struct line *line) {
    struct span title = reader->article->title.source;
    if (reader->page->tree->nodes[line->node].tag == TAG_H1 &&
        (reader->page->headline < 0 || line->node == reader->page->headline))
        return true;
    return title.length && line->kind != BLOCK_LIST_ITEM && is_same_text(line->text, title, reader->page->arena);
}

/* Returns true for a line that consists of an author's name and little else. */
static bool names_author(const struct reader *reader, const struct line *line) {
    const struct article *article = reader->article;
    for (size_t i = 0; i < article->author_count; i++) {
        struct span name = article->authors[i];
        if (name.length > 3 && line->columns < text_columns(name) * 2 + 40 && span_find(line->text, name) != SIZE_MAX)
            return true;
    }
    return false;
}

static bool ends_sentence(const struct reader *reader, struct span text) {
    return text_ends_sentence(reader->marks, text);
}

/* Returns true for a by-line or date line: its element is labelled as one, or it is short and contains an author's
 * name. */
static bool is_credit(const struct reader *reader, const struct line *line) {
    if (line->columns > SHORT_LINE || line->kind == BLOCK_HEADING) return false;
    if (page_has_mark(reader->page, line->node, reader->container, MARK_BYLINE | MARK_DATE)) return true;
    return names_author(reader, line) && !ends_sentence(reader, line->text);
}

/* Returns true for text that belongs to the site, not to the article. A notice may be long; other phrases, such as
 * "Read more", do not count in a long paragraph. */
static bool is_furniture(const struct reader *reader, const struct line *line) {
    if (line->columns > LONGEST_NOTICE) return false;
    enum phrase_kind kind = phrases_find(reader->phrases, line->text);
    if (kind == PHRASE_NOTICE || line->columns > SHORT_MORE) return kind == PHRASE_NOTICE;
    if (kind == PHRASE_MORE)
        return line->kind == BLOCK_HEADING || line->link_columns || !ends_sentence(reader, line->text);
    return kind == PHRASE_WHOLE || (kind == PHRASE_SCRAP && line->columns < SHORT_LINE);
}

/* Returns true if the line is mostly links and therefore not text. In a short paragraph, a smaller share of links is
 * enough. */
static bool is_link_line(const struct line *line) {
    double most = line->kind == BLOCK_PARAGRAPH && line->columns < SHORT_STANDFIRST * 2 ? HALF : LINKS;
    if ((double)line->link_columns < most * (double)line->columns) return false;
    return line->kind == BLOCK_HEADING || line->kind == BLOCK_LIST_ITEM || line->columns < SHORT_LINKS;
}

/* Returns false if the text is only punctuation and whitespace, without letters, digits or non-ASCII symbols. */
static bool has_letters(struct span text) {
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        int category = rune_category(rune);
        bool symbol = category >= UTF8PROC_CATEGORY_SM && category <= UTF8PROC_CATEGORY_SO && rune >= 128;
        if (symbol || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO)) return true;
    }
    return false;
}

/* Returns true for a caption, whatever its element: also for a short line in a <figure> or one that ends in a
 * photographer's credit. */
static bool is_caption(const struct reader *reader, const struct line *line) {
    if (line->kind == BLOCK_CAPTION) return true;
    bool short_line = line->columns < SHORT_MORE && (line->kind == BLOCK_PARAGRAPH || line->kind == BLOCK_LIST_ITEM);
    if (short_line && line->link_columns == 0 && phrases_credit(reader->phrases, line->text)) return true;
    return reader->page->contexts[line->node] & CONTEXT_FIGURE && line->kind == BLOCK_PARAGRAPH &&
           line->columns < SHORT_MORE;
}

/* Returns true if the line is part of the description in the page's metadata. */
static bool is_described(const struct reader *reader, const struct line *line) {
    return overlap_share(&reader->description, line->text) >= SAME_TEXT;
}

/* ---------------------------------------------------------------- taking lines */

static void note_standfirst(const struct reader *reader, const struct line *line) {
    struct span from = SPAN("below the headline");
    /* the last of these that applies is recorded, because it is the most reliable */
    if (page_has_mark(reader->page, line->node, -1, MARK_STANDFIRST)) from = SPAN("element labelled as stand-first");
    if (is_described(reader, line)) from = SPAN("description");
    article_note_field(reader->article, FIELD_STANDFIRST, from);
}

/* Captions do not count as text, so a gallery that has only captions has no text. */
static void take_line(struct reader *reader, const struct line *line, enum block_kind kind) {
    if (kind == BLOCK_STANDFIRST) note_standfirst(reader, line);
    if (kind != BLOCK_CAPTION) reader->taken += line->columns;
    reader->last = (size_t)(line - reader->page->lines);
    reader->kinds[reader->last] = (unsigned char)(1 + kind);
}

/* Returns true for a short line without digits in Thai or Lao. It may be a sentence, because these languages have no
 * full stops. */
static bool may_be_sentence(struct span text) {
    bool stopless = false;
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        if (rune_is_digit(rune)) return false;
        stopless = stopless || (rune >= 0xE00 && rune < 0xF00);
    }
    return stopless;
}

/* Returns true for a short line that is not text, such as a place, a date or a reading time. These are found between
 * the headline and the text. */
static bool is_top_scrap(const struct reader *reader, const struct line *line) {
    if (line->kind != BLOCK_PARAGRAPH || line->columns >= LONG_SCRAP) return false;
    return !ends_sentence(reader, line->text) && !may_be_sentence(line->text);
}

/* Returns true for a line about the author at the end of the article: "Nora Field is our correspondent in ..." */
static bool is_portrait(const struct reader *reader, const struct line *line, size_t index) {
    size_t first, end;
    page_lines_of(reader->page, reader->container, &first, &end);
    if (index + PORTRAIT_REACH < end || line->columns > LONGEST_PORTRAIT || reader->taken < LITTLE_TEXT) return false;
    for (size_t i = 0; i < reader->article->author_count; i++) {
        struct span name = reader->article->authors[i];
        if (name.length > 6 && memchr(name.at, ' ', name.length) && span_starts(line->text, name)) return true;
    }
    return false;
}

/* Returns why the line does not belong to the article. From above the headline, where there are kickers, breadcrumbs
 * and toolbars, only running text is taken. */
static enum refusal refusal_of(const struct reader *reader, const struct line *line, size_t index) {
    /* Further down, the words of the headline may be repeated on purpose, for example in an answer or a refrain. */
    bool top = reader->taken < SHORT_MORE || line->kind == BLOCK_HEADING;
    if (top && is_headline(reader, line)) return REFUSED_HEADLINE;
    if (is_credit(reader, line)) return REFUSED_CREDIT;
    if (is_link_line(line)) return REFUSED_LINK;
    if (is_furniture(reader, line)) return REFUSED_FURNITURE;
    if (reader->title_line != SIZE_MAX && index < reader->title_line && !line_is_prose(line)) return REFUSED_ABOVE;
    if (reader->taken == 0 && !reader->whole && is_top_scrap(reader, line)) return REFUSED_SCRAP;
    return is_portrait(reader, line, index) ? REFUSED_PORTRAIT : REFUSED_NOT;
}

/* Tells whether the line belongs to the article, and remembers why it does not. */
static bool is_wanted(struct reader *reader, const struct line *line, size_t index) {
    reader->refusals[index] = (unsigned char)refusal_of(reader, line, index);
    return reader->refusals[index] == REFUSED_NOT;
}

/* Returns the kind of block for a line. Only a line at the beginning of the text can be a stand-first. */
static enum block_kind kind_of(const struct reader *reader, const struct line *line) {
    /* Further down, a paragraph may be labelled "summary" or "lead" only because it is styled like one. */
    bool early = reader->taken < SHORT_MORE && (line->kind == BLOCK_PARAGRAPH || line->kind == BLOCK_HEADING);
    if (early && line->columns >= SHORT_STANDFIRST &&
        page_has_mark(reader->page, line->node, reader->container, MARK_STANDFIRST))
        return BLOCK_STANDFIRST;
    return early && reader->taken == 0 && is_described(reader, line) ? BLOCK_STANDFIRST : line->kind;
}

/* Drops a short heading if its whole section was left out. A heading that is a sentence is kept, because it makes sense
 * without its section. */
static void drop_empty_heading(const struct reader *reader, size_t heading) {
    const struct line *line = &reader->page->lines[heading];
    if (reader->kinds[heading] != 1 + BLOCK_HEADING || line->columns >= SHORT_HEADING ||
        ends_sentence(reader, line->text))
        return;
    reader->kinds[heading] = 0;
    reader->refusals[heading] = REFUSED_EMPTY;
}

/* Takes the lines of the container. A line that matches the description is taken as stand-first even if it was left
 * out, because sites often put the stand-first into the page's header. */
static void take_container(struct reader *reader) {
    size_t first, end, heading = SIZE_MAX; /* the last line that was taken, if lines after it were left out */
    page_lines_of(reader->page, reader->container, &first, &end);
    for (size_t i = first; i < end; i++) {
        const struct line *line = &reader->page->lines[i];
        if (!has_letters(line->text)) continue;
        bool standfirst = reader->taken == 0 && line->columns >= SHORT_STANDFIRST && is_described(reader, line);
        bool wanted = !page_is_left_out(reader->page, line) || standfirst;
        if (wanted && is_caption(reader, line)) {
            take_line(reader, line, BLOCK_CAPTION);
        } else if (wanted && is_wanted(reader, line, i)) {
            if (line->kind == BLOCK_HEADING && heading != SIZE_MAX) drop_empty_heading(reader, heading);
            take_line(reader, line, kind_of(reader, line));
            heading = SIZE_MAX;
        } else {
            heading = reader->last;
        }
    }
}

/* Returns the number of the headline's line, or SIZE_MAX. */
static size_t find_title(const struct reader *reader, size_t first, size_t end) {
    for (size_t i = first; i < end; i++)
        if (!page_is_left_out(reader->page, &reader->page->lines[i]) && is_headline(reader, &reader->page->lines[i]))
            return i;
    return SIZE_MAX;
}

/* Returns true if one of the first lines of the container contains nearly all of `text`. */
static bool opens_with(const struct reader *reader, struct span text) {
    size_t first, end, seen = 0;
    page_lines_of(reader->page, reader->container, &first, &end);
    for (size_t i = first; i < end && seen < OPENING; i++) {
        const struct line *line = &reader->page->lines[i];
        if (page_is_left_out(reader->page, line) || line->text.length * 4 < text.length * 3) continue;
        struct overlap overlap = overlap_make(line->text, reader->page->arena);
        if (overlap_share(&overlap, text) >= SAME_TEXT) return true;
        seen++;
    }
    return false;
}

/* Returns the number of the last heading before the container if it is near and in the same <article> or <main>;
 * otherwise SIZE_MAX. */
static size_t find_heading_before(const struct reader *reader, size_t first) {
    const struct page *page = reader->page;
    int around = reader->container;
    while (around > 0 && page->tree->nodes[around].tag != TAG_ARTICLE && page->tree->nodes[around].tag != TAG_MAIN)
        around = page->tree->nodes[around].parent;
    for (size_t i = first; i-- > 0 && i + STANDFIRST_REACH > first;) {
        const struct line *line = &page->lines[i];
        enum tag tag = page->tree->nodes[line->node].tag;
        if (line->at < around) break;
        if ((tag == TAG_H1 || tag == TAG_H2) && !page_is_left_out(page, line)) return i;
    }
    return SIZE_MAX;
}

/* Returns true if the line matches the page's description, if its element is labelled as a stand-first, or if it is a
 * paragraph directly below the headline. */
static bool is_standfirst(const struct reader *reader, const struct line *line, bool under_heading) {
    const struct page *page = reader->page;
    if (line->kind == BLOCK_CAPTION || line->link_columns * 2 > line->columns || line->columns < SHORT_STANDFIRST)
        return false;
    if (page->contexts[line->node] & CONTEXT_FIGURE) return false;
    if (is_described(reader, line)) return true;
    if (page_is_left_out(page, line)) return false;
    if (page_has_mark(page, line->node, -1, MARK_STANDFIRST)) return true;
    return under_heading && line->kind == BLOCK_PARAGRAPH && line_is_prose(line) && line->columns > SHORT_LINE / 2;
}

/* Takes a stand-first that precedes the container, in the page's header. */
static void take_standfirst(struct reader *reader) {
    const struct page *page = reader->page;
    size_t first, end, from;
    page_lines_of(page, reader->container, &first, &end);
    from = first > STANDFIRST_REACH ? first - STANDFIRST_REACH : 0;
    size_t title = find_title(reader, from, first), heading = find_heading_before(reader, first);
    for (size_t i = title == SIZE_MAX ? from : title + 1; i < first; i++) {
        const struct line *line = &page->lines[i];
        if (!is_standfirst(reader, line, heading != SIZE_MAX && i > heading)) continue;
        if (is_wanted(reader, line, i) && !opens_with(reader, line->text)) take_line(reader, line, BLOCK_STANDFIRST);
    }
}

/* ---------------------------------------------------------------- passes over the page */

/* Takes the caption of the main picture, which is between the headline and the first paragraph. */
static void take_image_caption(struct reader *reader, size_t first, size_t end) {
    const struct page *page = reader->page;
    size_t from = first > STANDFIRST_REACH ? first - STANDFIRST_REACH : 0;
    for (size_t i = from; i < end && reader->article->image_caption.length == 0; i++) {
        const struct line *line = &page->lines[i];
        if (line->at < page->headline || page_is_left_out(page, line)) continue;
        if (i >= first && line_is_prose(line)) return;
        if (is_caption(reader, line)) reader->article->image_caption = arena_copy(reader->article->arena, line->text);
    }
}

/* Makes one pass over the page: finds the container and takes its blocks. In an email or a feed's text without a
 * container, everything is text. */
static void read_container(struct reader *reader) {
    const struct overlap *known = reader->clues->text.length ? &reader->known : NULL;
    struct container container = container_find(reader->page, known);
    reader->whole = !reader->clues->is_page && (container.node < 0 || container.prose == 0);
    if (reader->whole && container.node < 0) container.node = 0;
    if (container.node < 0) return;
    reader->container = container.node;
    container_prune(reader->page, container.node);
    size_t first, end;
    page_lines_of(reader->page, container.node, &first, &end);
    reader->title_line = find_title(reader, first, end);
    reader->taken = 0;
    take_image_caption(reader, first, end);
    take_standfirst(reader);
    take_container(reader);
}

/* Returns true if even the second pass must leave out the element: navigation, teasers and comments. An element that is
 * labelled as comments is kept if it holds nearly all of the page's text. */
static bool stays_out(const struct page *page, int index) {
    const struct node *node = &page->tree->nodes[index];
    bool comments =
        page->meanings[index].marks & MARK_COMMENTS && page->weights[index].prose * 10 < page->weights[0].prose * 9;
    if (node->tag == TAG_NAV || node->tag == TAG_FOOTER || page->cards[index] || comments) return true;
    return node->parent >= 0 && page->left_out[node->parent];
}

/* Makes the second pass, which ignores the names of elements, because they may be misleading. The result is used only
 * if it has more than twice as much text. */
static void read_ignoring_names(struct reader *reader) {
    struct reader first = *reader;
    for (int i = 0; i < (int)reader->page->tree->count; i++) reader->page->left_out[i] = stays_out(reader->page, i);
    reader->kinds = arena_take(reader->page->arena, reader->page->line_count + 1);
    reader->refusals = arena_take(reader->page->arena, reader->page->line_count + 1);
    reader->last = SIZE_MAX;
    read_container(reader);
    if (reader->taken <= first.taken * 2) *reader = first;
}

/* Makes the second pass only if the first found little text, so that ordinary pages are read only once. */
struct contest contest_hold(struct page *page, const struct body_tables *tables, const struct body_clues *clues,
                            struct article *article) {
    struct reader reader = {.page = page,
                            .phrases = tables->phrases,
                            .marks = tables->marks,
                            .clues = clues,
                            .article = article,
                            .container = -1,
                            .title_line = SIZE_MAX,
                            .last = SIZE_MAX};
    reader.kinds = arena_take(page->arena, page->line_count + 1);
    reader.refusals = arena_take(page->arena, page->line_count + 1);
    reader.description = overlap_make(clues->description, page->arena);
    reader.known = overlap_make(clues->text, page->arena);
    read_container(&reader);
    /* if little text is found, the element of the article may have a misleading name */
    if (reader.taken < LITTLE_TEXT) read_ignoring_names(&reader);
    return (struct contest){.container = reader.container,
                            .kinds = reader.kinds,
                            .refusals = reader.refusals,
                            .taken = reader.taken,
                            .description = reader.description,
                            .known = reader.known};
}
