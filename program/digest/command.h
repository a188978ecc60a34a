/* `dragoman digest`: makes the pages of a day or a week again, or one page of what was chosen from some days. */
#ifndef PROGRAM_DIGEST_COMMAND_H
#define PROGRAM_DIGEST_COMMAND_H

#include "program/command.h"

enum exit_code digest_command(const struct call *call, struct failure *ret_failure);

#endif
