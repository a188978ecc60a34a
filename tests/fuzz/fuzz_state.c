/* A state whose rows hold any values: one row a line, "table<TAB>value<TAB>value ...", a value being a number, x and
 * hex digits (bytes), or a text. Whatever is in the columns, everything that reads them must survive it. */
#define _GNU_SOURCE
#include <sqlite3.h>
#include <string.h>

#include "fuzz/fuzz_folder.h"
#include "pipeline/base/arena.h"
#include "pipeline/store/store.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_mail.h"
#include "pipeline/store/store_revisits.h"
#include "pipeline/store/store_sources.h"
#include "pipeline/store/store_stories.h"

enum { ROWS = 64, BYTES = 256 };

static const char id[] = "00112233445566778899aabbccddeeff", day[] = "2026-02-11";
static const char *const tables[] = {"article",     "memory",    "fingerprints", "validator",     "bill",
                                     "reserved",    "told",      "kept",         "leftover",      "edition",
                                     "day_note",    "outage",    "story",        "story_member",  "story_forward",
                                     "mail_reader", "mail_seen", "mail_thread",  "source_health", "revisit"};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int digit(char byte) {
    return byte >= '0' && byte <= '9' ? byte - '0' : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static void bind(sqlite3_stmt *statement, int column, struct span value) {
    unsigned char raw[BYTES];
    long long number;
    size_t count = 0;
    for (size_t i = 1; i + 1 < value.length && count < BYTES && digit(value.at[i]) >= 0 && digit(value.at[i + 1]) >= 0;
         i += 2)
        raw[count++] = (unsigned char)(digit(value.at[i]) << 4 | digit(value.at[i + 1]));
    if (span_number(value, &number))
        sqlite3_bind_int64(statement, column, number);
    else if (value.length && value.at[0] == 'x')
        sqlite3_bind_blob(statement, column, count ? (void *)raw : "", (int)count, SQLITE_TRANSIENT);
    else
        sqlite3_bind_text(statement, column, value.length ? value.at : "", (int)value.length, SQLITE_TRANSIENT);
}

static const char *find_table(struct span name) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (span_is(name, tables[i])) return tables[i];
    return NULL;
}

/* Columns that the row does not give get the text "". */
static void add_row(sqlite3 *database, struct span line) {
    struct span value = {NULL, 0};
    char sql[256];
    sqlite3_stmt *statement = NULL;
    span_next(&line, '\t', &value);
    const char *table = find_table(value);
    if (!table) return;
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) abort();
    int columns = sqlite3_column_count(statement);
    int length = snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO %s VALUES (?", table);
    sqlite3_finalize(statement);
    for (int i = 1; i < columns; i++) length += snprintf(sql + length, sizeof sql - (size_t)length, ", ?");
    snprintf(sql + length, sizeof sql - (size_t)length, ")");
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) abort();
    for (int i = 1; i <= columns; i++) {
        value = SPAN("");
        span_next(&line, '\t', &value);
        bind(statement, i, value);
    }
    sqlite3_step(statement); /* a constraint may refuse it */
    sqlite3_finalize(statement);
}

static void clear(sqlite3 *database) {
    char sql[64];
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) abort();
    }
}

static void fill(const char *path, struct span rows) {
    sqlite3 *database = NULL;
    struct span line;
    if (sqlite3_open(path, &database) != SQLITE_OK) abort();
    sqlite3_exec(database, "PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL);
    clear(database);
    for (size_t i = 0; i < ROWS && span_next(&rows, '\n', &line); i++) add_row(database, line);
    if (sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) abort();
    sqlite3_close(database);
}

/* ---------------------------------------------------------------- readers */

static void see_row(void *context, const struct article_row *row) {
    *(size_t *)context += row->source.length + row->note.length + row->path.length;
}

static void see_waiting(void *context, const struct waiting *waiting) {
    *(size_t *)context += waiting->reason.length + strlen(failure_cause_name(waiting->waits_for));
}

static void see_entry(void *context, const struct memory_key *key, const struct memory_entry *entry) {
    *(size_t *)context += key->bytes[15] + entry->source.length + entry->target.length + entry->only_for.length;
}

static void see_bill(void *context, const struct bill_line *line) {
    *(size_t *)context += line->service.length;
}

static void see_told(void *context, struct span key, struct span value, struct span at) {
    *(size_t *)context += key.length + value.length + at.length;
}

static void read_articles(struct store *store, struct arena *arena) {
    size_t sum = 0, counts[7];
    struct article_row row;
    store_counts(store, counts);
    for (int state = 1; state <= 6; state++) store_list(store, (enum article_state)state, 10, see_row, &sum);
    store_list_partial(store, 10, see_row, &sum);
    store_count_partial(store);
    store_each_waiting(store, see_waiting, &sum);
    store_find(store, SPAN("00112233"), arena, &row);
    store_knows(store, id, SPAN("1"));
    for (size_t i = 0; i < ROWS && store_claim(store, arena, &row); i++) see_row(&sum, &row);
    store_claim_suspected(store, arena, &row);
}

static void read_memory(struct store *store, struct arena *arena) {
    struct memory_key key = {{0, 0x11, 0x22}};
    struct memory_entry entry;
    struct validator validator;
    uint64_t hashes[] = {0, 1, 0x0102030405060708};
    struct fingerprint_match matches[4];
    struct span value, at;
    size_t sum = 0;
    store_each_memory(store, see_entry, &sum);
    store_recall(store, &key, span_of(id), arena, &entry);
    store_validator(store, SPAN("https://a.example/"), arena, &validator);
    store_match_fingerprints(store, "2026-02-01", hashes, 3, matches, 4);
    store_each_told(store, SPAN("run"), see_told, &sum);
    store_told(store, SPAN("run"), arena, &value, &at);
    store_spent(store, SPAN("2026"), SPAN(""), SPAN(""));
    store_each_bill(store, SPAN("2026"), see_bill, &sum);
    store_reserved(store);
}

static void read_days(struct store *store, struct arena *arena) {
    struct kept_record kept;
    struct buffer bytes = BUFFER(1 << 16);
    size_t count;
    char last[11];
    store_find_kept(store, id, arena, &kept);
    store_kept_bytes(store, id, &bytes);
    store_kept_of_day(store, day, arena, &count);
    store_kept_unplaced(store, arena, &count);
    store_leftovers(store, arena, &count);
    store_last_ended_day(store, last);
    store_days(store, day, arena, &count);
    store_notes(store, day, arena, &count);
    store_missing(store, day, 10, arena, &count);
    store_outages(store, day, arena, &count);
    store_outages(store, NULL, arena, &count);
    buffer_free(&bytes);
}

static void read_others(struct store *store, struct arena *arena) {
    struct source_health health;
    struct source_visit visit = {.name = SPAN("a"), .answered = true, .fresh = 1};
    struct mail_reader reader;
    struct failure failure;
    unsigned times;
    size_t count;
    char earlier[11];
    store_find_stories(store, day, arena);
    store_earlier_story_day(store, "2026-02-12", earlier);
    if (store_find_source(store, SPAN("a"), arena, &health))
        store_see_source(store, &visit, "2026-02-11T10:00:00Z", &failure);
    store_find_revisit(store, id, &times);
    store_mail_days(store, "2026-02-01", arena, &count);
    store_mail_thread(store, SPAN("list"), day, arena);
    if (store_mail_reader(store, SPAN("list"), SPAN("a@b.example"), day, &reader, &failure))
        store_mail_unseen(store, &reader, day, arena, &count);
}

static void read_all(const char *path) {
    struct store *store = NULL;
    struct failure failure = {0};
    struct arena *arena = arena_new();
    if (store_open(path, false, &store, &failure)) {
        read_articles(store, arena);
        read_memory(store, arena);
        read_days(store, arena);
        read_others(store, arena);
    } else if (!failure.sentence[0]) {
        abort();
    }
    store_close(store);
    arena_free(arena);
}

static const char *path_once(void) {
    static char path[80];
    struct store *store = NULL;
    if (path[0]) return path;
    snprintf(path, sizeof path, "%s/state.db", fuzz_folder());
    if (!store_open(path, false, &store, NULL)) abort();
    store_close(store);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const char *path = path_once();
    fill(path, (struct span){(const char *)bytes, length});
    read_all(path);
    return 0;
}
