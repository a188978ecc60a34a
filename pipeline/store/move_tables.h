/* The tables that a store has both in a file and on a server, as the catalogues of the two databases list them, for
 * moving the store from one to the other. */
#ifndef PIPELINE_STORE_MOVE_TABLES_H
#define PIPELINE_STORE_MOVE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"

struct failure;
struct store;

/* MOVE_NAME: bytes of the name of a table or column. MOVE_COLUMNS: of one table. */
enum { MOVE_NAME = 48, MOVE_COLUMNS = 32, MOVE_TABLES = 64 };

enum moved_kind { MOVED_INTEGER, MOVED_TEXT, MOVED_BYTES };

struct moved_column {
    char name[MOVE_NAME];
    enum moved_kind kind;
    bool shared; /* there on both sides */
};

struct moved_table {
    char name[MOVE_NAME];
    struct moved_column columns[MOVE_COLUMNS];
    size_t column_count;
    char key[8 * MOVE_NAME];  /* columns of the target's primary key, separated by commas */
    const char *newest_first; /* the column that says how new a row is; NULL = none does */
    bool adds_up;             /* rows with the same key are added up; otherwise only the first one is written */
};

struct moved_tables {
    struct moved_table tables[MOVE_TABLES];
    size_t count;
};

/* Lists what is to be copied, in the order in which it must be: the tables and columns that are on both sides, except
 * those that belong to a moment only, such as claims. */
bool move_tables_read(struct store *source, struct store *target, struct moved_tables *ret_tables,
                      struct failure *ret_failure);
/* Appends the names of the columns, quoted and separated by commas. */
void move_tables_add_columns(const struct moved_table *table, struct buffer *out);

#endif
