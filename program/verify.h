/* `dragoman verify`: every record that the state says was written is there, and is what was written. */
#ifndef PROGRAM_VERIFY_H
#define PROGRAM_VERIFY_H

#include "pipeline/base/failure.h"
#include "pipeline/store/store.h"

enum exit_code verify_command(struct store *store, const char *output_folder, struct failure *ret_failure);

#endif
