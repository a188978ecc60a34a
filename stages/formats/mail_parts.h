/* The parts of a mail (RFC 2045 and 2046): heads, and the texts in the order in which a reader sees them. */
#ifndef STAGES_FORMATS_MAIL_PARTS_H
#define STAGES_FORMATS_MAIL_PARTS_H

#include "pipeline/base/arena.h"

/* As they stand, folded lines included; of a message or of a part. */
struct mail_heads {
    struct span subject, from, date, id, type, coding, disposition;
    struct span body;
    unsigned of_mails; /* heads that only mails have */
    size_t count;
};

/* Heads up to the empty line. False when a line among them is none; `ret_heads` holds those before it. */
bool mail_heads_read(struct span raw, struct mail_heads *ret_heads);
/* A parameter of Content-Type or the like, without quotes; borrows. Empty when there is none. */
struct span mail_parameter(struct span value, const char *name);

struct mail_text {
    struct mail_heads part, outer; /* outer: of the message that the part stands in */
    struct span bytes;             /* transfer encoding undone, lines of format=flowed joined; charset not */
    bool is_html;
};

struct mail_texts {
    struct mail_text *all;
    size_t count, capacity;
};

/* Every text of a message, in order. Of alternatives the plain text is chosen unless the HTML says twice as much; of
 * related parts the first with text; attachments are passed over, messages attached are looked into. What stands
 * behind a closing boundary is no part. Parts and nesting are limited; each byte is decoded at most once a level. */
struct mail_texts mail_texts_read(struct span raw, struct arena *arena);

/* The messages of a digest: those of multipart/digest, or two attached messages and more; borrowed. 0: it is none. */
size_t mail_messages(struct span raw, struct arena *arena, struct span **ret_messages);

#endif
