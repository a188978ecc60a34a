/* Files mapped into memory, read-only. Used for models, which are large and of which a run may read only a small
 * part. */
#ifndef PIPELINE_BASE_MAPPED_H
#define PIPELINE_BASE_MAPPED_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"

struct mapped {
    unsigned char *at; /* read-only; NULL if nothing is mapped */
    size_t size;
};

/* Maps a whole file, which must have at least `min_size` bytes (> 0). `what` names it in the error message ("the
 * language model"). The caller unmaps it with mapped_close(). The contents are not checked: a caller that finds them
 * invalid reports that with mapped_refuse(). */
bool mapped_open(const char *path, size_t min_size, const char *what, struct mapped *ret_mapped,
                 struct failure *ret_failure);
/* Reports that the file is damaged; returns false. */
bool mapped_refuse(const char *path, const char *what, struct failure *ret_failure);
void mapped_close(struct mapped *mapped); /* accepts a zeroed struct */

#endif
