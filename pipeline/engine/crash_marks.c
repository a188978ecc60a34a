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
static void take_found(struct crash_marks *marks, const struct page *page, const char *boot) {
    if (memcmp(page->format, format, sizeof format) != 0 || memcmp(page->boot, boot, BOOT_SIZE) != 0) return;
    for (size_t i = 0; i < CRASH_MARKS_MAX && marks->found_count < CRASH_MARKS_MAX; i++)
        if (atomic_load(&page->slots[i].taken) > 0 && is_id(page->slots[i].id))
            memcpy(marks->found[marks->found_count++], page->slots[i].id, ID_SIZE);
}

/* Maps the file, extending it to its full size. Returns NULL on error, with errno set. */
static struct page *map_page(int file) {
    /* posix_fallocate(): writing to a hole in the file would raise SIGBUS when the disk is full. */
    int error = posix_fallocate(file, 0, sizeof(struct page));
    void *page = error ? MAP_FAILED : mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (error) errno = error;
    return page == MAP_FAILED ? NULL : page;
}

/* Reads the old marks before the page is cleared. */
static void begin_page(struct crash_marks *marks, struct page *page) {
    char boot[BOOT_SIZE];
    read_boot(boot);
    take_found(marks, page, boot);
    memset(page, 0, sizeof *page);
    memcpy(page->format, format, sizeof format);
    memcpy(page->boot, boot, sizeof boot);
}

/* Opens and locks one of the files. Returns false if another process uses it; *ret_file is -1 on error. */
static bool lock_file(const char *path, int flags, int *ret_file) {
    /* O_NOFOLLOW: a link that someone else has placed there must not redirect the writes. */
    *ret_file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0666);
    if (*ret_file < 0 || flock(*ret_file, LOCK_EX | LOCK_NB) == 0) return true;
    close(*ret_file);
    return false;
}

static void name_file(const char *path, size_t number, struct buffer *ret_path) {
    buffer_clear(ret_path);
    buffer_add_string(ret_path, path);
    if (number > 1) buffer_print(ret_path, "-%zu", number);
}

/* The marks that other runs have left on this machine, in the files behind the one that is used. */
static void collect_others(struct crash_marks *marks, const char *path, size_t number) {
    struct buffer other = BUFFER(1 << 16);
    int file = 0;
    for (size_t i = number + 1; i <= CRASH_MARKS_MAX && file >= 0; i++) {
        name_file(path, i, &other);
        if (!lock_file(other.at, 0, &file) || file < 0) continue;
        struct page *page = map_page(file);
        if (page) begin_page(marks, page);
        if (page) munmap(page, sizeof *page);
        close(file);
    }
    buffer_free(&other);
}

static bool open_page(const char *path, struct crash_marks *marks, struct failure *ret_failure) {
    struct buffer name = BUFFER(1 << 16);
    size_t number = 1;
    name_file(path, number, &name);
    while (!lock_file(name.at, O_CREAT, &marks->file) && number < CRASH_MARKS_MAX) name_file(path, ++number, &name);
    marks->page = marks->file < 0 ? NULL : map_page(marks->file);
    if (marks->page) {
        begin_page(marks, marks->page);
        collect_others(marks, path, number);
    } else {
        failure_fatal(ret_failure, EXIT_IO, "cannot create or map %s: %s", name.at, strerror(errno));
    }
    if (!marks->page && marks->file >= 0) close(marks->file);
    buffer_free(&name);
    return marks->page != NULL;
}

bool crash_marks_open(const char *path, struct crash_marks **ret_marks, struct failure *ret_failure) {
    struct crash_marks *marks = memory_take(sizeof *marks);
    bool done = open_page(path, marks, ret_failure);
    if (done)
        *ret_marks = marks;
    else
        free(marks);
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
