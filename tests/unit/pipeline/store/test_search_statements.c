/* What the search index says when any of its statements fails, one after the other. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/search_index.h"
#include "unit/failing_statements.h"

#define DAY "2026-01-29"

static char folder[] = "/tmp/dragoman-search-XXXXXX", path[64];

static const struct search_document *document(void) {
    static struct search_document one;
    one = (struct search_document){.day = DAY,
                                   .file = SPAN("a.json"),
                                   .stamp = SPAN("1"),
                                   .language = SPAN("bg"),
                                   .source = SPAN("costa"),
                                   .title = SPAN("bridge"),
                                   .text = SPAN("wide river"),
                                   .english = SPAN("a bridge")};
    return &one;
}

static void see(void *context, const struct search_match *match) {
    (void)match;
    ++*(size_t *)context;
}

static bool put(struct search_index *index, struct failure *failure) {
    return search_index_put_folder(index, DAY, SPAN("s"), failure) && search_index_put(index, document(), failure) &&
           search_index_commit(index, failure);
}

static bool put_again(struct search_index *index, struct failure *failure) {
    return search_index_put(index, document(), failure) && search_index_commit(index, failure);
}

static bool find(struct search_index *index, struct failure *failure) {
    struct search_question question = {
        .match = SPAN("bridge"), .since = DAY, .until = DAY, .language = SPAN("bg"), .source = SPAN("costa")};
    size_t total = 0, seen = 0;
    return search_index_find(index, &question, 5, see, &seen, &total, failure) && total == 1 && seen == 1;
}

static bool remove_record(struct search_index *index, struct failure *failure) {
    return search_index_remove(index, DAY, SPAN("a.json"), failure) && search_index_commit(index, failure);
}

static bool remove_day(struct search_index *index, struct failure *failure) {
    return search_index_remove_day(index, DAY, failure) && search_index_commit(index, failure);
}

static bool list_files(struct search_index *index, struct failure *failure) {
    struct arena *arena = arena_new();
    struct search_file *files = NULL;
    size_t count = 0;
    bool done = search_index_files(index, DAY, arena, &files, &count, failure);
    assert_int_equal(count, done ? 1 : 0);
    assert_true(!done || span_is(files[0].name, "a.json"));
    arena_free(arena);
    return done;
}

typedef bool (*action)(struct search_index *, struct failure *);

/* Each finds the index with one record, except the first. */
static void fails_at_every_statement(action act, bool filled) {
    for (int call = 1;; call++) {
        struct search_index *index = NULL;
        struct failure failure = {0};
        countdown = 0;
        assert_true(search_index_open(path, SEARCH_REBUILD, &index, NULL));
        assert_true(!filled || put(index, NULL));
        fired = failing = false;
        countdown = call;
        bool done = act(index, &failure), missed = !fired;
        countdown = 0;
        failing = false;
        search_index_close(index);
        if (missed) {
            assert_true(done);
            return;
        }
        if (done) fail_msg("call %d failed unnoticed", call);
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, path);
    }
}

static void nothing_is_done_or_found_if_a_statement_fails(void **state) {
    (void)state;
    fails_at_every_statement(put, false);
    fails_at_every_statement(put_again, true);
    fails_at_every_statement(find, true);
    fails_at_every_statement(remove_record, true);
    fails_at_every_statement(remove_day, true);
    fails_at_every_statement(list_files, true);
}

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/search.db", folder);
    return 0;
}

static int remove_folder(void **state) {
    char command[80];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_done_or_found_if_a_statement_fails)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
