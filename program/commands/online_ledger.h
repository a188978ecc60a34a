/* What `check-config --online` may spend: its requests are reserved and billed in the state, as those of a run are. */
#ifndef PROGRAM_COMMANDS_ONLINE_LEDGER_H
#define PROGRAM_COMMANDS_ONLINE_LEDGER_H

#include "pipeline/store/budget.h"

#include "program/program.h"

struct ledger {
    struct budget *budget;   /* the program's own if there is no state yet; NULL if the state cannot be opened */
    struct store *store;     /* NULL if there is no state, or it cannot be opened */
    struct flusher *flusher; /* NULL like the store */
    struct failure failure;  /* why it cannot be opened */
};

/* Opens the state if there is one; makes none. */
void ledger_open(struct ledger *ledger, struct program *program);
/* Reserves the price of a request. What costs nothing and has no cap is granted even if the state cannot be opened;
 * anything else is then refused, because it could not be counted. */
enum purchase_answer ledger_begin(struct ledger *ledger, struct purchase *purchase, const struct bill_line *most,
                                  struct exchange *exchange, struct failure *ret_failure);
/* Makes the bill durable. Returns false if that fails. */
bool ledger_close(struct ledger *ledger, struct failure *ret_failure);

#endif
