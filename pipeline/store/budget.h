/* Enforces hard caps on money and characters: in total, per service and per source; in a run, a day or a calendar
 * month.
 *
 * A request may be made only if the most it can cost fits under all caps together with the requests in flight. Right
 * before it is sent, this reservation is committed to the store and flushed to disk, so that the caps hold even if the
 * run is killed or the power fails: whatever was reserved and not settled counts as spent. Runs that share a store on a
 * server share the caps, except those of a run: the server grants a reservation only if it fits under the caps together
 * with what all of them have spent and reserved. So that no slot of a service
 * stays idle during a flush, a quarter as many reservations are made ahead as the service has slots. When the request
 * has ended, the amount billed replaces the reservation. An attempt that was sent but not answered may have been billed
 * too, so a retry is reserved separately. All functions must be called on the main thread. */
#ifndef PIPELINE_STORE_BUDGET_H
#define PIPELINE_STORE_BUDGET_H

#include "pipeline/net/exchange.h"
#include "pipeline/store/flusher.h"
#include "pipeline/store/store.h"

enum budget_subject { BUDGET_ALL, BUDGET_SERVICE, BUDGET_SOURCE };
enum budget_period { BUDGET_RUN, BUDGET_DAY, BUDGET_MONTH, BUDGET_PERIODS };

struct budget_cap {
    const char *name; /* name of the setting, for messages; static; NULL = no cap */
    long long max;    /* millionths of the currency, or characters */
};

struct budget_caps {
    struct budget_cap cost[BUDGET_PERIODS], characters[BUDGET_PERIODS];
};

struct budget;

struct budget *budget_new(struct store *store, const char *day); /* borrows both */
void budget_free(struct budget *budget);                         /* accepts NULL */
/* From now on no request leaves before its reservation is on disk. The flusher is borrowed. */
void budget_flush_with(struct budget *budget, struct flusher *flusher);
/* Adds a subject (everything, a service or a source) and its caps; `name` is empty for BUDGET_ALL. The characters of a
 * service that is `free_of_charge` count only against its own caps. */
void budget_add(struct budget *budget, enum budget_subject subject, struct span name, const struct budget_caps *caps,
                bool free_of_charge);
/* Reads what was spent today and this month. Must be called after all subjects have been added. With `recover`,
 * reservations of a killed run are first counted as spent; only a process that has locked the store, alone or with
 * other runs, may do that. */
bool budget_load(struct budget *budget, bool recover, struct failure *ret_failure);

enum purchase_answer {
    PURCHASE_GRANTED,
    PURCHASE_LATER,  /* would fit if the requests in flight cost less than reserved: ask again after a reply */
    PURCHASE_REFUSED /* a cap is reached */
};

/* One request and what it may cost. Must be zeroed before first use. */
struct purchase {
    struct budget *budget;
    struct bill_line max;   /* spans are borrowed until purchase_end() */
    unsigned attempts_lost; /* attempts sent but not answered, perhaps billed: each keeps a reservation of `max` */
    unsigned stored;        /* how many times `max` is reserved in the store */
    int64_t number;         /* of the reservation, on a server; 0 = none yet */
    int64_t ask_again_at;   /* on a server: when to ask for it again, as clock_ms() */
    uint64_t flush;         /* ticket of the flush that covers them; 0 = none is needed */
    bool open;
};

/* Reserves `max` and installs the callbacks that the exchange calls before each attempt. The purchase is open only if
 * the answer is GRANTED. Sets *ret_failure if it is REFUSED. */
enum purchase_answer purchase_begin(struct purchase *purchase, struct budget *budget, const struct bill_line *max,
                                    struct exchange *exchange, struct failure *ret_failure);
/* Whether a purchase that was postponed (LATER) would get a different answer now. */
bool purchase_may_fit(const struct purchase *purchase);
/* Settles the purchase when the exchange has ended. A good reply is charged as `billed` says. Without one (`billed` is
 * NULL), an attempt that was refused or never sent costs nothing, and one that was not answered costs the whole
 * reservation. Does nothing if the purchase is not open. */
void purchase_end(struct purchase *purchase, const struct exchange *exchange, const struct bill_line *billed);

/* The caps reached in this run, each as a message for the report. */
size_t budget_reached_count(const struct budget *budget);
const char *budget_reached(const struct budget *budget, size_t index);
/* Returns the name of the cap: "characters_per_day of deepl". */
const char *budget_reached_cap(const struct budget *budget, size_t index);
/* Calls `excess` for each service that billed more than we had reserved; `times` is the largest factor (1.2 = a fifth
 * more), by which its later reservations in this run are increased. */
void budget_each_excess(const struct budget *budget, void (*excess)(void *context, struct span service, double times),
                        void *context);
/* A configured cap and what counts against it so far; money in millionths of the currency. */
struct cap_use {
    enum budget_subject subject;
    struct span name; /* name of the service or source */
    const char *cap;  /* "cost_per_day" */
    enum budget_period period;
    bool money;
    long long max, spent;
};
/* Calls `cap` for each configured cap. */
void budget_each_cap(const struct budget *budget, void (*cap)(void *context, const struct cap_use *use), void *context);
/* Returns what a killed run had reserved and now counts as spent; zero if nothing. */
struct bill_line budget_recovered(const struct budget *budget);

#endif
