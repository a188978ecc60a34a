/* `dragoman prune` while the statements of the state fail, one after the other: it is never a success although
 * something old is left, and the next call removes it. */
#define _GNU_SOURCE
#include "unit/cmocka_test.h"
#include "unit/scratch_folder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/pack.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_mail.h"
#include "program/commands.h"
#include "unit/failing_statements.h"

/* There are about 226 calls; STEP 1 plays all of them, which takes some minutes with sanitizers. */
enum { DAYS = 2, WORDS = 16, STEP = 11, MANY_CALLS = 2000 };
static const char *const old_days[DAYS] = {"2026-01-01", "2026-01-02"};
static const char record[] = "{\"id\": \"x\"}\n";

/* Nothing here is about power cuts. */
int fsync(int file) {
    (void)file;
    return 0;
}

int fdatasync(int file) {
    return fsync(file);
}

/* What a child process tells: whether its failure was played. */
static bool *was_played;

/* Runs a command of the shell on a path below the folder. */
static void shell(const char *command, const char *below) {
    char line[200];
    snprintf(line, sizeof line, "%s %s/%s", command, folder, below);
    assert_int_equal(system(line), 0);
}

static void write_below(const char *below, const char *text) {
    char name[160];
    snprintf(name, sizeof name, "%s/%s", folder, below);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static bool exists(const char *day) {
    char name[120];
    snprintf(name, sizeof name, "%s/out/%s", folder, day);
    return access(name, F_OK) == 0;
}

/* ---------------------------------------------------------------- an archive of two old days */

static void keep(struct store *store, const char *day, char digit) {
    char below[120], path_of[80];
    struct kept_record kept = {.day = span_of(day), .version = SPAN("v"), .hash = SPAN("h")};
    memset(kept.id, digit, sizeof kept.id - 1);
    snprintf(path_of, sizeof path_of, "%s/articles/%s.json", day, kept.id);
    kept.path = span_of(path_of);
    struct article_row row = {.article_state = ARTICLE_STATE_DONE,
                              .version = SPAN("v"),
                              .day = span_of(day),
                              .path = kept.path,
                              .record = SPAN("{}")};
    memcpy(row.id, kept.id, sizeof row.id);
    struct buffer packed = BUFFER(1 << 16);
    assert_true(pack(span_of(record), &packed));
    assert_true(store_begin_day(store, day, NULL) && store_put(store, &row, NULL));
    assert_true(store_keep_record(store, &kept, buffer_span(&packed), NULL));
    assert_true(store_record_in_place(store, kept.id, NULL) && store_begin_pages(store, NULL) &&
                store_end_day(store, day, NULL));
    buffer_free(&packed);
    snprintf(below, sizeof below, "out/%s/articles", day);
    shell("mkdir -p", below);
    snprintf(below, sizeof below, "out/%s", path_of);
    write_below(below, record);
}

/* Makes the archive anew, with a selection and an archive file that are old as well. */
static void fill(void) {
    struct store *store = NULL;
    shell("rm -rf", "out");
    shell("rm -f", "state.db*");
    shell("mkdir -p", "out/selections");
    shell("mkdir -p", "out/archive");
    assert_true(store_open(path, true, &store, NULL));
    for (int i = 0; i < DAYS; i++) keep(store, old_days[i], (char)('a' + i));
    assert_true(store_commit(store, NULL));
    store_close(store);
    write_below("out/archive/2026-01-01.warc.gz", "w");
    write_below("out/selections/2026-01-01-all.html", "s");
    shell("touch -d 2026-01-01", "out/selections/2026-01-01-all.html");
}

/* ---------------------------------------------------------------- the command */

static void direct(int descriptor, const char *name) {
    char whole[80];
    snprintf(whole, sizeof whole, "%s/%s", folder, name);
    int file = open(whole, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, descriptor);
    close(file);
}

/* Runs `dragoman prune` in a child process, in which this call of the state fails; 0 = none. Returns its exit code. */
static int prune(int call, const char *const *options) {
    char config[80];
    const char *words[WORDS] = {"dragoman", "--config", config, "prune"};
    int count = 4;
    snprintf(config, sizeof config, "%s/dragoman.conf", folder);
    while (options && *options) words[count++] = *options++;
    pid_t child = fork();
    if (child == 0) {
        direct(STDOUT_FILENO, "told");
        direct(STDERR_FILENO, "errors");
        fired = failing = false;
        countdown = call;
        int exit_code = commands_main(count, (char **)(uintptr_t)words);
        *was_played = fired;
        exit(exit_code);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static const char *text_of(const char *name) {
    static char text[4096];
    char whole[80];
    snprintf(whole, sizeof whole, "%s/%s", folder, name);
    FILE *file = fopen(whole, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void assert_says(const char *name, const char *part) {
    if (!strstr(text_of(name), part)) fail_msg("'%s' is not in: %s", part, text_of(name));
}

static bool is_pruned(void) {
    char name[120];
    snprintf(name, sizeof name, "%s/out/archive/2026-01-01.warc.gz", folder);
    return !exists(old_days[0]) && !exists(old_days[1]) && access(name, F_OK) != 0 &&
           !exists("selections/2026-01-01-all.html");
}

static const char *const limits[] = {"--days", "5", "--archive", "5", "--memory", "5", NULL};

/* ---------------------------------------------------------------- tests */

static void what_is_old_goes(void **state) {
    (void)state;
    fill();
    assert_int_equal(prune(0, limits), EXIT_DONE);
    assert_says("told", "2026-01-01: 1 record, 12 bytes\n");
    assert_says("told", "pruned 2 days with 2 records, 1 archive file and 0 translations: 26 bytes of files\n");
    assert_says("told", "removed 1 file beside the days\n");
    assert_true(is_pruned());
}

static void a_statement_that_fails_is_no_success(void **state) {
    int call = 1 - STEP, failed = 0;
    (void)state;
    do {
        fill();
        int exit_code = prune(call += STEP, limits);
        failed += exit_code != EXIT_DONE;
        if (exit_code == EXIT_DONE ? !is_pruned() : exit_code != EXIT_IO)
            fail_msg("call %d: exit code %d: %s", call, exit_code, text_of("errors"));
        if (exit_code != EXIT_DONE) assert_says("errors", folder);
        bool played = *was_played;
        /* What is half done is completed. */
        if (prune(0, limits) != EXIT_DONE || !is_pruned()) fail_msg("after call %d: %s", call, text_of("errors"));
        *was_played = played;
    } while (*was_played && call < MANY_CALLS);
    assert_false(*was_played);
    assert_in_range(failed, 10, call);
}

static void a_state_that_is_not_there_is_told(void **state) {
    (void)state;
    shell("rm -f", "state.db*");
    assert_int_equal(prune(0, NULL), EXIT_IO);
    assert_says("errors", "there is no state in ");
    assert_true(access(path, F_OK) != 0);
}

static void an_article_that_waits_keeps_its_day(void **state) {
    static const char *const json[] = {"--days", "5", "--json", NULL};
    struct store *store = NULL;
    struct article_row row = {.article_state = ARTICLE_STATE_WAITING,
                              .version = SPAN("w"),
                              .record = SPAN("{}"),
                              .waits_for = CAUSE_SERVICE,
                              .waits_on = SPAN("deepl")};
    (void)state;
    fill();
    memset(row.id, 'a', sizeof row.id - 1);
    assert_true(store_open(path, true, &store, NULL));
    assert_true(store_put(store, &row, NULL) && store_commit(store, NULL));
    store_close(store);
    assert_int_equal(prune(0, json), EXIT_DONE);
    assert_says("told", "\"unfinished\":");
    assert_true(exists(old_days[0]));
    assert_false(exists(old_days[1]));
    assert_int_equal(prune(0, limits), EXIT_DONE);
    assert_says("told", "2026-01-01 stays, because an article with a record of this day is unfinished\n");
}

static int begin(void **state) {
    char text[400];
    if (make_folder(state) != 0) return -1;
    was_played = mmap(NULL, sizeof *was_played, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (was_played == MAP_FAILED) return -1;
    snprintf(text, sizeof text, "[run]\noutput = %s/out\nstate = %s\n", folder, path);
    write_below("dragoman.conf", text);
    return setenv("DRAGOMAN_DATA", TEST_DATA, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_old_goes), cmocka_unit_test(a_statement_that_fails_is_no_success),
        cmocka_unit_test(a_state_that_is_not_there_is_told), cmocka_unit_test(an_article_that_waits_keeps_its_day)};
    return cmocka_run_group_tests(tests, begin, remove_folder);
}
