/* Mails saved as text: the heads above, what is quoted, the signature. */
#ifndef STAGES_EXTRACT_PLAIN_MAIL_H
#define STAGES_EXTRACT_PLAIN_MAIL_H

#include "stages/extract/line_words.h"
#include "stages/extract/plain_lines.h"

struct mail_head {
    struct span subject, from, sent;
    bool is_mail;
};

/* Takes the heads (at the top, or below a line about a forwarded message near the top; two at least, in many
 * languages), the lines that announce a quotation and the signature ("-- ") away, and one level of quotation when
 * nearly everything is quoted. */
struct mail_head plain_mail_strip(const struct line_words *words, struct lines *lines);

#endif
