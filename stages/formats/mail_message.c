#include "stages/formats/mail_message.h"

#include <string.h>

#include "stages/formats/feed.h"
#include "stages/formats/mail_coding.h"

enum { MAX_HEADS = 1000, MAX_PARTS = 300, DEEPEST = 10 };

struct heads {
    struct span subject, from, date, id, type, coding, disposition; /* as they stand, folded lines included */
    struct span body;
    unsigned of_mails; /* heads that only mails have */
    size_t count;
};

/* One candidate of each kind: the largest. */
struct choice {
    struct heads plain, html, outer_plain, outer_html; /* outer: heads of the message that the part stands in */
    unsigned parts;
};

/* ---------------------------------------------------------------- heads */

static size_t name_length(struct span line) {
    size_t i = 0;
    while (i < line.length && line.at[i] > ' ' && line.at[i] < 127 && line.at[i] != ':') i++;
    return i > 0 && i < line.length && line.at[i] == ':' ? i : 0;
}

static void keep_head(struct heads *heads, struct span name, struct span value) {
    static const char *const of_mails[] = {
        "received",       "return-path", "delivered-to", "message-id", "mime-version",
        "dkim-signature", "from",        "date",         "subject",    "to"};
    const struct {
        const char *name;
        struct span *field;
    } fields[] = {{"subject", &heads->subject},
                  {"from", &heads->from},
                  {"date", &heads->date},
                  {"message-id", &heads->id},
                  {"content-type", &heads->type},
                  {"content-transfer-encoding", &heads->coding},
                  {"content-disposition", &heads->disposition}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (span_is_fold(name, fields[i].name) && !fields[i].field->length) *fields[i].field = span_trim(value);
    for (size_t i = 0; i < sizeof of_mails / sizeof *of_mails; i++) heads->of_mails += span_is_fold(name, of_mails[i]);
}

/* Heads up to the empty line. False when a line among them is none; `heads` holds those before it. */
static bool read_heads(struct span raw, struct heads *ret_heads) {
    struct heads heads = {0};
    struct span name = {NULL, 0}, value = {NULL, 0};
    bool sound = true;
    if (span_starts(raw, SPAN("From "))) {
        size_t end = span_find(raw, SPAN("\n"));
        raw = end == SIZE_MAX ? SPAN("") : span_cut(raw, end + 1, raw.length);
    }
    while (raw.length && heads.count < MAX_HEADS) {
        const char *end = memchr(raw.at, '\n', raw.length);
        size_t size = end ? (size_t)(end - raw.at) + 1 : raw.length;
        struct span line = span_cut(raw, 0, size);
        bool empty = span_trim(line).length == 0, folded = line.at[0] == ' ' || line.at[0] == '\t';
        size_t length = name_length(line);
        sound = empty || (folded && name.length) || length;
        if (!sound) break;
        raw = span_cut(raw, size, raw.length);
        if (!empty && folded) value.length = (size_t)(line.at + line.length - value.at);
        if ((empty || !folded) && name.length) keep_head(&heads, name, value);
        if (empty) break;
        if (folded) continue;
        name = span_cut(line, 0, length);
        value = span_cut(line, length + 1, line.length);
        heads.count++;
    }
    if (raw.length == 0 && name.length) keep_head(&heads, name, value);
    heads.body = raw;
    *ret_heads = heads;
    return sound;
}

bool mail_is(struct span head) {
    struct heads heads;
    struct span start = span_cut(head, 0, 1024);
    bool cut = start.length == 1024;
    while (cut && start.length > 0 && start.at[start.length - 1] != '\n') start.length--; /* whole lines */
    return read_heads(start, &heads) && heads.count >= 2 && heads.of_mails >= 2 &&
           (heads.from.length || heads.of_mails >= 3 || span_starts(head, SPAN("From ")));
}

struct span mail_identity(struct span raw) {
    struct heads heads;
    read_heads(raw, &heads);
    struct span id = heads.id;
    if (span_starts(id, SPAN("<"))) id = span_cut(id, 1, id.length);
    size_t end = span_find(id, SPAN(">"));
    return span_cut(id, 0, end == SIZE_MAX ? id.length : end);
}

/* ---------------------------------------------------------------- parts */

/* A parameter of Content-Type or the like, without quotes. */
static struct span parameter(struct span value, const char *name) {
    struct span rest = value, piece;
    while (span_next(&rest, ';', &piece)) {
        size_t equals = span_find(piece, SPAN("="));
        if (equals == SIZE_MAX || !span_is_fold(span_trim(span_cut(piece, 0, equals)), name)) continue;
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

static bool is_delimiter(struct span line, struct span boundary) {
    if (!span_starts(line, SPAN("--")) || !span_starts(span_cut(line, 2, line.length), boundary)) return false;
    struct span behind = span_trim(span_cut(line, 2 + boundary.length, line.length));
    return behind.length == 0 || span_is(behind, "--");
}

/* The next line that is "--boundary", perhaps with "--" behind; false when there is none. */
static bool find_delimiter(struct span text, struct span boundary, size_t *ret_start, size_t *ret_end) {
    for (size_t at = 0, next; at < text.length; at = next) {
        const char *end = memchr(text.at + at, '\n', text.length - at);
        next = end ? (size_t)(end - text.at) + 1 : text.length;
        if (!is_delimiter(span_cut(text, at, next), boundary)) continue;
        *ret_start = at;
        *ret_end = next;
        return true;
    }
    return false;
}

static void walk(struct span raw, const struct heads *outer, unsigned depth, struct choice *choice);

static void walk_parts(const struct heads *heads, const struct heads *outer, unsigned depth, struct choice *choice) {
    struct span boundary = parameter(heads->type, "boundary"), rest = heads->body;
    size_t start, end;
    if (!boundary.length || !find_delimiter(rest, boundary, &start, &end)) return;
    rest = span_cut(rest, end, rest.length);
    while (rest.length && choice->parts < MAX_PARTS) {
        bool more = find_delimiter(rest, boundary, &start, &end);
        walk(span_cut(rest, 0, more ? start : rest.length), outer, depth + 1, choice);
        rest = more ? span_cut(rest, end, rest.length) : SPAN("");
    }
}

static void offer(const struct heads *part, const struct heads *outer, bool html, struct choice *choice) {
    struct heads *place = html ? &choice->html : &choice->plain;
    if (part->body.length <= place->body.length) return;
    *place = *part;
    *(html ? &choice->outer_html : &choice->outer_plain) = *outer;
}

static void walk(struct span raw, const struct heads *outer, unsigned depth, struct choice *choice) {
    struct heads part;
    if (depth > DEEPEST || ++choice->parts > MAX_PARTS) return;
    read_heads(raw, &part);
    if (depth == 0) outer = &part;
    bool attached = span_starts_fold(part.disposition, SPAN("attachment"));
    if (span_starts_fold(part.type, SPAN("multipart/")))
        walk_parts(&part, outer, depth, choice);
    else if (span_starts_fold(part.type, SPAN("message/rfc822"))) {
        struct heads inner;
        read_heads(part.body, &inner);
        walk(part.body, &inner, depth + 1, choice);
    } else if (!attached && span_starts_fold(part.type, SPAN("text/html")))
        offer(&part, outer, true, choice);
    else if (!attached && (!part.type.length || span_starts_fold(part.type, SPAN("text/plain"))))
        offer(&part, outer, false, choice);
}

/* ---------------------------------------------------------------- the message */

static struct span decode(const struct heads *part, struct arena *arena) {
    struct buffer bytes = BUFFER(part->body.length + 16);
    if (span_is_fold(part->coding, "base64"))
        mail_base64(part->body, &bytes);
    else if (span_is_fold(part->coding, "quoted-printable"))
        mail_quoted_printable(part->body, false, &bytes);
    else
        buffer_add_span(&bytes, part->body);
    struct span copy = arena_copy(arena, buffer_span(&bytes));
    buffer_free(&bytes);
    return copy;
}

/* "The Paper <news@paper.example>": the name, or the address when there is none. */
static struct span sender_name(struct span text) {
    size_t bracket = span_find(text, SPAN("<"));
    struct span name = bracket == SIZE_MAX ? text : span_trim(span_cut(text, 0, bracket));
    if (name.length > 1 && name.at[0] == '"' && name.at[name.length - 1] == '"')
        name = span_trim(span_cut(name, 1, name.length - 1));
    return name.length ? name : text;
}

/* Without "Re:" and "Fwd:" in front. */
static struct span plain_subject(struct span subject) {
    static const char *const marks[] = {"re:", "fwd:", "fw:", "aw:", "wg:", "sv:", "vs:", "rv:", "tr:"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts_fold(subject, span_of(marks[i]))) {
            subject = span_trim(span_cut(subject, strlen(marks[i]), subject.length));
            i = (size_t)-1; /* once more from the first */
        }
    return subject;
}

static bool html_says_more(struct span plain, struct span html) {
    struct arena *scratch = arena_new();
    size_t letters = feed_plain(html, scratch).length;
    arena_free(scratch);
    return letters > 2 * span_trim(plain).length;
}

/* Bare bytes of heads are in the charset of the text, and are judged together with it. */
struct bare_heads {
    const struct mail_charsets *charsets;
    struct span label, body;
};

static void decode_head(const void *context, struct span bytes, struct span label, struct buffer *out) {
    const struct bare_heads *heads = context;
    struct span none = {NULL, 0};
    heads->charsets->decode(heads->charsets->context, bytes, label.length ? label : heads->label,
                            label.length ? none : heads->body, out);
}

static void read_message(const struct heads *outer, const struct heads *part, struct span body,
                         const struct mail_charsets *charsets, struct arena *arena, struct mail_message *ret_message) {
    struct bare_heads bare = {charsets, parameter(part->type, "charset"), body};
    struct mail_decoder decoder = {decode_head, &bare};
    ret_message->subject = plain_subject(mail_head_text(outer->subject, &decoder, arena));
    ret_message->sender = sender_name(mail_head_text(outer->from, &decoder, arena));
    ret_message->date = mail_head_text(outer->date, &decoder, arena);
    ret_message->body = body;
    ret_message->content_type = part->type.length ? mail_head_text(part->type, &decoder, arena) : SPAN("text/plain");
}

bool mail_read(struct span raw, const struct mail_charsets *charsets, struct arena *arena,
               struct mail_message *ret_message) {
    struct choice choice = {0};
    walk(raw, NULL, 0, &choice);
    struct span plain = decode(&choice.plain, arena), html = decode(&choice.html, arena);
    bool is_html = html.length && html_says_more(plain, html);
    const struct heads *part = is_html ? &choice.html : &choice.plain,
                       *outer = is_html ? &choice.outer_html : &choice.outer_plain;
    struct span body = is_html ? html : plain;
    if (!span_trim(body).length) return false;
    *ret_message = (struct mail_message){.identity = arena_copy(arena, mail_identity(raw))};
    read_message(outer, part, body, charsets, arena, ret_message);
    return true;
}

void mail_fill(const struct mail_message *message, struct article *article) {
    struct arena *arena = article->arena;
    if (!article->title.source.length) article->title.source = arena_copy(arena, message->subject);
    if (!article->feed.published.length) article->feed.published = arena_copy(arena, message->date);
    if (!article->site.length) article->site = arena_copy(arena, message->sender);
    article->origin.content_type = arena_copy(arena, message->content_type);
    article->origin.raw = arena_copy(article_document(article), message->body);
}
