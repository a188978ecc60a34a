/* Reads back the stories that a day's digest.json lists, for pages about several days: much faster than reading the
 * records, and with the stories as the day's own pages show them. */
#ifndef STAGES_DIGEST_DAY_FILE_H
#define STAGES_DIGEST_DAY_FILE_H

#include "pipeline/base/arena.h"

struct listed_story {
    struct span id, title, doubt;
    struct span earlier, earlier_day; /* the story that this one continues; empty if there is none */
    struct span *languages, *articles;
    size_t language_count, count;
    size_t outlets;
    double weight;
};

struct day_file {
    struct span notes;            /* what was missing, as JSON (see edition.run_notes); may be empty */
    struct listed_story *stories; /* the heaviest first */
    size_t count;
};

/* Reads the stories, which are allocated in the arena. Returns false if there is no such file or it is damaged; what
 * was read before the damage is set. */
bool day_file_read(const char *output_folder, const char *day, struct arena *arena, struct day_file *ret_file);

#endif
