/* Mailboxes (mbox, also .gz) and single emails, read as a stream. The collect stage extracts the text from each email.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pipeline/base/input_file.h"
#include "pipeline/base/sha256.h"
#include "stages/formats/mail_message.h"
#include "stages/formats/mail_parts.h"
#include "stages/sources/parts/common.h"

enum { LINE = 65536 };

struct mail_settings {
    size_t max_bytes;
};

static const struct setting mail_table[] = {
    SOURCE_PATHS_SETTING(
        "mbox files and single emails, may be compressed (.gz); for folders of emails use kind = files"),
    SETTING("max_bytes", SETTING_SIZE_AT(struct mail_settings, max_bytes), .default_value = "32M", .min = 1024,
            .max = 1u << 30, .help = "maximum size of an email; larger emails are skipped"),
    SETTINGS_END,
};

struct mail_source {
    struct source_context context;
    struct arena *arena;
    size_t limit, next;
    const char *path;
    gzFile file;
    char line[LINE]; /* the line that was read ahead, if `held` is set */
    bool held;
    size_t number;
    struct arena *digest; /* arena of a digest, an email that contains other emails; or NULL */
    struct span *messages;
    size_t message_count, next_message;
};

static int mail_recognise(struct span address, struct span head) {
    if (span_ends(address, SPAN(".eml")) || span_ends(address, SPAN(".mbox")) || span_ends(address, SPAN(".mbox.gz")))
        return 2;
    return mail_is(head) ? 2 : 0;
}

static bool mail_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    const struct mail_settings *settings = context->settings;
    if (context->common->paths.count == 0)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the source has no path; set path = FILE");
    struct mail_source *mail = memory_take(sizeof *mail);
    mail->context = *context;
    mail->arena = arena_new();
    mail->limit = settings->max_bytes;
    *ret_state = mail;
    return true;
}

static void mail_close(void *state) {
    struct mail_source *mail = state;
    if (mail->file) gzclose(mail->file);
    if (mail->digest) arena_free(mail->digest);
    arena_free(mail->arena);
    free(mail);
}

/* Whether the line begins an email, such as "From sender Thu Jan 29 14:05:00 2026" after an empty line. The colon in
 * the time distinguishes such a line from a sentence that begins with "From". */
static bool begins_message(struct span line) {
    return span_starts(line, SPAN("From ")) && span_find(line, SPAN(":")) != SIZE_MAX;
}

/* Removes the ">" that email software puts before lines that begin with "From ", so that they are not mistaken for the
 * start of another email. */
static struct span unescape(struct span line) {
    size_t marks = 0;
    while (marks < line.length && line.at[marks] == '>') marks++;
    bool escaped = marks > 0 && span_starts(span_cut(line, marks, line.length), SPAN("From "));
    return escaped ? span_cut(line, 1, line.length) : line;
}

/* Appends lines to *message up to the start of the next email. Returns false at the end of the file. Lines longer than
 * the buffer are read in pieces; only a complete line can start an email. */
static bool read_message(struct mail_source *mail, struct buffer *message) {
    bool any = false, after_gap = true, whole = true;
    while (mail->held || gzgets(mail->file, mail->line, LINE)) {
        struct span line = span_of(mail->line);
        bool next = any && whole && after_gap && begins_message(line);
        mail->held = next;
        if (next) return true;
        buffer_add_span(message, whole ? unescape(line) : line);
        any = true;
        after_gap = span_trim(line).length == 0;
        whole = span_ends(line, SPAN("\n"));
    }
    return any;
}

/* An email without a Message-ID is identified by its hash. */
static enum source_step hand_out(const struct mail_source *mail, struct span raw, struct article **ret_article) {
    char hex[65];
    struct span identity = mail_identity(raw), path = span_of(mail->path);
    if (!identity.length) {
        sha256_hex(raw, hex);
        identity = span_of(hex);
    }
    if (source_knows(&mail->context, identity, SPAN(""))) return SOURCE_KNOWN;
    struct article *article = source_article(&mail->context, path, identity, SPAN(""));
    article->origin.raw = arena_copy(article_document(article), raw);
    article->origin.content_type = SPAN("message/rfc822");
    *ret_article = article;
    return SOURCE_ITEM;
}

/* If the email is a digest, stores the emails in it, each of which becomes an article. Returns whether it is a digest.
 */
static bool open_digest(struct mail_source *mail, struct span raw) {
    if (mail->digest) arena_free(mail->digest);
    mail->digest = arena_new();
    mail->next_message = 0;
    mail->message_count = mail_messages(arena_copy(mail->digest, raw), mail->digest, &mail->messages);
    return mail->message_count > 0;
}

static enum source_step refuse(const char *what, const char *path, const char *why, struct failure *ret_failure) {
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "%s %s: %s", what, path, why);
    return SOURCE_FAIL;
}

/* If a file cannot be read, no email in it is to blame, so the next run tries again. */
static enum source_step unreadable(const char *path, const char *why, struct failure *ret_failure) {
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "cannot read %s: %s", path, why);
    failure_blame(ret_failure, CAUSE_MACHINE, span_of(path));
    return SOURCE_FAIL;
}

/* Opens the next file of the list. Returns SOURCE_ITEM on success. */
static enum source_step open_next(struct mail_source *mail, struct failure *ret_failure) {
    const struct word_list *paths = &mail->context.common->paths;
    if (mail->next == paths->count) return SOURCE_END;
    struct span written = paths->items[mail->next++];
    mail->path = source_path(&mail->context, written, mail->arena).at;
    const char *why = "";
    int opened = input_file_open_passed(mail->path, &why);
    mail->file = opened >= 0 ? gzdopen(opened, "rb") : NULL;
    mail->number = 0;
    mail->held = false;
    return mail->file ? SOURCE_ITEM : unreadable(mail->path, why, ret_failure);
}

/* Closes a file after its last line. Returns SOURCE_ITEM if the end of the file was reached, and not a read error. */
static enum source_step end_file(struct mail_source *mail, struct failure *ret_failure) {
    int code, error = errno;
    gzerror(mail->file, &code);
    bool damaged = code != Z_OK && code != Z_STREAM_END;
    gzclose(mail->file);
    mail->file = NULL;
    errno = error;
    if (code == Z_MEM_ERROR) memory_exhausted();
    if (code == Z_ERRNO) return unreadable(mail->path, strerror(errno), ret_failure);
    return damaged ? refuse("damaged", mail->path, "the file is truncated or corrupt", ret_failure) : SOURCE_ITEM;
}

static enum source_step mail_step(void *state, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    struct mail_source *mail = state;
    (void)reply;
    (void)exchange;
    for (;;) {
        if (mail->next_message < mail->message_count)
            return hand_out(mail, mail->messages[mail->next_message++], ret_article);
        enum source_step taken = mail->file ? SOURCE_ITEM : open_next(mail, ret_failure);
        if (taken != SOURCE_ITEM) return taken;
        struct buffer message = BUFFER(mail->limit);
        bool there = read_message(mail, &message),
             sound = there && !message.full && span_trim(buffer_span(&message)).length;
        mail->number += there;
        bool digest = sound && open_digest(mail, buffer_span(&message));
        if (sound && !digest) taken = hand_out(mail, buffer_span(&message), ret_article);
        bool too_large = message.full;
        buffer_free(&message);
        if (digest) continue;
        if (sound) return taken;
        if (too_large) return refuse("an email in", mail->path, "it is larger than max_bytes", ret_failure);
        if (!there && (taken = end_file(mail, ret_failure)) != SOURCE_ITEM) return taken;
    }
}

const struct source source_mail = {
    .name = "mail",
    .help = "mailboxes and emails (mbox, .eml)",
    .settings = {mail_table, sizeof(struct mail_settings)},
    .recognise = mail_recognise,
    .open = mail_open,
    .close = mail_close,
    .step = mail_step,
};
