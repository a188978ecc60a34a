/* Files that are used where they lie: mapped into memory, read-only, not copied. For models, which are large and of
 * which a run may touch little. */
#ifndef PIPELINE_BASE_MAPPED_H
#define PIPELINE_BASE_MAPPED_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"

struct mapped {
    unsigned char *at; /* not to be written to; NULL when nothing is mapped */
    size_t size;
};

/* Maps the whole of a file of at least `min_size` (> 0) bytes, to be closed; `what` names it in the failure ("the
 * language model"). Nothing is said of its contents: whoever finds them wrong calls mapped_refuse(). */
bool mapped_open(const char *path, size_t min_size, const char *what, struct mapped *ret_mapped,
                 struct failure *ret_failure);
/* The failure of a file that is not what it should be; returns false. */
bool mapped_refuse(const char *path, const char *what, struct failure *ret_failure);
void mapped_close(struct mapped *mapped); /* accepts what was never opened */

#endif
