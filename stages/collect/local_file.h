/* Reads articles from files of this machine. */
#ifndef STAGES_COLLECT_LOCAL_FILE_H
#define STAGES_COLLECT_LOCAL_FILE_H

#include "pipeline/article/article.h"

/* Reads the file that the article's address names, a path or a file: URL, into origin.raw, and unpacks it if it is
 * compressed. Only files that the article's source may name are read (pipeline/engine/source_files.h). Neither the file
 * nor its contents may be larger than `limit` bytes. Returns false if there is nothing to read; the article waits if
 * the error is due to this machine and not to the file. */
bool local_file_read(struct article *article, size_t limit, struct failure *ret_failure);

#endif
