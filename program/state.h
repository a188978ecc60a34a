/* Where the program keeps what outlives a run: in a file (`state` in [run]) or a PostgreSQL database (`store`). */
#ifndef PROGRAM_STATE_H
#define PROGRAM_STATE_H

#include "pipeline/store/store_move.h"
#include "program/program.h"

/* Whether there is a state to be opened. A server is asked for the tables; one that does not answer counts as having
 * them, as opening the state then says what is wrong. */
bool state_exists(const struct program *program);
bool state_is_readable(const struct program *program); /* the same, but a file must be readable */
bool state_is_on_server(const struct program *program);
/* Returns what messages call it: the path, or "NAME on HOST". */
const char *state_name(const struct program *program);
/* Returns what messages call the state at a path or an address. The caller frees it. */
char *state_name_of(struct span place);
/* Finds the name of the configured one, once the settings are read. The caller frees it. */
char *state_find_name(const struct program *program);
/* Adds problems with the address: a password in it, a fault, or a program built without PostgreSQL. */
void state_check(const struct config *config);
/* Adds a problem for a password that cannot be read from its file or variable. */
void state_check_password(const struct config *config);
/* Asks the server whether it has the database and lets a run work there. Creates nothing. */
bool state_try(const struct program *program, struct failure *ret_failure);

/* Like store_open() and store_read(), for wherever the state is; the password is fetched first. */
bool state_open(const struct program *program, enum store_lock lock, struct store **ret_store,
                struct failure *ret_failure);
bool state_read(const struct program *program, struct store **ret_store, struct failure *ret_failure);
/* Moves the state (store_move.h) from where it is to `target`, the path of a file or the address of a database,
 * whichever it is not in. Opens program->store. */
bool state_move(struct program *program, const char *target, struct move_watch watch, struct move_result *ret_result,
                struct failure *ret_failure);

#endif
