/* `dragoman show`: passes documents through some of the stages and prints them as records, one per line, or as text, in
 * the order of the input. Keeps no state. */
#ifndef PROGRAM_SHOW_H
#define PROGRAM_SHOW_H

#include "program/program.h"

enum show_format { SHOW_JSON, SHOW_TEXT, SHOW_MARKDOWN };

struct show_options {
    enum show_format format;
    const char *until, *only; /* names of stages; if both are NULL, the last stage is the summary */
    const char *from;         /* the kind of source to read; NULL: guess it from the address and the first bytes */
    char *const *addresses;   /* files, URLs, "-" */
    size_t address_count;
};

enum exit_code show_command(struct program *program, const struct show_options *options, struct failure *ret_failure);

#endif
