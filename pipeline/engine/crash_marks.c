#define _GNU_SOURCE
#include "pipeline/engine/crash_marks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/file.h"

enum { ID_SIZE = 33, BOOT_SIZE = 40 };

/* The contents of the file. It is never read on another machine or after a reboot, so its layout may depend on the
 * compiler. */
struct page {
    char format[16];
    char boot[BOOT_SIZE];
    struct slot {
        atomic_int taken; /* state of the slot: 0 = free, -1 = being written, 1 = set */
        char id[ID_SIZE];
    } slots[CRASH_MARKS_MAX];
};

struct crash_marks {
    struct page *page; /* mapped from the file */
    int file;
    char found[CRASH_MARKS_MAX][ID_SIZE];
    size_t found_count;
};

static const char format[16] = "dragoman-marks1";

/* Reads the id of the current boot; empty if the system has none, in which case marks of an earlier boot are not
 * recognised as such. */
static void read_boot(char ret_boot[BOOT_SIZE]) {
    memset(ret_boot, 0, BOOT_SIZE);
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    /* The id is a UUID of 36 characters and a newline. */
    ssize_t length = file_read_up_to(file, ret_boot, BOOT_SIZE - 1);
    if (length <= 0) ret_boot[0] = '\0';
    close(file);
}

/* The file may be damaged; only a well-formed id goes into the store. */
static bool is_id(const char *id) {
    return strspn(id, "0123456789abcdef") == ID_SIZE - 1 && id[ID_SIZE - 1] == '\0';
}

/* Copies the marks that the previous process left, if they are of this boot. */
static void take_found(struct crash_marks *marks, const char *boot) {
    const struct page *page = marks->page;
    if (memcmp(page->format, format, sizeof format) != 0 || memcmp(page->boot, boot, BOOT_SIZE) != 0) return;
    for (size_t i = 0; i < CRASH_MARKS_MAX; i++)
        if (atomic_load(&page->slots[i].taken) > 0 && is_id(page->slots[i].id))
            memcpy(marks->found[marks->found_count++], page->slots[i].id, ID_SIZE);
}

static bool fail(const char *path, int error, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_IO, "cannot create or map %s: %s", path, strerror(error));
}

/* Maps the file, extending it to its full size. The lock on it lasts as long as it is open. */
static bool map_page(const char *path, struct crash_marks *marks, struct failure *ret_failure) {
    void *page = MAP_FAILED;
    /* posix_fallocate(): writing to a hole in the file would raise SIGBUS when the disk is full. */
    int error = posix_fallocate(marks->file, 0, sizeof *marks->page);
    if (error == 0) page = mmap(NULL, sizeof *marks->page, PROT_READ | PROT_WRITE, MAP_SHARED, marks->file, 0);
    if (page == MAP_FAILED) return fail(path, error ? error : errno, ret_failure);
    marks->page = page;
    return true;
}

/* Opens the first of the files that no other process uses. */
static bool open_free(const char *path, struct buffer *ret_path, int *ret_file, struct failure *ret_failure) {
    bool used = true;
    for (int i = 1; used && i <= CRASH_MARKS_MAX; i++) {
        buffer_clear(ret_path);
        buffer_add_string(ret_path, path);
        if (i > 1) buffer_print(ret_path, "-%d", i);
        /* O_NOFOLLOW: a link that someone else has placed there must not redirect the writes. */
        *ret_file = open(ret_path->at, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (*ret_file < 0) return fail(ret_path->at, errno, ret_failure);
        used = flock(*ret_file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (used) close(*ret_file);
    }
    return !used || failure_fatal(ret_failure, EXIT_BUSY, "%d other runs use files beside %s", CRASH_MARKS_MAX, path);
}

/* Reads the old marks before the page is cleared. */
static void begin_page(struct crash_marks *marks) {
    char boot[BOOT_SIZE];
    read_boot(boot);
    take_found(marks, boot);
    memset(marks->page, 0, sizeof *marks->page);
    memcpy(marks->page->format, format, sizeof format);
    memcpy(marks->page->boot, boot, sizeof boot);
}

bool crash_marks_open_free(const char *path, struct crash_marks **ret_marks, struct failure *ret_failure) {
    struct crash_marks *marks = memory_take(sizeof *marks);
    struct buffer free_path = BUFFER(1 << 16);
    bool opened = open_free(path, &free_path, &marks->file, ret_failure),
         done = opened && map_page(free_path.at, marks, ret_failure);
    if (done)
        begin_page(marks);
    else if (opened)
        close(marks->file);
    if (!done) free(marks);
    buffer_free(&free_path);
    if (done) *ret_marks = marks;
    return done;
}

void crash_marks_close(struct crash_marks *marks) {
    if (!marks) return;
    memset(marks->page, 0, sizeof *marks->page);
    munmap(marks->page, sizeof *marks->page);
    close(marks->file);
    free(marks);
}

size_t crash_marks_found(const struct crash_marks *marks) {
    return marks->found_count;
}

const char *crash_marks_id(const struct crash_marks *marks, size_t index) {
    return marks->found[index];
}

/* If no slot is free, the article is not marked, which does no harm. A slot is claimed with -1 and published with 1
 * after the id has been copied, so the next process never sees half an id. */
size_t crash_marks_set(struct crash_marks *marks, const char *id) {
    size_t i = 0;
    /* If the slot is taken, the call overwrites `empty`, so `empty` is reset for each slot. */
    for (int empty = 0; marks && i < CRASH_MARKS_MAX; i++, empty = 0)
        if (atomic_compare_exchange_strong(&marks->page->slots[i].taken, &empty, -1)) break;
    if (!marks || i == CRASH_MARKS_MAX) return CRASH_MARKS_MAX;
    memcpy(marks->page->slots[i].id, id, ID_SIZE);
    atomic_store(&marks->page->slots[i].taken, 1);
    return i;
}

void crash_marks_clear(struct crash_marks *marks, size_t mark) {
    if (marks && mark < CRASH_MARKS_MAX) atomic_store(&marks->page->slots[mark].taken, 0);
}

/* This also erases the format, so the next run ignores marks that other threads may still set. */
void crash_marks_clear_all(struct crash_marks *marks) {
    if (marks) memset(marks->page, 0, sizeof *marks->page);
}
