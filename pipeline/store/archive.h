/* Raw bytes as evidence: every page fetched for an article and every feed whose text becomes one, with what was asked
 * and answered and when, in one WARC/1.1 file a day, a gzip member a record. What has been kept is on the disk before
 * the article goes on. A file that a kill has torn is cut back to its whole records when it is opened again. Any
 * thread. */
#ifndef PIPELINE_STORE_ARCHIVE_H
#define PIPELINE_STORE_ARCHIVE_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/store/warc_write.h"

struct archive;

struct archive_options {
    const char *folder;   /* made when the first record is kept */
    const char *name;     /* of the folder, as records say it: relative to OUT where it is in there */
    const char *day;      /* of the run */
    struct span software; /* "Dragoman/1.0" */
};

struct archive *archive_new(const struct archive_options *options); /* copied; opens nothing */
void archive_free(struct archive *archive);                         /* accepts NULL */
/* Keeps the answer and its request. False when it cannot be written, a failure of this machine: nothing of it is in the
 * file then. */
bool archive_keep(struct archive *archive, const struct warc_capture *capture, char ret_id[WARC_ID],
                  struct failure *ret_failure);
/* "archive/2026-01-29.warc.gz"; lives as long as the archive. */
struct span archive_file(const struct archive *archive);

#endif
