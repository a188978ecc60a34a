#define _GNU_SOURCE /* for O_CLOEXEC and fdatasync() */
#include "pipeline/store/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/folder.h"
#include "pipeline/store/gzip_member.h"

/* Far above the size limit of pages; keeps all lengths within 32 bits. */
enum { RECORD_LIMIT = 1 << 30 };

struct archive {
    struct arena *arena;
    pthread_mutex_t lock; /* protects the descriptor, `end` and `info` */
    struct span root, below, path, file, base, software;
    int descriptor;     /* -1 = not open */
    int64_t end;        /* offset of the end of the last complete record */
    char info[WARC_ID]; /* id of this run's warcinfo record */
};

struct archive *archive_new(const struct archive_options *options) {
    struct arena *arena = arena_new();
    struct archive *archive = arena_take(arena, sizeof *archive);
    *archive = (struct archive){.arena = arena, .descriptor = -1, .software = arena_copy(arena, options->software)};
    archive->root = arena_copy(arena, span_of(options->root));
    archive->below = arena_copy(arena, span_of(options->below));
    archive->base = arena_print(arena, "%s.warc.gz", options->day);
    archive->path = arena_print(arena, "%s%s%s/%s.warc.gz", options->root, options->below[0] ? "/" : "", options->below,
                                options->day);
    archive->file = arena_print(arena, "%s/%s.warc.gz", options->name, options->day);
    /* Pages and feeds are archived on different threads. */
    pthread_mutex_init(&archive->lock, NULL);
    return archive;
}

void archive_free(struct archive *archive) {
    if (!archive) return;
    if (archive->descriptor >= 0) close(archive->descriptor);
    pthread_mutex_destroy(&archive->lock);
    arena_free(archive->arena);
}

struct span archive_file(const struct archive *archive) {
    return archive->file;
}

/* Reports errno as a failure after which the article waits for the next run; returns false. */
static bool refuse(const struct archive *archive, struct failure *ret_failure) {
    /* REACH_ARTICLE: this article waits, and the run continues. */
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "cannot write the archive %.*s: %s",
                SPAN_ARGS(archive->path), strerror(errno));
    return failure_blame(ret_failure, CAUSE_MACHINE, archive->path);
}

/* Cuts off everything after the last complete record. No article refers to what is cut off, because archive_keep() has
 * not returned its id. */
static bool cut_back(struct archive *archive) {
    int64_t size = lseek(archive->descriptor, 0, SEEK_END);
    return size == archive->end || ftruncate(archive->descriptor, (off_t)archive->end) == 0;
}

/* Writes all bytes at the end of the file. After a failure, some of them may have been written; append() cuts them
 * off. */
static bool write_all(struct archive *archive, struct span bytes) {
    size_t done = 0;
    while (done < bytes.length) {
        ssize_t got =
            pwrite(archive->descriptor, bytes.at + done, bytes.length - done, (off_t)(archive->end + (int64_t)done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += (size_t)got;
    }
    return true;
}

/* Leaves the file as it was if the record cannot be written in full. */
static bool append(struct archive *archive, struct span bytes) {
    if (!write_all(archive, bytes) || fdatasync(archive->descriptor) != 0) {
        int error = errno;
        cut_back(archive);
        errno = error;
        return false;
    }
    archive->end += (int64_t)bytes.length;
    return true;
}

/* Each run begins with a warcinfo record, which names the software that writes the records after it. */
static bool write_info(struct archive *archive) {
    char now[21];
    struct buffer record = BUFFER(1 << 20), member = BUFFER(1 << 20);
    clock_iso_now(now);
    warc_new_id(archive->info);
    warc_write_info(&record, archive->info, span_of(now), archive->base, archive->software);
    bool done = gzip_member_add(buffer_span(&record), &member) && append(archive, buffer_span(&member));
    buffer_free(&record);
    buffer_free(&member);
    return done;
}

/* Opens the file with the first record of the run, so that a run without pages leaves no empty file. */
static bool open_file(struct archive *archive) {
    if (archive->descriptor >= 0) return true;
    int parent = folder_open(archive->root.at, archive->below, true);
    if (parent < 0) return false;
    /* Not O_APPEND, with which pwrite() ignores its offset on Linux. */
    archive->descriptor = openat(parent, archive->base.at, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool opened = archive->descriptor >= 0;
    if (opened) archive->end = gzip_member_whole(archive->descriptor);
    bool done = opened && archive->end >= 0 && cut_back(archive) && write_info(archive) && fsync(parent) == 0;
    int error = errno;
    if (opened && !done) close(archive->descriptor);
    if (!done) archive->descriptor = -1;
    close(parent);
    errno = error;
    return done;
}

/* Compresses both records, without holding the lock because it takes a long time. They are then written in one piece,
 * so that the file never has a reply without its request. */
static bool pack_both(const struct archive *archive, const struct warc_capture *capture, const char *id,
                      struct buffer *members) {
    struct buffer record = BUFFER(RECORD_LIMIT);
    /* The reply comes first: the request refers to its id. */
    warc_write_response(&record, capture, id, archive->info);
    bool done = !record.full && gzip_member_add(buffer_span(&record), members);
    buffer_clear(&record);
    warc_write_request(&record, capture, id, archive->info);
    done = done && !record.full && gzip_member_add(buffer_span(&record), members);
    buffer_free(&record);
    if (!done) errno = EFBIG;
    return done;
}

/* Opens the file if necessary, under the lock. */
static bool prepare_file(struct archive *archive) {
    pthread_mutex_lock(&archive->lock);
    bool done = open_file(archive);
    pthread_mutex_unlock(&archive->lock);
    return done;
}

bool archive_keep(struct archive *archive, const struct warc_capture *capture, char ret_id[WARC_ID],
                  struct failure *ret_failure) {
    struct buffer members = BUFFER(RECORD_LIMIT);
    warc_new_id(ret_id);
    bool done = prepare_file(archive) && pack_both(archive, capture, ret_id, &members);
    if (done) {
        pthread_mutex_lock(&archive->lock);
        done = append(archive, buffer_span(&members));
        pthread_mutex_unlock(&archive->lock);
    }
    buffer_free(&members);
    return done || refuse(archive, ret_failure);
}
