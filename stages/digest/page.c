#include "stages/digest/page.h"

#include "pipeline/base/visible.h"
#include "pipeline/engine/edition.h"
#include "stages/language/names.h"

enum { DRAIN_BYTES = 1 << 20 };

bool page_finish(const struct page *page, struct buffer *out) {
    struct page_file *file = page->file;
    struct span bytes = buffer_span(out);
    bool fine = file->failure.reach == REACH_NONE && !out->full;
    if (fine && file->written)
        edition_extend_file(file->edition, bytes, &file->failure);
    else if (fine)
        edition_add_file(file->edition, file->name, bytes, &file->failure);
    file->written += bytes.length;
    /* What did not fit stays known. */
    if (!out->full) buffer_clear(out);
    return file->failure.reach == REACH_NONE;
}

void page_drain(const struct page *page, struct buffer *out) {
    if (page->file && out->length >= DRAIN_BYTES) page_finish(page, out);
}

struct span page_days(const struct edition *edition) {
    return edition->selection ? edition->selection->name : span_of(edition->day);
}

struct span page_title(const struct article *article) {
    /* the translation of a failed headline must not be shown */
    bool usable = article->title.target.length && article->title.status != SEGMENT_FAILED;
    struct span title = usable ? article->title.target : article->title.source;
    return title.length ? title : SPAN("Untitled");
}

struct span page_language(const struct page *page, const char *code) {
    return code[0] ? language_name(page->languages, span_of(code)) : SPAN("unknown language");
}

struct span page_publisher(const struct article *article) {
    return article_publisher(article);
}

/* Returns what is written in place of the character, or NULL if it is copied. Of the characters that are obeyed
 * (visible.h), only white space is kept. */
static const char *replacement(uint32_t rune) {
    switch (rune) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\n':
    case '\t':
        return NULL;
    case 0x2028: /* separators of lines and paragraphs */
    case 0x2029:
        return " ";
    default:
        return rune_is_obeyed(rune) ? "" : NULL;
    }
}

/* Most characters are letters and spaces, which are told by their byte. */
static bool is_plain(char byte) {
    return (unsigned)((byte | 32) - 'a') < 26 || byte == ' ';
}

/* Whether eight bytes are all ASCII from '(' to '~', but neither '<' nor '>', or spaces. With the high bit of each byte
 * set or free, no byte takes anything from the next one. */
static bool are_plain(const char *at) {
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u, low = 0x7F7F7F7F7F7F7F7Fu;
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    if (bytes & high) return false;
    uint64_t from_bracket = (bytes | high) - ones * '(', not_space = (bytes ^ (ones * ' ')) + low;
    uint64_t not_angle = ((bytes & ~(ones * 2)) ^ (ones * '<')) + low, last = bytes + ones; /* '>' is '<' | 2 */
    return ((from_bracket | ~not_space) & not_angle & ~last & high) == high;
}

/* Returns the number of bytes at `at` that are surely copied as they are; 0 if that is not known. */
static size_t plain_bytes(struct span text, size_t at) {
    if (text.length - at >= sizeof(uint64_t) && are_plain(text.at + at)) return sizeof(uint64_t);
    return is_plain(text.at[at]);
}

void page_escape(struct buffer *out, struct span text) {
    size_t copied = 0;
    uint32_t rune;
    for (size_t i = 0, size = 1; i < text.length; i += size) {
        size = plain_bytes(text, i);
        if (size) continue;
        size = text_next(text, i, &rune);
        const char *instead = replacement(rune);
        if (!instead) continue;
        buffer_add_span(out, span_cut(text, copied, i));
        buffer_add_string(out, instead);
        copied = i + size;
    }
    buffer_add_span(out, span_cut(text, copied, text.length));
}

void page_number(struct buffer *out, size_t number) {
    if (number >= 1000) {
        page_number(out, number / 1000);
        buffer_print(out, ",%03zu", number % 1000);
    } else {
        buffer_add_number(out, number);
    }
}

void page_count(struct buffer *out, size_t count, const char *one, const char *many) {
    page_number(out, count);
    buffer_print(out, " %s", count == 1 ? one : many);
}

void page_doubts(struct buffer *out, size_t suspect, size_t failed) {
    if (suspect) page_count(out, suspect, "sentence to check", "sentences to check");
    if (suspect && failed) {
        buffer_add_string(out, ", ");
        page_number(out, failed);
        buffer_add_string(out, " not translated");
    } else if (failed) {
        page_count(out, failed, "sentence not translated", "sentences not translated");
    }
}

bool page_moved(const struct page *page, struct buffer *out) {
    return buffer_print(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Digest of %s</title><meta "
        "name=\"dragoman-version\" content=\"%s\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"refresh\" content=\"0; "
        "url=index.html\"></head>\n<body><main><h1>Digest of %s</h1><p>The digest is in <a "
        "href=\"index.html\">index.html</a>.</p></main></body></html>\n",
        page->edition->day, page->edition->version, page->edition->day);
}
