#include "stages/sources/parts/feed_archive.h"

#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/archive.h"

struct feed_archive {
    struct archive *archive;
    struct arena *arena; /* owns the capture; NULL once it has been written */
    struct warc_capture capture;
    char id[WARC_ID];
};

/* Everything is copied, because the reply's buffers are moved or reused before the first item is taken. */
struct feed_archive *feed_archive_new(struct archive *archive, const struct exchange *reply) {
    if (!archive) return NULL;
    char now[21];
    struct arena *arena = arena_new();
    struct feed_archive *feed = memory_take(sizeof *feed);
    /* Stores the time of the request, because the reply may have arrived much later. */
    clock_iso_ago((int64_t)reply->seconds, now);
    *feed = (struct feed_archive){.archive = archive, .arena = arena};
    feed->capture = (struct warc_capture){
        .target = arena_copy(arena, reply->final_url.length ? reply->final_url : reply->url),
        .address = arena_copy(arena, reply->server),
        .time = arena_copy(arena, span_of(now)),
        .request_head = arena_copy(arena, reply->request_head),
        .reply_head = arena_copy(arena, buffer_span(&reply->reply_head)),
        .body = arena_copy(arena, buffer_span(&reply->reply)),
    };
    return feed;
}

void feed_archive_free(struct feed_archive *feed_archive) {
    if (!feed_archive) return;
    arena_free(feed_archive->arena);
    free(feed_archive);
}

/* The capture is freed once it is written, as a run may have thousands of feeds. */
bool feed_archive_keep(struct feed_archive *feed_archive, struct failure *ret_failure) {
    if (!feed_archive || !feed_archive->arena) return true;
    if (!archive_keep(feed_archive->archive, &feed_archive->capture, feed_archive->id, ret_failure)) {
        ret_failure->reach = REACH_SERVICE;
        return false;
    }
    arena_free(feed_archive->arena);
    feed_archive->arena = NULL;
    return true;
}

void feed_archive_tell(const struct feed_archive *feed_archive, struct article *article) {
    if (!feed_archive) return;
    article->origin.archive_file = arena_copy(article->arena, archive_file(feed_archive->archive));
    article->origin.archive_record = arena_copy(article->arena, span_of(feed_archive->id));
}
