/* The named character references of the HTML standard ("nbsp", "eacute"). */
#ifndef STAGES_FORMATS_REFERENCE_NAMES_H
#define STAGES_FORMATS_REFERENCE_NAMES_H

#include "pipeline/base/text.h"

enum { REFERENCE_IS_LEGACY = 1 };

struct reference_name {
    char name[32];
    uint32_t first;
    uint32_t second; /* a second character, REFERENCE_IS_LEGACY if the reference may lack its semicolon, or 0 */
};

/* Returns the reference with this name, without "&" and ";", or NULL. */
const struct reference_name *reference_named(struct span name);

#endif
