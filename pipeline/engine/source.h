/* The contract of a kind of input: one `const struct source source_NAME` per file.
 *
 * A source is a small machine that the run steps: it asks for exchanges and yields articles that hold an origin, what
 * the feed said, and perhaps raw bytes. It is stepped on the main thread, one step at a time, and must return quickly:
 * local files are read in steps of bounded size, and what takes longer, such as decoding a feed, is left to `work`. A
 * source that fails delays no other. */
#ifndef PIPELINE_ENGINE_SOURCE_H
#define PIPELINE_ENGINE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/setting.h"
#include "pipeline/article/article.h"
#include "pipeline/base/failure.h"
#include "pipeline/net/exchange.h"

struct archive;
struct resources;
struct section;
struct source_settings;
struct store;

enum source_step {
    SOURCE_ITEM,  /* *ret_article holds the next one */
    SOURCE_KNOWN, /* an item that the store knows; nothing was made of it (source_knows() in parts/common.h) */
    SOURCE_ASK,   /* carry out the exchange, then step again with it as `reply` */
    SOURCE_WORK,  /* have `work` called on a worker thread, then step again */
    SOURCE_NOTE,  /* *ret_failure (reach NONE) has a sentence that is worth knowing; nothing is wrong, step again */
    SOURCE_END,   /* no more in this run */
    SOURCE_FAIL   /* *ret_failure says why; reach ARTICLE: an item was unusable or (remedy NEXT_RUN) items
                      wait for the next run, step again; SERVICE: the source is done */
};

struct source_context {
    struct span name;                     /* of the section */
    const struct section *section;        /* NULL: none, then the two that follow are NULL as well */
    const struct source_settings *common; /* the settings that all kinds have */
    const void *settings;                 /* those of this kind: the struct that its table is bound to */
    struct store *store;                  /* feed validators; never NULL */
    struct archive *archive;              /* where raw bytes are kept as evidence, or NULL */
    const char *working_folder;           /* relative paths start here (the config file's folder, or the current one) */
    const char *data_folder;              /* where the tables are; NULL: do without them */
    struct resources *resources;          /* what sources share with the stages; until the last step */
};

struct source {
    const char *name; /* the section's `kind = ` */
    const char *help;
    struct setting_table settings; /* of [source "..."] with this kind, beside those that all kinds have */
    const char *address_setting;   /* which of them is its address or path; NULL: it has none */
    /* Whether an address (or the first bytes of a file, may be empty) looks like this kind: used when `kind` is not
     * given, and by show. 0 no, 1 possible, 2 sure. */
    int (*recognise)(struct span address, struct span head);
    bool (*open)(const struct source_context *context, void **ret_state, struct failure *ret_failure);
    void (*close)(void *state);
    /* On a worker thread, after a step that returned SOURCE_WORK: nobody else touches the state meanwhile, and what
     * fails is told by the next step. Neither the store nor anything else of the main thread may be used. NULL when
     * no step returns SOURCE_WORK. */
    void (*work)(void *state);
    /* `reply` is NULL unless the last step was SOURCE_ASK. *ret_article is the caller's to free. `exchange` has been
     * started with an arena that lives until the next step. */
    enum source_step (*step)(void *state, struct exchange *reply, struct exchange *exchange,
                             struct article **ret_article, struct failure *ret_failure);
    /* Called when everything that was yielded is safe in the store: the place to commit validators. May be NULL. */
    void (*settled)(void *state);
};

/* Generated from the files under stages/sources/, ended by NULL. */
extern const struct source *const sources[];
const struct source *source_of(struct span kind);

#endif
