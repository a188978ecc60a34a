/* Cleans decoded UTF-8 of what no text should hold: what is not in NFC; control characters; direction controls that
 * nobody closes. What only stands in a translator's way is prose.h's business. */
#ifndef STAGES_DECODE_CLEAN_H
#define STAGES_DECODE_CLEAN_H

#include <stddef.h>

#include "pipeline/base/text.h"

enum clean_kind { CLEAN_NFC, CLEAN_CONTROLS, CLEAN_BIDI, CLEAN_KINDS };

struct cleaning {
    size_t count[CLEAN_KINDS]; /* places changed */
};

/* "nfc", "control characters", ...: the names for the record. */
const char *clean_name(enum clean_kind kind);
/* Appends the cleaned text (valid UTF-8 goes in and comes out); linear; cleaning twice changes nothing. */
void clean_text(struct span text, struct buffer *out, struct cleaning *ret_cleaning);

#endif
