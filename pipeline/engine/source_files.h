/* Decides which local files the items of a source may name. Files that the user has configured are read even if their
 * path contains links. Content is not trusted: a link in a configured folder, a feed, a list or a record must not make
 * the program read, translate and publish a file that the content's author cannot read. The member `files` of a kind of
 * source says what its items may name (pipeline/engine/source.h). */
#ifndef PIPELINE_ENGINE_SOURCE_FILES_H
#define PIPELINE_ENGINE_SOURCE_FILES_H

#include "pipeline/engine/source.h"
#include "pipeline/engine/source_settings.h"

/* Returns a path or file: URL as an absolute path; a relative path starts at `working_folder`. NUL-terminated, in the
 * arena. */
struct span source_files_path(const char *working_folder, struct span path, struct arena *arena);
/* Returns the folder that a pattern (an absolute path) cannot leave; empty if the path is none, so names only itself.
 */
struct span source_files_pattern_folder(struct span path);
/* Returns the folder in which the items of a feed or list may name files (SOURCE_FILES_BESIDE): the real one, because
 * the user may have configured a link. Empty if items of this source may name none. In the arena. */
struct span source_files_beside(const struct section *section, struct arena *arena);
/* Opens the file that an item of this source names. Returns -1 on failure, as described in
 * pipeline/base/input_file.h. `section` may be NULL (the source is no longer configured); then nothing is read. */
int source_files_open(const struct section *section, const char *path, const char **ret_why);
/* Returns whether a file or folder that was found in the configured paths lies outside of them, because it is a link or
 * its path contains one. A file that the user has named exactly never does. */
bool source_files_leads_out(const struct source_settings *settings, const char *working_folder, const char *path);

#endif
