/* Whole files in memory, up to the buffer's limit. What cannot be read is told by errno: who reads knows what it means.
 */
#ifndef PIPELINE_BASE_FILE_H
#define PIPELINE_BASE_FILE_H

#include <stdio.h>

#include "pipeline/base/text.h"

/* Appends what the file holds; false with errno when it cannot be opened or read to its end. A file that does not fit
 * is no error here: it is left, with bytes->full set. */
bool file_read(const char *path, struct buffer *bytes);
/* The same for a file that is open, from where it stands; it stays open. */
bool file_read_rest(FILE *file, struct buffer *bytes);
/* Makes the folders that lead to a file. False with errno: `path` ends at the folder that could not be made. */
bool file_make_folders(char *path);
/* So that new names in a folder survive a power cut. False with errno. */
bool file_flush_folder(const char *folder);

#endif
