/* The dry run: adds requests to the plan instead of sending them. */
#include "pipeline/engine/plan.h"
#include "stages/services/common/price.h"
#include "stages/translate/task.h"

static struct plan_row *row_of(const struct translator *translator, const struct lane *lane) {
    return plan_row(translator->plan, lane->configured_service->name, span_of(lane->language));
}

/* The keys stay in pending_keys, so that a text that occurs in several articles is counted once. A real run would pay
 * for it once. */
void dry_run_request(struct translator *translator, struct article *article, struct task *task,
                     const struct exchange *exchange) {
    struct request *request = &task->request;
    struct batch batch = request_batch(article, request);
    struct bill_line line = price_expected(request->lane->configured_service, &batch, exchange);
    struct plan_row *row = row_of(translator, request->lane);
    line.day = task->purchase.max.day;
    line.source = task->purchase.max.source;
    /* Charges the expected price to the budget, so that spending caps also apply to the rest of the dry run. */
    purchase_end(&task->purchase, exchange, &line);
    row->articles += !request->lane->dry_run;
    row->requests++;
    row->characters += line.characters;
    row->cost += line.cost;
    for (size_t i = 0; i < request->count; i++) row->segments += request->units[i].count;
    request->lane->dry_run = true;
    request->count = 0;
    task->asking = false;
}

void dry_run_recalled(struct translator *translator, const struct lane *lane, const struct unit *unit) {
    if (translator->plan) row_of(translator, lane)->remembered += unit->count;
}

/* Called when all remaining texts of this article have also been requested for other articles. A real run would find
 * their translations in the translation memory, so they are counted as found there. */
void dry_run_shared(struct translator *translator, struct task *task) {
    struct lane *lane;
    STAILQ_FOREACH(lane, &task->queue.lanes, next)
        for (const struct pending *pending = lane->first; lane->configured_service && pending; pending = pending->next)
            row_of(translator, lane)->remembered++;
}
