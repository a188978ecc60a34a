/* What `dragoman verify` finds, and what a repair mends. */
#include "unit/program/run_workspace.h"

#include <time.h>
#include <unistd.h>

#include "pipeline/base/pack.h"
#include "pipeline/base/sha256.h"
#include "program/publish.h"
#include "program/rebuild.h"
#include "program/repair.h"
#include "program/verify.h"

#define FIRST_ID "1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SECOND_ID "2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define FIRST "2026-01-29/articles/" FIRST_ID ".json"
#define SECOND "2026-01-29/articles/" SECOND_ID ".json"

static struct arena *arena;

/* A day with two articles, whose pages are made. */
static int set_up(void **state) {
    struct failure failure = {0};
    size_t count;
    (void)state;
    arena = arena_new();
    open_run_workspace("source.costa.kind=page");
    finish_article(FIRST_ID, "2026-01-29", "1");
    finish_article(SECOND_ID, "2026-01-29", "1");
    return publish_stale_days(&program, "", &count, &failure) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    close_run_workspace();
    arena_free(arena);
    return 0;
}

static const char *path_of(const char *name) {
    return arena_print(arena, "%s/%s", workspace, name).at;
}

static const char *text_of(const char *name) {
    struct buffer text = BUFFER(64 << 20);
    if (!file_read(path_of(name), &text)) fail_msg("there is no %s", name);
    const char *copy = arena_string(arena, buffer_span(&text));
    buffer_free(&text);
    return copy;
}

/* What verify says as JSON; the caller frees it. */
static cJSON *verify(bool repair, enum exit_code expected) {
    struct failure failure = {0};
    cJSON *json = cJSON_CreateObject();
    assert_int_equal(verify_command(&program, repair, json, &failure), expected);
    assert_int_equal(failure.reach != REACH_NONE, expected != EXIT_DONE);
    return json;
}

/* Asserts the counts, and what is said about the first file, whose path is below the output folder; NULL = none is
 * named. */
static void assert_found(bool repair, const char *counts, const char *file, const char *kind) {
    cJSON *json = verify(repair, kind ? EXIT_BAD_DATA : EXIT_DONE);
    struct buffer given = BUFFER(200);
    static const char *const names[] = {"sound", "damaged", "missing", "foreign", "days_out_of_date", "left_out"};
    for (size_t i = 0; i < 6; i++)
        buffer_print(&given, "%s%d", i ? " " : "", (int)json_member_number(json, names[i], -1));
    assert_text_free(&given, counts);
    assert_json(json, "files.0.path", file ? arena_print(arena, "\"%s\"", path_of(file)).at : NULL);
    assert_json(json, "files.0.state", kind ? arena_print(arena, "\"%s\"", kind).at : NULL);
    cJSON_Delete(json);
}

static void what_a_run_leaves_is_sound(void **state) {
    (void)state;
    assert_found(false, "2 0 0 0 0 0", NULL, NULL);
}

static void a_changed_record_is_damaged(void **state) {
    (void)state;
    const char *before = text_of(FIRST);
    write_output(FIRST, arena_print(arena, "%s ", before).at);
    assert_found(false, "1 1 0 0 0 0", FIRST, "damaged");
    assert_found(true, "2 0 0 0 0 0", NULL, NULL);
    assert_string_equal(text_of(FIRST), before);
}

static void a_missing_record_is_restored(void **state) {
    (void)state;
    const char *before = text_of(SECOND);
    assert_int_equal(unlink(path_of(SECOND)), 0);
    assert_found(false, "1 0 1 0 0 0", SECOND, "missing");
    cJSON *json = verify(true, EXIT_DONE);
    assert_json(json, "repaired", "{\"records\":1,\"taken_into_state\":0,\"days\":0,\"to_be_made_again\":0}");
    cJSON_Delete(json);
    assert_string_equal(text_of(SECOND), before);
}

/* It leads to the right bytes, which may change there. */
static void a_link_is_not_a_record(void **state) {
    (void)state;
    assert_int_equal(rename(path_of(FIRST), path_of("elsewhere")), 0);
    assert_int_equal(symlink(path_of("elsewhere"), path_of(FIRST)), 0);
    assert_found(false, "1 1 0 0 0 0", FIRST, "damaged");
    assert_found(true, "2 0 0 0 0 0", NULL, NULL);
    struct stat status;
    assert_int_equal(lstat(path_of(FIRST), &status), 0);
    assert_true(S_ISREG(status.st_mode));
}

static void a_folder_in_its_place_is_kept_beside_it(void **state) {
    (void)state;
    assert_int_equal(unlink(path_of(FIRST)), 0);
    make_output_folder(FIRST);
    cJSON *json = verify(false, EXIT_BAD_DATA);
    assert_json(json, "damaged", "1");
    assert_json(json, "missing", "0");
    cJSON_Delete(json);
    cJSON_Delete(verify(true, EXIT_DONE));
    assert_non_null(strstr(text_of(FIRST), FIRST_ID));
}

static void a_foreign_file_is_never_removed(void **state) {
    (void)state;
    write_output("2026-01-29/articles/0mine.json", "{}");
    assert_found(false, "2 0 0 1 0 0", "2026-01-29/articles/0mine.json", "foreign");
    assert_found(true, "2 0 0 1 0 0", "2026-01-29/articles/0mine.json", "foreign");
    assert_string_equal(text_of("2026-01-29/articles/0mine.json"), "{}");
}

static void files_of_a_day_without_a_run_are_foreign(void **state) {
    (void)state;
    make_output_folder("2026-01-20");
    make_output_folder("2026-01-20/articles");
    write_output("2026-01-20/articles/" FIRST_ID ".json", "{}");
    assert_found(false, "2 0 0 1 0 0", "2026-01-20/articles/" FIRST_ID ".json", "foreign");
    make_output_folder("2026-02-20");
    make_output_folder("2026-02-20/articles");
    write_output("2026-02-20/articles/x.json", "{}");
    assert_found(false, "2 0 0 2 0 0", "2026-01-20/articles/" FIRST_ID ".json", "foreign");
}

static void a_missing_page_is_made_again(void **state) {
    (void)state;
    assert_int_equal(unlink(path_of("2026-01-29/digest.md")), 0);
    assert_found(false, "2 0 0 0 1 0", "2026-01-29", "out of date");
    assert_found(true, "2 0 0 0 0 0", NULL, NULL);
    assert_non_null(strstr(text_of("2026-01-29/digest.md"), "Two 1"));
}

static void a_changed_page_is_made_again(void **state) {
    (void)state;
    write_output("2026-01-29/digest.csv", "x");
    assert_found(false, "2 0 0 0 1 0", "2026-01-29", "changed");
    program.repairs = true;
    cJSON *json = verify(true, EXIT_DONE);
    assert_json(json, "repaired", "{\"records\":0,\"taken_into_state\":0,\"days\":1,\"to_be_made_again\":0}");
    cJSON_Delete(json);
    assert_non_null(strstr(text_of("2026-01-29/digest.csv"), "Two 1"));
}

/* ---------------------------------------------------------------- in words */

/* What verify prints; *ret_failure says why it ends with another code than 0. */
static const char *printed(bool repair, struct failure *ret_failure) {
    fflush(stdout);
    int before = dup(STDOUT_FILENO);
    assert_non_null(freopen(path_of("printed"), "w", stdout));
    *ret_failure = (struct failure){0};
    verify_command(&program, repair, NULL, ret_failure);
    fflush(stdout);
    assert_true(dup2(before, STDOUT_FILENO) >= 0);
    close(before);
    return text_of("printed");
}

static void counts_are_in_the_right_number(void **state) {
    (void)state;
    struct failure failure;
    assert_string_equal(printed(false, &failure),
                        "2 records are sound, 0 damaged, 0 missing, 0 foreign; the pages of 0 "
                        "days are out of date\n");
    assert_int_equal(failure.reach, REACH_NONE);
    assert_int_equal(unlink(path_of(SECOND)), 0);
    assert_int_equal(unlink(path_of("2026-01-29/digest.md")), 0);
    const char *said = printed(false, &failure);
    assert_non_null(strstr(said, "1 record is sound, 0 damaged, 1 missing, 0 foreign; the pages of 1 day are out of "
                                 "date\n"));
    assert_true(span_starts(span_of(said), arena_print(arena, "%s: missing\n", path_of(SECOND))));
    assert_string_equal(failure.sentence, "the output folder differs from what dragoman wrote; `dragoman verify "
                                          "--repair` restores it");
    write_output("2026-01-29/articles/mine.json", "{}");
    printed(false, &failure);
    assert_string_equal(failure.sentence, "the output folder differs from what dragoman wrote; `dragoman verify "
                                          "--repair` restores it; remove the foreign files, or move them elsewhere");
    said = printed(true, &failure);
    assert_true(span_starts(span_of(said), SPAN("restored 1 record and rebuilt the pages of 1 day\n")));
    assert_string_equal(failure.sentence, "the output folder differs from what dragoman wrote; remove the foreign "
                                          "files, or move them elsewhere");
}

/* ---------------------------------------------------------------- repair */

static struct repair_counts repair_recently(void) {
    struct repair_counts counts;
    struct failure failure = {0};
    if (!repair_recent(&program, &counts, &failure)) fail_msg("%s", failure.sentence);
    return counts;
}

static void a_run_restores_what_is_missing_or_was_changed_since(void **state) {
    (void)state;
    struct repair_counts counts = repair_recently();
    assert_int_equal(counts.rewritten + counts.finished + counts.adopted + counts.reopened, 0);
    const char *before = text_of(FIRST);
    assert_int_equal(unlink(path_of(FIRST)), 0);
    assert_int_equal(repair_recently().rewritten, 1);
    assert_string_equal(text_of(FIRST), before);
    write_output(FIRST, "");
    assert_int_equal(repair_recently().rewritten, 1);
    assert_string_equal(text_of(FIRST), before);
    nanosleep(&(struct timespec){.tv_nsec = 20000000},
              NULL); /* so that it is newer than the pages, whose times are those of the kernel's last tick */
    write_output(FIRST, "{}");
    assert_int_equal(repair_recently().rewritten, 1);
    assert_string_equal(text_of(FIRST), before);
}

static void days_long_ago_are_left_to_verify(void **state) {
    (void)state;
    char since[11];
    assert_true(store_end_day(program.store, "2026-01-29", NULL));
    memcpy(program.day, "2026-02-20", 11);
    repair_since(&program, since);
    assert_string_equal(since, "2026-01-22"); /* seven days before the last run that ended */
    assert_true(store_begin_day(program.store, "2026-02-19", NULL));
    assert_true(store_begin_pages(program.store, NULL) && store_end_day(program.store, "2026-02-19", NULL));
    repair_since(&program, since);
    assert_string_equal(since, "2026-02-12");
    assert_true(store_begin_day(program.store, "2026-02-25", NULL));
    assert_true(store_begin_pages(program.store, NULL) && store_end_day(program.store, "2026-02-25", NULL));
    repair_since(&program, since);
    assert_string_equal(since, "2026-02-13"); /* the clock was set back */
    assert_int_equal(unlink(path_of(FIRST)), 0);
    assert_int_equal(repair_recently().rewritten, 0);
    struct repair_counts counts;
    assert_true(repair_all(&program, &counts, NULL));
    assert_int_equal(counts.rewritten, 1);
}

/* As a run leaves it that is killed between the store and the file. */
static void keep_without_a_file(const char *version) {
    char hash[65];
    struct kept_record record;
    struct buffer bytes = BUFFER(1 << 20), packed = BUFFER(1 << 20);
    assert_true(store_find_kept(program.store, FIRST_ID, arena, &record));
    assert_true(store_kept_bytes(program.store, FIRST_ID, &bytes));
    assert_true(pack(buffer_span(&bytes), &packed));
    sha256_hex(buffer_span(&bytes), hash);
    record.version = span_of(version);
    record.hash = span_of(hash);
    assert_true(store_keep_record(program.store, &record, buffer_span(&packed), NULL));
    buffer_free(&bytes);
    buffer_free(&packed);
    assert_int_equal(unlink(path_of(FIRST)), 0);
}

static void set_state(enum article_state article_state) {
    struct article_row row = row_of_article(FIRST_ID, arena);
    row.article_state = article_state;
    row.record = SPAN("{}");
    row.note = row.path = SPAN("");
    row.unfinished = 5;
    assert_true(store_put(program.store, &row, NULL));
}

static void a_record_that_a_killed_run_had_finished_is_put_in_place(void **state) {
    (void)state;
    static const enum article_state states[] = {ARTICLE_STATE_FOUND, ARTICLE_STATE_WAITING, ARTICLE_STATE_DONE};
    for (size_t i = 0; i < 3; i++) {
        keep_without_a_file("1");
        set_state(states[i]);
        struct repair_counts counts = repair_recently();
        assert_int_equal(counts.finished, 1);
        assert_int_equal(counts.rewritten, 0);
        struct article_row row = row_of_article(FIRST_ID, arena);
        assert_int_equal(row.article_state, ARTICLE_STATE_DONE);
        assert_span(row.path, FIRST);
        assert_span(row.note, FIRST);
        assert_int_equal(row.record.length, 0);
        assert_int_equal(row.unfinished, 0);
        assert_non_null(strstr(text_of(FIRST), FIRST_ID));
        assert_int_equal(repair_recently().finished, 0);
    }
}

static void one_of_an_earlier_version_or_of_a_failed_article_is_not(void **state) {
    (void)state;
    keep_without_a_file("0");
    set_state(ARTICLE_STATE_FOUND);
    assert_int_equal(repair_recently().finished, 0);
    assert_int_equal(access(path_of(FIRST), F_OK), -1);
    assert_int_equal(row_of_article(FIRST_ID, arena).article_state, ARTICLE_STATE_FOUND);
    write_output(FIRST, "");
    keep_without_a_file("1");
    set_state(ARTICLE_STATE_DEAD);
    assert_int_equal(repair_recently().finished, 0);
    assert_int_equal(row_of_article(FIRST_ID, arena).article_state, ARTICLE_STATE_DEAD);
}

static bool is_there(const char *name) {
    return access(path_of(name), F_OK) == 0;
}

static void temporary_files_of_killed_processes_are_removed(void **state) {
    (void)state;
    static const char *const names[] = {
        ".index.html.999999-00000000000000aa.tmp", "2026-01-29/.index.html.999999-00000000000000aa.tmp",
        "2026-01-29/articles/.x.json.999999-00000000000000aa.tmp",
        "2026-01-29/stories/.x.html.999999-00000000000000aa.tmp", "selections/.x.html.999999-00000000000000aa.tmp"};
    make_output_folder("selections");
    make_output_folder("2026-01-29.old");
    write_output("2026-01-29.old/.x.html.999999-00000000000000aa.tmp", "");
    for (size_t i = 0; i < 5; i++) write_output(names[i], "");
    repair_sweep(&program, "");
    for (size_t i = 0; i < 5; i++)
        if (is_there(names[i])) fail_msg("%s is still there", names[i]);
    assert_true(is_there("2026-01-29.old/.x.html.999999-00000000000000aa.tmp"));
    assert_true(is_there(FIRST));
}

static void folders_that_have_not_changed_for_long_are_not_read(void **state) {
    (void)state;
    static const char name[] = "2026-01-29/articles/.x.json.999999-00000000000000aa.tmp";
    write_output(name, "");
    repair_sweep(&program, "2999-01-01");
    assert_true(is_there(name));
    repair_sweep(&program, "2026-01-29");
    assert_false(is_there(name));
}

/* ---------------------------------------------------------------- a lost state */

static void a_lost_state_is_made_again_from_the_records(void **state) {
    (void)state;
    size_t count;
    struct failure failure = {0};
    assert_false(rebuild_needed(&program));
    write_output("2026-01-29/articles/" FIRST_ID "-copy.json", text_of(FIRST));
    write_output("2026-01-29/articles/3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json", text_of(FIRST));
    store_close(program.store);
    assert_true(store_open(NULL, false, &program.store, NULL));
    assert_true(rebuild_needed(&program));
    assert_false(rebuild_check(&program, &failure));
    assert_int_equal(failure.exit_code, EXIT_IO);
    assert_true(rebuild_state(&program, &count, &failure));
    assert_int_equal(count, 2);
    assert_false(rebuild_needed(&program));
    struct article_row row = row_of_article(FIRST_ID, arena);
    assert_int_equal(row.article_state, ARTICLE_STATE_DONE);
    assert_span(row.path, FIRST);
    assert_span(row.note, FIRST);
    assert_span(row.day, "2026-01-29");
    assert_span(row.source, "costa");
    assert_span(row.address, "https://costa.example/1");
    assert_span(row.version, "1");
    assert_int_equal(row.unfinished, 0);
    assert_false(row.cut);
    const struct kept_record *kept = store_kept_of_day(program.store, "2026-01-29", arena, &count);
    assert_int_equal(count, 2);
    assert_span(kept[0].version, "1");
    assert_int_equal(kept[0].hash.length, 64);
    assert_int_equal(repair_recently().rewritten, 0);
    assert_false(find_article(FIRST_ID, "1")); /* it is known */
}

static void without_records_there_is_nothing_to_make_again(void **state) {
    (void)state;
    assert_int_equal(unlink(path_of(FIRST)), 0);
    assert_int_equal(unlink(path_of(SECOND)), 0);
    store_close(program.store);
    assert_true(store_open(NULL, false, &program.store, NULL));
    assert_false(rebuild_needed(&program));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(what_a_run_leaves_is_sound),
                                       TEST(a_changed_record_is_damaged),
                                       TEST(a_missing_record_is_restored),
                                       TEST(a_link_is_not_a_record),
                                       TEST(a_folder_in_its_place_is_kept_beside_it),
                                       TEST(a_foreign_file_is_never_removed),
                                       TEST(files_of_a_day_without_a_run_are_foreign),
                                       TEST(a_missing_page_is_made_again),
                                       TEST(a_changed_page_is_made_again),
                                       TEST(counts_are_in_the_right_number),
                                       TEST(a_run_restores_what_is_missing_or_was_changed_since),
                                       TEST(days_long_ago_are_left_to_verify),
                                       TEST(a_record_that_a_killed_run_had_finished_is_put_in_place),
                                       TEST(one_of_an_earlier_version_or_of_a_failed_article_is_not),
                                       TEST(temporary_files_of_killed_processes_are_removed),
                                       TEST(folders_that_have_not_changed_for_long_are_not_read),
                                       TEST(a_lost_state_is_made_again_from_the_records),
                                       TEST(without_records_there_is_nothing_to_make_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
