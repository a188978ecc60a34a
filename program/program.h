/* What every command needs, put together: configuration, tables, stages, the engine. */
#ifndef PROGRAM_PROGRAM_H
#define PROGRAM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/failure.h"
#include "pipeline/engine/stage.h"
#include "program/log.h"
#include "program/settings.h"

struct archive;
struct budget;
struct crash_marks;
struct dispatcher;
struct http;
struct pipes;
struct plan;

enum { MAX_STAGES = 32, MAX_SETS = 256 };

struct program {
    struct config *config;
    const struct run_settings *settings; /* of [run] */
    char *data_folder;
    const char *output_folder; /* of the config */
    char day[11];
    struct store *store;
    struct budget *budget;   /* opened with the store */
    struct archive *archive; /* of a run that keeps raw bytes, else NULL */
    struct plan *plan;       /* of a dry run, else NULL */
    size_t warnings;         /* of the stages, while they were opened */
    struct http *http;
    struct pipes *pipes;
    struct dispatcher *dispatcher;
    const struct stage *stages[MAX_STAGES]; /* the opened ones, in order */
    struct resources *resources;            /* while stages are open */
    void *states[MAX_STAGES];
    size_t stage_count;
    struct report *report; /* of a run, else NULL; borrowed */
    struct log log;
    int signal_fd; /* readable once a signal asked to stop */
};

struct program_options {
    const char *config_path; /* NULL: the user's and the system's */
    const char *sets[MAX_SETS];
    size_t set_count;
    /* Adds further problems, and leaves it to the command to stop because of any. May be NULL. */
    void (*check)(const struct config *config);
};

/* Reads the configuration; its problems are printed to stderr, one a line, and are EXIT_CONFIG, unless the options have
 * a check of their own. */
bool program_configure(struct program *program, const struct program_options *options, struct failure *ret_failure);
/* Opens the store: the configured one, or one in memory. */
bool program_open_store(struct program *program, bool in_memory, bool exclusive, struct failure *ret_failure);
/* Opens the store for a dry run, and the plan: what is written to the store is forgotten when it closes. */
bool program_open_dry_run(struct program *program, struct failure *ret_failure);
/* Opens the archive when the configuration asks for one; before the stages and sources that write to it. */
void program_open_archive(struct program *program);
bool program_open_engine(struct program *program, struct failure *ret_failure);
/* What stages and sources share, made when it is first asked for; closed with the stages. */
struct resources *program_resources(struct program *program);
/* Opens the stages from `first` to `last` (names, NULL: from the start, to the end) that are for articles, or, with
 * `editions`, those for editions. */
bool program_open_stages(struct program *program, const char *first, const char *last, bool editions,
                         struct failure *ret_failure);
/* Opens all stages for articles, whatever becomes of the others, and calls for each that cannot be opened. */
void program_try_stages(struct program *program, void (*failed)(void *context, const struct failure *failure),
                        void *context);
void program_close_stages(struct program *program);
void program_close(struct program *program);
const struct stage *program_stage(const char *name); /* NULL: no such stage */
bool stage_is_for_editions(const struct stage *stage);
/* The marks of the run that is under way; NULL: none is. */
void program_hold_marks(struct crash_marks *marks);
/* Ends the program at once, on any thread, also with no memory left: no article is to blame for it. */
_Noreturn void program_leave(enum exit_code code);
/* 1 after the first SIGINT or SIGTERM; the second one leaves at once. */
bool program_interrupted(void);

#endif
