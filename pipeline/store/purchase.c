/* Reserves what a request may cost before it is sent, and bills it afterwards. */
#include "pipeline/base/clock.h"
#include "pipeline/store/budget_internal.h"
#include "pipeline/store/store_workers.h"

/* How long to wait before a server is asked again whether a reservation fits beside those of other runs. */
enum { ASK_AGAIN_MS = 200 };

/* Reserves the amounts of one line of the bill if the caps of all accounts allow it. */
static enum purchase_answer reserve(struct budget *budget, const struct bill_line *line, struct failure *ret_failure) {
    enum purchase_answer answer = budget_check(budget, line, ret_failure);
    if (answer == PURCHASE_GRANTED) budget_hold(budget, line, 1);
    return answer;
}

/* Reserves `wanted` attempts altogether in a file, which only this run uses. */
static enum exchange_start store_in_file(struct purchase *purchase, unsigned wanted, struct failure *ret_failure) {
    struct store *store = purchase->budget->store;
    bool done = store_reserve(store, &purchase->max, wanted - purchase->stored, ret_failure) &&
                store_commit(store, ret_failure);
    return done ? EXCHANGE_START : EXCHANGE_START_NEVER;
}

/* The same on a server, where other runs reserve as well, so that the request may have to wait for their replies. */
static enum exchange_start store_on_server(struct purchase *purchase, unsigned wanted, struct failure *ret_failure) {
    enum purchase_answer answer;
    if (clock_ms() < purchase->ask_again_at) return EXCHANGE_START_LATER;
    if (!purchase->number) purchase->number = store_next_reservation(purchase->budget->store);
    if (!budget_reserve_with_others(purchase->budget, &purchase->max, purchase->number, wanted, &answer, ret_failure))
        return EXCHANGE_START_NEVER;
    /* Two runs that both hold an attempt which was lost could wait for each other. */
    if (answer == PURCHASE_LATER && purchase->stored) {
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "no second attempt fits under the caps");
        return EXCHANGE_START_NEVER;
    }
    purchase->ask_again_at = answer == PURCHASE_LATER ? clock_ms() + ASK_AGAIN_MS : 0;
    return answer == PURCHASE_GRANTED ? EXCHANGE_START
           : answer == PURCHASE_LATER ? EXCHANGE_START_LATER
                                      : EXCHANGE_START_NEVER;
}

/* Commits `wanted` reservations altogether and asks for them to be flushed. */
static enum exchange_start store_reservations(struct purchase *purchase, unsigned wanted, struct failure *ret_failure) {
    struct flusher *flusher = purchase->budget->flusher;
    bool remote = store_is_remote(purchase->budget->store);
    enum exchange_start start =
        remote ? store_on_server(purchase, wanted, ret_failure) : store_in_file(purchase, wanted, ret_failure);
    if (start != EXCHANGE_START) return start;
    purchase->stored = wanted;
    if (!flusher) return EXCHANGE_START;
    purchase->flush = flusher_ask(flusher);
    return EXCHANGE_START_LATER;
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
        return store_reservations(purchase, wanted, ret_failure);
    }
    if (!flusher) return EXCHANGE_START;
    enum flush_state state = flusher_state(flusher, purchase->flush, ret_failure);
    return state == FLUSH_DONE ? EXCHANGE_START : state == FLUSH_FAILED ? EXCHANGE_START_NEVER : EXCHANGE_START_LATER;
}

/* What is left of a reservation would be billed by the next run. */
static void release(struct purchase *purchase) {
    struct store *store = purchase->budget->store;
    if (!purchase->stored) return;
    if (store_is_remote(store))
        store_release(store, purchase->number, NULL);
    else
        store_reserve(store, &purchase->max, -(long long)purchase->stored, NULL);
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
    release(purchase);
    budget_charge(budget, &total, BUDGET_RUN, BUDGET_MONTH);
    /* An attempt that cost nothing leaves no line in the bill. */
    if (total.requests) store_bill(budget->store, &total, NULL);
    purchase->open = false;
}
