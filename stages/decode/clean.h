/* Cleans UTF-8 without changing what a reader sees: NFC; control, zero-width and other characters that only disturb;
 * soft hyphens; direction controls that nobody closes; ligatures; full-width letters and digits; look-alikes. */
#ifndef STAGES_DECODE_CLEAN_H
#define STAGES_DECODE_CLEAN_H

#include <stddef.h>

#include "pipeline/text.h"

enum clean_kind { CLEAN_NFC, CLEAN_CONTROLS, CLEAN_INVISIBLE, CLEAN_BIDI, CLEAN_LIGATURES, CLEAN_FULL_WIDTH,
                  CLEAN_LOOK_ALIKES, CLEAN_KINDS };

struct cleaning {
    size_t count[CLEAN_KINDS]; /* places changed */
};

/* "nfc", "control characters", ...: the names for the record. */
const char *clean_name(enum clean_kind kind);
/* Appends the cleaned text (valid UTF-8 goes in and comes out); linear; cleaning twice changes nothing. */
void clean_text(struct span text, struct buffer *out, struct cleaning *ret_cleaning);

#endif
