/* Archives the raw bytes of each page, as evidence, before any stage changes them. */
#include "pipeline/store/archive.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/archive_settings.h"

static bool archive_stage_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    (void)ret_failure;
    *ret_state = context->archive;
    return true;
}

/* Returns the bytes of the first page only. The further pages of a multi-page article follow in the same buffer, but
 * their requests and replies are not available here. */
static struct span first_page(const struct article *article) {
    struct span raw = article->origin.raw;
    return span_cut(raw, 0, span_find(raw, article_page_mark(article)));
}

/* Archives a page. It is safe to cast away the const: the run owns the archive, and any thread may write to it. */
static enum outcome archive_stage_work(const void *state, struct article *article, struct failure *ret_failure) {
    union {
        const void *given;
        struct archive *archive;
    } run = {.given = state};
    const struct capture *capture = article->origin.capture;
    char id[WARC_ID];
    if (!run.archive || !capture) return STAGE_CONTINUE;
    struct warc_capture record = {.target = capture->target,
                                  .address = capture->server,
                                  .time = capture->time,
                                  .request_head = capture->request_head,
                                  .reply_head = capture->reply_head,
                                  .body = first_page(article)};
    if (!archive_keep(run.archive, &record, id, ret_failure)) return STAGE_FAIL;
    article->origin.archive_file = arena_copy(article->arena, archive_file(run.archive));
    article->origin.archive_record = arena_copy(article->arena, span_of(id));
    article->origin.capture = NULL;
    return STAGE_CONTINUE;
}

const struct stage stage_archive = {
    .name = "archive",
    .help = "archive the raw bytes of each page as evidence",
    .settings = {archive_table, sizeof(struct archive_settings)},
    .open = archive_stage_open,
    .work = archive_stage_work,
};
