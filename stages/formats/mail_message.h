/* Reads an email (RFC 5322 with MIME) as an article: sender, date, subject and text, which may consist of several
 * parts. */
#ifndef STAGES_FORMATS_MAIL_MESSAGE_H
#define STAGES_FORMATS_MAIL_MESSAGE_H

#include "pipeline/article/article.h"

struct mail_message {
    /* In UTF-8. The sender is a name or, without one, an address; the identity is the Message-ID without brackets. */
    struct span subject, sender, date, identity;
    struct span content_type; /* type of the text, such as "text/html; charset=koi8-r" */
    struct span body;         /* bytes of the text, with its transfer encoding removed, still in its charset */
};

/* Appends bytes to *out as UTF-8. `label` is the charset stated for them, `around` other text in the same encoding that
 * helps to detect it; both may be empty. The decoder is passed in because this folder may not include stages/decode. */
struct mail_charsets {
    void (*decode)(const void *context, struct span bytes, struct span label, struct span around, struct buffer *out);
    const void *context;
};

/* Returns true if a file that begins with `head` (1 KiB is enough) looks like an email: it starts with header fields,
 * including a sender, or several that only emails have. */
bool mail_is(struct span head);
/* Reads one message; all results are in the arena. Several texts (mail_parts.h) are joined in their order. If one of
 * them is HTML, all are converted to HTML; if their charsets differ, all are converted to UTF-8. Raw bytes in header
 * fields are decoded by the charset of the text.
 *
 * Returns false if the message has no text; *ret_message then has only the header fields. Takes linear time. */
bool mail_read(struct span raw, const struct mail_charsets *charsets, struct arena *arena,
               struct mail_message *ret_message);
/* Returns the Message-ID without its brackets, or an empty span; borrows from `raw`. */
struct span mail_identity(struct span raw);
/* Copies a message into an article: title, date of publication and site if they are not set yet, origin.content_type,
 * and the body as its raw bytes. */
void mail_fill(const struct mail_message *message, struct article *article);

#endif
