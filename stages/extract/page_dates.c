#include "stages/extract/page_dates.h"

#include <stdint.h>

enum {
    LONGEST_DATE_LINE = 200, /* columns */
    LINES_BEFORE = 3,        /* max. number of lines before the headline that may contain a date */
    LINES_AFTER = 12,        /* lines after it */
    LINES_HEADER = 6,        /* a date that is more lines before the headline may be in the page's header */
    LINES_BEFORE_TEXT = 6,   /* lines before the text, if the headline was not found */
    LINES_AFTER_TEXT = 4,
    LINES_LABELLED = 1000, /* max. number of lines that are searched for a label such as "Published:" */
    MAX_AFTER_LABEL = 24,  /* max. bytes, such as a day of the week, between the label and the date */
    DATELINES = 5,         /* number of lines of running text that may begin with a date */
    LATEST_DATELINE = 60   /* max. bytes in front of a date at the beginning of the text */
};

/* Returns true if the element is marked as the date of publication in a common way: that of schema.org or WordPress, or
 * the former HTML attribute `pubdate`. */
static bool is_marked_published(const struct node *node) {
    for (size_t i = 0; i < node->attribute_count; i++) {
        const struct attribute *one = &node->attributes[i];
        if (span_is(one->name, "pubdate")) return true;
        if (span_is(one->name, "class") && span_find(one->value, SPAN("published")) != SIZE_MAX) return true;
        if (span_is(one->name, "itemprop") && span_find(one->value, SPAN("datePublished")) != SIZE_MAX) return true;
    }
    return false;
}

/* Returns true if the element is marked as the date of the last change. WordPress marks one element as both. */
static bool is_marked_modified(const struct node *node) {
    struct span class = node_attribute(node, "class");
    bool named = span_find(class, SPAN("updated")) != SIZE_MAX || span_find(class, SPAN("modified")) != SIZE_MAX;
    return span_find(node_attribute(node, "itemprop"), SPAN("dateModified")) != SIZE_MAX || named;
}

/* Adds the dates in the element's attribute and in its text. The attribute is more exact, but not all elements have
 * one. */
static void add_element_date(struct metadata *metadata, const struct page *page, int index, struct span from) {
    const struct node *node = &page->tree->nodes[index];
    struct span written = node_attribute(node, "datetime");
    if (written.length == 0) written = node_attribute(node, "content");
    metadata_add_date(metadata, written, from);
    struct span text = tree_text(page->tree, index, page->arena);
    if (text_columns(text) < LONGEST_DATE_LINE) metadata_add_date(metadata, text, from);
}

/* ---------------------------------------------------------------- the address */

/* The forms of dates in addresses. In the forms that are not sure, the digits may also be the number of an article. */
static const struct {
    const char *form;
    bool sure;
} address_forms[] = {{"dddd/dd/dd", true},  {"dddd-dd-dd", false}, {"dddd-dd/dd", false},
                     {"dddd/dddd/", false}, {"dddddddd", false},   {"dddd_dd_dd", false}};

static bool is_digit_at(struct span text, size_t at) {
    return at < text.length && text.at[at] >= '0' && text.at[at] <= '9';
}

/* Writes the date's eight digits. Returns false if they cannot be a date. */
static bool read_digits(struct span text, char digits[8]) {
    size_t count = 0;
    for (size_t i = 0; i < text.length && count < 8; i++)
        if (is_digit_at(text, i)) digits[count++] = text.at[i];
    bool year = digits[0] == '2' || (digits[0] == '1' && digits[1] == '9');
    int month = (digits[4] - '0') * 10 + digits[5] - '0', day = (digits[6] - '0') * 10 + digits[7] - '0';
    return year && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Adds the first date in the address in one of the forms that are sure, or in one of the others. Of the sure form, a
 * slash precedes it; of any, no further digit precedes or follows. */
static void add_address_date(struct metadata *metadata, struct span address, bool sure, struct arena *arena) {
    char digits[8];
    for (size_t at = 1; at < address.length; at++) {
        struct span rest = span_cut(address, at, address.length);
        if (is_digit_at(address, at - 1) || (sure && address.at[at - 1] != '/')) continue;
        for (size_t i = 0; i < sizeof address_forms / sizeof *address_forms; i++) {
            size_t length = address_forms[i].sure == sure ? span_form(rest, address_forms[i].form) : 0;
            if (!length || is_digit_at(rest, length) || !read_digits(span_cut(rest, 0, length), digits)) continue;
            metadata_add_date(metadata, arena_print(arena, "%.4s-%.2s-%.2s", digits, digits + 4, digits + 6),
                              SPAN(METADATA_ADDRESS));
            return;
        }
    }
}

/* ---------------------------------------------------------------- elements and lines */

/* The page is searched for dates in several passes, from the most reliable elements to the least. */
enum date_pass { PASS_SAID, PASS_TIME, PASS_NAMED, PASS_HEADER, PASS_CHANGED };

static bool is_in_header(const struct page *page, int index) {
    const struct node *nodes = page->tree->nodes;
    while (index >= 0 && nodes[index].tag != TAG_HEADER) index = nodes[index].parent;
    return index >= 0 && nodes[index].end <= page->headline;
}

/* Returns true if the element is in the header of the page, which often shows today's date: in a <header> that ends
 * before the headline, or far above it. */
static bool is_of_page(const struct page *page, int index) {
    size_t first, end;
    if (page->headline < index) return false;
    page_lines_of(page, index, &first, &end);
    return end + LINES_HEADER < page_headline_line(page) || is_in_header(page, index);
}

/* An element that may hold a date. */
struct date_element {
    int node;
    bool said, changed; /* marked as the date of publication, or of the last change only */
    bool timed, named;
};

struct date_elements {
    struct date_element *all;
    size_t count, capacity;
};

static void read_date_element(const struct page *page, int index, struct date_elements *elements) {
    const struct node *node = &page->tree->nodes[index];
    bool timed = node->tag == TAG_TIME, named = page->meanings[index].marks & (MARK_DATE | MARK_BYLINE);
    bool said = node->attribute_count && is_marked_published(node);
    if (!timed && !named && !said) return;
    elements->all = arena_grow(page->arena, elements->all, elements->count, &elements->capacity, sizeof *elements->all);
    elements->all[elements->count++] =
        (struct date_element){index, said, !said && is_marked_modified(node), timed, named};
}

/* Comments are skipped, because they have dates of their own, unless the element labelled as comments holds half of the
 * page's text. */
static struct date_elements find_date_elements(const struct page *page) {
    struct date_elements elements = {0};
    for (int i = 0; i < (int)page->tree->count; i++)
        if (page->meanings[i].marks & MARK_COMMENTS && page->weights[i].prose * 2 < page->weights[0].prose)
            i = page->tree->nodes[i].end - 1;
        else if (page->tree->nodes[i].tag != TAG_TEXT)
            read_date_element(page, i, &elements);
    return elements;
}

static bool may_date(const struct page *page, const struct date_element *element, enum date_pass pass) {
    if (pass == PASS_SAID) return element->said;
    if (!element->timed && !element->named) return false;
    if (element->changed != (pass == PASS_CHANGED)) return false;
    if (pass == PASS_NAMED || pass == PASS_HEADER)
        return element->named && is_of_page(page, element->node) == (pass == PASS_HEADER);
    return pass == PASS_TIME ? element->timed : element->named || element->changed;
}

static void add_page_dates(struct metadata *metadata, const struct page *page, const struct date_elements *elements,
                           enum date_pass pass) {
    static const char *const places[] = {[PASS_SAID] = "element marked as published",
                                         [PASS_TIME] = "time element",
                                         [PASS_NAMED] = "element labelled as date or by-line",
                                         [PASS_HEADER] = "element labelled as date or by-line",
                                         [PASS_CHANGED] = "element marked as the last change"};
    for (size_t i = 0; i < elements->count && metadata->date_count < MAX_DATES; i++)
        if (may_date(page, &elements->all[i], pass))
            add_element_date(metadata, page, elements->all[i].node, span_of(places[pass]));
}

/* Returns the number of the first line of running text. */
static size_t first_prose(const struct page *page) {
    size_t at = 0;
    while (at < page->line_count && (page_is_left_out(page, &page->lines[at]) || !line_is_prose(&page->lines[at])))
        at++;
    return at;
}

static void add_line_date(struct metadata *metadata, const struct line *line) {
    if (line->columns < LONGEST_DATE_LINE && line->link_columns * 2 < line->columns && date_may_occur(line->text))
        metadata_add_date(metadata, line->text, SPAN(METADATA_NEAR));
}

static void add_dates_below(struct metadata *metadata, const struct page *page, size_t at, size_t count) {
    for (size_t i = at; i < page->line_count && i < at + count; i++) add_line_date(metadata, &page->lines[i]);
}

/* Adds the nearest line first: the next one may be the page's header with today's date. */
static void add_dates_above(struct metadata *metadata, const struct page *page, size_t at, size_t count) {
    for (size_t i = at; i-- > 0 && i + count >= at;) add_line_date(metadata, &page->lines[i]);
}

/* Adds dates in short lines around the headline. By-lines often contain a date without any markup. If the headline was
 * not found, it is one of the lines before the text. */
static void add_near_dates(struct metadata *metadata, const struct page *page) {
    if (page->headline >= 0) {
        size_t at = page_headline_line(page);
        add_dates_below(metadata, page, at, LINES_AFTER);
        add_dates_above(metadata, page, at, LINES_BEFORE);
    } else {
        size_t at = first_prose(page);
        add_dates_above(metadata, page, at, LINES_BEFORE_TEXT);
        add_dates_below(metadata, page, at, LINES_AFTER_TEXT);
    }
}

/* Dates are added in the order of their reliability: fields_take_metadata() uses the first one that can be true. */
void page_dates_add(struct metadata *metadata, const struct page *page, struct span address) {
    struct date_elements elements = find_date_elements(page);
    metadata->shown = metadata->date_count;
    add_page_dates(metadata, page, &elements, PASS_SAID);
    add_address_date(metadata, address, true, page->arena);
    add_page_dates(metadata, page, &elements, PASS_TIME);
    add_near_dates(metadata, page);
    add_page_dates(metadata, page, &elements, PASS_NAMED);
    add_address_date(metadata, address, false, page->arena);
    add_page_dates(metadata, page, &elements, PASS_HEADER);
    add_page_dates(metadata, page, &elements, PASS_CHANGED);
}

/* ---------------------------------------------------------------- the whole page */

bool page_dates_is_change(const struct line_words *lines, struct span text) {
    char folded[LINE_FOLDED];
    struct span low = line_fold(text, folded);
    return line_behind(lines, LINE_UPDATED, low) && !line_behind(lines, LINE_PUBLISHED, low);
}

struct span page_dates_behind_label(const struct line_words *lines, struct span text, struct arena *arena) {
    char folded[LINE_FOLDED];
    struct span low = line_fold(text, folded);
    size_t at = line_behind(lines, LINE_PUBLISHED, low);
    struct span rest = span_cut(low, at, low.length);
    return at && date_may_occur(rest) ? arena_copy(arena, rest) : text;
}

/* Finds a date behind a word such as "Published:" in a short line, also in the footer of the article. Comments have
 * dates of their own. */
static bool search_labelled(const struct page *page, const struct line_words *lines, const struct date_words *dates,
                            struct span language, struct stated *ret_stated) {
    struct date date;
    for (size_t i = 0; i < page->line_count && i < LINES_LABELLED; i++) {
        const struct line *line = &page->lines[i];
        if (line->columns >= LONGEST_DATE_LINE || page->cards[line->node] || !date_may_occur(line->text)) continue;
        if (page_has_mark(page, line->node, -1, MARK_COMMENTS)) continue;
        struct span rest = page_dates_behind_label(lines, line->text, page->arena);
        if (rest.at == line->text.at || !date_find(dates, rest, language, &date)) continue;
        if (date.from > MAX_AFTER_LABEL) continue;
        *ret_stated = (struct stated){rest, SPAN("date labelled as published")};
        return true;
    }
    return false;
}

/* Returns true if a dash, a bar or an opening bracket follows the date, or all of the line is the date. A date that
 * belongs to a sentence is followed by a word. */
static bool ends_dateline(struct span rest) {
    static const char *const marks[] = {"–", "—", "-", "|", "/", "(", ":", "•", "·"};
    rest = span_trim(rest);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts(rest, span_of(marks[i]))) return true;
    return false;
}

/* Finds a date in front of the first sentence, as in "29.01.2026 – The ferry ..." or "Press release of 29 January 2026
 * | Berlin - ...". */
static bool search_dateline(const struct page *page, const struct date_words *words, struct span language,
                            struct stated *ret_stated) {
    struct date date;
    size_t prose = 0;
    size_t first = page->headline >= 0 ? page_headline_line(page) : first_prose(page);
    for (size_t i = first; i < page->line_count && prose < DATELINES; i++) {
        struct span text = page->lines[i].text;
        if (page_is_left_out(page, &page->lines[i]) || !line_is_prose(&page->lines[i])) continue;
        prose++;
        if (!date_find(words, text, language, &date) || date.from > LATEST_DATELINE) continue;
        if (!ends_dateline(span_cut(text, date.to, text.length))) continue;
        *ret_stated = (struct stated){span_cut(text, 0, date.to), SPAN("beginning of the text")};
        return true;
    }
    return false;
}

bool page_dates_search(const struct page *page, const struct line_words *lines, const struct date_words *dates,
                       struct span language, struct stated *ret_stated) {
    return search_labelled(page, lines, dates, language, ret_stated) ||
           search_dateline(page, dates, language, ret_stated);
}
