/* Everything that the extract stage reads from config/tables. Immutable after opening, so threads may share it. */
#ifndef STAGES_EXTRACT_TABLES_H
#define STAGES_EXTRACT_TABLES_H

#include "stages/extract/authors.h"
#include "stages/extract/body.h"
#include "stages/extract/candidates.h"
#include "stages/extract/page_data.h"
#include "stages/extract/plain.h"
#include "stages/extract/signs.h"

struct extract_tables {
    struct arena *arena;
    struct vocabulary names;
    struct line_model lines;
    struct phrases phrases, comments;
    struct author_words *authors;
    struct date_words *dates;
    struct plain_words plain;
    struct signs signs;
    struct data_names *data_names;
    struct candidate_weights weights;
};

/* `tables` must be zeroed, and closed even if this returns false. */
bool extract_tables_open(const char *data_folder, struct extract_tables *tables, struct failure *ret_failure);
void extract_tables_close(struct extract_tables *tables);
/* Returns those by which lines are judged. */
struct body_tables extract_tables_body(const struct extract_tables *tables);

#endif
