/* Reads a file line by line and converts the lines to UTF-8 from whatever encoding they have. A file may be larger than
 * memory and a pipe may never end, so the encoding is detected from the beginning of a file, or from the first line of
 * a pipe that is not UTF-8, and is used for the rest. */
#ifndef STAGES_SOURCES_PARTS_LINE_FILE_H
#define STAGES_SOURCES_PARTS_LINE_FILE_H

#include "stages/decode/decoder.h"

struct line_file;

enum { LINE_LIMIT = 256 << 20 }; /* maximum number of bytes in a line, and in a whole file that is not UTF-8 */

/* Opens a file, or standard input if `path` is NULL. On failure, returns NULL, and *ret_why says why
 * (pipeline/base/input_file.h). The decoder is borrowed. */
struct line_file *line_file_open(const char *path, const struct decoder *decoder, const char **ret_why);
void line_file_close(struct line_file *lines); /* accepts NULL */
/* Detects the encoding of a file. Meant for a worker thread; must be called before the first line is read. Returns
 * false if the file cannot be read, is not text, or is not UTF-8 and too large. Does nothing for pipes. */
bool line_file_prepare(struct line_file *lines, struct failure *ret_failure);
/* Reads the next line, without its newline; the line is valid until the next call. Returns false at the end of the
 * file and when it cannot be read any further, which line_file_failed() tells apart. Lines longer than LINE_LIMIT are
 * not converted. */
bool line_file_next(struct line_file *lines, struct span *ret_line);
/* Returns whether the last call of line_file_next() found an error, not the end of the file; errno says which. */
bool line_file_failed(const struct line_file *lines);
/* Returns the encoding of the last line; its name is empty for UTF-8. */
const struct encoding *line_file_encoding(const struct line_file *lines);

#endif
