/* Opens files for reading whose names come from outside: from the configuration, the command line or from content.
 *
 * Only regular files are opened: reading a named pipe, a socket or a device can block, have an effect or never end, and
 * files of the kernel (/proc, /sys) tell about this machine and not news. Every function returns a descriptor, or -1.
 * On failure, *ret_why says why, for a sentence such as "cannot read NAME: WHY", and errno is that of the failed call,
 * EISDIR for a folder, or 0 if the file exists but is not one that may be read. */
#ifndef PIPELINE_BASE_INPUT_FILE_H
#define PIPELINE_BASE_INPUT_FILE_H

#include <stdbool.h>

#include "pipeline/base/text.h"

int input_file_open(const char *path, const char **ret_why);
/* Like input_file_open(), but also opens whatever the caller of the program has passed as a descriptor: /dev/stdin,
 * /dev/fd/N and /proc/self/fd/N may be pipes. */
int input_file_open_passed(const char *path, const char **ret_why);
/* Like input_file_open(), for a path that came from content. After all links are followed, the file must be in or below
 * `folder`. `path` must begin with `folder`. The location is determined from the open file, not from its name, so that
 * nothing can be exchanged between the check and the reading. */
int input_file_open_inside(const char *folder, const char *path, const char **ret_why);
/* Returns whether the file or folder lies outside `folder`, after all links have been followed. Returns false if it
 * cannot be found. */
bool input_file_leads_out(const char *folder, const char *path);
/* Appends the contents of a file that one of these functions has opened, and closes it. Returns false with errno set if
 * it cannot be read. A file that does not fit is not an error: reading stops with bytes->full set. */
bool input_file_read(int file, struct buffer *bytes);

#endif
