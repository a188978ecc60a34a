/* Where the program keeps what outlives a run: in a file (`state` in [run]) or a PostgreSQL database (`store`). */
#ifndef PROGRAM_STATE_H
#define PROGRAM_STATE_H

#include "program/program.h"

/* Whether there is a state to be opened. A database on a server is taken to be there, as opening it says if it is
 * not. */
bool state_exists(const struct program *program);
bool state_is_readable(const struct program *program); /* the same, but for a file that may be read */
bool state_is_on_server(const struct program *program);
/* Returns what messages call it: the path or the address, which has no password in it. */
const char *state_name(const struct program *program);
/* Adds problems with the address: a password in it, or a program built without PostgreSQL. */
void state_check(const struct config *config);

/* Like store_open() and store_read(), for wherever the state is; the password is fetched first. */
bool state_open(const struct program *program, bool exclusive, struct store **ret_store, struct failure *ret_failure);
bool state_read(const struct program *program, struct store **ret_store, struct failure *ret_failure);

#endif
