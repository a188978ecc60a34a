/* Reserves what a request may cost before it is sent, and bills it afterwards. */
#include "pipeline/store/budget_internal.h"

/* Reserves the amounts of one line of the bill if the caps of all accounts allow it. */
static enum purchase_answer reserve(struct budget *budget, const struct bill_line *line, struct failure *ret_failure) {
    enum purchase_answer answer = budget_check(budget, line, ret_failure);
    if (answer == PURCHASE_GRANTED) budget_hold(budget, line, 1);
    return answer;
}

/* Commits `wanted` reservations altogether and asks for them to be flushed. */
static bool store_reservations(struct purchase *purchase, unsigned wanted, struct failure *ret_failure) {
    struct store *store = purchase->budget->store;
    struct flusher *flusher = purchase->budget->flusher;
    if (!store_reserve(store, &purchase->max, wanted - purchase->stored, ret_failure)) return false;
    purchase->stored = wanted;
    if (!store_queue_commit(store, ret_failure)) return false;
    if (flusher) purchase->flush = flusher_ask(flusher);
    return true;
}

/* Makes sure that the reservation is on disk before the request is sent, so that it is lost neither if the run is
 * killed nor in a power failure. */
static enum exchange_start store_before_start(void *context, struct failure *ret_failure) {
    struct purchase *purchase = context;
    struct flusher *flusher = purchase->budget->flusher;
    /* One reservation for this attempt, and one for each earlier attempt that may have been billed. */
    unsigned wanted = 1 + purchase->attempts_lost;
    if (purchase->stored != wanted) {
        if (!budget_must_reserve(purchase->budget, &purchase->max)) return EXCHANGE_START;
        if (!store_reservations(purchase, wanted, ret_failure)) return EXCHANGE_START_NEVER;
        if (flusher) return EXCHANGE_START_LATER;
    }
    if (!flusher) return EXCHANGE_START;
    enum flush_state state = flusher_state(flusher, purchase->flush, ret_failure);
    return state == FLUSH_DONE ? EXCHANGE_START : state == FLUSH_FAILED ? EXCHANGE_START_NEVER : EXCHANGE_START_LATER;
}

/* An attempt that was refused with an error status or never sent costs nothing. One that was not answered, or only in
 * part, may have been billed. */
static bool may_be_billed(const struct exchange *exchange) {
    return exchange->attempt > 0 && exchange->sent &&
           (exchange->status == 0 || (exchange->status >= 200 && exchange->status < 300));
}

/* An attempt that was not answered keeps its reservation, and the next attempt needs another one. */
static bool may_try_again(void *context, const struct exchange *exchange) {
    struct purchase *purchase = context;
    /* The failed attempt costs nothing, so its reservation is used for the next attempt. */
    if (!may_be_billed(exchange)) return true;
    if (reserve(purchase->budget, &purchase->max, NULL) != PURCHASE_GRANTED) return false;
    purchase->attempts_lost++;
    return true;
}

/* Increases a reservation for a service that has billed more characters than we counted. The + 1 rounds up. */
static void scale_line(const struct budget *budget, struct bill_line *line) {
    const struct account *account = budget_account(budget, BUDGET_SERVICE, line->service);
    if (!account || account->scale <= 1) return;
    line->characters = (unsigned long)((double)line->characters * account->scale) + 1;
    line->cost = (long long)((double)line->cost * account->scale) + (line->cost > 0);
}

enum purchase_answer purchase_begin(struct purchase *purchase, struct budget *budget, const struct bill_line *max,
                                    struct exchange *exchange, struct failure *ret_failure) {
    /* The exchange keeps a pointer to the purchase (asker), so the caller must not move it. */
    *purchase = (struct purchase){.budget = budget, .max = *max};
    scale_line(budget, &purchase->max);
    enum purchase_answer answer = reserve(budget, &purchase->max, ret_failure);
    if (answer != PURCHASE_GRANTED) return answer;
    purchase->open = true;
    exchange->may_try_again = may_try_again;
    exchange->starts = store_before_start;
    exchange->asker = purchase;
    return answer;
}

bool purchase_may_fit(const struct purchase *purchase) {
    return budget_check(purchase->budget, &purchase->max, NULL) != PURCHASE_LATER;
}

/* If a service billed more characters than we had counted, later reservations are increased accordingly. */
static void learn_scale(struct budget *budget, const struct bill_line *max, const struct bill_line *billed) {
    struct account *account = budget_account(budget, BUDGET_SERVICE, max->service);
    if (!account || max->characters == 0 || billed->characters <= max->characters) return;
    /* `max` already includes the current scale, so the scale is multiplied by the new factor, not replaced by it. */
    account->scale *= (double)billed->characters / (double)max->characters;
}

void purchase_end(struct purchase *purchase, const struct exchange *exchange, const struct bill_line *billed) {
    if (!purchase->open) return;
    struct budget *budget = purchase->budget;
    const struct bill_line *max = &purchase->max;
    struct bill_line total = {.day = max->day, .service = max->service, .source = max->source, .article = max->article};
    if (billed) {
        bill_add(&total, billed);
        learn_scale(budget, max, billed);
    } else if (may_be_billed(exchange)) {
        bill_add(&total, max);
    }
    for (unsigned i = 0; i < purchase->attempts_lost; i++) bill_add(&total, max);
    budget_hold(budget, max, -1 - (long long)purchase->attempts_lost);
    /* Removing the reservation and adding the bill are one transaction, so a killed run leaves one or the other. */
    if (purchase->stored) store_reserve(budget->store, max, -(long long)purchase->stored, NULL);
    budget_charge(budget, &total, BUDGET_RUN, BUDGET_MONTH);
    /* An attempt that cost nothing leaves no line in the bill. */
    if (total.requests) store_bill(budget->store, &total, NULL);
    purchase->open = false;
}
