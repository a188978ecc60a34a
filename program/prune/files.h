/* The files that `dragoman prune` removes. Only files that bear the name of one of ours are removed. No link is
 * followed below the output folder. */
#ifndef PROGRAM_PRUNE_FILES_H
#define PROGRAM_PRUNE_FILES_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

struct file_list {
    struct span *items;
    size_t count, capacity;
};

struct old_files {
    const char *folder; /* the output folder, or that of the archive */
    struct arena *arena;
    bool removes;             /* false: they are only added up */
    size_t count, bytes;      /* of the files that are ours */
    struct file_list foreign; /* the others, as paths below `folder` */
    struct file_list aside;   /* what old_files_aside() has taken, as whole paths */
};

/* Handles the files of a day, and removes its folders if they become empty. `records` are the paths of its records
 * below the folder, in order. */
bool old_files_of_day(struct old_files *files, const char *day, const struct span *records, size_t record_count,
                      struct failure *ret_failure);
/* Handles the files of the archive whose days are before `before`; `below` is as in archive.h. */
bool old_files_of_archive(struct old_files *files, const char *below, const char *before, struct failure *ret_failure);
/* Handles the files in the folder `below` that have such a name and were last written before that time (seconds since
 * 1970). `fits` gets each name and `of`. */
bool old_files_aside(struct old_files *files, const char *below, bool (*fits)(struct span name, struct span of),
                     struct span of, int64_t before, struct failure *ret_failure);
/* Whether it is a page of `dragoman digest` for several days or some of their articles. */
bool old_files_is_selection(struct span name, struct span of);
/* Whether it is a copy of the state `of`, made before an upgrade: "state.db.format-11". */
bool old_files_is_state_copy(struct span name, struct span of);
/* Returns the sum of the sizes of all files in the folder and those below it. */
size_t old_files_size(const char *folder);

#endif
