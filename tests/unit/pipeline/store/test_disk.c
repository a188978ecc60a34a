/* What becomes of files on a disk that fails, and in which order they are flushed. The calls are played by this
 * program. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store.h"

enum { ROOM = 100, PIECE = 1000 };

static char folder[] = "/tmp/dragoman-disk-XXXXXX", path[64];

/* Which call fails from now on, with which error, and on files with which ending. */
static struct {
    const char *call, *name;
    int error, successes;
    bool slow;   /* writes are interrupted, and short */
    bool beaten; /* somebody else has just made the file */
} fault;

static struct buffer events;

static bool name_of(int file, char *ret_name, size_t room) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, ret_name, room - 1);
    ret_name[length < 0 ? 0 : length] = '\0';
    return strncmp(ret_name, folder, strlen(folder)) == 0;
}

static bool fails(const char *call, const char *name) {
    if (!fault.call || strcmp(fault.call, call) != 0 || !strstr(name, fault.name)) return false;
    if (fault.successes-- > 0) return false;
    errno = fault.error;
    return true;
}

/* Notes the call, unless it is about the state, which has its own tests. */
static void note(const char *call, const char *name) {
    if (strstr(name, "state.db")) return;
    name = strstr(name, ".tmp") ? "it" : name + strlen(folder);
    buffer_print(&events, "%s%s %s", events.length ? ", " : "", call, name);
}

#define REAL(name) *(void **)&real = dlsym(RTLD_NEXT, name)

ssize_t write(int file, const void *bytes, size_t length) {
    static bool interrupt;
    char name[ROOM];
    ssize_t (*real)(int, const void *, size_t);
    REAL("write");
    if (file > 2 && name_of(file, name, sizeof name)) {
        if (fails("write", name)) return -1;
        if (fault.slow && (interrupt = !interrupt)) {
            errno = EINTR;
            return -1;
        }
        if (fault.slow && length > PIECE) length = PIECE;
    }
    return real(file, bytes, length);
}

static int flush(const char *call, int file) {
    char name[ROOM];
    int (*real)(int);
    REAL(call);
    if (name_of(file, name, sizeof name)) {
        if (fails("flush", name)) return -1;
        note(call, name);
    }
    return real(file);
}

int fsync(int file) {
    return flush("fsync", file);
}

int fdatasync(int file) {
    return flush("fdatasync", file);
}

int syncfs(int file) {
    return flush("syncfs", file);
}

int close(int file) {
    char name[ROOM];
    int (*real)(int);
    REAL("close");
    bool failed = fault.call && name_of(file, name, sizeof name) && fails("close", name);
    int result = real(file);
    if (failed) errno = fault.error;
    return failed ? -1 : result;
}

int renameat(int from, const char *old, int to, const char *new) {
    char name[2 * ROOM] = "";
    int (*real)(int, const char *, int, const char *);
    REAL("renameat");
    name_of(to, name, ROOM);
    strcat(strcat(name, "/"), new);
    if (fails("rename", name)) return -1;
    note("rename", name);
    return real(from, old, to, new);
}

/* As on a file system without RENAME_NOREPLACE; or somebody else was faster. */
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    int (*real)(int, const char *, int, const char *, unsigned);
    REAL("renameat2");
    if (!fails("rename", new)) return real(from, old, to, new, flags);
    if (fault.beaten) assert_int_equal(link(old, new), 0);
    errno = fault.error;
    return -1;
}

static void set_fault(const char *call, const char *name, int error) {
    fault.call = call;
    fault.name = name;
    fault.error = error;
}

static void repair(void) {
    memset(&fault, 0, sizeof fault);
    buffer_clear(&events);
}

static int set_up(void **state) {
    (void)state;
    repair();
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    events = BUFFER(1 << 16);
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/state.db", folder);
    return 0;
}

static int tear_down(void **state) {
    char command[100];
    (void)state;
    repair();
    buffer_free(&events);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static size_t count_files(const char *below) {
    char name[ROOM];
    size_t count = 0;
    snprintf(name, sizeof name, "%s/%s", folder, below);
    DIR *directory = opendir(name);
    if (!directory) return 0;
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(directory);
    return count;
}

static void assert_text(const char *name, const char *expected, size_t length) {
    char file[ROOM], text[8000];
    snprintf(file, sizeof file, "%s/%s", folder, name);
    FILE *stream = fopen(file, "r");
    assert_non_null(stream);
    assert_int_equal(fread(text, 1, sizeof text, stream), length);
    assert_memory_equal(text, expected, length);
    fclose(stream);
}

/* ---------------------------------------------------------------- a new state */

static void a_state_is_whole_although_writes_are_short(void **state) {
    struct store *store = NULL;
    (void)state;
    fault.slow = true;
    assert_true(store_open(path, true, &store, NULL));
    assert_true(store_is_empty(store));
    store_close(store);
}

static void a_state_that_cannot_be_written_leaves_nothing(void **state) {
    static const struct {
        const char *call;
        int error;
        const char *said;
        bool free_space;
    } faults[] = {{"write", ENOSPC, "No space left on device", true},
                  {"write", EDQUOT, "Disk quota exceeded", true},
                  {"write", EIO, "Input/output error", false},
                  {"flush", EIO, "Input/output error", false},
                  {"flush", ENOSPC, "No space left on device", true}};
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct store *store = NULL;
        struct failure failure = {0};
        char said[200];
        set_fault(faults[i].call, "state.db.", faults[i].error);
        assert_false(store_open(path, true, &store, &failure));
        repair();
        snprintf(said, sizeof said, "cannot create the state %s: %s%s", path, faults[i].said,
                 faults[i].free_space ? "; free some space and run again" : "");
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, said);
        assert_string_equal(failure.sentence, said);
        assert_int_equal(access(path, F_OK), -1);
        assert_true(count_files("") <= 1); /* the lock */
    }
}

/* Some file systems cannot rename without replacing. Another process may have made the state at the same moment. */
static void a_state_is_put_in_place_once(void **state) {
    static const struct {
        int error;
        bool beaten;
    } cases[] = {{EINVAL, false}, {ENOSYS, false}, {EEXIST, true}, {EINVAL, true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store *store = NULL;
        struct stat status;
        set_fault("rename", "state.db", cases[i].error);
        fault.beaten = cases[i].beaten;
        assert_true(store_open(path, true, &store, NULL));
        repair();
        assert_true(store_is_empty(store));
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_nlink, 1); /* the temporary name is gone */
        store_close(store);
        assert_int_equal(unlink(path), 0);
    }
}

/* ---------------------------------------------------------------- records and pages */

static void a_file_is_whole_although_writes_are_short(void **state) {
    char text[5000];
    (void)state;
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)('a' + i % 23);
    fault.slow = true;
    assert_true(durable_writer_write(folder, SPAN("day/a"), (struct span){text, sizeof text}, NULL));
    struct file_group *group = file_group_new(folder);
    assert_true(file_group_add(group, SPAN("day/b"), (struct span){text, 2500}, NULL));
    assert_true(file_group_extend(group, (struct span){text + 2500, 2500}, NULL));
    assert_true(file_group_place(group, NULL));
    file_group_free(group);
    repair();
    assert_text("day/a", text, sizeof text);
    assert_text("day/b", text, sizeof text);
    assert_int_equal(count_files("day"), 2);
}

static const struct {
    const char *call;
    int error;
    enum exit_code code;
    const char *said;
} faults[] = {
    {"write", ENOSPC, EXIT_IO, "/day/a: No space left on device; free some space and run again; no data is lost"},
    {"write", EDQUOT, EXIT_IO, "/day/a: Disk quota exceeded; free some space and run again; no data is lost"},
    {"write", EIO, EXIT_IO, "/day/a: Input/output error; fix the problem and run again; no data is lost"},
    {"flush", EIO, EXIT_IO, "/day/a: Input/output error; fix the problem and run again; no data is lost"},
    {"close", EIO, EXIT_IO, "/day/a: Input/output error; fix the problem and run again; no data is lost"},
    {"rename", EACCES, EXIT_PERMISSION, "grant write permission to the user who runs dragoman"},
    {"rename", EPERM, EXIT_PERMISSION, "grant write permission to the user who runs dragoman"}};

static void a_file_that_cannot_be_written_stays_as_it_was(void **state) {
    (void)state;
    assert_true(durable_writer_write(folder, SPAN("day/a"), SPAN("before"), NULL));
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct failure failure = {0};
        set_fault(faults[i].call, faults[i].call[0] == 'r' ? "/day/a" : ".tmp", faults[i].error);
        assert_false(durable_writer_write(folder, SPAN("day/a"), SPAN("after"), &failure));
        repair();
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, faults[i].code, faults[i].said);
        assert_text("day/a", "before", 6);
        assert_int_equal(count_files("day"), 1);
    }
}

/* The rename may be lost in a power cut, so the file is not called written. */
static void a_folder_that_cannot_be_flushed_is_told(void **state) {
    struct failure failure = {0};
    (void)state;
    set_fault("flush", "/day", EIO);
    fault.successes = 1; /* the file's own */
    assert_false(durable_writer_write(folder, SPAN("day/a"), SPAN("text"), &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot flush the folder ");
}

static void a_group_that_cannot_be_written_leaves_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct failure failure = {0};
        struct file_group *group = file_group_new(folder);
        assert_true(file_group_add(group, SPAN("day/a"), SPAN("text"), NULL));
        assert_true(file_group_add(group, SPAN("day/b"), SPAN("text"), NULL));
        set_fault(faults[i].call, faults[i].call[0] == 'r' ? "/day/a" : ".tmp", faults[i].error);
        if (strcmp(faults[i].call, "flush") != 0 && faults[i].call[0] != 'r')
            assert_false(file_group_extend(group, SPAN("more"), &failure));
        else
            assert_false(file_group_place(group, &failure));
        assert_int_equal(failure.exit_code, faults[i].code);
        repair();
        file_group_free(group);
        assert_int_equal(count_files("day"), 0);
    }
}

/* What was placed before stays: it is newer than what it replaces, and the next run makes the day again. */
static void a_group_may_be_placed_in_part(void **state) {
    struct failure failure = {0};
    (void)state;
    struct file_group *group = file_group_new(folder);
    assert_true(file_group_add(group, SPAN("day/a"), SPAN("first"), NULL));
    assert_true(file_group_add(group, SPAN("day/b"), SPAN("second"), NULL));
    assert_true(file_group_add(group, SPAN("day/c"), SPAN("third"), NULL));
    set_fault("rename", "/day/b", EIO);
    assert_false(file_group_place(group, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "cannot rename a file to ");
    repair();
    file_group_free(group);
    assert_text("day/a", "first", 5);
    assert_int_equal(count_files("day"), 1);
}

/* ---------------------------------------------------------------- the order of flushing */

static void place(const char *const *names, size_t count) {
    struct file_group *group = file_group_new(folder);
    for (size_t i = 0; i < count; i++) assert_true(file_group_add(group, span_of(names[i]), SPAN("text"), NULL));
    buffer_clear(&events);
    assert_true(file_group_place(group, NULL));
    file_group_free(group);
}

static void a_file_is_flushed_then_renamed_then_its_folder_is_flushed(void **state) {
    static const char *const names[] = {"a/1", "a/2", "b/3", "a/4"};
    (void)state;
    place(names, 4);
    assert_string_equal(events.at, "fdatasync it, fdatasync it, fdatasync it, fdatasync it, "
                                   "rename /a/1, rename /a/2, rename /b/3, rename /a/4, fsync /a, fsync /b, fsync /a");
}

/* From 33 files on, the file system is flushed as a whole. */
static void many_files_are_flushed_at_once(void **state) {
    static char names[33][8];
    const char *list[33];
    (void)state;
    for (size_t i = 0; i < 33; i++) {
        snprintf(names[i], sizeof names[i], "a/%zu", i);
        list[i] = names[i];
    }
    place(list, 32);
    assert_null(strstr(events.at, "syncfs"));
    place(list, 33);
    assert_null(strstr(events.at, "fdatasync"));
    assert_ptr_equal(strstr(events.at, "syncfs"), events.at);
    assert_string_equal(events.at + events.length - strlen("fsync /a"), "fsync /a");
}

static void collect(struct durable_writer *writer, size_t wanted) {
    for (size_t back = 0; back < wanted;) {
        struct pollfd fd = {.fd = durable_writer_fd(writer), .events = POLLIN};
        assert_int_equal(poll(&fd, 1, 20000), 1);
        while (durable_writer_take(writer)) back++;
    }
}

static void the_writer_flushes_the_folder_of_every_record(void **state) {
    struct store *store = NULL;
    struct pending_write record = {.path = SPAN("day/a.json"), .bytes = SPAN("text")};
    (void)state;
    assert_true(store_open(path, true, &store, NULL));
    struct durable_writer *writer = durable_writer_new(folder, store);
    buffer_clear(&events);
    durable_writer_give(writer, &record);
    collect(writer, 1);
    durable_writer_free(writer);
    store_close(store);
    assert_int_equal(record.failure.reach, REACH_NONE);
    assert_string_equal(events.at, "fsync , fdatasync it, rename /day/a.json, fsync /day");
}

/* What a record says must be in the store before anybody can see the record. */
static void no_record_is_visible_while_the_store_cannot_be_flushed(void **state) {
    struct store *store = NULL;
    struct memory_key key = {0};
    struct memory_entry entry = {.source = SPAN("a"), .target = SPAN("b"), .source_language = SPAN("es")};
    struct pending_write records[] = {{.path = SPAN("day/a.json"), .bytes = SPAN("text")},
                                      {.path = SPAN("day/b.json"), .bytes = SPAN("text")}};
    (void)state;
    assert_true(store_open(path, true, &store, NULL));
    assert_true(store_remember(store, &key, &entry, NULL));
    assert_true(store_commit(store, NULL));
    struct durable_writer *writer = durable_writer_new(folder, store);
    set_fault("flush", "state.db-wal", EIO);
    for (size_t i = 0; i < 2; i++) durable_writer_give(writer, &records[i]);
    collect(writer, 2);
    durable_writer_free(writer);
    repair();
    store_close(store);
    for (size_t i = 0; i < 2; i++)
        assert_failure(&records[i].failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "state.db");
    assert_int_equal(count_files("day"), 0);
}

#define ON_A_DISK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {ON_A_DISK(a_state_is_whole_although_writes_are_short),
                                       ON_A_DISK(a_state_that_cannot_be_written_leaves_nothing),
                                       ON_A_DISK(a_state_is_put_in_place_once),
                                       ON_A_DISK(a_file_is_whole_although_writes_are_short),
                                       ON_A_DISK(a_file_that_cannot_be_written_stays_as_it_was),
                                       ON_A_DISK(a_folder_that_cannot_be_flushed_is_told),
                                       ON_A_DISK(a_group_that_cannot_be_written_leaves_nothing),
                                       ON_A_DISK(a_group_may_be_placed_in_part),
                                       ON_A_DISK(a_file_is_flushed_then_renamed_then_its_folder_is_flushed),
                                       ON_A_DISK(many_files_are_flushed_at_once),
                                       ON_A_DISK(the_writer_flushes_the_folder_of_every_record),
                                       ON_A_DISK(no_record_is_visible_while_the_store_cannot_be_flushed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
