/* Reads tab-separated tables from the data folder, which hold words and rules of languages and the error texts of
 * services. Empty lines and lines that begin with '#' are skipped. */
#ifndef PIPELINE_BASE_TABLE_H
#define PIPELINE_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

enum { TABLE_COLUMNS = 8 };

struct row {
    struct span cells[TABLE_COLUMNS]; /* trimmed; missing cells are empty */
    size_t count;
};

struct table {
    const char *name; /* name of the table, for example "extract/phrases.tsv" */
    size_t declared;  /* the number of rows that it must have, or 0 */
    struct row *rows;
    size_t count;
};

/* Reads data_folder/tables/NAME (at most 16 MiB, UTF-8). If the first row is "rows" and a number, the table must have
 * at least so many more; that row is not among those returned. Rows and texts belong to the arena. A cell beyond
 * TABLE_COLUMNS is ignored. Errors are fatal (EXIT_CONFIG). */
bool table_read(const char *data_folder, const char *name, struct arena *arena, struct table *ret_table,
                struct failure *ret_failure);
/* Returns whether the table begins with "rows" and so is known to be whole. Otherwise fails: a table that lost all or
 * some of its rows would silently leave things unchecked. */
bool table_require_rows(const struct table *table, struct failure *ret_failure);
/* Reads a cell that is a decimal number and nothing else. Returns false if it is missing, or not a finite number. */
bool row_decimal(const struct row *row, size_t column, double *ret_number);

#endif
