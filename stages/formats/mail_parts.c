#include "stages/formats/mail_parts.h"

#include <string.h>

#include "stages/formats/feed.h"
#include "stages/formats/mail_coding.h"

enum {
    MAX_FIELDS = 1000, /* max. header fields of a part */
    MAX_PARTS = 300,   /* max. parts of a whole email */
    DEEPEST = 10       /* max. depth of nesting, because walk() is recursive */
};

/* ---------------------------------------------------------------- header fields */

/* Returns the length of a header field's name, or 0 if the line is not a field. */
static size_t name_length(struct span line) {
    size_t i = 0;
    while (i < line.length && line.at[i] > ' ' && line.at[i] < 127 && line.at[i] != ':') i++;
    return i > 0 && i < line.length && line.at[i] == ':' ? i : 0;
}

/* The first of several fields with the same name is kept. */
static void keep_field(struct mail_header *header, struct span name, struct span value) {
    static const char *const typical_count[] = {
        "received",       "return-path", "delivered-to", "message-id", "mime-version",
        "dkim-signature", "from",        "date",         "subject",    "to"};
    const struct {
        const char *name;
        struct span *field;
    } fields[] = {{"subject", &header->subject},
                  {"from", &header->from},
                  {"date", &header->date},
                  {"message-id", &header->id},
                  {"content-type", &header->type},
                  {"content-transfer-encoding", &header->coding},
                  {"content-disposition", &header->disposition}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (span_is_ascii_fold(name, fields[i].name) && !fields[i].field->length) *fields[i].field = span_trim(value);
    for (size_t i = 0; i < sizeof typical_count / sizeof *typical_count; i++)
        header->typical_count += span_is_ascii_fold(name, typical_count[i]);
}

/* A mailbox has a "From " line before each message, which is not a header field. */
bool mail_header_read(struct span raw, struct mail_header *ret_header) {
    struct mail_header header = {0};
    struct span name = {NULL, 0}, value = {NULL, 0};
    bool sound = true;
    if (span_starts(raw, SPAN("From "))) {
        size_t end = span_find(raw, SPAN("\n"));
        raw = end == SIZE_MAX ? SPAN("") : span_cut(raw, end + 1, raw.length);
    }
    while (raw.length && header.count < MAX_FIELDS) {
        const char *end = memchr(raw.at, '\n', raw.length);
        size_t size = end ? (size_t)(end - raw.at) + 1 : raw.length;
        struct span line = span_cut(raw, 0, size);
        bool empty = span_trim(line).length == 0, folded = line.at[0] == ' ' || line.at[0] == '\t';
        size_t length = name_length(line);
        sound = empty || (folded && name.length) || length;
        if (!sound) break;
        raw = span_cut(raw, size, raw.length);
        if (!empty && folded) value.length = (size_t)(line.at + line.length - value.at);
        if ((empty || !folded) && name.length) keep_field(&header, name, value);
        if (empty) break;
        if (folded) continue;
        name = span_cut(line, 0, length);
        value = span_cut(line, length + 1, line.length);
        header.count++;
    }
    if (raw.length == 0 && name.length) keep_field(&header, name, value);
    header.body = raw;
    *ret_header = header;
    return sound;
}

/* ---------------------------------------------------------------- parts */

/* A ';' inside quotes is not supported; boundaries and charsets do not contain one. */
struct span mail_parameter(struct span value, const char *name) {
    struct span rest = value, piece;
    while (span_next(&rest, ';', &piece)) {
        size_t equals = span_find(piece, SPAN("="));
        if (equals == SIZE_MAX || !span_is_ascii_fold(span_trim(span_cut(piece, 0, equals)), name)) continue;
        struct span found = span_trim(span_cut(piece, equals + 1, piece.length));
        if (span_starts(found, SPAN("\""))) {
            found = span_cut(found, 1, found.length);
            size_t quote = span_find(found, SPAN("\""));
            found = span_cut(found, 0, quote == SIZE_MAX ? found.length : quote);
        }
        return found;
    }
    return (struct span){NULL, 0};
}

enum delimiter { DELIMITER_NONE, DELIMITER_PART, DELIMITER_END };

/* Only whitespace may follow a boundary, because one boundary can be a prefix of another. */
static enum delimiter delimiter_of(struct span line, struct span boundary) {
    if (!span_starts(line, SPAN("--")) || !span_starts(span_cut(line, 2, line.length), boundary)) return DELIMITER_NONE;
    struct span after = span_trim(span_cut(line, 2 + boundary.length, line.length));
    if (span_is(after, "--")) return DELIMITER_END;
    return after.length ? DELIMITER_NONE : DELIMITER_PART;
}

/* Finds the next line that is "--boundary" or "--boundary--"; nothing after the latter is read. If there is none, the
 * message was truncated and the last part extends to the end. */
static enum delimiter find_delimiter(struct span text, struct span boundary, size_t *ret_start, size_t *ret_end) {
    for (size_t at = 0, next; at < text.length; at = next) {
        const char *end = memchr(text.at + at, '\n', text.length - at);
        next = end ? (size_t)(end - text.at) + 1 : text.length;
        enum delimiter found = delimiter_of(span_cut(text, at, next), boundary);
        if (!found) continue;
        *ret_start = at;
        *ret_end = next;
        return found;
    }
    *ret_start = *ret_end = text.length;
    return DELIMITER_END;
}

/* ---------------------------------------------------------------- texts */

struct walker {
    struct arena *arena;
    unsigned parts;
};

static void walk(struct walker *walker, struct span raw, const struct mail_header *outer, bool in_digest,
                 unsigned depth, struct mail_texts *texts);

/* Removes the transfer encoding; unknown ones are left as they are. */
static struct span decode(const struct mail_header *part, struct arena *arena) {
    struct buffer bytes = BUFFER(part->body.length + 16);
    if (span_is_ascii_fold(part->coding, "base64"))
        mail_base64(part->body, &bytes);
    else if (span_is_ascii_fold(part->coding, "quoted-printable"))
        mail_quoted_printable(part->body, false, &bytes);
    else
        buffer_add_span(&bytes, part->body);
    struct span copy = arena_copy(arena, buffer_span(&bytes));
    buffer_free(&bytes);
    return copy;
}

static bool is_named(struct span value, const char *name, const char *wanted) {
    return span_is_ascii_fold(mail_parameter(value, name), wanted);
}

/* Empty parts do not count as texts. */
static void add_text(struct walker *walker, const struct mail_header *part, const struct mail_header *outer,
                     bool is_html, struct mail_texts *texts) {
    struct span bytes = decode(part, walker->arena);
    if (!span_trim(bytes).length) return;
    if (!is_html && is_named(part->type, "format", "flowed"))
        bytes = mail_unflow(bytes, is_named(part->type, "delsp", "yes"), walker->arena);
    texts->all = arena_grow(walker->arena, texts->all, texts->count, &texts->capacity, sizeof *texts->all);
    texts->all[texts->count++] = (struct mail_text){*part, *outer, bytes, is_html};
}

static void add_all(struct walker *walker, const struct mail_texts *more, struct mail_texts *texts) {
    for (size_t i = 0; i < more->count; i++) {
        texts->all = arena_grow(walker->arena, texts->all, texts->count, &texts->capacity, sizeof *texts->all);
        texts->all[texts->count++] = more->all[i];
    }
}

/* Returns the number of bytes that a reader sees. *ret_html tells whether any of them are HTML. */
static size_t visible_bytes(const struct mail_texts *texts, bool *ret_html) {
    size_t bytes = 0;
    struct arena *scratch = arena_new();
    *ret_html = false;
    for (size_t i = 0; i < texts->count; i++) {
        const struct mail_text *text = &texts->all[i];
        bytes += text->is_html ? feed_plain(text->bytes, scratch).length : span_trim(text->bytes).length;
        *ret_html = *ret_html || text->is_html;
    }
    arena_free(scratch);
    return bytes;
}

/* Mailers put the preferred alternative last. Plain text is preferred here, because it needs no extraction, unless it
 * is so short that it probably only points to the HTML. */
static void choose(struct walker *walker, const struct mail_texts *alternatives, size_t count,
                   struct mail_texts *texts) {
    const struct mail_texts *plain = NULL, *html = NULL;
    size_t plain_bytes = 0, html_bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_html;
        size_t bytes = visible_bytes(&alternatives[i], &is_html);
        if (is_html && bytes >= html_bytes) html = &alternatives[i], html_bytes = bytes;
        if (!is_html && bytes >= plain_bytes && bytes) plain = &alternatives[i], plain_bytes = bytes;
    }
    bool take_html = html && (!plain || html_bytes > 2 * plain_bytes);
    if (take_html || plain) add_all(walker, take_html ? html : plain, texts);
}

/* Splits the parts between the boundaries; the array is in the arena. */
static size_t cut_parts(struct walker *walker, const struct mail_header *header, struct span **ret_parts) {
    struct span boundary = mail_parameter(header->type, "boundary"), rest = header->body;
    size_t start, end, count = 0, capacity = 0;
    *ret_parts = NULL;
    if (!boundary.length || find_delimiter(rest, boundary, &start, &end) != DELIMITER_PART) return 0;
    for (enum delimiter next = DELIMITER_PART; next == DELIMITER_PART && ++walker->parts < MAX_PARTS;) {
        rest = span_cut(rest, end, rest.length);
        next = find_delimiter(rest, boundary, &start, &end);
        *ret_parts = arena_grow(walker->arena, *ret_parts, count, &capacity, sizeof **ret_parts);
        (*ret_parts)[count++] = span_cut(rest, 0, start);
    }
    return count;
}

/* Reads every part in turn. For multipart/alternative, one of them is chosen after all have been read. */
static void walk_parts(struct walker *walker, const struct mail_header *header, const struct mail_header *outer,
                       unsigned depth, struct mail_texts *texts) {
    bool alternative = span_starts_ascii_fold(header->type, SPAN("multipart/alternative")),
         related = span_starts_ascii_fold(header->type, SPAN("multipart/related")),
         digest = span_starts_ascii_fold(header->type, SPAN("multipart/digest"));
    struct span *parts;
    size_t count = cut_parts(walker, header, &parts);
    struct mail_texts *found = arena_take(walker->arena, (count + 1) * sizeof *found);
    for (size_t i = 0; i < count; i++) {
        walk(walker, parts[i], outer, digest, depth + 1, &found[i]);
        if (!alternative) add_all(walker, &found[i], texts);
        /* In multipart/related, the first part is the text; the others are its pictures and styles. */
        if (related && found[i].count) break;
    }
    if (alternative) choose(walker, found, count, texts);
}

static void walk(struct walker *walker, struct span raw, const struct mail_header *outer, bool in_digest,
                 unsigned depth, struct mail_texts *texts) {
    struct mail_header part;
    if (depth > DEEPEST) return;
    mail_header_read(raw, &part);
    if (depth == 0) outer = &part;
    bool attached = span_starts_ascii_fold(part.disposition, SPAN("attachment"));
    if (span_starts_ascii_fold(part.type, SPAN("multipart/"))) {
        walk_parts(walker, &part, outer, depth, texts);
    } else if (span_starts_ascii_fold(part.type, SPAN("message/rfc822")) || (in_digest && !part.type.length)) {
        /* An attached message has its own header, which applies to the texts inside it. */
        struct mail_header inner;
        mail_header_read(part.body, &inner);
        walk(walker, part.body, &inner, false, depth + 1, texts);
    } else if (!attached && span_starts_ascii_fold(part.type, SPAN("text/html"))) {
        add_text(walker, &part, outer, true, texts);
    } else if (!attached && (!part.type.length || span_starts_ascii_fold(part.type, SPAN("text/plain")))) {
        add_text(walker, &part, outer, false, texts);
    }
}

struct mail_texts mail_texts_read(struct span raw, struct arena *arena) {
    struct mail_texts texts = {0};
    struct walker walker = {.arena = arena};
    walk(&walker, raw, NULL, false, 0, &texts);
    return texts;
}

/* ---------------------------------------------------------------- digests */

struct messages {
    struct span *all;
    size_t count, capacity;
};

/* Collects the messages of a digest, which may be between a table of contents and the mailing list's footer. */
static void collect_messages(struct walker *walker, struct span raw, unsigned depth, struct messages *messages,
                             bool *is_digest) {
    struct mail_header header, part;
    struct span *parts;
    mail_header_read(raw, &header);
    bool digest = span_starts_ascii_fold(header.type, SPAN("multipart/digest"));
    if (depth > 1 || (!digest && !span_starts_ascii_fold(header.type, SPAN("multipart/mixed")))) return;
    *is_digest = *is_digest || digest;
    for (size_t i = 0, count = cut_parts(walker, &header, &parts); i < count; i++) {
        mail_header_read(parts[i], &part);
        bool message = span_starts_ascii_fold(part.type, SPAN("message/rfc822")) || (digest && !part.type.length);
        if (!message) collect_messages(walker, parts[i], depth + 1, messages, is_digest);
        if (!message || !span_trim(part.body).length) continue;
        messages->all =
            arena_grow(walker->arena, messages->all, messages->count, &messages->capacity, sizeof *messages->all);
        messages->all[messages->count++] = part.body;
    }
}

/* An email with a single attached message is a forwarded message, not a digest, unless its type is multipart/digest. */
size_t mail_messages(struct span raw, struct arena *arena, struct span **ret_messages) {
    struct messages messages = {0};
    struct walker walker = {.arena = arena};
    bool is_digest = false;
    collect_messages(&walker, raw, 0, &messages, &is_digest);
    *ret_messages = messages.all;
    return is_digest || messages.count > 1 ? messages.count : 0;
}
