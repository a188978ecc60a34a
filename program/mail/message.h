/* Puts a mail together: the header, and the digest as text and as HTML (RFC 5322, 2045 and 2046). */
#ifndef PROGRAM_MAIL_MESSAGE_H
#define PROGRAM_MAIL_MESSAGE_H

#include "pipeline/store/store_mail.h"
#include "program/mail/settings.h"
#include "stages/digest/mail.h"

struct message {
    const struct section *section;
    const struct mail *mail;
    const struct span *to; /* addresses */
    size_t to_count;
    const struct mail_thread *thread; /* the mails of the day that were sent before */
    /* Tells mails apart that have the same number but other articles: then the number was never accepted, or a run was
     * killed after it was. The same articles give the same Message-ID, by which mail programs know a repetition. */
    struct span content;
};

/* Appends the Message-ID, with its brackets. */
void message_id(const struct message *message, struct buffer *out);
/* Appends the message; its lines end with CR LF and have at most 998 bytes. Returns false if it does not fit. */
bool message_write(const struct message *message, struct buffer *out);

#endif
