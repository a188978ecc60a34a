/* What the digest pages show besides the records: outages, events and missing articles. */
#include "pipeline/base/clock.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_internal.h"

/* ---------------------------------------------------------------- notes */

bool store_note(struct store *store, const char *day, struct span where, struct span what,
                struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    struct statement *statement = store_statement(store, SQL_NOTE);
    statement_bind_text(statement, 1, span_of(day));
    statement_bind_text(statement, 2, where);
    statement_bind_text(statement, 3, what);
    return store_run(store, statement, ret_failure);
}

struct day_note *store_notes(struct store *store, const char *day, struct arena *arena, size_t *ret_count) {
    struct statement *statement = store_statement(store, SQL_NOTES);
    struct day_note *notes = NULL;
    size_t capacity = 0;
    statement_bind_text(statement, 1, span_of(day));
    for (*ret_count = 0; store_step(store, statement) == STATEMENT_ROW; ++*ret_count) {
        notes = arena_grow(arena, notes, *ret_count, &capacity, sizeof *notes);
        notes[*ret_count] =
            (struct day_note){.where = store_column(statement, 0, arena), .what = store_column(statement, 1, arena)};
    }
    statement_reset(statement);
    return notes;
}

/* ---------------------------------------------------------------- articles that are missing */

/* Returns the number of all missing articles, of which store_missing() returns at most `room`. */
static size_t count_missing(struct store *store, const char *day) {
    struct statement *statement = store_statement(store, SQL_COUNT_MISSING);
    statement_bind_text(statement, 1, span_of(day));
    size_t count = store_step(store, statement) == STATEMENT_ROW ? (size_t)statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return count;
}

static struct missing_article read_missing(struct statement *statement, struct arena *arena) {
    struct missing_article article = {.waits = statement_integer(statement, 1) == ARTICLE_STATE_WAITING,
                                      .source = store_column(statement, 2, arena),
                                      .address = store_column(statement, 3, arena),
                                      .note = store_column(statement, 4, arena),
                                      .since = store_column(statement, 5, arena),
                                      .record = store_column(statement, 6, arena),
                                      .waits_for =
                                          (enum failure_cause)store_column_choice(statement, 7, FAILURE_CAUSES),
                                      .waits_on = store_column(statement, 8, arena)};
    store_column_id(statement, 0, article.id);
    return article;
}

struct missing_article *store_missing(struct store *store, const char *day, size_t room, struct arena *arena,
                                      size_t *ret_count) {
    /* Counted separately, because a page names only `room` articles but says how many there are. */
    *ret_count = count_missing(store, day);
    if (*ret_count < room) room = *ret_count;
    struct missing_article *articles = arena_take(arena, (room + 1) * sizeof *articles);
    struct statement *statement = store_statement(store, SQL_MISSING);
    statement_bind_text(statement, 1, span_of(day));
    statement_bind_integer(statement, 2, (int64_t)room);
    for (size_t i = 0; i < room && store_step(store, statement) == STATEMENT_ROW; i++)
        articles[i] = read_missing(statement, arena);
    statement_reset(statement);
    return articles;
}

/* ---------------------------------------------------------------- outages */

/* The statements about outages share their first two parameters; the third is a time or a reason. */
static struct statement *bind_outage(struct store *store, enum statement_name name, enum outage_kind kind,
                                     struct span what, struct span third) {
    struct statement *statement = store_statement(store, name);
    statement_bind_integer(statement, 1, (int)kind);
    statement_bind_text(statement, 2, what);
    statement_bind_text(statement, 3, third);
    return statement;
}

/* Updates the outage if it is open, else inserts a new one. `noticed` is the time from which pages show it. */
static bool begin_outage(struct store *store, const struct outage *outage, const char *noticed,
                         struct failure *ret_failure) {
    if (!store_change(store, ret_failure) ||
        !store_run(store, bind_outage(store, SQL_RENEW_OUTAGE, outage->kind, outage->name, outage->reason),
                   ret_failure))
        return false;
    /* An open outage has been updated, so no new one begins. */
    if (database_changes(store->database) > 0) return true;
    struct statement *statement = bind_outage(store, SQL_BEGIN_OUTAGE, outage->kind, outage->name, outage->since);
    statement_bind_text(statement, 4, outage->reason);
    statement_bind_text(statement, 5, span_of(noticed));
    return store_run(store, statement, ret_failure);
}

bool store_begin_outage(struct store *store, enum outage_kind kind, struct span name, struct span reason,
                        const char *now, struct failure *ret_failure) {
    /* An outage is noticed when it begins, unlike the silence of a source. */
    struct outage outage = {.kind = kind, .name = name, .since = span_of(now), .reason = reason};
    return begin_outage(store, &outage, now, ret_failure);
}

bool store_notice_silence(struct store *store, struct span name, struct span since, struct span reason, const char *now,
                          struct failure *ret_failure) {
    struct outage outage = {.kind = OUTAGE_SILENCE, .name = name, .since = since, .reason = reason};
    return begin_outage(store, &outage, now, ret_failure);
}

bool store_end_outage(struct store *store, enum outage_kind kind, struct span name, const char *now,
                      struct failure *ret_failure) {
    return store_change(store, ret_failure) &&
           store_run(store, bind_outage(store, SQL_END_OUTAGE, kind, name, span_of(now)), ret_failure);
}

static struct outage read_outage(struct statement *statement, struct arena *arena) {
    return (struct outage){.kind = (enum outage_kind)store_column_choice(statement, 0, OUTAGE_KINDS),
                           .name = store_column(statement, 1, arena),
                           .since = store_column(statement, 2, arena),
                           .until = store_column(statement, 3, arena),
                           .reason = store_column(statement, 4, arena)};
}

struct outage *store_outages(struct store *store, const char *day, struct arena *arena, size_t *ret_count) {
    char from[21], before[21], next[11];
    struct statement *statement = store_statement(store, day ? SQL_OUTAGES : SQL_OPEN_OUTAGES);
    if (day) {
        /* `day` is a day in local time; outages are stored in UTC. */
        clock_day_before(day, -1, next);
        clock_day_begins(day, from);
        clock_day_begins(next, before);
        statement_bind_text(statement, 1, span_of(from));
        statement_bind_text(statement, 2, span_of(before));
    }
    struct outage *outages = NULL;
    size_t capacity = 0;
    for (*ret_count = 0; store_step(store, statement) == STATEMENT_ROW; ++*ret_count) {
        outages = arena_grow(arena, outages, *ret_count, &capacity, sizeof *outages);
        outages[*ret_count] = read_outage(statement, arena);
    }
    statement_reset(statement);
    return outages;
}
