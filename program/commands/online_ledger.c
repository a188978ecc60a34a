#include "program/commands/online_ledger.h"

#include "program/state.h"

void ledger_open(struct ledger *ledger, struct program *program) {
    *ledger = (struct ledger){.budget = program->budget};
    if (!state_exists(program)) return;
    ledger->budget = NULL;
    if (!state_open(program, STORE_LOCKED, &ledger->store, &ledger->failure)) return;
    ledger->budget = program_budget(program, ledger->store, true, &ledger->failure);
    if (!ledger->budget) return;
    ledger->flusher = flusher_new(ledger->store);
    budget_flush_with(ledger->budget, ledger->flusher);
}

enum purchase_answer ledger_begin(struct ledger *ledger, struct purchase *purchase, const struct bill_line *most,
                                  struct exchange *exchange, struct failure *ret_failure) {
    if (ledger->budget) return purchase_begin(purchase, ledger->budget, most, exchange, ret_failure);
    if (!most->cost) return PURCHASE_GRANTED;
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "not asked, because the cost could not be recorded: %s",
                ledger->failure.sentence);
    return PURCHASE_REFUSED;
}

bool ledger_close(struct ledger *ledger, struct failure *ret_failure) {
    if (!ledger->store) return true;
    bool done =
        !ledger->budget || (store_commit(ledger->store, ret_failure) && store_make_durable(ledger->store, ret_failure));
    if (ledger->flusher) budget_flush_with(ledger->budget, NULL);
    flusher_free(ledger->flusher);
    budget_free(ledger->budget);
    store_close(ledger->store);
    *ledger = (struct ledger){.budget = NULL};
    return done;
}
