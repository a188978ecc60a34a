/* Paths as users write them. */
#ifndef CONFIG_PATH_H
#define CONFIG_PATH_H

#include "pipeline/base/arena.h"
#include "pipeline/base/text.h"

/* Returns the path that the user means: "~" and "~/..." are below the home folder ($HOME, or that of the user's entry
 * in the system's list), and a relative path is relative to `folder`, usually that of the configuration file ("" = the
 * working folder). `~user` is not known and stays as it is. The result is NUL-terminated, in the arena; empty if the
 * path is. */
struct span path_resolve(const char *folder, struct span path, struct arena *arena);

#endif
