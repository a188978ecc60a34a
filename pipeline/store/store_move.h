/* Moves the whole store between a file and a PostgreSQL database, for `dragoman move-store`. All rows of all tables
 * that both have are copied (move_tables.h) in one transaction, so the target has everything or is as it was before.
 * The source is locked, and not changed. */
#ifndef PIPELINE_STORE_STORE_MOVE_H
#define PIPELINE_STORE_STORE_MOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/store/move_tables.h"

struct store;

/* Is called now and then with the number of rows that have been copied, of how many; NULL = is not. */
struct move_watch {
    void (*moved)(void *context, int64_t rows, int64_t of);
    void *context;
};

struct move_result {
    struct moved_count {
        char table[MOVE_NAME];
        int64_t rows; /* in the target */
    } tables[MOVE_TABLES];
    size_t table_count;
    int64_t rows;          /* of all tables */
    int64_t changed_texts; /* which PostgreSQL would have refused (database_postgresql.h) */
    int64_t merged_rows;   /* which thereby had the key of another one, and are not in the target by themselves */
};

/* Both copy the store `source`, which must have been opened with `exclusive`, and on which nothing may be done
 * afterwards but to close it. At the end the rows of each table are counted on both sides and compared.
 *
 * Creates the tables on a server if there are none; they must be empty (EXIT_USAGE). */
bool store_move_to_server(struct store *source, const char *address, const char *password, struct move_watch watch,
                          struct move_result *ret_result, struct failure *ret_failure);
/* Creates the file, which only its owner can read, and its folder. Nothing may be there under this name (EXIT_USAGE).
 * The file appears under its name when it is complete and on the disk. */
bool store_move_to_file(struct store *source, const char *path, struct move_watch watch, struct move_result *ret_result,
                        struct failure *ret_failure);
/* Returns the number of rows in a table of the target. */
int64_t move_result_rows(const struct move_result *result, const char *table);

#endif
