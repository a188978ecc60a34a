/* Reads and writes all rows of a table, for moving a store between a file and a server. Only some rows are in memory at
 * a time. NULL, which only files of earlier versions have, becomes 0 or an empty text. */
#ifndef PIPELINE_STORE_MOVE_ROWS_H
#define PIPELINE_STORE_MOVE_ROWS_H

#include "pipeline/store/database.h"
#include "pipeline/store/move_tables.h"

/* `current` has the columns of the table in their order, once move_reader_next() has returned STATEMENT_ROW. */
struct move_reader {
    struct store *store;
    struct statement *current;
    int64_t fetched; /* rows of the portion that a server has sent last */
};

/* Must be called within a transaction. The reader must be closed even if it fails. */
bool move_reader_open(struct store *source, const struct moved_table *table, struct move_reader *ret_reader,
                      struct failure *ret_failure);
enum statement_result move_reader_next(struct move_reader *reader, struct failure *ret_failure);
void move_reader_close(struct move_reader *reader);

/* A server is sent many rows at once, as an array for each column. */
struct move_writer {
    struct store *store;
    const struct moved_table *table;
    struct statement *insert;
    struct buffer columns[MOVE_COLUMNS], clean;
    size_t rows, bytes;    /* in the arrays */
    int64_t changed_texts; /* that the server would have refused */
};

/* Must be called within a transaction. The writer must be closed even if it fails. */
bool move_writer_open(struct store *target, const struct moved_table *table, struct move_writer *ret_writer,
                      struct failure *ret_failure);
/* Adds a row as the reader gives it. If there already is one with its key, it is added to that one or left out, as the
 * table's rule says. */
bool move_writer_put(struct move_writer *writer, struct statement *row, struct failure *ret_failure);
/* Writes what is still in memory. */
bool move_writer_end(struct move_writer *writer, struct failure *ret_failure);
void move_writer_close(struct move_writer *writer);

#endif
