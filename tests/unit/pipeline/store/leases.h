/* For tests of what runs claim and lease. */
#ifndef TESTS_UNIT_PIPELINE_STORE_LEASES_H
#define TESTS_UNIT_PIPELINE_STORE_LEASES_H

#include "unit/any_server.h"

/* What makes the leases of all runs a minute too old. */
static const char long_ago[] = "UPDATE lease SET lease_until = clock_timestamp() - interval '1 minute';"
                               "UPDATE article SET lease_until = clock_timestamp() - interval '1 minute'";

static inline struct article_row article(unsigned number, enum article_state state, const char *version) {
    struct article_row row = {.article_state = state, .version = span_of(version), .record = SPAN("{}")};
    snprintf(row.id, sizeof row.id, "%032x", number);
    return row;
}

static inline void put(struct store *store, unsigned number, enum article_state state, const char *version) {
    struct article_row row = article(number, state, version);
    assert_true(store_put(store, &row, NULL));
    assert_true(store_commit(store, NULL));
}

#endif
