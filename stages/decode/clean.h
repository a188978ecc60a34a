/* Cleans decoded UTF-8: converts it to NFC, removes control characters, and closes unclosed direction controls.
 * Characters that only cause problems in translation are removed later (prose.h). */
#ifndef STAGES_DECODE_CLEAN_H
#define STAGES_DECODE_CLEAN_H

#include <stddef.h>

#include "pipeline/base/text.h"

enum clean_kind { CLEAN_NFC, CLEAN_CONTROLS, CLEAN_BIDI, CLEAN_KINDS };

struct cleaning {
    size_t count[CLEAN_KINDS]; /* number of places changed, for each kind of change */
};

/* Returns the name of the kind of change used in the record: "nfc", "control characters" or "bidi controls". */
const char *clean_name(enum clean_kind kind);
/* Returns the cleaned text: the text itself if nothing changes, otherwise a span of `out`, which must be empty. Input
 * and output are valid UTF-8. Takes linear time; cleaning a text twice changes nothing. */
struct span clean_text(struct span text, struct buffer *out, struct cleaning *ret_cleaning);

#endif
