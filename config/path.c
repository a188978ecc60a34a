#include "config/path.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

/* A systemd unit has no HOME unless it has a user. */
static const char *home(void) {
    const char *given = getenv("HOME");
    if (given && *given) return given;
    const struct passwd *entry = getpwuid(geteuid());
    return entry && entry->pw_dir ? entry->pw_dir : "";
}

struct span path_resolve(const char *folder, struct span path, struct arena *arena) {
    if (span_is(path, "~") || span_starts(path, SPAN("~/")))
        return arena_print(arena, "%s%.*s", home(), SPAN_ARGS(span_cut(path, 1, path.length)));
    if (!path.length || !*folder || span_starts(path, SPAN("/"))) return arena_copy(arena, path);
    return arena_print(arena, "%s/%.*s", folder, SPAN_ARGS(path));
}
