/* The pipelines that translate into English. Apertium's language pairs, each described by a mode file, are combined
 * into chains that go through other languages if necessary. The chain with the smallest total weight is used. */
#ifndef STAGES_SERVICES_APERTIUM_CHAINS_H
#define STAGES_SERVICES_APERTIUM_CHAINS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/net/exchange.h"

/* The settings of this kind of service. */
struct apertium_settings {
    struct span modes; /* folder of mode files */
};

struct chain {
    struct span language; /* BCP 47 */
    bool to_latin;        /* the text must first be transliterated to Latin script (Serbian in Cyrillic) */
    struct span modes;    /* "bul-mkd, mkd-eng"; used as the name of the model */
    struct span codes;    /* "bul|mkd|eng", in Apertium's own codes */
    const struct command *commands;
    size_t command_count;
    struct chain *next;
};

/* Reads the tables of languages and pairs, and the mode files of these pairs in `modes_folder`. Pairs without a mode
 * file are skipped. If the folder is NULL, all pairs in the table are used and the chains have no commands. The chains
 * are allocated in the arena. */
bool chains_read(const char *data_folder, const char *modes_folder, struct arena *arena, struct chain **ret_chains,
                 struct failure *ret_failure);

/* Reads a mode file as a list of commands. Quotes are treated as in a shell; $1 becomes -g, $2 is removed, and -z
 * (flush at each NUL) is added to each program. Returns false if the file cannot be read or contains no command. */
bool mode_read(const char *path, struct arena *arena, struct command **ret_commands, size_t *ret_count);

/* Calls `found` with the name of each program in the folder's mode files, as written there; often several times with
 * the same one. */
void modes_each_program(const char *folder, void (*found)(void *context, const char *program), void *context);

#endif
