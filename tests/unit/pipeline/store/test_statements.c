/* What each function of the store says when any of its statements fails, one after the other: never that it has done
 * what it has not. The failures are played by this program. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <string.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_mail.h"
#include "pipeline/store/store_prune.h"
#include "pipeline/store/store_revisits.h"
#include "pipeline/store/store_sources.h"
#include "pipeline/store/store_stories.h"
#include "unit/failing_statements.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define DAY "2026-01-29"
#define NOW "2026-01-29T12:00:00Z"

static struct arena *arena;

/* ---------------------------------------------------------------- what changes the store */

static const struct memory_key key = {{1}}, other_key = {{2}};
static const struct bill_line line = {
    .day = {DAY, sizeof DAY - 1}, .service = {"deepl", 5}, .source = {"costa", 5}, .requests = 1, .cost = 5};

static struct article_row row_of(const char *id, enum article_state article_state) {
    struct article_row row = {.article_state = article_state,
                              .version = SPAN("v"),
                              .source = SPAN("costa"),
                              .address = SPAN("https://a.example/"),
                              .note = SPAN("n"),
                              .day = SPAN(DAY),
                              .record = SPAN("r"),
                              .waits_on = SPAN("deepl"),
                              .unfinished = 1};
    strcpy(row.id, id);
    return row;
}

static bool put(struct store *store, struct failure *failure) {
    struct article_row row = row_of(A, ARTICLE_STATE_DONE), waiting = row_of(B, ARTICLE_STATE_WAITING);
    waiting.waits_for = CAUSE_SERVICE;
    return store_put(store, &row, failure) && store_put(store, &waiting, failure);
}

static bool keep(struct store *store, struct failure *failure) {
    struct kept_record record = {.day = SPAN(DAY), .path = SPAN(DAY "/articles/a.json"), .hash = SPAN("h")};
    strcpy(record.id, A);
    return store_keep_record(store, &record, SPAN("packed"), failure) && store_record_in_place(store, A, failure);
}

static bool keep_stories(struct store *store, struct failure *failure) {
    struct kept_story story = {.id = A, .signature = SPAN("s")};
    struct kept_member member = {A, A};
    struct kept_forward forward = {B, A};
    return store_keep_stories(store, DAY, &(struct kept_stories){&story, &member, &forward, 1, 1, 1}, failure);
}

static bool remember(struct store *store, struct failure *failure) {
    struct memory_entry entry = {
        .source = SPAN("a"), .target = SPAN("b"), .source_language = SPAN("es"), .service = SPAN("deepl")};
    return store_remember(store, &key, &entry, failure);
}

static bool forget_answers(struct store *store, struct failure *failure) {
    return store_forget_answers(store, SPAN("deepl"), SPAN("es"), SPAN("b"), true, failure);
}

static bool see_mail(struct store *store, struct failure *failure) {
    struct mail_reader reader;
    struct mail_thread thread = {SPAN("root"), 1};
    return store_mail_reader(store, SPAN("desk"), SPAN("a@b.example"), DAY, &reader, failure) &&
           store_mail_see(store, &reader, DAY, A, failure) &&
           store_mail_put_thread(store, SPAN("desk"), DAY, &thread, failure);
}

static bool forget_mail(struct store *store, struct failure *failure) {
    return store_mail_forget(store, "2026-02-01", failure);
}

static bool bill(struct store *store, struct failure *failure) {
    struct bill_line sum;
    return store_bill(store, &line, failure) && store_reserve(store, &line, 2, failure) &&
           store_recover_reserved(store, &sum, failure);
}

static bool tell(struct store *store, struct failure *failure) {
    return store_tell(store, SPAN("k"), SPAN("v"), SPAN(NOW), failure);
}

static bool begin_outage(struct store *store, struct failure *failure) {
    return store_begin_outage(store, OUTAGE_SERVICE, SPAN("deepl"), SPAN("refused"), NOW, failure) &&
           store_notice_silence(store, SPAN("costa"), SPAN(NOW), SPAN("silent"), NOW, failure);
}

static bool end_outage(struct store *store, struct failure *failure) {
    return store_end_outage(store, OUTAGE_SERVICE, SPAN("deepl"), NOW, failure);
}

static bool revisit(struct store *store, struct failure *failure) {
    return store_plan_revisit(store, A, ARTICLE_STATE_DONE, 1, SPAN(NOW), failure) &&
           store_begin_revisits(store, SPAN("2026-02-01T00:00:00Z"), failure) && store_end_revisit(store, A, failure);
}

static bool forget_revisit(struct store *store, struct failure *failure) {
    return store_forget_revisit(store, A, failure);
}

static bool see_source(struct store *store, struct failure *failure) {
    struct source_visit good = {.name = SPAN("costa"), .answered = true, .fresh = 2},
                        bad = {.name = SPAN("costa"), .failed = true, .reason = SPAN("x")};
    return store_see_source(store, &good, NOW, failure) && store_see_source(store, &bad, NOW, failure);
}

static bool fingerprint(struct store *store, struct failure *failure) {
    const uint64_t hashes[] = {1, 2, 3};
    return store_add_fingerprints(store, A, DAY, hashes, 3, failure);
}

static bool validate(struct store *store, struct failure *failure) {
    struct validator validator = {SPAN("e"), SPAN("l"), SPAN("")};
    return store_put_validator(store, SPAN("https://a.example/"), &validator, failure);
}

static bool run_day(struct store *store, struct failure *failure) {
    return store_begin_day(store, DAY, failure) && store_note(store, DAY, SPAN("costa"), SPAN("x"), failure) &&
           store_begin_pages(store, failure) && store_end_day(store, DAY, failure);
}

static bool suspect(struct store *store, struct failure *failure) {
    return store_suspect(store, B, true, failure);
}

static bool put_unfinished(struct store *store, struct failure *failure) {
    return store_put_unfinished(store, A, 2, true, failure);
}

static bool retry(struct store *store, struct failure *failure) {
    struct retry_counts counts;
    return store_retry(store, SPAN(""), &counts, failure) && store_retry(store, SPAN("a"), &counts, failure);
}

static bool ask_again(struct store *store, struct failure *failure) {
    return store_ask_sources_again(store, A, failure);
}

static bool clear_leftovers(struct store *store, struct failure *failure) {
    return store_clear_leftovers(store, failure);
}

static bool prune(struct store *store, struct failure *failure) {
    size_t count;
    return store_prune_day(store, DAY, "2026-03-01", failure) && store_end_removal(store, DAY, failure) &&
           store_prune_memory(store, "2030-01", &count, failure) &&
           store_forget_pruned(store, "2026-04-01", &count, failure);
}

static bool commit(struct store *store, struct failure *failure) {
    return store_tell(store, SPAN("k"), SPAN("w"), SPAN(NOW), failure) && store_commit(store, failure);
}

typedef bool (*action)(struct store *, struct failure *);

static const action actions[] = {put,
                                 keep,
                                 keep_stories,
                                 remember,
                                 see_mail,
                                 bill,
                                 tell,
                                 begin_outage,
                                 see_source,
                                 fingerprint,
                                 validate,
                                 run_day,
                                 revisit,
                                 suspect,
                                 put_unfinished,
                                 end_outage,
                                 forget_revisit,
                                 forget_mail,
                                 forget_answers,
                                 ask_again,
                                 clear_leftovers,
                                 retry,
                                 prune,
                                 commit};
enum { ACTIONS = sizeof actions / sizeof *actions };

/* ---------------------------------------------------------------- what only looks */

static void see_row(void *context, const struct article_row *row) {
    (void)context;
    (void)row;
}

static void see_waiting(void *context, const struct waiting *waiting) {
    (void)context;
    (void)waiting;
}

static void see_told(void *context, struct span told, struct span value, struct span at) {
    (void)context, (void)told, (void)value, (void)at;
}

static void see_entry(void *context, const struct memory_key *of, const struct memory_entry *entry) {
    (void)context, (void)of, (void)entry;
}

static void see_bill(void *context, const struct bill_line *one) {
    (void)context, (void)one;
}

static void look_at_articles(struct store *store) {
    struct article_row row;
    size_t counts[7], count;
    store_knows(store, A, SPAN("v"));
    store_list(store, ARTICLE_STATE_WAITING, 9, see_row, NULL);
    store_list_partial(store, 9, see_row, NULL);
    store_count_partial(store);
    store_find(store, SPAN("a"), arena, &row);
    store_is_ambiguous(store, SPAN("a"));
    store_counts(store, counts);
    store_each_waiting(store, see_waiting, NULL);
    store_missing(store, DAY, 9, arena, &count);
    store_claim(store, arena, &row);
    store_claim_suspected(store, arena, &row);
}

static void look_at_days(struct store *store) {
    struct kept_record record;
    struct buffer bytes = BUFFER(1 << 16);
    size_t count;
    char day[11];
    store_find_kept(store, A, arena, &record);
    store_kept_bytes(store, A, &bytes);
    store_kept_of_day(store, DAY, arena, &count);
    store_kept_unplaced(store, arena, &count);
    store_leftovers(store, arena, &count);
    store_last_ended_day(store, day);
    store_days(store, DAY, arena, &count);
    store_notes(store, DAY, arena, &count);
    store_outages(store, DAY, arena, &count);
    store_outages(store, NULL, arena, &count);
    store_old_days(store, "2026-02-01", arena, &count);
    store_removal_days(store, arena, &count);
    store_removals(store, DAY, arena, &count);
    store_is_leaving(store, DAY);
    store_find_pruned(store, DAY, day);
    store_pruned_before(store, DAY, day);
    store_find_stories(store, DAY, arena);
    store_earlier_story_day(store, "2026-01-30", day);
    buffer_free(&bytes);
}

static void look_at_the_rest(struct store *store) {
    struct memory_entry entry;
    struct validator validator;
    struct source_health health;
    struct fingerprint_match matches[4];
    struct mail_reader reader = {.id = 1};
    struct span value, at;
    const uint64_t hashes[] = {1, 2};
    unsigned times;
    size_t count;
    store_told(store, SPAN("k"), arena, &value, &at);
    store_each_told(store, SPAN("k"), see_told, NULL);
    store_recall(store, &key, SPAN(A), arena, &entry);
    store_recall(store, &other_key, SPAN(A), arena, &entry);
    store_each_memory(store, see_entry, NULL);
    store_match_fingerprints(store, DAY, hashes, 2, matches, 4);
    store_validator(store, SPAN("https://a.example/"), arena, &validator);
    store_find_source(store, SPAN("costa"), arena, &health);
    store_find_revisit(store, A, &times);
    store_spent(store, SPAN(DAY), SPAN(""), SPAN(""));
    store_each_bill(store, SPAN("2026"), see_bill, NULL);
    store_reserved(store);
    store_mail_days(store, DAY, arena, &count);
    store_mail_unseen(store, &reader, DAY, arena, &count);
    store_mail_thread(store, SPAN("desk"), DAY, arena);
}

/* ---------------------------------------------------------------- failing */

static void fail_at(int call) {
    fired = failing = false;
    countdown = call;
}

/* Returns a store in which the first actions have been done. */
static struct store *store_before(size_t count) {
    struct store *store = NULL;
    fail_at(0);
    assert_true(store_open(NULL, false, &store, NULL));
    for (size_t i = 0; i < count; i++) assert_true(actions[i](store, NULL));
    assert_true(store_commit(store, NULL));
    return store;
}

/* A change whose statement fails is not called done, or else nothing can be committed any more. */
static void no_change_is_done_if_a_statement_fails(void **state) {
    (void)state;
    for (size_t i = 0; i < ACTIONS; i++)
        for (int call = 1;; call++) {
            struct failure failure = {0};
            struct store *store = store_before(i);
            fail_at(call);
            bool done = actions[i](store, &failure), missed = !fired;
            fail_at(0);
            if (!missed && done && store_is_readable(store, NULL))
                fail_msg("action %zu: call %d failed unnoticed", i, call);
            if (!missed && !done && failure.reach != REACH_NONE)
                assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot be used");
            if (!missed && !done && failure.reach == REACH_NONE && store_is_readable(store, NULL))
                fail_msg("action %zu: call %d failed without a reason", i, call);
            store_close(store);
            if (missed) break;
        }
}

/* Who looks and finds nothing is told afterwards that it could not be read. */
static void nothing_can_be_committed_if_something_could_not_be_read(void **state) {
    static void (*const looks[])(struct store *) = {look_at_articles, look_at_days, look_at_the_rest};
    (void)state;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        for (int call = 1;; call += 2) {
            struct failure failure = {0};
            struct store *store = store_before(ACTIONS - 8);
            fail_at(call);
            looks[i](store);
            bool missed = !fired;
            fail_at(0);
            if (!missed && store_commit(store, &failure)) fail_msg("look %zu: call %d failed unnoticed", i, call);
            if (!missed) assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot be used");
            store_close(store);
            if (missed) break;
        }
}

static void a_store_is_not_opened_if_a_statement_fails(void **state) {
    (void)state;
    for (int call = 1;; call += 4) {
        struct failure failure = {0};
        struct store *store = NULL;
        fail_at(call);
        bool opened = store_open(NULL, false, &store, &failure), missed = !fired;
        fail_at(0);
        if (opened) store_close(store);
        if (missed) break;
        if (opened) fail_msg("call %d failed unnoticed", call);
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot be used");
    }
}

static void an_error_says_what_to_do(void **state) {
    static const struct {
        int code;
        enum exit_code exit_code;
        const char *said;
    } errors[] = {{SQLITE_FULL, EXIT_IO, "is full; free some space and run again"},
                  {SQLITE_NOMEM, EXIT_SYSTEM, "out of memory while using the state in "},
                  {SQLITE_READONLY, EXIT_PERMISSION, "cannot write the state "},
                  {SQLITE_CANTOPEN, EXIT_PERMISSION, "cannot write the state "},
                  {SQLITE_PERM, EXIT_PERMISSION, "cannot write the state "},
                  {SQLITE_BUSY, EXIT_BUSY, "another program has locked the state "},
                  {SQLITE_LOCKED, EXIT_BUSY, "another program has locked the state "},
                  {SQLITE_NOTADB, EXIT_IO, "is damaged"},
                  {SQLITE_CORRUPT, EXIT_IO, "verify --repair"},
                  {SQLITE_IOERR, EXIT_IO, "cannot be used"}};
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct failure failure = {0};
        struct store *store = store_before(0);
        code = errors[i].code;
        fail_at(2); /* the first one begins the transaction */
        assert_false(tell(store, &failure));
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, errors[i].exit_code, errors[i].said);
        fail_at(0);
        store_close(store);
    }
    code = SQLITE_IOERR;
}

static int set_up(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_error_says_what_to_do),
                                       cmocka_unit_test(a_store_is_not_opened_if_a_statement_fails),
                                       cmocka_unit_test(no_change_is_done_if_a_statement_fails),
                                       cmocka_unit_test(nothing_can_be_committed_if_something_could_not_be_read)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
