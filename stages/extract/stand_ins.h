/* Shortens what the parser reads. It looks at each character of a text several times, so long texts are kept aside, and
 * the parser gets one character of a private use area (U+F0000 to U+FFFFD) for each. Afterwards the texts are put back.
 * Only parts that the parser would pass on unchanged are replaced: no references such as "&amp;", no control characters
 * and nothing that is not UTF-8. They begin with a character that is no white space, so that the parser treats the
 * character as it would have treated the text. */
#ifndef STAGES_EXTRACT_STAND_INS_H
#define STAGES_EXTRACT_STAND_INS_H

#include "pipeline/base/arena.h"

struct stand_ins {
    struct span *texts; /* borrowed from the page; the array is in the arena */
    size_t count, capacity;
    bool on;
    bool in_reference; /* the text written last may end within one, which continues after a tag that is left out */
};

/* Return whether the page has none of the characters itself, so that they may be used, and whether the parser's input
 * has no reference to one. */
bool stand_ins_fit(struct span page);
bool stand_ins_are_unique(struct span input);
/* Appends a text of the page to the parser's input; with long parts replaced if `on` is set. */
void stand_ins_write(struct stand_ins *stand_ins, struct span text, struct arena *arena, struct buffer *out);
/* Returns the text with all parts put back, in the arena if it had any. */
struct span stand_ins_restore(const struct stand_ins *stand_ins, struct span text, struct arena *arena);

#endif
