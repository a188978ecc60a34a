/* The interface of a stage, which processes an article or an edition (a day's set of records).
 *
 * Each file stages/NAME.c defines one `const struct stage stage_NAME`. A stage has one of: `work`, which computes and
 * is called on worker threads for several articles at a time, so the state is const; `ask` and `answer`, which write
 * the next request and read its reply on the main thread and may use the store; `work` and then `ask` and `answer`; or
 * `edit`, which processes an edition on the main thread. No stage does network I/O itself, and none knows which stage
 * comes next. */
#ifndef PIPELINE_ENGINE_STAGE_H
#define PIPELINE_ENGINE_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/setting.h"
#include "pipeline/article/article.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/net/exchange.h"
#include "pipeline/store/store_stories.h"

struct archive;
struct budget;
struct file_group;
struct config;
struct plan;
struct store;
struct resources;

enum outcome {
    STAGE_CONTINUE, /* continue with the next stage */
    STAGE_DROP,     /* finished: article.status is SKIPPED or DUPLICATE, with the reason in article.failure.sentence */
    STAGE_FAIL,     /* failed: *ret_failure says why, and whether another run may help */
    STAGE_ASK,      /* from ask only: carry out the exchange, then call answer */
    STAGE_PARK, /* from ask only: another article's request covers this one, or the store is still to answer; call ask
                   again after a reply or an answer */
    STAGE_ASK_AGAIN /* from answer only: call ask again */
};

/* What a stage may use between open and close. All of it belongs to the run and outlives the stage. */
struct stage_context {
    const void *settings;        /* settings of the stage's own section: the struct to which its table is bound */
    const struct config *config; /* all sections of the configuration, including those of services and routes */
    struct store *store;         /* never NULL; only in ask and answer */
    struct budget *budget;       /* never NULL; only in ask and answer */
    struct resources *resources; /* shared by the stages; NULL only in tests of stages that need none */
    const char *data_folder;     /* folder of the tables and models (config/ in the source tree) */
    const char *output_folder;   /* the output folder, OUT */
    const char *day;             /* the run's day, "2026-01-29", local time */
    struct archive *archive;     /* archive for raw bytes, or NULL */
    struct plan *plan;           /* in a dry run: record here what would be sent, and send nothing; else NULL */
    /* Warns the user of a problem that the stage can work around; may be NULL. */
    void (*warn)(void *context, const char *sentence);
    void *warn_context;
    /* Reports that `service` translated a text because the service `missed`, which the route prefers, did not; may
     * be NULL. */
    void (*stood_in)(void *context, struct span missed, struct span service);
    void *stood_in_context;
};

/* One event of an edition: all articles whose `story` is `id`. */
struct edition_story {
    struct span id;       /* stays the same from run to run while the story grows */
    struct span *related; /* ids of other stories of the edition about the same subject, the most similar first */
    size_t related_count;
    /* The story of an earlier day that this one continues; both are empty if there is none. */
    struct span earlier, earlier_day;
    struct span signature; /* set and read by group: by what a later day recognizes the story */
};

/* A story that is now part of another one: the page at its old address leads to the new one. */
struct edition_forward {
    struct span from, to; /* ids; `to` is a story of the same edition */
};

/* Where the text of an article stands: on the page of this story of its day, if the story is known. */
struct edition_place {
    char day[11];
    struct span story;
};

/* What was chosen from the records of some days, for a single page or file (`dragoman digest --language ru`). */
struct edition_selection {
    char first[11];           /* the first day; the edition's day is the last one */
    struct span name;         /* "2026-01-23..2026-01-29-ru" */
    struct span about;        /* what was chosen: "in Russian, from kommersant"; empty = everything */
    struct span base;         /* how links to the output folder begin: "../" or "file:///srv/news/" */
    const char *format;       /* suffix of the file: ".html", ".json", ".md", ".csv" or ".xml" */
    struct hash_table places; /* struct edition_place of each article, by id */
};

/* A day's records. */
struct edition {
    struct arena *arena;
    char day[11];
    struct article **articles;
    size_t count, capacity;
    bool slim; /* true if there are so many articles that only their first blocks and flagged segments are loaded */
    char version[33]; /* hash of everything that the day's pages show; each page carries the hash near its beginning */
    /* Set by group: the stories, sorted by id, and the ids that lead to another story of this day. */
    struct edition_story *stories;
    size_t story_count;
    struct edition_forward *forwards;
    size_t forward_count;
    /* When the newest article was collected that the day's pages showed before the last run that brought news (ISO
     * 8601, UTC): what was collected later is new since that run. Empty if not known. */
    char seen_before[21];
    /* The last day before this one that has pages, and the first one after it; empty if there is none. */
    char previous_day[11], next_day[11];
    /* What the store kept when the pages of this day, and of the last day before it, were made; may be empty. */
    struct kept_stories kept, earlier;
    char earlier_day[11];
    /* Articles that are missing, outages and spending of the day, as JSON (program/day_notes.h); may be empty. */
    struct span run_notes;
    /* Where the records came from, so that one can be read in full; NULL or empty if nowhere. Borrowed. */
    struct store *store;
    const char *output_folder;
    /* Files that the stages have created, to be put into OUT/<day>/ by edition_write(). Without an output folder, as in
     * tests of stages, they stay in memory. */
    struct file_group *group;
    const struct edition_selection *selection; /* NULL for a day's own pages */
    struct hash_table names;                   /* of the files that belong to the edition: added, or up to date */
    struct edition_file {
        struct span name, bytes;
    } * files;
    size_t file_count, file_capacity;
};

struct stage {
    const char *name;
    const char *help;              /* one line */
    struct setting_table settings; /* settings of the stage's own section; may be empty */
    const char *section;           /* name of the stage's section; NULL = the stage's name */
    bool (*open)(const struct stage_context *context, void **ret_state, struct failure *ret_failure); /* may be NULL */
    void (*close)(void *state);                                                                       /* may be NULL */
    enum outcome (*work)(const void *state, struct article *article, struct failure *ret_failure);
    /* The exchange is initialised, with the article's arena. */
    enum outcome (*ask)(void *state, struct article *article, struct exchange *ret_exchange,
                        struct failure *ret_failure);
    /* The exchange holds the reply or a failure; the engine clears it afterwards. */
    enum outcome (*answer)(void *state, struct article *article, struct exchange *exchange,
                           struct failure *ret_failure);
    /* Called on the main thread for each article that has reached this stage and leaves the scheduler, so that the
     * stage can release what it holds for the article. May be NULL. */
    void (*leave)(void *state, struct article *article);
    bool (*edit)(void *state, struct edition *edition, struct failure *ret_failure);
    /* For edit: the files that every edition has, ending with NULL. A file that is missing or out of date is thus
     * noticed without running the stage. NULL if the stage writes none. */
    const char *const *pages;
};

/* Generated from the files under stages/, in the order of stages/order.txt; ends with NULL. */
extern const struct stage *const stages_in_order[];

#endif
