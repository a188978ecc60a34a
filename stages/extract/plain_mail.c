#include "stages/extract/plain_mail.h"

#include <stdint.h>

enum {
    FORWARD_REACH = 12, /* number of lines that are searched for a "forwarded message" line */
    MAX_HEADS = 60,
    LONGEST_NAME = 40 /* max. bytes of the name of a header field */
};

/* Returns true and sets *ret_value if the line is a header field of this kind. */
static bool head_value(const struct line_words *words, enum line_word kind, struct span line, struct span *ret_value) {
    char folded[LINE_FOLDED];
    struct span head = line_fold(line, folded);
    size_t length = line_begins(words, kind, head), colon = span_find(span_cut(line, 0, 60), SPAN(":"));
    static const char wide_colon[] = "：";
    size_t wide = span_find(span_cut(line, 0, 60), span_of(wide_colon));
    if (colon == SIZE_MAX) colon = wide;
    if (length == 0 || colon == SIZE_MAX) return false;
    struct span rest = span_trim(span_cut(head, length, head.length));
    if (!span_starts(rest, SPAN(":")) && !span_starts(rest, span_of(wide_colon))) return false;
    *ret_value = span_trim(span_cut(line, colon + (colon == wide ? 3 : 1), line.length));
    return true;
}

/* Returns true for a header field of any name, such as "X-Anything: ...". */
static bool is_other_head(struct span line) {
    for (size_t i = 0; i < line.length && i < LONGEST_NAME; i++) {
        char c = line.at[i];
        if (c == ':') return i > 1;
        if (c != '-' && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) return false;
    }
    return false;
}

/* Returns 1 if the line is a known header field. If a field occurs twice, the first value is kept. */
static unsigned read_head(const struct line_words *words, struct span line, struct mail_head *head) {
    struct span value;
    const struct {
        enum line_word kind;
        struct span *field;
    } fields[] = {{LINE_SUBJECT, &head->subject}, {LINE_FROM, &head->from}, {LINE_SENT, &head->sent}, {LINE_TO, NULL}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!head_value(words, fields[i].kind, line, &value)) continue;
        if (fields[i].field && !fields[i].field->length) *fields[i].field = value;
        return 1;
    }
    return 0;
}

/* Returns the line after the header fields that begin at `from`, or `from` if there are none. At least two known fields
 * are required: a subject, or both sender and date. A single "From: ..." may be ordinary text. */
static size_t read_heads(const struct line_words *words, const struct lines *lines, size_t from,
                         struct mail_head *ret_head) {
    struct mail_head head = {.is_mail = true};
    unsigned known = 0;
    size_t at = from;
    for (; at < lines->count && at < from + MAX_HEADS && (at == from || !lines->all[at].gap); at++) {
        unsigned one = read_head(words, lines->all[at].text, &head);
        if (!one && at == from && !is_other_head(lines->all[at].text)) return from;
        known += one;
    }
    if (known < 2 || (!head.subject.length && !(head.from.length && head.sent.length))) return from;
    *ret_head = head;
    return at;
}

/* Returns the line after the header fields, or 0 if there are none. */
static size_t find_heads(const struct line_words *words, const struct lines *lines, struct mail_head *ret_head) {
    size_t end = read_heads(words, lines, 0, ret_head);
    for (size_t i = 0; i < FORWARD_REACH && i + 1 < lines->count && end == 0; i++) {
        char folded[LINE_FOLDED];
        if (!line_holds(words, LINE_FORWARDED, line_fold(lines->all[i].text, folded))) continue;
        size_t found = read_heads(words, lines, i + 1, ret_head);
        if (found > i + 1) end = found;
    }
    return end;
}

/* Removes one level of quotation if nearly all of the email is quoted, because it was then forwarded inline. */
static void unquote_once(struct lines *lines) {
    size_t quoted = 0;
    for (size_t i = 0; i < lines->count; i++) quoted += lines->all[i].quoted > 0;
    if (quoted * 5 < lines->count * 4) return;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->all[i].quoted) lines->all[i].quoted--;
}

/* Returns true for a line such as "On Monday, Anna wrote:" directly before a quotation. */
static bool announces_quote(const struct line_words *words, const struct lines *lines, size_t index) {
    char folded[LINE_FOLDED];
    const struct plain_line *line = &lines->all[index];
    if (index + 1 == lines->count || line[1].quoted <= line->quoted || line->columns > 200) return false;
    return line_holds(words, LINE_WROTE, line_fold(line->text, folded));
}

/* A text with quotations counts as an email even without header fields, because these are often not copied. */
struct mail_head plain_mail_strip(const struct line_words *words, struct lines *lines) {
    struct mail_head head = {.is_mail = false};
    size_t kept = 0, from = find_heads(words, lines, &head);
    for (size_t i = from; i < lines->count && !head.is_mail; i++) head.is_mail = lines->all[i].quoted > 0;
    for (size_t i = from; i < lines->count; i++) {
        /* the signature begins with the line "-- ", which has lost its space, because lines are trimmed */
        if (head.is_mail && span_is(lines->all[i].text, "--")) break;
        bool announces = announces_quote(words, lines, i);
        /* a line that announces a quotation contains the date of the quoted email, which is used if there is no date
         * field */
        if (announces && !head.sent.length) head.sent = lines->all[i].text;
        if (!announces) lines->all[kept++] = lines->all[i];
    }
    lines->count = kept;
    unquote_once(lines);
    return head;
}
