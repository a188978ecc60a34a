/* Makes one file of what was chosen from the records of a period. */
#ifndef PROGRAM_DIGEST_CHOSEN_H
#define PROGRAM_DIGEST_CHOSEN_H

#include "program/digest/output.h"
#include "program/digest/period.h"
#include "program/digest/selection.h"

/* Loads the articles of the period that are chosen, and joins the stories that go on over several days. Appends the
 * file to *out. *ret_count is the number of articles; without any, nothing is appended. If `from_store` is false, the
 * records are read from the output folder. */
bool chosen_make(struct program *program, const struct period *period, struct selection *selection,
                 const struct output *output, struct span name, bool from_store, struct buffer *out, size_t *ret_count,
                 struct failure *ret_failure);

#endif
