/* The interface of a kind of input. Each file under stages/sources/ defines one `const struct source source_NAME`.
 *
 * A source is a state machine that the run calls step by step. It asks for exchanges and yields articles with their
 * origin, what the feed said and perhaps raw bytes. Steps run on the main thread and must return quickly: local files
 * are read in pieces of limited size, and what takes longer, such as decoding a feed, is left to `work`. A source that
 * fails does not delay the others. */
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
    SOURCE_ITEM,  /* *ret_article is the next item */
    SOURCE_KNOWN, /* the item is in the store already, so no article is returned (source_knows() in parts/common.h) */
    SOURCE_ASK,   /* carry out the exchange, then call step with the reply */
    SOURCE_WORK,  /* call `work` on a worker thread, then call step again */
    SOURCE_NOTE,  /* *ret_failure (REACH_NONE) holds a notice, not a failure; call step again */
    SOURCE_END,   /* no more items in this run */
    /* *ret_failure says why. If its reach is REACH_ARTICLE, an item was unusable or, with REMEDY_NEXT_RUN, items were
     * left for the next run: call step again. If it is REACH_SERVICE, the whole source has failed. */
    SOURCE_FAIL
};

/* Which local files the items of a source may be (pipeline/engine/source_files.h). */
enum source_files {
    SOURCE_FILES_NONE,       /* none: an item has its own text or an http(s) address */
    SOURCE_FILES_CONFIGURED, /* those that the setting `path` leads to */
    SOURCE_FILES_BESIDE      /* those in the folder of a local feed or list, and below it */
};

struct source_context {
    struct span name;                     /* name of the configuration section */
    const struct section *section;        /* NULL = no section; the next two members are then NULL as well */
    const struct source_settings *common; /* the settings that all kinds have */
    const void *settings;                 /* the settings of this kind: the struct to which its table is bound */
    struct store *store;                  /* for feed validators (ETag, Last-Modified); never NULL */
    struct archive *archive;              /* archive for raw bytes, or NULL */
    const char *working_folder;  /* base of relative paths (folder of the configuration file, or the current one) */
    const char *data_folder;     /* folder of the tables; NULL = use no tables */
    struct resources *resources; /* shared with the stages; valid until the last step */
};

struct source {
    const char *name; /* value of the setting `kind` */
    const char *help;
    struct setting_table
        settings;         /* settings of the sections of this kind, in addition to the settings that all kinds have */
    bool url_may_be_file; /* `url` also takes a path or a file: URL */
    enum source_files files; /* local files that an item may be */
    /* Returns whether a URL or path (or the first bytes of a file; may be empty) looks like this kind: 0 = no, 1 =
     * possibly, 2 = certainly. Used by the command `show`, and if the section has no `kind`. */
    int (*recognise)(struct span address, struct span head);
    bool (*open)(const struct source_context *context, void **ret_state, struct failure *ret_failure);
    void (*close)(void *state);
    /* Called on a worker thread after a step that returned SOURCE_WORK. Nothing else uses the state meanwhile, and the
     * next step reports any failure. Must not use the store or anything else that belongs to the main thread. NULL if
     * no step returns SOURCE_WORK. */
    void (*work)(void *state);
    /* Takes one step. `reply` is NULL unless the last step returned SOURCE_ASK. The caller frees *ret_article.
     * `exchange` is initialised, with an arena that lives until the next step. */
    enum source_step (*step)(void *state, struct exchange *reply, struct exchange *exchange,
                             struct article **ret_article, struct failure *ret_failure);
    /* Called when all items are stored safely. Feed validators must not be saved before that, or a killed run would
     * lose items. May be NULL. */
    void (*settled)(void *state);
};

/* Generated from the files under stages/sources/; ends with NULL. */
extern const struct source *const sources[];
const struct source *source_of(struct span kind);

#endif
