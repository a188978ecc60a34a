/* Fills the search index (OUT/search.db) from the records in the output folder. */
#ifndef PROGRAM_SEARCH_FILL_H
#define PROGRAM_SEARCH_FILL_H

#include <time.h>

#include "pipeline/store/search_index.h"

struct search_counts {
    size_t added, removed; /* records; one that has changed counts as added */
    size_t damaged;        /* left out */
};

/* Brings the index up to date: reads the records that were added or changed since it was last filled, and removes those
 * whose files are gone. Reads only the days whose folders have changed. Commits repeatedly, so that a kill loses little
 * and searches can go on. */
bool search_fill(struct search_index *index, const char *output_folder, struct search_counts *ret_counts,
                 struct failure *ret_failure);

/* Opens the index, creating it if necessary, and fills it. */
bool search_refresh(const char *output_folder, struct failure *ret_failure);

struct edition;

/* Adds the articles of an edition whose files were written at `since` or later, so that search_refresh() need not read
 * them again. The edition must have been loaded from the store, with the whole texts, or nothing is added; and nobody
 * may have written these files since. Leaves whatever fails to search_refresh(). */
void search_add_edition(const struct edition *edition, time_t since);

/* Writes the path of the index. */
void search_index_path(const char *output_folder, struct buffer *out);

#endif
