/* The contract of a stage: what is done to an article, or to an edition (a day's set of records).
 *
 * One `const struct stage stage_NAME` per file stages/NAME.c. A stage has `work` (computes; called on a worker thread,
 * several articles at a time, so state is const), or `ask` and `answer` (on the main thread: may use the store; writes
 * the next request, reads its reply), or `work` before `ask`; or `edit` for an edition (main thread). No stage does
 * network input or output itself, and none knows which comes next. */
#ifndef PIPELINE_ENGINE_STAGE_H
#define PIPELINE_ENGINE_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/setting.h"
#include "pipeline/article/article.h"
#include "pipeline/base/failure.h"
#include "pipeline/net/exchange.h"

struct archive;
struct budget;
struct config;
struct plan;
struct store;
struct resources;

enum outcome {
    STAGE_CONTINUE, /* the next stage may have it */
    STAGE_DROP,     /* done with: article.status is SKIPPED or DUPLICATE, the reason in article.failure.sentence */
    STAGE_FAIL,     /* *ret_failure says why and whether another run may help */
    STAGE_ASK,      /* only from ask: carry out the exchange, then call answer */
    STAGE_PARK, /* only from ask: another article has asked for the same; call ask again when one has been answered */
    STAGE_ASK_AGAIN /* only from answer: call ask again */
};

/* What a stage may use from open to close. Everything is the run's and outlives the stage. */
struct stage_context {
    const void *settings;        /* of this stage's own section: the struct that its table is bound to */
    const struct config *config; /* all sections: services, routes, ... */
    struct store *store;         /* never NULL; only in ask and answer */
    struct budget *budget;       /* never NULL; only in ask and answer */
    struct resources *resources; /* what stages share; never NULL but in tests of stages that do without */
    const char *data_folder;     /* where the tables and the model are (config/ in the source tree) */
    const char *output_folder;   /* OUT */
    const char *day;             /* the run's day, "2026-01-29", local time */
    struct archive *archive;     /* where raw bytes are kept as evidence, or NULL */
    struct plan *plan;           /* dry run: what would be bought is noted there and nothing is sent; else NULL */
    /* Says what is wrong and can be done without, to whoever runs the program; may be NULL. */
    void (*warn)(void *context, const char *sentence);
    void *warn_context;
    /* Says that a text was translated by `service` because one that its route prefers (`missed`) did not; may be NULL.
     */
    void (*stood_in)(void *context, struct span missed, struct span service);
    void *stood_in_context;
};

/* A day's records. */
struct edition {
    struct arena *arena;
    char day[11];
    struct article **articles;
    size_t count, capacity;
    bool slim; /* so many that only the beginnings of the articles are here, and what was flagged (record_read) */
    char version[33];      /* of what its pages are made from; every page carries it near its beginning */
    struct span run_notes; /* what is missing, what was out, what was spent (program/day_notes.h) as JSON, or empty */
    /* Output of a digest stage: files to be written below OUT/<day>/, atomically, by the caller. */
    struct edition_file {
        struct span name, bytes;
    } * files;
    size_t file_count, file_capacity;
};

struct stage {
    const char *name;
    const char *help;              /* one line */
    struct setting_table settings; /* of the section [name]; may be empty */
    bool (*open)(const struct stage_context *context, void **ret_state, struct failure *ret_failure); /* may be NULL */
    void (*close)(void *state);                                                                       /* may be NULL */
    enum outcome (*work)(const void *state, struct article *article, struct failure *ret_failure);
    /* The exchange has been started with the article's arena. */
    enum outcome (*ask)(void *state, struct article *article, struct exchange *ret_exchange,
                        struct failure *ret_failure);
    /* The exchange holds the reply or a failure; it is cleared by the engine afterwards. */
    enum outcome (*answer)(void *state, struct article *article, struct exchange *exchange,
                           struct failure *ret_failure);
    /* Called on the main thread for every article that leaves before or at this stage for good, so that what
     * is held for it can be released. May be NULL. */
    void (*leave)(void *state, struct article *article);
    bool (*edit)(void *state, struct edition *edition, struct failure *ret_failure);
    /* For edit: the files that every edition has, ended by NULL, so that a missing or old one is noticed without the
     * stage. NULL when it writes none. */
    const char *const *pages;
};

/* Generated from the files under stages/, in the order of stages/order.txt, ended by NULL. */
extern const struct stage *const stages_in_order[];

#endif
