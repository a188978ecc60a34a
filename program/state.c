#include "program/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/file.h"
#include "pipeline/store/database_postgresql.h"
#include "pipeline/store/store_move.h"
#include "pipeline/store/store_postgresql.h"
#include "pipeline/store/store_read.h"

bool state_is_on_server(const struct program *program) {
    return program->settings->store.length > 0;
}

/* NULL if none is configured. */
static const char *password_of(const struct program *program) {
    struct secret *secret = program->settings->store_password;
    return secret_given(secret) ? secret_text(secret).at : NULL;
}

/* Nothing can be done without the state. */
static bool password_is_ready(const struct program *program, struct failure *ret_failure) {
    struct failure why = {0};
    return secret_ready(program->settings->store_password, &why) ||
           failure_fatal(ret_failure, EXIT_CONFIG, "%s", why.sentence);
}

/* The server is asked. If it cannot answer, opening is going to say why. */
static bool is_created(const struct program *program) {
    struct failure ignored = {0};
    bool there = true;
    if (secret_ready(program->settings->store_password, &ignored))
        store_server_has_tables(program->settings->store.at, password_of(program), &there, &ignored);
    return there;
}

static bool is_there(const struct program *program, int mode) {
    return state_is_on_server(program) ? is_created(program) : access(program->state_path, mode) == 0;
}

bool state_exists(const struct program *program) {
    return is_there(program, F_OK);
}

bool state_is_readable(const struct program *program) {
    return is_there(program, R_OK);
}

char *state_name_of(struct span place) {
    struct postgresql_address address;
    if (!database_postgresql_is_address(place)) return memory_string(place);
    database_postgresql_read_address(place, &address);
    return memory_string(span_of(address.name));
}

char *state_find_name(const struct program *program) {
    return state_name_of(state_is_on_server(program) ? program->settings->store : span_of(program->state_path));
}

const char *state_name(const struct program *program) {
    return program->state_name;
}

void state_check(const struct config *config) {
    const struct section *section = config_section(config, run_table);
    const struct run_settings *settings = config_values(config, run_table);
    struct span text = settings->store;
    struct postgresql_address address;
    if (!text.length && !settings->publish)
        section_add_problem(
            section, "publish", SPAN("no"),
            "'publish = no' leaves the pages to another machine, so it needs a 'store' that both share");
    if (!database_postgresql_is_address(text)) return; /* which is a problem of its own */
    if (!database_postgresql_is_built_in())
        section_add_problem(section, "store", text, DATABASE_POSTGRESQL_NOT_BUILT_IN);
    else if (!database_postgresql_read_address(text, &address))
        section_add_problem(section, "store", text,
                            "the address in 'store' cannot be read; expected one such as "
                            "postgresql://user@host/database, with other characters as %%20 and so on");
    else if (address.has_password)
        section_add_problem(section, "store", text,
                            "there is a password in 'store', but secrets must not be stored in the configuration file; "
                            "give it as store_password_file, store_password_env or store_password_command");
}

void state_check_password(const struct config *config) {
    section_add_missing_secrets(config_section(config, run_table));
}

bool state_try(const struct program *program, struct failure *ret_failure) {
    return password_is_ready(program, ret_failure) &&
           store_server_is_ready(program->settings->store.at, password_of(program), ret_failure);
}

/* The crash marks of a run are beside the file that the state would have. */
static bool make_folder(const struct program *program, struct failure *ret_failure) {
    char *path = memory_string(span_of(program->state_path));
    bool done = file_make_folders(path) || failure_fatal(ret_failure, failure_exit_code(errno),
                                                         "cannot create the folder %s: %s", path, strerror(errno));
    free(path);
    return done;
}

bool state_open(const struct program *program, enum store_lock lock, struct store **ret_store,
                struct failure *ret_failure) {
    bool locked = lock != STORE_UNLOCKED;
    if (!state_is_on_server(program)) return store_open(program->state_path, locked, ret_store, ret_failure);
    return (!locked || make_folder(program, ret_failure)) && password_is_ready(program, ret_failure) &&
           store_connect(program->settings->store.at, password_of(program), lock, ret_store, ret_failure);
}

bool state_read(const struct program *program, struct store **ret_store, struct failure *ret_failure) {
    if (!state_is_on_server(program)) return store_read(program->state_path, ret_store, ret_failure);
    return password_is_ready(program, ret_failure) &&
           store_connect_to_read(program->settings->store.at, password_of(program), ret_store, ret_failure);
}

/* ---------------------------------------------------------------- moving */

/* On a command line, a password could be seen by all users. */
static bool check_target(struct span target, struct failure *ret_failure) {
    struct postgresql_address address;
    if (!database_postgresql_is_built_in())
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "this dragoman was built without PostgreSQL; build it where libpq-dev is installed");
    if (!database_postgresql_read_address(target, &address))
        return failure_fatal(ret_failure, EXIT_USAGE,
                             "the address cannot be read; expected one such as postgresql://user@host/database, with "
                             "other characters as %%20 and so on");
    return !address.has_password ||
           failure_fatal(ret_failure, EXIT_USAGE,
                         "there is a password in the address; give it as store_password_file, store_password_env or "
                         "store_password_command in [run]");
}

/* Each kind of database has tools of its own for copies of the same kind. */
static bool check_kinds(const struct program *program, const char *target, struct failure *ret_failure) {
    bool address = strstr(target, ":/") || strstr(target, "dbname=") || strstr(target, "host=");
    if (address && !database_postgresql_is_address(span_of(target)))
        return failure_fatal(ret_failure, EXIT_USAGE,
                             "the target looks like an address; expected one such as postgresql://user@host/database");
    bool to_server = database_postgresql_is_address(span_of(target));
    if (to_server != state_is_on_server(program)) return !to_server || check_target(span_of(target), ret_failure);
    return failure_fatal(ret_failure, EXIT_USAGE, "the state is already in %s (%s); copy it with %s",
                         to_server ? "a PostgreSQL database" : "a file", state_name(program),
                         to_server ? "pg_dump and pg_restore" : "`dragoman backup`");
}

bool state_move(struct program *program, const char *target, struct move_watch watch, struct move_result *ret_result,
                struct failure *ret_failure) {
    if (!check_kinds(program, target, ret_failure)) return false;
    if (!state_exists(program))
        return failure_fatal(ret_failure, EXIT_IO, "there is no state in %s, so nothing can be moved",
                             state_name(program));
    if (!password_is_ready(program, ret_failure) || !state_open(program, STORE_LOCKED, &program->store, ret_failure))
        return false;
    return state_is_on_server(program)
               ? store_move_to_file(program->store, target, watch, ret_result, ret_failure)
               : store_move_to_server(program->store, target, password_of(program), watch, ret_result, ret_failure);
}
