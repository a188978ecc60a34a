/* Gives up what a run does not need: the files of this computer beyond its sources, output, state, settings and the
 * system's own, starting programs other than the embedded engine's, and gaining rights. If a hostile page or feed takes
 * over a parser, this is what stands between it and the user's files. */
#ifndef PROGRAM_SANDBOX_H
#define PROGRAM_SANDBOX_H

#include "program/program.h"

/* Returns why a run would not be restricted, or NULL if it would be. The text is static. */
const char *sandbox_absent(const struct program *program);
/* Restricts the process, as `sandbox` in [run] says. The stages must be open, but no other thread may have started.
 * Fails if the setting is `yes` and the kernel cannot do it. */
bool sandbox_begin(const struct program *program, struct failure *ret_failure);

#endif
