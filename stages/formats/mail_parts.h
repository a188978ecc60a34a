/* Splits an email into its parts (RFC 2045 and 2046): header fields, and the texts in reading order. */
#ifndef STAGES_FORMATS_MAIL_PARTS_H
#define STAGES_FORMATS_MAIL_PARTS_H

#include "pipeline/base/arena.h"

/* The header fields of a message or part as they are written, including folded lines. */
struct mail_header {
    struct span subject, from, date, id, type, coding, disposition;
    struct span body;
    unsigned typical_count; /* number of fields that usually only emails have */
    size_t count;
};

/* Reads header fields up to the empty line. Returns false at a line that is neither a field nor empty; *ret_header then
 * holds the fields before this line, and the body begins with it. */
bool mail_header_read(struct span raw, struct mail_header *ret_header);
/* Returns a parameter of Content-Type or a similar field, without quotes, or an empty span; borrows from `value`. */
struct span mail_parameter(struct span value, const char *name);

struct mail_text {
    struct mail_header part, outer; /* outer: header of the message that contains the part */
    struct span bytes;              /* transfer encoding removed, lines of format=flowed joined, still in its charset */
    bool is_html;
};

struct mail_texts {
    struct mail_text *all;
    size_t count, capacity;
};

/* Returns every text of a message in reading order. Of several alternatives, plain text is chosen unless the HTML has
 * more than twice as much text; of related parts, the first with text. Attachments are skipped, but attached messages
 * are read. The number of parts and the depth of nesting are limited; each byte is decoded at most once per level. */
struct mail_texts mail_texts_read(struct span raw, struct arena *arena);

/* Sets *ret_messages to the messages of a digest, borrowed from `raw`, and returns their number. An email is a digest
 * if it is a multipart/digest or has at least two attached messages; otherwise returns 0. */
size_t mail_messages(struct span raw, struct arena *arena, struct span **ret_messages);

#endif
