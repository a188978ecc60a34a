/* Steps the sources, all of them side by side: carries out what they ask for and passes on the articles they find. A
 * source that fails, hangs or is endless delays no other. Main thread only. */
#ifndef PIPELINE_ENGINE_DISCOVERY_H
#define PIPELINE_ENGINE_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/engine/source.h"

struct dispatcher;
struct discovery;

/* One source's part of the report. */
struct discovered {
    struct span name;
    size_t items, known, unusable; /* passed on; of these already known; that could not be read */
    long status;                   /* HTTP status of the last answer; 0: there was none */
    struct failure failure;        /* why it failed, or the last thing that went wrong; reach NONE when nothing did */
    bool failed;                   /* the source, or a part of it, could not be had */
    bool whole;                    /* it came to its end by itself */
};

/* Takes the article over; returns whether it was new. NULL stands for one that the source knew to be known. */
typedef bool discovery_found(void *context, const struct discovered *source, struct article *article);
/* An item that cannot be used (reach ARTICLE), items that wait for the next run (ARTICLE with the remedy NEXT_RUN), a
 * source that failed (reach SERVICE), or something that is worth knowing (reach NONE). */
typedef void discovery_failed(void *context, const struct discovered *source, const struct failure *failure);

/* Whether a failure that `discovery_failed` is told of is the source's: all of it, or a part, could not be had. */
bool discovery_is_outage(const struct failure *failure);

struct discovery *discovery_new(struct dispatcher *dispatcher, discovery_found *found, discovery_failed *failed,
                                void *context);
void discovery_free(struct discovery *discovery); /* waits for work under way; accepts NULL */
/* False (with the failure passed to `failed` as well) when the source cannot be opened. */
bool discovery_add(struct discovery *discovery, const struct source *source, const struct source_context *context);
/* Lets every source that can go on make some steps. Returns false when none could: wait for something, discovery_fd()
 * among it. */
bool discovery_turn(struct discovery *discovery);
/* Becomes readable when a source's work is done. */
int discovery_fd(const struct discovery *discovery);
/* While paused no source is stepped; what is under way goes on. */
void discovery_pause(struct discovery *discovery, bool paused);
/* Lets no source go on any more. */
void discovery_stop(struct discovery *discovery);
bool discovery_finished(const struct discovery *discovery);
void discovery_each_source(const struct discovery *discovery,
                           void (*source)(void *context, const struct discovered *source), void *context);
/* Tells the sources that all they passed on is safe: `settled` is called for those that came to their end. */
void discovery_settle(struct discovery *discovery);

#endif
