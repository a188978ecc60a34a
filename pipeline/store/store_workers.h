/* What runs have to agree on that share a store on a server (store_postgresql.h), on one machine or on several. A lease
 * is the right to do something alone, such as to read a source. It holds for two minutes by the server's
 * clock, is renewed by store_commit(), and ends with store_close(). What is leased to a run that has died is granted to
 * another one when the two minutes are over. The right to make the pages is a lock, which ends with the connection.
 *
 * A store in a file belongs to one run at a time: it gets every lease, and no others are at work. All functions must be
 * called on the main thread. A server that cannot be asked makes the next store_commit() fail. */
#ifndef PIPELINE_STORE_STORE_WORKERS_H
#define PIPELINE_STORE_STORE_WORKERS_H

#include "pipeline/store/store.h"

/* Whether no other run was at work when the store was opened. */
bool store_is_alone(const struct store *store);
/* Keeps other runs from beginning until store_close(). Returns false if one is at work. */
bool store_become_alone(struct store *store);
/* Asks whether this run may make the pages now, until store_close(); no other one may meanwhile. Commits. */
bool store_take_pages(struct store *store);
/* Asks for a lease, and commits. Returns whether this run has it now, or had it already. */
bool store_take_lease(struct store *store, struct span name);
/* Gives a lease back, which this run may not have. */
void store_end_lease(struct store *store, struct span name);
/* Tells the others whether this run is still reading sources, so that there may soon be more articles. Leases on
 * "source NAME" are renewed only as long as it is. */
void store_begin_reading(struct store *store);
void store_end_reading(struct store *store);
/* Whether other runs are reading sources or processing articles, some of which may become free if they die, or whether
 * there is an article that is free. Asks the server twice a second at most, and is true between. */
bool store_others_work(struct store *store);
/* Whether an article that this run has claimed is still its own. It is not if the run was stopped for longer than a
 * lease and another one has claimed the article since; its result must then be dropped. */
bool store_holds(struct store *store, const char *id);

/* A reservation (budget.h) that is granted only if it fits under all caps together with what all runs have spent and
 * reserved. */
enum { RESERVATION_CAPS = 12 };
struct reservation {
    int64_t number;               /* from store_next_reservation() */
    const struct bill_line *line; /* what one attempt may cost */
    unsigned times;               /* attempts that are to be reserved in total, with those that are already */
    struct span free_services;    /* those whose characters count against their own caps only, one a line */
    /* The caps of everything, of the service and of the source; each of the day and of the month; each on characters
     * and on cost. `is_capped`: whether there is one. */
    long long caps[RESERVATION_CAPS];
    bool is_capped[RESERVATION_CAPS];
};
enum reservation_verdict {
    RESERVATION_GRANTED,
    RESERVATION_LATER, /* only what is reserved stands in the way */
    RESERVATION_REFUSED
};
struct reservation_answer {
    enum reservation_verdict verdict;
    size_t cap;            /* not GRANTED: which cap stands in the way */
    long long spent, held; /* what all runs have spent and reserved that counts against it */
};
int64_t store_next_reservation(struct store *store);
/* Reserves on the server, in one statement that has taken effect when this returns; if there are no caps, without
 * waiting for it. Fails without a server. */
bool store_reserve_within(struct store *store, const struct reservation *reservation,
                          struct reservation_answer *ret_answer, struct failure *ret_failure);
/* Removes a reservation, with all its attempts. */
bool store_release(struct store *store, int64_t number, struct failure *ret_failure);

#endif
