/* A mail (RFC 5322 with MIME) as an article: who, when, about what, and its text, which may stand in several parts. */
#ifndef STAGES_FORMATS_MAIL_MESSAGE_H
#define STAGES_FORMATS_MAIL_MESSAGE_H

#include "pipeline/article/article.h"

struct mail_message {
    struct span subject, sender, date, identity; /* UTF-8; the sender's name, or address; Message-ID without brackets */
    struct span content_type;                    /* of the text: "text/html; charset=koi8-r" */
    struct span body;                            /* its bytes, transfer encoding undone, character encoding not */
};

/* How heads become UTF-8: by the one decoder, which this folder does not know. Appends to *out; `label` is a charset
 * that somebody named, `around` text of the same encoding to judge by; both may be empty. */
struct mail_charsets {
    void (*decode)(const void *context, struct span bytes, struct span label, struct span around, struct buffer *out);
    const void *context;
};

/* Whether a file's beginning (1 KiB will do) looks like a mail: a block of heads, sender and date or subject among
 * them. */
bool mail_is(struct span head);
/* Reads one message; everything belongs to the arena. Several texts (mail_parts.h) become one, in their order; where
 * one of them is HTML, all are, and where their charsets differ, each is decoded by its own and all are UTF-8. Heads
 * whose bytes stand bare are read by the charset of the text. False when it holds no text; its heads
 * are read all the same. The cost is linear. */
bool mail_read(struct span raw, const struct mail_charsets *charsets, struct arena *arena,
               struct mail_message *ret_message);
/* The Message-ID without its brackets, or empty; borrowed. */
struct span mail_identity(struct span raw);
/* Puts a message into an article: title, published, site and origin.content_type, the body as its raw bytes. */
void mail_fill(const struct mail_message *message, struct article *article);

#endif
