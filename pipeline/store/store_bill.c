/* The bill and its reservations. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/store/store_events.h"
#include "pipeline/store/store_internal.h"

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

/* ---------------------------------------------------------------- what is to be billed */

/* Several runs write the same lines of a bill on a server. Each adds up what a transaction bills and writes it at the
 * end, in the order of the lines, so that two runs never wait for each other's lines. */
struct bill_sheet {
    struct arena *arena;
    struct bill_line *lines; /* in order */
    size_t count, capacity;
};

void store_free_bills(struct store *store) {
    if (store->sheet) arena_free(store->sheet->arena);
    free(store->sheet);
    store->sheet = NULL;
}

static int compare_lines(const struct bill_line *one, const struct bill_line *other) {
    int days = span_compare(one->day, other->day), services = span_compare(one->service, other->service);
    return days ? days : services ? services : span_compare(one->source, other->source);
}

/* A transaction bills few lines, so a linear search is fast enough. */
static struct bill_line *line_of(struct bill_sheet *sheet, const struct bill_line *line) {
    size_t at = 0;
    while (at < sheet->count && compare_lines(&sheet->lines[at], line) < 0) at++;
    if (at < sheet->count && compare_lines(&sheet->lines[at], line) == 0) return &sheet->lines[at];
    sheet->lines = arena_grow(sheet->arena, sheet->lines, sheet->count, &sheet->capacity, sizeof *sheet->lines);
    memmove(&sheet->lines[at + 1], &sheet->lines[at], (sheet->count++ - at) * sizeof *sheet->lines);
    sheet->lines[at] = (struct bill_line){.day = arena_copy(sheet->arena, line->day),
                                          .service = arena_copy(sheet->arena, line->service),
                                          .source = arena_copy(sheet->arena, line->source)};
    return &sheet->lines[at];
}

/* Opens a transaction, because only the end of one writes the sheet. */
static bool add_to_sheet(struct store *store, const struct bill_line *line, struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    if (!store->sheet) {
        store->sheet = memory_take(sizeof *store->sheet);
        *store->sheet = (struct bill_sheet){.arena = arena_new()};
    }
    bill_add(line_of(store->sheet, line), line);
    return true;
}

bool store_write_bills(struct store *store, struct failure *ret_failure) {
    bool done = true;
    for (size_t i = 0; store->sheet && done && i < store->sheet->count; i++)
        done = run_line(store, SQL_BILL, &store->sheet->lines[i], 1, ret_failure);
    store_free_bills(store);
    return done;
}

bool store_bill(struct store *store, const struct bill_line *line, struct failure *ret_failure) {
    bool done = store_is_remote(store) ? add_to_sheet(store, line, ret_failure)
                                       : run_line(store, SQL_BILL, line, 1, ret_failure);
    return done && (!line->article || store_note_cost(store, line->article, line, ret_failure));
}

/* ---------------------------------------------------------------- what was billed and reserved */

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
    store_write_bills(store, NULL);
    struct statement *statement = store_statement(store, SQL_SPENT);
    bind_names(statement, day, service, source);
    if (store_step(store, statement) == STATEMENT_ROW) read_amounts(statement, 0, &line);
    statement_reset(statement);
    return line;
}

size_t store_each_bill(struct store *store, struct span day, void (*line)(void *, const struct bill_line *),
                       void *context) {
    store_write_bills(store, NULL);
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

static struct bill_line sum_of(struct store *store, enum statement_name name) {
    struct bill_line sum = {0};
    struct statement *statement = store_statement(store, name);
    if (store_step(store, statement) == STATEMENT_ROW) read_amounts(statement, 0, &sum);
    statement_reset(statement);
    return sum;
}

struct bill_line store_reserved(struct store *store) {
    return sum_of(store, SQL_SUM_RESERVED);
}

bool store_recover_reserved(struct store *store, struct bill_line *ret_sum, struct failure *ret_failure) {
    bool remote = store_is_remote(store);
    *ret_sum = (struct bill_line){0};
    if (!store_change(store, ret_failure)) return false;
    /* One transaction (on a server one statement), so that a reservation is neither lost nor billed twice if this
     * process is killed too. */
    *ret_sum = sum_of(store, remote ? SQL_SUM_LEFT_BEHIND : SQL_SUM_RESERVED);
    return store_run(store, store_statement(store, SQL_BILL_RESERVED), ret_failure) &&
           (remote || store_run(store, store_statement(store, SQL_CLEAR_RESERVED), ret_failure));
}
