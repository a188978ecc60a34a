/* The search index: an SQLite file of its own beside the records, OUT/search.db. It holds nothing that the records do
 * not hold, so it may be deleted and made again at any time. It belongs to no store; it follows the files of the
 * records.
 *
 * The index notes the state of each day's folder, and of each record file in it, when it reads them (`stamp`, a text
 * that changes when the folder or file does). So whatever was added, changed or removed since then is found without
 * reading the records again, and a run that is killed before it has filled the index is made good by the next one.
 *
 * All functions must be called on one thread. A bool result is false on error, with *ret_failure set, unless stated
 * otherwise. The failures of a missing, damaged, foreign or newer index say how to make it again. */
#ifndef PIPELINE_STORE_SEARCH_INDEX_H
#define PIPELINE_STORE_SEARCH_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct search_index;

enum search_access {
    SEARCH_READ,   /* the file must exist; nothing is written, not even a temporary file */
    SEARCH_FILL,   /* the file is created if necessary */
    SEARCH_REBUILD /* all contents are dropped; a file that is damaged or not an index of ours is replaced */
};

bool search_index_open(const char *path, enum search_access access, struct search_index **ret_index,
                       struct failure *ret_failure);
void search_index_close(struct search_index *index); /* commits; accepts NULL */
/* Ends the open transaction, if any. A function that changes something opens one. */
bool search_index_commit(struct search_index *index, struct failure *ret_failure);

/* -------------------------------------------------------------- filling */

/* Returns the days that have records in the index or whose folder has been read, in order. */
struct span *search_index_days(struct search_index *index, struct arena *arena, size_t *ret_count);
/* Whether the day's folder was last read in the state `stamp`. */
bool search_index_knows_folder(struct search_index *index, const char *day, struct span stamp);
bool search_index_put_folder(struct search_index *index, const char *day, struct span stamp,
                             struct failure *ret_failure);

struct search_file {
    struct span name, stamp;
};
/* Sets *ret_files to the record files of a day that are in the index, in the order of their names. */
bool search_index_files(struct search_index *index, const char *day, struct arena *arena,
                        struct search_file **ret_files, size_t *ret_count, struct failure *ret_failure);

/* A record, divided into words (separated by spaces) of ASCII and of letters of any script. */
struct search_document {
    const char *day;
    struct span file, stamp;
    struct span language, source;
    struct span title;         /* the headline in both languages */
    struct span text, english; /* the body in the language of the source, and in English */
};
/* Adds a record, replacing an earlier one of the same file. */
bool search_index_put(struct search_index *index, const struct search_document *document, struct failure *ret_failure);
/* Removes a record, with all its words. Has no effect if there is none. */
bool search_index_remove(struct search_index *index, const char *day, struct span file, struct failure *ret_failure);
/* Removes a day with all its records. */
bool search_index_remove_day(struct search_index *index, const char *day, struct failure *ret_failure);

/* -------------------------------------------------------------- searching */

struct search_question {
    struct span match;            /* an expression of FTS5, made by the caller from words of its own */
    const char *since, *until;    /* days; NULL = no limit */
    struct span language, source; /* empty = any; a language without script or region covers all of its variants */
};
struct search_match {
    struct span day, file;
};
/* Calls `match` for at most `limit` records, the best first (BM25, the headline weighing most; equal ones by day, the
 * latest first). Spans are valid during the call only. *ret_total is the number of all records that match. */
bool search_index_find(struct search_index *index, const struct search_question *question, size_t limit,
                       void (*match)(void *context, const struct search_match *match), void *context, size_t *ret_total,
                       struct failure *ret_failure);
/* Return the languages and the sources of all records, in order. */
struct span *search_index_languages(struct search_index *index, struct arena *arena, size_t *ret_count);
struct span *search_index_sources(struct search_index *index, struct arena *arena, size_t *ret_count);
size_t search_index_count(struct search_index *index); /* of records */

#endif
