/* What a run would buy: filled by `run --dry-run` instead of sending anything. Main thread only. */
#ifndef PIPELINE_ENGINE_PLAN_H
#define PIPELINE_ENGINE_PLAN_H

#include "pipeline/store/budget.h"

struct plan;

/* One service and language ("summary" for summaries). Segments and characters are what would be sent; `remembered`
 * segments would be answered by the translation memory, or by what another article of the same run asks for. */
struct plan_row {
    struct span service, language;
    size_t articles, requests, segments, remembered;
    unsigned long characters;
    long long cost; /* millionths of the currency, as expected */
};

struct plan *plan_new(void);
void plan_free(struct plan *plan); /* accepts NULL */
/* The row of this service and language, made when it is first asked for; the pointer holds until the next call. */
struct plan_row *plan_row(struct plan *plan, struct span service, struct span language);
/* For people: how the run would end, the caps that it would reach, and the plan as a table. */
void plan_print(const struct plan *plan, struct span end, const struct budget *budget, struct span currency,
                struct buffer *out);

#endif
