/* Counts the places in Burmese text that show whether it is encoded in Zawgyi or in Unicode (see zawgyi.h). */
#ifndef STAGES_DECODE_ZAWGYI_PROOF_H
#define STAGES_DECODE_ZAWGYI_PROOF_H

#include <stddef.h>

#include "pipeline/base/text.h"

struct zawgyi_proof {
    size_t letters; /* number of characters that are in the Myanmar block */
    size_t zawgyi;  /* number of places that are impossible in Unicode, in any language of the block */
    size_t unicode; /* number of places that are impossible in Zawgyi */
};

/* Adds the evidence in the line to the counts. */
void zawgyi_prove(struct span line, struct zawgyi_proof *proof);

#endif
