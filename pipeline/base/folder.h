/* Opens folders below one that the user has configured, without following links.
 *
 * The configured folder itself may be a link or be reached through links. Below it, whoever may write there could put a
 * link in the place of a folder, and what is written, replaced or removed would be somebody else's. So folders are
 * opened one after the other, and files only relative to an open folder. */
#ifndef PIPELINE_BASE_FOLDER_H
#define PIPELINE_BASE_FOLDER_H

#include <dirent.h>
#include <stdbool.h>

#include "pipeline/base/text.h"

/* Opens the folder `path`, relative to `root` ("" = root itself; may end with a slash). With `make`, creates what does
 * not exist, also `root` and its parents, so that it survives a power cut. Returns its descriptor, or -1 with errno
 * set: ELOOP if `path` has a link. */
int folder_open(const char *root, struct span path, bool make);
/* Opens such a folder for reading its entries; NULL with errno set on failure. The caller closes it with closedir(). */
DIR *folder_list(const char *root, struct span path);
/* Removes a file below `root`; does nothing if it is not there or `path` has a link. */
void folder_remove(const char *root, struct span path);
/* Returns the folder of `path` with its final slash; empty if the path has no folder. */
struct span folder_part(struct span path);

#endif
