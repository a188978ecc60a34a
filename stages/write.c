/* Creates the finished record and chooses the path of its file; pipeline/store/durable_writer.c writes the file. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/base/pack.h"
#include "pipeline/base/sha256.h"
#include "pipeline/engine/stage.h"

struct write_state {
    char day[11];
};

static bool write_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    (void)ret_failure;
    struct write_state *write_state = memory_take(sizeof *write_state);
    memcpy(write_state->day, context->day, sizeof write_state->day - 1);
    *ret_state = write_state;
    return true;
}

/* Compresses the record. The store keeps a copy of every record, so that the output folder can be rebuilt. */
static bool pack_record(struct article *article) {
    struct buffer packed = BUFFER(RECORD_LIMIT);
    bool done = pack(article->record, &packed);
    article->packed = done ? arena_copy(article->arena, buffer_span(&packed)) : SPAN("");
    buffer_free(&packed);
    sha256_hex(article->record, article->record_hash);
    return done;
}

static enum outcome write_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct write_state *write_state = state;
    struct buffer record = BUFFER(RECORD_LIMIT);
    if (article->status == ARTICLE_NEW) article->status = ARTICLE_COMPLETE;
    bool fits = record_write(article, RECORD_FINAL, &record) && buffer_add(&record, "\n", 1);
    article->record = fits ? arena_copy(article->arena, buffer_span(&record)) : SPAN("");
    buffer_free(&record);
    if (!article->path.length) /* a record from an earlier run keeps its path */
        article->path = arena_print(article->arena, "%s/articles/%s.json", write_state->day, article->id);
    if (fits && pack_record(article)) return STAGE_CONTINUE;
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the record is larger than %d bytes", RECORD_LIMIT);
    return STAGE_FAIL;
}

const struct stage stage_write = {
    .name = "write", .help = "write the record", .open = write_open, .close = free, .work = write_work};
