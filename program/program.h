/* What the commands share: the configuration, the store, the engine and the stages. Each command opens what it
 * needs. */
#ifndef PROGRAM_PROGRAM_H
#define PROGRAM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "pipeline/base/failure.h"
#include "pipeline/engine/scheduler.h"
#include "pipeline/engine/stage.h"
#include "program/log.h"
#include "program/settings.h"

struct archive;
struct arena;
struct article_row;
struct budget;
struct crash_marks;
struct discovery;
struct source_context;
struct dispatcher;
struct http;
struct pipes;
struct plan;

enum { MAX_STAGES = 32, MAX_SETS = 256 };

struct program {
    struct config *config;
    const struct run_settings *settings; /* of [run] */
    const char *config_path;             /* given with --config; NULL if it was not */
    char *data_folder;
    const char *output_folder;     /* from the configuration */
    char *state_path, *state_name; /* state_name: in messages (state.h) */
    char day[11];
    struct store *store;
    _Atomic bool waits_for_store; /* whether its server is away, and the user has been told */
    struct budget *budget;        /* opened with the store */
    struct archive *archive;      /* NULL unless this is a run that keeps raw bytes */
    struct plan *plan;            /* NULL unless this is a dry run */
    size_t warnings;              /* number of warnings given when stages were opened and by check-config */
    struct http *http;
    struct pipes *pipes;
    struct dispatcher *dispatcher;
    const struct stage *stages[MAX_STAGES]; /* the open stages, in order */
    struct resources *resources;            /* shared by the open stages */
    void *states[MAX_STAGES];
    size_t stage_count;
    struct report *report; /* NULL unless this is a run; borrowed */
    struct log log;
    bool quiet;    /* only errors are printed on standard error */
    bool repairs;  /* this is verify --repair: a lost state may be opened (rebuild.h), changed pages are made again */
    time_t began;  /* when this run, which will fill the search index, began; 0 if it is none */
    int signal_fd; /* readable after SIGINT or SIGTERM; -1 while no engine is open */
};

struct program_options {
    const char *config_path; /* the path given with --config; NULL: read the user's and the system's files */
    const char *sets[MAX_SETS];
    size_t set_count;
    /* Adds further problems; may be NULL. If it is set, problems of the configuration are not a failure, and the caller
     * decides what to do. */
    void (*check)(const struct config *config, const char *data_folder);
};

/* Returns the folder of tables, models and schemas: $DRAGOMAN_DATA if that is set; else the first of data, ../data and
 * ../share/dragoman that exists, relative to the folder of the program; else the folder chosen when the program was
 * built. The caller frees it. */
char *program_find_data_folder(void);

/* Reads the configuration. All its problems are printed to standard error, one per line; any problem is a failure with
 * EXIT_CONFIG, unless the options set `check`. */
bool program_configure(struct program *program, const struct program_options *options, struct failure *ret_failure);
/* Opens the configured store, or an empty one in memory, and the budget. */
bool program_open_store(struct program *program, bool in_memory, enum store_lock lock, struct failure *ret_failure);
/* Returns the budget over this store, with its spending caps: the total, and those of each service and source.
 * `recover` is that of budget_load(). Returns NULL if it cannot be read. */
struct budget *program_budget(const struct program *program, struct store *store, bool recover,
                              struct failure *ret_failure);
/* Opens the configured store, as it is at this moment, and the budget, to read them; needs no permission to write, and
 * makes no file. */
bool program_read_store(struct program *program, struct failure *ret_failure);
/* Finds the article whose id begins with what the user has written. Several, or none, are a failure with EXIT_BAD_DATA.
 */
bool program_find_article(struct program *program, struct span id, struct arena *arena, struct article_row *ret_row,
                          struct failure *ret_failure);
/* Opens the store and the plan for a dry run. What is written to this store is discarded when it is closed. */
bool program_open_dry_run(struct program *program, struct failure *ret_failure);
/* Opens the archive if one is configured. Must precede opening the stages and sources that write to it. */
void program_open_archive(struct program *program);
bool program_open_engine(struct program *program, struct failure *ret_failure);
/* Returns whether the state or the output folder lies on a network file system, and says what that means. */
bool program_is_on_network(const struct program *program, struct failure *ret_warning);
/* Returns the resources that stages and sources share. They are created on the first call and closed with the
 * stages. */
struct resources *program_resources(struct program *program);
/* The last stage that changes an article. The record is written by the stage after it. */
extern const struct stage stage_summarize;
/* Stages that are also needed by themselves, for changes to finished articles. */
extern const struct stage stage_check, stage_write;
/* Opens the stages from `first` (NULL: from the beginning) to `last` (NULL: to the end) that process articles or, if
 * `editions` is set, those that process editions. */
bool program_open_stages(struct program *program, const struct stage *first, const struct stage *last, bool editions,
                         struct failure *ret_failure);
/* Opens all stages for articles. Calls `failed` for each stage that cannot be opened, and continues with the next. */
void program_try_stages(struct program *program, void (*failed)(void *context, const struct failure *failure),
                        void *context);
/* Returns options for a scheduler that runs the open stages with one thread per CPU; the caller sets the other
 * options. */
struct scheduler_options program_scheduler_options(const struct program *program);
/* Returns the context in which the source of a [source] section is opened. */
struct source_context program_source_context(struct program *program, const struct section *section);
/* Adds the source described by a [source] section. If the source cannot be opened, discovery reports that to its
 * caller. */
void program_add_source(struct program *program, struct discovery *discovery, const struct section *section);
void program_close_stages(struct program *program);
void program_close(struct program *program);
const struct stage *program_stage(const char *name); /* NULL if there is no such stage */
bool stage_is_for_editions(const struct stage *stage);
/* Sets the crash marks (pipeline/engine/crash_marks.h) that program_leave() clears; NULL if no run is under way. */
void program_hold_marks(struct crash_marks *marks);
/* Exits immediately. May be called on any thread, even when memory is exhausted. Clears the crash marks first, so that
 * no article is suspected of having caused a crash. */
_Noreturn void program_leave(enum exit_code code);
/* Returns whether SIGINT or SIGTERM has been received. A second signal ends the process immediately. */
bool program_interrupted(void);

#endif
