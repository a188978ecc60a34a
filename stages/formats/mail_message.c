#include "stages/formats/mail_message.h"

#include <stdint.h>
#include <string.h>

#include "stages/formats/feed.h"
#include "stages/formats/mail_coding.h"
#include "stages/formats/mail_parts.h"

/* A text that is not an email may also begin with "From: ..." and "Subject: ..." lines, so a single known field is not
 * enough. */
bool mail_is(struct span head) {
    struct mail_header header;
    struct span start = span_cut(head, 0, 1024);
    bool cut = start.length == 1024;
    while (cut && start.length > 0 && start.at[start.length - 1] != '\n') start.length--; /* whole lines only */
    return mail_header_read(start, &header) && header.count >= 2 && header.typical_count >= 2 &&
           (header.from.length || header.typical_count >= 3 || span_starts(head, SPAN("From ")));
}

struct span mail_identity(struct span raw) {
    struct mail_header header;
    mail_header_read(raw, &header);
    struct span id = header.id;
    if (span_starts(id, SPAN("<"))) id = span_cut(id, 1, id.length);
    size_t end = span_find(id, SPAN(">"));
    return span_cut(id, 0, end == SIZE_MAX ? id.length : end);
}

/* ---------------------------------------------------------------- combining texts */

/* Returns true if the texts have different charsets. Otherwise *ret_charset is the one they share; plain ASCII texts do
 * not count. */
static bool charsets_differ(const struct mail_texts *texts, struct span *ret_charset) {
    *ret_charset = (struct span){NULL, 0};
    for (size_t i = 0; i < texts->count; i++) {
        struct span charset = mail_parameter(texts->all[i].part.type, "charset");
        if (mail_is_plain(texts->all[i].bytes, charset)) continue;
        if (ret_charset->length && !span_equal_ascii_fold(*ret_charset, charset)) return true;
        *ret_charset = charset;
    }
    return false;
}

/* Converts each text to UTF-8 from its own charset. */
static void decode_texts(struct mail_texts *texts, const struct mail_charsets *charsets, struct arena *arena) {
    for (size_t i = 0; i < texts->count; i++) {
        struct mail_text *text = &texts->all[i];
        struct buffer out = BUFFER(SIZE_MAX);
        charsets->decode(charsets->context, text->bytes, mail_parameter(text->part.type, "charset"), SPAN(""), &out);
        text->bytes = arena_copy(arena, buffer_span(&out));
        buffer_free(&out);
    }
}

/* Returns what is between <body> and </body>, or all of it. */
static struct span inner_html(struct span html) {
    size_t open = span_find(html, SPAN("<body")), close = span_find(html, SPAN("</body"));
    if (open == SIZE_MAX) open = span_find(html, SPAN("<BODY"));
    if (close == SIZE_MAX) close = span_find(html, SPAN("</BODY"));
    if (close != SIZE_MAX) html = span_cut(html, 0, close);
    if (open == SIZE_MAX || open > html.length) return html;
    size_t end = span_find(span_cut(html, open, html.length), SPAN(">"));
    return end == SIZE_MAX ? html : span_cut(html, open + end + 1, html.length);
}

/* Appends plain text as it is or, in HTML, with a paragraph for each group of lines. */
static void add_plain(struct span text, bool in_html, struct buffer *out) {
    struct span line;
    if (!in_html) {
        buffer_add_span(out, span_trim(text));
        buffer_add_string(out, "\n\n");
        return;
    }
    buffer_add_string(out, "<p>");
    while (span_next(&text, '\n', &line)) {
        line = span_trim(line);
        /* In ISO-2022, "<" may be half of a character, so it must not be escaped. */
        bool escaped = line.length && memchr(line.at, 0x1B, line.length);
        if (line.length && !escaped) feed_escape(line, out);
        if (escaped) buffer_add_span(out, line);
        buffer_add_string(out, line.length ? "<br>\n" : "</p>\n<p>");
    }
    buffer_add_string(out, "</p>\n");
}

/* HTML texts lose their <html> and <body>, so that they can be joined. */
static struct span join(const struct mail_texts *texts, bool is_html, struct arena *arena) {
    struct buffer out = BUFFER(SIZE_MAX);
    if (is_html) buffer_add_string(&out, "<html><body><article>\n");
    for (size_t i = 0; i < texts->count; i++)
        if (texts->all[i].is_html)
            buffer_add_span(&out, inner_html(texts->all[i].bytes));
        else
            add_plain(texts->all[i].bytes, is_html, &out);
    if (is_html) buffer_add_string(&out, "\n</article></body></html>\n");
    struct span joined = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return joined;
}

/* Returns the email's texts, joined into one. If there is only one, its bytes and type are returned unchanged. */
static struct span read_texts(struct mail_texts *texts, const struct mail_charsets *charsets, struct arena *arena,
                              struct span *ret_type) {
    struct span type = texts->all[0].part.type, charset;
    bool is_html = false;
    *ret_type = type.length ? type : SPAN("text/plain");
    if (texts->count == 1) return texts->all[0].bytes;
    if (charsets_differ(texts, &charset)) {
        decode_texts(texts, charsets, arena);
        charset = SPAN("utf-8");
    }
    for (size_t i = 0; i < texts->count; i++) is_html = is_html || texts->all[i].is_html;
    *ret_type = arena_print(arena, "text/%s%s%.*s", is_html ? "html" : "plain", charset.length ? "; charset=" : "",
                            SPAN_ARGS(charset));
    return join(texts, is_html, arena);
}

/* The header of the longest text describes the message: when an email is forwarded, that is the original and not the
 * note above it. */
static const struct mail_header *main_header(const struct mail_texts *texts) {
    size_t longest = 0;
    for (size_t i = 1; i < texts->count; i++)
        if (texts->all[i].bytes.length > texts->all[longest].bytes.length) longest = i;
    return &texts->all[longest].outer;
}

/* ---------------------------------------------------------------- reading the message */

/* Returns the name in "The Paper <news@paper.example>", or the address if there is no name. */
static struct span sender_name(struct span text) {
    size_t bracket = span_find(text, SPAN("<"));
    struct span name = bracket == SIZE_MAX ? text : span_trim(span_cut(text, 0, bracket));
    if (name.length > 1 && name.at[0] == '"' && name.at[name.length - 1] == '"')
        name = span_trim(span_cut(name, 1, name.length - 1));
    return name.length ? name : text;
}

/* Removes "Re:", "Fwd:" and the like from the beginning. */
static struct span plain_subject(struct span subject) {
    static const char *const marks[] = {"re:", "fwd:", "fw:", "aw:", "wg:", "sv:", "vs:", "rv:", "tr:"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts_ascii_fold(subject, span_of(marks[i]))) {
            subject = span_trim(span_cut(subject, strlen(marks[i]), subject.length));
            i = (size_t)-1; /* start again with the first prefix */
        }
    return subject;
}

/* Raw bytes in header fields have the charset of the text, so they are decoded together with it. */
struct raw_header {
    const struct mail_charsets *charsets;
    struct span label, body;
};

static void decode_head(const void *context, struct span bytes, struct span label, struct buffer *out) {
    const struct raw_header *header = context;
    struct span none = {NULL, 0};
    header->charsets->decode(header->charsets->context, bytes, label.length ? label : header->label,
                             label.length ? none : header->body, out);
}

/* Encoded words name their charset; raw bytes are decoded like the body. */
static void read_header(const struct mail_header *outer, struct span type, struct span body,
                        const struct mail_charsets *charsets, struct arena *arena, struct mail_message *ret_message) {
    struct raw_header bare = {charsets, mail_parameter(type, "charset"), body};
    struct mail_decoder decoder = {decode_head, &bare};
    ret_message->subject = plain_subject(mail_header_text(outer->subject, &decoder, arena));
    ret_message->sender = sender_name(mail_header_text(outer->from, &decoder, arena));
    ret_message->date = mail_header_text(outer->date, &decoder, arena);
    ret_message->body = body;
    ret_message->content_type = mail_header_text(type, &decoder, arena);
}

/* The header is read even if there is no text, since the caller may need to say which email it is. */
bool mail_read(struct span raw, const struct mail_charsets *charsets, struct arena *arena,
               struct mail_message *ret_message) {
    struct mail_texts texts = mail_texts_read(raw, arena);
    struct mail_header header;
    struct span type = {NULL, 0}, body = type;
    mail_header_read(raw, &header);
    if (texts.count) body = read_texts(&texts, charsets, arena, &type);
    *ret_message = (struct mail_message){.identity = arena_copy(arena, mail_identity(raw))};
    read_header(texts.count ? main_header(&texts) : &header, type, body, charsets, arena, ret_message);
    return texts.count > 0;
}

/* The date goes into the feed's fields, because the extract stage reads dates from there. */
void mail_fill(const struct mail_message *message, struct article *article) {
    struct arena *arena = article->arena;
    if (!article->title.source.length) article->title.source = arena_copy(arena, message->subject);
    if (!article->feed.published.length) article->feed.published = arena_copy(arena, message->date);
    if (!article->site.length) article->site = arena_copy(arena, message->sender);
    article->origin.content_type = arena_copy(arena, message->content_type);
    article->origin.raw = arena_copy(article_document(article), message->body);
}
