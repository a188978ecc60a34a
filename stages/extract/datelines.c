#include "stages/extract/datelines.h"

#include <stdint.h>

#include "stages/language/unicode.h"

enum {
    PARAGRAPHS = 2,         /* number of paragraphs below the headline that may begin with a dateline */
    LINES_SEARCHED = 40,    /* lines below the headline in which these paragraphs are sought */
    LONGEST_DATELINE = 240, /* bytes at the beginning of a paragraph */
    FIRST_BRACKET = 60,     /* the bracket begins in these bytes */
    LONGEST_RUNES = 8,      /* max. characters of a name without a word for "reporter" */
    LONGEST_SIGNATURE = 60, /* columns of a line with a name and an address */
    LINES_SIGNED = 600      /* number of lines of the page that are searched for such a line */
};

static bool is_open(uint32_t rune) {
    return rune == '(' || rune == '[' || rune == 0xFF08 || rune == 0x3010 || rune == 0x3014 || rune == 0xFF3B;
}

static bool is_closed(uint32_t rune) {
    return rune == ')' || rune == ']' || rune == 0xFF09 || rune == 0x3011 || rune == 0x3015 || rune == 0xFF3D;
}

/* Returns true for a character that parts a place from a name. */
static bool is_divider(uint32_t rune) {
    return is_open(rune) || is_closed(rune) || rune == '=' || rune == 0xFF1D || rune == '/' || rune == 0xFF0F ||
           rune == '|' || rune == 0xFF5C;
}

/* The part of a paragraph that may be a dateline, from its first bracket on. */
struct dateline {
    struct span text;
    uint32_t bracket;
    size_t closed; /* position behind the bracket that closes the first one */
};

static bool find_bracket(struct span text, struct dateline *ret_dateline) {
    uint32_t rune = 0;
    size_t at = 0, size = 0;
    for (; at < text.length && at < FIRST_BRACKET && !is_open(rune); at += size) size = text_next(text, at, &rune);
    if (!is_open(rune)) return false;
    ret_dateline->bracket = rune;
    ret_dateline->text = span_cut(text, at, text.length);
    for (at = 0; at < ret_dateline->text.length; at += size) {
        size = text_next(ret_dateline->text, at, &rune);
        if (!is_closed(rune)) continue;
        ret_dateline->closed = at + size;
        return true;
    }
    return false;
}

/* Behind the bracket, only a name before a "=" belongs to the dateline. */
static struct span names_of(struct dateline *dateline) {
    size_t equals = span_find(span_cut(dateline->text, dateline->closed, dateline->text.length), SPAN("="));
    size_t end = dateline->closed + (equals == SIZE_MAX ? 0 : equals);
    return span_cut(dateline->text, 0, end < LONGEST_SIGNATURE * 3 ? end : dateline->closed);
}

/* In Japan, 【 and a place precede the name: 【ソウル＝山田花子】. */
static bool is_named_by_place(const struct dateline *dateline, struct span piece, uint32_t before) {
    return dateline->bracket == 0x3010 && before == 0xFF1D && text_count(piece) <= LONGEST_RUNES;
}

static void add_dateline(const struct page *page, struct dateline *dateline, const struct author_words *words,
                         struct span site, struct authors *authors) {
    struct span text = names_of(dateline);
    uint32_t before = 0, rune;
    for (size_t from = 0, at = 0, size; at <= text.length; at += size) {
        size = 1;
        rune = '|';
        if (at < text.length) size = text_next(text, at, &rune);
        if (!is_divider(rune)) continue;
        struct span piece = text_trim(span_cut(text, from, at));
        if (piece.length &&
            (authors_is_reporter(words, piece, page->arena) || is_named_by_place(dateline, piece, before)))
            authors_add(words, piece, site, page->arena, authors);
        from = at + size;
        before = rune;
    }
}

/* Adds names from the beginnings of the first paragraphs. */
static void add_opening(const struct page *page, const struct author_words *words, struct span site,
                        struct authors *authors) {
    size_t first = page->headline < 0 ? 0 : page_headline_line(page) + 1, paragraphs = 0;
    for (size_t i = first; i < page->line_count && i < first + LINES_SEARCHED && paragraphs < PARAGRAPHS; i++) {
        const struct line *line = &page->lines[i];
        if (line->kind != BLOCK_PARAGRAPH || !line_is_prose(line) || page_is_left_out(page, line)) continue;
        paragraphs++;
        struct dateline dateline;
        if (!find_bracket(span_cut(line->text, 0, LONGEST_DATELINE), &dateline)) continue;
        add_dateline(page, &dateline, words, site, authors);
        if (authors->person_count) return;
    }
}

/* Returns the text without the mail address at its end. */
static struct span without_address(struct span text) {
    size_t mark = span_find(text, SPAN("@"));
    if (mark == SIZE_MAX) return text;
    while (mark > 0 && text.at[mark - 1] != ' ') mark--;
    return span_trim(span_cut(text, 0, mark));
}

/* Returns what the last brackets of a text that ends in a bracket contain, or an empty text. */
static struct span in_last_brackets(struct span text) {
    uint32_t rune = 0;
    size_t end = text.length ? text.length - text_previous(text, text.length, &rune) : 0;
    if (!is_closed(rune)) return SPAN("");
    for (size_t at = end; at > 0 && at + LONGEST_DATELINE > end; at -= text_previous(text, at, &rune)) {
        text_previous(text, at, &rune);
        if (is_open(rune)) return span_cut(text, at, end);
    }
    return SPAN("");
}

/* Returns the part of a line that may be the reporter's signature: all of a short line without its address. */
static struct span signature_of(const struct line *line) {
    struct span name = line->columns > LONGEST_SIGNATURE ? SPAN("") : without_address(line->text);
    return text_count(name) > 2 * LONGEST_RUNES ? SPAN("") : name;
}

/* Adds the names in a line such as "김하늘 기자 haneul@site.example", or in brackets at the end of a paragraph, as in
 * "（记者王小明）". Both may be far below the headline. */
static void add_signature(const struct page *page, const struct author_words *words, struct span site,
                          struct authors *authors) {
    size_t first = page->headline < 0 ? 0 : page_headline_line(page) + 1;
    for (size_t i = first; i < page->line_count && i < LINES_SIGNED && authors->person_count == 0; i++) {
        const struct line *line = &page->lines[i];
        bool other = line->kind == BLOCK_CAPTION || page->cards[line->node] ||
                     page_has_mark(page, line->node, -1, MARK_COMMENTS);
        struct span parts[] = {in_last_brackets(line->text), signature_of(line)};
        for (size_t j = 0; j < 2 && !other && authors->person_count == 0; j++)
            if (authors_is_reporter(words, parts[j], page->arena))
                authors_add(words, parts[j], site, page->arena, authors);
    }
}

void datelines_add(const struct page *page, const struct author_words *words, struct span site,
                   struct authors *authors) {
    add_opening(page, words, site, authors);
    if (authors->person_count == 0) add_signature(page, words, site, authors);
}
