/* `dragoman prune`: removes days, archive files and translations that are old. */
#ifndef PROGRAM_PRUNE_PRUNE_H
#define PROGRAM_PRUNE_PRUNE_H

#include "config/setting.h"
#include "program/program.h"

enum { MAX_PRUNE_DAYS = 36500 };

/* Of [prune]; the numbers are days, 0 = keep. */
struct prune_settings {
    long long days, archive, memory, known;
    size_t size;    /* of the output folder, in bytes; 0 = no limit */
    bool automatic; /* prune at the end of the first run of each day */
};
extern const struct setting prune_table[];

struct pruned_day {
    const char *day;
    size_t records, bytes; /* bytes: of its files */
    bool waits;            /* it was not pruned, because an article with a record of this day is unfinished */
};

/* What was removed or, in a dry run, would be. */
struct prune_result {
    struct arena *arena;
    struct pruned_day *days; /* the oldest first */
    size_t day_count, capacity;
    size_t records, bytes;    /* bytes: of all files */
    size_t archive_files;     /* WARC files */
    size_t translations, ids; /* ids: articles that are not known any more */
    const struct span *aside; /* selections, and copies of the state of earlier versions, as whole paths */
    size_t aside_count;
    size_t shrunk;        /* by how many bytes the state file became smaller */
    struct span *foreign; /* files in the days' folders that are not ours and stay */
    size_t foreign_count, foreign_capacity;
};

/* The store must be open exclusively. If its changes are discarded (program_open_dry_run()), nothing is removed. First
 * the store forgets, durably; then what leads to the days is made again without them; then the files go. So a killed
 * process leaves nothing that leads nowhere, and the next call or run completes what it left. */
bool prune(struct program *program, const struct prune_settings *settings, bool dry_run, struct arena *arena,
           struct prune_result *ret_result, struct failure *ret_failure);
/* Prunes if the configuration says so and no run of today has done it, and completes what a killed process left. A
 * failure is printed, once a day: it is no failure of the run. */
void prune_after_run(struct program *program);

#endif
