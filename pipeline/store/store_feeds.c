/* Feed validators. */
#include "pipeline/store/store_internal.h"

bool store_validator(struct store *store, struct span address, struct arena *arena, struct validator *ret_validator) {
    struct statement *statement = store_statement(store, SQL_VALIDATOR);
    statement_bind_text(statement, 1, address);
    bool found = store_step(store, statement) == STATEMENT_ROW;
    if (found)
        *ret_validator = (struct validator){.etag = store_column(statement, 0, arena),
                                            .last_modified = store_column(statement, 1, arena),
                                            .moved_to = store_column(statement, 2, arena)};
    statement_reset(statement);
    return found;
}

/* The address is the key, so a feed whose address changes in the configuration is fetched in full. */
bool store_put_validator(struct store *store, struct span address, const struct validator *validator,
                         struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_PUT_VALIDATOR);
    statement_bind_text(statement, 1, address);
    statement_bind_text(statement, 2, validator->etag);
    statement_bind_text(statement, 3, validator->last_modified);
    statement_bind_text(statement, 4, validator->moved_to);
    return store_run(store, statement, ret_failure);
}
