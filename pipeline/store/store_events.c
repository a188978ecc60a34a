#include "pipeline/store/store_events.h"

#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"

/* A reason may quote a whole answer; its beginning is enough to recognise it. In bytes. */
enum { NOTE_LIMIT = 400 };

/* The triggers hold whichever function removes or
 * prunes an article. */
const char store_events_schema[] =
    "CREATE TABLE event (id BLOB, number INTEGER, kind INTEGER NOT NULL, at TEXT NOT NULL, until TEXT NOT NULL, times "
    "INTEGER NOT NULL, service TEXT NOT NULL, note TEXT NOT NULL, requests INTEGER NOT NULL, characters INTEGER NOT "
    "NULL, cost INTEGER NOT NULL, PRIMARY KEY (id, number)) WITHOUT ROWID;"
    "CREATE TRIGGER event_of_none AFTER DELETE ON article BEGIN DELETE FROM event WHERE id = old.id; END;"
    "CREATE TRIGGER event_of_pruned AFTER UPDATE OF pruned ON article WHEN new.pruned <> '' BEGIN DELETE FROM event "
    "WHERE id = old.id; END;";

const char *event_kind_name(enum event_kind kind) {
    return kind == EVENT_ASKED     ? "asked"
           : kind == EVENT_RETRIED ? "retried"
                                   : article_state_name((enum article_state)kind);
}

/* ---------------------------------------------------------------- noting */

static struct span first_words(struct span note) {
    return text_clip(note, NOTE_LIMIT);
}

static bool put_event(struct store *store, const char *id, const struct event *event, struct failure *ret_failure) {
    struct statement *statement = store_statement(store, SQL_PUT_EVENT);
    store_bind_id(statement, 1, id);
    statement_bind_integer(statement, 2, (int)event->kind);
    statement_bind_text(statement, 3, event->at);
    statement_bind_text(statement, 4, event->service);
    statement_bind_text(statement, 5, event->note);
    return store_run(store, statement, ret_failure);
}

static bool add_to_event(struct store *store, const char *id, const struct event *event, struct failure *ret_failure) {
    struct statement *statement = store_statement(store, SQL_ADD_TO_EVENT);
    store_bind_id(statement, 1, id);
    statement_bind_text(statement, 2, event->at);
    statement_bind_integer(statement, 3, (int64_t)event->cost.requests);
    statement_bind_integer(statement, 4, (int64_t)event->cost.characters);
    statement_bind_integer(statement, 5, event->cost.cost);
    return store_run(store, statement, ret_failure);
}

static bool forget_old(struct store *store, const char *id, struct failure *ret_failure) {
    struct statement *statement = store_statement(store, SQL_FORGET_EVENTS);
    store_bind_id(statement, 1, id);
    statement_bind_integer(statement, 2, EVENTS_KEPT);
    return store_run(store, statement, ret_failure);
}

/* Nothing is older than the finding of an article. */
static bool note(struct store *store, const char *id, struct event *event, struct failure *ret_failure) {
    char now[21];
    if (!store_change(store, ret_failure)) return false;
    clock_iso_now(now);
    event->at = span_of(now);
    return put_event(store, id, event, ret_failure) && add_to_event(store, id, event, ret_failure) &&
           (event->kind == EVENT_FOUND || forget_old(store, id, ret_failure));
}

/* The note of a finished article is its path, which is of no interest here. */
static struct span note_of(const struct article_row *row, struct buffer *room) {
    if (row->article_state == ARTICLE_STATE_FOUND) return SPAN("");
    if (row->article_state != ARTICLE_STATE_DONE) return first_words(row->note);
    if (row->unfinished > 0)
        buffer_print(room, "%d sentence%s not translated", row->unfinished, row->unfinished == 1 ? " is" : "s are");
    if (row->cut) buffer_print(room, "%stext of the page is missing", room->length ? ", and " : "");
    return buffer_span(room);
}

bool store_note_state(struct store *store, const struct article_row *row, struct failure *ret_failure) {
    struct buffer room = BUFFER(256);
    struct event event = {.kind = (enum event_kind)row->article_state, .note = note_of(row, &room)};
    bool done = note(store, row->id, &event, ret_failure);
    buffer_free(&room);
    return done;
}

bool store_note_cost(struct store *store, const char *id, const struct bill_line *cost, struct failure *ret_failure) {
    struct event event = {.kind = EVENT_ASKED, .service = cost->service, .cost = *cost};
    return note(store, id, &event, ret_failure);
}

/* ---------------------------------------------------------------- reading */

void store_each_event(struct store *store, const char *id, void (*event)(void *context, const struct event *event),
                      void *context) {
    struct statement *statement = store_statement(store, SQL_EVENTS);
    store_bind_id(statement, 1, id);
    statement_bind_integer(statement, 2, EVENTS_KEPT);
    while (store_step(store, statement) == STATEMENT_ROW) {
        struct event one = {.kind = (enum event_kind)store_column_choice(statement, 0, EVENT_KINDS),
                            .at = store_column(statement, 1, NULL),
                            .until = store_column(statement, 2, NULL),
                            .times = (unsigned)statement_integer(statement, 3),
                            .service = store_column(statement, 4, NULL),
                            .note = store_column(statement, 5, NULL),
                            .cost = {.requests = (unsigned long)statement_integer(statement, 6),
                                     .characters = (unsigned long)statement_integer(statement, 7),
                                     .cost = statement_integer(statement, 8)}};
        event(context, &one);
    }
    statement_reset(statement);
}
