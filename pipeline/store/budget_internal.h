/* Shared by the files that implement budget.h: accounts and caps (budget.c), and the reservations of requests
 * (purchase.c). */
#ifndef PIPELINE_STORE_BUDGET_INTERNAL_H
#define PIPELINE_STORE_BUDGET_INTERNAL_H

#include "pipeline/base/arena.h"
#include "pipeline/store/budget.h"

struct amount {
    long long cost, characters;
};

/* The amounts spent and reserved (`held`) for one subject: a service, a source, or everything together. */
struct account {
    enum budget_subject subject;
    struct span name;
    struct budget_caps caps;
    bool free_of_charge;
    double scale; /* for services: factor by which the bills have exceeded our count of characters */
    struct amount spent[BUDGET_PERIODS], held;
    bool told[2][BUDGET_PERIODS]; /* whether the cap on characters [0] or cost [1] has been reported */
    struct account *next;
};

struct budget {
    struct store *store;
    struct span day;
    struct arena *arena;
    struct account *accounts; /* linked list with one account per subject */
    struct reached {
        const char *sentence, *cap;
    } * reached;
    size_t reached_count, reached_capacity;
    struct flusher *flusher;    /* borrowed; NULL = reservations need not be on disk */
    struct bill_line recovered; /* what a killed run had reserved, now counted as spent */
};

/* Returns the account of a subject, or NULL. */
struct account *budget_account(const struct budget *budget, enum budget_subject subject, struct span name);
/* Checks every account to which the line of the bill is charged. Refuses if one of them refuses, and otherwise
 * postpones if one of them postpones. Reports a refusal unless ret_failure is NULL. */
enum purchase_answer budget_check(struct budget *budget, const struct bill_line *line, struct failure *ret_failure);
/* Changes the reservations of all accounts to which the line is charged. A negative number releases them. */
void budget_hold(struct budget *budget, const struct bill_line *line, long long times);
/* Charges a line of a bill to each account that must pay for it, in all periods from `first` to `last`. */
void budget_charge(struct budget *budget, const struct bill_line *line, enum budget_period first,
                   enum budget_period last);
/* Asks the server whether `times` attempts at the line fit under all caps, and reserves them there if they do
 * (store_reserve_within). Returns false on error. The failure also says which cap refuses. */
bool budget_reserve_with_others(struct budget *budget, const struct bill_line *line, int64_t number, unsigned times,
                                enum purchase_answer *ret_answer, struct failure *ret_failure);
/* Whether the line must be reserved in the store. A request that costs nothing and has no cap need not be; it is only
 * billed afterwards. Everything else is reserved even without a cap, so that a cap set later takes it into account. */
bool budget_must_reserve(const struct budget *budget, const struct bill_line *line);

#endif
