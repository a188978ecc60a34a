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
    struct row *rows;
    size_t count, capacity;
};

/* Reads data_folder/tables/NAME (at most 16 MiB, UTF-8). Rows and texts belong to the arena. A cell beyond
 * TABLE_COLUMNS is ignored. Errors are fatal (EXIT_CONFIG). */
bool table_read(const char *data_folder, const char *name, struct arena *arena, struct table *ret_table,
                struct failure *ret_failure);

#endif
