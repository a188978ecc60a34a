/* Handles the parts of an email saved as text: header fields at the top, quotations, the signature. */
#ifndef STAGES_EXTRACT_PLAIN_MAIL_H
#define STAGES_EXTRACT_PLAIN_MAIL_H

#include "stages/extract/line_words.h"
#include "stages/extract/plain_lines.h"

struct mail_head {
    struct span subject, from, sent;
    bool is_mail;
};

/* Removes everything from the lines that is not the text of an email: header fields, at the top or after a "forwarded
 * message" line near the top (at least two, in many languages); lines that announce a quotation; the signature, from
 * "-- " on; and one level of quotation if nearly everything is quoted. Returns the values of the header fields. If
 * is_mail is false, there were neither fields nor quotations. */
struct mail_head plain_mail_strip(const struct line_words *words, struct lines *lines);

#endif
