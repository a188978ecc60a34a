/* What fits at a place of the command line, for the completions of shells. What the program knows by itself is written
 * into them; the rest (ids, days, sources, languages, services) is asked of `dragoman complete KIND`, a command that is
 * in no list because people need not call it. */
#ifndef PROGRAM_COMMANDS_OFFERS_H
#define PROGRAM_COMMANDS_OFFERS_H

#include "program/command.h"

/* For an option (NULL: an argument of the command) that `takes` a placeholder: the kind of what is offered. NULL =
 * files. `command` is NULL for the common options. */
const char *offer_kind(const char *command, const char *option, const char *takes);
/* Appends the words of a kind that the program knows by itself, each followed by a space. Returns false if they have to
 * be asked for. */
bool offer_write(const char *kind, struct buffer *out);

#endif
