/* The finished record and the place where it goes; pipeline/store/durable_writer.c puts it there. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/engine/stage.h"

struct pen {
    char day[11];
};

static bool write_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    (void)ret_failure;
    struct pen *pen = memory_take(sizeof *pen);
    memcpy(pen->day, context->day, sizeof pen->day - 1);
    *ret_state = pen;
    return true;
}

static enum outcome write_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct pen *pen = state;
    struct buffer record = BUFFER(RECORD_LIMIT);
    if (article->status == ARTICLE_NEW) article->status = ARTICLE_COMPLETE;
    bool fits = record_write(article, RECORD_FINAL, &record) && buffer_add(&record, "\n", 1);
    article->record = fits ? arena_copy(article->arena, buffer_span(&record)) : SPAN("");
    buffer_free(&record);
    if (!article->path.length) /* a record that is completed stays where it is */
        article->path = arena_print(article->arena, "%s/articles/%s.json", pen->day, article->id);
    if (fits) return STAGE_CONTINUE;
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the record is larger than %d bytes", RECORD_LIMIT);
    return STAGE_FAIL;
}

const struct stage stage_write = {
    .name = "write", .help = "the record", .open = write_open, .close = free, .work = write_work};
