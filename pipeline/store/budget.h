/* Hard caps on money and characters: for everything, for a service, for a source; in a run, a day, a calendar month.
 *
 * When a request is made, the most that it can cost is held against the caps, so that requests under way at the same
 * time cannot pass them. Right before it leaves, the same stands in the store, committed, so that a kill cannot either:
 * what a killed run had sent and never settled counts as spent. When the request has ended, what it was billed takes
 * the reservation's place. An attempt that was sent and not answered may have been billed as well, so the next attempt
 * is a purchase of its own. Main thread only. */
#ifndef PIPELINE_STORE_BUDGET_H
#define PIPELINE_STORE_BUDGET_H

#include "pipeline/net/exchange.h"
#include "pipeline/store/store.h"

enum budget_subject { BUDGET_ALL, BUDGET_SERVICE, BUDGET_SOURCE };
enum budget_period { BUDGET_RUN, BUDGET_DAY, BUDGET_MONTH, BUDGET_PERIODS };

struct budget_cap {
    const char *name; /* of the setting, for sentences; static; NULL: no cap */
    long long max;    /* millionths of the currency, or characters */
};

struct budget_caps {
    struct budget_cap cost[BUDGET_PERIODS], characters[BUDGET_PERIODS];
};

struct budget;

struct budget *budget_new(struct store *store, const char *day); /* borrowed */
void budget_free(struct budget *budget);                         /* accepts NULL */
/* Declares a subject (name "" for ALL). `free_of_charge`: a service whose characters count for nobody but itself. */
void budget_add(struct budget *budget, enum budget_subject subject, struct span name, const struct budget_caps *caps,
                bool free_of_charge);
/* Reads what was spent today and this month; after all subjects have been declared. With `recover`, what a killed run
 * had reserved becomes spending first (only the process that holds the store's lock may do that). */
bool budget_load(struct budget *budget, bool recover, struct failure *ret_failure);

enum purchase_answer {
    PURCHASE_GRANTED,
    PURCHASE_LATER,  /* it would fit if what is under way costs less than was reserved: ask again after an answer */
    PURCHASE_REFUSED /* a cap is reached */
};

/* One request and what it may cost; zeroed before it is first used. */
struct purchase {
    struct budget *budget;
    struct bill_line max;   /* spans borrowed until the purchase has ended */
    unsigned attempts_lost; /* sent, not answered, perhaps billed: `max` is held for each */
    unsigned stored;        /* how often it stands in the store */
    bool open;
};

/* Holds `max` and makes the exchange tell before each attempt. Only GRANTED opens the purchase. */
enum purchase_answer purchase_begin(struct purchase *purchase, struct budget *budget, const struct bill_line *max,
                                    struct exchange *exchange, struct failure *ret_failure);
/* Whether a purchase that was put off (LATER) would be answered otherwise now. */
bool purchase_may_fit(const struct purchase *purchase);
/* The exchange has ended: bills `billed` (read from a good reply), or, without a good reply, nothing for an attempt
 * that was refused or never sent, and the whole reservation for one that went unanswered. Not an open purchase:
 * nothing. */
void purchase_end(struct purchase *purchase, const struct exchange *exchange, const struct bill_line *billed);

/* The caps that were reached in this run, a sentence each. */
size_t budget_reached_count(const struct budget *budget);
const char *budget_reached(const struct budget *budget, size_t index);
const char *budget_reached_cap(const struct budget *budget, size_t index); /* "characters_per_day of deepl" */
/* The services whose bills were above what was counted, with the most that they were above it (1.2: a fifth more);
 * later reservations of this run are as much larger. */
void budget_each_excess(const struct budget *budget, void (*excess)(void *context, struct span service, double times),
                        void *context);
/* One configured cap and what counts against it so far; money in millionths. */
struct cap_use {
    enum budget_subject subject;
    struct span name; /* of the service or source */
    const char *cap;  /* "cost_per_day" */
    enum budget_period period;
    bool money;
    long long max, spent;
};
void budget_each_cap(const struct budget *budget, void (*cap)(void *context, const struct cap_use *use), void *context);
/* What a killed run had reserved and is now counted as spent; zero when there was nothing. */
struct bill_line budget_recovered(const struct budget *budget);

#endif
