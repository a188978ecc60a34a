/* What a run would send and pay; filled in by `run --dry-run`, which sends nothing. All functions must be called on the
 * main thread. */
#ifndef PIPELINE_ENGINE_PLAN_H
#define PIPELINE_ENGINE_PLAN_H

#include "pipeline/store/budget.h"

struct plan;

/* The plan for one service and language ("summary" for summaries). `segments` and `characters` would be sent;
 * `remembered` segments would come from the translation memory, or from the request of another article in the same
 * run. */
struct plan_row {
    struct span service, language;
    size_t articles, requests, segments, remembered;
    unsigned long characters;
    long long cost; /* expected cost, in millionths of the currency */
};

struct plan *plan_new(void);
void plan_free(struct plan *plan); /* accepts NULL */
/* Returns the row for this service and language, adding it if necessary. The pointer is valid until the next call. */
struct plan_row *plan_row(struct plan *plan, struct span service, struct span language);
/* Prints the plan for the user: `end` (how the run would end), the caps that it would reach, and a table. */
void plan_print(const struct plan *plan, struct span end, const struct budget *budget, struct span currency,
                struct buffer *out);

#endif
