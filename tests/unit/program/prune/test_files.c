/* Which files of a day, of the archive and beside the days are taken, which stay, and what is said if one cannot be
 * removed. */
#define _GNU_SOURCE
#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "program/prune/files.h"

#define DAY "2026-01-29"

static int refusal; /* the error with which files cannot be removed; 0 = they can */

int unlinkat(int at, const char *name, int flags) {
    int (*real)(int, const char *, int);
    *(void **)&real = dlsym(RTLD_NEXT, "unlinkat");
    if (!refusal || (flags & AT_REMOVEDIR)) return real(at, name, flags);
    errno = refusal;
    return -1;
}

static struct arena *arena;

static const char *whole(const char *below) {
    return arena_print(arena, "%s/%s", folder, below).at;
}

static void make_file_of(const char *below, const char *text) {
    FILE *file = fopen(whole(below), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static bool is_there(const char *below) {
    struct stat status;
    return lstat(whole(below), &status) == 0;
}

static const char *const own[] = {DAY "/index.html",  DAY "/digest.json",           DAY "/report.json",
                                  DAY "/more-2.html", DAY "/stories/0123abcd.html", DAY "/articles/a.json"};
static const char *const foreign[] = {DAY "/notes.txt",        DAY "/more-x.html",        DAY "/articles/b.json",
                                      DAY "/stories/a.html",   DAY "/stories/zzzz.html",  DAY "/articles.txt",
                                      DAY "/stories/articles", DAY "/articles/link.json", DAY "/feed.xml"};
enum { OWN = sizeof own / sizeof *own, FOREIGN = sizeof foreign / sizeof *foreign };

static int begin(void **state) {
    (void)state;
    arena = arena_new();
    refusal = 0;
    assert_int_equal(mkdir(whole(DAY), 0755), 0);
    assert_int_equal(mkdir(whole(DAY "/stories"), 0755), 0);
    assert_int_equal(mkdir(whole(DAY "/articles"), 0755), 0);
    for (size_t i = 0; i < OWN; i++) make_file_of(own[i], "12345");
    return 0;
}

static int end(void **state) {
    (void)state;
    refusal = 0;
    int left = system(arena_print(arena, "rm -rf %s/* %s-elsewhere", folder, folder).at);
    arena_free(arena);
    return left;
}

static struct old_files files_of(bool removes) {
    return (struct old_files){.folder = folder, .arena = arena, .removes = removes};
}

static bool take_day(struct old_files *files, struct failure *failure) {
    const struct span records[] = {SPAN(DAY "/articles/a.json"), SPAN(DAY "/articles/link.json")};
    return old_files_of_day(files, DAY, records, sizeof records / sizeof *records, failure);
}

static void a_day_of_own_files_is_removed_with_its_folders(void **state) {
    (void)state;
    struct old_files files = files_of(true);
    struct failure failure = {0};
    assert_true(take_day(&files, &failure));
    assert_int_equal(files.count, OWN);
    assert_int_equal(files.bytes, 5 * OWN);
    assert_int_equal(files.foreign.count, 0);
    assert_false(is_there(DAY));
    /* Again, and for a day that never was. */
    assert_true(take_day(&files, &failure));
    assert_int_equal(files.count, OWN);
}

static void a_day_that_is_only_added_up_stays(void **state) {
    (void)state;
    struct old_files files = files_of(false);
    struct failure failure = {0};
    assert_true(take_day(&files, &failure));
    assert_int_equal(files.bytes, 5 * OWN);
    for (size_t i = 0; i < OWN; i++) assert_true(is_there(own[i]));
}

/* A link that bears the name of a record is not a record, and a folder of somebody else's may bear any name. */
static void make_foreign(void) {
    for (size_t i = 0; i + 3 < FOREIGN; i++) make_file_of(foreign[i], "theirs");
    assert_int_equal(mkdir(whole(DAY "/stories/articles"), 0755), 0);
    assert_int_equal(symlink("a.json", whole(DAY "/articles/link.json")), 0);
    assert_int_equal(mkdir(whole(DAY "/feed.xml"), 0755), 0);
}

static bool is_listed(const struct file_list *list, const char *below) {
    for (size_t i = 0; i < list->count; i++)
        if (span_is(list->items[i], below)) return true;
    return false;
}

static void what_is_not_ours_stays_and_is_listed(void **state) {
    (void)state;
    struct old_files files = files_of(true);
    struct failure failure = {0};
    make_foreign();
    assert_true(take_day(&files, &failure));
    for (size_t i = 0; i < OWN; i++) assert_false(is_there(own[i]));
    for (size_t i = 0; i < FOREIGN; i++) {
        assert_true(is_there(foreign[i]));
        if (!is_listed(&files.foreign, foreign[i])) fail_msg("%s is not listed", foreign[i]);
    }
    assert_int_equal(files.foreign.count, FOREIGN);
    assert_int_equal(files.count, OWN);
}

static void without_records_no_file_of_the_articles_is_ours(void **state) {
    (void)state;
    struct old_files files = files_of(true);
    struct failure failure = {0};
    assert_true(old_files_of_day(&files, DAY, NULL, 0, &failure));
    assert_true(is_there(DAY "/articles/a.json"));
    assert_false(is_there(DAY "/stories"));
    assert_int_equal(files.count, OWN - 1);
}

static void a_link_in_the_place_of_a_folder_is_not_followed(void **state) {
    (void)state;
    struct old_files files = files_of(true);
    struct failure failure = {0};
    const char *elsewhere = arena_print(arena, "%s-elsewhere", folder).at;
    assert_int_equal(rename(whole(DAY), elsewhere), 0);
    assert_int_equal(symlink(elsewhere, whole(DAY)), 0);
    assert_true(take_day(&files, &failure));
    assert_int_equal(files.count, 0);
    assert_int_equal(access(arena_print(arena, "%s/index.html", elsewhere).at, F_OK), 0);
    assert_true(is_there(DAY));
    assert_int_equal(old_files_size(folder), 0);
}

static void very_many_foreign_files_are_not_all_listed(void **state) {
    (void)state;
    enum { MANY = 1010, LISTED = 1000 };
    struct old_files files = files_of(true);
    struct failure failure = {0};
    for (int i = 0; i < MANY; i++) make_file_of(arena_print(arena, DAY "/f%d", i).at, "");
    assert_true(take_day(&files, &failure));
    assert_int_equal(files.foreign.count, LISTED);
    assert_true(is_there(DAY "/f1009"));
}

static void what_cannot_be_removed_is_told(void **state) {
    (void)state;
    static const struct {
        int error;
        enum exit_code code;
    } refusals[] = {{EACCES, EXIT_PERMISSION}, {EPERM, EXIT_PERMISSION}, {EIO, EXIT_IO}};
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct old_files files = files_of(true);
        struct failure failure = {0};
        refusal = refusals[i].error;
        assert_false(take_day(&files, &failure));
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, refusals[i].code, strerror(refusal));
        assert_non_null(strstr(failure.sentence, arena_print(arena, "cannot remove %s/" DAY "/", folder).at));
        assert_non_null(strstr(failure.sentence, "; run `dragoman prune` again when it can be removed"));
    }
    for (size_t i = 0; i < OWN; i++) assert_true(is_there(own[i]));
    /* Somebody else was faster. */
    struct old_files files = files_of(true);
    struct failure failure = {0};
    refusal = ENOENT;
    assert_true(take_day(&files, &failure));
    assert_int_equal(files.count, OWN);
}

static const char *const archive[] = {"archive/2026-01-27.warc.gz", "archive/2026-01-28.warc.gz",
                                      "archive/2026-01-29.warc.gz", "archive/2026-01-27.warc",
                                      "archive/2026-01-2x.warc.gz", "archive/notes.txt"};

static void the_archive_loses_the_days_before_one(void **state) {
    (void)state;
    struct old_files files = files_of(true);
    struct failure failure = {0};
    assert_true(old_files_of_archive(&files, "archive", "2026-01-29", &failure));
    assert_int_equal(files.count, 0); /* there is no archive yet */
    mkdir(whole("archive"), 0755);
    for (size_t i = 0; i < sizeof archive / sizeof *archive; i++) make_file_of(archive[i], "123");
    mkdir(whole("archive/2026-01-26.warc.gz"), 0755);
    assert_true(old_files_of_archive(&files, "archive", "2026-01-29", &failure));
    assert_int_equal(files.count, 2);
    assert_int_equal(files.bytes, 6);
    for (size_t i = 0; i < sizeof archive / sizeof *archive; i++) assert_int_equal(is_there(archive[i]), i >= 2);
    assert_true(is_there("archive/2026-01-26.warc.gz"));
    /* A folder of its own has the files directly in it. */
    refusal = EACCES;
    files.folder = whole("archive");
    assert_false(old_files_of_archive(&files, "", "2026-01-30", &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_PERMISSION, "archive/2026-01-29.warc.gz: ");
}

static void write_at(const char *below, const char *day) {
    const struct timespec at = {.tv_sec = clock_moment(day, 0)}, times[2] = {at, at};
    make_file_of(below, "1234");
    assert_int_equal(utimensat(AT_FDCWD, whole(below), times, 0), 0);
}

static void old_selections_and_copies_of_the_state_are_taken(void **state) {
    (void)state;
    struct old_files files = files_of(true);
    struct failure failure = {0};
    int64_t before = clock_moment(DAY, 0);
    mkdir(whole("selections"), 0755);
    write_at("selections/2026-01-20-danube.html", "2026-01-20");
    write_at("selections/2026-W03.html", "2026-01-20");
    write_at("selections/2026-01-29-danube.html", "2026-01-30");
    write_at("selections/my-page.html", "2026-01-20");
    write_at("selections/2026-01-20.txt", "2026-01-20");
    write_at("state.db.format-11", "2026-01-20");
    write_at("state.db.format-x", "2026-01-20");
    write_at("state.db", "2026-01-20");
    write_at("other.db.format-11", "2026-01-20");
    assert_true(old_files_aside(&files, "selections", old_files_is_selection, SPAN(""), before, &failure));
    assert_true(old_files_aside(&files, "", old_files_is_state_copy, SPAN("state.db"), before, &failure));
    assert_int_equal(files.count, 3);
    assert_int_equal(files.bytes, 12);
    assert_int_equal(files.aside.count, 3);
    assert_true(is_listed(&files.aside, whole("selections/2026-01-20-danube.html")));
    assert_true(is_listed(&files.aside, whole("selections/2026-W03.html")));
    assert_true(is_listed(&files.aside, whole("state.db.format-11")));
    assert_false(is_there("selections/2026-W03.html"));
    assert_true(is_there("selections/2026-01-29-danube.html"));
    assert_true(is_there("selections/my-page.html") && is_there("selections/2026-01-20.txt"));
    assert_true(is_there("state.db") && is_there("state.db.format-x") && is_there("other.db.format-11"));
}

static void sizes_are_those_of_all_files_and_of_no_link(void **state) {
    (void)state;
    char deep[200] = "deep";
    assert_int_equal(old_files_size(folder), 5 * OWN);
    assert_int_equal(symlink(whole(DAY "/index.html"), whole("link")), 0);
    assert_int_equal(old_files_size(folder), 5 * OWN);
    /* Nobody writes so deep; the folders are not followed for ever. */
    for (int depth = 0; depth < 20; depth++, strcat(deep, "/d")) assert_int_equal(mkdir(whole(deep), 0755), 0);
    make_file_of("deep/d/one", "1");
    make_file_of(arena_print(arena, "%.*s/far", (int)strlen(deep) - 2, deep).at, "1");
    assert_int_equal(old_files_size(folder), 5 * OWN + 1);
    assert_int_equal(old_files_size(whole("nowhere")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_day_of_own_files_is_removed_with_its_folders, begin, end),
        cmocka_unit_test_setup_teardown(a_day_that_is_only_added_up_stays, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_ours_stays_and_is_listed, begin, end),
        cmocka_unit_test_setup_teardown(without_records_no_file_of_the_articles_is_ours, begin, end),
        cmocka_unit_test_setup_teardown(a_link_in_the_place_of_a_folder_is_not_followed, begin, end),
        cmocka_unit_test_setup_teardown(very_many_foreign_files_are_not_all_listed, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_removed_is_told, begin, end),
        cmocka_unit_test_setup_teardown(the_archive_loses_the_days_before_one, begin, end),
        cmocka_unit_test_setup_teardown(old_selections_and_copies_of_the_state_are_taken, begin, end),
        cmocka_unit_test_setup_teardown(sizes_are_those_of_all_files_and_of_no_link, begin, end),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
