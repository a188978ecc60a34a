/* Removes temporary files that killed runs left in the output folder. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/base/folder.h"
#include "pipeline/store/durable_writer.h"

/* After a day the owner's process id may have been given to another process. */
enum { TOO_OLD = 24 * 60 * 60, RANDOM_DIGITS = 16 };

/* Returns the number that ends at position `end`, 0 if there is none; *ret_begin is where it begins. */
static long number_before(struct span text, size_t end, size_t *ret_begin) {
    size_t begin = end;
    while (begin > 0 && text.at[begin - 1] >= '0' && text.at[begin - 1] <= '9') begin--;
    *ret_begin = begin;
    long long number = 0;
    return span_number(span_cut(text, begin, end), &number) && number > 0 && number < INT32_MAX ? (long)number : 0;
}

/* Returns the process id in ".NAME.PID-RANDOM.tmp", or in "NAME.PID.tmp", as `export` and earlier versions write it; 0
 * for any other name. *ret_file is NAME. */
static long owner_of(struct span name, struct span *ret_file) {
    static const struct span ending = {".tmp", 4};
    if (!span_ends(name, ending)) return 0;
    size_t end = name.length - ending.length, begin;
    bool hidden = name.at[0] == '.' && end > RANDOM_DIGITS && name.at[end - RANDOM_DIGITS - 1] == '-';
    if (hidden) {
        size_t digits = strspn(name.at + end - RANDOM_DIGITS, "0123456789abcdef");
        if (digits != RANDOM_DIGITS) return 0;
        end -= RANDOM_DIGITS + 1;
    }
    long owner = number_before(name, end, &begin);
    if (begin <= 1 || name.at[begin - 1] != '.') return 0;
    *ret_file = span_cut(name, hidden ? 1 : 0, begin - 1);
    return owner;
}

/* This process has not written anything yet, so a file with its id belongs to an earlier process with the same id. An
 * empty `file` stands for every file. */
static bool is_abandoned(int folder, const char *name, struct span file) {
    struct span written;
    long owner = owner_of(span_of(name), &written);
    struct stat status;
    /* AT_SYMLINK_NOFOLLOW: the age of a link itself counts, not the file to which it points. */
    if (owner == 0 || (file.length && !span_equal(file, written))) return false;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(status.st_mode)) return false;
    bool gone = owner == (long)getpid() || (kill((pid_t)owner, 0) != 0 && errno == ESRCH);
    return gone || time(NULL) - status.st_mtime > TOO_OLD;
}

static void sweep(const char *folder, struct span path, struct span file) {
    DIR *directory = folder_list(folder, path);
    if (!directory) return;
    int opened = dirfd(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        if (is_abandoned(opened, entry->d_name, file)) unlinkat(opened, entry->d_name, 0);
    closedir(directory);
}

void durable_writer_sweep(const char *folder, struct span path) {
    sweep(folder, path, SPAN(""));
}

void durable_writer_sweep_file(const char *folder, struct span path) {
    struct span part = folder_part(path);
    sweep(folder, part, span_cut(path, part.length, path.length));
}
