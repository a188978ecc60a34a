/* Which pipelines lead from a language to English: Apertium's mode files, joined through pivots by the least weight. */
#ifndef STAGES_SERVICES_APERTIUM_CHAINS_H
#define STAGES_SERVICES_APERTIUM_CHAINS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/net/exchange.h"

struct chain {
    struct span language; /* BCP 47 */
    bool to_latin;        /* Serbian Cyrillic: transliterate first */
    struct span modes;    /* "bul-mkd, mkd-eng": names the model */
    struct span codes;    /* "bul|mkd|eng": Apertium's own codes */
    const struct command *commands;
    size_t command_count;
    struct chain *next;
};

/* Reads the tables and the modes of `folder` that they name; modes that are not installed are left out. Without a
 * folder (NULL) all pairs of the tables are there, and the chains have no commands. The chains belong to the arena. */
bool chains_read(const char *data_folder, const char *modes_folder, struct arena *arena, struct chain **ret_chains,
                 struct failure *ret_failure);

/* One mode file's line as commands: quotes as in a shell, $1 becomes -g, $2 nothing, -z (flush on NUL) is added to each
 * program. False when the file is not there or has nothing like that in it. */
bool mode_read(const char *path, struct arena *arena, struct command **ret_commands, size_t *ret_count);

#endif
