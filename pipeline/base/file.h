/* Reads whole files into a buffer, up to the buffer's limit, and makes folders. Errors are reported in errno, because
 * only the caller knows what the file means to the user. */
#ifndef PIPELINE_BASE_FILE_H
#define PIPELINE_BASE_FILE_H

#include <stdio.h>
#include <sys/types.h>

#include "pipeline/base/text.h"

/* Appends the contents of the file to *bytes. Returns false with errno set if the file cannot be opened or read, or is
 * not a regular file (pipeline/base/input_file.h): whatever stands in a file's place, reading never blocks. A file that
 * does not fit is not an error: reading stops with bytes->full set. */
bool file_read(const char *path, struct buffer *bytes);
/* Reads until there are `size` bytes or the file ends, however often a signal interrupts it. Returns their number, or
 * -1 with errno set. */
ssize_t file_read_up_to(int file, char *bytes, size_t size);
/* Reads the first bytes of a file. Returns their number, or SIZE_MAX, with errno set, if it cannot be read. */
size_t file_read_head(const char *path, char *bytes, size_t size);
/* Like file_read(), but reads an open file from its current position. The file stays open. */
bool file_read_rest(FILE *file, struct buffer *bytes);
/* Flushes the folder that holds `path`, so that what was created, renamed or removed there stays so after a power cut.
 * Returns false with errno set on failure. */
bool file_flush_folder(const char *path);
/* Creates the parent folders of the file `path`, so that they survive a power cut. Returns false with errno set if one
 * cannot be created; `path` is then cut off after that folder's name. */
bool file_make_folders(char *path);

#endif
