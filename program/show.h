/* `dragoman show`: one or many documents through some stages, printed as records, one a line, in the order of the
 * input. Keeps no state. */
#ifndef PROGRAM_SHOW_H
#define PROGRAM_SHOW_H

#include "program/program.h"

struct show_options {
    const char *until, *only; /* stage names; NULL: as far as a run computes */
    const char *from;         /* the kind of source that the input is; NULL: as it looks */
    char *const *addresses;   /* files, URLs, "-" */
    size_t address_count;
};

enum exit_code show_command(struct program *program, const struct show_options *options, struct failure *ret_failure);

#endif
