/* Feed validators, and the bill with its reservations. */
#include "pipeline/store/store_events.h"
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

/* Binds ?1 to ?3, which are the same in all statements about the bill. */
static void bind_names(struct statement *statement, struct span day, struct span service, struct span source) {
    statement_bind_text(statement, 1, day);
    statement_bind_text(statement, 2, service);
    statement_bind_text(statement, 3, source);
}

void bill_add(struct bill_line *sum, const struct bill_line *line) {
    sum->requests += line->requests;
    sum->characters += line->characters;
    sum->input_tokens += line->input_tokens;
    sum->output_tokens += line->output_tokens;
    sum->segments += line->segments;
    sum->cost += line->cost;
}

/* Bills and reservations have the same columns. `times` may be negative, to remove a reservation. */
static bool run_line(struct store *store, enum statement_name name, const struct bill_line *line, long long times,
                     struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, name);
    bind_names(statement, line->day, line->service, line->source);
    statement_bind_integer(statement, 4, (int64_t)line->requests * times);
    statement_bind_integer(statement, 5, (int64_t)line->characters * times);
    statement_bind_integer(statement, 6, (int64_t)line->input_tokens * times);
    statement_bind_integer(statement, 7, (int64_t)line->output_tokens * times);
    statement_bind_integer(statement, 8, (int64_t)line->segments * times);
    statement_bind_integer(statement, 9, line->cost * times);
    return store_run(store, statement, ret_failure);
}

bool store_bill(struct store *store, const struct bill_line *line, struct failure *ret_failure) {
    return run_line(store, SQL_BILL, line, 1, ret_failure) &&
           (!line->article || store_note_cost(store, line->article, line, ret_failure));
}

bool store_reserve(struct store *store, const struct bill_line *line, long long times, struct failure *ret_failure) {
    return run_line(store, SQL_RESERVE, line, times, ret_failure);
}

/* The columns follow the order of run_line(). */
static void read_amounts(struct statement *statement, int first, struct bill_line *line) {
    line->requests = (unsigned long)statement_integer(statement, first);
    line->characters = (unsigned long)statement_integer(statement, first + 1);
    line->input_tokens = (unsigned long)statement_integer(statement, first + 2);
    line->output_tokens = (unsigned long)statement_integer(statement, first + 3);
    line->segments = (unsigned long)statement_integer(statement, first + 4);
    line->cost = statement_integer(statement, first + 5);
}

struct bill_line store_spent(struct store *store, struct span day, struct span service, struct span source) {
    struct bill_line line = {.day = day, .service = service, .source = source};
    struct statement *statement = store_statement(store, SQL_SPENT);
    bind_names(statement, day, service, source);
    if (store_step(store, statement) == STATEMENT_ROW) read_amounts(statement, 0, &line);
    statement_reset(statement);
    return line;
}

size_t store_each_bill(struct store *store, struct span day, void (*line)(void *, const struct bill_line *),
                       void *context) {
    struct statement *statement = store_statement(store, SQL_EACH_BILL);
    statement_bind_text(statement, 1, day);
    size_t count = 0;
    for (; store_step(store, statement) == STATEMENT_ROW; count++) {
        struct bill_line one = {.day = store_column(statement, 0, NULL),
                                .service = store_column(statement, 1, NULL),
                                .source = store_column(statement, 2, NULL)};
        read_amounts(statement, 3, &one);
        line(context, &one);
    }
    statement_reset(statement);
    return count;
}

struct bill_line store_reserved(struct store *store) {
    struct bill_line sum = {0};
    struct statement *statement = store_statement(store, SQL_SUM_RESERVED);
    if (store_step(store, statement) == STATEMENT_ROW) read_amounts(statement, 0, &sum);
    statement_reset(statement);
    return sum;
}

bool store_recover_reserved(struct store *store, struct bill_line *ret_sum, struct failure *ret_failure) {
    *ret_sum = (struct bill_line){0};
    if (!store_change(store, ret_failure)) return false;
    /* One transaction, so that a reservation is neither lost nor billed twice if this process is killed too. */
    *ret_sum = store_reserved(store);
    return store_run(store, store_statement(store, SQL_BILL_RESERVED), ret_failure) &&
           store_run(store, store_statement(store, SQL_CLEAR_RESERVED), ret_failure);
}
