/* A list whose items are lines, in whatever encoding, as lines of UTF-8. A list may be larger than memory and a pipe
 * has no end in sight, so it is judged by its beginning, as far as the detector would look in any case; what comes
 * through a pipe is judged by the first line that is not UTF-8, and that holds for the rest. */
#ifndef STAGES_SOURCES_PARTS_LINE_FILE_H
#define STAGES_SOURCES_PARTS_LINE_FILE_H

#include "stages/decode/decoder.h"

struct line_file;

enum { LINE_LIMIT = 256 << 20 }; /* bytes of a line, and of a file that is not UTF-8 */

/* `path` NULL: standard input. NULL with errno when it cannot be opened. The decoder is borrowed. */
struct line_file *line_file_open(const char *path, const struct decoder *decoder);
void line_file_close(struct line_file *lines); /* accepts NULL */
/* Finds out what encoding a file is in; for a worker thread, before the first line. False: it is no text, or is not
 * UTF-8 and too large. Standard input is left for later. */
bool line_file_prepare(struct line_file *lines, struct failure *ret_failure);
/* The next line without its end, until the next call; false at the end. What is longer than LINE_LIMIT comes as it is.
 */
bool line_file_next(struct line_file *lines, struct span *ret_line);
/* Of the last line; its name is empty when that was UTF-8. */
const struct encoding *line_file_encoding(const struct line_file *lines);

#endif
