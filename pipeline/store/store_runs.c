#include "pipeline/store/store_runs.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"

/* Leases are renewed every half minute. After the process id and a dash, a worker's name has the time at which it
 * began, so sorting by that part puts the oldest run first. */
static const char at_work[] =
    "SELECT worker, to_char((lease_until - " STORE_LEASE_TIME
    ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
    "lease_until < clock_timestamp() + " STORE_LEASE_TIME " / 2, (SELECT count(*) FROM article WHERE claimed_by <> '' "
    "AND claimed_by = lease.worker) FROM lease WHERE name = 'worker ' || worker AND lease_until >= clock_timestamp() "
    "ORDER BY split_part(worker, '-', 2)";

static bool read_run(struct statement *statement, struct arena *arena, struct run_at_work *ret_run) {
    struct worker_name name;
    if (!store_read_worker(store_column(statement, 0, arena), &name)) return false;
    *ret_run = (struct run_at_work){.process = name.process,
                                    .host = name.host,
                                    .silent = statement_integer(statement, 2) != 0,
                                    .articles = (size_t)statement_integer(statement, 3)};
    clock_iso(name.begun, ret_run->since);
    store_column_string(statement, 1, ret_run->seen, sizeof ret_run->seen);
    return true;
}

struct run_at_work *store_runs(struct store *store, struct arena *arena, size_t *ret_count) {
    struct run_at_work *runs = NULL;
    size_t capacity = 0;
    *ret_count = 0;
    if (!store_is_remote(store)) return NULL;
    struct statement *statement = database_prepare(store->database, at_work);
    while (statement && store_step(store, statement) == STATEMENT_ROW) {
        runs = arena_grow(arena, runs, *ret_count, &capacity, sizeof *runs);
        *ret_count += read_run(statement, arena, &runs[*ret_count]);
    }
    statement_free(statement);
    return runs;
}
