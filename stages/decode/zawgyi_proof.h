/* What proves that Burmese is in the encoding Zawgyi, or that it is not. */
#ifndef STAGES_DECODE_ZAWGYI_PROOF_H
#define STAGES_DECODE_ZAWGYI_PROOF_H

#include <stddef.h>

#include "pipeline/base/text.h"

struct zawgyi_proof {
    size_t letters; /* characters of the Myanmar block */
    size_t zawgyi;  /* places where Unicode cannot have what stands there, in any language of the block */
    size_t unicode; /* places where Zawgyi cannot */
};

/* Adds what the line proves. */
void zawgyi_prove(struct span line, struct zawgyi_proof *proof);

#endif
