#include "program/mail/message.h"

#include <stdio.h>
#include <time.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "stages/formats/mail_write.h"

enum { PART_LIMIT = 1 << 20, FIELD_LIMIT = 4096 };

/* ---------------------------------------------------------------- names */

static const struct mail_settings *settings_of(const struct message *message) {
    return section_values(message->section);
}

static struct span sender_domain(const struct message *message) {
    struct span name, sender = mail_sender(settings_of(message)->from, &name);
    size_t at = span_find(sender, SPAN("@"));
    return at == SIZE_MAX ? SPAN("localhost") : span_cut(sender, at + 1, sender.length);
}

/* Appends the section's name as a label of a domain: what does not fit becomes a hyphen. */
static void add_list_label(const struct message *message, struct buffer *out) {
    struct span name = section_name(message->section);
    if (!name.length) name = SPAN("dragoman");
    for (size_t i = 0; i < name.length && i < 60; i++) {
        char c = name.at[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        buffer_add(out, fits ? &c : "-", 1);
    }
}

/* The hash tells lists apart whose names give the same label, and readers who are told different things. */
void message_id(const struct message *message, struct buffer *out) {
    char hash[65];
    struct buffer all = BUFFER(64 << 20);
    buffer_print(&all, "%.*s\n", SPAN_ARGS(section_name(message->section)));
    for (size_t i = 0; i < message->to_count; i++) buffer_print(&all, "%.*s\n", SPAN_ARGS(message->to[i]));
    buffer_add_span(&all, message->content);
    sha256_hex(buffer_span(&all), hash);
    buffer_print(out, "<%s.%lld.%.16s.", message->mail->day->edition->day, message->thread->mails + 1, hash);
    add_list_label(message, out);
    buffer_print(out, "@%.*s>", SPAN_ARGS(sender_domain(message)));
    buffer_free(&all);
}

/* ---------------------------------------------------------------- header */

/* strftime() would give names in the user's language. */
static void add_date(struct buffer *out) {
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char zone[8];
    struct tm local;
    time_t now = time(NULL);
    localtime_r(&now, &local);
    strftime(zone, sizeof zone, "%z", &local);
    buffer_print(out, "Date: %s, %d %s %d %02d:%02d:%02d %s\r\n", days[local.tm_wday], local.tm_mday,
                 months[local.tm_mon], local.tm_year + 1900, local.tm_hour, local.tm_min, local.tm_sec, zone);
}

/* All mails of a day have the same subject, because some mail programs take another one for another thread. */
static void add_subject(const struct message *message, struct buffer *out) {
    char name[64];
    struct buffer subject = BUFFER(FIELD_LIMIT);
    struct span prefix = text_clip(settings_of(message)->subject_prefix, 500);
    clock_day_name(message->mail->day->edition->day, name);
    buffer_print(&subject, "%s%.*s%s%s", message->thread->mails ? "Re: " : "", SPAN_ARGS(prefix),
                 prefix.length ? " " : "", name);
    mail_write_text(out, "Subject", buffer_span(&subject));
    buffer_free(&subject);
}

static void add_list_fields(const struct message *message, struct buffer *out) {
    const struct mail_settings *settings = settings_of(message);
    struct buffer id = BUFFER(FIELD_LIMIT);
    if (settings->list_id.length) {
        buffer_add_span(&id, settings->list_id);
    } else {
        add_list_label(message, &id);
        buffer_print(&id, ".%.*s", SPAN_ARGS(sender_domain(message)));
    }
    buffer_print(out, "List-Id: <%.*s>\r\n", SPAN_ARGS(buffer_span(&id)));
    if (settings->unsubscribe.length)
        buffer_print(out, "List-Unsubscribe: <%.*s>\r\n", SPAN_ARGS(settings->unsubscribe));
    buffer_free(&id);
}

static void add_ids(const struct message *message, struct buffer *out) {
    struct span root = message->thread->root;
    buffer_add_string(out, "Message-ID: ");
    message_id(message, out);
    buffer_add_string(out, "\r\n");
    if (root.length) buffer_print(out, "In-Reply-To: %.*s\r\nReferences: %.*s\r\n", SPAN_ARGS(root), SPAN_ARGS(root));
}

static void add_header(const struct message *message, struct buffer *out) {
    struct span name, sender = mail_sender(settings_of(message)->from, &name);
    add_date(out);
    mail_write_address(out, "From", name, sender);
    mail_write_list(out, "To", message->to, message->to_count, ",");
    add_subject(message, out);
    add_ids(message, out);
    add_list_fields(message, out);
    /* RFC 3834: nobody on holiday is to answer. */
    buffer_add_string(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
}

/* ---------------------------------------------------------------- parts */

/* A "=" never stands before "_" in quoted-printable, so no text can contain the boundary. */
static const char boundary[] = "=_dragoman";

static bool add_part(const struct message *message, const char *type,
                     bool (*write)(const struct mail *mail, struct buffer *out), struct buffer *out) {
    struct buffer text = BUFFER(PART_LIMIT);
    bool done = write(message->mail, &text);
    buffer_print(out, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
                 boundary, type);
    mail_write_quoted_printable(out, buffer_span(&text));
    buffer_add_string(out, "\r\n");
    buffer_free(&text);
    return done;
}

bool message_write(const struct message *message, struct buffer *out) {
    add_header(message, out);
    buffer_print(out, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n", boundary);
    bool done = add_part(message, "text/plain", mail_text, out) && add_part(message, "text/html", mail_html, out);
    buffer_print(out, "--%s--\r\n", boundary);
    return done && !out->full;
}
