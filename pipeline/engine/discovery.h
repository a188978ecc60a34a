/* Runs the sources side by side: carries out their exchanges and passes on the articles they find. A source that fails,
 * hangs or never ends does not delay the others. All functions must be called on the main thread. */
#ifndef PIPELINE_ENGINE_DISCOVERY_H
#define PIPELINE_ENGINE_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/engine/source.h"

struct dispatcher;
struct discovery;

/* What the report says about a source. */
struct discovered {
    struct span name;
    size_t items, known,
        unusable; /* items: passed on in total; known: of these, already in the store; unusable: could not be read */
    long status;  /* HTTP status of the last reply; 0 = none */
    struct failure failure; /* why the source failed, or its latest problem; REACH_NONE = no problem */
    bool failed;            /* the source, or part of it, could not be fetched */
    bool whole;             /* the source has reached its end: it was not stopped and did not fail */
};

/* Called for each item; takes over the article and returns whether it was new. `article` is NULL for an item that the
 * source itself recognised as known. */
typedef bool discovery_found(void *context, const struct discovered *source, struct article *article);
/* Called for an unusable item (REACH_ARTICLE), for items that wait for the next run (REACH_ARTICLE, REMEDY_NEXT_RUN),
 * for a source that failed (REACH_SERVICE), and for a notice that is not a failure (REACH_NONE). */
typedef void discovery_failed(void *context, const struct discovered *source, const struct failure *failure);

/* Called with articles that will be passed to discovery_found next, at most DISCOVERY_ITEMS_AT_ONCE, so that what is
 * known of them can be asked at once; and without any when they have been passed on. The caller keeps ownership. */
enum { DISCOVERY_ITEMS_AT_ONCE = 64 };
typedef void discovery_announced(void *context, struct article *const *articles, size_t count);

/* Whether a failure passed to discovery_failed means that the source, or part of it, could not be fetched. */
bool discovery_is_outage(const struct failure *failure);

struct discovery *discovery_new(struct dispatcher *dispatcher, discovery_found *found, discovery_failed *failed,
                                void *context);
void discovery_announce(struct discovery *discovery, discovery_announced *announced);
void discovery_free(struct discovery *discovery); /* waits for work in progress; accepts NULL */
/* Opens a source. If that fails, passes the failure to `failed` and returns false. */
bool discovery_add(struct discovery *discovery, const struct source *source, const struct source_context *context);
/* Lets each source that is ready take some steps. Returns false if none was ready: the caller should wait until
 * discovery_fd() or another descriptor is readable. */
bool discovery_turn(struct discovery *discovery);
/* A file descriptor that becomes readable when a source's work is done. */
int discovery_fd(const struct discovery *discovery);
/* While paused, sources take no steps. Exchanges and work in progress continue. */
void discovery_pause(struct discovery *discovery, bool paused);
/* Ends all sources; those with an exchange or work in progress end when it is done. */
void discovery_stop(struct discovery *discovery);
/* Waits for work in progress on its thread, as scheduler_wait() does. */
void discovery_wait(struct discovery *discovery);
/* Whether all sources have ended. */
bool discovery_finished(const struct discovery *discovery);
/* Calls `source` for each source, for the report. */
void discovery_each_source(const struct discovery *discovery,
                           void (*source)(void *context, const struct discovered *source), void *context);
/* Tells the sources that everything they passed on is stored safely: calls `settled` for each that ended without a
 * failure. */
void discovery_settle(struct discovery *discovery);

#endif
