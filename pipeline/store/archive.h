/* Archives what was fetched, as evidence: every page fetched for an article and every feed whose text becomes an
 * article, with request, reply and time. There is one WARC/1.1 file per day, with one gzip member per record.
 * archive_keep() returns only after the record is on disk. If a killed run has left an incomplete record at the end of
 * the file, that record is cut off when the file is next opened. May be called on any thread. */
#ifndef PIPELINE_STORE_ARCHIVE_H
#define PIPELINE_STORE_ARCHIVE_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/store/warc_write.h"

struct archive;

struct archive_options {
    const char *root; /* the output folder, or the folder that the user has configured; may be a link */
    const char
        *below;       /* folder of the archive in `root`, not a link; "" = root itself. Created with the first record */
    const char *name; /* the folder's name in records of articles: relative if it is inside the output folder */
    const char *day;  /* day of the run */
    struct span software; /* "Dragoman/1.0" */
};

struct archive *archive_new(const struct archive_options *options); /* copies the options; opens no file */
void archive_free(struct archive *archive);                         /* accepts NULL */
/* Archives a reply and its request under a new id. If they cannot be written, returns false with a failure of this
 * machine, and the file is unchanged. */
bool archive_keep(struct archive *archive, const struct warc_capture *capture, char ret_id[WARC_ID],
                  struct failure *ret_failure);
/* Returns the file's name, such as "archive/2026-01-29.warc.gz"; valid until archive_free(). */
struct span archive_file(const struct archive *archive);

#endif
